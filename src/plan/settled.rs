//! Articles that are as the docs say.

use std::collections::BTreeMap;

use super::wanted::keep_settings;
use crate::html::image::ImageOrigin;
use crate::intercom::model::{ArticleId, CollectionId, Locale, State};
use crate::record::{Address, ArticleRecord, Pair, Record, Settings};
use crate::text::DocPath;

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
    pub address: Address,
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
            known.reach(self.found, self.address);
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
        keep_settings(&mut known.settings, &self.settings, &|_| true);
    }
}
