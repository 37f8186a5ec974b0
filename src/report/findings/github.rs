//! Findings as GitHub's workflow commands, which become annotations on the lines of a pull request.
//!
//! A runner takes every line that starts with `::` for a command. So each finding is one line that
//! starts with ours, and what is in it is escaped as the runner takes it apart: line ends and
//! `%` everywhere, `:` and `,` in its properties too. Nothing else is printed to standard output.
//! GitHub shows ten errors and ten warnings of a step; the log holds all of them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::{Fixed, Sources, shown};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{DocPath, harmless};

/// One line for each finding that is left, and one for each that was fixed. `folder` leads from the
/// top of the repository to where the paths start: GitHub knows files by their whole path.
pub fn github(
    findings: &[Diagnostic],
    fixed: &[Fixed],
    sources: &BTreeMap<DocPath, Arc<str>>,
    folder: &Path,
) -> String {
    let (mut out, mut sources) = (String::new(), Sources::of(sources));
    for fix in fixed {
        let place = format!("file={},line={}", property(&shown(&fix.path, folder)), fix.line);
        out.push_str(&format!("::notice {place},title=fixed::{}\n", data(&fix.done)));
    }
    for finding in findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let mut place = format!("file={}", property(&shown(&finding.path, folder)));
        if let Some((start, end)) = finding.span.and_then(|span| sources.places(&finding.path, span)) {
            place.push_str(&format!(",line={},endLine={}", start.line, end.line));
            // GitHub takes columns within one line only.
            if start.line == end.line {
                place.push_str(&format!(",col={},endColumn={}", start.column, end.column.max(start.column + 1)));
            }
        }
        let help = finding.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        let message = data(&format!("{}{help}", finding.message));
        out.push_str(&format!("::{command} {place},title={}::{message}\n", property(finding.id)));
    }
    out
}

/// The text of a command.
fn data(text: &str) -> String {
    harmless(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of one of its properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[track_caller]
    fn check(finding: Diagnostic, source: &str, expected: &str) {
        let sources = BTreeMap::from([(finding.path.clone(), Arc::from(source))]);
        assert_eq!(github(&[finding], &[], &sources, Path::new("guide/docs")), expected);
    }

    #[test]
    fn a_finding_is_an_annotation_of_its_place() {
        let path = DocPath::new("billing/refunds.md");
        check(
            Diagnostic::error("unknown-key", &path, Span::new(4, 9), "unknown key `titel`")
                .help("did you mean `title`?"),
            "---\ntitel: a\n---\n",
            "::error file=guide/docs/billing/refunds.md,line=2,endLine=2,col=1,endColumn=6,title=unknown-key::unknown key \
             `titel`%0Ahelp: did you mean `title`?\n",
        );
        check(
            Diagnostic::warning("list-start", &path, Span::new(0, 10), "odd"),
            "3. a\n4. b\n\nc",
            "::warning file=guide/docs/billing/refunds.md,line=1,endLine=2,title=list-start::odd\n",
        );
        check(
            Diagnostic::warning("symlink", &path, None, "a link"),
            "",
            "::warning file=guide/docs/billing/refunds.md,title=symlink::a link\n",
        );
    }

    #[test]
    fn no_text_of_a_stranger_starts_a_command_or_adds_a_property() {
        let path = DocPath::new("a\n::set-output name=x::y,line=9:%0A.md");
        let evil = "x\r\n::error::y\n##[error]z\u{1b}[2J\n%0A::stop-commands::a";
        let fix = Fixed { path: path.clone(), line: 1, done: evil.to_owned() };
        let finding = Diagnostic::error("unknown-key", &path, None, evil).help(evil);
        let text = github(&[finding], &[fix], &BTreeMap::new(), Path::new(""));
        let lines: Vec<&str> = text.split(['\n', '\r', '\u{85}', '\u{2028}']).collect();
        assert_eq!(lines.len(), 3, "{text}");
        let file = "file=a%0A%3A%3Aset-output name=x%3A%3Ay%2Cline=9%3A%250A.md";
        assert!(lines[0].starts_with(&format!("::notice {file},line=1,title=fixed::x")), "{text}");
        assert!(lines[1].starts_with(&format!("::error {file},title=unknown-key::x")), "{text}");
        assert!(text.contains("%250A::stop-commands") && !text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn every_finding_is_one_line() {
        proptest::proptest!(|(path in "\\PC{1,9}|[\r\n:,%]{1,9}", message in "[\\s\\S]{0,40}")| {
            let finding = Diagnostic::error("unknown-key", &DocPath::new(path), None, message);
            let text = github(&[finding], &[], &BTreeMap::new(), Path::new(""));
            proptest::prop_assert!(text.starts_with("::error file="));
            proptest::prop_assert_eq!(text.find(['\n', '\r']), Some(text.len() - 1));
        });
    }
}
