//! A page of Markdown with its fenced blocks, and what a run says they are.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

/// A fenced block.
pub struct Block {
    /// The nearest heading above it, without its signs; nothing at the top of a page.
    pub heading: String,
    /// The language: what follows the fence.
    pub language: String,
    /// The line of its fence, from 1.
    pub line: usize,
    /// How far it is indented.
    indent: usize,
    /// The lines within it, from 0.
    lines: Range<usize>,
}

/// A page, and the blocks that a run made for it.
pub struct Page {
    path: String,
    text: String,
    made: BTreeMap<(String, String), Vec<String>>,
}

/// A block and what a run says it is.
struct Made<'a> {
    block: Block,
    text: &'a str,
}

/// The language of a transcript.
pub const TRANSCRIPT: &str = "console";

impl Page {
    pub fn open(path: &str) -> Self {
        let text = std::fs::read_to_string(file(path)).unwrap();
        Self { path: path.to_owned(), text, made: BTreeMap::new() }
    }

    /// Says what the next transcript below a heading is.
    pub fn shows(&mut self, heading: &str, text: impl Into<String>) {
        self.shows_as(TRANSCRIPT, heading, text);
    }

    /// Says what the next block of another language below a heading is.
    pub fn shows_as(&mut self, language: &str, heading: &str, text: impl Into<String>) {
        let made = self.made.entry((heading.to_owned(), language.to_owned())).or_default();
        made.push(text.into());
    }

    pub fn blocks(&self) -> Vec<Block> {
        blocks(&self.text)
    }

    /// What is wrong with the page: blocks that a run makes otherwise, or not at all.
    pub fn wrong(&self) -> Vec<String> {
        let (lines, mut wrong) = (self.text.lines().collect::<Vec<_>>(), Vec::new());
        for Made { block, text } in self.pairs(&mut wrong) {
            let is = block.content(&lines);
            if is != *text {
                let place = self.place(&block);
                wrong.push(format!("{place}: the page has\n{is}\nand the run gives\n{text}\n"));
            }
        }
        wrong
    }

    /// Writes what the run made into the page. Whether something was another.
    pub fn write(&self) -> bool {
        let mut lines: Vec<String> = self.text.lines().map(str::to_owned).collect();
        let mut pairs = self.pairs(&mut Vec::new());
        pairs.sort_by_key(|made| made.block.line);
        for Made { block, text } in pairs.iter().rev() {
            let indent = " ".repeat(block.indent);
            let text = text.lines().map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") });
            lines.splice(block.lines.clone(), text);
        }
        let text = lines.join("\n") + "\n";
        let is_another = text != self.text;
        if is_another {
            std::fs::write(file(&self.path), text).unwrap();
        }
        is_another
    }

    /// Every block of which a run says what it is; what has no partner is wrong.
    fn pairs(&self, wrong: &mut Vec<String>) -> Vec<Made<'_>> {
        let mut made: BTreeMap<_, _> = self.made.iter().map(|(key, texts)| (key.clone(), texts.iter())).collect();
        let mut pairs = Vec::new();
        for block in self.blocks() {
            let key = (block.heading.clone(), block.language.clone());
            match made.get_mut(&key).map(Iterator::next) {
                Some(Some(text)) => pairs.push(Made { block, text }),
                Some(None) => wrong.push(format!("{}: no run makes this block", self.place(&block))),
                None if block.language == TRANSCRIPT => {
                    wrong.push(format!("{}: no run makes this transcript", self.place(&block)));
                }
                None => {}
            }
        }
        for ((heading, language), left) in made {
            wrong.extend(left.map(|text| format!("{}: no `{language}` below \"{heading}\" for\n{text}", self.path)));
        }
        pairs
    }

    fn place(&self, block: &Block) -> String {
        format!("{}:{} \"{}\"", self.path, block.line, block.heading)
    }
}

impl Block {
    fn content(&self, lines: &[&str]) -> String {
        let without = |line: &&str| line.get(self.indent..).unwrap_or_default().to_owned();
        lines[self.lines.clone()].iter().map(without).collect::<Vec<_>>().join("\n")
    }
}

pub fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn blocks(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut blocks, mut heading, mut at) = (Vec::new(), String::new(), 0);
    while at < lines.len() {
        let line = lines[at].trim_start();
        let ticks = line.len() - line.trim_start_matches('`').len();
        if ticks >= 3 {
            let end = (at + 1..lines.len()).find(|&end| lines[end].trim() == "`".repeat(ticks)).unwrap_or(lines.len());
            blocks.push(Block {
                heading: heading.clone(),
                language: line[ticks..].trim().to_owned(),
                line: at + 1,
                indent: lines[at].len() - line.len(),
                lines: at + 1..end,
            });
            at = end;
        } else if line.starts_with('#') && lines[at].starts_with('#') {
            heading = line.trim_start_matches('#').trim().to_owned();
        }
        at += 1;
    }
    blocks
}

#[test]
fn blocks_have_a_heading_a_language_and_lines() {
    let text = "a\n```console\n$ a\n```\n## One\n\n- b\n\n  ````\n  ```\n  # c\n  ````\n";
    let lines: Vec<&str> = text.lines().collect();
    let found: Vec<_> = blocks(text)
        .iter()
        .map(|block| (block.heading.clone(), block.language.clone(), block.content(&lines)))
        .collect();
    let is = |heading: &str, language: &str, text: &str| (heading.to_owned(), language.to_owned(), text.to_owned());
    assert_eq!(found, [is("", "console", "$ a"), is("One", "", "```\n# c")]);
}
