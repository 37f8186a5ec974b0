//! What goes offline, goes for good, comes back or moves.

use serde_json::json;

use super::world::{Do, World};
use helpbook::config::Orphans;
use helpbook::plan::Theirs;

const ID: u64 = 9_100_001;

#[tokio::test]
async fn what_the_docs_take_offline_goes_at_publish_and_comes_back() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "state: published", "state: draft");
    let mark = world.mark();
    assert_eq!(world.run(Do::Stage).await, [""; 0]);
    assert_eq!(world.writes_since(mark), [""; 0]);
    assert_eq!(world.run(Do::Publish).await, ["guide/install.md taken offline"]);
    assert_eq!(world.seen(ID).await, "draft Install <p>Run the installer.</p>");
    world.check_settled().await;
    world.edit("guide/install.md", "state: draft", "state: published");
    assert_eq!(world.run(Do::Publish).await, ["guide/install.md published"]);
    world.check_settled().await;
}

#[tokio::test]
async fn what_a_teammate_took_offline_stays_so_however_often_it_is_updated() {
    let mut world = World::published().await;
    world.editor(ID, &json!({"state": "draft"})).await;
    for (old, new) in [("Run the installer.", "Click it."), ("Click it.", "Press it.")] {
        world.edit("guide/install.md", old, new);
        assert_eq!(world.run(Do::Both).await, ["guide/install.md updated"]);
        assert!(world.seen(ID).await.starts_with("draft Install"));
        let refuses = world.plan().await.changes[0].parts().next().unwrap().drift.clone().unwrap().publish_blocked_by;
        assert_eq!(refuses.as_deref(), Some("it was taken offline in Intercom"));
    }
    world.theirs = Theirs::Overwritten;
    assert_eq!(world.run(Do::Both).await, ["guide/install.md published"]);
    world.theirs = Theirs::Kept;
    world.check_settled().await;
}

#[tokio::test]
async fn an_adopted_article_that_was_taken_offline_is_not_put_back_by_the_next_run() {
    let mut world = World::published().await;
    world.editor(ID, &json!({"state": "draft"})).await;
    world.forget_id("guide/install.md");
    world.forget_lock();
    assert_eq!(world.run(Do::Both).await, ["guide/install.md adopted"]);
    assert_eq!(world.run(Do::Both).await, [""; 0]);
    assert!(world.seen(ID).await.starts_with("draft"));
}

#[tokio::test]
async fn orphans_go_offline_or_for_good_by_the_policy() {
    let mut world = World::published().await;
    world.remove("guide/install.md");
    let mark = world.mark();
    assert_eq!(world.run(Do::Both).await, [""; 0]);
    assert_eq!(world.writes_since(mark), [""; 0]);
    world.orphans(Orphans::Unpublish);
    assert_eq!(world.run(Do::Both).await, ["guide/install.md taken offline"]);
    world.orphans(Orphans::Delete);
    assert_eq!(world.run(Do::Both).await, ["guide/install.md deleted"]);
    assert_eq!(world.count().await, 0);
    assert_eq!(world.record().articles.len(), 0);
}

#[tokio::test]
async fn an_orphan_that_changed_meanwhile_is_not_deleted() {
    let mut world = World::published().await;
    world.remove("guide/install.md");
    world.orphans(Orphans::Delete);
    let plan = world.plan().await;
    world.editor(ID, &json!({"title": "Still needed"})).await;
    let told = world.carry_out(plan, Do::Both).await;
    assert!(told[0].contains("refused"), "{told:?}");
    assert_eq!(world.count().await, 1);
}

#[tokio::test]
async fn a_move_changes_the_place_and_nothing_else() {
    let mut world = World::published().await;
    world.write("other/new.md", "---\ntitle: New\n---\nText.\n");
    world.run(Do::Both).await;
    world.edit("guide/install.md", "state: published", "state: published\ncollection: other");
    let before = world.seen(ID).await;
    let mark = world.mark();
    assert_eq!(world.run(Do::Stage).await, [""; 0]);
    assert_eq!(world.run(Do::Publish).await, ["guide/install.md moved"]);
    assert_eq!(world.writes_since(mark), ["PUT /articles/9100001"]);
    assert_eq!(world.seen(ID).await, before);
    world.check_settled().await;
    world.check_never_offline();
}

#[tokio::test]
async fn a_move_without_a_lock_leaves_a_record_that_later_runs_can_use() {
    let mut world = World::published().await;
    world.write("other/new.md", "---\ntitle: New\n---\nText.\n");
    world.run(Do::Both).await;
    world.edit("guide/install.md", "state: published", "state: published\ncollection: other");
    let plan = world.plan().await;
    world.forget_lock();
    assert_eq!(world.carry_out(plan, Do::Publish).await, ["guide/install.md moved"]);
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    assert_eq!(world.run(Do::Both).await, ["guide/install.md staged", "guide/install.md published"]);
    world.edit("guide/install.md", "state: published", "state: draft");
    assert_eq!(world.run(Do::Both).await, ["guide/install.md taken offline"]);
}
