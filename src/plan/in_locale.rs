//! Which steps of a change touch a locale, and how the change is without that locale.

use super::change::{Action, Blocked, Change, LocaleChange};
use super::step::{Publish, SettingsEdit, Stage, TagEdit};
use crate::intercom::model::Locale;

impl Change {
    /// Whether nothing happens to it in a locale, and nothing has to be known.
    pub fn is_idle(&self, part: &LocaleChange) -> bool {
        let has_steps = self.is_staged(part) || self.steps(part).next().is_some();
        // What is refused with the rest is named as well.
        let is_refused = self.action == Action::Blocked && !part.fields.is_empty();
        let is_told = is_refused || part.blocked.is_some() || part.drift.is_some() || !part.notes.is_empty();
        let is_all = self.is_own(part) && self.locales.len() == 1;
        !(has_steps || is_told || is_all)
    }

    /// Whether `apply` has something to do in a locale.
    pub fn is_staged(&self, part: &LocaleChange) -> bool {
        match &self.stage {
            None => false,
            Some(Stage::Adopt) => self.is_own(part),
            Some(Stage::CreateCollection { names, .. }) => names.contains_key(&part.locale),
            Some(Stage::Update { place: Some(_), .. }) if self.is_own(part) => true,
            Some(Stage::Update { .. }) if self.is_own(part) && !self.tags.is_empty() => true,
            Some(stage) => stage.texts().any(|(locale, _)| *locale == part.locale),
        }
    }

    /// The steps of `publish` that a customer sees in a locale. What is about the article as a whole counts
    /// for its own file.
    pub fn steps(&self, part: &LocaleChange) -> impl Iterator<Item = &Publish> {
        self.publish.iter().filter(move |step| self.touches(step, part))
    }

    fn touches(&self, step: &Publish, part: &LocaleChange) -> bool {
        let locale = &part.locale;
        match step {
            Publish::Draft { locales } => locales.contains(locale),
            Publish::Live { texts, .. } | Publish::Locales { texts } | Publish::Offline { texts } => {
                texts.contains_key(locale)
            }
            Publish::Delete => true,
            Publish::Collection { names, parent } => {
                names.contains_key(locale) || self.is_own(part) && parent.is_some()
            }
            Publish::Settings(edit) => {
                let is_of_article = edit.without_flags() != SettingsEdit::default();
                edit.flags.contains_key(locale) || self.is_own(part) && is_of_article
            }
            Publish::Tags(_) | Publish::Redirects { .. } => self.is_own(part),
        }
    }

    /// Blocks what happens in a locale, and nothing else. Without its own file an article is not created.
    pub(super) fn block_in(&mut self, locale: &Locale, blocked: Blocked) {
        let is_own = self.locales.get(locale).is_some_and(|part| self.is_own(part));
        if matches!(self.stage, Some(Stage::Create { .. })) && is_own {
            self.locales.values_mut().for_each(|part| part.action = Action::Blocked);
            (self.action, self.stage) = (Action::Blocked, None);
            (self.tags, self.publish) = (TagEdit::default(), Vec::new());
        } else {
            self.withhold(locale);
            self.unstage(locale);
        }
        if let Some(part) = self.locales.get_mut(locale) {
            part.block(blocked);
        }
        if self.stage.is_none() && self.publish.is_empty() {
            self.action = Action::Blocked;
        }
    }

    /// Takes a locale out of what `apply` does.
    fn unstage(&mut self, locale: &Locale) {
        let is_own = self.locales.get(locale).is_some_and(|part| self.is_own(part));
        if is_own {
            self.tags = TagEdit::default();
        }
        let has_tags = !self.tags.is_empty();
        self.stage = self.stage.take().and_then(|stage| match stage {
            Stage::Create { mut texts, author, place } => {
                texts.remove(locale);
                Some(Stage::Create { texts, author, place })
            }
            Stage::Update { mut texts, place } => {
                texts.remove(locale);
                let place = place.filter(|_| !is_own);
                (!texts.is_empty() || place.is_some() || has_tags).then_some(Stage::Update { texts, place })
            }
            Stage::Draft { mut texts, mut hidden } => {
                texts.remove(locale);
                hidden.remove(locale);
                match (texts.is_empty(), hidden.is_empty()) {
                    (false, _) => Some(Stage::Draft { texts, hidden }),
                    (true, false) => Some(Stage::Update { texts: hidden, place: None }),
                    (true, true) => None,
                }
            }
            other => Some(other),
        });
    }

    /// Takes a locale out of every step of `publish`; with that of its own file what is about the whole.
    pub(super) fn withhold(&mut self, locale: &Locale) {
        let is_own = self.locales.get(locale).is_some_and(|part| self.is_own(part));
        self.publish.retain_mut(|step| match step {
            Publish::Draft { locales } => {
                locales.retain(|other| other != locale);
                !locales.is_empty()
            }
            // Without its own file it does not go live for the first time.
            Publish::Live { .. } if is_own => false,
            Publish::Live { texts, .. } | Publish::Locales { texts } | Publish::Offline { texts } => {
                texts.remove(locale);
                !texts.is_empty()
            }
            Publish::Settings(edit) => {
                edit.flags.remove(locale);
                if is_own {
                    *edit = SettingsEdit { flags: std::mem::take(&mut edit.flags), ..SettingsEdit::default() };
                }
                *edit != SettingsEdit::default()
            }
            Publish::Collection { names, parent } => {
                names.remove(locale);
                if is_own {
                    *parent = None;
                }
                !names.is_empty() || parent.is_some()
            }
            Publish::Tags(_) | Publish::Redirects { .. } | Publish::Delete => !is_own,
        });
    }
}
