//! Relative links: which file or folder of the docs they name.
//!
//! A link to one becomes a [`DocLink`]; one to nothing becomes a finding, with what is near. Nothing here
//! reads a file, renders one or knows what is in Intercom: which headings a text has is handed in.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use super::doc_link::DocLink;
use super::heading::{Targets, is_anchor, slug};
use crate::book::{Book, Content};
use crate::diagnostic::{MOST_SUGGESTIONS, did_you_mean, neighbours};
use crate::html::tree::address::percent_decoded;
use crate::intercom::model::{Locale, State};
use crate::text::{DocPath, Span};

/// What relative links can lead to.
#[derive(Debug, Clone, Default)]
pub struct LinkTargets {
    /// The texts of the articles in every locale, by file.
    texts: HashMap<DocPath, Text>,
    /// Reads the headings of a text; without it no text has any.
    headings: Option<ReadHeadings>,
    /// Set once a link names a heading of a text.
    names_headings: OnceLock<()>,
    folders: BTreeSet<String>,
    /// The folders that have a text in a locale.
    named: BTreeSet<(String, Locale)>,
    others: BTreeSet<DocPath>,
    names: OnceLock<Names>,
}

/// Reads the headings of some Markdown, which is that of a file.
pub(in crate::html) type ReadHeadings = fn(&str, &DocPath) -> Targets;

/// A text that links can name.
#[derive(Debug, Clone)]
struct Text {
    title: String,
    state: Option<State>,
    /// Of a translation its locale.
    locale: Option<Locale>,
    /// Of a text in the default locale the files of its translations.
    translations: BTreeMap<Locale, DocPath>,
    source: Arc<str>,
    /// Where its Markdown is.
    body: Span,
    /// Its headings. They are looked for when the first link names one.
    headings: OnceLock<Targets>,
}

impl Text {
    fn of(content: &Content, state: Option<State>) -> Self {
        Self {
            title: content.title.clone(),
            state: content.state.or(state),
            locale: None,
            translations: BTreeMap::new(),
            source: Arc::clone(&content.source),
            body: content.body,
            headings: OnceLock::new(),
        }
    }

    /// Whether a link names its title: on GitHub a title is a heading like others.
    fn is_titled(&self, fragment: &str) -> bool {
        slug(&self.title) == percent_decoded(fragment)
    }
}

/// What a relative link is.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::html) enum Resolved {
    /// A link within the article: `#` and the heading.
    Here(String),
    /// A link to a file or folder.
    File(DocLink),
    /// A link to an article that has no such heading.
    NoHeading { hole: DocLink, message: String, help: String },
    /// Nothing that can be linked.
    Refused { id: &'static str, message: String, help: String },
}

impl LinkTargets {
    /// What the links of a book can lead to: its articles with their headings, and its folders.
    /// `state` is that of articles that say none. Headings are read when the first link names one.
    pub(in crate::html) fn with_headings(book: &Book, state: Option<State>, headings: ReadHeadings) -> Self {
        let mut texts = HashMap::new();
        for (path, article) in &book.articles {
            let in_locales =
                article.translations.iter().map(|(locale, content)| (locale.clone(), content.path.clone()));
            let text = Text { translations: in_locales.collect(), ..Text::of(&article.content, state) };
            texts.insert(path.clone(), text);
            for (locale, content) in &article.translations {
                let text = Text { locale: Some(locale.clone()), ..Text::of(content, state) };
                texts.insert(content.path.clone(), text);
            }
        }
        Self {
            texts,
            folders: book.collections.keys().map(|folder| folder.0.clone()).collect(),
            named: book
                .collections
                .iter()
                .flat_map(|(folder, collection)| {
                    collection.translations.keys().map(|locale| (folder.0.clone(), locale.clone()))
                })
                .collect(),
            others: book.others.clone(),
            headings: Some(headings),
            names_headings: OnceLock::new(),
            names: OnceLock::new(),
        }
    }

    fn read(&self, text: &Text, path: &DocPath) -> Targets {
        self.headings.map(|read| read(&text.source[text.body.range()], path)).unwrap_or_default()
    }

