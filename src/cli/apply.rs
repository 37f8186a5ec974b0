//! `helpbook apply`

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use super::execution::Visible;
use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, Purpose};
use super::workspace::{Inputs, Workspace};
use super::{Global, Only, execution, show};
use crate::apply::{Report, Run};
use crate::book::Book;
use crate::disk::Held;
use crate::plan::{Change, Plan, Rules, Stage, TakenTitles, Theirs};
use crate::report::{self, Terminal, events};

/// Push changes as drafts; nothing that a customer sees changes
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook apply                  stage everything that changed as drafts
  helpbook apply billing          one folder, or one article
  helpbook apply plan.json        exactly what a saved plan shows
  helpbook apply --publish --yes  stage and make live, without a question
  helpbook apply -n               show what would be done")]
pub(super) struct Args {
    /// Only these files and folders; or one saved plan (a path that ends in .json)
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    only: Only,
    /// Publish right after staging; asks first
    #[arg(long)]
    publish: bool,
    /// Do not ask: answer yes
    #[arg(short, long, visible_alias = "auto-approve")]
    yes: bool,
    /// Replace what was changed in Intercom
    #[arg(long)]
    overwrite: bool,
    /// Create articles whose title another article has
    #[arg(long)]
    create: bool,
    /// Allow up to N articles to go offline or be deleted
    #[arg(long, value_name = "N")]
    allow_removals: Option<usize>,
    /// Show what would be done, and do nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Print the plan and what was done as one JSON document
    #[arg(long)]
    json: bool,
    /// Who reads the plan before it is carried out.
    #[arg(skip)]
    by: By,
}

/// Who stages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum By {
    /// A person, or a workflow of theirs.
    #[default]
    Person,
    /// An agent: nothing of it may go live by itself.
    Agent,
}

impl Args {
    /// Stages these files, or all, for an agent: nothing goes live, not by itself either, nothing is overruled and
    /// nobody is asked.
    pub(super) fn staging(paths: Vec<PathBuf>) -> Self {
        Self {
            paths,
            only: Only::default(),
            publish: false,
            yes: false,
            overwrite: false,
            create: false,
            allow_removals: None,
            dry_run: false,
            json: false,
            by: By::Agent,
        }
    }

    /// Prints the one document of a run, where that is asked for.
    fn print_done(&self, plan: &Plan, report: &Report, terminal: &Terminal) {
        if self.json {
            terminal.print_json(&events::json(plan, report));
        }
    }
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let saved = saved_plan(args)?;
    if args.publish && !args.yes && !args.dry_run && !terminal.can_ask() {
        return Err(execution::must_say_yes());
    }
    let project = Project::open(global, terminal)?;
    let mut rules = project.rules();
    if args.overwrite {
        rules.theirs = Theirs::Overwritten;
    }
    if args.create {
        rules.taken_titles = TakenTitles::Created;
    }
    args.only.limit(&mut rules)?;
    let paths: &[PathBuf] = if saved.is_some() { &[] } else { &args.paths };
    let rules = |book: &Book| Ok(Rules { paths: project.paths(paths, book)?, ..rules });
    let held = if args.dry_run { None } else { Some(project.exclusive()?) };
    let workspace = Workspace::connect(&project).await?;
    let result = match workspace.inputs(&project, Purpose::Send, rules, terminal).await {
        Ok(mut inputs) => match plan(saved, &project, &mut inputs) {
            Ok(plan) => carry_out(args, &project, &workspace, (&mut inputs, &plan), held, terminal).await,
            Err(failure) => Err(failure),
        },
        Err(failure) => Err(failure),
    };
    execution::closing(workspace, result).await
}

/// The saved plan that the command line names, if it names one.
fn saved_plan(args: &Args) -> Result<Option<PathBuf>, Failure> {
    if !args.paths.iter().any(|path| show::is_plan(path)) {
        return Ok(None);
    }
    if args.paths.len() > 1 || args.overwrite || args.create || !args.only.locales.is_empty() {
        return Err(Failure::new(
            Exit::Usage,
            "a saved plan is applied as it is: no other PATH, `--locale`, `--overwrite` or `--create` goes with it",
        )
        .hint("make the plan for those paths, or run `apply` without a saved plan"));
    }
    Ok(args.paths.first().cloned())
}

fn plan(saved: Option<PathBuf>, project: &Project, inputs: &mut Inputs) -> Result<Plan, Failure> {
    let Some(file) = saved else { return Ok(inputs.plan()) };
    let mut plan = show::load_for(&project.here.join(file), &inputs.live.me.app.id_code)?;
    plan.bind(&inputs.plan());
    Ok(plan)
}

