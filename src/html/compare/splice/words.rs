//! A text as words, signs and white space, each with its place.

use std::ops::Range;

/// A word, a sign, or white space.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'t> {
    pub text: &'t str,
    start: usize,
}

impl Word<'_> {
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    pub fn is_space(&self) -> bool {
        self.text.starts_with(char::is_whitespace)
    }

    /// Whether it is a word, and not a sign.
    pub fn is_text(&self) -> bool {
        self.text.starts_with(char::is_alphanumeric)
    }
}

/// Splits a text: runs of letters and digits, runs of white space, and every other sign alone.
pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    #[derive(PartialEq)]
    enum Kind {
        Space,
        Letter,
        Sign,
    }
    let kind = |c: char| match c {
        c if c.is_whitespace() => Kind::Space,
        c if c.is_alphanumeric() => Kind::Letter,
        _ => Kind::Sign,
    };
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut last = None;
    for (at, c) in text.char_indices() {
        let this = kind(c);
        match words.last_mut() {
            Some(word) if this != Kind::Sign && last.as_ref() == Some(&this) => {
                word.text = &text[word.start..at + c.len_utf8()];
            }
            _ => words.push(Word { text: &text[at..at + c.len_utf8()], start: at }),
        }
        last = Some(this);
    }
    words
}
