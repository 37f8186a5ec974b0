//! Single keys of a file's front matter, changed in the text and nothing else with them.
//!
//! A value is replaced where it stands; a key that is not there becomes a line of its own below the
//! others. What comes out is read again, and has to say what was wanted and all else as before.

use super::Article;
use super::front_matter::FrontMatter;
use crate::intercom::model::State;
use crate::text::{DocPath, Span};

/// A change of a file's front matter, or of the heading that is its title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyEdit {
    /// Another title.
    Title(String),
    /// Another description; empty for none.
    Description(String),
    /// Another state.
    State(State),
    /// Another author: an address, or an id.
    Author(String),
    /// Another collection: a folder, or an id.
    Collection(String),
    /// Any other key, with its value as YAML.
    Other(&'static str, String),
}

/// The text of a file with a key changed; nothing where that cannot be done in its place.
pub fn with_key(path: &DocPath, text: &str, edit: &KeyEdit) -> Option<String> {
    let before = Article::parse(path, text.into(), &mut Vec::new())?;
    let changed = match edit {
        KeyEdit::Title(title) => with_title(&before, text, title)?,
        KeyEdit::Description(description) => set(text, &before.content.front, "description", &quoted(description)),
        KeyEdit::State(state) => set(text, &before.content.front, "state", &state.to_string()),
        KeyEdit::Author(author) => set(text, &before.content.front, "author", author),
        KeyEdit::Collection(place) => set(text, &before.content.front, "collection", &quoted(place)),
        KeyEdit::Other(key, value) => set(text, &before.content.front, key, value),
    };
    let mut findings = Vec::new();
    let after = Article::parse(path, changed.as_str().into(), &mut findings)?;
    let same = |is_wanted: bool, is_edited: bool| is_wanted || is_edited;
    let (old, new) = (&before.content, &after.content);
    let is_right = match edit {
        KeyEdit::Title(title) => new.title == title.trim(),
        KeyEdit::Description(description) => new.description.as_deref() == Some(description.trim()),
        KeyEdit::State(state) => new.state == Some(*state),
        KeyEdit::Author(_) => new.author.is_some(),
        KeyEdit::Collection(_) => after.collection != before.collection,
        KeyEdit::Other(key, _) => {
            findings.is_empty() && with_key_only(text, &changed, key, &before.content.front, &new.front)
        }
    } && new.markdown() == old.markdown()
        && after.id == before.id
        && same(new.title == old.title, matches!(edit, KeyEdit::Title(_)))
        && same(new.description == old.description, matches!(edit, KeyEdit::Description(_)))
        && same(new.state == old.state, matches!(edit, KeyEdit::State(_)))
        && same(new.author == old.author, matches!(edit, KeyEdit::Author(_)))
        && same(after.collection == before.collection, matches!(edit, KeyEdit::Collection(_)));
    is_right.then_some(changed)
}

/// Whether two front matters say the same but for one key.
fn with_key_only(before: &str, after: &str, key: &str, old: &FrontMatter, new: &FrontMatter) -> bool {
    let rest = |text: &str, front: &FrontMatter| -> Vec<(String, String)> {
        let all = front.spans().filter(|(name, _)| *name != key);
        all.map(|(name, span)| (name.to_owned(), text[span.range()].to_owned())).collect()
    };
    rest(before, old) == rest(after, new)
}

/// The text of a collection's `_index.md` with its title or description changed.
pub fn with_index_key(path: &DocPath, text: &str, edit: &KeyEdit) -> Option<String> {
    let (key, value) = match edit {
        KeyEdit::Title(title) => ("title", title),
        KeyEdit::Description(description) => ("description", description),
        KeyEdit::State(_) | KeyEdit::Author(_) | KeyEdit::Collection(_) | KeyEdit::Other(..) => return None,
    };
    let (front, _) = FrontMatter::parse(path, text, &mut Vec::new())?;
    let changed = set(text, &front, key, &quoted(value));
    let (_, mut keys) = FrontMatter::parse(path, &changed, &mut Vec::new())?;
    let read = keys.read(key, &mut Vec::new(), crate::yaml::string)?;
    (read.trim() == value.trim()).then_some(changed)
}

/// The title stands in the front matter, in the first heading, or in both.
fn with_title(article: &Article, text: &str, title: &str) -> Option<String> {
    let content = &article.content;
    let mut changed = text.to_owned();
    if content.body.start > content.front.body {
        let heading = Span::new(content.front.body, content.body.start);
        let written = &text[heading.range()];
        let at = written.find(content.title.as_str()).map(|at| heading.start + at);
        match at {
            Some(at) if is_plain(title) => changed.replace_range(at..at + content.title.len(), title),
            // A heading with marks in it is written anew.
            _ => {
                let gap = written.len() - written.trim_end().len();
                let lead = written.len() - written.trim_start_matches(['\n', '\r']).len();
                let place = heading.start + lead..heading.end - gap;
                changed.replace_range(place, &format!("# {}", escaped(title)));
            }
        }
        if content.front.span_of("title").is_none() {
            return Some(changed);
        }
    }
    Some(set(&changed, &content.front, "title", &quoted(title)))
}

