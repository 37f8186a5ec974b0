//! The collections of the docs and what is in them, in one locale.

use std::collections::BTreeMap;

use crate::book::{Article, Book, CollectionRef, Content, Folder, title_of_folder};
use crate::intercom::model::Locale;

/// A collection with what is directly in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Node<'b> {
    pub name: String,
    pub description: String,
    /// Its articles, in the order of their paths.
    pub articles: Vec<(&'b Article, &'b Content)>,
    /// The keys of the collections within it.
    pub children: Vec<String>,
}

/// The tree of a locale. Collections that hold no article in it are left out, as customers do not see them.
#[derive(Debug, Default)]
pub(super) struct Tree<'b> {
    /// By the path of the folder, or by what articles call a collection that is no folder.
    pub nodes: BTreeMap<String, Node<'b>>,
    /// The keys of those at the top.
    pub roots: Vec<String>,
    /// Articles in no collection.
    pub loose: Vec<(&'b Article, &'b Content)>,
}

/// What an article says in a locale.
pub(super) fn content<'b>(article: &'b Article, locale: &Locale, default: &Locale) -> Option<&'b Content> {
    if locale == default { Some(&article.content) } else { article.translations.get(locale) }
}

/// The key of the collection that holds an article.
pub(super) fn key(article: &Article) -> Option<String> {
    match &article.collection {
        CollectionRef::Unsaid => None,
        CollectionRef::Folder(Folder(path)) | CollectionRef::Path(path) => Some(path.clone()),
        CollectionRef::Id(id) => Some(format!("collection-{id}")),
    }
}

impl<'b> Tree<'b> {
    pub fn of(book: &'b Book, locale: &Locale, default: &Locale) -> Self {
        let mut tree = Self::default();
        for article in book.articles.values() {
            let Some(content) = content(article, locale, default) else { continue };
            match key(article) {
                None => tree.loose.push((article, content)),
                Some(key) => {
                    tree.add(book, locale, default, &key);
                    if let Some(node) = tree.nodes.get_mut(&key) {
                        node.articles.push((article, content));
                    }
                }
            }
        }
        tree
    }

    /// Adds a collection and those above it.
    fn add(&mut self, book: &Book, locale: &Locale, default: &Locale, key: &str) {
        if self.nodes.contains_key(key) {
            return;
        }
        let folder = Folder(key.to_owned());
        let (name, description) = match book.collections.get(&folder) {
            Some(collection) => {
                let translated = if locale == default { None } else { collection.translations.get(locale) };
                let title = translated.and_then(|content| content.title.clone()).or_else(|| collection.title.clone());
                let description = translated.map_or(&collection.description, |content| &content.description);
                (title.unwrap_or_else(|| title_of_folder(&folder)), description.clone().unwrap_or_default())
            }
            None => (key.rsplit('/').next().unwrap_or(key).to_owned(), String::new()),
        };
        self.nodes.insert(key.to_owned(), Node { name, description, ..Node::default() });
        match folder.parent() {
            Some(Folder(above)) => {
                self.add(book, locale, default, &above);
                if let Some(node) = self.nodes.get_mut(&above) {
                    node.children.push(key.to_owned());
                }
            }
            None => self.roots.push(key.to_owned()),
        }
    }

    /// The articles in a collection, and in those within it.
    pub fn below(&self, key: &str) -> Vec<(&'b Article, &'b Content)> {
        let Some(node) = self.nodes.get(key) else { return Vec::new() };
        node.articles.iter().copied().chain(node.children.iter().flat_map(|child| self.below(child))).collect()
    }

    /// How many articles a collection holds, and those within it.
    pub fn count(&self, key: &str) -> usize {
        self.below(key).len()
    }

    /// The collections above and including one, from the top.
    pub fn way(&self, key: &str) -> Vec<String> {
        let parts: Vec<&str> = key.split('/').collect();
        (1..=parts.len()).map(|length| parts[..length].join("/")).filter(|path| self.nodes.contains_key(path)).collect()
    }
}
