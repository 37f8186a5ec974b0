//! What of a text is enough to see that nothing changed.
//!
//! A whole book as trees would fill the memory, and most of it says what Intercom has already. So of
//! each text only this stays: its canonical form as a digest with its links still open, the holes among
//! them, its headings, and the names of its images. The canonical form hangs on the addresses of the
//! Help Center by nothing but the links, so its digest can be told from this as soon as those are known.
//! Where two links stand side by side it may hang on more; of such a text no form is kept.
//!
//! Of a file that is as it was when it was sent, the lock knows the digest. Such a text is not even
//! rendered: its links, images and headings are read from the parser's events (`render::plain`).

use std::collections::BTreeMap;

use crate::book::{Book, Content};
use crate::config::{AddressTemplate, Spacing};
use crate::html::compare::canonical;
use crate::html::compare::image;
use crate::html::compare::own::HelpCenterUrls;
use crate::html::form::{Form, Link};
use crate::html::render::doc_link::{DocLink, doc_links};
use crate::html::render::heading::{self, Targets};
use crate::html::render::links::LinkTargets;
use crate::html::render::{Context, Images, Plain, Rendered, render, render_guessing};
use crate::html::tree::address::image_name;
use crate::html::tree::write;
use crate::html::tree::{Block, Body, Piece, Run};
use crate::intercom::model::State;
use crate::text::{Digest, DocPath};
use crate::threads;

/// What is kept of a rendered text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gist {
    /// The names, with their digests, of the docs folder's images in it.
    pub images: Vec<String>,
    headings: Targets,
    /// The canonical form, where it hangs on each link by itself.
    form: Option<Form>,
    /// Of a text that was rendered, everything that is sent but where links lead and which images it
    /// shows.
    sent: Option<Digest>,
    /// Of a text without a form, the places among the docs that it links to.
    holes: Vec<DocLink>,
}

/// What Intercom stored, as far as it can be compared without making a tree of it. Only a text that was
/// rendered is compared so; for one that was told there is nothing.
#[derive(Debug, Clone)]
pub struct Stored(Option<Form>);

impl Gist {
    /// A stored body, to be compared with this.
    pub fn stored(&self, body: &str) -> Stored {
        Stored(self.sent.is_some().then(|| Form::of(body)))
    }

    /// What is to be kept of a body that was rendered without live headings.
    pub fn of(body: Body) -> Self {
        let headings = Targets::of(&body);
        Self::headed(body, headings)
    }

    /// The same of a body whose headings are known.
    fn headed(body: Body, headings: Targets) -> Self {
        let images = image::names(&body);
        if !is_told_by_its_links(&body) {
            return Self { images, headings, form: None, sent: None, holes: doc_links(&body) };
        }
        let sent = Some(Form::of(&write::html(&body)).rest);
        let form = Form::of(&write::html(&canonical::normal_by(body, &mut |_| None)));
        Self { images, headings, form: Some(form), sent, holes: Vec::new() }
    }

    /// The same of a text that was rendered before, the rest of whose form is known, and the links to
    /// headings that were taken to be right. Nothing where it has to be rendered to be told.
    fn told(plain: &Plain<'_>, context: Context<'_>, rest: Digest) -> Option<(Self, Vec<DocLink>)> {
        let found = plain.found(context)?;
        let form = Form { rest, links: found.links, images: found.images };
        let headings = plain.targets.clone();
        Some((Self { images: found.files, headings, form: Some(form), sent: None, holes: Vec::new() }, found.guesses))
    }

    /// The digest of the canonical form with the addresses of a Help Center, where it can be told.
    pub fn canonical(&self, own: &HelpCenterUrls) -> Option<Digest> {
        Some(self.form.as_ref()?.digest(own))
    }

    /// Whether what Intercom stored says the same, as far as that shows without making a tree of it: tag
    /// by tag it is what is sent, with the same links and images.
    pub fn is_stored_as(&self, stored: &Stored, own: &HelpCenterUrls) -> bool {
        let (Some(form), Some(sent), Some(there)) = (&self.form, &self.sent, &stored.0) else { return false };
        let named = |link: &Link| match link {
            Link::Address(address) => {
                let heading =
                    address.strip_prefix('#').and_then(|id| self.headings.iter().find(|there| there.id == id));
                Link::Address(heading.map_or_else(|| address.clone(), |heading| format!("#{}", heading.slug)))
            }
            hole => hole.clone(),
        };
        let same_links = || {
            form.links.len() == there.links.len()
                && form
                    .links
                    .iter()
                    .zip(&there.links)
                    .all(|(ours, theirs)| ours.normal(own) == named(theirs).normal(own))
        };
        let same_images =
            || form.images.iter().map(String::as_str).eq(there.images.iter().map(|image| image_name(image)));
        there.rest == *sent && same_links() && same_images()
    }

