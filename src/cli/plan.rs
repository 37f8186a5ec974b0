//! `helpbook plan`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::execution::Visible;
use super::exit::Exit;
use super::failure::Failure;
use super::figures::{self, Of};
use super::project::{Project, Purpose};
use super::reports::{self, Report};
use super::workspace::{Inputs, Workspace};
use super::{Global, Only, execution, show, since};
use crate::book::{Book, edit};
use crate::intercom::model::ArticleId;
use crate::plan::{Against, Change, Pages, Plan, Rules, Stage};
use crate::report::{self, Terminal};

/// Show what apply and publish would change; nothing is written
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook plan                      everything that would change
  helpbook plan billing/refunds.md   one article, or one folder
  helpbook plan --since origin/main  what this branch changed
  helpbook plan --out plan.json      save it, to apply exactly this after a review
  helpbook plan --report plan.html   a page with both sides of every article
  helpbook plan --json               one JSON document, for another program")]
pub(super) struct Args {
    /// Only these files and folders
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    only: Only,
    /// Only what this branch changed since it left the commit REF; the rest as a number
    #[arg(long, value_name = "REF")]
    since: Option<String>,
    /// Compare with the docs of REF alone: needs no token, and asks nothing of Intercom
    #[arg(long, requires = "since")]
    offline: bool,
    /// Save the plan, to apply exactly this later
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the plan as one JSON document
    #[arg(long)]
    json: bool,
    /// Write a report, too: `plan.md` for a comment on a pull request, `plan.html` for a page with both
    /// sides of every article; `markdown=FILE` and `html=FILE` for other names; may be given twice
    #[arg(long = "report", value_name = "FILE")]
    reports: Vec<Report>,
    /// Show how customers use each article that changes: one request for each, kept for a day
    #[arg(long, conflicts_with = "offline")]
    figures: bool,
    /// Exit with 2 where changes or drift are pending
    #[arg(long)]
    detailed_exitcode: bool,
}

impl Args {
    /// These files, or all, as text.
    pub(super) fn of(paths: Vec<PathBuf>) -> Self {
        Self {
            paths,
            only: Only::default(),
            since: None,
            offline: false,
            out: None,
            json: false,
            reports: Vec::new(),
            figures: false,
            detailed_exitcode: false,
        }
    }
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::open(global, terminal)?;
    if let Some(file) = &args.out {
        may_be_saved_to(file, &project.here.join(file))?;
    }
    reports::may_be_written(&args.reports, &project.here)?;
    let mut limited = project.rules();
    if args.json || args.out.is_some() || args.reports.iter().any(Report::is_page) {
        limited.pages = Pages::Made;
    }
    args.only.limit(&mut limited)?;
    let rules = |book: &Book| Ok(Rules { paths: project.paths(&args.paths, book)?, ..limited.clone() });
    let plan = match &args.since {
        None => against_intercom(args, &project, rules, |_| (), terminal).await?,
        Some(reference) if args.offline => {
            let (docs, rules) = project.sound_docs(rules, terminal)?;
            since::changes(&project, &docs.book, &rules, reference)?
        }
        Some(reference) => {
            let made = OnceLock::new();
            let rules = |book: &Book| {
                let rules = rules(book)?;
                let _ = made.set(since::changes(&project, book, &rules, reference)?);
                Ok(rules)
            };
            let keep = |plan: &mut Plan| made.get().into_iter().for_each(|made| plan.keep_since(made));
            against_intercom(args, &project, rules, keep, terminal).await?
        }
    };
    if args.json {
        terminal.print_json(&report::plan::json(&plan));
    } else {
        terminal.print(&report::plan::text(&plan, &terminal.look()));
    }
    if let Some(file) = &args.out {
        save(&plan, &project.here.join(file))?;
    }
    reports::write(&args.reports, &plan, &project.here)?;
    if !args.json {
        execution::note_drafts(&plan, terminal);
        hint(&plan, args.out.as_deref().map(|file| file.to_string_lossy()).as_deref(), terminal);
    }
    let pending = args.detailed_exitcode && !plan.is_empty();
    Ok(if pending { Exit::Pending } else { Exit::Done })
}

