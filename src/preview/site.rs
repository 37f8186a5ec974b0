//! The docs as the pages of a Help Center.

use std::collections::BTreeMap;
use std::sync::Arc;

use helpbook_site as pages;
use helpbook_site::{Badge, Body, Card, Finding, Frame, Language, Link, Section};

use super::comparison::{Comparison, badge};
use super::files::Files;
use super::place::{Place, View, address};
use super::tree::{Node, Tree, content, key};
use crate::book::{Article, Book, Content, apply_severities};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::intercom::model::{Locale, State};
use crate::local::without_digest;
use crate::text::{DocPath, harmless, position};

/// The docs, read once. Another one of it is cheap.
#[derive(Debug, Default, Clone)]
pub struct Site {
    /// The name of the Help Center.
    pub name: String,
    /// The docs.
    pub files: Files,
    /// What is wrong with the configuration, so that the docs are those before.
    pub problems: Vec<Finding>,
    /// Why there is no comparison, or none that is new; on the home page.
    pub not_compared: Option<Finding>,
    /// What the docs were compared with, once that is known.
    pub comparison: Option<Arc<Comparison>>,
    /// The number of errors of each file, as far as it is known.
    pub errors: BTreeMap<DocPath, usize>,
    /// Where pages hear of changes, as seen from the top; `None` where nothing changes.
    pub events: Option<String>,
}

/// An answer to a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// A page, and whether there is one at its address.
    Html(String, Exists),
    /// A script.
    Script(String),
    /// Another address, as seen from the top.
    Elsewhere(String),
    /// An image of the docs.
    Image(DocPath),
}

/// Whether a page is one of the Help Center.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exists {
    /// It is.
    Yes,
    /// It says that there is none.
    No,
}

impl Site {
    /// The docs with what their links lead to.
    pub fn new(name: String, config: Config, book: Book) -> Self {
        Self { name, files: Files::new(config, book), ..Self::default() }
    }

    /// The site with the pages of some articles alone; links to the others lead to a page that says so.
    #[must_use]
    pub fn with_only(mut self, is_kept: impl Fn(&DocPath) -> bool) -> Self {
        Arc::make_mut(&mut self.files.book).articles.retain(|path, _| is_kept(path));
        self
    }

    /// Every locale, the default one first.
    fn locales(&self) -> Vec<&Locale> {
        let default = &self.files.config.default_locale;
        let others = self.files.config.locales.iter().filter(|locale| *locale != default);
        [default].into_iter().chain(others).collect()
    }

    /// What is at an address, which is below the top and has its escapes decoded.
    pub fn page(&self, address: &str, query: &str) -> Page {
        if address.is_empty() || address == "index.html" {
            return Page::Elsewhere(format!("{}/index.html", self.files.config.default_locale));
        }
        if let Some(image) = address.strip_prefix("files/") {
            let named = [Some(image.to_owned()), without_digest(image)].into_iter().flatten().map(DocPath::new);
            return match named.into_iter().find(|path| self.files.book.images.contains_key(path)) {
                Some(path) => Page::Image(path),
                None => self.missing(&self.files.config.default_locale, address),
            };
        }
        let (first, rest) = address.split_once('/').unwrap_or((address, ""));
        let Some(locale) = self.locales().into_iter().find(|locale| locale.0 == first) else {
            return self.missing(&self.files.config.default_locale, address);
        };
        if rest == "texts.js" {
            return Page::Script(pages::texts(&self.texts(locale)));
        }
        let name = rest.strip_suffix(".html");
        match name.map(|name| (name, name.split_once('/'))) {
            None if rest.is_empty() => Page::Elsewhere(format!("{locale}/index.html")),
            Some(("index", None)) => Page::Html(self.home(locale), Exists::Yes),
            Some(("search", None)) => Page::Html(self.results(locale, query), Exists::Yes),
            Some((_, Some(("collections", key)))) => self.collection(locale, key),
            Some(("changes", None)) => self.changes(locale),
            Some(("left-out", None)) => Page::Html(self.left_out(locale), Exists::Yes),
            Some((_, Some((folder, path)))) => match View::ALL.into_iter().find(|view| view.folder() == folder) {
                Some(view) => self.article(locale, &DocPath::new(format!("{path}.md")), view),
                None => self.missing(locale, address),
            },
            _ => self.missing(locale, address),
        }
    }

