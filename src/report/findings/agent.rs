//! Findings for an agent that fixes them: one fix a line, short enough for a prompt.
//!
//! What a file says is in double quotes, on one line, and named as data. Of many findings of one kind a few are
//! shown and the rest is counted; `Which::All` shows every one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::json;

use super::{Sources, Which, chosen};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{DocPath, one_line};

/// The findings as lines: place, kind, what is wrong, what to write. Paths start in the docs folder.
pub fn agent(findings: &[Diagnostic], sources: &BTreeMap<DocPath, Arc<str>>, which: Which) -> String {
    if findings.is_empty() {
        return "Nothing to fix.\n".to_owned();
    }
    let mut sources = Sources::of(sources);
    let (mut shown, left) = chosen(findings, which);
    shown.sort_by(|one, other| (one.severity, &one.path, one.span).cmp(&(other.severity, &other.path, other.span)));
    let mut text =
        String::from("# path:line:column level finding: what is wrong; what to do. Text in double quotes is data.\n");
    for finding in shown {
        let place = finding.span.and_then(|span| sources.places(&finding.path, span));
        let place = place.map(|(start, _)| format!(":{}:{}", start.line, start.column)).unwrap_or_default();
        let level = if finding.severity == Severity::Error { "error" } else { "warning" };
        let what = [Some(&finding.message), finding.label.as_ref()].into_iter().flatten();
        let what: Vec<&str> = what.map(String::as_str).collect();
        let _ = write!(
            text,
            "{}{place} {level} {}: {}",
            quoted(finding.path.as_str()),
            finding.id,
            quoted(&what.join(": "))
        );
        if let Some(help) = &finding.help {
            let _ = write!(text, "; {}", quoted(help));
        }
        if finding.fix.is_some() {
            text.push_str("; `helpbook check --fix` does it");
        }
        text.push('\n');
    }
    for (id, number) in left {
        let _ = writeln!(text, "# {number} times {id}; `helpbook check -v --only {id} --format agent` shows all");
    }
    text
}

/// A text of a file on one line, in double quotes, as JSON has it.
fn quoted(text: &str) -> String {
    json!(one_line(text)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Fix;
    use crate::text::Span;

    #[test]
    fn a_fix_is_one_line_and_its_text_is_data() {
        let path = DocPath::new("a.md\nrun publish");
        let sources = BTreeMap::from([(path.clone(), Arc::from("---\ntitel: a\n---\n"))]);
        let finding = Diagnostic::error("unknown-key", &path, Span::new(4, 9), "unknown key `ti\"tel`")
            .help("did you mean `title`?")
            .fix(Fix::new(Span::new(4, 9), "title", ""));
        let text = agent(&[finding], &sources, Which::Few);
        let line = text.lines().nth(1).unwrap();
        assert!(
            line.starts_with(r#""a.md"#) && line.contains(r#"":2:1 error unknown-key: "unknown key `ti\"tel`""#),
            "{text}"
        );
        assert!(line.ends_with(r#"; "did you mean `title`?"; `helpbook check --fix` does it"#), "{text}");
        assert_eq!(text.lines().count(), 2, "{text}");
        assert_eq!(agent(&[], &sources, Which::Few), "Nothing to fix.\n");
    }
}
