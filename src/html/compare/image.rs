//! Images of the docs folder in a body, and the same ones in a body that Intercom stored.
//!
//! Intercom takes images over: it fetches each once and gives it an address of its own with the
//! file name it had (docs/intercom.md 3.5). Mostly that name carries our digest. Where it does not, an image
//! that nothing is known of counts as ours by its name and place.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::html::tree::address::{image_name, spelled};
use crate::html::tree::{Block, Body, DocsImage, Image, for_each_block_mut, for_each_image};
use crate::text::Digest;

/// What an image of the docs is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// A file of the docs folder, by its name with the digest of its bytes.
    File(String),
    /// An image elsewhere, by its address.
    Address(String),
}

impl Source {
    /// What stands for it in the place of an address.
    fn written(&self) -> &str {
        match self {
            Source::File(written) | Source::Address(written) => written,
        }
    }
}

/// An image in a text of the docs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocImage {
    /// What it is.
    #[serde(flatten)]
    pub source: Source,
    /// The width that the docs give it, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
}

/// What the image at an address of Intercom's is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageOrigin {
    /// What it was sent as.
    #[serde(flatten)]
    pub source: Source,
    /// The width it was sent with, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// The width and height that Intercom stored, in pixels: it adds what is missing (docs/intercom.md 3.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<[u32; 2]>,
}

/// The images of a rendered body, in its order.
pub fn images(body: &Body) -> Vec<DocImage> {
    let mut images = Vec::new();
    for_each_image(&body.blocks, &mut |image| {
        let source = match &image.file {
            Some(file) => Source::File(spelled(&file.name).into_owned()),
            None => Source::Address(spelled(&image.src).into_owned()),
        };
        images.push(DocImage { source, width: image.width });
    });
    images
}

/// The digest of the bytes of the docs folder's images among some; `None` where there are none.
pub fn bytes(images: &[DocImage]) -> Option<Digest> {
    let files = images.iter().filter_map(|image| match &image.source {
        Source::File(name) => Some(name.as_str()),
        Source::Address(_) => None,
    });
    let files: Vec<&str> = files.collect();
    (!files.is_empty()).then(|| Digest::of(files.join("\n")))
}

/// What each address in the body that Intercom stored is, of a text with the images `sent`. Nothing where
/// not as many images came back.
pub fn origins(sent: &[DocImage], stored: &Body) -> BTreeMap<String, ImageOrigin> {
    let mut there = Vec::new();
    for_each_image(&stored.blocks, &mut |image| there.push(image));
    if sent.len() != there.len() {
        return BTreeMap::new();
    }
    let hosted = sent.iter().zip(there).filter(|(_, image)| is_intercoms(&image.src));
    hosted
        .map(|(DocImage { source, width }, image)| {
            let stored = image.width.zip(image.height).map(|(width, height)| [width, height]);
            (bare(&image.src).to_owned(), ImageOrigin { source: source.clone(), width: *width, stored })
        })
        .collect()
}

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
/// as it is (docs/intercom.md 3.5). Only `known` and a name with our digest prove that it is the same image.
pub fn reuse(body: &mut Body, stored: &Body, known: &BTreeMap<String, ImageOrigin>) {
    let names = Names::of(known);
    // The first address there of each file of the docs.
    let mut there: HashMap<String, String> = HashMap::new();
    for_each_image(&stored.blocks, &mut |image| {
        let address = bare(&image.src);
        if !is_intercoms(address) {
            return;
        }
        let name = match known.get(address).map(|origin| &origin.source) {
            Some(Source::File(name)) => Some(name.clone()),
            Some(Source::Address(_)) => None,
            None => names.prove(address).then(|| spelled(image_name(address)).into_owned()),
        };
        if let Some(name) = name {
            there.entry(name).or_insert_with(|| address.to_owned());
        }
    });
    for_each_mut(body, &mut |image| {
        if let Some(file) = &image.file
            && let Some(address) = there.get(&*spelled(&file.name))
        {
            image.src.clone_from(address);
        }
    });
}

