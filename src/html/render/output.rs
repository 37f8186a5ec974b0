//! What Markdown is written to: elements, and what is wrong with what was written.

use super::context::Context;
use super::written::Written;
use crate::diagnostic::Diagnostic;
use crate::html::tree::nodes::Place;
use crate::text::Span;

/// Elements and findings, with places in the file.
pub(super) struct Output<'a> {
    pub context: Context<'a>,
    pub elements: Written<'a>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Output<'_> {
    /// The place in the file of a place in the Markdown.
    pub fn place(&self, place: Span, is_raw: bool) -> Place {
        Place { span: place.shifted(self.context.offset), is_raw }
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
