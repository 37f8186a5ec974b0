//! What a plan is made of. It is also the machine document that `--out` and `--json` give.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::desired::Desired;
use super::explain::Explained;
use super::links::Linked;
use crate::book::{self, ContentKey, Folder};
use crate::html::diff::Line;
use crate::html::image::{self, DocImage, ImageOrigin};
use crate::html::{Exact, HelpCenterUrls};
use crate::intercom::model::{
    AdminId, Article, ArticleId, Collection, CollectionId, HelpCenterId, Locale, Schedule, State,
};
use crate::live::{Flags, InLocale, Live, LiveArticle, Undecided};
use crate::record::{ArticleRecord, Pair, Record, Settings, without_signatures};
use crate::text::{Digest, DocPath, GitBlob, Sha256};

use super::settings::{Redirection, TagEdit};
use super::since::Since;

/// The format of the machine document.
pub const FORMAT_VERSION: u32 = 1;

/// The changes that lead from Live to Book.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Always [`FORMAT_VERSION`].
    pub format_version: u32,
    /// The version of helpbook that made it.
    pub helpbook: String,
    /// The workspace it is for, and for no other.
    pub workspace: String,
    /// The Help Center it is for.
    pub help_center: String,
    /// When Live was fetched.
    pub made_at: Timestamp,
    /// How many changes of which kind.
    pub summary: Summary,
    /// The changes: collections, articles, orphans.
    pub changes: Vec<Change>,
    /// What else should be known, each a sentence.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The part of the docs' history that it is about; none for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// Articles that are as wanted; what Base should know of them.
    #[serde(skip)]
    pub settled: Vec<Settled>,
    /// Why each text is in sync or not; only where [`super::Reasons`] are asked for.
    #[serde(skip)]
    pub explained: Vec<Explained>,
    /// What the links of its bodies lead to.
    #[serde(skip)]
    pub linked: Arc<Linked>,
    /// Articles of which only the newest version can tell who wrote last.
    #[serde(skip)]
    pub undecided: BTreeSet<Undecided>,
}

/// How many changes of which kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Articles and collections that are created.
    pub create: usize,
    /// Articles and collections that are live already and get their id into the file.
    pub adopt: usize,
    /// Articles and collections that change.
    pub update: usize,
    /// What is staged already and goes live.
    pub publish: usize,
    /// Articles that go offline.
    pub unpublish: usize,
    /// Articles that are deleted.
    pub delete: usize,
    /// What the docs want and cannot be done.
    pub blocked: usize,
    /// What was changed in Intercom only.
    pub drift: usize,
    /// Live articles whose files are gone, that stay as they are.
    pub orphans: usize,
    /// What is as wanted.
    pub unchanged: usize,
}

/// One article or collection that is not as wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// Its id in Intercom; none before it is created.
    pub id: Option<u64>,
    /// Its title, or a collection's name.
    pub title: String,
    /// What happens, in a word.
    pub action: Action,
    /// The locales it happens to.
    pub locales: Vec<Locale>,
    /// Its fields but the body, old and new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// The body in words, old and new; empty where it does not change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<Line>,
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
    /// What `apply` does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The tags that `apply` gives it or takes from it, as nobody can see the article.
    #[serde(default, skip_serializing_if = "TagEdit::is_empty")]
    pub tags: TagEdit,
    /// What `publish` does, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub publish: Vec<Publish>,
    /// What stood in Intercom when the plan was made; anything else there is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// What the docs say, for Base.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Wanted>,
    /// What differs in other locales than the default one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Locale, Translation>,
}

/// What differs in a locale that is not the default one; the fields are those of a [`Change`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Translation {
    /// Its file; the one that is gone where it has none.
    pub path: DocPath,
    /// Its title.
    pub title: String,
    /// What happens, in a word.
    pub action: Action,
    /// Its fields but the body, old and new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// The body in words, old and new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<Line>,
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
    /// What the docs say, for Base.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Wanted>,
}

/// The texts of other locales than the default one. Each is sent whole; a part that is `None` is
/// sent as it is live.
pub type Translations = BTreeMap<Locale, Content>;

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

/// A part of an article or collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The title, or a collection's name.
    Title,
    /// The description.
    Description,
    /// The body.
    Body,
    /// The author.
    Author,
    /// Whether customers can read it.
    State,
    /// The collection it stands in.
    Collection,
    /// Its tags.
    Tags,
    /// Which of Intercom's answering machines may use it.
    Ai,
    /// The audiences they may use it for.
    Audiences,
    /// The addresses that lead to it.
    RedirectFrom,
    /// When it goes live by itself.
    PublishAt,
    /// When it goes offline by itself.
    UnpublishAt,
}

