//! `log` and `show`: what happened to articles, by Intercom's versions and Git's commits.

use serde_json::{Value, json};

use crate::harness::{Project, Server, live_edit};

const REFUNDS: &str = "docs/billing/refunds.md";

/// An article that was published, changed, and edited by a teammate.
fn history(server: &Server) -> Project {
    let project = Project::new(&[(REFUNDS, "# Refunds\n\nYou have ten days.\n")]).on(server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.git(&["init", "-q"]);
    project.git(&["add", "-A"]);
    project.git(&["commit", "-q", "-m", "Begin"]);
    project.edit(REFUNDS, "ten days", "twelve days");
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.git(&["commit", "-q", "-am", "Twelve days"]);
    server.edit(project.id(REFUNDS), &live_edit("<p>You have twelve days to ask.</p>"));
    server.edit(project.id(REFUNDS), &json!({ "body": "<p>A draft.</p>", "title": "Refunding" }));
    project
}

fn entries(project: &Project, arguments: &[&str]) -> Vec<Value> {
    let ran = project.run(&[&["log", "--json"], arguments].concat()).exits(0);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    document["versions"].as_array().unwrap().clone()
}

#[test]
fn versions_and_commits_are_one_list() {
    let server = Server::start();
    let project = history(&server);
    let id = project.id(REFUNDS);
    let found = entries(&project, &["billing/refunds.md"]);
    let of_intercom: Vec<&Value> = found.iter().filter(|one| one["source"] == "intercom").collect();
    let told = |one: &Value| json!([one["via"], one["state"], one["by"]["name"], one["summary"], one["title"]]);
    let fields =
        |fields: &[&str], added: u64, removed: u64| json!({ "added": added, "removed": removed, "fields": fields });
    assert_eq!(
        of_intercom.iter().map(|one| told(one)).collect::<Vec<_>>(),
        [
            json!(["editor", "staged", "Grace", fields(&["title", "body"], 2, 6), "Refunding"]),
            json!(["editor", "live", "Grace", fields(&["body"], 2, 0), "Refunds"]),
            json!(["helpbook", "was_live", "Ada", fields(&["body"], 1, 1), "Refunds"]),
            // Going live for the first time sent the same once more.
            json!(["helpbook", "was_live", "Ada", fields(&[], 0, 0), "Refunds"]),
            json!(["helpbook", "was_live", "Ada", fields(&["title", "body"], 4, 0), "Refunds"]),
        ]
    );
    let of_git: Vec<&Value> = found.iter().filter(|one| one["source"] == "git").collect();
    assert_eq!(of_git.iter().map(|one| one["message"].as_str().unwrap()).collect::<Vec<_>>(), ["Twelve days", "Begin"]);
    assert_eq!(of_intercom[2]["commit"], of_git[0]["id"]);
    assert_eq!((&of_intercom[0]["article"], &of_intercom[0]["locale"]), (&json!(id), &json!("en")));
    assert_eq!(entries(&project, &[&id.to_string()]), found);
    let mark = server.requests().len();
    project
        .run(&["log", REFUNDS, "-p"])
        .exits(0)
        .says("You have [-ten-]{+twelve+} days.")
        .says("title: Refunds -> Refunding")
        .says("Ada (Git) Twelve days")
        .says("hint: `helpbook show docs/billing/refunds.md@VERSION`");
    assert_eq!(server.writes_since(mark), [""; 0]);
    let ran = project.run(&["log", REFUNDS, "--limit", "1"]).exits(0);
    assert_eq!(ran.stdout.lines().count(), 2, "{}", ran.stdout);
    ran.says("5 older versions are left out; `--limit` shows more");
}

#[test]
fn the_whole_help_center_is_told_since_a_time() {
    let server = Server::start();
    let project = history(&server);
    project.write("docs/other.md", "# Other\n\nIt is elsewhere.\n");
    project.run(&["apply", "--publish", "--yes", "docs/other.md"]).exits(0);
    project.git(&["add", "-A"]);
    project.git(&["commit", "-q", "-m", "Other"]);
    let of = |arguments: &[&str], path: &str| {
        let found = entries(&project, arguments);
        found.iter().filter(|one| one["path"] == path).count()
    };
    assert_eq!((of(&[], "billing/refunds.md"), of(&[], "other.md")), (7, 3));
    assert_eq!((of(&["billing"], "billing/refunds.md"), of(&["billing"], "other.md")), (7, 0));
    assert_eq!(entries(&project, &["--since", "2100-01-01"]), Vec::<Value>::new());
    assert!(of(&["--since", "HEAD~1"], "other.md") == 3);
    project.run(&["log"]).exits(0).says("this is the last week; `--since` goes back further");
    project.run(&["log", "--since", "2026-13-01"]).exits(64).says("`2026-13-01` is not a date");
    project.run(&["log", "--since", "nowhere"]).exits(64).says("Git knows no commit `nowhere`");
}

#[test]
fn a_moved_file_is_followed_and_what_is_gone_is_what_git_knows() {
    let server = Server::start();
    let project = history(&server);
    let id = project.id(REFUNDS);
    std::fs::create_dir_all(project.path().join("docs/money")).unwrap();
    project.git(&["mv", REFUNDS, "docs/money/back.md"]);
    project.git(&["commit", "-q", "-m", "Move"]);
    project.run(&["log", "docs/money/back.md"]).exits(0).says("Move; moved from billing/refunds.md").says("Begin");
    server.delete(&format!("/articles/{id}"));
    let ran = project.run(&["log", "docs/money/back.md"]).exits(0);
    ran.says("was deleted in Intercom, and its versions with it").says("Twelve days");
    project.run(&["log", "12345"]).exits(64).says("there is no article 12345");
    project.run(&["log", "docs/nowhere.md"]).exits(64);
    project.write("docs/new.md", "# New\n\nNobody has it.\n");
    project.run(&["log", "docs/new.md"]).exits(0).says("it is not in Intercom yet").says("Nothing happened.");
}

#[test]
fn one_version_is_shown_as_markdown() {
    let server = Server::start();
    let project = history(&server);
    let id = project.id(REFUNDS);
    let list = server.get(&format!("/articles/{id}/versions"));
    let oldest = list["data"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    let shown = project.run(&["show", &format!("{REFUNDS}@{oldest}")]).exits(0);
    assert_eq!(shown.stdout, "---\ntitle: Refunds\n---\n\nYou have ten days.\n");
    let by_id = project.run(&["show", &format!("{id}@{oldest}")]).exits(0);
    assert_eq!(by_id.stdout, shown.stdout);
    let file = project.run(&["show", &format!("{REFUNDS}@HEAD~1")]).exits(0).stdout;
    assert!(file.contains("ten days") && file.contains("# Refunds"), "{file}");
    let json = project.run(&["show", &format!("{REFUNDS}@{oldest}"), "--json"]).exits(0).stdout;
    let document: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&document["id"], &document["markdown"]), (&json!(oldest), &json!("You have ten days.\n")));
    project.run(&["show", &format!("{REFUNDS}@7")]).exits(64).says("has no version 7");
    project.run(&["show", &format!("{REFUNDS}@nowhere")]).exits(64).says("Git knows no commit `nowhere`");
    project.run(&["show", "docs/nowhere.md@7"]).exits(64);
    project.run(&["show", &format!("{REFUNDS}@{oldest}"), "--format", "html"]).exits(64);
    project.run(&["show", "12345@7"]).exits(1).says("was deleted in Intercom");
}
