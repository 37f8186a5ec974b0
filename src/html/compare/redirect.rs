//! The place of a link's address in Markdown, to lead the link elsewhere.
//!
//! A finding knows where a link is; its address may be there, in a definition further down, or
//! in an attribute of HTML. Only the path of the address goes: heading, title, text and the brackets
//! `<…>` stay. What cannot be found for certain is left alone. Nothing here reads a file.

use pulldown_cmark::{Event, LinkType, Parser, Tag};

use crate::book::Content;
use crate::diagnostic::Fix;
use crate::html::percent_decoded;
use crate::html::render::OPTIONS;
use crate::text::Span;

/// The change that leads a link of a text elsewhere, to what `new` gives for the path that is written now, encoded
/// as links are; and that. `None` where the address cannot be found in the file for certain.
pub fn redirected(content: &Content, link: Span, new: impl FnOnce(&str) -> Option<String>) -> Option<(String, Fix)> {
    let start = content.body.start;
    let link = Span::new(link.start.checked_sub(start)?, link.end.checked_sub(start)?);
    let place = path_of_link(content.markdown(), link)?;
    let old = &content.markdown()[place.range()];
    let written = new(old)?;
    let new = path_in_place(content.markdown(), place, &percent_decoded(&written), &written);
    let done = format!("the link to `{old}` points to `{new}` now");
    Some((written, Fix::new(place.shifted(start), new, done)))
}

/// The path of the address of the link that is at `link` in some Markdown: where it is and
/// how it is written there, without the heading that follows it.
fn path_of_link(markdown: &str, link: Span) -> Option<Span> {
    let place = address(markdown, link)?;
    let written = &markdown[place.range()];
    Some(Span::new(place.start, place.start + written.find('#').unwrap_or(written.len())))
}

/// The path as it can be in the place of another one: between brackets as it is, else encoded.
fn path_in_place(markdown: &str, place: Span, path: &str, encoded: &str) -> String {
    let in_brackets = markdown[..place.start].ends_with('<');
    let was_plain = markdown[place.range()].contains(' ');
    if in_brackets && was_plain && !path.contains(['<', '>', '\\', '#', '%', '&', '\n']) {
        path.to_owned()
    } else {
        encoded.to_owned()
    }
}

/// Where the address of a link is.
fn address(markdown: &str, link: Span) -> Option<Span> {
    let parser = Parser::new_ext(markdown, OPTIONS);
    let definitions = parser.reference_definitions();
    // The definitions are gone once the parser runs.
    let places: Vec<(String, Span)> =
        definitions.iter().map(|(label, definition)| (label.to_owned(), definition.span.clone().into())).collect();
    let mut text_end = None;
    for (event, range) in parser.into_offset_iter() {
        match (&event, &mut text_end) {
            (Event::Start(Tag::Link { link_type, dest_url, id, .. }), None) if Span::from(range.clone()) == link => {
                match link_type {
                    LinkType::Inline => text_end = Some((range.start + 1, dest_url.to_string())),
                    LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut => {
                        let (_, place) = places.iter().find(|(label, _)| same_label(label, id))?;
                        let written = &markdown[place.range()];
                        let after = written.find("]:")? + 2;
                        return at(markdown, place.start + after, dest_url);
                    }
                    _ => return None,
                }
            }
            (Event::End(_), Some((end, address))) if range.end == link.end && range.start == link.start => {
                let rest = &markdown[*end..link.end];
                let open = rest.len() - rest.trim_start().len();
                rest[open..].strip_prefix("](")?;
                return at(markdown, *end + open + 2, address);
            }
            (_, Some((end, _))) => *end = (*end).max(range.end),
            (Event::InlineHtml(_) | Event::Html(_), None) if range.start <= link.start && link.end <= range.end => {
                return attribute(markdown, link);
            }
            _ => {}
        }
    }
    None
}

/// Whether two labels name one definition.
fn same_label(one: &str, other: &str) -> bool {
    let plain = |label: &str| label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain(one) == plain(other)
}

