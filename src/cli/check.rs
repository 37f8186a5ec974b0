//! `helpbook check`

use clap::ValueEnum;

use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::project::Project;
use crate::diagnostic::Severity;
use crate::report::{Terminal, findings};

/// Validate the docs, without network and without a token
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Count warnings as errors
    #[arg(long)]
    strict: bool,
    /// How findings are printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For a person
    Text,
    /// One JSON document
    Json,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::open(global, terminal)?;
    let book = project.book()?;
    let found = &book.diagnostics;
    match args.format {
        Format::Text => terminal.print(&findings::text(found, &book.sources, &project.shown, terminal.paint())),
        Format::Json => terminal.print(&findings::json(found, &book.sources)),
    }
    let articles = match book.articles.len() {
        1 => "1 article".to_owned(),
        count => format!("{count} articles"),
    };
    let fails = |severity| severity == Severity::Error || args.strict;
    let exit = if found.iter().any(|finding| fails(finding.severity)) { Exit::Failed } else { Exit::Done };
    terminal.tell(&match findings::count(found) {
        Some(count) => format!("{articles} checked: {count}"),
        None => format!("{articles} checked: nothing to mend"),
    });
    if exit == Exit::Done {
        terminal.hint("run `helpbook plan` to see what would change in Intercom");
    }
    Ok(exit)
}
