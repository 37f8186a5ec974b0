//! Everything goes wrong now and then: late, lost, broken and refused answers, stale and short lists.
//!
//! A run under faults ends done or with a truthful report; after it, runs without faults end where an
//! undisturbed one does. No article is doubled or lost, none goes offline on the way. More seeds:
//! `HELPBOOK_SEEDS=1000 cargo test --test main faulty -- --nocapture`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use helpbook::local::Faults;
use serde_json::json;

use crate::harness::{Project, Server, id_of, never_offline};
use crate::undisturbed::{again, before, end};

/// How many seeds are tried where nobody asks for more.
const SEEDS: u64 = 6;

/// How many runs are under way at once; most of their time is waiting.
const SIDE_BY_SIDE: usize = 6;

#[test]
fn runs_under_faults_end_where_an_undisturbed_one_does() {
    let before = before();
    let (project, server, _store) = again(&before, Faults::default());
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let wanted = end(&project, &server);
    let (done, told) = (AtomicU64::new(0), AtomicU64::new(0));
    let seeds = each_seed(|seed| {
        let (project, server, _store) = again(&before, faults(seed));
        let offline = format!("article={}", id_of(&project, "docs/guide/offline.md"));
        let ran = truthful(&project, seed);
        if ran == 0 { &done } else { &told }.fetch_add(1, Ordering::SeqCst);
        server.post("/_local/faults", &json!({ "rates": "0" }));
        let ran = project.run(&["apply", "--publish", "--yes"]);
        assert_eq!(ran.exit, 0, "seed {seed}:\n{}{}", ran.stdout, ran.stderr);
        assert_eq!(end(&project, &server), wanted, "seed {seed}");
        project.run(&["plan", "--detailed-exitcode"]).exits(0);
        let others: Vec<String> = server.requests().into_iter().filter(|line| !line.contains(&offline)).collect();
        never_offline(&others);
    });
    println!("{seeds} seeds: {} done, {} told what failed", done.into_inner(), told.into_inner());
}

#[test]
fn two_runs_at_once_under_faults_make_no_double_that_nobody_names() {
    let before = before();
    let doubled = AtomicU64::new(0);
    let seeds = each_seed(|seed| {
        let (project, server, _store) = again(&before, faults(seed));
        let other = project.cloned();
        let offline = format!("article={}", id_of(&project, "docs/guide/offline.md"));
        std::thread::scope(|scope| {
            scope.spawn(|| truthful(&other, seed));
            truthful(&project, seed);
        });
        server.post("/_local/faults", &json!({ "rates": "0" }));
        for project in [&project, &other] {
            check_doubles(project, &server, seed, &doubled);
            truthful(project, seed);
            check_doubles(project, &server, seed, &doubled);
        }
        let titles: Vec<String> =
            server.articles().values().map(|article| article["title"].as_str().unwrap().to_owned()).collect();
        for title in ["Adopted", "Draft", "Hidden", "Moved", "New", "Offline", "Text"] {
            assert!(titles.iter().any(|other| other == title), "seed {seed}: {title} is not there");
        }
        let others: Vec<String> = server.requests().into_iter().filter(|line| !line.contains(&offline)).collect();
        never_offline(&others);
    });
    println!("{seeds} seeds with two runs at once: a double was named {} times", doubled.into_inner());
}

/// What is there twice the next plan names with both ids.
fn check_doubles(project: &Project, server: &Server, seed: u64, doubled: &AtomicU64) {
    let mut titled: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (id, article) in server.articles() {
        titled.entry(article["title"].as_str().unwrap().to_owned()).or_default().push(id);
    }
    let plan = project.run(&["plan"]);
    assert_eq!(plan.exit, 0, "seed {seed}:\n{}{}", plan.stdout, plan.stderr);
    for (title, ids) in titled.iter().filter(|(_, ids)| ids.len() > 1) {
        doubled.fetch_add(1, Ordering::SeqCst);
        let said = format!("{}{}", plan.stdout, plan.stderr);
        for id in ids {
            assert!(said.contains(&id.to_string()), "seed {seed}: {title} is there as {ids:?}, unsaid:\n{said}");
        }
    }
}

fn faults(seed: u64) -> Faults {
    let mut faults = Faults::all(20).unwrap();
    (faults.seed, faults.delay, faults.retry_after) = (seed, Duration::from_millis(3), 0);
    faults
}

/// Runs under faults; success is success, and what failed is said.
fn truthful(project: &Project, seed: u64) -> i32 {
    let ran = project.run(&["apply", "--publish", "--yes"]);
    let is_truthful = match ran.exit {
        0 => !ran.stderr.contains("error"),
        1 | 3 => ["error", "failed ", "refused ", "Blocked"]
            .iter()
            .any(|word| ran.stderr.contains(word) || ran.stdout.contains(word)),
        _ => false,
    };
    assert!(is_truthful, "seed {seed}: {}\n{}{}", ran.exit, ran.stdout, ran.stderr);
    ran.exit
}

/// Does it for each seed, several side by side; how many there were.
fn each_seed(check: impl Fn(u64) + Sync) -> u64 {
    let seeds = std::env::var("HELPBOOK_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= seeds {
                        return;
                    }
                    check(seed);
                }
            });
        }
    });
    seeds
}
