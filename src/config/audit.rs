//! `audit`: findings of `helpbook audit` that a team does not want to see, and the domains that its product had.

use std::collections::BTreeMap;

use crate::diagnostic::{AUDIT_IDS, did_you_mean};
use crate::yaml::{self, Value, Wrong};

/// What a team chose for `helpbook audit`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditChoices {
    /// Findings that are left out, by kind.
    pub ignore: BTreeMap<String, Ignored>,
    /// Hosts that the product had once.
    pub old_domains: Vec<String>,
}

/// Where a kind of finding is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ignored {
    /// Everywhere.
    Everywhere,
    /// About these articles, by id or file; or these collections, tags and audiences, by id or name.
    For(Vec<String>),
}

/// Reads `{ ignore: { wide-table: all, missing-alt: [9100004] }, old_domains: [docs.old.example] }`.
///
/// # Errors
/// Fails where it is something else, and where a finding has no such name.
pub(super) fn choices(entry: &yaml::Entry) -> Result<AuditChoices, Wrong> {
    let wrong = || {
        Wrong::kind(
            "`ignore` and `old_domains`",
            "write `audit: { ignore: { missing-alt: all }, old_domains: [docs.old.example] }`",
        )
    };
    let mapping = entry.value.as_mapping().ok_or_else(wrong)?;
    let mut choices = AuditChoices::default();
    for (key, value) in mapping {
        match key.as_str() {
            Some("ignore") => choices.ignore = ignore(value)?,
            Some("old_domains") => {
                let hosts = value.as_sequence().ok_or_else(wrong)?;
                choices.old_domains = hosts.iter().map(host).collect::<Result<_, _>>()?;
            }
            _ => return Err(wrong()),
        }
    }
    Ok(choices)
}

fn ignore(value: &Value) -> Result<BTreeMap<String, Ignored>, Wrong> {
    let wrong = || {
        Wrong::kind(
            "findings with `all` or a list of articles",
            "write `ignore: { missing-alt: all, wide-table: [9100004, billing/prices.md] }`",
        )
    };
    let mut ignored = BTreeMap::new();
    for (id, value) in value.as_mapping().ok_or_else(wrong)? {
        let id = id.as_str().ok_or_else(wrong)?;
        if !AUDIT_IDS.contains(&id) {
            let near = did_you_mean(id, AUDIT_IDS.iter().copied());
            let help = near.unwrap_or_else(|| "write the name that `helpbook audit` shows in brackets".to_owned());
            return Err(Wrong::value(format!("`audit` has no finding `{id}`"), help));
        }
        let name = |value: &Value| match value {
            Value::String(name) => Ok(name.clone()),
            Value::Number(id) => Ok(id.to_string()),
            _ => Err(wrong()),
        };
        let what = match value {
            Value::String(all) if all == "all" => Ignored::Everywhere,
            Value::Sequence(names) => Ignored::For(names.iter().map(name).collect::<Result<_, _>>()?),
            _ => return Err(wrong()),
        };
        ignored.insert(id.to_owned(), what);
    }
    Ok(ignored)
}

fn host(value: &Value) -> Result<String, Wrong> {
    let text = value.as_str().unwrap_or_default().trim().trim_end_matches('.').to_lowercase();
    let is_host =
        text.contains('.') && !text.contains(['/', ':', '@', '?', '#', '*']) && !text.contains(char::is_whitespace);
    if is_host {
        return Ok(text);
    }
    Err(Wrong::value(format!("`{text}` is no host"), "write the host alone, such as `docs.old.example`"))
}
