//! Executes a plan through a `Writer`: stage, then publish.
//!
//! It does exactly what the plan says and works nothing out again. Before each write to an existing
//! article it reads it once more; if that is not what the plan saw, the step is refused. After each
//! write it compares the answer, writes the record, and for what it created the id into the file. One
//! failure does not stop the others.

mod compared;
mod create;
mod images;
mod links;
mod outcome;
mod publish;
mod replaced;
mod saving;
mod settings;
mod stage;
mod state;
mod step;
mod wire;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::stream::{self, StreamExt as _};
use tokio::sync::Mutex;

pub use outcome::{Event, Outcome, Report};

use create::Creation;
use state::{RunState, StageProgress, Steps};

use crate::disk::Held;
use crate::hosting::ImageHost;
use crate::intercom::model::{CollectionId, Locale};
use crate::intercom::{SIDE_BY_SIDE, Writer};
use crate::plan::{Change, Kind, Place, Plan, Publish, Stage};
use crate::record::{HeadingIds, Record};
use crate::text::DocPath;

/// How many articles are written side by side. The steps beyond those whose requests are under
/// way wait for the record to be on disk, or for a request to be let go.
const IN_TURN: usize = 2 * SIDE_BY_SIDE;

/// Where a run keeps what it has to know later.
#[derive(Debug)]
pub struct Persistence {
    /// The docs folder.
    pub docs: PathBuf,
    /// The lock file.
    pub lock: PathBuf,
    /// Where ids are written.
    pub ids: IdStorage,
    /// The locale of files without a suffix.
    pub locale: Locale,
    /// What keeps other runs out of the project, where something does.
    pub held: Option<Held>,
}

/// Where the ids of what was created are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdStorage {
    /// Into the front matter, and into the record.
    FrontMatter,
    /// Into the record alone: the local Help Center's.
    RecordOnly,
}

/// One run: a plan on its way into Intercom.
pub struct Run<'a> {
    plan: &'a Plan,
    writer: &'a Writer,
    persistence: &'a Persistence,
    record: RefCell<&'a mut Record>,
    interrupted: &'a AtomicBool,
    /// The host of the docs' images; without it none is looked for.
    images: Option<&'a ImageHost>,
    state: RefCell<RunState>,
    saving: saving::Saving,
    creation: Mutex<Creation>,
}

impl<'a> Run<'a> {
    /// Prepares a run. `interrupted` is looked at before each step.
    pub fn new(
        plan: &'a Plan,
        writer: &'a Writer,
        persistence: &'a Persistence,
        record: &'a mut Record,
        interrupted: &'a AtomicBool,
    ) -> Self {
        Self {
            plan,
            writer,
            persistence,
            record: RefCell::new(record),
            interrupted,
            images: None,
            state: RefCell::new(RunState::of(plan)),
            saving: saving::Saving::default(),
            creation: Mutex::default(),
        }
    }

    /// The same run, which looks for the images of a text on their host before it is sent.
    #[must_use]
    pub fn with_images(self, host: Option<&'a ImageHost>) -> Self {
        Self { images: host, ..self }
    }

    /// Stages: nothing that a customer sees changes.
    pub async fn stage(&self, report: &mut Report, say: &mut dyn FnMut(&Event)) {
        self.record.borrow_mut().workspace = Some(self.plan.workspace.clone());
        self.keep_found().await;
        self.prepare().await;
        // A collection needs the one above it, so they are made one after another.
        for (at, change) in self.changes(Kind::Collection) {
            if let Some(step) = &change.stage {
                let outcome = if self.stops() { Outcome::Skipped } else { self.stage_collection(change, step).await };
                let outcome = self.kept(outcome).await;
                self.state.borrow_mut().changes[at].stage = StageProgress::Ended;
                self.finish(at, outcome, report, say);
            }
        }
        // Every new article first, so that every link has an address; then every text. Where ids
        // of headings are not known to stay, a text waits for those to whose headings it links.
        let linked = &self.plan.linked;
        let is_new = |step: &Stage| matches!(step, Stage::Create { .. });
        self.stage_articles(|step| is_new(step), |path| linked.batch_of_new(path), report, say).await;
        let in_order = self.state.borrow().heading_ids != Some(HeadingIds::Kept);
        let batch = |path: &DocPath| if in_order { linked.batch_of_text(path) } else { 0 };
        self.stage_articles(|step| !is_new(step), batch, report, say).await;
    }

    /// Stages the articles of some steps, and with them the texts that still have to follow. One
    /// batch after another: what is linked goes before what links to it.
    async fn stage_articles(
        &self,
        is_meant: impl Fn(&Stage) -> bool,
        batch: impl Fn(&DocPath) -> usize,
        report: &mut Report,
        say: &mut dyn FnMut(&Event),
    ) {
        let mut batches: BTreeMap<usize, Vec<(usize, &Change, &Stage)>> = BTreeMap::new();
        for (at, change) in self.changes(Kind::Article) {
            let Some(step) = change.stage.as_ref() else { continue };
            let waits = self.state.borrow().changes[at].begun.is_some() && !self.is_stopped(at);
            if is_meant(step) || waits {
                batches.entry(batch(&DocPath::new(change.subject.path()))).or_default().push((at, change, step));
            }
        }
        for steps in batches.into_values() {
            let mut outcomes = stream::iter(steps)
                .map(|(at, change, step)| async move {
                    let outcome = match self.missing_image(&images::staged(change)) {
                        _ if self.stops() => Outcome::Skipped,
                        Some(outcome) => outcome,
                        None => self.stage_article(at, change, step).await,
                    };
                    let outcome = self.kept(outcome).await;
                    (at, change, outcome)
                })
                .buffered(IN_TURN);
            while let Some((at, change, outcome)) = outcomes.next().await {
                let waits =
                    self.state.borrow().changes[at].begun.clone().filter(|_| outcome.is_done()).unwrap_or_default();
                if waits.is_empty() {
                    self.state.borrow_mut().changes[at].stage = StageProgress::Ended;
                }
                for path in change.texts_to_write().iter().filter(|path| !waits.contains(*path)) {
                    self.state.borrow_mut().to_come.remove(path);
                }
                self.finish(at, outcome, report, say);
            }
        }
    }

