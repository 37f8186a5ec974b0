//! Lines for a terminal: pieces in their colours, broken between words to a width.
//!
//! What comes after a break starts where the text of its line started. A width is counted as a
//! terminal counts it. A command between backticks stays whole, so that it can be copied, and
//! neither a mark of a change nor a word is cut in two, but for a word that is wider than the line.
//! Without a width nothing is broken: in a pipe a line is a line.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::paint::Paint;

/// Less than this is left to the terminal: what wraps to a few characters cannot be read.
const NARROWEST: usize = 24;

/// A piece of a line, and how it is coloured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    tone: Tone,
    text: String,
}

/// How a piece is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Bold,
    Dim,
    Fresh,
    Old,
    Odd,
    Bad,
}

impl Tone {
    /// A piece in this tone.
    pub fn piece(self, text: impl Into<String>) -> Piece {
        Piece { tone: self, text: text.into() }
    }

    fn paint(self, paint: Paint, text: &str) -> String {
        match self {
            Tone::Plain => text.to_owned(),
            Tone::Bold => paint.bold(text),
            Tone::Dim => paint.dim(text),
            Tone::Fresh => paint.fresh(text),
            Tone::Old => paint.old(text),
            Tone::Odd => paint.odd(text),
            Tone::Bad => paint.bad(text),
        }
    }
}

impl Piece {
    /// The piece in its colour.
    pub fn painted(&self, paint: Paint) -> String {
        self.tone.paint(paint, &self.text)
    }
}

/// A line that starts after `indent` spaces, with its line end.
pub(super) fn line(indent: usize, pieces: &[Piece], paint: Paint, width: Option<usize>) -> String {
    let margin = " ".repeat(indent);
    let lines = match width.map(|width| width.saturating_sub(indent)).filter(|room| *room >= NARROWEST) {
        Some(room) => broken(pieces, room),
        None => vec![pieces.to_vec()],
    };
    let mut out = String::new();
    for pieces in lines {
        out.push_str(&margin);
        pieces.iter().for_each(|piece| out.push_str(&piece.painted(paint)));
        out.push('\n');
    }
    out
}

/// Text of several lines, each broken to the width with its own indentation. Colours may be in it.
pub(super) fn text(text: &str, width: Option<usize>) -> String {
    let broken = |whole: &str| {
        let rest = whole.trim_start_matches(' ');
        let indent = whole.len() - rest.len();
        line(indent, &[Tone::Plain.piece(rest)], Paint::Plain, width)
    };
    text.lines().map(broken).collect()
}

/// A line of which what comes after a break starts after `indent` spaces.
pub(super) fn hanging(indent: usize, text: &str, width: Option<usize>) -> String {
    line(indent, &[Tone::Plain.piece(text)], Paint::Plain, width).trim_start().to_owned()
}

/// How many columns a text takes; a colour takes none.
fn columns(text: &str) -> usize {
    if text.contains('\u{1b}') { anstream::adapter::strip_str(text).to_string().width() } else { text.width() }
}

/// Pieces in lines that are no wider than `room`.
fn broken(pieces: &[Piece], room: usize) -> Vec<Vec<Piece>> {
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    let (mut used, mut space) = (0, Vec::new());
    for word in words(pieces) {
        if word.is_space {
            space.push(word.pieces);
            continue;
        }
        let gap: usize = space.iter().flatten().map(|piece| columns(&piece.text)).sum();
        let wide = word.width();
        if used > 0 && used + gap + wide > room {
            // The space at a break is the break.
            lines.push(Vec::new());
            (used, space) = (0, Vec::new());
        }
        let pieces = if wide > room && !word.is_whole { cut(word.pieces, room) } else { vec![word.pieces] };
        for (at, pieces) in pieces.into_iter().enumerate() {
            if at > 0 {
                lines.push(Vec::new());
                used = 0;
            }
            for piece in space.drain(..).flatten().chain(pieces) {
                used += columns(&piece.text);
                if let Some(line) = lines.last_mut() {
                    line.push(piece);
                }
            }
        }
    }
    lines
}

/// What is not broken: a word in one or more tones, a command, or the space between two.
struct Word {
    pieces: Vec<Piece>,
    is_space: bool,
    is_whole: bool,
}

impl Word {
    fn width(&self) -> usize {
        self.pieces.iter().map(|piece| columns(&piece.text)).sum()
    }
}

fn words(pieces: &[Piece]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut in_command = false;
    for piece in pieces {
        // A command in backticks that is not ended in its piece is none.
        let mut ticks = piece.text.matches('`').count();
        for part in piece.text.split_word_bounds() {
            if part == "`" {
                in_command = !in_command && ticks > 1;
                ticks -= 1;
            }
            let is_space = !in_command && part.chars().all(char::is_whitespace);
            let whole = Piece { tone: piece.tone, text: part.to_owned() };
            match words.last_mut() {
                Some(last) if !last.is_space && !is_space => {
                    last.is_whole |= in_command;
                    match last.pieces.last_mut() {
                        Some(before) if before.tone == piece.tone => before.text.push_str(part),
                        _ => last.pieces.push(whole),
                    }
                }
                _ => words.push(Word { pieces: vec![whole], is_space, is_whole: in_command }),
            }
        }
        in_command = false;
    }
    glued(words)
}