/// The address that follows, if it is written just as it reads.
fn at(markdown: &str, after: usize, address: &str) -> Option<Span> {
    let rest = &markdown[after..];
    let start = after + (rest.len() - rest.trim_start().len());
    let start = start + usize::from(markdown[start..].starts_with('<'));
    markdown[start..].starts_with(address).then(|| Span::new(start, start + address.len()))
}

/// The value of the `href` of a tag, where it is in quotes and has nothing to decode.
fn attribute(markdown: &str, tag: Span) -> Option<Span> {
    let written = markdown.get(tag.range())?;
    let low = written.to_ascii_lowercase();
    let mut found = low.match_indices("href").filter_map(|(at, name)| {
        let before = low[..at].ends_with(|c: char| c.is_ascii_whitespace());
        let rest = low[at + name.len()..].trim_start();
        let rest = rest.strip_prefix('=').filter(|_| before)?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let start = low.len() - rest.len() + 1;
        let end = start + low[start..].find(quote)?;
        (!low[start..end].contains('&')).then_some(Span::new(start, end))
    });
    let place = found.next()?.shifted(tag.start);
    found.next().is_none().then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Leads every link in a text to `new.md`.
    #[track_caller]
    fn check(markdown: &str, expected: &str) {
        let mut links: Vec<Span> = Vec::new();
        for (event, range) in Parser::new_ext(markdown, OPTIONS).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { .. }) => links.push(range.into()),
                Event::InlineHtml(html) | Event::Html(html) if html.starts_with("<a") => {
                    let end = html.find('>').map_or(range.end, |end| range.start + end + 1);
                    links.push(Span::new(range.start, end));
                }
                _ => {}
            }
        }
        let mut text = markdown.to_owned();
        let mut places: Vec<Span> = links.iter().filter_map(|link| path_of_link(markdown, *link)).collect();
        places.sort_unstable();
        places.dedup();
        for place in places.iter().rev() {
            let path = path_in_place(markdown, *place, "a new.md", "a%20new.md");
            text.replace_range(place.range(), &path);
        }
        assert_eq!(text, expected);
    }

    #[test]
    fn only_the_path_of_a_link_is_replaced() {
        check("See [a *b* `c]`](old.md#one \"t\") now", "See [a *b* `c]`](a%20new.md#one \"t\") now");
        check("[a\\]]( <old.md> 't')", "[a\\]]( <a%20new.md> 't')");
        check("[a](<an old.md#x>)", "[a](<a new.md#x>)");
        check("ß [](old.md) [![i](old.md)](old.md)", "ß [](a%20new.md) [![i](old.md)](a%20new.md)");
        check("> - [a\n>   b](old(1).md)\r\n", "> - [a\n>   b](a%20new.md)\r\n");
        check(
            "| [a](x.md) | b |\n|---|---|\n| c | [d](y.md) |\n",
            "| [a](a%20new.md) | b |\n|---|---|\n| c | [d](a%20new.md) |\n",
        );
    }

    #[test]
    fn a_definition_is_replaced_once_for_all_that_name_it() {
        check(
            "[a][X] [x] [x][]\n\n[X]: old.md#one\n  'title'\n[y]: old.md\n",
            "[a][X] [x] [x][]\n\n[X]: a%20new.md#one\n  'title'\n[y]: old.md\n",
        );
        check("[ß][ß]\n\n[ß]:\n<old.md>\n", "[ß][ß]\n\n[ß]:\n<a%20new.md>\n");
    }

    #[test]
    fn an_attribute_is_replaced_where_it_is_clear() {
        check("<a title='href=\"x\"' href = 'old.md#b'>a</a>", "<a title='href=\"x\"' href = 'a%20new.md#b'>a</a>");
        check("<a class=b href=\"old.md\">*a*</a>", "<a class=b href=\"a%20new.md\">*a*</a>");
        for unclear in ["<a href=old.md>a</a>", "<a href=\"a&amp;b.md\">a</a>"] {
            check(unclear, unclear);
        }
    }

    #[test]
    fn what_is_written_in_another_way_than_it_reads_is_left_alone() {
        for text in ["[a](o\\_ld.md)", "[a](o&amp;ld.md)", "<https://x.example>", "[a]: old.md\n"] {
            check(text, text);
        }
    }
}
