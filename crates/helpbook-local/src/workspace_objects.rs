//! The other objects of a workspace: tags, redirects and audiences, as they are stored (docs/intercom.md 2).

use helpbook_model::{AudienceId, Locale, RedirectId, RedirectTarget, TagId, TargetId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A tag of the workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Tag {
    pub id: TagId,
    pub name: String,
}

/// A redirect of the Help Center.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Redirect {
    pub id: RedirectId,
    pub from_url: String,
    pub locale: Locale,
    pub target_type: RedirectTarget,
    pub target_id: TargetId,
    pub created_at: i64,
}

/// An audience. Whom it holds is kept as it was sent and means nothing here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Audience {
    pub id: AudienceId,
    pub name: String,
    pub predicates: Value,
    pub role_predicates: Value,
    pub created_at: i64,
    pub updated_at: i64,
}
