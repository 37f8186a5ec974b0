//! A call of a tool under way: its arguments, read strictly, its project, and the plan that it leads to.
//!
//! Everything that it runs prints on a terminal that keeps it. Nothing here knows which tool it is.

use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::Project;
use super::super::{Global, plan};
use super::Session;
use crate::mcp::{PathError, paths};
use crate::report::Terminal;

/// One call under way.
pub(super) struct Call<'a> {
    pub session: &'a Session,
    pub global: Global,
    /// It keeps what the commands print.
    pub terminal: Terminal,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Paths {
    paths: Vec<String>,
}

impl Call<'_> {
    /// The arguments of a tool, each of which it knows.
    pub fn arguments<T: DeserializeOwned>(&self, arguments: Value) -> Result<T, Failure> {
        serde_json::from_value(arguments).map_err(|error| {
            Failure::new(Exit::Usage, crate::text::one_line(&error.to_string())).detail("nothing was done")
        })
    }

    /// The project, read again for each call.
    pub fn project(&self) -> Result<Project, Failure> {
        Project::open(&self.global, &self.terminal)
    }

    /// The files and folders that a tool is about; none for all.
    pub fn paths(&self, arguments: Value) -> Result<Vec<PathBuf>, Failure> {
        let Paths { paths: written } = self.arguments(arguments)?;
        paths(&written, &self.session.docs).map_err(|error| outside(&error))
    }

    /// The plan of some files, or of all.
    pub async fn show_plan(&self, paths: Vec<PathBuf>) -> Result<Exit, Failure> {
        plan::run(&plan::Args::of(paths), &self.global, &self.terminal).await
    }

    /// The plan that a write leads to, below what was done. That there is none, for want of a token or for an error
    /// in a file, is said and undoes nothing.
    pub async fn then_plan(&self, paths: Vec<PathBuf>) {
        self.terminal.print("\nThe plan now:\n");
        let before = self.terminal.take_kept();
        let planned = self.show_plan(paths).await;
        let after = self.terminal.take_kept();
        let mut text = String::from_utf8_lossy(&before.data).into_owned();
        // What was done comes before what follows, messages and all.
        text.insert_str(text.rfind("\nThe plan now:\n").unwrap_or_default(), &before.messages);
        self.terminal.print(&text);
        self.terminal.print(&String::from_utf8_lossy(&after.data));
        self.terminal.print(&after.messages);
        if let Err(failure) = planned {
            self.terminal.print("there is no plan yet\n");
            self.terminal.error(&failure.message);
        }
    }
}

/// The refusal of a path.
pub(super) fn outside(error: &PathError) -> Failure {
    Failure::new(Exit::Usage, error.to_string())
        .detail("nothing was done")
        .hint("paths start in the docs folder: `billing/refunds.md`")
}
