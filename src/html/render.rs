//! Markdown as the tree that becomes Intercom's HTML.
//!
//! CommonMark, tables and GitHub's alerts, with every heading carrying an id of ours. What Intercom
//! would refuse or drop is a diagnostic with its place in the file, before anything is sent; what
//! it would change silently is rendered as the nearest thing that it keeps. Nothing is lost without
//! a word.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd,
};

use super::heading::{Anchors, Heading, is_anchor};
use super::parse::is_safe_address;
use super::tree::{Align, Block, Body, Cell, Color, Image, ListKind, Marks, Piece, Run, plain, push_run};
use super::write;
use crate::book::ImageFile;
use crate::config::Spacing;
use crate::diagnostic::Diagnostic;
use crate::text::{DocPath, Span};

/// How deep lists and quotes may nest.
const DEEPEST: usize = 24;

/// What the Markdown of one article is rendered with.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The file, for findings and for relative addresses.
    pub path: &'a DocPath,
    /// Where the Markdown starts in its file.
    pub offset: usize,
    /// The images of the docs folder.
    pub images: Images<'a>,
    /// Whether an empty paragraph stands between two paragraphs.
    pub spacing: Spacing,
    /// The headings that the article has in Intercom, whose ids are kept.
    pub headings: &'a [Heading],
}

/// The images of the docs folder, and where they can be fetched.
#[derive(Debug, Clone, Copy)]
pub struct Images<'a> {
    /// Every image file.
    pub files: &'a BTreeMap<DocPath, ImageFile>,
    /// The address below which they are served; `None` where nobody serves them.
    pub host: Option<&'a str>,
}

/// What became of some Markdown.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// The tree.
    pub body: Body,
    /// The HTML that is sent.
    pub html: String,
    /// What cannot be sent as it is.
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders Markdown. It never fails: what cannot be rendered is a diagnostic.
pub fn render(markdown: &str, context: Context<'_>) -> Rendered {
    // Never `Options::all()`: each of these is one that Intercom has something for, or that must
    // not pass unseen.
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let explicit = explicit_anchors(markdown, options);
    let mut renderer = Renderer {
        events: Parser::new_ext(markdown, options).into_offset_iter().collect(),
        at: 0,
        context,
        anchors: Anchors::new(context.headings, explicit),
        diagnostics: Vec::new(),
        depth: 0,
        lists: 0,
        quotes: 0,
    };
    let mut body = Body { blocks: renderer.blocks() };
    renderer.level(&mut body);
    let html = write::html(&body);
    Rendered { body, html, diagnostics: renderer.diagnostics }
}

fn explicit_anchors(markdown: &str, options: Options) -> Vec<String> {
    Parser::new_ext(markdown, options)
        .filter_map(|event| match event {
            Event::Start(Tag::Heading { id: Some(id), .. }) if is_anchor(&id) => Some(id.to_string()),
            _ => None,
        })
        .collect()
}

struct Renderer<'a> {
    events: Vec<(Event<'a>, Range<usize>)>,
    at: usize,
    context: Context<'a>,
    anchors: Anchors,
    diagnostics: Vec<Diagnostic>,
    depth: usize,
    lists: usize,
    quotes: usize,
}

impl<'a> Renderer<'a> {
    fn next(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        let event = self.events.get(self.at).cloned();
        self.at += 1;
        event
    }

    /// The blocks up to the end of the element around them.
    fn blocks(&mut self) -> Vec<Block> {
        let mut blocks = Vec::new();
        while let Some((event, range)) = self.next() {
            match event {
                Event::End(_) => break,
                Event::Start(tag) if is_block(&tag) => self.block(tag, &range, &mut blocks),
                Event::Rule => blocks.push(Block::Rule),
                // The text of a tight list item stands in it without a paragraph.
                _ => {
                    self.at -= 1;
                    let text = self.text(Until::Block, &Marks::default());
                    split_images(&mut blocks, text, Align::Left);
                }
            }
        }
        if self.context.spacing == Spacing::Paragraphs { spaced(blocks) } else { blocks }
    }

