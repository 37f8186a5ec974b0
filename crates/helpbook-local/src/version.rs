//! A version of an article's text (docs/intercom.md 1.6).

use helpbook_model::{AdminId, ArticleId, Locale};
use serde::{Deserialize, Serialize};

use super::content::Content;

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

/// How a version was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Via {
    /// The editor.
    Web,
    /// A request.
    Api,
}
