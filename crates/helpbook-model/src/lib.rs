//! The wire types of Intercom's Help Center API, version 2.16.
//!
//! Answers are only read, requests only written. Reading is tolerant: an unknown field is skipped, a
//! missing or null one is `None`, an id may be a string or a number. Writing is strict: a request holds
//! only what is to change. Nothing here knows HTTP, Markdown or the docs folder. The requests are in
//! `request`, the texts in `content`, ids in `id`, pages and errors in `page`. The local Help Center uses the
//! ids, locales and states alone and writes its JSON itself, so that these types are tested against something
//! that is not themselves.

mod content;
mod figures;
mod id;
mod page;
mod request;

use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::de::Deserializer;
use serde::{Deserialize, Serialize};

use content::with_text;
pub use content::{ArticleContent, FinAvailability, GroupContent, GroupTranslatedContent, TranslatedContent};
pub use figures::{ArticleFigures, Statistics};
use id::as_string;
pub use id::{AdminId, ArticleId, AudienceId, CollectionId, HelpCenterId, RedirectId, TagId, TargetId};
pub use page::{ErrorItem, ErrorList, Next, Page, Pages};
pub use request::{
    CreateArticle, CreateRedirect, NewParent, PublishDraft, Schedule, UpdateArticle, WriteCollection, WriteContent,
    WriteGroup,
};

/// A locale as Intercom names it, for example `en` or `pt-BR` (docs/intercom.md 1.2).
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

    /// The locale that a name means, whatever its case, with `_` for `-` too.
    pub fn written(name: &str) -> Option<Self> {
        let name = name.replace('_', "-");
        Self::KNOWN.iter().find(|known| known.eq_ignore_ascii_case(&name)).map(|known| Self((*known).to_owned()))
    }

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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Customers can read it.
    Published,
    /// Only teammates can.
    #[default]
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
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Me {
    /// The teammate the token belongs to.
    pub id: AdminId,
    /// Their address.
    pub email: Option<String>,
    /// Their name.
    pub name: Option<String>,
    /// The workspace.
    pub app: App,
}

/// A workspace, as `/me` describes it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct App {
    /// The workspace id, the part of an Intercom address that names the workspace.
    pub id_code: String,
    /// Its name.
    pub name: Option<String>,
    /// `US`, `EU` or `AU`.
    pub region: Option<String>,
}

/// The answer of `GET /admins`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct AdminList {
    /// Every current teammate.
    pub admins: Vec<Admin>,
}

/// A teammate.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Admin {
    /// The id that `author_id` names.
    pub id: AdminId,
    /// Their address.
    pub email: Option<String>,
    /// Their name.
    pub name: Option<String>,
}

/// A Help Center (schema `help_center`). A workspace may have up to 100.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct HelpCenter {
    /// Its id.
    pub id: HelpCenterId,
    /// The name in its address.
    pub identifier: Option<String>,
    /// The name teammates see.
    pub display_name: Option<String>,
    /// Its public address; with the custom domain, if it has one.
    pub url: Option<String>,
    /// Its custom domain, if it has one.
    pub custom_domain: Option<String>,
    /// Whether it is the workspace's default one.
    pub default: Option<bool>,
    /// The locales it is available in.
    pub locales: Option<Vec<Locale>>,
}

/// A collection (schema `collection`).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Collection {
    /// Its id.
    pub id: CollectionId,
    /// Its name in the default locale.
    #[serde(deserialize_with = "name")]
    pub name: String,
    /// Its description in the default locale.
    pub description: Option<String>,
    /// The collection above it.
    pub parent_id: Option<CollectionId>,
    /// Its Help Center. Null on nested collections in the spec's examples.
    pub help_center_id: Option<HelpCenterId>,
    /// Unix seconds; 0 where nobody says.
    #[serde(default, deserialize_with = "or_default")]
    pub created_at: i64,
    /// Unix seconds; 0 where nobody says.
    #[serde(default, deserialize_with = "or_default")]
    pub updated_at: i64,
    /// Its public address.
    pub url: Option<String>,
    /// The locale of `name` and `description`.
    pub default_locale: Option<Locale>,
    /// Its name and description in every locale; missing where the Help Center has one locale.
    /// `None` means unknown.
    pub translated_content: Option<GroupTranslatedContent>,
}

