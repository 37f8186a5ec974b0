//! Collections: the folders of the docs folder.
//!
//! A folder with an `_index.md` is a collection, and so is every folder that holds articles, or
//! is above one that does. Three levels at most (docs/intercom.md 2).

use std::collections::BTreeMap;

use super::Book;
use super::front_matter::FrontMatter;
use crate::diagnostic::Diagnostic;
use crate::intercom::model::{CollectionId, Locale};
use crate::text::{DocPath, Span};
use crate::yaml::{self, Foreign, Instead, Value, Wrong};

/// The file that describes a folder's collection.
pub(super) const INDEX: &str = "_index.md";

/// How deep collections nest in Intercom (docs/intercom.md 2).
const DEEPEST: usize = 3;

/// A folder of the docs folder: its path with `/` between its parts, never empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Folder(pub String);

impl Folder {
    /// The folder that holds a file.
    pub fn of(path: &DocPath) -> Self {
        Self(path.folder().to_owned())
    }

    /// The folder above; `None` at the top.
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once('/').map(|(parent, _)| Self(parent.to_owned()))
    }

    /// How deep it is; 1 at the top.
    pub fn depth(&self) -> usize {
        self.0.split('/').count()
    }

    /// The file that describes its collection, whether it is there or not.
    pub fn index(&self) -> DocPath {
        DocPath::new(format!("{}/{INDEX}", self.0))
    }
}

impl std::fmt::Display for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A collection as its folder says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// Its `_index.md`, if it has one.
    pub index: Option<DocPath>,
    /// Its id in Intercom, once it was created.
    pub id: Option<CollectionId>,
    /// Where the id is.
    pub id_span: Option<Span>,
    /// The name that its `_index.md` gives; without one the live name stays.
    pub title: Option<String>,
    /// `None`: left alone; empty: cleared.
    pub description: Option<String>,
    /// What it is called in the other locales that have a file.
    pub translations: BTreeMap<Locale, CollectionContent>,
}

/// What a collection is called in one locale: one `_index.fr.md`.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectionContent {
    /// Its file.
    pub path: DocPath,
    /// Its name; without one the live name stays.
    pub title: Option<String>,
    /// `None`: left alone; empty: cleared.
    pub description: Option<String>,
}

/// The name of a folder that gives none: `getting-started` is `Getting started`.
pub fn title_of_folder(folder: &Folder) -> String {
    let name = folder.0.rsplit('/').next().unwrap_or(&folder.0);
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    letters.next().map_or_else(|| name.to_owned(), |first| first.to_uppercase().chain(letters).collect())
}

/// The collection that an article's file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CollectionRef {
    /// None: the file is at the top and names none. Left alone.
    Unsaid,
    /// A folder of the docs folder.
    Folder(Folder),
    /// An id of the workspace.
    Id(CollectionId),
    /// A path as it is written: a folder, else names of live collections.
    Path(String),
}

impl CollectionRef {
    pub(super) fn of_file(path: &DocPath) -> Self {
        let folder = Folder::of(path);
        if folder.0.is_empty() { Self::Unsaid } else { Self::Folder(folder) }
    }

    pub(super) fn read(entry: &yaml::Entry) -> Result<Self, Wrong> {
        if let Value::Number(_) = entry.value {
            return yaml::number(entry).map(|id| Self::Id(CollectionId(id)));
        }
        let text = yaml::filled(entry)?;
        let path = text.trim().trim_matches('/').to_owned();
        if path.is_empty() || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(Wrong::value(
                format!("`{text}` is not a collection"),
                "write a folder of the docs (`billing/invoices`), a collection's id, or its names (`Billing/Invoices`)",
            ));
        }
        Ok(Self::Path(path))
    }
}

const KEYS: [&str; 3] = ["title", "description", "id"];

impl Collection {
    pub(super) fn parse(path: &DocPath, source: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        if Folder::of(path).0.is_empty() {
            diagnostics.push(
                Diagnostic::error("root-index", path, None, "the docs folder itself is not a collection")
                    .help("move the file into a folder below it, or remove it"),
            );
            return None;
        }
        let (front, mut keys) = FrontMatter::parse(path, source, diagnostics)?;
        let collection = Self {
            index: Some(path.clone()),
            title: keys.read("title", diagnostics, yaml::filled).map(|title| title.trim().to_owned()),
            description: keys.read("description", diagnostics, yaml::string).map(|text| text.trim().to_owned()),
            id_span: front.span_of("id"),
            id: keys.read("id", diagnostics, yaml::number).map(CollectionId),
            translations: BTreeMap::new(),
        };
        keys.refuse_rest("a collection", &KEYS, foreign, diagnostics);
        let body = &source[front.body..];
        if let Some(lead) = body.find(|c: char| !c.is_whitespace()) {
            let at = front.body + lead;
            let end = source[at..].find('\n').map_or(source.len(), |end| at + end);
            diagnostics.push(
                Diagnostic::error("collection-text", path, Span::new(at, end), "a collection has no text in Intercom")
                    .label("this would not be sent")
                    .help("write it as `description`, or as an article of its own"),
            );
        }
        Some(collection)
    }
}

fn foreign(entry: &yaml::Entry) -> Option<Foreign> {
    let instead = (entry.key == "name").then_some(Instead::Key("title"));
    foreign_help(&entry.key).map(|help| Foreign { help, instead })
}

fn foreign_help(key: &str) -> Option<&'static str> {
    match key {
        "name" => Some("write `title`"),
        "icon" => Some("Intercom's API cannot set this: choose the icon in Intercom, and remove the key"),
        "weight" | "order" | "position" | "sidebar_position" | "nav_order" => {
            Some("Intercom's API cannot set this: drag the collection in Intercom, and remove the key")
        }
        _ => None,
    }
}

/// Adds the folders that have no `_index.md`, and refuses those that are too deep.
pub(super) fn complete(book: &mut Book) {
    let mut folders: Vec<Folder> = book.collections.keys().cloned().collect();
    let sources = &book.sources;
    let holds_files = |folder: &str| {
        let inside = format!("{folder}/");
        let first = sources.range(DocPath::new(inside.as_str())..).next();
        first.is_some_and(|(path, _)| path.as_str().starts_with(&inside))
    };
    for article in book.articles.values_mut() {
        if let CollectionRef::Path(path) = &article.collection {
            let folder = Folder(path.clone());
            if holds_files(path) || book.root.join(path).is_dir() {
                article.collection = CollectionRef::Folder(folder);
            }
        }
        if let CollectionRef::Folder(folder) = &article.collection {
            folders.push(folder.clone());
        }
    }
    let mut all: BTreeMap<Folder, Collection> = std::mem::take(&mut book.collections);
    for folder in folders {
        let mut next = Some(folder);
        while let Some(folder) = next {
            next = folder.parent();
            all.entry(folder).or_insert(Collection {
                index: None,
                id: None,
                id_span: None,
                title: None,
                description: None,
                translations: BTreeMap::new(),
            });
        }
    }
    for folder in all.keys().filter(|folder| folder.depth() > DEEPEST) {
        let first = book.articles.keys().find(|path| path.folder() == folder.0);
        let path = all[folder].index.clone().or_else(|| first.cloned()).unwrap_or_else(|| folder.index());
        book.diagnostics.push(
            Diagnostic::error("collection-depth", &path, None, format!("the folder `{folder}` is {} levels deep", folder.depth()))
                .help("collections nest three levels in Intercom: move the folder up, or name another `collection` in its articles"),
        );
    }
    book.collections = all;
}