impl Field {
    /// What a text is made of.
    pub const TEXT: [Self; 4] = [Self::Title, Self::Description, Self::Body, Self::Author];

    /// What an article is beside its text, state and place.
    pub const SETTINGS: [Self; 6] =
        [Self::Tags, Self::Ai, Self::Audiences, Self::RedirectFrom, Self::PublishAt, Self::UnpublishAt];

    /// Its name in messages and in front matter.
    pub fn name(self) -> &'static str {
        match self {
            Field::Title => "title",
            Field::Description => "description",
            Field::Body => "body",
            Field::Author => "author",
            Field::State => "state",
            Field::Collection => "collection",
            Field::Tags => "tags",
            Field::Ai => "ai",
            Field::Audiences => "audiences",
            Field::RedirectFrom => "redirect_from",
            Field::PublishAt => "publish_at",
            Field::UnpublishAt => "unpublish_at",
        }
    }
}

impl Field {
    /// The part of an article's text that it is.
    pub(super) fn key(self) -> Option<ContentKey> {
        match self {
            Field::Title => Some(ContentKey::Title),
            Field::Description => Some(ContentKey::Description),
            Field::Body => Some(ContentKey::Body),
            Field::Author => Some(ContentKey::Author),
            Field::State | Field::Collection => None,
            Field::Tags | Field::Ai | Field::Audiences => None,
            Field::RedirectFrom | Field::PublishAt | Field::UnpublishAt => None,
        }
    }
}

/// A field, old and new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which one.
    pub field: Field,
    /// As it is; empty for nothing.
    pub old: String,
    /// As it will be; empty for nothing.
    pub new: String,
}

impl FieldChange {
    /// A field, old and new.
    pub fn new(field: Field, old: impl Into<String>, new: impl Into<String>) -> Self {
        Self { field, old: old.into(), new: new.into() }
    }

    /// The same from the other side.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { old: self.new, new: self.old, ..self }
    }
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<Line>,
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
    pub refuses: Option<String>,
}

/// A body on both sides as a page shows it, in HTML that [`crate::html::block_diff::side`] wrote: nothing in it
/// runs. It is read again before it is shown, as a saved plan is a file like any other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BodyPair {
    /// As it is; empty where there is nothing.
    pub old: String,
    /// As it will be.
    pub new: String,
    /// The docs' images in it, by the names that stand there.
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

/// What `apply` does: nothing that a customer can see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Stage {
    /// `POST /help_center/collections`; hidden while empty.
    CreateCollection {
        /// Its name.
        name: String,
        /// Its description.
        description: Option<String>,
        /// The collection above it.
        parent: Option<Place>,
        /// The Help Center it stands in; only at the top.
        help_center: Option<HelpCenterId>,
        /// What it is called in other locales.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        translations: BTreeMap<Locale, Naming>,
    },
    /// The id goes into the file, nothing into Intercom.
    Adopt,
    /// `POST /articles`, as a draft; the id goes into the file.
    Create {
        /// Its text.
        content: Content,
        /// Its author.
        author: AdminId,
        /// Its collection.
        place: Option<Place>,
        /// Its text in other locales.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        translations: Translations,
    },
    /// `PUT /articles/{id}` without state, of an article that nobody can see, or in the locales in
    /// which nobody can.
    Update {
        /// The fields that change.
        content: Content,
        /// The collection, if that changes.
        place: Option<Place>,
        /// The other locales that change.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        translations: Translations,
    },
    /// `PUT /articles/{id}/draft`, behind a live article.
    Draft {
        /// The fields that change.
        content: Content,
        /// The other locales that change.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        translations: Translations,
        /// What nobody can see, sent before by `PUT /articles/{id}`.
        #[serde(default, skip_serializing_if = "Unseen::is_empty")]
        unseen: Unseen,
    },
}

/// The text of an article in the locales in which nobody can see it, while others can be seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unseen {
    /// The fields of the default locale that change.
    pub content: Content,
    /// The other locales that change.
    pub translations: Translations,
}

impl Unseen {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.content.is_empty() && self.translations.is_empty()
    }
}

