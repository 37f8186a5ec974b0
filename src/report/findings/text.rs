//! Findings for a person, shaped as rustc's.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::Sources;
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::{Paint, Surface, wrap};
use crate::text::{DocPath, Places, Position, Span, one_line};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

/// The findings, each with its place in its file, below one another. `folder` is where the paths
/// start, as the user would write it.
pub fn text<'f>(
    findings: impl IntoIterator<Item = &'f Diagnostic>,
    sources: &BTreeMap<DocPath, Arc<str>>,
    folder: &Path,
    Surface { paint, width }: Surface,
) -> String {
    let renderer = match paint {
        Paint::Plain => Renderer::plain(),
        Paint::Colored => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let renderer = width.map_or(renderer.clone(), |width| renderer.term_width(width));
    // The renderer puts the lines of a message below one another, behind what it writes before them.
    let broken = |text: &str, before: usize| {
        let room = width.map(|width| width.saturating_sub(before));
        wrap::text(&one_line(text), room).trim_end().to_owned()
    };
    let (mut out, mut sources) = (String::new(), Sources::of(sources));
    for finding in findings {
        let path = one_line(&super::shown(&finding.path, folder));
        let head = "warning[]: ".len() + finding.id.len();
        let finding = Diagnostic {
            message: broken(&finding.message, head),
            label: finding.label.as_deref().map(one_line),
            help: finding.help.as_deref().map(|help| broken(help, "1234 = help: ".len())),
            ..finding.clone()
        };
        let place = finding.span.zip(sources.of_file(&finding.path)).map(|(span, places)| Shown::of(places, span));
        out.push_str(&renderer.render(&[group(&finding, &path, place.as_ref())]));
        out.push_str("\n\n");
    }
    out
}

/// The line of a finding, as it is shown.
struct Shown<'s> {
    place: Position,
    /// The line; `None` where it is too long.
    line: Option<Cow<'s, str>>,
    /// The bytes of it that are meant.
    span: Range<usize>,
}

/// The longest line that is shown, in bytes. A longer one says nothing to a person, and thousands of
/// findings in it would take minutes.
const LONGEST_LINE: usize = 4000;

impl<'s> Shown<'s> {
    /// The first line of a span; one that is empty covers the character after it.
    fn of(places: &Places<'s>, span: Span) -> Self {
        let text = places.text();
        let start = span.start.min(text.len());
        let (place, from) = (places.position(start), places.line_start(start));
        // No more of a line is looked at than is shown.
        let bytes = &text.as_bytes()[start..text.len().min(start + LONGEST_LINE + 1)];
        let end =
            bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(start + bytes.len(), |at| start + at);
        if end - from > LONGEST_LINE || !text.is_char_boundary(end) {
            return Self { place, line: None, span: 0..0 };
        }
        let last = match span.end.clamp(start, end) {
            last if last == start => end.min(start + text[start..].chars().next().map_or(0, char::len_utf8)),
            last => last,
        };
        Self { place, line: Some(steady(&text[from..end])), span: start - from..last - from }
    }
}

/// A line in which nothing steers a terminal that the renderer lets through. Each sign is as long in
/// bytes as the one it stands for, so places stay where they are.
fn steady(line: &str) -> Cow<'_, str> {
    let steers = |c: char| matches!(c, '\u{80}'..='\u{9f}');
    if line.contains(steers) { Cow::Owned(line.replace(steers, "\u{b7}")) } else { Cow::Borrowed(line) }
}

fn group<'a>(finding: &'a Diagnostic, path: &'a str, shown: Option<&'a Shown<'_>>) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut elements: Vec<Element<'a>> = Vec::new();
    match shown {
        Some(Shown { place, line: Some(line), span }) => {
            let annotation = AnnotationKind::Primary.span(span.clone()).label(finding.label.as_deref());
            let snippet = Snippet::source(&**line).line_start(place.line).path(path);
            elements.push(snippet.annotation(annotation).into());
        }
        Some(Shown { place, line: None, .. }) => {
            elements.push(Origin::path(path).line(place.line).char_column(place.column).into());
        }
        None => elements.push(Origin::path(path).into()),
    }
    if let Some(help) = &finding.help {
        elements.push(Level::HELP.message(help.as_str()).into());
    }
    level.primary_title(finding.message.as_str()).id(finding.id).elements(elements)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn a_finding_shows_its_place_and_what_to_do() {
        let path = DocPath::new("billing/refunds.md");
        let sources = BTreeMap::from([(path.clone(), Arc::from("---\ntitel: Refund a customer\n---\n"))]);
        let finding = Diagnostic::error("unknown-key", &path, Span::new(4, 9), "unknown key `titel`")
            .label("not a key of an article")
            .help("did you mean `title`?");
        insta::assert_snapshot!(text(&[finding], &sources, Path::new("docs"), Surface::PIPE).trim_end(), @r"
        error[unknown-key]: unknown key `titel`
         --> docs/billing/refunds.md:2:1
          |
        2 | titel: Refund a customer
          | ^^^^^ not a key of an article
          |
          = help: did you mean `title`?
        ");
    }

    #[test]
    fn a_line_that_is_too_long_to_read_is_not_shown() {
        let path = DocPath::new("a.md");
        let source = format!("# A\r\n\r\nß {}\r\n", "a".repeat(LONGEST_LINE));
        let sources = BTreeMap::from([(path.clone(), Arc::from(source))]);
        let finding = Diagnostic::error("x", &path, Span::new(12, 13), "odd").label("here").help("fix it");
        insta::assert_snapshot!(text(&[finding], &sources, Path::new(""), Surface::PIPE).trim_end(), @r"
        error[x]: odd
        --> a.md:3:5
         = help: fix it
        ");
    }

    #[test]
    fn neither_a_name_nor_a_source_steers_a_terminal() {
        let path = DocPath::new("a\u{1b}[31m\nb.md");
        let sources = BTreeMap::from([(path.clone(), Arc::from("x \u{9b}31m y\n"))]);
        let finding = Diagnostic::warning("x", &path, Some(Span::new(8, 9)), "odd\u{9b}\n::error::x");
        let text = text(&[finding], &sources, Path::new("."), Surface::PIPE);
        assert!(!text.contains(['\u{1b}', '\u{9b}']) && !text.contains("\n::error"), "{text}");
    }

    #[test]
    fn a_finding_at_the_end_or_without_a_place_shows_its_file() {
        let path = DocPath::new("a.md");
        let sources = BTreeMap::from([(path.clone(), Arc::from(""))]);
        for span in [None, Some(Span::new(0, 0)), Some(Span::new(7, 9))] {
            let finding = Diagnostic::warning("x", &path, span, "odd");
            assert!(text(&[finding], &sources, Path::new("."), Surface::PIPE).contains("a.md"));
        }
    }
}