    /// The address of every page, and of every image that is shown, below the top.
    pub fn addresses(&self) -> Vec<String> {
        let mut all = Vec::new();
        for locale in self.locales() {
            let tree = Tree::of(&self.files.book, locale, &self.files.config.default_locale);
            all.push(address(locale, &Place::Home));
            all.push(format!("{locale}/texts.js"));
            all.extend(tree.nodes.keys().map(|key| address(locale, &Place::Collection(key.clone()))));
            let articles = tree.nodes.values().flat_map(|node| &node.articles).chain(&tree.loose);
            let docs =
                |(article, _): &(&Article, _)| address(locale, &Place::Article(View::Docs, article.path.clone()));
            all.extend(articles.map(docs));
            all.extend(self.addresses_of_views(locale));
            all.push(address(locale, &Place::LeftOut));
        }
        all
    }

    /// The address of the page of a file or folder of the docs, below the top.
    pub fn address_of(&self, path: &DocPath) -> Option<String> {
        let default = &self.files.config.default_locale;
        for article in self.files.book.articles.values() {
            if article.path == *path {
                return Some(address(default, &Place::Article(View::Docs, path.clone())));
            }
            if let Some((locale, _)) = article.translations.iter().find(|(_, content)| content.path == *path) {
                return Some(address(locale, &Place::Article(View::Docs, article.path.clone())));
            }
        }
        if path.as_str().is_empty() {
            return Some(address(default, &Place::Home));
        }
        let tree = Tree::of(&self.files.book, default, default);
        let is_folder = tree.nodes.contains_key(path.as_str());
        let is_file = || self.files.book.sources.contains_key(path);
        if is_folder {
            Some(address(default, &Place::Collection(path.to_string())))
        } else {
            // A file that cannot be read as an article has a page that says why.
            is_file().then(|| address(default, &Place::Article(View::Docs, path.clone())))
        }
    }

    fn home(&self, locale: &Locale) -> String {
        let tree = self.tree(locale);
        let mut frame = self.frame(locale, &Place::Home, self.name.clone());
        frame.findings.extend(self.not_compared.clone());
        let card = |key: &String| {
            let node = tree.nodes.get(key)?;
            let link = Link {
                name: node.name.clone(),
                description: node.description.clone(),
                href: format!("{}{}", frame.base, address(locale, &Place::Collection(key.clone()))),
                badges: self.badges_below(&tree, key, locale),
            };
            Some(Card { link, count: tree.count(key) })
        };
        let collections = tree.roots.iter().filter_map(card).collect();
        let articles = self.links(&tree.loose, locale, &frame);
        pages::Home { changes: self.changes_in_a_line(locale, &frame.base), collections, articles, frame }.html()
    }

    fn collection(&self, locale: &Locale, key: &str) -> Page {
        let tree = self.tree(locale);
        let place = Place::Collection(key.to_owned());
        let Some(node) = tree.nodes.get(key) else { return self.missing(locale, &address(locale, &place)) };
        let mut frame = self.frame(locale, &place, node.name.clone());
        if let Some(index) = self.files.book.collections.iter().find(|(folder, _)| folder.0 == key) {
            let path = index.1.index.clone().unwrap_or_else(|| index.0.index());
            frame.findings.extend(self.findings(&path, &[]));
        }
        let mut sections = Vec::new();
        self.sections(&tree, node, locale, &frame, &mut sections);
        let page = pages::Collection {
            crumbs: self.crumbs(&tree, locale, key, &frame, Own::LeftOut),
            description: node.description.clone(),
            count: tree.count(key),
            articles: self.links(&node.articles, locale, &frame),
            sections,
            frame,
        };
        Page::Html(page.html(), Exists::Yes)
    }

    /// The collections within one, from the top.
    fn sections(&self, tree: &Tree<'_>, node: &Node<'_>, locale: &Locale, frame: &Frame, to: &mut Vec<Section>) {
        for key in &node.children {
            let Some(inner) = tree.nodes.get(key) else { continue };
            let href = format!("{}{}", frame.base, address(locale, &Place::Collection(key.clone())));
            let link =
                Link { name: inner.name.clone(), description: inner.description.clone(), href, badges: Vec::new() };
            to.push(Section { link, articles: self.links(&inner.articles, locale, frame) });
            self.sections(tree, inner, locale, frame, to);
        }
    }

    fn article(&self, locale: &Locale, path: &DocPath, view: View) -> Page {
        if view != View::Docs {
            return self.other_side(locale, path, view);
        }
        let Some(article) = self.files.book.articles.get(path) else { return self.unread(locale, path) };
        let place = Place::Article(view, path.clone());
        let Some(text) = content(article, locale, &self.files.config.default_locale) else {
            return self.missing(locale, &address(locale, &place));
        };
        let rendered = self.files.rendered(text);
        let mut frame = self.frame(locale, &place, text.title.clone());
        frame.findings.extend(self.findings(&text.path, &rendered.diagnostics));
        let body = self.files.body(&rendered, locale, &frame.base);
        let tree = self.tree(locale);
        let page = pages::Article {
            crumbs: self.crumbs_of(&tree, locale, article, &frame),
            description: text.description.clone().unwrap_or_default(),
            badges: self.badges(article, text, locale),
            views: self.views(locale, path, view, &frame.base),
            places: self.places(locale, path),
            body,
            difference: None,
            neighbours: self.neighbours(&tree, locale, article, &frame),
            frame,
        };
        Page::Html(page.html(), Exists::Yes)
    }

