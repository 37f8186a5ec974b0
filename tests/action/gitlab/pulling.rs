//! The job `pull` of GitLab: teammates' edits as one merge request.

use super::world::Project;
use crate::harness::{Server, live_edit};

#[test]
fn teammates_edits_become_one_merge_request_with_them_as_co_authors() {
    let server = Server::start();
    let Some(mut project) = Project::published(&server) else { return };
    let id = project.id("main", "docs/guide/update.md");
    server.edit(id, &live_edit("<p>Run it twice.</p>"));
    let mark = server.requests().len();
    let job = project.scheduled("pull", &[]).exits(0);
    assert_eq!((job.output("pulled"), job.output("pull-request")), ("1", "11"));
    let message = project.git(&["log", "-1", "--format=%an%n%B", "help-center/pull"]);
    assert_eq!(
        message.trim(),
        "helpbook\nTake changes from Intercom\n\n- guide/update.md\n\nCo-authored-by: Grace <grace@example.com>"
    );
    let opened = project.gitlab.state().merge_requests[0].clone();
    assert_eq!((&opened["title"], &opened["target_branch"]), (&"Changes from Intercom".into(), &"main".into()));
    assert!(opened["description"].as_str().unwrap().contains("| `guide/update.md` | body | `Grace` |"), "{opened}");
    assert_eq!(server.writes_since(mark), [""; 0]);

    // A night without news changes nothing; one with news brings the same request up to date.
    let head = project.head("help-center/pull");
    project.scheduled("pull", &[]).exits(0);
    assert_eq!(project.head("help-center/pull"), head);
    let other = project.id("main", "docs/guide/install.md");
    server.edit(other, &live_edit("<p>Run the new installer.</p>"));
    project.scheduled("pull", &[]).exits(0);
    assert_eq!(project.gitlab.state().merge_requests.len(), 1);
    assert_eq!(project.git(&["rev-list", "--count", "main..help-center/pull"]).trim(), "1");

    project.merge_branch("help-center/pull");
    project.scheduled("pull", &[]).exits(0).says("there is nothing to pull");
    assert_eq!(project.head("help-center/pull"), "");
}

#[test]
fn commits_that_people_added_to_the_merge_request_stay() {
    let server = Server::start();
    let Some(mut project) = Project::published(&server) else { return };
    let id = project.id("main", "docs/guide/update.md");
    server.edit(id, &live_edit("<p>Run it twice.</p>"));
    project.scheduled("pull", &[]).exits(0);
    project.push(
        "help-center/pull",
        &[("docs/guide/note.md", "---\ntitle: Note\nstate: draft\n---\nWritten by a person.\n")],
    );
    let person = project.head("help-center/pull");
    project.merge(&[("README.md", "Merged in the meantime.\n")]);
    let other = project.id("main", "docs/guide/install.md");
    server.edit(other, &live_edit("<p>Run the new installer.</p>"));
    project.scheduled("pull", &[]).exits(0);
    project.git(&["merge-base", "--is-ancestor", &person, "help-center/pull"]);
    project.git(&["merge-base", "--is-ancestor", "main", "help-center/pull"]);
    assert!(project.file("help-center/pull", "docs/guide/install.md").contains("new installer"));

    // What does not merge by itself is left to a person.
    let text = project.file("main", "docs/guide/update.md").replace("Run it again.", "Run it never.");
    project.merge(&[("docs/guide/update.md", &text)]);
    project.scheduled("pull", &[]).exits(1).says("does not merge into help-center/pull by itself");
}

#[test]
fn an_edit_that_was_taken_back_closes_the_merge_request() {
    let server = Server::start();
    let Some(mut project) = Project::published(&server) else { return };
    let id = project.id("main", "docs/guide/update.md");
    let before = server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().to_owned();
    server.edit(id, &live_edit("<p>Run it twice.</p>"));
    project.scheduled("pull", &[]).exits(0);
    let head = project.head("help-center/pull");
    project.scheduled("pull", &[("INTERCOM_ACCESS_TOKEN", "wrong")]).exits(4);
    assert_eq!(project.head("help-center/pull"), head, "a failed run closes nothing");
    server.edit(id, &live_edit(&before));
    project.scheduled("pull", &[]).exits(0).says("there is nothing to pull");
    assert_eq!(project.gitlab.state().merge_requests[0]["state"], "closed");
    assert_eq!(project.head("help-center/pull"), "");
}
