//! How a workspace behaves where no document says it, as far as helpbook does something because of it.
//!
//! A probe finds it out and keeps it in the first line of the lock; heading ids are seen by every run. What is not
//! known is done as `docs/beliefs.md` assumes.

use serde::{Deserialize, Serialize};

/// How a workspace behaves; `None` is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traits {
    /// Whether Intercom keeps heading ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading_ids: Option<HeadingIds>,
    /// Whether lists have whole texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_bodies: Option<ListBodies>,
    /// Whether answers say where an article is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_ids: Option<ParentIds>,
    /// In which spelling the colours of callouts stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colors: Option<Colors>,
}

/// What Intercom makes of the ids of headings that are sent. Which of the two it does is not certain
/// (docs/intercom.md 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HeadingIds {
    /// They stay.
    Kept,
    /// Every save makes new ones.
    Made,
}

/// The bodies in lists of articles (docs/intercom.md 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListBodies {
    /// They are whole.
    Whole,
    /// They are cut, so that each article has to be read by itself.
    Cut,
}

/// What `parent_ids` of an article says (docs/intercom.md 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParentIds {
    /// Where it is.
    Given,
    /// Nothing, wherever it is.
    Empty,
}

/// In which spelling Intercom keeps the colours of callouts (docs/intercom.md 3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colors {
    /// As `#d7efdc80`, which is what its editor writes.
    Hex,
    /// Only as `rgba(215, 239, 220, 0.5)`.
    Rgba,
}

impl Traits {
    /// These, and of `others` what is not known here.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            heading_ids: self.heading_ids.or(others.heading_ids),
            list_bodies: self.list_bodies.or(others.list_bodies),
            parent_ids: self.parent_ids.or(others.parent_ids),
            colors: self.colors.or(others.colors),
        }
    }
}
