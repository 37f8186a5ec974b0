//! What is explained is what the plan does.

use super::world::{World, html};
use crate::intercom::model::State;
use crate::plan::{Reasons, Side, Which};

/// The fields that are not as the docs say, of the live text and of the draft.
#[track_caller]
fn check(mut world: World, expected: &[(&str, Which, Side)]) {
    world.rules.reasons = Reasons::Given;
    let plan = world.plan();
    let [explained] = plan.explained.as_slice() else { panic!("{:?}", plan.explained) };
    let differ = explained.reasons.iter().filter(|reason| reason.side != Side::Same);
    let differ: Vec<_> = differ.map(|reason| (reason.field.id(), reason.of, reason.side)).collect();
    assert_eq!(differ, expected, "{explained:#?}");
    let drifted: Vec<&str> = plan
        .changes
        .iter()
        .flat_map(|change| change.locales.values().flat_map(|part| &part.drift))
        .flat_map(|drift| &drift.fields)
        .map(|field| field.id())
        .collect();
    let theirs: Vec<&str> = expected
        .iter()
        .filter(|(_, of, side)| (*of, *side) == (Which::Live, Side::Theirs))
        .map(|(name, _, _)| *name)
        .collect();
    assert_eq!(drifted, theirs);
    world.rules.reasons = Reasons::LeftOut;
    assert!(world.plan().explained.is_empty());
}

#[test]
fn every_side_is_the_one_that_the_plan_takes() {
    check(World::in_sync(), &[]);
    let mut ours = World::in_sync();
    ours.write("New text.");
    check(ours.clone(), &[("body", Which::Live, Side::Ours)]);
    let mut both = ours.clone();
    both.article().body = Some(html("Their text."));
    both.newest("web");
    check(both, &[("body", Which::Live, Side::Both)]);
    let mut staged = ours;
    staged.stage("New text.");
    check(staged, &[("body", Which::Live, Side::Ours)]);
    let mut theirs = World::in_sync();
    theirs.article().body = Some(html("Their text."));
    theirs.newest("web");
    check(theirs, &[("body", Which::Live, Side::Theirs)]);
    let mut draft = World::in_sync();
    draft.draft("Half done.");
    draft.newest("web");
    check(draft, &[("body", Which::Draft, Side::Theirs)]);
}

#[test]
fn the_state_is_explained() {
    let mut offline = World::taken_offline();
    offline.rules.state = Some(State::Published);
    check(offline, &[("state", Which::Live, Side::Theirs)]);
    let mut first = World::never_published();
    first.file().content.state = Some(State::Published);
    check(first, &[("state", Which::Live, Side::Ours)]);
}
