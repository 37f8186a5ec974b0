//! Heading anchors: ids that are known before anything is written and survive an edit.
//!
//! A heading keeps the id that its file says, else the one that the heading with the same text has
//! live, else one derived from its text and count. Ids are `h_` and ten hex digits, as Intercom's
//! own (docs/intercom.md 3.4).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use crate::html::tree::address::percent_decoded;
use crate::html::tree::nodes::{Child, Element};
use crate::html::tree::{Block, Body, for_each_block_mut, for_each_heading, plain};
use crate::html::tree::{parse, read};
use crate::text::Digest;

/// A heading of a body: its text and its anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its words.
    pub text: String,
    /// Its anchor, without `#`.
    pub id: String,
}

/// The headings of a body that Intercom stored that have an anchor, in order.
pub fn stored_headings(html: &str) -> Vec<Heading> {
    stored(html).into_iter().filter_map(|(id, text)| Some(Heading { id: id?, text })).collect()
}

/// The ids of the headings of a body that Intercom stored, in order, read without its tree; an empty one
/// where a heading has none.
pub fn stored_ids(html: &str) -> impl Iterator<Item = &str> {
    html.split("<h").skip(1).filter(|tag| matches!(tag.as_bytes(), [b'1'..=b'6', b' ' | b'>', ..])).map(|tag| {
        let tag = tag.split('>').next().unwrap_or_default();
        tag.split_once(" id=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default()
    })
}

/// The anchor and the words of every heading of a body that Intercom stored. Where its HTML is plain,
/// no tree is made for that.
fn stored(html: &str) -> Vec<(Option<String>, String)> {
    // No other tag begins so, but for a line across.
    if !html.contains("<h") && !html.contains("<H") {
        return Vec::new();
    }
    plain_headings(html).unwrap_or_else(|| words_of(&parse(html)))
}

fn words_of(body: &Body) -> Vec<(Option<String>, String)> {
    let mut found = Vec::new();
    for_each_heading(&body.blocks, &mut |_, id, text| found.push((id.map(str::to_owned), key(&plain(text)))));
    found
}

/// The headings of HTML that is well-formed, where each holds words with marks alone.
fn plain_headings(html: &str) -> Option<Vec<(Option<String>, String)>> {
    let nodes = read::well_nested(html)?;
    let mut found = Vec::new();
    headings_in(nodes.root(), 0, &mut found)?;
    Some(found)
}

fn headings_in(tag: Element<'_>, depth: usize, found: &mut Vec<(Option<String>, String)>) -> Option<()> {
    // Below some depth only text is kept; what comes near it is left to the reader.
    const DEEP: usize = 12;
    if depth == DEEP {
        return None;
    }
    let mut is_line_to_come = tag.name() == "details";
    for inner in tag.elements() {
        match inner.name().as_bytes() {
            [b'h', b'1'..=b'6'] => {
                let mut words = String::new();
                for part in inner.descendants() {
                    match part {
                        Child::Text(text) => words.push_str(text),
                        Child::Element(mark) if mark.name() == "br" => words.push(' '),
                        Child::Element(mark)
                            if matches!(mark.name(), "b" | "strong" | "i" | "em" | "code" | "u" | "span") => {}
                        Child::Element(_) => return None,
                    }
                }
                found.push((inner.attr("id").map(str::to_owned), key(&words)));
            }
            // The line of a section is no heading, and neither is code.
            b"summary" if is_line_to_come => is_line_to_come = false,
            b"pre" => {}
            // What these hold is read in ways of their own.
            b"summary" | b"a" | b"iframe" if inner.elements().next().is_some() => return None,
            _ => headings_in(inner, depth + 1, found)?,
        }
    }
    Some(())
}

/// Whether a text has the form of Intercom's heading ids.
pub fn is_anchor(id: &str) -> bool {
    id.strip_prefix("h_")
        .is_some_and(|hex| hex.len() == 10 && hex.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase()))
}

/// Hands out the ids of one body's headings.
#[derive(Debug, Default)]
pub struct Anchors {
    live: BTreeMap<String, Vec<String>>,
    given: BTreeMap<String, Given>,
    taken: HashSet<String>,
}

