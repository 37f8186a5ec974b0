//! `doctor --probe`: every difference is found and used, nothing is left behind, and no listed article is ever there.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::time::Duration;

use helpbook::intercom::model::Locale;
use helpbook::local::{Behaviour, Faults, Options};
use helpbook::probe::{BELIEFS, MARK};
use serde_json::{Value, json};

use crate::harness::{Fail, Project, Ran, Server, spawn};

/// What no probe can find out, and what it needs more than two seconds for.
const UNSEEN: [&str; 4] = ["autosave", "editor", "schedules", "ties"];

/// A Help Center with some articles of a project.
fn world(options: Options) -> (Server, Project) {
    let server = Server::with(options);
    let project = Project::new(&[
        ("helpbook.yml", "docs: docs\nstate: published\n"),
        (
            "docs/guide/one.md",
            "# One\n\nIt's \"text\".\n\n## Part\n\nMore of it.\n\n![A menu](https://example.com/menu.png)\n\n| A | B |\n|---|---|\n| 1 | 2 |\n",
        ),
        ("docs/guide/two.md", "# Two\n\nSee [the part](one.md#part).\n\n> [!TIP]\n> A tip.\n"),
    ])
    .on(&server);
    project.run(&["apply", "--publish", "--yes"]);
    (server, project)
}

fn behaving(name: &str, value: &str) -> Options {
    Options {
        locales: locales(&["en", "fr"]),
        faults: late(),
        ..Options::behaving(|does| does.set(name, value).unwrap())
    }
}

fn locales(names: &[&str]) -> Vec<Locale> {
    names.iter().map(|name| Locale((*name).to_owned())).collect()
}

/// A late answer never comes: whoever waits for it is killed before.
fn late() -> Faults {
    let mut faults = Faults::default();
    faults.delay = Duration::from_secs(3600);
    faults
}

/// What became of each belief.
fn results(ran: &Ran) -> BTreeMap<String, String> {
    let document: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}{}", ran.stdout, ran.stderr));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    document["beliefs"].as_array().unwrap().iter().map(|one| (text(&one["name"]), text(&one["result"]))).collect()
}

fn of<'r>(results: &'r BTreeMap<String, String>, result: &str) -> Vec<&'r str> {
    results.iter().filter(|(_, found)| *found == result).map(|(name, _)| name.as_str()).collect()
}

/// What of a probe is in the Help Center, whatever its answers say.
fn left(server: &Server) -> Vec<String> {
    server.post("/_local/faults", &json!({ "rates": "0" }));
    server.post("/_local/behaviour", &json!({ "list-age": "now", "names": "plain" }));
    let articles = server.articles().into_values().map(|one| one["title"].clone());
    let collections = server.all("/help_center/collections").into_values().map(|one| one["name"].clone());
    let tags = server.get("/tags")["data"].as_array().unwrap().clone().into_iter().map(|one| one["name"].clone());
    let names = articles.chain(collections).chain(tags).map(|name| name.as_str().unwrap().to_owned());
    names.filter(|name| name.contains(MARK)).collect()
}

#[test]
fn every_switch_of_the_local_help_center_is_asked_about() {
    let switches = Behaviour::ALL.iter().map(|(name, _)| *name);
    let unasked: Vec<&str> = switches.filter(|name| BELIEFS.iter().all(|belief| belief.name != *name)).collect();
    assert_eq!(unasked, [""; 0]);
}

const PROBE: [&str; 4] = ["doctor", "--probe=publish", "--yes", "--json"];

#[test]
fn a_workspace_as_it_is_assumed_confirms_everything() {
    let (server, project) = world(Options { locales: locales(&["en", "fr"]), ..Options::default() });
    let ran = project.run(&PROBE).exits(0);
    let found = results(&ran);
    assert_eq!(of(&found, "different"), [""; 0], "{}", ran.stdout);
    let unknown: Vec<&str> = of(&found, "not_tried").into_iter().filter(|name| *name != "updated-at").collect();
    assert_eq!(unknown, UNSEEN, "{}", ran.stdout);
    assert_eq!(left(&server), [""; 0]);
    let lock = project.read("helpbook.lock");
    assert!(
        lock.contains(r#""heading_ids":"kept","list_bodies":"whole","parent_ids":"given","colors":"hex""#),
        "{lock}"
    );
    project.run(&PROBE).exits(0);
    assert_eq!(project.read("helpbook.lock"), lock);
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
    for secret in [server.token(), "127.0.0.1", "\"local\"", "menu.png", "Ada", "guide"] {
        assert!(!ran.stdout.contains(secret), "{secret} in {}", ran.stdout);
    }
}

#[test]
fn without_a_published_article_nothing_is_ever_live() {
    let (server, project) = world(Options::default());
    let mark = server.requests().len();
    let ran = project.run(&["doctor", "--probe", "--yes"]).exits(0).says("`--probe=publish`");
    assert!(!server.requests_since(mark).iter().any(|line| line.contains("state=published")), "{}", ran.stdout);
    assert_eq!(left(&server), [""; 0]);
}

/// What else is different or not known under a value.
fn beside(name: &str, value: &str) -> BTreeSet<&'static str> {
    let beside: &[&'static str] = match (name, value) {
        ("styles", "dropped") => &["table-styles"],
        ("empty-paragraphs", "dropped") => &["white-space"],
        _ => &[],
    };
    beside.iter().copied().collect()
}

