//! A body as a page shows it: what a reader would see, with what differs marked.
//!
//! Bodies are strangers' text. So nothing of them becomes a tag or an attribute here: the tags are
//! this file's own, every text is escaped, and an address is a text like any other. A picture and a
//! video are boxes that say what they are. Nothing is loaded and nothing leads anywhere.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::escaped;
use crate::html::block_diff::{Group, Mark, Marked, Word};
use crate::html::tree::style::{cell_color, on_white};
use crate::html::tree::{Align, Block, Cell, Color, ListKind, Marks, Piece};
use crate::plan::Picture;

/// How many characters of an address are shown where it did not change.
const LONGEST_ADDRESS: usize = 36;

/// Which side a block is on: how its marks look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// As it was: what differs went.
    Old,
    /// As it will be: what differs came.
    New,
    /// There is no other side: nothing is marked.
    Alone,
}

impl Side {
    /// The tag of changed words.
    fn tag(self) -> &'static str {
        if self == Side::Old { "del" } else { "ins" }
    }

    fn class(self) -> &'static str {
        if self == Side::Old { "went" } else { "came" }
    }
}

/// Writes the blocks of one side.
pub(super) struct Body<'p> {
    /// Where they are.
    pub side: Side,
    /// What is known of the docs' images.
    pub pictures: &'p BTreeMap<String, Picture>,
}

