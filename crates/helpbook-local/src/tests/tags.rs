//! Tags of the workspace and of articles.

use serde_json::{Value, json};

use super::{START, World};

#[tokio::test]
async fn a_tag_is_made_once_whatever_its_case() {
    let world = World::new().await;
    let tag = json!({"type": "tag", "id": "6100001", "name": "Billing"});
    let mut made = tag.clone();
    (made["users"], made["companies"]) = (json!([]), json!([]));
    assert_eq!(world.post("/tags", json!({"name": " Billing "})).await.ok(), made);
    assert_eq!(world.post("/tags", json!({"name": "billing"})).await.ok(), made);
    assert_eq!(world.get("/tags").await.ok(), json!({"type": "list", "data": [tag]}));
    let renamed = world.post("/tags", json!({"id": "6100001", "name": "Money"})).await.ok();
    assert_eq!(renamed["name"], "Money");
    for body in [json!({}), json!({"name": " "})] {
        assert_eq!(world.post("/tags", body).await.error().0, 400);
    }
    // Nobody is there to be tagged: passed over from 2.16 on, and a 404 before.
    let body = json!({"name": "Money", "users": [{"id": "1"}], "companies": []});
    assert_eq!(world.post("/tags", body.clone()).await.ok()["users"], json!([]));
    let older = world.bare("POST", "/tags").bearer_auth(world.center.token()).header("Intercom-Version", "2.14");
    assert_eq!(older.json(&body).send().await.unwrap().status().as_u16(), 404);
    assert_eq!(world.post("/tags", json!({"id": 7, "name": "x"})).await.error().0, 400);
}

#[tokio::test]
async fn an_article_gets_and_loses_a_tag() {
    let world = World::new().await;
    let path = world.article("published").await;
    let before = world.get(&path).await.ok();
    world.post("/tags", json!({"name": "Billing"})).await.ok();
    world.clock.advance(5);
    let applied = world.post(&format!("{path}/tags"), json!({"id": "6100001"})).await.ok();
    assert_eq!(
        applied,
        json!({"type": "tag", "id": "6100001", "name": "Billing", "applied_at": START + 5,
               "applied_by": {"type": "admin", "id": "1"}})
    );
    world.post(&format!("{path}/tags"), json!({"id": "6100001"})).await.ok();
    let mut want = before.clone();
    want["tags"]["tags"] = json!([{"type": "tag", "id": "6100001", "name": "Billing"}]);
    assert_eq!(world.get(&path).await.ok(), want);
    let error = world.delete("/tags/6100001").await.error();
    assert_eq!((error.0, error.1.as_str()), (400, "tag_has_dependent_objects"));

    let removed = world.delete(&format!("{path}/tags/6100001")).await.ok();
    assert_eq!((&removed["applied_at"], &removed["applied_by"]), (&Value::Null, &Value::Null));
    assert_eq!(world.get(&path).await.ok(), before);
    assert_eq!(world.delete("/tags/6100001").await.status, 200);
    assert_eq!(world.get("/tags").await.ok()["data"], json!([]));
}

#[tokio::test]
async fn a_missing_article_and_a_missing_tag_are_told_apart() {
    let world = World::new().await;
    let path = world.article("draft").await;
    let code = |error: (u16, String, String)| (error.0, error.1);
    let no_article = world.post("/articles/7/tags", json!({"id": "7"})).await;
    assert_eq!(code(no_article.error()), (404, "article_not_found".into()));
    let no_tag = world.post(&format!("{path}/tags"), json!({"id": "7"})).await;
    assert_eq!(code(no_tag.error()), (404, "tag_not_found".into()));
    assert_eq!(code(world.delete("/articles/7/tags/7").await.error()), (404, "article_not_found".into()));
    assert_eq!(code(world.delete(&format!("{path}/tags/7")).await.error()), (404, "tag_not_found".into()));
    assert_eq!(world.post(&format!("{path}/tags"), json!({})).await.error().0, 400);
}
