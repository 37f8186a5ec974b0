//! A YAML mapping whose keys know where they are.
//!
//! `serde_yaml` says what is YAML and types the values; `layout` says where each top-level key and
//! value is. Together they let `config` and `book` point at line and column for every wrong key and
//! value, all in one run. Nothing here knows which keys there are.

mod edit;
mod layout;

use std::collections::{BTreeMap, BTreeSet};

pub use serde_yaml::Value;

pub use edit::{Change, newline, ways_to_set};
use layout::{Events, Unread};
pub use layout::{Layout, Place, Style};

use crate::diagnostic::{Diagnostic, Fix, did_you_mean, id, surely_meant};
use crate::text::{DocPath, Span, line_start};

/// One `key: value` of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key is.
    pub key_span: Span,
    /// Where the value is; the key's own span where the value is empty.
    pub span: Span,
    /// The value as it is written, quotes and brackets included.
    pub written: String,
    /// What a value of one word or text says as it is written, without quotes: `1.10` is not `1.1`.
    pub scalar: String,
    /// The value.
    pub value: Value,
}

/// The top-level keys of one YAML text, taken one by one; what is left over is unknown.
#[derive(Debug)]
pub struct Mapping {
    path: DocPath,
    /// Every key that is written.
    keys: BTreeSet<String>,
    entries: BTreeMap<String, Entry>,
    layout: Layout,
}

impl Mapping {
    /// Reads a YAML mapping. `at` is where the text starts in its file. What is wrong goes to
    /// `diagnostics`; with a syntax error the mapping is empty and `None` comes back.
    pub fn parse(text: &str, at: usize, path: &DocPath, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        let events = Events::of(text);
        // `serde_yaml` takes the square of the depth to say that a text is too deep; its start says so, too.
        let start = match events {
            Err(Unread::TooDeep(at)) => &text[..at],
            _ => "",
        };
        let mapping = match serde_yaml::from_str::<Value>(start).and_then(|_| serde_yaml::from_str(text)) {
            Ok(Value::Null) => serde_yaml::Mapping::new(),
            Ok(Value::Mapping(mapping)) => mapping,
            Ok(_) => {
                diagnostics.push(
                    Diagnostic::error(
                        "yaml-syntax",
                        path,
                        Span::new(at, at + first_line(text)),
                        "this is not a list of keys",
                    )
                    .help("write one `key: value` a line"),
                );
                return None;
            }
            Err(error) => {
                let doubled = events.map(|events| events.doubled).unwrap_or_default();
                if doubled.is_empty() {
                    diagnostics.push(syntax_error(&error, text, at, path));
                }
                diagnostics.extend(doubled.iter().map(|(key, span)| doubled_key(key, span.shifted(at), path)));
                return None;
            }
        };
        let layout = events.map(|events| events.layout).ok().filter(|layout| layout.is_of(&mapping));
        let layout = layout.unwrap_or_default().shifted(at);
        let mut entries = BTreeMap::new();
        for (nth, (name, value)) in mapping.into_iter().enumerate() {
            let key = match name {
                Value::String(name) => name,
                other => plain(&other),
            };
            let place = layout.places.get(nth);
            let key_span = place.map_or(Span::new(at, at), |place| place.key);
            let span = place.and_then(|place| place.value).unwrap_or(key_span);
            let written = text[span.start - at..span.end - at].to_owned();
            let scalar = place.map_or_else(|| plain(&value), |place| place.scalar.clone().unwrap_or_default());
            entries.insert(key.clone(), Entry { key, key_span, span, written, scalar, value });
        }
        let keys = entries.keys().cloned().collect();
        Some(Self { path: path.clone(), keys, entries, layout })
    }

