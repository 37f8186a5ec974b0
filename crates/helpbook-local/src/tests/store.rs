//! What outlives the server.

use std::fs;

use serde_json::json;

use super::World;
use crate::{Clock, Error, HeadingIds, LocalHelpCenter, Options, Storage};

fn options(folder: &std::path::Path) -> Options {
    Options { store: Storage::Folder(folder.to_owned()), ..Options::default() }
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("local");
    let world = World::with(options(&folder)).await;
    let token = world.center.token().to_owned();
    let path = world.article("published").await;
    world.put(&format!("{path}/draft"), json!({"title": "Staged", "body": "<h2>a</h2>"})).await.ok();
    world.collection("One", None).await;
    let draft = world.get(&format!("{path}/draft")).await.ok();
    let versions = world.get(&format!("{path}/versions")).await.ok()["data"].clone();
    // The client keeps its connection open: that must not hold the server.
    world.center.stop().await;

    let world = World::with(options(&folder)).await;
    assert_eq!(world.center.token(), token);
    assert_eq!(world.get(&format!("{path}/draft")).await.ok(), draft);
    assert_eq!(world.get(&format!("{path}/versions")).await.ok()["data"], versions);
    assert_eq!(world.article("draft").await, "/articles/9100002");
    assert_eq!(world.collection("Two", None).await, "8100002");
    let log = fs::read_to_string(folder.join("requests.log")).unwrap();
    assert_eq!(log.lines().count(), 9);
    assert!(log.ends_with("Z POST /help_center/collections 200\n"), "{log}");
    assert!(!log.contains(&token));
}

#[tokio::test]
async fn what_stands_around_articles_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::with(options(dir.path())).await;
    let path = world.article("published").await;
    world.post("/tags", json!({"name": "Billing"})).await.ok();
    world.post(&format!("{path}/tags"), json!({"id": "6100001"})).await.ok();
    world.post("/audiences", json!({"name": "VIPs"})).await;
    let settings = json!({"audience_ids": [4_100_001], "scheduled_unpublish_at": "2030-01-01T00:00:00Z",
                          "ai_copilot_availability": false});
    world.put(&path, settings).await.ok();
    let redirect = json!({"from_url": "http://help.localhost/local/en/x", "locale": "en", "target_type": "article",
                          "target_id": 9_100_001});
    let redirects = "/help_center/help_centers/1/redirects";
    world.post(redirects, redirect).await.ok();
    let before =
        [world.get(&path).await.ok(), world.get(redirects).await.ok()["data"].clone(), world.get("/tags").await.ok()];
    world.center.stop().await;

    let world = World::with(options(dir.path())).await;
    let after =
        [world.get(&path).await.ok(), world.get(redirects).await.ok()["data"].clone(), world.get("/tags").await.ok()];
    assert_eq!(after, before);
    assert_eq!(world.post("/tags", json!({"name": "Other"})).await.ok()["id"], "6100002");
}

#[tokio::test]
async fn a_second_server_on_the_same_store_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::with(options(dir.path())).await;
    let error = LocalHelpCenter::start(options(dir.path())).await.unwrap_err();
    assert!(matches!(error, Error::InUse { .. }), "{error:?}");
    world.center.stop().await;
    LocalHelpCenter::start(options(dir.path())).await.unwrap();
}

#[tokio::test]
async fn a_taken_port_and_a_missing_docs_folder_are_told() {
    let world = World::new().await;
    let port = world.center.url().rsplit(':').next().unwrap().parse().unwrap();
    let taken = LocalHelpCenter::start(Options { port, ..Options::default() }).await.unwrap_err();
    assert!(matches!(taken, Error::Bind { .. }), "{taken:?}");
    let docs = Some("no/such/folder".into());
    let missing = LocalHelpCenter::start(Options { docs, ..Options::default() }).await.unwrap_err();
    assert!(matches!(missing, Error::Docs { .. }), "{missing:?}");
}

