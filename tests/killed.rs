//! The real binary, killed at every request: the next run ends where an undisturbed one does.
//!
//! The Help Center carries out the request at which the run dies and holds back its answer; then the
//! process is killed. So nothing sleeps, and each death comes at the same place in every run.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use helpbook::intercom::model::Locale;
use helpbook::local::{Faults, Options, Storage};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Project, Server, copy, id_of};

/// A project whose docs have changed in every way since it was last published, and the store of the
/// Help Center that holds what was published.
struct Before {
    project: Project,
    store: TempDir,
}

fn options(store: &TempDir) -> Options {
    let locales = ["en", "fr"].map(|locale| Locale(locale.to_owned())).to_vec();
    // A late answer never comes: the run is killed before.
    let mut faults = Faults::default();
    faults.delay = Duration::from_secs(3600);
    Options { store: Storage::Folder(store.path().to_owned()), locales, faults, ..Options::default() }
}

fn before() -> Before {
    let store = tempfile::tempdir().unwrap();
    let server = Server::with(options(&store));
    let project = Project::new(&[
        ("helpbook.yml", "docs: docs\nstate: published\nlocales: [en, fr]\n"),
        ("docs/guide/text.md", "# Text\n\nOld text.\n"),
        ("docs/guide/text.fr.md", "# Texte\n\nVieux texte.\n"),
        ("docs/guide/moved.md", "# Moved\n\nIt moves.\n"),
        ("docs/guide/hidden.md", "---\ntitle: Hidden\nstate: draft\n---\nNobody sees it.\n"),
        ("docs/guide/offline.md", "# Offline\n\nIt goes offline.\n"),
    ])
    .on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let collection = id_of(&project, "docs/guide/_index.md");
    server.post(
        "/articles",
        &json!({ "title": "Adopted", "author_id": 1, "body": "<p>It is there.</p>", "state": "published",
                 "parent_id": collection, "parent_type": "collection" }),
    );
    project.edit("docs/guide/text.md", "Old text.", "New text.");
    project.edit("docs/guide/text.fr.md", "Vieux texte.", "Nouveau texte.");
    project.edit("docs/guide/hidden.md", "Nobody", "No customer");
    project.edit("docs/guide/offline.md", "---\nid", "---\nstate: draft\nid");
    project.write("docs/other/moved.md", &project.read("docs/guide/moved.md"));
    project.remove("docs/guide/moved.md");
    project.write("docs/guide/adopted.md", "# Adopted\n\nIt is there.\n");
    project.write("docs/other/new.md", "# New\n\nIt is new.\n");
    project.write("docs/other/new.fr.md", "# Nouveau\n\nC'est nouveau.\n");
    project.write("docs/other/draft.md", "---\ntitle: Draft\nstate: draft\n---\nNot yet.\n");
    Before { project, store }
}

/// The same project and the same Help Center, apart from all others.
fn again(before: &Before) -> (Project, Server, TempDir) {
    let store = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(before.store.path()).unwrap() {
        let file = file.unwrap();
        if file.file_name().to_string_lossy().ends_with(".redb") {
            std::fs::copy(file.path(), store.path().join(file.file_name())).unwrap();
        }
    }
    let server = Server::with(options(&store));
    let project = Project::new(&[]);
    copy(before.project.path(), project.path());
    (project.on(&server), server, store)
}

fn spawn(project: &Project, server: &Server) -> Child {
    Command::new(env!("CARGO_BIN_EXE_helpbook"))
        .args(["apply", "--publish", "--yes"])
        .current_dir(project.path())
        .env("INTERCOM_BASE_URL", server.url())
        .env("INTERCOM_ACCESS_TOKEN", server.token())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills a run when the Help Center has carried out its `nth` request; false where it ended before.
fn killed_at(project: &Project, server: &Server, nth: usize) -> bool {
    let mut next = vec!["none"; nth - 1];
    next.push("latency");
    server.post("/_local/faults", &json!({ "next": next }));
    let mut child = spawn(project, server);
    let start = Instant::now();
    let was_killed = loop {
        if server.requests().iter().any(|line| line.contains("fault=latency")) {
            child.kill().unwrap();
            break true;
        }
        if child.try_wait().unwrap().is_some() {
            break false;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "the run hangs before request {nth}");
        std::thread::yield_now();
    };
    child.wait().unwrap();
    server.post("/_local/faults", &json!({ "rates": "0" }));
    was_killed
}

/// What counts in the end, without the numbers that differ from run to run.
#[derive(Debug, PartialEq)]
struct End {
    articles: BTreeMap<String, Value>,
    docs: BTreeMap<String, String>,
}

fn end(project: &Project, server: &Server) -> End {
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
        let double = articles.insert(title, json!([text(&article), text(french), places]));
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

#[derive(Debug, Clone, Copy, PartialEq)]
enum Left {
    /// The next run is on the same disk.
    Everything,
    /// The next run has only what Git has: no lock, no `.helpbook`.
    FilesAlone,
}

/// Kills at every request there is, and runs again; gives the number of deaths.
fn check() -> usize {
    let before = before();
    let (project, server, _store) = again(&before);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let wanted = end(&project, &server);
    let mut points = 0;
    for left in [Left::Everything, Left::FilesAlone] {
        for nth in 1.. {
            let (project, server, _store) = again(&before);
            if !killed_at(&project, &server, nth) {
                break;
            }
            points += 1;
            if left == Left::FilesAlone {
                project.remove("helpbook.lock");
                std::fs::remove_dir_all(project.path().join(".helpbook")).unwrap();
            }
            let ran = project.run(&["apply", "--publish", "--yes"]);
            assert_eq!(ran.exit, 0, "killed at request {nth}, {left:?} left:\n{}{}", ran.stdout, ran.stderr);
            assert_eq!(end(&project, &server), wanted, "killed at request {nth}, {left:?} left");
            project.run(&["plan", "--detailed-exitcode"]).exits(0);
            let mark = server.requests().len();
            project.run(&["apply", "--publish", "--yes"]).exits(0);
            assert_eq!(server.writes_since(mark), [""; 0], "killed at request {nth}, {left:?} left");
        }
    }
    points
}

#[test]
fn a_run_that_is_killed_at_any_request_is_finished_by_the_next_one() {
    assert!(check() > 40);
}
