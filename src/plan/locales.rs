//! The locales of an article, put together into one change.
//!
//! Each locale has a row of its own in the state table, and what happens to one stops no other. But
//! requests are made per article: what goes into one request is joined here, and a locale waits where
//! one request could not tell it from another. The trap that decides about it: a PUT on an article
//! lands on its draft while one is pending in any locale (FACTS 1.4).

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Action, Blocked, Change, Subject, Translation};
use super::content::{Content, Translations};
use super::inputs::Inputs;
use super::seen::Seen;
use super::settings;
use super::step::{Publish, SettingsEdit, Stage, Unseen};
use super::wanted::Wanted;
use crate::intercom::model::Locale;
use crate::live::LiveArticle;
use crate::text::DocPath;

/// The changes of one article, a locale each.
pub(super) struct Locales<'a> {
    inputs: Inputs<'a>,
    found: Option<&'a LiveArticle>,
    /// The locales in which a draft is pending, whosever it is.
    pending: BTreeSet<Locale>,
    /// Whether customers can read it in any locale.
    is_live: bool,
    /// What the docs say in the default locale.
    wanted: Option<Wanted>,
    /// The changes in other locales than the default one.
    pub others: BTreeMap<Locale, Change>,
}

impl<'a> Locales<'a> {
    /// Of an article that is in Intercom. `wanted` is what the docs say in the default locale.
    pub fn new(
        inputs: Inputs<'a>,
        found: &'a LiveArticle,
        wanted: Option<Wanted>,
        others: BTreeMap<Locale, Change>,
    ) -> Self {
        let default = &inputs.rules.locale;
        Self {
            inputs,
            pending: found.pending(default),
            is_live: !found.published(default).is_empty(),
            found: Some(found),
            wanted,
            others,
        }
    }

    /// Of an article that is not in Intercom yet.
    pub fn of_new(inputs: Inputs<'a>) -> Self {
        Self { inputs, found: None, pending: BTreeSet::new(), is_live: false, wanted: None, others: BTreeMap::new() }
    }

    /// The change of the article: `root` is that of the default locale, `empty` one without anything.
    pub fn join(mut self, mut root: Option<Change>, empty: Change) -> Change {
        self.hold_back(&mut root);
        let default = &self.inputs.rules.locale;
        let locales = root.as_ref().map(|_| default.clone()).into_iter().chain(self.others.keys().cloned()).collect();
        let action = overall(root.as_ref().map(|root| root.action), self.others.values().map(|part| part.action));
        let mut change = root.unwrap_or(Change { wanted: self.wanted.clone(), ..empty });
        change.locales = locales;
        change.action = action;
        self.join_stage(&mut change);
        self.join_publish(&mut change);
        change.translations =
            std::mem::take(&mut self.others).into_iter().map(|(locale, part)| (locale, translation(part))).collect();
        change.seen = self.found.map(|found| {
            let touched = change.translations.iter().filter(|(_, part)| part.blocked.is_none());
            let seen = Seen::of(found, default, touched.map(|(locale, _)| locale));
            if settings::touched_by(&change) { seen } else { Seen { settings: None, ..seen } }
        });
        change
    }

    /// Blocks the parts that have to wait for a draft in another locale.
    fn hold_back(&mut self, root: &mut Option<Change>) {
        let default = self.inputs.rules.locale.clone();
        let clears = |part: &Change| -> Vec<Locale> {
            let drafts = part.publish.iter().filter_map(|step| match step {
                Publish::Draft { locales } => Some(locales.clone()),
                _ => None,
            });
            drafts.flatten().collect()
        };
        let cleared: BTreeSet<Locale> = root.iter().chain(self.others.values()).flat_map(clears).collect();
        let stay: BTreeSet<Locale> = self.pending.difference(&cleared).cloned().collect();
        let mut parts: Vec<(&Locale, &mut Change)> = self.others.iter_mut().collect();
        parts.extend(root.as_mut().map(|root| (&default, root)));
        for (locale, part) in parts {
            let unseen = self.is_live && matches!(part.stage, Some(Stage::Update { .. }));
            let goes_live = self.is_live
                && part.publish.iter().any(|step| matches!(step, Publish::Live { .. } | Publish::Locales { .. }));
            let leaves = part.publish.iter().any(Publish::removes);
            let others: BTreeSet<&Locale> = stay.iter().filter(|other| *other != locale).collect();
            if unseen && !self.pending.is_empty() {
                let pending: Vec<&Locale> = self.pending.iter().collect();
                block(part, "it waits", &pending);
            } else if goes_live && !stay.is_empty() {
                block(part, "it cannot go live yet", &stay.iter().collect::<Vec<_>>());
            } else if leaves && !others.is_empty() {
                block(part, "it cannot go offline yet", &others.iter().copied().collect::<Vec<_>>());
            } else if !others.is_empty() {
                wait_with_the_move(part, &others.iter().copied().collect::<Vec<_>>());
            }
        }
    }

