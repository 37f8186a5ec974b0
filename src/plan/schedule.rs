//! When an article goes live and offline by itself.
//!
//! A date that has come is no error. One of going live has nothing to say any more; one of going
//! offline makes the article a draft. A date to come is Intercom's schedule where nobody can see the
//! article yet; behind a live article nothing but the draft waits, for Intercom's schedule would hold
//! what else is written, too. The time is that at which Live was fetched.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::differences::{Differences, Waits};
use super::field::{Field, FieldChange};
use super::inputs::Inputs;
use super::locale_plan::LocalePlan;
use super::row::Row;
use super::settled::Settled;
use super::side::{Side, side as side_of};
use super::step::{Publish, SettingsEdit};
use super::wanted::Wanted;
use crate::book;
use crate::intercom::model::{Article, Locale, Schedule, State};
use crate::live::LiveArticle;
use crate::record::Address;

/// The state that the docs want of a text. `file` is its article.
pub(super) fn state(inputs: Inputs<'_>, file: &book::Article, content: &book::Content) -> Option<State> {
    let said = content.state.or(inputs.rules.state);
    if file.settings.unpublish_at.is_some_and(|at| at <= inputs.live.fetched_at) {
        return Some(State::Draft);
    }
    let is_default = content.path == file.path;
    said.or((is_default && publish_at(inputs, file).is_some()).then_some(State::Published))
}

/// When an article is to go live, if that is yet to come.
pub(super) fn publish_at(inputs: Inputs<'_>, file: &book::Article) -> Option<Timestamp> {
    file.settings.publish_at.filter(|at| *at > inputs.live.fetched_at)
}

/// When it is to go offline, if that is yet to come.
pub(super) fn unpublish_at(inputs: Inputs<'_>, file: &book::Article) -> Option<Timestamp> {
    file.settings.unpublish_at.filter(|at| *at > inputs.live.fetched_at)
}

/// The dates of the docs that Intercom has as its schedule already.
pub(super) fn in_force(
    inputs: Inputs<'_>,
    file: &book::Article,
    article: &Article,
) -> (Option<Timestamp>, Option<Timestamp>) {
    let (publish, unpublish) = scheduled(article);
    (
        publish_at(inputs, file).filter(|at| publish == Some(*at)),
        unpublish_at(inputs, file).filter(|at| unpublish == Some(*at)),
    )
}

/// Intercom's schedules. What waited for its time has no meaning any more.
fn scheduled(article: &Article) -> (Option<Timestamp>, Option<Timestamp>) {
    let time = |at: Option<i64>| at.and_then(|at| Timestamp::from_second(at).ok());
    (time(article.scheduled_publish_at), time(article.scheduled_unpublish_at))
}

/// Whose each date of an article is, and has its default locale go live when its time comes.
pub(super) fn add(row: &Row<'_>, file: &book::Article, change: &mut Option<LocalePlan>, differences: &mut Differences) {
    let (publish, unpublish) = scheduled(row.theirs());
    let known = row.record.map(|record| (record.settings.publish_at, record.settings.unpublish_at));
    let (known_publish, known_unpublish) = known.unwrap_or_default();
    let is_hidden = row.theirs().state == State::Draft && !row.is_live_elsewhere;
    match publish_at(row.inputs, file) {
        Some(at) if is_hidden => {
            let side = side(row, at, publish, known_publish);
            if row.state == Some(State::Published) {
                differences.add(side, shown(Field::PublishAt, publish, Some(at)));
                // A text that is left alone goes live at its time anyway.
                let goes_live = change.as_ref().and_then(live_step).is_some();
                if side == Side::Ours && publish.is_some() && !goes_live {
                    differences.publish_at = Schedule::At(at);
                }
            }
            // What keeps it from going live keeps it from going live later.
            if let Some(change) = change.as_mut().filter(|change| live_step(change).is_some()) {
                change.shown.fields.retain(|field| field.field != Field::State);
                match side {
                    Side::Ours => change.publish.iter_mut().for_each(|step| {
                        if let Publish::Live { at: when, .. } = step {
                            *when = Some(at);
                        }
                    }),
                    _ => change.publish.retain(|step| !matches!(step, Publish::Live { .. })),
                }
            }
            if change.as_ref().is_some_and(is_empty) && !row.adopted {
                *change = None;
            }
        }
        Some(at) => {
            if let Some(change) = change.as_mut().filter(|change| change.shown.blocked.is_none()) {
                differences.waits = wait(change, at);
            }
        }
        // What we scheduled and the docs take back must not go live by itself.
        None if is_hidden && row.state == Some(State::Draft) && publish.is_some() && publish == known_publish => {
            differences.add(Side::Ours, shown(Field::PublishAt, publish, None));
            differences.publish_at = Schedule::Cancel;
        }
        None => {}
    }
    let publishes_now = change.as_ref().and_then(live_step).is_some_and(|at| at.is_none());
    let stays_live = row.theirs().state == State::Published && row.state != Some(State::Draft);
    match unpublish_at(row.inputs, file) {
        Some(at) if publishes_now || stays_live => {
            let side = side(row, at, unpublish, known_unpublish);
            differences.add(side, shown(Field::UnpublishAt, unpublish, Some(at)));
            if side == Side::Ours {
                differences.unpublish_at = Schedule::At(at);
            }
        }
        // A past date is no date that was taken back.
        None if file.settings.unpublish_at.is_none() && unpublish.is_some() && unpublish == known_unpublish => {
            differences.add(Side::Ours, shown(Field::UnpublishAt, unpublish, None));
            differences.unpublish_at = Schedule::Cancel;
        }
        _ => {}
    }
}

