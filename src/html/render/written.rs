//! What Markdown is written as, to be read: elements at once, or HTML with places.
//!
//! Where Markdown holds no HTML, its elements need neither writing nor reading as text. Where it does,
//! the two are written as one text, and a reader of HTML mends it as a browser would. Both ways say
//! the same, and a test holds them together.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::html::tree::nodes::{Nodes, PLACE, Place, RAW_PLACE};
use crate::html::tree::read::nodes;
use crate::html::tree::write::{attribute_value, escape};

/// Elements and text that are written one after the other.
pub(super) enum Written<'a> {
    /// As elements.
    Nodes(Nodes<'a>),
    /// As HTML.
    Html(String),
}

impl<'a> Written<'a> {
    /// An element begins.
    pub fn open(&mut self, name: &'static str, place: Option<Place>, attributes: &[(&'static str, Cow<'a, str>)]) {
        match self {
            Written::Nodes(nodes) => {
                nodes.open(name, place);
                attributes.iter().for_each(|(name, value)| nodes.attribute(*name, value.clone()));
            }
            Written::Html(html) => {
                html.push('<');
                html.push_str(name);
                write_place(html, place);
                for (name, value) in attributes {
                    let _ = write!(html, " {name}=\"");
                    attribute_value(html, value);
                    html.push('"');
                }
                html.push('>');
            }
        }
    }

    /// An element ends.
    pub fn close(&mut self, name: &str) {
        match self {
            Written::Nodes(nodes) => nodes.close(),
            Written::Html(html) => {
                html.push_str("</");
                html.push_str(name);
                html.push('>');
            }
        }
    }

    /// An element without content.
    pub fn void(&mut self, name: &'static str, place: Option<Place>, attributes: &[(&'static str, Cow<'a, str>)]) {
        self.open(name, place, attributes);
        if let Written::Nodes(nodes) = self {
            nodes.close();
        }
    }

    /// Text.
    pub fn text(&mut self, text: impl Into<Cow<'a, str>>) {
        match self {
            Written::Nodes(nodes) => nodes.text(text),
            Written::Html(html) => escape(html, &text.into()),
        }
    }

    /// A piece of HTML, as it is. There is none where elements are written.
    pub fn raw(&mut self, html: &str) {
        match self {
            Written::Html(out) => out.push_str(html),
            Written::Nodes(_) => debug_assert!(html.is_empty(), "{html}"),
        }
    }

    /// The start of a tag that was written as HTML; its attributes follow.
    pub fn raw_tag(&mut self, name: &str, place: Place) {
        if let Written::Html(html) = self {
            html.push('<');
            html.push_str(name);
            write_place(html, Some(place));
        }
    }

    /// Where what is written next will stand.
    pub fn len(&self) -> usize {
        match self {
            Written::Nodes(nodes) => nodes.len(),
            Written::Html(html) => html.len(),
        }
    }

    /// Takes back what was written since.
    pub fn cut(&mut self, len: usize) {
        match self {
            Written::Nodes(nodes) => nodes.cut(len),
            Written::Html(html) => html.truncate(len),
        }
    }

    /// Hands the elements to `read`.
    pub fn read<T>(&self, read: impl FnOnce(&Nodes<'_>) -> T) -> T {
        match self {
            Written::Nodes(written) => read(written),
            Written::Html(html) => read(&nodes(html)),
        }
    }
}

fn write_place(html: &mut String, place: Option<Place>) {
    if let Some(Place { span, is_raw }) = place {
        let name = if is_raw { RAW_PLACE } else { PLACE };
        let _ = write!(html, " {name}=\"{}-{}\"", span.start, span.end);
    }
}
