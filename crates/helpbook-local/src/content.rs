//! What an author writes of a text, and what a request changes of that.

use helpbook_model::AdminId;
use serde::{Deserialize, Serialize};

/// What an author writes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Content {
    pub title: String,
    pub description: String,
    pub body: String,
    pub author: AdminId,
}

/// What a request changes of a content. What is `None` keeps its value.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Edit {
    pub title: Option<String>,
    pub description: Option<String>,
    pub body: Option<String>,
    pub author: Option<AdminId>,
}

impl Edit {
    /// Whether nothing changes.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Writes what the request names into a content.
    pub(super) fn apply(self, to: &mut Content) {
        let Self { title, description, body, author } = self;
        if let Some(title) = title {
            to.title = title;
        }
        if let Some(description) = description {
            to.description = description;
        }
        if let Some(body) = body {
            to.body = body;
        }
        if let Some(author) = author {
            to.author = author;
        }
    }
}
