//! What each tool does, and what it leaves alone.

use serde_json::{Value, json};

use super::agent::{Agent, data_of};
use crate::harness::{Project, Server, live_edit, published};

#[test]
fn an_agent_finds_changes_checks_and_stages_and_nothing_is_live() {
    let server = Server::start();
    let project = published(&server);
    let id = project.id("docs/guide/install.md");
    let before = server.articles();
    let mut agent = Agent::start(&project, &[]);
    let listed = agent.call("list", &json!({"query": "installer"})).done();
    let (lines, _) = data_of(&listed);
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((&first["path"], &first["id"]), (&json!("guide/install.md"), &json!(id)));
    let listed = agent.call("list", &json!({"source": "intercom", "query": "INSTALLER"})).done();
    assert!(listed.contains("\"path\":\"guide/install.md\"") && !listed.contains("Update"), "{listed}");
    let read = agent.call("read", &json!({"path": "docs/guide/install.md"})).done();
    assert!(read.contains("Run the installer.") && read.contains("Nothing to fix"), "{read}");
    let read = agent.call("read", &json!({"id": id})).done();
    assert!(read.contains("Run the installer.") && read.contains("title: Install"), "{read}");
    let written = agent
        .call("write", &json!({"path": "guide/install.md", "old": "Run the installer.", "new": "Open it."}))
        .done();
    assert!(written.contains("Plan: 1 to update") && written.contains("Open it."), "{written}");
    assert!(agent.call("plan", &json!({"paths": ["guide"]})).done().contains("1 to update"));
    let mark = server.requests().len();
    let staged = agent.call("stage", &json!({"paths": ["guide/install.md"]})).done();
    assert!(staged.contains("staged guide/install.md") && staged.contains("1 to publish"), "{staged}");
    assert!(!server.writes_since(mark).is_empty());
    assert_eq!(server.articles()[&id]["body"], before[&id]["body"]);
    let draft = agent.call("read", &json!({"id": id, "draft": true})).done();
    assert!(draft.contains("Open it."), "{draft}");
    assert!(agent.call("status", &json!({})).done().contains("staged"));
    assert!(agent.call("log", &json!({"article": "guide/install.md", "words": true})).done().contains("Open it."));
    let mark = server.requests().len();
    let again = agent.call("stage", &json!({})).done();
    assert!(again.contains("1 to publish"), "{again}");
    assert_eq!(server.writes_since(mark), [""; 0]);
    assert_eq!(agent.end().exit, 0);
}

#[test]
fn a_teammates_change_is_pulled_and_never_overwritten() {
    let server = Server::start();
    let project = published(&server);
    server.edit(project.id("docs/guide/update.md"), &live_edit("<p>Run it every week.</p>"));
    server.edit(project.id("docs/guide/install.md"), &live_edit("<p>Run the new installer.</p>"));
    let mut agent = Agent::start(&project, &[]);
    agent.call("write", &json!({"path": "guide/update.md", "old": "Run it again.", "new": "Run it twice."})).done();
    let mark = server.requests().len();
    assert!(agent.call("stage", &json!({})).fails().contains("guide/update.md"));
    assert_eq!(server.writes_since(mark), [""; 0]);
    let shown = agent.call("pull", &json!({"wanted": ["guide/install.md"], "dry_run": true})).done();
    assert!(shown.contains("new installer") && !project.read("docs/guide/install.md").contains("new"), "{shown}");
    let pulled = agent.call("pull", &json!({"wanted": ["guide/install.md"]})).done();
    assert!(
        pulled.contains("The plan now") && project.read("docs/guide/install.md").contains("Run the new installer.")
    );
    assert_eq!(server.writes_since(mark), [""; 0]);
}

#[test]
fn the_api_is_read_and_only_where_it_is_open() {
    let server = Server::start();
    let project = published(&server);
    let mut agent = Agent::start(&project, &[]);
    let listed =
        agent.call("api", &json!({"request": "listArticles", "fields": {"per_page": 1}, "all_pages": true})).done();
    assert!(listed.contains("Install") && listed.contains("Update"), "{listed}");
    assert!(agent.call("api", &json!({"find": "version"})).done().contains("listArticleVersions"));
    for request in
        ["me", "contacts", "GET /articles/../contacts", "GET articles/%2e%2e/contacts", "GET //x/articles", "tags"]
    {
        assert!(agent.call("api", &json!({"request": request})).fails().contains("nothing was sent"), "{request}");
    }
    let file = agent.call("api", &json!({"request": "articles/search", "fields": {"phrase": "@/etc/passwd"}}));
    assert!(!file.text.contains("root:"));
    assert!(server.requests().iter().all(|line| !line.contains("contacts")));
    let mut open = Agent::with(&project, &[], &["--allow", "tags"]);
    open.call("api", &json!({"request": "listTags"})).done();
}

#[test]
fn an_article_that_goes_live_by_itself_is_not_staged() {
    let server = Server::start();
    let project = Project::new(&[(
        "docs/a.md",
        "---\ntitle: A\nstate: published\npublish_at: 2100-01-01T00:00:00Z\n---\n\nText.\n",
    )])
    .on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let mut agent = Agent::start(&project, &[]);
    agent.call("write", &json!({"path": "a.md", "old": "Text.", "new": "Other."})).done();
    let mark = server.requests().len();
    assert!(agent.call("stage", &json!({})).fails().contains("publishes by itself"));
    assert_eq!(server.writes_since(mark), [""; 0]);
    project.run(&["apply"]).exits(0);
}

#[test]
fn files_are_written_in_the_docs_and_nowhere_else() {
    let server = Server::start();
    let project = published(&server);
    project.git(&["init", "--quiet"]);
    project.write(".gitignore", "docs/private/\n");
    let mut agent = Agent::start(&project, &[]);
    let made = agent.call("write", &json!({"path": "docs/guide/new.md", "text": "# New\n\nText.\n"})).done();
    assert!(made.contains("1 to create") && project.exists("docs/guide/new.md"), "{made}");
    assert!(agent.call("write", &json!({"path": "guide/new.md", "text": "x"})).fails().contains("is there already"));
    for path in [
        "../helpbook.yml",
        "/tmp/x.md",
        "guide/../../x.md",
        ".github/x.md",
        "_drafts/x.md",
        "README.md",
        "AGENTS.md",
        "CLAUDE.md",
        "guide/x.txt",
        "guide/image.png",
        "private/x.md",
        "guide\\..\\x.md",
        "",
        "guide",
        "a\u{0}.md",
    ] {
        let answer = agent.call("write", &json!({"path": path, "text": "# X\n"})).fails();
        assert!(answer.contains("nothing was"), "{path}: {answer}");
    }
    #[cfg(unix)]
    {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("x.md"), "# Mine\n").unwrap();
        std::os::unix::fs::symlink(outside.path(), project.path().join("docs/linked")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("x.md"), project.path().join("docs/link.md")).unwrap();
        for path in ["linked/x.md", "linked/new.md", "link.md"] {
            agent.call("write", &json!({"path": path, "text": "# X\n"})).fails();
            agent.call("write", &json!({"path": path, "old": "Mine", "new": "Yours"})).fails();
            assert!(!agent.call("read", &json!({"path": path})).fails().contains("Mine"));
        }
        assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
        assert_eq!(std::fs::read_to_string(outside.path().join("x.md")).unwrap(), "# Mine\n");
    }
}
