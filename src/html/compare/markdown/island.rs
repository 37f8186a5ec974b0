//! A block as HTML within Markdown: for what Markdown cannot say.
//!
//! The reader that renders Markdown gives it back as it was. There is never an empty line in it, as
//! that would end it; a table has a line for each cell, so that one word is one line of a diff.

use crate::html::tree::write::{attribute, callout_style, declarations, escape, runs_with, span};
use crate::html::tree::{Align, Block, Image, ListKind, Run};

/// A block as lines of HTML.
pub(super) fn block(block: &Block, lines: &mut Vec<String>) {
    let Block::Table { style, rows } = block else {
        let mut out = String::new();
        write(&mut out, block);
        lines.push(out);
        return;
    };
    let mut table = "<table".to_owned();
    declarations(&mut table, style);
    table.push('>');
    lines.push(table);
    for row in rows {
        lines.push("<tr>".to_owned());
        for cell in row {
            let mut out = "<td".to_owned();
            span(&mut out, "colspan", cell.columns);
            span(&mut out, "rowspan", cell.rows);
            declarations(&mut out, &cell.style);
            out.push('>');
            match cell.blocks.as_slice() {
                [Block::Paragraph { align: Align::Left, text }] if !text.is_empty() => runs(&mut out, text),
                inner => write_all(&mut out, inner),
            }
            out.push_str("</td>");
            lines.push(out);
        }
        lines.push("</tr>".to_owned());
    }
    lines.push("</table>".to_owned());
}

fn write_all(out: &mut String, blocks: &[Block]) {
    blocks.iter().for_each(|block| write(out, block));
}

fn write(out: &mut String, block: &Block) {
    match block {
        Block::Heading { level, align, text, .. } => {
            let level = (*level).clamp(1, 6);
            out.push_str(&format!("<h{level}"));
            place(out, *align);
            runs(out, text);
            out.push_str(&format!("</h{level}>"));
        }
        Block::Paragraph { align, text } => {
            out.push_str("<p");
            place(out, *align);
            runs(out, text);
            out.push_str("</p>");
        }
        Block::List { kind, items } => {
            let tag = if *kind == ListKind::Numbers { "ol" } else { "ul" };
            out.push_str(&format!("<{tag}>"));
            for item in items {
                out.push_str("<li>");
                match item.as_slice() {
                    [Block::Paragraph { align: Align::Left, text }, rest @ ..]
                        if !text.is_empty() && !matches!(rest.first(), Some(Block::Paragraph { .. })) =>
                    {
                        runs(out, text);
                        write_all(out, rest);
                    }
                    item => write_all(out, item),
                }
                out.push_str("</li>");
            }
            out.push_str(&format!("</{tag}>"));
        }
        Block::Code { text } => {
            let mut code = String::new();
            escape(&mut code, text);
            out.push_str(&format!("<pre><code>{}</code></pre>", code.replace('\n', "&#10;")));
        }
        Block::Rule => out.push_str("<hr>"),
        Block::Table { .. } => {
            let mut lines = Vec::new();
            self::block(block, &mut lines);
            out.push_str(&lines.concat());
        }
        Block::Callout { color, blocks } => {
            out.push_str("<div class=\"intercom-interblocks-callout\"");
            attribute(out, "style", &callout_style(color));
            out.push('>');
            write_all(out, blocks);
            out.push_str("</div>");
        }
        Block::Image { image, link, align } => {
            out.push_str("<p");
            place(out, *align);
            if let Some(link) = link {
                out.push_str("<a");
                attribute(out, "href", link);
                out.push('>');
            }
            out.push_str(&picture(image));
            out.push_str(if link.is_some() { "</a></p>" } else { "</p>" });
        }
        Block::Button { href, label, align } => {
            out.push_str("<p");
            place(out, *align);
            out.push_str("<a class=\"intercom-h2b-button\"");
            if let Some(href) = href {
                attribute(out, "href", href);
            }
            out.push('>');
            escape(out, label);
            out.push_str("</a></p>");
        }
        Block::Video { src } => {
            out.push_str("<iframe");
            attribute(out, "src", src);
            out.push_str("></iframe>");
        }
        Block::Details { level, summary, blocks } => {
            out.push_str(&format!("<details><summary><h{level}>"));
            runs(out, summary);
            out.push_str(&format!("</h{level}></summary>"));
            write_all(out, blocks);
            out.push_str("</details>");
        }
        Block::Other { name, attributes, blocks } => {
            out.push_str(&format!("<{name}"));
            for (name, value) in attributes {
                attribute(out, name, value);
            }
            out.push('>');
            write_all(out, blocks);
            out.push_str(&format!("</{name}>"));
        }
    }
}

/// Text with its marks, as a person writes them.
pub(super) fn runs(out: &mut String, text: &[Run]) {
    runs_with(out, text, "");
}

fn place(out: &mut String, align: Align) {
    match align {
        Align::Left => {}
        Align::Center => out.push_str(" align=\"center\""),
        Align::Right => out.push_str(" align=\"right\""),
        Align::Justify => out.push_str(" align=\"justify\""),
    }
    out.push('>');
}

/// A picture with the width that was chosen for it.
pub(super) fn picture(image: &Image) -> String {
    let mut out = "<img".to_owned();
    attribute(&mut out, "src", &image.src);
    attribute(&mut out, "alt", &image.alt);
    if let (Some(width), None) = (image.width, image.height) {
        attribute(&mut out, "width", &width.to_string());
    }
    out.push('>');
    out
}
