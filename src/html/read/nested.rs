//! HTML whose tags are written out and stand well in one another, read in one pass.
//!
//! What Intercom stores and what the renderer writes is of this kind, and the rules by which a
//! browser mends anything else cost far more than reading it. So this reader knows only what needs
//! no mending, and says so as soon as it meets something else: then the text is left to the full
//! parser. Where it gives a tree, it is the tree that the full parser gives; a test holds the two
//! together. Nothing here decides what a tag means.

use ego_tree::NodeId;
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use scraper::node::{Comment, Element, Text};
use scraper::{Html, Node};

/// How a tag takes part in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Ends an open paragraph, so it stands in none.
    Block,
    /// A block within which no other heading stands.
    Heading,
    /// Stands in a list alone.
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

/// The tags that are known here, by name.
fn known(name: &str) -> Option<(LocalName, Kind)> {
    Some(match name.as_bytes() {
        b"p" => (local_name!("p"), Kind::Block),
        b"div" => (local_name!("div"), Kind::Block),
        b"ul" => (local_name!("ul"), Kind::Block),
        b"ol" => (local_name!("ol"), Kind::Block),
        b"pre" => (local_name!("pre"), Kind::Block),
        b"blockquote" => (local_name!("blockquote"), Kind::Block),
        b"details" => (local_name!("details"), Kind::Block),
        b"summary" => (local_name!("summary"), Kind::Block),
        b"center" => (local_name!("center"), Kind::Block),
        b"section" => (local_name!("section"), Kind::Block),
        b"figure" => (local_name!("figure"), Kind::Block),
        b"figcaption" => (local_name!("figcaption"), Kind::Block),
        b"h1" => (local_name!("h1"), Kind::Heading),
        b"h2" => (local_name!("h2"), Kind::Heading),
        b"h3" => (local_name!("h3"), Kind::Heading),
        b"h4" => (local_name!("h4"), Kind::Heading),
        b"h5" => (local_name!("h5"), Kind::Heading),
        b"h6" => (local_name!("h6"), Kind::Heading),
        b"li" => (local_name!("li"), Kind::Item),
        b"table" => (local_name!("table"), Kind::Table),
        b"tbody" => (local_name!("tbody"), Kind::Rows),
        b"thead" => (local_name!("thead"), Kind::Rows),
        b"tfoot" => (local_name!("tfoot"), Kind::Rows),
        b"tr" => (local_name!("tr"), Kind::Row),
        b"td" => (local_name!("td"), Kind::Cell),
        b"th" => (local_name!("th"), Kind::Cell),
        b"a" => (local_name!("a"), Kind::Mark),
        b"b" => (local_name!("b"), Kind::Mark),
        b"strong" => (local_name!("strong"), Kind::Mark),
        b"i" => (local_name!("i"), Kind::Mark),
        b"em" => (local_name!("em"), Kind::Mark),
        b"code" => (local_name!("code"), Kind::Mark),
        b"u" => (local_name!("u"), Kind::Mark),
        b"s" => (local_name!("s"), Kind::Mark),
        b"span" => (local_name!("span"), Kind::Inline),
        b"kbd" => (local_name!("kbd"), Kind::Inline),
        b"sup" => (local_name!("sup"), Kind::Inline),
        b"sub" => (local_name!("sub"), Kind::Inline),
        b"mark" => (local_name!("mark"), Kind::Inline),
        b"br" => (local_name!("br"), Kind::Void),
        b"img" => (local_name!("img"), Kind::Void),
        b"hr" => (local_name!("hr"), Kind::Rule),
        b"iframe" => (local_name!("iframe"), Kind::Frame),
        _ => return None,
    })
}

/// The names of attributes.
fn attribute(name: &str) -> LocalName {
    match name.as_bytes() {
        b"class" => local_name!("class"),
        b"href" => local_name!("href"),
        b"id" => local_name!("id"),
        b"src" => local_name!("src"),
        b"style" => local_name!("style"),
        b"target" => local_name!("target"),
        b"rel" => local_name!("rel"),
        b"alt" => local_name!("alt"),
        b"width" => local_name!("width"),
        b"height" => local_name!("height"),
        _ => LocalName::from(name),
    }
}

