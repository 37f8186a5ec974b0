//! What Markdown is written to: HTML with places, and what is wrong with what was written.
//!
//! HTML that is in Markdown is written among the HTML that Markdown becomes, so that both are read as
//! one text, repaired as a browser would.

use std::fmt::Write as _;

use super::context::Context;
use crate::diagnostic::Diagnostic;
use crate::html::tree::nodes::{PLACE, Place, RAW_PLACE};
use crate::html::tree::write::{attribute, escape};
use crate::text::Span;

/// HTML and findings, both with places in the file.
pub(super) struct Output<'a> {
    pub context: Context<'a>,
    pub html: String,
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

impl Output<'_> {
    /// An element of Markdown begins.
    pub fn open(&mut self, name: &str, place: Option<Span>, attributes: &[(&str, &str)]) {
        self.html.push('<');
        self.html.push_str(name);
        if let Some(span) = place {
            self.place(Place { span, is_raw: false });
        }
        for (name, value) in attributes {
            attribute(&mut self.html, name, value);
        }
        self.html.push('>');
    }

    /// A heading begins: its anchor and the names that links know it by are its `id`.
    pub fn open_heading(&mut self, tag: &str, place: Span, is_raw: bool, own: Option<&str>) {
        self.html.push('<');
        self.html.push_str(tag);
        self.place(Place { span: place, is_raw });
        let names = std::mem::take(&mut self.names);
        let id = [own.unwrap_or_default(), names.join(" ").as_str()].join(" ");
        self.html.push_str(" id=\"");
        let at = self.html.len();
        escape(&mut self.html, id.trim());
        self.html.push('"');
        self.heading = Some((at, names.len()));
        if !is_raw {
            self.html.push('>');
        }
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
        self.place(Place { span: place, is_raw: true });
    }

    fn place(&mut self, Place { span, is_raw }: Place) {
        let name = if is_raw { RAW_PLACE } else { PLACE };
        let span = span.shifted(self.context.offset);
        let _ = write!(self.html, " {name}=\"{}-{}\"", span.start, span.end);
    }

    /// An element ends.
    pub fn close(&mut self, name: &str) {
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
    }

    /// Text.
    pub fn text(&mut self, text: &str) {
        self.unname(text);
        escape(&mut self.html, text);
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
