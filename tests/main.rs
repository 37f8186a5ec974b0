//! The whole program: the real binary against the local Help Center, over real HTTP.
//!
//! One test binary with modules. Nothing here sleeps; the environment is scrubbed, so a token of
//! the person who runs the tests is never used.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod access;
mod action;
mod acts;
mod adoption;
mod api;
mod audit;
mod beliefs;
mod bodies;
mod check;
mod checkout;
mod compared;
mod conformance;
mod doctor;
mod door;
mod doors;
mod drafts;
mod editors;
mod faulty;
mod fields;
mod figures;
mod first_article;
mod guards;
mod harness;
mod help;
mod histories;
mod hostile;
mod images;
mod import;
mod init;
mod killed;
mod left_alone;
mod links;
mod live_article;
mod log;
mod main_job;
mod man;
mod mcp;
mod mutations;
mod open;
mod pages;
mod preview;
mod probe;
mod pull;
mod pull_history;
mod region;
mod reports;
mod rollback;
mod rooms;
mod samples;
mod saved_plans;
mod settings;
mod since;
mod sizes;
mod status;
mod steps;
mod sweep;
mod teammate;
#[cfg(unix)]
mod transcripts;
mod translations;
mod undisturbed;
mod usage;
mod words;
mod workflow;
