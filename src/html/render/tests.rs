//! Markdown in, HTML or findings out.

use super::*;
use crate::book::{Flaw, ImageFile};
use crate::config::AddressTemplate;
use crate::html::{Heading, canonical, parse};
use crate::text::{Sha256, position};

fn render_with(markdown: &str, host: Option<&str>) -> Rendered {
    let image = |flaw| ImageFile { sha256: Sha256::of("x"), bytes: 1, flaw };
    let files = BTreeMap::from([
        (DocPath::new("a/menu.png"), image(None)),
        (DocPath::new("a/text.png"), image(Some(Flaw::NoImage))),
        (DocPath::new("a/lfs.png"), image(Some(Flaw::LfsPointer))),
        (DocPath::new("a/large.png"), image(Some(Flaw::TooLarge))),
        (DocPath::new("a/script.svg"), image(Some(Flaw::Script))),
        (DocPath::new("a/link.png"), image(Some(Flaw::Link))),
        (DocPath::new("images/logo.svg"), image(None)),
    ]);
    let host = host.map(AddressTemplate::below);
    let path = DocPath::new("a/b.md");
    let images = Images { files: &files, host: host.as_ref() };
    let links = LinkTargets::default();
    render(
        markdown,
        Context { path: &path, offset: 0, images, links: &links, spacing: Spacing::Paragraphs, headings: &[] },
    )
}

#[track_caller]
fn check(markdown: &str, html: &str) {
    let rendered = render_with(markdown, None);
    assert_eq!(rendered.diagnostics, []);
    assert_eq!(rendered.html(), html);
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
        rendered.html(),
        "<h1 id=\"h_fd41a9b91b\">A</h1><h2 id=\"h_0123456789\">B</h2><h1 id=\"h_3f7b06e517\">A</h1>"
    );
}

#[test]
fn a_heading_keeps_the_id_that_it_has_live() {
    let files = BTreeMap::new();
    let path = DocPath::new("a.md");
    let headings = [Heading { text: "A".into(), id: "h_1111111111".into() }];
    let images = Images { files: &files, host: None };
    let rendered = render(
        "# A",
        Context {
            path: &path,
            offset: 0,
            images,
            links: &LinkTargets::default(),
            spacing: Spacing::None,
            headings: &headings,
        },
    );
    assert_eq!(rendered.html(), "<h1 id=\"h_1111111111\">A</h1>");
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
        let html = render_with(markdown, None).html();
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
        rendered.html(),
        "<p class=\"no-margin\">Look</p><div class=\"intercom-container\"><img src=\"http://127.0.0.1:9/docs/a/menu.2d711642b7.png\" alt=\"the menu\"></div>\
         <p class=\"no-margin\">here</p>"
    );
    check(
        "[![m](https://x.example/m.png)](https://y.example)",
        "<div class=\"intercom-container\"><a href=\"https://y.example\" target=\"_blank\"><img src=\"https://x.example/m.png\" alt=\"m\"></a></div>",
    );
}

#[test]
fn an_image_that_cannot_be_sent_says_why() {
    let found = |markdown: &str, host: Option<&str>| -> Vec<String> {
        let found = render_with(markdown, host).diagnostics;
        found
            .iter()
            .map(|found| format!("{}: {} / {}", found.id, found.message, found.help.as_deref().unwrap()))
            .collect()
    };
    let host = Some("http://127.0.0.1:9/docs");
    assert_eq!(
        found(
            "![a](menue.png) ![a](logo.svg) ![a](nothing-like-it.png) ![a](lfs.png) ![a](large.png) ![a](script.svg) ![a](link.png)",
            host
        ),
        [
            "missing-image: there is no image `a/menue.png` / did you mean `menu.png`?",
            "missing-image: there is no image `a/logo.svg` / did you mean `../images/logo.svg`?",
            "missing-image: there is no image `a/nothing-like-it.png` / add the file (PNG, JPEG, GIF or SVG), or correct its path",
            "not-an-image: `a/lfs.png` is a Git LFS pointer, not the image itself / run `git lfs pull`; in a workflow check out with `lfs: true`",
            "large-image: `a/large.png` is larger than 10 MB / save it smaller: readers wait for all of it",
            "image-script: `a/script.svg` holds something that can run: a script, a handler, or a part in another language / save the drawing without it: in an article it would not run, and opened by itself it would",
            "image-address: `a/link.png` is a link on disk / put the file itself into the docs folder",
        ]
    );
    assert_eq!(
        found("![a](menu.png)", None),
        [
            "local-image: Intercom cannot fetch `a/menu.png`: nothing says under which address / set `images: { base_url: \"https://…/{path}\" }` in helpbook.yml; or try the docs with `--local`"
        ]
    );
}

