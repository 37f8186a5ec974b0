//! What became of the steps of a run, a line each, and its end.

use crate::apply::{Event, Outcome, Report};
use crate::plan::{Kind, Plan};
use crate::report::Paint;
use crate::text::one_line;

/// One step's line, with a reason and a hint where it was not done.
pub fn line(plan: &Plan, event: &Event, paint: Paint) -> String {
    let change = &plan.changes[event.change];
    let path = &one_line(change.subject.path());
    let what = match change.subject.kind() {
        Kind::Article => "article",
        Kind::Collection => "collection",
    };
    match &event.outcome {
        Outcome::Done { verb, id, note } => {
            let id = id.or(change.id).map_or_else(String::new, |id| format!(" {id}"));
            let mut text = format!("{} {path} {}\n", paint.fresh(verb), paint.dim(&format!("({what}{id})")));
            if let Some(note) = note {
                text.push_str(&format!("  note: {}\n", one_line(note)));
            }
            text
        }
        Outcome::Refused { reason, hint } => not_done(&paint.odd("refused"), path, reason, hint.as_deref(), paint),
        Outcome::Failed { reason, hint } => not_done(&paint.bad("failed"), path, reason, hint.as_deref(), paint),
        Outcome::Skipped => format!("{} {path}\n", paint.odd("not tried")),
    }
}

fn not_done(label: &str, path: &str, reason: &str, hint: Option<&str>, paint: Paint) -> String {
    let mut text = format!("{label} {path}: {}\n", one_line(reason));
    if let Some(hint) = hint {
        text.push_str(&format!("  {}: {}\n", paint.bold("hint"), one_line(hint)));
    }
    text
}

/// The last line of a run: what was done and what was not.
pub fn summary(report: &Report) -> String {
    let mut parts = vec![format!("{} step{} done", report.done, if report.done == 1 { "" } else { "s" })];
    for (count, word) in [(report.refused, "refused"), (report.failed, "failed"), (report.skipped, "not tried")] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    parts.join(", ")
}
