//! Blocks that other systems have: between two lines of signs, or below one by their indent.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::alert::{self, Becomes};
use super::shown::Shown;
use crate::diagnostic::{Fix, Splice};

/// A block that was found, by its first line.
pub(super) struct Block {
    /// The first line, without what is before it.
    pub line: Range<usize>,
    /// Its last line, of which nothing more is said.
    pub end: Option<Range<usize>>,
    /// What would make it an alert or a section here.
    pub fix: Option<Fix>,
    pub whose: &'static str,
}

/// A line that begins a block.
struct Opening<'m> {
    line: Range<usize>,
    word: &'m str,
    title: Option<&'m str>,
    whose: &'static str,
}

static COLONS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^:{3,}[ \t]*(?:\{?\.?[ \t]*([A-Za-z][\w-]*)\}?(.*))?$").ok());
static BANGS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^(!!!|\?\?\?\+?)[ \t]?([A-Za-z][\w-]*)((?:[ \t]+[\w-]+)*)(?:[ \t]+"([^"]*)")?(?:[ \t]+(?:inline|end))*[ \t]*(.*)$"#).ok()
});
static HINT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"^\{%-?\s*(?:hint|callout|note|warning|tip)\b([^%]*)-?%\}$"#).ok());
static HINT_END: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\{%-?\s*(?:/|end)(?:hint|callout|note|warning|tip)\s*-?%\}$").ok());
static TITLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^\[([^\]]*)\](?:\{[^}]*\})?$|^\{?[^}]*\btitle="([^"]*)"[^}]*\}?$|^"([^"]*)"$"#).ok()
});
static STYLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"(?:style|type)="(\w+)""#).ok());

/// Every block.
pub(super) fn find(markdown: &str, shown: &Shown<'_>) -> Vec<Block> {
    let mut found = Vec::new();
    pairs(markdown, shown, ":::", &mut found, &|line| {
        let captures = COLONS.as_ref()?.captures(line)?;
        let Some(word) = captures.get(1) else { return Some(Side::End) };
        let rest = captures.get(2).map_or("", |rest| rest.as_str().trim());
        Some(Side::Begin {
            word: word.as_str(),
            title: title_of(rest),
            whose: "a container of Docusaurus, VitePress or Pandoc",
        })
    });
    pairs(markdown, shown, "{%", &mut found, &|line| {
        if HINT_END.as_ref()?.is_match(line) {
            return Some(Side::End);
        }
        let attributes = HINT.as_ref()?.captures(line)?.get(1)?.as_str();
        let style = STYLE.as_ref()?.captures(attributes).and_then(|style| style.get(1));
        let word = style.map_or("note", |style| style.as_str());
        Some(Side::Begin { word, title: None, whose: "a hint of GitBook or Markdoc" })
    });
    indented(markdown, shown, &mut found);
    found
}

/// What a line is for the blocks of a system.
enum Side<'m> {
    Begin { word: &'m str, title: Option<&'m str>, whose: &'static str },
    End,
}

fn title_of(rest: &str) -> Option<&str> {
    let captured = TITLE.as_ref().and_then(|pattern| pattern.captures(rest));
    let title = match captured {
        Some(captures) => (1..=3).find_map(|group| captures.get(group)).map_or("", |title| title.as_str()),
        // Attributes alone are no title.
        None if rest.starts_with('{') => "",
        None => rest.trim_end_matches(':').trim(),
    };
    Some(title.trim()).filter(|title| !title.is_empty())
}

