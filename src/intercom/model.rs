//! The wire types of Intercom's Help Center API, version 2.16.
//!
//! They are what the client decodes and what the local Help Center encodes, so a field stands here
//! once. Reading is tolerant: an unknown field is skipped, a missing or null one is `None`, an id
//! may be a string or a number. Writing is strict: a request holds only what is to change. Nothing
//! here knows HTTP, Markdown or the docs folder.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_u64(self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_any(IdVisitor).map(Self)
            }
        }
    };
}

id!(
    /// An article's id, unique in its workspace. The API writes it as a string.
    ArticleId
);
id!(
    /// A collection's id, unique in its workspace. The API writes it as a string, and as a number
    /// in `parent_ids`.
    CollectionId
);
id!(
    /// A teammate's id: the author of an article.
    AdminId
);
id!(
    /// A Help Center's id.
    HelpCenterId
);

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an id: a whole number, or one in quotes")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<u64, E> {
        Ok(value)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<u64, E> {
        u64::try_from(value).map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<u64, E> {
        value.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(value), &self))
    }
}

/// A locale as Intercom names it, for example `en` or `pt-BR` (FACTS 1.2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Locale(pub String);

impl Locale {
    /// Every locale that a Help Center can have (schema `article_translated_content`).
    pub const KNOWN: [&'static str; 38] = [
        "ar", "bg", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hr", "hu", "id", "it",
        "ja", "ko", "lt", "lv", "mn", "nb", "nl", "pl", "pt", "ro", "ru", "sl", "sr", "sv", "tr", "vi", "pt-BR",
        "zh-CN", "zh-TW", "de-form",
    ];

    /// English, Intercom's default.
    pub fn english() -> Self {
        Self("en".to_owned())
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether customers can read an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Customers can read it.
    Published,
    /// Only teammates can.
    Draft,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            State::Published => "published",
            State::Draft => "draft",
        })
    }
}

/// The answer of `GET /me`: who the token acts for, and in which workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Me {
    /// The teammate the token belongs to.
    #[serde(with = "as_string")]
    pub id: AdminId,
    /// Their address.
    #[serde(default)]
    pub email: Option<String>,
    /// Their name.
    #[serde(default)]
    pub name: Option<String>,
    /// The workspace.
    pub app: App,
}

/// A workspace, as `/me` describes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct App {
    /// The workspace id, the part of an Intercom address that names the workspace.
    pub id_code: String,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// `US`, `EU` or `AU`.
    #[serde(default)]
    pub region: Option<String>,
}

/// The answer of `GET /admins`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdminList {
    /// Every current teammate.
    pub admins: Vec<Admin>,
}

/// A teammate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Admin {
    /// The id that `author_id` names.
    #[serde(with = "as_string")]
    pub id: AdminId,
    /// Their address.
    #[serde(default)]
    pub email: Option<String>,
    /// Their name.
    #[serde(default)]
    pub name: Option<String>,
}

/// A Help Center (schema `help_center`). A workspace may have up to 100.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HelpCenter {
    /// Its id.
    #[serde(with = "as_string")]
    pub id: HelpCenterId,
    /// The name in its address.
    #[serde(default)]
    pub identifier: Option<String>,
    /// The name teammates see.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Whether the public site is on.
    #[serde(default)]
    pub website_turned_on: Option<bool>,
    /// Its public address; with the custom domain, if it has one.
    #[serde(default)]
    pub url: Option<String>,
    /// The host of its own that it stands under, too.
    #[serde(default)]
    pub custom_domain: Option<String>,
    /// Whether it is the workspace's default one.
    #[serde(default)]
    pub default: Option<bool>,
    /// The locales it is available in.
    #[serde(default)]
    pub locales: Option<Vec<Locale>>,
}

