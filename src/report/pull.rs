//! What a pull brings: a line per file, and with more words the lines that change; or one JSON
//! document.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::{Paint, Surface, Verbosity, wrap};
use crate::html::Extent;
use crate::plan::{Field, Proof, TextVersion};
use crate::pull::{Change, IndexChange, Keeps, Pull, What};
use crate::text::{DocPath, minute, one_line};

/// A line per file; the changed lines of files that are there where more is to be said.
pub fn text(pull: &Pull, Surface { paint, width }: Surface, verbosity: Verbosity) -> String {
    let mut out = String::new();
    for index in &pull.indexes {
        let _ = match &index.what {
            IndexChange::New { .. } => {
                let word = paint.fresh(&format!("{:<9}", "new"));
                writeln!(out, "{word}  {}  {}", one_line(index.path.as_str()), one_line(&index.name))
            }
            IndexChange::Edited { fields, .. } => {
                let word = paint.odd(&format!("{:<9}", "changed"));
                writeln!(out, "{word}  {}  {}", index.path, names(fields))
            }
        };
        if let (IndexChange::Edited { before, after, .. }, Verbosity::Verbose) = (&index.what, verbosity) {
            out.push_str(&changed_lines(&index.path, before, after, paint));
        }
    }
    for change in &pull.changes {
        out.push_str(&wrap::hanging(11, &line(change, paint), width));
        if let (What::Edited { before, after, .. }, Verbosity::Verbose) = (&change.what, verbosity) {
            out.push_str(&changed_lines(&change.path, before, after, paint));
        }
    }
    out
}

fn line(change: &Change, paint: Paint) -> String {
    let draft = if change.from == TextVersion::Draft { ", from a draft that is not live yet" } else { "" };
    let since = change.since.map_or_else(String::new, |at| format!(", {}", minute(at)));
    match &change.what {
        What::New { .. } => {
            format!(
                "{}  {}  {}{draft}",
                paint.fresh(&format!("{:<9}", "new")),
                one_line(change.path.as_str()),
                one_line(&change.title)
            )
        }
        What::Edited { fields, conflicts, keeps, how, .. } => {
            let word = match conflicts {
                0 => paint.odd(&format!("{:<9}", "changed")),
                _ => paint.bad(&format!("{:<9}", "conflict")),
            };
            let fields = names(fields);
            let conflicts = match conflicts {
                0 => String::new(),
                1 => "; 1 conflict to resolve".to_owned(),
                many => format!("; {many} conflicts to resolve"),
            };
            let own = if *keeps == Keeps::OwnChanges { "; your other changes are kept" } else { "" };
            let style = if *how == Extent::Whole { "; its whole text is rewritten, in another style" } else { "" };
            format!(
                "{word}  {}  {fields}, by {}{since}{draft}{conflicts}{own}{style}",
                change.path,
                one_line(&change.by)
            )
        }
    }
}

fn names(fields: &BTreeSet<Field>) -> String {
    fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ")
}

/// The lines of a file that change, as Git shows them.
pub fn changed_lines(path: &DocPath, before: &str, after: &str, paint: Paint) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    let mut unified = diff.unified_diff();
    let path = path.as_str();
    let text = unified.header(&format!("a/{path}"), &format!("b/{path}")).to_string();
    let mut out = String::new();
    for line in text.lines() {
        let line = one_line(line);
        let line = match line.as_bytes().first() {
            Some(b'+') => paint.fresh(&line),
            Some(b'-') => paint.old(&line),
            _ => line.to_string(),
        };
        let _ = writeln!(out, "    {line}");
    }
    out
}

/// A pull as one JSON document.
pub fn json(pull: &Pull) -> String {
    let collections = pull.indexes.iter().map(|index| {
        let (what, fields) = match &index.what {
            IndexChange::New { .. } => ("new", None),
            IndexChange::Edited { fields, .. } => ("changed", Some(fields)),
        };
        json!({ "path": index.path, "id": index.id, "name": index.name, "what": what, "fields": list(fields) })
    });
    let changes = pull.changes.iter().map(|change| {
        let (what, fields) = match &change.what {
            What::New { .. } => ("new", None),
            What::Edited { fields, .. } => ("changed", Some(fields)),
        };
        json!({
            "path": change.path,
            "id": change.id,
            "locale": change.locale,
            "title": change.title,
            "what": what,
            "fields": list(fields),
            "conflicts": change.conflicts(),
            "draft": change.from == TextVersion::Draft,
            "by": { "name": change.by, "email": change.email },
            "since": change.since,
        })
    });
    let document = json!({
        "format_version": 1,
        "collections": collections.collect::<Vec<_>>(),
        "changes": changes.collect::<Vec<_>>(),
        "notes": pull.notes,
    });
    format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default())
}

fn list(fields: Option<&BTreeSet<Field>>) -> Vec<&'static str> {
    fields.into_iter().flatten().map(|field| field.id()).collect()
}

/// Whether the files of a pull are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PullState {
    /// Not yet: it is only shown.
    Planned,
    /// They are.
    Written,
}

/// How many files of which kind.
pub fn summary(pull: &Pull, state: PullState) -> String {
    let new = pull.changes.iter().filter(|change| matches!(change.what, What::New { .. })).count();
    let conflicts = pull.changes.iter().filter(|change| change.conflicts() > 0).count();
    let changed = pull.changes.len() - new - conflicts;
    let mut parts = vec![format!("{new} new"), format!("{changed} changed")];
    if conflicts > 0 {
        parts.push(format!("{conflicts} with a conflict"));
    }
    let collections: BTreeSet<_> = pull.indexes.iter().map(|index| index.id).collect();
    if !collections.is_empty() {
        parts.push(format!("{} collection{}", collections.len(), if collections.len() == 1 { "" } else { "s" }));
    }
    if !pull.images.is_empty() {
        parts.push(format!("{} image{}", pull.images.len(), if pull.images.len() == 1 { "" } else { "s" }));
    }
    format!("{} {}.", if state == PullState::Written { "Pulled:" } else { "To pull:" }, parts.join(", "))
}

/// What rendering the files gave.
pub fn proof(proof: &Proof, folder: &Path) -> String {
    let files = proof.equal.len() + proof.differ.len();
    let mut text = format!(
        "proof: rendering {files} file{} gives what Intercom has: {} equal, {} differ",
        if files == 1 { "" } else { "s" },
        proof.equal.len(),
        proof.differ.len()
    );
    for (path, fields) in &proof.differ {
        let fields = names(fields);
        let _ = write!(text, "\n  differs: {}: {fields}", folder.join(path.as_str()).display());
    }
    text
}
