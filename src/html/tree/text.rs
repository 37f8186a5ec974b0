//! The text of one block in its plainest form.
//!
//! What HTML shows alike becomes alike here: runs of white space, white space at the ends, round a
//! line break and at the edges of a mark. Code keeps its own.

use std::borrow::Cow;

use super::{Marks, Piece, Run, push_run};

/// Text with runs of white space as one space, and none at its ends or round a line break.
///
/// A space between two words is bold, italic or linked only if both of them are; a line break is
/// if both of them are. A break at the end shows nothing and goes.
pub(in crate::html) fn trimmed(text: Vec<Run>) -> Vec<Run> {
    if is_trimmed(&text) { text } else { trimmed_anew(text) }
}

/// Text as [`trimmed`] makes it, borrowed where it is that already.
pub(in crate::html) fn trimmed_runs(text: &[Run]) -> Cow<'_, [Run]> {
    if is_trimmed(text) { Cow::Borrowed(text) } else { Cow::Owned(trimmed_anew(text.to_vec())) }
}

/// Whether that changes nothing, as mostly; where this is not sure it says no.
fn is_trimmed(text: &[Run]) -> bool {
    let mut before: Option<&Run> = None;
    text.iter().all(|run| {
        let Piece::Text(words) = &run.piece else { return false };
        let is_plain = if run.marks.code { !words.contains(['\n', '\r']) } else { is_collapsed(words) };
        let fits = match before {
            None => !starts_with_space(run),
            Some(before) => match (ends_with_space(before), starts_with_space(run)) {
                (true, true) => false,
                (true, false) => is_within(&before.marks, &run.marks),
                (false, true) => is_within(&run.marks, &before.marks),
                (false, false) => true,
            },
        };
        let is_another = before.is_none_or(|before| before.marks != run.marks);
        before = Some(run);
        !words.is_empty() && is_plain && fits && is_another
    }) && !before.is_some_and(ends_with_space)
}

fn starts_with_space(run: &Run) -> bool {
    matches!(&run.piece, Piece::Text(text) if !run.marks.code && text.starts_with(' '))
}

fn ends_with_space(run: &Run) -> bool {
    matches!(&run.piece, Piece::Text(text) if !run.marks.code && text.ends_with(' '))
}

/// Whether a space with the one marks may be beside text with the other ones.
fn is_within(space: &Marks, other: &Marks) -> bool {
    (space.link.is_none() || space.link == other.link) && (!space.bold || other.bold) && (!space.italic || other.italic)
}

fn trimmed_anew(text: Vec<Run>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::with_capacity(text.len());
    let mut space: Option<Marks> = None;
    for run in text {
        match run.piece {
            Piece::Break => {
                space = None;
                out.push(Run { piece: Piece::Break, marks: Marks::default() });
            }
            Piece::Text(text) if run.marks.code => {
                let text = if text.contains(['\n', '\r']) { text.replace(['\n', '\r'], " ") } else { text };
                push_word(&mut out, &mut space, text, run.marks);
            }
            Piece::Text(mut text) => {
                let is_space = |c: char| c.is_ascii_whitespace();
                let start = text.len() - text.trim_start_matches(is_space).len();
                if start > 0 {
                    space.get_or_insert_with(|| run.marks.clone());
                    text.drain(..start);
                }
                let end = text.trim_end_matches(is_space).len();
                let after = (end < text.len()).then(|| run.marks.clone());
                text.truncate(end);
                let words = if is_collapsed(&text) { text } else { collapsed(&text) };
                push_word(&mut out, &mut space, words, run.marks);
                if let Some(after) = after {
                    space.get_or_insert(after);
                }
            }
        }
    }
    while matches!(out.last(), Some(Run { piece: Piece::Break, .. })) {
        out.pop();
    }
    marked_breaks(&mut out);
    out
}

fn push_word(out: &mut Vec<Run>, space: &mut Option<Marks>, text: String, marks: Marks) {
    if text.is_empty() {
        return;
    }
    if let Some(space) = space.take()
        && let Some(Run { piece: Piece::Text(text), marks: before }) = out.last_mut()
    {
        let marks = shared(&space, &shared(before, &marks));
        if marks == *before {
            text.push(' ');
        } else {
            out.push(Run { piece: Piece::Text(" ".to_owned()), marks });
        }
    }
    push_run(out, Run { piece: Piece::Text(text), marks });
}

