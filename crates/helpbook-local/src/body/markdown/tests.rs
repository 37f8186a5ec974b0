//! Stored bodies as Markdown, and Markdown as stored.

use proptest::prelude::*;

use super::super::{Saving, save};
use super::*;
use crate::behaviour::{HeadingIds, WhiteSpace};
use crate::refusal::Refusal;

fn stored(html: &str) -> String {
    saved(html).unwrap()
}

fn saved(html: &str) -> Result<String, Refusal> {
    let mut saving = Saving {
        heading_ids: HeadingIds::Kept,
        white_space: WhiteSpace::Paragraph,
        new_heading_id: &mut || "h_0000000001".to_owned(),
        rehost: &mut |src| Ok(src.to_owned()),
    };
    save(html, &mut saving)
}

/// What is sent as HTML reads as this Markdown, and that is stored and reads as the same again.
#[track_caller]
fn check(sent: &str, wanted: &str) {
    let shown = markdown(&stored(sent));
    assert_eq!(shown, wanted);
    let again = stored(&html(&shown).unwrap());
    assert_eq!(markdown(&again), wanted, "sent back as {again}");
}

/// Markdown that is sent is stored like this HTML.
#[track_caller]
fn check_sent(sent: &str, wanted: &str) {
    assert_eq!(stored(&html(sent).unwrap()), stored(wanted));
}

