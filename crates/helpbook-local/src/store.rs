//! The durable store: one redb file, written through before a request is answered.
//!
//! Articles, collections and the other objects of the workspace are held in memory as well and are read from
//! there; versions and images are in the file alone. A change is one transaction: all of it or nothing, on disk
//! before `commit` returns, and only then in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use helpbook_model::{ArticleId, AudienceId, CollectionId, Locale, RedirectId, TagId};
use redb::backends::InMemoryBackend;
use redb::{Database, DatabaseError, ReadableDatabase as _, ReadableTable as _, TableDefinition, WriteTransaction};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::article::Article;
use super::collection::{Collection, Tree};
use super::error::{Error, StoreError};
use super::image::{StoredImage, hex};
use super::options::Storage;
use super::version::Version;
use super::workspace_objects::{Audience, Redirect, Tag};

/// The name of the file in the store's folder.
const FILE: &str = "help-center.redb";

const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
const ARTICLES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("articles");
const COLLECTIONS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("collections");
const TAGS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("tags");
const REDIRECTS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("redirects");
const AUDIENCES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("audiences");
/// By article and version.
const VERSIONS: TableDefinition<'_, (u64, u64), &[u8]> = TableDefinition::new("versions");
/// An image's address to the digest of its bytes.
const IMAGES: TableDefinition<'_, &str, &str> = TableDefinition::new("images");
const IMAGE_BYTES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("image_bytes");

/// The next ids. None is ever used twice, not even after a delete.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Counters {
    pub article: u64,
    pub collection: u64,
    pub version: u64,
    pub tag: u64,
    pub redirect: u64,
    pub audience: u64,
    /// For heading ids and image addresses.
    pub serial: u64,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            article: 9_100_001,
            collection: 8_100_001,
            version: 7_100_001,
            tag: 6_100_001,
            redirect: 5_100_001,
            audience: 4_100_001,
            serial: 1,
        }
    }
}

/// What one request changes, all of it or nothing.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub articles: Vec<Article>,
    pub deleted_articles: Vec<ArticleId>,
    pub collections: Vec<Collection>,
    pub deleted_collections: Vec<CollectionId>,
    pub versions: Vec<Version>,
    pub images: Vec<StoredImage>,
    pub tags: Vec<Tag>,
    pub deleted_tags: Vec<TagId>,
    pub redirects: Vec<Redirect>,
    pub deleted_redirects: Vec<RedirectId>,
    pub audiences: Vec<Audience>,
    pub deleted_audiences: Vec<AudienceId>,
}

/// An open store. Only one process has it at a time. It has no `Debug`, as it holds the token.
pub(super) struct Store {
    db: Database,
    pub articles: BTreeMap<ArticleId, Article>,
    /// The articles that have a schedule.
    pub scheduled: BTreeSet<ArticleId>,
    pub collections: Tree,
    pub tags: BTreeMap<TagId, Tag>,
    pub redirects: BTreeMap<RedirectId, Redirect>,
    pub audiences: BTreeMap<AudienceId, Audience>,
    /// The next ids. A request counts on a copy and hands it to `commit`.
    pub counters: Counters,
    pub token: String,
}

impl Store {
    /// Opens the store, or makes it. `token` replaces the one it holds.
    ///
    /// # Errors
    /// Fails where another process has it, and where it cannot be read or written.
    pub(super) fn open(storage: &Storage, token: Option<&str>) -> Result<Self, Error> {
        let db = match storage {
            Storage::Memory => Database::builder()
                .create_with_backend(InMemoryBackend::new())
                .map_err(|error| StoreError::from(redb::Error::from(error)))?,
            Storage::Folder(folder) => open_file(folder)?,
        };
        Ok(Self::load(db, token)?)
    }

