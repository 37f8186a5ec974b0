//! A version of an article's text: what `GET /articles/{id}/versions` answers with (FACTS 1.6).

use helpbook_model::{AdminId, ArticleId, Locale, State};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::text::{Content, Text};

/// What one save left. Never changed again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Version {
    pub id: u64,
    pub article: ArticleId,
    pub locale: Locale,
    pub content: Content,
    pub created_at: i64,
    pub created_by: AdminId,
    pub via: Via,
    /// The version before it.
    pub from: Option<u64>,
}

/// The door by which a version came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Via {
    /// The editor.
    Web,
    /// A request.
    Api,
}

impl Version {
    /// The entry of the list: without the body. `text` is the article's text of this locale, which
    /// knows whether this version is the live one.
    pub(super) fn summary(&self, text: Option<&Text>) -> Value {
        let is_live = text.is_some_and(|text| text.state == State::Published && text.version == self.id);
        json!({
            "type": "article_version",
            "id": self.id.to_string(),
            "article_id": self.article.to_string(),
            "title": self.content.title,
            "description": self.content.description,
            "author_id": self.content.author.to_string(),
            "created_by_id": self.created_by.to_string(),
            "created_via": self.via,
            "from_version_id": self.from.map(|id| id.to_string()),
            "state": if is_live { State::Published } else { State::Draft },
            "created_at": self.created_at,
        })
    }
}
