//! Two bodies side by side: which blocks belong together, and which words of them differ.
//!
//! Blocks are compared in canonical form, each by itself; those that are alike are compared word by
//! word, and what stands in them is compared the same way. The result is data: every block of both
//! bodies, with a mark where it differs. How that looks is the business of `report`.

use std::mem::discriminant;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation as _;

use super::canonical::normal_block;
use super::own::Own;
use crate::html::render::doc_link::DocLink;
use crate::html::tree::style;
use crate::html::tree::write;
use crate::html::tree::{
    Block, Body, Cell, Image, Marks, Piece, Run, Style, for_each_block_mut, for_each_link_mut, plain,
};

/// Two blocks that belong together, or one that is on one side only.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'b> {
    /// The block as it was.
    pub old: Option<Marked<'b>>,
    /// The block as it will be.
    pub new: Option<Marked<'b>>,
}

impl Row<'_> {
    /// Whether both sides say the same.
    pub fn is_same(&self) -> bool {
        self.old.is_some() && self.new.is_some() && [&self.old, &self.new].into_iter().flatten().all(Marked::is_same)
    }
}

/// A block of one side, and what of it is not on the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked<'b> {
    /// The block.
    pub block: &'b Block,
    /// Whether it is on the other side.
    pub mark: Mark,
    /// Its own text; empty for a block that has none.
    pub text: Vec<Word>,
    /// What it holds, group by group as in [`Block::inner`].
    pub inner: Vec<Group<'b>>,
}

/// Blocks that a block holds together: an item, a cell, or all of a box.
#[derive(Debug, Clone, PartialEq)]
pub struct Group<'b> {
    /// How it differs apart from its blocks. Only cells have a formatting of their own.
    pub mark: Mark,
    /// Its blocks.
    pub blocks: Vec<Marked<'b>>,
}

/// How a block differs from the one on the other side, apart from its words and what stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Not at all.
    Same,
    /// By its formatting: a level, a colour, an alignment, an address, a size.
    Formatting,
    /// It is on this side only.
    Only,
}

/// A piece of text with its marks, as long as it is the same on both sides or is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The piece.
    pub run: Run,
    /// Whether it is on this side only.
    pub is_changed: bool,
}

/// A body as it is shown beside another one: in canonical form, but with the sizes of its pictures;
/// links to the docs name their files from the top.
pub fn side(body: &Body, own: &Own) -> String {
    let mut sizes = Vec::new();
    let mut shown = body.clone();
    for_each_picture(&mut shown, &mut |image| sizes.push((image.width, image.height)));
    shown = own.normal(&shown);
    let mut sizes = sizes.into_iter();
    for_each_picture(&mut shown, &mut |image| (image.width, image.height) = sizes.next().unwrap_or_default());
    for_each_link_mut(&mut shown.blocks, &mut |link| {
        if let Some(hole) = DocLink::parse(link).or_else(|| own.hole(link)) {
            *link = format!("/{}", hole.shown());
        }
    });
    write::html(&shown)
}

fn for_each_picture(body: &mut Body, act: &mut dyn FnMut(&mut Image)) {
    for_each_block_mut(&mut body.blocks, &mut |block| {
        if let Block::Image { image, .. } = block {
            act(image);
        }
    });
}

/// Both bodies, row by row.
pub fn compare<'b>(old: &'b Body, new: &'b Body) -> Vec<Row<'b>> {
    rows(&old.blocks, &new.blocks)
}

fn rows<'b>(old: &'b [Block], new: &'b [Block]) -> Vec<Row<'b>> {
    let texts = |blocks: &[Block]| blocks.iter().map(Sketch::of).collect::<Vec<_>>();
    let (old_sketches, new_sketches) = (texts(old), texts(new));
    let places = aligned(&old_sketches, &new_sketches);
    let row = |(old_at, new_at): (Option<usize>, Option<usize>)| match (old_at, new_at) {
        (Some(old_at), Some(new_at)) if old_sketches[old_at].key == new_sketches[new_at].key => {
            Row { old: Some(whole(&old[old_at], Mark::Same)), new: Some(whole(&new[new_at], Mark::Same)) }
        }
        (Some(old_at), Some(new_at)) if old_sketches[old_at].is_alike(&new_sketches[new_at]) => {
            let (old, new) = pair(&old[old_at], &new[new_at]);
            Row { old: Some(old), new: Some(new) }
        }
        (old_at, new_at) => {
            Row { old: old_at.map(|at| whole(&old[at], Mark::Only)), new: new_at.map(|at| whole(&new[at], Mark::Only)) }
        }
    };
    places.into_iter().map(row).collect()
}

