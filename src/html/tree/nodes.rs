//! HTML as elements and text, before anything of it has a meaning.
//!
//! One row of nodes in the order of the document, each with the place where what follows it begins.
//! It borrows from what it was made of, so that making it costs next to nothing. Two things make one:
//! HTML that needs no repair, and the full parser for all other HTML.

use std::borrow::Cow;
use std::ops::Range;

use ego_tree::iter::Edge;
use scraper::{Html, Node as Parsed};

use crate::text::Span;

/// The attribute that names the place of a tag that stands for Markdown, and of one that was
/// written as HTML, where HTML is written to be read. The value is the first and the last byte.
pub(in crate::html) const PLACE: &str = "data-m";
pub(in crate::html) const RAW_PLACE: &str = "data-r";

/// The place of a tag in the file, and who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::html) struct Place {
    pub span: Span,
    /// Whether it was written as HTML.
    pub is_raw: bool,
}

impl Place {
    /// The place that an attribute says.
    fn written(name: &str, value: &str) -> Option<Self> {
        let is_raw = name == RAW_PLACE;
        let (start, end) = if is_raw || name == PLACE { value.split_once('-')? } else { return None };
        Some(Place { span: Span::new(start.parse().ok()?, end.parse().ok()?), is_raw })
    }
}

/// A tree of elements and text.
#[derive(Debug)]
pub(in crate::html) struct Nodes<'t> {
    /// The first one is the root.
    nodes: Vec<Node<'t>>,
    attributes: Vec<(Cow<'t, str>, Cow<'t, str>)>,
    /// The elements that are not closed yet, from the root inwards.
    open: Vec<usize>,
}

#[derive(Debug)]
struct Node<'t> {
    what: What<'t>,
    /// Where what follows it and all that is in it begins.
    end: usize,
}

#[derive(Debug)]
enum What<'t> {
    Text(Cow<'t, str>),
    Element { name: Cow<'t, str>, attributes: Range<usize>, place: Option<Place> },
}

impl<'t> Nodes<'t> {
    /// A tree that is empty yet.
    pub fn new() -> Self {
        let root = What::Element { name: Cow::Borrowed("html"), attributes: 0..0, place: None };
        Self { nodes: vec![Node { what: root, end: 1 }], attributes: Vec::new(), open: vec![0] }
    }

    /// A tree that is empty yet, with room for the elements that this HTML mostly has.
    pub fn of_html(html: &str) -> Self {
        let mut nodes = Self::new();
        nodes.nodes.reserve(html.len() / 24);
        nodes
    }

    /// Any HTML, repaired as a browser does.
    pub fn repaired(html: &str) -> Nodes<'static> {
        let document = Html::parse_fragment(&bounded(html));
        let mut nodes = Nodes::new();
        let root = document.root_element();
        for edge in root.traverse() {
            match edge {
                Edge::Open(node) if node.id() == root.id() => {}
                Edge::Close(node) if node.id() == root.id() => {}
                Edge::Open(node) => match node.value() {
                    Parsed::Text(text) => nodes.text(text.to_string()),
                    Parsed::Element(element) => {
                        nodes.open(element.name().to_owned());
                        element.attrs().for_each(|(name, value)| nodes.attribute(name.to_owned(), value.to_owned()));
                    }
                    _ => {}
                },
                Edge::Close(node) if node.value().is_element() => nodes.close(),
                Edge::Close(_) => {}
            }
        }
        nodes
    }

    /// An element begins. Its attributes follow at once.
    pub fn open(&mut self, name: impl Into<Cow<'t, str>>) {
        let attributes = self.attributes.len()..self.attributes.len();
        self.open.push(self.nodes.len());
        self.push(What::Element { name: name.into(), attributes, place: None });
    }

    /// An attribute of the element that has just begun.
    pub fn attribute(&mut self, name: impl Into<Cow<'t, str>>, value: impl Into<Cow<'t, str>>) {
        let (name, value) = (name.into(), value.into());
        if let Some(place) = Place::written(&name, &value) {
            self.place(place);
        }
        self.attributes.push((name, value));
        if let Some(Node { what: What::Element { attributes, .. }, .. }) = self.nodes.last_mut() {
            attributes.end = self.attributes.len();
        }
    }

    /// The place of the element that has just begun. That of a tag that was written as HTML counts first.
    pub fn place(&mut self, place: Place) {
        if let Some(Node { what: What::Element { place: own, .. }, .. }) = self.nodes.last_mut()
            && own.is_none_or(|own| !own.is_raw)
        {
            *own = Some(place);
        }
    }

    /// How many elements with a name are open.
    pub fn open_count(&self, name: &str) -> usize {
        self.open.iter().filter(|at| Element { at: **at, ..self.root() }.name() == name).count()
    }

    /// How many nodes there are: where the next one will be.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Takes away all that begins at a place or behind it. Nothing of it is open.
    pub fn cut(&mut self, at: usize) {
        self.nodes.truncate(at);
    }

    /// Whether the element that has just begun has an attribute.
    pub fn has_attribute(&self, name: &str) -> bool {
        let Some(Node { what: What::Element { attributes, .. }, .. }) = self.nodes.last() else { return false };
        self.attributes[attributes.clone()].iter().any(|(other, _)| other == name)
    }

    /// How many attributes the innermost element has.
    pub fn attribute_count(&self) -> usize {
        let Some(Node { what: What::Element { attributes, .. }, .. }) = self.nodes.last() else { return 0 };
        attributes.len()
    }

    /// The innermost element ends.
    pub fn close(&mut self) {
        if self.open.len() > 1
            && let Some(at) = self.open.pop()
        {
            self.nodes[at].end = self.nodes.len();
        }
    }

    /// Text in the innermost element.
    pub fn text(&mut self, text: impl Into<Cow<'t, str>>) {
        self.push(What::Text(text.into()));
    }

    fn push(&mut self, what: What<'t>) {
        self.nodes.push(Node { what, end: self.nodes.len() + 1 });
    }

    /// What holds all.
    pub fn root(&self) -> Element<'_> {
        Element { nodes: &self.nodes, attributes: &self.attributes, at: 0 }
    }
}

