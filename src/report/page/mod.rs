//! A plan as one HTML page: the list of changes, and of each article both sides as they look.
//!
//! The page is self-contained. It has no script, loads nothing and sends nothing, and its policy forbids
//! both. Titles, names, notes and bodies are strangers' text: bodies are read into the tree again,
//! also those of a plan that was saved, every text is escaped in one place, and none of it becomes a
//! tag, an attribute's name or an address that leads anywhere. So there is nothing to filter
//! afterwards.

mod body;

use std::fmt::Write as _;

use self::body::{Body, Side};
use super::MARKER;
use super::groups::{self, Entry, Group};
use crate::html::block_diff::{self, Row};
use crate::html::{self};
use crate::plan::{BodyPair, Change, Drift, FieldChange, LocaleChange, Plan, Summary};
use crate::text::{capitalized, harmless};

const STYLE: &str = include_str!("page.css");

/// The style of what [`difference`] writes, below an element of the class `difference`.
pub const DIFFERENCE_STYLE: &str = include_str!("difference.css");

/// How many unchanged blocks are before and after a change.
const AROUND: usize = 1;

/// The plan as a page.
pub fn page(plan: &Plan) -> String {
    let groups = groups::groups(plan);
    let mut out = format!(
        "<!doctype html>\n{MARKER}\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <title>Plan for {}</title>\n<style>\n{DIFFERENCE_STYLE}{STYLE}</style>\n</head>\n<body class=\"difference\">\n",
        escaped(&plan.help_center)
    );
    out.push_str("<a class=\"skip\" href=\"#changes\">Skip to the changes</a>\n");
    head(&mut out, plan);
    out.push_str("<div class=\"frame\">\n");
    contents(&mut out, &groups);
    out.push_str("<main id=\"changes\">\n");
    let mut number = 0;
    for (group, entries) in &groups {
        let _ =
            writeln!(out, "<section class=\"group\"><h2>{} <small>({})</small></h2>", group.title(), group.subtitle());
        for entry in entries {
            number += 1;
            change(&mut out, entry, number);
        }
        out.push_str("</section>\n");
    }
    out.push_str("</main>\n</div>\n</body>\n</html>\n");
    out
}

/// A text in which nothing is a tag, ends an attribute or steers anything.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in harmless(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A sentence in which backticks set code.
fn sentence(text: &str) -> String {
    let parts: Vec<String> = text.split('`').map(escaped).collect();
    // An odd number of backticks sets nothing.
    if parts.len().is_multiple_of(2) {
        return parts.join("`");
    }
    let part = |(at, part): (usize, &String)| if at % 2 == 1 { format!("<code>{part}</code>") } else { part.clone() };
    parts.iter().enumerate().map(part).collect()
}

fn head(out: &mut String, plan: &Plan) {
    let _ = writeln!(
        out,
        "<header class=\"head\"><h1>Plan for the Help Center {}</h1>\n<p>{}, by helpbook {}. Nothing of it is done yet.</p>",
        escaped(&plan.help_center),
        sentence(&groups::made(plan)),
        escaped(&plan.helpbook),
    );
    let Summary { create, adopt, update, publish, unpublish, delete, blocked, drift, orphans, unchanged, no_file } =
        plan.summary;
    if plan.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", sentence(&groups::nothing_to_do(plan)));
    }
    out.push_str("<ul class=\"counts\">");
    for (count, what, class) in [
        (blocked, "blocked", "warn"),
        (unpublish, "to unpublish", "warn"),
        (delete, "to delete", "warn"),
        (create, "to create", ""),
        (adopt, "to adopt", ""),
        (update, "to update", ""),
        (publish, "to publish", ""),
        (drift, "changed in Intercom", ""),
        (orphans, "no file here", ""),
        (unchanged, "unchanged", ""),
        (no_file, "only in Intercom", ""),
    ] {
        if count > 0 {
            let _ = write!(out, "<li class=\"{class}\"><b>{count}</b> {what}</li>");
        }
    }
    out.push_str("</ul>\n");
    if !plan.notes.is_empty() {
        out.push_str("<ul class=\"remarks\">");
        plan.notes.iter().for_each(|note| {
            let _ = write!(out, "<li>{}</li>", sentence(note));
        });
        out.push_str("</ul>\n");
    }
    out.push_str("</header>\n");
}