/// What was given to the headings with one text.
#[derive(Debug, Default)]
struct Given {
    /// How many there were.
    count: usize,
    /// The number of the last id that was derived: those between the count and it are taken.
    number: usize,
}

impl Anchors {
    /// Starts with the headings that the article has live, and the ids that the file says.
    pub fn new(live: &[Heading], explicit: impl IntoIterator<Item = String>) -> Self {
        let mut anchors = Self { taken: explicit.into_iter().collect(), ..Self::default() };
        for heading in live {
            anchors.live.entry(heading.text.clone()).or_default().push(heading.id.clone());
        }
        anchors
    }

    /// The id of the next heading with this text that says none itself.
    pub fn next(&mut self, text: &str) -> String {
        let text = key(text);
        let given = self.given.entry(text.clone()).or_default();
        let live = self.live.get(&text).and_then(|ids| ids.get(given.count)).cloned();
        given.count += 1;
        let first = given.count + usize::from(live.is_some());
        let id = live.filter(|id| !self.taken.contains(id)).unwrap_or_else(|| {
            given.number = first.max(given.number + 1);
            let mut id = derived(&text, given.number);
            while self.taken.contains(&id) {
                given.number += 1;
                id = derived(&text, given.number);
            }
            id
        });
        self.taken.insert(id.clone());
        id
    }
}

/// What the Markdown itself says of its headings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::html) struct Written {
    /// The anchors of Intercom's form that it gives.
    pub ids: BTreeSet<String>,
    /// The other names that it gives, each with the anchor of its heading: `{#old}`, or `<a name="old">` before it.
    pub names: BTreeMap<String, String>,
}

/// Gives every heading its anchor. Returns what the Markdown gives itself.
pub(in crate::html) fn anchor(body: &mut Body, live: &[Heading]) -> Written {
    let mut written = Written::default();
    for_each_heading(&body.blocks, &mut |_, id, _| {
        written
            .ids
            .extend(id.into_iter().flat_map(str::split_whitespace).filter(|id| is_anchor(id)).map(str::to_owned));
    });
    let mut anchors = Anchors::new(live, written.ids.iter().cloned());
    let mut seen: HashSet<String> = HashSet::new();
    for_each_block_mut(&mut body.blocks, &mut |block| {
        if let Block::Heading { id, text, .. } = block {
            let said = id.take().unwrap_or_default();
            let own = said.split_whitespace().find(|id| is_anchor(id) && !seen.contains(*id)).map(str::to_owned);
            let given = own.unwrap_or_else(|| anchors.next(&plain(text)));
            for name in said.split_whitespace().filter(|name| *name != given) {
                written.names.entry(name.to_owned()).or_insert_with(|| given.clone());
            }
            seen.insert(given.clone());
            *id = Some(given);
        }
    });
    written
}

/// Moves every heading up so that the shallowest is level 1, and to level 4 at the deepest; gives
/// back the level of the shallowest.
pub(in crate::html) fn shift_headings(blocks: &mut [Block]) -> u8 {
    let mut shallowest = 6;
    for_each_heading(blocks, &mut |level, _, _| shallowest = shallowest.min(level));
    for_each_block_mut(blocks, &mut |block| {
        if let Block::Heading { level, .. } = block {
            *level = level.saturating_sub(shallowest - 1).clamp(1, 4);
        }
    });
    shallowest
}

/// The headings of one body as targets of the links in it.
///
/// A link names a heading by its id or, as on GitHub, by its words: in lower case, with `-` for
/// spaces and without punctuation; the second of two equal ones has `-1` at its end. One without
/// any letter is `section`. A name that the Markdown gives a heading comes first. A copy is cheap.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    targets: Arc<[Target]>,
    /// The anchors of the headings that have names of their own, by these.
    names: Arc<BTreeMap<String, String>>,
    /// Where each is, by its anchor and by its words; made for the first that is asked for.
    index: Arc<OnceLock<[HashMap<String, usize>; 2]>>,
}

impl PartialEq for Targets {
    fn eq(&self, other: &Self) -> bool {
        self.targets == other.targets
    }
}