/// What `publish` does: all that a customer can see.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Publish {
    /// `PUT /help_center/collections/{id}`.
    Collection {
        /// Its name, if that changes.
        name: Option<String>,
        /// Its description, if that changes.
        description: Option<String>,
        /// The collection above it, if that changes.
        parent: Option<Place>,
        /// What it is called in the other locales that change.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        translations: BTreeMap<Locale, Naming>,
    },
    /// `PUT /articles/{id}` with `state: published`: the first time, or again.
    Live {
        /// The other locales that go live with it.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        translations: Translations,
        /// When it goes live; at once without it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
    },
    /// `POST /articles/{id}/draft/publish`.
    Draft {
        /// The locales that have a draft.
        locales: Vec<Locale>,
    },
    /// `PUT /articles/{id}` with `state: published` in some locales of an article that is live in
    /// others.
    Locales {
        /// The locales; of the default one the state alone is sent.
        translations: Translations,
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
        /// The text, where that changes, too.
        content: Content,
        /// The other locales that go offline with it.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        translations: Translations,
    },
    /// The same for other locales than the default one alone.
    LocalesOffline {
        /// The locales that go offline.
        translations: Translations,
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
            Publish::Offline { .. } | Publish::LocalesOffline { .. } => 7,
            Publish::Delete => 8,
        }
    }

    /// Whether an article leaves the customers' sight, in one locale at least.
    pub fn removes(&self) -> bool {
        matches!(self, Publish::Offline { .. } | Publish::LocalesOffline { .. } | Publish::Delete)
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
}

/// What a collection is called in one locale; sent whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Naming {
    /// Its name.
    pub name: String,
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

/// The text that is sent; a field that is `None` is not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The description; empty clears it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The body, HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The author; sent with every text where it is a current teammate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<AdminId>,
    /// The images of the body that Intercom fetches when it is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<SentImage>,
    /// Who may use it; sent where nobody can see it, for no draft holds it.
    #[serde(default, skip_serializing_if = "Flags::is_empty")]
    pub flags: Flags,
}

/// An image of the docs folder that Intercom is to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentImage {
    /// Its file.
    pub path: DocPath,
    /// The digest of its bytes.
    pub sha256: Sha256,
    /// Where it is to be found.
    pub url: String,
}

impl Content {
    /// Whether no text is sent.
    pub fn is_empty(&self) -> bool {
        self.title.is_none() && self.description.is_none() && self.body.is_none()
    }
}

/// Digests of what stood in Intercom when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Text, state, place and author that are live.
    pub live: Digest,
    /// The text of the pending draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Digest>,
    /// When the article was last changed then; Unix seconds.
    pub updated_at: i64,
    /// The same of other locales, of those that something happens to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Locale, SeenLocale>,
    /// Tags, flags and schedules, of a change that touches any of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Digest>,
}

/// Digests of what stood in Intercom in one locale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenLocale {
    /// Text, state and author that are live; none where there was nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<Digest>,
    /// The text of the pending draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Digest>,
}

impl Seen {
    /// What stands in Intercom now, in the default locale and in others.
    pub fn of<'a>(found: &LiveArticle, default: &Locale, others: impl IntoIterator<Item = &'a Locale>) -> Self {
        let text = |article: &Article| {
            format!(
                "{}\n{}\n{:?}\n{}",
                article.title.trim(),
                article.description.as_deref().unwrap_or_default().trim(),
                article.author_id,
                without_signatures(article.body.as_deref().unwrap_or_default()),
            )
        };
        let locale = |locale| match found.in_locale(locale, default) {
            InLocale::There(found) => SeenLocale {
                live: Some(Digest::of(format!("{}\n{}", found.article.state, text(&found.article)))),
                draft: found.draft.as_ref().map(|draft| Digest::of(text(draft))),
            },
            InLocale::Missing | InLocale::Unknown => SeenLocale { live: None, draft: None },
        };
        let article = &found.article;
        let live = format!("{}\n{:?}\n{}", article.state, article.parent_ids, text(article));
        Self {
            live: Digest::of(live),
            draft: locale(default).draft,
            updated_at: article.updated_at,
            translations: others.into_iter().map(|other| (other.clone(), locale(other))).collect(),
            settings: Some(super::settings::digest(found, default)),
        }
    }

    /// How a collection stands in Intercom now.
    pub fn of_collection(collection: &Collection) -> Self {
        let description = collection.description.as_deref().unwrap_or_default();
        let mut live = format!("{}\n{}\n{:?}", collection.name.trim(), description.trim(), collection.parent_id);
        for (locale, content) in collection.translated_content.iter().flat_map(|locales| &locales.0) {
            if let Some(content) = content {
                let description = content.description.as_deref().unwrap_or_default();
                live.push_str(&format!("\n{locale}\n{}\n{}", content.name.trim(), description.trim()));
            }
        }
        Self {
            live: Digest::of(live),
            draft: None,
            updated_at: collection.updated_at,
            translations: BTreeMap::new(),
            settings: None,
        }
    }

    /// Whether nothing changed in between; the time alone is no change.
    pub fn is_same(&self, now: &Self) -> bool {
        let are_settings_same = self.settings.is_none() || self.settings == now.settings;
        self.live == now.live && self.draft == now.draft && self.translations == now.translations && are_settings_same
    }
}

