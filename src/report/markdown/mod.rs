//! A plan as the Markdown of a comment on a pull request.
//!
//! The summary comes first, with what is blocked and what goes offline by name; then one section
//! for each article, which opens. A comment holds 65,536 characters. So sections are added whole
//! until it is full: first come those that matter most, those after them are named in one line each,
//! and what is left out after that is counted. No block is ever cut. Text from the docs or from
//! Intercom is a stranger's, and takes no effect ([`quote`]).

pub(in crate::report) mod quote;

use std::fmt::Write as _;

use self::quote::{code, fenced, html, one_line, prose, sentence};
use super::MARKER;
use super::groups::{self, Entry, Group};
use super::plan::{READS_SAME, Shown, folded, unchanged};
use super::wrap;
use crate::html::diff::{self, Diff, Piece};
use crate::plan::{Drift, FieldChange, LocaleChange, Plan, Summary};

/// What a comment may hold: GitHub takes 65,536 characters. Counted in the units of UTF-16, which are
/// never fewer than characters.
const LIMIT: usize = 65_000;

/// What a part of it may hold at most, in the same units.
const LONGEST_SECTION: usize = 16_000;
const LONGEST_LINE: usize = 1_500;
const LONGEST_VALUE: usize = 600;

/// How many articles are named at once in each list of the summary.
const NAMED: usize = 10;

/// How many changes a comment has at most that shows them at once.
const FEW: usize = 3;

/// How many characters of a line fit into a comment; GitHub does not break what is in a fence.
const WIDTH: usize = 88;

/// How many characters of unchanged words are before and after a change.
const AROUND_WORDS: usize = 30;

/// How many unchanged lines are before and after a change.
const AROUND: usize = 2;

/// The plan as Markdown.
pub fn markdown(plan: &Plan) -> String {
    let groups = groups::groups(plan);
    let mut out = head(plan, &groups);
    let end = "\nThe whole plan, with both sides of every article, is in the HTML report.\n";
    let count: usize = groups.iter().map(|(_, entries)| entries.len()).sum();
    let fold = if count <= FEW { Fold::Open } else { Fold::Closed };
    let sections: Vec<Section> = groups.iter().flat_map(|(group, entries)| sections(*group, entries, fold)).collect();
    let all = sections.len();
    let room = LIMIT - length(&out) - length(end) - 200;
    // What is not shown whole is to have its line, as far as two fifths of the room go.
    let lines: usize = sections.iter().map(|section| length(&section.line)).sum();
    let mut left = room - lines.min(room * 2 / 5);
    let whole = sections
        .iter()
        .take_while(|section| {
            // Its line is not needed then.
            let needed = length(&section.heading) + length(&section.whole);
            let fits = needed <= left;
            left = left.saturating_sub(needed);
            fits
        })
        .count();
    for section in &sections[..whole] {
        out.push_str(&section.heading);
        out.push_str(&section.whole);
    }
    if whole < all {
        let _ = write!(out, "\n### Not shown here: {} of {all} changes\n\n", all - whole);
        let mut left = LIMIT.saturating_sub(length(&out) + length(end) + 100);
        let mut named = whole;
        for section in &sections[whole..] {
            let needed = length(&section.line);
            if needed > left {
                break;
            }
            left -= needed;
            named += 1;
            out.push_str(&section.line);
        }
        if named < all {
            let _ = writeln!(out, "- and {} more", all - named);
        }
        out.push_str(end);
    }
    out
}

/// The length of a text as GitHub counts it, or more.
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A text that is no longer than `longest`, and says so where it was.
fn shortened(text: &str, longest: usize) -> String {
    if length(text) <= longest {
        return text.to_owned();
    }
    let mut used = 0;
    let kept = text.chars().take_while(|c| {
        used += c.len_utf16();
        used <= longest
    });
    format!("{}…", kept.collect::<String>())
}

fn head(plan: &Plan, groups: &[(Group, Vec<Entry<'_>>)]) -> String {
    let mut out = format!("{MARKER}\n");
    let Summary { create, adopt, update, publish, unpublish, delete, blocked, drift, orphans, unchanged, no_file } =
        plan.summary;
    let title = if plan.is_empty() { "helpbook: no changes" } else { "helpbook: what this changes in the Help Center" };
    let _ = writeln!(out, "## {title}\n");
    let pressing = [(blocked, "blocked"), (unpublish, "to unpublish"), (delete, "to delete")];
    let others = [
        (create, "to create"),
        (adopt, "to adopt"),
        (update, "to update"),
        (publish, "to publish"),
        (drift, "changed in Intercom"),
        (orphans, "no file here"),
        (unchanged, "unchanged"),
        (no_file, "only in Intercom"),
    ];
    let pressing = pressing.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("**{count} {what}**"));
    let others = others.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    let counts: Vec<String> = pressing.chain(others).collect();
    if !counts.is_empty() {
        let _ = writeln!(out, "{}\n", counts.join(" · "));
    }
    for (group, entries) in groups {
        if matches!(group, Group::Blocked | Group::GoesOffline) {
            let _ = writeln!(out, "**{}** ({}):\n", group.title(), group.subtitle());
            for entry in entries.iter().take(NAMED) {
                let reason = entry.parts.iter().find_map(|part| part.blocked.as_ref()).map(|blocked| &blocked.reason);
                let reason = reason
                    .map_or_else(String::new, |reason| format!(": {}", sentence(&shortened(reason, LONGEST_VALUE))));
                let _ = writeln!(out, "- {}{reason}", code(&shortened(entry.change.subject.path(), 200)));
            }
            if entries.len() > NAMED {
                let _ = writeln!(out, "- and {} more", entries.len() - NAMED);
            }
            out.push('\n');
        }
    }
    for note in plan.notes.iter().take(NAMED) {
        let _ = writeln!(out, "Note: {}\n", sentence(&shortened(note, LONGEST_VALUE)));
    }
    let _ = writeln!(out, "{}", sentence(&shortened(&groups::made(plan), LONGEST_VALUE)));
    out
}

/// A change in the comment.
struct Section {
    /// The heading of its group, before its first.
    heading: String,
    /// Everything about it.
    whole: String,
    /// What it says in one line.
    line: String,
}

/// Whether a section shows what it holds before somebody opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fold {
    Open,
    Closed,
}

