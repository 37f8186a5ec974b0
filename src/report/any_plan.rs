//! Plans for tests: of any strings in any place, and of any size.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::html::diff::words;
use crate::plan::Plan;

/// What somebody would write who wants more than to be shown.
const NASTY: [&str; 46] = [
    "@ada",
    "@acme/docs",
    "#12",
    "GH-1",
    "acme/docs#1",
    "acme/docs@0123456789abcdef0123456789abcdef01234567",
    "0123456789abcdef",
    "https://x.example/a",
    "www.x.example",
    "ada@example.com",
    "mailto:ada@example.com",
    "<script>x()</script>",
    "<img src=x onerror=x()>",
    "<svg onload=x()>",
    "<style>*{display:none}</style>",
    "<meta http-equiv=refresh content=\"0;url=https://x.example\">",
    "<iframe src=\"https://x.example\"></iframe>",
    "<a href=\"javascript:x()\">a</a>",
    "<base href=\"https://x.example\">",
    "<p onclick=\"x()\" style=\"background: url(https://x.example)\">a</p>",
    "<img src=\"data:image/png;base64,AAAA\">",
    "</details>",
    "<details>",
    "</summary>",
    "</code></pre></style>",
    "<!--",
    "-->",
    "]]>",
    "\"'><b x=\"",
    "![a](https://x.example/a.png)",
    "[a](https://x.example)",
    "[a]: https://x.example",
    "`",
    "```",
    "~~~~",
    "|",
    "\\",
    "**",
    "\n",
    "\n\n# a\n",
    "\r\n- ",
    "    ",
    "$x$",
    ":tada:",
    "\u{1b}[2J\u{202e}\u{0}\u{7}",
    "日本語&amp;&#64;ada",
];

/// Any text.
pub(super) fn text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        4 => proptest::sample::select(&NASTY[..]).prop_map(str::to_owned),
        2 => "[a-z0-9 .]{0,12}",
        1 => any::<String>(),
    ];
    proptest::collection::vec(pieces, 0..6).prop_map(|pieces| pieces.concat())
}

/// A plan that holds the texts in every place, one after the other.
pub(super) fn plan(texts: &[String]) -> Plan {
    let mut texts = texts.iter().cycle();
    let mut text = || texts.next().cloned().unwrap_or_default();
    let mut change = |kind: &str, action: &str| {
        let words = words(&text(), &text());
        let sides =
            json!({ "old": text(), "new": text(), "pictures": { text(): { "path": text(), "bytes": 12_345 } } });
        let fields = json!([{ "field": "title", "old": text(), "new": text() }]);
        let blocked = json!({ "reason": text(), "hint": text(), "by": text(), "since": "2026-11-20T14:02:00Z" });
        let drift = json!({
            "fields": ["body"], "changes": fields, "body": words, "sides": sides, "by": text(),
            "since": "2026-11-20T14:02:00Z", "publish_blocked_by": text(),
        });
        let (path, title, locale) = (text(), text(), text());
        let blocked_here = if action == "blocked" { blocked.clone() } else { Value::Null };
        json!({
            "kind": kind, "path": path, "id": 9_100_001, "title": title, "action": action,
            "locales": {
                "en": {
                    "locale": "en", "path": path, "title": title, "action": action, "fields": fields, "body": words,
                    "sides": sides, "notes": [text()], "blocked": blocked_here, "drift": drift,
                },
                locale.clone(): {
                    "locale": locale, "path": text(), "title": text(), "action": action, "fields": fields,
                    "body": words, "sides": sides, "blocked": blocked, "drift": drift, "notes": [text()],
                },
            },
        })
    };
    let changes = vec![
        change("article", "blocked"),
        change("article", "create"),
        change("collection", "update"),
        change("article", "drift"),
    ];
    let help_center = text();
    of_changes(&changes, &help_center, &text())
}

/// A plan that changes many articles, each by a word in a text of so many paragraphs.
pub(super) fn large(articles: usize, paragraphs: usize) -> Plan {
    let change = |at: usize| {
        let text = |word: &str, [before, after]: [&str; 2]| {
            let line =
                |line| format!("Paragraph {line} of article {at} says at some length about the {word} of things.");
            (0..paragraphs).map(|at| format!("{before}{}{after}", line(at))).collect::<String>()
        };
        let (markdown, html) = (["", "\n\n"], ["<p>", "</p>"]);
        let (path, title) =
            (format!("guide/part-{}/article-{at}.md", at % 7), format!("How to do the thing number {at}"));
        json!({
            "kind": "article", "path": path, "id": 9_100_000 + at, "title": title, "action": "update",
            "locales": { "en": {
                "locale": "en", "path": path, "title": title, "action": "update",
                "body": words(&text("order", markdown), &text("state", markdown)),
                "sides": { "old": text("order", html), "new": text("state", html) },
            } },
            "publish": [{ "step": "draft", "locales": ["en"] }],
        })
    };
    of_changes(&(0..articles).map(change).collect::<Vec<_>>(), "acme", "a1b2c3d4")
}

fn of_changes(changes: &[Value], help_center: &str, note: &str) -> Plan {
    let summary = json!({
        "create": 1, "adopt": 0, "update": changes.len(), "publish": 0, "unpublish": 0, "delete": 0, "blocked": 1,
        "drift": 1, "orphans": 0, "unchanged": 3,
    });
    let plan = json!({
        "format_version": 1, "helpbook": "0.1.0", "workspace": help_center, "help_center": help_center,
        "made_at": "2026-11-20T14:02:00Z", "summary": summary, "changes": changes, "notes": [note],
    });
    serde_json::from_value(plan).unwrap()
}
