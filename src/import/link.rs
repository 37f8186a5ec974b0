//! The links and images of a page, as they are written in the docs: relative, with `.md`, to the file that is there.
//!
//! Every address of a line is found and becomes what [`super::place`] says of it. What is nowhere in the source keeps
//! its words and is named; where the site's own address is known, it is a link to that. Words are never changed.

use std::ops::Range;

use super::draft::{Draft, Rewrite, captured, code_spans, group, patterns};
use super::place::{Places, Target, Wanted};
use super::report::{Fate, Item, Report};
use super::systems::Layout;
use crate::text::DocPath;

patterns! {
    REFERENCE = r"^(\s{0,3}\[[^\]]+\]:\s*)(<[^>]*>|\S+)";
    HTML = r#"(<(?:a|img|source|video|iframe)\b[^>]*?\s(?:href|src)\s*=\s*)(?:"([^"]*)"|'([^']*)')"#;
    BROKEN = r#"^\s*[^()\s<>"][^()<>"\n]*\.(?:md|mdx|png|jpe?g|gif|svg|pdf)(?:#[\w-]*)?\s*\)"#;
}

/// A page whose links are rewritten.
pub(super) struct Linked<'a> {
    pub layout: &'a Layout,
    /// Its places in the site: its own, and that of the page that it translates.
    pub froms: Vec<DocPath>,
    /// Its file in the docs.
    pub out: DocPath,
    /// The images that it imports, by name.
    pub imported: Vec<(String, String)>,
}

/// An address in a line.
struct Found {
    /// The address, with `<` and `>` if it has them.
    address: Range<usize>,
    /// All of the link or image, where its beginning is on the line.
    whole: Option<Range<usize>>,
    /// Its words.
    words: Range<usize>,
    wanted: Wanted,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Inline,
    Reference,
    Html,
}

/// How many links of one line are rewritten: a table of HTML may be on one.
const MOST_LINKS: usize = 10_000;

/// Rewrites the links and images of a page.
pub(super) fn rewrite(draft: &mut Draft, linked: &Linked<'_>, places: &mut Places, report: &mut Report) {
    let prose = draft.prose();
    for (nth, is_prose) in prose.into_iter().enumerate() {
        if !is_prose || !draft.lines[nth].text.contains(['[', ']', '<']) {
            continue;
        }
        // An image within a link is found first, and the line is looked at again for what is around it.
        let mut from = 0;
        for _ in 0..MOST_LINKS {
            let line = draft.lines[nth].text.clone();
            let Some(found) = next(&line, from) else { break };
            let written = line[found.address.clone()].trim_matches(['<', '>', ' ']).to_owned();
            let now = address(&written, &found, linked, places, report);
            let Some(now) = now else {
                from = found.address.end;
                continue;
            };
            let (range, text, rewrite) = now.text(&line, &found, &written);
            draft.items.push(Item {
                line: draft.lines[nth].at,
                construct: rewrite.construct,
                fate: rewrite.fate,
                was: line[range.clone()].to_owned(),
                now: text.clone(),
            });
            draft.lines[nth].text = format!("{}{text}{}", &line[..range.start], &line[range.end..]);
            from = if found.whole.as_ref() == Some(&range) {
                range.start + rewrite.now.len()
            } else {
                range.start + text.len()
            };
        }
    }
    draft.items.retain(|item| item.was != item.now);
}

