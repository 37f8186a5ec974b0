//! Where the links of the docs point: addresses, the order in which targets go before sources,
//! and what cannot be filled.
//!
//! A link to a file is a hole until the file is an article with an id. What has an id when the plan
//! is made is filled here; the rest is left to `apply`, which creates it. Nothing here renders.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::change::{Blocked, Change, Kind};

use super::desired::Desired;
use super::document::Plan;
use super::inputs::Inputs;
use super::link_graph::LinkGraph;
use super::order::{Minimize, Order};
use super::step::{Publish, Stage};
use crate::html::fill;
use crate::html::heading::{Anchors, stored_headings};
use crate::html::{self, DocLink, HelpCenterUrls, Targets};
use crate::intercom::model::{Article, ArticleId, CollectionId, HelpCenter, Locale, State};
use crate::live::InLocale;
use crate::record::HeadingIds;
use crate::text::DocPath;
use crate::threads;

/// Where the texts of the articles point, of which some are in Intercom already. Texts are told
/// apart by their files, in every locale; `ids` goes by the files in the default locale.
pub(super) fn link_graph<'a>(
    inputs: Inputs<'_>,
    texts: impl Iterator<Item = (&'a DocPath, &'a Desired<'a>)>,
    ids: &BTreeMap<DocPath, ArticleId>,
    folders: &BTreeMap<&str, CollectionId>,
) -> LinkGraph {
    let live = inputs.live;
    let mut own = own(inputs);
    own.add_all(ids, collections(inputs, folders));
    let mut targets_of: BTreeMap<DocPath, BTreeSet<DocPath>> = BTreeMap::new();
    let mut headings_of = targets_of.clone();
    let mut all = targets_of.clone();
    let mut to_new = targets_of.clone();
    let mut to_headings = targets_of.clone();
    let texts: Vec<(&DocPath, &Desired<'_>)> = texts.collect();
    for (path, desired) in &texts {
        for hole in desired.summary().holes() {
            let DocLink::Article { path: target, heading } = hole else { continue };
            let path = *path;
            let (source, article) = (own.article_of(path).clone(), own.article_of(&target).clone());
            if heading.is_some() {
                to_headings.entry(source.clone()).or_default().insert(article.clone());
                headings_of.entry(path.clone()).or_default().insert(target.clone());
            }
            if !ids.contains_key(&article) {
                to_new.entry(source.clone()).or_default().insert(article.clone());
            }
            all.entry(source).or_default().insert(article);
            targets_of.entry(path.clone()).or_default().insert(target);
        }
    }
    let headings = threads::map(&texts, |(_, desired)| desired.headings());
    for ((path, _), headings) in texts.iter().zip(headings) {
        own.add_landings(path, headings);
    }
    let targets: BTreeSet<&DocPath> = headings_of.values().flatten().collect();
    let targets: Vec<&DocPath> = targets.into_iter().collect();
    let stored = threads::map(&targets, |path| {
        let Some(found) = own.id(path).and_then(|id| live.articles.get(&id)) else { return Vec::new() };
        let locale = own.locale_of(path);
        let InLocale::There(found) = found.in_locale(&locale, &inputs.rules.locale) else { return Vec::new() };
        let texts = [Some(&found.article), found.draft.as_ref()].into_iter().flatten();
        let landings = |text: &Article| (text.id, Targets::of_stored(text.body.as_deref().unwrap_or_default()));
        texts.map(landings).collect()
    });
    for (path, stored) in targets.into_iter().zip(stored) {
        for (id, landings) in stored {
            own.add_stored_landings(path, id, landings);
        }
    }
    let found = inputs.record.traits.heading_ids.or_else(|| seen_kept(inputs, ids));
    let looks_made = found.is_none() && ids.values().any(|id| has_headings(inputs, *id));
    let mut to_new_headings: BTreeMap<DocPath, BTreeSet<DocPath>> = BTreeMap::new();
    for (path, desired) in &texts {
        for hole in desired.summary().holes() {
            if let DocLink::Article { path: target, heading: Some(heading) } = hole
                && !own.has_heading(&target, &heading)
            {
                let (source, article) = (own.article_of(path).clone(), own.article_of(&target).clone());
                to_new_headings.entry(source).or_default().insert(article);
            }
        }
    }
    LinkGraph {
        own,
        heading_ids: found,
        looks_made,
        all: Order::of(all, Minimize::Links),
        to_new: Order::of(to_new, Minimize::Articles),
        to_headings: Order::of(to_headings, Minimize::Links),
        to_new_headings: Order::of(to_new_headings, Minimize::Links),
        targets_of,
        headings_of,
        renewed: BTreeSet::new(),
    }
}

/// The Help Center's addresses: where it has a name of its own, Intercom's name stays.
fn own(inputs: Inputs<'_>) -> HelpCenterUrls {
    let center = &inputs.live.help_center;
    let mut own = HelpCenterUrls::new(addresses(center).iter().map(String::as_str), &inputs.rules.locale);
    for (path, article) in &inputs.book.articles {
        for (locale, content) in &article.translations {
            own.add_translation(&content.path, path, locale);
        }
    }
    own
}

/// The folders that are collections in Intercom, with their addresses there.
fn collections<'a>(
    inputs: Inputs<'a>,
    folders: &BTreeMap<&'a str, CollectionId>,
) -> impl Iterator<Item = (&'a str, CollectionId, Option<&'a str>)> {
    folders.iter().map(move |(folder, id)| {
        let address = inputs.live.collections.get(id).and_then(|collection| collection.url.as_deref());
        (*folder, *id, address)
    })
}

