//! The command line itself: help, wrong usage, asking, paths.

use crate::harness::{Server, published, two_articles};

#[test]
fn wrong_usage_exits_64_and_help_exits_0() {
    let project = two_articles();
    project.run(&["--version"]).exits(0).says(concat!("helpbook ", env!("CARGO_PKG_VERSION")));
    for command in ["check", "plan", "apply", "publish", "status", "show", "serve", "completions"] {
        project.run(&["help", command]).exits(0).says("Usage:");
    }
    project.run(&["plna"]).exits(64).says("plan");
    project.run(&[]).exits(64);
    project.run(&["plan", "--nope"]).exits(64);
    project.run(&["plan", "-q", "-v"]).exits(64);
    project.run(&["--config", "none.yml", "plan"]).exits(1).says("check the path after `--config`");
    std::fs::write(project.path().join("other.yml"), b"docs: \xff").unwrap();
    project.run(&["--config", "other.yml", "plan"]).exits(1).says("hint: save it as UTF-8");
    project.run(&["-C", "nowhere", "plan"]).exits(64).says("there is no folder `nowhere`");
    project.run(&["completions", "bash"]).exits(0).says("helpbook");
}

#[test]
fn nothing_goes_live_where_nobody_can_be_asked() {
    let server = Server::start();
    let project = two_articles().on(&server);
    for command in [&["publish"][..], &["apply", "--publish"]] {
        project.run(command).exits(64).says("add `--yes`");
    }
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn paths_limit_a_run_and_must_be_articles_of_the_docs() {
    let server = Server::start();
    let project = two_articles().on(&server);
    project.run(&["apply", "docs/guide/install.md"]).exits(0).says("created guide/install.md");
    assert_eq!(server.ids().len(), 1);
    project.run(&["plan", "docs"]).exits(0).says("1 to create");
    project.run(&["plan", "docs/guide/none.md"]).exits(64).says("there is no file or folder");
    project.run(&["plan", "helpbook.yml"]).exits(64).says("is not in the docs folder");
    project.run(&["plan", "/etc"]).exits(64);
}

#[test]
fn a_lock_that_cannot_be_used_says_what_to_do() {
    let server = Server::start();
    let project = published(&server);
    let lock = project.read("helpbook.lock");
    project.write("helpbook.lock", &lock.replace("\"helpbook\":1", "\"helpbook\":2"));
    project.run(&["plan"]).exits(1).says("hint: install the version of helpbook that wrote it, or a newer one");
    project.write("helpbook.lock", &(lock.clone() + "{\"helpbook\":1,\"workspace\":\"another\"}\n"));
    project.run(&["plan"]).exits(4).says("it names two workspaces").says("hint: keep the lines of one workspace");
    project.write("helpbook.lock", &lock.replace("\"live\":{", "\"live\":{\"sent\":\"a\"},\"then\":{"));
    let ran = project.run(&["plan"]).exits(0).says("this line and 1 more cannot be read and count as absent");
    ran.says("note: helpbook.lock knows no article: only its last version shows whether a teammate changed one");
}

#[test]
fn two_writing_runs_in_one_project_do_not_meet() {
    let server = Server::start();
    let project = two_articles().on(&server);
    project.write(".helpbook/run.lock", "");
    let held = std::fs::File::open(project.path().join(".helpbook/run.lock")).unwrap();
    held.lock().unwrap();
    project.run(&["apply"]).exits(1).says("another run of helpbook is writing in this project");
    project.run(&["publish", "--yes"]).exits(1);
    project.run(&["plan"]).exits(0);
    assert!(server.requests().iter().all(|line| line.starts_with("GET ")));
    // Not only closed: a child that another test starts at this moment has the file, too, until it runs its program.
    held.unlock().unwrap();
    project.run(&["apply"]).exits(0);
    assert_eq!(project.read(".helpbook/.gitignore"), "*\n");
}

#[test]
fn a_dry_run_does_nothing() {
    let server = Server::start();
    let project = two_articles().on(&server);
    project.run(&["apply", "-n", "--publish"]).exits(0).says("nothing was done");
    assert!(server.requests().iter().all(|line| line.starts_with("GET ")));
    assert!(!project.exists("helpbook.lock"));
}

#[test]
fn colour_is_only_where_it_is_wanted() {
    let server = Server::start();
    let project = published(&server);
    project.edit("docs/guide/install.md", "Run the installer.", "Run the new installer.");
    assert!(!project.run(&["plan"]).stdout.contains('\u{1b}'));
    assert!(project.run(&["--color", "always", "plan"]).stdout.contains('\u{1b}'));
    let quiet = project.run(&["-q", "apply"]).exits(0);
    assert_eq!(quiet.stderr, "");
}

#[test]
fn check_tells_what_is_wrong_as_text_and_json_and_needs_no_token() {
    let project = two_articles();
    project.run(&["check"]).exits(0).says("2 articles checked: no problems");
    project.write("docs/guide/odd.md", "# Odd\n\n3. starts at three\n\n~~gone~~\n");
    project
        .run(&["check"])
        .exits(1)
        .says("error[strikethrough]")
        .says("warning[list-start]")
        .says("docs/guide/odd.md:5:1");
    let json: serde_json::Value =
        serde_json::from_str(&project.run(&["check", "--format", "json"]).exits(1).stdout).unwrap();
    assert_eq!(json["findings"][0]["line"], 3);
    project.write("docs/guide/odd.md", "# Odd\n\n3. starts at three\n");
    project.run(&["check"]).exits(0);
    project.run(&["check", "--strict"]).exits(1);
    project.write("helpbook.yml", "docs: docs\nchecks: { list-start: off }\n");
    project.run(&["check", "--strict"]).exits(0);
}
