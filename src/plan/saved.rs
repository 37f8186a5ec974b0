//! What a plan becomes between being shown and being done: saved and bound again, or cut down to
//! what is staged.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::change::{Action, Blocked, Change};
use super::document::Plan;
use super::part::Part;
use super::settings;
use super::step::{Place, Publish, Stage};
use crate::html::Exact;
use crate::intercom::model::{Locale, State};
use crate::record::Settings;
use crate::text::Digest;

impl Plan {
    /// Binds a saved plan to what the docs and Intercom hold now. What was approved is done by the
    /// steps of the plan as it is now, so nothing in the file is ever sent; a step that was not
    /// approved is left out. A change that moved on either side is refused; one that was done in
    /// the meantime is left out.
    pub fn bind(&mut self, now: &Plan) {
        let current: BTreeMap<String, &Change> = now.changes.iter().map(|change| (key(change), change)).collect();
        let settled: Vec<&str> = now.settled.iter().map(|settled| settled.path.as_str()).collect();
        let mut bound = Vec::new();
        for approved in std::mem::take(&mut self.changes) {
            match current.get(&key(&approved)) {
                None if approved.wanted.is_none() || settled.contains(&approved.subject.path()) => {}
                None => bound
                    .push(approved.blocked(Blocked::new("the docs no longer hold this article", "make the plan anew"))),
                Some(found) => bound.push(bind_change(&approved, found, now.made_at)),
            }
        }
        self.changes = bound;
        self.settled.clone_from(&now.settled);
        self.linked = Arc::clone(&now.linked);
        self.count();
    }

    /// Keeps what can be published without staging anything. Gives back the paths that cannot: they
    /// are not staged, or not as the docs say now, or not in the plan that was approved.
    pub fn keep_staged(&mut self, approved: Option<&Plan>) -> Vec<String> {
        let mut unstaged = Vec::new();
        let now = self.made_at;
        self.changes.retain_mut(|change| {
            let before = change.publish.clone();
            let to_stage: Vec<Option<Locale>> =
                locales(change).filter(|locale| stages(change, locale.as_ref())).collect();
            let is_adopted = change.stage.take().is_some() && to_stage.is_empty();
            for locale in &to_stage {
                change.withhold(locale.as_ref());
            }
            if let Some(plan) = approved {
                let approved = plan.changes.iter().find(|other| key(other) == key(change));
                let changed: Vec<Option<Locale>> = locales(change)
                    .filter(|locale| {
                        approved.is_none_or(|other| wants(other, locale.as_ref()) != wants(change, locale.as_ref()))
                    })
                    .collect();
                for locale in &changed {
                    change.withhold(locale.as_ref());
                }
                change.publish.retain(|step| approved.is_some_and(|approved| approves(approved, step, now)));
                if approved.is_some_and(|approved| settings::moved(approved, change).is_some()) {
                    change.publish.retain(|step| !settings::sets(step));
                }
            }
            // A place that is not there yet is made by `apply`.
            change.publish.retain(|step| !names_a_new_place(step));
            if change.publish != before || !to_stage.is_empty() {
                unstaged.push(change.subject.path().to_owned());
            }
            if to_stage.contains(&None) && change.publish.is_empty() {
                return false;
            }
            let is_told = change.parts().any(|part| part.drift.is_some() || part.blocked.is_some());
            let is_empty = change.publish.is_empty() && !is_told;
            let is_done = is_adopted || !before.is_empty() || !to_stage.is_empty();
            !(is_empty && is_done)
        });
        self.count();
        unstaged
    }

    /// Whether something that the docs want live is not published, as it was changed in Intercom.
    pub fn refuses_to_publish(&self) -> bool {
        let refuses = |part: Part<'_>| part.drift.is_some_and(|drift| drift.refuses.is_some());
        self.changes.iter().any(|change| change.parts().any(refuses))
    }
}

/// The locales that a change knows of; `None` is the default one.
fn locales(change: &Change) -> impl Iterator<Item = Option<Locale>> + use<> {
    std::iter::once(None).chain(change.translations.keys().cloned().map(Some)).collect::<Vec<_>>().into_iter()
}

