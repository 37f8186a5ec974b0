//! What an article has beside its text that differs, by whose change it is.

use super::field::FieldChange;
use super::side::Side;
use super::step::{Redirection, TagEdit};
use crate::intercom::model::Schedule;
use crate::live::Flags;

/// What differs, by whose change it is, and what is done about it.
#[derive(Debug, Default)]
pub(super) struct Differences {
    pub(super) ours: Vec<FieldChange>,
    pub(super) theirs: Vec<FieldChange>,
    pub(super) both: Vec<FieldChange>,
    pub(super) flags: Flags,
    pub(super) tags: TagEdit,
    pub(super) redirects: Vec<Redirection>,
    pub(super) publish_at: Schedule,
    pub(super) unpublish_at: Schedule,
    pub(super) waits: Waits,
}

/// Whether what is staged has to wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Waits {
    #[default]
    No,
    ForItsTime,
}

impl Differences {
    pub(super) fn add(&mut self, side: Side, change: FieldChange) {
        match side {
            Side::Same => {}
            Side::Ours => self.ours.push(change),
            Side::Theirs => self.theirs.push(change),
            Side::Both => self.both.push(change),
        }
    }
}
