//! What Intercom's description of its API says of the operations that `serve` answers, and what does not conform to it.
//!
//! The facts are in `description.json`: names, types and what is required, of version 2.16. They were taken from the
//! description by a program; its wording is not kept. Nothing here knows where a request comes from, and nothing is left out as
//! known: where the description is wrong is in `deviations`.
//!
//! A shape is a text, `string`, `integer`, `number`, `boolean`, `object`, the name of a schema, or `[shape]` for a list,
//! each with `?` where it may be null; or an object with `enum`, `format`, `one_of`, `items` or `fields`. An object may
//! be `nullable`, and a record has names that are `required`, `read_only` (answers alone have them) or `shown`: every
//! example of an answer has these, and so every answer should, though the description requires none of them.
//!
//! Both requests and answers are held strictly to it: a field that is not described is a complaint. A refusal whose status
//! is not described still has to have the shape of an error.

use std::fmt;

use serde_json::Value;

/// The description, read.
pub struct Description {
    facts: Value,
}

/// Something that does not conform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The operation, and `request` or the status of the answer.
    pub operation: String,
    /// Where in the body, as a JSON pointer; empty where it is about the whole.
    pub at: String,
    /// Where in the description: `article_content.url`, `GET /articles?page` or `GET /articles 400`.
    pub place: String,
    /// What is wrong: `is null`, `is missing`, `is not described` and so on.
    pub what: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, at, place, what } = self;
        write!(to, "{operation}: {at}{}{what} ({place})", if at.is_empty() { "" } else { " " })
    }
}

impl Description {
    /// Reads the facts that are kept beside this file.
    pub fn load() -> Self {
        Self { facts: serde_json::from_str(include_str!("description.json")).unwrap() }
    }

    /// What does not conform in a request. A body that is `None` is not sent.
    pub fn request(&self, method: &str, path_and_query: &str, body: Option<&Value>) -> Vec<Complaint> {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let Some((name, facts)) = self.operation(method, path) else {
            return undescribed(method, path, "request");
        };
        let mut check =
            Check { description: self, is_request: true, operation: format!("{name} request"), found: vec![] };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (parameter, value) = pair.split_once('=').unwrap_or((pair, ""));
            let place = format!("{name}?{parameter}");
            match facts["query"][parameter].as_str() {
                None => check.complain("", &place, "is not described"),
                Some(kind) if !reads_as(value, kind) => check.complain("", &place, format!("is not of type {kind}")),
                Some(_) => {}
            }
        }
        match (facts.get("body"), body) {
            (Some(shape), body) => check.value(body.unwrap_or(&Value::Null), shape, "", name),
            (None, Some(_)) => check.complain("", name, "has a body"),
            (None, None) => {}
        }
        check.found
    }

    /// What does not conform in an answer. A body that is null is empty.
    pub fn answer(&self, method: &str, path_and_query: &str, status: u16, body: &Value) -> Vec<Complaint> {
        let path = path_and_query.split('?').next().unwrap_or_default();
        let Some((name, facts)) = self.operation(method, path) else {
            return undescribed(method, path, &status.to_string());
        };
        let place = format!("{name} {status}");
        let mut check = Check { description: self, is_request: false, operation: place.clone(), found: vec![] };
        match facts["answers"].get(status.to_string()) {
            None => {
                check.complain("", &place, "is not described");
                if status >= 400 && !body.is_null() {
                    check.value(body, &"error".into(), "", &place);
                }
            }
            Some(Value::Null) if body.is_null() => {}
            Some(Value::Null) => check.complain("", &place, "has a body"),
            Some(_) if body.is_null() => check.complain("", &place, "has no body"),
            Some(shape) => check.value(body, shape, "", &place),
        }
        let shown = names(&facts["shown"]).into_iter().filter(|_| status < 300);
        for field in shown.filter(|field| body.get(field).is_none()) {
            check.complain(&format!("/{field}"), &format!("{place}.{field}"), "is missing");
        }
        check.found
    }

    /// The operation of a path, by its name; one that names the path is before one that has a parameter there.
    fn operation(&self, method: &str, path: &str) -> Option<(&String, &Value)> {
        let fits = |(name, _): &(&String, &Value)| {
            let Some((its, template)) = name.split_once(' ') else { return false };
            let (template, path): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
            let part_fits =
                |(its, part): (&&str, &&str)| match its.strip_prefix('{').and_then(|its| its.strip_suffix('}')) {
                    Some(kind) => !part.is_empty() && reads_as(part, kind),
                    None => its == part,
                };
            its == method && template.len() == path.len() && template.iter().zip(&path).all(part_fits)
        };
        let operations = self.facts["operations"].as_object()?.iter();
        operations.filter(fits).min_by_key(|(name, _)| name.matches('{').count())
    }

    /// The shape of a field; every locale has that of `{locale}`.
    fn field<'a>(&'a self, record: &'a Value, name: &str) -> Option<&'a Value> {
        let of_locales = || record["fields"].get("{locale}").filter(|_| names(&self.facts["locales"]).contains(&name));
        record["fields"].get(name).or_else(of_locales)
    }

    fn may_be_null(&self, shape: &Value) -> bool {
        match shape.as_str() {
            Some(text) => text.ends_with('?') || self.facts["schemas"][text]["nullable"] == true,
            None => {
                shape["nullable"] == true || names(&shape["enum"]).len() < shape["enum"].as_array().map_or(0, Vec::len)
            }
        }
    }
}

