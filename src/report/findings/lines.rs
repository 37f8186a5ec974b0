//! Findings one on a line, as compilers write them: for editors, and for programs that read lines.
//!
//! `FILE:LINE:COLUMN: SEVERITY: MESSAGE [ID]`, with what to do after the message. A finding is one line at any width,
//! so that a problem matcher takes it apart. One without a place counts for the start of its file.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::{Fixed, Sources, shown};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{DocPath, one_line};

/// One line for each finding that was fixed, as `info`, and one for each that is left. `folder` is where the paths
/// start, as the user would write it. Lines and columns count from 1, columns in characters.
pub fn lines(findings: &[Diagnostic], fixed: &[Fixed], sources: &BTreeMap<DocPath, Arc<str>>, folder: &Path) -> String {
    let (mut out, mut sources) = (String::new(), Sources::of(sources));
    let mut line = |text: &str| {
        out.push_str(&one_line(text));
        out.push('\n');
    };
    for fix in fixed {
        line(&format!("{}:{}:1: info: {} [fixed]", shown(&fix.path, folder), fix.line, fix.done));
    }
    for finding in findings {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = finding.span.and_then(|span| sources.places(&finding.path, span));
        let (row, column) = place.map_or((1, 1), |(start, _)| (start.line, start.column));
        let help = finding.help.as_ref().map(|help| format!("; help: {help}")).unwrap_or_default();
        let path = shown(&finding.path, folder);
        line(&format!("{path}:{row}:{column}: {severity}: {}{help} [{}]", finding.message, finding.id));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn a_finding_is_one_line_with_its_place() {
        let path = DocPath::new("billing/refunds.md");
        let sources = BTreeMap::from([(path.clone(), Arc::from("---\nä titel: a\n---\n"))]);
        let finding =
            Diagnostic::error("unknown-key", &path, Span::new(7, 12), "unknown key\n`titel`").help("`title`?");
        let whole = Diagnostic::warning("symlink", &path, None, "a link\u{1b}[2J on disk");
        let fixed = Fixed { path, line: 3, done: "gone".to_owned() };
        insta::assert_snapshot!(lines(&[finding, whole], &[fixed], &sources, Path::new("my docs")), @r"
        my docs/billing/refunds.md:3:1: info: gone [fixed]
        my docs/billing/refunds.md:2:3: error: unknown key↵`titel`; help: `title`? [unknown-key]
        my docs/billing/refunds.md:1:1: warning: a link�[2J on disk [symlink]
        ");
    }
}