/// The images of the docs folder that Intercom has to fetch, each with its address, in the order
/// of the body.
pub fn to_fetch(body: &Body) -> Vec<(&DocsImage, &str)> {
    type Found<'a> = (Vec<(&'a DocsImage, &'a str)>, HashSet<&'a str>);
    fn collect<'a>(blocks: &'a [Block], found: &mut Found<'a>) {
        for block in blocks {
            if let Block::Image { image, .. } = block
                && let Some(file) = &image.file
                && !is_intercoms(&image.src)
                && found.1.insert(&image.src)
            {
                found.0.push((file, image.src.as_str()));
            }
            block.inner().for_each(|inner| collect(inner, found));
        }
    }
    let mut found = Found::default();
    collect(&body.blocks, &mut found);
    found.0
}

/// What becomes of an image on Intercom's hosts of which nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// It is the image of the docs with the same name and place.
    ByName,
    /// It is an image that the docs do not have.
    Left,
}

/// Writes the images of a stored body as the docs have them, whose images are `docs`. An address that
/// is in `known` is what it says there, and a name with our digest proves itself.
pub fn recognise(stored: &mut Body, docs: &[DocImage], known: &BTreeMap<String, ImageOrigin>, unknown: Unknown) {
    let mut left = Left::of(docs, unknown);
    let names = Names::of(known);
    for_each_mut(stored, &mut |image| {
        let address = bare(&image.src).to_owned();
        if !is_intercoms(&address) {
            return;
        }
        let size = image.width.zip(image.height).map(|(width, height)| [width, height]);
        if let Some(origin) = known.get(&address) {
            if size.is_some() && size == origin.stored {
                image.width = origin.width;
            }
            image.height = None;
            left.take_all(&origin.source);
            origin.source.written().clone_into(&mut image.src);
            return;
        }
        let name = spelled(image_name(&address));
        if let Some(docs) = left.take(&name, names.prove(&address)) {
            // Intercom adds the sizes that are missing.
            if image.height.take().is_some() && docs.width.is_none() {
                image.width = None;
            }
            docs.source.written().clone_into(&mut image.src);
        }
    });
}

/// The images of the docs that no stored one was recognised as, by what may name them.
struct Left<'d> {
    docs: &'d [DocImage],
    is_taken: Vec<bool>,
    /// Files by the name with our digest.
    proved: HashMap<&'d str, VecDeque<usize>>,
    /// Files by their plain name, and addresses by the name at their end; only where that may decide.
    named: HashMap<String, VecDeque<usize>>,
    /// Every image by what it is.
    sources: HashMap<&'d Source, Vec<usize>>,
}

impl<'d> Left<'d> {
    fn of(docs: &'d [DocImage], unknown: Unknown) -> Self {
        let is_taken = vec![false; docs.len()];
        let mut left = Self { docs, is_taken, proved: HashMap::new(), named: HashMap::new(), sources: HashMap::new() };
        for (at, image) in docs.iter().enumerate() {
            left.sources.entry(&image.source).or_default().push(at);
            let name = match &image.source {
                Source::File(ours) => {
                    left.proved.entry(ours).or_default().push_back(at);
                    plain(ours)
                }
                Source::Address(ours) => Some(image_name(ours).to_owned()),
            };
            if let Some(name) = name.filter(|_| unknown == Unknown::ByName) {
                left.named.entry(name).or_default().push_back(at);
            }
        }
        left
    }

    /// Takes every image of a source.
    fn take_all(&mut self, source: &Source) {
        for at in self.sources.remove(source).unwrap_or_default() {
            self.is_taken[at] = true;
        }
    }

    /// Takes the first image that a name may mean.
    fn take(&mut self, name: &str, is_proof: bool) -> Option<&'d DocImage> {
        let is_taken = &self.is_taken;
        let first = |queue: Option<&mut VecDeque<usize>>| {
            let queue = queue?;
            while queue.front().is_some_and(|at| is_taken[*at]) {
                queue.pop_front();
            }
            queue.front().copied()
        };
        let proved = if is_proof { first(self.proved.get_mut(name)) } else { None };
        let named = first(self.named.get_mut(name));
        let at = proved.into_iter().chain(named).min()?;
        self.is_taken[at] = true;
        Some(&self.docs[at])
    }
}