impl Eq for Targets {}

/// A heading that can be linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its anchor; empty where it has none.
    pub id: String,
    /// Its words as a link names them.
    pub slug: String,
    /// Its words.
    pub text: String,
}

impl Targets {
    /// The headings of a body.
    pub fn of(body: &Body) -> Self {
        Self::of_all(words_of(body))
    }

    /// The headings of a body, with the names that its Markdown gives them.
    pub(in crate::html) fn with_names(body: &Body, names: BTreeMap<String, String>) -> Self {
        Self { names: names.into(), ..Self::of(body) }
    }

    /// The same headings, with what `id` makes of each as its anchor. They have no names of their own.
    pub(in crate::html) fn with_ids(&self, mut id: impl FnMut(&Target) -> String) -> Self {
        let targets = self.targets.iter().map(|target| Target { id: id(target), ..target.clone() });
        Self { targets: targets.collect(), ..Self::default() }
    }

    /// The headings of a body that Intercom stored.
    pub fn of_stored(html: &str) -> Self {
        Self::of_all(stored(html))
    }

    fn of_all(headings: Vec<(Option<String>, String)>) -> Self {
        let mut targets: Vec<Target> = Vec::new();
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for (id, text) in headings {
            let mut words = slug(&text);
            if words.is_empty() {
                // A heading of signs alone can be linked too.
                words.push_str("section");
            }
            let mut named = words.clone();
            while let Some(number) = count.get_mut(&named) {
                *number += 1;
                named = format!("{words}-{}", *number - 1);
            }
            count.insert(named.clone(), 1);
            targets.push(Target { id: id.unwrap_or_default(), slug: named, text });
        }
        Self { targets: targets.into(), names: Arc::default(), index: Arc::default() }
    }

    /// The heading that a fragment names, without `#`.
    pub fn find(&self, fragment: &str) -> Option<&Target> {
        if fragment.is_empty() {
            return None;
        }
        let named = |name: &str| self.names.get(name).and_then(|id| self.by_id(id));
        let written = percent_decoded(fragment);
        let found = self.by_id(fragment).or_else(|| named(fragment)).or_else(|| named(&written));
        found.or_else(|| self.by_slug(fragment)).or_else(|| self.by_slug(&written))
    }

    /// Every heading, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter()
    }

    /// The anchor of the heading that a link names so.
    pub fn anchor(&self, slug: &str) -> Option<&str> {
        self.by_slug(slug).map(|target| target.id.as_str()).filter(|id| !id.is_empty())
    }

    /// How a link names the heading that has an anchor.
    pub fn named(&self, anchor: &str) -> Option<&str> {
        self.by_id(anchor).map(|target| target.slug.as_str())
    }

    fn by_id(&self, id: &str) -> Option<&Target> {
        self.index()[0].get(id).map(|at| &self.targets[*at])
    }

    fn by_slug(&self, slug: &str) -> Option<&Target> {
        self.index()[1].get(slug).map(|at| &self.targets[*at])
    }

    fn index(&self) -> &[HashMap<String, usize>; 2] {
        self.index.get_or_init(|| {
            let mut index = [HashMap::new(), HashMap::new()];
            for (at, target) in self.targets.iter().enumerate() {
                if !target.id.is_empty() {
                    index[0].entry(target.id.clone()).or_insert(at);
                }
                index[1].entry(target.slug.clone()).or_insert(at);
            }
            index
        })
    }

    /// Every heading as a link names it.
    pub fn slugs(&self) -> impl Iterator<Item = &str> {
        self.targets.iter().map(|target| target.slug.as_str())
    }
}

/// Words as a link names them.
pub(in crate::html) fn slug(words: &str) -> String {
    let mut slug = words.to_lowercase();
    slug.retain(|c| matches!(c, ' ' | '-' | '_') || c.is_alphanumeric());
    if slug.contains(' ') { slug.replace(' ', "-") } else { slug }
}

fn derived(text: &str, number: usize) -> String {
    format!("h_{}", Digest::of(format!("{number}\n{text}")).short())
}

