//! What we last set of an article beside its text.
//!
//! Without it nobody could tell a teammate's change from ours: what is in Intercom is ours when
//! it is what is here. What was never set is missing here, and a record without any of it
//! is written as before.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::live::Flags;

/// What we set of an article beside its text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Its tags, in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeSet<String>>,
    /// Who may use its text; of one locale.
    #[serde(default, skip_serializing_if = "Flags::is_empty")]
    pub flags: Flags,
    /// The addresses that point to it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub redirects: BTreeSet<String>,
    /// When it is to go live by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish_at: Option<Timestamp>,
    /// When it is to go offline by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpublish_at: Option<Timestamp>,
}

impl Settings {
    /// Whether nothing was ever set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
