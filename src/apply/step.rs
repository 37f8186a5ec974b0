//! What every step does around its write: read once more, compare the answer, keep Base.

use super::{Outcome, Run};
use crate::base::{ArticleRecord, Pair, Texts};
use crate::html::{self, Loss, loss};
use crate::intercom::Error;
use crate::intercom::model::{Article, ArticleId, State};
use crate::plan::{Change, Content, Place, Seen};
use crate::text::{Digest, DocPath, harmless};

/// An article as it stands right before a write.
pub(super) struct Before {
    pub article: Article,
    pub draft: Option<Article>,
}

impl Run<'_> {
    /// Turns a failed request into an outcome. A 401 stops the run only if the token is refused
    /// altogether; else it is about this article's author.
    pub(super) async fn failed(&self, error: &Error) -> Outcome {
        if error.is_auth()
            && let Err(again) = self.writer.reader().me().await
            && again.is_auth()
        {
            self.auth.set(true);
            return Outcome::failed(
                format!("Intercom refused the token: {again}"),
                "set INTERCOM_ACCESS_TOKEN to a token that may read and write articles",
            );
        }
        Outcome::of_error(error)
    }

    /// Reads an article once more. If it is not what the plan saw, the step is refused.
    pub(super) async fn read_again(&self, at: usize, id: ArticleId, change: &Change) -> Result<Before, Outcome> {
        let before = match self.read(id).await {
            Ok(Some(before)) => before,
            Ok(None) => {
                return Err(Outcome::refused(
                    format!("article {id} was deleted in Intercom after this plan was made"),
                    "run `helpbook plan` again",
                ));
            }
            Err(error) => return Err(self.failed(&error).await),
        };
        let now = Seen::of(&before.article, before.draft.as_ref());
        let expected = self.seen.borrow().get(&at).cloned().or_else(|| change.seen.clone());
        if expected.is_some_and(|expected| expected.is_same(&now)) {
            Ok(before)
        } else {
            Err(self.stale(id, &before, change))
        }
    }

    pub(super) async fn read(&self, id: ArticleId) -> Result<Option<Before>, Error> {
        let reader = self.writer.reader();
        let Some(article) = reader.article(id).await? else { return Ok(None) };
        let draft = if article.has_draft() { reader.draft(id).await? } else { None };
        Ok(Some(Before { article, draft }))
    }

    fn stale(&self, id: ArticleId, before: &Before, change: &Change) -> Outcome {
        let time = |at: i64| {
            jiff::Timestamp::from_second(at)
                .map_or_else(|_| "?".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
        };
        let since = change.seen.as_ref().map(|seen| seen.updated_at);
        Outcome::refused(
            format!(
                "article {id} changed in Intercom after this plan was made: now of {}, then of {}; nothing was written to it",
                time(before.article.updated_at),
                since.map_or_else(|| "?".to_owned(), time),
            ),
            "run `helpbook plan` again to see the change",
        )
    }

    /// Whether a text in Intercom is already what the step would make of it.
    pub(super) fn is_there(change: &Change, article: &Article) -> bool {
        change.wanted.as_ref().is_some_and(|wanted| {
            let canonical = html::canonical(&html::parse(article.body.as_deref().unwrap_or_default()));
            let description = Digest::of(article.description.as_deref().unwrap_or_default().trim());
            wanted.texts.title == Digest::of(article.title.trim())
                && wanted.texts.description == description
                && wanted.texts.body == Digest::of(canonical)
        })
    }

    /// Compares the answer of a write with what was sent: lost text is a failure that shows it,
    /// changed markup a note, and the pair that Base keeps either way.
    pub(super) fn compare(
        &self,
        change: &Change,
        sent: &Content,
        answer: &Article,
    ) -> (Pair, Result<Option<String>, String>) {
        let unknown = || Texts { title: Digest::of(""), description: Digest::of(""), body: Digest::of("never sent") };
        let mut pair = Pair {
            sent: change.wanted.as_ref().map_or_else(unknown, |wanted| wanted.texts.clone()),
            stored: Texts::stored(answer),
        };
        let mut lost = Vec::new();
        if sent.title.as_ref().is_some_and(|title| title.trim() != answer.title.trim()) {
            lost.push(format!("the title came back as `{}`", harmless(&answer.title)));
        }
        let description = answer.description.as_deref().unwrap_or_default();
        if sent.description.as_ref().is_some_and(|text| text.trim() != description.trim()) {
            lost.push(format!("the description came back as `{}`", harmless(description)));
        }
        let mut note = None;
        if let Some(body) = &sent.body {
            let stored = html::parse(answer.body.as_deref().unwrap_or_default());
            match loss(&html::parse(body), &stored) {
                Loss::None => {}
                Loss::Markup => {
                    note = Some("Intercom keeps its markup in another form; every word and block is there".to_owned())
                }
                Loss::Text(lines) => {
                    lost.push(format!("Intercom lost a part of the body: {}", harmless(&lines.join(" / "))));
                }
            }
        }
        if lost.is_empty() {
            return (pair, Ok(note));
        }
        // What was lost must not count as being there the next time.
        pair.sent = unknown();
        (pair, Err(lost.join("; ")))
    }

    /// Keeps what is known of an article now.
    pub(super) fn record(
        &self,
        id: ArticleId,
        change: &Change,
        set: impl FnOnce(&mut ArticleRecord),
    ) -> Result<(), String> {
        {
            let mut base = self.base.borrow_mut();
            let record = base.articles.entry((id, self.keep.locale.clone())).or_insert_with(|| ArticleRecord {
                path: DocPath::new(change.subject.path()),
                blob: String::new(),
                state: State::Draft,
                collection: None,
                author: None,
                live: None,
                staged: None,
            });
            record.path = DocPath::new(change.subject.path());
            if let Some(wanted) = &change.wanted {
                record.blob.clone_from(&wanted.blob);
            }
            set(record);
        }
        self.write_base()
    }

    /// Records what stands live while a draft is laid over it, so that it still counts as known.
    pub(super) fn known_live(record: &mut ArticleRecord, live: &Article) {
        let stored = Texts::stored(live);
        match &mut record.live {
            Some(pair) if pair.stored == stored => {}
            Some(pair) => pair.stored = stored,
            None => record.live = Some(Pair { sent: stored.clone(), stored }),
        }
    }

    /// The collection that a step names, if it was made.
    pub(super) fn resolve(
        &self,
        place: Option<&Place>,
    ) -> Result<Option<crate::intercom::model::CollectionId>, Outcome> {
        match place {
            None => Ok(None),
            Some(place) => self.place(place).map(Some).ok_or_else(|| match place {
                Place::Folder(folder) => Outcome::failed(
                    format!("its collection `{folder}` was not created"),
                    "see the collection's own message",
                ),
                Place::Id(id) => {
                    Outcome::failed(format!("its collection {id} is not there"), "run `helpbook plan` again")
                }
            }),
        }
    }
}

/// A done step, or what could not be kept of it.
pub(super) fn done(
    verb: &'static str,
    id: Option<u64>,
    kept: Result<(), String>,
    compared: Result<Option<String>, String>,
) -> Outcome {
    match (compared, kept) {
        (Ok(note), Ok(())) => Outcome::Done { verb, id, note },
        (Err(lost), _) => {
            Outcome::failed(lost, "write it in a form that Intercom keeps; `helpbook plan` shows the difference")
        }
        (Ok(_), Err(reason)) => {
            Outcome::failed(reason, "make the file writable and run it again: nothing is created twice")
        }
    }
}
