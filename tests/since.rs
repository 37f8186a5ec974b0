//! `plan --since`: of all that is pending the part that a branch made, and the same without a token.

use std::process::Command;

use serde_json::Value;

use crate::harness::{Project, Server};

/// Git in a project, with a first commit of everything.
fn committed(project: &Project) {
    git(project, &["init", "--quiet", "--initial-branch=main"]);
    commit(project);
}

fn commit(project: &Project) {
    git(project, &["add", "--all"]);
    git(project, &["commit", "--quiet", "--allow-empty", "--message", "docs"]);
}

fn git(project: &Project, arguments: &[&str]) {
    let who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "core.autocrlf=false"];
    let done = Command::new("git").args(who).args(arguments).current_dir(project.path()).status().unwrap();
    assert!(done.success(), "{arguments:?}");
}

/// The changes as `action path`, and the plan.
#[track_caller]
fn changes(project: &Project, arguments: &[&str]) -> (Vec<String>, Value) {
    let ran = project.run(&[&["plan", "--json"], arguments].concat()).exits(0);
    let plan: Value = serde_json::from_str(&ran.stdout).unwrap();
    let name = |change: &Value| format!("{} {}", change["action"].as_str().unwrap(), change["path"].as_str().unwrap());
    (plan["changes"].as_array().unwrap().iter().map(name).collect(), plan)
}

/// Three live articles of which the last two link to the first.
const FILES: &[(&str, &str)] = &[
    (
        "docs/guide/install.md",
        "---\nid: 11\ntags: [setup]\n---\n# Install\n\nRun the installer.\n\n## Steps\n\nClick it.\n",
    ),
    (
        "docs/guide/update.md",
        "---\nid: 12\nauthor: ada@example.com\n---\n# Update\n\nFirst [install](install.md#steps).\n",
    ),
    ("docs/guide/remove.md", "---\nid: 13\n---\n# Remove\n\nThe other way [round](install.md).\n\n![a](a.png)\n"),
    ("docs/guide/a.png", "\u{89}PNG"),
    ("docs/guide/_index.md", "---\ntitle: Guide\nid: 7\n---\n"),
    ("helpbook.yml", "docs: docs\nstate: published\nimages: { base_url: \"https://cdn.example.com/{path}\" }\n"),
];

/// A one-pixel PNG whose last bytes are `tail`.
fn png(project: &Project, tail: &[u8]) {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89".to_vec();
    bytes.extend(tail);
    std::fs::write(project.path().join("docs/guide/a.png"), bytes).unwrap();
}

fn docs() -> Project {
    let project = Project::new(FILES);
    png(&project, b"old");
    committed(&project);
    project
}

#[test]
fn offline_what_changed_in_the_docs_is_the_plan_and_no_token_is_needed() {
    let project = docs();
    let offline = ["--since", "HEAD", "--offline"];
    assert_eq!(changes(&project, &offline).0, [""; 0]);
    project.run(&["plan", "--since", "HEAD", "--offline"]).exits(0).says("No changes since `HEAD`.");

    project.edit("docs/guide/update.md", "First", "Before that");
    let (found, plan) = changes(&project, &offline);
    assert_eq!(found, ["update guide/update.md"]);
    assert_eq!(plan["changes"][0]["id"], 12);
    assert_eq!(plan["since"], serde_json::json!({"reference": "HEAD", "against": "docs", "others": 0}));
    project.run(&["plan", "--since", "HEAD", "--offline", "--detailed-exitcode"]).exits(2);
    let ran = project.run(&["plan", "--since", "HEAD", "--offline"]).exits(0);
    assert!(ran.stdout.contains("[-First-]{+Before that+} [install](guide/install.md#steps)"), "{}", ran.stdout);
    ran.says("not with Intercom");
}

#[test]
fn what_is_shown_counts_and_not_which_bytes_a_file_has() {
    let project = docs();
    let offline = ["--since", "HEAD", "--offline"];
    // Another way to write the same.
    project.edit("docs/guide/install.md", "# Install\n", "Install\n=======\n");
    assert_eq!(changes(&project, &offline).0, [""; 0]);
    // New bytes of an image change the article that shows it.
    png(&project, b"new");
    assert_eq!(changes(&project, &offline).0, ["update guide/remove.md"]);
    // Settings, the place in the tree, a collection's name, and what the configuration says for all.
    project.edit("docs/guide/install.md", "[setup]", "[setup, first]");
    project.edit("docs/guide/_index.md", "Guide", "The guide");
    let found = changes(&project, &offline).0;
    assert_eq!(found, ["update guide", "move guide/install.md", "update guide/remove.md"]);
    project.edit("helpbook.yml", "state: published", "state: draft");
    assert_eq!(changes(&project, &offline).0.iter().filter(|change| change.starts_with("unpublish")).count(), 3);
}

