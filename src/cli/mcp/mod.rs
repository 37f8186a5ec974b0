//! `helpbook mcp`: tools for coding agents over standard input and output. Publishing is not one of them.
//!
//! Each tool runs the command of its name in this process, on a terminal that keeps what is printed. Nothing here is
//! given a `Writer`: `stage` is `apply` without `--publish`, which makes its own.

mod answer;
mod articles;
mod call;
mod commands;
mod edit;
mod install;
mod server;

use std::path::PathBuf;

use rmcp::ServiceExt as _;

use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::project::Project;
use crate::mcp::{Pattern, Reach};
use crate::report::Terminal;
use server::Server;

/// Give coding agents tools over MCP: read, write files, check, plan, stage drafts
///
/// It speaks the Model Context Protocol on standard input and output, and is started by a client such as Claude
/// Code; `install` writes the entry for one. An agent can do everything but the last step: publishing is not a tool,
/// nor is anything that a customer sees. A token that may only read is enough for all but `stage`, and without a
/// token the tools for the docs work.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook mcp install --client claude-code  write the entry for a client into this project
  helpbook mcp install --client codex -n     show it, and write nothing
  helpbook mcp                               what that entry starts
  helpbook --local mcp                       against the Help Center inside this program
  helpbook mcp --allow tags                  let the tool `api` read more than the Help Center")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Let the tool `api` read paths that match, too: `tags`, `conversations/*`; `**` goes over slashes
    #[arg(long, value_name = "PATTERN")]
    allow: Vec<Pattern>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Install(install::Args),
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    if let Some(Command::Install(install)) = &args.command {
        return install::run(install, &args.allow, global, terminal);
    }
    let session = Session::open(args, global, terminal)?;
    let server = Server::new(session);
    let serving = server.clone().serve(terminal.protocol());
    let served = async {
        let running = serving.await.map_err(|error| not_started(&error.to_string()))?;
        running.waiting().await.map_err(|error| Failure::new(Exit::Failed, format!("the server stopped: {error}")))?;
        Ok::<_, Failure>(Exit::Done)
    };
    let exit = tokio::select! {
        served = served => served,
        _ = tokio::signal::ctrl_c() => Ok(Exit::Interrupted),
    };
    // What a tool has begun to write is finished.
    server.finish().await;
    if let Ok(Exit::Interrupted) = exit {
        // A read of standard input that is under way cannot be given up otherwise.
        std::process::exit(i32::from(Exit::Interrupted.code()));
    }
    exit
}

fn not_started(reason: &str) -> Failure {
    Failure::new(Exit::Failed, format!("no client of the protocol is there: {reason}"))
        .hint("a client starts this command: `helpbook mcp install --client claude-code` writes its entry")
}

/// What every call of a tool has.
#[derive(Debug, Clone)]
struct Session {
    /// The options of the command line, as seen from the docs folder.
    global: Global,
    /// The docs folder as the configuration names it.
    docs: PathBuf,
    reach: Reach,
    terminal: Terminal,
}

impl Session {
    /// Looks for the project; nothing is asked of the network.
    fn open(args: &Args, global: &Global, terminal: &Terminal) -> Result<Self, Failure> {
        let project = Project::open(global, terminal)?;
        let folder = project.root.join(&project.config.docs);
        let directory = if folder.is_dir() { folder } else { project.root.clone() };
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        let global = Global {
            directory: Some(absolute(directory)),
            config: Some(absolute(project.file.clone())),
            quiet: false,
            verbose: false,
            ..global.clone()
        };
        Ok(Self { global, docs: project.config.docs, reach: Reach::new(&args.allow), terminal: terminal.clone() })
    }
}
