//! Tokens, workspaces, networks and broken files: one clear error, nothing written.

use crate::harness::{Project, Server, published, two_articles};

#[test]
fn no_token_and_a_wrong_one_exit_4_with_one_error_and_a_hint() {
    let server = Server::start();
    for command in [&["plan"][..], &["apply"], &["publish", "--yes"], &["status"]] {
        let project = two_articles();
        let ran = project.run(command).exits(4).says("no token").says("hint: set INTERCOM_ACCESS_TOKEN");
        assert_eq!(ran.stdout, "");
        let project = two_articles().on(&server).env("INTERCOM_ACCESS_TOKEN", "wrong-t0ken");
        let ran = project.run(command).exits(4).says("Intercom refused the token: 401 from GET /me").says("hint: ");
        assert_eq!(ran.stdout, "");
        assert_eq!(ran.stderr.matches("error:").count(), 1);
        assert!(!ran.stderr.contains("wrong-t0ken"));
        assert!(!project.exists("helpbook.lock"));
    }
    assert!(server.requests().iter().all(|line| line.starts_with("GET /me 401")), "{:?}", server.requests());
}

#[test]
fn another_workspaces_token_stops_before_an_article_is_read() {
    let server = Server::start();
    let pinned = two_articles().on(&server);
    pinned.write("helpbook.yml", "docs: docs\nworkspace: other\n");
    pinned.run(&["apply"]).exits(4).says("the token is for the workspace `local`, and helpbook.yml names `other`");
    let locked = two_articles().on(&server);
    locked.write("helpbook.lock", "{\"helpbook\":1,\"workspace\":\"another\",\"rules\":1}\n");
    locked.run(&["apply"]).exits(4).says("helpbook.lock names `another`");
    assert_eq!(server.requests(), ["GET /me 200", "GET /me 200"]);
}

#[test]
fn no_network_exits_1_and_says_so() {
    let project =
        two_articles().env("INTERCOM_BASE_URL", "http://127.0.0.1:9").env("INTERCOM_ACCESS_TOKEN", "t0ken-of-nobody");
    let ran = project
        .run(&["plan"])
        .exits(1)
        .says("cannot reach http://127.0.0.1:9")
        .says("nothing was written")
        .says("hint: ");
    assert!(!ran.stderr.contains("t0ken-of-nobody"));
}

#[test]
fn an_address_below_a_path_is_asked_there() {
    let server = Server::start();
    let project = two_articles().on(&server).env("INTERCOM_BASE_URL", &format!("{}/intercom/", server.url()));
    project.run(&["plan"]).exits(1);
    assert!(server.requests().iter().all(|line| line.starts_with("GET /intercom/me")), "{:?}", server.requests());
    assert!(!server.requests().is_empty());
}

#[test]
fn a_host_comes_from_the_environment_alone_and_only_over_https() {
    let project = two_articles().env("INTERCOM_ACCESS_TOKEN", "t0ken").env("INTERCOM_BASE_URL", "http://evil.example");
    project.run(&["plan"]).exits(64).says("only https:// is spoken");
    let project = two_articles().env("INTERCOM_ACCESS_TOKEN", "t0ken");
    project.write("helpbook.yml", "docs: docs\nbase_url: https://evil.example\n");
    project.run(&["plan"]).exits(1).says("the address of the API never comes from a file");
}

#[test]
fn five_broken_files_are_all_named_and_no_request_is_sent() {
    let server = Server::start();
    let project = two_articles().on(&server);
    project.write("docs/1.md", "---\ntitel: a\n---\n# A\n");
    project.write("docs/2.md", "---\ntitle: b\n\nText\n");
    project.write("docs/3.md", "---\nstate: live\n---\n# C\n");
    project.write("docs/4.md", "---\ntitle: d\ntitle: e\n---\n");
    project.write("docs/5.md", "---\ntitle: [x\n---\n");
    for command in [&["check"][..], &["plan"], &["apply"], &["publish", "--yes"]] {
        let ran = project.run(command).exits(1);
        let all = format!("{}{}", ran.stdout, ran.stderr);
        for place in ["docs/1.md:2:1", "docs/2.md:1:1", "docs/3.md:2:8", "docs/4.md:3:1", "docs/5.md:"] {
            assert!(all.contains(place), "{place} is not in\n{all}");
        }
    }
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn the_token_is_nowhere() {
    let server = Server::start();
    let project = published(&server);
    project.edit("docs/guide/install.md", "Run the installer.", "Changed.");
    let outputs = [
        project.run(&["plan", "-v", "--out", "plan.json"]),
        project.run(&["plan", "--json"]),
        project.run(&["apply", "-v"]),
        project.run(&["status", "--json"]),
        project.run(&["publish", "--yes", "-v"]),
    ];
    for ran in &outputs {
        assert!(!ran.stdout.contains(server.token()) && !ran.stderr.contains(server.token()));
    }
    for file in ["plan.json", "helpbook.lock", "docs/guide/install.md"] {
        assert!(!project.read(file).contains(server.token()), "{file}");
    }
    assert!(server.requests().iter().all(|line| !line.contains(server.token())));
}

#[test]
fn an_empty_folder_says_what_to_do() {
    let project = Project::new(&[]);
    project.remove("helpbook.yml");
    project.run(&["plan"]).exits(1).says("no helpbook.yml in").says("hint: ");
    project.write("helpbook.yml", "docs: nowhere\n");
    project.run(&["check"]).exits(1).says("there is no docs folder").says("hint: ");
}