fn contents(out: &mut String, groups: &[(Group, Vec<Entry<'_>>)]) {
    out.push_str("<nav class=\"contents\" aria-label=\"Changes\">\n");
    let mut number = 0;
    for (group, entries) in groups {
        let _ = writeln!(out, "<h2>{} ({})</h2>\n<ul>", group.title(), entries.len());
        for entry in entries {
            number += 1;
            let _ = writeln!(
                out,
                "<li><a href=\"#c{number}\"><span class=\"sign\" aria-hidden=\"true\">{}</span><bdi>{}</bdi></a></li>",
                escaped(entry.sign()),
                escaped(&entry.change.title),
            );
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</nav>\n");
}

fn change(out: &mut String, entry: &Entry<'_>, number: usize) {
    let _ = writeln!(
        out,
        "<article class=\"change\" id=\"c{number}\"><h3><span class=\"sign\" aria-hidden=\"true\">{}</span><bdi>{}</bdi></h3>\n\
         <p class=\"about\"><code>{}</code> {}, {}</p>",
        escaped(entry.sign()),
        escaped(&entry.change.title),
        escaped(entry.change.subject.path()),
        entry.verb(),
        entry.what(),
    );
    if let Some(figures) = entry.figures() {
        let _ = writeln!(out, "<p class=\"about\">Read: {}</p>", escaped(&figures));
    }
    let addresses = entry.addresses();
    if !addresses.is_empty() {
        out.push_str("<ul class=\"addresses\">");
        for (place, address) in addresses {
            // What it leads to is what it shows.
            let shown = escaped(address);
            let _ = write!(out, "<li>{place}: <a href=\"{shown}\" rel=\"noopener noreferrer\">{shown}</a></li>");
        }
        out.push_str("</ul>\n");
    }
    entry.parts.iter().for_each(|part| self::part(out, entry, part));
    out.push_str("</article>\n");
}

/// What a change does in one of its locales, as a part of a page: its fields, and both sides of its text. It
/// is HTML in which nothing of a text is markup.
pub fn difference(change: &Change, part: &LocaleChange) -> String {
    let entry = Entry::of(change, part);
    let mut out = String::new();
    what_happens(&mut out, &entry, part);
    out
}

/// What happens to a change in one locale, with its name.
fn part(out: &mut String, entry: &Entry<'_>, part: &LocaleChange) {
    if !entry.change.is_own(part) {
        let _ = writeln!(
            out,
            "<h4 class=\"locale\"><b>{}</b> <bdi>{}</bdi> <code>{}</code></h4>",
            escaped(&part.locale.0),
            escaped(&part.title),
            escaped(part.path.as_str())
        );
    }
    what_happens(out, entry, part);
}

fn what_happens(out: &mut String, entry: &Entry<'_>, part: &LocaleChange) {
    if let Some(blocked) = &part.blocked {
        let _ = write!(out, "<div class=\"note blocked\"><p><b>Blocked:</b> {}</p>", sentence(&blocked.reason));
        if let Some(by) = Entry::blocked_by(part) {
            let _ = write!(out, "<p>{}</p>", escaped(&by));
        }
        let _ = writeln!(out, "<p><b>Hint:</b> {}</p></div>", sentence(&blocked.hint));
    }
    fields(out, entry, part, &part.fields);
    if entry.is_new(part) {
        all_new(out, &part.sides);
    } else {
        let names = if part.blocked.is_some() { ["In Intercom", "In the docs"] } else { ["As it is", "As it will be"] };
        both(out, &part.sides, names);
    }
    if let Some(drift) = &part.drift {
        drifted(out, entry, part, drift);
    }
    if !part.notes.is_empty() {
        out.push_str("<div class=\"note\">");
        part.notes.iter().for_each(|note| {
            let _ = write!(out, "<p>{}</p>", sentence(note));
        });
        out.push_str("</div>\n");
    }
}

fn fields(out: &mut String, entry: &Entry<'_>, part: &LocaleChange, fields: &[FieldChange]) {
    if fields.is_empty() {
        return;
    }
    let shown = |tag: &str, text: &str| match text {
        "" => "<span class=\"nothing\">nothing</span>".to_owned(),
        text => format!("<{tag}><bdi>{}</bdi></{tag}>", escaped(text)),
    };
    out.push_str("<dl class=\"fields\">");
    for field in fields {
        let _ = write!(out, "<dt>{}</dt><dd>", entry.label(field.field));
        let _ = if entry.is_first(part, field) {
            write!(out, "{}</dd>", escaped(&field.new))
        } else {
            write!(out, "{} → {}</dd>", shown("del", &field.old), shown("ins", &field.new))
        };
    }
    out.push_str("</dl>\n");
}

/// What was changed in Intercom only: the docs' side is the old one here.
fn drifted(out: &mut String, entry: &Entry<'_>, part: &LocaleChange, drift: &Drift) {
    let _ = writeln!(out, "<div class=\"note\"><p>{}</p>", escaped(&capitalized(&Entry::left_alone(drift))));
    if let Some(reason) = &drift.publish_blocked_by {
        let _ = writeln!(out, "<p>Not published: {}</p>", sentence(reason));
    }
    let _ = writeln!(out, "<p><b>Hint:</b> {}</p></div>", sentence(&entry.what_to_do(part, drift)));
    fields(out, entry, part, &drift.changes);
    both(out, &drift.sides, ["In the docs", "In Intercom"]);
}

/// A text of which nothing is there yet.
fn all_new(out: &mut String, sides: &BodyPair) {
    let body = html::parse(&sides.new);
    if body.blocks.is_empty() {
        return;
    }
    let count = body.blocks.len();
    let plural = if count == 1 { "" } else { "s" };
    let _ = write!(
        out,
        "<div class=\"sides single\"><details class=\"new\" open><summary>The text, {count} block{plural}, all new</summary>"
    );
    let nothing = html::Body::default();
    cell(out, Side::Alone, sides, None, block_diff::compare(&nothing, &body).iter().filter_map(|row| row.new.as_ref()));
    out.push_str("</details></div>\n");
}

/// A body on both sides.
fn both(out: &mut String, sides: &BodyPair, names: [&str; 2]) {
    if sides.is_empty() {
        return;
    }
    let (old, new) = (html::parse(&sides.old), html::parse(&sides.new));
    let rows = block_diff::compare(&old, &new);
    let _ = writeln!(
        out,
        "<div class=\"sides\"><div class=\"names\" aria-hidden=\"true\"><div>{}</div><div>{}</div></div>",
        names[0], names[1]
    );
    let is_near = |at: usize| {
        let (from, to) = (at.saturating_sub(AROUND), (at + AROUND + 1).min(rows.len()));
        rows[from..to].iter().any(|row| !row.is_same())
    };
    let mut at = 0;
    while at < rows.len() {
        let far = (at..rows.len()).take_while(|at| !is_near(*at)).count();
        if far == 0 {
            row(out, sides, names, &rows[at]);
            at += 1;
            continue;
        }
        let plural = if far == 1 { "" } else { "s" };
        let _ = write!(out, "<details class=\"fold\"><summary>{far} unchanged block{plural}</summary>");
        cell(out, Side::Alone, sides, None, rows[at..at + far].iter().filter_map(|row| row.new.as_ref()));
        out.push_str("</details>\n");
        at += far;
    }
    out.push_str("</div>\n");
}

fn row(out: &mut String, sides: &BodyPair, names: [&str; 2], row: &Row<'_>) {
    let class = if row.is_same() { "same" } else { "changed" };
    let _ = write!(out, "<div class=\"row {class}\">");
    cell(out, Side::Old, sides, Some(names[0]), row.old.iter());
    cell(out, Side::New, sides, Some(names[1]), row.new.iter());
    out.push_str("</div>\n");
}

fn cell<'m, 'b: 'm>(
    out: &mut String,
    side: Side,
    sides: &BodyPair,
    name: Option<&str>,
    blocks: impl Iterator<Item = &'m html::block_diff::Marked<'b>>,
) {
    let body = Body { side, pictures: &sides.pictures };
    let mut shown = String::new();
    blocks.for_each(|block| body.block(&mut shown, block));
    let empty = if shown.is_empty() { " empty" } else { "" };
    let label = name.map_or_else(String::new, |name| format!(" role=\"group\" aria-label=\"{name}\""));
    let _ = write!(out, "<div class=\"side{empty}\" dir=\"auto\"{label}>{shown}</div>");
}

#[cfg(test)]
mod tests;
