//! A tree as HTML.
//!
//! Two dialects: what is sent to Intercom, and what is in Markdown for what Markdown cannot say. No
//! white space is between block tags that are sent, as Intercom turns it into empty paragraphs
//! (docs/intercom.md 3.4). In Markdown there is never an empty line, as that would end the HTML. Every text and
//! attribute is escaped here and nowhere else.

use std::fmt::Write as _;

use super::style::{declarations, spelled_rgba};
use super::{Align, Block, Body, Cell, Color, Image, ListKind, Marks, Piece, Run, Style};

/// The HTML of a body, as it is sent.
pub fn html(body: &Body) -> String {
    let mut writer = Writer::new(Dialect::Intercom);
    // About what a block of an article takes.
    writer.out.reserve(128 * body.blocks.len());
    writer.blocks(&body.blocks);
    writer.out
}

/// A block as HTML that is in Markdown. A table has a line for each cell, so that one word is one line
/// of a diff; anything else is one line.
pub(in crate::html) fn island(block: &Block) -> String {
    let mut writer = Writer::new(Dialect::Markdown);
    match block {
        Block::Table { style, rows } => writer.table(style, rows, "\n"),
        block => writer.block(block),
    }
    writer.out
}

/// Text with its marks as HTML that is in Markdown.
pub(in crate::html) fn island_text(text: &[Run]) -> String {
    let mut writer = Writer::new(Dialect::Markdown);
    writer.text(text);
    writer.out
}

/// A picture as HTML that is in Markdown, with the width that was chosen for it.
pub(in crate::html) fn island_image(image: &Image) -> String {
    let mut writer = Writer::new(Dialect::Markdown);
    writer.image(image);
    writer.out
}

