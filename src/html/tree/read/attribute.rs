//! Attributes and names of tags: what of them has a meaning.

use super::Align;
use crate::html::tree::nodes::{Child, Element};
use crate::html::tree::style;

/// Tags that go with all that is in them.
pub(in crate::html) fn is_removed(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        b"script"
            | b"style"
            | b"template"
            | b"noscript"
            | b"noembed"
            | b"noframes"
            | b"head"
            | b"title"
            | b"svg"
            | b"math"
            | b"object"
            | b"embed"
            | b"applet"
            | b"textarea"
            | b"select"
            | b"input"
            | b"canvas"
            | b"frameset"
            | b"base"
            | b"link"
            | b"meta"
            | b"plaintext"
            | b"xmp"
    )
}

/// Tags that end a line and are otherwise looked through.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name.as_bytes(),
        b"section"
            | b"article"
            | b"header"
            | b"footer"
            | b"blockquote"
            | b"figure"
            | b"figcaption"
            | b"main"
            | b"nav"
            | b"aside"
            | b"address"
            | b"dl"
            | b"dt"
            | b"dd"
            | b"form"
            | b"fieldset"
            | b"legend"
            | b"summary"
            | b"li"
            | b"caption"
            | b"hgroup"
            | b"search"
            | b"body"
            | b"html"
            | b"dialog"
            | b"menu"
    )
}

/// Whether a tag has a class.
pub(super) fn has_class(tag: Element<'_>, class: &str) -> bool {
    classes(tag).any(|name| name.eq_ignore_ascii_case(class))
}

/// The classes of a tag, as they are written.
pub(super) fn classes(tag: Element<'_>) -> impl Iterator<Item = &str> {
    tag.attr("class").unwrap_or_default().split_ascii_whitespace()
}

/// Where a tag puts its text, or what is around it.
pub(super) fn align(tag: Element<'_>, around: Align) -> Align {
    own_align(tag).unwrap_or(around)
}

/// Where a tag itself puts its text: by Intercom's class, by `align` or by `text-align`.
pub(super) fn own_align(tag: Element<'_>) -> Option<Align> {
    if tag.name() == "center" {
        return Some(Align::Center);
    }
    let class = classes(tag).find_map(|class| word(class.strip_prefix("intercom-align-")?));
    class.or_else(|| tag.attr("align").and_then(word)).or_else(|| {
        let style = tag.attr("style")?;
        style::declarations(style).find_map(|(name, value)| if name == "text-align" { word(value) } else { None })
    })
}

fn word(word: &str) -> Option<Align> {
    let is = |name: &str| word.trim().eq_ignore_ascii_case(name);
    match () {
        () if is("left") || is("start") => Some(Align::Left),
        () if is("center") || is("middle") => Some(Align::Center),
        () if is("right") || is("end") => Some(Align::Right),
        () if is("justify") => Some(Align::Justify),
        () => None,
    }
}

/// A length in pixels: `300` or `300px`.
pub(super) fn image_size(tag: Element<'_>, name: &str) -> Option<u32> {
    let value = tag.attr(name)?.trim();
    value.strip_suffix("px").unwrap_or(value).trim().parse().ok().filter(|size| (1..100_000).contains(size))
}

/// How many columns or rows a cell takes; 0 where it says nothing of use.
pub(super) fn span(tag: Element<'_>, name: &str) -> u16 {
    let span = tag.attr(name).and_then(|value| value.trim().parse().ok()).unwrap_or(0);
    if (2..=1000).contains(&span) { span } else { 0 }
}

/// The text of a block of code: every character, but for a last line feed.
pub(super) fn code(tag: Element<'_>) -> String {
    let mut text = String::new();
    for node in tag.descendants() {
        match node {
            Child::Text(part) => text.push_str(part),
            Child::Element(tag) if tag.name() == "br" => text.push('\n'),
            Child::Element(_) => {}
        }
    }
    if text.contains('\r') {
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    if text.ends_with('\n') {
        text.pop();
    }
    text
}
