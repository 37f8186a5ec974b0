//! Where the links of the docs lead: addresses, the order in which targets stand before sources,
//! and what cannot be filled.
//!
//! A link to a file is a hole until the file is an article with an id. What has an id when the plan
//! is made is filled here; the rest is left to `apply`, which creates it. Nothing here renders.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Inputs;
use super::model::{Blocked, Change, Content, Plan, Publish, Stage};
use super::ours::Ours;
use crate::base::HeadingIds;
use crate::html::heading::{Anchors, headings};
use crate::html::links::{fill, holes};
use crate::html::{self, Body, Hole, Own};
use crate::intercom::model::{ArticleId, State};
use crate::text::DocPath;

/// What the links of a plan lead to, and what has to stand there before what.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Linked {
    /// The addresses of the Help Center.
    pub own: Own,
    /// What becomes of heading ids that are sent, as far as anything tells.
    pub heading_ids: Option<HeadingIds>,
    /// Where nothing was ever sent that would tell, live text that no id of ours stands in looks as
    /// if ids were made anew.
    looks_made: bool,
    all: Order,
    to_headings: Order,
    /// The files that each file links to.
    targets_of: BTreeMap<DocPath, BTreeSet<DocPath>>,
    /// The files that each file links to by a heading.
    headings_of: BTreeMap<DocPath, BTreeSet<DocPath>>,
    /// Files whose text is sent again though it says the same: their links follow headings whose
    /// ids are about to change.
    renewed: BTreeSet<DocPath>,
}

/// Articles in the order of their links: the targets first.
#[derive(Debug, Clone, Default, PartialEq)]
struct Order {
    wave: BTreeMap<DocPath, usize>,
    /// Links that close a circle: by file what comes later and is linked all the same.
    closing: BTreeMap<DocPath, BTreeSet<DocPath>>,
}

impl Linked {
    /// What the texts of some files lead to, of which some are articles already.
    pub(super) fn of<'a>(
        inputs: Inputs<'_>,
        texts: impl Iterator<Item = (&'a DocPath, &'a Ours)> + Clone,
        ids: &BTreeMap<DocPath, ArticleId>,
        folders: impl Iterator<Item = (&'a str, crate::intercom::model::CollectionId)>,
    ) -> Self {
        let live = inputs.live;
        let mut own = own(inputs);
        for (path, id) in ids {
            own.add_article(path, *id);
        }
        for (folder, id) in folders {
            let address = live.collections.get(&id).and_then(|collection| collection.url.as_deref());
            own.add_collection(folder, id, address);
        }
        let mut all: BTreeMap<&DocPath, Vec<DocPath>> = BTreeMap::new();
        let mut to_headings = all.clone();
        for (path, ours) in texts.clone() {
            own.add_wanted(path, &ours.body);
            for hole in holes(&ours.body) {
                let Hole::Article { path: target, heading } = hole else { continue };
                if heading.is_some() {
                    to_headings.entry(path).or_default().push(target.clone());
                }
                all.entry(path).or_default().push(target);
            }
        }
        let targets: BTreeSet<&DocPath> = to_headings.values().flatten().collect();
        for found in targets.into_iter().filter_map(|path| live.articles.get(ids.get(path)?)) {
            for text in [Some(&found.article), found.draft.as_ref()].into_iter().flatten() {
                own.add_stored(text.id, &html::parse(text.body.as_deref().unwrap_or_default()));
            }
        }
        let found = inputs.base.heading_ids.or_else(|| seen_kept(inputs, ids));
        let looks_made = found.is_none() && ids.values().any(|id| has_headings(inputs, *id));
        let files: Vec<&DocPath> = texts.map(|(path, _)| path).collect();
        let (links, links_to_headings) = (all, to_headings);
        let (all, to_headings) = (Order::of(&files, &links), Order::of(&files, &links_to_headings));
        Self {
            own,
            heading_ids: found,
            looks_made,
            all,
            to_headings,
            targets_of: sets(links),
            headings_of: sets(links_to_headings),
            renewed: BTreeSet::new(),
        }
    }

