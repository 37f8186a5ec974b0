//! Relative links: which file or folder they name, and the place that keeps its address open.
//!
//! The address of an article is not known before it is in Intercom. So a link to a file becomes a
//! [`Hole`], which names the file and the heading and is no address that anybody could follow; it
//! is filled when the body is sent. What is not there is a finding, with what is near. Nothing here
//! reads a file or knows what is in Intercom.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::heading::{Targets, is_anchor, slug};
use super::render::{headings_of, image::percent_decoded};
use super::tree::{Body, for_each_link};
use crate::book::{Book, Content};
use crate::diagnostic::did_you_mean;
use crate::intercom::model::{Locale, State};
use crate::text::{DocPath, Span};

const ARTICLE: &str = "helpbook:article/";
const COLLECTION: &str = "helpbook:collection/";

/// A link to a file or folder of the docs, before its address is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hole {
    /// An article.
    Article {
        /// Its file.
        path: DocPath,
        /// The heading, as links name it; without `#`.
        heading: Option<String>,
    },
    /// A collection.
    Collection {
        /// Its folder.
        folder: String,
        /// The locale of the text that links to it, where it is not the default one.
        locale: Option<Locale>,
    },
}

impl Hole {
    /// The hole that stands in the place of an address, if one does.
    pub fn parse(address: &str) -> Option<Self> {
        if let Some(folder) = address.strip_prefix(COLLECTION) {
            let (folder, locale) =
                folder.split_once('?').map_or((folder, None), |(folder, locale)| (folder, Some(locale.to_owned())));
            return Some(Hole::Collection { folder: percent_decoded(folder), locale: locale.map(Locale) });
        }
        let rest = address.strip_prefix(ARTICLE)?;
        let (path, heading) =
            rest.split_once('#').map_or((rest, None), |(path, heading)| (path, Some(percent_decoded(heading))));
        Some(Hole::Article { path: DocPath::new(percent_decoded(path)), heading })
    }

    /// As a person would write it in a file.
    pub fn seen_from(&self, file: &DocPath) -> String {
        let (path, heading) = match self {
            Hole::Article { path, heading } => (path.clone(), heading.as_ref()),
            Hole::Collection { folder, .. } => (DocPath::new(folder.clone()), None),
        };
        let fragment = heading.map_or(String::new(), |heading| format!("#{}", encoded(heading)));
        format!("{}{fragment}", encoded(&path.seen_from(file)))
    }

    /// As a person would write it, seen from the docs folder.
    pub fn shown(&self) -> String {
        match self {
            Hole::Article { path, heading: Some(heading) } => format!("{path}#{heading}"),
            Hole::Article { path, heading: None } => path.to_string(),
            Hole::Collection { folder, .. } => folder.clone(),
        }
    }
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Hole::Article { path, heading } => {
                write!(f, "{ARTICLE}{}", encoded(path.as_str()))?;
                heading.as_ref().map_or(Ok(()), |heading| write!(f, "#{}", encoded(heading)))
            }
            Hole::Collection { folder, locale } => {
                write!(f, "{COLLECTION}{}", encoded(folder))?;
                locale.as_ref().map_or(Ok(()), |locale| write!(f, "?{locale}"))
            }
        }
    }
}

/// A link's path as it reads.
pub fn decoded(path: &str) -> String {
    percent_decoded(path)
}

