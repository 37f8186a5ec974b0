//! Which findings are about what changed since a commit.
//!
//! A finding is inside where its file changed, or another file that it names: who deletes an article
//! hears of the links to it. A change of `helpbook.yml` is in no file of the docs. So the docs are
//! looked at with the configuration as it was, too, and what shows only now is inside.

use std::collections::BTreeSet;
use std::fs;

use super::failure::Failure;
use super::lock_findings;
use super::project::Project;
use super::since::failure;
use crate::book::Book;
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Id, Severity};
use crate::git::{Git, SinceError};
use crate::report::Terminal;
use crate::text::{DocPath, Span};

/// What was not done where Git cannot be asked.
const UNDONE: &str = "nothing was checked";

/// What changed since a commit.
#[derive(Debug)]
pub(super) struct Since {
    files: BTreeSet<DocPath>,
    /// What is found with the configuration as it was, where that changed.
    before: Option<BTreeSet<Found>>,
}

/// What makes a finding the same as another one.
type Found = (Id, Severity, DocPath, Option<Span>);

impl Since {
    /// Asks Git what changed in the files of a book and in their configuration.
    pub fn new(project: &Project, book: &Book, reference: &str, terminal: &Terminal) -> Result<Self, Failure> {
        let git = Git::new(&book.root);
        let files = git
            .parted_from(reference)
            .and_then(|commit| git.changed_since(&commit))
            .map_err(|error| failure(&error, UNDONE))?;
        let files = files.into_iter().map(DocPath::new).collect();
        let before = before(project, reference, terminal)?;
        Ok(Self { files, before })
    }

    /// Whether a finding is about what changed.
    pub fn is_inside(&self, finding: &Diagnostic) -> bool {
        let mut about = [&finding.path].into_iter().chain(&finding.others);
        about.any(|path| self.files.contains(path))
            || self.before.as_ref().is_some_and(|before| !before.contains(&found(finding)))
    }
}

fn found(finding: &Diagnostic) -> Found {
    (finding.id, finding.severity, finding.path.clone(), finding.span)
}

/// What is found with the configuration as it was; `None` where it is the same. Where there was none
/// that could be used nothing was found with it.
fn before(project: &Project, reference: &str, terminal: &Terminal) -> Result<Option<BTreeSet<Found>>, Failure> {
    let name = project.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let git = Git::new(&project.root);
    let text = match git.parted_from(reference).and_then(|commit| git.text_at(&commit, &name)) {
        Ok(text) => text,
        // The docs folder is in a repository of its own, which knows nothing of the configuration.
        Err(SinceError::NoRepository(_) | SinceError::Unknown(_)) => return Ok(None),
        Err(error) => return Err(failure(&error, UNDONE)),
    };
    if text.is_some() && text == fs::read_to_string(&project.file).ok() {
        return Ok(None);
    }
    let mut mistakes = Vec::new();
    let config = text.map(|text| Config::parse(&text, &DocPath::new(config::FILE), &mut mistakes));
    let usable = config.filter(|_| mistakes.iter().all(|finding| finding.severity != Severity::Error));
    let Some(config) = usable else { return Ok(Some(BTreeSet::new())) };
    let project = Project { config, ..project.clone() };
    let Ok(mut book) = project.book() else { return Ok(Some(BTreeSet::new())) };
    lock_findings::add_findings(&project, &project.record(terminal)?, &mut book);
    Ok(Some(book.diagnostics.iter().map(found).collect()))
}
