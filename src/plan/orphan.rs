//! Live articles that Base knows and whose files are gone.
//!
//! By policy they are named, go offline or are deleted; without a whole list, or limited to some
//! paths, or where a file could not be read, nothing counts as an orphan.

use std::collections::BTreeMap;

use super::matching::{Match, With, is_ignored};
use super::model::{Action, Blocked, Change, Content, Field, Plan, Publish, Seen, Subject};
use super::text::{Writer, is_ours};
use super::{Inputs, Theirs};
use crate::config::Orphans;
use crate::intercom::model::State;
use crate::text::DocPath;

pub(super) fn plan(inputs: Inputs<'_>, matched: &BTreeMap<DocPath, Match>, plan: &mut Plan) {
    let Inputs { book, base, live, rules } = inputs;
    if !live.is_complete || !rules.paths.is_empty() || book.has_errors() {
        return;
    }
    let claimed = |id| {
        matched.values().any(|found| match &found.with {
            With::Id(claimed) | With::Gone(claimed) | With::Adopted(claimed) => *claimed == id,
            With::New | With::TitleTaken(_) => false,
        })
    };
    for ((id, locale), record) in &base.articles {
        let Some(found) = live.articles.get(id).filter(|_| !claimed(*id) && *locale == rules.locale) else { continue };
        if is_ignored(inputs, &found.article) {
            continue;
        }
        let subject = Subject::Article { path: record.path.clone() };
        let mut change = Change::new(subject, Some(id.0), &found.article.title, locale);
        change.seen = Some(Seen::of(&found.article, found.draft.as_ref()));
        let state = found.article.state;
        let removes =
            rules.orphans == Orphans::Delete || rules.orphans == Orphans::Unpublish && state == State::Published;
        let pending = found.draft.as_ref().filter(|draft| !is_ours(draft, Some(record), Writer::Unknown));
        if removes && pending.is_some() && rules.theirs == Theirs::Kept {
            plan.changes.push(change.blocked(Blocked::new(
                "its file is gone, and a teammate's draft is pending in Intercom",
                "publish or discard that draft in Intercom first",
            )));
            continue;
        }
        match rules.orphans {
            Orphans::Unpublish if state == State::Published => {
                change.action = Action::Unpublish;
                change.field(Field::State, "published", "draft");
                change.publish.push(Publish::Offline { content: Content::default() });
            }
            Orphans::Delete => {
                change.action = Action::Delete;
                change.field(Field::State, state.to_string(), "deleted");
                change.publish.push(Publish::Delete);
            }
            Orphans::Report | Orphans::Unpublish => {
                change.action = Action::Orphan;
                let stays = if state == State::Published { "it stays live" } else { "it stays a draft" };
                change.notes.push(format!("its file is gone; {stays}"));
            }
        }
        plan.changes.push(change);
    }
}
