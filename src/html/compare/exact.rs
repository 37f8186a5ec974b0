//! The exact form of a body: everything but how it is spelled.
//!
//! Two texts with one exact form look the same and link to the same places. It drops what shows
//! nothing: how tags, attributes, entities, colours and percent signs are written, white space,
//! blanks at the end of a line of code, ids of headings that nobody wrote, signatures, and of a
//! link to the own Help Center its host and slug. Everything else counts: every other address to
//! the letter, sizes, levels, empty paragraphs, an id that the file gives a heading. The canonical
//! form ignores more; see [`mod@super::canonical`].

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::own::HelpCenterUrls;
use super::spelling::{identity, land, spell};
use crate::html::render::doc_link::DocLink;
use crate::html::tree::write;
use crate::html::tree::{Block, Body, for_each_block_mut, for_each_link_mut};
use crate::text::Digest;

/// The exact form of a text of the docs, with its links still open: where they point is known once
/// articles have ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exact {
    /// The digest of everything but where links point.
    rest: Digest,
    /// Where each link points, in order: an address, `#` and a heading, or a [`DocLink`] as text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    links: Vec<String>,
}

impl Exact {
    /// The exact form of a body that was rendered. `written_ids` are the ids of headings that the
    /// file gives itself; all others follow from the text and do not count.
    pub fn of(body: Body, written_ids: &BTreeSet<String>) -> Self {
        Self::taken_from(&mut plain(body, &mut |id| written_ids.contains(id)))
    }

    /// The exact form of a plain body, which has numbers for links then.
    fn taken_from(body: &mut Body) -> Self {
        let mut links = Vec::new();
        for_each_link_mut(&mut body.blocks, &mut |link| {
            let place = links.len().to_string();
            links.push(std::mem::replace(link, place));
        });
        Self { rest: Digest::of(write::html(body)), links }
    }

    /// The links to files and folders of the docs, in order.
    pub fn holes(&self) -> impl Iterator<Item = DocLink> + '_ {
        self.links.iter().filter_map(|link| DocLink::parse(link))
    }

    /// The digest with links as a Help Center resolves them.
    pub fn digest(&self, own: &HelpCenterUrls) -> Digest {
        let mut digest = Sha256::new();
        digest.update(self.rest.as_str());
        for link in &self.links {
            digest.update("\n");
            digest.update(own.normal_link(link).as_deref().unwrap_or(link));
        }
        Digest::finished(digest)
    }
}

/// The digest of the exact form of a body that Intercom stored.
pub fn stored(body: Body, own: &HelpCenterUrls) -> Digest {
    shown(plain(body, &mut |_| false), own)
}

/// The digest of a plain body without ids of headings.
fn shown(mut plain: Body, own: &HelpCenterUrls) -> Digest {
    for_each_link_mut(&mut plain.blocks, &mut |link| {
        if let Some(normal) = own.normal_link(link) {
            *link = normal;
        }
    });
    Digest::of(write::html(&plain))
}

/// The digest of a body that Intercom stored, as [`stored`] gives it, where it would have the digest `docs` as a text of
/// the docs that gives these ids.
pub fn stored_as(body: Body, docs: &Digest, written_ids: &BTreeSet<String>, own: &HelpCenterUrls) -> Option<Digest> {
    let mut body = plain(body, &mut |id| written_ids.contains(id));
    let exact = Exact::taken_from(&mut body);
    if exact.digest(own) != *docs {
        return None;
    }
    let mut links = exact.links.into_iter();
    for_each_link_mut(&mut body.blocks, &mut |link| *link = links.next().unwrap_or_default());
    if !written_ids.is_empty() {
        for_each_block_mut(&mut body.blocks, &mut |block| {
            if let Block::Heading { id, .. } = block {
                *id = None;
            }
        });
    }
    Some(shown(body, own))
}

