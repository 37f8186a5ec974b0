//! What is nearly Markdown as it is here: alerts that are not quite GitHub's, fences that are directives, rows with
//! cells beyond the head, emphasis that does not close, braces that a heading loses.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::alert::{self, Becomes};
use super::shown::{NO_TEXT, Row, Shown, quoted};
use crate::diagnostic::{Fix, Id, Severity, Splice};

/// Something that was found.
pub(super) struct Near {
    pub range: Range<usize>,
    pub id: Id,
    pub severity: Severity,
    pub message: String,
    pub help: &'static str,
    pub fix: Option<Fix>,
}

const KINDS: &str = "begin it with a line `> [!NOTE]` (or TIP, IMPORTANT, WARNING, CAUTION) that holds nothing else";

static MARKER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(\*\*)?(!?)\[\s*(!?)\s*([\w. ]+?)\s*(?:\|[^\]\n]*)?\](?:\*\*)?[ \t\u{a0}]*([+-]?)[ \t\u{a0}]*(.*)$")
        .ok()
});
static DIRECTIVE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:\{([A-Za-z=][\w:.-]*)[}\s,]|(ad-\w+|admonish)\b)").ok());

/// Languages that are written in braces where code is run.
const RUN: [&str; 8] = ["python", "py", "js", "javascript", "bash", "sh", "sql", "julia"];

/// What a fence says that no language is called, and that another system draws.
const DRAWN: [&str; 22] = [
    "mermaid",
    "plantuml",
    "math",
    "dataview",
    "dataviewjs",
    "query",
    "tabs",
    "tab",
    "include",
    "embed",
    "youtube",
    "card",
    "cards",
    "chart",
    "timeline",
    "oembed",
    "glossary",
    "mdx-code-block",
    "quote",
    "note",
    "warning",
    "tip",
];

pub(super) fn find(markdown: &str, shown: &Shown<'_>) -> Vec<Near> {
    let mut found = Vec::new();
    for quote in &shown.quotes {
        found.extend(marker(markdown, quote));
    }
    second_markers(markdown, shown, &mut found);
    for (range, info) in &shown.fences {
        found.extend(fence(markdown, range, info));
    }
    cells(markdown, shown, &mut found);
    for heading in &shown.headings {
        found.extend(braces(markdown, heading));
    }
    for leaf in &shown.leaves {
        found.extend(emphasis(markdown, shown, leaf));
    }
    for html in &shown.html {
        found.extend(in_html(markdown, html));
    }
    found
}

/// The first line of a quote that is to be an alert elsewhere.
fn marker(markdown: &str, quote: &Range<usize>) -> Option<Near> {
    let line_end = markdown[quote.clone()].find('\n').map_or(quote.end, |end| quote.start + end);
    let line = &markdown[quote.start..line_end];
    let text = line.trim_start_matches(['>', ' ', '\t', '\u{a0}', '\u{200b}']);
    let start = line_end - text.len();
    let captures = MARKER.as_ref()?.captures(text)?;
    let group = |number: usize| captures.get(number).map_or("", |group| group.as_str());
    let word = group(4);
    let meant = alert::meant(word.rsplit('.').next().unwrap_or(word));
    let is_marked = group(3) == "!";
    // `[1]` and `[sic]` are words of a quotation.
    let is_bare = meant.is_some() && (group(2) == "!" || word.chars().all(|c| !c.is_lowercase()));
    let ends_word = text[captures.get(4)?.end()..].trim_start().starts_with([']', '|']);
    if !(is_marked || is_bare) || !ends_word || group(6).starts_with(['(', '[']) {
        return None;
    }
    let fix = match meant {
        Some(Becomes::Alert(kind)) if group(1).is_empty() => {
            let rest = captures.get(6).map_or("", |rest| rest.as_str()).trim();
            let before = &markdown[source_start(markdown, quote.start)..start];
            let prefix: String = before.chars().map(|c| if c == '>' || c == '\t' { c } else { ' ' }).collect();
            let rest = if rest.is_empty() { String::new() } else { format!("\n{prefix}{rest}") };
            let whole = start..line_end - usize::from(line.ends_with('\r'));
            let lead = before.ends_with("> ") || before.ends_with('>');
            lead.then(|| Fix::of(vec![Splice::new(whole, format!("[!{kind}]{rest}"))], "the alert is one now"))
        }
        _ => None,
    };
    Some(Near {
        range: start..line_end,
        id: "broken-alert",
        severity: Severity::Error,
        message: format!("`{}` begins no alert here: customers would see it as text", quoted(text)),
        help: KINDS,
        fix,
    })
}

