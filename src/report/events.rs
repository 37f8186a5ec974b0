//! What became of the steps of a run, a line each, and its end.

use serde_json::json;

use crate::apply::{Event, Outcome, Report};
use crate::intercom::model::ArticleId;
use crate::plan::{Kind, Plan};
use crate::report::{Paint, SessionOptions};
use crate::text::one_line;

/// One step's line, with a reason and a hint where it was not done.
pub fn line(plan: &Plan, event: &Event, options: &SessionOptions, paint: Paint) -> String {
    let change = &plan.changes[event.change];
    let path = &one_line(change.subject.path());
    let what = match change.subject.kind() {
        Kind::Article => "article",
        Kind::Collection => "collection",
    };
    let hint_line = |hint: &Option<String>| {
        let shown = hint.as_ref().map(|hint| options.shown(&hint.as_str().into()));
        shown.map_or_else(String::new, |hint| format!("  {}: {hint}\n", paint.bold("hint")))
    };
    match &event.outcome {
        Outcome::Done { verb, id, note } => {
            let id = id.or(change.id).map_or_else(String::new, |id| format!(" {id}"));
            let mut text = format!("{} {path} {}", paint.fresh(verb), paint.dim(&format!("({what}{id})")));
            if let Some(address) = addresses(plan, event).next() {
                text.push_str(&format!(" {}", paint.dim(&one_line(&address))));
            }
            text.push('\n');
            if let Some(note) = note {
                text.push_str(&format!("  note: {}\n", one_line(note)));
            }
            text
        }
        Outcome::Refused { reason, hint } => not_done(&paint.odd("refused"), path, reason) + &hint_line(hint),
        Outcome::Failed { reason, hint } => not_done(&paint.bad("failed"), path, reason) + &hint_line(hint),
        Outcome::Skipped => format!("{} {path}\n", paint.odd("not tried")),
    }
}

/// Where people find the article of a step: live where it is, and in Intercom's editor.
fn addresses(plan: &Plan, event: &Event) -> impl Iterator<Item = String> {
    let change = &plan.changes[event.change];
    let id = match &event.outcome {
        Outcome::Done { id, .. } if change.subject.kind() == Kind::Article => id.or(change.id).map(ArticleId),
        _ => None,
    };
    let addresses = plan.addresses.as_ref().zip(id);
    let live = addresses.and_then(|(addresses, _)| addresses.shown(event.url.as_deref()?));
    live.into_iter().chain(addresses.map(|(addresses, id)| addresses.editor(id)))
}

fn not_done(label: &str, path: &str, reason: &str) -> String {
    format!("{label} {path}: {}\n", one_line(reason))
}

/// The plan of a run and what became of its steps, as one JSON document.
pub fn json(plan: &Plan, report: &Report) -> String {
    let event = |event: &Event| {
        let change = &plan.changes[event.change];
        let (outcome, verb, id, text, hint) = match &event.outcome {
            Outcome::Done { verb, id, note } => ("done", Some(*verb), *id, note.as_ref(), None),
            Outcome::Refused { reason, hint } => ("refused", None, None, Some(reason), hint.as_ref()),
            Outcome::Failed { reason, hint } => ("failed", None, None, Some(reason), hint.as_ref()),
            Outcome::Skipped => ("not-tried", None, None, None, None),
        };
        json!({
            "path": change.subject.path(),
            "id": id.or(change.id),
            "outcome": outcome,
            "verb": verb,
            "addresses": addresses(plan, event).collect::<Vec<_>>(),
            "message": text,
            "hint": hint,
        })
    };
    let Report { done, refused, failed, skipped, events, .. } = report;
    let document = json!({
        "format_version": 1,
        "plan": plan,
        "steps": events.iter().map(event).collect::<Vec<_>>(),
        "summary": { "done": done, "refused": refused, "failed": failed, "not_tried": skipped },
    });
    format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default())
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
