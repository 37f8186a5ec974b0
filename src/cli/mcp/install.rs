//! `helpbook mcp install`: the entry that has a client start the server.
//!
//! It writes into the file of one client, in the project, and into no other. Every byte of that file that is not the
//! entry stays. The token is never written.

use std::io::ErrorKind;
use std::path::Path;

use clap::ValueEnum;

use super::super::Global;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::Project;
use crate::book::edit;
use crate::disk;
use crate::mcp::{Client, Entry, Pattern};
use crate::report::Terminal;
use crate::text::DocPath;

/// The largest file of a client that is read, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Write the entry for a client into this project; nothing else in its file changes
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook mcp install --client claude-code  into .mcp.json
  helpbook mcp install --client codex -n     show the file as it would be, and write nothing")]
pub(super) struct Args {
    /// The client
    #[arg(long, value_name = "CLIENT")]
    client: Name,
    /// Show the file as it would be, and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Name {
    /// Claude Code: .mcp.json
    ClaudeCode,
    /// Cursor: .cursor/mcp.json
    Cursor,
    /// Codex: .codex/config.toml
    Codex,
    /// VS Code: .vscode/mcp.json
    Vscode,
    /// Zed: .zed/settings.json
    Zed,
}

impl Name {
    fn client(self) -> Client {
        match self {
            Self::ClaudeCode => Client::ClaudeCode,
            Self::Cursor => Client::Cursor,
            Self::Codex => Client::Codex,
            Self::Vscode => Client::VsCode,
            Self::Zed => Client::Zed,
        }
    }
}

pub(super) fn run(args: &Args, allow: &[Pattern], global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::open(global, terminal)?;
    let client = args.client.client();
    let path = DocPath::new(client.file());
    let file = project.root.join(client.file());
    let fail = |reason: String| {
        Failure::new(Exit::Failed, format!("cannot write {}: {reason}", file.display())).detail("the file is as it was")
    };
    disk::refuse_links(&project.root, Path::new(client.file())).map_err(|error| fail(error.to_string()))?;
    let before = match disk::read(&file, LARGEST) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(fail(error.to_string())),
    };
    let entry = client.with_entry(before.as_deref().unwrap_or_default(), &arguments(allow, global));
    let after = match entry.map_err(|error| {
        fail(error.to_string()).hint("correct it, or add the entry by hand: see `-n` in an empty folder")
    })? {
        Entry::Kept => {
            terminal.say(&format!("{} has an entry `helpbook` already; nothing was written", client.file()));
            return Ok(Exit::Done);
        }
        Entry::Added(after) => after,
    };
    if args.dry_run {
        terminal.print(&after);
        terminal.say(&format!("this would be {}; nothing was written", client.file()));
        return Ok(Exit::Done);
    }
    let written = match &before {
        Some(before) => edit::change(&project.root, &path, before, &after),
        None => edit::create(&project.root, &path, &after),
    };
    written.map_err(|error| fail(error.source.to_string()))?;
    terminal.say(&format!("wrote the entry `helpbook` into {}", client.file()));
    terminal.hint(&format!(
        "start {} in this folder, with INTERCOM_ACCESS_TOKEN set; a token that may only read is enough for all but staging",
        client.name()
    ));
    Ok(Exit::Done)
}

/// What the server is started with: the options that were given here.
fn arguments(allow: &[Pattern], global: &Global) -> Vec<String> {
    let local = global.local.then(|| "--local".to_owned());
    let allow = allow.iter().flat_map(|pattern| ["--allow".to_owned(), pattern.to_string()]);
    local.into_iter().chain(["mcp".to_owned()]).chain(allow).collect()
}
