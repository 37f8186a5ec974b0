//! Publishing: exactly what was staged goes live, in order, and nothing is offline in between.

use serde_json::json;

use super::world::{Do, Fault, World, made_live};
use helpbook::local::HeadingIds;

const ID: u64 = 9_100_001;

#[tokio::test]
async fn publishing_makes_the_staged_text_live_and_leaves_nothing_to_do() {
    for ids in [HeadingIds::Kept, HeadingIds::Regenerated] {
        let mut world = World::with(ids).await;
        let text = "---\ntitle: Install\nstate: published\n---\nIntro.\n\n## One\n\n- a\n- b\n\n## Two\n\n| x | y |\n| --- | --- |\n| 1 | 2 |\n\n![A menu](https://x.example/menu.png)\n";
        world.write("guide/install.md", text);
        world.run(Do::Both).await;
        world.check_settled().await;
        world.edit("guide/install.md", "Intro.", "New intro.");
        world.run(Do::Stage).await;
        assert!(world.seen(ID).await.starts_with("published Install <p>Intro.</p>"));
        assert_eq!(world.run(Do::Publish).await, ["guide/install.md published"]);
        assert!(world.seen(ID).await.starts_with("published Install <p>New intro.</p>"));
        world.check_settled().await;
        let mark = world.mark();
        assert_eq!(world.run(Do::Both).await, [""; 0]);
        assert_eq!(world.writes_since(mark), [""; 0]);
        world.check_never_offline();
    }
}

#[tokio::test]
async fn publishing_needs_nothing_of_the_run_that_staged() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    world.run(Do::Stage).await;
    world.forget_lock();
    assert_eq!(world.run(Do::Publish).await, ["guide/install.md published"]);
    assert_eq!(world.seen(ID).await, "published Install <p>Click it.</p>");
    world.check_settled().await;
}

#[tokio::test]
async fn publishing_alone_neither_stages_nor_creates() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    world.write("guide/new.md", "---\ntitle: New\nstate: published\n---\nText.\n");
    let mark = world.mark();
    assert_eq!(world.run(Do::Publish).await, [""; 0]);
    // Not even where nobody took out what is not staged.
    let plan = world.plan().await;
    assert_eq!(world.publish_whole(&plan).await, 0);
    assert_eq!(world.writes_since(mark), [""; 0]);
}

#[tokio::test]
async fn the_order_is_collections_new_articles_drafts_moves_and_what_goes_offline() {
    let mut world = World::published().await;
    world.write("guide/gone.md", "---\ntitle: Gone\nstate: published\n---\nText.\n");
    world.run(Do::Both).await;
    world.edit("guide/gone.md", "state: published", "state: draft");
    world.edit("guide/_index.md", "title: Guide", "title: Handbook");
    world.edit("guide/install.md", "state: published", "state: published\ncollection: other");
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    world.write("other/new.md", "---\ntitle: New\nstate: published\n---\nText.\n");
    let staged = world.run(Do::Stage).await;
    assert_eq!(staged, ["other created", "other/new.md created", "guide/install.md staged"]);
    assert_eq!(
        world.run(Do::Publish).await,
        [
            "guide changed",
            "other/new.md published",
            "guide/install.md published",
            "guide/install.md moved",
            "guide/gone.md taken offline",
        ]
    );
    world.check_settled().await;
}

#[tokio::test]
async fn a_teammate_who_edits_between_stage_and_publish_is_not_overwritten() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    world.run(Do::Stage).await;
    world.editor(ID, &json!({"body": "<p>Click it, says Grace.</p>"})).await;
    let mark = world.mark();
    assert_eq!(world.run(Do::Publish).await, [""; 0]);
    assert_eq!(world.run(Do::Both).await, [""; 0]);
    assert_eq!(world.writes_since(mark), [""; 0]);
    let blocked = world.plan().await.changes[0].parts().next().unwrap().blocked.clone().unwrap();
    assert_eq!(blocked.reason, "a teammate's draft is pending in Intercom");
    world.theirs = helpbook::plan::Theirs::Overwritten;
    assert_eq!(world.run(Do::Both).await, ["guide/install.md staged", "guide/install.md published"]);
    world.theirs = helpbook::plan::Theirs::Kept;
    assert_eq!(world.seen(ID).await, "published Install <p>Click it.</p>");
    world.check_settled().await;
    world.check_never_offline();
}

#[tokio::test]
async fn a_draft_that_changed_after_the_question_was_answered_is_not_published() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    world.run(Do::Stage).await;
    let plan = world.plan().await;
    world.editor(ID, &json!({"title": "Theirs"})).await;
    let told = world.carry_out(plan, Do::Publish).await;
    assert!(told[0].contains("refused: article 9100001 changed in Intercom"), "{told:?}");
    assert!(world.seen(ID).await.starts_with("published Install <p>Run the installer.</p>"));
}

#[tokio::test]
async fn a_text_that_slipped_in_at_the_last_moment_is_told_and_not_taken_for_ours() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    world.run(Do::Stage).await;
    world.fail("/draft/publish", Fault::Edit(ID, json!({"body": "<p>Theirs.</p>"})));
    assert_eq!(
        world.run(Do::Publish).await,
        [
            "guide/install.md failed: another text went live than the one that was staged: somebody changed it in Intercom at that moment"
        ]
    );
    assert_eq!(world.plan().await.changes.len(), 1);
}

#[tokio::test]
async fn a_lost_answer_to_publishing_is_looked_up() {
    let mut world = World::published().await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    world.run(Do::Stage).await;
    world.fail("/draft/publish", Fault::LoseAnswer);
    assert_eq!(world.run(Do::Publish).await, ["guide/install.md published"]);
    world.check_settled().await;
}

#[tokio::test]
async fn what_is_overwritten_can_be_published_by_a_later_run_that_overwrites_nothing() {
    let mut world = World::published().await;
    world.editor(ID, &made_live("Theirs.")).await;
    world.edit("guide/install.md", "Run the installer.", "Click it.");
    world.theirs = helpbook::plan::Theirs::Overwritten;
    assert_eq!(world.run(Do::Stage).await, ["guide/install.md staged"]);
    world.theirs = helpbook::plan::Theirs::Kept;
    // Grace's text is not taken for what the docs say.
    assert_eq!(world.plan().await.changes[0].action, helpbook::plan::Action::Publish);
    assert_eq!(world.run(Do::Publish).await, ["guide/install.md published"]);
    assert_eq!(world.seen(ID).await, "published Install <p>Click it.</p>");
}

#[tokio::test]
async fn a_collection_that_was_renamed_meanwhile_is_refused() {
    let mut world = World::published().await;
    world.edit("guide/_index.md", "title: Guide", "title: Handbook");
    let plan = world.plan().await;
    let id = plan.changes[0].id.unwrap();
    world.put(&format!("/help_center/collections/{id}"), &json!({"name": "Theirs"})).await;
    let told = world.carry_out(plan, Do::Both).await;
    assert!(told[0].contains("changed in Intercom after this plan was made"), "{told:?}");
    assert_eq!(world.get(&format!("/help_center/collections/{id}")).await["name"], "Theirs");
}
