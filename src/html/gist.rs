//! What of a text is enough to see that nothing changed.
//!
//! A whole book as trees would fill the memory, and most of it says what Intercom has already. So of
//! each text only this stays: its canonical form with its links still open, the holes among them, its
//! headings, and the names of its images. The canonical form hangs on the addresses of the Help
//! Center by nothing but the links, so its digest can be told from this as soon as those are known.
//! Where two links stand side by side it may hang on more; of such a text no form is kept.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::canonical::{self, normal_link};
use super::heading::{self, Targets};
use super::image;
use super::links::{Hole, Links, holes};
use super::own::Own;
use super::render::{Context, Images, Rendered, render};
use super::tree::{Block, Body, Piece, Run, for_each_heading, plain};
use super::write;
use crate::book::{Book, Content};
use crate::config::{AddressTemplate, Spacing};
use crate::intercom::model::State;
use crate::text::{Digest, DocPath};
use crate::threads;

/// Stands before and after a link that is still open. No text holds it: `book` refuses control
/// characters, and a body of Intercom's that has one has no gist.
const OPEN: char = '\u{1}';
const CLOSE: char = '\u{2}';

/// What is kept of a rendered text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gist {
    /// The places among the docs that it links to, in order.
    pub holes: Vec<Hole>,
    /// The names, with their digests, of the docs folder's images in it.
    pub images: Vec<String>,
    headings: Vec<Heading>,
    /// The canonical form with every link marked.
    form: Option<Box<str>>,
}

/// A heading as the docs say it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Heading {
    text: String,
    slug: String,
    /// The id that it was rendered with.
    id: String,
}

impl Gist {
    /// What is to be kept of a body that was rendered without live headings.
    pub fn of(body: Body) -> Self {
        let mut texts = Vec::new();
        for_each_heading(&body.blocks, &mut |_, id, text| {
            texts.push((id.unwrap_or_default().to_owned(), heading::key(&plain(text))));
        });
        let targets = Targets::of(&body);
        let headings = targets.slugs().zip(texts).map(|(slug, (id, text))| Heading { text, slug: slug.to_owned(), id });
        let (holes, images, headings) = (holes(&body), image::names(&body), headings.collect());
        let form = if is_told_by_its_links(&body) { form(body) } else { None };
        Self { holes, images, headings, form }
    }

    /// The digest of the canonical form with the addresses of a Help Center, where it can be told.
    pub fn canonical(&self, own: &Own) -> Option<Digest> {
        let form = self.form.as_deref()?;
        let mut digest = Sha256::new();
        let mut rest = form;
        let mut escaped = String::new();
        while let Some((before, after)) = rest.split_once(OPEN) {
            let (link, after) = after.split_once(CLOSE)?;
            digest.update(before);
            let link = unescaped(link);
            escaped.clear();
            let normal = own.normal_link(&link).or_else(|| normal_link(&link));
            write::attribute_value(&mut escaped, normal.as_deref().unwrap_or(&link));
            digest.update(&escaped);
            rest = after;
        }
        digest.update(rest);
        Some(Digest::finished(digest))
    }

    /// Its headings as links name them, each with the id that it was rendered with.
    pub fn landings(&self) -> impl Iterator<Item = (&str, &str)> {
        let headings = self.headings.iter().filter(|heading| !heading.id.is_empty());
        headings.map(|heading| (heading.slug.as_str(), heading.id.as_str()))
    }

