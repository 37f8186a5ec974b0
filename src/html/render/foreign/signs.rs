//! Where the signs of many rules are in a text, looked for at once.
//!
//! Nearly every sign holds a byte that prose has seldom. The text is read for these bytes alone, and only where one is
//! its signs are compared: in prose that is a fraction of what an automaton does for each byte.

use std::borrow::Cow;

use memchr::memmem::Finder;

/// Signs to be looked for at once.
pub(super) struct Signs {
    /// By the byte that each is known by.
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
        Self { seldom, words }
    }

    /// Whether any sign is in a text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.known(text).next().is_some() || self.words.iter().any(|(word, _)| word.find(text.as_bytes()).is_some())
    }

    /// Where signs are in a text, by their rules, each place once.
    pub(super) fn find(&self, text: &str) -> Vec<Hit> {
        let mut found: Vec<Hit> = self.known(text).collect();
        for (word, rule) in &self.words {
            found.extend(word.find_iter(text.as_bytes()).map(|at| Hit { rule: *rule, at }));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Where the signs are that are known by a byte.
    fn known<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Hit> + 't {
        let text = text.as_bytes();
        let places = text.iter().enumerate().filter(|(_, byte)| !self.seldom[usize::from(**byte)].is_empty());
        places.flat_map(move |(at, byte)| {
            let (before, after) = (&text[..at], &text[at + 1..]);
            let is_here = |sign: &&Sign| after.starts_with(&sign.after) && before.ends_with(&sign.before);
            let signs = self.seldom[usize::from(*byte)].iter().filter(is_here);
            signs.map(move |sign| Hit { rule: sign.rule, at: at - sign.before.len() })
        })
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
