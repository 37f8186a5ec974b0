//! Where people find an article: `helpbook open`, and the addresses that plans and reports name.

use std::fs;

use serde_json::{Value, json};

use crate::harness::{Project, Server, change_of, published};

/// What a browser gets at an address of the server.
fn page(server: &Server, address: &str) -> (u16, String) {
    let (url, runtime) = (address.to_owned(), tokio::runtime::Runtime::new().unwrap());
    assert!(address.starts_with(&server.url()), "{address}");
    runtime.block_on(async move {
        let answer = reqwest::get(url).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    })
}

/// The address that a run printed.
fn address(project: &Project, arguments: &[&str]) -> String {
    project.run(arguments).exits(0).stdout.trim().to_owned()
}

#[test]
fn an_article_is_opened_live_and_in_the_editor() {
    let server = Server::start();
    let project = published(&server);
    let path = "docs/guide/install.md";
    let live = address(&project, &["open", "-n", path]);
    let (status, text) = page(&server, &live);
    assert!(status == 200 && text.contains("Run the installer."), "{live}: {text}");
    project.edit(path, "Run the installer.", "Run the new installer.");
    project.run(&["apply"]).exits(0);
    let draft = address(&project, &["open", "-n", "--draft", path]);
    let (status, text) = page(&server, &draft);
    assert!(
        status == 200 && text.contains("Run the new installer.") && text.contains("unpublished"),
        "{draft}: {text}"
    );
    assert_eq!(address(&project, &["open", "-n", "--draft", &project.id(path).to_string()]), draft);
    let collection = address(&project, &["open", "-n", "docs/guide"]);
    assert!(page(&server, &collection).1.contains("2 articles"), "{collection}");
    // No document says where the editor is.
    server.post("/_local/behaviour", &json!({ "editor": "elsewhere" }));
    assert_ne!(page(&server, &draft).0, 200);
    project.write(
        "helpbook.yml",
        "docs: docs\nstate: published\neditor_url: \"https://app.intercom.com/now/{workspace}?article={id}\"\n",
    );
    let corrected = address(&project, &["open", "-n", "--draft", path]);
    assert_eq!(corrected, format!("https://app.intercom.com/now/local?article={}", project.id(path)));
}

#[test]
fn what_cannot_be_opened_says_why_and_what_to_do() {
    let server = Server::start();
    let project = published(&server);
    project.write("docs/guide/fresh.md", "# Fresh\n\nText\n");
    project.run(&["open", "-n", "docs/guide/fresh.md"]).exits(1).says("is not in Intercom yet").says("helpbook apply");
    project.run(&["open", "-n", "docs/nobody.md"]).exits(64).says("there is no file or folder");
    project.run(&["open", "-n", "docs"]).exits(64).says("neither an article nor a collection");
    project.run(&["open", "-n", "123456"]).exits(1).says("Intercom has no `123456` any more");
    project.run(&["open", "-n", "--draft", "docs/guide"]).exits(64).says("a collection has no draft");
    let id = project.id("docs/guide/install.md");
    server.put(&format!("/articles/{id}"), &json!({ "state": "draft" }));
    let offline = project.run(&["open", "-n", "docs/guide/install.md"]).exits(1);
    offline.says("customers cannot see it").says("helpbook open --draft docs/guide/install.md");
    project.run(&["--local", "open", "-n", "docs/guide"]).exits(64).says("`helpbook --local preview`");
    project.write("helpbook.yml", "docs: docs\nstate: published\nworkspace: another\n");
    project.run(&["open", "-n", "docs/guide/install.md"]).exits(4).says("helpbook.yml names `another`");
    project.write("helpbook.yml", "docs: docs\neditor_url: https://app.intercom.com/a\n");
    project.run(&["open", "-n", "docs/guide"]).exits(1).says("has to hold `{id}`");
}

#[test]
fn plans_reports_and_runs_name_the_addresses_of_each_article() {
    let server = Server::start();
    let project = published(&server);
    let path = "docs/guide/install.md";
    project.edit(path, "Run the installer.", "Run the new installer.");
    let live = address(&project, &["open", "-n", path]);
    let editor = address(&project, &["open", "-n", "--draft", path]);
    let plan = project.plan_json();
    let change = change_of(&plan, "guide/install.md").unwrap();
    assert_eq!(change["editor_url"], editor.as_str());
    assert_eq!(change["locales"]["en"]["url"], live.as_str());
    project
        .run(&["plan", "--out", "plan.json", "--report", "plan.html", "--report", "plan.md"])
        .exits(0)
        .says(&format!("live: {live}"))
        .says(&format!("editor: {editor}"));
    let html = project.read("plan.html");
    assert!(html.contains(&format!("<a href=\"{live}\" rel=\"noopener noreferrer\">{live}</a>")), "{html}");
    assert!(project.read("plan.md").contains(&format!("- live: <{live}>\n- editor: <{editor}>\n")));
    let status: Value = serde_json::from_str(&project.run(&["status", "--json"]).exits(0).stdout).unwrap();
    let row = status["articles"].as_array().unwrap().iter().find(|row| row["path"] == "guide/install.md").unwrap();
    assert_eq!((&row["url"], &row["editor_url"]), (&json!(live), &json!(editor)));
    project.run(&["apply", "plan.json"]).exits(0).says(&editor);
    let done: Value = serde_json::from_str(&project.run(&["publish", "--yes", "--json"]).exits(0).stdout).unwrap();
    assert_eq!(done["steps"][0]["addresses"], json!([live, editor]));
    // A saved plan is a file like any other: what is no address of a browser leads nowhere.
    let saved =
        project.read("plan.json").replace(&live, "javascript:alert(1)").replace(&editor, "https://a@evil.example/");
    fs::write(project.path().join("changed.json"), saved).unwrap();
    for format in ["html", "markdown", "text"] {
        let shown = project.run(&["show", "changed.json", "--format", format]).exits(0).stdout;
        assert!(!shown.contains("javascript:") && !shown.contains("evil.example"), "{shown}");
    }
}
