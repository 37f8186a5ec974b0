//! Markdown as the tree that becomes Intercom's HTML.
//!
//! CommonMark, tables, GitHub's alerts, and HTML as far as Intercom keeps it, with every heading
//! carrying an id of ours. What Intercom would refuse or drop is a diagnostic with its place in the
//! file, before anything is sent; what it would change silently is rendered as the nearest thing
//! that it keeps. Nothing is lost without warning.
//!
//! Two steps: `source` makes elements with places of the Markdown, and the one reader makes the tree of them.
//! So what Markdown says and what HTML says are the same from there on.

mod check;
mod context;
pub(in crate::html) mod doc_link;
mod foreign;
pub mod heading;
mod image;
pub mod links;
mod output;
mod raw;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::OnceLock;

use crate::book::Book;
use crate::config::Spacing;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::html::tree::read::{self, Start};
use crate::html::tree::write;
use crate::html::tree::{Align, Block, Body, Run, for_each_heading, for_each_link_mut, plain};
use crate::intercom::model::State;
use crate::text::{DocPath, Span};
use check::Checks;
pub use context::{Context, Images};
use doc_link::DocLink;
use heading::{Targets, Written, anchor, is_anchor, shift_headings};
use links::{LinkTargets, Suggest};
pub(in crate::html) use source::OPTIONS;

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
    /// The other names that it gives them, each with the anchor of its heading.
    names: BTreeMap<String, String>,
    /// Its headings as targets of links, once somebody asked for them.
    headings: OnceLock<Targets>,
    /// The links that were taken to lead to the heading they name, as it was not known which ones that text has.
    pub(in crate::html) unread: Vec<DocLink>,
}

/// Renders Markdown. It never fails: what cannot be rendered is a diagnostic.
pub fn render(markdown: &str, context: Context<'_>) -> Rendered {
    render_with(markdown, Checks::new(context), context)
}

/// The same while the headings of other texts are not all known: see [`Rendered::unread`].
pub(in crate::html) fn render_early(markdown: &str, context: Context<'_>) -> Rendered {
    render_with(markdown, Checks::early(context), context)
}

fn render_with(markdown: &str, checks: Checks<'_>, context: Context<'_>) -> Rendered {
    let mut foreign = Vec::new();
    let look = &mut |events: &[source::Placed<'_>]| foreign = foreign::find(markdown, events, context);
    let written = source::write_and_look(markdown, context, look);
    let mut rendered = read_written(written, checks, context);
    rendered.diagnostics.append(&mut foreign);
    rendered.diagnostics.sort_by_key(|found| (found.severity, found.span.map(|span| span.start)));
    rendered
}

/// The tree of some Markdown alone, where nobody asks what is wrong with it.
pub fn body(markdown: &str, context: Context<'_>) -> Body {
    read_written(source::write(markdown, context), Checks::without_help(context), context).body
}

/// Reads what Markdown was written as. Its findings are in no order yet.
fn read_written(mut written: source::Written<'_>, checks: Checks<'_>, context: Context<'_>) -> Rendered {
    let read::Read { mut body, observer: mut checks, .. } = written.with_nodes(|nodes| read::read(nodes, checks));
    let mut diagnostics = std::mem::take(&mut written.diagnostics);
    let said = anchor(&mut body, context.headings);
    name_lost_anchors(&said, &mut checks, context);
    let headings = resolve_fragments(&mut body, &said.names, &mut checks, context);
    check_deep_headings(&mut body, &mut checks, context);
    check_skipped_levels(&mut checks, context);
    if diagnostics.iter().any(|found| found.id == "too-deep") {
        checks.diagnostics.retain(|found| found.id != "too-deep");
    }
    diagnostics.append(&mut checks.diagnostics);
    if context.spacing == Spacing::Paragraphs {
        spaced(&mut body.blocks);
    }
    if diagnostics.iter().any(|found| found.id == "too-deep") {
        // Its text was not rendered, which is no finding of its own.
        diagnostics.retain(|found| found.id != "empty-list");
    }
    let Written { ids: written_ids, names } = said;
    Rendered { body, diagnostics, images: checks.images, written_ids, names, headings, unread: checks.unread }
}

impl Rendered {
    /// Its headings as targets of links.
    pub(in crate::html) fn headings(&self) -> &Targets {
        self.headings.get_or_init(|| Targets::with_names(&self.body, self.names.clone()))
    }

    /// The HTML that is sent.
    pub fn html(&self) -> String {
        write::html(&self.body)
    }
}

/// A part of some Markdown that stands for itself: a paragraph, a list, a section with all in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::html) struct MarkdownSection {
    /// Where it is, without the empty lines and comments around it.
    pub span: Span,
    /// Its blocks in the body.
    pub blocks: Range<usize>,
}