fn sections(group: Group, entries: &[Entry<'_>], fold: Fold) -> Vec<Section> {
    let heading = |at| match at {
        0 => format!("\n### {} ({})\n\n", group.title(), group.subtitle()),
        _ => String::new(),
    };
    entries.iter().enumerate().map(|(at, entry)| Section { heading: heading(at), ..section(entry, fold) }).collect()
}

fn section(entry: &Entry<'_>, fold: Fold) -> Section {
    let (path, title) = (shortened(entry.change.subject.path(), 200), shortened(&entry.change.title, 200));
    let (verb, what) = (entry.verb(), entry.what());
    let line = format!("- {} {} {} ({verb})\n", code(entry.sign()), code(&path), prose(&title));
    let summary = format!(
        "<details{}>\n<summary><code>{} {}</code> {} ({verb}, <code>{what}</code>)</summary>\n\n",
        if fold == Fold::Open { " open" } else { "" },
        html(entry.sign()),
        html(&path),
        html(&title)
    );
    let end = "\n</details>\n\n";
    let mut inner = Inner { out: String::new(), left: LONGEST_SECTION };
    entry.parts.iter().for_each(|part| self::part(&mut inner, entry, part));
    if let Some(figures) = entry.figures() {
        inner.add(&format!("- read: {figures}\n"));
    }
    // What it leads to is what it shows.
    let addresses = entry.addresses();
    let addresses = addresses.iter().filter(|(_, address)| length(address) <= LONGEST_VALUE);
    addresses.for_each(|(place, address)| inner.add(&format!("- {place}: <{address}>\n")));
    if inner.out.is_empty() {
        inner.out.push_str("nothing else changes\n");
    }
    Section { heading: String::new(), whole: format!("{summary}{}{end}", inner.out), line }
}

/// The text of a section, and how much more fits.
struct Inner {
    out: String,
    left: usize,
}

impl Inner {
    /// Adds a block, or says that it is left out.
    fn add(&mut self, block: &str) {
        let needed = length(block);
        if needed <= self.left {
            self.left -= needed;
            self.out.push_str(block);
        } else if self.left > 0 {
            self.left = 0;
            self.out.push_str("\n(what follows is left out here)\n");
        }
    }
}

/// What happens to a change in one locale.
fn part(inner: &mut Inner, entry: &Entry<'_>, part: &LocaleChange) {
    let short = |text: &str| shortened(text, LONGEST_VALUE);
    if !entry.change.is_own(part) {
        let title = prose(&shortened(&part.title, 200));
        inner.add(&format!("\n**{}** {title} {}\n\n", prose(&short(&part.locale.0)), code(&short(part.path.as_str()))));
    }
    if let Some(blocked) = &part.blocked {
        inner.add(&format!("- **blocked**: {}\n", sentence(&short(&blocked.reason))));
        if let Some(by) = Entry::blocked_by(part) {
            inner.add(&format!("- {}\n", prose(&short(&by))));
        }
        inner.add(&format!("- hint: {}\n", sentence(&short(&blocked.hint))));
    }
    fields(inner, entry, part, &part.fields);
    part.notes.iter().for_each(|note| inner.add(&format!("- {}\n", sentence(&short(note)))));
    body(inner, &part.body);
    if let Some(drift) = &part.drift {
        drifted(inner, entry, part, drift);
    }
}

fn fields(inner: &mut Inner, entry: &Entry<'_>, part: &LocaleChange, fields: &[FieldChange]) {
    let value = |text: &str| code(&shortened(text, LONGEST_VALUE));
    for field in fields {
        let (label, new) = (prose(entry.label(field.field)), value(&field.new));
        inner.add(&if entry.is_first(part, field) {
            format!("- {label}: {new}\n")
        } else {
            format!("- {label}: {} → {new}\n", value(&field.old))
        });
    }
}

/// What was changed in Intercom only: the docs' side is the old one here.
fn drifted(inner: &mut Inner, entry: &Entry<'_>, part: &LocaleChange, drift: &Drift) {
    let short = |text: &str| shortened(text, LONGEST_VALUE);
    inner.add(&format!("\n{}\n\n", prose(&short(&Entry::left_alone(drift)))));
    fields(inner, entry, part, &drift.changes);
    if let Some(reason) = &drift.publish_blocked_by {
        inner.add(&format!("- not published: {}\n", sentence(&short(reason))));
    }
    inner.add(&format!("- hint: {}\n", sentence(&short(&entry.what_to_do(part, drift)))));
    body(inner, &drift.body);
}

/// A body as old and new lines; words that differ have marks of their own.
fn body(inner: &mut Inner, body: &Diff) {
    if body.reads_same() {
        inner.add(&format!("- text: {READS_SAME}\n"));
        return;
    }
    let lines: Vec<String> = folded(&body.lines(), AROUND).into_iter().flat_map(lines).collect();
    if lines.is_empty() {
        return;
    }
    // The fence, and the line that says what is left out.
    let room = inner.left.saturating_sub(200);
    let mut used = 0;
    let fits = lines.iter().take_while(|line| {
        used += length(line) + 1;
        used <= room
    });
    let shown = fits.count();
    let mut block = format!("\n{}", fenced("diff", &lines[..shown]));
    // A long row of backticks makes a long fence.
    if length(&block) > inner.left {
        block = "\n(the text cannot be shown here)\n".to_owned();
    } else if shown < lines.len() {
        let _ = write!(block, "\n({} more lines of this text are left out here)\n", lines.len() - shown);
    }
    inner.add(&block);
}

fn lines(shown: Shown<'_>) -> Vec<String> {
    let line = |sign: char, text: &str| broken(sign, &shortened(&one_line(text), LONGEST_LINE));
    let pieces = match shown {
        Shown::Folded(count) => return vec![format!("@@ {} @@", unchanged(count))],
        // It only says where in the text the change is.
        Shown::Line(diff::Line::Same(text)) => return vec![format!("  {}", shortened(&one_line(text), WIDTH - 3))],
        Shown::Line(diff::Line::Changed(pieces)) => pieces,
    };
    // A line that came or went as a whole needs no marks.
    let is_whole = pieces.len() == 1;
    let side = |is_other: fn(&Piece<&str>) -> bool| {
        let last = pieces.len() - 1;
        let pieces = pieces.iter().enumerate().filter(|(_, piece)| !is_other(piece));
        pieces
            .map(|(at, piece)| match piece {
                Piece::Same(text) if at == 0 => around("", text),
                Piece::Same(text) if at == last => around(text, ""),
                Piece::Same(text) => around(text, text),
                Piece::Old(text) | Piece::New(text) if is_whole => (*text).to_owned(),
                Piece::Old(text) => format!("[-{text}-]"),
                Piece::New(text) => format!("{{+{text}+}}"),
            })
            .collect::<String>()
    };
    let old = side(|piece| matches!(piece, Piece::New(_)));
    let new = side(|piece| matches!(piece, Piece::Old(_)));
    let has_old = !pieces.iter().all(|piece| matches!(piece, Piece::New(_)));
    let has_new = !pieces.iter().all(|piece| matches!(piece, Piece::Old(_)));
    [(has_old, '-', old), (has_new, '+', new)]
        .into_iter()
        .filter(|(is_there, ..)| *is_there)
        .flat_map(|(_, sign, text)| line(sign, &text))
        .collect()
}

/// Unchanged words as far as they are near a change: the first of `after`, which follows one, and the
/// last of `before`, which comes before one. Of a text between two changes both are the same.
fn around(after: &str, before: &str) -> String {
    let text = if after.is_empty() { before } else { after };
    let ends = usize::from(!after.is_empty()) + usize::from(!before.is_empty());
    if text.chars().count() <= AROUND_WORDS * ends + 3 {
        return text.to_owned();
    }
    let words: Vec<&str> = text.split_inclusive(' ').collect();
    let near = |words: &mut dyn Iterator<Item = &&str>| {
        let mut used = 0;
        words
            .take_while(|word| {
                // The nearest one is there however long it is.
                let is_first = used == 0;
                used += word.chars().count();
                is_first || used <= AROUND_WORDS
            })
            .count()
    };
    let first = if after.is_empty() { 0 } else { near(&mut words.iter()) };
    let last = if before.is_empty() { 0 } else { near(&mut words[first..].iter().rev()) };
    let (head, tail) = (words[..first].concat(), words[words.len() - last..].concat());
    if first + last == words.len() { text.to_owned() } else { format!("{head}… {tail}") }
}

/// A line of a diff in lines that fit, each with its sign.
fn broken(sign: char, text: &str) -> Vec<String> {
    let lines = wrap::text(text, Some(WIDTH));
    if lines.is_empty() {
        vec![format!("{sign} ")]
    } else {
        lines.lines().map(|line| format!("{sign} {line}")).collect()
    }
}

#[cfg(test)]
mod tests;
