//! An article as answers show it (docs/intercom.md 1.2).
//!
//! The root is the default locale; `translated_content` and `default_locale` are there only where
//! the Help Center has several locales, and `audience_ids` is at the root only where it has one
//! (schema `article_content`).
//!
//! Where the facts are silent:
//! - `parent_ids` is the collection, then those above it.
//! - An address follows the title, as the old one redirects by itself (docs/intercom.md 9); it stays when the
//!   article is unpublished, unless the options say that it goes.
//! - `translated_content` names the locales of this Help Center and no others.

use helpbook_model::{Locale, State};
use serde_json::{Map, Value, json};

use super::HelpCenter;
use super::workspace::{SITE, address_part};
use crate::WORKSPACE;
use crate::article::Article;
use crate::behaviour::{DraftUrl, OfflineUrl};
use crate::collection;
use crate::content::Content;
use crate::schedule::What;
use crate::text::Text;

/// Which text of an article is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// What customers read.
    Live,
    /// The draft of each locale that has one.
    Draft,
}

/// An article as `GET /articles/{id}` shows it: with its statistics.
pub(super) fn single(center: &HelpCenter, article: &Article) -> Value {
    let mut value = item(center, article, Side::Live);
    value["statistics"] = json!({
        "type": "article_statistics",
        "views": 0,
        "conversations": 0,
        "reactions": 0,
        "happy_reaction_percentage": 0,
        "neutral_reaction_percentage": 0,
        "sad_reaction_percentage": 0,
        "fin_involvements": 0,
        "fin_resolutions": 0,
        "fin_resolution_rate": 0,
    });
    value
}

/// An article as lists and `…/draft` show it.
pub(super) fn item(center: &HelpCenter, article: &Article, side: Side) -> Value {
    let mut value = Map::new();
    value.insert("type".to_owned(), json!("article"));
    value.insert("id".to_owned(), json!(article.id.to_string()));
    value.insert("workspace_id".to_owned(), json!(WORKSPACE));
    let is_multilingual = center.locales.len() > 1;
    let mut root = content(center, article, &center.locale, article.default_text(&center.locale), side);
    if is_multilingual {
        root.remove("audience_ids");
    }
    value.extend(root);
    let parents = article.parent.map(|parent| collection::path(&center.store.collections, parent)).unwrap_or_default();
    value.insert("parent_ids".to_owned(), json!(parents));
    value.insert("exclude_from_article_suggestions".to_owned(), json!(false));
    value.insert("help_center_audience".to_owned(), json!("everyone"));
    let (mut publish, mut unpublish) = (None, None);
    match &article.schedule {
        Some(schedule) if schedule.what == What::Unpublish => unpublish = Some(schedule.at),
        Some(schedule) => publish = Some(schedule.at),
        None => {}
    }
    value.insert("scheduled_publish_at".to_owned(), json!(publish));
    value.insert("scheduled_unpublish_at".to_owned(), json!(unpublish));
    let tags: Vec<Value> = article
        .tags
        .iter()
        .filter_map(|id| center.store.tags.get(id))
        .map(|tag| json!({"type": "tag", "id": tag.id.to_string(), "name": tag.name}))
        .collect();
    value.insert("tags".to_owned(), json!({"type": "tag.list", "tags": tags}));
    if is_multilingual {
        value.insert("default_locale".to_owned(), json!(center.locale));
        let mut locales = Map::from_iter([("type".to_owned(), json!("article_translated_content"))]);
        for locale in &center.locales {
            let text = article.texts.get(locale);
            locales.insert(
                locale.0.clone(),
                text.map_or(Value::Null, |text| {
                    let mut content = content(center, article, locale, text, side);
                    content.insert("type".to_owned(), json!("article_content"));
                    content.into()
                }),
            );
        }
        value.insert("translated_content".to_owned(), locales.into());
    }
    value.into()
}

/// An article in one locale.
fn content(center: &HelpCenter, article: &Article, locale: &Locale, text: &Text, side: Side) -> Map<String, Value> {
    let staged = text.draft.as_ref().filter(|_| side == Side::Draft);
    let (content, updated_at, updated_by) = match staged {
        Some(draft) => (&draft.content, draft.updated_at, draft.updated_by),
        None => (&text.content, text.updated_at, text.updated_by),
    };
    let Content { title, description, body, author } = content;
    let live_title = &text.content.title;
    let has_address = center.behaviour.draft_url == DraftUrl::Given
        || text.state == State::Published
        || (text.was_published && center.behaviour.offline_url == OfflineUrl::Kept);
    let address = has_address.then(|| format!("{SITE}/{locale}/articles/{}", address_part(article.id, live_title)));
    let audiences: Vec<_> =
        text.settings.audiences.iter().filter(|id| center.store.audiences.contains_key(id)).collect();
    let signed = center.sign(body);
    let value = json!({
        "title": title,
        "description": description,
        "body_markdown": center.markdown(body, &signed),
        "body": signed,
        "author_id": author,
        "state": text.state,
        "created_at": text.created_at,
        "updated_at": updated_at,
        "created_by_id": text.created_by,
        "updated_by_id": updated_by,
        "has_unpublished_changes": text.draft.is_some(),
        "draft_updated_at": text.draft.as_ref().map(|draft| draft.updated_at),
        "url": address,
        "audience_ids": audiences,
        "ai_chatbot_availability": text.settings.availability.chatbot,
        "ai_copilot_availability": text.settings.availability.copilot,
        "ai_sales_agent_availability": text.settings.availability.sales_agent,
    });
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
