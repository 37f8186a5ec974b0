//! The Help Center as customers see it, at the addresses that the API gives.
//!
//! What is published, and nothing else. An article in no collection is there by its address alone, a collection
//! without a published article is not, an address with an old title leads to the new one, and redirects are
//! followed. On this machine the host of these addresses is the server's own, with its port.

use std::collections::BTreeMap;

use helpbook_model::{ArticleId, CollectionId, Locale, RedirectTarget, State};
use helpbook_site as pages;
use helpbook_site::{Badge, Body, Card, Frame, Kind, Language, Link, Section};

use super::article::Article;
use super::collection::{self, Tree};
use super::image::TAKEN_OVER;
use super::workspace_objects::Redirect;

/// What there is to be shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'c> {
    pub articles: &'c BTreeMap<ArticleId, Article>,
    pub collections: &'c Tree,
    pub redirects: &'c [Redirect],
    /// Every locale, the default one first.
    pub locales: &'c [Locale],
    /// What addresses begin with.
    pub url: &'c str,
    /// The last part of an address, by id and title.
    pub part: fn(u64, &str) -> String,
}

/// An answer to a browser.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Page(String),
    Missing(String),
    Script(String),
    /// Another path of this server.
    Elsewhere(String),
}

/// A text that customers can read.
#[derive(Debug, Clone, Copy)]
struct Live<'c> {
    article: &'c Article,
    title: &'c str,
    description: &'c str,
    body: &'c str,
}

