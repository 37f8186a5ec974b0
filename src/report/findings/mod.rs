//! Findings about the user's files, and what was fixed of them.
//!
//! One file per format. What a file or its name says is text from a stranger: none of it can steer a
//! terminal or give a workflow a command.

mod explain;
mod github;
mod json;
mod text;

use std::path::Path;

pub use explain::explain;
pub use github::github;
pub use json::json;
pub use text::text;

use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{DocPath, Position, Span, position};

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

/// A file as the user would write it, with `/` between its parts on every system.
fn shown(path: &DocPath, folder: &Path) -> String {
    folder.join(path.as_str()).to_string_lossy().replace('\\', "/")
}

/// Where a span starts and ends, without the white space at its end.
fn places(source: &str, span: Span) -> (Position, Position) {
    let start = position(source, span.start);
    let end = source.get(span.range()).map_or(span.end, |text| span.start + text.trim_end().len());
    (start, position(source, end.max(span.start)))
}
