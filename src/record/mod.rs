//! The record: what we last sent and what Intercom then stored, kept in `helpbook.lock`.
//!
//! The record decides whose a change is. A text in Intercom that is one of its pairs is ours; any
//! other was written by somebody else. Only where there is no record does the texts
//! themselves are compared.
//!
//! The file is committed. One article and locale is one line, sorted, so that Git merges it. Two
//! lines of one article, as a merge leaves them, are one record with the pairs of both. A line that
//! cannot be read counts as absent. Deleting the file is safe, not free.

mod moved;
mod pair;
mod records;
mod settings;
mod stale;
mod traits;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::book::{Book, Folder, edit};
use crate::disk;
use crate::html::image::ImageOrigin;
use crate::intercom::model::{Article, ArticleId, Collection, CollectionId, GroupContent, Locale, State};
use crate::text::{Digest, DocPath, GitBlob};
use crate::threads;

pub use pair::{BodyPair, Pair, description, stored_body, title, without_signatures};
pub use records::{Lines, Records};
pub use settings::Settings;
pub use stale::Reading;
pub use traits::{Colors, HeadingIds, ListBodies, ParentIds, Traits};

/// The name of the lock file, beside `helpbook.yml`.
pub const FILE: &str = "helpbook.lock";

const HEADER: &str =
    "# helpbook.lock: what helpbook last sent and what Intercom stored. helpbook writes it; commit it.\n";

/// How large a lock file may be, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// The format of the lock file. One of a newer format is never written over.
const FORMAT: u32 = 1;

/// The records of one workspace.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Record {
    /// The workspace that the records are of.
    pub workspace: Option<String>,
    /// How the workspace behaves, as far as it is known.
    pub traits: Traits,
    /// One record per article and locale.
    pub articles: Records,
    /// One record per collection.
    pub collections: BTreeMap<CollectionId, CollectionRecord>,
}

/// What is known of an article in one locale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleRecord {
    /// Its file when it was last sent.
    pub path: DocPath,
    /// The state in which it was last left on purpose.
    pub state: State,
    /// Whether it was live and is offline because the docs say so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_offline: bool,
    /// The collection it was last put into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<CollectionId>,
    /// The text that is live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<Pair>,
    /// The text that is a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staged: Option<Pair>,
    /// Of a translation: the text that was live in the default locale when this one was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Digest>,
    /// What we last set beside its text.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
    /// What the images are that Intercom has at its own addresses.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub images: BTreeMap<String, ImageOrigin>,
    /// What was known before the last pull changed the file, until the text is sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_pull: Option<Box<BeforePull>>,
    /// Other lines of the same article, as a merge of two branches leaves them.
    #[serde(skip)]
    pub merged: Vec<ArticleRecord>,
}

/// A record as it was before a pull, with the file that the pull changed. Whoever restores the file and
/// keeps the lock has undone the pull: what a teammate wrote is not in the docs, and not ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeforePull {
    /// The file before.
    pub blob: GitBlob,
    /// Whether a person had to choose between both sides. Then the file as it was before may be the choice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_conflict: bool,
    /// The record before.
    pub record: ArticleRecord,
}

impl BeforePull {
    /// Whether a file with this blob has undone the pull.
    fn is_undone(&self, blob: &GitBlob) -> bool {
        let is_sent = self.record.pairs().any(|pair| pair.blob.as_ref() == Some(blob));
        if self.blob == *blob { !self.was_conflict } else { is_sent }
    }
}

/// Whether an article has an address, which it gets when it goes live first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// It has one.
    Given,
    /// It has none.
    Missing,
}

impl Address {
    /// That of an article as Intercom has it.
    pub fn of(article: &Article) -> Self {
        if article.url.is_some() { Address::Given } else { Address::Missing }
    }
}

/// What is known of a collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionRecord {
    /// Its folder when it was last sent.
    pub folder: Folder,
    /// The digest of its name.
    pub name: Digest,
    /// The digest of its description.
    pub description: Digest,
    /// The collection above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CollectionId>,
    /// What it is called in other locales.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub translations: BTreeMap<Locale, NameRecord>,
}

