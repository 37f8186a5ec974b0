//! The parsed HTML to blocks: the silent conversions of docs/intercom.md 3.1 and 3.4.
//!
//! Text gathers in a line until a block begins or ends. White space alone is nothing at the edge
//! of a container and a blank line between two blocks: that is what Intercom makes of it.

use scraper::Node;
use scraper::node::Element;

use super::block::{Align, Block, Cell, Heading, Image, ListKind, Mark, MarkKind, Paragraph, Piece, Span, Table};
use super::style;
use super::{NodeRef, address};
use crate::behaviour::WhiteSpace;
use crate::refusal::Refusal;

/// Reads the children of `root`, a tree that `check` accepted.
///
/// # Errors
/// A 400 for an empty list and for an image that cannot be fetched.
pub(super) fn read(
    root: NodeRef<'_>,
    white_space: WhiteSpace,
    rehost: &mut dyn FnMut(&str) -> Result<String, Refusal>,
) -> Result<Vec<Block>, Refusal> {
    Reader { white_space, rehost, tags: 0 }.container(root)
}

struct Reader<'a> {
    white_space: WhiteSpace,
    rehost: &'a mut dyn FnMut(&str) -> Result<String, Refusal>,
    tags: usize,
}

impl Reader<'_> {
    /// The blocks of a node that holds blocks.
    fn container(&mut self, node: NodeRef<'_>) -> Result<Vec<Block>, Refusal> {
        let mut flow = Flow::default();
        self.children(node, &mut flow)?;
        Ok(flow.finish())
    }

    /// Whether white space between blocks counts for nothing here.
    fn is_nothing(&self, text: &str, flow: &Flow) -> bool {
        let is_between = matches!(flow.frame, Frame::Loose) && flow.line.is_empty();
        self.white_space == WhiteSpace::Nothing && is_between && is_space(text)
    }

    /// Like `container`, for list items, cells and the like, which are never without a block.
    fn filled(&mut self, node: NodeRef<'_>) -> Result<Vec<Block>, Refusal> {
        let blocks = self.container(node)?;
        Ok(if blocks.is_empty() { vec![Block::blank()] } else { blocks })
    }

    fn children(&mut self, node: NodeRef<'_>, flow: &mut Flow) -> Result<(), Refusal> {
        for child in node.children() {
            match child.value() {
                Node::Text(text) if self.is_nothing(text, flow) => {}
                Node::Text(text) => flow.add(Piece::Text(text.to_string())),
                Node::Element(element) => self.element(child, element, flow)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn element(&mut self, node: NodeRef<'_>, element: &Element, flow: &mut Flow) -> Result<(), Refusal> {
        match element.name() {
            name if is_removed(name) => Ok(()),
            "p" => self.framed(node, flow, Frame::Paragraph(align_of(element))),
            name @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => {
                let heading = Heading {
                    level: name.as_bytes()[1] - b'0',
                    id: element.attr("id").map(str::to_owned),
                    align: align_of(element),
                    spans: Vec::new(),
                };
                self.framed(node, flow, Frame::Heading(heading))
            }
            "ul" => self.list(node, ListKind::Bullets, flow),
            "ol" => self.list(node, ListKind::Numbers, flow),
            "pre" => {
                flow.push(Block::Code(text_of(node)));
                Ok(())
            }
            "hr" => {
                flow.push(Block::Rule);
                Ok(())
            }
            "br" => {
                flow.add(Piece::Break);
                Ok(())
            }
            "img" => self.image(element, flow),
            "iframe" => {
                flow.push(Block::Video(element.attr("src").unwrap_or_default().trim().to_owned()));
                Ok(())
            }
            "table" => self.table(node, element, flow),
            "details" => self.collapsible(node, flow),
            "div" => self.div(node, element, flow),
            "a" => self.link(node, element, flow),
            "b" | "strong" => self.marked(node, flow, MarkKind::Bold),
            "i" | "em" => self.marked(node, flow, MarkKind::Italic),
            "code" => self.marked(node, flow, MarkKind::Code),
            name if is_inline(name) => self.children(node, flow),
            _ => self.unwrapped(node, flow),
        }
    }

    /// A paragraph or heading. Within another one it only ends a line.
    fn framed(&mut self, node: NodeRef<'_>, flow: &mut Flow, frame: Frame) -> Result<(), Refusal> {
        if !matches!(flow.frame, Frame::Loose) {
            return self.unwrapped(node, flow);
        }
        flow.begin(frame);
        self.children(node, flow)?;
        flow.end();
        Ok(())
    }

    /// Removes the tag; its content stays and becomes paragraphs.
    fn unwrapped(&mut self, node: NodeRef<'_>, flow: &mut Flow) -> Result<(), Refusal> {
        flow.cut();
        if !matches!(flow.frame, Frame::Loose) {
            self.children(node, flow)?;
            flow.cut();
            return Ok(());
        }
        // White space at the edges of the tag is none between blocks, so it is read apart.
        let mut inner = Flow { marks: flow.marks.clone(), align: flow.align, ..Flow::default() };
        self.children(node, &mut inner)?;
        flow.blocks.extend(inner.finish());
        Ok(())
    }

    fn marked(&mut self, node: NodeRef<'_>, flow: &mut Flow, kind: MarkKind) -> Result<(), Refusal> {
        self.tags += 1;
        flow.marks.push(Mark { kind, tag: self.tags });
        self.children(node, flow)?;
        flow.marks.pop();
        Ok(())
    }

    fn link(&mut self, node: NodeRef<'_>, element: &Element, flow: &mut Flow) -> Result<(), Refusal> {
        let href = element.attr("href");
        if !href.is_none_or(address::is_safe) {
            return self.children(node, flow);
        }
        let href = href.map(str::to_owned);
        if element.classes().any(|class| class == "intercom-h2b-button") {
            let label = text_of(node).trim().to_owned();
            flow.push(Block::Button { href, label, align: flow.align });
            return Ok(());
        }
        self.marked(node, flow, MarkKind::Link(href))
    }

    fn image(&mut self, element: &Element, flow: &mut Flow) -> Result<(), Refusal> {
        let src = (self.rehost)(element.attr("src").unwrap_or_default())?;
        let link = flow.marks.iter().rev().find_map(|mark| match &mark.kind {
            MarkKind::Link(href) => href.clone(),
            _ => None,
        });
        let length = |name| {
            element
                .attr(name)
                .map(|value| value.trim().trim_end_matches("px").to_owned())
                .filter(|value| !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()))
        };
        flow.push(Block::Image(Image {
            src,
            alt: element.attr("alt").map(str::to_owned),
            width: length("width"),
            height: length("height"),
            link,
            align: flow.align,
        }));
        Ok(())
    }

    fn list(&mut self, node: NodeRef<'_>, kind: ListKind, flow: &mut Flow) -> Result<(), Refusal> {
        let mut items = Vec::new();
        for item in children_named(node, &["li"]) {
            items.push(self.filled(item)?);
        }
        if items.iter().flatten().all(is_empty) {
            return Err(Refusal::invalid_body("a list needs at least one item that is not empty"));
        }
        flow.push(Block::List { kind, items });
        Ok(())
    }

    fn table(&mut self, node: NodeRef<'_>, element: &Element, flow: &mut Flow) -> Result<(), Refusal> {
        for caption in children_named(node, &["caption"]) {
            self.unwrapped(caption, flow)?;
        }
        let mut rows = Vec::new();
        let is_row = |inner: &NodeRef<'_>| inner.value().as_element().is_some_and(|element| element.name() == "tr");
        for row in node.descendants().filter(is_row) {
            let mut cells = Vec::new();
            for cell in children_named(row, &["td", "th"]) {
                let style = cell.value().as_element().and_then(|cell| cell.attr("style"));
                cells.push(Cell {
                    style: style::keep(style.unwrap_or_default(), &style::CELL),
                    blocks: self.filled(cell)?,
                });
            }
            if !cells.is_empty() {
                rows.push(cells);
            }
        }
        let style = style::keep(element.attr("style").unwrap_or_default(), &style::TABLE);
        flow.push(Block::Table(Table { style, rows }));
        Ok(())
    }

    fn collapsible(&mut self, node: NodeRef<'_>, flow: &mut Flow) -> Result<(), Refusal> {
        let mut level = 2;
        let mut summary = Vec::new();
        let mut inner = Flow::default();
        for child in node.children() {
            match child.value() {
                Node::Element(element) if element.name() == "summary" => {
                    level = heading_level(child).unwrap_or(level);
                    for block in self.summary(child)? {
                        match block {
                            Block::Heading(line) => summary.extend(line.spans),
                            other => inner.push(other),
                        }
                    }
                }
                Node::Element(element) => self.element(child, element, &mut inner)?,
                Node::Text(text) if self.is_nothing(text, &inner) => {}
                Node::Text(text) => inner.add(Piece::Text(text.to_string())),
                _ => {}
            }
        }
        let mut blocks = inner.finish();
        if blocks.is_empty() {
            blocks.push(Block::blank());
        }
        flow.push(Block::Collapsible { level, summary, blocks });
        Ok(())
    }

    /// The line of a collapsible section: one heading, whatever it was sent as.
    fn summary(&mut self, node: NodeRef<'_>) -> Result<Vec<Block>, Refusal> {
        let mut flow = Flow::default();
        flow.begin(Frame::Heading(Heading { level: 2, id: None, align: Align::Left, spans: Vec::new() }));
        self.children(node, &mut flow)?;
        flow.trim();
        flow.end();
        Ok(flow.finish())
    }

    fn div(&mut self, node: NodeRef<'_>, element: &Element, flow: &mut Flow) -> Result<(), Refusal> {
        if element.classes().any(|class| class == "intercom-interblocks-callout") {
            let sent = style::keep(element.attr("style").unwrap_or_default(), &style::CALLOUT);
            let style = if sent.is_empty() { style::GRAY_CALLOUT.to_owned() } else { sent };
            let blocks = self.filled(node)?;
            flow.push(Block::Callout { style, blocks });
            return Ok(());
        }
        flow.cut();
        let before = flow.blocks.len();
        let align = std::mem::replace(&mut flow.align, align_of(element));
        self.unwrapped(node, flow)?;
        flow.align = align;
        if flow.blocks.len() == before && matches!(flow.frame, Frame::Loose) {
            flow.blocks.push(Block::blank());
        }
        Ok(())
    }
}

/// What the text of the current line will be.
#[derive(Debug, Default)]
enum Frame {
    /// Text outside a paragraph: it gets one of its own.
    #[default]
    Loose,
    Paragraph(Align),
    Heading(Heading),
}

/// The blocks of one container while it is read.
#[derive(Debug, Default)]
struct Flow {
    blocks: Vec<Block>,
    line: Vec<Span>,
    marks: Vec<Mark>,
    frame: Frame,
    /// How many blocks there were when the frame began.
    since: usize,
    align: Align,
}

/// Whether a block shows nothing.
fn is_empty(block: &Block) -> bool {
    match block {
        Block::Paragraph(Paragraph { spans, .. }) | Block::Heading(Heading { spans, .. }) => are_blank(spans),
        Block::Code(text) => is_space(text),
        Block::Button { label, .. } => label.is_empty(),
        Block::Callout { blocks, .. } => blocks.iter().all(is_empty),
        Block::Collapsible { summary, blocks, .. } => are_blank(summary) && blocks.iter().all(is_empty),
        // A list within would have been refused if it showed nothing.
        Block::List { .. } | Block::Table(_) | Block::Image(_) | Block::Video(_) | Block::Rule => false,
    }
}

fn are_blank(spans: &[Span]) -> bool {
    spans.iter().all(|span| match &span.piece {
        Piece::Text(text) => is_space(text),
        Piece::Break => false,
    })
}

fn is_space(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_whitespace())
}

