//! Findings about the user's files, and what was fixed of them.
//!
//! One file per format. What a file or its name says is text from a stranger: none of it can steer a
//! terminal or give a workflow a command.

mod agent;
mod explain;
mod github;
mod gitlab;
mod json;
mod lines;
mod text;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

pub use agent::agent;
pub use explain::explain;
pub(in crate::report) use explain::row;
pub use github::github;
pub use gitlab::gitlab;
pub use json::json;
pub use lines::lines;
pub use text::text;

use crate::diagnostic::{Diagnostic, Id, Severity};
use crate::text::{DocPath, Places, Position, Span};

/// A finding that `check --fix` has fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The file.
    pub path: DocPath,
    /// Where it was.
    pub line: usize,
    /// What was done.
    pub done: String,
}

impl Fixed {
    /// One line for a person. `folder` is where the paths start.
    pub fn text(&self, folder: &Path) -> String {
        crate::text::one_line(&format!("fixed {}:{}: {}", shown(&self.path, folder), self.line, self.done))
    }

    /// The same of what is not done yet.
    pub fn planned(&self, folder: &Path) -> String {
        crate::text::one_line(&format!("would fix {}:{}: {}", shown(&self.path, folder), self.line, self.done))
    }
}

/// How many findings there are: `2 errors, 1 warning`; `None` for none.
pub fn count(findings: &[Diagnostic]) -> Option<String> {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let warnings = findings.len() - errors;
    let number = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    match (errors, warnings) {
        (0, 0) => None,
        (errors, 0) => Some(number(errors, "error")),
        (0, warnings) => Some(number(warnings, "warning")),
        (errors, warnings) => Some(format!("{}, {}", number(errors, "error"), number(warnings, "warning"))),
    }
}

/// How many findings of one kind are shown where nobody asks for all.
const OF_A_KIND: usize = 10;

/// Which findings a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Errors and warnings, a few of each kind.
    Few,
    /// The errors among them.
    FewErrors,
    /// All.
    All,
}

/// The findings to be shown, errors last, as they are next to the summary; and how many there are of the kinds of
/// which some are left out.
pub fn chosen(findings: &[Diagnostic], which: Which) -> (Vec<&Diagnostic>, Vec<(Id, usize)>) {
    let mut numbers: BTreeMap<(Severity, Id), usize> = BTreeMap::new();
    let mut chosen: Vec<&Diagnostic> = findings
        .iter()
        .filter(|finding| which != Which::FewErrors || finding.severity == Severity::Error)
        .filter(|finding| {
            let number = numbers.entry((finding.severity, finding.id)).or_default();
            *number += 1;
            which == Which::All || *number <= OF_A_KIND
        })
        .collect();
    // In their order otherwise.
    chosen.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let left = |((_, id), number): ((Severity, Id), usize)| {
        (which != Which::All && number > OF_A_KIND).then_some((id, number))
    };
    (chosen, numbers.into_iter().filter_map(left).collect())
}

/// A file as the user would write it, with `/` between its parts on every system.
fn shown(path: &DocPath, folder: &Path) -> String {
    folder.join(path.as_str()).to_string_lossy().replace('\\', "/")
}

/// The sources of findings, each read once.
struct Sources<'s> {
    texts: &'s BTreeMap<DocPath, Arc<str>>,
    places: HashMap<&'s DocPath, Places<'s>>,
}

impl<'s> Sources<'s> {
    fn of(texts: &'s BTreeMap<DocPath, Arc<str>>) -> Self {
        Self { texts, places: HashMap::new() }
    }

    fn of_file(&mut self, path: &DocPath) -> Option<&Places<'s>> {
        let (path, text) = self.texts.get_key_value(path)?;
        Some(self.places.entry(path).or_insert_with(|| Places::of(text)))
    }

    /// Where a span starts and ends, without the white space at its end.
    fn places(&mut self, path: &DocPath, span: Span) -> Option<(Position, Position)> {
        let places = self.of_file(path)?;
        let end = places.text().get(span.range()).map_or(span.end, |text| span.start + text.trim_end().len());
        Some((places.position(span.start), places.position(end.max(span.start))))
    }
}