/// What tells whether two things belong together.
struct Sketch {
    /// The same for what says the same.
    key: String,
    /// Only things of one kind are compared word by word.
    kind: Kind,
    /// Every word of it, sorted.
    words: Vec<String>,
}

#[derive(PartialEq)]
enum Kind {
    /// Headings and paragraphs become one another.
    Text,
    Block(std::mem::Discriminant<Block>),
    /// An item of a list, or a row of a table.
    Part,
}

impl Kind {
    fn of(block: &Block) -> Self {
        match block {
            Block::Heading { .. } | Block::Paragraph { .. } => Kind::Text,
            block => Kind::Block(discriminant(block)),
        }
    }
}

impl Sketch {
    fn of(block: &Block) -> Self {
        let mut alone = block.clone();
        normal_block(&mut alone);
        Self { key: write::html(&Body { blocks: vec![alone] }), kind: Kind::of(block), words: sorted_words(&[block]) }
    }

    /// Of an item or of a cell row: all blocks in it, with a mark where a new cell begins.
    fn of_part(part: &[Held<'_>]) -> Self {
        let mut key = String::new();
        for held in part {
            let mut blocks = held.blocks.to_vec();
            blocks.iter_mut().for_each(normal_block);
            key.push_str(&write::html(&Body { blocks }));
            key.push('\0');
        }
        let blocks: Vec<&Block> = part.iter().flat_map(|held| held.blocks).collect();
        Self { key, kind: Kind::Part, words: sorted_words(&blocks) }
    }

    /// Whether two things that differ are shown as one that changed.
    fn is_alike(&self, other: &Self) -> bool {
        self.likeness(other) > 0
    }

    /// How much of their words two things share, in a hundred; 0 where that is less than forty, or
    /// where they are of different kinds.
    fn likeness(&self, other: &Self) -> usize {
        if self.kind != other.kind {
            return 0;
        }
        let all = self.words.len() + other.words.len();
        if self.words.is_empty() || other.words.is_empty() {
            // Pictures without a text, an item that was empty.
            return if all == 0 || self.kind == Kind::Part { 40 } else { 0 };
        }
        let (mut one, mut two, mut shared) = (0, 0, 0);
        while let (Some(left), Some(right)) = (self.words.get(one), other.words.get(two)) {
            match left.cmp(right) {
                std::cmp::Ordering::Less => one += 1,
                std::cmp::Ordering::Greater => two += 1,
                std::cmp::Ordering::Equal => (one, two, shared) = (one + 1, two + 1, shared + 1),
            }
        }
        let likeness = shared * 200 / all;
        if likeness < 40 { 0 } else { likeness }
    }
}

fn sorted_words(blocks: &[&Block]) -> Vec<String> {
    fn collect(block: &Block, words: &mut Vec<String>) {
        let text = plain(&own_text(block));
        words.extend(text.unicode_words().map(str::to_owned));
        block.inner().flatten().for_each(|block| collect(block, words));
    }
    let mut words = Vec::new();
    blocks.iter().for_each(|block| collect(block, &mut words));
    words.sort_unstable();
    words
}

/// Which of the old stands beside which of the new; in the order in which both are read.
fn aligned(old: &[Sketch], new: &[Sketch]) -> Vec<(Option<usize>, Option<usize>)> {
    let keys = |sketches: &[Sketch]| sketches.iter().map(|sketch| sketch.key.clone()).collect::<Vec<_>>();
    let mut places = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &keys(old), &keys(new)) {
        let (old_at, new_at) = (op.old_range(), op.new_range());
        if let DiffOp::Equal { .. } = op {
            places.extend(old_at.zip(new_at).map(|(old, new)| (Some(old), Some(new))));
            continue;
        }
        // Up to the next pair that is alike, what is left on either side stands side by side.
        let (mut from, mut next) = (old_at.start, new_at.start);
        for (before, after) in partners(&old[old_at.clone()], &new[new_at.clone()]) {
            let (before, after) = (old_at.start + before, new_at.start + after);
            beside(from..before, next..after, &mut places);
            places.push((Some(before), Some(after)));
            (from, next) = (before + 1, after + 1);
        }
        beside(from..old_at.end, next..new_at.end, &mut places);
    }
    places
}