    fn block(&mut self, tag: Tag<'a>, range: &Range<usize>, blocks: &mut Vec<Block>) {
        if self.depth == DEEPEST {
            self.error("too-deep", range, "lists and quotes nest too deep here", "write it flatter");
            self.skip();
            return;
        }
        self.depth += 1;
        match tag {
            Tag::Paragraph => {
                let text = self.text(Until::End, &Marks::default());
                split_images(blocks, text, Align::Left);
            }
            Tag::Heading { level, id, classes, attrs } => {
                let bare = classes.is_empty() && attrs.is_empty();
                blocks.push(self.heading(level, id.as_deref(), bare, range));
            }
            Tag::BlockQuote(kind) => self.quote(kind, range, blocks),
            Tag::CodeBlock(kind) => blocks.push(self.code(&kind)),
            Tag::HtmlBlock => self.html_block(range),
            Tag::List(start) => blocks.push(self.list(start, range)),
            Tag::Table(columns) => blocks.push(self.table(&columns, range)),
            Tag::FootnoteDefinition(_) => {
                self.error("footnote", range, "Intercom has no footnotes", "put the note into the text");
                self.skip();
            }
            _ => {
                let inner = self.blocks();
                blocks.extend(inner);
            }
        }
        self.depth -= 1;
    }

    fn heading(&mut self, level: HeadingLevel, id: Option<&str>, bare: bool, range: &Range<usize>) -> Block {
        let mut text = self.text(Until::End, &Marks::default());
        if text.iter().any(|run| matches!(run.piece, Piece::Image(_))) {
            self.error(
                "heading-image",
                range,
                "a heading cannot hold an image in Intercom",
                "put the image below the heading",
            );
            text.retain(|run| !matches!(run.piece, Piece::Image(_)));
        }
        let explicit = id.filter(|id| is_anchor(id));
        if !bare || (id.is_some() && explicit.is_none()) {
            self.warning(
                "heading-attribute",
                range,
                "Intercom keeps only anchors of its own form on a heading",
                "write `{#h_` and ten hex digits`}`, or leave it out: every heading gets an anchor that stays",
            );
        }
        let id = explicit.map_or_else(|| self.anchors.next(&plain(&text)), str::to_owned);
        Block::Heading { level: level as u8, id: Some(id), align: Align::Left, text }
    }

    fn quote(&mut self, kind: Option<BlockQuoteKind>, range: &Range<usize>, blocks: &mut Vec<Block>) {
        self.quotes += 1;
        let inner = self.blocks();
        self.quotes -= 1;
        if self.quotes > 0 {
            self.warning(
                "nested-quote",
                range,
                "Intercom has no callout within a callout",
                "its text is sent as a part of the outer one",
            );
            blocks.extend(inner);
            return;
        }
        // Intercom has no quotes; the nearest box that it keeps is the gray callout (FACTS 3.1).
        let color = match kind {
            None | Some(BlockQuoteKind::Note) => Color::Gray,
            Some(BlockQuoteKind::Tip) => Color::Green,
            Some(BlockQuoteKind::Important) => Color::Blue,
            Some(BlockQuoteKind::Warning) => Color::Yellow,
            Some(BlockQuoteKind::Caution) => Color::Red,
        };
        if !inner.is_empty() {
            blocks.push(Block::Callout { color, blocks: inner });
        }
    }

    fn code(&mut self, kind: &CodeBlockKind<'a>) -> Block {
        let mut text = String::new();
        while let Some((event, _)) = self.next() {
            match event {
                Event::Text(part) => text.push_str(&part),
                Event::End(TagEnd::CodeBlock) => break,
                _ => {}
            }
        }
        let _ = kind;
        let text = text.replace("\r\n", "\n");
        Block::Code { text: text.strip_suffix('\n').unwrap_or(&text).to_owned() }
    }

    fn html_block(&mut self, range: &Range<usize>) {
        let mut html = String::new();
        while let Some((event, _)) = self.next() {
            match event {
                Event::Html(part) | Event::Text(part) => html.push_str(&part),
                Event::End(TagEnd::HtmlBlock) => break,
                _ => {}
            }
        }
        if !is_comments(&html) {
            self.raw_html(range);
        }
    }

    fn raw_html(&mut self, range: &Range<usize>) {
        self.error(
            "raw-html",
            range,
            "HTML in Markdown cannot be sent yet",
            "write it as Markdown; for a character as it is write `&lt;`, or put it in back ticks",
        );
    }