/// A collection (schema `collection`). `icon` and `order` are the server's (FACTS 2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Collection {
    /// Its id.
    #[serde(with = "as_string")]
    pub id: CollectionId,
    /// Its name in the default locale.
    pub name: String,
    /// Its description in the default locale.
    #[serde(default)]
    pub description: Option<String>,
    /// The collection above it.
    #[serde(default, with = "as_optional_string")]
    pub parent_id: Option<CollectionId>,
    /// Its Help Center. Null on nested collections in the spec's examples.
    #[serde(default)]
    pub help_center_id: Option<HelpCenterId>,
    /// Unix seconds.
    #[serde(default)]
    pub created_at: i64,
    /// Unix seconds.
    #[serde(default)]
    pub updated_at: i64,
    /// Its public address.
    #[serde(default)]
    pub url: Option<String>,
    /// Where it stands among its siblings. The API cannot set it.
    #[serde(default)]
    pub order: Option<i64>,
    /// Its icon. The API cannot set it.
    #[serde(default)]
    pub icon: Option<String>,
    /// The locale of `name` and `description`.
    #[serde(default)]
    pub default_locale: Option<Locale>,
    /// Its name and description in every locale; missing where the Help Center has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translated_content: Option<serde_json::Value>,
}

/// An article (schema `article` of 2.16), with the text of its default locale.
///
/// The answer of `…/draft` is the same type with the draft's text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Its id.
    #[serde(with = "as_string")]
    pub id: ArticleId,
    /// Its title in the default locale.
    #[serde(default)]
    pub title: String,
    /// The line under the title.
    #[serde(default)]
    pub description: Option<String>,
    /// HTML.
    #[serde(default)]
    pub body: Option<String>,
    /// Its author, who may have left.
    #[serde(default)]
    pub author_id: Option<AdminId>,
    /// Whether the default locale is live.
    pub state: State,
    /// Unix seconds.
    #[serde(default)]
    pub created_at: i64,
    /// Unix seconds, to the second.
    #[serde(default)]
    pub updated_at: i64,
    /// Its public address; null as long as it was never published (FACTS 1.2).
    #[serde(default)]
    pub url: Option<String>,
    /// The collection it stands in and that collection's ancestors; several where it stands in
    /// several Help Centers.
    #[serde(default)]
    pub parent_ids: Vec<CollectionId>,
    /// Missing where the Help Center has one locale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_locale: Option<Locale>,
    /// Whether a draft waits behind the live text.
    #[serde(default)]
    pub has_unpublished_changes: Option<bool>,
    /// When that draft was last changed; Unix seconds.
    #[serde(default)]
    pub draft_updated_at: Option<i64>,
    /// Who created it.
    #[serde(default)]
    pub created_by_id: Option<AdminId>,
    /// Who changed it last.
    #[serde(default)]
    pub updated_by_id: Option<AdminId>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<serde_json::Value>,
    /// One text per locale; missing or null means unknown, not empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translated_content: Option<BTreeMap<String, serde_json::Value>>,
}

impl Article {
    /// Whether a draft waits behind the live text.
    pub fn has_draft(&self) -> bool {
        self.has_unpublished_changes == Some(true)
    }
}

/// One entry of `GET /articles/{id}/versions` (schema `article_version`), newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Its id, a string.
    pub id: String,
    /// `web` for the editor, `api` for a request.
    #[serde(default)]
    pub created_via: Option<String>,
    /// Who made it.
    #[serde(default)]
    pub created_by_id: Option<AdminId>,
    /// The state it was made with.
    #[serde(default)]
    pub state: Option<State>,
    /// Unix seconds.
    #[serde(default)]
    pub created_at: i64,
}

/// A page of a list: `{"type": "list", "data": […], "total_count": N, "pages": {…}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The records of this page.
    pub data: Vec<T>,
    /// How many records there are on all pages.
    #[serde(default)]
    pub total_count: Option<u64>,
    /// Where this page stands.
    #[serde(default)]
    pub pages: Option<Pages>,
}