/// Blocks that a line begins and another one ends.
fn pairs<'m>(
    markdown: &'m str,
    shown: &Shown<'_>,
    sign: &str,
    found: &mut Vec<Block>,
    side: &dyn Fn(&'m str) -> Option<Side<'m>>,
) {
    let mut open: Vec<(Opening<'m>, usize)> = Vec::new();
    for line in shown.lines.iter().filter(|line| shown.text[(*line).clone()].starts_with(sign)) {
        let line = line.clone();
        match side(&markdown[line.clone()]) {
            None => {}
            Some(Side::Begin { word, title, whose }) => {
                if let Some((_, inner)) = open.last_mut() {
                    *inner += 1;
                }
                open.push((Opening { line, word, title, whose }, 0));
            }
            Some(Side::End) => match open.pop() {
                Some((opening, inner)) => {
                    let is_outer = open.is_empty() && inner == 0;
                    let fix = if is_outer { pair_fix(markdown, &opening, line.clone()) } else { None };
                    found.push(Block { line: opening.line, end: Some(line), fix, whose: opening.whose });
                }
                None => {
                    found.push(Block { line, end: None, fix: None, whose: "the end of a block that begins nowhere" });
                }
            },
        }
    }
    found.extend(open.into_iter().map(|(opening, _)| Block {
        line: opening.line,
        end: None,
        fix: None,
        whose: opening.whose,
    }));
}

/// The line in the source that holds a byte.
fn source_line(markdown: &str, at: usize) -> Range<usize> {
    let start = markdown[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = markdown[at..].find('\n').map_or(markdown.len(), |end| at + end + 1);
    start..end
}

/// What is before the text of a line: white space and the marks of quotes, `None` with the mark of a list.
fn prefix_of(markdown: &str, line: &Range<usize>) -> Option<String> {
    let prefix = &markdown[source_line(markdown, line.start).start..line.start];
    prefix.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'>')).then(|| prefix.to_owned())
}

/// Whether a line holds nothing but what is before every line of its block.
fn is_blank(line: &str) -> bool {
    line.trim_matches([' ', '\t', '>', '\r', '\n']).is_empty()
}

fn pair_fix(markdown: &str, opening: &Opening<'_>, end: Range<usize>) -> Option<Fix> {
    let becomes = alert::meant(opening.word)?;
    let prefix = prefix_of(markdown, &opening.line)?;
    if prefix_of(markdown, &end)? != prefix || (becomes == Becomes::Details && !prefix.is_empty()) {
        return None;
    }
    let first = source_line(markdown, opening.line.start);
    let mut splices = vec![opened(markdown, &opening.line, &first, becomes, opening.title, &prefix)];
    let last = source_line(markdown, end.start);
    if becomes != Becomes::Details {
        let mut at = first.end;
        while at < last.start {
            let line = source_line(markdown, at);
            let is_within = markdown[line.clone()].starts_with(&prefix);
            let at_text = if is_within { line.start + prefix.len() } else { line.start };
            if !is_within && !is_blank(&markdown[line.clone()]) {
                return None;
            }
            let lead = if is_within { "" } else { prefix.as_str() };
            let mark = if is_blank(&markdown[line.clone()]) { ">" } else { "> " };
            splices.push(Splice::new(at_text..at_text, format!("{lead}{mark}")));
            at = line.end;
        }
    }
    let follows = last.end < markdown.len() && !is_blank(&markdown[source_line(markdown, last.end)]);
    splices.push(match becomes {
        Becomes::Details => Splice::new(end, if follows { "\n</details>\n" } else { "\n</details>" }),
        _ if follows => Splice::new(end, ""),
        _ => Splice::new(last, ""),
    });
    Some(Fix::of(splices, done(becomes)))
}

/// The first line as it is to be, with an empty line before it where there is none.
fn opened(
    markdown: &str,
    line: &Range<usize>,
    source: &Range<usize>,
    becomes: Becomes,
    title: Option<&str>,
    prefix: &str,
) -> Splice {
    let is_first = source.start == 0 || is_blank(&markdown[source_line(markdown, source.start - 1)]);
    let gap = if is_first { String::new() } else { format!("\n{prefix}") };
    Splice::new(line.clone(), gap + &alert::head(becomes, title, prefix))
}

fn done(becomes: Becomes) -> &'static str {
    match becomes {
        Becomes::Alert(_) => "the block is an alert now",
        Becomes::Quote => "the block is a quote now",
        Becomes::Details => "the block is a collapsible section now",
    }
}

