//! Where the keys and values of a YAML mapping are in its text, from the events of a parser.
//!
//! What a text means is for `serde_yaml` to say: this parser follows YAML 1.2, that one 1.1, and
//! where the two read a text differently there are no places. Nothing is changed here.

use std::collections::{BTreeMap, BTreeSet};

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, StructureStyle};
use serde_yaml::Value;

use crate::text::Span;

/// How the keys of a mapping are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Style {
    /// A key a line.
    #[default]
    Block,
    /// Between `{` and `}`.
    Flow,
}

/// The places of one top-level key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What the key says; empty where that is no word or text.
    pub name: String,
    /// The key, with its quotes.
    pub key: Span,
    /// The value, from its first to its last character, quotes and brackets included; `None` where
    /// the key has none.
    pub value: Option<Span>,
    /// What a value of one word or text says, without quotes and escapes.
    pub scalar: Option<String>,
}

/// Where the keys of a mapping are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    /// How they are written.
    pub style: Style,
    /// The first character of the mapping: its first key, or `{`.
    pub start: usize,
    /// The `...` that ends the YAML text, if one does.
    pub end_marker: Option<usize>,
    /// The keys in their order.
    pub places: Vec<Place>,
}

/// Why a text has no places.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unread {
    /// It is no YAML for this parser.
    Otherwise,
    /// What begins here is in more collections than anything is read in.
    TooDeep(usize),
}

/// What the events of a YAML text say of its places.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// The places of the mapping that the text is.
    pub layout: Layout,
    /// The keys that are in one mapping twice, at any depth: each one after the first.
    pub doubled: Vec<(String, Span)>,
}

impl Layout {
    /// The places of a key, if it is there.
    pub fn place(&self, key: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.name == key)
    }

    /// Whether these are the keys that `serde_yaml` read.
    pub(super) fn is_of(&self, mapping: &serde_yaml::Mapping) -> bool {
        let is_same = |(place, key): (&Place, &Value)| key.as_str().is_none_or(|key| key == place.name);
        self.places.len() == mapping.len() && self.places.iter().zip(mapping.keys()).all(is_same)
    }

    /// The layout of a text that has `by` more bytes in front.
    #[must_use]
    pub fn shifted(mut self, by: usize) -> Self {
        self.start += by;
        self.end_marker = self.end_marker.map(|at| at + by);
        for place in &mut self.places {
            place.key = place.key.shifted(by);
            place.value = place.value.map(|value| value.shifted(by));
        }
        self
    }
}

impl Events {
    /// Reads a text.
    ///
    /// # Errors
    /// Fails where this parser cannot read it.
    pub fn of(text: &str) -> Result<Self, Unread> {
        let mut reader = Reader { text, ..Reader::default() };
        for event in Parser::new_from_str(text) {
            let (event, span) = event.map_err(|error| match (error.kind(), error.marker().byte_offset()) {
                (ErrorKind::RecursionLimitExceeded, Some(at)) => Unread::TooDeep(at),
                _ => Unread::Otherwise,
            })?;
            reader.read(event, span.byte_range().ok_or(Unread::Otherwise)?.into());
        }
        Ok(reader.events)
    }
}

/// A collection that is open.
#[derive(Debug)]
enum Open {
    Sequence,
    Mapping {
        keys: BTreeSet<String>,
        /// What comes next.
        next: Next,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Key,
    Value,
}

#[derive(Debug, Default)]
struct Reader<'t> {
    text: &'t str,
    events: Events,
    open: Vec<Open>,
    /// Where the last thing ended that has an end of its own: a block has none.
    end: usize,
    /// The texts that aliases may repeat.
    anchors: BTreeMap<usize, String>,
}

