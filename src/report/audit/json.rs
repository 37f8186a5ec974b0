//! An audit as one JSON document, for programs and for `--against`.

use serde_json::{Value, json};

use super::Report;
use crate::audit::{About, Finding, Named};

/// The version of the document's form.
const FORMAT: u32 = 1;

/// The document. Findings come the worst first; `customers` counts as `ranked_by` says.
pub fn json(report: Report<'_>) -> String {
    let Report { audit, against } = report;
    let counts: serde_json::Map<String, Value> =
        audit.counts().into_iter().map(|(kind, count)| (kind.id.to_owned(), json!(count))).collect();
    let findings: Vec<Value> = audit.findings.iter().map(|finding| self::finding(report, finding)).collect();
    let mut document = json!({
        "format_version": FORMAT,
        "helpbook": env!("CARGO_PKG_VERSION"),
        "help_center": audit.help_center,
        "made_at": audit.made_at,
        "ranked_by": audit.ranked_by,
        "articles": audit.articles,
        "published": audit.published,
        "counts": counts,
        "findings": findings,
        "ignored": audit.ignored,
        "unchecked": audit.unchecked,
        "scores": audit.scores,
    });
    if let Some(against) = against {
        let areas = |is_meant: fn(u32, u32) -> bool| -> Vec<Value> {
            let areas = against.areas.iter().filter(|(_, before, now)| is_meant(*before, *now));
            areas.map(|(area, before, now)| json!({ "area": area, "before": before, "now": now })).collect()
        };
        document["against"] = json!({
            "made_at": against.earlier,
            "new": against.new.len(),
            "fixed": against.gone,
            "better": areas(|before, now| now > before),
            "worse": areas(|before, now| now < before),
            "not_compared": against.other_rules,
        });
    }
    format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default())
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
