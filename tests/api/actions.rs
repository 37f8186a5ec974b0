//! The 258 names that other connectors have: each by name and by path, and what is wrong with each.
//!
//! `actions.tsv` has a line for each: name, method, path with query, version, fields as JSON, body, `Accept`. It was made
//! of Intercom's description by a script of its own, not of the catalogue. Five names are of no operation of 2.16.

use std::collections::BTreeSet;

use helpbook::api::{Checks, Draft, Field, Fields, Target};
use serde_json::{Map, Value};

use super::recorder::{Given, Recorder, Seen, TOKEN};

struct Action {
    name: &'static str,
    method: &'static str,
    path: &'static str,
    version: &'static str,
    /// Options with their fields: `-f`, `a=b`.
    fields: Vec<[String; 2]>,
    body: Value,
    accept: &'static str,
}

fn actions() -> Vec<Action> {
    let action = |line: &'static str| {
        let [name, method, path, version, fields, body, accept] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let fields = serde_json::from_str(fields).unwrap();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap() };
        Action { name, method, path, version, fields, body, accept }
    };
    include_str!("actions.tsv").lines().map(action).collect()
}

impl Action {
    fn expected(&self) -> Seen {
        Seen {
            method: self.method.to_owned(),
            path: self.path.to_owned(),
            version: self.version.to_owned(),
            accept: self.accept.to_owned(),
            token: format!("Bearer {TOKEN}"),
            body: self.body.clone(),
        }
    }

    /// The fields that are in the body, as they are when everything else is in the path.
    fn body_fields(&self) -> Vec<String> {
        let names: BTreeSet<&str> = self.body.as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
        let of_body = self.fields.iter().filter(|[_, field]| names.contains(field.split('=').next().unwrap()));
        of_body.flatten().cloned().collect()
    }

    /// What is wrong with the request with other fields; nothing where it could be sent.
    fn problems(&self, fields: impl IntoIterator<Item = [String; 2]>) -> String {
        let field = |[option, field]: [String; 2]| match option.as_str() {
            "-f" => Field::text(&field).unwrap(),
            _ => Field::typed(&field, |_| Ok(String::new())).unwrap(),
        };
        let fields: Vec<Field> = fields.into_iter().map(field).collect();
        let target = Target::parse(None, self.name).unwrap();
        match Draft::new(&target, Fields::from(fields), None, Checks::Catalogue) {
            Ok(_) => String::new(),
            Err(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        }
    }
}

/// The requests that reach a server, one run of the program after another, on as many threads as there are cores.
fn check(arguments: impl Fn(&Action) -> Vec<String> + Sync) {
    let actions = actions();
    assert_eq!(actions.len(), 258);
    std::thread::scope(|scope| {
        for part in actions.chunks(actions.len().div_ceil(4)) {
            let arguments = &arguments;
            scope.spawn(move || {
                let server = Recorder::start(|_| Given::json(&serde_json::json!({"id": "1"})));
                let folder = server.folder();
                for action in part {
                    let mut all = vec!["api".to_owned(), "--yes".to_owned()];
                    all.extend(arguments(action));
                    let ran = folder.run(&all.iter().map(String::as_str).collect::<Vec<_>>());
                    assert_eq!(ran.exit, 0, "{all:?}\n{}", ran.stderr);
                    let mut seen = server.all_seen();
                    // Before a write it is looked up whose workspace that is.
                    seen.retain(|one| action.path == "/me" || one.path != "/me");
                    assert_eq!(seen, [action.expected()], "{all:?}");
                }
            });
        }
    });
}

#[test]
fn each_by_its_name_sends_what_the_description_asks_for() {
    check(|action| [action.name.to_owned()].into_iter().chain(action.fields.iter().flatten().cloned()).collect());
}

#[test]
fn each_by_its_path_sends_what_the_description_asks_for() {
    check(|action| {
        let mut all = vec![action.method.to_owned(), action.path.to_owned()];
        all.extend(action.body_fields());
        if action.version != "2.16" {
            all.extend(["--api-version".to_owned(), action.version.to_owned()]);
        }
        if action.accept != "application/json" {
            all.extend(["-H".to_owned(), format!("Accept: {}", action.accept)]);
        }
        all
    });
}

#[test]
fn what_is_wrong_with_each_is_named_and_not_sent() {
    let mut tried = 0;
    for action in actions() {
        assert_eq!(action.problems(action.fields.clone()), "", "{}", action.name);
        let is_outside = action.version != "2.16" || action.body == serde_json::json!({"a": "b"});
        let name = |field: &[String; 2]| field[1].split('=').next().unwrap().to_owned();
        let mut wrong = |what: String, fields: Vec<[String; 2]>| {
            let problems = action.problems(fields);
            assert!(problems.contains(&format!("`{what}")), "{} says nothing of `{what}`: {problems}", action.name);
            tried += 1;
        };
        if !is_outside {
            let nonsense = ["-f".to_owned(), "nonsense_x=1".to_owned()];
            wrong("nonsense_x".to_owned(), action.fields.iter().cloned().chain([nonsense]).collect());
        }
        for at in 0..action.fields.len() {
            let (field, others) = (name(&action.fields[at]), action.fields.iter().cloned().enumerate());
            let rest: Vec<[String; 2]> = others.filter(|(other, _)| *other != at).map(|(_, field)| field).collect();
            // A part of the path is always needed.
            if action.path.contains("a%2Fb%20c") && action.fields[at][1].ends_with("=a/b c") {
                wrong(field, rest);
                continue;
            }
            // A list where one value belongs, and one value where a list or an object belongs.
            let is_one = !action.body[field.as_str()].is_object() && !action.body[field.as_str()].is_array();
            if action.body.get(&field).is_some() && !is_outside {
                let other = if is_one { format!("{field}=[[1]]") } else { format!("{field}=true") };
                wrong(field, rest.into_iter().chain([["-F".to_owned(), other]]).collect());
            }
        }
    }
    assert!(tried > 400, "{tried}");
}

#[test]
fn what_is_wrong_is_wrong_usage_and_reaches_nobody() {
    let server = Recorder::start(|_| Given::json(&Value::Null));
    let folder = server.folder();
    folder.run(&["api", "create_article", "-f", "titel=A", "-F", "author_id=1", "--yes"]).exits(64).says("`titel`");
    folder.run(&["api", "delete_articles_by_id", "-f", "article_id=x", "--yes"]).exits(64).says("`article_id` is `x`");
    folder.run(&["api", "get_articles_search", "-f", "frase=x"]).exits(64).says("did you mean `phrase`?");
    folder.run(&["api", "list_artciles"]).exits(64).says("did you mean `list_articles`");
    assert_eq!(server.seen(), []);
    folder.run(&["api", "get_articles_search", "-f", "frase=x", "--no-check"]).exits(0);
    assert_eq!(server.seen()[0].path, "/articles/search?frase=x");
}
