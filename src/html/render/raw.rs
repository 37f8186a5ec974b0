//! HTML that is in Markdown, made fit to go among the HTML that Markdown becomes.
//!
//! Every tag gets its place, and tags are balanced within the Markdown around them, so that a stray
//! `</ul>` cannot close a list that Markdown opened and an unclosed `<div>` cannot swallow the rest.
//! Tags that change how HTML is read (`script`, `svg`, `textarea`) go here, with what is in them.
//! Nothing else is decided here: what of a tag is kept is the reader's business.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use super::check::TOO_DEEP;
use super::output::Output;
use crate::html::tree::nodes::{Place, has_too_many_attributes, tag_end};
use crate::html::tree::read::is_removed;
use crate::text::Span;

/// How many tags of HTML may be open at once. Reading them takes the square of their number.
const MOST_OPEN: usize = 500;

/// What to write in the place of a component.
const COMPONENT: &str = "write `> [!NOTE]` for a note, `<details>` for what opens, headings for tabs and steps; put it in backticks if it is meant so";

/// The components of documentation systems that are written without an attribute.
const COMPONENTS: [&str; 46] = [
    "Note",
    "Warning",
    "Tip",
    "Info",
    "Check",
    "Danger",
    "Callout",
    "Steps",
    "Step",
    "Card",
    "CardGroup",
    "CardGrid",
    "Cards",
    "Accordion",
    "AccordionGroup",
    "Expandable",
    "Tabs",
    "Tab",
    "TabItem",
    "CodeGroup",
    "CodeBlock",
    "Frame",
    "ParamField",
    "ResponseField",
    "RequestExample",
    "ResponseExample",
    "Snippet",
    "Icon",
    "Tooltip",
    "Badge",
    "LinkCard",
    "LinkButton",
    "Aside",
    "FileTree",
    "DocCardList",
    "TOCInline",
    "Admonition",
    "ClientOnly",
    "Columns",
    "Column",
    "YouTube",
    "Update",
    "Panel",
    "Tile",
    "BrowserWindow",
    "Alert",
];

/// Whether a tag is a component: it has a capital, and a name that is known, an attribute, or no end tag. `<YourName>`
/// is none.
fn is_component(tag: &str) -> bool {
    let inner = tag.trim_start_matches(['<', '/']).trim_end_matches('>');
    let name = &inner[..inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(inner.len())];
    if let Some((space, _)) = inner.split_once(':')
        && ["ac", "ri"].contains(&space)
    {
        return true;
    }
    let is_camel =
        name.starts_with(|c: char| c.is_ascii_uppercase()) && name.contains(|c: char| c.is_ascii_lowercase());
    let rest = &inner[name.len()..];
    is_camel
        && (COMPONENTS.contains(&name)
            || ((rest.contains('=') || rest.ends_with('/')) && !is_html(&name.to_ascii_lowercase())))
}

/// A tag that was opened as HTML and is not closed yet.
pub(super) struct Open {
    name: String,
    place: Span,
    /// How many tags of Markdown were open around it.
    depth: usize,
    /// Where the output is cut when it closes.
    cut: Option<usize>,
}

/// Writes HTML within a tag of Markdown.
pub(super) struct Raw<'o, 'a> {
    /// The tags of HTML that are open.
    pub open: &'o mut Vec<Open>,
    pub out: &'o mut Output<'a>,
    /// How many tags of Markdown are open.
    pub depth: usize,
    /// The tags that end nowhere in the rest of this piece: whoever looks again looks through all of it.
    pub endless: BTreeSet<String>,
    /// Whether the rest of this piece has no `>`, so that no tag ends.
    pub is_endless: bool,
}

impl Raw<'_, '_> {
    /// A piece of HTML. `place` gives the byte in the Markdown for a byte of the piece.
    pub fn piece(&mut self, html: &str, place: &dyn Fn(usize) -> usize) {
        let mut at = 0;
        self.endless.clear();
        self.is_endless = false;
        while let Some(found) = html[at..].find('<') {
            self.out.unname(&html[at..at + found]);
            self.out.html.push_str(&html[at..at + found]);
            at += found;
            at += self.tag(&html[at..], &|byte| place(at + byte));
        }
        self.out.unname(&html[at..]);
        self.out.html.push_str(&html[at..]);
    }

