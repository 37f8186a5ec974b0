//! `helpbook man`: man pages, from the command line's own description.
//!
//! One page for the program and one for each command that people run. The release packs them; nothing about them is
//! written by hand. It is hidden, as a person needs it once at most.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::exit::Exit;
use super::failure::Failure;
use crate::report::Terminal;

/// Write man pages into a folder
///
/// One page for helpbook and one for each command. The folder is made where it is not there; pages that are there are
/// replaced. Put it where `man` looks, such as ~/.local/share/man/man1.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook man ~/.local/share/man/man1      then `man helpbook-plan` shows the page of plan
  helpbook man man1                         into a folder here, to pack them")]
pub(super) struct Args {
    /// The folder of the pages
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(super) fn run(args: &Args, command: Command, terminal: &Terminal) -> Result<Exit, Failure> {
    let failed = |error: io::Error| {
        Failure::new(Exit::Failed, format!("cannot write into {}: {error}", args.folder.display()))
            .hint("name a folder that you may write into")
    };
    fs::create_dir_all(&args.folder).map_err(failed)?;
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let number = write(&command, &args.folder).map_err(failed)?;
    terminal.say(&format!("wrote {number} pages into {}", args.folder.display()));
    Ok(Exit::Done)
}

/// Writes the page of a command, and those of the commands below it; their number.
fn write(command: &Command, folder: &Path) -> io::Result<usize> {
    let mut number = 1;
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        number += write(below, folder)?;
    }
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    fs::write(folder.join(format!("{name}.1")), page(command)?)?;
    Ok(number)
}

/// The page of a command.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let man = Man::new(command.clone())
        .title(name.to_uppercase())
        .source(concat!("helpbook ", env!("CARGO_PKG_VERSION")))
        .manual("helpbook");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    synopsis(command).to_writer(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.get_subcommands().any(|below| !below.is_hide_set()) {
        man.render_subcommands_section(&mut page)?;
    }
    let help = command.get_after_long_help().or_else(|| command.get_after_help());
    after(&help.map(ToString::to_string).unwrap_or_default()).to_writer(&mut page)?;
    Ok(page)
}

/// How the command is written. The crate's own form names every option, and no value.
fn synopsis(command: &Command) -> Roff {
    let usage = command.clone().render_usage().to_string();
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]).control("nf", []);
    for line in usage.trim_start_matches("Usage:").lines() {
        roff.text([roman(line.trim())]);
    }
    roff.control("fi", []);
    roff
}

/// What is below the options, as sections: examples line by line, and what the exit codes mean.
fn after(help: &str) -> Roff {
    let mut roff = Roff::new();
    for part in help.split("\n\n").filter(|part| !part.trim().is_empty()) {
        if let Some(examples) = part.strip_prefix("Examples:\n") {
            roff.control("SH", ["EXAMPLES"]).control("nf", []);
            for line in examples.lines() {
                roff.text([roman(line)]);
            }
            roff.control("fi", []);
        } else if let Some(codes) = part.strip_prefix("Exit codes: ") {
            roff.control("SH", ["EXIT STATUS"]).text([roman(codes)]);
        } else {
            roff.control("SH", ["NOTES"]).text([roman(part)]);
        }
    }
    roff
}
