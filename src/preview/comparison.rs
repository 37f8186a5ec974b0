//! The docs beside what they were compared with: what Intercom has, or the docs as they were.
//!
//! A comparison is made of a plan, and asks nobody. It knows of each text what a plan does about it, and the text
//! on the other side: the live one and the staged one, or that of older docs. It was right when it was made, so a
//! page that shows it says when that was.

use std::collections::BTreeMap;
use std::sync::Arc;

use helpbook_site::{Badge, Body, Kind};

use super::files::Files;
use super::place::View;
use crate::html::image::Source;
use crate::intercom::model::{Article, ArticleId, Locale, State};
use crate::live::{Addresses, InLocale, Live};
use crate::local::without_digest;
use crate::plan::{Change, Kind as Subject, LocaleChange, Plan};
use crate::record::{ArticleRecord, Record};
use crate::report::status::Status;
use crate::text::{DocPath, harmless};

/// The docs beside something else.
#[derive(Debug)]
pub struct Comparison {
    /// With what, and when: the end of a sentence that begins with "compared with".
    pub with: String,
    other: Other,
    /// What a plan does about articles and collections.
    changes: Vec<Change>,
    /// The change of each text that is not as on the other side, by the file of its article.
    texts: BTreeMap<(DocPath, Locale), usize>,
}

/// What the docs are compared with.
#[derive(Debug)]
pub enum Other {
    /// A Help Center.
    HelpCenter(Box<HelpCenter>),
    /// Older docs.
    Docs {
        /// What they are called on a page.
        name: String,
        /// The docs.
        files: Files,
    },
}

/// A Help Center as it was when it was fetched.
#[derive(Debug)]
pub struct HelpCenter {
    /// What was there.
    pub live: Arc<Live>,
    /// What is known of its images.
    pub record: Arc<Record>,
    /// The article of each file.
    pub ids: BTreeMap<DocPath, ArticleId>,
    /// The default locale of the docs.
    pub locale: Locale,
    /// Where people find its articles, where they can.
    pub addresses: Option<Addresses>,
}

/// A text of the other side, as a page shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub title: String,
    pub description: String,
    pub body: Body,
}

impl Comparison {
    /// A comparison of which a plan says what differs.
    pub fn new(with: String, other: Other, plan: Plan) -> Self {
        let mut texts = BTreeMap::new();
        for (at, change) in plan.changes.iter().enumerate() {
            if change.subject.kind() == Subject::Article {
                let path = DocPath::new(change.subject.path());
                let parts = change.locales.values().filter(|part| !change.is_idle(part));
                texts.extend(parts.map(|part| ((path.clone(), part.locale.clone()), at)));
            }
        }
        Self { with, other, changes: plan.changes, texts }
    }

    /// Whether another one says the same.
    pub fn is_as(&self, other: &Self) -> bool {
        let is_same_side = match (&self.other, &other.other) {
            (Other::HelpCenter(one), Other::HelpCenter(other)) => {
                Arc::ptr_eq(&one.live, &other.live) && one.ids == other.ids
            }
            (Other::Docs { files: one, .. }, Other::Docs { files: other, .. }) => {
                one.book.sources == other.book.sources
            }
            _ => false,
        };
        is_same_side && self.with == other.with && self.changes == other.changes
    }

    /// What happens to a text, of an article by its file.
    pub(super) fn change(&self, path: &DocPath, locale: &Locale) -> Option<(&Change, &LocaleChange)> {
        let change = self.changes.get(*self.texts.get(&(path.clone(), locale.clone()))?)?;
        Some((change, change.locales.get(locale)?))
    }

    /// The status of a text that is not as on the other side.
    pub(super) fn status(&self, path: &DocPath, locale: &Locale) -> Option<Status> {
        let (change, part) = self.change(path, locale)?;
        Some(Status::of(change, part)).filter(|status| *status != Status::InSync)
    }

    /// Every text that is not as on the other side, with its status and its title.
    pub(super) fn changed(&self) -> impl Iterator<Item = (Status, &DocPath, &LocaleChange)> {
        self.texts.keys().filter_map(|(path, locale)| {
            let (_, part) = self.change(path, locale)?;
            Some((self.status(path, locale)?, path, part))
        })
    }

    /// The files of the articles that differ.
    pub fn paths(&self) -> impl Iterator<Item = &DocPath> {
        self.texts.keys().map(|(path, _)| path)
    }

    /// How many texts have each status but that of being in sync.
    pub fn counts(&self) -> BTreeMap<Status, usize> {
        let mut counts = BTreeMap::new();
        for (status, ..) in self.changed() {
            *counts.entry(status).or_default() += 1;
        }
        counts
    }

