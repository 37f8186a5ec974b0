//! `helpbook doctor`

mod docs;
mod probe;
mod workspace;

use clap::ValueEnum;

use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, Target};
use super::workspace::Workspace;
use crate::book::Book;
use crate::intercom::{Connection, ConnectionError};
use crate::record::Record;
use crate::report::Terminal;
use crate::report::health::{self, Finding, Verdict};

/// Check token, workspace, permissions and configuration
///
/// Each line is good, or says what fixes it. It only reads, writes nothing into Intercom, and never
/// shows the token.
///
/// With `--probe` it asks Intercom by trying, after a question: it makes collections and drafts that no customer can
/// see, looks at what becomes of them, and deletes them. What helpbook then does in another way is kept in
/// helpbook.lock.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook doctor                            before the first plan, and when something is odd
  helpbook --local doctor                    the folder alone, without an account
  helpbook doctor --probe                    what Intercom does here, by trying
  helpbook doctor --probe=publish --yes      also with a live article, unlisted
  helpbook doctor --probe --yes --json       a report for an issue")]
pub(super) struct Args {
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    /// Find out with drafts that are deleted again what Intercom does; `publish` also publishes one article for
    /// some seconds, in no collection and off for Fin
    #[arg(long, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "drafts")]
    probe: Option<Depth>,
    /// Do not ask: answer yes
    #[arg(short, long, visible_alias = "auto-approve", requires = "probe")]
    yes: bool,
}

/// What a probe may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Depth {
    /// Nothing is ever published
    Drafts,
    /// One article is published for some seconds
    Publish,
}

/// What could be read of a project.
pub(super) struct Docs {
    project: Project,
    book: Option<Book>,
    record: Record,
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    if let Some(depth) = args.probe {
        return probe::run(args, depth, global, terminal).await;
    }
    let mut findings = Vec::new();
    let docs = docs::look(global, &mut findings);
    let progress = terminal.progress("asking Intercom");
    let is_local = docs.as_ref().is_some_and(|docs| docs.project.target == Target::Local);
    match &docs {
        Some(docs) if is_local => {
            let workspace = Workspace::connect(&docs.project).await?;
            workspace::look(&workspace, Some(docs), &mut findings).await;
            workspace.close().await;
        }
        _ if global.local => {}
        docs => from_environment(docs.as_ref(), &mut findings).await,
    }
    drop(progress);
    if args.json {
        terminal.print_json(&health::json(&findings, terminal.options()));
    } else {
        terminal.print(&health::text(&findings, terminal.options(), terminal.surface()));
    }
    let is_bad = |subject: Option<&str>| {
        let of = |finding: &&Finding| subject.is_none_or(|subject| finding.subject == subject);
        findings.iter().filter(of).any(|finding| finding.verdict == Verdict::Bad)
    };
    if is_bad(Some("token")) || is_bad(Some("workspace")) {
        return Ok(Exit::Auth);
    }
    if is_bad(None) {
        return Ok(Exit::Failed);
    }
    terminal.hint("run `helpbook plan` to see what differs between the docs and Intercom");
    Ok(Exit::Done)
}

async fn from_environment(docs: Option<&Docs>, findings: &mut Vec<Finding>) {
    let region = docs.map(|docs| docs.project.config.region).unwrap_or(crate::config::Region::Us);
    match Connection::from_env(region) {
        Ok(connection) => {
            let variable = Connection::token_variable().unwrap_or_default();
            findings.push(Finding::new("token", Verdict::Good, format!("set in {variable}")));
            workspace::look(&Workspace::of(connection), docs, findings).await;
        }
        Err(error) => {
            let is_token = matches!(error, ConnectionError::NoToken | ConnectionError::BadToken);
            let subject = if is_token { "token" } else { "connection" };
            findings.push(super::failure::finding(subject, &Failure::from(error)));
        }
    }
}
