//! What requests hold: only what is to change, for the rest keeps its value.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::Deserializer;
use serde::{Deserialize, Serialize, Serializer};

use super::{
    AdminId, AudienceId, CollectionId, HelpCenterId, Locale, RedirectTarget, State, TargetId, as_optional_string,
    as_string,
};

/// The body of `POST /articles` (schema `create_article_request`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreateArticle {
    /// Required.
    pub title: String,
    /// The line under the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// HTML; not sent where it is empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// Required: a current teammate.
    pub author_id: AdminId,
    /// Always a draft here.
    pub state: State,
    /// The collection it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CollectionId>,
    /// `collection`, with `parent_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_type: Option<String>,
    /// Other locales, each whole; the default one stands in the main body.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translated_content: BTreeMap<Locale, WriteContent>,
    /// Whether Fin's chatbot may use it; of the default locale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai_chatbot_availability: Option<bool>,
    /// Whether Fin's copilot may use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai_copilot_availability: Option<bool>,
    /// Whether Fin's sales agent may use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai_sales_agent_availability: Option<bool>,
    /// The audiences of every locale; empty clears them. It beats those of `translated_content`, and
    /// an unknown one is a 404 (FACTS 1.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience_ids: Option<Vec<AudienceId>>,
    /// When it is to go live. With `state: published` it waits until then (FACTS 1.3).
    #[serde(default, skip_serializing_if = "Schedule::is_unchanged")]
    pub scheduled_publish_at: Schedule,
    /// When it is to go offline. Refused where it was never published (FACTS 1.3).
    #[serde(default, skip_serializing_if = "Schedule::is_unchanged")]
    pub scheduled_unpublish_at: Schedule,
}

impl CreateArticle {
    /// A draft with what the API requires.
    pub fn draft(title: String, body: String, author: AdminId) -> Self {
        Self {
            title,
            description: None,
            body,
            author_id: author,
            state: State::Draft,
            parent_id: None,
            parent_type: None,
            translated_content: BTreeMap::new(),
            ai_chatbot_availability: None,
            ai_copilot_availability: None,
            ai_sales_agent_availability: None,
            audience_ids: None,
            scheduled_publish_at: Schedule::Unchanged,
            scheduled_unpublish_at: Schedule::Unchanged,
        }
    }
}

/// The body of `PUT /articles/{id}` and `PUT /articles/{id}/draft` (schema
/// `update_article_request`). A field that is `None` is not sent and keeps its value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct UpdateArticle {
    /// The new title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The new description; empty clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The new body, HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The author; sent with every content, as one observer saw it reassigned (FACTS 1.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_id: Option<AdminId>,
    /// Only `published` publishes, only `draft` unpublishes (FACTS 1.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// The collection; a string on this path (FACTS 1.4).
    #[serde(default, skip_serializing_if = "Option::is_none", with = "as_optional_string")]
    pub parent_id: Option<CollectionId>,
    /// `collection`, with `parent_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_type: Option<String>,
    /// The locales that change, each whole; others keep their text (FACTS 1.4).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translated_content: BTreeMap<Locale, WriteContent>,
    /// Whether Fin's chatbot may use it; of the default locale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai_chatbot_availability: Option<bool>,
    /// Whether Fin's copilot may use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai_copilot_availability: Option<bool>,
    /// Whether Fin's sales agent may use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai_sales_agent_availability: Option<bool>,
    /// The audiences of every locale; empty clears them. It beats those of `translated_content`, and
    /// an unknown one is a 404 (FACTS 1.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience_ids: Option<Vec<AudienceId>>,
    /// When it is to go live. With `state: published` it waits until then (FACTS 1.3).
    #[serde(default, skip_serializing_if = "Schedule::is_unchanged")]
    pub scheduled_publish_at: Schedule,
    /// When it is to go offline. Refused where it was never published (FACTS 1.3).
    #[serde(default, skip_serializing_if = "Schedule::is_unchanged")]
    pub scheduled_unpublish_at: Schedule,
}

/// An article in one locale, as requests write it (schema `article_content`): adds or replaces that
/// locale and no other. A body needs a title beside it (FACTS 1.4).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WriteContent {
    /// The title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The line under the title; empty clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The author; a locale can be added without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_id: Option<AdminId>,
    /// `draft` hides this locale alone (FACTS 1.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// The audiences of this locale; empty clears them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience_ids: Option<Vec<AudienceId>>,
    /// Whether Fin's chatbot may use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai_chatbot_availability: Option<bool>,
    /// Whether Fin's copilot may use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai_copilot_availability: Option<bool>,
    /// Whether Fin's sales agent may use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ai_sales_agent_availability: Option<bool>,
}

/// A point in time of a request that may be left out, cancelled or set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Schedule {
    /// Not sent: what is scheduled stays.
    #[default]
    Unchanged,
    /// Sent as null: what is scheduled is cancelled.
    Cancel,
    /// Sent in ISO 8601. It must lie in the future, and only one of the two may be sent (FACTS 1.3).
    At(Timestamp),
}

