//! What every step does around its write: read once more, compare the answer, keep Base.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::BTreeSet;

use super::saving::not_kept;
use super::{Outcome, Run, settings};
use crate::base::{ArticleRecord, CollectionRecord, Pair, Texts, reached};
use crate::book::{ContentKey, Folder};
use crate::html::{self, Loss, loss};
use crate::intercom::Error;
use crate::intercom::model::{Article, ArticleId, Collection, CollectionId, Locale};
use crate::live::{InLocale, LiveArticle};
use crate::plan::{Change, Content, Field, Part, Place, Seen};
use crate::text::{Digest, DocPath, harmless};

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
    pub(super) async fn read_again(&self, at: usize, id: ArticleId, change: &Change) -> Result<LiveArticle, Outcome> {
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
        let now = self.seen_now(at, change, &before);
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

    /// What stands in Intercom now, in the locales that the plan saw.
    pub(super) fn seen_now(&self, at: usize, change: &Change, now: &LiveArticle) -> Seen {
        let expected = self.expected(at, change);
        let others = expected.iter().flat_map(|seen| seen.translations.keys());
        let seen = Seen::of(now, &self.keep.locale, others);
        let sees_settings = expected.as_ref().is_some_and(|expected| expected.settings.is_some());
        if sees_settings { seen } else { Seen { settings: None, ..seen } }
    }

    /// Keeps what stands in Intercom after a write of this run.
    pub(super) fn saw(&self, at: usize, change: &Change, now: &LiveArticle) {
        let seen = self.seen_now(at, change, now);
        self.seen.borrow_mut().insert(at, seen);
    }

    /// The locale of a part.
    pub(super) fn locale<'p>(&'p self, part: &Part<'p>) -> &'p Locale {
        part.locale.unwrap_or(&self.keep.locale)
    }

    /// An article as it stands in the locale of a part, if it does.
    pub(super) fn view<'v>(&self, found: &'v LiveArticle, part: &Part<'_>) -> Option<Cow<'v, LiveArticle>> {
        match found.in_locale(self.locale(part), &self.keep.locale) {
            InLocale::There(found) => Some(found),
            InLocale::Missing | InLocale::Unknown => None,
        }
    }

    pub(super) async fn read(&self, id: ArticleId) -> Result<Option<LiveArticle>, Error> {
        let reader = self.writer.reader();
        let Some(article) = reader.article(id).await? else { return Ok(None) };
        let draft = if article.has_draft_anywhere() { reader.draft(id).await? } else { None };
        Ok(Some(LiveArticle { draft, ..LiveArticle::of(article) }))
    }

    fn stale(&self, id: ArticleId, before: &LiveArticle, change: &Change) -> Outcome {
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
    pub(super) fn is_there(&self, part: &Part<'_>, article: &Article) -> bool {
        self.texts(part).is_some_and(|wanted| wanted == self.comparable(article, names(part)))
    }

    /// Compares the answer of a write with what was sent: what slipped in beside it and lost text is a failure that shows it,
    /// changed markup a note, and the pair that Base keeps either way.
    pub(super) fn compare(
        &self,
        part: &Part<'_>,
        sent: &Content,
        before: Option<&Article>,
        answer: &Article,
    ) -> (Pair, Result<Option<String>, String>) {
        let mut pair = self.pair(part, answer);
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
            let stored = answer.body.as_deref().unwrap_or_default();
            self.learn(part, answer.id, body, stored);
            match loss(body, stored) {
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

    /// Keeps what is known of an article now in the locale of a part, which stands as `article` in
    /// Intercom.
    pub(super) fn record(&self, article: &Article, part: &Part<'_>, set: impl FnOnce(&mut ArticleRecord)) {
        let path = DocPath::new(part.path);
        let mut base = self.base.borrow_mut();
        let key = (article.id, self.locale(part).clone());
        let before = base.articles.get(&key).map(|record| record.state);
        let record = base.articles.or_insert_with(key, || ArticleRecord::new(path.clone(), article));
        record.path = path;
        if !part.leaves(Field::State) {
            record.state = reached(article, before);
        }
        if !part.leaves(Field::Author) {
            record.author = article.author_id;
        }
        if let Some(wanted) = part.wanted {
            record.came_from(self.blobs.borrow().get(&record.path).unwrap_or(&wanted.blob));
            // An id that was written into the file changes nothing of its text.
            if let Some((_, form)) = self.keep.proofs.get(&record.path).filter(|(blob, _)| *blob == wanted.blob) {
                record.form = Some(form.clone());
            }
            record.collection = wanted.collection.or(record.collection);
            settings::keep(&mut record.settings, &wanted.settings, &|field| part.stands(field));
        }
        set(record);
        self.changed_base();
    }

    /// The pair of a text that is as wanted, but for what was left alone.
    pub(super) fn pair(&self, part: &Part<'_>, stored: &Article) -> Pair {
        Pair { sent: self.wanted(part).unwrap_or_else(never_sent), stored: Texts::stored(stored), left: part.left() }
    }

    /// The pair of a text that was found in Intercom. One that is not as wanted was not sent as such.
    pub(super) fn found_pair(&self, part: &Part<'_>, stored: &Article) -> Pair {
        let found = self.comparable(stored, names(part));
        let sent = if self.is_there(part, stored) { self.wanted(part).unwrap_or_else(never_sent) } else { found };
        Pair { sent, ..self.pair(part, stored) }
    }

    /// What stands live, so that it still counts as known once something is laid over it. What is
    /// replaced on purpose was seen by us; what is left alone was not.
    pub(super) fn live_pair(&self, record: &ArticleRecord, live: &Article, part: &Part<'_>) -> Pair {
        let left = part.left();
        let (stored, wanted) = (Texts::stored(live), self.wanted(part).unwrap_or_else(never_sent));
        // Mostly it is what is known, and nothing has to be read for that.
        let same = LazyCell::new(|| self.comparable(live, names(part)));
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

    /// A text in Intercom, in the form in which the docs' text is digested. The docs' images are known
    /// by their names.
    pub(super) fn comparable(&self, article: &Article, images: &[String]) -> Texts {
        let mut body = html::parse(article.body.as_deref().unwrap_or_default());
        html::image::recognise(&mut body, images, &BTreeSet::new());
        Texts { body: self.own.borrow().digest(&body), ..Texts::stored(article) }
    }

    /// Keeps what is known of a collection now. What a teammate changed and we left alone stays
    /// what it was to us.
    pub(super) fn record_collection(&self, folder: &Folder, collection: &Collection, change: &Change) {
        let part = change.root();
        let mut base = self.base.borrow_mut();
        let mut record = CollectionRecord::stored(folder.clone(), collection);
        if let Some(before) = base.collections.get(&collection.id) {
            if part.leaves(Field::Title) {
                record.name.clone_from(&before.name);
            }
            if part.leaves(Field::Description) {
                record.description.clone_from(&before.description);
            }
            if part.leaves(Field::Collection) {
                record.parent = before.parent;
            }
            for (locale, translation) in &change.translations {
                let part = translation.part(locale);
                if let (Some(record), Some(before)) =
                    (record.translations.get_mut(locale), before.translations.get(locale))
                {
                    if part.leaves(Field::Title) {
                        record.name.clone_from(&before.name);
                    }
                    if part.leaves(Field::Description) {
                        record.description.clone_from(&before.description);
                    }
                }
            }
        }
        base.collections.insert(collection.id, record);
        self.changed_base();
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

/// The docs' images that a text shows, by their names.
pub(super) fn names<'p>(part: &Part<'p>) -> &'p [String] {
    part.wanted.map_or(&[], |wanted| &wanted.images)
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
        (Ok(_), Err(reason)) => not_kept(reason),
    }
}
