//! `helpbook show`

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::project::here;
use crate::plan::{Against, FORMAT_VERSION, Plan};
use crate::report::{self, Terminal};

/// Show a saved plan
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook show plan.json                the plan as `plan` showed it
  helpbook -v show plan.json             with whole texts
  helpbook show plan.json --json         one JSON document, for another program
  helpbook show plan.json --format html > plan.html  a page with both sides of every article")]
pub(super) struct Args {
    /// A plan that `plan --out` saved
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Print one JSON document; the same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For a person
    Text,
    /// The machine document
    Json,
    /// For a comment on a pull request
    Markdown,
    /// A page with both sides of every article
    Html,
}

pub(super) fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let plan = load(&here(global)?.join(&args.plan))?;
    match if args.json { Format::Json } else { args.format } {
        Format::Text => terminal.print(&report::plan::text(&plan, &terminal.look())),
        Format::Json => terminal.print_json(&report::plan::json(&plan)),
        Format::Markdown => terminal.print(&report::markdown(&plan)),
        Format::Html => terminal.print(&report::page(&plan)),
    }
    terminal.say(&format!("\n{}", crate::text::harmless(&report::made(&plan))));
    Ok(Exit::Done)
}

/// Whether a path names a saved plan.
pub(super) fn is_plan(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// Reads a saved plan that is to be carried out in a workspace, and refuses one for another.
pub(super) fn load_for(file: &Path, workspace: &str) -> Result<Plan, Failure> {
    let plan = load(file)?;
    if plan.since.as_ref().is_some_and(|since| since.against == Against::Docs) {
        let reason = "the plan was made with `--offline`: Intercom was not asked what is there";
        return Err(Failure::new(Exit::Usage, reason)
            .detail("nothing was written")
            .hint("make one with a token: `helpbook plan --out plan.json`"));
    }
    if plan.workspace == workspace {
        return Ok(plan);
    }
    let reason = format!("the plan is for the workspace `{}`, and the token for `{workspace}`", plan.workspace);
    Err(Failure::new(Exit::Auth, reason)
        .detail("nothing was written")
        .hint("use a token of the plan's workspace, or make a new plan"))
}

/// Reads a saved plan.
pub(super) fn load(file: &Path) -> Result<Plan, Failure> {
    #[derive(serde::Deserialize)]
    struct Format {
        format_version: u32,
    }
    let fail = |reason: String| Failure::new(Exit::Failed, format!("cannot use the plan {}: {reason}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| {
        let failure = fail(error.to_string()).hint("save one with `helpbook plan --out plan.json`");
        // A name that was typed wrong.
        let exit = if error.kind() == io::ErrorKind::NotFound { Exit::Usage } else { failure.exit };
        Failure { exit, ..failure }
    })?;
    let format: Format = serde_json::from_str(&text).map_err(|_| {
        fail("it is not a plan of helpbook".to_owned()).hint("save one with `helpbook plan --out plan.json`")
    })?;
    if format.format_version != FORMAT_VERSION {
        return Err(fail(format!("its format is {}, and this version reads {FORMAT_VERSION}", format.format_version))
            .hint("make a new plan with this version"));
    }
    serde_json::from_str(&text)
        .map_err(|error| fail(error.to_string()).hint("make a new plan: `helpbook plan --out plan.json`"))
}
