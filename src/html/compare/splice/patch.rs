//! One change carried over from plain Markdown into Markdown as somebody wrote it.
//!
//! Given is a text as its author styled it, the same text as this crate would write it, and a
//! changed version of the latter. What changed between the two plain ones is looked up word by word
//! in the styled one and changed there alone: wrapping, bullets and quotes around it stay. It is a
//! good guess and no more; whoever calls it renders the result and looks.

use std::collections::HashMap;
use std::ops::Range;

use similar::{Algorithm, DiffOp};

use super::super::align::{Place, Words, align};
use super::words::{Word, words};
use crate::sequence::operations;

/// The styled text with the change from `ours` to `theirs`; nothing where a changed word has no
/// place in it.
pub(super) fn patch(styled: &str, ours: &str, theirs: &str) -> Option<String> {
    let styled_lines = physical(styled);
    let (ours, theirs) = (lines(ours), lines(theirs));
    let places = places(styled, &styled_lines, &ours);
    let mut kin: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, line) in ours.iter().enumerate().filter(|(at, _)| places[*at].is_some()) {
        kin.entry(numberless(line.signs)).or_default().push(at);
    }
    let patch = Patch { styled, styled_lines, ours, theirs, places, kin };
    let mut edits = patch.edits()?;
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    if edits.windows(2).any(|pair| pair[0].0.end > pair[1].0.start) {
        return None;
    }
    Some(edited(styled, &edits))
}

/// A text with some of its ranges replaced; in order, and none overlaps another.
pub(super) fn edited(text: &str, edits: &[(Range<usize>, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, new) in edits {
        out.push_str(&text[at..range.start]);
        out.push_str(new);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// A line of plain Markdown that is not blank.
#[derive(Debug)]
struct Line<'t> {
    text: &'t str,
    /// The signs of the lists and quotes around it.
    signs: &'t str,
    after_blank: bool,
    words: Vec<Word<'t>>,
}

impl Line<'_> {
    /// The line as it counts: the number of an item says nothing.
    fn key(&self) -> String {
        format!("{}{}", numberless(self.signs), &self.text[self.signs.len()..])
    }
}

/// Where a line of plain Markdown is in the styled text.
#[derive(Debug, Clone)]
struct LinePlace {
    /// The lines it takes there.
    lines: Range<usize>,
    /// The place of each word.
    words: Vec<Option<Range<usize>>>,
}

struct Patch<'t> {
    styled: &'t str,
    styled_lines: Vec<Range<usize>>,
    ours: Vec<Line<'t>>,
    theirs: Vec<Line<'t>>,
    places: Vec<Option<LinePlace>>,
    /// Those of our lines that have a place, by their signs without a number.
    kin: HashMap<String, Vec<usize>>,
}

/// Ranges of a text, and what is there instead.
pub(super) type Edits = Vec<(Range<usize>, String)>;