impl Flow {
    fn add(&mut self, piece: Piece) {
        self.line.push(Span { piece, marks: self.marks.clone() });
    }

    fn push(&mut self, block: Block) {
        self.cut();
        self.blocks.push(block);
    }

    fn begin(&mut self, frame: Frame) {
        self.cut();
        self.frame = frame;
        self.since = self.blocks.len();
    }

    /// Ends a paragraph or heading. One without text stays, unless a block came out of it.
    fn end(&mut self) {
        if self.blocks.len() == self.since || !self.is_blank() {
            self.close_line();
        }
        self.line.clear();
        self.frame = Frame::Loose;
    }

    /// Ends the line, as a block begins or ends here.
    fn cut(&mut self) {
        if !self.is_blank() {
            if matches!(self.frame, Frame::Loose) {
                self.trim();
            }
            self.close_line();
        } else if !self.line.is_empty() && !self.blocks.is_empty() && matches!(self.frame, Frame::Loose) {
            self.blocks.push(Block::blank());
        }
        self.line.clear();
    }

    fn finish(mut self) -> Vec<Block> {
        if !self.is_blank() {
            self.cut();
        }
        self.blocks
    }

    fn close_line(&mut self) {
        let spans = std::mem::take(&mut self.line);
        let block = match &mut self.frame {
            Frame::Loose => Block::Paragraph(Paragraph { align: self.align, spans }),
            Frame::Paragraph(align) => Block::Paragraph(Paragraph { align: *align, spans }),
            // A heading that an image cuts in two has its id once.
            Frame::Heading(heading) => Block::Heading(Heading { id: heading.id.take(), spans, ..heading.clone() }),
        };
        self.blocks.push(block);
    }

