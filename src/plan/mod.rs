//! The changes that lead from Live to Book, as pure data.
//!
//! [`plan`] compares; it reads no file, sends nothing, asks no clock and no random source: the same
//! inputs give a byte-equal plan. `apply` executes exactly what stands here, step by step, so
//! nothing is worked out anew between showing and doing.

mod article;
mod collection;
mod collection_locale;
mod desired;
mod explain;
mod guard;
mod images;
mod left_empty;
mod links;
mod locales;
mod matching;
mod model;
mod order;
mod orphan;
mod part;
mod published;
mod saved;
mod schedule;
mod settings;
mod show;
mod side;
mod since;
mod taken;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use explain::{Desires, Explained, Reason, Stored, Why};
pub use guard::{Guard, guard};
pub use links::Linked;
pub use model::{
    Action, Blocked, BodyPair, Change, Content, Drift, FORMAT_VERSION, Field, FieldChange, Kind, Naming, Picture,
    Place, Plan, Publish, Seen, SeenLocale, SentImage, SettingsEdit, Settled, Stage, Subject, Summary, Translation,
    Translations, Unseen, Wanted,
};
pub use published::Docs;
pub use settings::{Redirection, TagEdit, keep as keep_settings, lists};
pub use side::{Facts, Side};
pub use since::{Against, Since, changes_since};
pub use taken::{Asks, Edit, Proof, Said, Source, Taken, proof, taken};
pub use text::{Which, WrittenBy};

pub use part::Part;

use crate::book::{Book, Folder};
use crate::config::{AddressTemplate, Author, Config, Orphans, Spacing};
use crate::html::{RenderedDocs, Rendering};
use crate::intercom::model::{CollectionId, Locale, State};
use crate::live::{Live, Undecided};
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
    /// Whether an empty paragraph stands between two paragraphs.
    pub spacing: Spacing,
    /// The addresses of the docs folder's images, if somebody hosts them.
    pub images: Option<AddressTemplate>,
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
    fn means_locale(&self, locale: &Locale) -> bool {
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
struct Inputs<'a> {
    book: &'a Book,
    docs: &'a RenderedDocs,
    live: &'a Live,
    record: &'a Record,
    rules: &'a Rules,
}

/// Compares the docs with the Help Center.
pub fn plan(book: &Book, live: &Live, record: &Record, rules: &Rules) -> Plan {
    plan_rendered((book, &RenderedDocs::of(book, rules.rendering())), live, record, rules)
}

/// Compares docs that are rendered already with the Help Center.
pub fn plan_rendered((book, docs): (&Book, &RenderedDocs), live: &Live, record: &Record, rules: &Rules) -> Plan {
    let inputs = Inputs { book, docs, live, record, rules };
    let mut plan = Plan::new(live);
    let collections = collection::matched(inputs);
    for (folder, matched) in &collections {
        match collection::change(inputs, folder, matched, &collections) {
            Some(change) => plan.changes.push(change),
            None => plan.summary.unchanged += 1,
        }
    }
    let places: Places<'_> = Places { inputs, collections: &collections };
    let folders = collection::folders(&collections);
    let (mut matched, mut linked) = matching::articles(inputs, &docs.links, &folders);
    let mut articles = article::plan_all(inputs, &places, &matched);
    if let Some(renewing) = linked.renewing(&articles.texts_to_write(), |path| rules.means(path.as_str())) {
        linked = Arc::new(renewing);
        matched.values_mut().flat_map(matching::Match::texts_mut).for_each(|desired| desired.resolve_links(&linked));
        articles = article::plan_all(inputs, &places, &matched);
    }
    plan.add(articles);
    orphan::plan(inputs, &matched, &mut plan);
    if !rules.paths.is_empty() {
        keep_needed_collections(rules, &mut plan);
    }
    links::finish(inputs, &mut plan, linked);
    left_empty::plan(inputs, &mut plan);
    if !live.is_complete {
        plan.notes.push(
            "Intercom's lists stayed incomplete in three walks: nothing is created, adopted or counted as an orphan in this run".to_owned(),
        );
    }
    plan.count();
    plan
}

