//! Collections: empty ones, ones with one article, ones that are too deep, and articles in none.

use std::collections::BTreeSet;

use super::super::center::{Center, Collection};
use super::super::finding::{Finding, Named};
use super::super::kind::{DEEP_COLLECTION, EMPTY_COLLECTION, NO_COLLECTION, SINGLE_ARTICLE_COLLECTION};
use super::super::look::Look;
use super::{Rules, quoted};

/// How many levels of collections a Help Center has (docs/intercom.md 2).
const LEVELS: usize = 3;

pub(super) fn find(look: &Look<'_>, _: &Rules) -> Vec<Finding> {
    let center = look.center;
    let mut found = Vec::new();
    let lost = center.articles.iter().filter(|article| article.is_outside && article.is_read_by_fin);
    for article in lost {
        if let Some(text) = article.live_texts().next() {
            let message =
                "the article is in no collection, so that customers cannot browse to it, and Fin answers with it";
            found.push(Finding::about(&NO_COLLECTION, vec![article.about(text)], message.to_owned()));
        }
    }
    let articles = articles(center);
    for (at, collection) in center.collections.iter().enumerate() {
        let thing = || Named::collection(collection.id, &collection.name);
        let name = quoted(&collection.name);
        let depth = depth(center, at);
        if depth > LEVELS {
            let message = format!("the collection {name} is on level {depth}, below {}", path(center, collection));
            found.push(Finding::of(&DEEP_COLLECTION, thing(), message));
        }
        let below = center.collections.iter().any(|other| other.parent == Some(at));
        match articles[at].len() {
            0 => found.push(Finding::of(
                &EMPTY_COLLECTION,
                thing(),
                format!("no article of the collection {name} can be read by customers"),
            )),
            1 if !below => found.push(Finding::of(
                &SINGLE_ARTICLE_COLLECTION,
                thing(),
                format!("the collection {name} holds one article alone"),
            )),
            _ => {}
        }
    }
    found
}

/// The articles that customers find in each collection or in one below it.
fn articles(center: &Center) -> Vec<BTreeSet<usize>> {
    let mut within = vec![BTreeSet::new(); center.collections.len()];
    for (at, article) in center.articles.iter().enumerate().filter(|(_, article)| article.is_published()) {
        for collection in &article.collections {
            for above in upwards(center, *collection) {
                within[above].insert(at);
            }
        }
    }
    within
}

/// A collection and those above it. What names a circle ends.
fn upwards(center: &Center, collection: usize) -> impl Iterator<Item = usize> {
    let above = |at: &usize| center.collections.get(*at).and_then(|collection| collection.parent);
    std::iter::successors(Some(collection), above).take(center.collections.len().min(2 * LEVELS))
}

fn depth(center: &Center, at: usize) -> usize {
    upwards(center, at).count()
}

/// The names of the collections above, from the top.
fn path(center: &Center, collection: &Collection) -> String {
    let above = collection.parent.into_iter().flat_map(|above| upwards(center, above));
    let mut names: Vec<String> = above.map(|at| quoted(&center.collections[at].name)).collect();
    names.reverse();
    names.join(", ")
}
