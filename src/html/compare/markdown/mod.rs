//! A body as Markdown: the inverse of the renderer.
//!
//! Written as a person would have: one line per paragraph, pipe tables, real nesting, escapes only
//! where they are needed. What Markdown cannot say is an island of HTML among it, so nothing is
//! lost. What is written is rendered again, and where that is not the same block it gives way to an
//! island; so rendering the Markdown of a body gives that body back, in canonical form. It is rendered
//! on the spot, unless somebody will do so anyhow ([`Verify`]).

mod inline;
mod table;

use std::collections::BTreeMap;

use crate::config::Spacing;
use crate::html::compare::canonical::are_same;
use crate::html::compare::spelling::is_blank;
use crate::html::render::heading::{Targets, shift_headings};
use crate::html::render::links::LinkTargets;
use crate::html::render::{self, Context, Images};
use crate::html::tree::write::{callout_style, island, island_image, island_text};
use crate::html::tree::{
    Align, Block, Body, Color, Image, ListKind, for_each_block_mut, for_each_link, for_each_link_mut,
};
use crate::text::DocPath;
use inline::Place;

/// The Markdown of a body, for a person to read; its shallowest heading is `#`.
pub fn markdown(body: &Body) -> String {
    written(body, 0)
}

/// The Markdown of two bodies, for a person to compare. What both begin and end with is written once,
/// and not rendered again to see that it is right: nothing of it can get lost between the two. Nor can
/// anything of a body beside nothing.
pub fn both(old: &Body, new: &Body) -> (String, String) {
    let [old, new] = [old, new].map(|body| prepared(body.clone()).blocks);
    let head = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
    let ends = old[head..].iter().rev().zip(new[head..].iter().rev());
    let tail = ends.take_while(|(one, other)| one == other).count();
    let shared = |list: &[Block]| {
        let mut lines = Vec::new();
        blocks(list, &mut lines, Verified::AtOnce);
        ended(&lines)
    };
    if old.is_empty() || new.is_empty() {
        return (shared(&old), shared(&new));
    }
    let (before, after) = (shared(&old[..head]), shared(&old[old.len() - tail..]));
    let text = |list: &[Block]| {
        let middle = part(&list[head..list.len() - tail], 0);
        let parts = [before.as_str(), &middle, &after].into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("\n")
    };
    (text(&old), text(&new))
}

/// The Markdown of a body for a file of the docs folder; its shallowest heading is `##`, as the
/// title above it is the first.
pub fn for_file(body: &Body) -> String {
    written(body, 1)
}

fn written(body: &Body, below: u8) -> String {
    part(&prepared(body.clone()).blocks, below)
}

/// A body whose parts can be written apart: its links name headings by their words, and its
/// headings start at level 1.
pub(in crate::html) fn prepared(mut body: Body) -> Body {
    // White space of any kind shows nothing: a paragraph of it is an empty one.
    for_each_block_mut(&mut body.blocks, &mut |block| {
        if let Block::Paragraph { text, .. } = block
            && text.iter().all(is_blank)
        {
            text.clear();
        }
    });
    let targets = Targets::of(&body);
    for_each_link_mut(&mut body.blocks, &mut |link| {
        if let Some(target) = link.strip_prefix('#').and_then(|fragment| targets.find(fragment))
            && targets.find(&target.slug) == Some(target)
        {
            *link = format!("#{}", target.slug);
        }
    });
    shift_headings(&mut body.blocks);
    body
}

/// When Markdown that was written is rendered to see that it is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verify {
    /// On the spot.
    AtOnce,
    /// By whoever asked for it; where it is not right, they ask again.
    Later,
}

/// The Markdown of a whole prepared body as it mostly is right, its headings so many levels below their
/// own. It is not looked at.
pub(in crate::html) fn whole(mut prepared: Vec<Block>, below: u8) -> String {
    lower(&mut prepared, below);
    let mut lines = Vec::new();
    blocks(&prepared, &mut lines, Verified::AtOnce);
    ended(&lines)
}

fn lower(list: &mut [Block], below: u8) {
    for_each_block_mut(list, &mut |block| {
        if let Block::Heading { level, .. } = block {
            *level += below;
        }
    });
}

/// The Markdown of a part of a prepared body, its headings so many levels below their own.
pub(in crate::html) fn part(prepared: &[Block], below: u8) -> String {
    let mut list = prepared.to_vec();
    lower(&mut list, below);
    // Mostly all is right at once; if not, each line is looked at by itself, then each block.
    for checked in [Verified::AtOnce, Verified::Around, Verified::Yes] {
        let mut lines = Vec::new();
        blocks(&list, &mut lines, checked);
        let text = ended(&lines);
        let read = rendered(&text);
        let is_alike = are_alike(&read.blocks, prepared);
        debug_assert!(!is_alike || reads_as(&text, &list));
        if is_alike || are_same(read, Body { blocks: list.clone() }) {
            return text;
        }
    }
    // Two blocks that are right alone are not beside each other.
    let mut lines = Vec::new();
    for (index, block) in list.iter().enumerate() {
        if index > 0 {
            lines.push(String::new());
        }
        push_island(block, &mut lines);
    }
    ended(&lines)
}

