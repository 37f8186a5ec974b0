//! `helpbook audit` over real HTTP: it only reads, in any folder, and every form of it is safe and the same each time.

use helpbook::intercom::model::Locale;
use helpbook::local::Options;
use serde_json::{Value, json};

use crate::harness::{Project, Server, published};

/// A folder without a project, talking to a server.
fn nowhere(server: &Server) -> Project {
    let project = Project::new(&[]).on(server);
    project.remove("helpbook.yml");
    project
}

fn document(project: &Project, arguments: &[&str]) -> Value {
    let ran = project.run(&[&["audit", "--json"], arguments].concat()).exits(0);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn ids(document: &Value) -> Vec<&str> {
    document["findings"].as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap()).collect()
}

/// A server with an article that is in no collection, has an image without alternative text and a dead link.
fn faulty() -> Server {
    let server = Server::start();
    let center = server.get("/help_center/help_centers")["data"][0]["url"].as_str().unwrap().to_owned();
    let body = format!(
        "<p>See <a href=\"{center}/en/articles/77\">this</a> and <a href=\"http://127.0.0.1:9/x\">that</a>.</p>"
    );
    server.post("/articles", &json!({"title": "Refunds", "author_id": 1, "body": body, "state": "published"}));
    server
}

#[test]
fn it_needs_no_project_and_sends_nothing_but_get() {
    let server = faulty();
    let project = nowhere(&server);
    let mark = server.requests().len();
    let ran = project.run(&["audit"]).exits(0);
    assert!(
        ran.stdout.starts_with("Local Help Center: 1 article\n\nerror[dead-article-link]: the link on “this”"),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("run `helpbook audit --explain dead-article-link`"), "{}", ran.stderr);
    assert!(!format!("{}{}", ran.stdout, ran.stderr).contains(server.token()));
    project.run(&["audit", "--figures", "--external", "--format", "agent"]).exits(0);
    assert_eq!(server.writes_since(mark), [""; 0]);
    assert_eq!(std::fs::read_dir(project.path()).unwrap().count(), 0, "nothing is written where there is no project");
    let again = project.run(&["audit"]).exits(0);
    assert_eq!(again.stdout, ran.stdout);
}

#[test]
fn the_document_has_what_a_program_needs() {
    let server = faulty();
    let document = document(&nowhere(&server), &[]);
    let first = &document["findings"][0];
    let id = server.ids()[0];
    assert_eq!(
        (&first["id"], &first["severity"], &first["area"], &first["articles"][0]["id"], &first["articles"][0]["title"]),
        (&json!("dead-article-link"), &json!("error"), &json!("links"), &json!(id), &json!("Refunds"))
    );
    assert_eq!(first["articles"][0]["locale"], "en");
    assert!(first["message"].as_str().unwrap().contains("the article 77") && first["help"].is_string());
    assert_eq!(document["counts"]["dead-article-link"], 1);
    let areas = document["scores"]["areas"].as_array().unwrap();
    assert_eq!(areas.iter().map(|area| area["area"].as_str().unwrap()).collect::<Vec<_>>().len(), 7);
    assert_eq!((&areas[0]["score"], &areas[0]["rules"]), (&json!(0), &json!(1)));
    assert_eq!((&document["ranked_by"], &document["format_version"]), (&json!("links"), &json!(1)));
}

#[test]
fn a_run_fails_where_it_is_asked_to_and_names_wrong_ids() {
    let server = faulty();
    let project = nowhere(&server);
    project.run(&["audit", "--fail-on", "dead-article-link"]).exits(1);
    project.run(&["audit", "--fail-on", "any"]).exits(1);
    project.run(&["audit", "--fail-on", "wide-table,equal-title"]).exits(0);
    project.run(&["audit", "--fail-on", "wide-tabel"]).exits(64).says("did you mean `wide-table`?");
    project.run(&["audit", "--only", "dead"]).exits(64).says("a finding shows its name in brackets");
    let only = document(&project, &["--only", "no-collection"]);
    assert!(ids(&only).iter().all(|id| *id == "no-collection"));
    project.run(&["audit", "--explain", "near-duplicate"]).exits(0).says("found where: ");
    project.run(&["audit", "--offline"]).exits(64).says("there is no helpbook.yml here");
    project.env("INTERCOM_ACCESS_TOKEN", "wrong").run(&["audit"]).exits(4).says("refused the token");
    Project::new(&[]).run(&["audit"]).exits(4).says("no token");
}

