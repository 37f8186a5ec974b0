//! Collections in which both sides change fields, and what is live of them.

use std::collections::BTreeMap;

use serde_json::json;

use super::articles::text_of;
use super::{By, COLLECTION, Case, Field, Subjects, Values, bilingual};
use crate::harness::{Lock, Project, Server};

/// Publishes every collection as it starts, then lets both sides change what each case says.
pub fn build(subjects: &Subjects, lock: Lock) -> (Server, Project) {
    let server = bilingual();
    let project = Project::new(&[
        ("helpbook.yml", "docs: docs\nstate: published\nlocales: [en, fr]\n"),
        ("docs/a/_index.md", "---\ntitle: A\n---\n"),
        ("docs/b/_index.md", "---\ntitle: B\n---\n"),
        ("docs/c/_index.md", "---\ntitle: C\n---\n"),
        ("docs/c/article.md", "# Article\n\nRun it.\n"),
    ])
    .on(&server);
    let write = |case: &Case, value: &dyn Fn(&Case, Field) -> String, id: Option<u64>| {
        let [title, description, _, french_title, french_description] = COLLECTION.map(|field| value(case, field));
        let id = id.map_or_else(String::new, |id| format!("id: {id}\n"));
        let folder = folder(case, value);
        let index = format!("---\ntitle: {title}\ndescription: {description}\n{id}---\n");
        project.write(&format!("docs/{folder}/_index.md"), &index);
        let index = format!("---\ntitle: {french_title}\ndescription: {french_description}\n---\n");
        project.write(&format!("docs/{folder}/_index.fr.md"), &index);
    };
    for case in &subjects.cases {
        write(case, &Case::docs_at_first, None);
    }
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let before = project.read("helpbook.lock");
    let parent = project.id("docs/c/_index.md").to_string();
    for case in &subjects.cases {
        let first = format!("docs/{}", folder(case, &Case::docs_at_first));
        let id = project.id(&format!("{first}/_index.md"));
        let theirs = case.changed.iter().filter(|(_, by)| **by != By::Ours).map(|(field, _)| *field);
        let mut change = json!({});
        let mut french = json!({ "name": case.value(COLLECTION[3].base), "description": COLLECTION[4].base });
        for field in theirs {
            let target = if field.locale == "en" { &mut change } else { &mut french };
            match field.name {
                "title" => target["name"] = json!(case.value(field.theirs)),
                "description" => target["description"] = json!(field.theirs),
                _ => target["parent_id"] = json!(parent),
            }
        }
        change["translated_content"] = json!({ "fr": french });
        server.put(&format!("/help_center/collections/{id}"), &change);
        std::fs::remove_dir_all(project.path().join(first)).unwrap();
        write(case, &Case::docs, Some(id));
    }
    lock.applied(&project, &before);
    (server, project)
}

/// Its folder, below the one that its place says.
pub fn folder(case: &Case, value: &dyn Fn(&Case, Field) -> String) -> String {
    format!("{}/{}", value(case, COLLECTION[2]), case.n)
}

pub fn live(subjects: &Subjects, server: &Server, project: &Project) -> Values {
    let folders: BTreeMap<String, &str> =
        ["a", "b", "c"].map(|name| (project.id(&format!("docs/{name}/_index.md")).to_string(), name)).into();
    let collections = server.all("/help_center/collections");
    let mut live = BTreeMap::new();
    for case in &subjects.cases {
        let id = project.id(&format!("docs/{}/_index.md", folder(case, &Case::docs)));
        let collection = &collections[&id];
        for field in &subjects.fields {
            let content = match field.locale {
                "en" => collection,
                locale => &collection["translated_content"][locale],
            };
            let value = match field.name {
                "title" => text_of(&content["name"]),
                "description" => text_of(&content["description"]),
                _ => folders[&text_of(&collection["parent_id"])].to_owned(),
            };
            live.insert((case.name(), field.label()), value);
        }
    }
    live
}
