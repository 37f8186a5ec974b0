//! Pages of a list and the document that they are together, in the words of the server.
//!
//! Order of keys, numbers and texts stay as they came: what is kept of a page are pieces of its text. A page says by
//! itself where its records are: in `data`, in the only list that it has, or, as search gives them, in lists inside
//! `data`. Nothing here knows an operation.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// What says where a page is in its list, and is no part of the whole.
const ABOUT_PAGES: [&str; 7] = ["pages", "page", "per_page", "total_pages", "scroll_param", "has_more", "next_cursor"];

/// An object whose values are kept as they are written, in their order.
#[derive(Debug, Clone, Default)]
struct Entries(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;
        impl<'de> Visitor<'de> for Reading {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Reading)
    }
}

/// A list of a page: its name inside `data` where it is there, and its records.
#[derive(Debug, Clone)]
struct List {
    name: Option<String>,
    records: Vec<Box<RawValue>>,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    entries: Entries,
    /// Which of the entries holds the records; `None` where the answer is no list.
    place: Option<usize>,
    lists: Vec<List>,
}

impl Page {
    /// Reads an answer; `None` where it is no object.
    pub fn read(body: &[u8]) -> Option<Self> {
        let entries: Entries = serde_json::from_slice(body).ok()?;
        let is_list = |(_, value): &(String, Box<RawValue>)| value.get().starts_with('[');
        let data = entries.0.iter().position(|(name, _)| name == "data");
        let data_is_list = data.is_some_and(|at| is_list(&entries.0[at]));
        let inside: Vec<List> = match data {
            Some(at) if !data_is_list => lists_inside(&entries.0[at].1),
            _ => Vec::new(),
        };
        let (place, lists) = if data_is_list || !inside.is_empty() {
            let whole = data.map(|at| list_of(&entries.0[at].1));
            (data, if data_is_list { whole.into_iter().collect() } else { inside })
        } else {
            let only = entries.0.iter().position(is_list);
            (only, only.map(|at| list_of(&entries.0[at].1)).into_iter().collect())
        };
        Some(Self { entries, place, lists })
    }

    /// Whether it is a page of a list, and not one thing.
    pub fn is_list(&self) -> bool {
        self.place.is_some()
    }

    /// The records, each as it is written. Where there are several lists, those of the first.
    pub fn records(&self) -> impl Iterator<Item = &str> {
        self.lists.first().into_iter().flat_map(|list| &list.records).map(|record| record.get())
    }

    /// A value beside the records; null where there is none, and where it is large.
    pub fn value(&self, name: &str) -> Value {
        let found = self.entries.0.iter().find(|(known, _)| known == name);
        found.and_then(|(_, value)| serde_json::from_str(value.get()).ok()).unwrap_or_default()
    }

    /// Keeps the records for which `keep` is true, and those after them that belong to them.
    pub fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        let Some((first, others)) = self.lists.split_first_mut() else { return };
        let kept: Vec<bool> = first.records.iter().map(|record| keep(record.get())).collect();
        let select = |list: &mut List| {
            let mut kept = kept.iter();
            list.records.retain(|_| kept.next().copied().unwrap_or(true));
        };
        select(first);
        // What belongs to a record, such as what a search found in it, is at the same place of another list.
        others.iter_mut().filter(|list| list.records.len() == kept.len()).for_each(select);
    }
}

fn list_of(value: &RawValue) -> List {
    List { name: None, records: serde_json::from_str(value.get()).unwrap_or_default() }
}

/// The lists that are values of an object, those with records first.
fn lists_inside(value: &RawValue) -> Vec<List> {
    let Ok(Entries(entries)) = serde_json::from_str(value.get()) else { return Vec::new() };
    let lists = entries.into_iter().filter(|(_, value)| value.get().starts_with('['));
    lists.map(|(name, value)| List { name: Some(name), ..list_of(&value) }).collect()
}

/// The pages of a list as one document: the first page with the records of all.
#[derive(Debug, Default)]
pub struct Document {
    first: Option<Page>,
}

impl Document {
    /// Adds a page.
    pub fn add(&mut self, page: Page) {
        let Some(first) = &mut self.first else {
            self.first = Some(page);
            return;
        };
        for list in page.lists {
            match first.lists.iter_mut().find(|known| known.name == list.name) {
                Some(known) => known.records.extend(list.records),
                None => first.lists.push(list),
            }
        }
    }