#[test]
fn text_and_marks() {
    check("", "");
    check("Body of the Article", "Body of the Article\n");
    check("<p>a</p><p></p><p>b</p>", "a\n\n\n\nb\n");
    check("<p>a</p><p></p><p></p><p>b</p>", "a\n\n\n\n\n\nb\n");
    check("<p></p><p>a</p><p></p>", "\n\na\n\n\n");
    check("<p></p>", "\n");
    check("<p>a<br>b</p>", "a  \nb\n");
    check("<p>a <b>b </b><i>c</i> <code>d</code> x<i>y</i></p>", "a **b** _c_ `d` x*y*\n");
    check(r#"<p><a href="https://a.example/x_y">t</a></p>"#, "[t](https://a.example/x_y)\n");
    check("<p>1 &lt; 2 *x* `y` [z] a_b &amp;lt; {#c}</p>", "1 \\< 2 \\*x\\* \\`y\\` \\[z\\] a\\_b \\&lt; \\{#c}\n");
    check(
        "<p># no heading</p><p>1. no list</p><p>- none</p><p>::: none</p>",
        "\\# no heading\n\n1\\. no list\n\n\\- none\n\n\\::: none\n",
    );
    check("<p><code>a`b</code></p>", "``a`b``\n");
}

#[test]
fn headings_lists_and_code() {
    check(r#"<h1 id="h_61bff2dd7a">T</h1><h3>S</h3>"#, "# T {#h_61bff2dd7a}\n\n### S {#h_0000000001}\n");
    check("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c\n");
    check("<ol><li>a</li><li><p>b</p><p>c</p></li></ol>", "1. a\n2. b\n\n   c\n");
    check("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b\n");
    check("<pre>a\n\n\n\n```\n</pre>", "````\na\n\n\n\n```\n````\n");
    check("<p>a</p><hr>", "a\n\n---\n");
}

#[test]
fn media_and_tables() {
    check(
        r#"<img src="https://a.example/i (1).png" alt="An [image]">"#,
        "![An \\[image\\]](<https://a.example/i (1).png>)\n",
    );
    check(
        r#"<a href="https://b.example"><img src="https://a.example/i.png"></a>"#,
        "[![](https://a.example/i.png)](https://b.example)\n",
    );
    check(
        "<table><tr><td>a</td><td>b|c</td></tr><tr><td><code>d|e</code></td></tr></table>",
        "| a | b\\|c |\n| --- | --- |\n| `d\\|e` |  |\n",
    );
    let list = "<table><tr><td><ul><li>a</li></ul></td></tr></table>";
    let shown = markdown(&stored(list));
    assert!(shown.starts_with(":::intercom-block data=\""), "{shown}");
    check_sent(&shown, list);
}

#[test]
fn directives() {
    let gray = r#"<div class="intercom-interblocks-callout"><p>a</p></div>"#;
    check(gray, ":::callout\na\n:::\n");
    let red = r#"<div class="intercom-interblocks-callout" style="background-color: #feedaf80; border-color: #fbc91633;"><p>a</p><p></p><p>b</p></div>"#;
    check(red, ":::callout backgroundColor=\"#feedaf80\" borderColor=\"#fbc91633\"\na\n\n\n\nb\n:::\n");
    check(
        &format!("<details><summary>More \"x\"</summary>{gray}</details><p>b</p>"),
        ":::collapsible title=\"More &quot;x&quot;\"\n:::callout\na\n:::\n:::\n\nb\n",
    );
    check(
        r#"<div class="intercom-container intercom-align-center"><a class="intercom-h2b-button" href="https://a.example/">Go</a></div>"#,
        ":::button href=\"https://a.example/\" label=\"Go\" align=\"center\"\n:::\n",
    );
    check(
        r#"<iframe src="https://www.youtube.com/embed/dQw4"></iframe>"#,
        ":::video id=\"dQw4\" provider=\"youtube\"\n:::\n",
    );
}

#[test]
fn what_is_sent_is_saved_like_html() {
    check_sent("> q\n> r", "<p>q r</p>");
    check_sent("A\n=\n\n## B", "<h1>A</h1><h2>B</h2>");
    check_sent("*a* ~~b~~\n\n    code\n", "<p><i>a</i> ~~b~~</p><pre>code</pre>");
    check_sent("```\n:::callout\n```\n", "<pre>:::callout</pre>");
    check_sent(":::callout\nnever closed", r#"<div class="intercom-interblocks-callout"><p>never closed</p></div>"#);
    check_sent("a <b>b</b>\n\n<script>x</script>\n\n[c](javascript:x)", "<p>a <b>b</b></p><p>c</p>");
}

#[test]
fn a_directive_that_cannot_be_is_refused() {
    for sent in [
        ":::attachment href=\"x\"\n:::",
        ":::video id=\"1\" provider=\"tube\"\n:::",
        ":::button href=\"x\"\n:::",
        ":::button label=\"x\"\ntext\n:::",
        ":::intercom-block data=\"%\"\n:::",
    ] {
        assert_eq!(html(sent).unwrap_err().status, 400, "{sent}");
    }
    let deep = ":::callout\n".repeat(10_000);
    assert_eq!(html(&deep).unwrap_err().status, 400);
}

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec("[a-z*_`#<{.\\[\\]|-]{1,6}", 1..4).prop_map(|words| words.join(" ").replace('<', "&lt;"))
}

fn block() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        words(),
        words().prop_map(|text| format!("x <b>{text}</b> y")),
        words().prop_map(|text| format!("x <a href=\"https://a.example/(b)\">{text}</a>")),
    ];
    let leaf = prop_oneof![
        line.clone().prop_map(|text| format!("<p>{text}</p>")),
        Just("<p></p>".to_owned()),
        line.clone().prop_map(|text| format!("<h2 id=\"h_0123456789\">{text}</h2>")),
        line.prop_map(|text| format!("<pre>{text}\n```</pre>")),
        Just("<hr>".to_owned()),
        words().prop_map(|text| format!("<table><tr><td>{text}</td><td>b</td></tr></table>")),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let blocks = prop::collection::vec(inner, 1..3).prop_map(|blocks| blocks.concat());
        prop_oneof![
            blocks.clone().prop_map(|blocks| format!("<div class=\"intercom-interblocks-callout\">{blocks}</div>")),
            blocks.prop_map(|blocks| format!("<details><summary>s</summary>{blocks}</details>")),
            prop::collection::vec(words(), 1..3)
                .prop_map(|items| format!("<ul><li>{}</li></ul>", items.join("</li><li>"))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_read_and_sent_back_reads_the_same(blocks in prop::collection::vec(block(), 0..5)) {
        let shown = markdown(&stored(&blocks.concat()));
        let again = markdown(&stored(&html(&shown).unwrap()));
        prop_assert_eq!(again, shown);
    }

    #[test]
    fn whatever_is_sent_is_saved_or_refused(text in "[a-z:\n `#>|*<&-]{0,80}") {
        if let Ok(stored) = html(&text).and_then(|html| saved(&html)) {
            let shown = markdown(&stored);
            prop_assert!(shown.is_empty() || shown.ends_with('\n'));
        }
    }
}
