//! One article: a change in each locale, put together into one.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Action, Blocked, Change, Subject};
use super::content::{Content, Translations};
use super::desired::{Desired, admin};
use super::document::Plan;
use super::field::{Field, FieldChange};
use super::inputs::{Inputs, Theirs};
use super::locales::Locales;
use super::matching::{Match, With};
use super::orphan;
use super::places::Places;
use super::row::Row;
use super::settled::Settled;
use super::show::{place_name, show_body};
use super::step::{Place, Publish, Stage};
use super::wanted::Wanted;
use super::{schedule, settings};
use crate::book;
use crate::intercom::model::{AdminId, ArticleId, Locale, State};
use crate::live::{InLocale, LiveArticle};
use crate::text::DocPath;
use crate::threads;

/// How many articles are planned in one go.
const SHARE: usize = 8;

/// What has to change about the articles that are meant.
pub(super) fn plan_all(inputs: Inputs<'_>, places: &Places<'_>, matched: &BTreeMap<DocPath, Match<'_>>) -> Plan {
    let meant: Vec<_> = matched.iter().filter(|(path, _)| inputs.rules.means(path.as_str())).collect();
    // Of most articles there is nothing to say, so a few share a plan.
    let shares: Vec<_> = meant.chunks(SHARE).collect();
    let parts = threads::map(&shares, |share| {
        let mut part = Plan::new(inputs.live);
        share.iter().for_each(|(path, found)| plan(inputs, places, &inputs.book.articles[*path], found, &mut part));
        part
    });
    let mut all = Plan::new(inputs.live);
    parts.into_iter().for_each(|part| all.add(part));
    all
}

/// Adds what has to change about one article to the plan: a row per locale, put together.
fn plan(inputs: Inputs<'_>, places: &Places<'_>, file: &book::Article, found: &Match<'_>, plan: &mut Plan) {
    let Inputs { live, rules, .. } = inputs;
    let is_meant = rules.means_locale(&rules.locale);
    let id = match found.with {
        With::Id(id) | With::Gone(id) | With::Adopted(id) => Some(id),
        With::New | With::TitleTaken(_) => None,
    };
    let subject = Subject::Article { path: file.path.clone() };
    let change = Change::new(subject, id.map(|id| id.0), &file.content.title, &rules.locale);
    let blocked = |blocked: Blocked| change.clone().blocked(blocked);
    let said = match (&found.desired, places.of(&file.collection)) {
        (Ok(desired), Ok(place)) => Ok((desired, place)),
        (Err(reason), _) => Err(reason.clone()),
        (_, Err(reason)) => Err(reason),
    };
    let id = match (&found.with, said.clone()) {
        (With::Id(id), _) => *id,
        (With::Gone(id), Ok(_)) => {
            return plan.changes.push(blocked(Blocked::new(
                format!("article {id} was deleted in Intercom"),
                format!("remove `id` from `{}` to create it anew, or delete the file", file.path),
            )));
        }
        // Without its default locale an article is neither created nor adopted.
        _ if !is_meant => return,
        (_, Err(reason)) => return plan.changes.push(blocked(reason)),
        (With::TitleTaken(ids), _) => {
            return plan.changes.push(blocked(Blocked::new(
                format!("article {} has this title and other content, and no file claims it", ids[0]),
                format!(
                    "write `id: {}` into `{}` if it is the same article, or run with `--create` to make another one",
                    ids[0], file.path
                ),
            )));
        }
        (With::New, Ok((desired, place))) => {
            return plan.changes.push(new_article(inputs, file, (desired, &found.translations), place, change));
        }
        (With::Adopted(id), Ok(_)) => *id,
    };
    let found_article = &live.articles[&id];
    // What stands in the root would be taken for another language.
    if let Some(default) = found_article.article.default_locale.as_ref().filter(|default| **default != rules.locale) {
        return plan.changes.push(blocked(Blocked::new(
            format!("its default locale in Intercom is `{default}`, and not `{}`", rules.locale),
            format!("write `default_locale: {default}` into `helpbook.yml`"),
        )));
    }
    let InLocale::There(view) = found_article.in_locale(&rules.locale, &rules.locale) else { return };
    let mut row = None;
    let mut settled = Vec::new();
    let said = said.and_then(|said| Ok((said, settings::wanted(inputs, Some(file), &file.content)?)));
    let root = match said {
        _ if !is_meant => None,
        Err(reason) => Some(blocked(reason)),
        Ok(((desired, place), mut settings)) => {
            (settings.publish_at, settings.unpublish_at) = schedule::standing(inputs, file, &found_article.article);
            let row = row.insert(Row {
                place,
                state: schedule::state(inputs, file, &file.content),
                adopted: matches!(found.with, With::Adopted(_)),
                ..Row::new(inputs, (id, &rules.locale), &file.content, (desired, settings), (found_article, &view))
            });
            if row.is_unlisted() {
                plan.notes.push(format!(
                    "`{}` is published in no collection, so only its address leads to it: put the file into a folder, or name a `collection`",
                    file.path
                ));
            }
            if row.is_in_several() {
                plan.notes.push(format!(
                    "`{}` stands in several collections in Intercom, as in several Help Centers: it is not moved; move it there",
                    file.path
                ));
            }
            row.ask_for_versions(found_article, plan);
            let root = row.change(change.clone());
            let root = settings::add(row, Some(file), found_article, root, change.clone());
            if root.is_none() {
                settled.push(row.settled(id));
                if let Some(draft) = &row.found.draft {
                    let by = row.drafted_by(draft);
                    plan.notes
                        .push(format!("`{}`: a draft by {by} is pending in Intercom; it is left alone", file.path));
                }
            }
            root
        }
    };
    let mut others: BTreeMap<Locale, Change> = BTreeMap::new();
    for (locale, content) in file.translations.iter().filter(|(locale, _)| rules.means_locale(locale)) {
        let Some(desired) = found.translations.get(locale) else { continue };
        let said = (content, desired, schedule::state(inputs, file, content));
        let part = translation(inputs, (id, locale), said, found_article, plan, &mut settled);
        others.extend(part.map(|part| (locale.clone(), part)));
    }
    let found = Some((id, found_article));
    settled.append(&mut schedule::hold_others(inputs, file, found, root.as_ref(), &mut others));
    others.extend(orphan::locales(inputs, id, file));
    plan.settled.append(&mut settled);
    if root.is_none() && others.is_empty() {
        plan.summary.unchanged += 1;
        return;
    }
    let wanted = row.map(|row| row.wanted(&BTreeSet::new()));
    plan.changes.push(Locales::new(inputs, found_article, wanted, others).join(root, change));
}

