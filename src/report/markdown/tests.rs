use pulldown_cmark::{Options, Parser, html::push_html};
use scraper::{Html, Node};

use super::*;
use crate::report::any_plan;

/// The tags that a report has; each of them is closed.
const TAGS: [&str; 17] = [
    "details", "summary", "code", "pre", "h2", "h3", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "p",
    "strong", "hr",
];

/// What GitHub would show.
fn rendered(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut html = String::new();
    push_html(&mut html, Parser::new_ext(markdown, options));
    html
}

/// Refuses tags of a stranger, and tags that are not closed in their order.
fn check_tags(html: &str) -> Result<(), String> {
    let mut rest = html.strip_prefix(MARKER).ok_or("the marker is not the first line")?;
    let mut open: Vec<&str> = Vec::new();
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').ok_or("a tag without an end")? + at;
        let tag = &rest[at + 1..end];
        let name: &str = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        let is_code = tag.starts_with("code class=\"language-diff\"");
        let is_plain = !tag.contains([' ', '=']) || tag == "details open";
        if !TAGS.contains(&name) || !is_plain && !is_code {
            return Err(format!("<{tag}> in {html}"));
        }
        match tag.strip_prefix('/') {
            Some(name) if open.pop() != Some(name) => return Err(format!("</{name}> closes nothing in {html}")),
            None => open.push(name),
            _ => {}
        }
        rest = &rest[end + 1..];
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} stay open in {html}")) }
}

/// Refuses text outside code of which GitHub makes a link.
fn check_text(html: &str) -> Result<(), String> {
    let document = Html::parse_fragment(html);
    for node in document.root_element().descendants() {
        let Node::Text(text) = node.value() else { continue };
        let is_code = node.ancestors().any(|node| node.value().as_element().is_some_and(|tag| tag.name() == "code"));
        if is_code {
            continue;
        }
        let chars: Vec<char> = text.to_lowercase().chars().collect();
        let mut hex = 0;
        for (at, c) in chars.iter().enumerate() {
            let next = chars.get(at + 1).copied().unwrap_or(' ');
            hex = if c.is_ascii_hexdigit() { hex + 1 } else { 0 };
            let before: String = chars[at.saturating_sub(3)..at].iter().collect();
            let is_live = match c {
                '@' => next.is_alphanumeric(),
                '#' => next.is_alphanumeric(),
                ':' => next == '/' || next.is_ascii_lowercase(),
                '-' => before.ends_with("gh") && next.is_ascii_digit(),
                '.' => before == "www",
                _ => hex >= 7,
            };
            if is_live {
                return Err(format!("`{c}{next}` is live in {:?}", &**text));
            }
        }
    }
    Ok(())
}

#[track_caller]
fn check(plan: &Plan) -> String {
    let text = markdown(plan);
    assert!(text.starts_with("<!-- helpbook:plan -->\n"));
    assert!(length(&text) <= LIMIT, "{}", length(&text));
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
    let html = rendered(&text);
    check_tags(&html).unwrap_or_else(|error| panic!("{error}\n{text}"));
    check_text(&html).unwrap_or_else(|error| panic!("{error}\n{text}"));
    text
}

#[test]
fn any_text_in_any_place_is_shown_and_does_nothing() {
    proptest::proptest!(|(texts in proptest::collection::vec(any_plan::text(), 1..40))| {
        check(&any_plan::plan(&texts));
    });
}

#[test]
fn a_change_is_a_section_that_opens() {
    let paragraph = |word: &str| format!("… says at some length about the {word} of things.");
    let text = check(&any_plan::large(1, 2));
    let section = text.split("### ").nth(1).unwrap_or_default();
    let expected = format!(
        "Goes live (customers see this at publish)\n\n<details open>\n<summary><code>~ guide/part-0/article-0.md</code> \
         How to do the thing number 0 (changed, <code>article 9100000</code>)</summary>\n\n\n```diff\n\
         - {}\n+ {}\n",
        paragraph("[-order-]"),
        paragraph("{+state+}")
    );
    assert!(section.starts_with(&expected), "{section}");
    assert!(section.ends_with("```\n\n</details>\n\n"), "{section}");
}

/// The changed word was off the screen: GitHub does not break what is in a fence.
#[test]
fn a_changed_word_of_a_long_paragraph_is_within_the_width() {
    let words = "word ".repeat(80);
    let after = format!(" {words}");
    let pieces =
        vec![Piece::Same(words.as_str()), Piece::Old("old"), Piece::New("new"), Piece::Same(&after), Piece::New("end")];
    let line = diff::Line::Changed(pieces);
    let shown = lines(Shown::Line(&line));
    assert!(shown.iter().all(|line| line.chars().count() <= WIDTH + 2), "{shown:?}");
    let has = |start: &str, mark: &str| shown.iter().any(|line| line.starts_with(start) && line.contains(mark));
    assert!(has("- … word word", "[-old-]") && has("+ … word word", "{+new+}"), "{shown:?}");
    assert!(has("+ ", "{+end+}"), "{shown:?}");
}

#[test]
fn five_hundred_articles_fit_and_the_rest_is_named_or_counted() {
    let text = check(&any_plan::large(500, 12));
    let whole = text.matches("<details>").count();
    assert!(whole > 10, "{whole}");
    assert!(text.contains(&format!("### Not shown here: {} of 500 changes", 500 - whole)), "{text}");
    let named = text.lines().filter(|line| line.starts_with("- `~` ")).count();
    let more = 500 - whole - named;
    assert!(text.contains(&format!("- and {more} more\n")), "{named} named");
    assert!(text.contains("HTML report"));
}

#[test]
fn one_article_that_is_too_long_is_cut_between_lines_and_says_so() {
    let text = check(&any_plan::large(1, 3_000));
    assert!(text.contains("more lines of this text are left out here"), "{text}");
    let wide = any_plan::plan(&["日本語\u{1f600}".repeat(40_000)]);
    check(&wide);
    check(&any_plan::plan(&["`".repeat(50_000)]));
    check(&any_plan::plan(&["a\n".repeat(5_000), "b\n".repeat(5_000)]));
}

#[test]
fn a_plan_without_changes_says_so() {
    let mut plan = any_plan::large(0, 0);
    plan.notes.clear();
    assert!(check(&plan).contains("## helpbook: no changes"));
}
