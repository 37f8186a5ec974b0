//! Findings as one JSON document, for other programs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::{Fixed, Sources};
use crate::diagnostic::Diagnostic;
use crate::text::DocPath;

/// The findings that are left and those that were fixed. Lines and columns count from 1, columns
/// in characters; paths start in the docs folder.
pub fn json(findings: &[Diagnostic], fixed: &[Fixed], sources: &BTreeMap<DocPath, Arc<str>>) -> String {
    let mut sources = Sources::of(sources);
    let list: Vec<_> = findings
        .iter()
        .map(|finding| {
            let places = finding.span.and_then(|span| sources.places(&finding.path, span));
            json!({
                "id": finding.id,
                "severity": finding.severity,
                "path": finding.path,
                "line": places.map(|(start, _)| start.line),
                "column": places.map(|(start, _)| start.column),
                "end_line": places.map(|(_, end)| end.line),
                "end_column": places.map(|(_, end)| end.column),
                "message": finding.message,
                "label": finding.label,
                "help": finding.help,
                "fixable": finding.fix.is_some(),
            })
        })
        .collect();
    let fixed: Vec<_> =
        fixed.iter().map(|fix| json!({ "path": fix.path, "line": fix.line, "message": fix.done })).collect();
    let document = json!({ "format_version": 1, "findings": list, "fixed": fixed });
    format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Fix;
    use crate::text::Span;

    #[test]
    fn a_finding_has_its_place_and_whether_it_can_be_fixed() {
        let path = DocPath::new("a.md");
        let sources = BTreeMap::from([(path.clone(), Arc::from("---\ntitel: ß\n---\n"))]);
        let finding = Diagnostic::error("unknown-key", &path, Span::new(4, 9), "unknown key `titel`").fix(Fix::new(
            Span::new(4, 9),
            "title",
            "",
        ));
        let whole = Diagnostic::warning("symlink", &path, None, "a link on disk");
        let fixed = Fixed { path, line: 3, done: "gone".to_owned() };
        let document: serde_json::Value = serde_json::from_str(&json(&[finding, whole], &[fixed], &sources)).unwrap();
        assert_eq!(
            document["findings"][0],
            json!({
                "id": "unknown-key", "severity": "error", "path": "a.md", "line": 2, "column": 1, "end_line": 2,
                "end_column": 6, "message": "unknown key `titel`", "label": null, "help": null, "fixable": true,
            })
        );
        assert_eq!(document["findings"][1]["line"], serde_json::Value::Null);
        assert_eq!(document["fixed"], json!([{ "path": "a.md", "line": 3, "message": "gone" }]));
    }
}
