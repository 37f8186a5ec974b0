//! `helpbook init`: a project from what the workspace says, and nothing that was there touched.

use std::process::Command;

use helpbook::intercom::model::Locale;
use helpbook::local::Options;
use serde_json::json;

use crate::harness::{Project, Server};

/// An empty folder.
fn empty() -> Project {
    let project = Project::new(&[]);
    project.remove("helpbook.yml");
    project
}

#[test]
fn without_a_token_it_says_where_to_get_one_and_writes_nothing() {
    let project = empty();
    let ran = project.run(&["init"]).exits(4);
    for part in ["Developer Hub", "read and write articles", "`helpbook --local init`", "nothing was written"] {
        assert!(ran.stderr.contains(part), "{part}\n{}", ran.stderr);
    }
    assert_eq!(std::fs::read_dir(project.path()).unwrap().count(), 0);
}

#[test]
fn without_an_account_it_makes_a_project_that_runs() {
    let project = empty();
    project.run(&["--local", "init"]).exits(0).says("wrote helpbook.yml").says("next: `helpbook --local plan`");
    project.run(&["--local", "check", "--strict"]).exits(0);
    project.run(&["--local", "apply", "--publish", "--yes"]).exits(0).says("created getting-started/welcome.md");
    project.run(&["--local", "plan"]).exits(0).says("No changes.");
    project.run(&["--local", "doctor"]).exits(0);
    // A second one changes nothing.
    let before = project.docs();
    project.run(&["--local", "init"]).exits(0).says("kept helpbook.yml (already there)");
    assert_eq!(project.docs(), before);
}

#[test]
fn the_workspace_and_its_locales_stand_in_the_configuration_and_live_articles_need_no_sample() {
    let server = Server::with(Options { locales: vec![Locale("fr".into()), Locale::english()], ..Options::default() });
    server.post("/articles", &json!({"title": "Here", "author_id": 1, "body": "<p>Live</p>", "state": "published"}));
    let project = empty().on(&server);
    let mark = server.requests().len();
    let ran =
        project.run(&["init", "--docs", "help"]).exits(0).says("next: `helpbook pull`, which brings 1 live article");
    assert!(!ran.stderr.contains(server.token()) && !project.read("helpbook.yml").contains(server.token()));
    assert_eq!(server.writes_since(mark), [""; 0]);
    let text = project.read("helpbook.yml");
    for line in ["docs: help", "workspace: local", "default_locale: fr", "locales: [fr, en]"] {
        assert!(text.lines().any(|other| other == line), "{line}\n{text}");
    }
    assert!(!project.exists("help/getting-started"), "no sample beside live articles");
    assert!(project.exists("help/README.md") && project.exists(".github/workflows/help-center.yml"));
    project.run(&["pull"]).exits(0);
    assert!(project.exists("help/here.md"));
    project.run(&["plan"]).exits(0).says("No changes.");
    project.run(&["doctor"]).exits(0);
}

#[test]
fn files_that_are_there_keep_every_byte() {
    let project = empty();
    let mine = [
        (".gitattributes", "*.md text\r\n"),
        (".github/workflows/help-center.yml", "name: mine\n"),
        ("docs/README.md", "mine"),
        ("docs/a.md", "# A\n\nText\n"),
    ];
    mine.iter().for_each(|(path, text)| project.write(path, text));
    project.run(&["--local", "init"]).exits(0).says("add this line to it").says("helpbook.lock merge=union");
    for (path, text) in mine {
        assert_eq!(project.read(path), text, "{path}");
    }
    assert!(!project.exists("docs/getting-started"), "no sample beside articles");
    // The docs folder of a configuration that is there counts.
    let other = empty();
    other.write("helpbook.yml", "docs: words\n");
    other.run(&["--local", "init"]).exits(0);
    assert!(other.exists("words/README.md") && !other.exists("docs"));
    assert_eq!(other.read("helpbook.yml"), "docs: words\n");
}

