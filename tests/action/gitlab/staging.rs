//! The job `stage` of GitLab: what was merged becomes drafts, and ids and lock come back to `main`.

use super::world::Project;
use crate::harness::{Server, live_edit};

#[test]
fn a_merge_is_staged_and_ids_and_lock_come_back_in_one_commit_that_starts_no_pipeline() {
    let server = Server::start();
    let Some(mut project) = Project::new(&server) else { return };
    let merged = project.head("main");
    let job = project.stage().exits(0).says("start the job `help-center-publish` of [this pipeline]");
    let id = project.id("main", "docs/guide/install.md");
    assert_eq!(server.get(&format!("/articles/{id}"))["state"], "draft");
    assert_eq!(project.git(&["rev-parse", "main^"]).trim(), merged, "one commit");
    assert_eq!(
        project.git(&["log", "-1", "--format=%an <%ae> %s", "main"]).trim(),
        "helpbook <project_42_bot@noreply.gitlab.test> Keep ids and lock of the Help Center"
    );
    assert_eq!(project.gitlab.state().push_options, ["ci.skip"]);
    assert_eq!((job.output("write-back"), job.output("commit")), ("commit", project.head("main").as_str()));
    assert_eq!((job.output("approval"), job.output("to-publish")), ("none", "2"));
    let changed = project.git(&["diff", "--name-only", &merged, "main"]);
    assert_eq!(changed, "docs/guide/_index.md\ndocs/guide/install.md\ndocs/guide/update.md\nhelpbook.lock\n");
    assert!(project.kept("apply", "report.html").contains("<html"));
    assert_eq!(project.kept("apply", "gl-code-quality-report.json").trim(), "[]");
    assert_eq!(project.kept("apply", "staged/commit").trim(), project.head("main"));

    // A second run finds all done.
    let mark = server.requests().len();
    assert_eq!(project.stage().exits(0).output("write-back"), "none");
    assert_eq!(server.writes_since(mark), [""; 0]);
}

#[test]
fn a_merge_in_the_middle_of_a_run_is_kept_and_the_ids_are_laid_on_it() {
    let server = Server::start();
    let Some(mut project) = Project::new(&server) else { return };
    project.push(
        "next",
        &[("docs/guide/update.md", "---\ntitle: Update\ndescription: Another one\n---\nRun it twice.\n")],
    );
    let next = project.head("next");
    project.gitlab.state().moves_to = Some(next.clone());
    let job = project.stage().exits(0).says("main moved");
    assert_eq!(job.output("write-back"), "commit");
    assert_eq!(project.git(&["rev-parse", "main^"]).trim(), next);
    let text = project.file("main", "docs/guide/update.md");
    assert!(text.contains("Another one") && text.contains("Run it twice.\n"), "{text}");
    project.id("main", "docs/guide/update.md");
    project.stage().exits(0);
    assert_eq!(server.ids().len(), 2, "no double");
}

#[test]
fn a_commit_whose_answer_was_lost_is_found_and_not_made_twice() {
    let server = Server::start();
    let Some(mut project) = Project::new(&server) else { return };
    let merged = project.head("main");
    project.gitlab.state().loses = 1;
    let job = project.stage().exits(0);
    assert_eq!((job.output("write-back"), job.output("commit")), ("commit", project.head("main").as_str()));
    assert_eq!(project.git(&["rev-parse", "main^"]).trim(), merged);
}

