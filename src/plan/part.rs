//! A change seen locale by locale: what is known of each, which steps touch it, and how a change
//! looks without one of them.

use std::collections::BTreeSet;

use super::change::{Action, Blocked, BodyPair, Change, Drift, Translation};
use super::content::{Content, Translations};
use super::field::{Field, FieldChange};
use super::step::{Publish, SettingsEdit, Stage, Unseen};
use super::wanted::Wanted;
use crate::book::ContentKey;
use crate::html::diff::Line;
use crate::intercom::model::Locale;

/// What is known of a change in one locale.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The locale, where it is not the default one.
    pub locale: Option<&'a Locale>,
    /// Its file or folder.
    pub path: &'a str,
    /// Its title.
    pub title: &'a str,
    /// What happens, in a word; of the default locale what happens to the whole.
    pub action: Action,
    /// Its fields but the body, old and new.
    pub fields: &'a [FieldChange],
    /// The body in words, old and new.
    pub body: &'a [Line],
    /// The body on both sides.
    pub sides: &'a BodyPair,
    /// Why it is not done.
    pub blocked: Option<&'a Blocked>,
    /// What was changed in Intercom only, and is left alone.
    pub drift: Option<&'a Drift>,
    /// What else should be known.
    pub notes: &'a [String],
    /// What the docs say.
    pub wanted: Option<&'a Wanted>,
}