/// What is known of a collection in another locale than the default one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameRecord {
    /// The digest of its name.
    pub name: Digest,
    /// The digest of its description.
    pub description: Digest,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Line {
    Header {
        helpbook: u32,
        workspace: String,
        #[serde(flatten)]
        traits: Traits,
    },
    Article {
        article: ArticleId,
        locale: Locale,
        #[serde(flatten)]
        record: Box<ArticleRecord>,
    },
    Collection {
        collection: CollectionId,
        #[serde(flatten)]
        record: CollectionRecord,
    },
}

/// What a line is about, beside what it says of that.
#[derive(Deserialize)]
struct About {
    helpbook: Option<u32>,
    workspace: Option<String>,
    article: Option<ArticleId>,
    locale: Option<Locale>,
    collection: Option<CollectionId>,
}

impl Line {
    /// Reads a line; `None` where it is none. It is read twice, first for what it is about: to read it once, serde
    /// would have to build all of it in between.
    fn read(line: &str) -> Option<Self> {
        Some(match serde_json::from_str(line).ok()? {
            About { helpbook: Some(helpbook), workspace: Some(workspace), .. } => {
                Self::Header { helpbook, workspace, traits: serde_json::from_str(line).ok()? }
            }
            About { article: Some(article), locale: Some(locale), .. } => {
                Self::Article { article, locale, record: serde_json::from_str(line).ok()? }
            }
            About { collection: Some(collection), .. } => {
                Self::Collection { collection, record: serde_json::from_str(line).ok()? }
            }
            About { .. } => return None,
        })
    }

    /// The line with its end.
    fn text(&self) -> String {
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        line
    }
}

/// The lines of an article: one, or as many as a merge left.
fn lines_of((id, locale): &(ArticleId, Locale), record: &ArticleRecord) -> String {
    let line = |record: &ArticleRecord| {
        Line::Article { article: *id, locale: locale.clone(), record: Box::new(record.clone()) }.text()
    };
    std::iter::once(record).chain(&record.merged).map(line).collect()
}

/// A lock file and what is odd about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    /// The records.
    pub record: Record,
    /// What could not be used, each a sentence.
    pub warnings: Vec<String>,
}

/// A lock file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A newer helpbook wrote it.
    #[error("a newer version of helpbook wrote it (format {0}, and this one knows {FORMAT})")]
    Newer(u32),
    /// It is of two workspaces.
    #[error("it names two workspaces, `{0}` and `{1}`")]
    TwoWorkspaces(String, String),
}

impl CollectionRecord {
    /// The record of a collection as Intercom stores it.
    pub fn stored(folder: Folder, collection: &Collection) -> Self {
        Self {
            folder,
            name: Digest::of(collection.name.trim()),
            description: Digest::of(collection.description.as_deref().unwrap_or_default().trim()),
            parent: collection.parent_id,
            translations: collection
                .translated_content
                .iter()
                .flat_map(|locales| &locales.0)
                .filter(|(locale, _)| collection.default_locale.as_ref() != Some(*locale))
                .filter_map(|(locale, content)| Some((locale.clone(), NameRecord::stored(content.as_ref()?))))
                .collect(),
        }
    }
}

impl NameRecord {
    /// The record of a name as Intercom stores it.
    pub fn stored(content: &GroupContent) -> Self {
        Self {
            name: Digest::of(content.name.trim()),
            description: Digest::of(content.description.as_deref().unwrap_or_default().trim()),
        }
    }
}

impl ArticleRecord {
    /// The record of an article of which nothing is known yet but what is in Intercom.
    pub fn new(path: DocPath, state: State) -> Self {
        Self {
            path,
            state,
            taken_offline: false,
            collection: None,
            live: None,
            staged: None,
            source: None,
            settings: Settings::default(),
            images: BTreeMap::new(),
            before_pull: None,
            merged: Vec::new(),
        }
    }

