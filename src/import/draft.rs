//! A page while it is rewritten: its lines with the places that they come from, and what became of each construct.
//!
//! A rewrite replaces marks and keeps words. It says exactly which text it took out and which it put in, so that
//! the words of the page can be held against the words of the source when all is done ([`super::words`]).

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::report::{Fate, Item};

/// A pattern, made when it is first looked for.
pub(super) type Pattern = LazyLock<Option<Regex>>;

/// Static patterns: `patterns! { NAME = r"…"; }`.
macro_rules! patterns {
    ($($name:ident = $pattern:expr;)+) => {
        $(static $name: $crate::import::draft::Pattern = std::sync::LazyLock::new(|| regex::Regex::new($pattern).ok());)+
    };
}
pub(super) use patterns;

/// What a pattern finds in a text.
pub(super) fn captured<'t>(pattern: &Pattern, text: &'t str) -> Option<Captures<'t>> {
    pattern.as_ref()?.captures(text)
}

/// A group of what was found; empty where it is not there.
pub(super) fn group<'t>(captures: &Captures<'t>, number: usize) -> &'t str {
    captures.get(number).map_or("", |group| group.as_str())
}

/// One line of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub text: String,
    /// The line of the source that it comes from, from 1.
    pub at: usize,
}

/// What a rewrite makes of a place.
pub(super) struct Rewrite {
    pub fate: Fate,
    pub construct: &'static str,
    pub now: String,
}

impl Rewrite {
    pub fn new(fate: Fate, construct: &'static str, now: impl Into<String>) -> Self {
        Self { fate, construct, now: now.into() }
    }
}

/// Whether what is replaced may hold code in backticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    Apart,
    Within,
}

/// A page while it is rewritten.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub lines: Vec<Line>,
    pub items: Vec<Item>,
}