impl Body<'_> {
    /// A block with its marks.
    pub fn block(&self, out: &mut String, marked: &Marked<'_>) {
        match (marked.mark, self.side) {
            (Mark::Same, _) | (_, Side::Alone) => self.unmarked(out, marked),
            (Mark::Formatting, _) => {
                out.push_str("<div class=\"looks\">");
                formatting(out, &of_block(marked.block));
                self.unmarked(out, marked);
                out.push_str("</div>");
            }
            (Mark::Only, side) => {
                let (tag, class) = (side.tag(), side.class());
                // A screen reader says the tag; the sign before it is drawn.
                let _ = write!(
                    out,
                    "<div class=\"only {class}\" role=\"{}\">",
                    if tag == "del" { "deletion" } else { "insertion" }
                );
                // All of it is marked already.
                Body { side: Side::Alone, pictures: self.pictures }.unmarked(out, marked);
                out.push_str("</div>");
            }
        }
    }

    fn blocks(&self, out: &mut String, blocks: &[Marked<'_>]) {
        blocks.iter().for_each(|block| self.block(out, block));
    }

    fn unmarked(&self, out: &mut String, marked: &Marked<'_>) {
        let all = |out: &mut String| marked.inner.iter().for_each(|group| self.blocks(out, &group.blocks));
        match marked.block {
            Block::Heading { level, align, .. } => {
                let level = (*level).clamp(1, 4);
                let class = format!("h h{level}{}", aligned(*align));
                // Below the headings of the page itself.
                let _ = write!(out, "<div class=\"{class}\" role=\"heading\" aria-level=\"{}\">", (level + 4).min(8));
                self.words(out, &marked.text);
                out.push_str("</div>");
            }
            Block::Paragraph { .. } if marked.text.is_empty() => {
                out.push_str("<p class=\"blank\">(an empty paragraph)</p>");
            }
            Block::Paragraph { align, .. } => {
                let _ = write!(out, "<p class=\"text{}\">", aligned(*align));
                self.words(out, &marked.text);
                out.push_str("</p>");
            }
            Block::List { kind, .. } => {
                let tag = if *kind == ListKind::Numbers { "ol" } else { "ul" };
                let _ = write!(out, "<{tag}>");
                for item in &marked.inner {
                    out.push_str("<li>");
                    self.blocks(out, &item.blocks);
                    out.push_str("</li>");
                }
                let _ = write!(out, "</{tag}>");
            }
            Block::Code { .. } => {
                out.push_str("<pre><code>");
                self.words(out, &marked.text);
                out.push_str("</code></pre>");
            }
            Block::Rule => out.push_str("<hr>"),
            Block::Table { rows, .. } => self.table(out, rows, &marked.inner),
            Block::Callout { color, .. } => {
                let _ = write!(out, "<div class=\"box callout {}\"{}>", tint(color), custom(color));
                all(out);
                out.push_str("</div>");
            }
            Block::Image { .. } => self.picture(out, marked),
            Block::Button { href, align, .. } => {
                let _ = write!(out, "<p class=\"text{}\"><span class=\"button\">", aligned(*align));
                self.words(out, &marked.text);
                let _ = write!(
                    out,
                    "</span>{}</p>",
                    address(
                        href.as_deref(),
                        if marked.mark == Mark::Formatting { Length::Whole } else { Length::Shortened }
                    )
                );
            }
            Block::Video { src } => {
                let _ = write!(
                    out,
                    "<div class=\"picture\"><p class=\"name\">Video</p><p class=\"mono\">{}</p></div>",
                    escaped(src)
                );
            }
            Block::Details { .. } => {
                out.push_str("<details class=\"box section\" open><summary>");
                self.words(out, &marked.text);
                out.push_str("</summary>");
                all(out);
                out.push_str("</details>");
            }
            Block::Other { name, attributes, .. } => {
                let shown = ["src", "href", "class"].into_iter().filter_map(|key| attributes.get(key));
                let shown = shown.map(|value| format!(" {}", escaped(value))).collect::<String>();
                let _ = write!(out, "<div class=\"box\"><span class=\"kind\">{}{shown}</span>", escaped(name));
                all(out);
                out.push_str("</div>");
            }
        }
    }

    fn table(&self, out: &mut String, rows: &[Vec<Cell>], groups: &[Group<'_>]) {
        out.push_str("<table><tbody>");
        let mut groups = groups.iter();
        for row in rows {
            out.push_str("<tr>");
            for (cell, group) in row.iter().zip(&mut groups) {
                self.cell(out, cell, group);
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table>");
    }

    fn cell(&self, out: &mut String, cell: &Cell, group: &Group<'_>) {
        let mark = if self.side == Side::Alone { Mark::Same } else { group.mark };
        let color = cell_color(cell);
        let mut classes: Vec<&str> = color.iter().map(tint).collect();
        match mark {
            Mark::Same => {}
            Mark::Formatting => classes.push("looks"),
            // What it holds is marked; an empty one is marked itself.
            Mark::Only if group.blocks.is_empty() => classes.push(self.side.class()),
            Mark::Only => {}
        }
        out.push_str("<td");
        if !classes.is_empty() {
            let _ = write!(out, " class=\"{}\"", classes.join(" "));
        }
        out.push_str(&color.as_ref().map(custom).unwrap_or_default());
        for (name, count) in [("colspan", cell.columns), ("rowspan", cell.rows)] {
            if count > 1 {
                let _ = write!(out, " {name}=\"{count}\"");
            }
        }
        out.push('>');
        if mark == Mark::Formatting {
            formatting(out, &of_cell(cell));
        }
        self.blocks(out, &group.blocks);
        out.push_str("</td>");
    }

    fn picture(&self, out: &mut String, marked: &Marked<'_>) {
        let Block::Image { image, link, align } = marked.block else { return };
        let known = self.pictures.get(&image.src);
        let name = known.map_or(image.src.as_str(), |picture| picture.path.as_str());
        let _ = write!(
            out,
            "<figure class=\"picture{}\"><p><span class=\"name\">Picture</span> <code>{}</code></p>",
            aligned(*align),
            escaped(name)
        );
        let mut facts = Vec::new();
        match (image.width, image.height) {
            (Some(width), Some(height)) => facts.push(format!("{width} × {height} pixels")),
            (Some(width), None) => facts.push(format!("{width} pixels wide")),
            (None, Some(height)) => facts.push(format!("{height} pixels high")),
            (None, None) => {}
        }
        facts.extend(known.map(|picture| size(picture.bytes)));
        if !facts.is_empty() {
            let _ = write!(out, "<p class=\"about\">{}</p>", facts.join(", "));
        }
        if image.alt.is_empty() {
            out.push_str("<p class=\"nothing\">no alternative text</p>");
        } else {
            out.push_str("<p>Text: ");
            self.words(out, &marked.text);
            out.push_str("</p>");
        }
        if let Some(link) = link {
            let _ = write!(out, "<p>points to {}</p>", address(Some(link), Length::Whole));
        }
        out.push_str("</figure>");
    }

    /// Text with its marks, from the outside in: what changed, a link, bold, italic, code.
    fn words(&self, out: &mut String, words: &[Word]) {
        for (at, word) in words.iter().enumerate() {
            let is_marked = word.is_changed && self.side != Side::Alone;
            if is_marked {
                let _ = write!(out, "<{}>", self.side.tag());
            }
            let Marks { link, bold, italic, code } = &word.run.marks;
            let tags = [(link.is_some(), "span"), (*bold, "b"), (*italic, "i"), (*code, "code")];
            for (_, tag) in tags.iter().filter(|(is_set, _)| *is_set) {
                let class = if *tag == "span" { " class=\"link\"" } else { "" };
                let _ = write!(out, "<{tag}{class}>");
            }
            match &word.run.piece {
                Piece::Text(text) => out.push_str(&escaped(text)),
                Piece::Break if is_marked => out.push_str("\u{21b5}<br>"),
                Piece::Break => out.push_str("<br>"),
            }
            for (_, tag) in tags.iter().rev().filter(|(is_set, _)| *is_set) {
                let _ = write!(out, "</{tag}>");
            }
            // Where the link ends, its address.
            let next = words.get(at + 1).filter(|next| next.is_changed == word.is_changed);
            if let Some(link) = link
                && next.is_none_or(|next| next.run.marks.link.as_ref() != Some(link))
            {
                out.push_str(&address(Some(link), if word.is_changed { Length::Whole } else { Length::Shortened }));
            }
            if is_marked {
                let _ = write!(out, "</{}>", self.side.tag());
            }
        }
    }
}

/// How much of an address is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    Whole,
    Shortened,
}

/// Where a link points, as text: whole where it changed, else as much as is needed to know it.
fn address(link: Option<&str>, length: Length) -> String {
    let whole = match link {
        None => "nowhere",
        // A file of the docs, from the top.
        Some(link) if link.starts_with('/') && !link.starts_with("//") => &link[1..],
        Some(link) => link.strip_prefix("https://").unwrap_or(link),
    };
    let mut shown: String =
        whole.chars().take(if length == Length::Whole { usize::MAX } else { LONGEST_ADDRESS }).collect();
    if shown.len() < whole.len() {
        shown.push('…');
    }
    format!("<span class=\"to\" title=\"{}\">{}</span>", escaped(whole), escaped(&shown))
}

fn aligned(align: Align) -> &'static str {
    match align {
        Align::Left => "",
        Align::Center => " center",
        Align::Right => " right",
        Align::Justify => " justify",
    }
}

fn tint(color: &Color) -> &'static str {
    match color {
        Color::Gray => "gray",
        Color::Blue => "blue",
        Color::Green => "green",
        Color::Red => "red",
        Color::Yellow => "yellow",
        Color::Custom(..) => "custom",
    }
}