    /// The same, if texts have to be sent again because others are written: where Intercom makes the
    /// ids of headings anew, what links to a heading follows it. A link that closes a circle does
    /// not.
    pub(super) fn renewing(&self, written: &BTreeSet<DocPath>, is_meant: impl Fn(&DocPath) -> bool) -> Option<Self> {
        if self.heading_ids != Some(HeadingIds::Made) {
            return None;
        }
        let mut all = written.clone();
        loop {
            let follows = |path: &DocPath, targets: &BTreeSet<DocPath>| {
                let closing = self.to_headings.closing.get(path);
                targets
                    .iter()
                    .any(|target| all.contains(target) && closing.is_none_or(|closing| !closing.contains(target)))
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

    /// When a file's article is created or published: after what it links to.
    pub fn wave(&self, path: &DocPath) -> usize {
        self.all.wave.get(path).copied().unwrap_or_default()
    }

    /// When a file's text is written: after the articles to whose headings it links.
    pub fn wave_of_text(&self, path: &DocPath) -> usize {
        self.to_headings.wave.get(path).copied().unwrap_or_default()
    }

    /// Whether what is stored is what a file wants but for links that lost their heading where
    /// Intercom makes the ids of headings anew.
    pub(super) fn lost_only(&self, path: &DocPath, wanted: &Body, stored: &Body) -> bool {
        let made = self.heading_ids == Some(HeadingIds::Made) || self.looks_made;
        let closing = self.to_headings.closing.get(path).into_iter().flatten();
        made && self.own.lost_only(wanted, stored, &closing.filter_map(|path| self.own.id(path)).collect())
    }

    /// A body as a person is shown it.
    pub(super) fn markdown(&self, body: &Body) -> String {
        let mut body = self.own.normal(body);
        html::tree::for_each_link_mut(&mut body.blocks, &mut |link| {
            if let Some(hole) = Hole::parse(link) {
                *link = hole.shown();
            }
        });
        html::markdown::markdown(&body)
    }
}

fn sets(links: BTreeMap<&DocPath, Vec<DocPath>>) -> BTreeMap<DocPath, BTreeSet<DocPath>> {
    links.into_iter().map(|(path, targets)| (path.clone(), targets.into_iter().collect())).collect()
}

/// The Help Center's addresses: where it stands under a name of its own, Intercom's name stays.
fn own(inputs: Inputs<'_>) -> Own {
    let center = &inputs.live.help_center;
    let Some(url) = &center.url else { return Own::new([], &inputs.rules.locale) };
    let domain = center.custom_domain.as_ref().map(|domain| format!("https://{domain}"));
    let hosted = center.identifier.as_ref().map(|name| format!("https://intercom.help/{name}"));
    let addresses = [Some(url.as_str()), domain.as_deref(), hosted.as_deref()];
    Own::new(addresses.into_iter().flatten(), &inputs.rules.locale)
}

/// A heading that has the id which is derived from its words got it from us, and kept it.
fn seen_kept(inputs: Inputs<'_>, ids: &BTreeMap<DocPath, ArticleId>) -> Option<HeadingIds> {
    let is_ours = |id: &ArticleId| {
        let mut anchors = Anchors::new(&[], []);
        live_headings(inputs, *id).iter().any(|heading| anchors.next(&heading.text) == heading.id)
    };
    ids.values().any(is_ours).then_some(HeadingIds::Kept)
}

fn has_headings(inputs: Inputs<'_>, id: ArticleId) -> bool {
    !live_headings(inputs, id).is_empty()
}

fn live_headings(inputs: Inputs<'_>, id: ArticleId) -> Vec<html::Heading> {
    let body = inputs.live.articles.get(&id).and_then(|found| found.article.body.as_deref()).unwrap_or_default();
    if body.contains("<h") { headings(&html::parse(body)) } else { Vec::new() }
}

impl Order {
    /// Walks the links of each file in the order of paths. What a walk comes back to while it is
    /// still under way closes a circle.
    fn of(files: &[&DocPath], links: &BTreeMap<&DocPath, Vec<DocPath>>) -> Self {
        let mut order = Self::default();
        let mut open: BTreeSet<&DocPath> = BTreeSet::new();
        for first in files {
            let mut way: Vec<(&DocPath, usize)> = vec![(*first, 0)];
            if order.wave.contains_key(*first) {
                continue;
            }
            open.insert(*first);
            while let Some((file, next)) = way.last_mut() {
                let file = *file;
                let target = links.get(file).and_then(|targets| targets.get(*next));
                *next += 1;
                match target {
                    Some(target) if open.contains(target) => {
                        order.closing.entry(file.clone()).or_default().insert(target.clone());
                    }
                    Some(target) if order.wave.contains_key(target) => {}
                    Some(target) => {
                        open.insert(target);
                        way.push((target, 0));
                    }
                    None => {
                        let targets = links.get(file).into_iter().flatten();
                        let wave = targets.filter_map(|target| order.wave.get(target)).max().map_or(0, |wave| wave + 1);
                        order.wave.insert(file.clone(), wave);
                        open.remove(file);
                        way.pop();
                    }
                }
            }
        }
        order
    }
}

/// Fills what is known already, and blocks what links to something that will not be there.
pub(super) fn finish(inputs: Inputs<'_>, plan: &mut Plan, linked: Arc<Linked>) {
    loop {
        let created: BTreeSet<String> = plan
            .changes
            .iter()
            .filter(|change| matches!(change.stage, Some(Stage::Create { .. } | Stage::CreateCollection { .. })))
            .map(|change| format!("{:?} {}", change.subject.kind(), change.subject.path()))
            .collect();
        let is_there = |hole: &Hole| {
            let name = match hole {
                Hole::Article { path, .. } => format!("Article {path}"),
                Hole::Collection(folder) => format!("Collection {folder}"),
            };
            linked.own.has_address() && (linked.own.address(hole).is_some() || created.contains(&name))
        };
        let mut lacking: Vec<(usize, Hole)> = Vec::new();
        for (at, change) in plan.changes.iter_mut().enumerate() {
            let mut lacks = None;
            each_body(change, &mut |body| {
                let _ = fill(body, &mut |hole| {
                    lacks = lacks.take().or_else(|| (!is_there(hole)).then(|| hole.clone()));
                    Some(String::new())
                });
            });
            lacking.extend(lacks.map(|hole| (at, hole)));
        }
        if lacking.is_empty() {
            break;
        }
        for (at, hole) in lacking {
            let reason = unfilled(&linked, &hole);
            let change = &mut plan.changes[at];
            *change = change.clone().blocked(reason);
        }
    }
    let written = plan.texts_to_write();
    for change in &mut plan.changes {
        each_body(change, &mut |body| {
            let filled = fill(body, &mut |hole| match hole {
                // Its heading's id is known for sure once it is written.
                Hole::Article { path, heading: Some(_) } if written.contains(path) => Some(hole.to_string()),
                _ => Some(linked.own.address(hole).unwrap_or_else(|| hole.to_string())),
            });
            if let Ok(filled) = filled {
                *body = filled;
            }
        });
    }
    name_hidden_targets(inputs, plan, &linked);
    plan.linked = linked;
}

/// Says where what goes live links to something that customers cannot read.
fn name_hidden_targets(inputs: Inputs<'_>, plan: &mut Plan, linked: &Linked) {
    let will_be: BTreeMap<String, State> = plan
        .changes
        .iter()
        .filter_map(|change| {
            let state = match &change.stage {
                _ if change.publish.contains(&Publish::Live) => State::Published,
                _ if change.publish.iter().any(Publish::removes) => State::Draft,
                Some(Stage::Create { .. }) => State::Draft,
                _ => return None,
            };
            Some((change.subject.path().to_owned(), state))
        })
        .collect();
    let is_hidden = |path: &DocPath| {
        let live = || linked.own.id(path).and_then(|id| Some(inputs.live.articles.get(&id)?.article.state));
        will_be.get(path.as_str()).copied().or_else(live) == Some(State::Draft)
    };
    for change in &mut plan.changes {
        let goes_live = change.publish.iter().any(|step| matches!(step, Publish::Live | Publish::Draft { .. }));
        let targets = linked.targets_of.get(&DocPath::new(change.subject.path()));
        let hidden = targets.into_iter().flatten().filter(|path| goes_live && is_hidden(path));
        let notes = hidden.map(|path| format!("it links to `{path}`, which customers cannot read"));
        change.notes.extend(notes.collect::<Vec<_>>());
    }
}

fn unfilled(linked: &Linked, hole: &Hole) -> Blocked {
    if !linked.own.has_address() {
        return Blocked::new(
            format!("it links to `{}`, and Intercom does not tell the address of the Help Center", hole.shown()),
            "turn the Help Center on in Intercom, or write the full address (https://…)",
        );
    }
    let hint = match hole {
        Hole::Article { path, .. } => {
            format!("see what stands in the way of `{path}`; where the run was limited to paths, name it, too")
        }
        Hole::Collection(folder) => format!("see what stands in the way of the collection `{folder}`"),
    };
    Blocked::new(format!("it links to `{}`, which is not in Intercom and is not created", hole.shown()), hint)
}

fn each_body(change: &mut Change, act: &mut dyn FnMut(&mut String)) {
    let staged = match &mut change.stage {
        Some(Stage::Create { content, .. } | Stage::Update { content, .. } | Stage::Draft { content }) => Some(content),
        _ => None,
    };
    let published = change.publish.iter_mut().filter_map(|step| match step {
        Publish::Offline { content } => Some(content),
        _ => None,
    });
    staged.into_iter().chain(published).filter_map(|content: &mut Content| content.body.as_mut()).for_each(act);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(links: &[(&str, &[&str])], waves: &[(&str, usize)], closing: &[(&str, &str)]) {
        let paths: Vec<DocPath> = links.iter().map(|(path, _)| DocPath::new(*path)).collect();
        let targets = |to: &[&str]| to.iter().map(|path| DocPath::new(*path)).collect::<Vec<_>>();
        let map = paths.iter().zip(links).map(|(path, (_, to))| (path, targets(to))).collect();
        let order = Order::of(&paths.iter().collect::<Vec<_>>(), &map);
        let found: Vec<_> = order.wave.iter().map(|(path, wave)| (path.as_str(), *wave)).collect();
        assert_eq!(found, waves);
        let closes: Vec<_> =
            order.closing.iter().flat_map(|(from, to)| to.iter().map(|to| (from.as_str(), to.as_str()))).collect();
        assert_eq!(closes, closing);
    }

    #[test]
    fn targets_stand_before_sources() {
        check(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])], &[("a", 2), ("b", 1), ("c", 0)], &[]);
    }

    #[test]
    fn a_circle_is_closed_by_one_link() {
        check(
            &[("a", &["b"]), ("b", &["c"]), ("c", &["a"]), ("d", &["d", "a"])],
            &[("a", 2), ("b", 1), ("c", 0), ("d", 3)],
            &[("c", "a"), ("d", "d")],
        );
    }
}