#[test]
fn what_intercom_would_refuse_or_lose_is_a_finding() {
    finds("<!-- fine -->\n\na <!-- too -->", &[]);
    finds("~~gone~~", &["1:1 strikethrough"]);
    finds("a[^1]\n\n[^1]: note", &["1:2 footnote", "3:1 footnote"]);
    finds("-\n-", &["1:1 empty-list"]);
    finds("- &nbsp;\n", &["1:1 empty-list"]);
    finds("1. ---\n", &["1:1 empty-list"]);
    finds("- \u{2003}\n- a\n", &[]);
    finds("- a\n\n  | x |\n  |---|\n", &["3:3 table-in-list"]);
    finds("3. a", &["1:1 list-start"]);
    finds(
        "[a](other.md) [b](#x) [c](javascript:alert(1)) [d]()",
        &["1:1 missing-article", "1:23 link-scheme", "1:15 unknown-heading", "1:48 empty-link"],
    );
    finds(
        "[a](JAVA\tSCRIPT:x) [a](&#106;avascript:x) [a](data:text/html,x)",
        &["1:20 link-scheme", "1:43 link-scheme"],
    );
    finds("a [go](https://x.example \"button\")", &["1:3 button"]);
    finds(
        "![a](none.png) ![a](text.png) ![a](../../etc/x.png) ![](menu.png)",
        &["1:1 missing-image", "1:16 not-an-image", "1:31 image-address", "1:53 missing-alt"],
    );
    finds("# ![a](menu.png)", &["1:1 heading-image"]);
    finds("# a {.x}", &["1:1 heading-attribute"]);
    finds("# 1\n## 2\n### 3\n#### 4\n##### 5", &["5:1 deep-heading"]);
    finds("> a\n>> b", &["2:2 nested-quote"]);
}

#[test]
fn html_that_intercom_refuses_is_an_error_with_its_place() {
    finds("a\n\n<ul></ul>\n", &["3:1 empty-list"]);
    finds("<ul><li>a</li>b</ul>", &["1:1 list-content"]);
    finds("<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>", &["1:16 nested-table"]);
    finds("- <table><tr><td>a</td></tr></table>", &["1:3 table-in-list"]);
    finds("<table></table>", &["1:1 empty-table"]);
    finds("> a\n>\n> <iframe src=\"https://evil.example\"></iframe>", &["3:3 iframe-host"]);
    finds("<dl><dt>a</dt><dd>b</dd></dl>", &["1:1 definition-list"]);
    finds("![a](data:image/png;base64,AAAA)", &["1:1 data-image"]);
    finds("<!-- a\n\nb", &["1:1 unclosed-comment"]);
    finds("<video src=\"https://x.example/a.mp4\"></video>", &["1:1 unsupported-html"]);
    finds("a <input type=\"checkbox\"> b", &["1:3 unsupported-html"]);
    finds("<!DOCTYPE html>", &["1:1 unsupported-html"]);
    finds("a <del>b</del>", &["1:3 strikethrough"]);
}

#[test]
fn html_that_intercom_would_change_is_a_warning_that_names_it() {
    finds("a <u>b</u> <sup>2</sup>", &["1:3 lost-tag", "1:12 lost-tag"]);
    finds("<p style=\"color: red\">a</p>", &["1:1 lost-style"]);
    finds("a <span style=\"color: red\">b</span>", &["1:3 lost-style"]);
    finds("Click <User name> and </Save>", &["1:7 unknown-tag", "1:23 unknown-tag"]);
    finds("a <b>b\n\nc</b>", &["1:3 unclosed-tag", "3:2 stray-tag"]);
    finds("<ol start=\"3\"><li>a</li></ol>", &["1:1 list-start"]);
    finds("<table><tr><td colspan=\"2\">a</td></tr></table>", &["1:12 merged-cells"]);
    finds("<details>\n\na\n\n</details>", &["1:1 missing-summary"]);
    finds("<div class=\"intercom-new\">a</div>", &["1:1 unknown-block"]);
    assert!(render_with("Click <User name>", None).html().contains("Click &lt;User name&gt;"));
}