    /// Whether what Intercom stored has the words that are sent, and the same headings with the same ids,
    /// wherever its links lead.
    pub fn has_words_of(&self, stored: &Stored) -> bool {
        self.sent.is_some() && self.sent.as_ref() == stored.0.as_ref().map(|form| &form.rest)
    }

    /// The places among the docs that it links to, in order.
    pub fn holes(&self) -> impl Iterator<Item = &DocLink> {
        self.form.iter().flat_map(Form::holes).chain(&self.holes)
    }

    /// Its headings, with the ids that it was rendered with.
    pub fn landings(&self) -> &Targets {
        &self.headings
    }

    /// Whether a body that says the same has these headings with these ids: then nothing else can be
    /// told of them by reading it.
    pub fn has_ids_of(&self, stored: &str) -> bool {
        self.headings.iter().map(|heading| heading.id.as_str()).eq(heading::stored_ids(stored))
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

/// What is known of texts before they are rendered: by the Git blob of its file the rest of a text's
/// form. There is one only of a text that was told from its events as it was rendered, and that had
/// nothing wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Known(pub BTreeMap<String, Digest>);

/// What a run has learned of a text: the Git blob of its file, and the rest of its form.
pub type Proof = (String, Digest);

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

/// What becomes of the texts that were rendered and looked at.
#[derive(Debug, Clone, Copy)]
pub enum Keep<'k> {
    /// Their gists stay, and those that are known are not rendered.
    Gists(&'k Known),
    /// Nothing does.
    Nothing,
}

/// What is kept of every text of a book.
#[derive(Debug, Clone, Default)]
pub struct Gists {
    /// What relative links can lead to.
    pub links: LinkTargets,
    /// By file.
    pub texts: BTreeMap<DocPath, Gist>,
    /// The texts that had nothing wrong with them, by file.
    sound: BTreeMap<DocPath, Sound>,
}

/// How it is known that nothing is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sound {
    /// It was rendered.
    Rendered,
    /// It is as it was when it was rendered.
    Told,
}

/// What became of one text.
struct Made<T> {
    gist: Option<Gist>,
    soundness: Option<Sound>,
    seen: Option<T>,
    /// The links to headings that were taken to be right.
    guesses: Vec<DocLink>,
}

impl Gists {
    /// Renders every text of a book once, on every core.
    pub fn of(book: &Book, rendering: Rendering<'_>) -> Self {
        Self::looking(book, rendering, Keep::Gists(&Known::default()), |_, _| ()).0
    }

