//! `helpbook rollback`
//!
//! An earlier text goes into the file by the edits that `pull` makes, and from there as a draft to Intercom, by the
//! plan and the run of `apply`. So nothing is decided here that they do not decide: what a teammate changed since is
//! refused as `apply` refuses it, and nothing goes offline.

mod choose;
mod wish;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use self::choose::{Choice, Chosen};
use self::wish::{File, Refusal, Wish, edit, file, name_sources, no_place, stopped, with_versions, would_be_lost};
use super::apply::{Sending, Then};
use super::execution::Visible;
use super::exit::Exit;
use super::failure::Failure;
use super::past;
use super::project::{Project, Purpose, Target};
use super::pull::count;
use super::since::{self, Before};
use super::tried::{Tried, compared, taken, try_out};
use super::workspace::{Inputs, Workspace};
use super::{Global, Only, execution};
use crate::apply::Report;
use crate::book::Book;
use crate::disk::Held;
use crate::git::{Git, Kept};
use crate::history::To;
use crate::html::Extent;
use crate::intercom::model::{ArticleId, Locale};
use crate::plan::{Edit, Plan, RemoteChanges, Rules, Theirs};
use crate::pull::{self, Asked, Pull, What as Edited};
use crate::record::{self, BeforePull};
use crate::report::{self, Message, Terminal, events};
use crate::text::{DocPath, minute};

/// Bring an earlier version back: into the file, then as a draft
///
/// The file is rewritten so that only what differs changes, and staged as a draft; `publish` makes it live. Nothing that
/// a customer sees changes before that, and no live article goes offline on the way.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook rollback billing/refunds.md --to 7100001 --yes         a version that `log` shows
  helpbook rollback billing/refunds.md --to HEAD --yes            the file as it was in a commit
  helpbook rollback billing --to 2030-01-01 --yes                 a folder as it was live at a time (UTC)
  helpbook rollback billing --to 2030-01-01T09:30 --locale fr -n  show what one language would become")]
pub(super) struct Args {
    /// These files and folders
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// What it goes back to. All digits: a version that Intercom keeps. `2026-11-20` or `2026-11-20T14:02`, UTC (a day is
    /// its first minute): the newest version known to have been live by then. Else a commit, branch or tag
    #[arg(long, value_name = "VERSION|DATE|REF")]
    to: String,
    #[command(flatten)]
    only: Only,
    /// Do not ask: answer yes
    #[arg(short, long, visible_alias = "auto-approve")]
    yes: bool,
    /// Replace what was changed in Intercom
    #[arg(long)]
    overwrite: bool,
    /// Show what would be done, and do nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Print the plan and what was done as one JSON document
    #[arg(long)]
    json: bool,
}

/// What a rollback does, known before anything of it is written.
struct Prepared {
    /// The files that change.
    pull: Pull,
    /// What is staged then.
    plan: Plan,
    wishes: Vec<Wish>,
    refused: Vec<Refusal>,
    notes: Vec<String>,
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let to = To::parse(&args.to).map_err(|error| past::bad_date(&error, UNDONE))?;
    if !args.yes && !args.dry_run && !terminal.can_ask() {
        return Err(Failure::new(
            Exit::Usage,
            "nobody can be asked here, and files are rewritten only after confirmation",
        )
        .detail(UNDONE)
        .hint("add `--yes` to confirm it, or `-n` to see what it would do"));
    }
    let project = Project::open(global, terminal)?;
    let mut rules = project.rules();
    if args.overwrite {
        rules.theirs = Theirs::Overwritten;
    }
    args.only.limit(&mut rules)?;
    let before = match &to {
        To::Commit(name) => Some(docs_of(&project, name)?),
        To::Version(_) | To::Time(_) => None,
    };
    let held = if args.dry_run { None } else { Some(project.exclusive()?) };
    let rules = |book: &Book| {
        let paths = project.paths(&args.paths, book)?;
        may_be_meant(&to, &paths, book)?;
        Ok(Rules { paths, ..rules })
    };
    let workspace = Workspace::connect(&project).await?;
    let result = match workspace.inputs(&project, Purpose::Send, rules, terminal).await {
        Ok(mut inputs) => {
            let rollback = Rollback { args, project: &project, workspace: &workspace, terminal };
            rollback.work((&to, before.as_ref()), &mut inputs, held).await
        }
        Err(failure) => Err(failure),
    };
    execution::closing(workspace, result).await
}

/// What was not done where a rollback cannot begin.
const UNDONE: &str = "nothing was written";

