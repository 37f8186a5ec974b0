//! What Markdown is written to: elements with places, and what is wrong with what was written.
//!
//! HTML that is in Markdown is written among the HTML that Markdown becomes, so that both are read as
//! one text, repaired as a browser would. Where there is none, nothing needs repair, and the elements are made at once.

use std::borrow::Cow;
use std::fmt::Write as _;

use pulldown_cmark::CowStr;

use super::context::Context;
use crate::diagnostic::Diagnostic;
use crate::html::tree::nodes::{Nodes, PLACE, Place, RAW_PLACE};
use crate::html::tree::write::{attribute, escape};
use crate::text::Span;

/// HTML or elements, and findings, all with places in the file.
pub(super) struct Output<'a> {
    pub context: Context<'a>,
    pub html: String,
    /// The elements, where no HTML is written.
    pub nodes: Option<Nodes<'a>>,
    /// Whether a browser would make something else of these elements if they were HTML.
    pub is_odd: bool,
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it is said already that tags nest too deep.
    pub is_too_deep: bool,
    /// The names that the next heading gets if no text comes before it.
    pub names: Vec<String>,
    /// Where names go into the tag of the heading that is open, and how many it has.
    pub heading: Option<(usize, usize)>,
}

/// How many names of a heading count. Old docs give it two.
const MOST_NAMES: usize = 8;

impl<'a> Output<'a> {
    /// Nothing yet. It will be HTML, or else elements.
    pub fn new(context: Context<'a>, nodes: Option<Nodes<'a>>) -> Self {
        Self {
            context,
            html: String::new(),
            nodes,
            is_odd: false,
            diagnostics: Vec::new(),
            is_too_deep: false,
            names: Vec::new(),
            heading: None,
        }
    }

    /// An element of Markdown begins.
    pub fn open(
        &mut self,
        name: &'static str,
        place: Option<Span>,
        attributes: impl IntoIterator<Item = (&'static str, Cow<'a, str>)>,
    ) {
        let place = place.map(|span| Place { span: span.shifted(self.context.offset), is_raw: false });
        let Some(nodes) = &mut self.nodes else {
            self.html.push('<');
            self.html.push_str(name);
            place.into_iter().for_each(|place| self.place(place));
            attributes.into_iter().for_each(|(name, value)| attribute(&mut self.html, name, &value));
            self.html.push('>');
            return;
        };
        // A link within a link ends it, and of equal marks a browser knows three.
        self.is_odd |= match name {
            "a" => nodes.open_count(name) > 0,
            "b" | "i" | "code" => nodes.open_count(name) > 2,
            _ => false,
        };
        nodes.open(name);
        place.into_iter().for_each(|place| nodes.place(place));
        for (name, value) in attributes {
            self.is_odd |= is_odd(&value);
            nodes.attribute(name, value);
        }
    }

    /// An element that holds nothing.
    pub fn void(
        &mut self,
        name: &'static str,
        place: Option<Span>,
        attributes: impl IntoIterator<Item = (&'static str, Cow<'a, str>)>,
    ) {
        self.open(name, place, attributes);
        if let Some(nodes) = &mut self.nodes {
            nodes.close();
        }
    }

    /// A heading of Markdown begins: its anchor is its `id`.
    pub fn open_heading(&mut self, name: &'static str, place: Span, own: Option<CowStr<'a>>) {
        if self.nodes.is_some() {
            self.open(name, Some(place), [("id", own.map_or(Cow::Borrowed(""), Cow::from))]);
        } else {
            self.write_heading(name, Place { span: place, is_raw: false }, own.as_deref());
            self.html.push('>');
        }
    }

    /// The start of the tag of a heading: its anchor and the names that links know it by are its `id`.
    pub fn write_heading(&mut self, tag: &str, Place { span, is_raw }: Place, own: Option<&str>) {
        self.html.push('<');
        self.html.push_str(tag);
        self.place(Place { span: span.shifted(self.context.offset), is_raw });
        let names = std::mem::take(&mut self.names);
        let id = [own.unwrap_or_default(), names.join(" ").as_str()].join(" ");
        self.html.push_str(" id=\"");
        let at = self.html.len();
        escape(&mut self.html, id.trim());
        self.html.push('"');
        self.heading = Some((at, names.len()));
    }

    /// An anchor with a name: that of the heading that is open, else of the next one.
    pub fn name(&mut self, name: &str) {
        match &mut self.heading {
            Some((_, count)) if *count >= MOST_NAMES => {}
            Some((at, count)) => {
                *count += 1;
                let mut escaped = String::new();
                escape(&mut escaped, name);
                escaped.push(' ');
                self.html.insert_str(*at, &escaped);
            }
            None if self.names.len() >= MOST_NAMES => {}
            None => self.names.push(name.to_owned()),
        }
    }

    /// The start of a tag that was written as HTML; its attributes follow.
    pub fn open_raw(&mut self, name: &str, place: Span) {
        self.html.push('<');
        self.html.push_str(name);
        self.place(Place { span: place.shifted(self.context.offset), is_raw: true });
    }

    fn place(&mut self, Place { span, is_raw }: Place) {
        let name = if is_raw { RAW_PLACE } else { PLACE };
        let _ = write!(self.html, " {name}=\"{}-{}\"", span.start, span.end);
    }

    /// An element of Markdown ends.
    pub fn close(&mut self, name: &str) {
        match &mut self.nodes {
            Some(nodes) => nodes.close(),
            None => self.close_raw(name),
        }
    }

    /// A tag that was written as HTML ends.
    pub fn close_raw(&mut self, name: &str) {
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
    }

    /// Text of Markdown.
    pub fn text(&mut self, text: Cow<'a, str>) {
        match &mut self.nodes {
            Some(nodes) => {
                self.is_odd |= is_odd(&text);
                nodes.text(text);
            }
            None => self.text_raw(&text),
        }
    }

    /// Text among HTML.
    pub fn text_raw(&mut self, text: &str) {
        self.unname(text);
        escape(&mut self.html, text);
    }

    /// Where the output is, to cut it there.
    pub fn here(&self) -> usize {
        self.nodes.as_ref().map_or(self.html.len(), Nodes::len)
    }

    /// Takes away what was written since. No element of it is open.
    pub fn cut(&mut self, at: usize) {
        match &mut self.nodes {
            Some(nodes) => nodes.cut(at),
            None => self.html.truncate(at),
        }
    }

    /// Text comes before the next heading, so that the names before it are not its own.
    pub fn unname(&mut self, text: &str) {
        if !self.names.is_empty() && self.heading.is_none() && !text.trim().is_empty() {
            self.names.clear();
        }
    }

    /// Adds what Intercom would refuse.
    pub fn error(&mut self, id: &'static str, place: Span, message: &str, help: &str) {
        let span = place.shifted(self.context.offset);
        self.diagnostics.push(Diagnostic::error(id, self.context.path, span, message).help(help));
    }

    /// Adds what Intercom would change.
    pub fn warning(&mut self, id: &'static str, place: Span, message: &str, help: &str) {
        let span = place.shifted(self.context.offset);
        self.diagnostics.push(Diagnostic::warning(id, self.context.path, span, message).help(help));
    }
}

/// Whether a text holds what a browser replaces in HTML before it reads.
fn is_odd(text: &str) -> bool {
    memchr::memchr3(b'\r', 0, 0x0c, text.as_bytes()).is_some()
}