/// The words of a heading with one space between them.
pub(in crate::html) fn key(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_keeps_its_live_id_and_equal_ones_differ() {
        let live = [Heading { text: "Steps".into(), id: "h_0000000001".into() }];
        let mut anchors = Anchors::new(&live, []);
        assert_eq!(anchors.next("Steps"), "h_0000000001");
        let second = anchors.next("Steps");
        assert!(is_anchor(&second));
        assert_ne!(second, anchors.next("Steps"));
        assert_eq!(Anchors::new(&[], []).next("A  b"), Anchors::new(&[], []).next("A b"));
    }

    #[test]
    fn stored_ids_are_those_that_the_tree_has() {
        let html =
            "<h1 id=\"h_0000000001\">A <b>b</b></h1><hr><p>c &lt;h1&gt;</p><h2>B</h2><h3 class=x id=\"h_2\">C</h3>";
        let of_tree: Vec<String> = Targets::of_stored(html).iter().map(|target| target.id.clone()).collect();
        assert_eq!(stored_ids(html).collect::<Vec<_>>(), of_tree);
    }

    #[test]
    fn a_heading_is_found_by_its_words_or_its_id() {
        let body = parse("<h1 id=\"h_0000000001\">A, b &amp; c_d</h1><h2>Über</h2><h2>Über</h2><h2></h2>");
        let targets = Targets::of(&body);
        assert_eq!(targets.slugs().collect::<Vec<_>>(), ["a-b--c_d", "über", "über-1", "section"]);
        assert_eq!(targets.find("h_0000000001").map(|target| target.slug.as_str()), Some("a-b--c_d"));
        assert_eq!(targets.find("%C3%BCber-1").map(|target| target.slug.as_str()), Some("über-1"));
        assert_eq!(targets.find(""), None);
    }

    #[test]
    fn an_id_that_the_file_says_is_not_given_twice() {
        let taken = Anchors::new(&[], []).next("Steps");
        assert_ne!(Anchors::new(&[], [taken.clone()]).next("Steps"), taken);
    }

    #[test]
    fn headings_that_need_no_tree_are_those_of_the_tree() {
        let stored = "<h1 id=\"a\"> One <b>two</b><br>x</h1><details><summary><h2>no</h2></summary><h2 id=\"b\">yes</h2>\
                      </details><table><tr><td><h3>c &amp; d</h3></td></tr></table><pre><h4>no</h4></pre><h2 id=\"e\"></h2>";
        let plain = plain_headings(stored).unwrap();
        assert_eq!(plain, words_of(&parse(stored)));
        assert_eq!(plain.len(), 4);
        let tags = "p|div|ul|ol|li|h1|h2|pre|table|tr|td|a|b|code|br|img|hr|details|summary|center|blockquote|span";
        let piece = format!("</?({tags})( id=\"a\")?>|[a-c \n]{{1,3}}|&nbsp;|</?h1>");
        let html = proptest::string::string_regex(&format!("({piece}){{0,16}}")).unwrap();
        proptest::proptest!(|(html in html)| {
            if let Some(plain) = plain_headings(&html) {
                proptest::prop_assert_eq!(plain, words_of(&parse(&html)));
            }
        });
        use proptest::prelude::{Strategy as _, any, prop};
        let leaf = proptest::string::string_regex("[a-c &]{0,4}|<br>|<img src=\"a\">|<hr>|&amp;|\n").unwrap();
        let tags =
            ["p", "div", "ul", "li", "h1", "h2", "pre", "table", "tr", "td", "a", "b", "code", "details", "summary"];
        let nested = leaf.prop_recursive(6, 40, 4, move |inner| {
            (any::<prop::sample::Index>(), prop::collection::vec(inner, 0..4)).prop_map(move |(tag, inner)| {
                let tag = tags[tag.index(tags.len())];
                format!("<{tag} id=\"a\">{}</{tag}>", inner.concat())
            })
        });
        let read = std::cell::Cell::new(0);
        proptest::proptest!(|(html in nested)| {
            if let Some(plain) = plain_headings(&html) {
                read.set(read.get() + plain.len());
                proptest::prop_assert_eq!(plain, words_of(&parse(&html)));
            }
        });
        assert!(read.get() > 0);
    }
}
