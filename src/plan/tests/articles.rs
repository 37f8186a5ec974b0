//! The rows of the state table.

use super::world::{ADA, BILLING, FILE, GRACE, World, short};
use crate::book::CollectionRef;
use crate::config::{Author, Orphans};
use crate::intercom::Unreadable;
use crate::intercom::model::{AdminId, ArticleId, CollectionId, Locale, State};
use crate::plan::{Action, Pages, TakenTitles};
use crate::text::DocPath;

#[test]
fn what_agrees_is_no_change() {
    World::in_sync().check("");
    World::never_published().check("");
    let mut without_lock = World::in_sync();
    without_lock.without_lock();
    without_lock.check("");
    assert!(without_lock.plan().undecided.is_empty());
}

#[test]
fn a_file_without_an_id_is_created_as_a_draft() {
    let mut world = World::in_sync();
    world.add_file("billing/new.md", "New", "Text.");
    world.check(
        "billing/new.md: Create | state:  -> draft | collection:  -> Billing | body | stage: create title=New body=<p>Text.</p> author=1 in 7",
    );
    world.book.articles.get_mut(&DocPath::new("billing/new.md")).unwrap().content.state = Some(State::Published);
    world.check(
        "billing/new.md: Create | state:  -> published | collection:  -> Billing | body | stage: create title=New body=<p>Text.</p> author=1 in 7 | publish: live",
    );
}

#[test]
fn a_file_that_lost_its_id_adopts_the_article_with_its_text() {
    let mut world = World::in_sync();
    world.file().id = None;
    world.check("billing/refunds.md: Adopt | stage: adopt");
}

#[test]
fn a_file_that_lost_its_id_adopts_by_the_staged_text_too() {
    let mut world = World::in_sync();
    world.write("New text.");
    world.stage("New text.");
    world.file().id = None;
    world.check("billing/refunds.md: Adopt | body | stage: adopt | publish: draft");
}

#[test]
fn several_equal_articles_are_adopted_one_to_one_lowest_id_first() {
    let mut world = World::in_sync();
    for id in [14, 12, 13] {
        world.add_live(id, "Same", "Text.");
    }
    for path in ["billing/a.md", "billing/b.md"] {
        world.add_file(path, "Same", "Text.");
    }
    let plan = world.plan();
    let adopted: Vec<_> = plan.changes.iter().map(|change| (change.subject.path(), change.id)).collect();
    assert_eq!(adopted, [("billing/a.md", Some(12)), ("billing/b.md", Some(13))]);
}

#[test]
fn a_taken_title_is_refused_unless_creating_is_asked_for() {
    let mut world = World::in_sync();
    world.add_live(12, "Taken", "Other.");
    world.add_file("billing/new.md", "Taken", "Text.");
    world
        .check("billing/new.md: Blocked | blocked: article 12 has this title and other content, and no file claims it");
    world.rules.taken_titles = TakenTitles::Created;
    world.check(
        "billing/new.md: Create | state:  -> draft | collection:  -> Billing | body | stage: create title=Taken body=<p>Text.</p> author=1 in 7",
    );
}

#[test]
fn an_article_of_an_ignored_collection_is_not_adopted() {
    let mut world = World::in_sync();
    world.file().id = None;
    world.file().collection = CollectionRef::Unsaid;
    world.rules.ignored_collections = vec!["Billing".to_owned()];
    world.record.articles = crate::record::Records::default();
    world.check(
        "billing/refunds.md: Create | state:  -> published | body | stage: create title=Refunds body=<p>Old text.</p> author=1 | publish: live",
    );
}

#[test]
fn an_id_whose_article_is_gone_is_refused() {
    let mut world = World::in_sync();
    world.live.articles.clear();
    world.check("billing/refunds.md: Blocked | blocked: article 11 was deleted in Intercom");
}

#[test]
fn an_article_that_was_never_published_is_updated_unseen() {
    let mut world = World::never_published();
    world.write("New text.");
    world.check("billing/refunds.md: Update | body | stage: update body=<p>New text.</p> author=1");
    world.file().content.state = Some(State::Published);
    world.check(
        "billing/refunds.md: Update | state: draft -> published | body | stage: update body=<p>New text.</p> author=1 | publish: live",
    );
}

