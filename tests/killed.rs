//! The real binary, killed at every request: the next run ends where an undisturbed one does.
//!
//! The Help Center carries out the request at which the run dies and holds back its answer; then the
//! process is killed. So nothing sleeps, and each death comes at the same place in every run.

use std::time::Duration;

use helpbook::local::Faults;
use serde_json::json;

use crate::harness::{Project, Server, spawn};
use crate::undisturbed::{again, before, end};

/// A late answer never comes: the run is killed before.
fn late() -> Faults {
    let mut faults = Faults::default();
    faults.delay = Duration::from_secs(3600);
    faults
}

/// Kills a run when the Help Center has carried out its `nth` request; false where it ended before.
fn killed_at(project: &Project, server: &Server, nth: usize) -> bool {
    let mut next = vec!["none"; nth - 1];
    next.push("latency");
    server.post("/_local/faults", &json!({ "next": next }));
    let child = spawn(project, server, &["apply", "--publish", "--yes"]);
    server.kills_at_latency(child, 0)
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Left {
    /// The next run is on the same disk.
    Everything,
    /// The next run has only what Git has: no lock, no `.helpbook`.
    FilesAlone,
}

/// Kills at every request there is, and runs again; gives the number of deaths.
fn check() -> usize {
    let before = before();
    let (project, server, _store) = again(&before, late());
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let wanted = end(&project, &server);
    let mut points = 0;
    for left in [Left::Everything, Left::FilesAlone] {
        for nth in 1.. {
            let (project, server, _store) = again(&before, late());
            if !killed_at(&project, &server, nth) {
                break;
            }
            points += 1;
            if left == Left::FilesAlone {
                project.remove("helpbook.lock");
                std::fs::remove_dir_all(project.path().join(".helpbook")).unwrap();
            }
            let ran = project.run(&["apply", "--publish", "--yes"]);
            assert_eq!(ran.exit, 0, "killed at request {nth}, {left:?} left:\n{}{}", ran.stdout, ran.stderr);
            assert_eq!(end(&project, &server), wanted, "killed at request {nth}, {left:?} left");
            project.run(&["plan", "--detailed-exitcode"]).exits(0);
            let mark = server.requests().len();
            project.run(&["apply", "--publish", "--yes"]).exits(0);
            assert_eq!(server.writes_since(mark), [""; 0], "killed at request {nth}, {left:?} left");
        }
    }
    points
}

#[test]
fn a_run_that_is_killed_at_any_request_is_finished_by_the_next_one() {
    let points = check();
    println!("killed at {points} points");
    assert!(points > 40);
}
