//! `status -v`: what the record knows of a text, and why it is in sync or not.

use serde_json::{Value, json};

use crate::harness::{Lock, Project, Server, id_of, live_edit, published};

const INSTALL: &str = "docs/guide/install.md";

/// The row of a file in `status -v --json`.
fn row(project: &Project, path: &str) -> Value {
    let document: Value =
        serde_json::from_str(&project.run(&["status", "-v", "--json", path]).exits(0).stdout).unwrap();
    let rows = document["articles"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].clone()
}

/// How a field of a text is.
fn status<'r>(row: &'r Value, field: &str, text: &str) -> &'r str {
    let fields = row["record"]["fields"].as_array().unwrap();
    let found = fields.iter().find(|status| status["field"] == field && status["text"] == text);
    found.unwrap_or_else(|| panic!("no {field} of {text} in {fields:?}"))["status"].as_str().unwrap()
}

#[test]
fn status_says_of_each_field_why_it_is_in_sync_or_not() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, INSTALL);
    let ran = project.run(&["status", "-v", INSTALL]).exits(0);
    for line in [
        "    title: in sync; Intercom has what the docs say, and the record knows it\n",
        "the docs say `Guide`",
        "1 in sync\n",
    ] {
        assert!(ran.stdout.contains(line), "{line}\n{}", ran.stdout);
    }
    assert!(!ran.stdout.contains("update.md"), "{}", ran.stdout);

    let in_sync = row(&project, INSTALL);
    let line = &in_sync["record"]["lines"][0];
    assert_eq!(line["live"]["body"]["sent"], in_sync["record"]["docs"]["sent"]);
    assert_eq!(line["live"]["body"]["stored"], in_sync["record"]["live"]["body"]["stored"]);
    assert_eq!(line["live"]["blob"], in_sync["record"]["docs"]["blob"]);

    server.edit(id, &live_edit("<p>Edited by Grace</p>"));
    let ran = project.run(&["status", "-v", INSTALL]).exits(0).says(" by Grace\n");
    ran.says("    text: drift; Intercom has what the record does not know, and the docs did not change\n");

    project.edit(INSTALL, "Run the installer.", "Mine.");
    let ran = project.run(&["status", "-v", INSTALL]).exits(0);
    let ran = ran.says("    title: in sync;").says("    blocked: conflict: text changed here and in Intercom\n");
    ran.says("    text: conflict; Intercom has what the record does not know, and the docs changed, too\n");
}

#[test]
fn status_says_what_is_staged_and_what_a_teammate_did_to_it() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, INSTALL);
    project.edit(INSTALL, "Run the installer.", "Run it.");
    assert_eq!(status(&row(&project, INSTALL), "body", "live"), "changed");
    project.run(&["apply"]).exits(0);
    let staged = row(&project, INSTALL);
    assert_eq!(status(&staged, "body", "live"), "staged");
    assert_eq!(status(&staged, "title", "live"), "in-sync");
    assert_eq!(staged["record"]["lines"][0]["staged"]["body"]["sent"], staged["record"]["docs"]["sent"]);
    server.edit(id, &json!({ "body": "<p>Half done by Grace</p>" }));
    let edited = row(&project, INSTALL);
    assert_eq!((status(&edited, "body", "live"), status(&edited, "body", "draft")), ("changed", "drift"));
    let ran = project.run(&["status", "-v", INSTALL]).exits(0);
    ran.says(
        "    text of the draft: drift; the draft has what the record does not know, and the docs did not change\n",
    );
}

#[test]
fn status_says_who_took_an_article_offline() {
    let server = Server::start();
    let project = published(&server);
    server.edit(id_of(&project, INSTALL), &json!({ "state": "draft" }));
    assert_eq!(status(&row(&project, INSTALL), "state", "live"), "offline");
    let ran = project.run(&["status", "-v", INSTALL]).exits(0);
    ran.says("state: offline by a teammate; the record says `published`, and it was taken offline in Intercom\n");
}

#[test]
fn status_explains_a_merged_and_a_lost_lock() {
    let server = Server::start();
    let project = published(&server);
    let earlier = project.read("helpbook.lock");
    project.edit(INSTALL, "Run the installer.", "Run it.");
    project.run(&["apply", "--publish", "--yes"]).exits(0);

    Lock::Merged.applied(&project, &earlier);
    let merged = row(&project, INSTALL);
    assert_eq!(merged["record"]["lines"].as_array().unwrap().len(), 2);
    assert_eq!(status(&merged, "body", "live"), "in-sync");
    project.run(&["status", "-v", INSTALL]).exits(0).says("    record, line 2 of a merge: published, from guide/");
    project.edit(INSTALL, "Run it.", "Run the installer.");
    assert_eq!(status(&row(&project, INSTALL), "body", "live"), "changed");
    project.edit(INSTALL, "Run the installer.", "Run it.");

    Lock::Lost.applied(&project, "");
    let lost = row(&project, INSTALL);
    assert_eq!(lost["record"]["lines"], json!([]));
    assert_eq!(status(&lost, "body", "live"), "in-sync");
    let ran = project.run(&["status", "-v", INSTALL]).exits(0).says("    record: knows nothing of it\n");
    ran.says("    text: in sync; Intercom has what the docs say; the record does not know it\n");
    server.edit(id_of(&project, INSTALL), &live_edit("<p>Edited by Grace</p>"));
    assert_eq!(status(&row(&project, INSTALL), "body", "live"), "drift");
}

#[test]
fn without_v_status_says_nothing_of_the_record_and_a_path_limits_it() {
    let server = Server::start();
    let project = published(&server);
    let document: Value = serde_json::from_str(&project.run(&["status", "--json"]).exits(0).stdout).unwrap();
    assert!(document["articles"].as_array().unwrap().iter().all(|row| row["record"].is_null()));
    let ran = project.run(&["status", "docs/guide"]).exits(0).says("2 in sync\n");
    assert!(!ran.stdout.contains("record"), "{}", ran.stdout);
    project.run(&["status", "docs/nothing.md"]).exits(64).says("there is no file or folder `docs/nothing.md`");
}
