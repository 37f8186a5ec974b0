//! The text of an article or a collection, in its default locale and in others.
//!
//! An article has the text of its default locale at its root and the others in the map
//! `translated_content`, which also holds its own `type`. A locale that is null or missing in the map
//! has no text; a map that is null or missing says nothing at all, which is not the same (docs/intercom.md 1.2).

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::{AdminId, AudienceId, Locale, State};

/// An article in every locale (schema `article_translated_content`). Each text is boxed, as most
/// articles have one or two and a node of the map has room for eleven.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TranslatedContent(pub BTreeMap<Locale, Option<Box<ArticleContent>>>);

/// A collection in every locale (schema `group_translated_content`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GroupTranslatedContent(pub BTreeMap<Locale, Option<GroupContent>>);

/// An article in one locale (schema `article_content`).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(from = "Text")]
pub struct ArticleContent {
    /// Its title.
    pub title: String,
    /// The line under the title.
    pub description: Option<String>,
    /// HTML.
    pub body: Option<String>,
    /// Its author, who may have left.
    pub author_id: Option<AdminId>,
    /// Whether customers can read it.
    pub state: State,
    /// Unix seconds.
    pub created_at: i64,
    /// Unix seconds, to the second.
    pub updated_at: i64,
    /// Its public address; null as long as it was never published (docs/intercom.md 1.2).
    pub url: Option<String>,
    /// Whether a draft waits behind the live text of this locale; at the root of an article, of its
    /// default locale alone (schema `article_list_item`).
    pub has_unpublished_changes: Option<bool>,
    /// When that draft was last changed; Unix seconds.
    pub draft_updated_at: Option<i64>,
    /// Who changed it last.
    pub updated_by_id: Option<AdminId>,
    /// How Fin may use it. Where a Help Center has several locales, the audiences of the default one
    /// are in `translated_content` as well, and not at the root (schema `article_content`).
    pub fin: FinAvailability,
}

/// Defines what is read where a text has its fields beside others, and how the text is taken from it. A flattened field
/// would hold every value before it is read, and those that nobody asks for as well.
macro_rules! with_text {
    ($name:ident { $($(#[$meta:meta])* $field:ident: $of:ty,)* }) => {
        #[derive(Deserialize)]
        pub(crate) struct $name {
            $($(#[$meta])* pub $field: $of,)*
            #[serde(default, deserialize_with = "crate::or_default")]
            title: String,
            description: Option<String>,
            body: Option<String>,
            author_id: Option<crate::AdminId>,
            state: crate::State,
            #[serde(default, deserialize_with = "crate::or_default")]
            created_at: i64,
            #[serde(default, deserialize_with = "crate::or_default")]
            updated_at: i64,
            url: Option<String>,
            has_unpublished_changes: Option<bool>,
            draft_updated_at: Option<i64>,
            updated_by_id: Option<crate::AdminId>,
            ai_chatbot_availability: Option<bool>,
            ai_copilot_availability: Option<bool>,
            ai_sales_agent_availability: Option<bool>,
            audience_ids: Option<Vec<crate::AudienceId>>,
        }

        impl $name {
            /// Takes the text.
            pub fn text(&mut self) -> crate::ArticleContent {
                crate::ArticleContent {
                    title: std::mem::take(&mut self.title),
                    description: self.description.take(),
                    body: self.body.take(),
                    author_id: self.author_id,
                    state: self.state,
                    created_at: self.created_at,
                    updated_at: self.updated_at,
                    url: self.url.take(),
                    has_unpublished_changes: self.has_unpublished_changes,
                    draft_updated_at: self.draft_updated_at,
                    updated_by_id: self.updated_by_id,
                    fin: crate::FinAvailability {
                        ai_chatbot_availability: self.ai_chatbot_availability,
                        ai_copilot_availability: self.ai_copilot_availability,
                        ai_sales_agent_availability: self.ai_sales_agent_availability,
                        audience_ids: self.audience_ids.take(),
                    },
                }
            }
        }
    };
}
pub(crate) use with_text;

with_text!(Text {});

impl From<Text> for ArticleContent {
    fn from(mut read: Text) -> Self {
        read.text()
    }
}

/// How Fin may use a text; `None` is not said in an answer, and not changed by a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FinAvailability {
    /// Whether Fin's chatbot may use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ai_chatbot_availability: Option<bool>,
    /// Whether Fin's copilot may use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ai_copilot_availability: Option<bool>,
    /// Whether Fin's sales agent may use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ai_sales_agent_availability: Option<bool>,
    /// The audiences Fin may use it for; empty means no restriction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience_ids: Option<Vec<AudienceId>>,
}

/// A collection in one locale (schema `group_content`).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct GroupContent {
    /// Its name.
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    /// The text under the name.
    pub description: Option<String>,
}

impl TranslatedContent {
    /// The text of a locale, if there is one.
    pub fn get(&self, locale: &Locale) -> Option<&ArticleContent> {
        self.0.get(locale)?.as_deref()
    }
}

impl GroupTranslatedContent {
    /// The name and description of a locale, if there are.
    pub fn get(&self, locale: &Locale) -> Option<&GroupContent> {
        self.0.get(locale)?.as_ref()
    }
}

impl ArticleContent {
    /// Whether customers can read it, or could once, as far as the answer shows.
    pub fn was_live(&self) -> bool {
        self.state == State::Published || self.url.is_some()
    }

    /// Whether a draft waits behind the live text.
    pub fn has_draft(&self) -> bool {
        self.has_unpublished_changes == Some(true)
    }
}

impl<'de> Deserialize<'de> for TranslatedContent {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Locales(PhantomData)).map(Self)
    }
}

impl<'de> Deserialize<'de> for GroupTranslatedContent {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Locales(PhantomData)).map(Self)
    }
}

