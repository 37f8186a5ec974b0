//! What `doctor` found: a line for each thing that was looked at, and what fixes it.

use std::fmt::Write as _;

use super::wrap::{self, Tone};
use super::{Hint, SessionOptions, Surface};
use crate::text::one_line;

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Not looked at, or nothing to look at.
    Open,
    /// It works, and could be better.
    Odd,
    /// It does not work.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What, in a word or two.
    pub subject: &'static str,
    /// Its status.
    pub verdict: Verdict,
    /// What was found.
    pub found: String,
    /// What fixes it; empty where nothing has to be fixed.
    pub hints: Vec<Hint>,
}

impl Finding {
    /// A thing that was looked at.
    pub fn new(subject: &'static str, verdict: Verdict, found: impl AsRef<str>) -> Self {
        Self { subject, verdict, found: one_line(found.as_ref()), hints: Vec::new() }
    }

    /// Adds what fixes it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// The findings, a line each, and their numbers.
pub fn text(findings: &[Finding], options: &SessionOptions, Surface { paint, width }: Surface) -> String {
    let wide = findings.iter().map(|finding| finding.subject.len()).max().unwrap_or(0);
    let mut out = String::new();
    for finding in findings {
        let word = match finding.verdict {
            Verdict::Good => paint.fresh("good"),
            Verdict::Open => paint.dim("-   "),
            Verdict::Odd => paint.odd("look"),
            Verdict::Bad => paint.bad("bad "),
        };
        // What does not fit goes on below its own column.
        let indent = wide + 8;
        let below = |text: &str| wrap::line(indent, &[Tone::Plain.piece(text)], paint, width);
        let _ = write!(out, "{word}  {:<wide$}  {}", finding.subject, below(&finding.found).trim_start());
        for hint in &finding.hints {
            out.push_str(&below(&format!("{}: {}", paint.bold("hint"), options.shown(hint))));
        }
    }
    let count = |verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
    let line = match (count(Verdict::Bad), count(Verdict::Odd)) {
        (0, 0) => "no problems".to_owned(),
        (bad, 0) => problems(bad),
        (0, odd) => format!("no problems, {}", warnings(odd)),
        (bad, odd) => format!("{}, {}", problems(bad), warnings(odd)),
    };
    let _ = writeln!(out, "\n{line}");
    out
}

/// The findings as one JSON document.
pub fn json(findings: &[Finding], options: &SessionOptions) -> String {
    let finding = |finding: &Finding| {
        let verdict = match finding.verdict {
            Verdict::Good => "good",
            Verdict::Open => "open",
            Verdict::Odd => "warning",
            Verdict::Bad => "problem",
        };
        let hints: Vec<String> = finding.hints.iter().map(|hint| options.shown(hint)).collect();
        serde_json::json!({ "subject": finding.subject, "verdict": verdict, "found": finding.found, "hints": hints })
    };
    let findings: Vec<_> = findings.iter().map(finding).collect();
    let document = serde_json::json!({ "format_version": 1, "findings": findings });
    format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default())
}

fn problems(count: usize) -> String {
    format!("{count} problem{}", if count == 1 { "" } else { "s" })
}

fn warnings(count: usize) -> String {
    format!("{count} warning{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_is_a_line_with_what_mends_it_below() {
        let findings = [
            Finding::new("docs", Verdict::Good, "3 articles"),
            Finding::new("token", Verdict::Bad, "there is none\u{1b}[2J").hint("set INTERCOM_ACCESS_TOKEN"),
            Finding::new("lock", Verdict::Open, "none yet"),
        ];
        insta::assert_snapshot!(text(&findings, &SessionOptions::default(), Surface::PIPE), @r"
        good  docs   3 articles
        bad   token  there is none�[2J
                     hint: set INTERCOM_ACCESS_TOKEN
        -     lock   none yet

        1 problem
        ");
    }

    #[test]
    fn the_last_line_tells_whether_all_is_well() {
        let line = |verdicts: &[Verdict]| {
            let findings: Vec<_> = verdicts.iter().map(|verdict| Finding::new("x", *verdict, "y")).collect();
            text(&findings, &SessionOptions::default(), Surface::PIPE).lines().last().unwrap_or_default().to_owned()
        };
        assert_eq!(line(&[Verdict::Good, Verdict::Open]), "no problems");
        assert_eq!(line(&[Verdict::Good, Verdict::Odd]), "no problems, 1 warning");
        assert_eq!(line(&[Verdict::Bad, Verdict::Bad, Verdict::Odd]), "2 problems, 1 warning");
    }
}