impl<'t> Patch<'t> {
    fn edits(&self) -> Option<Edits> {
        let key = |lines: &[Line<'_>]| lines.iter().map(Line::key).collect::<Vec<_>>();
        let words_of = |lines: &[Line<'t>]| lines.iter().map(|line| Words::of([line.text])).collect::<Vec<_>>();
        let (our_words, their_words) = (words_of(&self.ours), words_of(&self.theirs));
        let are_kin = |at: usize, other: usize| numberless(self.ours[at].signs) == numberless(self.theirs[other].signs);
        let likeness = |at: usize, other: usize| {
            if are_kin(at, other) { our_words[at].likeness(&their_words[other]) } else { 0 }
        };
        let mut edits = Vec::new();
        for place in align(&key(&self.ours), &key(&self.theirs), likeness) {
            match place {
                Place::Same(..) => {}
                Place::Alike(at, other) => self.change(at, other, &mut edits)?,
                // One line that became another.
                Place::Apart { old, new } if old.len() == 1 && new.len() == 1 && are_kin(old.start, new.start) => {
                    self.change(old.start, new.start, &mut edits)?;
                }
                Place::Apart { old, new } => {
                    let before = old.end;
                    self.delete(old, &mut edits)?;
                    self.insert(before, new, &mut edits)?;
                }
            }
        }
        Some(edits)
    }

    fn delete(&self, lines: Range<usize>, edits: &mut Edits) -> Option<()> {
        for at in lines {
            let place = self.places[at].as_ref()?;
            let mut taken = place.lines.clone();
            let is_blank =
                |line: usize| self.styled_lines.get(line).is_none_or(|range| is_blank(&self.styled[range.clone()]));
            // Of the two gaps around it one goes along.
            if taken.start == 0 || is_blank(taken.start - 1) {
                while taken.end < self.styled_lines.len() && is_blank(taken.end) {
                    taken.end += 1;
                }
                if taken.end == self.styled_lines.len() {
                    while taken.start > 0 && is_blank(taken.start - 1) {
                        taken.start -= 1;
                    }
                }
            }
            let end = self.styled_lines[taken.end - 1].end;
            edits.push((self.styled_lines[taken.start].start..end, String::new()));
        }
        Some(())
    }

    /// Puts lines before the one at `before`, right below the one above it.
    fn insert(&self, before: usize, new: Range<usize>, edits: &mut Edits) -> Option<()> {
        if new.is_empty() {
            return Some(());
        }
        let above = before.checked_sub(1);
        let at = match above {
            Some(above) => self.styled_lines[self.places[above].as_ref()?.lines.end - 1].end,
            None => self.styled_lines[self.places.first()?.as_ref()?.lines.start].start,
        };
        let mut text = String::new();
        for line in &self.theirs[new.clone()] {
            let styled = self.restyled(line, before);
            if line.after_blank && (above.is_some() || !text.is_empty()) {
                text.push_str(gap(&styled).trim_end());
                text.push('\n');
            }
            text.push_str(&styled);
            text.push('\n');
        }
        if above.is_none() && self.theirs.get(new.end).is_some_and(|next| next.after_blank) {
            text.push('\n');
        }
        edits.push((at..at, text));
        Some(())
    }

    /// A line with the signs that its nearest relative has in the styled text.
    fn restyled(&self, line: &Line<'_>, near: usize) -> String {
        let rest = &line.text[line.signs.len()..];
        let relatives = self.kin.get(&numberless(line.signs)).map_or(&[][..], Vec::as_slice);
        let (above, below) = relatives.split_at(relatives.partition_point(|at| *at < near));
        let nearest = above.last().into_iter().chain(below.first());
        let nearest = nearest.min_by_key(|at| if **at < near { near - **at } else { **at - near + 2 });
        let found = nearest.and_then(|at| {
            let first = self.places[*at].as_ref()?.lines.start;
            let styled = self.styled[self.styled_lines[first].clone()].trim_end_matches('\n');
            Some((self.ours[*at].signs, signs(styled)))
        });
        let signs = match found {
            None => line.signs.to_owned(),
            // Where the items are counted, the new one is, too.
            Some((plain, styled)) if number(plain) == number(styled) => match (number(styled), number(line.signs)) {
                (Some(old), Some(new)) => styled.replacen(old, new, 1),
                _ => styled.to_owned(),
            },
            Some((_, styled)) => styled.to_owned(),
        };
        format!("{signs}{rest}")
    }

    /// Carries over what changed within a line.
    fn change(&self, ours: usize, theirs: usize, edits: &mut Edits) -> Option<()> {
        let (ours, theirs, place) = (&self.ours[ours], &self.theirs[theirs], self.places[ours].as_ref()?);
        let old: Vec<&str> = ours.words.iter().map(|word| word.text).collect();
        let new_words = words(&theirs.text[theirs.signs.len()..]);
        let skipped = words(ours.signs).len();
        let new: Vec<&str> = new_words.iter().map(|word| word.text).collect();
        for op in operations(Algorithm::Myers, &old[skipped..], &new) {
            let (old_range, new_range) = (op.old_range(), op.new_range());
            if matches!(op, DiffOp::Equal { .. }) {
                continue;
            }
            let old_range = old_range.start + skipped..old_range.end + skipped;
            let text: String = new[new_range].concat();
            let is_space = |at: usize| ours.words[at].is_space();
            let solid: Vec<usize> = old_range.clone().filter(|at| !is_space(*at)).collect();
            let before = (skipped..old_range.start).rev().find(|at| !is_space(*at));
            let after = (old_range.end..ours.words.len()).find(|at| !is_space(*at));
            let place_of = |at: Option<usize>| at.and_then(|at| place.words[at].clone());
            let range = match (solid.first(), solid.last()) {
                (Some(first), Some(last)) => {
                    let inner = place_of(Some(*first))?.start..place_of(Some(*last))?.end;
                    let (with_before, with_after) = (*first > old_range.start, *last + 1 < old_range.end);
                    let gap_before = || Some(place_of(before)?.end..inner.start);
                    let gap_after = || Some(inner.end..place_of(after)?.start);
                    let wraps = |gap: &Range<usize>| self.styled[gap.clone()].contains('\n');
                    match (with_before, with_after) {
                        (true, true) => gap_before()?.start..gap_after()?.end,
                        // Of two gaps around words that go, the one that wraps the line stays.
                        (true, false) => match gap_after() {
                            Some(after) if text.is_empty() && !after.is_empty() && wraps(&gap_before()?) => {
                                inner.start..after.end
                            }
                            _ => gap_before()?.start..inner.end,
                        },
                        (false, true) => match gap_before() {
                            Some(before) if text.is_empty() && !before.is_empty() && wraps(&gap_after()?) => {
                                before.start..inner.end
                            }
                            _ => inner.start..gap_after()?.end,
                        },
                        (false, false) => inner,
                    }
                }
                _ if !old_range.is_empty() => {
                    if text.trim().is_empty() && !text.is_empty() {
                        continue;
                    }
                    place_of(before)?.end..place_of(after)?.start
                }
                _ => {
                    let at_end = place_of(before).map(|range| range.end);
                    let at_start = place_of(after).map(|range| range.start);
                    let touches = old_range.start > skipped && !is_space(old_range.start - 1);
                    let at =
                        if text.starts_with(char::is_whitespace) || (touches && !text.ends_with(char::is_whitespace)) {
                            at_end.or(at_start)
                        } else {
                            at_start.or(at_end)
                        }?;
                    at..at
                }
            };
            if range.start > range.end {
                return None;
            }
            edits.push((range, text));
        }
        Some(())
    }
}

/// Looks up every line of the plain text in the styled one.
fn places(styled: &str, styled_lines: &[Range<usize>], plain: &[Line<'_>]) -> Vec<Option<LinePlace>> {
    let solid = |word: &Word<'_>| !word.is_space();
    let styled_words: Vec<Word<'_>> = words(styled).into_iter().filter(solid).collect();
    let plain_words: Vec<(usize, usize)> = plain
        .iter()
        .enumerate()
        .flat_map(|(line, text)| (0..text.words.len()).map(move |word| (line, word)))
        .filter(|(line, word)| solid(&plain[*line].words[*word]))
        .collect();
    let old: Vec<&str> = plain_words.iter().map(|(line, word)| plain[*line].words[*word].text).collect();
    let new: Vec<&str> = styled_words.iter().map(|word| word.text).collect();
    let mut places: Vec<Vec<Option<Range<usize>>>> = plain.iter().map(|line| vec![None; line.words.len()]).collect();
    for op in operations(Algorithm::Patience, &old, &new) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            for step in 0..len {
                let (line, word) = plain_words[old_index + step];
                places[line][word] = Some(styled_words[new_index + step].range());
            }
        }
    }
    places
        .into_iter()
        .zip(plain)
        .map(|(words, line)| {
            let skipped = self::words(line.signs).len();
            let found = |is_wanted: &dyn Fn(usize) -> bool| {
                let mut at = words.iter().enumerate().filter(|(word, place)| place.is_some() && is_wanted(*word));
                let first = at.next()?.1.clone()?;
                Some((first.clone(), at.next_back().and_then(|(_, place)| place.clone()).unwrap_or(first)))
            };
            let is_text = |word: usize| word >= skipped && line.words[word].is_text();
            let (first, last) = found(&is_text).or_else(|| found(&|_| true))?;
            let line_of = |at: usize| styled_lines.partition_point(|line| line.end <= at);
            Some(LinePlace { lines: line_of(first.start)..line_of(last.end - 1) + 1, words })
        })
        .collect()
}

/// The lines of plain Markdown that are not blank.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut after_blank = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if is_blank(line) {
            after_blank = true;
            continue;
        }
        lines.push(Line { text: line, signs: signs(line), after_blank, words: words(line) });
        after_blank = false;
    }
    lines
}

