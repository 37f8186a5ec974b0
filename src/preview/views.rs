//! The pages of a comparison: the other side of an article, what differs, and the list of all that does.

use std::collections::{BTreeMap, BTreeSet};

use helpbook_site as pages;
use helpbook_site::{Badge, Body, Difference, Link, Section, Tab};

use super::comparison::{Shown, badge, name_and_digest};
use super::place::{Place, View, address};
use super::site::{Exists, Page, Site};
use crate::config::escaped;
use crate::intercom::model::Locale;
use crate::report;
use crate::report::status::Status;
use crate::text::{DocPath, capitalized, harmless};

/// The statuses in the order in which people look at them.
const ORDER: [Status; 11] = [
    Status::Blocked,
    Status::Conflict,
    Status::Leaving,
    Status::Changed,
    Status::New,
    Status::Adoptable,
    Status::Staged,
    Status::Drifted,
    Status::Stale,
    Status::Missing,
    Status::Orphan,
];

impl Site {
    /// The status of a text that is not as on the other side.
    pub(super) fn status(&self, path: &DocPath, locale: &Locale) -> Option<Status> {
        self.comparison.as_ref()?.status(path, locale)
    }

    /// What happens to some articles in a locale, as numbers.
    pub(super) fn counted<'p>(&self, paths: impl Iterator<Item = &'p DocPath>, locale: &Locale) -> Vec<Badge> {
        let mut counts: BTreeMap<Status, usize> = BTreeMap::new();
        for status in paths.filter_map(|path| self.status(path, locale)) {
            *counts.entry(status).or_default() += 1;
        }
        let counted = |status: Status| {
            let count = counts.get(&status)?;
            let Badge { kind, text } = badge(status);
            Some(Badge { kind, text: format!("{count} {text}") })
        };
        ORDER.into_iter().filter_map(counted).collect()
    }

    /// What the docs are compared with, in a sentence of its own.
    fn compared(&self) -> Option<String> {
        // On a page nothing sets code.
        let with = harmless(&self.comparison.as_ref()?.with).replace('`', "");
        Some(format!("Compared with {with}."))
    }

    pub(super) fn footer(&self) -> String {
        let sent = "A preview of the docs, which sends nothing to Intercom.";
        self.compared().map_or_else(|| sent.to_owned(), |compared| format!("{sent} {compared}"))
    }

    /// What differs, in a line that leads to the list of it; nothing where nobody compared.
    pub(super) fn changes_in_a_line(&self, locale: &Locale, base: &str) -> Option<Link> {
        let counts = self.comparison.as_ref()?.counts();
        let counted = |status: Status| Some(format!("{} {}", counts.get(&status)?, status.word()));
        let all: Vec<String> = ORDER.into_iter().filter_map(counted).collect();
        let name = if all.is_empty() { "No changes".to_owned() } else { all.join(", ") };
        let href = format!("{base}{}", address(locale, &Place::Changes));
        Some(Link { name, href, description: self.compared().unwrap_or_default(), ..Link::default() })
    }

    /// The list of all that differs.
    pub(super) fn changes(&self, locale: &Locale) -> Page {
        let Some(comparison) = &self.comparison else {
            return self.missing(locale, &address(locale, &Place::Changes));
        };
        let mut frame = self.frame(locale, &Place::Changes, "Changes".to_owned());
        frame.findings.extend(self.not_compared.clone());
        let mut sections: BTreeMap<Status, Vec<Link>> = BTreeMap::new();
        for (status, path, part) in comparison.changed() {
            let place = Place::Article(View::Difference, path.clone());
            sections.entry(status).or_default().push(Link {
                name: harmless(&part.title),
                description: harmless(part.path.as_str()),
                href: format!("{}{}", frame.base, address(&part.locale, &place)),
                badges: Vec::new(),
            });
        }
        let section = |status: Status| {
            let articles = sections.remove(&status)?;
            let name = format!("{} ({})", capitalized(status.word()), articles.len());
            Some(Section { link: Link { name, ..Link::default() }, articles })
        };
        let sections = ORDER.into_iter().filter_map(section).collect();
        let about = self.compared().unwrap_or_default();
        Page::Html(pages::Changes { frame, about, sections }.html(), Exists::Yes)
    }

    /// The page of what a preview of some articles leaves out.
    pub(super) fn left_out(&self, locale: &Locale) -> String {
        let frame = self.frame(locale, &Place::LeftOut, "Not part of this preview".to_owned());
        let text = "This preview has the pages of what changed, and the link leads to another one.".to_owned();
        pages::Message { frame, text }.html()
    }

    /// Whether there is a side of a text.
    pub(super) fn has_view(&self, locale: &Locale, path: &DocPath, view: View) -> bool {
        let views = self.comparison.as_ref().map(|comparison| comparison.views(path, locale));
        views.is_some_and(|views| views.iter().any(|(other, _)| *other == view))
    }

    /// The sides of a text, of which a page shows one; none where nobody compared.
    pub(super) fn views(&self, locale: &Locale, path: &DocPath, shown: View, base: &str) -> Vec<Tab> {
        let views = self.comparison.as_ref().map(|comparison| comparison.views(path, locale)).unwrap_or_default();
        if views.len() < 2 {
            return Vec::new();
        }
        let has_docs = self.files.content(path, locale).is_some();
        let views = views.into_iter().filter(|(view, _)| *view != View::Docs || has_docs);
        let tab = |(view, name): (View, String)| Tab {
            name: harmless(&name),
            href: format!("{base}{}", address(locale, &Place::Article(view, path.clone()))),
            is_current: view == shown,
        };
        views.map(tab).collect()
    }

    /// Where a text is in Intercom.
    pub(super) fn places(&self, locale: &Locale, path: &DocPath) -> Vec<Link> {
        let places = self.comparison.as_ref().map(|comparison| comparison.places(path, locale)).unwrap_or_default();
        places.into_iter().map(|(name, href)| Link { name: name.to_owned(), href, ..Link::default() }).collect()
    }

    /// The addresses of the pages that a comparison has, in a locale.
    pub(super) fn addresses_of_views(&self, locale: &Locale) -> Vec<String> {
        let Some(comparison) = &self.comparison else { return Vec::new() };
        let paths: BTreeSet<&DocPath> = self.files.book.articles.keys().chain(comparison.paths()).collect();
        let views = paths.into_iter().flat_map(|path| {
            let views = comparison.views(path, locale).into_iter().filter(|(view, _)| *view != View::Docs);
            views.map(|(view, _)| address(locale, &Place::Article(view, path.clone()))).collect::<Vec<_>>()
        });
        views.chain([address(locale, &Place::Changes)]).collect()
    }

    /// The page of another side of an article, or of what differs.
    pub(super) fn other_side(&self, locale: &Locale, path: &DocPath, view: View) -> Page {
        let place = Place::Article(view, path.clone());
        let missing = || self.missing(locale, &address(locale, &place));
        let Some(comparison) = self.comparison.as_ref().filter(|_| self.has_view(locale, path, view)) else {
            return missing();
        };
        let mut frame = self.frame(locale, &place, String::new());
        let (shown, difference) = if view == View::Difference {
            let Some((change, part)) = comparison.change(path, locale) else { return missing() };
            let html = report::difference(change, part);
            let style = format!("{}{STYLE}", frame.base);
            let body = Body::default();
            (Shown { title: harmless(&part.title), body, ..Shown::default() }, Some(Difference { html, style }))
        } else {
            let image = |written: &str| self.image_named(written);
            let Some(shown) = comparison.shown((path, locale), view, &frame.base, image) else { return missing() };
            (shown, None)
        };
        frame.title.clone_from(&shown.title);
        let article = self.files.book.articles.get(path);
        let tree = self.tree(locale);
        let page = pages::Article {
            crumbs: article.map(|article| self.crumbs_of(&tree, locale, article, &frame)).unwrap_or_default(),
            description: shown.description,
            badges: self.status(path, locale).map(badge).into_iter().collect(),
            views: self.views(locale, path, view, &frame.base),
            places: self.places(locale, path),
            body: shown.body,
            difference,
            neighbours: Vec::new(),
            frame,
        };
        Page::Html(page.html(), Exists::Yes)
    }

    /// The path of an image of the docs, escaped, by what the record calls it.
    fn image_named(&self, written: &str) -> Option<String> {
        let (name, digest) = name_and_digest(written)?;
        let is_it = |path: &str| path.rsplit('/').next().is_some_and(|last| escaped(last) == name || last == name);
        let mut images = self.files.book.images.iter();
        let (path, _) = images.find(|(path, file)| file.sha256.short() == digest && is_it(path.as_str()))?;
        Some(path.as_str().split('/').map(escaped).collect::<Vec<_>>().join("/"))
    }
}

/// Where the style of differences is, below the top.
pub(super) const STYLE: &str = "assets/difference.css";
