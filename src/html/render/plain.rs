//! What Markdown links to, shows and heads, told from the parser's events alone.
//!
//! A text that is as it was when it was sent need not be rendered again: everything in it says what it
//! said, but for where its links lead and which images it shows. These are read here, with the headings
//! that other texts link to. Where HTML stands in a text, or something that has to be rendered to be
//! told, nothing is told at all.
//!
//! Nobody has to trust this to see what the renderer sees: it is asked only for a text for which both
//! said the same when it was rendered (`Gists::proofs`), and that hangs on nothing but its bytes.

use pulldown_cmark::{CowStr, Event, LinkType, Parser, Tag, TagEnd};

use super::context::Context;
use super::doc_link::DocLink;
use super::heading::{Targets, anchor, is_anchor};
use super::image;
use super::links::Resolved;
use super::source::OPTIONS;
use crate::html::form::Link;
use crate::html::tree::address;
use crate::html::tree::address::image_name;
use crate::html::tree::{Align, Block, Body, Run};

/// What the events of some Markdown tell.
pub(in crate::html) struct Plain<'a> {
    /// The headings, with the ids that do not hang on what Intercom has.
    pub targets: Targets,
    links: Vec<CowStr<'a>>,
    images: Vec<CowStr<'a>>,
}

/// What they tell in a book.
pub(in crate::html) struct Found {
    /// Where its links lead: a heading of its own is `#` and its name.
    pub links: Vec<Link>,
    /// The names of its images.
    pub images: Vec<String>,
    /// Those of them that are images of the docs folder.
    pub files: Vec<String>,
    /// The links to headings of texts that nobody read yet.
    pub guesses: Vec<DocLink>,
}

impl<'a> Plain<'a> {
    /// Reads Markdown in which nothing but Markdown can make a heading, a link or an image, and all of
    /// whose headings are words with marks.
    pub fn of(markdown: &'a str) -> Option<Self> {
        // Below some depth only text is kept; a text that comes near it is rendered.
        const DEEP: usize = 8;
        let mut found = Self { targets: Targets::default(), links: Vec::new(), images: Vec::new() };
        let mut headings = Body::default();
        let mut open: Option<(Option<String>, String)> = None;
        let mut holders = 0;
        let mut in_image = 0;
        for event in Parser::new_ext(markdown, OPTIONS) {
            match &event {
                Event::Start(_) if in_image > 0 => in_image += 1,
                Event::End(_) if in_image > 0 => in_image -= 1,
                Event::Start(Tag::Image { dest_url, .. }) => {
                    in_image = 1;
                    found.images.push(dest_url.clone());
                }
                Event::Start(Tag::Link { link_type, dest_url, .. }) => found.links.push(match link_type {
                    LinkType::Email => format!("mailto:{dest_url}").into(),
                    _ => dest_url.clone(),
                }),
                _ => {}
            }
            match event {
                Event::Html(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => return None,
                Event::Start(Tag::BlockQuote(_) | Tag::List(_)) if holders == DEEP => return None,
                Event::Start(Tag::BlockQuote(_) | Tag::List(_)) => holders += 1,
                Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_)) => holders -= 1,
                Event::Start(Tag::Heading { id, .. }) => {
                    open = Some((id.filter(|id| is_anchor(id)).map(|id| id.to_string()), String::new()));
                }
                Event::End(TagEnd::Heading(_)) => {
                    let (id, words) = open.take()?;
                    let text = if words.is_empty() { Vec::new() } else { vec![Run::text(words)] };
                    headings.blocks.push(Block::Heading { level: 1, id, align: Align::Left, text });
                }
                event => {
                    let Some((_, words)) = &mut open else { continue };
                    match event {
                        Event::Text(text) | Event::Code(text) => words.push_str(&text),
                        Event::SoftBreak => words.push(' '),
                        Event::Start(Tag::Strong | Tag::Emphasis | Tag::Link { .. })
                        | Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link) => {}
                        _ => return None,
                    }
                }
            }
        }
        anchor(&mut headings, &[]);
        found.targets = Targets::of(&headings);
        Some(found)
    }

    /// What all this is in a book; nothing where something is wrong with it.
    pub fn found(&self, context: Context<'_>) -> Option<Found> {
        let mut guesses = Vec::new();
        let links = self.links.iter().map(|link| self.led(link, context, &mut guesses)).collect::<Option<_>>()?;
        let (mut images, mut files) = (Vec::with_capacity(self.images.len()), Vec::new());
        for written in &self.images {
            let (address, file) = image::address(written, context).ok()?;
            images.push(file.as_ref().map_or_else(|| image_name(&address).to_owned(), |file| file.name.clone()));
            files.extend(file.map(|file| file.name));
        }
        Some(Found { links, images, files, guesses })
    }

    /// Where a link leads, if nothing is wrong with it. To a heading of a text that nobody read yet it is
    /// taken to be right.
    fn led(&self, link: &str, context: Context<'_>, guesses: &mut Vec<DocLink>) -> Option<Link> {
        let here = |fragment: &str| Some(Link::Address(format!("#{}", self.targets.find(fragment)?.slug)));
        if link.is_empty() || !address::is_safe(link) {
            return None;
        }
        if let Some(fragment) = link.strip_prefix('#') {
            return here(fragment);
        }
        if address::has_scheme(link) {
            return Some(Link::of(link.to_owned()));
        }
        let hole = match context.links.guess(context.path, link) {
            Resolved::Here(fragment) => return here(fragment.strip_prefix('#')?),
            Resolved::File(hole) => hole,
            Resolved::Guess(hole) => {
                guesses.push(hole.clone());
                hole
            }
            Resolved::NoHeading { .. } | Resolved::Refused { .. } => return None,
        };
        context.links.draft(context.path, &hole).is_none().then_some(Link::DocLink(hole))
    }
}
