//! Where the pages and images of a source are in the docs, by every name that a link may have for them.
//!
//! A target is looked for as its system would resolve it: from the page, from the root of the site, without ending,
//! by the page's address, below the folder that the page has there. An image gets its place in the docs when it is
//! first asked for. Nothing here reads a text but for its keys.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use icu_normalizer::ComposingNormalizerBorrowed;

use super::keys;
use super::source::{Source, without_ending};
use super::systems::{Layout, Page};
use crate::html::percent_decoded;
use crate::text::DocPath;

/// Where a page or an image of the source is in the docs.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The file of a page in the default locale, by every name that a link may have for it, in lower case.
    names: HashMap<String, DocPath>,
    /// Pages by the last part of their names, where that is one page's alone.
    stems: HashMap<String, Option<DocPath>>,
    /// The images that are shown: where they are in the source and in the docs.
    pub images: BTreeMap<DocPath, DocPath>,
    taken: BTreeSet<String>,
    /// The folder of the docs that images are written into, below `images`.
    into: String,
    /// Other files, by their paths in lower case.
    files: HashMap<String, DocPath>,
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Page(DocPath),
    File(DocPath),
    Missing,
}

impl Places {
    /// Every name of every page. `out` is the file of each page of the default locale, by its place in the source.
    pub fn of(source: &Source, layout: &Layout, out: &BTreeMap<DocPath, DocPath>, into: &str) -> Self {
        let mut places = Self { into: into.to_owned(), ..Self::default() };
        let originals: HashMap<&str, &Page> =
            layout.pages.iter().filter(|page| page.locale.is_none()).map(|page| (page.key.as_str(), page)).collect();
        // What surely names a page comes first.
        for page in &layout.pages {
            let Some(target) = originals.get(page.key.as_str()).and_then(|original| out.get(&original.source)) else {
                continue;
            };
            places.name(page.source.as_str(), target);
            places.name(without_ending(page.source.as_str()), target);
        }
        for page in layout.pages.iter().filter(|page| page.locale.is_none()) {
            let Some(target) = out.get(&page.source) else { continue };
            let stem = without_ending(page.source.as_str());
            let folder = page.source.folder();
            let plain: Vec<&str> = stem.split('/').map(super::systems::without_number).collect();
            places.name(&plain.join("/"), target);
            if page.is_index
                || matches!(
                    page.source.name().to_lowercase().as_str(),
                    "index.md" | "readme.md" | "_index.md" | "index.mdx"
                )
            {
                places.name(folder, target);
                places.name(plain[..plain.len() - 1].join("/").as_str(), target);
            }
            let keys = source.texts.get(&page.source).map(|text| keys::split(text).keys).unwrap_or_default();
            for key in ["slug", "permalink", "url", "id"] {
                let Some(said) = keys::text(&keys, key) else { continue };
                let said = said.trim_end_matches('/');
                if said.starts_with('/') {
                    for root in &layout.roots {
                        places.name(&below(root, said.trim_start_matches('/')), target);
                    }
                } else if key != "url" {
                    places.name(&below(folder, said), target);
                }
            }
            for old in &page.old {
                for root in &layout.roots {
                    places.name(&below(root, old.trim_start_matches('/')), target);
                }
            }
            let last = plain.last().map(|name| name.to_lowercase()).unwrap_or_default();
            places.stems.entry(last).and_modify(|known| *known = None).or_insert_with(|| Some(target.clone()));
        }
        for path in source.others.keys().chain(source.texts.keys()) {
            places.files.entry(path.as_str().to_lowercase()).or_insert_with(|| path.clone());
        }
        places
    }

    fn name(&mut self, name: &str, target: &DocPath) {
        self.names.entry(name.trim_matches('/').to_lowercase()).or_insert_with(|| target.clone());
    }

    /// What an address means, seen from the places of a page in its site. A name with `%2F` in it is looked for as it is
    /// written first.
    pub fn target(&self, address: &str, froms: &[DocPath], roots: &[String], wanted: Wanted) -> Target {
        let written = self.written(address, froms, roots, wanted);
        if written != Target::Missing || !address.contains('%') {
            return written;
        }
        self.written(&percent_decoded(address), froms, roots, wanted)
    }