fn encoded(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/');
    if text.bytes().all(is_plain) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.' | '_' | '~' | '/') {
            out.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// The holes of a body, in order.
pub fn holes(body: &Body) -> Vec<Hole> {
    let mut found = Vec::new();
    for_each_link(&body.blocks, &mut |link| found.extend(Hole::parse(link)));
    found
}

/// The same HTML with every hole filled.
///
/// # Errors
/// Gives back the first hole that has no address.
pub fn fill(html: &str, address: &mut dyn FnMut(&Hole) -> Option<String>) -> Result<String, Hole> {
    const HREF: &str = " href=\"";
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    // A `<` that is no tag is escaped, so only links are found.
    while let Some(at) = rest.find("<a ") {
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end);
        let tag = &rest[at..end];
        let href = tag.find(HREF).map(|start| at + start + HREF.len());
        let value = href.and_then(|start| Some((start, start + rest[start..end].find('"')?)));
        match value.and_then(|(start, close)| Some((start, close, Hole::parse(&rest[start..close])?))) {
            Some((start, close, hole)) => {
                let filled = address(&hole).ok_or(hole)?;
                out.push_str(&rest[..start]);
                out.push_str(&filled.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;"));
                out.push_str(&rest[close..end]);
            }
            None => out.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    Ok(out)
}

/// What relative links can lead to.
#[derive(Debug, Clone, Default)]
pub struct Links {
    /// The texts of the articles in every locale, by file.
    articles: BTreeMap<DocPath, Landings>,
    /// The files of translations: of which article, and in which locale.
    translations: BTreeMap<DocPath, (DocPath, Locale)>,
    /// The same from the other side.
    in_locale: BTreeMap<(DocPath, Locale), DocPath>,
    /// The titles, as links name them: on GitHub a title is a heading like others.
    titles: BTreeMap<DocPath, String>,
    states: BTreeMap<DocPath, State>,
    folders: BTreeSet<String>,
    /// The folders that have a text in a locale.
    named: BTreeSet<(String, Locale)>,
    others: BTreeSet<DocPath>,
}

/// The headings of a text that links can name. They are looked for when the first link does.
#[derive(Debug, Clone)]
struct Landings {
    source: Arc<str>,
    /// Where its Markdown stands.
    body: Span,
    found: OnceLock<Targets>,
}

impl Landings {
    fn of(content: &Content) -> Self {
        Self { source: Arc::clone(&content.source), body: content.body, found: OnceLock::new() }
    }

    /// The headings, as those of the file `path`.
    fn targets(&self, path: &DocPath) -> &Targets {
        self.found.get_or_init(|| Targets::of(&headings_of(&self.source[self.body.range()], path)))
    }
}

/// What a relative link is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Resolved {
    /// A link within the article: `#` and the heading.
    Here(String),
    /// A link to a file or folder.
    Hole(Hole),
    /// A link to an article that has no such heading.
    NoHeading { hole: Hole, message: String, help: String },
    /// Nothing that can be linked.
    Refused { id: &'static str, message: String, help: String },
}

impl Links {
    /// What the links of a book can lead to: its articles with their headings, and its folders.
    /// `state` is that of articles that say none.
    pub fn of(book: &Book, state: Option<State>) -> Self {
        let contents = || {
            book.articles
                .values()
                .flat_map(|article| std::iter::once(&article.content).chain(article.translations.values()))
        };
        let translations = || {
            book.articles.iter().flat_map(|(path, article)| {
                article.translations.iter().map(move |(locale, content)| (path, locale, &content.path))
            })
        };
        let of_each = |content: &Content| (content.path.clone(), slug(&content.title));
        Self {
            titles: contents().map(of_each).collect(),
            states: contents().filter_map(|content| Some((content.path.clone(), content.state.or(state)?))).collect(),
            articles: contents().map(|content| (content.path.clone(), Landings::of(content))).collect(),
            translations: translations()
                .map(|(article, locale, path)| (path.clone(), (article.clone(), locale.clone())))
                .collect(),
            in_locale: translations()
                .map(|(article, locale, path)| ((article.clone(), locale.clone()), path.clone()))
                .collect(),
            folders: book.collections.keys().map(|folder| folder.0.clone()).collect(),
            named: book
                .collections
                .iter()
                .flat_map(|(folder, collection)| {
                    collection.translations.keys().map(|locale| (folder.0.clone(), locale.clone()))
                })
                .collect(),
            others: book.others.clone(),
        }
    }

    /// The file that a link to another one means: in the locale of the text that links, where there is
    /// one. A file of a third locale is meant as it is written.
    fn in_locale_of(&self, from: &DocPath, target: DocPath) -> DocPath {
        let Some((_, locale)) = self.translations.get(from) else { return target };
        self.in_locale.get(&(target.clone(), locale.clone())).cloned().unwrap_or(target)
    }

    /// The folder that a path names: itself, or by the file that describes it, in any locale.
    fn folder<'p>(&self, target: &'p DocPath) -> Option<&'p str> {
        let is_index = |name: &str| {
            let locale = name.strip_prefix("_index.").and_then(|rest| rest.strip_suffix(".md"));
            name == "_index.md"
                || locale
                    .is_some_and(|locale| self.named.contains(&(target.folder().to_owned(), Locale(locale.to_owned()))))
        };
        let folder = if is_index(target.name()) { target.folder() } else { target.as_str() };
        self.folders.contains(folder).then_some(folder)
    }

    /// What an address without a scheme leads to, seen from a file.
    pub(super) fn resolve(&self, from: &DocPath, address: &str) -> Resolved {
        let error = |id, message: String, help: String| Resolved::Refused { id, message, help };
        let (written, fragment) = match address.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment).filter(|fragment| !fragment.is_empty())),
            None => (address, None),
        };
        let path = percent_decoded(written);
        if path.starts_with('/') || path.contains('\\') {
            return error(
                "relative-link",
                format!("`{address}` starts at no folder of the docs"),
                "write the path as seen from this file (`../billing/refunds.md`), or a full address (https://…)".into(),
            );
        }
        let Some(target) = from.resolve(&path) else {
            return error(
                "relative-link",
                format!("`{address}` leaves the docs folder"),
                "link to a file of the docs, or write a full address (https://…)".into(),
            );
        };
        let target = self.in_locale_of(from, target);
        if let Some(landings) = self.articles.get(&target) {
            let headings = || landings.targets(&target);
            return match fragment {
                Some(fragment)
                    if headings().find(fragment).is_none()
                        && self.titles.get(&target).is_some_and(|title| *title == percent_decoded(fragment)) =>
                {
                    Resolved::Hole(Hole::Article { path: target, heading: None })
                }
                Some(fragment) if target == *from => Resolved::Here(format!("#{fragment}")),
                Some(fragment) => landing(target.clone(), headings(), fragment),
                None => Resolved::Hole(Hole::Article { path: target, heading: None }),
            };
        }
        if let Some(folder) = self.folder(&target) {
            let named = |locale: &Locale| self.named.contains(&(folder.to_owned(), locale.clone()));
            let locale = self.translations.get(from).map(|(_, locale)| locale.clone()).filter(named);
            let hole = Hole::Collection { folder: folder.to_owned(), locale };
            return match fragment {
                None => Resolved::Hole(hole),
                Some(fragment) => Resolved::NoHeading {
                    hole,
                    message: format!("a collection has no heading `#{fragment}`"),
                    help: "link to the collection alone, or to an article in it".into(),
                },
            };
        }
        if self.others.contains(&target) || target.as_str().is_empty() {
            let what = if target.as_str().is_empty() { written } else { target.as_str() };
            return error(
                "relative-link",
                format!("`{what}` is neither an article nor a collection, and has no address in the Help Center"),
                "link to an article, or write the full address of a copy that stands elsewhere (https://…)".into(),
            );
        }
        error("missing-article", format!("there is no article or folder `{target}`"), self.near(from, &target))
    }

    /// A link as a file writes it, if it leads there from that file.
    pub fn written(&self, from: &DocPath, hole: &Hole) -> Option<String> {
        let link = hole.seen_from(from);
        (self.resolve(from, &link) == Resolved::Hole(hole.clone())).then_some(link)
    }

    /// A link as a file writes it to what stands there now, in the locale of the text that links to it.
    pub fn led(&self, from: &DocPath, hole: &Hole) -> Option<String> {
        let link = hole.seen_from(from);
        matches!(self.resolve(from, &link), Resolved::Hole(_)).then_some(link)
    }

    /// The draft that a published article leads to, as far as the docs say it.
    pub(super) fn draft<'h>(&self, from: &DocPath, hole: &'h Hole) -> Option<&'h DocPath> {
        let Hole::Article { path, .. } = hole else { return None };
        let is = |path, state| self.states.get(path) == Some(&state);
        (is(from, State::Published) && is(path, State::Draft)).then_some(path)
    }

    /// What somebody may have meant: a slip in the name, or a file that stands elsewhere.
    fn near(&self, from: &DocPath, target: &DocPath) -> String {
        let with_suffix = format!("{target}.md");
        let known = || self.articles.keys().map(DocPath::as_str).chain(self.folders.iter().map(String::as_str));
        let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let in_folder: Vec<DocPath> =
            known().map(DocPath::new).filter(|path| path.folder() == target.folder()).collect();
        // `did_you_mean` gives a sentence; the name stands between its back ticks.
        let slip = || did_you_mean(target.name(), in_folder.iter().map(DocPath::name));
        let slipped = || Some(slip()?.split('`').nth(1)?.to_owned());
        let beside = |name: String| match target.folder() {
            "" => name,
            folder => format!("{folder}/{name}"),
        };
        let elsewhere = || {
            let same_name = known().filter(|path| name(path) == target.name() || name(path) == name(&with_suffix));
            same_name.min_by_key(|path| strsim::levenshtein(path, target.as_str())).map(str::to_owned)
        };
        let meant = known()
            .find(|path| *path == with_suffix)
            .map(str::to_owned)
            .or_else(|| slipped().map(beside))
            .or_else(elsewhere);
        meant.map_or_else(
            || "add the file, correct the path, or write a full address (https://…)".to_owned(),
            |meant| format!("did you mean `{}`?", DocPath::new(meant).seen_from(from)),
        )
    }
}

