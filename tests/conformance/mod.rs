//! What is sent and answered conforms to Intercom's own description of its API.
//!
//! Sessions of helpbook and calls of every operation that `serve` answers, with its refusals, in one language and in
//! several; each request and each answer is held to the facts of `validate`, but for the places of `deviations`.

mod calls;
mod deviations;
mod validate;

use helpbook::intercom::model::Locale;
use helpbook::local::{Clock, Options};
use serde_json::json;

use crate::door::Exchange;
use crate::harness::{Project, Server, id_of, live_edit};
use calls::Caller;
use deviations::{stale, unlisted};
use validate::Description;

fn server(locales: &[&str]) -> Server {
    let locales = locales.iter().map(|locale| Locale((*locale).to_owned())).collect();
    Server::with(Options { locales, ..Options::default() })
}

/// Articles with everything that they can have, through all commands, a teammate's work and changes of every kind.
fn session(server: &Server, url: &str, locales: &[&str]) {
    server.post("/audiences", &json!({ "name": "VIP customers" }));
    let config = format!("docs: docs\nstate: published\nlocales: [{}]\norphans: delete\n", locales.join(", "));
    let project = Project::new(&[
        ("helpbook.yml", &config),
        ("docs/guide/_index.md", "---\ntitle: Guide\ndescription: About it\n---\n"),
        (
            "docs/guide/one.md",
            "---\ntitle: One\ntags: [a]\naudiences: [VIP customers]\nai: { chatbot: false }\n\
             redirect_from: [/en/articles/1-x]\n---\nText, and [two](two.md#part).\n",
        ),
        ("docs/guide/two.md", "---\ntitle: Two\nauthor: 2\n---\n## Part\n\nText.\n"),
        ("docs/guide/timed.md", "---\ntitle: Timed\npublish_at: 2037-01-01T00:00:00Z\n---\nNot yet.\n"),
        ("docs/guide/later.md", "---\ntitle: Later\nstate: draft\n---\nNot yet.\n"),
    ])
    .on(server)
    .env("INTERCOM_BASE_URL", url);
    for locale in &locales[1..] {
        project.write(&format!("docs/guide/one.{locale}.md"), "---\ntitle: Un\nai: { copilot: false }\n---\nTexte.\n");
        project.write(&format!("docs/guide/_index.{locale}.md"), "---\ntitle: Manuel\n---\n");
    }
    let run = |arguments: &[&str]| {
        let ran = project.run(arguments);
        assert!(matches!(ran.exit, 0 | 1 | 3), "{arguments:?}: {}{}", ran.stdout, ran.stderr);
    };
    for arguments in [&["doctor"][..], &["plan"], &["apply"], &["publish", "--yes"], &["status"], &["plan"], &["pull"]]
    {
        run(arguments);
    }
    server.edit(id_of(&project, "docs/guide/one.md"), &json!({ "body": "<p>Theirs.</p>" }));
    server.edit(id_of(&project, "docs/guide/two.md"), &live_edit("<p>Theirs.</p>"));
    run(&["plan"]);
    run(&["pull", "--drafts"]);
    project.edit("docs/guide/one.md", "tags: [a]", "tags: [b]\nunpublish_at: 2037-12-01T09:00:00Z");
    project.edit("docs/guide/_index.md", "About it", "About it and more");
    project.write("docs/other/two.md", &project.read("docs/guide/two.md"));
    project.remove("docs/guide/two.md");
    project.remove("docs/guide/later.md");
    for locale in &locales[1..] {
        project.edit(&format!("docs/guide/one.{locale}.md"), "Texte.", "Autre texte.");
        project.edit(&format!("docs/guide/_index.{locale}.md"), "Manuel", "Livre");
    }
    run(&["plan"]);
    run(&["apply", "--publish", "--yes", "--overwrite"]);
    project.edit("docs/guide/one.md", "unpublish_at: 2037-12-01T09:00:00Z\n", "state: draft\n");
    run(&["apply", "--publish", "--yes"]);
    let empty = Project::new(&[]).on(server).env("INTERCOM_BASE_URL", url);
    empty.remove("helpbook.yml");
    empty.git(&["init", "--quiet"]);
    for arguments in [&["init"][..], &["pull"], &["plan"]] {
        empty.run(arguments).exits(0);
    }
}

#[test]
fn every_request_and_every_answer_conforms() {
    let mut passed: Vec<(Exchange, bool)> = Vec::new();
    for locales in [&["en"][..], &["en", "fr"]] {
        let server = server(locales);
        let (url, door) = server.door();
        session(&server, &url, locales);
        passed.extend(door.exchanges().into_iter().map(|one| (one, true)));
        Caller::new(&server, &url).every_operation(locales.len() > 1);
        passed.extend(door.exchanges().into_iter().map(|one| (one, false)));
    }
    let limited = Server::with(Options { clock: Clock::System, rate_limit: Some(1), ..Options::default() });
    let (url, door) = limited.door();
    Caller::new(&limited, &url).call("GET /me", "").call("GET /me", "");
    passed.extend(door.exchanges().into_iter().map(|one| (one, false)));
    let description = Description::load();
    let mut found = Vec::new();
    for (one, is_helpbooks) in &passed {
        // A call that is refused may be wrong on purpose.
        if *is_helpbooks || one.status < 300 {
            found.extend(description.request(&one.method, &one.path, one.sent.as_ref()));
        }
        found.extend(description.answer(&one.method, &one.path, one.status, &one.answer));
    }
    println!("{} requests and answers", passed.len());
    assert_eq!(unlisted(&found), [""; 0]);
    assert_eq!(stale(&found), [""; 0], "these deviations do not occur any more");
}
