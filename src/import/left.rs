//! What is in the place of something that Intercom refuses or shows as text, and that no fix of `check` writes.
//!
//! Tables in lists become lists, Markdown within HTML becomes HTML, a row gets the head that it needs. What has no
//! counterpart at all is shown as code or hidden in a comment, and named as left. Nothing here looks beyond the
//! place of one finding and the lines around it.

use std::ops::Range;

use super::draft::{code_spans, group, patterns};
use super::lists;
use super::report::Fate;
use crate::diagnostic::{Diagnostic, Severity};

patterns! {
    IMAGE = r"!\[[^\]\n]*\]\((?:<[^>\n]*>|[^()\s]*)\)|<img\b[^>]*>";
    STRUCK = r"(?i)</?(?:del|s|strike)\b[^>]*>";
    LINK = r"^\[([^\]\n<]+)\]\(([^)\s<]+)\)$";
    DELIMITERS = r"^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$";
}

/// A place and the text that it has from then on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub range: Range<usize>,
    pub now: String,
    /// Words that are shown now and were not before, beside those of the text.
    pub shows: String,
    pub fate: Fate,
}

impl Left {
    fn new(range: Range<usize>, now: String, fate: Fate) -> Self {
        Self { range, now, shows: String::new(), fate }
    }
}

/// What is in the place of a finding; `None` where the place stays as it is.
pub(super) fn of(finding: &Diagnostic, text: &str, range: Range<usize>) -> Option<Left> {
    let was = text.get(range.clone()).filter(|was| !was.trim().is_empty())?;
    let near = |now: String| Some(Left::new(range.clone(), now, Fate::Approximated));
    let moved = |(range, now): (Range<usize>, String)| Some(Left::new(range, now, Fate::Approximated));
    match finding.id {
        "table-in-list" if was.starts_with('<') => moved(lists::table(text, range.start)?),
        "table-in-list" => near(table(was)?),
        "list-content" => moved(lists::in_items(text, range.start)?),
        "unknown-tag" if was.starts_with('<') => Some(tag(was, text, &range)),
        "broken-emphasis" => near(bold(was, &text[..range.start])?),
        "foreign-mark" if linked(was).is_some() => near(linked(was)?),
        "lost-cell" => head(text, &range),
        "broken-table" => swapped(text, &range),
        "broken-link" if was.starts_with("](") && !was.contains([')', ' ']) => near(format!("{was})")),
        "heading-image" => below(text, &range),
        "strikethrough" => near(unstruck(was)?),
        _ => {
            let now = hidden(finding, was, text, &range)?;
            Some(Left::new(range, now, Fate::Left))
        }
    }
}

fn line(text: &str, range: &Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
    let end = text[range.start..].find('\n').map_or(text.len(), |end| range.start + end);
    start..end
}

/// A table of Markdown as a list: an item a row, the head in bold.
fn table(was: &str) -> Option<String> {
    let mut lines = was.lines();
    let head = lines.next()?;
    let delimiters = lines.next()?.trim_start_matches([' ', '\t', '>']);
    if !DELIMITERS.as_ref()?.is_match(delimiters) {
        return None;
    }
    let mut now = format!("- **{}**", cells(head).join("** · **"));
    now = now.replace("****", "");
    for row in lines {
        let inner = row.trim_start_matches([' ', '\t', '>']);
        let (lead, cells) = (&row[..row.len() - inner.len()], cells(inner));
        if cells.iter().any(|cell| !cell.is_empty()) {
            now.push_str(&format!("\n{lead}- {}", cells.join(" · ")));
        }
    }
    now.push('\n');
    Some(now)
}

