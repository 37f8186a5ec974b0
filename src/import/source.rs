//! The files of a source, as values.
//!
//! Every folder below the one that is named is walked once. Texts are read, everything else is only listed: an
//! image is read when a page shows it. No link on disk is followed, nothing is written, and what Git and package
//! managers keep for themselves is not looked at.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::disk;
use crate::text::DocPath;

/// How large a text may be, in bytes.
const LARGEST_TEXT: u64 = 4 * 1024 * 1024;

/// How large a document of data may be, in bytes: all articles of a help center may be in one.
const LARGEST_DATA: u64 = 128 * 1024 * 1024;

/// How many files a source may have.
const MOST_FILES: usize = 200_000;

/// The files of a source: everything below one folder.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The folder on disk.
    pub root: PathBuf,
    /// The texts, by path.
    pub texts: BTreeMap<DocPath, String>,
    /// All other files, by path: their place on disk.
    pub others: BTreeMap<DocPath, PathBuf>,
    /// Texts that could not be read, and why.
    pub unread: BTreeMap<DocPath, String>,
    /// Whether it is all of a repository, or a folder of somebody's.
    pub extent: Extent,
}

/// How much of a repository a source is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Extent {
    /// A folder, with whatever is in it.
    #[default]
    Folder,
    /// All of a repository, with its files for whoever works on it.
    Repository,
}

/// A source cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It is not there, or no folder.
    #[error("there is no folder at `{}`", .0.display())]
    NoFolder(PathBuf),
    /// It is what the pages would be written to.
    #[error("`{}` is the docs folder of this project, or in it", .0.display())]
    Docs(PathBuf),
    /// It has more files than anybody's docs.
    #[error("`{}` has more than {MOST_FILES} files", .0.display())]
    TooMany(PathBuf),
}

impl Source {
    /// Reads a folder, but for the docs folder, which may be in it: what was imported is no source.
    ///
    /// # Errors
    /// Fails where there is no such folder, where it is the docs folder or in it, or where it has too many files. A
    /// file that cannot be read is named in [`Source::unread`].
    pub fn load(root: &Path, docs: &Path) -> Result<Self, SourceError> {
        let real = std::fs::canonicalize(root).ok().filter(|real| real.is_dir());
        let real = real.ok_or_else(|| SourceError::NoFolder(root.to_owned()))?;
        let docs = std::fs::canonicalize(docs).ok();
        if docs.as_ref().is_some_and(|docs| real.starts_with(docs)) {
            return Err(SourceError::Docs(root.to_owned()));
        }
        let docs = docs.as_ref().and_then(|docs| docs.strip_prefix(&real).ok()).map(|below| root.join(below));
        let mut source = Self { root: root.to_owned(), ..Self::default() };
        let is_wanted = |entry: &walkdir::DirEntry| {
            entry.depth() == 0 || !is_private(entry) && docs.as_deref() != Some(entry.path())
        };
        for entry in WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(is_wanted).flatten() {
            if !entry.file_type().is_file() {
                continue;
            }
            let Ok(below) = entry.path().strip_prefix(root) else { continue };
            let Some(parts) = below.iter().map(|part| part.to_str()).collect::<Option<Vec<_>>>() else { continue };
            let path = DocPath::new(parts.join("/"));
            if source.texts.len() + source.others.len() >= MOST_FILES {
                return Err(SourceError::TooMany(root.to_owned()));
            }
            if !is_text(path.name()) {
                source.others.insert(path, entry.into_path());
                continue;
            }
            let largest = if path.name().ends_with(".json") { LARGEST_DATA } else { LARGEST_TEXT };
            match disk::read(entry.path(), largest) {
                Ok(text) => drop(source.texts.insert(path, text)),
                Err(error) => drop(source.unread.insert(path, error.to_string())),
            }
        }
        source.extent = source.extent_of(root);
        Ok(source)
    }

    /// Whether Git, or what hosts a repository, has files at the top: a folder of articles has none.
    fn extent_of(&self, root: &Path) -> Extent {
        let of_git = [".gitignore", ".gitattributes", ".gitlab-ci.yml"];
        let is_hosted = |path: &DocPath| path.as_str().starts_with(".github/");
        let is_repository = std::fs::symlink_metadata(root.join(".git")).is_ok()
            || of_git.iter().any(|name| self.has(&DocPath::new(*name)))
            || self.texts.keys().chain(self.others.keys()).any(is_hosted);
        if is_repository { Extent::Repository } else { Extent::Folder }
    }

    /// A source of texts alone.
    #[cfg(test)]
    pub fn of(texts: &[(&str, &str)]) -> Self {
        let texts = texts.iter().map(|(path, text)| (DocPath::new(*path), (*text).to_owned())).collect();
        Self { texts, ..Self::default() }
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(&DocPath::new(path)).map(String::as_str)
    }

    /// Whether a file is there, of whatever kind.
    pub fn has(&self, path: &DocPath) -> bool {
        self.texts.contains_key(path) || self.others.contains_key(path)
    }
}

/// Whether an entry is nobody's docs.
fn is_private(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.file_type().is_dir()
        && matches!(name.as_ref(), ".git" | ".helpbook" | "node_modules" | ".venv" | "vendor" | "target")
}

/// Whether a file is read, by its name: pages, navigation, variables.
fn is_text(name: &str) -> bool {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    matches!(
        end.as_deref(),
        Some(
            "md" | "mdx"
                | "markdown"
                | "yml"
                | "yaml"
                | "json"
                | "js"
                | "ts"
                | "mjs"
                | "cjs"
                | "toml"
                | "html"
                | "txt"
                | "snip"
                | "jsx"
                | "tsx"
        )
    )
}

/// Whether a file is a page, by its name.
pub(super) fn is_page(path: &DocPath) -> bool {
    let end = path.name().rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    matches!(end.as_deref(), Some("md" | "mdx" | "markdown"))
}

/// A path without the ending of its name.
pub(super) fn without_ending(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rfind('.') {
        Some(dot) if dot > 0 => &path[..path.len() - name.len() + dot],
        _ => path,
    }
}