/// Whether a title can stand in a heading as it is.
fn is_plain(title: &str) -> bool {
    title.chars().all(|c| c.is_alphanumeric() || " -.,:;()/?'\"%".contains(c))
}

fn escaped(title: &str) -> String {
    title.chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])).collect()
}

fn set(text: &str, front: &FrontMatter, key: &str, value: &str) -> String {
    let newline =
        if text.split_inclusive('\n').next().is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
    let mut changed = text.to_owned();
    match (front.span_of(key), front.keys) {
        (Some(span), _) if text[..span.end].ends_with(key) => changed.insert_str(span.end, &format!(": {value}")),
        (Some(span), _) => changed.replace_range(span.range(), value),
        (None, Some(keys)) => {
            // The id stays last, where helpbook wrote it.
            let id = front.span_of("id").map(|span| text[..span.start].rfind('\n').map_or(0, |line| line + 1));
            let is_last = id.is_some_and(|id| text[id..keys.end].trim_end().lines().count() == 1);
            let at = id.filter(|_| is_last).unwrap_or(keys.end);
            changed.insert_str(at, &format!("{key}: {value}{newline}"));
        }
        (None, None) => changed.insert_str(front.body, &format!("---{newline}{key}: {value}{newline}---{newline}")),
    }
    changed
}

/// A text as a YAML value: as it is where that is safe, else in double quotes.
pub fn quoted(text: &str) -> String {
    let plain = text.starts_with(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || " -_.,()/".contains(c))
        && !text.ends_with(' ')
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "y" | "n"
        );
    if plain {
        return text.to_owned();
    }
    // JSON leaves some signs as they are that YAML takes for control characters or line ends.
    let odd = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    let escaped = |c: char| if odd(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    serde_json::to_string(text).unwrap_or_default().chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, edit: &KeyEdit, after: &str) {
        assert_eq!(with_key(&DocPath::new("a.md"), before, edit).as_deref(), Some(after));
    }

    #[test]
    fn what_is_quoted_is_read_as_it_was() {
        for text in ["a: b", "\u{9b}31m", "x\u{85}y\u{2028}z\u{7f}\u{feff}", "\u{1b}[1m\n\"q\" \\"] {
            let yaml = format!("title: {}\n", quoted(text));
            let read: std::collections::BTreeMap<String, String> = serde_yaml::from_str(&yaml).unwrap();
            assert_eq!(read["title"], text, "{yaml}");
        }
    }

    #[test]
    fn a_value_changes_in_its_place() {
        let title = KeyEdit::Title("New".into());
        check("---\ntitle: 'Old' # why\nid: 7\n---\nBody", &title, "---\ntitle: New # why\nid: 7\n---\nBody");
        check("---\nid: 7\n---\n# Old\n\nBody", &title, "---\nid: 7\n---\n# New\n\nBody");
        check("---\ntitle: Old\n---\n# Old\n\nBody", &title, "---\ntitle: New\n---\n# New\n\nBody");
        check("Old\n===\n\nBody", &title, "New\n===\n\nBody");
        check("# *Old* one\r\n\r\nBody", &title, "# New\r\n\r\nBody");
        let state = KeyEdit::State(State::Draft);
        check("---\r\ntitle: a\r\nstate: published\r\n---\r\nB", &state, "---\r\ntitle: a\r\nstate: draft\r\n---\r\nB");
    }

    #[test]
    fn a_key_that_is_not_there_is_a_new_line_above_the_id() {
        let state = KeyEdit::State(State::Draft);
        check("---\ntitle: a\nid: 7\n---\nB", &state, "---\ntitle: a\nstate: draft\nid: 7\n---\nB");
        check("---\nid: 7\ntitle: a\n---\nB", &state, "---\nid: 7\ntitle: a\nstate: draft\n---\nB");
        check("# a\n\nB", &state, "---\nstate: draft\n---\n# a\n\nB");
        check(
            "---\ntitle: a\n---\nB",
            &KeyEdit::Description("x: y".into()),
            "---\ntitle: a\ndescription: \"x: y\"\n---\nB",
        );
    }

    #[test]
    fn a_value_over_several_lines_is_replaced_as_a_whole_or_not_at_all() {
        let edit = KeyEdit::Description("new".into());
        let text = "---\ntitle: a\ndescription: |\n  one\n  two\nid: 7\n---\nB";
        let changed = with_key(&DocPath::new("a.md"), text, &edit);
        assert!(changed.is_none_or(|changed| !changed.contains("two")));
    }

    #[test]
    fn a_title_that_yaml_or_markdown_would_read_otherwise_is_quoted() {
        for title in ["# 1: *all*", "yes", "Q&A", "- x", "\"quoted\"", "back\\slash"] {
            for text in ["---\ntitle: a\nid: 7\n---\nB", "---\nid: 7\n---\n# a\n\nB"] {
                let changed = with_key(&DocPath::new("a.md"), text, &KeyEdit::Title(title.into()));
                assert!(changed.is_some(), "{title} in {text}");
            }
        }
    }
}
