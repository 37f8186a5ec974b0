//! Drafts behind live articles, and versions.

use serde_json::{Value, json};

use super::{START, World, pick};

const FIELDS: [&str; 6] =
    ["title", "state", "has_unpublished_changes", "draft_updated_at", "updated_at", "updated_by_id"];

#[tokio::test]
async fn a_staged_draft_leaves_the_live_article_alone() {
    let world = World::new().await;
    let path = world.article("published").await;
    let live = world.get(&path).await.ok();
    world.clock.advance(5);
    let ignored = json!({"title": "New", "body": "<p>new</p>", "state": "draft",
                         "ai_chatbot_availability": false});
    let staged = world.put(&format!("{path}/draft"), ignored).await.ok();
    let want = json!({
        "title": "New",
        "state": "published",
        "has_unpublished_changes": true,
        "draft_updated_at": START + 5,
        "updated_at": START + 5,
        "updated_by_id": 1,
    });
    assert_eq!(pick(&staged, &FIELDS), want);
    assert_eq!(staged["body"], "<p class=\"no-margin\">new</p>");
    assert_eq!(staged["ai_chatbot_availability"], true);
    assert_eq!(staged["url"], live["url"]);
    assert_eq!(world.get(&format!("{path}/draft")).await.ok(), staged);

    let mut want = live.clone();
    want["has_unpublished_changes"] = json!(true);
    want["draft_updated_at"] = json!(START + 5);
    assert_eq!(world.get(&path).await.ok(), want);
}

#[tokio::test]
async fn a_plain_put_behind_a_draft_lands_on_the_draft() {
    let world = World::new().await;
    let path = world.article("published").await;
    world.put(&format!("{path}/draft"), json!({"title": "Staged"})).await.ok();
    let answer = world.put(&path, json!({"body": "<p>trap</p>"})).await.ok();
    assert_eq!(answer["body"], "<p class=\"no-margin\">old</p>");
    assert_eq!(answer["has_unpublished_changes"], true);
    let draft = world.get(&format!("{path}/draft")).await.ok();
    assert_eq!(pick(&draft, &["title", "body"]), json!({"title": "Staged", "body": "<p class=\"no-margin\">trap</p>"}));
}

#[tokio::test]
async fn settings_are_live_at_once_even_behind_a_draft() {
    let world = World::new().await;
    let collection = world.collection("Billing", None).await;
    let path = world.article("published").await;
    world.put(&format!("{path}/draft"), json!({"title": "Staged"})).await.ok();
    world.clock.advance(5);
    let answer = world.put(&path, json!({"parent_id": collection})).await.ok();
    assert_eq!(
        pick(&answer, &["title", "parent_ids", "has_unpublished_changes", "updated_at"]),
        json!({"title": "Old", "parent_ids": [8_100_001], "has_unpublished_changes": true,
               "updated_at": START + 5})
    );
}

#[tokio::test]
async fn publishing_makes_the_draft_the_live_text() {
    let world = World::new().await;
    let path = world.article("published").await;
    world.put(&format!("{path}/draft"), json!({"title": "New", "author_id": 2})).await.ok();
    world.clock.advance(5);
    let published = world.post(&format!("{path}/draft/publish"), json!({"locales": ["en"]})).await.ok();
    let want = json!({
        "title": "New",
        "state": "published",
        "has_unpublished_changes": false,
        "draft_updated_at": null,
        "updated_at": START + 5,
        "updated_by_id": 1,
    });
    assert_eq!(pick(&published, &FIELDS), want);
    assert_eq!(published["author_id"], 2);
    assert_eq!(world.get(&path).await.ok(), published);
}

#[tokio::test]
async fn a_missing_draft_is_an_empty_404() {
    let world = World::new().await;
    for state in ["draft", "published"] {
        let path = world.article(state).await;
        let reply = world.get(&format!("{path}/draft")).await;
        assert_eq!((reply.status, reply.text.as_str()), (404, ""), "{state}");
        assert!(reply.header("x-ratelimit-limit").is_some());
    }
    let no_article = world.get("/articles/7/draft").await.error();
    assert_eq!((no_article.0, no_article.1.as_str()), (404, "not_found"));
}

