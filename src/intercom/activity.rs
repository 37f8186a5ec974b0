//! What a connection is doing, for whoever shows it.
//!
//! The client says here how far it has read a list and what it waits for; it never asks whether
//! anybody looks. Nothing here prints.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What a connection is doing.
#[derive(Debug, Default)]
pub struct Activity {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    pages: Pages,
    /// Why requests wait, and until when; nothing once that time came.
    wait: Option<(Wait, Instant)>,
}

/// Pages of the lists that are being read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pages {
    /// How many are read.
    pub read: u64,
    /// How many are known, read or not.
    pub all: u64,
}

/// Why a request waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// The quota is used up.
    Quota,
    /// It failed, and is tried again.
    Retry,
}

impl Activity {
    /// How many pages of lists are read, and how many are known.
    pub fn pages(&self) -> Pages {
        self.lock().pages
    }

    /// Why requests wait and for how much longer; `None` where none waits.
    pub fn wait(&self) -> Option<(Wait, Duration)> {
        let (wait, until) = self.lock().wait?;
        let left = until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some((wait, left))
    }

    /// Adds pages that have to be read.
    pub(super) fn expects(&self, pages: u64) {
        self.lock().pages.all += pages;
    }

    /// Counts a page that was read.
    pub(super) fn has_read(&self) {
        self.lock().pages.read += 1;
    }

    /// Notes that a request waits.
    pub(super) fn waits(&self, wait: Wait, time: Duration) {
        self.lock().wait = Some((wait, Instant::now() + time));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_shown_as_long_as_it_lasts() {
        let activity = Activity::default();
        assert_eq!(activity.wait(), None);
        activity.waits(Wait::Quota, Duration::from_secs(60));
        assert!(activity.wait().is_some_and(|(wait, left)| wait == Wait::Quota && left > Duration::from_secs(50)));
        activity.waits(Wait::Retry, Duration::ZERO);
        assert_eq!(activity.wait(), None);
    }

    #[test]
    fn pages_of_several_lists_are_counted_together() {
        let activity = Activity::default();
        activity.expects(1);
        activity.has_read();
        activity.expects(39);
        assert_eq!(activity.pages(), Pages { read: 1, all: 40 });
    }
}
