//! The job `publish`: what a stage job handed on goes live, once somebody asked for it or approved.

use serde_json::json;

use super::world::World;
use crate::harness::Server;

/// The state of every article.
fn states(server: &Server) -> Vec<String> {
    let ids = server.ids();
    ids.iter().map(|id| server.get(&format!("/articles/{id}"))["state"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn nothing_is_published_where_nobody_has_to_approve() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.stage().exits(0);
    for environment in [
        json!({ "name": "help-center" }),
        json!({ "protection_rules": [{ "type": "wait_timer" }] }),
        json!({
        "protection_rules": [{ "type": "required_reviewers", "reviewers": [] }] }),
    ] {
        world.set("environments/help-center.json", &environment.to_string());
        let job = world.approved().exits(0).says("nothing was published: the environment");
        assert_eq!(job.output("published"), "false");
    }
    assert_eq!(states(&server), ["draft", "draft"]);
}

#[test]
fn an_approval_makes_live_exactly_what_the_run_staged_and_nothing_that_was_merged_since() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.require_reviewers();
    let job = world.stage().exits(0).says("once a reviewer of the environment approves it");
    assert_eq!((job.output("approval"), job.output("to-publish")), ("required", "2"));
    // A merge that no stage job has seen yet.
    world.merge(&[("docs/guide/late.md", "# Late\n\nNot approved.\n")]);
    let published = world.approved().exits(0);
    assert_eq!(published.output("published"), "true");
    assert_eq!(published.output("write-back"), "commit");
    assert_eq!(states(&server), ["published", "published"]);
    assert!(!world.file("main", "docs/guide/late.md").contains("id:"));
}

#[test]
fn a_refused_approval_leaves_drafts_and_the_next_one_publishes_them_too() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.require_reviewers();
    world.stage().exits(0);
    // A reviewer says no: GitHub never starts the job, and nothing else publishes.
    assert_eq!(states(&server), ["draft", "draft"]);
    world.merge(&[("docs/guide/new.md", "# New\n\nNew text.\n")]);
    world.stage().exits(0);
    world.approved().exits(0);
    assert_eq!(states(&server), ["published"; 3]);
}

#[test]
fn a_draft_that_a_later_merge_staged_over_is_not_published_by_the_older_approval() {
    let server = Server::start();
    let Some(mut world) = World::published(&server) else { return };
    world.require_reviewers();
    let id = world.id("main", "docs/guide/update.md");
    let text = |words: &str| format!("---\ntitle: Update\ndescription: How to stay current\nid: {id}\n---\n{words}\n");
    world.merge(&[("docs/guide/update.md", &text("Older."))]);
    world.stage().exits(0);
    let older = world.last_run();
    world.merge(&[("docs/guide/update.md", &text("Newer."))]);
    world.stage().exits(0);
    world.button(&[("HELPBOOK_RUN", &older.to_string())]).exits(3).says("changed since the last `apply`");
    assert!(server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().contains("Run it again."));
    world.button(&[]).exits(0);
    assert!(server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().contains("Newer."));
}

#[test]
fn the_button_publishes_the_newest_run_from_a_checkout_without_lock_and_ids_of_its_own() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.stage().exits(0);
    // Somebody deletes the lock in the meantime.
    world.merge(&[("helpbook.lock", "")]);
    world.stage().exits(0);
    world.button(&[]).exits(0).says("All that run 102 staged is live");
    assert_eq!(states(&server), ["published", "published"]);
    assert_eq!(world.button(&[]).exits(0).output("write-back"), "none", "a second press changes nothing");
}

#[test]
fn publish_needs_no_lock_at_all() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.merge(&[(".gitignore", "helpbook.lock\n")]);
    world.stage().exits(0);
    let listed = world.git(&["ls-tree", "-r", "--name-only", "main"]);
    assert!(!listed.contains("helpbook.lock"), "{listed}");
    world.button(&[]).exits(0);
    assert_eq!(states(&server), ["published", "published"]);
}

#[test]
fn a_run_that_did_not_stage_everything_is_published_only_by_its_number() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.merge(&[("docs/guide/other.md", "---\ntitle: Other\nid: 77\n---\nText.\n")]);
    world.stage().exits(3);
    let run = world.last_run().to_string();
    world.button(&[]).exits(0).says("did not stage everything");
    assert_eq!(states(&server), ["draft", "draft"]);
    world.button(&[("HELPBOOK_RUN", &run)]).exits(3);
    assert_eq!(states(&server), ["published", "published"]);
}

#[test]
fn what_is_staged_and_not_in_the_plan_that_was_handed_on_stays_a_draft() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    let name = world.stage().exits(0).output("staged-name").to_owned();
    let file = format!("artifacts/{}/{name}/plan.json", world.last_run());
    let mut plan = world.state(&file);
    let changes = plan["changes"].as_array_mut().unwrap();
    changes.retain(|change| change["path"] != "guide/update.md");
    assert_eq!(changes.len(), 1);
    world.set(&file, &plan.to_string());
    world.button(&[]).exits(3).says("guide/update.md");
    // Which of the two was created first is not said: by their ids, not by their order.
    let state = |file| server.get(&format!("/articles/{}", world.id("main", file)))["state"].clone();
    assert_eq!(state("docs/guide/update.md"), "draft");
    assert_eq!(state("docs/guide/install.md"), "published");
}

#[test]
fn only_runs_of_this_workflow_on_the_branch_are_trusted() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.stage().exits(0);
    let run = world.last_run();
    for change in [
        json!({ "event": "pull_request" }),
        json!({ "head_branch": "other" }),
        json!({ "path": ".github/workflows/other.yml" }),
        json!({ "head_repository": { "full_name": "stranger/docs" } }),
        json!({ "head_repository": null }),
    ] {
        world.ended(run, &change);
        world.button(&[("HELPBOOK_RUN", &run.to_string())]).exits(1).says("nothing was published");
    }
    world.button(&[("HELPBOOK_RUN", "999")]).exits(1).says("there is no run 999");
    world.button(&[("HELPBOOK_RUN", "1; rm -rf")]).exits(64);
    world
        .button(&[("HELPBOOK_RUN", &run.to_string()), ("GITHUB_EVENT_NAME", "push")])
        .exits(0)
        .says("nobody asked for it");
    assert_eq!(states(&server), ["draft", "draft"]);
}

#[test]
fn a_run_without_anything_handed_on_publishes_nothing() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.ended(50, &json!({}));
    world.button(&[]).exits(0).says("handed on nothing that could be published");
}

#[test]
fn on_a_protected_branch_the_lock_joins_the_ids_that_wait() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.protect();
    world.stage().exits(0);
    let job = world.button(&[]).exits(0);
    assert_eq!(job.output("write-back"), "pull-request");
    assert_eq!(states(&server), ["published", "published"]);
    assert_eq!(world.state("pulls.json").as_array().unwrap().len(), 1);
    world.id("help-center/ids", "docs/guide/update.md");
    world.merge_branch("help-center/ids");
    let mark = server.requests().len();
    assert_eq!(world.stage().exits(0).output("write-back"), "none");
    assert_eq!(server.writes_since(mark), [""; 0]);
}
