//! Where the signs of many rules are in a text, looked for at once.
//!
//! Nearly every sign holds a byte that prose has seldom. The text is read for these bytes alone, and only where one is
//! its signs are compared: in prose that is a fraction of what an automaton does for each byte.

use std::borrow::Cow;
use std::ops::ControlFlow;

use memchr::memmem::Finder;

/// Signs to be looked for at once.
pub(super) struct Signs {
    /// The bytes that signs are known by.
    is_known: [bool; 256],
    /// The signs by these bytes.
    seldom: Vec<Vec<Sign>>,
    /// Those of letters and spaces alone.
    words: Vec<(Finder<'static>, usize)>,
}

/// A sign, in two parts at the byte that it is known by.
struct Sign {
    before: Vec<u8>,
    /// What follows that byte.
    after: Vec<u8>,
    rule: usize,
}

/// Where a sign is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    /// Whose sign it is.
    pub rule: usize,
    /// Its first byte.
    pub at: usize,
}

impl Signs {
    /// Signs, each with its rule.
    pub(super) fn of<'s>(signs: impl IntoIterator<Item = (usize, Cow<'s, str>)>) -> Self {
        let mut seldom: Vec<Vec<Sign>> = (0..256).map(|_| Vec::new()).collect();
        let mut words = Vec::new();
        for (rule, sign) in signs {
            let sign = sign.as_bytes();
            match known_by(sign) {
                Some(at) => {
                    let (before, after) = (sign[..at].to_vec(), sign[at + 1..].to_vec());
                    seldom[usize::from(sign[at])].push(Sign { before, after, rule });
                }
                None => words.push((Finder::new(sign).into_owned(), rule)),
            }
        }
        let is_known = std::array::from_fn(|byte| !seldom[byte].is_empty());
        Self { is_known, seldom, words }
    }

    /// Whether any sign is in a text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.each_known(text, |_| ControlFlow::Break(())).is_break()
            || self.words.iter().any(|(word, _)| word.find(text.as_bytes()).is_some())
    }

    /// Where signs are in a text, by their rules, each place once.
    pub(super) fn find(&self, text: &str) -> Vec<Hit> {
        let mut found = Vec::new();
        let _ = self.each_known(text, |hit| {
            found.push(hit);
            ControlFlow::Continue(())
        });
        for (word, rule) in &self.words {
            found.extend(word.find_iter(text.as_bytes()).map(|at| Hit { rule: *rule, at }));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Calls `found` with each place of a sign that is known by a byte.
    fn each_known(&self, text: &str, mut found: impl FnMut(Hit) -> ControlFlow<()>) -> ControlFlow<()> {
        let text = text.as_bytes();
        let mut at = 0;
        while let Some(next) = text[at..].iter().position(|byte| self.is_known[usize::from(*byte)]) {
            at += next;
            let (before, after) = (&text[..at], &text[at + 1..]);
            for sign in &self.seldom[usize::from(text[at])] {
                if after.starts_with(&sign.after) && before.ends_with(&sign.before) {
                    found(Hit { rule: sign.rule, at: at - sign.before.len() })?;
                }
            }
            at += 1;
        }
        ControlFlow::Continue(())
    }
}

/// The place of the byte that a sign is known by: the first that is in few texts, else one that is in most.
fn known_by(sign: &[u8]) -> Option<usize> {
    let is_seldom = |byte: &u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b' ' | b'\n' | 0x01);
    let is_in_most = |byte: &u8| matches!(byte, b'.' | b'-' | b':' | 0x02);
    let seldom = sign.iter().position(|byte| is_seldom(byte) && !is_in_most(byte));
    seldom.or_else(|| sign.iter().position(is_seldom))
}

#[cfg(test)]
mod tests {
    use super::super::shown::{CODE, NO_TEXT};
    use super::*;

    #[test]
    fn a_sign_is_found_at_each_of_its_places_and_nowhere_else() {
        let signs =
            ["::", "{%", "include", "h1. ", "\n:", "\u{1}:", "}\u{2}", "-> ", "--", "[", "\u{2022}", "TOC", " ^"];
        let all = Signs::of(signs.into_iter().map(Cow::Borrowed).enumerate());
        let mut pieces: Vec<String> = signs.map(str::to_owned).to_vec();
        pieces.extend(["a", " ", "\n", "\u{2014}", "incl", "h", "1", ".", ":"].map(str::to_owned));
        pieces.extend([NO_TEXT, CODE].map(String::from));
        let text = proptest::collection::vec(proptest::sample::select(pieces), 0..12);
        proptest::proptest!(|(text in text)| {
            let text = text.concat();
            let places = |(rule, sign): (usize, &str)| {
                let is_here = |at: &usize| text.is_char_boundary(*at) && text[*at..].starts_with(sign);
                (0..text.len()).filter(is_here).map(|at| Hit { rule, at }).collect::<Vec<_>>()
            };
            let found = all.find(&text);
            let wanted: Vec<Hit> = signs.into_iter().enumerate().flat_map(places).collect();
            proptest::prop_assert_eq!(&found, &wanted);
            proptest::prop_assert_eq!(all.is_in(&text), !wanted.is_empty());
        });
    }
}