#[test]
fn below_the_top_of_a_repository_the_workflow_stands_at_the_top_and_names_the_folder() {
    let project = empty();
    let git = |arguments: &[&str]| {
        assert!(Command::new("git").args(arguments).current_dir(project.path()).status().unwrap().success());
    };
    git(&["init", "--quiet", "--initial-branch=trunk"]);
    project.write("site/.keep", "");
    project.run(&["-C", "site", "--local", "init"]).exits(0).says("wrote");
    let workflow = project.read(".github/workflows/help-center.yml");
    assert!(workflow.contains("working-directory: \"site\"") && workflow.contains("refs/heads/trunk"), "{workflow}");
    assert!(project.exists("site/helpbook.yml") && !project.exists("site/.github"));
    // A project within a project is a mistake.
    project.write("site/docs/deep/.keep", "");
    project.run(&["-C", "site/docs/deep", "--local", "init"]).exits(64).says("is in a project already");
    project.run(&["-C", "site", "--local", "init", "--no-workflow"]).exits(0);
}

#[test]
fn on_gitlab_the_jobs_of_gitlab_are_written_and_a_file_that_is_there_says_how_to_include_them() {
    let project = empty();
    let git = |arguments: &[&str]| {
        assert!(Command::new("git").args(arguments).current_dir(project.path()).status().unwrap().success());
    };
    git(&["init", "--quiet", "--initial-branch=trunk"]);
    git(&["remote", "add", "origin", "git@gitlab.example.com:octo/docs.git"]);
    project.run(&["--local", "init"]).exits(0).says("wrote .gitlab/help-center.yml").says("HELPBOOK_GITLAB_TOKEN");
    assert_eq!(project.read(".gitlab-ci.yml"), "include:\n  - local: .gitlab/help-center.yml\n");
    assert!(project.read(".gitlab/help-center.yml").contains("$CI_COMMIT_BRANCH == \"trunk\""));
    assert!(!project.exists(".github"));
    let again = project.run(&["--local", "init"]).exits(0).says("kept .gitlab/help-center.yml (already there)");
    assert!(!again.stderr.contains(".gitlab-ci.yml"), "{}", again.stderr);
    project.write(".gitlab-ci.yml", "mine: {}\n");
    project
        .run(&["--local", "init"])
        .exits(0)
        .says("kept .gitlab-ci.yml (already there)")
        .says("- local: .gitlab/help-center.yml");
    assert_eq!(project.read(".gitlab-ci.yml"), "mine: {}\n");
    project.run(&["--local", "init", "--ci", "github"]).exits(0).says("wrote .github/workflows/help-center.yml");
    project.run(&["--local", "init", "--ci", "gitlab", "--no-workflow"]).exits(64);
}

#[test]
fn what_cannot_be_a_docs_folder_is_refused_before_anything_is_written() {
    for docs in ["../docs", "/docs", "", ".git", "a/.hidden", "a\nb", "helpbook.yml"] {
        let project = empty();
        project.run(&["--local", "init", "--docs", docs]).exits(64).says("nothing was written");
        assert!(!project.exists("helpbook.yml"), "{docs}");
    }
    let server = Server::start();
    let project = empty().on(&server);
    project
        .run(&["init", "--help-center", "none"])
        .exits(1)
        .says("there is no Help Center `none`; the workspace has local");
    project.env("INTERCOM_ACCESS_TOKEN", "wrong").run(&["init"]).exits(4).says("refused the token");
}

#[cfg(unix)]
#[test]
fn no_link_on_disk_leads_a_file_out_of_the_project() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().unwrap();
    let project = empty();
    symlink(outside.path(), project.path().join("docs")).unwrap();
    symlink(outside.path(), project.path().join(".github")).unwrap();
    project.run(&["--local", "init"]).exits(1).says("outside of this project");
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
    let project = empty();
    symlink("/nowhere/at/all", project.path().join("helpbook.yml")).unwrap();
    project.run(&["--local", "init"]).exits(1).says("is a link that points nowhere");
}