    /// The same for somebody who looks at each text while it is there. What they make of those that
    /// were rendered stands in the order of the book. A text that has to be rendered again is looked at
    /// again, and the last time counts.
    pub fn looking<T: Send + Sync>(
        book: &Book,
        rendering: Rendering<'_>,
        keep: Keep<'_>,
        look: impl Fn(&Content, &mut Rendered) -> T + Sync,
    ) -> (Self, Vec<T>) {
        let links = LinkTargets::of(book, rendering.state);
        let contents: Vec<&Content> = book.contents().collect();
        let made_of = |content: &Content, mut rendered: Rendered, guesses: Vec<DocLink>| {
            // Whoever looks at it may take what was found.
            let soundness = rendered.diagnostics.is_empty().then_some(Sound::Rendered);
            let seen = look(content, &mut rendered);
            let Keep::Gists(_) = keep else {
                return Made { gist: None, soundness, seen: Some(seen), guesses };
            };
            let headings = Targets::of(&rendered.body);
            let gist = Some(Gist::headed(rendered.body, headings));
            Made { gist, soundness, seen: Some(seen), guesses }
        };
        let told = |content: &Content, context: Context<'_>| {
            let Keep::Gists(Known(known)) = keep else { return None };
            let rest = (!known.is_empty()).then(|| known.get(content.blob())).flatten()?;
            let plain = Plain::of(content.markdown())?;
            links.tell_headings(&content.path, || plain.targets.clone());
            let (gist, guesses) = Gist::told(&plain, context, rest.clone())?;
            Some(Made { gist: Some(gist), soundness: Some(Sound::Told), seen: None, guesses })
        };
        // Mostly a link to a heading is right, and the headings of the other text are known once that
        // is read.
        let mut made = threads::map(&contents, |content| {
            let context = rendering.context(book, content, &links);
            told(content, context).unwrap_or_else(|| {
                let (rendered, guesses) = render_guessing(content.markdown(), context);
                made_of(content, rendered, guesses)
            })
        });
        let are_right = threads::map(&made, |made| made.guesses.iter().all(|hole| links.has(hole)));
        let wrong = contents.iter().zip(&mut made).zip(are_right).filter(|(_, is_right)| !is_right);
        threads::map_all(wrong.map(|(text, _)| text).collect(), |(content, made)| {
            let context = rendering.context(book, content, &links);
            // Every text that it links to was read by now.
            let again = || made_of(content, render(content.markdown(), context), Vec::new());
            *made = told(content, context).unwrap_or_else(again);
        });
        let mut gists = Self { links, ..Self::default() };
        let mut seen = Vec::new();
        for (content, made) in contents.iter().zip(made) {
            seen.extend(made.seen);
            gists.texts.extend(made.gist.map(|gist| (content.path.clone(), gist)));
            gists.sound.extend(made.soundness.map(|sound| (content.path.clone(), sound)));
        }
        (gists, seen)
    }

    /// What the lock may keep of the texts, by file: of those that had nothing wrong with them and
    /// that can be told from their events.
    pub fn proofs(&self, book: &Book, rendering: Rendering<'_>) -> BTreeMap<DocPath, Proof> {
        let contents: Vec<&Content> = book.contents().collect();
        let proofs = threads::map(&contents, |content| {
            let gist = self.texts.get(&content.path)?;
            let rest = &gist.form.as_ref()?.rest;
            if self.sound.get(&content.path)? == &Sound::Rendered {
                let context = rendering.context(book, content, &self.links);
                let (told, guesses) = Gist::told(&Plain::of(content.markdown())?, context, rest.clone())?;
                let is_right = guesses.iter().all(|hole| self.links.has(hole));
                if !is_right || (Gist { sent: gist.sent.clone(), ..told }) != *gist {
                    return None;
                }
            }
            Some((content.path.clone(), (content.blob().to_owned(), rest.clone())))
        });
        proofs.into_iter().flatten().collect()
    }
}

