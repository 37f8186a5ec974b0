//! Which files of the docs folder are what.
//!
//! An article is a `.md` file that is not `README.md`, does not start with `.` or `_` (but
//! `_index.md` describes a collection), is in no such folder, is not excluded, and is not ignored by
//! Git. Images are read in such folders too, where articles may name them. Links on disk are not
//! followed, so no path leaves the docs folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use walkdir::WalkDir;

use super::Book;
use super::image::{Flaw, ImageFile};
use crate::config::{Config, FILE};
use crate::diagnostic::Diagnostic;
use crate::intercom::model::{ArticleId, Locale};
use crate::text::DocPath;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 10 * 1024 * 1024;

/// What is in the docs folder and belongs to nobody's docs.
#[derive(Debug, Clone, Default)]
pub enum Ignored {
    /// What Git ignores: paths below the docs folder, of which those of folders end in `/`.
    ByGit(BTreeSet<String>),
    /// There is no Git to ask: folders that tools make everywhere.
    #[default]
    Usual,
}

impl Ignored {
    /// Whether a file or a folder is among it.
    fn holds(&self, path: &DocPath, file: &Path, is_folder: bool) -> bool {
        match self {
            Self::ByGit(paths) if is_folder => paths.contains(&format!("{path}/")),
            Self::ByGit(paths) => paths.contains(path.as_str()),
            // Cargo and others mark what they make; Python's environments have a file of their own.
            Self::Usual => {
                is_folder
                    && (path.name() == "node_modules"
                        || ["CACHEDIR.TAG", "pyvenv.cfg"].iter().any(|mark| file.join(mark).is_file()))
            }
        }
    }
}

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub markdown: Vec<DocPath>,
    pub images: BTreeMap<DocPath, ImageFile>,
    /// Every other file, and those that are excluded.
    pub others: BTreeSet<DocPath>,
}

pub(super) fn walk(root: &Path, config: &Config, ignored: &Ignored, diagnostics: &mut Vec<Diagnostic>) -> Found {
    let mut found = Found::default();
    let entries = WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(|entry| {
        let is_kept = |path: DocPath| !is_private(path.name()) && !ignored.holds(&path, entry.path(), true);
        entry.depth() == 0 || !entry.file_type().is_dir() || doc_path(root, entry.path()).is_none_or(is_kept)
    });
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().and_then(|path| doc_path(root, path)).unwrap_or_else(|| DocPath::new("."));
                if !is_hidden(&path) {
                    diagnostics.push(
                        Diagnostic::error("unreadable", &path, None, format!("cannot be read: {}", reason(&error)))
                            .help("check the permissions, or list it under `exclude`"),
                    );
                }
                continue;
            }
        };
        if entry.file_type().is_dir() {
            continue;
        }
        let Some(path) = doc_path(root, entry.path()) else {
            let path = DocPath::new(entry.path().strip_prefix(root).unwrap_or(entry.path()).to_string_lossy());
            if !is_hidden(&path) {
                diagnostics.push(
                    Diagnostic::error("file-name", &path, None, "the file's name is not UTF-8").help("rename it"),
                );
            }
            continue;
        };
        let kind = kind(&path, config);
        if is_excluded(&path, config) || ignored.holds(&path, entry.path(), false) {
            found.others.insert(path);
            continue;
        }
        if entry.path_is_symlink() && entry.path().is_dir() && !is_hidden(&path) {
            diagnostics.push(
                Diagnostic::warning("symlink", &path, None, "this is a link on disk, and is left out")
                    .help("put the folder itself into the docs folder"),
            );
            continue;
        }
        if kind == Kind::Other {
            found.others.insert(path);
            continue;
        }
        if !entry.path_is_symlink() && !entry.file_type().is_file() {
            // Reading a pipe would wait for somebody who writes into it.
            diagnostics.push(
                Diagnostic::error("unreadable", &path, None, "this is no file, but a pipe, a socket or a device")
                    .help("remove it, or list it under `exclude`"),
            );
            continue;
        }
        if entry.path_is_symlink() {
            if !is_hidden(&path) {
                diagnostics.push(
                    Diagnostic::warning("symlink", &path, None, "this is a link on disk, and is left out")
                        .help("put the file itself into the docs folder"),
                );
            }
            if kind == Kind::Image {
                found.images.insert(path, ImageFile::flawed(Flaw::Link));
            }
        } else if kind == Kind::Markdown {
            found.markdown.push(path);
        } else {
            found.others.insert(path.clone());
            found.images.insert(path, ImageFile::load(entry.path()));
        }
    }
    found
}

/// Whether a folder is nobody's docs, not even for images: what Git and helpbook keep for themselves.
fn is_private(name: &str) -> bool {
    matches!(name, ".git" | ".helpbook")
}

/// Whether a file or one of its folders is left out by its name. Images in such folders are read all the same.
pub fn is_hidden(path: &DocPath) -> bool {
    let mut folders = path.folder().split('/').filter(|name| !name.is_empty());
    Named::File.is_hidden(path.name()) || folders.any(|name| Named::Folder.is_hidden(name))
}

/// What a file is by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Markdown,
    Image,
    /// One that is left out, or that is nothing in a Help Center.
    Other,
}