impl Draft {
    /// The draft of a text whose first line is line `at` of its file.
    pub fn new(text: &str, at: usize) -> Self {
        let lines = text.lines().enumerate().map(|(nth, line)| Line { text: line.to_owned(), at: at + nth });
        Self { lines: lines.collect(), items: Vec::new() }
    }

    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.lines.iter().map(|line| line.text.len() + 1).sum());
        for line in &self.lines {
            text.push_str(&line.text);
            text.push('\n');
        }
        text
    }

    /// Notes what became of a construct.
    pub fn note(&mut self, line: usize, rewrite: &Rewrite, was: &str) {
        self.items.push(Item {
            line,
            construct: rewrite.construct,
            fate: rewrite.fate,
            was: was.to_owned(),
            now: rewrite.now.clone(),
        });
    }

    /// Whether each line is text, and no block of code or comment.
    pub fn prose(&self) -> Vec<bool> {
        let mut fence: Option<(char, usize)> = None;
        let mut is_comment = false;
        let mut prose = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            let inner = line.text.trim_start_matches([' ', '\t', '>']);
            let inner = inner.strip_prefix("- ").or_else(|| inner.strip_prefix("* ")).unwrap_or(inner).trim_start();
            let sign = inner.chars().next().filter(|c| matches!(c, '`' | '~'));
            let length = sign.map_or(0, |sign| inner.chars().take_while(|c| *c == sign).count());
            match (fence, sign) {
                (Some((open, least)), Some(sign)) if sign == open && length >= least => {
                    if inner[length..].trim().is_empty() {
                        fence = None;
                    }
                    prose.push(false);
                }
                (Some(_), _) => prose.push(false),
                (None, Some(sign)) if length >= 3 && (sign == '~' || !inner[length..].contains('`')) => {
                    fence = Some((sign, length));
                    prose.push(false);
                }
                (None, _) if is_comment => {
                    is_comment = !line.text.contains("-->");
                    prose.push(false);
                }
                (None, _) => {
                    let is_within = inner.starts_with("<!--");
                    is_comment = is_within && !inner.contains("-->");
                    prose.push(
                        !is_within || inner.trim_end().rfind("-->").is_some_and(|end| end + 3 < inner.trim_end().len()),
                    );
                }
            }
        }
        prose
    }

    /// Replaces what a pattern finds in prose, but for code in backticks. What becomes of a place may have several
    /// lines; each of them gets the white space that its line begins with.
    pub fn replace(&mut self, pattern: &Pattern, with: impl FnMut(&Captures<'_>, &str) -> Option<Rewrite>) {
        self.replaced(pattern, Code::Apart, with);
    }

    /// Replaces what a pattern finds in prose, whatever code in backticks is within it.
    pub fn replace_around(&mut self, pattern: &Pattern, with: impl FnMut(&Captures<'_>, &str) -> Option<Rewrite>) {
        self.replaced(pattern, Code::Within, with);
    }

    fn replaced(
        &mut self,
        pattern: &Pattern,
        allowed: Code,
        mut with: impl FnMut(&Captures<'_>, &str) -> Option<Rewrite>,
    ) {
        let Some(pattern) = pattern.as_ref() else { return };
        let prose = self.prose();
        let mut lines = Vec::with_capacity(self.lines.len());
        for (line, is_prose) in std::mem::take(&mut self.lines).into_iter().zip(prose) {
            if !is_prose || !pattern.is_match(&line.text) {
                lines.push(line);
                continue;
            }
            let code = code_spans(&line.text);
            let (mut text, mut at) = (String::new(), 0);
            for captures in pattern.captures_iter(&line.text) {
                let Some(found) = captures.get(0) else { continue };
                let cuts = |at: usize, span: &Range<usize>| span.start < at && at < span.end;
                let is_code = code.iter().any(|span| match allowed {
                    Code::Apart => span.start < found.end() && found.start() < span.end,
                    Code::Within => cuts(found.start(), span) || cuts(found.end(), span),
                });
                if found.is_empty() || is_code {
                    continue;
                }
                let Some(rewrite) = with(&captures, &line.text[..found.start()]) else { continue };
                text.push_str(&line.text[at..found.start()]);
                text.push_str(&rewrite.now);
                at = found.end();
                self.items.push(Item {
                    line: line.at,
                    construct: rewrite.construct,
                    fate: rewrite.fate,
                    was: found.as_str().to_owned(),
                    now: rewrite.now,
                });
            }
            if at == 0 && text.is_empty() {
                lines.push(line);
                continue;
            }
            text.push_str(&line.text[at..]);
            let was_blank = line.text.trim().is_empty();
            let indent = &line.text[..line.text.len() - line.text.trim_start().len()];
            for (nth, part) in text.split('\n').enumerate() {
                let part = if nth > 0 && !part.is_empty() { format!("{indent}{part}") } else { part.to_owned() };
                // What is left of a line of marks alone is an empty line.
                let part = if !was_blank && part.trim().is_empty() { String::new() } else { part };
                lines.push(Line { text: part, at: line.at });
            }
        }
        self.lines = lines;
    }

    /// Carries out changes of the whole text, in order and apart from each other; each line keeps its place.
    pub fn splice(&mut self, splices: &[(Range<usize>, String)]) {
        let text = self.text();
        let mut starts = Vec::with_capacity(self.lines.len());
        let mut at = 0;
        for line in &self.lines {
            starts.push(at);
            at += line.text.len() + 1;
        }
        let place = |byte: usize, lines: &[Line]| {
            let nth = starts.partition_point(|start| *start <= byte).saturating_sub(1);
            lines.get(nth).map_or(1, |line| line.at)
        };
        let mut out: Vec<Line> = Vec::new();
        let mut current: Option<Line> = None;
        let mut push = |part: &str, from: usize, follows: bool, lines: &[Line]| {
            let mut byte = from;
            for piece in part.split_inclusive('\n') {
                let line = current.get_or_insert_with(|| Line { text: String::new(), at: place(byte, lines) });
                line.text.push_str(piece.trim_end_matches('\n'));
                if piece.ends_with('\n') {
                    out.extend(current.take());
                }
                if follows {
                    byte += piece.len();
                }
            }
        };
        let mut done = 0;
        for (range, now) in splices {
            push(&text[done..range.start], done, true, &self.lines);
            push(now, range.start, false, &self.lines);
            done = range.end;
        }
        push(&text[done..], done, true, &self.lines);
        out.extend(current);
        self.lines = out;
    }
}

/// The spans of code in backticks of a line.
pub(super) fn code_spans(line: &str) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(start) = line[at..].find('`').map(|start| at + start) {
        let length = bytes[start..].iter().take_while(|byte| **byte == b'`').count();
        let mut next = start + length;
        let mut end = None;
        while let Some(found) = line[next..].find('`').map(|found| next + found) {
            let closing = bytes[found..].iter().take_while(|byte| **byte == b'`').count();
            next = found + closing;
            if closing == length {
                end = Some(next);
                break;
            }
        }
        match end {
            Some(end) => {
                spans.push(start..end);
                at = end;
            }
            None => at = start + length,
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    patterns! {
        CURLY = r"\{(\w+)\}";
    }

    #[track_caller]
    fn check(before: &str, after: &str, lines: &[usize]) {
        let mut draft = Draft::new(before, 1);
        draft.replace(&CURLY, |captures, _| {
            Some(Rewrite::new(Fate::Taken, "variable", group(captures, 1).replace('_', "\n")))
        });
        assert_eq!(draft.text(), after);
        assert_eq!(draft.lines.iter().map(|line| line.at).collect::<Vec<_>>(), lines);
    }

    #[test]
    fn only_text_is_rewritten_and_lines_keep_their_places() {
        check("{a} `{b}`\n", "a `{b}`\n", &[1]);
        check("```\n{a}\n```\n{b}", "```\n{a}\n```\nb\n", &[1, 2, 3, 4]);
        check("  {a_b}\nc", "  a\n  b\nc\n", &[1, 1, 2]);
        check("<!-- {a}\n{b} -->\n{c}", "<!-- {a}\n{b} -->\nc\n", &[1, 2, 3]);
        check("> ```\n> {a}\n> ```\n{b}", "> ```\n> {a}\n> ```\nb\n", &[1, 2, 3, 4]);
    }

    #[test]
    fn a_splice_keeps_the_places_of_the_lines_around_it() {
        let mut draft = Draft::new("a\nb\nc", 5);
        draft.splice(&[(2..3, "x\ny\nz".to_owned())]);
        assert_eq!(draft.text(), "a\nx\ny\nz\nc\n");
        assert_eq!(draft.lines.iter().map(|line| line.at).collect::<Vec<_>>(), [5, 6, 6, 6, 7]);
        draft.splice(&[(1..2, String::new())]);
        assert_eq!(draft.text(), "ax\ny\nz\nc\n");
    }
}
