//! The job `stage`: what was merged becomes drafts, and ids and lock come back to `main`.

use serde_json::json;

use super::world::{World, source};
use crate::harness::{Server, live_edit};

#[test]
fn a_merge_is_staged_and_ids_and_lock_come_back_in_one_commit() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    let merged = world.head("main");
    let job = world.stage().exits(0);
    let id = world.id("main", "docs/guide/install.md");
    assert_eq!(server.get(&format!("/articles/{id}"))["state"], "draft");
    assert!(world.file("main", "helpbook.lock").contains(&id.to_string()));
    assert!(world.file("main", "docs/guide/_index.md").contains("id: "));
    assert_eq!(world.git(&["rev-parse", "main^"]).trim(), merged, "one commit");
    assert_eq!(job.output("write-back"), "commit");
    assert_eq!(job.output("commit"), world.head("main"));
    assert_eq!((job.output("approval"), job.output("to-publish")), ("none", "2"));
    assert!(job.summary.contains("Run workflow"), "{}", job.summary);
    let changed = world.git(&["diff", "--name-only", &merged, "main"]);
    assert_eq!(changed, "docs/guide/_index.md\ndocs/guide/install.md\ndocs/guide/update.md\nhelpbook.lock\n");

    // A second run finds all done.
    let mark = server.requests().len();
    let again = world.stage().exits(0);
    assert_eq!(again.output("write-back"), "none");
    assert_eq!(server.writes_since(mark), [""; 0]);
}

#[test]
fn of_two_merges_in_a_row_the_first_run_stages_both_and_the_second_finds_all_done() {
    let server = Server::start();
    let Some(mut world) = World::published(&server) else { return };
    let id = world.id("main", "docs/guide/update.md");
    world.merge(&[("docs/guide/update.md", &format!("---\ntitle: Update\nid: {id}\n---\nRun it twice.\n"))]);
    world.merge(&[("docs/guide/new.md", "# New\n\nNew text.\n")]);
    world.stage().exits(0);
    assert_eq!(server.ids().len(), 3);
    let mark = server.requests().len();
    world.stage().exits(0);
    assert_eq!(server.writes_since(mark), [""; 0]);
}

#[test]
fn a_merge_in_the_middle_of_a_run_is_kept_and_the_ids_are_laid_on_it() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.push(
        "next",
        &[("docs/guide/update.md", "---\ntitle: Update\ndescription: Another one\n---\nRun it twice.\n")],
    );
    let remote = world.remote();
    world.set("before-commit", &format!("git -C '{remote}' update-ref refs/heads/main refs/heads/next\n"));
    let next = world.head("next");
    let job = world.stage().exits(0).says("main moved");
    assert_eq!(job.output("write-back"), "commit");
    assert_eq!(world.git(&["rev-parse", "main^"]).trim(), next);
    let text = world.file("main", "docs/guide/update.md");
    assert!(text.contains("Another one") && text.contains("Run it twice."), "{text}");
    world.id("main", "docs/guide/update.md");
    world.stage().exits(0);
    assert_eq!(server.ids().len(), 2, "no double");
}

#[test]
fn ids_that_meet_another_edit_of_the_same_lines_go_into_the_merged_text() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.push(
        "next",
        &[
            (
                "docs/guide/update.md",
                "---\r\ntitle: Updates\r\ndescription: How to stay current\r\nstate: draft\r\n---\r\nOther.\r\n",
            ),
            ("docs/guide/install.md", "# Install it\n\nOther.\n"),
        ],
    );
    let remote = world.remote();
    world.set("before-commit", &format!("git -C '{remote}' update-ref refs/heads/main refs/heads/next\n"));
    world.stage().exits(0);
    assert!(
        world.file("main", "docs/guide/update.md").contains("state: draft\r\nid: 91"),
        "{}",
        world.file("main", "docs/guide/update.md")
    );
    assert!(world.file("main", "docs/guide/install.md").starts_with("---\nid: 91"));
    world.stage().exits(0);
    assert_eq!(server.ids().len(), 2, "no double");
}

