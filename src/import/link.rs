//! The links and images of a page, as they are written in the docs: relative, with `.md`, to the file that is there.
//!
//! A link is looked for as its system would resolve it: from the page, from the root of the site, without ending,
//! by the page's address, below the folder that the page has there. What is nowhere in the source keeps its words
//! and is named; where the site's own address is known, it is a link to that.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::draft::{Draft, Rewrite, captured, code_spans, group, patterns};
use super::keys;
use super::report::{Fate, Item, Report};
use super::source::{Source, without_ending};
use super::systems::{Layout, Page};
use crate::html::percent_decoded;
use crate::text::DocPath;

patterns! {
    REFERENCE = r"^(\s{0,3}\[[^\]]+\]:\s*)(<[^>]*>|\S+)";
    HTML = r#"(<(?:a|img|source|video|iframe)\b[^>]*?\s(?:href|src)\s*=\s*)(?:"([^"]*)"|'([^']*)')"#;
    BROKEN = r#"^\s*[^()\s<>"][^()<>"\n]*\.(?:md|mdx|png|jpe?g|gif|svg|pdf)(?:#[\w-]*)?\s*\)"#;
}

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
enum Target {
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

    /// What an address means, seen from the places of a page in its site.
    fn target(&self, address: &str, froms: &[DocPath], roots: &[String], wanted: Wanted) -> Target {
        let decoded = percent_decoded(address);
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
    fn image(&mut self, path: &DocPath) -> DocPath {
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
            short.iter().map(|part| part.trim_start_matches(['.', '_'])).collect::<Vec<_>>().join("/")
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

/// What an address is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Page,
    Image,
}

fn below(root: &str, rest: &str) -> String {
    if root.is_empty() { rest.to_owned() } else { format!("{root}/{rest}") }
}

/// A page whose links are rewritten.
pub(super) struct Linked<'a> {
    pub layout: &'a Layout,
    /// Its places in the site: its own, and that of the page that it translates.
    pub froms: Vec<DocPath>,
    /// Its file in the docs.
    pub out: DocPath,
    /// The images that it imports, by name.
    pub imported: Vec<(String, String)>,
}

/// An address in a line.
struct Found {
    /// The address, with `<` and `>` if it has them.
    address: Range<usize>,
    /// All of the link or image, where its beginning is on the line.
    whole: Option<Range<usize>>,
    /// Its words.
    words: Range<usize>,
    wanted: Wanted,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Inline,
    Reference,
    Html,
}

/// Rewrites the links and images of a page.
pub(super) fn rewrite(draft: &mut Draft, linked: &Linked<'_>, places: &mut Places, report: &mut Report) {
    let prose = draft.prose();
    for (nth, is_prose) in prose.into_iter().enumerate() {
        if !is_prose {
            continue;
        }
        // An image within a link is found first, and the line is looked at again for what is around it.
        let mut from = 0;
        for _ in 0..200 {
            let line = draft.lines[nth].text.clone();
            let Some(found) = next(&line, from) else { break };
            let written = line[found.address.clone()].trim_matches(['<', '>', ' ']).to_owned();
            let now = address(&written, &found, linked, places, report);
            let Some(now) = now else {
                from = found.address.end;
                continue;
            };
            let (range, text, rewrite) = now.text(&line, &found, &written);
            draft.items.push(Item {
                line: draft.lines[nth].at,
                construct: rewrite.construct,
                fate: rewrite.fate,
                was: line[range.clone()].to_owned(),
                now: text.clone(),
            });
            draft.lines[nth].text = format!("{}{text}{}", &line[..range.start], &line[range.end..]);
            from = if found.whole.as_ref() == Some(&range) {
                range.start + rewrite.now.len()
            } else {
                range.start + text.len()
            };
        }
    }
    draft.items.retain(|item| item.was != item.now);
}

/// What an address becomes.
enum Becomes {
    /// Another address.
    Address(String, Fate),
    /// Nothing that can be linked to: its words stay.
    Words(&'static str),
}

impl Becomes {
    /// The place that is replaced, its text, and what is said of it.
    fn text(self, line: &str, found: &Found, written: &str) -> (Range<usize>, String, Rewrite) {
        let construct = if found.wanted == Wanted::Image { "image" } else { "link" };
        match self {
            Becomes::Address(now, fate) => (found.address.clone(), now.clone(), Rewrite::new(fate, construct, now)),
            Becomes::Words(why) => {
                let words = line[found.words.clone()].to_owned();
                let hidden = super::rewrite_comment(&format!("{why}: {written}"));
                match (&found.whole, found.form, found.wanted) {
                    (Some(whole), Form::Inline, Wanted::Page) => {
                        (whole.clone(), words.clone(), Rewrite::new(Fate::Left, construct, words))
                    }
                    (Some(whole), _, Wanted::Image) => {
                        let shown = if words.is_empty() { hidden } else { format!("{words}{hidden}") };
                        (whole.clone(), shown.clone(), Rewrite::new(Fate::Left, construct, shown))
                    }
                    // The end of the link is elsewhere: it leads to the place itself.
                    _ => (found.address.clone(), "#".to_owned(), Rewrite::new(Fate::Left, construct, "#")),
                }
            }
        }
    }
}

/// What an address becomes; `None` where it stays.
fn address(
    written: &str,
    found: &Found,
    linked: &Linked<'_>,
    places: &mut Places,
    report: &mut Report,
) -> Option<Becomes> {
    let scheme = written
        .split_once(':')
        .map(|(scheme, _)| scheme)
        .filter(|scheme| !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric()));
    if written.starts_with('#') || written.starts_with("//") || written == "mailto:" {
        return None;
    }
    if let Some(scheme) = scheme.filter(|scheme| scheme.len() > 1 && *scheme != "pathname") {
        if found.wanted == Wanted::Image && scheme == "data" {
            return Some(Becomes::Words("image within the page"));
        }
        let is_fine = matches!(scheme, "http" | "https" | "mailto" | "tel") && !written.contains(' ');
        let is_link = matches!(scheme, "http" | "https");
        return match (is_fine, is_link) {
            (true, _) => None,
            (false, true) => Some(Becomes::Address(written.replace(' ', "%20"), Fate::Taken)),
            (false, false) => Some(Becomes::Words("address")),
        };
    }
    let imported = linked.imported.iter().find(|(name, _)| name == written).map(|(_, file)| file.as_str());
    let plain = imported.unwrap_or(written);
    let (path, anchor) = plain.split_once('#').map_or((plain, ""), |(path, anchor)| (path, anchor));
    let path = path.split('?').next().unwrap_or_default();
    let target = places.target(path, &linked.froms, &linked.layout.roots, found.wanted);
    let counted = if found.wanted == Wanted::Image { &mut report.images } else { &mut report.links };
    if target == Target::Missing {
        counted.missing += 1;
    } else {
        counted.there += 1;
    }
    match target {
        Target::Page(page) => {
            counted.resolved += 1;
            let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
            let address = page.seen_from(&linked.out);
            let address =
                if page == linked.out && !anchor.is_empty() { String::new() } else { super::encoded(&address) };
            Some(Becomes::Address(format!("{address}{anchor}"), Fate::Taken))
        }
        Target::File(file) if found.wanted == Wanted::Image && is_image(&file) => {
            counted.resolved += 1;
            let out = places.image(&file);
            Some(Becomes::Address(super::encoded(&out.seen_from(&linked.out)), Fate::Taken))
        }
        _ => {
            let address = linked.layout.address.as_ref().map(|address| address.trim_end_matches('/').to_owned());
            match address {
                Some(address) if path.starts_with('/') => {
                    Some(Becomes::Address(super::encoded(&format!("{address}{plain}")), Fate::Approximated))
                }
                _ if target == Target::Missing => Some(Becomes::Words("not in the source")),
                _ => Some(Becomes::Words("a file, which Intercom does not keep")),
            }
        }
    }
}

/// Whether Intercom can show a file.
fn is_image(path: &DocPath) -> bool {
    let end = path.name().rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(end.as_str(), "png" | "jpg" | "jpeg" | "gif" | "svg")
}

/// The first address of a line that ends behind a place.
fn next(line: &str, from: usize) -> Option<Found> {
    let code = code_spans(line);
    let is_code = |at: usize| code.iter().any(|span| span.contains(&at));
    let inline = line
        .match_indices("](")
        .filter(|(at, _)| !is_code(*at))
        .filter_map(|(at, _)| inline(line, at))
        .find(|found| found.address.end > from);
    let reference =
        captured(&REFERENCE, line).filter(|found| !group(found, 1).trim_start().starts_with("[^")).and_then(|found| {
            let address = found.get(2)?.range();
            Some(Found {
                words: address.start..address.start,
                address,
                whole: None,
                wanted: Wanted::Page,
                form: Form::Reference,
            })
        });
    let reference = reference.filter(|found| found.address.end > from && from == 0);
    let html = HTML.as_ref().into_iter().flat_map(|pattern| pattern.captures_iter(line)).find_map(|captures| {
        let address = captures.get(2).or_else(|| captures.get(3))?.range();
        let start = captures.get(0)?.start();
        if is_code(start) || address.end <= from || address.is_empty() {
            return None;
        }
        let is_image = line[start..].starts_with("<img");
        if line[start..].starts_with("<video")
            || line[start..].starts_with("<iframe")
            || line[start..].starts_with("<source")
        {
            return None;
        }
        let whole = line[start..].find('>').filter(|_| is_image).map(|end| start..start + end + 1);
        let wanted = if is_image { Wanted::Image } else { Wanted::Page };
        Some(Found { words: address.start..address.start, address, whole, wanted, form: Form::Html })
    });
    [inline, reference, html].into_iter().flatten().min_by_key(|found| found.address.start)
}

/// The link whose words end at a place.
fn inline(line: &str, at: usize) -> Option<Found> {
    let start = at + 2;
    let rest = &line[start..];
    let lead = rest.len() - rest.trim_start().len();
    let inner = &rest[lead..];
    let length = if inner.starts_with('<') {
        inner.find('>').map(|end| end + 1)?
    } else if let Some(broken) =
        captured(&BROKEN, inner).filter(|broken| group(broken, 0).trim_end_matches(')').trim().contains(' '))
    {
        // A path with blanks, as other systems take it.
        group(&broken, 0).trim_end_matches(')').trim_end().len()
    } else {
        let mut depth = 0_i32;
        let mut end = inner.len();
        for (at, c) in inner.char_indices() {
            match c {
                '(' => depth += 1,
                ')' if depth == 0 => {
                    end = at;
                    break;
                }
                ')' => depth -= 1,
                c if c.is_whitespace() => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        end
    };
    let address = start + lead..start + lead + length;
    let after = &line[address.end..];
    let close = after.find(')')?;
    let title = after[..close].trim();
    if !title.is_empty() && !title.starts_with(['"', '\'', '(']) {
        return None;
    }
    let close = if title.is_empty() { close } else { closing(after)? };
    let end = address.end + close + 1;
    let (mut depth, mut open) = (0_i32, None);
    for (nth, c) in line[..at].char_indices().rev() {
        match c {
            ']' => depth += 1,
            '[' if depth == 0 => {
                open = Some(nth);
                break;
            }
            '[' => depth -= 1,
            _ => {}
        }
    }
    let is_image = open.is_some_and(|open| line[..open].ends_with('!'));
    let wanted = if is_image { Wanted::Image } else { Wanted::Page };
    let whole = open.map(|open| if is_image { open - 1 } else { open }..end);
    let words = open.map_or(at..at, |open| open + 1..at);
    Some(Found { address, whole, words, wanted, form: Form::Inline })
}

/// The bracket behind a title in quotes.
fn closing(after: &str) -> Option<usize> {
    let open = after.find(['"', '\'', '('])?;
    let quote = if after[open..].starts_with('(') { ')' } else { after[open..].chars().next()? };
    let end = open + 1 + after[open + 1..].rfind(&format!("{quote})"))?;
    Some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(next) = next(line, from) {
            found.push(line[next.address.clone()].to_owned());
            from = next.address.end;
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn every_address_of_a_line_is_found() {
        check("[a](b.md) ![c](d.png \"e\") `[f](g)`", &["b.md", "d.png"]);
        check("[![a](b.png)](c.md#d)", &["b.png", "c.md#d"]);
        check("[a](<b c.md>) [d](e(f).md)", &["<b c.md>", "e(f).md"]);
        check("[a](my page.md) [b](not a link)", &["my page.md"]);
        check("[a]: b.md \"c\"", &["b.md"]);
        check("<a href=\"b.md\">c</a> <img src='d.png'>", &["b.md", "d.png"]);
    }
}
