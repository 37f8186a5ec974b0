//! What the docs are compared with: a Help Center, what was last sent, or the docs of a commit.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::runtime::Handle;

use crate::book::Book;
use crate::cli::failure::Failure;
use crate::cli::project::{Docs, Project, Purpose, Target};
use crate::cli::since::Before;
use crate::cli::workspace::Workspace;
use crate::git::Git;
use crate::intercom::Connection;
use crate::intercom::model::ArticleId;
use crate::live::{self, Addresses, Live};
use crate::plan::{self, Action, Change, Pages, Plan, RenderedBook, Rules};
use crate::preview::comparison::{Comparison, HelpCenter, Other};
use crate::preview::files::Files;
use crate::preview::site::Site;
use crate::record::{ArticleRecord, Record};
use crate::text::{Digest, DocPath, GitBlob, minute};

/// Compares the docs as often as they change; what Intercom has is fetched once, and again where the record shows
/// that a run wrote. It is only ever given a `Reader`.
#[derive(Debug)]
pub(super) struct Comparer {
    with: With,
    runtime: Handle,
    fetched: Option<Fetched>,
}

/// What the docs are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum With {
    /// What is in the workspace.
    Workspace,
    /// What was last sent, as Git has it.
    Sent,
}

#[derive(Debug)]
struct Fetched {
    live: Arc<Live>,
    /// The lock file from which the record is.
    lock: Option<Digest>,
    record: Arc<Record>,
    addresses: Option<Addresses>,
}

impl Comparer {
    /// Compares with the workspace where there is one to ask, else with what was last sent.
    pub fn new(offline: bool, project: &Project) -> Self {
        let is_there = project.target == Target::Local || Connection::token_variable().is_some();
        let with = if is_there && !offline { With::Workspace } else { With::Sent };
        Self { with, runtime: Handle::current(), fetched: None }
    }

    /// Forgets what was fetched, so that it is fetched again.
    pub fn forget(&mut self) {
        self.fetched = None;
    }

    /// Compares docs; `None` where there is nothing to compare with.
    pub fn compare(&mut self, project: &Project, docs: Docs) -> Result<Option<Comparison>, Failure> {
        match self.with {
            With::Sent => sent(project, &docs.book),
            With::Workspace => self.with_workspace(project, docs).map(Some),
        }
    }

    fn with_workspace(&mut self, project: &Project, mut docs: Docs) -> Result<Comparison, Failure> {
        // Before the lock file is read: one that is written meanwhile is read again the next time.
        let lock = Record::digest(&project.lock_file());
        if self.fetched.as_ref().is_some_and(|fetched| fetched.lock != lock) {
            self.fetched = None;
        }
        let record = match &self.fetched {
            Some(fetched) => Arc::clone(&fetched.record),
            None => Arc::new(project.lock()?.record),
        };
        if project.target == Target::Local {
            record.fill_known_ids(&mut docs.book, &project.config.default_locale);
        }
        let plan = self.fetched.as_ref().map(|fetched| plan(project, &docs, &fetched.live, &record));
        let plan = match plan.filter(|plan| plan.undecided.is_empty()) {
            Some(plan) => plan,
            None => self.fetch(project, &docs, lock, record)?,
        };
        let Some(Fetched { live, record, addresses, .. }) = &self.fetched else { return Err(nothing_fetched()) };
        let center = live.help_center.identifier.clone().unwrap_or_else(|| live.help_center.id.to_string());
        let with = format!("the Help Center `{center}`, {}", minute(live.fetched_at));
        let of_files = docs.book.articles.iter().filter_map(|(path, article)| Some((path.clone(), article.id?)));
        let of_changes =
            plan.changes.iter().filter_map(|change| Some((DocPath::new(change.subject.path()), change.article_id()?)));
        let ids: BTreeMap<DocPath, ArticleId> = of_files.chain(of_changes).collect();
        let (live, record) = (Arc::clone(live), Arc::clone(record));
        let center = HelpCenter {
            live,
            record,
            ids,
            locale: project.config.default_locale.clone(),
            addresses: addresses.clone(),
        };
        Ok(Comparison::new(with, Other::HelpCenter(Box::new(center)), plan))
    }

    /// Fetches what is in the workspace, and plans against it.
    fn fetch(
        &mut self,
        project: &Project,
        docs: &Docs,
        lock: Option<Digest>,
        record: Arc<Record>,
    ) -> Result<Plan, Failure> {
        let fetch = async {
            let workspace = Workspace::connect(project).await?;
            let read = read(&workspace, project, docs, &record).await;
            let read = read.map(|(live, plan)| (workspace.addresses(project, &live.me), live, plan));
            workspace.close().await;
            read
        };
        let (addresses, live, plan) = self.runtime.block_on(fetch)?;
        self.fetched = Some(Fetched { live: Arc::new(live), lock, record, addresses });
        Ok(plan)
    }
}

