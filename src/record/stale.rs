//! Translations that say what an older text of the default locale said.
//!
//! When a translation goes live, the lock keeps which text of the default locale it goes with. The
//! translation is stale once the docs say something else in the default locale, and it still says
//! what it said. That is known from the files and the lock alone, so `check` finds without network what
//! `status` shows. What is not known is not stale. Nothing here reads a file.

use std::collections::BTreeSet;

use super::{ArticleRecord, Pair, Record};
use crate::book::{Article, Book, Content};
use crate::diagnostic::Diagnostic;
use crate::intercom::model::Locale;
use crate::lint::title_span;
use crate::text::{Digest, DocPath};

/// What is needed of a file, apart from its text.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The digest of the canonical form of its body.
    pub canonical: &'a dyn Fn(&Content) -> Digest,
    /// The text of a Git blob, where Git has it.
    pub blob: &'a dyn Fn(&str) -> Option<String>,
}

impl Record {
    /// The stale translations of a book, by file.
    pub fn stale(&self, book: &Book, default: &Locale, reading: Reading<'_>) -> BTreeSet<DocPath> {
        let translations = book
            .articles
            .values()
            .flat_map(|article| article.translations.iter().map(move |(locale, content)| (article, locale, content)));
        translations
            .filter(|(article, locale, content)| {
                self.is_stale(article, locale, content, default, reading).unwrap_or(false)
            })
            .map(|(_, _, content)| content.path.clone())
            .collect()
    }

    /// A finding for each stale translation of a book.
    pub fn stale_findings(&self, book: &Book, default: &Locale, reading: Reading<'_>) -> Vec<Diagnostic> {
        let stale = self.stale(book, default, reading);
        let all = book.articles.values().flat_map(|article| article.translations.values().map(move |of| (article, of)));
        all.filter(|(_, content)| stale.contains(&content.path))
            .map(|(article, content)| {
                let original = &article.path;
                let message = format!("`{}` changed, and the translation says what it said before", original.name());
                Diagnostic::warning("stale-translation", &content.path, title_span(content), message)
                    .help("say here what it says now; `git log -p` of the two files shows what changed")
                    .about(original)
            })
            .collect()
    }

    /// Whether a translation is stale; `None` where that is not known.
    fn is_stale(
        &self,
        article: &Article,
        locale: &Locale,
        content: &Content,
        default: &Locale,
        reading: Reading<'_>,
    ) -> Option<bool> {
        let record = self.articles.get(&(article.id?, locale.clone()))?;
        let source = record.source.as_ref()?;
        let original = self.articles.get(&(article.id?, default.clone()))?;
        let live = record.live.as_ref()?;
        let as_published = said(record, content, reading)? == Said::of(live)?;
        Some(as_published && said(original, &article.content, reading)?.digest() != *source)
    }
}

/// The digest of what the docs say where they say what is live.
pub(super) fn source(live: &Pair) -> Option<Digest> {
    Some(Said::of(live)?.digest())
}

/// What a file says.
#[derive(PartialEq)]
struct Said {
    title: Digest,
    description: Digest,
    body: Digest,
}

impl Said {
    /// What the docs say where they say what a pair was made of.
    fn of(pair: &Pair) -> Option<Self> {
        let Pair { title, description, body, .. } = pair.clone();
        Some(Self { title, description, body: body.sent? })
    }

    /// One digest of all three.
    fn digest(&self) -> Digest {
        let Self { title, description, body } = self;
        Digest::of([title, description, body].map(Digest::as_str).join(" "))
    }
}

/// What a file says, in the digests of what was sent of it last.
///
/// The digest of a body with links follows from ids that only Intercom knows. So a body that is as it
/// was has the digest that it had, and every other one a digest of its own.
fn said(record: &ArticleRecord, content: &Content, reading: Reading<'_>) -> Option<Said> {
    let pair = record.staged.as_ref().or(record.live.as_ref())?;
    let sent = Said::of(pair)?;
    let blob = pair.blob.as_ref()?;
    if blob == content.blob() {
        return Some(sent);
    }
    let body = (reading.canonical)(content);
    let was = || {
        let before = Content::read(&content.path, &blob.ids().find_map(|id| (reading.blob)(id))?)?;
        Some((reading.canonical)(&before))
    };
    let body = if body != sent.body && was().is_some_and(|was| was == body) { sent.body.clone() } else { body };
    let description = content.description.as_ref().map_or_else(|| sent.description.clone(), Digest::of);
    Some(Said { title: Digest::of(&content.title), description, body })
}
