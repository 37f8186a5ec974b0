//! Several locales: each with its own text, state and draft.

use helpbook_model::{Article, Locale, Page};
use serde_json::{Value, json};

use super::{START, World, pick};
use crate::{Error, LocalHelpCenter, Options, Storage};

/// What can be seen of a locale of an answer: title, state, whether a draft waits.
fn seen(article: &Value, locale: &str) -> Value {
    pick(&article["translated_content"][locale], &["title", "state", "has_unpublished_changes"])
}

fn want(title: &str, state: &str, pending: bool) -> Value {
    json!({"title": title, "state": state, "has_unpublished_changes": pending})
}

#[tokio::test]
async fn one_locale_is_not_told() {
    let world = World::new().await;
    let path = world.article("published").await;
    let article = world.get(&path).await.ok();
    assert_eq!(article.get("translated_content"), None);
    assert_eq!(article.get("default_locale"), None);
    assert_eq!(world.get("/help_center/help_centers").await.ok()["data"][0]["locales"], json!(["en"]));
}

#[tokio::test]
async fn the_root_is_the_default_locale_and_others_stand_beside_it() {
    let world = World::multilingual().await;
    assert_eq!(world.get("/help_center/help_centers/1").await.ok()["locales"], json!(["en", "fr"]));
    let path = world.article("published").await;
    let article = world.get(&path).await.ok();
    assert_eq!(article["default_locale"], "en");
    let locales = &article["translated_content"];
    assert_eq!(pick(locales, &["type", "fr"]), json!({"type": "article_translated_content", "fr": null}));
    let fields = ["title", "body", "state", "author_id", "url", "created_at", "updated_at"];
    assert_eq!(pick(&locales["en"], &fields), pick(&article, &fields));
    assert_eq!(article.get("audience_ids"), None);
    assert_eq!(pick(&locales["en"], &["type", "audience_ids"]), json!({"type": "article_content", "audience_ids": []}));

    let list = world.get("/articles").await;
    let page: Page<Article> = serde_json::from_str(&list.text).unwrap();
    let read = page.data[0].translated_content.as_ref().unwrap();
    assert_eq!(read.get(&Locale::english()).unwrap().title, "Old");
    assert_eq!(read.0[&Locale("fr".into())], None);
}

#[tokio::test]
async fn a_locale_is_added_alone_without_an_author_and_unseen() {
    let world = World::multilingual().await;
    let path = world.article("published").await;
    let before = world.get(&path).await.ok();
    world.clock.advance(5);
    let french = json!({"title": "Vieux", "body": "<h2>vieux</h2>", "state": "draft"});
    let after = world.put(&path, json!({"translated_content": {"fr": french}})).await.ok();
    assert_eq!(after["translated_content"]["en"], before["translated_content"]["en"]);
    assert_eq!(after["updated_at"], START);
    assert_eq!(seen(&after, "fr"), want("Vieux", "draft", false));
    let french = &after["translated_content"]["fr"];
    assert_eq!(
        pick(french, &["author_id", "url", "updated_at"]),
        json!({"author_id": 1, "url": null, "updated_at": START + 5})
    );
    // Treated like the root's: promoted and given an id.
    assert!(french["body"].as_str().unwrap().starts_with("<h1 id=\"h_"), "{french}");
    let line = world.center.requests().pop().unwrap();
    assert!(line.ends_with("article=9100001 state=published draft=no live=en"), "{line}");
}

#[tokio::test]
async fn a_locale_is_replaced_whole_and_needs_a_title_for_a_body() {
    let world = World::multilingual().await;
    let path = world.translated("draft", "draft").await;
    let put = |french: Value| world.put(&path, json!({"translated_content": {"fr": french}}));
    let error = put(json!({"body": "<p>neuf</p>"})).await.error();
    assert_eq!((error.0, error.1.as_str()), (400, "parameter_not_found"));
    let after = put(json!({"description": "d"})).await.ok();
    let fields = ["title", "description", "body"];
    let body = "<p class=\"no-margin\">vieux</p>";
    assert_eq!(
        pick(&after["translated_content"]["fr"], &fields),
        json!({"title": "Vieux", "description": "d", "body": body})
    );
    let after = put(json!({"title": "Neuf"})).await.ok();
    assert_eq!(
        pick(&after["translated_content"]["fr"], &fields),
        json!({"title": "Neuf", "description": "", "body": ""})
    );
    assert_eq!(seen(&after, "en"), want("Old", "draft", false));
    assert_eq!(put(json!(null)).await.ok()["translated_content"]["fr"]["title"], "Neuf");
}

