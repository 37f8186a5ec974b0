//! Handshake, lists, errors, cancellation, the end.

use serde_json::json;

use super::agent::Agent;
use crate::harness::{Project, Server, published};

#[test]
fn everything_is_listed() {
    let server = Server::start();
    let project = published(&server);
    let mut agent = Agent::start(&project, &[]);
    let tools = agent.ask("tools/list", &json!({}))["result"]["tools"].clone();
    let names: Vec<&str> = tools.as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names.join(" "), "list read write check plan stage pull status log api explain");
    assert!(tools.to_string().len() < 9_000, "{}", tools.to_string().len());
    let resources = agent.ask("resources/list", &json!({}))["result"]["resources"].clone();
    let uris: Vec<&str> = resources.as_array().unwrap().iter().map(|one| one["uri"].as_str().unwrap()).collect();
    for uri in ["helpbook://plan", "helpbook://guide/articles", "helpbook://docs/guide/install.md"] {
        assert!(uris.contains(&uri), "{uris:?}");
    }
    for uri in uris {
        let read = agent.ask("resources/read", &json!({"uri": uri}));
        assert!(read["result"]["contents"][0]["text"].as_str().is_some_and(|text| !text.is_empty()), "{uri}: {read}");
    }
    let prompts = agent.ask("prompts/list", &json!({}))["result"]["prompts"].clone();
    assert_eq!(prompts.as_array().unwrap().len(), 4);
    let prompt =
        agent.ask("prompts/get", &json!({"name": "update-articles", "arguments": {"change": "Faster refunds."}}));
    let text = prompt["result"]["messages"][0]["content"]["text"].as_str().unwrap();
    assert!(text.contains("Faster refunds.") && text.contains("not instructions"), "{text}");
    assert_eq!(agent.end().exit, 0);
}

#[test]
fn what_is_wrong_is_an_error_of_the_tool_or_of_the_protocol() {
    let server = Server::start();
    let project = published(&server);
    let mut agent = Agent::start(&project, &[]);
    for tool in ["publish", "apply", "rollback", "delete", ""] {
        let answer = agent.ask("tools/call", &json!({"name": tool, "arguments": {}}));
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
    }
    assert!(agent.ask("nothing/here", &json!({}))["error"].is_object());
    assert!(agent.ask("resources/read", &json!({"uri": "file:///etc/passwd"}))["error"].is_object());
    assert!(agent.ask("resources/read", &json!({"uri": "helpbook://docs/../helpbook.yml"}))["error"].is_object());
    assert!(agent.ask("prompts/get", &json!({"name": "update-articles"}))["error"].is_object());
    assert!(agent.call("stage", &json!({"publish": true})).fails().contains("unknown field"));
    assert!(agent.call("read", &json!({})).fails().contains("either `path` or `id`"));
    assert!(agent.call("read", &json!({"path": "guide/none.md"})).fails().contains("there is no file"));
    assert!(agent.call("read", &json!({"id": 7})).fails().contains("there is no article 7"));
    assert!(agent.call("explain", &json!({"id": "unknow-key"})).fails().contains("unknown-key"));
    assert!(agent.call("api", &json!({"request": "contacts"})).fails().contains("not open to this server"));
    assert!(agent.call("api", &json!({"request": "DELETE articles/7"})).fails().contains("does not only read"));
    assert!(agent.call("log", &json!({"since": "--output=x"})).fails().contains("date or a commit"));
    agent.send("no JSON at all");
    assert!(agent.call("explain", &json!({"id": "unknown-key"})).done().contains("cause:"));
    assert_eq!(agent.end().exit, 0);
}

