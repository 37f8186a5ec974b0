//! An audit as one JSON document, for programs and for `--against`.
//!
//! There may be a hundred thousand findings, so each becomes JSON by itself and is written at once.

use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::{Map, Value, json};

use super::Report;
use crate::audit::{About, Finding, Named};

/// The version of the document's form.
const FORMAT: u32 = 1;

/// The document. Findings come the worst first; `customers` counts as `ranked_by` says.
pub fn json(report: Report<'_>) -> String {
    let Report { audit, against } = report;
    let counts: Map<String, Value> =
        audit.counts().into_iter().map(|(kind, count)| (kind.id.to_owned(), json!(count))).collect();
    let mut fields = json!({
        "format_version": FORMAT,
        "helpbook": env!("CARGO_PKG_VERSION"),
        "help_center": audit.help_center,
        "made_at": audit.made_at,
        "ranked_by": audit.ranked_by,
        "articles": audit.articles,
        "published": audit.published,
        "counts": counts,
        FINDINGS: null,
        "ignored": audit.ignored,
        "unchecked": audit.unchecked,
        "scores": audit.scores,
    });
    if let Some(against) = against {
        let areas = |is_meant: fn(u32, u32) -> bool| -> Vec<Value> {
            let areas = against.areas.iter().filter(|(_, before, now)| is_meant(*before, *now));
            areas.map(|(area, before, now)| json!({ "area": area, "before": before, "now": now })).collect()
        };
        fields["against"] = json!({
            "made_at": against.earlier,
            "new": against.new.len(),
            "fixed": against.gone,
            "better": areas(|before, now| now > before),
            "worse": areas(|before, now| now < before),
            "not_compared": against.other_rules,
        });
    }
    let mut text = serde_json::to_string_pretty(&Document { report, fields: &fields }).unwrap_or_default();
    text.push('\n');
    text
}

/// The field of the findings.
const FINDINGS: &str = "findings";

/// The whole document; `fields` has nothing in the place of the findings.
struct Document<'r> {
    report: Report<'r>,
    fields: &'r Value,
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        for (name, value) in self.fields.as_object().into_iter().flatten() {
            if name == FINDINGS {
                map.serialize_entry(name, &Findings(self.report))?;
            } else {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

/// The findings, one after another.
struct Findings<'r>(Report<'r>);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let findings = &self.0.audit.findings;
        let mut seq = to.serialize_seq(Some(findings.len()))?;
        for one in findings {
            seq.serialize_element(&finding(self.0, one))?;
        }
        seq.end()
    }
}

fn finding(report: Report<'_>, finding: &Finding) -> Value {
    let mut value = json!({
        "id": finding.kind.id,
        "severity": finding.kind.severity,
        "area": finding.kind.area,
        "articles": finding.articles.iter().map(article).collect::<Vec<_>>(),
        "message": finding.message,
        "help": finding.kind.help,
        "customers": finding.customers,
        "key": finding.key(),
    });
    if let Some(Named { what, id, name }) = &finding.thing {
        value[*what] = json!({ "id": id, "name": name });
    }
    if !finding.details.is_empty() {
        value["details"] = json!(finding.details);
    }
    if report.against.is_some() {
        value["new"] = json!(report.is_new(finding));
    }
    value
}

fn article(about: &About) -> Value {
    let mut value = json!({ "id": about.id, "title": about.title, "locale": about.locale });
    if let Some(path) = &about.path {
        value["path"] = json!(path);
    }
    if let Some(url) = &about.url {
        value["url"] = json!(url);
    }
    value
}