/// Puts the space that follows the opening of a mark, or comes before its end, to the word there.
fn glued(words: Vec<Word>) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut glue = false;
    for word in words {
        let text: String = word.pieces.iter().map(|piece| piece.text.as_str()).collect();
        let ends = !word.is_space && ["-]", "+}"].iter().any(|mark| text.starts_with(mark));
        let at = if ends && out.last().is_some_and(|last| last.is_space) { out.len().checked_sub(2) } else { None };
        if let Some(at) = at {
            // Word, space, end of the mark: all one.
            let space = out.remove(at + 1);
            out[at].pieces.extend(space.pieces);
            out[at].pieces.extend(word.pieces);
        } else if glue && let Some(last) = out.last_mut() {
            last.pieces.extend(word.pieces);
            last.is_space = false;
        } else {
            out.push(word);
        }
        glue = ["[-", "{+"].iter().any(|mark| text.ends_with(mark)) || (glue && text.trim().is_empty());
    }
    out
}

/// A word that is wider than the line, cut to its width.
fn cut(pieces: Vec<Piece>, room: usize) -> Vec<Vec<Piece>> {
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    let mut used = 0;
    for Piece { tone, text } in pieces {
        // The marks stay whole.
        let is_mark = |at: usize| ["[-", "-]", "{+", "+}"].iter().any(|mark| text[at..].starts_with(mark));
        let mut rest = 0;
        for (at, sign) in text.grapheme_indices(true) {
            if at < rest {
                continue;
            }
            let sign = if is_mark(at) { &text[at..at + 2] } else { sign };
            rest = at + sign.len();
            if used > 0 && used + sign.width() > room {
                lines.push(Vec::new());
                used = 0;
            }
            used += sign.width();
            if let Some(line) = lines.last_mut() {
                match line.last_mut() {
                    Some(last) if last.tone == tone => last.text.push_str(sign),
                    _ => line.push(Piece { tone, text: sign.to_owned() }),
                }
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(width: usize, pieces: &[Piece], expected: &str) {
        assert_eq!(line(2, pieces, Paint::Plain, Some(width)), expected);
    }

    #[test]
    fn a_long_line_is_broken_between_words_with_its_indentation() {
        let text = [Tone::Plain.piece("one two three four five six seven eight nine ten")];
        check(30, &text, "  one two three four five six\n  seven eight nine ten\n");
        assert_eq!(line(2, &text, Paint::Plain, None), "  one two three four five six seven eight nine ten\n");
    }

    #[test]
    fn a_message_is_broken_as_wide_as_it_is_seen_and_its_command_is_whole() {
        let message = "\u{1b}[1mhint\u{1b}[0m: look at it, then run `helpbook apply billing/refunds.md` again";
        let shown = |width| anstream::adapter::strip_str(&text(message, width)).to_string();
        assert_eq!(shown(Some(50)), "hint: look at it, then run\n`helpbook apply billing/refunds.md` again\n");
        assert_eq!(shown(Some(80)).lines().count(), 1);
        assert_eq!(shown(None).lines().count(), 1);
        for width in [60, 80, 100, 200] {
            assert!(shown(Some(width)).lines().all(|line| line.len() <= width), "{width}");
        }
    }

    #[test]
    fn width_is_what_a_terminal_shows() {
        let text = [Tone::Plain.piece("日本語日本語日本語 日本語日本語日本語")];
        check(30, &text, "  日本語日本語日本語 \n".replace(" \n", "\n").as_str().repeat(2).as_str());
    }

    #[test]
    fn a_mark_is_never_cut() {
        let text = [
            Tone::Plain.piece("aaaaaaaaaaaaaaaaaa aaa"),
            Tone::Old.piece("[- one two-]"),
            Tone::Fresh.piece("{+three +}"),
            Tone::Plain.piece("z"),
        ];
        check(30, &text, "  aaaaaaaaaaaaaaaaaa aaa[- one\n  two-]{+three +}z\n");
        let long = [Tone::Old.piece(format!("[-{}-]", "x".repeat(27)))];
        check(30, &long, &format!("  [-{}\n  x-]\n", "x".repeat(26)));
    }

    #[test]
    fn a_command_stays_whole_even_where_it_is_too_wide() {
        let text = [Tone::Plain.piece("run `helpbook pull billing/refunds.md and/more` to take it")];
        check(30, &text, "  run\n  `helpbook pull billing/refunds.md and/more`\n  to take it\n");
        let open = [Tone::Plain.piece("an odd ` in the middle of a text")];
        check(30, &open, "  an odd ` in the middle of a\n  text\n");
    }

    #[test]
    fn colour_ends_with_each_line() {
        let text = [Tone::Old.piece("one two three four five six seven")];
        let shown = line(2, &text, Paint::Colored, Some(30));
        assert_eq!(shown.lines().count(), 2);
        assert!(shown.lines().all(|line| line.ends_with("\u{1b}[0m")), "{shown:?}");
    }

    #[test]
    fn no_character_is_lost_and_no_line_is_wider() {
        proptest::proptest!(|(words in proptest::collection::vec("[a-z日é\\[\\]{}+-]{1,40}", 0..20), width in 26usize..60)| {
            let text = words.join(" ");
            let shown = line(2, &[Tone::Plain.piece(text.clone())], Paint::Plain, Some(width));
            let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(squeezed(&shown), squeezed(&text));
            proptest::prop_assert!(shown.lines().all(|line| line.width() <= width), "{}", shown);
        });
    }
}