/// What an address becomes.
enum Becomes {
    /// Another address.
    Address(String, Fate),
    /// Nothing that can be linked to: its words stay.
    Words(&'static str),
}

impl Becomes {
    /// The place that is replaced, its text, and what is said of it.
    fn text(self, line: &str, found: &Found, written: &str) -> (Range<usize>, String, Rewrite) {
        let construct = if found.wanted == Wanted::Image { "image" } else { "link" };
        match self {
            Becomes::Address(now, fate) => (found.address.clone(), now.clone(), Rewrite::new(fate, construct, now)),
            Becomes::Words(why) => {
                let words = line[found.words.clone()].to_owned();
                let hidden = super::rewrite_comment(&format!("{why}: {written}"));
                match (&found.whole, found.form, found.wanted) {
                    (Some(whole), Form::Inline, Wanted::Page) => {
                        (whole.clone(), words.clone(), Rewrite::new(Fate::Left, construct, words))
                    }
                    (Some(whole), _, Wanted::Image) => {
                        let shown = if words.is_empty() { hidden } else { format!("{words}{hidden}") };
                        (whole.clone(), shown.clone(), Rewrite::new(Fate::Left, construct, shown))
                    }
                    // The end of the link is elsewhere: it leads to the place itself.
                    _ => (found.address.clone(), "#".to_owned(), Rewrite::new(Fate::Left, construct, "#")),
                }
            }
        }
    }
}

/// What an address becomes; `None` where it stays.
fn address(
    written: &str,
    found: &Found,
    linked: &Linked<'_>,
    places: &mut Places,
    report: &mut Report,
) -> Option<Becomes> {
    let scheme = written
        .split_once(':')
        .map(|(scheme, _)| scheme)
        .filter(|scheme| !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric()));
    if written.starts_with('#') || written.starts_with("//") || written == "mailto:" {
        return None;
    }
    if let Some(scheme) = scheme.filter(|scheme| scheme.len() > 1 && *scheme != "pathname") {
        if found.wanted == Wanted::Image && scheme == "data" {
            return Some(Becomes::Words("image within the page"));
        }
        let is_fine = matches!(scheme, "http" | "https" | "mailto" | "tel") && !written.contains(' ');
        let is_link = matches!(scheme, "http" | "https");
        return match (is_fine, is_link) {
            (true, _) => None,
            (false, true) => Some(Becomes::Address(written.replace(' ', "%20"), Fate::Taken)),
            (false, false) => Some(Becomes::Words("address")),
        };
    }
    let unescaped = unescaped(written);
    let written = unescaped.as_str();
    let imported = linked.imported.iter().find(|(name, _)| name == written).map(|(_, file)| file.as_str());
    let plain = imported.unwrap_or(written);
    let (path, anchor) = plain.split_once('#').map_or((plain, ""), |(path, anchor)| (path, anchor));
    let path = path.split('?').next().unwrap_or_default();
    let target = places.target(path, &linked.froms, &linked.layout.roots, found.wanted);
    let counted = if found.wanted == Wanted::Image { &mut report.images } else { &mut report.links };
    match &target {
        Target::Missing => counted.missing += 1,
        // No article holds a file that is no image.
        Target::File(file) if found.wanted == Wanted::Page || !is_image(file) => report.files_left += 1,
        _ => counted.there += 1,
    }
    match target {
        Target::Page(page) => {
            counted.resolved += 1;
            let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
            let address = page.seen_from(&linked.out);
            let address =
                if page == linked.out && !anchor.is_empty() { String::new() } else { super::encoded(&address) };
            Some(Becomes::Address(format!("{address}{anchor}"), Fate::Taken))
        }
        Target::File(file) if found.wanted == Wanted::Image && is_image(&file) => {
            counted.resolved += 1;
            let out = places.image(&file);
            Some(Becomes::Address(super::encoded(&out.seen_from(&linked.out)), Fate::Taken))
        }
        _ => {
            let address = linked.layout.address.as_ref().map(|address| address.trim_end_matches('/').to_owned());
            match address {
                Some(address) if path.starts_with('/') => {
                    Some(Becomes::Address(super::encoded(&format!("{address}{plain}")), Fate::Approximated))
                }
                _ if target == Target::Missing => Some(Becomes::Words("not in the source")),
                _ => Some(Becomes::Words("a file, which Intercom does not keep")),
            }
        }
    }
}

/// An address without the backslashes before signs.
fn unescaped(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    let mut chars = address.chars().peekable();
    while let Some(c) = chars.next() {
        if !(c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation)) {
            out.push(c);
        }
    }
    out
}

/// Whether Intercom can show a file.
fn is_image(path: &DocPath) -> bool {
    let end = path.name().rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(end.as_str(), "png" | "jpg" | "jpeg" | "gif" | "svg")
}

