//! Images: served from the docs folder, taken over on save, signed on read.

use std::fs;

use serde_json::json;

use super::{Reply, World};
use crate::Options;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

async fn world() -> (tempfile::TempDir, World) {
    let docs = tempfile::tempdir().unwrap();
    fs::create_dir(docs.path().join("images")).unwrap();
    fs::write(docs.path().join("images/menu.png"), PNG).unwrap();
    fs::write(docs.path().join("page.md"), "# secret").unwrap();
    let options = Options { docs: Some(docs.path().to_owned()), ..Options::default() };
    let world = World::with(options).await;
    (docs, world)
}

/// The image's address in a body.
fn src(body: &str) -> &str {
    body.split("<img src=\"").nth(1).unwrap().split('"').next().unwrap()
}

#[tokio::test]
async fn the_docs_folder_shows_its_images_and_nothing_else() {
    let (_docs, world) = world().await;
    let reply = world.bare("GET", "/docs/images/menu.png").send().await.unwrap();
    assert_eq!(reply.status().as_u16(), 200);
    assert_eq!(reply.headers()["content-type"], "image/png");
    assert_eq!(reply.headers()["x-content-type-options"], "nosniff");
    assert_eq!(reply.bytes().await.unwrap(), PNG);
    for path in ["/docs/page.md", "/docs/images", "/docs/", "/docs/..%2fx.png"] {
        assert_eq!(world.bare("GET", path).send().await.unwrap().status().as_u16(), 404, "{path}");
    }
    let foreign = world.bare("GET", "/docs/images/menu.png").header("Host", "evil.example");
    assert_eq!(foreign.send().await.unwrap().status().as_u16(), 403);
}

#[tokio::test]
async fn an_image_of_the_docs_is_taken_over() {
    let (_docs, world) = world().await;
    let html = format!("<img src=\"{}/docs/images/menu.png\" alt=\"Menu\">", world.center.url());
    let body = json!({"title": "a", "author_id": 1, "body": html});
    let article = world.post("/articles", body).await.ok();
    let stored = src(article["body"].as_str().unwrap());
    assert!(stored.starts_with("https://downloads.intercomcdn.com/i/o/local/1/"), "{stored}");
    assert!(stored.contains("/menu.png?expires="), "{stored}");
}

#[tokio::test]
async fn an_image_that_is_not_there_is_a_400() {
    let (_docs, world) = world().await;
    for path in ["/docs/images/none.png", "/docs/page.md", "/other.png"] {
        let html = format!("<img src=\"{}{path}\">", world.center.url());
        let body = json!({"title": "a", "author_id": 1, "body": html});
        let error = world.post("/articles", body).await.error();
        assert_eq!(error, (400, "parameter_invalid".into(), "body: an image could not be fetched".into()));
    }
}

#[tokio::test]
async fn every_read_signs_anew_and_a_read_body_may_be_sent_back() {
    let (_docs, world) = world().await;
    let path = world.article("published").await;
    let html = json!({"body": "<img src=\"https://example.com/a.png\">"});
    world.put(&path, html.clone()).await.ok();
    let read = |reply: Reply| reply.ok()["body"].as_str().unwrap().to_owned();
    let first = read(world.get(&path).await);
    let second = read(world.get(&path).await);
    assert_ne!(first, second);
    let bare = |body: &str| src(body).split('?').next().unwrap().to_owned();
    assert_eq!(bare(&first), bare(&second));

    let sent_back = read(world.put(&path, json!({"body": first})).await);
    assert_eq!(bare(&sent_back), bare(&first));
    assert_eq!(sent_back.matches("expires=").count(), 1);

    let sent_anew = read(world.put(&path, html).await);
    assert_ne!(bare(&sent_anew), bare(&first));
}
