//! Two audits side by side: what is new, what is gone, and which areas are better or worse.
//!
//! An earlier audit is read from its JSON. Findings are the same if their keys are; scores are compared where the
//! rules of the area have the same version.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Audit;
use super::kind::Area;

/// What is read of an earlier audit.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Earlier {
    /// The version of the document's form.
    pub format_version: u32,
    /// The name of the Help Center.
    pub help_center: String,
    /// When it was made.
    pub made_at: jiff::Timestamp,
    /// Its findings.
    pub findings: Vec<EarlierFinding>,
    /// Its scores.
    pub scores: EarlierScores,
}

/// What is read of a finding of an earlier audit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EarlierFinding {
    /// What kind it was.
    pub id: String,
    /// What it was about.
    pub key: String,
}

/// What is read of the scores of an earlier audit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EarlierScores {
    /// The score of each area.
    pub areas: Vec<EarlierScore>,
}

/// The score of an area in an earlier audit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EarlierScore {
    /// The area's name.
    pub area: String,
    /// From 0 to 100.
    pub score: u32,
    /// The version of the rules it was judged by.
    pub rules: u32,
}

/// The document is no audit that can be read.
#[derive(Debug, thiserror::Error)]
pub enum BadAudit {
    /// It is no JSON of an audit.
    #[error("it is not the JSON of an audit: {0}")]
    Json(#[from] serde_json::Error),
    /// A newer helpbook wrote it.
    #[error("a newer helpbook wrote it (format {0})")]
    Newer(u32),
}

/// What differs between two audits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// When the earlier one was made.
    pub earlier: jiff::Timestamp,
    /// The keys of findings that are new.
    pub new: BTreeSet<String>,
    /// How many findings are gone, by kind.
    pub gone: BTreeMap<String, usize>,
    /// The areas whose scores are compared: the earlier score and the one now.
    pub areas: Vec<(Area, u32, u32)>,
    /// The areas whose rules changed in between.
    pub other_rules: Vec<Area>,
}

/// The version of the JSON's form.
pub(crate) const FORMAT: u32 = 1;

impl Earlier {
    /// Reads the JSON of an audit.
    ///
    /// # Errors
    /// Fails where it is none, and where a newer version wrote it.
    pub fn parse(text: &str) -> Result<Self, BadAudit> {
        #[derive(Deserialize)]
        struct Version {
            format_version: u32,
        }
        let version: Version = serde_json::from_str(text)?;
        if version.format_version > FORMAT {
            return Err(BadAudit::Newer(version.format_version));
        }
        Ok(serde_json::from_str(text)?)
    }
}

impl Against {
    /// Compares an audit with an earlier one.
    pub fn of(audit: &Audit, earlier: &Earlier) -> Self {
        let now: BTreeSet<String> = audit.findings.iter().map(super::Finding::key).collect();
        let before: BTreeSet<&str> = earlier.findings.iter().map(|finding| finding.key.as_str()).collect();
        let mut gone: BTreeMap<String, usize> = BTreeMap::new();
        for finding in earlier.findings.iter().filter(|finding| !now.contains(&finding.key)) {
            *gone.entry(finding.id.clone()).or_default() += 1;
        }
        let (mut areas, mut other_rules) = (Vec::new(), Vec::new());
        for score in &audit.scores.areas {
            match earlier.scores.areas.iter().find(|earlier| earlier.area == score.area.name()) {
                Some(earlier) if earlier.rules == score.rules => areas.push((score.area, earlier.score, score.score)),
                _ => other_rules.push(score.area),
            }
        }
        let new = now.into_iter().filter(|key| !before.contains(key.as_str())).collect();
        Self { earlier: earlier.made_at, new, gone, areas, other_rules }
    }
}
