//! A plan that was saved is applied as it was shown, or not at all.

use crate::harness::{Server, id_of, live_edit, published, two_articles};

#[test]
fn a_saved_plan_is_applied_shown_again_and_harmless_the_second_time() {
    let server = Server::start();
    let project = two_articles().on(&server);
    project.run(&["plan", "--out", "plan.json"]).exits(0).says("run `helpbook apply plan.json`");
    let shown = project.run(&["show", "plan.json"]).exits(0);
    assert!(shown.stdout.contains("Plan: 3 to create"));
    let json: serde_json::Value =
        serde_json::from_str(&project.run(&["show", "plan.json", "--format", "json"]).exits(0).stdout).unwrap();
    assert_eq!(json["format_version"], 1);
    assert_eq!(json["workspace"], "local");
    assert_eq!(json["summary"]["create"], 3);
    assert_eq!(json["changes"][1]["path"], "guide/install.md");
    assert_eq!(json["changes"][1]["action"], "create");
    assert_eq!(json["changes"][1]["locales"]["en"]["path"], "guide/install.md");
    project.run(&["apply", "plan.json"]).exits(0);
    assert_eq!(server.ids().len(), 2);
    let mark = server.requests().len();
    project.run(&["apply", "plan.json"]).exits(0);
    assert_eq!(server.writes_since(mark), [""; 0]);
    project.run(&["apply", "plan.json", "--publish", "--yes"]).exits(0);
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
    assert_eq!(server.ids().len(), 2);
}

#[test]
fn a_change_that_moved_since_is_refused_and_the_others_go_on() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/install.md");
    project.edit("docs/guide/install.md", "Run the installer.", "Mine.");
    project.edit("docs/guide/update.md", "Run it again.", "Run it twice.");
    project.run(&["plan", "--out", "plan.json"]).exits(0);
    server.edit(id, &live_edit("<p>Edited by Grace</p>"));
    project
        .run(&["apply", "plan.json"])
        .exits(3)
        .says("conflict: text changed here and in Intercom")
        .says("staged guide/update.md");
    assert!(server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().contains("Grace"));
    assert_eq!(server.get(&format!("/articles/{id}"))["has_unpublished_changes"], false);
}

#[test]
fn a_plan_for_other_text_or_another_workspace_is_refused() {
    let server = Server::start();
    let project = published(&server);
    project.edit("docs/guide/install.md", "Run the installer.", "Mine.");
    project.run(&["plan", "--out", "plan.json"]).exits(0);
    project.edit("docs/guide/install.md", "Mine.", "Mine again.");
    let mark = server.requests().len();
    project.run(&["apply", "plan.json"]).exits(3).says("the file changed after this plan was made");
    project.edit("plan.json", "\"workspace\": \"local\"", "\"workspace\": \"other\"");
    project.run(&["apply", "plan.json"]).exits(4).says("the plan is for the workspace `other`");
    project.run(&["publish", "plan.json", "--yes"]).exits(4).says("the plan is for the workspace `other`");
    project.edit("plan.json", "\"format_version\": 1", "\"format_version\": 99");
    project.run(&["apply", "plan.json"]).exits(1).says("its format is 99");
    project.run(&["apply", "plan.json", "docs/guide"]).exits(64);
    project.run(&["apply", "plan.json", "--overwrite"]).exits(64);
    project.write("not.json", "{}");
    project.run(&["show", "not.json"]).exits(1).says("it is not a plan of helpbook");
    assert_eq!(server.writes_since(mark), [""; 0]);
}

#[test]
fn a_plan_that_is_run_again_publishes_no_text_of_a_teammate() {
    let server = Server::start();
    let project = two_articles().on(&server);
    project.run(&["plan", "--out", "plan.json"]).exits(0);
    project.run(&["apply", "plan.json"]).exits(0);
    let id = id_of(&project, "docs/guide/install.md");
    server.edit(id, &serde_json::json!({ "body": "<p>Half done by Grace</p>" }));
    project.run(&["apply", "plan.json", "--publish", "--yes"]).exits(3).says("its text was changed in Intercom");
    assert_eq!(server.get(&format!("/articles/{id}"))["state"], "draft");
    let other = id_of(&project, "docs/guide/update.md");
    assert_eq!(server.get(&format!("/articles/{other}"))["state"], "published");
    server.edit(other, &serde_json::json!({ "state": "draft" }));
    project.run(&["apply", "plan.json", "--publish", "--yes"]).exits(3);
    assert_eq!(server.get(&format!("/articles/{other}"))["state"], "draft");
}

#[test]
fn publish_makes_live_what_a_saved_plan_approved_and_takes_nothing_offline() {
    let server = Server::start();
    let project = published(&server);
    project.edit("docs/guide/install.md", "Run the installer.", "Mine.");
    project.run(&["plan", "--out", "plan.json"]).exits(0);
    project.run(&["apply"]).exits(0);
    project.edit("docs/guide/install.md", "---\nid", "---\nstate: draft\nid");
    let mark = server.requests().len();
    project.run(&["publish", "plan.json", "--yes"]).exits(3).says("guide/install.md");
    assert_eq!(server.writes_since(mark), [""; 0]);
    project.edit("docs/guide/install.md", "state: draft\n", "");
    project.run(&["publish", "plan.json", "--yes"]).exits(0).says("published guide/install.md");
}

#[test]
fn nothing_that_stands_in_the_file_of_a_plan_is_sent() {
    let server = Server::start();
    let project = published(&server);
    project.edit("docs/guide/install.md", "Run the installer.", "Mine.");
    project.run(&["plan", "--out", "plan.json"]).exits(0);
    project.edit("plan.json", "Mine.", "Hacked.");
    project.run(&["apply", "plan.json", "--publish", "--yes"]).exits(0);
    let id = id_of(&project, "docs/guide/install.md");
    let body = server.get(&format!("/articles/{id}"))["body"].to_string();
    assert!(body.contains("Mine.") && !body.contains("Hacked."), "{body}");
}

#[test]
fn a_plan_is_saved_over_nothing_but_a_plan() {
    let server = Server::start();
    let project = two_articles().on(&server);
    let text = project.read("docs/guide/install.md");
    project.run(&["plan", "--out", "docs/guide/install.md"]).exits(64).says("ends in `.json`");
    project.write("package.json", "{}");
    project.run(&["plan", "--out", "package.json"]).exits(64).says("is no plan of helpbook");
    assert_eq!((project.read("docs/guide/install.md"), project.read("package.json")), (text, "{}".to_owned()));
    project.run(&["plan", "--out", "plan.json"]).exits(0);
    project.run(&["plan", "--out", "plan.json"]).exits(0);
}
