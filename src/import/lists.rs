//! Lists of HTML as Intercom takes them: nothing between items, and no table in one.
//!
//! What is between two items belongs to the one before it, as browsers show it; a list that begins with a list is one.
//! A table at the end of a list goes below it, and one within an item becomes a list of its rows. Only tags are moved,
//! so no word is; what is no HTML to the end, as a list that nobody closes, stays as it is.

use std::ops::Range;

use super::draft::{group, patterns};

patterns! {
    TAG = r"(?is)<!--.*?-->|<(/?)([a-z][a-z0-9]*)\b[^>]*>";
    BLANK_LINE = r"\n[ \t>]*\n";
}

/// What is open at a place of a list.
enum Open {
    /// A list, with the end of its last item.
    List(Option<Range<usize>>),
    /// A list that is one with the list around it; its tags go.
    Same(Option<Range<usize>>),
    /// An item, and who says where it ends.
    Item(End),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Written,
    /// It goes on to the next item, where its end is put in.
    Moved,
}

/// A tag, or the text before one.
struct Part<'t> {
    range: Range<usize>,
    /// In lower case; empty for text.
    name: String,
    is_end: bool,
    text: &'t str,
}

/// The list that begins at a place with all of its content in items, and where it ends.
pub(super) fn in_items(text: &str, start: usize) -> Option<(Range<usize>, String)> {
    let mut list = List::default();
    let mut end = None;
    for part in parts(text, start) {
        list.add(&part);
        if list.open.is_empty() {
            end = Some(part.range.end);
            break;
        }
    }
    let range = start..end?;
    let mut edits = list.edits;
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let (mut now, mut at) = (String::new(), start);
    for (edit, text_of_edit) in edits {
        now.push_str(&text[at..edit.start]);
        now.push_str(text_of_edit);
        at = edit.end;
    }
    now.push_str(&text[at..range.end]);
    Some((range, now))
}

/// A list while it is read.
#[derive(Default)]
struct List {
    open: Vec<Open>,
    edits: Vec<(Range<usize>, &'static str)>,
    /// Where the last thing that is no blank ended.
    last: usize,
}

impl List {
    fn add(&mut self, part: &Part<'_>) {
        let is_list = matches!(part.name.as_str(), "ol" | "ul");
        let is_blank = part.name.is_empty() && (part.text.trim().is_empty() || part.text.starts_with("<!--"));
        match (part.name.as_str(), part.is_end) {
            _ if is_blank => return,
            ("li", false) => {
                self.end_item();
                self.open.push(Open::Item(End::Written));
            }
            ("li", true) => {
                if matches!(self.open.last(), Some(Open::Item(_))) {
                    self.open.pop();
                    self.set_last(Some(part.range.clone()));
                }
            }
            (_, true) if is_list => {
                self.end_item();
                if let Some(Open::Same(last)) = self.open.pop() {
                    self.edits.push((part.range.clone(), ""));
                    self.set_last(last);
                }
            }
            (_, false) if is_list => {
                let is_first = matches!(self.open.last(), Some(Open::List(None) | Open::Same(None)));
                if is_first {
                    self.edits.push((part.range.clone(), ""));
                    self.open.push(Open::Same(None));
                } else {
                    self.loose(part);
                    self.open.push(Open::List(None));
                }
            }
            _ => self.loose(part),
        }
        self.last = part.range.end;
    }

    /// Puts what is between items into the one before, or into one of its own.
    fn loose(&mut self, part: &Part<'_>) {
        match self.open.last_mut() {
            Some(Open::List(end) | Open::Same(end)) => {
                match end.take() {
                    Some(end) => self.edits.push((end, "")),
                    None => self.edits.push((part.range.start..part.range.start, "<li>")),
                }
                self.open.push(Open::Item(End::Moved));
            }
            Some(Open::Item(_)) | None => {}
        }
    }

    /// Ends the item that is open, which a tag of its own need not do.
    fn end_item(&mut self) {
        if let Some(Open::Item(end)) = self.open.last() {
            if *end == End::Moved {
                self.edits.push((self.last..self.last, "</li>"));
            }
            self.open.pop();
            self.set_last(None);
        }
    }

    fn set_last(&mut self, place: Option<Range<usize>>) {
        if let Some(Open::List(last) | Open::Same(last)) = self.open.last_mut() {
            *last = place;
        }
    }
}

/// The tags of a text from a place on, and what is between them; what is behind the last one is none of it.
fn parts(text: &str, start: usize) -> impl Iterator<Item = Part<'_>> {
    let mut at = start;
    let found = TAG.as_ref().into_iter().flat_map(move |pattern| pattern.captures_iter(&text[start..]));
    found.flat_map(move |found| {
        let range = found.get(0).map_or(0..0, |whole| start + whole.start()..start + whole.end());
        let between = at..range.start;
        at = range.end;
        let plain = Part { text: &text[between.clone()], range: between, name: String::new(), is_end: false };
        let (name, is_end) = (group(&found, 2).to_lowercase(), !group(&found, 1).is_empty());
        let tag = Part { text: &text[range.clone()], range, name, is_end };
        std::iter::once(plain).filter(|plain| !plain.range.is_empty()).chain(std::iter::once(tag))
    })
}

/// What is in the table that begins at a place, and where the table ends; nothing where a table is in it.
fn inner(text: &str, start: usize) -> Option<(Vec<Part<'_>>, usize)> {
    let mut inner = Vec::new();
    for part in parts(text, start).skip(1) {
        match (part.name.as_str(), part.is_end) {
            ("table", true) => return Some((inner, part.range.end)),
            ("table", false) => return None,
            _ => inner.push(part),
        }
    }
    None
}

