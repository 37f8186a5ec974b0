//! The locales of an article, put together into one change.
//!
//! Each locale has a row of its own in the state table, and what happens to one stops no other. But
//! requests are made per article: what goes into one request is joined here, and a locale waits where
//! one request could not tell it from another. The trap that decides about it: a PUT on an article
//! lands on its draft while one is pending in any locale (docs/intercom.md 1.4).

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Blocked, Change};
use super::content::Texts;
use super::inputs::Inputs;
use super::locale_plan::LocalePlan;
use super::seen::Seen;
use super::settings;
use super::settled::Settled;
use super::step::{Publish, SettingsEdit, Stage};
use super::wanted::Wanted;
use crate::intercom::model::{AdminId, Locale};
use crate::live::LiveArticle;

/// What happens to one article, a row for each locale.
pub(super) struct Rows<'a> {
    inputs: Inputs<'a>,
    found: Option<&'a LiveArticle>,
    /// The locales in which a draft is pending, whosever it is.
    pending: BTreeSet<Locale>,
    /// Whether customers can read it in any locale.
    is_live: bool,
    /// What the docs say in the default locale.
    pub wanted: Option<Wanted>,
    /// The locales that are as the docs say.
    pub settled: Vec<Settled>,
    /// The locales to which something happens.
    pub by_locale: BTreeMap<Locale, LocalePlan>,
}