    /// The way to an article.
    pub(super) fn crumbs_of(&self, tree: &Tree<'_>, locale: &Locale, article: &Article, frame: &Frame) -> Vec<Link> {
        let key = key(article).filter(|key| tree.nodes.contains_key(key));
        key.map(|key| self.crumbs(tree, locale, &key, frame, Own::There)).unwrap_or_default()
    }

    /// The articles beside one.
    fn neighbours(&self, tree: &Tree<'_>, locale: &Locale, article: &Article, frame: &Frame) -> Vec<Link> {
        let Some(node) = key(article).and_then(|key| tree.nodes.get(&key)) else { return Vec::new() };
        let others = node.articles.iter().filter(|(other, _)| other.path != article.path);
        self.links(&others.take(6).copied().collect::<Vec<_>>(), locale, frame)
    }

    /// The page of a file that cannot be read as an article, with what is wrong with it.
    fn unread(&self, locale: &Locale, path: &DocPath) -> Page {
        let place = Place::Article(View::Docs, path.clone());
        let findings = self.findings(path, &[]);
        if findings.is_empty() {
            return self.missing(locale, &address(locale, &place));
        }
        let mut frame = self.frame(locale, &place, path.to_string());
        frame.findings.extend(findings);
        let text = "This file cannot be shown as it is. The page shows it once it can.".to_owned();
        Page::Html(pages::Message { frame, text }.html(), Exists::No)
    }

    pub(super) fn missing(&self, locale: &Locale, at: &str) -> Page {
        // The page is shown where somebody asked.
        let title = pages::Words::of(&locale.0).missing.to_owned();
        let frame = self.frame_at(at, locale, &Place::Home, title);
        let text = harmless(at);
        Page::Html(pages::Message { frame, text }.html(), Exists::No)
    }

    fn results(&self, locale: &Locale, query: &str) -> String {
        let mut frame = self.frame(locale, &Place::Search, query.to_owned());
        query.clone_into(&mut frame.query);
        let texts = self.texts(locale);
        let articles = pages::matching(&texts, query)
            .into_iter()
            .map(|text| Link { name: text.title.clone(), href: text.href.clone(), ..Link::default() })
            .collect();
        pages::Results { frame, articles }.html()
    }

    /// The texts of a locale, with their addresses as seen from its folder.
    fn texts(&self, locale: &Locale) -> Vec<pages::Text> {
        let articles: Vec<&Article> = self.files.book.articles.values().collect();
        let texts = crate::threads::map(&articles, |article| {
            let text = content(article, locale, &self.files.config.default_locale)?;
            let html = self.files.rendered(text).html();
            let body = Body::shown(&html, |_, _| None);
            let href = address(locale, &Place::Article(View::Docs, article.path.clone()));
            let href = href.split_once('/').map_or("", |(_, href)| href).to_owned();
            Some(pages::Text::of(&text.title, text.description.as_deref().unwrap_or_default(), &body, href))
        });
        texts.into_iter().flatten().collect()
    }

