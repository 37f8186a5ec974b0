//! An article in one locale.
//!
//! The root of an article is its default locale; the others are in `translated_content`. Here each
//! of them is an article of its own, so that what is done about one locale is done about all in the
//! same way. What Intercom does not say is unknown, which is not the same as absent (docs/intercom.md 1.2).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{LiveArticle, Versions};
use crate::html;
use crate::intercom::model::{AdminId, Article, ArticleContent, Locale, State, Version};

/// What Intercom holds of an article in a locale.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "it is looked at once and never kept")]
pub enum InLocale<'a> {
    /// The article with the text, state and draft of that locale in its root.
    There(Cow<'a, LiveArticle>),
    /// The locale has no text.
    Missing,
    /// The answer does not say.
    Unknown,
}

impl LiveArticle {
    /// The article in a locale. `default` is the locale of the root.
    pub fn in_locale(&self, locale: &Locale, default: &Locale) -> InLocale<'_> {
        if locale == default {
            let hides_draft = self.draft.is_some() && !self.is_pending(locale, default);
            return InLocale::There(if hides_draft || self.versions.contains_key(&Some(locale.clone())) {
                let draft = self.draft.clone().filter(|_| !hides_draft);
                Cow::Owned(Self { draft, versions: self.versions_in(Some(locale)), ..self.clone() })
            } else {
                Cow::Borrowed(self)
            });
        }
        let Some(locales) = &self.article.translated_content else { return InLocale::Unknown };
        let Some(content) = locales.get(locale) else { return InLocale::Missing };
        if content.body.is_none() {
            return InLocale::Unknown;
        }
        let draft = self.draft.as_ref().filter(|_| self.is_pending(locale, default));
        let draft = draft.and_then(|draft| Some(seen_in(draft, content_of(draft, locale)?)));
        let versions = self.versions_in(Some(locale));
        InLocale::There(Cow::Owned(Self { article: seen_in(&self.article, content), draft, versions }))
    }

    /// Puts a version in the place of the live text of a locale, with the author that is given: what would be there, if
    /// it were live. Nothing happens where the locale has no text.
    pub fn put(&mut self, version: &Version, author: Option<AdminId>, locale: &Locale, default: &Locale) {
        let content = if locale == default {
            Some(&mut self.article.content)
        } else {
            let locales = self.article.translated_content.as_mut();
            locales.and_then(|locales| locales.0.get_mut(locale)?.as_deref_mut())
        };
        let Some(content) = content else { return };
        content.title = version.title.clone().unwrap_or_default();
        content.description.clone_from(&version.description);
        content.body.clone_from(&version.body);
        (content.author_id, content.updated_by_id) = (author, version.created_by_id);
        content.updated_at = version.created_at;
        self.draft = None;
        self.versions.clear();
    }

    /// The versions of a locale as those of an article that has it alone.
    fn versions_in(&self, locale: Option<&Locale>) -> BTreeMap<Option<Locale>, Versions> {
        self.versions.get(&locale.cloned()).map(|versions| (None, versions.clone())).into_iter().collect()
    }

    /// Its newest versions, of an article as it is seen in one locale; `None` where nobody fetched them.
    pub fn versions(&self) -> Option<&Versions> {
        self.versions.get(&None)
    }

    /// The locales in which a draft waits behind the live text, whosever it is.
    pub fn pending(&self, default: &Locale) -> BTreeSet<Locale> {
        self.locales(default).into_iter().filter(|locale| self.is_pending(locale, default)).collect()
    }

    /// The locales in which customers can read it.
    pub fn published(&self, default: &Locale) -> BTreeSet<Locale> {
        let is_live = |locale: &Locale| {
            let state = if locale == default {
                Some(self.article.state)
            } else {
                content_of(&self.article, locale).map(|content| content.state)
            };
            state == Some(State::Published)
        };
        self.locales(default).into_iter().filter(is_live).collect()
    }

    fn locales(&self, default: &Locale) -> BTreeSet<Locale> {
        let others = self.article.translated_content.iter().flat_map(|locales| &locales.0);
        others
            .filter(|(_, content)| content.is_some())
            .map(|(locale, _)| locale.clone())
            .chain([default.clone()])
            .collect()
    }

    /// Whether a draft waits in a locale: it is said to, or its text differs. What is said may be late
    /// (docs/beliefs.md).
    fn is_pending(&self, locale: &Locale, default: &Locale) -> bool {
        if locale == default {
            let is_alone = self.article.translated_content.is_none();
            let flagged = self.article.has_draft() || self.draft.as_ref().is_some_and(|draft| draft.has_draft());
            let differs = |draft: &Article| differ(&self.article.content, &draft.content);
            return flagged || self.draft.as_ref().is_some_and(|draft| is_alone || differs(draft));
        }
        let live = content_of(&self.article, locale);
        let draft = self.draft.as_ref().and_then(|draft| content_of(draft, locale));
        let flagged = [live, draft].into_iter().flatten().any(ArticleContent::has_draft);
        flagged || live.zip(draft).is_some_and(|(live, draft)| differ(live, draft))
    }
}

/// Whether two answers about an article say different texts, in any locale.
pub(super) fn says_something_else(one: &Article, other: &Article) -> bool {
    let locales = |article: &Article| -> BTreeSet<Locale> {
        article.translated_content.iter().flat_map(|locales| locales.0.keys().cloned()).collect()
    };
    differ(&one.content, &other.content)
        || locales(one).union(&locales(other)).any(|locale| {
            match (content_of(one, locale), content_of(other, locale)) {
                (Some(one), Some(other)) => differ(one, other),
                (one, other) => one.is_some() != other.is_some(),
            }
        })
}

