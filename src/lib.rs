//! helpbook keeps an Intercom Help Center in Git.
//!
//! ARCHITECTURE.md describes how data flows and what each room may depend on. Imports point downwards
//! only, in the order of the modules below; `tests/` holds a test of that order.

pub mod threads;

pub mod disk;

pub mod text;

mod sequence;

pub mod diagnostic;

pub mod yaml;

pub mod config;

pub mod book;

pub mod html;

pub mod lint;

pub mod intercom;

pub mod live;

pub mod audit;

pub mod record;

pub mod plan;

pub mod hosting;

pub mod outside;

pub mod git;

pub mod history;

pub mod apply;

pub mod probe;

pub mod pull;

pub mod import;

pub mod api;

pub mod report;

pub use helpbook_local as local;

pub mod preview;

pub mod mcp;

pub mod cli;
