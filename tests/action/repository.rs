//! The repository of a project on a host, as far as jobs see it: a bare one on disk, and the clone of somebody who merges.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::world::git;

/// A bare repository with a clone of it.
pub struct Repository {
    remote: PathBuf,
    clone: PathBuf,
    /// Who the commits of jobs are by, as a part of an address.
    robot: &'static str,
}

impl Repository {
    /// Two articles in one collection on `main`, both to be published. The bare repository is `remote`, the clone
    /// beside it.
    pub fn new(remote: &Path, clone: &Path, robot: &'static str) -> Self {
        let repository = Self { remote: remote.to_owned(), clone: clone.to_owned(), robot };
        fs::create_dir_all(remote).unwrap();
        fs::create_dir_all(clone).unwrap();
        git(remote, &["init", "--quiet", "--bare", "--initial-branch=main"]);
        git(clone, &["init", "--quiet", "--initial-branch=main"]);
        git(clone, &["remote", "add", "origin", &repository.remote()]);
        repository.merge(&[
            ("helpbook.yml", "docs: docs\nstate: published\n"),
            ("docs/guide/install.md", "# Install\n\nRun the installer.\n\n## Steps\n\nClick it.\n"),
            ("docs/guide/update.md", "---\ntitle: Update\ndescription: How to stay current\n---\nRun it again.\n"),
        ]);
        repository
    }

    pub fn remote(&self) -> String {
        self.remote.display().to_string()
    }

    fn clone_of_somebody(&self) -> &Path {
        &self.clone
    }

    /// Somebody merges files into `main`; one without a text is deleted.
    pub fn merge(&self, files: &[(&str, &str)]) {
        self.push("main", files);
    }

    /// Somebody pushes files to a branch, on top of what is there.
    pub fn push(&self, branch: &str, files: &[(&str, &str)]) {
        let clone = self.clone_of_somebody();
        if !self.head("main").is_empty() {
            git(clone, &["fetch", "--quiet", "origin"]);
            let from = if self.head(branch).is_empty() { "main" } else { branch };
            git(clone, &["checkout", "--quiet", "--force", "-B", branch, &format!("origin/{from}")]);
        }
        for (path, text) in files {
            let file = clone.join(path);
            if text.is_empty() {
                fs::remove_file(file).unwrap();
                continue;
            }
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        git(clone, &["add", "--all"]);
        git(clone, &["commit", "--quiet", "-m", "Edit the docs"]);
        git(clone, &["push", "--quiet", "origin", branch]);
    }

    /// A branch is merged into `main`, as by the button of its pull request.
    pub fn merge_branch(&self, branch: &str) {
        let clone = self.clone_of_somebody();
        git(clone, &["fetch", "--quiet", "origin"]);
        git(clone, &["checkout", "--quiet", "--force", "-B", "main", "origin/main"]);
        git(clone, &["merge", "--quiet", "--no-ff", "-m", "Merge", &format!("origin/{branch}")]);
        git(clone, &["push", "--quiet", "origin", "main"]);
    }

    /// The commit of a branch; empty where there is none.
    pub fn head(&self, branch: &str) -> String {
        let output = Command::new("git")
            .args(["-C", &self.remote(), "rev-parse", "--verify", "--quiet", &format!("refs/heads/{branch}")])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A file as it is on a branch or in a commit.
    #[track_caller]
    pub fn file(&self, at: &str, path: &str) -> String {
        git(Path::new(&self.remote()), &["show", &format!("{at}:{path}")])
    }

    /// What Git says of the remote.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> String {
        git(Path::new(&self.remote()), arguments)
    }

    /// The id in a file of a branch.
    #[track_caller]
    pub fn id(&self, at: &str, path: &str) -> u64 {
        let text = self.file(at, path);
        let line =
            text.lines().find(|line| line.starts_with("id: ")).unwrap_or_else(|| panic!("no id in {path}:\n{text}"));
        line[4..].parse().unwrap()
    }

    /// From now on `main` takes only what a person merges.
    pub fn protect(&self) {
        let hook = self.remote.join("hooks/update");
        let robot =
            format!("[ \"$1\" != refs/heads/main ] || ! git log -1 --format=%ae \"$3\" | grep -q '{}'", self.robot);
        let refuse = "echo \"Repository rule violations found: Changes must be made through a pull request.\"";
        fs::write(&hook, format!("#!/bin/sh\n{robot} || {{ {refuse}; exit 1; }}\n")).unwrap();
        fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    }
}