/// The texts of the cells of a row.
pub(super) fn cells(row: &str) -> Vec<String> {
    let inner = row.trim();
    let inner = inner.strip_prefix('|').unwrap_or(inner);
    let inner = inner.strip_suffix('|').filter(|inner| !inner.ends_with('\\')).unwrap_or(inner);
    let mut cells = vec![String::new()];
    let mut is_escaped = false;
    for c in inner.chars() {
        match (c, cells.last_mut()) {
            ('|', _) if !is_escaped => cells.push(String::new()),
            ('|', Some(cell)) => {
                cell.pop();
                cell.push('|');
            }
            (c, Some(cell)) => cell.push(c),
            (_, None) => {}
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// A tag that is none of HTML: words in angle brackets are shown, and the tags of an element that is closed go, as they do
/// wherever HTML is shown.
fn tag(was: &str, text: &str, range: &Range<usize>) -> Left {
    let name: String =
        was.trim_start_matches(['<', '/']).chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
    let opens = [format!("<{name}>"), format!("<{name} ")];
    let is_closed = !name.is_empty()
        && !was.ends_with("/>")
        && opens.iter().any(|open| text.contains(open.as_str()))
        && text.contains(&format!("</{name}>"));
    if is_closed {
        return Left::new(range.clone(), String::new(), Fate::Left);
    }
    let now = was.replace('<', "&lt;").replace('>', "&gt;");
    Left::new(range.clone(), now, Fate::Approximated)
}

/// Emphasis in stars that is none, as HTML. A blank on the inside of the first stars parts two words.
fn bold(was: &str, before: &str) -> Option<String> {
    let inner = was.strip_prefix("**")?.strip_suffix("**")?;
    let is_apart = inner.starts_with(char::is_whitespace) && !before.ends_with(char::is_whitespace);
    let gap = if is_apart && !before.is_empty() { " " } else { "" };
    let inner = inner.trim();
    Some(if inner.is_empty() { gap.to_owned() } else { format!("{gap}<b>{inner}</b>") })
}

/// A link of Markdown within HTML, as HTML.
fn linked(was: &str) -> Option<String> {
    let found = LINK.as_ref()?.captures(was)?;
    let words = group(&found, 1).replace('\\', "");
    Some(format!("<a href=\"{}\">{words}</a>", group(&found, 2).replace('"', "%22")))
}

/// A heading whose images are below it.
fn below(text: &str, range: &Range<usize>) -> Option<Left> {
    let line = line(text, range);
    let written = &text[line.clone()];
    let pattern = IMAGE.as_ref()?;
    let images: Vec<&str> = pattern.find_iter(written).map(|found| found.as_str()).collect();
    let words = pattern.replace_all(written, "");
    let is_bare = words.trim_matches(['#', ' ']).is_empty();
    let parts = (!is_bare)
        .then(|| words.trim_end().to_owned())
        .into_iter()
        .chain(images.iter().map(|image| (*image).to_owned()));
    let now = parts.collect::<Vec<_>>().join("\n\n");
    Some(Left::new(line, format!("{now}\n"), Fate::Approximated))
}

/// Words without the stroke through them.
fn unstruck(was: &str) -> Option<String> {
    let inner = was.trim_start_matches('~').trim_end_matches('~');
    Some(STRUCK.as_ref()?.replace_all(inner, "").into_owned())
}

/// The table of a row that has more cells than its head. A stroke within code is one of the code if the row has the right
/// number of cells then; else the head gets the cells that it lacks.
fn head(text: &str, range: &Range<usize>) -> Option<Left> {
    let row = line(text, range);
    let lead = |line: &str| line.trim_start_matches([' ', '\t', '>']).to_owned();
    let mut at = row.clone();
    // Up to the line of delimiters, and the head above it.
    let delimiters = loop {
        at = line(text, &(at.start.checked_sub(1)?..at.start));
        if DELIMITERS.as_ref()?.is_match(&lead(&text[at.clone()])) && text[at.clone()].contains('-') {
            break at;
        }
        if text[at.clone()].trim().is_empty() {
            return None;
        }
    };
    let head = line(text, &(delimiters.start.checked_sub(1)?..delimiters.start));
    let has = cells(&lead(&text[head.clone()])).len();
    let coded = escaped(&text[row.clone()]);
    if cells(&lead(&coded)).len() == has {
        let shows = cells(&lead(&coded)).join(" ");
        return Some(Left { shows, ..Left::new(row, coded, Fate::Approximated) });
    }
    // All rows of the table get room at once.
    let rows =
        text[delimiters.end..].lines().skip(1).take_while(|row| lead(row).contains('|')).map(|row| cells(&lead(row)));
    let rows: Vec<Vec<String>> = rows.collect();
    let more = rows.iter().map(Vec::len).max()?.checked_sub(has).filter(|more| *more > 0)?;
    let shows: Vec<String> = rows.into_iter().flat_map(|row| row.into_iter().skip(has)).collect();
    let closed = |line: &str| format!("{} |", line.trim_end().trim_end_matches('|').trim_end());
    let now = format!(
        "{}{}\n{}{}",
        closed(&text[head.clone()]),
        "  |".repeat(more),
        closed(&text[delimiters.clone()]),
        "---|".repeat(more)
    );
    Some(Left { shows: shows.join(" "), ..Left::new(head.start..delimiters.end, now, Fate::Approximated) })
}

/// A row with the strokes in its code escaped.
fn escaped(row: &str) -> String {
    let mut now = String::with_capacity(row.len());
    let mut at = 0;
    for span in code_spans(row) {
        now.push_str(&row[at..span.start]);
        now.push_str(&row[span.clone()].replace("\\|", "|").replace('|', "\\|"));
        at = span.end;
    }
    now.push_str(&row[at..]);
    now
}

/// A table whose first row is below the line of delimiters: that row is its head.
fn swapped(text: &str, range: &Range<usize>) -> Option<Left> {
    let delimiters = line(text, range);
    let next = line(text, &(delimiters.end + 1..delimiters.end + 1));
    let (first, second) = (text.get(delimiters.clone())?, text.get(next.clone())?);
    let is_table = DELIMITERS.as_ref()?.is_match(first.trim())
        && second.trim_start().starts_with('|')
        && cells(first).len() == cells(second).len();
    is_table.then(|| Left::new(delimiters.start..next.end, format!("{second}\n{first}"), Fate::Approximated))
}

/// Something without a counterpart, shown as code or hidden in a comment.
fn hidden(finding: &Diagnostic, was: &str, text: &str, range: &Range<usize>) -> Option<String> {
    let code = || (!was.contains(['`', '\n'])).then(|| format!("`{}`", was.trim()));
    let line_start = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
    let line_end = text[range.end..].find('\n').map_or(text.len(), |end| range.end + end);
    let is_alone = text[line_start..range.start].trim_matches([' ', '\t', '>']).is_empty()
        && text[range.end..line_end].trim().is_empty();
    match finding.id {
        "foreign-block" if was.starts_with(":::") && is_alone => {
            // A box whose place has none: its title stays.
            let title = was.split_once('[').map_or("", |(_, title)| title.trim_end_matches(']'));
            let word = was.trim_start_matches(':').split(['[', '{', ' ']).next().unwrap_or_default();
            let shown = if title.is_empty() { word } else { title };
            Some(if shown.trim().is_empty() {
                String::new()
            } else {
                format!("**{}**\n", crate::text::capitalized(shown.trim()))
            })
        }
        "foreign-block" | "shown-comment" if is_alone && !was.contains("-->") => Some(super::rewrite_comment(was)),
        "foreign-block" | "shown-comment" | "template-tag" | "attribute-list" | "foreign-mark" | "wiki-link"
        | "footnote" | "component" | "broken-alert" => code(),
        "missing-article" | "relative-link" | "broken-link" | "link-scheme" if finding.severity == Severity::Error => {
            unlinked(was)
        }
        "missing-image" | "image-address" | "not-an-image" | "image-script" | "data-image" => {
            Some(super::rewrite_comment(was))
        }
        "iframe-host" => Some(frame(was)),
        "unsupported-html" if was.starts_with('<') && was.ends_with('>') && !was.contains('\n') => Some(String::new()),
        "unsafe-html" => Some(String::new()),
        _ => None,
    }
}

/// What a frame shows elsewhere: a link to it, or nothing where it names no address.
fn frame(was: &str) -> String {
    let address = was
        .split("src=")
        .nth(1)
        .and_then(|rest| rest.trim_start_matches(['"', '\'']).split(['"', '\'', ' ', '>']).next())
        .unwrap_or_default();
    let address = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
    if address.starts_with("http") {
        format!("<a href=\"{address}\">{address}</a>")
    } else {
        super::rewrite_comment(was)
    }
}

/// The words of a link of Markdown.
fn unlinked(was: &str) -> Option<String> {
    let inner = was.strip_prefix('[')?;
    let (words, _) = inner.rsplit_once("](")?;
    Some(words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::DocPath;

    #[track_caller]
    fn check(id: &'static str, text: &str, place: &str, after: &str) {
        let start = text.find(place).unwrap();
        let path = DocPath::new("a.md");
        let finding = Diagnostic::error(id, &path, crate::text::Span::new(start, start + place.len()), String::new());
        let mut now = text.to_owned();
        if let Some(left) = of(&finding, text, start..start + place.len()) {
            now.replace_range(left.range, &left.now);
        }
        assert_eq!(now, after);
    }

    #[test]
    fn what_intercom_refuses_becomes_what_it_takes() {
        let table = "| a | b |\n   |---|---|\n   | c | d\\|e |";
        check("table-in-list", &format!("1. x\n\n   {table}\n"), table, "1. x\n\n   - **a** · **b**\n   - c · d|e\n\n");
        check("unknown-tag", "a <branch name> b", "<branch name>", "a &lt;branch name&gt; b");
        check("unknown-tag", "<quiz>a</quiz>", "<quiz>", "a</quiz>");
        check("broken-emphasis", "a ** b ** c", "** b **", "a <b>b</b> c");
        check("broken-emphasis", "_a_** b **c", "** b **", "_a_ <b>b</b>c");
        check("foreign-mark", "<td>[a](b.md)</td>", "[a](b.md)", "<td><a href=\"b.md\">a</a></td>");
        check(
            "lost-cell",
            "| a | b |\n|---|---|\n| c | d | e |\n",
            " e |",
            "| a | b |  |\n|---|--- |---|\n| c | d | e |\n",
        );
        check("lost-cell", "|a|b|\n|---|---|\n|`c|d`|e|\n", "e|", "|a|b|\n|---|---|\n|`c\\|d`|e|\n");
        check("broken-table", "|---|---|\n| a | b |\n", "|---|---|", "| a | b |\n|---|---|\n");
        check("broken-link", "* [a](https://example.com\n", "](https://example.com", "* [a](https://example.com)\n");
        check("heading-image", "a\n\n## ![](b.png)\n", "![](b.png)", "a\n\n![](b.png)\n\n");
        check("heading-image", "## A ![](b.png)\n", "![](b.png)", "## A\n\n![](b.png)\n\n");
        check("strikethrough", "a ~~b~~ c", "~~b~~", "a b c");
        check("iframe-host", "<iframe title=\"a\" />", "<iframe title=\"a\" />", "<!-- <iframe title=\"a\" /> -->");
        check("table-in-list", "<li><table><tr><td>a</table></li>", "<table>", "<li><ul><li>a</li></ul></li>");
        check("list-content", "<ol><ol><li>a</li></ol></ol>", "<ol>", "<ol><li>a</li></ol>");
        check("unlisted", "a", "a", "a");
    }
}
