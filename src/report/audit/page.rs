//! An audit as one HTML page, which needs nothing else.
//!
//! It is complete without a script. The one that is in it sorts the table and shows one kind alone; the page's policy
//! allows that script by its digest and no other, loads nothing and sends nothing. Every text of a stranger is escaped
//! by the template, and an address becomes a link only where it is http or https.

use askama::Template;

use super::{MARKER, Report, customers, differences, figures, grouped, size};
use crate::audit::{About, Audit, Customers, Finding, Severity};
use crate::text::{harmless, minute, one_line};

const STYLE: &str = include_str!("page.css");

const SCRIPT: &str = include_str!("page.js");

/// The digest of [`SCRIPT`], as the policy names it. A test holds it equal.
const SCRIPT_DIGEST: &str = "sha256-gWFBxhkQeRrLg5tsZWMa68AqdP1W9CmZ5U09TlLppnY=";

/// The page cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the page cannot be made: {0}")]
pub struct PageError(#[from] askama::Error);

#[derive(Template)]
#[template(path = "audit.html")]
struct Page<'a> {
    marker: &'a str,
    script_digest: &'a str,
    style: &'a str,
    script: &'a str,
    help_center: String,
    about: String,
    ranked_by: &'a str,
    reach: &'a str,
    scores: Vec<Score>,
    figures: Vec<String>,
    since: Option<(String, Vec<String>)>,
    counts: Vec<Count>,
    notes: Vec<String>,
    rows: Vec<Row>,
}

/// An area's score.
struct Score {
    area: &'static str,
    score: u32,
    findings: usize,
    look: &'static str,
}

/// How many findings there are of a kind.
struct Count {
    id: &'static str,
    severity: &'static str,
    count: usize,
}

/// A finding.
struct Row {
    id: &'static str,
    /// The anchor of the first of its kind.
    anchor: Option<&'static str>,
    severity: &'static str,
    /// 1 for an error, so that sorting has the worst first.
    weight: u8,
    is_new: bool,
    message: String,
    details: Vec<String>,
    help: &'static str,
    articles: Vec<Article>,
    more: usize,
    customers: u64,
    customers_shown: String,
}

/// A text that a finding is about.
struct Article {
    title: String,
    locale: String,
    place: String,
    href: Option<String>,
}

/// How many texts of a finding are named.
const MOST_ARTICLES: usize = 25;

/// The audit as a page.
///
/// # Errors
/// Fails where the template does.
pub fn page(report: Report<'_>) -> Result<String, PageError> {
    let audit = report.audit;
    let score = |score: &crate::audit::AreaScore| Score {
        area: score.area.name(),
        score: score.score,
        findings: score.findings,
        look: match score.score {
            90.. => "good",
            60..90 => "fair",
            _ => "poor",
        },
    };
    let counts: Vec<Count> = audit
        .counts()
        .into_iter()
        .map(|(kind, count)| Count { id: kind.id, severity: kind.severity.name(), count })
        .collect();
    let page = Page {
        marker: MARKER,
        script_digest: SCRIPT_DIGEST,
        style: STYLE,
        script: SCRIPT,
        help_center: one_line(&audit.help_center),
        about: format!(
            "{}, looked at {} with helpbook {}",
            size(audit),
            minute(audit.made_at),
            env!("CARGO_PKG_VERSION")
        ),
        ranked_by: match audit.ranked_by {
            Customers::Views => {
                "Within a weight, by the customers who opened the article or were answered with it by Fin."
            }
            Customers::Links => "Within a weight, by the links of other articles that point to it.",
        },
        reach: match audit.ranked_by {
            Customers::Views => "customers",
            Customers::Links => "links to it",
        },
        scores: audit.scores.areas.iter().map(score).collect(),
        figures: figures(&audit.scores),
        since: report.against.map(|against| (minute(against.earlier), differences(against))),
        counts,
        notes: audit.unchecked.iter().map(|note| one_line(note)).collect(),
        rows: rows(report, audit),
    };
    Ok(page.render()?)
}

fn rows(report: Report<'_>, audit: &Audit) -> Vec<Row> {
    let mut seen: Vec<&str> = Vec::new();
    let row = |finding: &Finding| {
        let id = finding.kind.id;
        let is_first = !seen.contains(&id);
        if is_first {
            seen.push(id);
        }
        Row {
            id,
            anchor: is_first.then_some(id),
            severity: finding.kind.severity.name(),
            weight: match finding.kind.severity {
                Severity::Error => 1,
                Severity::Warning => 2,
                Severity::Note => 3,
            },
            is_new: report.is_new(finding),
            message: harmless(&finding.message),
            details: finding.details.iter().map(|detail| harmless(detail)).collect(),
            help: finding.kind.help,
            articles: finding.articles.iter().take(MOST_ARTICLES).map(article).collect(),
            more: finding.articles.len().saturating_sub(MOST_ARTICLES),
            customers: finding.customers,
            customers_shown: match audit.ranked_by {
                _ if finding.articles.is_empty() => String::new(),
                Customers::Views => grouped(finding.customers),
                Customers::Links => customers(audit, finding).split(' ').next().unwrap_or_default().to_owned(),
            },
        }
    };
    audit.findings.iter().map(row).collect()
}

fn article(about: &About) -> Article {
    let is_web =
        |address: &&String| url::Url::parse(address).is_ok_and(|address| matches!(address.scheme(), "http" | "https"));
    let title = one_line(&about.title);
    Article {
        title: if title.trim().is_empty() { "(no title)".to_owned() } else { title },
        locale: one_line(&about.locale.0),
        place: one_line(&about.path.as_ref().map_or_else(|| about.article(), ToString::to_string)),
        href: about.url.as_ref().filter(is_web).cloned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_the_script_that_is_there() {
        use base64::Engine as _;
        use sha2::Digest as _;
        let digest = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(SCRIPT));
        assert_eq!(SCRIPT_DIGEST, format!("sha256-{digest}"));
    }
}