fn landing(path: DocPath, headings: &Targets, fragment: &str) -> Resolved {
    if let Some(target) = headings.find(fragment) {
        return Resolved::Hole(Hole::Article { path, heading: Some(target.slug.clone()) });
    }
    let help = match did_you_mean(fragment, headings.slugs()) {
        Some(help) => help.replacen('`', "`#", 1),
        None if is_anchor(fragment) => {
            "it may be an anchor that only Intercom knows; name the heading by its words".into()
        }
        None => "name a heading of that article: its words in lower case, with `-` for the spaces".to_owned(),
    };
    let message = format!("no heading of `{path}` is `#{fragment}`");
    Resolved::NoHeading { hole: Hole::Article { path, heading: Some(fragment.to_owned()) }, message, help }
}

/// A path of the docs as a file would link it.
#[cfg(test)]
mod tests {
    use super::*;

    fn links() -> Links {
        let source: Arc<str> = "# First steps {#h_0000000001}\n\n# More\n".into();
        let landings = Landings { body: Span::new(0, source.len()), source, found: OnceLock::new() };
        let french = Locale("fr".to_owned());
        Links {
            articles: ["billing/refunds.md", "billing/a b.md", "start.md", "start.fr.md"]
                .map(|path| (DocPath::new(path), landings.clone()))
                .into(),
            titles: [(DocPath::new("start.md"), "how-to-start".to_owned())].into(),
            states: [].into(),
            translations: [(DocPath::new("start.fr.md"), (DocPath::new("start.md"), french.clone()))].into(),
            in_locale: [((DocPath::new("start.md"), french.clone()), DocPath::new("start.fr.md"))].into(),
            named: [("billing".to_owned(), french)].into(),
            folders: ["billing".to_owned()].into(),
            others: [DocPath::new("README.md"), DocPath::new("billing/menu.png")].into(),
        }
    }

