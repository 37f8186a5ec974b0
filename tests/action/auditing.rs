//! The job `audit`: one issue each week, brought up to date.

use serde_json::json;

use super::world::World;
use crate::harness::Server;

#[test]
fn the_week_keeps_one_issue_up_to_date_and_closes_it() {
    let server = Server::start();
    let Some(mut world) = World::published(&server) else { return };
    let mark = server.requests().len();
    let job = world.week("").exits(0);
    assert_eq!((job.output("findings"), job.output("issue")), ("0", ""));
    assert_eq!(world.state("issues.json"), json!([]), "nothing is wrong");
    assert_eq!(server.writes_since(mark), [""; 0]);

    // Two others are before ours: one of a stranger with our mark, one of ours about something else.
    world.set_state(
        "issues.json",
        &json!([
            {"number": 1, "state": "open", "user": "eve", "body": "<!-- helpbook audit -->\nmine"},
            {"number": 2, "state": "open", "user": "github-actions[bot]", "body": "other"},
        ]),
    );
    let id = world.id("main", "docs/guide/install.md");
    server.put(&format!("/articles/{id}"), &json!({"body": "<h1>A</h1><h4>Deep @ada</h4>"}));
    let job = world.week("").exits(0);
    assert_eq!((job.output("findings"), job.output("issue")), ("1", "23"));
    let issues = world.state("issues.json");
    let body = issues[2]["body"].as_str().unwrap();
    assert!(body.starts_with("<!-- helpbook audit -->\n<!-- helpbook:audit -->\n# Audit of "), "{body}");
    assert!(body.contains("`heading-jump`") && !body.contains("@ada"), "{body}");
    assert!(job.summary.contains("`heading-jump`") && job.output("report").ends_with("audit.html"));

    world.week("").exits(0);
    assert_eq!(world.state("issues.json").as_array().unwrap().len(), 3);
    world.week("heading-jump,wide-table").exits(1).says("because of: heading-jump");
    world.week("any").exits(1).says("because of: any");
    world.week("wide-table").exits(0);

    server.put(&format!("/articles/{id}"), &json!({"body": "<h1>A</h1><p>Text</p>"}));
    world.week("").exits(0);
    let issues = world.state("issues.json");
    assert_eq!((&issues[2]["state"], &issues[0]["body"]), (&json!("closed"), &json!("<!-- helpbook audit -->\nmine")));
}

#[test]
fn a_job_that_may_not_write_issues_says_what_it_needs() {
    let server = Server::start();
    let Some(mut world) = World::published(&server) else { return };
    let id = world.id("main", "docs/guide/install.md");
    server.put(&format!("/articles/{id}"), &json!({"body": "<h1>A</h1><h4>B</h4>"}));
    world.set_state("read-only", &json!(true));
    world.week("").exits(1).says("issues: write").says("`heading-jump`");
}