    fn load(db: Database, token: Option<&str>) -> Result<Self, StoreError> {
        let write = db.begin_write().map_err(redb::Error::from)?;
        let (articles, collections, others, counters, token) = {
            let mut meta = open_table(&write, META)?;
            open_table(&write, VERSIONS)?;
            open_table(&write, IMAGES)?;
            open_table(&write, IMAGE_BYTES)?;
            let counters = match meta.get("counters").map_err(redb::Error::from)? {
                Some(record) => serde_json::from_slice(record.value())?,
                None => Counters::default(),
            };
            let kept = meta
                .get("token")
                .map_err(redb::Error::from)?
                .map(|record| String::from_utf8_lossy(record.value()).into_owned());
            let token = token.map(str::to_owned).or(kept).unwrap_or_else(new_token);
            meta.insert("token", token.as_bytes()).map_err(redb::Error::from)?;
            let articles: Vec<Article> = read_all(&open_table(&write, ARTICLES)?)?;
            let collections: Vec<Collection> = read_all(&open_table(&write, COLLECTIONS)?)?;
            let others = (
                read_all(&open_table(&write, TAGS)?)?,
                read_all(&open_table(&write, REDIRECTS)?)?,
                read_all(&open_table(&write, AUDIENCES)?)?,
            );
            (articles, collections, others, counters, token)
        };
        write.commit().map_err(redb::Error::from)?;
        let (tags, redirects, audiences): (Vec<Tag>, Vec<Redirect>, Vec<Audience>) = others;
        Ok(Self {
            db,
            scheduled: articles.iter().filter(|one| one.schedule.is_some()).map(|one| one.id).collect(),
            articles: articles.into_iter().map(|one| (one.id, one)).collect(),
            collections: collections.into_iter().map(|one| (one.id, one)).collect(),
            tags: tags.into_iter().map(|one| (one.id, one)).collect(),
            redirects: redirects.into_iter().map(|one| (one.id, one)).collect(),
            audiences: audiences.into_iter().map(|one| (one.id, one)).collect(),
            counters,
            token,
        })
    }

    /// Writes the changes down, then shows them.
    ///
    /// # Errors
    /// Fails where the store cannot be written; then nothing has changed.
    pub(super) fn commit(&mut self, changes: Changes, counters: Counters) -> Result<(), StoreError> {
        let write = self.db.begin_write().map_err(redb::Error::from)?;
        write_down(&write, &changes, counters)?;
        write.commit().map_err(redb::Error::from)?;

        self.counters = counters;
        self.scheduled.retain(|id| !changes.deleted_articles.contains(id));
        for article in &changes.articles {
            match article.schedule {
                Some(_) => self.scheduled.insert(article.id),
                None => self.scheduled.remove(&article.id),
            };
        }
        self.articles.extend(changes.articles.into_iter().map(|one| (one.id, one)));
        self.collections.extend(changes.collections.into_iter().map(|one| (one.id, one)));
        for id in changes.deleted_articles {
            self.articles.remove(&id);
        }
        for id in changes.deleted_collections {
            self.collections.remove(&id);
        }
        self.tags.extend(changes.tags.into_iter().map(|one| (one.id, one)));
        self.redirects.extend(changes.redirects.into_iter().map(|one| (one.id, one)));
        self.audiences.extend(changes.audiences.into_iter().map(|one| (one.id, one)));
        for id in changes.deleted_tags {
            self.tags.remove(&id);
        }
        for id in changes.deleted_redirects {
            self.redirects.remove(&id);
        }
        for id in changes.deleted_audiences {
            self.audiences.remove(&id);
        }
        Ok(())
    }

    /// An article or a collection without a text in the default locale, which was another one when
    /// it was made: that locale.
    pub(super) fn foreign_locale(&self, default: &Locale) -> Option<&Locale> {
        let articles = self.articles.values().filter(|one| !one.texts.contains_key(default));
        let collections = self.collections.values().filter(|one| !one.texts.contains_key(default));
        articles
            .filter_map(|one| one.texts.keys().next())
            .chain(collections.filter_map(|one| one.texts.keys().next()))
            .next()
    }

    /// The versions of an article, newest first.
    ///
    /// # Errors
    /// Fails where the store cannot be read.
    pub(super) fn versions(&self, article: ArticleId) -> Result<Vec<Version>, StoreError> {
        let read = self.db.begin_read().map_err(redb::Error::from)?;
        let table = read.open_table(VERSIONS).map_err(redb::Error::from)?;
        let of_article = table.range((article.0, 0)..=(article.0, u64::MAX)).map_err(redb::Error::from)?;
        let mut versions = Vec::new();
        for entry in of_article.rev() {
            let (_, record) = entry.map_err(redb::Error::from)?;
            versions.push(serde_json::from_slice(record.value())?);
        }
        Ok(versions)
    }

    /// The bytes of an image that was taken over, by its address; `None` where there is none.
    ///
    /// # Errors
    /// Fails where the store cannot be read.
    pub(super) fn image(&self, address: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let read = self.db.begin_read().map_err(redb::Error::from)?;
        let images = read.open_table(IMAGES).map_err(redb::Error::from)?;
        let Some(digest) = images.get(address).map_err(redb::Error::from)? else { return Ok(None) };
        let bytes = read.open_table(IMAGE_BYTES).map_err(redb::Error::from)?;
        Ok(bytes.get(digest.value()).map_err(redb::Error::from)?.map(|bytes| bytes.value().to_vec()))
    }
}

