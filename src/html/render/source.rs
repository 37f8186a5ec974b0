//! Markdown as elements that are read: each block and link carries its place.
//!
//! Where HTML is in the Markdown, all of it is written as HTML, which is read then. That joins what was written as
//! Markdown and what was written as HTML, so that a `<details>` can hold Markdown and a cell can hold both. What only
//! Markdown can say wrong is found here.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::check::{HEADING_ATTRIBUTE, LIST_START, STRIKETHROUGH, TOO_DEEP};
use super::context::Context;
use super::output::Output;
use super::raw::{Open, Raw};
use crate::diagnostic::Diagnostic;
use crate::html::tree::Color;
use crate::html::tree::address;
use crate::html::tree::nodes::Nodes;
use crate::html::tree::read;
use crate::text::Span;

/// An event of the parser, and where it is in the Markdown.
pub(super) type Placed<'m> = (Event<'m>, Range<usize>);

/// How deep lists and quotes may nest.
const DEEPEST: usize = 24;

/// Turns the events of a Markdown parser into elements, or into HTML.
struct Source<'a> {
    markdown: &'a str,
    events: Vec<Placed<'a>>,
    at: usize,
    /// What closes the tags of Markdown that are open.
    ends: Vec<End>,
    quotes: usize,
    head: Option<Head>,
    columns: Vec<Alignment>,
    column: usize,
    /// The tags of HTML that are open.
    raw: Vec<Open>,
    out: Output<'a>,
}

/// How a tag of Markdown ends.
enum End {
    /// With the end of these elements, the inner one first.
    Tags(&'static [&'static str]),
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
pub(in crate::html) const OPTIONS: Options = Options::ENABLE_TABLES
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

/// Markdown as elements with places.
pub(super) struct Written<'m> {
    pub(super) form: Form<'m>,
    /// What is wrong with the Markdown.
    pub diagnostics: Vec<Diagnostic>,
}

pub(super) enum Form<'m> {
    /// As HTML, with that of the Markdown among it.
    Html(String),
    Nodes(Nodes<'m>),
}

impl Written<'_> {
    /// Reads its elements.
    pub fn with_nodes<T>(&self, read: impl FnOnce(&Nodes<'_>) -> T) -> T {
        match &self.form {
            Form::Html(html) => read(&read::nodes(html)),
            Form::Nodes(nodes) => read(nodes),
        }
    }
}

/// Writes Markdown as elements with places.
pub(super) fn write<'m>(markdown: &'m str, context: Context<'m>) -> Written<'m> {
    write_and_look(markdown, context, &mut |_| {})
}

/// The same, for somebody who looks at the events as well.
pub(super) fn write_and_look<'m>(
    markdown: &'m str,
    context: Context<'m>,
    look: &mut dyn FnMut(&[Placed<'m>]),
) -> Written<'m> {
    let events = events(markdown);
    look(&events);
    let is_html =
        |(event, _): &Placed<'_>| matches!(event, Event::Start(Tag::HtmlBlock) | Event::Html(_) | Event::InlineHtml(_));
    if !events.iter().any(is_html) {
        let out = written(markdown, events, Output::new(context, Some(Nodes::of_html(markdown))));
        if let (Some(nodes), false) = (out.nodes, out.is_odd) {
            return Written { form: Form::Nodes(nodes), diagnostics: out.diagnostics };
        }
    }
    html(markdown, context)
}

/// Writes Markdown as HTML with places.
pub(super) fn html<'m>(markdown: &'m str, context: Context<'m>) -> Written<'m> {
    let mut out = Output::new(context, None);
    out.html.reserve(markdown.len() * 2);
    let out = written(markdown, events(markdown), out);
    Written { form: Form::Html(out.html), diagnostics: out.diagnostics }
}

fn events(markdown: &str) -> Vec<Placed<'_>> {
    // About as many as there are in most texts.
    let mut events = Vec::with_capacity(markdown.len() / 16);
    events.extend(Parser::new_ext(markdown, OPTIONS).into_offset_iter());
    events
}

fn written<'m>(markdown: &'m str, events: Vec<Placed<'m>>, out: Output<'m>) -> Output<'m> {
    let (ends, columns, raw) = (Vec::new(), Vec::new(), Vec::new());
    let mut source = Source { markdown, events, at: 0, ends, quotes: 0, head: None, columns, column: 0, raw, out };
    source.run();
    source.out
}

impl<'a> Source<'a> {
    fn run(&mut self) {
        while let Some((event, range)) = self.next() {
            match event {
                Event::Start(Tag::HtmlBlock) => self.html_block(),
                Event::Start(tag) => self.start(tag, &range),
                Event::End(end) => self.end(end),
                Event::Text(text) => self.text(text),
                Event::Code(text) => {
                    self.out.open("code", None, None);
                    self.text(text);
                    self.out.close("code");
                }
                Event::SoftBreak => self.out.text(" ".into()),
                Event::HardBreak => self.out.void("br", None, None),
                Event::Rule => self.out.void("hr", self.here(&range), None),
                Event::InlineHtml(html) | Event::Html(html) => {
                    self.fill();
                    self.raw().piece(&html, &|byte| range.start + byte);
                }
                // Intercom has no boxes to tick; the characters are the nearest thing.
                Event::TaskListMarker(done) => self.out.text(if done { "\u{2611} " } else { "\u{2610} " }.into()),
                Event::FootnoteReference(_) => self.footnote(&range),
                Event::InlineMath(text) | Event::DisplayMath(text) => self.text(text),
            }
        }
        self.raw().close_all();
    }

