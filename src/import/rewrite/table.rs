//! Rows of a table that has no head: other systems show them as a table, or their authors meant one.
//!
//! A line of empty cells and one of delimiters go above them. Rows below a line of delimiters, in code, and in the
//! frames that a database prints are not touched.

use crate::import::draft::{Draft, Line, Rewrite, captured, patterns};
use crate::import::left::cells;
use crate::import::report::Fate;

patterns! {
    ROW = r"^ {0,3}\|\s.*\s\|.*\|\s*$";
    DELIMITERS = r"^\s*\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?)?\s*$";
    FRAME = r"^\s*\+[-=+]+\s*$";
}

pub(super) fn rewrite(draft: &mut Draft) {
    let prose = draft.prose();
    let old = std::mem::take(&mut draft.lines);
    let mut at = 0;
    while at < old.len() {
        let is_row = |nth: usize| nth < old.len() && prose[nth] && old[nth].text.trim_start().starts_with('|');
        if !is_row(at) {
            draft.lines.push(old[at].clone());
            at += 1;
            continue;
        }
        let end = (at..).find(|nth| !is_row(*nth)).unwrap_or(old.len());
        let rows = &old[at..end];
        let around = at.checked_sub(1).into_iter().chain([end]).filter_map(|nth| old.get(nth));
        let is_framed = around.into_iter().any(|line| captured(&FRAME, &line.text).is_some());
        let is_table = rows.iter().any(|row| captured(&DELIMITERS, &row.text).is_some());
        if !is_framed && !is_table && rows.iter().all(|row| captured(&ROW, &row.text).is_some()) {
            head(draft, rows);
        }
        draft.lines.extend(rows.iter().cloned());
        at = end;
    }
}

/// The lines above some rows.
fn head(draft: &mut Draft, rows: &[Line]) {
    let width = rows.iter().map(|row| cells(&row.text).len()).max().unwrap_or(1);
    let place = rows.first().map_or(1, |row| row.at);
    if draft.lines.last().is_some_and(|last| !last.text.trim().is_empty()) {
        draft.lines.push(Line { text: String::new(), at: place });
    }
    let head = ["  |", "---|"].map(|cell| format!("|{}", cell.repeat(width)));
    draft.note(place, &Rewrite::new(Fate::Approximated, "table without a head", head.join("\n")), "");
    draft.lines.extend(head.map(|text| Line { text, at: place }));
}