#[test]
fn a_finished_draft_goes_live() {
    let mut world = World::never_published();
    world.file().content.state = Some(State::Published);
    world.check("billing/refunds.md: Publish | state: draft -> published | publish: live");
}

#[test]
fn a_draft_that_a_teammate_rewrote_is_drift_and_is_not_published() {
    let mut world = World::never_published();
    world.article().title = "Theirs".to_owned();
    world.check("billing/refunds.md: Drift | drift: title by Grace");
    world.file().content.state = Some(State::Published);
    world.check(
        "billing/refunds.md: Drift | drift: title by Grace | refuses: its text was changed in Intercom, and publishing would make that text live",
    );
}

#[test]
fn a_live_article_gets_a_draft_behind_its_text() {
    let mut world = World::in_sync();
    world.write("New text.");
    world.check("billing/refunds.md: Update | body | stage: draft body=<p>New text.</p> author=1 | publish: draft");
    world.file().content.title = "Money back".to_owned();
    world.file().content.description = Some("How.".to_owned());
    world.check(
        "billing/refunds.md: Update | title: Refunds -> Money back | description:  -> How. | body | stage: draft title=Money back description=How. body=<p>New text.</p> author=1 | publish: draft",
    );
}

#[test]
fn a_draft_that_is_as_wanted_is_staged_already() {
    let mut world = World::in_sync();
    world.write("New text.");
    world.stage("New text.");
    world.check("billing/refunds.md: Publish | body | publish: draft");
}

#[test]
fn our_draft_is_replaced_where_the_docs_say_something_else_by_now() {
    let mut world = World::in_sync();
    world.write("New text.");
    world.stage("New text.");
    world.write("Newest text.");
    world.check(
        "billing/refunds.md: Update | body | note: it replaces the draft that is staged | stage: draft body=<p>Newest text.</p> author=1 | publish: draft",
    );
}

#[test]
fn our_draft_is_taken_back_where_the_change_was_reverted() {
    let mut world = World::in_sync();
    world.write("New text.");
    world.stage("New text.");
    world.write("Old text.");
    world.check(
        "billing/refunds.md: Update | body | note: it takes back the draft that is staged | stage: draft body=<p>Old text.</p> author=1 | publish: draft",
    );
    // Once that is staged, publishing clears it.
    world.stage("Old text.");
    world.check(
        "billing/refunds.md: Publish | note: its staged draft says what is live: publishing clears it | publish: draft",
    );
}

#[test]
fn a_teammates_draft_behind_an_article_as_wanted_is_a_note() {
    let mut world = World::in_sync();
    world.draft("Theirs.");
    world.check("note: `billing/refunds.md`: a draft by Grace is pending in Intercom; it is left alone");
    assert_eq!(world.plan().settled.len(), 1);
}

#[test]
fn a_teammates_draft_is_replaced_only_when_asked_for() {
    let mut world = World::in_sync();
    world.draft("Theirs.");
    world.write("New text.");
    world.check("billing/refunds.md: Blocked | body | blocked: a teammate's draft is pending in Intercom (Grace)");
    world.overwrite();
    world.check(
        "billing/refunds.md: Update | body | note: it replaces a draft by Grace | stage: draft body=<p>New text.</p> author=1 | publish: draft",
    );
}

#[test]
fn a_teammates_draft_that_also_changes_what_the_docs_do_not_say_is_not_published() {
    let mut world = World::in_sync();
    world.write("New text.");
    world.draft("New text.").description = Some("Not reviewed.".to_owned());
    world.check("billing/refunds.md: Blocked | blocked: a teammate's draft is pending in Intercom (Grace)");
    world.overwrite();
    world.check(
        "billing/refunds.md: Update | body | note: it replaces a draft by Grace | stage: draft description= author=1 | publish: draft",
    );
}

#[test]
fn a_live_article_moves_at_publish() {
    let mut world = World::in_sync();
    world.add_collection(8, "payments", None);
    world.file().collection = CollectionRef::Id(CollectionId(8));
    world.check("billing/refunds.md: Move | collection: Billing -> Payments | publish: move in 8 | note: the collection `Billing` (7) holds nothing any more: it stays, and customers do not see it; delete it in Intercom if it is not needed");
    world.write("New text.");
    world.check(
        "billing/refunds.md: Update | collection: Billing -> Payments | body | stage: draft body=<p>New text.</p> author=1 | publish: draft | publish: move in 8 | note: the collection `Billing` (7) holds nothing any more: it stays, and customers do not see it; delete it in Intercom if it is not needed",
    );
}

