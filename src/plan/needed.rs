//! The collections that a part of a plan needs.

use std::collections::BTreeSet;

use super::change::{Change, Subject};
use super::document::Plan;
use super::inputs::Rules;
use super::step::{Place, Publish, Stage};

/// Of the collections only those that are meant, or that a new article needs.
pub(super) fn keep_needed_collections(rules: &Rules, plan: &mut Plan) {
    let needed = needed_collections(plan.changes.iter().filter(|change| rules.means(change.subject.path())));
    plan.changes.retain(|change| match &change.subject {
        Subject::Collection { folder } => rules.means(&folder.0) || needed.contains(&folder.0),
        Subject::Article { .. } => true,
    });
}

/// The folders of the collections that are not there yet and that some changes need.
pub(super) fn needed_collections<'a>(changes: impl Iterator<Item = &'a Change>) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    for change in changes {
        let place = match &change.stage {
            Some(Stage::Create { place, .. } | Stage::Update { place, .. }) => place.as_ref(),
            Some(Stage::CreateCollection { parent, .. }) => parent.as_ref(),
            _ => change.publish.iter().find_map(|step| match step {
                Publish::Settings(edit) => edit.place.as_ref(),
                _ => None,
            }),
        };
        let mut next = match place {
            Some(Place::Folder(folder)) => Some(folder.clone()),
            _ => None,
        };
        while let Some(folder) = next {
            next = folder.parent();
            needed.insert(folder.0);
        }
    }
    needed
}