    fn join_stage(&mut self, change: &mut Change) {
        let (mut unseen, mut drafts) = (Translations::new(), Translations::new());
        for (locale, part) in &mut self.others {
            match part.stage.take() {
                Some(Stage::Update { content, .. }) => {
                    unseen.insert(locale.clone(), content);
                }
                Some(Stage::Draft { content, .. }) => {
                    drafts.insert(locale.clone(), content);
                }
                _ => {}
            }
        }
        if unseen.is_empty() && drafts.is_empty() {
            return;
        }
        change.stage = Some(match change.stage.take() {
            Some(Stage::Create { content, author, place, .. }) => {
                Stage::Create { content, author, place, translations: unseen }
            }
            Some(Stage::Draft { content, .. }) => {
                let unseen = Unseen { content: Content::default(), translations: unseen };
                Stage::Draft { content, translations: drafts, unseen }
            }
            Some(Stage::Update { content, .. }) if !drafts.is_empty() => {
                let unseen = Unseen { content, translations: unseen };
                Stage::Draft { content: Content::default(), translations: drafts, unseen }
            }
            Some(Stage::Update { content, place, .. }) => Stage::Update { content, place, translations: unseen },
            _ if !drafts.is_empty() => {
                let unseen = Unseen { content: Content::default(), translations: unseen };
                Stage::Draft { content: Content::default(), translations: drafts, unseen }
            }
            _ => Stage::Update { content: Content::default(), place: None, translations: unseen },
        });
    }

    fn join_publish(&mut self, change: &mut Change) {
        let (mut live, mut offline, mut drafts) = (Translations::new(), Translations::new(), Vec::new());
        let (mut flags, mut settings) = (BTreeMap::new(), SettingsEdit::default());
        for part in self.others.values_mut() {
            for step in std::mem::take(&mut part.publish) {
                match step {
                    Publish::Locales { mut translations } => live.append(&mut translations),
                    Publish::LocalesOffline { mut translations } => offline.append(&mut translations),
                    Publish::Draft { mut locales } => drafts.append(&mut locales),
                    Publish::Settings(mut edit) => flags.append(&mut edit.flags),
                    _ => {}
                }
            }
        }
        let mut steps = Vec::new();
        for step in std::mem::take(&mut change.publish) {
            match step {
                Publish::Settings(edit) => {
                    flags.extend(edit.flags);
                    settings = SettingsEdit { flags: BTreeMap::new(), ..edit };
                }
                Publish::Live { .. } if self.is_live => {
                    live.insert(self.inputs.rules.locale.clone(), Content::default());
                }
                Publish::Live { at, .. } => steps.push(Publish::Live { translations: std::mem::take(&mut live), at }),
                Publish::Draft { locales } => {
                    drafts = locales.into_iter().chain(drafts).collect();
                }
                Publish::Offline { content, .. } => {
                    steps.push(Publish::Offline { content, translations: std::mem::take(&mut offline) });
                }
                other => steps.push(other),
            }
        }
        settings.flags = flags;
        if settings != SettingsEdit::default() {
            steps.push(Publish::Settings(settings));
        }
        if !drafts.is_empty() {
            steps.push(Publish::Draft { locales: drafts });
        }
        if !live.is_empty() {
            steps.push(Publish::Locales { translations: live });
        }
        if !offline.is_empty() {
            steps.push(Publish::LocalesOffline { translations: offline });
        }
        steps.sort_by_key(Publish::rank);
        change.publish = steps;
    }
}

fn named(locales: &[&Locale]) -> String {
    locales.iter().map(|locale| format!("`{locale}`")).collect::<Vec<_>>().join(", ")
}

/// One request cannot tell the locale from the draft that is pending.
fn block(part: &mut Change, what: &str, pending: &[&Locale]) {
    let reason = format!(
        "{what}: a draft is pending in {}, and what is written beside it would become a part of it",
        named(pending)
    );
    *part =
        part.clone().blocked(Blocked::new(reason, "publish that draft, or discard it in Intercom, and run it again"));
}

/// A move waits; the text goes on.
fn wait_with_the_move(part: &mut Change, pending: &[&Locale]) {
    let before = part.publish.len();
    let moves = |step: &Publish| matches!(step, Publish::Settings(edit) if edit.place.is_some());
    let (cannot, does) = match part.publish.iter().any(moves) {
        true => ("it cannot move yet", "it moves"),
        false => ("its settings cannot change yet", "its settings change"),
    };
    part.publish.retain(|step| !matches!(step, Publish::Settings(_) | Publish::Tags(_)));
    if part.publish.len() == before {
        return;
    }
    if part.publish.is_empty() && part.stage.is_none() {
        block(part, cannot, pending);
    } else {
        part.notes.push(format!("{does} once the draft in {} is published or discarded", named(pending)));
    }
}

/// What happens to the article as a whole. A new locale changes an article; only the default one makes
/// it.
fn overall(root: Option<Action>, others: impl Iterator<Item = Action>) -> Action {
    const FIRST: [Action; 8] = [
        Action::Delete,
        Action::Unpublish,
        Action::Update,
        Action::Publish,
        Action::Move,
        Action::Blocked,
        Action::Drift,
        Action::Orphan,
    ];
    if let Some(action @ (Action::Create | Action::Adopt)) = root {
        return action;
    }
    let of_other = |action| if action == Action::Create { Action::Update } else { action };
    let actions: BTreeSet<Action> = root.into_iter().chain(others.map(of_other)).collect();
    FIRST.into_iter().find(|action| actions.contains(action)).unwrap_or(Action::Update)
}

fn translation(part: Change) -> Translation {
    let path = match part.subject {
        Subject::Article { path } => path,
        Subject::Collection { folder } => DocPath::new(folder.0),
    };
    let Change { title, action, fields, body, sides, blocked, drift, notes, wanted, .. } = part;
    Translation { path, title, action, fields, body, sides, blocked, drift, notes, wanted }
}
