//! What changed between two texts, in words.
//!
//! Lines are compared first, then the words of the lines that changed. The result is data; how it
//! is marked and folded is the business of `report`.

use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffOp};
use unicode_segmentation::UnicodeSegmentation as _;

use super::align::{EachWords, Place, align};
use crate::sequence::operations;

/// One line of a diff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Line {
    /// On both sides.
    Same(String),
    /// Changed: the pieces in order.
    Changed(Vec<Piece>),
}

/// Whether two texts that differ read the same, so that no line shows how.
pub fn reads_same(lines: &[Line]) -> bool {
    !lines.is_empty() && lines.iter().all(|line| matches!(line, Line::Same(_)))
}

/// A piece of a changed line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    /// On both sides.
    Same(String),
    /// Only in the old text.
    Old(String),
    /// Only in the new text.
    New(String),
}

/// The diff of two texts.
pub fn words(old: &str, new: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let (old_words, new_words) = (EachWords::of(&old), EachWords::of(&new));
    let mut lines = Vec::new();
    for place in align(&old, &new, |at, other| old_words.at(at).likeness(new_words.at(other))) {
        match place {
            Place::Same(_, at) => lines.push(Line::Same(new[at].to_owned())),
            Place::Alike(at, other) => lines.push(Line::Changed(pieces(old[at], new[other]))),
            Place::Apart { old: gone, new: came } => {
                lines.extend(old[gone].iter().map(|line| only(line, Piece::Old)));
                lines.extend(new[came].iter().map(|line| only(line, Piece::New)));
            }
        }
    }
    // It is kept as long as its plan.
    lines.shrink_to_fit();
    lines
}

/// A diff from the other side: what was new is old.
pub fn reversed(lines: Vec<Line>) -> Vec<Line> {
    let turned = |piece| match piece {
        Piece::Same(text) => Piece::Same(text),
        Piece::Old(text) => Piece::New(text),
        Piece::New(text) => Piece::Old(text),
    };
    lines
        .into_iter()
        .map(|line| match line {
            Line::Same(text) => Line::Same(text),
            Line::Changed(pieces) => {
                let mut pieces: Vec<Piece> = pieces.into_iter().map(turned).collect();
                // What is old is first, from this side, too.
                for at in 1..pieces.len() {
                    if let [Piece::New(_), Piece::Old(_)] = pieces[at - 1..=at] {
                        pieces.swap(at - 1, at);
                    }
                }
                Line::Changed(pieces)
            }
        })
        .collect()
}

fn only(line: &str, make: fn(String) -> Piece) -> Line {
    Line::Changed(vec![make(line.to_owned())])
}

fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let old: Vec<&str> = old.split_word_bounds().collect();
    let new: Vec<&str> = new.split_word_bounds().collect();
    let mut pieces = Vec::new();
    for operation in operations(Algorithm::Myers, &old, &new) {
        let (gone, came) = (old[operation.old_range()].concat(), new[operation.new_range()].concat());
        match operation {
            DiffOp::Equal { .. } => pieces.push(Piece::Same(came)),
            DiffOp::Delete { .. } => pieces.push(Piece::Old(gone)),
            DiffOp::Insert { .. } => pieces.push(Piece::New(came)),
            DiffOp::Replace { .. } => pieces.extend([Piece::Old(gone), Piece::New(came)]),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        let text: Vec<String> = words(old, new)
            .iter()
            .map(|line| match line {
                Line::Same(text) => format!("  {text}"),
                Line::Changed(pieces) => pieces.iter().fold("~ ".to_owned(), |out, piece| match piece {
                    Piece::Same(text) => out + text,
                    Piece::Old(text) => out + "[-" + text + "-]",
                    Piece::New(text) => out + "{+" + text + "+}",
                }),
            })
            .collect();
        assert_eq!(text.join("\n"), expected);
    }

    #[test]
    fn a_changed_word_is_marked_in_its_line() {
        check(
            "one\ntwo words here\nthree",
            "one\ntwo other here\nthree",
            "  one\n~ two [-words-]{+other+} here\n  three",
        );
    }

    #[test]
    fn from_the_other_side_the_old_words_still_stand_first() {
        assert_eq!(reversed(words("a one b", "a two b")), words("a two b", "a one b"));
    }

    #[test]
    fn a_line_without_a_partner_came_or_went_as_a_whole() {
        check("same\ngone for good", "new one\nsame", "~ {+new one+}\n  same\n~ [-gone for good-]");
        check("alpha beta", "completely different text", "~ [-alpha beta-]\n~ {+completely different text+}");
    }
}
