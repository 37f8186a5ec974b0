//! A live text taken into a Markdown file, so that only what changed changes.
//!
//! The file is split into the parts that became blocks, and those are laid beside the live blocks.
//! What is equal keeps every byte. What changed is carried over word by word; what came is written
//! in the style around it; what moved takes its own bytes along. The result is rendered and has to
//! be the live text; where it is not, whole parts are written again, at last all of them.

mod patch;
mod words;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use pulldown_cmark::Parser;
use similar::{Algorithm, DiffOp};

use crate::config::Spacing;
use crate::html::compare::align::{MOST_PAIRS, Words, pairs};
use crate::html::compare::block_diff::words_of;
use crate::html::compare::canonical::{keys, shown_html};
use crate::html::compare::markdown::{Verify, part, prepared, whole};
use crate::html::render;
use crate::html::render::{Context, MarkdownSection, OPTIONS, outline, shallowest};
use crate::html::tree::{Align, Block, Body, Run, for_each_block_mut, for_each_link_mut};
use crate::sequence::operations;
use patch::{Edits, edited, patch};

/// Gives the address of a link or an image as a file writes it, where that is another way.
pub type Names<'n> = &'n dyn Fn(Address<'_>) -> Option<String>;

/// An address, by what it is of.
#[derive(Debug, Clone, Copy)]
pub enum Address<'a> {
    /// A link's.
    Link(&'a str),
    /// An image's.
    Image(&'a str),
}

/// Markdown that renders to a live text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spliced {
    /// The Markdown.
    pub text: String,
    /// How much of it is new.
    pub how: Extent,
}

/// How much of a text is written again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Only what changed.
    Parts,
    /// All of it: nothing less renders to the live text.
    Whole,
}

/// Changes Markdown so that it renders to a live text, and nothing else in it.
pub fn splice(markdown: &str, live: &Body, context: Context<'_>, names: Names<'_>) -> Spliced {
    let little = |text: String| Spliced { text, how: Extent::Parts };
    if markdown.contains("\r\n") && !markdown.replace("\r\n", "").contains(['\n', '\r']) {
        let Spliced { text, how } = splice(&markdown.replace("\r\n", "\n"), live, context, names);
        return Spliced { text: text.replace('\n', "\r\n"), how };
    }
    let context = Context { offset: 0, spacing: Spacing::None, ..context };
    let wanted = shown_html(live);
    let is_right = |text: &str| shown_html(&render::body(text, context)) == wanted;
    if is_right(markdown) {
        return little(markdown.to_owned());
    }
    let links = with_links(markdown, live, context);
    let theirs = Side::new(live, names);
    for source in [links.as_deref(), Some(markdown)].into_iter().flatten() {
        let (body, parts) = outline(source, context);
        let ours = Side::new(&body, names);
        let (definitions, below) = (definitions(source), below(source, context));
        let file = File { source, context, definitions, ours, parts, below };
        for way in [Granularity::Words, Granularity::Parts] {
            if let Some(text) = file.with(&theirs, way).filter(|text| is_right(text)) {
                return little(text);
            }
        }
    }
    let text = theirs.text(0..theirs.blocks.len(), 1);
    let gap = &markdown[..markdown.len() - markdown.trim_start_matches(['\n', '\r']).len()];
    Spliced { text: format!("{gap}{text}"), how: Extent::Whole }
}

/// The Markdown of a whole live text, for a file that is not there yet.
pub fn fresh(live: Body, names: Names<'_>, look: Verify) -> String {
    let mut side = Side::of(prepared(live), names);
    match look {
        Verify::AtOnce => side.text(0..side.blocks.len(), 1),
        Verify::Later => {
            let text = whole(std::mem::take(&mut side.blocks), 1);
            side.with_paths(&text)
        }
    }
}

/// How a changed part is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Granularity {
    /// Only the changed words.
    Words,
    /// As a whole.
    Parts,
}

/// One of the two texts, ready to be written in parts.
struct Side {
    /// The blocks with their own addresses, and with paths in their place.
    addressed: Vec<Block>,
    blocks: Vec<Block>,
    /// Each block as it counts; nothing for one that does not.
    keys: Vec<Option<Box<str>>>,
    /// The paths that stand for addresses while Markdown is made of it.
    paths: Vec<String>,
}

