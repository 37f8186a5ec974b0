//! What changed between two texts, in words.
//!
//! Lines are compared first, then the words of the lines that changed. The result is data; how it
//! is marked and folded is the business of `report`.

use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use similar::{Algorithm, DiffOp};
use unicode_segmentation::UnicodeSegmentation as _;

use super::align::{EachWords, Place, align};
use crate::sequence::operations;

/// What changed between two texts, line by line. A plan keeps one for every text, so it is one text with marks in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// Everything that is on either side, without the ends of lines.
    text: Box<str>,
    parts: Box<[Part]>,
}

/// A part of a diff's text that is on the same side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    /// Where it ends; it begins where the one before it ends.
    end: usize,
    side: Side,
    /// Whether its line ends with it.
    ends_line: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// A whole line on both sides.
    SameLine,
    Same,
    Old,
    New,
}

/// One line of a diff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Line<T> {
    /// On both sides.
    Same(T),
    /// Changed: the pieces in order.
    Changed(Vec<Piece<T>>),
}

/// A piece of a changed line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece<T> {
    /// On both sides.
    Same(T),
    /// Only in the old text.
    Old(T),
    /// Only in the new text.
    New(T),
}

impl Diff {
    /// The diff with these lines.
    pub fn of<T: AsRef<str>>(lines: impl IntoIterator<Item = Line<T>>) -> Self {
        let (mut text, mut parts) = (String::new(), Vec::new());
        let mut push = |side, said: &T| {
            text.push_str(said.as_ref());
            parts.push(Part { end: text.len(), side, ends_line: false });
        };
        let mut ends = Vec::new();
        let mut count = 0;
        for line in lines {
            match line {
                Line::Same(said) => {
                    push(Side::SameLine, &said);
                    count += 1;
                }
                Line::Changed(pieces) => {
                    count += pieces.len();
                    pieces.iter().for_each(|piece| match piece {
                        Piece::Same(said) => push(Side::Same, said),
                        Piece::Old(said) => push(Side::Old, said),
                        Piece::New(said) => push(Side::New, said),
                    });
                }
            }
            ends.push(count);
        }
        ends.into_iter().filter(|end| *end > 0).for_each(|end| parts[end - 1].ends_line = true);
        Self { text: text.into(), parts: parts.into() }
    }

    /// Its lines, in order.
    pub fn lines(&self) -> Vec<Line<&str>> {
        let (mut lines, mut pieces, mut start) = (Vec::new(), Vec::new(), 0);
        for part in &self.parts {
            let said = &self.text[start..part.end];
            start = part.end;
            pieces.push(match part.side {
                Side::SameLine => {
                    lines.push(Line::Same(said));
                    continue;
                }
                Side::Same => Piece::Same(said),
                Side::Old => Piece::Old(said),
                Side::New => Piece::New(said),
            });
            if part.ends_line {
                lines.push(Line::Changed(std::mem::take(&mut pieces)));
            }
        }
        lines
    }

    /// How many lines it has.
    pub fn len(&self) -> usize {
        self.parts.iter().filter(|part| part.ends_line).count()
    }

    /// Whether it has no line: nobody compared, or there was nothing.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether the texts differ and read the same, so that no line shows how.
    pub fn reads_same(&self) -> bool {
        !self.is_empty() && self.has_only_same_lines()
    }

    /// Whether every line is on both sides.
    pub fn has_only_same_lines(&self) -> bool {
        self.parts.iter().all(|part| part.side == Side::SameLine)
    }

    /// It from the other side: what was new is old.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let turned = |piece| match piece {
            Piece::Same(text) => Piece::Same(text),
            Piece::Old(text) => Piece::New(text),
            Piece::New(text) => Piece::Old(text),
        };
        Self::of(self.lines().into_iter().map(|line| match line {
            Line::Same(text) => Line::Same(text),
            Line::Changed(pieces) => {
                let mut pieces: Vec<Piece<&str>> = pieces.into_iter().map(turned).collect();
                // What is old is first, from this side, too.
                for at in 1..pieces.len() {
                    if let [Piece::New(_), Piece::Old(_)] = pieces[at - 1..=at] {
                        pieces.swap(at - 1, at);
                    }
                }
                Line::Changed(pieces)
            }
        }))
    }
}

