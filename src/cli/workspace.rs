//! The workspace that a command talks to: Intercom, or the Help Center inside this program.

use std::collections::BTreeSet;

use futures_util::future::{Aborted, abortable};
use tokio::runtime::Handle;
use tokio::task::block_in_place;
use url::Url;

use super::exit::Exit;
use super::failure::Failure;
use super::project::{Docs, Project, Purpose, Target};
use super::region;
use crate::book::{self, Book};
use crate::config::{self, AddressTemplate, EditorAddress, Region, is_loopback};
use crate::html::RenderedDocs;
use crate::intercom::Connection;
use crate::intercom::model::{ArticleId, Me};
use crate::live::{self, Addresses, List, ListTexts, Live, LiveError, Wanted};
use crate::local::{LocalHelpCenter, Options, Storage};
use crate::plan::{self, Plan, Rules};
use crate::record::{self, ListBodies, ParentIds, Record};
use crate::report::Terminal;
use crate::threads;

/// A connection, and the local Help Center behind it if there is one.
pub(super) struct Workspace {
    pub connection: Connection,
    local: Option<LocalHelpCenter>,
}

/// Everything that a plan is made of.
pub(super) struct Inputs {
    pub book: Book,
    pub live: Live,
    pub record: Record,
    pub rules: Rules,
    /// Whether the project has several locales.
    pub is_multilingual: bool,
    /// The summaries of every text of the book.
    pub docs: RenderedDocs,
    /// The plan of all this, once it was made.
    made: Option<Plan>,
}

impl Workspace {
    /// Connects as the environment says, or starts the local Help Center.
    pub async fn connect(project: &Project) -> Result<Self, Failure> {
        match project.target {
            Target::Intercom => Ok(Self { connection: Connection::from_env(project.config.region)?, local: None }),
            Target::Local => {
                project.private_folder()?;
                let folder = project.local_folder();
                let options = Options {
                    store: Storage::Folder(folder),
                    docs: Some(project.root.join(&project.config.docs)),
                    locales: project.locales(),
                    ..Options::default()
                };
                let local = LocalHelpCenter::start(options).await.map_err(|error| Failure::of_local(&error))?;
                let connection = Connection::new(&local.url(), &local.token().to_owned().into())?;
                Ok(Self { connection, local: Some(local) })
            }
        }
    }

    /// The same without a project: the local Help Center keeps nothing then.
    pub async fn without_project(target: Target, region: Region) -> Result<Self, Failure> {
        match target {
            Target::Intercom => Ok(Self { connection: Connection::from_env(region)?, local: None }),
            Target::Local => {
                let local = LocalHelpCenter::start(Options::default()).await;
                let local = local.map_err(|error| Failure::of_local(&error))?;
                let connection = Connection::new(&local.url(), &local.token().to_owned().into())?;
                Ok(Self { connection, local: Some(local) })
            }
        }
    }

    /// The workspace behind a connection.
    pub fn of(connection: Connection) -> Self {
        Self { connection, local: None }
    }

    /// Reads everything that a plan is made of. Nothing is written.
    ///
    /// The Help Center is read while the texts are rendered. Where one of them is wrong that is told,
    /// whatever Intercom answers, and nobody waits for the answer; an error in the files themselves stops
    /// before any request. `rules` makes the rules, once it is known that the docs can be used.
    pub async fn inputs(
        &self,
        project: &Project,
        purpose: Purpose,
        rules: impl FnOnce(&Book) -> Result<Rules, Failure> + Send,
        terminal: &Terminal,
    ) -> Result<Inputs, Failure> {
        let (files, record) = project.files_and_base(purpose, terminal)?;
        let progress = terminal.progress("reading the Help Center").reading(&self.connection.activity());
        let (reader, wanted) = (self.connection.reader(), self.wanted(project, purpose, &files, &record));
        let (fetch, fetching) = abortable(live::fetch(&reader, &wanted));
        project.stop.ends(&fetching);
        if files.has_errors() {
            fetching.abort();
        }
        let rendered = || {
            let mut docs = project.docs(files);
            project.name_moved(&mut docs, &record);
            let rules = progress.above(|| project.accept(&mut docs, rules, purpose, terminal))?;
            Ok::<_, Failure>((docs, rules))
        };
        let docs = || rendered().inspect_err(|_| fetching.abort());
        let (docs, fetched) = block_in_place(|| threads::both(docs, || Handle::current().block_on(fetch)));
        let (Docs { mut book, rendered: docs }, mut rules) = docs?;
        let fetched = fetched.map_err(|Aborted| Failure::new(Exit::Failed, "reading the Help Center was stopped"))?;
        let mut live = fetched.map_err(|error| Failure::of_live(&error, &self.connection.host()))?;
        if record.traits.parent_ids == Some(ParentIds::Empty) {
            live.last_put = record.last_put(&project.config.default_locale);
        }
        if let Some(local) = &self.local {
            record.fill_known_ids(&mut book, &project.config.default_locale);
            rules.images = Some(AddressTemplate::below(&format!("{}/docs", local.url())));
        }
        rules.addresses = self.addresses(project, &live.me);
        if let Some(message) = region::elsewhere(&live.me, &self.connection, project.config.region)
            && purpose == Purpose::Show
            && self.local.is_none()
        {
            progress.above(|| terminal.warning(&message));
        }
        progress.turns_to("comparing");
        let mut plan = plan::plan_rendered(plan::RenderedBook { book: &book, docs: &docs }, &live, &record, &rules);
        if !plan.undecided.is_empty() {
            live::fetch_versions(&reader, &mut live, std::mem::take(&mut plan.undecided))
                .await
                .map_err(|error| Failure::of_request(&error, &self.connection.host()))?;
            plan = plan::plan_rendered(plan::RenderedBook { book: &book, docs: &docs }, &live, &record, &rules);
        }
        let with_file: BTreeSet<ArticleId> = book.articles.values().filter_map(|article| article.id).collect();
        let without: BTreeSet<ArticleId> =
            plan.changes.iter().filter_map(plan::Change::article_id).filter(|id| !with_file.contains(id)).collect();
        if !without.is_empty() && self.local.is_none() {
            book.left_out = book::left_out_ids(&book.root, &book, &without);
        }
        if !book.left_out.is_empty() {
            plan = plan::plan_rendered(plan::RenderedBook { book: &book, docs: &docs }, &live, &record, &rules);
        }
        drop(progress);
        let is_multilingual = project.config.locales.len() > 1;
        Ok(Inputs { book, live, record, rules, is_multilingual, docs, made: Some(plan) })
    }