#[tokio::test]
async fn the_short_422_has_neither_code_nor_request_id() {
    let world = World::new().await;
    let short = |message: &str| json!({"errors": [{"message": message, "status": 422}]});
    let draft = world.article("draft").await;
    let reply = world.put(&format!("{draft}/draft"), json!({"title": "x"})).await;
    let message = "Article must be published before a draft can be staged";
    assert_eq!((reply.status, reply.json()), (422, short(message)));
    for state in ["draft", "published"] {
        let path = world.article(state).await;
        let reply = world.request("POST", &format!("{path}/draft/publish")).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), 422);
        assert_eq!(reply.json::<Value>().await.unwrap(), short("Article has no draft to publish"));
    }
}

#[tokio::test]
async fn a_locale_without_changes_is_not_published() {
    let world = World::new().await;
    let path = world.article("published").await;
    world.put(&format!("{path}/draft"), json!({"title": "New"})).await.ok();
    let publish = format!("{path}/draft/publish");
    let error = world.post(&publish, json!({"locales": ["en", "fr"]})).await.error();
    let message = "Cannot publish a draft for locale(s) without pending changes: fr";
    assert_eq!(error, (422, "parameter_invalid".into(), message.into()));
    assert_eq!(world.get(&path).await.ok()["title"], "Old");
    assert_eq!(world.get(&path).await.ok()["has_unpublished_changes"], true);
}

#[tokio::test]
async fn a_refused_body_stages_nothing() {
    let world = World::new().await;
    let path = world.article("published").await;
    let reply = world.put(&format!("{path}/draft"), json!({"body": "<ul></ul>"})).await;
    assert_eq!(reply.error().0, 400);
    assert_eq!(world.get(&path).await.ok()["has_unpublished_changes"], false);
    assert_eq!(world.get(&format!("{path}/versions")).await.ok()["total_count"], 1);
}

#[tokio::test]
async fn every_save_of_a_text_is_a_version() {
    let world = World::new().await;
    let path = world.article("published").await;
    world.clock.advance(1);
    world.put(&path, json!({"title": "Second"})).await.ok();
    world.clock.advance(1);
    world.put(&format!("{path}/draft"), json!({"title": "Staged"})).await.ok();
    let versions = world.get(&format!("{path}/versions")).await.ok();
    assert_eq!(versions["total_count"], 3);
    let fields = ["id", "title", "created_via", "from_version_id", "state", "created_at"];
    let seen: Vec<Value> = versions["data"].as_array().unwrap().iter().map(|version| pick(version, &fields)).collect();
    assert_eq!(
        seen,
        [
            json!({"id": "7100003", "title": "Staged", "created_via": "api",
                   "from_version_id": "7100002", "state": "draft", "created_at": START + 2}),
            json!({"id": "7100002", "title": "Second", "created_via": "api",
                   "from_version_id": "7100001", "state": "published", "created_at": START + 1}),
            json!({"id": "7100001", "title": "Old", "created_via": "api",
                   "from_version_id": null, "state": "draft", "created_at": START}),
        ]
    );
    assert_eq!(versions["data"][0].get("body"), None);

    world.post(&format!("{path}/draft/publish"), json!({})).await.ok();
    let newest = world.get(&format!("{path}/versions/7100003")).await.ok();
    assert_eq!(
        pick(&newest, &["state", "body", "author_id", "created_by_id"]),
        json!({"state": "published", "body": "<p class=\"no-margin\">old</p>",
               "author_id": "1", "created_by_id": "1"})
    );
}

#[tokio::test]
async fn versions_know_one_locale() {
    let world = World::new().await;
    let path = world.article("draft").await;
    assert_eq!(world.get(&format!("{path}/versions?locale=en")).await.status, 200);
    assert_eq!(
        world.get(&format!("{path}/versions?locale=fr")).await.error(),
        (400, "parameter_invalid".into(), "Unknown locale".into())
    );
    assert_eq!(world.get(&format!("{path}/versions/1")).await.error().0, 404);
}
