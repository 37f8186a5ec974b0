//! What Git is asked: the text of a blob, to merge three texts, which files changed, and how they were.
//!
//! All of it only reads the repository, but for `import`, which makes new commits. Where there is no Git, or it does not know the blob, nothing
//! comes back, and `pull` merges two ways. No process that is started here sees the token.

mod history;
mod import;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use similar::{Algorithm, DiffOp};

use crate::sequence::operations;

pub use history::{Added, FileChange, Revision, short};
pub use import::{Import, Index, NewCommit, Person};

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

/// Whether Git keeps a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It does.
    Tracked,
    /// It would, once it is added.
    Untracked,
    /// It is told not to.
    Ignored,
}

/// A working tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// Its top folder.
    pub top: PathBuf,
    /// The main branch: that of the remote `origin`, else the one that is checked out.
    pub branch: Option<String>,
}

/// A commit that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit(String);

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
    /// The clone does not reach back to where the branch left it.
    #[error("this clone is too shallow to tell where the branch left `{0}`")]
    Shallow(String),
    /// Git failed.
    #[error("Git cannot tell what changed: {0}")]
    Failed(String),
    /// Git made no commits.
    #[error("Git did not make the commits: {0}")]
    NotMade(String),
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

    /// Whether Git keeps a file of the folder, would, or is told not to.
    ///
    /// # Errors
    /// Fails without Git and outside a repository.
    pub fn keeps(&self, file: &str) -> Result<Kept, SinceError> {
        self.ask(&["rev-parse", "--git-dir"])?.ok_or_else(|| SinceError::NoRepository(self.folder.clone()))?;
        if self.ask(&["ls-files", "--error-unmatch", "--", file])?.is_some() {
            return Ok(Kept::Tracked);
        }
        let is_ignored = self.ask(&["check-ignore", "--quiet", "--", file])?.is_some();
        Ok(if is_ignored { Kept::Ignored } else { Kept::Untracked })
    }

    /// What Git ignores below the folder, as paths relative to it; those of folders end in `/`. Of a folder that
    /// is ignored itself, as one that a build makes, that is nothing. `None` without Git and outside a repository.
    pub fn ignored(&self) -> Option<BTreeSet<String>> {
        let list = ["ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z", "--", "."];
        let Some(list) = self.ask(&list).ok()? else {
            // Git fails in a folder below one that is ignored.
            return self.ask(&["rev-parse", "--is-inside-work-tree"]).ok()?.map(|_| BTreeSet::new());
        };
        let paths = list.split('\0').filter(|path| !matches!(*path, "" | "." | "./"));
        Some(paths.map(str::to_owned).collect())
    }

    /// Which of these paths of the folder Git would ignore, whether there are files or not. None without Git.
    pub fn ignores<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> BTreeSet<String> {
        let mut command = self.command();
        command.args(["check-ignore", "--stdin", "-z"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let Ok(mut child) = command.spawn() else { return BTreeSet::new() };
        let questions: String = paths.into_iter().flat_map(|path| [path, "\0"]).collect();
        let mut input = child.stdin.take();
        let asking = thread::spawn(move || input.as_mut().map(|input| input.write_all(questions.as_bytes())));
        let answer = child.wait_with_output();
        let _ = asking.join();
        let answer = answer.map(|answer| String::from_utf8_lossy(&answer.stdout).into_owned()).unwrap_or_default();
        answer.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect()
    }

    /// How two versions of a file are merged, as `.gitattributes` says: `union`, for example.
    ///
    /// # Errors
    /// Fails without Git.
    pub fn merge_rule(&self, file: &str) -> Result<Option<String>, SinceError> {
        let answer = self.ask(&["check-attr", "-z", "merge", "--", file])?;
        Ok(answer.and_then(|answer| answer.split('\0').nth(2).map(str::to_owned)))
    }

    /// The address of the remote `origin`. `None` without Git, outside a repository and where there is none.
    pub fn origin(&self) -> Option<String> {
        let address = self.ask(&["config", "--get", "remote.origin.url"]).ok().flatten()?;
        Some(address.trim().to_owned()).filter(|address| !address.is_empty())
    }

    /// The top of the working tree that holds the folder, and the branch that is checked out.
    ///
    /// # Errors
    /// Fails without Git and outside a repository.
    pub fn tree(&self) -> Result<Tree, SinceError> {
        let top = self.ask(&["rev-parse", "--show-toplevel"])?;
        let top = top.ok_or_else(|| SinceError::NoRepository(self.folder.clone()))?;
        let named = |name: &str| {
            let answer = self.ask(&["symbolic-ref", "--quiet", "--short", name])?;
            Ok(answer.map(|branch| branch.trim().to_owned()).filter(|branch| !branch.is_empty()))
        };
        let main: Option<String> = named("refs/remotes/origin/HEAD")?;
        let main = main.and_then(|name| name.strip_prefix("origin/").map(str::to_owned));
        let branch = match main {
            None => named("HEAD")?,
            main => main,
        };
        Ok(Tree { top: PathBuf::from(top.trim_end_matches(['\n', '\r'])), branch })
    }

    /// The commit where the branch left `reference`: what others did there meanwhile is not ours.
    ///
    /// # Errors
    /// Fails without Git, outside a repository, where there is no such commit, and in a shallow clone
    /// that does not know where the two parted.
    pub fn parted_from(&self, reference: &str) -> Result<Commit, SinceError> {
        self.ask(&["rev-parse", "--git-dir"])?.ok_or_else(|| SinceError::NoRepository(self.folder.clone()))?;
        let commit = self.named(reference)?;
        let parted = self.ask(&["merge-base", &commit.0, "HEAD"])?.map(|text| text.trim().to_owned());
        if let Some(parted) = parted.filter(|from| !from.is_empty()) {
            return Ok(Commit(parted));
        }
        let is_shallow = self.ask(&["rev-parse", "--is-shallow-repository"])?;
        match is_shallow.as_deref().map(str::trim) {
            Some("true") => Err(SinceError::Shallow(reference.to_owned())),
            // The two have nothing in common, or nothing is committed yet.
            _ => Ok(commit),
        }
    }

    /// The commit that a name means.
    fn named(&self, reference: &str) -> Result<Commit, SinceError> {
        let unknown = || SinceError::Unknown(reference.to_owned());
        if reference.starts_with('^') {
            return Err(unknown());
        }
        let wanted = format!("{reference}^{{commit}}");
        let commit = self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])?;
        commit.and_then(|text| text.lines().next().map(|id| Commit(id.to_owned()))).ok_or_else(unknown)
    }

    /// The files of the folder, relative to it, that differ from what they were in a commit, and those
    /// that Git does not know yet. What was moved or deleted is among them.
    ///
    /// # Errors
    /// Fails where Git does.
    pub fn changed_since(&self, commit: &Commit) -> Result<BTreeSet<String>, SinceError> {
        let differing = ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--relative", &commit.0, "--"];
        let unknown_to_git = ["ls-files", "--others", "--exclude-standard", "-z"];
        let mut files = BTreeSet::new();
        for arguments in [&differing[..], &unknown_to_git] {
            let list = self.ask(arguments)?;
            let list = list.ok_or_else(|| SinceError::Failed(format!("`git {}` failed", arguments[0])))?;
            files.extend(list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned));
        }
        Ok(files)
    }

    /// The text of a file of the folder as it was in a commit; `None` where it was not there.
    ///
    /// # Errors
    /// Fails without Git.
    pub fn text_at(&self, commit: &Commit, file: &str) -> Result<Option<String>, SinceError> {
        self.ask(&["cat-file", "blob", &format!("{}:./{file}", commit.0)])
    }

    /// Writes what was below `below`, a path of the folder or `.`, in a commit, to another folder, at
    /// the same paths. A file that did not change since is copied as it is here, so that what a
    /// filter of the repository made of it counts on both sides. Links and submodules are left out.
    ///
    /// # Errors
    /// Fails where Git does, and where a file cannot be written.
    pub fn write_at(&self, commit: &Commit, below: &str, into: &Path) -> Result<(), SinceError> {
        let list = self.ask(&["ls-tree", "-r", "-z", &commit.0, "--", below])?;
        let list = list.ok_or_else(|| SinceError::Failed("`git ls-tree` failed".to_owned()))?;
        let changed = self.changed_since(commit)?;
        let mut objects = Vec::new();
        for entry in list.split('\0') {
            let Some((about, path)) = entry.split_once('\t') else { continue };
            let [mode, kind, object] = about.split(' ').collect::<Vec<_>>()[..] else { continue };
            if path == below && (mode == "120000" || kind == "commit") {
                let what = if kind == "commit" { "a submodule" } else { "a link" };
                return Err(SinceError::Failed(format!("`{below}` is {what} there, and its files are elsewhere")));
            }
            if kind != "blob" {
                continue;
            }
            let stays_inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
            if !mode.starts_with("100") || !stays_inside {
                continue;
            }
            let target = into.join(path);
            let fail = |error: io::Error| SinceError::Failed(format!("{}: {error}", target.display()));
            fs::create_dir_all(target.parent().unwrap_or(into)).map_err(fail)?;
            let here = self.folder.join(path);
            let is_file = fs::symlink_metadata(&here).is_ok_and(|found| found.is_file());
            if changed.contains(path) || !is_file {
                objects.push((object.to_owned(), target));
            } else {
                fs::copy(&here, &target).map_err(fail)?;
            }
        }
        self.write_objects(&objects)
    }

    /// Writes objects to files, by one process for all.
    fn write_objects(&self, objects: &[(String, PathBuf)]) -> Result<(), SinceError> {
        if objects.is_empty() {
            return Ok(());
        }
        let failed = |error: io::Error| SinceError::Failed(error.to_string());
        let mut command = self.command();
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(SinceError::NoGit)?;
        let (Some(mut ask), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(SinceError::Failed("`git cat-file` has no input".to_owned()));
        };
        let questions: String = objects.iter().map(|(object, _)| format!("{object}\n")).collect();
        let asking = thread::spawn(move || ask.write_all(questions.as_bytes()));
        let mut answers = BufReader::new(answers);
        for (object, target) in objects {
            let mut head = String::new();
            answers.read_line(&mut head).map_err(failed)?;
            let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
            let size = size.ok_or_else(|| SinceError::Failed(format!("Git has no object {object}")))?;
            let mut file = fs::File::create(target).map_err(failed)?;
            let copied = io::copy(&mut answers.by_ref().take(size), &mut file).map_err(failed)?;
            answers.read_exact(&mut [0]).map_err(failed)?;
            if copied != size {
                return Err(SinceError::Failed(format!("Git broke off in the object {object}")));
            }
        }
        let _ = asking.join();
        child.wait().map_err(failed)?;
        Ok(())
    }

    /// What Git answers; `None` where it says no.
    fn ask(&self, arguments: &[&str]) -> Result<Option<String>, SinceError> {
        let output = self.command().args(arguments).output().map_err(SinceError::NoGit)?;
        Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
    }

    fn command(&self) -> Command {
        let mut command = Command::new("git");
        // The files of a checkout decide nothing about what Git runs.
        command.args(["-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false"]);
        command.args(["-c", "core.hooksPath=/dev/null"]);
        command.current_dir(&self.folder).stdin(Stdio::null()).stderr(Stdio::null());
        for secret in crate::intercom::TOKEN_VARIABLES {
            command.env_remove(secret);
        }
        // In a hook Git names its files as seen from the top of the repository.
        for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
            if env::var_os(name).is_some_and(|value| Path::new(&value).is_relative()) {
                command.env_remove(name);
            }
        }
        command
    }
}

