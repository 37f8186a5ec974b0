//! `catalogue.json` to values. What cannot be read is left out; a test holds that nothing is.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use crate::Catalogue;
use crate::kind::{Field, Kind, Presence};
use crate::operation::{Answer, Body, Method, Note, Operation, Parameter, Scope};

/// The catalogue of a text.
pub(crate) fn catalogue(text: &str) -> Catalogue {
    let mut whole: Value = serde_json::from_str(text).unwrap_or_default();
    let rows = whole["operations"].take();
    let operations: Vec<Operation> = rows.as_array().into_iter().flatten().filter_map(operation).collect();
    let mut names = HashMap::new();
    for (at, operation) in operations.iter().enumerate() {
        for name in [&operation.name].into_iter().chain(&operation.aliases) {
            names.insert(name.to_lowercase(), at);
        }
    }
    let types: BTreeMap<String, Kind> = match whole["types"].take() {
        Value::Object(types) => types.into_iter().map(|(name, value)| (name, kind(&value))).collect(),
        _ => BTreeMap::new(),
    };
    Catalogue { version: text_of(&whole["version"]), operations, types, names }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts_of(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text_of).collect()
}

fn operation(row: &Value) -> Option<Operation> {
    let path = text_of(&row["path"]);
    let parameter = |name: &str, value: &Value| {
        let (name, presence) = marked(name);
        Parameter { name, kind: kind(value), presence }
    };
    let parameters = |key: &str| -> Vec<Parameter> {
        row[key].as_object().into_iter().flatten().map(|(name, value)| parameter(name, value)).collect()
    };
    // In the order of the path.
    let inner = names_in(&path).filter_map(|name| Some((name, row["inner"].get(name)?)));
    let inner = inner.map(|(name, value)| Parameter { presence: Presence::Required, ..parameter(name, value) });
    let note = row["note"].as_str().map(|text| match text.split_once(": ") {
        Some((condition, text)) => {
            let condition = condition.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
            Note { condition, text: text.to_owned() }
        }
        None => Note { condition: None, text: text.to_owned() },
    });
    let body = match &row["answer"] {
        Value::Null => Body::None,
        Value::String(text) if text == "text" => Body::Text,
        value => Body::Json(kind(value)),
    };
    Some(Operation {
        name: row["name"].as_str()?.to_owned(),
        aliases: texts_of(&row["aliases"]),
        method: Method::of_name(row["method"].as_str()?)?,
        summary: text_of(&row["summary"]),
        note,
        reads: row["reads"] == true,
        inner: inner.collect(),
        query: parameters("query"),
        one_of: texts_of(&row["one_of"]),
        commas: texts_of(&row["commas"]),
        most: row["most"].as_u64(),
        body: row.get("body").map(kind),
        body_presence: if row["needs_body"] == true { Presence::Required } else { Presence::Optional },
        answer: Answer { status: u16::try_from(row["status"].as_u64()?).ok()?, body },
        accept: row["accept"].as_str().map(str::to_owned),
        scopes: texts_of(&row["scopes"]),
        scope: if row["outside"] == true { Scope::Outside } else { Scope::Described },
        path,
    })
}

/// The names in braces of a path, from left to right.
pub(crate) fn names_in(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// A name without its marks, and what they say.
fn marked(name: &str) -> (String, Presence) {
    let name = name.strip_suffix('?').unwrap_or(name);
    match name.strip_suffix('!') {
        Some(name) => (name.to_owned(), Presence::Required),
        None => (name.to_owned(), Presence::Optional),
    }
}

fn kind(value: &Value) -> Kind {
    match value {
        Value::String(name) => match name.as_str() {
            "any" => Kind::Any,
            "string" => Kind::Text,
            "integer" => Kind::Integer,
            "number" => Kind::Number,
            "boolean" => Kind::Boolean,
            "object" => Kind::Object,
            name => Kind::Named(name.to_owned()),
        },
        Value::Array(of) => Kind::List(Box::new(of.first().map_or(Kind::Any, kind))),
        Value::Object(object) => compound(object),
        _ => Kind::Any,
    }
}

fn compound(object: &Map<String, Value>) -> Kind {
    if let Some(Value::Array(values)) = object.get("enum") {
        return Kind::Choice(values.clone());
    }
    if let Some(Value::Array(kinds)) = object.get("of") {
        return Kind::OneOf(kinds.iter().map(kind).collect());
    }
    if let Some(of) = object.get("map") {
        return Kind::Map(Box::new(kind(of)));
    }
    let Some(Value::Object(fields)) = object.get("fields") else { return Kind::Any };
    let field = |(name, value): (&String, &Value)| {
        let (name, presence) = marked(name);
        Field { name, kind: kind(value), presence }
    };
    Kind::Fields(fields.iter().map(field).collect())
}
