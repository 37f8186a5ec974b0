//! The HTML of an article, made fit for a page.

use std::collections::HashSet;
use std::ops::Range;

use ammonia::{Builder, UrlRelative};

/// The body of an article as a page shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// Its HTML. Nothing in it runs, and no video is loaded.
    pub html: String,
    /// Its headings, in order.
    pub headings: Vec<Heading>,
}

/// A heading that a table of contents names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 4.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// What an address in a body is the address of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A link.
    Link,
    /// An image.
    Image,
}

/// The attributes that are kept beside those of links and images: Intercom's own (docs/intercom.md 3.4).
const GENERIC: [&str; 7] = ["class", "id", "style", "align", "dir", "lang", "role"];

/// The properties of a style that are kept.
const STYLES: [&str; 12] = [
    "background-color",
    "border",
    "border-color",
    "border-collapse",
    "border-style",
    "border-width",
    "color",
    "height",
    "padding",
    "text-align",
    "vertical-align",
    "width",
];

impl Body {
    /// Makes the HTML of a body fit for a page. `address` says where each address leads from there; without one
    /// it stays as it is.
    pub fn shown(html: &str, address: impl Fn(Kind, &str) -> Option<String>) -> Self {
        let cleaned = Builder::default()
            .add_tags(["iframe", "details", "summary", "center"])
            .add_generic_attributes(GENERIC)
            .add_tag_attributes("a", ["href"])
            .add_tag_attributes("img", ["src", "alt", "width", "height"])
            .add_tag_attributes("iframe", ["src"])
            .add_tag_attributes("details", ["open"])
            .filter_style_properties(HashSet::from(STYLES))
            .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
            .url_relative(UrlRelative::PassThrough)
            .link_rel(Some("noopener noreferrer"))
            .clean(html)
            .to_string();
        let html = led(&cleaned, &address);
        Self { headings: headings(&html), html }
    }
}

/// Cleaned HTML whose addresses lead elsewhere, with a link in the place of each video: nothing is loaded from its
/// host unasked.
fn led(cleaned: &str, address: &dyn Fn(Kind, &str) -> Option<String>) -> String {
    let mut out = String::with_capacity(cleaned.len());
    let mut rest = cleaned;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (tag, after) = rest.split_at(tag_end(rest));
        rest = after;
        let (attribute, kind) = match tag[1..].split([' ', '>']).next() {
            Some("a") => ("href", Some(Kind::Link)),
            Some("img") => ("src", Some(Kind::Image)),
            Some("iframe") => ("src", None),
            Some("/iframe") => continue,
            // What may be wider than the page is reached with the keyboard, too.
            Some("pre" | "div") if is_wide(tag) => {
                out.push_str(&tag[..tag.len() - 1]);
                out.push_str(" tabindex=\"0\">");
                continue;
            }
            _ => {
                out.push_str(tag);
                continue;
            }
        };
        let place = value_of(tag, attribute);
        match kind {
            Some(kind) => {
                let new =
                    place.clone().and_then(|place| Some((place.clone(), address(kind, &unescaped(&tag[place]))?)));
                match new {
                    Some((place, new)) => {
                        out.push_str(&tag[..place.start]);
                        out.push_str(&escaped(&new));
                        out.push_str(&tag[place.end..]);
                    }
                    None => out.push_str(tag),
                }
            }
            None => out.push_str(&place.map(|place| poster(&tag[place])).unwrap_or_default()),
        }
    }
    out.push_str(rest);
    out
}

/// Whether a tag is that of code or of a table, which scroll by themselves.
fn is_wide(tag: &str) -> bool {
    tag.starts_with("<pre") || tag.contains("intercom-interblocks-table-container")
}

/// The link to a video, whose address is escaped.
fn poster(source: &str) -> String {
    let Some(host) = source.strip_prefix("https://") else { return String::new() };
    let host = host.split(['/', '?']).next().unwrap_or_default();
    format!("<a class=\"video\" rel=\"noopener noreferrer\" href=\"{source}\">{host}</a>")
}

/// How long the tag is with which some cleaned HTML begins: a value in quotes may hold the sign of its end.
fn tag_end(html: &str) -> usize {
    let mut is_quoted = false;
    let end = html.bytes().position(|byte| {
        is_quoted ^= byte == b'"';
        byte == b'>' && !is_quoted
    });
    end.map_or(html.len(), |end| end + 1)
}

/// Where the value of an attribute is in a cleaned tag.
fn value_of(tag: &str, attribute: &str) -> Option<Range<usize>> {
    let name = format!(" {attribute}=\"");
    let mut from = 0;
    while let Some(found) = tag[from..].find(&name).map(|found| from + found) {
        // Within a value it is none.
        if tag[..found].matches('"').count().is_multiple_of(2) {
            let start = found + name.len();
            return Some(start..start + tag[start..].find('"')?);
        }
        from = found + name.len();
    }
    None
}

/// The headings of cleaned HTML that have an anchor.
fn headings(cleaned: &str) -> Vec<Heading> {
    let mut found = Vec::new();
    let mut rest = cleaned;
    while let Some(at) = rest.find("<h") {
        rest = &rest[at..];
        let (tag, after) = rest.split_at(tag_end(rest));
        rest = after;
        let Some(level @ b'1'..=b'6') = tag.as_bytes().get(2).copied() else { continue };
        let end = after.find(&format!("</h{}>", char::from(level))).unwrap_or(after.len());
        if let Some(id) = value_of(tag, "id").map(|id| unescaped(&tag[id])).filter(|id| !id.is_empty()) {
            found.push(Heading { level: level - b'0', id, text: words(&after[..end]) });
        }
    }
    found
}