/// How many pairs are looked at, at most: beyond, nothing of two long texts belongs together.
const MOST_PAIRS: usize = 250_000;

/// Those that are alike, in the order of both, so that all of them together are as alike as can be.
fn partners(old: &[Sketch], new: &[Sketch]) -> Vec<(usize, usize)> {
    if old.len() * new.len() > MOST_PAIRS {
        return Vec::new();
    }
    // Of two that are as alike, the one that stands at the same place.
    let score = |at: usize, other: usize| match old[at].likeness(&new[other]) {
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
            pairs.push((at, other));
            (at, other) = (at + 1, other + 1);
        } else if best[at][other] == best[at + 1][other] {
            at += 1;
        } else {
            other += 1;
        }
    }
    pairs
}

fn beside(
    mut old: std::ops::Range<usize>,
    mut new: std::ops::Range<usize>,
    places: &mut Vec<(Option<usize>, Option<usize>)>,
) {
    loop {
        match (old.next(), new.next()) {
            (None, None) => return,
            row => places.push(row),
        }
    }
}

/// A block with one mark on all of it.
fn whole(block: &Block, mark: Mark) -> Marked<'_> {
    let word = |run| Word { run, is_changed: mark == Mark::Only };
    let inner = block.inner().map(|blocks| whole_group(blocks, mark));
    Marked { block, mark, text: own_text(block).into_iter().map(word).collect(), inner: inner.collect() }
}

fn whole_group(blocks: &[Block], mark: Mark) -> Group<'_> {
    Group { mark, blocks: blocks.iter().map(|block| whole(block, mark)).collect() }
}

/// Two blocks that are alike.
fn pair<'b>(old: &'b Block, new: &'b Block) -> (Marked<'b>, Marked<'b>) {
    let (old_text, new_text) = words(&own_text(old), &own_text(new));
    let (old_inner, new_inner) = match (old, new) {
        (Block::List { items: before, .. }, Block::List { items: after, .. }) => {
            let item = |blocks: &'b Vec<Block>| vec![Held { blocks, cell: None }];
            parts(&before.iter().map(item).collect::<Vec<_>>(), &after.iter().map(item).collect::<Vec<_>>())
        }
        (Block::Table { rows: before, .. }, Block::Table { rows: after, .. }) => {
            let held = |cell: &'b Cell| Held { blocks: &cell.blocks, cell: Some(cell) };
            let row = |cells: &'b Vec<Cell>| cells.iter().map(held).collect();
            parts(&before.iter().map(row).collect::<Vec<_>>(), &after.iter().map(row).collect::<Vec<_>>())
        }
        _ => old.inner().zip(new.inner()).map(|(old, new)| group(old, new, Mark::Same)).unzip(),
    };
    let mut old_side = Marked { block: old, mark: Mark::Same, text: old_text, inner: old_inner };
    let mut new_side = Marked { block: new, mark: Mark::Same, text: new_text, inner: new_inner };
    // If neither its words nor what it holds differ, its formatting does.
    let says_nothing = old_side.is_same() && new_side.is_same();
    if says_nothing || shell(old) != shell(new) {
        (old_side.mark, new_side.mark) = (Mark::Formatting, Mark::Formatting);
    }
    (old_side, new_side)
}

/// What an item or a cell holds.
#[derive(Clone, Copy)]
struct Held<'b> {
    blocks: &'b [Block],
    /// The cell, which has a formatting of its own.
    cell: Option<&'b Cell>,
}

impl Held<'_> {
    /// What is seen of a cell beside its text.
    fn formatting(self) -> Option<(Style, u16, u16)> {
        self.cell.map(|cell| (style::canonical(cell.style.clone()), cell.columns.max(1), cell.rows.max(1)))
    }
}