    /// The record as it counts for a file with this blob: where the file is as it was before a pull, that
    /// pull was undone, and what was known before counts.
    pub fn beside(&self, blob: &GitBlob) -> &Self {
        match &self.before_pull {
            Some(before) if before.is_undone(blob) => &before.record,
            _ => self,
        }
    }

    /// Keeps that the article is in the state that the docs want. One that was live and is a draft now is
    /// offline because they say so.
    pub fn reach(&mut self, state: State, address: Address) {
        let was_live = self.taken_offline || self.state == State::Published || address == Address::Given;
        self.taken_offline = state == State::Draft && was_live;
        self.state = state;
    }

    /// The lines that it is made of: mostly one.
    pub fn lines(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.merged)
    }

    /// Every pair that is known: a text in Intercom that is one of these is ours.
    pub fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.lines().flat_map(|line| line.live.iter().chain(&line.staged))
    }

    /// The pairs that the live text grew from. Of an article that nobody can see these are those of
    /// its only text.
    pub fn live_pairs(&self) -> impl Iterator<Item = &Pair> {
        self.lines().filter_map(|line| line.live.as_ref().or(line.staged.as_ref()))
    }

    /// The pairs that a draft grew from.
    pub fn draft_pairs(&self) -> impl Iterator<Item = &Pair> {
        self.lines().filter_map(|line| line.staged.as_ref().or(line.live.as_ref()))
    }

    /// The state in which it was left, for an article that is in `found` now. Where two lines
    /// disagree, the one that Intercom has is right; else it was somebody else.
    pub fn state_beside(&self, found: State) -> State {
        if self.lines().any(|line| line.state == found) { found } else { self.state }
    }

    /// The collection that it was put into, of an article that is in `found` now; see
    /// [`ArticleRecord::state_beside`].
    pub fn place_beside(&self, found: &[CollectionId]) -> Option<CollectionId> {
        let there = self.lines().filter_map(|line| line.collection).find(|id| found.contains(id));
        there.or(self.collection)
    }

    /// What the image at an address of Intercom's is.
    pub fn image_origins(&self) -> BTreeMap<String, ImageOrigin> {
        self.lines().flat_map(|line| line.images.clone()).collect()
    }

    /// Makes one line of several, as what is in Intercom is known now: the one that was written last.
    pub fn settle_merge(&mut self) {
        if self.merged.is_empty() {
            return;
        }
        let images = self.image_origins();
        let written = |line: &Self| line.live.iter().chain(&line.staged).map(|pair| pair.updated_at).max();
        if let Some(newest) = self.merged.drain(..).max_by_key(written).filter(|line| written(line) >= written(self)) {
            *self = newest;
        }
        self.images = images;
    }
}

