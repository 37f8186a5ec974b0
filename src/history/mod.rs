//! What happened to an article: the versions that Intercom keeps and the commits of Git, in one list.
//!
//! Both sides are values that somebody else fetched; here they are joined, compared in words with what came before
//! each, and matched with the record, which says what of them was live and which commit it came from. Nothing here
//! asks Intercom or Git, and nothing decides what is written.

mod choice;
mod known;
mod text;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::git::{FileChange, Revision};
use crate::html::HelpCenterUrls;
use crate::intercom::model::{AdminId, ArticleId, Locale, State, Version};
use crate::text::DocPath;

pub use choice::{BadDate, To, moment, was_live_by};
pub use known::{Evidence, Known};
pub use text::{Difference, Summary, Text, difference};

/// One version of an article in one locale, or one commit of its file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// The version's id, or the commit's.
    pub id: String,
    /// Who keeps it.
    pub source: Source,
    /// When it came about.
    pub created_at: Timestamp,
    /// Who made it.
    pub by: By,
    /// How it was made.
    pub via: Via,
    /// The commit that it was sent from, where the record or Git knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The article, where its id is known.
    pub article: Option<ArticleId>,
    /// Its file.
    pub path: Option<DocPath>,
    /// The locale.
    pub locale: Locale,
    /// What became of it, as far as that is known.
    pub state: Option<Standing>,
    /// The title that it has.
    pub title: String,
    /// What it changed.
    pub summary: Summary,
    /// The version or commit whose text it brought back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restores: Option<String>,
    /// The first line of the commit's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The name that the file had before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<DocPath>,
    /// What it changed, in words.
    #[serde(skip)]
    pub difference: Difference,
}

/// Who keeps a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Intercom, for ever.
    Intercom,
    /// The repository of the docs.
    Git,
}

/// Who made a version: a teammate, or the author of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct By {
    /// The teammate's id.
    pub id: Option<AdminId>,
    /// Their name.
    pub name: String,
}

/// How a version was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    /// In Intercom's editor.
    Editor,
    /// By a request, nobody knows whose.
    Api,
    /// By helpbook: the record has what was sent.
    Helpbook,
    /// As a commit.
    Git,
    /// In a way that this version of helpbook does not know.
    Other,
}

/// What became of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Customers read it now.
    Live,
    /// It waits behind the live text.
    Staged,
    /// It was live, as the record or its history in Git knows.
    WasLive,
}

/// The versions of an article in one locale, with what else is known of them.
#[derive(Clone, Copy)]
pub struct Versions<'a> {
    /// The article.
    pub id: ArticleId,
    /// The locale.
    pub locale: &'a Locale,
    /// Its file in that locale.
    pub path: Option<&'a DocPath>,
    /// The versions with their bodies, newest first. The last one may be there only to be compared with.
    pub versions: &'a [Version],
    /// How many of them are in the list, from the newest on.
    pub shown: usize,
    /// Whether a draft waits behind the live text.
    pub draft: Draft,
    /// What the record and its history say.
    pub known: &'a Known,
    /// The Help Center's addresses.
    pub own: &'a HelpCenterUrls,
    /// The commits of the article's file, newest first.
    pub revisions: &'a [Revision],
    /// The names of teammates.
    pub name_of: &'a dyn Fn(Option<AdminId>) -> String,
}

/// Whether a draft waits behind a live text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draft {
    /// One does: the newest version is it.
    Pending,
    /// None does.
    None,
}