/// The docs as they were in a commit.
fn docs_of(project: &Project, name: &str) -> Result<Before, Failure> {
    let git = Git::new(&project.root);
    let fail = |error| past::unknown(&error, UNDONE);
    let commit = git.commit(name).map_err(fail)?;
    since::load(project, &git, &commit).map_err(fail)
}

/// A version is of one article.
fn may_be_meant(to: &To, paths: &[DocPath], book: &Book) -> Result<(), Failure> {
    let is_one = paths.len() == 1 && paths.iter().all(|path| book.articles.contains_key(path));
    match to {
        To::Version(version) if !is_one => {
            Err(Failure::new(Exit::Usage, format!("{version} is a version of one article, and several are named"))
                .detail(UNDONE)
                .hint("name one file, or a time: `--to 2026-11-20T14:02`"))
        }
        _ => Ok(()),
    }
}

/// One run.
struct Rollback<'a> {
    args: &'a Args,
    project: &'a Project,
    workspace: &'a Workspace,
    terminal: &'a Terminal,
}

impl Rollback<'_> {
    async fn work(
        &self,
        (to, before): (&To, Option<&Before>),
        inputs: &mut Inputs,
        held: Option<Held>,
    ) -> Result<Exit, Failure> {
        let Self { args, terminal, .. } = self;
        let prepared = self.prepare(to, before, inputs).await?;
        self.show(&prepared);
        let refused = if prepared.refused.is_empty() { Exit::Done } else { Exit::NotDone };
        let stages = prepared.plan.changes.iter().filter(|change| change.stage.is_some()).count();
        let files = prepared.pull.changes.len();
        if files + stages == 0 {
            self.print_done(&prepared.plan, &Report::default());
            return Ok(refused.max(self.end_without_work(&prepared)));
        }
        if args.dry_run {
            self.print_done(&prepared.plan, &Report::default());
            terminal.hint("nothing was done; run the same without `-n` to do this");
            return Ok(refused);
        }
        execution::refuse_other_region(self.project, self.workspace, inputs)?;
        if !args.yes && !terminal.confirm(&question(&prepared.plan, files, stages)) {
            self.print_done(&prepared.plan, &Report::default());
            terminal.say("nothing was done");
            return Ok(Exit::NotDone);
        }
        let interrupted = execution::watch_interrupts(terminal);
        let Prepared { pull, mut plan, wishes, .. } = prepared;
        let mut exit = refused.max(self.write(&pull, inputs, &mut plan, &wishes, &interrupted)?);
        let mut report = Report::default();
        let sending = Sending {
            project: self.project,
            workspace: self.workspace,
            then: Then::Stop,
            held,
            interrupted: &interrupted,
        };
        exit = exit.max(sending.send(inputs, &plan, &mut report, terminal).await?);
        if !report.events.is_empty() {
            terminal.say(&format!("\n{}", events::summary(&report)));
        }
        self.print_done(&plan, &report);
        self.end(to, &wishes, &plan, exit);
        Ok(exit)
    }

    /// Prints the one document of a run, where that is asked for.
    fn print_done(&self, plan: &Plan, report: &Report) {
        if self.args.json {
            self.terminal.print_json(&events::json(plan, report));
        }
    }

    /// Chooses the texts, and works out what the files and the plan become.
    async fn prepare(&self, to: &To, before: Option<&Before>, inputs: &mut Inputs) -> Result<Prepared, Failure> {
        let Self { project, workspace, terminal, .. } = self;
        let progress = terminal.progress("reading versions");
        let now = inputs.plan();
        let taken = taken(inputs, &now, &Asked::default());
        let choice = Choice { project, workspace, inputs, own: &taken.linked.own };
        let Chosen { mut wishes, mut refused, mut notes } = choice.make(to, before).await?;
        drop(progress);
        loop {
            let Restored { pull, tried, refused: more } =
                self.restored(inputs, &taken, &now, &mut wishes, &mut notes)?;
            refused.extend(more);
            let forgotten = forget_pulls(inputs, &pull);
            inputs.renew(tried.docs);
            if project.target == Target::Local {
                inputs.record.fill_known_ids(&mut inputs.book, &inputs.rules.locale);
            }
            inputs.rules.paths =
                wishes.iter().map(|wish| wish.article.clone()).collect::<BTreeSet<_>>().into_iter().collect();
            if wishes.is_empty() {
                let plan = Plan { changes: Vec::new(), ..inputs.plan() };
                return Ok(Prepared { pull: Pull::default(), plan, wishes, refused, notes });
            }
            let mut plan = workspace.plan(inputs).await?;
            let stopped = stopped(&plan, &wishes);
            if stopped.is_empty() {
                name_sources(&mut plan, &wishes);
                notes.dedup();
                return Ok(Prepared { pull, plan, wishes, refused, notes });
            }
            wishes.retain(|wish| !stopped.iter().any(|refusal| refusal.path == wish.path));
            refused.extend(stopped);
            for (key, before) in forgotten {
                if let Some(record) = inputs.record.articles.get_mut(&key) {
                    record.before_pull = Some(before);
                }
            }
            // What is left out stays in its file: all is worked out again from what is on disk.
            inputs.renew(project.docs(project.files()?));
            if project.target == Target::Local {
                inputs.record.fill_known_ids(&mut inputs.book, &inputs.rules.locale);
            }
        }
    }

    /// The files with the texts that come back in them. What cannot be written, or would lose what is in no commit, is
    /// refused and no wish any more.
    fn restored(
        &self,
        inputs: &Inputs,
        taken: &RemoteChanges,
        now: &Plan,
        wishes: &mut Vec<Wish>,
        notes: &mut Vec<String>,
    ) -> Result<Restored, Failure> {
        let git = Git::new(&self.project.root);
        let live = with_versions(inputs, wishes);
        let edits: Vec<Edit> = wishes.iter().filter_map(|wish| edit(inputs, wish)).collect();
        let compared = pull::Inputs { live: &live, ..compared(self.project, inputs, taken, &git) };
        let (mut pull, without_place) = pull::restore(compared, &edits);
        let mut refused: Vec<Refusal> = without_place.iter().map(|(path, field)| no_place(path, *field)).collect();
        for wish in wishes.iter() {
            match file(inputs, wish) {
                None => {}
                Some(Ok(File { change, left })) => {
                    if !left.is_empty() {
                        let left = left.join(", ");
                        notes.push(format!("`{}` did not say {left} then; that stays as it is", wish.path));
                    }
                    let list = if change.is_in_file() { &mut pull.taken_already } else { &mut pull.changes };
                    list.push(change);
                }
                Some(Err(refusal)) => refused.push(refusal),
            }
        }
        refused.extend(pull.changes.iter().filter_map(|change| would_be_lost(&git, now, change)));
        let is_refused = |path: &DocPath| refused.iter().any(|refusal| refusal.path == *path);
        pull.changes.retain(|change| !is_refused(&change.path));
        pull.changes.sort_by(|one, other| one.path.cmp(&other.path));
        let written: BTreeSet<DocPath> = pull.changes.iter().map(|change| change.path.clone()).collect();
        let tried = try_out(self.project, compared, &mut pull, self.terminal);
        let left: BTreeSet<&DocPath> = pull.changes.iter().map(|change| &change.path).collect();
        for path in written.iter().filter(|path| !left.contains(path)) {
            let hint = format!("`helpbook show {path}@VERSION` shows the text; take from it by hand what is needed");
            refused.push(Refusal::new(path, "the docs cannot hold this text as it is", hint));
        }
        for path in tried.proof.differ.keys() {
            notes.push(format!("`{path}` cannot say all of it; the plan shows what Intercom gets"));
        }
        if let Some(images) = count(pull::hosted(&pull).len()) {
            notes.push(format!(
                "{images} in it are shown from where Intercom keeps them; one that is gone there is refused"
            ));
        }
        wishes.retain(|wish| !refused.iter().any(|refusal| refusal.path == wish.path));
        Ok(Restored { pull, tried, refused })
    }

    fn show(&self, prepared: &Prepared) {
        let Self { args, terminal, .. } = self;
        if !args.json && !prepared.plan.changes.is_empty() {
            terminal.print(&report::plan::text(&prepared.plan, &terminal.look()));
        }
        for change in &prepared.pull.changes {
            if matches!(&change.what, Edited::Edited { how: Extent::Whole, .. }) {
                terminal.note(&format!("`{}`: its whole text is rewritten, in another style", change.path));
            }
        }
        for note in &prepared.notes {
            terminal.note(note);
        }
        for refusal in &prepared.refused {
            let message = format!("`{}` stays as it is: {}", refusal.path, refusal.reason);
            terminal.error(&Message::new(crate::text::harmless(&message)).hint(refusal.hint.clone()));
        }
    }

    /// The end where no file and no draft changes.
    fn end_without_work(&self, prepared: &Prepared) -> Exit {
        if prepared.wishes.is_empty() {
            self.terminal.say("nothing was done");
            return Exit::Done;
        }
        let visible = Visible::of(&prepared.plan);
        if visible.is_empty() {
            self.terminal.say("Nothing to roll back: this is what is live.");
        } else {
            self.terminal.say("It is staged already.");
            self.terminal.hint(&format!("run `helpbook publish` to {}", visible.to_do()));
        }
        Exit::Done
    }

    /// Writes the record, then the files. Where a file cannot be written its article is not staged.
    fn write(
        &self,
        pull: &Pull,
        inputs: &mut Inputs,
        plan: &mut Plan,
        wishes: &[Wish],
        interrupted: &AtomicBool,
    ) -> Result<Exit, Failure> {
        let Self { project, terminal, .. } = self;
        execution::settle(project, plan, &mut inputs.record)?;
        let written = pull::write(pull, &inputs.book.root, interrupted);
        for failure in &written.failures {
            let message = Message::new(crate::text::harmless(&failure.to_string()));
            terminal.error(&message.hint("the other files are written; fix this one and run it again"));
        }
        if written.is_all_of(pull) {
            return Ok(Exit::Done);
        }
        // Only what is on disk is staged.
        let done: BTreeSet<&DocPath> = written.done.iter().map(|at| &pull.changes[*at].path).collect();
        let undone =
            |wish: &&Wish| pull.changes.iter().any(|change| change.path == wish.path) && !done.contains(&wish.path);
        let failed: BTreeSet<&DocPath> = wishes.iter().filter(undone).map(|wish| &wish.article).collect();
        inputs.renew(project.docs(project.files()?));
        if project.target == Target::Local {
            inputs.record.fill_known_ids(&mut inputs.book, &inputs.rules.locale);
        }
        *plan = inputs.plan();
        plan.changes.retain(|change| !failed.iter().any(|path| path.as_str() == change.subject.path()));
        name_sources(plan, wishes);
        let is_interrupted = interrupted.load(Ordering::SeqCst);
        Ok(if is_interrupted { Exit::Interrupted } else { Exit::Failed })
    }

    /// What is to be done next.
    fn end(&self, to: &To, wishes: &[Wish], plan: &Plan, exit: Exit) {
        let Self { project, terminal, .. } = self;
        let git = Git::new(&project.root);
        let is_kept = || matches!(git.keeps(record::FILE), Ok(Kept::Tracked | Kept::Untracked));
        if project.target == Target::Intercom && is_kept() {
            terminal.hint(&format!("commit it: `git commit -am \"{}\"`", commit_message(to, wishes)));
        }
        let visible = Visible::of(plan);
        if exit <= Exit::NotDone && !visible.is_empty() {
            terminal.hint(&format!("nothing changed for customers yet; run `helpbook publish` to {}", visible.to_do()));
        }
        if exit == Exit::Interrupted {
            terminal.hint("interrupted; what was begun was finished. Run it again to do the rest");
        }
    }
}