    /// The document as JSON on one line. What says where a page is in its list is left out.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        self.write(|piece| text.push_str(piece));
        text
    }

    /// Hands on the same text in pieces, none of which ends inside of a value.
    pub fn write(&self, mut write: impl FnMut(&str)) {
        let Some(Page { entries, place, lists }) = &self.first else { return };
        write("{");
        let shown = entries.0.iter().enumerate();
        let shown = shown.filter(|(_, (name, _))| place.is_none() || !ABOUT_PAGES.contains(&name.as_str()));
        for (number, (at, (name, value))) in shown.enumerate() {
            if number > 0 {
                write(",");
            }
            write(&format!("{}:", Value::from(name.as_str())));
            if Some(at) == *place {
                write_lists(lists, &mut write);
            } else {
                write(value.get());
            }
        }
        write("}");
    }
}

fn write_lists(lists: &[List], write: &mut impl FnMut(&str)) {
    let is_inside = lists.first().is_some_and(|list| list.name.is_some());
    if is_inside {
        write("{");
    }
    for (number, List { name, records }) in lists.iter().enumerate() {
        if number > 0 {
            write(",");
        }
        if let Some(name) = name {
            write(&format!("{}:", Value::from(name.as_str())));
        }
        write("[");
        for (number, record) in records.iter().enumerate() {
            if number > 0 {
                write(",");
            }
            write(record.get());
        }
        write("]");
    }
    if is_inside {
        write("}");
    }
}

/// A JSON document with line breaks and two spaces for each step inwards, for a person. The same text otherwise.
pub fn pretty(document: &str) -> String {
    let mut out = String::with_capacity(document.len() * 2);
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    let mut signs = document.chars().peekable();
    while let Some(sign) = signs.next() {
        if in_text {
            out.push(sign);
            in_text = is_escaped || sign != '"';
            is_escaped = !is_escaped && sign == '\\';
            continue;
        }
        match sign {
            '"' => {
                in_text = true;
                out.push(sign);
            }
            '{' | '[' => {
                out.push(sign);
                while signs.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = signs.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(sign);
            }
            ',' => {
                out.push(sign);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            sign if sign.is_ascii_whitespace() => {}
            sign => out.push(sign),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pages: &[&str], expected: &str) {
        let mut document = Document::default();
        for page in pages {
            document.add(Page::read(page.as_bytes()).unwrap());
        }
        assert_eq!(document.to_text(), expected);
        serde_json::from_str::<Value>(&document.to_text()).unwrap();
    }

    #[test]
    fn pages_are_one_document_in_the_words_of_the_server() {
        check(
            &[
                r#"{"type":"list","data":[{"b":1.50,"a":"\u00e9"}],"total_count":2,"pages":{"next":"x"}}"#,
                r#"{"type":"list","data":[{"b":2}],"total_count":2,"pages":{}}"#,
            ],
            r#"{"type":"list","data":[{"b":1.50,"a":"\u00e9"},{"b":2}],"total_count":2}"#,
        );
    }

    #[test]
    fn a_list_is_found_whatever_its_name_is() {
        check(&[r#"{"type":"a","teams":[1]}"#, r#"{"teams":[2]}"#], r#"{"type":"a","teams":[1,2]}"#);
        check(
            &[
                r#"{"data":{"articles":[1],"highlights":["x"]},"pages":{}}"#,
                r#"{"data":{"articles":[2],"highlights":["y"]}}"#,
            ],
            r#"{"data":{"articles":[1,2],"highlights":["x","y"]}}"#,
        );
        check(&[r#"{"page":1,"data":[],"total_pages":0}"#], r#"{"data":[]}"#);
    }

    #[test]
    fn what_is_no_list_stays_as_it_is() {
        check(&[r#"{"id":"1","page":4}"#], r#"{"id":"1","page":4}"#);
        assert!(Page::read(b"[1]").is_none() && Page::read(b"<html>").is_none());
    }

    #[test]
    fn a_document_for_a_person_says_the_same() {
        let text = r#"{"a":[1,{"b":"x: {\"y\\"}],"c":[], "d" : { }}"#;
        insta::assert_snapshot!(pretty(text), @r#"
        {
          "a": [
            1,
            {
              "b": "x: {\"y\\"
            }
          ],
          "c": [],
          "d": {}
        }
        "#);
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(value(&pretty(text)), value(text));
    }
}
