//! New commits, by `git fast-import`: the one thing of Git that writes.
//!
//! It writes objects, a branch and the index; never a file of the working tree, and no commit that is there changes.
//! The commits are under a name of their own until all of them are there, so one that breaks off leaves nothing that
//! anybody sees. It runs no hook and no filter.

use std::io::{self, BufWriter, Write};
use std::process::{Child, ChildStdin, Stdio};

use jiff::Timestamp;

use super::{Git, SinceError};

/// Where the commits are until all of them are there.
const UNFINISHED: &str = "refs/helpbook/import";

/// A commit to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommit<'a> {
    /// Who made the change.
    pub author: &'a Person,
    /// When.
    pub at: Timestamp,
    /// The message, with its line ends.
    pub message: String,
    /// The files that it writes: paths as seen from the top of the repository, and texts.
    pub files: Vec<(String, String)>,
}

/// The author of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    name: String,
    email: String,
}

impl Person {
    /// A person by name and address, without the signs that Git does not take.
    pub fn new(name: &str, email: &str) -> Self {
        let clean = |text: &str| {
            let kept = text.chars().filter(|c| !matches!(c, '<' | '>') && !c.is_control());
            kept.collect::<String>().trim().to_owned()
        };
        Self { name: clean(name), email: clean(email).replace(' ', "") }
    }
}

/// An import that is under way.
#[derive(Debug)]
pub struct Import<'g> {
    git: &'g Git,
    child: Child,
    input: BufWriter<ChildStdin>,
    commits: usize,
}

impl Git {
    /// The branch that is checked out in a repository without any commit; `None` in one that has some.
    ///
    /// # Errors
    /// Fails without Git and outside a repository.
    pub fn unborn_branch(&self) -> Result<Option<String>, SinceError> {
        self.ask(&["rev-parse", "--git-dir"])?.ok_or_else(|| SinceError::NoRepository(self.folder.clone()))?;
        if self.ask(&["rev-parse", "--verify", "--quiet", "HEAD"])?.is_some() {
            return Ok(None);
        }
        let branch = self.ask(&["symbolic-ref", "--quiet", "--short", "HEAD"])?;
        Ok(branch.map(|branch| branch.trim().to_owned()).filter(|branch| !branch.is_empty()))
    }

    /// Begins an import. What an earlier one left unfinished is made again.
    ///
    /// # Errors
    /// Fails without Git.
    pub fn import(&self) -> Result<Import<'_>, SinceError> {
        self.ask(&["update-ref", "-d", UNFINISHED])?;
        let mut command = self.command();
        command.args(["fast-import", "--quiet", "--done", "--date-format=raw", "--force"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().map_err(SinceError::NoGit)?;
        let input =
            child.stdin.take().ok_or_else(|| SinceError::Failed("`git fast-import` has no input".to_owned()))?;
        Ok(Import { git: self, child, input: BufWriter::with_capacity(1 << 20, input), commits: 0 })
    }

    /// Makes a branch that of the commits that were imported, unless it has others or is checked out.
    fn move_to_import(&self, branch: &str, index: Index) -> Result<(), SinceError> {
        let failed = |what: &str| SinceError::NotMade(what.to_owned());
        let name = format!("refs/heads/{branch}");
        if self.ask(&["rev-parse", "--verify", "--quiet", &name])?.is_some()
            && self.ask(&["merge-base", "--is-ancestor", &name, UNFINISHED])?.is_none()
        {
            return Err(failed(&format!("the branch `{branch}` has others")));
        }
        let here = self.ask(&["symbolic-ref", "--quiet", "--short", "HEAD"])?;
        if index == Index::Left && here.as_deref().map(str::trim) == Some(branch) {
            return Err(failed(&format!("the branch `{branch}` is checked out")));
        }
        if index == Index::Read {
            self.ask(&["read-tree", UNFINISHED])?.ok_or_else(|| failed("`git read-tree` failed"))?;
        }
        self.ask(&["update-ref", "--no-deref", &name, UNFINISHED])?.ok_or_else(|| failed("`git update-ref` failed"))?;
        Ok(())
    }
}

impl Import<'_> {
    /// Adds a commit after the ones before it.
    ///
    /// # Errors
    /// Fails where Git broke off.
    pub fn add(&mut self, commit: &NewCommit<'_>) -> io::Result<()> {
        let NewCommit { author: Person { name, email }, at, message, files } = commit;
        let seconds = at.as_second().max(0);
        let input = &mut self.input;
        writeln!(input, "commit {UNFINISHED}")?;
        writeln!(input, "author {name} <{email}> {seconds} +0000\ncommitter {name} <{email}> {seconds} +0000")?;
        data(input, message)?;
        for (path, text) in files {
            writeln!(input, "M 100644 inline {}", quoted(path))?;
            data(input, text)?;
        }
        writeln!(input)?;
        self.commits += 1;
        Ok(())
    }

