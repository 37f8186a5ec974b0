//! The record on its way to the disk.
//!
//! What a step learnt is on disk before the step counts as done, and before the next request that
//! builds on it. The file holds every article, so steps that run side by side share one writing of it:
//! while one is under way the others gather, and the next takes all of them along.

use std::cell::{Cell, RefCell};

use tokio::sync::Notify;
use tokio::task::spawn_blocking;

use super::compared::NotKept;
use super::{Outcome, Run};
use crate::record::{self, Lines};

/// How much of the record is on disk.
#[derive(Debug, Default)]
pub(super) struct Saving {
    /// How often it was changed.
    changes: Cell<u64>,
    /// How many of these changes the last writing took along.
    saved: Cell<u64>,
    is_under_way: Cell<bool>,
    /// Why the last writing failed, if it did.
    failure: RefCell<Option<String>>,
    ended: Notify,
    lines: RefCell<Lines>,
}

impl Run<'_> {
    /// The record was changed, and has to be written.
    pub(super) fn changed_record(&self) {
        self.saving.changes.set(self.saving.changes.get() + 1);
    }

    /// Waits until all that was changed so far is on disk.
    ///
    /// # Errors
    /// Returns why the last writing failed.
    pub(super) async fn saved(&self) -> Result<(), NotKept> {
        let saving = &self.saving;
        let wanted = saving.changes.get();
        while saving.saved.get() < wanted {
            if saving.is_under_way.get() {
                saving.ended.notified().await;
                continue;
            }
            saving.is_under_way.set(true);
            let (taken, file) = (saving.changes.get(), self.persistence.lock.clone());
            let parts = saving.lines.borrow_mut().parts(&mut self.record.borrow_mut());
            // What was found may have been known; what was done was not.
            let may_be_written = saving.saved.get() == 0;
            let write = move || match may_be_written {
                true => record::write_text(&file, &parts.concat()),
                false => record::write_parts(&file, &parts),
            };
            let written = spawn_blocking(write).await;
            let failure = match written {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(error.to_string()),
                Err(error) => Some(error.to_string()),
            };
            *saving.failure.borrow_mut() = failure;
            saving.saved.set(taken);
            saving.is_under_way.set(false);
            saving.ended.notify_waiters();
        }
        match &*saving.failure.borrow() {
            // What was done is done, so a failure here is reported and nothing is undone.
            Some(reason) => Err(NotKept::Record { file: self.persistence.lock.clone(), reason: reason.clone() }),
            None => Ok(()),
        }
    }

    /// The outcome of a step, once what it learnt is on disk.
    pub(super) async fn kept(&self, outcome: Outcome) -> Outcome {
        match (self.saved().await, outcome) {
            (Err(error), Outcome::Done { .. }) => not_kept(&error),
            (_, outcome) => outcome,
        }
    }
}

/// What was done is not written down.
pub(super) fn not_kept(error: &NotKept) -> Outcome {
    Outcome::failed(error.to_string(), "make the file writable and run it again: nothing is created twice")
}
