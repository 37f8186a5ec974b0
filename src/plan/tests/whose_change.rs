//! Whose change a difference is: the record, the versions, and neither of them.

use super::world::{ADA, FILE, GRACE, REFUNDS, World, html, versions};
use crate::intercom::model::Locale;
use crate::plan::Action;

#[test]
fn a_change_on_one_side_is_an_update_or_drift_and_on_both_a_conflict() {
    let mut world = World::in_sync();
    world.article().body = Some(html("Theirs."));
    world.check("billing/refunds.md: Drift | drift: body by Grace");
    world.write("New text.");
    world.check("billing/refunds.md: Blocked | body | blocked: conflict: text changed here and in Intercom (Grace)");
    world.overwrite();
    world.check("billing/refunds.md: Update | body | stage: draft body=<p>New text.</p> author=1 | publish: draft");
}

#[test]
fn a_field_that_drifted_is_left_alone_while_the_others_go_on() {
    let mut world = World::in_sync();
    world.article().title = "Theirs".to_owned();
    world.write("New text.");
    world.check(
        "billing/refunds.md: Update | body | drift: title by Grace | stage: draft body=<p>New text.</p> author=1 | publish: draft",
    );
}

#[test]
fn what_was_left_alone_in_the_last_run_is_still_theirs() {
    let mut world = World::in_sync();
    world.article().title = "Theirs".to_owned();
    world.check("billing/refunds.md: Drift | drift: title by Grace");
    world.file().content.title = "Ours".to_owned();
    world.check(
        "billing/refunds.md: Blocked | title: Theirs -> Ours | blocked: conflict: title changed here and in Intercom (Grace)",
    );
}

#[test]
fn what_else_was_changed_in_intercom_is_named_beside_a_conflict() {
    let mut world = World::in_sync();
    world.article().title = "Theirs".to_owned();
    world.article().body = Some(html("Theirs."));
    world.write("New text.");
    world.check(
        "billing/refunds.md: Blocked | body | blocked: conflict: text changed here and in Intercom (Grace) | drift: title by Grace",
    );
}

#[test]
fn a_pair_says_that_texts_are_equal_though_their_canonical_forms_are_not() {
    let mut world = World::in_sync();
    world.article().body = Some("<p>Old text, as Intercom keeps it.</p>".to_owned());
    let stored = crate::record::stored_body(world.article());
    world.known().live.as_mut().unwrap().body.stored = stored;
    world.check("");
}

#[test]
fn a_canonical_form_does_not_overrule_the_record() {
    // The size, the place and the file name of an image say nothing of who put it there.
    let mut world = World::in_sync();
    let image = |number: u32| {
        format!("<p>Old text.</p><img src=\"https://downloads.intercomcdn.com/i/o/{number}/menu.png?expires=1\">")
    };
    world.write("Old text.\n\n![](https://x.example/menu.png)");
    world.article().body = Some(image(1));
    let pair = world.pair_of(FILE, &world.live.articles[&REFUNDS].article);
    world.known().live = Some(pair);
    world.check("");
    world.article().body = Some(image(2));
    world.check("billing/refunds.md: Drift | drift: body by Grace");
    world.article().body = Some(image(1));
    world.write("Old text.\n\n![](https://x.example/v2/menu.png)");
    assert_eq!(world.plan().changes[0].action, Action::Update, "another image with the same name");
}

#[test]
fn a_link_to_another_host_counts_to_the_letter() {
    let mut world = World::in_sync();
    let text = |year: &str| format!("[a](https://blog.example/articles/2024-{year})");
    let stored = |year: &str| format!("<p><a href=\"https://blog.example/articles/2024-{year}\">a</a></p>");
    world.write(&text("review"));
    world.article().body = Some(stored("review"));
    let pair = world.pair_of(FILE, &world.live.articles[&REFUNDS].article);
    world.known().live = Some(pair);
    world.check("");
    world.article().body = Some(stored("outlook"));
    world.check("billing/refunds.md: Drift | drift: body by Grace");
    world.article().body = Some(stored("review"));
    world.write(&text("outlook"));
    assert_eq!(world.plan().changes[0].action, Action::Update);
}