/// Of the collections only those that are meant, or that a new article needs.
fn keep_needed_collections(rules: &Rules, plan: &mut Plan) {
    let needed = needed_collections(plan.changes.iter().filter(|change| rules.means(change.subject.path())));
    plan.changes.retain(|change| match &change.subject {
        Subject::Collection { folder } => rules.means(&folder.0) || needed.contains(&folder.0),
        Subject::Article { .. } => true,
    });
}

/// The folders of the collections that are not there yet and that some changes need.
fn needed_collections<'a>(changes: impl Iterator<Item = &'a Change>) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    for change in changes {
        let place = match &change.stage {
            Some(Stage::Create { place, .. } | Stage::Update { place, .. }) => place.as_ref(),
            Some(Stage::CreateCollection { parent, .. }) => parent.as_ref(),
            _ => change.publish.iter().find_map(|step| match step {
                Publish::Settings(edit) => edit.place.as_ref(),
                _ => None,
            }),
        };
        let mut next = match place {
            Some(Place::Folder(folder)) => Some(folder.clone()),
            _ => None,
        };
        while let Some(folder) = next {
            next = folder.parent();
            needed.insert(folder.0);
        }
    }
    needed
}

/// Where articles stand: folders and names as live collections, or as ones that the plan creates.
#[derive(Debug, Clone, Copy)]
struct Places<'a> {
    inputs: Inputs<'a>,
    collections: &'a BTreeMap<Folder, collection::Matched>,
}

impl Places<'_> {
    /// The place that a file names; `None` where it names none.
    fn of(&self, reference: &crate::book::CollectionRef) -> Result<Option<Place>, Blocked> {
        use crate::book::CollectionRef;
        match reference {
            CollectionRef::Unsaid => Ok(None),
            CollectionRef::Id(id) if self.inputs.live.collections.contains_key(id) => Ok(Some(Place::Id(*id))),
            CollectionRef::Id(id) => Err(Blocked::new(
                format!("the collection {id} is not in this Help Center"),
                "name another `collection`, or remove the key to use the file's folder",
            )),
            CollectionRef::Folder(folder) => match self.collections.get(folder) {
                Some(collection::Matched::Live { id, .. }) => Ok(Some(Place::Id(*id))),
                Some(collection::Matched::New) => Ok(Some(Place::Folder(folder.clone()))),
                Some(collection::Matched::Refused(blocked)) => Err(Blocked::new(
                    format!("its collection `{folder}` is blocked: {}", blocked.reason),
                    blocked.hint.clone(),
                )),
                None => Err(Blocked::new(format!("there is no folder `{folder}`"), "name another `collection`")),
            },
            CollectionRef::Path(path) => self.by_names(path),
        }
    }

    fn by_names(&self, path: &str) -> Result<Option<Place>, Blocked> {
        let live = self.inputs.live;
        let fits = |id: &CollectionId| live.path_of(*id).join("/").eq_ignore_ascii_case(path);
        let found: Vec<CollectionId> = live.collections.keys().copied().filter(fits).collect();
        match found.as_slice() {
            [id] => Ok(Some(Place::Id(*id))),
            [] => Err(Blocked::new(
                format!("there is neither a folder nor a collection `{path}`"),
                "name a folder of the docs, a collection's id, or its names (`Billing/Invoices`)",
            )),
            several => Err(Blocked::new(
                format!("{} collections are called `{path}`", several.len()),
                format!("name one by its id: `collection: {}`", several[0]),
            )),
        }
    }
}

/// The articles of which only the newest version can tell who wrote last. Their versions are to be
/// fetched before the plan is made for good.
pub fn undecided(book: &Book, live: &Live, record: &Record, rules: &Rules) -> BTreeSet<Undecided> {
    plan(book, live, record, rules).undecided
}

#[cfg(test)]
mod tests;
