//! A body that Intercom stored, as a tree.
//!
//! Any HTML can come back, so nothing is refused: wrappers are looked through, unknown blocks are
//! kept by their tag, unknown inline tags give their text. What could run (a script, a handler, a
//! `javascript:` address) is left behind here, so it can reach neither a report nor a file.

use std::collections::BTreeMap;

use scraper::node::Element;
use scraper::{ElementRef, Html, Node};

use super::tree::{Align, Block, Body, Cell, Color, Image, ListKind, Marks, Piece, Run, push_run};

/// How deep a tree is followed; below it only text is kept.
const DEEPEST: usize = 64;

/// The tree of some HTML.
pub fn parse(html: &str) -> Body {
    let document = Html::parse_fragment(html);
    let mut reader = Reader { blocks: Vec::new(), text: Vec::new(), depth: 0 };
    reader.children(document.root_element(), &Marks::default());
    Body { blocks: reader.finish() }
}

/// Whether an address may be followed by a reader: nothing that runs code.
pub fn is_safe_address(address: &str) -> bool {
    let plain: String = address.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    match plain.split_once(':') {
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => {
            matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https" | "mailto" | "tel" | "sms" | "intercom")
        }
        _ => true,
    }
}

struct Reader {
    blocks: Vec<Block>,
    text: Vec<Run>,
    depth: usize,
}

impl Reader {
    fn children(&mut self, element: ElementRef, marks: &Marks) {
        for child in element.children() {
            match child.value() {
                Node::Text(text) => {
                    push_run(&mut self.text, Run { piece: Piece::Text(text.to_string()), marks: marks.clone() });
                }
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child, marks);
                    }
                }
                _ => {}
            }
        }
    }

    fn element(&mut self, element: ElementRef, marks: &Marks) {
        let tag = element.value();
        let deep = self.depth >= DEEPEST;
        match tag.name() {
            "script" | "style" | "template" | "noscript" | "head" | "title" | "svg" | "math" | "object" | "embed" => {}
            "b" | "strong" => self.children(element, &Marks { bold: true, ..marks.clone() }),
            "i" | "em" => self.children(element, &Marks { italic: true, ..marks.clone() }),
            "code" | "tt" => self.children(element, &Marks { code: true, ..marks.clone() }),
            "br" => self.text.push(Run { piece: Piece::Break, marks: marks.clone() }),
            "a" if tag.has_class("intercom-h2b-button", scraper::CaseSensitivity::AsciiCaseInsensitive) => {
                self.button(element);
            }
            "a" => {
                let link = tag.attr("href").map(str::trim).filter(|href| !href.is_empty() && is_safe_address(href));
                self.children(element, &Marks { link: link.map(str::to_owned), ..marks.clone() });
            }
            "img" => self.text.push(Run { piece: Piece::Image(image(tag)), marks: marks.clone() }),
            _ if deep => self.children(element, marks),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = tag.name().as_bytes()[1] - b'0';
                let id = tag.attr("id").map(str::to_owned);
                let align = align(tag);
                self.text_block(element, marks, |text| Block::Heading { level, id, align, text });
            }
            "p" => {
                let align = align(tag);
                self.text_block(element, marks, |text| Block::Paragraph { align, text });
            }
            "pre" => {
                self.flush();
                let text: String = code_text(element);
                self.blocks.push(Block::Code { text: text.strip_suffix('\n').unwrap_or(&text).to_owned() });
            }
            "hr" => {
                self.flush();
                self.blocks.push(Block::Rule);
            }
            "ul" | "ol" => {
                self.flush();
                let kind = if tag.name() == "ol" { ListKind::Numbers } else { ListKind::Bullets };
                let items = element.child_elements().map(|item| self.inside(item, marks)).collect();
                self.blocks.push(Block::List { kind, items });
            }
            "table" => {
                self.flush();
                let rows = self.rows(element, marks);
                self.blocks.push(Block::Table { rows });
            }
            "div" => self.div(element, marks),
            "iframe" | "details" | "summary" | "video" | "audio" => {
                self.flush();
                let blocks = self.inside(element, marks);
                let attributes = kept_attributes(tag);
                self.blocks.push(Block::Other { name: tag.name().to_owned(), attributes, blocks });
            }
            "section" | "article" | "header" | "footer" | "blockquote" | "figure" | "main" | "center" | "dl" | "dt"
            | "dd" | "form" => {
                self.flush();
                self.children(element, marks);
                self.flush();
            }
            _ => self.children(element, marks),
        }
    }

    fn div(&mut self, element: ElementRef, marks: &Marks) {
        let tag = element.value();
        let has = |class| tag.has_class(class, scraper::CaseSensitivity::AsciiCaseInsensitive);
        self.flush();
        if has("intercom-interblocks-callout") {
            let blocks = self.inside(element, marks);
            self.blocks.push(Block::Callout { color: color(tag.attr("style").unwrap_or_default()), blocks });
        } else if has("intercom-container") {
            let from = self.blocks.len();
            self.children(element, marks);
            self.flush();
            for block in &mut self.blocks[from..] {
                if let Block::Image { align: place, .. } | Block::Paragraph { align: place, .. } = block {
                    *place = align(tag);
                }
                if let Block::Other { attributes, .. } = block
                    && let Some(class) = align(tag).class()
                {
                    attributes.insert("align".to_owned(), class.to_owned());
                }
            }
        } else {
            self.children(element, marks);
            self.flush();
        }
    }

    fn button(&mut self, element: ElementRef) {
        self.flush();
        let blocks = self.inside(element, &Marks::default());
        let mut attributes = BTreeMap::from([("class".to_owned(), "intercom-h2b-button".to_owned())]);
        if let Some(href) = element.value().attr("href").filter(|href| is_safe_address(href)) {
            attributes.insert("href".to_owned(), href.to_owned());
        }
        self.blocks.push(Block::Other { name: "a".to_owned(), attributes, blocks });
    }

    /// A block that holds text. Pictures and blocks that stand in it become blocks of their own,
    /// as Intercom keeps them.
    fn text_block(&mut self, element: ElementRef, marks: &Marks, make: impl FnOnce(Vec<Run>) -> Block) {
        self.flush();
        let inner = self.inside(element, marks);
        match <[Block; 1]>::try_from(inner) {
            Ok([Block::Paragraph { text, .. }]) => self.blocks.push(make(text)),
            Ok([block]) => self.blocks.push(block),
            Err(inner) if inner.is_empty() => self.blocks.push(make(Vec::new())),
            Err(inner) => self.blocks.extend(inner),
        }
    }

    /// The blocks that stand in an element, apart from those around it.
    fn inside(&self, element: ElementRef, marks: &Marks) -> Vec<Block> {
        let mut reader = Reader { blocks: Vec::new(), text: Vec::new(), depth: self.depth + 1 };
        reader.children(element, marks);
        reader.finish()
    }

    fn rows(&self, table: ElementRef, marks: &Marks) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for child in table.child_elements() {
            match child.value().name() {
                "thead" | "tbody" | "tfoot" => rows.extend(self.rows(child, marks)),
                "tr" => rows.push(child.child_elements().map(|cell| self.cell(cell, marks)).collect()),
                _ => {}
            }
        }
        rows
    }

    fn cell(&self, cell: ElementRef, marks: &Marks) -> Cell {
        let tag = cell.value();
        let mut style = styles(tag.attr("style").unwrap_or_default());
        style.retain(|name, _| matches!(name.as_str(), "background-color" | "width" | "text-align" | "vertical-align"));
        for span in ["colspan", "rowspan"] {
            if let Some(value) =
                tag.attr(span).filter(|value| *value != "1" && value.chars().all(|c| c.is_ascii_digit()))
            {
                style.insert(span.to_owned(), value.to_owned());
            }
        }
        Cell { style, blocks: self.inside(cell, marks) }
    }

    /// Loose text becomes a paragraph; a picture in it a block of its own.
    fn flush(&mut self) {
        let mut line: Vec<Run> = Vec::new();
        for run in std::mem::take(&mut self.text) {
            if let Piece::Image(image) = run.piece {
                push_paragraph(&mut self.blocks, std::mem::take(&mut line));
                self.blocks.push(Block::Image { image, link: run.marks.link, align: Align::Left });
            } else {
                line.push(run);
            }
        }
        push_paragraph(&mut self.blocks, line);
    }

    fn finish(mut self) -> Vec<Block> {
        self.flush();
        self.blocks
    }
}