/// An element of a tree.
#[derive(Debug, Clone, Copy)]
pub(in crate::html) struct Element<'n> {
    nodes: &'n [Node<'n>],
    attributes: &'n [(Cow<'n, str>, Cow<'n, str>)],
    at: usize,
}

/// What is in an element.
#[derive(Debug, Clone, Copy)]
pub(in crate::html) enum Child<'n> {
    Text(&'n str),
    Element(Element<'n>),
}

impl<'n> Element<'n> {
    /// Its tag, in lower case.
    pub fn name(self) -> &'n str {
        match &self.nodes[self.at].what {
            What::Element { name, .. } => name,
            What::Text(_) => "",
        }
    }

    /// Its attributes, in order.
    pub fn attrs(self) -> impl Iterator<Item = (&'n str, &'n str)> {
        let range = match &self.nodes[self.at].what {
            What::Element { attributes, .. } => attributes.clone(),
            What::Text(_) => 0..0,
        };
        self.attributes[range].iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }

    /// The value of an attribute.
    pub fn attr(self, name: &str) -> Option<&'n str> {
        self.attrs().find_map(|(other, value)| (other == name).then_some(value))
    }

    /// Where it was written. In what Intercom stored this says nothing.
    pub fn place(self) -> Option<Place> {
        match &self.nodes[self.at].what {
            What::Element { place, .. } => *place,
            What::Text(_) => None,
        }
    }

    /// Its children.
    pub fn children(self) -> impl Iterator<Item = Child<'n>> {
        let end = self.end();
        let mut next = self.at + 1;
        std::iter::from_fn(move || {
            let at = next;
            next = self.nodes[..end].get(at)?.end;
            Some(self.child(at))
        })
    }

    /// Its children that are elements.
    pub fn elements(self) -> impl Iterator<Item = Element<'n>> {
        self.children().filter_map(|child| match child {
            Child::Element(element) => Some(element),
            Child::Text(_) => None,
        })
    }

    /// Everything in it, however deep.
    pub fn descendants(self) -> impl Iterator<Item = Child<'n>> {
        (self.at + 1..self.end()).map(move |at| self.child(at))
    }

    fn end(self) -> usize {
        // The root is never closed.
        if self.at == 0 { self.nodes.len() } else { self.nodes[self.at].end }
    }

    fn child(self, at: usize) -> Child<'n> {
        match &self.nodes[at].what {
            What::Text(text) => Child::Text(text),
            What::Element { .. } => Child::Element(Element { at, ..self }),
        }
    }
}

/// How many attributes a tag has at most. The full parser compares each with all others, and no tag needs more.
const MOST_ATTRIBUTES: usize = 500;

/// Whether a tag has more attributes than any needs. What may separate two is counted, in quotes or not.
pub(in crate::html) fn has_too_many_attributes(tag: &str) -> bool {
    tag.len() > MOST_ATTRIBUTES && {
        let separates = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'');
        let mut is_between = false;
        let mut quote = None;
        let starts = tag.bytes().filter(|byte| {
            match quote {
                Some(open) if open == *byte => quote = None,
                Some(_) => return false,
                None if matches!(byte, b'"' | b'\'') => quote = Some(*byte),
                None => {}
            }
            let was_between = std::mem::replace(&mut is_between, separates(byte) && quote.is_none());
            was_between && !is_between
        });
        starts.count() > MOST_ATTRIBUTES
    }
}

/// The byte past the `>` that ends the tag at the start of `html`; quotes may hold one.
pub(in crate::html) fn tag_end(html: &str) -> Option<usize> {
    let mut quote: Option<u8> = None;
    let mut after_equals = false;
    for (at, byte) in html.bytes().enumerate() {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => continue,
            None => match byte {
                b'>' => return Some(at + 1),
                b'"' | b'\'' if after_equals => quote = Some(byte),
                _ => {}
            },
        }
        after_equals = byte == b'=' || (after_equals && byte.is_ascii_whitespace());
    }
    None
}