/// What a file of the docs folder is by its path.
pub(super) fn kind(path: &DocPath, config: &Config) -> Kind {
    if is_excluded(path, config) || path.folder().split('/').any(is_private) {
        return Kind::Other;
    }
    let extension = path.name().rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let is_meant = || !is_of_project(path.name()) || config.include.is_match(path.as_str());
    if extension.as_deref() == Some("md") && !is_hidden(path) && is_meant() {
        return Kind::Markdown;
    }
    if ImageFile::is_meant(path) { Kind::Image } else { Kind::Other }
}

/// Whether a file of this path is read as an article or as what describes a collection.
pub fn is_docs_text(path: &DocPath, config: &Config) -> bool {
    kind(path, config) == Kind::Markdown
}

/// Whether the configuration leaves a path out.
pub fn is_excluded(path: &DocPath, config: &Config) -> bool {
    config.exclude.is_match(path.as_str()) || path.as_str() == FILE
}

/// How much of a file is read to find an `id`, in bytes: front matter is at the start.
const FRONT: u64 = 64 * 1024;

/// The files below the docs folder that are no articles, as they are excluded, hidden or named otherwise, and
/// that hold one of these ids all the same. They are there, and their articles are not gone.
pub fn left_out_ids(root: &Path, book: &Book, ids: &BTreeSet<ArticleId>) -> BTreeMap<ArticleId, DocPath> {
    let mut found = BTreeMap::new();
    let is_kept = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_type().is_dir() || !entry.file_name().to_str().is_some_and(is_private)
    };
    for entry in WalkDir::new(root).into_iter().filter_entry(is_kept).flatten() {
        let Some(path) = doc_path(root, entry.path()).filter(|_| entry.file_type().is_file()) else { continue };
        if book.sources.contains_key(&path) {
            continue;
        }
        let mut start = Vec::new();
        let read = File::open(entry.path()).and_then(|file| file.take(FRONT).read_to_end(&mut start));
        let start = String::from_utf8_lossy(&start);
        if read.is_ok()
            && let Some(id) = super::id_in(&start).map(ArticleId).filter(|id| ids.contains(id))
        {
            found.insert(id, path);
        }
    }
    found
}

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    File,
    Folder,
}

impl Named {
    /// Whether it is left out by its name. `_index.md` and its translations are not.
    fn is_hidden(self, name: &str) -> bool {
        let is_index = self == Named::File && without_locale(name) == "_index.md";
        name.starts_with('.') || (name.starts_with('_') && !is_index)
    }
}

/// Files that a project has for itself, and no customer reads.
const OF_PROJECT: [&str; 12] = [
    "README.md",
    "CHANGELOG.md",
    "CHANGES.md",
    "CONTRIBUTING.md",
    "CODE_OF_CONDUCT.md",
    "SECURITY.md",
    "LICENSE.md",
    "LICENCE.md",
    "AGENTS.md",
    "CLAUDE.md",
    "SUMMARY.md",
    "PULL_REQUEST_TEMPLATE.md",
];

/// Whether a file is one of these, in any locale. Such names are in capitals: `security.md` is an article on that.
fn is_of_project(name: &str) -> bool {
    let name = without_locale(name);
    OF_PROJECT.iter().any(|other| *other == name) || is_readme(&name)
}

/// A README is one however its name is written.
fn is_readme(name: &str) -> bool {
    name.eq_ignore_ascii_case("README.md")
}

/// Whether a file that is no article holds text that somebody might take for one: a project's own files, those of
/// other formats, and those that Git ignores.
pub fn looks_like_an_article(path: &DocPath) -> bool {
    let ending = path.name().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("md") => !is_hidden(path) && !is_readme(&without_locale(path.name())),
        Some("mdx" | "markdown" | "html" | "htm") => !is_hidden(path),
        _ => false,
    }
}

/// A file's name without the locale that it names: `refunds.fr.md` is `refunds.md`.
fn without_locale(name: &str) -> String {
    let mut parts: Vec<&str> = name.split('.').collect();
    if let [_, .., locale, _] = parts.as_slice()
        && Locale::written(locale).is_some()
    {
        parts.remove(parts.len() - 2);
    }
    parts.join(".")
}

fn doc_path(root: &Path, path: &Path) -> Option<DocPath> {
    let relative = path.strip_prefix(root).ok()?;
    let parts = relative.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>()?;
    Some(DocPath::new(parts.join("/")))
}

fn reason(error: &walkdir::Error) -> String {
    error.io_error().map_or_else(|| "the folder contains itself".to_owned(), ToString::to_string)
}

/// The bytes of a file, if they are not too many.
fn bytes(file: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut file = File::open(file)?;
    let size = file.metadata()?.len();
    if size > LARGEST {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1);
    file.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Reads a text file; what is wrong with it is a diagnostic.
pub(super) fn read(root: &Path, path: &DocPath, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let file = root.join(path.as_str());
    let mut fail = |message: String, help: &str| {
        diagnostics.push(Diagnostic::error("unreadable", path, None, message).help(help));
        None
    };
    match bytes(&file).map(|bytes| bytes.map(String::from_utf8)) {
        Ok(None) => fail(
            format!("the file is larger than {} MB", LARGEST / 1024 / 1024),
            "split it, or list it under `exclude`",
        ),
        Ok(Some(Ok(text))) => Some(text),
        Ok(Some(Err(_))) => fail("the file is not UTF-8".to_owned(), "save it as UTF-8"),
        Err(error) => fail(format!("cannot be read: {error}"), "check the permissions, or list it under `exclude`"),
    }
}
