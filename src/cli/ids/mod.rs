//! `helpbook ids`: how the GitHub action brings ids and `helpbook.lock` back to a branch.
//!
//! It is hidden, as people have no use for it. It works on the files that are named and on nothing
//! else: it needs no project, no network and no Git.

mod lock;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::exit::Exit;
use super::failure::Failure;
use crate::book::{self, edit};

/// Carry ids and records of helpbook.lock from one version of a file to another (for the action)
///
/// The scripts of helpbook's GitHub action call this where a branch moved while a run was writing.
/// A file is any file; a path where no file is counts as an empty one.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook ids copy theirs.md docs/a.md         give docs/a.md the id that theirs.md has
  helpbook ids check before.md after.md         succeed where after.md only has a new id
  helpbook ids merge-lock base ours theirs      merge the records of base, ours and theirs into ours")]
pub(super) struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Give the file TO the id that FROM has
    ///
    /// Nothing else in TO changes. It fails where TO has another id, or where its front matter takes
    /// none, and TO stays as it is. Where FROM has no id, nothing is done.
    Copy {
        /// The version of the file that has the id
        from: PathBuf,
        /// The version of the file that gets it
        to: PathBuf,
    },
    /// Succeed where AFTER is BEFORE with an id added, and nothing else
    ///
    /// A new `_index.md` with a title and an id counts, too: BEFORE is empty then.
    Check {
        /// The file as it was
        before: PathBuf,
        /// The file as it is
        after: PathBuf,
    },
    /// Merge three versions of helpbook.lock, record by record, into OURS
    ///
    /// A record that only one side changed or removed is taken from that side. Where both changed it,
    /// the one of THEIRS counts. Where a version has a record twice, the last one counts.
    MergeLock {
        /// The version that both sides come from
        base: PathBuf,
        /// The version of the branch, which gets the result
        ours: PathBuf,
        /// The version of this run
        theirs: PathBuf,
    },
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.task {
        Task::Copy { from, to } => copy(from, to)?,
        Task::Check { before, after } => check(before, after)?,
        Task::MergeLock { base, ours, theirs } => {
            let merged = lock::merged(&read(base)?, &read(ours)?, &read(theirs)?);
            write(ours, &merged)?;
        }
    }
    Ok(Exit::Done)
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let Some(id) = book::id_in(&read(from)?) else { return Ok(()) };
    let text = read(to)?;
    let changed = book::with_id(&text, id).ok_or_else(|| {
        Failure::new(Exit::Failed, format!("the id {id} cannot be written into {}", to.display()))
            .detail("it has another id, or its front matter takes none; it stays as it is")
            .hint(format!("write `id: {id}` into its front matter where it is the same article"))
    })?;
    if changed == text { Ok(()) } else { write(to, &changed) }
}

fn check(before: &Path, after: &Path) -> Result<(), Failure> {
    let (old, new) = (read(before)?, read(after)?);
    if book::is_with_id(&old, &new) {
        return Ok(());
    }
    let (before, after) = (before.display(), after.display());
    Err(Failure::new(Exit::Failed, format!("{after} differs from {before} in more than a new id")))
}

fn read(file: &Path) -> Result<String, Failure> {
    match fs::read_to_string(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|error| Failure::new(Exit::Failed, format!("cannot read {}: {error}", file.display()))),
    }
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    edit::replace(file, text)
        .map_err(|error| Failure::new(Exit::Failed, format!("cannot write {}: {error}", file.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a task on files; gives back its exit code and the file `to`.
    fn run_on(from: &str, to: &str, task: impl FnOnce(PathBuf, PathBuf) -> Task) -> (u8, String) {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("from"), from).unwrap();
        fs::write(at("to"), to).unwrap();
        let exit = run(&Args { task: task(at("from"), at("to")) }).unwrap_or_else(|failure| failure.exit);
        (exit.code(), fs::read_to_string(at("to")).unwrap())
    }

    #[track_caller]
    fn copies(from: &str, to: &str, exit: u8, expected: &str) {
        assert_eq!(run_on(from, to, |from, to| Task::Copy { from, to }), (exit, expected.to_owned()), "{to}");
    }

    #[test]
    fn an_id_is_copied_into_front_matter_of_every_style() {
        let from = "---\ntitle: A\nid: 7\n---\nText\n";
        copies(from, "--- \ntitle: B\n---\nx", 0, "--- \ntitle: B\nid: 7\n---\nx");
        copies(from, "\u{feff}---\r\ntitle: B\r\n---\r\n", 0, "\u{feff}---\r\ntitle: B\r\nid: 7\r\n---\r\n");
        copies("---\n{\"id\": 7}\n---\n", "---\n{title: B}\n---\n", 0, "---\n{title: B, id: 7}\n---\n");
        copies(from, "# B\n", 0, "---\nid: 7\n---\n# B\n");
        copies("# No id\n", "# B\n", 0, "# B\n");
        copies(from, "---\n\"id\": 7\n---\n", 0, "---\n\"id\": 7\n---\n");
    }

    #[test]
    fn another_id_stays() {
        copies("---\nid: 7\n---\n", "---\n\"id\": 9\n---\n", 1, "---\n\"id\": 9\n---\n");
    }

    #[test]
    fn a_file_with_a_new_id_is_told_from_one_with_another_text() {
        let check = |before, after| run_on(before, after, |before, after| Task::Check { before, after }).0;
        assert_eq!(check("---\n{title: A}\n---\nText\n", "---\n{title: A, id: 7}\n---\nText\n"), 0);
        assert_eq!(check("", "---\ntitle: A\nid: 7\n---\n"), 0);
        assert_eq!(check("---\ntitle: A\n---\nText\n", "---\ntitle: A\nid: 7\n---\nOther\n"), 1);
        assert_eq!(check("# A\n", "# A\n"), 1);
    }
}
