//! A writer's first article, from an empty folder to live, by doing only what the output says.

use serde_json::{Value, json};

use crate::harness::{Project, Ran, Server, id_of};
use helpbook::intercom::model::Locale;
use helpbook::local::Options;

const FILE: &str = "docs/getting-started/how-to-log-in.md";

fn bilingual() -> Server {
    let locales = ["en", "fr"].map(|name| Locale(name.to_owned())).into();
    Server::with(Options { locales, ..Options::default() })
}

/// An empty folder with the server's token.
fn empty(server: &Server) -> Project {
    let project = Project::new(&[]).on(server);
    project.remove("helpbook.yml");
    project
}

/// The command of ours that a hint names.
fn next(ran: &Ran) -> String {
    let hint = ran.stderr.lines().rfind(|line| line.starts_with("hint: ")).unwrap();
    let command = hint.split('`').find(|part| part.starts_with("helpbook ")).unwrap();
    command.trim_start_matches("helpbook ").to_owned()
}

fn state(server: &Server, id: u64) -> String {
    server.get(&format!("/articles/{id}"))["state"].as_str().unwrap().to_owned()
}

#[test]
fn goes_live_by_doing_what_the_hints_say() {
    let server = bilingual();
    let project = empty(&server);
    let ran = project.run(&["init", "--no-workflow"]).exits(0).says("wrote .gitignore");
    assert_eq!(next(&ran), "plan");
    let ran = project.run(&["new", "How to log in", "--in", "getting-started"]).exits(0);
    assert_eq!(project.read(FILE), "---\ntitle: How to log in\n---\n\n");
    project.write(FILE, &format!("{}Open the page.\n", project.read(FILE)));
    let ran = project.run(&[&next(&ran)]).exits(0);
    let ran = project.run(&[&next(&ran)]).exits(0).says("nothing changed for customers yet");
    assert_eq!(next(&ran), "publish");
    project.run(&["publish", "--yes"]).exits(0);
    let id = id_of(&project, FILE);
    assert_eq!(state(&server, id), "published");

    project.write("docs/getting-started/how-to-log-in.fr.md", "# Connexion\n\nOuvrez la page.\n");
    project.run(&["apply"]).exits(0);
    project.run(&["publish", "--yes"]).exits(0);
    assert_eq!(server.get(&format!("/articles/{id}"))["translated_content"]["fr"]["state"], "published");
    project.run(&["status"]).exits(0).says("3 in sync");
}

#[test]
fn that_stays_a_draft_is_named_by_every_command_until_its_file_says_more() {
    let server = bilingual();
    let project = Project::new(&[("docs/a/one.md", "# One\n\nText.\n")]).on(&server);
    project.write("helpbook.yml", "docs: docs\nlocales: [en, fr]\n");
    project.write("docs/a/one.fr.md", "# Un\n\nTexte.\n");
    let note = "2 articles stay drafts, as their files do not say `state: published`: `a/one.fr.md`, `a/one.md`";
    let plan = project.run(&["plan"]).exits(0).says(note);
    assert!(!plan.stderr.contains("until `helpbook publish`"), "{}", plan.stderr);
    project.run(&["apply"]).exits(0).says(note);
    project.run(&["publish", "--yes"]).exits(0).says("No changes.").says(note);
    project.run(&["status"]).exits(0).says(note);
    project.edit("docs/a/one.md", "---\nid:", "---\nstate: published\nid:");
    project.run(&["apply"]).exits(0).says("1 article stays a draft").says("`a/one.fr.md`");
    project.run(&["publish", "--yes"]).exits(0);
    project.write("docs/a/one.fr.md", "---\nstate: draft\n---\n# Un\n\nTexte.\n");
    let status = project.run(&["status"]).exits(0);
    assert!(!status.stderr.contains("stays a draft"), "{}", status.stderr);
}

