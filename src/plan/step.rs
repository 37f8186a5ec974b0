//! The steps of a change: what `apply` and `publish` do.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::content::{Content, Texts};
use crate::book::Folder;
use crate::intercom::model::{AdminId, CollectionId, HelpCenterId, Locale, Schedule, Tag};
use crate::live::Flags;

/// What `apply` does: nothing that a customer can see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Stage {
    /// `POST /help_center/collections`; hidden while empty.
    CreateCollection {
        /// What it is called in each locale.
        names: BTreeMap<Locale, Naming>,
        /// The collection above it.
        parent: Option<Place>,
        /// The Help Center it is in; only at the top.
        help_center: Option<HelpCenterId>,
    },
    /// The id goes into the file, nothing into Intercom.
    Adopt,
    /// `POST /articles`, as a draft; the id goes into the file.
    Create {
        /// Its texts.
        texts: Texts,
        /// Its author.
        author: AdminId,
        /// Its collection.
        place: Option<Place>,
    },
    /// `PUT /articles/{id}`, in the locales in which nobody can see it.
    Update {
        /// The texts that change.
        texts: Texts,
        /// The collection, if that changes.
        place: Option<Place>,
    },
    /// `PUT /articles/{id}/draft`, behind a live article.
    Draft {
        /// The texts that change.
        texts: Texts,
        /// The texts that nobody can see, sent before by `PUT /articles/{id}`.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        hidden: Texts,
    },
}

impl Stage {
    /// Every text that is sent, by locale.
    pub fn texts(&self) -> impl Iterator<Item = (&Locale, &Content)> {
        let (texts, hidden) = match self {
            Stage::Create { texts, .. } | Stage::Update { texts, .. } => (Some(texts), None),
            Stage::Draft { texts, hidden } => (Some(texts), Some(hidden)),
            Stage::CreateCollection { .. } | Stage::Adopt => (None, None),
        };
        texts.into_iter().chain(hidden).flatten().map(|(locale, content)| (locale, content.as_ref()))
    }

    /// The same, to be changed.
    pub(super) fn texts_mut(&mut self) -> impl Iterator<Item = (&Locale, &mut Content)> {
        let (texts, hidden) = match self {
            Stage::Create { texts, .. } | Stage::Update { texts, .. } => (Some(texts), None),
            Stage::Draft { texts, hidden } => (Some(texts), Some(hidden)),
            Stage::CreateCollection { .. } | Stage::Adopt => (None, None),
        };
        texts.into_iter().chain(hidden).flatten().map(|(locale, content)| (locale, content.as_mut()))
    }
}

/// Where a collection goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewPlace {
    /// To the top, where it has none above it.
    Top,
    /// Below another one.
    Below(Place),
}

/// What `publish` does: all that a customer can see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Publish {
    /// `PUT /help_center/collections/{id}`.
    Collection {
        /// What it is called in the locales in which that changes.
        names: BTreeMap<Locale, Naming>,
        /// Where it goes, if that changes.
        parent: Option<NewPlace>,
    },
    /// `PUT /articles/{id}` with `state: published`, of an article that nobody can see: the first time, or again.
    Live {
        /// The texts that go live.
        texts: Texts,
        /// When it goes live; at once without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
    },
    /// `POST /articles/{id}/draft/publish`.
    Draft {
        /// The locales that have a draft.
        locales: Vec<Locale>,
    },
    /// `PUT /articles/{id}` with `state: published`, of an article that is live in other locales.
    Locales {
        /// The texts that go live.
        texts: Texts,
    },
    /// `PUT /articles/{id}` with the collection, flags and schedules alone.
    Settings(SettingsEdit),
    /// `POST /articles/{id}/tags` and `DELETE /articles/{id}/tags/{id}`.
    Tags(TagEdit),
    /// `POST /help_center/help_centers/{id}/redirects`.
    Redirects {
        /// The Help Center.
        help_center: HelpCenterId,
        /// The old addresses.
        from: Vec<Redirection>,
    },
    /// `PUT /articles/{id}` with `state: draft`; every locale is named with its state.
    Offline {
        /// The locales that go offline, each with its text where that changes as well.
        texts: Texts,
    },
    /// `DELETE /articles/{id}`.
    Delete,
}

impl Publish {
    /// The order of publishing: collections, new articles, drafts, other locales, moves and flags, tags,
    /// redirects, what goes offline, what goes for good.
    pub fn rank(&self) -> u8 {
        match self {
            Publish::Collection { .. } => 0,
            Publish::Live { .. } => 1,
            Publish::Draft { .. } => 2,
            Publish::Locales { .. } => 3,
            Publish::Settings(_) => 4,
            Publish::Tags(_) => 5,
            Publish::Redirects { .. } => 6,
            Publish::Offline { .. } => 7,
            Publish::Delete => 8,
        }
    }

    /// The texts that are sent, by locale.
    pub fn texts(&self) -> Option<&Texts> {
        match self {
            Publish::Live { texts, .. } | Publish::Locales { texts } | Publish::Offline { texts } => Some(texts),
            _ => None,
        }
    }

    /// The texts that are sent, to be changed.
    pub(super) fn texts_mut(&mut self) -> Option<&mut Texts> {
        match self {
            Publish::Live { texts, .. } | Publish::Locales { texts } | Publish::Offline { texts } => Some(texts),
            _ => None,
        }
    }

    /// Whether a text goes live.
    pub fn goes_live(&self) -> bool {
        matches!(self, Publish::Live { .. } | Publish::Draft { .. } | Publish::Locales { .. })
    }

    /// Whether an article leaves the customers' sight, in one locale at least.
    pub fn removes(&self) -> bool {
        matches!(self, Publish::Offline { .. } | Publish::Delete)
    }
}

/// What one request changes of an article beside its text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SettingsEdit {
    /// The collection, if that changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Who may use its text, in the locales in which that changes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub flags: BTreeMap<Locale, Flags>,
    /// When it goes live by itself.
    #[serde(default, skip_serializing_if = "Schedule::is_unchanged")]
    pub publish_at: Schedule,
    /// When it goes offline by itself.
    #[serde(default, skip_serializing_if = "Schedule::is_unchanged")]
    pub unpublish_at: Schedule,
}

impl SettingsEdit {
    /// A move and nothing else.
    pub fn to_place(place: Place) -> Self {
        Self { place: Some(place), ..Self::default() }
    }

    /// What of it is about the article as a whole.
    pub fn without_flags(&self) -> Self {
        Self { flags: BTreeMap::new(), ..self.clone() }
    }
}

/// What a collection is called in one locale. It is sent whole, but for the default locale: there a part that is
/// `None` is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Naming {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its description, where it has one or loses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A collection: a live one, or one that the same plan creates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// A live one.
    Id(CollectionId),
    /// A hole that creating the folder's collection fills.
    Folder(Folder),
}

/// The tags that an article is given and that are taken from it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TagEdit {
    /// The names of those it is given; a tag that is not there is made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attach: Vec<String>,
    /// Those that are taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub detach: Vec<Tag>,
}

impl TagEdit {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.attach.is_empty() && self.detach.is_empty()
    }
}

/// An old address that is to point to an article.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Redirection {
    /// The address, absolute.
    pub url: String,
    /// The locale of the text that it points to.
    pub locale: Locale,
}
