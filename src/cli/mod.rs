//! The command line: one file per command, which parses, calls and chooses the exit code.
//!
//! Doors (reader, writer, terminal) are made here and passed on by reference. A command that only
//! reads never asks its connection for a `Writer`.

mod answers;
mod api;
mod apply;
mod audit;
mod changed_since;
mod check;
mod completions;
mod doctor;
mod execution;
mod exit;
mod failure;
mod figures;
mod ids;
mod import;
mod init;
mod lock_findings;
mod log;
mod man;
mod mcp;
mod new;
mod open;
mod other_names;
mod past;
mod place;
mod plan;
mod pre_commit;
mod preview;
mod project;
mod publish;
mod pull;
mod pull_history;
mod region;
mod reports;
mod rollback;
mod schema;
mod serve;
mod show;
mod since;
mod spool;
mod status;
mod stop;
mod tried;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::intercom::model::Locale;
use crate::plan::Rules;
use crate::report::{ColorChoice, Message, Paint, Terminal, Verbosity};
use exit::Exit;
use failure::Failure;

/// What to run first.
const EXAMPLES: &str = "\
Examples:
  helpbook check                          what is wrong with the docs, without network
  helpbook --local apply --publish --yes  try it all in a Help Center inside this program
  helpbook plan                           what would change in Intercom
  helpbook apply                          stage it as drafts, which no customer sees
  helpbook publish                        make the drafts live, after a question";

/// What the exit codes mean.
const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 something failed; 2 changes are pending (with --detailed-exitcode); 3 something the docs want \
was not done; 4 no or wrong token, wrong workspace; 5 too many removals; 64 wrong usage; 130 interrupted";

/// Keep an Intercom Help Center in Git: plan, apply as drafts, publish after confirmation
///
/// helpbook renders a folder of Markdown files, compares it with the live Help Center, and shows
/// the difference as a plan. `apply` pushes changes as drafts that no customer sees; `publish`
/// makes them live, after confirmation.
///
/// The token comes from INTERCOM_ACCESS_TOKEN. With `--local` everything runs against a Help
/// Center inside this program, without an account.
#[derive(Debug, Parser)]
#[command(name = "helpbook", version, max_term_width = 100)]
#[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, clap::Args)]
struct Global {
    /// Run as if started in DIR
    #[arg(short = 'C', value_name = "DIR", global = true, help_heading = "Global options")]
    directory: Option<PathBuf>,
    /// Use FILE instead of the helpbook.yml that is found upwards from here
    #[arg(long, value_name = "FILE", global = true, help_heading = "Global options")]
    config: Option<PathBuf>,
    /// Use a built-in test Help Center instead of Intercom; your files get no ids
    #[arg(long, global = true, help_heading = "Global options")]
    local: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true, help_heading = "Global options")]
    color: Color,
    /// Print errors and data only
    #[arg(short, long, global = true, help_heading = "Global options", conflicts_with = "verbose")]
    quiet: bool,
    /// Show whole texts and what is unchanged
    #[arg(short, long, action = ArgAction::SetTrue, overrides_with = "verbose", global = true, help_heading = "Global options")]
    verbose: bool,
    /// What else than Ctrl-C ends a command before its time.
    #[arg(skip)]
    stop: stop::Stop,
}

impl Global {
    /// The options that the next command needs, too.
    fn to_repeat(&self) -> Vec<String> {
        let path = |option: &str, path: &PathBuf| format!("{option} {}", path.display());
        let directory = self.directory.as_ref().map(|directory| path("-C", directory));
        let config = self.config.as_ref().map(|config| path("--config", config));
        let local = self.local.then(|| "--local".to_owned());
        [directory, config, local].into_iter().flatten().collect()
    }
}

/// What of every article a command is about.
#[derive(Debug, Default, clap::Args)]
struct Only {
    /// Only these locales; the others stay as they are
    #[arg(long = "locale", value_name = "LOCALE", value_delimiter = ',')]
    locales: Vec<String>,
}

impl Only {
    /// Limits the rules to the locales that were named, which `helpbook.yml` has to list.
    fn limit(&self, rules: &mut Rules) -> Result<(), Failure> {
        let known = rules.locales.clone();
        if let Some(unknown) = self.locales.iter().find(|locale| !known.contains(&Locale((*locale).clone()))) {
            let names: Vec<String> = known.iter().map(|locale| format!("`{locale}`")).collect();
            return Err(Failure::new(Exit::Usage, format!("`{unknown}` is none of the locales of this project"))
                .hint(format!("`helpbook.yml` lists {}", names.join(", "))));
        }
        if !self.locales.is_empty() {
            rules.locales.retain(|locale| self.locales.contains(&locale.0));
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    New(new::Args),
    Import(import::Args),
    Check(check::Args),
    Plan(plan::Args),
    Apply(apply::Args),
    Publish(publish::Args),
    Pull(pull::Args),
    Status(status::Args),
    Audit(audit::Args),
    Log(log::Args),
    Rollback(rollback::Args),
    Show(show::Args),
    Preview(preview::Args),
    Open(open::Args),
    Api(api::Args),
    Mcp(mcp::Args),
    Schema(schema::Args),
    Serve(serve::Args),
    Doctor(doctor::Args),
    #[command(hide = true)]
    Completions(completions::Args),
    #[command(hide = true)]
    Man(man::Args),
    #[command(hide = true)]
    PreCommit(pre_commit::Args),
    #[command(hide = true)]
    Ids(ids::Args),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return unparsed(&error),
    };
    let color = match cli.global.color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    };
    let verbosity = match (cli.global.quiet, cli.global.verbose) {
        (true, _) => Verbosity::Quiet,
        (_, true) => Verbosity::Verbose,
        _ => Verbosity::Normal,
    };
    let terminal = Terminal::new(color, verbosity).naming(&cli.global.to_repeat());
    let result = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime.block_on(run(&cli, &terminal)),
        Err(error) => Err(Failure::new(Exit::Failed, format!("cannot start: {error}"))),
    };
    match result {
        Ok(exit) if terminal.has_failed() => {
            terminal.error(&Message::new("standard output cannot be written"));
            exit.max(Exit::Failed).into()
        }
        Ok(exit) => exit.into(),
        Err(failure) => {
            terminal.error(&failure.message);
            failure.exit.into()
        }
    }
}

