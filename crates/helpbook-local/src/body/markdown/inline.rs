//! A line of text with its marks as Markdown.

use super::super::block::{MarkKind, Piece, Span};

/// What a line of text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Paragraph,
    /// A new line would end it.
    Heading,
    /// A new line or a stroke would end it.
    Cell,
}

/// Writes spans. The text has no white space at its ends but one space at its beginning.
pub(super) fn inline(spans: &[Span], place: Place) -> String {
    let text = marked(spans, 0, place);
    let begins_with_space = text.starts_with(' ') && !text.trim().is_empty();
    let text = at_line_begin(text.trim());
    if begins_with_space { format!(" {text}") } else { text }
}

/// The words alone.
pub(super) fn plain(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match &span.piece {
            Piece::Text(text) => text.as_str(),
            Piece::Break => " ",
        })
        .collect()
}

/// Spans side by side with the same mark at this depth are one.
fn marked(spans: &[Span], depth: usize, place: Place) -> String {
    let mut out = String::new();
    let same =
        |a: &Span, b: &Span| a.marks.get(depth).map(|mark| &mark.kind) == b.marks.get(depth).map(|mark| &mark.kind);
    for group in spans.chunk_by(same) {
        let Some(mark) = group[0].marks.get(depth) else {
            for span in group {
                match &span.piece {
                    Piece::Text(text) => out.push_str(&escaped(text)),
                    Piece::Break if place == Place::Paragraph => out.push_str("  \n"),
                    Piece::Break => out.push_str("<br>"),
                }
            }
            continue;
        };
        let inner = match mark.kind {
            MarkKind::Code if place == Place::Cell => code(&plain(group)).replace('|', "\\|"),
            MarkKind::Code => code(&plain(group)),
            _ => marked(group, depth + 1, place),
        };
        let is_in_word = out.ends_with(char::is_alphanumeric);
        out.push_str(&wrapped(&mark.kind, &inner, is_in_word));
    }
    out
}

/// White space at the ends of a mark goes out of it, where Markdown wants it.
fn wrapped(kind: &MarkKind, inner: &str, is_in_word: bool) -> String {
    let text = inner.trim();
    if text.is_empty() {
        return inner.to_owned();
    }
    let (before, after) = inner.split_once(text).unwrap_or_default();
    match kind {
        MarkKind::Bold => format!("{before}**{text}**{after}"),
        MarkKind::Italic if is_in_word => format!("{before}*{text}*{after}"),
        MarkKind::Italic => format!("{before}_{text}_{after}"),
        MarkKind::Link(Some(href)) => format!("{before}[{text}]({}){after}", address(href)),
        MarkKind::Code | MarkKind::Link(None) => inner.to_owned(),
    }
}

fn code(text: &str) -> String {
    let text: String = text.split(['\n', '\r']).collect::<Vec<_>>().join(" ");
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    if text.trim().is_empty() { text } else { format!("{fence}{pad}{text}{pad}{fence}") }
}

/// The length of the longest run of a character.
pub(super) fn longest_run(text: &str, wanted: char) -> usize {
    text.split(|c| c != wanted).map(str::len).max().unwrap_or(0)
}

/// An address within a link or an image.
pub(super) fn address(href: &str) -> String {
    let href = href.replace('\n', "").replace('<', "%3C").replace('>', "%3E");
    let is_plain = !href.is_empty() && !href.contains([' ', '(', ')', '\t']);
    if is_plain { href } else { format!("<{href}>") }
}

/// Text in which nothing is Markdown; runs of white space with a line end are one space.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '{' | '|' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// The alternative text of an image.
pub(super) fn alternative(text: &str) -> String {
    escaped(text)
}

/// Lines that would begin a block get a backslash.
fn at_line_begin(text: &str) -> String {
    let begin = |line: &str| {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        if line.starts_with(['#', '+', '-', '=', '~', ':']) {
            format!("\\{line}")
        } else if digits > 0 && line[digits..].starts_with(['.', ')']) {
            format!("{}\\{}", &line[..digits], &line[digits..])
        } else {
            line.to_owned()
        }
    };
    text.split('\n').map(|line| begin(line.trim_start())).collect::<Vec<_>>().join("\n")
}
