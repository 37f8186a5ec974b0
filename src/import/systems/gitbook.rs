//! GitBook: `SUMMARY.md`, and `.gitbook.yaml` with the folder of the pages and old addresses.

use serde_json::Value;

use super::folder::{self, Rules};
use super::{Entry, Layout, joined, said, yaml};
use crate::html::percent_decoded;
use crate::import::draft::{captured, group, patterns};
use crate::import::source::Source;
use crate::text::DocPath;

patterns! {
    HEADING = r"^##\s+(.*\S)\s*$";
    ITEM = r"^(\s*)[*+-]\s+\[((?:[^\]\\]|\\.)*)\]\(<?([^)>]*)>?\)";
}

pub(super) fn layout(source: &Source, folder: &str) -> Layout {
    let config = source.text(&joined(folder, ".gitbook.yaml")).and_then(yaml).unwrap_or(Value::Null);
    let root =
        said(&config, "root").map(|root| root.trim_matches(['.', '/']).to_owned()).filter(|root| !root.is_empty());
    let docs = root.map_or_else(|| folder.to_owned(), |root| joined(folder, &root));
    let mut layout = Layout { roots: vec![docs.clone()], snippets: vec![docs.clone()], ..Layout::default() };
    layout.pages = folder::pages(source, &docs, Rules::default(), &mut layout.default_locale);
    let summary = config.pointer("/structure/summary").and_then(Value::as_str).unwrap_or("SUMMARY.md");
    let summary = source.text(&joined(&docs, summary.trim_start_matches("./"))).unwrap_or_default();
    let entries = entries(summary, &docs);
    layout.arrange(&entries);
    if let Some(Value::Object(redirects)) = config.get("redirects") {
        for (old, new) in redirects {
            let new = new.as_str().map(|new| DocPath::new(joined(&docs, new.trim_start_matches("./"))));
            if let Some(page) = layout.pages.iter_mut().find(|page| Some(&page.source) == new.as_ref()) {
                page.old.push(format!("/{}", old.trim_start_matches('/')));
            }
        }
    }
    layout
}

/// The pages of a table of contents. A page with others below it is the page of their collection.
fn entries(summary: &str, docs: &str) -> Vec<Entry> {
    let mut section: Option<String> = None;
    // The pages that are open: how far each is in, and its title.
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut found: Vec<Entry> = Vec::new();
    for line in summary.lines() {
        if let Some(heading) = captured(&HEADING, line) {
            section = Some(unescaped(group(&heading, 1)));
            open.clear();
            continue;
        }
        let Some(item) = captured(&ITEM, line) else { continue };
        let depth = group(&item, 1).len();
        open.retain(|(other, _)| *other < depth);
        let title = unescaped(group(&item, 2));
        let address = group(&item, 3).split(" \"").next().unwrap_or_default();
        let is_page = !address.contains("://");
        let path = percent_decoded(address.split(['#', '?']).next().unwrap_or_default());
        let above: Vec<String> = section.iter().cloned().chain(open.iter().map(|(_, title)| title.clone())).collect();
        if let (Some((_, parent)), Some(last)) = (
            open.last(),
            found.iter_mut().rev().find(|entry| entry.label.as_ref() == open.last().map(|(_, title)| title)),
        ) && !last.is_index
            && above[..above.len() - 1] == last.above
        {
            last.above.push(parent.clone());
            last.is_index = true;
        }
        if is_page && !path.is_empty() {
            let page = DocPath::new(joined(docs, path.trim_start_matches("./")));
            found.push(Entry { page, above, label: Some(title.clone()), is_index: false });
        }
        open.push((depth, title));
    }
    found
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_escape = c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation);
        if !is_escape {
            out.push(c);
        }
    }
    // An anchor or an icon behind it is for GitBook.
    out.split(" <a ").next().unwrap_or_default().replace("&amp;", "&").trim().to_owned()
}
