//! The images of pulled texts: each once, beside the first article that shows it.
//!
//! Intercom signs the addresses of its images for some days (docs/intercom.md 3.5), so they are fetched by the
//! address that was read and kept by the one without a signature. What cannot be fetched, or is no
//! image, keeps its address.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::name::slug;
use super::{Change, Pull, What, unsigned};
use crate::book::{Book, ImageFile};
use crate::config::image_name;
use crate::html::{self, Body};
use crate::text::{DocPath, Sha256};

/// An image that Intercom hosts and a pulled text shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosted {
    /// Its address without the signature.
    pub address: String,
    /// The address to fetch it from.
    pub signed: String,
    /// The file that shows it first.
    pub shown_in: DocPath,
}

/// An image that is written into the docs folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImage {
    /// Its path.
    pub path: DocPath,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The images that Intercom hosts and that the pulled texts bring, each once.
pub fn hosted(pull: &Pull) -> Vec<Hosted> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for change in &pull.changes {
        for signed in &change.images {
            let address = unsigned(signed).unwrap_or_else(|| signed.clone());
            let is_new = match &change.what {
                What::New { text, .. } => text.contains(&address),
                What::Edited { before, after, .. } => after.contains(&address) && !before.contains(&address),
            };
            if is_new && seen.insert(address.clone()) {
                found.push(Hosted { address, signed: signed.clone(), shown_in: change.path.clone() });
            }
        }
    }
    found
}

/// The images in a body that Intercom hosts.
pub(super) fn hosted_in(body: &Body) -> Vec<String> {
    html::image::signed(body).into_iter().filter(|signed| html::image::is_intercoms(signed)).collect()
}

/// Gives fetched images their places, and the texts those in place of the addresses. What is no
/// image is told.
pub fn place(pull: &mut Pull, fetched: &BTreeMap<String, (DocPath, Vec<u8>)>, book: &Book) {
    let mut known: BTreeMap<Sha256, DocPath> =
        book.images.iter().map(|(path, image)| (image.sha256.clone(), path.clone())).collect();
    let mut taken: BTreeSet<String> = book.images.keys().map(|path| path.as_str().to_lowercase()).collect();
    // By article, not by address: Intercom numbers addresses as they come.
    let mut in_order: Vec<_> = fetched.iter().collect();
    in_order.sort_by_key(|(address, (shown_in, _))| (shown_in, *address));
    for (address, (shown_in, bytes)) in in_order {
        let image = ImageFile::of(bytes);
        let (None, Some(ending)) = (image.flaw, ImageFile::ending(bytes)) else {
            pull.notes.push(format!("`{shown_in}`: {address} is no image that can be sent; its address stays"));
            continue;
        };
        let path = known.entry(image.sha256.clone()).or_insert_with(|| {
            let folder = if shown_in.folder().is_empty() { String::new() } else { format!("{}/", shown_in.folder()) };
            let stem = stem(address);
            let digest = image.sha256.short();
            let plain = format!("{folder}images/{stem}.{ending}");
            let path = if taken.contains(&plain.to_lowercase()) {
                format!("{folder}images/{stem}-{digest}.{ending}")
            } else {
                plain
            };
            taken.insert(path.to_lowercase());
            pull.images.push(NewImage { path: DocPath::new(path.clone()), bytes: bytes.clone() });
            DocPath::new(path)
        });
        pull.places.insert(address.clone(), path.clone());
    }
    for change in &mut pull.changes {
        put(change, &pull.places);
    }
}

/// The images of the docs by the names that they are sent with.
pub(super) struct DocsImages<'b> {
    by_name: HashMap<String, Vec<&'b DocPath>>,
    /// Without the digests of their bytes, each with the name that it is sent with.
    by_plain_name: HashMap<String, Vec<(&'b DocPath, String)>>,
}

impl<'b> DocsImages<'b> {
    pub fn of(book: &'b Book) -> Self {
        let (mut by_name, mut by_plain_name) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for (path, image) in &book.images {
            let name = image_name(path, &image.sha256);
            by_name.entry(html::image::spelled_name(&name)).or_default().push(path);
            if let Some(plain) = html::image::plain_name(&name) {
                by_plain_name.entry(plain).or_default().push((path, name));
            }
        }
        Self { by_name, by_plain_name }
    }

    /// The only image of a name.
    pub fn named(&self, name: &str) -> Option<&'b DocPath> {
        match self.by_name.get(&html::image::spelled_name(name))?.as_slice() {
            [path] => Some(path),
            _ => None,
        }
    }

    /// The only image that has the name but for the digest of its bytes, and is one of those that are shown.
    pub fn of_same_file(&self, name: &str, shown: &HashSet<String>) -> Option<&'b DocPath> {
        let same = self.by_plain_name.get(&html::image::plain_name(name)?)?;
        let mut same = same.iter().filter(|(_, name)| shown.contains(name));
        same.next().filter(|_| same.next().is_none()).map(|(path, _)| *path)
    }
}

/// Puts the places of images into a text where their addresses are.
pub(super) fn put(change: &mut Change, places: &BTreeMap<String, DocPath>) {
    let placed = |text: &str| {
        let shown = places.iter().filter(|(address, _)| text.contains(address.as_str()));
        shown.fold(None, |placed: Option<String>, (address, path)| {
            Some(with_path(placed.as_deref().unwrap_or(text), address, &path.seen_from(&change.path)))
        })
    };
    match &mut change.what {
        What::New { text, .. } => {
            if let Some(placed) = placed(text) {
                *text = placed.into();
            }
        }
        What::Edited { after, .. } => {
            if let Some(placed) = placed(after) {
                *after = placed;
            }
        }
    }
}

/// A text with an address replaced where it is as a whole.
fn with_path(text: &str, address: &str, path: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(address) {
        let (before, after) = (&rest[..at], &rest[at + address.len()..]);
        out.push_str(before);
        let is_whole = after.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, ')' | '"' | '\'' | '>'));
        out.push_str(if is_whole { path } else { address });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The name of an image without its ending, and without the digest that we put there.
fn stem(address: &str) -> String {
    let name = address.rsplit('/').next().unwrap_or(address);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let plain = stem.rsplit_once('.').filter(|(_, hex)| hex.len() == 10 && hex.chars().all(|c| c.is_ascii_hexdigit()));
    let query = format!("={}", plain.map_or(stem, |(plain, _)| plain).replace(['+', '&'], "-"));
    let decoded = url::form_urlencoded::parse(query.as_bytes()).next().map(|(_, value)| value.into_owned());
    let name = slug(&decoded.unwrap_or_default());
    if name.is_empty() { "image".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_readable_and_has_no_digest_of_ours() {
        assert_eq!(stem("https://h.example/1/menu.0123456789.png"), "menu");
        assert_eq!(stem("https://h.example/1/Screen%20Shot%202026.png"), "screen-shot-2026");
        assert_eq!(stem("https://h.example/1/.png"), "image");
        assert_eq!(stem("https://h.example/1/..%2f..%2fmy.png"), "my");
    }

    #[test]
    fn an_address_is_replaced_as_a_whole_only() {
        assert_eq!(with_path("![](a/b.png) <a/b.png.bak> \"a/b.png\"", "a/b.png", "x"), "![](x) <a/b.png.bak> \"x\"");
    }
}
