//! What happened to articles: a line for each version and commit, or one JSON document.
//!
//! A line has the time, the version, what became of it, what it changed in words, and who made it, how. With more
//! asked for, the difference is below it as a plan shows one.

use serde_json::json;

use super::plan::{Look, body, field};
use super::wrap::{self, Tone};
use crate::git::short;
use crate::history::{Entry, Source, Standing, Summary, Text, Via};
use crate::plan::Field;
use crate::text::one_line;

/// What a line says of where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing: all are of one text.
    Left,
    /// The locale.
    Locale,
    /// The file, or the article's id and title; and the locale where there are several.
    File(Locales),
}

/// How many locales a project has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locales {
    /// One.
    One,
    /// Several.
    Several,
}

/// Whether differences are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Only their numbers.
    Numbers,
    /// In words.
    Words,
}

/// The list for a person, newest first.
pub fn text(entries: &[Entry], place: Place, detail: Detail, look: &Look) -> String {
    let longest = |length: &dyn Fn(&Entry) -> usize| entries.iter().map(length).max().unwrap_or_default();
    let of_name = |entry: &Entry| name(entry).chars().count();
    let of_place = |entry: &Entry| self::place(entry, place).chars().count();
    let of_state = |entry: &Entry| state(entry).len();
    let of_change = |entry: &Entry| change(&entry.summary).chars().count();
    let widths = [longest(&of_name), longest(&of_place).min(50), longest(&of_state), longest(&of_change).min(30)];
    let mut out = String::new();
    for entry in entries {
        out += &line(entry, place, widths, look);
        if detail == Detail::Words {
            entry.difference.fields.iter().for_each(|change| field(&mut out, change, look));
            body(&mut out, &entry.difference.body, look);
        }
    }
    out
}

fn line(entry: &Entry, place: Place, widths: [usize; 4], look: &Look) -> String {
    let [of_name, of_place, of_state, of_change] = widths;
    let padded = |text: &str, width: usize| format!("{text:<width$}  ");
    let mut pieces = vec![Tone::Plain.piece(format!("{}  ", entry.created_at.strftime("%Y-%m-%d %H:%M")))];
    pieces.push(Tone::Bold.piece(padded(name(entry), of_name)));
    if of_place > 0 {
        pieces.push(Tone::Plain.piece(padded(&self::place(entry, place), of_place)));
    }
    if of_state > 0 {
        let tone = match entry.state {
            Some(Standing::Live) => Tone::Fresh,
            Some(Standing::Staged) => Tone::Odd,
            Some(Standing::WasLive) | None => Tone::Dim,
        };
        pieces.push(tone.piece(padded(state(entry), of_state)));
    }
    pieces.push(Tone::Plain.piece(padded(&change(&entry.summary), of_change)));
    pieces.push(Tone::Plain.piece(origin(entry)));
    wrap::line(0, &pieces, look.paint, look.width)
}

/// The version's id, or the first digits of the commit's.
fn name(entry: &Entry) -> &str {
    match entry.source {
        Source::Intercom => &entry.id,
        Source::Git => short(&entry.id),
    }
}

fn place(entry: &Entry, place: Place) -> String {
    let file = || match (&entry.path, entry.article) {
        (Some(path), _) => one_line(path.as_str()).to_string(),
        (None, Some(id)) => format!("{id} {}", one_line(&entry.title)),
        (None, None) => one_line(&entry.title).to_string(),
    };
    match place {
        Place::Left => String::new(),
        Place::Locale => entry.locale.to_string(),
        Place::File(Locales::One) => file(),
        Place::File(Locales::Several) => format!("{} ({})", file(), entry.locale),
    }
}

fn state(entry: &Entry) -> &'static str {
    match entry.state {
        Some(Standing::Live) => "live",
        Some(Standing::Staged) => "staged",
        Some(Standing::WasLive) => "was live",
        None => "",
    }
}

