//! A plan, for a person to read before anything is done.
//!
//! What matters most stands first: what is blocked, what goes offline, what goes live, what moves,
//! what is only staged. Each article shows its fields `old -> new` and its body in words.

use std::fmt::Write as _;

use super::{Paint, Verbosity};
use crate::html::diff::{Line, Piece};
use crate::intercom::model::Locale;
use crate::plan::{Action, Change, Drift, Field, FieldChange, Kind, Part, Plan, Publish, Stage, Summary};
use crate::text::harmless;

/// How many lines of a body are shown at most, unless texts are asked for in full.
const LONGEST_BODY: usize = 40;

/// The groups of a plan, in the order in which they are shown.
const GROUPS: [(Group, &str, &str); 7] = [
    (Group::Blocked, "Blocked", "the docs want this, and it is not done"),
    (Group::GoesOffline, "Goes offline", "customers lose this at publish"),
    (Group::GoesLive, "Goes live", "customers see this at publish"),
    (Group::Moves, "Moves and settings", "at publish"),
    (Group::StagedOnly, "Staged only", "customers see nothing of this"),
    (Group::Drifted, "Changed in Intercom", "left alone"),
    (Group::Orphans, "Without a file", "these stay as they are"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Blocked,
    GoesOffline,
    GoesLive,
    Moves,
    StagedOnly,
    Drifted,
    Orphans,
}

impl Group {
    /// The group in which a change is shown, as far as one locale goes.
    fn of(change: &Change, part: &Part<'_>) -> Self {
        let publishes = |test: fn(&Publish) -> bool| change.steps(part.locale).any(test);
        let goes_live =
            |step: &Publish| matches!(step, Publish::Live { .. } | Publish::Draft { .. } | Publish::Locales { .. });
        match part.action {
            _ if part.blocked.is_some() => Group::Blocked,
            Action::Orphan => Group::Orphans,
            _ if publishes(Publish::removes) => Group::GoesOffline,
            _ if publishes(goes_live) => Group::GoesLive,
            _ if publishes(|_| true) => Group::Moves,
            _ if change.is_staged(part.locale) => Group::StagedOnly,
            // What waits for its time.
            Action::Publish if part.drift.is_none() => Group::StagedOnly,
            _ => Group::Drifted,
        }
    }
}

/// The whole plan as text, ending with its summary.
pub fn text(plan: &Plan, paint: Paint, verbosity: Verbosity) -> String {
    let mut out = String::new();
    for (group, title, subtitle) in GROUPS {
        let parts = |change: &'_ Change| {
            let parts = change.parts().filter(|part| !change.is_idle(part) && Group::of(change, part) == group);
            parts.map(|part| part.locale.cloned()).collect::<Vec<_>>()
        };
        let changes: Vec<(&Change, Vec<Option<Locale>>)> =
            plan.changes.iter().map(|change| (change, parts(change))).filter(|(_, parts)| !parts.is_empty()).collect();
        if changes.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{} {}\n", paint.bold(title), paint.dim(&format!("({subtitle})")));
        for (change, locales) in changes {
            heading(&mut out, change, group, paint);
            for part in change.parts().filter(|part| locales.contains(&part.locale.cloned())) {
                self::part(&mut out, change, &part, paint, verbosity);
            }
            out.push('\n');
        }
    }
    for note in &plan.notes {
        let _ = writeln!(out, "{}: {note}\n", paint.odd("note"));
    }
    out.push_str(&summary(plan));
    out
}

/// The last line of a plan.
pub fn summary(plan: &Plan) -> String {
    let Summary { create, adopt, update, publish, unpublish, delete, blocked, drift, orphans, unchanged } =
        plan.summary;
    let orphaned = match orphans {
        0 => String::new(),
        1 => "1 article stays in Intercom without a file.\n".to_owned(),
        count => format!("{count} articles stay in Intercom without a file.\n"),
    };
    if let Some(since) = plan.since.as_ref().filter(|_| plan.is_empty()) {
        return format!("{orphaned}No changes since `{}`.\n", since.reference);
    }
    if plan.is_empty() {
        return format!("{orphaned}No changes. Your Help Center matches the docs.\n");
    }
    let mut line = format!("{orphaned}Plan: {create} to create, ");
    if adopt > 0 {
        let _ = write!(line, "{adopt} to adopt, ");
    }
    let _ = write!(line, "{update} to update, {publish} to publish, {unpublish} to unpublish, {delete} to delete");
    if blocked > 0 {
        let _ = write!(line, ", {blocked} blocked");
    }
    if drift > 0 {
        let _ = write!(line, ", {drift} changed in Intercom");
    }
    let _ = writeln!(line, "; {unchanged} unchanged.");
    line
}