/// Where a page stands in its list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pages {
    /// From 1. Some endpoints answer with a string.
    #[serde(default, deserialize_with = "loose_number")]
    pub page: Option<u64>,
    /// How many records a page holds.
    #[serde(default, deserialize_with = "loose_number")]
    pub per_page: Option<u64>,
    /// How many pages there are.
    #[serde(default, deserialize_with = "loose_number")]
    pub total_pages: Option<u64>,
    /// The next page; null or missing on the last one.
    #[serde(default)]
    pub next: Option<Next>,
}

/// `pages.next`: the specs type an object, the live endpoints answer with a whole address
/// (FACTS 1.5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Next {
    /// The address of the next page.
    Url(String),
    /// A cursor, or the number of the next page.
    Cursor {
        /// The number of the next page.
        #[serde(default)]
        page: Option<u64>,
        /// An opaque cursor.
        #[serde(default)]
        starting_after: Option<String>,
    },
}

/// The error envelope, and the short one of some 422 (FACTS 1.6).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorList {
    /// Intercom's name for this request.
    #[serde(default)]
    pub request_id: Option<String>,
    /// What was wrong.
    #[serde(default)]
    pub errors: Vec<ErrorItem>,
}

/// One error of an [`ErrorList`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorItem {
    /// A stable name, missing in the short form.
    #[serde(default)]
    pub code: Option<String>,
    /// A sentence.
    #[serde(default)]
    pub message: Option<String>,
}

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
    #[serde(default, skip_serializing_if = "Option::is_none", with = "as_optional_string")]
    pub parent_id: Option<CollectionId>,
    /// The Help Center it stands in; only on create.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_center_id: Option<HelpCenterId>,
}

/// The answer of a DELETE.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Deleted {
    /// What was deleted, a string.
    #[serde(default)]
    pub id: Option<String>,
    /// `article` or `collection`.
    #[serde(default)]
    pub object: Option<String>,
    /// True.
    #[serde(default)]
    pub deleted: bool,
}

fn loose_number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(from)?;
    Ok(value.and_then(|value| match value {
        serde_json::Value::Number(number) => number.as_u64(),
        serde_json::Value::String(text) => text.parse().ok(),
        _ => None,
    }))
}

/// Ids that the API writes as strings.
mod as_string {
    use serde::de::{Deserialize, Deserializer};
    use serde::ser::Serializer;
    use std::fmt::Display;

    pub fn serialize<T: Display, S: Serializer>(id: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(id)
    }

    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        T::deserialize(from)
    }
}

/// Like [`as_string`], for ids that may be missing or null.
mod as_optional_string {
    use serde::de::{Deserialize, Deserializer};
    use serde::ser::Serializer;
    use std::fmt::Display;

    pub fn serialize<T: Display, S: Serializer>(id: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
        match id {
            Some(id) => to.collect_str(id),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
        Option::<T>::deserialize(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_as_string_and_as_number() {
        let both: Vec<ArticleId> = serde_json::from_str(r#"["12", 12]"#).unwrap();
        assert_eq!(both, [ArticleId(12), ArticleId(12)]);
        assert!(serde_json::from_str::<ArticleId>("-1").is_err());
    }

    #[test]
    fn next_is_an_address_an_object_or_null() {
        let next = |json: &str| serde_json::from_str::<Pages>(json).unwrap().next;
        assert_eq!(next(r#"{"next":"http://x/articles?page=2"}"#), Some(Next::Url("http://x/articles?page=2".into())));
        assert_eq!(
            next(r#"{"page":"1","next":{"page":2}}"#),
            Some(Next::Cursor { page: Some(2), starting_after: None })
        );
        assert_eq!(next(r#"{"next":null}"#), None);
        assert_eq!(next("{}"), None);
    }

    #[test]
    fn an_update_holds_only_what_changes() {
        let update =
            UpdateArticle { title: Some("New".into()), parent_id: Some(CollectionId(7)), ..UpdateArticle::default() };
        assert_eq!(serde_json::to_string(&update).unwrap(), r#"{"title":"New","parent_id":"7"}"#);
    }
}