/// What Intercom's versions say, newest first.
pub fn of_intercom(of: Versions<'_>) -> Vec<Entry> {
    let texts: Vec<Text> = of.versions.iter().map(Text::of_version).collect();
    let entry = |(at, version): (usize, &Version)| {
        let evidence = of.known.of(version, of.own);
        let via = match (version.created_via.as_deref(), evidence) {
            (Some("web"), _) => Via::Editor,
            (_, Some(evidence)) if evidence.is_sent => Via::Helpbook,
            (Some("api"), _) => Via::Api,
            _ => Via::Other,
        };
        let is_live = version.state == Some(State::Published);
        let state = if is_live {
            Some(Standing::Live)
        } else if at == 0 && of.draft == Draft::Pending {
            Some(Standing::Staged)
        } else {
            evidence.and_then(|evidence| evidence.live_since).map(|_| Standing::WasLive)
        };
        let commit = evidence.filter(|_| via == Via::Helpbook).and_then(|evidence| evidence.commit_in(of.revisions));
        let difference = difference(texts.get(at + 1), &texts[at]);
        Entry {
            id: version.id.clone(),
            source: Source::Intercom,
            created_at: Timestamp::from_second(version.created_at).unwrap_or_default(),
            by: By { id: version.created_by_id, name: (of.name_of)(version.created_by_id) },
            via,
            commit,
            article: Some(of.id),
            path: of.path.cloned(),
            locale: of.locale.clone(),
            state,
            title: texts[at].title.clone(),
            summary: difference.summary(),
            restores: restored(&texts, at).map(|older| of.versions[older].id.clone()),
            message: None,
            moved_from: None,
            difference,
        }
    };
    of.versions.iter().enumerate().take(of.shown).map(entry).collect()
}

/// The commits of an article's file in one locale, with what they changed.
#[derive(Debug, Clone, Copy)]
pub struct Commits<'a> {
    /// The article, where its id is known.
    pub id: Option<ArticleId>,
    /// The locale.
    pub locale: &'a Locale,
    /// The file as it is called now.
    pub path: &'a DocPath,
    /// Its commits, newest first.
    pub revisions: &'a [Revision],
    /// The texts of blobs.
    pub texts: &'a BTreeMap<String, String>,
}

/// What Git's commits of a file say, newest first.
pub fn of_git(of: Commits<'_>) -> Vec<Entry> {
    let read =
        |blob: Option<&String>| blob.and_then(|blob| of.texts.get(blob)).map(|text| Text::of_file(of.path, text));
    let changes: Vec<(&Revision, &FileChange)> =
        of.revisions.iter().filter_map(|revision| Some((revision, revision.files.first()?))).collect();
    let entry = |(at, (revision, change)): (usize, &(&Revision, &FileChange))| {
        let (old, new) = (read(change.before.as_ref()), read(change.blob.as_ref()));
        let nothing = Text::default();
        let difference = difference(old.as_ref(), new.as_ref().unwrap_or(&nothing));
        let older = &changes[at + 1..];
        let same = older.iter().skip(1).find(|(_, other)| other.blob == change.blob && other.blob.is_some());
        let is_other = older.first().is_some_and(|(_, before)| before.blob != change.blob);
        let title = new.or(old).map(|text| text.title).unwrap_or_default();
        Entry {
            id: revision.commit.clone(),
            source: Source::Git,
            created_at: revision.at,
            by: By { id: None, name: revision.author.clone() },
            via: Via::Git,
            commit: Some(revision.commit.clone()),
            article: of.id,
            path: Some(DocPath::new(change.path.as_str())),
            locale: of.locale.clone(),
            state: None,
            title,
            summary: difference.summary(),
            restores: same.filter(|_| is_other).map(|(revision, _)| revision.commit.clone()),
            message: Some(revision.subject.clone()),
            moved_from: change.from.as_deref().map(DocPath::new),
            difference,
        }
    };
    changes.iter().enumerate().map(entry).collect()
}

/// Both in one list, newest first. What Intercom made of a commit is above it.
pub fn joined(entries: impl IntoIterator<Item = Entry>) -> Vec<Entry> {
    let mut all: Vec<Entry> = entries.into_iter().collect();
    all.sort_by(|one, other| other.created_at.cmp(&one.created_at).then(one.source.cmp(&other.source)));
    all
}

/// Which older text one brought back: the newest that says the same, with another one in between; of several that say it
/// one after another the first.
fn restored(texts: &[Text], at: usize) -> Option<usize> {
    let says = |other: &usize| texts[*other].says_the_same(&texts[at]);
    let before = at + 1;
    if before >= texts.len() || says(&before) {
        return None;
    }
    let newest = (before + 1..texts.len()).find(says)?;
    (newest..texts.len()).take_while(says).last()
}

#[cfg(test)]
mod tests;
