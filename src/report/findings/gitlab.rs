//! Findings as the Code Quality report that GitLab shows on a merge request.
//!
//! GitLab compares the report of a branch with that of its target by `fingerprint`, so a fingerprint names what is
//! wrong and in which file, and not the line, which moves. The form is GitLab's subset of Code Climate's, as
//! its documentation of custom tools has it.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use super::{Sources, shown};
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{DocPath, Sha256, one_line};

/// A JSON list with one object for each finding. `folder` leads from the top of the repository to where the paths
/// start: GitLab knows files by their whole path. Lines count from 1.
pub fn gitlab(findings: &[Diagnostic], sources: &BTreeMap<DocPath, Arc<str>>, folder: &Path) -> String {
    let mut sources = Sources::of(sources);
    let mut seen: HashMap<String, usize> = HashMap::new();
    let list: Vec<_> = findings
        .iter()
        .map(|finding| {
            let path = shown(&finding.path, folder);
            let place = finding.span.and_then(|span| sources.places(&finding.path, span));
            let what = format!("{path}\0{}\0{}", finding.id, finding.message);
            // The same twice in one file is told apart by its order.
            let number = seen.entry(what.clone()).or_default();
            *number += 1;
            let help = finding.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
            json!({
                "check_name": finding.id,
                "description": one_line(&format!("{}{help}", finding.message)),
                "fingerprint": Sha256::of(format!("{what}\0{number}")).as_str(),
                "severity": match finding.severity { Severity::Error => "critical", Severity::Warning => "minor" },
                "location": { "path": path, "lines": { "begin": place.map_or(1, |(start, _)| start.line) } },
            })
        })
        .collect();
    format!("{}\n", serde_json::to_string_pretty(&list).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;
    use serde_json::Value;

    fn report(findings: &[Diagnostic], source: &str) -> Value {
        let sources = BTreeMap::from([(DocPath::new("a.md"), Arc::from(source))]);
        serde_json::from_str(&gitlab(findings, &sources, Path::new("guide/docs"))).unwrap()
    }

    #[test]
    fn a_finding_keeps_its_fingerprint_where_it_moves_and_two_of_a_kind_have_two() {
        let path = DocPath::new("a.md");
        let error =
            |at| Diagnostic::error("unknown-key", &path, Span::new(at, at + 1), "unknown key").help("remove it");
        let whole = Diagnostic::warning("symlink", &path, None, "a link\non disk");
        let before = report(&[error(0), error(2), whole], "a\nb\n");
        assert_eq!(before[0]["description"], "unknown key (remove it)");
        assert_eq!(before[0]["location"], json!({ "path": "guide/docs/a.md", "lines": { "begin": 1 } }));
        assert_eq!((&before[1]["severity"], &before[1]["location"]["lines"]["begin"]), (&json!("critical"), &json!(2)));
        assert_eq!(
            (&before[2]["severity"], &before[2]["description"]),
            (&json!("minor"), &json!("a link\u{21b5}on disk"))
        );
        assert_ne!(before[0]["fingerprint"], before[1]["fingerprint"]);
        let after = report(&[error(4), error(6)], "x\ny\na\nb\n");
        assert_eq!(before[0]["fingerprint"], after[0]["fingerprint"]);
        assert_eq!(before[1]["fingerprint"], after[1]["fingerprint"]);
        assert_eq!(report(&[], ""), json!([]));
    }
}