    #[track_caller]
    fn check(address: &str, expected: &str) {
        check_from("billing/refunds.md", address, expected);
    }

    #[track_caller]
    fn check_from(from: &str, address: &str, expected: &str) {
        let told = match links().resolve(&DocPath::new(from), address) {
            Resolved::Here(fragment) => fragment,
            Resolved::Hole(hole) => hole.to_string(),
            Resolved::NoHeading { hole, message, help } => format!("{hole}: {message} / {help}"),
            Resolved::Refused { id, message, help } => format!("{id}: {message} / {help}"),
        };
        assert_eq!(told, expected);
    }

    #[test]
    fn a_link_names_a_file_a_folder_or_a_heading() {
        check("../start.md", "helpbook:article/start.md");
        check("a%20b.md#first-steps", "helpbook:article/billing/a%20b.md#first-steps");
        check("../start.md#h_0000000001", "helpbook:article/start.md#first-steps");
        check("../start.md#how-to-start", "helpbook:article/start.md");
        check("./refunds.md#more", "#more");
        check("refunds.md", "helpbook:article/billing/refunds.md");
        check("../billing/", "helpbook:collection/billing");
        check("_index.md", "helpbook:collection/billing");
        check(".", "helpbook:collection/billing");
    }

    #[test]
    fn a_link_in_a_translation_stays_in_its_locale_where_there_is_a_text() {
        check_from("start.fr.md", "start.md#more", "#more");
        check_from("start.fr.md", "start.fr.md#more", "#more");
        check_from("start.fr.md", "billing/refunds.md", "helpbook:article/billing/refunds.md");
        check_from("start.fr.md", "billing/", "helpbook:collection/billing?fr");
        check_from("start.fr.md", "billing/_index.fr.md", "helpbook:collection/billing?fr");
        check_from("start.md", "billing/_index.fr.md", "helpbook:collection/billing");
        check_from("start.md", "start.fr.md#more", "helpbook:article/start.fr.md#more");
    }

