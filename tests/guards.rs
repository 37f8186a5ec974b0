//! Many articles in one go, and articles whose files are gone.

use std::fmt::Write as _;

use crate::harness::{Project, Server};

fn many(count: usize, config: &str) -> Project {
    let project = Project::new(&[("helpbook.yml", config)]);
    for number in 0..count {
        let mut text = String::new();
        let _ = write!(text, "# Article {number}\n\nText {number}.\n");
        project.write(&format!("docs/guide/a{number}.md"), &text);
    }
    project
}

#[test]
fn more_than_ten_removals_stop_with_5_unless_just_that_many_are_allowed() {
    let server = Server::start();
    let project = many(12, "docs: docs\nstate: published\norphans: unpublish\n").on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    for number in 0..11 {
        project.remove(&format!("docs/guide/a{number}.md"));
    }
    let mark = server.requests().len();
    project.run(&["publish", "--yes"]).exits(5).says("11 of 12 articles would go offline").says("--allow-removals 11");
    project.run(&["publish", "--yes", "--allow-removals", "10"]).exits(5);
    assert_eq!(server.writes_since(mark), [""; 0]);
    project.run(&["publish", "--yes", "--allow-removals", "11"]).exits(0);
    let live = server.get("/articles?per_page=250")["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|a| a["state"] == "published")
        .count();
    assert_eq!(live, 1);
}

#[test]
fn an_orphan_is_named_loudly_and_stays_live() {
    let server = Server::start();
    let project = many(3, "docs: docs\nstate: published\n").on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.remove("docs/guide/a1.md");
    project
        .run(&["plan", "--detailed-exitcode"])
        .exits(0)
        .says("its file is gone; it stays live")
        .says("1 article stays in Intercom though its file is gone");
    let mark = server.requests().len();
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert_eq!(server.writes_since(mark), [""; 0]);
    project.run(&["plan", "docs/guide/a0.md"]).exits(0).says("No changes.");
    project.run(&["status"]).exits(0).says("file deleted");
}

#[test]
fn an_orphan_is_deleted_where_that_is_the_policy() {
    let server = Server::start();
    let project = many(3, "docs: docs\nstate: published\norphans: delete\n").on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.remove("docs/guide/a1.md");
    project.run(&["apply"]).exits(0);
    assert_eq!(server.ids().len(), 3, "apply deletes nothing");
    project.run(&["publish", "--yes"]).exits(0).says("deleted guide/a1.md");
    assert_eq!(server.ids().len(), 2);
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}
