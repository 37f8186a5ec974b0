//! What other systems write in a text, as Markdown that Intercom can show.
//!
//! One file a construct, whichever systems have it. The order is that in which the systems themselves resolve
//! them: includes, values, comments and code, components and tags, then marks. Boxes become `:::note`, which the
//! findings of `check` know how to fix, as does everything else that is left.

mod admonition;
mod component;
mod fence;
mod html;
mod include;
mod mark;
mod part;
mod shortcode;
mod table;
mod tag;
mod variable;

use std::collections::BTreeMap;

use super::draft::{Draft, Line};
use super::report::{Fate, Item};
use super::source::Source;
use super::systems::Kind;
use crate::text::DocPath;

pub(super) use component::imported;

/// What a page is rewritten with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    pub source: &'a Source,
    pub kind: Kind,
    pub page: &'a DocPath,
    /// Values that pages show, by name.
    pub variables: &'a BTreeMap<String, String>,
    /// Folders of the source that includes are looked for in.
    pub snippets: &'a [String],
}

/// The sign before a line that is to be a heading below the one that it follows.
pub(super) const HEADING: char = '\u{e000}';

/// Rewrites a page.
pub(super) fn rewrite(draft: &mut Draft, around: Around<'_>) {
    let is_mdx = around.kind.is_mdx() || around.page.name().ends_with(".mdx");
    unseen(draft);
    include::rewrite(draft, around);
    unseen(draft);
    variable::rewrite(draft, around);
    component::rewrite(draft, is_mdx);
    shortcode::rewrite(draft);
    tag::rewrite(draft);
    html::rewrite(draft);
    admonition::rewrite(draft);
    mark::rewrite(draft, around.kind);
    table::rewrite(draft);
    headings(draft);
    tidy(draft);
}

/// Takes signs out that nobody sees and that Intercom refuses.
fn unseen(draft: &mut Draft) {
    let is_odd = |c: char| c.is_control() && c != '\t';
    for line in draft.lines.iter_mut().filter(|line| line.text.contains(is_odd)) {
        for was in line.text.split([' ', '\t']).filter(|word| word.contains(is_odd)) {
            draft.items.push(Item {
                line: line.at,
                construct: "control character",
                fate: Fate::Taken,
                was: was.to_owned(),
                now: was.replace(is_odd, ""),
            });
        }
        line.text = line.text.replace(is_odd, "");
    }
}

/// Titles of tabs and steps become headings below the one that they follow; within a list or a quote bold lines.
fn headings(draft: &mut Draft) {
    let prose = draft.prose();
    let mut last = 1;
    let mut lines: Vec<Line> = Vec::with_capacity(draft.lines.len());
    for (mut line, is_prose) in std::mem::take(&mut draft.lines).into_iter().zip(prose) {
        if is_prose && line.text.starts_with('#') {
            let level = line.text.chars().take_while(|c| *c == '#').count();
            if line.text[level..].starts_with([' ', '\t']) {
                last = level;
            }
        }
        if let Some(at) = line.text.find(HEADING) {
            let title = line.text[at + HEADING.len_utf8()..].trim().trim_matches('*').to_owned();
            let before = line.text[..at].trim_end().to_owned();
            let is_plain = line.text[..at].is_empty();
            let now = if is_plain {
                format!("{} {title}", "#".repeat((last + 1).clamp(2, 4)))
            } else {
                format!("{}**{title}**", &line.text[..at])
            };
            if !before.trim_matches(['>', ' ']).is_empty() {
                // Something is before it on its line.
                lines.push(Line { text: before.clone(), at: line.at });
                line.text = format!("**{title}**");
            } else {
                line.text = now;
            }
            let prefix = if is_plain { "" } else { before.as_str() };
            if lines.last().is_some_and(|last: &Line| !last.text.trim_matches(['>', ' ']).is_empty()) {
                lines.push(Line { text: prefix.to_owned(), at: line.at });
            }
            let gap = Line { text: prefix.to_owned(), at: line.at };
            lines.push(line);
            lines.push(gap);
            continue;
        }
        lines.push(line);
    }
    draft.lines = lines;
}

/// One empty line at most, and none at the beginning, the end, and the edges of a box.
fn tidy(draft: &mut Draft) {
    let prose = draft.prose();
    let mut is_blank = true;
    let mut lines: Vec<Line> = Vec::with_capacity(draft.lines.len());
    for (line, is_prose) in std::mem::take(&mut draft.lines).into_iter().zip(prose) {
        let text = line.text.trim();
        if is_prose && text.is_empty() {
            if !is_blank {
                lines.push(line);
            }
            is_blank = true;
            continue;
        }
        if is_prose && text == ":::" {
            while lines.last().is_some_and(|last| last.text.trim().is_empty()) {
                lines.pop();
            }
        }
        is_blank = is_prose && text.starts_with(":::") && text.len() > 3;
        if is_blank && lines.last().is_some_and(|last| last.text.trim_start().starts_with('|')) {
            // Right below a table it would be a row of it.
            lines.push(Line { text: String::new(), at: line.at });
        }
        lines.push(line);
    }
    while lines.last().is_some_and(|line| line.text.trim().is_empty()) {
        lines.pop();
    }
    draft.lines = lines;
}

/// A text that customers do not see: a comment.
fn comment(text: &str) -> String {
    format!("<!-- {} -->", text.trim().replace("--", "- -"))
}

/// Words within a title of a block.
fn title(text: &str) -> String {
    text.replace(['[', ']'], "").trim().to_owned()
}

/// How many spaces a line begins with; a tab counts as four.
fn indent(line: &str) -> usize {
    line.chars().take_while(|c| matches!(c, ' ' | '\t')).map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// A line without so many spaces at its beginning.
fn dedented(line: &str, by: usize) -> &str {
    let mut left = by;
    let mut rest = line;
    while left > 0 {
        match rest.chars().next() {
            Some(' ') => {
                left -= 1;
                rest = &rest[1..];
            }
            Some('\t') => {
                left = left.saturating_sub(4);
                rest = &rest[1..];
            }
            _ => break,
        }
    }
    rest
}

/// Takes lines out, and says so.
fn remove(draft: &mut Draft, range: std::ops::Range<usize>, construct: &'static str, fate: Fate) {
    let gone: Vec<Line> = draft.lines.drain(range).collect();
    if let Some(first) = gone.first() {
        let was: Vec<&str> = gone.iter().map(|line| line.text.as_str()).collect();
        draft.note(first.at, &super::draft::Rewrite::new(fate, construct, ""), &was.join("\n"));
    }
}

#[cfg(test)]
mod tests;
