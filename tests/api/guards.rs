//! What keeps a request from doing harm: confirmation, pins, hosts, the token, and a POST that is sent once.

use std::sync::Mutex;

use serde_json::{Value, json};

use super::recorder::{Given, Recorder, TOKEN};
use crate::harness::{Project, Server, id_of, published};

fn server() -> Recorder {
    Recorder::start(|_| Given::json(&json!({"id": "1"})))
}

#[test]
fn a_write_needs_a_yes_and_reads_need_none() {
    let server = server();
    let folder = server.folder();
    for arguments in [
        &["api", "createTag", "-f", "name=x"][..],
        &["api", "PUT", "articles/7", "-f", "title=x"],
        &["api", "PATCH", "data_connectors/7", "-f", "name=x"],
        &["api", "deleteArticle", "-f", "id=7"],
        &["api", "POST", "anything/else"],
    ] {
        let ran = folder.run(arguments).exits(64).says("nobody can be asked here").says("nothing was sent");
        assert_eq!(ran.stdout, "");
        folder.run(&[arguments, &["-n"]].concat()).exits(0).says("nothing was sent");
    }
    assert_eq!(server.seen(), []);
    folder
        .run(&["api", "deleteArticle", "-f", "id=7"])
        .says("no request brings back")
        .says("customers lose the article");
    folder
        .run(&["api", "createMessage", "-f", "message_type=inapp", "--no-check"])
        .says("the customer gets the message at once");
    folder.run(&["api", "me"]).exits(0);
    folder.run(&["api", "contacts/search", "-F", "query={}", "--no-check"]).exits(0);
    folder.run(&["api", "createTag", "-f", "name=x", "--yes"]).exits(0);
    assert_eq!(server.seen().len(), 2);
    folder.run(&["api", "createTag", "-f", "name=x", "--yes", "--paginate"]).exits(64);
}

