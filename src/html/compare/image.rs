//! Images of the docs folder in a body, and the same ones in a body that Intercom stored.
//!
//! Intercom takes images over: it fetches each once and gives it an address of its own with the
//! file name it had (FACTS 3.5). Mostly that name carries our digest. Where it does not, an image
//! that nothing is known of counts as ours by its name and place.

use std::collections::BTreeSet;

use url::Url;

use crate::html::tree::address::image_name;
use crate::html::tree::{Block, Body, DocsImage, Image, for_each_block_mut, for_each_image};

/// The names, with their digests, of the images of the docs folder in a body, in its order.
pub fn names(body: &Body) -> Vec<String> {
    let mut names = Vec::new();
    for_each_image(&body.blocks, &mut |image| names.extend(image.file.as_ref().map(|file| file.name.clone())));
    names
}

/// The addresses of all images in a body, without signatures.
pub fn addresses(body: &Body) -> BTreeSet<String> {
    let mut addresses = BTreeSet::new();
    for_each_image(&body.blocks, &mut |image| {
        addresses.insert(bare(&image.src).to_owned());
    });
    addresses
}

/// The addresses of all images in a body as they are, in its order.
pub fn signed(body: &Body) -> Vec<String> {
    let mut addresses = Vec::new();
    for_each_image(&body.blocks, &mut |image| addresses.push(image.src.clone()));
    addresses
}

/// Sends an image that Intercom has already by the address that it has there, which Intercom takes
/// as it is (FACTS 3.5). Only a name with our digest proves that it is the same image.
pub fn reuse(body: &mut Body, stored: &Body) {
    let mut there = Vec::new();
    for_each_image(&stored.blocks, &mut |image| {
        let address = bare(&image.src);
        if is_intercoms(address) {
            there.push(address.to_owned());
        }
    });
    for_each_mut(body, &mut |image| {
        if let Some(file) = &image.file
            && let Some(address) = there.iter().find(|address| image_name(address) == file.name)
        {
            image.src.clone_from(address);
        }
    });
}

/// The images of the docs folder that Intercom has to fetch, each with its address, in the order
/// of the body.
pub fn to_fetch(body: &Body) -> Vec<(&DocsImage, &str)> {
    fn collect<'a>(blocks: &'a [Block], found: &mut Vec<(&'a DocsImage, &'a str)>) {
        for block in blocks {
            if let Block::Image { image, .. } = block
                && let Some(file) = &image.file
                && !is_intercoms(&image.src)
                && found.iter().all(|(_, address)| *address != image.src)
            {
                found.push((file, image.src.as_str()));
            }
            block.inner().for_each(|inner| collect(inner, found));
        }
    }
    let mut found = Vec::new();
    collect(&body.blocks, &mut found);
    found
}

/// Takes images of a stored body whose names have no digest for those of the docs, by name and
/// place: `menu.png` for `menu.0123456789.png`. Not those whose addresses are in `known`: they
/// stand in a text that is known to show others.
pub fn recognise(stored: &mut Body, names: &[String], known: &BTreeSet<String>) {
    let mut left: Vec<&String> = names.iter().collect();
    for_each_mut(stored, &mut |image| {
        let address = bare(&image.src);
        let name = image_name(address);
        let found = left.iter().position(|ours| *ours == name || plain(ours).as_deref() == Some(name));
        if let Some(at) = found
            && !known.contains(address)
        {
            image.src.clone_from(left[at]);
        }
        if let Some(at) = found {
            left.remove(at);
        }
    });
}

/// A name without its digest.
fn plain(name: &str) -> Option<String> {
    let (rest, extension) = name.rsplit_once('.')?;
    let (stem, digest) = rest.rsplit_once('.')?;
    (digest.len() == 10).then(|| format!("{stem}.{extension}"))
}

/// An address without its signature.
pub fn bare(src: &str) -> &str {
    src.split(['?', '#']).next().unwrap_or(src)
}

/// Whether an address is one that Intercom gave, of any region and age (FACTS 3.5).
pub fn is_intercoms(address: &str) -> bool {
    let host = Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    ["downloads.intercomcdn.com", "downloads.intercomcdn.eu", "downloads.au.intercomcdn.com"].contains(&host.as_str())
        || (host.starts_with("intercom-attachments-") && host.ends_with(".com") && host.matches('.').count() == 1)
}

fn for_each_mut(body: &mut Body, act: &mut dyn FnMut(&mut Image)) {
    for_each_block_mut(&mut body.blocks, &mut |block| {
        if let Block::Image { image, .. } = block {
            act(image);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{canonical, parse};

    const CDN: &str = "https://downloads.intercomcdn.com/i/o/1";

    fn ours(name: &str) -> Body {
        let mut body = parse("<p>a</p><img src=\"https://x.example/menu.png\">");
        for_each_mut(&mut body, &mut |image| {
            image.file = Some(DocsImage { path: crate::text::DocPath::new("menu.png"), name: name.to_owned() });
        });
        body
    }

    fn stored(file: &str) -> Body {
        parse(&format!("<p>a</p><img src=\"{CDN}/{file}?expires=1\">"))
    }

    #[test]
    fn the_address_of_an_image_of_the_docs_never_counts() {
        assert_eq!(canonical(&ours("menu.0123456789.png")), canonical(&stored("menu.0123456789.png")));
        assert_ne!(canonical(&ours("menu.0123456789.png")), canonical(&stored("menu.9876543210.png")));
    }

    #[test]
    fn what_intercom_has_is_sent_by_its_address_there() {
        let mut body = ours("menu.0123456789.png");
        reuse(&mut body, &stored("menu.9876543210.png"));
        assert_eq!(to_fetch(&body).len(), 1);
        reuse(&mut body, &parse("<img src=\"https://evil.example/menu.0123456789.png\">"));
        assert_eq!(to_fetch(&body)[0].1, "https://x.example/menu.png");
        reuse(&mut body, &stored("menu.0123456789.png"));
        assert_eq!(to_fetch(&body), []);
        assert_eq!(addresses(&body), [format!("{CDN}/menu.0123456789.png")].into());
    }

    #[test]
    fn an_unknown_image_is_ours_by_name_and_place() {
        let body = ours("menu.0123456789.png");
        let recognised = |file: &str, known: &[String]| {
            let mut stored = stored(file);
            recognise(&mut stored, &names(&body), &known.iter().cloned().collect());
            canonical(&stored) == canonical(&body)
        };
        assert!(recognised("menu.png", &[]));
        assert!(!recognised("menu.png", &[format!("{CDN}/menu.png")]));
        assert!(!recognised("other.png", &[]));
        assert!(!recognised("menu.9876543210.png", &[]));
    }
}
