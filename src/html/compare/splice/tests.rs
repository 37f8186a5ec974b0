//! A file in somebody's style, one change in the live text, and the same change in the file.

use crate::html::canonical;
use std::sync::LazyLock;

use std::collections::BTreeMap;

use super::*;
use crate::html::LinkTargets;
use crate::html::render::Images;
use crate::html::tree::parse;
use crate::text::DocPath;

const STYLED: &str = "\
<!-- For the billing team. -->

Overview
--------

This paragraph is wrapped at some forty
columns, with *emphasis*, a [link][docs]
and `code` in it.

* one bullet that goes on for more
  than a line
* another *bullet*
    * a nested one
* last

Steps
-----

1. Open the menu.
1. Choose **Refund**.

   > A quote in a step.
1. Done.

> [!TIP]
> Use the short way:
>
> - press R
> - press Enter

| Key | What it does |
|:----|-------------:|
| R   | refund       |
| E   | *edit*       |

```rust
let a = 1;
let b = 2;
```

<details>
<summary>More</summary>

Hidden text, that is
wrapped too.

</details>

Bye. <!-- keep me -->

[docs]: https://docs.example.com/start
";

static LINKS: LazyLock<LinkTargets> = LazyLock::new(LinkTargets::default);

fn context<'a>(path: &'a DocPath, files: &'a BTreeMap<DocPath, crate::book::ImageFile>) -> Context<'a> {
    let links = &*LINKS;
    Context { path, offset: 0, images: Images { files, host: None }, links, spacing: Spacing::None, headings: &[] }
}

/// Takes a live text with one change into the file, where `file` says what changes there.
#[track_caller]
fn check(live: &[(&str, &str)], file: &[(&str, &str)]) {
    let path = DocPath::new("a.md");
    let files = BTreeMap::new();
    let mut html = render(STYLED, context(&path, &files)).html().replace(" class=\"no-margin\"", "");
    for (old, new) in live {
        assert!(html.contains(old), "{old}\n{html}");
        html = html.replacen(old, new, 1);
    }
    let mut expected = STYLED.to_owned();
    for (old, new) in file {
        assert!(expected.contains(old), "{old}");
        expected = expected.replacen(old, new, 1);
    }
    let found = splice(STYLED, &parse(&html), context(&path, &files), &|_| None).text;
    similar_asserted(&expected, &found);
    let crlf = splice(&STYLED.replace('\n', "\r\n"), &parse(&html), context(&path, &files), &|_| None).text;
    similar_asserted(&expected.replace('\n', "\r\n"), &crlf);
}

#[track_caller]
fn similar_asserted(expected: &str, found: &str) {
    let diff = similar::TextDiff::from_lines(expected, found);
    assert!(expected == found, "{}", diff.unified_diff());
}

#[test]
fn nothing_changes_where_nothing_changed() {
    check(&[], &[]);
}

#[test]
fn a_word_changes_on_its_line() {
    check(&[("wrapped at some", "broken at some")], &[("wrapped at some", "broken at some")]);
    check(&[("goes on for", "runs on for")], &[("goes on for", "runs on for")]);
    check(&[("nested one", "nested thing")], &[("nested one", "nested thing")]);
    check(&[("A quote in", "A line in")], &[("A quote in", "A line in")]);
    check(&[("press R", "type R")], &[("press R", "type R")]);
    check(&[(">refund<", ">give back<")], &[("refund ", "give back ")]);
    check(&[("Hidden text", "Secret text")], &[("Hidden text", "Secret text")]);
    check(&[(">Steps<", ">What to do<")], &[("Steps\n", "What to do\n")]);
    check(&[("let b = 2;", "let b = 3;\nlet c = 4;")], &[("let b = 2;", "let b = 3;\nlet c = 4;")]);
    check(&[("Bye.", "Bye now.")], &[("Bye.", "Bye now.")]);
    check(&[(">More<", ">Even more<")], &[(">More<", ">Even more<")]);
    check(&[("<i>emphasis</i>", "<b>emphasis</b>")], &[("*emphasis*", "**emphasis**")]);
    check(&[(" some forty", "")], &[(" some forty\n", "\n")]);
}

