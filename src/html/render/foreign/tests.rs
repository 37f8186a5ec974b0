//! Foreign texts and honest ones, all of our own wording, in every position.

use std::collections::BTreeMap;

use proptest::prelude::*;
use pulldown_cmark::Parser;

use super::super::source::OPTIONS;
use super::*;
use crate::book::fix::fixed;
use crate::config::Spacing;
use crate::diagnostic::Severity;
use crate::html::render::{Images, LinkTargets};
use crate::text::DocPath;

/// What is found in a text, rendered as an article would be.
fn found(markdown: &str) -> Vec<Diagnostic> {
    with_context(|context| super::super::render(markdown, context).diagnostics)
}

fn foreign(markdown: &str) -> Vec<Diagnostic> {
    let events: Vec<_> = Parser::new_ext(markdown, OPTIONS).into_offset_iter().collect();
    with_context(|context| find(markdown, &events, context))
}

fn with_context<T>(act: impl FnOnce(Context<'_>) -> T) -> T {
    let (path, files, links) = (DocPath::new("a.md"), BTreeMap::new(), LinkTargets::default());
    let images = Images { files: &files, host: None };
    act(Context { path: &path, offset: 0, images, links: &links, spacing: Spacing::None, headings: &[] })
}

/// The cases: what has to come out, and the text.
fn cases() -> Vec<(String, String)> {
    let text = include_str!("../../../../tests/foreign/cases.jsonl");
    let case = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| value[name].as_str().unwrap().to_owned();
        (text("expect"), text("markdown"))
    };
    text.lines().map(case).collect()
}

/// Findings that other rooms make of the same texts, which are no matter here.
const OTHERS: [&str; 8] = [
    "missing-alt",
    "missing-article",
    "relative-link",
    "unknown-heading",
    "missing-image",
    "local-image",
    "skipped-heading",
    "link-scheme",
];

#[test]
fn every_pattern_is_one() {
    for rule in RULES {
        Regex::new(rule.pattern).unwrap_or_else(|error| panic!("{}: {error}", rule.pattern));
    }
}

#[test]
fn every_match_is_in_a_piece_of_text_that_has_a_sign() {
    let mut found = 0;
    let patterns: Vec<Regex> = RULES.iter().map(|rule| Regex::new(rule.pattern).unwrap()).collect();
    let cases: Vec<String> = cases().into_iter().map(|(_, markdown)| markdown).collect();
    let together = cases.join("\n\n");
    let cased = [together.to_uppercase(), together.to_lowercase(), together];
    for markdown in cases.into_iter().chain(cased) {
        let events: Vec<_> = Parser::new_ext(&markdown, OPTIONS).into_offset_iter().collect();
        let shown = Shown::of(&markdown, &events);
        let hits = VISIBLE.find(&shown.text);
        for (at, rule) in RULES.iter().enumerate() {
            let pieces = if rule.place == Place::Line { &shown.lines } else { &shown.leaves };
            let hits: Vec<Hit> = hits.iter().copied().filter(|hit| hit.rule == at).collect();
            let with_signs: Vec<_> = pieces_with(&hits, pieces).collect();
            for piece in pieces.iter().filter(|piece| patterns[at].is_match(&shown.text[(*piece).clone()])) {
                assert!(with_signs.contains(piece), "{}: {:?}", rule.pattern, &shown.text[piece.clone()]);
                found += 1;
            }
        }
    }
    assert!(found > 0);
}

