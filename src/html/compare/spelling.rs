//! One spelling for what is written in several ways and shows the same.

use std::borrow::Cow;

use super::image::{bare, is_intercoms};
use crate::html::render::doc_link::DocLink;
use crate::html::render::heading::Targets;
use crate::html::tree::address::spelled;
use crate::html::tree::style;
use crate::html::tree::text::trimmed;
use crate::html::tree::{Align, Block, Body, Cell, Color, Image, Piece, Run, for_each_heading, for_each_link_mut};

/// Names the target of each link within the article by its heading instead of the heading's id.
pub(super) fn land(body: &mut Body) {
    let mut has_links = false;
    for_each_link_mut(&mut body.blocks, &mut |link| {
        has_links |= link.starts_with('#');
        if !link.starts_with('#')
            && DocLink::parse(link).is_none()
            && let Cow::Owned(plain) = spelled(link)
        {
            *link = plain;
        }
    });
    let mut has_headings = false;
    for_each_heading(&body.blocks, &mut |_, _, _| has_headings = true);
    if !has_links || !has_headings {
        return;
    }
    let targets = Targets::of(body);
    for_each_link_mut(&mut body.blocks, &mut |link| {
        if let Some(target) = link.strip_prefix('#').and_then(|fragment| targets.find(fragment)) {
            *link = format!("#{}", target.slug);
        }
    });
}

/// What a picture is: a file of the docs by its name with the digest of its bytes, anything else by its
/// address.
pub(super) fn identity(image: &Image) -> String {
    match &image.file {
        Some(file) => spelled(&file.name).into_owned(),
        None if is_intercoms(&image.src) => bare(&image.src).to_owned(),
        None => spelled(&image.src).into_owned(),
    }
}

/// Gives what one block says one spelling.
pub(super) fn spell(block: &mut Block) {
    match block {
        Block::Heading { text, .. } | Block::Details { summary: text, .. } => normal_text(text),
        Block::Paragraph { align, text } => {
            normal_text(text);
            if text.is_empty() {
                *align = Align::Left;
            }
        }
        Block::Table { style, rows } => {
            *style = style::canonical(std::mem::take(style));
            for Cell { style, .. } in rows.iter_mut().flatten() {
                *style = style::canonical(std::mem::take(style));
            }
        }
        Block::Callout { color: Color::Custom(background, border), .. } => {
            for color in [background, border] {
                if let Some(bytes) = style::rgba(color) {
                    *color = style::hex(bytes);
                }
            }
        }
        Block::Code { text } => *text = code(text),
        Block::Video { src } => *src = spelled(src).into_owned(),
        Block::Image { .. }
        | Block::Callout { .. }
        | Block::List { .. }
        | Block::Rule
        | Block::Button { .. }
        | Block::Other { .. } => {}
    }
}

/// Code without the blanks at the end of a line, and without line feeds at its end: neither shows.
fn code(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').map(|line| line.trim_end_matches([' ', '\t', '\r'])).collect();
    lines.join("\n").trim_end_matches('\n').to_owned()
}

fn normal_text(text: &mut Vec<Run>) {
    *text = trimmed(std::mem::take(text));
    if text.iter().all(is_blank) {
        text.clear();
    }
}

/// Whether some text shows nothing.
pub(super) fn is_blank(run: &Run) -> bool {
    match &run.piece {
        Piece::Text(text) => text.chars().all(char::is_whitespace),
        Piece::Break => true,
    }
}
