//! Folders against collections: matched, created, renamed, described, moved.
//!
//! By id, else by name and parent; two matches ask for the id. A collection is created at apply,
//! where it stays hidden while it is empty; everything else about it is visible at once and waits
//! for publish.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Action, Blocked, BodyPair, Change, Drift, Subject};
use super::collection_locale;
use super::field::{Field, FieldChange};
use super::inputs::{Inputs, Theirs};
use super::seen::Seen;
use super::side::{Side, side, text_side};
use super::step::{Place, Publish, Stage};
use crate::book::{Folder, title_of_folder};
use crate::intercom::model::{Collection, CollectionId};

/// What a folder was matched with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Matched {
    /// A live collection.
    Live {
        /// Its id.
        id: CollectionId,
        /// Whether it was found by name, so that its id has to be written down.
        adopted: bool,
    },
    /// Nothing: it is new.
    New,
    /// It cannot be told.
    Refused(Blocked),
}

/// The folders that are collections in Intercom.
pub(super) fn folders(matched: &BTreeMap<Folder, Matched>) -> BTreeMap<&str, CollectionId> {
    let live = matched.iter().filter_map(|(folder, matched)| match matched {
        Matched::Live { id, .. } => Some((folder.0.as_str(), *id)),
        _ => None,
    });
    live.collect()
}

pub(super) fn matched(inputs: Inputs<'_>) -> BTreeMap<Folder, Matched> {
    let Inputs { book, live, .. } = inputs;
    let claimed: BTreeSet<CollectionId> = book.collections.values().filter_map(|collection| collection.id).collect();
    let mut all: BTreeMap<Folder, Matched> = BTreeMap::new();
    let mut taken: BTreeSet<CollectionId> = BTreeSet::new();
    for (folder, collection) in &book.collections {
        let matched = match collection.id {
            Some(id) if live.collections.contains_key(&id) => Matched::Live { id, adopted: false },
            Some(id) if !live.is_complete => Matched::Refused(Blocked::new(
                format!("the collection {id} is not in Intercom's list, which stayed incomplete"),
                "run it again",
            )),
            Some(id) => Matched::Refused(Blocked::new(
                format!("the collection {id} was deleted in Intercom"),
                format!("remove `id` from `{}` to create it anew", folder.index()),
            )),
            None => {
                let parent = match folder.parent().map(|parent| all[&parent].clone()) {
                    None => Some(None),
                    Some(Matched::Live { id, .. }) => Some(Some(id)),
                    Some(Matched::New | Matched::Refused(_)) => None,
                };
                let name = collection.title.clone().unwrap_or_else(|| title_of_folder(folder));
                let same_name = |found: &Collection| match &collection.title {
                    Some(title) => found.name.trim() == title,
                    // A folder's name tells nothing about upper and lower case.
                    None => found.name.trim().to_lowercase() == name.to_lowercase(),
                };
                let fits = |found: &&Collection| {
                    Some(found.parent_id) == parent
                        && same_name(found)
                        && !claimed.contains(&found.id)
                        && !taken.contains(&found.id)
                };
                let found: Vec<CollectionId> = live.collections.values().filter(fits).map(|found| found.id).collect();
                match found.as_slice() {
                    [id] => Matched::Live { id: *id, adopted: true },
                    [] if !live.is_complete => Matched::Refused(Blocked::new(
                        "Intercom's list of collections stayed incomplete",
                        "run it again",
                    )),
                    [] => Matched::New,
                    [first, ..] => Matched::Refused(Blocked::new(
                        format!("{} collections are called `{name}`", found.len()),
                        format!("say which one it is: write `id: {first}` into `{}`", folder.index()),
                    )),
                }
            }
        };
        if let Matched::Live { id, .. } = matched {
            taken.insert(id);
        }
        all.insert(folder.clone(), matched);
    }
    all
}

/// What has to change about a folder's collection, if anything.
pub(super) fn change(
    inputs: Inputs<'_>,
    folder: &Folder,
    matched: &Matched,
    all: &BTreeMap<Folder, Matched>,
) -> Option<Change> {
    let Inputs { book, live, rules, .. } = inputs;
    let file = &book.collections[folder];
    let name = file.title.clone().unwrap_or_else(|| title_of_folder(folder));
    let subject = Subject::Collection { folder: folder.clone() };
    let parent = folder.parent().and_then(|parent| match &all[&parent] {
        Matched::Live { id, .. } => Some(Place::Id(*id)),
        Matched::New => Some(Place::Folder(parent)),
        Matched::Refused(_) => None,
    });
    let is_meant = rules.means_locale(&rules.locale);
    match matched {
        Matched::New | Matched::Live { adopted: true, .. } | Matched::Refused(_) if !is_meant => None,
        Matched::Refused(blocked) => {
            Some(Change::new(subject, file.id.map(|id| id.0), &name, &rules.locale).blocked(blocked.clone()))
        }
        Matched::New => {
            let mut change = Change::new(subject, None, &name, &rules.locale);
            if let Some(Matched::Refused(above)) = folder.parent().map(|parent| &all[&parent]) {
                return Some(change.blocked(Blocked::new("the collection above it is blocked", above.hint.clone())));
            }
            change.action = Action::Create;
            change.stage = Some(Stage::CreateCollection {
                name,
                description: file.description.clone().filter(|text| !text.is_empty()),
                help_center: parent.is_none().then_some(live.help_center.id),
                parent,
                translations: collection_locale::of_new(inputs, file, &mut change),
            });
            Some(change)
        }
        Matched::Live { id, adopted } => {
            let mut change = Change::new(subject, Some(id.0), &name, &rules.locale);
            // Below a folder that cannot be told it stays where it is.
            let above_is_refused = folder.parent().is_some_and(|parent| matches!(all[&parent], Matched::Refused(_)));
            let parent = if above_is_refused { live.collections[id].parent_id.map(Place::Id) } else { parent };
            change.seen = Some(Seen::of_collection(&live.collections[id]));
            if is_meant {
                compare(inputs, folder, &live.collections[id], parent.as_ref(), &mut change);
            }
            collection_locale::compare(inputs, file, &live.collections[id], &mut change);
            // The id is written down where it is in no file yet.
            if change.blocked.is_some() {
                change.publish.clear();
                change.action = Action::Blocked;
                return Some(change);
            }
            if is_meant && (*adopted || file.index.is_none()) {
                let known = inputs.record.collections.get(id).is_some_and(|record| record.folder == *folder);
                if *adopted || !known {
                    change.stage = Some(Stage::Adopt);
                    change.action = Action::Adopt;
                }
            }
            let has_change = change.stage.is_some()
                || !change.publish.is_empty()
                || change.drift.is_some()
                || !change.translations.is_empty();
            has_change.then_some(change)
        }
    }
}

