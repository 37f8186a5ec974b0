//! The images of an article that Intercom has already, and those that it has to fetch.

use std::collections::BTreeMap;

use super::content::SentImage;
use crate::book::Book;
use crate::html::Body;
use crate::html::image::{self, ImageOrigin};
use crate::live::LiveArticle;
use crate::live::parsed;

/// Gives the images that Intercom has the addresses that they have there. Returns the others, which it
/// has to fetch.
pub(super) fn send(
    body: &mut Body,
    book: &Book,
    found: Option<&LiveArticle>,
    known: &BTreeMap<String, ImageOrigin>,
) -> Vec<SentImage> {
    if image::names(body).is_empty() {
        return Vec::new();
    }
    for text in found.into_iter().flat_map(|found| std::iter::once(&found.article).chain(&found.draft)) {
        image::reuse(body, &parsed(text), known);
    }
    let sent = image::to_fetch(body).into_iter().filter_map(|(image, url)| {
        let file = book.images.get(&image.path)?;
        Some(SentImage { path: image.path.clone(), sha256: file.sha256.clone(), url: url.to_owned() })
    });
    sent.collect()
}
