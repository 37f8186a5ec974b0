//! Markdown in, HTML or findings out.

use super::*;
use crate::html::{canonical, parse};
use crate::text::{Digest, position};

fn render_with(markdown: &str, host: Option<&str>) -> Rendered {
    let image = |is_image| ImageFile { digest: Digest::of("x"), is_image };
    let files = BTreeMap::from([(DocPath::new("a/menu.png"), image(true)), (DocPath::new("a/text.png"), image(false))]);
    let path = DocPath::new("a/b.md");
    let images = Images { files: &files, host };
    render(markdown, Context { path: &path, offset: 0, images, spacing: Spacing::Paragraphs, headings: &[] })
}

#[track_caller]
fn check(markdown: &str, html: &str) {
    let rendered = render_with(markdown, None);
    assert_eq!(rendered.diagnostics, []);
    assert_eq!(rendered.html, html);
}

#[track_caller]
fn finds(markdown: &str, expected: &[&str]) {
    let found: Vec<_> = render_with(markdown, Some("http://127.0.0.1:9/docs"))
        .diagnostics
        .iter()
        .map(|finding| {
            let place = position(markdown, finding.span.unwrap().start);
            format!("{}:{} {}", place.line, place.column, finding.id)
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn paragraphs_have_a_spacer_between_them() {
    check("a\nb\n\nc", "<p class=\"no-margin\">a b</p><p class=\"no-margin\"></p><p class=\"no-margin\">c</p>");
}

#[test]
fn text_is_marked_and_escaped() {
    check(
        "**b** *i* ***bi*** `a<b` <https://x.example/?a=1&b=2> a<br>b\\\nc &amp; \"q\"",
        "<p class=\"no-margin\"><b>b</b> <i>i</i> <b><i>bi</i></b> <code>a&lt;b</code> \
         <a href=\"https://x.example/?a=1&amp;b=2\" target=\"_blank\" class=\"intercom-content-link\">https://x.example/?a=1&amp;b=2</a> \
         a<br>b<br>c &amp; \"q\"</p>",
    );
    check(
        "[**x**](mailto:a@b.example) <a@b.example>",
        "<p class=\"no-margin\"><a href=\"mailto:a@b.example\" target=\"_blank\" class=\"intercom-content-link\"><b>x</b></a> \
         <a href=\"mailto:a@b.example\" target=\"_blank\" class=\"intercom-content-link\">a@b.example</a></p>",
    );
}

#[test]
fn headings_count_from_the_shallowest_and_carry_an_anchor() {
    let rendered = render_with("### A\n\n#### B {#h_0123456789}\n\n### A\n", None);
    assert_eq!(
        rendered.html,
        "<h1 id=\"h_fd41a9b91b\">A</h1><h2 id=\"h_0123456789\">B</h2><h1 id=\"h_3f7b06e517\">A</h1>"
    );
}

#[test]
fn a_heading_keeps_the_id_that_it_has_live() {
    let files = BTreeMap::new();
    let path = DocPath::new("a.md");
    let headings = [Heading { text: "A".into(), id: "h_1111111111".into() }];
    let images = Images { files: &files, host: None };
    let rendered =
        render("# A", Context { path: &path, offset: 0, images, spacing: Spacing::None, headings: &headings });
    assert_eq!(rendered.html, "<h1 id=\"h_1111111111\">A</h1>");
}

#[test]
fn lists_nest_with_paragraphs_and_code() {
    check(
        "1. one\n   - two\n\n     more\n2. three\n\n   ```\n   code\n   ```\n",
        "<ol><li><p class=\"no-margin\">one</p><ul><li><p class=\"no-margin\">two</p><p class=\"no-margin\"></p><p class=\"no-margin\">more</p></li></ul></li>\
         <li><p class=\"no-margin\">three</p><pre><code>code</code></pre></li></ol>",
    );
    check(
        "- [x] done\n- [ ] open",
        "<ul><li><p class=\"no-margin\">\u{2611} done</p></li><li><p class=\"no-margin\">\u{2610} open</p></li></ul>",
    );
}

#[test]
fn code_keeps_every_character() {
    check(
        "```rust\nlet snake_case = a * b < c;\n\t# not a heading  \n\n```",
        "<pre><code>let snake_case = a * b &lt; c;\n\t# not a heading  \n</code></pre>",
    );
    check("`` a ` b ``", "<p class=\"no-margin\"><code>a ` b</code></p>");
}

#[test]
fn tables_have_a_bold_head_and_aligned_columns() {
    check(
        "| a | b |\n|---|--:|\n| 1 | `2` |\n",
        "<div class=\"intercom-interblocks-table-container\"><table role=\"presentation\"><tbody>\
         <tr><td><p class=\"no-margin\"><b>a</b></p></td><td><p class=\"intercom-align-right no-margin\"><b>b</b></p></td></tr>\
         <tr><td><p class=\"no-margin\">1</p></td><td><p class=\"intercom-align-right no-margin\"><code>2</code></p></td></tr>\
         </tbody></table></div>",
    );
}

#[test]
fn alerts_and_quotes_are_callouts() {
    for (markdown, color) in [
        ("> [!NOTE]\n> x", "#e8e8e880"),
        ("> [!TIP]\n> x", "#d7efdc80"),
        ("> [!IMPORTANT]\n> x", "#e3e7fa80"),
        ("> [!WARNING]\n> x", "#feedaf80"),
        ("> [!CAUTION]\n> x", "#fed9db80"),
        ("> x", "#e8e8e880"),
    ] {
        let html = render_with(markdown, None).html;
        assert!(
            html.starts_with(&format!(
                "<div class=\"intercom-interblocks-callout\" style=\"background-color: {color};"
            )),
            "{html}"
        );
        assert!(html.ends_with("<p class=\"no-margin\">x</p></div>"), "{html}");
    }
}

#[test]
fn images_stand_apart_and_carry_their_digest() {
    let rendered = render_with("Look ![the menu](menu.png) here", Some("http://127.0.0.1:9/docs"));
    assert_eq!(rendered.diagnostics, []);
    assert_eq!(
        rendered.html,
        "<p class=\"no-margin\">Look</p><div class=\"intercom-container\"><img src=\"http://127.0.0.1:9/docs/a/menu.2d711642b7.png\" alt=\"the menu\"></div>\
         <p class=\"no-margin\">here</p>"
    );
    check(
        "[![m](https://x.example/m.png)](https://y.example)",
        "<div class=\"intercom-container\"><a href=\"https://y.example\" target=\"_blank\"><img src=\"https://x.example/m.png\" alt=\"m\"></a></div>",
    );
}

#[test]
fn what_intercom_would_refuse_or_lose_is_a_finding() {
    finds("a\n\n<div>x</div>\n", &["3:1 raw-html"]);
    finds("a <span>b</span>", &["1:3 raw-html", "1:10 raw-html"]);
    finds("<!-- fine -->\n\na <!-- too -->", &[]);
    finds("~~gone~~", &["1:1 strikethrough"]);
    finds("a[^1]\n\n[^1]: note", &["1:2 footnote", "3:1 footnote"]);
    finds("-\n-", &["1:1 empty-list"]);
    finds("- a\n\n  | x |\n  |---|\n", &["3:3 table-in-list"]);
    finds("3. a", &["1:1 list-start"]);
    finds(
        "[a](other.md) [b](#x) [c](javascript:alert(1)) [d]()",
        &["1:1 relative-link", "1:15 relative-link", "1:23 link-scheme", "1:48 empty-link"],
    );
    finds(
        "[a](JAVA\tSCRIPT:x) [a](&#106;avascript:x) [a](data:text/html,x)",
        &["1:20 link-scheme", "1:43 link-scheme"],
    );
    finds("[go](https://x.example \"button\")", &["1:1 button"]);
    finds(
        "![a](none.png) ![a](text.png) ![a](../../etc/x.png) ![](menu.png)",
        &["1:1 missing-image", "1:16 not-an-image", "1:31 image-address", "1:53 missing-alt"],
    );
    finds("# ![a](menu.png)", &["1:1 heading-image"]);
    finds("# a {#x}", &["1:1 heading-attribute"]);
    finds("# 1\n## 2\n### 3\n#### 4\n##### 5", &["5:1 deep-heading"]);
    finds("> a\n>> b", &["2:2 nested-quote"]);
}

#[test]
fn a_local_image_that_nobody_serves_is_a_finding() {
    assert_eq!(render_with("![a](menu.png)", None).diagnostics[0].id, "local-image");
}

#[test]
fn deep_nesting_is_a_finding_and_no_overflow() {
    let rendered = render_with(&"> - ".repeat(5000), None);
    assert_eq!(rendered.diagnostics[0].id, "too-deep");
}

#[test]
fn arbitrary_markdown_never_panics_and_carries_no_script() {
    let pieces =
        "(\\PC{0,6}|[-*_`#>|\\[\\]()!<>~:\n \t\\\\&;]{0,4}|<script>|<a onclick=x>|\\[x\\]\\(javascript:y\\)){0,16}";
    proptest::proptest!(|(markdown in pieces)| {
        let rendered = render_with(&markdown, Some("http://127.0.0.1:9/docs"));
        let low = rendered.html.to_ascii_lowercase();
        proptest::prop_assert!(!low.contains("<script") && !low.contains("href=\"javascript"));
        let canon = canonical(&rendered.body);
        proptest::prop_assert_eq!(canonical(&parse(&rendered.html)), canon);
    });
}