impl Side {
    fn new(body: &Body, names: Names<'_>) -> Self {
        let prepared = prepared(body.clone());
        let addressed = prepared.blocks.clone();
        Self { addressed, keys: keys(body), ..Self::of(prepared, names) }
    }

    /// One that is written and compared with nothing, so that neither keys nor addresses are kept.
    fn of(mut body: Body, names: Names<'_>) -> Self {
        let mut paths = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut stand_in = |address: &mut String, path: Option<String>| {
            if let Some(path) = path {
                // One path has one stand-in, so that the runs of a link still are one link.
                let at = *known.entry(path).or_insert_with_key(|path| {
                    paths.push(path.clone());
                    paths.len() - 1
                });
                *address = held(at);
            }
        };
        for_each_link_mut(&mut body.blocks, &mut |link| {
            let path = names(Address::Link(link));
            stand_in(link, path);
        });
        for_each_block_mut(&mut body.blocks, &mut |block| {
            if let Block::Image { image, .. } = block {
                let path = names(Address::Image(&image.src));
                stand_in(&mut image.src, path);
            }
        });
        Self { addressed: Vec::new(), blocks: body.blocks, keys: Vec::new(), paths }
    }

    /// Some of its blocks as Markdown.
    fn text(&self, blocks: Range<usize>, below: u8) -> String {
        self.with_paths(&part(&self.blocks[blocks], below))
    }

    /// Markdown with the paths in place of what stands for them.
    fn with_paths(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(HELD) {
            let path = |(at, after): (&str, _)| Some((self.paths.get(at.parse::<usize>().ok()?)?.as_str(), after));
            let (written, after) = after.split_once('/').and_then(path).unwrap_or((HELD, after));
            out.push_str(before);
            out.push_str(written);
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// The blocks that count.
    fn counted(&self) -> Vec<usize> {
        (0..self.blocks.len()).filter(|at| self.keys[*at].is_some()).collect()
    }
}

/// An address that no article has, and that Markdown needs no escapes for.
fn held(at: usize) -> String {
    format!("{HELD}{at}/")
}

const HELD: &str = "https://path.invalid/";

/// The level of the shallowest heading as it is written, without one.
fn below(markdown: &str, context: Context<'_>) -> u8 {
    let Some(level) = shallowest(markdown, context) else { return 1 };
    level.saturating_sub(1)
}

struct File<'t> {
    source: &'t str,
    context: Context<'t>,
    /// Where its links lead that are defined apart.
    definitions: String,
    ours: Side,
    parts: Vec<MarkdownSection>,
    below: u8,
}

/// What becomes of the parts of a file, in the order of the live text.
#[derive(Debug)]
enum Step {
    /// A part stays.
    Keep,
    /// A part is these live blocks now.
    Change(usize, Range<usize>),
    /// A part goes.
    Delete(usize),
    /// Live blocks come before the part with this number.
    Insert(usize, Range<usize>),
}

impl File<'_> {
    fn with(&self, theirs: &Side, way: Granularity) -> Option<String> {
        let steps = self.steps(theirs);
        let gone: BTreeMap<Vec<&str>, &str> = steps
            .iter()
            .filter_map(|step| match step {
                Step::Delete(at) => Some((self.key_of(*at), &self.source[self.parts[*at].span.range()])),
                _ => None,
            })
            .collect();
        let mut edits: Edits = Vec::new();
        for step in &steps {
            match step {
                Step::Keep => {}
                Step::Delete(at) => edits.push((self.with_gap(*at), String::new())),
                Step::Change(at, blocks) => {
                    let span = self.parts[*at].span.range();
                    edits.push((span, self.changed(*at, theirs, blocks.clone(), way)));
                }
                Step::Insert(before, blocks) => {
                    let key: Vec<&str> = theirs.keys[blocks.clone()].iter().flatten().map(AsRef::as_ref).collect();
                    let text = match gone.get(&key) {
                        Some(moved) => (*moved).to_owned(),
                        None => {
                            let text = theirs.text(blocks.clone(), self.below);
                            let neighbours = before.checked_sub(1).into_iter().chain([*before]);
                            self.beside(text.trim_end(), neighbours)
                        }
                    };
                    edits.push(self.inserted(*before, &text));
                }
            }
        }
        self.apart(edits).map(|edits| edited(self.source, &edits))
    }

