//! The control endpoints, and the request log.

use serde_json::{Value, json};

use super::{START, World, pick};
use crate::{LocalHelpCenter, Options};

const FIELDS: [&str; 4] = ["title", "state", "has_unpublished_changes", "updated_by_id"];

#[tokio::test]
async fn a_wait_delays_no_other_request_and_no_control_endpoint() {
    let world = World::new().await;
    let path = world.article("published").await;
    world.post("/_local/pace", json!({"latency": 3_600_000})).await.ok();
    let late = world.request("GET", &path).send();
    let mut late = std::pin::pin!(late);
    let soon = async {
        // The server counts a request before it waits.
        while world.get("/_local/requests").await.ok()["windows"] != json!([2]) {}
        let pace = world.post("/_local/pace", json!({"latency": 0, "limit": 2})).await.ok();
        assert_eq!(pace, json!({"latency": 0, "limit": 2}));
        world.get(&path).await.status
    };
    tokio::select! {
        _ = &mut late => panic!("it was to take an hour"),
        status = soon => assert_eq!(status, 429),
    }
    assert_eq!(world.get("/_local/requests").await.ok()["windows"], json!([2]));
    assert_eq!(world.post("/_local/pace", json!({"latency": -1})).await.status, 400);
}

#[tokio::test]
async fn the_editor_keeps_a_draft_behind_a_live_article() {
    let world = World::new().await;
    let path = world.article("published").await;
    let edited = world.post(&format!("/_local{path}/editor"), json!({"title": "Grace's"})).await.ok();
    assert_eq!(
        pick(&edited, &FIELDS),
        json!({"title": "Old", "state": "published", "has_unpublished_changes": true,
               "updated_by_id": 1})
    );
    let draft = world.get(&format!("{path}/draft")).await.ok();
    assert_eq!(pick(&draft, &["title", "updated_by_id"]), json!({"title": "Grace's", "updated_by_id": 2}));
    let newest = world.get(&format!("{path}/versions")).await.ok()["data"][0].clone();
    assert_eq!(pick(&newest, &["created_via", "created_by_id"]), json!({"created_via": "web", "created_by_id": "2"}));
}

#[tokio::test]
async fn the_editor_publishes_and_unpublishes() {
    let world = World::new().await;
    let path = world.article("published").await;
    let door = format!("/_local{path}/editor");
    let published = world.post(&door, json!({"title": "Grace's", "publish": true})).await.ok();
    assert_eq!(
        pick(&published, &FIELDS),
        json!({"title": "Grace's", "state": "published", "has_unpublished_changes": false,
               "updated_by_id": 2})
    );
    let unpublished = world.post(&door, json!({"state": "draft", "admin_id": 1})).await.ok();
    assert_eq!(pick(&unpublished, &["state", "updated_by_id"]), json!({"state": "draft", "updated_by_id": 1}));
    assert_eq!(world.post(&door, json!({"admin_id": 9})).await.status, 400);
}

#[tokio::test]
async fn the_editor_writes_an_article_that_is_not_live() {
    let world = World::new().await;
    let path = world.article("draft").await;
    let edited = world.post(&format!("/_local{path}/editor"), json!({"title": "Grace's"})).await.ok();
    assert_eq!(
        pick(&edited, &FIELDS),
        json!({"title": "Grace's", "state": "draft", "has_unpublished_changes": false,
               "updated_by_id": 2})
    );
}

#[tokio::test]
async fn the_door_needs_the_token_and_no_version() {
    let world = World::new().await;
    let bare = world.bare("POST", "/_local/clock").json(&json!({"advance": 1}));
    assert_eq!(bare.send().await.unwrap().status().as_u16(), 401);
    let with_token =
        world.bare("POST", "/_local/clock").bearer_auth(world.center.token()).json(&json!({"advance": 60}));
    let answer: Value = with_token.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer, json!({"now": START + 60}));
    assert_eq!(world.clock.now(), START + 60);
    assert_eq!(world.get("/_local/other").await.status, 404);
}

#[tokio::test]
async fn the_systems_clock_is_not_moved() {
    let center = LocalHelpCenter::start(Options::default()).await.unwrap();
    let world = World { center, ..World::new().await };
    assert_eq!(world.post("/_local/clock", json!({"advance": 1})).await.status, 400);
}

#[tokio::test]
async fn the_log_tells_every_request_and_what_it_did_to_articles() {
    let world = World::new().await;
    let path = world.article("published").await;
    world.put(&format!("{path}/draft"), json!({"title": "New"})).await.ok();
    world.clock.advance(60);
    world.get(&format!("/articles?per_page=5&x={}", world.center.token())).await.ok();
    world.put(&path, json!({"body": "<dl></dl>"})).await.error();
    world.put(&path, json!({"state": "draft"})).await.ok();
    world.delete(&path).await.ok();
    assert_eq!(
        world.center.requests(),
        [
            "2027-01-15T08:00:00Z POST /articles 200 article=9100001 state=published draft=no",
            "2027-01-15T08:00:00Z PUT /articles/9100001/draft 200 article=9100001 state=published draft=yes",
            "2027-01-15T08:01:00Z GET /articles?per_page=5&x=*** 200",
            "2027-01-15T08:01:00Z PUT /articles/9100001 400",
            "2027-01-15T08:01:00Z PUT /articles/9100001 200 article=9100001 state=draft draft=no",
            "2027-01-15T08:01:00Z DELETE /articles/9100001 200 article=9100001 deleted",
        ]
    );
}