    /// Where people find articles; `None` for the Help Center inside this program, which answers nobody.
    pub fn addresses(&self, project: &Project, me: &Me) -> Option<Addresses> {
        if self.local.is_some() {
            return None;
        }
        let host = self.connection.host();
        let origin = Url::parse(&host).is_ok_and(|url| is_loopback(&url)).then_some(host);
        let own = || match &origin {
            Some(origin) => EditorAddress::at(origin),
            None => EditorAddress::of(me.app.region.as_deref().and_then(Region::said).unwrap_or(project.config.region)),
        };
        let editor = project.config.editor.clone().unwrap_or_else(own);
        Some(Addresses { editor, workspace: me.app.id_code.clone(), origin })
    }

    /// The plan of inputs that changed since they were read, with the versions that it asks for.
    pub async fn plan(&self, inputs: &mut Inputs) -> Result<Plan, Failure> {
        let mut plan = inputs.plan();
        if !plan.undecided.is_empty() {
            live::fetch_versions(&self.connection.reader(), &mut inputs.live, std::mem::take(&mut plan.undecided))
                .await
                .map_err(|error| Failure::of_request(&error, &self.connection.host()))?;
            plan = inputs.plan();
        }
        Ok(plan)
    }

    /// What of the workspace is read for a book.
    pub fn wanted(&self, project: &Project, purpose: Purpose, book: &Book, record: &Record) -> Wanted {
        let in_files = book.articles.values().filter_map(|article| article.id);
        Wanted {
            pins: pins(project.config.workspace.as_ref().filter(|_| self.local.is_none()), record),
            help_center: project.config.help_center.clone().filter(|_| self.local.is_none()),
            locale: Some(project.config.default_locale.clone()),
            locales: project.config.locales.clone(),
            articles: in_files.chain(record.articles.keys().map(|(id, _)| *id)).collect(),
            collections: book
                .collections
                .values()
                .filter_map(|collection| collection.id)
                .chain(record.collections.keys().copied())
                .collect(),
            lists: match purpose {
                Purpose::Send | Purpose::Show => plan::lists(book),
                Purpose::Pull => [List::Audiences, List::Redirects].into(),
            },
            texts: match record.traits.list_bodies {
                Some(ListBodies::Cut) => ListTexts::Cut,
                Some(ListBodies::Whole) | None => ListTexts::Whole,
            },
        }
    }

    /// Ends the local Help Center, so that everything it was told is on disk.
    pub async fn close(self) {
        if let Some(local) = self.local {
            local.stop().await;
        }
    }
}

/// The workspaces that the configuration and the record are pinned to, each with the file that says so.
pub(super) fn pins(of_config: Option<&String>, record: &Record) -> Vec<(String, &'static str)> {
    let of_lock = record.workspace.as_ref().filter(|workspace| !workspace.is_empty());
    let pins = [(of_config, config::FILE), (of_lock, record::FILE)];
    pins.into_iter().filter_map(|(pin, file)| Some((pin?.clone(), file))).collect()
}

/// Refuses another workspace than the pinned one.
pub(super) fn refuse_other(pins: Vec<(String, &'static str)>, found: &str, host: &str) -> Result<(), Failure> {
    match pins.into_iter().find(|(pinned, _)| pinned != found) {
        Some((pinned, file)) => {
            Err(Failure::of_live(&LiveError::WrongWorkspace { found: found.to_owned(), pinned, file }, host))
        }
        None => Ok(()),
    }
}

impl Inputs {
    /// Takes other docs; a plan that was made is none of these.
    pub fn renew(&mut self, docs: Docs) {
        (self.book, self.docs, self.made) = (docs.book, docs.rendered, None);
    }

    /// The plan, with one line on what is not known without a lock. It may be large, so the one that
    /// was made is handed out; whoever asks again gets a new one.
    pub fn plan(&mut self) -> Plan {
        let make = || {
            plan::plan_rendered(
                plan::RenderedBook { book: &self.book, docs: &self.docs },
                &self.live,
                &self.record,
                &self.rules,
            )
        };
        let mut plan = self.made.take().unwrap_or_else(make);
        if self.record.articles.is_empty() && !self.live.articles.is_empty() {
            plan.notes.push(format!(
                "{} knows no article: only its last version shows whether a teammate changed one, and orphans are not known",
                record::FILE
            ));
        }
        plan
    }
}