    /// Publishes: what a customer sees changes here and nowhere else. A change that still has to be
    /// staged is left out: what is in Intercom is not what the docs say.
    pub async fn publish(&self, report: &mut Report, say: &mut dyn FnMut(&Event)) {
        let mut steps: Vec<(usize, &Change, &Publish)> = self
            .plan
            .changes
            .iter()
            .enumerate()
            .filter(|(at, change)| {
                change.stage.is_none() || self.state.borrow().changes[*at].stage == StageProgress::Ended
            })
            .filter(|(at, _)| !self.is_stopped(*at))
            .flat_map(|(at, change)| change.publish.iter().map(move |step| (at, change, step)))
            .collect();
        // Where a text is sent to go live, its headings may get other ids, which links to them follow.
        let by_text = self.state.borrow().heading_ids == Some(HeadingIds::Made);
        let is_kept = self.state.borrow().heading_ids == Some(HeadingIds::Kept);
        let turn = |change: &Change, step: &Publish| {
            let (path, linked) = (DocPath::new(change.subject.path()), &self.plan.linked);
            let batch = match step {
                _ if by_text => linked.batch_of_text(&path),
                // What goes live for the first time did so before.
                Publish::Draft { .. } if is_kept => linked.batch_of_draft(&path),
                _ => linked.batch(&path),
            };
            (step.rank(), batch)
        };
        steps.sort_by_key(|(at, change, step)| (turn(change, step), *at));
        self.prepare_images(steps.iter().flat_map(|(_, _, step)| images::published(step))).await;
        // One rank after another: a step of an article may build on its step of an earlier rank.
        // Within a rank what is linked goes first.
        while let Some(now) = steps.first().map(|(_, change, step)| turn(change, step)) {
            let rest = steps.split_off(steps.partition_point(|(_, change, step)| turn(change, step) == now));
            let wide = if now.0 == 0 { 1 } else { IN_TURN };
            let mut outcomes = stream::iter(std::mem::replace(&mut steps, rest))
                .map(|(at, change, step)| async move {
                    let skip = self.stops() || self.is_stopped(at);
                    let outcome = match self.missing_image(&images::published(step)) {
                        _ if skip => Outcome::Skipped,
                        Some(outcome) => outcome,
                        None => self.publish_step(at, change, step).await,
                    };
                    (at, self.kept(outcome).await)
                })
                .buffered(wide);
            while let Some((at, outcome)) = outcomes.next().await {
                self.finish(at, outcome, report, say);
            }
        }
    }

    /// Keeps what the plan found as wanted already: the place of an article, and a draft that a run
    /// staged which died before it could write that down.
    async fn keep_found(&self) {
        self.take_found();
        // Where the file cannot be written, the first step that writes it says so.
        let _ = self.saved().await;
    }

    fn take_found(&self) {
        let mut record = self.record.borrow_mut();
        for settled in &self.plan.settled {
            settled.keep(&mut record);
        }
        for (_, change) in self.changes(Kind::Article) {
            for part in change.locales.values() {
                let Some(id) = change.article_id() else { continue };
                let known = record.articles.get_mut(&(id, part.locale.clone()));
                let staged = part.wanted.as_ref().and_then(|wanted| wanted.staged.as_ref());
                if let (Some(known), Some(staged)) = (known, staged)
                    && known.staged.as_ref() != Some(&**staged)
                {
                    known.staged = Some((**staged).clone());
                }
            }
        }
        drop(record);
        self.changed_record();
    }

    fn changes(&self, kind: Kind) -> impl Iterator<Item = (usize, &'a Change)> {
        self.plan.changes.iter().enumerate().filter(move |(_, change)| change.subject.kind() == kind)
    }

    fn is_stopped(&self, at: usize) -> bool {
        self.state.borrow().changes[at].steps == Steps::Stopped
    }

    fn stops(&self) -> bool {
        self.state.borrow().is_token_refused || self.interrupted.load(Ordering::SeqCst)
    }

    fn finish(&self, at: usize, outcome: Outcome, report: &mut Report, say: &mut dyn FnMut(&Event)) {
        if !outcome.is_done() {
            self.state.borrow_mut().changes[at].steps = Steps::Stopped;
        }
        report.auth |= self.state.borrow().is_token_refused;
        let url = self.state.borrow().changes[at].url.clone();
        let event = Event { change: at, outcome, url };
        say(&event);
        report.add(event);
    }

    /// The collection that fills a place.
    fn place(&self, place: &Place) -> Option<CollectionId> {
        match place {
            Place::Id(id) => Some(*id),
            Place::Folder(folder) => self.state.borrow().made.get(folder).copied(),
        }
    }
}
