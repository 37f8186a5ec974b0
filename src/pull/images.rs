//! The images of pulled texts: each once, beside the first article that shows it.
//!
//! Intercom signs the addresses of its images for some days (docs/intercom.md 3.5), so they are fetched by the
//! address that was read and kept by the one without a signature. What cannot be fetched, or is no
//! image, keeps its address.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

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
        let addresses: Vec<String> =
            change.images.iter().map(|signed| unsigned(signed).unwrap_or_else(|| signed.clone())).collect();
        let (before, after) = match &change.what {
            What::New { text, .. } => ("", text.as_ref()),
            What::Edited { before, after, .. } => (before.as_ref(), after.as_str()),
        };
        let (before, after) = (held(before, &addresses), held(after, &addresses));
        for ((signed, address), at) in change.images.iter().zip(&addresses).zip(0..) {
            if after.contains(&at) && !before.contains(&at) && seen.insert(address.clone()) {
                let (address, signed) = (address.clone(), signed.clone());
                found.push(Hosted { address, signed, shown_in: change.path.clone() });
            }
        }
    }
    found
}

/// Which of some addresses are in a text.
fn held(text: &str, addresses: &[String]) -> HashSet<usize> {
    if text.is_empty() || addresses.is_empty() {
        return HashSet::new();
    }
    // One text is read by it, so what is made soonest is the fastest.
    let all = AhoCorasick::builder().kind(Some(AhoCorasickKind::NoncontiguousNFA)).build(addresses).ok();
    all.iter().flat_map(|all| all.find_overlapping_iter(text)).map(|found| found.pattern().as_usize()).collect()
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
    if !pull.places.is_empty() {
        let places = Places::of(&pull.places);
        pull.changes.iter_mut().for_each(|change| places.put(change));
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

/// The places of images, to be put into texts where their addresses are.
pub(super) struct Places<'p> {
    addresses: Option<AhoCorasick>,
    paths: Vec<&'p DocPath>,
}

impl<'p> Places<'p> {
    pub fn of(places: &'p BTreeMap<String, DocPath>) -> Self {
        Self { addresses: AhoCorasick::new(places.keys()).ok(), paths: places.values().collect() }
    }

    pub fn put(&self, change: &mut Change) {
        match &mut change.what {
            What::New { text, .. } => *text = self.placed(text, &change.path).into(),
            What::Edited { after, .. } => *after = self.placed(after, &change.path),
        }
    }

    /// A text with every address replaced where it is as a whole.
    fn placed(&self, text: &str, file: &DocPath) -> String {
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for found in self.addresses.iter().flat_map(|all| all.find_overlapping_iter(text)) {
            let after = text[found.end()..].chars().next();
            let is_whole = after.is_none_or(|c| c.is_whitespace() || matches!(c, ')' | '"' | '\'' | '>'));
            if is_whole && found.start() >= done {
                out.push_str(&text[done..found.start()]);
                out.push_str(&self.paths[found.pattern().as_usize()].seen_from(file));
                done = found.end();
            }
        }
        out.push_str(&text[done..]);
        out
    }
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
        let places = BTreeMap::from([("a/b.png".to_owned(), DocPath::new("x"))]);
        let placed = Places::of(&places).placed("![](a/b.png) <a/b.png.bak> \"a/b.png\"", &DocPath::new("c.md"));
        assert_eq!(placed, "![](x) <a/b.png.bak> \"x\"");
    }
}
