//! Heading anchors: ids that are known before anything is written and survive an edit.
//!
//! A heading keeps the id that its file says, else the one that the heading with the same text has
//! live, else one derived from its text and count. Ids are `h_` and ten hex digits, as Intercom's
//! own (FACTS 3.4).

use std::collections::BTreeMap;

use super::tree::{Body, for_each_heading, plain};
use crate::text::Digest;

/// A heading of a body: its text and its anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its words.
    pub text: String,
    /// Its anchor, without `#`.
    pub id: String,
}

/// The headings of a body that have an anchor, in order.
pub fn headings(body: &Body) -> Vec<Heading> {
    let mut found = Vec::new();
    for_each_heading(&body.blocks, &mut |_, id, text| {
        if let Some(id) = id {
            found.push(Heading { text: key(&plain(text)), id: id.to_owned() });
        }
    });
    found
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
    count: BTreeMap<String, usize>,
    taken: Vec<String>,
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
        let count = self.count.entry(text.clone()).or_insert(0);
        let live = self.live.get(&text).and_then(|ids| ids.get(*count)).cloned();
        *count += 1;
        let mut number = *count;
        let mut id = live.unwrap_or_else(|| derived(&text, number));
        while self.taken.contains(&id) {
            number += 1;
            id = derived(&text, number);
        }
        self.taken.push(id.clone());
        id
    }
}

fn derived(text: &str, number: usize) -> String {
    format!("h_{}", Digest::of(format!("{number}\n{text}")).short())
}

fn key(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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
    fn an_id_that_the_file_says_is_not_given_twice() {
        let taken = Anchors::new(&[], []).next("Steps");
        assert_ne!(Anchors::new(&[], [taken.clone()]).next("Steps"), taken);
    }
}
