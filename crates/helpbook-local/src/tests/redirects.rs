//! Redirects of the Help Center.

use helpbook_model::{Page, Redirect};
use serde_json::{Value, json};

use super::{START, World};

const PATH: &str = "/help_center/help_centers/1/redirects";

fn redirect(changes: &[(&str, Value)]) -> Value {
    let mut body = json!({"from_url": "http://help.localhost/local/en/articles/12-old", "locale": "en",
                          "target_type": "article", "target_id": "9100001"});
    for (name, value) in changes {
        body[*name] = value.clone();
    }
    body
}

#[tokio::test]
async fn a_redirect_is_made_listed_and_deleted() {
    let world = World::new().await;
    world.article("published").await;
    let made = world.post(PATH, redirect(&[])).await.ok();
    assert_eq!(
        made,
        json!({
            "type": "help_center_redirect",
            "id": "5100001",
            "from_url": "http://help.localhost/local/en/articles/12-old",
            "locale": "en",
            "help_center_id": "1",
            "target_type": "article",
            "target_id": "9100001",
            "created_at": START,
            "updated_at": START,
        })
    );
    let list = world.get(PATH).await;
    let page: Page<Redirect> = serde_json::from_str(&list.text).unwrap();
    assert_eq!((page.data.len(), page.total_count, list.ok()["pages"]["per_page"].clone()), (1, Some(1), json!(50)));
    let one = format!("{PATH}/5100001");
    assert_eq!(world.get(&one).await.ok(), made);
    assert_eq!(
        world.delete(&one).await.ok(),
        json!({"id": "5100001", "object": "help_center_redirect", "deleted": true})
    );
    assert_eq!(world.delete(&one).await.error().0, 404);
    assert_eq!(world.get("/help_center/help_centers/7/redirects").await.error().0, 404);
}

#[tokio::test]
async fn what_is_wrong_with_a_redirect_is_told() {
    let world = World::new().await;
    world.article("draft").await;
    world.collection("One", None).await;
    for (field, value, want) in [
        ("from_url", json!(null), (400, "parameter_not_found")),
        ("target_id", json!(null), (400, "parameter_not_found")),
        ("target_type", json!("page"), (400, "parameter_invalid")),
        ("locale", json!("fr"), (400, "parameter_invalid")),
        ("from_url", json!("/en/articles/12-old"), (422, "data_invalid")),
        ("from_url", json!("http://help.localhost/locals/en"), (422, "data_invalid")),
        ("from_url", json!("https://example.com/local/en"), (422, "data_invalid")),
        ("target_id", json!("7"), (422, "data_invalid")),
        ("target_type", json!("collection"), (422, "data_invalid")),
    ] {
        let (status, code, _) = world.post(PATH, redirect(&[(field, value.clone())])).await.error();
        assert_eq!((status, code.as_str()), want, "{field}: {value}");
    }
    let to_collection = redirect(&[("target_type", json!("collection")), ("target_id", json!(8_100_001))]);
    assert_eq!(world.post(PATH, to_collection).await.ok()["target_type"], "collection");
}

#[tokio::test]
async fn an_address_has_one_redirect() {
    let world = World::multilingual().await;
    world.article("published").await;
    let french = redirect(&[("locale", json!("fr"))]);
    // There is no French text to lead to.
    assert_eq!(world.post(PATH, french).await.ok()["locale"], "en");
    let error = world.post(PATH, redirect(&[])).await.error();
    assert_eq!(error, (409, "resource_conflict".into(), "A redirect with that URL already exists".into()));
    let with_slash = redirect(&[("from_url", json!("http://help.localhost/local/en/articles/12-old/"))]);
    assert_eq!(world.post(PATH, with_slash).await.status, 409);
}