    /// One tag, comment or `<` at the start of `html`; returns how many bytes it took.
    fn tag(&mut self, html: &str, place: &dyn Fn(usize) -> usize) -> usize {
        if html.starts_with("<!--") {
            if let Some(short) = ["<!-->", "<!--->"].into_iter().find(|short| html.starts_with(short)) {
                return short.len();
            }
            if let Some(end) = html.find("-->") {
                return end + 3;
            }
            self.out.error(
                "unclosed-comment",
                Span::new(place(0), place(4)),
                "the comment never ends, so all that follows is left out",
                "end it with `-->`",
            );
            return html.len();
        }
        if html.starts_with("<!") || html.starts_with("<?") {
            let end = html.find('>').map_or(html.len(), |end| end + 1);
            self.out.error("unsupported-html", Span::new(place(0), place(end)), "this is never sent", UNSUPPORTED);
            return end;
        }
        let is_end = html.starts_with("</");
        let start = 1 + usize::from(is_end);
        let name: String = html[start..]
            .chars()
            .take_while(|c| !c.is_ascii_whitespace() && !matches!(c, '/' | '>' | '<'))
            .collect::<String>()
            .to_ascii_lowercase();
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic()) && !self.is_endless;
        let Some(end) = is_name.then(|| tag_end(html)).flatten() else {
            self.is_endless |= is_name && !html.contains('>');
            self.out.text_raw("<");
            return 1;
        };
        let token = Span::new(place(0), place(end));
        if is_component(&html[..end]) {
            let written = &html[..end];
            let message = format!("`{written}` is a component of MDX: customers would see the tag as text");
            self.out.error("component", token, &message, COMPONENT);
            self.out.text_raw(written);
        } else if !is_html(&name) {
            let written = &html[..end];
            self.out.warning(
                "unknown-tag",
                token,
                &format!("`{written}` is not an HTML tag; it is sent as text"),
                "write `&lt;` instead of `<`, or put it in backticks",
            );
            self.out.text_raw(written);
        } else if is_end {
            self.end_tag(&name, token);
        } else if is_removed(&name) {
            return self.removed(&name, html, end, token);
        } else if matches!(name.as_str(), "html" | "body" | "frame" | "frameset") {
            self.out.warning("lost-tag", token, &format!("Intercom drops `<{name}>`"), "remove it");
        } else if self.nesting() >= MOST_OPEN && !is_void(&name) {
            self.refuse_deep(token);
        } else if has_too_many_attributes(&html[..end]) {
            let message = format!("`<{name}>` has more attributes than any tag needs, and is left out");
            self.out.error("unsupported-html", token, &message, "remove those that say nothing");
        } else {
            // HTML ends a paragraph, an item or a cell by itself where the next one begins.
            let is_next = |open: &Open| open.depth == self.depth && open.name == name;
            if is_closed_by_others(&name) && self.open.last().is_some_and(is_next) {
                self.open.pop();
            }
            let mut rest = &html[1 + name.len()..end];
            let own = anchor_name(rest);
            if matches!(name.as_bytes(), [b'h', b'1'..=b'6']) {
                self.out.write_heading(&name, Place { span: token, is_raw: true }, own);
                rest = behind_id(rest);
            } else {
                own.filter(|_| matches!(name.as_str(), "a" | "span" | "div"))
                    .into_iter()
                    .for_each(|own| self.out.name(own));
                self.out.open_raw(&name, token);
            }
            // A tag is separated from its place by white space, whatever followed its name.
            self.out.html.push(' ');
            self.out.html.push_str(rest);
            if own.is_some() && rest.ends_with("/>") && matches!(name.as_str(), "a" | "span") {
                // An anchor that is written as in MDX: for HTML it would hold all that follows.
                self.out.close_raw(&name);
            } else if !is_void(&name) {
                self.open.push(Open { name, place: token, depth: self.depth, cut: None });
            }
        }
        end
    }

    /// A tag that goes with all that is in it.
    fn removed(&mut self, name: &str, html: &str, end: usize, token: Span) -> usize {
        if name == "script" {
            self.out.error("unsafe-html", token, "a script is never sent", "remove it");
        } else {
            let message = format!("Intercom has nothing for `<{name}>`: its content is left out");
            self.out.error("unsupported-html", token, &message, UNSUPPORTED);
        }
        if is_void(name) {
            return end;
        }
        if !self.endless.contains(name) {
            if let Some(close) = end_tag_of(name, &html[end..]) {
                let close = end + close;
                return html[close..].find('>').map_or(html.len(), |past| close + past + 1);
            }
            self.endless.insert(name.to_owned());
        }
        let cut = Some(self.out.html.len());
        self.open.push(Open { name: name.to_owned(), place: token, depth: self.depth, cut });
        end
    }

    fn end_tag(&mut self, name: &str, token: Span) {
        let found = self.open.iter().rposition(|open| open.depth == self.depth && open.name == name);
        let Some(found) = found else {
            // The end of a tag that was too deep to be opened ends nothing, too.
            if !is_void(name) && !self.is_refused_deep() {
                self.out.warning(
                    "stray-tag",
                    token,
                    &format!("`</{name}>` closes nothing here"),
                    "remove it, or put it where its tag was opened: not in another paragraph, list or quote",
                );
            }
            return;
        };
        self.close_down_to(found + 1);
        if let Some(open) = self.open.pop() {
            self.end(&open);
        }
    }

    /// How many tags are open that HTML does not end by itself.
    fn nesting(&self) -> usize {
        self.open.iter().filter(|open| !is_closed_by_others(&open.name)).count()
    }

    /// Names the first tag that nests too deep; those that follow are the same mistake.
    fn refuse_deep(&mut self, token: Span) {
        if !self.is_refused_deep() {
            self.out.is_too_deep = true;
            self.out.error("too-deep", token, TOO_DEEP.0, TOO_DEEP.1);
        }
    }

    fn is_refused_deep(&self) -> bool {
        self.out.is_too_deep
    }

    /// Closes what was opened as HTML in the tag of Markdown that ends now.
    pub fn close_all(&mut self) {
        let first = self.open.iter().position(|open| open.depth >= self.depth).unwrap_or(self.open.len());
        self.close_down_to(first);
    }

    fn close_down_to(&mut self, first: usize) {
        while self.open.len() > first {
            let Some(open) = self.open.pop() else { return };
            if is_closed_by_others(&open.name) {
                continue;
            }
            self.out.warning(
                "unclosed-tag",
                open.place,
                &format!("`<{0}>` is not closed where it was opened; it is taken to end there", open.name),
                &format!("write `</{0}>` in the same paragraph, list item or quote", open.name),
            );
            self.end(&open);
        }
    }

    fn end(&mut self, open: &Open) {
        if let Some(cut) = open.cut {
            self.out.html.truncate(cut);
            return;
        }
        if matches!(open.name.as_bytes(), [b'h', b'1'..=b'6']) {
            self.out.heading = None;
        }
        self.out.close_raw(&open.name);
    }
}