/// The tree of some HTML, where it needs no mending.
pub(super) fn tree(html: &str) -> Option<Html> {
    // What a browser replaces before it reads.
    if html.bytes().any(|byte| matches!(byte, b'\r' | 0 | 0x0c)) {
        return None;
    }
    let mut document = Html::new_fragment();
    let root = document.tree.root_mut().append(element(local_name!("html"), Vec::new())).id();
    let root = Open { name: local_name!("html"), kind: Kind::Block, node: root, is_meant: false };
    let mut builder = Builder { document, rest: html, open: vec![root], text: String::new() };
    builder.read()?;
    Some(builder.document)
}

/// An element that is not closed yet.
struct Open {
    name: LocalName,
    kind: Kind,
    node: NodeId,
    /// Whether it was not written: the rows of a table that stand in it at once.
    is_meant: bool,
}

struct Builder<'h> {
    document: Html,
    rest: &'h str,
    /// From the root inwards; the root is never closed.
    open: Vec<Open>,
    /// Text that is not in the tree yet.
    text: String,
}

impl<'h> Builder<'h> {
    fn read(&mut self) -> Option<()> {
        loop {
            let (text, rest) = self.rest.split_at(self.rest.find('<').unwrap_or(self.rest.len()));
            unescape(text, &mut self.text)?;
            self.rest = rest;
            if rest.is_empty() {
                self.flush()?;
                return (self.open.len() == 1).then_some(());
            }
            if let Some(rest) = rest.strip_prefix("<!--") {
                self.comment(rest)?;
            } else if let Some(rest) = rest.strip_prefix("</") {
                self.end(rest)?;
            } else {
                self.start(&rest[1..])?;
            }
        }
    }

    fn start(&mut self, rest: &'h str) -> Option<()> {
        let end = rest.find(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit())?;
        let (name, rest) = rest.split_at(end);
        let (name, kind) = known(name)?;
        self.flush()?;
        if !self.fits(&name, kind) {
            return None;
        }
        let (attributes, rest) = attributes(rest, kind)?;
        self.rest = rest;
        if kind == Kind::Row && self.innermost()?.kind == Kind::Table {
            let (name, kind) = (local_name!("tbody"), Kind::Rows);
            let node = self.append(element(name.clone(), Vec::new()))?;
            self.open.push(Open { name, kind, node, is_meant: true });
        }
        let node = self.append(element(name.clone(), attributes))?;
        match kind {
            Kind::Void | Kind::Rule => return Some(()),
            Kind::Frame => {
                self.rest = self.rest.strip_prefix("</iframe>")?;
                return Some(());
            }
            _ => {}
        }
        if name == local_name!("pre") {
            // The first line feed of a block of code is none of it.
            self.rest = self.rest.strip_prefix('\n').unwrap_or(self.rest);
        }
        self.open.push(Open { name, kind, node, is_meant: false });
        Some(())
    }

    /// Whether a tag can stand here without closing or opening another one.
    fn fits(&self, name: &LocalName, kind: Kind) -> bool {
        let Some(innermost) = self.innermost() else { return false };
        let holds_rows_alone = matches!(innermost.kind, Kind::Table | Kind::Rows | Kind::Row);
        let same = || self.open.iter().filter(|open| open.name == *name).count();
        match kind {
            Kind::Rows => innermost.kind == Kind::Table,
            Kind::Row => matches!(innermost.kind, Kind::Table | Kind::Rows),
            Kind::Cell => innermost.kind == Kind::Row,
            _ if holds_rows_alone => false,
            Kind::Block | Kind::Table | Kind::Rule => !self.is_in_paragraph(),
            Kind::Heading => !self.is_in_paragraph() && self.open.iter().all(|open| open.kind != Kind::Heading),
            Kind::Item => {
                let is_list = [local_name!("ul"), local_name!("ol")].contains(&innermost.name);
                is_list && !self.is_in_paragraph()
            }
            // A link within a link ends it; of equal marks only three are opened again.
            Kind::Mark => same() < if *name == local_name!("a") { 1 } else { 3 },
            Kind::Inline | Kind::Void | Kind::Frame => true,
        }
    }

    fn is_in_paragraph(&self) -> bool {
        self.open.iter().any(|open| open.name == local_name!("p"))
    }

    fn end(&mut self, rest: &'h str) -> Option<()> {
        let (name, rest) = rest.split_at(rest.find('>')?);
        self.flush()?;
        if name == "table" && self.innermost()?.is_meant {
            self.open.pop();
        }
        if *self.innermost()?.name != *name || self.open.len() == 1 {
            return None;
        }
        self.open.pop();
        self.rest = &rest[1..];
        Some(())
    }

