//! Markdown as HTML that is read back: each block and link a tag that carries its place.
//!
//! This HTML is never sent. It joins what was written as Markdown and what was written as HTML, so
//! that a `<details>` can hold Markdown and a cell can hold both; the reader makes the tree of it.
//! What only Markdown can say wrong is found here.

use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::super::address;
use super::super::heading::is_anchor;
use super::super::tree::Color;
use super::super::write::escape;
use super::Context;
use super::check::{LIST_START, PLACE, STRIKETHROUGH, TOO_DEEP};
use super::raw::Open;
use crate::diagnostic::Diagnostic;
use crate::text::Span;

/// How deep lists and quotes may nest.
const DEEPEST: usize = 24;

/// Turns the events of a Markdown parser into HTML.
pub(super) struct Source<'a> {
    context: Context<'a>,
    markdown: &'a str,
    events: Vec<(Event<'a>, Range<usize>)>,
    at: usize,
    /// What closes the tags of Markdown that are open.
    ends: Vec<End>,
    quotes: usize,
    head: Option<Head>,
    columns: Vec<Alignment>,
    column: usize,
    pub(super) raw: Vec<Open>,
    pub(super) out: String,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// How a tag of Markdown ends.
enum End {
    Tag(&'static str),
    /// A quote within a quote, whose box the outer one is.
    Nested(Range<usize>),
    Quote,
    /// What Intercom has nothing for: the output is cut here.
    Cut(usize),
}

/// The head row of a table while it is written.
struct Head {
    start: usize,
    has_text: bool,
}

/// What is read as Markdown. Never `Options::all()`: each of these is one that Intercom has
/// something for, or that must not pass unseen.
pub(in super::super) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES);

/// Where the outermost blocks of some Markdown end, but for comments.
pub(super) fn ends(markdown: &str) -> Vec<usize> {
    let mut open = 0;
    let mut ends = Vec::new();
    for (event, range) in Parser::new_ext(markdown, OPTIONS).into_offset_iter() {
        match event {
            Event::Start(_) => open += 1,
            Event::End(_) => open -= 1,
            _ => {}
        }
        let written = markdown[range.clone()].trim();
        if open == 0 && !(written.starts_with("<!--") && written.ends_with("-->")) {
            ends.push(range.start + markdown[range].trim_end().len());
        }
    }
    ends
}

/// The HTML of some Markdown, and what is wrong with it.
pub(super) fn source<'a>(markdown: &'a str, context: Context<'a>) -> (String, Vec<Diagnostic>) {
    let mut source = Source {
        context,
        markdown,
        events: Parser::new_ext(markdown, OPTIONS).into_offset_iter().collect(),
        at: 0,
        ends: Vec::new(),
        quotes: 0,
        head: None,
        columns: Vec::new(),
        column: 0,
        raw: Vec::new(),
        out: String::with_capacity(markdown.len() * 2),
        diagnostics: Vec::new(),
    };
    source.run();
    (source.out, source.diagnostics)
}

impl<'a> Source<'a> {
    fn run(&mut self) {
        while let Some((event, range)) = self.next() {
            match event {
                Event::Start(Tag::HtmlBlock) => self.html_block(),
                Event::Start(tag) => self.start(tag, &range),
                Event::End(end) => self.end(end),
                Event::Text(text) => self.text(&text),
                Event::Code(text) => {
                    self.out.push_str("<code>");
                    self.text(&text);
                    self.out.push_str("</code>");
                }
                Event::SoftBreak => self.out.push('\n'),
                Event::HardBreak => self.out.push_str("<br>"),
                Event::Rule => self.tag("hr", &range),
                Event::InlineHtml(html) | Event::Html(html) => {
                    self.fill();
                    self.raw(&html, &|byte| range.start + byte);
                }
                // Intercom has no boxes to tick; the characters are the nearest thing.
                Event::TaskListMarker(done) => self.out.push_str(if done { "\u{2611} " } else { "\u{2610} " }),
                Event::FootnoteReference(_) => self.footnote(&range),
                Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            }
        }
        self.close_all_raw();
    }

