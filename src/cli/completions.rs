//! `helpbook completions`

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

pub(super) fn run(args: &Args, command: &mut clap::Command, terminal: &Terminal) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "helpbook", &mut script);
    terminal.print_as_it_is(&String::from_utf8_lossy(&script));
    Exit::Done
}
