//! A body as a tree of the blocks that Intercom knows.
//!
//! Text is a row of [`Run`]s that carry their marks, not nested tags, so that `<b><i>` and
//! `<i><b>` are the same from the start. A block that helpbook does not know is kept as
//! [`Block::Other`], never dropped.

use std::collections::BTreeMap;

use crate::text::DocPath;

/// The body of an article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// Its blocks, from the top.
    pub blocks: Vec<Block>,
}

/// A block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading, level 1 to 6.
    Heading {
        /// 1 to 6.
        level: u8,
        /// The anchor.
        id: Option<String>,
        /// How its text is aligned.
        align: Align,
        /// Its text.
        text: Vec<Run>,
    },
    /// A paragraph; one without text is a spacer.
    Paragraph {
        /// How its text is aligned.
        align: Align,
        /// Its text.
        text: Vec<Run>,
    },
    /// A list.
    List {
        /// Numbers or bullets.
        kind: ListKind,
        /// Its items.
        items: Vec<Vec<Block>>,
    },
    /// A block of code, without a last line feed.
    Code {
        /// Every character of it.
        text: String,
    },
    /// A line across.
    Rule,
    /// A table, row by row.
    Table {
        /// Its style as `name: value` pairs, sorted: the bordered form has one (docs/intercom.md 3.4).
        style: Style,
        /// Its rows.
        rows: Vec<Vec<Cell>>,
    },
    /// A coloured box.
    Callout {
        /// Its colour.
        color: Color,
        /// What is in it.
        blocks: Vec<Block>,
    },
    /// A picture.
    Image {
        /// The picture.
        image: Image,
        /// Where it points.
        link: Option<String>,
        /// Where it is.
        align: Align,
    },
    /// A link that looks like a button.
    Button {
        /// Where it points.
        href: Option<String>,
        /// Its label.
        label: String,
        /// Where it is.
        align: Align,
    },
    /// An embedded video.
    Video {
        /// The address that is embedded.
        src: String,
    },
    /// A section that opens and closes.
    Details {
        /// The level of its line, 1 to 4: its own, apart from the levels of the body's headings.
        level: u8,
        /// The line that is always shown.
        summary: Vec<Run>,
        /// What is in it.
        blocks: Vec<Block>,
    },
    /// Anything else, by its tag and the attributes that matter.
    Other {
        /// The tag's name.
        name: String,
        /// Its attributes.
        attributes: BTreeMap<String, String>,
        /// What is in it.
        blocks: Vec<Block>,
    },
}

/// Where text is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left, without a class.
    #[default]
    Left,
    /// `intercom-align-center`
    Center,
    /// `intercom-align-right`
    Right,
    /// `intercom-align-justify`
    Justify,
}

impl Align {
    /// The class that Intercom uses for it (docs/intercom.md 3.4).
    pub fn class(self) -> Option<&'static str> {
        match self {
            Align::Left => None,
            Align::Center => Some("intercom-align-center"),
            Align::Right => Some("intercom-align-right"),
            Align::Justify => Some("intercom-align-justify"),
        }
    }
}

/// Declarations of a `style`, by property; names in lower case.
pub type Style = BTreeMap<String, String>;

/// The kind of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// `ul`
    Bullets,
    /// `ol`; Intercom numbers from 1 (docs/intercom.md 3.4).
    Numbers,
}

/// A cell of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its style.
    pub style: Style,
    /// How many columns it takes; 0 and 1 are one.
    pub columns: u16,
    /// How many rows it takes; 0 and 1 are one.
    pub rows: u16,
    /// What is in it.
    pub blocks: Vec<Block>,
}

/// The colour of a callout: one of the editor's five, or another one that was set by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Color {
    /// Gray.
    Gray,
    /// Blue.
    Blue,
    /// Green.
    Green,
    /// Red.
    Red,
    /// Yellow.
    Yellow,
    /// The values of `background-color` and `border-color`; the second may be empty.
    Custom(String, String),
}

