//! HTML as a tree: one reader for what Intercom stored and for what was written.
//!
//! Text gathers in a line until a block begins or ends; white space between blocks is nothing.
//! Whoever asks may look on ([`Observer`]).
//! Only what the tree has a name for comes through, so no tag or attribute of the input is ever
//! copied.

mod attribute;
mod block;
mod nested;
mod observer;
mod table;

pub(in crate::html) use attribute::is_removed;
use attribute::{align, image_size, own_align};
use observer::Stored;
pub(in crate::html) use observer::{Observer, Oddity, Seen};

use crate::html::tree::address;
use crate::html::tree::nodes::{Child, Element, Nodes};
use crate::html::tree::text::{collapsed, trimmed};
use crate::html::tree::{Align, Block, Body, Image, Marks, Piece, Run, plain, push_text};

/// How many blocks that hold blocks may be in one another; below them only text is kept.
pub(in crate::html) const DEEPEST: usize = 24;

/// How many tags may be in one another; what is deeper is left behind.
const DEEPEST_TAG: usize = 90;

/// Reads HTML into blocks.
struct Reader<O> {
    observer: O,
    blocks: Vec<Block>,
    line: Vec<Run>,
    frame: Frame,
    /// Where text is that says nothing else.
    align: Align,
    /// How many blocks hold this one, and how many tags.
    holders: usize,
    tags: usize,
    lists: usize,
    tables: usize,
    callouts: usize,
    starts: Vec<Start>,
}

/// What HTML was read as.
pub(in crate::html) struct Read<O> {
    pub body: Body,
    /// Where the outermost elements were written.
    pub starts: Vec<Start>,
    pub observer: O,
}

/// Where an outermost element was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::html) struct Start {
    /// Its first byte.
    pub byte: usize,
    /// How many blocks of the body are before it.
    pub blocks: usize,
}

/// What the current line will be.
#[derive(Debug, Clone, PartialEq)]
enum Frame {
    Loose,
    Paragraph(Align),
    Heading { level: u8, id: Option<String>, align: Align },
}

/// Reads HTML that a person wrote.
pub(in crate::html) fn read<O: Observer>(nodes: &Nodes<'_>, observer: O) -> Read<O> {
    let mut reader = Reader {
        observer,
        blocks: Vec::new(),
        line: Vec::new(),
        frame: Frame::Loose,
        align: Align::Left,
        holders: 0,
        tags: 0,
        lists: 0,
        tables: 0,
        callouts: 0,
        starts: Vec::new(),
    };
    reader.children(nodes.root(), &Marks::default());
    reader.cut();
    Read { body: Body { blocks: reader.blocks }, starts: reader.starts, observer: reader.observer }
}

/// Reads HTML that Intercom stored.
pub(in crate::html) fn stored(nodes: &Nodes<'_>) -> Body {
    read(nodes, Stored).body
}

impl<O: Observer> Reader<O> {
    fn children(&mut self, tag: Element<'_>, marks: &Marks) {
        tag.children().for_each(|child| self.child(child, marks));
    }

    fn child(&mut self, child: Child<'_>, marks: &Marks) {
        match child {
            Child::Text(text) => self.text(text, marks),
            Child::Element(tag) => self.element(tag, marks),
        }
    }

    fn text(&mut self, text: &str, marks: &Marks) {
        push_text(&mut self.line, text, marks);
    }

    fn element(&mut self, tag: Element<'_>, marks: &Marks) {
        if self.tags == DEEPEST_TAG {
            self.observer.found(Oddity::TooDeep);
            return;
        }
        // Text that is not ended yet belongs to the element before.
        if self.tags == 0
            && let Some(place) = tag.place()
            && plain(&self.line).trim().is_empty()
        {
            self.starts.push(Start { byte: place.span.start, blocks: self.blocks.len() });
        }
        self.tags += 1;
        self.observer.enter(tag);
        self.tag(tag, marks);
        self.observer.leave();
        self.tags -= 1;
    }

    fn tag(&mut self, tag: Element<'_>, marks: &Marks) {
        match tag.name().as_bytes() {
            _ if is_removed(tag.name()) => {}
            b"b" | b"strong" => self.children(tag, &Marks { bold: true, ..marks.clone() }),
            b"i" | b"em" => self.children(tag, &Marks { italic: true, ..marks.clone() }),
            b"code" | b"tt" => self.children(tag, &Marks { code: true, ..marks.clone() }),
            b"kbd" | b"samp" if O::IS_WRITTEN => self.children(tag, &Marks { code: true, ..marks.clone() }),
            b"br" => self.line.push(Run { piece: Piece::Break, marks: marks.clone() }),
            b"a" => {
                if O::IS_WRITTEN && tag.attr("href").is_some() && is_blank(tag) {
                    self.observer.found(Oddity::BlankLink);
                }
                self.link(tag, marks);
            }
            b"img" => self.image(tag, marks),
            [b'h', level @ b'1'..=b'6'] => {
                let level = level - b'0';
                let align = own_align(tag).unwrap_or(self.align);
                self.framed(tag, marks, Frame::Heading { level, id: tag.attr("id").map(str::to_owned), align });
            }
            b"p" => {
                let align = own_align(tag).unwrap_or(self.align);
                self.framed(tag, marks, Frame::Paragraph(align));
            }
            b"pre" => self.push(Block::Code { text: attribute::code(tag) }),
            b"hr" => self.push(Block::Rule),
            b"div" | b"center" => self.div(tag, marks),
            b"ul" | b"ol" => self.list(tag, marks),
            b"table" => self.table(tag, marks),
            b"details" => self.details(tag, marks),
            b"iframe" => self.iframe(tag),
            b"blockquote" if O::IS_WRITTEN => self.quote(tag, marks),
            b"video" | b"audio" => self.other(tag, marks),
            _ if attribute::is_block(tag.name()) => self.unwrapped(tag, marks),
            _ => self.children(tag, marks),
        }
    }