/// What the docs say of an article in a locale, for the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The digest of its title.
    pub title: Digest,
    /// The digest of its description, where the file says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Digest>,
    /// The exact form of its body.
    pub exact: Exact,
    /// The images in its body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<DocImage>,
    /// The Git blob of its file.
    pub blob: GitBlob,
    /// The state it is to have, where the docs say one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Who is sent as its author, if that is a current teammate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<AdminId>,
    /// The collection that it is to be in, if it is in it already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<CollectionId>,
    /// The pair of the pending draft, if that is as wanted already.
    #[serde(skip)]
    pub staged: Option<Box<Pair>>,
    /// What it is to be beside its text.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
}

impl Wanted {
    /// What a file says; the rest is left empty.
    pub(super) fn of(content: &book::Content, desired: &Desired<'_>, state: Option<State>) -> Self {
        let summary = desired.summary();
        Self {
            title: Digest::of(&desired.title),
            description: desired.description.as_ref().map(Digest::of),
            exact: summary.exact.clone(),
            images: summary.images.clone(),
            blob: content.blob().clone(),
            state,
            author: desired.author,
            collection: None,
            staged: None,
            settings: Settings::default(),
        }
    }

    /// The pair of a text in Intercom that is as the docs say. `own` are the addresses by now.
    pub fn pair(&self, stored: &Article, own: &HelpCenterUrls) -> Pair {
        let mut pair = Pair::seen(stored, own);
        pair.body.sent = Some(self.exact.digest(own));
        pair.body.images = image::bytes(&self.images);
        pair.blob = Some(self.blob.clone());
        pair
    }

    /// Gives a pair what a former one has of the fields that are left alone, or that the docs do not
    /// say. Without a former one a field that is left alone is as the docs say it, and what Intercom has of
    /// it is not known.
    pub fn leave(&self, pair: &mut Pair, former: Option<&Pair>, left: &BTreeSet<ContentKey>) {
        if left.contains(&ContentKey::Title) {
            pair.title = former.map_or(&self.title, |former| &former.title).clone();
        }
        if left.contains(&ContentKey::Description) || self.description.is_none() {
            let known = former.map(|former| &former.description).or(self.description.as_ref());
            pair.description = known.unwrap_or(&pair.description).clone();
        }
        if left.contains(&ContentKey::Author) {
            pair.author = former.map_or(self.author, |former| former.author);
        }
        if left.contains(&ContentKey::Body) {
            match former {
                Some(former) => (pair.body, pair.rules) = (former.body.clone(), former.rules),
                None => pair.body.forget_stored(),
            }
        }
        pair.left.clone_from(left);
    }
}

/// An article that is as wanted in a locale, and what the record should know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// Its id.
    pub id: ArticleId,
    /// The locale in which it is.
    pub locale: Locale,
    /// Its file.
    pub path: DocPath,
    /// The pair of its text; `None` where the record has that already.
    pub pair: Option<Pair>,
    /// What the images of its text are.
    pub images: BTreeMap<String, ImageOrigin>,
    /// The state that it has.
    pub found: State,
    /// Whether no draft waits behind its live text.
    pub has_no_draft: bool,
    /// Whether it has an address, as an article that was live once has.
    pub has_address: bool,
    /// The state that the docs say.
    pub state: Option<State>,
    /// The collection that it is to be in, if it is in it already.
    pub collection: Option<CollectionId>,
    /// What it is to be beside its text.
    pub settings: Settings,
}

impl Settled {
    /// Keeps in the record that the article is as the docs say. What was known of what they do not say
    /// stays.
    pub fn keep(&self, record: &mut Record) {
        let key = (self.id, self.locale.clone());
        let known = record.articles.or_insert_with(key, || ArticleRecord::new(self.path.clone(), self.found));
        known.settle_merge();
        known.path.clone_from(&self.path);
        if self.state == Some(self.found) {
            known.reach(self.found, self.has_address);
        }
        if let Some(pair) = &self.pair {
            match self.found {
                State::Published => known.live = Some(pair.clone()),
                State::Draft => (known.live, known.staged) = (None, Some(pair.clone())),
            }
        }
        if self.found == State::Published && self.has_no_draft {
            known.staged = None;
        }
        known.images.extend(self.images.clone());
        known.collection = self.collection.or(known.collection);
        super::settings::keep(&mut known.settings, &self.settings, &|_| true);
    }
}

