//! Single keys of a file's front matter, changed in the text and nothing else with them.
//!
//! A value is replaced in its place; a key that is not there is added below the others, in the style
//! in which they are written. What comes out is read again, and has to say what was wanted and all
//! else as before.

use super::Article;
use super::front_matter::FrontMatter;
use crate::intercom::model::State;
use crate::text::{DocPath, Span};
use crate::yaml::{self, Change};

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
    let (key, value) = match edit {
        KeyEdit::Title(title) => return with_title(path, &before, text, title),
        KeyEdit::Description(description) => ("description", quoted(description)),
        KeyEdit::State(state) => ("state", state.to_string()),
        KeyEdit::Author(author) => ("author", author.clone()),
        KeyEdit::Collection(place) => ("collection", quoted(place)),
        KeyEdit::Other(key, value) => (*key, value.clone()),
    };
    let is_right = |changed: &str| {
        let mut findings = Vec::new();
        let after = Article::parse(path, changed.into(), &mut findings)?;
        let (old, new) = (&before.content, &after.content);
        let says = match edit {
            KeyEdit::Title(_) => false,
            KeyEdit::Description(description) => new.description.as_deref() == Some(description.trim()),
            KeyEdit::State(state) => new.state == Some(*state),
            KeyEdit::Author(_) => new.author.is_some(),
            KeyEdit::Collection(_) => after.collection != before.collection,
            KeyEdit::Other(..) => findings.is_empty(),
        };
        (says && new.title == old.title && new.markdown() == old.markdown()).then_some(())
    };
    set(text, key, &value).into_iter().find(|changed| is_right(changed).is_some())
}

/// The text of a collection's `_index.md` with its title or description changed.
pub fn with_index_key(path: &DocPath, text: &str, edit: &KeyEdit) -> Option<String> {
    let (key, value) = match edit {
        KeyEdit::Title(title) => ("title", title),
        KeyEdit::Description(description) => ("description", description),
        KeyEdit::State(_) | KeyEdit::Author(_) | KeyEdit::Collection(_) | KeyEdit::Other(..) => return None,
    };
    let is_right = |changed: &str| {
        let (_, mut keys) = FrontMatter::parse(path, changed, &mut Vec::new())?;
        keys.read(key, &mut Vec::new(), yaml::string).filter(|read| read.trim() == value.trim())
    };
    set(text, key, &quoted(value)).into_iter().find(|changed| is_right(changed).is_some())
}

/// The text of a file with `id: ID` in its front matter, which it gets where it has none; `None` where
/// it has another id, or where none can be written into it.
pub fn with_id(text: &str, id: u64) -> Option<String> {
    if FrontMatter::read(text)?.1.contains("id") {
        return (id_in(text) == Some(id)).then(|| text.to_owned());
    }
    set(text, "id", &id.to_string()).into_iter().find(|changed| id_in(changed) == Some(id))
}

/// The text of a new `_index.md`.
pub fn index_text(title: &str, id: u64) -> String {
    format!("---\ntitle: {}\nid: {id}\n---\n", quoted(title))
}

/// The id in the front matter of a file.
pub fn id_in(text: &str) -> Option<u64> {
    FrontMatter::read(text)?.1.read("id", &mut Vec::new(), yaml::number)
}

/// Whether a file is another version of it with an id added, and nothing else. A new `_index.md` that
/// helpbook wrote counts, too, which was empty before.
pub fn is_with_id(before: &str, after: &str) -> bool {
    let Some(id) = id_in(after) else { return false };
    let title = || FrontMatter::read(after)?.1.read("title", &mut Vec::new(), yaml::string);
    let is_new_index = before.is_empty() && title().is_some_and(|title| index_text(&title, id) == after);
    is_new_index || id_in(before).is_none() && with_id(before, id).as_deref() == Some(after)
}

