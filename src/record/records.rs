//! The records of articles, which know what of them was changed.
//!
//! The lock file is written after every group of steps, and of ten thousand lines a few are others
//! then. So whoever changes a record goes through here, and only those lines are made again.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;

use serde::Serialize;

use super::{ArticleRecord, Record, lines_of};
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
    /// The records of lines of a lock file, of which several may be of one article.
    pub(super) fn of_lines(mut lines: Vec<(Key, ArticleRecord)>) -> Self {
        lines.sort_by(|(one, _), (other, _)| one.cmp(other));
        lines.dedup_by(|(key, line), (first, record)| {
            let is_same = key == first;
            if is_same && !std::iter::once(&*record).chain(&record.merged).any(|known| known == line) {
                record.merged.push(line.clone());
            }
            is_same
        });
        // A map of what is sorted takes half the memory of one that grows line by line.
        Self { records: lines.into_iter().collect(), touched: BTreeSet::new() }
    }

    /// The records of an article, by locale.
    pub fn of(&self, id: ArticleId) -> impl Iterator<Item = (&Locale, &ArticleRecord)> {
        let all = self.records.range((id, Locale(String::new()))..);
        all.take_while(move |((of, _), _)| *of == id).map(|((_, locale), record)| (locale, record))
    }

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

    /// Adds a record; gives back the one that was there.
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
        let locales: Vec<Locale> = self.of(id).map(|(locale, _)| locale.clone()).collect();
        for locale in locales {
            self.remove(&(id, locale));
        }
    }

    /// Every record, to change it.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut ArticleRecord> {
        self.touched.extend(self.records.keys().cloned());
        self.records.values_mut()
    }
}

/// The lines of a lock file that is written again and again: those of one [`Record`], from the first time
/// on.
#[derive(Debug, Default)]
pub struct Lines {
    /// The line of every record, as of the last time.
    known: BTreeMap<Key, Arc<str>>,
}

impl Lines {
    /// The lock file in parts, which together are [`Record::to_text`]: they are put together where
    /// nothing waits for it. From here on its records count as written.
    pub fn parts(&mut self, record: &mut Record) -> Vec<Arc<str>> {
        let touched = std::mem::take(&mut record.articles.touched);
        if self.known.is_empty() {
            // Nothing is known of what others wrote.
            let lines = record.articles.iter().map(|(key, of)| (key.clone(), lines_of(key, of).into()));
            self.known = lines.collect();
        } else {
            for key in touched {
                match record.articles.get(&key) {
                    Some(of) => self.known.insert(key.clone(), lines_of(&key, of).into()),
                    None => self.known.remove(&key),
                };
            }
        }
        let head = std::iter::once(Arc::from(record.head()));
        let parts: Vec<Arc<str>> = head.chain(self.known.values().map(Arc::clone)).collect();
        debug_assert_eq!(parts.concat(), record.to_text());
        parts
    }
}
