//! Staging: nothing that a customer sees changes.

use serde_json::json;

use std::time::Duration;

use super::world::{Do, Fault, World, made_live};

const ID: u64 = 9_100_001;

#[tokio::test]
async fn staging_leaves_what_is_live_alone() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "title: Install", "title: Set up");
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    let mark = world.mark();
    assert_eq!(world.run(Do::Stage).await, ["guide/install.md staged"]);
    assert_eq!(world.writes_since(mark), ["PUT /articles/9100001/draft"]);
    assert_eq!(world.seen(ID).await, "published Install <p>Run the installer.</p>, draft Set up <p>Click it.</p>");
}

#[tokio::test]
async fn a_second_run_stages_nothing_with_the_lock_and_without() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    world.run(Do::Stage).await;
    let mark = world.mark();
    assert_eq!(world.run(Do::Stage).await, [""; 0]);
    world.forget_lock();
    assert_eq!(world.run(Do::Stage).await, [""; 0]);
    assert_eq!(world.writes_since(mark), [""; 0]);
}

#[tokio::test]
async fn a_teammate_who_edits_between_plan_and_apply_is_not_overwritten() {
    for what in [json!({"body": "<p>Theirs.</p>"}), made_live("Theirs."), json!({"state": "draft"})] {
        let mut world = World::published().await;
        world.edit("guide/install.md", "Run the installer.", "Click it.");
        let plan = world.plan().await;
        world.editor(ID, &what).await;
        let (before, mark) = (world.seen(ID).await, world.mark());
        let told = world.carry_out(plan, Do::Both).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("refused: article 9100001 changed in Intercom after this plan was made"), "{told:?}");
        assert_eq!(world.writes_since(mark), [""; 0]);
        assert_eq!(world.seen(ID).await, before);
    }
}

#[tokio::test]
async fn an_article_that_was_deleted_meanwhile_is_refused() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    let plan = world.plan().await;
    world.delete(ID).await;
    assert_eq!(
        world.carry_out(plan, Do::Both).await,
        ["guide/install.md refused: article 9100001 was deleted in Intercom after this plan was made"]
    );
}

#[tokio::test]
async fn a_change_that_was_reverted_after_it_was_staged_is_taken_back() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    world.run(Do::Stage).await;
    world.edit("guide/install.md", "Click it.", "Run the installer.");
    assert_eq!(world.run(Do::Stage).await, ["guide/install.md staged"]);
    assert_eq!(
        world.seen(ID).await,
        "published Install <p>Run the installer.</p>, draft Install <p>Run the installer.</p>"
    );
    assert_eq!(world.run(Do::Publish).await, ["guide/install.md published"]);
    world.check_settled().await;
    world.check_never_offline();
}

#[tokio::test]
async fn a_hidden_article_is_updated_in_place() {
    let mut world = World::new().await;
    world.write("guide/install.md", "---\ntitle: Install\nstate: draft\n---\nRun the installer.\n");
    world.run(Do::Both).await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    let mark = world.mark();
    assert_eq!(world.run(Do::Both).await, ["guide/install.md updated"]);
    assert_eq!(world.writes_since(mark), ["PUT /articles/9100001"]);
    assert_eq!(world.seen(ID).await, "draft Install <p>Click it.</p>");
    world.check_settled().await;
}

#[tokio::test]
async fn a_plan_that_is_run_again_finds_what_it_did() {
    for state in ["published", "draft"] {
        let mut world = World::new().await;
        world.write("install.md", &format!("---\ntitle: Install\nstate: {state}\n---\nRun it.\n"));
        world.run(Do::Both).await;
        world.edit("install.md", "Run it.", "Click it.");
        let plan = world.plan().await;
        let lock = world.record();
        world.carry_out(plan.clone(), Do::Stage).await;
        let after = world.record();
        assert_ne!(lock, after);
        // The run died before the lock was written.
        lock.write(&world.lock()).unwrap();
        let mark = world.mark();
        let told = world.carry_out(plan, Do::Stage).await;
        assert!(told[0].ends_with(" already"), "{told:?}");
        assert_eq!(world.writes_since(mark), [""; 0]);
        assert_eq!(world.record(), after);
    }
}