fn open_file(folder: &Path) -> Result<Database, Error> {
    let failed = |source| Error::Folder { path: folder.to_owned(), source };
    fs::create_dir_all(folder).map_err(failed)?;
    let path = folder.join(FILE);
    let opened = |error| match error {
        DatabaseError::DatabaseAlreadyOpen => Error::InUse { path: folder.to_owned() },
        other => StoreError::from(redb::Error::from(other)).into(),
    };
    if !path.exists() {
        // Made whole under another name first: a kill in between leaves no half a store.
        let new = folder.join(format!("{FILE}.{}", std::process::id()));
        drop(Database::create(&new).map_err(opened)?);
        // Another process may have been faster; its store is used.
        let linked = fs::hard_link(&new, &path);
        fs::remove_file(&new).map_err(failed)?;
        if let Err(error) = linked
            && !path.exists()
        {
            return Err(failed(error));
        }
    }
    let db = Database::create(&path).map_err(opened)?;
    keep_private(&path).map_err(failed)?;
    Ok(db)
}

/// The file holds the token: nobody else may read it.
#[cfg(unix)]
fn keep_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn keep_private(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

fn write_down(write: &WriteTransaction, changes: &Changes, counters: Counters) -> Result<(), StoreError> {
    let mut meta = open_table(write, META)?;
    let record = serde_json::to_vec(&counters)?;
    meta.insert("counters", record.as_slice()).map_err(redb::Error::from)?;

    let mut articles = open_table(write, ARTICLES)?;
    insert(&mut articles, &changes.articles, |one| one.id.0)?;
    let mut versions = open_table(write, VERSIONS)?;
    for version in &changes.versions {
        let record = serde_json::to_vec(version)?;
        versions.insert((version.article.0, version.id), record.as_slice()).map_err(redb::Error::from)?;
    }
    for id in &changes.deleted_articles {
        articles.remove(id.0).map_err(redb::Error::from)?;
        versions.retain_in((id.0, 0)..=(id.0, u64::MAX), |_, _| false).map_err(redb::Error::from)?;
    }
    let mut collections = open_table(write, COLLECTIONS)?;
    insert(&mut collections, &changes.collections, |one| one.id.0)?;
    remove(&mut collections, changes.deleted_collections.iter().map(|id| id.0))?;
    let mut tags = open_table(write, TAGS)?;
    insert(&mut tags, &changes.tags, |one| one.id.0)?;
    remove(&mut tags, changes.deleted_tags.iter().map(|id| id.0))?;
    let mut redirects = open_table(write, REDIRECTS)?;
    insert(&mut redirects, &changes.redirects, |one| one.id.0)?;
    remove(&mut redirects, changes.deleted_redirects.iter().map(|id| id.0))?;
    let mut audiences = open_table(write, AUDIENCES)?;
    insert(&mut audiences, &changes.audiences, |one| one.id.0)?;
    remove(&mut audiences, changes.deleted_audiences.iter().map(|id| id.0))?;
    let mut images = open_table(write, IMAGES)?;
    let mut bytes = open_table(write, IMAGE_BYTES)?;
    for image in &changes.images {
        let digest = hex(&[&image.bytes], 64);
        images.insert(image.address.as_str(), digest.as_str()).map_err(redb::Error::from)?;
        if bytes.get(digest.as_str()).map_err(redb::Error::from)?.is_none() {
            bytes.insert(digest.as_str(), image.bytes.as_slice()).map_err(redb::Error::from)?;
        }
    }
    Ok(())
}

type Records<'t> = redb::Table<'t, u64, &'static [u8]>;

fn insert<T: Serialize>(table: &mut Records<'_>, records: &[T], id: impl Fn(&T) -> u64) -> Result<(), StoreError> {
    for one in records {
        let record = serde_json::to_vec(one)?;
        table.insert(id(one), record.as_slice()).map_err(redb::Error::from)?;
    }
    Ok(())
}

fn remove(table: &mut Records<'_>, ids: impl Iterator<Item = u64>) -> Result<(), StoreError> {
    for id in ids {
        table.remove(id).map_err(redb::Error::from)?;
    }
    Ok(())
}

fn open_table<'t, K: redb::Key + 'static, V: redb::Value + 'static>(
    write: &'t WriteTransaction,
    table: TableDefinition<'_, K, V>,
) -> Result<redb::Table<'t, K, V>, StoreError> {
    Ok(write.open_table(table).map_err(redb::Error::from)?)
}