fn addresses(center: &HelpCenter) -> Vec<String> {
    let Some(url) = &center.url else { return Vec::new() };
    let domain = center.custom_domain.as_ref().map(|domain| format!("https://{domain}"));
    let hosted = center.identifier.as_ref().map(|name| format!("https://intercom.help/{name}"));
    [Some(url.clone()), domain, hosted].into_iter().flatten().collect()
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
    stored_headings(body)
}

/// Fills what is known already, and blocks what links to something that will not be there.
pub(super) fn finish(inputs: Inputs<'_>, plan: &mut Plan, linked: Arc<LinkGraph>) {
    loop {
        let there = There::of(inputs, plan, &linked);
        let mut lacking: Vec<(usize, Locale, DocLink)> = Vec::new();
        for (at, change) in plan.changes.iter_mut().enumerate() {
            let mut lacks: BTreeMap<Locale, DocLink> = BTreeMap::new();
            each_body(change, &mut |locale, body| {
                let _ = fill(body, &mut |hole| {
                    if !there.holds(hole) {
                        lacks.entry(locale.clone()).or_insert_with(|| hole.clone());
                    }
                    Some(String::new())
                });
            });
            lacking.extend(lacks.into_iter().map(|(locale, hole)| (at, locale, hole)));
        }
        if lacking.is_empty() {
            break;
        }
        for (at, locale, hole) in lacking {
            plan.changes[at].block_in(&locale, unfilled(&linked, &hole));
        }
    }
    let written = plan.texts_to_write();
    for change in &mut plan.changes {
        each_body(change, &mut |_, body| {
            let filled = fill(body, &mut |hole| match hole {
                // Its heading's id is known for sure once it is written.
                DocLink::Article { path, heading: Some(_) } if written.contains(path) => Some(hole.to_string()),
                _ => Some(linked.own.address(hole).unwrap_or_else(|| hole.to_string())),
            });
            if let Ok(filled) = filled {
                *body = filled;
            }
        });
    }
    note_targets(inputs, plan, &linked);
    plan.linked = linked;
}

/// What is in Intercom once a plan is staged.
struct There<'a> {
    inputs: Inputs<'a>,
    linked: &'a LinkGraph,
    articles: BTreeSet<DocPath>,
    collections: BTreeSet<String>,
    texts: BTreeSet<DocPath>,
}

impl<'a> There<'a> {
    fn of(inputs: Inputs<'a>, plan: &Plan, linked: &'a LinkGraph) -> Self {
        let created = |kind: Kind| {
            let changes = plan.changes.iter().filter(move |change| {
                let creates = matches!(change.stage, Some(Stage::Create { .. } | Stage::CreateCollection { .. }));
                creates && change.subject.kind() == kind
            });
            changes.map(|change| change.subject.path())
        };
        Self {
            inputs,
            linked,
            articles: created(Kind::Article).map(DocPath::new).collect(),
            collections: created(Kind::Collection).map(str::to_owned).collect(),
            texts: plan.texts_to_write(),
        }
    }

