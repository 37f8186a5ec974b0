//! `helpbook publish`

use std::path::PathBuf;

use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, Purpose};
use super::workspace::{Inputs, Workspace};
use super::{Global, Only, execution, show};
use crate::apply::{Report, Run};
use crate::book::Book;
use crate::plan::{Plan, Rules};
use crate::report::{self, Message, Terminal, events};

/// Make staged drafts live, after you confirm
///
/// It renders the docs, reads the staged drafts, and publishes those that say what the docs say.
/// It needs nothing from the run that staged them, and never creates anything.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook publish                     make live what is staged, after a question
  helpbook publish --yes               without the question, in a workflow
  helpbook publish billing/refunds.md  one article, or one folder
  helpbook publish plan.json           no more than a saved plan allows")]
pub(super) struct Args {
    /// Only these files and folders; or one saved plan (a path that ends in .json)
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    only: Only,
    /// Do not ask: answer yes
    #[arg(short, long, visible_alias = "auto-approve")]
    yes: bool,
    /// Allow up to N articles to go offline or be deleted
    #[arg(long, value_name = "N")]
    allow_removals: Option<usize>,
    /// Print what is published and what was done as one JSON document
    #[arg(long)]
    json: bool,
}

impl Args {
    /// Prints the one document of a run, where that is asked for.
    fn print_done(&self, plan: &Plan, report: &Report, terminal: &Terminal) {
        if self.json {
            terminal.print_json(&events::json(plan, report));
        }
    }
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let saved = args.paths.iter().find(|path| show::is_plan(path)).cloned();
    if saved.is_some() && (args.paths.len() > 1 || !args.only.locales.is_empty()) {
        return Err(Failure::new(
            Exit::Usage,
            "a saved plan is published as it is: no other PATH and no `--locale` goes with it",
        )
        .hint("name the plan alone"));
    }
    if !args.yes && !terminal.can_ask() {
        return Err(execution::must_say_yes());
    }
    let project = Project::open(global, terminal)?;
    let mut rules = project.rules();
    args.only.limit(&mut rules)?;
    let paths: &[PathBuf] = if saved.is_some() { &[] } else { &args.paths };
    let rules = |book: &Book| Ok(Rules { paths: project.paths(paths, book)?, ..rules });
    let _exclusive = project.exclusive()?;
    let workspace = Workspace::connect(&project).await?;
    let result = match workspace.inputs(&project, Purpose::Send, rules, terminal).await {
        Ok(mut inputs) => match approved(saved, &project, &inputs) {
            Ok(approved) => carry_out(args, &project, &workspace, &mut inputs, approved.as_ref(), terminal).await,
            Err(failure) => Err(failure),
        },
        Err(failure) => Err(failure),
    };
    execution::closing(workspace, result).await
}

fn approved(saved: Option<PathBuf>, project: &Project, inputs: &Inputs) -> Result<Option<Plan>, Failure> {
    saved.map(|file| show::load_for(&project.here.join(file), &inputs.live.me.app.id_code)).transpose()
}

async fn carry_out(
    args: &Args,
    project: &Project,
    workspace: &Workspace,
    inputs: &mut Inputs,
    approved: Option<&Plan>,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    execution::refuse_other_region(project, workspace, inputs)?;
    let mut plan = inputs.plan();
    let refuses = plan.refuses_to_publish();
    let unstaged = plan.keep_staged(approved);
    if !args.json && (unstaged.is_empty() || !plan.is_empty()) {
        terminal.print(&report::plan::text(&plan, &terminal.look()));
    }
    if !unstaged.is_empty() {
        let mut message = Message::new(format!(
            "{} not published: changed since the last `apply`, or never applied",
            count(unstaged.len())
        ));
        for path in unstaged.iter().take(20) {
            message = message.detail(path.clone());
        }
        terminal.warning(&message.hint("run `helpbook apply` first, then `helpbook publish`"));
    }
    let mut report = Report::default();
    if let Some(exit) = execution::guard(&plan, &inputs.record, args.allow_removals, terminal) {
        args.print_done(&plan, &report, terminal);
        return Ok(exit);
    }
    let steps: usize = plan.changes.iter().map(|change| change.publish.len()).sum();
    if steps > 0 && !args.yes && !execution::confirm(&plan, terminal)? {
        args.print_done(&plan, &report, terminal);
        terminal.say("nothing was done");
        return Ok(Exit::NotDone);
    }
    let kept = execution::LockBefore::read(project);
    let keep = execution::persistence(project, inputs, None);
    let images = execution::image_host(project, inputs)?;
    let writer = workspace.connection.writer();
    let interrupted = execution::watch_interrupts(terminal);
    let progress = terminal.progress("publishing").of(steps, &workspace.connection.activity());
    let mut say = execution::teller(&plan, terminal, &progress);
    let run = Run::new(&plan, &writer, &keep, &mut inputs.record, &interrupted).with_images(images.as_ref());
    run.publish(&mut report, &mut say).await;
    drop((run, say));
    drop(progress);
    let mut exit = execution::exit(&plan, &report, &interrupted);
    if refuses || !unstaged.is_empty() {
        exit = exit.max(Exit::NotDone);
    }
    if !report.events.is_empty() {
        terminal.say(&format!("\n{}", events::summary(&report)));
    }
    if report.events.is_empty() && plan.summary.blocked > 0 {
        terminal.say("nothing was done");
    }
    if exit == Exit::Interrupted {
        terminal.hint("interrupted; what was begun was finished. Run it again to do the rest");
    }
    args.print_done(&plan, &report, terminal);
    execution::note_drafts(&plan, terminal);
    kept.hint(project, terminal);
    Ok(exit)
}

fn count(changes: usize) -> String {
    if changes == 1 { "1 change was".to_owned() } else { format!("{changes} changes were") }
}