    /// Where its keys are in the file.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Whether a key is written, taken or not.
    pub fn contains(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// Takes a key out, if it is there.
    pub fn take(&mut self, key: &str) -> Option<Entry> {
        self.entries.remove(key)
    }

    /// Takes a key out and reads its value; what is wrong with it goes to `diagnostics`.
    pub fn read<T>(
        &mut self,
        key: &str,
        diagnostics: &mut Vec<Diagnostic>,
        read: impl FnOnce(&Entry) -> Result<T, Wrong>,
    ) -> Option<T> {
        let entry = self.take(key)?;
        match read(&entry) {
            Ok(value) => Some(value),
            Err(wrong) => {
                diagnostics.push(wrong.at(&entry, &self.path));
                None
            }
        }
    }

    /// Every key that nobody took is unknown; the nearest of `known` is named, or the help that
    /// `foreign` has for the key of another tool. What is surely meant is a fix.
    pub fn refuse_rest(
        self,
        what: &str,
        known: &[&'static str],
        foreign: impl Fn(&Entry) -> Option<Foreign>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let meant = |entry: &Entry| match foreign(entry) {
            Some(foreign) => foreign.instead,
            // An id ties a file to an article: nobody but a person says which one.
            None => surely_meant(&entry.key, known.iter().copied()).filter(|near| *near != "id").map(Instead::Key),
        };
        let all: Vec<Instead> = self.entries.values().filter_map(meant).collect();
        // A key that is there already, or that is meant twice, would be there twice.
        let is_free = |key| !self.keys.contains(key) && all.iter().filter(|other| other.key() == key).count() == 1;
        for (key, entry) in &self.entries {
            let help = foreign(entry).map(|foreign| foreign.help.to_owned());
            let help = help.or_else(|| did_you_mean(key, known.iter().copied()));
            let instead =
                meant(entry).filter(|meant| is_free(meant.key()) && entry.key_span.start < entry.key_span.end);
            diagnostics.push(
                Diagnostic::error(id::UNKNOWN_KEY, &self.path, entry.key_span, format!("unknown key `{key}`"))
                    .label(format!("not a key of {what}"))
                    .help(help.unwrap_or_else(|| format!("the keys are {}", known.join(", "))))
                    .fix(instead.map(|instead| instead.fix(entry))),
            );
        }
    }
}

/// What is known of a key that another tool has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreign {
    /// What to do.
    pub help: &'static str,
    /// What says exactly the same here, if anything does.
    pub instead: Option<Instead>,
}

impl Foreign {
    /// A key that a person has to decide about.
    pub fn explained(help: &'static str) -> Self {
        Self { help, instead: None }
    }
}

/// What is written here in the place of a key of another tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    /// A key, with the same value.
    Key(&'static str),
    /// A key and its value, for a value on the key's line.
    Line(&'static str, &'static str),
}

impl Instead {
    fn key(self) -> &'static str {
        match self {
            Instead::Key(key) | Instead::Line(key, _) => key,
        }
    }

    fn fix(self, entry: &Entry) -> Fix {
        match self {
            Instead::Key(key) => Fix::new(entry.key_span, key, format!("`{}` is `{key}` now", entry.key)),
            Instead::Line(key, value) => Fix::new(
                Span::new(entry.key_span.start, entry.span.end),
                format!("{key}: {value}"),
                format!("`{}: {}` is `{key}: {value}` now", entry.key, entry.written),
            ),
        }
    }
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Wrong {
    id: &'static str,
    message: String,
    label: Option<String>,
    help: Option<String>,
    /// The value that is surely meant.
    meant: Option<String>,
}

impl Wrong {
    /// The value has the wrong type.
    pub fn kind(expected: &str, help: impl Into<String>) -> Self {
        Self {
            id: id::WRONG_TYPE,
            message: String::new(),
            label: Some(format!("expected {expected}")),
            help: Some(help.into()),
            meant: None,
        }
    }

    /// The value has the right type and cannot be used all the same.
    pub fn value(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { id: "wrong-value", message: message.into(), label: None, help: Some(help.into()), meant: None }
    }

    /// Adds the value that is surely meant.
    #[must_use]
    fn meaning(self, value: Option<&str>) -> Self {
        Self { meant: value.map(str::to_owned), ..self }
    }