/// What has to change about an article in another locale than the default one.
fn translation(
    inputs: Inputs<'_>,
    (id, locale): (ArticleId, &Locale),
    (content, desired, state): (&book::Content, &Result<Desired<'_>, Blocked>, Option<State>),
    found: &LiveArticle,
    plan: &mut Plan,
    settled: &mut Vec<Settled>,
) -> Option<Change> {
    let Inputs { record, rules, .. } = inputs;
    let subject = Subject::Article { path: content.path.clone() };
    let change = Change::new(subject, Some(id.0), &content.title, locale);
    let view = match found.in_locale(locale, &rules.locale) {
        InLocale::There(view) => view,
        InLocale::Unknown => {
            return Some(change.blocked(Blocked::new(
                format!("Intercom does not say what it holds in `{locale}`, so nothing is written there"),
                format!("make the Help Center multilingual, with `{locale}`, or remove it from `locales`"),
            )));
        }
        InLocale::Missing => {
            let was_there = record.articles.contains_key(&(id, locale.clone()));
            if was_there && rules.theirs == Theirs::Kept {
                return Some(change.blocked(Blocked::new(
                    format!("its text in `{locale}` was removed in Intercom"),
                    format!("remove `{}`, or run `helpbook apply --overwrite {0}` to add it again", content.path),
                )));
            }
            let author = found.article.author_id.filter(|author| inputs.live.admins.contains_key(author));
            return Some(new_translation(inputs, locale, (content, desired, state), author, change));
        }
    };
    let desired = match desired {
        Ok(desired) => desired,
        Err(reason) => return Some(change.blocked(reason.clone())),
    };
    let settings = match settings::wanted(inputs, None, content) {
        Ok(settings) => settings,
        Err(reason) => return Some(change.blocked(reason)),
    };
    let row = Row { state, ..Row::new(inputs, (id, locale), content, (desired, settings), (found, &view)) };
    row.ask_for_versions(found, plan);
    let changed = settings::add(&row, None, found, row.change(change.clone()), change);
    if changed.is_none() {
        settled.push(row.settled(id));
        if let Some(draft) = &row.found.draft {
            let by = row.drafted_by(draft);
            plan.notes.push(format!("`{}`: a draft by {by} is pending in Intercom; it is left alone", content.path));
        }
    }
    changed
}

/// The text of a locale that Intercom has not yet.
fn new_translation(
    inputs: Inputs<'_>,
    locale: &Locale,
    (file, desired, state): (&book::Content, &Result<Desired<'_>, Blocked>, Option<State>),
    author: Option<AdminId>,
    mut change: Change,
) -> Change {
    let desired = match desired {
        Ok(desired) => desired,
        Err(reason) => return change.blocked(reason.clone()),
    };
    let state = state.unwrap_or(State::Draft);
    let author = desired.author.or(author);
    show_new(inputs, &mut change, desired, state);
    change.wanted = Some(wanted_new(desired, state, author));
    let content = Content { author, ..whole(desired) };
    if state == State::Published {
        change.publish.push(Publish::Locales { translations: [(locale.clone(), content.clone())].into() });
    }
    change.stage = Some(Stage::Update { content, place: None, translations: Translations::new() });
    match settings::add_to_new(inputs, None, file, &mut change) {
        Ok(()) => change,
        Err(reason) => change.blocked(reason),
    }
}

fn show_new(inputs: Inputs<'_>, change: &mut Change, desired: &Desired<'_>, state: State) {
    change.action = Action::Create;
    change.field(Field::State, "", state.to_string());
    if let Some(description) = desired.description.as_ref().filter(|text| !text.is_empty()) {
        change.field(Field::Description, "", description);
    }
    show_body(change, inputs, desired, None);
}

fn wanted_new(desired: &Desired<'_>, state: State, author: Option<AdminId>) -> Wanted {
    Wanted { author, ..desired.wanted(Some(state)) }
}

/// Everything that a file says, as it is sent.
fn whole(desired: &Desired<'_>) -> Content {
    Content {
        title: Some(desired.title.clone()),
        description: desired.description.clone().filter(|text| !text.is_empty()),
        body: Some(desired.written().html.clone()),
        author: desired.author,
        images: desired.written().images.clone(),
        ..Content::default()
    }
}

fn new_article(
    inputs: Inputs<'_>,
    file: &book::Article,
    (desired, translations): (&Desired<'_>, &BTreeMap<Locale, Result<Desired<'_>, Blocked>>),
    place: Option<Place>,
    mut change: Change,
) -> Change {
    let Inputs { live, rules, .. } = inputs;
    if !live.is_complete {
        return change.blocked(Blocked::new(
            "Intercom's list of articles stayed incomplete, so it may be there already",
            "run it again",
        ));
    }
    let author = match (desired.author, &rules.author) {
        (Some(author), _) => author,
        (None, Some(author)) => match admin(inputs, author, None) {
            Ok(author) => author,
            Err(blocked) => return change.blocked(blocked),
        },
        (None, None) => live.me.id,
    };
    let state = schedule::state(inputs, file, &file.content).unwrap_or(State::Draft);
    show_new(inputs, &mut change, desired, state);
    if let Some(place) = &place {
        change.fields.insert(1, FieldChange::new(Field::Collection, "", place_name(inputs, place)));
    }
    change.wanted = Some(wanted_new(desired, state, Some(author)));
    let content = Content { author: Some(author), ..whole(desired) };
    change.stage = Some(Stage::Create { content, author, place, translations: Translations::new() });
    if state == State::Published {
        change.publish.push(Publish::Live { translations: Translations::new(), at: None });
    }
    if let Err(reason) = settings::add_to_new(inputs, Some(file), &file.content, &mut change) {
        return change.blocked(reason);
    }
    let mut parts = Locales::of_new(inputs);
    for (locale, content) in file.translations.iter().filter(|(locale, _)| rules.means_locale(locale)) {
        let Some(desired) = translations.get(locale) else { continue };
        let subject = Subject::Article { path: content.path.clone() };
        let part = Change::new(subject, None, &content.title, locale);
        let said = (content, desired, schedule::state(inputs, file, content));
        parts.others.insert(locale.clone(), new_translation(inputs, locale, said, Some(author), part));
    }
    schedule::hold_others(inputs, file, None, Some(&change), &mut parts.others);
    parts.join(Some(change.clone()), change)
}
