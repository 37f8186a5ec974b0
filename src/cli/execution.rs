//! What `apply` and `publish` share: asking, interrupts, running a plan, the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, Target};
use super::workspace::{Inputs, Workspace};
use crate::apply::{IdStorage, Outcome, Persistence, Report};
use crate::hosting::ImageHost;
use crate::plan::{self, Change, Plan};
use crate::record::Record;
use crate::report::{Progress, Terminal, events};

/// Asks before anything goes live, where `--yes` does not say it.
pub(super) fn confirm(plan: &Plan, steps: usize, verb: &str, terminal: &Terminal) -> Result<bool, Failure> {
    if !terminal.can_ask() {
        return Err(must_say_yes());
    }
    let removals = plan.changes.iter().filter(|change| change.publish.iter().any(plan::Publish::removes)).count();
    let mut question = format!(
        "\nThis makes {steps} change{} visible to customers of the Help Center `{}` in the workspace `{}`",
        if steps == 1 { "" } else { "s" },
        plan.help_center,
        plan.workspace,
    );
    if removals > 0 {
        question.push_str(&format!("; {removals} of them take an article away"));
    }
    if plan.summary.blocked > 0 {
        question.push_str(&format!(
            "; {} blocked change{} will not be done",
            plan.summary.blocked,
            if plan.summary.blocked == 1 { "" } else { "s" }
        ));
    }
    question.push_str(&format!(". {verb} it?"));
    Ok(terminal.confirm(&question))
}

/// The failure of a command that cannot ask.
pub(super) fn must_say_yes() -> Failure {
    Failure::new(Exit::Usage, "nobody can be asked here, and what customers see is changed only after confirmation")
        .detail("nothing was written")
        .hint("add `--yes` to confirm it")
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

/// A flag that the first Ctrl-C raises; the second one ends the process.
pub(super) fn watch_interrupts() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if raised.swap(true, Ordering::SeqCst) {
                std::process::exit(i32::from(Exit::Interrupted.code()));
            }
        }
    });
    flag
}

/// Where a project keeps what a run learns.
pub(super) fn persistence(project: &Project, inputs: &Inputs) -> Persistence {
    Persistence {
        docs: inputs.book.root.clone(),
        lock: project.lock_file(),
        ids: match project.target {
            Target::Intercom => IdStorage::FrontMatter,
            Target::Local => IdStorage::RecordOnly,
        },
        locale: inputs.rules.locale.clone(),
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
    if interrupted.load(Ordering::SeqCst) {
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
