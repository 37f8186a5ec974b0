//! A tree as the HTML that is sent to Intercom.
//!
//! No white space ever stands between block tags, as Intercom turns it into empty paragraphs
//! (FACTS 3.4); every text and attribute is escaped here and nowhere else.

use std::fmt::Write as _;

use super::{Align, Block, Body, Color, Image, ListKind, Marks, Piece, Run, Style};

/// The HTML of a body.
pub fn html(body: &Body) -> String {
    // About what an article takes.
    let mut out = String::with_capacity(4 * 1024);
    blocks(&mut out, &body.blocks);
    out
}

fn blocks(out: &mut String, list: &[Block]) {
    for block in list {
        write_block(out, block);
    }
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Heading { level, id, align, text } => {
            let level = (*level).clamp(1, 4);
            let _ = write!(out, "<h{level}");
            if let Some(id) = id {
                attribute(out, "id", id);
            }
            if let Some(class) = align.class() {
                attribute(out, "class", class);
            }
            out.push('>');
            runs(out, text);
            let _ = write!(out, "</h{level}>");
        }
        Block::Paragraph { align, text } => {
            out.push_str("<p class=\"");
            if let Some(class) = align.class() {
                out.push_str(class);
                out.push(' ');
            }
            out.push_str("no-margin\">");
            runs(out, text);
            out.push_str("</p>");
        }
        Block::List { kind, items } => {
            let (start, end) = if *kind == ListKind::Numbers { ("<ol>", "</ol>") } else { ("<ul>", "</ul>") };
            out.push_str(start);
            for item in items {
                out.push_str("<li>");
                blocks(out, item);
                out.push_str("</li>");
            }
            out.push_str(end);
        }
        Block::Code { text } => {
            out.push_str("<pre><code>");
            escape(out, text);
            out.push_str("</code></pre>");
        }
        Block::Rule => out.push_str("<hr>"),
        Block::Table { style, rows } => {
            out.push_str("<div class=\"intercom-interblocks-table-container\"><table role=\"presentation\"");
            declarations(out, style);
            out.push_str("><tbody>");
            for row in rows {
                out.push_str("<tr>");
                for cell in row {
                    out.push_str("<td");
                    span(out, "colspan", cell.columns);
                    span(out, "rowspan", cell.rows);
                    declarations(out, &cell.style);
                    out.push('>');
                    blocks(out, &cell.blocks);
                    out.push_str("</td>");
                }
                out.push_str("</tr>");
            }
            out.push_str("</tbody></table></div>");
        }
        Block::Callout { color, blocks: inner } => {
            out.push_str("<div class=\"intercom-interblocks-callout\"");
            attribute(out, "style", &callout_style(color));
            out.push('>');
            blocks(out, inner);
            out.push_str("</div>");
        }
        Block::Image { image, link, align } => write_image(out, image, link.as_deref(), *align),
        Block::Button { href, label, align } => {
            container(out, *align);
            out.push_str("<a class=\"intercom-h2b-button\" target=\"_blank\"");
            if let Some(href) = href {
                attribute(out, "href", href);
            }
            out.push('>');
            escape(out, label);
            out.push_str("</a></div>");
        }
        Block::Video { src } => {
            out.push_str("<div class=\"intercom-h2b-video\"><iframe");
            attribute(out, "src", src);
            out.push_str(" frameborder=\"0\" webkitallowfullscreen mozallowfullscreen allowfullscreen></iframe></div>");
        }
        Block::Details { level, summary, blocks: inner } => {
            let level = (*level).clamp(1, 4);
            let _ = write!(out, "<details><summary><h{level}>");
            runs(out, summary);
            let _ = write!(out, "</h{level}></summary><div class=\"collapsible-section-content\">");
            blocks(out, inner);
            out.push_str("</div></details>");
        }
        Block::Other { name, attributes, blocks: inner } => {
            let _ = write!(out, "<{name}");
            for (key, value) in attributes {
                attribute(out, key, value);
            }
            out.push('>');
            blocks(out, inner);
            let _ = write!(out, "</{name}>");
        }
    }
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

fn container(out: &mut String, align: Align) {
    out.push_str("<div class=\"intercom-container");
    if let Some(class) = align.class() {
        out.push(' ');
        out.push_str(class);
    }
    out.push_str("\">");
}

fn write_image(out: &mut String, image: &Image, link: Option<&str>, align: Align) {
    container(out, align);
    if let Some(link) = link {
        out.push_str("<a");
        attribute(out, "href", link);
        out.push_str(" target=\"_blank\">");
    }
    out.push_str("<img");
    attribute(out, "src", &image.src);
    if !image.alt.is_empty() {
        attribute(out, "alt", &image.alt);
    }
    for (name, size) in [("width", image.width), ("height", image.height)] {
        if let Some(size) = size {
            attribute(out, name, &size.to_string());
        }
    }
    out.push('>');
    if link.is_some() {
        out.push_str("</a>");
    }
    out.push_str("</div>");
}

/// The declarations of a style, if there are any.
pub(in crate::html) fn declarations(out: &mut String, style: &Style) {
    let style: Vec<_> = style.iter().map(|(name, value)| format!("{name}: {value};")).collect();
    if !style.is_empty() {
        attribute(out, "style", &style.join(" "));
    }
}

/// How many columns or rows a cell takes, if it is more than one.
pub(in crate::html) fn span(out: &mut String, name: &str, count: u16) {
    if count > 1 {
        attribute(out, name, &count.to_string());
    }
}

/// Text with its marks. The tags of marks, from the outside in: a link holds bold, bold holds italic, italic holds
/// code.
fn runs(out: &mut String, list: &[Run]) {
    runs_with(out, list, " target=\"_blank\" class=\"intercom-content-link\"");
}

/// Text whose links carry these attributes besides their address.
pub(in crate::html) fn runs_with(out: &mut String, list: &[Run], of_links: &str) {
    let none = Marks::default();
    let mut open = &none;
    for run in list {
        change_marks(out, open, &run.marks, of_links);
        open = &run.marks;
        match &run.piece {
            Piece::Text(text) => escape(out, text),
            Piece::Break => out.push_str("<br>"),
        }
    }
    change_marks(out, open, &none, of_links);
}

fn change_marks(out: &mut String, from: &Marks, to: &Marks, of_links: &str) {
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
            out.push_str(tag);
        }
    }
    if let (false, Some(link)) = (same_link, &to.link) {
        out.push_str("<a");
        attribute(out, "href", link);
        out.push_str(of_links);
        out.push('>');
    }
    for (open, tag) in
        [(to.bold && !same_bold, "<b>"), (to.italic && !same_italic, "<i>"), (to.code && !same_code, "<code>")]
    {
        if open {
            out.push_str(tag);
        }
    }
}

pub(in crate::html) fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    attribute_value(out, value);
    out.push('"');
}

pub(in crate::html) fn attribute_value(out: &mut String, value: &str) {
    let mut rest = value;
    while let Some(at) = rest.find('"') {
        escape(out, &rest[..at]);
        out.push_str("&quot;");
        rest = &rest[at + 1..];
    }
    escape(out, rest);
}

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
