//! The rules: each family looks at one side of a Help Center and gives back what it finds.
//!
//! A rule is sure or silent. What may be meant that way, what nobody knows, and what customers cannot see is no
//! finding. Where a rule needs a number, it is a constant with the reason beside it.

mod copies;
mod drafts;
mod images;
mod links;
mod lists;
mod locales;
mod outside;
mod places;
mod structure;
mod titles;

use std::collections::BTreeMap;

use super::finding::{About, Finding};
use super::look::Look;
use crate::config::Ignored;
use crate::text::DocPath;

/// What a project chose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Findings that are left out.
    pub ignore: Ignore,
    /// Hosts that the product had once: a link to one is a finding.
    pub old_domains: Vec<String>,
}

/// The findings that are left out, by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignore(pub BTreeMap<String, Ignored>);

/// What a family of rules finds.
pub(super) type Family = fn(&Look<'_>, &Rules) -> Vec<Finding>;

/// Every family.
pub(super) const FAMILIES: [Family; 10] = [
    links::find,
    outside::find,
    images::find,
    structure::find,
    titles::find,
    copies::find,
    locales::find,
    places::find,
    drafts::find,
    lists::find,
];

impl Ignore {
    /// Takes the articles that are left out off a finding; whether the finding is left out then. One about several
    /// articles is about two at least.
    pub(super) fn has(&self, finding: &mut Finding) -> bool {
        let names = match self.0.get(finding.kind.id) {
            None => return false,
            Some(Ignored::Everywhere) => return true,
            Some(Ignored::For(names)) => names,
        };
        if let Some(thing) = &finding.thing {
            return names.iter().any(|name| *name == thing.name || thing.id.is_some_and(|id| *name == id.to_string()));
        }
        let is_named = |about: &About| {
            let path = about.path.as_ref().map(DocPath::as_str);
            names.iter().any(|name| Some(name.as_str()) == path || *name == about.article())
        };
        let least = finding.articles.len().min(2);
        finding.articles.retain(|about| !is_named(about));
        finding.articles.len() < least
    }
}

/// A text of a stranger within a sentence: in quotes.
fn quoted(text: &str) -> String {
    format!("\u{201c}{}\u{201d}", text.trim())
}