#[test]
fn every_switch_is_seen_and_the_next_plan_goes_by_it() {
    let mut fail = Fail::default();
    for (name, values) in Behaviour::ALL {
        for value in values.iter().skip(1).filter(|_| !UNSEEN.contains(name)) {
            let (server, project) = world(behaving(name, value));
            if (*name, *value) == ("updated-at", "still") {
                // Time has to pass for it.
                server.post("/_local/pace", &json!({ "latency": 80 }));
            }
            let ran = project.run(&PROBE);
            let found = results(&ran);
            let expected: BTreeSet<&str> = beside(name, value).into_iter().chain([*name]).collect();
            let different: BTreeSet<&str> = of(&found, "different").into_iter().collect();
            fail.unless(different == expected, || format!("{name}={value}: different {different:?}"));
            if *name != "writes" {
                fail.unless(ran.exit == 0, || format!("{name}={value}: exit {} {}", ran.exit, ran.stderr));
            }
            let names = left(&server);
            fail.unless(names.is_empty(), || format!("{name}={value}: left {names:?}"));
            // Of a workspace that hides translations or takes no drafts no plan knows more.
            server.post("/_local/pace", &json!({ "latency": 0 }));
            server.post("/_local/behaviour", &json!({ *name: *value }));
            if !matches!(*name, "writes") {
                let plan = project.run(&["plan", "--detailed-exitcode"]);
                fail.unless(plan.exit == 0, || format!("{name}={value}: plan {}\n{}", plan.exit, plan.stdout));
            }
        }
    }
    fail.end();
}

#[test]
fn what_is_found_changes_the_next_plan() {
    for (name, value) in [("list-bodies", "short"), ("parent-ids", "empty")] {
        let (_server, project) = world(behaving(name, value));
        project.run(&["plan", "--detailed-exitcode"]).exits(2);
        project.run(&PROBE).exits(0).says("helpbook.lock");
        project.run(&["plan", "--detailed-exitcode"]).exits(0);
    }
}

