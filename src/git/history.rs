//! What Git knows of files over time: the commits that changed them, and the lines that they added.
//!
//! All of it only reads, and follows a file to the name that it had before. Where there is no Git, no repository or no
//! commit yet, there is no history. No command of the configuration is run: no external diff, no filter that makes
//! text of a file, no check of signatures.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::Stdio;
use std::thread;

use jiff::Timestamp;

use super::{Commit, Git, SinceError};

/// How many commits of a file are read at most.
const MOST_COMMITS: &str = "--max-count=2000";

/// How large a text may be that is read of a commit, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// What starts the head of a commit: no line of a difference begins with it.
const HEAD: char = '\u{1}';

/// The head of a commit: its id, time, author and first line, each ended by a zero byte.
const FORMAT: &str = "--format=%x01%H%x00%ct%x00%aN%x00%aE%x00%s%x00";

/// What keeps Git from running anything that the configuration names, and from painting.
const PLAIN: [&str; 4] = ["--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-color"];

/// A commit, as its head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its id: 40 hexadecimal digits, or 64.
    pub commit: String,
    /// When it came about, here or where it was rebased.
    pub at: Timestamp,
    /// The author's name.
    pub author: String,
    /// The author's address.
    pub email: String,
    /// The first line of its message.
    pub subject: String,
    /// What it did to files.
    pub files: Vec<FileChange>,
}

/// What a commit did to one file. Paths are relative to the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// The file.
    pub path: String,
    /// What it was called before, where the commit moved it.
    pub from: Option<String>,
    /// Its blob since; `None` where it was deleted.
    pub blob: Option<String>,
    /// Its blob before; `None` where it is new.
    pub before: Option<String>,
}

/// Lines that a commit added to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// The commit's id.
    pub commit: String,
    /// The lines, without their ends.
    pub lines: Vec<String>,
}

impl Revision {
    /// The first digits of its id, as people write it.
    pub fn short(&self) -> &str {
        short(&self.commit)
    }
}

/// The first digits of the id of a commit.
pub fn short(commit: &str) -> &str {
    commit.get(..7).unwrap_or(commit)
}

impl Git {
    /// The commits that changed a file, newest first, also under the names that it had before.
    ///
    /// # Errors
    /// Fails without Git.
    pub fn revisions_of(&self, file: &str) -> Result<Vec<Revision>, SinceError> {
        self.revisions(&["--follow"], file)
    }

    /// The commits since a time that changed files of the folder, newest first.
    ///
    /// # Errors
    /// Fails without Git.
    pub fn revisions_since(&self, since: Timestamp) -> Result<Vec<Revision>, SinceError> {
        // Git takes 0, and a time to come, for now.
        let mut revisions = self.revisions(&[&format!("--since=@{}", since.as_second().max(1))], ".")?;
        revisions.retain(|revision| revision.at >= since);
        Ok(revisions)
    }

    fn revisions(&self, which: &[&str], file: &str) -> Result<Vec<Revision>, SinceError> {
        let mut arguments = vec!["--literal-pathspecs", "log", FORMAT, MOST_COMMITS];
        arguments.extend(PLAIN);
        arguments.extend(["--raw", "-z", "--no-abbrev", "-M", "--relative"]);
        arguments.extend(which);
        arguments.extend(["--", file]);
        Ok(self.ask(&arguments)?.map(|answer| revisions(&answer)).unwrap_or_default())
    }

    /// The lines that each commit added to a file, as far as they are wanted; newest first.
    ///
    /// # Errors
    /// Fails without Git.
    pub fn added_lines(&self, file: &str, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<Added>, SinceError> {
        let mut command = self.command();
        command.args(["--literal-pathspecs", "log", FORMAT, MOST_COMMITS]).args(PLAIN);
        command.args(["--patch", "--unified=0", "--text", "--no-renames", "--", file]);
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(SinceError::NoGit)?;
        let mut added: Vec<Added> = Vec::new();
        if let Some(output) = child.stdout.take() {
            let mut output = BufReader::new(output);
            let mut line = Vec::new();
            while output.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                let text = String::from_utf8_lossy(&line);
                if let Some(head) = text.strip_prefix(HEAD) {
                    let commit = head.split('\0').next().unwrap_or_default().to_owned();
                    added.push(Added { commit, lines: Vec::new() });
                } else if let (Some(text), Some(last)) = (text.strip_prefix('+'), added.last_mut())
                    && wanted(text)
                {
                    last.lines.push(text.trim_end_matches(['\n', '\r']).to_owned());
                }
                line.clear();
            }
        }
        child.wait().map_err(|error| SinceError::Failed(error.to_string()))?;
        added.retain(|added| !added.lines.is_empty());
        Ok(added)
    }

