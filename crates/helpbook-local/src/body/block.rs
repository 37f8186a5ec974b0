//! The blocks of an article's body, as Intercom's editor knows them (docs/intercom.md 3.1 and 3.4).
//!
//! Plain data: `read` makes it, `heading` numbers it, `write` turns it into HTML.

/// One block.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Block {
    Paragraph(Paragraph),
    Heading(Heading),
    List { kind: ListKind, items: Vec<Vec<Block>> },
    Code(String),
    Image(Image),
    Button { href: Option<String>, label: String, align: Align },
    Video(String),
    Table(Table),
    Rule,
    Callout { style: String, blocks: Vec<Block> },
    Collapsible { level: u8, summary: Vec<Span>, blocks: Vec<Block> },
}

impl Block {
    /// A blank line.
    pub(super) fn blank() -> Self {
        Block::Paragraph(Paragraph::default())
    }
}

/// Text with marks. An empty one is a blank line.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Paragraph {
    pub align: Align,
    pub spans: Vec<Span>,
}

/// A heading. Its level is as sent until `heading::promote`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heading {
    pub level: u8,
    pub id: Option<String>,
    pub align: Align,
    pub spans: Vec<Span>,
}

/// An image in its container, with the link round it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Image {
    pub src: String,
    pub alt: Option<String>,
    pub width: Option<String>,
    pub height: Option<String>,
    pub link: Option<String>,
    pub align: Align,
}

/// A table: its style and its rows of cells.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    pub style: String,
    pub rows: Vec<Vec<Cell>>,
}

/// One cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    pub style: String,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ListKind {
    Bullets,
    Numbers,
}

/// The alignment of text or a container. Left is the default and has no class.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) enum Align {
    #[default]
    Left,
    Center,
    Right,
    Justify,
}

impl Align {
    /// Its class.
    pub(super) fn class(self) -> Option<&'static str> {
        match self {
            Align::Left => None,
            Align::Center => Some("intercom-align-center"),
            Align::Right => Some("intercom-align-right"),
            Align::Justify => Some("intercom-align-justify"),
        }
    }
}

/// A piece of a line, and what is on it from the outside in.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Span {
    pub piece: Piece,
    pub marks: Vec<Mark>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Break,
}

/// A mark, with the number of the tag it came from: two tags side by side stay two.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark {
    pub kind: MarkKind,
    pub tag: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum MarkKind {
    Bold,
    Italic,
    Code,
    /// A link; one without address survives (docs/intercom.md 3.4).
    Link(Option<String>),
}
