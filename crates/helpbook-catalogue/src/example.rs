//! A value of a type, made up: what an answer looks like. Nothing of the description's own examples is in it.

use serde_json::{Map, Value, json};

use crate::Catalogue;
use crate::kind::Kind;
use crate::operation::{Body, Operation};

/// How deep objects are in each other before the rest is left out; some types hold themselves.
const DEEPEST: usize = 6;

/// The time of everything, in Unix seconds: the first of January 2026.
const TIME: u64 = 1_767_225_600;

impl Catalogue {
    /// The body of an answer to an operation; `None` where it has none that is JSON.
    pub fn example(&self, operation: &Operation) -> Option<Value> {
        match &operation.answer.body {
            Body::Json(kind) => Some(self.made(kind, "", 0)),
            Body::None | Body::Text => None,
        }
    }

    /// A value of a type, by the name of the field that it is for.
    fn made(&self, kind: &Kind, name: &str, depth: usize) -> Value {
        match self.resolve(kind) {
            Kind::Any | Kind::Named(_) | Kind::Text => text(name),
            Kind::Integer if is_time(name) => json!(TIME),
            Kind::Integer | Kind::Number => json!(1),
            Kind::Boolean => json!(false),
            Kind::Object | Kind::Map(_) => json!({}),
            Kind::List(_) if depth >= DEEPEST => json!([]),
            Kind::List(of) => json!([self.made(of, name, depth + 1)]),
            Kind::Choice(values) => values.first().cloned().unwrap_or_default(),
            Kind::OneOf(kinds) => kinds.first().map_or(Value::Null, |kind| self.made(kind, name, depth)),
            Kind::Fields(_) if depth >= DEEPEST => Value::Null,
            Kind::Fields(fields) => {
                let fields = fields.iter().filter(|field| field.name != "*");
                let mut object = Map::new();
                for field in fields {
                    // A list ends with its one page.
                    let value = match field.name.as_str() {
                        "next" | "next_cursor" | "prev" | "scroll_param" => Value::Null,
                        "has_more" => json!(false),
                        name => self.made(&field.kind, name, depth + 1),
                    };
                    object.insert(field.name.clone(), value);
                }
                Value::Object(object)
            }
        }
    }
}

/// Whether a field holds a time.
fn is_time(name: &str) -> bool {
    name.ends_with("_at") || name.ends_with("_until") || name == "date"
}

fn text(name: &str) -> Value {
    let made = match name {
        "id" => "1",
        "type" => "example",
        "email" => "ada@example.com",
        "name" => "Ada",
        "url" | "next" => "https://example.com/",
        "locale" => "en",
        name if name.ends_with("_id") || name.ends_with("_ids") => "1",
        name if name.ends_with("_url") => "https://example.com/",
        name if is_time(name) => "2026-01-01T00:00:00Z",
        _ => "example",
    };
    json!(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Scope;

    #[test]
    fn every_operation_has_an_answer_of_its_own_type() {
        let all = Catalogue::get();
        for operation in all.operations().iter().filter(|one| one.scope == Scope::Described) {
            let Body::Json(kind) = &operation.answer.body else { continue };
            let example = all.example(operation).unwrap();
            // Deep ends are null, which is not a type.
            let problems: Vec<String> = all
                .check(kind, &example)
                .iter()
                .map(ToString::to_string)
                .filter(|problem| !problem.contains("is null"))
                .collect();
            assert_eq!(problems, [""; 0], "{}", operation.name);
        }
    }
}
