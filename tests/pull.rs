//! Live to files: a whole Help Center into an empty folder, and a teammate's edits into files.

use std::process::Command;

use serde_json::json;

use crate::harness::{Project, Server, id_of, live_edit, published};
use helpbook::intercom::model::Locale;
use helpbook::local::Options;

/// An empty project on the same Help Center.
fn empty(server: &Server) -> Project {
    Project::new(&[]).on(server)
}

fn git(project: &Project, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "core.autocrlf=false"])
        .args(arguments)
        .current_dir(project.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn committed(project: &Project) {
    git(project, &["init", "-q"]);
    git(project, &["add", "-A"]);
    git(project, &["commit", "-q", "-m", "docs"]);
}

#[test]
fn an_empty_folder_gets_every_article_and_a_proof() {
    let server = Server::start();
    let source = published(&server);
    let id = id_of(&source, "docs/guide/update.md");
    let project = empty(&server);
    project
        .run(&["pull"])
        .exits(0)
        .says("Pulled: 2 new, 0 changed, 1 collection.")
        .says("proof: rendering 2 files gives what Intercom has: 2 equal, 0 differ")
        .says("hint: look at it with `git status` and `git diff`");
    assert_eq!(
        project.read("docs/guide/update.md"),
        format!(
            "---\ntitle: Update\ndescription: How to stay current\nstate: published\nauthor: ada@example.com\nid: {id}\n---\n\nRun it again.\n"
        )
    );
    assert!(project.read("docs/guide/_index.md").starts_with("---\ntitle: Guide\nid: "));
    let mark = server.requests().len();
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.run(&["pull"]).exits(0).says("Nothing to pull.");
    project.remove("helpbook.lock");
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
    assert_eq!(server.writes_since(mark), [""; 0]);
}

#[test]
fn names_are_readable_and_the_same_in_every_pull() {
    let server = Server::start();
    for title in ["Refunds", "refunds", "返金", "README", "🎉", "a/../../b", "Q: \"why\" # not?"] {
        server.post("/articles", &json!({ "title": title, "author_id": 1, "body": "<p>x</p>", "state": "published" }));
    }
    let names = || {
        let project = empty(&server);
        project.run(&["pull"]).exits(0).says("7 equal, 0 differ");
        project.docs().iter().map(|(path, _)| path.rsplit('/').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = names();
    assert!(first.contains(&"refunds.md".to_owned()) && first.contains(&"返金.md".to_owned()), "{first:?}");
    assert!(first.contains(&"a-b.md".to_owned()) && first.contains(&"q-why-not.md".to_owned()), "{first:?}");
    assert_eq!(first.iter().filter(|name| name.starts_with("refunds-")).count(), 1, "{first:?}");
    assert_eq!(names(), first);
}

#[test]
fn a_teammates_word_is_one_line_in_git() {
    let server = Server::start();
    let project = published(&server);
    project.write(
        "docs/guide/wrapped.md",
        "Wrapped\n=======\n\nThis text is wrapped by\nhand, and *stays* so.\n\n* one\n* two\n",
    );
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    committed(&project);
    let id = id_of(&project, "docs/guide/wrapped.md");
    let live = server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().replace("by hand", "with care");
    server.edit(id, &json!({ "body": live, "title": "Wrapped twice", "publish": true }));
    let before = project.docs();
    project.run(&["pull", "-n"]).exits(0).says("To pull: 0 new, 1 changed").says("+care, and *stays* so.");
    assert_eq!(project.docs(), before);
    project
        .run(&["pull"])
        .exits(0)
        .says("changed    guide/wrapped.md  title, text, by Grace")
        .says("proof: rendering 1 file gives what Intercom has: 1 equal, 0 differ");
    let diff = git(&project, &["diff", "-U0", "docs"]);
    let lines: Vec<&str> = diff
        .lines()
        .filter(|line| line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---"))
        .collect();
    assert_eq!(
        lines,
        [
            "-Wrapped",
            "+Wrapped twice",
            "-This text is wrapped by",
            "-hand, and *stays* so.",
            "+This text is wrapped with",
            "+care, and *stays* so."
        ]
    );
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
    project.remove("helpbook.lock");
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn one_document_says_who_changed_what_and_the_files_are_written_all_the_same() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/update.md");
    server.edit(id, &live_edit("<p>Run it twice.</p>"));
    let pulled = project.run(&["pull", "--json"]).exits(0);
    let document: serde_json::Value = serde_json::from_str(&pulled.stdout).unwrap();
    let since = document["changes"][0]["since"].clone();
    assert!(since.is_string(), "{since}");
    assert_eq!(
        document,
        json!({
            "format_version": 1,
            "collections": [],
            "changes": [{
                "path": "guide/update.md", "id": id, "locale": "en", "title": "Update", "what": "changed",
                "fields": ["body"], "conflicts": 0, "draft": false,
                "by": { "name": "Grace", "email": "grace@example.com" }, "since": since,
            }],
            "notes": [],
        })
    );
    assert!(project.read("docs/guide/update.md").contains("Run it twice."));
    let nothing: serde_json::Value = serde_json::from_str(&project.run(&["pull", "--json"]).exits(0).stdout).unwrap();
    assert_eq!(nothing["changes"], json!([]));
}

#[test]
fn changes_on_both_sides_merge_where_they_are_apart() {
    let server = Server::start();
    let project = published(&server);
    committed(&project);
    let path = "docs/guide/install.md";
    let id = id_of(&project, path);
    let live = server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().replace("Click it.", "Press it.");
    server.edit(id, &live_edit(&live));
    project.edit(path, "Run the installer.", "Start the installer.");
    project.run(&["plan"]).exits(0).says("conflict: text");
    project.run(&["pull"]).exits(0).says("your other changes are kept");
    let text = project.read(path);
    assert!(text.contains("Start the installer.") && text.contains("Press it."), "{text}");
    // What is left is a change of the docs, and no conflict any more.
    project.run(&["plan"]).exits(0).says("1 to update");
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let live = server.get(&format!("/articles/{id}"))["body"].to_string();
    assert!(live.contains("Start the installer.") && live.contains("Press it."), "{live}");
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn changes_of_one_line_stand_between_markers_and_nothing_is_sent_until_they_are_gone() {
    for history in ["git", "none"] {
        let server = Server::start();
        let project = published(&server);
        if history == "git" {
            committed(&project);
        }
        let path = "docs/guide/install.md";
        let id = id_of(&project, path);
        let live = server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().replace("Click it.", "Press it.");
        server.edit(id, &live_edit(&live));
        project.edit(path, "Click it.", "Tap it.");
        project.run(&["pull"]).exits(3).says("conflict   guide/install.md").says("1 conflict to resolve");
        let text = project.read(path);
        assert!(
            text.contains("<<<<<<< docs (guide/install.md)\nTap it.\n=======\nPress it.\n>>>>>>> Intercom (Grace"),
            "{text}"
        );
        let mark = server.requests().len();
        project.run(&["apply"]).exits(1).says("error[conflict-marker]");
        assert_eq!(server.requests_since(mark), [""; 0]);
        let start = text.find("<<<<<<<").unwrap();
        project.write(path, &format!("{}Tap and press it.\n", &text[..start]));
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        assert!(server.get(&format!("/articles/{id}"))["body"].to_string().contains("Tap and press it."));
    }
}

#[test]
fn a_conflict_in_the_front_matter_is_named_as_one() {
    let server = Server::start();
    let project = published(&server);
    committed(&project);
    let path = "docs/guide/update.md";
    server.edit(id_of(&project, path), &json!({ "title": "Theirs", "publish": true }));
    project.edit(path, "title: Update", "title: Ours");
    project.run(&["pull"]).exits(3).says("conflict");
    project.run(&["plan"]).exits(1).says("error[conflict-marker]");
}

#[test]
fn a_teammates_draft_comes_only_where_it_is_asked_for() {
    let server = Server::start();
    let project = published(&server);
    let path = "docs/guide/install.md";
    let id = id_of(&project, path);
    server.edit(id, &json!({ "body": "<p>Half done by Grace</p>" }));
    project.run(&["pull"]).exits(0).says("a teammate's draft is pending").says("Nothing to pull.");
    let before = project.read(path);
    project.run(&["pull", "--drafts", "-n"]).exits(0).says("from a draft that is not live yet");
    assert_eq!(project.read(path), before);
    project.run(&["pull", path]).exits(0).says("from a draft");
    assert!(project.read(path).contains("Half done by Grace"));
    // It is ours now: staged, and ready to be published.
    project.run(&["plan"]).exits(0).says("1 to publish");
    project.run(&["publish", "--yes"]).exits(0);
    assert!(server.get(&format!("/articles/{id}"))["body"].to_string().contains("Half done"));
}

#[test]
fn what_is_staged_by_us_is_never_replaced_by_the_older_live_text() {
    let server = Server::start();
    let project = published(&server);
    let path = "docs/guide/install.md";
    project.edit(path, "Click it.", "Tap it.");
    project.run(&["apply"]).exits(0);
    for lock in ["with", "without"] {
        if lock == "without" {
            project.remove("helpbook.lock");
        }
        project.run(&["pull"]).exits(0);
        project.run(&["pull", path]).exits(0);
        assert!(project.read(path).contains("Tap it."));
    }
}

#[test]
fn place_and_state_come_back_as_keys() {
    let server = Server::start();
    let project = published(&server);
    project.write("docs/other/more.md", "# More\n\nText.\n");
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let id = id_of(&project, "docs/guide/install.md");
    let other = id_of(&project, "docs/other/_index.md");
    server.put(&format!("/articles/{id}"), &json!({ "parent_id": other.to_string(), "parent_type": "collection" }));
    server.edit(id, &json!({ "state": "draft" }));
    project.run(&["pull"]).exits(0).says("state, collection");
    let text = project.read("docs/guide/install.md");
    assert!(text.starts_with(&format!("---\nstate: draft\ncollection: other\nid: {id}\n---\n")), "{text}");
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn what_has_no_file_any_more_is_named_and_comes_back_by_id() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/install.md");
    project.remove("docs/guide/install.md");
    project.run(&["pull"]).exits(0).says(&format!("`helpbook pull {id}` brings it back"));
    assert!(!project.exists("docs/guide/install.md"));
    project.run(&["pull", &id.to_string()]).exits(0);
    assert!(project.read("docs/guide/install.md").contains("Run the installer."));
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
    server.delete(&format!("/articles/{id}"));
    project.run(&["pull"]).exits(0).says("was deleted in Intercom; delete the file, or remove its `id`");
    project.run(&["pull", "1"]).exits(64).says("there is no article 1 in Intercom");
    project.run(&["pull", "docs/none.md"]).exits(64);
}

#[test]
fn pull_sends_no_write() {
    let server = Server::start();
    let source = published(&server);
    server.edit(id_of(&source, "docs/guide/install.md"), &live_edit("<p>Grace</p>"));
    let mark = server.requests().len();
    source.run(&["pull"]).exits(0);
    empty(&server).run(&["pull"]).exits(0);
    assert_eq!(server.writes_since(mark), [""; 0]);
}

/// A Help Center in English and French, with an article in both.
fn in_two_languages() -> (Server, Project) {
    let locales = ["en", "fr"].map(|locale| Locale(locale.to_owned())).to_vec();
    let server = Server::with(Options { locales, ..Options::default() });
    let project = Project::new(&[
        ("helpbook.yml", "docs: docs\nstate: published\nlocales: [en, fr]\n"),
        ("docs/guide/_index.md", "---\ntitle: Guide\ndescription: All of it\n---\n"),
        ("docs/guide/_index.fr.md", "---\ntitle: Le guide\n---\n"),
        ("docs/guide/install.md", "# Install\n\nRun the installer.\n"),
        ("docs/guide/install.fr.md", "# Installer\n\nLancez-le.\n"),
        ("docs/guide/update.md", "# Update\n\nRun it again.\n"),
    ])
    .on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    (server, project)
}

#[test]
fn translations_come_along_each_in_its_own_file() {
    let (server, source) = in_two_languages();
    let project = Project::new(&[("helpbook.yml", &source.read("helpbook.yml"))]).on(&server);
    project.run(&["pull"]).exits(0).says("proof: rendering 3 files gives what Intercom has: 3 equal, 0 differ");
    assert_eq!(
        project.read("docs/guide/install.fr.md"),
        "---\ntitle: Installer\nstate: published\n---\n\nLancez-le.\n"
    );
    assert_eq!(project.read("docs/guide/_index.fr.md"), "---\ntitle: Le guide\n---\n");
    for lock in ["with", "without"] {
        if lock == "without" {
            project.remove("helpbook.lock");
        }
        project.run(&["plan", "--detailed-exitcode"]).exits(0);
        project.run(&["pull"]).exits(0).says("Nothing to pull.");
    }
}

#[test]
fn a_teammates_edit_of_one_language_changes_that_file_alone() {
    let (server, project) = in_two_languages();
    let id = id_of(&project, "docs/guide/install.md");
    server.edit(id, &json!({ "locale": "fr", "body": "<p>Cliquez dessus.</p>", "publish": true }));
    let english = project.read("docs/guide/install.md");
    project.run(&["pull", "--locale", "en"]).exits(0).says("Nothing to pull.");
    project.run(&["pull"]).exits(0).says("changed    guide/install.fr.md  text, by Grace");
    assert_eq!(project.read("docs/guide/install.md"), english);
    assert!(project.read("docs/guide/install.fr.md").contains("Cliquez dessus."));
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_translation_that_is_new_in_intercom_gets_a_file() {
    let (server, project) = in_two_languages();
    let id = id_of(&project, "docs/guide/update.md");
    server.put(
        &format!("/articles/{id}"),
        &json!({ "translated_content": { "fr": { "title": "Mettre à jour", "body": "<p>Encore.</p>", "state": "published" } } }),
    );
    project.run(&["pull"]).exits(0).says("new        guide/update.fr.md  Mettre à jour");
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
    // One whose file was deleted stays away until it is asked for.
    project.remove("docs/guide/update.fr.md");
    project.run(&["pull"]).exits(0).says(&format!("`guide/update.fr.md` is gone; `helpbook pull {id}`"));
    project.run(&["pull", &id.to_string()]).exits(0);
    assert!(project.exists("docs/guide/update.fr.md"));
}

#[test]
fn a_collection_that_was_renamed_in_intercom_is_renamed_here() {
    let (server, project) = in_two_languages();
    let id = id_of(&project, "docs/guide/_index.md");
    server.put(
        &format!("/help_center/collections/{id}"),
        &json!({ "name": "Handbook", "translated_content": { "fr": { "name": "Le manuel" } } }),
    );
    project
        .run(&["pull"])
        .exits(0)
        .says("changed    guide/_index.md  title")
        .says("changed    guide/_index.fr.md  title");
    assert_eq!(
        project.read("docs/guide/_index.md"),
        format!("---\ntitle: Handbook\ndescription: All of it\nid: {id}\n---\n")
    );
    assert_eq!(project.read("docs/guide/_index.fr.md"), "---\ntitle: Le manuel\n---\n");
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
    server.put(&format!("/help_center/collections/{id}"), &json!({ "name": "Theirs" }));
    project.edit("docs/guide/_index.md", "Handbook", "Ours");
    project.run(&["pull"]).exits(0).says("changed here and in Intercom, where it is `Theirs`");
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nfirst";

/// A Help Center that shows an image in two articles, and the project that brought it there.
fn with_an_image() -> (Server, Project) {
    let source = Project::new(&[
        ("docs/guide/install.md", "# Install\n\n![menu](images/menu.png)\n"),
        ("docs/other/more.md", "# More\n\n![menu](../guide/images/menu.png)\n"),
    ]);
    source.write("docs/guide/images/menu.png", "");
    std::fs::write(source.path().join("docs/guide/images/menu.png"), PNG).unwrap();
    let server = Server::with(Options { docs: Some(source.path().join("docs")), ..Options::default() });
    source.write("helpbook.yml", &config(&server));
    let source = source.on(&server);
    source.run(&["apply", "--publish", "--yes"]).exits(0);
    (server, source)
}

fn config(server: &Server) -> String {
    format!("docs: docs\nstate: published\nimages: {{ base_url: \"{}/docs/{{path}}\" }}\n", server.url())
}

#[test]
fn images_come_once_beside_the_first_article_that_shows_them() {
    let (server, _source) = with_an_image();
    let project = Project::new(&[("helpbook.yml", &config(&server))]).on(&server);
    project.run(&["pull", "-n"]).exits(0).says("2 images would be fetched");
    project
        .run(&["pull"])
        .exits(0)
        .says("fetching 2 images, 0.1 MB; `--images keep` leaves them in Intercom")
        .says("Pulled: 2 new, 0 changed, 2 collections, 1 image.")
        .says("2 equal, 0 differ");
    assert_eq!(std::fs::read(project.path().join("docs/guide/images/menu.png")).unwrap(), PNG);
    assert!(project.read("docs/guide/install.md").contains("![menu](images/menu.png)"));
    assert!(project.read("docs/other/more.md").contains("![menu](../guide/images/menu.png)"));
    for lock in ["with", "without"] {
        if lock == "without" {
            project.remove("helpbook.lock");
        }
        project.run(&["plan", "--detailed-exitcode"]).exits(0);
        project.run(&["pull"]).exits(0).says("Nothing to pull.");
    }
}

#[test]
fn a_text_that_is_written_with_care_shows_its_images_all_the_same() {
    let (server, source) = with_an_image();
    let text = "# Install\n\n![menu](images/menu.png)\n\n<ul><li><hr></li></ul>\n";
    source
        .write("docs/guide/install.md", &format!("---\nid: {}\n---\n{text}", id_of(&source, "docs/guide/install.md")));
    source.run(&["apply", "--publish", "--yes"]).exits(0);
    let project = Project::new(&[("helpbook.yml", &config(&server))]).on(&server);
    project.run(&["pull"]).exits(0).says("2 equal, 0 differ");
    let pulled = project.read("docs/guide/install.md");
    assert!(pulled.ends_with("![menu](images/menu.png)\n\n<ul><li><hr></li></ul>\n"), "{pulled}");
}

#[test]
fn new_bytes_of_a_pulled_image_are_a_change() {
    let (server, _source) = with_an_image();
    let project = Project::new(&[("helpbook.yml", &config(&server))]).on(&server);
    project.run(&["pull"]).exits(0);
    std::fs::write(project.path().join("docs/guide/images/menu.png"), b"\x89PNG\r\n\x1a\nsecond").unwrap();
    project.run(&["plan", "--detailed-exitcode"]).exits(2).says("2 to update");
}

#[test]
fn images_keep_their_addresses_without_the_signature_where_nobody_would_host_them() {
    let (server, _source) = with_an_image();
    let project = empty(&server);
    project.run(&["pull"]).exits(0).says("2 images keep their addresses in Intercom; set `images.base_url`");
    let text = project.read("docs/guide/install.md");
    assert!(text.contains("intercomcdn.com/i/o/local/") && !text.contains("signature"), "{text}");
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn an_edit_beside_an_image_of_the_docs_leaves_it_there() {
    let (server, source) = with_an_image();
    let id = id_of(&source, "docs/guide/install.md");
    let live = server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().to_owned();
    server.edit(id, &live_edit(&format!("<p>Before.</p>{live}<p>After.</p>")));
    source.run(&["pull"]).exits(0).says("1 equal, 0 differ");
    let text = source.read("docs/guide/install.md");
    assert!(text.ends_with("Before.\n\n![menu](images/menu.png)\n\nAfter.\n"), "{text}");
    source.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn links_between_articles_lead_from_file_to_file() {
    let locales = ["en", "fr"].map(|locale| Locale(locale.to_owned())).to_vec();
    let server = Server::with(Options { locales, ..Options::default() });
    let config = "docs: docs\nstate: published\nlocales: [en, fr]\n";
    let source = Project::new(&[
        ("helpbook.yml", config),
        (
            "docs/guide/install.md",
            "# Install\n\nSee [steps](../other/more.md#the-steps), [all](../other), [back](#end).\n\n## End\n\nx\n",
        ),
        ("docs/guide/install.fr.md", "# Installer\n\nVoir [les pas](../other/more.fr.md).\n"),
        (
            "docs/other/more.md",
            "# More\n\n[Back](../guide/install.md), [out](https://example.com/en/articles/1)\n\n## The steps\n\ny\n",
        ),
        ("docs/other/more.fr.md", "# Plus\n\n[Retour](../guide/install.fr.md).\n"),
    ])
    .on(&server);
    source.run(&["apply", "--publish", "--yes"]).exits(0);
    let project = Project::new(&[("helpbook.yml", config)]).on(&server);
    project.run(&["pull"]).exits(0).says("4 equal, 0 differ");
    let text = project.read("docs/guide/install.md");
    assert!(text.contains("See [steps](../other/more.md#the-steps), [all](../other), [back](#end)."), "{text}");
    assert!(
        project.read("docs/guide/install.fr.md").contains("[les pas](../other/plus.fr.md)")
            || project.read("docs/guide/install.fr.md").contains("[les pas](../other/more.fr.md)")
    );
    assert!(project.read("docs/other/more.md").contains("[out](https://example.com/en/articles/1)"));
    for lock in ["with", "without"] {
        if lock == "without" {
            project.remove("helpbook.lock");
        }
        project.run(&["plan", "--detailed-exitcode"]).exits(0);
    }
    // A link that a teammate adds becomes one between files, too.
    let id = id_of(&project, "docs/other/more.md");
    let body = server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().to_owned();
    let url = server.get(&format!("/articles/{}", id_of(&project, "docs/guide/install.md")))["url"]
        .as_str()
        .unwrap()
        .to_owned();
    server.edit(id, &live_edit(&format!("{body}<p>And <a href=\"{url}\">again</a>.</p>")));
    project.run(&["pull"]).exits(0).says("1 equal, 0 differ");
    assert!(project.read("docs/other/more.md").ends_with("And [again](../guide/install.md).\n"));
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn what_the_docs_could_not_send_again_is_not_brought_and_the_rest_is() {
    let server = Server::start();
    let post = |title: &str, body: &str| {
        server.post("/articles", &json!({ "title": title, "author_id": 1, "body": body, "state": "published" }))
    };
    post("Good", "<p>Fine.</p>");
    post("Odd", "<p><a href=\"/en/articles/12-x\">r</a></p>");
    post("Bell", "<p>a\u{7}b</p>");
    let project = empty(&server);
    project.run(&["pull", "-n"]).exits(1).says("cannot be brought into `odd.md` as it is").says("1 new");
    assert!(!project.exists("docs"));
    project
        .run(&["pull"])
        .exits(1)
        .says("error[relative-link]")
        .says("error[control-character]")
        .says("cannot be brought into `odd.md` as it is")
        .says("1 equal, 0 differ");
    assert!(project.exists("docs/good.md") && !project.exists("docs/odd.md") && !project.exists("docs/bell.md"));
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_text_that_the_plainest_markdown_would_not_say_is_written_with_care_and_the_others_as_they_are() {
    let server = Server::start();
    let post = |title: &str, body: &str| {
        server.post("/articles", &json!({ "title": title, "author_id": 1, "body": body, "state": "published" }))
    };
    post("Plain", "<p>A <b>word</b>.</p>");
    // `- ---` would be a line across.
    post("Bare", "<p>Before.</p><ul><li><hr></li></ul>");
    let project = empty(&server);
    project.run(&["pull"]).exits(0).says("2 equal, 0 differ");
    let bare = project.read("docs/bare.md");
    assert!(bare.ends_with("Before.\n\n<ul><li><hr></li></ul>\n"), "{bare}");
    assert!(project.read("docs/plain.md").ends_with("A **word**.\n"));
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn what_became_equal_by_itself_is_known_from_then_on() {
    let server = Server::start();
    let project = published(&server);
    let path = "docs/guide/install.md";
    let id = id_of(&project, path);
    let live = |text: &str| server.edit(id, &live_edit(&format!("<p>{text}</p>")));
    live("Two.");
    let text = project.read(path);
    project.write(path, &format!("{}Two.\n", &text[..text.find("Run the").unwrap()]));
    project.run(&["pull"]).exits(0).says("Nothing to pull.");
    live("Three.");
    project.run(&["pull"]).exits(0).says("changed    guide/install.md  text");
    assert!(project.read(path).ends_with("Three.\n"));
    // Also without a lock: it is there after a pull.
    project.remove("helpbook.lock");
    project.run(&["pull"]).exits(0);
    assert!(project.exists("helpbook.lock"));
}

#[test]
fn what_is_no_id_or_no_default_locale_writes_nothing() {
    let (server, _source) = in_two_languages();
    let project = empty(&server);
    let without_token = Project::new(&[]);
    without_token.run(&["pull"]).exits(4);
    assert!(!without_token.exists("docs"));
    project.run(&["pull", "99999999999999999999"]).exits(64).says("is no id of an article");
    project.write("helpbook.yml", "docs: docs\ndefault_locale: fr\nlocales: [fr, en]\n");
    project.run(&["pull"]).exits(1).says("the default locale in Intercom is `en`, and not `fr`");
    project.write("helpbook.yml", "docs: docs\nlocales: [en, fr]\n");
    project.run(&["pull", "--locale", "fr"]).exits(0).says("has no file in `en` yet");
    assert!(!project.exists("docs"));
}

#[test]
fn what_an_article_is_beside_its_text_comes_along() {
    let server = Server::start();
    let project = Project::new(&[(
        "docs/guide/install.md",
        "---\ntitle: Install\nstate: published\ntags: [billing, \"a: b\"]\nredirect_from: [/en/articles/12-old]\nunpublish_at: 2099-12-01T09:00:00Z\nai: { chatbot: false }\n---\nText.\n",
    )])
    .on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let id = id_of(&project, "docs/guide/install.md");
    let other = empty(&server);
    other.run(&["pull"]).exits(0).says("1 equal, 0 differ");
    let text = other.read("docs/guide/install.md");
    for line in [
        "\ntags: [billing, \"a: b\"]\n",
        "/en/articles/12-old\"]\n",
        "\nunpublish_at: 2099-12-01T09:00:00Z\n",
        "\nai:\n  chatbot: false\n",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    for lock in ["with", "without"] {
        if lock == "without" {
            other.remove("helpbook.lock");
        }
        other.run(&["plan", "--detailed-exitcode"]).exits(0);
    }
    // A teammate's change of them comes into the file that is there.
    let tag = server.post("/tags", &json!({ "name": "urgent" }));
    server.post(&format!("/articles/{id}/tags"), &json!({ "id": tag["id"] }));
    project.run(&["pull"]).exits(0).says("changed    guide/install.md  tags");
    assert!(project.read("docs/guide/install.md").contains("urgent"));
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn an_address_of_another_host_keeps_its_query_and_so_does_a_link() {
    let server = Server::start();
    let body = "<p><img src=\"https://cdn.example.com/a.png?from=intercomcdn.com\"></p>\
        <p><a href=\"https://downloads.intercomcdn.com/o/file.pdf?x=1\">file</a></p>";
    server.post("/articles", &json!({ "title": "A", "author_id": 1, "body": body, "state": "published" }));
    let project = empty(&server);
    project.run(&["pull"]).exits(0).says("1 equal, 0 differ");
    assert!(project.read("docs/a.md").contains("[file](https://downloads.intercomcdn.com/o/file.pdf?x=1)"));
}

#[test]
fn what_git_would_ignore_is_not_brought_but_into_docs_that_it_ignores_as_a_whole() {
    let server = Server::start();
    published(&server);
    let project = empty(&server);
    project.write("helpbook.yml", "docs: docs\nstate: published\n");
    git(&project, &["init", "-q"]);
    project.write(".gitignore", "guide/\n.helpbook/\n");
    project.run(&["pull"]).exits(1).says("Git ignores this file").says("change what Git ignores, and run it again");
    assert!(!project.exists("docs/guide/update.md"));
    project.write(".gitignore", "docs/\n.helpbook/\n");
    project.run(&["pull"]).exits(0).says("Pulled: 2 new");
    project.run(&["plan"]).exits(0).says("No changes.");
}
