//! The text of an article or a collection in every locale: the map `translated_content`.
//!
//! Beside the locales the map carries its own `type`. A locale that is null or missing has no text;
//! a map that is null or missing says nothing at all, which is not the same (FACTS 1.2).

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};

use super::{AdminId, AudienceId, Locale, State};

/// An article in every locale (schema `article_translated_content`). Most articles have one or two, and
/// a map has room for eleven, so what they say stands apart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TranslatedContent(pub BTreeMap<Locale, Option<Box<ArticleContent>>>);

/// A collection in every locale (schema `group_translated_content`).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GroupTranslatedContent(pub BTreeMap<Locale, Option<GroupContent>>);

/// An article in one locale (schema `article_content`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "article_content")]
pub struct ArticleContent {
    /// Its title.
    #[serde(default, deserialize_with = "null_as_default")]
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
    /// Whether customers can read it in this locale.
    pub state: State,
    /// Unix seconds.
    #[serde(default, deserialize_with = "null_as_default")]
    pub created_at: i64,
    /// Unix seconds, to the second.
    #[serde(default, deserialize_with = "null_as_default")]
    pub updated_at: i64,
    /// Its public address; null as long as it was never published.
    #[serde(default)]
    pub url: Option<String>,
    /// Whether a draft waits behind the live text of this locale.
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
    /// The audiences Fin may use it for; empty means no restriction.
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

/// A collection in one locale (schema `group_content`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "group_content")]
pub struct GroupContent {
    /// Its name.
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    /// The text under the name.
    #[serde(default)]
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
    /// Whether a draft waits behind the live text.
    pub fn has_draft(&self) -> bool {
        self.has_unpublished_changes == Some(true)
    }
}

impl Serialize for TranslatedContent {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        write("article_translated_content", &self.0, to)
    }
}

impl Serialize for GroupTranslatedContent {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        write("group_translated_content", &self.0, to)
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

fn write<C: Serialize, S: Serializer>(
    kind: &str,
    locales: &BTreeMap<Locale, Option<C>>,
    to: S,
) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(locales.len() + 1))?;
    map.serialize_entry("type", kind)?;
    for (locale, content) in locales {
        map.serialize_entry(locale, content)?;
    }
    map.end()
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
        let again = serde_json::to_value(&locales).unwrap();
        assert_eq!(again["type"], "article_translated_content");
        assert_eq!(again["de"], serde_json::Value::Null);
        assert_eq!(again["fr"]["type"], "article_content");
        assert_eq!(serde_json::from_value::<TranslatedContent>(again).unwrap(), locales);
    }

    #[test]
    fn a_draft_of_another_locale_is_found() {
        let found = |flag| {
            let french = format!(r#"{{"title":"a","state":"published","has_unpublished_changes":{flag}}}"#);
            article(&format!(r#","has_unpublished_changes":false,"translated_content":{{"fr":{french}}}"#))
        };
        assert!(found(true).has_draft_anywhere() && !found(true).has_draft());
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
        assert_eq!(
            serde_json::to_string(&names).unwrap(),
            r#"{"type":"group_translated_content","fr":{"type":"group_content","name":"Aide","description":null}}"#
        );
    }
}
