//! What requests hold: only what is to change, for the rest keeps its value.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::id::as_optional_string;
use super::{AdminId, CollectionId, FinAvailability, HelpCenterId, Locale, RedirectTarget, State, TargetId, as_string};

/// The body of `POST /articles` (schema `create_article_request`).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CreateArticle {
    /// The text of the default locale; title and author are required.
    #[serde(flatten)]
    pub content: WriteContent,
    /// The collection to put it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<CollectionId>,
    /// `collection`, with `parent_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_type: Option<String>,
    /// Other locales, each whole.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub translated_content: BTreeMap<Locale, WriteContent>,
}

impl CreateArticle {
    /// A draft with what the API requires. An empty body is not sent.
    pub fn draft(title: String, body: String, author: AdminId) -> Self {
        let content = WriteContent {
            title: Some(title),
            body: Some(body).filter(|body| !body.is_empty()),
            author_id: Some(author),
            state: Some(State::Draft),
            ..WriteContent::default()
        };
        Self { content, ..Self::default() }
    }
}

/// The body of `PUT /articles/{id}` and `PUT /articles/{id}/draft` (schema
/// `update_article_request`). A field that is `None` is not sent and keeps its value.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct UpdateArticle {
    /// The text of the default locale. Its author is sent with every content, as one observer saw it
    /// reassigned; of states only `published` publishes and only `draft` unpublishes (docs/intercom.md 1.4).
    /// Its audiences are those of every locale, and beat those of `translated_content`.
    #[serde(flatten)]
    pub content: WriteContent,
    /// The collection; a string on this path (docs/intercom.md 1.4).
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_optional_string")]
    pub parent_id: Option<CollectionId>,
    /// `collection`, with `parent_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_type: Option<String>,
    /// The locales that change, each whole; others keep their text (docs/intercom.md 1.4).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub translated_content: BTreeMap<Locale, WriteContent>,
    /// When it is to go live. With `state: published` it waits until then (docs/intercom.md 1.3).
    #[serde(skip_serializing_if = "Schedule::is_unchanged")]
    pub scheduled_publish_at: Schedule,
    /// When it is to go offline. Refused where it was never published (docs/intercom.md 1.3).
    #[serde(skip_serializing_if = "Schedule::is_unchanged")]
    pub scheduled_unpublish_at: Schedule,
}

/// An article in one locale, as requests write it (schema `article_content`). In `translated_content`
/// it adds or replaces that locale and no other. A body needs a title beside it (docs/intercom.md 1.4).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct WriteContent {
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The line under the title; empty clears it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The author, a current teammate; a locale can be added without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_id: Option<AdminId>,
    /// In `translated_content` `draft` hides this locale alone (docs/intercom.md 1.4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// How Fin may use it. An unknown audience is a 404 (docs/intercom.md 1.4).
    #[serde(flatten)]
    pub fin: FinAvailability,
}

/// A point in time of a request that may be left out, cancelled or set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Schedule {
    /// Not sent: what is scheduled stays.
    #[default]
    Unchanged,
    /// Sent as null: what is scheduled is cancelled.
    Cancel,
    /// Sent in ISO 8601. It must lie in the future, and only one of the two may be sent (docs/intercom.md 1.3).
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
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PublishDraft {
    /// Required on multilingual workspaces, and refused where a named locale has no changes.
    pub locales: Vec<Locale>,
}

/// The body of `POST /help_center/collections` and `PUT /help_center/collections/{id}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct WriteCollection {
    /// Required on create.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The text under the name; empty clears it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The collection above it.
    #[serde(skip_serializing_if = "NewParent::is_unchanged")]
    pub parent_id: NewParent,
    /// The Help Center to put it in; only on create.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_center_id: Option<HelpCenterId>,
    /// The locales that change; others keep theirs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub translated_content: BTreeMap<Locale, WriteGroup>,
}

/// A collection in one locale, as requests write it (schema `group_content`).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct WriteGroup {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The text under the name; empty clears it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Where a request puts a collection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NewParent {
    /// Not sent: it stays where it is; a new one goes to the top.
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

