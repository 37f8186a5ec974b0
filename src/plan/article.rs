//! One article: the state table, row by row and locale by locale.
//!
//! Three cases, by what customers see: an article that is not in Intercom yet, one that nobody can
//! see, and one that is live. In each, what differs is first told apart by whose change it is; what
//! is theirs only is left alone and takes the live value, so that the rest can go on.

use std::collections::{BTreeMap, BTreeSet};

use super::desired::{Desired, admin};
use super::locales::Locales;
use super::matching::{Match, With};
use super::model::{
    Action, Blocked, BodyPair, Change, Content, Field, FieldChange, Place, Plan, Publish, SettingsEdit, Settled, Stage,
    Subject, Translations, Unseen, Wanted,
};
use super::orphan;
use super::show::{place_name, show_body};
use super::side::{self, Side, side};
use super::text::{self, Difference, Origin, Which};
use super::{Inputs, Places, Theirs};
use super::{schedule, settings};
use crate::book;
use crate::html;
use crate::html::image;
use crate::intercom::model::{AdminId, Article, ArticleId, CollectionId, Locale, State};
use crate::live::{InLocale, LiveArticle};
use crate::record::{self, ArticleRecord, Pair, Settings, stored_body};
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
            row.explain(id, plan);
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
    row.explain(id, plan);
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
    change.wanted = Some(wanted_new(file, desired, state, author));
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

fn wanted_new(content: &book::Content, desired: &Desired<'_>, state: State, author: Option<AdminId>) -> Wanted {
    Wanted { author, ..Wanted::of(content, desired, Some(state)) }
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
    change.wanted = Some(wanted_new(&file.content, desired, state, Some(author)));
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

/// An article that is in Intercom, in one locale, with all that decides about it.
pub(super) struct Row<'a> {
    pub(super) inputs: Inputs<'a>,
    pub(super) locale: &'a Locale,
    pub(super) file: &'a book::Content,
    pub(super) desired: &'a Desired<'a>,
    /// Where it is to stand; nothing in other locales than the default one.
    pub(super) place: Option<Place>,
    pub(super) state: Option<State>,
    /// What it is to be beside its text.
    pub(super) settings: Settings,
    pub(super) record: Option<&'a ArticleRecord>,
    /// The article in this locale.
    pub(super) found: &'a LiveArticle,
    pub(super) adopted: bool,
    /// Whether customers can read it in another locale.
    pub(super) is_live_elsewhere: bool,
}

