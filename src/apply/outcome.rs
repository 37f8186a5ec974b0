//! What became of the steps of a run.

use crate::intercom::Error;

/// What became of one step.
#[derive(Debug)]
pub struct Event {
    /// The change's place in the plan.
    pub change: usize,
    /// What became of it.
    pub outcome: Outcome,
    /// The address at which customers read the article since, as Intercom gave it.
    pub url: Option<String>,
}

/// What became of a step.
#[derive(Debug)]
pub enum Outcome {
    /// It was done: a word for it, and what else should be known.
    Done {
        /// For example `created`.
        verb: &'static str,
        /// Its id, where it was created or adopted.
        id: Option<u64>,
        /// What else should be known.
        note: Option<String>,
    },
    /// Intercom holds something else by now; nothing was written.
    Refused {
        /// Why.
        reason: String,
        /// What to do.
        hint: Option<String>,
    },
    /// It failed.
    Failed {
        /// Why.
        reason: String,
        /// What to do.
        hint: Option<String>,
    },
    /// It was not tried: the run was interrupted, the token refused, or what it needs failed.
    Skipped,
}

impl Outcome {
    pub(super) fn refused(reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Outcome::Refused { reason: reason.into(), hint: Some(hint.into()) }
    }

    pub(super) fn failed(reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Outcome::Failed { reason: reason.into(), hint: Some(hint.into()) }
    }

    /// A draft would take what is written beside it.
    pub(super) fn draft_in_the_way() -> Self {
        Self::refused(
            "a draft is pending in Intercom, and what is written beside it would become a part of it",
            "publish that draft, or discard it in Intercom, and run it again",
        )
    }

    /// Whether it was done.
    pub fn is_done(&self) -> bool {
        matches!(self, Outcome::Done { .. })
    }

    /// A failed request, with what its status means for the user.
    pub(super) fn of_error(error: &Error) -> Self {
        let hint = match error.status() {
            Some(401) => {
                Some("the author of this article may lack the permission for the Help Center: name another `author`")
            }
            Some(403) => Some("give the token the permission that is named, in Intercom's Developer Hub"),
            Some(404) if error.is_write() => Some(
                "Intercom answers so to what is written in another region than the workspace's: run `helpbook doctor`; or it was deleted in Intercom: run `helpbook plan` again",
            ),
            Some(429) => Some("wait a minute and run it again: Intercom's quota is used up"),
            Some(status) if status >= 500 => Some("run it again: what was done is not done twice"),
            None => Some("run it again: what was done is not done twice"),
            _ => None,
        };
        Outcome::Failed { reason: error.to_string(), hint: hint.map(str::to_owned) }
    }
}

/// What became of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// Every event, in order.
    pub events: Vec<Event>,
    /// How many steps were done.
    pub done: usize,
    /// How many were refused, as Intercom holds something else by now.
    pub refused: usize,
    /// How many failed.
    pub failed: usize,
    /// How many were not tried.
    pub skipped: usize,
    /// Whether the token was refused in between.
    pub auth: bool,
}

impl Report {
    pub(super) fn add(&mut self, event: Event) {
        match event.outcome {
            Outcome::Done { .. } => self.done += 1,
            Outcome::Refused { .. } => self.refused += 1,
            Outcome::Failed { .. } => self.failed += 1,
            Outcome::Skipped => self.skipped += 1,
        }
        self.events.push(event);
    }
}
