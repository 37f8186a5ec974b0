//! The records of articles, which know what of them was changed.
//!
//! The lock file is written after every group of steps, and of ten thousand lines a few are others
//! then. So whoever changes a record goes through here, and only those lines are made anew.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use serde::Serialize;

use super::{ArticleRecord, Base, line_of};
use crate::intercom::model::{ArticleId, Locale};

/// The article and the locale that a record is of.
pub type Key = (ArticleId, Locale);

/// One record per article and locale. To read them it is a map.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
pub struct Records {
    records: BTreeMap<Key, ArticleRecord>,
    /// The records that were changed, added or removed since they were last written.
    #[serde(skip)]
    touched: BTreeSet<Key>,
}

impl Deref for Records {
    type Target = BTreeMap<Key, ArticleRecord>;

    fn deref(&self) -> &Self::Target {
        &self.records
    }
}

impl PartialEq for Records {
    fn eq(&self, other: &Self) -> bool {
        self.records == other.records
    }
}

impl<'r> IntoIterator for &'r Records {
    type Item = (&'r Key, &'r ArticleRecord);
    type IntoIter = std::collections::btree_map::Iter<'r, Key, ArticleRecord>;

    fn into_iter(self) -> Self::IntoIter {
        self.records.iter()
    }
}

impl<const N: usize> From<[(Key, ArticleRecord); N]> for Records {
    fn from(records: [(Key, ArticleRecord); N]) -> Self {
        Self { touched: records.iter().map(|(key, _)| key.clone()).collect(), records: records.into() }
    }
}

impl Records {
    /// A record to change.
    pub fn get_mut(&mut self, key: &Key) -> Option<&mut ArticleRecord> {
        let record = self.records.get_mut(key)?;
        self.touched.insert(key.clone());
        Some(record)
    }

    /// A record to change, made where there is none.
    pub fn or_insert_with(&mut self, key: Key, make: impl FnOnce() -> ArticleRecord) -> &mut ArticleRecord {
        self.touched.insert(key.clone());
        self.records.entry(key).or_insert_with(make)
    }

    /// Adds a record; gives back the one that stood there.
    pub fn insert(&mut self, key: Key, record: ArticleRecord) -> Option<ArticleRecord> {
        self.touched.insert(key.clone());
        self.records.insert(key, record)
    }

    /// Takes a record out.
    pub fn remove(&mut self, key: &Key) -> Option<ArticleRecord> {
        self.touched.insert(key.clone());
        self.records.remove(key)
    }

    /// Takes out the records of an article, in every locale.
    pub fn remove_all(&mut self, id: ArticleId) {
        let keys: Vec<Key> = self.records.keys().filter(|(known, _)| *known == id).cloned().collect();
        for key in keys {
            self.remove(&key);
        }
    }

    /// Every record, to change it.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut ArticleRecord> {
        self.touched.extend(self.records.keys().cloned());
        self.records.values_mut()
    }
}

/// The lines of a lock file that is written again and again: those of one [`Base`], from the first time
/// on.
#[derive(Debug, Default)]
pub struct Lines {
    /// The line of every record, as of the last time.
    known: BTreeMap<Key, String>,
}

impl Lines {
    /// The text of the lock file, the same as [`Base::to_text`]. From here on its records count as
    /// written.
    pub fn text(&mut self, base: &mut Base) -> String {
        for key in std::mem::take(&mut base.articles.touched) {
            match base.articles.get(&key) {
                Some(record) => self.known.insert(key.clone(), line_of(&key, record)),
                None => self.known.remove(&key),
            };
        }
        let mut text = base.head();
        self.known.values().for_each(|line| text.push_str(line));
        debug_assert_eq!(text, base.to_text());
        text
    }
}