/// The colours of something that has one of its own. They are read and written again, so nothing of
/// them is a stranger's text.
fn custom(color: &Color) -> String {
    let Color::Custom(background, _) = color else { return String::new() };
    let Some([r, g, b]) = on_white(background) else { return String::new() };
    let light = u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114;
    let ink = if light >= 128_000 { "#1c2330" } else { "#ffffff" };
    format!(" style=\"background-color: #{r:02x}{g:02x}{b:02x}; color: {ink}\"")
}

/// What something is, in words: for what differs where its text does not.
fn formatting(out: &mut String, words: &str) {
    let _ = write!(out, "<span class=\"how\">formatting: {}</span>", escaped(words));
}

fn of_block(block: &Block) -> String {
    let placed = |align: &Align| match align {
        Align::Left => "",
        Align::Center => ", centered",
        Align::Right => ", right-aligned",
        Align::Justify => ", justified",
    };
    match block {
        Block::Heading { level, align, .. } => format!("heading {level}{}", placed(align)),
        Block::Paragraph { align, .. } => format!("paragraph{}", placed(align)),
        Block::List { kind: ListKind::Numbers, .. } => "list with numbers".to_owned(),
        Block::List { .. } => "list with bullets".to_owned(),
        Block::Code { .. } => "code".to_owned(),
        Block::Rule => "line".to_owned(),
        Block::Table { style, .. } => {
            let style = style.iter().map(|(name, value)| format!(", {name} {value}"));
            format!("table{}", style.collect::<String>())
        }
        Block::Callout { color: Color::Custom(background, border), .. } => {
            format!("callout in {background} {border}").trim_end().to_owned()
        }
        Block::Callout { color, .. } => format!("{} callout", tint(color)),
        Block::Image { align, .. } => format!("picture{}", placed(align)),
        Block::Button { align, .. } => format!("button{}", placed(align)),
        Block::Video { .. } => "video".to_owned(),
        Block::Details { .. } => "section".to_owned(),
        Block::Other { name, .. } => name.clone(),
    }
}

fn of_cell(cell: &Cell) -> String {
    let mut words = match cell_color(cell) {
        None => "cell".to_owned(),
        Some(Color::Custom(background, _)) => format!("cell in {background}"),
        Some(color) => format!("{} cell", tint(&color)),
    };
    for (count, what) in [(cell.columns, "columns wide"), (cell.rows, "rows high")] {
        if count > 1 {
            let _ = write!(words, ", {count} {what}");
        }
    }
    for (name, value) in cell.style.iter().filter(|(name, _)| *name != "background-color") {
        let _ = write!(words, ", {name} {value}");
    }
    words
}

/// A number of bytes for a person.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", (bytes + 500) / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
