//! The text of some Markdown as customers see it, at the places where it is written.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::super::source::Placed;

/// What is in the place of everything that is no text: marks, tags, addresses, what is escaped.
pub(super) const NO_TEXT: char = '\u{1}';

/// What is in the place of code.
pub(super) const CODE: char = '\u{2}';

/// Markdown with every byte that is no plain text replaced. Lengths and line ends are those of the Markdown.
#[derive(Debug, Default)]
pub(super) struct Shown<'m> {
    pub text: String,
    /// The pieces of text that no block cuts: a paragraph, a heading, a cell, the line of an item.
    pub leaves: Vec<Range<usize>>,
    /// The lines of all pieces, without what is no text at their beginning.
    pub lines: Vec<Range<usize>>,
    /// Blocks of code with what is said of them.
    pub fences: Vec<(Range<usize>, &'m str)>,
    /// The places of quotes that are no alert.
    pub quotes: Vec<Range<usize>>,
    /// The places of alerts.
    pub alerts: Vec<Range<usize>>,
    /// Headings.
    pub headings: Vec<Range<usize>>,
    /// Lines of blocks of HTML, but for code and comments.
    pub html: Vec<Range<usize>>,
    /// The head rows of tables, and their other rows.
    pub rows: Vec<(Range<usize>, Row)>,
}

/// What a row of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    Head,
    Other,
}

impl<'m> Shown<'m> {
    pub fn of(markdown: &str, events: &'m [Placed<'_>]) -> Self {
        let mut bytes: Vec<u8> =
            markdown.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { byte } else { NO_TEXT as u8 }).collect();
        let mut shown = Self::default();
        let mut leaf: Option<Range<usize>> = None;
        let mut is_code = false;
        let mut last_text = 0;
        let mut until = None;
        for (event, range) in events {
            let range = range.clone();
            if is_block(event) {
                shown.leaves.extend(leaf.take());
            } else if !is_code {
                let begun = leaf.get_or_insert(range.clone());
                begun.end = begun.end.max(range.end);
            }
            match event {
                Event::Text(text) if !is_code => {
                    let written = &markdown[range.clone()];
                    if written == text.as_ref() {
                        bytes[range.clone()].copy_from_slice(written.as_bytes());
                        // What is behind a backslash is meant as it is.
                        let is_escaped = range.start > last_text && markdown[..range.start].ends_with('\\');
                        let first = written.chars().next().map_or(0, char::len_utf8);
                        if is_escaped {
                            bytes[range.start..range.start + first].fill(NO_TEXT as u8);
                        }
                    }
                    last_text = range.end;
                }
                Event::Code(_) => {
                    bytes[range].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = CODE as u8);
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    is_code = true;
                    if let CodeBlockKind::Fenced(info) = kind {
                        shown.fences.push((range, info));
                    }
                }
                Event::End(TagEnd::CodeBlock) => is_code = false,
                Event::Start(Tag::BlockQuote(kind)) => {
                    if kind.is_some() { &mut shown.alerts } else { &mut shown.quotes }.push(range);
                }
                Event::Start(Tag::Heading { .. }) => shown.headings.push(range),
                Event::Start(Tag::HtmlBlock) => until = None,
                Event::Html(html) if !is_source(html, &mut until) => shown.html.push(range),
                Event::Start(Tag::TableHead) => shown.rows.push((range, Row::Head)),
                Event::Start(Tag::TableRow) => shown.rows.push((range, Row::Other)),
                _ => {}
            }
        }
        shown.leaves.extend(leaf);
        // Whole characters were copied or replaced.
        shown.text = String::from_utf8(bytes).unwrap_or_default();
        shown.lines = shown.each_line().collect();
        shown
    }

    fn each_line(&self) -> impl Iterator<Item = Range<usize>> {
        self.leaves.iter().flat_map(|leaf| {
            let mut start = leaf.start;
            self.text[leaf.clone()].split_inclusive('\n').map(move |line| {
                let begin = start;
                start += line.len();
                let trimmed = line.trim_start_matches([NO_TEXT, ' ', '\t']);
                let begin = begin + (line.len() - trimmed.len());
                begin..begin + trimmed.trim_end().len()
            })
        })
    }
}

/// Whether a line of HTML holds code or a comment. `until` is the tag that ends one which goes on.
fn is_source(html: &str, until: &mut Option<&'static str>) -> bool {
    const SOURCES: [(&str, &str); 6] = [
        ("<!--", "-->"),
        ("<pre", "</pre"),
        ("<code", "</code"),
        ("<script", "</script"),
        ("<style", "</style"),
        ("<textarea", "</textarea"),
    ];
    let html = html.to_ascii_lowercase();
    if let Some(end) = *until {
        if html.contains(end) {
            *until = None;
        }
        return true;
    }
    let Some((start, end)) = SOURCES.iter().find(|(start, _)| html.contains(start)) else { return false };
    let after = html.split_once(start).map_or("", |(_, after)| after);
    *until = (!after.contains(end)).then_some(*end);
    true
}

/// How much of a text is in a message, in characters.
const QUOTED: usize = 60;

/// The beginning of a text as a message has it between backticks.
pub(super) fn quoted(text: &str) -> String {
    let text = text.trim();
    let mut quoted: String = text.chars().take(QUOTED).filter(|c| !c.is_control()).collect();
    if quoted.len() < text.len() {
        quoted.push('\u{2026}');
    }
    quoted.replace('`', "'")
}

fn is_block(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => {
            !matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
        }
        Event::End(tag) => {
            !matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
        }
        Event::Rule | Event::Html(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::Parser;

    use super::super::super::source::OPTIONS;
    use super::*;

    fn events(markdown: &str) -> Vec<Placed<'_>> {
        Parser::new_ext(markdown, OPTIONS).into_offset_iter().collect()
    }

    #[track_caller]
    fn check(markdown: &str, text: &str) {
        let events = events(markdown);
        let shown = Shown::of(markdown, &events);
        assert_eq!(shown.text.replace([NO_TEXT], ".").replace(CODE, "c"), text);
        assert_eq!(shown.text.len(), markdown.len());
    }

    #[test]
    fn only_text_is_left() {
        check("a `{{x}}` **b** [c](d)", "a ccccccc ..b.. .c....");
        check("\\{{x}} \\[[y]]", "..{x}} ..[y]]");
        check("a &amp; \u{e4}", "a ..... \u{e4}");
        check("> - {% a %}\n>   b\n\n    code\n", "....{% a %}\n....b\n\n........\n");
        check("<b>x</b> <!-- y -->", "...x.... ..........");
        check("**a**b", "..a..b");
    }

    #[test]
    fn lines_begin_with_their_text() {
        let markdown = "> - :::note\n>   b\n\n# C\n\n| d | e |\n|---|---|\n| f | g |\n";
        let events = events(markdown);
        let shown = Shown::of(markdown, &events);
        let lines: Vec<&str> = shown.lines.iter().map(|line| &markdown[line.clone()]).collect();
        assert_eq!(lines, [":::note", "b", "C", "d", "e", "f", "g"]);
    }
}
