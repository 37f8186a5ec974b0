//! A finding about the user's files, as plain data.
//!
//! Diagnostics are collected, never thrown: one run shows everything that is wrong. Each has a
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

/// The names that code asks for.
pub mod id {
    use super::Id;

    /// A Git conflict that is not resolved.
    pub const CONFLICT_MARKER: Id = "conflict-marker";
    /// A sign that nobody sees.
    pub const CONTROL_CHARACTER: Id = "control-character";
    /// An image of the docs that nobody hosts.
    pub const LOCAL_IMAGE: Id = "local-image";
    /// A link to an article that is not there.
    pub const MISSING_ARTICLE: Id = "missing-article";
    /// A link to what has no address in the Help Center.
    pub const RELATIVE_LINK: Id = "relative-link";
    /// A key that helpbook does not have.
    pub const UNKNOWN_KEY: Id = "unknown-key";
    /// A value of another type than the key has.
    pub const WRONG_TYPE: Id = "wrong-type";
}

/// The name of every kind of finding. A test holds this list against the code and the guide.
pub const IDS: &[Id] = &[
    "attribute-list",
    "broken-alert",
    "broken-emphasis",
    "broken-link",
    "broken-table",
    "button",
    "byte-order-mark",
    "collection-depth",
    "collection-text",
    "component",
    "conflict-marker",
    "control-character",
    "cut-value",
    "data-image",
    "deep-heading",
    "definition-list",
    "different-translation",
    "doubled-id",
    "doubled-translation",
    "doubled-key",
    "empty-body",
    "empty-link",
    "empty-list",
    "empty-table",
    "equal-title",
    "file-name",
    "footnote",
    "foreign-block",
    "foreign-mark",
    "front-matter",
    "heading-attribute",
    "heading-image",
    "id-place",
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
    "lost-cell",
    "lost-front-matter",
    "lost-style",
    "lost-tag",
    "lost-title",
    "merged-cells",
    "missing-alt",
    "missing-article",
    "missing-image",
    "missing-summary",
    "missing-title",
    "missing-translation",
    "nested-quote",
    "nested-table",
    "not-an-image",
    "odd-space",
    "odd-title",
    "ordered-name",
    "orphan-translation",
    "relative-link",
    "root-index",
    "shown-comment",
    "shown-source",
    "skipped-heading",
    "stale-translation",
    "stray-tag",
    "strikethrough",
    "symlink",
    "table-in-list",
    "template-tag",
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
    "unused-image",
    "wiki-link",
    "wrong-type",
    "wrong-value",
    "yaml-syntax",
];

/// The name of every kind of finding of `helpbook audit`, which `helpbook.yml` may name. A test holds this list against
/// the kinds.
pub const AUDIT_IDS: &[Id] = &[
    "dead-article-link",
    "dead-collection-link",
    "dead-heading-link",
    "dead-outside-link",
    "deep-collection",
    "different-name",
    "different-number",
    "empty-collection",
    "equal-title",
    "forgotten-draft",
    "gone-image",
    "heading-jump",
    "huge-image",
    "link-to-draft",
    "missing-alt",
    "missing-locale",
    "moved-outside-link",
    "near-duplicate",
    "no-collection",
    "old-address-link",
    "old-and-read",
    "other-locale-link",
    "repeated-image",
    "single-article-collection",
    "stale-locale",
    "unused-audience",
    "unused-tag",
    "vague-title",
    "wall-of-text",
    "wide-table",
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
    /// The change that fixes it, which `check --fix` writes.
    pub fix: Option<Fix>,
    /// The other files that the finding is about.
    pub others: Vec<DocPath>,
}

/// A change that fixes a finding. There is one only where it is safe: it writes what the file means
/// already, links it to no article of Intercom, and loses no text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What it does: "`titel` is `title` now".
    pub done: String,
    /// What is replaced, in the order of the file. All of it is done, or nothing.
    pub splices: Vec<Splice>,
}