/// HTML that was written here, with the colours of its callouts as `rgba()` (docs/intercom.md 3.4).
pub fn with_rgba_callouts(html: &str) -> String {
    // In text `<` is escaped, so this is a tag and nothing else.
    const START: &str = "<div class=\"intercom-interblocks-callout\" style=\"";
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(START) {
        let (style, tail) = after.split_once('"').unwrap_or((after, ""));
        let spelled = |(name, value): (String, &str)| format!("{name}: {};", spelled_rgba(value));
        let style: Vec<String> = declarations(style).map(spelled).collect();
        out.extend([before, START, &style.join(" "), "\""]);
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// The style of a callout.
pub(in crate::html) fn callout_style(color: &Color) -> String {
    let known = Color::PALETTE.iter().find(|(known, ..)| known == color);
    let (background, border) = match (known, color) {
        (Some((_, background, border)), _) => (*background, *border),
        (None, Color::Custom(background, border)) => (background.as_str(), border.as_str()),
        (None, _) => ("", ""),
    };
    if border.is_empty() {
        format!("background-color: {background};")
    } else {
        format!("background-color: {background}; border-color: {border};")
    }
}

/// For whom HTML is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// Intercom, with its classes and containers.
    Intercom,
    /// A person who reads Markdown.
    Markdown,
}

struct Writer {
    out: String,
    dialect: Dialect,
}

impl Writer {
    fn new(dialect: Dialect) -> Self {
        Self { out: String::new(), dialect }
    }

    fn blocks(&mut self, list: &[Block]) {
        list.iter().for_each(|block| self.block(block));
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, id, align, text } => self.heading(*level, id.as_deref(), *align, text),
            Block::Paragraph { align, text } => {
                self.paragraph_tag(*align);
                self.text(text);
                self.end("p");
            }
            Block::List { kind, items } => self.list(*kind, items),
            Block::Code { text } => {
                self.out.push_str("<pre><code>");
                let start = self.out.len();
                escape(&mut self.out, text);
                if self.dialect == Dialect::Markdown && text.contains('\n') {
                    let code = self.out.split_off(start);
                    self.out.push_str(&code.replace('\n', "&#10;"));
                }
                self.out.push_str("</code></pre>");
            }
            Block::Rule => self.out.push_str("<hr>"),
            Block::Table { style, rows } => self.table(style, rows, ""),
            Block::Callout { color, blocks } => {
                self.out.push_str("<div class=\"intercom-interblocks-callout\"");
                self.attribute("style", &callout_style(color));
                self.out.push('>');
                self.blocks(blocks);
                self.end("div");
            }
            Block::Image { image, link, align } => {
                self.container(*align);
                if let Some(link) = link {
                    self.out.push_str("<a");
                    self.attribute("href", link);
                    self.sent(" target=\"_blank\"");
                    self.out.push('>');
                }
                self.image(image);
                if link.is_some() {
                    self.end("a");
                }
                self.end_container();
            }
            Block::Button { href, label, align } => self.button(href.as_deref(), label, *align),
            Block::Video { src } => {
                self.sent("<div class=\"intercom-h2b-video\">");
                self.out.push_str("<iframe");
                self.attribute("src", src);
                self.sent(" frameborder=\"0\" webkitallowfullscreen mozallowfullscreen allowfullscreen");
                self.out.push_str("></iframe>");
                self.sent("</div>");
            }
            Block::Details { level, summary, blocks } => self.details(*level, summary, blocks),
            Block::Other { name, attributes, blocks } => {
                let _ = write!(self.out, "<{name}");
                for (key, value) in attributes {
                    self.attribute(key, value);
                }
                self.out.push('>');
                self.blocks(blocks);
                self.end(name);
            }
        }
    }

    fn heading(&mut self, level: u8, id: Option<&str>, align: Align, text: &[Run]) {
        let deepest = if self.dialect == Dialect::Intercom { 4 } else { 6 };
        let level = level.clamp(1, deepest);
        let _ = write!(self.out, "<h{level}");
        if let Some(id) = id.filter(|_| self.dialect == Dialect::Intercom) {
            self.attribute("id", id);
        }
        self.align(align, "");
        self.out.push('>');
        self.text(text);
        let _ = write!(self.out, "</h{level}>");
    }

    fn paragraph_tag(&mut self, align: Align) {
        self.out.push_str("<p");
        self.align(align, "no-margin");
        self.out.push('>');
    }

    fn list(&mut self, kind: ListKind, items: &[Vec<Block>]) {
        let tag = if kind == ListKind::Numbers { "ol" } else { "ul" };
        let _ = write!(self.out, "<{tag}>");
        for item in items {
            self.out.push_str("<li>");
            self.held(item);
            self.end("li");
        }
        self.end(tag);
    }

    fn table(&mut self, style: &Style, rows: &[Vec<Cell>], gap: &str) {
        self.sent("<div class=\"intercom-interblocks-table-container\">");
        self.out.push_str("<table");
        self.sent(" role=\"presentation\"");
        self.style(style);
        self.out.push('>');
        self.sent("<tbody>");
        self.out.push_str(gap);
        for row in rows {
            let _ = write!(self.out, "<tr>{gap}");
            for cell in row {
                self.out.push_str("<td");
                for (name, count) in [("colspan", cell.columns), ("rowspan", cell.rows)] {
                    if count > 1 {
                        self.attribute(name, &count.to_string());
                    }
                }
                self.style(&cell.style);
                self.out.push('>');
                match cell.blocks.as_slice() {
                    [block] => self.held(std::slice::from_ref(block)),
                    blocks => self.blocks(blocks),
                }
                let _ = write!(self.out, "</td>{gap}");
            }
            let _ = write!(self.out, "</tr>{gap}");
        }
        self.sent("</tbody>");
        self.end("table");
        self.sent("</div>");
    }

    /// What an item or a cell holds. A person writes its text without a paragraph round it.
    fn held(&mut self, blocks: &[Block]) {
        match blocks {
            [Block::Paragraph { align: Align::Left, text }, rest @ ..]
                if self.dialect == Dialect::Markdown
                    && !text.is_empty()
                    && !matches!(rest.first(), Some(Block::Paragraph { .. })) =>
            {
                self.text(text);
                self.blocks(rest);
            }
            blocks => self.blocks(blocks),
        }
    }

    /// The paragraph or the box that holds a picture or a button.
    fn container(&mut self, align: Align) {
        match self.dialect {
            Dialect::Intercom => {
                self.out.push_str("<div class=\"intercom-container");
                if let Some(class) = align.class() {
                    let _ = write!(self.out, " {class}");
                }
                self.out.push_str("\">");
            }
            Dialect::Markdown => self.paragraph_tag(align),
        }
    }

    fn end_container(&mut self) {
        self.end(if self.dialect == Dialect::Intercom { "div" } else { "p" });
    }

    fn image(&mut self, image: &Image) {
        self.out.push_str("<img");
        self.attribute("src", &image.src);
        if self.dialect == Dialect::Markdown || !image.alt.is_empty() {
            self.attribute("alt", &image.alt);
        }
        // Sizes that Intercom measured, both of them, are nothing that a person wrote.
        let is_measured = image.height.is_some() && self.dialect == Dialect::Markdown;
        for (name, size) in [("width", image.width), ("height", image.height)] {
            if let Some(size) = size.filter(|_| !is_measured) {
                self.attribute(name, &size.to_string());
            }
        }
        self.out.push('>');
    }

    fn button(&mut self, href: Option<&str>, label: &str, align: Align) {
        self.container(align);
        self.out.push_str("<a class=\"intercom-h2b-button\"");
        self.sent(" target=\"_blank\"");
        if let Some(href) = href {
            self.attribute("href", href);
        }
        self.out.push('>');
        escape(&mut self.out, label);
        self.end("a");
        self.end_container();
    }

    fn details(&mut self, level: u8, summary: &[Run], blocks: &[Block]) {
        let level = level.clamp(1, 4);
        let _ = write!(self.out, "<details><summary><h{level}>");
        self.text(summary);
        let _ = write!(self.out, "</h{level}></summary>");
        self.sent("<div class=\"collapsible-section-content\">");
        self.blocks(blocks);
        self.sent("</div>");
        self.end("details");
    }

    /// What only Intercom is sent.
    fn sent(&mut self, html: &str) {
        if self.dialect == Dialect::Intercom {
            self.out.push_str(html);
        }
    }

    fn end(&mut self, tag: &str) {
        let _ = write!(self.out, "</{tag}>");
    }

    fn attribute(&mut self, name: &str, value: &str) {
        attribute(&mut self.out, name, value);
    }

    /// Where text is. For Intercom it is a class, beside another one.
    fn align(&mut self, align: Align, class: &str) {
        match self.dialect {
            Dialect::Intercom => match (align.class(), class) {
                (None, "") => {}
                (None, class) | (Some(class), "") => self.attribute("class", class),
                (Some(align), class) => self.attribute("class", &format!("{align} {class}")),
            },
            Dialect::Markdown => match align {
                Align::Left => {}
                Align::Center => self.attribute("align", "center"),
                Align::Right => self.attribute("align", "right"),
                Align::Justify => self.attribute("align", "justify"),
            },
        }
    }

    /// The declarations of a style, if there are any.
    fn style(&mut self, style: &Style) {
        let style: Vec<_> = style.iter().map(|(name, value)| format!("{name}: {value};")).collect();
        if !style.is_empty() {
            self.attribute("style", &style.join(" "));
        }
    }

    /// Text with its marks. The tags of marks, from the outside in: a link holds bold, bold holds italic,
    /// italic holds code.
    fn text(&mut self, list: &[Run]) {
        let none = Marks::default();
        let mut open = &none;
        for run in list {
            self.change_marks(open, &run.marks);
            open = &run.marks;
            match &run.piece {
                Piece::Text(text) => escape(&mut self.out, text),
                Piece::Break => self.out.push_str("<br>"),
            }
        }
        self.change_marks(open, &none);
    }

    fn change_marks(&mut self, from: &Marks, to: &Marks) {
        let same_link = from.link == to.link;
        let same_bold = same_link && from.bold == to.bold;
        let same_italic = same_bold && from.italic == to.italic;
        let same_code = same_italic && from.code == to.code;
        for (close, tag) in [
            (from.code && !same_code, "</code>"),
            (from.italic && !same_italic, "</i>"),
            (from.bold && !same_bold, "</b>"),
            (from.link.is_some() && !same_link, "</a>"),
        ] {
            if close {
                self.out.push_str(tag);
            }
        }
        if let (false, Some(link)) = (same_link, &to.link) {
            self.out.push_str("<a");
            self.attribute("href", link);
            self.sent(" target=\"_blank\" class=\"intercom-content-link\"");
            self.out.push('>');
        }
        for (open, tag) in
            [(to.bold && !same_bold, "<b>"), (to.italic && !same_italic, "<i>"), (to.code && !same_code, "<code>")]
        {
            if open {
                self.out.push_str(tag);
            }
        }
    }
}