#[test]
fn a_dry_run_shows_the_request_without_token_and_network() {
    let folder = Project::new(&[]).env("INTERCOM_BASE_URL", "http://127.0.0.1:9");
    let ran = folder.run(&["api", "createTag", "-f", "name=x", "-n"]).exits(0);
    insta::assert_snapshot!(ran.stdout, @r#"
    POST /tags
    Host: http://127.0.0.1:9
    Intercom-Version: 2.16
    Accept: application/json
    Content-Type: application/json

    {
      "name": "x"
    }
    "#);
}

#[test]
fn the_pinned_workspace_holds_for_reads_and_writes() {
    let server = server();
    for arguments in [&["api", "articles"][..], &["api", "createTag", "-f", "name=x", "--yes"]] {
        let other = server.project("docs: docs\nworkspace: w2\n");
        let ran =
            other.run(arguments).exits(4).says("the token is for the workspace `w1`, and helpbook.yml names `w2`");
        assert_eq!(ran.stdout, "");
        let lock = server.project("docs: docs\n");
        lock.write("helpbook.lock", "{\"helpbook\":1,\"workspace\":\"w3\",\"rules\":1}\n");
        lock.run(arguments).exits(4).says("helpbook.lock names `w3`");
    }
    assert!(server.seen().iter().all(|one| one.method == "GET"));
    server.project("docs: docs\nworkspace: w1\n").run(&["api", "createTag", "-f", "name=x", "--yes"]).exits(0);
    let eu = server.project("docs: docs\nregion: eu\n");
    eu.run(&["api", "createTag", "-f", "name=x", "--yes"]).exits(4).says("region");
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn what_the_project_manages_names_the_command_that_does_it() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/install.md").to_string();
    project
        .run(&["api", "PUT", &format!("articles/{id}"), "-f", "title=New", "--yes"])
        .exits(0)
        .says(&format!("article {id} is `guide/install.md` of this project"))
        .says("run `helpbook apply guide/install.md`");
    project.run(&["api", "createTag", "-f", "name=x", "--yes"]).exits(0);
}

#[test]
fn a_post_is_sent_once_whatever_comes_back() {
    for status in [500, 502, 503] {
        let server = Recorder::start(move |_| Given::status(status, &Value::Null));
        let folder = server.folder();
        let ran = folder.run(&["api", "createTag", "-f", "name=x", "--yes"]).exits(1);
        let ran = ran.says("it was sent once and not again").says("whether it was carried out is not known");
        assert!(!ran.stderr.contains("nothing was written"), "{}", ran.stderr);
        assert_eq!(server.seen().len(), 1, "{status}");
        folder.run(&["api", "PATCH", "data_connectors/1", "-f", "name=x", "--yes"]).exits(1);
        assert_eq!(server.seen().len(), 1, "{status}");
    }
    // Only what was not received is sent again.
    let first = Mutex::new(true);
    let server = Recorder::start(move |_| {
        if std::mem::take(&mut *first.lock().unwrap()) {
            Given { headers: vec![("retry-after", "0".into())], ..Given::status(429, &Value::Null) }
        } else {
            Given::json(&json!({"id": "1"}))
        }
    });
    server.folder().run(&["api", "createTag", "-f", "name=x", "--yes"]).exits(0);
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn a_path_leads_to_no_other_host() {
    let server = server();
    let folder = server.folder();
    for path in
        ["//evil.example/x", "http://evil.example/x", "https://evil.example", "/a/../../x", "/a/%2e%2e/x", "a\\b/c"]
    {
        folder.run(&["api", "GET", path]).exits(64).says("nothing was sent");
    }
    folder.run(&["api", "GET", "/@evil.example/x"]).exits(0);
    assert_eq!(server.seen()[0].path, "/@evil.example/x");
}

#[test]
fn the_token_is_in_nothing_that_is_printed() {
    // The server gives it back wherever it can.
    let echo = |status| {
        Recorder::start(move |one| {
            let error =
                json!({"type": "error.list", "errors": [{"code": "x", "message": format!("bad {}", one.token)}]});
            let headers = vec![("x-echo", one.token.clone()), ("content-type", "application/json".into())];
            Given { status, headers, body: if status == 200 { "{\"id\":\"1\"}".into() } else { error.to_string() } }
        })
    };
    for status in [200, 401, 404, 422] {
        let server = echo(status);
        let folder = server.folder();
        for arguments in [&["api", "articles"][..], &["api", "createTag", "-f", "name=x"]] {
            for options in [&["--yes", "-i", "-v"][..], &["-n", "-v"], &["--yes"]] {
                let ran = folder.run(&[arguments, options].concat());
                let all = format!("{}{}", ran.stdout, ran.stderr);
                assert!(!all.contains(TOKEN), "{all}");
            }
        }
    }
    let server = server();
    server
        .folder()
        .run(&["api", "me", "-H", &format!("Authorization: Bearer {TOKEN}")])
        .exits(64)
        .says("`authorization`");
    let ran = server.folder().run(&["api", "me", "--jq", "env"]).exits(64);
    assert!(!ran.stderr.contains(TOKEN));
}

#[test]
fn answers_that_are_not_json_are_files_or_addresses() {
    let server = Recorder::start(|one| match one.path.as_str() {
        "/download/content/data/7" => Given {
            status: 200,
            headers: vec![("content-type", "application/octet-stream".into())],
            body: "\u{1f}\u{0}rows".into(),
        },
        _ => Given {
            status: 302,
            headers: vec![("location", "https://files.example.com/a.mp3".into())],
            body: String::new(),
        },
    });
    let folder = server.folder();
    assert_eq!(folder.run(&["api", "downloadDataExport", "-f", "id=7"]).exits(0).stdout, "\u{1f}\u{0}rows");
    let ran = folder.run(&["api", "showCallRecording", "-f", "id=7"]).exits(0);
    assert_eq!(ran.stdout, "https://files.example.com/a.mp3\n");
}

#[test]
fn what_a_stranger_wrote_steers_no_terminal() {
    let server =
        Recorder::start(|_| Given { body: "{\"title\":\"a\u{9b}2J\\u001b[2Jb\"}".into(), ..Given::json(&Value::Null) });
    let ran = server.folder().run(&["api", "articles/7"]).exits(0);
    assert!(!ran.stdout.contains(['\u{1b}', '\u{9b}']), "{:?}", ran.stdout);
    assert_eq!(serde_json::from_str::<Value>(&ran.stdout).unwrap()["title"], "a\u{9b}2J\u{1b}[2Jb");
}

#[test]
fn every_operation_can_be_tried_without_a_workspace() {
    let project = Project::new(&[]);
    project.remove("helpbook.yml");
    let ran = project.run(&["--local", "api", "listTeams", "-i"]).exits(0).says("made this answer up");
    assert!(ran.stdout.contains("x-helpbook-example: true"), "{}", ran.stdout);
    let ran = project.run(&["--local", "api", "createContact", "-f", "email=ada@example.com", "--yes"]).exits(0);
    assert!(ran.stdout.contains("\"ada@example.com\""), "{}", ran.stdout);
    project.run(&["--local", "api", "listArticles"]).exits(0);
    project.run(&["--local", "api", "nowhere/x"]).exits(1).says("404 from GET /nowhere/x");
}