#[tokio::test]
async fn a_given_token_is_taken_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let given = Options { token: Some("given".to_owned()), ..options(dir.path()) };
    let center = LocalHelpCenter::start(given).await.unwrap();
    assert_eq!(center.token(), "given");
    center.stop().await;
    let center = LocalHelpCenter::start(options(dir.path())).await.unwrap();
    assert_eq!(center.token(), "given");
}

#[tokio::test]
async fn the_same_requests_give_the_same_ids() {
    let ids = || async {
        let clock = Clock::manual(1);
        let world = World::with(Options { clock, ..Options::default() }).await;
        let body = json!({"title": "a", "author_id": 1, "body": "<h1>a</h1><h1>b</h1>"});
        world.post("/articles", body).await.ok()["body"].as_str().unwrap().to_owned()
    };
    assert_eq!(ids().await, ids().await);
}

#[tokio::test]
async fn heading_ids_are_kept_or_made_anew() {
    for (heading_ids, is_kept) in [(HeadingIds::Kept, true), (HeadingIds::Regenerated, false)] {
        let world = World::with(Options::behaving(|does| does.heading_ids = heading_ids)).await;
        let path = world.article("draft").await;
        let html = "<h1 id=\"h_0123abcdef\">a</h1>";
        let first = world.put(&path, json!({"body": html})).await.ok()["body"].clone();
        let second = world.put(&path, json!({"body": html})).await.ok()["body"].clone();
        assert_eq!(first == html, is_kept);
        assert_eq!(first == second, is_kept);
    }
}

/// What is stored of a body under one behaviour.
async fn stored_under(name: &str, value: &str, body: &str) -> String {
    let world = World::with(Options::behaving(|does| does.set(name, value).unwrap())).await;
    let path = world.article("draft").await;
    world.put(&path, json!({"body": body})).await.ok()["body"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_body_is_stored_as_the_behaviour_has_it() {
    let callout =
        |style: &str| format!("<div class=\"intercom-interblocks-callout\"{style}><p class=\"no-margin\">a</p></div>");
    let rgba = callout(" style=\"background-color: rgba(1, 2, 3, 0.5);\"");
    let hex = callout(" style=\"background-color: #010203;\"");
    assert_eq!(stored_under("styles", "rgba", &format!("{rgba}{hex}")).await, format!("{rgba}{}", callout("")));
    let table = |style: &str| {
        format!(
            "<div class=\"intercom-interblocks-table-container\"><table role=\"presentation\"><tbody><tr><td{style}><p class=\"no-margin\">a</p></td></tr></tbody></table></div>"
        )
    };
    let styled = table(" style=\"width: 10px;\"");
    assert_eq!(stored_under("table-styles", "dropped", &format!("{styled}{hex}")).await, format!("{}{hex}", table("")));
    let two = "<p class=\"no-margin\">a</p><p class=\"no-margin\">b</p>";
    assert_eq!(stored_under("empty-paragraphs", "dropped", "<p>a</p><p></p><p></p><p>b</p>").await, two);
    assert_eq!(stored_under("white-space", "nothing", "<p>a</p>\n <p>b</p>\n").await, two);
    let spaced = "<p class=\"no-margin\"><b>a</b> <i>b</i></p>";
    assert_eq!(stored_under("white-space", "nothing", "<b>a</b> <i>b</i>").await, spaced);
    let quoted = "<p class=\"no-margin\">&quot;a&quot; &#39;b&#39; <a href=\"https://x.example/'\" target=\"_blank\" class=\"intercom-content-link\">c</a></p>";
    assert_eq!(stored_under("escapes", "many", "<p>\"a\" 'b' <a href=\"https://x.example/'\">c</a></p>").await, quoted);
}

#[tokio::test]
async fn drafts_are_a_404_where_there_are_none() {
    let world = World::with(Options::behaving(|does| does.set("drafts", "missing").unwrap())).await;
    let path = world.article("published").await;
    assert_eq!(world.put(&format!("{path}/draft"), json!({"body": "<p>b</p>"})).await.status, 404);
}
