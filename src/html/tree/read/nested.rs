//! HTML whose tags are written out and well nested, read in one pass.
//!
//! What Intercom stores and what the renderer writes is of this kind, and the rules by which a
//! browser repairs anything else cost far more than reading it. So this reader knows only what needs
//! no repair, and says so as soon as it meets something else: then the text is left to the full
//! parser. Where it gives a tree, it is the tree that the full parser gives; a test holds the two
//! together. Nothing here decides what a tag means.

use std::borrow::Cow;

use crate::html::tree::nodes::Nodes;

/// How many attributes a tag has that is read here.
const FEW_ATTRIBUTES: usize = 50;

/// How a tag takes part in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A paragraph.
    Paragraph,
    /// Ends an open paragraph, so it is never inside one.
    Block,
    /// A block that holds no heading.
    Heading,
    /// Only inside a list.
    Item,
    /// Opens a part of a table.
    Table,
    /// The rows of a table.
    Rows,
    /// A row.
    Row,
    /// A cell.
    Cell,
    /// A mark that a browser opens again where it was not closed.
    Mark,
    /// Any other tag within a line.
    Inline,
    /// Has no content.
    Void,
    /// A line across: no content, and ends an open paragraph.
    Rule,
    /// Its content is no HTML; it is read here without any alone.
    Frame,
}

/// The tags that are known here.
fn known(name: &str) -> Option<Kind> {
    Some(match name.as_bytes() {
        b"p" => Kind::Paragraph,
        b"div" | b"ul" | b"ol" | b"pre" | b"blockquote" | b"details" | b"summary" | b"center" | b"section"
        | b"figure" | b"figcaption" => Kind::Block,
        [b'h', b'1'..=b'6'] => Kind::Heading,
        b"li" => Kind::Item,
        b"table" => Kind::Table,
        b"tbody" | b"thead" | b"tfoot" => Kind::Rows,
        b"tr" => Kind::Row,
        b"td" | b"th" => Kind::Cell,
        b"a" | b"b" | b"strong" | b"i" | b"em" | b"code" | b"u" | b"s" => Kind::Mark,
        b"span" | b"kbd" | b"sup" | b"sub" | b"mark" => Kind::Inline,
        b"br" | b"img" => Kind::Void,
        b"hr" => Kind::Rule,
        b"iframe" => Kind::Frame,
        _ => return None,
    })
}

/// The tree of some HTML, where it needs no repair.
pub(super) fn nodes(html: &str) -> Option<Nodes<'_>> {
    // What a browser replaces before it reads.
    if memchr::memchr3(b'\r', 0, 0x0c, html.as_bytes()).is_some() {
        return None;
    }
    let root = Open { name: "html", kind: Kind::Block, is_meant: false };
    let mut builder = Builder { nodes: Nodes::of_html(html), rest: html, open: vec![root] };
    builder.read()?;
    Some(builder.nodes)
}

/// An element that is not closed yet.
struct Open<'h> {
    name: &'h str,
    kind: Kind,
    /// Whether it was not written: the rows of a table that are directly in it.
    is_meant: bool,
}

struct Builder<'h> {
    nodes: Nodes<'h>,
    rest: &'h str,
    /// From the root inwards; the root is never closed.
    open: Vec<Open<'h>>,
}

impl<'h> Builder<'h> {
    fn read(&mut self) -> Option<()> {
        loop {
            let (text, rest) =
                self.rest.split_at(memchr::memchr(b'<', self.rest.as_bytes()).unwrap_or(self.rest.len()));
            self.text(text)?;
            self.rest = rest;
            match rest.as_bytes() {
                [] => return (self.open.len() == 1).then_some(()),
                [_, b'/', ..] => self.end(&rest[2..])?,
                [_, b'!', ..] => self.comment(rest.strip_prefix("<!--")?)?,
                _ => self.start(&rest[1..])?,
            }
        }
    }

    fn start(&mut self, rest: &'h str) -> Option<()> {
        let end = rest.bytes().position(|byte| !byte.is_ascii_lowercase() && !byte.is_ascii_digit())?;
        let (name, rest) = rest.split_at(end);
        let kind = known(name)?;
        if !self.fits(name, kind) {
            return None;
        }
        if kind == Kind::Row && self.innermost()?.kind == Kind::Table {
            self.nodes.open("tbody");
            self.open.push(Open { name: "tbody", kind: Kind::Rows, is_meant: true });
        }
        self.nodes.open(name);
        self.attributes(rest, kind)?;
        match kind {
            Kind::Void | Kind::Rule => {
                self.nodes.close();
                return Some(());
            }
            Kind::Frame => {
                self.nodes.close();
                self.rest = self.rest.strip_prefix("</iframe>")?;
                return Some(());
            }
            _ => {}
        }
        if name == "pre" {
            // The first line feed of a block of code is none of it.
            self.rest = self.rest.strip_prefix('\n').unwrap_or(self.rest);
        }
        self.open.push(Open { name, kind, is_meant: false });
        Some(())
    }

