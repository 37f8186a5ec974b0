//! A finding about the user's files, as plain data.
//!
//! Diagnostics are collected, never thrown: one run tells everything that is wrong. Each has a
//! stable id, a place and, where it can, a help line. How they look is the business of `report`.

use serde::Serialize;

use crate::text::{DocPath, Span};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file cannot be used as it is; no command goes on.
    Error,
    /// Worth a look; nothing is stopped.
    Warning,
}

/// The stable name of a kind of finding, for example `unknown-key`.
pub type Id = &'static str;

/// The name of every kind of finding. A test holds this list against the code and the guide.
pub const IDS: &[Id] = &[
    "button",
    "byte-order-mark",
    "collection-depth",
    "collection-text",
    "conflict-marker",
    "control-character",
    "data-image",
    "deep-heading",
    "definition-list",
    "doubled-id",
    "doubled-key",
    "empty-link",
    "empty-list",
    "empty-table",
    "file-name",
    "footnote",
    "front-matter",
    "heading-attribute",
    "heading-image",
    "iframe-host",
    "image-address",
    "image-script",
    "large-image",
    "late-front-matter",
    "link-scheme",
    "link-to-draft",
    "list-content",
    "list-start",
    "local-image",
    "lost-style",
    "lost-tag",
    "lost-title",
    "merged-cells",
    "missing-alt",
    "missing-article",
    "missing-image",
    "missing-summary",
    "missing-title",
    "nested-quote",
    "nested-table",
    "not-an-image",
    "orphan-translation",
    "relative-link",
    "root-index",
    "stray-tag",
    "strikethrough",
    "symlink",
    "table-in-list",
    "too-deep",
    "translation-key",
    "unclosed-comment",
    "unclosed-front-matter",
    "unclosed-tag",
    "unknown-block",
    "unknown-heading",
    "unknown-key",
    "unknown-tag",
    "unlisted",
    "unlisted-locale",
    "unreadable",
    "unsafe-html",
    "unsupported-html",
    "wrong-type",
    "wrong-value",
    "yaml-syntax",
];

/// A finding about one place in one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diagnostic {
    /// What kind of finding.
    pub id: Id,
    /// How much it weighs.
    pub severity: Severity,
    /// The file.
    pub path: DocPath,
    /// The place in the file; `None` for the file as a whole.
    pub span: Option<Span>,
    /// One sentence: what is wrong.
    pub message: String,
    /// A few words at the place itself.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A finding that stops every command.
    pub fn error(id: Id, path: &DocPath, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(id, Severity::Error, path, span.into(), message.into())
    }

    /// A finding that stops nothing.
    pub fn warning(id: Id, path: &DocPath, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(id, Severity::Warning, path, span.into(), message.into())
    }

    fn new(id: Id, severity: Severity, path: &DocPath, span: Option<Span>, message: String) -> Self {
        Self { id, severity, path: path.clone(), span, message, label: None, help: None }
    }

    /// The same finding with words at its place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same finding with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The help line `did you mean …?` for the nearest of `known`, if one is near.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
        .min()
        .map(|(_, name)| format!("did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn the_nearest_known_word_is_named() {
        assert_eq!(did_you_mean("titel", ["state", "title"]).as_deref(), Some("did you mean `title`?"));
        assert_eq!(did_you_mean("zebra", ["state", "title"]), None);
    }
}