/// Items, or rows with their cells.
fn parts<'b>(old: &[Vec<Held<'b>>], new: &[Vec<Held<'b>>]) -> (Vec<Group<'b>>, Vec<Group<'b>>) {
    let sketches = |parts: &[Vec<Held<'_>>]| parts.iter().map(|part| Sketch::of_part(part)).collect::<Vec<_>>();
    let (old_sketches, new_sketches) = (sketches(old), sketches(new));
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let only = |part: &[Held<'b>], side: &mut Vec<Group<'b>>| {
        side.extend(part.iter().map(|held| whole_group(held.blocks, Mark::Only)));
    };
    for place in aligned(&old_sketches, &new_sketches) {
        match place {
            (Some(old_at), Some(new_at)) if old_sketches[old_at].is_alike(&new_sketches[new_at]) => {
                let shared = old[old_at].len().min(new[new_at].len());
                for (before, after) in old[old_at].iter().zip(&new[new_at]) {
                    let is_same = before.formatting() == after.formatting();
                    let mark = if is_same { Mark::Same } else { Mark::Formatting };
                    let (before, after) = group(before.blocks, after.blocks, mark);
                    left.push(before);
                    right.push(after);
                }
                only(&old[old_at][shared..], &mut left);
                only(&new[new_at][shared..], &mut right);
            }
            (old_at, new_at) => {
                only(old_at.map_or(&[], |at| &old[at]), &mut left);
                only(new_at.map_or(&[], |at| &new[at]), &mut right);
            }
        }
    }
    (left, right)
}

/// Two groups that belong together.
fn group<'b>(old: &'b [Block], new: &'b [Block], mark: Mark) -> (Group<'b>, Group<'b>) {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    // A cell, an item or a box with one text in it stays that one, whatever it says.
    if let ([old], [new]) = (old, new)
        && Kind::of(old) == Kind::of(new)
        && Sketch::of(old).key != Sketch::of(new).key
    {
        let (old, new) = pair(old, new);
        left.push(old);
        right.push(new);
    } else {
        for Row { old, new } in rows(old, new) {
            left.extend(old);
            right.extend(new);
        }
    }
    (Group { mark, blocks: left }, Group { mark, blocks: right })
}

/// The text that a block itself holds.
fn own_text(block: &Block) -> Vec<Run> {
    match block {
        Block::Heading { text, .. } | Block::Paragraph { text, .. } | Block::Details { summary: text, .. } => {
            text.clone()
        }
        Block::Code { text } | Block::Button { label: text, .. } => vec![Run::text(text.clone())],
        Block::Image { image, .. } => vec![Run::text(image.alt.clone())],
        Block::List { .. }
        | Block::Rule
        | Block::Table { .. }
        | Block::Callout { .. }
        | Block::Video { .. }
        | Block::Other { .. } => Vec::new(),
    }
}

/// A block without its words and without what stands in it.
fn shell(block: &Block) -> Block {
    let mut shell = block.clone();
    normal_block(&mut shell);
    match &mut shell {
        Block::Heading { text, .. } | Block::Paragraph { text, .. } | Block::Details { summary: text, .. } => {
            text.clear();
        }
        Block::Code { text } | Block::Button { label: text, .. } => text.clear(),
        Block::Image { image, .. } => image.alt.clear(),
        Block::List { items, .. } => items.clear(),
        Block::Table { rows, .. } => rows.clear(),
        Block::Callout { .. } | Block::Rule | Block::Video { .. } | Block::Other { .. } => {}
    }
    shell.inner_mut().for_each(Vec::clear);
    shell
}

/// A word with its marks, or a line break.
type Token<'t> = (Option<&'t str>, Option<&'t str>, [bool; 3]);

fn tokens(runs: &[Run]) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for Run { piece, marks } in runs {
        let set = [marks.bold, marks.italic, marks.code];
        match piece {
            Piece::Text(text) => {
                tokens.extend(text.split_word_bounds().map(|word| (Some(word), marks.link.as_deref(), set)));
            }
            Piece::Break => tokens.push((None, marks.link.as_deref(), set)),
        }
    }
    tokens
}

/// Two texts word by word. A space between two words that changed goes with them.
fn words(old: &[Run], new: &[Run]) -> (Vec<Word>, Vec<Word>) {
    let (old, new) = (tokens(old), tokens(new));
    let (mut left, mut right) = (vec![false; old.len()], vec![false; new.len()]);
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        if !matches!(op, DiffOp::Equal { .. }) {
            left[op.old_range()].fill(true);
            right[op.new_range()].fill(true);
        }
    }
    (joined(&old, left), joined(&new, right))
}

