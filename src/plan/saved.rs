//! What a plan becomes between being shown and being done: saved and bound again, or cut down to
//! what is staged.

use std::collections::BTreeMap;

use super::model::{Action, Blocked, Change, Plan, Stage};

impl Plan {
    /// Binds a saved plan to the docs as they are now. A change that the docs no longer want as it
    /// was shown is refused; one that was done in the meantime is left out; ids that the plan's own
    /// first run created are filled in.
    pub fn bind(&mut self, now: &Plan) {
        let current: BTreeMap<String, &Change> = now.changes.iter().map(|change| (key(change), change)).collect();
        let settled: Vec<&str> = now.settled.iter().map(|settled| settled.path.as_str()).collect();
        let mut bound = Vec::new();
        for mut change in std::mem::take(&mut self.changes) {
            let found = current.get(&key(&change));
            let same_text = |found: &Change| match (&found.wanted, &change.wanted) {
                (Some(now), Some(then)) => now.texts == then.texts && now.state == then.state,
                (now, then) => now.is_some() == then.is_some(),
            };
            match found {
                None if settled.contains(&change.subject.path()) || change.action == Action::Orphan => {}
                None if change.wanted.is_none() => {}
                None => bound
                    .push(change.blocked(Blocked::new("the docs no longer hold this article", "make the plan anew"))),
                Some(found) if !same_text(found) => {
                    bound.push(change.blocked(Blocked::new(
                        "the file changed after this plan was made",
                        "make the plan anew: `helpbook plan --out plan.json`",
                    )));
                }
                // What the plan was to create is there: the rest of it goes on.
                Some(found)
                    if matches!(change.stage, Some(Stage::Create { .. } | Stage::CreateCollection { .. }))
                        && found.id.is_some() =>
                {
                    change.id = found.id;
                    // Its id may not be in the file yet.
                    change.stage = found.stage.clone().filter(|stage| *stage == Stage::Adopt);
                    change.seen.clone_from(&found.seen);
                    change.action = found.action;
                    bound.push(change);
                }
                Some(_) => bound.push(change),
            }
        }
        self.changes = bound;
        self.settled.clone_from(&now.settled);
        self.count();
    }

    /// Keeps what can be published without staging anything. Gives back the paths that cannot: they
    /// are not staged, or not as the docs say now, or not in the plan that was approved.
    pub fn keep_staged(&mut self, approved: Option<&Plan>) -> Vec<String> {
        let approves = |change: &Change| {
            approved.is_none_or(|plan| {
                plan.changes.iter().any(|other| {
                    key(other) == key(change)
                        && other.wanted.as_ref().map(|w| &w.texts) == change.wanted.as_ref().map(|w| &w.texts)
                })
            })
        };
        let mut unstaged = Vec::new();
        self.changes.retain_mut(|change| {
            let is_staged = matches!(change.stage, None | Some(Stage::Adopt));
            if !is_staged || (!change.publish.is_empty() && !approves(change)) {
                unstaged.push(change.subject.path().to_owned());
                return false;
            }
            if change.stage.take().is_some() && change.publish.is_empty() {
                return false;
            }
            true
        });
        self.count();
        unstaged
    }

    /// Whether something that the docs want live is not published, as it was changed in Intercom.
    pub fn refuses_to_publish(&self) -> bool {
        self.changes.iter().any(|change| change.drift.as_ref().is_some_and(|drift| drift.refuses.is_some()))
    }
}

fn key(change: &Change) -> String {
    format!("{:?} {}", change.subject.kind(), change.subject.path())
}