#[test]
fn a_move_between_two_collections_of_one_name_shows_their_ids() {
    let mut world = World::in_sync();
    world.add_collection(8, "payments", None);
    world.live.collections.get_mut(&CollectionId(8)).unwrap().name = "Billing".to_owned();
    world.record.collections.remove(&CollectionId(8));
    world.file().collection = CollectionRef::Id(CollectionId(8));
    let shown = short(&world.plan());
    assert!(shown.contains("collection: Billing (7) -> Billing (8)"), "{shown}");
}

#[test]
fn a_hidden_article_moves_at_once() {
    let mut world = World::never_published();
    world.add_collection(8, "payments", None);
    world.file().collection = CollectionRef::Id(CollectionId(8));
    world.check("billing/refunds.md: Move | collection: Billing -> Payments | stage: update author=1 in 8 | note: the collection `Billing` (7) holds nothing any more: it stays, and customers do not see it; delete it in Intercom if it is not needed");
}

#[test]
fn a_move_waits_while_a_teammates_draft_is_pending() {
    let mut world = World::in_sync();
    world.add_collection(8, "payments", None);
    world.file().collection = CollectionRef::Id(CollectionId(8));
    world.draft("Theirs.");
    world.check(
        "billing/refunds.md: Blocked | collection: Billing -> Payments | body | blocked: it is to move, and a teammate's draft is pending in Intercom (Grace)",
    );
}

#[test]
fn a_move_in_intercom_is_drift_and_one_on_both_sides_a_conflict() {
    let mut world = World::in_sync();
    world.add_collection(8, "payments", None);
    world.add_collection(9, "legal", None);
    world.article().parent_ids = vec![CollectionId(8)];
    world.check("billing/refunds.md: Drift | drift: collection by Grace");
    world.file().collection = CollectionRef::Id(CollectionId(9));
    world.check(
        "billing/refunds.md: Blocked | collection: Payments -> Legal | blocked: conflict: collection changed here and in Intercom (Grace)",
    );
    world.overwrite();
    world.check("billing/refunds.md: Move | collection: Payments -> Legal | publish: move in 9 | note: the collection `Payments` (8) holds nothing any more: it stays, and customers do not see it; delete it in Intercom if it is not needed");
}

#[test]
fn state_draft_takes_a_live_article_offline() {
    let mut world = World::in_sync();
    world.file().content.state = Some(State::Draft);
    world.check("billing/refunds.md: Unpublish | state: published -> draft | publish: offline");
    world.write("New text.");
    world.check(
        "billing/refunds.md: Unpublish | state: published -> draft | body | publish: offline body=<p>New text.</p> author=1",
    );
}

#[test]
fn an_article_does_not_go_offline_under_a_teammates_draft() {
    let mut world = World::in_sync();
    world.file().content.state = Some(State::Draft);
    world.draft("Theirs.");
    world.check(
        "billing/refunds.md: Blocked | state: published -> draft | body | blocked: it is to go offline, and a teammate's draft is pending in Intercom (Grace)",
    );
}

#[test]
fn going_offline_leaves_what_a_teammate_changed_and_says_so() {
    let mut world = World::in_sync();
    world.file().content.state = Some(State::Draft);
    world.article().title = "Theirs".to_owned();
    world.check("billing/refunds.md: Unpublish | state: published -> draft | drift: title by Grace | publish: offline");
}

#[test]
fn what_was_taken_offline_in_intercom_stays_offline_unless_overwritten() {
    let mut world = World::taken_offline();
    world.check("billing/refunds.md: Drift | drift: state by Grace | refuses: it was taken offline in Intercom");
    world.overwrite();
    world.check(
        "billing/refunds.md: Publish | state: draft -> published | note: it was taken offline in Intercom; only `--overwrite` with `--publish` makes it live again | publish: live",
    );
}

