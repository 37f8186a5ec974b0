//! The job `plan` of GitLab: one note on the merge request, a Code Quality report, and never a red job for a fork.

use std::process::Command;

use serde_json::{Value, json};

use super::super::world::source;
use super::stand_in::NOTES;
use super::world::Project;
use crate::harness::Server;

fn notes(project: &Project) -> Vec<String> {
    project.gitlab.state().notes.iter().map(|note| note["body"].as_str().unwrap().to_owned()).collect()
}

/// A merge request that changes a published article.
fn with_a_change(server: &Server) -> Option<Project> {
    let project = Project::published(server)?;
    let text = project.file("main", "docs/guide/update.md").replace("Run it again.", "Run it twice.");
    project.push("topic", &[("docs/guide/update.md", &text)]);
    Some(project)
}

#[test]
fn a_merge_request_gets_one_note_that_is_brought_up_to_date() {
    let server = Server::start();
    let Some(mut project) = with_a_change(&server) else { return };
    let mark = server.requests().len();
    // The token that may only comment is enough.
    let tokens = [("HELPBOOK_GITLAB_TOKEN", ""), ("HELPBOOK_NOTE_TOKEN", NOTES)];
    let job = project.merge_request("topic", &tokens).exits(0);
    assert_eq!(job.output("update"), "1");
    let [note] = &notes(&project)[..] else { panic!("{:?}", notes(&project)) };
    assert!(note.starts_with("<!-- helpbook plan -->\n") && note.contains("twice"), "{note}");
    assert!(note.contains("/octo/docs/-/jobs/1/artifacts/browse/.help-center/)"), "{note}");
    assert!(job.summary.contains("twice") && job.log.contains("twice"));
    assert!(project.kept("plan", "preview/en/changes/guide/update.html").contains("<ins>twice</ins>"));
    assert!(project.kept("plan", "report.html").contains("twice"));
    assert_eq!(job.output("plan"), ".help-center/plan.json");
    assert!(project.kept("plan", "plan.json").contains("\"format_version\""));
    assert_eq!(server.writes_since(mark), [""; 0]);

    // What was merged in the meantime is none of this request's.
    project.merge(&[("docs/guide/new.md", "# New\n\nNew text.\n")]);
    let text = project.file("topic", "docs/guide/update.md").replace("twice", "thrice");
    project.push("topic", &[("docs/guide/update.md", &text)]);
    project.merge_request("topic", &tokens).exits(0);
    let [note] = &notes(&project)[..] else { panic!("{:?}", notes(&project)) };
    assert!(note.contains("thrice") && !note.contains("New text"), "{note}");
    assert_eq!(project.gitlab.state().quick_actions, [""; 0]);
}

#[test]
fn where_gitlab_tests_the_merge_it_is_compared_with_the_target() {
    let server = Server::start();
    let Some(mut project) = with_a_change(&server) else { return };
    project.push("merged", &[("docs/guide/install.md", "# Install\n\nOf the target.\n")]);
    let target = project.head("merged");
    let text = project.file("main", "docs/guide/update.md").replace("Run it again.", "Run it twice.");
    project.push("merged", &[("docs/guide/update.md", &text)]);
    let job = project.merge_request("merged", &[("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", &target)]).exits(0);
    assert!(job.summary.contains("twice") && !job.summary.contains("Of the target"), "{}", job.summary);
}

#[test]
fn a_strangers_note_with_our_mark_is_left_alone_and_ours_is_found_on_a_later_page() {
    let server = Server::start();
    let Some(mut project) = with_a_change(&server) else { return };
    let note = |id: u64, author: u64, body: &str| json!({ "id": id, "author": { "id": author }, "body": body });
    let marked = "<!-- helpbook plan -->\nold";
    project.gitlab.state().notes =
        vec![note(1, 3, marked), note(2, 3, marked), note(3, 3, marked), note(4, 7, "of ours"), note(5, 7, marked)];
    project.merge_request("topic", &[]).exits(0);
    let all = notes(&project);
    assert_eq!(all.len(), 5);
    assert!(all[..4].iter().all(|note| !note.contains("twice")) && all[4].contains("twice"), "{all:?}");
}

#[test]
fn a_token_that_may_not_comment_gives_the_log_and_no_red_job() {
    let server = Server::start();
    let Some(mut project) = with_a_change(&server) else { return };
    project.gitlab.state().refuses = true;
    let job =
        project.merge_request("topic", &[]).exits(0).says("403 Forbidden").says("the comment could not be written");
    assert!(job.log.contains("twice"));
    project.merge_request("topic", &[("HELPBOOK_GITLAB_TOKEN", "")]).exits(0).says("there is no token for GitLab");
    assert!(notes(&project).is_empty());
}

