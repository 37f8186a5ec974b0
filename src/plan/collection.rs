//! Folders against collections: matched, created, renamed, described, moved.
//!
//! By id, else by name and parent; two matches ask for the id. A collection is created at apply,
//! where it stays hidden while it is empty; everything else about it is visible at once and waits
//! for publish.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Action, Blocked, BodyPair, Change, Drift, Field, Place, Publish, Seen, Stage, Subject};
use super::{Inputs, Theirs, collection_locale};
use crate::book::{Folder, title_of_folder};
use crate::intercom::model::{Collection, CollectionId};
use crate::text::Digest;

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
            if change.blocked.is_none() {
                collection_locale::compare(inputs, file, &live.collections[id], &mut change);
            }
            // The id is written down where it is in no file yet.
            if change.blocked.is_some() {
                return Some(change);
            }
            if is_meant && (*adopted || file.index.is_none()) {
                let known = inputs.base.collections.get(id).is_some_and(|record| record.folder == *folder);
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

fn compare(inputs: Inputs<'_>, folder: &Folder, live: &Collection, parent: Option<&Place>, change: &mut Change) {
    let Inputs { book, base, rules, .. } = inputs;
    let file = &book.collections[folder];
    let record = base.collections.get(&live.id);
    let mut theirs = Vec::new();
    let mut both = Vec::new();
    // Whether a field that differs is to change, by whose change it is.
    let mut is_ours = |field: Field, they_changed: bool, we_changed: bool| {
        if !they_changed || rules.theirs == Theirs::Overwritten {
            return true;
        }
        let side = if we_changed { &mut both } else { &mut theirs };
        side.push(field);
        false
    };
    let digest = |text: &str| Digest::of(text.trim());
    let description = live.description.as_deref().unwrap_or_default().trim();
    let name = file.title.as_deref().filter(|title| *title != live.name.trim()).filter(|title| {
        let stored = record.map(|record| &record.name);
        let differs = |text| stored.is_some_and(|stored| *stored != digest(text));
        is_ours(Field::Title, differs(&live.name), differs(title))
    });
    let new_description = file.description.as_deref().filter(|text| *text != description).filter(|text| {
        let stored = record.map(|record| &record.description);
        let differs = |text| stored.is_some_and(|stored| *stored != digest(text));
        is_ours(Field::Description, differs(description), differs(text))
    });
    let place = live.parent_id.map(Place::Id);
    let new_parent = Some(parent).filter(|parent| *parent != place.as_ref()).filter(|parent| {
        let stored = record.map(|record| record.parent.map(Place::Id));
        let differs = |place: Option<&Place>| stored.as_ref().is_some_and(|stored| stored.as_ref() != place);
        is_ours(Field::Collection, differs(place.as_ref()), differs(*parent))
    });
    let names = |place: Option<&Place>| match place {
        Some(Place::Id(id)) => inputs.live.path_of(*id).join(" / "),
        Some(Place::Folder(folder)) => folder.0.clone(),
        None => "the top".to_owned(),
    };
    if !both.is_empty() {
        let fields = both.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ");
        *change = change.clone().blocked(Blocked::new(
            format!("conflict: {fields} changed both here and in Intercom"),
            format!("take that into `{}`, or run `helpbook apply --overwrite` to replace it", folder.index()),
        ));
        return;
    }
    if let Some(name) = name {
        change.field(Field::Title, &live.name, name);
    }
    if let Some(text) = new_description {
        change.field(Field::Description, description, text);
    }
    if let Some(parent) = new_parent {
        if parent.is_none() {
            // No call is documented that clears a parent (FACTS 1.4).
            change.fields.clear();
            *change = change.clone().blocked(Blocked::new(
                format!(
                    "it stands below `{}` in Intercom, and the API cannot move it to the top",
                    names(place.as_ref())
                ),
                "move the folder below that one, or move the collection in Intercom",
            ));
            return;
        }
        change.field(Field::Collection, names(place.as_ref()), names(parent));
    }
    if name.is_some() || new_description.is_some() || new_parent.is_some() {
        change.action = if new_parent.is_some() && name.is_none() { Action::Move } else { Action::Update };
        change.publish.push(Publish::Collection {
            name: name.map(str::to_owned),
            description: new_description.map(str::to_owned),
            parent: new_parent.flatten().cloned(),
            translations: BTreeMap::new(),
        });
        let articles =
            inputs.live.articles.values().filter(|found| found.article.parent_ids.contains(&live.id)).count();
        change.notes.push(format!("{articles} article{} in it", if articles == 1 { "" } else { "s" }));
    } else if !theirs.is_empty() {
        change.action = Action::Drift;
    }
    if !theirs.is_empty() {
        let since = jiff::Timestamp::from_second(live.updated_at).ok();
        change.drift = Some(Drift {
            fields: theirs,
            changes: Vec::new(),
            body: Vec::new(),
            sides: BodyPair::default(),
            by: "somebody".to_owned(),
            since,
            refuses: None,
        });
    }
}
