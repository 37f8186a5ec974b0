//! A canonical form apart from where its links lead and which images it shows.
//!
//! Where a link leads is known once articles have ids, and which image stands behind a name once its
//! file was read; all else a text says by itself. So the digest of a canonical form is made of three:
//! the rest, the links, the images. The rest stays what it is for as long as the file does, and
//! `helpbook.lock` keeps it: of a file that is as it was sent, only links and images are looked at.

use std::borrow::Cow;

use memchr::memmem;
use sha2::{Digest as _, Sha256};

use crate::html::compare::own::HelpCenterUrls;
use crate::html::render::doc_link::DocLink;
use crate::html::tree::address::normal_link;
use crate::text::Digest;

/// What a canonical form is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The digest of everything but the addresses of links and images.
    pub rest: Digest,
    /// Where its links lead, in order.
    pub links: Vec<Link>,
    /// The names of its images, in order.
    pub images: Vec<String>,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// To a file or folder of the docs.
    DocLink(DocLink),
    /// To an address, or to a heading of the same text.
    Address(String),
}

impl Link {
    /// As it is compared in a Help Center.
    pub fn normal(&self, own: &HelpCenterUrls) -> Cow<'_, str> {
        let told = match self {
            Link::DocLink(hole) => own.normal_hole(hole),
            Link::Address(address) => own.normal_link(address),
        };
        told.map(Cow::Owned).unwrap_or_else(|| {
            let written = match self {
                Link::DocLink(hole) => Cow::Owned(hole.to_string()),
                Link::Address(address) => Cow::Borrowed(address.as_str()),
            };
            normal_link(&written).map_or(written, Cow::Owned)
        })
    }

    /// What stands in the place of an address.
    pub fn of(written: String) -> Self {
        DocLink::parse(&written).map_or(Link::Address(written), Link::DocLink)
    }
}

impl Form {
    /// Takes a canonical form apart.
    pub fn of(canonical: &str) -> Self {
        let (mut links, mut images) = (Vec::new(), Vec::new());
        let mut rest = Sha256::new();
        let mut taken = 0;
        let tags = |name: &'static str| memmem::find_iter(canonical.as_bytes(), name);
        let mut tags: Vec<(usize, bool)> =
            tags("<a ").map(|tag| (tag, true)).chain(tags("<img ").map(|tag| (tag, false))).collect();
        tags.sort_unstable();
        for (tag, is_link) in tags {
            let (address, into) = if is_link { (" href=\"", &mut links) } else { (" src=\"", &mut images) };
            // A `>` that ends no tag is escaped, and so is a quote in an attribute.
            let end = canonical[tag..].find('>').map_or(canonical.len(), |end| tag + end);
            let Some(start) = canonical[tag..end].find(address).map(|at| tag + at + address.len()) else { continue };
            let close = canonical[start..end].find('"').map_or(end, |close| start + close);
            into.push(unescaped(&canonical[start..close]));
            rest.update(&canonical[taken..start]);
            taken = close;
        }
        rest.update(&canonical[taken..]);
        Self { rest: Digest::finished(rest), links: links.into_iter().map(Link::of).collect(), images }
    }

    /// The places among the docs that it links to, in order.
    pub fn holes(&self) -> impl Iterator<Item = &DocLink> {
        self.links.iter().filter_map(|link| match link {
            Link::DocLink(hole) => Some(hole),
            Link::Address(_) => None,
        })
    }

    /// The digest of the whole, with links as they are in a Help Center.
    pub fn digest(&self, own: &HelpCenterUrls) -> Digest {
        let mut digest = Sha256::new();
        let mut part = |text: &str| {
            // Each with its length, so that no two rows of them read alike.
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text);
        };
        part(self.rest.as_str());
        part(&self.links.len().to_string());
        for link in &self.links {
            part(&link.normal(own));
        }
        self.images.iter().for_each(|image| part(image));
        Digest::finished(digest)
    }
}

/// The digest of a form that is canonical already, so that what is done to its links here changes
/// nothing.
pub fn digest(canonical: &str) -> Digest {
    Form::of(canonical).digest(&HelpCenterUrls::default())
}

/// An address as it was before it was written as an attribute.
fn unescaped(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = "<p class=\"no-margin\">&lt;a href=\"x\"&gt; <a href=\"https://a.example/?b=1&amp;c=&quot;\" \
                        class=\"x\">b</a> <img alt=\"a\" src=\"b.png\"> <a name=\"c\">d</a></p>";

    #[test]
    fn links_and_images_are_taken_out_of_tags_alone() {
        let form = Form::of(HTML);
        assert_eq!(form.links, [Link::Address("https://a.example/?b=1&c=\"".into())]);
        assert_eq!(form.images, ["b.png"]);
    }

    #[test]
    fn the_digest_tells_every_part_apart_and_the_rest_none_of_the_addresses() {
        let with = |from: &str, to: &str| HTML.replace(from, to);
        for other in
            [with("a.example", "b.example"), with("b.png", "c.png"), with(">b<", ">c<"), with("href=\"x", "href=\"y")]
        {
            assert_ne!(digest(&other), digest(HTML), "{other}");
        }
        assert_eq!(Form::of(&with("a.example", "b.example")).rest, Form::of(HTML).rest);
        assert_eq!(Form::of(&with("b.png", "c.png")).rest, Form::of(HTML).rest);
        assert_ne!(digest("<a href=\"a\"></a><a href=\"b\"></a>"), digest("<a href=\"b\"></a><a href=\"a\"></a>"));
    }
}