    /// A paragraph or a heading. Within another one it only ends the line.
    fn framed(&mut self, tag: Element<'_>, marks: &Marks, frame: Frame) {
        if self.frame != Frame::Loose {
            return self.unwrapped(tag, marks);
        }
        self.cut();
        let keeps_blank = self.observer.framed(tag);
        self.frame = frame;
        let before = self.blocks.len();
        self.children(tag, marks);
        self.cut();
        if self.blocks.len() == before && keeps_blank {
            self.close(Vec::new());
        }
        self.frame = Frame::Loose;
    }

    /// The tag goes, its content stays.
    fn unwrapped(&mut self, tag: Element<'_>, marks: &Marks) {
        self.cut();
        self.children(tag, marks);
        self.cut();
    }

    fn link(&mut self, tag: Element<'_>, marks: &Marks) {
        let href = tag.attr("href").map(address::plain);
        let link = self.observer.link(tag, href);
        if attribute::has_class(tag, "intercom-h2b-button") {
            let text = tag.descendants().filter_map(|child| match child {
                Child::Text(text) => Some(text),
                Child::Element(_) => None,
            });
            let label: String = text.collect();
            let align = self.line_align();
            self.push(Block::Button { href: link, label: collapsed(label.trim()), align });
            return;
        }
        self.children(tag, &Marks { link, ..marks.clone() });
    }

    fn image(&mut self, tag: Element<'_>, marks: &Marks) {
        let src = address::plain(tag.attr("src").unwrap_or_default());
        let alt = collapsed(tag.attr("alt").unwrap_or_default().trim());
        let is_in_heading = matches!(self.frame, Frame::Heading { .. });
        let (src, file) = self.observer.image(Seen { src: &src, alt: &alt, is_in_heading });
        let align = self.line_align();
        let width = image_size(tag, "width");
        // Shown with `height: auto` (docs/intercom.md 3.4), so a width that was chosen says all.
        let height = image_size(tag, "height").filter(|_| !O::IS_WRITTEN || width.is_none());
        let image = Image { src, alt, width, height, file };
        self.push(Block::Image { image, link: marks.link.clone(), align });
    }

    fn line_align(&self) -> Align {
        match self.frame {
            Frame::Paragraph(align) | Frame::Heading { align, .. } => align,
            Frame::Loose => self.align,
        }
    }

    fn push(&mut self, block: Block) {
        self.cut();
        self.blocks.push(block);
    }

    /// Ends the line: a block begins or ends here.
    fn cut(&mut self) {
        let line = trimmed(std::mem::take(&mut self.line));
        if !line.is_empty() {
            self.close(line);
        }
    }

    fn close(&mut self, text: Vec<Run>) {
        let block = match &mut self.frame {
            Frame::Loose => Block::Paragraph { align: self.align, text },
            Frame::Paragraph(align) => Block::Paragraph { align: *align, text },
            // A heading that is cut in two has its id once.
            Frame::Heading { level, id, align } => Block::Heading { level: *level, id: id.take(), align: *align, text },
        };
        self.blocks.push(block);
    }

    /// The blocks in an element, apart from those around it. Below the deepest block
    /// only the text is kept.
    fn inside(&mut self, tag: Element<'_>, marks: &Marks, align: Align) -> Vec<Block> {
        self.apart(align, |reader| reader.children(tag, marks))
    }

    fn apart(&mut self, align: Align, read: impl FnOnce(&mut Self)) -> Vec<Block> {
        // Most cells and items are one block, and the first that `push` adds would make room for four.
        let blocks = std::mem::replace(&mut self.blocks, Vec::with_capacity(1));
        let line = std::mem::take(&mut self.line);
        let frame = std::mem::replace(&mut self.frame, Frame::Loose);
        let align = std::mem::replace(&mut self.align, align);
        self.holders += 1;
        read(self);
        self.cut();
        self.holders -= 1;
        self.align = align;
        self.frame = frame;
        self.line = line;
        std::mem::replace(&mut self.blocks, blocks)
    }

    /// Whether a block may still hold blocks here.
    fn may_hold(&mut self) -> bool {
        let may = self.holders < DEEPEST;
        if !may {
            self.observer.found(Oddity::TooDeep);
        }
        may
    }

    /// Whether an aligned container is one, and where it puts what it holds.
    fn container_align(&self, tag: Element<'_>) -> Align {
        align(tag, self.align)
    }
}

/// Whether an element shows nothing: neither a character nor a picture.
fn is_blank(tag: Element<'_>) -> bool {
    tag.descendants().all(|child| match child {
        Child::Text(text) => text.trim().is_empty(),
        Child::Element(tag) => tag.name() != "img",
    })
}

/// The elements and texts of some HTML, that needs no repair.
pub(in crate::html) fn well_nested(html: &str) -> Option<Nodes<'_>> {
    nested::nodes(html)
}

/// The elements and texts of some HTML.
pub(in crate::html) fn nodes(html: &str) -> Nodes<'_> {
    nested::nodes(html).unwrap_or_else(|| Nodes::repaired(html))
}
