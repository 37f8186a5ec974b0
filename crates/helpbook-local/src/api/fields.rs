//! The fields of a request's body: typed, or refused by name.
//!
//! A field that is null counts as one that was not sent, but where null has a meaning of its own. Every
//! function that returns a `Result` fails with a 400 that names the field.

use helpbook_model::{Locale, State};
use serde_json::{Map, Value};

use crate::refusal::Refusal;
use crate::schedule::Sent;

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
    /// (docs/intercom.md 1.3), and returns the other locales. A locale that is null changes nothing.
    pub(super) fn take_locales(
        &mut self,
        default: &Locale,
        configured: &[Locale],
    ) -> Result<Vec<(Locale, Self)>, Refusal> {
        let mut others = Vec::new();
        let locales = match self.0.remove("translated_content") {
            None | Some(Value::Null) => return Ok(others),
            Some(Value::Object(locales)) => locales,
            Some(_) => return Err(Refusal::parameter_invalid("translated_content must be an object")),
        };
        for (name, content) in locales {
            if name == "type" || content.is_null() {
                continue;
            }
            let Value::Object(content) = content else {
                return Err(Refusal::parameter_invalid(format!("translated_content: {name} must be an object")));
            };
            let locale = Locale(name);
            if locale == *default {
                for (field, value) in content {
                    self.0.entry(field).or_insert(value);
                }
            } else if configured.contains(&locale) {
                others.push((locale, Self(content)));
            } else {
                let message = format!("translated_content: the locale {locale} is not configured");
                return Err(Refusal::parameter_invalid(message));
            }
        }
        Ok(others)
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

    /// A list that is kept as it was sent; empty where there is none.
    pub(super) fn value(&self, name: &str) -> Value {
        self.get(name).cloned().unwrap_or_else(|| Value::Array(Vec::new()))
    }

    /// Every field, each a string.
    pub(super) fn texts(&self) -> Result<Vec<(String, String)>, Refusal> {
        let names: Vec<&String> = self.0.keys().collect();
        names.into_iter().map(|name| Ok((name.clone(), self.text(name)?.unwrap_or_default()))).collect()
    }

    /// A string.
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

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => value
                .as_i64()
                .map(Some)
                .ok_or_else(|| Refusal::parameter_invalid(format!("{name} must be a whole number"))),
        }
    }

    /// True or false.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(Refusal::parameter_invalid(format!("{name} must be true or false"))),
        }
    }

    /// The field `state`.
    pub(super) fn state(&self) -> Result<Option<State>, Refusal> {
        match self.text("state")?.as_deref() {
            None => Ok(None),
            Some("published") => Ok(Some(State::Published)),
            Some("draft") => Ok(Some(State::Draft)),
            Some(_) => Err(Refusal::parameter_invalid("state must be published or draft")),
        }
    }

    /// A point in time in ISO 8601.
    pub(super) fn time(&self, name: &str) -> Result<Sent, Refusal> {
        if self.is_null(name) {
            return Ok(Sent::Null);
        }
        let Some(text) = self.text(name)? else { return Ok(Sent::Absent) };
        match text.parse::<jiff::Timestamp>() {
            Ok(time) => Ok(Sent::At(time.as_second())),
            Err(_) => Err(Refusal::parameter_invalid(format!("{name} must be an ISO 8601 timestamp"))),
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