fn side(row: &Row<'_>, at: Timestamp, live: Option<Timestamp>, known: Option<Timestamp>) -> Side {
    let side = side_of(&Some(at), Some(&live), known.map(Some).as_slice());
    if side > Side::Ours && row.overwrites() { Side::Ours } else { side }
}

fn shown(field: Field, old: Option<Timestamp>, new: Option<Timestamp>) -> FieldChange {
    let text = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
    FieldChange::new(field, text(old), text(new))
}

/// When the default locale goes live by a change, if it does.
fn live_step(change: &LocalePlan) -> Option<Option<Timestamp>> {
    change.publish.iter().find_map(|step| match step {
        Publish::Live { at, .. } => Some(*at),
        _ => None,
    })
}

fn is_empty(change: &LocalePlan) -> bool {
    change.stage.is_none()
        && change.publish.is_empty()
        && change.shown.drift.is_none()
        && change.shown.blocked.is_none()
}

/// Takes out of a change what a customer would see before its time. The settings wait with the draft:
/// beside it they would become a part of it.
fn wait(change: &mut LocalePlan, at: Timestamp) -> Waits {
    if !change.publish.iter().any(Publish::goes_live) {
        return Waits::No;
    }
    change.publish.retain(|step| !step.goes_live() && !matches!(step, Publish::Settings(_) | Publish::Tags(_)));
    change.shown.notes.push(format!("it waits until {at}"));
    Waits::ForItsTime
}

/// Has the other locales of an article wait for its time as well. They go live by the schedule of the
/// default locale where one request sets it; else by the first `publish` after it.
pub(super) fn hold_others(
    inputs: Inputs<'_>,
    file: &book::Article,
    found: Option<&LiveArticle>,
    rows: &mut BTreeMap<Locale, LocalePlan>,
) -> Vec<Settled> {
    let default = &inputs.rules.locale;
    let Some(at) = publish_at(inputs, file) else { return Vec::new() };
    if rows.get(default).and_then(live_step).flatten().is_some() {
        return Vec::new();
    }
    let is_live = found.is_some_and(|found| !found.published(default).is_empty());
    let mut settled = Vec::new();
    rows.retain(|locale, row| {
        if locale == default || wait(row, at) == Waits::No || is_live {
            return true;
        }
        row.shown.notes.pop();
        row.shown.fields.retain(|field| field.field != Field::State);
        match (is_empty(row), &row.shown.wanted, found) {
            (true, Some(wanted), Some(article)) => {
                settled.push(hidden(row, wanted, article));
                false
            }
            _ => true,
        }
    });
    settled
}

/// A text that waits unseen, as the docs say it.
fn hidden(row: &LocalePlan, wanted: &Wanted, article: &LiveArticle) -> Settled {
    Settled {
        id: article.article.id,
        locale: row.shown.locale.clone(),
        path: row.shown.path.clone(),
        pair: None,
        images: BTreeMap::new(),
        found: State::Draft,
        has_no_draft: article.draft.is_none(),
        address: Address::of(&article.article),
        state: wanted.state,
        collection: wanted.collection,
        settings: wanted.settings.clone(),
    }
}

/// Schedules a new article: one that is to go live later does, and one that goes live at once may go
/// offline later.
pub(super) fn add_to_new(inputs: Inputs<'_>, file: &book::Article, change: &mut LocalePlan) {
    if live_step(change).is_none() {
        return;
    }
    if let Some(time) = publish_at(inputs, file) {
        change.shown.field(Field::PublishAt, "", time.to_string());
        for step in &mut change.publish {
            if let Publish::Live { at, .. } = step {
                *at = Some(time);
            }
        }
    } else if let Some(at) = unpublish_at(inputs, file) {
        change.shown.field(Field::UnpublishAt, "", at.to_string());
        let edit = SettingsEdit { unpublish_at: Schedule::At(at), ..SettingsEdit::default() };
        change.publish.push(Publish::Settings(edit));
    }
}
