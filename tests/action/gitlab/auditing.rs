//! The job `audit` of GitLab: one issue, brought up to date.

use serde_json::json;

use super::world::Project;
use crate::harness::Server;

#[test]
fn the_week_keeps_one_issue_up_to_date_and_closes_it() {
    let server = Server::start();
    let Some(mut project) = Project::published(&server) else { return };
    assert_eq!(project.scheduled("audit", &[]).exits(0).output("findings"), "0");
    assert!(project.gitlab.state().issues.is_empty(), "nothing is wrong");

    let stranger =
        json!({"iid": 1, "state": "opened", "author": {"id": 3}, "description": "<!-- helpbook audit -->\nmine"});
    project.gitlab.state().issues =
        vec![stranger.clone(), json!({"iid": 2, "state": "opened", "author": {"id": 7}, "description": null})];
    let id = project.id("main", "docs/guide/install.md");
    server.put(&format!("/articles/{id}"), &json!({"body": "<h1>A</h1><h4>Deep @ada</h4>"}));
    let job = project.scheduled("audit", &[]).exits(0);
    assert_eq!((job.output("findings"), job.output("issue")), ("1", "23"));
    let text = project.gitlab.state().issues[2]["description"].as_str().unwrap().to_owned();
    assert!(text.starts_with("<!-- helpbook audit -->\n") && text.contains("`heading-jump`"), "{text}");
    assert!(project.kept("audit", "audit.html").contains("heading-jump"));
    project.scheduled("audit", &[("HELPBOOK_FAIL_ON", "any")]).exits(1).says("because of: any");
    assert_eq!(project.gitlab.state().issues.len(), 3);

    server.put(&format!("/articles/{id}"), &json!({"body": "<h1>A</h1><p>Text</p>"}));
    project.scheduled("audit", &[]).exits(0);
    assert_eq!(project.gitlab.state().issues[2]["state"], "closed");
    assert_eq!(project.gitlab.state().issues[0], stranger);
    server.put(&format!("/articles/{id}"), &json!({"body": "<h1>A</h1><h4>B</h4>"}));
    project.gitlab.state().refuses = true;
    project.scheduled("audit", &[]).exits(1).says("the issue could not be written");
}
