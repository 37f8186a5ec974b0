//! The proof that no word was lost: the words of a page before and after, but for what its report names.
//!
//! Words are what a reader sees: text and code, without marks, addresses, comments and tags. Before, the marks of
//! the other system are text, too; these are the words that a construct names. Nothing here knows how a
//! construct is rewritten.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::report::Item;

/// Words with how often each is there.
type Count = BTreeMap<String, i64>;

/// The words that differ without a construct that names them: `-lost`, `+added`.
pub(super) fn unequal(before: &str, after: &str, items: &[Item]) -> Vec<String> {
    let mut difference = shown(after);
    for (word, number) in shown(before) {
        *difference.entry(word).or_insert(0) -= number;
    }
    difference.retain(|_, number| *number != 0);
    if difference.is_empty() {
        return Vec::new();
    }
    let (mut taken, mut put) = (Count::new(), Count::new());
    for item in items {
        count(&item.was, &mut taken);
        if item.was.contains('*') {
            // Stars within a word may be emphasis, and part none then.
            count(&item.was.replace('*', ""), &mut taken);
        }
        count(&item.now, &mut put);
    }
    let mut found = Vec::new();
    for (word, number) in difference {
        let known = if number < 0 { &taken } else { &put };
        if number.abs() > known.get(&word).copied().unwrap_or(0) {
            let sign = if number < 0 { '-' } else { '+' };
            found.push(format!("{sign}{word}"));
        }
    }
    found
}

/// The words that a reader of some Markdown sees.
fn shown(markdown: &str) -> Count {
    let mut counts = Count::new();
    // What is a link within one system's block is code by its indent without it.
    let plain: Vec<&str> = markdown.lines().map(str::trim_start).collect();
    // Nobody sees a control character, so it parts no word.
    let is_seen = |c: &char| !c.is_control() || c.is_ascii_whitespace();
    // A value with blanks ends an address where it is not known yet.
    let plain: String = plain.join("\n").chars().filter(is_seen).collect();
    let plain = plain.replace("{{ ", "{{").replace(" }}", "}}");
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES;
    let mut words = Words::default();
    for event in Parser::new_ext(&plain, options) {
        match event {
            // Whether a star is shown hangs on what is around it, so none parts a word.
            Event::Text(part) if words.block.is_none() => words.shown.push_str(&part.replace('*', "")),
            Event::Code(part) if words.block.is_none() => words.shown.push_str(&part),
            Event::Start(Tag::HtmlBlock) => words.block = Some(String::new()),
            Event::End(TagEnd::HtmlBlock) => {
                let html = words.block.take().unwrap_or_default();
                words.blocks.push(html);
            }
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => {
                words.html(&part);
            }
            Event::SoftBreak | Event::HardBreak => words.html("\n"),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link) => {}
            Event::Start(_) | Event::End(_) | Event::Rule => words.html("\n"),
            _ => {}
        }
    }
    count(&without_tags(&words.shown), &mut counts);
    for html in words.blocks {
        // Whether lines are within a tag of the other system is known to that system alone: they are read as if they
        // were not.
        let inner = without_tags(&html);
        let again = if inner.contains('<') { inner.replace('<', " ") } else { inner };
        for (word, number) in shown(&again) {
            *counts.entry(word).or_insert(0) += number;
        }
    }
    counts
}

/// What a reader sees while it is collected: text, and blocks of HTML as they are written.
#[derive(Default)]
struct Words {
    shown: String,
    blocks: Vec<String>,
    /// The block of HTML that is open.
    block: Option<String>,
}

impl Words {
    fn html(&mut self, part: &str) {
        match &mut self.block {
            Some(block) => block.push_str(part),
            None => self.shown.push_str(part),
        }
    }
}

/// A text without tags and comments. What is no tag, `a < b`, stays.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let tag = &rest[start..];
        let end = if tag.starts_with("<!--") {
            tag.find("-->").map(|end| end + 3)
        } else if tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            tag.find('>').map(|end| end + 1)
        } else {
            None
        };
        match end {
            Some(end) => {
                // A mark within a word does not part it, but a block does.
                if tag.starts_with("<!--") || !(tag[..end].contains('\n') || is_mark(&tag[..end])) {
                    out.push(' ');
                }
                rest = &tag[end..];
            }
            None => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Whether a tag is what Markdown writes within a word, as stars and the brackets of a link are.
fn is_mark(tag: &str) -> bool {
    let name: String = tag.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "a" | "b" | "i" | "em" | "strong" | "s" | "del" | "strike" | "link" | "anchor" | "tooltip")
}

fn count(text: &str, counts: &mut Count) {
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_lowercase()).or_insert(0) += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::report::Fate;

    #[track_caller]
    fn check(before: &str, after: &str, items: &[(&str, &str)], expected: &[&str]) {
        let item = |(was, now): &(&str, &str)| Item {
            line: 1,
            construct: "x",
            fate: Fate::Taken,
            was: (*was).to_owned(),
            now: (*now).to_owned(),
        };
        let items: Vec<Item> = items.iter().map(item).collect();
        assert_eq!(unequal(before, after, &items), expected);
    }

    #[test]
    fn words_are_equal_but_for_what_is_named() {
        check("a **b** [c](d.md)", "a b [c](e/d.md)", &[], &[]);
        check("a b", "a", &[], &["-b"]);
        check("a", "a b", &[], &["+b"]);
        check(":::note\na\n:::", "> [!NOTE]\n> a", &[(":::note", "> [!NOTE]")], &[]);
        check(":::note\na note\n:::", "> [!NOTE]\n> a", &[(":::note", "> [!NOTE]")], &["-note"]);
        check("a\n\n<!-- b -->", "a", &[], &[]);
        check("`a` and\n\n    b", "`a`\n\n```\nb\n```\n\nand", &[], &[]);
        check("a < b", "a \\< b", &[], &[]);
        check("[a\u{1c}b](c.md)d", "[ab](c.md)d", &[], &[]);
        check("U*N of a* b", "", &[("U*N of a* b", "")], &[]);
        check("**a****<b></b> c**`d`", "**a<b></b> c**`d`", &[], &[]);
        check("**a-b****c****d**", "**a-b c d**", &[("a-b****c****d", "a-b c d")], &[]);
        check("**[a](b.md)**c <Link to=\"d\">e</Link>f", "<b>[a](b.md)</b>c <a href=\"d\">e</a>f", &[], &[]);
        check("a](b.md)c", "ac", &[("a](b.md)c", "ac")], &[]);
        check("<Note>\n[a](b.md)\n</Note>", "> [a](c.md)", &[], &[]);
    }
}