    /// Whether a tag can be here without closing or opening another one.
    fn fits(&self, name: &str, kind: Kind) -> bool {
        let Some(innermost) = self.innermost() else { return false };
        let holds_rows_alone = matches!(innermost.kind, Kind::Table | Kind::Rows | Kind::Row);
        let same = || self.open.iter().filter(|open| open.kind == kind && open.name == name).count();
        match kind {
            Kind::Rows => innermost.kind == Kind::Table,
            Kind::Row => matches!(innermost.kind, Kind::Table | Kind::Rows),
            Kind::Cell => innermost.kind == Kind::Row,
            _ if holds_rows_alone => false,
            Kind::Paragraph | Kind::Block | Kind::Table | Kind::Rule => !self.is_in_paragraph(),
            Kind::Heading => !self.is_in_paragraph() && self.open.iter().all(|open| open.kind != Kind::Heading),
            Kind::Item => ["ul", "ol"].contains(&innermost.name) && !self.is_in_paragraph(),
            // A link within a link ends it; of equal marks only three are opened again.
            Kind::Mark => same() < if name == "a" { 1 } else { 3 },
            Kind::Inline | Kind::Void | Kind::Frame => true,
        }
    }

    fn is_in_paragraph(&self) -> bool {
        self.open.iter().any(|open| open.kind == Kind::Paragraph)
    }

    fn end(&mut self, rest: &'h str) -> Option<()> {
        let (name, rest) = rest.split_at(memchr::memchr(b'>', rest.as_bytes())?);
        if name == "table" && self.innermost()?.is_meant {
            self.close();
        }
        if self.innermost()?.name != name || self.open.len() == 1 {
            return None;
        }
        self.close();
        self.rest = &rest[1..];
        Some(())
    }

    fn close(&mut self) {
        self.open.pop();
        self.nodes.close();
    }

    /// A comment says nothing, but the texts before and after it are two.
    fn comment(&mut self, rest: &'h str) -> Option<()> {
        let (comment, rest) = rest.split_at(rest.find("--")?);
        if comment.starts_with(['>', '-']) || comment.contains('<') {
            return None;
        }
        self.rest = rest.strip_prefix("-->")?;
        Some(())
    }

    /// Puts text into the tree. Between the parts of a table there is none but white space.
    fn text(&mut self, text: &'h str) -> Option<()> {
        if text.is_empty() {
            return Some(());
        }
        let text = unescaped(text)?;
        let holds_rows_alone = matches!(self.innermost()?.kind, Kind::Table | Kind::Rows | Kind::Row);
        if holds_rows_alone && !text.bytes().all(|byte| matches!(byte, b' ' | b'\n' | b'\t')) {
            return None;
        }
        self.nodes.text(text);
        Some(())
    }

    fn innermost(&self) -> Option<&Open<'h>> {
        self.open.last()
    }

    /// The attributes of a tag; what follows it is read next.
    fn attributes(&mut self, mut rest: &'h str, kind: Kind) -> Option<()> {
        loop {
            let gap = rest.bytes().position(|byte| !matches!(byte, b' ' | b'\n' | b'\t'))?;
            let after = &rest[gap..];
            match after.as_bytes() {
                [b'>', ..] => {
                    self.rest = &after[1..];
                    return Some(());
                }
                [b'/', b'>', ..] if matches!(kind, Kind::Void | Kind::Rule) => {
                    self.rest = &after[2..];
                    return Some(());
                }
                _ if gap == 0 => return None,
                _ => {}
            }
            let is_of_a_name =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b':');
            let (name, after) = after.split_at(after.bytes().position(|byte| !is_of_a_name(byte))?);
            if name.is_empty() || self.nodes.has_attribute(name) || self.nodes.attribute_count() > FEW_ATTRIBUTES {
                return None;
            }
            let (value, after) = match after.as_bytes() {
                [b'=', b'"', ..] => {
                    let (written, after) = after[2..].split_at(memchr::memchr(b'"', &after.as_bytes()[2..])?);
                    (unescaped(written)?, &after[1..])
                }
                [b'=', ..] => return None,
                _ => (Cow::Borrowed(""), after),
            };
            self.nodes.attribute(name, value);
            rest = after;
        }
    }
}

/// The characters that are commonly written as names.
const NAMES: [(&str, char); 8] = [
    ("&amp;", '&'),
    ("&lt;", '<'),
    ("&gt;", '>'),
    ("&quot;", '"'),
    ("&nbsp;", '\u{a0}'),
    ("&#39;", '\''),
    ("&#x27;", '\''),
    ("&apos;", '\''),
];