/// `!!! note` and `??? note`, with a text that is indented below.
fn indented(markdown: &str, shown: &Shown<'_>, found: &mut Vec<Block>) {
    for line in shown.lines.iter().cloned() {
        let text = &shown.text[line.clone()];
        if !text.starts_with("!!!") && !text.starts_with("???") {
            continue;
        }
        let Some(captures) = BANGS.as_ref().and_then(|pattern| pattern.captures(&markdown[line.clone()])) else {
            continue;
        };
        let group = |number: usize| captures.get(number).map_or("", |group| group.as_str());
        let (word, title) = (group(2), captures.get(4).map(|title| title.as_str()));
        let meant = alert::meant(word);
        let is_shout = markdown[line.clone()].trim_end().ends_with(['!', '?']);
        if is_shout || (title.is_none() && (meant.is_none() || !group(5).is_empty())) {
            continue;
        }
        let becomes = match meant {
            _ if group(1).starts_with('?') => Some(Becomes::Details),
            Some(meant) => Some(meant),
            None => None,
        };
        let title = title.map(str::trim).filter(|title| !title.is_empty());
        let title = title.or_else(|| (becomes == Some(Becomes::Details)).then_some(word));
        let fix = becomes.and_then(|becomes| indented_fix(markdown, &line, becomes, title));
        found.push(Block { line, end: None, fix, whose: "an admonition of MkDocs" });
    }
}

fn indented_fix(markdown: &str, line: &Range<usize>, becomes: Becomes, title: Option<&str>) -> Option<Fix> {
    let prefix = prefix_of(markdown, line)?;
    if prefix.contains('>') || (becomes == Becomes::Details && !prefix.is_empty()) {
        return None;
    }
    let first = source_line(markdown, line.start);
    let mut splices = vec![opened(markdown, line, &first, becomes, title, &prefix)];
    let (mut at, mut body) = (first.end, 0);
    // Blank lines count once a line of the block follows them.
    let mut blank: Vec<Range<usize>> = Vec::new();
    while at < markdown.len() {
        let source = source_line(markdown, at);
        let text = &markdown[source.clone()];
        at = source.end;
        if text.trim().is_empty() {
            blank.push(source);
            continue;
        }
        let indent = text
            .strip_prefix(prefix.as_str())
            .and_then(|rest| ["    ", "\t"].into_iter().find(|indent| rest.starts_with(indent)).map(str::len));
        let Some(indent) = indent else { break };
        let inner = text[prefix.len() + indent..].trim_start();
        if inner.starts_with("!!!") || inner.starts_with("???") {
            return None;
        }
        let start = source.start + prefix.len();
        let mark = if becomes == Becomes::Details { "" } else { "> " };
        if becomes != Becomes::Details && body > 0 {
            splices.extend(blank.iter().map(|line| Splice::new(line.start..line.start, format!("{prefix}>"))));
        } else if becomes != Becomes::Details {
            // Between the head and the text there is no empty line, which would end the quote.
            splices.extend(blank.iter().map(|line| Splice::new(line.clone(), "")));
        }
        blank.clear();
        splices.push(Splice::new(start..start + indent, mark));
        body += 1;
    }
    if body == 0 {
        return None;
    }
    if becomes == Becomes::Details {
        // The end goes behind the last line of the text.
        let last = splices.last()?.span.start;
        let end = source_line(markdown, last).end;
        let newline = if markdown[..end].ends_with('\n') { "" } else { "\n" };
        splices.push(Splice::new(end..end, format!("{newline}\n</details>\n")));
    } else if let Some(next) = markdown.get(source_line(markdown, splices.last()?.span.start).end..)
        && !next.is_empty()
        && !next.lines().next().is_none_or(|line| line.trim().is_empty())
    {
        let end = markdown.len() - next.len();
        splices.push(Splice::new(end..end, "\n"));
    }
    Some(Fix::of(splices, done(becomes)))
}
