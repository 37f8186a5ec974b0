//! The operations of the API for a person and as JSON: a list of them, and one with everything that it takes.

use helpbook_catalogue::{Body, Catalogue, Field, Kind, Operation, Parameter, Presence, Scope};
use serde_json::{Value, json};

use super::paint::Paint;

/// How deep the fields of objects are shown.
const DEEPEST: usize = 3;

/// From how many fields of the same type on they are one line.
const MANY: usize = 5;

/// The operations, one a line: name, method, path, and what it does.
pub fn list(operations: &[&Operation], paint: Paint) -> String {
    let name = operations.iter().map(|one| one.name.len()).max().unwrap_or_default();
    let path = operations.iter().map(|one| one.path.len()).filter(|path| *path <= 56).max().unwrap_or_default();
    let line = |one: &&Operation| {
        let shown = paint.bold(&format!("{:name$}", one.name));
        format!("{shown}  {:6} {:path$}  {}\n", one.method.name(), one.path, one.summary)
    };
    operations.iter().map(line).collect()
}

/// The operations as an array.
pub fn list_json(operations: &[&Operation]) -> String {
    let row = |one: &&Operation| {
        json!({
            "name": one.name,
            "aliases": one.aliases,
            "method": one.method.name(),
            "path": one.path,
            "summary": one.summary,
        })
    };
    format!("{:#}\n", Value::from(operations.iter().map(row).collect::<Vec<_>>()))
}

/// Everything about an operation.
pub fn describe(operation: &Operation, paint: Paint) -> String {
    let mut text = format!("{}  {} {}\n", paint.bold(&operation.name), operation.method, operation.path);
    text.push_str(&format!("  {}\n", operation.summary));
    if let Some(note) = &operation.note {
        let condition = note.condition.as_ref().map(|(name, value)| format!(" (where `{name}` is `{value}`)"));
        text.push_str(&format!("  {}{}\n", note.text, condition.unwrap_or_default()));
    }
    if !operation.aliases.is_empty() {
        text.push_str(&format!("  also called {}\n", operation.aliases.join(", ")));
    }
    if !operation.scopes.is_empty() {
        text.push_str(&format!("  the token needs {}\n", operation.scopes.join(", ")));
    }
    if operation.scope == Scope::Outside {
        text.push_str("  what it takes is not described; it is sent as it is\n");
    }
    let mut rows = Rows::default();
    rows.parameters("In the path", &operation.inner);
    rows.parameters("In the query", &operation.query);
    if let Some(kind) = &operation.body {
        rows.heading("In the body");
        rows.fields(kind, 1);
    }
    text.push_str(&rows.text(paint));
    let body = match &operation.answer.body {
        Body::None => String::new(),
        Body::Text => ", no JSON".to_owned(),
        Body::Json(kind) => format!(", {kind}"),
    };
    text.push_str(&format!("\n{}\n  {}{body}\n", paint.bold("Answer"), operation.answer.status));
    text.push_str(&format!("\n{}\n  {}\n", paint.bold("Example"), example(operation)));
    text
}

/// Everything about an operation as one object.
pub fn describe_json(operation: &Operation) -> String {
    let parameter = |one: &Parameter| json!({"name": one.name, "type": one.kind.to_string(), "required": one.presence == Presence::Required});
    let parameters = |all: &[Parameter]| Value::from(all.iter().map(parameter).collect::<Vec<_>>());
    let document = json!({
        "name": operation.name,
        "aliases": operation.aliases,
        "method": operation.method.name(),
        "path": operation.path,
        "summary": operation.summary,
        "reads": operation.is_read(),
        "note": operation.note.as_ref().map(|note| &note.text),
        "permissions": operation.scopes,
        "path_parameters": parameters(&operation.inner),
        "query": parameters(&operation.query),
        "body": operation.body.as_ref().map(|kind| shape(kind, 0)),
        "status": operation.answer.status,
        "example": example(operation),
    });
    format!("{document:#}\n")
}