impl Reader<'_> {
    fn read(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Scalar(said, style, anchor, _) => {
                let said = said.into_owned();
                if anchor > 0 {
                    self.anchors.insert(anchor, said.clone());
                }
                let written = match style {
                    ScalarStyle::Literal | ScalarStyle::Folded => self.block_scalar(span),
                    _ => span,
                };
                self.starts(written.start, Some(&said));
                self.ends(written, Some(said));
            }
            Event::Alias(anchor) => {
                let said = self.anchors.get(&anchor).cloned();
                self.starts(span.start, said.as_deref());
                self.ends(span, said);
            }
            Event::SequenceStart(..) => {
                self.starts(span.start, None);
                self.open.push(Open::Sequence);
            }
            Event::MappingStart(style, ..) => {
                if self.open.is_empty() {
                    self.events.layout.start = span.start;
                    self.events.layout.style = match style {
                        StructureStyle::Flow => Style::Flow,
                        _ => Style::Block,
                    };
                } else {
                    self.starts(span.start, None);
                }
                self.open.push(Open::Mapping { keys: BTreeSet::new(), next: Next::Key });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
                // The end of a block is where the next thing starts: not its own.
                let end = if span.start < span.end { span.end } else { self.end };
                self.ends(Span::new(end, end), None);
            }
            Event::DocumentEnd if self.text[span.range()].starts_with("...") => {
                self.events.layout.end_marker.get_or_insert(span.start);
            }
            _ => {}
        }
    }

    /// The place of a text after `|` or `>`, whose event starts below the line of that sign.
    fn block_scalar(&self, span: Span) -> Span {
        let before = &self.text[self.end..span.start];
        let sign = before.find([':', '?', '-']).and_then(|at| before[at..].find(['|', '>']).map(|sign| at + sign));
        let start = sign.map_or(span.start, |sign| self.end + sign);
        let written = self.text[start..span.end].trim_end();
        Span::new(start, start + written.len())
    }

    /// A key or a value starts; of a text `said` is what it says.
    fn starts(&mut self, at: usize, said: Option<&str>) {
        let is_root = self.open.len() == 1;
        let Some(Open::Mapping { keys, next }) = self.open.last_mut() else { return };
        if *next == Next::Key
            && let Some(said) = said
            && !keys.insert(said.to_owned())
        {
            self.events.doubled.push((said.to_owned(), Span::new(at, at)));
        }
        if !is_root {
            return;
        }
        match (*next, self.events.layout.places.last_mut()) {
            (Next::Key, _) => {
                let (name, key) = (said.unwrap_or_default().to_owned(), Span::new(at, at));
                self.events.layout.places.push(Place { name, key, value: None, scalar: None });
            }
            (Next::Value, Some(place)) => place.value = Some(Span::new(at, at)),
            (Next::Value, None) => {}
        }
    }

    /// A key or a value ends with `span`; of a text `said` is what it says.
    fn ends(&mut self, span: Span, said: Option<String>) {
        self.end = self.end.max(span.end);
        let is_root = self.open.len() == 1;
        let Some(Open::Mapping { next, .. }) = self.open.last_mut() else { return };
        let is_nothing = said.is_some() && span.start == span.end;
        if is_nothing && *next == Next::Value {
            // Nothing ends where its key does, before the colon.
            let rest = self.text[self.end..].trim_start_matches([' ', '\t']);
            self.end = if rest.starts_with(':') { self.text.len() - rest.len() + 1 } else { self.end };
        }
        if *next == Next::Key
            && let Some((_, doubled)) = self.events.doubled.last_mut()
            && doubled.start == span.start
        {
            doubled.end = span.end;
        }
        if is_root && let Some(place) = self.events.layout.places.last_mut() {
            match *next {
                Next::Key => place.key.end = self.end,
                Next::Value => {
                    let value = place.value.filter(|_| !is_nothing);
                    place.value = value.map(|value| Span::new(value.start, self.end));
                    place.scalar = said;
                }
            }
        }
        *next = if *next == Next::Key { Next::Value } else { Next::Key };
    }
}
