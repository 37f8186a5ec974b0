use scraper::{Html, Node};

use super::*;
use crate::report::any_plan;

/// The tags of a page.
const TAGS: [&str; 45] = [
    "html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "h4", "p", "ul", "ol", "li",
    "b", "i", "nav", "span", "bdi", "main", "section", "small", "article", "code", "pre", "div", "dl", "dt", "dd",
    "ins", "del", "details", "summary", "table", "tbody", "tr", "td", "figure", "br", "hr", "sup", "sub", "wbr",
];

/// Its attributes. None of them takes a stranger's text but `title`.
fn is_known(tag: &str, name: &str, value: &str) -> bool {
    let is_word = |value: &str| value.chars().all(|c| c.is_ascii_alphanumeric() || " -_".contains(c));
    match name {
        "class" | "id" | "role" | "dir" | "lang" | "charset" => is_word(value),
        "aria-label" | "aria-hidden" | "aria-level" => is_word(value),
        "colspan" | "rowspan" => value.parse::<u16>().is_ok(),
        "open" => tag == "details" && value.is_empty(),
        "href" => tag == "a" && value.starts_with('#') && is_word(&value[1..]),
        "title" => tag == "span",
        // Colours that are read and written again.
        "style" => {
            let is_color = |color: &str| {
                let digits = color.strip_prefix('#').unwrap_or_default();
                digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit())
            };
            let colors = value.strip_prefix("background-color: ").and_then(|rest| rest.split_once("; color: "));
            ["td", "div"].contains(&tag) && colors.is_some_and(|(one, other)| is_color(one) && is_color(other))
        }
        "name" | "content" | "http-equiv" => tag == "meta" && !value.contains("url"),
        _ => false,
    }
}

#[track_caller]
fn check(plan: &Plan) -> String {
    let page = page(plan);
    assert!(page.starts_with("<!doctype html>\n<!-- helpbook:plan -->\n"));
    assert!(page.chars().all(|c| c == '\n' || c == '\t' || !c.is_control()));
    let document = Html::parse_document(&page);
    let (mut styles, mut metas) = (0, 0);
    for node in document.tree.nodes() {
        match node.value() {
            Node::Element(tag) => {
                assert!(TAGS.contains(&tag.name()), "<{}> in {page}", tag.name());
                for (name, value) in tag.attrs() {
                    assert!(is_known(tag.name(), name, value), "{name}={value:?} of <{}> in {page}", tag.name());
                }
                styles += usize::from(tag.name() == "style");
                metas += usize::from(tag.name() == "meta");
            }
            Node::Comment(comment) => assert_eq!(&**comment, " helpbook:plan "),
            _ => {}
        }
    }
    assert_eq!((styles, metas), (1, 5));
    page
}

#[test]
fn any_text_and_any_body_is_shown_and_nothing_of_it_runs_or_is_loaded() {
    proptest::proptest!(|(texts in proptest::collection::vec(any_plan::text(), 1..40))| {
        check(&any_plan::plan(&texts));
    });
}

#[test]
fn what_could_run_or_load_is_not_even_in_the_text_of_a_body() {
    let attack = "<p>seen</p><script>evil()</script><style>evil</style><svg onload=evil()><script>evil()</script></svg>\
                  <p onclick=\"evil()\" style=\"background:url(evil)\">seen</p><img src=\"data:image/png;evil\">\
                  <iframe src=\"javascript:evil()\" srcdoc=\"evil\"></iframe><meta http-equiv=refresh content=\"0;url=evil\">\
                  <a href=\"&#106;avascript:evil()\">seen</a><object data=evil></object><form action=evil><input value=evil></form>\
                  <base href=evil><link rel=stylesheet href=evil><math><mtext><script>evil()</script></mtext></math>";
    let page = check(&any_plan::plan(&[attack.to_owned()]));
    // Titles and fields show it as text; bodies show nothing of it.
    let bodies =
        page.split("<div class=\"side").skip(1).map(|side| side.split("</article>").next().unwrap_or_default());
    for body in bodies.map(|body| body.split("<div class=\"note").next().unwrap_or_default()) {
        let shown = body.split("<h4").next().unwrap_or_default();
        assert!(!shown.contains("evil()") && !shown.contains("javascript"), "{shown}");
    }
    assert!(page.contains("seen"));
}

#[test]
fn both_sides_stand_in_a_row_with_their_words_marked() {
    let page = check(&any_plan::large(1, 9));
    assert!(page.contains("about the <del>order</del> of things"), "{page}");
    assert!(page.contains("about the <ins>state</ins> of things"), "{page}");
    assert!(page.contains("href=\"#c1\"") && page.contains("id=\"c1\""));
}

#[test]
fn unchanged_blocks_are_folded_with_their_number() {
    let paragraphs =
        |change: &str| (0..9).map(|at| format!("<p>{at} {}</p>", if at == 4 { change } else { "a" })).collect();
    let sides = BodyPair { old: paragraphs("b"), new: paragraphs("c"), ..BodyPair::default() };
    let mut out = String::new();
    both(&mut out, &sides, ["old", "new"]);
    assert_eq!(out.matches("<summary>3 unchanged blocks</summary>").count(), 2, "{out}");
    assert_eq!(out.matches("<div class=\"row same\">").count(), 2, "{out}");
    assert_eq!(out.matches("<div class=\"row changed\">").count(), 1, "{out}");
}