#[test]
fn a_moved_file_is_the_same_article_and_a_deleted_one_is_named() {
    let project = docs();
    let offline = ["--since", "HEAD", "--offline"];
    let text = project.read("docs/guide/install.md");
    project.remove("docs/guide/install.md");
    project.write("docs/guide/setup.md", &text);
    project.edit("docs/guide/update.md", "install.md", "setup.md");
    project.edit("docs/guide/remove.md", "install.md", "setup.md");
    assert_eq!(changes(&project, &offline).0, [""; 0], "its address is the same");
    project.remove("docs/guide/remove.md");
    project.remove("docs/guide/a.png");
    project.write("docs/guide/new.md", "# New\n\nSee [setup](setup.md).\n");
    assert_eq!(changes(&project, &offline).0, ["create guide/new.md", "orphan guide/remove.md"]);
}

#[test]
fn docs_without_ids_are_told_apart_by_their_paths() {
    let project = Project::new(&[
        ("docs/a.md", "# Same\n\nOne.\n"),
        ("docs/b.md", "# Same\n\nTwo, to [a](a.md).\n"),
        ("docs/c.md", "---\nstate: draft\n---\n# Draft\n\nText.\n"),
    ]);
    committed(&project);
    let offline = ["--since", "main", "--offline"];
    project.edit("docs/b.md", "Two", "Second");
    project.edit("docs/c.md", "Text", "Words");
    project.write("docs/d.md", "# Same\n\nThree.\n");
    let (found, plan) = changes(&project, &offline);
    assert_eq!(found, ["update b.md", "update c.md", "create d.md"]);
    for change in plan["changes"].as_array().unwrap() {
        assert_eq!(change["id"], Value::Null, "a made-up id is never shown");
    }
}

#[test]
fn an_id_that_changed_or_went_is_no_longer_the_same_article() {
    let project = docs();
    let offline = ["--since", "HEAD", "--offline"];
    project.edit("docs/guide/update.md", "id: 12", "id: 999");
    assert_eq!(changes(&project, &offline).0, ["blocked guide/update.md", "orphan guide/update.md"]);
    project.edit("docs/guide/update.md", "id: 999\n", "");
    assert_eq!(changes(&project, &offline).0, ["adopt guide/update.md"]);
    project.edit("docs/guide/update.md", "First", "Before that");
    assert_eq!(changes(&project, &offline).0, ["create guide/update.md", "orphan guide/update.md"]);
    // One that `apply` wrote into a file is no change.
    let other = Project::new(&[("docs/a.md", "# A\n\nText.\n")]);
    committed(&other);
    other.write("docs/a.md", "---\nid: 99\n---\n# A\n\nText.\n");
    assert_eq!(changes(&other, &offline).0, [""; 0]);
}

#[test]
fn nothing_that_was_made_up_to_compare_is_shown() {
    let project = docs();
    project.edit(
        "docs/guide/install.md",
        "tags: [setup]",
        "tags: [setup]\nredirect_from: [/en/articles/1-x]\nauthor: bob@example.com",
    );
    let ran = project.run(&["plan", "--since", "HEAD", "--offline"]).exits(0);
    for line in ["redirect_from: (none) -> /en/articles/1-x", "author: (none) -> bob@example.com"] {
        assert!(ran.stdout.contains(line), "{line}\n{}", ran.stdout);
    }
    assert!(!ran.stdout.contains("invalid") && !ran.stdout.contains("45035996"), "{}", ran.stdout);
}

#[test]
fn what_git_cannot_tell_is_said_and_not_guessed() {
    let project = docs();
    project.run(&["plan", "--since=^HEAD", "--offline"]).exits(64).says("Git knows no commit");
    git(&project, &["switch", "--quiet", "--create", "branch"]);
    project.edit("docs/guide/update.md", "First", "Before that");
    commit(&project);
    git(&project, &["switch", "--quiet", "main"]);
    project.edit("docs/guide/install.md", "Click", "Press");
    commit(&project);
    let from = format!("file://{}", project.path().display());
    git(&project, &["clone", "--quiet", "--depth", "1", "--branch", "branch", &from, "shallow"]);
    git(&project, &["-C", "shallow", "fetch", "--quiet", "--depth", "1", "origin", "main:refs/remotes/origin/main"]);
    let ran = project.run(&["-C", "shallow", "plan", "--since", "origin/main", "--offline"]).exits(1);
    ran.says("too shallow to tell where the branch left `origin/main`").says("fetch-depth: 0");
}