    /// The texts of some blobs; those that are not there, or are no text, are left out.
    ///
    /// # Errors
    /// Fails without Git.
    pub fn blobs(&self, ids: &BTreeSet<&str>) -> Result<BTreeMap<String, String>, SinceError> {
        let is_id = |id: &&&str| !id.is_empty() && id.chars().all(|c| c.is_ascii_hexdigit());
        let ids: Vec<&str> = ids.iter().filter(is_id).copied().collect();
        let mut texts = BTreeMap::new();
        if ids.is_empty() {
            return Ok(texts);
        }
        let failed = |error: std::io::Error| SinceError::Failed(error.to_string());
        let mut command = self.command();
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(SinceError::NoGit)?;
        let (Some(mut ask), Some(answers)) = (child.stdin.take(), child.stdout.take()) else { return Ok(texts) };
        let questions: String = ids.iter().map(|id| format!("{id}\n")).collect();
        let asking = thread::spawn(move || ask.write_all(questions.as_bytes()));
        let mut answers = BufReader::new(answers);
        for id in ids {
            let mut head = String::new();
            answers.read_line(&mut head).map_err(failed)?;
            let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
            let Some(size) = size else { continue };
            let mut bytes = Vec::new();
            if size <= LARGEST {
                answers.by_ref().take(size).read_to_end(&mut bytes).map_err(failed)?;
            } else {
                std::io::copy(&mut answers.by_ref().take(size), &mut std::io::sink()).map_err(failed)?;
            }
            // One line end follows; where Git broke off there is none, and nothing more.
            if answers.read_exact(&mut [0]).is_err() {
                break;
            }
            if size <= LARGEST
                && head.contains(" blob ")
                && let Ok(text) = String::from_utf8(bytes)
            {
                texts.insert(id.to_owned(), text);
            }
        }
        let _ = asking.join();
        child.wait().map_err(failed)?;
        Ok(texts)
    }

    /// The commit that a name means: an id, a branch or a tag.
    ///
    /// # Errors
    /// Fails without Git, outside a repository, and where there is no such commit.
    pub fn commit(&self, reference: &str) -> Result<Commit, SinceError> {
        self.ask(&["rev-parse", "--git-dir"])?.ok_or_else(|| SinceError::NoRepository(self.folder.clone()))?;
        self.named(reference)
    }

    /// When a commit came about.
    ///
    /// # Errors
    /// Fails without Git, and where the commit cannot be read.
    pub fn time_of(&self, commit: &Commit) -> Result<Timestamp, SinceError> {
        let shown = ["show", "--no-patch", "--no-show-signature", "--format=%ct", &commit.0, "--"];
        let seconds = self.ask(&shown)?.and_then(|answer| answer.trim().parse().ok());
        let time = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
        time.ok_or_else(|| SinceError::Failed(format!("`git show {}` failed", commit.0)))
    }
}

