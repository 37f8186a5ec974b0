//! A file that says again what it said in an earlier version of itself.
//!
//! The text below the keys, the title, the description and what the article is beside its text come back. What says
//! where and whether the article is there stays as it is now: id, state, collection, and the dates that publish or
//! unpublish it. So going back never takes an article offline or moves it.

use serde_yaml::{Mapping, Value};

use super::front_matter::FrontMatter;
use super::keys::{KeyEdit, with_key};
use super::{Article, Content};
use crate::text::DocPath;

/// The keys that come back beside title and description.
const KEYS: [&str; 5] = ["author", "tags", "ai", "audiences", "redirect_from"];

/// The text of a file as it is now, with what an earlier one said. `None` where one of the two cannot be read, or where
/// a key cannot be written in its place.
pub fn restored(path: &DocPath, now: &str, then: &str) -> Option<String> {
    let mut text = with_body_of(path, now, then)?;
    let earlier = Article::parse(path, then.into(), &mut Vec::new())?.content;
    let current = |text: &str| Some(Article::parse(path, text.into(), &mut Vec::new())?.content);
    if current(&text)?.title != earlier.title {
        text = with_key(path, &text, &KeyEdit::Title(earlier.title.clone()))?;
    }
    if let Some(description) = &earlier.description
        && current(&text)?.description.as_ref() != Some(description)
    {
        text = with_key(path, &text, &KeyEdit::Description(description.clone()))?;
    }
    let said = keys(then)?;
    for key in KEYS {
        let Some(value) = said.get(key).filter(|value| !value.is_null()) else { continue };
        if keys(&text)?.get(key) == Some(value) {
            continue;
        }
        let edit = match (key, value) {
            ("author", Value::String(author)) => KeyEdit::Author(author.clone()),
            // JSON is YAML.
            (key, value) => KeyEdit::Other(key, serde_json::to_string(value).ok()?),
        };
        text = with_key(path, &text, &edit)?;
    }
    Some(text)
}

/// The keys of a file with their values.
fn keys(text: &str) -> Option<Mapping> {
    let front = FrontMatter::read(text)?.0;
    let keys = front.keys.map_or("", |keys| &text[keys.range()]);
    Some(serde_yaml::from_str::<Option<Mapping>>(keys).ok()?.unwrap_or_default())
}

fn with_body_of(path: &DocPath, now: &str, then: &str) -> Option<String> {
    let body = |text: &str| Some(Article::parse(path, text.into(), &mut Vec::new())?.content.body);
    let (place, body) = (body(now)?, body(then)?);
    let body = &then[body.range()];
    let body = match (now.contains("\r\n"), then.contains("\r\n")) {
        (true, false) => body.replace('\n', "\r\n"),
        (false, true) => body.replace("\r\n", "\n"),
        _ => body.to_owned(),
    };
    Some(format!("{}{body}{}", &now[..place.start], &now[place.end..]))
}

/// What a file does not say again, as it did not say it then and does now.
pub fn left(then: &Content, now: &Content) -> Vec<&'static str> {
    let mut left = Vec::new();
    if then.description.is_none() && now.description.is_some() {
        left.push("description");
    }
    left.extend(KEYS.into_iter().filter(|key| then.front.span_of(key).is_none() && now.front.span_of(key).is_some()));
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(now: &str, then: &str, expected: &str) {
        let path = DocPath::new("a.md");
        assert_eq!(restored(&path, now, then).as_deref(), Some(expected));
        // What is restored stays so.
        assert_eq!(restored(&path, expected, then).as_deref(), Some(expected));
    }

    #[test]
    fn the_text_and_its_keys_come_back_and_the_rest_stays() {
        check(
            "---\n# why\ntitle: New\nstate: published\ncollection: b\nid: 7\n---\nNew words.\n",
            "---\ntitle: 'Old'\ndescription: A\nstate: draft\ntags: [x, \"y: z\"]\nunpublish_at: 2020-01-01\n---\nOld words.\n",
            "---\n# why\ntitle: Old\nstate: published\ncollection: b\ndescription: A\ntags: [\"x\",\"y: z\"]\nid: 7\n---\nOld words.\n",
        );
        check("# New\n\nA\n", "# Old\n\nB\n\nC\n", "# Old\n\nB\n\nC\n");
        check("---\r\nid: 7\r\n---\r\n# T\r\n\r\nA\r\n", "# T\n\nB\n", "---\r\nid: 7\r\n---\r\n# T\r\n\r\nB\r\n");
        check(
            "---\nauthor: 5\n---\n# T\n\nA\n",
            "---\nauthor: ada@example.com\n---\n# T\n\nA\n",
            "---\nauthor: ada@example.com\n---\n# T\n\nA\n",
        );
    }

    #[test]
    fn what_the_file_did_not_say_then_is_named() {
        let parse = |text: &str| Article::parse(&DocPath::new("a.md"), text.into(), &mut Vec::new()).unwrap().content;
        let now = parse("---\ndescription: A\ntags: [x]\nid: 7\n---\n# T\n");
        assert_eq!(left(&parse("# T\n"), &now), ["description", "tags"]);
        assert_eq!(left(&now, &now), [""; 0]);
    }
}