#[tokio::test]
async fn a_draft_that_a_run_staged_before_it_died_is_still_ours() {
    let mut world = World::published().await;
    let lock = world.record();
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    world.run(Do::Stage).await;
    lock.write(&world.lock()).unwrap();
    world.run(Do::Stage).await;
    world.edit("guide/install.md", "Click it.", "Press it.");
    assert_eq!(world.run(Do::Stage).await, ["guide/install.md staged"]);
}

#[tokio::test]
async fn a_run_again_does_not_publish_over_what_went_live_meanwhile() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    let plan = world.plan().await;
    world.carry_out(plan.clone(), Do::Stage).await;
    world.editor(ID, &made_live("Theirs.")).await;
    world.editor(ID, &json!({"body": "<p>Click it.</p>"})).await;
    let told = world.carry_out(plan, Do::Both).await;
    assert!(told[0].contains("refused"), "{told:?}");
    assert!(world.seen(ID).await.starts_with("published Install <p>Theirs.</p>"));
}

#[tokio::test]
async fn a_draft_whose_words_were_lost_is_staged_again() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "Run the installer.", "Click it. And wait.");
    world.fail("PUT /articles/9100001/draft", Fault::LoseWords(" And wait."));
    let told = world.run(Do::Both).await;
    assert_eq!(told, ["guide/install.md failed: Intercom lost a part of the body: Click it. And wait."]);
    assert!(world.seen(ID).await.starts_with("published Install <p>Run the installer.</p>"));
    assert_eq!(world.run(Do::Both).await, ["guide/install.md staged", "guide/install.md published"]);
    assert_eq!(world.seen(ID).await, "published Install <p>Click it. And wait.</p>");
}

#[tokio::test]
async fn what_outlived_its_time_is_read_before_anything_is_sent_again() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "Run the installer.", "New words.");
    world.time = Some(Duration::from_millis(300));
    world.fail("PUT /articles/9100001/draft", Fault::NeverAnswer);
    let mark = world.mark();
    assert_eq!(world.run(Do::Stage).await, ["guide/install.md staged already"]);
    assert_eq!(world.writes_since(mark), ["PUT /articles/9100001/draft"]);
    world.time = None;
    world.run(Do::Publish).await;
    assert_eq!(world.seen(9_100_001).await, "published Install <p>New words.</p>");
    world.check_settled().await;
}

#[tokio::test]
async fn what_never_arrived_is_told_and_sent_by_the_next_run_alone() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "Run the installer.", "New words.");
    world.time = Some(Duration::from_millis(300));
    world.fail("PUT /articles/9100001/draft", Fault::Swallow);
    let mark = world.mark();
    let told = world.run(Do::Stage).await;
    assert!(told[0].contains("failed: no answer to PUT /articles/9100001/draft: it took too long"), "{told:?}");
    assert_eq!(world.writes_since(mark), [""; 0]);
    assert_eq!(world.run(Do::Stage).await, ["guide/install.md staged"]);
}

/// A draft with our words and another author or title was taken for staged already, and published over what a
/// teammate had changed in the live text.
#[tokio::test]
async fn a_draft_that_is_older_than_what_a_teammate_changed_live_is_not_staged_already() {
    for (field, theirs) in [("author_id", json!(2)), ("title", json!("Theirs")), ("description", json!("Theirs"))] {
        let mut world = World::published().await;
        world.send("POST", "/_local/behaviour", &json!({ "draft-flag": "late" })).await;
        world.edit("guide/install.md", "Run the installer.", "New words.");
        world.fail("PUT /articles/9100001/draft", Fault::Edit(ID, json!({ field: theirs, "publish": true })));
        world.run(Do::Stage).await;
        assert_eq!(world.get(&format!("/articles/{ID}")).await[field], theirs);
        world.run(Do::Both).await;
        assert_eq!(world.get(&format!("/articles/{ID}")).await[field], theirs, "{field}");
    }
}
