//! A project with changes of every kind, and where a run that nothing disturbs ends.

use std::collections::BTreeMap;

use helpbook::intercom::model::Locale;
use helpbook::local::{Faults, Options, Storage};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Project, Server, copy, id_of};

/// A project whose docs have changed in every way since it was last published, and the store of the
/// Help Center that holds what was published.
pub struct Before {
    pub project: Project,
    store: TempDir,
    locales: Vec<Locale>,
}

impl Before {
    /// A Help Center in these locales, and what was done there so far.
    pub fn of(locales: &[&str], past: impl FnOnce(&Server) -> Project) -> Self {
        let locales: Vec<Locale> = locales.iter().map(|locale| Locale((*locale).to_owned())).collect();
        let store = tempfile::tempdir().unwrap();
        let server = Server::with(options(&store, &locales, Faults::default()));
        let project = past(&server);
        Self { project, store, locales }
    }
}

fn options(store: &TempDir, locales: &[Locale], faults: Faults) -> Options {
    let locales = locales.to_vec();
    Options { store: Storage::Folder(store.path().to_owned()), locales, faults, ..Options::default() }
}

pub fn before() -> Before {
    Before::of(&["en", "fr"], past)
}

fn past(server: &Server) -> Project {
    let project = Project::new(&[
        ("helpbook.yml", "docs: docs\nstate: published\nlocales: [en, fr]\n"),
        ("docs/guide/text.md", "# Text\n\nOld text.\n"),
        ("docs/guide/text.fr.md", "# Texte\n\nVieux texte.\n"),
        ("docs/guide/moved.md", "# Moved\n\nIt moves.\n"),
        ("docs/guide/hidden.md", "---\ntitle: Hidden\nstate: draft\n---\nNobody sees it.\n"),
        ("docs/guide/offline.md", "# Offline\n\nIt goes offline.\n"),
    ])
    .on(server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let collection = id_of(&project, "docs/guide/_index.md");
    server.post(
        "/articles",
        &json!({ "title": "Adopted", "author_id": 1, "body": "<p>It is there.</p>", "state": "published",
                 "parent_id": collection, "parent_type": "collection" }),
    );
    project.edit("docs/guide/text.md", "Old text.", "New text.");
    project.edit("docs/guide/text.md", "---\nid", "---\ntags: [billing, urgent]\nai: { chatbot: false }\nid");
    project.edit("docs/guide/text.fr.md", "Vieux texte.", "Nouveau texte.");
    project.edit("docs/guide/hidden.md", "Nobody", "No customer");
    project.edit("docs/guide/offline.md", "---\nid", "---\nstate: draft\nid");
    project.write("docs/other/moved.md", &project.read("docs/guide/moved.md"));
    project.remove("docs/guide/moved.md");
    project.write("docs/guide/adopted.md", "# Adopted\n\nIt is there.\n");
    project.write(
        "docs/other/new.md",
        "---\ntitle: New\ntags: [billing]\nredirect_from: [/en/articles/1-old]\n---\nIt is new: [text](../guide/text.md), [draft](draft.md).\n",
    );
    project.write("docs/other/new.fr.md", "# Nouveau\n\nC'est nouveau.\n");
    project.write("docs/other/draft.md", "---\ntitle: Draft\nstate: draft\n---\nNot yet.\n");
    project
}

/// The same project and the same Help Center, apart from all others.
pub fn again(before: &Before, faults: Faults) -> (Project, Server, TempDir) {
    let store = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(before.store.path()).unwrap() {
        let file = file.unwrap();
        if file.file_name().to_string_lossy().ends_with(".redb") {
            std::fs::copy(file.path(), store.path().join(file.file_name())).unwrap();
        }
    }
    let server = Server::with(options(&store, &before.locales, faults));
    let project = Project::new(&[]);
    copy(before.project.path(), project.path());
    (project.on(&server), server, store)
}

/// What counts in the end, without the numbers that differ from run to run.
#[derive(Debug, PartialEq)]
pub struct End {
    articles: BTreeMap<String, Value>,
    docs: BTreeMap<String, String>,
}

pub fn end(project: &Project, server: &Server) -> End {
    let collections: BTreeMap<String, String> = server.get("/help_center/collections?per_page=150")["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].as_str().unwrap().to_owned(), one["name"].as_str().unwrap().to_owned()))
        .collect();
    let mut articles = BTreeMap::new();
    let mut titles = BTreeMap::new();
    for id in server.ids() {
        let article = server.get(&format!("/articles/{id}"));
        let text = |content: &Value| {
            json!([content["title"], content["state"], content["body"], content["has_unpublished_changes"]])
        };
        let places: Vec<&str> = article["parent_ids"]
            .as_array()
            .unwrap()
            .iter()
            .map(|parent| collections[&parent.to_string()].as_str())
            .collect();
        let french = &article["translated_content"]["fr"];
        let title = article["title"].as_str().unwrap().to_owned();
        titles.insert(id.to_string(), title.clone());
        let mut tags: Vec<&str> =
            article["tags"]["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
        tags.sort_unstable();
        let beside = json!([tags, article["ai_chatbot_availability"]]);
        let double = articles.insert(title, json!([text(&article), text(french), places, beside]));
        assert_eq!(double, None, "two articles are called {}", article["title"]);
    }
    let docs = project
        .docs()
        .into_iter()
        .map(|(path, text)| {
            let path = path.rsplit("/docs/").next().unwrap().to_owned();
            let named = |line: &str| match line.strip_prefix("id: ") {
                Some(id) => format!("id: {}", titles.get(id).or_else(|| collections.get(id)).unwrap()),
                None => line.to_owned(),
            };
            (path, text.lines().map(named).collect::<Vec<_>>().join("\n"))
        })
        .collect();
    End { articles, docs }
}
