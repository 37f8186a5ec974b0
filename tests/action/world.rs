//! A repository on GitHub, as far as the jobs see it: that on disk, what the stand-in knows, and a machine for each job.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Deref;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::repository::Repository;
use crate::harness::Server;

/// What a job left behind.
#[derive(Debug)]
pub struct Job {
    pub exit: i32,
    /// The log, both streams.
    pub log: String,
    pub summary: String,
    pub outputs: BTreeMap<String, String>,
}

impl Job {
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.exit, code, "log:\n{}\nsummary:\n{}\n{:?}", self.log, self.summary, self.outputs);
        self
    }

    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(
            self.log.contains(text) || self.summary.contains(text),
            "`{text}` is not in\n{}\n{}",
            self.log,
            self.summary
        );
        self
    }

    pub fn output(&self, name: &str) -> &str {
        self.outputs.get(name).map_or("", String::as_str)
    }
}

/// A repository with docs, on GitHub.
pub struct World {
    folder: TempDir,
    repository: Repository,
    url: String,
    token: String,
    run: u64,
}

impl Deref for World {
    type Target = Repository;

    fn deref(&self) -> &Repository {
        &self.repository
    }
}

impl World {
    /// Two articles in one collection on `main`, both to be published.
    ///
    /// Nothing on a machine that lacks what the scripts need.
    pub fn new(server: &Server) -> Option<Self> {
        if !has_tools(&["bash", "jq"]) {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let (remote, clone) = (folder.path().join("gh/remote"), folder.path().join("clone"));
        let repository = Repository::new(&remote, &clone, "github-actions");
        let world = Self { folder, repository, url: server.url(), token: server.token().to_owned(), run: 100 };
        for folder in ["gh/environments", "gh/runs", "gh/artifacts", "bin"] {
            fs::create_dir_all(world.path(folder)).unwrap();
        }
        for file in ["gh/comments.json", "gh/issues.json", "gh/pulls.json"] {
            fs::write(world.path(file), "[]").unwrap();
        }
        symlink(env!("CARGO_BIN_EXE_helpbook"), world.path("bin/helpbook")).unwrap();
        symlink(source("tests/action/gh"), world.path("bin/gh")).unwrap();
        Some(world)
    }

    /// The same after a stage and a publish that somebody asked for.
    pub fn published(server: &Server) -> Option<Self> {
        let mut world = Self::new(server)?;
        world.stage().exits(0);
        world.button(&[]).exits(0);
        Some(world)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file of the stand-in's state.
    pub fn set(&self, path: &str, text: &str) {
        fs::write(self.path("gh").join(path), text).unwrap();
    }

    /// Reads a file of the stand-in's state.
    pub fn state(&self, path: &str) -> Value {
        serde_json::from_str(&fs::read_to_string(self.path("gh").join(path)).unwrap()).unwrap()
    }

    /// The environment gets reviewers.
    pub fn require_reviewers(&self) {
        let reviewer = json!({ "type": "User", "reviewer": { "login": "ada" } });
        let rules = json!([
            { "id": 1, "type": "wait_timer", "wait_timer": 30 },
            { "id": 2, "type": "required_reviewers", "reviewers": [reviewer] },
        ]);
        self.set(
            "environments/help-center.json",
            &json!({ "name": "help-center", "protection_rules": rules }).to_string(),
        );
    }

    /// A job on a machine of its own, with a fresh checkout of a branch or commit.
    pub fn job(&self, checkout: &str, environment: &[(&str, &str)]) -> Job {
        let machine = tempfile::tempdir().unwrap();
        let workspace = machine.path().join("work");
        git(machine.path(), &["clone", "--quiet", "--no-checkout", &self.remote(), "work"]);
        git(&workspace, &["fetch", "--quiet", "origin", checkout]);
        git(&workspace, &["checkout", "--quiet", "--detach", "FETCH_HEAD"]);
        self.on(machine.path(), environment)
    }

    /// A job on a machine whose checkout is in `work`.
    pub fn on(&self, machine: &Path, environment: &[(&str, &str)]) -> Job {
        let path = std::env::var("PATH").unwrap();
        let at = |name: &str| machine.join(name);
        fs::create_dir_all(at("temp")).unwrap();
        let mut command = Command::new("bash");
        command
            .arg("-c")
            .arg(format!("exec bash '{}' 2>&1", source("action/run.sh").display()))
            .current_dir(at("work"))
            .env_clear()
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("HOME", machine)
            .env("LC_ALL", "C.UTF-8")
            .env("GH_STATE", self.path("gh"))
            .env("GH_TOKEN", "token of the job")
            .env("GITHUB_WORKSPACE", at("work"))
            .env("RUNNER_TEMP", at("temp"))
            .env("GITHUB_OUTPUT", at("output"))
            .env("GITHUB_STEP_SUMMARY", at("summary"))
            .env("GITHUB_SERVER_URL", "https://github.com")
            .env("GITHUB_REPOSITORY", "octo/docs")
            .env("GITHUB_RUN_ID", self.run.to_string())
            .env("GITHUB_RUN_ATTEMPT", "1")
            .env("GITHUB_WORKFLOW_REF", "octo/docs/.github/workflows/help-center.yml@refs/heads/main")
            .env("INTERCOM_BASE_URL", &self.url)
            .env("INTERCOM_ACCESS_TOKEN", &self.token)
            .env("HELPBOOK_WORKDIR", ".")
            .env("HELPBOOK_BRANCH", "main")
            .env("HELPBOOK_ENVIRONMENT", "help-center")
            .env("HELPBOOK_RETRY_SECONDS", "0");
        command.envs(environment.iter().copied());
        let output = command.output().unwrap();
        let read = |name: &str| fs::read_to_string(at(name)).unwrap_or_default();
        let outputs: BTreeMap<String, String> = read("output")
            .lines()
            .map(|line| line.split_once('=').unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let job = Job {
            exit: output.status.code().unwrap_or(-1),
            log: String::from_utf8(output.stdout).unwrap(),
            summary: read("summary"),
            outputs,
        };
        // The steps of the action that keep folders.
        for kept in ["staged", "preview"].into_iter().filter(|kept| !job.output(kept).is_empty()) {
            let to = self.artifact(job.output(&format!("{kept}-name")));
            fs::create_dir_all(&to).unwrap();
            crate::harness::copy(Path::new(job.output(kept)), &to);
        }
        job
    }

    /// The folder of an artifact of the run.
    pub fn artifact(&self, name: &str) -> PathBuf {
        self.path(&format!("gh/artifacts/{}/{name}", self.run))
    }

    /// The job `stage` of a new run, for the last push.
    pub fn stage(&mut self) -> Job {
        self.stage_with(&[])
    }

    /// The same with other variables.
    pub fn stage_with(&mut self, environment: &[(&str, &str)]) -> Job {
        self.run += 1;
        let environment: Vec<_> =
            [("HELPBOOK_COMMAND", "apply"), ("GITHUB_EVENT_NAME", "push")].iter().chain(environment).copied().collect();
        let job = self.job("main", &environment);
        let conclusion = if job.exit == 0 { "success" } else { "failure" };
        self.ended(self.run, &json!({ "conclusion": conclusion }));
        job
    }

    /// A run that GitHub knows of.
    pub fn ended(&self, run: u64, changes: &Value) {
        let mut known = json!({
            "id": run, "event": "push", "status": "completed", "conclusion": "success", "head_branch": "main",
            "path": ".github/workflows/help-center.yml",
            "repository": { "full_name": "octo/docs" }, "head_repository": { "full_name": "octo/docs" },
        });
        known.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        self.set(&format!("runs/{run}.json"), &known.to_string());
    }

    /// The number of the last run.
    pub fn last_run(&self) -> u64 {
        self.run
    }

    /// The job `publish` of the same run: where there is an approval, it was given.
    pub fn approved(&self) -> Job {
        let run = self.run.to_string();
        self.job("main", &[("HELPBOOK_COMMAND", "publish"), ("GITHUB_EVENT_NAME", "push"), ("HELPBOOK_RUN", &run)])
    }

    /// Somebody presses "Run workflow", on `main`.
    pub fn button(&mut self, environment: &[(&str, &str)]) -> Job {
        self.run += 1;
        let environment: Vec<_> = [("HELPBOOK_COMMAND", "publish"), ("GITHUB_EVENT_NAME", "workflow_dispatch")]
            .iter()
            .chain(environment)
            .copied()
            .collect();
        self.job("main", &environment)
    }

    /// The night.
    pub fn night(&mut self) -> Job {
        self.run += 1;
        self.job("main", &[("HELPBOOK_COMMAND", "pull"), ("GITHUB_EVENT_NAME", "schedule")])
    }

    /// The week's audit; `fail_on` is the input of that name.
    pub fn week(&mut self, fail_on: &str) -> Job {
        self.run += 1;
        let environment =
            [("HELPBOOK_COMMAND", "audit"), ("GITHUB_EVENT_NAME", "schedule"), ("HELPBOOK_FAIL_ON", fail_on)];
        self.job("main", &environment)
    }

    /// Writes a file of GitHub's state.
    pub fn set_state(&self, path: &str, value: &Value) {
        fs::write(self.path("gh").join(path), value.to_string()).unwrap();
    }

    /// The job `plan` of a pull request of a branch: GitHub checks out its merge into `main`.
    pub fn pull_request(&self, branch: &str, environment: &[(&str, &str)]) -> Job {
        let machine = tempfile::tempdir().unwrap();
        let workspace = machine.path().join("work");
        git(machine.path(), &["clone", "--quiet", "--branch", "main", &self.remote(), "work"]);
        git(&workspace, &["merge", "--quiet", "--no-ff", "-m", "Merge", &format!("origin/{branch}")]);
        git(&workspace, &["checkout", "--quiet", "--detach"]);
        let environment: Vec<_> =
            [("HELPBOOK_COMMAND", "plan"), ("GITHUB_EVENT_NAME", "pull_request"), ("HELPBOOK_PULL_REQUEST", "7")]
                .iter()
                .chain(environment)
                .copied()
                .collect();
        self.on(machine.path(), &environment)
    }
}

/// Whether a machine has what the scripts need. In CI it is a failure where it has not.
pub fn has_tools(tools: &[&str]) -> bool {
    for tool in tools {
        if Command::new(tool).arg("--version").output().is_err() {
            assert!(std::env::var_os("CI").is_none(), "the scripts of the action need {tool}: install it");
            eprintln!("skipped: the scripts of the action need {tool}, which is not on this machine");
            return false;
        }
    }
    true
}

/// A file of this repository.
pub fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[track_caller]
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
