//! A plan in the terminal, for a person to read before anything is done.
//!
//! Each article shows its fields `old -> new` and its body in words; of a text that did not change
//! only what is beside a change. On a terminal long lines are broken between words; in a pipe a
//! line is a line. Everything reads without colour.

use super::groups::{self, Entry};
use super::paint::{Paint, Verbosity};
use super::wrap::{self, Piece, Tone};
use crate::html::diff::{self, Diff};
use crate::plan::{Action, Drift, FieldChange, LocaleChange, Plan};
use crate::text::one_line;

/// How many lines of a body are shown at most, unless texts are asked for in full.
const LONGEST_BODY: usize = 40;

/// What is said of two texts whose Markdown is the same.
pub(super) const READS_SAME: &str = "the words are the same; empty lines or the ids of headings differ";

/// How many unchanged lines are before and after a change.
const AROUND: usize = 1;

/// How a text for a person looks where it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// With or without colour.
    pub paint: Paint,
    /// How much is shown.
    pub verbosity: Verbosity,
    /// How many columns there are; none in a pipe, where nothing is broken.
    pub width: Option<usize>,
    /// The options that commands in hints name, each with a space behind it.
    pub options: String,
}

impl Look {
    /// A line that starts after some spaces.
    fn line(&self, indent: usize, pieces: &[Piece]) -> String {
        wrap::line(indent, pieces, self.paint, self.width)
    }

    /// A sentence, with its commands as they are to be typed here.
    fn sentence(&self, text: &str) -> Piece {
        Tone::Plain.piece(one_line(text).replace("`helpbook ", &format!("`helpbook {}", self.options)))
    }

    fn is_full(&self) -> bool {
        self.verbosity == Verbosity::Verbose
    }
}

/// The whole plan as text, ending with its summary.
pub fn text(plan: &Plan, look: &Look) -> String {
    let mut out = String::new();
    for (group, entries) in groups::groups(plan) {
        let subtitle = Tone::Dim.piece(format!("({})", group.subtitle()));
        out += &look.line(0, &[Tone::Bold.piece(group.title()), Tone::Plain.piece(" "), subtitle]);
        out.push('\n');
        for entry in entries {
            heading(&mut out, &entry, look);
            entry.parts.iter().for_each(|part| self::part(&mut out, &entry, part, look));
            out.push('\n');
        }
    }
    for note in &plan.notes {
        out += &look.line(0, &[Tone::Odd.piece("note"), Tone::Plain.piece(": "), look.sentence(note)]);
        out.push('\n');
    }
    for line in groups::summary(plan).lines() {
        out += &look.line(0, &[look.sentence(line)]);
    }
    out
}

fn heading(out: &mut String, entry: &Entry<'_>, look: &Look) {
    let sign = match entry.action() {
        Action::Create | Action::Adopt | Action::Publish => Tone::Fresh,
        Action::Update | Action::Move | Action::Drift | Action::Orphan => Tone::Odd,
        Action::Unpublish | Action::Delete | Action::Blocked => Tone::Bad,
    };
    // What comes after a break starts below the path.
    let pieces = [
        Tone::Bold.piece(one_line(entry.change.subject.path())),
        Tone::Plain.piece(one_line(&format!(" \"{}\" ", entry.change.title))),
        Tone::Dim.piece(format!("({}: {})", entry.verb(), entry.what())),
    ];
    let line = look.line(4, &pieces);
    *out += &format!("  {} {}", sign.piece(entry.sign()).painted(look.paint), line.trim_start());
    if let Some(figures) = entry.figures() {
        *out += &look.line(6, &[Tone::Dim.piece(format!("read: {figures}"))]);
    }
    for (place, address) in entry.addresses() {
        *out += &look.line(6, &[Tone::Dim.piece(format!("{place}: {}", one_line(address)))]);
    }
}

