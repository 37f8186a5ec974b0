//! What `doctor` found: a line for each thing that was looked at, and what fixes it.

use std::fmt::Write as _;

use super::{Hint, Paint, SessionOptions};
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
pub fn text(findings: &[Finding], options: &SessionOptions, paint: Paint) -> String {
    let wide = findings.iter().map(|finding| finding.subject.len()).max().unwrap_or(0);
    let mut out = String::new();
    for finding in findings {
        let word = match finding.verdict {
            Verdict::Good => paint.fresh("good"),
            Verdict::Open => paint.dim("-   "),
            Verdict::Odd => paint.odd("look"),
            Verdict::Bad => paint.bad("bad "),
        };
        let _ = writeln!(out, "{word}  {:<wide$}  {}", finding.subject, finding.found);
        for hint in &finding.hints {
            let _ = writeln!(out, "      {:<wide$}  {}: {}", "", paint.bold("hint"), options.shown(hint));
        }
    }
    let count = |verdict| findings.iter().filter(|finding| finding.verdict == verdict).count();
    let line = match (count(Verdict::Bad), count(Verdict::Odd)) {
        (0, 0) => "everything is good".to_owned(),
        (bad, 0) => format!("{bad} bad"),
        (0, odd) => format!("nothing is bad, {odd} to look at"),
        (bad, odd) => format!("{bad} bad, {odd} to look at"),
    };
    let _ = writeln!(out, "\n{line}");
    out
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
        insta::assert_snapshot!(text(&findings, &SessionOptions::default(), Paint::Plain), @r"
        good  docs   3 articles
        bad   token  there is none�[2J
                     hint: set INTERCOM_ACCESS_TOKEN
        -     lock   none yet

        1 bad
        ");
    }

    #[test]
    fn the_last_line_tells_whether_all_is_well() {
        let line = |verdicts: &[Verdict]| {
            let findings: Vec<_> = verdicts.iter().map(|verdict| Finding::new("x", *verdict, "y")).collect();
            text(&findings, &SessionOptions::default(), Paint::Plain).lines().last().unwrap_or_default().to_owned()
        };
        assert_eq!(line(&[Verdict::Good, Verdict::Open]), "everything is good");
        assert_eq!(line(&[Verdict::Good, Verdict::Odd]), "nothing is bad, 1 to look at");
        assert_eq!(line(&[Verdict::Bad, Verdict::Bad, Verdict::Odd]), "2 bad, 1 to look at");
    }
}
