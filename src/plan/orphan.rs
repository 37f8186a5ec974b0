//! Live articles that the record knows and whose files are gone.
//!
//! By policy they are named, go offline or are deleted; without a whole list, or limited to some
//! paths, or where a file could not be read, nothing counts as an orphan. The same goes for a locale
//! whose file is gone while its article stays; as no call deletes a locale, it goes offline at most.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Action, Blocked, Change, LocaleChange, Subject};
use super::content::Content;
use super::document::Plan;
use super::field::Field;
use super::inputs::{Inputs, Theirs};
use super::locale_plan::LocalePlan;
use super::matching::{Match, With, is_ignored};
use super::seen::Seen;
use super::step::Publish;
use crate::book;
use crate::config::Orphans;
use crate::intercom::model::{Article, ArticleId, Locale, State};
use crate::live::{InLocale, LiveArticle};
use crate::record::{ArticleRecord, stored_body, title};
use crate::text::DocPath;

pub(super) fn plan(inputs: Inputs<'_>, matched: &BTreeMap<DocPath, Match>, plan: &mut Plan) {
    let Inputs { record, live, rules, .. } = inputs;
    if !may_be_told(inputs) || !rules.means_locale(&rules.locale) {
        return;
    }
    let claimed: BTreeSet<ArticleId> = matched
        .values()
        .filter_map(|found| match &found.with {
            With::Id(claimed) | With::Gone(claimed) | With::Unreadable(claimed) | With::Adopted(claimed) => {
                Some(*claimed)
            }
            With::New | With::TitleTaken(_) => None,
        })
        .collect();
    for ((id, locale), known) in &record.articles {
        let Some(found) = live.articles.get(id).filter(|_| *locale == rules.locale && !claimed.contains(id)) else {
            continue;
        };
        if is_ignored(inputs, &found.article) {
            continue;
        }
        plan.changes.push(orphan(inputs, *id, known, found));
    }
}

/// What happens to an article whose own file is gone.
fn orphan(inputs: Inputs<'_>, id: ArticleId, known: &ArticleRecord, found: &LiveArticle) -> Change {
    let rules = inputs.rules;
    let ours = ours(inputs, id, found);
    let state = found.article.state;
    let title = &found.article.title;
    let mut change = Change::new(Subject::Article { path: known.path.clone() }, Some(id.0), title);
    change.seen = Some(Seen::of(found, &rules.locale, ours.keys()));
    let mut own = LocaleChange::new(&rules.locale, &known.path, title);
    if let Some(path) = inputs.book.left_out.get(&id) {
        return change.with(own).blocked(Blocked::new(
            format!("its `id` is in `{path}`, which is left out by its name or by `exclude`, so its file is not gone"),
            "rename that file, or change `exclude`; to give the article up, delete the file",
        ));
    }
    let is_live = state == State::Published || ours.values().any(|part| part.state == State::Published);
    let removes = rules.orphans == Orphans::Delete || rules.orphans == Orphans::Unpublish && is_live;
    let pending = found.pending(&rules.locale).into_iter().any(|locale| has_foreign_draft(inputs, id, &locale, found));
    let is_edited = |locale: &Locale| match found.in_locale(locale, &rules.locale) {
        InLocale::There(found) => {
            let record = inputs.record.articles.get(&(id, locale.clone()));
            found.article.state == State::Published && record.is_some_and(|record| !is_known(&found.article, record))
        }
        InLocale::Missing | InLocale::Unknown => false,
    };
    if removes && rules.theirs == Theirs::Kept && std::iter::once(&rules.locale).chain(ours.keys()).any(is_edited) {
        return change.with(own).blocked(edited());
    }
    if removes && pending && rules.theirs == Theirs::Kept {
        return change.with(own).blocked(Blocked::new(
            "its file is gone, and a teammate's draft is pending in Intercom",
            "publish or discard that draft in Intercom first",
        ));
    }
    match rules.orphans {
        Orphans::Unpublish if is_live => {
            let own = (state == State::Published).then_some(own);
            let others = ours.into_values().filter(|part| part.state == State::Published).map(|part| part.shown);
            for mut part in own.into_iter().chain(others) {
                part.action = Action::Unpublish;
                part.field(Field::State, "published", "draft");
                change = change.with(part);
            }
            change.action = Action::Unpublish;
            let texts = change.locales.keys().map(|locale| (locale.clone(), Box::default())).collect();
            change.publish.push(Publish::Offline { texts });
            return change;
        }
        Orphans::Delete if !foreign(inputs, &ours, found).is_empty() => {
            let locales = foreign(inputs, &ours, found);
            return change.with(own).blocked(Blocked::new(
                format!("its file is gone, and it is live in {}, which never had a file here", locales.join(", ")),
                "delete it in Intercom if that is meant",
            ));
        }
        Orphans::Delete => {
            own.action = Action::Delete;
            own.field(Field::State, state.to_string(), "deleted");
            change.publish.push(Publish::Delete);
        }
        Orphans::Report | Orphans::Unpublish => {
            own.action = Action::Orphan;
            let stays = if is_live { "it stays live" } else { "it stays a draft" };
            own.notes.push(format!("its file is gone; {stays}"));
        }
    }
    change.action = own.action;
    change.with(own)
}

