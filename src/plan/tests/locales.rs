//! The rows of the state table for a second locale, and what one locale does to another.

use super::world::{FILE, GRACE, REFUNDS, World, french, html, versions};
use crate::book::CollectionRef;
use crate::config::{Author, Orphans};
use crate::intercom::model::{CollectionId, Locale, State, TranslatedContent};
use crate::plan::Action;

const FRENCH: &str = "title=Remboursements description= body=<p>Texte.</p> author=1";

/// What goes on in French alone.
fn change(action: &str, rest: &str) -> String {
    format!("billing/refunds.md: {action} | fr: {rest}")
}

#[test]
fn what_agrees_in_both_locales_is_no_change() {
    let mut world = World::in_two_locales();
    world.check("");
    let settled: Vec<String> = world.plan().settled.iter().map(|settled| settled.locale.to_string()).collect();
    assert_eq!(settled, ["en", "fr"]);
    world.without_lock();
    world.check("");
    assert!(world.plan().undecided.is_empty());
}

#[test]
fn a_new_article_is_created_with_its_translations_and_goes_live_with_them() {
    let mut world = World::in_two_locales();
    world.file().id = None;
    world.live.articles.clear();
    world.record.articles = crate::record::Records::default();
    world.write_french("Texte.");
    let sent =
        "create title=Refunds body=<p>Old text.</p> author=1 in 7 fr(title=Remboursements body=<p>Texte.</p> author=1)";
    world.check(&format!(
        "{FILE}: Create | state:  -> published | collection:  -> Billing | body | fr: Create | state:  -> published | body | stage: {sent} | publish: live fr(title=Remboursements body=<p>Texte.</p> author=1)"
    ));
    // French stays a draft where its file says so.
    world.french_file().state = Some(State::Draft);
    let plan = world.plan();
    let [crate::plan::Publish::Live { texts, at: None }] = plan.changes[0].publish.as_slice() else {
        panic!("{plan:?}")
    };
    assert!(texts.keys().eq([&Locale::english()]), "{plan:?}");
    // Without its default locale an article is not created.
    world.rules.locales = vec![french()];
    world.check("");
}

#[test]
fn an_article_that_was_never_published_is_updated_in_all_its_locales_by_one_request() {
    let mut world = World::in_two_locales();
    world.hide_french();
    world.file().content.state = Some(State::Draft);
    (world.article().state, world.article().url) = (State::Draft, None);
    let record = world.known();
    (record.state, record.staged) = (State::Draft, record.live.take());
    world.check("");
    world.write_french("Texte.");
    world.check(&change("Update", &format!("Update | body | stage: update  fr({FRENCH})")));
    world.write("New text.");
    world.check(&format!(
        "{FILE}: Update | body | fr: Update | body | stage: update body=<p>New text.</p> author=1 fr({FRENCH})"
    ));
    world.french_file().state = Some(State::Published);
    world.file().content.state = Some(State::Published);
    world.check(&format!(
        "{FILE}: Update | state: draft -> published | body | fr: Update | state: draft -> published | body | stage: update body=<p>New text.</p> author=1 fr({FRENCH}) | publish: live fr({FRENCH})"
    ));
}

#[test]
fn a_hidden_locale_of_a_live_article_is_written_whole_and_unseen() {
    let mut world = World::in_two_locales();
    world.hide_french();
    world.check("");
    world.write_french("Texte.");
    world.check(&change("Update", &format!("Update | body | stage: update  fr({FRENCH})")));
    world.french_file().state = Some(State::Published);
    world.check(&change(
        "Update",
        &format!(
            "Update | state: draft -> published | body | stage: update  fr({FRENCH}) | publish: locales fr({FRENCH})"
        ),
    ));
}

#[test]
fn a_locale_that_intercom_lacks_is_added_and_one_it_does_not_tell_of_is_not() {
    let mut world = World::in_two_locales();
    world.write_french("Texte.");
    world.record.articles.remove(&(REFUNDS, french()));
    world.article().translated_content = Some(TranslatedContent([(french(), None)].into()));
    let sent = "title=Remboursements body=<p>Texte.</p> author=1";
    world.check(&change(
        "Update",
        &format!("Create | state:  -> published | body | stage: update  fr({sent}) | publish: locales fr({sent})"),
    ));
    world.article().translated_content = None;
    world.check(&change(
        "Blocked",
        "Blocked | blocked: Intercom does not say what it holds in `fr`, so nothing is written there",
    ));
}

