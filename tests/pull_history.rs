//! `pull --history`: a commit for every version, each of which renders to that version.

use std::collections::BTreeMap;
use std::time::Duration;

use helpbook::book::Article;
use helpbook::config::Spacing;
use helpbook::html::{Context, Images, LinkTargets, canonical, parse, render};
use helpbook::intercom::model::Locale;
use helpbook::local::{Clock, Faults, Options};
use helpbook::text::DocPath;
use serde_json::{Value, json};

use crate::harness::{Project, Server, spawn};
use crate::samples::SAMPLES;

const START: i64 = 1_780_000_000;

/// What has no address of its own in it.
const NAMES: [&str; 8] = ["prose", "headings", "lists", "code", "callouts", "tables", "sections", "placed"];

/// A Help Center in which every article was edited in turn by web and API, and moved once.
fn edited(faults: Faults) -> Server {
    let clock = Clock::manual(START);
    let locales = ["en", "fr"].map(|locale| Locale(locale.to_owned())).to_vec();
    let server = Server::on_clock(Options { locales, clock: clock.clone(), faults, ..Options::default() });
    let project = project(&server);
    for sample in SAMPLES.iter().filter(|sample| NAMES.iter().any(|name| sample.path.contains(name))) {
        sample.write(&project);
    }
    project.write("docs/basics/prose.fr.md", "# Mots\n\nDes mots.\n");
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let ids = server.ids();
    let bodies: Vec<Value> = ids.iter().map(|id| server.get(&format!("/articles/{id}"))["body"].clone()).collect();
    for round in 1..6 {
        for (at, id) in ids.iter().enumerate() {
            clock.advance(7);
            let text =
                json!({ "title": format!("Title {id} {}", round / 2), "body": bodies[(at + round) % bodies.len()] });
            if round % 2 == 0 {
                server.put(&format!("/articles/{id}"), &text);
            } else {
                server.edit(*id, &json!({ "title": text["title"], "body": text["body"], "publish": true }));
            }
        }
    }
    server
        .edit(ids[0], &json!({ "locale": "fr", "title": "Autres mots", "body": "<p>D'autres.</p>", "publish": true }));
    let other = server.post("/help_center/collections", &json!({ "name": "Other" }));
    for id in &ids {
        server.put(&format!("/articles/{id}"), &json!({ "parent_id": other["id"], "parent_type": "collection" }));
    }
    server
}

fn project(server: &Server) -> Project {
    let config = "docs: docs\nstate: published\nlocales: [en, fr]\nchecks: { missing-translation: off }\n";
    Project::new(&[("helpbook.yml", config)]).on(server)
}

/// An empty project in a new repository.
fn repository(server: &Server) -> Project {
    let project = project(server);
    project.git(&["init", "-q", "--initial-branch=main"]);
    project
}

/// A commit of one version.
struct Made {
    commit: String,
    file: String,
    article: String,
    locale: String,
    version: String,
    at: i64,
}

fn made(project: &Project, branch: &str) -> Vec<Made> {
    let format = "--format=%x01%H%x00%at%x00%(trailers:key=Intercom-Article,valueonly)%x00%(trailers:key=Intercom-Locale,valueonly)%x00%(trailers:key=Intercom-Version,valueonly)%x00";
    let log = project.git(&["log", "--reverse", "--name-only", format, branch]);
    let commits = log.split('\u{1}').skip(1).map(|text| {
        let parts: Vec<&str> = text.split('\0').map(str::trim).collect();
        let [commit, at, article, locale, version, file] = parts[..] else { panic!("{text}") };
        let [commit, article, locale, version, file] = [commit, article, locale, version, file].map(str::to_owned);
        Made { commit, file, article, locale, version, at: at.parse().unwrap() }
    });
    commits.filter(|made| !made.version.is_empty()).collect()
}

/// The body that a file renders to, without what Intercom changes on save, and its title.
fn rendered(file: &str, text: &str) -> (String, String) {
    let path = DocPath::new(file);
    let article = Article::parse(&path, text.into(), &mut Vec::new()).unwrap();
    let (links, files) = (LinkTargets::default(), BTreeMap::new());
    let images = Images { files: &files, host: None };
    let context =
        Context { path: &path, offset: 0, images, links: &links, spacing: Spacing::Paragraphs, headings: &[] };
    let rendered = render(article.content.markdown(), context);
    (article.content.title.clone(), canonical(&parse(&rendered.html())))
}

/// Every version is a commit that renders to it, in the order of time. Gives how many there are.
fn check(project: &Project, server: &Server, branch: &str) -> usize {
    let made = made(project, branch);
    assert!(made.is_sorted_by_key(|made| made.at));
    let mut versions = 0;
    for id in server.ids() {
        for locale in ["en", "fr"] {
            let list = server.get(&format!("/articles/{id}/versions?locale={locale}&per_page=100"));
            let mut told = String::new();
            let mut of_text = made.iter().filter(|made| made.article == id.to_string() && made.locale == locale);
            for version in list["data"].as_array().unwrap().iter().rev() {
                let version = version["id"].as_str().unwrap();
                let whole = server.get(&format!("/articles/{id}/versions/{version}?locale={locale}"));
                let said =
                    (whole["title"].as_str().unwrap().to_owned(), canonical(&parse(whole["body"].as_str().unwrap())));
                versions += 1;
                // What says the same as before is no commit.
                if told == format!("{said:?}") {
                    continue;
                }
                told = format!("{said:?}");
                let commit = of_text.next().unwrap_or_else(|| panic!("no commit of {version}"));
                assert_eq!((commit.version.as_str(), commit.at), (version, whole["created_at"].as_i64().unwrap()));
                let text = project.git(&["show", &format!("{}:{}", commit.commit, commit.file)]);
                assert_eq!(rendered(&commit.file, &text), said, "{id} {version}\n{text}");
            }
            assert_eq!(of_text.count(), 0, "{id} {locale}");
        }
    }
    versions
}