/// Whether two texts differ in more than the signatures of images.
fn differ(one: &ArticleContent, other: &ArticleContent) -> bool {
    let body = |content: &ArticleContent| html::canonical(&html::parse(content.body.as_deref().unwrap_or_default()));
    let is_said = one.body.is_some() && other.body.is_some();
    one.title != other.title || one.description != other.description || is_said && body(one) != body(other)
}

fn content_of<'a>(article: &'a Article, locale: &Locale) -> Option<&'a ArticleContent> {
    article.translated_content.as_ref()?.get(locale)
}

/// An article with the text of a locale in its root. The texts of other locales are not copied.
fn seen_in(article: &Article, content: &ArticleContent) -> Article {
    let content = ArticleContent {
        updated_at: if content.updated_at == 0 { article.content.updated_at } else { content.updated_at },
        updated_by_id: content.updated_by_id.or(article.content.updated_by_id),
        ..content.clone()
    };
    Article {
        content,
        parent_ids: article.parent_ids.clone(),
        default_locale: article.default_locale.clone(),
        tags: None,
        translated_content: None,
        ..*article
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn french() -> Locale {
        Locale("fr".to_owned())
    }

    /// An article and its draft as the API shows them.
    fn found(live: &Value, draft: Option<&Value>) -> LiveArticle {
        let article = |content: &Value| -> Article {
            let mut article = json!({"id": "1", "title": "Help", "state": "published"});
            article.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
            serde_json::from_value(article).unwrap()
        };
        LiveArticle { draft: draft.map(article), ..LiveArticle::of(article(live)) }
    }

    #[test]
    fn a_locale_is_there_missing_or_unknown() {
        let english = Locale::english();
        let in_french = |live: &Value| match found(live, None).in_locale(&french(), &english) {
            InLocale::There(found) => format!("{} {}", found.article.title, found.article.state),
            InLocale::Missing => "missing".to_owned(),
            InLocale::Unknown => "unknown".to_owned(),
        };
        assert_eq!(in_french(&json!({})), "unknown");
        assert_eq!(in_french(&json!({"translated_content": null})), "unknown");
        assert_eq!(in_french(&json!({"translated_content": {}})), "missing");
        assert_eq!(in_french(&json!({"translated_content": {"fr": null}})), "missing");
        let there = json!({"translated_content": {"fr": {"title": "Aide", "body": "", "state": "draft"}}});
        assert_eq!(in_french(&there), "Aide draft");
        let silent = json!({"translated_content": {"fr": {"title": "Aide", "state": "draft"}}});
        assert_eq!(in_french(&silent), "unknown");
        assert_eq!(found(&there, None).published(&english), [english.clone()].into());
    }

    #[test]
    fn a_draft_belongs_to_the_locales_that_are_flagged() {
        let english = Locale::english();
        let with =
            |root: bool, french: Value| json!({"has_unpublished_changes": root, "translated_content": {"fr": french}});
        let text = |title: &str, flag: Option<bool>| {
            let mut content = json!({"title": title, "body": "", "state": "published"});
            if let Some(flag) = flag {
                content["has_unpublished_changes"] = json!(flag);
            }
            content
        };
        let pending = |root, live, draft| {
            let found = found(&with(root, live), Some(&with(root, draft)));
            let pending = found.pending(&english);
            for locale in [&english, &french()] {
                let InLocale::There(seen) = found.in_locale(locale, &english) else { panic!("not there") };
                assert_eq!(seen.draft.is_some(), pending.contains(locale));
            }
            pending.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(pending(true, text("A", Some(false)), text("A", Some(false))), ["en"]);
        assert_eq!(pending(false, text("A", Some(true)), text("B", Some(true))), ["fr"]);
        assert_eq!(pending(false, text("A", Some(false)), text("B", Some(true))), ["fr"]);
        assert_eq!(pending(true, text("A", None), text("B", None)), ["en", "fr"]);
        assert_eq!(pending(true, text("A", None), text("A", None)), ["en"]);
        // A Help Center with one locale.
        assert_eq!(found(&json!({}), Some(&json!({}))).pending(&english).len(), 1);
    }

    #[test]
    fn the_newest_version_is_that_of_the_locale_and_of_the_article_where_none_is_asked_for() {
        let english = Locale::english();
        let version = |id: &str| Versions {
            newest: Some(serde_json::from_value(json!({ "id": id })).unwrap()),
            ..Versions::default()
        };
        let mut found =
            found(&json!({"translated_content": {"fr": {"title": "Aide", "body": "", "state": "draft"}}}), None);
        let newest = |found: &LiveArticle, locale: &Locale| match found.in_locale(locale, &english) {
            InLocale::There(seen) => seen.versions().and_then(|seen| seen.newest.clone()).map(|version| version.id),
            other => panic!("{other:?}"),
        };
        found.versions = [(None, version("1"))].into();
        assert_eq!((newest(&found, &english).as_deref(), newest(&found, &french())), (Some("1"), None));
        found.versions = [(Some(english.clone()), version("2")), (Some(french()), version("3"))].into();
        assert_eq!((newest(&found, &english).as_deref(), newest(&found, &french()).as_deref()), (Some("2"), Some("3")));
    }
}
