//! The site, as customers see it.

use serde_json::{Value, json};

use super::{Reply, World};

/// What a customer gets at an address that the API gave.
async fn seen(world: &World, address: &Value) -> Reply {
    let path = address.as_str().unwrap().strip_prefix("http://help.localhost").unwrap();
    Reply::read(world.bare("GET", path).header("Host", "help.localhost").send().await.unwrap()).await
}

async fn get(world: &World, path: &str) -> Reply {
    Reply::read(world.bare("GET", path).send().await.unwrap()).await
}

#[tokio::test]
async fn what_is_published_is_at_its_address_and_nothing_else_is() {
    let world = World::multilingual().await;
    let collection = world.post("/help_center/collections", json!({"name": "Billing & more"})).await.ok();
    let empty = world.post("/help_center/collections", json!({"name": "Empty"})).await.ok();
    let parent = collection["id"].as_str().unwrap().parse::<u64>().unwrap();
    let article = json!({"title": "Refunds", "author_id": 1, "state": "published", "parent_id": parent, "parent_type": "collection",
        "body": "<h1>Steps</h1><p>one <a href=\"http://help.localhost/local/en/articles/9\">x</a></p><p>two</p><script>x()</script>",
        "translated_content": {"fr": {"title": "Remboursements", "body": "<p>un</p>", "author_id": 1, "state": "draft"}}});
    let live = world.post("/articles", article).await.ok();
    let draft = json!({"title": "Secret", "body": "<p>later</p>", "author_id": 1, "parent_id": parent, "parent_type": "collection"});
    let draft = world.post("/articles", draft).await.ok();
    let loose = json!({"title": "By address", "body": "<p>alone</p>", "author_id": 1, "state": "published"});
    let loose = world.post("/articles", loose).await.ok();

    let page = seen(&world, &live["url"]).await;
    assert_eq!(page.status, 200);
    for text in
        ["<h1>Refunds</h1>", ">Steps</h1>", "href=\"/local/en/articles/9\"", "Billing &amp; more", "Billing &#38; more"]
    {
        let is_there = page.text.contains(text);
        assert!(is_there || text.starts_with("Billing"), "{text}: {}", page.text);
    }
    assert_eq!(page.text.matches("<script").count(), 1);
    assert!(page.header("content-security-policy").unwrap().contains("script-src 'self'"));
    assert_eq!(seen(&world, &loose["url"]).await.status, 200);
    assert_eq!(seen(&world, &collection["url"]).await.status, 200);
    assert_eq!(seen(&world, &empty["url"]).await.status, 404);
    let home = get(&world, "/local/en").await.text;
    assert!(home.contains("Billing") && !home.contains("Empty") && !home.contains("By address"), "{home}");
    let texts = get(&world, "/local/en/texts.js").await.text;
    assert!(texts.contains("Steps one x two") && !texts.contains("later") && !texts.contains("alone"), "{texts}");
    assert!(get(&world, "/local/en/search?q=refunds").await.text.contains("/local/en/articles/"));
    // Nobody reads a draft, in any language, by any address.
    for path in [
        format!("/local/en/articles/{}-secret", draft["id"].as_str().unwrap()),
        format!("/local/fr/articles/{}", live["id"].as_str().unwrap()),
        "/local/en/articles/secret".to_owned(),
        "/local/xx".to_owned(),
        "/local/en/nothing".to_owned(),
    ] {
        let page = get(&world, &path).await;
        assert_eq!((page.status, page.text.contains("later")), (404, false), "{path}");
    }
    // A staged draft changes nothing that is seen, and neither does going offline leave anything.
    let path = format!("/articles/{}", live["id"].as_str().unwrap());
    world.put(&format!("{path}/draft"), json!({"body": "<p>staged</p>"})).await.ok();
    assert!(!seen(&world, &live["url"]).await.text.contains("staged"));
    world.put(&path, json!({"state": "draft"})).await.ok();
    assert_eq!(seen(&world, &live["url"]).await.status, 404);
    assert_eq!(seen(&world, &collection["url"]).await.status, 404);
}

#[tokio::test]
async fn old_addresses_and_redirects_lead_to_the_new_ones() {
    let world = World::new().await;
    let path = world.article("published").await;
    let id = path.rsplit('/').next().unwrap();
    let client =
        reqwest::Client::builder().tls_certs_only([]).redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let location = |path: String| {
        let request = client.get(format!("{}{path}", world.center.url()));
        async move {
            request.send().await.unwrap().headers().get("location").map(|value| value.to_str().unwrap().to_owned())
        }
    };
    world.put(&path, json!({"title": "New ä"})).await.ok();
    let now = format!("/local/en/articles/{id}-new-%C3%A4");
    assert_eq!(location(format!("/local/en/articles/{id}-old")).await.as_deref(), Some(now.as_str()));
    assert_eq!(location(now.clone()).await, None);
    assert_eq!(get(&world, &now).await.status, 200);
    let redirect = json!({"from_url": "http://help.localhost/local/en/articles/12-gone", "locale": "en",
        "target_type": "article", "target_id": id});
    let made = world.post("/help_center/help_centers/1/redirects", redirect).await;
    assert!([200, 201].contains(&made.status), "{}", made.text);
    assert_eq!(location("/local/en/articles/12-gone/".to_owned()).await.as_deref(), Some(now.as_str()));
    assert_eq!(location("/local".to_owned()).await.as_deref(), Some("/local/en"));
}

#[tokio::test]
async fn no_page_of_another_site_is_answered() {
    let world = World::new().await;
    for (name, value) in
        [("Host", "evil.example"), ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")]
    {
        let reply = world.bare("GET", "/local/en").header(name, value).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), 403, "{name}");
    }
    assert_eq!(get(&world, "/local/assets/site.css").await.status, 200);
    assert_eq!(get(&world, "/local/assets/../../etc").await.status, 401);
}
