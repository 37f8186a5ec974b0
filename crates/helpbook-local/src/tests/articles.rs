//! Articles: create, update, list, search, delete.

use helpbook_model::{Article, Page};
use serde_json::json;

use super::{START, World, pick};
use crate::{NextForm, Options};

#[tokio::test]
async fn a_new_article_is_a_draft_without_address() {
    let world = World::new().await;
    let body = json!({"title": "Refund a customer", "body": "Hi", "author_id": 2});
    let article = world.post("/articles", body).await.ok();
    assert_eq!(
        article,
        json!({
            "type": "article",
            "id": "9100001",
            "workspace_id": "local",
            "title": "Refund a customer",
            "description": "",
            "body": "<p class=\"no-margin\">Hi</p>",
            "body_markdown": "Hi\n",
            "author_id": 2,
            "state": "draft",
            "created_at": START,
            "updated_at": START,
            "created_by_id": 1,
            "updated_by_id": 1,
            "has_unpublished_changes": false,
            "draft_updated_at": null,
            "url": null,
            "parent_ids": [],
            "audience_ids": [],
            "ai_chatbot_availability": true,
            "ai_copilot_availability": true,
            "ai_sales_agent_availability": true,
            "exclude_from_article_suggestions": false,
            "help_center_audience": "everyone",
            "scheduled_publish_at": null,
            "scheduled_unpublish_at": null,
            "tags": {"type": "tag.list", "tags": []},
            "statistics": article["statistics"],
        })
    );
    assert_eq!(world.get("/articles/9100001").await.ok(), article);
}

#[tokio::test]
async fn create_names_what_is_missing() {
    let world = World::new().await;
    let place = "must be in the main body or default locale translated_content object";
    for (body, field) in [(json!({"title": "a"}), "author_id"), (json!({"author_id": 1}), "title")] {
        let error = world.post("/articles", body).await.error();
        assert_eq!(error, (400, "parameter_not_found".into(), format!("{field} {place}")));
    }
    let named = json!({"translated_content": {"en": {"title": "a", "author_id": 1}}});
    assert_eq!(world.post("/articles", named).await.ok()["title"], "a");
}

#[tokio::test]
async fn a_body_is_sent_and_read_as_markdown() {
    let world = World::multilingual().await;
    let french = json!({"title": "Vieux", "body_markdown": "**vieux**"});
    let body = json!({"title": "Old", "body_markdown": "# A {#h_8104692fc1}\n\n> b", "author_id": 1,
                      "state": "published", "translated_content": {"fr": french}});
    let article = world.post("/articles", body).await.ok();
    assert_eq!(article["body"], "<h1 id=\"h_8104692fc1\">A</h1><p class=\"no-margin\">b</p>");
    assert_eq!(article["body_markdown"], "# A {#h_8104692fc1}\n\nb\n");
    assert_eq!(article["translated_content"]["fr"]["body"], "<p class=\"no-margin\"><b>vieux</b></p>");
    let path = format!("/articles/{}", article["id"].as_str().unwrap());
    let draft = world.put(&format!("{path}/draft"), json!({"body_markdown": "a  \nb"})).await.ok();
    assert_eq!(draft["body"], "<p class=\"no-margin\">a<br>b</p>");
    let versions = world.get(&format!("{path}/versions")).await.ok();
    let version = format!("{path}/versions/{}", versions["data"][0]["id"].as_str().unwrap());
    assert_eq!(world.get(&version).await.ok()["body_markdown"], "a  \nb\n");
    let both = world.put(&path, json!({"body": "x", "body_markdown": "x"})).await.error();
    assert_eq!((both.0, both.1.as_str()), (422, "data_invalid"));
    assert_eq!(world.get(&path).await.ok()["body_markdown"], article["body_markdown"]);
}

#[tokio::test]
async fn create_refuses_what_is_not_right() {
    let world = World::new().await;
    for (field, value, want) in [
        ("author_id", json!(99), (401, "unauthorized")),
        ("author_id", json!("x"), (400, "parameter_invalid")),
        ("title", json!(" "), (400, "parameter_invalid")),
        ("body", json!("<dl></dl>"), (400, "parameter_invalid")),
        ("state", json!("live"), (400, "parameter_invalid")),
        ("parent_id", json!(7), (400, "parameter_invalid")),
        ("body_markdown", json!(":::unknown"), (400, "parameter_invalid")),
        ("audience_ids", json!([5]), (404, "not_found")),
        ("translated_content", json!({"fr": {"title": "b"}}), (400, "parameter_invalid")),
    ] {
        let mut body = json!({"title": "a", "author_id": 1});
        body[field] = value;
        let (status, code, _) = world.post("/articles", body).await.error();
        assert_eq!((status, code.as_str()), want, "{field}");
    }
    let broken = world.request("POST", "/articles").body("{").send().await.unwrap();
    assert_eq!(broken.status().as_u16(), 400);
    assert_eq!(world.get("/articles").await.ok()["total_count"], 0);
}

#[tokio::test]
async fn a_put_changes_what_it_names_and_keeps_the_state() {
    let world = World::new().await;
    let fields = ["title", "body", "author_id", "state", "updated_at", "url"];
    for state in ["draft", "published"] {
        let path = world.article(state).await;
        let before = world.get(&path).await.ok();
        world.clock.advance(5);
        let after = world.put(&path, json!({"title": "New"})).await.ok();
        let mut want = pick(&before, &fields);
        want["title"] = json!("New");
        want["updated_at"] = json!(world.clock.now());
        if state == "published" {
            want["url"] = json!(before["url"].as_str().unwrap().replace("old", "new"));
        }
        assert_eq!(pick(&after, &fields), want, "{state}");
    }
}

