//! An audit in the terminal: the worst findings, how many there are of each kind, and the scores.

use std::collections::BTreeSet;

use super::super::plan::Look;
use super::super::wrap::{self, Piece, Tone};
use super::{Report, customers, differences, figures, size};
use crate::audit::{About, Audit, Finding, Severity};
use crate::text::one_line;

/// How many findings are shown that nobody asked for.
const WORST: usize = 10;

/// How many texts of a finding are named.
const MOST_ARTICLES: usize = 5;

/// Which findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The worst.
    Worst,
    /// All of them.
    All,
}

/// The audit as text, ending with the scores.
pub fn text(report: Report<'_>, shown: Shown, look: &Look) -> String {
    let audit = report.audit;
    let line = |indent: usize, pieces: &[Piece]| wrap::line(indent, pieces, look.paint, look.width);
    let plain = |indent: usize, text: &str| line(indent, &[Tone::Plain.piece(one_line(text))]);
    let mut out =
        line(0, &[Tone::Bold.piece(one_line(&audit.help_center)), Tone::Plain.piece(format!(": {}", size(audit)))]);
    out.push('\n');
    let findings = chosen(audit, shown);
    for finding in &findings {
        out += &self::finding(report, finding, look);
        out.push('\n');
    }
    if audit.findings.len() > findings.len() {
        out += &plain(
            0,
            &format!(
                "and {} more: `helpbook {}audit -v` shows all",
                audit.findings.len() - findings.len(),
                look.options
            ),
        );
        out.push('\n');
    }
    out += &counts(audit, look);
    if audit.ignored > 0 {
        out += &plain(2, &format!("{} left out, as helpbook.yml says", audit.ignored));
    }
    if audit.findings.is_empty() {
        out += &plain(0, "no findings");
    }
    out.push('\n');
    for note in &audit.unchecked {
        out += &line(0, &[Tone::Odd.piece("note"), Tone::Plain.piece(format!(": {}", one_line(note)))]);
    }
    if !audit.unchecked.is_empty() {
        out.push('\n');
    }
    let scores = audit.scores.areas.iter().map(|score| format!("{} {}", score.area.name(), score.score));
    out += &line(
        0,
        &[Tone::Bold.piece("scores"), Tone::Plain.piece(format!(" of 100: {}", scores.collect::<Vec<_>>().join(", ")))],
    );
    for figure in figures(&audit.scores) {
        out += &plain(0, &figure);
    }
    if let Some(against) = report.against {
        let since = crate::text::minute(against.earlier);
        out += &line(0, &[Tone::Bold.piece("since"), Tone::Plain.piece(format!(" {since}"))]);
        differences(against).iter().for_each(|text| out += &plain(2, text));
    }
    out
}

/// The findings that are shown: all, or the worst, of each article one.
fn chosen(audit: &Audit, shown: Shown) -> Vec<&Finding> {
    let mut articles: BTreeSet<String> = BTreeSet::new();
    let is_first = |finding: &&Finding| finding.articles.first().is_none_or(|first| articles.insert(first.article()));
    match shown {
        Shown::All => audit.findings.iter().collect(),
        Shown::Worst if audit.findings.len() <= WORST => audit.findings.iter().collect(),
        Shown::Worst => audit.findings.iter().filter(is_first).take(WORST).collect(),
    }
}

fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Odd,
        Severity::Note => Tone::Dim,
    }
}

fn finding(report: Report<'_>, finding: &Finding, look: &Look) -> String {
    let severity = finding.kind.severity;
    let line = |indent: usize, pieces: &[Piece]| wrap::line(indent, pieces, look.paint, look.width);
    let new = if report.is_new(finding) { "new: " } else { "" };
    let mut out = line(
        0,
        &[
            tone(severity).piece(format!("{}[{}]", severity.name(), finding.kind.id)),
            Tone::Plain.piece(format!(": {new}{}", one_line(&finding.message))),
        ],
    );
    for (at, about) in finding.articles.iter().take(MOST_ARTICLES).enumerate() {
        let mut pieces = article(about);
        let customers = customers(report.audit, finding);
        if at == 0 && !customers.is_empty() {
            pieces.push(Tone::Dim.piece(format!("  {customers}")));
        }
        out += &line(2, &pieces);
    }
    if finding.articles.len() > MOST_ARTICLES {
        out += &line(2, &[Tone::Dim.piece(format!("and {} more", finding.articles.len() - MOST_ARTICLES))]);
    }
    for detail in &finding.details {
        out += &line(4, &[Tone::Plain.piece(one_line(detail))]);
    }
    out += &line(
        2,
        &[Tone::Dim.piece("= "), Tone::Bold.piece("help"), Tone::Plain.piece(format!(": {}", finding.kind.help))],
    );
    out
}

fn article(about: &About) -> Vec<Piece> {
    let place = about.path.as_ref().map(ToString::to_string).unwrap_or_else(|| about.article());
    let title = if about.title.trim().is_empty() { "(no title)" } else { &about.title };
    vec![
        Tone::Bold.piece(one_line(title)),
        Tone::Dim.piece(format!("  {} {}", one_line(&about.locale.0), one_line(&place))),
    ]
}

fn counts(audit: &Audit, look: &Look) -> String {
    let counts = audit.counts();
    let wide = counts.iter().map(|(_, count)| count.to_string().len()).max().unwrap_or(0);
    counts
        .into_iter()
        .map(|(kind, count)| {
            let pieces = [
                Tone::Plain.piece(format!("{count:>wide$} ")),
                tone(kind.severity).piece(kind.severity.name()),
                Tone::Plain.piece(format!("[{}]", kind.id)),
            ];
            wrap::line(2, &pieces, look.paint, look.width)
        })
        .collect()
}