impl Change {
    /// What is known of it in the default locale and then in the others.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let others = self.translations.iter().map(|(locale, translation)| translation.part(locale));
        std::iter::once(self.root()).chain(others)
    }

    /// What is known of it in the default locale.
    pub fn root(&self) -> Part<'_> {
        Part {
            locale: None,
            path: self.subject.path(),
            title: &self.title,
            action: self.action,
            fields: &self.fields,
            body: &self.body,
            sides: &self.sides,
            blocked: self.blocked.as_ref(),
            drift: self.drift.as_ref(),
            notes: &self.notes,
            wanted: self.wanted.as_ref(),
        }
    }

    /// Whether something of it is not done, in one locale at least.
    pub fn is_blocked(&self) -> bool {
        self.parts().any(|part| part.blocked.is_some())
    }

    /// Whether nothing happens to it in a locale, and nothing is to be told.
    pub fn is_idle(&self, part: &Part<'_>) -> bool {
        let has_steps = self.is_staged(part.locale) || self.steps(part.locale).next().is_some();
        // What is refused with the rest is named as well.
        let is_refused = self.blocked.is_some() && !part.fields.is_empty();
        let is_told = is_refused || part.blocked.is_some() || part.drift.is_some() || !part.notes.is_empty();
        let is_all = part.locale.is_none() && self.translations.is_empty();
        !(has_steps || is_told || is_all)
    }

    /// Whether `apply` has something to do in a locale; `None` is the default one.
    pub fn is_staged(&self, locale: Option<&Locale>) -> bool {
        let Some(stage) = &self.stage else { return false };
        let (contents, others) = match stage {
            Stage::Adopt => return locale.is_none(),
            Stage::Create { translations, .. } => {
                return locale.is_none_or(|locale| translations.contains_key(locale));
            }
            Stage::CreateCollection { translations, .. } => {
                return locale.is_none_or(|locale| translations.contains_key(locale));
            }
            Stage::Update { place: Some(_), .. } if locale.is_none() => return true,
            Stage::Update { .. } if locale.is_none() && !self.tags.is_empty() => return true,
            Stage::Update { content, translations, .. } => (vec![content], vec![translations]),
            Stage::Draft { content, translations, unseen } => {
                (vec![content, &unseen.content], vec![translations, &unseen.translations])
            }
        };
        match locale {
            Some(locale) => others.iter().any(|others| others.contains_key(locale)),
            None => {
                let is_alone = others.iter().all(|others| others.is_empty());
                is_alone || contents.iter().any(|content| **content != Content::default())
            }
        }
    }

    /// The steps of `publish` that a customer sees in a locale; `None` is the default one.
    pub fn steps(&self, locale: Option<&Locale>) -> impl Iterator<Item = &Publish> {
        self.publish.iter().filter(move |step| self.touches(step, locale))
    }

    fn touches(&self, step: &Publish, locale: Option<&Locale>) -> bool {
        // The default locale is the one that is no other.
        let is_meant = |mut locales: Box<dyn Iterator<Item = &Locale> + '_>| match locale {
            Some(locale) => locales.any(|other| other == locale),
            None => locales.any(|other| !self.translations.contains_key(other)),
        };
        match step {
            Publish::Draft { locales } => is_meant(Box::new(locales.iter())),
            Publish::Locales { translations } => is_meant(Box::new(translations.keys())),
            Publish::LocalesOffline { translations } => {
                locale.map_or(self.translations.is_empty(), |locale| translations.contains_key(locale))
            }
            Publish::Live { translations, .. } | Publish::Offline { translations, .. } => {
                locale.is_none_or(|locale| translations.contains_key(locale))
            }
            Publish::Delete => true,
            Publish::Collection { name, description, parent, translations } => match locale {
                Some(locale) => translations.contains_key(locale),
                None => name.is_some() || description.is_some() || parent.is_some() || translations.is_empty(),
            },
            Publish::Settings(edit) => match locale {
                Some(locale) => edit.flags.contains_key(locale),
                None => {
                    let is_scheduled = !edit.publish_at.is_unchanged() || !edit.unpublish_at.is_unchanged();
                    edit.place.is_some() || is_scheduled || is_meant(Box::new(edit.flags.keys()))
                }
            },
            Publish::Tags(_) | Publish::Redirects { .. } => locale.is_none(),
        }
    }

    /// Blocks what happens in a locale, and nothing else; `None` is the default one. Without it an
    /// article is not created.
    pub(super) fn block_in(&mut self, locale: Option<&Locale>, blocked: Blocked) {
        if matches!(self.stage, Some(Stage::Create { .. })) && locale.is_none() {
            for translation in self.translations.values_mut() {
                translation.action = Action::Blocked;
            }
            *self = self.clone().blocked(blocked);
            return;
        }
        self.withhold(locale);
        let take = |content: &mut Content, translations: &mut Translations| match locale {
            Some(locale) => drop(translations.remove(locale)),
            None => *content = Content::default(),
        };
        let is_empty = match &mut self.stage {
            Some(Stage::Create { content, translations, .. }) => {
                take(content, translations);
                false
            }
            Some(Stage::Update { content, place, translations }) => {
                take(content, translations);
                if locale.is_none() {
                    *place = None;
                }
                content.is_empty() && place.is_none() && translations.is_empty()
            }
            Some(Stage::Draft { content, translations, unseen }) => {
                take(content, translations);
                take(&mut unseen.content, &mut unseen.translations);
                content.is_empty() && translations.is_empty() && unseen.is_empty()
            }
            _ => false,
        };
        if is_empty {
            self.stage = None;
        }
        if let Some(Stage::Draft { content, translations, unseen }) = &mut self.stage
            && content.is_empty()
            && translations.is_empty()
        {
            let Unseen { content, translations } = std::mem::take(unseen);
            self.stage = Some(Stage::Update { content, place: None, translations });
        }
        match locale.and_then(|locale| self.translations.get_mut(locale)) {
            Some(translation) => (translation.action, translation.blocked) = (Action::Blocked, Some(blocked)),
            None => self.blocked = Some(blocked),
        }
        if self.stage.is_none() && self.publish.is_empty() {
            self.action = Action::Blocked;
        }
    }

    /// Takes a locale out of every step of `publish`; `None` is the default one.
    pub(super) fn withhold(&mut self, locale: Option<&Locale>) {
        let before = std::mem::take(&mut self.publish);
        let others: BTreeSet<Locale> = self.translations.keys().cloned().collect();
        let stays = |other: &Locale| match locale {
            Some(locale) => other != locale,
            None => others.contains(other),
        };
        self.publish = before
            .into_iter()
            .filter_map(|mut step| {
                let is_empty = match (&mut step, locale) {
                    (Publish::Draft { locales }, _) => {
                        locales.retain(stays);
                        locales.is_empty()
                    }
                    (Publish::Locales { translations } | Publish::LocalesOffline { translations }, _) => {
                        translations.retain(|other, _| stays(other));
                        translations.is_empty()
                    }
                    (Publish::Live { translations, .. } | Publish::Offline { translations, .. }, Some(locale)) => {
                        translations.remove(locale);
                        false
                    }
                    (Publish::Settings(edit), locale) => {
                        edit.flags.retain(|other, _| stays(other));
                        if locale.is_none() {
                            *edit = SettingsEdit { flags: std::mem::take(&mut edit.flags), ..SettingsEdit::default() };
                        }
                        *edit == SettingsEdit::default()
                    }
                    (_, locale) => locale.is_none(),
                };
                (!is_empty).then_some(step)
            })
            .collect();
    }
}

impl Translation {
    /// The same as a part of its change.
    pub fn part<'a>(&'a self, locale: &'a Locale) -> Part<'a> {
        Part {
            locale: Some(locale),
            path: self.path.as_str(),
            title: &self.title,
            action: self.action,
            fields: &self.fields,
            body: &self.body,
            sides: &self.sides,
            blocked: self.blocked.as_ref(),
            drift: self.drift.as_ref(),
            notes: &self.notes,
            wanted: self.wanted.as_ref(),
        }
    }
}

impl Part<'_> {
    /// Whether a field was changed in Intercom only, and is left alone.
    pub fn leaves(&self, field: Field) -> bool {
        self.drift.is_some_and(|drift| drift.fields.contains(&field))
    }

    /// Whether a field that the docs name stands as they say: it neither changes nor is left alone.
    pub fn stands(&self, field: Field) -> bool {
        !self.leaves(field) && self.blocked.is_none() && !self.fields.iter().any(|change| change.field == field)
    }

    /// The parts of the text that were changed in Intercom only, and are left alone.
    pub fn left(&self) -> BTreeSet<ContentKey> {
        self.drift.iter().flat_map(|drift| &drift.fields).filter_map(|field| field.key()).collect()
    }
}
