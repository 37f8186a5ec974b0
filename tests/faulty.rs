//! Everything goes wrong now and then: late, lost, broken and refused answers, stale and short lists.
//!
//! A run under faults ends done or with a truthful report; after it, runs without faults end where an
//! undisturbed one does. No article is doubled or lost, none goes offline on the way. More seeds:
//! `HELPBOOK_SEEDS=1000 cargo test --test main faulty -- --nocapture`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use helpbook::local::Faults;
use serde_json::json;

use crate::harness::{id_of, never_offline};
use crate::undisturbed::{again, before, end};

/// How many seeds are tried where nobody asks for more.
const SEEDS: u64 = 6;

/// How many runs are under way at once; most of their time is waiting.
const SIDE_BY_SIDE: usize = 6;

#[test]
fn runs_under_faults_end_where_an_undisturbed_one_does() {
    let seeds = std::env::var("HELPBOOK_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    let before = before();
    let (project, server, _store) = again(&before, Faults::default());
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let wanted = end(&project, &server);
    let next = AtomicU64::new(0);
    let (done, told) = (AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= seeds {
                        return;
                    }
                    let mut faults = Faults::all(20).unwrap();
                    (faults.seed, faults.delay, faults.retry_after) = (seed, Duration::from_millis(3), 0);
                    let (project, server, _store) = again(&before, faults);
                    let offline = format!("article={}", id_of(&project, "docs/guide/offline.md"));
                    let ran = project.run(&["apply", "--publish", "--yes"]);
                    let is_truthful = match ran.exit {
                        0 => !ran.stderr.contains("error"),
                        1 | 3 => ["error", "failed ", "refused "].iter().any(|word| ran.stderr.contains(word)),
                        _ => false,
                    };
                    assert!(is_truthful, "seed {seed}: {}\n{}{}", ran.exit, ran.stdout, ran.stderr);
                    if ran.exit == 0 { &done } else { &told }.fetch_add(1, Ordering::SeqCst);
                    server.post("/_local/faults", &json!({ "rates": "0" }));
                    let ran = project.run(&["apply", "--publish", "--yes"]);
                    assert_eq!(ran.exit, 0, "seed {seed}:\n{}{}", ran.stdout, ran.stderr);
                    assert_eq!(end(&project, &server), wanted, "seed {seed}");
                    project.run(&["plan", "--detailed-exitcode"]).exits(0);
                    let others: Vec<String> =
                        server.requests().into_iter().filter(|line| !line.contains(&offline)).collect();
                    never_offline(&others);
                }
            });
        }
    });
    println!("{seeds} seeds: {} done, {} told what failed", done.into_inner(), told.into_inner());
}