/// The locales whose files are gone while the article's own is there.
pub(super) fn locales(inputs: Inputs<'_>, id: ArticleId, file: &book::Article) -> Vec<LocalePlan> {
    let Inputs { record, live, rules, .. } = inputs;
    let mut rows = Vec::new();
    let known = record.articles.of(id).filter(|(locale, _)| {
        **locale != rules.locale && rules.means_locale(locale) && !file.translations.contains_key(*locale)
    });
    let known = known.filter(|_| may_be_told(inputs));
    for (locale, record) in known {
        let Some(InLocale::There(found)) = live.articles.get(&id).map(|found| found.in_locale(locale, &rules.locale))
        else {
            continue;
        };
        let row = LocalePlan::new(locale, &record.path, &found.article.title);
        rows.push(self::locale(inputs, record, &found, row));
    }
    rows
}

fn locale(inputs: Inputs<'_>, record: &ArticleRecord, found: &LiveArticle, mut row: LocalePlan) -> LocalePlan {
    let rules = inputs.rules;
    let draft = found.draft.as_ref().filter(|draft| !is_known(draft, record));
    match (rules.orphans, found.article.state) {
        (Orphans::Unpublish | Orphans::Delete, State::Published) if draft.is_some() && rules.theirs == Theirs::Kept => {
            return row.blocked(Blocked::new(
                "its file is gone, and a teammate's draft is pending in Intercom",
                "publish or discard that draft in Intercom first",
            ));
        }
        (Orphans::Unpublish | Orphans::Delete, State::Published)
            if rules.theirs == Theirs::Kept && !is_known(&found.article, record) =>
        {
            return row.blocked(edited());
        }
        (Orphans::Unpublish | Orphans::Delete, State::Published) => {
            row.shown.action = Action::Unpublish;
            row.shown.field(Field::State, "published", "draft");
            row.publish.push(Publish::Offline { texts: row.texts(Content::default()) });
        }
        (_, state) => {
            row.shown.action = Action::Orphan;
            let stays = if state == State::Published { "it stays live" } else { "it stays a draft" };
            row.shown.notes.push(format!("its file is gone; {stays}"));
        }
    }
    row
}

/// A locale of an orphan that had a file.
struct Translated {
    state: State,
    shown: LocaleChange,
}

/// Whether what lacks a file can be told apart from what is not known.
fn may_be_told(inputs: Inputs<'_>) -> bool {
    inputs.live.is_complete && inputs.rules.paths.is_empty() && !inputs.book.has_errors()
}

/// The other locales of an article that had files.
fn ours(inputs: Inputs<'_>, id: ArticleId, found: &LiveArticle) -> BTreeMap<Locale, Translated> {
    let default = &inputs.rules.locale;
    let known = inputs.record.articles.of(id).filter(|(locale, _)| *locale != default);
    known
        .filter_map(|(locale, record)| match found.in_locale(locale, default) {
            InLocale::There(found) => {
                let shown = LocaleChange::new(locale, &record.path, &found.article.title);
                Some((locale.clone(), Translated { state: found.article.state, shown }))
            }
            InLocale::Missing | InLocale::Unknown => None,
        })
        .collect()
}

/// The locales in which customers read it and that never had a file.
fn foreign(inputs: Inputs<'_>, ours: &BTreeMap<Locale, Translated>, found: &LiveArticle) -> Vec<String> {
    let default = &inputs.rules.locale;
    let live = found.published(default).into_iter().filter(|locale| locale != default && !ours.contains_key(locale));
    live.map(|locale| format!("`{locale}`")).collect()
}

fn has_foreign_draft(inputs: Inputs<'_>, id: ArticleId, locale: &Locale, found: &LiveArticle) -> bool {
    let record = inputs.record.articles.get(&(id, locale.clone()));
    match found.in_locale(locale, &inputs.rules.locale) {
        InLocale::There(found) => {
            found.draft.as_ref().is_some_and(|draft| record.is_none_or(|record| !is_known(draft, record)))
        }
        InLocale::Missing | InLocale::Unknown => false,
    }
}

fn edited() -> Blocked {
    Blocked::new(
        "its file is gone, and its live text was changed in Intercom",
        "bring the file back and run `helpbook pull`, or run it with `--overwrite` if nobody needs that text",
    )
}

/// Whether a text that nothing in the docs says any more is one that we sent.
fn is_known(text: &Article, record: &ArticleRecord) -> bool {
    let (title, body) = (title(text), stored_body(text));
    record.pairs().any(|pair| pair.title == title && pair.body.stored == body)
}
