//! Changes that fix what a rule found, where they are safe.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::shown::Shown;
use crate::diagnostic::{Fix, Splice};
use crate::html::render::context::Context;
use crate::html::render::doc_link::DocLink;

/// How a rule's places are fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    /// A person has to.
    None,
    /// Blanks in an address become `%20`.
    Encode,
    /// The space at the end becomes an ordinary one.
    Space,
    /// The unseen sign at the beginning goes.
    Unseen,
    /// The link becomes one of Markdown, where one article has its name.
    WikiLink,
}

impl Means {
    /// The fix of a place, if there is one.
    pub fn fix(self, markdown: &str, range: Range<usize>, context: Context<'_>) -> Option<Fix> {
        let written = &markdown[range.clone()];
        let (text, done) = match self {
            Means::None => return None,
            Means::Encode => {
                let is_address =
                    written.contains('/') || written.rsplit_once('.').is_some_and(|(_, end)| end.len() < 7);
                if !is_address {
                    return None;
                }
                (written.replace(' ', "%20"), "the address has no blanks now".to_owned())
            }
            Means::Space => {
                let mark = written.trim_end();
                (format!("{mark} "), format!("there is an ordinary space behind `{mark}` now"))
            }
            Means::Unseen => (written.trim_start_matches('\u{200b}').to_owned(), "the unseen sign is gone".to_owned()),
            Means::WikiLink => {
                let text = link(written, context)?;
                let done = format!("the link is `{text}` now");
                (text, done)
            }
        };
        Some(Fix::of(vec![Splice::new(range, text)], done))
    }
}

/// The link of Markdown that a wiki link is: `[[name]]`, `[[name#heading|words]]`.
fn link(written: &str, context: Context<'_>) -> Option<String> {
    let inner = written.strip_prefix("[[")?.strip_suffix("]]")?;
    let (target, words) = match inner.split_once('|') {
        Some((target, words)) => (target, Some(words.trim())),
        None => (inner, None),
    };
    let (name, heading) = match target.split_once('#') {
        Some((name, heading)) => (name.trim(), Some(heading.trim())),
        None => (target.trim(), None),
    };
    let path = context.links.named(name)?;
    let slug = match heading {
        Some(heading) => Some(context.links.slug_of(&path, heading)?),
        None => None,
    };
    let words = words.filter(|words| !words.is_empty()).unwrap_or(name.rsplit('/').next().unwrap_or(name));
    let address = DocLink::Article { path, heading: slug }.seen_from(context.path);
    let is_plain = !words.contains(['[', ']', '\\', '`', '\n']);
    is_plain.then(|| format!("[{}]({address})", words.trim_end_matches(".md")))
}

static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\[\[[^\[\]|#\n]+\]\]").ok());

/// Wiki links that are nothing but a name. Where no article has it, they may be honest text.
pub(super) fn names(shown: &Shown<'_>, context: Context<'_>) -> Vec<(Range<usize>, Fix)> {
    let mut found = Vec::new();
    if !shown.text.contains("[[") {
        return found;
    }
    for leaf in &shown.leaves {
        for name in NAMED.iter().flat_map(|pattern| pattern.find_iter(&shown.text[leaf.clone()])) {
            let range = leaf.start + name.start()..leaf.start + name.end();
            found.extend(Means::WikiLink.fix(&shown.text, range.clone(), context).map(|fix| (range, fix)));
        }
    }
    found
}
