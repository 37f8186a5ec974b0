//! Token, version, rate limit, host and origin; and the small fixed answers.

use helpbook_model::{AdminList, HelpCenter, Me};
use serde_json::json;

use super::{Reply, START, World, pick};
use crate::Options;

#[tokio::test]
async fn a_wrong_token_gets_a_401_without_rate_headers() {
    let world = World::new().await;
    let version = |request: reqwest::RequestBuilder| request.header("Intercom-Version", "2.16");
    for request in [
        version(world.bare("GET", "/me")),
        version(world.bare("GET", "/me").bearer_auth("wrong")),
        version(world.bare("GET", "/me").header("Authorization", world.center.token())),
        world.bare("GET", "/nowhere"),
    ] {
        let reply = Reply::read(request.send().await.unwrap()).await;
        assert_eq!(reply.error(), (401, "unauthorized".into(), "Access Token Invalid".into()));
        assert_eq!(reply.header("x-ratelimit-limit"), None);
    }
}

#[tokio::test]
async fn a_token_may_be_the_password_of_an_app() {
    let world = World::new().await;
    let ask = async |user: &str, password: &str| {
        let request = world.bare("GET", "/me").basic_auth(user, Some(password));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask("", world.center.token()).await, 200);
    assert_eq!(ask("a1b2c3d4", world.center.token()).await, 200);
    assert_eq!(ask(world.center.token(), "").await, 401);
    assert_eq!(ask("", "wrong").await, 401);
}

#[tokio::test]
async fn who_does_not_take_json_gets_a_406() {
    let world = World::new().await;
    for (accept, status) in [
        ("*/*", 200),
        ("application/json", 200),
        ("text/html, application/json;q=0.5", 200),
        ("Application/*", 200),
        ("text/html", 406),
        ("", 406),
    ] {
        let reply = world.request("GET", "/me").header("Accept", accept).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), status, "{accept}");
    }
}

#[tokio::test]
async fn every_version_has_its_own_fields_and_paths() {
    let world = World::new().await;
    let ask = async |version: Option<&str>, path: &str| {
        let mut request = world.bare("GET", path).bearer_auth(world.center.token());
        if let Some(version) = version {
            request = request.header("Intercom-Version", version);
        }
        Reply::read(request.send().await.unwrap()).await
    };
    let made = world.post("/articles", json!({"title": "A", "body": "<p>b</p>", "author_id": 1})).await.ok();
    let id = made["id"].as_str().unwrap().to_owned();
    for (version, has_parent, has_tags, has_flags) in [
        (Some("2.11"), true, false, false),
        (Some("2.14"), true, true, false),
        (Some("2.15"), true, true, false),
        (Some("2.16"), false, true, true),
        (Some("Unstable"), false, true, true),
        (Some("preview"), false, true, true),
        (None, false, true, true),
    ] {
        let article = ask(version, &format!("/articles/{id}")).await.ok();
        let has = |name: &str| article.get(name).is_some();
        let found = (has("parent_id"), has("tags"), has("has_unpublished_changes"));
        assert_eq!(found, (has_parent, has_tags, has_flags), "{version:?}");
        let draft = ask(version, &format!("/articles/{id}/draft")).await;
        assert_eq!(draft.status, if has_flags { 404 } else { 400 }, "{version:?}");
    }
    for (version, message) in [
        ("9.9", "The requested version could not be found"),
        ("2.9", "Requested resource is not available in current API version."),
    ] {
        let reply = ask(Some(version), "/me").await;
        assert_eq!(reply.error(), (400, "intercom_version_invalid".into(), message.into()));
    }
}

#[tokio::test]
async fn a_walk_over_help_centers_ends_and_a_teammate_is_found() {
    let world = World::new().await;
    assert_eq!(world.get("/help_center/help_centers?page=1").await.ok()["data"].as_array().unwrap().len(), 1);
    assert_eq!(world.get("/help_center/help_centers?page=2").await.ok()["data"], json!([]));
    assert_eq!(world.get("/admins/2").await.ok()["name"], "Grace");
    assert_eq!(world.get("/admins/7").await.error(), (404, "admin_not_found".into(), "Admin not found".into()));
}

