//! The state of a Help Center as a whole: what is wrong in it, for how many customers, and how good each area is.
//!
//! Two things can be looked at: what is live, and what the docs say. Both become a [`Center`], and [`audit`] makes
//! findings and scores of it by rules that each have a stable name. What only the network knows, whether an address
//! outside answers and how often an article is read, comes in as a value ([`Evidence`]). Only what customers can read
//! is judged, but for drafts that nobody finished. Nothing here does input or output, asks a clock or changes
//! anything, so the same inputs give the same audit.

mod against;
mod center;
mod evidence;
mod facts;
mod finding;
mod from_book;
mod from_live;
mod kind;
mod look;
mod rules;
mod score;
mod similar;

pub use against::{Against, BadAudit, Earlier, EarlierScore};
pub use center::{Article, Center, Collection, Shown, Text};
pub use evidence::{Answer, Evidence, Figures, Outside, Seen};
pub use facts::{Facts, Heading, Link, Picture, Table};
pub use finding::{About, Finding, Named};
pub use from_book::{Docs, from_book};
pub use from_live::from_live;
pub use kind::{Area, KINDS, Kind, Severity, kind};
pub use look::Customers;
pub use rules::{Ignore, Rules};
pub use score::{AreaScore, Length, Reading, Scores};

use self::evidence::without_fragment;
use crate::threads;

/// What was found in a Help Center.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// The name of the Help Center, or of the docs.
    pub help_center: String,
    /// When what was looked at was fetched.
    pub made_at: jiff::Timestamp,
    /// By what customers are counted.
    pub ranked_by: Customers,
    /// How many articles were looked at.
    pub articles: usize,
    /// How many of them customers can read.
    pub published: usize,
    /// The findings, the worst first.
    pub findings: Vec<Finding>,
    /// How many findings the configuration leaves out.
    pub ignored: usize,
    /// What could not be looked at, a sentence each.
    pub unchecked: Vec<String>,
    /// How good each area is.
    pub scores: Scores,
}

impl Audit {
    /// Keeps the findings of some kinds alone; all where none is named. The scores stay those of all.
    pub fn keep(&mut self, kinds: &[&'static Kind]) {
        self.findings.retain(|finding| kinds.is_empty() || kinds.contains(&finding.kind));
    }

    /// How many findings there are of each kind, in the order of [`KINDS`].
    pub fn counts(&self) -> Vec<(&'static Kind, usize)> {
        let count = |kind: &Kind| self.findings.iter().filter(|finding| finding.kind.id == kind.id).count();
        KINDS.iter().map(|kind| (*kind, count(kind))).filter(|(_, count)| *count > 0).collect()
    }
}

/// The addresses outside that only the network knows: those of links to other sites, and of images; without their
/// `#…`, each once.
pub fn addresses(center: &Center) -> std::collections::BTreeSet<String> {
    let evidence = Evidence::default();
    let look = look::Look::of(center, &evidence);
    let mut addresses = std::collections::BTreeSet::new();
    for (.., text) in center.live_texts() {
        let links = text.facts.links.iter().map(|link| link.href.as_str());
        let outside = links.filter(|href| matches!(look.target(href), look::Target::Outside(_)));
        let images = text.facts.pictures.iter().map(|picture| picture.src.as_str());
        let is_web = |address: &&str| address.starts_with("https://") || address.starts_with("http://");
        addresses.extend(outside.chain(images).filter(is_web).map(|address| without_fragment(address).to_owned()));
    }
    addresses
}

/// Looks at a Help Center. The findings come the worst first: by severity, then by the customers that they hit.
pub fn audit(center: &Center, evidence: &Evidence, rules: &Rules) -> Audit {
    let look = look::Look::of(center, evidence);
    let mut findings: Vec<Finding> = threads::map(&rules::FAMILIES, |family| family(&look, rules)).concat();
    let all = findings.len();
    findings.retain_mut(|finding| !rules.ignore.has(finding));
    let ignored = all - findings.len();
    for finding in &mut findings {
        finding.customers = look.customers_of(finding);
    }
    findings.sort_by(|one, other| {
        let rank = |finding: &Finding| (finding.kind.severity, std::cmp::Reverse(finding.customers));
        rank(one).cmp(&rank(other)).then_with(|| one.order().cmp(&other.order()))
    });
    let mut unchecked = center.unchecked.clone();
    unchecked.extend(evidence.unchecked(center));
    Audit {
        help_center: center.name.clone(),
        made_at: center.looked_at,
        ranked_by: look.customers,
        articles: center.articles.len(),
        published: center.articles.iter().filter(|article| article.is_published()).count(),
        scores: score::scores(&look, &findings),
        findings,
        ignored,
        unchecked,
    }
}

#[cfg(test)]
mod tests;