#[test]
fn ids_go_into_front_matter_of_every_style_and_never_beside_another_id() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    let before = "---\ntitle: Old\n---\nText of ";
    let names = ["blank", "mark", "braces", "other"];
    let files = names.map(|name| (format!("docs/guide/{name}.md"), format!("{before}{name}.\n")));
    world.merge(&files.each_ref().map(|(path, text)| (path.as_str(), text.as_str())));
    world.push(
        "next",
        &[
            ("docs/guide/blank.md", "--- \ntitle: New\ndescription: One\n---\nText of blank.\n"),
            ("docs/guide/mark.md", "\u{feff}---\ntitle: New too\n---\nText of mark.\n"),
            ("docs/guide/braces.md", "---\n{title: Newest}\n---\nText of braces.\n"),
            ("docs/guide/other.md", "---\n\"id\": 9\ntitle: Other\n---\nText of other.\n"),
        ],
    );
    let remote = world.remote();
    world.set("before-commit", &format!("git -C '{remote}' update-ref refs/heads/main refs/heads/next\n"));
    let job = world.stage();
    let starts = |name: &str, start: &str| {
        let text = world.file("main", &format!("docs/guide/{name}.md"));
        assert!(text.starts_with(start), "{text}\n{}", job.log);
    };
    starts("blank", "--- \ntitle: New\ndescription: One\nid: 91");
    starts("mark", "\u{feff}---\ntitle: New too\nid: 91");
    starts("braces", "---\n{title: Newest, id: 91");
    starts("other", "---\n\"id\": 9\ntitle: Other\n---\nText of other.\n");
    job.says("docs/guide/other.md");
}

#[test]
fn ids_in_front_matter_of_every_style_are_taken_from_the_branch_that_waits() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.merge(&[
        ("docs/guide/update.md", "---\n{title: Update}\n---\nRun it again.\n"),
        ("docs/guide/install.md", "---\n  title: Install\n---\nRun it.\n"),
    ]);
    world.protect();
    world.stage().exits(0).says("wait in pull request #11");
    world.merge(&[("docs/guide/new.md", "# New\n\nText.\n")]);
    let job = world.stage().exits(0);
    assert!(!job.log.contains("holds more than ids"), "{}", job.log);
    assert_eq!(server.ids().len(), 3, "no double");
}

#[test]
fn a_commit_whose_answer_was_lost_is_found_and_not_made_twice() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    let merged = world.head("main");
    world.set("lose", "");
    let job = world.stage().exits(0);
    assert_eq!(job.output("write-back"), "commit");
    assert_eq!(job.output("commit"), world.head("main"));
    assert_eq!(world.git(&["rev-parse", "main^"]).trim(), merged);
}

#[test]
fn a_protected_branch_gets_a_pull_request_and_the_next_run_takes_the_ids_from_it() {
    for file in [("notes.txt", "no rule"), (".gitattributes", "helpbook.lock merge=union linguist-generated\n")] {
        protected(file);
    }
}

/// The rule for the lock that `init` writes may be there or not.
fn protected(file: (&str, &str)) {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.merge(&[file]);
    world.protect();
    let main = world.head("main");
    let job = world.stage().exits(0).says("wait in pull request #11");
    assert_eq!(job.output("write-back"), "pull-request");
    assert_eq!(job.output("commit"), world.head("help-center/ids"));
    assert_eq!(world.head("main"), main);
    let branches = world.git(&["for-each-ref", "--format=%(refname)", "refs/heads"]);
    assert_eq!(branches, "refs/heads/help-center/ids\nrefs/heads/main\n", "nothing else is left");

    // The second merge edits an article whose id is not in main yet.
    let id = world.id("help-center/ids", "docs/guide/update.md");
    world.merge(&[(
        "docs/guide/update.md",
        "---\ntitle: Update\ndescription: How to stay current\n---\nRun it twice.\n",
    )]);
    world.stage().exits(0);
    assert_eq!(server.ids().len(), 2, "no double");
    assert!(server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().contains("twice"));
    assert_eq!(world.id("help-center/ids", "docs/guide/update.md"), id);
    assert_eq!(world.state("pulls.json").as_array().unwrap().len(), 1, "the same pull request");

    let lock = world.file("help-center/ids", "helpbook.lock");
    assert_eq!(lock.matches("guide/update.md").count(), 1, "{lock}");

    // Once it is merged, nothing is left to write.
    world.merge_branch("help-center/ids");
    let job = world.stage().exits(0);
    assert_eq!(job.output("write-back"), "none");
}

