//! Places in text: spans, lines and columns, and the path of a file in the docs folder.
//!
//! Everything that points into a user's file does so with a [`Span`] of bytes; lines and columns
//! are computed only when somebody is shown one. Nothing here reads a file.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::Digest as _;

/// A range of bytes in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span from `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// This span in a text with `by` more bytes in front.
    pub fn shifted(self, by: usize) -> Self {
        Self::new(self.start + by, self.end + by)
    }

    /// The bytes as a range.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A line and a column, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

/// The line and column of a byte. A byte past the end is at the end. Whoever asks more than once asks [`Places`].
pub fn position(text: &str, byte: usize) -> Position {
    Places::of(text).position(byte)
}

/// The places of a text that many are asked of: each costs the same, wherever it is.
#[derive(Debug)]
pub struct Places<'t> {
    text: &'t str,
    blocks: Vec<Block>,
}

/// How many bytes a block of [`Places`] has.
const BLOCK: usize = 1024;

/// What is before a block.
#[derive(Debug, Clone, Copy, Default)]
struct Block {
    line_feeds: usize,
    characters: usize,
    /// The byte at which the line begins that goes on into the block, and the characters before it.
    line: (usize, usize),
}

impl<'t> Places<'t> {
    /// Reads a text once.
    pub fn of(text: &'t str) -> Self {
        let mut blocks = vec![Block::default()];
        let mut now = Block::default();
        for (at, byte) in text.bytes().enumerate() {
            if at % BLOCK == 0 && at > 0 {
                blocks.push(now);
            }
            now.pass(at, byte);
        }
        Self { text, blocks }
    }

    /// The text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The line and column of a byte. A byte past the end is at the end.
    pub fn position(&self, byte: usize) -> Position {
        let at = self.at(byte);
        Position { line: at.line_feeds + 1, column: at.characters - at.line.1 + 1 }
    }

    /// The byte at which the line begins that holds a byte.
    pub fn line_start(&self, byte: usize) -> usize {
        self.at(byte).line.0
    }

    /// What is before a byte.
    fn at(&self, byte: usize) -> Block {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let block = (byte / BLOCK).min(self.blocks.len() - 1);
        let mut now = self.blocks[block];
        let bytes = &self.text.as_bytes()[block * BLOCK..byte];
        bytes.iter().enumerate().for_each(|(at, byte)| now.pass(block * BLOCK + at, *byte));
        now
    }
}

impl Block {
    /// Goes on by one byte.
    fn pass(&mut self, at: usize, byte: u8) {
        // Not a byte within a character.
        self.characters += usize::from(byte & 0xC0 != 0x80);
        if byte == b'\n' {
            self.line_feeds += 1;
            self.line = (at + 1, self.characters);
        }
    }
}

/// The byte at which a line (from 1) starts; the end of the text for a line past it.
pub fn line_start(text: &str, line: usize) -> usize {
    if line <= 1 {
        return 0;
    }
    text.match_indices('\n').nth(line - 2).map_or(text.len(), |(at, _)| at + 1)
}

/// A file in the docs folder: relative to it, with `/` between its parts on every system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocPath(Arc<str>);

impl DocPath {
    /// A path from its parts, `billing/refunds.md`. The parts are taken as they are.
    pub fn new(path: impl Into<Arc<str>>) -> Self {
        Self(path.into())
    }

    /// The path with `/` between its parts.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder that holds it; empty for the docs folder itself.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The last part.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// The path that `relative` names, seen from this file's folder; `None` where it leaves the
    /// docs folder or starts at the root of the disk.
    pub fn resolve(&self, relative: &str) -> Option<DocPath> {
        if relative.starts_with('/') || relative.contains('\\') {
            return None;
        }
        let mut parts: Vec<&str> = self.folder().split('/').filter(|part| !part.is_empty()).collect();
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        Some(Self(parts.join("/").into()))
    }
}

impl DocPath {
    /// The relative path from the folder of `file` to this one, as a link in that file has it.
    pub fn seen_from(&self, file: &DocPath) -> String {
        let from: Vec<&str> = file.folder().split('/').filter(|part| !part.is_empty()).collect();
        let to: Vec<&str> = self.0.split('/').collect();
        let shared = from.iter().zip(&to[..to.len() - 1]).take_while(|(one, other)| one == other).count();
        let up = std::iter::repeat_n("..", from.len() - shared);
        up.chain(to[shared..].iter().copied()).collect::<Vec<_>>().join("/")
    }
}

impl fmt::Display for DocPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The first 16 bytes of a SHA-256, in hex: the identity of a text in the lock and in plans.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "Cow<'_, str>")]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        Self::first_half(&sha2::Sha256::digest(bytes.as_ref()))
    }

    /// The digest of the bytes that were given to a hash.
    pub fn finished(hash: sha2::Sha256) -> Self {
        Self::first_half(&hash.finalize())
    }

    fn first_half(bytes: &[u8]) -> Self {
        let mut digits = [0; 32];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
            pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
        Self(digits)
    }

    /// The first 10 hex digits, for names.
    pub fn short(&self) -> &str {
        &self.as_str()[..10]
    }

    /// The hex digits.
    pub fn as_str(&self) -> &str {
        // They are ASCII wherever they come from.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Digest").field(&self.as_str()).finish()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.as_str().to_owned()
    }
}

