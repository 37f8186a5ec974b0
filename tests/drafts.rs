//! Draft, then live: what a customer sees, and when.

use serde_json::Value;

use crate::harness::{Server, id_of, never_offline, published};

fn text(article: &Value) -> (String, String, String) {
    let field = |name: &str| article[name].as_str().unwrap_or_default().to_owned();
    (field("title"), field("body"), field("state"))
}

#[test]
fn an_edit_is_staged_unseen_and_published_from_a_fresh_clone() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/install.md");
    let live = server.get(&format!("/articles/{id}"));

    project.edit("docs/guide/install.md", "Run the installer.", "Run the new installer.");
    project.edit("docs/guide/install.md", "# Install", "# Install it");
    project
        .run(&["plan", "--detailed-exitcode"])
        .exits(2)
        .says("Run the {+new +}installer.")
        .says("title: Install -> Install it");
    let mark = server.requests().len();
    project.run(&["apply"]).exits(0).says("staged guide/install.md");
    assert_eq!(
        server.writes_since(mark),
        [format!("PUT /articles/{id}/draft 200 article={id} state=published draft=yes")]
    );
    assert_eq!(text(&server.get(&format!("/articles/{id}"))), text(&live), "live is as it was");
    let draft = server.get(&format!("/articles/{id}/draft"));
    assert!(text(&draft).1.contains("new installer"));

    let mark = server.requests().len();
    project.run(&["apply"]).exits(0);
    assert_eq!(server.writes_since(mark), [""; 0], "a second apply sends no write");

    let clone = project.cloned();
    clone.remove("helpbook.lock");
    clone.run(&["publish", "--yes"]).exits(0).says("published guide/install.md");
    let now = server.get(&format!("/articles/{id}"));
    assert_eq!(text(&now).0, "Install it");
    assert!(text(&now).1.contains("new installer"));
    clone.run(&["plan", "--detailed-exitcode"]).exits(0);
    never_offline(&server.requests());
}

#[test]
fn a_change_that_is_reverted_leaves_no_stale_draft() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/install.md");
    project.edit("docs/guide/install.md", "Run the installer.", "Run something else.");
    project.run(&["apply"]).exits(0);
    project.edit("docs/guide/install.md", "Run something else.", "Run the installer.");
    project.run(&["apply"]).exits(0).says("staged");
    let draft = server.get(&format!("/articles/{id}/draft"));
    assert!(!text(&draft).1.contains("something else"));
    for fresh in [project.cloned(), project.cloned()] {
        fresh.remove("helpbook.lock");
        fresh.run(&["publish", "--yes"]).exits(0);
        assert_eq!(server.get(&format!("/articles/{id}"))["has_unpublished_changes"], false);
        fresh.run(&["plan", "--detailed-exitcode"]).exits(0);
    }
    never_offline(&server.requests());
}

#[test]
fn publish_never_creates_and_never_publishes_what_was_not_staged() {
    let server = Server::start();
    let project = published(&server);
    project.write("docs/guide/new.md", "# New\n\nText.\n");
    project.edit("docs/guide/update.md", "Run it again.", "Run it twice.");
    let mark = server.requests().len();
    project
        .run(&["publish", "--yes"])
        .exits(3)
        .says("guide/new.md")
        .says("guide/update.md")
        .says("run `helpbook apply` first");
    assert_eq!(server.writes_since(mark), [""; 0]);
}

#[test]
fn a_draft_that_a_later_merge_staged_over_is_not_published() {
    let server = Server::start();
    let first = published(&server);
    first.edit("docs/guide/install.md", "Run the installer.", "First change.");
    first.run(&["apply"]).exits(0);
    let second = first.cloned();
    second.edit("docs/guide/install.md", "First change.", "Second change.");
    second.run(&["apply"]).exits(0);
    let id = id_of(&first, "docs/guide/install.md");
    first.run(&["publish", "--yes"]).exits(3).says("guide/install.md");
    assert!(text(&server.get(&format!("/articles/{id}"))).1.contains("Run the installer."));
    second.cloned().run(&["publish", "--yes"]).exits(0);
    assert!(text(&server.get(&format!("/articles/{id}"))).1.contains("Second change."));
}

#[test]
fn what_a_plan_sends_is_only_read_and_little() {
    let server = Server::start();
    let project = published(&server);
    project.edit("docs/guide/install.md", "Run the installer.", "Changed.");
    project.run(&["apply"]).exits(0);
    let mark = server.requests().len();
    project.run(&["plan"]).exits(0);
    let sent = server.requests_since(mark);
    assert!(sent.iter().all(|line| line.starts_with("GET ")), "{sent:#?}");
    // Two lists of one page, one pending draft, and at most five more.
    assert!(sent.len() <= 3 + 5, "{sent:#?}");
}

#[test]
fn an_article_goes_offline_only_at_publish_and_comes_back() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/update.md");
    project.edit("docs/guide/update.md", "title: Update", "title: Update\nstate: draft");
    project.run(&["plan"]).exits(0).says("Goes offline");
    project.run(&["apply"]).exits(0);
    assert_eq!(server.get(&format!("/articles/{id}"))["state"], "published");
    project.run(&["publish", "--yes"]).exits(0).says("taken offline");
    assert_eq!(server.get(&format!("/articles/{id}"))["state"], "draft");
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
    project.edit("docs/guide/update.md", "state: draft", "state: published");
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert_eq!(server.get(&format!("/articles/{id}"))["state"], "published");
}

#[test]
fn an_article_that_goes_offline_and_moves_does_both_in_one_run() {
    let server = Server::start();
    let project = published(&server);
    let text = project.read("docs/guide/update.md").replace("title: Update", "title: Update\nstate: draft");
    project.remove("docs/guide/update.md");
    project.write("docs/archive/update.md", &text);
    project.run(&["apply", "--publish", "--yes"]).exits(0).says("taken offline archive/update.md");
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn publish_leaves_a_move_to_a_new_collection_to_apply() {
    let server = Server::start();
    let project = published(&server);
    let text = project.read("docs/guide/update.md");
    project.remove("docs/guide/update.md");
    project.write("docs/new/update.md", &text);
    let mark = server.requests().len();
    project.run(&["publish", "--yes"]).exits(3).says("new/update.md").says("run `helpbook apply` first");
    assert_eq!(server.writes_since(mark), [""; 0]);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}