impl Record {
    /// Reads a lock file. One that is not there is empty.
    ///
    /// # Errors
    /// Fails where the file is there and cannot be read, where a newer version wrote it, and where it
    /// names two workspaces.
    pub fn load(file: &Path) -> Result<Loaded, LockError> {
        match disk::read(file, LARGEST) {
            Ok(text) => Self::parse(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Loaded::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// The digest of a lock file as it is now; `None` where it cannot be read.
    pub fn digest(file: &Path) -> Option<Digest> {
        disk::read(file, LARGEST).ok().map(Digest::of)
    }

    /// Reads the text of a lock file. Lines that cannot be read count as absent.
    ///
    /// # Errors
    /// Fails where a newer version wrote it, and where it names two workspaces.
    pub fn parse(text: &str) -> Result<Loaded, LockError> {
        let mut record = Self::default();
        let lines = text.lines().map(str::trim).enumerate();
        let lines: Vec<(usize, &str)> = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).collect();
        let read = threads::map(&lines, |(_, line)| Line::read(line));
        let (mut articles, mut unread) = (Vec::new(), Vec::new());
        for ((number, _), line) in lines.into_iter().zip(read) {
            match line {
                Some(Line::Header { helpbook, .. }) if helpbook > FORMAT => return Err(LockError::Newer(helpbook)),
                Some(Line::Header { workspace, traits, .. }) => {
                    record.traits = record.traits.or(traits);
                    match record.workspace.take() {
                        Some(first) if first != workspace => return Err(LockError::TwoWorkspaces(first, workspace)),
                        _ => record.workspace = Some(workspace),
                    }
                }
                Some(Line::Article { article, locale, record: line }) => {
                    articles.push(((article, locale), *line));
                }
                Some(Line::Collection { collection, record: line }) => {
                    record.collections.insert(collection, line);
                }
                None => unread.push(number + 1),
            }
        }
        record.articles = Records::of_lines(articles);
        let warnings = match unread.as_slice() {
            [] => Vec::new(),
            [line] => vec![format!("{FILE}:{line}: this line cannot be read and counts as absent")],
            [first, rest @ ..] => {
                vec![format!("{FILE}:{first}: this line and {} more cannot be read and count as absent", rest.len())]
            }
        };
        Ok(Loaded { record, warnings })
    }

    /// Keeps from which text of the default locale a translation was published.
    pub fn keep_source(&mut self, id: ArticleId, locale: &Locale, default: &Locale) {
        let source = self.source(id, default);
        if let Some(record) = self.articles.get_mut(&(id, locale.clone())).filter(|_| locale != default) {
            record.source = source;
        }
    }

    /// The text that the docs had when the default locale went live.
    fn source(&self, id: ArticleId, default: &Locale) -> Option<Digest> {
        stale::source(self.articles.get(&(id, default.clone()))?.live.as_ref()?)
    }

    /// The collection that each article was last put into.
    pub fn last_put(&self, default: &Locale) -> BTreeMap<ArticleId, CollectionId> {
        let own = self.articles.iter().filter(|((_, locale), _)| locale == default);
        own.filter_map(|((id, _), record)| Some((*id, record.collection?))).collect()
    }

    /// Gives the articles and collections of a book the ids that the record has for their paths. So the
    /// local Help Center keeps its ids out of the docs folder. A translation's file has no id, whatever
    /// it is taken for by now.
    pub fn fill_known_ids(&self, book: &mut Book, default: &Locale) {
        for ((id, locale), record) in &self.articles {
            if locale == default
                && let Some(article) = book.articles.get_mut(&record.path)
            {
                article.id.get_or_insert(*id);
            }
        }
        for (id, record) in &self.collections {
            if let Some(collection) = book.collections.get_mut(&record.folder) {
                collection.id.get_or_insert(*id);
            }
        }
    }

    /// Writes the lock file in one step, where it differs from what is there.
    ///
    /// # Errors
    /// Fails where the file cannot be written.
    pub fn write(&self, file: &Path) -> io::Result<()> {
        write_text(file, &self.to_text())
    }

    /// The text of the lock file.
    pub fn to_text(&self) -> String {
        let mut text = self.head();
        for (key, record) in &self.articles {
            text.push_str(&lines_of(key, record));
        }
        text
    }

    /// The text above the articles.
    fn head(&self) -> String {
        let mut text = HEADER.to_owned();
        let workspace = self.workspace.clone().unwrap_or_default();
        text.push_str(&Line::Header { helpbook: FORMAT, workspace, traits: self.traits }.text());
        for (id, record) in &self.collections {
            text.push_str(&Line::Collection { collection: *id, record: record.clone() }.text());
        }
        text
    }
}

/// Writes the text of a lock file in one step, where it differs from what is there.
///
/// # Errors
/// Fails where the file cannot be written.
pub fn write_text(file: &Path, text: &str) -> io::Result<()> {
    let may_be_the_same = fs::metadata(file).is_ok_and(|there| there.len() == text.len() as u64);
    if may_be_the_same && fs::read_to_string(file).is_ok_and(|there| there == text) {
        return Ok(());
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    edit::replace(file, text)
}

/// Writes a lock file that is in parts in one step.
///
/// # Errors
/// Fails where the file cannot be written.
pub fn write_parts(file: &Path, parts: &[Arc<str>]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    edit::replace_by_parts(file, parts.iter().map(|part| &**part))
}

#[cfg(test)]
mod tests;
