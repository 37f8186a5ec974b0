//! `helpbook doctor`: each line good, or with what fixes it.

use std::process::Command;

use crate::harness::{Project, Server, published};

/// The lines that are not good, without hints.
fn complaints(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| line.starts_with("bad ") || line.starts_with("look"));
    lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn git(project: &Project, arguments: &[&str]) {
    let who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
    let done = Command::new("git").args(who).args(arguments).current_dir(project.path()).status().unwrap();
    assert!(done.success(), "{arguments:?}");
}

#[test]
fn a_sound_project_is_good_and_nothing_is_written() {
    let server = Server::start();
    let project = published(&server);
    project.write("helpbook.yml", "docs: docs\nstate: published\nworkspace: local\n");
    project.write(".gitattributes", "helpbook.lock merge=union\n");
    git(&project, &["init", "--quiet"]);
    git(&project, &["add", "--all"]);
    let mark = server.requests().len();
    let ran = project.run(&["doctor"]).exits(0).says("no problems").says("run `helpbook plan`");
    assert_eq!(server.writes_since(mark), [""; 0]);
    assert!(ran.stdout.contains("articles, drafts, versions, collections, teammates, tags, audiences, redirects"));
    assert!(!format!("{}{}", ran.stdout, ran.stderr).contains(server.token()), "the token is never shown");
}

#[test]
fn each_thing_that_is_wrong_has_its_line_and_what_mends_it() {
    let server = Server::start();
    let project = published(&server);
    let found = complaints(&project.run(&["doctor"]).exits(0).stdout);
    assert_eq!(
        found,
        [
            "look git the project is in no Git repository",
            "look workspace `local` \"Local Help Center\", as Ada; helpbook.yml does not pin it",
        ]
    );
    git(&project, &["init", "--quiet"]);
    project.write(".gitignore", "*.lock\n");
    project.write("helpbook.yml", "docs: docs\nworkspace: other\nlocales: [en, fr]\nauthor: nobody@example.com\nimages: { base_url: \"https://cdn.example.com\", upload: [./upload.sh] }\n");
    project.write("docs/guide/broken.md", "---\ntitel: x\n---\nText\n");
    let ran = project.run(&["doctor"]).exits(4);
    assert_eq!(
        complaints(&ran.stdout),
        [
            "bad docs 2 articles, 1 collection, with 1 error",
            "bad git helpbook.lock is ignored, so no other machine knows it",
            "bad images `images.upload` names `./upload.sh`, which is not there",
            "bad workspace the token is for `local`, and helpbook.yml names `other`",
            "bad help center `local` has no locale fr, in en",
            "bad authors no teammate is `nobody@example.com`, as helpbook.yml says",
        ]
    );
    assert!(ran.stdout.contains("6 problems"), "{}", ran.stdout);
}

#[test]
fn what_cannot_be_asked_is_told_and_the_rest_is_looked_at() {
    let project = Project::new(&[("docs/a.md", "# A\n\nText\n")]);
    project.run(&["doctor"]).exits(4).says("no token").says("1 article, 0 collections");
    let project = project.env("INTERCOM_ACCESS_TOKEN", "secret-token").env("INTERCOM_BASE_URL", "http://127.0.0.1:9");
    let ran = project.run(&["doctor"]).exits(1).says("cannot reach http://127.0.0.1:9").says("check the network");
    assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("secret-token"));
    let server = Server::start();
    let project = project.on(&server).env("INTERCOM_ACCESS_TOKEN", "secret-token");
    let ran = project.run(&["doctor"]).exits(4).says("refused the token");
    assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("secret-token"));
    project.write("helpbook.yml", "docs: [\n");
    project.run(&["doctor"]).exits(4).says("1 error in helpbook.yml").says("run `helpbook check`");
}
