//! What `apply` and `publish` share: asking, interrupts, running a plan, the end.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, Target};
use super::region;
use super::workspace::{Inputs, Workspace};
use crate::apply::{IdStorage, Outcome, Persistence, Report};
use crate::disk::Held;
use crate::git::{Git, Kept};
use crate::hosting::ImageHost;
use crate::plan::{self, Change, Plan, Publish};
use crate::record::{self, Record};
use crate::report::{Progress, Terminal, events};

/// What customers get of a plan: how many changes they see, how many articles they lose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Visible {
    seen: usize,
    offline: usize,
    deleted: usize,
}

impl Visible {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut visible = Self::default();
        for change in plan.changes.iter().filter(|change| !change.publish.is_empty()) {
            let has = |test: fn(&Publish) -> bool| change.publish.iter().any(test);
            if has(|step| matches!(step, Publish::Delete)) {
                visible.deleted += 1;
            } else if has(Publish::removes) {
                visible.offline += 1;
            } else {
                visible.seen += 1;
            }
        }
        visible
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// What `publish` does, as the end of a hint.
    pub(super) fn to_do(self) -> &'static str {
        match self {
            Self { offline: 0, deleted: 0, .. } => "make this live",
            Self { seen: 0, deleted: 0, .. } => "take this offline",
            Self { seen: 0, offline: 0, .. } => "delete this",
            _ => "do this",
        }
    }

    fn sentence(self) -> String {
        let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let parts = [
            (self.seen, format!("makes {} visible", count(self.seen, "change"))),
            (self.offline, format!("takes {} offline", count(self.offline, "article"))),
            (self.deleted, format!("deletes {} for good", count(self.deleted, "article"))),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, part)| part).collect();
        match parts.as_slice() {
            [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
            parts => parts.concat(),
        }
    }

    fn question(self) -> &'static str {
        match self {
            Self { offline: 0, deleted: 0, .. } => "Publish it?",
            Self { seen: 0, deleted: 0, .. } => "Take it offline?",
            Self { seen: 0, offline: 0, .. } => "Delete it?",
            _ => "Do it?",
        }
    }
}

/// Asks before anything goes live, where `--yes` does not say it.
pub(super) fn confirm(plan: &Plan, terminal: &Terminal) -> Result<bool, Failure> {
    if !terminal.can_ask() {
        return Err(must_say_yes());
    }
    let visible = Visible::of(plan);
    let blocked = match plan.summary.blocked {
        0 => String::new(),
        1 => "; 1 blocked change will not be done".to_owned(),
        count => format!("; {count} blocked changes will not be done"),
    };
    let question = format!(
        "\nThis {} in the Help Center `{}` of the workspace `{}`{blocked}. {}",
        visible.sentence(),
        plan.help_center,
        plan.workspace,
        visible.question()
    );
    Ok(terminal.confirm(&question))
}

/// Says which texts stay drafts, and how they go live.
pub(super) fn note_drafts(plan: &Plan, terminal: &Terminal) {
    const NAMED: usize = 5;
    let paths = &plan.stay_drafts;
    let named: Vec<String> = paths.iter().take(NAMED).map(|path| format!("`{path}`")).collect();
    let more = match paths.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let list = named.join(", ");
    match paths.len() {
        0 => {}
        1 => terminal.note(&format!(
            "1 article stays a draft, as its file does not say `state: published`: {list}. Add that line to make it live"
        )),
        count => terminal.note(&format!(
            "{count} articles stay drafts, as their files do not say `state: published`: {list}{more}. Add that line, or `state: published` to helpbook.yml, to make them live"
        )),
    }
}

/// The lock as it was before a run.
pub(super) struct LockBefore {
    lock: PathBuf,
    text: Option<String>,
}

impl LockBefore {
    /// Reads it.
    pub(super) fn read(project: &Project) -> Self {
        let lock = project.lock_file();
        Self { text: fs::read_to_string(&lock).ok(), lock }
    }

    /// Says that it has to be committed, where a run changed it. In a workflow the workflow does that.
    pub(super) fn hint(self, project: &Project, terminal: &Terminal) {
        let is_changed = fs::read_to_string(&self.lock).ok() != self.text;
        let is_ours = project.target == Target::Intercom && !in_a_job();
        let is_kept = || matches!(Git::new(&project.root).keeps(record::FILE), Ok(Kept::Tracked | Kept::Untracked));
        if is_changed && is_ours && is_kept() {
            terminal.hint("commit helpbook.lock and the changed files");
        }
    }
}

/// Whether a job of the action's scripts runs this, on GitHub or on GitLab.
fn in_a_job() -> bool {
    ["GITHUB_ACTIONS", "GITLAB_CI"].iter().any(|name| std::env::var_os(name).is_some())
}

/// The failure of a command that cannot ask.
pub(super) fn must_say_yes() -> Failure {
    Failure::new(Exit::Usage, "nobody can be asked here, and what customers see is changed only after confirmation")
        .detail("nothing was written")
        .hint("add `--yes` to confirm it")
}

/// Stops before anything is written where requests go to another region than the workspace's.
pub(super) fn refuse_other_region(project: &Project, workspace: &Workspace, inputs: &Inputs) -> Result<(), Failure> {
    match region::elsewhere(&inputs.live.me, &workspace.connection, project.config.region) {
        Some(message) if project.target == Target::Intercom => {
            Err(Failure { exit: Exit::Auth, message }.detail("nothing was written"))
        }
        _ => Ok(()),
    }
}