async fn read(workspace: &Workspace, project: &Project, docs: &Docs, record: &Record) -> Result<(Live, Plan), Failure> {
    let (reader, host) = (workspace.connection.reader(), workspace.connection.host());
    let wanted = workspace.wanted(project, Purpose::Show, &docs.book, record);
    let mut live = live::fetch(&reader, &wanted).await.map_err(|error| Failure::of_live(&error, &host))?;
    let mut made = plan(project, docs, &live, record);
    if !made.undecided.is_empty() {
        let undecided = std::mem::take(&mut made.undecided);
        live::fetch_versions(&reader, &mut live, undecided)
            .await
            .map_err(|error| Failure::of_request(&error, &host))?;
        made = plan(project, docs, &live, record);
        made.undecided.clear();
    }
    Ok((live, made))
}

/// What a plan would be, whatever errors are in the docs.
fn plan(project: &Project, docs: &Docs, live: &Live, record: &Record) -> Plan {
    let rules = Rules { pages: Pages::Made, ..project.rules() };
    let mut plan = plan::plan_rendered(RenderedBook { book: &docs.book, docs: &docs.rendered }, live, record, &rules);
    if docs.book.has_errors() {
        // The file of an article may be one that cannot be read.
        let is_gone = |change: &Change| {
            change.action == Action::Orphan
                || matches!(change.action, Action::Unpublish | Action::Delete)
                    && !docs.book.articles.contains_key(&DocPath::new(change.subject.path()))
        };
        plan.changes.retain(|change| !is_gone(change));
    }
    plan
}

fn nothing_fetched() -> Failure {
    Failure::new(crate::cli::exit::Exit::Failed, "the Help Center was not read")
}

/// The docs beside what was last sent, as far as the record names its blobs and Git has them; `None` where nothing
/// was sent.
fn sent(project: &Project, book: &Book) -> Result<Option<Comparison>, Failure> {
    let record = project.lock()?.record;
    if record.articles.is_empty() {
        return Ok(None);
    }
    let before = as_sent(project, book, &record);
    let rules = Rules { pages: Pages::Made, ..project.rules() };
    let before = Before { book: before, rules: rules.clone(), config: project.config.clone() };
    let plan = before.changes(book, &rules, "what was last sent");
    Ok(Some(with_docs("what was last sent, as the record and Git know it".to_owned(), "Last sent", before, plan)))
}

/// The docs with each text as it was last sent. One of which Git has nothing is as it is now.
fn as_sent(project: &Project, book: &Book, record: &Record) -> Book {
    let (mut changed, mut sources) = (Vec::new(), book.sources.clone());
    for article in book.articles.values() {
        let default = (&project.config.default_locale, &article.content);
        for (locale, content) in [default].into_iter().chain(&article.translations) {
            let known = article.id.and_then(|id| record.articles.get(&(id, locale.clone())));
            let Some(known) = known else {
                sources.remove(&content.path);
                continue;
            };
            let now = book.sources.get(&content.path).map(|text| GitBlob::of(text));
            changed
                .extend(last_sent(known).filter(|blob| Some(*blob) != now.as_ref()).map(|blob| (&content.path, blob)));
        }
    }
    let ids = changed.iter().flat_map(|(_, blob)| blob.ids()).collect();
    let kept = Git::new(&project.root).blobs(&ids).unwrap_or_default();
    let text = |blob: &GitBlob| blob.ids().find_map(|id| kept.get(id));
    let texts = changed.iter().filter_map(|(path, blob)| Some(((*path).clone(), Arc::from(text(blob)?.as_str()))));
    Book { sources, ..book.clone() }.with(texts.collect(), BTreeMap::new(), &project.config, project.ids())
}

/// The file that was last sent of a text.
fn last_sent(record: &ArticleRecord) -> Option<&GitBlob> {
    record.staged.as_ref().or(record.live.as_ref())?.blob.as_ref()
}

/// The docs beside those of a commit.
pub(super) fn since(project: &Project, site: &Site, reference: &str) -> Result<Comparison, Failure> {
    let rules = Rules { pages: Pages::Made, ..project.rules() };
    let before = Before::at(project, reference)?;
    let plan = before.changes(&site.files.book, &rules, reference);
    Ok(with_docs(format!("the docs of `{reference}`"), "Before", before, plan))
}

fn with_docs(with: String, called: &str, before: Before, plan: Plan) -> Comparison {
    let files = Files::new(before.config, before.book);
    Comparison::new(with, Other::Docs { name: called.to_owned(), files }, plan)
}