/// The commits of an answer: five fields, then the files with one path or two.
fn revisions(answer: &str) -> Vec<Revision> {
    let mut parts = answer.split('\0').peekable();
    let mut revisions = Vec::new();
    while let Some(part) = parts.next() {
        let Some(commit) = part.trim_start_matches('\n').strip_prefix(HEAD) else { continue };
        let mut field = || parts.next().unwrap_or_default().to_owned();
        let (seconds, author, email, subject) = (field(), field(), field(), field());
        let at = seconds.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).unwrap_or_default();
        let mut revision = Revision { commit: commit.to_owned(), at, author, email, subject, files: Vec::new() };
        while let Some(about) = parts.next_if(|part| !part.trim_start_matches('\n').starts_with(HEAD)) {
            let Some(about) = about.trim_start_matches('\n').strip_prefix(':') else { continue };
            let [_, _, before, after, status] = about.split(' ').collect::<Vec<_>>()[..] else { continue };
            let blob = |id: &str| id.chars().any(|c| c != '0').then(|| id.to_owned());
            let Some(first) = parts.next() else { break };
            let second = if status.starts_with(['R', 'C']) { parts.next() } else { None };
            revision.files.push(FileChange {
                path: second.unwrap_or(first).to_owned(),
                from: second.map(|_| first.to_owned()),
                blob: blob(after),
                before: blob(before),
            });
        }
        revisions.push(revision);
    }
    revisions
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// A repository in which a file is written, changed, and moved; then another one is deleted.
    fn repository() -> (tempfile::TempDir, Git) {
        let folder = tempfile::tempdir().unwrap();
        let root = Git::new(folder.path());
        let run = |arguments: &[&str]| {
            let who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
            root.ask(&[&who[..], arguments].concat()).unwrap().unwrap();
        };
        let write = |path: &str, text: &str| {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        run(&["init", "--quiet"]);
        write("docs/a.md", "one\ntwo\nthree\n");
        write("docs/gone.md", "gone\n");
        write("helpbook.lock", "{\"article\":1}\n{\"article\":2}\n");
        run(&["add", "."]);
        run(&["commit", "--quiet", "-m", "Begin: a\u{1}b"]);
        write("docs/a.md", "one\ntwo\nthree\nfour\n");
        write("helpbook.lock", "{\"article\":1,\"x\":2}\n{\"article\":2}\n");
        run(&["commit", "--quiet", "-am", "Add four"]);
        fs::create_dir(folder.path().join("docs/deep")).unwrap();
        run(&["mv", "docs/a.md", "docs/deep/b c.md"]);
        run(&["rm", "--quiet", "docs/gone.md"]);
        run(&["commit", "--quiet", "-m", "Move"]);
        let docs = Git::new(&folder.path().join("docs"));
        (folder, docs)
    }

    #[test]
    fn a_file_is_followed_to_the_name_that_it_had() {
        let (_folder, git) = repository();
        let found = git.revisions_of("deep/b c.md").unwrap();
        let seen: Vec<_> = found.iter().map(|one| (one.subject.as_str(), one.files[0].path.as_str())).collect();
        assert_eq!(seen, [("Move", "deep/b c.md"), ("Add four", "a.md"), ("Begin: a\u{1}b", "a.md")]);
        assert_eq!(found[0].files[0].from.as_deref(), Some("a.md"));
        assert_eq!((found[2].files[0].before.as_ref(), found[2].author.as_str()), (None, "Ada"));
        let ids: BTreeSet<&str> = found.iter().filter_map(|one| one.files[0].blob.as_deref()).collect();
        let texts = git.blobs(&ids).unwrap();
        assert_eq!(texts[found[2].files[0].blob.as_ref().unwrap()], "one\ntwo\nthree\n");
        assert_eq!(git.blobs(&["0123456789012345678901234567890123456789", "--x"].into()).unwrap().len(), 0);
    }

    #[test]
    fn all_files_since_a_time_are_named() {
        let (_folder, git) = repository();
        let all = git.revisions_since(Timestamp::UNIX_EPOCH).unwrap();
        let files: Vec<Vec<&str>> =
            all.iter().map(|one| one.files.iter().map(|file| file.path.as_str()).collect()).collect();
        assert_eq!(files, [vec!["deep/b c.md", "gone.md"], vec!["a.md"], vec!["a.md", "gone.md"]]);
        assert_eq!(all[0].files[1].blob, None);
        let later = Timestamp::from_second(all[0].at.as_second() + 3600).unwrap();
        assert_eq!(git.revisions_since(later).unwrap(), []);
    }

    #[test]
    fn the_lines_that_commits_added_are_found() {
        let (folder, _) = repository();
        let git = Git::new(folder.path());
        let added = git.added_lines("helpbook.lock", &|line| line.contains("\"article\":1")).unwrap();
        let lines: Vec<&[String]> = added.iter().map(|added| added.lines.as_slice()).collect();
        assert_eq!(lines, [["{\"article\":1,\"x\":2}".to_owned()], ["{\"article\":1}".to_owned()]]);
        let commit = git.commit("HEAD~1").unwrap();
        assert_eq!(commit.0, added[0].commit);
        assert!(git.time_of(&commit).unwrap() > Timestamp::UNIX_EPOCH);
        assert!(matches!(git.commit("--all"), Err(SinceError::Unknown(_))));
    }

    #[test]
    fn outside_a_repository_there_is_no_history() {
        let folder = tempfile::tempdir().unwrap();
        let git = Git::new(folder.path());
        assert_eq!(git.revisions_of("a.md").unwrap(), []);
        assert_eq!(git.added_lines("a.md", &|_| true).unwrap(), []);
        assert!(matches!(git.commit("HEAD"), Err(SinceError::NoRepository(_))));
        assert!(Path::new(&git.folder).exists());
    }
}
