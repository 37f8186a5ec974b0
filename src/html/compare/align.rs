//! Which lines, blocks or items of two texts belong together.
//!
//! What is equal on both sides belongs together. Between that, two things that share many of their words
//! are one that changed; all pairs together are as alike as can be. What is left has no partner.

use std::cell::OnceCell;
use std::hash::Hash;
use std::ops::Range;

use similar::{Algorithm, DiffOp};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::sequence::operations;

/// How much of their words two things share that are one, changed: in a hundred.
const ALIKE: usize = 40;

/// How many pairs are looked at, at most: beyond, nothing of two long texts belongs together.
pub(super) const MOST_PAIRS: usize = 250_000;

/// A place in the order in which both sides are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// The old and the new one are equal.
    Same(usize, usize),
    /// The old one became the new one.
    Alike(usize, usize),
    /// These have no partner.
    Apart { old: Range<usize>, new: Range<usize> },
}

/// Lays both sides beside each other. `likeness` of an old and a new one is 0 where they cannot be one.
pub(super) fn align<K: Hash + Eq + Ord>(old: &[K], new: &[K], likeness: impl Fn(usize, usize) -> usize) -> Vec<Place> {
    let mut places = Vec::new();
    for op in operations(Algorithm::Patience, old, new) {
        let (old, new) = (op.old_range(), op.new_range());
        if let DiffOp::Equal { .. } = op {
            places.extend(old.zip(new).map(|(old, new)| Place::Same(old, new)));
            continue;
        }
        let (mut from, mut next) = (old.start, new.start);
        for (before, after) in pairs(old.clone(), new.clone(), &likeness) {
            apart(from..before, next..after, &mut places);
            places.push(Place::Alike(before, after));
            (from, next) = (before + 1, after + 1);
        }
        apart(from..old.end, next..new.end, &mut places);
    }
    places
}

fn apart(old: Range<usize>, new: Range<usize>, places: &mut Vec<Place>) {
    if !old.is_empty() || !new.is_empty() {
        places.push(Place::Apart { old, new });
    }
}

/// Those that are alike, in the order of both, so that all of them together are as alike as can be.
pub(super) fn pairs(
    old: Range<usize>,
    new: Range<usize>,
    likeness: impl Fn(usize, usize) -> usize,
) -> Vec<(usize, usize)> {
    if old.len() * new.len() > MOST_PAIRS {
        return Vec::new();
    }
    // Of two that are as alike, the one that is at the same place.
    let score = |at: usize, other: usize| match likeness(old.start + at, new.start + other) {
        0 => 0,
        alike => alike * 100 + 99 - (at * 99 / old.len()).abs_diff(other * 99 / new.len()),
    };
    let scores: Vec<Vec<usize>> =
        (0..old.len()).map(|at| (0..new.len()).map(|other| score(at, other)).collect()).collect();
    // The best that can be had from here to the end of both.
    let mut best = vec![vec![0; new.len() + 1]; old.len() + 1];
    for at in (0..old.len()).rev() {
        for other in (0..new.len()).rev() {
            let taken = if scores[at][other] > 0 { scores[at][other] + best[at + 1][other + 1] } else { 0 };
            best[at][other] = taken.max(best[at + 1][other]).max(best[at][other + 1]);
        }
    }
    let (mut at, mut other, mut pairs) = (0, 0, Vec::new());
    while at < old.len() && other < new.len() {
        let score = scores[at][other];
        if score > 0 && best[at][other] == score + best[at + 1][other + 1] {
            pairs.push((old.start + at, new.start + other));
            (at, other) = (at + 1, other + 1);
        } else if best[at][other] == best[at + 1][other] {
            at += 1;
        } else {
            other += 1;
        }
    }
    pairs
}

/// The words of some lines, of each once somebody asks: most are equal on both sides.
pub(super) struct EachWords<'t> {
    lines: &'t [&'t str],
    words: Vec<OnceCell<Words<'t>>>,
}

impl<'t> EachWords<'t> {
    /// Of these lines.
    pub fn of(lines: &'t [&'t str]) -> Self {
        Self { lines, words: vec![OnceCell::new(); lines.len()] }
    }

    /// The words of one of them.
    pub fn at(&self, line: usize) -> &Words<'t> {
        self.words[line].get_or_init(|| Words::of([self.lines[line]]))
    }
}

/// Every word of something, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Words<'t>(Vec<&'t str>);

impl<'t> Words<'t> {
    /// The words of some texts.
    pub fn of(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut words: Vec<&str> = texts.into_iter().flat_map(str::unicode_words).collect();
        words.sort_unstable();
        Self(words)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How much of their words two things share, in a hundred; 0 where that is too little for them to be
    /// one. Two without any word are just alike enough.
    pub fn likeness(&self, other: &Self) -> usize {
        let all = self.0.len() + other.0.len();
        if all == 0 {
            return ALIKE;
        }
        let (mut one, mut two, mut shared) = (0, 0, 0);
        while let (Some(left), Some(right)) = (self.0.get(one), other.0.get(two)) {
            match left.cmp(right) {
                std::cmp::Ordering::Less => one += 1,
                std::cmp::Ordering::Greater => two += 1,
                std::cmp::Ordering::Equal => (one, two, shared) = (one + 1, two + 1, shared + 1),
            }
        }
        let likeness = shared * 200 / all;
        if likeness < ALIKE { 0 } else { likeness }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ones_are_pairs_and_of_others_those_that_share_words() {
        let old = ["same", "the money arrives soon", "gone for good", "end"];
        let new = ["same", "new here", "the money arrives now", "end"];
        let (before, after) = (EachWords::of(&old), EachWords::of(&new));
        let places = align(&old, &new, |at, other| before.at(at).likeness(after.at(other)));
        let expected = [
            Place::Same(0, 0),
            Place::Apart { old: 1..1, new: 1..2 },
            Place::Alike(1, 2),
            Place::Apart { old: 2..3, new: 3..3 },
            Place::Same(3, 3),
        ];
        assert_eq!(places, expected);
    }
}
