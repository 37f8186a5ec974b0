//! What of a text is looked at: its headings, links, images and tables, its words, and how they read.
//!
//! A text is walked through once; what is kept of it is small beside its HTML. Words are those of Unicode. In
//! scripts without spaces each sign is one, and two of them count as a word.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::html::Body;
use crate::html::tree::{Block, Cell, Piece, Run, plain};
use crate::text::DocPath;

/// What of a text is looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// Its headings, in order.
    pub headings: Vec<Heading>,
    /// Its links, in order. One whose words have several marks is one link.
    pub links: Vec<Link>,
    /// Its pictures, in order.
    pub pictures: Vec<Picture>,
    /// Its tables, in order.
    pub tables: Vec<Table>,
    /// Its longest stretch of prose without a break: how many words, and how it begins.
    pub longest: (usize, String),
    /// Its words block by block, headings and code too.
    pub passages: Vec<String>,
    /// How many blocks of code and alerts it has.
    pub blocks: Blocks,
    /// How many words it has.
    pub words: usize,
    /// What its reading level is worked out of; prose alone.
    pub prose: Prose,
}

/// How many blocks of a kind a text has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Blocks {
    /// Blocks of code.
    pub code: usize,
    /// Callouts.
    pub callouts: usize,
    /// Videos.
    pub videos: usize,
}

/// Sums over the prose of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Prose {
    /// Sentences.
    pub sentences: usize,
    /// Words.
    pub words: usize,
    /// Syllables, counted as English has them.
    pub syllables: usize,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its anchor.
    pub id: Option<String>,
    /// Its words.
    pub text: String,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The address as it is written.
    pub href: String,
    /// The words that it is on.
    pub words: String,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its address.
    pub src: String,
    /// Its alternative text.
    pub alt: String,
    /// The file of the docs folder that it is.
    pub file: Option<DocPath>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// How many columns it has.
    pub columns: usize,
    /// How wide it is at least: no word is broken.
    pub narrowest: usize,
    /// The words of its first cell that has any.
    pub begins: String,
}

/// How wide a sign is in a table, in pixels; a rough mean of Intercom's font at 16 pixels.
const SIGN: usize = 8;

/// What a cell adds to the width of its words, in pixels: padding and border.
const CELL: usize = 17;

/// A word is broken by the browser where it is longer than this many signs, as addresses are.
const LONGEST_WORD: usize = 24;

/// From how many words on a passage is prose, so that labels and steps of two words are none.
const PROSE: usize = 5;

impl Facts {
    /// Walks through a text.
    pub fn of(body: &Body) -> Self {
        let mut facts = Self::default();
        facts.walk(&body.blocks);
        facts.words = facts.passages.iter().map(|passage| words(passage)).sum();
        facts
    }

    fn walk(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Heading { level, id, text, .. } => {
                    let words = spaced(&plain(text));
                    self.headings.push(Heading { level: *level, id: id.clone(), text: words.clone() });
                    self.runs(text);
                    self.passage(words);
                }
                Block::Details { summary, .. } => {
                    self.runs(summary);
                    self.passage(spaced(&plain(summary)));
                }
                Block::Paragraph { text, .. } => self.paragraph(text),
                Block::Code { text } => {
                    self.blocks.code += 1;
                    self.passage(spaced(text));
                }
                Block::Image { image, link, .. } => {
                    let file = image.file.as_ref().map(|file| file.path.clone());
                    self.pictures.push(Picture { src: image.src.clone(), alt: image.alt.clone(), file });
                    self.links.extend(link.iter().map(|href| Link { href: href.clone(), words: image.alt.clone() }));
                }
                Block::Button { href, label, .. } => {
                    self.links.extend(href.iter().map(|href| Link { href: href.clone(), words: label.clone() }));
                    self.passage(spaced(label));
                }
                Block::Table { rows, .. } => self.tables.push(table(rows)),
                Block::Callout { .. } => self.blocks.callouts += 1,
                Block::Video { .. } => self.blocks.videos += 1,
                Block::List { .. } | Block::Rule | Block::Other { .. } => {}
            }
            block.inner().for_each(|inner| self.walk(inner));
        }
    }

    fn paragraph(&mut self, text: &[Run]) {
        self.runs(text);
        for stretch in text.split(|run| run.piece == Piece::Break) {
            let stretch = spaced(&plain(stretch));
            let count = words(&stretch);
            if count > self.longest.0 {
                self.longest = (count, beginning(&stretch));
            }
            if count >= PROSE {
                self.prose.sentences += stretch.unicode_sentences().count();
                for word in stretch.unicode_words() {
                    self.prose.words += 1;
                    self.prose.syllables += syllables(word);
                }
            }
        }
        self.passage(spaced(&plain(text)));
    }

    fn passage(&mut self, text: String) {
        if !text.is_empty() {
            self.passages.push(text);
        }
    }

    /// The links in some runs. Neighbours with one address are one link.
    fn runs(&mut self, runs: &[Run]) {
        let mut before: Option<&str> = None;
        for run in runs {
            let href = run.marks.link.as_deref();
            let words = if let Piece::Text(words) = &run.piece { words.as_str() } else { " " };
            match (href, self.links.last_mut()) {
                (Some(href), Some(last)) if before == Some(href) => last.words.push_str(words),
                (Some(href), _) => self.links.push(Link { href: href.to_owned(), words: words.to_owned() }),
                (None, _) => {}
            }
            before = href;
        }
    }
}