#[test]
fn a_cancelled_call_gives_up_and_the_next_one_is_answered() {
    let server = Server::start();
    let project = published(&server);
    let mut agent = Agent::start(&project, &[]);
    server.post("/_local/pace", &json!({"latency": 3_600_000}));
    let plan = agent.begin("tools/call", &json!({"name": "plan", "arguments": {}}));
    let waiting = agent.begin("tools/call", &json!({"name": "status", "arguments": {}}));
    assert!(agent.ask("ping", &json!({}))["result"].is_object());
    for id in [waiting, plan] {
        agent.notify("notifications/cancelled", &json!({"requestId": id, "reason": "no more"}));
    }
    assert!(agent.call("explain", &json!({"id": "unknown-key"})).done().contains("cause:"));
    let log = agent.begin("tools/call", &json!({"name": "log", "arguments": {}}));
    agent.notify("notifications/cancelled", &json!({"requestId": log}));
    assert!(agent.call("check", &json!({})).done().contains("Nothing to fix"));
    let ended = agent.end();
    assert_eq!(ended.exit, 0);
    for id in [plan, waiting, log] {
        assert!(!ended.stdout.contains(&format!("\"id\":{id},")), "{}", ended.stdout);
    }
}

#[test]
fn the_end_of_the_input_ends_the_server_in_the_middle_of_a_call() {
    let server = Server::start();
    let project = published(&server);
    let mut agent = Agent::start(&project, &[]);
    server.post("/_local/pace", &json!({"latency": 3_600_000}));
    agent.begin("tools/call", &json!({"name": "plan", "arguments": {}}));
    assert!(agent.ask("ping", &json!({}))["result"].is_object());
    assert_eq!(agent.end().exit, 0);
}

#[test]
fn without_a_greeting_or_a_project_there_is_a_message_and_no_protocol() {
    let project = Project::new(&[]);
    let ended = Agent::without_greeting(&project, &[]).end();
    assert!(
        ended.exit == 1 && ended.stdout.is_empty() && ended.stderr.contains("helpbook mcp install"),
        "{}",
        ended.stderr
    );
    project.remove("helpbook.yml");
    let ended = Agent::without_greeting(&project, &[]).end();
    assert!(ended.exit == 1 && ended.stdout.is_empty() && ended.stderr.contains("helpbook init"), "{}", ended.stderr);
}

#[test]
fn the_token_is_in_no_message_and_no_log() {
    let server = Server::start();
    let project = published(&server);
    let bad = project.cloned().on(&server).env("INTERCOM_ACCESS_TOKEN", "dG9rOm5vdC1hLXJlYWwtdG9rZW4");
    for (project, token) in [(project, server.token()), (bad, "dG9rOm5vdC1hLXJlYWwtdG9rZW4")] {
        let mut agent = Agent::start(&project, &["-vv"]);
        project.edit("docs/guide/install.md", "Run the installer.", "Run it.");
        for (tool, arguments) in [
            ("list", json!({"source": "intercom"})),
            ("plan", json!({})),
            ("stage", json!({})),
            ("status", json!({})),
            ("log", json!({})),
            ("pull", json!({})),
            ("api", json!({"request": "listArticles"})),
            ("api", json!({"request": "articles/9999999"})),
            ("read", json!({"id": 9_100_001})),
        ] {
            agent.call(tool, &arguments);
        }
        let ended = agent.end();
        assert!(ended.stderr.contains("mcp: plan: ended"), "{}", ended.stderr);
        assert!(!ended.stdout.contains(token) && !ended.stderr.contains(token));
    }
}

#[test]
fn without_a_token_the_docs_tools_work() {
    let project = Project::new(&[("docs/guide/a.md", "---\ntitel: A\n---\n\nText.\n")]);
    let mut agent = Agent::start(&project, &[]);
    assert!(agent.call("list", &json!({"query": "text"})).done().contains("a.md"));
    assert!(agent.call("check", &json!({})).done().contains("unknown-key"));
    assert!(agent.call("read", &json!({"path": "guide/a.md"})).done().contains("unknown-key"));
    let written = agent.call("write", &json!({"path": "guide/a.md", "old": "titel", "new": "title"})).done();
    assert!(written.contains("Nothing to fix") && written.contains("there is no plan yet"), "{written}");
    assert_eq!(project.read("docs/guide/a.md"), "---\ntitle: A\n---\n\nText.\n");
    for tool in ["plan", "stage", "status", "pull", "log"] {
        assert!(agent.call(tool, &json!({})).fails().contains("INTERCOM_ACCESS_TOKEN"), "{tool}");
    }
}
