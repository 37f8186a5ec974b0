//! When an article goes live or offline by itself (docs/intercom.md 1.3).
//!
//! An article has one schedule at most. What a request may ask is checked here, and what a due one
//! does is `Article::carry_out`.
//!
//! Where the facts are silent:
//! - A schedule replaces the one before.
//! - Publishing is of the default locale, and of those that the same request names as published or
//!   leaves a draft of. Unpublishing is of every locale.
//! - An article that is published or unpublished by hand loses the schedule for just that.

use std::collections::BTreeSet;

use helpbook_model::{Locale, State};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// What is to happen by itself, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Schedule {
    /// Unix seconds.
    pub at: i64,
    pub what: What,
}

/// What a schedule does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum What {
    /// Makes these locales live.
    Publish(BTreeSet<Locale>),
    /// Takes every locale offline.
    Unpublish,
}

/// A point in time of a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Sent {
    /// It is not there.
    #[default]
    Absent,
    /// It is null, which cancels.
    Null,
    /// Unix seconds.
    At(i64),
}

/// The two schedules of a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ScheduleEdit {
    pub publish: Sent,
    pub unpublish: Sent,
}

/// Whether an article was published before the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Past {
    Published,
    NeverPublished,
}

impl ScheduleEdit {
    /// Whether the request may ask this.
    ///
    /// # Errors
    /// A 400 for a time that has come, for both at once, for publishing with `state: draft`, and for
    /// unpublishing what was never published.
    pub(super) fn check(self, state: Option<State>, past: Past, now: i64) -> Result<(), Refusal> {
        let refused = |message: &str| Err(Refusal::parameter_invalid(message));
        for (name, sent) in [("scheduled_publish_at", self.publish), ("scheduled_unpublish_at", self.unpublish)] {
            if matches!(sent, Sent::At(at) if at <= now) {
                return refused(&format!("{name} must be in the future"));
            }
        }
        match (self.publish, self.unpublish) {
            (Sent::At(_), Sent::At(_)) => {
                refused("scheduled_publish_at and scheduled_unpublish_at cannot be sent in the same request")
            }
            (Sent::At(_), _) if state == Some(State::Draft) => {
                refused("scheduled_publish_at cannot be combined with state draft")
            }
            (_, Sent::At(_)) if past == Past::NeverPublished => {
                refused("scheduled_unpublish_at needs an article that was published")
            }
            _ => Ok(()),
        }
    }

    /// Whether the request schedules a publish, and so publishes nothing itself.
    pub(super) fn delays(self) -> bool {
        matches!(self.publish, Sent::At(_))
    }

    /// The schedule after the request. `locales` are those that would go live.
    pub(super) fn apply(self, before: Option<Schedule>, locales: BTreeSet<Locale>) -> Option<Schedule> {
        match (self.publish, self.unpublish) {
            (Sent::At(at), _) => Some(Schedule { at, what: What::Publish(locales) }),
            (_, Sent::At(at)) => Some(Schedule { at, what: What::Unpublish }),
            (publish, unpublish) => before.filter(|schedule| match schedule.what {
                What::Publish(_) => publish == Sent::Absent,
                What::Unpublish => unpublish == Sent::Absent,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(publish: Sent, unpublish: Sent, state: Option<State>, past: Past, may: bool) {
        let answer = ScheduleEdit { publish, unpublish }.check(state, past, 100);
        assert_eq!(answer.is_ok(), may, "{answer:?}");
    }

    #[test]
    fn only_a_time_to_come_is_scheduled() {
        check(Sent::At(101), Sent::Absent, None, Past::NeverPublished, true);
        check(Sent::At(101), Sent::Absent, Some(State::Published), Past::NeverPublished, true);
        check(Sent::At(100), Sent::Absent, None, Past::NeverPublished, false);
        check(Sent::Absent, Sent::At(100), None, Past::Published, false);
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        check(Sent::At(101), Sent::At(102), None, Past::Published, false);
        check(Sent::At(101), Sent::Absent, Some(State::Draft), Past::Published, false);
        check(Sent::Absent, Sent::At(101), None, Past::NeverPublished, false);
        check(Sent::Absent, Sent::At(101), None, Past::Published, true);
        check(Sent::Null, Sent::Null, Some(State::Draft), Past::NeverPublished, true);
    }

    #[test]
    fn null_cancels_its_own_kind_alone() {
        let before = Some(Schedule { at: 7, what: What::Unpublish });
        let after = |publish, unpublish| ScheduleEdit { publish, unpublish }.apply(before.clone(), BTreeSet::new());
        assert_eq!(after(Sent::Null, Sent::Absent), before);
        assert_eq!(after(Sent::Absent, Sent::Absent), before);
        assert_eq!(after(Sent::Absent, Sent::Null), None);
        assert_eq!(after(Sent::Absent, Sent::At(9)), Some(Schedule { at: 9, what: What::Unpublish }));
    }
}