    /// What a path means as it is written.
    fn written(&self, decoded: &str, froms: &[DocPath], roots: &[String], wanted: Wanted) -> Target {
        let path = decoded.trim_start_matches("@site/").trim_start_matches("pathname://");
        let is_rooted = path.starts_with('/') || decoded.starts_with("@site/");
        let mut all: Vec<String> = Vec::new();
        if is_rooted {
            let path = path.trim_start_matches('/');
            let inner = path.split_once('/').map(|(_, rest)| rest);
            for rest in [Some(path), inner].into_iter().flatten() {
                all.extend(roots.iter().map(|root| below(root, rest)));
            }
        } else {
            for from in froms {
                all.extend(from.resolve(path).map(|path| path.as_str().to_owned()));
                // A site has a folder for each page, and links may be seen from there.
                let within = DocPath::new(format!("{}/x", without_ending(from.as_str())));
                all.extend(within.resolve(path).map(|path| path.as_str().to_owned()));
            }
            all.extend(roots.iter().map(|root| below(root, path.trim_start_matches("./").trim_start_matches("../"))));
        }
        for candidate in &all {
            let name = candidate.trim_matches('/').to_lowercase();
            let bare = [".html", ".htm", ".md", ".mdx", "/index", "/readme", "/_index"]
                .iter()
                .find_map(|end| name.strip_suffix(end));
            let page = || self.names.get(&name).or_else(|| bare.and_then(|bare| self.names.get(bare)));
            let file = || self.files.get(&name).filter(|path| !super::source::is_page(path));
            match wanted {
                Wanted::Page => {
                    if let Some(page) = page() {
                        return Target::Page(page.clone());
                    }
                    if let Some(file) = file() {
                        return Target::File(file.clone());
                    }
                }
                Wanted::Image => {
                    if let Some(file) = file() {
                        return Target::File(file.clone());
                    }
                }
            }
        }
        let stem = without_ending(path.trim_matches('/').rsplit('/').next().unwrap_or_default()).to_lowercase();
        let is_bare = !path.trim_matches('/').contains('/') && !path.contains('.') || path.ends_with(".md");
        match self.stems.get(&stem) {
            Some(Some(page)) if is_bare && wanted == Wanted::Page && !stem.is_empty() => Target::Page(page.clone()),
            _ => Target::Missing,
        }
    }

    /// Where an image is in the docs.
    pub fn image(&mut self, path: &DocPath) -> DocPath {
        if let Some(known) = self.images.get(path) {
            return known.clone();
        }
        let short: Vec<&str> = path
            .as_str()
            .split('/')
            .filter(|part| {
                !matches!(*part, ".gitbook" | "assets" | "static" | "public" | "docs" | "content" | "images" | "img")
            })
            .collect();
        let base = format!(
            "{}images/{}",
            if self.into.is_empty() { String::new() } else { below(&self.into, "") },
            short.iter().map(|part| plain(part.trim_start_matches(['.', '_']))).collect::<Vec<_>>().join("/")
        );
        let mut name = base.clone();
        let mut number = 1;
        while !self.taken.insert(name.to_lowercase()) {
            number += 1;
            let end = base.len() - base.rsplit('.').next().map_or(0, |end| end.len() + 1);
            name = format!("{}-{number}{}", &base[..end], &base[end..]);
        }
        let name = DocPath::new(name);
        self.images.insert(path.clone(), name.clone());
        name
    }
}

/// A name without signs that a disk or an address refuses, in the form in which letters are one sign each.
fn plain(name: &str) -> String {
    let is_odd = |c: char| c.is_control() || matches!(c, ':' | '?' | '*' | '"' | '<' | '>' | '|' | '\\' | '#' | '%');
    composed(name).chars().map(|c| if is_odd(c) { '-' } else { c }).collect()
}

/// A name whose letters are one sign each, as most keyboards write them: some disks keep accents apart.
pub(super) fn composed(name: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(name).into_owned()
}

/// What an address is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Page,
    Image,
}

fn below(root: &str, rest: &str) -> String {
    if root.is_empty() { rest.to_owned() } else { format!("{root}/{rest}") }
}
