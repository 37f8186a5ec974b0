//! One line per article and locale: its status.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::plan::Look;
use super::why::Detail;
use crate::intercom::model::Locale;
use crate::plan::{Action, Change, LocaleChange, Publish};
use crate::text::one_line;

/// The status of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// As the docs say.
    InSync,
    /// Not in Intercom yet.
    New,
    /// In Intercom, and no file knows its id.
    Adoptable,
    /// The docs changed.
    Changed,
    /// Staged, and not live yet.
    Staged,
    /// A translation that says what an older text of the default locale said.
    Stale,
    /// A translation that has no file.
    Missing,
    /// Changed in Intercom only.
    Drifted,
    /// Changed on both sides.
    Conflict,
    /// The docs want something that cannot be done.
    Blocked,
    /// To go offline.
    Leaving,
    /// Known, and its file is gone.
    Orphan,
    /// In Intercom, and never had a file here.
    NoFile,
}

impl Status {
    /// Every one, in the order in which they are counted.
    const ALL: [Self; 13] = [
        Self::InSync,
        Self::New,
        Self::Adoptable,
        Self::Changed,
        Self::Staged,
        Self::Stale,
        Self::Missing,
        Self::Drifted,
        Self::Conflict,
        Self::Blocked,
        Self::Leaving,
        Self::Orphan,
        Self::NoFile,
    ];

    /// The status of an article in one locale, by what a plan does about it.
    pub fn of(change: &Change, part: &LocaleChange) -> Self {
        if let Some(blocked) = &part.blocked {
            return if blocked.reason.starts_with("conflict") { Status::Conflict } else { Status::Blocked };
        }
        let publishes = |test: fn(&Publish) -> bool| change.steps(part).any(test);
        match part.action {
            Action::Orphan => return Status::Orphan,
            Action::Create => return Status::New,
            Action::Adopt => return Status::Adoptable,
            _ => {}
        }
        if publishes(Publish::removes) {
            Status::Leaving
        } else if change.is_staged(part) || publishes(|_| true) && !publishes(Publish::goes_live) {
            Status::Changed
        } else if publishes(|_| true) {
            Status::Staged
        } else if part.drift.is_some() {
            Status::Drifted
        } else if part.action == Action::Publish {
            // It waits for its time.
            Status::Staged
        } else {
            Status::InSync
        }
    }

    /// The status in words.
    pub fn word(self) -> &'static str {
        match self {
            Status::InSync => "in sync",
            Status::New => "new",
            Status::Adoptable => "adoptable",
            Status::Changed => "changed",
            Status::Staged => "staged",
            Status::Stale => "stale",
            Status::Missing => "missing",
            Status::Drifted => "changed in Intercom",
            Status::Conflict => "conflict",
            Status::Blocked => "blocked",
            Status::Leaving => "goes offline",
            Status::Orphan => "file deleted",
            Status::NoFile => "only in Intercom",
        }
    }
}

/// One article's line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Its status.
    pub status: Status,
    /// Its file, if it has or had one.
    pub path: Option<String>,
    /// The locale, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    /// Its id, once it is in Intercom.
    pub id: Option<u64>,
    /// Its title.
    pub title: String,
    /// Its state in Intercom.
    pub state: Option<String>,
    /// The address at which customers read it, where they can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its address in Intercom's editor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub editor_url: Option<String>,
    /// Who changed it in Intercom and when, where that is not what the docs say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
    /// Whose draft is pending behind it, and since when.
    pub draft: Option<String>,
    /// What is known of it, and why it is in sync or not; where that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Detail>,
}

/// The lines, in columns, and their numbers.
pub fn text(rows: &[Row], look: &Look) -> String {
    let paint = look.paint;
    let wide = rows.iter().map(|row| row.path.as_deref().unwrap_or("-").chars().count()).max().unwrap_or(0).min(60);
    let word_wide = rows.iter().map(|row| row.status.word().len()).max().unwrap_or(0).max(9);
    let mut out = String::new();
    for row in rows {
        let word = format!("{:<word_wide$}", row.status.word());
        let word = match row.status {
            Status::InSync => paint.dim(&word),
            Status::New | Status::Adoptable | Status::Staged => paint.fresh(&word),
            Status::Conflict | Status::Blocked | Status::Leaving => paint.bad(&word),
            _ => paint.odd(&word),
        };
        let path = format!("{:<wide$}", one_line(row.path.as_deref().unwrap_or("-")));
        let path = match &row.locale {
            Some(locale) => format!("{path}  {:<5}", locale.0),
            None => path,
        };
        let id = row.id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        let state = row.state.as_deref().unwrap_or("-");
        let _ = write!(out, "{word}  {path}  {id:<9}  {state:<9}  {}", one_line(&row.title));
        if let Some(by) = &row.changed_by {
            let _ = write!(out, "  {}", paint.odd(&format!("by {}", one_line(by))));
        }
        // What is staged is ours; the draft behind it is no news.
        if let (Some(draft), false) = (&row.draft, row.status == Status::Staged) {
            let _ = write!(out, "  {}", paint.odd(&format!("draft pending: {}", one_line(draft))));
        }
        out.push('\n');
        out.extend(row.record.iter().map(|detail| detail.text(look)));
    }
    let counts: Vec<String> = counts(rows)
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(status, count)| format!("{count} {}", status.word()))
        .collect();
    let _ = writeln!(
        out,
        "{}{}",
        if rows.is_empty() { "" } else { "\n" },
        if counts.is_empty() { "no articles".to_owned() } else { counts.join(", ") }
    );
    out
}

/// How many rows have each status; every status is named.
fn counts(rows: &[Row]) -> BTreeMap<Status, usize> {
    let count = |standing| rows.iter().filter(|row| row.status == standing).count();
    Status::ALL.into_iter().map(|standing| (standing, count(standing))).collect()
}

/// The lines and their numbers as one JSON document.
pub fn json(rows: &[Row]) -> String {
    let document = serde_json::json!({ "format_version": 1, "counts": counts(rows), "articles": rows });
    format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default())
}
