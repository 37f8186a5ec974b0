//! The keys of a page of another system as those of an article.
//!
//! A title, a description, whether it is a draft and its old addresses are keys here, too; all others go below
//! `extra` as they are, where dates and owners are found again. YAML, TOML between `+++` as far as it is
//! `key = value`, and JSON are read.

use std::fmt::Write as _;

use serde_yaml::{Mapping, Value};

use super::report::{Fate, Item};
use crate::book::quoted;

/// A file in its two parts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Split<'t> {
    pub keys: Mapping,
    pub body: &'t str,
    /// The line of the file at which the body begins, from 1.
    pub line: usize,
    /// The block of keys as it is written, if it could not be read.
    pub unread: Option<&'t str>,
}

/// Splits a file.
pub(super) fn split(text: &str) -> Split<'_> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let none = Split { keys: Mapping::new(), body: text, line: 1, unread: None };
    let fence = match text.lines().next().map(str::trim_end) {
        Some("---") => "---",
        Some("+++") => "+++",
        _ => return none,
    };
    let start = text.find('\n').map_or(text.len(), |end| end + 1);
    let mut at = start;
    for (nth, line) in text[start..].split_inclusive('\n').enumerate() {
        let is_end = line.trim_end() == fence || (fence == "---" && line.trim_end() == "...");
        if is_end {
            let written = &text[start..at];
            let body = &text[at + line.len()..];
            let read = if fence == "---" { yaml(written) } else { Some(toml(written)) };
            let unread = read.is_none().then_some(written);
            return Split { keys: read.unwrap_or_default(), body, line: nth + 3, unread };
        }
        at += line.len();
    }
    none
}

fn yaml(text: &str) -> Option<Mapping> {
    match serde_yaml::from_str::<Value>(text) {
        Ok(Value::Mapping(mapping)) => Some(mapping),
        Ok(Value::Null) => Some(Mapping::new()),
        Ok(_) => None,
        // One key a line, with a colon or another sign in its value.
        Err(_) => lenient(text),
    }
}

/// Keys of which each has its value on its line, whatever signs that has.
fn lenient(text: &str) -> Option<Mapping> {
    let mut mapping = Mapping::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
        let (key, value) = line.split_once(':')?;
        let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        if !is_key {
            return None;
        }
        let value = value.trim();
        let read = serde_yaml::from_str::<Value>(value).ok().filter(|value| !value.is_mapping());
        mapping.insert(Value::from(key), read.unwrap_or_else(|| Value::from(value.trim_matches(['"', '\'']))));
    }
    Some(mapping)
}

/// `key = value` as far as the value is one of YAML, too; tables are left out.
fn toml(text: &str) -> Mapping {
    let mut mapping = Mapping::new();
    for line in text.lines().take_while(|line| !line.trim_start().starts_with('[')) {
        let Some((key, value)) = line.split_once('=') else { continue };
        let value = serde_yaml::from_str::<Value>(value.trim()).unwrap_or_else(|_| Value::from(value.trim()));
        mapping.insert(Value::from(key.trim().trim_matches('"')), value);
    }
    mapping
}