async fn carry_out(
    args: &Args,
    project: &Project,
    workspace: &Workspace,
    (inputs, plan): (&mut Inputs, &Plan),
    held: Option<Held>,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let mut report = Report::default();
    if !args.json {
        terminal.print(&report::plan::text(plan, &terminal.look()));
    }
    if args.dry_run {
        args.print_done(plan, &report, terminal);
        if !plan.is_empty() {
            terminal.hint("nothing was done; run it without `-n` to do this");
        }
        return Ok(Exit::Done);
    }
    execution::refuse_other_region(project, workspace, inputs)?;
    if args.by == By::Agent {
        refuse_scheduled(plan, inputs)?;
    }
    if args.publish
        && let Some(exit) = execution::guard(plan, &inputs.record, args.allow_removals, terminal)
    {
        args.print_done(plan, &report, terminal);
        return Ok(exit);
    }
    let publishes: usize = plan.changes.iter().map(|change| change.publish.len()).sum();
    let asks = args.publish && publishes > 0 && !args.yes;
    if asks && !execution::confirm(plan, terminal)? {
        args.print_done(plan, &report, terminal);
        terminal.say("nothing was done");
        return Ok(Exit::NotDone);
    }
    let kept = execution::LockBefore::read(project);
    let interrupted = project.stop.flag().unwrap_or_else(|| execution::watch_interrupts(terminal));
    let then = if args.publish { Then::Publish } else { Then::Stop };
    let sending = Sending { project, workspace, then, held, interrupted: &interrupted };
    let exit = sending.send(inputs, plan, &mut report, terminal).await?;
    if !report.events.is_empty() {
        terminal.say(&format!("\n{}", events::summary(&report)));
    }
    if report.events.is_empty() && plan.summary.blocked > 0 {
        terminal.say("nothing was done");
    }
    if exit == Exit::Interrupted {
        terminal.hint("interrupted; what was begun was finished. Run it again to do the rest");
    }
    args.print_done(plan, &report, terminal);
    execution::note_drafts(plan, terminal);
    kept.hint(project, terminal);
    let visible = Visible::of(plan);
    if !args.publish && !visible.is_empty() && exit == Exit::Done {
        let what = visible.to_do();
        terminal.hint(&format!("nothing changed for customers yet; run `helpbook publish` to {what}"));
    }
    Ok(exit)
}

/// Refuses to stage a text that Intercom makes live at a time that was set: nobody would publish it.
fn refuse_scheduled(plan: &Plan, inputs: &Inputs) -> Result<(), Failure> {
    let now = inputs.live.fetched_at.as_second();
    let is_scheduled = |change: &&Change| {
        let found = change.article_id().and_then(|id| inputs.live.articles.get(&id));
        found.and_then(|found| found.article.scheduled_publish_at).is_some_and(|at| at > now)
    };
    let staged = plan.changes.iter().filter(|change| !matches!(change.stage, None | Some(Stage::Adopt)));
    let paths: Vec<String> = staged.filter(is_scheduled).map(|change| format!("`{}`", change.subject.path())).collect();
    if paths.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        Exit::NotDone,
        format!("Intercom publishes by itself at a time that was set: {}", paths.join(", ")),
    )
    .detail("nothing was staged")
    .hint("a person stages these: `helpbook apply`; name the other paths to stage those"))
}

/// What comes after staging.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// What is staged goes live.
    Publish,
    /// Nothing.
    Stop,
}

/// How a plan is carried out.
pub(super) struct Sending<'a> {
    pub project: &'a Project,
    pub workspace: &'a Workspace,
    pub then: Then,
    /// What keeps other runs out.
    pub held: Option<Held>,
    pub interrupted: &'a AtomicBool,
}

impl Sending<'_> {
    /// Carries out a plan that was shown, prints each step and keeps what is known in the lock. The exit code is that of
    /// the most serious thing that happened.
    pub(super) async fn send(
        self,
        inputs: &mut Inputs,
        plan: &Plan,
        report: &mut Report,
        terminal: &Terminal,
    ) -> Result<Exit, Failure> {
        let Self { project, workspace, then, held, interrupted } = self;
        let keep = execution::persistence(project, inputs, held);
        let images = execution::image_host(project, inputs)?.map(|host| execution::uploading(project, host));
        execution::settle(project, plan, &mut inputs.record)?;
        let writer = workspace.connection.writer();
        let run = Run::new(plan, &writer, &keep, &mut inputs.record, interrupted).with_images(images.as_ref());
        let progress = images.as_ref().map(|_| terminal.progress("looking for the images"));
        run.prepare().await;
        drop(progress);
        let stages = plan.changes.iter().filter(|change| change.stage.is_some()).count();
        let publishes: usize = plan.changes.iter().map(|change| change.publish.len()).sum();
        let all = if then == Then::Publish { stages + publishes } else { stages };
        let progress = terminal.progress("sending").of(all, &workspace.connection.activity());
        let mut say = execution::teller(plan, terminal, &progress);
        run.stage(report, &mut say).await;
        if then == Then::Publish {
            run.publish(report, &mut say).await;
        }
        drop((run, say));
        drop(progress);
        let mut exit = execution::exit(plan, report, interrupted);
        if then == Then::Publish && plan.refuses_to_publish() {
            exit = exit.max(Exit::NotDone);
        }
        Ok(exit)
    }
}
