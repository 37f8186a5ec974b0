//! An audit as the Markdown of an issue.
//!
//! The counts and scores come first, then the findings, the worst first, as long as an issue holds them; what is left
//! is counted. Text from articles is a stranger's, and takes no effect.

use std::fmt::Write as _;

use super::super::markdown::quote::{code, prose, sentence};
use super::{MARKER, Report, customers, differences, figures, size};
use crate::audit::{About, Finding, Severity};

/// What an issue may hold: GitHub takes 65,536 characters.
const LIMIT: usize = 60_000;

/// How many texts of a finding are named.
const MOST_ARTICLES: usize = 10;

/// The audit as Markdown.
pub fn markdown(report: Report<'_>) -> String {
    let audit = report.audit;
    let mut out = format!("{MARKER}\n# Audit of {}\n\n", prose(&audit.help_center));
    let _ = writeln!(
        out,
        "{}, looked at {} with helpbook {}.\n",
        size(audit),
        crate::text::minute(audit.made_at),
        env!("CARGO_PKG_VERSION")
    );
    if let Some(against) = report.against {
        let since = differences(against).join("; ");
        let _ = writeln!(out, "Since {}: {}.\n", crate::text::minute(against.earlier), prose(&since));
    }
    out.push_str("| area | score of 100 | findings |\n|---|---:|---:|\n");
    for score in &audit.scores.areas {
        let _ = writeln!(out, "| {} | {} | {} |", score.area.name(), score.score, score.findings);
    }
    out.push('\n');
    for figure in figures(&audit.scores) {
        let _ = writeln!(out, "- {figure}");
    }
    if !audit.counts().is_empty() {
        out.push_str("\n| finding | | times |\n|---|---|---:|\n");
        for (kind, count) in audit.counts() {
            let _ = writeln!(out, "| `{}` | {} | {count} |", kind.id, kind.severity.name());
        }
    }
    if !audit.unchecked.is_empty() {
        out.push_str("\nNot looked at:\n\n");
        for note in &audit.unchecked {
            let _ = writeln!(out, "- {}", sentence(note));
        }
    }
    findings(&mut out, report);
    out
}

fn findings(out: &mut String, report: Report<'_>) {
    let audit = report.audit;
    if audit.findings.is_empty() {
        out.push_str("\nNo findings.\n");
        return;
    }
    out.push_str("\n## Findings, the worst first\n\n");
    let mut length = out.encode_utf16().count();
    for (at, finding) in audit.findings.iter().enumerate() {
        let section = self::finding(report, finding);
        length += section.encode_utf16().count();
        if length > LIMIT {
            let _ = writeln!(out, "\nAnd {} more; the HTML report and `--json` have all.", audit.findings.len() - at);
            return;
        }
        out.push_str(&section);
    }
}

fn finding(report: Report<'_>, finding: &Finding) -> String {
    let sign = match finding.kind.severity {
        Severity::Error => "❌",
        Severity::Warning => "⚠️",
        Severity::Note => "ℹ️",
    };
    let customers = customers(report.audit, finding);
    let customers = if customers.is_empty() { String::new() } else { format!(" ({customers})") };
    let new = if report.is_new(finding) { "**new** " } else { "" };
    let mut out = format!("- {sign} {new}`{}`{customers}: {}\n", finding.kind.id, prose(&finding.message));
    for about in finding.articles.iter().take(MOST_ARTICLES) {
        let _ = writeln!(out, "  - {}", article(about));
    }
    if finding.articles.len() > MOST_ARTICLES {
        let _ = writeln!(out, "  - and {} more", finding.articles.len() - MOST_ARTICLES);
    }
    for detail in &finding.details {
        let _ = writeln!(out, "  - {}", prose(detail));
    }
    out
}

fn article(about: &About) -> String {
    let place = about.path.as_ref().map_or_else(|| about.article(), ToString::to_string);
    format!("**{}** {} {}", prose(&about.title), code(&about.locale.0), code(&place))
}
