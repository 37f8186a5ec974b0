//! What an article is beside its text, all the way: tags, who may use it, old addresses.

use serde_json::{Value, json};

use crate::harness::{Project, Server, without_addresses};
use crate::steps::world::{Do, Fault, World};
use helpbook::plan::Theirs;

const ID: u64 = 9_100_001;
const FILE: &str = "guide/install.md";

/// An article with some front matter, and nothing left to do.
async fn published(keys: &str) -> World {
    let mut world = World::new().await;
    world.write(FILE, &format!("---\ntitle: Install\nstate: published\n{keys}---\nRun the installer.\n"));
    world.run(Do::Both).await;
    world.check_settled().await;
    world
}

/// The names of an article's tags.
async fn tags(world: &World) -> Vec<String> {
    let article = world.get(&format!("/articles/{ID}")).await;
    let tags = article["tags"]["tags"].as_array().unwrap();
    let mut names: Vec<String> = tags.iter().map(|tag| tag["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

async fn give_tag(world: &World, name: &str) {
    let tag = world.send("POST", "/tags", &json!({"name": name})).await;
    world.send("POST", &format!("/articles/{ID}/tags"), &json!({"id": tag["id"]})).await;
}

async fn take_tag(world: &World, name: &str) {
    let tag = world.send("POST", "/tags", &json!({"name": name})).await;
    world.send("DELETE", &format!("/articles/{ID}/tags/{}", tag["id"].as_str().unwrap()), &Value::Null).await;
}

/// What differs now: the fields that change, and those that drifted.
async fn differs(world: &World) -> (Vec<String>, Vec<String>) {
    let plan = world.plan().await;
    let changes = plan.changes.iter().flat_map(helpbook::plan::Change::parts);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for part in changes {
        let show =
            |field: &helpbook::plan::FieldChange| format!("{}: {} -> {}", field.field.name(), field.old, field.new);
        ours.extend(part.fields.iter().map(show));
        theirs.extend(part.drift.iter().flat_map(|drift| drift.changes.iter().map(show)));
        ours.extend(part.blocked.iter().map(|blocked| format!("blocked: {} / {}", blocked.reason, blocked.hint)));
    }
    (ours, theirs)
}

#[track_caller]
fn nothing(lines: &[String]) {
    assert_eq!(lines, [""; 0]);
}

/// A second run writes nothing, with the lock and without.
async fn check_done(world: &mut World) {
    world.check_settled().await;
    let mark = world.mark();
    nothing(&world.run(Do::Both).await);
    nothing(&world.writes_since(mark));
}

#[tokio::test]
async fn a_new_article_gets_its_tags_and_flags_before_anybody_sees_it() {
    let mut world = World::new().await;
    let audience = world.send("POST", "/audiences", &json!({"name": "VIP customers"})).await;
    world.write(
        FILE,
        "---\ntitle: Install\nstate: published\ntags: [billing, Setup]\nai: { copilot: false }\naudiences: [vip customers]\n---\nText.\n",
    );
    nothing(&world.run(Do::Stage).await[2..]);
    let article = world.get(&format!("/articles/{ID}")).await;
    assert_eq!((article["state"].as_str(), article["ai_copilot_availability"].as_bool()), (Some("draft"), Some(false)));
    assert_eq!(article["audience_ids"].as_array().unwrap().len(), 1);
    assert_eq!(article["audience_ids"][0].to_string(), audience["id"].as_str().unwrap());
    assert_eq!(tags(&world).await, ["Setup", "billing"]);
    assert_eq!(world.run(Do::Publish).await, [format!("{FILE} published")]);
    check_done(&mut world).await;
}

#[tokio::test]
async fn only_the_tags_that_differ_are_given_and_taken_once_the_article_is_live() {
    let mut world = published("tags: [a, b]\n").await;
    world.edit(FILE, "[a, b]", "[B, c]");
    let mark = world.mark();
    nothing(&world.run(Do::Stage).await);
    nothing(&world.writes_since(mark));
    assert_eq!(differs(&world).await.0, ["tags: a, b -> b, c"]);
    assert_eq!(world.run(Do::Both).await, [format!("{FILE} tagged")]);
    assert_eq!(tags(&world).await, ["b", "c"]);
    let writes = world.writes_since(mark);
    assert_eq!(writes.len(), 3, "{writes:?}");
    check_done(&mut world).await;
    world.edit(FILE, "[B, c]", "[]");
    world.run(Do::Both).await;
    nothing(&tags(&world).await);
    check_done(&mut world).await;
    world.edit(FILE, "tags: []\n", "");
    give_tag(&world, "theirs").await;
    check_done(&mut world).await;
    assert_eq!(tags(&world).await, ["theirs"]);
}

#[tokio::test]
async fn a_teammates_tags_are_drift_and_stay_while_ours_go_on() {
    let mut world = published("tags: [a, b]\n").await;
    give_tag(&world, "x").await;
    take_tag(&world, "a").await;
    assert_eq!(differs(&world).await, (vec![], vec!["tags: a, b -> b, x".to_owned()]));
    let mark = world.mark();
    nothing(&world.run(Do::Both).await);
    nothing(&world.writes_since(mark));
    world.edit(FILE, "[a, b]", "[a, c]");
    assert_eq!(world.run(Do::Both).await, [format!("{FILE} tagged")]);
    assert_eq!(tags(&world).await, ["c", "x"]);
    assert_eq!(differs(&world).await, (vec![], vec!["tags: a, c -> c, x".to_owned()]));
    world.theirs = Theirs::Overwritten;
    world.run(Do::Both).await;
    assert_eq!(tags(&world).await, ["a", "c"]);
    world.theirs = Theirs::Kept;
    check_done(&mut world).await;
}

#[tokio::test]
async fn a_run_that_dies_between_two_tags_is_finished_by_the_next_one() {
    for fault in [Fault::LoseRequest, Fault::LoseAnswer, Fault::Forbid] {
        let mut world = published("tags: [a, b]\n").await;
        world.edit(FILE, "[a, b]", "[c, d]");
        world.fail(&"DELETE /articles/9100001/tags/1"[..30], fault.clone());
        let first = world.run(Do::Both).await;
        assert_eq!(first.len(), 1, "{first:?}");
        assert!(tags(&world).await.contains(&"c".to_owned()));
        world.run(Do::Both).await;
        assert_eq!(tags(&world).await, ["c", "d"], "{fault:?}");
        check_done(&mut world).await;
    }
}

#[tokio::test]
async fn a_token_without_the_permission_for_tags_fails_just_that() {
    let mut world = published("").await;
    world.edit(FILE, "Run the installer.", "Click it.");
    world.edit(FILE, "state: published", "state: published\ntags: [a]");
    world.fail("POST /tags", Fault::Forbid);
    let told = world.run(Do::Both).await;
    assert_eq!(told[..2], [format!("{FILE} staged"), format!("{FILE} published")]);
    assert!(told[2].contains("failed: this token may not write tags: 403"), "{told:?}");
    assert_eq!(world.run(Do::Both).await, [format!("{FILE} tagged")]);
    check_done(&mut world).await;
}

#[tokio::test]
async fn flags_of_a_live_article_wait_for_publish_and_go_with_its_move_in_one_request() {
    let mut world = published("ai: { chatbot: true }\n").await;
    world.write("other/_index.md", "---\ntitle: Other\n---\n");
    world.run(Do::Both).await;
    world.edit(FILE, "chatbot: true }", "chatbot: false, sales_agent: false }\ncollection: other");
    world.edit(FILE, "Run the installer.", "Click it.");
    world.run(Do::Stage).await;
    assert_eq!(world.get(&format!("/articles/{ID}")).await["ai_chatbot_availability"], true);
    let mark = world.mark();
    assert_eq!(world.run(Do::Publish).await, [format!("{FILE} published"), format!("{FILE} moved")]);
    assert_eq!(world.writes_since(mark), [format!("POST /articles/{ID}/draft/publish"), format!("PUT /articles/{ID}")]);
    let article = world.get(&format!("/articles/{ID}")).await;
    assert_eq!(article["ai_chatbot_availability"], false);
    assert_eq!(article["ai_sales_agent_availability"], false);
    assert_eq!(article["state"], "published");
    check_done(&mut world).await;
    world.check_never_offline();
}

#[tokio::test]
async fn a_teammates_flags_are_drift_and_a_conflict_where_the_docs_changed_too() {
    let mut world = published("ai: { chatbot: true, copilot: true }\n").await;
    world.put(&format!("/articles/{ID}"), &json!({"ai_chatbot_availability": false})).await;
    assert_eq!(differs(&world).await, (vec![], vec!["ai: chatbot true -> chatbot false".to_owned()]));
    let mark = world.mark();
    nothing(&world.run(Do::Both).await);
    nothing(&world.writes_since(mark));
    // Another switch goes on; theirs stays.
    world.edit(FILE, "copilot: true", "copilot: false");
    world.run(Do::Both).await;
    let article = world.get(&format!("/articles/{ID}")).await;
    assert_eq!(
        (article["ai_chatbot_availability"].as_bool(), article["ai_copilot_availability"].as_bool()),
        (Some(false), Some(false))
    );
    world.theirs = Theirs::Overwritten;
    world.run(Do::Both).await;
    world.theirs = Theirs::Kept;
    assert_eq!(world.get(&format!("/articles/{ID}")).await["ai_chatbot_availability"], true);
    check_done(&mut world).await;
}

#[tokio::test]
async fn audiences_are_of_one_locale_and_named() {
    let mut world = World::multilingual().await;
    for name in ["VIP", "Trial"] {
        world.send("POST", "/audiences", &json!({"name": name})).await;
    }
    let front = "state: published\naudiences: [VIP]\n";
    world.write(FILE, &format!("---\ntitle: Install\n{front}---\nText.\n"));
    world
        .write("guide/install.fr.md", "---\ntitle: Installer\nstate: published\nai: { copilot: false }\n---\nTexte.\n");
    world.run(Do::Both).await;
    check_done(&mut world).await;
    let ids = async |locale: &str| world.whole(ID, locale).await["audience_ids"].as_array().unwrap().len();
    assert_eq!((ids("en").await, ids("fr").await), (1, 0));
    let before = (world.whole(ID, "en").await, world.whole(ID, "fr").await);
    assert_eq!(before.1["ai_copilot_availability"], false);
    world.edit("guide/install.fr.md", "ai: { copilot: false }", "ai: { copilot: false }\naudiences: [Trial, VIP]");
    assert_eq!(differs(&world).await.0, ["audiences:  -> VIP, Trial"]);
    assert_eq!(world.run(Do::Both).await, [format!("{FILE} set")]);
    let after = (world.whole(ID, "en").await, world.whole(ID, "fr").await);
    assert_eq!(before.0, after.0);
    assert_eq!(before.1["body"], after.1["body"]);
    assert_eq!(after.1["audience_ids"].as_array().unwrap().len(), 2);
    check_done(&mut world).await;
    // Of the default locale alone.
    world.edit(FILE, "audiences: [VIP]", "audiences: []\nai: { chatbot: false }");
    world.run(Do::Both).await;
    let now = (world.whole(ID, "en").await, world.whole(ID, "fr").await);
    assert_eq!(
        (now.0["audience_ids"].as_array().unwrap().len(), now.0["ai_chatbot_availability"].as_bool()),
        (0, Some(false))
    );
    assert_eq!((&now.1["audience_ids"], &now.1["body"]), (&after.1["audience_ids"], &after.1["body"]));
    check_done(&mut world).await;
    world.check_never_offline();
}

#[tokio::test]
async fn an_unknown_audience_blocks_its_article_and_no_other() {
    let mut world = World::new().await;
    world.send("POST", "/audiences", &json!({"name": "VIP customers"})).await;
    world.write("guide/a.md", "---\ntitle: A\naudiences: [VIP customer]\n---\nText.\n");
    world.write("guide/b.md", "---\ntitle: B\n---\nText.\n");
    let (ours, _) = differs(&world).await;
    let told = "blocked: there is no audience `VIP customer` in Intercom / did you mean `VIP customers`?";
    assert!(ours.contains(&told.to_owned()), "{ours:?}");
    world.run(Do::Both).await;
    assert_eq!(world.count().await, 1);
}

#[tokio::test]
async fn lists_are_only_asked_for_where_a_file_needs_them() {
    let world = published("tags: [a]\nai: { chatbot: false }\n").await;
    let asked = |world: &World| {
        world.center.requests().iter().any(|line| line.contains("/audiences") || line.contains("/redirects"))
    };
    assert!(!asked(&world));
    let mut world = published("audiences: []\nredirect_from: [/en/articles/1-old]\n").await;
    assert!(asked(&world));
    world.fail("/audiences?per_page=50&page=1", Fault::Forbid);
    check_done(&mut world).await;
    world.edit(FILE, "audiences: []", "audiences: [VIP]");
    world.fail("/audiences?per_page=50&page=1", Fault::Forbid);
    let (ours, _) = differs(&world).await;
    assert!(ours[0].starts_with("blocked: Intercom does not show its audiences to this token: 403"), "{ours:?}");
}

#[tokio::test]
async fn settings_wait_while_a_teammates_draft_is_pending() {
    let mut world = published("tags: [a]\nai: { chatbot: true }\n").await;
    world.editor(ID, &json!({"body": "<p>Theirs</p>"})).await;
    world.edit(FILE, "chatbot: true", "chatbot: false");
    let (ours, _) = differs(&world).await;
    assert!(ours[1].starts_with("ai: chatbot true -> chatbot false") || ours[0].starts_with("ai:"), "{ours:?}");
    assert!(
        ours.iter().any(|line| line.starts_with("blocked: its settings are to change, and a teammate's draft")),
        "{ours:?}"
    );
    let mark = world.mark();
    world.run(Do::Both).await;
    nothing(&world.writes_since(mark));
}

#[tokio::test]
async fn what_changes_between_plan_and_write_is_refused() {
    let mut world = published("tags: [a]\nai: { chatbot: true }\n").await;
    world.edit(FILE, "chatbot: true", "chatbot: false");
    world.edit(FILE, "[a]", "[a, b]");
    let plan = world.plan().await;
    world.put(&format!("/articles/{ID}"), &json!({"ai_copilot_availability": false})).await;
    let told = world.carry_out(plan, Do::Both).await;
    assert!(told[0].contains("changed in Intercom after this plan was made"), "{told:?}");
    assert_eq!(world.run(Do::Both).await, [format!("{FILE} set"), format!("{FILE} tagged")]);
    check_done(&mut world).await;
}

const SITE: &str = "http://help.localhost/local";

async fn redirects(world: &World) -> Vec<(String, String, String)> {
    let list = world.get("/help_center/help_centers/1/redirects").await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let show = |redirect: &Value| {
        (text(&redirect["from_url"]).replace(SITE, ""), text(&redirect["locale"]), text(&redirect["target_id"]))
    };
    let mut redirects: Vec<_> = list["data"].as_array().unwrap().iter().map(show).collect();
    redirects.sort();
    redirects
}

async fn add_redirect(world: &World, from: &str, target: u64) {
    let body = json!({"from_url": format!("{SITE}{from}"), "locale": "en", "target_type": "article", "target_id": target.to_string()});
    world.send("POST", "/help_center/help_centers/1/redirects", &body).await;
}

#[tokio::test]
async fn old_addresses_lead_to_an_article_once_it_is_live() {
    let mut world = World::new().await;
    let keys = format!("redirect_from: [/en/articles/1-old, \"{SITE}/en/articles/2-older\"]");
    world.write(FILE, &format!("---\ntitle: Install\nstate: draft\n{keys}\n---\nText.\n"));
    world.run(Do::Both).await;
    check_done(&mut world).await;
    assert_eq!(redirects(&world).await, []);
    world.edit(FILE, "state: draft", "state: published");
    nothing(&world.run(Do::Stage).await);
    assert_eq!(redirects(&world).await, []);
    assert_eq!(world.run(Do::Publish).await, [format!("{FILE} published"), format!("{FILE} redirected")]);
    let line = |path: &str| (path.to_owned(), "en".to_owned(), ID.to_string());
    assert_eq!(redirects(&world).await, [line("/en/articles/1-old"), line("/en/articles/2-older")]);
    check_done(&mut world).await;
    // An entry that is gone from the file deletes nothing.
    world.edit(FILE, &keys, "redirect_from: [/en/articles/1-old]");
    check_done(&mut world).await;
    assert_eq!(redirects(&world).await.len(), 2);
}

#[tokio::test]
async fn a_redirect_that_leads_here_is_done_and_one_that_leads_elsewhere_is_refused() {
    let mut world = published("").await;
    add_redirect(&world, "/en/articles/1-old", ID).await;
    world.edit(FILE, "state: published", "state: published\nredirect_from: [/en/articles/1-old/]");
    check_done(&mut world).await;
    world.write(
        "guide/other.md",
        "---\ntitle: Other\nstate: published\nredirect_from: [/en/articles/1-old]\n---\nText.\n",
    );
    let (ours, _) = differs(&world).await;
    let told = format!("blocked: {SITE}/en/articles/1-old points to article {ID} already");
    assert!(ours.iter().any(|line| line.starts_with(&told)), "{ours:?}");
    // The same where it was made after the plan.
    world.edit("guide/other.md", "1-old", "3-new");
    let plan = world.plan().await;
    add_redirect(&world, "/en/articles/3-new", ID).await;
    let told = world.carry_out(plan, Do::Both).await;
    assert_eq!(told[2], format!("guide/other.md refused: {SITE}/en/articles/3-new points to article {ID} already"));
}

#[tokio::test]
async fn a_redirect_that_a_teammate_deleted_is_not_made_again_unasked() {
    let mut world = published("redirect_from: [/en/articles/1-old]\n").await;
    let list = world.get("/help_center/help_centers/1/redirects").await;
    let id = list["data"][0]["id"].as_str().unwrap().to_owned();
    world.send("DELETE", &format!("/help_center/help_centers/1/redirects/{id}"), &Value::Null).await;
    assert_eq!(differs(&world).await, (vec![], vec![format!("redirect_from: {SITE}/en/articles/1-old -> ")]));
    nothing(&world.run(Do::Both).await);
    assert_eq!(redirects(&world).await, []);
    world.theirs = Theirs::Overwritten;
    world.run(Do::Both).await;
    assert_eq!(redirects(&world).await.len(), 1);
}

#[tokio::test]
async fn a_redirect_whose_answer_was_lost_is_made_once() {
    for fault in [Fault::LoseAnswer, Fault::LoseRequest, Fault::Forbid] {
        let mut world = published("").await;
        world.edit(FILE, "state: published", "state: published\nredirect_from: [/en/a, /en/b]");
        world.fail("/help_center/help_centers/1/redirects", fault.clone());
        let told = world.run(Do::Both).await;
        assert_eq!(told.len(), 1, "{told:?}");
        if matches!(fault, Fault::Forbid) {
            assert!(told[0].contains("this token may not write redirects"), "{told:?}");
        }
        world.run(Do::Both).await;
        assert_eq!(redirects(&world).await.len(), 2, "{fault:?}");
        check_done(&mut world).await;
    }
}

/// The clock of the Help Center starts at 2030-03-17T17:46:40Z.
const SOON: &str = "2030-03-17T18:00:00Z";
const LATER: &str = "2030-03-18T18:00:00Z";

/// State and schedules of an article.
async fn dates(world: &World) -> String {
    let article = world.get(&format!("/articles/{ID}")).await;
    let at = |name: &str| {
        article[name]
            .as_i64()
            .map_or_else(|| "-".to_owned(), |at| jiff::Timestamp::from_second(at).unwrap().to_string())
    };
    format!("{} {} {}", article["state"].as_str().unwrap(), at("scheduled_publish_at"), at("scheduled_unpublish_at"))
}

#[tokio::test]
async fn a_new_article_goes_live_at_its_time_and_never_before() {
    for state in ["state: published\n", ""] {
        let mut world = World::new().await;
        let keys = format!("{state}publish_at: {SOON}\nunpublish_at: {LATER}\n");
        world.write(FILE, &format!("---\ntitle: Install\n{keys}---\nText.\n"));
        world.run(Do::Stage).await;
        assert_eq!(dates(&world).await, "draft - -");
        assert_eq!(world.run(Do::Publish).await, [format!("{FILE} scheduled")]);
        assert_eq!(dates(&world).await, format!("draft {SOON} -"));
        check_done(&mut world).await;
        // A new text, still unseen.
        world.edit(FILE, "Text.", "New text.");
        world.run(Do::Both).await;
        assert_eq!(dates(&world).await, format!("draft {SOON} -"));
        check_done(&mut world).await;
        world.clock.advance(3600);
        assert_eq!(dates(&world).await, "published - -");
        // Now that it is live its end is scheduled.
        assert_eq!(world.run(Do::Both).await, [format!("{FILE} set")]);
        assert_eq!(dates(&world).await, format!("published - {LATER}"));
        check_done(&mut world).await;
        world.clock.advance(200_000);
        assert_eq!(dates(&world).await, "draft - -");
        check_done(&mut world).await;
        // A week later neither date is an error.
        world.clock.advance(700_000);
        check_done(&mut world).await;
        // It is taken back up by hand, and nobody calls that drift.
        world.edit(FILE, &keys, "state: published\n");
        assert_eq!(world.run(Do::Both).await, [format!("{FILE} published")]);
    }
}

#[tokio::test]
async fn a_date_that_changes_is_sent_and_one_that_is_taken_back_is_cancelled() {
    let mut world = World::new().await;
    world.write(FILE, &format!("---\ntitle: Install\nstate: published\npublish_at: {SOON}\n---\nText.\n"));
    world.run(Do::Both).await;
    world.edit(FILE, SOON, LATER);
    assert_eq!(differs(&world).await.0, [format!("publish_at: {SOON} -> {LATER}")]);
    world.run(Do::Both).await;
    assert_eq!(dates(&world).await, format!("draft {LATER} -"));
    check_done(&mut world).await;
    world.edit(FILE, &format!("state: published\npublish_at: {LATER}"), "state: draft");
    assert_eq!(differs(&world).await.0, [format!("publish_at: {LATER} -> ")]);
    world.run(Do::Both).await;
    assert_eq!(dates(&world).await, "draft - -");
    check_done(&mut world).await;
    world.edit(FILE, "state: draft", "state: published");
    assert_eq!(world.run(Do::Both).await, [format!("{FILE} published")]);
    check_done(&mut world).await;
    world.edit(FILE, "state: published", &format!("state: published\nunpublish_at: {LATER}"));
    world.run(Do::Both).await;
    assert_eq!(dates(&world).await, format!("published - {LATER}"));
    check_done(&mut world).await;
    world.edit(FILE, &format!("unpublish_at: {LATER}\n"), "");
    world.run(Do::Both).await;
    assert_eq!(dates(&world).await, "published - -");
    check_done(&mut world).await;
    world.check_never_offline();
}

#[tokio::test]
async fn a_schedule_that_a_teammate_changed_is_drift() {
    let mut world = World::new().await;
    world.write(FILE, &format!("---\ntitle: Install\nstate: published\npublish_at: {SOON}\n---\nText.\n"));
    world.run(Do::Both).await;
    let path = format!("/articles/{ID}");
    for (theirs, shown) in [(json!(LATER), LATER), (Value::Null, "")] {
        world.put(&path, &json!({"scheduled_publish_at": theirs})).await;
        assert_eq!(differs(&world).await, (vec![], vec![format!("publish_at: {SOON} -> {shown}")]));
        let mark = world.mark();
        nothing(&world.run(Do::Both).await);
        nothing(&world.writes_since(mark));
        world.theirs = Theirs::Overwritten;
        world.run(Do::Both).await;
        world.theirs = Theirs::Kept;
        assert_eq!(dates(&world).await, format!("draft {SOON} -"));
    }
    world.clock.advance(3600);
    world.edit(FILE, &format!("publish_at: {SOON}"), &format!("unpublish_at: {LATER}"));
    world.run(Do::Both).await;
    world.put(&path, &json!({"scheduled_unpublish_at": null})).await;
    assert_eq!(differs(&world).await, (vec![], vec![format!("unpublish_at: {LATER} -> ")]));
    nothing(&world.run(Do::Both).await);
    world.edit(FILE, LATER, "2030-03-19T00:00:00Z");
    let (ours, _) = differs(&world).await;
    assert!(ours[1].starts_with("blocked: conflict: unpublish_at"), "{ours:?}");
}

#[tokio::test]
async fn a_change_of_a_live_article_waits_for_its_time_with_what_goes_beside_it() {
    let mut world = published("").await;
    world.edit(FILE, "Run the installer.", "Click it.");
    world.edit(FILE, "state: published", &format!("state: published\npublish_at: {SOON}\nai: {{ chatbot: false }}"));
    assert_eq!(world.run(Do::Both).await, [format!("{FILE} staged")]);
    let waits = format!("it waits until {SOON}");
    let plan = world.plan().await;
    assert!(plan.changes[0].parts().next().unwrap().notes.contains(&waits), "{plan:?}");
    let mark = world.mark();
    nothing(&world.run(Do::Both).await);
    nothing(&world.writes_since(mark));
    assert!(world.seen(ID).await.starts_with("published Install <p>Run the installer.</p>, draft"));
    world.clock.advance(3600);
    assert_eq!(world.run(Do::Both).await, [format!("{FILE} published"), format!("{FILE} set")]);
    check_done(&mut world).await;
    world.check_never_offline();
}

#[tokio::test]
async fn a_time_to_go_offline_that_has_come_takes_every_language_offline() {
    let mut world = World::multilingual().await;
    world.write(FILE, &format!("---\ntitle: Install\nstate: published\nunpublish_at: {SOON}\n---\nText.\n"));
    world.write("guide/install.fr.md", "---\ntitle: Installer\nstate: published\n---\nTexte.\n");
    assert_eq!(world.run(Do::Both).await[2..], [format!("{FILE} published"), format!("{FILE} set")]);
    check_done(&mut world).await;
    // Somebody cancelled it, and was overruled by nobody.
    world.put(&format!("/articles/{ID}"), &json!({"scheduled_unpublish_at": null})).await;
    world.clock.advance(3600);
    assert_eq!(world.run(Do::Both).await, [format!("{FILE} taken offline")]);
    assert!(world.seen_in(ID, "fr").await.starts_with("draft"));
    check_done(&mut world).await;
}

#[tokio::test]
async fn every_language_of_a_new_article_waits_for_its_time() {
    let mut world = World::multilingual().await;
    world.write(FILE, &format!("---\ntitle: Install\nstate: published\npublish_at: {SOON}\n---\nText.\n"));
    world.write("guide/install.fr.md", "---\ntitle: Installer\nstate: published\n---\nTexte.\n");
    world.run(Do::Both).await;
    assert_eq!(dates(&world).await, format!("draft {SOON} -"));
    assert!(world.seen_in(ID, "fr").await.starts_with("draft"));
    check_done(&mut world).await;
    world.edit("guide/install.fr.md", "Texte.", "Autre texte.");
    world.run(Do::Both).await;
    check_done(&mut world).await;
    assert!(world.seen_in(ID, "fr").await.starts_with("draft Installer <p>Autre texte."));
    world.clock.advance(3600);
    assert_eq!(dates(&world).await, "published - -");
    world.run(Do::Both).await;
    assert!(world.seen_in(ID, "fr").await.starts_with("published"));
    check_done(&mut world).await;
}

#[tokio::test]
async fn a_schedule_whose_answer_was_lost_is_set_by_the_next_run() {
    for fault in [Fault::LoseAnswer, Fault::LoseRequest, Fault::Forbid] {
        let mut world = World::new().await;
        world.write(FILE, &format!("---\ntitle: Install\nstate: published\npublish_at: {SOON}\n---\nText.\n"));
        world.run(Do::Stage).await;
        world.fail("PUT /articles/9100001", fault);
        world.run(Do::Publish).await;
        world.run(Do::Both).await;
        assert_eq!(dates(&world).await, format!("draft {SOON} -"));
        check_done(&mut world).await;
    }
}

fn project(keys: &str) -> Project {
    Project::new(&[("docs/guide/install.md", &format!("---\ntitle: Install\n{keys}---\nRun the installer.\n"))])
}

#[test]
fn a_wrong_value_is_told_at_its_place_and_nothing_is_sent() {
    for (keys, place, told) in [
        ("tags: [\"a, b\"]\n", "3:7", "the tag `a, b` holds a comma"),
        ("publish_at: tomorrow\n", "3:13", "`publish_at` is no date and time"),
        ("unpublish_at: 2027-01-01\n", "3:15", "`unpublish_at` has no time of day"),
        ("redirect_from: [../a]\n", "3:16", "`../a` is not an address of a Help Center"),
        ("ai: { fin: true }\n", "3:5", "`ai` has no key `fin`"),
        ("audiences: [a, A]\n", "3:12", "the audience `A` is there twice"),
    ] {
        let server = Server::start();
        let ran = project(keys).on(&server).run(&["apply", "--publish", "--yes"]).exits(1).says(told);
        assert!(ran.stderr.contains(&format!("guide/install.md:{place}")), "{}", ran.stderr);
        assert_eq!(server.requests(), [""; 0]);
    }
}

#[test]
fn a_date_in_the_past_is_no_error() {
    let server = Server::start();
    let project = project("publish_at: 2001-01-01T00:00:00Z\n").on(&server);
    project.run(&["check", "--strict"]).exits(0);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
    project.edit("docs/guide/install.md", "publish_at: 2001", "unpublish_at: 2002");
    project.run(&["apply", "--publish", "--yes"]).exits(0).says("taken offline");
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
}

#[test]
fn the_plan_shows_every_setting_and_status_tells_whose_change_it_is() {
    let server = Server::start();
    server.post("/audiences", &json!({"name": "VIP"}));
    let project = project("").on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let keys = "title: Install\ntags: [a, b]\nai: { chatbot: false }\naudiences: [VIP]\nredirect_from: [/en/old]\nunpublish_at: 2099-01-01T00:00:00Z";
    project.edit("docs/guide/install.md", "title: Install", keys);
    insta::assert_snapshot!(without_addresses(&project.run(&["plan"]).exits(0).stdout), @r#"
    Moves and settings (at publish)

      > guide/install.md "Install" (settings: article 9100001)
          ai: chatbot true -> chatbot false
          audiences: (none) -> VIP
          unpublish_at: (none) -> 2099-01-01T00:00:00Z
          tags: (none) -> a, b
          redirect_from: (none) -> http://help.localhost/local/en/old

    Plan: 1 to update, 1 unchanged.
    "#);
    assert!(project.run(&["status"]).exits(0).stdout.starts_with("changed"));
    let json: Value = serde_json::from_str(&project.run(&["plan", "--json"]).exits(0).stdout).unwrap();
    let fields: Vec<_> =
        json["changes"][0]["locales"]["en"]["fields"].as_array().unwrap().iter().map(|field| &field["field"]).collect();
    assert_eq!(fields, ["ai", "audiences", "unpublish_at", "tags", "redirect_from"]);
    project.run(&["plan", "--out", "plan.json"]).exits(0);
    project.run(&["publish", "plan.json", "--yes"]).exits(0);
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
    let lock = project.read("helpbook.lock");
    assert!(lock.contains(r#""settings":{"tags":["a","b"],"flags":{"chatbot":false,"audiences":["#), "{lock}");
    // The plan that was carried out is harmless.
    let mark = server.requests().len();
    project.run(&["apply", "plan.json", "--publish", "--yes"]).exits(0);
    assert_eq!(server.writes_since(mark), [""; 0]);
    server.put("/articles/9100001", &json!({"ai_chatbot_availability": true}));
    assert!(project.run(&["status"]).exits(0).stdout.starts_with("changed in Intercom"));
    project.run(&["plan"]).exits(0).says("ai changed by Ada");
    project.run(&["publish", "plan.json", "--yes"]);
    assert_eq!(server.get("/articles/9100001")["ai_chatbot_availability"], true);
    project.edit("docs/guide/install.md", "audiences: [VIP]", "audiences: [VIPs]");
    project.run(&["apply"]).exits(3).says("there is no audience `VIPs` in Intercom").says("did you mean `VIP`?");
}
