//! What goes live and offline by itself.

use serde_json::{Value, json};

use super::{START, World, pick};

/// A minute after the start, and the same in Unix seconds.
const SOON: &str = "2027-01-15T08:01:00Z";
const SOON_UNIX: i64 = START + 60;

const FIELDS: [&str; 4] = ["title", "state", "scheduled_publish_at", "scheduled_unpublish_at"];

fn want(title: &str, state: &str, publish: Option<i64>, unpublish: Option<i64>) -> Value {
    json!({"title": title, "state": state, "scheduled_publish_at": publish, "scheduled_unpublish_at": unpublish})
}

#[tokio::test]
async fn a_publish_waits_for_its_time() {
    let world = World::new().await;
    let path = world.article("draft").await;
    let body = json!({"title": "New", "state": "published", "scheduled_publish_at": SOON});
    assert_eq!(pick(&world.put(&path, body).await.ok(), &FIELDS), want("New", "draft", Some(SOON_UNIX), None));
    world.clock.advance(59);
    assert_eq!(world.get(&path).await.ok()["state"], "draft");
    world.post("/_local/clock", json!({"advance": 100})).await.ok();
    let line = "2027-01-15T08:01:00Z SCHEDULE /articles/9100001 200 article=9100001 state=published draft=no";
    assert!(world.center.requests().iter().any(|other| other == line), "{:?}", world.center.requests());
    let live = world.get(&path).await.ok();
    assert_eq!(pick(&live, &FIELDS), want("New", "published", None, None));
    assert_eq!(live["updated_at"], SOON_UNIX);
}

#[tokio::test]
async fn an_edit_of_a_live_article_waits_as_its_draft() {
    let world = World::new().await;
    let path = world.article("published").await;
    let body = json!({"title": "New", "scheduled_publish_at": SOON});
    let held = world.put(&path, body).await.ok();
    assert_eq!(pick(&held, &FIELDS), want("Old", "published", Some(SOON_UNIX), None));
    assert_eq!(held["has_unpublished_changes"], true);
    world.clock.advance(60);
    let live = world.get(&path).await.ok();
    assert_eq!(pick(&live, &FIELDS), want("New", "published", None, None));
    assert_eq!(live["has_unpublished_changes"], false);
}

#[tokio::test]
async fn an_article_goes_offline_by_itself() {
    let world = World::multilingual().await;
    let path = world.translated("published", "published").await;
    let held = world.put(&path, json!({"scheduled_unpublish_at": SOON})).await.ok();
    assert_eq!(pick(&held, &FIELDS), want("Old", "published", None, Some(SOON_UNIX)));
    world.clock.advance(60);
    let offline = world.get(&path).await.ok();
    assert_eq!(pick(&offline, &FIELDS), want("Old", "draft", None, None));
    assert_eq!(offline["translated_content"]["fr"]["state"], "draft");
}

#[tokio::test]
async fn only_what_was_asked_to_be_published_is() {
    let world = World::multilingual().await;
    let french = |state: &str| json!({"fr": {"title": "Vieux", "body": "<p>vieux</p>", "state": state}});
    for (state, want) in [("published", "published"), ("draft", "draft")] {
        let body = json!({"title": "a", "author_id": 1, "state": "published", "scheduled_publish_at":
                          if state == "draft" { "2027-01-15T09:01:00Z" } else { SOON }, "translated_content": french(state)});
        let article = world.post("/articles", body).await.ok();
        assert_eq!(
            (&article["state"], &article["translated_content"]["fr"]["state"]),
            (&json!("draft"), &json!("draft"))
        );
        world.clock.advance(3600);
        let path = format!("/articles/{}", article["id"].as_str().unwrap());
        let article = world.get(&path).await.ok();
        let states = (article["state"].clone(), article["translated_content"]["fr"]["state"].clone());
        assert_eq!(states, (json!("published"), json!(want)));
    }
}

#[tokio::test]
async fn null_cancels_and_a_new_one_replaces() {
    let world = World::new().await;
    let path = world.article("published").await;
    let put = |body: Value| world.put(&path, body);
    put(json!({"scheduled_unpublish_at": SOON})).await.ok();
    let kept = put(json!({"title": "New", "scheduled_publish_at": null})).await.ok();
    assert_eq!(kept["scheduled_unpublish_at"], SOON_UNIX);
    let replaced = put(json!({"scheduled_publish_at": "2027-01-15T10:00:00+02:00", "title": "x"})).await;
    assert_eq!(replaced.error().0, 400, "eight o'clock is now");
    let replaced = put(json!({"scheduled_publish_at": "2027-01-15T10:02:00+02:00"})).await.ok();
    assert_eq!(pick(&replaced, &FIELDS), want("New", "published", Some(START + 120), None));
    let cancelled = put(json!({"scheduled_publish_at": null, "scheduled_unpublish_at": null})).await.ok();
    assert_eq!(pick(&cancelled, &FIELDS), want("New", "published", None, None));
    world.clock.advance(3600);
    assert_eq!(world.get(&path).await.ok()["state"], "published");
}

#[tokio::test]
async fn what_is_done_by_hand_needs_no_schedule() {
    let world = World::new().await;
    let path = world.article("draft").await;
    world.put(&path, json!({"scheduled_publish_at": SOON})).await.ok();
    let live = world.put(&path, json!({"state": "published"})).await.ok();
    assert_eq!(pick(&live, &FIELDS), want("Old", "published", None, None));
    world.put(&path, json!({"scheduled_unpublish_at": SOON})).await.ok();
    let offline = world.put(&path, json!({"state": "draft"})).await.ok();
    assert_eq!(pick(&offline, &FIELDS), want("Old", "draft", None, None));
}

#[tokio::test]
async fn what_cannot_be_scheduled_is_refused() {
    let world = World::new().await;
    let draft = world.article("draft").await;
    let live = world.article("published").await;
    for (path, body) in [
        (&live, json!({"scheduled_publish_at": "2027-01-15T08:00:00Z"})),
        (&live, json!({"scheduled_unpublish_at": "2020-01-01T00:00:00Z"})),
        (&live, json!({"scheduled_publish_at": ""})),
        (&live, json!({"scheduled_publish_at": "tomorrow"})),
        (&live, json!({"scheduled_publish_at": SOON, "scheduled_unpublish_at": SOON})),
        (&live, json!({"scheduled_publish_at": SOON, "state": "draft"})),
        (&draft, json!({"scheduled_unpublish_at": SOON})),
    ] {
        let error = world.put(path, body.clone()).await.error();
        assert_eq!((error.0, error.1.as_str()), (400, "parameter_invalid"), "{body}");
    }
    let new = json!({"title": "a", "author_id": 1, "state": "published", "scheduled_unpublish_at": SOON});
    assert_eq!(world.post("/articles", new).await.error().0, 400);
}