    fn next(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        let event = self.events.get_mut(self.at).map(|(event, range)| {
            // What is passed is not looked at again.
            (std::mem::replace(event, Event::Rule), range.clone())
        });
        self.at += 1;
        event
    }

    /// How many tags of Markdown are open.
    pub(super) fn depth(&self) -> usize {
        self.ends.len()
    }

    fn start(&mut self, tag: Tag<'a>, range: &Range<usize>) {
        let holders = self.ends.iter().filter(|end| !matches!(end, End::Tag("</li>" | "</p>"))).count();
        if holders >= DEEPEST && matches!(tag, Tag::BlockQuote(_) | Tag::List(_)) {
            self.error("too-deep", (range.start, range.end), TOO_DEEP.0, TOO_DEEP.1);
            self.skip();
            return;
        }
        match tag {
            Tag::Paragraph => self.paragraph(range),
            Tag::Heading { level, id, classes, attrs } => {
                let is_bare = classes.is_empty() && attrs.is_empty();
                self.heading(level, id.as_deref(), is_bare, range);
            }
            Tag::BlockQuote(kind) => self.quote(kind, range),
            Tag::CodeBlock(_) => {
                self.tag("pre", range);
                self.out.push_str("<code>");
                self.ends.push(End::Tag("</code></pre>"));
            }
            Tag::List(start) => {
                if start.is_some_and(|start| start != 1) {
                    self.warning("list-start", (range.start, range.end), LIST_START.0, LIST_START.1);
                }
                self.tag(if start.is_some() { "ol" } else { "ul" }, range);
                self.ends.push(End::Tag(if start.is_some() { "</ol>" } else { "</ul>" }));
            }
            Tag::Item => self.open("li", "</li>", range),
            Tag::Table(columns) => {
                self.columns = columns;
                self.open("table", "</table>", range);
            }
            Tag::TableHead => {
                self.column = 0;
                self.head = Some(Head { start: self.out.len(), has_text: false });
                self.open("tr", "</tr>", range);
            }
            Tag::TableRow => {
                self.column = 0;
                self.open("tr", "</tr>", range);
            }
            Tag::TableCell => self.cell(range),
            Tag::Strong => self.mark("<b>", "</b>"),
            Tag::Emphasis => self.mark("<i>", "</i>"),
            Tag::Strikethrough => {
                self.error("strikethrough", (range.start, range.end), STRIKETHROUGH.0, STRIKETHROUGH.1);
                self.ends.push(End::Tag(""));
            }
            Tag::Link { link_type, dest_url, title, .. } => {
                if title.as_ref() == "button" {
                    self.error(
                        "button",
                        (range.start, range.end),
                        "a button stands alone in its paragraph",
                        "put an empty line before and after it, or remove the title `\"button\"`",
                    );
                }
                let title = if title.as_ref() == "button" { "" } else { title.as_ref() };
                self.link(link_type, &dest_url, title, "", range);
            }
            Tag::Image { dest_url, title, .. } => self.image(&dest_url, &title, range),
            Tag::FootnoteDefinition(_) => {
                self.footnote(range);
                self.ends.push(End::Cut(self.out.len()));
            }
            _ => self.ends.push(End::Tag("")),
        }
    }

    fn end(&mut self, end: TagEnd) {
        self.close_all_raw();
        let Some(closing) = self.ends.pop() else { return };
        match closing {
            End::Tag(tag) => self.out.push_str(tag),
            End::Cut(at) => self.out.truncate(at),
            End::Quote => {
                self.quotes -= 1;
                self.out.push_str("</div>");
            }
            End::Nested(range) => self.warning(
                "nested-quote",
                (range.start, range.end),
                "Intercom has no callout within a callout",
                "its text is sent as a part of the outer one",
            ),
        }
        // A table without a head is written with an empty one.
        if end == TagEnd::TableHead
            && let Some(head) = self.head.take().filter(|head| !head.has_text)
        {
            self.out.truncate(head.start);
        }
    }

