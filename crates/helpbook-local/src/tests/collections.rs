//! Collections and their tree.

use helpbook_model::{Collection, Page};
use serde_json::json;

use super::{START, World, pick};

#[tokio::test]
async fn a_new_collection_gets_order_and_icon_from_the_server() {
    let world = World::new().await;
    let body = json!({"name": "Billing & more", "icon": "star", "order": 9});
    let collection = world.post("/help_center/collections", body).await.ok();
    assert_eq!(
        collection,
        json!({
            "id": "8100001",
            "workspace_id": "local",
            "name": "Billing & more",
            "description": "",
            "created_at": START,
            "updated_at": START,
            "url": "http://help.localhost/local/en/collections/8100001-billing-more",
            "icon": "book-bookmark",
            "order": 1,
            "parent_id": null,
            "help_center_id": 1,
        })
    );
    assert_eq!(world.get("/help_center/collections/8100001").await.ok(), collection);
}

#[tokio::test]
async fn a_collection_needs_a_name() {
    let world = World::new().await;
    let error = world.post("/help_center/collections", json!({"description": "x"})).await.error();
    assert_eq!(error, (400, "parameter_not_found".into(), "Name is a required parameter.".into()));
}

#[tokio::test]
async fn collections_nest_three_levels() {
    let world = World::new().await;
    let one = world.collection("One", None).await;
    let two = world.collection("Two", Some(&one)).await;
    let three = world.collection("Three", Some(&two)).await;
    let four = json!({"name": "Four", "parent_id": three});
    assert_eq!(world.post("/help_center/collections", four).await.error().0, 400);
    let nested = world.get(&format!("/help_center/collections/{two}")).await.ok();
    assert_eq!(
        pick(&nested, &["parent_id", "help_center_id", "icon"]),
        json!({"parent_id": one, "help_center_id": null, "icon": null})
    );
    let below_itself = json!({"parent_id": three});
    let path = format!("/help_center/collections/{one}");
    assert_eq!(world.put(&path, below_itself).await.error().0, 400);
}

#[tokio::test]
async fn a_collection_is_renamed_and_moved() {
    let world = World::new().await;
    let one = world.collection("One", None).await;
    let two = world.collection("Two", None).await;
    let path = format!("/help_center/collections/{two}");
    world.clock.advance(5);
    let moved = world.put(&path, json!({"parent_id": one})).await.ok();
    let fields = ["name", "parent_id", "updated_at"];
    assert_eq!(pick(&moved, &fields), json!({"name": "Two", "parent_id": one, "updated_at": START + 5}));
    let renamed = world.put(&path, json!({"name": "New"})).await.ok();
    assert_eq!(pick(&renamed, &["name", "parent_id"]), json!({"name": "New", "parent_id": one}));
    // Null means the first level here.
    let top = world.put(&path, json!({"parent_id": null})).await.ok();
    assert_eq!(top["parent_id"], json!(null));
    assert_eq!(world.put("/help_center/collections/7", json!({})).await.error().0, 404);
}

#[tokio::test]
async fn a_collection_has_a_name_per_locale() {
    let world = World::multilingual().await;
    let body = json!({"name": "Billing", "translated_content": {"fr": {"name": "Facturation"}}});
    let made = world.post("/help_center/collections", body).await.ok();
    assert_eq!(made["default_locale"], "en");
    assert_eq!(
        made["translated_content"],
        json!({
            "type": "group_translated_content",
            "en": {"type": "group_content", "name": "Billing", "description": ""},
            "fr": {"type": "group_content", "name": "Facturation", "description": ""},
        })
    );
    let path = format!("/help_center/collections/{}", made["id"].as_str().unwrap());
    let french = json!({"translated_content": {"fr": {"description": "Payer"}, "en": {"description": "Pay"}}});
    let changed = world.put(&path, french).await.ok();
    assert_eq!(
        changed["translated_content"]["fr"],
        json!({"type": "group_content", "name": "Facturation", "description": "Payer"})
    );
    assert_eq!(pick(&changed, &["name", "description"]), json!({"name": "Billing", "description": "Pay"}));
    let unknown = json!({"translated_content": {"de": {"name": "Abrechnung"}}});
    assert_eq!(world.put(&path, unknown).await.error().0, 400);
    let other = world.collection("Two", None).await;
    let path = format!("/help_center/collections/{other}");
    let nameless = json!({"translated_content": {"fr": {"description": "x"}}});
    assert_eq!(world.put(&path, nameless).await.error().0, 400);
    assert_eq!(world.get(&path).await.ok()["translated_content"]["fr"], json!(null));
    let single = World::new().await;
    single.collection("One", None).await;
    let alone = single.get("/help_center/collections/8100001").await.ok();
    assert_eq!((alone.get("translated_content"), alone.get("default_locale")), (None, None));
}

#[tokio::test]
async fn only_an_empty_collection_is_deleted() {
    let world = World::new().await;
    let one = world.collection("One", None).await;
    let two = world.collection("Two", Some(&one)).await;
    let article = world.article("draft").await;
    world.put(&article, json!({"parent_id": two})).await.ok();
    for id in [&one, &two] {
        let error = world.delete(&format!("/help_center/collections/{id}")).await.error();
        assert_eq!((error.0, error.1.as_str()), (422, "data_invalid"));
    }
    world.delete(&article).await.ok();
    assert_eq!(
        world.delete(&format!("/help_center/collections/{two}")).await.ok(),
        json!({"id": two, "object": "collection", "deleted": true})
    );
    assert_eq!(world.delete(&format!("/help_center/collections/{one}")).await.status, 200);
}

#[tokio::test]
async fn a_page_of_collections_holds_twenty() {
    let world = World::new().await;
    for n in 0..21 {
        world.collection(&format!("C{n}"), None).await;
    }
    let list = world.get("/help_center/collections").await;
    let page: Page<Collection> = serde_json::from_str(&list.text).unwrap();
    assert_eq!((page.data.len(), page.total_count), (20, Some(21)));
    assert_eq!(
        list.ok()["pages"]["next"],
        format!("{}/help_center/collections?page=2&per_page=20", world.center.url())
    );
}