/// The rows of an article that is not in Intercom yet.
pub(super) fn of_new(inputs: Inputs<'_>, by_locale: BTreeMap<Locale, LocalePlan>) -> Rows<'_> {
    Rows { inputs, found: None, pending: BTreeSet::new(), is_live: false, wanted: None, settled: Vec::new(), by_locale }
}

impl<'a> Rows<'a> {
    /// An article that is in Intercom, without any row yet.
    pub fn of(inputs: Inputs<'a>, found: &'a LiveArticle) -> Self {
        let default = &inputs.rules.locale;
        Self {
            inputs,
            pending: found.pending(default),
            is_live: !found.published(default).is_empty(),
            found: Some(found),
            wanted: None,
            settled: Vec::new(),
            by_locale: BTreeMap::new(),
        }
    }

    /// Adds a row.
    pub fn add(&mut self, row: LocalePlan) {
        self.by_locale.insert(row.shown.locale.clone(), row);
    }

    /// The change of the article: `change` has no locale yet.
    pub fn join(mut self, mut change: Change) -> Change {
        self.hold_for_drafts();
        let default = &self.inputs.rules.locale;
        change.stage = self.stage();
        change.publish = self.publish();
        for row in self.by_locale.into_values() {
            if !row.tags.is_empty() {
                change.tags = row.tags;
            }
            change.locales.insert(row.shown.locale.clone(), Box::new(row.shown));
        }
        change.action = change.overall(default);
        if !change.locales.contains_key(default) {
            change.unchanged.extend(self.wanted.map(|wanted| (default.clone(), wanted)));
        }
        change.seen = self.found.map(|found| {
            let touched = change.locales.values().filter(|part| part.blocked.is_none()).map(|part| &part.locale);
            let seen = Seen::of(found, default, touched);
            if settings::touched_by(&change) { seen } else { Seen { settings: None, ..seen } }
        });
        change
    }

    /// Blocks the rows that have to wait for a draft in another locale.
    fn hold_for_drafts(&mut self) {
        let clears = |row: &LocalePlan| -> Vec<Locale> {
            let drafts = row.publish.iter().filter_map(|step| match step {
                Publish::Draft { locales } => Some(locales.clone()),
                _ => None,
            });
            drafts.flatten().collect()
        };
        let cleared: BTreeSet<Locale> = self.by_locale.values().flat_map(clears).collect();
        let stay: BTreeSet<Locale> = self.pending.difference(&cleared).cloned().collect();
        for (locale, row) in std::mem::take(&mut self.by_locale) {
            let is_hidden = self.is_live && matches!(row.stage, Some(Stage::Update { .. }));
            let goes_live = self.is_live
                && row.publish.iter().any(|step| matches!(step, Publish::Live { .. } | Publish::Locales { .. }));
            let leaves = row.publish.iter().any(Publish::removes);
            let others: BTreeSet<&Locale> = stay.iter().filter(|other| **other != locale).collect();
            let row = if is_hidden && !self.pending.is_empty() {
                blocked(row, "it waits", self.pending.iter())
            } else if goes_live && !stay.is_empty() {
                blocked(row, "it cannot go live yet", stay.iter())
            } else if leaves && !others.is_empty() {
                blocked(row, "it cannot go offline yet", others.into_iter())
            } else if !others.is_empty() {
                without_the_move(row, &others)
            } else {
                row
            };
            self.by_locale.insert(locale, row);
        }
    }

    /// The one step of `apply` that does what the rows stage.
    fn stage(&mut self) -> Option<Stage> {
        let (mut drafts, mut hidden, mut place) = (Texts::new(), Texts::new(), None);
        let mut first = None;
        for stage in self.by_locale.values_mut().filter_map(|row| row.stage.take()) {
            match stage {
                Stage::Draft { mut texts, .. } => drafts.append(&mut texts),
                Stage::Update { mut texts, place: at } => {
                    hidden.append(&mut texts);
                    place = place.or(at);
                    first.get_or_insert(First::Update);
                }
                Stage::Create { mut texts, author, place: at } => {
                    hidden.append(&mut texts);
                    place = place.or(at);
                    first = Some(First::Create(author));
                }
                Stage::Adopt => first = first.or(Some(First::Adopt)),
                Stage::CreateCollection { .. } => {}
            }
        }
        match first {
            Some(First::Create(author)) => Some(Stage::Create { texts: hidden, author, place }),
            _ if !drafts.is_empty() => Some(Stage::Draft { texts: drafts, hidden }),
            Some(First::Adopt) if hidden.is_empty() => Some(Stage::Adopt),
            Some(_) => Some(Stage::Update { texts: hidden, place }),
            None => None,
        }
    }

    /// The steps of `publish` of all rows, each kind once.
    fn publish(&mut self) -> Vec<Publish> {
        let default = &self.inputs.rules.locale;
        let (mut live, mut offline, mut drafts) = (Texts::new(), Texts::new(), Vec::new());
        let (mut first, mut settings, mut steps) = (None, SettingsEdit::default(), Vec::new());
        // What is about the article as a whole is in the row of the default locale.
        let (own, others): (Vec<_>, Vec<_>) = self.by_locale.values_mut().partition(|row| row.shown.locale == *default);
        for step in own.into_iter().chain(others).flat_map(|row| std::mem::take(&mut row.publish)) {
            match step {
                Publish::Live { mut texts, at } => {
                    live.append(&mut texts);
                    first = Some(at).filter(|_| !self.is_live);
                }
                Publish::Locales { mut texts } => live.append(&mut texts),
                Publish::Offline { mut texts } => offline.append(&mut texts),
                Publish::Draft { mut locales } => drafts.append(&mut locales),
                Publish::Settings(mut edit) => {
                    settings.flags.append(&mut edit.flags);
                    if edit != SettingsEdit::default() {
                        settings = SettingsEdit { flags: settings.flags, ..edit };
                    }
                }
                other => steps.push(other),
            }
        }
        if settings != SettingsEdit::default() {
            steps.push(Publish::Settings(settings));
        }
        if !drafts.is_empty() {
            steps.push(Publish::Draft { locales: drafts });
        }
        match first {
            Some(at) => steps.push(Publish::Live { texts: live, at }),
            None if !live.is_empty() => steps.push(Publish::Locales { texts: live }),
            None => {}
        }
        if !offline.is_empty() {
            steps.push(Publish::Offline { texts: offline });
        }
        steps.sort_by_key(Publish::rank);
        steps
    }
}

/// What the step of `apply` is made of, beside its texts.
enum First {
    Adopt,
    Update,
    Create(AdminId),
}

fn named<'l>(locales: impl Iterator<Item = &'l Locale>) -> String {
    locales.map(|locale| format!("`{locale}`")).collect::<Vec<_>>().join(", ")
}

/// One request cannot tell the locale from the draft that is pending.
fn blocked<'l>(row: LocalePlan, what: &str, pending: impl Iterator<Item = &'l Locale>) -> LocalePlan {
    let reason = format!(
        "{what}: a draft is pending in {}, and what is written beside it would become a part of it",
        named(pending)
    );
    row.blocked(Blocked::new(reason, "publish that draft, or discard it in Intercom, and run it again"))
}

/// A move waits; the text goes on.
fn without_the_move(mut row: LocalePlan, pending: &BTreeSet<&Locale>) -> LocalePlan {
    let before = row.publish.len();
    let moves = |step: &Publish| matches!(step, Publish::Settings(edit) if edit.place.is_some());
    let (cannot, does) = match row.publish.iter().any(moves) {
        true => ("it cannot move yet", "it moves"),
        false => ("its settings cannot change yet", "its settings change"),
    };
    row.publish.retain(|step| !matches!(step, Publish::Settings(_) | Publish::Tags(_)));
    if row.publish.len() == before {
        return row;
    }
    if row.is_idle() {
        return blocked(row, cannot, pending.iter().copied());
    }
    let pending = named(pending.iter().copied());
    row.shown.notes.push(format!("{does} once the draft in {pending} is published or discarded"));
    row
}
