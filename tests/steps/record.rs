//! What a run writes down has to be true in the next one.

use serde_json::json;

use super::world::{Do, World, made_live};
use helpbook::plan::{Action, Theirs};

const ID: u64 = 9_100_001;

/// The actions of a plan, and the fields that drifted.
async fn plan(world: &World) -> Vec<String> {
    let changes = world.plan().await.changes;
    let line = |change: &helpbook::plan::Change| {
        let fields = change
            .locales
            .values()
            .filter_map(|part| part.drift.as_ref())
            .flat_map(|drift| &drift.fields)
            .map(|field| field.name());
        format!("{:?} {}", change.action, fields.collect::<Vec<_>>().join(" ")).trim().to_owned()
    };
    changes.iter().map(line).collect()
}

#[tokio::test]
async fn a_title_that_drifted_stays_theirs_after_the_body_was_staged_and_published() {
    let mut world = World::published().await;
    world.editor(ID, &json!({"title": "Theirs", "publish": true})).await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    assert_eq!(world.run(Do::Stage).await, ["guide/install.md staged"]);
    assert_eq!(plan(&world).await, ["Publish title"]);
    assert_eq!(world.run(Do::Publish).await, ["guide/install.md published"]);
    assert_eq!(plan(&world).await, ["Drift title"]);
    assert_eq!(world.run(Do::Both).await, [""; 0]);
    assert_eq!(world.seen(ID).await, "published Theirs <p>Click it.</p>");
    // Our own draft is still ours beside the title that is not.
    world.edit("guide/install.md", "Click it.", "Press it.");
    world.run(Do::Stage).await;
    world.edit("guide/install.md", "Press it.", "Tap it.");
    assert_eq!(world.run(Do::Both).await, ["guide/install.md staged", "guide/install.md published"]);
    assert_eq!(world.seen(ID).await, "published Theirs <p>Tap it.</p>");
    world.edit("guide/install.md", "title: Install", "title: Ours");
    assert_eq!(plan(&world).await, ["Blocked"]);
}

#[tokio::test]
async fn a_body_that_drifted_is_not_taken_for_equal_after_the_title_was_published() {
    let mut world = World::published().await;
    world.editor(ID, &made_live("Theirs.")).await;
    world.edit("guide/install.md", "title: Install", "title: Set up");
    world.run(Do::Both).await;
    assert_eq!(world.seen(ID).await, "published Set up <p>Theirs.</p>");
    assert_eq!(plan(&world).await, ["Drift text"]);
}

#[tokio::test]
async fn an_author_that_drifted_stays_after_text_was_published() {
    let mut world = World::new().await;
    world.write("install.md", "---\ntitle: Install\nstate: published\nauthor: ada@example.com\n---\nRun it.\n");
    world.run(Do::Both).await;
    world.editor(ID, &json!({"author_id": 2, "publish": true})).await;
    world.edit("install.md", "Run it.", "Click it.");
    world.run(Do::Both).await;
    assert_eq!(world.get("/articles/9100001").await["author_id"], 2);
    assert_eq!(plan(&world).await, ["Drift author"]);
}

#[tokio::test]
async fn an_author_that_is_staged_is_not_drift() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "title: Install", "title: Install\nauthor: grace@example.com");
    assert_eq!(world.run(Do::Stage).await, ["guide/install.md staged"]);
    assert_eq!(plan(&world).await, ["Publish"]);
    assert_eq!(world.run(Do::Publish).await, ["guide/install.md published"]);
    world.check_settled().await;
}

#[tokio::test]
async fn an_article_published_by_a_teammate_is_not_taken_down_after_its_text_was_published() {
    let mut world = World::new().await;
    world.write("install.md", "---\ntitle: Install\nstate: draft\n---\nRun it.\n");
    world.run(Do::Both).await;
    world.editor(ID, &json!({"publish": true})).await;
    assert_eq!(plan(&world).await, ["Drift state"]);
    world.edit("install.md", "Run it.", "Click it.");
    world.run(Do::Both).await;
    assert_eq!(plan(&world).await, ["Drift state"]);
    world.check_never_offline();
}

#[tokio::test]
async fn an_overwritten_text_that_never_went_live_is_not_what_the_docs_said() {
    let mut world = World::published().await;
    world.editor(ID, &made_live("Theirs.")).await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    world.theirs = Theirs::Overwritten;
    world.run(Do::Stage).await;
    world.theirs = Theirs::Kept;
    // Back to the text that was live before Grace's: hers is still live, so it has to be replaced.
    world.edit("guide/install.md", "Click it.", "Run the installer.");
    assert_eq!(world.run(Do::Both).await, ["guide/install.md staged", "guide/install.md published"]);
    assert_eq!(world.seen(ID).await, "published Install <p>Run the installer.</p>");
}

#[tokio::test]
async fn a_teammates_draft_behind_an_adopted_article_stays_theirs() {
    let mut world = World::published().await;
    world.editor(ID, &json!({"body": "<p>Half done.</p>"})).await;
    world.forget_id("guide/install.md");
    world.forget_lock();
    assert_eq!(world.run(Do::Both).await, ["guide/install.md adopted"]);
    let mark = world.mark();
    assert_eq!(world.run(Do::Both).await, [""; 0]);
    assert_eq!(world.writes_since(mark), [""; 0]);
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    assert_eq!(plan(&world).await, ["Blocked"]);
}

#[tokio::test]
async fn a_move_by_a_teammate_after_adopting_is_drift() {
    let mut world = World::published().await;
    world.write("other/new.md", "---\ntitle: New\n---\nText.\n");
    world.run(Do::Both).await;
    world.forget_id("guide/install.md");
    world.forget_lock();
    world.run(Do::Both).await;
    let other = world.collection("Other").await;
    world.put("/articles/9100001", &json!({"parent_id": other})).await;
    assert_eq!(plan(&world).await, ["Drift collection"]);
}

#[tokio::test]
async fn a_move_by_a_teammate_after_the_lock_was_made_anew_is_drift() {
    let mut world = World::published().await;
    world.write("other/new.md", "---\ntitle: New\n---\nText.\n");
    world.run(Do::Both).await;
    world.forget_lock();
    world.run(Do::Stage).await;
    let other = world.collection("Other").await;
    world.put("/articles/9100001", &json!({"parent_id": other})).await;
    assert_eq!(plan(&world).await, ["Drift collection"]);
}

#[tokio::test]
async fn a_collection_that_drifted_stays_theirs_after_another_field_was_changed() {
    let mut world = World::published().await;
    let id = world.record().collections.keys().next().unwrap().0;
    let path = format!("/help_center/collections/{id}");
    world.put(&path, &json!({"name": "Theirs"})).await;
    world.edit("guide/_index.md", "title: Guide", "title: Guide\ndescription: All of it.");
    assert_eq!(world.run(Do::Both).await, ["guide changed"]);
    assert_eq!(plan(&world).await, ["Drift title"]);
    assert_eq!(world.run(Do::Both).await, [""; 0]);
    assert_eq!(world.get(&path).await["name"], "Theirs");
}

#[tokio::test]
async fn a_draft_that_a_teammate_published_for_us_is_settled() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    world.run(Do::Stage).await;
    world.editor(ID, &json!({"publish": true})).await;
    assert_eq!(world.run(Do::Both).await, [""; 0]);
    world.check_settled().await;
    world.editor(ID, &made_live("Theirs.")).await;
    assert_eq!(plan(&world).await, ["Drift text"]);
    assert_eq!(world.plan().await.changes[0].action, Action::Drift);
}