#[tokio::test]
async fn what_is_wrong_with_a_locale_changes_nothing() {
    let world = World::multilingual().await;
    let path = world.article("published").await;
    let before = world.get(&path).await.ok();
    for (locale, content, status) in [
        ("de", json!({"title": "Alt"}), 400),
        ("fr", json!({"title": "Vieux", "body": "<dl></dl>"}), 400),
        ("fr", json!({"title": "Vieux", "author_id": 99}), 401),
        ("fr", json!({"state": "published"}), 400),
        ("fr", json!("Vieux"), 400),
    ] {
        let body = json!({"title": "New", "translated_content": {locale: content}});
        assert_eq!(world.put(&path, body).await.error().0, status, "{locale}: {content}");
    }
    assert_eq!(world.get(&path).await.ok(), before);
}

#[tokio::test]
async fn a_locale_is_hidden_and_published_alone() {
    let world = World::multilingual().await;
    let path = world.translated("published", "published").await;
    let before = world.get(&path).await.ok();
    let hidden = world.put(&path, json!({"translated_content": {"fr": {"state": "draft"}}})).await.ok();
    assert_eq!(seen(&hidden, "fr"), want("Vieux", "draft", false));
    assert_eq!(hidden["translated_content"]["en"], before["translated_content"]["en"]);
    // Its address stays known.
    assert_eq!(hidden["translated_content"]["fr"]["url"], "http://help.localhost/local/fr/articles/9100001-vieux");
    // An edit of a hidden locale is unseen and no draft.
    let french = json!({"title": "Neuf", "body": "<p>neuf</p>"});
    let edited = world.put(&path, json!({"translated_content": {"fr": french}})).await.ok();
    assert_eq!(seen(&edited, "fr"), want("Neuf", "draft", false));
    let shown = world.put(&path, json!({"translated_content": {"fr": {"state": "published"}}})).await.ok();
    assert_eq!(seen(&shown, "fr"), want("Neuf", "published", false));
    assert_eq!(shown["translated_content"]["en"], before["translated_content"]["en"]);
    // The root's state is the default locale's alone.
    let hidden = world.put(&path, json!({"state": "draft"})).await.ok();
    assert_eq!(
        (seen(&hidden, "en"), seen(&hidden, "fr")),
        (want("Old", "draft", false), want("Neuf", "published", false))
    );
}

#[tokio::test]
async fn a_plain_put_of_a_live_locale_is_live_unless_a_draft_waits_anywhere() {
    let world = World::multilingual().await;
    let path = world.translated("published", "published").await;
    let french = |title: &str| json!({"translated_content": {"fr": {"title": title, "body": "<p>x</p>"}}});
    let live = world.put(&path, french("Direct")).await.ok();
    assert_eq!(seen(&live, "fr"), want("Direct", "published", false));
    world.put(&format!("{path}/draft"), json!({"title": "Staged"})).await.ok();
    let held = world.put(&path, french("Held")).await.ok();
    assert_eq!(seen(&held, "fr"), want("Direct", "published", true));
    let draft = world.get(&format!("{path}/draft")).await.ok();
    assert_eq!(
        (seen(&draft, "en"), seen(&draft, "fr")),
        (want("Staged", "published", true), want("Held", "published", true))
    );
}

