//! A request before it is sent: fields put where they belong, and everything held to the catalogue.
//!
//! Names in braces are filled from fields of the same name. What is left goes into the query of a `GET`, and of every
//! other request where the catalogue says so; everything else is the body. Without a method, fields decide: a `GET`
//! where the path's `GET` knows all of them as parameters, else a `POST`. Nothing here reads a file or the network.

use helpbook_catalogue::{Catalogue, Kind, Method, Operation, Parameter, Presence, Scope, nearest};
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::field::Fields;
use super::next::with_parameter;
use super::problem::Problem;
use super::target::Target;
use crate::intercom::Request;
use crate::text::one_line;

/// Whether a request is held to the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checks {
    /// It is, where the catalogue knows it.
    Catalogue,
    /// It is sent as it is.
    None,
}

/// A request that can be sent.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The request, with the version that helpbook speaks and without further headers.
    pub request: Request,
    /// The operation that it is; `None` where the catalogue has none.
    pub operation: Option<&'static Operation>,
}

impl Draft {
    /// Brings target, fields and the body of a file together.
    ///
    /// # Errors
    /// Fails with everything that is wrong; nothing of it was sent.
    pub fn new(
        target: &Target,
        mut fields: Fields,
        input: Option<Vec<u8>>,
        checks: Checks,
    ) -> Result<Self, Vec<Problem>> {
        let path = filled(target, &mut fields).map_err(|problem| vec![problem])?;
        let method = match target.method {
            Some(method) => method,
            None => chosen(&path, &fields, input.as_deref()).map_err(|problem| vec![problem])?,
        };
        let catalogue = Catalogue::get();
        let operation = target.operation.or_else(|| catalogue.find(method, &path));
        let described = operation.filter(|one| one.scope == Scope::Described && checks == Checks::Catalogue);
        let mut problems = Vec::new();
        if checks == Checks::Catalogue && operation.is_none() && target.method.is_some() {
            let known = catalogue.at(&path);
            // Another method of a known path is sent as any other unknown request, but a GET that is none helps nobody.
            if !known.is_empty() && method == Method::Get {
                problems.push(no_method(&path, method, &known));
            }
        }
        let (query, body) = placed(fields, operation, method, input.as_deref());
        let query = match query.object() {
            Ok(query) => with_query(target, query, operation),
            Err(error) => return Err(vec![error.into()]),
        };
        let body = match (input, body) {
            (Some(_), fields) if !fields.is_empty() => {
                let names = fields.names().map(|name| Problem::FieldAndInput(one_line(name)));
                return Err(names.collect());
            }
            (Some(input), _) => Some(input),
            (None, fields) if fields.is_empty() => None,
            (None, fields) => match fields.object() {
                Ok(object) => Some(Value::Object(object).to_string().into_bytes()),
                Err(error) => return Err(vec![error.into()]),
            },
        };
        if let Some(operation) = described {
            check_path(operation, &path, &mut problems);
            check_query(operation, &query, &mut problems);
            check_body(operation, body.as_deref(), &mut problems);
        }
        let full = if query.is_empty() { path } else { format!("{path}?{query}") };
        let request = Request::new(method, &full).map(|request| match body {
            Some(body) => request.with_body(body),
            None => request,
        });
        match request {
            Ok(request) if problems.is_empty() => Ok(Self { request, operation }),
            Ok(_) => Err(problems),
            Err(error) => {
                problems.push(error.into());
                Err(problems)
            }
        }
    }

    /// Asks for the largest pages that the list is known to have, where the query does not say how large.
    ///
    /// # Errors
    /// Fails as [`Request::new`] does, which it never does for a path that was one.
    pub fn with_largest_pages(mut self) -> Result<Self, Problem> {
        let path = self.request.path();
        let names = path.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let is_set = form_urlencoded::parse(names.as_bytes()).any(|(name, _)| name == "per_page");
        if let Some(most) = self.operation.and_then(|one| one.most).filter(|_| !is_set) {
            let path = with_parameter(path, "per_page", &most.to_string());
            let body = self.request.body().map(<[u8]>::to_vec);
            let request = Request::new(self.request.method(), &path)?;
            self.request = match body {
                Some(body) => request.with_body(body),
                None => request,
            };
        }
        Ok(self)
    }
}

