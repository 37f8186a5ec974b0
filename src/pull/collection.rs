//! Collections: the `_index.md` of folders that have none, and names that changed in Intercom.

use std::collections::{BTreeMap, BTreeSet};

use super::name::{Names, translated};
use super::{Inputs, file};
use crate::book::{CollectionContent, Folder, KeyEdit, with_index_key};
use crate::intercom::model::{Collection, CollectionId, GroupContent, Locale};
use crate::plan::{Field, RemoteChanges};
use crate::record::NameRecord;
use crate::text::{Digest, DocPath};

/// An `_index.md`, or one of its translations, that is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// The file.
    pub path: DocPath,
    /// Its folder.
    pub folder: Folder,
    /// Its collection.
    pub id: CollectionId,
    /// The collection's name in Intercom.
    pub name: String,
    /// What happens to the file.
    pub what: IndexChange,
}

impl Index {
    /// The file's text from now on.
    pub fn text(&self) -> &str {
        match &self.what {
            IndexChange::New { text } => text,
            IndexChange::Edited { after, .. } => after,
        }
    }
}

/// What happens to an `_index.md`.
#[derive(Debug, Clone, PartialEq)]
pub enum IndexChange {
    /// It is new.
    New {
        /// Its text.
        text: String,
    },
    /// The title or the description changes.
    Edited {
        /// Which.
        fields: BTreeSet<Field>,
        /// Its text until now.
        before: String,
        /// Its text from now on.
        after: String,
    },
}

/// The files of some collections and of those above them that are not there yet.
pub(super) fn new(
    inputs: Inputs<'_>,
    taken: &RemoteChanges,
    names: &mut Names<'_>,
    wanted: BTreeSet<CollectionId>,
) -> Vec<Index> {
    let Inputs { book, live, rules, .. } = inputs;
    let mut all = BTreeSet::new();
    for id in wanted {
        let mut next = Some(id);
        while let Some(collection) = next.and_then(|id| live.collections.get(&id)) {
            if !all.insert(collection.id) {
                break;
            }
            next = collection.parent_id;
        }
    }
    let mut made = Vec::new();
    for id in all {
        let folder = taken.folders.get(&id).cloned().unwrap_or_else(|| names.folder(id));
        let collection = &live.collections[&id];
        let there = book.collections.get(&folder);
        if there.is_none() && !rules.locales.contains(&rules.locale) {
            continue;
        }
        let mut add = |path: DocPath, content: &GroupContent, ids: file::FileIds| {
            let what = IndexChange::New { text: file::index(content, id, ids) };
            made.push(Index { path, folder: folder.clone(), id, name: content.name.trim().to_owned(), what });
        };
        if there.is_none_or(|there| there.index.is_none()) {
            add(folder.index(), &root(collection), inputs.ids);
        }
        let known = inputs.record.collections.get(&id);
        for (locale, content) in translations(collection, &rules.locale) {
            let has_file = there.is_some_and(|there| there.translations.contains_key(locale));
            // A translation that had a file was deleted on purpose.
            let had_file = known.is_some_and(|known| known.translations.contains_key(locale)) && there.is_some();
            if !has_file && !had_file && rules.locales.contains(locale) && !content.name.trim().is_empty() {
                add(translated(&folder.index(), locale), content, file::FileIds::LeftOut);
            }
        }
    }
    made.sort_by(|one, other| one.path.cmp(&other.path));
    made
}

/// The names and descriptions that were changed in Intercom only. What changed on both sides is a
/// note.
pub(super) fn edited(inputs: Inputs<'_>, taken: &RemoteChanges, notes: &mut Vec<String>) -> Vec<Index> {
    let Inputs { book, live, record, rules, .. } = inputs;
    let mut edited = Vec::new();
    for (id, folder) in &taken.folders {
        let (Some(collection), Some(there)) = (live.collections.get(id), book.collections.get(folder)) else {
            continue;
        };
        let Some(record) = record.collections.get(id) else { continue };
        let mut files: Vec<(CollectionContent, GroupContent, NameRecord)> = Vec::new();
        if let Some(path) = &there.index {
            let (title, description) = (there.title.clone(), there.description.clone());
            let known = NameRecord { name: record.name.clone(), description: record.description.clone() };
            files.push((CollectionContent { path: path.clone(), title, description }, root(collection), known));
        }
        for (locale, content) in translations(collection, &rules.locale) {
            if let (Some(file), Some(known)) = (there.translations.get(locale), record.translations.get(locale)) {
                files.push((file.clone(), content.clone(), known.clone()));
            }
        }
        for (file, content, known) in files {
            let fields = theirs(&file, &content, &known, notes);
            let Some(before) = book.sources.get(&file.path).filter(|_| !fields.is_empty()) else { continue };
            let after = fields.iter().try_fold(before.to_string(), |text, field| {
                let edit = match field {
                    Field::Title => KeyEdit::Title(content.name.trim().to_owned()),
                    _ => KeyEdit::Description(content.description.as_deref().unwrap_or_default().trim().to_owned()),
                };
                with_index_key(&file.path, &text, &edit)
            });
            let Some(after) = after else {
                notes
                    .push(format!("`{}`: its collection was renamed in Intercom; write that there by hand", file.path));
                continue;
            };
            let what = IndexChange::Edited { fields, before: before.to_string(), after };
            let name = content.name.trim().to_owned();
            edited.push(Index { path: file.path, folder: folder.clone(), id: *id, name, what });
        }
    }
    edited
}

/// The fields that were changed in Intercom only.
fn theirs(
    file: &CollectionContent,
    content: &GroupContent,
    known: &NameRecord,
    notes: &mut Vec<String>,
) -> BTreeSet<Field> {
    let description = content.description.as_deref().unwrap_or_default();
    let fields = [
        (Field::Title, file.title.as_deref(), content.name.as_str(), &known.name),
        (Field::Description, file.description.as_deref(), description, &known.description),
    ];
    let mut theirs = BTreeSet::new();
    for (field, ours, live, known) in fields {
        let digest = |text: &str| Digest::of(text.trim());
        let Some(ours) = ours.filter(|ours| ours.trim() != live.trim() && digest(live) != *known) else { continue };
        if digest(ours) == *known {
            theirs.insert(field);
        } else {
            notes.push(format!(
                "`{}`: its {} changed here and in Intercom, where it is `{}`; write the one you mean",
                file.path,
                field.name(),
                live.trim()
            ));
        }
    }
    theirs
}

fn root(collection: &Collection) -> GroupContent {
    GroupContent { name: collection.name.clone(), description: collection.description.clone() }
}

fn translations<'a>(
    collection: &'a Collection,
    default: &'a Locale,
) -> impl Iterator<Item = (&'a Locale, &'a GroupContent)> {
    let all: Option<&BTreeMap<Locale, Option<GroupContent>>> =
        collection.translated_content.as_ref().map(|locales| &locales.0);
    all.into_iter()
        .flatten()
        .filter(move |(locale, _)| *locale != default)
        .filter_map(|(locale, content)| Some((locale, content.as_ref()?)))
}