impl Color {
    /// Background and border of the editor's colours (docs/intercom.md 3.4).
    pub const PALETTE: [(Color, &'static str, &'static str); 5] = [
        (Color::Gray, "#e8e8e880", "#73737633"),
        (Color::Blue, "#e3e7fa80", "#334bfa33"),
        (Color::Green, "#d7efdc80", "#1bb15733"),
        (Color::Red, "#fed9db80", "#fd3a5733"),
        (Color::Yellow, "#feedaf80", "#fbc91633"),
    ];
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Its address.
    pub src: String,
    /// Its alternative text.
    pub alt: String,
    /// How wide it is shown, in pixels.
    pub width: Option<u32>,
    /// How high it is, in pixels.
    pub height: Option<u32>,
    /// The file of the docs folder that it is. None in a body that Intercom stored.
    pub file: Option<DocsImage>,
}

/// An image of the docs folder. Its name carries its digest, and counts where its address does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocsImage {
    /// The file.
    pub path: DocPath,
    /// The file name with the digest, `menu.0123456789.png`, escaped as in an address.
    pub name: String,
}

/// A piece of text with its marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The piece.
    pub piece: Piece,
    /// How it is set.
    pub marks: Marks,
}

/// What a run holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text, with its characters as they are.
    Text(String),
    /// A line break.
    Break,
}

/// How a run is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// The address that it points to.
    pub link: Option<String>,
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Code.
    pub code: bool,
}

impl Run {
    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { piece: Piece::Text(text.into()), marks: Marks::default() }
    }
}

/// The words of some runs, without marks.
pub fn plain(runs: &[Run]) -> String {
    runs.iter()
        .map(|run| match &run.piece {
            Piece::Text(text) => text.as_str(),
            Piece::Break => " ",
        })
        .collect()
}

/// Adds text after the last run, or to it where it has the same marks.
pub fn push_text(runs: &mut Vec<Run>, text: &str, marks: &Marks) {
    match runs.last_mut() {
        Some(Run { piece: Piece::Text(before), marks: same }) if same == marks => before.push_str(text),
        _ if text.is_empty() => {}
        _ => {
            // Most lines are one run, and the first that `push` adds would make room for four.
            if runs.capacity() == 0 {
                runs.reserve_exact(1);
            }
            runs.push(Run { piece: Piece::Text(text.to_owned()), marks: marks.clone() });
        }
    }
}

/// Adds a run, joined with the one before it where both are text with the same marks.
pub fn push_run(runs: &mut Vec<Run>, run: Run) {
    if let (Some(Run { piece: Piece::Text(before), marks }), Piece::Text(text)) = (runs.last_mut(), &run.piece)
        && *marks == run.marks
    {
        before.push_str(text);
        return;
    }
    if !matches!(&run.piece, Piece::Text(text) if text.is_empty()) {
        runs.push(run);
    }
}

impl Block {
    /// The rows of blocks that are in it, and nothing for a block that holds none.
    pub fn inner(&self) -> impl Iterator<Item = &[Block]> {
        let (items, rows, blocks): (&[Vec<Block>], &[Vec<Cell>], _) = match self {
            Block::List { items, .. } => (items, &[], None),
            Block::Table { rows, .. } => (&[], rows, None),
            Block::Callout { blocks, .. } | Block::Details { blocks, .. } | Block::Other { blocks, .. } => {
                (&[], &[], Some(blocks))
            }
            Block::Heading { .. }
            | Block::Paragraph { .. }
            | Block::Code { .. }
            | Block::Rule
            | Block::Image { .. }
            | Block::Button { .. }
            | Block::Video { .. } => (&[], &[], None),
        };
        let cells = rows.iter().flatten().map(|cell| &cell.blocks);
        items.iter().chain(cells).chain(blocks).map(Vec::as_slice)
    }

