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

/// Numbers that look like chance and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Whether links may go round in a circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Any,
    OneWay,
}

/// An article with links to the others, a part of them to headings.
fn text(number: u64, words: &str, shape: Shape, numbers: &mut Numbers) -> String {
    let mut text = format!("---\ntitle: T{number}\nstate: published\n---\n{words}\n\n");
    for _ in 0..numbers.below(4) {
        let heading = ["", "#one", "#two"][numbers.below(3) as usize];
        let target = match shape {
            Shape::Any => numbers.below(6),
            Shape::OneWay if number == 5 => break,
            Shape::OneWay => number + 1 + numbers.below(5 - number),
        };
        text.push_str(&format!("[x](t{target}.md{heading})\n"));
    }
    text.push_str("\n## One\n\nText.\n\n## Two\n");
    text
}

#[tokio::test]
async fn whatever_links_to_what_one_run_settles_it() {
    for heading_ids in [HeadingIds::Kept, HeadingIds::Regenerated] {
        for seed in 0..6 {
            let mut numbers = Numbers(seed);
            let shape = if seed % 2 == 0 { Shape::Any } else { Shape::OneWay };
            let mut world = World::with(heading_ids).await;
            for number in 0..6 {
                world.write(&format!("guide/t{number}.md"), &text(number, "Words.", shape, &mut numbers));
            }
            let mark = world.mark();
            let told = world.run(Do::Stage).await;
            assert!(told.iter().all(|line| line.contains(" created") || line.contains(" linked")), "{told:#?}");
            let posts = world.writes_since(mark).iter().filter(|line| line.starts_with("POST /articles")).count();
            assert_eq!(posts, 6, "seed {seed}");
            let mark = world.mark();
            assert_eq!(world.run(Do::Stage).await, [""; 0], "seed {seed}");
            assert_eq!(world.writes_since(mark), [""; 0]);
            world.run(Do::Publish).await;
            world.check_settled().await;
            if shape == Shape::OneWay || heading_ids == HeadingIds::Kept {
                check_links(&world).await;
            }
            // Some are edited, with other links.
            for number in 0..6 {
                if numbers.below(2) == 0 {
                    let path = format!("guide/t{number}.md");
                    let id = world.read(&path).lines().find(|line| line.starts_with("id: ")).unwrap().to_owned();
                    let new = text(number, "Other words.", shape, &mut numbers).replacen(
                        "state:",
                        &format!("{id}\nstate:"),
                        1,
                    );
                    world.write(&path, &new);
                }
            }
            let mark = world.mark();
            let told = world.run(Do::Stage).await;
            assert!(told.iter().all(|line| line.contains(" staged")), "{told:#?}");
            let mut writes = world.writes_since(mark);
            writes.sort();
            let all = writes.len();
            writes.dedup();
            assert_eq!(writes.len(), all, "no article is written twice in a stage, seed {seed}");
            assert_eq!(world.run(Do::Stage).await, [""; 0], "seed {seed}");
            world.run(Do::Publish).await;
            world.check_settled().await;
            world.check_never_offline();
            if shape == Shape::OneWay || heading_ids == HeadingIds::Kept {
                check_links(&world).await;
            }
        }
    }
}

/// Every link of every live text points to an article and, if it names one, to a heading there.
async fn check_links(world: &World) {
    for number in 0..6 {
        let file = world.read(&format!("guide/t{number}.md"));
        let id = file.lines().find_map(|line| line.strip_prefix("id: ")).unwrap();
        let body = world.get(&format!("/articles/{id}")).await["body"].as_str().unwrap().to_owned();
        for (at, start) in body.match_indices("/en/articles/") {
            let address = body[at + start.len()..].split('"').next().unwrap();
            let (target, heading) = address.split_once('#').unwrap_or((address, ""));
            let there = world.get(&format!("/articles/{target}")).await["body"].as_str().unwrap().to_owned();
            assert!(heading.is_empty() || there.contains(&format!("id=\"{heading}\"")), "t{number}: {address}");
        }
    }
}