#[test]
fn scripts_handlers_and_javascript_never_get_through() {
    for markdown in [
        "<script>x()</script>",
        "a <script>x()</script> b",
        "<p onclick=\"x()\">a</p>",
        "<img src=\"https://x.example/a.png\" alt=\"a\" onerror=x()>",
        "<a href=\"jav&#x61;script:x\">a</a>",
        "<a href=\" JaVa\tScript:x\">a</a>",
        "[a](javascript&colon;x)",
        "<svg><script>x()</script><a xlink:href=\"javascript:x\">a</a></svg>",
        "<math><mi xlink:href=\"javascript:x\">a</mi></math>",
        "<iframe src=\"javascript:x\"></iframe>",
        "<iframe srcdoc=\"<script>x()</script>\" src=\"https://www.youtube.com/embed/x\" onload=\"x()\"></iframe>",
        "<a class=\"intercom-h2b-button\" href=\"javascript:x\">a</a>",
        "<td style=\"background-color: url(javascript:x)\">a</td>",
        "<style>@import 'javascript:x'</style>",
        "<textarea><script>x()</script>",
        "<plaintext><script>x()",
        "<img src=x data-r=\"0-0\" data-m=\"0-0\" onerror=\"x()\">",
    ] {
        let rendered = render_with(markdown, None);
        let low = rendered.html().to_ascii_lowercase();
        for evil in ["<script", "javascript:", "onclick", "onerror", "onload", "srcdoc", "data-"] {
            assert!(!low.contains(evil), "{markdown}: {low}");
        }
        assert!(
            rendered.diagnostics.iter().any(|found| found.severity == crate::diagnostic::Severity::Error)
                || markdown.starts_with("<td"),
            "{markdown}"
        );
    }
}

#[test]
fn buttons_videos_and_sections_are_blocks() {
    check(
        "[Go *on*](https://x.example \"button\")\n\nhttps://youtu.be/a_b\n\n<https://vimeo.com/12>",
        "<div class=\"intercom-container\"><a class=\"intercom-h2b-button\" target=\"_blank\" href=\"https://x.example\">Go on</a></div>\
         <div class=\"intercom-h2b-video\"><iframe src=\"https://www.youtube.com/embed/a_b\" frameborder=\"0\" webkitallowfullscreen mozallowfullscreen allowfullscreen></iframe></div>\
         <div class=\"intercom-h2b-video\"><iframe src=\"https://player.vimeo.com/video/12\" frameborder=\"0\" webkitallowfullscreen mozallowfullscreen allowfullscreen></iframe></div>",
    );
    check(
        "<details>\n<summary>A <b>b</b></summary>\n\n- c\n\n<details><summary>d</summary>\n\ne **f**\n\n</details>\n</details>\n\ng",
        "<details><summary><h2>A <b>b</b></h2></summary><div class=\"collapsible-section-content\">\
         <ul><li><p class=\"no-margin\">c</p></li></ul>\
         <details><summary><h2>d</h2></summary><div class=\"collapsible-section-content\"><p class=\"no-margin\">e <b>f</b></p></div></details>\
         </div></details><p class=\"no-margin\">g</p>",
    );
}

#[test]
fn alignment_and_width_are_kept() {
    check(
        "<p align=\"center\">a <b>b</b></p>\n\n<div align=\"right\">\n\n## c {#h_0123456789}\n\n![d](https://x.example/d.png)\n\n</div>\n\n<p align=\"center\"><img src=\"https://x.example/e.png\" alt=\"e\" width=\"300\" height=\"20\"></p>",
        "<p class=\"intercom-align-center no-margin\">a <b>b</b></p>\
         <h1 id=\"h_0123456789\" class=\"intercom-align-right\">c</h1>\
         <div class=\"intercom-container intercom-align-right\"><img src=\"https://x.example/d.png\" alt=\"d\"></div>\
         <div class=\"intercom-container intercom-align-center\"><img src=\"https://x.example/e.png\" alt=\"e\" width=\"300\"></div>",
    );
}

#[test]
fn tables_in_html_keep_what_intercom_knows() {
    check(
        "<table style=\"border: 1px solid #c6c9c0\">\n<thead><tr><th style=\"background-color: #e8e8e880; width: 20px\">a</th></tr></thead>\n<tr><td><p>b</p><ul><li>c</li></ul></td></tr>\n</table>",
        "<div class=\"intercom-interblocks-table-container\"><table role=\"presentation\" style=\"border: 1px solid #c6c9c0;\"><tbody>\
         <tr><td style=\"background-color: #e8e8e880; width: 20px;\"><p class=\"no-margin\"><b>a</b></p></td></tr>\
         <tr><td><p class=\"no-margin\">b</p><ul><li><p class=\"no-margin\">c</p></li></ul></td></tr></tbody></table></div>",
    );
    check(
        "| | |\n|---|---|\n| a<br>b | <ul><li>c</li></ul> |",
        "<div class=\"intercom-interblocks-table-container\"><table role=\"presentation\"><tbody>\
         <tr><td><p class=\"no-margin\">a<br>b</p></td><td><ul><li><p class=\"no-margin\">c</p></li></ul></td></tr></tbody></table></div>",
    );
}