/// The first address of a line that ends behind a place.
fn next(line: &str, from: usize) -> Option<Found> {
    let code = code_spans(line);
    let is_code = |at: usize| code.iter().any(|span| span.contains(&at));
    // Only what is behind the place is looked at, so that a line of many links takes time in proportion to them.
    let inline = line[from..]
        .match_indices("](")
        .map(|(at, _)| from + at)
        .filter(|at| !is_code(*at))
        .filter_map(|at| inline(line, at))
        .find(|found| found.address.end > from);
    let reference =
        captured(&REFERENCE, line).filter(|found| !group(found, 1).trim_start().starts_with("[^")).and_then(|found| {
            let address = found.get(2)?.range();
            Some(Found {
                words: address.start..address.start,
                address,
                whole: None,
                wanted: Wanted::Page,
                form: Form::Reference,
            })
        });
    let reference = reference.filter(|found| found.address.end > from && from == 0);
    let tags = HTML.as_ref().into_iter().flat_map(|pattern| pattern.captures_iter(&line[from..]));
    let html = tags.into_iter().find_map(|captures| {
        let address = captures.get(2).or_else(|| captures.get(3))?.range();
        let (address, start) = (from + address.start..from + address.end, from + captures.get(0)?.start());
        if is_code(start) || address.end <= from || address.is_empty() {
            return None;
        }
        let is_image = line[start..].starts_with("<img");
        if line[start..].starts_with("<video")
            || line[start..].starts_with("<iframe")
            || line[start..].starts_with("<source")
        {
            return None;
        }
        let whole = line[start..].find('>').filter(|_| is_image).map(|end| start..start + end + 1);
        let wanted = if is_image { Wanted::Image } else { Wanted::Page };
        Some(Found { words: address.start..address.start, address, whole, wanted, form: Form::Html })
    });
    [inline, reference, html].into_iter().flatten().min_by_key(|found| found.address.start)
}

/// The link whose words end at a place.
fn inline(line: &str, at: usize) -> Option<Found> {
    let start = at + 2;
    let rest = &line[start..];
    let lead = rest.len() - rest.trim_start().len();
    let inner = &rest[lead..];
    let length = if inner.starts_with('<') {
        inner.find('>').map(|end| end + 1)?
    } else if let Some(broken) =
        captured(&BROKEN, inner).filter(|broken| group(broken, 0).trim_end_matches(')').trim().contains(' '))
    {
        // A path with blanks, as other systems take it.
        group(&broken, 0).trim_end_matches(')').trim_end().len()
    } else {
        let mut depth = 0_i32;
        let mut end = inner.len();
        for (at, c) in inner.char_indices() {
            match c {
                '(' => depth += 1,
                ')' if depth == 0 => {
                    end = at;
                    break;
                }
                ')' => depth -= 1,
                c if c.is_whitespace() => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        end
    };
    let address = start + lead..start + lead + length;
    let after = &line[address.end..];
    let close = after.find(')')?;
    let title = after[..close].trim();
    if !title.is_empty() && !title.starts_with(['"', '\'', '(']) {
        return None;
    }
    let close = if title.is_empty() { close } else { closing(after)? };
    let end = address.end + close + 1;
    let (mut depth, mut open) = (0_i32, None);
    for (nth, c) in line[..at].char_indices().rev() {
        match c {
            ']' => depth += 1,
            '[' if depth == 0 => {
                open = Some(nth);
                break;
            }
            '[' => depth -= 1,
            _ => {}
        }
    }
    let is_image = open.is_some_and(|open| line[..open].ends_with('!'));
    let wanted = if is_image { Wanted::Image } else { Wanted::Page };
    let whole = open.map(|open| if is_image { open - 1 } else { open }..end);
    let words = open.map_or(at..at, |open| open + 1..at);
    Some(Found { address, whole, words, wanted, form: Form::Inline })
}

/// The bracket behind a title in quotes.
fn closing(after: &str) -> Option<usize> {
    let open = after.find(['"', '\'', '('])?;
    let quote = if after[open..].starts_with('(') { ')' } else { after[open..].chars().next()? };
    let end = open + 1 + after[open + 1..].rfind(&format!("{quote})"))?;
    Some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(next) = next(line, from) {
            found.push(line[next.address.clone()].to_owned());
            from = next.address.end;
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn every_address_of_a_line_is_found() {
        check("[a](b.md) ![c](d.png \"e\") `[f](g)`", &["b.md", "d.png"]);
        check("[![a](b.png)](c.md#d)", &["b.png", "c.md#d"]);
        check("[a](<b c.md>) [d](e(f).md)", &["<b c.md>", "e(f).md"]);
        check("[a](my page.md) [b](not a link)", &["my page.md"]);
        check("a](b.md) c", &["b.md"]);
        check("[a]: b.md \"c\"", &["b.md"]);
        check("<a href=\"b.md\">c</a> <img src='d.png'>", &["b.md", "d.png"]);
    }
}
