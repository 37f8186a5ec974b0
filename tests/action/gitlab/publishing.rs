//! The job `publish` of GitLab: what its pipeline staged goes live, once somebody started it or approved.

use super::world::Project;
use crate::harness::Server;

/// The state of every article.
fn states(server: &Server) -> Vec<String> {
    let ids = server.ids();
    ids.iter().map(|id| server.get(&format!("/articles/{id}"))["state"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn nothing_is_published_that_nobody_started_and_nobody_had_to_approve() {
    let server = Server::start();
    let Some(mut project) = Project::new(&server) else { return };
    project.stage().exits(0);
    for environment in [
        serde_json::json!({ "name": "help-center" }),
        serde_json::json!({ "required_approval_count": 0, "approval_rules": [] }),
        serde_json::json!({ "approval_rules": [{ "required_approvals": 0 }] }),
    ] {
        project.gitlab.state().environments.insert("help-center".to_owned(), environment);
        let job = project.automatic().exits(0).says("nothing was published: nobody started this job by hand");
        assert_eq!(job.output("published"), "false");
    }
    assert_eq!(states(&server), ["draft", "draft"]);
}

#[test]
fn a_person_or_an_approval_makes_live_exactly_what_the_pipeline_staged() {
    let server = Server::start();
    let Some(mut project) = Project::new(&server) else { return };
    project.require_approval();
    let job = project.stage().exits(0).says("once the deployment is approved");
    assert_eq!((job.output("approval"), job.output("to-publish")), ("required", "2"));
    project.merge(&[("docs/guide/late.md", "# Late\n\nNot approved.\n")]);
    let job = project.automatic().exits(0).says("All that pipeline 101 staged is live");
    assert_eq!((job.output("published"), job.output("write-back")), ("true", "commit"));
    assert_eq!(states(&server), ["published", "published"]);
    assert!(!project.file("main", "docs/guide/late.md").contains("id:"));
    assert_eq!(project.play().exits(0).output("write-back"), "none", "a second start changes nothing");

    project.gitlab.state().environments.clear();
    project.stage().exits(0);
    project.play().exits(0);
    assert_eq!(states(&server), ["published"; 3]);
}

#[test]
fn a_draft_that_a_later_merge_staged_over_is_not_published_by_the_older_pipeline() {
    let server = Server::start();
    let Some(mut project) = Project::published(&server) else { return };
    let id = project.id("main", "docs/guide/update.md");
    let text = |words: &str| format!("---\ntitle: Update\ndescription: How to stay current\nid: {id}\n---\n{words}\n");
    project.merge(&[("docs/guide/update.md", &text("Older."))]);
    project.stage().exits(0);
    let older = project.last_pipeline();
    project.merge(&[("docs/guide/update.md", &text("Newer."))]);
    project.stage().exits(0);
    let pipeline = older.to_string();
    let environment = [("CI_JOB_MANUAL", "true"), ("CI_PIPELINE_ID", pipeline.as_str())];
    project
        .job("publish", "main", Some((older, "apply")), &environment)
        .exits(3)
        .says("changed since the last `apply`");
    assert!(server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().contains("Run it again."));
    project.play().exits(0);
    assert!(server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().contains("Newer."));
}

#[test]
fn what_another_pipeline_staged_and_what_is_in_the_repository_is_not_taken() {
    let server = Server::start();
    let Some(mut project) = Project::new(&server) else { return };
    project.stage().exits(0);
    let older = project.last_pipeline();
    project.stage().exits(0);
    project.play_in(older).exits(0).says("handed on nothing in pipeline 102");
    project.job("publish", "main", None, &[("CI_JOB_MANUAL", "true")]).exits(0).says("handed on nothing");
    let elsewhere = [("CI_JOB_MANUAL", "true"), ("CI_COMMIT_BRANCH", "topic")];
    let needs = Some((project.last_pipeline(), "apply"));
    project.job("publish", "main", needs, &elsewhere).exits(64).says("only a pipeline of main publishes");
    assert_eq!(states(&server), ["draft", "draft"]);
}

#[test]
fn on_a_protected_branch_the_lock_joins_the_ids_that_wait() {
    let server = Server::start();
    let Some(mut project) = Project::new(&server) else { return };
    project.protect();
    project.stage().exits(0);
    assert_eq!(project.play().exits(0).output("write-back"), "pull-request");
    assert_eq!(states(&server), ["published", "published"]);
    assert_eq!(project.gitlab.state().merge_requests.len(), 1);
    project.merge_branch("help-center/ids");
    let mark = server.requests().len();
    assert_eq!(project.stage().exits(0).output("write-back"), "none");
    assert_eq!(server.writes_since(mark), [""; 0]);
}