/// The name that the attributes of a tag give to its place: their `id`, else their `name`.
fn anchor_name(attributes: &str) -> Option<&str> {
    let value = |attribute: &str| {
        let (at, _) = attributes.match_indices('=').find(|(at, _)| {
            let before = attributes[..*at].trim_end();
            let start = before.len().checked_sub(attribute.len());
            let is_it = |start: usize| {
                before.get(start..).is_some_and(|name| name.eq_ignore_ascii_case(attribute))
                    && before[..start].ends_with(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\''))
            };
            start.is_some_and(is_it)
        })?;
        let rest = attributes[at + 1..].trim_start();
        let value = match rest.chars().next()? {
            quote @ ('"' | '\'') => rest[1..].split(quote).next()?,
            _ => rest.split(|c: char| c.is_ascii_whitespace() || c == '>').next()?.trim_end_matches('/'),
        };
        Some(value).filter(|value| !value.is_empty() && !value.contains(char::is_whitespace))
    };
    value("id").or_else(|| value("name"))
}

/// Attributes without an `id` that is the first of them. Of two ids the first counts, which is written by then, and HTML
/// that has one alone needs no repair.
fn behind_id(attributes: &str) -> &str {
    let value = attributes.trim_start().strip_prefix("id=\"");
    value.and_then(|value| value.split_once('"')).map_or(attributes, |(_, rest)| rest)
}

const UNSUPPORTED: &str = "remove it, or write `&lt;` for the first character";

/// Where the end tag of a name begins, in any case.
fn end_tag_of(name: &str, html: &str) -> Option<usize> {
    memchr::memmem::find_iter(html.as_bytes(), b"</").find(|at| {
        let after = html.as_bytes().get(at + 2..at + 2 + name.len());
        after.is_some_and(|after| after.eq_ignore_ascii_case(name.as_bytes()))
    })
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Tags whose end HTML knows without an end tag.
fn is_closed_by_others(name: &str) -> bool {
    matches!(
        name,
        "p" | "li"
            | "td"
            | "th"
            | "tr"
            | "thead"
            | "tbody"
            | "tfoot"
            | "dt"
            | "dd"
            | "option"
            | "optgroup"
            | "colgroup"
            | "rt"
            | "rp"
    )
}

/// Whether HTML has a tag of this name. A word in angle brackets that it has not is text that
/// somebody forgot to escape.
fn is_html(name: &str) -> bool {
    static NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        "a abbr acronym address applet area article aside audio b base bdi bdo big blink blockquote \
        body br button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div \
        dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header \
        hgroup hr html i iframe img input ins kbd label legend li link main map mark marquee math menu meta meter \
        nav nobr noembed noframes noscript object ol optgroup option output p param picture plaintext pre progress \
        q rp rt ruby s samp script search section select slot small source span strike strong style sub summary sup \
        svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp"
            .split(' ')
            .collect()
    });
    NAMES.contains(name)
}