    fn comment(&mut self, rest: &'h str) -> Option<()> {
        let (comment, rest) = rest.split_at(rest.find("--")?);
        if comment.starts_with(['>', '-']) || comment.contains('<') {
            return None;
        }
        self.rest = rest.strip_prefix("-->")?;
        self.flush()?;
        self.append(Node::Comment(Comment { comment: StrTendril::from_slice(comment) }))?;
        Some(())
    }

    /// Puts text into the tree. Between the parts of a table there is none but white space.
    fn flush(&mut self) -> Option<()> {
        if self.text.is_empty() {
            return Some(());
        }
        let holds_rows_alone = matches!(self.innermost()?.kind, Kind::Table | Kind::Rows | Kind::Row);
        if holds_rows_alone && !self.text.bytes().all(|byte| matches!(byte, b' ' | b'\n' | b'\t')) {
            return None;
        }
        let text = StrTendril::from_slice(&self.text);
        self.text.clear();
        self.append(Node::Text(Text { text }))?;
        Some(())
    }

    fn innermost(&self) -> Option<&Open> {
        self.open.last()
    }

    fn append(&mut self, node: Node) -> Option<NodeId> {
        let parent = self.innermost()?.node;
        Some(self.document.tree.get_mut(parent)?.append(node).id())
    }
}

fn element(name: LocalName, attributes: Vec<Attribute>) -> Node {
    Node::Element(Element::new(QualName::new(None, ns!(html), name), attributes))
}

/// The attributes of a tag, and what follows it.
fn attributes(mut rest: &str, kind: Kind) -> Option<(Vec<Attribute>, &str)> {
    let mut attributes: Vec<Attribute> = Vec::new();
    loop {
        let after = rest.trim_start_matches([' ', '\n', '\t']);
        if let Some(rest) = after.strip_prefix('>') {
            return Some((attributes, rest));
        }
        if let Some(rest) = after.strip_prefix("/>").filter(|_| matches!(kind, Kind::Void | Kind::Rule)) {
            return Some((attributes, rest));
        }
        if after.len() == rest.len() {
            return None;
        }
        let is_of_a_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_:".contains(c);
        let (name, after) = after.split_at(after.find(|c| !is_of_a_name(c))?);
        let name = QualName::new(None, ns!(), attribute(name));
        if name.local.is_empty() || attributes.iter().any(|other| other.name == name) {
            return None;
        }
        let mut value = String::new();
        rest = match after.strip_prefix('=') {
            Some(after) => {
                let (written, after) = after.strip_prefix('"')?.split_once('"')?;
                unescape(written, &mut value)?;
                after
            }
            None => after,
        };
        attributes.push(Attribute { name, value: StrTendril::from_slice(&value) });
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

/// Adds a text with its characters as they are meant, if every name in it is known.
fn unescape(text: &str, out: &mut String) -> Option<()> {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
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
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as text, with every node and attribute.
    fn shown(html: &Html) -> String {
        fn show(node: ego_tree::NodeRef<'_, Node>, depth: usize, out: &mut String) {
            let line = match node.value() {
                Node::Element(element) => format!("{:?} {:?}", element.name, element.attrs().collect::<Vec<_>>()),
                other => format!("{other:?}"),
            };
            out.push_str(&format!("{}{line}\n", " ".repeat(depth)));
            node.children().for_each(|child| show(child, depth + 1, out));
        }
        let mut out = String::new();
        show(html.tree.root(), 0, &mut out);
        out
    }

    #[track_caller]
    fn is_read(html: &str) {
        let tree = tree(html).unwrap_or_else(|| panic!("left to the full parser: {html}"));
        assert_eq!(shown(&tree), shown(&Html::parse_fragment(html)), "{html}");
    }

    #[track_caller]
    fn is_left(html: &str) {
        assert!(tree(html).is_none(), "{html}");
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
            if let Some(tree) = tree(&html) {
                read.set(read.get() + 1);
                proptest::prop_assert_eq!(shown(&tree), shown(&Html::parse_fragment(&html)));
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
            if let Some(tree) = tree(&html) {
                proptest::prop_assert_eq!(shown(&tree), shown(&Html::parse_fragment(&html)));
            }
        });
    }
}
