//! `--since REF`: the docs as they were in a commit, and what changed from there to here.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use tempfile::TempDir;

use super::exit::Exit;
use super::failure::Failure;
use super::project::Project;
use crate::book::{Book, Ignored};
use crate::config::{AddressTemplate, Config};
use crate::git::{Commit, Git, SinceError};
use crate::plan::{Docs, Plan, Rules, TakenTitles, changes_since};
use crate::text::DocPath;

/// The docs as they were.
pub(super) struct Before {
    pub book: Book,
    pub rules: Rules,
    pub config: Config,
}

impl Before {
    /// The docs as they were where this branch left a commit.
    pub fn at(project: &Project, reference: &str) -> Result<Self, Failure> {
        let git = Git::new(&project.root);
        let commit = git.parted_from(reference);
        commit.and_then(|commit| load(project, &git, &commit)).map_err(|error| failure(&error, "no plan was made"))
    }

    /// What changed from there to other docs, as if everything there were published. Nothing is asked of the
    /// network.
    pub fn changes(&self, book: &Book, rules: &Rules, reference: &str) -> Plan {
        let (mut then, mut now) = (self.rules.clone(), rules.clone());
        // Where they are hosted makes no difference, and what they show does.
        let images = Some(AddressTemplate::below("https://help-center.invalid/docs"));
        now.images.clone_from(&images);
        // What else Intercom holds is not known here.
        now.taken_titles = TakenTitles::Created;
        then.images = images;
        let (was, is) = (Docs { book: &self.book, rules: &then }, Docs { book, rules: &now });
        let mut plan = changes_since(reference, was, is, Timestamp::now());
        if self.book.has_errors() {
            plan.notes.push(format!("some files of `{reference}` could not be used; what they say counts as new"));
        }
        plan
    }
}

/// What the docs change since a commit, as if everything there were published. Nothing is asked of
/// the network.
pub(super) fn changes(project: &Project, book: &Book, rules: &Rules, reference: &str) -> Result<Plan, Failure> {
    Ok(Before::at(project, reference)?.changes(book, rules, reference))
}

/// Reads the docs as they were in a commit. The files are gone again afterwards, and their texts are not.
pub(super) fn load(project: &Project, git: &Git, commit: &Commit) -> Result<Before, SinceError> {
    let name = project.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Some(text) = git.text_at(commit, &name)? else {
        // The docs begin after it.
        let (config, rules) = (project.config.clone(), Rules::new(&project.config));
        return Ok(Before { book: Book::default(), rules, config });
    };
    let config = Config::parse(&text, &DocPath::new(name), &mut Vec::new());
    let folder = TempDir::new().map_err(|error| SinceError::Failed(error.to_string()))?;
    git.write_at(commit, &slashed(&config.docs), folder.path())?;
    // What is in a commit Git keeps.
    let kept = Ignored::ByGit(BTreeSet::new());
    let book = Book::load(folder.path(), &config, project.ids(), &kept).unwrap_or_default();
    Ok(Before { book, rules: Rules::new(&config), config })
}

/// A path as Git writes it on every system.
fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The failure where Git cannot tell what changed; `undone` says what was not done.
pub(super) fn failure(error: &SinceError, undone: &str) -> Failure {
    let (exit, hint) = match error {
        SinceError::NoGit(_) => (Exit::Failed, "install Git, or leave `--since` out"),
        SinceError::NoRepository(_) => (Exit::Failed, "leave `--since` out, or run it in a clone of the repository"),
        SinceError::Shallow(_) => {
            (Exit::Failed, "fetch the whole history; in a workflow check out with `fetch-depth: 0`")
        }
        SinceError::Unknown(_) => {
            (Exit::Usage, "name a commit, a branch or a tag; in a workflow check out with `fetch-depth: 0`")
        }
        SinceError::Failed(_) | SinceError::NotMade(_) => (Exit::Failed, "see what Git says of `git status`"),
    };
    Failure::new(exit, error.to_string()).detail(undone).hint(hint)
}
