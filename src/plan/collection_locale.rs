//! A collection in other locales than the default one: named and described by `_index.fr.md`.
//!
//! Each field is compared as in the default locale, and what was changed in Intercom only is left
//! alone. A locale is sent whole.

use std::collections::BTreeMap;

use super::change::{Action, Blocked, BodyPair, Change, Drift, Translation};
use super::field::{Field, FieldChange};
use super::inputs::{Inputs, Theirs};
use super::side::{Side, text_side};
use super::step::{Naming, Publish};
use crate::book::{Collection as Files, CollectionContent};
use crate::intercom::model::{Collection, GroupContent, Locale};
use crate::record::NameRecord;

/// What a new collection is called in its other locales; a locale that gives no name waits for one.
pub(super) fn of_new(inputs: Inputs<'_>, files: &Files, change: &mut Change) -> BTreeMap<Locale, Naming> {
    let mut names = BTreeMap::new();
    for (locale, file) in meant(inputs, files) {
        let mut part = part(file);
        part.action = Action::Create;
        match naming(inputs, file, None, None, &mut part) {
            Ok(Some(naming)) => {
                names.insert(locale.clone(), naming);
            }
            Ok(None) => continue,
            Err(blocked) => block(&mut part, blocked),
        }
        add(change, locale, part);
    }
    names
}

/// Adds what has to change about a live collection in its other locales.
pub(super) fn compare(inputs: Inputs<'_>, files: &Files, live: &Collection, change: &mut Change) {
    let mut names = BTreeMap::new();
    let record = inputs.record.collections.get(&live.id);
    for (locale, file) in meant(inputs, files) {
        let mut part = part(file);
        let Some(locales) = &live.translated_content else {
            let reason = format!("Intercom does not say what it holds in `{locale}`, so nothing is written there");
            let hint = format!("make the Help Center multilingual, with `{locale}`, or remove it from `locales`");
            block(&mut part, Blocked::new(reason, hint));
            add(change, locale, part);
            continue;
        };
        let record = record.and_then(|record| record.translations.get(locale));
        match naming(inputs, file, locales.get(locale), record, &mut part) {
            Ok(Some(naming)) => {
                names.insert(locale.clone(), naming);
            }
            Ok(None) if part.drift.is_some() => part.action = Action::Drift,
            Ok(None) => continue,
            Err(blocked) => block(&mut part, blocked),
        }
        if let Some(drift) = &mut part.drift {
            drift.since = jiff::Timestamp::from_second(live.updated_at).ok();
        }
        add(change, locale, part);
    }
    if names.is_empty() {
        if change.publish.is_empty() && change.drift.is_none() {
            let actions = change.translations.values().map(|part| part.action);
            change.action = actions.min_by_key(|action| *action != Action::Blocked).unwrap_or(change.action);
        }
        return;
    }
    if let Some(Publish::Collection { translations, .. }) = change.publish.first_mut() {
        *translations = names;
    } else {
        change.publish.push(Publish::Collection { name: None, description: None, parent: None, translations: names });
    }
}

/// What is sent of a locale, if anything of it is ours to change; drift goes into the part.
fn naming(
    inputs: Inputs<'_>,
    file: &CollectionContent,
    live: Option<&GroupContent>,
    record: Option<&NameRecord>,
    part: &mut Translation,
) -> Result<Option<Naming>, Blocked> {
    let text = |text: Option<&str>| text.unwrap_or_default().trim().to_owned();
    let theirs = (text(live.map(|live| live.name.as_str())), text(live.and_then(|live| live.description.as_deref())));
    let fields = [
        (Field::Title, file.title.as_ref(), &theirs.0, record.map(|record| &record.name)),
        (Field::Description, file.description.as_ref(), &theirs.1, record.map(|record| &record.description)),
    ];
    let (mut drifts, mut both) = (Vec::new(), Vec::new());
    let mut sent = [None, None];
    for (at, (field, docs, theirs, known)) in fields.into_iter().enumerate() {
        let Some(docs) = docs else { continue };
        let side = match text_side(docs, theirs, known) {
            Side::Theirs | Side::Both if inputs.rules.theirs == Theirs::Overwritten => Side::Ours,
            side => side,
        };
        match side {
            Side::Same => {}
            Side::Theirs => drifts.push(FieldChange::new(field, docs.as_str(), theirs.as_str())),
            Side::Both => {
                both.push(field);
                part.fields.push(FieldChange::new(field, theirs.as_str(), docs.as_str()));
            }
            Side::Ours => {
                part.fields.push(FieldChange::new(field, theirs.as_str(), docs.as_str()));
                sent[at] = Some(docs.clone());
            }
        }
    }
    if !drifts.is_empty() {
        let fields = drifts.iter().map(|field| field.field).collect();
        part.drift = Some(Drift { fields, changes: drifts, by: "somebody".to_owned(), ..Drift::default() });
    }
    if !both.is_empty() {
        let names = both.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ");
        return Err(Blocked::new(
            format!("conflict: {names} changed both here and in Intercom"),
            format!("take that into `{}`, or run `helpbook apply --overwrite` to replace it", file.path),
        ));
    }
    let [name, description] = sent;
    if name.is_none() && description.is_none() {
        return Ok(None);
    }
    let name = name.unwrap_or(theirs.0);
    if name.is_empty() {
        return Err(Blocked::new(
            "it has no name in this locale, and a description alone cannot be sent",
            format!("write `title` into `{}`", file.path),
        ));
    }
    let description = description.or(Some(theirs.1).filter(|text| !text.is_empty()));
    Ok(Some(Naming { name, description }))
}

fn meant<'a>(inputs: Inputs<'a>, files: &'a Files) -> impl Iterator<Item = (&'a Locale, &'a CollectionContent)> {
    files.translations.iter().filter(move |(locale, _)| inputs.rules.means_locale(locale))
}

fn part(file: &CollectionContent) -> Translation {
    Translation {
        path: file.path.clone(),
        title: file.title.clone().unwrap_or_default(),
        action: Action::Update,
        fields: Vec::new(),
        body: Vec::new(),
        sides: BodyPair::default(),
        blocked: None,
        drift: None,
        notes: Vec::new(),
        wanted: None,
    }
}

fn block(part: &mut Translation, blocked: Blocked) {
    part.action = Action::Blocked;
    part.blocked = Some(blocked);
}

fn add(change: &mut Change, locale: &Locale, part: Translation) {
    let is_idle = change.fields.is_empty() && change.drift.is_none() && change.stage.is_none();
    if is_idle && change.translations.is_empty() && change.action != Action::Create {
        change.locales.clear();
    }
    change.locales.push(locale.clone());
    change.translations.insert(locale.clone(), part);
}
