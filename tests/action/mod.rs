//! The jobs of the workflow that `init` writes: the same scripts that `action.yml` calls, with the
//! real program, a local Help Center over HTTP and a real Git remote on disk. A stand-in for `gh`
//! does to that remote what GitHub would do.
//!
//! [`gitlab`] does the same for the jobs of GitLab, with a stand-in for its API and Git over HTTP.
//!
//! They need bash, Git and jq, as GitHub's machines have them. On Windows the action does not run,
//! and neither do these tests.

#![cfg(unix)]

mod auditing;
mod files;
mod gitlab;
mod installing;
mod packages;
mod planning;
mod publishing;
mod pulling;
mod repository;
mod staging;
mod world;
