//! HTML that stands in Markdown, made fit to stand among the HTML that Markdown becomes.
//!
//! Every tag gets its place, and tags are balanced within the Markdown around them, so that a stray
//! `</ul>` cannot close a list that Markdown opened and an unclosed `<div>` cannot swallow the rest.
//! Tags that change how HTML is read (`script`, `svg`, `textarea`) go here, with what is in them.
//! Nothing else is decided here: what of a tag is kept is the reader's business.

use super::super::read::is_removed;
use super::check::TOO_DEEP;
use super::source::Source;

/// How many tags of HTML may be open at once. Reading them takes the square of their number.
const MOST_OPEN: usize = 500;

/// A tag that was opened as HTML and is not closed yet.
pub(super) struct Open {
    name: String,
    place: (usize, usize),
    /// How many tags of Markdown were open around it.
    depth: usize,
    /// Where the output is cut when it closes.
    cut: Option<usize>,
}

impl Source<'_> {
    /// A piece of HTML. `place` gives the byte in the Markdown for a byte of the piece.
    pub(super) fn raw(&mut self, html: &str, place: &dyn Fn(usize) -> usize) {
        let mut at = 0;
        while let Some(found) = html[at..].find('<') {
            self.out.raw(&html[at..at + found]);
            at += found;
            at += self.raw_tag(&html[at..], &|byte| place(at + byte));
        }
        self.out.raw(&html[at..]);
    }

    /// One tag, comment or `<` at the start of `html`; returns how many bytes it took.
    fn raw_tag(&mut self, html: &str, place: &dyn Fn(usize) -> usize) -> usize {
        if html.starts_with("<!--") {
            if let Some(short) = ["<!-->", "<!--->"].into_iter().find(|short| html.starts_with(short)) {
                return short.len();
            }
            if let Some(end) = html.find("-->") {
                return end + 3;
            }
            self.error(
                "unclosed-comment",
                (place(0), place(4)),
                "the comment never ends, so all that follows is left out",
                "end it with `-->`",
            );
            return html.len();
        }
        if html.starts_with("<!") || html.starts_with("<?") {
            let end = html.find('>').map_or(html.len(), |end| end + 1);
            self.error("unsupported-html", (place(0), place(end)), "this is never sent", UNSUPPORTED);
            return end;
        }
        let is_end = html.starts_with("</");
        let start = 1 + usize::from(is_end);
        let name: String = html[start..]
            .chars()
            .take_while(|c| !c.is_ascii_whitespace() && !matches!(c, '/' | '>' | '<'))
            .collect::<String>()
            .to_ascii_lowercase();
        let Some(end) = name.starts_with(|c: char| c.is_ascii_alphabetic()).then(|| tag_end(html)).flatten() else {
            self.out.text("<");
            return 1;
        };
        let token = (place(0), place(end));
        if !is_html(&name) {
            let written = &html[..end];
            self.warning(
                "unknown-tag",
                token,
                &format!("`{written}` is no HTML; it is sent as these characters"),
                "write `&lt;` for the first one, or put it in back ticks",
            );
            self.out.text(written.to_owned());
        } else if is_end {
            self.close_raw(&name, token);
        } else if is_removed(&name) {
            return self.removed(&name, html, end, token);
        } else if matches!(name.as_str(), "html" | "body" | "frame" | "frameset") {
            self.warning("lost-tag", token, &format!("Intercom drops `<{name}>`"), "remove it");
        } else if self.nesting() >= MOST_OPEN && !is_void(&name) {
            self.refuse_deep(token);
        } else {
            self.out.raw_tag(&name, self.place(token, true));
            let rest = &html[1 + name.len()..end];
            // A tag is separated from its place by white space, whatever followed its name.
            self.out.raw(" ");
            self.out.raw(rest);
            if !is_void(&name) {
                self.raw.push(Open { name, place: token, depth: self.depth(), cut: None });
            }
        }
        end
    }

    /// A tag that goes with all that is in it.
    fn removed(&mut self, name: &str, html: &str, end: usize, token: (usize, usize)) -> usize {
        if name == "script" {
            self.error("unsafe-html", token, "a script is never sent", "remove it");
        } else {
            let message = format!("Intercom has nothing for `<{name}>`: what stands in it is left out");
            self.error("unsupported-html", token, &message, UNSUPPORTED);
        }
        if is_void(name) {
            return end;
        }
        let low = html.to_ascii_lowercase();
        if let Some(close) = low[end..].find(&format!("</{name}")) {
            let close = end + close;
            return low[close..].find('>').map_or(html.len(), |past| close + past + 1);
        }
        let cut = Some(self.out.len());
        self.raw.push(Open { name: name.to_owned(), place: token, depth: self.depth(), cut });
        end
    }

    fn close_raw(&mut self, name: &str, token: (usize, usize)) {
        let depth = self.depth();
        let found = self.raw.iter().rposition(|open| open.depth == depth && open.name == name);
        let Some(found) = found else {
            // The end of a tag that was too deep to be opened ends nothing, too.
            if !is_void(name) && !self.is_refused_deep() {
                self.warning(
                    "stray-tag",
                    token,
                    &format!("`</{name}>` closes nothing here"),
                    "remove it, or put it where its tag was opened: not in another paragraph, list or quote",
                );
            }
            return;
        };
        self.close_down_to(found + 1);
        if let Some(open) = self.raw.pop() {
            self.end_raw(&open);
        }
    }

    /// How many tags are open that HTML does not end by itself.
    fn nesting(&self) -> usize {
        self.raw.iter().filter(|open| !is_closed_by_others(&open.name)).count()
    }

    /// Names the first tag that nests too deep; those that follow are the same mistake.
    fn refuse_deep(&mut self, token: (usize, usize)) {
        if !self.is_refused_deep() {
            self.error("too-deep", token, TOO_DEEP.0, TOO_DEEP.1);
        }
    }

    fn is_refused_deep(&self) -> bool {
        self.diagnostics.iter().any(|found| found.id == "too-deep")
    }

    /// Closes what was opened as HTML in the tag of Markdown that ends now.
    pub(super) fn close_all_raw(&mut self) {
        let depth = self.depth();
        let first = self.raw.iter().position(|open| open.depth >= depth).unwrap_or(self.raw.len());
        self.close_down_to(first);
    }

    fn close_down_to(&mut self, first: usize) {
        while self.raw.len() > first {
            let Some(open) = self.raw.pop() else { return };
            if is_closed_by_others(&open.name) {
                continue;
            }
            self.warning(
                "unclosed-tag",
                open.place,
                &format!("`<{0}>` is not closed where it was opened; it is taken to end there", open.name),
                &format!("write `</{0}>` in the same paragraph, list item or quote", open.name),
            );
            self.end_raw(&open);
        }
    }

    fn end_raw(&mut self, open: &Open) {
        if let Some(cut) = open.cut {
            self.out.cut(cut);
            return;
        }
        self.out.close(&open.name);
    }
}

const UNSUPPORTED: &str = "remove it, or write `&lt;` for the first character";

/// The byte past the `>` that ends the tag at the start of `html`; quotes may hold one.
fn tag_end(html: &str) -> Option<usize> {
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
    const NAMES: &str = " a abbr acronym address applet area article aside audio b base bdi bdo big blink blockquote \
        body br button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div \
        dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header \
        hgroup hr html i iframe img input ins kbd label legend li link main map mark marquee math menu meta meter \
        nav nobr noembed noframes noscript object ol optgroup option output p param picture plaintext pre progress \
        q rp rt ruby s samp script search section select slot small source span strike strong style sub summary sup \
        svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp ";
    NAMES.contains(&format!(" {name} "))
}