    pub(super) fn tree(&self, locale: &Locale) -> Tree<'_> {
        Tree::of(&self.files.book, locale, &self.files.config.default_locale)
    }

    pub(super) fn frame(&self, locale: &Locale, place: &Place, title: String) -> Frame {
        self.frame_at(&address(locale, place), locale, place, title)
    }

    /// What is round a page that is shown at an address.
    fn frame_at(&self, at: &str, locale: &Locale, place: &Place, title: String) -> Frame {
        let base = "../".repeat(at.matches('/').count());
        let language = |other: &&Locale| {
            let same = match place {
                Place::Article(View::Docs, path) => self.files.content(path, other).is_some(),
                Place::Article(view, path) => self.has_view(other, path, *view),
                Place::Collection(key) => self.tree(other).nodes.contains_key(key),
                Place::Changes => self.comparison.is_some(),
                Place::Home | Place::Search | Place::LeftOut => true,
            };
            let target = if same { address(other, place) } else { address(other, &Place::Home) };
            Language { locale: other.0.clone(), href: format!("{base}{target}") }
        };
        Frame {
            site: self.name.clone(),
            locale: locale.0.clone(),
            title,
            home: format!("{base}{}", address(locale, &Place::Home)),
            languages: self.locales().iter().map(language).collect(),
            index: format!("{base}{locale}/texts.js"),
            results: format!("{base}{locale}/search.html"),
            query: String::new(),
            events: self.events.as_ref().map(|events| format!("{base}{events}")),
            findings: self.problems.clone(),
            footer: self.footer(),
            base,
        }
    }

    fn crumbs(&self, tree: &Tree<'_>, locale: &Locale, key: &str, frame: &Frame, own: Own) -> Vec<Link> {
        let mut way = tree.way(key);
        if own == Own::LeftOut {
            way.pop();
        }
        let crumb = |key: String| {
            let name = tree.nodes.get(&key)?.name.clone();
            let href = format!("{}{}", frame.base, address(locale, &Place::Collection(key)));
            Some(Link { name, href, ..Link::default() })
        };
        way.into_iter().filter_map(crumb).collect()
    }

    fn links(&self, articles: &[(&Article, &Content)], locale: &Locale, frame: &Frame) -> Vec<Link> {
        let link = |(article, text): &(&Article, &Content)| Link {
            name: text.title.clone(),
            description: text.description.clone().unwrap_or_default(),
            href: format!("{}{}", frame.base, address(locale, &Place::Article(View::Docs, article.path.clone()))),
            badges: self.badges(article, text, locale),
        };
        articles.iter().map(link).collect()
    }

    /// How an article is: what happens to it, what customers would not see, and what keeps it from being sent.
    pub(super) fn badges(&self, article: &Article, text: &Content, locale: &Locale) -> Vec<Badge> {
        let mut badges = Vec::new();
        if let Some(count) = self.errors.get(&text.path) {
            badges.push(errors(*count));
        }
        badges.extend(self.status(&article.path, locale).map(badge));
        if text.state.or(self.files.config.state) != Some(State::Published) {
            badges.push(Badge { kind: "warning", text: "draft".to_owned() });
        } else if key(article).is_none() && article.id.is_none() {
            badges.push(Badge { kind: "warning", text: "unlisted".to_owned() });
        }
        badges
    }

    /// How the articles of a collection are, and those below it: what customers would not see of it.
    fn badges_below(&self, tree: &Tree<'_>, key: &str, locale: &Locale) -> Vec<Badge> {
        let articles = tree.below(key);
        let count: usize = articles.iter().filter_map(|(_, text)| self.errors.get(&text.path)).sum();
        let errors = (count > 0).then(|| errors(count));
        errors.into_iter().chain(self.counted(articles.iter().map(|(article, _)| &article.path), locale)).collect()
    }

    /// What is wrong with a file: what reading it found, and what rendering it did.
    fn findings(&self, path: &DocPath, rendered: &[Diagnostic]) -> Vec<Finding> {
        let mut found: Vec<Diagnostic> = self
            .files
            .book
            .diagnostics
            .iter()
            .filter(|finding| finding.path == *path)
            .chain(rendered)
            .cloned()
            .collect();
        apply_severities(&mut found, &self.files.config.checks);
        // Who hosts the images is no matter here.
        found.retain(|finding| finding.id != crate::diagnostic::id::LOCAL_IMAGE);
        found.sort_by_key(|finding| (finding.severity, finding.span));
        let source = self.files.book.sources.get(path).map_or("", |source| source);
        found.iter().map(|finding| as_shown(finding, source)).collect()
    }
}

/// Whether a way includes the page that it leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Own {
    There,
    LeftOut,
}

fn errors(count: usize) -> Badge {
    Badge { kind: "error", text: if count == 1 { "1 error".to_owned() } else { format!("{count} errors") } }
}

/// A finding as a page shows it.
pub fn as_shown(finding: &Diagnostic, source: &str) -> Finding {
    let (mut place, mut line) = (finding.path.to_string(), String::new());
    if let Some(span) = finding.span.filter(|_| !source.is_empty()) {
        let at = position(source, span.start);
        place = format!("{place}:{}:{}", at.line, at.column);
        let text = source.lines().nth(at.line - 1).unwrap_or_default();
        let width =
            source.get(span.range()).and_then(|text| text.lines().next()).map_or(1, |text| text.chars().count());
        line = format!("{text}\n{}{}", " ".repeat(at.column - 1), "^".repeat(width.max(1)));
    }
    let said =
        [finding.label.as_deref(), finding.help.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    Finding {
        is_error: finding.severity == Severity::Error,
        id: finding.id.to_owned(),
        message: finding.message.clone(),
        place,
        source: line,
        help: said,
    }
}
