//! The HTML that Intercom answers with a 400 (docs/intercom.md 3.1).
//!
//! Lists within list items are accepted, against the official table: stored bodies have nested lists
//! (docs/intercom.md 3.1). An empty list and an image that cannot be fetched are refused by `read`.

use scraper::Node;

use super::{NodeRef, address, read};
use crate::refusal::Refusal;

/// How deep HTML may be nested. Intercom's own bound is not known; this one keeps the stack small.
const MAX_DEPTH: usize = 100;

/// Tags that stay open until something closes them.
const STAYS_OPEN: [&str; 17] = [
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "header",
    "main",
    "nav",
    "ol",
    "section",
    "table",
    "ul",
];

/// How many of them may be open before the HTML is read at all.
const MAX_OPEN: usize = 1_000;

/// Checks that HTML can be stored.
///
/// # Errors
/// A 400 for what Intercom refuses, and for what is nested deeper than this server reads.
pub(super) fn check(root: NodeRef<'_>) -> Result<(), Refusal> {
    // Nodes still to visit, each with the number of elements above it. No recursion: the depth is
    // what is to be checked.
    let mut left = vec![(root, 0)];
    let mut above: Vec<&str> = Vec::new();
    while let Some((node, depth)) = left.pop() {
        above.truncate(depth);
        if let Some(element) = node.value().as_element() {
            check_element(node, element.name(), &above)?;
            above.push(element.name());
            if above.len() > MAX_DEPTH {
                return Err(too_deep());
            }
        }
        left.extend(node.children().rev().map(|child| (child, above.len())));
    }
    Ok(())
}

/// Refuses what would keep the parser busy: it looks through all open tags for each one that begins.
///
/// # Errors
/// A 400 for HTML with many more open tags than it may have.
pub(super) fn check_depth(html: &str) -> Result<(), Refusal> {
    let mut open = 0_usize;
    for tag in html.split('<').skip(1) {
        let (is_end, name) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        if !STAYS_OPEN.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            continue;
        }
        open = if is_end { open.saturating_sub(1) } else { open + 1 };
        if open > MAX_OPEN {
            return Err(too_deep());
        }
    }
    Ok(())
}

fn too_deep() -> Refusal {
    Refusal::invalid_body("the HTML is nested too deep")
}

fn check_element(node: NodeRef<'_>, name: &str, above: &[&str]) -> Result<(), Refusal> {
    match name {
        "dl" => Err(Refusal::invalid_body("definition lists are not supported")),
        "ul" | "ol" => check_list(node),
        "table" if above.contains(&"table") => Err(Refusal::invalid_body("a table may not hold a table")),
        "table" if above.contains(&"li") => Err(Refusal::invalid_body("a list item may not hold a table")),
        "table" if !holds(node, &["td", "th"]) => {
            Err(Refusal::invalid_body("a table needs at least one row and one cell"))
        }
        "iframe" => {
            let src = node.value().as_element().and_then(|element| element.attr("src"));
            if src.is_some_and(address::is_video) {
                Ok(())
            } else {
                Err(Refusal::invalid_body("this iframe's host is not supported"))
            }
        }
        _ => Ok(()),
    }
}

/// A list holds list items only. Whether one of them is filled shows when they are read.
fn check_list(list: NodeRef<'_>) -> Result<(), Refusal> {
    let is_fine = |child: NodeRef<'_>| match child.value() {
        Node::Text(text) => text.trim().is_empty(),
        Node::Element(element) => element.name() == "li" || read::is_removed(element.name()),
        _ => true,
    };
    if list.children().all(is_fine) { Ok(()) } else { Err(Refusal::invalid_body("a list may hold list items only")) }
}

fn holds(node: NodeRef<'_>, names: &[&str]) -> bool {
    node.descendants().any(|inner| inner.value().as_element().is_some_and(|element| names.contains(&element.name())))
}