    fn is_blank(&self) -> bool {
        are_blank(&self.line)
    }

    /// Takes the white space from both ends of the line.
    fn trim(&mut self) {
        let space = |c: char| c.is_ascii_whitespace();
        while let Some(Span { piece: Piece::Text(text), .. }) = self.line.first_mut() {
            *text = text.trim_start_matches(space).to_owned();
            if !text.is_empty() {
                break;
            }
            self.line.remove(0);
        }
        while let Some(Span { piece: Piece::Text(text), .. }) = self.line.last_mut() {
            text.truncate(text.trim_end_matches(space).len());
            if !text.is_empty() {
                break;
            }
            self.line.pop();
        }
    }
}

fn align_of(element: &Element) -> Align {
    element
        .classes()
        .find_map(|class| match class {
            "intercom-align-center" => Some(Align::Center),
            "intercom-align-right" => Some(Align::Right),
            "intercom-align-justify" => Some(Align::Justify),
            _ => None,
        })
        .unwrap_or_default()
}

/// The level of the first heading in a section's line.
fn heading_level(summary: NodeRef<'_>) -> Option<u8> {
    summary.descendants().find_map(|node| match node.value().as_element()?.name() {
        "h1" => Some(1),
        "h2" => Some(2),
        "h3" => Some(3),
        "h4" | "h5" | "h6" => Some(4),
        _ => None,
    })
}

fn children_named<'a>(node: NodeRef<'a>, names: &[&str]) -> impl Iterator<Item = NodeRef<'a>> {
    node.children()
        .filter(move |child| child.value().as_element().is_some_and(|element| names.contains(&element.name())))
}

fn text_of(node: NodeRef<'_>) -> String {
    let mut text = String::new();
    for child in node.children() {
        match child.value() {
            Node::Text(piece) => text.push_str(piece),
            Node::Element(element) if element.name() == "br" => text.push('\n'),
            Node::Element(element) if !is_removed(element.name()) => text.push_str(&text_of(child)),
            _ => {}
        }
    }
    text
}

/// Whether a tag is removed with its content.
pub(super) fn is_removed(name: &str) -> bool {
    ["script", "style", "input", "textarea", "template"].contains(&name)
}

/// Tags within a line. They are removed, and the line goes on.
fn is_inline(name: &str) -> bool {
    [
        "span", "u", "s", "del", "ins", "sub", "sup", "mark", "small", "big", "kbd", "samp", "var", "cite", "q",
        "abbr", "time", "font", "tt", "strike", "label", "data", "dfn", "bdi", "bdo", "wbr", "ruby", "rt", "rp",
        "acronym", "nobr",
    ]
    .contains(&name)
}