/// A type as JSON: the fields of an object by name, and everything else in words.
fn shape(kind: &Kind, depth: usize) -> Value {
    match Catalogue::get().resolve(kind) {
        _ if depth > DEEPEST => Value::from(kind.to_string()),
        Kind::Fields(fields) => {
            let field = |field: &Field| {
                let required = field.presence == Presence::Required;
                (field.name.clone(), json!({"type": shape(&field.kind, depth + 1), "required": required}))
            };
            Value::Object(fields.iter().map(field).collect())
        }
        Kind::OneOf(kinds) => json!({"one_of": kinds.iter().map(|kind| shape(kind, depth + 1)).collect::<Vec<_>>()}),
        Kind::List(of) => json!([shape(of, depth + 1)]),
        found => Value::from(found.to_string()),
    }
}

/// A command that does it, with what it needs.
fn example(operation: &Operation) -> String {
    let mut command = format!("helpbook api {}", operation.name);
    let required = |parameter: &&Parameter| parameter.presence == Presence::Required;
    let first = operation.one_of.first();
    for one in operation.inner.iter().chain(operation.query.iter().filter(required)) {
        command.push_str(&format!(" -f {}=…", one.name));
    }
    command.extend(first.map(|name| format!(" -f {name}=…")));
    let mut kind = operation.body.as_ref().map(|kind| Catalogue::get().resolve(kind));
    if let Some(Kind::OneOf(kinds)) = kind {
        kind = kinds.first().map(|kind| Catalogue::get().resolve(kind));
    }
    if let Some(Kind::Fields(fields)) = kind {
        for field in fields.iter().filter(|field| field.presence == Presence::Required) {
            let option = match Catalogue::get().resolve(&field.kind) {
                Kind::Text | Kind::Choice(_) => "-f",
                _ => "-F",
            };
            command.push_str(&format!(" {option} {}=…", field.name));
        }
    }
    command
}

/// Lines in columns below headings.
#[derive(Default)]
struct Rows(Vec<Row>);

enum Row {
    Heading(&'static str),
    Line { depth: usize, name: String, kind: String, presence: Presence },
}

impl Rows {
    fn heading(&mut self, heading: &'static str) {
        self.0.push(Row::Heading(heading));
    }

    fn parameters(&mut self, heading: &'static str, parameters: &[Parameter]) {
        if parameters.is_empty() {
            return;
        }
        self.heading(heading);
        for Parameter { name, kind, presence } in in_order(parameters, |one| one.presence) {
            let kind = Catalogue::get().resolve(kind).to_string();
            self.0.push(Row::Line { depth: 1, name: name.clone(), kind, presence: *presence });
        }
    }

    fn fields(&mut self, kind: &Kind, depth: usize) {
        match Catalogue::get().resolve(kind) {
            _ if depth > DEEPEST => {}
            Kind::Fields(fields) => {
                for (name, Field { kind, presence, .. }) in gathered(&in_order(fields, |one| one.presence)) {
                    let shown = shown(kind);
                    self.0.push(Row::Line { depth, name, kind: shown, presence: *presence });
                    self.fields(kind, depth + 1);
                }
            }
            Kind::OneOf(kinds) => {
                let objects = kinds.iter().filter(|kind| is_object(kind)).collect::<Vec<_>>();
                for (number, kind) in objects.iter().enumerate() {
                    if objects.len() > 1 {
                        let name = format!("either way {}", number + 1);
                        self.0.push(Row::Line { depth, name, kind: String::new(), presence: Presence::Optional });
                    }
                    self.fields(kind, depth + usize::from(objects.len() > 1));
                }
            }
            Kind::List(of) => self.fields(of, depth),
            _ => {}
        }
    }

