//! A text that comes back: what its file takes from it, and what stops it.
//!
//! All of it is worked out of values; nothing is read or written here but what Git knows of a blob.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::{self, Article};
use crate::cli::workspace::Inputs;
use crate::git::Git;
use crate::html::Extent;
use crate::intercom::model::{AdminId, ArticleId, Locale, Version};
use crate::live::{InLocale, Live};
use crate::plan::{Edit, Field, LocaleChange, Plan, TextVersion};
use crate::pull::{Change, Keeps, What as Edited};
use crate::text::{DocPath, GitBlob, minute};

/// A text that comes back.
pub(super) struct Wish {
    pub id: ArticleId,
    pub locale: Locale,
    /// Its file.
    pub path: DocPath,
    /// The file of its article in the default locale.
    pub article: DocPath,
    /// What it goes back to, in a few words.
    pub label: String,
    /// The same with time and name.
    pub source: String,
    pub what: What,
}

/// The text itself.
pub(super) enum What {
    /// A version with its body.
    Version(Box<Version>),
    /// The file as it was.
    File(String),
}

/// A text that does not come back, and why.
pub(super) struct Refusal {
    pub path: DocPath,
    pub reason: String,
    pub hint: String,
}

impl Refusal {
    pub fn new(path: &DocPath, reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { path: path.clone(), reason: reason.into(), hint: hint.into() }
    }
}

/// The Help Center as it would be if the versions were live.
pub(super) fn with_versions(inputs: &Inputs, wishes: &[Wish]) -> Live {
    let mut live = inputs.live.clone();
    for wish in wishes {
        let What::Version(version) = &wish.what else { continue };
        let author = author(inputs, wish, version);
        if let Some(found) = live.articles.get_mut(&wish.id) {
            found.put(version, author, &wish.locale, &inputs.rules.locale);
        }
    }
    live
}

/// Whose text it will be: the version's author if that is still a teammate, else as it is.
fn author(inputs: &Inputs, wish: &Wish, version: &Version) -> Option<AdminId> {
    let then = version.author_id.filter(|id| inputs.live.admins.contains_key(id));
    then.or_else(|| match inputs.live.articles.get(&wish.id)?.in_locale(&wish.locale, &inputs.rules.locale) {
        InLocale::There(view) => view.article.author_id,
        InLocale::Missing | InLocale::Unknown => None,
    })
}

/// The fields that a file takes from a version.
pub(super) fn edit(inputs: &Inputs, wish: &Wish) -> Option<Edit> {
    let What::Version(version) = &wish.what else { return None };
    let content = inputs.book.contents().find(|content| content.path == wish.path)?;
    let found = inputs.live.articles.get(&wish.id)?.in_locale(&wish.locale, &inputs.rules.locale);
    let InLocale::There(view) = found else { return None };
    let trimmed = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
    let mut theirs = BTreeSet::from([Field::Body]);
    let title = trimmed(&version.title);
    theirs.extend((!title.is_empty() && content.title != title).then_some(Field::Title));
    let description = trimmed(&version.description);
    let is_other = match &content.description {
        Some(said) => *said != description,
        None => trimmed(&view.article.description) != description,
    };
    theirs.extend(is_other.then_some(Field::Description));
    let author = author(inputs, wish, version);
    theirs.extend((author != view.article.author_id).then_some(Field::Author));
    Some(Edit {
        id: wish.id,
        locale: wish.locale.clone(),
        path: wish.path.clone(),
        from: TextVersion::Live,
        theirs,
        both: BTreeSet::new(),
        has_own_body: false,
        base: None,
    })
}

/// A file that goes back to a commit.
pub(super) struct File {
    pub change: Change,
    /// The keys that it did not say then, and says now.
    pub left: Vec<&'static str>,
}

