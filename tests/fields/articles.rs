//! Articles in which both sides change fields, and what is live of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{By, Case, Field, Subjects, Values, bilingual};
use crate::harness::{Lock, Project, Server};

/// An article's front matter and body in one locale, from what each field is.
fn article_file(fields: &[Field], locale: &str, value: impl Fn(Field) -> String, id: Option<u64>) -> String {
    let mut text = "---\n".to_owned();
    let mut body = String::new();
    for field in fields.iter().filter(|field| field.locale == locale) {
        let value = value(*field);
        let line = match (field.name, value.as_str()) {
            ("body", _) => {
                body = value;
                continue;
            }
            ("author", "1") => "author: ada@example.com".to_owned(),
            ("author", _) => "author: grace@example.com".to_owned(),
            // The folder says it.
            ("collection", "a") => continue,
            ("tags" | "audiences", _) => format!("{}: [{value}]", field.name),
            ("ai", _) => {
                let (chatbot, copilot) = value.split_once(' ').unwrap();
                format!("ai: {{ chatbot: {chatbot}, copilot: {copilot} }}")
            }
            ("publish_at" | "unpublish_at", _) => format!("{}: {value}-01-01T00:00:00Z", field.name),
            _ => format!("{}: {value}", field.name),
        };
        writeln!(text, "{line}").unwrap();
    }
    if let Some(id) = id {
        writeln!(text, "id: {id}").unwrap();
    }
    format!("{text}---\n\n{body}\n")
}

/// Publishes every article as it starts, then lets both sides change what each case says.
pub fn build(subjects: &Subjects, lock: Lock) -> (Server, Project) {
    let is_bilingual = subjects.fields.iter().any(|field| field.locale == "fr");
    let server = if is_bilingual { bilingual() } else { Server::start() };
    for name in ["Leads", "Users", "Visitors"] {
        server.post("/audiences", &json!({ "name": name }));
    }
    let config = "docs: docs\nstate: published\n";
    let config = if is_bilingual { format!("{config}locales: [en, fr]\n") } else { config.to_owned() };
    let project = Project::new(&[
        ("helpbook.yml", &config),
        ("docs/a/_index.md", "---\ntitle: A\n---\n"),
        ("docs/b/_index.md", "---\ntitle: B\n---\n"),
        ("docs/c/_index.md", "---\ntitle: C\n---\n"),
    ])
    .on(&server);
    let write = |case: &Case, value: &dyn Fn(Field) -> String, id: Option<u64>| {
        let is_said = |field: &Field| {
            !subjects.unsaid.contains(&field.name) && (field.name != "unpublish_at" || case.by(*field).is_some())
        };
        let fields: Vec<Field> = subjects.fields.iter().copied().filter(is_said).collect();
        let path = format!("docs/{}", path(case));
        project.write(&path, &article_file(&fields, "en", value, id));
        if is_bilingual {
            project.write(&path.replace(".md", ".fr.md"), &article_file(&fields, "fr", value, None));
        }
    };
    for case in &subjects.cases {
        write(case, &|field| case.docs_at_first(field), None);
    }
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let before = project.read("helpbook.lock");
    let (ids, collection) = (project.article_ids(), project.id("docs/c/_index.md"));
    for case in &subjects.cases {
        let id = ids[&path(case)];
        a_teammate_changes(&server, case, id, collection);
        write(case, &|field| case.docs(field), Some(id));
    }
    lock.applied(&project, &before);
    (server, project)
}

pub fn path(case: &Case) -> String {
    format!("a/{}.md", case.n)
}