/// The body of `POST /help_center/help_centers/{id}/redirects` (schema
/// `create_help_center_redirect_request`).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CreateRedirect {
    /// The old address: absolute, within the Help Center's address space.
    pub from_url: String,
    /// The locale of the target.
    pub locale: Locale,
    /// What `target_id` names.
    pub target_type: RedirectTarget,
    /// The article's or collection's id; sent as a string.
    #[serde(serialize_with = "as_string")]
    pub target_id: TargetId,
}

#[cfg(test)]
mod tests {
    use super::super::AudienceId;
    use super::*;

    #[track_caller]
    fn check<T: Serialize>(request: &T, json: &str) {
        assert_eq!(serde_json::to_string(request).unwrap(), json);
    }

    fn text(title: &str, state: State) -> WriteContent {
        WriteContent { title: Some(title.into()), state: Some(state), ..WriteContent::default() }
    }

    #[test]
    fn an_update_holds_only_what_changes() {
        let content = WriteContent { title: Some("New".into()), ..WriteContent::default() };
        check(
            &UpdateArticle { content, parent_id: Some(CollectionId(7)), ..UpdateArticle::default() },
            r#"{"title":"New","parent_id":"7"}"#,
        );
        let french = [(Locale("fr".into()), text("Nouveau", State::Draft))].into();
        check(
            &UpdateArticle { translated_content: french, ..UpdateArticle::default() },
            r#"{"translated_content":{"fr":{"title":"Nouveau","state":"draft"}}}"#,
        );
        check(&UpdateArticle::default(), "{}");
    }

    #[test]
    fn every_field_of_a_text_is_written_beside_the_others() {
        let fin = FinAvailability {
            ai_chatbot_availability: Some(true),
            ai_copilot_availability: Some(false),
            ai_sales_agent_availability: Some(true),
            audience_ids: Some(vec![AudienceId(3), AudienceId(4)]),
        };
        let content = WriteContent {
            description: Some(String::new()),
            body: Some("<p>b</p>".into()),
            author_id: Some(AdminId(2)),
            fin,
            ..text("A", State::Published)
        };
        let update = UpdateArticle {
            content: content.clone(),
            parent_id: Some(CollectionId(7)),
            parent_type: Some("collection".into()),
            translated_content: [(Locale("fr".into()), content)].into(),
            scheduled_publish_at: Schedule::Cancel,
            scheduled_unpublish_at: Schedule::Unchanged,
        };
        let text = r#""title":"A","description":"","body":"<p>b</p>","author_id":2,"state":"published","ai_chatbot_availability":true,"ai_copilot_availability":false,"ai_sales_agent_availability":true,"audience_ids":[3,4]"#;
        check(
            &update,
            &format!(
                r#"{{{text},"parent_id":"7","parent_type":"collection","translated_content":{{"fr":{{{text}}}}},"scheduled_publish_at":null}}"#
            ),
        );
    }

    #[test]
    fn a_new_article_names_its_collection_by_a_number_and_has_no_empty_body() {
        let draft = |body: &str| CreateArticle::draft("A".into(), body.into(), AdminId(2));
        check(&draft(""), r#"{"title":"A","author_id":2,"state":"draft"}"#);
        let below = CreateArticle {
            parent_id: Some(CollectionId(7)),
            parent_type: Some("collection".into()),
            translated_content: [(Locale("fr".into()), text("B", State::Draft))].into(),
            ..draft("<p>b</p>")
        };
        check(
            &below,
            r#"{"title":"A","body":"<p>b</p>","author_id":2,"state":"draft","parent_id":7,"parent_type":"collection","translated_content":{"fr":{"title":"B","state":"draft"}}}"#,
        );
    }

    #[test]
    fn a_schedule_is_left_out_cancelled_or_set() {
        let request = |schedule| UpdateArticle { scheduled_publish_at: schedule, ..UpdateArticle::default() };
        check(&request(Schedule::Unchanged), "{}");
        let at = Schedule::At("2026-12-31T09:00:00Z".parse().unwrap());
        for (schedule, json) in [(Schedule::Cancel, "null"), (at, r#""2026-12-31T09:00:00Z""#)] {
            check(&request(schedule), &format!(r#"{{"scheduled_publish_at":{json}}}"#));
            assert_eq!(serde_json::from_str::<Schedule>(json).unwrap(), schedule);
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
