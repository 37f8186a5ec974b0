//! The fields of a request's body: typed, or refused by name.
//!
//! A field that is null counts as one that was not sent, but where null has a meaning of its own.

use serde_json::{Map, Value};

use crate::intercom::model::{Locale, State};
use crate::local::refusal::Refusal;

/// The fields of a JSON object.
#[derive(Debug, Default)]
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Reads a body. An empty one has no fields.
    pub(super) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(Value::Null) => Ok(Self::default()),
            _ => Err(Refusal::parameter_invalid("the body is not a JSON object")),
        }
    }

    /// Fills in from `translated_content` what the main body does not say in the default locale
    /// (FACTS 1.3). This Help Center has one locale, so another one is refused.
    pub(super) fn take_default_locale(&mut self, locale: &Locale) -> Result<(), Refusal> {
        let Some(Value::Object(locales)) = self.0.remove("translated_content") else {
            return Ok(());
        };
        for (name, content) in locales {
            match content {
                Value::Object(content) if name == locale.0 => {
                    for (field, value) in content {
                        self.0.entry(field).or_insert(value);
                    }
                }
                Value::Object(_) => {
                    return Err(Refusal::parameter_invalid(format!(
                        "translated_content: the locale {name} is not configured"
                    )));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Whether the field was sent as null.
    pub(super) fn is_null(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(Value::is_null)
    }

    /// Whether the field was sent with a value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Refusal::parameter_invalid(format!("{name} must be a string"))),
        }
    }

    /// An id: a number, or one in quotes.
    pub(super) fn id(&self, name: &str) -> Result<Option<u64>, Refusal> {
        let bad = || Refusal::parameter_invalid(format!("{name} must be an id"));
        match self.get(name) {
            None => Ok(None),
            Some(Value::Number(number)) => number.as_u64().map(Some).ok_or_else(bad),
            Some(Value::String(text)) => text.parse().map(Some).map_err(|_| bad()),
            Some(_) => Err(bad()),
        }
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => value
                .as_i64()
                .map(Some)
                .ok_or_else(|| Refusal::parameter_invalid(format!("{name} must be a whole number"))),
        }
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(Refusal::parameter_invalid(format!("{name} must be true or false"))),
        }
    }

    pub(super) fn state(&self) -> Result<Option<State>, Refusal> {
        match self.text("state")?.as_deref() {
            None => Ok(None),
            Some("published") => Ok(Some(State::Published)),
            Some("draft") => Ok(Some(State::Draft)),
            Some(_) => Err(Refusal::parameter_invalid("state must be published or draft")),
        }
    }

    /// The items of a list of texts or numbers, as texts.
    pub(super) fn list(&self, name: &str) -> Result<Option<Vec<String>>, Refusal> {
        let bad = || Refusal::parameter_invalid(format!("{name} must be a list"));
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let items = value.as_array().ok_or_else(bad)?;
        let text = |item: &Value| match item {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            _ => Err(bad()),
        };
        items.iter().map(text).collect::<Result<_, _>>().map(Some)
    }
}
