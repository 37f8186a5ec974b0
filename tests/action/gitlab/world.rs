//! A project on GitLab, as far as the jobs see it: the repository, the stand-in, and a machine for each job, which
//! keeps its artifacts where the next job of the pipeline finds them.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Deref;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use super::super::repository::Repository;
use super::super::world::{Job, git, has_tools, source};
use super::stand_in::{GitLab, JOB, NOTES, WRITER};
use crate::harness::Server;

/// A repository with docs, on GitLab.
pub struct Project {
    folder: TempDir,
    repository: Repository,
    pub gitlab: GitLab,
    url: String,
    token: String,
    pipeline: u64,
}

impl Deref for Project {
    type Target = Repository;

    fn deref(&self) -> &Repository {
        &self.repository
    }
}

impl Project {
    /// Two articles in one collection on `main`, both to be published. Nothing on a machine that lacks what the scripts
    /// need.
    pub fn new(server: &Server) -> Option<Self> {
        if !has_tools(&["bash", "curl", "jq"]) {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let remote = folder.path().join("served/octo/docs.git");
        let repository = Repository::new(&remote, &folder.path().join("clone"), "project_42_bot@");
        git(&remote, &["config", "receive.advertisePushOptions", "true"]);
        let gitlab = GitLab::of(&folder.path().join("served"));
        // What helpbook gets of the environment is written down.
        let bin = folder.path().join("bin");
        fs::create_dir_all(&bin).unwrap();
        let program = env!("CARGO_BIN_EXE_helpbook");
        let seen = folder.path().join("seen");
        fs::write(bin.join("helpbook"), format!("#!/bin/sh\nenv >>'{}'\nexec '{program}' \"$@\"\n", seen.display()))
            .unwrap();
        fs::set_permissions(bin.join("helpbook"), fs::Permissions::from_mode(0o755)).unwrap();
        let (url, token) = (server.url(), server.token().to_owned());
        Some(Self { folder, repository, gitlab, url, token, pipeline: 100 })
    }

    /// The same after a pipeline whose job `publish` somebody started.
    pub fn published(server: &Server) -> Option<Self> {
        let mut project = Self::new(server)?;
        project.stage().exits(0);
        project.play().exits(0);
        Some(project)
    }

    fn artifacts(&self, pipeline: u64, job: &str) -> PathBuf {
        self.folder.path().join(format!("artifacts/{pipeline}/{job}"))
    }

    /// A file that the last pipeline's job kept.
    #[track_caller]
    pub fn kept(&self, job: &str, path: &str) -> String {
        fs::read_to_string(self.artifacts(self.pipeline, job).join(path)).unwrap()
    }

    /// The number of the last pipeline.
    pub fn last_pipeline(&self) -> u64 {
        self.pipeline
    }

    /// A job of the last pipeline on a machine of its own, with a fresh checkout. What jobs hand on is there where it
    /// `needs` one.
    pub fn job(&self, command: &str, checkout: &str, needs: Option<(u64, &str)>, environment: &[(&str, &str)]) -> Job {
        let machine = tempfile::tempdir().unwrap();
        let work = machine.path().join("work");
        git(machine.path(), &["clone", "--quiet", "--no-checkout", &self.remote(), "work"]);
        git(&work, &["fetch", "--quiet", "origin", checkout]);
        git(&work, &["checkout", "--quiet", "--detach", "FETCH_HEAD"]);
        if let Some((pipeline, job)) = needs {
            let from = self.artifacts(pipeline, job);
            fs::create_dir_all(work.join(".help-center")).unwrap();
            crate::harness::copy(&from, &work.join(".help-center"));
        }
        let job = self.run(command, machine.path(), environment);
        let kept = self.artifacts(self.pipeline, command);
        fs::create_dir_all(&kept).unwrap();
        fs::create_dir_all(work.join(".help-center")).unwrap();
        crate::harness::copy(&work.join(".help-center"), &kept);
        for secret in [WRITER, NOTES, JOB, self.token.as_str()] {
            assert!(!job.log.contains(secret) && !job.summary.contains(secret), "a token is in\n{}", job.log);
        }
        assert!(!job.log.contains(['\u{1b}', '\r']), "what steers a terminal is in\n{:?}", job.log);
        let seen = fs::read_to_string(self.folder.path().join("seen")).unwrap_or_default();
        assert!(!seen.contains("glpat-") && !seen.contains(JOB), "helpbook got a token of GitLab");
        job
    }

    fn run(&self, command: &str, machine: &Path, environment: &[(&str, &str)]) -> Job {
        let path = std::env::var("PATH").unwrap();
        let work = machine.join("work");
        let project = format!("{}/octo/docs", self.gitlab.address());
        fs::create_dir_all(machine.join("temp")).unwrap();
        let mut run = Command::new("bash");
        run.arg("-c")
            .arg(format!("exec bash '{}' 2>&1", source("action/gitlab-job.sh").display()))
            .current_dir(&work)
            .env_clear()
            .env("PATH", format!("{}:{path}", self.folder.path().join("bin").display()))
            .env("HOME", machine)
            .env("LC_ALL", "C.UTF-8")
            .env("TMPDIR", machine.join("temp"))
            .env("GITLAB_CI", "true")
            .env("CI_API_V4_URL", format!("{}/api/v4", self.gitlab.address()))
            .env("CI_COMMIT_BRANCH", "main")
            .env("CI_JOB_TOKEN", JOB)
            .env("CI_JOB_URL", format!("{project}/-/jobs/1"))
            .env("CI_PIPELINE_ID", self.pipeline.to_string())
            .env("CI_PIPELINE_URL", format!("{project}/-/pipelines/{}", self.pipeline))
            .env("CI_PROJECT_DIR", &work)
            .env("CI_PROJECT_ID", "42")
            .env("CI_PROJECT_URL", &project)
            .env("CI_SERVER_HOST", "gitlab.test")
            .env("HELPBOOK_COMMAND", command)
            .env("HELPBOOK_VERSION", "installed")
            .env("HELPBOOK_BRANCH", "main")
            .env("HELPBOOK_ENVIRONMENT", "help-center")
            .env("HELPBOOK_GITLAB_TOKEN", WRITER)
            .env("HELPBOOK_RETRY_SECONDS", "0")
            .env("INTERCOM_BASE_URL", &self.url)
            .env("INTERCOM_ACCESS_TOKEN", &self.token);
        for (name, value) in environment {
            if value.is_empty() {
                run.env_remove(name)
            } else {
                run.env(name, value)
            };
        }
        let output = run.output().unwrap();
        let read = |name: &str| fs::read_to_string(work.join(".help-center").join(name)).unwrap_or_default();
        let named = |line: &str| {
            let (name, value) = line.split_once('=').unwrap();
            (name.trim_start_matches("HELP_CENTER_").to_lowercase().replace('_', "-"), value.to_owned())
        };
        let outputs: BTreeMap<String, String> = read("outputs.env").lines().map(named).collect();
        assert_eq!(fs::read_dir(machine.join("temp")).unwrap().count(), 0, "something is left");
        Job {
            exit: output.status.code().unwrap_or(-1),
            log: String::from_utf8(output.stdout).unwrap(),
            summary: read("summary.md"),
            outputs,
        }
    }

    /// The job `stage` of a new pipeline, for the last push.
    pub fn stage(&mut self) -> Job {
        self.stage_with(&[])
    }

    /// The same with other variables; an empty one is not set.
    pub fn stage_with(&mut self, environment: &[(&str, &str)]) -> Job {
        self.pipeline += 1;
        self.job("apply", "main", None, environment)
    }

    /// The job `publish` of the last pipeline, which somebody starts by hand.
    pub fn play(&self) -> Job {
        self.play_in(self.pipeline)
    }

    /// The same with what another pipeline staged.
    pub fn play_in(&self, pipeline: u64) -> Job {
        self.job("publish", "main", Some((pipeline, "apply")), &[("CI_JOB_MANUAL", "true")])
    }

    /// The job `publish`, started by nobody.
    pub fn automatic(&self) -> Job {
        self.job("publish", "main", Some((self.pipeline, "apply")), &[])
    }

    /// The environment is protected, and asks for an approval.
    pub fn require_approval(&self) {
        let rules = json!([{ "id": 1, "access_level": 40, "required_approvals": 1 }]);
        let environment = json!({ "name": "help-center", "required_approval_count": 0, "approval_rules": rules });
        self.gitlab.state().environments.insert("help-center".to_owned(), environment);
    }

    /// A scheduled job of a new pipeline.
    pub fn scheduled(&mut self, command: &str, environment: &[(&str, &str)]) -> Job {
        self.pipeline += 1;
        self.job(command, "main", None, environment)
    }

    /// The job `plan` of a merge request of a branch of this project. GitLab checks out the branch itself.
    pub fn merge_request(&mut self, branch: &str, environment: &[(&str, &str)]) -> Job {
        self.pipeline += 1;
        let base = self.git(&["merge-base", "main", branch]).trim().to_owned();
        let environment: Vec<_> = [
            ("CI_COMMIT_BRANCH", ""),
            ("CI_MERGE_REQUEST_IID", "7"),
            ("CI_MERGE_REQUEST_PROJECT_ID", "42"),
            ("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "42"),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.as_str()),
        ]
        .iter()
        .chain(environment)
        .copied()
        .collect();
        self.job("plan", branch, None, &environment)
    }
}