    /// The edits in order and apart; nothing where two of them want the same bytes.
    fn apart(&self, mut edits: Edits) -> Option<Edits> {
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut apart: Edits = Vec::new();
        for (range, text) in edits {
            match apart.last_mut() {
                // Two parts that go take the gap between them along.
                Some((before, gone)) if gone.is_empty() && text.is_empty() && before.end >= range.start => {
                    before.end = before.end.max(range.end);
                }
                Some((before, _)) if before.end > range.start => return None,
                _ => apart.push((range, text)),
            }
        }
        // What goes at the end takes the gap before it.
        let before = apart.iter().rev().nth(1).map_or(0, |(range, _)| range.end);
        if let Some((range, text)) = apart.last_mut()
            && text.is_empty()
            && self.source[range.end..].trim().is_empty()
        {
            range.start = self.source[..range.start].trim_end_matches('\n').len().max(before);
        }
        Some(apart)
    }

    /// Lays the blocks of both sides beside each other, and makes of that what becomes of each part.
    fn steps(&self, theirs: &Side) -> Vec<Step> {
        let (ours_at, theirs_at) = (self.ours.counted(), theirs.counted());
        let key = |side: &Side, at: &[usize]| at.iter().map(|at| side.keys[*at].clone()).collect::<Vec<_>>();
        let ops = operations(Algorithm::Patience, &key(&self.ours, &ours_at), &key(theirs, &theirs_at));
        // The live block that each of our blocks is.
        let mut twin: BTreeMap<usize, usize> = BTreeMap::new();
        for op in &ops {
            if let DiffOp::Equal { old_index, new_index, len } = *op {
                twin.extend((0..len).map(|step| (ours_at[old_index + step], new_index + step)));
            }
        }
        // Blocks of one part stay together, or the part is not equal.
        let kept: Vec<Option<Range<usize>>> = self
            .parts
            .iter()
            .map(|part| {
                let blocks = part.blocks.clone().filter(|at| self.ours.keys[*at].is_some());
                let twins: Vec<usize> = blocks.clone().filter_map(|at| twin.get(&at).copied()).collect();
                let first = *twins.first()?;
                let is_whole = twins.len() == blocks.count() && twins.iter().copied().eq(first..first + twins.len());
                is_whole.then(|| first..first + twins.len())
            })
            .collect();
        let mut steps = Vec::new();
        let (mut part, mut block) = (0, 0);
        loop {
            let next = (part..self.parts.len()).find(|at| kept[*at].is_some());
            let (part_end, block_end) = match next {
                Some(at) => (at, kept[at].as_ref().map_or(block, |range| range.start)),
                None => (self.parts.len(), theirs_at.len()),
            };
            self.between(part..part_end, &theirs_at[block..block_end], theirs, &mut steps);
            let Some(at) = next else { return steps };
            steps.push(Step::Keep);
            (part, block) = (at + 1, kept[at].as_ref().map_or(block_end, |range| range.end));
        }
    }

    /// Parts that are not equal, and the live blocks in their place: pairs that are alike are one
    /// part, changed.
    fn between(&self, parts: Range<usize>, blocks: &[usize], theirs: &Side, steps: &mut Vec<Step>) {
        let whole = |at: &[usize]| at.first().map_or(0..0, |first| *first..at[at.len() - 1] + 1);
        let counted = |at: usize| self.parts[at].blocks.clone().filter(|at| self.ours.keys[*at].is_some());
        // A part that shows nothing is nobody's change.
        let shown: Vec<usize> = parts.clone().filter(|at| counted(*at).next().is_some()).collect();
        let words: Vec<Words<'_>> =
            shown.iter().map(|at| words_of(counted(*at).map(|at| &self.ours.blocks[at]))).collect();
        let words_at =
            |start: usize, width: usize| words_of(blocks[start..].iter().take(width).map(|at| &theirs.blocks[*at]));
        let alone: Vec<Words<'_>> = (0..blocks.len()).map(|start| words_at(start, 1)).collect();
        let likeness = |index: usize, start: usize| {
            if !self.is_kin(shown[index], &theirs.blocks[blocks[start]]) {
                return 0;
            }
            match counted(shown[index]).count() {
                1 => words[index].likeness(&alone[start]),
                width => words[index].likeness(&words_at(start, width)),
            }
        };
        // A part of many blocks is as much to compare as so many parts of one.
        let width: usize = shown.iter().map(|at| counted(*at).count()).sum();
        let is_little = width * blocks.len() <= MOST_PAIRS;
        let mut pairs = if is_little { pairs(0..shown.len(), 0..blocks.len(), likeness) } else { Vec::new() };
        // Side by side and alone: one block that became another.
        if let ([at], [_, ..]) = (shown.as_slice(), blocks)
            && pairs.is_empty()
            && parts.len() == 1
            && counted(*at).count() == blocks.len()
            && self.is_kin(*at, &theirs.blocks[blocks[0]])
        {
            pairs.push((0, 0));
        }
        let mut pairs = pairs.into_iter().map(|(index, start)| (shown[index], start)).peekable();
        let mut next = 0;
        for at in parts.clone() {
            if shown.binary_search(&at).is_err() {
                steps.push(Step::Keep);
                continue;
            }
            let Some((_, start)) = pairs.next_if(|(part, _)| *part == at) else {
                steps.push(Step::Delete(at));
                continue;
            };
            self.come(at, &blocks[next..start], steps);
            let width = counted(at).count();
            let is_last = width > 1 && at + 1 == parts.end;
            let past = pairs.peek().map_or(blocks.len(), |(_, start)| *start);
            let end = if is_last { blocks.len() } else { (start + width).min(past) };
            steps.push(Step::Change(at, whole(&blocks[start..end])));
            next = end;
        }
        self.come(parts.end, &blocks[next..], steps);
    }

