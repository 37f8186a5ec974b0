//! One key of a YAML mapping set in its text, and nothing else changed with it.
//!
//! There are several ways to write a key, and which of them is right depends on all that is around
//! it. So a change is proposed here, and whoever makes it reads the result and takes the first one
//! that says what was wanted. Nothing is parsed here.

use super::layout::{Layout, Style};
use crate::text::Span;

/// One place of a text with what is to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    span: Span,
    text: String,
}

impl Change {
    /// A change that puts `text` in the place of `span`.
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    fn at(place: usize, text: impl Into<String>) -> Self {
        Self::new(Span::new(place, place), text)
    }

    /// The text with the change made.
    pub fn made_in(&self, text: &str) -> String {
        [&text[..self.span.start], &self.text, &text[self.span.end..]].concat()
    }
}

/// The ways to give a key a value, the best one first: in its place where the key is there, else as
/// a key of its own below the others. `mapping` is the YAML in `text`, `layout` says where its keys
/// are, and `value` is written as YAML on one line.
pub fn ways_to_set(text: &str, mapping: Span, layout: &Layout, key: &str, value: &str) -> Vec<Change> {
    let Some(place) = layout.place(key) else {
        return match layout.style {
            Style::Block => new_lines(text, mapping, layout, &format!("{key}:{}", behind(value))),
            Style::Flow => new_items(text, layout, key, value),
        };
    };
    let after = &text[place.key.end..];
    let lead = after.len() - after.trim_start_matches([' ', '\t']).len();
    let colon = after[lead..].starts_with(':').then_some(place.key.end + lead + 1);
    vec![match (place.value, colon) {
        // A list that starts below its key.
        (Some(old), Some(colon)) if text[colon..old.start].trim().is_empty() => {
            Change::new(Span::new(colon, old.end), behind(value))
        }
        (Some(old), _) => Change::new(old, value),
        (None, Some(colon)) => Change::at(colon, format!(" {value}")),
        (None, None) => Change::at(place.key.end, format!(": {value}")),
    }]
}

/// A value behind a colon; one that begins on a line of its own has no blank before it.
fn behind(value: &str) -> String {
    if value.starts_with(['\n', '\r']) { value.to_owned() } else { format!(" {value}") }
}

/// The ways to add a key to a mapping that has one a line. An `id` stays the last one.
fn new_lines(text: &str, mapping: Span, layout: &Layout, entry: &str) -> Vec<Change> {
    let newline = newline(text);
    let line_of = |at: usize| text[..at].rfind('\n').map_or(0, |end| end + 1).max(mapping.start);
    let first = line_of(layout.start);
    let indent = Some(&text[first..layout.start]).filter(|indent| indent.trim_start_matches(' ').is_empty());
    let line = format!("{}{entry}{newline}", indent.unwrap_or_default());
    let id = layout.place("id").filter(|place| layout.places.last().is_some_and(|last| last.key == place.key));
    let places = [id.map(|place| line_of(place.key.start)), layout.end_marker, Some(mapping.end), Some(first)];
    places.into_iter().flatten().map(|at| Change::at(at, line.as_str())).collect()
}

/// The ways to add a key to a mapping in braces. An `id` stays the last one.
fn new_items(text: &str, layout: &Layout, key: &str, value: &str) -> Vec<Change> {
    let is_json = layout.places.last().is_some_and(|last| text[last.key.start..].starts_with('"'));
    let entry = if is_json { format!("\"{key}\": {value}") } else { format!("{key}: {value}") };
    let open = layout.start + 1;
    let Some(last) = layout.places.last() else { return vec![Change::at(open, entry)] };
    let gap = if text[open..].starts_with(char::is_whitespace) { "," } else { ", " };
    let first = Change::at(open, format!("{entry}{gap}"));
    if last.name == "id" {
        return vec![Change::at(last.key.start, format!("{entry}, ")), first];
    }
    let end = last.value.unwrap_or(last.key).end;
    vec![Change::at(end, format!(", {entry}")), first]
}

/// How a text ends its lines.
pub fn newline(text: &str) -> &'static str {
    if text.split_inclusive('\n').next().is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" }
}