    fn text(self, paint: Paint) -> String {
        let width = |row: &Row| match row {
            Row::Heading(_) => 0,
            Row::Line { depth, name, .. } => 2 * depth + name.chars().count(),
        };
        let widest = self.0.iter().map(width).max().unwrap_or_default();
        let mut text = String::new();
        for row in &self.0 {
            match row {
                Row::Heading(heading) => text.push_str(&format!("\n{}\n", paint.bold(heading))),
                Row::Line { depth, name, kind, presence } => {
                    let required = if *presence == Presence::Required { "  required" } else { "" };
                    let line = format!("{:indent$}{name}", "", indent = 2 * depth);
                    let line = format!("{line:widest$}  {kind}{required}");
                    text.push_str(&format!("{}\n", line.trim_end()));
                }
            }
        }
        text
    }
}

/// Fields with their names; many with the same type of object, such as all locales, are one line.
fn gathered<'f>(fields: &[&'f Field]) -> Vec<(String, &'f Field)> {
    let mut shown = Vec::new();
    for field in fields {
        let is_object = matches!(field.kind, Kind::Named(_)) && is_object(&field.kind);
        let alike = fields.iter().filter(|other| is_object && other.kind == field.kind).collect::<Vec<_>>();
        match alike.as_slice() {
            [first, .., last] if alike.len() >= MANY => {
                if first.name == field.name {
                    shown.push((format!("{} … {}", first.name, last.name), *field));
                }
            }
            _ if field.name == "*" => shown.push(("…".to_owned(), *field)),
            _ => shown.push((field.name.clone(), *field)),
        }
    }
    shown
}

/// What is required first.
fn in_order<T>(all: &[T], presence: impl Fn(&T) -> Presence) -> Vec<&T> {
    let mut all: Vec<&T> = all.iter().collect();
    all.sort_by_key(|one| presence(one) != Presence::Required);
    all
}

fn is_object(kind: &Kind) -> bool {
    matches!(Catalogue::get().resolve(kind), Kind::Fields(_) | Kind::OneOf(_))
}

/// A type in words; the name of one with fields helps nobody, as they are shown.
fn shown(kind: &Kind) -> String {
    match Catalogue::get().resolve(kind) {
        Kind::List(of) if is_object(of) => "list of objects".to_owned(),
        Kind::OneOf(kinds) if kinds.iter().all(is_object) => "object".to_owned(),
        found => found.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> &'static Operation {
        Catalogue::get().named(name).unwrap()
    }

    #[test]
    fn an_operation_says_what_it_takes() {
        insta::assert_snapshot!(describe(named("attachTagToTicket"), Paint::Plain), @r"
        attachTagToTicket  POST /tickets/{ticket_id}/tags
          Give a ticket a tag
          also called post_tickets_by_ticket_id_tags, attach_tag_to_ticket

        In the path
          ticket_id  text  required

        In the body
          admin_id   text  required
          id         text  required

        Answer
          200, tag

        Example
          helpbook api attachTagToTicket -f ticket_id=… -f admin_id=… -f id=…
        ");
        let text = describe(named("createArticle"), Paint::Plain);
        assert!(text.contains("\n    ar … zh-TW                     object\n"), "{text}");
    }

    #[test]
    fn a_list_is_in_columns() {
        let operations = [named("listTags"), named("deleteTag")];
        insta::assert_snapshot!(list(&operations, Paint::Plain), @r"
        listTags   GET    /tags           List the tags
        deleteTag  DELETE /tags/{tag_id}  Delete a tag
        ");
        insta::assert_snapshot!(list_json(&operations[..1]), @r#"
        [
          {
            "aliases": [
              "get_tags",
              "list_tags"
            ],
            "method": "GET",
            "name": "listTags",
            "path": "/tags",
            "summary": "List the tags"
          }
        ]
        "#);
    }

    #[test]
    fn every_operation_can_be_described() {
        for operation in Catalogue::get().operations() {
            let text = describe(operation, Paint::Plain);
            assert!(text.contains(&operation.path) && text.lines().count() > 5, "{text}");
            let document: Value = serde_json::from_str(&describe_json(operation)).unwrap();
            assert_eq!(document["name"], operation.name);
        }
    }
}
