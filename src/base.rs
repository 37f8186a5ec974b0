//! Base: what we last sent and what Intercom then stored, kept in `helpbook.lock`.
//!
//! Nobody can prove the list of canonical rules complete, so Base is the second opinion: a pair
//! says that for what we sent, Intercom stores this. It also tells whose a text is: what is in
//! Intercom is ours when its digest is one of those that Base knows as stored.
//!
//! The file is committed. One record stands on a line, sorted, so that Git merges it; a line that
//! cannot be read, or that a merge doubled, counts as absent. Deleting the file is safe, not free.

mod moved;
mod records;
mod settings;
mod stale;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use memchr::memmem;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::book::{Book, ContentKey, Folder, edit};
use crate::html::{Known, Proof, RENDERING, RULES};
use crate::intercom::model::{AdminId, Article, ArticleId, Collection, CollectionId, GroupContent, Locale, State};
use crate::live::{InLocale, Live};
use crate::text::{Digest, DocPath};
use crate::threads;

pub use records::{Lines, Records};
pub use settings::Settings;
pub use stale::Reading;

/// The name of the lock file, beside `helpbook.yml`.
pub const FILE: &str = "helpbook.lock";

const HEADER: &str =
    "# helpbook.lock: what helpbook last sent and what Intercom stored. helpbook writes it; commit it.\n";

/// The records of one workspace.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Base {
    /// The workspace that the records are of.
    pub workspace: Option<String>,
    /// What becomes of heading ids that are sent, once an answer told.
    pub heading_ids: Option<HeadingIds>,
    /// One record per article and locale.
    pub articles: Records,
    /// One record per collection.
    pub collections: BTreeMap<CollectionId, CollectionRecord>,
}

/// What Intercom makes of the ids of headings that are sent. Which of the two it does is not certain
/// (FACTS 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HeadingIds {
    /// They stay.
    Kept,
    /// Every save makes new ones.
    Made,
}

/// What is known of an article in one locale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleRecord {
    /// Its file when it was last sent.
    pub path: DocPath,
    /// The Git blob of the file as it was sent.
    pub blob: String,
    /// Of that blob the digest of everything in its canonical form but where links lead and which
    /// images it shows: where that can be told without rendering, and nothing is wrong with the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Digest>,
    /// The state that we last saw wanted and reached.
    pub state: State,
    /// Whether it was live and is offline because the docs say so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_offline: bool,
    /// The collection it was last put into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<CollectionId>,
    /// The author it was last sent with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<AdminId>,
    /// The pair whose text is live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<Pair>,
    /// The pair whose text is a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staged: Option<Pair>,
    /// Of a translation: the text that was live in the default locale when this one was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Digest>,
    /// What we last set beside its text.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
}

/// What we sent and what Intercom stored for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// Digests of what was sent; the body's in canonical form.
    pub sent: Texts,
    /// Digests of what was stored; the body as it was, with signatures cut.
    pub stored: Texts,
    /// What a teammate changed and we left alone: stored, but not ours and not as it was sent.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub left: BTreeSet<ContentKey>,
}

/// The digests of a title, a description and a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// The title.
    pub title: Digest,
    /// The description; empty where there is none.
    pub description: Digest,
    /// The body.
    pub body: Digest,
}

/// An article that is as wanted in a locale.
#[derive(Debug, Clone, Copy)]
pub struct Settling<'a> {
    /// The article.
    pub id: ArticleId,
    /// The locale.
    pub locale: &'a Locale,
    /// Its file.
    pub path: &'a DocPath,
    /// What would be sent.
    pub sent: &'a Texts,
    /// The Git blob of its file.
    pub blob: &'a str,
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

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Header {
        helpbook: u32,
        workspace: String,
        rules: u32,
        #[serde(default)]
        rendering: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        heading_ids: Option<HeadingIds>,
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

impl Line {
    /// The line with its end.
    fn text(&self) -> String {
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        line
    }
}

/// The line of an article.
fn line_of((id, locale): &(ArticleId, Locale), record: &ArticleRecord) -> String {
    Line::Article { article: *id, locale: locale.clone(), record: Box::new(record.clone()) }.text()
}

/// A lock file and what is odd about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    /// The records.
    pub base: Base,
    /// What could not be used, each a sentence.
    pub warnings: Vec<String>,
}