fn read_all<T: DeserializeOwned>(table: &Records<'_>) -> Result<Vec<T>, StoreError> {
    let mut records = Vec::new();
    for entry in table.iter().map_err(redb::Error::from)? {
        let (_, record) = entry.map_err(redb::Error::from)?;
        records.push(serde_json::from_slice(record.value())?);
    }
    Ok(records)
}

/// A token that cannot be guessed: keys of the system's randomness, hashed. It has the form of Intercom's own, by
/// which its command line tool knows how to send it (docs/intercom.md 4).
fn new_token() -> String {
    let random = |n: u64| RandomState::new().hash_one(n).to_be_bytes();
    let parts: Vec<[u8; 8]> = (0..4).map(random).collect();
    let parts: Vec<&[u8]> = parts.iter().map(<[u8; 8]>::as_slice).collect();
    STANDARD.encode(format!("tok:{}", hex(&parts, 32)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Content;
    use crate::version::Via;
    use helpbook_model::{AdminId, Locale};

    fn open(folder: &Path) -> Result<Store, Error> {
        Store::open(&Storage::Folder(folder.to_owned()), None)
    }

    fn collection(id: u64) -> Collection {
        let id = CollectionId(id);
        Collection { id, parent: None, texts: BTreeMap::new(), created_at: 1, updated_at: 1 }
    }

    #[test]
    fn what_is_committed_is_there_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path()).unwrap();
        let token = store.token.clone();
        let counters = Counters { collection: 8_100_002, ..store.counters };
        let changes = Changes { collections: vec![collection(8_100_001)], ..Changes::default() };
        store.commit(changes, counters).unwrap();
        drop(store);

        let store = open(dir.path()).unwrap();
        assert_eq!(store.token, token);
        assert_eq!(store.counters, counters);
        assert_eq!(store.collections.values().collect::<Vec<_>>(), [&collection(8_100_001)]);
    }

    #[test]
    fn a_second_one_on_the_same_store_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let _first = open(dir.path()).unwrap();
        let second = open(dir.path()).err().unwrap();
        assert!(matches!(second, Error::InUse { .. }), "{second:?}");
        assert!(second.to_string().ends_with("is in use by another helpbook"), "{second}");
    }

    #[test]
    fn equal_images_are_kept_once_under_each_address() {
        let mut store = Store::open(&Storage::Memory, None).unwrap();
        let image = |address: &str| StoredImage { address: address.to_owned(), bytes: b"png".to_vec() };
        let changes = Changes { images: vec![image("a"), image("b")], ..Changes::default() };
        store.commit(changes, store.counters).unwrap();
        let read = store.db.begin_read().unwrap();
        let addresses = read.open_table(IMAGES).unwrap();
        let bytes = read.open_table(IMAGE_BYTES).unwrap();
        for address in ["a", "b"] {
            let digest = addresses.get(address).unwrap().unwrap();
            let kept = bytes.get(digest.value()).unwrap().unwrap();
            assert_eq!(kept.value(), b"png");
        }
        assert_eq!(bytes.iter().unwrap().count(), 1);
    }

    #[test]
    fn a_deleted_article_takes_its_versions_along() {
        let mut store = Store::open(&Storage::Memory, None).unwrap();
        let version = |article: u64, id: u64| Version {
            id,
            article: ArticleId(article),
            locale: Locale::english(),
            content: Content {
                title: String::new(),
                description: String::new(),
                body: String::new(),
                author: AdminId(1),
            },
            created_at: 1,
            created_by: AdminId(1),
            via: Via::Api,
            from: None,
        };
        let versions = vec![version(1, 5), version(2, 6), version(1, 7)];
        let changes = Changes { versions, ..Changes::default() };
        store.commit(changes, store.counters).unwrap();
        let of_first = store.versions(ArticleId(1)).unwrap();
        assert_eq!(of_first, [version(1, 7), version(1, 5)]);
        let changes = Changes { deleted_articles: vec![ArticleId(1)], ..Changes::default() };
        store.commit(changes, store.counters).unwrap();
        assert_eq!(store.versions(ArticleId(1)).unwrap(), []);
        assert_eq!(store.versions(ArticleId(2)).unwrap(), [version(2, 6)]);
    }

    #[test]
    fn a_token_of_its_own_is_long_and_new_each_time() {
        assert_eq!(new_token().len(), 48);
        assert!(new_token().bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_ne!(new_token(), new_token());
    }
}