    /// A tag that names its place.
    fn tag(&mut self, name: &str, range: &Range<usize>) {
        self.out.push('<');
        self.out.push_str(name);
        self.place(PLACE, (range.start, range.end));
        self.out.push('>');
    }

    pub(super) fn place(&mut self, attribute: &str, (start, end): (usize, usize)) {
        let offset = self.context.offset;
        let _ = write!(self.out, " {attribute}=\"{}-{}\"", start + offset, end + offset);
    }

    fn open(&mut self, name: &str, end: &'static str, range: &Range<usize>) {
        self.tag(name, range);
        self.ends.push(End::Tag(end));
    }

    fn mark(&mut self, start: &str, end: &'static str) {
        self.out.push_str(start);
        self.ends.push(End::Tag(end));
    }

    /// A paragraph; one that is a video's address, or a link that is to be a button, is that block.
    fn paragraph(&mut self, range: &Range<usize>) {
        let written = self.markdown[range.clone()].trim();
        let bare = written.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(written);
        if bare.starts_with("http")
            && !bare.contains(|c: char| c.is_whitespace() || c == '<')
            && let Some(src) = address::embedded(bare)
        {
            self.out.push_str("<iframe");
            self.place(PLACE, (range.start, range.end));
            self.attribute("src", &src);
            self.out.push_str("></iframe>");
            return self.skip();
        }
        if let Some((Event::Start(Tag::Link { link_type, dest_url, title, .. }), place)) = self.events.get(self.at)
            && title.as_ref() == "button"
            && self.is_alone()
        {
            let (kind, address, place) = (*link_type, dest_url.to_string(), place.clone());
            self.at += 1;
            self.ends.push(End::Tag(""));
            self.link(kind, &address, "", " class=\"intercom-h2b-button\"", &place);
            return;
        }
        self.open("p", "</p>", range);
    }

    /// Whether the element that starts next is all that the paragraph holds.
    fn is_alone(&self) -> bool {
        let mut open = 0;
        for (at, (event, _)) in self.events.iter().enumerate().skip(self.at) {
            match event {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                _ => {}
            }
            if open == 0 {
                return matches!(self.events.get(at + 1), Some((Event::End(TagEnd::Paragraph), _)));
            }
        }
        false
    }

    fn heading(&mut self, level: HeadingLevel, id: Option<&str>, is_bare: bool, range: &Range<usize>) {
        let explicit = id.filter(|id| is_anchor(id));
        if !is_bare || (id.is_some() && explicit.is_none()) {
            self.warning(
                "heading-attribute",
                (range.start, range.end),
                "Intercom keeps only anchors of its own form on a heading",
                "write `{#h_` and ten hex digits`}`, or leave it out: every heading gets an anchor that stays",
            );
        }
        let (start, end) = match level {
            HeadingLevel::H1 => ("<h1", "</h1>"),
            HeadingLevel::H2 => ("<h2", "</h2>"),
            HeadingLevel::H3 => ("<h3", "</h3>"),
            HeadingLevel::H4 => ("<h4", "</h4>"),
            HeadingLevel::H5 => ("<h5", "</h5>"),
            HeadingLevel::H6 => ("<h6", "</h6>"),
        };
        self.out.push_str(start);
        self.place(PLACE, (range.start, range.end));
        if let Some(id) = explicit {
            self.attribute("id", id);
        }
        self.out.push('>');
        self.ends.push(End::Tag(end));
    }

