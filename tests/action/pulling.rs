//! The job `pull`: teammates' edits as one pull request.

use super::world::World;
use crate::harness::{Server, live_edit};

#[test]
fn teammates_edits_become_one_pull_request_with_them_as_co_authors() {
    let server = Server::start();
    let Some(mut world) = World::published(&server) else { return };
    let id = world.id("main", "docs/guide/update.md");
    server.edit(id, &live_edit("<p>Run it twice.</p>"));
    let mark = server.requests().len();
    let job = world.night().exits(0);
    assert_eq!((job.output("pulled"), job.output("pull-request")), ("1", "11"));
    let message = world.git(&["log", "-1", "--format=%B", "help-center/pull"]);
    assert_eq!(
        message.trim(),
        "Take changes from Intercom\n\n- guide/update.md\n\nCo-authored-by: Grace <grace@example.com>"
    );
    assert_eq!(world.git(&["rev-parse", "help-center/pull^"]).trim(), world.head("main"));
    assert!(world.file("help-center/pull", "docs/guide/update.md").contains("Run it twice."));
    let pull = &world.state("pulls.json")[0];
    assert_eq!((pull["title"].as_str().unwrap(), pull["base"].as_str().unwrap()), ("Changes from Intercom", "main"));
    assert!(pull["body"].as_str().unwrap().contains("| `guide/update.md` | body | `Grace` |"), "{pull}");
    assert_eq!(server.writes_since(mark), [""; 0]);

    // A night without news changes nothing.
    let head = world.head("help-center/pull");
    world.night().exits(0);
    assert_eq!(world.head("help-center/pull"), head);

    // A second night with news brings the same pull request up to date.
    let other = world.id("main", "docs/guide/install.md");
    server.edit(other, &live_edit("<p>Run the new installer.</p>"));
    world.night().exits(0);
    assert_eq!(world.state("pulls.json").as_array().unwrap().len(), 1);
    assert_eq!(world.git(&["rev-list", "--count", "main..help-center/pull"]).trim(), "1");
    assert!(world.file("help-center/pull", "docs/guide/install.md").contains("new installer"));
    let branches = world.git(&["for-each-ref", "--format=%(refname)", "refs/heads"]);
    assert_eq!(branches, "refs/heads/help-center/pull\nrefs/heads/main\n");

    // Merged, it is done: nothing to stage, nothing to pull.
    world.merge_branch("help-center/pull");
    let mark = server.requests().len();
    world.stage().exits(0);
    assert_eq!(server.writes_since(mark), [""; 0]);
    world.night().exits(0).says("there is nothing to pull");
    assert_eq!(world.head("help-center/pull"), "");
}

#[test]
fn commits_that_people_added_to_the_pull_request_stay() {
    let server = Server::start();
    let Some(mut world) = World::published(&server) else { return };
    let id = world.id("main", "docs/guide/update.md");
    server.edit(id, &live_edit("<p>Run it twice.</p>"));
    world.night().exits(0);
    world.push(
        "help-center/pull",
        &[("docs/guide/note.md", "---\ntitle: Note\nstate: draft\n---\nWritten by a person.\n")],
    );
    let person = world.head("help-center/pull");
    world.merge(&[("README.md", "Merged in the meantime.\n")]);
    let other = world.id("main", "docs/guide/install.md");
    server.edit(other, &live_edit("<p>Run the new installer.</p>"));
    world.night().exits(0);
    world.git(&["merge-base", "--is-ancestor", &person, "help-center/pull"]);
    world.git(&["merge-base", "--is-ancestor", "main", "help-center/pull"]);
    assert!(world.file("help-center/pull", "docs/guide/install.md").contains("new installer"));
    world.file("help-center/pull", "docs/guide/note.md");

    // What does not merge by itself is left to a person.
    let text = world.file("main", "docs/guide/update.md").replace("Run it again.", "Run it never.");
    world.merge(&[("docs/guide/update.md", &text)]);
    world.night().exits(1).says("does not merge into help-center/pull by itself");
}

#[test]
fn a_conflict_is_left_to_the_pull_request() {
    let server = Server::start();
    let Some(mut world) = World::published(&server) else { return };
    let id = world.id("main", "docs/guide/update.md");
    let text = world.file("main", "docs/guide/update.md").replace("Run it again.", "Run it never.");
    world.merge(&[("docs/guide/update.md", &text)]);
    server.edit(id, &live_edit("<p>Run it twice.</p>"));
    world.night().exits(0);
    let merged = world.file("help-center/pull", "docs/guide/update.md");
    assert!(merged.contains("<<<<<<<") && merged.contains("never") && merged.contains("twice"), "{merged}");
    let pull = &world.state("pulls.json")[0];
    assert!(pull["body"].as_str().unwrap().contains("**1 to decide**"), "{pull}");
}

#[test]
fn an_edit_that_was_taken_back_closes_the_pull_request() {
    let server = Server::start();
    let Some(mut world) = World::published(&server) else { return };
    let id = world.id("main", "docs/guide/update.md");
    let before = server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().to_owned();
    server.edit(id, &live_edit("<p>Run it twice.</p>"));
    world.night().exits(0);
    server.edit(id, &live_edit(&before));
    world.night().exits(0).says("there is nothing to pull");
    assert_eq!(world.state("pulls.json")[0]["state"], "closed");
    assert_eq!(world.head("help-center/pull"), "");
}

#[test]
fn co_authors_can_be_left_out() {
    let server = Server::start();
    let Some(world) = World::published(&server) else { return };
    let id = world.id("main", "docs/guide/update.md");
    server.edit(id, &live_edit("<p>Run it twice.</p>"));
    world.job("main", &[("HELPBOOK_COMMAND", "pull"), ("HELPBOOK_CO_AUTHORS", "false")]).exits(0);
    let message = world.git(&["log", "-1", "--format=%B", "help-center/pull"]);
    assert!(!message.contains("example.com"), "{message}");
}

#[test]
fn a_failed_pull_closes_nothing() {
    let server = Server::start();
    let Some(mut world) = World::published(&server) else { return };
    let id = world.id("main", "docs/guide/update.md");
    server.edit(id, &live_edit("<p>Run it twice.</p>"));
    world.night().exits(0);
    let head = world.head("help-center/pull");
    world.job("main", &[("HELPBOOK_COMMAND", "pull"), ("INTERCOM_ACCESS_TOKEN", "wrong")]).exits(4);
    world.job("main", &[("HELPBOOK_COMMAND", "pull"), ("INTERCOM_ACCESS_TOKEN", "")]).exits(4);
    assert_eq!(world.head("help-center/pull"), head);
}