/// What happens to a change in one locale.
fn part(out: &mut String, entry: &Entry<'_>, part: &LocaleChange, look: &Look) {
    if !entry.change.is_own(part) {
        let title = Tone::Plain.piece(one_line(&format!(" \"{}\" ", part.title)));
        let path = Tone::Dim.piece(one_line(&format!("({})", part.path)));
        *out += &look.line(4, &[Tone::Bold.piece(one_line(&part.locale.0)), title, path]);
    }
    if let Some(blocked) = &part.blocked {
        *out += &look.line(6, &[look.sentence(&blocked.reason)]);
        if let Some(by) = Entry::blocked_by(part) {
            *out += &look.line(6, &[look.sentence(&by)]);
        }
    }
    for field in &part.fields {
        field_of(out, entry, part, field, look);
    }
    if entry.is_new(part) && !look.is_full() {
        let lines = part.body.len();
        *out += &format!("      text: {lines} line{}, all new\n", if lines == 1 { "" } else { "s" });
    } else {
        body(out, &part.body, look);
    }
    if let Some(drift) = &part.drift {
        drifted(out, entry, part, drift, look);
    }
    for note in &part.notes {
        *out += &look.line(6, &[look.sentence(note)]);
    }
    if let Some(blocked) = &part.blocked {
        hint(out, &blocked.hint, look);
    }
}

fn field_of(out: &mut String, entry: &Entry<'_>, part: &LocaleChange, field: &FieldChange, look: &Look) {
    let label = entry.label(field.field);
    if entry.is_first(part, field) {
        let pieces = [Tone::Plain.piece(format!("{label}: ")), Tone::Fresh.piece(shown(&field.new))];
        *out += &look.line(6, &pieces);
    } else {
        labelled(out, label, field, look);
    }
}

/// A field, old and new, by its own name.
pub(super) fn field(out: &mut String, field: &FieldChange, look: &Look) {
    labelled(out, field.field.name(), field, look);
}

fn labelled(out: &mut String, label: &str, field: &FieldChange, look: &Look) {
    let label = Tone::Plain.piece(format!("{label}: "));
    let (old, new) = (Tone::Old.piece(shown(&field.old)), Tone::Fresh.piece(shown(&field.new)));
    *out += &look.line(6, &[label, old, Tone::Plain.piece(" -> "), new]);
}

fn shown(text: &str) -> String {
    if text.is_empty() { "(none)".to_owned() } else { one_line(text) }
}

/// What was changed in Intercom only: the docs' side is the old one here.
fn drifted(out: &mut String, entry: &Entry<'_>, part: &LocaleChange, drift: &Drift, look: &Look) {
    *out += &look.line(6, &[look.sentence(&Entry::left_alone(drift))]);
    for field in &drift.changes {
        field_of(out, entry, part, field, look);
    }
    body(out, &drift.body, look);
    if let Some(reason) = &drift.publish_blocked_by {
        *out += &look.line(6, &[look.sentence(&format!("not published: {reason}"))]);
    }
    hint(out, &entry.what_to_do(part, drift), look);
}

fn hint(out: &mut String, text: &str, look: &Look) {
    *out += &look.line(6, &[Tone::Bold.piece("hint"), Tone::Plain.piece(": "), look.sentence(text)]);
}

/// The changed lines of a text, in words.
pub(super) fn body(out: &mut String, body: &Diff, look: &Look) {
    if body.is_empty() {
        return;
    }
    if body.reads_same() {
        *out += &look.line(6, &[Tone::Plain.piece(format!("text: {READS_SAME}"))]);
        return;
    }
    let lines = body.lines();
    let folded = if look.is_full() { lines.iter().map(Shown::Line).collect() } else { folded(&lines, AROUND) };
    let longest = if look.is_full() { usize::MAX } else { LONGEST_BODY };
    out.push_str("      text:\n");
    for line in folded.iter().take(longest) {
        let pieces = match line {
            Shown::Folded(count) => vec![Tone::Dim.piece(unchanged(*count))],
            Shown::Line(diff::Line::Same(text)) => vec![Tone::Dim.piece(one_line(text))],
            Shown::Line(diff::Line::Changed(pieces)) => pieces.iter().map(piece).collect(),
        };
        *out += &look.line(8, &pieces);
    }
    let hidden: usize = folded.iter().skip(longest).map(Shown::lines).sum();
    if hidden > 0 {
        *out += &look.line(8, &[Tone::Dim.piece(format!("... {hidden} more lines; `-v` shows them"))]);
    }
}

