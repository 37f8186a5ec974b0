//! What happens to an article in one locale, before its locales are put together into one change.

use std::collections::BTreeMap;

use super::change::{Action, Blocked, LocaleChange};
use super::content::{Content, Texts};
use super::step::{Publish, Stage, TagEdit};
use crate::intercom::model::Locale;
use crate::text::DocPath;

/// What happens to an article in one locale.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LocalePlan {
    /// What is shown of it.
    pub shown: LocaleChange,
    pub stage: Option<Stage>,
    pub tags: TagEdit,
    pub publish: Vec<Publish>,
}

impl LocalePlan {
    /// A plan of which nothing is known yet but what it is about.
    pub fn new(locale: &Locale, path: &DocPath, title: &str) -> Self {
        Self {
            shown: LocaleChange::new(locale, path, title),
            stage: None,
            tags: TagEdit::default(),
            publish: Vec::new(),
        }
    }

    /// The plan with nothing done of it, and why.
    pub fn blocked(mut self, blocked: Blocked) -> Self {
        self.shown.block(blocked);
        Self { shown: self.shown, stage: None, tags: TagEdit::default(), publish: Vec::new() }
    }

    /// Whether it has no steps.
    pub fn is_idle(&self) -> bool {
        self.stage.is_none() && self.publish.is_empty()
    }

    /// Gives it an action unless it has steps.
    pub fn act_if_idle(&mut self, action: Action) {
        if self.is_idle() {
            self.shown.action = action;
        }
    }

    /// A text of its locale and no other.
    pub fn texts(&self, content: Content) -> Texts {
        BTreeMap::from([(self.shown.locale.clone(), Box::new(content))])
    }
}