impl Plan {
    /// A plan without any change.
    pub(super) fn new(live: &Live) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            helpbook: env!("CARGO_PKG_VERSION").to_owned(),
            workspace: live.me.app.id_code.clone(),
            help_center: live.help_center.identifier.clone().unwrap_or_else(|| live.help_center.id.to_string()),
            made_at: live.fetched_at,
            summary: Summary::default(),
            changes: Vec::new(),
            notes: Vec::new(),
            since: None,
            settled: Vec::new(),
            explained: Vec::new(),
            linked: Arc::default(),
            undecided: BTreeSet::new(),
        }
    }

    /// Takes what a part of the planning found.
    pub(super) fn add(&mut self, mut part: Plan) {
        self.changes.append(&mut part.changes);
        self.notes.append(&mut part.notes);
        self.settled.append(&mut part.settled);
        self.explained.append(&mut part.explained);
        self.undecided.append(&mut part.undecided);
        self.summary.unchanged += part.summary.unchanged;
    }

    pub(super) fn count(&mut self) {
        let unchanged = self.summary.unchanged;
        self.summary = Summary { unchanged, ..Summary::default() };
        for change in &self.changes {
            let count = match change.action {
                Action::Create => &mut self.summary.create,
                Action::Adopt => &mut self.summary.adopt,
                Action::Update | Action::Move => &mut self.summary.update,
                Action::Publish => &mut self.summary.publish,
                Action::Unpublish => &mut self.summary.unpublish,
                Action::Delete => &mut self.summary.delete,
                Action::Blocked => &mut self.summary.blocked,
                Action::Drift => &mut self.summary.drift,
                Action::Orphan => &mut self.summary.orphans,
            };
            *count += 1;
            if change.parts().any(|part| part.drift.is_some()) && change.action != Action::Drift {
                self.summary.drift += 1;
            }
            if change.is_blocked() && change.action != Action::Blocked {
                self.summary.blocked += 1;
            }
        }
    }

    /// The files, in every locale, whose text is sent by staging.
    pub fn texts_to_write(&self) -> BTreeSet<DocPath> {
        self.changes.iter().flat_map(Change::texts_to_write).collect()
    }

    /// Whether something is to be done, was refused or drifted.
    pub fn is_empty(&self) -> bool {
        self.changes.iter().all(|change| change.action == Action::Orphan)
    }
}

impl Change {
    /// A change of which nothing is known yet but what it is about.
    pub(super) fn new(subject: Subject, id: Option<u64>, title: &str, locale: &Locale) -> Self {
        Self {
            subject,
            id,
            title: title.to_owned(),
            action: Action::Update,
            locales: vec![locale.clone()],
            fields: Vec::new(),
            body: Vec::new(),
            sides: BodyPair::default(),
            blocked: None,
            drift: None,
            notes: Vec::new(),
            stage: None,
            tags: TagEdit::default(),
            publish: Vec::new(),
            seen: None,
            wanted: None,
            translations: BTreeMap::new(),
        }
    }

    pub(super) fn blocked(mut self, blocked: Blocked) -> Self {
        self.action = Action::Blocked;
        self.blocked = Some(blocked);
        self.stage = None;
        self.tags = TagEdit::default();
        self.publish = Vec::new();
        self
    }

    pub(super) fn field(&mut self, field: Field, old: impl Into<String>, new: impl Into<String>) {
        self.fields.push(FieldChange::new(field, old, new));
    }

    /// The article's files, in each locale, of which staging sends the body.
    pub fn texts_to_write(&self) -> Vec<DocPath> {
        let Subject::Article { path } = &self.subject else { return Vec::new() };
        let (roots, others) = match &self.stage {
            Some(Stage::Create { content, translations, .. } | Stage::Update { content, translations, .. }) => {
                (vec![content], vec![translations])
            }
            Some(Stage::Draft { content, translations, unseen }) => {
                (vec![content, &unseen.content], vec![translations, &unseen.translations])
            }
            _ => return Vec::new(),
        };
        let root = roots.iter().any(|content| content.body.is_some()).then(|| path.clone());
        let others = others.into_iter().flatten().filter(|(_, content)| content.body.is_some());
        let others = others.filter_map(|(locale, _)| Some(self.translations.get(locale)?.path.clone()));
        root.into_iter().chain(others).collect()
    }

    /// The article's id.
    pub fn article_id(&self) -> Option<ArticleId> {
        (self.subject.kind() == Kind::Article).then_some(self.id).flatten().map(ArticleId)
    }
}
