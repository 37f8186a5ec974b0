//! A plan as a whole. It is also the machine document that `--out` and `--json` give.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::change::{Action, Change};
use super::explained::Explained;
use super::inputs::Rules;
use super::link_graph::LinkGraph;
use super::settled::Settled;
use crate::intercom::model::{ArticleId, CollectionId};
use crate::live::{Addresses, Live, Undecided};
use crate::text::DocPath;

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
    /// The files whose texts stay drafts, as neither they nor the configuration say a `state`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stay_drafts: Vec<DocPath>,
    /// The part of the docs' history that it is about; none for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// Articles that are as wanted; what the record should know of them.
    #[serde(skip)]
    pub settled: Vec<Settled>,
    /// Why each text is in sync or not; only where [`super::Reasons`] are asked for.
    #[serde(skip)]
    pub explained: Vec<Explained>,
    /// Articles in Intercom that look like a second copy of one of ours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubles: Vec<Double>,
    /// What was in Intercom when it was made.
    #[serde(skip)]
    pub there: There,
    /// Where people find its articles.
    #[serde(skip)]
    pub addresses: Option<Addresses>,
    /// Where the links of its bodies point.
    #[serde(skip)]
    pub linked: Arc<LinkGraph>,
    /// Articles of which only the newest version shows who wrote last.
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
    /// Articles in Intercom that have no file here and never had one; they stay as they are.
    #[serde(default)]
    pub no_file: usize,
}

/// The part of the docs' history that a plan is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// The commit, as the user named it.
    pub reference: String,
    /// What the plan was compared with.
    pub against: Against,
    /// How many other changes are pending that did not come since.
    pub others: usize,
}

/// What a plan was compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Against {
    /// The Help Center.
    Intercom,
    /// The docs as they were; nobody asked Intercom.
    Docs,
}

/// What the planning of some articles found. It holds nothing that is as large as the Help Center, as there are
/// many of them at once.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub changes: Vec<Change>,
    pub notes: Vec<String>,
    pub settled: Vec<Settled>,
    pub explained: Vec<Explained>,
    pub undecided: BTreeSet<Undecided>,
    /// How many articles are as wanted.
    pub unchanged: usize,
}

/// Two articles of which one has a file, and the other looks like its copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Double {
    /// The file.
    pub path: DocPath,
    /// Its article.
    pub id: ArticleId,
    /// The copy, which no file and no record knows.
    pub copy: ArticleId,
}

impl Double {
    /// What a person should know and do.
    pub fn sentence(&self) -> String {
        let Self { path, id, copy } = self;
        format!(
            "article {copy} looks like a second copy of article {id}, which is `{path}`: look at both in Intercom and delete the one that is not needed; if both are, run `helpbook pull {copy}`"
        )
    }
}

/// What was in Intercom when a plan was made. Whatever else is there later was made since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct There {
    /// Its articles.
    pub articles: BTreeSet<ArticleId>,
    /// Its collections.
    pub collections: BTreeSet<CollectionId>,
    /// Whether the Help Center says in which locales it is.
    pub says_its_locales: bool,
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
            stay_drafts: Vec::new(),
            since: None,
            settled: Vec::new(),
            explained: Vec::new(),
            doubles: Vec::new(),
            there: There {
                articles: live.articles.keys().copied().collect(),
                collections: live.collections.keys().copied().collect(),
                says_its_locales: live.help_center.locales.as_ref().is_some_and(|locales| !locales.is_empty()),
            },
            addresses: None,
            linked: Arc::default(),
            undecided: BTreeSet::new(),
        }
    }

    /// Says of each article where people find it.
    pub(super) fn name_addresses(&mut self, live: &Live, rules: &Rules) {
        self.addresses.clone_from(&rules.addresses);
        let Some(addresses) = &self.addresses else { return };
        for change in &mut self.changes {
            let Some(id) = change.article_id() else { continue };
            change.editor_url = Some(addresses.editor(id));
            let Some(found) = live.articles.get(&id) else { continue };
            for part in change.locales.values_mut() {
                part.url = addresses.live(found, &part.locale, &rules.locale);
            }
        }
    }

    /// Takes what the planning of some articles found.
    pub(super) fn add(&mut self, mut part: Part) {
        self.changes.append(&mut part.changes);
        self.notes.append(&mut part.notes);
        self.settled.append(&mut part.settled);
        self.explained.append(&mut part.explained);
        self.undecided.append(&mut part.undecided);
        self.summary.unchanged += part.unchanged;
    }

    pub(super) fn count(&mut self) {
        let Summary { unchanged, no_file, .. } = self.summary;
        self.summary = Summary { unchanged, no_file, ..Summary::default() };
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
            if change.locales.values().any(|part| part.drift.is_some()) && change.action != Action::Drift {
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