/// An article (schema `article` of 2.16), with the text of its default locale.
///
/// The answer of `…/draft` is the same type with the draft's text.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(from = "WholeArticle")]
pub struct Article {
    /// Its id.
    pub id: ArticleId,
    /// The text of its default locale, which the API writes at the root.
    pub content: ArticleContent,
    /// The collection it is in and that collection's ancestors; several where it is in
    /// several Help Centers.
    pub parent_ids: Vec<CollectionId>,
    /// Missing where the Help Center has one locale.
    pub default_locale: Option<Locale>,
    /// Its tags. They cannot be written through the article (docs/intercom.md 1.4).
    pub tags: Option<TagList>,
    /// When it goes live; Unix seconds.
    pub scheduled_publish_at: Option<i64>,
    /// When it goes offline; Unix seconds.
    pub scheduled_unpublish_at: Option<i64>,
    /// One text per locale; missing or null means unknown, not empty.
    pub translated_content: Option<TranslatedContent>,
}

with_text!(WholeArticle {
    id: ArticleId,
    #[serde(default)]
    parent_ids: Vec<CollectionId>,
    default_locale: Option<Locale>,
    tags: Option<TagList>,
    scheduled_publish_at: Option<i64>,
    scheduled_unpublish_at: Option<i64>,
    translated_content: Option<TranslatedContent>,
});

impl From<WholeArticle> for Article {
    fn from(mut read: WholeArticle) -> Self {
        Self {
            content: read.text(),
            id: read.id,
            parent_ids: read.parent_ids,
            default_locale: read.default_locale,
            tags: read.tags,
            scheduled_publish_at: read.scheduled_publish_at,
            scheduled_unpublish_at: read.scheduled_unpublish_at,
            translated_content: read.translated_content,
        }
    }
}

impl Article {
    /// Whether a draft may wait in any locale: a text was live, and nothing says that there is none. What says so may
    /// be late, so whoever is about to write asks for the draft of whatever was live.
    pub fn may_have_draft(&self) -> bool {
        let locales = self.translated_content.iter().flat_map(|locales| locales.0.values().flatten());
        let is_silent = |content: &ArticleContent| content.was_live() && content.has_unpublished_changes.is_none();
        self.has_draft_anywhere() || is_silent(&self.content) || locales.into_iter().any(|content| is_silent(content))
    }

    /// Whether customers could read it in any locale once.
    pub fn was_live_anywhere(&self) -> bool {
        let locales = self.translated_content.iter().flat_map(|locales| locales.0.values().flatten());
        self.content.was_live() || locales.into_iter().any(|content| content.was_live())
    }

    /// Whether a draft waits in any locale. The article's own flag is that of its default locale
    /// alone (schema `article_list_item`).
    pub fn has_draft_anywhere(&self) -> bool {
        let locales = self.translated_content.iter().flat_map(|locales| locales.0.values().flatten());
        self.content.has_draft() || locales.into_iter().any(|content| content.has_draft())
    }
}

/// The fields of the default locale are at the root of an article, as in the API.
impl Deref for Article {
    type Target = ArticleContent;

    fn deref(&self) -> &ArticleContent {
        &self.content
    }
}

impl DerefMut for Article {
    fn deref_mut(&mut self) -> &mut ArticleContent {
        &mut self.content
    }
}

/// The tags of an article (schema `tags`).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct TagList {
    /// Every tag it has.
    #[serde(default)]
    pub tags: Vec<Tag>,
}