/// The tags that stay open until something closes them, and that the parser looks through.
const HOLDING: [&str; 29] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "button",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "hgroup",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "ul",
];

/// How many of them may be in one another: far more than are read.
const MOST_OPEN: usize = 1_000;

/// HTML that the full parser reads in time that grows with its length: tags with too many attributes have none, and
/// those that are nested deeper than anything is read are gone. For each tag the parser looks through all that hold it.
fn bounded(html: &str) -> Cow<'_, str> {
    let bytes = html.as_bytes();
    let mut out = String::new();
    let (mut kept, mut at) = (0, 0);
    // How many tags are open, and how many of those that were taken out.
    let (mut open, mut gone) = (0_usize, 0_usize);
    while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
        let start = at + found;
        let is_end = bytes.get(start + 1) == Some(&b'/');
        let name = start + 1 + usize::from(is_end);
        if !bytes.get(name).is_some_and(u8::is_ascii_alphabetic) {
            at = start + 1;
            continue;
        }
        // A tag without an end takes all that follows.
        let length = tag_end(&html[start..]).unwrap_or(html.len() - start);
        at = start + length;
        let name_end = html[name..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(html.len(), |end| name + end);
        let holds = HOLDING.iter().any(|tag| tag.eq_ignore_ascii_case(&html[name..name_end]));
        let is_gone = match (holds, is_end) {
            (true, false) if open >= MOST_OPEN => {
                gone += 1;
                true
            }
            (true, true) if gone > 0 => {
                gone -= 1;
                true
            }
            (true, false) => {
                open += 1;
                false
            }
            (true, true) => {
                open = open.saturating_sub(1);
                false
            }
            (false, _) => false,
        };
        if is_gone {
            out.push_str(&html[kept..start]);
            kept = at;
        } else if !is_end && has_too_many_attributes(&html[start..at]) {
            out.push_str(&html[kept..name_end]);
            out.push('>');
            kept = at;
        }
    }
    if kept == 0 {
        return html.into();
    }
    out.push_str(&html[kept..]);
    out.into()
}

#[cfg(test)]
impl Nodes<'_> {
    /// The tree as text, with every attribute; their order says nothing.
    pub fn shown(&self) -> String {
        fn show(element: Element<'_>, depth: usize, out: &mut String) {
            for child in element.children() {
                let indent = " ".repeat(depth);
                match child {
                    Child::Text(text) => out.push_str(&format!("{indent}{text:?}\n")),
                    Child::Element(inner) => {
                        let mut attributes: Vec<_> = inner.attrs().collect();
                        attributes.sort_unstable();
                        out.push_str(&format!("{indent}{} {attributes:?}\n", inner.name()));
                        show(inner, depth + 1, out);
                    }
                }
            }
        }
        let mut out = String::new();
        show(self.root(), 0, &mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_read_in_its_order() {
        let mut nodes = Nodes::new();
        nodes.text("a");
        nodes.open("p");
        nodes.attribute("class", "x");
        nodes.attribute("id", "y");
        nodes.open("br");
        nodes.close();
        nodes.text("b");
        nodes.close();
        nodes.open("b");
        nodes.attribute("id", "z");
        nodes.close();
        assert_eq!(nodes.shown(), Nodes::repaired("a<p class=x id=y><br>b</p><b id=z></b>").shown());
        assert_eq!(nodes.root().descendants().count(), 5);
    }

    #[test]
    fn what_is_nested_deeper_than_anything_is_read_is_no_tag() {
        for tag in ["<div>", "<ul><li>", "<BlockQuote class=x>", "<details><div>"] {
            let nodes = Nodes::repaired(&format!("{}<i>in</i>", tag.repeat(50_000)));
            assert!(nodes.nodes.len() < 60_000, "{tag}: {}", nodes.nodes.len());
            assert!(nodes.root().descendants().any(|child| matches!(child, Child::Text("in"))), "{tag}");
        }
        // Side by side they are all read, and after the deep ones, too.
        let flat = Nodes::repaired(&"<div><p>a</div>".repeat(5_000));
        assert_eq!(flat.nodes.len(), 15_001);
        let deep = format!("{}{}<p>b", "<div>".repeat(3_000), "</div>".repeat(3_000));
        assert_eq!(Nodes::repaired(&deep).root().children().count(), 2);
    }

    #[test]
    fn a_place_is_that_of_html_before_that_of_markdown() {
        let nodes = Nodes::repaired("<p data-m=\"1-2\" data-r=\"3-4\">a</p><b data-m=\"5-6\"></b><i data-m=\"x\"></i>");
        let places: Vec<_> = nodes.root().elements().map(Element::place).collect();
        let place = |start, end, is_raw| Some(Place { span: Span::new(start, end), is_raw });
        assert_eq!(places, [place(3, 4, true), place(5, 6, false), None]);
    }
}
