//! Text with marks as Markdown, with as few escapes as it needs.
//!
//! Three ways to write it, from the plainest on; the first that renders to the same text is taken. Where
//! all around is looked at at once, the plainest is.

use std::cell::LazyCell;
use std::collections::HashSet;

use super::{Verified, rendered};
use crate::html::tree::address;
use crate::html::tree::text::trimmed_runs;
use crate::html::tree::write;
use crate::html::tree::{Block, Body, Marks, Piece, Run, plain};

/// Where the text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Paragraph,
    Heading,
    Cell,
}

/// How much is escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escaping {
    /// Only what would be read as Markdown where it is.
    Light,
    /// Every sign that Markdown knows.
    Full,
    /// Marks as HTML tags, and every sign.
    Html,
}

/// The text on one line, or nothing where Markdown cannot say it there.
pub(super) fn inline(runs: &[Run], place: Place, checked: Verified) -> Option<String> {
    if runs.is_empty() {
        return (place != Place::Paragraph).then(String::new);
    }
    if is_plain(runs) {
        return Some(plain(runs));
    }
    let wanted = trimmed_runs(runs);
    let spot = if place == Place::Paragraph { Spot::Start } else { Spot::Within };
    let written = |escaping| Writer { escaping, place }.runs(&wanted, &Marks::default(), spot);
    if checked == Verified::AtOnce {
        return Some(written(Escaping::Light));
    }
    [Escaping::Light, Escaping::Full, Escaping::Html].into_iter().find_map(|escaping| {
        let text = written(escaping);
        (read_back(&text, place).as_deref() == Some(&*wanted)).then_some(text)
    })
}

