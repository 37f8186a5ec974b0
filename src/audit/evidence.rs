//! What only the network knows, as values: how often articles are read, and what addresses outside answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::center::Center;
use crate::intercom::model::ArticleId;

/// What was asked beside the Help Center itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// The figures of articles; `None` where nobody asked for them.
    pub figures: Option<BTreeMap<ArticleId, Figures>>,
    /// What addresses outside answered; `None` where nobody asked.
    pub outside: Option<Outside>,
}

/// How an article is used (schema `article_statistics` of 2.16). What Intercom does not say is 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// How often it was opened.
    pub views: u64,
    /// How many conversations started from it.
    pub conversations: u64,
    /// How many customers said whether it helped.
    pub reactions: u64,
    /// Of these, the percentage that were sad.
    pub sad_percentage: f64,
    /// In how many conversations Fin used it, in any locale.
    pub fin_involvements: u64,
    /// How many of these Fin resolved.
    pub fin_resolutions: u64,
}

impl Figures {
    /// How many customers it reached: those who opened it, and those whom Fin answered with it.
    pub fn customers(self) -> u64 {
        self.views.saturating_add(self.fin_involvements)
    }
}

/// What addresses outside answered, by address without its `#…`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outside {
    /// The answers.
    pub answers: BTreeMap<String, Seen>,
}

/// What an address answered, and how much there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// What it answered.
    pub answer: Answer,
    /// How many bytes are there, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// What an address answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Answer {
    /// Something is there.
    There,
    /// It is there, and says that it moved for good.
    Moved {
        /// Where it is now.
        to: String,
    },
    /// It says that nothing is there: 404 or 410.
    Gone {
        /// The status.
        status: u16,
    },
    /// There is no such host.
    NoHost,
    /// Nobody knows: it is not asked, does not answer, or answers only to people.
    Unknown {
        /// Why, in a few words.
        why: String,
    },
}

impl Outside {
    /// What an address answered, as a link or an image has it.
    pub fn of(&self, address: &str) -> Option<&Seen> {
        self.answers.get(without_fragment(address))
    }
}

/// An address without its `#…`.
pub fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or(address)
}

impl Evidence {
    /// What could not be found out, a sentence each.
    pub(super) fn unchecked(&self, center: &Center) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(figures) = &self.figures {
            let published = center.articles.iter().filter(|article| article.is_published());
            let silent =
                published.filter(|article| article.id.is_none_or(|id| !figures.contains_key(&id))).count() as u64;
            if silent > 0 {
                notes.push(format!("Intercom has no figures of {}", counted(silent, "article")));
            }
        }
        if let Some(outside) = &self.outside {
            let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
            for seen in outside.answers.values() {
                if let Answer::Unknown { why } = &seen.answer {
                    *reasons.entry(why).or_default() += 1;
                }
            }
            notes.extend(
                reasons.into_iter().map(|(why, count)| format!("{} outside: {why}", counted(count, "address"))),
            );
        }
        notes
    }
}

/// `1 article`, `3 articles`, `2 addresses`
pub(super) fn counted(count: u64, what: &str) -> String {
    let plural = match count {
        1 => "",
        _ if what.ends_with('s') => "es",
        _ => "s",
    };
    format!("{count} {what}{plural}")
}