#[test]
fn a_link_changes_where_it_is_defined() {
    check(
        &[("docs.example.com/start", "docs.example.com/begin")],
        &[("docs.example.com/start", "docs.example.com/begin")],
    );
}

#[test]
fn an_item_comes_and_goes_in_the_style_of_its_list() {
    check(
        &[("<li><p>last</p></li>", "<li><p>last</p></li><li><p>very last</p></li>")],
        &[("* last\n", "* last\n* very last\n")],
    );
    check(
        &[("<li><p>a nested one</p></li>", "<li><p>a nested one</p></li><li><p>two</p></li>")],
        &[("    * a nested one\n", "    * a nested one\n    * two\n")],
    );
    check(
        &[("<li><p>press Enter</p></li>", "<li><p>press Enter</p></li><li><p>wait</p></li>")],
        &[("> - press Enter\n", "> - press Enter\n> - wait\n")],
    );
    check(
        &[("<li><p>Done.</p></li>", "<li><p>Done.</p></li><li><p>Rest.</p></li>")],
        &[("1. Done.\n", "1. Done.\n1. Rest.\n")],
    );
    check(&[("<li><p>last</p></li>", "")], &[("* last\n", "")]);
    check(&[("<li><p>press R</p></li>", "")], &[("> - press R\n", "")]);
}

#[test]
fn a_row_comes_and_goes() {
    check(
        &[("<tr><td><p>E</p></td><td><p class=\"intercom-align-right no-margin\"><i>edit</i></p></td></tr>", "")],
        &[("| E   | *edit*       |\n", "")],
    );
}

#[test]
fn a_block_comes_goes_and_moves_with_its_bytes() {
    check(&[("<p>Bye.</p>", "<p>Bye.</p><p>And thanks.</p>")], &[("keep me -->\n", "keep me -->\n\nAnd thanks.\n")]);
    check(&[("<p>Bye.</p>", "")], &[("\nBye. <!-- keep me -->\n", "")]);
    check(
        &[("<p>Bye.</p>", ""), ("<ul><li><p>one", "<p>Bye.</p><ul><li><p>one")],
        &[("\nBye. <!-- keep me -->\n", ""), ("* one", "Bye. <!-- keep me -->\n\n* one")],
    );
}

#[test]
fn what_goes_at_the_end_leaves_one_line_feed() {
    let path = DocPath::new("a.md");
    let files = BTreeMap::new();
    let live = parse("<p>one</p>");
    assert_eq!(splice("one\n\ntwo\n\nthree\n", &live, context(&path, &files), &|_| None).text, "one\n");
    assert_eq!(splice("", &live, context(&path, &files), &|_| None).text, "one\n");
    assert_eq!(splice("one\n\ntwo", &parse(""), context(&path, &files), &|_| None).text.trim(), "");
}

#[test]
fn a_text_becomes_any_other_text() {
    let path = DocPath::new("a.md");
    let files = BTreeMap::new();
    let markdown = "([a-z]{1,4}|[*_`~#>|-]{1,2}| |\n|\n\n|\n- |\n1. |\n> |    |\\[x\\]\\(y\\)|<b>|</b>|<details>|</details>){0,24}";
    proptest::proptest!(|(one in markdown, other in markdown)| {
        let live = render(&other, context(&path, &files)).body;
        let text = splice(&one, &live, context(&path, &files), &|_| None).text;
        proptest::prop_assert_eq!(canonical(&render(&text, context(&path, &files)).body), canonical(&live));
    });
}