/// A place whose text is replaced; an empty one is where text is put in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Splice {
    /// The place.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Splice {
    /// A new text for a place.
    pub fn new(span: impl Into<Span>, text: impl Into<String>) -> Self {
        Self { span: span.into(), text: text.into() }
    }
}

impl Fix {
    /// A change of one place.
    pub fn new(span: Span, text: impl Into<String>, done: impl Into<String>) -> Self {
        Self::of(vec![Splice::new(span, text)], done)
    }

    /// A change of several places, in the order of the file.
    pub fn of(splices: Vec<Splice>, done: impl Into<String>) -> Self {
        Self { done: done.into(), splices }
    }

    /// Where it begins.
    pub fn start(&self) -> usize {
        self.splices.first().map_or(0, |splice| splice.span.start)
    }
}

impl Diagnostic {
    /// A finding that stops every command.
    pub fn error(id: Id, path: &DocPath, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(id, Severity::Error, path, span, message)
    }

    /// A finding that stops nothing.
    pub fn warning(id: Id, path: &DocPath, span: impl Into<Option<Span>>, message: impl Into<String>) -> Self {
        Self::new(id, Severity::Warning, path, span, message)
    }

    /// A finding that weighs what its kind does.
    pub fn new(
        id: Id,
        severity: Severity,
        path: &DocPath,
        span: impl Into<Option<Span>>,
        message: impl Into<String>,
    ) -> Self {
        let (span, message) = (span.into(), message.into());
        Self { id, severity, path: path.clone(), span, message, label: None, help: None, fix: None, others: Vec::new() }
    }

    /// Adds a few words at the place of the finding.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a change that fixes the finding; `None` adds nothing.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<Option<Fix>>) -> Self {
        self.fix = fix.into();
        self
    }

    /// Adds another file that the finding is about.
    #[must_use]
    pub fn about(mut self, other: &DocPath) -> Self {
        self.others.push(other.clone());
        self
    }
}

/// The help line `did you mean …?` for the nearest of `known`, if one is near.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    near(word, known).min().map(|(_, name)| format!("did you mean `{name}`?"))
}

/// How many findings of one text name what was probably meant: each looks at many names, and a person reads no
/// hundreds of them.
pub const MOST_SUGGESTIONS: usize = 50;

/// The part of a sorted list in which a word would be: all of a short one. Whoever has thousands of names need not
/// compare each.
pub fn neighbours<'n, T>(sorted: &'n [T], word: &str, name: impl Fn(&T) -> &str) -> &'n [T] {
    const MOST: usize = 300;
    let at = sorted.partition_point(|one| name(one) < word);
    let start = at.saturating_sub(MOST / 2).min(sorted.len().saturating_sub(MOST));
    &sorted[start..sorted.len().min(start + MOST)]
}

/// The one of `known` that is near; `None` where several are.
pub fn surely_meant<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut near = near(word, known);
    near.next().map(|(_, name)| name).filter(|_| near.next().is_none())
}

fn near<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> impl Iterator<Item = (usize, &'a str)> {
    let length = word.chars().count();
    known.into_iter().filter_map(move |name| {
        let most = 1 + name.len() / 4;
        // As far as two lengths are apart, so are the words at least.
        let is_far = name.chars().count().abs_diff(length) > most;
        let distance = (!is_far).then(|| strsim::damerau_levenshtein(word, name))?;
        (distance <= most).then_some((distance, name))
    })
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, surely_meant};

    #[test]
    fn the_nearest_known_word_is_named() {
        assert_eq!(did_you_mean("titel", ["state", "title"]).as_deref(), Some("did you mean `title`?"));
        assert_eq!(did_you_mean("zebra", ["state", "title"]), None);
    }

    #[test]
    fn a_word_that_is_near_to_two_is_meant_for_neither() {
        assert_eq!(surely_meant("titel", ["state", "title"]), Some("title"));
        assert_eq!(surely_meant("publish_ta", ["publish_at", "unpublish_at"]), None);
        assert_eq!(surely_meant("zebra", ["state", "title"]), None);
    }
}
