//! An earlier version comes back: into the file, as a draft, live; and nobody else's work is lost on the way.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use helpbook::intercom::model::Locale;
use helpbook::local::{Clock, Faults, Options};
use serde_json::{Value, json};

use crate::door::Act;
use crate::harness::{Project, Server, live_edit, never_offline, spawn};
use crate::undisturbed::{Before, again};

const REFUNDS: &str = "docs/billing/refunds.md";

/// The beginning of the tests' time.
const START: i64 = 1_780_000_000;

/// A Help Center in English and French whose clock is moved by hand.
fn server() -> (Server, Clock) {
    let clock = Clock::manual(START);
    let locales = ["en", "fr"].map(|locale| Locale(locale.to_owned())).to_vec();
    (Server::on_clock(Options { locales, clock: clock.clone(), ..Options::default() }), clock)
}

/// A minute after the beginning, as it is typed.
fn minute(number: i64) -> String {
    jiff::Timestamp::from_second(START + number * 60).unwrap().strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Two articles, one of them in French as well, live.
fn docs(server: &Server) -> Project {
    let project = Project::new(&[
        ("helpbook.yml", "docs: docs\nstate: published\nlocales: [en, fr]\nchecks: { missing-translation: off }\n"),
        (REFUNDS, "---\ntitle: Refunds   # as it is on the invoice\n---\n\nYou have *ten* days.\n\n* One\n* Two\n"),
        ("docs/billing/refunds.fr.md", "# Remboursements\n\nVous avez dix jours.\n"),
        ("docs/billing/invoices.md", "# Invoices\n\nEvery invoice is here. See [refunds](refunds.md).\n"),
    ])
    .on(server);
    project.git(&["init", "-q"]);
    publish(&project, "Begin");
    project
}

fn publish(project: &Project, message: &str) {
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    commit(project, message);
}

fn commit(project: &Project, message: &str) {
    project.git(&["add", "-A"]);
    project.git(&["commit", "-q", "--allow-empty", "-m", message]);
}

/// Another text goes live.
fn wrong(project: &Project) {
    let file = project.read(REFUNDS);
    let days = file.lines().find(|line| line.starts_with("You have")).unwrap();
    project.edit(REFUNDS, days, "You have no days at all, and nobody answers.");
    project.edit(REFUNDS, "title: Refunds ", "title: No refunds ");
    publish(project, "Wrong");
}

fn body(server: &Server, id: u64) -> String {
    server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().to_owned()
}

/// The ids of the versions of an article, oldest first.
fn versions(server: &Server, id: u64, locale: &str) -> Vec<String> {
    let list = server.get(&format!("/articles/{id}/versions?locale={locale}&per_page=100"));
    let ids = list["data"].as_array().unwrap().iter().map(|version| version["id"].as_str().unwrap().to_owned());
    let mut ids: Vec<String> = ids.collect();
    ids.reverse();
    ids
}

/// Nothing is left to do, with the lock and without it.
#[track_caller]
fn is_settled(project: &Project) {
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
    let lock = project.read("helpbook.lock");
    project.remove("helpbook.lock");
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
    project.write("helpbook.lock", &lock);
}

#[test]
fn a_wrong_text_is_replaced_by_the_old_one_in_two_commands() {
    let (server, _) = server();
    let project = docs(&server);
    let id = project.id(REFUNDS);
    let (file, text) = (project.read(REFUNDS), body(&server, id));
    let old = versions(&server, id, "en")[0].clone();
    wrong(&project);
    let mark = server.requests().len();
    project
        .run(&["rollback", "billing/refunds.md", "--to", &old, "-n"])
        .exits(0)
        .says("title: No refunds -> Refunds")
        .says(&format!("restores version {old} of 2026-05-28"))
        .says("hint: nothing was done");
    assert_eq!(server.writes_since(mark), [""; 0]);
    assert!(project.read(REFUNDS).contains("No refunds"));
    let ran = project.run(&["rollback", REFUNDS, "--to", &old, "--yes"]).exits(0);
    let ran = ran.says(&format!("git commit -am \"Roll back billing/refunds.md to version {old}\""));
    assert!(ran.stderr.contains("the other locales stay as they are"), "{}", ran.stderr);
    assert_eq!(project.read(REFUNDS), file);
    assert_ne!(body(&server, id), text);
    project.run(&["publish", "--yes"]).exits(0);
    assert_eq!(body(&server, id), text);
    never_offline(&server.requests_since(mark));
    is_settled(&project);
    // What is there is there.
    let mark = server.requests().len();
    project.run(&["rollback", REFUNDS, "--to", &old, "--yes"]).exits(0).says("Nothing to roll back");
    assert_eq!(server.writes_since(mark), [""; 0]);
    project.run(&["log", REFUNDS, "--locale", "en"]).exits(0).says(&format!("restores {old}"));
}

#[test]
fn a_folder_goes_back_to_what_was_live_at_a_time_in_every_language() {
    let (server, clock) = server();
    let project = docs(&server);
    let before: Vec<(String, String)> = project.docs();
    let ids: Vec<u64> = server.ids();
    let texts = |server: &Server| -> Vec<Value> {
        ids.iter()
            .map(|id| server.get(&format!("/articles/{id}")))
            .map(|one| json!([one["title"], one["body"], one["translated_content"]["fr"]["body"]]))
            .collect()
    };
    let live = texts(&server);
    clock.advance(600);
    wrong(&project);
    project.edit("docs/billing/refunds.fr.md", "dix jours", "zéro jour");
    project.edit("docs/billing/invoices.md", "Every invoice", "No invoice");
    clock.advance(60);
    publish(&project, "More");
    // One that is younger stays.
    project.write("docs/billing/new.md", "# New\n\nIt is new.\n");
    publish(&project, "New");
    let mark = server.requests().len();
    project
        .run(&["rollback", "billing", "--to", &minute(5), "--yes"])
        .exits(0)
        .says("note: `billing/new.md` was not there yet, and stays as it is")
        .says("git commit -am \"Roll back 2 articles to 2026-05-28");
    project.run(&["publish", "--yes"]).exits(0);
    never_offline(&server.requests_since(mark));
    assert_eq!(texts(&server), live);
    let now: Vec<(String, String)> = project.docs().into_iter().filter(|(path, _)| !path.ends_with("new.md")).collect();
    assert_eq!(now, before);
    is_settled(&project);
}

#[test]
fn a_draft_of_that_time_that_was_not_live_is_named_and_needs_its_version() {
    let (server, clock) = server();
    let project = docs(&server);
    let id = project.id(REFUNDS);
    let text = body(&server, id);
    clock.advance(60);
    project.edit(REFUNDS, "*ten*", "*eleven*");
    project.run(&["apply"]).exits(0);
    let staged = versions(&server, id, "en").pop().unwrap();
    clock.advance(600);
    project.run(&["publish", "--yes"]).exits(0);
    commit(&project, "Eleven");
    clock.advance(60);
    wrong(&project);
    project
        .run(&["rollback", REFUNDS, "--to", &minute(5), "--yes", "--locale", "en"])
        .exits(0)
        .says(&format!("version {staged} from before then is newer, and nothing says that it was live"));
    project.run(&["publish", "--yes"]).exits(0);
    assert_eq!(body(&server, id), text);
    // After it went live it is what was live.
    project.run(&["rollback", REFUNDS, "--to", &minute(11), "--yes"]).exits(0);
    project.run(&["publish", "--yes"]).exits(0);
    assert!(body(&server, id).contains("eleven"));
    is_settled(&project);
}

#[test]
fn what_nobody_knows_to_have_been_live_is_refused_and_named() {
    let (server, clock) = server();
    let project = docs(&server);
    let id = project.id(REFUNDS);
    let old = versions(&server, id, "en").pop().unwrap();
    clock.advance(600);
    wrong(&project);
    // Neither the record nor Git knows the old one any more.
    project.remove("helpbook.lock");
    std::fs::remove_dir_all(project.path().join(".git")).unwrap();
    project.run(&["plan"]).exits(0);
    let file = project.read(REFUNDS);
    project
        .run(&["rollback", REFUNDS, "--to", &minute(5), "--locale", "en", "--yes"])
        .exits(3)
        .says("nothing says which of its versions was live by then")
        .says(&format!("--to {old}"));
    assert_eq!(project.read(REFUNDS), file);
    project.run(&["rollback", REFUNDS, "--to", &minute(-5), "--yes"]).exits(0).says("was not there yet");
}

#[test]
fn a_commit_brings_its_file_back_but_for_state_place_and_dates() {
    let (server, _) = server();
    let project = docs(&server);
    let id = project.id(REFUNDS);
    project.edit(REFUNDS, "---\n\n", "state: draft\ntags: [billing]\nunpublish_at: 2020-01-01T00:00:00Z\n---\n\n");
    commit(&project, "A state that nobody sent");
    project.git(&["tag", "v1"]);
    project.git(&["checkout", "-q", "HEAD~1", "--", "docs"]);
    wrong(&project);
    let ran = project.run(&["rollback", REFUNDS, "--to", "v1", "--yes"]).exits(0);
    ran.says("restores the file as it was in `v1`").says("Roll back billing/refunds.md to v1");
    let file = project.read(REFUNDS);
    assert!(
        file.contains("title: Refunds") && file.contains("*ten*") && file.contains("tags: [\"billing\"]"),
        "{file}"
    );
    assert!(!file.contains("state:") && !file.contains("unpublish_at"), "{file}");
    let mark = server.requests().len();
    project.run(&["publish", "--yes"]).exits(0);
    never_offline(&server.requests_since(mark));
    assert!(body(&server, id).contains("ten"));
    is_settled(&project);
    project.run(&["rollback", REFUNDS, "--to", "nowhere", "--yes"]).exits(64).says("Git knows no commit `nowhere`");
    project.write("docs/billing/late.md", "# Late\n\nIt is late.\n");
    publish(&project, "Late");
    project.run(&["rollback", "billing/late.md", "--to", "v1", "--yes"]).exits(0).says("was not there in `v1`");
}

#[test]
fn a_teammates_edit_is_never_replaced_unasked() {
    let (server, _) = server();
    let project = docs(&server);
    let id = project.id(REFUNDS);
    let old = versions(&server, id, "en")[0].clone();
    let text = body(&server, id);
    server.edit(id, &live_edit("<p>From Grace.</p>"));
    let (file, mark) = (project.read(REFUNDS), server.requests().len());
    let arguments = ["rollback", REFUNDS, "--to", &old, "--yes"];
    project.run(&arguments).exits(3).says("Grace changed it in Intercom").says("`--overwrite` replaces it");
    assert_eq!((project.read(REFUNDS), server.writes_since(mark)), (file.clone(), Vec::new()));
    // Without a record her version says whose it is.
    let lock = project.read("helpbook.lock");
    project.remove("helpbook.lock");
    project.run(&arguments).exits(3).says("stays as it is").says("Grace");
    assert_eq!((project.read(REFUNDS), server.writes_since(mark)), (file, Vec::new()));
    project.write("helpbook.lock", &lock);
    // A draft of hers, too.
    let invoices = project.id("docs/billing/invoices.md");
    project.edit("docs/billing/invoices.md", "Every", "No");
    project.run(&["apply", "--publish", "--yes", "docs/billing/invoices.md"]).exits(0);
    commit(&project, "No");
    server.edit(invoices, &json!({ "body": "<p>A draft of Grace.</p>" }));
    let first = versions(&server, invoices, "en")[0].clone();
    let ran = project.run(&["rollback", "billing/invoices.md", "--to", &first, "--yes"]).exits(3);
    ran.says("`billing/invoices.md` stays as it is").says("by Grace");
    assert!(server.get(&format!("/articles/{invoices}/draft"))["body"].as_str().unwrap().contains("A draft of Grace"));
    // Once it is in the file it is known, and what is chosen then is a choice.
    project.run(&["pull", REFUNDS]).exits(0);
    assert!(project.read(REFUNDS).contains("From Grace"));
    commit(&project, "Pull");
    project.run(&arguments).exits(0);
    project.run(&["publish", "--yes", REFUNDS]).exits(0);
    assert_eq!(body(&server, id), text);
    // And where it is asked for.
    server.edit(id, &live_edit("<p>Again from Grace.</p>"));
    project.run(&[&arguments[..], &["--overwrite"]].concat()).exits(0);
    project.run(&["publish", "--yes", REFUNDS]).exits(0);
    assert_eq!(body(&server, id), text);
}

#[test]
fn a_text_that_no_renderer_makes_comes_back_byte_for_byte() {
    let (server, _) = server();
    let project = docs(&server);
    let id = project.id(REFUNDS);
    let odd = "<p class=\"no-margin\">See <span style=\"color: #ff0000\">this</span>.</p>\
               <div class=\"intercom-interblocks-table-container\"><table role=\"presentation\"><tbody><tr>\
               <td style=\"background-color: #e3e7fa80; width: 120px;\"><p class=\"no-margin\">A</p></td></tr></tbody></table></div>";
    server.edit(id, &live_edit(odd));
    let stored = body(&server, id);
    let version = versions(&server, id, "en").pop().unwrap();
    project.run(&["apply", "--overwrite", "--publish", "--yes"]).exits(0);
    assert_ne!(body(&server, id), stored);
    commit(&project, "Ours");
    project.run(&["rollback", REFUNDS, "--to", &version, "--yes"]).exits(0);
    project.run(&["publish", "--yes"]).exits(0);
    assert_eq!(body(&server, id), stored);
    is_settled(&project);
}

#[test]
fn what_cannot_be_done_is_said_and_nothing_is_written() {
    let (server, _) = server();
    let project = docs(&server);
    let id = project.id(REFUNDS);
    let old = versions(&server, id, "en")[0].clone();
    wrong(&project);
    let mark = server.requests().len();
    let says = |arguments: &[&str], code: i32, text: &str| {
        project.run(&[&["rollback"], arguments].concat()).exits(code).says(text);
    };
    says(&[REFUNDS, "--to", &old], 64, "nobody can be asked here");
    says(&[REFUNDS, "--to", "2026-02-30", "--yes"], 64, "`2026-02-30` is not a date");
    says(&[REFUNDS, "--to", "7", "--yes"], 3, "has no version 7");
    says(&["billing", "--to", &old, "--yes"], 64, "is a version of one article");
    says(&["billing/nowhere.md", "--to", &old, "--yes"], 64, "there is no file or folder");
    says(&[REFUNDS, "--to", &old, "--locale", "de", "--yes"], 64, "none of the locales");
    project.edit(REFUNDS, "no days at all", "not one day");
    says(&[REFUNDS, "--to", &old, "--yes"], 3, "neither in Git nor in Intercom");
    project.git(&["checkout", "-q", "--", "docs"]);
    project.write("docs/billing/idle.md", "# Idle\n\nIt is nowhere.\n");
    says(&["billing/idle.md", "--to", "2030-01-01", "--yes"], 3, "it has no `id`");
    server.delete(&format!("/articles/{id}"));
    let mark = mark.max(server.requests().len());
    says(&[REFUNDS, "--to", "2030-01-01", "--yes"], 3, "was deleted in Intercom");
    assert_eq!(server.writes_since(mark), [""; 0]);
    assert!(project.read(REFUNDS).contains("no days at all"));
}

/// Two articles whose wrong text is live, and the version that is right of the first.
fn wrongly_live() -> Before {
    Before::of(&["en"], |server| {
        let project = Project::new(&[
            ("docs/billing/refunds.md", "# Refunds\n\nYou have ten days.\n"),
            ("docs/billing/invoices.md", "# Invoices\n\nEvery invoice is here.\n"),
        ])
        .on(server);
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        project.git(&["init", "-q"]);
        commit(&project, "Begin");
        project.edit(REFUNDS, "ten", "no");
        project.edit("docs/billing/invoices.md", "Every", "No");
        publish(&project, "Wrong");
        project
    })
}

/// The commit in which all was right. The copies of a project have no repository; so it is a time.
const RIGHT: &[&str] = &["rollback", "billing", "--to", "v1", "--yes"];

/// A copy with its repository.
fn copied(before: &Before, faults: Faults) -> (Project, Server, tempfile::TempDir) {
    let (project, server, store) = again(before, faults);
    let from = before.project.path().join(".git");
    let status = Command::new("cp").arg("-r").arg(from).arg(project.path().join(".git")).status().unwrap();
    assert!(status.success());
    project.git(&["tag", "-f", "v1", "HEAD~1"]);
    (project, server, store)
}

fn end(project: &Project, server: &Server) -> (BTreeMap<u64, Value>, Vec<String>) {
    let article = |id: u64| {
        let one = server.get(&format!("/articles/{id}"));
        (id, json!([one["title"], one["body"], one["state"], one["has_unpublished_changes"]]))
    };
    (server.ids().into_iter().map(article).collect(), project.docs().into_iter().map(|(_, text)| text).collect())
}

fn late() -> Faults {
    let mut faults = Faults::default();
    faults.delay = Duration::from_secs(3600);
    faults
}

/// Kills a rollback when the Help Center has carried out its `nth` request; false where it ended before.
fn killed_at(project: &Project, server: &Server, nth: usize) -> bool {
    let mut next = vec!["none"; nth - 1];
    next.push("latency");
    server.post("/_local/faults", &json!({ "next": next }));
    let child = spawn(project, server, RIGHT);
    server.kills_at_latency(child, 0)
}

/// What the next run is after a rollback that was killed: itself, or any other.
fn finished(project: &Project, server: &Server, wanted: &(BTreeMap<u64, Value>, Vec<String>), at: &str) {
    let ran = project.run(RIGHT);
    assert_eq!(ran.exit, 0, "{at}\n{}{}", ran.stdout, ran.stderr);
    project.run(&["publish", "--yes"]).exits(0);
    assert_eq!(end(project, server), *wanted, "{at}");
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
    never_offline(&server.requests());
}

#[test]
fn a_rollback_that_is_killed_at_any_request_is_finished_by_the_next_one() {
    let before = wrongly_live();
    let (project, server, _store) = copied(&before, late());
    project.run(RIGHT).exits(0);
    project.run(&["publish", "--yes"]).exits(0);
    let wanted = end(&project, &server);
    let mut points = 0;
    for nth in 1.. {
        let (project, server, _store) = copied(&before, late());
        if !killed_at(&project, &server, nth) {
            break;
        }
        points += 1;
        finished(&project, &server, &wanted, &format!("killed at request {nth}"));
    }
    assert!(points > 8, "{points}");
}

#[test]
fn a_rollback_that_is_killed_between_two_files_is_finished_by_the_next_one() {
    let before = wrongly_live();
    let old = {
        let (project, server, _store) = copied(&before, late());
        end(&project, &server)
    };
    let wanted = {
        let (project, server, _store) = copied(&before, late());
        project.run(RIGHT).exits(0);
        project.run(&["publish", "--yes"]).exits(0);
        end(&project, &server)
    };
    // All files are written before the first request that writes.
    let written = (1..40).find_map(|nth| {
        let (project, server, _store) = copied(&before, late());
        assert!(killed_at(&project, &server, nth));
        let has_written = !server.writes_since(0).iter().all(|line| line.contains("/_local/"));
        has_written
            .then(|| ["helpbook.lock", REFUNDS, "docs/billing/invoices.md"].map(|file| (file, project.read(file))))
    });
    let written = written.unwrap();
    for subset in 0..8_usize {
        for next in ["rollback", "apply"] {
            let (project, server, _store) = copied(&before, late());
            for (at, (file, text)) in written.iter().enumerate() {
                if subset & (1 << at) != 0 {
                    project.write(file, text);
                }
            }
            let at = format!("killed with the files {subset:03b} written");
            if next == "rollback" {
                finished(&project, &server, &wanted, &at);
                continue;
            }
            // Whoever goes on otherwise gets each article as it was or as it should be.
            project.run(&["apply", "--publish", "--yes"]).exits(0);
            for (id, article) in end(&project, &server).0 {
                assert!([&old.0[&id], &wanted.0[&id]].contains(&&article), "{at}: {article}");
            }
            project.run(&["plan", "--detailed-exitcode"]).exits(0);
        }
    }
}

#[test]
fn a_teammate_who_edits_at_any_moment_is_kept_or_named() {
    let before = wrongly_live();
    let mut moments = 0;
    let edits: [(&str, Value); 2] = [
        ("live", live_edit("<p>Live words of Grace.</p>")),
        ("draft", json!({ "body": "<p>Draft words of Grace.</p>" })),
    ];
    for (kind, edit) in edits {
        for at in 1.. {
            let (project, server, _store) = copied(&before, Faults::default());
            let (url, door) = server.door();
            let project = project.env("INTERCOM_BASE_URL", &url);
            let id = project.id(REFUNDS);
            let act: Act = ("POST", format!("/_local/articles/{id}/editor"), edit.clone());
            door.before(at, vec![act]);
            let first = project.run(RIGHT);
            if !door.is_done() {
                break;
            }
            moments += 1;
            let second = project.run(&["publish", "--yes"]);
            let said = [&first, &second].map(|ran| format!("{}{}", ran.stdout, ran.stderr)).concat();
            let there = ["", "/draft"].map(|side| server.get(&format!("/articles/{id}{side}")).to_string()).concat();
            assert!(
                there.contains("words of Grace") || said.contains("Grace"),
                "{kind} before request {at}\n{said}\n{there}"
            );
            never_offline(&server.requests());
        }
    }
    assert!(moments > 12, "{moments}");
}
