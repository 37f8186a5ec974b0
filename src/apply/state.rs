//! What a run knows by now.

use std::collections::{BTreeMap, BTreeSet};

use super::links::FilledBody;
use crate::book::Folder;
use crate::hosting;
use crate::html::HelpCenterUrls;
use crate::intercom::model::{ArticleId, CollectionId};
use crate::plan::{Plan, Seen};
use crate::record::HeadingIds;
use crate::text::{DocPath, GitBlob};

/// What a run knows by now.
pub(super) struct RunState {
    /// Each change of the plan, by its place there.
    pub changes: Vec<ChangeProgress>,
    /// The images that were looked for, by address, and what is wrong with them.
    pub prepared: BTreeMap<String, Option<hosting::Error>>,
    /// The collections that this run made, for the holes of the plan.
    pub made: BTreeMap<Folder, CollectionId>,
    /// The addresses of the Help Center, with what this run made.
    pub own: HelpCenterUrls,
    /// What becomes of heading ids, as far as it is known.
    pub heading_ids: Option<HeadingIds>,
    /// The files, in every locale, whose text this run still writes.
    pub to_come: BTreeSet<DocPath>,
    /// The bodies that this run filled, by file.
    pub filled: BTreeMap<DocPath, FilledBody>,
    /// The Git blobs of files that this run wrote an id into.
    pub blobs: BTreeMap<DocPath, GitBlob>,
    /// Whether the token was refused.
    pub is_token_refused: bool,
}

/// How far a change is.
#[derive(Default)]
pub(super) struct ChangeProgress {
    /// The article that this run made.
    pub id: Option<ArticleId>,
    /// The files of a new article that still wait for their text.
    pub begun: Option<BTreeSet<DocPath>>,
    /// What is in Intercom after this run's own writes.
    pub seen: Option<Seen>,
    /// The address of an article that is live since.
    pub url: Option<String>,
    pub stage: StageProgress,
    pub steps: Steps,
}

/// Whether this run staged a change.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum StageProgress {
    #[default]
    Open,
    Ended,
}

/// Whether the steps of a change go on.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Steps {
    #[default]
    GoOn,
    /// One did not succeed.
    Stopped,
}

impl RunState {
    /// Nothing is done of the plan yet.
    pub fn of(plan: &Plan) -> Self {
        Self {
            changes: plan.changes.iter().map(|_| ChangeProgress::default()).collect(),
            prepared: BTreeMap::new(),
            made: BTreeMap::new(),
            own: plan.linked.own.clone(),
            heading_ids: plan.linked.heading_ids,
            to_come: plan.texts_to_write(),
            filled: BTreeMap::new(),
            blobs: BTreeMap::new(),
            is_token_refused: false,
        }
    }
}