/// Renders Markdown without spacing, and says which part of it became which blocks.
pub(in crate::html) fn outline(markdown: &str, context: Context<'_>) -> (Body, Vec<MarkdownSection>) {
    let context = Context { offset: 0, spacing: Spacing::None, ..context };
    let written = source::write(markdown, context);
    let mut starts = written.with_nodes(|nodes| read::read(nodes, Checks::new(context)).starts);
    let body = body(markdown, context);
    let ends = source::ends(markdown);
    // Unbalanced HTML is repaired by moving elements; such a one is a part of another.
    let mut last = None;
    starts.retain(|start| {
        last.is_none_or(|last| start.byte > last) && {
            last = Some(start.byte);
            true
        }
    });
    let mut parts: Vec<MarkdownSection> = Vec::new();
    for (index, Start { byte, blocks }) in starts.iter().copied().enumerate() {
        let past = Start { byte: markdown.len(), blocks: body.blocks.len() };
        let next = starts.get(index + 1).copied().unwrap_or(past);
        let before_next = &ends[..ends.partition_point(|end| *end <= next.byte)];
        let end = before_next.last().copied().filter(|end| *end > byte).unwrap_or(next.byte);
        match parts.last_mut() {
            // An element that became no block of its own is a part of the one before it.
            Some(part) if blocks == next.blocks || part.span.end > byte => {
                (part.span.end, part.blocks.end) = (end.max(part.span.end), next.blocks);
            }
            _ => parts.push(MarkdownSection { span: Span::new(byte, end), blocks: blocks..next.blocks }),
        }
    }
    if let Some(part) = parts.first_mut() {
        part.blocks.start = 0;
    }
    (body, parts)
}

/// The level of the shallowest heading as it is written.
pub(in crate::html) fn shallowest(markdown: &str, context: Context<'_>) -> Option<u8> {
    let written = source::write(markdown, Context { offset: 0, ..context });
    let checks = written.with_nodes(|nodes| read::read(nodes, Checks::new(context)).observer);
    checks.headings.iter().map(|(level, _)| *level).min()
}

impl LinkTargets {
    /// What the links of a book can lead to: its articles with their headings, and its folders.
    /// `state` is that of articles that say none.
    pub fn of(book: &Book, state: Option<State>) -> Self {
        Self::with_headings(book, state, targets_of)
    }
}

/// The headings of some Markdown, with the ids that do not hang on what Intercom has.
fn targets_of(markdown: &str, path: &DocPath) -> Targets {
    let (files, links) = (BTreeMap::new(), LinkTargets::default());
    let images = Images { files: &files, host: None };
    let context = Context { path, offset: 0, images, links: &links, spacing: Spacing::None, headings: &[] };
    let mut body = source::write(markdown, context).with_nodes(read::stored);
    let said = anchor(&mut body, &[]);
    Targets::with_names(&body, said.names)
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

/// Names each anchor that is not before a heading: nothing leads there.
fn name_lost_anchors(said: &Written, checks: &mut Checks<'_>, context: Context<'_>) {
    for (name, span) in std::mem::take(&mut checks.anchors) {
        if !said.names.contains_key(&name) && !said.ids.contains(&name) {
            let message = "Intercom drops anchors within text";
            checks.diagnostics.push(
                Diagnostic::warning("lost-tag", context.path, span, message)
                    .help("put it right before a heading, or link to a heading by its words"),
            );
        }
    }
}

/// Turns links to headings of this article into links to their anchors. Returns its headings, if they were needed.
fn resolve_fragments(
    body: &mut Body,
    names: &BTreeMap<String, String>,
    checks: &mut Checks<'_>,
    context: Context<'_>,
) -> OnceLock<Targets> {
    if checks.fragments.is_empty() {
        return OnceLock::new();
    }
    let targets = Targets::with_names(body, names.clone());
    for_each_link_mut(&mut body.blocks, &mut |link| {
        if let Some(target) = link.strip_prefix('#').and_then(|fragment| targets.find(fragment)) {
            *link = format!("#{}", target.id);
        }
    });
    for (address, span) in std::mem::take(&mut checks.fragments) {
        let fragment = address.trim_start_matches('#');
        if targets.find(fragment).is_none() {
            // An anchor of Intercom is near to no words.
            let is_looked_for = !is_anchor(fragment) && checks.suggest() == Suggest::Near;
            let near = if is_looked_for { did_you_mean(fragment, targets.slugs()) } else { None };
            if is_looked_for {
                checks.has_suggested();
            }
            let help = near.map(|help| help.replacen('`', "`#", 1)).unwrap_or_else(|| {
                "name a heading of this article: its words in lower case, with `-` for the spaces".to_owned()
            });
            // Live articles are full of these; such a link is sent as it is, and points nowhere.
            let message = format!("no heading of this article is `{address}`");
            checks.diagnostics.push(Diagnostic::warning("unknown-heading", context.path, span, message).help(help));
        }
    }
    targets.into()
}

/// Moves the headings so that the shallowest is level 1, as Intercom does (docs/intercom.md 3.3).
fn check_deep_headings(body: &mut Body, checks: &mut Checks<'_>, context: Context<'_>) {
    let shallowest = shift_headings(&mut body.blocks);
    if let Some((_, span)) = checks.headings.iter().find(|(level, _)| *level >= shallowest + 4) {
        let span: Span = *span;
        checks.diagnostics.push(
            Diagnostic::warning("deep-heading", context.path, span, "Intercom has four levels of headings")
                .help("this one is sent as the fourth; write the article flatter"),
        );
    }
}

/// Names each heading that is more than one level below the one before it.
fn check_skipped_levels(checks: &mut Checks<'_>, context: Context<'_>) {
    for pair in checks.headings.windows(2) {
        let ((before, _), (level, span)) = (pair[0], pair[1]);
        if level > before + 1 {
            let message = format!("a heading of level {level} is below one of level {before}");
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

/// An empty paragraph between two paragraphs, which otherwise are without a gap (docs/intercom.md 3.4).
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
