//! The guard against taking many articles from the customers in one go.

use std::collections::BTreeSet;

use super::change::Change;
use super::document::Plan;
use super::step::Publish;
use crate::intercom::model::ArticleId;
use crate::record::Record;

/// This many may go without being asked for.
const FEW: usize = 10;

/// From this many managed articles on, a share counts, too.
const MANY_MANAGED: usize = 20;

/// More removals than may go unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    /// How many articles would go offline or be deleted.
    pub removals: usize,
    /// How many articles are managed.
    pub managed: usize,
}

/// Stops a plan that takes more than 10 articles from the customers, or more than a fifth of 20 or
/// more, unless exactly so many are allowed.
pub fn guard(plan: &Plan, record: &Record, allowed: Option<usize>) -> Option<Guard> {
    let removals = plan.changes.iter().filter(|change| change.publish.iter().any(Publish::removes)).count();
    let known: BTreeSet<ArticleId> = record.articles.keys().map(|(id, _)| *id).collect();
    let settled = plan.settled.iter().map(|settled| settled.id);
    let found: BTreeSet<ArticleId> = plan.changes.iter().filter_map(Change::article_id).chain(settled).collect();
    let managed = known.len().max(found.len());
    let share = managed >= MANY_MANAGED && removals * 5 > managed;
    let stops = (removals > FEW || share) && allowed.is_none_or(|allowed| removals > allowed);
    stops.then_some(Guard { removals, managed })
}
