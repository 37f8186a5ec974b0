//! Marks within text: attribute lists, icons, keys, highlights, footnotes, terms.

use std::collections::BTreeMap;

use super::comment;
use crate::import::draft::{Draft, Line, Rewrite, captured, code_spans, group, patterns};
use crate::import::report::Fate;
use crate::import::systems::Kind;

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
    EMPTY = r"([^\s`]*\*{4}[^\s`]*)(\s*$)?";
    LOOSE = r"(^|[\s(>])(\*\*|__)([^\s*_][^*\n]*?)[ \u{a0}]+(\*\*|__)([^*]|$)";
    LATE = r"(^|[\s(])(\*\*|__)[ \u{a0}]+([^\s*_](?:[^*\n]*[^\s*])?)(\*\*|__)([\s.,;:!?)]|$)";
    ESCAPED = r"(?:\\\*){4}[ \u{a0}]?";
    END = r"\]\((?:https?://[^\s()]+|[\w./-]+\.mdx?(?:#[\w-]*)?)\)";
    POINT = r"(\w)\*\*([.,:;!?]+)\*\*";
    APART = r"(\])\s(\((?:https?://[^\s()]+|[\w./-]+\.mdx?(?:#[\w-]+)?)\))";
    APART_IMAGE = r"(^|\s)!\s(\[[^\[\]\n]*\]\s?\(https?://[^\s()]+\))";
    NOTE_OF_WRITER = r#"^\[(?://|comment|\^comment)\]:\s*(?:#|<>|\S*>)?\s*[("'](.*)[)"']\s*$"#;
    SIZE = r#"(!\[[^\]\n]*\]\(\S+?) =\d*%?x\d*\)"#;
}

pub(super) fn rewrite(draft: &mut Draft, kind: Kind) {
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
    draft.replace(&EMPTY, |found, before| {
        let (word, end) = (group(found, 1), found.get(2));
        let is_rule = word == "****" && before.trim().is_empty() && end.is_some();
        let now = without_empty(word);
        (now != word && !is_rule).then(|| Rewrite::new(Fate::Taken, "emphasis", format!("{now}{}", group(found, 2))))
    });
    if kind == Kind::Gitbook {
        draft.replace(&ESCAPED, |_, _| Some(Rewrite::new(Fate::Taken, "emphasis", "")));
    }
    for _ in 0..2 {
        draft.replace_around(&LOOSE, |found, _| {
            let (mark, words, after) = (group(found, 2), group(found, 3), group(found, 5));
            let is_apart = after.is_empty() || after.starts_with(|c: char| c.is_whitespace() || ".,;:!?)".contains(c));
            let gap = if is_apart { "" } else { " " };
            let now = format!("{}{mark}{words}{mark}{gap}{after}", group(found, 1));
            // `__a and __b` are two names.
            let is_name = mark == "__" && after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
            let is_pair = mark == group(found, 4) && !is_name;
            is_pair.then(|| Rewrite::new(Fate::Taken, "emphasis", now))
        });
    }
    draft.replace_around(&LATE, |found, _| {
        let (mark, words) = (group(found, 2), group(found, 3));
        let now = format!("{}{mark}{words}{mark}{}", group(found, 1), group(found, 5));
        (mark == group(found, 4)).then(|| Rewrite::new(Fate::Taken, "emphasis", now))
    });
    // A sign alone in bold, right behind a word, is no emphasis of Markdown. Behind an odd mark it is between two.
    draft.replace(&POINT, |found, before| {
        let is_alone = before.matches("**").count() % 2 == 0;
        let now = [group(found, 1), group(found, 2)].concat();
        is_alone.then(|| Rewrite::new(Fate::Taken, "emphasis", now))
    });
    unopened(draft);
    abbreviations(draft);
    definitions(draft);
    footnotes(draft);
}

/// The end of a link that begins nowhere, `words](address)`: its words stay.
fn unopened(draft: &mut Draft) {
    let prose = draft.prose();
    let mut is_open = false;
    for (nth, is_prose) in prose.into_iter().enumerate() {
        let text = &draft.lines[nth].text;
        if !is_prose || text.trim().is_empty() {
            is_open = false;
            continue;
        }
        let mut brackets = if text.contains(['[', ']']) { Brackets::of(text) } else { Brackets::default() };
        let lost = if is_open { Vec::new() } else { std::mem::take(&mut brackets.lost) };
        is_open |= brackets.open > 0;
        let mut all = END.as_ref().filter(|_| !lost.is_empty()).into_iter().flat_map(|pattern| pattern.find_iter(text));
        let end = all.find(|end| lost.binary_search(&end.start()).is_ok());
        if let Some(end) = end.map(|end| end.range()) {
            // The words around it may be one without it.
            let around = |c: char| !c.is_alphanumeric();
            let start = text[..end.start].rfind(around).map_or(0, |at| at + 1);
            let last = text[end.end..].find(around).map_or(text.len(), |at| end.end + at);
            let start = (start..=end.start).find(|at| text.is_char_boundary(*at)).unwrap_or(end.start);
            let now = [&text[start..end.start], &text[end.end..last]].concat();
            let (at, was) = (draft.lines[nth].at, text[start..last].to_owned());
            draft.note(at, &Rewrite::new(Fate::Left, "link", now), &was);
            draft.lines[nth].text.replace_range(end, "");
        }
    }
}

/// The brackets of a line that are one of a pair alone. One that is escaped or in code is none.
#[derive(Debug, Default)]
struct Brackets {
    /// Where one closes that none opens, in order.
    lost: Vec<usize>,
    /// How many are open at its end.
    open: usize,
}

impl Brackets {
    fn of(line: &str) -> Self {
        let (mut found, mut from) = (Self::default(), 0);
        for span in code_spans(line).into_iter().chain(std::iter::once(line.len()..line.len())) {
            let mut is_escaped = false;
            for (place, c) in line[from..span.start].char_indices() {
                match c {
                    '[' if !is_escaped => found.open += 1,
                    ']' if !is_escaped && found.open == 0 => found.lost.push(from + place),
                    ']' if !is_escaped => found.open -= 1,
                    _ => {}
                }
                is_escaped = c == '\\' && !is_escaped;
            }
            from = span.end;
        }
        found
    }
}

/// A word without the emphasis of nothing that is in it: `a****b` is two words.
fn without_empty(word: &str) -> String {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (mut now, mut rest) = (String::with_capacity(word.len()), word);
    while let Some(start) = rest.find('*') {
        let stars = rest[start..].chars().take_while(|c| *c == '*').count();
        let (before, after) = (&rest[..start], &rest[start + stars..]);
        now.push_str(before);
        if stars != 4 || now.ends_with('\\') {
            now.push_str(&rest[start..start + stars]);
        } else if is_word(now.chars().last()) && is_word(after.chars().next()) {
            now.push(' ');
        }
        rest = after;
    }
    now.push_str(rest);
    now
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