#[tokio::test]
async fn a_draft_of_one_locale_is_flagged_there_and_shows_the_others_as_they_are() {
    let world = World::multilingual().await;
    let path = world.translated("published", "published").await;
    world.clock.advance(5);
    let staged = json!({"translated_content": {"fr": {"title": "Neuf", "body": "<p>neuf</p>", "state": "draft"}}});
    let draft = world.put(&format!("{path}/draft"), staged).await.ok();
    assert_eq!(
        (seen(&draft, "en"), seen(&draft, "fr")),
        (want("Old", "published", false), want("Neuf", "published", true))
    );
    assert_eq!(world.get(&format!("{path}/draft")).await.ok(), draft);
    let live = world.get(&path).await.ok();
    assert_eq!(seen(&live, "fr"), want("Vieux", "published", true));
    assert_eq!(live["translated_content"]["fr"]["draft_updated_at"], START + 5);
    // The root reflects the default locale.
    assert_eq!(
        pick(&live, &["has_unpublished_changes", "draft_updated_at"]),
        json!({"has_unpublished_changes": false, "draft_updated_at": null})
    );
}

#[tokio::test]
async fn nothing_is_staged_where_one_locale_is_not_live() {
    let world = World::multilingual().await;
    let path = world.translated("published", "draft").await;
    let body = json!({"title": "New", "translated_content": {"fr": {"title": "Neuf", "body": "<p>neuf</p>"}}});
    assert_eq!(world.put(&format!("{path}/draft"), body).await.status, 422);
    assert_eq!(world.get(&format!("{path}/draft")).await.status, 404);
}

#[tokio::test]
async fn only_the_named_locales_are_published() {
    let world = World::multilingual().await;
    let path = world.translated("published", "published").await;
    let publish = format!("{path}/draft/publish");
    let none = world.post(&publish, json!({"locales": ["fr"]})).await;
    assert_eq!(
        (none.status, none.json()),
        (422, json!({"errors": [{"message": "Article has no draft to publish", "status": 422}]}))
    );
    let french = json!({"title": "Neuf", "body": "<p>neuf</p>"});
    world.put(&format!("{path}/draft"), json!({"title": "New", "translated_content": {"fr": french}})).await.ok();
    let before = world.get(&path).await.ok();

    let message = "locales must be specified to publish a draft on a multilingual workspace";
    for body in [json!({}), json!({"locales": []})] {
        assert_eq!(world.post(&publish, body).await.error(), (422, "parameter_not_found".into(), message.into()));
    }
    world.clock.advance(5);
    let after = world.post(&publish, json!({"locales": ["fr"]})).await.ok();
    assert_eq!(after["translated_content"]["en"], before["translated_content"]["en"]);
    assert_eq!(seen(&after, "fr"), want("Neuf", "published", false));
    let draft = world.get(&format!("{path}/draft")).await.ok();
    assert_eq!(seen(&draft, "en"), want("New", "published", true));

    let message = "Cannot publish a draft for locale(s) without pending changes: fr";
    let error = world.post(&publish, json!({"locales": ["en", "fr"]})).await.error();
    assert_eq!(error, (422, "parameter_invalid".into(), message.into()));
    assert_eq!(world.get(&path).await.ok()["title"], "Old");
}

#[tokio::test]
async fn the_versions_of_a_locale_are_paged_and_the_next_page_is_of_that_locale() {
    let world = World::multilingual().await;
    let path = world.translated("published", "published").await;
    for at in 0..4 {
        let content = json!({"title": format!("Titre {at}"), "locale": "fr"});
        let id = path.trim_start_matches("/articles/");
        world.post(&format!("/_local/articles/{id}/editor"), content).await.ok();
    }
    let first = world.get(&format!("{path}/versions?locale=fr&per_page=2")).await.ok();
    assert_eq!((&first["total_count"], &first["pages"]["total_pages"]), (&json!(5), &json!(3)));
    assert_eq!(first["data"][0]["title"], "Titre 3");
    assert_eq!(first["data"][0]["created_via"], "web");
    let next = first["pages"]["next"].as_str().unwrap();
    assert!(next.contains("locale=fr") && next.contains("page=2"), "{next}");
    let second = world.get(&next[next.find("/articles").unwrap()..]).await.ok();
    assert_eq!(second["data"][1]["title"], "Titre 0");
    assert_eq!(world.get(&format!("{path}/versions?per_page=251")).await.error().0, 400);
}