#[test]
fn a_link_to_a_heading_lands_on_its_anchor() {
    let rendered = render_with("[a](#the-end) [b](#h_0123456789)\n\n## Now {#h_0123456789}\n\n## The end\n", None);
    assert_eq!(rendered.diagnostics, []);
    assert!(rendered.html().contains("href=\"#h_0123456789\""), "{}", rendered.html());
    let at = rendered.html().find("href=\"#h_").unwrap() + 7;
    assert!(
        rendered.html().contains(&format!("<h1 id=\"{}\">The end", &rendered.html()[at..at + 12])),
        "{}",
        rendered.html()
    );
    finds("[](https://x.example) a", &["1:1 empty-link"]);
    finds("[a](#the-ent)\n\n## The end", &["1:1 unknown-heading"]);
}

#[test]
fn a_name_that_the_markdown_gives_a_heading_leads_to_it() {
    for heading in [
        "## The end {#old}",
        "## The end {#old .class}",
        "<a name=\"old\"></a>\n\n## The end",
        "<a id='old'/>\n\n## The end",
        "<a name=first></a><a name=old></a>\n\n## The end {#third}",
        "## <a name=\"old\"></a>The end",
        "## The end <a id=\"old\"></a>",
        "The end <span id=\"old\"></span>\n---",
        "<h2 id=\"old\">The end</h2>",
        "<a name=\"old\"></a>\n\n<h2 id=\"x\" class=\"y\">The end</h2>",
        "<div id=\"old\">\n\n## The end\n\n</div>",
        "> <a name=\"old\"></a>\n>\n> ## The end",
    ] {
        let rendered = render_with(&format!("[a](#old) [b](#the-end)\n\n{heading}\n\nText\n"), None);
        let html = rendered.html();
        let anchor = &html[html.find("href=\"#h_").unwrap_or_else(|| panic!("{heading}: {html}")) + 7..][..12];
        assert_eq!(html.matches(&format!("href=\"#{anchor}\"")).count(), 2, "{heading}: {html}");
        assert!(html.contains(&format!(" id=\"{anchor}\">The end")), "{heading}: {html}");
        assert!(!html.contains("old"), "{html}");
        let found: Vec<&str> = rendered.diagnostics.iter().map(|found| found.id).collect();
        assert!(found.iter().all(|id| *id == "heading-attribute"), "{heading}: {found:?}");
    }
    // It names nothing where text is between, and where another heading has the words it comes first.
    finds("[a](#old)\n\n<a name=\"old\"></a>\n\nText\n\n## End\n", &["1:1 unknown-heading", "3:1 lost-tag"]);
    finds("<a name=\"old\"></a> Text\n", &["1:1 lost-tag"]);
    let html = render_with("[a](#old)\n\n## Old\n\n## New {#old}\n", None).html();
    let at = html.find("href=\"#h_").unwrap() + 7;
    assert!(html.contains(&format!("<h1 id=\"{}\">New", &html[at..at + 12])), "{html}");
}

