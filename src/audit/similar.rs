//! Which texts say nearly the same, without comparing each with each.
//!
//! A text is the set of its shingles: every four words that follow each other. Two texts are as alike as their
//! shingles are shared (Jaccard). Which pairs may be alike at all is found by MinHash: the smallest values of the
//! shingles under many hashes, compared in bands, so that time grows with the number of texts. A pair that shares a
//! band is then compared exactly, so no guess reaches a finding.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use unicode_segmentation::UnicodeSegmentation as _;

/// How many words a shingle has.
const WORDS: usize = 4;

/// How many values of a signature are a band, and how many bands there are: of 5,000 pairs that are alike by a half
/// one shares none.
const BAND: usize = 3;
const BANDS: usize = 64;

/// With how many others of a band a text is compared: thousands that are all alike are found by their neighbours.
const MOST: usize = 8;

/// The shingles of a text, sorted, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shingles(Vec<u32>);

impl Shingles {
    /// The shingles of some passages; none goes on from one to the next.
    pub fn of(passages: &[String]) -> Self {
        let mut shingles = Vec::new();
        for passage in passages {
            let lower = passage.to_lowercase();
            let words: Vec<&str> = lower.unicode_words().collect();
            let parts = if words.len() < WORDS { vec![words.as_slice()] } else { words.windows(WORDS).collect() };
            shingles.extend(parts.into_iter().filter(|part| !part.is_empty()).map(hashed));
        }
        shingles.sort_unstable();
        shingles.dedup();
        Self(shingles)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// How alike two sets are, in thousandths: what they share of what either has.
    pub fn alike(&self, other: &Self) -> usize {
        let (mut one, mut two, mut shared) = (0, 0, 0);
        while let (Some(here), Some(there)) = (self.0.get(one), other.0.get(two)) {
            shared += usize::from(here == there);
            one += usize::from(here <= there);
            two += usize::from(there <= here);
        }
        let all = self.len() + other.len() - shared;
        (shared * 1000).checked_div(all).unwrap_or(0)
    }

    /// The smallest value under each of many hashes.
    fn signature(&self) -> Vec<u32> {
        let mut smallest = vec![u32::MAX; BAND * BANDS];
        for shingle in &self.0 {
            for (value, at) in smallest.iter_mut().zip(0_u64..) {
                *value = (*value).min(mixed(u64::from(*shingle) | (at + 1) << 32));
            }
        }
        smallest
    }
}

/// Two texts that are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    /// The place of the first.
    pub one: usize,
    /// The place of the second.
    pub other: usize,
    /// How alike they are, in thousandths.
    pub alike: usize,
}

/// Pairs of texts that are alike by at least `least` thousandths, by their places in `texts` and in their order. Of
/// many that are all alike each is in a pair with some others.
pub(super) fn pairs(texts: &[&Shingles], least: usize) -> Vec<Pair> {
    let signatures: Vec<Vec<u32>> = crate::threads::map(texts, |text| text.signature());
    let mut candidates: HashSet<(usize, usize)> = HashSet::new();
    for band in 0..BANDS {
        let mut buckets: HashMap<&[u32], Vec<usize>> = HashMap::new();
        for (at, signature) in signatures.iter().enumerate().filter(|(at, _)| texts[*at].len() > 0) {
            let bucket = buckets.entry(&signature[band * BAND..(band + 1) * BAND]).or_default();
            candidates.extend(bucket.iter().rev().take(MOST).map(|other| (*other, at)));
            bucket.push(at);
        }
    }
    let mut candidates: Vec<(usize, usize)> = candidates.into_iter().collect();
    candidates.sort_unstable();
    let alike = crate::threads::map(&candidates, |(one, other)| texts[*one].alike(texts[*other]));
    let pairs = candidates.into_iter().zip(alike).map(|((one, other), alike)| Pair { one, other, alike });
    pairs.filter(|pair| pair.alike >= least).collect()
}

fn hashed(words: &[&str]) -> u32 {
    let mut hasher = DefaultHasher::new();
    words.hash(&mut hasher);
    #[expect(clippy::cast_possible_truncation, reason = "any half of a hash is one")]
    let half = hasher.finish() as u32;
    half
}

/// The last step of SplitMix64: one hash for each number in the upper half.
fn mixed(value: u64) -> u32 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    u32::try_from((value ^ (value >> 31)) >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shingles(text: &str) -> Shingles {
        Shingles::of(&[text.to_owned()])
    }

    #[test]
    fn what_is_shared_of_what_either_has() {
        let one = shingles("a b c d e f");
        assert_eq!((one.len(), one.alike(&one)), (3, 1000));
        assert_eq!(one.alike(&shingles("a b c d e X")), 500);
        assert_eq!(one.alike(&shingles("u v w x y z")), 0);
        assert_eq!(shingles("").alike(&shingles("")), 0);
        assert_eq!(shingles("A B c D"), shingles("a b, c d."));
    }

    #[test]
    fn alike_texts_are_found_among_many() {
        let text = |seed: usize| {
            (0..200).map(|at| format!("w{} ", (seed * 7919 + at * at * 31 + seed * at) % 5000)).collect::<String>()
        };
        let mut texts: Vec<Shingles> = (0..300).map(|seed| shingles(&text(seed))).collect();
        texts.push(shingles(&text(17).replace("w1", "v1")));
        texts.push(shingles(&format!("{} and some more words at the end", text(42))));
        let all: Vec<&Shingles> = texts.iter().collect();
        let found: Vec<(usize, usize)> = pairs(&all, 400).into_iter().map(|pair| (pair.one, pair.other)).collect();
        let expected: Vec<(usize, usize)> = (0..all.len())
            .flat_map(|one| (one + 1..all.len()).map(move |other| (one, other)))
            .filter(|(one, other)| all[*one].alike(all[*other]) >= 400)
            .collect();
        assert!(expected.contains(&(42, 301)), "{expected:?}");
        assert_eq!(found, expected);
    }

    #[test]
    fn thousands_that_are_all_alike_take_no_thousands_of_comparisons_each() {
        let texts: Vec<Shingles> =
            (0..2000).map(|at| shingles(&format!("one two three four five six seven eight nine {at}"))).collect();
        let all: Vec<&Shingles> = texts.iter().collect();
        let found = pairs(&all, 500);
        assert!(found.len() < all.len() * MOST * BANDS, "{}", found.len());
        assert!((1..2000).all(|at| found.iter().any(|pair| pair.one == at || pair.other == at)));
    }
}
