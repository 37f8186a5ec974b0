//! What was in Intercom when a plan was made, as digests: a step is refused where it is something else.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::intercom::model::{Article, Collection, Locale, resolved};
use crate::live::{InLocale, LiveArticle};
use crate::record::without_signatures;
use crate::text::Digest;

/// Digests of what was in Intercom when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Where an article is; of a collection all of it.
    pub place: Digest,
    /// When the article was last changed then; Unix seconds.
    pub updated_at: i64,
    /// The texts of the default locale and of those to which something happens.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub locales: BTreeMap<Locale, SeenLocale>,
    /// Tags, flags and schedules, of a change that touches any of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Digest>,
}

/// Digests of what was in Intercom in one locale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenLocale {
    /// Text, state and author that are live; none where there was nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<Digest>,
    /// The text of the pending draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Digest>,
}

impl Seen {
    /// What is in Intercom now, in the default locale and in others.
    pub fn of<'a>(found: &LiveArticle, default: &'a Locale, others: impl IntoIterator<Item = &'a Locale>) -> Self {
        let text = |article: &Article| {
            format!(
                "{}\n{}\n{:?}\n{}",
                article.title.trim(),
                article.description.as_deref().unwrap_or_default().trim(),
                article.author_id,
                without_signatures(article.body.as_deref().unwrap_or_default()),
            )
        };
        let locale = |locale| match found.in_locale(locale, default) {
            InLocale::There(found) => SeenLocale {
                live: Some(Digest::of(format!("{}\n{}", found.article.state, text(&found.article)))),
                draft: found.draft.as_ref().map(|draft| Digest::of(text(draft))),
            },
            InLocale::Missing | InLocale::Unknown => SeenLocale { live: None, draft: None },
        };
        let locales = others.into_iter().chain([default]);
        Self {
            place: Digest::of(format!("{:?}", found.article.parent_ids)),
            updated_at: found.article.updated_at,
            locales: locales.map(|name| (name.clone(), locale(name))).collect(),
            settings: Some(settings_digest(found, default)),
        }
    }

    /// How a collection is in Intercom now.
    pub fn of_collection(collection: &Collection) -> Self {
        let description = collection.description.as_deref().unwrap_or_default();
        let mut whole = format!("{}\n{}\n{:?}", collection.name.trim(), description.trim(), collection.parent_id);
        for (locale, content) in collection.translated_content.iter().flat_map(|locales| &locales.0) {
            if let Some(content) = content {
                let description = content.description.as_deref().unwrap_or_default();
                whole.push_str(&format!("\n{locale}\n{}\n{}", content.name.trim(), description.trim()));
            }
        }
        Self { place: Digest::of(whole), updated_at: collection.updated_at, locales: BTreeMap::new(), settings: None }
    }

    /// Whether nothing changed in between; the time alone is no change.
    pub fn is_same(&self, now: &Self) -> bool {
        let are_settings_same = self.settings.is_none() || self.settings == now.settings;
        self.place == now.place && self.locales == now.locales && are_settings_same
    }
}

/// A tag's name as names are compared: without case, with its entities resolved.
pub fn folded(tag: &str) -> String {
    resolved(tag).trim().to_lowercase()
}

/// A digest of everything that an article is in Intercom beside its text and place.
fn settings_digest(found: &LiveArticle, default: &Locale) -> Digest {
    let article = &found.article;
    let tags: Option<BTreeSet<String>> =
        article.tags.as_ref().map(|list| list.tags.iter().map(|tag| folded(&tag.name)).collect());
    let others = article.translated_content.iter().flat_map(|locales| &locales.0);
    let others = others.filter(|(locale, content)| *locale != default && content.is_some()).map(|(locale, _)| locale);
    let flags: Vec<String> = std::iter::once(default)
        .chain(others)
        .map(|locale| format!("{locale} {:?}", found.flags(locale, default)))
        .collect();
    let schedules = (article.scheduled_publish_at, article.scheduled_unpublish_at);
    Digest::of(format!("{tags:?}\n{schedules:?}\n{}", flags.join("\n")))
}