#[test]
fn new_makes_one_file_and_never_another() {
    let project = Project::new(&[]);
    project.write("helpbook.yml", "docs: docs\n");
    project.run(&["new", "2D Viewer", "--in", "Money matters"]).exits(0).says("wrote docs/money-matters/_index.md");
    assert_eq!(project.read("docs/money-matters/_index.md"), "---\ntitle: Money matters\n---\n");
    assert_eq!(project.read("docs/money-matters/2d-viewer.md"), "---\ntitle: 2D Viewer\nstate: published\n---\n\n");
    let file = "docs/money-matters/2d-viewer.md";
    project.write(file, &format!("{}Mine.\n", project.read(file)));
    project.run(&["new", "2d viewer", "--in", "Money matters"]).exits(1).says("is already there");
    assert!(project.read("docs/money-matters/2d-viewer.md").ends_with("Mine.\n"));
    project.run(&["new", "Other", "--in", "money-matters", "--draft"]).exits(0);
    assert!(project.read("docs/money-matters/other.md").contains("state: draft"));
    project.run(&["new", "!!"]).exits(64).says("has no letter and no digit");
    project.run(&["new", "Third", "--in", "docs/money-matters"]).exits(0).says("wrote docs/money-matters/third.md");
    project.run(&["new", "Out", "--in", "/outside"]).exits(64).says("names no folder of the docs");
    project.run(&["new", "Out", "--in", "../outside"]).exits(64).says("names no folder of the docs");
    project.run(&["check"]).exits(0);
}

#[test]
fn a_name_of_another_tool_says_what_does_it_here() {
    let project = Project::new(&[]);
    for (typed, meant) in [("lint", "check"), ("diff", "plan"), ("push", "apply"), ("ls", "status")] {
        project
            .run(&[typed])
            .exits(64)
            .says(&format!("there is no command `{typed}`"))
            .says(&format!("`helpbook {meant}"));
    }
}

#[test]
fn what_was_done_is_one_json_document() {
    let server = Server::start();
    let project = Project::new(&[("docs/a/one.md", "# One\n\nText.\n")]).on(&server);
    let document = |arguments: &[&str]| -> Value {
        let ran = project.run(arguments);
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stdout))
    };
    let staged = document(&["apply", "--json"]);
    assert_eq!(staged["summary"], json!({ "done": 2, "refused": 0, "failed": 0, "not_tried": 0 }));
    assert_eq!(staged["steps"][1]["verb"], "created");
    let published = document(&["publish", "--json", "--yes"]);
    assert_eq!(
        (&published["steps"][0]["outcome"], &published["steps"][0]["verb"]),
        (&json!("done"), &json!("published"))
    );
    // Also where nothing is done.
    let twelve: Vec<String> = (0..12).map(|at| format!("docs/a/n{at}.md")).collect();
    twelve.iter().for_each(|path| project.write(path, &format!("# {path}\n\nText.\n")));
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.write("helpbook.yml", "docs: docs\nstate: published\norphans: delete\n");
    twelve.iter().for_each(|path| project.remove(path));
    for arguments in [&["publish", "--json", "--yes"][..], &["apply", "--json", "-n"]] {
        let document = document(arguments);
        assert_eq!((&document["steps"], &document["plan"]["summary"]["delete"]), (&json!([]), &json!(12)));
    }
    assert_eq!(document(&["check", "--json"])["findings"], json!([]));
    assert_eq!(document(&["doctor", "--json"])["findings"][0]["verdict"], "good");
}

#[test]
fn live_articles_without_a_file_are_counted() {
    let server = Server::start();
    let project = Project::new(&[("docs/a/one.md", "# One\n\nText.\n")]).on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    server.post("/articles", &json!({ "title": "Other", "author_id": 2, "state": "published" }));
    project.run(&["plan"]).exits(0).says("No changes.").says("1 article in Intercom has no file here");
    assert_eq!(project.plan_json()["summary"]["no_file"], 1);
}
