//! Lists page by page: one document, or a record a line, whatever names the next page.

use std::collections::BTreeSet;

use helpbook::local::{Behaviour, NextForm, Options, Ties};
use serde_json::{Value, json};

use super::recorder::{Given, Recorder, Seen};
use crate::harness::{Project, Ran, Server};

/// A value of the query of a request.
fn asked(one: &Seen, name: &str) -> Option<String> {
    let (_, query) = one.path.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

fn document(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stdout))
}

fn ids(list: &Value) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().parse().unwrap()).collect()
}

/// A project whose server has as many articles and collections as that.
fn filled(server: &Server, articles: usize, collections: usize) -> Project {
    for number in 0..articles {
        server.post("/articles", &json!({"title": format!("Article {number}"), "author_id": 1}));
    }
    for number in 0..collections {
        server.post("/help_center/collections", &json!({"name": format!("Collection {number}")}));
    }
    Project::new(&[]).on(server)
}

#[test]
fn many_articles_are_one_document_in_every_form_of_the_next_page() {
    for next in [NextForm::Url, NextForm::Object, NextForm::Null] {
        let mut behaviour = Behaviour::default();
        (behaviour.next, behaviour.ties) = (next, Ties::Stable);
        let server = Server::with(Options { behaviour, ..Options::default() });
        let (articles, collections) = if next == NextForm::Url { (2500, 40) } else { (30, 7) };
        let project = filled(&server, articles, collections);
        let size = if next == NextForm::Url { "per_page=250" } else { "per_page=4" };
        let whole = document(&project.run(&["api", "articles", "--paginate", "-f", size]).exits(0));
        assert_eq!((ids(&whole["data"]).len(), whole["total_count"].as_u64()), (articles, Some(articles as u64)));
        assert_eq!(ids(&whole["data"]).into_iter().collect::<BTreeSet<_>>(), server.articles().into_keys().collect());
        assert_eq!((&whole["type"], whole.get("pages")), (&json!("list"), None));
        let whole = document(&project.run(&["api", "listAllCollections", "--paginate", "-f", "per_page=6"]).exits(0));
        assert_eq!(ids(&whole["data"]).len(), collections);
        let titles = project.run(&["api", "articles", "--paginate", "-f", size, "--jq", ".data[].title"]).exits(0);
        assert_eq!(titles.stdout.lines().collect::<BTreeSet<_>>().len(), articles);
        let lines = project.run(&["api", "articles", "--stream", "-f", size, "--jq", ".id"]).exits(0).stdout;
        assert_eq!(
            lines.lines().map(|id| id.parse().unwrap()).collect::<Vec<u64>>(),
            ids(&project_articles(&project, size))
        );
    }
}

fn project_articles(project: &Project, size: &str) -> Value {
    document(&project.run(&["api", "articles", "--paginate", "-f", size]).exits(0))["data"].clone()
}

#[test]
fn the_largest_pages_are_asked_for_and_records_on_two_pages_are_given_once() {
    let behaviour = Behaviour { ties: Ties::Unstable, ..Behaviour::default() };
    let server = Server::with(Options { behaviour, ..Options::default() });
    let project = filled(&server, 60, 0);
    let before = server.requests().len();
    let whole = document(&project.run(&["api", "articles", "--paginate"]).exits(0));
    assert_eq!(ids(&whole["data"]).len(), 60);
    assert_eq!(server.requests_since(before), ["GET /articles?per_page=250 200"]);
    let short = project.run(&["api", "articles", "--paginate", "-f", "per_page=7"]).exits(0);
    let found = ids(&document(&short)["data"]);
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len());
    if found.len() < 60 {
        let warning = format!("the list says that it has 60 records, and its pages gave {}", found.len());
        assert!(short.stderr.contains(&warning), "{}", short.stderr);
    }
}

/// Contacts with a cursor, companies with a scroll, snippets with numbers beside the list, and a search.
fn lists(one: &Seen) -> Given {
    let path = one.path.split('?').next().unwrap();
    let cursor = asked(one, "starting_after").or_else(|| asked(one, "scroll_param"));
    let cursor = cursor.or_else(|| one.body["pagination"]["starting_after"].as_str().map(str::to_owned));
    let page: u64 = cursor.or_else(|| asked(one, "page")).map_or(1, |page| page.parse().unwrap());
    let records: Vec<Value> = (0..50).map(|at| json!({"id": format!("{}", (page - 1) * 50 + at)})).collect();
    let (is_last, next) = (page == 5, (page + 1).to_string());
    Given::json(&match path {
        "/companies/scroll" if page > 5 => json!({"type": "list", "data": [], "scroll_param": next}),
        "/companies/scroll" => json!({"type": "list", "data": records, "scroll_param": next}),
        "/content_snippets" => {
            json!({"type": "list", "data": records, "page": page, "total_pages": 5, "total_count": 250})
        }
        "/conversations/search" | "/contacts" => {
            let next = if is_last { Value::Null } else { json!({"page": page + 1, "starting_after": next}) };
            let name = if path == "/contacts" { "data" } else { "conversations" };
            json!({"type": "list", name: records, "total_count": 250,
                   "pages": {"type": "pages", "page": page, "total_pages": 5, "next": next}})
        }
        // An address of another host, which is never followed.
        _ => {
            let next = (!is_last).then(|| format!("https://evil.example{path}?page={next}&x=1"));
            json!({"data": records, "pages": {"page": page, "total_pages": 5, "next": next}})
        }
    })
}