/// Two texts as one, with markers round every place where they differ.
pub fn marked(ours: &str, theirs: &str, sides: &Sides) -> Merged {
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
    for op in operations(Algorithm::Myers, &old, &new) {
        if matches!(op, DiffOp::Equal { .. }) {
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
    fn the_files_of_a_checkout_decide_nothing_about_what_git_runs() {
        let folder = tempfile::tempdir().unwrap();
        let git = Git::new(folder.path());
        for (key, value) in
            [("safe.bareRepository", "explicit"), ("core.fsmonitor", "false"), ("core.hooksPath", "/dev/null")]
        {
            assert_eq!(git.ask(&["config", "--get", key]).unwrap().as_deref().map(str::trim), Some(value));
        }
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
    fn what_git_ignores_is_told_but_for_what_it_keeps_and_for_folders_that_are_ignored_themselves() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        let docs = Git::new(&folder.path().join("docs"));
        write("docs/a.md", "a");
        assert_eq!(docs.ignored(), None);
        let git = Git::new(folder.path());
        git.ask(&["init", "--quiet"]).unwrap();
        write(".gitignore", "build/\n*.tmp.md\nsite/\n");
        write("docs/a.tmp.md", "a");
        write("docs/build/kept.md", "a");
        write("docs/build/made.md", "a");
        write("docs/deep/b.md", "a");
        write("docs/deep/build/b.md", "a");
        write("site/docs/c.md", "a");
        git.ask(&["add", "--force", "docs/build/kept.md"]).unwrap();
        let expected = ["a.tmp.md", "build/made.md", "deep/build/"];
        assert_eq!(docs.ignored(), Some(expected.map(str::to_owned).into()));
        assert_eq!(Git::new(&folder.path().join("site")).ignored(), Some(BTreeSet::new()));
        assert_eq!(Git::new(&folder.path().join("site/docs")).ignored(), Some(BTreeSet::new()));
        let asked = docs.ignores(["new.md", "new.tmp.md", "other/build/new.md", "build/kept.md"]);
        assert_eq!(asked, ["new.tmp.md", "other/build/new.md"].map(str::to_owned).into());
    }

    #[test]
    fn two_texts_are_marked_where_they_differ() {
        let merged = marked("a\nb\nc", "a\nB\nc", &sides());
        assert_eq!(merged.text, "a\n<<<<<<< docs\nb\n=======\nB\n>>>>>>> Intercom\nc");
        assert_eq!(merged.conflicts, 1);
        // Found by reading: two ways to split lines, of which one knew a lone carriage return.
        let merged = marked("a\rb\nc\n", "a\rB\nc\n", &sides());
        assert_eq!(merged.text, "<<<<<<< docs\na\rb\n=======\na\rB\n>>>>>>> Intercom\nc\n");
    }
}
