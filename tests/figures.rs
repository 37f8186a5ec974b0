//! `plan --figures`: how customers use what changes, asked once a day, whichever command asks.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::harness::{Project, Server, published};

/// Asks for the figures of one article, since a mark.
fn asked(server: &Server, mark: usize, id: u64) -> usize {
    let path = format!("GET /articles/{id} ");
    server.requests_since(mark).iter().filter(|line| line.starts_with(&path)).count()
}

/// Two live articles, of which one changes, and a new one.
fn changed(server: &Server) -> Project {
    let project = published(server);
    project.edit("docs/guide/install.md", "Run the", "Start the");
    project.write("docs/guide/new.md", "# New\n\nText.\n");
    project
}

#[test]
fn each_article_that_changes_and_that_customers_can_read_is_asked_about_once() {
    let server = Server::start();
    let project = changed(&server);
    let (install, update) = (project.id("docs/guide/install.md"), project.id("docs/guide/update.md"));
    let mark = server.requests().len();
    assert!(!project.run(&["plan"]).exits(0).stdout.contains("read: "));
    assert_eq!(asked(&server, mark, install), 0);
    let ran = project.run(&["plan", "--figures"]).exits(0);
    assert_eq!((asked(&server, mark, install), asked(&server, mark, update)), (1, 0));
    assert_eq!(ran.stdout.matches("      read: no views\n").count(), 1, "{}", ran.stdout);
    let mark = server.requests().len();
    project.run(&["plan", "--figures"]).exits(0);
    assert_eq!(asked(&server, mark, install), 0, "it is kept");
    project.run(&["audit", "--figures"]).exits(0);
    assert_eq!((asked(&server, mark, install), asked(&server, mark, update)), (0, 1), "for every command");
    assert_eq!(server.writes_since(mark), [""; 0]);
    project.git(&["init", "--quiet"]);
    project.git(&["add", "--all"]);
    project.git(&["commit", "--quiet", "-m", "One"]);
    project.edit("docs/guide/update.md", "again", "once more");
    let mark = server.requests().len();
    std::fs::remove_file(project.path().join(".helpbook/figures.json")).unwrap();
    project.run(&["plan", "--since", "HEAD", "--figures"]).exits(0);
    assert_eq!((asked(&server, mark, install), asked(&server, mark, update)), (0, 1), "what is shown, and no more");
    project.run(&["plan", "--since", "HEAD", "--offline", "--figures"]).exits(64);
}

#[test]
fn every_report_of_a_plan_shows_them_and_so_does_a_saved_one() {
    let server = Server::start();
    let project = changed(&server);
    let id = project.id("docs/guide/install.md").to_string();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let figures = json!({
        "views": 1204, "conversations": 1, "reactions": 17, "sad_percentage": 41.2,
        "fin_involvements": 33, "fin_resolutions": 12,
    });
    project.run(&["plan", "--figures"]).exits(0);
    let kept = json!({ "of": "local", "answers": { &id: [now, figures] } });
    project.write(".helpbook/figures.json", &kept.to_string());
    let words =
        "1\u{202f}204 views; 17 reactions, 41 % of them sad; 1 conversation; 33 answers of Fin, 12 of them enough";
    let arguments = ["plan", "--figures", "--out", "plan.json", "--report", "plan.md", "--report", "plan.html"];
    let ran = project.run(&arguments).exits(0).says(&format!("      read: {words}\n"));
    assert!(project.read("plan.md").contains(&format!("- read: {words}\n")), "{}", project.read("plan.md"));
    assert!(project.read("plan.html").contains(&format!("Read: {words}</p>")));
    assert_eq!(project.run(&["show", "plan.json"]).exits(0).stdout, ran.stdout);
    let plan: Value = serde_json::from_str(&project.read("plan.json")).unwrap();
    let changes = plan["changes"].as_array().unwrap();
    let of = |path: &str| &changes.iter().find(|change| change["path"] == path).unwrap()["figures"];
    assert_eq!(*of("guide/install.md"), figures);
    assert_eq!(*of("guide/new.md"), Value::Null);
    project.run(&["apply", "plan.json"]).exits(0);
}
