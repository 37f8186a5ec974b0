//! Marks within text: attribute lists, icons, keys, highlights, footnotes, terms.

use std::collections::BTreeMap;

use super::comment;
use crate::import::draft::{Draft, Line, Rewrite, captured, group, patterns};
use crate::import::report::Fate;

patterns! {
    KRAMDOWN = r"\{:\s*(?:[.#]?[\w-]+|:)[^}\n]*\}|\{::[^}]*\}|\{:/[^}]*\}";
    BEHIND = r#"([\])`*_])\s?(\{\s*(?:[.][\w:-]+|=\w+|[\w.-]+=)[^}\n]*\})"#;
    SPAN = r#"\[([^\[\]\n]+)\]\{\s*(?:[.#][\w:-]+|[\w-]+=)[^}\n]*\}"#;
    CLASS = r#"\s(\{\s?\.[A-Za-z][\w-]*[^}\n]*\})\s*$"#;
    ICON = r":(?:material|octicons|fontawesome|simple)-[\w-]+:(?:\{[^}\n]*\})?";
    KEYS = r#"\+\+((?:"[^"]+"|[A-Za-z0-9-]+)(?:\+(?:"[^"]+"|[A-Za-z0-9-]+))*)\+\+"#;
    HIGHLIGHT = r"(^|[^=\w!<>:])==([^=\s](?:[^=\n]*[^=\s])?)==";
    INSERTED = r"\^\^([^\s^][^\^\n]*)\^\^";
    TOC = r"(?i)^\s*(?:\[toc\]|\[\[_?toc_?\]\]|\{:toc\}|\$\{toc\}|<TOCInline[^>]*/>)\s*$";
    NOTE = r"^\[\^([^\]\s]+)\]:\s*(.*)$";
    MARK = r"\[\^([^\]\s]+)\]";
    DEFINITION = r"^:\s{1,4}(\S.*)$";
    ABBREVIATION = r"^\*\[([^\]]+)\]:\s*(.*)$";
    EMBED = r"!\[\[([^\[\]|\n]+)(?:\|([^\[\]\n]*))?\]\]";
    EMPTY = r"(^|[^*\\])\*{4}([^*]|$)";
    LOOSE = r"(^|[\s(])\*\*([^\s*][^*\n]*?)[ \u{a0}]+\*\*([\s:.,;)\w]|$)";
    APART = r"(\])\s(\((?:https?://[^\s()]+|[\w./-]+\.mdx?(?:#[\w-]+)?)\))";
    APART_IMAGE = r"(^|\s)!\s(\[[^\[\]\n]*\]\s?\(https?://[^\s()]+\))";
    NOTE_OF_WRITER = r#"^\[(?://|comment|\^comment)\]:\s*(?:#|<>|\S*>)?\s*[("'](.*)[)"']\s*$"#;
    SIZE = r#"(!\[[^\]\n]*\]\(\S+?) =\d*%?x\d*\)"#;
}

