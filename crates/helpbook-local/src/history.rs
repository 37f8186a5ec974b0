//! What articles and collections were in the last seconds, for lists that are stale.

use std::collections::{BTreeMap, VecDeque};

use helpbook_model::{ArticleId, CollectionId};

use super::article::Article;
use super::collection::{Collection, Tree};

/// How stale a list can be, in seconds.
pub(super) const LONGEST: i64 = 2;

/// What each change replaced, the oldest first.
#[derive(Debug, Default)]
pub(super) struct History(VecDeque<Replaced>);

#[derive(Debug)]
struct Replaced {
    at: i64,
    what: Record,
}

/// A record as it was; `None` where it was not there.
#[derive(Debug)]
pub(super) enum Record {
    Article(ArticleId, Option<Article>),
    Collection(CollectionId, Option<Collection>),
}

impl History {
    /// Remembers what a change replaces, and forgets what no list shows any more.
    pub(super) fn note(&mut self, at: i64, what: Record) {
        while self.0.front().is_some_and(|oldest| oldest.at + LONGEST < at) {
            self.0.pop_front();
        }
        self.0.push_back(Replaced { at, what });
    }

    /// Undoes in copies what was changed after `then`.
    pub(super) fn undo(&self, then: i64, articles: &mut BTreeMap<ArticleId, Article>, collections: &mut Tree) {
        for replaced in self.0.iter().rev().take_while(|replaced| replaced.at > then) {
            match &replaced.what {
                Record::Article(id, Some(article)) => {
                    articles.insert(*id, article.clone());
                }
                Record::Article(id, None) => {
                    articles.remove(id);
                }
                Record::Collection(id, Some(collection)) => {
                    collections.insert(*id, collection.clone());
                }
                Record::Collection(id, None) => {
                    collections.remove(id);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collection(id: u64, updated_at: i64) -> Collection {
        let id = CollectionId(id);
        Collection { id, parent: None, texts: BTreeMap::new(), created_at: 1, updated_at }
    }

    #[test]
    fn what_changed_since_is_undone() {
        let mut history = History::default();
        history.note(1, Record::Collection(CollectionId(1), None));
        history.note(5, Record::Collection(CollectionId(1), Some(collection(1, 1))));
        history.note(6, Record::Collection(CollectionId(2), None));
        let at = |then| {
            let mut tree: Tree = [collection(1, 5), collection(2, 6)].map(|one| (one.id, one)).into();
            history.undo(then, &mut BTreeMap::new(), &mut tree);
            tree.into_values().map(|one| (one.id.0, one.updated_at)).collect::<Vec<_>>()
        };
        assert_eq!(at(6), [(1, 5), (2, 6)]);
        assert_eq!(at(5), [(1, 5)]);
        assert_eq!(at(4), [(1, 1)]);
    }
}