    fn next(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        let event = self.events.get_mut(self.at).map(|(event, range)| {
            // What is passed is not looked at again.
            (std::mem::replace(event, Event::Rule), range.clone())
        });
        self.at += 1;
        event
    }

    /// Writes HTML where the output is now.
    fn raw(&mut self) -> Raw<'_, 'a> {
        let (endless, is_endless) = (BTreeSet::new(), false);
        Raw { open: &mut self.raw, out: &mut self.out, depth: self.ends.len(), endless, is_endless }
    }

    fn start(&mut self, tag: Tag<'a>, range: &Range<usize>) {
        let holders = self.ends.iter().filter(|end| !matches!(end, End::Tags(["li" | "p"]))).count();
        if holders >= DEEPEST && matches!(tag, Tag::BlockQuote(_) | Tag::List(_)) {
            self.out.error("too-deep", range.clone().into(), TOO_DEEP.0, TOO_DEEP.1);
            self.skip();
            return;
        }
        match tag {
            Tag::Paragraph => self.paragraph(range),
            Tag::Heading { level, id, classes, attrs } => {
                if !classes.is_empty() || !attrs.is_empty() {
                    let (message, help) = HEADING_ATTRIBUTE;
                    self.out.warning("heading-attribute", range.clone().into(), message, help);
                }
                self.heading(level, id, range);
            }
            Tag::BlockQuote(kind) => self.quote(kind, range),
            Tag::CodeBlock(_) => {
                self.out.open("pre", self.here(range), None);
                self.out.open("code", None, None);
                self.ends.push(End::Tags(&["code", "pre"]));
            }
            Tag::List(start) => {
                if start.is_some_and(|start| start != 1) {
                    self.out.warning("list-start", range.clone().into(), LIST_START.0, LIST_START.1);
                }
                if start.is_some() {
                    self.open("ol", &["ol"], range);
                } else {
                    self.open("ul", &["ul"], range);
                }
            }
            Tag::Item => self.open("li", &["li"], range),
            Tag::Table(columns) => {
                self.columns = columns;
                self.open("table", &["table"], range);
            }
            Tag::TableHead => {
                self.column = 0;
                self.head = Some(Head { start: self.out.here(), has_text: false });
                self.open("tr", &["tr"], range);
            }
            Tag::TableRow => {
                self.column = 0;
                self.open("tr", &["tr"], range);
            }
            Tag::TableCell => self.cell(range),
            Tag::Strong => self.mark("b", &["b"]),
            Tag::Emphasis => self.mark("i", &["i"]),
            Tag::Strikethrough => {
                self.out.error("strikethrough", range.clone().into(), STRIKETHROUGH.0, STRIKETHROUGH.1);
                self.ends.push(End::Tags(&[]));
            }
            Tag::Link { link_type, dest_url, title, .. } => {
                if title.as_ref() == "button" {
                    self.out.error(
                        "button",
                        range.clone().into(),
                        "a button has to be alone in its paragraph",
                        "put an empty line before and after it, or remove the title `\"button\"`",
                    );
                }
                let title = if title.as_ref() == "button" { CowStr::Borrowed("") } else { title };
                self.link(link_type, dest_url, ("title", title), range);
            }
            Tag::Image { dest_url, title, .. } => self.image(dest_url, &title, range),
            Tag::FootnoteDefinition(_) => {
                self.footnote(range);
                self.ends.push(End::Cut(self.out.here()));
            }
            _ => self.ends.push(End::Tags(&[])),
        }
    }

    fn end(&mut self, end: TagEnd) {
        self.raw().close_all();
        let Some(closing) = self.ends.pop() else { return };
        if matches!(end, TagEnd::Heading(_)) {
            self.out.heading = None;
        }
        match closing {
            End::Tags(tags) => tags.iter().for_each(|tag| self.out.close(tag)),
            End::Cut(at) => self.out.cut(at),
            End::Quote => {
                self.quotes -= 1;
                self.out.close("div");
            }
            End::Nested(range) => self.out.warning(
                "nested-quote",
                range.clone().into(),
                "Intercom has no callout within a callout",
                "its text is sent as a part of the outer one",
            ),
        }
        // A table without a head is written with an empty one.
        if end == TagEnd::TableHead
            && let Some(head) = self.head.take().filter(|head| !head.has_text)
        {
            self.out.cut(head.start);
        }
    }

    /// The place of Markdown.
    fn here(&self, range: &Range<usize>) -> Option<Span> {
        Some(range.clone().into())
    }

