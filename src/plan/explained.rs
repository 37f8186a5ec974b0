//! Why a text is in sync or not: what the record, Intercom and the docs have of it, as data.

use serde::Serialize;

use super::field::Field;
use super::side::{Facts, Side};
use super::text::{Which, WrittenBy};
use crate::intercom::model::{AdminId, ArticleId, Locale, State};
use crate::record::{ArticleRecord, Pair};
use crate::text::{Digest, GitBlob};

/// What is known of an article in one locale, and why it is in sync or not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    /// The article.
    #[serde(skip)]
    pub id: ArticleId,
    /// The locale.
    #[serde(skip)]
    pub locale: Locale,
    /// The lines of the record: mostly one, several after a merge.
    pub lines: Vec<ArticleRecord>,
    /// The live text in Intercom, or the only one of an article that nobody can see.
    pub live: Option<Stored>,
    /// The draft that waits behind it.
    pub draft: Option<Stored>,
    /// What the docs say.
    pub docs: Option<Desires>,
    /// Whose the difference of each field is.
    #[serde(skip)]
    pub reasons: Vec<Reason>,
}

/// A text in Intercom.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stored {
    /// Its digests, as the record would keep them.
    #[serde(flatten)]
    pub pair: Pair,
    /// Who wrote it last.
    pub by: String,
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Desires {
    /// The title.
    pub title: Digest,
    /// The description, if it says one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Digest>,
    /// The exact form of the body, as the record would keep it as `sent`.
    pub sent: Digest,
    /// The author, if it names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<AdminId>,
    /// The bytes of the docs folder's images in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub images: Option<Digest>,
    /// Its Git blob.
    pub blob: GitBlob,
}

/// Whose the difference of a field is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The field.
    pub field: Field,
    /// Of which text.
    pub of: Which,
    /// Whose it is.
    pub side: Side,
    /// What says so.
    pub why: Why,
}

/// What says whose a difference is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// What the record knows of the text.
    Record {
        /// What was known of the field.
        facts: Facts,
        /// Who wrote what the record does not know.
        writer: Option<WrittenBy>,
    },
    /// The docs are as they were sent, but where their links point changed since.
    Links,
    /// Nothing is recorded: the texts and the article's versions.
    Texts,
    /// The states.
    State {
        /// What the docs say.
        docs: State,
        /// What Intercom has.
        found: State,
        /// What the record says, if there is one.
        recorded: Option<State>,
    },
    /// Where the docs put it.
    Place(String),
}

impl Explained {
    /// What the record knows of a text that the plan did not compare.
    pub fn recorded(id: ArticleId, locale: &Locale, record: Option<&ArticleRecord>) -> Self {
        let lines = record.into_iter().flat_map(ArticleRecord::lines).cloned().collect();
        Self { id, locale: locale.clone(), lines, live: None, draft: None, docs: None, reasons: Vec::new() }
    }
}
