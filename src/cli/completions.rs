//! `helpbook completions`

use clap::Command;
use clap_complete::Shell;

use super::exit::Exit;
use crate::report::Terminal;

/// Print completions for a shell
///
/// Write them where your shell looks for them; a new shell then completes commands and options.
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
    shown = shown.version(env!("CARGO_PKG_VERSION"));
    clap_complete::generate(args.shell, &mut shown, "helpbook", &mut script);
    terminal.print_as_it_is(&String::from_utf8_lossy(&script));
    Exit::Done
}
