//! A collection and the rules of the tree: three levels at most, no circle (docs/intercom.md 2).

use std::collections::BTreeMap;

use helpbook_model::{CollectionId, Locale};
use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// How many levels the tree may have.
const MAX_LEVELS: usize = 3;

/// A collection as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Collection {
    pub id: CollectionId,
    pub parent: Option<CollectionId>,
    /// One name and description per locale. The default locale always has one.
    pub texts: BTreeMap<Locale, CollectionText>,
    pub created_at: i64,
    pub updated_at: i64,
}

/// A collection in one locale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct CollectionText {
    pub name: String,
    pub description: String,
}

/// Every collection by its id.
pub(super) type Tree = BTreeMap<CollectionId, Collection>;

/// A collection and those above it, itself first.
pub(super) fn path(tree: &Tree, id: CollectionId) -> Vec<CollectionId> {
    let mut path = Vec::new();
    let mut next = Some(id);
    while let Some(id) = next {
        path.push(id);
        next = tree.get(&id).and_then(|collection| collection.parent);
    }
    path
}

/// Checks that a collection may be below `parent`: `moving` is the one that is moved, or none where
/// a new one is made.
///
/// # Errors
/// A 400 where there is no such parent, where it would be below itself, or deeper than three
/// levels. Intercom's own answers are not known (docs/intercom.md 8); a 404 would read as if the collection
/// itself were gone.
pub(super) fn check_place(tree: &Tree, moving: Option<CollectionId>, parent: CollectionId) -> Result<(), Refusal> {
    if !tree.contains_key(&parent) {
        return Err(Refusal::parameter_invalid("parent_id: no such collection"));
    }
    let above = path(tree, parent);
    if moving.is_some_and(|moving| above.contains(&moving)) {
        return Err(Refusal::parameter_invalid("parent_id: a collection cannot be below itself"));
    }
    if above.len() + moving.map_or(1, |moving| height(tree, moving)) > MAX_LEVELS {
        return Err(Refusal::parameter_invalid("parent_id: collections nest at most three levels deep"));
    }
    Ok(())
}

/// How many levels a collection and those below it take.
fn height(tree: &Tree, id: CollectionId) -> usize {
    tree.values()
        .filter(|collection| path(tree, collection.id).contains(&id))
        .map(|below| path(tree, below.id).iter().take_while(|step| **step != id).count() + 1)
        .max()
        .unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(parents: &[(u64, u64)]) -> Tree {
        let collection = |&(id, parent): &(u64, u64)| Collection {
            id: CollectionId(id),
            parent: (parent > 0).then_some(CollectionId(parent)),
            texts: BTreeMap::new(),
            created_at: 0,
            updated_at: 0,
        };
        parents.iter().map(collection).map(|one| (one.id, one)).collect()
    }

    #[track_caller]
    fn check(moving: Option<u64>, parent: u64, may: bool) {
        let tree = tree(&[(1, 0), (2, 1), (3, 2), (4, 0), (5, 4)]);
        let answer = check_place(&tree, moving.map(CollectionId), CollectionId(parent));
        assert_eq!(answer.is_ok(), may, "{answer:?}");
    }

    #[test]
    fn a_new_one_stands_on_the_third_level_at_most() {
        check(None, 2, true);
        check(None, 3, false);
        check(None, 99, false);
    }

    #[test]
    fn a_move_counts_what_stands_below() {
        check(Some(5), 2, true);
        check(Some(4), 1, true);
        check(Some(4), 2, false);
        check(Some(2), 5, false);
    }

    #[test]
    fn nothing_stands_below_itself() {
        check(Some(1), 3, false);
        check(Some(1), 1, false);
    }
}
