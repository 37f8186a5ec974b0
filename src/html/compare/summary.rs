//! What is kept of a rendered text.
//!
//! A whole book as trees would fill the memory, and most of it says what Intercom has already. So of
//! each text only this stays: its exact form with the links still open, its headings, and its
//! images. A text that differs is rendered again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::exact::Exact;
use super::image::{self, DocImage};
use crate::book::{Book, Content};
use crate::config::{AddressTemplate, Spacing};
use crate::html::render::doc_link::DocLink;
use crate::html::render::heading::{Heading, Targets};
use crate::html::render::links::LinkTargets;
use crate::html::render::{Context, Images, Rendered, render};
use crate::intercom::model::State;
use crate::text::DocPath;
use crate::threads;

/// What is kept of one rendered text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextSummary {
    /// Its exact form.
    pub exact: Exact,
    /// Its images, in order.
    pub images: Vec<DocImage>,
    /// The ids that the file gives headings itself.
    pub written_ids: BTreeSet<String>,
    /// Its headings, with the ids that they have where the article is not in Intercom yet.
    pub headings: Targets,
}

impl TextSummary {
    /// Summarizes a text that was rendered without live headings.
    pub fn of(rendered: Rendered) -> Self {
        let Rendered { body, written_ids, .. } = rendered;
        Self {
            images: image::images(&body),
            headings: Targets::of(&body),
            exact: Exact::of(body, &written_ids),
            written_ids,
        }
    }

    /// The links to files and folders of the docs, in order.
    pub fn holes(&self) -> impl Iterator<Item = DocLink> + '_ {
        self.exact.holes()
    }

    /// Whether its headings would have the same ids where an article with these headings is in
    /// Intercom already.
    pub fn keeps_ids_beside(&self, live: &[Heading]) -> bool {
        // Of equal ones the first is the last of its list.
        let mut ids: HashMap<&str, Vec<&str>> = HashMap::new();
        live.iter().rev().for_each(|there| ids.entry(&there.text).or_default().push(&there.id));
        self.headings.iter().all(|heading| {
            let there = ids.get_mut(heading.text.as_str()).and_then(Vec::pop);
            there.is_none_or(|id| id == heading.id)
        })
    }
}

/// What every text of a book is rendered with.
#[derive(Debug, Clone, Copy)]
pub struct Rendering<'a> {
    /// Where the images of the docs folder can be fetched.
    pub images: Option<&'a AddressTemplate>,
    /// The state of articles that say none.
    pub state: Option<State>,
    /// Whether an empty paragraph is between two paragraphs.
    pub spacing: Spacing,
}

impl<'a> Rendering<'a> {
    /// What a text is rendered with, apart from the headings that it has in Intercom.
    pub fn context(self, book: &'a Book, content: &'a Content, links: &'a LinkTargets) -> Context<'a> {
        Context {
            path: &content.path,
            offset: content.body.start,
            images: Images { files: &book.images, host: self.images },
            links,
            spacing: self.spacing,
            headings: &[],
        }
    }
}

/// Renders every text of a book once, on every core. Returns what `look` makes of each, in the order
/// of the book.
pub fn render_all<T: Send>(
    book: &Book,
    rendering: Rendering<'_>,
    links: &LinkTargets,
    look: impl Fn(&Content, Rendered) -> T + Sync,
) -> Vec<T> {
    let contents: Vec<&Content> = book.contents().collect();
    threads::map(&contents, |content| {
        look(content, render(content.markdown(), rendering.context(book, content, links)))
    })
}

/// The summaries of every text of a book.
#[derive(Debug, Clone, Default)]
pub struct RenderedDocs {
    /// What relative links can point to.
    pub links: LinkTargets,
    /// By file.
    pub texts: BTreeMap<DocPath, TextSummary>,
}

impl RenderedDocs {
    /// Renders every text of a book.
    pub fn of(book: &Book, rendering: Rendering<'_>) -> Self {
        Self::looking(book, rendering, |_, _| ()).0
    }

    /// Renders every text of a book. Also returns what `look` makes of each text, in the order of the
    /// book.
    pub fn looking<T: Send>(
        book: &Book,
        rendering: Rendering<'_>,
        look: impl Fn(&Content, &mut Rendered) -> T + Sync,
    ) -> (Self, Vec<T>) {
        let links = LinkTargets::of(book, rendering.state);
        let made = render_all(book, rendering, &links, |content, mut rendered| {
            let seen = look(content, &mut rendered);
            (content.path.clone(), TextSummary::of(rendered), seen)
        });
        let mut docs = Self { links, ..Self::default() };
        let mut seen = Vec::new();
        for (path, summary, looked) in made {
            docs.texts.insert(path, summary);
            seen.push(looked);
        }
        (docs, seen)
    }
}
