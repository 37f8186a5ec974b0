//! MkDocs' blocks below a line by their indent: tabs, and boxes of kinds that are a theme's own.

use super::{HEADING, dedented, indent};
use crate::import::draft::{Draft, Line, Rewrite, captured, group, patterns};
use crate::import::report::Fate;

patterns! {
    TAB = r#"^(\s*)===[+!]*\s+["'](.*?)["']\s*$"#;
    BOX = r#"^(\s*(?:[-*+]\s+|\d+[.)]\s+)?)(!!!|\?\?\?\+?)\s?([A-Za-z][\w-]*)((?:\s+[\w-]+)*)(?:\s+"([^"]*)")?\s*$"#;
    ITEM = r"^\s*(?:[-*+]|\d+[.)])\s+$";
    WORD = r"^([\s>]*:::+)\s?([^\s\x00-\x7f][^\s\x00-\x7f]*)\s*$";
    BLOCK = r"^(\s*)/{3,}\s*(\w[\w-]*)?\s*\|?\s*(.*)$";
}

pub(super) fn rewrite(draft: &mut Draft) {
    // From the outside in: what is dedented may be one itself.
    let mut at = 0;
    let mut prose = draft.prose();
    while at < draft.lines.len() {
        let is_prose = prose[at];
        let text = draft.lines[at].text.clone();
        if is_prose && let Some(found) = captured(&TAB, &text) {
            let (lead, title) = (group(&found, 1).to_owned(), group(&found, 2).to_owned());
            shift(draft, at, indent(&lead));
            set(draft, at, &text, &Rewrite::new(Fate::Approximated, "tabs", format!("{lead}{HEADING}{title}")));
        } else if is_prose && let Some(found) = captured(&BOX, &text) {
            boxed(draft, at, &text, &found);
            prose = draft.prose();
        }
        at += 1;
    }
    slashes(draft);
    // A word that a translator put in the place of the box's own is what its author wants to be read.
    draft.replace(&WORD, |found, _| {
        Some(Rewrite::new(Fate::Taken, "box", format!("{}note[{}]", group(found, 1), group(found, 2))))
    });
}

/// A box: `:::` around its text, which begins where its line does.
fn boxed(draft: &mut Draft, at: usize, text: &str, found: &regex::Captures<'_>) {
    let lead = group(found, 1);
    let is_item = captured(&ITEM, lead).is_some();
    let (sign, word) = (group(found, 2), group(found, 3));
    let title = found.get(5).map(|title| title.as_str().trim());
    let own = indent(lead).max(if is_item { lead.len() } else { 0 });
    let end = shift(draft, at, own);
    if end == at + 1 && title.is_none() && draft.lines[at].text.trim_end().ends_with('!') {
        return;
    }
    let meant = if sign.starts_with('?') { "details" } else { kind_of(word) };
    // A word of a theme's own is what a reader sees as the title.
    let is_own = !is_common(word);
    let shown = match title {
        Some(title) => title.to_owned(),
        None if is_own || meant == "details" => capital(word),
        None => String::new(),
    };
    let shown = super::title(&shown);
    let shown = if shown.is_empty() { shown } else { format!("[{shown}]") };
    let pad = " ".repeat(own);
    let mut lines = vec![Line { text: format!("{pad}:::{meant}{shown}"), at: draft.lines[at].at }];
    if is_item {
        // A block cannot begin on the line of the mark.
        lines.insert(0, Line { text: lead.trim_end().to_owned(), at: draft.lines[at].at });
    }
    let last = draft.lines[end - 1].at;
    draft.note(draft.lines[at].at, &Rewrite::new(Fate::Taken, "box", format!(":::{meant}{shown}")), text);
    draft.lines.insert(end, Line { text: format!("{pad}:::"), at: last });
    draft.lines.insert(end + 1, Line { text: String::new(), at: last });
    drop(draft.lines.splice(at..=at, lines));
}

fn capital(word: &str) -> String {
    crate::text::capitalized(word).replace(['-', '_'], " ")
}

/// Whether a word is a box in all of MkDocs.
fn is_common(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "note"
            | "info"
            | "tip"
            | "hint"
            | "important"
            | "warning"
            | "caution"
            | "attention"
            | "danger"
            | "error"
            | "success"
            | "check"
            | "done"
            | "question"
            | "help"
            | "faq"
            | "failure"
            | "fail"
            | "missing"
            | "bug"
            | "example"
            | "quote"
            | "cite"
            | "abstract"
            | "summary"
            | "tldr"
    )
}

/// The word of a box that `check` knows.
fn kind_of(word: &str) -> &str {
    if is_common(word) { word } else { "note" }
}

/// Takes one level of indent off the lines below one, as far as they belong to it. Says where they end; empty lines
/// behind the last one are no part of it.
fn shift(draft: &mut Draft, at: usize, own: usize) -> usize {
    let mut end = at + 1;
    let mut by = None;
    for nth in at + 1..draft.lines.len() {
        let text = draft.lines[nth].text.clone();
        if text.trim().is_empty() {
            continue;
        }
        let deep = indent(&text);
        if deep < own + 2 || (by.is_none() && deep > own + 7) {
            break;
        }
        let by = *by.get_or_insert(deep.min(own + 4) - own);
        if deep < own + by {
            break;
        }
        draft.lines[nth].text = format!("{}{}", " ".repeat(own), dedented(&text, own + by));
        end = nth + 1;
    }
    end
}

fn set(draft: &mut Draft, at: usize, was: &str, rewrite: &Rewrite) {
    let line = draft.lines[at].at;
    draft.note(line, rewrite, was);
    draft.lines[at].text.clone_from(&rewrite.now);
}

/// PyMdown's blocks, `/// note | Title` to `///`.
fn slashes(draft: &mut Draft) {
    let mut depth = 0;
    draft.replace(&BLOCK, |found, before| {
        if !before.is_empty() {
            return None;
        }
        let (lead, word, title) = (group(found, 1), group(found, 2), super::title(group(found, 3)));
        if word.is_empty() {
            let was_open = depth > 0;
            depth -= 1;
            return was_open.then(|| Rewrite::new(Fate::Taken, "box", format!("{lead}:::")));
        }
        if !is_common(word) && word != "details" && word != "admonition" {
            return None;
        }
        depth += 1;
        let shown = if title.is_empty() { title } else { format!("[{title}]") };
        let word = if word == "admonition" { "note" } else { word };
        Some(Rewrite::new(Fate::Taken, "box", format!("{lead}:::{word}{shown}")))
    });
}
