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
    let sides = Sides { old: paragraphs("b"), new: paragraphs("c"), ..Sides::default() };
    let mut out = String::new();
    both(&mut out, &sides, ["old", "new"]);
    assert_eq!(out.matches("<summary>3 unchanged blocks</summary>").count(), 2, "{out}");
    assert_eq!(out.matches("<div class=\"row same\">").count(), 2, "{out}");
    assert_eq!(out.matches("<div class=\"row changed\">").count(), 1, "{out}");
}

#[test]
fn a_picture_is_a_box_with_name_size_and_text() {
    let picture = crate::plan::Picture { path: crate::text::DocPath::new("a/menu.png"), bytes: 12_345 };
    let sides = Sides {
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

#[test]
fn five_hundred_changes_are_one_page() {
    let page = check(&any_plan::large(500, 12));
    assert_eq!(page.matches("<article ").count(), 500);
    assert!(page.len() < 8_000_000, "{}", page.len());
}
