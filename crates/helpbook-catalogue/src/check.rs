//! A value held to a type: what is wrong, and where. Whether a value makes sense is Intercom's to say.
//!
//! An id may be a number or a text, as Intercom takes both, and a field that may be left out may be null, which
//! empties it. A map takes any values. Where one of several types has to fit, the complaint is that of the type that
//! is nearest.

use std::fmt;

use serde_json::{Map, Value};

use crate::Catalogue;
use crate::kind::{Field, Kind, Presence};

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: `from.id`, `to[2]`; empty for the whole.
    pub place: String,
    /// What is wrong there.
    pub what: Wrong,
}

/// What is wrong in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// A field has to be there and is not.
    Missing,
    /// A field is not known; the nearest name that is, where one is near.
    Unknown(Option<String>),
    /// The type is another: what is expected, and what was found.
    Type(String, &'static str),
    /// The value is none of these.
    Value(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.place.is_empty() { "the body".to_owned() } else { format!("`{}`", self.place) };
        match &self.what {
            Wrong::Missing => write!(f, "{place} is missing"),
            Wrong::Unknown(None) => write!(f, "{place} is not known here"),
            Wrong::Unknown(Some(near)) => write!(f, "{place} is not known here; did you mean `{near}`?"),
            Wrong::Type(expected, found) => write!(f, "{place} is {found}, and expected is {expected}"),
            Wrong::Value(expected) => write!(f, "{place} has to be {expected}"),
        }
    }
}

impl Catalogue {
    /// What is wrong with a value of a type; empty where nothing is.
    pub fn check(&self, kind: &Kind, value: &Value) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.look(kind, value, "", &mut problems);
        problems
    }

    fn look(&self, kind: &Kind, value: &Value, place: &str, problems: &mut Vec<Problem>) {
        let resolved = self.resolve(kind);
        let fits = match resolved {
            Kind::Any | Kind::Named(_) => true,
            Kind::Text => value.is_string() || is_id(place) && value.is_u64(),
            Kind::Integer => value.is_i64() || value.is_u64() || is_id(place) && is_digits(value),
            Kind::Number => value.is_number(),
            Kind::Boolean => value.is_boolean(),
            Kind::Object | Kind::Map(_) => value.is_object(),
            Kind::List(of) => match value.as_array() {
                Some(values) => {
                    for (at, value) in values.iter().enumerate() {
                        self.look(of, value, &format!("{place}[{at}]"), problems);
                    }
                    true
                }
                None => false,
            },
            Kind::Choice(values) => {
                let is_scalar = !value.is_object() && !value.is_array();
                if is_scalar && !values.contains(value) {
                    return problems
                        .push(Problem { place: place.to_owned(), what: Wrong::Value(resolved.to_string()) });
                }
                is_scalar
            }
            Kind::OneOf(kinds) => return self.look_at_each(kinds, value, place, problems),
            Kind::Fields(fields) => match value.as_object() {
                Some(object) => {
                    self.look_at_fields(fields, object, place, problems);
                    true
                }
                None => false,
            },
        };
        if !fits {
            let what = Wrong::Type(with_article(resolved), found(value));
            problems.push(Problem { place: place.to_owned(), what });
        }
    }

    fn look_at_fields(&self, fields: &[Field], object: &Map<String, Value>, place: &str, problems: &mut Vec<Problem>) {
        let is_open = fields.iter().any(|field| field.name == "*");
        for (name, value) in object {
            let below = below(place, name);
            match fields.iter().find(|field| field.name == *name) {
                Some(field) if value.is_null() && field.presence == Presence::Optional => {}
                Some(field) => self.look(&field.kind, value, &below, problems),
                None if is_open => {}
                None => {
                    let near = nearest(name, fields.iter().map(|field| field.name.as_str()));
                    problems.push(Problem { place: below, what: Wrong::Unknown(near) });
                }
            }
        }
        let missing = fields.iter().filter(|field| field.presence == Presence::Required);
        for field in missing.filter(|field| !object.contains_key(&field.name)) {
            problems.push(Problem { place: below(place, &field.name), what: Wrong::Missing });
        }
    }

    /// One of the types has to fit. The complaint is that of the one with the fewest problems, and of these the one
    /// that got deepest.
    fn look_at_each(&self, kinds: &[Kind], value: &Value, place: &str, problems: &mut Vec<Problem>) {
        let tried = kinds.iter().map(|kind| {
            let mut problems = Vec::new();
            self.look(kind, value, place, &mut problems);
            problems
        });
        let weight = |problems: &Vec<Problem>| {
            let is_shallow = problems.iter().any(|one| one.place == place);
            (is_shallow, problems.len())
        };
        problems.extend(tried.min_by_key(weight).unwrap_or_default());
    }
}

/// The name that is nearest to one that is not known, if one is near.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let near = known.map(|known| (strsim::jaro_winkler(known, name), known));
    let near = near.filter(|(nearness, _)| *nearness > 0.8).max_by(|(one, _), (other, _)| one.total_cmp(other));
    near.map(|(_, name)| name.to_owned())
}

fn below(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") }
}

/// Whether a place is that of an id, or of one in a list of them.
fn is_id(place: &str) -> bool {
    let name = place.rsplit('.').next().unwrap_or(place);
    let name = name.split('[').next().unwrap_or(name);
    name == "id" || name.ends_with("_id") || name.ends_with("_ids")
}

fn is_digits(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn with_article(kind: &Kind) -> String {
    match kind {
        Kind::Boolean | Kind::Any | Kind::Choice(_) => kind.to_string(),
        Kind::Integer | Kind::Object | Kind::Fields(_) | Kind::Map(_) => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, body: &str, expected: &str) {
        let all = Catalogue::get();
        let operation = all.named(name).unwrap();
        let found = all.check(operation.body.as_ref().unwrap(), &serde_json::from_str(body).unwrap());
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "), expected);
    }

    #[test]
    fn a_body_that_fits_has_no_problem() {
        check("createArticle", r#"{"title": "A", "author_id": 1, "state": "draft", "description": null}"#, "");
        check("createArticle", r#"{"title": "A", "author_id": "1"}"#, "");
        check("updateArticle", r#"{"parent_id": 7, "translated_content": {"fr": {"title": "B"}}}"#, "");
        check("CreateContact", r#"{"email": "ada@example.com", "custom_attributes": {"plan": "x"}}"#, "");
    }

    #[test]
    fn what_is_wrong_is_named() {
        check("createArticle", r#"{"title": "A"}"#, "`author_id` is missing");
        check(
            "createArticle",
            r#"{"titel": "A", "title": "A", "author_id": 1}"#,
            "`titel` is not known here; did you mean `title`?",
        );
        check("createArticle", r#"{"title": 7, "author_id": 1}"#, "`title` is a number, and expected is a text");
        check(
            "createArticle",
            r#"{"title": "A", "author_id": 1, "state": "live"}"#,
            "`state` has to be published or draft",
        );
        check("createArticle", "[]", "the body is a list, and expected is an object");
        check(
            "updateArticle",
            r#"{"translated_content": {"fr": {"titel": "B"}}}"#,
            "`translated_content.fr.titel` is not known here; did you mean `title`?",
        );
    }

    #[test]
    fn of_several_types_the_nearest_complains() {
        check("CreateContact", r#"{"email": 7}"#, "`email` is a number, and expected is a text");
        check(
            "createMessage",
            r#"{"message_type": "email", "subject": "A", "body": "B", "template": "plain", "from": {"type": "admin"}, "to": {"type": "user", "id": "1"}}"#,
            "`from.id` is missing",
        );
    }
}