#[test]
fn colours_are_sent_as_they_stay() {
    let (server, project) = world(behaving("styles", "rgba"));
    let green = |server: &Server| {
        let articles = server.articles().into_values();
        articles.filter(|one| one["body"].as_str().unwrap().contains("rgba(215, 239, 220, 0.5)")).count()
    };
    assert_eq!(green(&server), 0);
    project.run(&PROBE).exits(0);
    project.edit("docs/guide/two.md", "A tip.", "Another tip.");
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert_eq!(green(&server), 1);
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn no_listed_article_is_ever_there() {
    let (server, project) = world(Options { locales: locales(&["en", "fr", "de"]), ..Options::default() });
    let (address, door) = server.door();
    let project = project.env("INTERCOM_BASE_URL", &address);
    project.run(&PROBE).exits(0);
    let mut live = 0;
    for exchange in door.exchanges().iter().filter(|exchange| exchange.method != "GET") {
        let answer = &exchange.answer;
        if answer["type"] == "article" && answer["state"] == "published" {
            live += 1;
            assert_eq!(answer["parent_ids"], json!([]), "{} {}", exchange.method, exchange.path);
            for flag in ["ai_chatbot_availability", "ai_copilot_availability", "ai_sales_agent_availability"] {
                assert_eq!(answer[flag], json!(false), "{} {}", exchange.method, exchange.path);
            }
        }
    }
    assert!(live > 0);
}

#[test]
fn a_probe_that_is_killed_at_any_request_is_cleaned_up_by_the_next_one() {
    let (server, project) = world(Options { locales: locales(&["en", "fr"]), faults: late(), ..Options::default() });
    let mut deaths = 0;
    for nth in 1.. {
        let mut next = vec!["none"; nth - 1];
        next.push("latency");
        server.post("/_local/faults", &json!({ "next": next }));
        let mark = server.requests().len();
        if !server.kills_at_latency(spawn(&project, &server, &PROBE), mark) {
            break;
        }
        deaths += 1;
        let ran = project.run(&["doctor", "--probe", "--yes", "--json"]);
        assert_eq!(ran.exit, 0, "killed at request {nth}:\n{}{}", ran.stdout, ran.stderr);
        assert_eq!(left(&server), [""; 0], "killed at request {nth}");
    }
    println!("killed at {deaths} points");
    assert!(deaths > 70);
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[cfg(unix)]
#[test]
fn an_interrupted_probe_deletes_what_it_made() {
    let mut faults = Faults::default();
    faults.delay = Duration::from_millis(400);
    let (server, project) = world(Options { faults, ..Options::default() });
    let mut next = vec!["none"; 30];
    next.push("latency");
    server.post("/_local/faults", &json!({ "next": next }));
    let mark = server.requests().len();
    let mut child = spawn(&project, &server, &PROBE);
    while !server.requests_since(mark).iter().any(|line| line.contains("fault=latency")) {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(left(&server), [""; 0]);
}

#[test]
fn what_an_earlier_probe_left_is_deleted_and_what_others_put_there_stays() {
    let (server, project) = world(Options::default());
    let name = |what: &str| format!("{MARK}: {what}");
    let plant = |server: &Server| {
        let collection = server.post("/help_center/collections", &json!({ "name": name("collection") }))["id"].clone();
        server.post(
            "/articles",
            &json!({ "title": name("text"), "author_id": 1, "parent_id": collection, "parent_type": "collection" }),
        );
        server.post("/articles", &json!({ "title": name("live"), "author_id": 1, "state": "published" }));
        server.post("/tags", &json!({ "name": name("tag") }));
        collection
    };
    plant(&server);
    project.run(&["doctor"]).exits(0).says("a probe left 2 articles behind").says("run `helpbook doctor --probe`");
    project
        .run(&["doctor", "--probe", "--yes"])
        .exits(0)
        .says("deleted 4 things that an earlier probe had left behind");
    assert_eq!(left(&server), [""; 0]);
    let collection = plant(&server);
    server.post(
        "/articles",
        &json!({ "title": "Of somebody else", "author_id": 1, "parent_id": collection, "parent_type": "collection" }),
    );
    project.run(&["doctor", "--probe", "--yes"]).exits(1).says("somebody put something else into it");
    assert_eq!(left(&server), [name("collection")]);
    assert!(server.articles().values().any(|article| article["title"] == "Of somebody else"));
}

#[test]
fn every_kind_of_workspace_is_probed_to_the_end() {
    let check = |options: Options, unknown: &[&str]| {
        let (server, project) = world(options);
        let ran = project.run(&PROBE).exits(0);
        let found = results(&ran);
        for name in unknown {
            assert_ne!(found[*name], "confirmed", "{}", ran.stdout);
        }
        assert_eq!(left(&server), [""; 0]);
        found
    };
    check(Options::default(), &["translations"]);
    let found = check(Options { locales: locales(&["en", "fr", "de"]), ..Options::default() }, &[]);
    assert_eq!(found["translations"], "confirmed");
    check(behaving("audiences", "unauthorized"), &["audiences"]);
    let without_drafts = ["drafts", "draft-flag", "draft-publish", "pending-writes", "same-content"];
    check(behaving("drafts", "missing"), &without_drafts);
    check(Options { rate_limit: Some(166), ..Options::default() }, &["translations"]);
}

#[test]
fn nothing_is_written_without_a_yes_in_another_region_or_to_another_workspace() {
    let (server, project) = world(Options::default());
    let mark = server.requests().len();
    project.run(&["doctor", "--probe"]).exits(64).says("add `--yes`");
    project.run(&["doctor", "--yes"]).exits(64);
    project.run(&["doctor", "--probe=all", "--yes"]).exits(64).says("publish");
    project.write("helpbook.yml", "docs: docs\nworkspace: other\n");
    project.run(&PROBE).exits(4).says("use a token of the workspace `other`");
    assert_eq!(server.writes_since(mark), [""; 0]);
    let server = Server::with(Options { region: Some("EU".to_owned()), ..Options::default() });
    let project = Project::new(&[]).on(&server);
    project.run(&PROBE).exits(4).says("write `region: eu` into helpbook.yml");
    assert_eq!(server.writes_since(0), [""; 0]);
    let (server, project) = world(behaving("writes", "elsewhere"));
    let ran = project.run(&PROBE).exits(4).says("404 from POST /articles");
    assert_eq!(of(&results(&ran), "different"), ["writes"]);
    assert_eq!(left(&server), [""; 0]);
}

#[test]
fn no_project_is_needed() {
    let server = Server::start();
    let project = Project::new(&[]).on(&server);
    project.remove("helpbook.yml");
    project.run(&PROBE).exits(0);
    assert_eq!(left(&server), [""; 0]);
    assert!(!project.exists("helpbook.lock"));
}

#[test]
fn answers_that_cannot_be_read_are_no_difference() {
    for at in [12, 30, 45, 60] {
        let (server, project) = world(Options::default());
        let mut next = vec!["none"; at];
        next.push("wrong-type");
        server.post("/_local/faults", &json!({ "next": next }));
        let ran = project.run(&PROBE);
        assert_eq!(of(&results(&ran), "different"), [""; 0], "at request {at}: {}", ran.stdout);
        assert_eq!(left(&server), [""; 0], "at request {at}");
    }
}