#[test]
fn cursors_scrolls_and_addresses_are_followed_to_the_end() {
    let server = Recorder::start(lists);
    let folder = server.folder();
    for (arguments, name, requests) in [
        (&["contacts"][..], "data", 5),
        (&["companies/scroll"], "data", 6),
        (&["content_snippets"], "data", 5),
        (&["companies/a/contacts"], "data", 5),
        (
            &["searchConversations", "-F", "query={\"field\":\"open\",\"operator\":\"=\",\"value\":\"true\"}"],
            "conversations",
            5,
        ),
    ] {
        let mut all = vec!["api", "--paginate"];
        all.extend(arguments);
        let whole = document(&folder.run(&all).exits(0));
        assert_eq!(ids(&whole[name]), (0..250).collect::<Vec<_>>(), "{arguments:?}");
        let beside: Vec<&String> = whole.as_object().unwrap().keys().filter(|key| *key != name).collect();
        assert!(beside.iter().all(|key| ["type", "total_count"].contains(&key.as_str())), "{beside:?}");
        assert_eq!(server.seen().len(), requests, "{arguments:?}");
        all[1] = "--stream";
        let lines = folder.run(&all).exits(0).stdout;
        let streamed: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(Value::from(streamed), whole[name], "{arguments:?}");
        server.seen();
    }
}

#[test]
fn a_search_keeps_its_query_from_page_to_page() {
    let server = Recorder::start(lists);
    let query = "query={\"field\":\"open\",\"operator\":\"=\",\"value\":\"true\"}";
    let pages = "pagination={\"per_page\":50}";
    server.folder().run(&["api", "conversations/search", "--paginate", "-F", query, "-F", pages]).exits(0);
    for (page, one) in server.seen().iter().enumerate() {
        assert_eq!((one.method.as_str(), one.path.as_str()), ("POST", "/conversations/search"));
        assert_eq!((&one.body["query"]["field"], &one.body["pagination"]["per_page"]), (&json!("open"), &json!(50)));
        assert_eq!(one.body["pagination"].get("starting_after").is_some(), page > 0);
    }
}

#[test]
fn a_page_that_fails_leaves_no_half_document() {
    let server = Recorder::start(|one| match asked(one, "starting_after").as_deref() {
        Some("3") => Given::status(
            404,
            &json!({"type": "error.list", "request_id": "r1", "errors": [{"code": "not_found", "message": "Gone"}]}),
        ),
        _ => lists(one),
    });
    let folder = server.folder();
    let ran = folder.run(&["api", "contacts", "--paginate"]).exits(1).says("Gone (not_found, request r1)");
    assert_eq!(ran.stdout, "");
    let ran =
        folder.run(&["api", "contacts", "--stream"]).exits(1).says("100 records were printed; the others are missing");
    assert_eq!(ran.stdout.lines().count(), 100);
}

#[test]
fn a_list_in_a_circle_ends_with_an_error() {
    let server = Recorder::start(|_| {
        Given::json(&json!({"data": [{"id": "1"}], "pages": {"next": {"starting_after": "same"}}}))
    });
    let ran = server.folder().run(&["api", "contacts", "--paginate"]).exits(1).says("goes in a circle");
    assert_eq!((ran.stdout.as_str(), server.seen().len()), ("", 2));
}

#[test]
fn a_list_that_says_it_has_pages_without_end_is_read_to_its_first_empty_one() {
    let server = Recorder::start(|one| {
        let page: u64 = asked(one, "page").map_or(1, |page| page.parse().unwrap());
        let records: Vec<Value> = if page < 4 { vec![json!({"id": page.to_string()})] } else { Vec::new() };
        Given::json(&json!({"data": records, "page": page, "total_pages": u64::MAX}))
    });
    let whole = document(&server.folder().run(&["api", "content_snippets", "--paginate"]).exits(0));
    assert_eq!(ids(&whole["data"]), [1, 2, 3]);
    assert!(server.seen().len() < 20);
}

#[test]
fn what_is_no_list_is_printed_as_it_is() {
    let server = Recorder::start(|_| Given::json(&json!({"type": "team", "id": "1"})));
    let ran = server.folder().run(&["api", "teams/1", "--paginate"]).exits(0);
    assert_eq!(ran.stdout, "{\"id\":\"1\",\"type\":\"team\"}\n");
}
