//! HTML that Intercom refuses or shows as text: lists of terms, programs, boxes that are a tag of their own.
//!
//! A term becomes a bold line with its text below. A program and its styles go, and are named. What is HTML of every
//! article is not touched.

use std::collections::BTreeSet;

use super::{comment, remove};
use crate::import::draft::{Draft, Rewrite, group, patterns};
use crate::import::report::Fate;

patterns! {
    TERM = r"(?i)<dt\b[^>]*>(.*?)</dt\s*>";
    TERMS = r"(?i)</?(?:dl|dt|dd)\b[^>]*>";
    PROGRAM = r"(?i)<(?:script|style|noscript)\b[^>]*>.*?</(?:script|style|noscript)\s*>|<(?:script|link|meta)\b[^>]*/?>";
    IMAGE = r"(?i)<img\b([^>]*)>";
    LIST = r"(?i)<(/?)dl\b[^>]*>";
    OPEN = r"(?i)^\s*<(script|style)\b[^>]*>";
    BOX = r"<(/?)(note|info|tip|hint|warning|caution|danger|important|callout|aside)(?:\s[^<>]*)?>";
}

pub(super) fn rewrite(draft: &mut Draft) {
    programs(draft);
    draft.replace(&PROGRAM, |_, _| Some(Rewrite::new(Fate::Left, "program", "")));
    draft.replace(&IMAGE, |found, _| {
        let attributes = group(found, 1);
        let is_empty = !attributes.to_lowercase().contains("src");
        is_empty.then(|| Rewrite::new(Fate::Left, "image", comment(attributes.trim_end_matches('/'))))
    });
    terms(draft);
    boxes(draft);
}

/// Programs and styles of several lines.
fn programs(draft: &mut Draft) {
    let Some(open) = OPEN.as_ref() else { return };
    let prose = draft.prose();
    let mut found = Vec::new();
    let mut at = 0;
    while at < draft.lines.len() {
        let name =
            open.captures(&draft.lines[at].text).filter(|_| prose[at]).map(|found| group(&found, 1).to_lowercase());
        if let Some(name) = name {
            let close = format!("</{name}");
            let end = (at..draft.lines.len()).find(|nth| draft.lines[*nth].text.to_lowercase().contains(&close));
            if let Some(end) = end.filter(|end| *end > at) {
                found.push(at..end + 1);
                at = end;
            }
        }
        at += 1;
    }
    for range in found.into_iter().rev() {
        remove(draft, range, "program", Fate::Left);
    }
}

/// Lists of terms: each term in bold, with its text below.
fn terms(draft: &mut Draft) {
    let Some(list) = LIST.as_ref() else { return };
    let prose = draft.prose();
    let mut depth = 0_i64;
    let mut is_fenced_before = false;
    for (line, is_prose) in draft.lines.iter_mut().zip(prose) {
        let is_within = depth > 0;
        if is_prose {
            for found in list.captures_iter(&line.text) {
                depth += if group(&found, 1).is_empty() { 1 } else { -1 };
            }
        }
        // Between tags an indent is no code.
        if is_within && is_prose && !is_fenced_before && !line.text.trim_start().starts_with(['-', '*', '+']) {
            line.text = line.text.trim_start().to_owned();
        }
        is_fenced_before = is_within && !is_prose;
    }
    draft.replace(&TERM, |found, _| {
        let words = group(found, 1).trim();
        let now = if words.is_empty() { String::new() } else { format!("\n\n<b>{words}</b>\n\n") };
        Some(Rewrite::new(Fate::Approximated, "term and text", now))
    });
    draft.replace(&TERMS, |_, _| Some(Rewrite::new(Fate::Approximated, "term and text", "\n\n")));
}

/// Boxes that a page opens and closes with a tag of its own, as `<info>`.
fn boxes(draft: &mut Draft) {
    let Some(pattern) = BOX.as_ref() else { return };
    let prose = draft.prose();
    let mut closed: BTreeSet<String> = BTreeSet::new();
    for (line, _) in draft.lines.iter().zip(prose).filter(|(_, is_prose)| *is_prose) {
        closed.extend(
            pattern
                .captures_iter(&line.text)
                .filter(|found| !group(found, 1).is_empty())
                .map(|found| group(&found, 2).to_owned()),
        );
    }
    if closed.is_empty() {
        return;
    }
    draft.replace(&BOX, |found, _| {
        let word = group(found, 2);
        let now = match (closed.contains(word), group(found, 1).is_empty(), word) {
            (false, ..) => return None,
            (_, false, _) => "\n:::\n".to_owned(),
            (_, _, "callout" | "aside" | "hint") => "\n:::note\n".to_owned(),
            (_, _, word) => format!("\n:::{word}\n"),
        };
        Some(Rewrite::new(Fate::Taken, "box", now))
    });
}