fn push_paragraph(blocks: &mut Vec<Block>, text: Vec<Run>) {
    let blank =
        text.iter().all(|run| matches!(&run.piece, Piece::Text(text) if text.chars().all(|c| c.is_ascii_whitespace())));
    if !blank {
        blocks.push(Block::Paragraph { align: Align::Left, text });
    }
}

fn image(tag: &Element) -> Image {
    let src = tag.attr("src").unwrap_or_default().trim();
    Image {
        src: if is_safe_address(src) { src.to_owned() } else { String::new() },
        alt: tag.attr("alt").unwrap_or_default().to_owned(),
    }
}

fn code_text(element: ElementRef) -> String {
    let mut text = String::new();
    for node in element.descendants() {
        match node.value() {
            Node::Text(part) => text.push_str(part),
            Node::Element(tag) if tag.name() == "br" => text.push('\n'),
            _ => {}
        }
    }
    text
}

fn align(tag: &Element) -> Align {
    [Align::Center, Align::Right, Align::Justify]
        .into_iter()
        .find(|align| align.class().is_some_and(|class| tag.classes().any(|name| name == class)))
        .unwrap_or_default()
}

fn kept_attributes(tag: &Element) -> BTreeMap<String, String> {
    ["src", "href", "class"]
        .into_iter()
        .filter_map(|name| tag.attr(name).map(|value| (name.to_owned(), value.to_owned())))
        .filter(|(_, value)| is_safe_address(value))
        .collect()
}

fn styles(style: &str) -> BTreeMap<String, String> {
    style
        .split(';')
        .filter_map(|pair| pair.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase()))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

fn color(style: &str) -> Color {
    let background = styles(style).remove("background-color").unwrap_or_default();
    let opaque = background.trim_end_matches("80");
    Color::PALETTE
        .iter()
        .find(|(_, known, _)| *known == background || known.trim_end_matches("80") == opaque)
        .map_or(Color::Custom(background), |(color, ..)| color.clone())
}