/// What has no draft by the API, all else in the editor.
fn a_teammate_changes(server: &Server, case: &Case, id: u64, collection: u64) {
    let theirs = || case.changed.iter().filter(|(_, by)| **by != By::Ours).map(|(field, _)| *field);
    let article = server.get(&format!("/articles/{id}"));
    let (is_bilingual, is_live) = (article["translated_content"].is_object(), article["state"] == "published");
    for field in theirs() {
        let change = match field.name {
            "collection" => json!({ "parent_id": collection.to_string() }),
            "ai" => json!({ "ai_chatbot_availability": false }),
            "audiences" => json!({ "audience_ids": audiences(server, &["Leads", "Users"]) }),
            "unpublish_at" => json!({ "scheduled_unpublish_at": "2098-01-01T00:00:00Z" }),
            "publish_at" => json!({ "scheduled_publish_at": "2098-01-01T00:00:00Z" }),
            "tags" => {
                let tag = server.post("/tags", &json!({ "name": "two" }));
                server.post(&format!("/articles/{id}/tags"), &json!({ "id": tag["id"] }));
                continue;
            }
            _ => continue,
        };
        // At the root it would be a change of every locale.
        let is_of_a_locale = is_bilingual && ["ai", "audiences"].contains(&field.name);
        let change = if is_of_a_locale { json!({ "translated_content": { field.locale: change } }) } else { change };
        server.put(&format!("/articles/{id}"), &change);
    }
    for locale in ["en", "fr"] {
        let mut edit = json!({ "locale": locale });
        for field in theirs().filter(|field| field.locale == locale) {
            let value = case.value(field.theirs);
            match field.name {
                "body" => edit["body"] = json!(format!("<p>{value}</p>")),
                "author" => edit["author_id"] = json!(2),
                "title" | "description" | "state" => edit[field.name] = json!(value),
                _ => continue,
            }
        }
        if edit.as_object().unwrap().len() > 1 {
            if edit["state"].is_null() {
                edit["publish"] = json!(is_live);
            }
            server.edit(id, &edit);
        }
    }
}

pub fn live(subjects: &Subjects, server: &Server, project: &Project) -> Values {
    let ids = project.article_ids();
    let articles = server.articles();
    let audiences = audience_names(server);
    let folders: BTreeMap<String, &str> =
        ["a", "b", "c"].map(|name| (project.id(&format!("docs/{name}/_index.md")).to_string(), name)).into();
    let mut live = BTreeMap::new();
    for case in &subjects.cases {
        let article = &articles[&ids[&path(case)]];
        for field in &subjects.fields {
            let content = match field.locale {
                "en" => article,
                locale => &article["translated_content"][locale],
            };
            // Of several locales, the root leaves out whose audiences these are.
            let settings = if article["translated_content"].is_null() {
                article
            } else {
                &article["translated_content"][field.locale]
            };
            let value = match field.name {
                "body" => plain(content["body"].as_str().unwrap()),
                "author" => content["author_id"].to_string(),
                "collection" => folders[&text_of(&article["parent_ids"][0])].to_owned(),
                "tags" => sorted(article["tags"]["tags"].as_array().unwrap().iter().map(|tag| text_of(&tag["name"]))),
                "ai" => format!("{} {}", content["ai_chatbot_availability"], content["ai_copilot_availability"]),
                "audiences" => sorted(
                    settings["audience_ids"].as_array().unwrap().iter().map(|id| audiences[&text_of(id)].clone()),
                ),
                "publish_at" | "unpublish_at" => match article[format!("scheduled_{}", field.name)].as_i64() {
                    Some(at) => jiff::Timestamp::from_second(at).unwrap().to_string()[..4].to_owned(),
                    None => "never".to_owned(),
                },
                name => text_of(&content[name]),
            };
            live.insert((case.name(), field.label()), value);
        }
    }
    live
}

fn audience_names(server: &Server) -> BTreeMap<String, String> {
    let list = server.get("/audiences");
    list["data"].as_array().unwrap().iter().map(|one| (text_of(&one["id"]), text_of(&one["name"]))).collect()
}

/// The ids of audiences.
fn audiences(server: &Server, names: &[&str]) -> Vec<u64> {
    let meant = audience_names(server).into_iter().filter(|(_, name)| names.contains(&name.as_str()));
    meant.map(|(id, _)| id.parse().unwrap()).collect()
}

pub fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn sorted(names: impl Iterator<Item = String>) -> String {
    names.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
}

/// The text between the tags.
fn plain(html: &str) -> String {
    html.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect()
}