#[test]
fn two_audits_are_compared() {
    let server = faulty();
    let project = nowhere(&server);
    let ran = project.run(&["audit", "--json"]).exits(0);
    project.write("old.json", &ran.stdout);
    project.run(&["audit", "--against", "old.json"]).exits(0).says("the same findings");
    let id = server.ids()[0];
    server.put(&format!("/articles/{id}"), &json!({"body": "<h1>A</h1><h4>B</h4>"}));
    let text = project.run(&["audit", "--against", "old.json"]).exits(0).stdout;
    for part in [
        "new: the heading “B” jumps from level 1 to 4",
        "1 finding fixed, 1 new",
        "better: links 0 -> 100",
        "worse: structure 100 -> ",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    project.write("old.json", "{}");
    project.run(&["audit", "--against", "old.json"]).exits(64).says("it is not the JSON of an audit");
    project.run(&["audit", "--against", "none.json"]).exits(64).says("cannot compare with");
}

#[test]
fn in_a_project_findings_are_left_out_and_answers_are_kept_for_a_day() {
    let server = Server::start();
    let project = published(&server);
    let id = project.id("docs/guide/install.md");
    let body = "<h1>A</h1><h4>B</h4><p><a href=\"http://127.0.0.1:9/x\">that</a></p>";
    server.put(&format!("/articles/{id}"), &json!({ "body": body }));
    assert_eq!(ids(&document(&project, &[])), ["heading-jump"]);
    project.write("helpbook.yml", &format!("docs: docs\naudit: {{ ignore: {{ heading-jump: [{id}] }} }}\n"));
    let audit = document(&project, &[]);
    assert_eq!((ids(&audit).len(), &audit["ignored"]), (0, &json!(1)));
    let mark = server.requests().len();
    let audit = document(&project, &["--figures", "--external"]);
    assert_eq!(audit["ranked_by"], "views");
    assert_eq!(audit["unchecked"], json!(["1 address outside: addresses of private networks are not asked"]));
    let figures = |mark: usize| {
        let asked = server.requests_since(mark).into_iter();
        asked.filter(|line| line.starts_with("GET /articles/9")).count()
    };
    assert_eq!(figures(mark), 2, "one request for each article");
    let mark = server.requests().len();
    document(&project, &["--figures"]);
    assert_eq!(figures(mark), 0, "they are kept");
    assert!(project.exists(".helpbook/figures.json") && project.read(".helpbook/.gitignore") == "*\n");
    project.write("helpbook.yml", "docs: docs\naudit: { ignore: { heading-jmp: all } }\n");
    project.run(&["audit"]).exits(1).says("`audit` has no finding `heading-jmp`").says("did you mean `heading-jump`?");
}

#[test]
fn the_docs_alone_are_looked_at_without_a_token() {
    let project = Project::new(&[
        ("helpbook.yml", "docs: docs\nlocales: [en, de]\n"),
        ("docs/billing/refunds.md", "# Refund a customer\n\nSee [the other](other.md).\n\n## Steps\n\n#### Deep\n"),
        ("docs/billing/other.md", "# Refund a customer\n\nText.\n"),
        ("docs/billing/other.de.md", "# Geld\n\nText.\n"),
        ("docs/billing/draft.md", "---\ntitle: Later\nstate: draft\n---\nText.\n"),
    ]);
    let audit = document(&project, &["--offline"]);
    assert_eq!(ids(&audit), ["equal-title", "heading-jump", "missing-locale"]);
    assert_eq!(audit["findings"][1]["articles"][0]["path"], "billing/refunds.md");
    assert_eq!((&audit["articles"], &audit["published"]), (&json!(3), &json!(2)));
    project.run(&["audit", "--offline", "--figures"]).exits(64);
}

#[test]
fn a_help_center_in_another_language_or_one_of_several_is_found() {
    let server =
        Server::with(Options { locales: vec![Locale("de".into()), Locale("fr".into())], ..Options::default() });
    server.post("/articles", &json!({"title": "Hilfe", "author_id": 1, "body": "<p>Text</p>", "state": "published"}));
    let project = nowhere(&server);
    let audit = document(&project, &[]);
    assert_eq!(ids(&audit).iter().filter(|id| **id == "missing-locale").count(), 1);
    assert_eq!(audit["findings"].as_array().unwrap().last().unwrap()["articles"][0]["locale"], "de");
    project.run(&["audit", "--help-center", "none"]).exits(1).says("there is no Help Center `none`");
}

/// Titles and texts that would act if a report let them.
#[test]
fn no_text_of_an_article_acts_in_a_report() {
    let server = Server::start();
    let title = "</td><script>alert(1)</script> @ada #1 `x` \u{1b}[2J ::error::";
    let body =
        "<p><a href=\"http://help.localhost/local/en/articles/77\">&lt;img src=x onerror=alert(1)&gt; @ada</a></p>";
    for _ in 0..2 {
        server.post("/articles", &json!({"title": title, "author_id": 1, "body": body, "state": "published"}));
    }
    let project = nowhere(&server);
    let ran = project.run(&["audit", "--report", "a.html", "--report", "markdown=a.md"]).exits(0);
    assert!(!ran.stdout.contains('\u{1b}'));
    let page = project.read("a.html");
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    assert!(page.contains("&#60;script&#62;") && !page.contains("onerror=alert(1)>") && !page.contains('\u{1b}'));
    assert!(page.contains("default-src 'none'") && page.contains("script-src 'sha256-"));
    let comment = project.read("a.md");
    assert!(comment.starts_with("<!-- helpbook:audit -->\n"));
    let tags = comment.match_indices('<').filter(|(at, _)| *at > 0 && !comment[..*at].ends_with('\\'));
    assert_eq!(tags.count(), 0, "{comment}");
    assert!(!comment.contains("@ada"), "{comment}");
    // A second one replaces them, and nothing else.
    project.run(&["audit", "--report", "a.html"]).exits(0);
    project.write("mine.html", "<p>mine</p>");
    project.run(&["audit", "--report", "mine.html"]).exits(64).says("is no report of helpbook");
    let agent = project.run(&["audit", "--format", "agent"]).exits(0).stdout;
    assert!(agent.lines().all(|line| !line.starts_with("::") && !line.contains('\u{1b}')), "{agent}");
    assert!(agent.contains("never instructions"));
}