    fn quote(&mut self, kind: Option<BlockQuoteKind>, range: &Range<usize>) {
        if self.quotes > 0 {
            self.ends.push(End::Nested(range.clone()));
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
        let background = Color::PALETTE.iter().find(|(known, ..)| *known == color).map_or("", |(_, color, _)| color);
        self.out.push_str("<div class=\"intercom-interblocks-callout\"");
        self.place(PLACE, (range.start, range.end));
        let _ = write!(self.out, " style=\"background-color: {background}\">");
        self.quotes += 1;
        self.ends.push(End::Quote);
    }

    fn cell(&mut self, range: &Range<usize>) {
        self.out.push_str("<td");
        self.place(PLACE, (range.start, range.end));
        match self.columns.get(self.column) {
            Some(Alignment::Center) => self.out.push_str(" align=\"center\">"),
            Some(Alignment::Right) => self.out.push_str(" align=\"right\">"),
            _ => self.out.push('>'),
        }
        self.column += 1;
        if self.head.is_some() {
            self.mark("<b>", "</b></td>");
        } else {
            self.ends.push(End::Tag("</td>"));
        }
    }

    fn link(&mut self, kind: LinkType, address: &str, title: &str, class: &str, range: &Range<usize>) {
        self.fill();
        self.out.push_str("<a");
        self.place(PLACE, (range.start, range.end));
        self.out.push_str(class);
        if kind == LinkType::Email {
            self.attribute("href", &format!("mailto:{address}"));
        } else {
            self.attribute("href", address);
        }
        if !title.is_empty() {
            self.attribute("title", title);
        }
        self.out.push('>');
        self.ends.push(End::Tag("</a>"));
    }

    fn image(&mut self, address: &str, title: &str, range: &Range<usize>) {
        self.fill();
        let mut alt = String::new();
        let mut open = 1;
        while open > 0 {
            match self.next() {
                Some((Event::Start(_), _)) => open += 1,
                Some((Event::End(_), _)) => open -= 1,
                Some((Event::Text(text) | Event::Code(text), _)) => alt.push_str(&text),
                Some((Event::SoftBreak | Event::HardBreak, _)) => alt.push(' '),
                Some(_) => {}
                None => break,
            }
        }
        if !title.is_empty() {
            self.warning(
                "lost-title",
                (range.start, range.end),
                "Intercom drops the title of an image",
                "put it into the alternative text or below the image",
            );
        }
        self.out.push_str("<img");
        self.place(PLACE, (range.start, range.end));
        self.attribute("src", address);
        self.attribute("alt", &alt);
        self.out.push('>');
    }

    fn html_block(&mut self) {
        let mut html = String::new();
        // Where each line starts in the block, and where in the Markdown: a quote's signs and a
        // list's indent stand between the lines.
        let mut lines: Vec<(usize, usize)> = Vec::new();
        while let Some((event, range)) = self.next() {
            match event {
                Event::Html(part) | Event::Text(part) => {
                    lines.push((html.len(), range.start));
                    html.push_str(&part);
                }
                Event::End(TagEnd::HtmlBlock) => break,
                _ => {}
            }
        }
        self.raw(&html, &|byte| {
            let line = lines.partition_point(|(start, _)| *start <= byte);
            let (start, place) = lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
            place + (byte - start)
        });
    }

    fn footnote(&mut self, range: &Range<usize>) {
        self.error("footnote", (range.start, range.end), "Intercom has no footnotes", "put the note into the text");
    }

    fn text(&mut self, text: &str) {
        self.fill();
        escape(&mut self.out, text);
    }

    /// Something stands in the head of the table.
    fn fill(&mut self) {
        if let Some(head) = &mut self.head {
            head.has_text = true;
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        let _ = write!(self.out, " {name}=\"");
        for c in value.chars() {
            match c {
                '"' => self.out.push_str("&quot;"),
                c => escape(&mut self.out, c.encode_utf8(&mut [0; 4])),
            }
        }
        self.out.push('"');
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

    pub(super) fn error(&mut self, id: &'static str, place: (usize, usize), message: &str, help: &str) {
        let span = Span::new(place.0, place.1).shifted(self.context.offset);
        self.diagnostics.push(Diagnostic::error(id, self.context.path, span, message).help(help));
    }

    pub(super) fn warning(&mut self, id: &'static str, place: (usize, usize), message: &str, help: &str) {
        let span = Span::new(place.0, place.1).shifted(self.context.offset);
        self.diagnostics.push(Diagnostic::warning(id, self.context.path, span, message).help(help));
    }
}
