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

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::Regex;

use super::context::Context;
use super::source::Placed;
use crate::diagnostic::{Diagnostic, Fix, Id};
use crate::text::Span;
use rules::{Place, RULES, Rule};
use shown::{CODE, Shown, quoted};

/// Signs of the rules, to be looked for at once, and the rule of each.
struct Signs {
    all: Option<AhoCorasick>,
    rules: Vec<usize>,
}

impl Signs {
    fn of(kind: AhoCorasickKind, written: fn(&str) -> String) -> Self {
        let each =
            RULES.iter().enumerate().flat_map(|(at, rule)| rule.signs.iter().map(move |sign| (at, written(sign))));
        let (rules, signs): (Vec<usize>, Vec<String>) = each.unzip();
        let all = AhoCorasick::builder().kind(Some(kind)).build(signs).ok();
        Self { all, rules }
    }

    /// The rules of which a sign is in a text.
    fn candidates(&self, text: &str) -> BTreeSet<usize> {
        let found = self.all.iter().flat_map(|all| all.find_overlapping_iter(text));
        found.map(|found| self.rules[found.pattern().as_usize()]).collect()
    }
}

/// The signs as a writer writes them: code is in backticks there. Of most texts it reads a line, so what is made soon is
/// fast enough.
static WRITTEN: LazyLock<Signs> =
    LazyLock::new(|| Signs::of(AhoCorasickKind::ContiguousNFA, |sign| sign.replace(CODE, "`")));

/// The signs as they are in what is shown. Most texts are read by it: the largest automaton is the fastest.
static VISIBLE: LazyLock<Signs> = LazyLock::new(|| Signs::of(AhoCorasickKind::DFA, str::to_owned));

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
static NEAR_SIGNS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(NEAR).ok());

/// Everything foreign in some Markdown, of which these are the events.
pub(super) fn find(markdown: &str, events: &[Placed<'_>], context: Context<'_>) -> Vec<Diagnostic> {
    let is_near = || NEAR_SIGNS.as_ref().is_some_and(|signs| signs.is_match(markdown));
    let has_signs = WRITTEN.all.as_ref().is_some_and(|all| all.is_match(markdown));
    if !has_signs && !is_near() {
        return Vec::new();
    }
    let shown = Shown::of(markdown, events);
    let (mut named, claimed) = special(markdown, &shown, context);
    let mut found = Vec::new();
    let mut weak = Vec::new();
    let candidates = if has_signs { VISIBLE.candidates(&shown.text) } else { BTreeSet::new() };
    for at in candidates {
        let rule = &RULES[at];
        let Some(pattern) = PATTERNS[at].get_or_init(|| Regex::new(rule.pattern).ok()) else { continue };
        let to = if rule.place == Place::Company { &mut weak } else { &mut found };
        match rule.place {
            Place::Line => {
                for line in &shown.lines {
                    matches(&shown, pattern, rule, line.clone(), to);
                }
            }
            Place::Text | Place::Company => {
                for leaf in &shown.leaves {
                    matches(&shown, pattern, rule, leaf.clone(), to);
                }
            }
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
