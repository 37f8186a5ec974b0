//! Operations outside the Help Center.

use helpbook_catalogue::{Body, Catalogue, Scope};
use serde_json::json;

use super::{Reply, World};

#[tokio::test]
async fn every_operation_outside_the_help_center_answers_with_an_example() {
    let world = World::new().await;
    let kept = ["/articles", "/audiences", "/help_center", "/me", "/tags"];
    let mut examples = 0;
    for operation in Catalogue::get().operations().iter().filter(|one| one.scope == Scope::Described) {
        let path: Vec<&str> =
            operation.path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect();
        let mut request = world.request(operation.method.name(), &path.join("/"));
        if operation.body.is_some() {
            request = request.json(&json!({}));
        }
        if let Some(accept) = &operation.accept {
            request = request.header("Accept", accept);
        }
        let reply = Reply::read(request.send().await.unwrap()).await;
        let first = format!("/{}", operation.path.split('/').nth(1).unwrap());
        let is_teammate = ["listAdmins", "retrieveAdmin"].contains(&operation.name.as_str());
        let is_example = reply.header("x-helpbook-example") == Some("true");
        assert_eq!(is_example, !kept.contains(&first.as_str()) && !is_teammate, "{}", operation.name);
        if is_example {
            examples += 1;
            assert_eq!(reply.status, operation.answer.status, "{}", operation.name);
            assert_eq!(reply.text.is_empty(), !matches!(operation.answer.body, Body::Json(_)), "{}", operation.name);
        }
    }
    assert_eq!(examples, 195);
}

#[tokio::test]
async fn an_example_needs_a_token_and_a_body_that_is_json() {
    let world = World::new().await;
    let bare = Reply::read(world.bare("GET", "/contacts").send().await.unwrap()).await;
    assert_eq!((bare.status, bare.header("x-helpbook-example")), (401, None));
    let broken = Reply::read(world.request("POST", "/contacts").body("{").send().await.unwrap()).await;
    assert_eq!((broken.error().0, broken.header("x-helpbook-example")), (400, None));
    assert_eq!(world.get("/nowhere").await.error().0, 404);
    assert_eq!(world.post("/custom_channel_events/notify_new_message", json!({})).await.error().0, 404);
}

#[tokio::test]
async fn an_example_is_the_same_each_time_and_a_list_ends_with_it() {
    let world = World::new().await;
    let (one, other) = (world.get("/contacts").await.ok(), world.get("/contacts").await.ok());
    assert_eq!(one, other);
    assert_eq!((&one["type"], &one["pages"]["next"]), (&json!("list"), &json!(null)));
    assert_eq!(one["data"][0]["email"], "ada@example.com");
}