/// What replaces lines that did not change.
pub(super) fn unchanged(count: usize) -> String {
    format!("... {count} unchanged line{} ...", if count == 1 { "" } else { "s" })
}

/// A line of a body, or how many are left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shown<'l> {
    Line(&'l diff::Line<&'l str>),
    Folded(usize),
}

impl Shown<'_> {
    fn lines(&self) -> usize {
        match self {
            Shown::Line(_) => 1,
            Shown::Folded(count) => *count,
        }
    }
}

/// The changed lines with some unchanged ones before and after; the others as their number. Blank
/// lines are left out and not counted, and a single line is shown rather than left out.
pub(super) fn folded<'l>(lines: &'l [diff::Line<&'l str>], around: usize) -> Vec<Shown<'l>> {
    let is_blank = |line: &diff::Line<&str>| match line {
        diff::Line::Same(text) => text.trim().is_empty(),
        diff::Line::Changed(pieces) => pieces.iter().all(|piece| match piece {
            diff::Piece::Same(text) | diff::Piece::Old(text) | diff::Piece::New(text) => text.trim().is_empty(),
        }),
    };
    let lines: Vec<&diff::Line<&str>> = lines.iter().filter(|line| !is_blank(line)).collect();
    let is_changed = |line: &&diff::Line<&str>| matches!(line, diff::Line::Changed(_));
    let is_near = |at: usize| {
        let (from, to) = (at.saturating_sub(around), (at + around + 1).min(lines.len()));
        lines[from..to].iter().any(is_changed)
    };
    let mut folded = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let far = (at..lines.len()).take_while(|at| !is_near(*at)).count();
        folded.push(if far > 1 { Shown::Folded(far) } else { Shown::Line(line) });
        at += far.max(1);
    }
    folded
}

/// The marks are with colour, too: a strike-through is not seen on every terminal.
fn piece(piece: &diff::Piece<&str>) -> Piece {
    match piece {
        diff::Piece::Same(text) => Tone::Plain.piece(one_line(text)),
        diff::Piece::Old(text) => Tone::Old.piece(format!("[-{}-]", one_line(text))),
        diff::Piece::New(text) => Tone::Fresh.piece(format!("{{+{}+}}", one_line(text))),
    }
}

/// The machine document.
pub fn json(plan: &Plan) -> String {
    format!("{}\n", serde_json::to_string_pretty(plan).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::diff::words;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        let look = Look { paint: Paint::Plain, verbosity: Verbosity::Normal, width: None, options: String::new() };
        let mut out = String::new();
        body(&mut out, &words(old, new), &look);
        assert_eq!(out.replace("        ", ""), format!("      text:\n{expected}"));
    }

    #[test]
    fn unchanged_lines_are_folded_and_counted() {
        check(
            "a\n\nb\n\nc\n\nd\n\ne\n\nf\n\ng",
            "a\n\nb\n\nc\n\nx y\n\ne\n\nf\n\ng",
            "... 2 unchanged lines ...\nc\n[-d-]\n{+x y+}\ne\n... 2 unchanged lines ...\n",
        );
    }

    #[test]
    fn a_single_line_is_not_folded() {
        check("a\nb\nc", "a\nb\nx", "a\nb\n[-c-]\n{+x+}\n");
    }

    #[test]
    fn of_a_long_text_the_number_of_lines_that_are_left_out_is_told() {
        let new: String = (0..50).map(|at| format!("line {at}\n")).collect();
        let look = Look { paint: Paint::Plain, verbosity: Verbosity::Normal, width: None, options: String::new() };
        let mut out = String::new();
        body(&mut out, &words("", &new), &look);
        assert!(out.ends_with("{+line 39+}\n        ... 10 more lines; `-v` shows them\n"), "{out}");
    }

    #[test]
    fn a_command_names_the_options_of_this_session() {
        let look =
            Look { paint: Paint::Plain, verbosity: Verbosity::Normal, width: Some(40), options: "--local ".to_owned() };
        let mut out = String::new();
        hint(&mut out, "run `helpbook pull a.md` to take it into the file", &look);
        assert_eq!(out, "      hint: run\n      `helpbook --local pull a.md` to\n      take it into the file\n");
    }
}
