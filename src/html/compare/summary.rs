//! What is kept of a rendered text.
//!
//! A whole book as trees would fill the memory, and most of it says what Intercom has already. So of
//! each text only this stays: its exact form with the links still open, its headings, and its
//! images. A text that differs is rendered again.

use std::collections::{BTreeMap, BTreeSet};

use super::exact::Exact;
use super::image::{self, DocImage};
use crate::book::{Book, Content};
use crate::config::{AddressTemplate, Spacing};
use crate::html::render::doc_link::DocLink;
use crate::html::render::heading::{Anchors, Heading, Target, Targets};
use crate::html::render::links::LinkTargets;
use crate::html::render::{Context, Images, Rendered, render, render_early};
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
    /// The ids of Intercom's form that the file gives headings itself.
    pub written_ids: BTreeSet<String>,
    /// Its headings, with the ids that they have where the article is not in Intercom yet.
    pub headings: Targets,
}

impl TextSummary {
    /// Summarizes a text that was rendered without live headings.
    pub fn of(rendered: Rendered) -> Self {
        let headings = rendered.headings().clone();
        let Rendered { body, written_ids, .. } = rendered;
        Self { images: image::images(&body), headings, exact: Exact::of(body, &written_ids), written_ids }
    }

    /// The links to files and folders of the docs, in order.
    pub fn holes(&self) -> impl Iterator<Item = DocLink> + '_ {
        self.exact.holes()
    }

    /// Its headings, with the ids that they have where an article with these headings is in Intercom already.
    pub fn headings_beside(&self, live: &[Heading]) -> Targets {
        let mut anchors = Anchors::new(live, self.written_ids.iter().cloned());
        let id = |heading: &Target| match self.written_ids.contains(&heading.id) {
            true => heading.id.clone(),
            false => anchors.next(&heading.text),
        };
        self.headings.with_ids(id)
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
    let context = |content| rendering.context(book, content, links);
    let made = threads::map(&contents, |content| {
        let mut rendered = render_early(content.markdown(), context(content));
        links.know(&content.path, || rendered.headings().clone());
        let unread = std::mem::take(&mut rendered.unread);
        (look(content, rendered), unread)
    });
    // A link names its heading as it is, nearly always, and then nothing changes now that all headings are known.
    let (mut made, unread): (Vec<T>, Vec<Vec<DocLink>>) = made.into_iter().unzip();
    let open: Vec<usize> = (0..unread.len()).filter(|at| !unread[*at].is_empty()).collect();
    let again = threads::map(&open, |at| {
        let is_right = unread[*at].iter().all(|link| links.leads(link));
        (!is_right).then(|| look(contents[*at], render(contents[*at].markdown(), context(contents[*at]))))
    });
    for (at, again) in open.into_iter().zip(again) {
        if let Some(again) = again {
            made[at] = again;
        }
    }
    made
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{Ids, Ignored};
    use crate::config::Config;

    #[test]
    fn headings_beside_live_ones_are_those_of_the_text_rendered_with_them() {
        let (path, files, links) = (DocPath::new("a.md"), BTreeMap::new(), LinkTargets::default());
        let rendered = |markdown: &str, headings: &[Heading]| {
            let images = Images { files: &files, host: None };
            let (path, links) = (&path, &links);
            render(markdown, Context { path, offset: 0, images, links, spacing: Spacing::None, headings })
        };
        let string = |pattern: &str| proptest::string::string_regex(pattern).unwrap();
        let id = "h_000000000[0-3]";
        let written = string(&format!("(#{{1,2}} [AB](  [AB])?( \\{{#({id}|x)\\}})?\n\n){{0,5}}"));
        let live = proptest::collection::vec((string("[AB]( [AB])?"), string(id)), 0..5);
        let is_other = std::cell::Cell::new(0);
        proptest::proptest!(|(markdown in written, live in live)| {
            let live: Vec<Heading> = live.into_iter().map(|(text, id)| Heading { text, id }).collect();
            let summary = TextSummary::of(rendered(&markdown, &[]));
            let beside = summary.headings_beside(&live);
            is_other.set(is_other.get() + usize::from(beside != summary.headings));
            proptest::prop_assert_eq!(beside, Targets::of(&rendered(&markdown, &live).body));
        });
        assert!(is_other.get() > 0);
    }

    #[test]
    fn a_text_is_rendered_as_if_all_headings_had_been_known() {
        let folder = tempfile::tempdir().unwrap();
        let links = "[a](NEXT.md#the-steps) [b](NEXT.md#nowhere) [c](NEXT.md#own) [d](NEXT.md#title-NEXT)\n\n\
            [e](NEXT.md#caf%C3%A9) [f](/NEXT.md#x) [g](gone.md#x) [h](NEXT.md#the-steps-1) [i](.#x) [j](#the-steps)\n";
        for at in 0..64 {
            let next = format!("p{}", (at * 7 + 5) % 64);
            // Some link right alone, some to nothing, some to a heading by another name.
            let links = match at % 4 {
                0 => "[a](NEXT.md#the-steps)\n",
                1 => "[a](NEXT.md#own)\n",
                2 => "no link\n",
                _ => links,
            };
            let text = format!("# Title p{at}\n\n## The steps {{#own}}\n\n{links}\n## The steps\n\n## Caf\u{e9}\n");
            std::fs::write(folder.path().join(format!("p{at}.md")), text.replace("NEXT", &next)).unwrap();
        }
        let book = Book::load(folder.path(), &Config::default(), Ids::FrontMatter, &Ignored::Usual).unwrap();
        let rendering = Rendering { images: None, state: None, spacing: Spacing::None };
        let all = render_all(&book, rendering, &LinkTargets::of(&book, None), |_, rendered| rendered);
        let known = LinkTargets::of(&book, None);
        let mut wrong = 0;
        for (content, all) in book.contents().zip(all) {
            let one = render(content.markdown(), rendering.context(&book, content, &known));
            assert_eq!((&all.body, &all.diagnostics), (&one.body, &one.diagnostics), "{}", content.path);
            wrong += one.diagnostics.len();
        }
        assert!(wrong > 0);
    }
}