/// The title is in the front matter, in the first heading, or in both.
fn with_title(path: &DocPath, article: &Article, text: &str, title: &str) -> Option<String> {
    let content = &article.content;
    let mut changed = text.to_owned();
    let has_heading = content.body.start > content.front.body;
    if has_heading {
        let heading = Span::new(content.front.body, content.body.start);
        let written = &text[heading.range()];
        let at = written.find(content.title.as_str()).map(|at| heading.start + at);
        match at {
            Some(at) if is_plain(title) => changed.replace_range(at..at + content.title.len(), title),
            // A heading with marks in it is replaced.
            _ => {
                let gap = written.len() - written.trim_end().len();
                let lead = written.len() - written.trim_start_matches(['\n', '\r']).len();
                let place = heading.start + lead..heading.end - gap;
                changed.replace_range(place, &format!("# {}", escaped(title)));
            }
        }
    }
    let ways = if has_heading && content.front.layout.place("title").is_none() {
        vec![changed]
    } else {
        set(&changed, "title", &quoted(title))
    };
    ways.into_iter().find(|changed| {
        Article::parse(path, changed.as_str().into(), &mut Vec::new())
            .is_some_and(|after| after.content.title == title.trim() && after.content.markdown() == content.markdown())
    })
}

/// Whether a title can be in a heading as it is.
fn is_plain(title: &str) -> bool {
    title.chars().all(|c| c.is_alphanumeric() || " -.,:;()/?'\"%".contains(c))
}

fn escaped(title: &str) -> String {
    title.chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])).collect()
}

/// The ways to set a key that leave all other keys and the text below as they are, the best one first.
fn set(text: &str, key: &str, value: &str) -> Vec<String> {
    let Some((front, others)) = all_but(text, key) else { return Vec::new() };
    let ways = match front.keys {
        Some(keys) => {
            // What is written in braces stays so; else a mapping is written as tools read it that know no braces.
            let is_below = |place: &yaml::Place| {
                place
                    .value
                    .is_none_or(|value| text.get(place.key.end..value.start).is_some_and(|gap| gap.contains('\n')))
            };
            let lines =
                front.layout.place(key).is_none_or(is_below).then(|| in_lines(value, yaml::newline(text))).flatten();
            // Between braces a comma ends a value that has no quotes.
            let values = [lines, Some(value.to_owned()), Some(in_quotes(value))];
            values.iter().flatten().flat_map(|value| yaml::ways_to_set(text, keys, &front.layout, key, value)).collect()
        }
        None => {
            let newline = yaml::newline(text);
            let value = in_lines(value, newline).unwrap_or_else(|| format!(" {value}"));
            let block = format!("---{newline}{key}:{value}{newline}---{newline}");
            vec![Change::new(Span::new(front.body, front.body), block)]
        }
    };
    let is_rest_the_same = |changed: &String| {
        all_but(changed, key).is_some_and(|(after, rest)| rest == others && changed[after.body..] == text[front.body..])
    };
    ways.iter().map(|way| way.made_in(text)).filter(is_rest_the_same).collect()
}

/// A mapping in braces with a line for each of its keys, to be written behind a key and its colon; `None` for any other
/// value. Not every tool that reads front matter knows braces.
pub fn in_lines(value: &str, newline: &str) -> Option<String> {
    let inner = value.strip_prefix("{ ")?.strip_suffix(" }")?;
    Some(inner.split(", ").map(|pair| format!("{newline}  {pair}")).collect())
}

/// The front matter of a text, and what it says but for one key.
fn all_but(text: &str, key: &str) -> Option<(FrontMatter, serde_yaml::Mapping)> {
    let (front, _) = FrontMatter::read(text)?;
    let keys = front.keys.map_or("", |keys| &text[keys.range()]);
    let mut all = serde_yaml::from_str::<Option<serde_yaml::Mapping>>(keys).ok()?.unwrap_or_default();
    all.shift_remove(key);
    Some((front, all))
}