#[test]
fn the_versions_say_who_wrote_a_text_that_the_record_does_not_know() {
    let mut world = World::in_sync();
    world.write("New text.");
    world.article().body = Some(html("Another text."));
    world.article().updated_at += 5;
    assert_eq!(world.plan().undecided, [(REFUNDS, None)].into());
    world.newest("web");
    world.check("billing/refunds.md: Blocked | body | blocked: conflict: text changed here and in Intercom (Grace)");
    let mut ours = versions("api");
    let version = crate::intercom::model::Version {
        created_by_id: Some(ADA),
        body: Some(html("Another text.")),
        ..ours.newest.clone().unwrap()
    };
    ours.newest = Some(version.clone());
    world.found().versions = [(None, ours.clone())].into();
    let plan = world.plan();
    assert_eq!(plan.changes[0].action, Action::Update, "a run whose record is lost");
    assert!(
        plan.changes[0].parts().next().unwrap().notes[0].starts_with("replaces a text that was sent through the API")
    );
    for other in [
        crate::intercom::model::Version { created_by_id: Some(GRACE), ..version.clone() },
        crate::intercom::model::Version { body: Some(html("Something else.")), ..version },
    ] {
        ours.newest = Some(other);
        world.found().versions = [(None, ours.clone())].into();
        assert_eq!(world.plan().changes[0].action, Action::Blocked);
    }
}

#[test]
fn what_intercom_rewrites_by_itself_is_still_ours() {
    let mut world = World::in_sync();
    let at = world.article().updated_at;
    world.article().body = Some("<p>Old text.</p><p>Written in another way.</p>".to_owned());
    let mut rewritten = versions("api");
    rewritten.newest.as_mut().unwrap().created_at = at;
    world.found().versions = [(None, rewritten)].into();
    world.check("");
    world.article().updated_at = at + 5;
    world.check("billing/refunds.md: Drift | drift: body by Grace");
}

#[test]
fn the_same_change_on_both_sides_is_none() {
    let mut world = World::in_sync();
    world.write("New text.");
    world.article().body = Some(html("New text."));
    world.newest("web");
    world.check("");
}

#[test]
fn after_a_merge_of_two_branches_the_texts_of_both_are_ours() {
    let mut world = World::in_sync();
    let first = world.known().clone();
    world.write("New text.");
    world.article().body = Some(html("New text."));
    let pair = world.pair_of(FILE, &world.live.articles[&REFUNDS].article);
    world.known().live = Some(pair);
    world.known().merged = vec![first];
    world.check("");
    world.write("Old text.");
    assert_eq!(world.plan().changes[0].action, Action::Update, "the docs went back");
    world.article().body = Some(html("Theirs."));
    world.check("billing/refunds.md: Drift | drift: body by Grace");
}

#[test]
fn without_a_record_the_newest_version_decides() {
    let mut world = World::in_sync();
    world.without_lock();
    world.write("New text.");
    assert_eq!(world.plan().undecided, [(REFUNDS, None)].into());
    let update = "billing/refunds.md: Update | body | stage: draft body=<p>New text.</p> author=1 | publish: draft";
    world.check(update);
    world.newest("api");
    world.check(&update.replace(
        "| stage",
        "| note: helpbook.lock does not know this article; it was last changed through the API, so the docs count as newer | stage",
    ));
    assert!(world.plan().undecided.is_empty());
    world.newest("web");
    world.check("billing/refunds.md: Blocked | body | blocked: conflict: text changed here and in Intercom (Grace)");
    let sent = crate::intercom::model::Version {
        title: Some("Refunds".to_owned()),
        body: Some(html("New text.")),
        ..Default::default()
    };
    world.found().versions.get_mut(&None).unwrap().by_api = Some(sent);
    world.check("billing/refunds.md: Drift | drift: body by Grace");
}

#[test]
fn an_article_that_a_lock_with_others_lacks_is_ours_only_if_title_or_text_says_so() {
    let mut world = World::in_sync();
    world.add(12, "billing/invoices.md", "Invoices", "Text.");
    world.record.articles.remove(&(REFUNDS, Locale::english()));
    world.write("New text.");
    world.newest("api");
    assert_eq!(world.plan().changes[0].action, Action::Update);
    world.file().content.title = "Other".to_owned();
    world.check(
        "billing/refunds.md: Blocked | title: Refunds -> Other | body | blocked: conflict: title, text changed here and in Intercom (Grace)",
    );
}

#[test]
fn without_a_record_the_newest_version_is_that_of_a_pending_draft() {
    let mut world = World::in_sync();
    world.without_lock();
    world.newest("web");
    world.found().versions.get_mut(&None).unwrap().live = versions("api").newest;
    world.write("New text.");
    world.draft("Theirs.");
    world.check("billing/refunds.md: Blocked | body | blocked: a teammate's draft is pending in Intercom (Grace)");
    world.newest("api");
    assert_eq!(world.plan().changes[0].action, Action::Update);
}
