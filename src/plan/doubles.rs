//! Articles that look like a second copy of one of ours.
//!
//! Intercom's API has no idempotency key, so two runs in two clones, or a `POST` that arrives after its
//! connection broke, can create an article twice. Nothing here undoes that: which of two equal articles
//! a teammate works on cannot be known. It is named until a person deleted one.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Double, Plan};
use super::inputs::Inputs;
use super::matching::{Match, With, is_foreign};
use crate::html;
use crate::intercom::model::ArticleId;
use crate::live::{LiveArticle, parsed};
use crate::text::DocPath;

/// How long after one article another of the same title counts as its copy, whatever it says by now, in seconds.
const TOGETHER: u64 = 600;

/// Names the copies. Only where every file and every article is known: what has a file of its own is no copy.
pub(super) fn note(inputs: Inputs<'_>, matched: &BTreeMap<DocPath, Match<'_>>, plan: &mut Plan) {
    let Inputs { book, live, record, rules, .. } = inputs;
    if book.has_errors() {
        return;
    }
    let ours = matched.iter().filter_map(|(path, found)| match &found.with {
        With::Id(id) | With::Adopted(id) => Some((*id, path)),
        With::Gone(_) | With::Unreadable(_) | With::New | With::TitleTaken(_) => None,
    });
    let ours: Vec<_> = ours.filter(|(id, _)| live.articles.contains_key(id)).collect();
    let known: BTreeSet<ArticleId> =
        ours.iter().map(|(id, _)| *id).chain(record.articles.keys().map(|(id, _)| *id)).collect();
    let mut free: BTreeMap<&str, Vec<ArticleId>> = BTreeMap::new();
    for (id, found) in &live.articles {
        let is_left_out = book.left_out.contains_key(id);
        if !known.contains(id) && !is_left_out && !is_foreign(inputs, &found.article) {
            free.entry(found.article.title.trim()).or_default().push(*id);
        }
    }
    // Many may have one title, and each text is read once.
    let mut read: BTreeMap<ArticleId, Vec<String>> = BTreeMap::new();
    let mut texts = |id: ArticleId| read.entry(id).or_insert_with(|| texts_of(&live.articles[&id])).clone();
    for (id, path) in ours {
        let article = &live.articles[&id];
        let file = &book.articles[path].content.title;
        let titles = BTreeSet::from([article.article.title.trim(), file.trim()]);
        let candidates = titles.iter().filter_map(|title| free.get(title)).flatten();
        let mut copies: BTreeSet<ArticleId> = BTreeSet::new();
        for copy in candidates {
            let other = &live.articles[copy];
            let is_together = article.article.created_at.abs_diff(other.article.created_at) <= TOGETHER;
            let mut is_copy = || {
                let theirs = texts(*copy);
                texts(id).iter().any(|text| theirs.contains(text))
            };
            if is_together || is_copy() {
                copies.insert(*copy);
            }
        }
        if rules.means(path.as_str()) {
            plan.doubles.extend(copies.into_iter().map(|copy| Double { path: path.clone(), id, copy }));
        }
    }
    // What copies several of ours is named once.
    let mut named = BTreeSet::new();
    plan.doubles.retain(|double| named.insert(double.copy));
    plan.notes.extend(plan.doubles.iter().map(Double::sentence));
}

/// What an article says, live and in its draft, whatever Intercom made of it on save.
fn texts_of(found: &LiveArticle) -> Vec<String> {
    let articles = [Some(&found.article), found.draft.as_ref()].into_iter().flatten();
    articles.map(|article| html::canonical(&parsed(article))).collect()
}
