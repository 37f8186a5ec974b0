//! What a plan becomes between being shown and being done: saved and bound again, or cut down to
//! what is staged.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::change::{Action, Blocked, Change, LocaleChange};
use super::document::Plan;
use super::settings;
use super::step::{NewPlace, Place, Publish, Stage};
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
                None if is_done(&approved, &settled) => {}
                None => bound.push(
                    approved.blocked(Blocked::new("the docs no longer hold this article", "make the plan again")),
                ),
                Some(found) => bound.push(bind_change(&approved, found, now.made_at)),
            }
        }
        self.changes = bound;
        self.settled.clone_from(&now.settled);
        self.there.clone_from(&now.there);
        self.addresses.clone_from(&now.addresses);
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
            let to_stage: Vec<Locale> = locales(change).filter(|locale| stages(change, locale)).cloned().collect();
            let is_own_staged =
                change.locales.values().any(|part| change.is_own(part) && to_stage.contains(&part.locale));
            let is_adopted = change.stage.take().is_some() && to_stage.is_empty();
            for locale in &to_stage {
                change.withhold(locale);
            }
            if let Some(plan) = approved {
                let approved = plan.changes.iter().find(|other| key(other) == key(change));
                let is_as_approved =
                    |locale: &Locale| approved.is_some_and(|other| said(other, locale) == said(change, locale));
                let changed: Vec<Locale> = locales(change).filter(|locale| !is_as_approved(locale)).cloned().collect();
                for locale in &changed {
                    change.withhold(locale);
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
            if is_own_staged && change.publish.is_empty() {
                return false;
            }
            let is_told = change.locales.values().any(|part| part.drift.is_some() || part.blocked.is_some());
            let is_empty = change.publish.is_empty() && !is_told;
            let is_done = is_adopted || !before.is_empty() || !to_stage.is_empty();
            !(is_empty && is_done)
        });
        self.count();
        unstaged
    }

    /// Whether something that the docs want live is not published, as it was changed in Intercom.
    pub fn refuses_to_publish(&self) -> bool {
        let refuses = |part: &LocaleChange| part.drift.as_ref().is_some_and(|drift| drift.publish_blocked_by.is_some());
        self.changes.iter().any(|change| change.parts().any(refuses))
    }
}

/// Whether nothing is left of a change: its own file is as the docs say, or said nothing.
fn is_done(approved: &Change, settled: &[&str]) -> bool {
    let own = approved.locales.values().find(|part| approved.is_own(part)).and_then(|part| part.wanted.as_ref());
    own.or(approved.unchanged.values().next()).is_none() || settled.contains(&approved.subject.path())
}

/// The locales that a change knows of.
fn locales(change: &Change) -> impl Iterator<Item = &Locale> {
    change.locales.keys().chain(change.unchanged.keys())
}

/// Whether `apply` has something to send in a locale.
fn stages(change: &Change, locale: &Locale) -> bool {
    change.stage != Some(Stage::Adopt) && change.locales.get(locale).is_some_and(|part| change.is_staged(part))
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

/// What the docs say in a locale.
#[derive(PartialEq)]
struct Said<'c> {
    title: &'c Digest,
    description: Option<&'c Digest>,
    exact: &'c Exact,
    state: Option<State>,
    settings: &'c Settings,
}

fn said<'c>(change: &'c Change, locale: &Locale) -> Option<Said<'c>> {
    change.wanted(locale).map(|wanted| Said {
        title: &wanted.title,
        description: wanted.description.as_ref(),
        exact: &wanted.exact,
        state: wanted.state,
        settings: &wanted.settings,
    })
}

fn names_a_new_place(step: &Publish) -> bool {
    match step {
        Publish::Settings(edit) => matches!(edit.place, Some(Place::Folder(_))),
        Publish::Collection { parent, .. } => matches!(parent, Some(NewPlace::Below(Place::Folder(_)))),
        _ => false,
    }
}

/// The change as it is now, cut down to the steps that were approved. What moved in one locale
/// refuses the whole: one request may hold them all.
fn bind_change(approved: &Change, found: &Change, now: Timestamp) -> Change {
    let refused = |reason: String| {
        let hint = "look at it with `helpbook plan`, and save the plan again";
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
        if !locales(approved).any(|known| known == locale) {
            // `--locale` leaves some out.
            if stages(found, locale) {
                return refused("the docs say more by now than when this plan was made".to_owned());
            }
            change.withhold(locale);
            continue;
        }
        if said(found, locale).is_some() && said(approved, locale) != said(found, locale) {
            return refused("the file changed after this plan was made".to_owned());
        }
        // What this plan's own first run did: created it, or staged what the docs say.
        let was_created = approved.id.is_none() && found.id.is_some();
        let was_staged = approved.locales.get(locale).is_some_and(|part| approved.is_staged(part));
        let is_staged = was_staged && !stages(found, locale);
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

fn is_same_in_intercom(approved: &Change, found: &Change, locale: &Locale) -> bool {
    let is_own = found.locales.get(locale).is_none_or(|part| found.is_own(part));
    match (&approved.seen, &found.seen) {
        (Some(then), Some(now)) => {
            then.locales.get(locale) == now.locales.get(locale) && (!is_own || then.place == now.place)
        }
        (then, now) => then.is_none() && now.is_none(),
    }
}

fn key(change: &Change) -> String {
    format!("{:?} {}", change.subject.kind(), change.subject.path())
}
