//! A teammate works in Intercom's editor: named, never overwritten unasked, and the rest goes on.

use serde_json::json;

use crate::harness::{Server, id_of, live_edit, never_offline, published, two_articles};

#[test]
fn a_teammates_edit_is_drift_and_stays() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/install.md");
    server.edit(id, &live_edit("<p>Edited by Grace</p>"));
    for lock in ["with", "without"] {
        if lock == "without" {
            project.remove("helpbook.lock");
        }
        project
            .run(&["plan", "--detailed-exitcode"])
            .exits(2)
            .says("text changed by Grace")
            .says("{+Edited by Grace+}");
        project.run(&["plan"]).exits(0);
        let mark = server.requests().len();
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        assert_eq!(server.writes_since(mark), [""; 0]);
        assert!(server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().contains("Grace"));
    }
    project.run(&["status"]).exits(0).says("changed in Intercom");
}

#[test]
fn both_sides_changed_is_a_conflict_and_everybody_elses_change_goes_on() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/install.md");
    server.edit(id, &live_edit("<p>Edited by Grace</p>"));
    project.edit("docs/guide/install.md", "Run the installer.", "Mine.");
    project.edit("docs/guide/update.md", "Run it again.", "Run it twice.");
    project.run(&["plan"]).exits(0).says("conflict: text changed here and in Intercom").says("Blocked");
    project.run(&["apply", "--publish", "--yes"]).exits(3).says("published guide/update.md");
    assert!(server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().contains("Grace"));
    project.run(&["apply", "--overwrite", "--publish", "--yes", "docs/guide/install.md"]).exits(0);
    assert!(server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().contains("Mine."));
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
    never_offline(&server.requests());
}

#[test]
fn a_teammates_pending_draft_is_neither_published_nor_replaced() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/install.md");
    server.edit(id, &json!({ "body": "<p>Half done by Grace</p>" }));
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.run(&["status", "--drafts"]).exits(0).says("draft pending: Grace");
    project.edit("docs/guide/install.md", "Run the installer.", "Mine.");
    for lock in ["with", "without"] {
        if lock == "without" {
            project.remove("helpbook.lock");
        }
        let mark = server.requests().len();
        project
            .run(&["apply", "--publish", "--yes"])
            .exits(3)
            .says("a teammate's draft is pending in Intercom")
            .says("Grace");
        assert_eq!(server.writes_since(mark), [""; 0]);
    }
    assert!(server.get(&format!("/articles/{id}/draft"))["body"].as_str().unwrap().contains("Half done"));
    project.run(&["apply", "--overwrite", "--publish", "--yes"]).exits(0);
    assert!(server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().contains("Mine."));
}

#[test]
fn what_was_taken_offline_in_intercom_is_not_put_back_unasked() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/install.md");
    server.edit(id, &json!({ "state": "draft" }));
    project.run(&["apply"]).exits(0).says("it was taken offline in Intercom");
    project.run(&["publish", "--yes"]).exits(3);
    assert_eq!(server.get(&format!("/articles/{id}"))["state"], "draft");
    project.run(&["apply", "--overwrite", "--publish", "--yes"]).exits(0);
    assert_eq!(server.get(&format!("/articles/{id}"))["state"], "published");
}

#[test]
fn a_takedown_that_the_docs_agreed_to_can_be_taken_back() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/update.md");
    server.edit(id, &json!({ "state": "draft" }));
    project.edit("docs/guide/update.md", "title: Update", "title: Update\nstate: draft");
    project.run(&["apply"]).exits(0).says("No changes.");
    project.edit("docs/guide/update.md", "state: draft", "state: published");
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert_eq!(server.get(&format!("/articles/{id}"))["state"], "published");
}

#[test]
fn what_a_teammate_published_first_and_took_down_stays_down() {
    let server = Server::start();
    let project = two_articles().on(&server);
    project.run(&["apply"]).exits(0);
    let id = id_of(&project, "docs/guide/install.md");
    server.edit(id, &json!({ "publish": true }));
    server.edit(id, &json!({ "state": "draft" }));
    project.run(&["apply", "--publish", "--yes"]).exits(3).says("it was taken offline in Intercom");
    assert_eq!(server.get(&format!("/articles/{id}"))["state"], "draft");
}

#[test]
fn a_description_that_a_teammate_wrote_into_a_draft_does_not_go_live_unasked() {
    let server = Server::start();
    let project = two_articles().on(&server);
    project.run(&["apply"]).exits(0);
    let id = id_of(&project, "docs/guide/install.md");
    server.edit(id, &json!({ "description": "not meant for customers" }));
    project.run(&["publish", "--yes"]).exits(3).says("description changed by Grace");
    assert_eq!(server.get(&format!("/articles/{id}"))["state"], "draft");
    project.edit("docs/guide/install.md", "---\nid", "---\ndescription: How to install\nid");
    project.run(&["apply", "--overwrite", "--publish", "--yes"]).exits(0);
    assert_eq!(server.get(&format!("/articles/{id}"))["description"], "How to install");
}

#[test]
fn text_from_intercom_cannot_steer_the_terminal() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/install.md");
    server
        .edit(id, &json!({ "title": "\u{1b}[2J\u{202e}evil", "body": "<p>\u{1b}]0;owned\u{7}</p>", "publish": true }));
    for arguments in [&["plan", "-v"][..], &["status"], &["apply", "--overwrite", "-n"], &["plan", "--color", "never"]]
    {
        let ran = project.run(arguments);
        for text in [&ran.stdout, &ran.stderr] {
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{text}");
        }
    }
}