/// Stops a plan that takes too much away.
pub(super) fn guard(plan: &Plan, record: &Record, allowed: Option<usize>, terminal: &Terminal) -> Option<Exit> {
    let stop = plan::guard(plan, record, allowed)?;
    let message = crate::report::Message::new(format!(
        "{} of {} articles would go offline or be deleted in one go; nothing was done",
        stop.removals, stop.managed
    ))
    .hint(format!("if that is meant, run it with `--allow-removals {}`", stop.removals));
    terminal.error(&message);
    Some(Exit::Guarded)
}

/// Whether the process has begun to write, so that Ctrl-C has to wait for what is under way.
static IS_WRITING: AtomicBool = AtomicBool::new(false);

/// Ends the process at Ctrl-C, and says that nothing was written, until something is.
pub(super) fn end_at_interrupts(terminal: &Terminal) {
    let terminal = terminal.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if !IS_WRITING.load(Ordering::SeqCst) {
                terminal.say("\ninterrupted; nothing was written");
                std::process::exit(i32::from(Exit::Interrupted.code()));
            }
        }
    });
}

/// A flag that the first Ctrl-C raises; the second one ends the process. Whoever asks again gets the same flag.
pub(super) fn watch_interrupts(terminal: &Terminal) -> Arc<AtomicBool> {
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    IS_WRITING.store(true, Ordering::SeqCst);
    let watch = || {
        let flag = Arc::new(AtomicBool::new(false));
        let (raised, terminal) = (Arc::clone(&flag), terminal.clone());
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                if raised.swap(true, Ordering::SeqCst) {
                    std::process::exit(i32::from(Exit::Interrupted.code()));
                }
                terminal.say("\nfinishing what was begun; Ctrl-C again stops at once");
            }
        });
        flag
    };
    Arc::clone(FLAG.get_or_init(watch))
}

/// Where a project keeps what a run learns.
pub(super) fn persistence(project: &Project, inputs: &Inputs, held: Option<Held>) -> Persistence {
    Persistence {
        docs: inputs.book.root.clone(),
        lock: project.lock_file(),
        ids: match project.target {
            Target::Intercom => IdStorage::FrontMatter,
            Target::Local => IdStorage::RecordOnly,
        },
        locale: inputs.rules.locale.clone(),
        held,
    }
}

/// The host of the docs' images. The local Help Center has them by itself.
pub(super) fn image_host(project: &Project, inputs: &Inputs) -> Result<Option<ImageHost>, Failure> {
    if project.target == Target::Local || project.config.images.is_none() {
        return Ok(None);
    }
    match ImageHost::new(&inputs.book.root) {
        Ok(host) => Ok(Some(host)),
        Err(error) => Err(Failure::new(Exit::Failed, error.to_string())),
    }
}

/// The same, with the command that brings images there.
pub(super) fn uploading(project: &Project, host: ImageHost) -> ImageHost {
    match project.config.images.as_ref().and_then(|images| images.upload.as_ref()) {
        Some(command) => host.uploading(command, &project.root),
        None => host,
    }
}

/// Prints each event as it comes, above how far it is.
pub(super) fn teller<'a>(
    plan: &'a Plan,
    terminal: &'a Terminal,
    progress: &'a Progress,
) -> impl FnMut(&crate::apply::Event) + 'a {
    move |event| {
        progress.step();
        if matches!(event.outcome, Outcome::Skipped) {
            // Their number is in the last line.
            return;
        }
        let line = events::line(plan, event, terminal.options(), terminal.paint_messages());
        progress.above(|| {
            if event.outcome.is_done() {
                terminal.say(line.trim_end());
            } else {
                terminal.print_error(&line);
            }
        });
    }
}

/// The exit code of a run: the most serious of all that happened.
pub(super) fn exit(plan: &Plan, report: &Report, interrupted: &AtomicBool) -> Exit {
    let mut exit = Exit::Done;
    if report.refused > 0 || plan.changes.iter().any(Change::is_blocked) {
        exit = exit.max(Exit::NotDone);
    }
    if report.failed > 0 {
        exit = exit.max(Exit::Failed);
    }
    if report.auth {
        exit = exit.max(Exit::Auth);
    }
    // Where all was under way already, nothing is left to do.
    if interrupted.load(Ordering::SeqCst) && report.skipped > 0 {
        exit = exit.max(Exit::Interrupted);
    }
    exit
}

/// Records what is as wanted, so that the next run need not find out again.
pub(super) fn settle(project: &Project, plan: &Plan, record: &mut Record) -> Result<(), Failure> {
    record.workspace = Some(plan.workspace.clone());
    for settled in &plan.settled {
        settled.keep(record);
    }
    let file = project.lock_file();
    record.write(&file).map_err(|error| {
        Failure::new(Exit::Failed, format!("cannot write {}: {error}", file.display()))
            .hint("make it writable; nothing is created twice")
    })
}

/// Closes the workspace, whatever came of the command.
pub(super) async fn closing<T>(workspace: Workspace, result: Result<T, Failure>) -> Result<T, Failure> {
    workspace.close().await;
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_says_what_customers_see_and_what_they_lose() {
        let said = |seen, offline, deleted| {
            let visible = Visible { seen, offline, deleted };
            format!("This {}. {}", visible.sentence(), visible.question())
        };
        assert_eq!(said(1, 0, 0), "This makes 1 change visible. Publish it?");
        assert_eq!(said(0, 2, 0), "This takes 2 articles offline. Take it offline?");
        assert_eq!(said(0, 0, 1), "This deletes 1 article for good. Delete it?");
        assert_eq!(said(3, 1, 0), "This makes 3 changes visible and takes 1 article offline. Do it?");
        let all = "This makes 3 changes visible, takes 1 article offline and deletes 2 articles for good. Do it?";
        assert_eq!(said(3, 1, 2), all);
    }
}
