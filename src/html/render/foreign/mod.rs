//! What another system would have rendered, and Intercom shows as text.
//!
//! Looked for is what customers would see: text, without code, tags, addresses and what is escaped. So whatever
//! `pull` writes is honest, and so is every example in backticks.

mod alert;
mod blocks;
mod fix;
mod near;
mod rules;
mod shown;
mod signs;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use regex::Regex;

use super::context::Context;
use super::source::Placed;
use crate::diagnostic::{Diagnostic, Fix, Id};
use crate::text::Span;
use rules::{Place, RULES, Rule};
use shown::{CODE, Shown, quoted};
use signs::{Hit, Signs};

/// The signs as a writer writes them: code is in backticks there.
static WRITTEN: LazyLock<Signs> =
    LazyLock::new(|| Signs::of(signs().map(|(at, sign)| (at, sign.replace(CODE, "`").into()))));

/// The signs as they are in what is shown.
static VISIBLE: LazyLock<Signs> = LazyLock::new(|| Signs::of(signs().map(|(at, sign)| (at, sign.into()))));

/// Every sign, with the place of its rule.
fn signs() -> impl Iterator<Item = (usize, &'static str)> {
    RULES.iter().enumerate().flat_map(|(at, rule)| rule.signs.iter().map(move |sign| (at, *sign)))
}

/// The pattern of each rule, made when it is first looked for.
static PATTERNS: LazyLock<Vec<OnceLock<Option<Regex>>>> =
    LazyLock::new(|| RULES.iter().map(|_| OnceLock::new()).collect());

/// A place that a rule fits.
struct Found {
    rule: &'static Rule,
    range: Range<usize>,
}

/// Signs of what has a file of its own here: blocks, and what is nearly Markdown.
const NEAR: [&str; 18] = [
    ":::", "!!!", "???", "{%", "> [", ">[", "![", "[!", "[[", "**", "```", "~~~", "|", "}", ">\n#", ">\r\n#", ">\n[",
    ">\r\n[",
];
static NEAR_SIGNS: LazyLock<Signs> = LazyLock::new(|| Signs::of(NEAR.map(|sign| (0, sign.into()))));

/// Everything foreign in some Markdown, of which these are the events.
pub(super) fn find(markdown: &str, events: &[Placed<'_>], context: Context<'_>) -> Vec<Diagnostic> {
    let has_signs = WRITTEN.is_in(markdown);
    if !has_signs && !NEAR_SIGNS.is_in(markdown) {
        return Vec::new();
    }
    let shown = Shown::of(markdown, events);
    let (mut named, claimed) = special(markdown, &shown, context);
    let mut found = Vec::new();
    let mut weak = Vec::new();
    let hits = if has_signs { VISIBLE.find(&shown.text) } else { Vec::new() };
    for hits in hits.chunk_by(|one, other| one.rule == other.rule) {
        let rule = &RULES[hits[0].rule];
        let Some(pattern) = PATTERNS[hits[0].rule].get_or_init(|| Regex::new(rule.pattern).ok()) else { continue };
        let to = if rule.place == Place::Company { &mut weak } else { &mut found };
        let pieces = match rule.place {
            Place::Line => &shown.lines,
            Place::Text | Place::Company => &shown.leaves,
        };
        for piece in pieces_with(hits, pieces) {
            matches(&shown, pattern, rule, piece, to);
        }
    }
    // What may be meant is foreign where the same file has what cannot be.
    let strong: BTreeSet<Id> = found.iter().map(|found| found.rule.id).collect();
    found.extend(weak.into_iter().filter(|weak| strong.contains(weak.rule.id)));
    for found in outermost(found) {
        let span = Span::from(found.range.clone()).shifted(context.offset);
        let after = claimed.partition_point(|other| other.end <= span.start);
        let is_claimed = claimed.get(after).is_some_and(|other| other.start < span.end);
        if !is_claimed {
            named.push(diagnostic(markdown, &found, context));
        }
    }
    named
}

/// A fix with its places in the file.
fn moved(fix: Option<Fix>, context: Context<'_>) -> Option<Fix> {
    let mut fix = fix?;
    fix.splices.iter_mut().for_each(|splice| splice.span = splice.span.shifted(context.offset));
    Some(fix)
}

/// Blocks, and what is nearly Markdown; and the places of which nothing more is said, in order.
fn special(markdown: &str, shown: &Shown<'_>, context: Context<'_>) -> (Vec<Diagnostic>, Vec<Span>) {
    let span = |range: Range<usize>| Some(Span::from(range).shifted(context.offset));
    let mut named = Vec::new();
    let mut claimed = Vec::new();
    for block in blocks::find(markdown, shown) {
        claimed.extend(block.end.clone().and_then(span));
        let written = quoted(&markdown[block.line.clone()]);
        let message = format!("`{written}` is {}: customers would see it as text", block.whose);
        let finding = Diagnostic::error("foreign-block", context.path, span(block.line), message);
        named.push(finding.help(rules::ALERT).fix(moved(block.fix, context)));
    }
    for near in near::find(markdown, shown) {
        let finding = Diagnostic::new(near.id, near.severity, context.path, span(near.range), near.message);
        named.push(finding.help(near.help).fix(moved(near.fix, context)));
    }
    for (range, fix) in fix::names(shown, context) {
        let message =
            format!("`{}` is {}: customers would see it as text", quoted(&markdown[range.clone()]), rules::WIKI);
        let finding = Diagnostic::error("wiki-link", context.path, span(range), message);
        named.push(finding.help(rules::NO_LINK).fix(moved(Some(fix), context)));
    }
    claimed.extend(named.iter().filter_map(|finding| finding.span));
    claimed.sort();
    claimed.dedup_by(|next, last| {
        let is_within = next.start < last.end;
        last.end = if is_within { last.end.max(next.end) } else { last.end };
        is_within
    });
    (named, claimed)
}

/// The pieces of text that hold one of these signs. Both are in the order of the text.
fn pieces_with<'p>(hits: &'p [Hit], pieces: &'p [Range<usize>]) -> impl Iterator<Item = Range<usize>> + 'p {
    let mut next = 0;
    hits.iter().filter_map(move |hit| {
        next += pieces[next..].partition_point(|piece| piece.end <= hit.at);
        let piece = pieces.get(next).filter(|piece| piece.start <= hit.at)?;
        next += 1;
        Some(piece.clone())
    })
}

fn matches(shown: &Shown<'_>, pattern: &Regex, rule: &'static Rule, within: Range<usize>, to: &mut Vec<Found>) {
    for captures in pattern.captures_iter(&shown.text[within.clone()]) {
        let Some(found) = captures.get(1).or_else(|| captures.get(0)) else { continue };
        to.push(Found { rule, range: within.start + found.start()..within.start + found.end() });
    }
}

/// Of places that overlap the first rule speaks, and of these the one that begins first.
fn outermost(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|found| (found.range.start, std::cmp::Reverse(found.range.end)));
    let mut end = 0;
    found.retain(|found| {
        let is_first = found.range.start >= end;
        end = end.max(found.range.end);
        is_first
    });
    found
}

fn diagnostic(markdown: &str, found: &Found, context: Context<'_>) -> Diagnostic {
    let Found { rule, range } = found;
    let span = Span::from(range.clone()).shifted(context.offset);
    let message = format!("`{}` is {}: customers would see it as text", quoted(&markdown[range.clone()]), rule.whose);
    let fix = moved(rule.means().fix(markdown, range.clone(), context), context);
    Diagnostic::new(rule.id, rule.severity, context.path, span, message).help(rule.help).fix(fix)
}

#[cfg(test)]
mod tests;