#[test]
fn a_fork_gets_the_plan_without_intercom_and_no_token_also_where_a_member_runs_it_here() {
    let server = Server::start();
    let Some(mut project) = with_a_change(&server) else { return };
    let mark = server.requests().len();
    let fork = [("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "99"), ("INTERCOM_READ_TOKEN", server.token())];
    let job = project.merge_request("topic", &fork).exits(0);
    assert!(job.summary.contains("twice") && job.summary.contains("Made without Intercom"), "{}", job.summary);
    let none = [("INTERCOM_ACCESS_TOKEN", ""), ("HELPBOOK_GITLAB_TOKEN", "")];
    project.merge_request("topic", &none).exits(0).says("Made without Intercom");
    assert_eq!(server.requests_since(mark), [""; 0]);
    assert!(notes(&project).is_empty());
    let shallow = [("INTERCOM_ACCESS_TOKEN", ""), ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")];
    project.merge_request("topic", &shallow).exits(64).says("GIT_DEPTH");
}

#[test]
fn a_token_that_may_only_read_is_taken_to_plan() {
    let server = Server::start();
    let Some(mut project) = with_a_change(&server) else { return };
    let tokens = [("INTERCOM_ACCESS_TOKEN", "wrong"), ("INTERCOM_READ_TOKEN", server.token())];
    project.merge_request("topic", &tokens).exits(0);
    project.merge_request("topic", &[("INTERCOM_ACCESS_TOKEN", "wrong")]).exits(4);
}

#[test]
fn a_merge_request_that_changes_no_article_gets_no_note() {
    let server = Server::start();
    let Some(mut project) = Project::published(&server) else { return };
    project.push("topic", &[("src/code.txt", "code\n")]);
    let job = project.merge_request("topic", &[]).exits(0);
    assert!(notes(&project).is_empty());
    assert_eq!(job.output("preview"), "");
}

#[test]
fn an_error_in_a_changed_file_is_in_the_report_at_its_line_and_fails_the_job() {
    let server = Server::start();
    let Some(mut project) = Project::published(&server) else { return };
    project.push("topic", &[("docs/guide/new.md", "---\ntitle: New\ntitel: New\n---\n/close\n")]);
    let job = project.merge_request("topic", &[]).exits(1).says("docs/guide/new.md:3: ");
    let report: Value = serde_json::from_str(&project.kept("plan", "gl-code-quality-report.json")).unwrap();
    let found = report.as_array().unwrap().iter().find(|one| one["check_name"] == "unknown-key").unwrap();
    assert_eq!(found["location"], json!({ "path": "docs/guide/new.md", "lines": { "begin": 3 } }));
    assert_eq!(found["severity"], "critical");
    assert!(job.summary.contains("They are shown at the lines of the merge request"), "{}", job.summary);
    assert!(notes(&project)[0].contains("found errors"));
}

#[test]
fn no_line_of_an_article_is_a_command_of_gitlab() {
    let server = Server::start();
    let Some(mut project) = Project::published(&server) else { return };
    let text = "# /close\n\n/merge\n\n```\n/approve\n```\n\n~~~\n/assign @ada\n~~~\n\n- /label ~x\n";
    project.push("topic", &[("docs/guide/new.md", text), ("docs/guide/x.md", "---\ntitle: \"/close\"\n---\n/lock\n")]);
    project.merge_request("topic", &[]).exits(0);
    assert_eq!(project.gitlab.state().quick_actions, [""; 0]);
    assert!(notes(&project)[0].contains("merge"), "{:?}", notes(&project));
}

/// A report has no such line today; what is sent to GitLab has none whatever a report becomes.
#[test]
fn a_line_that_starts_with_a_slash_is_sent_with_a_space_before_it() {
    let text = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(text.path(), "/close\n```\n/merge now\n```\na /b\n /c\n").unwrap();
    let script =
        format!(". '{}' && without_quick_actions '{}'", source("action/gitlab.sh").display(), text.path().display());
    let run = Command::new("bash").args(["-c", &script]).env("CI_PROJECT_ID", "42").env("CI_PROJECT_URL", "x").output();
    let Ok(output) = run else { return };
    assert_eq!(String::from_utf8(output.stdout).unwrap(), " /close\n```\n /merge now\n```\na /b\n /c\n");
}

#[test]
fn what_fails_the_job_can_be_chosen() {
    let server = Server::start();
    let Some(mut project) = with_a_change(&server) else { return };
    project.merge_request("topic", &[("HELPBOOK_FAIL_ON", "drift, removals")]).exits(0);
    project.merge_request("topic", &[("HELPBOOK_FAIL_ON", "changes")]).exits(3).says("because of: changes");
    project.merge_request("topic", &[("HELPBOOK_COMMAND", "destroy")]).exits(64).says("error: command is plan, apply");
}
