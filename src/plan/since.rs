//! What changes between two states of the docs: of all that a plan holds, the part that a branch made.
//!
//! The older state is taken for published, and the newer one is planned against it. So what counts as
//! a change is known by the same rules as everywhere else, and needs no network. Against Intercom the
//! result says which changes of a plan to keep.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::change::{Change, Kind};
use super::document::{Against, Plan, Since};
use super::field::{Field, FieldChange};
use super::inputs::Docs;
use super::needed::needed_collections;
use super::plan;
use super::published::{SITE, is_made_up, published};
use crate::book::{Book, Folder};
use crate::intercom::model::{ArticleId, CollectionId};
use crate::text::DocPath;

/// The changes from `before` to `now`, as if all of `before` were published. `at` is the time that
/// dates are compared with.
pub fn changes_since(reference: &str, before: Docs<'_>, now: Docs<'_>, at: Timestamp) -> Plan {
    let center = published(before, now, at);
    let mut book = now.book.clone();
    fill_known_ids(&mut book, before.book, &center.articles, &center.collections);
    let mut plan = plan(&book, &center.live, &center.record, now.rules);
    for change in &mut plan.changes {
        change.id = change.id.filter(|id| !is_made_up(*id));
        change.locales.values_mut().flat_map(|part| &mut part.fields).for_each(without_inventions);
    }
    // Of a collection that nobody knows nothing is to be done.
    let made_up: Vec<String> =
        center.live.collections.keys().filter(|id| is_made_up(id.0)).map(ToString::to_string).collect();
    plan.notes.retain(|note| !made_up.iter().any(|id| note.contains(id)));
    plan.since = Some(Since { reference: reference.to_owned(), against: Against::Docs, others: 0 });
    plan.notes.push(format!(
        "compared with the docs of `{reference}`, not with Intercom: what teammates changed there is not known, and an article with an `id` and no state counts as live"
    ));
    plan
}

/// Takes out of a field what only the Help Center in mind has: its address, and authors without a name.
fn without_inventions(field: &mut FieldChange) {
    for text in [&mut field.old, &mut field.new] {
        *text = text.replace(SITE, "");
    }
    if field.field == Field::Author && field.old == "somebody" {
        field.old.clear();
    }
}

/// A file has the id that it has in `before`. One that had none there is known by its path. An id that
/// was changed or taken out is no longer the same article.
fn fill_known_ids(
    book: &mut Book,
    before: &Book,
    articles: &BTreeMap<DocPath, ArticleId>,
    collections: &BTreeMap<Folder, CollectionId>,
) {
    let known: BTreeSet<ArticleId> = before.articles.values().filter_map(|article| article.id).collect();
    let claimed: BTreeSet<ArticleId> =
        book.articles.values().filter_map(|article| article.id).filter(|id| known.contains(id)).collect();
    for (path, article) in &mut book.articles {
        if !article.id.is_some_and(|id| known.contains(&id)) {
            let there = articles.get(path).copied();
            let by_path = there.filter(|id| is_made_up(id.0) && !claimed.contains(id));
            // An id that came with this branch is that of an article that nobody had here before.
            article.id = by_path.or(article.id);
        }
    }
    let known: BTreeSet<CollectionId> = before.collections.values().filter_map(|found| found.id).collect();
    let claimed: BTreeSet<CollectionId> =
        book.collections.values().filter_map(|found| found.id).filter(|id| known.contains(id)).collect();
    for (folder, collection) in &mut book.collections {
        if !collection.id.is_some_and(|id| known.contains(&id)) {
            let there = collections.get(folder).copied();
            collection.id = there.filter(|id| is_made_up(id.0) && !claimed.contains(id)).or(collection.id);
        }
    }
}

impl Plan {
    /// Keeps what is about an article or a collection that `made` changes, and what that needs. The
    /// rest is a number.
    pub fn keep_since(&mut self, made: &Plan) {
        let key = |change: &Change| (change.subject.kind() == Kind::Article, change.subject.path().to_owned());
        let wanted: BTreeSet<(bool, String)> = made.changes.iter().map(key).collect();
        let ids: BTreeSet<ArticleId> = made.changes.iter().filter_map(Change::article_id).collect();
        let needed = needed_collections(self.changes.iter().filter(|change| wanted.contains(&key(change))));
        let before = self.changes.len();
        self.changes.retain(|change| {
            wanted.contains(&key(change))
                || change.article_id().is_some_and(|id| ids.contains(&id))
                || change.subject.kind() == Kind::Collection && needed.contains(change.subject.path())
        });
        let others = before - self.changes.len();
        let reference = made.since.as_ref().map(|since| since.reference.clone()).unwrap_or_default();
        if others > 0 {
            let changes = if others == 1 { "1 other change is" } else { &format!("{others} other changes are") };
            self.notes
                .push(format!("{changes} pending that did not come since `{reference}`; `helpbook plan` shows them"));
        }
        self.since = Some(Since { reference, against: Against::Intercom, others });
        self.count();
    }
}