/// A text as a YAML value: as it is where that is safe, else in double quotes.
pub fn quoted(text: &str) -> String {
    // What starts with a digit is a text where words follow: no number and no date has a space and letters.
    let is_words =
        text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(' ') && text.contains(char::is_alphabetic);
    let plain = (text.starts_with(char::is_alphabetic) || is_words)
        && text.chars().all(|c| c.is_alphanumeric() || " -_.,()/".contains(c))
        && !text.ends_with(' ')
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "y" | "n"
        );
    if plain { text.to_owned() } else { in_quotes(text) }
}

fn in_quotes(text: &str) -> String {
    // JSON leaves some signs as they are that YAML takes for control characters or line ends.
    let odd = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    let escaped = |c: char| if odd(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    serde_json::to_string(text).unwrap_or_default().chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use proptest::sample::select;
    use proptest::strategy::Strategy;

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
    fn a_mapping_is_written_in_lines_unless_somebody_wrote_braces() {
        let ai = KeyEdit::Other("ai", "{ chatbot: false, copilot: true }".into());
        let lines = "ai:\n  chatbot: false\n  copilot: true\n";
        check("---\ntitle: a\nid: 7\n---\nB", &ai, &format!("---\ntitle: a\n{lines}id: 7\n---\nB"));
        check("---\ntitle: a\nai:\n  chatbot: true\n---\nB", &ai, &format!("---\ntitle: a\n{lines}---\nB"));
        check("# a\n\nB", &ai, &format!("---\n{lines}---\n# a\n\nB"));
        let braces = |value: &str| format!("---\ntitle: a\nai: {{ {value} }}\n---\nB");
        check(&braces("chatbot: true"), &ai, &braces("chatbot: false, copilot: true"));
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

    /// Front matter in every style in which people and tools write it, with a text below.
    fn files() -> impl Strategy<Value = String> {
        const VALUES: &str = "1¦a b¦'it''s: #1'¦\"x\\n\\\"y\"¦[a, 'b, c']¦{ x: y }¦¦~¦2026-12-01¦é";
        const BLOCKS: &str = "|\n      one\n      k0: two\n¦>-\n      one\n\n      two\n¦\n      - x\n      - y\n¦\n      x: y\n¦one\n      two\n";
        let any = |of: &'static str| select(of.split('¦').collect::<Vec<_>>());
        let entry = (any(VALUES), proptest::option::of(any(BLOCKS)), any("¦ # why"));
        let entries = proptest::collection::vec(entry, 0..4);
        let style = any("¦  ¦    ¦{¦{\n¦\"");
        let fences = (any("¦\u{feff}"), any("---¦---  ¦---\t"));
        let end = any("¦# last\n¦\n¦...\n¦... # end\n\n");
        let body = any("¦Text\n¦# Title\n\n---\n\nid: 3¦\n\n{a: b}");
        (entries, style, fences, end, body, any("\n¦\r\n")).prop_map(
            |(entries, style, (mark, fence), end, body, newline)| {
                let entries = entries.iter().enumerate();
                let keys = match style {
                    "{" | "{\n" | "\"" => {
                        let quote = style.trim_matches(['{', '\n']);
                        let (gap, last) = if style == "{\n" { ("\n", "\n") } else { ("", "") };
                        let line = |(nth, (value, _, note)): (usize, &(&str, Option<&str>, &str))| {
                            let note = if style == "{\n" { note } else { "" };
                            format!("{gap}{quote}k{nth}{quote}: {value},{note}")
                        };
                        format!("{{{}{last}}}\n{end}", entries.map(line).collect::<Vec<_>>().join(" "))
                    }
                    indent => {
                        let line = |(nth, (value, block, note)): (usize, &(&str, Option<&str>, &str))| match block {
                            Some(block) => format!("{indent}k{nth}: {block}"),
                            None => format!("{indent}k{nth}: {value}{note}\n"),
                        };
                        format!("{}{end}", entries.map(line).collect::<String>())
                    }
                };
                format!("{mark}{fence}\n{keys}---\n{body}").replace('\n', newline)
            },
        )
    }

    #[test]
    fn an_id_is_one_line_more_or_a_longer_line_and_changes_nothing_else() {
        let config = proptest::test_runner::Config { cases: 4096, ..Default::default() };
        proptest::proptest!(config, |(text in files())| {
            let Some((front, old)) = all_but(&text, "id") else {
                proptest::prop_assert!(!text.contains("k0"));
                return Ok(());
            };
            let changed = with_id(&text, 7);
            proptest::prop_assert!(changed.is_some());
            let changed = changed.unwrap();
            if front.has_a_key_a_line(&text) {
                let line = format!("id: 7{}", yaml::newline(&text));
                let end = front.keys.map_or(0, |keys| keys.end);
                proptest::prop_assert_eq!(&changed, &[&text[..end], &line, &text[end..]].concat());
            }
            let (after, new) = all_but(&changed, "id").unwrap();
            proptest::prop_assert_eq!(new, old);
            proptest::prop_assert_eq!(&changed[after.body..], &text[front.body..]);
            let lines: Vec<&str> = changed.split_inclusive('\n').collect();
            let (nth, line) = lines.iter().enumerate().find(|(_, line)| line.contains("id")).unwrap();
            let removed = |line: &str| [&lines[..nth].concat(), line, &lines[nth + 1..].concat()].concat();
            let shorter = ["id: 7", "\"id\": 7"].iter().flat_map(|id| {
                ["", ",", ", "].iter().flat_map(move |gap| [format!("{gap}{id}"), format!("{id}{gap}")])
            });
            let was = shorter.map(|piece| removed(&line.replacen(&piece, "", 1))).chain([removed("")]);
            proptest::prop_assert!(was.into_iter().any(|was| was == text), "{:?}\n{:?}", text, changed);
            proptest::prop_assert!(is_with_id(&text, &changed));
            let other = format!("{changed}x");
            proptest::prop_assert!(!is_with_id(&text, &other) && !is_with_id(&changed, &changed));
            // A second time it is there.
            proptest::prop_assert_eq!(with_id(&changed, 7), Some(changed.clone()));
            proptest::prop_assert_eq!(with_id(&changed, 8), None);
        });
    }

    #[test]
    fn only_a_new_index_may_be_more_than_an_id() {
        let index = index_text("Q&A: all", 7);
        assert!(is_with_id("", &index) && is_with_id("", "---\nid: 7\n---\n"));
        assert!(!is_with_id("", &format!("{index}Text\n")) && !is_with_id("", &index.replace("id:", "x:")));
        assert!(!is_with_id("---\nid: 5\n---\n", "---\nid: 7\n---\n"));
        assert!(!is_with_id("---\ntitle: a\n---\n", "---\ntitle: b\nid: 7\n---\n"));
    }

    #[test]
    fn a_key_is_set_in_the_style_of_the_others() {
        let description = KeyEdit::Description("one, two".into());
        check(
            "---\n{title: a, id: 7}\n---\nB",
            &description,
            "---\n{title: a, description: \"one, two\", id: 7}\n---\nB",
        );
        check(
            "---\n  title: a\n  id: 7\n---\nB",
            &description,
            "---\n  title: a\n  description: one, two\n  id: 7\n---\nB",
        );
        check("---\ntitle: a\ndescription:\n---\nB", &description, "---\ntitle: a\ndescription: one, two\n---\nB");
        check(
            "---\ntitle: a\ndescription: |\n  x\n  y\n# c\n---\nB",
            &description,
            "---\ntitle: a\ndescription: one, two\n# c\n---\nB",
        );
        check(
            "---\n{\"title\": \"a\"}\n---\nB",
            &KeyEdit::State(State::Draft),
            "---\n{\"title\": \"a\", \"state\": draft}\n---\nB",
        );
        let tags = KeyEdit::Other("tags", "[x, y]".into());
        check(
            "---\ntitle: a\ntags:\n  - one\n  - two\nid: 7\n---\nB",
            &tags,
            "---\ntitle: a\ntags: [x, y]\nid: 7\n---\nB",
        );
    }
}