/// Whether the canonical form hangs on each link by itself, and on nothing between them.
fn is_told_by_its_links(body: &Body) -> bool {
    let mut is_told = true;
    for_each_line(&body.blocks, &mut |line| is_told &= !has_neighbours(line));
    is_told
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
        block.inner().for_each(|inner| for_each_line(inner, visit));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Ids;
    use crate::config::Config;
    use crate::html::tree::for_each_link_mut;
    use crate::html::tree::parse;
    use crate::intercom::model::{ArticleId, Locale};

    fn own() -> HelpCenterUrls {
        let mut own = HelpCenterUrls::new(["https://help.example.com"], &Locale::english());
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
        assert_eq!(gist.canonical(&own()), Some(own().digest(&body)), "{html}");
        assert_eq!(gist.canonical(&HelpCenterUrls::default()), Some(HelpCenterUrls::default().digest(&body)));
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
    fn no_form_is_kept_where_links_stand_side_by_side() {
        let form = |html: &str| Gist::of(body(html)).form.is_some();
        assert!(!form(
            "<p><a href=\"https://hole.example/a.md\">a</a> <a href=\"https://help.example.com/en/articles/7\">b</a></p>"
        ));
        assert!(form("<p><a href=\"https://x.example\">a</a> <a href=\"https://x.example\">b</a></p>"));
    }

    /// The gists of some files, rendered or told by what is known, and how many were rendered.
    fn gists(files: &[(&str, &str)], known: &Known) -> (Gists, Known, usize) {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let bytes: &[u8] = if path.ends_with(".png") {
                &[b"\x89PNG\r\n\x1a\n", text.as_bytes()].concat()
            } else {
                text.as_bytes()
            };
            std::fs::write(folder.path().join(path), bytes).unwrap();
        }
        let book = Book::load(folder.path(), &Config::default(), Ids::FrontMatter).unwrap();
        let host = AddressTemplate::below("https://images.example");
        let rendering = Rendering { images: Some(&host), state: Some(State::Published), spacing: Spacing::Paragraphs };
        // As a command does that shows what was found.
        let take = |_: &Content, rendered: &mut Rendered| std::mem::take(&mut rendered.diagnostics);
        let (gists, rendered) = Gists::looking(&book, rendering, Keep::Gists(known), take);
        let proofs = gists.proofs(&book, rendering);
        (gists, Known(proofs.into_values().collect()), rendered.len())
    }

    /// The gists but for what is known of rendered texts alone.
    fn told(gists: &Gists) -> BTreeMap<DocPath, Gist> {
        gists.texts.iter().map(|(path, gist)| (path.clone(), Gist { sent: None, ..gist.clone() })).collect()
    }

    const A: (&str, &str) = (
        "a.md",
        "# A\n\nSee [b *now*](b.md#one) and [two](b.md#h_0123456789), [here](#last) or [A](a.md).\n\n\
         ![x](x.png) ![y](https://y.example/y.png?1)\n\n[go](https://go.example \"button\")\n\n<c@c.example>\n\n## Last\n",
    );
    const B: (&str, &str) = ("b.md", "# B\n\n## One\n\n## Two {#h_0123456789}\n\n| a |\n|---|\n| [a](a.md) |\n");
    const X: (&str, &str) = ("x.png", "1");

    #[test]
    fn what_is_known_is_told_without_rendering() {
        let (rendered, known, count) = gists(&[A, B, X], &Known::default());
        assert_eq!((known.0.len(), count), (2, 2));
        let (again, kept, count) = gists(&[A, B, X], &known);
        assert_eq!((count, told(&again)), (0, told(&rendered)));
        assert_eq!(kept.0, known.0);
        let in_text = ("b.md", "# B\n\n## One\n\nOther words.\n\n## Two {#h_0123456789}\n");
        let (found, _, count) = gists(&[A, in_text, X], &known);
        assert_eq!((count, told(&found)), (1, told(&gists(&[A, in_text, X], &Known::default()).0)));
    }

    #[test]
    fn a_known_text_is_rendered_where_a_link_or_image_is_wrong_now() {
        let (first, known, _) = gists(&[A, B, X], &Known::default());
        let draft = format!("---\nstate: draft\n---\n{}", B.1);
        for changed in [
            vec![A, ("b.md", "# B\n\n## Other\n\n## Two {#h_0123456789}\n"), X],
            vec![A, ("b.md", "# B\n\n<b>x</b>\n\n## Other\n\n## Two {#h_0123456789}\n"), X],
            vec![A, ("b.md", &draft), X],
            vec![A, B],
            vec![A, X],
        ] {
            let (found, _, count) = gists(&changed, &known);
            assert_eq!(told(&found), told(&gists(&changed, &Known::default()).0));
            assert!(count > 0, "{changed:?}");
        }
        let other_image = [A, B, ("x.png", "2")];
        let (found, _, count) = gists(&other_image, &known);
        assert_eq!((count, told(&found)), (0, told(&gists(&other_image, &Known::default()).0)));
        let digest = |gists: &Gists| gists.texts[&DocPath::new("a.md")].canonical(&HelpCenterUrls::default());
        assert_ne!(digest(&found), digest(&first), "the image is another one");
    }

    #[test]
    fn what_is_stored_tag_by_tag_is_the_same_in_canonical_form() {
        let mut own = own();
        own.add_landings(&DocPath::new("a.md"), Targets::of_stored("<h1 id=\"h_0000000001\">One</h1>"));
        let text = "<h1 id=\"h_0123456789\">A</h1><p class=\"no-margin\"><a href=\"https://hole.example/a.md#one\" target=\"_blank\" class=\"intercom-content-link\">a</a> or \
                    <a href=\"#a\" target=\"_blank\" class=\"intercom-content-link\">b</a></p><div class=\"intercom-container\"><img src=\"https://x.example/x.png\"></div>";
        let gist = Gist::of(body(text));
        let stored = write::html(&body(text))
            .replace("helpbook:article/a.md#one", "https://help.example.com/en/articles/7-a#h_0000000001");
        let stored = stored
            .replace("#a\"", "#h_0123456789\"")
            .replace("https://x.example/x.png", "https://downloads.intercomcdn.com/1/x.png?signature=2");
        assert!(gist.is_stored_as(&gist.stored(&stored), &own) && gist.has_words_of(&gist.stored(&stored)), "{stored}");
        assert_eq!(gist.canonical(&own), Some(own.digest(&parse(&stored))));
        for (from, to, has_words) in [
            ("articles/7", "articles/8", true),
            ("h_0000000001", "h_0000000002", true),
            ("x.png", "y.png", true),
            ("id=\"h_0123456789", "id=\"h_0123456780", false),
            (" or ", " and ", false),
            ("no-margin", "", false),
        ] {
            let other = stored.replace(from, to);
            assert!(!gist.is_stored_as(&gist.stored(&other), &own), "{other}");
            assert_eq!(gist.has_words_of(&gist.stored(&other)), has_words, "{other}");
        }
    }

    #[test]
    fn nothing_is_kept_of_a_text_that_has_to_be_rendered() {
        for text in [
            "![](https://x.example/x.png)\n",
            "<b>a</b>\n",
            "[a](https://a.example) [b](https://b.example)\n",
            "[a](https://a.example)[b](https://a.example)\n",
            "https://youtu.be/abc\n\n<https://youtu.be/abc>\n",
            "# A\n\n### B\n",
        ] {
            assert_eq!(gists(&[("a.md", &format!("# Title\n\n{text}"))], &Known::default()).1.0.len(), 0, "{text}");
        }
    }

    #[test]
    fn whatever_changes_beside_a_known_text_it_is_told_as_it_would_be_rendered() {
        let piece = "## [ab]\n\n|\\[x\\]\\((a|b)\\.md(#[ab]|#a-1)?\\) |!\\[x\\]\\(x\\.png\\)\n\n|> \\[!TIP\\]\n> |- |\\*|`|word |\n\n|\\[x\\]: a\\.md\n|\\[x\\]";
        let text = || proptest::string::string_regex(&format!("# T\n\n({piece}){{0,8}}")).unwrap();
        let spared = std::cell::Cell::new(0);
        proptest::proptest!(|(a in text(), b in text(), other in text(), image in "[12]")| {
            let (_, known, _) = gists(&[("a.md", &a), ("b.md", &b), X], &Known::default());
            let changed = [("a.md", a.as_str()), ("b.md", other.as_str()), ("x.png", image.as_str())];
            let (found, _, count) = gists(&changed, &known);
            spared.set(spared.get() + 2 - count);
            proptest::prop_assert_eq!(told(&found), told(&gists(&changed, &Known::default()).0));
        });
        assert!(spared.get() > 0);
    }

    #[test]
    fn a_link_is_what_it_is_whether_its_target_was_read_before_or_after() {
        let piece = "## [ab]\n\n|## [ab] b \\{#h_0000000001\\}\n\n|\\[x\\]\\((a|b|a\\.fr)\\.md(#([abt]|a-1|a-b|%61|h_0000000001))?\\) |<b>x</b>|word |\n\n";
        let text = || proptest::string::string_regex(&format!("# T\n\n({piece}){{0,6}}")).unwrap();
        let wrong = std::cell::Cell::new(0);
        proptest::proptest!(|(a in text(), b in text(), c in text())| {
            let folder = tempfile::tempdir().unwrap();
            for (path, text) in [("a.md", &a), ("a.fr.md", &b), ("b.md", &c)] {
                std::fs::write(folder.path().join(path), text).unwrap();
            }
            let config = Config { locales: vec![Locale("fr".to_owned())], ..Config::default() };
            let book = Book::load(folder.path(), &config, Ids::FrontMatter).unwrap();
            let rendering = Rendering { images: None, state: None, spacing: Spacing::Paragraphs };
            let (gists, seen) = Gists::looking(&book, rendering, Keep::Gists(&Known::default()), |content, rendered| {
                (content.path.clone(), rendered.clone())
            });
            let links = LinkTargets::of(&book, None);
            for (content, (path, found)) in book.contents().zip(seen) {
                let alone = render(content.markdown(), rendering.context(&book, content, &links));
                wrong.set(wrong.get() + alone.diagnostics.iter().filter(|found| found.id == "unknown-heading").count());
                proptest::prop_assert_eq!(&found, &alone, "{}", path);
                proptest::prop_assert_eq!(&gists.texts[&path], &Gist::of(alone.body));
            }
        });
        assert!(wrong.get() > 0);
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
