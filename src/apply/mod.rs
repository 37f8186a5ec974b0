//! Executes a plan through a `Writer`: stage, then publish.
//!
//! It does exactly what the plan says and works nothing out anew. Before each write to an existing
//! article it reads it once more; if that is not what the plan saw, the step is refused. After each
//! write it compares the answer, writes Base, and for what it created the id into the file. One
//! failure does not stop the others.

mod create;
mod images;
mod locales;
mod outcome;
mod publish;
mod settings;
mod stage;
mod step;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::stream::{self, StreamExt as _};

pub use outcome::{Event, Outcome, Report};

use crate::base::{Base, Pair};
use crate::book::Folder;
use crate::hosting::{self, ImageHost};
use crate::intercom::Writer;
use crate::intercom::model::{ArticleId, CollectionId, Locale};
use crate::plan::{Change, Kind, Place, Plan, Publish, Seen};
use crate::text::DocPath;

/// How many articles are written side by side.
const SIDE_BY_SIDE: usize = 8;

/// Where what was learnt is kept.
#[derive(Debug)]
pub struct Keep {
    /// The docs folder.
    pub docs: PathBuf,
    /// The lock file.
    pub lock: PathBuf,
    /// Where ids are written.
    pub ids: KeepIds,
    /// The locale of files without a suffix.
    pub locale: Locale,
}

/// Where the ids of what was created are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepIds {
    /// Into the front matter, and into Base.
    FrontMatter,
    /// Into Base alone: the local Help Center's.
    BaseOnly,
}

/// One run: a plan on its way into Intercom.
pub struct Run<'a> {
    plan: &'a Plan,
    writer: &'a Writer,
    keep: &'a Keep,
    base: RefCell<&'a mut Base>,
    interrupted: &'a AtomicBool,
    /// The host of the docs' images; without it none is looked for.
    images: Option<&'a ImageHost>,
    /// The images that were looked for, by address, and what is wrong with them.
    prepared: RefCell<BTreeMap<String, Option<hosting::Error>>>,
    /// The collections that this run made, for the holes of the plan.
    made: RefCell<BTreeMap<Folder, CollectionId>>,
    /// The articles that this run made, by change.
    ids: RefCell<BTreeMap<usize, ArticleId>>,
    /// The Git blobs of files that this run wrote an id into.
    blobs: RefCell<BTreeMap<DocPath, String>>,
    /// What stands in Intercom after this run's own writes, by change.
    seen: RefCell<BTreeMap<usize, Seen>>,
    /// Changes that are staged by this run.
    staged: RefCell<BTreeSet<usize>>,
    /// Changes of which a step did not succeed; their other steps are not tried.
    stopped: RefCell<BTreeSet<usize>>,
    auth: Cell<bool>,
}

impl<'a> Run<'a> {
    /// Prepares a run. `interrupted` is looked at before each step.
    pub fn new(
        plan: &'a Plan,
        writer: &'a Writer,
        keep: &'a Keep,
        base: &'a mut Base,
        interrupted: &'a AtomicBool,
    ) -> Self {
        Self {
            plan,
            writer,
            keep,
            base: RefCell::new(base),
            interrupted,
            images: None,
            prepared: RefCell::default(),
            made: RefCell::default(),
            ids: RefCell::default(),
            blobs: RefCell::default(),
            seen: RefCell::default(),
            staged: RefCell::default(),
            stopped: RefCell::default(),
            auth: Cell::new(false),
        }
    }

    /// The same run, which looks for the images of a text on their host before it is sent.
    #[must_use]
    pub fn with_images(self, host: Option<&'a ImageHost>) -> Self {
        Self { images: host, ..self }
    }

    /// Stages: nothing that a customer sees changes.
    pub async fn stage(&self, report: &mut Report, tell: &mut dyn FnMut(&Event)) {
        self.base.borrow_mut().workspace = Some(self.plan.workspace.clone());
        self.keep_found();
        self.prepare().await;
        // A collection needs the one above it, so they are made one after another.
        for (at, change) in self.changes(Kind::Collection) {
            if let Some(step) = &change.stage {
                let outcome = if self.stops() { Outcome::Skipped } else { self.stage_collection(change, step).await };
                self.staged.borrow_mut().insert(at);
                self.finish(at, outcome, report, tell);
            }
        }
        let articles =
            self.changes(Kind::Article).filter_map(|(at, change)| change.stage.as_ref().map(|step| (at, change, step)));
        let mut outcomes = stream::iter(articles)
            .map(|(at, change, step)| async move {
                let outcome = match self.missing_image(&images::staged(change)) {
                    _ if self.stops() => Outcome::Skipped,
                    Some(outcome) => outcome,
                    None => self.stage_article(at, change, step).await,
                };
                (at, outcome)
            })
            .buffered(SIDE_BY_SIDE);
        while let Some((at, outcome)) = outcomes.next().await {
            self.staged.borrow_mut().insert(at);
            self.finish(at, outcome, report, tell);
        }
    }