/// Prints the help that was asked for, or what is wrong with the command line.
fn unparsed(error: &clap::Error) -> ExitCode {
    let terminal = Terminal::new(ColorChoice::Auto, Verbosity::Normal);
    let text = |paint| match paint {
        Paint::Colored => error.render().ansi().to_string(),
        Paint::Plain => error.render().to_string(),
    };
    if let Some(message) = other_names::message(error) {
        terminal.error(&message);
        return Exit::Usage.into();
    }
    if error.use_stderr() {
        terminal.print_error(&text(terminal.paint_messages()));
        return Exit::Usage.into();
    }
    terminal.print(&text(terminal.paint()));
    Exit::Done.into()
}

async fn run(cli: &Cli, terminal: &Terminal) -> Result<Exit, Failure> {
    let global = &cli.global;
    let reads_first = |command: &Command| {
        use Command::{Api, Apply, Audit, Doctor, Log, Plan, Publish, Pull, Rollback, Show, Status};
        matches!(
            command,
            Plan(_)
                | Apply(_)
                | Publish(_)
                | Pull(_)
                | Status(_)
                | Audit(_)
                | Log(_)
                | Rollback(_)
                | Show(_)
                | Doctor(_)
                | Api(_)
        )
    };
    if reads_first(&cli.command) {
        execution::end_at_interrupts(terminal);
    }
    match &cli.command {
        Command::Init(args) => init::run(args, global, terminal).await,
        Command::New(args) => new::run(args, global, terminal),
        Command::Import(args) => import::run(args, global, terminal),
        Command::Check(args) => check::run(args, global, terminal),
        Command::Plan(args) => plan::run(args, global, terminal).await,
        Command::Apply(args) => apply::run(args, global, terminal).await,
        Command::Publish(args) => publish::run(args, global, terminal).await,
        Command::Pull(args) => pull::run(args, global, terminal).await,
        Command::Status(args) => status::run(args, global, terminal).await,
        Command::Audit(args) => audit::run(args, global, terminal).await,
        Command::Log(args) => log::run(args, global, terminal).await,
        Command::Rollback(args) => rollback::run(args, global, terminal).await,
        Command::Show(args) => show::run(args, global, terminal).await,
        Command::Preview(args) => preview::run(args, global, terminal).await,
        Command::Open(args) => open::run(args, global, terminal).await,
        Command::Api(args) => api::run(args, global, terminal).await,
        Command::Mcp(args) => mcp::run(args, global, terminal).await,
        Command::Schema(args) => Ok(schema::run(args, &Cli::command(), terminal)),
        Command::Serve(args) => serve::run(args, global, terminal).await,
        Command::Doctor(args) => doctor::run(args, global, terminal).await,
        Command::Ids(args) => ids::run(args),
        Command::Man(args) => man::run(args, Cli::command(), terminal),
        Command::PreCommit(args) => pre_commit::run(args, global, terminal),
        Command::Completions(args) => Ok(completions::run(args, &Cli::command(), terminal)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_scripts_call_is_not_shown_to_people() {
        let help = Cli::command().render_long_help().to_string();
        for hidden in ["  ids ", "  completions ", "  man ", "  pre-commit "] {
            assert!(help.contains("  doctor ") && !help.contains(hidden), "{help}");
        }
    }

    /// The examples of a help text, without what the shell does with them.
    fn examples(help: &str) -> Vec<String> {
        let lines = help.lines().filter_map(|line| line.strip_prefix("  helpbook"));
        let command = |line: &str| format!("helpbook{}", line.split("  ").next().unwrap_or_default());
        lines.map(|line| command(line.split(" >").next().unwrap_or_default())).collect()
    }

    #[test]
    fn every_help_has_examples_that_are_right() {
        let root = Cli::command();
        for command in [&root].into_iter().chain(root.get_subcommands()) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let examples = examples(&help);
            let name = command.get_name();
            assert!((2..=6).contains(&examples.len()), "{name}: {examples:?}");
            for example in examples {
                assert!(name == "helpbook" || example.contains(&format!(" {name}")), "{name}: {example}");
                // What is in quotes is one word.
                let words = example.split('"').enumerate().flat_map(|(at, part)| match at % 2 {
                    0 => part.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>(),
                    _ => vec![part],
                });
                if let Err(error) = Cli::try_parse_from(words) {
                    panic!("{example}: {error}");
                }
            }
        }
    }
}