impl<'c> Site<'c> {
    /// Where the site is on this server: `/local`.
    fn root(&self) -> &'c str {
        let after_host = self.url.split_once("://").map_or(self.url, |(_, rest)| rest);
        after_host.find('/').map_or("", |at| &after_host[at..])
    }

    /// What is at a path of this server; `None` where that is none of the site.
    pub(super) fn page(&self, path: &str, query: &str) -> Option<Shown> {
        let rest = path.strip_prefix(self.root())?;
        let rest = if rest.is_empty() { rest } else { rest.strip_prefix('/')? };
        let default = self.locales.first()?;
        if rest.is_empty() {
            return Some(Shown::Elsewhere(self.home(default)));
        }
        let at = format!("{}/{}", self.url, rest.trim_end_matches('/'));
        let parts: Vec<&str> = rest.trim_end_matches('/').split('/').collect();
        let locale = self.locales.iter().find(|locale| locale.0 == parts[0]);
        let found = locale.and_then(|locale| match parts[1..] {
            [] => Some(Shown::Page(self.home_page(locale))),
            ["texts.js"] => Some(Shown::Script(pages::texts(&self.texts(locale)))),
            ["search"] => Some(Shown::Page(self.results(locale, query))),
            ["articles", part] => self.article(locale, part),
            ["collections", part] => self.collection(locale, part),
            _ => None,
        });
        Some(found.or_else(|| self.redirected(&at)).unwrap_or_else(|| self.missing(locale.unwrap_or(default), path)))
    }

    fn home(&self, locale: &Locale) -> String {
        format!("{}/{locale}", self.root())
    }

    fn article_path(&self, locale: &Locale, id: ArticleId, title: &str) -> String {
        format!("{}/articles/{}", self.home(locale), (self.part)(id.0, title))
    }

    fn collection_path(&self, locale: &Locale, id: CollectionId) -> String {
        format!("{}/collections/{}", self.home(locale), (self.part)(id.0, &self.name(locale, id).0))
    }

    /// The name and the description of a collection.
    fn name(&self, locale: &Locale, id: CollectionId) -> (String, String) {
        let texts = self.collections.get(&id).map(|collection| &collection.texts);
        let text = texts.and_then(|texts| texts.get(locale).or_else(|| texts.get(self.locales.first()?)));
        text.map(|text| (text.name.clone(), text.description.clone())).unwrap_or_default()
    }

    /// What an article says to customers in a locale.
    fn live(&self, article: &'c Article, locale: &Locale) -> Option<Live<'c>> {
        let text = article.texts.get(locale).filter(|text| text.state == State::Published)?;
        let content = &text.content;
        Some(Live { article, title: &content.title, description: &content.description, body: &content.body })
    }

    /// The articles that are directly in a collection.
    fn held(&self, locale: &Locale, id: CollectionId) -> Vec<Live<'c>> {
        let inside = self.articles.values().filter(|article| article.parent == Some(id));
        inside.filter_map(|article| self.live(article, locale)).collect()
    }

    fn children(&self, parent: Option<CollectionId>) -> impl Iterator<Item = CollectionId> + use<'_, 'c> {
        self.collections.values().filter(move |collection| collection.parent == parent).map(|collection| collection.id)
    }

    /// How many articles a collection holds, and those below it.
    fn count(&self, locale: &Locale, id: CollectionId) -> usize {
        let below: usize = self.children(Some(id)).map(|child| self.count(locale, child)).sum();
        self.held(locale, id).len() + below
    }

    fn links(&self, locale: &Locale, articles: &[Live<'c>]) -> Vec<Link> {
        let link = |live: &Live<'c>| Link {
            name: live.title.to_owned(),
            description: live.description.to_owned(),
            href: self.article_path(locale, live.article.id, live.title),
            ..Link::default()
        };
        articles.iter().map(link).collect()
    }

    fn home_page(&self, locale: &Locale) -> String {
        let card = |id: CollectionId| {
            let (name, description) = self.name(locale, id);
            let link = Link { name, description, href: self.collection_path(locale, id), ..Link::default() };
            Card { link, count: self.count(locale, id) }
        };
        let collections = self.children(None).map(card).filter(|card| card.count > 0).collect();
        let frame = self.frame(locale, "Help Center", |other| self.home(other));
        pages::Home { frame, changes: None, collections, articles: Vec::new() }.html()
    }

    fn collection(&self, locale: &Locale, part: &str) -> Option<Shown> {
        let id = CollectionId(id_of(part)?);
        self.collections.get(&id)?;
        let count = self.count(locale, id);
        let path = self.collection_path(locale, id);
        if count == 0 {
            return None;
        }
        if !path.ends_with(&format!("/{part}")) {
            return Some(Shown::Elsewhere(path));
        }
        let (name, description) = self.name(locale, id);
        let mut sections = Vec::new();
        self.sections(locale, id, &mut sections);
        let page = pages::Collection {
            frame: self.frame(locale, &name, |other| match self.count(other, id) {
                0 => self.home(other),
                _ => self.collection_path(other, id),
            }),
            crumbs: self.crumbs(locale, self.collections.get(&id)?.parent),
            description,
            count,
            articles: self.links(locale, &self.held(locale, id)),
            sections,
        };
        Some(Shown::Page(page.html()))
    }

    fn sections(&self, locale: &Locale, id: CollectionId, to: &mut Vec<Section>) {
        for child in self.children(Some(id)).filter(|child| self.count(locale, *child) > 0) {
            let (name, description) = self.name(locale, child);
            let link = Link { name, description, href: self.collection_path(locale, child), ..Link::default() };
            to.push(Section { link, articles: self.links(locale, &self.held(locale, child)) });
            self.sections(locale, child, to);
        }
    }

    fn article(&self, locale: &Locale, part: &str) -> Option<Shown> {
        let id = ArticleId(id_of(part)?);
        let live = self.live(self.articles.get(&id)?, locale)?;
        let path = self.article_path(locale, id, live.title);
        if !path.ends_with(&format!("/{part}")) {
            return Some(Shown::Elsewhere(path));
        }
        let beside = live.article.parent.map(|parent| self.held(locale, parent)).unwrap_or_default();
        let beside: Vec<Live<'c>> = beside.into_iter().filter(|other| other.article.id != id).take(6).collect();
        let page = pages::Article {
            frame: self.frame(locale, live.title, |other| match self.live(live.article, other) {
                Some(there) => self.article_path(other, id, there.title),
                None => self.home(other),
            }),
            crumbs: self.crumbs(locale, live.article.parent),
            description: live.description.to_owned(),
            badges: Vec::new(),
            body: self.body(live.body),
            views: Vec::new(),
            places: Vec::new(),
            difference: None,
            neighbours: self.links(locale, &beside),
        };
        Some(Shown::Page(page.html()))
    }

    /// An article as teammates edit it: its draft where one is pending. What they would edit it with is not there.
    pub(super) fn editor(&self, id: ArticleId) -> Option<Shown> {
        let (article, default) = (self.articles.get(&id)?, self.locales.first()?);
        let text = article.texts.get(default)?;
        let content = text.draft.as_ref().map_or(&text.content, |draft| &draft.content);
        let state = match (text.state, &text.draft) {
            (State::Published, None) => Badge { kind: "fresh", text: "published".to_owned() },
            (State::Published, Some(_)) => Badge { kind: "warning", text: "unpublished changes".to_owned() },
            (State::Draft, _) => Badge { kind: "warning", text: "draft".to_owned() },
        };
        let mut frame = self.frame(default, &content.title, |other| self.home(other));
        "The local Help Center, in the place of Intercom's editor.".clone_into(&mut frame.footer);
        let page = pages::Article {
            frame,
            crumbs: self.crumbs(default, article.parent),
            description: content.description.clone(),
            badges: vec![state],
            views: Vec::new(),
            places: Vec::new(),
            body: self.body(&content.body),
            difference: None,
            neighbours: Vec::new(),
        };
        Some(Shown::Page(page.html()))
    }

    /// A stored body, with the addresses of this Help Center and of its images led to this server.
    fn body(&self, html: &str) -> Body {
        let host = self.url.strip_suffix(self.root()).unwrap_or(self.url);
        Body::shown(html, |kind, address| match kind {
            Kind::Link => {
                let path = address.strip_prefix(host).filter(|path| path.starts_with(self.root()))?;
                Some(path.to_owned())
            }
            Kind::Image => address.strip_prefix(TAKEN_OVER).map(|rest| format!("/i/o/local{rest}")),
        })
    }

    fn crumbs(&self, locale: &Locale, parent: Option<CollectionId>) -> Vec<Link> {
        let way = parent.map(|parent| collection::path(self.collections, parent)).unwrap_or_default();
        let crumb = |id: &CollectionId| {
            let (name, _) = self.name(locale, *id);
            Link { name, href: self.collection_path(locale, *id), ..Link::default() }
        };
        way.iter().rev().map(crumb).collect()
    }

    /// Where a redirect leads, as far as that is there.
    fn redirected(&self, at: &str) -> Option<Shown> {
        let redirect = self.redirects.iter().find(|redirect| redirect.from_url.trim_end_matches('/') == at)?;
        let id = redirect.target_id.0;
        let path = match redirect.target_type {
            RedirectTarget::Article => {
                let live = self.live(self.articles.get(&ArticleId(id))?, &redirect.locale)?;
                self.article_path(&redirect.locale, ArticleId(id), live.title)
            }
            RedirectTarget::Collection => {
                let is_shown = self.count(&redirect.locale, CollectionId(id)) > 0;
                is_shown.then(|| self.collection_path(&redirect.locale, CollectionId(id)))?
            }
        };
        Some(Shown::Elsewhere(path))
    }

    fn missing(&self, locale: &Locale, path: &str) -> Shown {
        let frame = self.frame(locale, pages::Words::of(&locale.0).missing, |other| self.home(other));
        Shown::Missing(pages::Message { frame, text: path.to_owned() }.html())
    }

    fn results(&self, locale: &Locale, query: &str) -> String {
        let mut frame = self.frame(locale, query, |other| format!("{}/search", self.home(other)));
        query.clone_into(&mut frame.query);
        let texts = self.texts(locale);
        let link = |text: &pages::Text| {
            let href = format!("{}/{}", self.home(locale), text.href);
            Link { name: text.title.clone(), href, ..Link::default() }
        };
        pages::Results { frame, articles: pages::matching(&texts, query).into_iter().map(link).collect() }.html()
    }

    /// The texts that customers find, with their addresses as seen from the folder of the locale.
    fn texts(&self, locale: &Locale) -> Vec<pages::Text> {
        let listed = self.articles.values().filter(|article| article.parent.is_some());
        let text = |live: Live<'c>| {
            let href = self.article_path(locale, live.article.id, live.title);
            let href = href.strip_prefix(&format!("{}/", self.home(locale))).unwrap_or(&href).to_owned();
            pages::Text::of(live.title, live.description, &self.body(live.body), href)
        };
        listed.filter_map(|article| self.live(article, locale)).map(text).collect()
    }

    fn frame(&self, locale: &Locale, title: &str, same: impl Fn(&Locale) -> String) -> Frame {
        let language = |other: &Locale| Language { locale: other.0.clone(), href: same(other) };
        Frame {
            site: "Help Center".to_owned(),
            locale: locale.0.clone(),
            title: title.to_owned(),
            base: format!("{}/", self.root()),
            home: self.home(locale),
            languages: self.locales.iter().map(language).collect(),
            index: format!("{}/texts.js", self.home(locale)),
            results: format!("{}/search", self.home(locale)),
            footer: "A local Help Center, as customers see it.".to_owned(),
            ..Frame::default()
        }
    }
}

/// The id with which the last part of an address begins.
fn id_of(part: &str) -> Option<u64> {
    part.split('-').next().and_then(|id| id.parse().ok())
}
