//! The parts of an article or a collection, each with its old and its new value.

use serde::{Deserialize, Serialize};

use crate::book::ContentKey;

/// A part of an article or collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The title, or a collection's name.
    Title,
    /// The description.
    Description,
    /// The body.
    Body,
    /// The author.
    Author,
    /// Whether customers can read it.
    State,
    /// The collection it is in.
    Collection,
    /// Its tags.
    Tags,
    /// Which of Intercom's AI features may use it.
    Ai,
    /// The audiences they may use it for.
    Audiences,
    /// The addresses that point to it.
    RedirectFrom,
    /// When it goes live by itself.
    PublishAt,
    /// When it goes offline by itself.
    UnpublishAt,
}

impl Field {
    /// What a text is made of.
    pub const TEXT: [Self; 4] = [Self::Title, Self::Description, Self::Body, Self::Author];

    /// What an article is beside its text, state and place.
    pub const SETTINGS: [Self; 6] =
        [Self::Tags, Self::Ai, Self::Audiences, Self::RedirectFrom, Self::PublishAt, Self::UnpublishAt];

    /// Its name for people.
    pub fn name(self) -> &'static str {
        if self == Field::Body { "text" } else { self.id() }
    }

    /// Its name in JSON, and for a key of front matter that key.
    pub fn id(self) -> &'static str {
        match self {
            Field::Title => "title",
            Field::Description => "description",
            Field::Body => "body",
            Field::Author => "author",
            Field::State => "state",
            Field::Collection => "collection",
            Field::Tags => "tags",
            Field::Ai => "ai",
            Field::Audiences => "audiences",
            Field::RedirectFrom => "redirect_from",
            Field::PublishAt => "publish_at",
            Field::UnpublishAt => "unpublish_at",
        }
    }
}

impl Field {
    /// The part of an article's text that it is.
    pub(super) fn key(self) -> Option<ContentKey> {
        match self {
            Field::Title => Some(ContentKey::Title),
            Field::Description => Some(ContentKey::Description),
            Field::Body => Some(ContentKey::Body),
            Field::Author => Some(ContentKey::Author),
            Field::State | Field::Collection => None,
            Field::Tags | Field::Ai | Field::Audiences => None,
            Field::RedirectFrom | Field::PublishAt | Field::UnpublishAt => None,
        }
    }
}

/// A field, old and new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which one.
    pub field: Field,
    /// As it is; empty for nothing.
    pub old: String,
    /// As it will be; empty for nothing.
    pub new: String,
}

impl FieldChange {
    /// A field, old and new.
    pub fn new(field: Field, old: impl Into<String>, new: impl Into<String>) -> Self {
        Self { field, old: old.into(), new: new.into() }
    }

    /// The same from the other side.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { old: self.new, new: self.old, ..self }
    }
}