#[test]
fn every_version_is_a_commit_that_renders_to_it_and_the_end_is_what_pull_brings() {
    let server = edited(Faults::default());
    let project = repository(&server);
    let mark = server.requests().len();
    let ran = project.run(&["pull", "--history"]).exits(0);
    assert_eq!(server.writes_since(mark), [""; 0]);
    ran.says("reading the versions of 10 of 10 texts").says("on the branch `main`");
    assert!(check(&project, &server, "main") > 48);
    let names = project.git(&["log", "--format=%an <%ae>"]);
    assert!(names.contains("Grace <2@intercom.invalid>") && !names.contains("example.com"), "{names}");
    let subjects = project.git(&["log", "--format=%s"]);
    assert!(subjects.contains("Create \"Words and marks\"") && subjects.contains("Rename \""), "{subjects}");
    // All that `pull` brings is in the last commit.
    assert_eq!(project.git(&["status", "--porcelain"]), "?? helpbook.yml\n");
    let pulled = self::project(&server);
    pulled.run(&["pull"]).exits(0);
    let texts = |project: &Project| -> Vec<(String, String)> {
        let short = |path: String| path.rsplit("/docs/").next().unwrap().to_owned();
        project.docs().into_iter().map(|(path, text)| (short(path), text)).collect()
    };
    assert_eq!(texts(&project), texts(&pulled));
    assert_eq!(project.read("helpbook.lock"), pulled.read("helpbook.lock"));
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
    assert!(!project.exists(".helpbook/history"));
    // Git shows who wrote a line, and helpbook what of Git and Intercom belongs together.
    let file =
        texts(&project).into_iter().find(|(path, _)| path.ends_with(".md") && !path.contains("_index")).unwrap().0;
    assert!(project.git(&["blame", "--", &format!("docs/{file}")]).contains("Grace"));
}

#[test]
fn a_repository_with_commits_gets_a_branch_and_keeps_all_else() {
    let server = edited(Faults::default());
    let project = repository(&server);
    project.run(&["pull"]).exits(0);
    project.git(&["add", "-A"]);
    project.git(&["commit", "-q", "-m", "Ours"]);
    let (head, files) = (project.git(&["rev-parse", "HEAD"]), project.docs());
    project.run(&["pull", "--history", "--emails"]).exits(0).says("on the branch `helpbook-history`");
    check(&project, &server, "helpbook-history");
    assert!(project.git(&["log", "--format=%ae", "helpbook-history"]).contains("grace@example.com"));
    assert_eq!((project.git(&["rev-parse", "HEAD"]), project.docs()), (head, files));
    assert_eq!(project.git(&["status", "--porcelain"]), "");
    // Again, it goes on.
    let before = project.git(&["rev-parse", "helpbook-history"]);
    server.edit(server.ids()[0], &json!({ "body": "<p>One more.</p>", "publish": true }));
    project.run(&["pull", "--history", "--emails"]).exits(0);
    project.git(&["merge-base", "--is-ancestor", before.trim(), "helpbook-history"]);
    assert_ne!(project.git(&["rev-parse", "helpbook-history"]), before);
    // A branch that somebody else made stays.
    project.git(&["branch", "-f", "helpbook-history", "main"]);
    project.run(&["pull", "--history"]).exits(1).says("the branch `helpbook-history` has others");
    let config = project.read("helpbook.yml");
    project.git(&["checkout", "-q", "-B", "helpbook-history", before.trim()]);
    project.write("helpbook.yml", &config);
    project.run(&["pull", "--history", "--emails"]).exits(1).says("is checked out");
}

#[test]
fn outside_a_repository_and_beside_other_options_it_is_refused() {
    let server = Server::start();
    let project = project(&server);
    let mark = server.requests().len();
    project.run(&["pull", "--history"]).exits(1).says("is in no Git repository").says("git init");
    assert_eq!(server.requests_since(mark), [""; 0]);
    project.run(&["pull", "--history", "docs"]).exits(64);
    project.run(&["pull", "--emails"]).exits(64);
}

/// Kills a run when the Help Center has carried out its `nth` request; false where it ended before.
fn killed_at(project: &Project, server: &Server, nth: usize, mark: usize) -> bool {
    let mut next = vec!["none"; nth - 1];
    next.push("latency");
    server.post("/_local/faults", &json!({ "next": next }));
    let child = spawn(project, server, &["pull", "--history"]);
    server.kills_at_latency(child, mark)
}

#[test]
fn a_run_that_is_killed_goes_on_and_ends_with_the_same_commits() {
    let mut faults = Faults::default();
    faults.delay = Duration::from_secs(3600);
    let server = edited(faults);
    let project = repository(&server);
    project.run(&["pull", "--history"]).exits(0);
    // The last commit has the time of its run.
    let wanted = project.git(&["rev-parse", "HEAD~1"]);
    let (mut points, mut saved) = (0, false);
    for nth in (1..400).step_by(9) {
        let project = repository(&server);
        let mark = server.requests().len();
        if !killed_at(&project, &server, nth, mark) {
            break;
        }
        points += 1;
        let read = |log: &[String]| log.iter().filter(|line| line.contains("/versions/")).count();
        let first = read(&server.requests_since(mark));
        let mark = server.requests().len();
        project.run(&["pull", "--history"]).exits(0);
        assert_eq!(project.git(&["rev-parse", "HEAD~1"]), wanted, "killed at request {nth}");
        // What was kept is not read again.
        saved |= first > 0 && read(&server.requests_since(mark)) < 50;
    }
    assert!(points > 5 && saved, "{points} {saved}");
}