impl Schedule {
    /// Whether nothing is sent.
    pub fn is_unchanged(&self) -> bool {
        *self == Self::Unchanged
    }
}

impl Serialize for Schedule {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unchanged | Self::Cancel => to.serialize_none(),
            Self::At(time) => to.collect_str(time),
        }
    }
}

impl<'de> Deserialize<'de> for Schedule {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Option::<Timestamp>::deserialize(from)?.map_or(Self::Cancel, Self::At))
    }
}

/// The body of `POST /articles/{id}/draft/publish` (schema `publish_article_draft_request`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PublishDraft {
    /// Required on multilingual workspaces, and refused where a named locale has no changes.
    pub locales: Vec<Locale>,
}

/// The body of `POST /help_center/collections` and `PUT /help_center/collections/{id}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WriteCollection {
    /// Required on create.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The text under the name; empty clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The collection above it.
    #[serde(default, skip_serializing_if = "NewParent::is_unchanged")]
    pub parent_id: NewParent,
    /// The Help Center it stands in; only on create.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_center_id: Option<HelpCenterId>,
    /// The locales that change; others keep theirs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translated_content: BTreeMap<Locale, WriteGroup>,
}

/// A collection in one locale, as requests write it (schema `group_content`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WriteGroup {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The text under the name; empty clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Where a request puts a collection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NewParent {
    /// Not sent: it stays where it is; a new one stands at the top.
    #[default]
    Unchanged,
    /// Sent as null: at the top (schema `update_collection_request`).
    Top,
    /// Below another one; sent as a string.
    Below(CollectionId),
}

impl NewParent {
    /// Whether nothing is sent.
    pub fn is_unchanged(&self) -> bool {
        *self == Self::Unchanged
    }
}

/// `None` is unchanged.
impl From<Option<CollectionId>> for NewParent {
    fn from(parent: Option<CollectionId>) -> Self {
        parent.map_or(Self::Unchanged, Self::Below)
    }
}

impl Serialize for NewParent {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unchanged | Self::Top => to.serialize_none(),
            Self::Below(parent) => to.collect_str(parent),
        }
    }
}

impl<'de> Deserialize<'de> for NewParent {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Option::<CollectionId>::deserialize(from)?.map_or(Self::Top, Self::Below))
    }
}

/// The body of `POST /help_center/help_centers/{id}/redirects` (schema
/// `create_help_center_redirect_request`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreateRedirect {
    /// The old address: absolute, within the Help Center's address space.
    pub from_url: String,
    /// The locale of the target.
    pub locale: Locale,
    /// What `target_id` names.
    pub target_type: RedirectTarget,
    /// The article's or collection's id; sent as a string.
    #[serde(with = "as_string")]
    pub target_id: TargetId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check<T: Serialize>(request: &T, json: &str) {
        assert_eq!(serde_json::to_string(request).unwrap(), json);
    }

    #[test]
    fn an_update_holds_only_what_changes() {
        let update =
            UpdateArticle { title: Some("New".into()), parent_id: Some(CollectionId(7)), ..UpdateArticle::default() };
        check(&update, r#"{"title":"New","parent_id":"7"}"#);
        let french =
            WriteContent { title: Some("Nouveau".into()), state: Some(State::Draft), ..WriteContent::default() };
        let update =
            UpdateArticle { translated_content: [(Locale("fr".into()), french)].into(), ..UpdateArticle::default() };
        check(&update, r#"{"translated_content":{"fr":{"title":"Nouveau","state":"draft"}}}"#);
    }

    #[test]
    fn a_schedule_is_left_out_cancelled_or_set() {
        let request = |schedule| UpdateArticle { scheduled_publish_at: schedule, ..UpdateArticle::default() };
        let at = Schedule::At("2026-12-31T09:00:00Z".parse().unwrap());
        for (schedule, json) in [
            (Schedule::Unchanged, "{}"),
            (Schedule::Cancel, r#"{"scheduled_publish_at":null}"#),
            (at, r#"{"scheduled_publish_at":"2026-12-31T09:00:00Z"}"#),
        ] {
            check(&request(schedule), json);
            assert_eq!(serde_json::from_str::<UpdateArticle>(json).unwrap().scheduled_publish_at, schedule);
        }
    }

    #[test]
    fn a_collection_moves_to_the_top_by_null() {
        let request = |parent_id| WriteCollection { parent_id, ..WriteCollection::default() };
        check(&request(NewParent::Unchanged), "{}");
        check(&request(NewParent::Top), r#"{"parent_id":null}"#);
        check(&request(NewParent::Below(CollectionId(7))), r#"{"parent_id":"7"}"#);
    }

    #[test]
    fn a_redirect_names_its_target_by_a_string() {
        let request = CreateRedirect {
            from_url: "https://help.example.com/old".into(),
            locale: Locale::english(),
            target_type: RedirectTarget::Article,
            target_id: TargetId(11),
        };
        check(
            &request,
            r#"{"from_url":"https://help.example.com/old","locale":"en","target_type":"article","target_id":"11"}"#,
        );
    }
}