#[test]
fn text_is_never_taken_from_the_branch_that_waits() {
    // What Git shows of a difference is for attributes to say; what a file holds is not.
    for attributes in ["# none\n", "*.md -diff\n", "*.md binary\n", "*.md merge=union\n"] {
        text_is_not_taken(attributes);
    }
}

fn text_is_not_taken(attributes: &str) {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.merge(&[(".gitattributes", attributes)]);
    world.protect();
    world.stage().exits(0);
    let text = world.file("help-center/ids", "docs/guide/update.md").replace("Run it again.", "Nobody reviewed this.");
    world.push("help-center/ids", &[("docs/guide/update.md", &text)]);
    world.stage().exits(0).says("holds more than ids and the lock");
    for id in server.ids() {
        assert!(!server.get(&format!("/articles/{id}")).to_string().contains("Nobody reviewed"));
    }
}

#[test]
fn where_no_pull_request_may_be_opened_the_job_fails_and_the_ids_are_safe() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.protect();
    world.set("no-pull-requests", "");
    let job = world.stage().exits(1).says("Allow GitHub Actions to create and approve pull requests");
    assert!(job.log.contains("::error::ids and lock are safe in the branch help-center/ids"), "{}", job.log);
    world.id("help-center/ids", "docs/guide/install.md");
    world.stage().exits(1);
    assert_eq!(server.ids().len(), 2, "no double");
}

#[test]
fn a_run_that_fails_half_way_writes_back_what_it_created() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    // Intercom has no such collection, so one article is refused.
    world.merge(&[("docs/guide/other.md", "---\ntitle: Other\nid: 77\n---\nText.\n")]);
    let job = world.stage().exits(3).says("the job fails because of: blocked");
    world.id("main", "docs/guide/install.md");
    assert_eq!(job.output("write-back"), "commit");
    assert_eq!(job.output("blocked"), "1");

    let job = world.stage_with(&[("HELPBOOK_FAIL_ON", "none")]).exits(0);
    assert!(job.summary.contains("Some changes were **not** staged"), "{}", job.summary);
    world.stage_with(&[("HELPBOOK_FAIL_ON", "nonsense")]).exits(64).says("fail-on knows");
}

#[test]
fn an_answer_of_intercom_that_is_lost_loses_no_id() {
    let undisturbed = Server::start();
    let Some(mut first) = World::new(&undisturbed) else { return };
    first.stage().exits(0);
    let first = undisturbed.requests().iter().position(|line| line.starts_with("POST /articles")).unwrap();
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    let next: Vec<&str> = std::iter::repeat_n("none", first).chain(["drop-after"]).collect();
    server.post("/_local/faults", &json!({ "next": next }));
    let job = world.stage();
    assert_eq!(job.output("write-back"), "commit", "{}", job.log);
    server.delete("/_local/faults");
    world.stage().exits(0);
    assert_eq!(server.ids().len(), 2, "no double");
    world.id("main", "docs/guide/install.md");
    world.id("main", "docs/guide/update.md");
}

