//! What every step does around its write: read once more, compare the answer, keep the record.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::compared::{Compared, NotKept};
use super::saving::not_kept;
use super::{Outcome, Run};
use crate::book::{ContentKey, Folder};
use crate::html;
use crate::html::image::{self, Unknown};
use crate::intercom::Error;
use crate::intercom::model::{Article, ArticleId, Collection, CollectionId, State};
use crate::live::{Flags, InLocale, LiveArticle, parsed};
use crate::plan::{self, Change, Content, Field, LocaleChange, Place, Seen};
use crate::record::{self, Address, ArticleRecord, CollectionRecord, Pair, stored_body};
use crate::text::minute;

/// An article that a step changes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'c> {
    /// The change's place in the plan.
    pub at: usize,
    pub id: ArticleId,
    pub change: &'c Change,
}

impl Run<'_> {
    /// Batches a failed request into an outcome. A 401 stops the run only if the token is refused
    /// altogether; else it is about this article's author.
    pub(super) async fn failed(&self, error: &Error) -> Outcome {
        if error.is_auth()
            && let Err(again) = self.writer.reader().me().await
            && again.is_auth()
        {
            self.state.borrow_mut().is_token_refused = true;
            return Outcome::failed(
                format!("Intercom refused the token: {again}"),
                "set INTERCOM_ACCESS_TOKEN to a token that may read and write articles",
            );
        }
        Outcome::of_error(error)
    }

    /// Reads an article once more. If it is not what the plan saw, the step is refused.
    pub(super) async fn read_again(&self, target: Target<'_>) -> Result<LiveArticle, Outcome> {
        let id = target.id;
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
        let now = self.seen_now(target, &before);
        if self.expected(target).is_some_and(|expected| expected.is_same(&now)) {
            Ok(before)
        } else {
            Err(stale(target, &before))
        }
    }

    /// What has to be in Intercom before the next write.
    pub(super) fn expected(&self, target: Target<'_>) -> Option<Seen> {
        self.state.borrow().changes[target.at].seen.clone().or_else(|| target.change.seen.clone())
    }

    /// What is in Intercom now, in the locales that the plan saw.
    pub(super) fn seen_now(&self, target: Target<'_>, now: &LiveArticle) -> Seen {
        let expected = self.expected(target);
        let locales = expected.iter().flat_map(|seen| seen.locales.keys());
        let seen = Seen::of(now, &self.persistence.locale, locales);
        let sees_settings = expected.as_ref().is_some_and(|expected| expected.settings.is_some());
        if sees_settings { seen } else { Seen { settings: None, ..seen } }
    }

    /// Keeps what is in Intercom after a write of this run.
    pub(super) fn saw(&self, target: Target<'_>, now: &LiveArticle) {
        let seen = self.seen_now(target, now);
        let progress = &mut self.state.borrow_mut().changes[target.at];
        progress.seen = Some(seen);
        progress.url = now.article.url.clone().filter(|_| now.article.state == State::Published);
    }

    /// Whether a part is that of the default locale, whose record also holds what is about the whole article.
    pub(super) fn is_default(&self, part: &LocaleChange) -> bool {
        part.locale == self.persistence.locale
    }

    /// An article as it is in the locale of a part, if it is there.
    pub(super) fn view<'v>(&self, found: &'v LiveArticle, part: &LocaleChange) -> Option<Cow<'v, LiveArticle>> {
        match found.in_locale(&part.locale, &self.persistence.locale) {
            InLocale::There(found) => Some(found),
            InLocale::Missing | InLocale::Unknown => None,
        }
    }

    pub(super) async fn read(&self, id: ArticleId) -> Result<Option<LiveArticle>, Error> {
        let reader = self.writer.reader();
        let Some(article) = reader.article(id).await? else { return Ok(None) };
        // What says that no draft waits may be late, and what is written would become a part of one.
        let has_one = article.has_draft_anywhere() || article.was_live_anywhere();
        let draft = if has_one { reader.draft(id).await? } else { None };
        Ok(Some(LiveArticle { draft, ..LiveArticle::of(article) }))
    }

    /// Whether a text in Intercom is already what the step would make of it: a text that the record knows
    /// for these docs, or one that reads as what would be sent, with every image known.
    pub(super) fn is_there(&self, part: &LocaleChange, sent: &Content, article: &Article) -> bool {
        let Some(wanted) = &part.wanted else { return false };
        let has_title = wanted.title == record::title(article);
        let has_description = wanted.description.as_ref().is_none_or(|wanted| *wanted == record::description(article));
        let state = self.state.borrow();
        let own = &state.own;
        let known = self.record_of(part, article.id);
        let digest = wanted.exact.digest(own);
        let stored = stored_body(article);
        let is_known = known
            .iter()
            .flat_map(ArticleRecord::pairs)
            .any(|pair| pair.body.sent.as_ref() == Some(&digest) && pair.body.stored == stored);
        let reads_so = || {
            let Some(body) = &sent.body else { return false };
            let (ours, mut theirs) = (html::parse(body), parsed(article));
            let origins = known.as_ref().map(ArticleRecord::image_origins).unwrap_or_default();
            image::recognise(&mut theirs, &wanted.images, &origins, Unknown::Left);
            image::are_those(&wanted.images, &theirs) && own.digest(&ours) == own.digest(&theirs)
        };
        let has_author = sent.author.is_none_or(|author| article.author_id == Some(author));
        has_title && has_description && has_author && (is_known || reads_so())
    }

    /// What the record knows of an article in the locale of a part.
    pub(super) fn record_of(&self, part: &LocaleChange, id: ArticleId) -> Option<ArticleRecord> {
        let record = self.record.borrow();
        let known = record.articles.get(&(id, part.locale.clone()))?;
        Some(part.wanted.as_ref().map_or(known, |wanted| known.beside(&wanted.blob)).clone())
    }

    /// Keeps what is known of an article now in the locale of a part, which is `article` in Intercom.
    pub(super) fn keep_record(&self, article: &Article, part: &LocaleChange, set: impl FnOnce(&mut ArticleRecord)) {
        let path = part.path.clone();
        let mut record = self.record.borrow_mut();
        let key = (article.id, part.locale.clone());
        // A state that is left alone is still the docs', so that it stays a teammate's.
        let state = part.wanted.as_ref().and_then(|wanted| wanted.state.filter(|_| part.leaves(Field::State)));
        let known =
            record.articles.or_insert_with(key, || ArticleRecord::new(path.clone(), state.unwrap_or(article.state)));
        known.settle_merge();
        known.path = path;
        if let Some(wanted) = &part.wanted {
            *known = known.beside(&wanted.blob).clone();
            if !part.leaves(Field::State) && wanted.state == Some(article.state) {
                known.reach(article.state, Address::of(article));
            }
            known.collection = wanted.collection.or(known.collection);
            plan::keep_settings(&mut known.settings, &wanted.settings, &|field| part.is_settled(field));
        }
        let stored = |known: &ArticleRecord| known.live_pairs().next().map(|pair| pair.body.stored.clone());
        let before = stored(known);
        set(known);
        if stored(known) != before {
            known.before_pull = None;
        }
        self.changed_record();
    }

    /// The pair of a text that is as wanted, but for what was left alone: of that stays what `known` says.
    pub(super) fn pair(&self, known: Option<&ArticleRecord>, part: &LocaleChange, stored: &Article) -> Pair {
        self.pair_leaving(known, part, stored, &part.left())
    }

    pub(super) fn pair_leaving(
        &self,
        known: Option<&ArticleRecord>,
        part: &LocaleChange,
        stored: &Article,
        left: &BTreeSet<ContentKey>,
    ) -> Pair {
        let state = self.state.borrow();
        let own = &state.own;
        let path = part.path.clone();
        let Some(wanted) = &part.wanted else { return Pair::seen(stored, own) };
        // Where the links of the docs point as they did, so do those of a text that is still the same.
        let sent = wanted.exact.digest(own);
        let with_links_of_now = |pair: &&Pair| pair.body.sent.as_ref() == Some(&sent);
        let known_pairs = known.into_iter().flat_map(ArticleRecord::pairs).filter(with_links_of_now);
        let mut pair = wanted.said(Pair::seen_again(stored, known_pairs, own), own);
        if let Some(blob) = self.state.borrow().blobs.get(&path) {
            pair.blob = Some(blob.clone());
        }
        wanted.leave(&mut pair, known.and_then(|known| known.draft_pairs().next()), left);
        pair
    }

    /// The pair of a text that was found in Intercom. One that is not as wanted was not sent as such.
    pub(super) fn found_pair(&self, part: &LocaleChange, stored: &Article) -> Pair {
        if self.is_settled(part) || self.is_there(part, &Content::default(), stored) {
            return self.pair(self.record_of(part, stored.id).as_ref(), part, stored);
        }
        Pair::seen(stored, &self.state.borrow().own)
    }

    /// Whether the plan found the text as wanted.
    fn is_settled(&self, part: &LocaleChange) -> bool {
        part.body.is_empty() && part.fields.iter().all(|change| !Field::TEXT.contains(&change.field))
    }

    /// What is live, so that it is still known once something is staged behind it. A text that is
    /// replaced on purpose was seen and not sent; what is left alone keeps its pair.
    pub(super) fn live_pair(&self, known: &ArticleRecord, live: &Article, part: &LocaleChange) -> Pair {
        let state = self.state.borrow();
        let own = &state.own;
        let mut pair = Pair::seen(live, own);
        let is_it = |known: &&Pair| {
            known.body.stored == pair.body.stored || known.has_todays_rules() && known.body.shown == pair.body.shown
        };
        if let Some(known) = known.pairs().find(is_it) {
            let stored = std::mem::replace(&mut pair.body, known.body.clone()).stored;
            pair.body.stored = stored;
            pair.blob.clone_from(&known.blob);
            pair.rules = known.rules;
        }
        if let Some(wanted) = &part.wanted {
            wanted.leave(&mut pair, known.live_pairs().next(), &part.left());
        }
        pair
    }

    /// Keeps what is known of a collection now. What a teammate changed and we left alone stays
    /// what it was to us.
    pub(super) fn record_collection(&self, folder: &Folder, collection: &Collection, change: &Change) {
        let mut known = self.record.borrow_mut();
        let mut record = CollectionRecord::stored(folder.clone(), collection);
        if let Some(before) = known.collections.get(&collection.id) {
            for part in change.locales.values() {
                let (now, then) = if self.is_default(part) {
                    if part.leaves(Field::Collection) {
                        record.parent = before.parent;
                    }
                    ((&mut record.name, &mut record.description), (&before.name, &before.description))
                } else {
                    let now = record.translations.get_mut(&part.locale);
                    let Some((now, then)) = now.zip(before.translations.get(&part.locale)) else { continue };
                    ((&mut now.name, &mut now.description), (&then.name, &then.description))
                };
                if part.leaves(Field::Title) {
                    now.0.clone_from(then.0);
                }
                if part.leaves(Field::Description) {
                    now.1.clone_from(then.1);
                }
            }
        }
        known.collections.insert(collection.id, record);
        self.changed_record();
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

/// Keeps who may use a text, as the docs say it: an audience that a teammate added was sent along, and is
/// not ours.
pub(super) fn keep_flags(known: &mut ArticleRecord, sent: &Flags, part: &LocaleChange) {
    let wanted = part.wanted.as_ref().and_then(|wanted| wanted.settings.flags.audiences.as_ref());
    let audiences = sent.audiences.as_ref().map(|sent| wanted.unwrap_or(sent).clone());
    known.settings.flags.take(&Flags { audiences, ..sent.clone() });
}

fn stale(target: Target<'_>, before: &LiveArticle) -> Outcome {
    let Target { id, change, .. } = target;
    let time = |at: i64| jiff::Timestamp::from_second(at).map_or_else(|_| "?".to_owned(), minute);
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

/// A done step, or what could not be kept of it.
pub(super) fn done(verb: &'static str, id: Option<u64>, kept: Result<(), NotKept>, compared: Compared) -> Outcome {
    match (compared, kept) {
        (Ok(note), Ok(())) => Outcome::Done { verb, id, note },
        (Err(lost), _) => Outcome::failed(
            lost.to_string(),
            "write it in a form that Intercom keeps; `helpbook plan` shows the difference",
        ),
        (Ok(_), Err(error)) => not_kept(&error),
    }
}
