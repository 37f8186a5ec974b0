//! An audit in every form: for a terminal, a program, an agent, a page and an issue.
//!
//! All of them are made of the [`Audit`] and of what differs from an earlier one. Titles and words of articles are
//! strangers' text: each form makes them harmless in its own way, as `docs/design/reports.md` says.

mod agent;
mod explain;
mod json;
mod markdown;
mod page;
mod text;

use crate::audit::{Against, Audit, Customers, Finding, Scores};

pub use agent::agent;
pub use explain::explain;
pub use json::json;
pub use markdown::markdown;
pub use page::{PageError, page};
pub use text::{Shown, text};

/// Part of the reports of an audit that are kept in files: a script finds its issue by it, and nothing else is ever
/// replaced.
pub const MARKER: &str = "<!-- helpbook:audit -->";

/// An audit, and what differs from an earlier one.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The audit.
    pub audit: &'a Audit,
    /// What differs, where it was compared.
    pub against: Option<&'a Against>,
}

impl Report<'_> {
    /// Whether a finding is new; where nothing was compared none is.
    fn is_new(&self, finding: &Finding) -> bool {
        self.against.is_some_and(|against| against.new.contains(&finding.key()))
    }
}

/// `12 customers`, or by links `4 links`: how a finding's weight is said. Nothing where there is none.
fn customers(audit: &Audit, finding: &Finding) -> String {
    let count = finding.customers;
    let plural = if count == 1 { "" } else { "s" };
    match audit.ranked_by {
        _ if finding.articles.is_empty() || count == 0 => String::new(),
        Customers::Views => format!("{} customer{plural}", grouped(count)),
        Customers::Links if count <= finding.articles.len() as u64 => String::new(),
        Customers::Links => {
            let links = count - finding.articles.len() as u64;
            format!("{} link{} to it", grouped(links), if links == 1 { "" } else { "s" })
        }
    }
}

/// A number with a space between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// `161 articles, 158 of them published`
fn size(audit: &Audit) -> String {
    let articles = if audit.articles == 1 { "1 article".to_owned() } else { format!("{} articles", audit.articles) };
    if audit.published == audit.articles {
        articles
    } else {
        format!("{articles}, {} of them published", audit.published)
    }
}

/// Reading level and length in a sentence each.
fn figures(scores: &Scores) -> Vec<String> {
    let length = &scores.length;
    let mut figures = Vec::new();
    if length.texts > 0 {
        figures.push(format!(
            "length: {} words in the middle, {} at most in nine of ten texts, {} in the longest",
            length.median, length.most, length.longest
        ));
    }
    if let Some(reading) = &scores.reading {
        let grade =
            |tenths: i64| format!("{}{}.{}", if tenths < 0 { "-" } else { "" }, tenths.abs() / 10, tenths.abs() % 10);
        figures.push(format!(
            "reading level of English: grade {} in the middle, {} at most in nine of ten texts",
            grade(reading.median_tenths),
            grade(reading.most_tenths)
        ));
    }
    figures
}

/// What differs from an earlier audit, a sentence each.
fn differences(against: &Against) -> Vec<String> {
    let gone: usize = against.gone.values().sum();
    let count = |count: usize| if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") };
    let mut lines = Vec::new();
    match (against.new.len(), gone) {
        (0, 0) => lines.push("the same findings".to_owned()),
        (new, 0) => lines.push(format!("{} more", count(new))),
        (0, gone) => lines.push(format!("{} fixed", count(gone))),
        (new, gone) => lines.push(format!("{} fixed, {new} new", count(gone))),
    }
    let scores = |is_meant: fn(&u32, &u32) -> bool| -> Vec<String> {
        let areas = against.areas.iter().filter(|(_, before, now)| is_meant(before, now));
        areas.map(|(area, before, now)| format!("{} {before} -> {now}", area.name())).collect()
    };
    for (word, areas) in [("better", scores(|before, now| now > before)), ("worse", scores(|before, now| now < before))]
    {
        if !areas.is_empty() {
            lines.push(format!("{word}: {}", areas.join(", ")));
        }
    }
    if !against.other_rules.is_empty() {
        let names: Vec<&str> = against.other_rules.iter().map(|area| area.name()).collect();
        lines.push(format!("not compared, as the rules changed: {}", names.join(", ")));
    }
    lines
}

#[cfg(test)]
mod tests;