/// An attribute, behind a space.
pub(in crate::html) fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    attribute_value(out, value);
    out.push('"');
}

fn attribute_value(out: &mut String, value: &str) {
    let mut rest = value;
    while let Some(at) = rest.find('"') {
        escape(out, &rest[..at]);
        out.push_str("&quot;");
        rest = &rest[at + 1..];
    }
    escape(out, rest);
}

/// Text in which nothing is a tag.
pub(in crate::html) fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    // They are single bytes in UTF-8, so the text may be cut at each.
    while let Some(at) = memchr::memchr3(b'&', b'<', b'>', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            _ => "&gt;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn a_short_block_holds_little_memory() {
        let body = parse("<p class=\"no-margin\">a</p>");
        assert!(html(&body).capacity() < 256);
    }

    #[test]
    fn only_the_colours_of_callouts_become_rgba() {
        let text = "<p>&lt;div class=\"intercom-interblocks-callout\" style=\"background-color: #d7efdc80;\"&gt;</p>";
        let cell = "<table><tbody><tr><td style=\"background-color: #d7efdc80;\">a</td></tr></tbody></table>";
        let callout = |style: &str| {
            format!("<div class=\"intercom-interblocks-callout\" style=\"{style}\"><p class=\"no-margin\">a</p></div>")
        };
        let sent =
            html(&parse(&format!("{text}{}{cell}", callout("background-color: #d7efdc80; border-color: #1bb15733;"))));
        let rgba = with_rgba_callouts(&sent);
        let expected = callout("background-color: rgba(215, 239, 220, 0.5); border-color: rgba(27, 177, 87, 0.2);");
        assert!(rgba.contains(&expected), "{rgba}");
        assert_eq!(rgba.matches("#d7efdc80").count(), 2, "{rgba}");
        assert_eq!(parse(&rgba), parse(&sent));
        assert_eq!(with_rgba_callouts(&rgba), rgba);
    }
}
