//! One change of a plan: an article or a collection that is not as the docs say.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::field::{Field, FieldChange};
use super::seen::Seen;
use super::step::{Publish, Stage, TagEdit};
use super::wanted::Wanted;
use crate::audit::Figures;
use crate::book::{ContentKey, Folder};
use crate::html::diff::Diff;
use crate::intercom::model::{ArticleId, Locale};
use crate::text::DocPath;

/// One article or collection that is not as the docs say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// Its id in Intercom; none before it is created.
    pub id: Option<u64>,
    /// Its title, or a collection's name.
    pub title: String,
    /// An article's address in Intercom's editor, once it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub editor_url: Option<String>,
    /// How customers use it now; only where that was asked for, and of an article that they can read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figures: Option<Figures>,
    /// What happens, in a word.
    pub action: Action,
    /// What happens in each locale; boxed, as most have one and a node of the map has room for eleven.
    pub locales: BTreeMap<Locale, Box<LocaleChange>>,
    /// What the docs say in the default locale where nothing happens in it: a request names its author.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unchanged: BTreeMap<Locale, Wanted>,
    /// What `apply` does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The tags that `apply` gives it or takes from it, as nobody can see the article.
    #[serde(default, skip_serializing_if = "TagEdit::is_empty")]
    pub tags: TagEdit,
    /// What `publish` does, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub publish: Vec<Publish>,
    /// What was in Intercom when the plan was made; anything else there is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
}

/// What happens to an article or collection in one locale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LocaleChange {
    /// The locale.
    pub locale: Locale,
    /// Its file, or a collection's folder in the default locale; the file that is gone where it has none.
    pub path: DocPath,
    /// Its title, or its name.
    pub title: String,
    /// The address at which customers read the article, where they can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What happens, in a word.
    pub action: Action,
    /// Its fields but the body, old and new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// The body in words, old and new; empty where it does not change.
    #[serde(default, skip_serializing_if = "Diff::is_empty")]
    pub body: Diff,
    /// The body on both sides, as a page shows it.
    #[serde(default, skip_serializing_if = "BodyPair::is_empty")]
    pub sides: BodyPair,
    /// Why it is not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<Blocked>,
    /// What was changed in Intercom only, and is left alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
    /// What else should be known, each a sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What the docs say, for the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Wanted>,
}

/// What a change is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Subject {
    /// An article.
    Article {
        /// Its file; of an orphan the file that is gone.
        path: DocPath,
    },
    /// A collection.
    Collection {
        /// Its folder.
        #[serde(rename = "path")]
        folder: Folder,
    },
}

impl Subject {
    /// The path of the file or folder.
    pub fn path(&self) -> &str {
        match self {
            Subject::Article { path } => path.as_str(),
            Subject::Collection { folder } => &folder.0,
        }
    }

    /// Which of the two it is.
    pub fn kind(&self) -> Kind {
        match self {
            Subject::Article { .. } => Kind::Article,
            Subject::Collection { .. } => Kind::Collection,
        }
    }
}

/// An article or a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An article.
    Article,
    /// A collection.
    Collection,
}

/// What happens, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is created.
    Create,
    /// It is live already and gets its id into the file.
    Adopt,
    /// Its text changes.
    Update,
    /// What is staged goes live.
    Publish,
    /// It goes offline.
    Unpublish,
    /// Only its place or settings change.
    Move,
    /// It is deleted.
    Delete,
    /// The docs want something that cannot be done.
    Blocked,
    /// It was changed in Intercom only.
    Drift,
    /// Its file is gone, and it stays as it is.
    Orphan,
}

/// Why something is not done, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    /// Why.
    pub reason: String,
    /// What to do.
    pub hint: String,
    /// Who changed it in Intercom, if that is why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

impl Blocked {
    /// A reason and what to do.
    pub fn new(reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { reason: reason.into(), hint: hint.into(), by: None, since: None }
    }
}

/// What was changed in Intercom only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// The fields.
    pub fields: Vec<Field>,
    /// Their values but the body's, as the docs say and as they are in Intercom.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
    /// The body in words, from the docs to Intercom.
    #[serde(default, skip_serializing_if = "Diff::is_empty")]
    pub body: Diff,
    /// The body on both sides, likewise.
    #[serde(default, skip_serializing_if = "BodyPair::is_empty")]
    pub sides: BodyPair,
    /// By whom.
    pub by: String,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Why `publish` does not do what the docs want all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish_blocked_by: Option<String>,
}

/// A body on both sides as a page shows it, in HTML that [`crate::html::block_diff::side`] wrote: nothing in it
/// runs. It is read again before it is shown, as a saved plan is a file like any other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyPair {
    /// As it is; empty where there is nothing.
    pub old: String,
    /// As it will be.
    pub new: String,
    /// The docs' images in it, by the names in it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pictures: BTreeMap<String, Picture>,
}

/// An image of the docs folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its file.
    pub path: DocPath,
    /// How large it is.
    pub bytes: u64,
}

impl BodyPair {
    /// Whether the body does not change.
    pub fn is_empty(&self) -> bool {
        self.old.is_empty() && self.new.is_empty()
    }