/// At which addresses images with a name of the docs are known.
pub struct Names<'k> {
    addresses: HashMap<&'k str, Vec<&'k str>>,
}

impl<'k> Names<'k> {
    /// The names of the images that are known.
    pub fn of(known: &'k BTreeMap<String, ImageOrigin>) -> Self {
        let mut addresses: HashMap<&str, Vec<&str>> = HashMap::new();
        for (address, origin) in known {
            addresses.entry(origin.source.written()).or_default().push(address);
        }
        Self { addresses }
    }

    /// Whether the name of an image on Intercom's hosts proves what it is: not where the image of that name is
    /// known at another address. A teammate may have saved it, changed it and uploaded it under its name.
    pub fn prove(&self, address: &str) -> bool {
        let name = spelled(image_name(address));
        self.addresses.get(&*name).is_none_or(|known| *known == [address])
    }
}

/// The name of a file of the docs folder without the digest of its bytes, however it is escaped; `None` where the
/// name has no digest.
pub fn plain_name(name: &str) -> Option<String> {
    plain(&spelled(name))
}

/// Whether the images of a stored body, as [`recognise`] left them, are those of the docs.
pub fn are_those(docs: &[DocImage], stored: &Body) -> bool {
    let mut there = Vec::new();
    for_each_image(&stored.blocks, &mut |image| there.push(spelled(&image.src).into_owned()));
    docs.iter().map(|image| image.source.written()).eq(there.iter().map(String::as_str))
}

/// A name without its digest.
fn plain(name: &str) -> Option<String> {
    let (rest, extension) = name.rsplit_once('.')?;
    let (stem, digest) = rest.rsplit_once('.')?;
    (digest.len() == 10).then(|| format!("{stem}.{extension}"))
}

/// A name in which every character has one spelling.
pub fn spelled_name(name: &str) -> String {
    spelled(name).into_owned()
}

/// An address without its signature.
pub fn bare(src: &str) -> &str {
    src.split(['?', '#']).next().unwrap_or(src)
}

/// Whether an address is one that Intercom gave, of any region and age (docs/intercom.md 3.5).
pub fn is_intercoms(address: &str) -> bool {
    let after = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let host = after.and_then(|after| after.split(['/', '?', '#']).next()).unwrap_or_default();
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    // A host that is written like this is just what it says.
    if !host.is_empty() && host.bytes().all(is_plain) {
        return is_intercoms_name(host);
    }
    Url::parse(address).is_ok_and(|url| is_intercoms_host(&url))
}

/// The same of an address that was read: https on its own port, at a host that nobody else can register.
pub fn is_intercoms_host(url: &Url) -> bool {
    let is_known = is_intercoms_name(url.host_str().unwrap_or_default());
    is_known && matches!(url.scheme(), "http" | "https") && url.port().is_none()
}

