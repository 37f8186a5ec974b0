//! Blocks that hold blocks: containers, callouts, lists, collapsible sections, and what is not
//! known.

use std::collections::BTreeMap;

use super::attribute::{classes, has_class};
use super::{Align, Frame, Observer, Oddity, Reader};
use crate::html::tree::nodes::{Child, Element};
use crate::html::tree::{Block, Color, ListKind, Marks, Piece, Run, plain};
use crate::html::tree::{address, style};

impl<O: Observer> Reader<O> {
    pub(super) fn div(&mut self, tag: Element<'_>, marks: &Marks) {
        if has_class(tag, "intercom-interblocks-callout") {
            return self.callout(tag, style::callout(tag.attr("style").unwrap_or_default()), marks);
        }
        if is_unknown(tag) {
            self.observer.found(Oddity::UnknownBlock(tag));
            return self.other(tag, marks);
        }
        self.cut();
        let align = self.container_align(tag);
        let around = std::mem::replace(&mut self.align, align);
        self.children(tag, marks);
        self.cut();
        self.align = around;
    }

    /// A quote has no place of its own in Intercom; the nearest box is the gray callout.
    pub(super) fn quote(&mut self, tag: Element<'_>, marks: &Marks) {
        self.callout(tag, Color::Gray, marks);
    }

    fn callout(&mut self, tag: Element<'_>, color: Color, marks: &Marks) {
        self.cut();
        if !self.may_hold() {
            return self.children(tag, marks);
        }
        if self.callouts > 0 {
            self.observer.found(Oddity::NestedCallout);
        }
        let keeps_empty = self.observer.callout();
        self.callouts += 1;
        let blocks = self.inside(tag, marks, Align::Left);
        self.callouts -= 1;
        if keeps_empty || !blocks.is_empty() {
            self.blocks.push(Block::Callout { color, blocks });
        }
    }

    pub(super) fn list(&mut self, tag: Element<'_>, marks: &Marks) {
        self.cut();
        if !self.may_hold() {
            return self.children(tag, marks);
        }
        let kind = if tag.name() == "ol" { ListKind::Numbers } else { ListKind::Bullets };
        self.observer.found(Oddity::List(tag));
        self.lists += 1;
        let mut items: Vec<Vec<Block>> = Vec::new();
        for child in tag.children() {
            let align = self.align;
            if let Child::Element(item) = child
                && item.name() == "li"
            {
                self.observer.enter(item);
                items.push(self.inside(item, marks, align));
                self.observer.leave();
                continue;
            }
            // What is between the items belongs to the one before it.
            let loose = self.apart(align, |reader| reader.child(child, marks));
            if loose.is_empty() {
                continue;
            }
            self.observer.found(Oddity::LooseInList);
            match items.last_mut() {
                Some(item) => item.extend(loose),
                None => items.push(loose),
            }
        }
        self.lists -= 1;
        if O::IS_WRITTEN && items.iter().flatten().all(is_empty) {
            self.observer.found(Oddity::EmptyList);
        } else if O::IS_WRITTEN && items.iter().flatten().all(says_nothing) {
            self.observer.found(Oddity::SilentList);
        }
        if !items.is_empty() {
            self.blocks.push(Block::List { kind, items });
        }
    }

    pub(super) fn details(&mut self, tag: Element<'_>, marks: &Marks) {
        self.cut();
        if !self.may_hold() {
            return self.children(tag, marks);
        }
        let mut line = None;
        let blocks = self.apart(Align::Left, |reader| {
            for child in tag.children() {
                match child {
                    Child::Element(child) if child.name() == "summary" && line.is_none() => {
                        line = Some(reader.summary(child, marks));
                    }
                    child => reader.child(child, marks),
                }
            }
        });
        let (level, summary, rest) = line.unwrap_or((2, Vec::new(), Vec::new()));
        if summary.is_empty() {
            self.observer.found(Oddity::EmptySummary);
        }
        let blocks = rest.into_iter().chain(blocks).collect();
        self.blocks.push(Block::Details { level, summary, blocks });
    }

    /// The line of a section: its level, its text, and what cannot be in a line.
    fn summary(&mut self, tag: Element<'_>, marks: &Marks) -> (u8, Vec<Run>, Vec<Block>) {
        let level = tag.descendants().find_map(|child| {
            let Child::Element(inner) = child else { return None };
            match inner.name() {
                "h1" => Some(1),
                "h2" => Some(2),
                "h3" => Some(3),
                "h4" | "h5" | "h6" => Some(4),
                _ => None,
            }
        });
        let inner = self.apart(Align::Left, |reader| {
            reader.frame = Frame::Heading { level: 2, id: None, align: Align::Left };
            reader.children(tag, marks);
            reader.cut();
            reader.frame = Frame::Loose;
        });
        let mut line: Vec<Run> = Vec::new();
        let mut rest = Vec::new();
        for block in inner {
            match block {
                Block::Heading { text, .. } => {
                    if !line.is_empty() {
                        line.push(Run { piece: Piece::Break, marks: Marks::default() });
                    }
                    line.extend(text);
                }
                block => rest.push(block),
            }
        }
        (level.unwrap_or(2), super::trimmed(line), rest)
    }

    pub(super) fn iframe(&mut self, tag: Element<'_>) {
        let src = address::plain(tag.attr("src").unwrap_or_default());
        if address::is_video(&src) {
            self.push(Block::Video { src });
            return;
        }
        self.observer.found(Oddity::UnknownVideo(&src));
        let attributes = kept_attributes(tag);
        self.push(Block::Other { name: "iframe".to_owned(), attributes, blocks: Vec::new() });
    }

    pub(super) fn other(&mut self, tag: Element<'_>, marks: &Marks) {
        self.cut();
        if !self.may_hold() {
            return self.children(tag, marks);
        }
        let blocks = self.inside(tag, marks, Align::Left);
        self.blocks.push(Block::Other { name: tag.name().to_owned(), attributes: kept_attributes(tag), blocks });
    }
}

/// Whether a `div` is a block of Intercom's that helpbook has no name for.
fn is_unknown(tag: Element<'_>) -> bool {
    classes(tag).any(|class| class.starts_with("intercom-"))
        && !classes(tag).any(|class| {
            matches!(class, "intercom-container" | "intercom-interblocks-table-container" | "intercom-h2b-video")
                || class.starts_with("intercom-align-")
        })
}

fn is_empty(block: &Block) -> bool {
    match block {
        Block::Paragraph { text, .. } | Block::Heading { text, .. } => plain(text).trim_ascii().is_empty(),
        Block::Code { text } => text.trim().is_empty(),
        Block::Button { label, .. } => label.is_empty(),
        Block::Callout { blocks, .. } | Block::Details { blocks, .. } => blocks.iter().all(is_empty),
        Block::List { .. }
        | Block::Rule
        | Block::Table { .. }
        | Block::Image { .. }
        | Block::Video { .. }
        | Block::Other { .. } => false,
    }
}

/// Whether a block holds nothing but spaces that do not break, or a line across.
fn says_nothing(block: &Block) -> bool {
    match block {
        Block::Paragraph { text, .. } | Block::Heading { text, .. } => plain(text).trim().is_empty(),
        Block::Rule => true,
        block => is_empty(block),
    }
}

fn kept_attributes(tag: Element<'_>) -> BTreeMap<String, String> {
    ["src", "href", "class"]
        .into_iter()
        .filter_map(|name| tag.attr(name).map(|value| (name.to_owned(), address::plain(value))))
        .filter(|(name, value)| name == "class" || address::is_safe(value))
        .collect()
}