impl<'a> Row<'a> {
    fn new(
        inputs: Inputs<'a>,
        (id, locale): (ArticleId, &'a Locale),
        file: &'a book::Content,
        (desired, mut settings): (&'a Desired<'a>, Settings),
        (article, found): (&'a LiveArticle, &'a LiveArticle),
    ) -> Self {
        // Nothing leads to what nobody can read.
        if found.article.state == State::Draft {
            settings.redirects.clear();
        }
        let default = &inputs.rules.locale;
        Self {
            inputs,
            locale,
            file,
            desired,
            place: None,
            state: file.state.or(inputs.rules.state),
            settings,
            record: inputs.record.articles.get(&(id, locale.clone())),
            found,
            adopted: false,
            is_live_elsewhere: article.published(default).iter().any(|other| other != locale),
        }
    }

    /// Has the versions fetched where nothing else says who wrote a text.
    fn ask_for_versions(&self, article: &LiveArticle, plan: &mut Plan) {
        let asks = |which| {
            text::difference(self.inputs, self.desired, self.found, which).is_some_and(|found| found.asks_for_versions)
        };
        if self.found.versions().is_none() && (self.asks_who_published() || asks(Which::Live) || asks(Which::Draft)) {
            let is_multilingual = article.article.translated_content.is_some();
            plan.undecided.insert((article.article.id, is_multilingual.then(|| self.locale.clone())));
        }
    }

    fn settled(&self, id: ArticleId) -> Settled {
        let theirs = self.theirs();
        let known = self.record.filter(|record| record.merged.is_empty()).and_then(|record| match theirs.state {
            State::Published => record.live.as_ref(),
            State::Draft => record.staged.as_ref(),
        });
        let wanted = Wanted::of(self.file, self.desired, self.state);
        let is_up_to_date = known.is_some_and(|pair| {
            pair.has_todays_rules()
                && pair.body.stored == stored_body(theirs)
                && pair.body.sent.as_ref() == Some(self.desired.digest())
                && pair.blob.as_ref() == Some(self.file.blob())
                && pair.title == record::title(theirs)
                && self.desired.description.as_ref().is_none_or(|_| pair.description == record::description(theirs))
                && self.desired.author.is_none_or(|_| pair.author == theirs.author_id)
        });
        let pair = (!is_up_to_date).then(|| {
            let mut pair = wanted.pair(theirs, &self.desired.linked.own);
            // What the docs do not say is not taken from Intercom either.
            if let Some(former) = self.record.and_then(|record| record.live_pairs().next()) {
                if self.desired.description.is_none() {
                    pair.description.clone_from(&former.description);
                }
                if self.desired.author.is_none() {
                    pair.author = former.author;
                }
            }
            pair
        });
        let images = match &pair {
            Some(_) if !wanted.images.is_empty() => image::origins(&wanted.images, &super::desired::parsed(theirs)),
            _ => BTreeMap::new(),
        };
        Settled {
            id,
            locale: self.locale.clone(),
            path: self.file.path.clone(),
            pair,
            images,
            found: theirs.state,
            has_no_draft: self.found.draft.is_none(),
            has_address: theirs.url.is_some(),
            state: self.state,
            collection: self.stands_in(),
            settings: self.settings.clone(),
        }
    }

    /// The collection that it is to stand in, if it stands there already.
    fn stands_in(&self) -> Option<CollectionId> {
        match self.place {
            Some(Place::Id(id)) => self.inputs.live.places(self.theirs()).contains(&id).then_some(id),
            Some(Place::Folder(_)) | None => None,
        }
    }

    fn is_default(&self) -> bool {
        *self.locale == self.inputs.rules.locale
    }

    pub(super) fn theirs(&self) -> &Article {
        &self.found.article
    }

    /// Whether it is live, and neither the docs nor Intercom put it anywhere.
    fn is_unlisted(&self) -> bool {
        let is_live = self.theirs().state == State::Published && self.state != Some(State::Draft);
        is_live && self.place.is_none() && self.theirs().parent_ids.is_empty()
    }

    /// Whether it stands in several collections, and not where the docs put it.
    fn is_in_several(&self) -> bool {
        let places = self.inputs.live.places(self.theirs());
        let is_there = |wanted: &Place| matches!(wanted, Place::Id(id) if places.contains(id));
        places.len() > 1 && self.place.as_ref().is_some_and(|wanted| !is_there(wanted))
    }

    pub(super) fn overwrites(&self) -> bool {
        self.inputs.rules.theirs == Theirs::Overwritten
    }

    /// What the docs say, with the fields that are left alone.
    pub(super) fn wanted(&self, left: &BTreeSet<Field>) -> Wanted {
        Wanted {
            author: self.author(left),
            collection: self.stands_in(),
            settings: self.settings.clone(),
            ..Wanted::of(self.file, self.desired, self.state)
        }
    }

    fn change(&self, change: Change) -> Option<Change> {
        let mut change = match self.theirs().state {
            State::Draft => self.hidden(change),
            State::Published => self.published(change),
        }?;
        let left = change.drift.iter().flat_map(|drift| drift.fields.iter().copied()).collect();
        let is_staged = change.stage.is_none() && change.publish.contains(&self.publish_draft());
        change.wanted = Some(Wanted {
            staged: self.found.draft.as_ref().filter(|_| is_staged).map(|draft| Box::new(self.staged(draft, &left))),
            ..self.wanted(&left)
        });
        if change.stage.is_some() && self.desired.linked.renews(&self.file.path) {
            change.notes.push("its links follow headings whose ids change with this plan".to_owned());
            if change.body.iter().all(|line| matches!(line, html::diff::Line::Same(_))) {
                change.body.clear();
                change.sides = BodyPair::default();
            }
        }
        let _writes = change.stage.is_some() || !change.publish.is_empty();
        if self.adopted && change.blocked.is_none() {
            if change.stage.is_none() {
                change.stage = Some(Stage::Adopt);
            }
            change.action = Action::Adopt;
        }
        Some(change)
    }

    /// The pair of a draft that is as wanted, but for what is a teammate's: of that stays what is known.
    fn staged(&self, draft: &Article, left: &BTreeSet<Field>) -> Pair {
        let wanted = self.wanted(left);
        let mut pair = wanted.pair(draft, &self.desired.linked.own);
        let of_draft = text::difference(self.inputs, self.desired, self.found, Which::Draft).unwrap_or_default();
        let teammates = of_draft.all().into_iter().filter_map(Field::key).collect();
        wanted.leave(&mut pair, self.record.and_then(|record| record.draft_pairs().next()), &teammates);
        pair
    }

    /// The differences of one of the article's texts, with `--overwrite` all of them ours.
    pub(super) fn difference(&self, which: Which) -> Option<Difference> {
        let mut difference = text::difference(self.inputs, self.desired, self.found, which)?;
        if self.overwrites() {
            difference.overwrite();
        }
        Some(difference)
    }

    /// Whose the state of a live article is that the docs want offline.
    pub(super) fn wants_it_offline(&self) -> Side {
        match self.record {
            Some(record) if !self.overwrites() => {
                let found = self.theirs().state;
                side(&State::Draft, Some(&found), &[record.state_beside(found)])
            }
            // Without a record only the versions say who made it live.
            None if !self.overwrites() => {
                let newest = self.found.versions().and_then(|versions| versions.newest.as_ref());
                let is_web = newest.is_some_and(|version| version.created_via.as_deref() == Some("web"));
                if is_web { Side::Theirs } else { Side::Ours }
            }
            _ => Side::Ours,
        }
    }

    /// Whether a state that is not as the docs want it is a teammate's.
    pub(super) fn is_state_theirs(&self) -> bool {
        match self.theirs().state {
            State::Draft => self.was_taken_offline() && !self.overwrites(),
            State::Published => self.wants_it_offline() == Side::Theirs,
        }
    }

    /// Whether it was live once and somebody took it offline in Intercom. The record says so; an
    /// address alone says it of an article that went live and offline without us.
    pub(super) fn was_taken_offline(&self) -> bool {
        let theirs = self.theirs();
        let by_us = |record: &ArticleRecord| {
            record.taken_offline || record.settings.unpublish_at.is_some_and(|at| at <= self.inputs.live.fetched_at)
        };
        let was_live = |record: &ArticleRecord| record.state_beside(theirs.state) == State::Published;
        match self.record {
            Some(record) => !by_us(record) && (was_live(record) || theirs.url.is_some()),
            None => theirs.url.is_some(),
        }
    }

    /// Whether only the versions say who published an article that the docs want offline.
    fn asks_who_published(&self) -> bool {
        let is_published = self.theirs().state == State::Published;
        is_published && self.state == Some(State::Draft) && self.record.is_none()
    }

    /// An article that no customer can see: never published, or taken offline.
    fn hidden(&self, mut change: Change) -> Option<Change> {
        let theirs = self.theirs();
        let difference = self.difference(Which::Live)?;
        let moved = self.moved();
        if let Some(both) = both(&difference, &moved) {
            return Some(self.conflict(change, &both, &difference, &moved));
        }
        change.notes.extend(difference.notes.iter().cloned());
        let mut drifted = difference.theirs.clone();
        if !difference.ours.is_empty() || moved.ours.is_some() {
            self.show(&mut change, theirs, &difference.ours);
            self.show_move(&mut change, moved.ours.as_ref());
            change.action = if difference.ours.is_empty() { Action::Move } else { Action::Update };
            // Where it stands is seen by those who read it in another locale.
            let (at_once, at_publish) =
                if self.is_live_elsewhere { (None, moved.ours.clone()) } else { (moved.ours.clone(), None) };
            if !difference.ours.is_empty() || at_once.is_some() {
                let content = self.content(&difference.ours, &difference.theirs);
                change.stage = Some(Stage::Update { content, place: at_once, translations: Translations::new() });
            }
            change.publish.extend(at_publish.map(|place| Publish::Settings(SettingsEdit::to_place(place))));
        }
        drifted.extend(moved.theirs.then_some(Field::Collection));
        let mut refuses = None;
        if self.state == Some(State::Published) {
            // A description that a teammate wrote would go live with the rest, and nobody asked for it.
            let slipped_in = self.has_unknown_description();
            drifted.extend(slipped_in.then_some(Field::Description));
            if self.was_taken_offline() && !self.overwrites() {
                drifted.insert(Field::State);
                refuses = Some("it was taken offline in Intercom".to_owned());
            } else if difference.theirs.is_empty() && !slipped_in {
                if self.was_taken_offline() {
                    change.notes.push(
                        "it was taken offline in Intercom; only `--overwrite` with `--publish` makes it live again"
                            .to_owned(),
                    );
                }
                change.field(Field::State, "draft", "published");
                change.publish.push(self.go_live(&difference.theirs));
                if change.stage.is_none() {
                    change.action = Action::Publish;
                }
            } else {
                refuses = Some("its text was changed in Intercom, and publishing would make that text live".to_owned());
            }
        }
        self.add_drift(&mut change, drifted, refuses);
        self.adopted_or_changed(change)
    }

    /// Whether the docs say nothing of the description, and the record does not know the one in
    /// Intercom.
    fn has_unknown_description(&self) -> bool {
        let stored = record::description(self.theirs());
        let is_known = |record: &ArticleRecord| record.pairs().any(|pair| pair.description == stored);
        self.desired.description.is_none() && !self.overwrites() && self.record.is_some_and(|record| !is_known(record))
    }

    /// A live article: text goes behind it as a draft, everything else waits for publish.
    fn published(&self, mut change: Change) -> Option<Change> {
        let theirs = self.theirs();
        let difference = self.difference(Which::Live)?;
        let draft = self.found.draft.as_ref();
        let of_draft = self.difference(Which::Draft);
        let draft_is_known = of_draft.as_ref().is_none_or(|of_draft| of_draft.origin == Origin::Ours);
        let draft_is_ours = draft_is_known || self.overwrites();
        if self.state == Some(State::Draft) && self.wants_it_offline() == Side::Ours {
            return Some(self.offline(change, &difference, draft_is_ours));
        }
        let moved = self.moved();
        if let Some(both) = both(&difference, &moved) {
            return Some(self.conflict(change, &both, &difference, &moved));
        }
        change.notes.extend(difference.notes.iter().cloned());
        let changes = !difference.ours.is_empty();
        let mut drifted = difference.theirs.clone();
        let mut refuses = None;
        if self.state == Some(State::Draft) {
            drifted.insert(Field::State);
            refuses = Some("it was published in Intercom".to_owned());
        }
        match draft {
            None if changes => {
                if self.is_discarded() {
                    change.notes.push("the draft that was staged is gone in Intercom; it is staged again".to_owned());
                }
                self.show(&mut change, theirs, &difference.ours);
                change.action = Action::Update;
                change.stage = Some(self.stage_draft(&difference.ours, &difference.theirs));
                change.publish.push(self.publish_draft());
            }
            None => {}
            Some(draft) => {
                let stale = self.stale(draft, of_draft.as_ref(), &difference.theirs);
                match (stale.is_empty(), changes) {
                    (true, true) => {
                        self.show(&mut change, theirs, &difference.ours);
                        change.action = Action::Publish;
                        change.notes.push("it is staged".to_owned());
                        change.publish.push(self.publish_draft());
                    }
                    // The draft says what is live: a change that was reverted after it was staged.
                    (true, false) if draft_is_ours => {
                        change.action = Action::Publish;
                        change.notes.push("its staged draft says what is live: publishing clears it".to_owned());
                        change.publish.push(self.publish_draft());
                    }
                    (true, false) => {}
                    (false, _) if draft_is_ours => {
                        self.show(
                            &mut change,
                            if changes { theirs } else { draft },
                            if changes { &difference.ours } else { &stale },
                        );
                        change.action = Action::Update;
                        change.notes.extend(of_draft.iter().flat_map(|of_draft| of_draft.notes.iter().cloned()));
                        let note = match (draft_is_known, changes) {
                            (true, true) => "it replaces the draft that is staged".to_owned(),
                            (true, false) => "it takes back the draft that is staged".to_owned(),
                            (false, _) => format!("it replaces a draft by {}", self.drafted_by(draft)),
                        };
                        change.notes.push(note);
                        change.stage = Some(self.stage_draft(&stale, &difference.theirs));
                        change.publish.push(self.publish_draft());
                    }
                    (false, true) => {
                        return Some(self.teammates_draft(change, draft, "a teammate's draft is pending in Intercom"));
                    }
                    (false, false) => {
                        if moved.ours.is_none() && drifted.is_empty() {
                            return self.adopted_or_changed(change);
                        }
                        change.notes.push("a teammate's draft is pending in Intercom; it is left alone".to_owned());
                    }
                }
            }
        }
        if let Some(place) = moved.ours {
            if draft_is_ours || draft.is_none() {
                self.show_move(&mut change, Some(&place));
                if change.publish.is_empty() {
                    change.action = Action::Move;
                }
                change.publish.push(Publish::Settings(SettingsEdit::to_place(place)));
            } else if let Some(draft) = draft {
                return Some(self.teammates_draft(
                    change,
                    draft,
                    "it is to move, and a teammate's draft is pending in Intercom",
                ));
            }
        }
        drifted.extend(moved.theirs.then_some(Field::Collection));
        self.add_drift(&mut change, drifted, refuses);
        self.adopted_or_changed(change)
    }

    /// The docs want a live article offline.
    fn offline(&self, mut change: Change, difference: &Difference, draft_is_ours: bool) -> Change {
        if !draft_is_ours && let Some(draft) = &self.found.draft {
            return self.teammates_draft(
                change,
                draft,
                "it is to go offline, and a teammate's draft is pending in Intercom",
            );
        }
        let moved = self.moved();
        if let Some(both) = both(difference, &moved) {
            return self.conflict(change, &both, difference, &moved);
        }
        let mut fields = difference.ours.clone();
        if let Some(draft) = &self.found.draft {
            fields.append(&mut self.stale(draft, self.difference(Which::Draft).as_ref(), &difference.theirs));
        }
        if let Some(place) = &moved.ours {
            self.show_move(&mut change, Some(place));
            change.publish.push(Publish::Settings(SettingsEdit::to_place(place.clone())));
        }
        self.show(&mut change, self.theirs(), &fields);
        change.action = Action::Unpublish;
        change.field(Field::State, "published", "draft");
        let content = if fields.is_empty() { Content::default() } else { self.content(&fields, &difference.theirs) };
        change.publish.push(if self.is_default() {
            Publish::Offline { content, translations: Translations::new() }
        } else {
            Publish::LocalesOffline { translations: [(self.locale.clone(), content)].into() }
        });
        let mut drifted = difference.theirs.clone();
        drifted.extend(moved.theirs.then_some(Field::Collection));
        self.add_drift(&mut change, drifted, None);
        change
    }

    /// The fields in which a draft is not what is to go live: those the docs say otherwise, and of
    /// those they leave alone the ones that are live otherwise.
    fn stale(&self, draft: &Article, difference: Option<&Difference>, left: &BTreeSet<Field>) -> BTreeSet<Field> {
        let mut stale = difference.map(Difference::all).unwrap_or_default();
        stale.retain(|field| !left.contains(field));
        let live = self.theirs();
        for (field, differs) in [
            (Field::Title, record::title(live) != record::title(draft)),
            (Field::Description, record::description(live) != record::description(draft)),
            (Field::Body, stored_body(live) != stored_body(draft)),
            (Field::Author, live.author_id != draft.author_id),
        ] {
            if differs && self.leaves(field, left) {
                stale.insert(field);
            }
        }
        stale
    }

    /// Whether the docs leave a field as it is live.
    fn leaves(&self, field: Field, left: &BTreeSet<Field>) -> bool {
        let unsaid = match field {
            Field::Description => self.desired.description.is_none(),
            Field::Author => self.desired.author.is_none(),
            _ => false,
        };
        unsaid || left.contains(&field)
    }

    fn publish_draft(&self) -> Publish {
        Publish::Draft { locales: vec![self.locale.clone()] }
    }

    fn stage_draft(&self, fields: &BTreeSet<Field>, left: &BTreeSet<Field>) -> Stage {
        let content = self.content(fields, left);
        Stage::Draft { content, translations: Translations::new(), unseen: Unseen::default() }
    }

    fn go_live(&self, left: &BTreeSet<Field>) -> Publish {
        if self.is_default() {
            return Publish::Live { translations: Translations::new(), at: None };
        }
        let content = self.content(&BTreeSet::new(), left);
        Publish::Locales { translations: [(self.locale.clone(), content)].into() }
    }

    /// The fields that are sent; one that is left alone as it is live. A locale other than the
    /// default one is sent whole. The author goes with every text, where it is a current teammate.
    pub(super) fn content(&self, fields: &BTreeSet<Field>, left: &BTreeSet<Field>) -> Content {
        let theirs = self.theirs();
        let is_chosen = |field| fields.contains(&field) || !self.is_default();
        let choose = |field, desired: Option<&String>, live: Option<&String>| {
            let text = if self.leaves(field, left) { live } else { desired };
            is_chosen(field).then(|| text.cloned().unwrap_or_default())
        };
        let is_sent = is_chosen(Field::Body) && !self.leaves(Field::Body, left);
        Content {
            title: choose(Field::Title, Some(&self.desired.title), Some(&theirs.title)),
            description: choose(Field::Description, self.desired.description.as_ref(), theirs.description.as_ref()),
            body: is_chosen(Field::Body).then(|| {
                if is_sent { self.desired.written().html.clone() } else { theirs.body.clone().unwrap_or_default() }
            }),
            author: self.author(left),
            images: if is_sent { self.desired.written().images.clone() } else { Vec::new() },
            ..Content::default()
        }
    }

    /// The author that is sent, if that is a current teammate.
    fn author(&self, left: &BTreeSet<Field>) -> Option<AdminId> {
        let theirs = self.theirs().author_id;
        let author = if self.leaves(Field::Author, left) { theirs } else { self.desired.author };
        author.filter(|author| self.inputs.live.admins.contains_key(author))
    }

    /// Whether the article is to stand elsewhere, and whose change that is.
    pub(super) fn moved(&self) -> Moved {
        let places = self.inputs.live.places(self.theirs());
        let Some(wanted) = &self.place else { return Moved::default() };
        let is_there = matches!(wanted, Place::Id(id) if places.contains(id));
        if is_there || places.len() > 1 {
            // One that stands in several Help Centers is never moved by us.
            return Moved::default();
        }
        let known = self.record.and_then(|record| record.place_beside(&places)).map(Place::Id);
        let found = places.first().copied().map(Place::Id);
        match side(&Some(wanted.clone()), Some(&found), side::known(known.is_some().then_some(&known))) {
            Side::Theirs if !self.overwrites() => Moved { theirs: true, ..Moved::default() },
            Side::Both if !self.overwrites() => Moved { both: true, ..Moved::default() },
            _ => Moved { ours: Some(wanted.clone()), ..Moved::default() },
        }
    }

    /// Whether a draft that we staged is no longer there.
    fn is_discarded(&self) -> bool {
        let digest = self.desired.digest();
        let says = |pair: &record::Pair| pair.body.sent.as_ref() == Some(digest);
        self.record
            .is_some_and(|record| record.staged.as_ref().is_some_and(says) && !record.live.as_ref().is_some_and(says))
    }

    fn adopted_or_changed(&self, change: Change) -> Option<Change> {
        let empty =
            change.stage.is_none() && change.publish.is_empty() && change.drift.is_none() && change.notes.is_empty();
        (self.adopted || !empty).then_some(change)
    }
}

/// Where an article is to stand, if elsewhere than it does.
#[derive(Debug, Clone, Default)]
pub(super) struct Moved {
    pub(super) ours: Option<Place>,
    pub(super) theirs: bool,
    pub(super) both: bool,
}

/// The fields that were changed here and in Intercom, if there are any.
fn both(difference: &Difference, moved: &Moved) -> Option<BTreeSet<Field>> {
    let mut fields = difference.both.clone();
    fields.extend(moved.both.then_some(Field::Collection));
    (!fields.is_empty()).then_some(fields)
}