    #[test]
    fn what_cannot_be_linked_says_why_and_what_is_near() {
        check(
            "refund.md",
            "missing-article: there is no article or folder `billing/refund.md` / did you mean `refunds.md`?",
        );
        check("../start", "missing-article: there is no article or folder `start` / did you mean `../start.md`?");
        check(
            "deep/below/start.md",
            "missing-article: there is no article or folder `billing/deep/below/start.md` / did you mean `../start.md`?",
        );
        check(
            "zebra.md",
            "missing-article: there is no article or folder `billing/zebra.md` / add the file, correct the path, or write a full address (https://…)",
        );
        check(
            "../../etc/passwd",
            "relative-link: `../../etc/passwd` leaves the docs folder / link to a file of the docs, or write a full address (https://…)",
        );
        check(
            "/en/articles/12",
            "relative-link: `/en/articles/12` starts at no folder of the docs / write the path as seen from this file (`../billing/refunds.md`), or a full address (https://…)",
        );
        for other in ["../README.md", "menu.png", ".."] {
            let Resolved::Refused { id, message, .. } = links().resolve(&DocPath::new("billing/refunds.md"), other)
            else {
                panic!("{other}");
            };
            assert_eq!(id, "relative-link");
            assert!(message.contains("is neither an article nor a collection"), "{message}");
        }
    }

    #[test]
    fn a_heading_that_is_not_there_is_told() {
        check(
            "../start.md#first-step",
            "helpbook:article/start.md#first-step: no heading of `start.md` is `#first-step` / did you mean `#first-steps`?",
        );
        check(
            "../billing#x",
            "helpbook:collection/billing: a collection has no heading `#x` / link to the collection alone, or to an article in it",
        );
    }

    #[test]
    fn a_hole_is_read_as_it_was_written_and_filled_in_links_alone() {
        for hole in [
            Hole::Article { path: DocPath::new("a&\"b/ü c#?.md"), heading: Some("über-1".into()) },
            Hole::Article { path: DocPath::new("a.md"), heading: None },
            Hole::Collection { folder: "a b/c".into(), locale: None },
            Hole::Collection { folder: "a?b".into(), locale: Some(Locale("fr".into())) },
        ] {
            assert_eq!(Hole::parse(&hole.to_string()), Some(hole.clone()));
            let text = "href=\"helpbook:article/a.md\" &lt;a href=\"helpbook:article/a.md\"&gt;";
            let html = format!("<p>{text} <a class=\"x\" href=\"{hole}\" target=\"_blank\">x</a></p>");
            let filled = fill(&html, &mut |found| {
                assert_eq!(*found, hole);
                Some("https://x.example/?a&b".to_owned())
            });
            let expected =
                format!("<p>{text} <a class=\"x\" href=\"https://x.example/?a&amp;b\" target=\"_blank\">x</a></p>");
            assert_eq!(filled.unwrap(), expected);
            assert_eq!(fill(&html, &mut |_| None), Err(hole));
        }
        assert_eq!(Hole::parse("https://x.example"), None);
    }
}