    /// The headings of a text, which is that of the file `path`.
    fn targets<'l>(&self, text: &'l Text, path: &DocPath) -> &'l Targets {
        text.headings.get_or_init(|| {
            let _ = self.names_headings.set(());
            self.read(text, path)
        })
    }

    /// The heading of another text that an address names, where nobody knows yet which headings that text has.
    pub(in crate::html) fn unread(&self, from: &DocPath, address: &str) -> Option<DocLink> {
        let (path, fragment) = address.split_once('#').filter(|(_, fragment)| !fragment.is_empty())?;
        let path = percent_decoded(path);
        if path.starts_with('/') || path.contains('\\') {
            return None;
        }
        let target = self.in_locale_of(from, from.resolve(&path)?);
        let (path, text) = self.texts.get_key_value(&target).filter(|(path, _)| *path != from)?;
        let _ = self.names_headings.set(());
        let is_unread = text.headings.get().is_none();
        is_unread.then(|| DocLink::Article { path: path.clone(), heading: Some(fragment.to_owned()) })
    }

    /// Whether a link that was not looked up leads just to the heading that it names.
    pub(in crate::html) fn leads(&self, hole: &DocLink) -> bool {
        let DocLink::Article { path, heading: Some(heading) } = hole else { return false };
        let found = self.texts.get(path).and_then(|text| self.targets(text, path).find(heading));
        found.is_some_and(|target| target.slug == *heading)
    }

    /// Keeps the headings of a text that was rendered, so that no link has it read for them. In a book whose links
    /// name no heading nobody asks, and nothing is kept.
    pub(in crate::html) fn know(&self, path: &DocPath, headings: impl FnOnce() -> Targets) {
        if let (Some(()), Some(text)) = (self.names_headings.get(), self.texts.get(path)) {
            text.headings.get_or_init(headings);
        }
    }

    /// The locale of a translation's file.
    fn locale_of(&self, path: &DocPath) -> Option<&Locale> {
        self.texts.get(path)?.locale.as_ref()
    }

    /// The file that a link to another one means: in the locale of the text that links, where there is
    /// one. A file of a third locale is meant as it is written.
    fn in_locale_of(&self, from: &DocPath, target: DocPath) -> DocPath {
        let Some(locale) = self.locale_of(from) else { return target };
        let translated = self.texts.get(&target).and_then(|text| text.translations.get(locale));
        translated.cloned().unwrap_or(target)
    }

    /// The folder that a path names: itself, or by the file that describes it, in any locale.
    fn folder<'p>(&self, target: &'p DocPath) -> Option<&'p str> {
        let is_index = |name: &str| {
            let locale = name.strip_prefix("_index.").and_then(|rest| rest.strip_suffix(".md"));
            name == "_index.md"
                || locale
                    .and_then(Locale::written)
                    .is_some_and(|locale| self.named.contains(&(target.folder().to_owned(), locale)))
        };
        let folder = if is_index(target.name()) { target.folder() } else { target.as_str() };
        self.folders.contains(folder).then_some(folder)
    }

    /// What an address without a scheme points to, seen from a file.
    pub(in crate::html) fn resolve(&self, from: &DocPath, address: &str, suggest: Suggest) -> Resolved {
        let error = |id, message: String, help: String| Resolved::Refused { id, message, help };
        let (written, fragment) = match address.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment).filter(|fragment| !fragment.is_empty())),
            None => (address, None),
        };
        let path = percent_decoded(written);
        if path.starts_with('/') || path.contains('\\') {
            return error(
                "relative-link",
                format!("`{address}` starts with `/`, which points to no folder of the docs"),
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
        // Many links point to one file, and its path is held once.
        if let Some((target, text)) = self.texts.get_key_value(&target) {
            let target = target.clone();
            let Some(fragment) = fragment else {
                return Resolved::File(DocLink::Article { path: target, heading: None });
            };
            let headings = self.targets(text, &target);
            return if headings.find(fragment).is_none() && text.is_titled(fragment) {
                Resolved::File(DocLink::Article { path: target, heading: None })
            } else if target == *from {
                Resolved::Here(format!("#{fragment}"))
            } else {
                to_heading(target, headings, fragment, suggest)
            };
        }
        if let Some(folder) = self.folder(&target) {
            let named = |locale: &Locale| self.named.contains(&(folder.to_owned(), locale.clone()));
            let locale = self.locale_of(from).cloned().filter(named);
            let hole = DocLink::Collection { folder: folder.to_owned(), locale };
            return match fragment {
                None => Resolved::File(hole),
                Some(fragment) => Resolved::NoHeading {
                    hole,
                    message: format!("a collection has no heading `#{fragment}`"),
                    help: "link to the collection alone, or to an article in it".into(),
                },
            };
        }
        if self.others.contains(&target) || target.as_str().is_empty() {
            let what = if target.as_str().is_empty() { written } else { target.as_str() };
            let help = match target.name().rsplit_once('.') {
                Some((_, "md")) => "name it under `include` in helpbook.yml to make it an article, or link to one",
                _ => "link to an article, or write the full address of a copy that is elsewhere (https://…)",
            };
            return error(
                "relative-link",
                format!("`{what}` is neither an article nor a collection, and has no address in the Help Center"),
                help.into(),
            );
        }
        error(
            "missing-article",
            format!("there is no article or folder `{target}`"),
            match suggest {
                Suggest::Near => self.near(from, &target),
                Suggest::Nothing => NOTHING_NEAR.to_owned(),
            },
        )
    }

    /// A link as a file writes it, if it leads there from that file.
    pub fn written(&self, from: &DocPath, hole: &DocLink) -> Option<String> {
        let link = hole.seen_from(from);
        (self.resolve(from, &link, Suggest::Nothing) == Resolved::File(hole.clone())).then_some(link)
    }

    /// A link as a file writes it to what is there now, in the locale of the text that links to it.
    pub fn led(&self, from: &DocPath, hole: &DocLink) -> Option<String> {
        let link = hole.seen_from(from);
        matches!(self.resolve(from, &link, Suggest::Nothing), Resolved::File(_)).then_some(link)
    }

    /// The one file or folder that a link means which is written as for another system: from the root of a site,
    /// without `.md`, or as the page that is made of it.
    pub fn meant(&self, from: &DocPath, written: &str) -> Option<String> {
        let path = percent_decoded(written.split(['?', '#']).next().unwrap_or_default());
        let bases = match path.strip_prefix('/') {
            Some(rooted) => {
                let below = rooted.split_once('/').map(|(_, below)| below);
                [Some(rooted), below].into_iter().flatten().map(DocPath::new).collect()
            }
            None => Vec::from_iter(from.resolve(&path)),
        };
        let forms = |base: &DocPath| {
            let base = base.as_str().trim_end_matches('/');
            let stem = [".html", ".htm", ".mdx"].iter().find_map(|ending| base.strip_suffix(ending)).unwrap_or(base);
            let stem = stem.strip_suffix("/index").unwrap_or(stem);
            [base.to_owned(), format!("{stem}.md"), format!("{stem}/index.md"), stem.to_owned()]
        };
        let named = |base: &DocPath| {
            let forms = forms(base).map(DocPath::new);
            let article = forms.iter().find(|path| self.texts.contains_key(*path));
            let folder = || forms.iter().find_map(|path| self.folder(path)).filter(|folder| !folder.is_empty());
            let hole = article.map(|path| DocLink::Article { path: path.clone(), heading: None });
            hole.or_else(|| folder().map(|folder| DocLink::Collection { folder: folder.to_owned(), locale: None }))
        };
        bases.iter().find_map(named).and_then(|hole| self.led(from, &hole))
    }

    /// How a link names the heading of an article that has these words.
    pub(in crate::html) fn slug_of(&self, path: &DocPath, words: &str) -> Option<String> {
        let headings = self.targets(self.texts.get(path)?, path);
        headings.find(&slug(words)).map(|target| target.slug.clone())
    }

    /// The anchor of a heading of an article, which a link names by its words, where the article is not in Intercom.
    pub fn anchor_in(&self, path: &DocPath, heading: &str) -> Option<String> {
        let headings = self.targets(self.texts.get(path)?, path);
        headings.find(heading).map(|target| target.id.clone())
    }

    /// The one article whose file has a name, wherever it is.
    pub(in crate::html) fn named(&self, name: &str) -> Option<DocPath> {
        let names = self.names.get_or_init(|| Names::of(self));
        let file = if name.ends_with(".md") { name.to_owned() } else { format!("{name}.md") };
        match file.contains('/') {
            true => Some(DocPath::new(file)).filter(|path| self.texts.contains_key(path)),
            false => match names.paths.get(&file)?.as_slice() {
                [path] => Some(DocPath::new(path.as_str())),
                _ => None,
            },
        }
    }

    /// The draft that a published article points to, as far as the docs say it.
    pub(in crate::html) fn draft<'h>(&self, from: &DocPath, hole: &'h DocLink) -> Option<&'h DocPath> {
        let DocLink::Article { path, .. } = hole else { return None };
        let is = |path, state| self.texts.get(path).is_some_and(|text| text.state == Some(state));
        (is(from, State::Published) && is(path, State::Draft)).then_some(path)
    }

    /// What somebody may have meant: a slip in the name, or a file that is elsewhere.
    fn near(&self, from: &DocPath, target: &DocPath) -> String {
        let names = self.names.get_or_init(|| Names::of(self));
        let with_suffix = DocPath::new(format!("{target}.md"));
        let in_folder = names.in_folder.get(target.folder()).map(Vec::as_slice).unwrap_or_default();
        let nearby = neighbours(in_folder, target.name(), String::as_str);
        // `did_you_mean` gives a sentence; the name is between its backticks.
        let slip = || did_you_mean(target.name(), nearby.iter().map(String::as_str));
        let slipped = || Some(slip()?.split('`').nth(1)?.to_owned());
        let beside = |name: String| match target.folder() {
            "" => name,
            folder => format!("{folder}/{name}"),
        };
        let elsewhere = || {
            let named = [target.name(), with_suffix.name()].map(|name| names.paths.get(name));
            let paths = named.into_iter().flatten().flatten().take(MOST_SUGGESTIONS);
            paths.min_by_key(|path| strsim::levenshtein(path, target.as_str())).cloned()
        };
        let meant = Some(&with_suffix)
            .filter(|path| self.texts.contains_key(*path) || self.folders.contains(path.as_str()))
            .map(ToString::to_string)
            .or_else(|| slipped().map(beside))
            .or_else(elsewhere);
        meant.map_or_else(
            || NOTHING_NEAR.to_owned(),
            |meant| format!("did you mean `{}`?", DocPath::new(meant).seen_from(from)),
        )
    }
}

