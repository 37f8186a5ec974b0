//! The locales of one request: what is sent of each, and what is kept of each answer.
//!
//! The default locale goes into the root of a request. Any other is sent whole, with its title,
//! description, body and author, so that nothing of it depends on what Intercom does with parts.

use std::collections::{BTreeMap, BTreeSet};

use super::{Outcome, Run};
use crate::html;
use crate::html::image::{self, ImageOrigin};
use crate::intercom::model::{
    AdminId, Article, ArticleContent, Locale, State, UpdateArticle, WriteContent, WriteGroup,
};
use crate::live::LiveArticle;
use crate::plan::{Change, Content, Naming, Part, Translations};
use crate::record::{ArticleRecord, Pair};

/// What a comparison of an answer gave: what was lost, or a note.
pub(super) type Compared = Result<Option<String>, String>;

impl Run<'_> {
    /// Compares and keeps what came of a text in one locale. `set` writes the pair where it belongs.
    pub(super) fn keep_text(
        &self,
        part: &Part<'_>,
        sent: &Content,
        before: Option<&LiveArticle>,
        answer: Option<&LiveArticle>,
        set: impl FnOnce(&mut ArticleRecord, Pair),
    ) -> Compared {
        let Some(answer) = answer else {
            let locale = self.locale(part);
            return Err(format!("Intercom's answer holds no text in `{locale}`"));
        };
        let (pair, compared) = self.compare(part, sent, before.map(|before| &before.article), &answer.article);
        let images = self.image_origins(part, sent, &answer.article);
        self.keep_record(&answer.article, part, |record| {
            record.images.extend(images);
            set(record, pair);
        });
        in_its_locale(part, compared)
    }

    /// What the images are that Intercom made of those in a text that was sent.
    pub(super) fn image_origins(
        &self,
        part: &Part<'_>,
        sent: &Content,
        answer: &Article,
    ) -> BTreeMap<String, ImageOrigin> {
        let Some(wanted) = part.wanted else { return BTreeMap::new() };
        if wanted.images.is_empty() || sent.body.is_none() {
            return BTreeMap::new();
        }
        let stored = html::parse(answer.body.as_deref().unwrap_or_default());
        image::origins(&wanted.images, &stored)
    }

    /// The locales that went live or offline by a write though they were not meant.
    pub(super) fn also_changed(
        &self,
        before: &LiveArticle,
        answer: &LiveArticle,
        meant: &BTreeSet<Locale>,
    ) -> Option<Outcome> {
        let default = &self.keep.locale;
        let (then, now) = (before.published(default), answer.published(default));
        let changed: Vec<String> = then
            .symmetric_difference(&now)
            .filter(|locale| !meant.contains(*locale))
            .map(|locale| format!("`{locale}`"))
            .collect();
        (!changed.is_empty()).then(|| {
            Outcome::failed(
                format!("its state changed in {}, too, which nobody asked for", changed.join(", ")),
                "look at it in Intercom and set it right there",
            )
        })
    }
}

/// The parts of a change whose texts a request holds. Without any other locale the default one is
/// meant, even where only its place or state changes.
pub(super) fn texts<'c>(
    change: &'c Change,
    content: &'c Content,
    translations: &'c Translations,
) -> Vec<(Part<'c>, &'c Content)> {
    let root = (*content != Content::default() || translations.is_empty()).then(|| (change.root(), content));
    root.into_iter().chain(of_translations(change, translations)).collect()
}

/// The same without the default locale.
pub(super) fn of_translations<'c>(
    change: &'c Change,
    translations: &'c Translations,
) -> impl Iterator<Item = (Part<'c>, &'c Content)> {
    translations.iter().map(|(locale, content)| {
        let part = change.translations.get(locale).map(|translation| translation.part(locale));
        // An orphan's locales have no part of their own.
        let part = part.unwrap_or(Part { locale: Some(locale), wanted: None, drift: None, ..change.root() });
        (part, content)
    })
}