impl Serialize for Diff {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.lines().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Diff {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<Line<String>>::deserialize(deserializer).map(Self::of)
    }
}

/// The diff of two texts.
pub fn words(old: &str, new: &str) -> Diff {
    if old.is_empty() || new.is_empty() {
        let gone = old.lines().map(|line| Line::Changed(vec![Piece::Old(line)]));
        return Diff::of(gone.chain(new.lines().map(|line| Line::Changed(vec![Piece::New(line)]))));
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let (old_words, new_words) = (EachWords::of(&old), EachWords::of(&new));
    let mut lines = Vec::new();
    for place in align(&old, &new, |at, other| old_words.at(at).likeness(new_words.at(other))) {
        match place {
            Place::Same(_, at) => lines.push(Line::Same(new[at])),
            Place::Alike(at, other) => lines.push(Line::Changed(pieces(old[at], new[other]))),
            Place::Apart { old: gone, new: came } => {
                lines.extend(old[gone].iter().map(|line| Line::Changed(vec![Piece::Old(*line)])));
                lines.extend(new[came].iter().map(|line| Line::Changed(vec![Piece::New(*line)])));
            }
        }
    }
    Diff::of(lines)
}

fn pieces<'t>(old: &'t str, new: &'t str) -> Vec<Piece<&'t str>> {
    let (old, new) = (WordBounds::of(old), WordBounds::of(new));
    let mut pieces = Vec::new();
    for operation in operations(Algorithm::Myers, &old.words, &new.words) {
        let (gone, came) = (old.text(operation.old_range()), new.text(operation.new_range()));
        match operation {
            DiffOp::Equal { .. } => pieces.push(Piece::Same(came)),
            DiffOp::Delete { .. } => pieces.push(Piece::Old(gone)),
            DiffOp::Insert { .. } => pieces.push(Piece::New(came)),
            DiffOp::Replace { .. } => pieces.extend([Piece::Old(gone), Piece::New(came)]),
        }
    }
    pieces
}

/// A line as its words and what is between them.
struct WordBounds<'t> {
    line: &'t str,
    words: Vec<&'t str>,
    /// Where each word starts, and where the line ends.
    starts: Vec<usize>,
}

impl<'t> WordBounds<'t> {
    fn of(line: &'t str) -> Self {
        let (mut starts, words): (Vec<usize>, Vec<&str>) = line.split_word_bound_indices().unzip();
        starts.push(line.len());
        Self { line, words, starts }
    }

    /// The text of some words in a row.
    fn text(&self, words: Range<usize>) -> &'t str {
        &self.line[self.starts[words.start]..self.starts[words.end]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        let text: Vec<String> = words(old, new)
            .lines()
            .into_iter()
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
        assert_eq!(words("a one b", "a two b").reversed(), words("a two b", "a one b"));
    }

    #[test]
    fn beside_nothing_every_line_came_or_went() {
        check("", "one\n\ntwo", "~ {+one+}\n~ {++}\n~ {+two+}");
        check("one\ntwo", "", "~ [-one-]\n~ [-two-]");
        check("", "", "");
    }

    #[test]
    fn a_line_without_a_partner_came_or_went_as_a_whole() {
        check("same\ngone for good", "new one\nsame", "~ {+new one+}\n  same\n~ [-gone for good-]");
        check("alpha beta", "completely different text", "~ [-alpha beta-]\n~ {+completely different text+}");
    }

    #[test]
    fn it_has_the_lines_that_it_is_made_of_and_says_them_in_json() {
        let lines = [
            Line::Same("one"),
            Line::Changed(vec![Piece::Same("a "), Piece::Old("b"), Piece::New("é")]),
            Line::Same(""),
            Line::Changed(vec![Piece::New("")]),
        ];
        let diff = Diff::of(lines.clone());
        assert_eq!((diff.lines(), diff.len()), (lines.to_vec(), 4));
        let json = serde_json::to_string(&diff).unwrap();
        assert_eq!(json, serde_json::to_string(&lines).unwrap());
        assert_eq!(serde_json::from_str::<Diff>(&json).unwrap(), diff);
        assert!(Diff::default().is_empty() && Diff::default().lines().is_empty());
    }
}
