//! What `log`, `show` and `rollback` read of the past: the versions that Intercom keeps, and what the lock file and its
//! history in Git know of them.
//!
//! All of it only reads. A list of versions has no bodies, so each version that is looked at is one request; they are
//! asked for side by side, within the pace of the connection.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;

use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, Target};
use super::since;
use crate::git::{Git, SinceError};
use crate::history::{BadDate, Known, moment};
use crate::intercom::model::{Article, ArticleId, Locale, Version};
use crate::intercom::{Error, Reader, SIDE_BY_SIDE};
use crate::record::{self, Record};

/// Which versions are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    /// None from before.
    pub since: Option<Timestamp>,
    /// Not more than these, from the newest on.
    pub most: usize,
}

/// Versions of one text with their bodies, newest first.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Those that were asked for, and the one before them to compare with.
    pub versions: Vec<Version>,
    /// How many were asked for.
    pub shown: usize,
    /// How many older ones there are that `most` leaves out.
    pub left_out: usize,
}

/// A text of an article: its locale, and how Intercom is asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TextOf {
    pub id: ArticleId,
    pub locale: Locale,
    /// The locale in the request; none for an article that has one alone.
    pub asked: Option<Locale>,
}

/// The texts of an article, among these locales. `default` is the locale of its root.
pub(super) fn texts_of(article: &Article, locales: &[Locale], default: &Locale) -> Vec<TextOf> {
    let text = |locale: &Locale, asked: Option<&Locale>| TextOf {
        id: article.id,
        locale: locale.clone(),
        asked: asked.cloned(),
    };
    match &article.translated_content {
        None => locales.iter().filter(|locale| *locale == default).map(|locale| text(locale, None)).collect(),
        Some(content) => {
            let is_there = |locale: &&Locale| *locale == default || content.get(locale).is_some();
            locales.iter().filter(is_there).map(|locale| text(locale, Some(locale))).collect()
        }
    }
}

/// The versions of a text; `None` where its article was deleted.
pub(super) async fn versions(reader: &Reader, text: &TextOf, cut: Cut) -> Result<Option<Read>, Error> {
    let Some(mut list) = reader.all_versions(text.id, text.asked.as_ref()).await? else { return Ok(None) };
    let since = cut.since.map_or(i64::MIN, Timestamp::as_second);
    let all = list.iter().filter(|version| version.created_at >= since).count();
    let shown = all.min(cut.most);
    list.truncate(if shown == 0 { 0 } else { shown + 1 });
    let versions = with_bodies(reader, text, list).await?;
    Ok(Some(Read { shown: shown.min(versions.len()), versions, left_out: all - shown }))
}

/// Versions with their bodies. One that is gone by now is left out.
pub(super) async fn with_bodies(reader: &Reader, text: &TextOf, list: Vec<Version>) -> Result<Vec<Version>, Error> {
    let ids: Vec<String> = list.into_iter().map(|version| version.id).collect();
    let whole = stream::iter(ids)
        .map(|id| async move { reader.version(text.id, &id, text.asked.as_ref()).await })
        .buffered(SIDE_BY_SIDE);
    let whole: Vec<Option<Version>> = whole.try_collect().await?;
    Ok(whole.into_iter().flatten().collect())
}

/// What is known of the texts of some articles, by the record and its history in Git.
pub(super) fn known(
    project: &Project,
    record: &Record,
    ids: &BTreeSet<ArticleId>,
) -> BTreeMap<(ArticleId, Locale), Known> {
    let mut known: BTreeMap<(ArticleId, Locale), Known> = BTreeMap::new();
    for (key, line) in &record.articles {
        if ids.contains(&key.0) {
            known.entry(key.clone()).or_default().add(line, None);
        }
    }
    if project.target == Target::Local {
        return known;
    }
    let is_wanted = |line: &str| {
        let id = line.strip_prefix("{\"article\":").and_then(|rest| rest.split([',', '}']).next());
        id.and_then(|id| id.trim_matches('"').parse().ok()).is_some_and(|id| ids.contains(&ArticleId(id)))
    };
    let git = Git::new(&project.root);
    for added in git.added_lines(record::FILE, &is_wanted).unwrap_or_default() {
        let Ok(lines) = Record::parse(&added.lines.join("\n")) else { continue };
        for (key, line) in &lines.record.articles {
            known.entry(key.clone()).or_default().add(line, Some(&added.commit));
        }
    }
    known
}

/// The time that a date or a name of Git means.
pub(super) fn time(project: &Project, text: &str, undone: &str) -> Result<Timestamp, Failure> {
    if let Some(time) = moment(text).map_err(|error| bad_date(&error, undone))? {
        return Ok(time);
    }
    let git = Git::new(&project.root);
    git.commit(text).and_then(|commit| git.time_of(&commit)).map_err(|error| unknown(&error, undone))
}

/// The failure for what looks like a date and is none.
pub(super) fn bad_date(error: &BadDate, undone: &str) -> Failure {
    Failure::new(Exit::Usage, error.to_string())
        .detail(undone)
        .hint("write a day or a minute in UTC: `2026-11-20` or `2026-11-20T14:02`")
}

/// The failure for a name that Git does not know.
pub(super) fn unknown(error: &SinceError, undone: &str) -> Failure {
    match error {
        SinceError::Unknown(_) => Failure::new(Exit::Usage, error.to_string())
            .detail(undone)
            .hint("name a commit, a branch or a tag, or a date: `2026-11-20` or `2026-11-20T14:02`"),
        SinceError::NoRepository(_) => Failure::new(Exit::Failed, error.to_string())
            .detail(undone)
            .hint("name a date: `2026-11-20` or `2026-11-20T14:02`"),
        error => since::failure(error, undone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intercom::model::{ArticleContent, TranslatedContent};

    #[test]
    fn only_a_multilingual_article_is_asked_for_by_locale() {
        let (english, french) = (Locale::english(), Locale("fr".to_owned()));
        let german = Locale("de".to_owned());
        let locales = [english.clone(), french.clone(), german];
        let mut article = Article { id: ArticleId(1), ..Article::default() };
        let seen = |article: &Article| -> Vec<(String, bool)> {
            let texts = texts_of(article, &locales, &english);
            texts.into_iter().map(|text| (text.locale.0, text.asked.is_some())).collect()
        };
        assert_eq!(seen(&article), [("en".to_owned(), false)]);
        let content = BTreeMap::from([(french, Some(Box::new(ArticleContent::default())))]);
        article.translated_content = Some(TranslatedContent(content));
        assert_eq!(seen(&article), [("en".to_owned(), true), ("fr".to_owned(), true)]);
    }
}