    /// Blocks that come before a part. Where the part above goes, the first of them takes its place.
    fn come(&self, before: usize, blocks: &[usize], steps: &mut Vec<Step>) {
        for block in blocks {
            let blocks = *block..block + 1;
            match steps.last_mut() {
                Some(step @ Step::Delete(_)) => {
                    if let Step::Delete(at) = *step {
                        *step = Step::Change(at, blocks);
                    }
                }
                _ => steps.push(Step::Insert(before, blocks)),
            }
        }
    }

    /// Whether a part begins with a block of the same kind.
    fn is_kin(&self, part: usize, theirs: &Block) -> bool {
        let first = self.parts[part].blocks.clone().find(|at| self.ours.keys[*at].is_some());
        first.is_some_and(|at| std::mem::discriminant(&self.ours.blocks[at]) == std::mem::discriminant(theirs))
    }

    fn key_of(&self, part: usize) -> Vec<&str> {
        self.ours.keys[self.parts[part].blocks.clone()].iter().flatten().map(AsRef::as_ref).collect()
    }

    /// A part with the live text.
    fn changed(&self, at: usize, theirs: &Side, blocks: Range<usize>, way: Granularity) -> String {
        let part = &self.parts[at];
        let styled = &self.source[part.span.range()];
        if let (Some(Block::Code { .. }), [Block::Code { text }]) =
            (self.ours.blocks.get(part.blocks.start), &theirs.blocks[blocks.clone()])
            && let Some(code) = with_code(styled, text)
        {
            return code;
        }
        let new = theirs.text(blocks.clone(), self.below);
        let patched = match way {
            Granularity::Words => patch(&format!("{styled}\n"), &self.ours.text(part.blocks.clone(), self.below), &new),
            Granularity::Parts => None,
        };
        let is_right = |text: &String| self.keys_of(text) == keys_below_a_heading(&theirs.addressed[blocks.clone()]);
        match patched.filter(is_right) {
            Some(patched) => patched.trim_end_matches('\n').to_owned(),
            None => self.beside(new.trim_end_matches('\n'), at.checked_sub(1).into_iter().chain([at + 1])),
        }
    }