fn joined(tokens: &[Token<'_>], mut changed: Vec<bool>) -> Vec<Word> {
    for at in 1..tokens.len().saturating_sub(1) {
        let is_space = tokens[at].0.is_some_and(|text| text.chars().all(char::is_whitespace));
        if is_space && changed[at - 1] && changed[at + 1] {
            changed[at] = true;
        }
    }
    let mut words: Vec<Word> = Vec::new();
    for ((text, link, [bold, italic, code]), is_changed) in tokens.iter().zip(changed) {
        let marks = Marks { link: link.map(str::to_owned), bold: *bold, italic: *italic, code: *code };
        let piece = text.map_or(Piece::Break, |text| Piece::Text(text.to_owned()));
        let run = Run { piece, marks };
        // Words with the same marks are one piece again.
        let last = words.last_mut().filter(|last| last.is_changed == is_changed);
        if let Some(Word { run: Run { piece: Piece::Text(before), marks }, .. }) = last
            && *marks == run.marks
            && let Piece::Text(text) = &run.piece
        {
            before.push_str(text);
            continue;
        }
        words.push(Word { run, is_changed });
    }
    words
}

impl Marked<'_> {
    /// Whether nothing of it differs.
    pub fn is_same(&self) -> bool {
        self.mark == Mark::Same
            && self.text.iter().all(|word| !word.is_changed)
            && self.inner.iter().all(Group::is_same)
    }
}