impl Texts {
    /// The digests of a text as Intercom stores it.
    pub fn stored(article: &Article) -> Self {
        Self {
            title: Digest::of(article.title.trim()),
            description: Digest::of(article.description.as_deref().unwrap_or_default().trim()),
            body: stored_body(article),
        }
    }

    /// One digest of all three.
    fn digest(&self) -> Digest {
        let Self { title, description, body } = self;
        Digest::of([title, description, body].map(Digest::as_str).join(" "))
    }
}

impl Pair {
    /// A pair all of which is ours.
    pub fn new(sent: Texts, stored: Texts) -> Self {
        Self { sent, stored, left: BTreeSet::new() }
    }
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
    /// The record of an article of which nothing is known yet but what stands in Intercom.
    pub fn new(path: DocPath, article: &Article) -> Self {
        Self {
            path,
            blob: String::new(),
            form: None,
            state: reached(article, None),
            taken_offline: false,
            collection: None,
            author: None,
            live: None,
            staged: None,
            source: None,
            settings: Settings::default(),
        }
    }

    /// Keeps the Git blob that it was sent from. What was known of another one goes.
    pub fn came_from(&mut self, blob: &str) {
        if self.blob != blob {
            blob.clone_into(&mut self.blob);
            self.form = None;
        }
    }

    /// The pairs that are known.
    pub fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.live.iter().chain(&self.staged)
    }
}

