//! Articles that link to each other, with lost answers and lost ids in between.

use helpbook::local::HeadingIds;

use super::world::{Do, Fault, World};

/// Two new articles that link to each other's headings, and one that links to itself.
async fn circle(heading_ids: HeadingIds) -> World {
    let mut world = World::with(heading_ids).await;
    let text = |title: &str, to: &str| {
        format!("---\ntitle: {title}\nstate: published\n---\n[x]({to}#steps)\n\n## Steps\n\nText.\n")
    };
    world.write("guide/a.md", &text("A", "b.md"));
    world.write("guide/b.md", &text("B", "a.md"));
    world.write("guide/c.md", "---\ntitle: C\nstate: published\n---\n[itself](c.md)\n");
    world
}

#[tokio::test]
async fn a_circle_is_created_then_linked() {
    let mut world = circle(HeadingIds::Kept).await;
    let mark = world.mark();
    assert_eq!(
        world.run(Do::Stage).await,
        [
            "guide created",
            "guide/b.md created",
            "guide/c.md created",
            "guide/a.md created",
            "guide/b.md linked",
            "guide/c.md linked",
        ]
    );
    let writes = world.writes_since(mark);
    assert_eq!(writes.iter().filter(|line| line.starts_with("POST /articles")).count(), 3);
    assert_eq!(writes.iter().filter(|line| line.starts_with("PUT")).count(), 2);
    world.run(Do::Publish).await;
    world.check_settled().await;
}

#[tokio::test]
async fn a_run_that_dies_before_the_text_is_written_is_finished_by_the_next() {
    for heading_ids in [HeadingIds::Kept, HeadingIds::Regenerated] {
        for (is_id_lost, is_lock_lost) in [(false, false), (false, true), (true, false), (true, true)] {
            let mut world = circle(heading_ids).await;
            world.remove("guide/c.md");
            // The first PUT is the text of B, which was created with its headings alone: nothing
            // arrives from here on.
            world.fail("PUT /articles/9100001", Fault::RefuseToken);
            let told = world.run(Do::Stage).await;
            assert!(told[3].starts_with("guide/b.md failed: Intercom refused the token"), "{told:#?}");
            world.fail("nothing", Fault::LoseRequest);
            if is_id_lost {
                for file in ["guide/a.md", "guide/b.md"] {
                    world.forget_id(file);
                }
            }
            if is_lock_lost {
                world.forget_lock();
            }
            // The run that goes on dies at the same place.
            world.fail("PUT /articles/9100001", Fault::RefuseToken);
            let told = world.run(Do::Both).await;
            assert!(told.iter().any(|line| line.starts_with("guide/b.md failed")), "{told:#?}");
            world.fail("nothing", Fault::LoseRequest);
            world.run(Do::Both).await;
            assert_eq!(world.count().await, 2);
            world.check_settled().await;
        }
    }
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_article() {
    for heading_ids in [HeadingIds::Kept, HeadingIds::Regenerated] {
        for fault in [Fault::LoseAnswer, Fault::LoseRequest] {
            let mut world = circle(heading_ids).await;
            world.fail("POST /articles", fault);
            world.run(Do::Both).await;
            world.run(Do::Both).await;
            assert_eq!(world.count().await, 3);
            world.check_settled().await;
        }
    }
}

#[tokio::test]
async fn edits_in_a_circle_write_each_article_once_and_settle() {
    for heading_ids in [HeadingIds::Kept, HeadingIds::Regenerated] {
        let mut world = circle(heading_ids).await;
        world.run(Do::Both).await;
        world.check_settled().await;
        for file in ["guide/a.md", "guide/b.md"] {
            world.edit(file, "Text.", "Another text.");
            world.edit(file, "[x]", "[other words]");
        }
        let mark = world.mark();
        world.run(Do::Stage).await;
        let writes = world.writes_since(mark);
        assert_eq!(writes.len(), 2, "{writes:#?}");
        let mark = world.mark();
        world.run(Do::Stage).await;
        assert_eq!(world.writes_since(mark), [""; 0]);
        world.run(Do::Publish).await;
        world.check_settled().await;
        world.check_never_offline();
    }
}

#[tokio::test]
async fn where_ids_are_made_anew_links_follow_the_heading_in_the_same_run() {
    let mut world = circle(HeadingIds::Regenerated).await;
    world.write("guide/end.md", "---\ntitle: End\nstate: published\n---\nText.\n\n## Last\n\nText.\n");
    world.write("guide/c.md", "---\ntitle: C\nstate: published\n---\n[x](end.md#last)\n\n## Way\n");
    world.write("guide/d.md", "---\ntitle: D\nstate: published\n---\n[x](c.md#way) [y](a.md)\n");
    world.run(Do::Both).await;
    world.check_settled().await;
    world.edit("guide/end.md", "Text.\n\n##", "Another text.\n\n##");
    for what in [Do::Stage, Do::Publish] {
        let mark = world.mark();
        world.run(what).await;
        assert_eq!(world.writes_since(mark).len(), 3, "the end, what links to its heading, and what links to that");
        if what == Do::Stage {
            let mark = world.mark();
            world.run(what).await;
            assert_eq!(world.writes_since(mark), [""; 0]);
        }
    }
    world.check_settled().await;
    world.edit("guide/end.md", "Another text.", "Text.");
    world.run(Do::Both).await;
    world.check_settled().await;
    world.check_never_offline();
}