    fn at(self, entry: &Entry, path: &DocPath) -> Diagnostic {
        let message =
            if self.message.is_empty() { format!("`{}` has the wrong type", entry.key) } else { self.message };
        let mut finding = Diagnostic::error(self.id, path, entry.span, message);
        finding.label = self.label;
        finding.help = self.help;
        let is_at_value = entry.span != entry.key_span && entry.span.start < entry.span.end;
        finding.fix = self.meant.filter(|_| is_at_value).map(|value| {
            let done = format!("`{}: {}` is `{}: {value}` now", entry.key, entry.written, entry.key);
            Fix::new(entry.span, value, done)
        });
        finding
    }
}

/// Reads a text. A number, a date or a word like `yes` is the text that is written.
///
/// # Errors
/// Fails where it is no text, or none that can be sent.
pub fn string(entry: &Entry) -> Result<String, Wrong> {
    match &entry.value {
        Value::String(text) if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') => {
            Err(Wrong::value(format!("`{}` holds a control character", entry.key), "remove it"))
        }
        Value::String(text) => Ok(text.clone()),
        Value::Number(_) | Value::Bool(_) => Ok(entry.scalar.clone()),
        Value::Null => Err(Wrong::value(
            format!("`{}` has no value", entry.key),
            format!("write a text after it, `{}: \"\"` for an empty one, or remove the key", entry.key),
        )),
        _ => Err(Wrong::kind("a text", format!("write `{}: some text`", entry.key))),
    }
}

/// Reads a text that is not empty.
///
/// # Errors
/// Fails where it is empty or no text.
pub fn filled(entry: &Entry) -> Result<String, Wrong> {
    let text = string(entry)?;
    if text.trim().is_empty() {
        return Err(Wrong::value(format!("`{}` is empty", entry.key), "write a text, or remove the key"));
    }
    Ok(text)
}

/// Reads a list of texts.
///
/// # Errors
/// Fails where it is no list, or where one of it is no text.
pub fn strings(entry: &Entry) -> Result<Vec<String>, Wrong> {
    let wrong = || Wrong::kind("a list of texts", format!("write `{}: [one, two]`", entry.key));
    entry
        .value
        .as_sequence()
        .ok_or_else(wrong)?
        .iter()
        .map(|value| value.as_str().map(str::to_owned).ok_or_else(wrong))
        .collect()
}

/// Reads one of a few words.
///
/// # Errors
/// Fails where it is none of them.
pub fn word<T: Copy>(entry: &Entry, words: &[(&str, T)]) -> Result<T, Wrong> {
    let list = words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
    let text = match &entry.value {
        Value::String(text) => text.as_str(),
        Value::Bool(_) => entry.scalar.as_str(),
        _ => {
            return Err(Wrong::kind(&list, format!("write `{}: {}`", entry.key, words[0].0)));
        }
    };
    words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
        let same = words.iter().map(|(word, _)| *word).find(|word| word.eq_ignore_ascii_case(text.trim()));
        Wrong::value(format!("`{}` cannot be `{text}`", entry.key), format!("write {list}")).meaning(same)
    })
}

/// Reads a whole number that names something in Intercom.
///
/// # Errors
/// Fails where it is no number above 0.
pub fn number(entry: &Entry) -> Result<u64, Wrong> {
    let wrong = || {
        Wrong::kind(
            "a whole number",
            format!("write the number that Intercom shows, for example `{}: 9100004`", entry.key),
        )
    };
    match &entry.value {
        Value::Number(number) => number.as_u64().filter(|number| *number > 0).ok_or_else(wrong),
        Value::String(text) => text.parse().ok().filter(|number| *number > 0).ok_or_else(wrong),
        _ => Err(wrong()),
    }
}

/// A value as `serde_yaml` writes it, on one line if it can be.
fn plain(value: &Value) -> String {
    serde_yaml::to_string(value).unwrap_or_default().trim().to_owned()
}