#[test]
fn of_what_is_pending_only_the_branch_is_shown_and_the_rest_is_a_number() {
    let server = Server::start();
    let project = Project::new(&[
        ("docs/guide/install.md", "# Install\n\nRun it.\n"),
        ("docs/guide/update.md", "# Update\n\nRun it again.\n"),
    ])
    .on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    // Someone merged this, and it is not applied yet.
    project.edit("docs/guide/install.md", "Run it.", "Start it.");
    project.write("docs/faq/_index.md", "---\ntitle: FAQ\n---\n");
    project.write("docs/faq/why.md", "# Why\n\nSo.\n");
    committed(&project);
    git(&project, &["switch", "--quiet", "--create", "branch"]);
    project.edit("docs/guide/update.md", "again", "once more");
    project.write("docs/faq/how.md", "# How\n\nThus.\n");
    commit(&project);
    let (found, plan) = changes(&project, &["--since", "main"]);
    assert_eq!(found, ["create faq", "create faq/how.md", "update guide/update.md"], "with the collection it needs");
    assert_eq!(plan["since"], serde_json::json!({"reference": "main", "against": "intercom", "others": 2}));
    assert_eq!(plan["summary"]["create"], 2);
    project.run(&["plan", "--since", "main"]).exits(0).says("2 other changes are pending");
    // What others did on the main branch since the two parted is not this branch's.
    git(&project, &["switch", "--quiet", "main"]);
    project.write("docs/guide/other.md", "# Other\n\nText.\n");
    commit(&project);
    git(&project, &["switch", "--quiet", "branch"]);
    assert_eq!(changes(&project, &["--since", "main"]).0, found);
    assert_eq!(changes(&project, &["--since", "main", "--offline"]).0, ["create faq/how.md", "update guide/update.md"]);
    // The plan can be saved and applied as any other.
    project.run(&["plan", "--since", "main", "--out", "plan.json"]).exits(0);
    project.run(&["apply", "plan.json"]).exits(0).says("staged guide/update.md").says("created faq/how.md");
}

#[test]
fn docs_below_the_top_of_a_repository_and_those_that_began_later_are_found() {
    let project = Project::new(&[("site/helpbook.yml", "state: published\n"), ("site/a.md", "# A\n\nText.\n")]);
    project.remove("helpbook.yml");
    project.write("other.txt", "nothing of ours\n");
    git(&project, &["init", "--quiet", "--initial-branch=main"]);
    git(&project, &["add", "other.txt"]);
    git(&project, &["commit", "--quiet", "--message", "before the docs"]);
    let plan = |reference| {
        let ran = project.run(&["-C", "site", "plan", "--json", "--since", reference, "--offline"]).exits(0);
        let plan: Value = serde_json::from_str(&ran.stdout).unwrap();
        plan["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["path"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(plan("HEAD"), ["a.md"]);
    commit(&project);
    assert_eq!(plan("HEAD"), [""; 0]);
    assert_eq!(plan("HEAD~1"), ["a.md"]);
}

#[test]
fn wrong_usage_says_what_to_do_and_makes_no_plan() {
    let project = Project::new(&[("docs/a.md", "# A\n\nText.\n")]);
    project
        .run(&["plan", "--since", "HEAD", "--offline"])
        .exits(1)
        .says("is in no Git repository")
        .says("no plan was made");
    committed(&project);
    project.run(&["plan", "--since", "nowhere", "--offline"]).exits(64).says("Git knows no commit `nowhere`");
    project.run(&["plan", "--offline"]).exits(64).says("--since");
    // Such a plan can be kept and shown, and not carried out.
    project.run(&["plan", "--since", "HEAD", "--offline", "--out", "plan.json"]).exits(0);
    project.run(&["show", "plan.json"]).exits(0).says("against the docs of `HEAD`");
    project.run(&["--local", "apply", "plan.json"]).exits(64).says("made with `--offline`");
    project.run(&["--local", "publish", "plan.json", "--yes"]).exits(64).says("made with `--offline`");
    // A commit whose docs cannot all be used is compared as far as they can.
    project.write("docs/b.md", "---\ntitle: B\n\nText\n");
    commit(&project);
    project.write("docs/b.md", "---\ntitle: B\n---\nText\n");
    project.run(&["plan", "--since", "HEAD", "--offline"]).exits(0).says("b.md").says("could not be used");
}