/// Locales as a request holds them, each whole; what is not said is sent as it stands in `before`.
pub(super) fn whole(
    translations: &Translations,
    before: Option<&LiveArticle>,
    state: impl Into<Option<State>>,
) -> BTreeMap<Locale, WriteContent> {
    let state = state.into();
    let locales = before.and_then(|before| before.article.translated_content.as_ref());
    translations
        .iter()
        .map(|(locale, content)| {
            let there = locales.and_then(|locales| locales.get(locale));
            let said = |ours: &Option<String>, theirs: fn(&ArticleContent) -> Option<String>| {
                ours.clone().or_else(|| there.and_then(theirs))
            };
            let whole = WriteContent {
                title: said(&content.title, |there| Some(there.title.clone())),
                description: said(&content.description, |there| there.description.clone()),
                body: said(&content.body, |there| there.body.clone()),
                author_id: content.author,
                state,
                fin: (&content.flags).into(),
            };
            (locale.clone(), whole)
        })
        .collect()
}

/// Every locale of an article but the default one as it stands, to be named beside another that goes
/// offline. An author is named where it is a current teammate.
pub(super) fn as_it_stands(
    before: &LiveArticle,
    default: &Locale,
    admins: &BTreeSet<AdminId>,
) -> BTreeMap<Locale, WriteContent> {
    let locales = before.article.translated_content.iter().flat_map(|locales| &locales.0);
    locales
        .filter(|(locale, _)| *locale != default)
        .filter_map(|(locale, content)| {
            let content = content.as_ref()?;
            let author = content.author_id.filter(|author| admins.contains(author));
            let as_it_is = [(locale.clone(), Content { author, ..Content::default() })].into();
            whole(&as_it_is, Some(before), content.state).pop_first()
        })
        .collect()
}

/// What a collection is called in other locales, as requests hold it.
pub(super) fn names(translations: &BTreeMap<Locale, Naming>) -> BTreeMap<Locale, WriteGroup> {
    let group =
        |naming: &Naming| WriteGroup { name: Some(naming.name.clone()), description: naming.description.clone() };
    translations.iter().map(|(locale, naming)| (locale.clone(), group(naming))).collect()
}

/// The request that sends some text and nothing else.
pub(super) fn request(content: &Content, translated_content: BTreeMap<Locale, WriteContent>) -> UpdateArticle {
    let content = WriteContent {
        title: content.title.clone(),
        description: content.description.clone(),
        body: content.body.clone(),
        author_id: content.author,
        state: None,
        fin: (&content.flags).into(),
    };
    UpdateArticle { content, translated_content, ..UpdateArticle::default() }
}

/// The first thing that was lost, else all notes.
pub(super) fn both(one: Compared, other: Compared) -> Compared {
    match (one?, other?) {
        (Some(one), Some(other)) if one != other => Ok(Some(format!("{one}; {other}"))),
        (one, other) => Ok(one.or(other)),
    }
}

/// With the locale in front, where it is not the default one.
pub(super) fn in_its_locale(part: &Part<'_>, compared: Compared) -> Compared {
    let Some(locale) = part.locale else { return compared };
    let named = |text: String| format!("in `{locale}`: {text}");
    compared.map(|note| note.map(named)).map_err(named)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found() -> LiveArticle {
        let content = |title: &str, state: &str, author: u64| json!({"title": title, "description": "D", "body": "<p>B</p>", "state": state, "author_id": author});
        let article = json!({
            "id": "1", "title": "Help", "state": "published",
            "translated_content": {
                "en": content("Help", "published", 1), "fr": content("Aide", "published", 1),
                "es": content("Ayuda", "draft", 9), "de": null,
            },
        });
        LiveArticle::of(serde_json::from_value(article).unwrap())
    }

    #[test]
    fn every_other_locale_is_named_whole_with_its_own_state_and_a_current_author() {
        let named = as_it_stands(&found(), &Locale::english(), &[AdminId(1)].into());
        assert_eq!(
            serde_json::to_value(&named).unwrap(),
            json!({
                "es": {"title": "Ayuda", "description": "D", "body": "<p>B</p>", "state": "draft"},
                "fr": {"title": "Aide", "description": "D", "body": "<p>B</p>", "state": "published", "author_id": 1},
            })
        );
    }

    #[test]
    fn a_locale_is_sent_whole_with_what_stands_there_where_nothing_is_said() {
        let content = Content { title: Some("Neu".to_owned()), author: Some(AdminId(2)), ..Content::default() };
        let french = Locale("fr".to_owned());
        let sent = whole(&[(french.clone(), content)].into(), Some(&found()), None);
        assert_eq!(
            serde_json::to_value(&sent[&french]).unwrap(),
            json!({"title": "Neu", "description": "D", "body": "<p>B</p>", "author_id": 2})
        );
    }
}
