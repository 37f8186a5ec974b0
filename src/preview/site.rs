//! The docs as the pages of a Help Center.

use std::collections::BTreeMap;

use helpbook_site as pages;
use helpbook_site::{Badge, Body, Card, Finding, Frame, Kind, Language, Link, Section};

use super::tree::{Node, Tree, content, key};
use crate::book::{Article, Book, Content, apply_severities};
use crate::config::{AddressTemplate, Config, escaped};
use crate::diagnostic::{Diagnostic, Severity};
use crate::html::{Context, DocLink, Images, LinkTargets, Rendered, fill, render};
use crate::intercom::model::{Locale, State};
use crate::local::without_digest;
use crate::text::{DocPath, harmless, position};

/// Where images of the docs are while a text is rendered; nobody asks there.
const IMAGES: &str = "https://docs.invalid/";

/// The docs, read once.
#[derive(Debug, Default)]
pub struct Site {
    /// The name of the Help Center.
    pub name: String,
    /// The configuration.
    pub config: Config,
    /// The docs.
    pub book: Book,
    /// What links lead to.
    pub links: LinkTargets,
    /// What is wrong with the configuration, so that the docs are those before.
    pub problems: Vec<Finding>,
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

/// Where a page is: an address below the top, without a slash before it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Home,
    Collection(String),
    Article(DocPath),
    Search,
}

impl Site {
    /// The docs with what their links lead to.
    pub fn new(name: String, config: Config, book: Book) -> Self {
        let links = LinkTargets::of(&book, config.state);
        Self { name, config, book, links, ..Self::default() }
    }

    /// Every locale, the default one first.
    fn locales(&self) -> Vec<&Locale> {
        let default = &self.config.default_locale;
        let others = self.config.locales.iter().filter(|locale| *locale != default);
        [default].into_iter().chain(others).collect()
    }

    /// What is at an address, which is below the top and has its escapes decoded.
    pub fn page(&self, address: &str, query: &str) -> Page {
        if address.is_empty() || address == "index.html" {
            return Page::Elsewhere(format!("{}/index.html", self.config.default_locale));
        }
        if let Some(image) = address.strip_prefix("files/") {
            let named = [Some(image.to_owned()), without_digest(image)].into_iter().flatten().map(DocPath::new);
            return match named.into_iter().find(|path| self.book.images.contains_key(path)) {
                Some(path) => Page::Image(path),
                None => self.missing(&self.config.default_locale, address),
            };
        }
        let (first, rest) = address.split_once('/').unwrap_or((address, ""));
        let Some(locale) = self.locales().into_iter().find(|locale| locale.0 == first) else {
            return self.missing(&self.config.default_locale, address);
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
            Some((_, Some(("articles", path)))) => self.article(locale, &DocPath::new(format!("{path}.md"))),
            _ => self.missing(locale, address),
        }
    }

    /// The address of every page, and of every image that is shown, below the top.
    pub fn addresses(&self) -> Vec<String> {
        let mut all = Vec::new();
        for locale in self.locales() {
            let tree = Tree::of(&self.book, locale, &self.config.default_locale);
            all.push(address(locale, &Place::Home));
            all.push(format!("{locale}/texts.js"));
            all.extend(tree.nodes.keys().map(|key| address(locale, &Place::Collection(key.clone()))));
            let articles = tree.nodes.values().flat_map(|node| &node.articles).chain(&tree.loose);
            all.extend(articles.map(|(article, _)| address(locale, &Place::Article(article.path.clone()))));
        }
        all
    }

    /// The address of the page of a file or folder of the docs, below the top.
    pub fn address_of(&self, path: &DocPath) -> Option<String> {
        let default = &self.config.default_locale;
        for article in self.book.articles.values() {
            if article.path == *path {
                return Some(address(default, &Place::Article(path.clone())));
            }
            if let Some((locale, _)) = article.translations.iter().find(|(_, content)| content.path == *path) {
                return Some(address(locale, &Place::Article(article.path.clone())));
            }
        }
        if path.as_str().is_empty() {
            return Some(address(default, &Place::Home));
        }
        let tree = Tree::of(&self.book, default, default);
        let is_folder = tree.nodes.contains_key(path.as_str());
        let is_file = || self.book.sources.contains_key(path);
        if is_folder {
            Some(address(default, &Place::Collection(path.to_string())))
        } else {
            // A file that cannot be read as an article has a page that says why.
            is_file().then(|| address(default, &Place::Article(path.clone())))
        }
    }