/// A text among keys; numbers and dates as they are written.
pub(super) fn text(keys: &Mapping, key: &str) -> Option<String> {
    match keys.get(key)? {
        Value::String(text) => {
            Some(text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// A list of texts among keys; one text is a list of one.
pub(super) fn texts(keys: &Mapping, key: &str) -> Vec<String> {
    match keys.get(key) {
        Some(Value::Sequence(all)) => all.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect(),
        Some(Value::String(one)) => vec![one.clone()],
        _ => Vec::new(),
    }
}

/// What an article's front matter says, before it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys {
    pub title: String,
    pub description: Option<String>,
    /// It is not to go live.
    pub is_draft: bool,
    pub redirect_from: Vec<String>,
    /// Everything else, as it was.
    pub extra: Mapping,
}

/// Whether the page is an article or what an article says in another locale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Article,
    Translation,
}

impl Keys {
    /// The keys of a page as those of an article. What became of each is added to `items`.
    pub fn of(split: &Split<'_>, title: String, role: Role, items: &mut Vec<Item>) -> Self {
        let mut keys = Self { title, ..Self::default() };
        let mut note = |key: &str, fate, construct| {
            items.push(Item { line: 1, construct, fate, was: format!("{key}:"), now: String::new() });
        };
        for (name, value) in &split.keys {
            let Some(name) = name.as_str() else { continue };
            match name {
                "title" => {}
                "description" | "summary" | "excerpt" | "subtitle"
                    if keys.description.is_none() && text(&split.keys, name).is_some() =>
                {
                    keys.description = text(&split.keys, name);
                }
                "draft" | "unlisted" | "hidden" if value == &Value::Bool(true) => keys.is_draft = true,
                "published" if value == &Value::Bool(false) => keys.is_draft = true,
                "status" if value.as_str() == Some("draft") => keys.is_draft = true,
                "draft" | "unlisted" | "hidden" if value == &Value::Bool(false) => {}
                "published" if value == &Value::Bool(true) => {}
                "aliases" | "redirect_from" => {
                    keys.redirect_from.extend(texts(&split.keys, name).iter().filter_map(|old| old_address(old)));
                }
                _ => {
                    note(name, Fate::Approximated, "key below `extra`");
                    keys.extra.insert(Value::from(name), value.clone());
                }
            }
        }
        keys.redirect_from.sort();
        keys.redirect_from.dedup();
        if role == Role::Translation {
            // All but its words belongs to the article.
            keys.redirect_from.clear();
            keys.extra.clear();
        }
        keys
    }

    /// The front matter, with its fences.
    pub fn written(&self) -> String {
        let mut text = format!("---\ntitle: {}\n", quoted(&self.title));
        if let Some(description) = &self.description {
            let _ = writeln!(text, "description: {}", quoted(description));
        }
        if self.is_draft {
            text.push_str("state: draft\n");
        }
        if !self.redirect_from.is_empty() {
            text.push_str("redirect_from:\n");
            for old in &self.redirect_from {
                let _ = writeln!(text, "  - {}", quoted(old));
            }
        }
        if !self.extra.is_empty() {
            let extra = Mapping::from_iter([(Value::from("extra"), Value::Mapping(self.extra.clone()))]);
            text.push_str(&serde_yaml::to_string(&extra).unwrap_or_default());
        }
        text.push_str("---\n");
        text
    }
}

/// An address that a page had, as `redirect_from` takes it.
fn old_address(old: &str) -> Option<String> {
    let old = old.trim();
    let whole = old.starts_with("https://") || old.starts_with("http://");
    let path = if whole || old.starts_with('/') { old.to_owned() } else { format!("/{old}") };
    let is_fine = path.len() > 1
        && !path.contains(|c: char| c.is_whitespace() || c == '#' || c == '\\')
        && !path.starts_with("//");
    let has_dots = path.split('/').any(|part| matches!(part, "." | ".."));
    (is_fine && !has_dots).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str) {
        let split = split(before);
        let title = text(&split.keys, "title").unwrap_or_default();
        let keys = Keys::of(&split, title, Role::Article, &mut Vec::new());
        assert_eq!(format!("{}{}", keys.written(), split.body), after);
    }

    #[test]
    fn keys_become_ours_and_the_others_are_kept() {
        check("---\ntitle: A\nweight: 2\n---\nB", "---\ntitle: A\nextra:\n  weight: 2\n---\nB");
        check("+++\ntitle = \"A\"\ndraft = true\n+++\nB", "---\ntitle: A\nstate: draft\n---\nB");
        check("---\ntitle: A: b\nsummary: C\n---\n", "---\ntitle: \"A: b\"\ndescription: C\n---\n");
        check("---\ntitle: A\naliases: [/old, \"#x\"]\n---\n", "---\ntitle: A\nredirect_from:\n  - \"/old\"\n---\n");
        check("---\ntitle: A\nid: 7\n---\n", "---\ntitle: A\nextra:\n  id: 7\n---\n");
        check("A\n---\nB", "---\ntitle: \"\"\n---\nA\n---\nB");
    }
}