fn doubled_key(key: &str, span: Span, path: &DocPath) -> Diagnostic {
    Diagnostic::error("doubled-key", path, span, format!("the key `{key}` is there twice"))
        .label("the second one")
        .help("keep one of the two")
}

fn syntax_error(error: &serde_yaml::Error, text: &str, at: usize, path: &DocPath) -> Diagnostic {
    let span = error.location().map_or(Span::new(at, at), |place| {
        let start = line_start(text, place.line());
        let column: usize = text[start..].chars().take(place.column().saturating_sub(1)).map(char::len_utf8).sum();
        let start = (start + column).min(text.len());
        Span::new(at + start, at + start)
    });
    let whole = error.to_string();
    let message = whole.split(" at line ").next().unwrap_or(&whole).to_owned();
    Diagnostic::error("yaml-syntax", path, span, format!("not valid YAML: {message}"))
        .help("put a value that holds `: `, `#` or starts with a quote, `[`, `{`, `@` or `*` in quotes")
}

fn first_line(text: &str) -> usize {
    text.lines().next().map_or(0, str::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Option<Mapping>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let mapping = Mapping::parse(text, 0, &DocPath::new("a.md"), &mut diagnostics);
        (mapping, diagnostics)
    }

    #[test]
    fn every_key_knows_where_it_and_its_value_stand() {
        let text = "title: 'It''s: #1' # why\ntags:\n  - one\n# note\n  - two\n\"quoted key\": 1.10\n";
        let (mapping, diagnostics) = parse(text);
        let mut mapping = mapping.unwrap();
        assert_eq!(diagnostics, []);
        let number = mapping.take("quoted key").unwrap();
        assert_eq!(string(&number).unwrap(), "1.10");
        let tags = mapping.take("tags").unwrap();
        assert_eq!(strings(&tags).unwrap(), ["one", "two"]);
        let title = mapping.take("title").unwrap();
        assert_eq!(&text[title.key_span.range()], "title");
        assert!(text[title.span.range()].starts_with("'It'"));
    }

    #[test]
    fn what_looks_like_a_key_and_is_none_is_no_doubled_key() {
        for text in [
            "title: a\ndescription: \"one\ntitle: two\"\n",
            "title: a\nextra: {\ntitle: x\n}\n",
            "title: a\nextra:\n  - title: x\n  - title: y\n",
            "title: a\ndescription: |\n  title: x\n  title: y\n",
            "{title: a, extra: {title: b}}",
        ] {
            let (mapping, diagnostics) = parse(text);
            assert_eq!(diagnostics, [], "{text}");
            assert_eq!(string(&mapping.unwrap().take("title").unwrap()).unwrap(), "a", "{text}");
        }
    }

    #[test]
    fn a_doubled_key_is_named_at_its_second_place() {
        let (mapping, diagnostics) = parse("id: 1\ntitle: a\nid: 2\n");
        assert!(mapping.is_none());
        assert_eq!(diagnostics[0].id, "doubled-key");
        assert_eq!(diagnostics[0].span, Some(Span::new(15, 17)));
        for (text, second) in [
            ("title: a\n\"title\": b\n", 9..16),
            ("{id: 1, title: a, id: 2}", 18..20),
            ("extra:\n  a: 1\n  a: 2\n", 16..17),
            ("é: 1\r\nb: &b é\r\n*b : 2\r\n", 17..19),
        ] {
            let (_, diagnostics) = parse(text);
            assert_eq!(diagnostics.len(), 1, "{text}");
            assert_eq!((diagnostics[0].id, diagnostics[0].span), ("doubled-key", Some(second.into())), "{text}");
        }
    }

    #[test]
    fn a_syntax_error_has_a_place() {
        let (_, diagnostics) = parse("title: a\nstate: [draft\n");
        assert_eq!(diagnostics[0].id, "yaml-syntax");
        assert!(diagnostics[0].span.unwrap().start >= 9);
    }

    #[test]
    fn whatever_is_a_mapping_is_read() {
        const PIECES: &str = "a¦title¦é¦1¦: ¦:¦\n¦ ¦  ¦\t¦\r\n¦#¦ # c¦'¦\"¦\\¦- ¦[¦]¦{¦}¦, ¦? ¦? k\n: v\n¦|¦|\n¦>-\n¦&a ¦*a\
            ¦!!str ¦!x ¦...¦\n  ¦b: c\n¦  x: y\n¦k: |\n  t\n¦<<¦~¦%¦\u{feff}¦\u{2028}¦\r";
        let pieces: Vec<&str> = PIECES.split('¦').collect();
        let text = proptest::collection::vec(proptest::sample::select(pieces), 1..12);
        let text = proptest::strategy::Strategy::prop_map(text, |pieces| pieces.concat());
        let config = proptest::test_runner::Config { cases: 4096, ..Default::default() };
        proptest::proptest!(config, |(text in text)| {
            let Ok(Value::Mapping(expected)) = serde_yaml::from_str::<Value>(&text) else { return Ok(()) };
            let (mapping, diagnostics) = parse(&text);
            proptest::prop_assert_eq!(diagnostics, []);
            let mapping = mapping.unwrap();
            let names = expected.keys().map(|key| match key {
                Value::String(name) => name.clone(),
                other => plain(other),
            });
            proptest::prop_assert_eq!(mapping.keys, names.collect());
            let mut before = 0;
            for place in &mapping.layout.places {
                let value = place.value.unwrap_or(place.key);
                proptest::prop_assert!(before <= place.key.start && place.key.end <= text.len());
                proptest::prop_assert!(place.key.start <= value.start && value.start <= value.end);
                before = value.end;
            }
        });
    }

    #[test]
    fn every_place_holds_what_is_read_from_it() {
        #[track_caller]
        fn check(text: &str, expected: &[(&str, &str)]) {
            let (mapping, diagnostics) = parse(text);
            assert_eq!(diagnostics, [], "{text}");
            let mapping = mapping.unwrap();
            let at = |place: &Place| (&text[place.key.range()], place.value.map_or("", |value| &text[value.range()]));
            assert_eq!(mapping.layout.places.iter().map(at).collect::<Vec<_>>(), expected, "{text}");
        }
        check("a: |\n  x: 1\n  y\n\n# c\nb: 2", &[("a", "|\n  x: 1\n  y"), ("b", "2")]);
        check("a: >2- # c\n  x\nb: \"1\n  2\" # d\n", &[("a", ">2- # c\n  x"), ("b", "\"1\n  2\"")]);
        check("a:\n  - x\n  -\n# c\nb:\n  c:\nd:", &[("a", "- x\n  -"), ("b", "c:"), ("d", "")]);
        check("{ a: [x, {y: z}], 'b' : , c }", &[("a", "[x, {y: z}]"), ("'b'", ""), ("c", "")]);
        check("a: &q !!str 1 # c\nb: *q\n*q : 2\n", &[("a", "1"), ("b", "*q"), ("*q", "2")]);
        check("? a\n: b\n? [c]\n? d\n", &[("a", "b"), ("[c]", ""), ("d", "")]);
        check("a:\tb\r\nc: d\r\n  e\r\n", &[("a", "b"), ("c", "d\r\n  e")]);
        check("---\na: b\n...\n", &[("a", "b")]);
    }

    #[test]
    fn a_number_that_is_repeated_by_an_alias_is_the_text_that_is_written() {
        let mut mapping = parse("a: &v 1.10\nb: *v\nc: !!str 1.20\n").0.unwrap();
        let mut text = |key: &str| string(&mapping.take(key).unwrap()).unwrap();
        assert_eq!((text("a"), text("b"), text("c")), ("1.10".to_owned(), "1.10".to_owned(), "1.20".to_owned()));
    }

    #[test]
    fn arbitrary_text_never_panics() {
        proptest::proptest!(|(text in "\\PC*|[-:#'\"\\n a\\[\\]{}&*!|>%@`]*")| { let _ = parse(&text); });
    }
}