fn read_back(text: &str, place: Place) -> Option<Vec<Run>> {
    let Body { blocks } = rendered(&match place {
        Place::Paragraph => text.to_owned(),
        Place::Heading => format!("## {text}"),
        Place::Cell => format!("| |\n| --- |\n| {text} |"),
    });
    match (place, <[Block; 1]>::try_from(blocks).ok()?) {
        (Place::Paragraph, [Block::Paragraph { text, .. }]) | (Place::Heading, [Block::Heading { text, .. }]) => {
            Some(text)
        }
        (Place::Cell, [Block::Table { rows, .. }]) => match rows.first()?.as_slice() {
            [cell] if rows.len() == 1 => match cell.blocks.as_slice() {
                [Block::Paragraph { text, .. }] => Some(text.clone()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Whether text is the same in Markdown, without a look.
fn is_plain(runs: &[Run]) -> bool {
    let [Run { piece: Piece::Text(text), marks }] = runs else { return false };
    let is_safe = |c: char| {
        c.is_alphanumeric() || matches!(c, ' ' | '.' | ',' | ';' | '\'' | '"' | '?' | '(' | ')' | '-' | '/' | '%')
    };
    *marks == Marks::default()
        && text.starts_with(char::is_alphabetic)
        && text.ends_with(|c: char| !c.is_whitespace())
        && text.chars().all(|c| is_safe(c) || c == ':')
        && !text.contains("://")
}

struct Writer {
    escaping: Escaping,
    place: Place,
}

/// Where a piece of text is in its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    /// At the start of a paragraph, where it could begin another block.
    Start,
    /// Anywhere else.
    Within,
}

/// How a mark is written: with signs, or with tags where signs would not be read as it.
struct Mark {
    sign: &'static str,
    start: &'static str,
    end: &'static str,
}

const BOLD: Mark = Mark { sign: "**", start: "<b>", end: "</b>" };
const ITALIC: Mark = Mark { sign: "*", start: "<i>", end: "</i>" };

/// What is around a marked text.
struct Around<'r> {
    /// The run that follows it.
    after: Option<&'r Run>,
    /// The marks that are open around it.
    open: &'r Marks,
    spot: Spot,
}

impl Writer {
    /// Runs within marks that are already written. The mark that reaches furthest is written first.
    fn runs(&self, runs: &[Run], open: &Marks, spot: Spot) -> String {
        let mut out = String::new();
        let mut at = 0;
        while at < runs.len() {
            let reach = |has: &dyn Fn(&Marks) -> bool| runs[at..].iter().take_while(|run| has(&run.marks)).count();
            let marks = &runs[at].marks;
            let link = marks.link.as_ref().filter(|_| open.link.is_none());
            let link_reach = link.map_or(0, |link| reach(&|marks| marks.link.as_ref() == Some(link)));
            let bold_reach = if open.bold { 0 } else { reach(&|marks| marks.bold) };
            let italic_reach = if open.italic { 0 } else { reach(&|marks| marks.italic) };
            let furthest = link_reach.max(bold_reach).max(italic_reach);
            if furthest == 0 {
                let spot = if out.is_empty() { spot } else { Spot::Within };
                self.piece(&mut out, &runs[at], spot);
                at += 1;
                continue;
            }
            let inner = &runs[at..at + furthest];
            let spot = if out.is_empty() { spot } else { Spot::Within };
            let around = Around { after: runs.get(at + furthest), open, spot };
            if let (Some(link), true) = (link, link_reach == furthest) {
                let text = self.runs(inner, &Marks { link: Some(link.clone()), ..open.clone() }, Spot::Within);
                self.link(&mut out, inner, link, &text);
            } else if bold_reach == furthest {
                let text = self.runs(inner, &Marks { bold: true, ..open.clone() }, Spot::Within);
                self.mark(&mut out, &text, &BOLD, &around);
            } else {
                let text = self.runs(inner, &Marks { italic: true, ..open.clone() }, Spot::Within);
                self.mark(&mut out, &text, &ITALIC, &around);
            }
            at += furthest;
        }
        out
    }

    fn link(&self, out: &mut String, inner: &[Run], link: &str, text: &str) {
        let is_bare =
            matches!(inner, [Run { marks, .. }] if *marks == Marks { link: Some(link.to_owned()), ..Marks::default() });
        let is_autolink = is_bare
            && plain(inner) == link
            && (link.starts_with("https://") || link.starts_with("http://"))
            && !link.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '|'))
            && address::embedded(link).is_none();
        if is_autolink {
            out.push_str(&format!("<{link}>"));
        } else if self.escaping == Escaping::Html {
            out.push_str("<a");
            write::attribute(out, "href", &link.replace('\\', "&#92;"));
            out.push('>');
            out.push_str(text);
            out.push_str("</a>");
        } else {
            let destination = destination(link);
            let destination = if self.place == Place::Cell { destination.replace('|', "\\|") } else { destination };
            out.push_str(&format!("[{text}]({destination})"));
        }
    }

    fn mark(&self, out: &mut String, text: &str, mark: &Mark, around: &Around<'_>) {
        let after = around.after.map(|run| match &run.piece {
            Piece::Text(text) if run.marks == *around.open && !run.marks.code => text.chars().next().unwrap_or(' '),
            _ => '*',
        });
        let before = out.chars().next_back();
        let is_sign = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
        let stands = |inner: Option<char>, outer: Option<char>| {
            inner.is_some_and(|inner| {
                !inner.is_whitespace()
                    && (!is_sign(inner) || outer.is_none_or(|outer| outer.is_whitespace() || is_sign(outer)))
            })
        };
        let is_markdown = self.escaping != Escaping::Html
            && stands(text.chars().next(), before)
            && stands(text.chars().next_back(), after)
            && before != Some('*')
            && after != Some('*')
            && !(around.spot == Spot::Start && text.starts_with(' '));
        let (start, end) = if is_markdown { (mark.sign, mark.sign) } else { (mark.start, mark.end) };
        out.push_str(start);
        out.push_str(text);
        out.push_str(end);
    }

    fn piece(&self, out: &mut String, run: &Run, spot: Spot) {
        match &run.piece {
            Piece::Break => out.push_str("<br>"),
            Piece::Text(text) if run.marks.code && self.escaping == Escaping::Html => {
                out.push_str("<code>");
                self.escape(out, text, Spot::Within);
                out.push_str("</code>");
            }
            Piece::Text(text) if run.marks.code => {
                let text = if self.place == Place::Cell { text.replace('|', "\\|") } else { text.clone() };
                let held: HashSet<usize> = text.split(|c| c != '`').map(str::len).collect();
                let shortest = (1..).find(|len| !held.contains(len));
                let ticks = "`".repeat(shortest.unwrap_or(1));
                let pad = text.starts_with('`')
                    || text.ends_with('`')
                    || (text.starts_with(' ') && text.ends_with(' ') && !text.trim().is_empty());
                let pad = if pad { " " } else { "" };
                out.push_str(&format!("{ticks}{pad}{text}{pad}{ticks}"));
            }
            Piece::Text(text) => {
                self.escape(out, text, spot);
            }
        }
    }

    fn escape(&self, out: &mut String, text: &str, spot: Spot) {
        let at_start = spot == Spot::Start;
        let is_full = self.escaping != Escaping::Light;
        let outside: Option<char> = out.chars().next_back();
        let waves = LazyCell::new(|| text.matches('~').count());
        let last_link = LazyCell::new(|| text.rfind("](").max(text.rfind("][")));
        let digits = LazyCell::new(|| text.bytes().take_while(u8::is_ascii_digit).count());
        // Up to where it is written, and up to where it was looked at.
        let (mut done, mut looked) = (0, 0);
        while let Some(next) = text.as_bytes()[looked..].iter().position(|byte| MAY_NEED_ESCAPE[usize::from(*byte)]) {
            let at = looked + next;
            looked = at + 1;
            let Some(c) = text[at..].chars().next() else { break };
            let rest = &text[at + c.len_utf8()..];
            let (before, next) = (text[..at].chars().next_back().or(outside), rest.chars().next());
            let is_first = at_start && at == 0;
            let is_apart = |c: Option<char>| c.is_none_or(char::is_whitespace);
            let needs = match c {
                '`' => true,
                '\\' => is_full || next.is_none_or(|next| next.is_ascii_punctuation()),
                '*' => is_full || is_first || !(is_apart(before) && is_apart(next)),
                '_' => {
                    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                    is_full || !(is_word(before) && is_word(next) || is_apart(before) && is_apart(next))
                }
                '~' => is_full || *waves > 1,
                '[' => is_full || is_first || *last_link > Some(at) || next == Some('^'),
                ']' => is_full || matches!(next, Some('(' | '[' | ':')),
                '<' => {
                    is_full || next.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'))
                }
                '!' => next == Some('[') || (is_full && next.is_none()),
                '#' => is_full || is_first,
                '>' | '+' | '-' | '=' => is_full && at_start || is_first,
                '.' | ')' => at_start && at > 0 && is_apart(next) && at == *digits,
                '|' => self.place == Place::Cell || is_full,
                '{' | '}' | ':' => is_full,
                _ => false,
            };
            let written = match c {
                '&' if is_entity(rest) => "&amp;",
                '\u{a0}' => "&nbsp;",
                _ if needs => "\\",
                _ => continue,
            };
            out.push_str(&text[done..at]);
            out.push_str(written);
            done = if needs { at } else { at + c.len_utf8() };
        }
        out.push_str(&text[done..]);
    }
}

/// Which bytes begin a character that is not always written as it is; most bytes of a text do not.
static MAY_NEED_ESCAPE: [bool; 256] = {
    let mut table = [false; 256];
    // The last one is of a hard space.
    let bytes = b"`\\*_~[]<>!#+-=.)|{}:&\xc2";
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
};

/// Whether what follows an ampersand makes it an entity.
fn is_entity(rest: &str) -> bool {
    let name = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    name > 0 && rest[name..].starts_with(';')
}

/// An address as a link's destination.
pub(super) fn destination(address: &str) -> String {
    let is_plain = !address.is_empty()
        && !address
            .contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | '<' | '>' | '\\'));
    let mut out = String::with_capacity(address.len());
    for (at, c) in address.char_indices() {
        match c {
            '&' if is_entity(&address[at + 1..]) => out.push_str("&amp;"),
            '<' | '>' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    if is_plain { out } else { format!("<{out}>") }
}

/// Plain words between the brackets of a link or an image.
pub(super) fn label(words: &str) -> String {
    let mut out = String::new();
    for (at, c) in words.char_indices() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' => {
                let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                let inner = is_word(words[..at].chars().next_back()) && is_word(words[at + 1..].chars().next());
                if !(c == '_' && inner) {
                    out.push('\\');
                }
                out.push(c);
            }
            '&' if is_entity(&words[at + 1..]) => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    out
}