/// One body being checked.
struct Check<'a> {
    description: &'a Description,
    is_request: bool,
    operation: String,
    found: Vec<Complaint>,
}

impl Check<'_> {
    fn complain(&mut self, at: &str, place: &str, what: impl Into<String>) {
        let (operation, at, place) = (self.operation.clone(), at.to_owned(), place.to_owned());
        self.found.push(Complaint { operation, at, place, what: what.into() });
    }

    fn value(&mut self, value: &Value, shape: &Value, at: &str, place: &str) {
        if value.is_null() {
            if !self.description.may_be_null(shape) {
                self.complain(at, place, "is null");
            }
        } else if let Some(text) = shape.as_str() {
            self.named(value, text.trim_end_matches('?'), at, place);
        } else if let Some(values) = shape["enum"].as_array() {
            if !values.contains(value) {
                self.complain(at, place, format!("is {value}, which is none of its values"));
            }
        } else if let Some(format) = shape["format"].as_str() {
            if !value.as_str().is_some_and(|text| has_format(text, format)) {
                self.complain(at, place, format!("is {value}, not of format {format}"));
            }
        } else if let Some(shapes) = shape["one_of"].as_array() {
            self.one_of(value, shapes, at, place);
        } else if let Some(inner) = shape.get("items") {
            self.list(value, inner, at, place);
        } else {
            self.object(value, shape, at, place);
        }
    }

    fn named(&mut self, value: &Value, name: &str, at: &str, place: &str) {
        let description = self.description;
        if let Some(inner) = name.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
            self.list(value, &inner.into(), at, place);
        } else if let Some(schema) = description.facts["schemas"].get(name).filter(|_| value.is_object()) {
            self.object(value, schema, at, name);
        } else if !is_a(value, name) {
            self.wrong_type(value, name, at, place);
        }
    }

    /// Where no alternative fits, the complaints are those of the one that fits best.
    fn one_of(&mut self, value: &Value, shapes: &[Value], at: &str, place: &str) {
        let tried = shapes.iter().map(|shape| {
            let mut check = Check { found: vec![], operation: self.operation.clone(), ..*self };
            check.value(value, shape, at, place);
            check.found
        });
        let best = tried.min_by_key(Vec::len).unwrap_or_default();
        self.found.extend(best);
    }

    fn list(&mut self, value: &Value, inner: &Value, at: &str, place: &str) {
        let Value::Array(values) = value else { return self.wrong_type(value, "list", at, place) };
        for (number, one) in values.iter().enumerate() {
            self.value(one, inner, &format!("{at}/{number}"), place);
        }
    }

    fn object(&mut self, value: &Value, record: &Value, at: &str, place: &str) {
        let Value::Object(object) = value else { return self.wrong_type(value, "object", at, place) };
        for (name, value) in object {
            let (at, place) = (format!("{at}/{name}"), format!("{place}.{name}"));
            if self.is_request && names(&record["read_only"]).contains(&name.as_str()) {
                self.complain(&at, &place, "is read-only");
            }
            match self.description.field(record, name) {
                Some(shape) => self.value(value, shape, &at, &place),
                None => self.complain(&at, &place, "is not described"),
            }
        }
        let shown = if self.is_request { vec![] } else { names(&record["shown"]) };
        for name in names(&record["required"]).into_iter().chain(shown) {
            if !object.contains_key(name) {
                self.complain(&format!("{at}/{name}"), &format!("{place}.{name}"), "is missing");
            }
        }
    }

    fn wrong_type(&mut self, value: &Value, kind: &str, at: &str, place: &str) {
        let its = match value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.complain(at, place, format!("is {its}, not of type {kind}"));
    }
}