#[test]
fn what_we_took_offline_goes_live_again_when_the_docs_say_so() {
    let mut world = World::taken_offline();
    world.known().taken_offline = true;
    world.check("billing/refunds.md: Publish | state: draft -> published | publish: live");
}

#[test]
fn what_was_published_in_intercom_is_not_taken_down_by_us() {
    let mut world = World::in_sync();
    world.file().content.state = Some(State::Draft);
    world.known().state = State::Draft;
    world.check("billing/refunds.md: Drift | drift: state by Grace | refuses: it was published in Intercom");
    world.overwrite();
    world.check("billing/refunds.md: Unpublish | state: published -> draft | publish: offline");
}

#[test]
fn an_orphan_goes_by_the_policy() {
    let mut world = World::in_sync();
    world.book.articles.clear();
    world.check("billing/refunds.md: Orphan | note: its file is gone; it stays live");
    world.rules.orphans = Orphans::Unpublish;
    world.check("billing/refunds.md: Unpublish | state: published -> draft | publish: offline");
    world.rules.orphans = Orphans::Delete;
    world.check("billing/refunds.md: Delete | state: published -> deleted | publish: delete | note: the collection `Billing` (7) holds nothing any more: it stays, and customers do not see it; delete it in Intercom if it is not needed");
    assert!(world.plan().changes[0].seen.is_some());
}

#[test]
fn an_orphan_with_a_teammates_draft_is_neither_taken_down_nor_deleted() {
    let mut world = World::in_sync();
    world.book.articles.clear();
    world.draft("Theirs.");
    for policy in [Orphans::Unpublish, Orphans::Delete] {
        world.rules.orphans = policy;
        world.check(
            "billing/refunds.md: Blocked | blocked: its file is gone, and a teammate's draft is pending in Intercom",
        );
    }
    world.overwrite();
    world.check("billing/refunds.md: Delete | state: published -> deleted | publish: delete | note: the collection `Billing` (7) holds nothing any more: it stays, and customers do not see it; delete it in Intercom if it is not needed");
}

#[test]
fn nothing_is_an_orphan_while_a_file_cannot_be_read_or_only_some_are_meant() {
    let mut world = World::in_sync();
    let path = DocPath::new("billing/broken.md");
    world.book.articles.clear();
    world.rules.orphans = Orphans::Delete;
    let mut broken = world.clone();
    broken.book.diagnostics.push(crate::diagnostic::Diagnostic::error("x", &path, None, "it cannot be read"));
    broken.check("");
    world.rules.paths = vec![DocPath::new("other")];
    world.check("");
}

#[test]
fn the_author_is_sent_with_every_text_if_it_is_a_current_teammate() {
    let mut world = World::in_sync();
    world.write("New text.");
    world.article().author_id = Some(AdminId(99));
    world.known().live.as_mut().unwrap().author = Some(AdminId(99));
    world.check("billing/refunds.md: Update | body | stage: draft body=<p>New text.</p> | publish: draft");
}

#[test]
fn an_author_is_found_by_address_or_id_and_counts_as_text() {
    let mut world = World::in_sync();
    for author in [Author::Email("GRACE@example.com".to_owned()), Author::Id(GRACE)] {
        world.file().content.author = Some(author);
        world.check("billing/refunds.md: Update | author: Ada -> Grace | stage: draft author=2 | publish: draft");
    }
    world.file().content.author = Some(Author::Email("grce@example.com".to_owned()));
    world.check("billing/refunds.md: Blocked | blocked: no teammate has the address grce@example.com");
    let hint = world.plan().changes[0].parts().next().unwrap().blocked.clone().unwrap().hint;
    assert_eq!(hint, "did you mean `grace@example.com`?");
    world.file().content.author = Some(Author::Id(AdminId(99)));
    world.check("billing/refunds.md: Blocked | blocked: no teammate has the id 99");
    // One who left stays the author of what they wrote.
    world.article().author_id = Some(AdminId(99));
    world.known().live.as_mut().unwrap().author = Some(AdminId(99));
    world.check("");
}