impl Base {
    /// Reads a lock file. One that is not there is empty.
    ///
    /// # Errors
    /// Fails where the file is there and cannot be read.
    pub fn load(file: &Path) -> io::Result<Loaded> {
        match fs::read_to_string(file) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Loaded::default()),
            Err(error) => Err(error),
        }
    }

    /// Reads the text of a lock file. What cannot be read counts as absent.
    pub fn parse(text: &str) -> Loaded {
        let mut loaded = Loaded::default();
        let Loaded { base, warnings } = &mut loaded;
        let (mut rules, mut rendering) = (None, None);
        let mut doubled = Vec::new();
        let lines = text.lines().map(str::trim).enumerate();
        let lines: Vec<(usize, &str)> = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).collect();
        let read = threads::map(&lines, |(_, line)| serde_json::from_str::<Line>(line).ok());
        for ((number, _), line) in lines.into_iter().zip(read) {
            match line {
                Some(Line::Header { workspace, rules: found, rendering: rendered, heading_ids, .. }) => {
                    base.heading_ids = base.heading_ids.or(heading_ids);
                    if base.workspace.as_ref().is_some_and(|first| *first != workspace) {
                        warnings.push(format!("{FILE}:{}: it names two workspaces; the first one counts", number + 1));
                    } else {
                        base.workspace = Some(workspace);
                    }
                    rules = Some(found);
                    rendering = Some(rendered).filter(|_| rendering.is_none_or(|first| first == rendered));
                }
                Some(Line::Article { article, locale, record }) => {
                    let key = (article, locale);
                    if base.articles.insert(key.clone(), (*record).clone()).is_some_and(|first| first != *record) {
                        doubled.push(key);
                    }
                }
                Some(Line::Collection { collection, record }) => {
                    base.collections.insert(collection, record);
                }
                None => warnings.push(format!("{FILE}:{}: this line cannot be read and is left out", number + 1)),
            }
        }
        for key in doubled {
            warnings.push(format!("{FILE}: article {} has two records; neither counts", key.0));
            base.articles.remove(&key);
        }
        if rules.is_some_and(|rules| rules != RULES) {
            warnings.push(format!("{FILE}: it was written by another version of helpbook; texts are compared anew"));
            base.forget_sent();
        }
        if rendering != Some(RENDERING) || rules != Some(RULES) {
            // What is known of a text is of its canonical form, rendered in this way.
            base.articles.values_mut().for_each(|record| record.form = None);
        }
        loaded
    }

    /// Digests of what was sent were made with other rules and compare with nothing.
    fn forget_sent(&mut self) {
        let unknown = Digest::of("another version's rules");
        for record in self.articles.values_mut() {
            record.source = None;
            for pair in record.live.iter_mut().chain(&mut record.staged) {
                pair.sent.body = unknown.clone();
            }
        }
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
        Some(self.articles.get(&(id, default.clone()))?.live.as_ref()?.sent.digest())
    }

    /// Keeps that an article is as the docs say in a locale, its state among it. What was known of its
    /// place stays. `default` is the locale of the root.
    pub fn settle(&mut self, settled: &Settling<'_>, default: &Locale, live: &Live) {
        let Settling { id, locale, path, sent, blob } = *settled;
        let found = live.articles.get(&id).map(|found| found.in_locale(locale, default));
        let Some(InLocale::There(found)) = found else { return };
        let article = &found.article;
        let pair = Pair::new(sent.clone(), Texts::stored(article));
        let record = self.articles.or_insert_with((id, locale.clone()), || ArticleRecord {
            author: article.author_id,
            ..ArticleRecord::new(path.clone(), article)
        });
        record.path = path.clone();
        record.state = article.state;
        record.taken_offline = article.state == State::Draft && article.url.is_some();
        record.came_from(blob);
        match article.state {
            State::Published => record.live = Some(pair),
            State::Draft => (record.live, record.staged) = (None, Some(pair)),
        }
    }

    /// What is known of texts by the Git blobs of their files.
    pub fn known(&self) -> Known {
        let known = self.articles.values().filter_map(|record| Some((record.blob.clone(), record.form.clone()?)));
        Known(known.collect())
    }

    /// Keeps what a run learned of the texts whose files are as they were sent.
    pub fn learn(&mut self, proofs: &BTreeMap<DocPath, Proof>) {
        let is_new = |record: &ArticleRecord| match proofs.get(&record.path) {
            Some((blob, form)) => record.blob == *blob && record.form.as_ref() != Some(form),
            None => false,
        };
        let new = self.articles.iter().filter(|(_, record)| is_new(record));
        for key in new.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
            if let Some(record) = self.articles.get_mut(&key) {
                record.form = proofs.get(&record.path).map(|(_, form)| form.clone());
            }
        }
    }

    /// Gives the articles and collections of a book the ids that Base knows for their paths. So the
    /// local Help Center keeps its ids out of the docs folder. A translation's file has no id, whatever
    /// it is taken for by now.
    pub fn lend_ids(&self, book: &mut Book, default: &Locale) {
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
            text.push_str(&line_of(key, record));
        }
        text
    }

    /// The text above the articles.
    fn head(&self) -> String {
        let mut text = HEADER.to_owned();
        let workspace = self.workspace.clone().unwrap_or_default();
        text.push_str(
            &Line::Header { helpbook: 1, workspace, rules: RULES, rendering: RENDERING, heading_ids: self.heading_ids }
                .text(),
        );
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

/// The state that an article was last brought to on purpose. One that is offline and has an address
/// was live once (FACTS 1.2); who took it down is told by `before`, what was known until now.
pub fn reached(article: &Article, before: Option<State>) -> State {
    match article.state {
        State::Published => State::Published,
        State::Draft if article.url.is_none() => State::Draft,
        State::Draft => before.unwrap_or(State::Published),
    }
}

/// The digest of the body of an article as Intercom stores it, without the signatures of its images.
pub fn stored_body(article: &Article) -> Digest {
    let mut digest = Sha256::new();
    each_unsigned(article.body.as_deref().unwrap_or_default(), &mut |part| digest.update(part));
    Digest::finished(digest)
}

/// A body without the signatures of its images, which differ on every read (FACTS 3.5).
pub fn without_signatures(body: &str) -> String {
    let mut unsigned = String::with_capacity(body.len());
    each_unsigned(body, &mut |part| unsigned.push_str(part));
    unsigned
}

/// The same part by part.
fn each_unsigned<'b>(body: &'b str, take: &mut dyn FnMut(&'b str)) {
    let mut rest = body;
    let image = memmem::Finder::new("src=\"");
    while let Some(at) = image.find(rest.as_bytes()) {
        let (before, after) = rest.split_at(at + 5);
        take(before);
        let end = after.find('"').unwrap_or(after.len());
        let src = &after[..end];
        let hosted = src.contains("intercomcdn.") || src.contains("intercom-attachments-");
        take(if hosted { src.split('?').next().unwrap_or(src) } else { src });
        rest = &after[end..];
    }
    take(rest);
}

#[cfg(test)]
mod tests;
