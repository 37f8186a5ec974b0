//! The pieces of a body, in Markdown and in HTML, each with its place, to change one of them.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

/// A block, a mark, a link, a run of text.
#[derive(Debug)]
pub struct Piece<'a> {
    pub name: String,
    pub source: &'a str,
    /// What it is in, from the outside.
    pub inside: Vec<String>,
    range: Range<usize>,
}

impl Piece<'_> {
    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }

    pub fn is_in(&self, names: &[&str]) -> bool {
        self.inside.iter().any(|name| names.contains(&name.as_str()))
    }

    /// Text that is neither code nor part of a link or heading.
    pub fn is_prose(&self) -> bool {
        self.is("text")
            && self.is_in(&["p", "td"])
            && !self.is_in(&["pre", "code", "a", "h1", "h2", "h3", "h4", "summary", "html"])
    }

    /// A block that is in no other one.
    pub fn is_top(&self, name: &str) -> bool {
        self.is(name) && self.inside.is_empty()
    }
}

/// The text with the first piece that a function has something else for.
pub fn first(text: &str, pieces: &[Piece<'_>], new: impl Fn(&Piece<'_>) -> Option<String>) -> Option<String> {
    pieces.iter().find_map(|piece| {
        let new = new(piece).filter(|new| new != piece.source)?;
        Some(format!("{}{new}{}", &text[..piece.range.start], &text[piece.range.end..]))
    })
}

/// The text with two pieces in each other's place.
pub fn swapped(text: &str, one: &Piece<'_>, other: &Piece<'_>) -> String {
    let between = &text[one.range.end..other.range.start];
    format!("{}{}{between}{}{}", &text[..one.range.start], other.source, one.source, &text[other.range.end..])
}

/// The pieces of Markdown, named like the elements that they become.
pub fn markdown(text: &str) -> Vec<Piece<'_>> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_TASKLISTS;
    let (mut pieces, mut inside) = (Vec::new(), Vec::<String>::new());
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        let mut add = |name: &str, inside: &[String]| {
            pieces.push(Piece {
                name: name.to_owned(),
                source: &text[range.clone()],
                inside: inside.to_vec(),
                range: range.clone(),
            });
        };
        match event {
            Event::Start(tag) => {
                let name = tag_name(&tag);
                add(name, &inside);
                inside.push(name.to_owned());
            }
            Event::End(_) => {
                inside.pop();
            }
            Event::Text(_) => add("text", &inside),
            Event::Code(_) => add("code", &inside),
            Event::Html(_) | Event::InlineHtml(_) => add("html", &inside),
            Event::HardBreak => add("br", &inside),
            Event::Rule => add("hr", &inside),
            _ => {}
        }
    }
    pieces
}

fn tag_name(tag: &Tag<'_>) -> &'static str {
    match tag {
        Tag::Paragraph => "p",
        Tag::Heading { level, .. } => match *level as usize {
            1 => "h1",
            2 => "h2",
            3 => "h3",
            _ => "h4",
        },
        Tag::BlockQuote(Some(_)) => "callout",
        Tag::BlockQuote(None) => "quote",
        Tag::CodeBlock(_) => "pre",
        Tag::List(Some(_)) => "ol",
        Tag::List(None) => "ul",
        Tag::Item => "li",
        Tag::Table(_) => "table",
        Tag::TableCell => "td",
        Tag::Emphasis => "i",
        Tag::Strong => "b",
        Tag::Link { .. } => "a",
        Tag::Image { .. } => "img",
        Tag::HtmlBlock => "html-block",
        _ => "other",
    }
}

/// The elements and texts of HTML that closes what it opens.
pub fn html(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut open) = (Vec::<Piece<'_>>::new(), Vec::<usize>::new());
    let mut at = 0;
    while at < text.len() {
        let is_tag = text[at..].starts_with('<');
        let end =
            text[at..].find(if is_tag { '>' } else { '<' }).map_or(text.len(), |to| at + to + usize::from(is_tag));
        let source = &text[at..end];
        if let Some(closed) = source.strip_prefix("</") {
            let name = closed.trim_end_matches('>');
            if let Some(place) = open.iter().rposition(|piece| pieces[*piece].name == name) {
                let piece = &mut pieces[open[place]];
                piece.range.end = end;
                piece.source = &text[piece.range.clone()];
                open.truncate(place);
            }
        } else {
            let inside = open.iter().map(|piece| pieces[*piece].name.clone()).collect();
            let name = if is_tag { source[1..].split([' ', '>', '/']).next().unwrap_or_default() } else { "text" };
            pieces.push(Piece { name: name.to_owned(), source, inside, range: at..end });
            if is_tag && !["img", "br", "hr"].contains(&name) {
                open.push(pieces.len() - 1);
            }
        }
        at = end;
    }
    pieces
}

/// The value of an attribute of the first tag.
pub fn attribute<'a>(source: &'a str, name: &str) -> Option<&'a str> {
    let tag = &source[..source.find('>')?];
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    Some(&tag[start..start + tag[start..].find('"')?])
}

/// The source with another value of an attribute of its first tag.
pub fn with_attribute(source: &str, name: &str, new: impl Fn(&str) -> Option<String>) -> Option<String> {
    let old = attribute(source, name)?;
    Some(source.replacen(&format!(" {name}=\"{old}\""), &format!(" {name}=\"{}\"", new(old)?), 1))
}

/// What is between the first tag and the last one.
pub fn inner(source: &str) -> &str {
    match (source.find('>'), source.rfind("</")) {
        (Some(start), Some(end)) if start < end => &source[start + 1..end],
        _ => "",
    }
}

/// Where a link or image of Markdown goes to, as it is written.
pub fn destination<'a>(piece: &Piece<'a>) -> Option<&'a str> {
    let start = piece.source.rfind("](")? + 2;
    let rest = &piece.source[start..];
    Some(&rest[..rest.find([' ', ')'])?])
}

pub fn with_destination(piece: &Piece<'_>, new: impl Fn(&str) -> Option<String>) -> Option<String> {
    let old = destination(piece)?;
    let start = piece.source.rfind("](")? + 2;
    Some(format!("{}{}{}", &piece.source[..start], new(old)?, &piece.source[start + old.len()..]))
}