    /// How many commits were added.
    pub fn commits(&self) -> usize {
        self.commits
    }

    /// Ends it: the branch is all of the commits. A branch that is there has to be one that they go on from. For a
    /// repository without any commit the index gets what the last one has.
    ///
    /// # Errors
    /// Fails where Git does, and where the branch has other commits; then it is as it was.
    pub fn finish(mut self, branch: &str, index: Index) -> Result<(), SinceError> {
        let failed = |what: &str| SinceError::NotMade(what.to_owned());
        let ended = writeln!(self.input, "done").and_then(|()| self.input.flush());
        drop(self.input);
        let status = self.child.wait().map_err(|error| SinceError::NotMade(error.to_string()))?;
        if ended.is_err() || !status.success() {
            return Err(failed("`git fast-import` broke off"));
        }
        let moved = self.git.move_to_import(branch, index);
        self.git.ask(&["update-ref", "-d", UNFINISHED])?;
        moved
    }
}

/// Whether the index gets what the last commit has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// It does: nothing was in it.
    Read,
    /// It stays.
    Left,
}

fn data(input: &mut impl Write, text: &str) -> io::Result<()> {
    writeln!(input, "data {}", text.len())?;
    input.write_all(text.as_bytes())?;
    writeln!(input)
}

/// A path in the form that Git reads whatever is in it.
fn quoted(path: &str) -> String {
    let mut quoted = String::from("\"");
    for c in path.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit<'a>(author: &'a Person, at: i64, text: &str) -> NewCommit<'a> {
        NewCommit {
            author,
            at: Timestamp::from_second(at).unwrap(),
            message: format!("Say {text}\n"),
            files: vec![("docs/a \"b\" ü.md".to_owned(), text.to_owned())],
        }
    }

    #[test]
    fn commits_are_under_a_branch_once_all_of_them_are_there() {
        let folder = tempfile::tempdir().unwrap();
        let git = Git::new(folder.path());
        assert!(matches!(git.unborn_branch(), Err(SinceError::NoRepository(_))));
        git.ask(&["init", "--quiet", "--initial-branch=main"]).unwrap().unwrap();
        assert_eq!(git.unborn_branch().unwrap().as_deref(), Some("main"));
        let ada = Person::new("Ada <x>\nEve", "1@intercom.invalid");
        let mut broken = git.import().unwrap();
        broken.add(&commit(&ada, 100, "nothing")).unwrap();
        drop(broken.input);
        broken.child.wait().unwrap();
        assert_eq!(git.unborn_branch().unwrap().as_deref(), Some("main"));
        for texts in [&["one", "two"][..], &["one", "two", "three"], &["other"]] {
            let mut import = git.import().unwrap();
            for (at, text) in texts.iter().enumerate() {
                import.add(&commit(&ada, 100 + at as i64, text)).unwrap();
            }
            let done = import.finish("main", Index::Read);
            assert_eq!(done.is_ok(), texts.len() > 1, "{texts:?}");
        }
        let log = git.ask(&["log", "--format=%an %ae %at %s"]).unwrap().unwrap();
        let ada = "Ada xEve 1@intercom.invalid";
        assert_eq!(log, format!("{ada} 102 Say three\n{ada} 101 Say two\n{ada} 100 Say one\n"));
        let shown = git.ask(&["show", "HEAD:docs/a \"b\" ü.md"]).unwrap();
        assert_eq!(shown.as_deref(), Some("three"));
        assert_eq!(git.unborn_branch().unwrap(), None);
        assert_eq!(git.ask(&["for-each-ref", "--format=%(refname)"]).unwrap().as_deref(), Some("refs/heads/main\n"));
    }
}