/// What two neighbours have in common goes on between them.
fn shared(one: &Marks, other: &Marks) -> Marks {
    Marks {
        link: one.link.as_ref().filter(|link| other.link.as_ref() == Some(link)).cloned(),
        bold: one.bold && other.bold,
        italic: one.italic && other.italic,
        code: false,
    }
}

fn marked_breaks(out: &mut [Run]) {
    let mut before: Option<Marks> = None;
    let mut at = 0;
    while at < out.len() {
        if out[at].piece != Piece::Break {
            before = Some(out[at].marks.clone());
            at += 1;
            continue;
        }
        let end = (at..out.len()).find(|next| out[*next].piece != Piece::Break).unwrap_or(out.len());
        if let (Some(before), Some(after)) = (&before, out.get(end)) {
            let marks = shared(before, &after.marks);
            out[at..end].iter_mut().for_each(|run| run.marks = marks.clone());
        }
        at = end;
    }
}

/// Whether every run of white space is one space already.
fn is_collapsed(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Looking at all of them at once is faster than stopping at the first one.
    let is_other_space = |byte: u8| matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r');
    let is_two = |pair: (&u8, &u8)| (*pair.0 == b' ') & (*pair.1 == b' ');
    !bytes.iter().fold(false, |found, byte| found | is_other_space(*byte))
        && !bytes.iter().zip(bytes.iter().skip(1)).fold(false, |found, pair| found | is_two(pair))
}

/// Every run of white space as one space.
pub(in crate::html) fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_whitespace()) {
        out.push_str(&rest[..at]);
        out.push(' ');
        rest = rest[at..].trim_start_matches(|c: char| c.is_ascii_whitespace());
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy as _;

    use super::*;
    use crate::html::tree::parse;
    use crate::html::tree::write::html;

    #[track_caller]
    fn check(from: &str, to: &str) {
        assert_eq!(html(&parse(from)), format!("<p class=\"no-margin\">{to}</p>"));
    }

    #[test]
    fn text_is_collapsed_if_collapsing_it_changes_nothing() {
        proptest::proptest!(|(text in "([a-z]{0,20}[ \t\n\x0c\r]{0,2}){0,4}")| {
            proptest::prop_assert_eq!(is_collapsed(&text), collapsed(&text) == text);
        });
    }

    #[test]
    fn what_is_taken_for_trimmed_is_not_changed_by_trimming() {
        let marks =
            (proptest::option::of("[ab]"), proptest::bool::ANY, proptest::bool::ANY, proptest::bool::weighted(0.2));
        let run = (marks, "[ab]|[ab] | [ab]|[ab] [ab]|[ab]|[ab] | [ab]|[ab]  [ab]|[ab]\n[ab]| | [ab] |\n|").prop_map(
            |((link, bold, italic, code), text)| {
                let piece = if text == "\n" { Piece::Break } else { Piece::Text(text) };
                Run { piece, marks: Marks { link, bold, italic, code } }
            },
        );
        let spared = std::cell::Cell::new(0);
        proptest::proptest!(|(text in proptest::collection::vec(run, 0..4))| {
            if is_trimmed(&text) {
                spared.set(spared.get() + usize::from(text.len() > 1));
                proptest::prop_assert_eq!(trimmed_anew(text.clone()), text);
            }
        });
        assert!(spared.get() > 0);
    }

    #[test]
    fn white_space_stands_only_where_it_shows() {
        check("<p> a \n b\t</p>", "a b");
        check("<p><b>a </b>b <i> c</i></p>", "<b>a</b> b <i>c</i>");
        check("<p><b>a</b> <b>b</b></p>", "<b>a</b> <b>b</b>");
        check("<p><b>a <i>b</i></b></p>", "<b>a <i>b</i></b>");
        check("<p>a <br> <b>b<br>c</b><br></p>", "a<br><b>b<br>c</b>");
        check("<p><code> a  b </code></p>", "<code> a  b </code>");
    }
}