/// A tag (schema `tag_basic`). Names are compared without case (schema `create_or_update_tag_request`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "tag")]
pub struct Tag {
    /// Its id.
    #[serde(serialize_with = "as_string")]
    pub id: TagId,
    /// Its name; Intercom's answers have it with entities (docs/intercom.md 2).
    #[serde(default, deserialize_with = "name")]
    pub name: String,
}

/// A redirect of a Help Center (schema `help_center_redirect`). It cannot be changed, only made and
/// deleted.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Redirect {
    /// Its id.
    pub id: RedirectId,
    /// The old address: absolute, within the Help Center's address space.
    #[serde(default)]
    pub from_url: String,
    /// The locale of the target.
    pub locale: Option<Locale>,
    /// The Help Center it belongs to.
    pub help_center_id: Option<HelpCenterId>,
    /// What `target_id` names.
    pub target_type: RedirectTarget,
    /// The article's or collection's id.
    pub target_id: TargetId,
}

/// The kind of a redirect's target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RedirectTarget {
    /// An article.
    Article,
    /// A collection.
    Collection,
}

/// An audience (schema `audience`): a group of customers that Fin may use an article for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Audience {
    /// Its id.
    pub id: AudienceId,
    /// Its name.
    #[serde(default, deserialize_with = "name")]
    pub name: String,
}

/// One entry of `GET /articles/{id}/versions` (schema `article_version`), newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Its id, a string.
    pub id: String,
    /// `web` for the editor, `api` for a request.
    pub created_via: Option<String>,
    /// Who made it.
    pub created_by_id: Option<AdminId>,
    /// Whose text it is.
    #[serde(default)]
    pub author_id: Option<AdminId>,
    /// The version it was made from; none for the first.
    #[serde(default)]
    pub from_version_id: Option<String>,
    /// `published` for the one that is live now, `draft` for every other.
    pub state: Option<State>,
    /// Unix seconds.
    #[serde(default)]
    pub created_at: i64,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// Its description.
    #[serde(default)]
    pub description: Option<String>,
    /// Its body, HTML; only where one version was asked for.
    #[serde(default)]
    pub body: Option<String>,
}

impl Version {
    /// Whether it was written in Intercom itself.
    pub fn is_by_web(&self) -> bool {
        self.created_via.as_deref() == Some("web")
    }

    /// Whether it came by a request.
    pub fn is_by_api(&self) -> bool {
        self.created_via.as_deref() == Some("api")
    }
}

/// A name with its entities resolved. Those of tags come escaped (`Q&amp;A`), and whether others do is not known.
pub fn resolved(name: &str) -> std::borrow::Cow<'_, str> {
    if !name.contains('&') {
        return name.into();
    }
    // The ampersand last: what it makes is no entity.
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(name.to_owned(), |name, (entity, sign)| name.replace(entity, sign))
    .into()
}

/// A value that is null where there is none.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

fn name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let name = String::deserialize(from)?;
    Ok(resolved(&name).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_redirects_and_audiences_read_as_the_spec_shows_them() {
        let tags: TagList =
            serde_json::from_str(r#"{"type":"tag.list","tags":[{"type":"tag","id":"7","name":"billing"}]}"#).unwrap();
        assert_eq!(tags.tags, [Tag { id: TagId(7), name: "billing".into() }]);
        let text = r#"{"type":"help_center_redirect","id":"26","from_url":"https://a.example/x","locale":"en","help_center_id":"7","target_type":"article","target_id":"11","created_at":1,"updated_at":2}"#;
        let redirect: Redirect = serde_json::from_str(text).unwrap();
        assert_eq!((redirect.target_type, redirect.target_id), (RedirectTarget::Article, TargetId(11)));
        let audience: Audience =
            serde_json::from_str(r#"{"type":"audience","id":"123","name":"VIP","predicates":[]}"#).unwrap();
        assert_eq!(audience, Audience { id: AudienceId(123), name: "VIP".into() });
    }
}
