//! What is looked at: the live Help Center, of a project or of the token alone, or the docs.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::super::execution;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::{Project, Purpose, Target, here};
use super::super::workspace::Workspace;
use super::super::{Global, region};
use super::{evidence, now};
use crate::audit::{Center, Docs, Evidence, from_book, from_live};
use crate::book::Book;
use crate::config::{self, AuditChoices, Region};
use crate::intercom::model::{Locale, Tag};
use crate::intercom::{Connection, Reader};
use crate::live::{self, List, Listed, Live, Wanted, choose};
use crate::report::{Message, Terminal};

/// Where an audit is run.
pub(super) struct Place {
    /// The working directory, `-C` included.
    pub here: PathBuf,
    /// The project, if there is one.
    pub project: Option<Project>,
}

/// What is asked for beside the Help Center itself.
#[derive(Debug, Clone)]
pub(super) struct Asked<'a> {
    /// The Help Center that is named on the command line.
    pub help_center: Option<&'a str>,
    /// What takes requests of its own.
    pub also: BTreeSet<Also>,
}

/// What takes requests of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Also {
    /// How often articles are read, as Intercom counts.
    Figures,
    /// Whether addresses outside answer.
    Outside,
}

/// What was looked at.
pub(super) struct Looked {
    pub center: Center,
    pub evidence: Evidence,
}

impl Place {
    /// Finds the project, if there is one.
    pub fn find(global: &Global, terminal: &Terminal) -> Result<Self, Failure> {
        let here = here(global)?;
        let is_there = global.config.is_some() || config::find(&here).is_some() || global.local;
        let project = is_there.then(|| Project::open(global, terminal)).transpose()?;
        Ok(Self { here, project })
    }

    /// What the project chose.
    pub fn choices(&self) -> AuditChoices {
        self.project.as_ref().map(|project| project.config.audit.clone()).unwrap_or_default()
    }

    /// The docs.
    pub fn offline(&self, terminal: &Terminal) -> Result<Looked, Failure> {
        let Some(project) = &self.project else {
            return Err(Failure::new(
                Exit::Usage,
                format!("`--offline` looks at docs, and there is no {} here", config::FILE),
            )
            .hint("run it in a project, or without `--offline` with a token"));
        };
        let progress = terminal.progress("reading the docs");
        let book = project.files()?;
        let rules = project.rules();
        let docs = Docs { book: &book, rendering: rules.rendering(), config: &project.config, now: now() };
        let mut center = from_book(docs);
        drop(progress);
        if book.has_errors() {
            center
                .unchecked
                .push("the docs have errors, so that some texts are not whole: `helpbook check` shows them".to_owned());
        }
        Ok(Looked { center, evidence: Evidence::default() })
    }

    /// The live Help Center.
    pub async fn live(&self, asked: &Asked<'_>, terminal: &Terminal) -> Result<Looked, Failure> {
        let workspace = match &self.project {
            Some(project) => Workspace::connect(project).await?,
            None => Workspace::of(Connection::from_env(Region::Us)?),
        };
        let looked = self.looked(&workspace, asked, terminal).await;
        execution::closing(workspace, looked).await
    }

    async fn looked(&self, workspace: &Workspace, asked: &Asked<'_>, terminal: &Terminal) -> Result<Looked, Failure> {
        let host = workspace.connection.host();
        let connection = match &self.project {
            Some(_) => workspace.connection.clone(),
            None => {
                region::of_token(Region::Us, workspace.connection.clone())
                    .await
                    .map_err(|error| Failure::of_request(&error, &host))?
                    .connection
            }
        };
        let reader = connection.reader();
        let progress = terminal.progress("reading the Help Center").reading(&connection.activity());
        let wanted = self.wanted(workspace, &reader, asked).await?;
        let tags = async {
            match reader.tags().await {
                Ok(tags) => Listed::Known(tags),
                Err(error) => Listed::Refused(error.to_string()),
            }
        };
        let (live, tags): (_, Listed<Tag>) = tokio::join!(live::fetch(&reader, &wanted), tags);
        let live = live.map_err(|error| Failure::of_live(&error, &host))?;
        progress.turns_to("looking at the articles");
        let default = self.default_locale(&live);
        let center = tokio::task::block_in_place(|| from_live(live, &default, &tags));
        drop(progress);
        if let Some(project) = &self.project
            && project.target == Target::Local
            && center.articles.is_empty()
        {
            terminal.warning(
                &Message::new("the local Help Center has no article")
                    .hint("run `helpbook apply --publish --yes` first"),
            );
        }
        let project = self.project.as_ref();
        let mut evidence = Evidence::default();
        if asked.also.contains(&Also::Figures) {
            evidence.figures = Some(evidence::figures(&center, &connection, project, terminal).await?);
        }
        if asked.also.contains(&Also::Outside) {
            evidence.outside = Some(evidence::outside(&center, project, terminal).await?);
        }
        Ok(Looked { center, evidence })
    }

    /// What of the workspace is read: with a project as it says, else the only Help Center.
    async fn wanted(&self, workspace: &Workspace, reader: &Reader, asked: &Asked<'_>) -> Result<Wanted, Failure> {
        let lists: BTreeSet<List> = [List::Audiences, List::Redirects].into();
        let host = workspace.connection.host();
        if let Some(project) = &self.project {
            let record = project.lock()?.record;
            let wanted = workspace.wanted(project, Purpose::Show, &Book::default(), &record);
            let help_center = asked.help_center.map(str::to_owned).or_else(|| wanted.help_center.clone());
            // Articles and collections that the record alone knows are gone, which is a matter of `plan`.
            let Wanted { pins, texts, .. } = wanted;
            return Ok(Wanted { lists, help_center, pins, texts, ..Wanted::default() });
        }
        let centers = reader.help_centers().await.map_err(|error| Failure::of_request(&error, &host))?;
        let center = choose(centers, asked.help_center).map_err(|error| {
            let failure = Failure::of_live(&error, &host);
            if asked.help_center.is_none() {
                failure.hint("or name it: `helpbook audit --help-center NAME`")
            } else {
                failure
            }
        })?;
        Ok(Wanted { help_center: Some(center.id.to_string()), lists, ..Wanted::default() })
    }

    /// The locale of the text at the root of articles that do not say it.
    fn default_locale(&self, live: &Live) -> Locale {
        let said = live.articles.values().find_map(|found| found.article.default_locale.clone());
        let only = match live.help_center.locales.as_deref() {
            Some([only]) => Some(only.clone()),
            _ => None,
        };
        let of_project = || self.project.as_ref().map(|project| project.config.default_locale.clone());
        said.or(only).or_else(of_project).unwrap_or_else(Locale::english)
    }
}