fn source_start(markdown: &str, at: usize) -> usize {
    markdown[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// A second marker within an alert, which has to be another alert.
fn second_markers(markdown: &str, shown: &Shown<'_>, found: &mut Vec<Near>) {
    for line in shown.lines.iter().cloned() {
        let text = &shown.text[line.clone()];
        let after = shown.alerts.partition_point(|alert| alert.start <= line.start);
        if !shown.alerts[..after].last().is_some_and(|alert| alert.contains(&line.start)) {
            continue;
        }
        if !text.starts_with("[!") || !text.ends_with(']') || alert::meant(text[2..text.len() - 1].trim()).is_none() {
            continue;
        }
        let start = source_start(markdown, line.start);
        // An empty line ends the first one.
        let fix = Fix::of(vec![Splice::new(start..start, "\n")], "the two alerts are apart now");
        found.push(Near {
            range: line,
            id: "broken-alert",
            severity: Severity::Error,
            message: format!("`{}` is within another alert: customers would see it as text", quoted(text)),
            help: "put an empty line before it",
            fix: markdown[start..].starts_with('>').then_some(fix),
        });
    }
}

fn fence(markdown: &str, range: &Range<usize>, info: &str) -> Option<Near> {
    let info = info.trim();
    let captures = DIRECTIVE.as_ref()?.captures(info);
    let braced = captures.as_ref().and_then(|captures| captures.get(1)).map(|word| word.as_str());
    let is_directive = captures.is_some() && !braced.is_some_and(|word| RUN.contains(&word));
    let word = info.split([' ', '\t', '{']).next().unwrap_or_default();
    let is_drawn = DRAWN.iter().any(|drawn| drawn.eq_ignore_ascii_case(word));
    if !is_directive && !is_drawn {
        return None;
    }
    let end = markdown[range.clone()].find('\n').map_or(range.end, |end| range.start + end);
    let range = range.start..end;
    let message = |what: &str| format!("the fence `{}` {what}: customers would see its source", quoted(info));
    Some(if is_directive {
        Near {
            range,
            id: "foreign-block",
            severity: Severity::Error,
            message: message("is a directive of MyST, Obsidian or mdBook"),
            help: "write it in Markdown: `> [!NOTE]` for a note, `![what it shows](file.png)` for an image",
            fix: None,
        }
    } else {
        Near {
            range,
            id: "shown-source",
            severity: Severity::Warning,
            message: message("is drawn elsewhere"),
            help: "show a picture of it, or leave it out; as an example of code give the fence another word",
            fix: None,
        }
    })
}

/// How many cells a row has as it is written, and where the first one beyond `most` begins.
fn beyond(row: &str, most: usize) -> (usize, Option<usize>) {
    let trimmed = row.trim();
    let inner = trimmed.strip_prefix('|').unwrap_or(trimmed);
    let offset = row.len() - row.trim_start().len() + (trimmed.len() - inner.len());
    let inner = inner.strip_suffix('|').filter(|inner| !inner.ends_with('\\')).unwrap_or(inner);
    let (mut cells, mut at, mut extra) = (1, None, None);
    let mut is_escaped = false;
    for (byte, c) in inner.char_indices() {
        match c {
            '|' if !is_escaped => {
                cells += 1;
                if cells == most + 1 {
                    at = Some(offset + byte + 1);
                }
            }
            c if cells > most && !c.is_whitespace() => extra = at,
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    (cells, extra)
}

fn cells(markdown: &str, shown: &Shown<'_>, found: &mut Vec<Near>) {
    let mut columns = 0;
    for (range, row) in &shown.rows {
        let source = &markdown[range.clone()];
        match row {
            Row::Head => columns = beyond(source, usize::MAX - 1).0,
            Row::Other => {
                let (cells, extra) = beyond(source, columns);
                let Some(extra) = extra else { continue };
                found.push(Near {
                    range: range.start + extra..range.end,
                    id: "lost-cell",
                    severity: Severity::Error,
                    message: format!(
                        "the row has {cells} cells and the table {columns} columns: what is beyond is lost"
                    ),
                    help: "add a column to the head, or write `\\|` for a stroke within a cell",
                    fix: None,
                });
            }
        }
    }
}

/// Braces at the end of a heading that are read as attributes and say none.
fn braces(markdown: &str, heading: &Range<usize>) -> Option<Near> {
    let line = markdown[heading.clone()].lines().next()?;
    let line = line.trim_end().trim_end_matches('#').trim_end();
    let inner = line.strip_suffix('}')?;
    let open = inner.rfind('{')?;
    if inner[..open].ends_with(['\\', '{', '`']) || inner[open..].contains('`') {
        return None;
    }
    let says = inner[open + 1..].trim();
    if says.starts_with(['#', '.', ':', '%', '<']) || says.contains('=') || says.ends_with('%') || says == "-" {
        return None;
    }
    let (start, end) = (heading.start + open, heading.start + line.len());
    let escaped = format!("\\{{{}\\}}", &inner[open + 1..]);
    Some(Near {
        range: start..end,
        id: "attribute-list",
        severity: Severity::Error,
        message: format!("`{}` at the end of a heading is read as attributes, and is not shown", quoted(&line[open..])),
        help: "write `\\{` and `\\}` for braces that are meant",
        fix: Some(Fix::of(vec![Splice::new(start..end, escaped)], "the braces of the heading are shown now")),
    })
}

static IN_HTML: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\*\*[^*\s<][^*\n<]*\*\*|^ {0,3}(#{1,6} +\S.*|> *\[!.*)|\[[^\]\n<]+\]\([^)\s<]+\)").ok()
});

/// Markdown in a block of HTML, where it is none.
fn in_html(markdown: &str, html: &Range<usize>) -> Option<Near> {
    let captures = IN_HTML.as_ref()?.captures(&markdown[html.clone()])?;
    let found = captures.get(1).or_else(|| captures.get(0))?;
    let written = found.as_str().trim_end();
    let id = if written.starts_with("**") { "broken-emphasis" } else { "foreign-mark" };
    Some(Near {
        range: html.start + found.start()..html.start + found.start() + written.len(),
        id,
        severity: Severity::Warning,
        message: format!("`{}` is within HTML, where Markdown is text: customers would see its signs", quoted(written)),
        help: "put an empty line between the tag and the text, or write it as HTML, too",
        fix: None,
    })
}

/// Two stars that are left as text, with a partner.
fn emphasis(markdown: &str, shown: &Shown<'_>, leaf: &Range<usize>) -> Option<Near> {
    let text = &shown.text[leaf.clone()];
    // Most pieces of text have no star at all.
    memchr::memchr(b'*', text.as_bytes())?;
    let mut open: Option<usize> = None;
    for (at, _) in text.match_indices("**") {
        let (before, after) = (text[..at].chars().next_back(), text[at + 2..].chars().next());
        if before == Some('*') || after == Some('*') || [before, after].contains(&Some('/')) {
            continue;
        }
        let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match open {
            // `2**3` and `**kwargs` are no emphasis.
            None if !is_word(before) && (!is_space(after) || is_space(before)) => open = Some(at),
            Some(start) if at > start + 2 => {
                let is_spaced = is_space(before) && is_space(text[start + 2..].chars().next());
                let is_glued = !is_space(before) && !is_word(before) && is_word(after);
                let opens_glued = !is_space(text[start + 2..].chars().next());
                if !(is_spaced
                    || (is_glued && opens_glued)
                    || (!is_space(before) && opens_glued && before != Some(NO_TEXT)))
                {
                    continue;
                }
                let range = leaf.start + start..leaf.start + at + 2;
                let is_line = !markdown[range.clone()].contains('\n');
                let bold =
                    [Splice::new(range.start..range.start + 2, "<b>"), Splice::new(range.end - 2..range.end, "</b>")];
                return Some(Near {
                    message: format!(
                        "the emphasis `{}` does not close: customers would see the stars",
                        quoted(&markdown[range.clone()])
                    ),
                    range,
                    id: "broken-emphasis",
                    severity: Severity::Warning,
                    help: "put no space within the stars, and one behind them where a word follows a sign; or write `<b>` and `</b>`",
                    fix: (is_line && !is_spaced).then(|| Fix::of(bold.to_vec(), "the text is bold now")),
                });
            }
            _ => {}
        }
    }
    None
}
