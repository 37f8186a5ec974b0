//! The block of keys at the head of a file.
//!
//! `gray_matter` splits, behind a guard: it loses positions and takes an unclosed fence for body
//! text, so the guard finds the fences and their bytes first, and the two must agree. A byte order
//! mark, CRLF, an unclosed fence and a late one never leak into a body.

use gray_matter::{Matter, Pod, engine::Engine};

use crate::diagnostic::{Diagnostic, Fix};
use crate::text::{DocPath, Span};
use crate::yaml::{Layout, Mapping, Value};

/// Where the keys and the body of a file are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// The keys, without the fences; `None` for a file that has none.
    pub keys: Option<Span>,
    /// Where the body starts.
    pub body: usize,
    /// Where each key is; empty where that is not known.
    pub layout: Layout,
}

/// Hands the text between the fences on as it is.
struct Raw;

impl Engine for Raw {
    fn parse(content: &str) -> gray_matter::Result<Pod> {
        Ok(Pod::String(content.to_owned()))
    }
}

impl FrontMatter {
    /// Splits a file and reads its keys. What is wrong goes to `diagnostics`; with an error the
    /// file cannot be used and `None` comes back.
    pub fn parse(path: &DocPath, source: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<(Self, Mapping)> {
        if source.starts_with('\u{feff}') {
            diagnostics.push(
                Diagnostic::warning("byte-order-mark", path, Span::new(0, 3), "the file starts with a byte order mark")
                    .help("save it as UTF-8 without BOM")
                    .fix(Fix::new(Span::new(0, 3), "", "the byte order mark is gone")),
            );
        }
        let mut front = match fences(source) {
            Fences::Closed { keys, body } => Self { keys: Some(keys), body, layout: Layout::default() },
            Fences::None { body } => Self { keys: None, body, layout: Layout::default() },
            Fences::Unclosed { at, dots } => {
                let help = match dots {
                    Some(_) => "write `---` in the place of `...`",
                    None => "write a line `---` below the keys; for a rule at the top of a text write `***`",
                };
                let fix = dots.map(|dots| Fix::new(dots, "---", "the front matter ends with `---`"));
                diagnostics.push(
                    Diagnostic::error("unclosed-front-matter", path, at, "the front matter is not closed")
                        .label("opened here")
                        .help(help)
                        .fix(fix),
                );
                return None;
            }
            Fences::Lost { at, what, fix } => {
                diagnostics.push(
                    Diagnostic::error("lost-front-matter", path, at, format!("these keys are no front matter: {what}"))
                        .help("write a line `---` before the keys and one below them, each key as `key: value`")
                        .fix(fix),
                );
                return None;
            }
            Fences::Late { at } => {
                diagnostics.push(
                    Diagnostic::error(
                        "late-front-matter",
                        path,
                        at,
                        "the front matter does not start at the first line",
                    )
                    .help("remove what is before it")
                    .fix(at_the_first_line(source, at)),
                );
                return None;
            }
        };
        let text = front.keys.map_or("", |span| &source[span.range()]);
        if !gray_matter_agrees(&source[..front.body], text) {
            diagnostics.push(
                Diagnostic::error(
                    "front-matter",
                    path,
                    front.keys,
                    "the front matter and the text cannot be kept apart",
                )
                .help("please report this file"),
            );
            return None;
        }
        let mapping = Mapping::parse(text, front.keys.map_or(0, |span| span.start), path, diagnostics)?;
        front.layout = mapping.layout().clone();
        Some((front, mapping))
    }

    /// Splits a text and reads its keys where nobody asks what is wrong with them.
    pub fn read(text: &str) -> Option<(Self, Mapping)> {
        Self::parse(&DocPath::new(""), text, &mut Vec::new())
    }

    /// Whether every line of the keys begins one of them, with a letter: one line more is one key more there. `source`
    /// is the text of the file.
    pub(super) fn has_a_key_a_line(&self, source: &str) -> bool {
        let keys = self.keys.map_or("", |keys| &source[keys.range()]);
        let begins_key = |line: &str| line.starts_with(|c: char| c.is_ascii_alphabetic());
        !keys.is_empty() && keys.lines().all(begins_key) && keys.lines().count() == self.layout.places.len()
    }

    /// Where the value of a key is; the key itself where it has no value.
    pub fn span_of(&self, key: &str) -> Option<Span> {
        self.layout.place(key).map(|place| place.value.unwrap_or(place.key))
    }
}

enum Fences {
    Closed {
        keys: Span,
        body: usize,
    },
    None {
        body: usize,
    },
    /// `dots` is a line `...` below keys, with which other tools end front matter.
    Unclosed {
        at: Span,
        dots: Option<Span>,
    },
    Late {
        at: Span,
    },
    /// Keys between other fences than ours, or none.
    Lost {
        at: Span,
        what: &'static str,
        fix: Option<Fix>,
    },
}

fn fences(source: &str) -> Fences {
    let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let mut lines = Lines { text: source, at: start };
    let Some((first, text)) = lines.next() else {
        return Fences::None { body: start };
    };
    if text.trim_end() != "---" {
        let other = late(source, start).map(|at| Fences::Late { at }).or_else(|| lost(source, start, first, text));
        return other.unwrap_or(Fences::None { body: start });
    }
    let keys = lines.at;
    let mut dots = None;
    let mut is_text = false;
    while let Some((line, text)) = lines.next() {
        let text = text.trim_end();
        if text == "---" && !is_text {
            return Fences::Closed { keys: Span::new(keys, line.start), body: lines.at };
        }
        is_text |= dots.is_some() && !text.is_empty();
        if text == "..." && dots.is_none() && is_mapping(&source[keys..line.start]) {
            dots = Some(Span::new(line.start, line.start + 3));
        }
    }
    Fences::Unclosed { at: Span::new(first.start, first.start + 3), dots }
}

fn is_mapping(yaml: &str) -> bool {
    serde_yaml::from_str::<Value>(yaml).is_ok_and(|value| value.is_mapping())
}

/// Keys of front matter that all tools have, as they begin a line.
const KEYS: [&str; 14] = [
    "title",
    "description",
    "state",
    "id",
    "slug",
    "layout",
    "weight",
    "draft",
    "date",
    "tags",
    "author",
    "permalink",
    "sidebar_position",
    "sidebar_label",
];

/// Whether a line is a key of front matter with a value: `title: A`, `title = "A"`. A capital begins a sentence.
fn is_key_line(line: &str, sign: char) -> bool {
    line.split_once(sign).is_some_and(|(key, value)| {
        KEYS.contains(&key.trim_end())
            && (value.starts_with(' ') || value.trim().is_empty())
            && !value.trim().ends_with('.')
    })
}

/// Front matter of another form, or whose first fence got lost or changed. `first` is the first line.
fn lost(source: &str, start: usize, first: Span, text: &str) -> Option<Fences> {
    let line = text.trim_end();
    let below = source[first.end..].lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let at = Span::new(first.start, first.start + line.len());
    let bare = line.trim_start_matches('\u{200b}');
    let fence = || {
        let fixed = format!("{}---{}", &source[..at.start], &source[at.end..]);
        let is_front = matches!(fences(&fixed), Fences::Closed { keys, .. } if is_mapping(&fixed[keys.range()]));
        is_front.then(|| Fix::new(at, "---", "the keys are front matter now"))
    };
    let (what, fix) = match bare {
        "+++" => ("they are TOML", None),
        ";;;" => ("they are JSON", None),
        "{" if below.trim_start().starts_with('"') => ("they are JSON", None),
        "---" if bare != line => ("a sign that nobody sees is before the line `---`", fence()),
        "---yaml" | "---yml" => ("the line above them is not `---`", fence()),
        "---toml" | "---json" => ("they are not YAML", None),
        "--" | "\u{2014}" | "***" | "* * *" | "- - -" if is_key_line(below, ':') => {
            ("the line above them is not `---`", fence())
        }
        "<!--" | "```yaml" | "```yml" if is_key_line(below, ':') => ("they are within something else", None),
        _ if is_key_line(bare, ':') => {
            let fixed = format!("{}---\n{}", &source[..start], &source[start..]);
            let is_front = matches!(fences(&fixed), Fences::Closed { keys, .. } if is_mapping(&fixed[keys.range()]));
            let fix = Fix::new(Span::new(start, start), "---\n", "the keys are front matter now");
            ("there is no line `---` above them", is_front.then_some(fix))
        }
        _ if is_key_line(bare, '=') => ("they are TOML without its fences", None),
        _ if is_key_line(bare.trim_start_matches('#').trim_start(), ':') && bare.starts_with("##") => {
            ("they are a heading", None)
        }
        _ => return None,
    };
    Some(Fences::Lost { at, what, fix })
}

/// A fence after blank lines only, with a `key:` below it: front matter that slipped down.
fn late(source: &str, start: usize) -> Option<Span> {
    let mut lines = Lines { text: source, at: start }.skip_while(|(_, text)| text.trim().is_empty());
    let (fence, text) = lines.next()?;
    let (_, below) = lines.next()?;
    let key = below.split_once(':')?.0;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    (fence.start > start && text.trim() == "---" && is_key).then(|| Span::new(fence.start, fence.start + 3))
}

/// Takes the blank lines before a late fence away, where that makes front matter of it.
fn at_the_first_line(source: &str, fence: Span) -> Option<Fix> {
    let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let lead = source[fence.start..].find('-')?;
    let span = Span::new(start, fence.start + lead);
    let fixed = format!("{}{}", &source[..span.start], &source[span.end..]);
    let is_closed = matches!(fences(&fixed), Fences::Closed { .. });
    is_closed.then(|| Fix::new(span, "", "the front matter starts at the first line now"))
}

struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Lines<'t> {
    type Item = (Span, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.text[self.at..];
        let line = rest.split_inclusive('\n').next()?;
        let span = Span::new(self.at, self.at + line.len());
        self.at = span.end;
        Some((span, line))
    }
}

/// Whether `gray_matter` finds the same keys as the guard, but for line ends and blank lines.
fn gray_matter_agrees(head: &str, keys: &str) -> bool {
    let text = head.trim_start_matches('\u{feff}');
    let found = Matter::<Raw>::new().parse::<String>(text).map(|parsed| parsed.matter).unwrap_or_default();
    let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    lines(found.trim()) == lines(keys.trim())
}