#[test]
fn a_locale_that_was_removed_in_intercom_is_not_added_again_unasked() {
    let mut world = World::in_two_locales();
    world.article().translated_content = Some(TranslatedContent([(french(), None)].into()));
    world.check(&change("Blocked", "Blocked | blocked: its text in `fr` was removed in Intercom"));
    world.overwrite();
    assert_eq!(world.plan().changes[0].action, Action::Update);
}

#[test]
fn what_nobody_sees_waits_while_a_draft_is_pending_anywhere() {
    let mut world = World::in_two_locales();
    world.hide_french();
    world.write_french("Texte.");
    world.write("New text.");
    world.check(&format!(
        "{FILE}: Update | body | fr: Update | body | stage: draft body=<p>New text.</p> author=1 after update fr({FRENCH}) | publish: draft"
    ));
    world.stage("New text.");
    let waits = "it waits: a draft is pending in `en`, and what is written beside it would become a part of it";
    world.check(&format!("{FILE}: Publish | body | fr: Blocked | body | blocked: {waits} | publish: draft"));
}

#[test]
fn a_live_locale_gets_a_draft_behind_its_text_in_one_request_with_the_others() {
    let mut world = World::in_two_locales();
    world.write_french("Texte.");
    world.check(&change("Update", &format!("Update | body | stage: draft  fr({FRENCH}) | publish: draft in fr")));
    world.write("New text.");
    world.check(&format!(
        "{FILE}: Update | body | fr: Update | body | stage: draft body=<p>New text.</p> author=1 fr({FRENCH}) | publish: draft in en fr"
    ));
}

#[test]
fn a_locale_that_is_staged_is_published_and_no_other() {
    let mut world = World::in_two_locales();
    world.write_french("Texte.");
    world.stage_french("Texte.");
    world.check(&change("Publish", "Publish | body | publish: draft in fr"));
    world.write_french("Encore.");
    let plan = world.plan();
    assert_eq!(plan.changes[0].locales[&french()].notes, ["it replaces the draft that is staged"]);
    // The change was reverted: the draft is taken back.
    world.write_french("Vieux texte.");
    let plan = world.plan();
    assert_eq!(plan.changes[0].locales[&french()].notes, ["it takes back the draft that is staged"]);
}

#[test]
fn a_teammates_draft_in_one_locale_stops_no_other() {
    let mut world = World::in_two_locales();
    world.draft_in_french("De Grace.");
    world.check("note: `billing/refunds.fr.md`: a draft by Grace is pending in Intercom; it is left alone");
    world.write("New text.");
    world.check("billing/refunds.md: Update | body | stage: draft body=<p>New text.</p> author=1 | publish: draft | note: `billing/refunds.fr.md`: a draft by Grace is pending in Intercom; it is left alone");
    world.write_french("Texte.");
    world.check(&format!(
        "{FILE}: Update | body | fr: Blocked | body | blocked: a teammate's draft is pending in Intercom (Grace) | stage: draft body=<p>New text.</p> author=1 | publish: draft"
    ));
    let summary = world.plan().summary;
    assert_eq!((summary.update, summary.blocked), (1, 1));
    world.overwrite();
    assert_eq!(world.plan().changes[0].locales[&french()].notes, ["it replaces a draft by Grace"]);
}

#[test]
fn an_article_moves_at_publish_unless_a_draft_in_another_locale_is_in_the_way() {
    let mut world = World::in_two_locales();
    world.add_collection(8, "payments", None);
    world.file().collection = CollectionRef::Id(CollectionId(8));
    world.check("billing/refunds.md: Move | collection: Billing -> Payments | publish: move in 8 | note: the collection `Billing` (7) holds nothing any more: it stays, and customers do not see it; delete it in Intercom if it is not needed");
    world.draft_in_french("De Grace.");
    let plan = world.plan();
    assert_eq!(plan.changes[0].action, Action::Blocked);
    world.write("New text.");
    let change = world.plan().changes.remove(0);
    assert_eq!((change.action, change.publish.len()), (Action::Update, 1));
    assert_eq!(change.parts().next().unwrap().notes, ["it moves once the draft in `fr` is published or discarded"]);
}

#[test]
fn a_hidden_default_locale_moves_at_publish_where_another_one_is_live() {
    let mut world = World::in_two_locales();
    world.file().content.state = Some(State::Draft);
    (world.article().state, world.article().url) = (State::Draft, None);
    let record = world.known();
    (record.state, record.staged) = (State::Draft, record.live.take());
    world.add_collection(8, "payments", None);
    world.file().collection = CollectionRef::Id(CollectionId(8));
    world.check("billing/refunds.md: Move | collection: Billing -> Payments | publish: move in 8 | note: the collection `Billing` (7) holds nothing any more: it stays, and customers do not see it; delete it in Intercom if it is not needed");
    world.file().content.state = Some(State::Published);
    world.check("billing/refunds.md: Publish | collection: Billing -> Payments | state: draft -> published | publish: locales en() | publish: move in 8 | note: the collection `Billing` (7) holds nothing any more: it stays, and customers do not see it; delete it in Intercom if it is not needed");
}