#[tokio::test]
async fn the_rate_limit_is_shown_and_held() {
    let world = World::with(Options { rate_limit: Some(2), ..Options::default() }).await;
    let limit = |reply: &Reply| {
        ["limit", "remaining", "reset"].map(|name| reply.header(&format!("x-ratelimit-{name}")).unwrap().to_owned())
    };
    let reset = (START + 10).to_string();
    let first = world.get("/me").await;
    assert_eq!((first.status, limit(&first)), (200, ["2".into(), "1".into(), reset.clone()]));
    assert_eq!(world.get("/nowhere").await.status, 404);
    let third = world.get("/me").await;
    let message = "Exceeded rate limit of 2 in 10_seconds".to_owned();
    assert_eq!(third.error(), (429, "rate_limit_exceeded".into(), message));
    assert_eq!(limit(&third), ["2".into(), "0".into(), reset]);
    world.clock.advance(10);
    assert_eq!(world.get("/me").await.status, 200);
}

#[tokio::test]
async fn a_foreign_host_or_origin_is_refused() {
    let world = World::new().await;
    for (header, value, status) in [
        ("Host", "evil.example:80", 403),
        ("Origin", "https://evil.example", 403),
        ("Origin", "null", 403),
        ("Sec-Fetch-Site", "cross-site", 403),
        ("Sec-Fetch-Site", "none", 200),
        ("Origin", "http://localhost:3000", 200),
        ("Host", "localhost", 200),
    ] {
        let request = world.request("GET", "/me").header(header, value);
        let reply = Reply::read(request.send().await.unwrap()).await;
        assert_eq!(reply.status, status, "{header}: {value}");
    }
}

#[tokio::test]
async fn a_request_is_bounded_in_size() {
    let world = World::new().await;
    let body = vec![b' '; 16 * 1024 * 1024 + 1];
    let reply = world.request("POST", "/articles").body(body).send().await.unwrap();
    assert_eq!(reply.status().as_u16(), 413);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_not_found() {
    let world = World::new().await;
    for path in ["/", "/nowhere", "/articles/x", "/articles/1/other", "/help_center/sections"] {
        let error = world.get(path).await.error();
        assert_eq!(error, (404, "not_found".into(), "Resource Not Found".into()), "{path}");
    }
    assert_eq!(world.post("/me", json!({})).await.error().0, 404);
}

#[tokio::test]
async fn the_workspace_is_the_same_everywhere() {
    let world = World::new().await;
    let me: Me = serde_json::from_value(world.get("/me").await.ok()).unwrap();
    assert_eq!((me.id.0, me.app.id_code.as_str()), (1, "local"));
    assert_eq!(me.email.as_deref(), Some("ada@example.com"));
    let admins: AdminList = serde_json::from_value(world.get("/admins").await.ok()).unwrap();
    let emails: Vec<_> = admins.admins.iter().map(|admin| admin.email.as_deref()).collect();
    assert_eq!(emails, [Some("ada@example.com"), Some("grace@example.com")]);
    let list = world.get("/help_center/help_centers").await.ok();
    assert_eq!(list.get("pages"), None);
    let one = world.get("/help_center/help_centers/1").await.ok();
    assert_eq!(list["data"], json!([one]));
    assert_eq!(
        pick(&one, &["identifier", "display_name", "url", "locales"]),
        json!({"identifier": "local", "display_name": "Local Help Center",
               "url": "http://help.localhost/local", "locales": ["en"]})
    );
    serde_json::from_value::<HelpCenter>(one).unwrap();
    assert_eq!(world.get("/help_center/help_centers/2").await.error().0, 404);
}
