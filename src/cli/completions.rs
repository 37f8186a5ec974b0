//! `helpbook completions`
//!
//! The names of the API's operations are completed after `api`. Of the generators those of bash and zsh take them as
//! values of the argument; the scripts of the others get them afterwards.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Command, ValueHint};
use clap_complete::Shell;
use helpbook_catalogue::{Catalogue, Operation};

use super::exit::Exit;
use crate::report::Terminal;

/// Print completions for a shell
///
/// Write them where your shell looks for them; a new shell then completes commands and options, and the operations of
/// `helpbook api`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook completions bash > ~/.local/share/bash-completion/completions/helpbook
  helpbook completions zsh > ~/.zfunc/_helpbook
  helpbook completions fish > ~/.config/fish/completions/helpbook.fish
  helpbook completions powershell >> $PROFILE
  helpbook completions elvish >> ~/.config/elvish/rc.elv")]
pub(super) struct Args {
    /// Which shell
    shell: Shell,
}

pub(super) fn run(args: &Args, command: &Command, terminal: &Terminal) -> Exit {
    let mut script = Vec::new();
    // Commands that only scripts call are completed for nobody.
    let commands = command.get_subcommands().filter(|command| !command.is_hide_set()).cloned();
    let mut shown = Command::new("helpbook").args(command.get_arguments().cloned()).subcommands(commands);
    shown = shown.version(env!("CARGO_PKG_VERSION")).mut_subcommand("api", with_operations);
    clap_complete::generate(args.shell, &mut shown, "helpbook", &mut script);
    let script = String::from_utf8_lossy(&script);
    terminal.print_as_it_is(&completed(args.shell, &script));
    Exit::Done
}

/// Everything that may be the first word after `api`, with what it is.
fn words() -> impl Iterator<Item = (&'static str, &'static str)> {
    let operation = |one: &'static Operation| (one.name.as_str(), one.summary.as_str());
    [("describe", "Show what an operation takes")]
        .into_iter()
        .chain(Catalogue::get().operations().iter().map(operation))
}

fn with_operations(api: Command) -> Command {
    let values = words().map(|(word, what)| PossibleValue::new(word).help(what));
    api.mut_arg("words", |words| words.value_parser(PossibleValuesParser::new(values)).value_hint(ValueHint::Other))
}

/// The script with the operations, where the generator leaves them out.
fn completed(shell: Shell, script: &str) -> String {
    match shell {
        Shell::Fish => {
            let line = |(word, what): (&str, &str)| {
                let what = what.replace('\'', "\\'");
                format!(
                    "complete -c helpbook -n \"__fish_helpbook_using_subcommand api\" -f -a \"{word}\" -d '{what}'\n"
                )
            };
            format!("{script}{}", words().map(line).collect::<String>())
        }
        Shell::PowerShell => after(script, "'helpbook;api' {\n", |word, what| {
            let what = what.replace('\'', "''");
            format!(
                "            [CompletionResult]::new('{word}', '{word}', [CompletionResultType]::ParameterValue, '{what}')\n"
            )
        }),
        Shell::Elvish => after(script, "&'helpbook;api'= {\n", |word, what| {
            format!("            cand {word} '{}'\n", what.replace('\'', "''"))
        }),
        _ => script.to_owned(),
    }
}

/// A script with a line for each word after the place where those of `api` begin.
fn after(script: &str, place: &str, line: impl Fn(&str, &str) -> String) -> String {
    let Some((before, rest)) = script.split_once(place) else { return script.to_owned() };
    let lines: String = words().map(|(word, what)| line(word, what)).collect();
    format!("{before}{place}{lines}{rest}")
}
