//! Text of strangers in the log of a GitHub workflow: nothing of it is a command.

use serde_json::{Value, json};

use crate::harness::{Project, Ran, Server, id_of};

/// Lines that a runner would obey.
const COMMANDS: [&str; 5] =
    ["::error::x", "##[error]x", "::set-env name=A::b", "::add-mask::a", "::stop-commands::token"];

/// No line of an output is a command; in a document none is anywhere.
#[track_caller]
fn harmless(ran: &Ran) {
    for line in ran.stdout.split(['\n', '\r']).chain(ran.stderr.split(['\n', '\r'])) {
        assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{line}");
    }
}

#[test]
fn no_text_of_an_article_or_of_intercom_commands_a_workflow() {
    let server = Server::start();
    let body = COMMANDS.map(|command| format!("{command}\n\n```\n  {command}\n```\n")).join("\n");
    let project = Project::new(&[
        (
            "docs/::error::a/##[error]b.md",
            &format!("---\ntitle: \"::error::x ##[error]y\"\ndescription: \"##[group]\"\n---\n{body}"),
        ),
        ("docs/::error::a/c.md", "# C\n\n~~::error::x~~ ##[error]x\n"),
    ])
    .on(&server)
    .env("GITHUB_ACTIONS", "true");
    let path = "docs/::error::a/##[error]b.md";
    let run = |arguments: &[&str]| {
        let ran = project.run(arguments);
        harmless(&ran);
        ran
    };
    run(&["check"]).exits(1).says("# #[error]x");
    let document: Value = serde_json::from_str(&run(&["check", "--format", "json"]).exits(1).stdout).unwrap();
    let findings = document["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["path"] == "::error::a/c.md"), "{document}");
    run(&["plan"]).exits(1);
    project.remove("docs/::error::a/c.md");
    run(&["plan"]).exits(0).says("# #[error]b.md");
    let document: Value = serde_json::from_str(&run(&["plan", "--json"]).exits(0).stdout).unwrap();
    assert_eq!(document["changes"][1]["title"], "::error::x ##[error]y");
    run(&["-v", "plan", "--out", "plan.json"]).exits(0);
    run(&["show", "plan.json"]).exits(0);
    run(&["show", "plan.json", "--format", "json"]).exits(0);
    run(&["apply", "--publish", "--yes"]).exits(0);
    run(&["status"]).exits(0);
    run(&["status", "--json"]).exits(0);
    // What stays as it is begins a line of its own.
    project.edit(path, "::add-mask::a", "::add-mask::b");
    run(&["-v", "plan"]).exits(0).says(" : :error::x").says(" # #[error]x");
    run(&["apply", "--publish", "--yes"]).exits(0);
    // A teammate does it, too.
    let id = id_of(&project, path);
    server.edit(id, &json!({ "title": "::warning::y", "body": "<p>##[error]x</p><p>::error::z</p>", "publish": true }));
    server.post("/articles", &json!({ "title": "##[error] new", "author_id": 991, "body": "<p>::error::n</p>" }));
    run(&["plan"]).exits(0);
    run(&["status"]).exits(0);
    run(&["pull", "-n"]).exits(0);
    run(&["pull"]).exits(0);
    run(&["::error::x"]).exits(64);
    run(&["plan", "##[error]x"]).exits(64);
    run(&["-C", "::error::x", "plan"]).exits(64);
    // Its own annotations are commands, and stay such.
    project.write("docs/d.md", "# D\n\n~~::error::x~~ ##[error]y\n");
    let ran = project.run(&["check", "--format", "github"]).exits(1);
    assert!(ran.stdout.lines().any(|line| line.starts_with("::error file=docs/d.md,line=3")), "{}", ran.stdout);
    assert!(
        ran.stdout.lines().all(|line| line.starts_with("::error ") || line.starts_with("::warning ")),
        "{}",
        ran.stdout
    );
    // Elsewhere text stays as it is.
    let elsewhere = project.env("GITHUB_ACTIONS", "");
    elsewhere.run(&["check"]).exits(1).says("~~::error::x~~ ##[error]y");
}

#[test]
fn no_text_of_an_article_commands_a_pipeline_of_azure() {
    let text = "# ##vso[task.setvariable variable=x]y\n\nText ##vso[task.complete result=Failed]done\n";
    let project = Project::new(&[("docs/a.md", text)]).env("TF_BUILD", "True");
    let ran = project.run(&["--local", "plan"]).exits(0).says("# #vso[task.setvariable variable=x]y");
    assert!(!ran.stdout.contains("##vso[") && !ran.stderr.contains("##vso["), "{}", ran.stdout);
    let document = project.run(&["--local", "plan", "--json"]).exits(0).stdout;
    assert!(!document.contains("##vso["), "{document}");
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["changes"][0]["title"], "##vso[task.setvariable variable=x]y");
}