pub(super) fn rewrite(draft: &mut Draft) {
    let look = |_: &regex::Captures<'_>, _: &str| Some(Rewrite::new(Fate::Approximated, "attribute list", ""));
    draft.replace(&KRAMDOWN, look);
    for _ in 0..2 {
        draft.replace(&BEHIND, |found, _| Some(Rewrite::new(Fate::Approximated, "attribute list", group(found, 1))));
    }
    draft.replace(&SPAN, |found, _| Some(Rewrite::new(Fate::Approximated, "attribute list", group(found, 1))));
    draft.replace(&CLASS, look);
    draft.replace(&ICON, |_, _| Some(Rewrite::new(Fate::Approximated, "icon", "")));
    draft.replace(&KEYS, |found, _| {
        let keys: Vec<String> = group(found, 1).split('+').map(key).collect();
        Some(Rewrite::new(Fate::Taken, "keys", format!("`{}`", keys.join("+"))))
    });
    draft.replace(&HIGHLIGHT, |found, _| {
        Some(Rewrite::new(Fate::Approximated, "highlight", format!("{}**{}**", group(found, 1), group(found, 2))))
    });
    draft.replace(&INSERTED, |found, _| {
        Some(Rewrite::new(Fate::Approximated, "highlight", format!("**{}**", group(found, 1))))
    });
    draft.replace(&TOC, |_, _| Some(Rewrite::new(Fate::Taken, "table of contents", "")));
    draft.replace(&SIZE, |found, _| {
        Some(Rewrite::new(Fate::Approximated, "size of an image", format!("{})", group(found, 1))))
    });
    draft.replace(&EMBED, |found, _| {
        let name = group(found, 1);
        let now = format!("![]({})", super::tag::encoded(name));
        let is_image =
            [".png", ".jpg", ".jpeg", ".gif", ".svg"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
        is_image.then(|| Rewrite::new(Fate::Taken, "image", now))
    });
    draft.replace(&NOTE_OF_WRITER, |found, _| Some(Rewrite::new(Fate::Taken, "comment", comment(group(found, 1)))));
    draft.replace(&APART_IMAGE, |found, _| {
        Some(Rewrite::new(Fate::Taken, "image", format!("{}!{}", group(found, 1), group(found, 2))))
    });
    draft.replace(&APART, |found, _| {
        Some(Rewrite::new(Fate::Taken, "link", format!("{}{}", group(found, 1), group(found, 2))))
    });
    // Editors leave these behind: a pair of stars around nothing, and one with the blank on its inside.
    for _ in 0..2 {
        draft.replace(&EMPTY, |found, _| {
            let (before, after) = (group(found, 1), group(found, 2));
            let is_rule = before.is_empty() && after.is_empty();
            let is_word = |text: &str| text.ends_with(char::is_alphanumeric);
            let gap = if is_word(before) && is_word(after) { " " } else { "" };
            (!is_rule).then(|| Rewrite::new(Fate::Taken, "emphasis", format!("{before}{gap}{after}")))
        });
    }
    draft.replace(&LOOSE, |found, _| {
        let after = group(found, 3);
        let gap = if after.starts_with(char::is_alphanumeric) { " " } else { "" };
        let now = format!("{}**{}**{gap}{after}", group(found, 1), group(found, 2));
        Some(Rewrite::new(Fate::Taken, "emphasis", now))
    });
    abbreviations(draft);
    definitions(draft);
    footnotes(draft);
}

/// What an abbreviation means, with the lines that go on with it, in a comment.
fn abbreviations(draft: &mut Draft) {
    let prose = draft.prose();
    let mut at = 0;
    let mut lines: Vec<Line> = Vec::with_capacity(draft.lines.len());
    let old = std::mem::take(&mut draft.lines);
    while at < old.len() {
        let Some(found) = captured(&ABBREVIATION, &old[at].text).filter(|_| prose[at]) else {
            lines.push(old[at].clone());
            at += 1;
            continue;
        };
        let mut said = vec![format!("{}: {}", group(&found, 1), group(&found, 2))];
        let mut was = vec![old[at].text.as_str()];
        let mut end = at + 1;
        while end < old.len()
            && prose[end]
            && !old[end].text.trim().is_empty()
            && !old[end].text.trim_start().starts_with(['*', '#', '<', '['])
        {
            said.push(old[end].text.trim().to_owned());
            was.push(&old[end].text);
            end += 1;
        }
        let now = comment(&said.join(" "));
        draft.note(old[at].at, &Rewrite::new(Fate::Approximated, "abbreviation", now.clone()), &was.join("\n"));
        lines.push(Line { text: now, at: old[at].at });
        at = end;
    }
    draft.lines = lines;
}

fn key(name: &str) -> String {
    let name = name.trim_matches('"');
    let mut chars = name.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// A term with its text below: the term in bold.
fn definitions(draft: &mut Draft) {
    let prose = draft.prose();
    let mut at = 1;
    let mut is_within = false;
    while at < draft.lines.len() && at < prose.len() {
        let text = draft.lines[at].text.clone();
        let mut above = at - 1;
        if draft.lines[above].text.trim().is_empty() && above > 0 {
            above -= 1;
        }
        let term = draft.lines[above].text.clone();
        let is_term = !term.trim().is_empty()
            && !term.starts_with(['#', '|', '>', ':', '-', '*', '<', '!', ' ', '\t'])
            && prose[above];
        if let Some(found) = captured(&DEFINITION, &text).filter(|_| prose[at] && (is_term || is_within)) {
            let line = draft.lines[at].at;
            let said = group(&found, 1).to_owned();
            draft.note(line, &Rewrite::new(Fate::Approximated, "term and text", said.clone()), &text);
            draft.lines[at].text = said;
            if is_term && !is_within {
                let bold = if term.contains("**") { term.trim().to_owned() } else { format!("**{}**", term.trim()) };
                draft.lines[above].text = format!("{bold}\\");
                if above + 1 < at {
                    draft.lines[above].text = bold;
                }
            } else if at > 0 && !draft.lines[at - 1].text.trim().is_empty() {
                let last = draft.lines[at - 1].text.trim_end_matches('\\').to_owned();
                draft.lines[at - 1].text = format!("{last}\\");
            }
            is_within = true;
        } else if !text.trim().is_empty() && !text.starts_with([' ', '\t']) {
            is_within = false;
        }
        at += 1;
    }
}

/// Notes at the foot: a number in brackets, and the notes with their numbers at the end.
fn footnotes(draft: &mut Draft) {
    let prose = draft.prose();
    let mut notes: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    let mut current: Option<String> = None;
    let mut lines = Vec::with_capacity(draft.lines.len());
    let mut items = Vec::new();
    for (line, is_prose) in std::mem::take(&mut draft.lines).into_iter().zip(prose) {
        if is_prose && let Some(found) = captured(&NOTE, &line.text) {
            let name = group(&found, 1).to_owned();
            let first = Line { text: group(&found, 2).to_owned(), at: line.at };
            items.push((line.at, line.text.clone()));
            notes.entry(name.clone()).or_default().push(first);
            current = Some(name);
        } else if let Some(name) =
            current.as_ref().filter(|_| !line.text.trim().is_empty() && line.text.starts_with([' ', '\t']))
        {
            let text = line.text.trim().to_owned();
            notes.entry(name.clone()).or_default().push(Line { text, at: line.at });
        } else {
            if !line.text.trim().is_empty() {
                current = None;
            }
            lines.push(line);
        }
    }
    draft.lines = lines;
    if notes.is_empty() {
        return;
    }
    for (line, was) in items {
        draft.note(line, &Rewrite::new(Fate::Approximated, "footnote", String::new()), &was);
    }
    let mut order: Vec<String> = Vec::new();
    draft.replace(&MARK, |found, _| {
        let name = group(found, 1);
        notes.get(name)?;
        let number = order.iter().position(|known| known == name).unwrap_or_else(|| {
            order.push(name.to_owned());
            order.len() - 1
        });
        Some(Rewrite::new(Fate::Approximated, "footnote", format!(" \\[{}\\]", number + 1)))
    });
    let unused: Vec<String> = notes.keys().filter(|name| !order.contains(name)).cloned().collect();
    order.extend(unused);
    let last = draft.lines.last().map_or(1, |line| line.at);
    draft.lines.push(Line { text: String::new(), at: last });
    draft.lines.push(Line { text: "***".to_owned(), at: last });
    for (nth, name) in order.iter().enumerate() {
        draft.lines.push(Line { text: String::new(), at: last });
        let mark = format!("\\[{}\\] ", nth + 1);
        let all = notes.remove(name).unwrap_or_default();
        for (part, mut line) in all.into_iter().enumerate() {
            if part == 0 {
                draft.note(line.at, &Rewrite::new(Fate::Approximated, "footnote", mark.clone()), "");
                line.text = format!("{mark}{}", line.text);
            }
            draft.lines.push(line);
        }
    }
}