/// `+12 −3, title, state`: words of the text, then the other fields.
fn change(summary: &Summary) -> String {
    let Summary { added, removed, fields } = summary;
    let words = match (added, removed) {
        (0, 0) if fields.contains(&Field::Body) => Some("layout".to_owned()),
        (0, 0) => None,
        (added, 0) => Some(format!("+{added}")),
        (0, removed) => Some(format!("−{removed}")),
        (added, removed) => Some(format!("+{added} −{removed}")),
    };
    let others = fields.iter().filter(|field| **field != Field::Body).map(|field| field.name().to_owned());
    let parts: Vec<String> = words.into_iter().chain(others).collect();
    if parts.is_empty() { "no change".to_owned() } else { parts.join(", ") }
}

/// Who made it, how, and what else it says.
fn origin(entry: &Entry) -> String {
    let via = match (entry.via, &entry.commit) {
        (Via::Editor, _) => "editor".to_owned(),
        (Via::Api, _) => "API".to_owned(),
        (Via::Helpbook, Some(commit)) => format!("helpbook, from commit {}", short(commit)),
        (Via::Helpbook, None) => "helpbook".to_owned(),
        (Via::Git, _) => "Git".to_owned(),
        (Via::Other, _) => "Intercom".to_owned(),
    };
    let mut text = format!("{} ({via})", one_line(&entry.by.name));
    if let Some(message) = &entry.message {
        text += &format!(" {}", one_line(message));
    }
    if let Some(from) = &entry.moved_from {
        text += &format!("; moved from {}", one_line(from.as_str()));
    }
    if let Some(other) = &entry.restores {
        let other = if entry.source == Source::Git { short(other) } else { other };
        text += &format!("; restores {other}");
    }
    text
}

/// The list as one JSON document.
pub fn json(entries: &[Entry]) -> String {
    let document = json!({ "format_version": 1, "versions": entries });
    format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default())
}

/// One version as one JSON document.
pub fn version_json(id: &str, text: &Text) -> String {
    let document = json!({
        "format_version": 1,
        "id": id,
        "title": text.title,
        "description": text.description,
        "markdown": text.markdown,
    });
    format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::history::{By, Difference};
    use crate::html::diff::words;
    use crate::intercom::model::Locale;
    use crate::report::{Paint, Verbosity};

    fn entry(id: &str, source: Source) -> Entry {
        let difference = Difference { fields: Vec::new(), body: words("Nine days.", "Ten days.") };
        Entry {
            id: id.to_owned(),
            source,
            created_at: Timestamp::from_second(1_734_537_292).unwrap(),
            by: By { id: None, name: "Ada\u{1b}[2J\nX".to_owned() },
            via: if source == Source::Git { Via::Git } else { Via::Editor },
            commit: None,
            article: None,
            path: None,
            locale: Locale::english(),
            state: (source == Source::Intercom).then_some(Standing::Live),
            title: "Refunds".to_owned(),
            summary: difference.summary(),
            restores: None,
            message: None,
            moved_from: None,
            difference,
        }
    }

    #[test]
    fn versions_and_commits_are_in_columns_and_nothing_steers_the_terminal() {
        let look = Look { paint: Paint::Plain, verbosity: Verbosity::Normal, width: None, options: String::new() };
        let commit = Entry { message: Some("Ten".to_owned()), ..entry("1a2b3c4d5e6f", Source::Git) };
        let version = Entry { restores: Some("7100001".to_owned()), ..entry("7100003", Source::Intercom) };
        let shown = text(&[version, commit], Place::Left, Detail::Words, &look);
        insta::assert_snapshot!(shown, @r"
        2024-12-18 15:54  7100003  live  +1 −1  Ada�[2J↵X (editor); restores 7100001
              text:
                [-Nine-]{+Ten+} days.
        2024-12-18 15:54  1a2b3c4        +1 −1  Ada�[2J↵X (Git) Ten
              text:
                [-Nine-]{+Ten+} days.
        ");
    }
}