#[test]
fn a_locale_goes_offline_alone_and_not_beside_a_draft() {
    let mut world = World::in_two_locales();
    world.french_file().state = Some(State::Draft);
    world.check(&change("Unpublish", "Unpublish | state: published -> draft | publish: offline fr()"));
    world.file().content.state = Some(State::Draft);
    world.check(
        "billing/refunds.md: Unpublish | state: published -> draft | fr: Unpublish | state: published -> draft | publish: offline fr()",
    );
    world.file().content.state = Some(State::Published);
    world.draft("Theirs.");
    let blocked = world.plan().changes[0].locales[&french()].blocked.clone().unwrap();
    assert!(blocked.reason.starts_with("it cannot go offline yet: a draft is pending in `en`"), "{}", blocked.reason);
}

#[test]
fn what_was_taken_offline_in_intercom_in_one_locale_stays_so() {
    let mut world = World::in_two_locales();
    world.french().state = State::Draft;
    world.check(&change("Drift", "Drift | drift: state by Grace | refuses: it was taken offline in Intercom"));
    assert!(world.plan().refuses_to_publish());
    world.french_record().taken_offline = true;
    let plan = world.plan();
    assert_eq!((plan.changes[0].action, plan.changes[0].publish.len()), (Action::Publish, 1));
}

#[test]
fn drift_and_conflict_are_those_of_a_locale() {
    let mut world = World::in_two_locales();
    world.french().title = "De Grace".to_owned();
    world.check(&change("Drift", "Drift | drift: title by Grace"));
    world.write_french("Texte.");
    world.check(&change(
        "Update",
        "Update | body | drift: title by Grace | stage: draft  fr(title=De Grace description= body=<p>Texte.</p> author=1) | publish: draft in fr",
    ));
    world.french_file().title = "Le nôtre".to_owned();
    world.check(&change(
        "Blocked",
        "Blocked | title: De Grace -> Le nôtre | body | blocked: conflict: title changed here and in Intercom (Grace)",
    ));
}

#[test]
fn an_unknown_author_blocks_its_locale_and_no_other() {
    let mut world = World::in_two_locales();
    world.french_file().author = Some(Author::Email("nobody@example.com".to_owned()));
    world.write("New text.");
    world.check("billing/refunds.md: Update | body | fr: Blocked | blocked: no teammate has the address nobody@example.com | stage: draft body=<p>New text.</p> author=1 | publish: draft");
    world.french_file().author = Some(Author::Id(GRACE));
    world.file().content.author = Some(Author::Email("nobody@example.com".to_owned()));
    let change = world.plan().changes.remove(0);
    assert_eq!((change.action, change.is_blocked()), (Action::Update, true));
    let [own, translation] = [Locale::english(), french()].map(|locale| &change.locales[&locale]);
    assert!(change.is_staged(translation) && !change.is_staged(own));
}

#[test]
fn a_locale_without_a_file_is_an_orphan_where_base_knows_it_and_else_left_alone() {
    let mut world = World::in_two_locales();
    world.file().translations.clear();
    world.check(&change("Orphan", "Orphan | note: its file is gone; it stays live"));
    for policy in [Orphans::Unpublish, Orphans::Delete] {
        world.rules.orphans = policy;
        world.check(&change("Unpublish", "Unpublish | state: published -> draft | publish: offline fr()"));
    }
    world.draft_in_french("De Grace.");
    world.check(&change(
        "Blocked",
        "Blocked | blocked: its file is gone, and a teammate's draft is pending in Intercom",
    ));
    world.record.articles.remove(&(REFUNDS, french()));
    world.check("");
}

#[test]
fn only_the_locales_that_are_meant_are_looked_at() {
    let mut world = World::in_two_locales();
    world.write("New text.");
    world.write_french("Texte.");
    world.rules.locales = vec![french()];
    world.check(&change("Update", &format!("Update | body | stage: draft  fr({FRENCH}) | publish: draft in fr")));
    assert!(world.plan().changes[0].locales.keys().eq([&french()]));
    world.rules.locales = vec![Locale::english()];
    world.check("billing/refunds.md: Update | body | stage: draft body=<p>New text.</p> author=1 | publish: draft");
}

