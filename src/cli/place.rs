//! Where a request goes: the workspace of the project around, or that of the token where there is no project.

use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, Target, here};
use super::region;
use super::workspace::{Workspace, pins, refuse_other};
use crate::api::{Draft, Managed, ProjectIds};
use crate::config::{self, Region};
use crate::intercom::model::Me;
use crate::intercom::{Connection, Reader};
use crate::record::Record;
use crate::report::Terminal;

/// Where requests go.
pub(super) struct Place {
    /// The project around, if there is one.
    pub project: Option<Project>,
    /// What its lock says; nothing without one.
    pub record: Record,
    /// What is spoken to.
    pub target: Target,
}

impl Place {
    /// Finds the project around, if there is one; nothing is asked of the network.
    ///
    /// # Errors
    /// Fails where there is one that cannot be used.
    pub fn find(global: &Global, terminal: &Terminal) -> Result<Self, Failure> {
        let has_project = global.config.is_some() || config::find(&here(global)?).is_some();
        let project = if has_project { Some(Project::open(global, terminal)?) } else { None };
        let record = match &project {
            Some(project) => project.record(terminal)?,
            None => Record::default(),
        };
        let target = if global.local { Target::Local } else { Target::Intercom };
        Ok(Self { project, record, target })
    }

    /// The address for a person, without asking for a token.
    pub fn host(&self) -> String {
        match self.target {
            Target::Local => "the local Help Center".to_owned(),
            Target::Intercom => Connection::host_from_env(self.region()),
        }
    }

    fn region(&self) -> Region {
        self.project.as_ref().map_or(Region::Us, |project| project.config.region)
    }

    /// Connects as the environment says, or starts the local Help Center: that of the project, or one in memory.
    ///
    /// # Errors
    /// Fails without a token and where the local Help Center cannot start.
    pub async fn connect(&self) -> Result<Workspace, Failure> {
        match &self.project {
            Some(project) => Workspace::connect(project).await,
            None => Workspace::without_project(self.target, self.region()).await,
        }
    }

    /// The workspaces that files of the project name, with those files.
    fn pins(&self) -> Vec<(String, &'static str)> {
        let of_config = self.project.as_ref().and_then(|project| project.config.workspace.as_ref());
        if self.target == Target::Local { Vec::new() } else { pins(of_config, &self.record) }
    }

    /// Refuses the token of another workspace. Without a pin nothing is asked.
    ///
    /// # Errors
    /// Fails where the token is of another workspace, and where Intercom does not say of which.
    pub async fn check_pins(&self, reader: &Reader) -> Result<(), Failure> {
        let pins = self.pins();
        if pins.is_empty() {
            return Ok(());
        }
        let me = reader.me().await.map_err(|error| Failure::of_request(&error, &self.host()))?;
        self.check(&me)
    }

    fn check(&self, me: &Me) -> Result<(), Failure> {
        refuse_other(self.pins(), &me.app.id_code, &self.host())
    }

    /// The workspace that a write goes to, once its pin and its region hold.
    ///
    /// # Errors
    /// Fails where the token is of another workspace, and where requests go to another region than its.
    pub async fn workspace_to_write(&self, connection: &Connection) -> Result<String, Failure> {
        Ok(self.me_to_write(connection).await?.app.id_code)
    }

    /// Who the token acts for in that workspace.
    ///
    /// # Errors
    /// As [`Self::workspace_to_write`].
    pub async fn me_to_write(&self, connection: &Connection) -> Result<Me, Failure> {
        let me = connection.reader().me().await;
        let me = me.map_err(|error| Failure::of_request(&error, &self.host()))?;
        self.check(&me)?;
        match region::elsewhere(&me, connection, self.region()) {
            Some(message) if self.target == Target::Intercom => {
                Err(Failure { exit: Exit::Auth, message }.detail("nothing was sent"))
            }
            _ => Ok(me),
        }
    }

    /// What of a write the project manages.
    pub fn managed(&self, draft: &Draft) -> Option<Managed> {
        let project = self.project.as_ref()?;
        // Files that cannot be read name nothing; the record does.
        let book = project.files().unwrap_or_default();
        ProjectIds::of(&book, &self.record).managed(draft)
    }

    /// A failure with what helps where there is no project.
    pub fn explained(&self, failure: Failure) -> Failure {
        if self.project.is_none() && failure.exit == Exit::Auth && !Connection::has_host_of_its_own() {
            return failure
                .hint("without a project, INTERCOM_BASE_URL names another region: https://api.eu.intercom.io");
        }
        failure
    }
}