/// The path with a value in place of each name in braces.
fn filled(target: &Target, fields: &mut Fields) -> Result<String, Problem> {
    let names: Vec<&str> = target.path.split('/').filter_map(name_in_braces).collect();
    let only = names.len() == 1 && target.operation.is_some_and(|one| !takes(one, "id"));
    let mut path = Vec::new();
    for part in target.path.split('/') {
        let Some(name) = name_in_braces(part) else {
            path.push(part.to_owned());
            continue;
        };
        let value = fields.take(name).or_else(|| if only { fields.take("id") } else { None });
        let value = value.ok_or_else(|| Problem::NoPart(one_line(name)))?;
        if matches!(value.as_str(), "" | "." | "..") {
            return Err(Problem::Part {
                name: one_line(name),
                value: one_line(&value),
                expected: "a text that can be part of a path".to_owned(),
            });
        }
        let escaped: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        path.push(escaped.replace('+', "%20"));
    }
    Ok(path.join("/"))
}

fn name_in_braces(part: &str) -> Option<&str> {
    part.strip_prefix('{')?.strip_suffix('}')
}

/// Whether an operation has something of this name in its query or its body.
fn takes(operation: &Operation, name: &str) -> bool {
    operation.query.iter().any(|one| one.name == name) || body_takes(operation, name)
}

fn body_takes(operation: &Operation, name: &str) -> bool {
    let catalogue = Catalogue::get();
    fn takes(catalogue: &Catalogue, kind: &Kind, name: &str) -> bool {
        match catalogue.resolve(kind) {
            Kind::Fields(fields) => fields.iter().any(|field| field.name == name),
            Kind::OneOf(kinds) => kinds.iter().any(|kind| takes(catalogue, kind, name)),
            _ => false,
        }
    }
    operation.body.as_ref().is_some_and(|kind| takes(catalogue, kind, name))
}

/// The method of a path without one.
fn chosen(path: &str, fields: &Fields, input: Option<&[u8]>) -> Result<Method, Problem> {
    let known = Catalogue::get().at(path);
    let reads = known.iter().find(|one| one.method == Method::Get);
    let are_parameters =
        |one: &Operation| fields.names().all(|name| one.query.iter().any(|parameter| parameter.name == name));
    let method = match (fields.is_empty() && input.is_none(), reads) {
        (true, _) => Method::Get,
        (false, Some(one)) if input.is_none() && are_parameters(one) => Method::Get,
        // Only a GET is there: what it does not know is said then.
        (false, Some(_)) if known.len() == 1 => Method::Get,
        (false, _) => Method::Post,
    };
    if known.is_empty() || known.iter().any(|one| one.method == method) {
        return Ok(method);
    }
    Err(no_method(path, method, &known))
}

fn no_method(path: &str, method: Method, known: &[&Operation]) -> Problem {
    let known = known.iter().map(|one| one.method.name()).collect::<Vec<_>>().join(", ");
    Problem::NoMethod { path: one_line(path), method, known }
}

/// The fields of the query, and those of the body.
fn placed(fields: Fields, operation: Option<&Operation>, method: Method, input: Option<&[u8]>) -> (Fields, Fields) {
    match operation {
        Some(one) if one.scope == Scope::Described => {
            let is_parameter = |name: &str| one.query.iter().any(|parameter| parameter.name == name);
            let has_no_body = one.body.is_none();
            fields.split(|name| is_parameter(name) && !body_takes(one, name) || has_no_body && !is_write(method))
        }
        _ if input.is_some() || !is_write(method) || method == Method::Delete => (fields, Fields::default()),
        _ => (Fields::default(), fields),
    }
}

fn is_write(method: Method) -> bool {
    method != Method::Get
}