/// A field of a collection, and whose its difference is.
struct Compared {
    field: Field,
    side: Side,
    old: String,
    new: String,
}

fn compare(inputs: Inputs<'_>, folder: &Folder, live: &Collection, parent: Option<&Place>, change: &mut Change) {
    let file = &inputs.book.collections[folder];
    let known = inputs.record.collections.get(&live.id);
    let description = live.description.as_deref().unwrap_or_default().trim();
    let place = live.parent_id.map(Place::Id);
    let names = |place: Option<&Place>| match place {
        Some(Place::Id(id)) => inputs.live.path_of(*id).join(" / "),
        Some(Place::Folder(folder)) => folder.0.clone(),
        None => "the top".to_owned(),
    };
    let mut compared: Vec<Compared> = Vec::new();
    if let Some(title) = &file.title {
        let side = text_side(title, live.name.trim(), known.map(|known| &known.name));
        compared.push(Compared { field: Field::Title, side, old: live.name.clone(), new: title.clone() });
    }
    if let Some(text) = &file.description {
        let side = text_side(text, description, known.map(|known| &known.description));
        compared.push(Compared { field: Field::Description, side, old: description.to_owned(), new: text.clone() });
    }
    let known_place = known.map(|known| known.parent.map(Place::Id));
    let of_place = side(&parent.cloned(), Some(&place), known_place.as_slice());
    let (old, new) = (names(place.as_ref()), names(parent));
    compared.push(Compared { field: Field::Collection, side: of_place, old, new });
    if inputs.rules.theirs == Theirs::Overwritten {
        compared.iter_mut().filter(|field| field.side > Side::Ours).for_each(|field| field.side = Side::Ours);
    }
    let has = |wanted: Side| compared.iter().any(|field| field.side == wanted);
    let is_ours = |wanted: Field| compared.iter().any(|field| field.field == wanted && field.side == Side::Ours);
    let drifts: Vec<FieldChange> = compared
        .iter()
        .filter(|field| field.side == Side::Theirs)
        .map(|field| FieldChange::new(field.field, &field.new, &field.old))
        .collect();
    if !drifts.is_empty() {
        change.drift = Some(Drift {
            fields: drifts.iter().map(|field| field.field).collect(),
            changes: drifts,
            body: Vec::new(),
            sides: BodyPair::default(),
            by: "somebody".to_owned(),
            since: jiff::Timestamp::from_second(live.updated_at).ok(),
            refuses: None,
        });
    }
    for field in compared.iter().filter(|field| matches!(field.side, Side::Ours | Side::Both)) {
        change.field(field.field, &field.old, &field.new);
    }
    if has(Side::Both) {
        let both = compared.iter().filter(|field| field.side == Side::Both);
        let fields = both.map(|field| field.field.name()).collect::<Vec<_>>().join(", ");
        *change = change.clone().blocked(Blocked::new(
            format!("conflict: {fields} changed both here and in Intercom"),
            format!("take that into `{}`, or run `helpbook apply --overwrite` to replace it", folder.index()),
        ));
        return;
    }
    if !has(Side::Ours) {
        if change.drift.is_some() {
            change.action = Action::Drift;
        }
        return;
    }
    if is_ours(Field::Collection) && parent.is_none() {
        // No call is documented that clears a parent (FACTS 1.4).
        change.fields.clear();
        *change = change.clone().blocked(Blocked::new(
            format!("it is below `{}` in Intercom, and the API cannot move it to the top", names(place.as_ref())),
            "move the folder below that one, or move the collection in Intercom",
        ));
        return;
    }
    let name = file.title.clone().filter(|_| is_ours(Field::Title));
    change.action = if is_ours(Field::Collection) && name.is_none() { Action::Move } else { Action::Update };
    change.publish.push(Publish::Collection {
        name,
        description: file.description.clone().filter(|_| is_ours(Field::Description)),
        parent: parent.filter(|_| is_ours(Field::Collection)).cloned(),
        translations: BTreeMap::new(),
    });
    let articles = inputs.live.articles.values().filter(|found| found.article.parent_ids.contains(&live.id)).count();
    change.notes.push(format!("{articles} article{} in it", if articles == 1 { "" } else { "s" }));
}