/// Whether `apply` has something to send in a locale.
fn stages(change: &Change, locale: Option<&Locale>) -> bool {
    change.stage != Some(Stage::Adopt) && change.is_staged(locale)
}

/// Whether a step of the same kind was in the plan that was approved.
fn approves(approved: &Change, step: &Publish, now: Timestamp) -> bool {
    approved.publish.iter().any(|other| match (other, step) {
        // What was to go live later may do so once its time has come, and not before.
        (Publish::Live { at: then, .. }, Publish::Live { at, .. }) => {
            then == at || at.is_none() && then.is_none_or(|then| then <= now)
        }
        _ => other.rank() == step.rank(),
    })
}

/// What the docs want in a locale: title, description, exact form of the body, state, settings.
type Said<'c> = (&'c Digest, Option<&'c Digest>, &'c Exact, Option<State>, &'c Settings);

fn wants<'c>(change: &'c Change, locale: Option<&Locale>) -> Option<Said<'c>> {
    let wanted = match locale {
        None => change.wanted.as_ref(),
        Some(locale) => change.translations.get(locale).and_then(|part| part.wanted.as_ref()),
    };
    wanted.map(|wanted| (&wanted.title, wanted.description.as_ref(), &wanted.exact, wanted.state, &wanted.settings))
}

fn names_a_new_place(step: &Publish) -> bool {
    match step {
        Publish::Settings(edit) => matches!(edit.place, Some(Place::Folder(_))),
        Publish::Collection { parent, .. } => matches!(parent, Some(Place::Folder(_))),
        _ => false,
    }
}

/// The change as it is now, cut down to the steps that were approved. What moved in one locale
/// refuses the whole: one request may hold them all.
fn bind_change(approved: &Change, found: &Change, now: Timestamp) -> Change {
    let refused = |reason: String| {
        let hint = "look at it with `helpbook plan`, and save the plan anew";
        found.clone().blocked(Blocked::new(reason, hint))
    };
    if found.action == Action::Blocked {
        return found.clone();
    }
    let mut change = found.clone();
    if let Some(field) = settings::moved(approved, found) {
        return refused(format!("{} changed after this plan was made", field.name()));
    }
    for locale in locales(found) {
        let locale = locale.as_ref();
        if !knows(approved, locale) {
            if stages(found, locale) {
                return refused("the docs say more by now than when this plan was made".to_owned());
            }
            change.withhold(locale);
            continue;
        }
        if wants(found, locale).is_some() && wants(approved, locale) != wants(found, locale) {
            return refused("the file changed after this plan was made".to_owned());
        }
        // What this plan's own first run did: created it, or staged what the docs say.
        let was_created = approved.id.is_none() && found.id.is_some();
        let is_staged = approved.is_staged(locale) && !stages(found, locale);
        if !(is_same_in_intercom(approved, found, locale) || was_created || is_staged) {
            let id = found.id.map_or_else(String::new, |id| format!(" {id}"));
            return refused(format!("article{id} changed in Intercom after this plan was made"));
        }
        if stages(found, locale) && !stages(approved, locale) {
            return refused("it is no longer staged as it was when this plan was made".to_owned());
        }
    }
    change.publish.retain(|step| approves(approved, step, now));
    change
}

/// Whether a plan was made about a locale; `--locale` leaves some out.
fn knows(approved: &Change, locale: Option<&Locale>) -> bool {
    match locale {
        Some(locale) => approved.translations.contains_key(locale),
        None => approved.wanted.is_some() || approved.translations.is_empty(),
    }
}

fn is_same_in_intercom(approved: &Change, found: &Change, locale: Option<&Locale>) -> bool {
    match (&approved.seen, &found.seen, locale) {
        (Some(then), Some(now), None) => then.live == now.live && then.draft == now.draft,
        (Some(then), Some(now), Some(locale)) => then.translations.get(locale) == now.translations.get(locale),
        (then, now, _) => then.is_none() && now.is_none(),
    }
}

fn key(change: &Change) -> String {
    format!("{:?} {}", change.subject.kind(), change.subject.path())
}
