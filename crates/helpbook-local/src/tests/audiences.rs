//! Audiences, and whom Fin may use an article for.

use helpbook_model::{Audience, Page};
use serde_json::{Value, json};

use super::{START, World};

#[tokio::test]
async fn audiences_are_made_listed_changed_and_deleted() {
    let world = World::new().await;
    let made = world.post("/audiences", json!({"name": "VIP customers"})).await;
    assert_eq!(made.status, 201);
    assert_eq!(
        made.json(),
        json!({"type": "audience", "id": "4100001", "name": "VIP customers", "predicates": [],
               "role_predicates": [], "created_at": START, "updated_at": START})
    );
    assert_eq!(world.post("/audiences", json!({})).await.error().0, 422);
    let list = world.get("/audiences").await;
    let page: Page<Audience> = serde_json::from_str(&list.text).unwrap();
    assert_eq!((page.data[0].name.as_str(), page.total_count, page.total_pages), ("VIP customers", Some(1), Some(1)));
    assert_eq!(world.put("/audiences/4100001", json!({"name": "VIPs"})).await.ok()["name"], "VIPs");
    let gone = world.delete("/audiences/4100001").await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert_eq!(world.get("/audiences/4100001").await.error().0, 404);
}

#[tokio::test]
async fn an_article_is_for_some_audiences() {
    let world = World::new().await;
    world.post("/audiences", json!({"name": "VIPs"})).await;
    let path = world.article("published").await;
    let put = |body: Value| world.put(&path, body);
    assert_eq!(put(json!({"audience_ids": [4_100_001]})).await.ok()["audience_ids"], json!([4_100_001]));
    assert_eq!(put(json!({"title": "New"})).await.ok()["audience_ids"], json!([4_100_001]));
    let error = put(json!({"title": "Newer", "audience_ids": [4_100_001, 7]})).await.error();
    assert_eq!((error.0, error.1.as_str()), (404, "not_found"));
    assert_eq!(world.get(&path).await.ok()["title"], "New");
    assert_eq!(put(json!({"audience_ids": []})).await.ok()["audience_ids"], json!([]));
}

#[tokio::test]
async fn audiences_at_the_top_beat_those_of_a_locale() {
    let world = World::multilingual().await;
    for name in ["One", "Two"] {
        world.post("/audiences", json!({"name": name})).await;
    }
    let path = world.translated("published", "published").await;
    let audiences =
        |article: &Value| ["en", "fr"].map(|locale| article["translated_content"][locale]["audience_ids"].clone());
    let french = json!({"translated_content": {"fr": {"audience_ids": [4_100_002]}}});
    assert_eq!(audiences(&world.put(&path, french).await.ok()), [json!([]), json!([4_100_002])]);
    let english = json!({"translated_content": {"en": {"audience_ids": [4_100_001]}}});
    assert_eq!(audiences(&world.put(&path, english).await.ok()), [json!([4_100_001]), json!([4_100_002])]);
    let both = json!({"audience_ids": [4_100_001],
                      "translated_content": {"fr": {"audience_ids": [4_100_002]}}});
    assert_eq!(audiences(&world.put(&path, both).await.ok()), [json!([4_100_001]), json!([4_100_001])]);
    let clear = json!({"audience_ids": []});
    assert_eq!(audiences(&world.put(&path, clear).await.ok()), [json!([]), json!([])]);
}