/// The widths of a table.
fn table(rows: &[Vec<Cell>]) -> Table {
    let columns = rows.iter().map(|row| row.iter().map(|cell| usize::from(cell.columns.max(1))).sum()).max();
    let mut widths = vec![0; columns.unwrap_or(0)];
    let mut begins = String::new();
    for row in rows {
        let mut at = 0;
        for cell in row {
            let mut inside = Facts::default();
            inside.walk(&cell.blocks);
            if begins.is_empty() {
                begins = inside.passages.first().map(|passage| beginning(passage)).unwrap_or_default();
            }
            let words = inside.passages.iter().flat_map(|passage| passage.split_whitespace());
            let widest = words.map(|word| word.chars().count()).filter(|signs| *signs <= LONGEST_WORD).max();
            let columns = usize::from(cell.columns.max(1));
            // What takes several columns is shared by them, which is no reason for any to be wide.
            if columns == 1
                && let Some(width) = widths.get_mut(at)
            {
                *width = (*width).max(widest.unwrap_or(0));
            }
            at += columns;
        }
    }
    let narrowest = widths.iter().map(|signs| signs * SIGN + CELL).sum();
    Table { columns: columns.unwrap_or(0), narrowest, begins }
}

/// How many words a text has.
pub(super) fn words(text: &str) -> usize {
    let halves = |word: &str| {
        let mut signs = word.chars();
        match (signs.next(), signs.next()) {
            (Some(sign), None) if is_without_spaces(sign) => 1,
            _ => 2,
        }
    };
    text.unicode_words().map(halves).sum::<usize>().div_ceil(2)
}

/// Whether a sign is of a script that puts no spaces between words.
fn is_without_spaces(sign: char) -> bool {
    matches!(u32::from(sign), 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0x20000..=0x3FFFF)
}

/// The syllables of an English word, near enough for a mean: groups of vowels, but for a silent `e`.
fn syllables(word: &str) -> usize {
    let lower = word.to_lowercase();
    let is_vowel = |c: char| "aeiouy".contains(c);
    let mut groups = 0;
    let mut was_vowel = false;
    for sign in lower.chars() {
        groups += usize::from(is_vowel(sign) && !was_vowel);
        was_vowel = is_vowel(sign);
    }
    let is_silent = lower.ends_with('e') && !lower.ends_with("le") || lower.ends_with("ed") && !lower.ends_with("ted");
    groups.saturating_sub(usize::from(is_silent && groups > 1)).max(1)
}

/// The text with one space for each run of white space, and none at its ends.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first words of a text, for a person to find it by.
pub(super) fn beginning(text: &str) -> String {
    const WORDS: usize = 8;
    const SIGNS: usize = 60;
    let all: Vec<&str> = text.split_whitespace().collect();
    let mut begins = all.iter().take(WORDS).copied().collect::<Vec<_>>().join(" ");
    let is_cut = all.len() > WORDS || begins.chars().count() > SIGNS;
    if let Some((end, _)) = begins.char_indices().nth(SIGNS) {
        begins.truncate(end);
    }
    if is_cut { format!("{begins}…") } else { begins }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::parse;

    #[test]
    fn everything_is_found_however_deep_it_is() {
        let facts = Facts::of(&parse(
            "<h1 id=\"h_0000000001\">One</h1><table><tr><td><p><a href=\"https://a.example\">a <b>b</b></a></p></td>\
             <td><img src=\"https://a.example/x.png\" alt=\"x\"></td></tr></table>\
             <div class=\"intercom-interblocks-callout\"><p><a href=\"https://b.example\">c</a></p></div>\
             <details><summary>More</summary><div class=\"collapsible-section-content\"><h2>Two</h2></div></details>",
        ));
        let links: Vec<_> = facts.links.iter().map(|link| (link.href.as_str(), link.words.as_str())).collect();
        assert_eq!(links, [("https://a.example", "a b"), ("https://b.example", "c")]);
        assert_eq!(facts.headings.iter().map(|heading| heading.text.as_str()).collect::<Vec<_>>(), ["One", "Two"]);
        assert_eq!((facts.pictures.len(), facts.tables.len(), facts.blocks.callouts), (1, 1, 1));
        assert_eq!(facts.passages, ["One", "a b", "c", "More", "Two"]);
    }

    #[test]
    fn a_table_is_as_wide_as_its_longest_words() {
        let facts = Facts::of(&parse(
            "<table><tr><td>a bb ccc</td><td>d</td></tr><tr><td colspan=\"2\">eeeeeeeeee</td></tr></table>",
        ));
        assert_eq!(facts.tables, [Table { columns: 2, narrowest: 4 * SIGN + 2 * CELL, begins: "a bb ccc".to_owned() }]);
    }

    #[test]
    fn a_line_break_ends_a_stretch_of_prose() {
        let facts = Facts::of(&parse("<p>one two three<br>four five six seven</p><p>eight</p>"));
        assert_eq!(facts.longest, (4, "four five six seven".to_owned()));
        assert_eq!(facts.words, 8);
    }

    #[test]
    fn words_are_counted_in_every_script() {
        assert_eq!(words("It isn't 3.5 km"), 4);
        assert_eq!(words("東京都に行く"), 3);
        assert_eq!(words(""), 0);
    }

    #[test]
    fn syllables_are_near_enough() {
        for (word, count) in
            [("cat", 1), ("table", 2), ("make", 1), ("opened", 2), ("started", 2), ("the", 1), ("x", 1)]
        {
            assert_eq!(syllables(word), count, "{word}");
        }
    }
}
