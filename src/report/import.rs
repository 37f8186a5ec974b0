//! What became of docs of another system: counts of constructs, files that differ, and what was left.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::import::{Fate, Import, Report};
use crate::text::{DocPath, one_line};

/// What became of the files of an import.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Files {
    /// Files that were not there.
    pub new: Vec<DocPath>,
    /// Files that were replaced.
    pub replaced: Vec<DocPath>,
    /// Files that say something else, and were not replaced.
    pub different: Vec<DocPath>,
    /// How many say the same already.
    pub unchanged: usize,
}

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Every construct.
    All,
    /// What was left, but not all of it.
    Few,
}

/// How many places are shown that nobody asked for.
const FEW: usize = 10;

/// How much of a construct is shown, in characters.
const SHOWN: usize = 70;

#[derive(Serialize)]
struct Document<'a> {
    kind: &'static str,
    site: &'a str,
    files: &'a Files,
    refused: &'a BTreeMap<DocPath, String>,
    constructs: Vec<Counted>,
    report: &'a Report,
}

#[derive(Serialize)]
struct Counted {
    construct: &'static str,
    fate: Fate,
    number: usize,
}

/// The report as one JSON document. `kind` and `site` say what was read.
pub fn json(import: &Import, files: &Files, kind: &'static str, site: &str) -> String {
    let counts = import.report.counts();
    let constructs =
        counts.into_iter().map(|((fate, construct), number)| Counted { construct, fate, number }).collect();
    let document = Document { kind, site, files, refused: &import.refused, constructs, report: &import.report };
    serde_json::to_string_pretty(&document).unwrap_or_default()
}

/// The report for a person.
pub fn text(import: &Import, which: Which) -> String {
    let mut text = String::new();
    let counts = import.report.counts();
    for (fate, name) in [(Fate::Taken, "taken"), (Fate::Approximated, "approximated"), (Fate::Left, "left")] {
        let of_fate = counts.iter().filter(|((other, _), _)| *other == fate);
        let said: Vec<String> = of_fate.map(|((_, construct), number)| format!("{construct} {number}")).collect();
        if !said.is_empty() {
            let _ = writeln!(text, "{name}: {}", said.join(", "));
        }
    }
    let items = import.report.files.iter().flat_map(|(path, file)| file.items.iter().map(move |item| (path, item)));
    let wanted: Vec<_> = items.filter(|(_, item)| which == Which::All || item.fate == Fate::Left).collect();
    let most = if which == Which::All { usize::MAX } else { FEW };
    for (path, item) in wanted.iter().take(most) {
        let fate = match item.fate {
            Fate::Taken => "taken",
            Fate::Approximated => "approximated",
            Fate::Left => "left",
        };
        let _ = writeln!(
            text,
            "  {}:{} {} {fate}: {}",
            one_line(path.as_str()),
            item.line,
            item.construct,
            short(&item.was)
        );
    }
    if wanted.len() > most {
        let _ = writeln!(text, "  and {} more: -v shows all, --json as data", wanted.len() - most);
    }
    if !import.report.unknown_locales.is_empty() {
        let said: Vec<String> =
            import.report.unknown_locales.iter().map(|(name, number)| format!("{} {number}", one_line(name))).collect();
        let _ = writeln!(text, "pages in languages that Intercom does not have: {}", said.join(", "));
    }
    if !import.report.of_repository.is_empty() {
        let said: Vec<String> = import.report.of_repository.iter().map(|path| one_line(path.as_str())).collect();
        let _ = writeln!(text, "about the repository, and no article: {}", said.join(", "));
    }
    text
}

fn short(text: &str) -> String {
    let line = one_line(text.trim());
    let mut short: String = line.chars().take(SHOWN).collect();
    if short.len() < line.len() {
        short.push('\u{2026}');
    }
    short
}