    /// Whether its headings would have the same ids where an article with these headings is in
    /// Intercom already.
    pub fn keeps_ids_beside(&self, live: &[heading::Heading]) -> bool {
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        self.headings.iter().all(|heading| {
            let count = count.entry(&heading.text).or_default();
            *count += 1;
            let there = live.iter().filter(|there| there.text == heading.text).nth(*count - 1);
            there.is_none_or(|there| there.id == heading.id)
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
    /// Whether an empty paragraph stands between two paragraphs.
    pub spacing: Spacing,
}

/// What becomes of the texts that were rendered and looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Their gists stay.
    Gists,
    /// Nothing does.
    Nothing,
}

/// What is kept of every text of a book.
#[derive(Debug, Clone, Default)]
pub struct Gists {
    /// What relative links can lead to.
    pub links: Links,
    /// By file.
    pub texts: BTreeMap<DocPath, Gist>,
}

impl Gists {
    /// Renders every text of a book once, on every core.
    pub fn of(book: &Book, rendering: Rendering<'_>) -> Self {
        Self::looking(book, rendering, Keep::Gists, |_, _| ()).0
    }

    /// The same for somebody who looks at each text while it is there. What they make of them stands
    /// in the order of the book.
    pub fn looking<T: Send>(
        book: &Book,
        rendering: Rendering<'_>,
        keep: Keep,
        look: impl Fn(&Content, &mut Rendered) -> T + Sync,
    ) -> (Self, Vec<T>) {
        let links = Links::of(book, rendering.state);
        let contents: Vec<&Content> = book
            .articles
            .values()
            .flat_map(|article| std::iter::once(&article.content).chain(article.translations.values()))
            .collect();
        let made = threads::map(&contents, |content| {
            let context = Context {
                path: &content.path,
                offset: content.body.start,
                images: Images { files: &book.images, host: rendering.images },
                links: &links,
                spacing: rendering.spacing,
                headings: &[],
            };
            let mut rendered = render(content.markdown(), context);
            let seen = look(content, &mut rendered);
            ((keep == Keep::Gists).then(|| Gist::of(rendered.body)), seen)
        });
        let (gists, seen): (Vec<Option<Gist>>, Vec<T>) = made.into_iter().unzip();
        let texts =
            contents.iter().zip(gists).filter_map(|(content, gist)| Some((content.path.clone(), gist?))).collect();
        (Self { links, texts }, seen)
    }
}

/// Whether the canonical form hangs on each link by itself, and on nothing between them.
fn is_told_by_its_links(body: &Body) -> bool {
    let mut is_told = true;
    for_each_line(&body.blocks, &mut |line| is_told &= !has_neighbours(line));
    is_told
}

/// The canonical form of a body with every link marked; nothing where the text holds marks itself.
fn form(body: Body) -> Option<Box<str>> {
    let normal = canonical::normal_by(body, &mut |link| Some(format!("{OPEN}{link}{CLOSE}")));
    let form = write::html(&normal);
    let marks = form.bytes().filter(|byte| [OPEN, CLOSE].map(|mark| mark as u8).contains(byte)).count();
    (marks == 2 * form.matches("href=\"\u{1}").count()).then(|| form.into_boxed_str())
}

/// Whether two links that are written differently stand side by side: where both lead to one place,
/// what stands between them is linked, too.
fn has_neighbours(line: &[Run]) -> bool {
    let is_blank = |run: &&Run| match &run.piece {
        Piece::Text(text) => text.trim().is_empty(),
        Piece::Break => true,
    };
    let mut before: Option<&String> = None;
    line.iter().filter(|run| !is_blank(run)).any(|run| {
        let link = run.marks.link.as_ref();
        let is_neighbour = before.zip(link).is_some_and(|(before, link)| before != link);
        before = link;
        is_neighbour
    })
}

fn for_each_line<'b>(blocks: &'b [Block], visit: &mut dyn FnMut(&'b [Run])) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph { text, .. } | Block::Details { summary: text, .. } => {
                visit(text);
            }
            _ => {}
        }
        block.inner().into_iter().for_each(|inner| for_each_line(inner, visit));
    }
}

/// An address as it was before it was written as an attribute.
fn unescaped(value: &str) -> String {
    value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::super::tree::for_each_link_mut;
    use super::*;
    use crate::intercom::model::{ArticleId, Locale};

    fn own() -> Own {
        let mut own = Own::new(["https://help.example.com"], &Locale::english());
        own.add_article(&DocPath::new("a.md"), ArticleId(7));
        own
    }

    /// A body whose links to `https://hole.example/` are holes.
    fn body(html: &str) -> Body {
        let mut body = parse(html);
        for_each_link_mut(&mut body.blocks, &mut |link| {
            *link = link.replace("https://hole.example/", "helpbook:article/");
        });
        body
    }

    #[track_caller]
    fn check(html: &str) {
        let body = body(html);
        let gist = Gist::of(body.clone());
        assert_eq!(gist.canonical(&own()), Some(Digest::of(own().canonical(&body))), "{html}");
        assert_eq!(gist.canonical(&Own::default()), Some(Digest::of(canonical::canonical(&body))));
    }

    #[test]
    fn the_canonical_digest_is_told_once_the_addresses_are_known() {
        check("<p>a <a href=\"https://hole.example/a.md\">b</a> <b>c</b></p>");
        check(
            "<p><a href=\"https://hole.example/b.md#x\">b</a>, <a href=\"https://help.example.com/en/articles/7-x\">c</a></p>",
        );
        check(
            "<h2 id=\"h_0123456789\">A</h2><p><a href=\"#h_0123456789\">a</a> and <a href=\"https://x.example/?a=1&amp;b=%22&quot;\">b</a></p>",
        );
        check(
            "<img src=\"https://x.example/a.png?b\"><table><tr><td><a href=\"https://hole.example/a.md\">b</a></td></tr></table>",
        );
    }

    #[test]
    fn no_form_is_kept_where_links_stand_side_by_side_or_marks_came_with_the_text() {
        let form = |html: &str| Gist::of(body(html)).form.is_some();
        assert!(!form(
            "<p><a href=\"https://hole.example/a.md\">a</a> <a href=\"https://help.example.com/en/articles/7\">b</a></p>"
        ));
        assert!(form("<p><a href=\"https://x.example\">a</a> <a href=\"https://x.example\">b</a></p>"));
        assert!(!form("<p>\u{1}</p>"));
        assert!(!form("<p>a</p><pre>\u{2}</pre>"));
    }

    #[test]
    fn live_headings_change_no_id_where_they_have_the_same() {
        let gist = Gist::of(parse("<h1 id=\"h_0000000001\">A</h1><h1 id=\"h_0000000002\">A</h1>"));
        let live = |ids: &[&str]| -> Vec<heading::Heading> {
            ids.iter().map(|id| heading::Heading { text: "A".to_owned(), id: (*id).to_owned() }).collect()
        };
        assert!(gist.keeps_ids_beside(&live(&[])));
        assert!(gist.keeps_ids_beside(&live(&["h_0000000001", "h_0000000002", "h_0000000003"])));
        assert!(!gist.keeps_ids_beside(&live(&["h_0000000002"])));
    }
}