fn undescribed(method: &str, path: &str, side: &str) -> Vec<Complaint> {
    let (operation, place) = (format!("{method} {path} {side}"), format!("{method} {path}"));
    vec![Complaint { operation, at: String::new(), place, what: "is not described".to_owned() }]
}

fn names(facts: &Value) -> Vec<&str> {
    facts.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => value.is_object(),
    }
}

/// Whether a text of an address is of a type.
fn reads_as(text: &str, kind: &str) -> bool {
    match kind {
        "integer" => text.parse::<i64>().is_ok(),
        "boolean" => ["true", "false"].contains(&text),
        _ => true,
    }
}

/// Whether a string has a format, as far as its characters and signs show.
fn has_format(text: &str, format: &str) -> bool {
    let signs = |wanted: &str| {
        text.len() >= wanted.len()
            && text.bytes().zip(wanted.bytes()).all(|(is, wanted)| match wanted {
                b'0' => is.is_ascii_digit(),
                b'x' => is.is_ascii_hexdigit(),
                _ => is == wanted,
            })
    };
    match format {
        "date-time" => signs("0000-00-00T00:00:00") && (text.ends_with('Z') || text[19..].contains(['+', '-'])),
        "uuid" => signs("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") && text.len() == 36,
        _ => text.contains("://"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks a request, `METHOD path`, or an answer, `METHOD path status`, with its body.
    #[track_caller]
    fn check(what: &str, body: &str, complaints: &[&str]) {
        let body: Value = serde_json::from_str(body).unwrap();
        let description = Description::load();
        let found = match what.split(' ').collect::<Vec<_>>()[..] {
            [method, path] => description.request(method, path, Some(&body).filter(|body| !body.is_null())),
            [method, path, status] => description.answer(method, path, status.parse().unwrap(), &body),
            _ => panic!("{what}"),
        };
        let found: Vec<String> =
            found.iter().map(|one| one.to_string().split_once(": ").unwrap().1.to_owned()).collect();
        assert_eq!(found, complaints);
    }

    #[test]
    fn every_shape_is_a_type_or_a_schema_that_there_is() {
        fn look(shape: &Value, schemas: &Value) {
            if let Some(text) = shape.as_str() {
                let name = text.trim_matches(['[', ']', '?']);
                let is_type = ["string", "integer", "number", "boolean", "object"].contains(&name);
                assert!(is_type || schemas.get(name).is_some(), "{text}");
            }
            let inner = shape["fields"].as_object().into_iter().flat_map(|fields| fields.values());
            let alternatives = shape["one_of"].as_array().into_iter().flatten();
            inner.chain(alternatives).chain(shape.get("items")).for_each(|one| look(one, schemas));
        }
        let Description { facts } = Description::load();
        let schemas = &facts["schemas"];
        schemas.as_object().unwrap().values().for_each(|schema| look(schema, schemas));
        for operation in facts["operations"].as_object().unwrap().values() {
            let answers = operation["answers"].as_object().unwrap().values();
            answers.chain(operation.get("body")).for_each(|shape| look(shape, schemas));
        }
    }

    #[test]
    fn a_request_has_a_described_path_query_and_body() {
        check("PUT /articles/7", r#"{"title":"A","author_id":1,"scheduled_publish_at":null}"#, &[]);
        check("GET /articles/search?phrase=a%20b&highlight=true", "null", &[]);
        check("GET /articles/x", "null", &["is not described (GET /articles/x)"]);
        let page = "is not of type integer (GET /articles/{integer}/versions?page)";
        let size = "is not described (GET /articles/{integer}/versions?size)";
        check("GET /articles/7/versions?page=a&size=2", "null", &[page, size]);
        check("GET /tags", "{}", &["has a body (GET /tags)"]);
        check("POST /audiences", "null", &["is null (POST /audiences)"]);
    }

    #[test]
    fn a_request_is_held_to_its_schema() {
        let sent = r#"{"title":null,"state":"gone","parent_id":"7","color":1,"scheduled_publish_at":"soon",
            "translated_content":{"fr":{"updated_by_id":3},"xx":{}}}"#;
        let found = [
            "/color is not described (create_article_request.color)",
            "/parent_id is a string, not of type integer (create_article_request.parent_id)",
            "/scheduled_publish_at is \"soon\", not of format date-time (create_article_request.scheduled_publish_at)",
            "/state is \"gone\", which is none of its values (create_article_request.state)",
            "/title is null (create_article_request.title)",
            "/translated_content/fr/updated_by_id is read-only (article_content.updated_by_id)",
            "/translated_content/xx is not described (article_translated_content.xx)",
            "/author_id is missing (create_article_request.author_id)",
        ];
        check("POST /articles", sent, &found);
        check("POST /tags", r#"{"name":"a","users":[{"id":"1"}]}"#, &[]);
        let number = "/id is a number, not of type string (create_or_update_tag_request.id)";
        check("POST /tags", r#"{"name":"a","id":1}"#, &[number]);
    }

    #[test]
    fn an_answer_is_held_to_the_schema_of_its_status() {
        let error = r#"{"type":"error.list","request_id":"12a938a3-314e-4939-b773-5cd45738bd21","errors":[]}"#;
        check("GET /articles/7 404", error, &[]);
        let short = error.replace("12a938a3-", "");
        let id = "/request_id is \"314e-4939-b773-5cd45738bd21\", not of format uuid (error.request_id)";
        check("GET /articles/7 404", &short, &[id]);
        check("GET /articles/7 404", "null", &["has no body (GET /articles/{integer} 404)"]);
        let status = "is not described (GET /articles/{integer} 409)";
        check("GET /articles/7 409", error, &[status]);
        check(
            "GET /articles/7 409",
            r#"{"type":1,"request_id":null,"errors":1}"#,
            &[
                status,
                "/errors is a number, not of type list (error.errors)",
                "/type is a number, not of type string (error.type)",
            ],
        );
        check("DELETE /audiences/7 204", "null", &[]);
        check("DELETE /audiences/7 204", "{}", &["has a body (DELETE /audiences/{string} 204)"]);
        let tags = r#"{"type":"list","data":[{"type":"tag","id":1}]}"#;
        check(
            "GET /tags 200",
            tags,
            &["/data/0/id is a number, not of type string (tag.id)", "/data/0/name is missing (tag.name)"],
        );
        let tag = r#"{"type":"tag","id":"1","name":"a","applied_at":null}"#;
        let shown = "/applied_by is missing (DELETE /articles/{integer}/tags/{string} 200.applied_by)";
        check("DELETE /articles/7/tags/1 200", tag, &[shown]);
    }
}
