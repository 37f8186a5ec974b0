//! Markdown as the tree that becomes Intercom's HTML.
//!
//! CommonMark, tables, GitHub's alerts, and HTML as far as Intercom keeps it, with every heading
//! carrying an id of ours. What Intercom would refuse or drop is a diagnostic with its place in the
//! file, before anything is sent; what it would change silently is rendered as the nearest thing
//! that it keeps. Nothing is lost without a word.
//!
//! Two steps: `source` writes the Markdown as elements with places, and the one reader makes the tree
//! of them. So what Markdown says and what HTML says are the same from there on.

pub(super) mod check;
pub(super) mod image;
mod raw;
mod source;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::heading::{Anchors, Heading, Targets, is_anchor};
use super::links::Links;
use super::read::Reader;
use super::tree::{Align, Block, Body, Run, for_each_block_mut, for_each_heading, for_each_link_mut, plain};
use super::write;
use crate::book::ImageFile;
use crate::config::{AddressTemplate, Spacing};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::text::{DocPath, Span};
use check::Checks;
pub(super) use source::OPTIONS;

/// What the Markdown of one article is rendered with.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The file, for findings and for relative addresses.
    pub path: &'a DocPath,
    /// Where the Markdown starts in its file.
    pub offset: usize,
    /// The images of the docs folder.
    pub images: Images<'a>,
    /// What relative links can lead to.
    pub links: &'a Links,
    /// Whether an empty paragraph stands between two paragraphs.
    pub spacing: Spacing,
    /// The headings that the article has in Intercom, whose ids are kept.
    pub headings: &'a [Heading],
}

/// The images of the docs folder, and where they can be fetched.
#[derive(Debug, Clone, Copy)]
pub struct Images<'a> {
    /// Every image file.
    pub files: &'a BTreeMap<DocPath, ImageFile>,
    /// The addresses under which they can be fetched; `None` where nobody hosts them.
    pub host: Option<&'a AddressTemplate>,
}

/// What became of some Markdown.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// The tree.
    pub body: Body,
    /// What cannot be sent as it is: errors first, each kind in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that its images name, whether they are there or not.
    pub images: BTreeSet<DocPath>,
    /// The anchors that the Markdown itself gives to headings, as in `{#h_0123456789}`.
    pub written_ids: BTreeSet<String>,
}

/// Renders Markdown. It never fails: what cannot be rendered is a diagnostic.
pub fn render(markdown: &str, context: Context<'_>) -> Rendered {
    let (source, mut diagnostics) = source::source(markdown, context);
    let (mut body, checks) = source.read(|nodes| Reader::written(Checks::new(context)).read_checked(nodes));
    let (mut images, mut written_ids) = (BTreeSet::new(), BTreeSet::new());
    if let Some(mut checks) = checks {
        written_ids = anchor(&mut body, context.headings);
        land(&mut body, &mut checks, context);
        level(&mut body, &mut checks, context);
        climb(&mut checks, context);
        if diagnostics.iter().any(|found| found.id == "too-deep") {
            checks.diagnostics.retain(|found| found.id != "too-deep");
        }
        diagnostics.append(&mut checks.diagnostics);
        images = checks.images;
    }
    if context.spacing == Spacing::Paragraphs {
        spaced(&mut body.blocks);
    }
    if diagnostics.iter().any(|found| found.id == "too-deep") {
        // Its text was not rendered, which is no finding of its own.
        diagnostics.retain(|found| found.id != "empty-list");
    }
    diagnostics.sort_by_key(|found| (found.severity, found.span.map(|span| span.start)));
    Rendered { body, diagnostics, images, written_ids }
}

impl Rendered {
    /// The HTML that is sent.
    pub fn html(&self) -> String {
        write::html(&self.body)
    }
}

/// A part of some Markdown that stands for itself: a paragraph, a list, a section with all in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Where it stands, without the empty lines and comments around it.
    pub span: Span,
    /// Its blocks in the body.
    pub blocks: Range<usize>,
}

/// Renders Markdown without spacing, and tells which part of it became which blocks.
pub(super) fn outline(markdown: &str, context: Context<'_>) -> (Body, Vec<Part>) {
    let context = Context { offset: 0, spacing: Spacing::None, ..context };
    let (source, _) = source::source(markdown, context);
    let (_, starts) = source.read(|nodes| Reader::written(Checks::new(context)).read_outlined(nodes));
    let body = render(markdown, context).body;
    let ends = source::ends(markdown);
    let mut starts = starts;
    // Unbalanced HTML is mended by moving elements; such a one is a part of another.
    let mut last = None;
    starts.retain(|(start, _)| {
        last.is_none_or(|last| *start > last) && {
            last = Some(*start);
            true
        }
    });
    let mut parts: Vec<Part> = Vec::new();
    for (index, (start, first)) in starts.iter().enumerate() {
        let (next, last) = starts.get(index + 1).copied().unwrap_or((markdown.len(), body.blocks.len()));
        let end = ends.iter().rev().find(|end| **end <= next && **end > *start).copied().unwrap_or(next);
        match parts.last_mut() {
            // An element that became no block of its own is a part of the one before it.
            Some(part) if *first == last || part.span.end > *start => {
                (part.span.end, part.blocks.end) = (end.max(part.span.end), last);
            }
            _ => parts.push(Part { span: Span::new(*start, end), blocks: *first..last }),
        }
    }
    if let Some(part) = parts.first_mut() {
        part.blocks.start = 0;
    }
    (body, parts)
}

