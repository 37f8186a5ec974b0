//! Answers of Intercom and of other sites that a project keeps for a day in `.helpbook`, so that nobody is asked twice.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::project::Project;
use crate::book::edit;
use crate::disk;
use crate::report::{Message, Terminal};

/// How long an answer is kept, in seconds.
const KEPT: i64 = 24 * 60 * 60;

/// How large a file of answers may be, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Answers that are kept in a file of the project.
#[derive(Debug, Serialize, Deserialize)]
struct Answers<T> {
    /// Whose they are: the workspace; nothing for the world outside.
    of: String,
    /// By what was asked, with the time in Unix seconds.
    answers: BTreeMap<String, (i64, T)>,
}

/// A file of the project that keeps answers; without a project nothing is kept.
pub(super) struct Store {
    file: Option<PathBuf>,
    of: String,
}

impl Store {
    /// The file of a name in the project, whose answers are of `of`: a workspace, or nothing.
    pub fn new(project: Option<&Project>, name: &str, of: &str) -> Result<Self, Failure> {
        let folder = project.map(Project::private_folder).transpose()?;
        Ok(Self { file: folder.map(|folder| folder.join(name)), of: of.to_owned() })
    }

    /// What is kept and not too old. A file that cannot be read holds nothing.
    pub fn read<T: DeserializeOwned>(&self, now: i64) -> BTreeMap<String, (i64, T)> {
        let text = self.file.as_ref().and_then(|file| disk::read(file, LARGEST).ok());
        let answers: Option<Answers<T>> = text.and_then(|text| serde_json::from_str(&text).ok());
        let mut answers = answers.filter(|answers| answers.of == self.of).map(|kept| kept.answers).unwrap_or_default();
        answers.retain(|_, (at, _)| (now - KEPT..=now).contains(at));
        answers
    }

    /// Keeps answers. It only saves time, so that it cannot be written is a warning.
    pub fn write<T: Serialize>(&self, answers: BTreeMap<String, (i64, T)>, terminal: &Terminal) {
        let Some(file) = &self.file else { return };
        let text = serde_json::to_string(&Answers { of: self.of.clone(), answers }).unwrap_or_default();
        if let Err(error) = edit::replace(file, &text) {
            terminal
                .warning(&Message::new(format!("the answers are not kept: cannot write {}: {error}", file.display())));
        }
    }
}