fn heading(out: &mut String, change: &Change, group: Group, paint: Paint) {
    let action = in_group(change, group);
    let sign = match action {
        Action::Create => paint.fresh("+"),
        Action::Adopt => paint.fresh("="),
        Action::Update => paint.odd("~"),
        Action::Publish => paint.fresh("^"),
        Action::Move => paint.odd(">"),
        Action::Unpublish | Action::Delete => paint.bad("-"),
        Action::Blocked => paint.bad("!"),
        Action::Drift | Action::Orphan => paint.odd("?"),
    };
    let what = match change.subject.kind() {
        Kind::Article => "article",
        Kind::Collection => "collection",
    };
    let id = change.id.map_or_else(String::new, |id| format!(" {id}"));
    let _ = writeln!(
        out,
        "  {sign} {} {} {}",
        paint.bold(change.subject.path()),
        harmless(&format!("\"{}\"", change.title)),
        paint.dim(&format!("({}: {what}{id})", verb(action, change))),
    );
}

/// What happens to a change in one locale.
fn part(out: &mut String, change: &Change, part: &Part<'_>, paint: Paint, verbosity: Verbosity) {
    if let Some(locale) = part.locale {
        let title = harmless(&format!("\"{}\"", part.title));
        let _ = writeln!(out, "    {} {title} {}", paint.bold(&locale.0), paint.dim(&format!("({})", part.path)));
    }
    if let Some(blocked) = part.blocked {
        let _ = writeln!(out, "      {}", harmless(&blocked.reason));
        if let (Some(by), Some(since)) = (&blocked.by, blocked.since) {
            let _ = writeln!(out, "      in Intercom: {}, {}", harmless(by), since.strftime("%Y-%m-%d %H:%M UTC"));
        }
    }
    for field in part.fields {
        self::field(out, field, (change, part), paint);
    }
    let is_new_article = part.action == Action::Create && change.subject.kind() == Kind::Article;
    if is_new_article && verbosity < Verbosity::Verbose {
        let lines = part.body.len();
        let _ = writeln!(out, "      body: {lines} line{}, all new", if lines == 1 { "" } else { "s" });
    } else {
        body(out, part.body, paint, verbosity);
    }
    if let Some(drift) = part.drift {
        drifted(out, (change, part), drift, paint, verbosity);
    }
    for note in part.notes {
        let _ = writeln!(out, "      {}", harmless(note));
    }
    if let Some(blocked) = part.blocked {
        let _ = writeln!(out, "      {}: {}", paint.bold("hint"), harmless(&blocked.hint));
    }
}

/// What happens to an article in the locales of a group, in a word: others may be in another group.
fn in_group(change: &Change, group: Group) -> Action {
    match group {
        _ if change.translations.is_empty() => change.action,
        Group::Blocked => Action::Blocked,
        Group::GoesOffline if change.action != Action::Delete => Action::Unpublish,
        Group::Drifted => Action::Drift,
        Group::Orphans => Action::Orphan,
        _ => change.action,
    }
}

fn verb(action: Action, change: &Change) -> &'static str {
    match (action, &change.stage) {
        (Action::Create, _) => "new",
        (Action::Adopt, _) => "adopted",
        (Action::Update, Some(Stage::Draft { .. })) => "changed, staged behind the live text",
        (Action::Update, _) => "changed",
        (Action::Publish, _) => "staged",
        (Action::Unpublish, _) => "unpublished",
        (Action::Move, _) if moves(change) => "moved",
        (Action::Move, _) => "settings",
        (Action::Delete, _) => "deleted",
        (Action::Blocked, _) => "blocked",
        (Action::Drift, _) => "changed in Intercom",
        (Action::Orphan, _) => "no file",
    }
}

fn moves(change: &Change) -> bool {
    let is_place = |field: &FieldChange| matches!(field.field, Field::Collection | Field::Title | Field::Description);
    change.subject.kind() == Kind::Collection || change.parts().any(|part| part.fields.iter().any(is_place))
}

