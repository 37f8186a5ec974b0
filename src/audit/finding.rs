//! A finding about a Help Center, as plain data.

use super::kind::Kind;
use crate::intercom::model::{ArticleId, CollectionId, Locale};
use crate::text::{Digest, DocPath};

/// Something that is wrong, or worth a look.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What kind it is.
    pub kind: &'static Kind,
    /// The texts that it is about; the first is the one to change. None for a finding about a collection or a list.
    pub articles: Vec<About>,
    /// The collection, tag or audience that it is about.
    pub thing: Option<Named>,
    /// One sentence: what is wrong, and where in the text.
    pub message: String,
    /// More of it, a line each.
    pub details: Vec<String>,
    /// What in the text it is about, such as an address: two findings of a kind differ in it or in their articles.
    pub subject: String,
    /// How many customers it hits, as the audit counts them.
    pub customers: u64,
}

/// Where a finding is among others of equal weight: by its kind, then its text, then what it is about.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Order<'f> {
    kind: &'static str,
    id: Option<ArticleId>,
    path: Option<&'f DocPath>,
    locale: Option<&'f Locale>,
    name: &'f str,
    subject: &'f str,
}

/// A text of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The article; `None` where it is not in Intercom yet.
    pub id: Option<ArticleId>,
    /// Its file, where the docs are looked at.
    pub path: Option<DocPath>,
    /// Its title in the locale.
    pub title: String,
    /// The locale.
    pub locale: Locale,
    /// Its public address.
    pub url: Option<String>,
}

/// A collection, a tag or an audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What it is: `collection`, `tag` or `audience`.
    pub what: &'static str,
    /// Its id in Intercom.
    pub id: Option<u64>,
    /// Its name.
    pub name: String,
}

impl Named {
    /// A collection.
    pub fn collection(id: Option<CollectionId>, name: &str) -> Self {
        Self { what: "collection", id: id.map(|id| id.0), name: name.to_owned() }
    }
}

impl About {
    /// The article, whatever the locale: its id, else its file.
    pub fn article(&self) -> String {
        match (self.id, &self.path) {
            (Some(id), _) => id.to_string(),
            (None, Some(path)) => path.to_string(),
            (None, None) => String::new(),
        }
    }
}

impl Finding {
    /// A finding about some texts, the first of which is the one to change.
    pub(super) fn about(kind: &'static Kind, articles: Vec<About>, message: String) -> Self {
        Self { kind, articles, thing: None, message, details: Vec::new(), subject: String::new(), customers: 0 }
    }

    /// A finding about a collection, a tag or an audience.
    pub(super) fn of(kind: &'static Kind, thing: Named, message: String) -> Self {
        Self { thing: Some(thing), ..Self::about(kind, Vec::new(), message) }
    }

    /// Says what in the text it is about.
    #[must_use]
    pub(super) fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// A name of the finding that stays as long as it is about the same thing in the same texts. Two audits are
    /// compared by it. Of a group of texts the first is enough: the group may grow.
    pub fn key(&self) -> String {
        let mut parts = vec![self.kind.id.to_owned(), self.subject.clone()];
        if let Some(first) = self.articles.first() {
            parts.extend([first.article(), first.locale.0.clone()]);
        }
        if let Some(thing) = &self.thing {
            parts.extend([thing.what.to_owned(), thing.id.map_or_else(|| thing.name.clone(), |id| id.to_string())]);
        }
        Digest::of(parts.join("\n")).short().to_owned()
    }

    /// What puts findings of equal weight into an order that is always the same.
    pub(super) fn order(&self) -> Order<'_> {
        let first = self.articles.first();
        Order {
            kind: self.kind.id,
            id: first.and_then(|about| about.id),
            path: first.and_then(|about| about.path.as_ref()),
            locale: first.map(|about| &about.locale),
            name: self.thing.as_ref().map_or("", |thing| thing.name.as_str()),
            subject: &self.subject,
        }
    }
}
