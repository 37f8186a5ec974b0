//! Two runs that create the same articles: what both make is named, and neither goes on.

use serde_json::{Value, json};

use super::world::{Do, Fault, World};

const NEWEST: &str = "GET /articles?page=1&per_page=50";

fn article(title: &str, body: &str) -> Value {
    json!({ "title": title, "body": body, "author_id": 1 })
}

async fn three_new() -> World {
    let mut world = World::new().await;
    for name in ["A", "B", "C"] {
        world.write(&format!("{name}.md"), &format!("---\ntitle: {name}\n---\nText of {name}.\n"));
    }
    world
}

#[tokio::test]
async fn what_another_run_created_since_the_plan_is_taken_over_by_the_next_one() {
    let mut world = three_new().await;
    world.fail(NEWEST, Fault::Create(article("B", "<p>Text of B.</p>")));
    let told = world.run(Do::Stage).await;
    assert!(told.iter().all(|line| line.contains("refused: article 9100001 came to be in Intercom")), "{told:?}");
    assert_eq!(world.count().await, 1);
    assert_eq!(world.run(Do::Stage).await, ["A.md created", "C.md created", "B.md adopted"]);
    assert_eq!(world.count().await, 3);
    world.check_settled().await;
}

#[tokio::test]
async fn two_runs_at_the_same_moment_make_one_double_at_most_and_it_is_named() {
    let mut world = three_new().await;
    // Both looked, and both create the first article now.
    world.fail("POST /articles", Fault::Create(article("A", "<p>Text of A.</p>")));
    let told = world.run(Do::Stage).await;
    assert_eq!(told[0], "A.md created");
    assert!(told[1..].iter().all(|line| line.contains("refused: article 9100001")), "{told:?}");
    assert_eq!(world.count().await, 2);
    world.run(Do::Stage).await;
    let plan = world.plan().await;
    let doubles: Vec<_> =
        plan.doubles.iter().map(|double| (double.path.as_str(), double.id.0, double.copy.0)).collect();
    assert_eq!(doubles, [("A.md", 9_100_002, 9_100_001)]);
    assert!(plan.notes.iter().any(|note| note.contains("article 9100001 looks like a second copy")));
    assert_eq!(plan.changes, []);
    assert_eq!(plan.summary.no_file, 0, "`pull` does not bring a copy in");
    // It stays named when the text went on.
    world.edit("A.md", "Text of A.", "Other words.");
    world.run(Do::Both).await;
    assert_eq!(world.plan().await.doubles.len(), 1);
    world.delete(9_100_001).await;
    assert_eq!(world.plan().await.doubles, []);
}

#[tokio::test]
async fn a_post_that_arrives_late_is_named() {
    let mut world = three_new().await;
    world.fail("POST /articles", Fault::LoseRequest);
    let told = world.run(Do::Stage).await;
    assert!(told[0].starts_with("A.md failed"), "{told:?}");
    world.run(Do::Stage).await;
    assert_eq!(world.count().await, 3);
    world.send("POST", "/articles", &article("A", "<p>Text of A.</p>")).await;
    let doubles = world.plan().await.doubles;
    assert_eq!((doubles.len(), doubles[0].path.as_str(), doubles[0].copy.0), (1, "A.md", 9_100_004));
}

#[tokio::test]
async fn an_article_that_only_has_the_title_of_an_old_one_is_no_double() {
    let mut world = three_new().await;
    world.run(Do::Both).await;
    world.clock.advance(3_600);
    world.send("POST", "/articles", &article("A", "<p>Something else.</p>")).await;
    assert_eq!(world.plan().await.doubles, []);
    world.send("POST", "/articles", &article("A", "<p>Text of A.</p>")).await;
    assert_eq!(world.plan().await.doubles.len(), 1);
}

#[tokio::test]
async fn a_collection_that_came_to_be_since_the_plan_is_not_made_twice() {
    let mut world = World::new().await;
    world.write("guide/install.md", "---\ntitle: Install\n---\nText.\n");
    let plan = world.plan().await;
    world.send("POST", "/help_center/collections", &json!({ "name": "Guide" })).await;
    let told = world.carry_out(plan, Do::Stage).await;
    assert!(told[0].contains("refused: collection"), "{told:?}");
    assert_eq!(world.count().await, 0);
    world.run(Do::Stage).await;
    assert_eq!(world.get("/help_center/collections").await["total_count"], 1);
}

#[tokio::test]
async fn a_run_whose_lock_was_taken_away_creates_nothing_more() {
    let mut world = three_new().await;
    let lock = world.run_lock();
    world.fail("POST /articles", Fault::Delete(lock));
    let told = world.run(Do::Stage).await;
    assert_eq!(told[0], "A.md created");
    assert!(told[1..].iter().all(|line| line.contains("run.lock` was taken away")), "{told:?}");
    assert_eq!(world.count().await, 1);
    world.run(Do::Stage).await;
    assert_eq!(world.count().await, 3);
    world.check_settled().await;
}