#[test]
fn the_example_docs_go_all_the_way_and_a_night_finds_nothing() {
    let server = Server::with(helpbook::local::Options {
        locales: ["en", "fr"].map(|locale| helpbook::intercom::model::Locale(locale.to_owned())).to_vec(),
        ..helpbook::local::Options::default()
    });
    let Some(mut world) = World::new(&server) else { return };
    let folder = source("example-docs");
    let mut files = Vec::new();
    for entry in
        walkdir::WalkDir::new(&folder).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file())
    {
        let path = entry.path().strip_prefix(&folder).unwrap().display().to_string();
        if path.starts_with(".helpbook") || !(path.ends_with(".md") || path.ends_with(".yml")) {
            continue;
        }
        // Images need a host; the example has none.
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.contains("images/")).collect();
        files.push((format!("example-docs/{path}"), lines.join("\n") + "\n"));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    world.merge(&files);
    let project = ("HELPBOOK_WORKDIR", "example-docs");
    let staged = world.stage_with(&[project]).exits(0);
    assert_eq!(staged.output("write-back"), "commit");
    world.button(&[project]).exits(0);
    let ids = server.ids();
    assert!(ids.len() > 12, "{ids:?}");
    assert!(ids.iter().all(|id| server.get(&format!("/articles/{id}"))["state"] == "published"));
    let mark = server.requests().len();
    world.stage_with(&[project]).exits(0);
    assert_eq!(server.writes_since(mark), [""; 0]);
    world.job("main", &[("HELPBOOK_COMMAND", "pull"), project]).exits(0).says("there is nothing to pull");
}

#[test]
fn no_token_and_a_wrong_one_fail_before_anything_is_written() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    let main = world.head("main");
    world.stage_with(&[("INTERCOM_ACCESS_TOKEN", "")]).exits(4).says("set the secret INTERCOM_ACCESS_TOKEN");
    world.stage_with(&[("INTERCOM_ACCESS_TOKEN", "wrong")]).exits(4);
    assert_eq!(world.head("main"), main);
}

#[test]
fn text_in_the_log_is_no_command_of_the_workflow() {
    let server = Server::start();
    let Some(mut world) = World::published(&server) else { return };
    let id = world.id("main", "docs/guide/update.md");
    world.merge(&[("docs/guide/update.md", &format!("---\ntitle: Update\nid: {id}\n---\nMine.\n"))]);
    server.edit(id, &live_edit("<p>Theirs.</p><p>::error::owned</p><p>::set-output name=x::y</p>"));
    let job = world.stage();
    let mut stopped: Option<String> = None;
    for line in job.log.lines() {
        match &stopped {
            None if line.starts_with("::stop-commands::") => {
                stopped = Some(line["::stop-commands::".len()..].to_owned());
            }
            None => assert!(!line.contains("owned"), "{line}"),
            Some(word) if line == format!("::{word}::") => stopped = None,
            Some(_) => {}
        }
    }
    assert_eq!(stopped, None);
}

#[test]
fn a_project_in_a_folder_has_branches_of_its_own() {
    let server = Server::start();
    let Some(mut world) = World::new(&server) else { return };
    world.protect();
    let text = "---\ntitle: Install\n---\nRun it.\n";
    world.merge(&[("help center/helpbook.yml", "docs: docs\n"), ("help center/docs/install.md", text)]);
    let job = world.stage_with(&[("HELPBOOK_WORKDIR", "help center")]).exits(0);
    assert_eq!(job.output("write-back"), "pull-request");
    let branches = world.git(&["for-each-ref", "--format=%(refname)", "refs/heads/help-center"]);
    assert!(branches.starts_with("refs/heads/help-center/ids-"), "{branches}");
    assert_eq!(branches.lines().count(), 1);
    assert!(job.output("staged-name").starts_with("help-center-staged-"));
    world.stage_with(&[("HELPBOOK_WORKDIR", "../out")]).exits(64).says("has to lie inside the checkout");
    world.stage_with(&[("HELPBOOK_WORKDIR", "none")]).exits(64).says("is no folder of this checkout");
}
