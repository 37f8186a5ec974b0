//! The job `plan`: annotations, the summary and one comment, and never a red check for a fork.

use serde_json::{Value, json};

use super::world::World;
use crate::harness::Server;

fn comments(world: &World) -> Vec<Value> {
    world.state("comments.json").as_array().unwrap().clone()
}

/// A pull request that changes a published article.
fn with_a_change(server: &Server) -> Option<World> {
    let world = World::published(server)?;
    let text = world.file("main", "docs/guide/update.md").replace("Run it again.", "Run it twice.");
    world.push("topic", &[("docs/guide/update.md", &text)]);
    Some(world)
}

#[test]
fn a_pull_request_gets_one_comment_that_is_brought_up_to_date() {
    let server = Server::start();
    let Some(world) = with_a_change(&server) else { return };
    let mark = server.requests().len();
    let job = world.pull_request("topic", &[]).exits(0);
    assert_eq!(job.output("update"), "1");
    assert!(std::path::Path::new(job.output("report")).ends_with("report.html"));
    let [comment] = &comments(&world)[..] else { panic!("{:?}", comments(&world)) };
    assert!(comment["body"].as_str().unwrap().starts_with("<!-- helpbook plan -->\n"));
    assert!(comment["body"].as_str().unwrap().contains("twice"), "{comment}");
    assert!(job.summary.contains("twice"));
    let pages = world.artifact(job.output("preview-name")).join("en");
    let page = std::fs::read_to_string(pages.join("changes/guide/update.html")).unwrap();
    assert!(page.contains("<ins>twice</ins>"), "{page}");
    assert!(!pages.join("articles/guide/install.html").exists());
    assert!(comment["body"].as_str().unwrap().contains("https://github.com/octo/docs/actions/runs/"), "{comment}");
    assert_eq!(server.writes_since(mark), [""; 0]);

    let text = world.file("topic", "docs/guide/update.md").replace("twice", "thrice");
    world.push("topic", &[("docs/guide/update.md", &text)]);
    world.pull_request("topic", &[]).exits(0);
    let [comment] = &comments(&world)[..] else { panic!("{:?}", comments(&world)) };
    assert!(comment["body"].as_str().unwrap().contains("thrice"), "{comment}");
}

#[test]
fn a_strangers_comment_with_our_mark_is_left_alone_and_ours_is_found_on_a_later_page() {
    let server = Server::start();
    let Some(world) = with_a_change(&server) else { return };
    let stranger = |id: u64| json!({ "id": id, "user": "mallory", "body": "<!-- helpbook plan -->\nfine" });
    let other = json!({ "id": 4, "user": "github-actions[bot]", "body": "of another workflow" });
    let own = json!({ "id": 5, "user": "github-actions[bot]", "body": "<!-- helpbook plan -->\nold" });
    world.set("comments.json", &json!([stranger(1), stranger(2), stranger(3), other, own]).to_string());
    world.pull_request("topic", &[]).exits(0);
    let all = comments(&world);
    assert_eq!(all.len(), 5);
    assert!(all[..4].iter().all(|comment| !comment["body"].as_str().unwrap().contains("twice")), "{all:?}");
    assert!(all[4]["body"].as_str().unwrap().contains("twice"), "{all:?}");
}

#[test]
fn a_token_that_may_only_read_gives_the_summary_and_no_red_check() {
    let server = Server::start();
    let Some(world) = with_a_change(&server) else { return };
    world.set("read-only", "");
    let job = world.pull_request("topic", &[]).exits(0).says("the comment could not be written");
    assert!(job.summary.contains("twice"));
    assert!(comments(&world).is_empty());
}

#[test]
fn a_fork_gets_the_plan_without_intercom() {
    let server = Server::start();
    let Some(world) = with_a_change(&server) else { return };
    world.set("read-only", "");
    let mark = server.requests().len();
    let job = world.pull_request("topic", &[("INTERCOM_ACCESS_TOKEN", "")]).exits(0);
    assert!(job.summary.contains("twice") && job.summary.contains("Made without Intercom"), "{}", job.summary);
    assert_eq!(server.requests_since(mark), [""; 0]);
}

#[test]
fn a_pull_request_that_changes_no_article_gets_no_comment() {
    let server = Server::start();
    let Some(world) = World::published(&server) else { return };
    world.push("topic", &[("src/code.txt", "code\n")]);
    let job = world.pull_request("topic", &[]).exits(0);
    assert!(comments(&world).is_empty());
    assert_eq!(job.output("preview"), "");
}

#[test]
fn an_error_in_a_changed_file_stands_at_its_line_and_fails_the_job() {
    let server = Server::start();
    let Some(world) = World::published(&server) else { return };
    world.push("topic", &[("docs/guide/new.md", "---\ntitle: New\ntitel: New\n---\n::error::owned\n")]);
    let job = world.pull_request("topic", &[]).exits(1);
    let annotation =
        job.log.lines().find(|line| line.starts_with("::error file=")).unwrap_or_else(|| panic!("{}", job.log));
    assert!(annotation.contains("file=docs/guide/new.md") && annotation.contains("line=3"), "{annotation}");
    assert!(job.summary.contains("`helpbook check` found errors"));
    assert!(comments(&world)[0]["body"].as_str().unwrap().contains("found errors"));
}

#[test]
fn what_fails_the_job_can_be_chosen() {
    let server = Server::start();
    let Some(world) = with_a_change(&server) else { return };
    world.pull_request("topic", &[("HELPBOOK_FAIL_ON", "drift, removals")]).exits(0);
    world.pull_request("topic", &[("HELPBOOK_FAIL_ON", "changes")]).exits(3).says("because of: changes");
    world.pull_request("topic", &[("INTERCOM_ACCESS_TOKEN", "wrong")]).exits(4);
    world.pull_request("topic", &[("HELPBOOK_COMMAND", "")]).exits(0);
    world.pull_request("topic", &[("HELPBOOK_COMMAND", "destroy")]).exits(64).says("command is plan, apply");
}

#[test]
fn a_report_that_is_too_long_for_a_comment_gives_its_summary_there() {
    let server = Server::start();
    let Some(world) = World::published(&server) else { return };
    let words: Vec<String> =
        (0..400).map(|at| format!("# Article {at}\n\n{}\n", format!("word{at} ").repeat(60))).collect();
    let paths: Vec<String> = (0..400).map(|at| format!("docs/guide/a{at}.md")).collect();
    let files: Vec<(&str, &str)> =
        paths.iter().zip(&words).map(|(path, text)| (path.as_str(), text.as_str())).collect();
    world.push("topic", &files);
    let job = world.pull_request("topic", &[]).exits(0);
    assert_eq!(job.output("create"), "400");
    let body = comments(&world)[0]["body"].as_str().unwrap().to_owned();
    assert!(body.chars().count() <= 65_536, "{}", body.chars().count());
}