#[test]
fn a_protected_branch_gets_a_merge_request_and_the_next_run_takes_the_ids_from_it() {
    let server = Server::start();
    let Some(mut project) = Project::new(&server) else { return };
    project.protect();
    let main = project.head("main");
    let job = project.stage().exits(0).says("wait in merge request !11");
    assert_eq!(
        (job.output("write-back"), job.output("commit")),
        ("pull-request", project.head("help-center/ids").as_str())
    );
    assert_eq!(project.head("main"), main);
    let opened = project.gitlab.state().merge_requests[0].clone();
    assert_eq!((&opened["source_branch"], &opened["target_branch"]), (&"help-center/ids".into(), &"main".into()));
    assert!(!opened["description"].as_str().unwrap().contains("starts no checks"), "{opened}");

    project.merge(&[(
        "docs/guide/update.md",
        "---\ntitle: Update\ndescription: How to stay current\n---\nRun it twice.\n",
    )]);
    project.stage().exits(0);
    assert_eq!(server.ids().len(), 2, "no double");
    assert_eq!(project.gitlab.state().merge_requests.len(), 1, "the same merge request");
    project.merge_branch("help-center/ids");
    assert_eq!(project.stage().exits(0).output("write-back"), "none");
}

#[test]
fn where_no_merge_request_may_be_opened_the_job_fails_and_the_ids_are_safe() {
    let server = Server::start();
    let Some(mut project) = Project::new(&server) else { return };
    project.protect();
    project.gitlab.state().refuses = true;
    project.stage().exits(1).says("403 Forbidden").says("ids and lock are safe in the branch help-center/ids");
    project.id("help-center/ids", "docs/guide/install.md");
    project.gitlab.state().refuses = false;
    project.stage().exits(0);
    assert_eq!(server.ids().len(), 2, "no double");
}

#[test]
fn without_a_token_that_may_write_back_nothing_is_sent_to_intercom() {
    let server = Server::start();
    let Some(mut project) = Project::new(&server) else { return };
    let mark = server.requests().len();
    project.stage_with(&[("HELPBOOK_GITLAB_TOKEN", "")]).exits(1).says("set the CI/CD variable HELPBOOK_GITLAB_TOKEN");
    project.stage_with(&[("HELPBOOK_GITLAB_TOKEN", "glpat-wrong")]).exits(1).says("GitLab does not take the token");
    project.stage_with(&[("HELPBOOK_GITLAB_TOKEN", "a\"\nb")]).exits(1).says("holds characters");
    project.stage_with(&[("INTERCOM_ACCESS_TOKEN", "")]).exits(4).says("set the CI/CD variable INTERCOM_ACCESS_TOKEN");
    assert_eq!(server.requests_since(mark), [""; 0]);
}

#[test]
fn what_is_refused_fails_the_job_after_the_rest_was_staged() {
    let server = Server::start();
    let Some(mut project) = Project::new(&server) else { return };
    project.merge(&[("docs/guide/other.md", "---\ntitle: Other\nid: 77\n---\nText.\n")]);
    let job = project.stage().exits(3).says("error: the job fails because of: blocked");
    assert_eq!(job.output("write-back"), "commit");
    project.id("main", "docs/guide/install.md");
    project.stage_with(&[("HELPBOOK_FAIL_ON", "none")]).exits(0);
}

#[test]
fn text_of_an_article_steers_no_log_and_a_project_in_a_folder_has_branches_of_its_own() {
    let server = Server::start();
    let Some(mut project) = Project::published(&server) else { return };
    let id = project.id("main", "docs/guide/update.md");
    project.merge(&[("docs/guide/update.md", &format!("---\ntitle: Update\nid: {id}\n---\nMine.\n"))]);
    server.edit(id, &live_edit("<p>section_start:1:x\u{d}\u{1b}[0K</p>"));
    project.stage();

    project.protect();
    let text = "---\ntitle: Another\n---\nSomething else.\n";
    project.merge(&[("help center/helpbook.yml", "docs: docs\n"), ("help center/docs/install.md", text)]);
    let job = project.stage_with(&[("HELPBOOK_WORKDIR", "help center")]).exits(0);
    assert_eq!(job.output("write-back"), "pull-request");
    let branches = project.git(&["for-each-ref", "--format=%(refname)", "refs/heads/help-center"]);
    assert!(branches.starts_with("refs/heads/help-center/ids-"), "{branches}");
    project.stage_with(&[("HELPBOOK_WORKDIR", "../out")]).exits(64).says("has to lie inside the checkout");
}
