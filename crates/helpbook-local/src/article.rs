//! An article: its texts per locale, its place, its tags and its schedule (docs/intercom.md 1.2 to 1.6).
//!
//! Pure, like `text`, which has the rules of one locale. The rules across locales are here.
//!
//! Where the facts are silent:
//! - A draft that is pending in any locale holds the edits of every live locale: the facts say that
//!   an edit is held where the *article* has a draft. A hidden locale is written at once, as no
//!   customer sees it.
//! - A new locale without a state is a draft.
//! - A request that names other locales only leaves the default one as it is, its time of update
//!   too.
//! - `PUT …/draft` of a locale that is not live is refused with the 422 of a never-published article,
//!   and then nothing of the request is staged.

use std::collections::{BTreeMap, BTreeSet};

use helpbook_model::{AdminId, ArticleId, CollectionId, Locale, State, TagId};
use serde::{Deserialize, Serialize};

use super::content::{Content, Edit};
use super::refusal::Refusal;
use super::schedule::{Past, Schedule, ScheduleEdit, What};
use super::settings::SettingsEdit;
use super::text::{Landing, Save, Text};
use super::version::{Version, Via};

/// An article as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Article {
    pub id: ArticleId,
    /// The collection it is in.
    pub parent: Option<CollectionId>,
    #[serde(default)]
    pub tags: BTreeSet<TagId>,
    #[serde(default)]
    pub schedule: Option<Schedule>,
    /// One text per locale. The default locale always has one.
    pub texts: BTreeMap<Locale, Text>,
}

/// What a request changes of one locale.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Change {
    pub edit: Edit,
    pub state: Option<State>,
    pub settings: SettingsEdit,
}

impl Change {
    /// Whether nothing changes.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Who saves, when and how; hands out the ids of versions.
#[derive(Debug)]
pub(super) struct Saver<'a> {
    pub article: ArticleId,
    pub at: i64,
    pub by: AdminId,
    pub via: Via,
    /// The id of the next version.
    pub version: &'a mut u64,
}

impl Saver<'_> {
    /// A save in a locale, with the id of a new version.
    pub(super) fn save<'l>(&mut self, locale: &'l Locale) -> Save<'l> {
        let version = *self.version;
        *self.version += 1;
        Save { article: self.article, locale, at: self.at, by: self.by, via: self.via, version }
    }
}

impl Article {
    /// The text of the default locale, which every article has.
    pub(super) fn default_text(&self, default: &Locale) -> &Text {
        &self.texts[default]
    }

    /// Whether customers can read the text of any locale.
    pub(super) fn is_live(&self) -> bool {
        self.texts.values().any(|text| text.state == State::Published)
    }

    /// Whether a draft waits in any locale.
    pub(super) fn has_draft(&self) -> bool {
        self.texts.values().any(|text| text.draft.is_some())
    }

    /// Whether any locale was ever published.
    pub(super) fn past(&self) -> Past {
        if self.texts.values().any(|text| text.was_published) { Past::Published } else { Past::NeverPublished }
    }

    /// `POST /articles` and `PUT /articles/{id}`: each locale by itself. Returns the versions.
    ///
    /// # Errors
    /// A 400 for a new locale without a title.
    pub(super) fn put(
        &mut self,
        changes: BTreeMap<Locale, Change>,
        author: AdminId,
        schedule: ScheduleEdit,
        default: &Locale,
        saver: &mut Saver<'_>,
    ) -> Result<Vec<Version>, Refusal> {
        let landing = if self.has_draft() || schedule.delays() { Landing::Draft } else { Landing::Live };
        let mut to_go_live = BTreeSet::from([default.clone()]);
        let mut by_hand = BTreeSet::new();
        let mut versions = Vec::new();
        for (locale, Change { edit, state, settings }) in changes {
            let is_live = self.texts.get(&locale).is_some_and(|text| text.state == State::Published);
            if state == Some(State::Published) || (is_live && state.is_none()) {
                to_go_live.insert(locale.clone());
            }
            // A scheduled publish is no publish yet.
            let state = state.filter(|state| *state == State::Draft || !schedule.delays());
            by_hand.extend(state);
            versions.extend(self.put_one(&locale, Change { edit, state, settings }, author, landing, saver)?);
        }
        let before = self.schedule.take().filter(|schedule| match schedule.what {
            What::Publish(_) => !by_hand.contains(&State::Published),
            What::Unpublish => self.is_live() || !by_hand.contains(&State::Draft),
        });
        self.schedule = schedule.apply(before, to_go_live);
        Ok(versions)
    }