#[test]
fn an_author_who_was_changed_in_intercom_stays_when_text_is_sent() {
    let mut world = World::in_sync();
    world.file().content.author = Some(Author::Id(ADA));
    world.article().author_id = Some(GRACE);
    world.check("billing/refunds.md: Drift | drift: author by Grace");
    world.write("New text.");
    world.check(
        "billing/refunds.md: Update | body | drift: author by Grace | stage: draft body=<p>New text.</p> author=2 | publish: draft",
    );
}

#[test]
fn an_incomplete_list_stops_what_is_new_and_nothing_else() {
    let mut world = World::in_sync();
    world.live.is_complete = false;
    world.rules.orphans = Orphans::Delete;
    world.add(12, "billing/gone.md", "Gone", "Text.");
    world.book.articles.remove(&DocPath::new("billing/gone.md"));
    world.add_file("billing/new.md", "New", "Text.");
    world.add_live(13, "Lost", "Text.");
    world.add_file("billing/lost.md", "Lost", "Text.");
    world.write("New text.");
    world.rules.taken_titles = TakenTitles::Created;
    let reason = "Intercom's list of articles stayed incomplete, so it may be there already";
    world.check(&format!(
        "billing/lost.md: Blocked | blocked: {reason} | billing/new.md: Blocked | blocked: {reason} | {FILE}: Update | body | stage: draft body=<p>New text.</p> author=1 | publish: draft | note: Intercom's lists stayed incomplete in three walks: nothing is created, adopted or counted as an orphan in this run",
    ));
}

#[test]
fn an_article_in_two_help_centers_is_never_moved() {
    let mut world = World::in_sync();
    world.add_collection(8, "payments", None);
    world.article().parent_ids = vec![BILLING, CollectionId(70)];
    world.file().collection = CollectionRef::Id(CollectionId(8));
    world.check(
        "note: `billing/refunds.md` is in several collections in Intercom, as in several Help Centers: it is not moved; move it there",
    );
}

#[test]
fn a_plan_for_some_paths_leaves_the_others_alone() {
    let mut world = World::in_sync();
    world.add(12, "billing/other.md", "Other", "Text.");
    world.write("New text.");
    world.file().collection = CollectionRef::Folder(crate::book::Folder("new/deep".to_owned()));
    world.add_folder("new");
    world.add_folder("new/deep");
    world.add_folder("unrelated");
    world.rules.paths = vec![DocPath::new("billing/other.md")];
    world.check("");
    world.rules.paths = vec![DocPath::new(FILE)];
    let plan = world.plan();
    let paths: Vec<_> = plan.changes.iter().map(|change| change.subject.path()).collect();
    assert_eq!(paths, ["new", "new/deep", FILE]);
    assert_eq!(plan.changes[2].article_id(), Some(ArticleId(11)));
}

#[test]
fn without_pages_a_plan_says_the_same_in_words() {
    let mut world = World::in_sync();
    world.write("New text.");
    let mut with = world.plan();
    world.rules.pages = Pages::LeftOut;
    let without = world.plan();
    let sides = std::mem::take(&mut with.changes[0].locales.get_mut(&Locale::english()).unwrap().sides);
    assert!(sides.old.contains("Old text") && sides.new.contains("New text"), "{sides:?}");
    assert_eq!(with, without);
}

#[test]
fn an_article_that_cannot_be_read_is_left_alone_and_named_and_the_others_go_on() {
    let mut world = World::in_sync();
    let (id, found) = world.live.articles.pop_first().unwrap();
    let title = Some(found.article.title.clone());
    let reason = "unknown variant `archived`".to_owned();
    world.live.unreadable.insert(id, Unreadable { id: Some(id.0), title, reason });
    let plan = world.plan();
    let changes: Vec<_> = plan.changes.iter().map(|change| (change.article_id(), change.action)).collect();
    assert_eq!(changes, [(Some(id), Action::Blocked)]);
    let blocked = plan.changes[0].parts().next().unwrap().blocked.clone().unwrap().reason;
    assert!(blocked.contains("cannot be read") && blocked.contains("archived"), "{blocked}");
    // Without an id the file may be that article, so none is created.
    world.file().id = None;
    let plan = world.plan();
    assert!(plan.changes.iter().all(|change| change.action == Action::Blocked), "{:?}", plan.changes);
    assert!(plan.notes.iter().any(|note| note.contains("is left alone")));
}
