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
}

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
        escape(&mut self.html, text);
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
