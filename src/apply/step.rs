//! What every step does around its write: read once more, compare the answer, keep Base.

use super::{Outcome, Run};
use crate::base::{ArticleRecord, CollectionRecord, Pair, Texts, reached};
use crate::book::{ContentKey, Folder};
use crate::html::{self, Loss, loss};
use crate::intercom::Error;
use crate::intercom::model::{Article, ArticleId, Collection, CollectionId};
use crate::plan::{Change, Content, Field, Place, Seen};
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
        if self.expected(at, change).is_some_and(|expected| expected.is_same(&now)) {
            Ok(before)
        } else {
            Err(self.stale(id, &before, change))
        }
    }

    /// What has to stand in Intercom before the next write.
    pub(super) fn expected(&self, at: usize, change: &Change) -> Option<Seen> {
        self.seen.borrow().get(&at).cloned().or_else(|| change.seen.clone())
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
    pub(super) fn is_there(&self, change: &Change, article: &Article) -> bool {
        self.texts(change).is_some_and(|wanted| wanted == self.comparable(article))
    }

    /// Compares the answer of a write with what was sent: what slipped in beside it and lost text is a failure that shows it,
    /// changed markup a note, and the pair that Base keeps either way.
    pub(super) fn compare(
        &self,
        change: &Change,
        sent: &Content,
        before: Option<&Article>,
        answer: &Article,
    ) -> (Pair, Result<Option<String>, String>) {
        let mut pair = self.pair(change, answer);
        let slipped = before.map(|before| slipped_in(sent, before, answer)).unwrap_or_default();
        if !slipped.is_empty() {
            let names = slipped.iter().map(|key| format!("{key:?}").to_lowercase()).collect::<Vec<_>>().join(", ");
            pair.left.extend(slipped);
            return (
                pair,
                Err(format!("{names} changed in Intercom at that moment; it is left alone, and nothing is published")),
            );
        }
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
            self.learn(change, body, answer);
            let stored = html::parse(answer.body.as_deref().unwrap_or_default());
            match loss(&html::parse(body), &stored) {
                Loss::None => {}
                Loss::Markup => {
                    note = Some("Intercom keeps its markup in another form; every word and block is there".to_owned());
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
        pair.sent = never_sent();
        (pair, Err(lost.join("; ")))
    }

    /// Keeps what is known of an article now, which stands as `article` in Intercom.
    pub(super) fn record(
        &self,
        article: &Article,
        change: &Change,
        set: impl FnOnce(&mut ArticleRecord),
    ) -> Result<(), String> {
        {
            let path = DocPath::new(change.subject.path());
            let mut base = self.base.borrow_mut();
            let key = (article.id, self.keep.locale.clone());
            let before = base.articles.get(&key).map(|record| record.state);
            let record = base.articles.entry(key).or_insert_with(|| ArticleRecord::new(path.clone(), article));
            record.path = path;
            if !change.leaves(Field::State) {
                record.state = reached(article, before);
            }
            if !change.leaves(Field::Author) {
                record.author = article.author_id;
            }
            if let Some(wanted) = &change.wanted {
                record.blob = self.blobs.borrow().get(&record.path).unwrap_or(&wanted.blob).clone();
                record.collection = wanted.collection.or(record.collection);
            }
            set(record);
        }
        self.write_base()
    }

    /// The pair of a text that is as wanted, but for what was left alone.
    pub(super) fn pair(&self, change: &Change, stored: &Article) -> Pair {
        Pair { sent: self.wanted(change), stored: Texts::stored(stored), left: change.left() }
    }

    /// The pair of a text that was found in Intercom. One that is not as wanted was not sent as such.
    pub(super) fn found_pair(&self, change: &Change, stored: &Article) -> Pair {
        let found = self.comparable(stored);
        let sent = if self.is_there(change, stored) { self.wanted(change) } else { found };
        Pair { sent, ..self.pair(change, stored) }
    }

    fn wanted(&self, change: &Change) -> Texts {
        self.texts(change).unwrap_or_else(never_sent)
    }

    /// What stands live, so that it still counts as known once something is laid over it. What is
    /// replaced on purpose was seen by us; what is left alone was not.
    pub(super) fn live_pair(&self, record: &ArticleRecord, live: &Article, change: &Change) -> Pair {
        let left = change.left();
        let (stored, same, wanted) = (Texts::stored(live), self.comparable(live), self.wanted(change));
        let former = record.pairs().next();
        let choose = |key: ContentKey, of: fn(&Texts) -> &Digest| {
            let is_left = left.contains(&key);
            let (sent, stored) = match former {
                Some(former) if is_left || of(&former.stored) == of(&stored) => (of(&former.sent), of(&former.stored)),
                _ if is_left || of(&same) == of(&wanted) => (of(&wanted), of(&stored)),
                // It is theirs and is replaced: nothing that we sent became this.
                _ => (of(&stored), of(&stored)),
            };
            (sent.clone(), stored.clone())
        };
        let title = choose(ContentKey::Title, |texts| &texts.title);
        let description = choose(ContentKey::Description, |texts| &texts.description);
        let body = choose(ContentKey::Body, |texts| &texts.body);
        Pair {
            sent: Texts { title: title.0, description: description.0, body: body.0 },
            stored: Texts { title: title.1, description: description.1, body: body.1 },
            left,
        }
    }

    /// A text in Intercom, in the form in which the docs' text is digested.
    pub(super) fn comparable(&self, article: &Article) -> Texts {
        let canonical = self.own.borrow().canonical(&html::parse(article.body.as_deref().unwrap_or_default()));
        Texts { body: Digest::of(canonical), ..Texts::stored(article) }
    }

    /// Keeps what is known of a collection now. What a teammate changed and we left alone stays
    /// what it was to us.
    pub(super) fn record_collection(&self, folder: &Folder, collection: &Collection, change: &Change) {
        let mut base = self.base.borrow_mut();
        let mut record = CollectionRecord::stored(folder.clone(), collection);
        if let Some(before) = base.collections.get(&collection.id) {
            if change.leaves(Field::Title) {
                record.name.clone_from(&before.name);
            }
            if change.leaves(Field::Description) {
                record.description.clone_from(&before.description);
            }
            if change.leaves(Field::Collection) {
                record.parent = before.parent;
            }
        }
        base.collections.insert(collection.id, record);
    }

    /// The collection that a step names, if it was made.
    pub(super) fn resolve(&self, place: Option<&Place>) -> Result<Option<CollectionId>, Outcome> {
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

/// The fields that were not sent and are not what they were right before: somebody wrote between
/// the read and the write.
fn slipped_in(sent: &Content, before: &Article, answer: &Article) -> Vec<ContentKey> {
    let (then, now) = (Texts::stored(before), Texts::stored(answer));
    [
        (ContentKey::Title, sent.title.is_none() && then.title != now.title),
        (ContentKey::Description, sent.description.is_none() && then.description != now.description),
        (ContentKey::Body, sent.body.is_none() && then.body != now.body),
    ]
    .into_iter()
    .filter_map(|(key, differs)| differs.then_some(key))
    .collect()
}

/// Digests that equal those of no text of the docs.
pub(super) fn never_sent() -> Texts {
    let digest = Digest::of("\0 never sent");
    Texts { title: digest.clone(), description: digest.clone(), body: digest }
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
