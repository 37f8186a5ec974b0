//! What a plan is made of: the docs, the Help Center, the record and the rules.

use crate::book::Book;
use crate::config::{AddressTemplate, Author, Config, Orphans, Spacing};
use crate::html::{RenderedDocs, Rendering};
use crate::intercom::model::{CollectionId, Locale, State};
use crate::live::{Addresses, Live};
use crate::record::Record;
use crate::text::DocPath;

/// What a plan is made by: the team's choices and those of the command line.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The locale of files without a suffix.
    pub locale: Locale,
    /// The locales that are meant; others stay as they are.
    pub locales: Vec<Locale>,
    /// The state of articles that say none.
    pub state: Option<State>,
    /// The author of new articles that name none.
    pub author: Option<Author>,
    /// What becomes of live articles whose files are gone.
    pub orphans: Orphans,
    /// Names or ids of live collections that are not ours.
    pub ignored_collections: Vec<String>,
    /// Whether an empty paragraph is between two paragraphs.
    pub spacing: Spacing,
    /// The addresses of the docs folder's images, if somebody hosts them.
    pub images: Option<AddressTemplate>,
    /// Where people find articles; `None` where nobody could follow an address.
    pub addresses: Option<Addresses>,
    /// What was changed in Intercom.
    pub theirs: Theirs,
    /// A new file whose title is taken.
    pub taken_titles: TakenTitles,
    /// The files and folders that are meant; empty for all.
    pub paths: Vec<DocPath>,
    /// What a change shows of a body beside its words.
    pub pages: Pages,
    /// Whether it says of each text why it is in sync or not.
    pub reasons: Reasons,
}

/// Whether a change holds both sides of a body, as a page shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// It does: the plan is saved, or a page is made of it.
    Made,
    /// It does not: nobody looks at more than the words, and writing both sides takes its time.
    LeftOut,
}

/// Whether a plan says of each text why it is in sync or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reasons {
    /// It does.
    Given,
    /// It does not: nobody asked.
    LeftOut,
}

/// What becomes of a change that was made in Intercom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theirs {
    /// It is named and left alone.
    Kept,
    /// The docs replace it: `--overwrite`.
    Overwritten,
}

/// What becomes of a new file whose title a live article has that no file claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenTitles {
    /// It is refused.
    Refused,
    /// It is created all the same: `--create`.
    Created,
}

impl Rules {
    /// The rules of a configuration, with nothing overruled.
    pub fn new(config: &Config) -> Self {
        Self {
            locale: config.default_locale.clone(),
            locales: config.locales.clone(),
            state: config.state,
            author: config.author.clone(),
            orphans: config.orphans,
            ignored_collections: config.ignored_collections.clone(),
            spacing: config.spacing,
            images: config.images.as_ref().map(|hosting| hosting.base_url.clone()),
            addresses: None,
            theirs: Theirs::Kept,
            pages: Pages::Made,
            reasons: Reasons::LeftOut,
            taken_titles: TakenTitles::Refused,
            paths: Vec::new(),
        }
    }

    /// What the texts of a book are rendered with.
    pub fn rendering(&self) -> Rendering<'_> {
        Rendering { images: self.images.as_ref(), state: self.state, spacing: self.spacing }
    }

    /// Whether a locale is meant.
    pub(super) fn means_locale(&self, locale: &Locale) -> bool {
        self.locales.contains(locale)
    }

    /// Whether a collection, or one above it, is not ours.
    pub fn ignores(&self, live: &Live, id: CollectionId) -> bool {
        let mut next = Some(id);
        // The lists may name a circle.
        for _ in 0..8 {
            let Some(id) = next else { return false };
            let collection = live.collections.get(&id);
            let is_it = |name: &String| {
                *name == id.to_string() || collection.is_some_and(|collection| collection.name == *name)
            };
            if self.ignored_collections.iter().any(is_it) {
                return true;
            }
            next = collection.and_then(|collection| collection.parent_id);
        }
        false
    }

    /// Whether a file or folder is meant.
    pub fn means(&self, path: &str) -> bool {
        self.paths.is_empty()
            || self.paths.iter().any(|wanted| {
                let wanted = wanted.as_str();
                wanted.is_empty()
                    || path == wanted
                    || path.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('/'))
            })
    }
}

/// The inputs of a plan, side by side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Inputs<'a> {
    pub book: &'a Book,
    pub docs: &'a RenderedDocs,
    pub live: &'a Live,
    pub record: &'a Record,
    pub rules: &'a Rules,
}

/// Docs with what is known of their texts.
#[derive(Debug, Clone, Copy)]
pub struct RenderedBook<'a> {
    /// The files.
    pub book: &'a Book,
    /// Their texts.
    pub docs: &'a RenderedDocs,
}

/// Docs with the rules of their configuration.
#[derive(Debug, Clone, Copy)]
pub struct Docs<'a> {
    /// The files.
    pub book: &'a Book,
    /// What their configuration says.
    pub rules: &'a Rules,
}