/// The plan against what is in Intercom, of which `keep` leaves what is meant.
async fn against_intercom(
    args: &Args,
    project: &Project,
    rules: impl FnOnce(&Book) -> Result<Rules, Failure> + Send,
    keep: impl FnOnce(&mut Plan),
    terminal: &Terminal,
) -> Result<Plan, Failure> {
    let workspace = Workspace::connect(project).await?;
    let result = match workspace.inputs(project, Purpose::Show, rules, terminal).await {
        Ok(mut inputs) => {
            let mut plan = inputs.plan();
            keep(&mut plan);
            let asked = if args.figures {
                add_figures(&mut plan, &inputs, &workspace, project, terminal).await
            } else {
                Ok(())
            };
            asked.map(|()| plan)
        }
        Err(failure) => Err(failure),
    };
    execution::closing(workspace, result).await
}

/// Adds to each change of an article that customers can read how they use it.
async fn add_figures(
    plan: &mut Plan,
    inputs: &Inputs,
    workspace: &Workspace,
    project: &Project,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let live = &inputs.live;
    let is_read =
        |id: &ArticleId| live.articles.get(id).is_some_and(|found| !found.published(&inputs.rules.locale).is_empty());
    let ids: BTreeSet<ArticleId> = plan.changes.iter().filter_map(Change::article_id).filter(is_read).collect();
    let of = Of { workspace: &live.me.app.id_code, at: live.fetched_at };
    let found = figures::ask(&ids, of, &workspace.connection, Some(project), terminal).await?;
    for change in &mut plan.changes {
        change.figures = change.article_id().and_then(|id| found.get(&id).copied());
    }
    Ok(())
}

fn save(plan: &Plan, file: &Path) -> Result<(), Failure> {
    edit::replace(file, &report::plan::json(plan)).map_err(|error| {
        Failure::new(Exit::Failed, format!("cannot write {}: {error}", file.display()))
            .hint("name a file that can be written")
    })
}

/// A plan is saved to a new file, or over another plan; nothing else is ever replaced.
fn may_be_saved_to(shown: &Path, file: &Path) -> Result<(), Failure> {
    let refuse = |reason: &str| Failure::new(Exit::Usage, format!("`{}` {reason}", shown.display()));
    if !show::is_plan(file) {
        return Err(refuse("is no name for a plan, which ends in `.json`").hint("save it as `plan.json`"));
    }
    if file.exists() && show::load(file).is_err() {
        return Err(refuse("is there already, and is no plan of helpbook").hint("name another file"));
    }
    Ok(())
}

fn hint(plan: &Plan, saved: Option<&str>, terminal: &Terminal) {
    if plan.since.as_ref().is_some_and(|since| since.against == Against::Docs) {
        return terminal.hint("run `helpbook plan` without `--offline` to compare with what is live");
    }
    let stages = plan.changes.iter().any(|change| !matches!(change.stage, None | Some(Stage::Adopt)));
    let adopts = plan.changes.iter().any(|change| change.stage == Some(Stage::Adopt));
    let publishes = plan.changes.iter().any(|change| !change.publish.is_empty());
    let visible = Visible::of(plan);
    match (saved, stages, publishes) {
        (Some(file), true, _) => terminal.hint(&format!("run `helpbook apply {file}` to stage exactly this as drafts")),
        (None, true, _) if visible.is_empty() => {
            terminal.hint("run `helpbook apply` to stage this as drafts, which customers do not see");
        }
        (None, true, _) => terminal
            .hint("run `helpbook apply` to stage this as drafts; customers see nothing of it until `helpbook publish`"),
        (_, false, _) if adopts => {
            terminal.hint("run `helpbook apply` to keep the ids of what is there already; nothing is sent for that");
        }
        (_, false, true) => terminal.hint(&format!("run `helpbook publish` to {}", visible.to_do())),
        (_, false, false) => {}
    }
}
