//! Which files of the docs folder are what.
//!
//! An article is a `.md` file that is not `README.md`, does not start with `.` or `_` (but
//! `_index.md` describes a collection), is in no such folder and is not excluded. Links on
//! disk are not followed, so no path leaves the docs folder.

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

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub markdown: Vec<DocPath>,
    pub images: BTreeMap<DocPath, ImageFile>,
    /// Every other file, and those that are excluded.
    pub others: BTreeSet<DocPath>,
}

pub(super) fn walk(root: &Path, config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Found {
    let mut found = Found::default();
    let entries = WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(|entry| {
        let named = if entry.file_type().is_dir() { Named::Folder } else { Named::File };
        entry.depth() == 0 || !named.is_hidden(&entry.file_name().to_string_lossy())
    });
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().and_then(|path| doc_path(root, path)).unwrap_or_else(|| DocPath::new("."));
                diagnostics.push(
                    Diagnostic::error("unreadable", &path, None, format!("cannot be read: {}", reason(&error)))
                        .help("check the permissions, or list it under `exclude`"),
                );
                continue;
            }
        };
        if entry.file_type().is_dir() {
            continue;
        }
        let Some(path) = doc_path(root, entry.path()) else {
            let path = DocPath::new(entry.path().strip_prefix(root).unwrap_or(entry.path()).to_string_lossy());
            diagnostics
                .push(Diagnostic::error("file-name", &path, None, "the file's name is not UTF-8").help("rename it"));
            continue;
        };
        if is_excluded(&path, config) {
            found.others.insert(path);
            continue;
        }
        if entry.path_is_symlink() && entry.path().is_dir() {
            diagnostics.push(
                Diagnostic::warning("symlink", &path, None, "this is a link on disk, and is left out")
                    .help("put the folder itself into the docs folder"),
            );
            continue;
        }
        let kind = kind(&path, config);
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
            diagnostics.push(
                Diagnostic::warning("symlink", &path, None, "this is a link on disk, and is left out")
                    .help("put the file itself into the docs folder"),
            );
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
    let mut folders = path.folder().split('/').filter(|name| !name.is_empty());
    if is_excluded(path, config)
        || Named::File.is_hidden(path.name())
        || folders.any(|name| Named::Folder.is_hidden(name))
    {
        return Kind::Other;
    }
    let extension = path.name().rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    if extension.as_deref() == Some("md") && (!is_of_project(path.name()) || config.include.is_match(path.as_str())) {
        return Kind::Markdown;
    }
    if ImageFile::is_meant(path) { Kind::Image } else { Kind::Other }
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
    let is_private = |entry: &walkdir::DirEntry| {
        entry.depth() > 0
            && entry.file_type().is_dir()
            && matches!(entry.file_name().to_str(), Some(".git" | ".helpbook"))
    };
    for entry in WalkDir::new(root).into_iter().filter_entry(|entry| !is_private(entry)).flatten() {
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

/// `README.md`, in any locale.
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

fn is_of_project(name: &str) -> bool {
    let name = without_locale(name);
    OF_PROJECT.iter().any(|other| other.eq_ignore_ascii_case(&name))
}

/// Whether a file holds text that somebody might take for an article, and that is none by its name: a project's own
/// files, and those of other formats.
pub fn looks_like_an_article(path: &DocPath) -> bool {
    let ending = path.name().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("md") => is_of_project(path.name()) && !without_locale(path.name()).eq_ignore_ascii_case("README.md"),
        Some("mdx" | "markdown" | "html" | "htm") => true,
        _ => false,
    }
}

/// A file's name without the locale that it names: `refunds.fr.md` is `refunds.md`.
fn without_locale(name: &str) -> String {
    let mut parts: Vec<&str> = name.split('.').collect();
    if let [_, .., locale, _] = parts.as_slice()
        && Locale::KNOWN.contains(locale)
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