#[test]
fn what_is_foreign_is_named_and_what_is_honest_is_not() {
    let mut wrong = Vec::new();
    for (expect, markdown) in cases() {
        let is_right = match expect.as_str() {
            "none" => foreign(&markdown).is_empty(),
            _ => found(&markdown)
                .iter()
                .any(|one| !OTHERS.contains(&one.id) && (expect == "warning" || one.severity == Severity::Error)),
        };
        if !is_right {
            let ids: Vec<_> = found(&markdown).iter().map(|one| one.id).collect();
            wrong.push(format!("{expect}: {markdown:?} gives {ids:?}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn nothing_is_found_in_code() {
    let mut wrong = Vec::new();
    for (_, markdown) in cases() {
        let fence = if markdown.contains("````") { "``````" } else { "`````" };
        let indented: String = markdown.lines().map(|line| format!("    {line}\n")).collect();
        for code in [format!("Text:\n\n{fence}text\n{markdown}\n{fence}\n"), format!("Text:\n\n{indented}")] {
            wrong.extend((!foreign(&code).is_empty()).then_some(code));
        }
        if !markdown.contains(['`', '\n']) && !markdown.trim().is_empty() {
            let span = format!("It is written ``{markdown}`` there.");
            wrong.extend((!foreign(&span).is_empty()).then_some(span));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// The fixes of a text, as `check --fix` carries them out.
fn fixed_once(markdown: &str) -> String {
    let findings = foreign(markdown);
    fixed(markdown, findings.iter().filter_map(|finding| finding.fix.as_ref())).0
}

/// The words that are neither marks nor the names of blocks.
fn words(markdown: &str) -> Vec<String> {
    let is_name = |word: &str| {
        let lower = word.to_lowercase();
        alert::meant(&lower).is_some()
            || [
                "hint", "endhint", "callout", "endnote", "style", "type", "title", "icon", "class", "b", "summary",
                "open", "inline", "end",
            ]
            .contains(&lower.as_str())
    };
    let markdown = markdown.replace("%20", " ");
    let words = markdown.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && !is_name(word));
    words.map(str::to_owned).collect()
}

#[test]
fn a_fix_is_done_once_and_keeps_the_words() {
    for (_, markdown) in cases() {
        let once = fixed_once(&markdown);
        assert_eq!(fixed_once(&once), once, "{markdown}");
        if once != markdown {
            let (before, after) = (words(&markdown), words(&once));
            let is_kept = after.iter().all(|word| before.contains(word)) && after.len() + 6 > before.len();
            assert!(is_kept, "{markdown}\n{once}\n{before:?}\n{after:?}");
        }
    }
}

#[track_caller]
fn check_fix(before: &str, after: &str) {
    assert_eq!(fixed_once(before), after);
    assert_eq!(foreign(after).len(), 0, "{after}");
}

#[test]
fn blocks_become_alerts_where_they_are() {
    check_fix(":::note\nOpen it.\n:::\n", "> [!NOTE]\n> Open it.\n");
    check_fix(
        "Before\n:::tip[Mind *this*]\n\nOpen it.\n\n- a\n:::\nAfter\n",
        "Before\n\n> [!TIP]\n> **Mind *this***\n>\n>\n> Open it.\n>\n> - a\n\nAfter\n",
    );
    check_fix("- item\n\n  :::danger\n  Hot.\n  :::\n", "- item\n\n  > [!CAUTION]\n  > Hot.\n");
    check_fix(
        "!!! warning \"Take care\"\n    Hot.\n\n    Very.\n\nAfter\n",
        "> [!WARNING]\n> **Take care**\n>\n> Hot.\n>\n> Very.\n\nAfter\n",
    );
    check_fix(
        "??? note \"More\"\n    Text.\n\nAfter\n",
        "<details>\n<summary>More</summary>\n\nText.\n\n</details>\n\nAfter\n",
    );
    check_fix("{% hint style=\"danger\" %}\nHot.\n{% endhint %}\n", "> [!CAUTION]\n> Hot.\n");
    check_fix(">![info]\n>Text\n", ">[!NOTE]\n>Text\n");
    check_fix("> [!TIP] Text\n> more\n", "> [!TIP]\n> Text\n> more\n");
    check_fix("> [!NOTE]\n> a\n> [!TIP]\n> b\n", "> [!NOTE]\n> a\n\n> [!TIP]\n> b\n");
    check_fix("**Label:**value\n", "<b>Label:</b>value\n");
    check_fix("# A\n\n## Call f() {}\n", "# A\n\n## Call f() \\{\\}\n");
}

#[test]
fn a_block_that_is_none_of_ours_or_holds_another_is_only_named() {
    for text in
        ["::::note\n:::tip\na\n:::\n::::\n", ":::tabs\na\n:::\n", ":::note\nnever closed\n", "!!! note\nnot indented\n"]
    {
        assert!(!foreign(text).is_empty(), "{text}");
        assert_eq!(fixed_once(text), text);
    }
}

proptest! {
    #[test]
    fn whatever_is_put_together_is_read(parts in prop::collection::vec(0_usize..400, 1..6), joints in prop::collection::vec(0_usize..8, 6)) {
        let cases = cases();
        let joints: Vec<&str> = joints.iter().map(|at| ["\n", "\n\n", " ", "\n> ", "\n- ", "\n    ", " | ", "\r\n"][*at]).collect();
        let text: String = parts.iter().zip(joints).map(|(at, joint)| format!("{}{joint}", cases[at % cases.len()].1)).collect();
        let once = fixed_once(&text);
        prop_assert!(once.len() + 400 > text.len());
        for finding in found(&text) {
            let span = finding.span.unwrap_or(Span::new(0, 0));
            prop_assert!(text.get(span.start..span.end).is_some(), "{:?}", finding);
        }
    }
}