/// The words of cleaned HTML.
pub(crate) fn words(cleaned: &str) -> String {
    let mut text = String::new();
    let mut rest = cleaned;
    while let Some(at) = rest.find('<') {
        text.push_str(&unescaped(&rest[..at]));
        let end = at + tag_end(&rest[at..]);
        // Words of two blocks are apart.
        let name = rest[at..end].trim_start_matches(['<', '/']).split([' ', '>']).next().unwrap_or_default();
        if !["a", "b", "i", "em", "strong", "code", "span", "u", "sub", "sup"].contains(&name) {
            text.push(' ');
        }
        rest = &rest[end..];
    }
    text.push_str(&unescaped(rest));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text as the value of an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The text that the cleaner wrote: it escapes no more than these.
fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", "\u{a0}"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (written, sign)| text.replace(written, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> Body {
        Body::shown(html, |_, _| None)
    }

    #[test]
    fn what_intercom_keeps_stays() {
        for html in [
            "<p class=\"no-margin\">a <b>b</b> <i>c</i> <code>d</code></p>",
            "<h1 id=\"h_0123456789\">A &amp; b</h1>",
            "<div class=\"intercom-interblocks-callout\" style=\"background-color:#e8e8e880;border-color:#73737633\"><p>a</p></div>",
            "<details><summary>a</summary><p>b</p></details>",
            "<table role=\"presentation\"><tbody><tr><td colspan=\"2\"><p>a</p></td></tr></tbody></table>",
            "<ul><li><p>a</p></li></ul><ol><li>b</li></ol><hr>",
            "<img src=\"https://x.example/a.png\" alt=\"a\" width=\"30\">",
        ] {
            assert_eq!(shown(html).html, html);
        }
    }

    #[test]
    fn what_may_be_wider_than_the_page_is_reached_with_the_keyboard() {
        for (html, wide) in [
            ("<pre><code>c &lt; d</code></pre>", "<pre tabindex=\"0\"><code>c &lt; d</code></pre>"),
            (
                "<div class=\"intercom-interblocks-table-container\"><p>a</p></div>",
                "<div class=\"intercom-interblocks-table-container\" tabindex=\"0\"><p>a</p></div>",
            ),
            ("<div class=\"a\">b</div>", "<div class=\"a\">b</div>"),
        ] {
            assert_eq!(shown(html).html, wide);
        }
    }

    #[test]
    fn nothing_that_runs_stays() {
        for html in [
            "<script>x()</script>",
            "<p onclick=\"x()\">a</p>",
            "<a href=\"javascript:x()\">a</a>",
            "<img src=\"data:text/html,x\" onerror=\"x()\">",
            "<svg><animate onbegin=\"x()\"/></svg>",
            "<iframe srcdoc=\"<p>x</p>\"></iframe>",
            "<iframe src=\"javascript:x()\"></iframe>",
            "<p style=\"background-image: url(https://x.example/a)\">a</p>",
            "<form action=\"https://x.example\"><input name=\"a\"></form>",
            "<style>p { color: red }</style>",
            "<base href=\"https://x.example\"><meta http-equiv=\"refresh\" content=\"0\"><link rel=\"stylesheet\" href=\"https://x.example\">",
            "<!--[if IE]><p>x</p><![endif]-->",
        ] {
            let html = shown(html).html;
            for bad in [
                "script",
                "onclick",
                "onerror",
                "onbegin",
                "srcdoc",
                "iframe",
                "url(",
                "form",
                "<style",
                "style=\"b",
                "data:",
                "http",
                "--",
            ] {
                assert!(!html.contains(bad), "{bad}: {html}");
            }
        }
    }

    #[test]
    fn a_video_is_a_link_and_addresses_are_led() {
        let html = "<div class=\"intercom-h2b-video\"><iframe src=\"https://www.youtube.com/embed/x?a=1&amp;b=2\"></iframe></div><p>a</p>";
        assert_eq!(
            shown(html).html,
            "<div class=\"intercom-h2b-video\"><a class=\"video\" rel=\"noopener noreferrer\" \
             href=\"https://www.youtube.com/embed/x?a=1&amp;b=2\">www.youtube.com</a></div><p>a</p>"
        );
        let led = Body::shown("<a href=\"a.md\">a</a><img src=\"b.png\">", |kind, address| match kind {
            Kind::Link => Some(format!("x/{address}")),
            Kind::Image => Some(format!("y/{address}\"<")),
        });
        assert_eq!(led.html, "<a href=\"x/a.md\" rel=\"noopener noreferrer\">a</a><img src=\"y/b.png&quot;&lt;\">");
    }

    #[test]
    fn headings_and_words_are_those_of_the_text() {
        let body =
            shown("<h1 id=\"a\">A <b>&amp; b</b></h1><p>one<br>two</p><h2 id=\"b\">C &lt;d&gt;</h2><h3>no anchor</h3>");
        let headings: Vec<_> =
            body.headings.iter().map(|one| (one.level, one.id.as_str(), one.text.as_str())).collect();
        assert_eq!(headings, [(1, "a", "A & b"), (2, "b", "C <d>")]);
        assert_eq!(words(&body.html), "A & b one two C <d> no anchor");
    }
}
