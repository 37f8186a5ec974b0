//! Which file is which live article.
//!
//! By id first. A file without one adopts before it creates: an unclaimed live article with the
//! same title and the same content, several one to one and the lowest id first. So an id that got
//! lost on its way into Git never makes a double. The same title with other content is refused.

use std::collections::{BTreeMap, BTreeSet};

use super::ours::Ours;
use super::text;
use super::{Inputs, TakenTitles};
use crate::intercom::model::{Article, ArticleId};
use crate::text::DocPath;

/// What a file was matched with.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Match {
    /// The text of the file.
    pub ours: Result<Ours, super::Blocked>,
    /// The live article.
    pub with: With,
}

/// How it was matched.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum With {
    /// By its id.
    Id(ArticleId),
    /// By its id, and that article is gone.
    Gone(ArticleId),
    /// By title and content.
    Adopted(ArticleId),
    /// Nothing: it is new.
    New,
    /// Nothing, and articles that no file claims have its title.
    TitleTaken(Vec<ArticleId>),
}

pub(super) fn articles(inputs: Inputs<'_>) -> BTreeMap<DocPath, Match> {
    let Inputs { book, live, rules, .. } = inputs;
    let claimed: BTreeSet<ArticleId> = book.articles.values().filter_map(|article| article.id).collect();
    let mut free: BTreeMap<&str, BTreeSet<ArticleId>> = BTreeMap::new();
    for (id, found) in &live.articles {
        if claimed.contains(id) || is_ignored(inputs, &found.article) {
            continue;
        }
        for article in [Some(&found.article), found.draft.as_ref()].into_iter().flatten() {
            free.entry(article.title.trim()).or_default().insert(*id);
        }
    }
    let mut adopted: BTreeSet<ArticleId> = BTreeSet::new();
    let mut matched: BTreeMap<DocPath, Match> = BTreeMap::new();
    for (path, file) in &book.articles {
        let found = file.id.and_then(|id| live.articles.get(&id));
        let ours = Ours::of(inputs, &rules.locale, &file.content, found);
        let with = match (file.id, found) {
            (Some(id), Some(_)) => With::Id(id),
            (Some(id), None) => With::Gone(id),
            (None, _) => {
                let candidates = free.get(file.content.title.as_str()).into_iter().flatten().copied();
                let equal = |id: &ArticleId| {
                    let found = &live.articles[id];
                    let texts = [Some(&found.article), found.draft.as_ref()];
                    !adopted.contains(id)
                        && live.is_complete
                        && ours
                            .as_ref()
                            .is_ok_and(|ours| texts.into_iter().flatten().any(|theirs| same_text(ours, theirs)))
                };
                let first = candidates.into_iter().find(equal);
                first.map_or(With::New, |id| {
                    adopted.insert(id);
                    With::Adopted(id)
                })
            }
        };
        // The ids of an adopted article's headings are kept, too.
        let ours = match with {
            With::Adopted(id) => Ours::of(inputs, &rules.locale, &file.content, live.articles.get(&id)),
            _ => ours,
        };
        matched.insert(path.clone(), Match { ours, with });
    }
    for (path, found) in &mut matched {
        if found.with == With::New && rules.taken_titles == TakenTitles::Refused {
            let title = book.articles[path].content.title.as_str();
            let taken: Vec<ArticleId> =
                free.get(title).into_iter().flatten().filter(|id| !adopted.contains(id)).copied().collect();
            if !taken.is_empty() {
                found.with = With::TitleTaken(taken);
            }
        }
    }
    matched
}

/// Title, description and body are the same; who wrote it does not matter.
fn same_text(ours: &Ours, theirs: &Article) -> bool {
    let mut fields = text::unequal(ours, theirs, None);
    fields.remove(&super::Field::Author);
    fields.is_empty()
}

/// Whether an article stands in a collection that is not ours.
pub(super) fn is_ignored(inputs: Inputs<'_>, article: &Article) -> bool {
    let Inputs { live, rules, .. } = inputs;
    article.parent_ids.iter().any(|id| {
        let mut next = Some(*id);
        let mut steps = 0;
        while let Some(id) = next {
            let collection = live.collections.get(&id);
            let named = |name: &String| {
                *name == id.to_string() || collection.is_some_and(|collection| collection.name == *name)
            };
            if rules.ignored_collections.iter().any(named) {
                return true;
            }
            steps += 1;
            next = collection.and_then(|collection| collection.parent_id).filter(|_| steps < 8);
        }
        false
    })
}