    /// The sides of a text that there are, each with its name.
    pub(super) fn views(&self, path: &DocPath, locale: &Locale) -> Vec<(View, String)> {
        let mut views = vec![(View::Docs, "As it will be".to_owned())];
        match &self.other {
            Other::HelpCenter(center) => {
                let found = center.found(path, locale);
                if let Some((article, staged)) = found {
                    let name = if article.state == State::Published { "Live" } else { "Draft in Intercom" };
                    views.push((View::Before, name.to_owned()));
                    views.extend(staged.map(|_| (View::Staged, "Staged".to_owned())));
                }
            }
            Other::Docs { name, files } => {
                views.extend(files.content(path, locale).map(|_| (View::Before, name.clone())));
            }
        }
        views.extend(self.change(path, locale).map(|_| (View::Difference, "Difference".to_owned())));
        views
    }

    /// Where people find a text in Intercom: what that is called, and its address.
    pub(super) fn places(&self, path: &DocPath, locale: &Locale) -> Vec<(&'static str, String)> {
        let Other::HelpCenter(center) = &self.other else { return Vec::new() };
        let (Some(addresses), Some(id)) = (&center.addresses, center.ids.get(path)) else { return Vec::new() };
        let live = center.live.articles.get(id).and_then(|found| addresses.live(found, locale, &center.locale));
        let live = live.map(|address| ("In the Help Center", address));
        live.into_iter().chain([("In Intercom's editor", addresses.editor(*id))]).collect()
    }

    /// A text of the other side, for a page from which the top is at `base`. `image` finds an image of the docs by
    /// its name and the first digits of its digest.
    pub(super) fn shown(
        &self,
        at: (&DocPath, &Locale),
        view: View,
        base: &str,
        image: impl Fn(&str) -> Option<String>,
    ) -> Option<Shown> {
        let (path, locale) = at;
        match &self.other {
            Other::Docs { files, .. } => {
                let text = files.content(path, locale).filter(|_| view == View::Before)?;
                let body = files.body(&files.rendered(text), locale, base);
                Some(Shown {
                    title: text.title.clone(),
                    description: text.description.clone().unwrap_or_default(),
                    body,
                })
            }
            Other::HelpCenter(center) => {
                let (live, staged) = center.found(path, locale)?;
                let article = if view == View::Staged { staged? } else { live };
                let images = center.images(path, locale);
                let body = Body::shown(article.body.as_deref().unwrap_or_default(), |kind, address| {
                    let bare = address.split(['?', '#']).next().unwrap_or(address);
                    let name = images.get(bare).filter(|_| kind == Kind::Image)?;
                    Some(format!("{base}files/{}", image(name)?))
                });
                Some(Shown {
                    title: harmless(&article.title),
                    description: harmless(article.description.as_deref().unwrap_or_default()),
                    body,
                })
            }
        }
    }
}

impl HelpCenter {
    /// What the Help Center has of a text: the article in that locale, and as its draft has it.
    fn found(&self, path: &DocPath, locale: &Locale) -> Option<(Article, Option<Article>)> {
        match self.live.articles.get(self.ids.get(path)?)?.in_locale(locale, &self.locale) {
            InLocale::There(found) => {
                let found = found.into_owned();
                Some((found.article, found.draft))
            }
            InLocale::Missing | InLocale::Unknown => None,
        }
    }

    /// The images of the docs that Intercom has at addresses of its own, by these.
    fn images(&self, path: &DocPath, locale: &Locale) -> BTreeMap<&str, &str> {
        let record = self.ids.get(path).and_then(|id| self.record.articles.get(&(*id, locale.clone())));
        let known = record.into_iter().flat_map(ArticleRecord::lines).flat_map(|line| &line.images);
        known
            .filter_map(|(address, origin)| match &origin.source {
                Source::File(name) => Some((address.as_str(), name.as_str())),
                Source::Address(_) => None,
            })
            .collect()
    }
}

/// How a status looks beside a title.
pub(super) fn badge(status: Status) -> Badge {
    let kind = match status {
        Status::Blocked | Status::Conflict | Status::Leaving => "error",
        Status::Drifted | Status::Stale | Status::Missing | Status::Orphan => "warning",
        _ => "fresh",
    };
    Badge { kind, text: status.word().to_owned() }
}

/// The name and the first digits of the digest that a written name of an image is made of.
pub(super) fn name_and_digest(written: &str) -> Option<(String, &str)> {
    let name = without_digest(written)?;
    let digest = written.rsplit('.').nth(1)?;
    Some((name, digest))
}
