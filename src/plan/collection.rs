//! Folders against collections: matched, created, renamed, described, moved.
//!
//! By id, else by name and parent; two matches ask for the id. A collection is created at apply,
//! where it stays hidden while it is empty; everything else about it is visible at once and waits
//! for publish.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Action, Blocked, Change, LocaleChange, Subject};
use super::collection_locale::{self, Compared, Known, Said, Stored};
use super::field::Field;
use super::inputs::Inputs;
use super::seen::Seen;
use super::side::side;
use super::step::{Naming, NewPlace, Place, Publish, Stage};
use crate::book::{self, CollectionContent, Folder, title_of_folder};
use crate::intercom::model::{Collection, CollectionId, Locale};
use crate::live::LiveArticle;
use crate::text::DocPath;

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
    /// Nothing says which one it is.
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
                format!("remove `id` from `{}` to create a new one", folder.index()),
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
                    // A folder's name says nothing about upper and lower case.
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
    Planner { inputs, folder, file: &inputs.book.collections[folder], all }.change(matched)
}

/// A folder, and what the folders are in Intercom.
#[derive(Clone, Copy)]
struct Planner<'a> {
    inputs: Inputs<'a>,
    folder: &'a Folder,
    file: &'a book::Collection,
    all: &'a BTreeMap<Folder, Matched>,
}

/// What a collection is to be called, and how that is shown.
#[derive(Default)]
struct Names {
    sent: BTreeMap<Locale, Naming>,
    shown: Vec<LocaleChange>,
}