impl Group<'_> {
    fn is_same(&self) -> bool {
        self.mark == Mark::Same && self.blocks.iter().all(Marked::is_same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{canonical, parse};

    /// Marks as text: `-` and `+` for a block on one side, `*` for one whose formatting differs, `[ ]`
    /// round words.
    fn shown(marked: &Marked<'_>, sign: char, out: &mut String) {
        match marked.mark {
            Mark::Only => out.push(sign),
            Mark::Formatting => out.push('*'),
            Mark::Same => {}
        }
        for word in &marked.text {
            let text = plain(std::slice::from_ref(&word.run));
            let is_marked = word.is_changed && marked.mark != Mark::Only;
            *out += &if is_marked { format!("[{text}]") } else { text };
        }
        if !marked.inner.is_empty() {
            out.push('(');
            for (at, group) in marked.inner.iter().enumerate() {
                if at > 0 {
                    out.push('|');
                }
                if group.mark == Mark::Formatting {
                    out.push('*');
                }
                group.blocks.iter().for_each(|block| shown(block, sign, out));
            }
            out.push(')');
        }
    }

    #[track_caller]
    fn check(old: &str, new: &str, expected: &[&str]) {
        let (old, new) = (parse(old), parse(new));
        let rows: Vec<String> = compare(&old, &new)
            .iter()
            .map(|row| {
                let side = |marked: &Option<Marked<'_>>, sign| {
                    let mut out = String::new();
                    marked.iter().for_each(|marked| shown(marked, sign, &mut out));
                    out
                };
                let (old, new) = (side(&row.old, '-'), side(&row.new, '+'));
                if row.is_same() { format!("= {new}") } else { format!("{old} => {new}") }
            })
            .collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn changed_words_are_marked_on_both_sides() {
        check(
            "<p>One</p><p>The money arrives within 10 days.</p>",
            "<p>One</p><p>The money arrives within 5 days.</p>",
            &["= One", "The money arrives within [10] days. => The money arrives within [5] days."],
        );
        check("<p>a big red b c d</p>", "<p>a b c d</p>", &["a [big red ]b c d => a b c d"]);
        check("<p>a b c d one two</p>", "<p>a b c d three four</p>", &["a b c d [one two] => a b c d [three four]"]);
        check("<p>a b c</p>", "<p>a <b>b</b> c</p>", &["a [b] c => a [b] c"]);
    }

    #[test]
    fn what_is_on_one_side_only_stands_beside_nothing_or_beside_what_came_for_it() {
        check("<p>a</p>", "<p>a</p><hr>", &["= a", " => +"]);
        check("<p>alpha beta</p><p>z</p>", "<p>quite another</p><p>z</p>", &["-alpha beta => +quite another", "= z"]);
    }

    #[test]
    fn of_two_that_are_as_alike_the_one_at_the_same_place_is_the_partner() {
        check(
            "<p>quite another thing here</p><p>second part of the text</p>",
            "<p>first part of the text</p><p>other part of the text</p>",
            &[
                "-quite another thing here => +first part of the text",
                "[second] part of the text => [other] part of the text",
            ],
        );
    }

    #[test]
    fn a_change_within_a_block_is_marked_where_it_is() {
        check(
            "<ul><li>one thing</li><li>two</li></ul>",
            "<ul><li>one thing</li><li>new item</li><li>two</li></ul>",
            &["(one thing|two) => (one thing|+new item|two)"],
        );
        check(
            "<table><tr><td>price</td><td>10 €</td></tr></table>",
            "<table><tr><td>price</td><td>12 €</td></tr></table>",
            &["(price|[10] €) => (price|[12] €)"],
        );
        check(
            "<details><summary>How it works</summary><p>a b c</p></details>",
            "<details><summary>How it works now</summary><p>a x c</p></details>",
            &["How it works(a [b] c) => How it works[ now](a [x] c)"],
        );
    }

    #[test]
    fn formatting_that_differs_is_marked_where_it_is() {
        check("<h1>A</h1><h2>B</h2>", "<h1>A</h1><h1>B</h1>", &["= A", "*B => *B"]);
        check(
            "<div class=\"intercom-interblocks-callout\">a</div>",
            "<div class=\"intercom-interblocks-callout\" style=\"background-color: #fed9db80\">a</div>",
            &["*(a) => *(a)"],
        );
        check("<img src=x.png alt=a>", "<img src=y.png alt=a>", &["*a => *a"]);
        check("<p>a b c</p>", "<h1>a b c</h1>", &["*a b c => *a b c"]);
        check(
            "<table><tr><td style=\"background-color: #e8e8e8\">a</td></tr></table>",
            "<table><tr><td>a</td></tr></table>",
            &["(*a) => (*a)"],
        );
        check(
            "<table><tr><td colspan=2>a</td></tr><tr><td>b</td><td>c</td></tr></table>",
            "<table><tr><td>a</td></tr><tr><td>b</td><td style=\"width: 9px\">d</td></tr></table>",
            &["(*a|b|*[c]) => (*a|b|*[d])"],
        );
    }

    #[test]
    fn a_side_keeps_the_sizes_of_pictures_and_names_files() {
        let body =
            parse("<h3>A</h3><img src=\"https://downloads.intercomcdn.com/i/o/1/a.png?expires=1\" width=10 height=5>");
        assert_eq!(
            side(&body, &Own::default()),
            "<h1>A</h1><div class=\"intercom-container\"><img src=\"a.png\" width=\"10\" height=\"5\"></div>"
        );
        let mut linked = parse("<p><a href=x>a</a></p>");
        for_each_link_mut(&mut linked.blocks, &mut |link| *link = "helpbook:article/a/b.md#c".to_owned());
        let html = side(&linked, &Own::default());
        assert!(html.contains("href=\"/a/b.md#c\""), "{html}");
        assert_eq!(side(&parse(&html), &Own::default()), html);
    }

    #[test]
    fn both_sides_hold_every_word_and_differ_only_where_the_bodies_do() {
        let tags = "(<(p|b|h[1-3]|ul|li|table|tr|td|div|details|summary|a href=x|img src=y|pre|br)>|</(p|b|ul|li|td|tr|table|div|a|pre)>|[a-c] ?){0,20}";
        fn words(marked: &Marked<'_>, out: &mut String) {
            marked.text.iter().for_each(|word| *out += &plain(std::slice::from_ref(&word.run)));
            marked.inner.iter().flat_map(|group| &group.blocks).for_each(|block| words(block, out));
        }
        fn all(block: &Block, out: &mut String) {
            *out += &plain(&own_text(block));
            block.inner().flatten().for_each(|block| all(block, out));
        }
        proptest::proptest!(|(old in tags, new in tags)| {
            // As they stand in a plan.
            let (old, new) = (parse(&side(&parse(&old), &Own::default())), parse(&side(&parse(&new), &Own::default())));
            let rows = compare(&old, &new);
            let (mut left, mut right, mut left_all, mut right_all) = (String::new(), String::new(), String::new(), String::new());
            rows.iter().flat_map(|row| &row.old).for_each(|block| words(block, &mut left));
            rows.iter().flat_map(|row| &row.new).for_each(|block| words(block, &mut right));
            old.blocks.iter().for_each(|block| all(block, &mut left_all));
            new.blocks.iter().for_each(|block| all(block, &mut right_all));
            proptest::prop_assert_eq!(left, left_all);
            proptest::prop_assert_eq!(right, right_all);
            let is_same = rows.iter().all(Row::is_same);
            proptest::prop_assert_eq!(is_same, write::html(&old) == write::html(&new) || canonical(&old) == canonical(&new));
        });
    }
}
