//! Commands that people type because another tool has them: what does that here.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::report::Message;

/// What another name is here, and what that does.
const NAMES: &[(&[&str], &str)] = &[
    (&["validate", "lint", "verify", "test"], "`helpbook check` shows what is wrong with the docs"),
    (&["fix", "fmt", "format"], "`helpbook check --fix` fixes what can be fixed safely"),
    (&["diff", "compare", "dry-run"], "`helpbook plan` shows what would change; `--report plan.html` writes a page"),
    (&["push", "deploy", "upload", "sync", "stage"], "`helpbook apply` sends the changes as drafts"),
    (&["release", "go-live", "promote"], "`helpbook publish` makes live what is staged"),
    (&["fetch", "download", "export", "clone"], "`helpbook pull` brings live articles into files"),
    (&["create", "add"], "`helpbook new TITLE` creates the file of an article"),
    (&["list", "ls", "info"], "`helpbook status` shows the state of every article"),
    (&["history", "versions", "blame"], "`helpbook log` shows the versions of an article and who made them"),
    (&["revert", "undo", "restore"], "`helpbook rollback PATH --to VERSION` brings an earlier version back"),
    (&["login", "auth", "whoami"], "set INTERCOM_ACCESS_TOKEN; `helpbook doctor` shows whose token it is"),
    (&["setup", "install", "bootstrap"], "`helpbook init` writes a project for the workspace of the token"),
    (
        &["article", "articles", "collections", "help-center"],
        "`helpbook status` lists the articles; `helpbook api --list articles` names requests",
    ),
    (&["curl", "request", "rest", "call"], "`helpbook api` sends any request; `helpbook api --list` shows all"),
    (&["server", "dev", "start", "run"], "`helpbook serve` runs a test Help Center on this machine"),
];

/// The message for a command that has another name here.
pub(super) fn message(error: &clap::Error) -> Option<Message> {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    let (_, what) = NAMES.iter().find(|(names, _)| names.contains(&typed.as_str()))?;
    Some(Message::new(format!("there is no command `{typed}`")).hint(*what))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::super::Cli;
    use super::*;

    #[test]
    fn no_name_is_one_of_ours_and_none_is_there_twice() {
        let cli = Cli::command();
        let ours: Vec<&str> = cli.get_subcommands().map(clap::Command::get_name).collect();
        let mut seen = std::collections::BTreeSet::new();
        for name in NAMES.iter().flat_map(|(names, _)| *names) {
            assert!(!ours.contains(name) && seen.insert(name), "{name}");
        }
    }
}