/// The level of the shallowest heading as it is written.
pub(super) fn shallowest(markdown: &str, context: Context<'_>) -> Option<u8> {
    let (source, _) = source::source(markdown, Context { offset: 0, ..context });
    let (_, checks) = source.read(|nodes| Reader::written(Checks::new(context)).read_checked(nodes));
    checks.and_then(|checks| checks.headings.iter().map(|(level, _)| *level).min())
}

/// The headings of some Markdown, with the ids that do not hang on what Intercom has.
pub(super) fn targets_of(markdown: &str, path: &DocPath) -> Targets {
    let (files, links) = (BTreeMap::new(), Links::default());
    let images = Images { files: &files, host: None };
    let context = Context { path, offset: 0, images, links: &links, spacing: Spacing::None, headings: &[] };
    let mut body = source::source(markdown, context).0.read(|nodes| Reader::stored().document(nodes));
    anchor(&mut body, &[]);
    Targets::of(&body)
}

/// A body's headings alone, without links: what can be sent before the article's links are known.
pub fn skeleton(body: &Body) -> Body {
    let mut blocks = Vec::new();
    for_each_heading(&body.blocks, &mut |level, id, text| {
        let (id, text) = (id.map(str::to_owned), vec![Run::text(plain(text))]);
        blocks.push(Block::Heading { level, id, align: Align::Left, text });
    });
    Body { blocks }
}

/// Gives every heading its anchor. Returns those that the Markdown gives itself.
fn anchor(body: &mut Body, live: &[Heading]) -> BTreeSet<String> {
    let mut written = BTreeSet::new();
    let mut explicit = Vec::new();
    for_each_heading(&body.blocks, &mut |_, id, _| explicit.extend(id.filter(|id| is_anchor(id)).map(str::to_owned)));
    let mut anchors = Anchors::new(live, explicit);
    let mut seen: Vec<String> = Vec::new();
    for_each_block_mut(&mut body.blocks, &mut |block| {
        if let Block::Heading { id, text, .. } = block {
            let own = id.take().filter(|id| is_anchor(id) && !seen.contains(id));
            written.extend(own.clone());
            let given = own.unwrap_or_else(|| anchors.next(&plain(text)));
            seen.push(given.clone());
            *id = Some(given);
        }
    });
    written
}

/// Turns links to headings of this article into links to their anchors.
fn land(body: &mut Body, checks: &mut Checks<'_>, context: Context<'_>) {
    if checks.fragments.is_empty() {
        return;
    }
    let targets = Targets::of(body);
    for_each_link_mut(&mut body.blocks, &mut |link| {
        if let Some(target) = link.strip_prefix('#').and_then(|fragment| targets.find(fragment)) {
            *link = format!("#{}", target.id);
        }
    });
    for (address, span) in std::mem::take(&mut checks.fragments) {
        let fragment = address.trim_start_matches('#');
        if targets.find(fragment).is_none() {
            let near = did_you_mean(fragment, targets.slugs()).map(|help| help.replacen('`', "`#", 1));
            let help = near.unwrap_or_else(|| {
                "name a heading of this article: its words in lower case, with `-` for the spaces".to_owned()
            });
            // Live articles are full of these; such a link is sent as it is, and leads nowhere.
            let message = format!("no heading of this article is `{address}`");
            checks.diagnostics.push(Diagnostic::warning("unknown-heading", context.path, span, message).help(help));
        }
    }
}

/// Moves the headings so that the shallowest is level 1, as Intercom does (FACTS 3.3).
fn level(body: &mut Body, checks: &mut Checks<'_>, context: Context<'_>) {
    let shallowest = super::canonical::shift_headings(&mut body.blocks);
    if let Some((_, span)) = checks.headings.iter().find(|(level, _)| *level >= shallowest + 4) {
        let span: Span = *span;
        checks.diagnostics.push(
            Diagnostic::warning("deep-heading", context.path, span, "Intercom has four levels of headings")
                .help("this one is sent as the fourth; write the article flatter"),
        );
    }
}

/// Names each heading that stands more than one level below the one before it.
fn climb(checks: &mut Checks<'_>, context: Context<'_>) {
    for pair in checks.headings.windows(2) {
        let ((before, _), (level, span)) = (pair[0], pair[1]);
        if level > before + 1 {
            let message = format!("a heading of level {level} stands below one of level {before}");
            checks.diagnostics.push(
                Diagnostic::warning("skipped-heading", context.path, span, message)
                    .label(format!("level {} is skipped", before + 1))
                    .help(format!(
                        "write `{}`, or a heading of that level above it",
                        "#".repeat(usize::from(before) + 1)
                    )),
            );
        }
    }
}

/// An empty paragraph between two paragraphs, which otherwise stand without a gap (FACTS 3.4).
fn spaced(blocks: &mut Vec<Block>) {
    for block in blocks.iter_mut() {
        block.inner_mut().for_each(spaced);
    }
    let is_text = |block: &Block| matches!(block, Block::Paragraph { text, .. } if !text.is_empty());
    if !blocks.windows(2).any(|pair| is_text(&pair[0]) && is_text(&pair[1])) {
        return;
    }
    let mut spaced: Vec<Block> = Vec::with_capacity(blocks.len() * 2);
    for block in std::mem::take(blocks) {
        if spaced.last().is_some_and(is_text) && is_text(&block) {
            spaced.push(Block::Paragraph { align: Align::Left, text: Vec::new() });
        }
        spaced.push(block);
    }
    *blocks = spaced;
}

#[cfg(test)]
mod tests;