    /// An element with its place begins.
    fn open(&mut self, name: &'static str, ends: &'static [&'static str], range: &Range<usize>) {
        self.out.open(name, self.here(range), None);
        self.ends.push(End::Tags(ends));
    }

    fn mark(&mut self, name: &'static str, ends: &'static [&'static str]) {
        self.out.open(name, None, None);
        self.ends.push(End::Tags(ends));
    }

    /// A paragraph; one that is a video's address, or a link that is to be a button, is that block.
    fn paragraph(&mut self, range: &Range<usize>) {
        let written = self.markdown[range.clone()].trim();
        let bare = written.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(written);
        if bare.starts_with("http")
            && !bare.contains(|c: char| c.is_whitespace() || c == '<')
            && let Some(src) = address::embedded(bare)
        {
            self.out.open("iframe", self.here(range), [("src", src.into())]);
            self.out.close("iframe");
            return self.skip();
        }
        if let Some((Event::Start(Tag::Link { link_type, dest_url, title, .. }), place)) = self.events.get(self.at)
            && title.as_ref() == "button"
            && self.is_alone()
        {
            let (kind, address, place) = (*link_type, dest_url.clone(), place.clone());
            self.at += 1;
            self.ends.push(End::Tags(&[]));
            self.link(kind, address, ("class", "intercom-h2b-button".into()), &place);
            return;
        }
        self.open("p", &["p"], range);
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

    fn heading(&mut self, level: HeadingLevel, id: Option<CowStr<'a>>, range: &Range<usize>) {
        let (name, ends): (_, &[&str]) = match level {
            HeadingLevel::H1 => ("h1", &["h1"]),
            HeadingLevel::H2 => ("h2", &["h2"]),
            HeadingLevel::H3 => ("h3", &["h3"]),
            HeadingLevel::H4 => ("h4", &["h4"]),
            HeadingLevel::H5 => ("h5", &["h5"]),
            HeadingLevel::H6 => ("h6", &["h6"]),
        };
        self.out.open_heading(name, range.clone().into(), id);
        self.ends.push(End::Tags(ends));
    }

    fn quote(&mut self, kind: Option<BlockQuoteKind>, range: &Range<usize>) {
        if self.quotes > 0 {
            self.ends.push(End::Nested(range.clone()));
            return;
        }
        // Intercom has no quotes; the nearest box that it keeps is the gray callout (docs/intercom.md 3.1).
        let color = match kind {
            None | Some(BlockQuoteKind::Note) => Color::Gray,
            Some(BlockQuoteKind::Tip) => Color::Green,
            Some(BlockQuoteKind::Important) => Color::Blue,
            Some(BlockQuoteKind::Warning) => Color::Yellow,
            Some(BlockQuoteKind::Caution) => Color::Red,
        };
        let background = Color::PALETTE.iter().find(|(known, ..)| *known == color).map_or("", |(_, color, _)| color);
        let style = format!("background-color: {background}");
        let attributes = [("class", "intercom-interblocks-callout".into()), ("style", style.into())];
        self.out.open("div", self.here(range), attributes);
        self.quotes += 1;
        self.ends.push(End::Quote);
    }

    fn cell(&mut self, range: &Range<usize>) {
        let align = match self.columns.get(self.column) {
            Some(Alignment::Center) => Some(("align", "center".into())),
            Some(Alignment::Right) => Some(("align", "right".into())),
            _ => None,
        };
        self.out.open("td", self.here(range), align);
        self.column += 1;
        if self.head.is_some() {
            self.mark("b", &["b", "td"]);
        } else {
            self.ends.push(End::Tags(&["td"]));
        }
    }

    fn link(&mut self, kind: LinkType, address: CowStr<'a>, other: (&'static str, CowStr<'a>), range: &Range<usize>) {
        self.fill();
        let href = if kind == LinkType::Email { format!("mailto:{address}").into() } else { address.into() };
        let other = Some(other).filter(|(_, value)| !value.is_empty());
        let attributes = std::iter::once(("href", href)).chain(other.map(|(name, value)| (name, value.into())));
        self.out.open("a", self.here(range), attributes);
        self.ends.push(End::Tags(&["a"]));
    }

    fn image(&mut self, address: CowStr<'a>, title: &str, range: &Range<usize>) {
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
            self.out.warning(
                "lost-title",
                range.clone().into(),
                "Intercom drops the title of an image",
                "put it into the alternative text or below the image",
            );
        }
        self.out.void("img", self.here(range), [("src", address.into()), ("alt", alt.into())]);
    }

    fn html_block(&mut self) {
        let mut html = String::new();
        // Where each line starts in the block, and where in the Markdown: a quote's signs and a
        // list's indent are between the lines.
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
        self.raw().piece(&html, &|byte| {
            let line = lines.partition_point(|(start, _)| *start <= byte);
            let (start, place) = lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
            place + (byte - start)
        });
    }

    fn footnote(&mut self, range: &Range<usize>) {
        self.out.error("footnote", range.clone().into(), "Intercom has no footnotes", "put the note into the text");
    }

    fn text(&mut self, text: CowStr<'a>) {
        self.fill();
        self.out.text(text.into());
    }

    /// Something is in the head of the table.
    fn fill(&mut self) {
        if let Some(head) = &mut self.head {
            head.has_text = true;
        }
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
}
