//! What became of a source: each construct as taken, approximated or left, with its file and line.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::text::DocPath;

/// What became of a construct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It says the same here.
    Taken,
    /// It says nearly the same here.
    Approximated,
    /// It has no counterpart: customers do not see it, or see it as code.
    Left,
}

/// One construct of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// The line of the source, from 1.
    pub line: usize,
    /// What it is.
    pub construct: &'static str,
    /// What became of it.
    pub fate: Fate,
    /// The marks as they were.
    pub was: String,
    /// The marks as they are.
    pub now: String,
}

/// What became of one file of the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// The file of the docs that it is now; `None` where it is none.
    pub into: Option<DocPath>,
    /// Its constructs, in order.
    pub items: Vec<Item>,
    /// Words that are not in the result though no construct names them, or the other way round. Such a file is
    /// not written.
    pub unequal: Vec<String>,
}

/// What became of a source, by its files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// By the path in the source.
    pub files: BTreeMap<DocPath, FileReport>,
    /// Links to something that the source has, and those of them that point to it in the docs.
    pub links: Resolved,
    /// Pages in languages that Intercom does not have, by their names in the source.
    pub unknown_locales: BTreeMap<String, usize>,
    /// Pages that are about the repository, and no articles.
    pub of_repository: Vec<DocPath>,
    /// Images that the source has, and those of them that are taken.
    pub images: Resolved,
    /// Links to files of the source that are no pages, as documents and archives: Intercom has no place for them.
    pub files_left: usize,
}

/// How many were found, and how many of these are resolved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Resolved {
    /// Their target is in the source.
    pub there: usize,
    /// They point to it here.
    pub resolved: usize,
    /// Their target is not in the source.
    pub missing: usize,
}

impl Report {
    /// How many constructs of each kind and fate there are.
    pub fn counts(&self) -> BTreeMap<(Fate, &'static str), usize> {
        let mut counts = BTreeMap::new();
        for item in self.files.values().flat_map(|file| &file.items) {
            *counts.entry((item.fate, item.construct)).or_insert(0) += 1;
        }
        counts
    }
}
