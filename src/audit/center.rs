//! A Help Center as it is looked at, wherever it comes from.
//!
//! What is live and what the docs say are both this: articles with their texts by locale, collections, and the lists
//! around them. Of each text only its [`Facts`] are kept.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::facts::Facts;
use super::finding::About;
use crate::html::HelpCenterUrls;
use crate::intercom::model::{ArticleId, AudienceId, CollectionId, Locale};
use crate::text::DocPath;

/// A Help Center.
#[derive(Debug, Clone)]
pub struct Center {
    /// Its name.
    pub name: String,
    /// The workspace that it is in; empty for docs.
    pub workspace: String,
    /// The time that ages count to.
    pub looked_at: Timestamp,
    /// The locale of texts that name none.
    pub default_locale: Locale,
    /// Every locale that it is available in.
    pub locales: Vec<Locale>,
    /// Its addresses.
    pub own: HelpCenterUrls,
    /// Whether every article and collection is known. Without, nothing counts as gone.
    pub is_complete: bool,
    /// The articles, each once.
    pub articles: Vec<Article>,
    /// Articles that are there and of which nothing else is known.
    pub unknown_articles: BTreeSet<ArticleId>,
    /// The collections; a collection above comes before those in it or not.
    pub collections: Vec<Collection>,
    /// Articles and collections that old addresses lead away from: their redirects make links to them work.
    pub redirected: BTreeSet<u64>,
    /// The names of all tags; `None` where they were not read.
    pub tags: Option<Vec<String>>,
    /// The audiences; `None` where they were not read.
    pub audiences: Option<BTreeMap<AudienceId, String>>,
    /// How many bytes the images of the docs folder have.
    pub image_bytes: BTreeMap<DocPath, u64>,
    /// What could not be read, a sentence each.
    pub unchecked: Vec<String>,
}

/// An article.
#[derive(Debug, Clone)]
pub struct Article {
    /// Its id; `None` where it is not in Intercom yet.
    pub id: Option<ArticleId>,
    /// Its file, where the docs are looked at.
    pub path: Option<DocPath>,
    /// The collections that it is in, as places in [`Center::collections`].
    pub collections: Vec<usize>,
    /// Whether it is said to be in no collection at all.
    pub is_outside: bool,
    /// Whether Fin's chatbot may use it.
    pub is_read_by_fin: bool,
    /// The names of its tags.
    pub tags: Vec<String>,
    /// Its audiences, in any locale.
    pub audiences: BTreeSet<AudienceId>,
    /// Its texts, the default locale first.
    pub texts: Vec<Text>,
}

/// A text of an article in a locale.
#[derive(Debug, Clone)]
pub struct Text {
    /// Its locale.
    pub locale: Locale,
    /// Its title.
    pub title: String,
    /// Whether customers can read it.
    pub shown: Shown,
    /// Its public address.
    pub url: Option<String>,
    /// When it was last changed, in Unix seconds; `None` where nobody says.
    pub updated_at: Option<i64>,
    /// When the draft behind the live text was last changed; `None` where none is pending.
    pub draft_at: Option<i64>,
    /// What is in it.
    pub facts: Facts,
}

/// Whether customers can read a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// They can.
    Live,
    /// They cannot.
    Draft,
}

/// A collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// Its id; `None` where it is not in Intercom yet.
    pub id: Option<CollectionId>,
    /// Its folder, where the docs are looked at.
    pub folder: Option<String>,
    /// Its name in the default locale.
    pub name: String,
    /// The collection above it, as a place in [`Center::collections`].
    pub parent: Option<usize>,
}

impl Article {
    /// Whether customers can read it in any locale.
    pub fn is_published(&self) -> bool {
        self.texts.iter().any(|text| text.shown == Shown::Live)
    }

    /// The texts that customers can read.
    pub fn live_texts(&self) -> impl Iterator<Item = &Text> {
        self.texts.iter().filter(|text| text.shown == Shown::Live)
    }

    /// Its text in a locale.
    pub fn text(&self, locale: &Locale) -> Option<&Text> {
        self.texts.iter().find(|text| text.locale == *locale)
    }

    /// One of its texts, as a finding names it.
    pub fn about(&self, text: &Text) -> About {
        About {
            id: self.id,
            path: self.path.clone(),
            title: text.title.clone(),
            locale: text.locale.clone(),
            url: text.url.clone(),
        }
    }
}

impl Center {
    /// Every text that customers can read, with the place of its article in [`Center::articles`].
    pub fn live_texts(&self) -> impl Iterator<Item = (usize, &Article, &Text)> {
        let articles = self.articles.iter().enumerate();
        articles.flat_map(|(at, article)| article.live_texts().map(move |text| (at, article, text)))
    }

    /// Days between a time in Unix seconds and when the Help Center was looked at; 0 for one to come.
    pub fn days_since(&self, at: i64) -> u64 {
        u64::try_from((self.looked_at.as_second() - at) / 86_400).unwrap_or(0)
    }
}
