//! What a plan becomes between being shown and being done: saved and bound again, or cut down to
//! what is staged.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::{Blocked, Change, Place, Plan, Publish, Stage};
use crate::intercom::model::State;
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
                Some(found) => bound.push(bind_change(&approved, found)),
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
        self.changes.retain_mut(|change| {
            if stages(change) {
                unstaged.push(change.subject.path().to_owned());
                return false;
            }
            let is_adopted = change.stage.take().is_some();
            let before = change.publish.len();
            if let Some(plan) = approved {
                let approved = plan.changes.iter().find(|other| key(other) == key(change));
                let same = approved.filter(|approved| texts_and_state(approved) == texts_and_state(change));
                change.publish.retain(|step| same.is_some_and(|approved| approves(approved, step)));
            }
            // A place that is not there yet is made by `apply`.
            change.publish.retain(|step| !names_a_new_place(step));
            if change.publish.len() < before {
                unstaged.push(change.subject.path().to_owned());
            }
            let is_empty = change.publish.is_empty() && change.drift.is_none() && change.blocked.is_none();
            !(is_empty && (is_adopted || before > 0))
        });
        self.count();
        unstaged
    }

    /// Whether something that the docs want live is not published, as it was changed in Intercom.
    pub fn refuses_to_publish(&self) -> bool {
        self.changes.iter().any(|change| change.drift.as_ref().is_some_and(|drift| drift.refuses.is_some()))
    }
}

/// Whether `apply` has something to send for a change.
fn stages(change: &Change) -> bool {
    !matches!(change.stage, None | Some(Stage::Adopt))
}

/// Whether a step of the same kind was in the plan that was approved.
fn approves(approved: &Change, step: &Publish) -> bool {
    approved.publish.iter().any(|other| other.rank() == step.rank())
}

fn texts_and_state(change: &Change) -> Option<(&Digest, &Digest, &Digest, State)> {
    let wanted = change.wanted.as_ref()?;
    Some((&wanted.texts.title, &wanted.texts.description, &wanted.body, wanted.state))
}

fn names_a_new_place(step: &Publish) -> bool {
    matches!(
        step,
        Publish::Settings { place: Place::Folder(_) } | Publish::Collection { parent: Some(Place::Folder(_)), .. }
    )
}

/// The change as it is now, cut down to the steps that were approved.
fn bind_change(approved: &Change, found: &Change) -> Change {
    let refused = |reason: String| {
        let hint = "look at it with `helpbook plan`, and save the plan anew";
        found.clone().blocked(Blocked::new(reason, hint))
    };
    if found.blocked.is_some() {
        return found.clone();
    }
    if texts_and_state(approved) != texts_and_state(found) {
        return refused("the file changed after this plan was made".to_owned());
    }
    let same_in_intercom = match (&approved.seen, &found.seen) {
        (Some(then), Some(now)) => then.is_same(now),
        (then, now) => then.is_none() && now.is_none(),
    };
    // What this plan's own first run did: created it, or staged what the docs say.
    let was_created = approved.id.is_none() && found.id.is_some();
    let is_staged = approved.stage.is_some() && !stages(found);
    if !(same_in_intercom || was_created || is_staged) {
        let id = found.id.map_or_else(String::new, |id| format!(" {id}"));
        return refused(format!("article{id} changed in Intercom after this plan was made"));
    }
    let mut change = found.clone();
    change.publish.retain(|step| approves(approved, step));
    if stages(&change) && !stages(approved) {
        return refused("it is no longer staged as it was when this plan was made".to_owned());
    }
    change
}

fn key(change: &Change) -> String {
    format!("{:?} {}", change.subject.kind(), change.subject.path())
}