    /// The rows of blocks that are in it, to change them.
    pub fn inner_mut(&mut self) -> impl Iterator<Item = &mut Vec<Block>> {
        let (items, rows, blocks): (&mut [Vec<Block>], &mut [Vec<Cell>], _) = match self {
            Block::List { items, .. } => (items, &mut [], None),
            Block::Table { rows, .. } => (&mut [], rows, None),
            Block::Callout { blocks, .. } | Block::Details { blocks, .. } | Block::Other { blocks, .. } => {
                (&mut [], &mut [], Some(blocks))
            }
            Block::Heading { .. }
            | Block::Paragraph { .. }
            | Block::Code { .. }
            | Block::Rule
            | Block::Image { .. }
            | Block::Button { .. }
            | Block::Video { .. } => (&mut [], &mut [], None),
        };
        let cells = rows.iter_mut().flatten().map(|cell| &mut cell.blocks);
        items.iter_mut().chain(cells).chain(blocks)
    }
}

/// Calls `visit` for every heading in document order, however deep it is. The line of a
/// collapsible section is none.
pub fn for_each_heading<'b>(blocks: &'b [Block], visit: &mut dyn FnMut(u8, Option<&'b str>, &'b [Run])) {
    for block in blocks {
        if let Block::Heading { level, id, text, .. } = block {
            visit(*level, id.as_deref(), text);
        }
        block.inner().for_each(|inner| for_each_heading(inner, visit));
    }
}

/// Calls `act` for every block in document order, however deep it is.
pub fn for_each_block_mut(blocks: &mut [Block], act: &mut dyn FnMut(&mut Block)) {
    for block in blocks {
        act(block);
        block.inner_mut().for_each(|inner| for_each_block_mut(inner, act));
    }
}

/// Calls `visit` for every picture in document order, however deep it is.
pub fn for_each_image<'b>(blocks: &'b [Block], visit: &mut dyn FnMut(&'b Image)) {
    for block in blocks {
        if let Block::Image { image, .. } = block {
            visit(image);
        }
        block.inner().for_each(|inner| for_each_image(inner, visit));
    }
}

/// Calls `visit` for the address of every link, in the order of [`for_each_link_mut`].
pub fn for_each_link<'b>(blocks: &'b [Block], visit: &mut dyn FnMut(&'b str)) {
    for_each_named_link(blocks, &mut |link, _| visit(link));
}

/// Calls `visit` for the address of every link and the words that it is on, in the order of
/// [`for_each_link_mut`]: those of its run of text, the alternative text of a picture, the label of a button.
pub fn for_each_named_link<'b>(blocks: &'b [Block], visit: &mut dyn FnMut(&'b str, &'b str)) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph { text, .. } | Block::Details { summary: text, .. } => {
                for run in text {
                    let words = if let Piece::Text(words) = &run.piece { words } else { "" };
                    run.marks.link.iter().for_each(|link| visit(link, words));
                }
            }
            Block::Image { link, image, .. } => link.iter().for_each(|link| visit(link, &image.alt)),
            Block::Button { href, label, .. } => href.iter().for_each(|link| visit(link, label)),
            Block::List { .. }
            | Block::Code { .. }
            | Block::Rule
            | Block::Table { .. }
            | Block::Callout { .. }
            | Block::Video { .. }
            | Block::Other { .. } => {}
        }
        block.inner().for_each(|inner| for_each_named_link(inner, visit));
    }
}

/// Calls `act` for the address of every link: in text, round a picture, of a button.
pub fn for_each_link_mut(blocks: &mut [Block], act: &mut dyn FnMut(&mut String)) {
    for_each_block_mut(blocks, &mut |block| match block {
        Block::Heading { text, .. } | Block::Paragraph { text, .. } | Block::Details { summary: text, .. } => {
            text.iter_mut().filter_map(|run| run.marks.link.as_mut()).for_each(&mut *act);
        }
        Block::Image { link, .. } | Block::Button { href: link, .. } => link.iter_mut().for_each(&mut *act),
        Block::List { .. }
        | Block::Code { .. }
        | Block::Rule
        | Block::Table { .. }
        | Block::Callout { .. }
        | Block::Video { .. }
        | Block::Other { .. } => {}
    });
}