/// A body with one spelling for everything, and the ids of headings that `keeps` says count.
fn plain(mut body: Body, keeps: &mut dyn FnMut(&str) -> bool) -> Body {
    land(&mut body);
    for_each_block_mut(&mut body.blocks, &mut |block| {
        spell(block);
        if let Block::Heading { id, .. } = block {
            *id = id.take().filter(|id| keeps(id));
        }
        if let Block::Image { image, .. } = block {
            image.src = identity(image);
            image.file = None;
        }
    });
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::parse;
    use crate::intercom::model::{ArticleId, Locale};
    use crate::text::DocPath;

    fn own() -> HelpCenterUrls {
        let mut own = HelpCenterUrls::new(["https://help.example.com"], &Locale::english());
        own.add_article(&DocPath::new("a.md"), ArticleId(12));
        own
    }

    #[track_caller]
    fn check(one: &str, other: &str, is_same: bool) {
        let (own, none) = (own(), BTreeSet::new());
        let [one_body, other_body] = [one, other].map(parse);
        assert_eq!(
            stored(one_body.clone(), &own) == stored(other_body.clone(), &own),
            is_same,
            "stored: {one} {other}"
        );
        for body in [&one_body, &other_body] {
            for ids in [&none, &BTreeSet::from(["h_0000000001".to_owned()])] {
                let docs = Exact::of(body.clone(), ids).digest(&own);
                let found = |docs: &Digest| stored_as(body.clone(), docs, ids, &own);
                assert_eq!(found(&docs), Some(stored(body.clone(), &own)), "{one} {other}");
                assert_eq!(found(&Digest::of("another")), None);
            }
        }
        let [one_digest, other_digest] = [one_body, other_body].map(|body| Exact::of(body, &none).digest(&own));
        assert_eq!(one_digest == other_digest, is_same, "of the docs: {one} {other}");
    }

    #[test]
    fn spelling_is_no_difference() {
        check("<p>a <strong>b</strong></p>", "<p class=\"no-margin\">a <b>b</b></p>", true);
        check("<p><b><i>x</i></b></p>", "<p><em><strong>x</strong></em></p>", true);
        check("<h1 id=\"h_0000000001\">A</h1>", "<h1 id=\"h_0000000002\">A</h1>", true);
        check("<pre><code>a  \nb\t\n\n</code></pre>", "<pre><code>a\nb</code></pre>", true);
        check(
            "<p><a href=\"https://x.example/caf%C3%A9_a\">x</a></p>",
            "<p><a href=\"https://x.example/café%5fa\">x</a></p>",
            true,
        );
        check(
            "<p><a href=\"https://help.example.com/en/articles/12-a\">x</a></p>",
            "<p><a href=\"http://help.example.com/en/articles/12-b\">x</a></p>",
            true,
        );
        check(
            "<img src=\"https://downloads.intercomcdn.com/i/o/1/a.png?expires=1\">",
            "<img src=\"https://downloads.intercomcdn.com/i/o/1/a.png?expires=2&amp;signature=3\">",
            true,
        );
        check("<p style=\"color: red\">a</p>", "<p>a</p>", true);
    }

    #[test]
    fn everything_else_counts() {
        for (one, other) in [
            ("https://blog.example/articles/2024-review", "https://blog.example/articles/2024-outlook"),
            ("https://blog.example/articles/2024/review", "https://blog.example/articles/2024/outlook"),
            ("https://x.example/a", "https://x.example/a/"),
            ("https://x.example/a", "https://x.example/a?v=1"),
            ("https://x.example/a#b", "https://x.example/a#c"),
            ("https://x.example/a%2Fb", "https://x.example/a/b"),
            ("#a", "#b"),
        ] {
            check(&format!("<p><a href=\"{one}\">x</a></p>"), &format!("<p><a href=\"{other}\">x</a></p>"), false);
        }
        for (one, other) in [
            ("https://x.example/v1/a.png", "https://x.example/v2/a.png"),
            ("https://x.example/a.png?v=1", "https://x.example/a.png?v=2"),
            ("https://downloads.intercomcdn.com/i/o/1/a.png", "https://downloads.intercomcdn.com/i/o/2/a.png"),
        ] {
            check(&format!("<img src=\"{one}\">"), &format!("<img src=\"{other}\">"), false);
        }
        check("<img src=a.png width=10 height=5>", "<img src=a.png width=20 height=10>", false);
        check("<p>a</p><p></p><p>b</p>", "<p>a</p><p>b</p>", false);
        check("<h1>A</h1><h1>B</h1>", "<h2>A</h2><h2>B</h2>", false);
        check("<pre><code>a\n\nb</code></pre>", "<pre><code>a\nb</code></pre>", false);
        check(
            "<p>a <a href=\"https://x.example\">b c</a></p>",
            "<p>a <a href=\"https://x.example\">b</a> c</p>",
            false,
        );
    }

    #[test]
    fn an_id_that_the_file_gives_counts() {
        let exact = |id: &str| {
            let body = parse(&format!("<h1 id=\"{id}\">A</h1>"));
            Exact::of(body, &[id.to_owned()].into())
        };
        assert_ne!(exact("h_0000000001"), exact("h_0000000002"));
    }

    #[test]
    fn a_link_to_a_file_counts_by_the_article_it_is() {
        let link = |href: &str| Exact::of(parse(&format!("<p><a href=\"{href}\">x</a></p>")), &BTreeSet::new());
        let hole = |path: &str| {
            let mut body = parse("<p><a href=\"https://x.example\">x</a></p>");
            let written = DocLink::Article { path: DocPath::new(path), heading: None }.to_string();
            for_each_link_mut(&mut body.blocks, &mut |link| written.clone_into(link));
            Exact::of(body, &BTreeSet::new())
        };
        let mut own = own();
        assert_eq!(hole("a.md").digest(&own), link("https://help.example.com/en/articles/12").digest(&own));
        let before = hole("a.md").digest(&own);
        own.add_article(&DocPath::new("b.md"), ArticleId(12));
        assert_eq!(hole("b.md").digest(&own), before, "a file that was renamed is the same article");
        own.add_article(&DocPath::new("b.md"), ArticleId(13));
        assert_ne!(hole("b.md").digest(&own), before, "an article that was made again is another one");
    }

    #[test]
    fn any_body_has_one_and_it_is_its_own() {
        let tags = "(<(p|b|i|h[1-6]|ul|ol|li|table|tr|td|div|a href=x|pre|code|br|img src=y|details)>|</(p|b|i|ul|li|td|tr|table|div|a|pre)>|[a-z &;\n]{0,4}){0,24}";
        proptest::proptest!(|(html in tags)| {
            let (own, body) = (own(), parse(&html));
            let once = plain(body.clone(), &mut |_| false);
            proptest::prop_assert_eq!(stored(once, &own), stored(body, &own));
        });
    }
}