/// Reads the map entry by entry, so that no body is held twice.
struct Locales<C>(PhantomData<C>);

impl<'de, C: Deserialize<'de>> Visitor<'de> for Locales<C> {
    type Value = BTreeMap<Locale, Option<C>>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("one text per locale")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut locales = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == "type" {
                map.next_value::<IgnoredAny>()?;
            } else {
                locales.insert(Locale(name), map.next_value()?);
            }
        }
        Ok(locales)
    }
}

/// A null counts as missing.
fn null_as_default<'de, T: Default + Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(from).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::super::{Article, Collection};
    use super::*;

    fn article(content: &str) -> Article {
        serde_json::from_str(&format!(r#"{{"id":"1","state":"draft"{content}}}"#)).unwrap()
    }

    #[test]
    fn a_locale_is_there_or_null_and_the_type_is_none() {
        let found = article(
            r#","translated_content":{"type":"article_translated_content","de":null,
            "fr":{"type":"article_content","title":"Bonjour","description":null,"body":null,"author_id":"7",
            "state":"published","url":null,"new":1}}"#,
        );
        let locales = found.translated_content.unwrap();
        assert_eq!(locales.0.keys().map(|locale| locale.0.as_str()).collect::<Vec<_>>(), ["de", "fr"]);
        assert_eq!(locales.get(&Locale("de".into())), None);
        let french = locales.get(&Locale("fr".into())).unwrap();
        assert_eq!((french.title.as_str(), french.author_id), ("Bonjour", Some(AdminId(7))));
    }

    #[test]
    fn the_text_at_the_root_and_that_of_a_locale_are_read_alike() {
        let text = r#""title":null,"description":"D","body":"<p class=\"x\">\u00e9</p>","author_id":"7","state":"published",
            "created_at":null,"updated_at":1800000000,"url":"https://a.example/1","has_unpublished_changes":true,
            "draft_updated_at":1800000001,"updated_by_id":"9","ai_chatbot_availability":true,
            "ai_copilot_availability":null,"audience_ids":[3,"4"],"new":{"a":[1.5]}"#;
        let content = ArticleContent {
            description: Some("D".into()),
            body: Some("<p class=\"x\">é</p>".into()),
            author_id: Some(AdminId(7)),
            state: State::Published,
            updated_at: 1_800_000_000,
            url: Some("https://a.example/1".into()),
            has_unpublished_changes: Some(true),
            draft_updated_at: Some(1_800_000_001),
            updated_by_id: Some(AdminId(9)),
            fin: FinAvailability {
                ai_chatbot_availability: Some(true),
                audience_ids: Some(vec![AudienceId(3), AudienceId(4)]),
                ..FinAvailability::default()
            },
            ..ArticleContent::default()
        };
        let json = format!(
            r#"{{"type":"article","id":"1",{text},"translated_content":{{"fr":{{"type":"article_content",{text}}}}}}}"#
        );
        let found: Article = serde_json::from_str(&json).unwrap();
        assert_eq!(found.content, content);
        assert_eq!(found.translated_content.unwrap().get(&Locale("fr".into())), Some(&content));
        assert!(serde_json::from_str::<Article>(r#"{"id":"1"}"#).is_err(), "a text has a state");
    }

    #[test]
    fn a_draft_of_another_locale_is_found() {
        let found = |flag| {
            let french = format!(r#"{{"title":"a","state":"published","has_unpublished_changes":{flag}}}"#);
            article(&format!(r#","has_unpublished_changes":false,"translated_content":{{"fr":{french}}}"#))
        };
        assert!(found(true).has_draft_anywhere() && !found(true).content.has_draft());
        assert!(!found(false).has_draft_anywhere());
    }

    #[test]
    fn a_missing_and_a_null_map_say_nothing() {
        assert_eq!(article("").translated_content, None);
        assert_eq!(article(r#","translated_content":null"#).translated_content, None);
        assert_eq!(article(r#","translated_content":{}"#).translated_content, Some(TranslatedContent::default()));
    }

    #[test]
    fn a_collection_has_names_per_locale() {
        let found: Collection = serde_json::from_str(
            r#"{"id":"1","name":"Help","translated_content":{"type":"group_translated_content","fr":{"name":"Aide"}}}"#,
        )
        .unwrap();
        let names = found.translated_content.unwrap();
        assert_eq!(names.get(&Locale("fr".into())).unwrap().name, "Aide");
    }
}