#[test]
fn a_picture_is_a_box_with_name_size_and_text() {
    let picture = crate::plan::Picture { path: crate::text::DocPath::new("a/menu.png"), bytes: 12_345 };
    let sides = BodyPair {
        old: String::new(),
        new: "<p>x</p><img src=\"menu.0123456789.png\" alt=\"The <menu>\" width=300 height=200><img src=b.png>"
            .to_owned(),
        pictures: [("menu.0123456789.png".to_owned(), picture)].into(),
    };
    let mut out = String::new();
    all_new(&mut out, &sides);
    for text in [
        "<code>a/menu.png</code>",
        "300 × 200 pixels, 12 kB",
        "Text: The &lt;menu&gt;",
        "<code>b.png</code>",
        "no alternative text",
    ] {
        assert!(out.contains(text), "{text}: {out}");
    }
    assert!(!out.contains("<img"));
}

/// What only a look at the page shows is shown there, also where a word of the same block changes.
#[test]
fn formatting_that_changes_beside_a_word_is_shown_on_both_sides() {
    let cell = |style: &str, word: &str| {
        format!("<table><tr><td {style}>price</td><td>{word} euros</td></tr><tr><td>a</td><td>b</td></tr></table>")
    };
    let color = |color: &str| format!("style=\"background-color: {color}\"");
    let callout = |color: &str, word: &str| {
        let style = format!("background-color: {color}");
        format!("<div class=\"intercom-interblocks-callout\" style=\"{style}\"><p>one more {word}</p></div>")
    };
    for (old, new, labels) in [
        (cell(&color("#e8e8e880"), "10"), cell(&color("#e3e7fa80"), "12"), ["gray cell", "blue cell"]),
        (cell(&color("#123456"), "10"), cell("", "12"), ["cell in #123456", "cell"]),
        (
            cell("style=\"width: 120px\"", "10"),
            cell("style=\"width: 90px\"", "12"),
            ["cell, width 120px", "cell, width 90px"],
        ),
        (cell("colspan=2", "10"), cell("rowspan=2", "12"), ["cell, 2 columns wide", "cell, 2 rows high"]),
        (
            cell("style=\"text-align: right\"", "10"),
            cell("style=\"text-align: center\"", "12"),
            ["paragraph, right-aligned", "paragraph, centered"],
        ),
        (
            cell("", "10").replace("<table", "<table style=\"border: 1px solid #ccc\""),
            cell("", "12"),
            ["table, border 1px solid #ccc", "table"],
        ),
        (callout("#d7efdc80", "word"), callout("#fed9db80", "time"), ["green callout", "red callout"]),
        (callout("#123456", "word"), callout("#fed9db80", "time"), ["callout in #123456", "red callout"]),
        ("<h1>x</h1><h2>a b c</h2>".into(), "<h1>x</h1><h1>a b d</h1>".into(), ["heading 2", "heading 1"]),
        (
            "<ul><li>a b c</li></ul>".into(),
            "<ol><li>a b d</li></ol>".into(),
            ["list with bullets", "list with numbers"],
        ),
        (
            "<img src=a.png alt=\"a b c\" width=100>".into(),
            "<img src=a.png alt=\"a b d\" width=200>".into(),
            ["100 pixels wide", "200 pixels wide"],
        ),
        (
            "<p align=right>a b c</p>".into(),
            "<p align=justify>a b d</p>".into(),
            ["paragraph, right-aligned", "paragraph, justified"],
        ),
    ] {
        let sides = BodyPair { old: old.clone(), new: new.clone(), ..BodyPair::default() };
        let mut out = String::new();
        both(&mut out, &sides, ["old", "new"]);
        let (left, right) = out.rsplit_once("aria-label=\"new\"").unwrap();
        for (side, label) in [left, right].iter().zip(labels) {
            let is_size = label.contains("pixels");
            let label = if is_size { label.to_owned() } else { format!("formatting: {label}") };
            assert!(side.contains(&label), "{label}: {old} {new}\n{out}");
        }
        assert!(left.contains("<del>") && right.contains("<ins>"), "{out}");
    }
}

/// Cells and callouts have their colours on the page: the editor's as tints, others as they are.
#[test]
fn cells_and_callouts_are_shown_in_their_colours() {
    let shown = |html: &str| {
        let mut out = String::new();
        all_new(&mut out, &BodyPair { new: html.to_owned(), ..BodyPair::default() });
        out
    };
    let table = |color: &str| format!("<table><tr><td style=\"background-color: {color}\">a</td></tr></table>");
    assert!(shown(&table("#e3e7fa80")).contains("<td class=\"blue\">"), "{}", shown(&table("#e3e7fa80")));
    assert!(
        shown(&table("rgba(0, 0, 0, 0.5)"))
            .contains("<td class=\"custom\" style=\"background-color: #7f7f7f; color: #ffffff\">")
    );
    assert!(shown(&table("#102030")).contains("style=\"background-color: #102030; color: #ffffff\""));
    assert!(shown(&table("red")).contains("<td class=\"custom\"><p"));
    let callout = "<div class=\"intercom-interblocks-callout\" style=\"background-color: #ffeedd\">a</div>";
    assert!(
        shown(callout)
            .contains("<div class=\"box callout custom\" style=\"background-color: #ffeedd; color: #1c2330\">")
    );
}

#[test]
fn five_hundred_changes_are_one_page() {
    let page = check(&any_plan::large(500, 12));
    assert_eq!(page.matches("<article ").count(), 500);
    assert!(page.len() < 8_000_000, "{}", page.len());
}