fn field(out: &mut String, field: &FieldChange, (change, part): (&Change, &Part<'_>), paint: Paint) {
    let shown = |text: &str| if text.is_empty() { "(none)".to_owned() } else { harmless(text) };
    let label = match (field.field, change.subject.kind()) {
        (Field::Title, Kind::Collection) => "name",
        (field, _) => field.name(),
    };
    let _ = if field.old.is_empty() && part.action == Action::Create {
        writeln!(out, "      {label}: {}", paint.fresh(&shown(&field.new)))
    } else {
        writeln!(out, "      {label}: {} -> {}", paint.old(&shown(&field.old)), paint.fresh(&shown(&field.new)))
    };
}

/// What was changed in Intercom only: the docs' side is the old one here.
fn drifted(out: &mut String, (change, part): (&Change, &Part<'_>), drift: &Drift, paint: Paint, verbosity: Verbosity) {
    let fields = drift.fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ");
    let since = drift.since.map_or_else(String::new, |since| since.strftime(", %Y-%m-%d %H:%M UTC").to_string());
    let _ = writeln!(out, "      left alone: {fields}, by {}{since}", harmless(&drift.by));
    for field in &drift.changes {
        self::field(out, field, (change, part), paint);
    }
    body(out, &drift.body, paint, verbosity);
    let path = part.path;
    let what_to_do = match &drift.refuses {
        Some(reason) => {
            let _ = writeln!(out, "      not published: {}", harmless(reason));
            format!(
                "run `helpbook pull {path}` to take it into the file, or `helpbook apply --overwrite --publish {path}` to do what the docs say"
            )
        }
        None if change.subject.kind() == Kind::Collection => {
            "run `helpbook pull` to take it into the collection's `_index.md`".to_owned()
        }
        None => format!(
            "run `helpbook pull {path}` to take it into the file, or `helpbook apply --overwrite {path}` to replace it"
        ),
    };
    let _ = writeln!(out, "      {}: {what_to_do}", paint.bold("hint"));
}

fn body(out: &mut String, body: &[Line], paint: Paint, verbosity: Verbosity) {
    if body.is_empty() {
        return;
    }
    let lines = match verbosity {
        Verbosity::Verbose => body.iter().map(|line| Some(line.clone())).collect(),
        _ => folded(body),
    };
    let longest = if verbosity == Verbosity::Verbose { usize::MAX } else { LONGEST_BODY };
    let hidden = lines.len().saturating_sub(longest);
    out.push_str("      body:\n");
    for line in lines.iter().take(longest) {
        let text = match line {
            None => paint.dim("..."),
            Some(Line::Same(text)) => paint.dim(&harmless(text)),
            Some(Line::Changed(pieces)) => pieces.iter().map(|piece| self::piece(piece, paint)).collect(),
        };
        let _ = writeln!(out, "        {text}");
    }
    if hidden > 0 {
        let _ = writeln!(out, "        {}", paint.dim(&format!("... {hidden} more lines; `-v` shows them")));
    }
}

/// The changed lines with one unchanged line before and after; the rest folded to `None`.
fn folded(lines: &[Line]) -> Vec<Option<Line>> {
    let is_blank = |line: &Line| match line {
        Line::Same(text) => text.trim().is_empty(),
        Line::Changed(pieces) => pieces.iter().all(|piece| match piece {
            Piece::Same(text) | Piece::Old(text) | Piece::New(text) => text.trim().is_empty(),
        }),
    };
    let lines: Vec<&Line> = lines.iter().filter(|line| !is_blank(line)).collect();
    let is_changed = |at: usize| lines.get(at).is_some_and(|line| matches!(line, Line::Changed(_)));
    let mut folded = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if is_changed(at) || is_changed(at + 1) || (at > 0 && is_changed(at - 1)) {
            folded.push(Some((*line).clone()));
        } else if folded.last().is_none_or(Option::is_some) {
            folded.push(None);
        }
    }
    folded
}

/// The marks stand with colour, too: a strike-through is not seen on every terminal.
fn piece(piece: &Piece, paint: Paint) -> String {
    match piece {
        Piece::Same(text) => harmless(text),
        Piece::Old(text) => paint.old(&format!("[-{}-]", harmless(text))),
        Piece::New(text) => paint.fresh(&format!("{{+{}+}}", harmless(text))),
    }
}

/// The machine document.
pub fn json(plan: &Plan) -> String {
    format!("{}\n", serde_json::to_string_pretty(plan).unwrap_or_default())
}
