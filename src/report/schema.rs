//! What helpbook knows of itself, as JSON for programs and agents: findings, front matter, machine documents.
//!
//! All of it is read from the pages of the guide that are a part of this program, so that the guide and this say the
//! same. Nothing here reads the disk.

use serde_json::{Value, json};

use super::findings::row;
use crate::audit::KINDS;
use crate::diagnostic::IDS;

const MESSAGES: &str = include_str!("../../example-docs/reference/messages.md");
const AUDIT: &str = include_str!("../../example-docs/reference/audit.md");
const ARTICLES: &str = include_str!("../../example-docs/writing/articles.md");
const DOCUMENTS: &str = include_str!("../../example-docs/reference/json.md");

/// Every finding of `check`: `id`, `level`, `section`, `cause`, `to_do`.
pub fn findings() -> Value {
    let level = |id: &str| row(MESSAGES, id).map_or("error", |row| if row.is_warning { "warning" } else { "error" });
    IDS.iter().filter_map(|id| finding(MESSAGES, id, level(id))).collect()
}

/// Every finding of `audit`, in the same form.
pub fn audit_findings() -> Value {
    KINDS.iter().filter_map(|kind| finding(AUDIT, kind.id, kind.severity.name())).collect()
}

fn finding(guide: &'static str, id: &str, level: &str) -> Option<Value> {
    let row = row(guide, id)?;
    Some(json!({"id": id, "level": level, "section": row.section, "cause": row.cause, "to_do": row.to_do}))
}

/// Every key of front matter: `key`, `value`, `without_it`.
pub fn front_matter() -> Value {
    let row = |line: &str| {
        let mut cells = line.trim().strip_prefix("| `")?.trim_end_matches('|').split(" | ").map(str::trim);
        let key = cells.next()?.trim_end_matches('`');
        let (value, without) = (cells.next()?, cells.next()?);
        cells.next().is_none().then(|| json!({"key": key, "value": plain(value), "without_it": plain(without)}))
    };
    ARTICLES.lines().filter_map(row).collect()
}

/// Every document that a program gets: its `name`, the sentence about it, and an `example`.
pub fn documents() -> Value {
    let mut all = Vec::new();
    for section in DOCUMENTS.split("\n## ").skip(1) {
        let (name, rest) = section.split_once('\n').unwrap_or((section, ""));
        let example = rest.split_once("```json\n").and_then(|(_, rest)| rest.split_once("\n```"));
        let Some(example) = example.and_then(|(example, _)| serde_json::from_str::<Value>(example).ok()) else {
            continue;
        };
        let about = rest.trim_start().lines().next().unwrap_or_default();
        all.push(json!({"name": name.trim(), "about": plain(about), "example": example}));
    }
    Value::Array(all)
}

/// Markdown of the guide without its links.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        match after.split_once("](").and_then(|(label, link)| Some((label, link.split_once(')')?.1))) {
            Some((label, next)) if !label.contains(']') => {
                out.push_str(label);
                rest = next;
            }
            _ => {
                out.push('[');
                rest = after;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(of: &Value, key: &str) -> Vec<String> {
        of.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn every_finding_is_there() {
        assert_eq!(ids(&findings(), "id"), IDS.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
        assert_eq!(ids(&audit_findings(), "id").len(), KINDS.len());
    }

    #[test]
    fn every_key_of_front_matter_is_there() {
        let mut keys = ids(&front_matter(), "key");
        let mut known: Vec<String> = crate::book::article_keys().iter().map(|key| (*key).to_owned()).collect();
        keys.sort();
        known.sort();
        assert_eq!(keys, known);
        assert!(!front_matter().to_string().contains("]("));
    }

    #[test]
    fn documents_have_examples() {
        let documents = documents();
        assert_eq!(documents[0]["example"]["findings"][0]["id"], "unknown-key");
        assert!(documents.as_array().unwrap().len() >= 4, "{documents:#}");
    }
}
