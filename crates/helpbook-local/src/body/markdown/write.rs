//! Stored blocks to Markdown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use scraper::Html;

use super::super::block::{Align, Block, Image, ListKind, Table};
use super::super::{read, style, write};
use super::directive::{END, VIDEOS, open};
use super::inline::{Place, address, alternative, inline, longest_run, plain};
use crate::behaviour::WhiteSpace;
use crate::refusal::Refusal;

/// Shows a stored body as Markdown. It ends with a new line, and is empty where the body is.
pub(crate) fn markdown(body: &str) -> String {
    let tree = Html::parse_fragment(body);
    let as_it_is: &mut dyn FnMut(&str) -> Result<String, Refusal> = &mut |src| Ok(src.to_owned());
    // A stored body has passed all that can be refused.
    let blocks = read::read(*tree.root_element(), WhiteSpace::Paragraph, as_it_is).unwrap_or_default();
    if blocks.is_empty() { String::new() } else { joined(&blocks, "\n\n") + "\n" }
}

fn joined(blocks: &[Block], between: &str) -> String {
    let mut pieces: Vec<String> = Vec::with_capacity(blocks.len());
    // Two lists side by side have different markers, else they would be one.
    let mut is_other = false;
    for (at, block) in blocks.iter().enumerate() {
        let kind = |block: &Block| match block {
            Block::List { kind, .. } => Some(*kind),
            _ => None,
        };
        let follows_its_like = at > 0 && kind(block).is_some() && kind(block) == kind(&blocks[at - 1]);
        is_other = follows_its_like && !is_other;
        pieces.push(written(block, is_other));
    }
    pieces.join(between)
}

fn written(block: &Block, is_other: bool) -> String {
    match block {
        Block::Paragraph(paragraph) => inline(&paragraph.spans, Place::Paragraph),
        Block::Heading(heading) => {
            let id = heading.id.as_ref().map(|id| format!(" {{#{id}}}")).unwrap_or_default();
            format!("{} {}{id}", "#".repeat(usize::from(heading.level)), inline(&heading.spans, Place::Heading))
        }
        Block::List { kind, items } => list(*kind, items, is_other),
        Block::Code(text) => {
            let fence = "`".repeat((longest_run(text, '`') + 1).max(3));
            let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
            format!("{fence}\n{text}{end}{fence}")
        }
        Block::Image(image) => shown_image(image),
        Block::Button { href, label, align } => {
            let align = match align {
                Align::Left => None,
                Align::Center => Some("center"),
                Align::Right => Some("right"),
                Align::Justify => Some("justify"),
            };
            let line = open("button", &[("href", href.as_deref()), ("label", Some(label)), ("align", align)]);
            format!("{line}\n{END}")
        }
        Block::Video(src) => video(src).unwrap_or_else(|| opaque(block)),
        Block::Table(table) => rows(table).unwrap_or_else(|| opaque(block)),
        Block::Rule => "---".to_owned(),
        Block::Callout { style, blocks } => {
            let is_gray = style == style::GRAY_CALLOUT;
            let colour = |name| style::value(style, name).filter(|_| !is_gray);
            let colours = [("backgroundColor", colour("background-color")), ("borderColor", colour("border-color"))];
            format!("{}\n{}\n{END}", open("callout", &colours), joined(blocks, "\n\n"))
        }
        Block::Collapsible { summary, blocks, .. } => {
            let line = open("collapsible", &[("title", Some(plain(summary).trim()))]);
            format!("{line}\n{}\n{END}", joined(blocks, "\n\n"))
        }
    }
}

fn list(kind: ListKind, items: &[Vec<Block>], is_other: bool) -> String {
    let item = |(at, blocks): (usize, &Vec<Block>)| {
        let marker = match (kind, is_other) {
            (ListKind::Bullets, false) => "- ".to_owned(),
            (ListKind::Bullets, true) => "* ".to_owned(),
            (ListKind::Numbers, false) => format!("{}. ", at + 1),
            (ListKind::Numbers, true) => format!("{}) ", at + 1),
        };
        let indent = " ".repeat(marker.len());
        // A list goes on right below the text that it belongs to; other blocks need a blank line.
        let mut text = String::new();
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 {
                text.push_str(if matches!(block, Block::List { .. }) { "\n" } else { "\n\n" });
            }
            text.push_str(&written(block, false));
        }
        let indented = text.lines().enumerate().map(|(at, line)| match at {
            0 => line.to_owned(),
            _ if line.is_empty() => String::new(),
            _ => format!("{indent}{line}"),
        });
        format!("{marker}{}", indented.collect::<Vec<_>>().join("\n")).trim_end().to_owned()
    };
    items.iter().enumerate().map(item).collect::<Vec<_>>().join("\n")
}

fn shown_image(image: &Image) -> String {
    let alt = alternative(image.alt.as_deref().unwrap_or_default());
    let shown = format!("![{alt}]({})", address(&image.src));
    match &image.link {
        Some(link) => format!("[{shown}]({})", address(link)),
        None => shown,
    }
}

fn video(src: &str) -> Option<String> {
    let (provider, id) = VIDEOS.iter().find_map(|(name, begin)| Some((*name, src.strip_prefix(begin)?)))?;
    let is_plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    is_plain.then(|| format!("{}\n{END}", open("video", &[("id", Some(id)), ("provider", Some(provider))])))
}

/// A table whose cells are lines; `None` for any other.
fn rows(table: &Table) -> Option<String> {
    let width = table.rows.iter().map(Vec::len).max()?;
    let mut lines = Vec::new();
    for row in &table.rows {
        let mut line = "|".to_owned();
        for at in 0..width {
            let cell = row.get(at).map_or(Some(String::new()), |cell| cell_line(&cell.blocks))?;
            line.push_str(&format!(" {cell} |"));
        }
        lines.push(line);
    }
    lines.insert(1, format!("|{}", " --- |".repeat(width)));
    Some(lines.join("\n"))
}

fn cell_line(blocks: &[Block]) -> Option<String> {
    let line = |block: &Block| match block {
        Block::Paragraph(paragraph) => Some(inline(&paragraph.spans, Place::Cell).trim().to_owned()),
        Block::Image(image) => Some(shown_image(image)),
        _ => None,
    };
    Some(blocks.iter().map(line).collect::<Option<Vec<_>>>()?.join("<br>"))
}

/// What no Markdown shows, to be sent back as it is.
fn opaque(block: &Block) -> String {
    let data = STANDARD.encode(write::write(std::slice::from_ref(block)));
    format!("{}\n{END}", open("intercom-block", &[("data", Some(&data))]))
}