    /// Publishes: what a customer sees changes here and nowhere else. A change that still has to be
    /// staged is left out: what stands in Intercom is not what the docs say.
    pub async fn publish(&self, report: &mut Report, tell: &mut dyn FnMut(&Event)) {
        let mut steps: Vec<(usize, &Change, &Publish)> = self
            .plan
            .changes
            .iter()
            .enumerate()
            .filter(|(at, change)| change.stage.is_none() || self.staged.borrow().contains(at))
            .filter(|(at, _)| !self.stopped.borrow().contains(at))
            .flat_map(|(at, change)| change.publish.iter().map(move |step| (at, change, step)))
            .collect();
        steps.sort_by_key(|(at, _, step)| (step.rank(), *at));
        self.prepare_images(steps.iter().flat_map(|(_, _, step)| images::published(step))).await;
        // One rank after another: a step of an article may build on its step of an earlier rank.
        while let Some(rank) = steps.first().map(|(_, _, step)| step.rank()) {
            let rest = steps.split_off(steps.partition_point(|(_, _, step)| step.rank() == rank));
            let wide = if rank == 0 { 1 } else { SIDE_BY_SIDE };
            let mut outcomes = stream::iter(std::mem::replace(&mut steps, rest))
                .map(|(at, change, step)| async move {
                    let skip = self.stops() || self.stopped.borrow().contains(&at);
                    let outcome = match self.missing_image(&images::published(step)) {
                        _ if skip => Outcome::Skipped,
                        Some(outcome) => outcome,
                        None => self.publish_step(at, change, step).await,
                    };
                    (at, outcome)
                })
                .buffered(wide);
            while let Some((at, outcome)) = outcomes.next().await {
                self.finish(at, outcome, report, tell);
            }
        }
    }

    /// Keeps what the plan found as wanted already: the place of an article, and a draft that a run
    /// staged which died before it could write that down.
    fn keep_found(&self) {
        let mut base = self.base.borrow_mut();
        for settled in &self.plan.settled {
            if let Some(record) = base.articles.get_mut(&(settled.id, settled.locale.clone())) {
                record.collection = settled.wanted.collection.or(record.collection);
                settings::keep(&mut record.settings, &settled.wanted.settings, &|_| true);
            }
        }
        for (id, part) in self.changes(Kind::Article).flat_map(|(_, change)| {
            change.parts().filter_map(|part| Some((change.article_id()?, part))).collect::<Vec<_>>()
        }) {
            let record = base.articles.get_mut(&(id, self.locale(&part).clone()));
            let wanted = part.wanted.and_then(|wanted| Some((wanted, wanted.staged.as_ref()?)));
            if let (Some(record), Some((wanted, stored))) = (record, wanted)
                && record.pairs().all(|pair| pair.stored != *stored)
            {
                let (sent, stored) = (wanted.texts.clone(), stored.clone());
                record.staged = Some(Pair { sent, stored, left: part.left() });
            }
        }
        drop(base);
        // Where the file cannot be written, the first step that writes it tells so.
        let _ = self.write_base();
    }

    fn changes(&self, kind: Kind) -> impl Iterator<Item = (usize, &'a Change)> {
        self.plan.changes.iter().enumerate().filter(move |(_, change)| change.subject.kind() == kind)
    }

    fn stops(&self) -> bool {
        self.auth.get() || self.interrupted.load(Ordering::SeqCst)
    }

    fn finish(&self, at: usize, outcome: Outcome, report: &mut Report, tell: &mut dyn FnMut(&Event)) {
        if !outcome.is_done() {
            self.stopped.borrow_mut().insert(at);
        }
        report.auth |= self.auth.get();
        let event = Event { change: at, outcome };
        tell(&event);
        report.add(event);
    }

    /// The collection that fills a place.
    fn place(&self, place: &Place) -> Option<CollectionId> {
        match place {
            Place::Id(id) => Some(*id),
            Place::Folder(folder) => self.made.borrow().get(folder).copied(),
        }
    }

    /// Writes Base. What was done is done, so a failure here is told and nothing is undone.
    fn write_base(&self) -> Result<(), String> {
        let written = self.base.borrow().write(&self.keep.lock);
        written.map_err(|error| format!("cannot write {}: {error}", self.keep.lock.display()))
    }
}
