//! Blocks to the HTML that Intercom stores and answers with (docs/intercom.md 3.4).

use super::block::{Align, Block, Cell, Heading, Image, ListKind, Mark, MarkKind, Piece, Span, Table};

/// Writes the blocks one after the other, with no white space between them.
pub(super) fn write(blocks: &[Block]) -> String {
    let mut out = String::new();
    write_blocks(&mut out, blocks);
    out
}

fn write_blocks(out: &mut String, blocks: &[Block]) {
    for block in blocks {
        write_block(out, block);
    }
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Paragraph(paragraph) => {
            out.push_str("<p class=\"");
            if let Some(class) = paragraph.align.class() {
                out.push_str(class);
                out.push(' ');
            }
            out.push_str("no-margin\">");
            write_spans(out, &paragraph.spans);
            out.push_str("</p>");
        }
        Block::Heading(heading) => write_heading(out, heading),
        Block::List { kind, items } => write_list(out, *kind, items),
        Block::Code(text) => {
            out.push_str("<pre><code>");
            write_text(out, text);
            out.push_str("</code></pre>");
        }
        Block::Image(image) => write_image(out, image),
        Block::Button { href, label, align } => {
            open_container(out, *align);
            out.push_str("<a class=\"intercom-h2b-button\" target=\"_blank\"");
            write_attribute(out, "href", href.as_deref());
            out.push('>');
            write_text(out, label);
            out.push_str("</a></div>");
        }
        Block::Video(src) => {
            out.push_str("<div class=\"intercom-h2b-video\"><iframe");
            write_attribute(out, "src", Some(src));
            out.push_str(
                " frameborder=\"0\" webkitallowfullscreen mozallowfullscreen allowfullscreen>\
                 </iframe></div>",
            );
        }
        Block::Table(table) => write_table(out, table),
        Block::Rule => out.push_str("<hr>"),
        Block::Callout { style, blocks } => {
            out.push_str("<div class=\"intercom-interblocks-callout\"");
            write_attribute(out, "style", Some(style));
            out.push('>');
            write_blocks(out, blocks);
            out.push_str("</div>");
        }
        Block::Collapsible { level, summary, blocks } => {
            out.push_str(&format!("<details><summary><h{level}>"));
            write_spans(out, summary);
            out.push_str(&format!("</h{level}></summary><div class=\"collapsible-section-content\">"));
            write_blocks(out, blocks);
            out.push_str("</div></details>");
        }
    }
}

fn write_heading(out: &mut String, heading: &Heading) {
    out.push_str(&format!("<h{}", heading.level));
    write_attribute(out, "id", heading.id.as_deref());
    write_attribute(out, "class", heading.align.class());
    out.push('>');
    write_spans(out, &heading.spans);
    out.push_str(&format!("</h{}>", heading.level));
}

fn write_list(out: &mut String, kind: ListKind, items: &[Vec<Block>]) {
    let tag = match kind {
        ListKind::Bullets => "ul",
        ListKind::Numbers => "ol",
    };
    out.push_str(&format!("<{tag}>"));
    for item in items {
        out.push_str("<li>");
        write_blocks(out, item);
        out.push_str("</li>");
    }
    out.push_str(&format!("</{tag}>"));
}

fn write_image(out: &mut String, image: &Image) {
    open_container(out, image.align);
    if let Some(link) = &image.link {
        out.push_str("<a target=\"_blank\"");
        write_attribute(out, "href", Some(link));
        out.push('>');
    }
    // `src` comes first: `image::sign` looks for it there.
    out.push_str("<img");
    write_attribute(out, "src", Some(&image.src));
    write_attribute(out, "alt", image.alt.as_deref());
    write_attribute(out, "width", image.width.as_deref());
    write_attribute(out, "height", image.height.as_deref());
    if image.width.is_some() && image.height.is_some() {
        out.push_str(" style=\"height: auto;\"");
    }
    out.push('>');
    if image.link.is_some() {
        out.push_str("</a>");
    }
    out.push_str("</div>");
}

fn open_container(out: &mut String, align: Align) {
    out.push_str("<div class=\"intercom-container");
    if let Some(class) = align.class() {
        out.push(' ');
        out.push_str(class);
    }
    out.push_str("\">");
}

fn write_table(out: &mut String, table: &Table) {
    out.push_str("<div class=\"intercom-interblocks-table-container\"><table role=\"presentation\"");
    write_style(out, &table.style);
    out.push_str("><tbody>");
    for row in &table.rows {
        out.push_str("<tr>");
        for Cell { style, blocks } in row {
            out.push_str("<td");
            write_style(out, style);
            out.push('>');
            write_blocks(out, blocks);
            out.push_str("</td>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
}

fn write_style(out: &mut String, style: &str) {
    if !style.is_empty() {
        write_attribute(out, "style", Some(style));
    }
}

/// Writes spans with as few tags as their marks need, closing from the inside out.
fn write_spans(out: &mut String, spans: &[Span]) {
    let mut open: &[Mark] = &[];
    for span in spans {
        let same = open.iter().zip(&span.marks).take_while(|(a, b)| a == b).count();
        close_marks(out, &open[same..]);
        span.marks[same..].iter().for_each(|mark| open_mark(out, mark));
        open = &span.marks;
        match &span.piece {
            Piece::Text(text) => write_text(out, text),
            Piece::Break => out.push_str("<br>"),
        }
    }
    close_marks(out, open);
}

fn open_mark(out: &mut String, mark: &Mark) {
    match &mark.kind {
        MarkKind::Bold => out.push_str("<b>"),
        MarkKind::Italic => out.push_str("<i>"),
        MarkKind::Code => out.push_str("<code>"),
        MarkKind::Link(href) => {
            out.push_str("<a");
            write_attribute(out, "href", href.as_deref());
            out.push_str(" target=\"_blank\" class=\"intercom-content-link\">");
        }
    }
}

fn close_marks(out: &mut String, marks: &[Mark]) {
    for mark in marks.iter().rev() {
        out.push_str(match mark.kind {
            MarkKind::Bold => "</b>",
            MarkKind::Italic => "</i>",
            MarkKind::Code => "</code>",
            MarkKind::Link(_) => "</a>",
        });
    }
}

pub(super) fn write_text(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            c => out.push(c),
        }
    }
}

pub(super) fn write_attribute(out: &mut String, name: &str, value: Option<&str>) {
    let Some(value) = value else { return };
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("&quot;"),
            c => write_text(out, c.encode_utf8(&mut [0; 4])),
        }
    }
    out.push('"');
}