#[tokio::test]
async fn a_put_of_the_same_content_counts_as_an_update() {
    let world = World::new().await;
    let path = world.article("published").await;
    world.clock.advance(5);
    let after = world.put(&path, json!({"body": "<p>old</p>"})).await.ok();
    assert_eq!(after["updated_at"], START + 5);
}

#[tokio::test]
async fn an_address_comes_with_the_first_publish_and_stays() {
    let world = World::new().await;
    let path = world.article("draft").await;
    assert_eq!(world.get(&path).await.ok()["url"], json!(null));
    let address = "http://help.localhost/local/en/articles/9100001-old";
    assert_eq!(world.put(&path, json!({"state": "published"})).await.ok()["url"], address);
    let unpublished = world.put(&path, json!({"state": "draft"})).await.ok();
    assert_eq!(pick(&unpublished, &["state", "url"]), json!({"state": "draft", "url": address}));
}

#[tokio::test]
async fn an_article_stands_in_its_collection_and_those_above() {
    let world = World::new().await;
    let top = world.collection("Top", None).await;
    let sub = world.collection("Sub", Some(&top)).await;
    let path = world.article("draft").await;
    // The path takes a string here, a number on create.
    let moved = world.put(&path, json!({"parent_id": sub})).await.ok();
    assert_eq!(moved["parent_ids"], json!([8_100_002, 8_100_001]));
    let kept = world.put(&path, json!({"title": "x", "parent_id": null})).await.ok();
    assert_eq!(kept["parent_ids"], json!([8_100_002, 8_100_001]));
}

#[tokio::test]
async fn a_deleted_article_is_gone_and_its_id_is_not_used_again() {
    let world = World::new().await;
    let path = world.article("published").await;
    assert_eq!(world.delete(&path).await.ok(), json!({"id": "9100001", "object": "article", "deleted": true}));
    let gone = (404, "not_found".to_owned(), "Resource Not Found".to_owned());
    assert_eq!(world.get(&path).await.error(), gone);
    assert_eq!(world.delete(&path).await.error(), gone);
    assert_eq!(world.put(&path, json!({"title": "x"})).await.error(), gone);
    assert_eq!(world.get(&format!("{path}/versions")).await.error(), gone);
    assert_eq!(world.article("draft").await, "/articles/9100002");
}

#[tokio::test]
async fn the_list_shows_the_latest_update_first_and_no_statistics() {
    let world = World::new().await;
    let first = world.article("draft").await;
    world.clock.advance(1);
    world.article("draft").await;
    world.clock.advance(1);
    world.put(&first, json!({"title": "New"})).await.ok();
    let list = world.get("/articles").await.ok();
    let ids: Vec<&str> = list["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["9100001", "9100002"]);
    assert_eq!(list["data"][0].get("statistics"), None);
    assert_eq!(list["data"][0]["body"], "<p class=\"no-margin\">old</p>");
    assert_eq!(list["pages"], json!({"type": "pages", "page": 1, "per_page": 25, "total_pages": 1, "next": null}));
}

#[tokio::test]
async fn the_list_is_walked_by_the_address_of_the_next_page() {
    let world = World::new().await;
    for _ in 0..5 {
        world.article("draft").await;
    }
    let mut path = "/articles?per_page=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let reply = world.get(&path).await;
        let page: Page<Article> = serde_json::from_str(&reply.text).unwrap();
        assert_eq!(page.total_count, Some(5));
        seen.extend(page.data.iter().map(|article| article.id.0));
        match reply.ok()["pages"]["next"].as_str() {
            Some(next) => path = next.strip_prefix(&world.center.url()).unwrap().to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, [9_100_005, 9_100_004, 9_100_003, 9_100_002, 9_100_001]);
}

#[tokio::test]
async fn next_may_be_an_object() {
    let world = World::with(Options::behaving(|does| does.next = NextForm::Object)).await;
    world.article("draft").await;
    world.article("draft").await;
    let list = world.get("/articles?per_page=1").await.ok();
    let cursor = list["pages"]["next"]["starting_after"].as_str().unwrap();
    let next = world.get(&format!("/articles?per_page=1&starting_after={cursor}")).await.ok();
    assert_eq!(next["data"][0]["id"], "9100001");
}

#[tokio::test]
async fn a_page_may_hold_250_and_no_more() {
    let world = World::new().await;
    assert_eq!(world.get("/articles?per_page=250").await.status, 200);
    assert_eq!(
        world.get("/articles?per_page=251").await.error(),
        (400, "parameter_invalid".into(), "Per Page is too big".into())
    );
}

#[tokio::test]
async fn search_looks_at_title_description_and_text() {
    let world = World::new().await;
    for (title, body, state) in
        [("Refunds", "<p>x</p>", "published"), ("Other", "<p>a <b>REFUND</b></p>", "draft"), ("None", "", "draft")]
    {
        let body = json!({"title": title, "body": body, "author_id": 1, "state": state});
        world.post("/articles", body).await.ok();
    }
    let found = world.get("/articles/search?phrase=refund").await.ok();
    assert_eq!(found["total_count"], 2);
    assert_eq!(found["data"]["highlights"], json!([]));
    assert_eq!(found["pages"]["per_page"], 10);
    let found = world.get("/articles/search?phrase=refund&state=published&highlight=true").await.ok();
    assert_eq!(found["data"]["articles"][0]["title"], "Refunds");
    assert_eq!(
        found["data"]["highlights"],
        json!([{
            "article_id": "9100001",
            "highlighted_title": [
                {"type": "highlight", "text": "Refund"},
                {"type": "plain", "text": "s"},
            ],
            "highlighted_summary": [],
        }])
    );
}
