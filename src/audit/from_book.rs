//! What the docs say, as a Help Center to look at.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::center::{Article, Center, Collection, Shown, Text};
use super::facts::Facts;
use crate::book::{self, Book, CollectionRef, Content, Folder, title_of_folder};
use crate::config::Config;
use crate::html::{HelpCenterUrls, LinkTargets, Rendering, render_all};
use crate::intercom::model::{Locale, State};
use crate::text::DocPath;

/// The docs to look at.
#[derive(Debug, Clone, Copy)]
pub struct Docs<'a> {
    /// The files.
    pub book: &'a Book,
    /// What they are rendered with.
    pub rendering: Rendering<'a>,
    /// What the project chose.
    pub config: &'a Config,
    /// The time that ages count to.
    pub now: Timestamp,
}

/// The Help Center that the docs say. An article that says no state counts as published: whether it is, only
/// Intercom knows. So does it when a text was last changed.
pub fn from_book(docs: Docs<'_>) -> Center {
    let Docs { book, rendering, config, now } = docs;
    let links = LinkTargets::of(book, rendering.state);
    let facts: HashMap<DocPath, Facts> =
        render_all(book, rendering, &links, |content, rendered| (content.path.clone(), Facts::of(&rendered.body)))
            .into_iter()
            .collect();
    let places: BTreeMap<&Folder, usize> = book.collections.keys().zip(0..).collect();
    let collection = |(folder, found): (&Folder, &book::Collection)| Collection {
        id: found.id,
        folder: Some(folder.0.clone()),
        name: found.title.clone().unwrap_or_else(|| title_of_folder(folder)),
        parent: folder.parent().and_then(|above| places.get(&above).copied()),
    };
    let default = &config.default_locale;
    let text = |locale: &Locale, content: &Content| Text {
        locale: locale.clone(),
        title: content.title.clone(),
        shown: if content.state.or(rendering.state) == Some(State::Draft) { Shown::Draft } else { Shown::Live },
        url: None,
        updated_at: None,
        draft_at: None,
        facts: facts.get(&content.path).cloned().unwrap_or_default(),
    };
    let article = |found: &book::Article| Article {
        id: found.id,
        path: Some(found.path.clone()),
        collections: in_collections(found, &places),
        is_outside: false,
        is_read_by_fin: false,
        tags: found.settings.tags.clone().unwrap_or_default(),
        audiences: BTreeSet::new(),
        texts: [text(default, &found.content)]
            .into_iter()
            .chain(found.translations.iter().map(|(locale, content)| text(locale, content)))
            .collect(),
    };
    let name = config.help_center.clone().or_else(|| Some(config.docs.file_name()?.to_string_lossy().into_owned()));
    Center {
        name: name.unwrap_or_else(|| "docs".to_owned()),
        workspace: String::new(),
        looked_at: now,
        default_locale: default.clone(),
        locales: locales(config),
        own: HelpCenterUrls::default(),
        is_complete: false,
        articles: book.articles.values().map(article).collect(),
        unknown_articles: BTreeSet::new(),
        collections: book.collections.iter().map(collection).collect(),
        redirected: BTreeSet::new(),
        tags: None,
        audiences: None,
        image_bytes: book.images.iter().map(|(path, image)| (path.clone(), image.bytes)).collect(),
        unchecked: Vec::new(),
    }
}

fn locales(config: &Config) -> Vec<Locale> {
    let others = config.locales.iter().filter(|locale| **locale != config.default_locale);
    [&config.default_locale].into_iter().chain(others).cloned().collect()
}

fn in_collections(article: &book::Article, places: &BTreeMap<&Folder, usize>) -> Vec<usize> {
    let folder = match &article.collection {
        CollectionRef::Folder(folder) => folder.clone(),
        _ => return Vec::new(),
    };
    places.get(&folder).copied().into_iter().collect()
}