    fn home(&self, locale: &Locale) -> String {
        let tree = self.tree(locale);
        let frame = self.frame(locale, &Place::Home, self.name.clone());
        let card = |key: &String| {
            let node = tree.nodes.get(key)?;
            let link = Link {
                name: node.name.clone(),
                description: node.description.clone(),
                href: format!("{}{}", frame.base, address(locale, &Place::Collection(key.clone()))),
                badges: self.errors_below(&tree, key),
            };
            Some(Card { link, count: tree.count(key) })
        };
        let collections = tree.roots.iter().filter_map(card).collect();
        let articles = self.links(&tree.loose, locale, &frame);
        pages::Home { collections, articles, frame }.html()
    }

    fn collection(&self, locale: &Locale, key: &str) -> Page {
        let tree = self.tree(locale);
        let place = Place::Collection(key.to_owned());
        let Some(node) = tree.nodes.get(key) else { return self.missing(locale, &address(locale, &place)) };
        let mut frame = self.frame(locale, &place, node.name.clone());
        if let Some(index) = self.book.collections.iter().find(|(folder, _)| folder.0 == key) {
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

    fn article(&self, locale: &Locale, path: &DocPath) -> Page {
        let place = Place::Article(path.clone());
        let Some(article) = self.book.articles.get(path) else { return self.unread(locale, path) };
        let Some(text) = content(article, locale, &self.config.default_locale) else {
            return self.missing(locale, &address(locale, &place));
        };
        let rendered = self.rendered(text);
        let mut frame = self.frame(locale, &place, text.title.clone());
        frame.findings.extend(self.findings(&text.path, &rendered.diagnostics));
        let body = self.body(&rendered, locale, &frame.base);
        let tree = self.tree(locale);
        let key = key(article);
        let (crumbs, neighbours) = match key.as_deref().and_then(|key| Some((key, tree.nodes.get(key)?))) {
            Some((key, node)) => {
                let beside: Vec<_> =
                    node.articles.iter().filter(|(other, _)| other.path != *path).take(6).copied().collect();
                (self.crumbs(&tree, locale, key, &frame, Own::There), self.links(&beside, locale, &frame))
            }
            None => (Vec::new(), Vec::new()),
        };
        let page = pages::Article {
            crumbs,
            description: text.description.clone().unwrap_or_default(),
            badges: self.badges(article, text),
            body,
            neighbours,
            frame,
        };
        Page::Html(page.html(), Exists::Yes)
    }

    /// The page of a file that cannot be read as an article, with what is wrong with it.
    fn unread(&self, locale: &Locale, path: &DocPath) -> Page {
        let place = Place::Article(path.clone());
        let findings = self.findings(path, &[]);
        if findings.is_empty() {
            return self.missing(locale, &address(locale, &place));
        }
        let mut frame = self.frame(locale, &place, path.to_string());
        frame.findings.extend(findings);
        let text = "This file cannot be shown as it is. The page shows it once it can.".to_owned();
        Page::Html(pages::Message { frame, text }.html(), Exists::No)
    }

    fn missing(&self, locale: &Locale, at: &str) -> Page {
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
        let articles: Vec<&Article> = self.book.articles.values().collect();
        let texts = crate::threads::map(&articles, |article| {
            let text = content(article, locale, &self.config.default_locale)?;
            let html = self.rendered(text).html();
            let body = Body::shown(&html, |_, _| None);
            let href = address(locale, &Place::Article(article.path.clone()));
            let href = href.split_once('/').map_or("", |(_, href)| href).to_owned();
            Some(pages::Text::of(&text.title, text.description.as_deref().unwrap_or_default(), &body, href))
        });
        texts.into_iter().flatten().collect()
    }

    fn rendered(&self, text: &Content) -> Rendered {
        let host = AddressTemplate::below(IMAGES);
        let context = Context {
            path: &text.path,
            offset: text.body.start,
            images: Images { files: &self.book.images, host: Some(&host) },
            links: &self.links,
            spacing: self.config.spacing,
            headings: &[],
        };
        render(text.markdown(), context)
    }

    /// A rendered text as a page shows it.
    fn body(&self, rendered: &Rendered, locale: &Locale, base: &str) -> Body {
        let default = &self.config.default_locale;
        let mut lead = |hole: &DocLink| {
            let place = match hole {
                DocLink::Article { path, heading } => {
                    let (locale, of) = self.text_at(path).unwrap_or((default, path));
                    let anchor = heading.as_deref().and_then(|heading| self.links.anchor_in(path, heading));
                    let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
                    format!("{}{anchor}", address(locale, &Place::Article(of.clone())))
                }
                DocLink::Collection { folder, .. } => address(locale, &Place::Collection(folder.clone())),
            };
            Some(format!("{base}{place}"))
        };
        let html = rendered.html();
        let html = fill(&html, &mut lead).unwrap_or(html);
        Body::shown(&html, |kind, address| {
            let image = address.strip_prefix(IMAGES).filter(|_| kind == Kind::Image)?;
            Some(format!("{base}files/{image}"))
        })
    }

    /// The locale of a file, and the article that it belongs to.
    fn text_at<'s>(&'s self, path: &'s DocPath) -> Option<(&'s Locale, &'s DocPath)> {
        if self.book.articles.contains_key(path) {
            return Some((&self.config.default_locale, path));
        }
        self.book.articles.values().find_map(|article| {
            let (locale, _) = article.translations.iter().find(|(_, content)| content.path == *path)?;
            Some((locale, &article.path))
        })
    }

    fn tree(&self, locale: &Locale) -> Tree<'_> {
        Tree::of(&self.book, locale, &self.config.default_locale)
    }