/// What the files become.
struct Restored {
    pull: Pull,
    tried: Tried,
    refused: Vec<Refusal>,
}

/// A pull that a rollback goes back behind is not undone: what it brought is known, and somebody chose otherwise. So
/// the record forgets what it was before; gives back what it forgot.
fn forget_pulls(inputs: &mut Inputs, pull: &Pull) -> Vec<((ArticleId, Locale), Box<BeforePull>)> {
    let mut forgotten = Vec::new();
    for change in pull.changes.iter().chain(&pull.taken_already) {
        let key = (change.id, change.locale.clone());
        let before = inputs.record.articles.get_mut(&key).and_then(|record| record.before_pull.take());
        forgotten.extend(before.map(|before| (key, before)));
    }
    forgotten
}

/// The question before anything is written.
fn question(plan: &Plan, files: usize, stages: usize) -> String {
    let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let parts =
        [(files, format!("rewrites {}", count(files, "file"))), (stages, format!("stages {}", count(stages, "draft")))];
    let parts: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, part)| part).collect();
    format!(
        "\nThis {} in the Help Center `{}` of the workspace `{}`; customers see nothing of it before `publish`. Roll back?",
        parts.join(" and "),
        plan.help_center,
        plan.workspace
    )
}

/// The message for the commit of a rollback. A name that the shell would take for more is left out of it.
fn commit_message(to: &To, wishes: &[Wish]) -> String {
    let is_plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || " -_./:,()".contains(c));
    let articles: BTreeSet<&DocPath> = wishes.iter().map(|wish| &wish.article).collect();
    let what = match (articles.len(), articles.first()) {
        (1, Some(path)) if is_plain(path.as_str()) => path.as_str().to_owned(),
        (1, _) => "1 article".to_owned(),
        (count, _) => format!("{count} articles"),
    };
    let to = match (to, wishes.first()) {
        (To::Time(time), _) => minute(*time),
        (_, Some(wish)) if is_plain(&wish.label) => wish.label.clone(),
        _ => "an earlier version".to_owned(),
    };
    format!("Roll back {what} to {to}")
}
