//! The text of a file that is not there yet: keys in one order, then the body.

use std::fmt::Write as _;

use crate::book::quoted;
use crate::config::{Author, Config};
use crate::html::{self, Body, Verify, splice::Names};
use crate::intercom::model::{AdminId, Article, CollectionId, GroupContent};
use crate::live::Live;

/// Whether the ids of a workspace are in its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileIds {
    /// They do.
    Written,
    /// They do not: the local Help Center keeps its own.
    LeftOut,
}

/// Which file of an article it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// The one in the default locale.
    Article(FileIds),
    /// A translation of one that has this author.
    Translation(Option<AdminId>),
}

/// The file of an article. `settings` are the lines for what it is beside its text.
pub(super) fn article(
    article: &Article,
    (body, look): (Body, Verify),
    settings: &str,
    (live, config): (&Live, &Config),
    kind: Kind,
    names: Names<'_>,
) -> String {
    let mut text = String::from("---\n");
    let title = article.title.trim();
    let mut key = |name: &str, value: &str| {
        let _ = writeln!(text, "{name}: {value}");
    };
    key("title", &quoted(title));
    if let Some(description) = article.description.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        key("description", &quoted(description));
    }
    key("state", &article.state.to_string());
    let same = matches!(kind, Kind::Translation(author) if author == article.author_id);
    let written = article.author_id.filter(|_| !same).and_then(|id| author(live, id, config.author.as_ref()));
    if let Some(author) = written {
        key("author", &author);
    }
    text.push_str(settings);
    let mut key = |name: &str, value: &str| {
        let _ = writeln!(text, "{name}: {value}");
    };
    if matches!(kind, Kind::Article(FileIds::Written)) {
        key("id", &article.id.to_string());
    }
    text.push_str("---\n");
    let markdown = html::fresh(body, names, look);
    if !markdown.is_empty() {
        text.push('\n');
        text.push_str(&with_own_heading(&markdown, title));
    }
    text
}

/// The `_index.md` of a collection.
pub(super) fn index(collection: &GroupContent, id: CollectionId, ids: FileIds) -> String {
    let mut text = format!("---\ntitle: {}\n", quoted(collection.name.trim()));
    if let Some(description) = collection.description.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        let _ = writeln!(text, "description: {}", quoted(description));
    }
    if ids == FileIds::Written {
        let _ = writeln!(text, "id: {id}");
    }
    text.push_str("---\n");
    text
}

/// How a file names an author: by address, by id where there is none; not at all where everybody
/// has that author, or where nobody could be given it.
pub(super) fn author(live: &Live, id: AdminId, usual: Option<&Author>) -> Option<String> {
    let admin = live.admins.get(&id)?;
    let is_usual = match usual {
        Some(Author::Id(usual)) => *usual == id,
        Some(Author::Email(usual)) => admin.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(usual)),
        None => false,
    };
    (!is_usual).then(|| admin.email.clone().unwrap_or_else(|| id.to_string()))
}

/// A body that begins with a heading that is the title: written as HTML, it is not taken for the
/// title and left out.
fn with_own_heading(markdown: &str, title: &str) -> String {
    let (first, rest) = markdown.split_once('\n').unwrap_or((markdown, ""));
    let Some((signs, text)) = first.split_once(' ') else { return markdown.to_owned() };
    let is_heading = !signs.is_empty() && signs.chars().all(|c| c == '#');
    if !is_heading || text != title {
        return markdown.to_owned();
    }
    let level = signs.len();
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    format!("<h{level}>{escaped}</h{level}>\n{rest}")
}
