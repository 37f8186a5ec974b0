//! The types of values, as the description has them. Nothing here knows an operation.

use std::fmt;

use serde_json::Value;

/// The type of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Anything.
    Any,
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An object with any fields.
    Object,
    /// A type of the catalogue; see [`crate::Catalogue::resolve`].
    Named(String),
    /// A list of one type.
    List(Box<Kind>),
    /// One of these values.
    Choice(Vec<Value>),
    /// One of these types.
    OneOf(Vec<Kind>),
    /// An object with any names, and one type of value.
    Map(Box<Kind>),
    /// An object with these fields, by name. One that is called `*` says that others are allowed.
    Fields(Vec<Field>),
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// Whether it has to be there.
    pub presence: Presence,
}

/// Whether a field or a parameter has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It has to.
    Required,
    /// It may be left out.
    Optional,
}

/// In one or two words, for a person: `text`, `list of integers`, `published or draft`.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Any => f.write_str("anything"),
            Kind::Text => f.write_str("text"),
            Kind::Integer => f.write_str("integer"),
            Kind::Number => f.write_str("number"),
            Kind::Boolean => f.write_str("true or false"),
            Kind::Object | Kind::Fields(_) | Kind::Map(_) => f.write_str("object"),
            Kind::Named(name) => f.write_str(name),
            Kind::List(kind) => write!(f, "list of {kind}"),
            Kind::Choice(values) => {
                let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                f.write_str(&values.iter().map(shown).collect::<Vec<_>>().join(" or "))
            }
            Kind::OneOf(kinds) => {
                let mut names: Vec<String> = kinds.iter().map(ToString::to_string).collect();
                names.dedup();
                f.write_str(&names.join(" or "))
            }
        }
    }
}