    fn holds(&self, hole: &DocLink) -> bool {
        let own = &self.linked.own;
        let is_known = own.address(hole).is_some();
        own.has_address()
            && match hole {
                DocLink::Article { path, .. } => {
                    let article = own.article_of(path);
                    let is_there = is_known || self.articles.contains(article);
                    is_there && (article == path || self.texts.contains(path) || self.holds_text(path))
                }
                DocLink::Collection { folder, .. } => is_known || self.collections.contains(folder),
            }
    }

    /// Whether Intercom has the text of a translation.
    fn holds_text(&self, path: &DocPath) -> bool {
        state_of(self.inputs, self.linked, path).is_some()
    }
}

/// The state in Intercom of the text of a file, in its locale.
fn state_of(inputs: Inputs<'_>, linked: &LinkGraph, path: &DocPath) -> Option<State> {
    let found = inputs.live.articles.get(&linked.own.id(path)?)?;
    match found.in_locale(&linked.own.locale_of(path), &inputs.rules.locale) {
        InLocale::There(found) => Some(found.article.state),
        InLocale::Missing | InLocale::Unknown => None,
    }
}

/// Says where a text links to one of another locale, as there is none in its own, and where what goes
/// live links to something that customers cannot read.
fn note_targets(inputs: Inputs<'_>, plan: &mut Plan, linked: &LinkGraph) {
    let default = &inputs.rules.locale;
    let mut will_be: BTreeMap<DocPath, State> = BTreeMap::new();
    for change in plan.changes.iter().filter(|change| change.subject.kind() == Kind::Article) {
        for part in change.locales.values() {
            let goes_live = change.steps(part).any(Publish::goes_live);
            let leaves = change.steps(part).any(Publish::removes);
            let is_new = matches!(change.stage, Some(Stage::Create { .. }));
            let state = match (goes_live, leaves || is_new) {
                (true, _) => State::Published,
                (false, true) => State::Draft,
                (false, false) => continue,
            };
            will_be.insert(part.path.clone(), state);
        }
    }
    let is_hidden =
        |path: &DocPath| will_be.get(path).copied().or_else(|| state_of(inputs, linked, path)) == Some(State::Draft);
    let written = plan.texts_to_write();
    for change in plan.changes.iter_mut().filter(|change| change.subject.kind() == Kind::Article) {
        let mut notes: BTreeMap<Locale, Vec<String>> = BTreeMap::new();
        for part in change.locales.values() {
            let goes_live = change.steps(part).any(Publish::goes_live);
            let notes = notes.entry(part.locale.clone()).or_default();
            for target in linked.targets_of.get(&part.path).into_iter().flatten() {
                let is_sent = goes_live || written.contains(&part.path);
                if part.locale != *default && linked.own.article_of(target) == target && is_sent {
                    notes.push(format!(
                        "its link to `{target}` points to the text in `{default}`: there is none in `{}`",
                        part.locale
                    ));
                }
                if goes_live && is_hidden(target) {
                    notes.push(format!("it links to `{target}`, which customers cannot read"));
                }
            }
        }
        for (locale, mut notes) in notes {
            change.locales.entry(locale).and_modify(|part| part.notes.append(&mut notes));
        }
    }
}

fn unfilled(linked: &LinkGraph, hole: &DocLink) -> Blocked {
    if !linked.own.has_address() {
        return Blocked::new(
            format!("it links to `{}`, and Intercom does not say the address of the Help Center", hole.shown()),
            "turn the Help Center on in Intercom, or write the full address (https://…)",
        );
    }
    let hint = match hole {
        DocLink::Article { path, .. } => {
            format!("see why nothing comes of `{path}`; where the run was limited to paths, name it, too")
        }
        DocLink::Collection { folder, .. } => format!("see why nothing comes of the collection `{folder}`"),
    };
    Blocked::new(format!("it links to `{}`, which is not in Intercom and is not created", hole.shown()), hint)
}

/// Every body of a change that is sent, with its locale.
fn each_body(change: &mut Change, act: &mut dyn FnMut(&Locale, &mut String)) {
    let staged = change.stage.iter_mut().flat_map(Stage::texts_mut);
    let published = change.publish.iter_mut().filter_map(Publish::texts_mut).flatten();
    for (locale, content) in staged.chain(published.map(|(locale, content)| (locale, content.as_mut()))) {
        if let Some(body) = &mut content.body {
            act(locale, body);
        }
    }
}