/// A text with its characters as they are meant, if every name in it is known.
fn unescaped(text: &str) -> Option<Cow<'_, str>> {
    let next = |rest: &str| memchr::memchr(b'&', rest.as_bytes());
    if next(text).is_none() {
        return Some(Cow::Borrowed(text));
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = next(rest) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((name, meant)) = NAMES.iter().find(|(name, _)| rest.starts_with(name)) {
            out.push(*meant);
            rest = &rest[name.len()..];
        } else if rest[1..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#') {
            return None;
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Some(Cow::Owned(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is_read(html: &str) {
        let read = nodes(html).unwrap_or_else(|| panic!("left to the full parser: {html}"));
        assert_eq!(read.shown(), Nodes::repaired(html).shown(), "{html}");
    }

    #[track_caller]
    fn is_left(html: &str) {
        assert!(nodes(html).is_none(), "{html}");
    }

    #[test]
    fn what_needs_no_mending_is_read() {
        is_read("");
        is_read(" a &amp; b &nbsp;& c");
        is_read(
            "<p class=\"no-margin\">a<b>b<i>c</i></b> <a href=\"https://x.example/?a=1&amp;b=2\" target=\"_blank\">d</a><br></p>\n<hr/>",
        );
        is_read("<ul><li><p>a</p><ol><li>b</li></ol></li> <li></li>x</ul>");
        is_read(
            "<div class=\"intercom-container\"><img src=\"a.png\" alt=\"&quot;\" hidden></div><h1 id=\"h_0\">A</h1>",
        );
        is_read(
            "<table> <tr> <td>a</td><th><p>b</p></th></tr> </table><table><thead><tr></tr></thead><tbody></tbody></table>",
        );
        is_read("<table><tbody><tr><td><b>a</b><table><tr><td>b</td></tr></table></td></tr></tbody></table>c");
        is_read("<pre>\n\na\n</pre><pre><code>\na &lt; b</code></pre><!-- a -->b<!---->");
        is_read("<b><p>a</p>b</b><details open><summary><h2>a</h2></summary><div>b</div></details>");
        is_read(
            "<iframe src=\"https://x.example\"></iframe><section><figure>a<figcaption>b</figcaption></figure></section>",
        );
    }

    #[test]
    fn what_a_browser_mends_is_left_to_the_full_parser() {
        for html in [
            "<p>a<p>b",
            "<p>a<div>b</div></p>",
            "<b>a<i>b</b></i>",
            "</p>",
            "<p>a",
            "<li>a</li>",
            "<table>a</table>",
            "<a href=\"x\">a<a>b</a></a>",
            "<h1>a<h2>b</h2></h1>",
            "<table><td>a</td></table>",
            "<tr></tr>",
            "<b><b><b><b>a</b></b></b></b>",
            "<script>a</script>",
            "<svg></svg>",
            "<P>a</P>",
            "<p a=b>c</p>",
            "a < b",
            "<p a=\"1\" a=\"2\">b</p>",
            "&copy; &amp",
            "<div/>a",
            "<!-- a -- b -->",
            "<!--> -->",
            "a\r\nb",
            "<iframe>a</iframe>",
            "<table><p>a</p></table>",
            "<table><tbody><td>a</td></tbody></table>",
            "<p a=\"b\"c=\"d\">e</p>",
            "<br></br>",
        ] {
            is_left(html);
        }
    }

    #[test]
    fn a_tree_is_never_another_one_than_the_full_parsers() {
        let tags =
            "p|div|ul|ol|li|h1|h2|pre|blockquote|table|tbody|tr|td|th|a|b|i|code|span|br|img|hr|details|summary|x";
        let piece = format!("</?({tags})( class=\"a&amp;b\")?( open)?/?>|[a-c \n&;<]{{1,3}}|&lt;|&nbsp;|<!-- a -->");
        let nested = proptest::string::string_regex(&format!("({piece}){{0,14}}")).unwrap();
        let read = std::cell::Cell::new(0);
        proptest::proptest!(|(html in nested)| {
            if let Some(nodes) = nodes(&html) {
                read.set(read.get() + 1);
                proptest::prop_assert_eq!(nodes.shown(), Nodes::repaired(&html).shown());
            }
        });
        assert!(read.get() > 0);
    }

    #[test]
    fn well_nested_trees_are_read_like_the_full_parser_reads_them() {
        use proptest::prelude::{Strategy as _, any, prop};
        let leaf = proptest::string::string_regex("[a-c &]{0,4}|<br>|<img src=\"a\">|<hr>|&amp;|\n").unwrap();
        let tags = ["p", "div", "ul", "li", "h1", "pre", "table", "tr", "td", "a", "b", "code", "span", "blockquote"];
        let nested = leaf.prop_recursive(6, 40, 4, move |inner| {
            (any::<prop::sample::Index>(), prop::collection::vec(inner, 0..4)).prop_map(move |(tag, inner)| {
                let tag = tags[tag.index(tags.len())];
                format!("<{tag}>{}</{tag}>", inner.concat())
            })
        });
        proptest::proptest!(|(html in nested)| {
            if let Some(nodes) = nodes(&html) {
                proptest::prop_assert_eq!(nodes.shown(), Nodes::repaired(&html).shown());
            }
        });
    }
}