#[test]
fn a_stray_end_tag_closes_nothing_of_markdown() {
    assert_eq!(
        render_with("- a </ul></li> b\n- c", None).html(),
        "<ul><li><p class=\"no-margin\">a b</p></li><li><p class=\"no-margin\">c</p></li></ul>"
    );
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
fn html_with_a_heading_of_an_id_needs_no_repair() {
    let markdown = "<table><tr><td><h2 id=\"h_0000000001\" class=\"x\">A</h2></td></tr></table>";
    let context = Context {
        path: &DocPath::new("a.md"),
        offset: 0,
        images: Images { files: &BTreeMap::new(), host: None },
        links: &LinkTargets::default(),
        spacing: Spacing::None,
        headings: &[],
    };
    let written = source::write(markdown, context);
    let source::Form::Html(html) = &written.form else { panic!("it has tags") };
    assert!(read::well_nested(html).is_some(), "{html}");
    assert!(render_with(markdown, None).html().contains("id=\"h_0000000001\""));
}

#[test]
fn arbitrary_markdown_never_panics_and_carries_no_script() {
    let pieces = "(\\PC{0,6}|<(details|summary|table|tr|td|ul|li|div align=right|u|svg|textarea|p|h2|iframe src=https://www.loom.com/embed/x|b)>|</(details|summary|table|ul|div|u|svg|p|b)>|[-*_`#>|\\[\\]()!<>~:\n \t\\\\&;]{0,4}|<script>|<a onclick=x>|\\[x\\]\\(javascript:y\\)|\n\n){0,16}";
    proptest::proptest!(|(markdown in pieces)| {
        let rendered = render_with(&markdown, Some("http://127.0.0.1:9/docs"));
        let low = rendered.html().to_ascii_lowercase();
        proptest::prop_assert!(!low.contains("<script") && !low.contains("href=\"javascript") && !low.contains("<a onclick"));
        let canon = canonical(&rendered.body);
        proptest::prop_assert_eq!(canonical(&parse(&rendered.html())), canon);
    });
}

#[test]
fn markdown_without_html_is_read_as_its_html_would_be() {
    let piece = "\\PC{0,4}|[ABab ]{1,4}|[-*_`#>|\\[\\]()!~:\\\\&;]{0,3}|\n|\n\n|  \n|\\\\\n|\t|\r\n|\r|> |> \\[!TIP\\]\n|- |  - |1\\. |3\\. \
        |# |#### |\\{#x\\}|\\*\\*|\\*|`|```\n|    |\\[a\\]\\((#a|b.md|x \"button\"|https://x.example \"t\")\\)|!\\[a\\]\\(b.png( \"t\")?\\)\
        |https://www.loom.com/embed/x\n|ada@example.com|\\| a \\| b \\|\n\\|:-:\\|--:\\|\n\\| c|\\|\\|\\|\n\\|-\\|-\\|\n|&(amp|#13|#0|#12|nbsp|copy);|~~|\\[\\^1\\](: )?|- \\[x\\] |---\n";
    let markdown = proptest::string::string_regex(&format!("({piece}){{0,16}}")).unwrap();
    let (files, path, links) = (BTreeMap::new(), DocPath::new("a/b.md"), LinkTargets::default());
    let images = Images { files: &files, host: None };
    let context = Context { path: &path, offset: 7, images, links: &links, spacing: Spacing::None, headings: &[] };
    let direct = std::cell::Cell::new(0);
    proptest::proptest!(proptest::prelude::ProptestConfig::with_cases(2000), |(markdown in markdown)| {
        let (at_once, as_html) = (source::write(&markdown, context), source::html(&markdown, context));
        if matches!(at_once.form, source::Form::Html(_)) {
            return Ok(());
        }
        direct.set(direct.get() + 1);
        let [one, other] = [&at_once, &as_html].map(|written| {
            let read = written.with_nodes(|nodes| read::read(nodes, Checks::new(context)));
            (read.body, read.starts, read.observer.diagnostics, read.observer.fragments, read.observer.headings)
        });
        proptest::prop_assert_eq!(one, other);
        proptest::prop_assert_eq!(&at_once.diagnostics, &as_html.diagnostics);
    });
    assert!(direct.get() > 500);
}

#[test]
fn headings_that_a_rendering_gives_are_those_that_are_read_for_a_link() {
    let piece = "(#{1,4} [AB*`]{0,3}( [AB])?( \\{#(h_000000000[0-3]|x|y)\\})?\n|<a name=\"[xy]\"></a>|<h[23]( id=x)?>[AB]</h[23]>|\
        !\\[a\\]\\(b.png\\)|\\[A\\]\\((#|c.md|)?\\)|\\[\\^1\\](: )?|> |- |A\n(=|-)+\n|<details>|</details>|B|\n|\n\n){0,12}";
    let markdown = proptest::string::string_regex(piece).unwrap();
    let most = std::cell::Cell::new(0);
    proptest::proptest!(|(markdown in markdown)| {
        let rendered = render_with(&markdown, None);
        let (given, read) = (rendered.headings(), targets_of(&markdown, &DocPath::new("a.md")));
        most.set(most.get().max(given.iter().count()));
        for name in ["x", "y", "a", "b", "section"] {
            proptest::prop_assert_eq!(given.find(name), read.find(name), "{}", name);
        }
        proptest::prop_assert_eq!(given, &read);
    });
    assert!(most.get() > 2);
}
