//! Collections that hold nothing any more once a plan is carried out.
//!
//! They stay: a collection is never deleted unasked. Intercom hides one that is empty (docs/intercom.md 2), so
//! somebody should know.

use std::collections::{BTreeMap, BTreeSet};

use super::document::Plan;
use super::inputs::Inputs;
use super::step::{Place, Publish, Stage};
use crate::intercom::model::{ArticleId, CollectionId};

/// Names the collections that the plan empties.
pub(super) fn plan(inputs: Inputs<'_>, plan: &mut Plan) {
    let live = inputs.live;
    let mut leave: BTreeMap<ArticleId, Option<CollectionId>> = BTreeMap::new();
    let mut filled: BTreeSet<CollectionId> = BTreeSet::new();
    for change in &plan.changes {
        let staged = match &change.stage {
            Some(Stage::Create { place, .. } | Stage::Update { place, .. }) => place.as_ref(),
            _ => None,
        };
        let mut moved_to = staged;
        let mut goes = false;
        for step in &change.publish {
            match step {
                Publish::Settings(edit) => moved_to = edit.place.as_ref().or(moved_to),
                Publish::Delete => goes = true,
                _ => {}
            }
        }
        let place = moved_to.and_then(|place| match place {
            Place::Id(id) => Some(*id),
            Place::Folder(_) => None,
        });
        filled.extend(place);
        if let Some(id) = change.article_id().filter(|_| goes || moved_to.is_some()) {
            leave.insert(id, place);
        }
    }
    let left: BTreeSet<CollectionId> =
        leave.keys().filter_map(|id| live.articles.get(id)).flat_map(|found| live.places(&found.article)).collect();
    for id in left {
        let Some(collection) = live.collections.get(&id) else { continue };
        let has_child = live.collections.values().any(|other| other.parent_id == Some(id));
        let keeps = live
            .articles
            .iter()
            .any(|(article, found)| !leave.contains_key(article) && live.places(&found.article).contains(&id));
        if !has_child && !keeps && !filled.contains(&id) {
            plan.notes.push(format!(
                "the collection `{}` ({id}) holds nothing any more: it stays, and customers do not see it; delete it in Intercom if it is not needed",
                collection.name.trim()
            ));
        }
    }
}