    fn list(&mut self, start: Option<u64>, range: &Range<usize>) -> Block {
        if start.is_some_and(|start| start != 1) {
            self.warning(
                "list-start",
                range,
                "Intercom numbers every list from 1",
                "start it at 1, or indent what stands between the two lists so that they are one",
            );
        }
        self.lists += 1;
        let mut items = Vec::new();
        while let Some((event, _)) = self.next() {
            match event {
                Event::Start(Tag::Item) => items.push(self.blocks()),
                Event::End(_) => break,
                _ => {}
            }
        }
        self.lists -= 1;
        if items.iter().all(Vec::is_empty) {
            self.error(
                "empty-list",
                range,
                "Intercom refuses a list without any text",
                "write a text in its items, or remove it",
            );
        }
        let kind = if start.is_some() { ListKind::Numbers } else { ListKind::Bullets };
        Block::List { kind, items }
    }

    fn table(&mut self, columns: &[Alignment], range: &Range<usize>) -> Block {
        if self.lists > 0 {
            self.error("table-in-list", range, "Intercom refuses a table in a list", "put the table below the list");
        }
        let mut rows = Vec::new();
        let mut head = false;
        while let Some((event, _)) = self.next() {
            match event {
                Event::Start(Tag::TableHead) => {
                    head = true;
                    rows.push(Vec::new());
                }
                Event::Start(Tag::TableRow) => rows.push(Vec::new()),
                Event::Start(Tag::TableCell) => {
                    let marks = Marks { bold: head, ..Marks::default() };
                    let text = self.text(Until::End, &marks);
                    if let Some(row) = rows.last_mut() {
                        let align = match columns.get(row.len()) {
                            Some(Alignment::Center) => Align::Center,
                            Some(Alignment::Right) => Align::Right,
                            _ => Align::Left,
                        };
                        let mut blocks = Vec::new();
                        split_images(&mut blocks, text, align);
                        row.push(Cell { blocks, ..Cell::default() });
                    }
                }
                Event::End(TagEnd::TableHead) => head = false,
                Event::End(TagEnd::Table) => break,
                _ => {}
            }
        }
        Block::Table { rows }
    }

    /// The text up to the end of the element, or up to the next block.
    fn text(&mut self, until: Until, marks: &Marks) -> Vec<Run> {
        let mut runs = Vec::new();
        while let Some((event, range)) = self.next() {
            match event {
                Event::End(_) => {
                    if until == Until::Block {
                        self.at -= 1;
                    }
                    break;
                }
                Event::Rule => {
                    self.at -= 1;
                    break;
                }
                Event::Start(tag) if is_block(&tag) => {
                    self.at -= 1;
                    break;
                }
                Event::Start(tag) => self.inline(tag, &range, marks, &mut runs),
                Event::Text(text) => {
                    push_run(&mut runs, Run { piece: Piece::Text(text.to_string()), marks: marks.clone() });
                }
                Event::Code(text) => {
                    let marks = Marks { code: true, ..marks.clone() };
                    push_run(&mut runs, Run { piece: Piece::Text(text.to_string()), marks });
                }
                Event::SoftBreak => {
                    push_run(&mut runs, Run { piece: Piece::Text(" ".to_owned()), marks: marks.clone() });
                }
                Event::HardBreak => runs.push(Run { piece: Piece::Break, marks: marks.clone() }),
                Event::InlineHtml(html) | Event::Html(html) => {
                    if is_line_break(&html) {
                        runs.push(Run { piece: Piece::Break, marks: marks.clone() });
                    } else if !is_comments(&html) {
                        self.raw_html(&range);
                    }
                }
                // Intercom has no boxes to tick; the characters are the nearest thing.
                Event::TaskListMarker(done) => {
                    let sign = if done { "\u{2611} " } else { "\u{2610} " };
                    push_run(&mut runs, Run { piece: Piece::Text(sign.to_owned()), marks: marks.clone() });
                }
                Event::FootnoteReference(_) => {
                    self.error("footnote", &range, "Intercom has no footnotes", "put the note into the text");
                }
                Event::InlineMath(text) | Event::DisplayMath(text) => {
                    push_run(&mut runs, Run { piece: Piece::Text(text.to_string()), marks: marks.clone() });
                }
            }
        }
        runs
    }

