//! `helpbook schema`: everything that a program or an agent has to know of helpbook, as one JSON document.

use clap::{Arg, Command};
use serde_json::{Value, json};

use super::exit::Exit;
use crate::report::{Terminal, schema};

/// Print commands, findings, front matter and machine documents as JSON
///
/// One document for programs and agents: each command with its options and examples, each finding with its cause and
/// what to do, each key of front matter, and an example of every document that `--json` prints.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook schema                       everything
  helpbook schema findings              what check can find, and what to do
  helpbook schema front-matter          the keys of an article
  helpbook schema --json-schema front-matter > front-matter.schema.json    for an editor")]
pub(super) struct Args {
    /// Only this part
    #[arg(value_name = "PART")]
    part: Option<Part>,
    /// Print the JSON schema of what is in a file instead, with which an editor checks it
    #[arg(long, value_name = "FILE", conflicts_with = "part")]
    json_schema: Option<Checked>,
}

/// What an editor can check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Checked {
    /// helpbook.yml
    Config,
    /// The front matter of an article
    FrontMatter,
}

impl Checked {
    /// The schema that is committed, and that the readers are tested with.
    fn schema(self) -> &'static str {
        match self {
            Checked::Config => include_str!("../../helpbook.schema.json"),
            Checked::FrontMatter => include_str!("../../front-matter.schema.json"),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Every command with its options
    Commands,
    /// Every finding of `check` and `audit`
    Findings,
    /// Every key of an article
    FrontMatter,
    /// An example of every document that `--json` prints
    Documents,
}

pub(super) fn run(args: &Args, command: &Command, terminal: &Terminal) -> Exit {
    if let Some(file) = args.json_schema {
        terminal.print_json(file.schema());
        return Exit::Done;
    }
    let mut document = json!({"format_version": 1, "helpbook": env!("CARGO_PKG_VERSION")});
    let wants = |part| args.part.is_none_or(|only| only == part);
    if wants(Part::Commands) {
        document["commands"] = command.get_subcommands().filter(|one| !one.is_hide_set()).map(about).collect();
        document["options"] = command.get_arguments().filter(|one| !one.is_hide_set()).map(argument).collect();
    }
    if wants(Part::Findings) {
        document["findings"] = schema::findings();
        document["audit_findings"] = schema::audit_findings();
    }
    if wants(Part::FrontMatter) {
        document["front_matter"] = schema::front_matter();
    }
    if wants(Part::Documents) {
        document["documents"] = schema::documents();
    }
    terminal.print_json(&format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default()));
    Exit::Done
}

fn about(command: &Command) -> Value {
    let own =
        |one: &&Arg| !one.is_global_set() && !one.is_hide_set() && !matches!(one.get_id().as_str(), "help" | "version");
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let examples: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  ")).map(str::trim).collect();
    let mut about = json!({
        "name": command.get_name(),
        "about": command.get_about().map(ToString::to_string),
        "arguments": command.get_arguments().filter(own).map(argument).collect::<Value>(),
        "examples": examples,
    });
    let parts: Vec<Value> = command.get_subcommands().filter(|one| one.get_name() != "help").map(self::about).collect();
    if !parts.is_empty() {
        about["commands"] = parts.into();
    }
    about
}

fn argument(argument: &Arg) -> Value {
    let name = match argument.get_long() {
        Some(long) => format!("--{long}"),
        None => argument.get_value_names().and_then(|names| names.first()).map_or_else(
            || argument.get_short().map(|short| format!("-{short}")).unwrap_or_default(),
            ToString::to_string,
        ),
    };
    let takes = argument.get_action().takes_values();
    let values: Vec<String> = match takes {
        true => argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect(),
        false => Vec::new(),
    };
    let mut one = json!({"name": name, "help": argument.get_help().map(ToString::to_string)});
    if let Some(short) = argument.get_short().filter(|_| argument.get_long().is_some()) {
        one["short"] = format!("-{short}").into();
    }
    if let Some(value) = argument.get_value_names().and_then(|names| names.first()).filter(|_| takes) {
        one["value"] = value.as_str().into();
    }
    if !values.is_empty() {
        one["values"] = values.into();
    }
    one
}