/// Whether it is said what somebody may have meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::html) enum Suggest {
    /// It is.
    Near,
    /// It was often enough.
    Nothing,
}

const NOTHING_NEAR: &str = "add the file, correct the path, or write a full address (https://…)";

/// The files and folders of a book by their names, made for the first link that leads nowhere.
#[derive(Debug, Clone, Default)]
struct Names {
    /// The names in each folder, sorted.
    in_folder: BTreeMap<String, Vec<String>>,
    /// Where each name is.
    paths: HashMap<String, Vec<String>>,
}

impl Names {
    fn of(targets: &LinkTargets) -> Self {
        let mut names = Self::default();
        let known: BTreeSet<&str> =
            targets.texts.keys().map(DocPath::as_str).chain(targets.folders.iter().map(String::as_str)).collect();
        for path in known {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            names.in_folder.entry(folder.to_owned()).or_default().push(name.to_owned());
            names.paths.entry(name.to_owned()).or_default().push(path.to_owned());
        }
        names.in_folder.values_mut().for_each(|names| names.sort());
        names
    }
}

fn to_heading(path: DocPath, headings: &Targets, fragment: &str, suggest: Suggest) -> Resolved {
    if let Some(target) = headings.find(fragment) {
        return Resolved::File(DocLink::Article { path, heading: Some(target.slug.clone()) });
    }
    let near = || match suggest {
        Suggest::Nothing => None,
        Suggest::Near => did_you_mean(fragment, headings.slugs()).map(|help| help.replacen('`', "`#", 1)),
    };
    let help = if is_anchor(fragment) {
        "it may be an anchor that only Intercom knows; name the heading by its words".to_owned()
    } else {
        near().unwrap_or_else(|| {
            "name a heading of that article: its words in lower case, with `-` for the spaces".to_owned()
        })
    };
    let message = format!("no heading of `{path}` is `#{fragment}`");
    Resolved::NoHeading { hole: DocLink::Article { path, heading: Some(fragment.to_owned()) }, message, help }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links() -> LinkTargets {
        let source: Arc<str> = "".into();
        let headings =
            |_: &str, _: &DocPath| Targets::of_stored("<h1 id=\"h_0000000001\">First steps</h1><h1>More</h1>");
        let text = |title: &str| Text {
            title: title.to_owned(),
            state: None,
            locale: None,
            translations: BTreeMap::new(),
            body: Span::new(0, source.len()),
            source: Arc::clone(&source),
            headings: OnceLock::new(),
        };
        let french = Locale("fr".to_owned());
        let in_french = [(french.clone(), DocPath::new("start.fr.md"))].into();
        LinkTargets {
            texts: [
                ("billing/refunds.md", text("Refunds")),
                ("billing/a b.md", text("A b")),
                ("start.md", Text { translations: in_french, ..text("How to start") }),
                ("start.fr.md", Text { locale: Some(french.clone()), ..text("Commencer") }),
            ]
            .map(|(path, text)| (DocPath::new(path), text))
            .into(),
            named: [("billing".to_owned(), french)].into(),
            folders: ["billing".to_owned()].into(),
            others: [DocPath::new("README.md"), DocPath::new("billing/menu.png")].into(),
            headings: Some(headings),
            names_headings: OnceLock::new(),
            names: OnceLock::new(),
        }
    }

    #[track_caller]
    fn check(address: &str, expected: &str) {
        check_from("billing/refunds.md", address, expected);
    }

    #[track_caller]
    fn check_from(from: &str, address: &str, expected: &str) {
        let found = match links().resolve(&DocPath::new(from), address, Suggest::Near) {
            Resolved::Here(fragment) => fragment,
            Resolved::File(hole) => hole.to_string(),
            Resolved::NoHeading { hole, message, help } => format!("{hole}: {message} / {help}"),
            Resolved::Refused { id, message, help } => format!("{id}: {message} / {help}"),
        };
        assert_eq!(found, expected);
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
            "relative-link: `/en/articles/12` starts with `/`, which points to no folder of the docs / write the path as seen from this file (`../billing/refunds.md`), or a full address (https://…)",
        );
        for other in ["../README.md", "menu.png", ".."] {
            let Resolved::Refused { id, message, .. } =
                links().resolve(&DocPath::new("billing/refunds.md"), other, Suggest::Near)
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
}