#[test]
fn a_block_of_another_kind_replaces_one_and_the_rest_keeps_its_bytes() {
    check(&[("<p>Bye.</p>", "<ul><li><p>Bye.</p></li></ul>")], &[("Bye. <!-- keep me -->", "- Bye.")]);
    check(&[("<h1 id=\"h_84fcee97f4\">Steps</h1>", "<p>Steps</p>")], &[("Steps\n-----", "Steps")]);
    check(&[("<li><p>last</p></li></ul>", "</ul><ul><li><p>last</p></li></ul>")], &[("* last\n", "\n- last\n")]);
}

#[test]
fn a_paragraph_of_hard_spaces_is_a_blank_one() {
    for html in ["<p>a</p><p>&nbsp;</p><p>b</p>", "<p>&nbsp;</p><p>b</p>", "<p>a</p><p><b>&nbsp;</b></p>"] {
        let (path, files) = (DocPath::new("a.md"), BTreeMap::new());
        let context = Context { spacing: Spacing::Paragraphs, ..context(&path, &files) };
        for look in [Verify::AtOnce, Verify::Later] {
            let text = fresh(parse(html), &|_| None, look);
            assert_eq!(canonical(&render(&text, context).body), canonical(&parse(html)), "{text}");
        }
    }
}

#[test]
fn only_what_stands_for_a_path_becomes_one() {
    let html =
        "<p>https://path.invalid/9/ <a href=\"https://a.example\">a</a>, <a href=\"https://b.example\">b</a></p>";
    let names = |address: Address<'_>| match address {
        Address::Link("https://a.example") => Some("../a.md".to_owned()),
        _ => None,
    };
    for look in [Verify::AtOnce, Verify::Later] {
        let text = fresh(parse(html), &names, look);
        assert_eq!(text, "https://path.invalid/9/ [a](../a.md), [b](https://b.example)\n");
    }
}

/// A link to a text of the docs is one link, whatever marks its text has and however each run of it
/// names the article.
#[test]
fn a_link_to_the_docs_stays_whole_whatever_marks_its_text_has() {
    let names = |address: Address<'_>| {
        let Address::Link(link) = address else { return None };
        let rest = link.strip_prefix("https://help.example.com/")?;
        let (page, heading) = rest.split_once('#').map_or((rest, ""), |(page, _)| (page, "#steps"));
        match page.split('-').next()? {
            "articles/1" => Some(format!("target.md{heading}")),
            "collections/2" => Some("../billing".to_owned()),
            _ => None,
        }
    };
    let one = "https://help.example.com/articles/1";
    let run = |href: &str, html: &str| format!("<a href=\"{href}\">{html}</a>");
    for (html, expected) in [
        (run(one, "the <code>state</code> key"), "[the `state` key](target.md)"),
        (run(one, "<code>a</code> <code>b</code>"), "[`a` `b`](target.md)"),
        (run(one, "the <b>state</b> key"), "[the **state** key](target.md)"),
        (run(&format!("{one}#h_0123456789"), "the <i>state</i> key"), "[the *state* key](target.md#steps)"),
        (run("https://help.example.com/collections/2", "the <b>state</b> key"), "[the **state** key](../billing)"),
        (run(one, "the") + &run(&format!("{one}-slug"), "<b>state</b> key"), "[the**state** key](target.md)"),
    ] {
        for look in [Verify::AtOnce, Verify::Later] {
            let text = fresh(parse(&format!("<p>See {html}.</p>")), &names, look);
            assert_eq!(text, format!("See {expected}.\n"));
            let cell = format!("<table><tr><td><p><b>Key</b></p></td></tr><tr><td><p>{html}</p></td></tr></table>");
            assert_eq!(fresh(parse(&cell), &names, look), format!("| Key |\n| --- |\n| {expected} |\n"));
        }
        let (path, files) = (DocPath::new("a.md"), BTreeMap::new());
        let live = parse(&format!("<p>One.</p><p>See {html}.</p>"));
        let text = splice("One.\n", &live, context(&path, &files), &names).text;
        assert!(text.ends_with(&format!("See {expected}.\n")), "{text}");
    }
}