    /// A new text with another sign for its list than the lists beside it have: two of one sign
    /// would be one list.
    fn beside(&self, text: &str, neighbours: impl Iterator<Item = usize>) -> String {
        let sign = |text: &str| patch::list_sign(text);
        let Some(own) = sign(text) else { return text.to_owned() };
        let mut near = neighbours.filter_map(|at| sign(&self.source[self.parts.get(at)?.span.range()]));
        if !near.any(|near| near == own) {
            return text.to_owned();
        }
        let lines = text.lines().map(|line| match (own, sign(line)) {
            ('-', Some('-')) => line.replacen('-', "*", 1),
            ('*', Some('*')) => line.replacen('*', "-", 1),
            ('.', Some('.')) => line.replacen('.', ")", 1),
            (')', Some(')')) => line.replacen(')', ".", 1),
            _ => line.to_owned(),
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The keys of a part alone, below a heading that keeps the levels of its own.
    fn keys_of(&self, part: &str) -> Vec<Option<Box<str>>> {
        let signs = "#".repeat(usize::from(self.below) + 1);
        let text = format!("{signs} {HEADING}\n\n{part}\n\n{}", self.definitions);
        keys(&outline(&text, self.context).0)
    }

    /// A part with the empty lines between it and what follows.
    fn with_gap(&self, at: usize) -> Range<usize> {
        let span = self.parts[at].span.range();
        let after = &self.source[span.end..];
        let gap = after.len() - after.trim_start_matches(['\n', ' ']).len();
        if gap < after.len() {
            // An indent belongs to what follows.
            let gap = after[..gap].rfind('\n').map_or(gap, |line| line + 1);
            return span.start..span.end + gap;
        }
        span
    }

    /// Where a new part is: right below the one before it, apart by an empty line.
    fn inserted(&self, before: usize, text: &str) -> (Range<usize>, String) {
        let above = before.checked_sub(1).map(|at| self.parts[at].span.end);
        match (above, self.parts.first()) {
            (Some(end), _) => (end..end, format!("\n\n{text}")),
            (None, Some(first)) => (first.span.start..first.span.start, format!("{text}\n\n")),
            (None, None) => {
                let end = self.source.trim_end().len();
                let gap = if end == 0 { "" } else { "\n\n" };
                let last = if self.source.ends_with('\n') && end > 0 { "" } else { "\n" };
                (end..end, format!("{gap}{text}{last}"))
            }
        }
    }
}

const HEADING: &str = "a heading of its own";

fn keys_below_a_heading(blocks: &[Block]) -> Vec<Option<Box<str>>> {
    let text = vec![Run::text(HEADING)];
    let heading = Block::Heading { level: 1, id: None, align: Align::Left, text };
    keys(&Body { blocks: std::iter::once(heading).chain(blocks.iter().cloned()).collect() })
}

/// The lines that define links.
fn definitions(markdown: &str) -> String {
    let parser = Parser::new_ext(markdown, OPTIONS);
    let spans = parser.reference_definitions().iter().map(|(_, definition)| definition.span.clone());
    let mut spans: Vec<Range<usize>> = spans.collect();
    spans.sort_by_key(|span| span.start);
    spans.into_iter().map(|span| &markdown[span]).collect::<Vec<_>>().join("\n")
}

/// A fenced block of code with other code between its fences.
fn with_code(styled: &str, code: &str) -> Option<String> {
    let (first, rest) = styled.split_once('\n')?;
    let sign = first.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let fence = first.chars().take_while(|c| *c == sign).count();
    let last = rest.lines().next_back()?;
    let is_fence = |line: &str| line.trim().chars().take_while(|c| *c == sign).count() >= fence;
    if fence < 3 || !is_fence(last) || code.lines().any(is_fence) {
        return None;
    }
    let gap = if code.is_empty() { "" } else { "\n" };
    Some(format!("{first}\n{code}{gap}{last}"))
}

/// The Markdown with other addresses where links are defined, if the links of both texts are the
/// same but for those.
fn with_links(markdown: &str, live: &Body, context: Context<'_>) -> Option<String> {
    let links = |body: &Body| {
        let mut found = Vec::new();
        for_each_link_mut(&mut prepared(body.clone()).blocks, &mut |link| found.push(link.clone()));
        found
    };
    let (ours, theirs) = (links(&outline(markdown, context).0), links(live));
    if ours.len() != theirs.len() {
        return None;
    }
    let mut edits = Vec::new();
    let parser = Parser::new_ext(markdown, OPTIONS);
    for (_, definition) in parser.reference_definitions().iter() {
        let old = definition.dest.as_ref();
        let mut new = ours.iter().zip(&theirs).filter(|(ours, _)| *ours == old).map(|(_, theirs)| theirs);
        let Some(first) = new.next().filter(|first| *first != old) else { continue };
        let written = &markdown[definition.span.clone()];
        if new.all(|other| other == first)
            && let Some(at) = written.rfind(old)
        {
            let start = definition.span.start + at;
            edits.push((start..start + old.len(), first.clone()));
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    (!edits.is_empty()).then(|| edited(markdown, &edits))
}

#[cfg(test)]
mod tests;