    fn frame(&self, locale: &Locale, place: &Place, title: String) -> Frame {
        self.frame_at(&address(locale, place), locale, place, title)
    }

    /// What is round a page that is shown at an address.
    fn frame_at(&self, at: &str, locale: &Locale, place: &Place, title: String) -> Frame {
        let base = "../".repeat(at.matches('/').count());
        let language = |other: &&Locale| {
            let same = match place {
                Place::Article(path) => {
                    let article = self.book.articles.get(path);
                    article.is_some_and(|article| content(article, other, &self.config.default_locale).is_some())
                }
                Place::Collection(key) => self.tree(other).nodes.contains_key(key),
                Place::Home | Place::Search => true,
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
            footer: "A preview of the docs. Nothing of it was sent to Intercom.".to_owned(),
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
            href: format!("{}{}", frame.base, address(locale, &Place::Article(article.path.clone()))),
            badges: self.badges(article, text),
        };
        articles.iter().map(link).collect()
    }

    /// How an article is: what customers would not see, and what keeps it from being sent.
    fn badges(&self, article: &Article, text: &Content) -> Vec<Badge> {
        let mut badges = Vec::new();
        if let Some(count) = self.errors.get(&text.path) {
            badges.push(errors(*count));
        }
        if text.state.or(self.config.state) != Some(State::Published) {
            badges.push(Badge { kind: "warning", text: "draft".to_owned() });
        } else if key(article).is_none() && article.id.is_none() {
            badges.push(Badge { kind: "warning", text: "unlisted".to_owned() });
        }
        badges
    }

    fn errors_below(&self, tree: &Tree<'_>, key: &str) -> Vec<Badge> {
        fn sum(site: &Site, tree: &Tree<'_>, key: &str) -> usize {
            let Some(node) = tree.nodes.get(key) else { return 0 };
            let own = node.articles.iter().filter_map(|(_, text)| site.errors.get(&text.path)).sum::<usize>();
            own + node.children.iter().map(|child| sum(site, tree, child)).sum::<usize>()
        }
        let count = sum(self, tree, key);
        if count == 0 { Vec::new() } else { vec![errors(count)] }
    }

    /// What is wrong with a file: what reading it found, and what rendering it did.
    fn findings(&self, path: &DocPath, rendered: &[Diagnostic]) -> Vec<Finding> {
        let mut found: Vec<Diagnostic> =
            self.book.diagnostics.iter().filter(|finding| finding.path == *path).chain(rendered).cloned().collect();
        apply_severities(&mut found, &self.config.checks);
        // Who hosts the images is no matter here.
        found.retain(|finding| finding.id != crate::diagnostic::id::LOCAL_IMAGE);
        found.sort_by_key(|finding| (finding.severity, finding.span));
        let source = self.book.sources.get(path).map_or("", |source| source);
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

/// The address of a page, below the top, with its parts escaped.
fn address(locale: &Locale, place: &Place) -> String {
    let parts = |path: &str| path.split('/').map(escaped).collect::<Vec<_>>().join("/");
    match place {
        Place::Home => format!("{locale}/index.html"),
        Place::Search => format!("{locale}/search.html"),
        Place::Collection(key) => format!("{locale}/collections/{}.html", parts(key)),
        Place::Article(path) => {
            let path = path.as_str();
            format!("{locale}/articles/{}.html", parts(path.strip_suffix(".md").unwrap_or(path)))
        }
    }
}