impl TryFrom<Cow<'_, str>> for Digest {
    type Error = &'static str;

    fn try_from(text: Cow<'_, str>) -> Result<Self, Self::Error> {
        let is_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let digits: [u8; 32] = text.as_bytes().try_into().map_err(|_| "a digest has 32 digits")?;
        if digits.iter().all(is_hex) { Ok(Self(digits)) } else { Err("a digest is written in hex") }
    }
}

/// The SHA-256 of a file's bytes, 64 hex digits: the identity of an image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sha256(String);

impl Sha256 {
    /// The SHA-256 of some bytes.
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        Self(hex(&sha2::Sha256::digest(bytes.as_ref())))
    }

    /// The first 10 hex digits, for names.
    pub fn short(&self) -> &str {
        &self.0[..10.min(self.0.len())]
    }

    /// The hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text with its first letter in upper case.
pub fn capitalized(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// The id of a text as a file in Git.
///
/// Git may keep a file with other line ends than the working tree (`core.autocrlf`, `.gitattributes`).
/// So of a text with CRLF both ids are kept, the one with LF first, as `LF+CRLF`; it equals the same
/// text with LF.
#[derive(Debug, Clone, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GitBlob(String);

impl GitBlob {
    /// The id of a text.
    pub fn of(text: &str) -> Self {
        let id = |text: &str| {
            let mut hash = Sha1::new();
            hash.update(format!("blob {}\0", text.len()));
            hash.update(text);
            hex(&hash.finalize())
        };
        if !text.contains("\r\n") {
            return Self(id(text));
        }
        Self(format!("{}+{}", id(&text.replace("\r\n", "\n")), id(text)))
    }

    /// The ids under which Git may keep the text.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.split('+')
    }
}

impl PartialEq for GitBlob {
    fn eq(&self, other: &Self) -> bool {
        self.ids().next() == other.ids().next()
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        hex.extend([byte >> 4, byte & 15].map(|half| char::from(DIGITS[usize::from(half)])));
    }
    hex
}

/// A time as people are shown it, to the minute.
pub fn minute(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// The text without the control characters that could steer a terminal: all but line feed and
/// tab become `\u{fffd}`, and so do the invisible ones that reorder text.
pub fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Like [`harmless`], on one line: a line break becomes a visible character, so that no text from a
/// stranger looks like a line of ours.
pub fn one_line(text: &str) -> String {
    harmless(text).replace(['\n', '\u{2028}', '\u{2029}'], "\u{21b5}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_a_line_or_steers_a_terminal_is_seen() {
        assert_eq!(
            one_line("a\nb\r\u{85}c\u{2028}d\u{9b}31m\u{1b}[2J"),
            "a\u{21b5}b\u{fffd}\u{fffd}c\u{21b5}d\u{fffd}31m\u{fffd}[2J"
        );
        assert_eq!(one_line("a\tb \u{e9}"), "a\tb \u{e9}");
    }

    #[test]
    fn a_position_counts_characters_not_bytes() {
        let text = "a\nßx";
        assert_eq!(position(text, 4), Position { line: 2, column: 2 });
        assert_eq!(position(text, 99), Position { line: 2, column: 3 });
        assert_eq!(Places::of(text).line_start(4), 2);
        assert_eq!(line_start(text, 2), 2);
        assert_eq!(line_start(text, 9), text.len());
    }

    #[test]
    fn every_place_of_a_long_text_is_that_of_counting() {
        let text: String = (0..900).map(|n| if n % 7 == 0 { "\u{df}\n" } else { "ab\u{30ab}" }).collect();
        let places = Places::of(&text);
        for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let before = &text[..at];
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let line = before.matches('\n').count() + 1;
            let column = before[start..].chars().count() + 1;
            assert_eq!((places.position(at), places.line_start(at)), (Position { line, column }, start));
        }
    }

    #[test]
    fn a_path_cannot_leave_the_docs_folder() {
        let from = DocPath::new("billing/refunds.md");
        assert_eq!(from.resolve("images/a.png"), Some(DocPath::new("billing/images/a.png")));
        assert_eq!(from.resolve("../a.png"), Some(DocPath::new("a.png")));
        assert_eq!(from.resolve("../../etc/passwd"), None);
        assert_eq!(from.resolve("/etc/passwd"), None);
        assert_eq!(from.resolve("..\\..\\x"), None);
    }

    #[test]
    fn a_blob_is_named_as_git_names_it() {
        assert_eq!(GitBlob::of("hello\n").0, "ce013625030ba8dba906f756967f9e9ca394464a");
        let windows = GitBlob::of("hello\r\n");
        assert_eq!(windows, GitBlob::of("hello\n"));
        assert_eq!(windows.ids().collect::<Vec<_>>().len(), 2);
        assert_ne!(windows, GitBlob::of("hello\r\n\r\n"));
    }

    #[test]
    fn harmless_text_cannot_steer_a_terminal() {
        assert_eq!(harmless("a\x1b[2Jb\u{202e}c\n"), "a\u{fffd}[2Jb\u{fffd}c\n");
    }
}