impl Planner<'_> {
    fn change(self, matched: &Matched) -> Option<Change> {
        let rules = self.inputs.rules;
        let is_meant = rules.means_locale(&rules.locale);
        match matched {
            Matched::New | Matched::Live { adopted: true, .. } | Matched::Refused(_) if !is_meant => None,
            Matched::Refused(blocked) => {
                Some(self.empty(self.file.id).with(self.own(Action::Update)).blocked(blocked.clone()))
            }
            Matched::New => Some(self.created()),
            Matched::Live { id, .. } => self.compared(&self.inputs.live.collections[id], matched),
        }
    }

    fn name(self) -> String {
        self.file.title.clone().unwrap_or_else(|| title_of_folder(self.folder))
    }

    fn empty(self, id: Option<CollectionId>) -> Change {
        let subject = Subject::Collection { folder: self.folder.clone() };
        Change::new(subject, id.map(|id| id.0), &self.name())
    }

    /// The default locale, without anything that happens to it.
    fn own(self, action: Action) -> LocaleChange {
        let path = DocPath::new(self.folder.0.as_str());
        LocaleChange { action, ..LocaleChange::new(&self.inputs.rules.locale, &path, &self.name()) }
    }

    /// The collection above it.
    fn parent(self) -> Option<Place> {
        self.folder.parent().and_then(|parent| match &self.all[&parent] {
            Matched::Live { id, .. } => Some(Place::Id(*id)),
            Matched::New => Some(Place::Folder(parent)),
            Matched::Refused(_) => None,
        })
    }

    /// A collection that is not in Intercom yet.
    fn created(self) -> Change {
        let mut change = self.empty(None);
        if let Some(Matched::Refused(above)) = self.folder.parent().map(|parent| &self.all[&parent]) {
            let blocked = Blocked::new("the collection above it is blocked", above.hint.clone());
            return change.with(self.own(Action::Update)).blocked(blocked);
        }
        let description = self.file.description.clone().filter(|text| !text.is_empty());
        let mut names = self.translations(None);
        names.sent.insert(self.inputs.rules.locale.clone(), Naming { name: Some(self.name()), description });
        let parent = self.parent();
        change.action = Action::Create;
        change.stage = Some(Stage::CreateCollection {
            names: names.sent,
            help_center: parent.is_none().then_some(self.inputs.live.help_center.id),
            parent,
        });
        names.shown.push(self.own(Action::Create));
        names.shown.into_iter().fold(change, Change::with)
    }

    /// A collection that is in Intercom.
    fn compared(self, live: &Collection, matched: &Matched) -> Option<Change> {
        let adopted = matches!(matched, Matched::Live { adopted: true, .. });
        let default = &self.inputs.rules.locale;
        let is_meant = self.inputs.rules.means_locale(default);
        let mut own = self.own(Action::Update);
        let mut names = self.translations(Some(live));
        let mut moved_to = None;
        if is_meant {
            match self.compare_own(live, &mut own) {
                Ok(None) => {}
                Ok(Some(OwnEdit { naming, parent })) => {
                    names.sent.extend((naming != Naming::default()).then(|| (default.clone(), naming)));
                    moved_to = parent;
                }
                Err(blocked) => own.block(blocked),
            }
        }
        let mut change = self.empty(Some(live.id));
        change.seen = Some(Seen::of_collection(live));
        let known = self.inputs.record.collections.get(&live.id).is_some_and(|record| record.folder == *self.folder);
        let is_blocked = own.blocked.is_some();
        // The id is written down where it is in no file yet.
        if is_meant && !is_blocked && (adopted || self.file.index.is_none() && !known) {
            change.stage = Some(Stage::Adopt);
            own.action = Action::Adopt;
        }
        if !is_blocked && (!names.sent.is_empty() || moved_to.is_some()) {
            change.publish.push(Publish::Collection { names: names.sent, parent: moved_to });
        }
        let is_own_idle = own.fields.is_empty() && own.drift.is_none() && !is_blocked && change.stage.is_none();
        names.shown.extend((!is_own_idle).then_some(own));
        if names.shown.is_empty() {
            return None;
        }
        let mut change = names.shown.into_iter().fold(change, Change::with);
        change.action = if is_blocked { Action::Blocked } else { change.overall(default) };
        Some(change)
    }

    /// What is to change of the default locale, and where the collection is to be.
    fn compare_own(self, live: &Collection, own: &mut LocaleChange) -> Result<Option<OwnEdit>, Blocked> {
        let (inputs, file) = (self.inputs, self.file);
        // Below a folder that is refused it stays where it is.
        let is_above_refused =
            self.folder.parent().is_some_and(|parent| matches!(self.all[&parent], Matched::Refused(_)));
        let place = live.parent_id.map(Place::Id);
        let parent = if is_above_refused { place.clone() } else { self.parent() };
        let known = inputs.record.collections.get(&live.id);
        let names = |place: Option<&Place>| match place {
            Some(Place::Id(id)) => inputs.live.path_of(*id).join(" / "),
            Some(Place::Folder(folder)) => folder.0.clone(),
            None => "the top".to_owned(),
        };
        let said = Said { title: file.title.as_ref(), description: file.description.as_ref() };
        let known_names = known.map_or_else(Known::default, |known| Known {
            name: Some(&known.name),
            description: Some(&known.description),
        });
        let mut compared = collection_locale::texts(said, &Stored::of(live), known_names);
        let known_place = known.map(|known| known.parent.map(Place::Id));
        compared.push(Compared {
            field: Field::Collection,
            side: side(&parent, Some(&place), known_place.as_slice()),
            old: names(place.as_ref()),
            new: names(parent.as_ref()),
        });
        let ours = collection_locale::show(inputs, compared, &self.folder.index(), Some(live.updated_at), own)?;
        if ours.is_empty() {
            return Ok(None);
        }
        let moves = ours.contains(&Field::Collection);
        let naming = Naming {
            name: file.title.clone().filter(|_| ours.contains(&Field::Title)),
            description: file.description.clone().filter(|_| ours.contains(&Field::Description)),
        };
        own.action = if moves && naming.name.is_none() { Action::Move } else { Action::Update };
        let is_in_it = |found: &&LiveArticle| found.article.parent_ids.contains(&live.id);
        let articles = inputs.live.articles.values().filter(is_in_it).count();
        own.notes.push(format!("{articles} article{} in it", if articles == 1 { "" } else { "s" }));
        let goes = || parent.clone().map_or(NewPlace::Top, NewPlace::Below);
        Ok(Some(OwnEdit { naming, parent: moves.then(goes) }))
    }

    /// The other locales; of a collection that is not in Intercom, `live` is `None`.
    fn translations(self, live: Option<&Collection>) -> Names {
        let mut names = Names::default();
        let record = live.and_then(|live| self.inputs.record.collections.get(&live.id));
        let meant = self.file.translations.iter().filter(|(locale, _)| self.inputs.rules.means_locale(locale));
        for (locale, file) in meant {
            let title = file.title.clone().unwrap_or_default();
            let mut part = LocaleChange::new(locale, &file.path, &title);
            let stored = live.map(|live| live.translated_content.as_ref().map(|locales| locales.get(locale)));
            let Some(stored) = stored.unwrap_or(Some(None)) else {
                part.block(Blocked::new(
                    format!("Intercom does not say what it holds in `{locale}`, so nothing is written there"),
                    format!("make the Help Center multilingual, with `{locale}`, or remove it from `locales`"),
                ));
                names.shown.push(part);
                continue;
            };
            if live.is_none() {
                part.action = Action::Create;
            }
            let known = record.and_then(|record| record.translations.get(locale));
            let known = known.map_or_else(Known::default, |known| Known {
                name: Some(&known.name),
                description: Some(&known.description),
            });
            let said = Said { title: file.title.as_ref(), description: file.description.as_ref() };
            let stored = Stored::in_locale(stored);
            let compared = collection_locale::texts(said, &stored, known);
            let updated_at = live.map(|live| live.updated_at);
            let ours = collection_locale::show(self.inputs, compared, &file.path, updated_at, &mut part);
            match ours.and_then(|ours| whole(file, &stored, &ours)) {
                Ok(Some(naming)) => {
                    if live.is_some() {
                        part.action = Action::Update;
                    }
                    names.sent.insert(locale.clone(), naming);
                }
                Ok(None) if part.drift.is_some() => {}
                // A locale that gives no name waits for one.
                Ok(None) => continue,
                Err(blocked) => part.block(blocked),
            }
            names.shown.push(part);
        }
        names
    }
}

/// What changes of a collection in the default locale, and where it goes.
struct OwnEdit {
    naming: Naming,
    parent: Option<NewPlace>,
}

/// What is sent of another locale than the default one, if anything of it is ours to change.
fn whole(file: &CollectionContent, stored: &Stored, ours: &[Field]) -> Result<Option<Naming>, Blocked> {
    if ours.is_empty() {
        return Ok(None);
    }
    let of = |field: Field, docs: &Option<String>, stored: &String| {
        docs.clone().filter(|_| ours.contains(&field)).or_else(|| Some(stored.clone()).filter(|text| !text.is_empty()))
    };
    let name = of(Field::Title, &file.title, &stored.name).filter(|name| !name.is_empty());
    if name.is_none() {
        return Err(Blocked::new(
            "it has no name in this locale, and a description alone cannot be sent",
            format!("write `title` into `{}`", file.path),
        ));
    }
    Ok(Some(Naming { name, description: of(Field::Description, &file.description, &stored.description) }))
}