fn ended(lines: &[String]) -> String {
    let mut text = lines.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Whether what is written is rendered again to see that it is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verified {
    /// Each block is.
    Yes,
    /// A block around it is, and each line with marks.
    Around,
    /// All of it is, at once.
    AtOnce,
}

impl Verified {
    /// How what is in a block is verified.
    fn within(self) -> Self {
        if self == Verified::AtOnce { self } else { Verified::Around }
    }
}

/// Whether Markdown renders to these blocks.
fn reads_as(markdown: &str, blocks: &[Block]) -> bool {
    are_same(rendered(markdown), Body { blocks: blocks.to_vec() })
}

/// Whether what was read is what was written, block by block. Where this says no, both may have the
/// same canonical form all the same.
fn are_alike(read: &[Block], written: &[Block]) -> bool {
    // What a link within the text means hangs on the ids of its headings.
    let mut links_here = false;
    for_each_link(read, &mut |link| links_here |= link.starts_with('#'));
    let mut written = (0..written.len()).filter(|at| !is_spacer(written, *at)).map(|at| &written[at]);
    !links_here
        && read.iter().all(|read| match (read, written.next()) {
            (
                Block::Heading { level, align, text, .. },
                Some(Block::Heading { level: other, align: aligned, text: words, .. }),
            ) => (level, align, text) == (other, aligned, words),
            (read, written) => Some(read) == written,
        })
        && written.next().is_none()
}

fn rendered(markdown: &str) -> Body {
    let files = BTreeMap::new();
    let path = DocPath::new("");
    let images = Images { files: &files, host: None };
    let links = LinkTargets::default();
    let context = Context { path: &path, offset: 0, images, links: &links, spacing: Spacing::None, headings: &[] };
    render::body(markdown, context)
}

fn blocks(list: &[Block], lines: &mut Vec<String>, checked: Verified) {
    let mut at = 0;
    let mut is_first = true;
    while at < list.len() {
        if is_spacer(list, at) {
            at += 1;
            continue;
        }
        if !is_first {
            lines.push(String::new());
        }
        is_first = false;
        let align = own_align(&list[at]);
        let mut end = at + 1;
        while align != Align::Left && end < list.len() && (own_align(&list[end]) == align || is_spacer(list, end)) {
            end += 1;
        }
        // Two lists of one kind side by side are one, unless something is between them. Linters make one sign of two,
        // and leave a comment alone.
        if let (Block::List { kind, .. }, Some(Block::List { kind: before, .. })) =
            (&list[at], at.checked_sub(1).map(|before| &list[before]))
            && kind == before
        {
            lines.extend(["<!-- -->".to_owned(), String::new()]);
        }
        let group = &list[at..end];
        let mut written = Vec::new();
        group_of(group, align, &mut written, checked.within());
        let is_sure = matches!(group, [Block::Paragraph { .. } | Block::Heading { .. } | Block::Rule]);
        if checked == Verified::Yes && !is_sure && !reads_as(&ended(&written), group) {
            written.clear();
            for (index, block) in group.iter().enumerate() {
                if index > 0 {
                    written.push(String::new());
                }
                push_island(block, &mut written);
            }
        }
        lines.append(&mut written);
        at = end;
    }
}

/// Whether a blank paragraph is where the renderer puts one.
fn is_spacer(list: &[Block], at: usize) -> bool {
    let is_text = |block: &Block| matches!(block, Block::Paragraph { text, .. } if !text.is_empty());
    matches!(&list[at], Block::Paragraph { text, .. } if text.is_empty())
        && at > 0
        && is_text(&list[at - 1])
        && list.get(at + 1).is_some_and(is_text)
}

fn own_align(block: &Block) -> Align {
    match block {
        Block::Paragraph { text, .. } if text.is_empty() => Align::Left,
        Block::Paragraph { align, .. }
        | Block::Heading { align, .. }
        | Block::Image { align, .. }
        | Block::Button { align, .. } => *align,
        _ => Align::Left,
    }
}

fn group_of(group: &[Block], align: Align, lines: &mut Vec<String>, checked: Verified) {
    let name = match align {
        Align::Left => {
            for one in group {
                block(one, lines, checked);
            }
            return;
        }
        Align::Center => "center",
        Align::Right => "right",
        Align::Justify => "justify",
    };
    lines.push(format!("<div align=\"{name}\">"));
    for (at, one) in group.iter().enumerate() {
        if !is_spacer(group, at) {
            lines.push(String::new());
            block(one, lines, checked);
        }
    }
    lines.push(String::new());
    lines.push("</div>".to_owned());
}

fn block(block: &Block, lines: &mut Vec<String>, checked: Verified) {
    match block {
        Block::Heading { level, text, .. } => {
            let signs = "#".repeat(usize::from(*level).clamp(1, 6));
            match inline::inline(text, Place::Heading, checked) {
                Some(text) => lines.push(format!("{signs} {text}").trim_end().to_owned()),
                None => push_island(block, lines),
            }
        }
        Block::Paragraph { text, .. } if text.is_empty() => lines.push("<p></p>".to_owned()),
        Block::Paragraph { text, .. } => match inline::inline(text, Place::Paragraph, checked) {
            Some(text) => lines.push(text),
            None => push_island(block, lines),
        },
        Block::List { kind, items } => list(*kind, items, lines, checked),
        Block::Code { text } => code(text, lines),
        Block::Rule => lines.push("---".to_owned()),
        Block::Table { style, rows } => match table::pipes(style, rows, checked) {
            Some(table) => lines.extend(table),
            None => push_island(block, lines),
        },
        Block::Callout { color, blocks } => callout(color, blocks, lines, checked),
        Block::Image { image, link, .. } => {
            let image = picture(image);
            lines.push(match link {
                Some(link) => format!("[{image}]({})", inline::destination(link)),
                None => image,
            });
        }
        Block::Button { href, label, .. } => {
            let href = inline::destination(href.as_deref().unwrap_or_default());
            lines.push(format!("[{}]({href} \"button\")", inline::label(label)));
        }
        Block::Video { src } => lines.push(src.clone()),
        Block::Details { level, summary, blocks } => {
            let line = island_text(summary);
            lines.push("<details>".to_owned());
            lines.push(match level {
                2 => format!("<summary>{line}</summary>"),
                level => format!("<summary><h{level}>{line}</h{level}></summary>"),
            });
            held(blocks, "</details>", lines, checked);
        }
        Block::Other { .. } => push_island(block, lines),
    }
}

fn list(kind: ListKind, items: &[Vec<Block>], lines: &mut Vec<String>, checked: Verified) {
    for (index, item) in items.iter().enumerate() {
        let sign = match kind {
            ListKind::Bullets => "- ".to_owned(),
            ListKind::Numbers => format!("{}. ", index + 1),
        };
        let item: &[Block] = match item.as_slice() {
            [Block::Paragraph { text, .. }] if text.is_empty() => &[],
            item => item,
        };
        let mut inner = Vec::new();
        match item {
            // A list right below its item's text is there without an empty line.
            [Block::Paragraph { text, align: Align::Left }, rest @ ..]
                if !text.is_empty() && matches!(rest.first(), Some(Block::List { .. })) =>
            {
                blocks(&item[..1], &mut inner, checked);
                blocks(rest, &mut inner, checked);
            }
            item => blocks(item, &mut inner, checked),
        }
        if inner.is_empty() {
            inner.push(String::new());
        }
        let indent = " ".repeat(sign.len());
        for (number, line) in inner.into_iter().enumerate() {
            lines.push(match (number, line.is_empty()) {
                (0, true) => sign.trim_end().to_owned(),
                (0, false) => format!("{sign}{line}"),
                (_, true) => line,
                (_, false) => format!("{indent}{line}"),
            });
        }
    }
}

/// A block as HTML, for what Markdown cannot say. The renderer gives it back as it was.
fn push_island(block: &Block, lines: &mut Vec<String>) {
    lines.extend(island(block).lines().map(str::to_owned));
}

fn code(text: &str, lines: &mut Vec<String>) {
    let ticks = text.lines().map(|line| line.trim_start().chars().take_while(|c| *c == '`').count()).max();
    let fence = "`".repeat(ticks.unwrap_or(0).max(2) + 1);
    lines.push(fence.clone());
    if !text.is_empty() {
        lines.extend(text.split('\n').map(str::to_owned));
    }
    lines.push(fence);
}

fn callout(color: &Color, blocks: &[Block], lines: &mut Vec<String>, checked: Verified) {
    let kind = match color {
        Color::Gray => "[!NOTE]",
        Color::Green => "[!TIP]",
        Color::Blue => "[!IMPORTANT]",
        Color::Yellow => "[!WARNING]",
        Color::Red => "[!CAUTION]",
        Color::Custom(..) => {
            let style = callout_style(color);
            lines.push(format!("<div class=\"intercom-interblocks-callout\" style=\"{style}\">"));
            return held(blocks, "</div>", lines, checked);
        }
    };
    lines.push(format!("> {kind}"));
    let mut quote = Vec::new();
    self::blocks(blocks, &mut quote, checked);
    lines.extend(quote.into_iter().map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") }));
}

/// Markdown between two tags.
fn held(blocks: &[Block], end: &str, lines: &mut Vec<String>, checked: Verified) {
    lines.push(String::new());
    let before = lines.len();
    self::blocks(blocks, lines, checked);
    if lines.len() > before {
        lines.push(String::new());
    }
    lines.push(end.to_owned());
}

fn picture(image: &Image) -> String {
    match (image.width, image.height) {
        // A width alone is one that somebody chose; with a height it is Intercom's own measure.
        (Some(_), None) => island_image(image),
        _ => format!("![{}]({})", inline::label(&image.alt), inline::destination(&image.src)),
    }
}

#[cfg(test)]
mod tests;
