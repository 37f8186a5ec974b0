//! Folders against collections.

use std::collections::BTreeMap;

use super::world::{BILLING, World, french};
use crate::book::{CollectionContent, Folder};
use crate::intercom::model::CollectionId;
use crate::plan::{Action, NewPlace, Publish};
use crate::text::DocPath;

#[test]
fn a_folder_without_a_collection_is_created_below_its_parent() {
    let mut world = World::in_sync();
    world.add_folder("billing/invoices");
    world.add_folder("new");
    world.add_folder("new/deep");
    world.check(
        "billing/invoices: Create | stage: collection Invoices in 7 | new: Create | stage: collection New | new/deep: Create | stage: collection Deep in new new",
    );
}

#[test]
fn a_folder_adopts_the_collection_of_its_name_whatever_its_case() {
    let mut world = World::in_sync();
    world.folder().id = None;
    world.collection().name = "BILLING".to_owned();
    world.without_lock();
    world.check("billing: Adopt | stage: adopt");
    world.folder().title = Some("Billing".to_owned());
    world.check(
        "billing: Create | stage: collection Billing | billing/refunds.md: Move | collection: BILLING -> billing (new) | publish: move in new billing | note: the collection `BILLING` (7) holds nothing any more: it stays, and customers do not see it; delete it in Intercom if it is not needed",
    );
}

#[test]
fn two_collections_of_one_name_ask_for_the_id() {
    let mut world = World::in_sync();
    world.folder().id = None;
    world.book.articles.clear();
    world.record.articles = crate::record::Records::default();
    let mut other = world.collection().clone();
    other.id = CollectionId(8);
    world.live.collections.insert(other.id, other);
    world.check("billing: Blocked | blocked: 2 collections are called `Billing`");
}

#[test]
fn a_collection_that_is_gone_blocks_its_folder_and_its_articles() {
    let mut world = World::in_sync();
    world.live.collections.clear();
    world.check(
        "billing: Blocked | blocked: the collection 7 was deleted in Intercom | billing/refunds.md: Blocked | blocked: its collection `billing` is blocked: the collection 7 was deleted in Intercom",
    );
}

#[test]
fn a_collection_that_an_incomplete_list_lacks_is_not_called_deleted() {
    let mut world = World::in_sync();
    world.live.collections.clear();
    world.live.is_complete = false;
    let reason = world.plan().changes[0].parts().next().unwrap().blocked.clone().unwrap().reason;
    assert_eq!(reason, "the collection 7 is not in Intercom's list, which stayed incomplete");
}

#[test]
fn a_collection_is_renamed_and_described_at_publish() {
    let mut world = World::in_sync();
    world.folder().title = Some("Money".to_owned());
    world.folder().description = Some("All of it.".to_owned());
    world.check(
        "billing: Update | title: Billing -> Money | description:  -> All of it. | note: 1 article in it | publish: collection Some(\"Money\") Some(\"All of it.\")",
    );
}

#[test]
fn a_collection_moves_at_publish_and_to_the_top_as_well() {
    let mut world = World::in_sync();
    world.add_collection(8, "money", None);
    world.add_collection(9, "money/cards", Some(8));
    world.live.collections.get_mut(&CollectionId(9)).unwrap().parent_id = None;
    world.record.collections.get_mut(&CollectionId(9)).unwrap().parent = None;
    world.check(
        "money/cards: Move | collection: the top -> Money | note: 0 articles in it | publish: collection None None in 8",
    );
    world.collection().parent_id = Some(CollectionId(8));
    world.record.collections.get_mut(&BILLING).unwrap().parent = Some(CollectionId(8));
    let plan = world.plan();
    let moved = plan.changes.iter().find(|change| change.subject.path() == "billing").unwrap();
    let goes = Publish::Collection { names: BTreeMap::new(), parent: Some(NewPlace::Top) };
    assert_eq!((moved.action, &moved.publish), (Action::Move, &vec![goes]));
}

#[test]
fn a_collection_renamed_in_intercom_is_drift_and_on_both_sides_a_conflict() {
    let mut world = World::in_sync();
    world.folder().title = Some("Billing".to_owned());
    world.collection().name = "Theirs".to_owned();
    world.check("billing: Drift | drift: title by somebody");
    world.folder().title = Some("Ours".to_owned());
    world.check("billing: Blocked | title: Theirs -> Ours | blocked: conflict: title changed here and in Intercom");
    world.overwrite();
    world.check(
        "billing: Update | title: Theirs -> Ours | note: 1 article in it | publish: collection Some(\"Ours\") None",
    );
}

#[test]
fn a_field_of_a_collection_that_drifted_is_left_alone_while_the_others_go_on() {
    let mut world = World::in_sync();
    world.folder().title = Some("Billing".to_owned());
    world.folder().description = Some("New.".to_owned());
    world.collection().name = "Theirs".to_owned();
    world.check(
        "billing: Update | description:  -> New. | drift: title by somebody | note: 1 article in it | publish: collection None Some(\"New.\")",
    );
}

#[test]
fn what_stands_below_a_blocked_collection_stays_where_it_is() {
    let mut world = World::in_sync();
    world.add_collection(8, "billing/invoices", Some(7));
    world.folder().id = Some(CollectionId(70));
    world.add_folder("billing/new");
    let plan = world.plan();
    let blocked: Vec<_> = plan
        .changes
        .iter()
        .filter_map(|change| {
            Some((change.subject.path(), change.parts().find_map(|part| part.blocked.as_ref())?.reason.as_str()))
        })
        .collect();
    assert_eq!(
        blocked[..2],
        [
            ("billing", "the collection 70 was deleted in Intercom"),
            ("billing/new", "the collection above it is blocked")
        ]
    );
    assert!(!plan.changes.iter().any(|change| change.subject.path() == "billing/invoices"));
    assert!(world.book.collections.contains_key(&Folder("billing/invoices".to_owned())));
}

/// The default locale and the translation were withheld from a saved plan that changed both.
#[test]
fn a_saved_plan_keeps_a_collection_that_changes_in_two_locales() {
    let mut world = World::in_two_locales();
    world.add_folder("new");
    let content = CollectionContent {
        path: DocPath::new("new/_index.fr.md"),
        title: Some("Nouveau".to_owned()),
        description: None,
    };
    world.book.collections.get_mut(&Folder("new".to_owned())).unwrap().translations.insert(french(), content);
    let now = world.plan();
    let mut saved: crate::plan::Plan = serde_json::from_value(serde_json::to_value(&now).unwrap()).unwrap();
    saved.bind(&now);
    let of = |plan: &crate::plan::Plan| {
        plan.changes.iter().find(|change| change.subject.path() == "new").unwrap().stage.clone().unwrap()
    };
    assert_eq!(of(&saved), of(&now));
}