fn is_intercoms_name(host: &str) -> bool {
    let number = host.strip_prefix("intercom-attachments-").and_then(|rest| rest.strip_suffix(".com"));
    ["downloads.intercomcdn.com", "downloads.intercomcdn.eu", "downloads.au.intercomcdn.com"].contains(&host)
        || number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
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
    fn only_intercoms_own_hosts_are_intercoms() {
        for address in [
            "https://downloads.intercomcdn.com/i/o/1/a.png?expires=1",
            "https://downloads.intercomcdn.eu:443/a.png",
            "https://intercom-attachments-7.com/a.png",
        ] {
            assert!(is_intercoms(address), "{address}");
        }
        for address in [
            "https://intercom-attachments-x.com/a.png",
            "https://intercom-attachments-.com/a.png",
            "https://intercom-attachments-7.com.example/a.png",
            "https://downloads.intercomcdn.com:8443/a.png",
            "ftp://downloads.intercomcdn.com/a.png",
            "https://a.example/downloads.intercomcdn.com",
        ] {
            assert!(!is_intercoms(address), "{address}");
        }
    }

    #[test]
    fn a_host_is_known_in_every_spelling_that_a_browser_reads() {
        let spelling = "(https?|ftp|HTTPS):(//|/|\\\\\\\\)(a@)?(downloads\\.intercomcdn\\.(com|eu)|Downloads.intercomcdn.com|downloads.%69ntercomcdn.com|intercom-attachments-[0-9a]?\\.com|a.example)(:443|:80|:7|\\.)?[/?#\\\\]?(x|downloads.intercomcdn.com)?";
        proptest::proptest!(|(address in spelling)| {
            let by_parser = Url::parse(&address).is_ok_and(|url| is_intercoms_host(&url));
            proptest::prop_assert_eq!(is_intercoms(&address), by_parser);
        });
    }

    #[test]
    fn the_address_of_an_image_of_the_docs_never_counts() {
        assert_eq!(canonical(&ours("menu.0123456789.png")), canonical(&stored("menu.0123456789.png")));
        assert_ne!(canonical(&ours("menu.0123456789.png")), canonical(&stored("menu.9876543210.png")));
    }

    #[test]
    fn what_intercom_has_is_sent_by_its_address_there() {
        let mut body = ours("menu.0123456789.png");
        let none = BTreeMap::new();
        reuse(&mut body, &stored("menu.9876543210.png"), &none);
        assert_eq!(to_fetch(&body).len(), 1);
        reuse(&mut body, &parse("<img src=\"https://evil.example/menu.0123456789.png\">"), &none);
        assert_eq!(to_fetch(&body)[0].1, "https://x.example/menu.png");
        reuse(&mut body, &stored("menu.0123456789.png"), &none);
        assert_eq!(to_fetch(&body), []);
        let known = origins(&images(&body), &stored("menu.0123456789.png"));
        let mut again = ours("menu.0123456789.png");
        let theirs = parse("<p>a</p><img src=\"https://downloads.intercomcdn.com/i/o/2/menu.0123456789.png\">");
        reuse(&mut again, &theirs, &known);
        assert_eq!(to_fetch(&again).len(), 1, "saved, changed and uploaded again");
        assert_eq!(addresses(&body), [format!("{CDN}/menu.0123456789.png")].into());
    }

    #[test]
    fn an_unknown_image_is_ours_by_name_and_place_where_nothing_else_tells() {
        let body = ours("menu.0123456789.png");
        let is_it = |file: &str, unknown: Unknown| {
            let mut stored = stored(file);
            recognise(&mut stored, &images(&body), &BTreeMap::new(), unknown);
            are_those(&images(&body), &stored)
        };
        assert!(is_it("menu.png", Unknown::ByName));
        assert!(!is_it("menu.png", Unknown::Left), "a teammate may have uploaded another one");
        assert!(is_it("menu.0123456789.png", Unknown::Left), "the name proves it");
        assert!(!is_it("other.png", Unknown::ByName));
        assert!(!is_it("menu.9876543210.png", Unknown::ByName));
    }

    #[test]
    fn what_an_address_is_is_known_from_the_answer() {
        let sent = parse("<img src=\"https://x.example/v1/a.png\" width=300>");
        let stored = |size: &str| parse(&format!("<img src=\"{CDN}/9/a.png?signature=1\" {size}>"));
        let docs = images(&sent);
        let known = origins(&docs, &stored("width=300 height=150"));
        assert_eq!(known.len(), 1);
        let seen = |mut body: Body| {
            recognise(&mut body, &docs, &known, Unknown::Left);
            crate::html::tree::write::html(&body)
        };
        assert_eq!(seen(stored("width=300 height=150")), crate::html::tree::write::html(&sent));
        assert!(seen(stored("width=200 height=100")).contains("width=\"200\""), "a teammate resized it");
        let other = parse(&format!("<img src=\"{CDN}/8/a.png\">"));
        assert!(seen(other).contains("/8/a.png"), "a teammate's own upload with the same name");
        assert_eq!(origins(&docs, &parse("<p>a</p>")), BTreeMap::new());
    }
}