    fn inline(&mut self, tag: Tag<'a>, range: &Range<usize>, marks: &Marks, runs: &mut Vec<Run>) {
        match tag {
            Tag::Strong => self.marked(&Marks { bold: true, ..marks.clone() }, runs),
            Tag::Emphasis => self.marked(&Marks { italic: true, ..marks.clone() }, runs),
            Tag::Strikethrough => {
                self.error(
                    "strikethrough",
                    range,
                    "Intercom drops strikethrough",
                    "remove the text, or say in words that it no longer holds",
                );
                self.marked(marks, runs);
            }
            Tag::Link { link_type, dest_url, title, .. } => {
                let link = self.link(link_type, &dest_url, &title, range);
                self.marked(&Marks { link, ..marks.clone() }, runs);
            }
            Tag::Image { dest_url, title, .. } => {
                let alt = plain(&self.text(Until::End, &Marks::default()));
                if !title.is_empty() {
                    self.warning(
                        "lost-title",
                        range,
                        "Intercom drops the title of an image",
                        "put it into the alternative text or below the image",
                    );
                }
                if alt.trim().is_empty() {
                    self.warning(
                        "missing-alt",
                        range,
                        "the image has no alternative text",
                        "write what it shows: `![what it shows](…)`",
                    );
                }
                if let Some(src) = self.image(&dest_url, range) {
                    runs.push(Run {
                        piece: Piece::Image(Image { src, alt: alt.trim().to_owned() }),
                        marks: marks.clone(),
                    });
                }
            }
            _ => self.marked(marks, runs),
        }
    }

    fn marked(&mut self, marks: &Marks, runs: &mut Vec<Run>) {
        for run in self.text(Until::End, marks) {
            push_run(runs, run);
        }
    }

    fn link(&mut self, kind: LinkType, address: &str, title: &str, range: &Range<usize>) -> Option<String> {
        if title == "button" {
            self.error(
                "button",
                range,
                "buttons cannot be sent yet",
                "remove the title `\"button\"`; the link stays a link",
            );
        } else if !title.is_empty() {
            self.warning("lost-title", range, "Intercom drops the title of a link", "put it into the text");
        }
        if kind == LinkType::Email {
            return Some(format!("mailto:{address}"));
        }
        if address.is_empty() {
            self.error("empty-link", range, "the link leads nowhere", "write its address");
            return None;
        }
        if !is_safe_address(address) {
            self.error(
                "link-scheme",
                range,
                "this kind of address is never sent",
                "link to https://, http://, mailto: or tel:",
            );
            return None;
        }
        let has_scheme = address.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '?', '#']));
        if !has_scheme {
            self.error(
                "relative-link",
                range,
                &format!("`{address}` cannot be linked yet: links between articles need their full address"),
                "write the full address of the article in your Help Center (https://…)",
            );
            return None;
        }
        Some(address.to_owned())
    }

    fn image(&mut self, address: &str, range: &Range<usize>) -> Option<String> {
        if address.starts_with("https://") || address.starts_with("http://") {
            return Some(address.to_owned());
        }
        let relative = percent_decoded(address);
        let has_scheme = address.split_once(':').is_some_and(|(scheme, _)| !scheme.contains('/'));
        let path = self.context.path.resolve(&relative);
        let (Some(path), false) = (path, has_scheme || address.starts_with("//")) else {
            self.error(
                "image-address",
                range,
                &format!("`{address}` is no image that can be sent"),
                "name a file of the docs folder, or a full address (https://…)",
            );
            return None;
        };
        let Some(file) = self.context.images.files.get(&path) else {
            self.error(
                "missing-image",
                range,
                &format!("there is no image `{path}`"),
                "add the file (PNG, JPEG, GIF or SVG), or correct its path",
            );
            return None;
        };
        if !file.is_image {
            self.error(
                "not-an-image",
                range,
                &format!("`{path}` is not a PNG, JPEG, GIF or SVG"),
                "a Git LFS pointer? run `git lfs pull`; else save it as one of these",
            );
            return None;
        }
        let Some(host) = self.context.images.host else {
            self.error(
                "local-image",
                range,
                "images of the docs folder cannot be sent to Intercom yet",
                "show the image by its full address (https://…), or try the docs with `--local`",
            );
            return None;
        };
        Some(served_address(host, &path, file))
    }

    /// Moves the headings so that the shallowest is level 1, as Intercom does (FACTS 3.3).
    fn level(&mut self, body: &mut Body) {
        let mut shallowest = 6;
        let mut deepest = 1;
        super::tree::for_each_heading(&body.blocks, &mut |level, _, _| {
            shallowest = shallowest.min(level);
            deepest = deepest.max(level);
        });
        super::canonical::shift_headings(&mut body.blocks, shallowest - 1);
        if deepest.saturating_sub(shallowest) >= 4 {
            let range = self.deep_heading(shallowest + 4).unwrap_or(0..0);
            self.warning(
                "deep-heading",
                &range,
                "Intercom has four levels of headings",
                "this one is sent as the fourth; write the article flatter",
            );
        }
    }

    fn deep_heading(&self, level: u8) -> Option<Range<usize>> {
        self.events
            .iter()
            .find(
                |(event, _)| matches!(event, Event::Start(Tag::Heading { level: found, .. }) if *found as u8 >= level),
            )
            .map(|(_, range)| range.clone())
    }

    /// Passes over the rest of an element.
    fn skip(&mut self) {
        let mut open = 1;
        while open > 0 {
            match self.next() {
                Some((Event::Start(_), _)) => open += 1,
                Some((Event::End(_), _)) => open -= 1,
                Some(_) => {}
                None => break,
            }
        }
    }

    fn error(&mut self, id: &'static str, range: &Range<usize>, message: &str, help: &str) {
        let span = self.span(range);
        self.diagnostics.push(Diagnostic::error(id, self.context.path, span, message).help(help));
    }

    fn warning(&mut self, id: &'static str, range: &Range<usize>, message: &str, help: &str) {
        let span = self.span(range);
        self.diagnostics.push(Diagnostic::warning(id, self.context.path, span, message).help(help));
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::from(range.clone()).shifted(self.context.offset)
    }
}