/// The query that was typed with the path, and that of the fields.
fn with_query(target: &Target, fields: Map<String, Value>, operation: Option<&Operation>) -> String {
    let mut all = form_urlencoded::Serializer::new(target.query.clone());
    for (name, value) in fields {
        let is_list = operation.is_some_and(|one| one.query.iter().any(|parameter| parameter.name == name));
        match value {
            Value::Array(values) if operation.is_some_and(|one| one.commas.contains(&name)) => {
                all.append_pair(&name, &values.iter().map(plain).collect::<Vec<_>>().join(","));
            }
            Value::Array(values) => {
                let name = if is_list { name } else { format!("{name}[]") };
                for value in values {
                    all.append_pair(&name, &plain(&value));
                }
            }
            Value::Object(values) => {
                for (key, value) in values {
                    all.append_pair(&format!("{name}[{key}]"), &plain(&value));
                }
            }
            value => {
                all.append_pair(&name, &plain(&value));
            }
        }
    }
    all.finish()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn check_path(operation: &Operation, path: &str, problems: &mut Vec<Problem>) {
    let values = operation.path.split('/').zip(path.split('/')).filter(|(own, _)| own.starts_with('{'));
    for (Parameter { name, kind, .. }, (_, value)) in operation.inner.iter().zip(values) {
        if let Some(expected) = wrong(kind, value) {
            problems.push(Problem::Part { name: name.clone(), value: one_line(value), expected });
        }
    }
}

fn check_query(operation: &Operation, query: &str, problems: &mut Vec<Problem>) {
    let given: Vec<(String, String)> =
        form_urlencoded::parse(query.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    for (name, value) in &given {
        let bare = name.split('[').next().unwrap_or(name);
        let Some(parameter) = operation.query.iter().find(|parameter| parameter.name == bare) else {
            let near = nearest(bare, operation.query.iter().map(|parameter| parameter.name.as_str()));
            let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            problems.push(Problem::UnknownParameter(one_line(name), near));
            continue;
        };
        let is_joined = operation.commas.contains(&parameter.name);
        let values = value.split(',').filter(|_| is_joined).chain((!is_joined).then_some(value.as_str()));
        let kind = match Catalogue::get().resolve(&parameter.kind) {
            Kind::List(kind) => kind,
            kind => kind,
        };
        if let Some(expected) = values.into_iter().find_map(|value| wrong(kind, value)) {
            problems.push(Problem::Parameter { name: one_line(name), value: one_line(value), expected });
        }
    }
    let is_given = |name: &str| given.iter().any(|(known, _)| known.split('[').next() == Some(name));
    let required = operation.query.iter().filter(|parameter| parameter.presence == Presence::Required);
    let missing = required.filter(|parameter| !is_given(&parameter.name));
    problems.extend(missing.map(|parameter| Problem::NoParameter(parameter.name.clone())));
    if !operation.one_of.is_empty() && !operation.one_of.iter().any(|name| is_given(name)) {
        let names: Vec<String> = operation.one_of.iter().map(|name| format!("`{name}`")).collect();
        problems.push(Problem::NoneOf(names.join(", ")));
    }
}

/// What is expected of a value in a path or a query, where it is not that.
fn wrong(kind: &Kind, value: &str) -> Option<String> {
    let fits = match Catalogue::get().resolve(kind) {
        Kind::Integer => value.parse::<i64>().is_ok(),
        Kind::Number => value.parse::<f64>().is_ok(),
        Kind::Boolean => matches!(value, "true" | "false"),
        Kind::Choice(values) => values.iter().any(|known| plain(known) == value),
        Kind::OneOf(kinds) => kinds.iter().any(|kind| wrong(kind, value).is_none()),
        _ => true,
    };
    (!fits).then(|| match kind {
        Kind::Integer => "an integer".to_owned(),
        Kind::Number => "a number".to_owned(),
        kind => Catalogue::get().resolve(kind).to_string(),
    })
}

fn check_body(operation: &Operation, body: Option<&[u8]>, problems: &mut Vec<Problem>) {
    let catalogue = Catalogue::get();
    match (&operation.body, body) {
        (None, None) => {}
        (None, Some(body)) => {
            let names = serde_json::from_slice::<Map<String, Value>>(body).unwrap_or_default();
            if names.is_empty() {
                problems.push(Problem::SomeBody(operation.name.clone()));
            }
            problems.extend(names.keys().map(|name| {
                let near = nearest(name, operation.query.iter().map(|parameter| parameter.name.as_str()));
                let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                Problem::UnknownParameter(one_line(name), near)
            }));
        }
        (Some(kind), None) if operation.body_presence == Presence::Required => {
            let missing = catalogue.check(kind, &Value::Object(Map::new()));
            let names: Vec<String> = missing.iter().map(|problem| format!("`{}`", problem.place)).collect();
            let names = if names.is_empty() { String::new() } else { format!(": it needs {}", names.join(", ")) };
            problems.push(Problem::NoBody(names));
        }
        (Some(_), None) => {}
        (Some(kind), Some(body)) => match serde_json::from_slice(body) {
            Ok(body) => problems.extend(catalogue.check(kind, &body).into_iter().map(Problem::Body)),
            Err(error) => problems.push(Problem::NotJson(one_line(&error.to_string()))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::field::Field;
    use super::*;

    /// Words as they are typed, the fields after them.
    fn draft(words: &str, fields: &[&str], checks: Checks) -> Result<Draft, Vec<Problem>> {
        let words: Vec<&str> = words.split(' ').collect();
        let (method, word) = if let [method, word] = words[..] { (Some(method), word) } else { (None, words[0]) };
        let target = Target::parse(method, word).unwrap();
        let fields: Vec<Field> =
            fields.iter().map(|field| Field::typed(field, |_| Ok(String::new())).unwrap()).collect();
        Draft::new(&target, fields.into(), None, checks)
    }

    #[track_caller]
    fn check(words: &str, fields: &[&str], expected: &str) {
        let found = match draft(words, fields, Checks::Catalogue) {
            Ok(Draft { request, .. }) => {
                let body = request.body().map(|body| format!(" {}", String::from_utf8_lossy(body)));
                format!("{} {}{}", request.method(), request.path(), body.unwrap_or_default())
            }
            Err(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn fields_are_put_where_they_belong() {
        check("articles/{id}/versions", &["id=9100001"], "GET /articles/9100001/versions");
        check("retrieveArticle", &["article_id=7"], "GET /articles/7");
        check("retrieveArticle", &["id=7"], "GET /articles/7");
        check("articles/search", &["phrase=a b"], "GET /articles/search?phrase=a+b");
        check("articles", &["per_page=5"], "GET /articles?per_page=5");
        check("articles", &["title=A", "author_id=1"], r#"POST /articles {"author_id":1,"title":"A"}"#);
        check("PUT articles/7", &["title=A"], r#"PUT /articles/7 {"title":"A"}"#);
        check(
            "MergeContact",
            &["from=a", "into=b", "include_merge_history=true"],
            r#"POST /contacts/merge?include_merge_history=true {"from":"a","into":"b"}"#,
        );
        check(
            "detachTagFromTicket",
            &["ticket_id=1", "tag_id=2", "admin_id=3"],
            r#"DELETE /tickets/1/tags/2 {"admin_id":3}"#,
        );
        check("lisDataEvents", &["type=user", "user_id=a/b"], "GET /events?type=user&user_id=a%2Fb");
        check("ShowContactByExternalId", &["external_id=a/b c"], "GET /contacts/find_by_external_id/a%2Fb%20c");
        check("searchContent", &["locales[]=en", "locales[]=fr"], "GET /content/search?locales=en%2Cfr");
        check(
            "POST custom_channel_events/notify_new_message",
            &["a=1"],
            r#"POST /custom_channel_events/notify_new_message {"a":1}"#,
        );
        check("GET anything", &["a[]=1"], "GET /anything?a%5B%5D=1");
    }

    #[test]
    fn what_is_wrong_is_named_before_anything_is_sent() {
        check("articles/{id}/versions", &[], "`id` is missing, which is a part of the path");
        check("retrieveArticle", &["article_id=x"], "`article_id` is `x`, and expected is an integer");
        check("articles/x", &[], "`article_id` is `x`, and expected is an integer");
        check(
            "ShowContact",
            &["contact_id=.."],
            "`contact_id` is `..`, and expected is a text that can be part of a path",
        );
        check("listArticles", &["per_pag=5"], "`per_pag` is no parameter here; did you mean `per_page`?");
        check("listArticles", &["per_page=x"], "`per_page` is `x`, and expected is an integer");
        check("lisDataEvents", &["type=user"], "one of `user_id`, `intercom_user_id`, `email` is missing");
        check("createArticle", &[], "the body is missing: it needs `author_id`, `title`");
        check("createArticle", &["title=A"], "`author_id` is missing");
        check("contacts/search", &[], "`/contacts/search` has no GET; it has POST");
        check("articles/7", &["title=A"], "`/articles/7` has no POST; it has GET, PUT, DELETE");
        check("ArchiveContact", &["contact_id=1", "x=1"], "`x` is no parameter here");
        check("DELETE articles/7", &["x=1"], "`x` is no parameter here");
    }

    #[test]
    fn without_checks_everything_is_sent_that_can_be() {
        let sent =
            |words, fields: &[&str]| draft(words, fields, Checks::None).map(|draft| draft.request.path().to_owned());
        assert_eq!(sent("listArticles", &["x=1"]).unwrap(), "/articles?x=1");
        assert_eq!(sent("articles/x", &[]).unwrap(), "/articles/x");
        assert!(sent("articles/{id}", &[]).is_err() && sent("GET /a/../b", &[]).is_err());
    }

    #[test]
    fn the_largest_pages_are_asked_for_unless_somebody_says_how_large() {
        let path = |words, fields: &[&str]| {
            let draft = draft(words, fields, Checks::Catalogue).unwrap().with_largest_pages().unwrap();
            draft.request.path().to_owned()
        };
        assert_eq!(path("articles", &[]), "/articles?per_page=250");
        assert_eq!(path("articles", &["per_page=5"]), "/articles?per_page=5");
        assert_eq!(path("contacts", &[]), "/contacts");
    }
}
