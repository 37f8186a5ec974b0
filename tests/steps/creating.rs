//! Creating once, whatever gets lost.

use super::world::{Do, Fault, World};

const NEW: &str = "---\ntitle: Install\n---\nRun the installer.\n";

#[tokio::test]
async fn what_is_new_is_created_as_a_draft_and_its_id_is_kept() {
    let mut world = World::new().await;
    world.write("guide/install.md", NEW);
    assert_eq!(world.run(Do::Stage).await, ["guide created", "guide/install.md created"]);
    assert_eq!(world.read("guide/install.md"), "---\ntitle: Install\nid: 9100001\n---\nRun the installer.\n");
    assert!(world.read("guide/_index.md").starts_with("---\ntitle: Guide\nid: "));
    assert_eq!(world.record().articles.len(), 1);
    assert_eq!(world.seen(9_100_001).await, "draft Install <p>Run the installer.</p>");
    world.check_settled().await;
}

#[tokio::test]
async fn a_run_that_lost_ids_or_lock_or_both_creates_nothing_twice() {
    for (ids, lock) in [(true, false), (false, true), (true, true)] {
        let mut world = World::new().await;
        for name in ["a", "b"] {
            world.write(&format!("guide/{name}.md"), NEW);
        }
        world.run(Do::Stage).await;
        if ids {
            world.forget_id("guide/a.md");
            world.forget_id("guide/b.md");
            world.forget_id("guide/_index.md");
        }
        if lock {
            world.forget_lock();
        }
        let mark = world.mark();
        let told = world.run(Do::Both).await;
        assert_eq!(told.is_empty(), !ids, "{told:?}");
        assert_eq!(world.writes_since(mark), [""; 0]);
        let files = [world.read("guide/a.md"), world.read("guide/b.md")];
        for id in ["id: 9100001", "id: 9100002"] {
            assert_eq!(files.iter().filter(|text| text.contains(id)).count(), 1, "{files:?}");
        }
        assert_eq!(world.record().articles.len(), 2);
        world.check_settled().await;
    }
}

#[tokio::test]
async fn a_lost_answer_makes_no_double() {
    let mut world = World::new().await;
    world.write("guide/install.md", NEW);
    world.fail("POST /articles", Fault::LoseAnswer);
    assert_eq!(world.run(Do::Stage).await, ["guide created", "guide/install.md created"]);
    assert_eq!(world.count().await, 1);
    world.write("other/install.md", NEW);
    world.fail("POST /help_center/collections", Fault::LoseAnswer);
    assert_eq!(world.run(Do::Stage).await, ["other created", "other/install.md created"]);
    assert_eq!(world.get("/help_center/collections").await["total_count"], 2);
}

#[tokio::test]
async fn a_lost_answer_never_takes_an_equal_article_that_is_claimed() {
    let mut world = World::new().await;
    world.write("a.md", NEW);
    world.run(Do::Stage).await;
    world.write("b.md", NEW);
    world.fail("POST /articles", Fault::LoseRequest);
    // Whether it was lost on its way there or back cannot be told, so it is not sent twice in a run.
    assert_eq!(world.run(Do::Stage).await, ["b.md failed: 502 from POST /articles"]);
    assert_eq!(world.count().await, 1);
    assert_eq!(world.run(Do::Stage).await, ["b.md created"]);
    assert!(world.read("b.md").contains("id: 9100002"));
    assert_eq!(world.count().await, 2);
}

#[tokio::test]
async fn a_taken_title_is_refused_and_creates_nothing() {
    let mut world = World::published().await;
    world.forget_id("guide/install.md");
    world.edit("guide/install.md", "Run the installer.", "Other text.");
    let mark = world.mark();
    assert_eq!(world.run(Do::Both).await, [""; 0]);
    assert_eq!(world.writes_since(mark), [""; 0]);
    let blocked = world.plan().await.changes[0].parts().next().unwrap().blocked.clone().unwrap();
    assert_eq!(blocked.reason, "article 9100001 has this title and other content, and no file claims it");
}

#[tokio::test]
async fn one_article_that_fails_does_not_stop_the_others() {
    let mut world = World::new().await;
    world.write("a.md", "---\ntitle: A\nstate: published\n---\n![x](https://x.invalid/a.png)\n");
    world.write("b.md", "---\ntitle: B\nstate: published\n---\nText.\n");
    let told = world.run(Do::Both).await;
    assert!(told[0].starts_with("a.md failed: 400 from POST /articles"), "{told:?}");
    assert_eq!(told[1..], ["b.md created", "b.md published"]);
    assert_eq!(world.count().await, 1);
}

#[tokio::test]
async fn text_that_intercom_loses_is_a_failure_and_not_published_nor_taken_for_equal() {
    let mut world = World::new().await;
    world.write("a.md", "---\ntitle: A\nstate: published\n---\nKept.\n\nAnd lost words.\n");
    world.fail("POST /articles", Fault::LoseWords("And lost words."));
    let told = world.run(Do::Both).await;
    assert_eq!(told, ["a.md failed: Intercom lost a part of the body: And lost words."]);
    assert!(world.seen(9_100_001).await.starts_with("draft A"));
    assert_eq!(world.run(Do::Both).await, ["a.md updated", "a.md published"]);
    assert!(world.seen(9_100_001).await.contains("And lost words."));
}

#[tokio::test]
async fn an_interrupted_run_tries_nothing_more() {
    let mut world = World::new().await;
    world.write("guide/install.md", NEW);
    let plan = world.plan().await;
    let mark = world.mark();
    assert_eq!(world.carry_out_unless(plan, Do::Both, true).await, ["guide skipped", "guide/install.md skipped"]);
    assert_eq!(world.writes_since(mark), [""; 0]);
}

#[tokio::test]
async fn a_token_that_is_refused_in_between_stops_the_run_and_is_told() {
    let mut world = World::new().await;
    world.write("guide/install.md", NEW);
    world.fail("POST /articles", Fault::RefuseToken);
    let told = world.run(Do::Both).await;
    assert!(
        told.iter().any(|line| line.starts_with("guide/install.md failed: Intercom refused the token: 401")),
        "{told:?}"
    );
    assert_eq!(told.last().unwrap(), "the token was refused");
}