/// The table that begins at a place without a list around it, and where it ends: it goes below the lists that end with
/// it, else it becomes a list.
pub(super) fn table(text: &str, start: usize) -> Option<(Range<usize>, String)> {
    below(text, start).or_else(|| rows(text, start))
}

/// The table that begins at a place, below the lists that nothing but it is at the end of.
fn below(text: &str, start: usize) -> Option<(Range<usize>, String)> {
    let (_, end) = inner(text, start)?;
    let is_list = |part: &Part<'_>| matches!(part.name.as_str(), "ol" | "ul");
    let is_blank = |part: &Part<'_>| part.name.is_empty() && part.text.trim().is_empty();
    let is_closing = |part: &Part<'_>| is_blank(part) || part.is_end && (is_list(part) || part.name == "li");
    let closings: Vec<usize> =
        parts(text, end).take_while(is_closing).filter(is_list).map(|part| part.range.end).collect();
    if closings.is_empty() {
        return None;
    }
    let mut depth = 0_usize;
    for part in parts(&text[..start], 0).filter(is_list) {
        depth = if part.is_end { depth.saturating_sub(1) } else { depth + 1 };
    }
    let last = *closings.get(depth.checked_sub(1)?)?;
    Some((start..last, format!("{}\n{}", text[end..last].trim(), &text[start..end])))
}

/// The table that begins at a place as a list of its rows, and where it ends. One that holds code of several lines, a
/// table or Markdown stays.
fn rows(text: &str, start: usize) -> Option<(Range<usize>, String)> {
    let (inner, end) = inner(text, start)?;
    let range = start..end;
    if inner.iter().any(|part| part.name == "pre") || BLANK_LINE.as_ref()?.is_match(&text[range.clone()]) {
        return None;
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut is_in_cell = false;
    for part in inner {
        match (part.name.as_str(), part.is_end) {
            ("tr", false) => rows.push(Vec::new()),
            ("td" | "th", is_end) => {
                is_in_cell = !is_end;
                let bold = if part.name == "th" { "<b>" } else { "" };
                match (is_end, rows.last_mut()) {
                    (false, Some(row)) => row.push(bold.to_owned()),
                    (true, Some(row)) if !bold.is_empty() => {
                        row.last_mut()?.push_str("</b>");
                    }
                    _ => {}
                }
            }
            _ if !is_in_cell => {}
            (name, is_end) => {
                let cell = rows.last_mut().and_then(|row| row.last_mut())?;
                if name == "li" && !is_end && !cell.trim().is_empty() {
                    cell.truncate(cell.trim_end().len());
                    cell.push(';');
                }
                cell.push_str(match name {
                    "li" | "p" | "div" | "br" | "ul" | "ol" | "span" => " ",
                    _ => part.text,
                });
            }
        }
    }
    let words = |cell: &String| cell.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_said = |cell: &String| !cell.is_empty() && cell != "<b></b>";
    let rows = rows.iter().map(|row| row.iter().map(words).filter(is_said).collect::<Vec<_>>().join(" · "));
    let items: Vec<String> = rows.filter(|row| !row.is_empty()).map(|row| format!("<li>{row}</li>")).collect();
    (!items.is_empty()).then(|| (range, format!("<ul>{}</ul>", items.concat())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str) {
        let made = if before.starts_with("<table") { rows(before, 0) } else { in_items(before, 0) };
        assert_eq!(made.map(|(_, now)| now).as_deref(), Some(after));
    }

    #[test]
    fn everything_of_a_list_is_in_its_items() {
        check("<ol><ol>\n<li>a</li>\n</ol></ol>", "<ol>\n<li>a</li>\n</ol>");
        check("<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>");
        check("<ul><li>a</li>\n<p>b</p>\n<li>c</li></ul>", "<ul><li>a\n<p>b</p></li>\n<li>c</li></ul>");
        check("<ul>a<li>b</li></ul>", "<ul><li>a</li><li>b</li></ul>");
        check("<ol><ol><li>a</li></ol><ol><li>b</li></ol></ol>", "<ol><li>a<ol><li>b</li></ol></li></ol>");
        check("<ul><li>a<li>b</ul>", "<ul><li>a<li>b</ul>");
        check("<ul><!-- a --><li>b</li></ul>", "<ul><!-- a --><li>b</li></ul>");
        assert_eq!(in_items("<ul><li>a</li>", 0), None);
    }

    #[test]
    fn a_table_is_a_list_of_its_rows() {
        check(
            "<table><tr><th>a</th><th>b</th></tr>\n<tr><td><p>c</p></td><td><ul><li>d</li><li>e</li></ul></td></tr></table>",
            "<ul><li><b>a</b> · <b>b</b></li><li>c · d; e</li></ul>",
        );
        let text = "<ol><li>a<table><tr><td><pre>b\nc</pre></td></tr></table>\n</li></ol>\nd";
        let now = Some((9..67, "</li></ol>\n<table><tr><td><pre>b\nc</pre></td></tr></table>".to_owned()));
        assert_eq!(table(text, 9), now);
        assert_eq!(table("<ol><li><table><tr><td><pre>b</pre></table></li><li>c</li></ol>", 8), None);
        assert_eq!(rows("<table><tr><td><pre>a\nb</pre></td></tr></table>", 0), None);
        assert_eq!(rows("<table><tr><td>\n\n**a**\n\n</td></tr></table>", 0), None);
        assert_eq!(rows("<table><tr></tr></table>", 0), None);
    }
}
