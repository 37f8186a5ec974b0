//! A plan as a value: pure, kept as JSON, guarded, bound again.

use super::world::{FILE, REFUNDS, World};
use crate::config::Orphans;
use crate::intercom::model::State;
use crate::plan::{Action, Guard, Plan, Stage, guard};
use crate::text::DocPath;

/// A world with one change of every kind.
fn busy() -> World {
    let mut world = World::in_sync();
    world.add_folder("new");
    world.add_file("new/article.md", "New", "Text.");
    world.add(12, "billing/orphan.md", "Orphan", "Text.");
    world.book.articles.remove(&DocPath::new("billing/orphan.md"));
    world.add(13, "billing/drift.md", "Drift", "Text.");
    world.live.articles.get_mut(&crate::intercom::model::ArticleId(13)).unwrap().article.title = "Theirs".to_owned();
    world.write("New text.");
    world
}

#[test]
fn the_same_inputs_give_a_byte_equal_plan() {
    let json = |world: &World| serde_json::to_string(&world.plan()).unwrap();
    assert_eq!(json(&busy()), json(&busy()));
}

#[test]
fn a_plan_comes_back_from_its_json() {
    let plan = busy().plan();
    let back: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
    assert_eq!(back.changes, plan.changes);
    assert_eq!((back.summary, back.notes, back.made_at), (plan.summary, plan.notes, plan.made_at));
}

#[test]
fn the_summary_counts_what_happens() {
    let summary = busy().plan().summary;
    assert_eq!((summary.create, summary.update, summary.orphans, summary.drift), (2, 1, 1, 1));
    assert_eq!(summary.unchanged, 1);
}

/// A world of `managed` articles of which the files of the last `gone` are gone.
fn removing(managed: u64, gone: u64) -> World {
    let mut world = World::empty();
    world.add_collection(7, "billing", None);
    world.rules.orphans = Orphans::Unpublish;
    for id in 0..managed {
        world.add(100 + id, &format!("billing/{id}.md"), &format!("Article {id}"), "Text.");
    }
    for id in managed - gone..managed {
        world.book.articles.remove(&DocPath::new(format!("billing/{id}.md")));
    }
    world
}

#[track_caller]
fn check_guard(managed: u64, gone: u64, allowed: Option<usize>, stops: bool) {
    let world = removing(managed, gone);
    let expected = stops.then_some(Guard { removals: gone as usize, managed: managed as usize });
    assert_eq!(guard(&world.plan(), &world.record, allowed), expected);
}

#[test]
fn many_removals_stop_unless_they_are_allowed() {
    check_guard(19, 10, None, false);
    check_guard(19, 11, None, true);
    check_guard(20, 4, None, false);
    check_guard(20, 5, None, true);
    check_guard(20, 5, Some(4), true);
    check_guard(20, 5, Some(5), false);
    check_guard(200, 10, None, false);
    check_guard(200, 11, None, true);
}

#[test]
fn a_saved_plan_leaves_out_what_was_done_and_refuses_what_changed() {
    let mut world = World::in_sync();
    world.write("New text.");
    let saved = world.plan();
    let bound = |world: &World| {
        let mut plan = saved.clone();
        plan.bind(&world.plan());
        plan.changes.iter().map(|change| change.action).collect::<Vec<_>>()
    };
    assert_eq!(bound(&world), [Action::Update]);
    world.write("Newest text.");
    assert_eq!(bound(&world), [Action::Blocked]);
    world.write("Old text.");
    assert_eq!(bound(&world), []);
}

#[test]
fn a_saved_plan_that_runs_again_adopts_what_it_created() {
    let mut world = World::in_sync();
    world.add_file("billing/new.md", "New", "Text.");
    world.book.articles.get_mut(&DocPath::new("billing/new.md")).unwrap().content.state = Some(State::Draft);
    let mut saved = world.plan();
    world.add_live(12, "New", "Text.");
    let made = &mut world.live.articles.get_mut(&crate::intercom::model::ArticleId(12)).unwrap().article;
    (made.state, made.url) = (State::Draft, None);
    saved.bind(&world.plan());
    assert_eq!(saved.changes.len(), 1);
    assert_eq!((saved.changes[0].id, &saved.changes[0].stage), (Some(12), &Some(Stage::Adopt)));
}

#[test]
fn what_is_not_staged_is_not_published() {
    let mut world = World::in_sync();
    world.write("New text.");
    let mut plan = world.plan();
    assert_eq!(plan.keep_staged(None), [FILE]);
    assert_eq!(plan.changes, []);
    world.stage("New text.");
    let mut plan = world.plan();
    assert_eq!(plan.keep_staged(None), [] as [&str; 0]);
    assert_eq!(plan.changes[0].article_id(), Some(REFUNDS));
}