/// The lines of a text, each with its line feed.
fn physical(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    text.split_inclusive('\n')
        .map(|line| {
            at += line.len();
            at - line.len()..at
        })
        .collect()
}

/// Whether a line shows nothing: empty, or only the sign of a quote.
fn is_blank(line: &str) -> bool {
    line.chars().all(|c| c.is_whitespace() || c == '>')
}

/// The signs at the start of a line: indents, quotes, bullets and numbers.
fn signs(line: &str) -> &str {
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        let taken = match rest.as_bytes() {
            [b' ' | b'\t' | b'>', ..] => 1,
            [b'-' | b'*' | b'+', b' ', ..] => 2,
            bytes
                if digits > 0
                    && matches!(bytes.get(digits), Some(b'.' | b')'))
                    && bytes.get(digits + 1) == Some(&b' ') =>
            {
                digits + 2
            }
            _ => return &line[..at],
        };
        at += taken;
    }
}

/// What sets the items of a list that a text begins with apart from those of another list: its
/// bullet, or what follows its number.
pub(super) fn list_sign(text: &str) -> Option<char> {
    if text.starts_with([' ', '\t', '>']) {
        return None;
    }
    let signs = signs(text);
    signs.chars().find(|c| !c.is_ascii_digit() && !c.is_whitespace())
}

/// The number of the innermost item of some signs.
fn number(signs: &str) -> Option<&str> {
    let end = signs.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = signs[..end].rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    Some(&signs[start..end])
}

fn numberless(signs: &str) -> String {
    number(signs).map_or_else(|| signs.to_owned(), |number| signs.replacen(number, "1", 1))
}

/// What a blank line needs to stay within the quote of a line.
fn gap(line: &str) -> &str {
    let signs = signs(line);
    &signs[..signs.rfind('>').map_or(0, |at| at + 1)]
}