/// Where a run of text ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// At the end of the element, which is passed.
    End,
    /// At the next block or the end of the element, which is left.
    Block,
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link { .. }
            | Tag::Image { .. }
            | Tag::Superscript
            | Tag::Subscript
    )
}

/// A text becomes a paragraph; the images in it become blocks of their own, as Intercom keeps no
/// image within a line (FACTS 3.4).
fn split_images(blocks: &mut Vec<Block>, text: Vec<Run>, align: Align) {
    let mut line = Vec::new();
    for run in text {
        if let Piece::Image(image) = run.piece {
            push_paragraph(blocks, std::mem::take(&mut line), align);
            blocks.push(Block::Image { image, link: run.marks.link, align });
        } else {
            line.push(run);
        }
    }
    push_paragraph(blocks, line, align);
}

fn push_paragraph(blocks: &mut Vec<Block>, text: Vec<Run>, align: Align) {
    let text = super::canonical::trimmed(text);
    if !text.is_empty() {
        blocks.push(Block::Paragraph { align, text });
    }
}

fn spaced(blocks: Vec<Block>) -> Vec<Block> {
    let mut spaced: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        if let (Some(Block::Paragraph { .. }), Block::Paragraph { .. }) = (spaced.last(), &block) {
            spaced.push(Block::Paragraph { align: Align::Left, text: Vec::new() });
        }
        spaced.push(block);
    }
    spaced
}

/// The address of a served image: its digest stands in its file name, so that new bytes are a new
/// address.
fn served_address(host: &str, path: &DocPath, file: &ImageFile) -> String {
    let (stem, extension) = path.as_str().rsplit_once('.').unwrap_or((path.as_str(), ""));
    let named = format!("{stem}.{}.{extension}", file.digest.short());
    let mut address = host.trim_end_matches('/').to_owned();
    for part in named.split('/') {
        address.push('/');
        address.extend(url::form_urlencoded::byte_serialize(part.as_bytes()).map(|piece| piece.replace('+', "%20")));
    }
    address
}

fn percent_decoded(address: &str) -> String {
    let query = format!("x={}", address.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(query.as_bytes())
        .next()
        .map_or_else(|| address.to_owned(), |(_, value)| value.into_owned())
}

fn is_comments(html: &str) -> bool {
    let mut rest = html.trim();
    while let Some(inner) = rest.strip_prefix("<!--") {
        let Some(end) = inner.find("-->") else { return false };
        rest = inner[end + 3..].trim_start();
    }
    rest.is_empty()
}

fn is_line_break(html: &str) -> bool {
    matches!(html.to_ascii_lowercase().replace(' ', "").as_str(), "<br>" | "<br/>")
}

#[cfg(test)]
mod tests;