#[test]
fn without_a_record_the_newest_version_of_the_locale_decides() {
    let mut world = World::in_two_locales();
    world.without_lock();
    world.write_french("Texte.");
    assert_eq!(world.plan().undecided, [(REFUNDS, Some(french()))].into());
    let said = html("Vieux texte.");
    world.french_file().source = "Vieux texte.".into();
    world.french_file().body = crate::text::Span::new(0, 12);
    world.french().body = Some(html("Texte."));
    let mut of_french = versions("web");
    of_french.by_api = Some(crate::intercom::model::Version {
        title: Some("Remboursements".to_owned()),
        body: Some(said),
        ..Default::default()
    });
    world.found().versions = [(Some(french()), of_french), (None, versions("api"))].into();
    world.check(&change("Drift", "Drift | drift: body by Grace"));
    world.found().versions.insert(Some(french()), versions("api"));
    assert_eq!(world.plan().changes[0].action, Action::Update);
}

#[test]
fn publishing_takes_what_is_staged_and_leaves_a_locale_that_is_not() {
    let mut world = World::in_two_locales();
    world.write("New text.");
    world.stage("New text.");
    world.write_french("Texte.");
    let mut plan = world.plan();
    assert_eq!(plan.keep_staged(None), [FILE]);
    assert_eq!(plan.changes[0].publish, [crate::plan::Publish::Draft { locales: vec![Locale::english()] }]);
    // The other way round.
    let mut world = World::in_two_locales();
    world.write("New text.");
    world.write_french("Texte.");
    world.stage_french("Texte.");
    let mut plan = world.plan();
    assert_eq!(plan.keep_staged(None), [FILE]);
    assert_eq!(plan.changes[0].publish, [crate::plan::Publish::Draft { locales: vec![french()] }]);
}

#[test]
fn a_saved_plan_says_of_each_locale_what_may_be_done() {
    let mut world = World::in_two_locales();
    world.write("New text.");
    let saved = world.plan();
    let bound = |world: &World| {
        let mut plan = saved.clone();
        plan.bind(&world.plan());
        plan.changes.remove(0)
    };
    assert_eq!(bound(&world).action, Action::Update);
    // French was not in it.
    world.write_french("Texte.");
    assert_eq!(
        bound(&world).parts().next().unwrap().blocked.clone().unwrap().reason,
        "the docs say more by now than when this plan was made"
    );
    let json = serde_json::to_string(&world.plan()).unwrap();
    let back: crate::plan::Plan = serde_json::from_str(&json).unwrap();
    assert_eq!(back.changes, world.plan().changes);
}

#[test]
fn one_locale_leaves_no_trace_in_the_document() {
    let mut world = World::in_sync();
    world.write("New text.");
    let json = serde_json::to_string(&world.plan()).unwrap();
    assert!(!json.contains("translations") && !json.contains("unseen"), "{json}");
}

#[test]
fn a_root_in_another_locale_is_never_taken_for_ours() {
    let mut world = World::in_two_locales();
    world.article().default_locale = Some(french());
    world.check("billing/refunds.md: Blocked | blocked: its default locale in Intercom is `fr`, and not `en`");
    world.article().default_locale = Some(Locale::english());
    world.check("");
}

/// Found while building: the default locale, which was not meant, counted as changed.
#[test]
fn a_plan_of_one_locale_binds_to_a_book_whose_default_locale_agrees() {
    let mut world = World::in_two_locales();
    world.write_french("Texte.");
    world.rules.locales = vec![french()];
    let saved = world.plan();
    world.rules.locales.push(Locale::english());
    let bound = |world: &World| {
        let mut plan = saved.clone();
        plan.bind(&world.plan());
        plan.changes.remove(0)
    };
    assert_eq!(bound(&world).action, Action::Update);
    let change = bound(&world);
    assert!(change.is_staged(&change.locales[&french()]));
    world.write("New text.");
    assert_eq!(
        bound(&world).parts().next().unwrap().blocked.clone().unwrap().reason,
        "the docs say more by now than when this plan was made"
    );
}

#[test]
fn a_file_that_was_sent_in_another_locale_is_refused() {
    let mut world = World::in_two_locales();
    let content = world.file().translations.remove(&french()).unwrap();
    let file = crate::book::Article { content: content.clone(), path: content.path.clone(), ..world.file().clone() };
    world.book.articles.clear();
    world.book.articles.insert(content.path.clone(), file);
    let change = &world.plan().changes[0];
    assert_eq!(change.action, Action::Blocked);
    assert!(
        change.parts().next().unwrap().blocked.as_ref().unwrap().reason.contains("in `fr`, and is the one in `en` now")
    );
    world.overwrite();
    assert_ne!(world.plan().changes[0].action, Action::Blocked);
}
