//! The images of an article: which of them Intercom has already, and which stand there for which.

use std::collections::BTreeSet;

use super::Inputs;
use super::model::SentImage;
use super::ours::Ours;
use crate::base::Texts;
use crate::book::Book;
use crate::html::{self, Body, Rendered};
use crate::intercom::model::{Article, Locale};
use crate::live::LiveArticle;
use crate::text::Digest;

/// Takes the images that Intercom has by their addresses there, and gives back the others: it has
/// to fetch them.
pub(super) fn send(rendered: &mut Rendered, book: &Book, found: Option<&LiveArticle>) -> Vec<SentImage> {
    if html::image::names(&rendered.body).is_empty() {
        return Vec::new();
    }
    for there in found.into_iter().flat_map(texts) {
        html::image::reuse(&mut rendered.body, &parsed(there));
    }
    let sent = html::image::to_fetch(&rendered.body).into_iter().filter_map(|(image, url)| {
        let file = book.images.get(&image.path)?;
        Some(SentImage { path: image.path.clone(), sha256: file.sha256.clone(), url: url.to_owned() })
    });
    sent.collect()
}

/// A text in Intercom of which Base knows what was sent for it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    sent: BTreeSet<Digest>,
    addresses: BTreeSet<String>,
}

/// The texts of an article that stand in Base, with their images.
pub(super) fn known(inputs: Inputs<'_>, locale: &Locale, found: Option<&LiveArticle>) -> Vec<Known> {
    let Some(found) = found else { return Vec::new() };
    let Some(record) = inputs.base.articles.get(&(found.article.id, locale.clone())) else { return Vec::new() };
    texts(found)
        .filter_map(|there| {
            let stored = Texts::stored(there).body;
            let pairs = record.pairs().filter(|pair| pair.stored.body == stored);
            let sent: BTreeSet<Digest> = pairs.map(|pair| pair.sent.body.clone()).collect();
            (!sent.is_empty()).then(|| Known { sent, addresses: html::image::addresses(&parsed(there)) })
        })
        .collect()
}

/// The addresses of the images in texts of which Base knows that they are others than ours.
pub(super) fn others(known: &[Known], canonical: &Digest) -> BTreeSet<String> {
    known.iter().filter(|known| !known.sent.contains(canonical)).flat_map(|known| known.addresses.clone()).collect()
}

fn texts(found: &LiveArticle) -> impl Iterator<Item = &Article> {
    [Some(&found.article), found.draft.as_ref()].into_iter().flatten()
}

fn parsed(article: &Article) -> Body {
    html::parse(article.body.as_deref().unwrap_or_default())
}

impl Ours<'_> {
    /// The names, with their digests, of the docs folder's images in the body.
    pub fn names(&self) -> Vec<String> {
        self.gist().images.clone()
    }

    /// Whether a body in Intercom is this one in canonical form.
    pub fn is_canonically(&self, theirs: &Article) -> bool {
        if self.gist().is_stored_as(&self.stored(theirs), &self.linked.own) {
            return true;
        }
        let body = self.recognised(theirs);
        self.linked.own.digest(&body) == *self.canonical()
            || self.linked.may_lose() && self.linked.lost_only(&self.path, &self.written().body, &body)
    }

    /// A body in Intercom in which the docs' images are known.
    pub fn recognised(&self, theirs: &Article) -> Body {
        let mut body = parsed(theirs);
        if !self.gist().images.is_empty() {
            html::image::recognise(&mut body, &self.gist().images, &self.others());
        }
        body
    }

    /// A body in Intercom as it is shown beside this one. An image without a digest in its name is
    /// shown as another one only where nothing else differs.
    pub fn seen_beside(&self, theirs: &Article) -> Body {
        let mut body = parsed(theirs);
        html::image::recognise(&mut body, &self.names(), &BTreeSet::new());
        if self.linked.own.digest(&body) == *self.canonical() { parsed(theirs) } else { body }
    }
}
