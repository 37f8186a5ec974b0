//! `helpbook completions`

use clap_complete::Shell;

use super::exit::Exit;
use crate::report::Terminal;

/// Print completions for a shell
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which shell
    shell: Shell,
}

pub(super) fn run(args: &Args, command: &mut clap::Command, terminal: &Terminal) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "helpbook", &mut script);
    terminal.print(&String::from_utf8_lossy(&script));
    Exit::Done
}