#[tokio::test]
async fn each_locale_has_its_versions() {
    let world = World::multilingual().await;
    let path = world.translated("published", "draft").await;
    let french = json!({"title": "Neuf", "body": "<p>neuf</p>"});
    world.put(&path, json!({"translated_content": {"fr": french}})).await.ok();
    let titles = async |query: &str| {
        let list = world.get(&format!("{path}/versions{query}")).await.ok();
        let titles = list["data"].as_array().unwrap().iter().map(|version| version["title"].clone());
        (list["total_count"].clone(), titles.collect::<Vec<_>>())
    };
    assert_eq!(titles("").await, (json!(1), vec![json!("Old")]));
    assert_eq!(titles("?locale=fr").await, (json!(2), vec![json!("Neuf"), json!("Vieux")]));
    assert_eq!(world.get(&format!("{path}/versions?locale=de")).await.error().0, 400);
}

#[tokio::test]
async fn the_editor_works_in_a_locale() {
    let world = World::multilingual().await;
    let path = world.translated("published", "published").await;
    let editor = format!("/_local{path}/editor");
    let edited = world.post(&editor, json!({"locale": "fr", "title": "De Grace"})).await.ok();
    assert_eq!(
        (seen(&edited, "en"), seen(&edited, "fr")),
        (want("Old", "published", false), want("Vieux", "published", true))
    );
    let newest = world.get(&format!("{path}/versions?locale=fr")).await.ok()["data"][0].clone();
    assert_eq!(pick(&newest, &["created_via", "created_by_id"]), json!({"created_via": "web", "created_by_id": "2"}));
    let published = world.post(&editor, json!({"locale": "fr", "publish": true})).await.ok();
    assert_eq!(seen(&published, "fr"), want("De Grace", "published", false));
    let hidden = world.post(&editor, json!({"locale": "fr", "state": "draft"})).await.ok();
    assert_eq!(
        (seen(&hidden, "en"), seen(&hidden, "fr")),
        (want("Old", "published", false), want("De Grace", "draft", false))
    );
    assert_eq!(world.post(&editor, json!({"locale": "de", "title": "x"})).await.status, 400);

    let only_english = world.article("published").await;
    let editor = format!("/_local{only_english}/editor");
    assert_eq!(world.post(&editor, json!({"locale": "fr", "publish": true})).await.status, 400);
    let added = world.post(&editor, json!({"locale": "fr", "title": "Ajout"})).await.ok();
    assert_eq!(seen(&added, "fr"), want("Ajout", "draft", false));
}

#[tokio::test]
async fn fin_may_use_a_locale_by_itself() {
    let world = World::multilingual().await;
    let path = world.translated("published", "published").await;
    let body = json!({"ai_copilot_availability": false,
                      "translated_content": {"fr": {"ai_chatbot_availability": false}}});
    let after = world.put(&path, body).await.ok();
    let flags = ["ai_chatbot_availability", "ai_copilot_availability", "ai_sales_agent_availability"];
    let locales = &after["translated_content"];
    assert_eq!(pick(&locales["en"], &flags), json!({flags[0]: true, flags[1]: false, flags[2]: true}));
    assert_eq!(pick(&locales["fr"], &flags), json!({flags[0]: false, flags[1]: true, flags[2]: true}));
    assert_eq!(pick(&after, &flags), pick(&locales["en"], &flags));
    assert_eq!(seen(&after, "fr"), want("Vieux", "published", false));
}

#[tokio::test]
async fn a_store_of_another_default_locale_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let options = |locales: &[&str]| Options {
        store: Storage::Folder(dir.path().to_owned()),
        locales: locales.iter().map(|locale| Locale((*locale).to_owned())).collect(),
        ..Options::default()
    };
    let world = World::with(options(&["en"])).await;
    world.article("draft").await;
    world.center.stop().await;
    let error = LocalHelpCenter::start(options(&["fr", "en"])).await.unwrap_err();
    assert!(matches!(error, Error::Locale { .. }), "{error:?}");
    // One more locale is no other default.
    let world = World::with(options(&["en", "fr"])).await;
    assert_eq!(world.get("/articles/9100001").await.ok()["translated_content"]["fr"], json!(null));
}
