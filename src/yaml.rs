//! A YAML mapping whose keys know where they stand.
//!
//! `serde_yaml` types the values; a scan of the lines finds where each top-level key and value
//! stands, as the parser does not tell. Together they let `config` and `book` point at line and
//! column for every wrong key and value, all in one run. Nothing here knows which keys there are.

use std::collections::{BTreeMap, BTreeSet};

pub use serde_yaml::Value;

use crate::diagnostic::{Diagnostic, Fix, did_you_mean, surely_meant};
use crate::text::{DocPath, Span, line_start};

/// One `key: value` of a mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// Where the value stands; the key's own span where the value is empty.
    pub span: Span,
    /// The value's text as it is written, without a comment after it.
    pub written: String,
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
}

impl Mapping {
    /// Reads a YAML mapping. `at` is where the text starts in its file. What is wrong goes to
    /// `diagnostics`; with a syntax error the mapping is empty and `None` comes back.
    pub fn parse(text: &str, at: usize, path: &DocPath, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        let empty = Self { path: path.clone(), keys: BTreeSet::new(), entries: BTreeMap::new() };
        let keys = scan(text);
        let mut doubled = false;
        for (index, key) in keys.iter().enumerate() {
            if keys[..index].iter().any(|other| other.name == key.name) {
                doubled = true;
                diagnostics.push(
                    Diagnostic::error(
                        "doubled-key",
                        path,
                        key.span.shifted(at),
                        format!("the key `{}` stands twice", key.name),
                    )
                    .label("the second one")
                    .help("keep one of the two"),
                );
            }
        }
        if doubled {
            return None;
        }
        let value: Value = match serde_yaml::from_str(text) {
            Ok(value) => value,
            Err(error) => {
                diagnostics.push(syntax_error(&error, text, at, path));
                return None;
            }
        };
        let mapping = match value {
            Value::Null => return Some(empty),
            Value::Mapping(mapping) => mapping,
            _ => {
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
        };
        let mut entries = BTreeMap::new();
        for (name, value) in mapping {
            let name = match name {
                Value::String(name) => name,
                other => serde_yaml::to_string(&other).unwrap_or_default().trim().to_owned(),
            };
            let found = keys.iter().find(|key| key.name == name);
            let (key_span, span, written) = found.map_or_else(
                || (Span::new(at, at), Span::new(at, at), String::new()),
                |key| (key.span.shifted(at), key.value.shifted(at), text[key.value.range()].to_owned()),
            );
            entries.insert(name.clone(), Entry { key: name, key_span, span, written, value });
        }
        Some(Self { path: path.clone(), keys: entries.keys().cloned().collect(), entries })
    }

    /// Where the value of every key stands.
    pub fn spans(&self) -> BTreeMap<String, Span> {
        self.entries.iter().map(|(key, entry)| (key.clone(), entry.span)).collect()
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
        // A key that is there already, or that is meant twice, would stand twice.
        let is_free = |key| !self.keys.contains(key) && all.iter().filter(|other| other.key() == key).count() == 1;
        for (key, entry) in &self.entries {
            let help = foreign(entry).map(|foreign| foreign.help.to_owned());
            let help = help.or_else(|| did_you_mean(key, known.iter().copied()));
            let instead =
                meant(entry).filter(|meant| is_free(meant.key()) && entry.key_span.start < entry.key_span.end);
            diagnostics.push(
                Diagnostic::error("unknown-key", &self.path, entry.key_span, format!("unknown key `{key}`"))
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

/// What stands for a key of another tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instead {
    /// A key, with the same value.
    Key(&'static str),
    /// A key and its value, for a value that stands on the key's line.
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
            id: "wrong-type",
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

    /// The same, with the value that is surely meant.
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
pub fn string(entry: &Entry) -> Result<String, Wrong> {
    match &entry.value {
        Value::String(text) if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') => {
            Err(Wrong::value(format!("`{}` holds a control character", entry.key), "remove it"))
        }
        Value::String(text) => Ok(text.clone()),
        Value::Number(_) | Value::Bool(_) => Ok(entry.written.clone()),
        Value::Null => Err(Wrong::value(
            format!("`{}` has no value", entry.key),
            format!("write a text after it, `{}: \"\"` for an empty one, or remove the key", entry.key),
        )),
        _ => Err(Wrong::kind("a text", format!("write `{}: some text`", entry.key))),
    }
}

/// Reads a text that is not empty.
pub fn filled(entry: &Entry) -> Result<String, Wrong> {
    let text = string(entry)?;
    if text.trim().is_empty() {
        return Err(Wrong::value(format!("`{}` is empty", entry.key), "write a text, or remove the key"));
    }
    Ok(text)
}

/// Reads a list of texts.
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
pub fn word<T: Copy>(entry: &Entry, words: &[(&str, T)]) -> Result<T, Wrong> {
    let list = words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(" or ");
    let text = match &entry.value {
        Value::String(text) => text.as_str(),
        Value::Bool(_) => entry.written.as_str(),
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

struct Key {
    name: String,
    span: Span,
    value: Span,
}

/// Finds the keys that start a line. Every line of a block mapping that starts with neither white
/// space nor a comment is one, or the end of the text.
fn scan(text: &str) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim_end();
        if content.is_empty() || content.starts_with([' ', '\t', '#', '-', '}', ']']) {
            if let (Some(key), true) = (keys.last_mut(), !content.is_empty() && !content.starts_with('#')) {
                key.value.end = start + content.len();
            }
            continue;
        }
        let Some(colon) = key_end(content) else {
            continue;
        };
        let raw = content[..colon].trim_end();
        let name = raw.trim_matches(['"', '\'']).to_owned();
        let rest = &content[colon + 1..];
        let written = without_comment(rest);
        let lead = written.len() - written.trim_start().len();
        let value = written.trim();
        let value_start = start + colon + 1 + lead;
        let span = Span::new(start, start + raw.len());
        let value = if value.is_empty() { span } else { Span::new(value_start, value_start + value.len()) };
        keys.push(Key { name, span, value });
    }
    keys
}

/// The colon that ends a key: the first one followed by white space or the end, outside quotes.
fn key_end(line: &str) -> Option<usize> {
    let quote = line.chars().next().filter(|c| matches!(c, '"' | '\''));
    let from = quote.map_or(0, |quote| line[1..].find(quote).map_or(0, |at| at + 2));
    line[from..]
        .match_indices(':')
        .map(|(at, _)| from + at)
        .find(|at| line[at + 1..].chars().next().is_none_or(char::is_whitespace))
}

/// A value without the comment after it: a `#` that follows white space, outside quotes.
fn without_comment(value: &str) -> &str {
    let trimmed = value.trim_start();
    if let Some(quote) = trimmed.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let lead = value.len() - trimmed.len();
        let mut escaped = false;
        for (at, c) in trimmed.char_indices().skip(1) {
            match c {
                '\\' if quote == '"' && !escaped => escaped = true,
                c if c == quote && !escaped => return &value[..lead + at + 1],
                _ => escaped = false,
            }
        }
        return value;
    }
    let mut before = ' ';
    for (at, c) in value.char_indices() {
        if c == '#' && before.is_whitespace() {
            return &value[..at];
        }
        before = c;
    }
    value
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
    fn a_doubled_key_is_named_at_its_second_place() {
        let (mapping, diagnostics) = parse("id: 1\ntitle: a\nid: 2\n");
        assert!(mapping.is_none());
        assert_eq!(diagnostics[0].id, "doubled-key");
        assert_eq!(diagnostics[0].span, Some(Span::new(15, 17)));
    }

    #[test]
    fn a_syntax_error_has_a_place() {
        let (_, diagnostics) = parse("title: a\nstate: [draft\n");
        assert_eq!(diagnostics[0].id, "yaml-syntax");
        assert!(diagnostics[0].span.unwrap().start >= 9);
    }

    #[test]
    fn arbitrary_text_never_panics() {
        proptest::proptest!(|(text in "\\PC*|[-:#'\"\\n a\\[\\]{}&*!|>%@`]*")| { let _ = parse(&text); });
    }
}