    /// The same from the other side.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { old: self.new, new: self.old, ..self }
    }
}

impl LocaleChange {
    /// A change of which nothing is known yet but what it is about.
    pub(super) fn new(locale: &Locale, path: &DocPath, title: &str) -> Self {
        Self {
            locale: locale.clone(),
            path: path.clone(),
            title: title.to_owned(),
            url: None,
            action: Action::Update,
            fields: Vec::new(),
            body: Diff::default(),
            sides: BodyPair::default(),
            blocked: None,
            drift: None,
            notes: Vec::new(),
            wanted: None,
        }
    }

    /// Says why it is not done.
    pub(super) fn block(&mut self, blocked: Blocked) {
        self.action = Action::Blocked;
        self.blocked = Some(blocked);
    }

    /// Shows a field, old and new.
    pub(super) fn field(&mut self, field: Field, old: impl Into<String>, new: impl Into<String>) {
        self.fields.push(FieldChange::new(field, old, new));
    }

    /// Whether a field was changed in Intercom only, and is left alone.
    pub fn leaves(&self, field: Field) -> bool {
        self.drift.as_ref().is_some_and(|drift| drift.fields.contains(&field))
    }

    /// Whether a field that the docs name is as they say: it neither changes nor is left alone.
    pub fn is_settled(&self, field: Field) -> bool {
        !self.leaves(field) && self.blocked.is_none() && !self.fields.iter().any(|change| change.field == field)
    }

    /// The parts of the text that were changed in Intercom only, and are left alone.
    pub fn left(&self) -> BTreeSet<ContentKey> {
        self.drift.iter().flat_map(|drift| &drift.fields).filter_map(|field| field.key()).collect()
    }
}

impl Change {
    /// A change without steps, of one locale or several.
    pub(super) fn new(subject: Subject, id: Option<u64>, title: &str) -> Self {
        Self {
            subject,
            id,
            title: title.to_owned(),
            editor_url: None,
            figures: None,
            action: Action::Update,
            locales: BTreeMap::new(),
            unchanged: BTreeMap::new(),
            stage: None,
            tags: TagEdit::default(),
            publish: Vec::new(),
            seen: None,
        }
    }

    /// The change with one more locale.
    pub(super) fn with(mut self, part: LocaleChange) -> Self {
        self.locales.insert(part.locale.clone(), Box::new(part));
        self
    }

    /// The change with nothing done of it, and why. The first locale says so.
    pub(super) fn blocked(mut self, blocked: Blocked) -> Self {
        self.action = Action::Blocked;
        self.stage = None;
        self.tags = TagEdit::default();
        self.publish = Vec::new();
        let first = self.parts().next().map(|part| part.locale.clone());
        if let Some(part) = first.and_then(|locale| self.locales.get_mut(&locale)) {
            part.block(blocked);
        }
        self
    }

    /// What happens as a whole, by what happens in each locale. A new locale changes an article; only the default
    /// one makes it.
    pub(super) fn overall(&self, default: &Locale) -> Action {
        const FIRST: [Action; 8] = [
            Action::Delete,
            Action::Unpublish,
            Action::Update,
            Action::Publish,
            Action::Move,
            Action::Blocked,
            Action::Drift,
            Action::Orphan,
        ];
        if let Some(action @ (Action::Create | Action::Adopt)) = self.locales.get(default).map(|part| part.action) {
            return action;
        }
        let of = |action| if action == Action::Create { Action::Update } else { action };
        let actions: BTreeSet<Action> = self.locales.values().map(|part| of(part.action)).collect();
        FIRST.into_iter().find(|action| actions.contains(action)).unwrap_or(Action::Update)
    }

    /// What happens in each locale: first in that of the article's own file.
    pub fn parts(&self) -> impl Iterator<Item = &LocaleChange> {
        let all = || self.locales.values().map(Box::as_ref);
        all().filter(|part| self.is_own(part)).chain(all().filter(|part| !self.is_own(part)))
    }

    /// Whether a locale is that of the article's own file, or of the folder itself: the default one.
    pub fn is_own(&self, part: &LocaleChange) -> bool {
        part.path.as_str() == self.subject.path()
    }

    /// What the docs say in a locale.
    pub fn wanted(&self, locale: &Locale) -> Option<&Wanted> {
        match self.locales.get(locale) {
            Some(part) => part.wanted.as_ref(),
            None => self.unchanged.get(locale),
        }
    }

    /// Whether something of it is not done, in one locale at least.
    pub fn is_blocked(&self) -> bool {
        self.locales.values().any(|part| part.blocked.is_some())
    }

    /// The article's files, in each locale, of which staging sends the body.
    pub fn texts_to_write(&self) -> Vec<DocPath> {
        let texts = self.stage.iter().flat_map(Stage::texts).filter(|(_, content)| content.body.is_some());
        texts.filter_map(|(locale, _)| Some(self.locales.get(locale)?.path.clone())).collect()
    }

    /// The article's id.
    pub fn article_id(&self) -> Option<ArticleId> {
        (self.subject.kind() == Kind::Article).then_some(self.id).flatten().map(ArticleId)
    }
}
