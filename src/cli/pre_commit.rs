//! `helpbook pre-commit`: what the hooks of `.pre-commit-hooks.yaml` run.
//!
//! pre-commit runs a hook in the root of the repository and names the files that are staged, of every project and of
//! none. So each file is given to the project that it belongs to, and what belongs to no docs folder is passed over.
//! The checks are those of `helpbook check`. It is hidden, as people run that one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, here};
use super::{Global, check};
use crate::book::is_docs_text;
use crate::config;
use crate::record;
use crate::report::Terminal;
use crate::text::DocPath;

/// Check the staged files, each in the project that it belongs to (for pre-commit)
///
/// A file belongs to the project whose helpbook.yml is in its folder or in one above it. Where helpbook.yml or
/// helpbook.lock itself is named, all of its docs are checked. What is in no docs folder is passed over.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook pre-commit docs/billing/refunds.md README.md    check the file of the docs
  helpbook pre-commit --fix docs/billing/refunds.md        fix what can be fixed safely, too")]
pub(super) struct Args {
    /// Fix in the files what can be fixed safely, and show what is left
    #[arg(long)]
    fix: bool,
    /// The staged files, as seen from here
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What is checked of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Checked {
    /// These files, which are there.
    Files(Vec<PathBuf>),
    /// All of its docs.
    All,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let here = here(global)?;
    let mut exit = Exit::Done;
    for (root, files) in by_project(&here, &args.files) {
        let directory = root.strip_prefix(&here).ok().filter(|below| !below.as_os_str().is_empty());
        let global = Global {
            directory: directory.map_or_else(|| global.directory.clone(), |below| Some(here.join(below))),
            config: None,
            ..global.clone()
        };
        let paths = match checked(&global, &root, files)? {
            Checked::Files(files) if files.is_empty() => continue,
            Checked::Files(files) => files,
            Checked::All => Vec::new(),
        };
        let shown = Global { directory: directory.map(Path::to_owned), ..global.clone() };
        let terminal = terminal.clone().naming(&shown.to_repeat());
        exit = exit.max(check::run(&check::Args::of_hook(paths, args.fix), &global, &terminal)?);
    }
    Ok(exit)
}

/// The files by the folder of their project.
fn by_project(here: &Path, files: &[PathBuf]) -> BTreeMap<PathBuf, Vec<PathBuf>> {
    let mut projects: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for file in files {
        let file = here.join(file);
        let root = file.parent().and_then(config::find).and_then(|found| found.parent().map(Path::to_owned));
        if let Some(root) = root {
            projects.entry(root).or_default().push(file);
        }
    }
    projects
}

/// What of a project the files mean.
fn checked(global: &Global, root: &Path, files: Vec<PathBuf>) -> Result<Checked, Failure> {
    let own = |file: &PathBuf| [config::FILE, record::FILE].iter().any(|name| *file == root.join(name));
    if files.iter().any(own) {
        return Ok(Checked::All);
    }
    let (project, _) = Project::read(&Global { directory: Some(root.to_owned()), ..global.clone() })?;
    let Ok(docs) = fs::canonicalize(root.join(&project.config.docs)) else { return Ok(Checked::Files(Vec::new())) };
    let is_docs = |file: &PathBuf| {
        let below = fs::canonicalize(file).ok().and_then(|real| real.strip_prefix(&docs).map(Path::to_owned).ok());
        let path = below.map(|below| DocPath::new(below.to_string_lossy().replace('\\', "/")));
        path.is_some_and(|path| is_docs_text(&path, &project.config))
    };
    Ok(Checked::Files(files.into_iter().filter(is_docs).collect()))
}
