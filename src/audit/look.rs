//! A Help Center with what every rule needs of it: where each link points, and how many customers an article has.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::center::{Article, Center, Text};
use super::evidence::Evidence;
use super::finding::Finding;
use super::kind::Kind;
use crate::html::{DocLink, OwnAddress, OwnPage};
use crate::intercom::model::{ArticleId, CollectionId};
use crate::text::DocPath;

/// By what customers are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Customers {
    /// By Intercom's figures: who opened an article, and whom Fin answered with it.
    Views,
    /// By the links of other articles that point to it, as nobody asked for figures.
    Links,
}

/// Where a link points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target<'c> {
    /// To an article that is there, as a place in [`Center::articles`].
    Article(OwnLink<'c>, usize),
    /// To an article that is not there.
    NoArticle(OwnLink<'c>, ArticleId),
    /// To a collection that is there, or of which nobody knows.
    Collection(OwnLink<'c>),
    /// To a collection that is not there.
    NoCollection(CollectionId),
    /// To a place in the same text, without `#`.
    Here(&'c str),
    /// To an address outside, http or https.
    Outside(&'c str),
    /// Anything else: an address of mail, a relative one, another page of the Help Center.
    Other,
}

/// How a link to a page of the Help Center is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OwnLink<'c> {
    pub locale: Option<&'c str>,
    pub fragment: Option<&'c str>,
    pub address: OwnAddress,
}

/// A Help Center and what every rule needs of it.
pub(super) struct Look<'c> {
    pub center: &'c Center,
    pub evidence: &'c Evidence,
    pub customers: Customers,
    /// How many customers each article has.
    reach: Vec<u64>,
    /// How many other articles link to each.
    pub linked_from: Vec<usize>,
    by_id: HashMap<ArticleId, usize>,
    by_path: HashMap<&'c DocPath, usize>,
    collections: BTreeSet<CollectionId>,
}

impl<'c> Look<'c> {
    pub fn of(center: &'c Center, evidence: &'c Evidence) -> Self {
        let articles = || center.articles.iter().zip(0..);
        let mut by_path: HashMap<&DocPath, usize> = HashMap::new();
        for (article, at) in articles() {
            by_path.extend(article.path.iter().map(|path| (path, at)));
        }
        let mut look = Self {
            center,
            evidence,
            customers: if evidence.figures.is_some() { Customers::Views } else { Customers::Links },
            reach: Vec::new(),
            linked_from: Vec::new(),
            by_id: articles().filter_map(|(article, at)| Some((article.id?, at))).collect(),
            by_path,
            collections: center.collections.iter().filter_map(|collection| collection.id).collect(),
        };
        look.linked_from = look.links();
        look.reach = look.reaches();
        look
    }

    /// How many other articles link to each.
    fn links(&self) -> Vec<usize> {
        let mut from: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); self.center.articles.len()];
        for (at, _, text) in self.center.live_texts() {
            for link in &text.facts.links {
                if let Target::Article(_, to) = self.target(&link.href)
                    && to != at
                {
                    from[to].insert(at);
                }
            }
        }
        from.iter().map(BTreeSet::len).collect()
    }

    fn reaches(&self) -> Vec<u64> {
        let reach = |(article, links): (&Article, &usize)| match &self.evidence.figures {
            _ if !article.is_published() => 0,
            Some(figures) => article.id.and_then(|id| figures.get(&id)).map_or(0, |figures| figures.customers()),
            // Whoever browses finds it, too.
            None => *links as u64 + 1,
        };
        self.center.articles.iter().zip(&self.linked_from).map(reach).collect()
    }

    /// How many customers an article has.
    pub fn reach(&self, article: usize) -> u64 {
        self.reach.get(article).copied().unwrap_or(0)
    }

    /// How many customers a finding hits: those of its articles together.
    pub fn customers_of(&self, finding: &Finding) -> u64 {
        self.places(finding).into_iter().map(|at| self.reach(at)).sum()
    }

    /// The articles that a finding is about, each once.
    pub fn places(&self, finding: &Finding) -> BTreeSet<usize> {
        let place = |about: &super::finding::About| match (about.id, &about.path) {
            (Some(id), _) => self.by_id.get(&id).copied(),
            (None, Some(path)) => self.by_path.get(path).copied(),
            (None, None) => None,
        };
        finding.articles.iter().filter_map(place).collect()
    }

    /// Where a link points.
    pub fn target<'l>(&self, href: &'l str) -> Target<'l> {
        if let Some(fragment) = href.strip_prefix('#') {
            return Target::Here(fragment);
        }
        match DocLink::parse(href) {
            Some(DocLink::Article { path, .. }) => {
                let link = OwnLink { locale: None, fragment: None, address: OwnAddress::Current };
                let article = self.by_path.get(&path).or_else(|| self.translated(&path));
                return article.map_or(Target::Other, |at| Target::Article(link, *at));
            }
            Some(DocLink::Collection { .. }) => return Target::Other,
            None => {}
        }
        let Some(own) = self.center.own.target(href) else {
            let scheme = href.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
            let is_web = scheme.is_some_and(|scheme| matches!(scheme.as_str(), "http" | "https"));
            return if is_web { Target::Outside(href) } else { Target::Other };
        };
        let link = OwnLink { locale: own.locale, fragment: own.fragment, address: own.address };
        match own.page {
            OwnPage::Article(id) => match self.by_id.get(&id) {
                Some(at) => Target::Article(link, *at),
                None if self.is_known(id.0) || self.center.unknown_articles.contains(&id) => Target::Other,
                None => Target::NoArticle(link, id),
            },
            OwnPage::Collection(id) if self.collections.contains(&id) || self.is_known(id.0) => {
                Target::Collection(link)
            }
            OwnPage::Collection(id) => Target::NoCollection(id),
        }
    }

    /// Whether a number that is no page any more still leads to one, or may.
    fn is_known(&self, number: u64) -> bool {
        !self.center.is_complete || self.center.redirected.contains(&number)
    }

    /// The article whose translation a file is.
    fn translated(&self, path: &DocPath) -> Option<&usize> {
        let (stem, _) = path.as_str().strip_suffix(".md")?.rsplit_once('.')?;
        self.by_path.get(&DocPath::new(format!("{stem}.md")))
    }

    /// A finding for each live text that `judge` finds something in.
    pub fn each(&self, kind: &'static Kind, judge: impl Fn(&Text) -> Option<(String, String)>) -> Vec<Finding> {
        let finding = |(_, article, text): (usize, &Article, &Text)| {
            let (subject, message) = judge(text)?;
            Some(Finding::about(kind, vec![article.about(text)], message).subject(subject))
        };
        self.center.live_texts().filter_map(finding).collect()
    }

    /// Live texts by something that they have in common within a locale; what is there once is left out.
    pub fn alike<K: Ord>(&self, key: impl Fn(&Text) -> Option<K>) -> Vec<Vec<(usize, &'c Text)>> {
        let mut groups: BTreeMap<(&str, K), Vec<(usize, &Text)>> = BTreeMap::new();
        for (at, _, text) in self.center.live_texts() {
            if let Some(key) = key(text) {
                groups.entry((text.locale.0.as_str(), key)).or_default().push((at, text));
            }
        }
        groups.into_values().filter(|group| group.len() > 1).collect()
    }
}
