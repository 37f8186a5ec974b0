//! What Git is asked: the text of a blob, to merge three texts, and which files changed.
//!
//! All of it only reads the repository. Where there is no Git, or it does not know the blob, nothing
//! comes back, and `pull` merges two ways. No process that is started here sees the token.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Git in a project.
#[derive(Debug)]
pub struct Git {
    folder: PathBuf,
}

/// Texts that became one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The text, with markers where both changed the same lines.
    pub text: String,
    /// How many places that are.
    pub conflicts: usize,
}

/// What the sides of a conflict are called.
#[derive(Debug, Clone)]
pub struct Sides {
    /// The text of the docs.
    pub ours: String,
    /// The text of Intercom.
    pub theirs: String,
}

/// It cannot be told what changed.
#[derive(Debug, thiserror::Error)]
pub enum SinceError {
    /// There is no Git, or it cannot be run.
    #[error("cannot run Git: {0}")]
    NoGit(io::Error),
    /// The folder is in no repository.
    #[error("`{}` is in no Git repository", .0.display())]
    NoRepository(PathBuf),
    /// There is no such commit.
    #[error("Git knows no commit `{0}`")]
    Unknown(String),
    /// Git failed.
    #[error("Git cannot tell what changed: {0}")]
    Failed(String),
}

impl Git {
    /// Git in the repository that holds a folder, if there is one.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The text of a blob.
    pub fn blob(&self, id: &str) -> Option<String> {
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        let output = self.command().args(["cat-file", "blob", id]).output().ok()?;
        output.status.success().then(|| String::from_utf8(output.stdout).ok()).flatten()
    }

    /// Three texts merged line by line.
    pub fn merge(&self, base: &str, ours: &str, theirs: &str, sides: &Sides) -> Option<Merged> {
        let file = |text: &str| {
            let mut file = tempfile::NamedTempFile::new().ok()?;
            file.write_all(text.as_bytes()).ok()?;
            file.flush().ok()?;
            Some(file)
        };
        let (ours, base, theirs) = (file(ours)?, file(base)?, file(theirs)?);
        let output = self
            .command()
            .args(["merge-file", "-p", "-q", "-L", &sides.ours, "-L", "base", "-L", &sides.theirs])
            .args([ours.path(), base.path(), theirs.path()])
            .output()
            .ok()?;
        // The number of conflicts; an error is 255.
        let conflicts = usize::try_from(output.status.code()?).ok().filter(|code| *code < 128)?;
        Some(Merged { text: String::from_utf8(output.stdout).ok()?, conflicts })
    }

    /// The files of the folder, relative to it, that differ from what they were where the branch left
    /// `reference`, and those that Git does not know yet. What was moved or deleted is among them.
    ///
    /// # Errors
    /// Fails without Git, outside a repository, and where there is no such commit.
    pub fn changed_since(&self, reference: &str) -> Result<BTreeSet<String>, SinceError> {
        self.ask(&["rev-parse", "--git-dir"])?.ok_or_else(|| SinceError::NoRepository(self.folder.clone()))?;
        let unknown = || SinceError::Unknown(reference.to_owned());
        let wanted = format!("{reference}^{{commit}}");
        let commit = self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])?;
        let commit = commit.and_then(|text| text.lines().next().map(str::to_owned)).ok_or_else(unknown)?;
        // What others did on the main branch meanwhile is not ours. A shallow clone may not know
        // where the two parted.
        let parted = self.ask(&["merge-base", &commit, "HEAD"])?.map(|text| text.trim().to_owned());
        let from = parted.filter(|from| !from.is_empty()).unwrap_or(commit);
        let differing = ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--relative", &from, "--"];
        let unknown_to_git = ["ls-files", "--others", "--exclude-standard", "-z"];
        let mut files = BTreeSet::new();
        for arguments in [&differing[..], &unknown_to_git] {
            let list = self.ask(arguments)?;
            let list = list.ok_or_else(|| SinceError::Failed(format!("`git {}` failed", arguments[0])))?;
            files.extend(list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned));
        }
        Ok(files)
    }

    /// What Git answers; `None` where it says no.
    fn ask(&self, arguments: &[&str]) -> Result<Option<String>, SinceError> {
        let output = self.command().args(arguments).output().map_err(SinceError::NoGit)?;
        Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
    }

    fn command(&self) -> Command {
        let mut command = Command::new("git");
        command.current_dir(&self.folder).stdin(Stdio::null()).stderr(Stdio::null());
        for secret in crate::intercom::TOKEN_VARIABLES {
            command.env_remove(secret);
        }
        command
    }
}

/// Two texts as one, with markers round every place where they differ.
pub fn marked(ours: &str, theirs: &str, sides: &Sides) -> Merged {
    let diff = similar::TextDiff::from_lines(ours, theirs);
    let (mut text, mut conflicts) = (String::new(), 0);
    let ended = |lines: &[&str]| {
        let mut text = lines.concat();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text
    };
    let (old, new): (Vec<&str>, Vec<&str>) =
        (ours.split_inclusive('\n').collect(), theirs.split_inclusive('\n').collect());
    for op in diff.ops() {
        if op.tag() == similar::DiffTag::Equal {
            text.push_str(&old[op.old_range()].concat());
            continue;
        }
        conflicts += 1;
        text.push_str(&format!("<<<<<<< {}\n{}=======\n", sides.ours, ended(&old[op.old_range()])));
        text.push_str(&format!("{}>>>>>>> {}\n", ended(&new[op.new_range()]), sides.theirs));
    }
    Merged { text, conflicts }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides() -> Sides {
        Sides { ours: "docs".into(), theirs: "Intercom".into() }
    }

    #[test]
    fn three_texts_merge_where_they_changed_apart() {
        let git = Git::new(Path::new("."));
        let merged = git.merge("a\nb\nc\nd\ne\n", "A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", &sides()).unwrap();
        assert_eq!(merged, Merged { text: "A\nb\nc\nd\nE\n".into(), conflicts: 0 });
        let merged = git.merge("a\n", "b\n", "c\n", &sides()).unwrap();
        assert_eq!(merged.text, "<<<<<<< docs\nb\n=======\nc\n>>>>>>> Intercom\n");
        assert_eq!(merged.conflicts, 1);
    }

    #[test]
    fn a_blob_that_is_not_there_or_no_name_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let git = Git::new(folder.path());
        assert_eq!(git.blob("0123456789012345678901234567890123456789"), None);
        assert_eq!(git.blob("--help"), None);
        assert_eq!(git.blob(""), None);
    }

    #[test]
    fn two_texts_are_marked_where_they_differ() {
        let merged = marked("a\nb\nc", "a\nB\nc", &sides());
        assert_eq!(merged.text, "a\n<<<<<<< docs\nb\n=======\nB\n>>>>>>> Intercom\nc");
        assert_eq!(merged.conflicts, 1);
    }
}