    fn put_one(
        &mut self,
        locale: &Locale,
        change: Change,
        author: AdminId,
        landing: Landing,
        saver: &mut Saver<'_>,
    ) -> Result<Option<Version>, Refusal> {
        let Change { edit, state, settings } = change;
        if let Some(text) = self.texts.get_mut(locale) {
            let save = saver.save(locale);
            let version = text.put(edit, state, landing, &save);
            let settings = settings.apply(&text.settings);
            if settings != text.settings {
                text.settings = settings;
                text.touch(&save);
            }
            return Ok(version);
        }
        let content = new_content(locale, edit, author)?;
        let (mut text, version) = Text::create(content, state.unwrap_or(State::Draft), &saver.save(locale));
        text.settings = settings.apply(&text.settings);
        self.texts.insert(locale.clone(), text);
        Ok(Some(version))
    }

    /// `PUT /articles/{id}/draft`: onto the drafts of live locales.
    ///
    /// # Errors
    /// The short 422 where one of the locales is not live.
    pub(super) fn stage(
        &mut self,
        edits: BTreeMap<Locale, Edit>,
        saver: &mut Saver<'_>,
    ) -> Result<Vec<Version>, Refusal> {
        let mut versions = Vec::new();
        for (locale, edit) in edits {
            let text = self.texts.get_mut(&locale).ok_or_else(Refusal::never_published)?;
            versions.push(text.stage(edit, &saver.save(&locale))?);
        }
        Ok(versions)
    }

    /// `POST /articles/{id}/draft/publish`: the drafts of these locales and of no others go live.
    ///
    /// # Errors
    /// The short 422 where no draft is pending, and one that names the locales that have none.
    pub(super) fn publish_drafts(&mut self, locales: &[Locale], saver: &mut Saver<'_>) -> Result<(), Refusal> {
        if !self.has_draft() {
            return Err(Refusal::no_draft_to_publish());
        }
        let has_none = |locale: &&Locale| self.texts.get(locale).is_none_or(|text| text.draft.is_none());
        let unchanged: Vec<&str> = locales.iter().filter(has_none).map(|locale| locale.0.as_str()).collect();
        if !unchanged.is_empty() {
            return Err(Refusal::locale_unchanged(&unchanged.join(", ")));
        }
        for locale in BTreeSet::from_iter(locales) {
            if let Some(text) = self.texts.get_mut(locale) {
                text.publish_draft(&saver.save(locale))?;
            }
        }
        self.schedule.take_if(|schedule| matches!(schedule.what, What::Publish(_)));
        Ok(())
    }

    /// What the editor does on save, in one locale. A new locale is a draft.
    ///
    /// # Errors
    /// A 400 for a new locale without a title.
    pub(super) fn edit(
        &mut self,
        locale: &Locale,
        edit: Edit,
        state: Option<State>,
        author: AdminId,
        saver: &mut Saver<'_>,
    ) -> Result<Option<Version>, Refusal> {
        let save = saver.save(locale);
        let (text, version) = match self.texts.get_mut(locale) {
            Some(text) => {
                let version = text.edit(edit, &save);
                (text, version)
            }
            None => {
                let (text, version) = Text::create(new_content(locale, edit, author)?, State::Draft, &save);
                (self.texts.entry(locale.clone()).or_insert(text), Some(version))
            }
        };
        if state.is_some() {
            text.put(Edit::default(), state, Landing::Live, &save);
        }
        Ok(version)
    }

    /// Carries out the schedule if its time has come, and returns it.
    pub(super) fn carry_out(&mut self, saver: &mut Saver<'_>) -> Option<Schedule> {
        let at = saver.at;
        let due = self.schedule.take_if(|schedule| schedule.at <= at)?;
        for (locale, text) in &mut self.texts {
            let state = match &due.what {
                What::Publish(locales) if locales.contains(locale) => State::Published,
                What::Unpublish if text.state == State::Published => State::Draft,
                _ => continue,
            };
            let save = Save { at: due.at, ..saver.save(locale) };
            text.put(Edit::default(), Some(state), Landing::Live, &save);
        }
        Some(due)
    }
}

/// The content of a new locale, which needs a title and takes the default locale's author.
fn new_content(locale: &Locale, edit: Edit, author: AdminId) -> Result<Content, Refusal> {
    let missing = || Refusal::parameter_not_found(format!("title is required for the locale {locale}"));
    Ok(Content {
        title: edit.title.ok_or_else(missing)?,
        description: edit.description.unwrap_or_default(),
        body: edit.body.unwrap_or_default(),
        author: edit.author.unwrap_or(author),
    })
}