/// The change of a file that goes back to a commit.
pub(super) fn file(inputs: &Inputs, wish: &Wish) -> Option<Result<File, Refusal>> {
    let What::File(then) = &wish.what else { return None };
    let content = inputs.book.contents().find(|content| content.path == wish.path)?;
    let before = content.source.to_string();
    let Some(after) = book::restored(&wish.path, &before, then) else {
        let hint =
            format!("`helpbook show {}@{}` shows it; take from it by hand what is needed", wish.path, wish.label);
        return Some(Err(Refusal::new(
            &wish.path,
            "the file of then cannot be read, or a key of it not be written",
            hint,
        )));
    };
    let earlier = Article::parse(&wish.path, then.as_str().into(), &mut Vec::new());
    let left = earlier.map(|then| book::left(&then.content, content)).unwrap_or_default();
    let change = Change {
        path: wish.path.clone(),
        id: wish.id,
        locale: wish.locale.clone(),
        title: content.title.clone(),
        from: TextVersion::Live,
        what: Edited::Edited {
            fields: BTreeSet::new(),
            before,
            after,
            conflicts: 0,
            keeps: Keeps::OwnChanges,
            how: Extent::Parts,
        },
        images: Vec::new(),
        by: String::new(),
        email: None,
        since: None,
    };
    Some(Ok(File { change, left }))
}

pub(super) fn no_place(path: &DocPath, field: Field) -> Refusal {
    let reason = format!("there is no place for its {} in the file", field.name());
    Refusal::new(path, reason, "write it there by hand, and run `helpbook apply`")
}

/// The refusal for a file with changes that are in no commit and not in Intercom: nothing would have them any more.
pub(super) fn would_be_lost(git: &Git, now: &Plan, change: &Change) -> Option<Refusal> {
    let Edited::Edited { before, .. } = &change.what else { return None };
    let part = parts(now, change.id, &change.locale).next()?;
    let is_unsent = part.wanted.is_some() && (!part.body.is_empty() || !part.fields.is_empty());
    let is_in_git = GitBlob::of(before).ids().any(|id| git.blob(id).is_some());
    (is_unsent && !is_in_git).then(|| {
        let reason = "it has changes that are neither in Git nor in Intercom, and would be lost";
        Refusal::new(
            &change.path,
            reason,
            format!("commit them first, or leave them: `git checkout -- {}`", change.path),
        )
    })
}

/// What a plan does about an article in a locale.
fn parts<'p>(plan: &'p Plan, id: ArticleId, locale: &'p Locale) -> impl Iterator<Item = &'p LocaleChange> {
    let changes = plan.changes.iter().filter(move |change| change.article_id() == Some(id));
    changes.filter_map(move |change| change.locales.get(locale).map(Box::as_ref))
}

/// The texts that the plan does not send, as somebody else changed them in Intercom, or for another reason.
pub(super) fn stopped(plan: &Plan, wishes: &[Wish]) -> Vec<Refusal> {
    let stop = |wish: &Wish| {
        let part = parts(plan, wish.id, &wish.locale).next()?;
        if let Some(blocked) = &part.blocked {
            let by =
                blocked.by.as_ref().map(|by| format!(" (by {by}{})", since_when(blocked.since))).unwrap_or_default();
            return Some(Refusal::new(&wish.path, format!("{}{by}", blocked.reason), blocked.hint.clone()));
        }
        let drift = part.drift.as_ref().filter(|drift| drift.fields.iter().any(|field| Field::TEXT.contains(field)))?;
        let reason =
            format!("{} changed it in Intercom{}, and the docs do not have that", drift.by, since_when(drift.since));
        let hint = format!("`helpbook pull {}` takes it into the file first; `--overwrite` replaces it", wish.path);
        Some(Refusal::new(&wish.path, reason, hint))
    };
    wishes.iter().filter_map(stop).collect()
}

fn since_when(at: Option<jiff::Timestamp>) -> String {
    at.map(|at| format!(", {}", minute(at))).unwrap_or_default()
}

/// Says in a plan which text each change brings back.
pub(super) fn name_sources(plan: &mut Plan, wishes: &[Wish]) {
    let sources: BTreeMap<(ArticleId, &Locale), &Wish> =
        wishes.iter().map(|wish| ((wish.id, &wish.locale), wish)).collect();
    for change in &mut plan.changes {
        let Some(id) = change.article_id() else { continue };
        for (locale, part) in &mut change.locales {
            let Some(wish) = sources.get(&(id, locale)) else { continue };
            part.notes.push(format!("restores {}", wish.source));
        }
    }
}
