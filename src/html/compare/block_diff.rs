//! Two bodies side by side: which blocks belong together, and which words of them differ.
//!
//! Blocks are compared in canonical form, each by itself; those that are alike are compared word by
//! word, and what is in them is compared the same way. The result is data: every block of both
//! bodies, with a mark where it differs. How that looks is the business of `report`.

use std::mem::discriminant;

use similar::{Algorithm, DiffOp};
use unicode_segmentation::UnicodeSegmentation as _;

use super::align::{Place, Words, align};
use super::canonical::normal_block;
use super::own::HelpCenterUrls;
use crate::html::render::doc_link::DocLink;
use crate::html::tree::style;
use crate::html::tree::write;
use crate::html::tree::{Block, Body, Cell, Image, Marks, Piece, Run, Style, for_each_block_mut, for_each_link_mut};
use crate::sequence::operations;

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

/// How a block differs from the one on the other side, apart from its words and what is in it.
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
pub fn side(body: &Body, own: &HelpCenterUrls) -> String {
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
    let mut rows = Vec::new();
    for place in aligned(&sketches(old, BlockKey::of), &sketches(new, BlockKey::of)) {
        match place {
            Place::Same(old_at, new_at) => {
                let [old, new] = [&old[old_at], &new[new_at]].map(|block| Some(whole(block, Mark::Same)));
                rows.push(Row { old, new });
            }
            Place::Alike(old_at, new_at) => {
                let (old, new) = pair(&old[old_at], &new[new_at]);
                rows.push(Row { old: Some(old), new: Some(new) });
            }
            // What has no partner is beside what came for it.
            Place::Apart { old: old_at, new: new_at } => {
                let count = old_at.len().max(new_at.len());
                let (old, new) = (&old[old_at], &new[new_at]);
                let only = |blocks: &'b [Block], at: usize| blocks.get(at).map(|block| whole(block, Mark::Only));
                rows.extend((0..count).map(|at| Row { old: only(old, at), new: only(new, at) }));
            }
        }
    }
    rows
}

/// What decides whether two things belong together.
struct BlockKey<'b> {
    /// Equal for what says the same.
    key: String,
    /// Only things of one kind are compared word by word.
    kind: Kind,
    words: Words<'b>,
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

impl<'b> BlockKey<'b> {
    fn of(block: &'b Block) -> Self {
        let mut alone = block.clone();
        normal_block(&mut alone);
        let key = write::html(&Body { blocks: vec![alone] });
        Self { key, kind: Kind::of(block), words: words_of(std::slice::from_ref(block)) }
    }

    /// Of an item or of a row: all blocks in it, with a mark where a new cell begins.
    fn of_part(part: &Vec<Held<'b>>) -> Self {
        let mut key = String::new();
        for held in part {
            let mut blocks = held.blocks.to_vec();
            blocks.iter_mut().for_each(normal_block);
            key.push_str(&write::html(&Body { blocks }));
            key.push('\0');
        }
        Self { key, kind: Kind::Part, words: words_of(part.iter().flat_map(|held| held.blocks)) }
    }

    fn likeness(&self, other: &Self) -> usize {
        match self.kind == other.kind {
            // An item that was empty is filled.
            true if self.kind == Kind::Part && (self.words.is_empty() || other.words.is_empty()) => 1,
            true => self.words.likeness(&other.words),
            false => 0,
        }
    }
}

fn sketches<'s, 'b, T>(things: &'s [T], of: impl Fn(&'s T) -> BlockKey<'b>) -> Vec<BlockKey<'b>> {
    things.iter().map(of).collect()
}

/// The words of some blocks and of all that they hold.
pub(super) fn words_of<'b>(blocks: impl IntoIterator<Item = &'b Block>) -> Words<'b> {
    fn collect<'b>(block: &'b Block, texts: &mut Vec<&'b str>) {
        match block {
            Block::Heading { text, .. } | Block::Paragraph { text, .. } | Block::Details { summary: text, .. } => {
                texts.extend(text.iter().filter_map(|run| match &run.piece {
                    Piece::Text(text) => Some(text.as_str()),
                    Piece::Break => None,
                }));
            }
            Block::Code { text } | Block::Button { label: text, .. } => texts.push(text),
            Block::Image { image, .. } => texts.push(&image.alt),
            _ => {}
        }
        block.inner().flatten().for_each(|block| collect(block, texts));
    }
    let mut texts = Vec::new();
    blocks.into_iter().for_each(|block| collect(block, &mut texts));
    Words::of(texts)
}

/// Which of the old is beside which of the new; in the order in which both are read.
fn aligned(old: &[BlockKey<'_>], new: &[BlockKey<'_>]) -> Vec<Place> {
    let keys = |sketches: &[BlockKey<'_>]| sketches.iter().map(|sketch| sketch.key.clone()).collect::<Vec<_>>();
    align(&keys(old), &keys(new), |at, other| old[at].likeness(&new[other]))
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
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let only = |part: &[Held<'b>], side: &mut Vec<Group<'b>>| {
        side.extend(part.iter().map(|held| whole_group(held.blocks, Mark::Only)));
    };
    for place in aligned(&sketches(old, BlockKey::of_part), &sketches(new, BlockKey::of_part)) {
        match place {
            Place::Same(old_at, new_at) | Place::Alike(old_at, new_at) => {
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
            Place::Apart { old: old_at, new: new_at } => {
                old[old_at].iter().for_each(|part| only(part, &mut left));
                new[new_at].iter().for_each(|part| only(part, &mut right));
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
        && BlockKey::of(old).key != BlockKey::of(new).key
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

/// A block without its words and without what is in it.
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
    for op in operations(Algorithm::Myers, &old, &new) {
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
    use crate::html::tree::plain;
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
            side(&body, &HelpCenterUrls::default()),
            "<h1>A</h1><div class=\"intercom-container\"><img src=\"a.png\" width=\"10\" height=\"5\"></div>"
        );
        let mut linked = parse("<p><a href=x>a</a></p>");
        for_each_link_mut(&mut linked.blocks, &mut |link| *link = "helpbook:article/a/b.md#c".to_owned());
        let html = side(&linked, &HelpCenterUrls::default());
        assert!(html.contains("href=\"/a/b.md#c\""), "{html}");
        assert_eq!(side(&parse(&html), &HelpCenterUrls::default()), html);
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
            // As a plan has them.
            let (old, new) = (parse(&side(&parse(&old), &HelpCenterUrls::default())), parse(&side(&parse(&new), &HelpCenterUrls::default())));
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
