//! Where the links of the docs point, and the order in which targets are written before sources.

use std::collections::{BTreeMap, BTreeSet};

use super::order::Order;
use crate::html::{self, Body, DocLink, HelpCenterUrls};
use crate::record::HeadingIds;
use crate::text::DocPath;

/// Where the links of a plan point, and what has to be there before what.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LinkGraph {
    /// The addresses of the Help Center.
    pub own: HelpCenterUrls,
    /// What becomes of heading ids that are sent, as far as anything shows it.
    pub heading_ids: Option<HeadingIds>,
    /// Where nothing was ever sent that would show it, live text without an id of ours looks as
    /// if ids were made again.
    pub(super) looks_made: bool,
    /// By all links, for what goes live.
    pub(super) all: Order,
    /// By the links to articles that Intercom has not yet, for what is created.
    pub(super) to_new: Order,
    /// By the links to headings, for texts where Intercom makes the ids of headings again.
    pub(super) to_headings: Order,
    /// By the links to headings that Intercom has not yet.
    pub(super) to_new_headings: Order,
    /// The files that each file links to, in every locale.
    pub(super) targets_of: BTreeMap<DocPath, BTreeSet<DocPath>>,
    /// The files that each file links to by a heading, in every locale.
    pub(super) headings_of: BTreeMap<DocPath, BTreeSet<DocPath>>,
    /// Files whose text is sent again though it says the same: their links follow headings whose
    /// ids are about to change.
    pub(super) renewed: BTreeSet<DocPath>,
}

impl LinkGraph {
    /// The same, if texts have to be sent again because others are written: where Intercom makes the
    /// ids of headings again, what links to a heading follows it. A link that closes a circle does
    /// not.
    pub(super) fn renewing(&self, written: &BTreeSet<DocPath>, is_meant: impl Fn(&DocPath) -> bool) -> Option<Self> {
        if self.heading_ids != Some(HeadingIds::Made) {
            return None;
        }
        let mut all = written.clone();
        loop {
            let follows = |path: &DocPath, targets: &BTreeSet<DocPath>| {
                let closing = self.to_headings.closing(self.own.article_of(path));
                targets.iter().any(|target| {
                    let article = self.own.article_of(target);
                    all.contains(target) && closing.is_none_or(|closing| !closing.contains(article))
                })
            };
            let next: Vec<DocPath> = self
                .headings_of
                .iter()
                .filter(|(path, targets)| !all.contains(*path) && is_meant(path) && follows(path, targets))
                .map(|(path, _)| path.clone())
                .collect();
            if next.is_empty() {
                break;
            }
            all.extend(next);
        }
        let renewed: BTreeSet<DocPath> = all.difference(written).cloned().collect();
        (!renewed.is_empty()).then(|| Self { renewed, ..self.clone() })
    }

    /// Whether a file's text is sent again though it says the same.
    pub(super) fn renews(&self, path: &DocPath) -> bool {
        self.renewed.contains(path)
    }

    /// When a file's article goes live: after what it links to.
    pub fn batch(&self, path: &DocPath) -> usize {
        self.all.batch(path)
    }

    /// When a file's article is created: after the new articles that it links to. One that is created
    /// before some of them, as they link back, gets its text afterwards, so it waits for none.
    pub fn batch_of_new(&self, path: &DocPath) -> usize {
        self.to_new.batch(path)
    }

    /// When a file's text is written: after the articles to whose headings it links.
    pub fn batch_of_text(&self, path: &DocPath) -> usize {
        self.to_headings.batch(path)
    }

    /// When the text of an article that is live already goes live, where the ids of headings stay: after
    /// the headings that it links to.
    pub fn batch_of_draft(&self, path: &DocPath) -> usize {
        self.to_new_headings.batch(path)
    }

    /// Whether links may have lost their headings: where Intercom makes the ids of headings again.
    pub(super) fn may_lose(&self) -> bool {
        self.heading_ids == Some(HeadingIds::Made) || self.looks_made
    }

    /// Whether what is stored is what a file wants but for links that lost their heading where
    /// Intercom makes the ids of headings again.
    pub(super) fn lost_only(&self, path: &DocPath, wanted: &Body, stored: &Body) -> bool {
        let closing = self.to_headings.closing(self.own.article_of(path)).into_iter().flatten();
        self.may_lose() && self.own.lost_only(wanted, stored, &closing.filter_map(|path| self.own.id(path)).collect())
    }

    /// Whether a body that Intercom stored has links to all of some headings, by the ids that these have
    /// now. A link that closes a circle has lost its heading where Intercom makes the ids again.
    pub(super) fn lands(&self, path: &DocPath, holes: &[DocLink], stored: &Body) -> bool {
        let mut there = BTreeSet::new();
        html::tree::for_each_link(&stored.blocks, &mut |link| there.extend(self.own.normal_link(link)));
        let closing = self.to_headings.closing(self.own.article_of(path));
        let may_lose = |hole: &DocLink| match hole {
            DocLink::Article { path, .. } => {
                self.may_lose() && closing.is_some_and(|closing| closing.contains(self.own.article_of(path)))
            }
            DocLink::Collection { .. } => false,
        };
        holes.iter().all(|hole| may_lose(hole) || self.own.normal_hole(hole).is_none_or(|link| there.contains(&link)))
    }

    /// Two bodies as a person is shown them: what points to a file of the docs is that file's path.
    pub(super) fn markdown(&self, old: &Body, new: &Body) -> (String, String) {
        let [old, new] = [old, new].map(|body| {
            let mut body = self.own.shown(body);
            html::tree::for_each_link_mut(&mut body.blocks, &mut |link| {
                if let Some(hole) = DocLink::parse(link).or_else(|| self.own.hole(link)) {
                    *link = hole.shown();
                }
            });
            body
        });
        html::markdown::both(&old, &new)
    }
}
