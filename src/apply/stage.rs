//! Staging one article: created as a draft, adopted, updated unseen, or a draft behind live text.

use std::collections::BTreeSet;
use std::time::Instant;

use super::compared::{Compared, Lost, Sent, both, noted, sent};
use super::create::NewArticle;
use super::links::Filled;
use super::replaced::Look;
use super::saving::not_kept;
use super::step::{Target, done, keep_flags};
use super::wire::{self, Become};
use super::{Outcome, Run};
use crate::intercom::model::{CollectionId, State, UpdateArticle};
use crate::live::LiveArticle;
use crate::plan::{Action, Change, Content, LocaleChange, Place, Seen, Stage, Texts};
use crate::record::{self, stored_body};
use crate::text::{Digest, DocPath};

/// Texts that were written where nobody can see them.
struct Written<'c> {
    verb: &'static str,
    sent: Vec<Sent<'c>>,
    /// What was lost on the way.
    note: Option<String>,
    /// Where the article was put.
    parent_id: Option<CollectionId>,
}

impl Run<'_> {
    pub(super) async fn stage_article(&self, at: usize, change: &Change, step: &Stage) -> Outcome {
        let begun = self.state.borrow_mut().changes[at].begun.take();
        if let Stage::Create { texts, author, place } = step {
            if let Some(waits) = begun {
                return self.write_text(at, change, texts, &waits).await;
            }
            let new = NewArticle { texts, author: *author, place: place.as_ref() };
            let created = self.create_article(at, change, new).await;
            return self.then_tags(at, change, created).await;
        }
        let Some(id) = change.article_id() else { return Outcome::Skipped };
        let target = Target { at, id, change };
        if change.action == Action::Adopt
            && let Err(outcome) = self.adopt(target).await
        {
            return outcome;
        }
        let outcome = match step {
            Stage::Update { texts, place: None } if texts.is_empty() => {
                Outcome::Done { verb: "tagged", id: None, note: None }
            }
            Stage::Update { texts, place } => self.update(target, place.as_ref(), texts).await,
            Stage::Draft { texts, hidden } => {
                if !hidden.is_empty() {
                    let outcome = self.update(target, None, hidden).await;
                    if !outcome.is_done() {
                        return outcome;
                    }
                    if let Err(error) = self.saved().await {
                        return not_kept(&error);
                    }
                }
                self.stage_draft(target, texts).await
            }
            Stage::Adopt => Outcome::Done { verb: "adopted", id: Some(id.0), note: None },
            Stage::Create { .. } | Stage::CreateCollection { .. } => Outcome::Skipped,
        };
        self.then_tags(at, change, outcome).await
    }

    /// Takes an article that is there already: its id into the file, what it holds into the record.
    async fn adopt(&self, target: Target<'_>) -> Result<(), Outcome> {
        let before = self.read_again(target).await?;
        self.keep_article_id(target.change, &before.article).await.map_err(|error| not_kept(&error))?;
        let Some(part) = target.change.locales.get(&self.persistence.locale) else { return Ok(()) };
        let Some(before) = self.view(&before, part) else { return Ok(()) };
        // A draft that is not as wanted is a teammate's.
        let staged = before.draft.as_ref().filter(|draft| self.is_there(part, &Content::default(), draft));
        let found = self.found_pair(part, &before.article);
        self.keep_record(&before.article, part, |record| match before.article.state {
            State::Published => {
                record.staged = staged.map(|draft| self.pair(Some(record), part, draft));
                record.live = Some(found);
            }
            State::Draft => record.staged = Some(found),
        });
        self.saved().await.map_err(|error| not_kept(&error))
    }

    /// `PUT /articles/{id}` in locales in which nobody can see it: the default one without state, others as
    /// drafts.
    async fn update(&self, target: Target<'_>, place: Option<&Place>, texts: &Texts) -> Outcome {
        let parent_id = match self.resolve(place) {
            Ok(parent) => parent,
            Err(outcome) => return outcome,
        };
        let Filled { texts, note } = match self.fill(target.change, texts) {
            Ok(filled) => filled,
            Err(outcome) => return outcome,
        };
        let sent = sent(target.change, &texts);
        let at = Instant::now();
        let before = match self.read_again(target).await {
            Ok(before) => before,
            Err(stale) => return self.updated_already(target, &sent, parent_id).await.unwrap_or(stale),
        };
        if let Some(outcome) = self.may_be_seen(&sent, &before) {
            return outcome;
        }
        let update = UpdateArticle {
            parent_id,
            parent_type: parent_id.map(|_| "collection".to_owned()),
            ..wire::update(&texts, &self.persistence.locale, &before, Become::Hidden)
        };
        let answer = match self.writer.update_article(target.id, &update).await {
            Ok(answer) => LiveArticle::of(answer),
            Err(error) if error.is_outlived() => {
                return match self.updated_already(target, &sent, parent_id).await {
                    Some(outcome) => outcome,
                    None => self.failed(&error).await,
                };
            }
            Err(error) => return self.failed(&error).await,
        };
        let look = Look { before: &before, at };
        self.keep_hidden_texts(target, Written { verb: "updated", sent, note, parent_id }, look, &answer).await
    }

    /// A plan that is run again finds what it did the first time.
    async fn updated_already(
        &self,
        target: Target<'_>,
        sent: &[Sent<'_>],
        parent_id: Option<CollectionId>,
    ) -> Option<Outcome> {
        let now = self.read(target.id).await.ok()??;
        let is_in_place = parent_id.is_none_or(|parent| now.article.parent_ids.contains(&parent));
        if !is_in_place || !self.is_updated_already(sent, &now) {
            return None;
        }
        sent.iter().for_each(|sent| self.keep_hidden(sent.part, &now));
        self.saw(target, &now);
        Some(done("updated already", None, Ok(()), Ok(None)))
    }

    /// Why what is written now could be seen by customers.
    fn may_be_seen(&self, sent: &[Sent<'_>], before: &LiveArticle) -> Option<Outcome> {
        let is_seen =
            |sent: &Sent<'_>| self.view(before, sent.part).is_some_and(|found| found.article.state == State::Published);
        if sent.iter().any(is_seen) {
            return Some(Outcome::refused(
                "it was published in Intercom after this plan was made",
                "run `helpbook plan` again",
            ));
        }
        (!before.pending(&self.persistence.locale).is_empty()).then(|| {
            Outcome::refused(
                "a draft is pending in Intercom by now, and what is written beside it would become a part of it",
                "run `helpbook plan` again",
            )
        })
    }

    /// `PUT /articles/{id}` with the texts of an article that this run created, now that all that they
    /// link to is there.
    async fn write_text(&self, at: usize, change: &Change, texts: &Texts, waits: &BTreeSet<DocPath>) -> Outcome {
        let Some(id) = self.state.borrow().changes[at].id else { return Outcome::Skipped };
        let target = Target { at, id, change };
        let default = &self.persistence.locale;
        let waiting = sent(change, texts).into_iter().filter(|sent| waits.contains(&sent.part.path));
        let follows = |Sent { part, content }: Sent<'_>| {
            let is_there = part.locale == *default;
            let title = content.title.clone().filter(|_| !is_there);
            let description = content.description.clone().filter(|_| !is_there);
            (part.locale.clone(), Box::new(Content { title, description, ..content.clone() }))
        };
        let Filled { texts, note } = match self.fill(change, &waiting.map(follows).collect()) {
            Ok(filled) => filled,
            Err(outcome) => return outcome,
        };
        let at = Instant::now();
        let before = match self.read_again(target).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        let update = wire::update(&texts, default, &before, Become::Hidden);
        let answer = match self.writer.update_article(id, &update).await {
            Ok(answer) => LiveArticle::of(answer),
            Err(error) => return self.failed(&error).await,
        };
        let written = Written { verb: "linked", sent: sent(change, &texts), note, parent_id: None };
        self.keep_hidden_texts(target, written, Look { before: &before, at }, &answer).await
    }

    /// Keeps what was written where nobody can see it.
    async fn keep_hidden_texts(
        &self,
        target: Target<'_>,
        written: Written<'_>,
        look: Look<'_>,
        answer: &LiveArticle,
    ) -> Outcome {
        let before = look.before;
        let mut compared = self.replaced(target, &written.sent, look, answer).await;
        for sent in written.sent {
            let part = sent.part;
            let (then, now) = (self.view(before, part), self.view(answer, part));
            let outcome = self.keep_text(sent, then.as_deref(), now.as_deref(), |record, pair| {
                record.collection = written.parent_id.filter(|_| self.is_default(part)).or(record.collection);
                record.live = None;
                record.staged = Some(pair);
                keep_flags(record, &sent.content.flags, part);
            });
            compared = both(compared, outcome);
        }
        self.saw(target, answer);
        if let Some(outcome) = self.also_changed(before, answer, &BTreeSet::new()) {
            return outcome;
        }
        let id = (written.verb == "linked").then_some(target.id.0);
        done(written.verb, id, Ok(()), noted(written.note, compared))
    }

    /// Whether every text is there unseen, as it was to be sent.
    fn is_updated_already(&self, sent: &[Sent<'_>], now: &LiveArticle) -> bool {
        sent.iter().all(|Sent { part, content }| {
            self.view(now, part).is_some_and(|found| {
                found.article.state == State::Draft && self.is_there(part, content, &found.article)
            })
        })
    }

    fn keep_hidden(&self, part: &LocaleChange, now: &LiveArticle) {
        let Some(found) = self.view(now, part) else { return };
        self.keep_record(&found.article, part, |record| {
            record.live = None;
            record.staged = Some(self.pair(Some(record), part, &found.article));
        });
    }

    /// `PUT /articles/{id}/draft`, behind a live article.
    async fn stage_draft(&self, target: Target<'_>, texts: &Texts) -> Outcome {
        let Filled { texts, note } = match self.fill(target.change, texts) {
            Ok(filled) => filled,
            Err(outcome) => return outcome,
        };
        let sent = sent(target.change, &texts);
        let at = Instant::now();
        let before = match self.read_again(target).await {
            Ok(before) => before,
            Err(stale) => return self.staged_already(target, &sent).await.unwrap_or(stale),
        };
        let is_seen = |sent: &Sent<'_>| {
            self.view(&before, sent.part).is_some_and(|found| found.article.state == State::Published)
        };
        if !sent.iter().all(is_seen) {
            return Outcome::refused(
                "it was taken offline in Intercom after this plan was made",
                "run `helpbook plan` again",
            );
        }
        let update = wire::update(&texts, &self.persistence.locale, &before, Become::AsTheyAre);
        let answer = match self.writer.stage_draft(target.id, &update).await {
            Ok(answer) => LiveArticle::of(answer),
            Err(error) if error.is_outlived() => {
                return match self.staged_already(target, &sent).await {
                    Some(outcome) => outcome,
                    None => self.failed(&error).await,
                };
            }
            Err(error) => return self.failed(&error).await,
        };
        let mut compared = self.replaced(target, &sent, Look { before: &before, at }, &answer).await;
        for sent in sent {
            compared = both(compared, self.keep_draft(sent, &before, &answer));
        }
        self.saw(target, &LiveArticle { draft: Some(answer.article), ..before });
        done("staged", None, Ok(()), noted(note, compared))
    }

    /// A plan that is run again finds what it did the first time.
    async fn staged_already(&self, target: Target<'_>, sent: &[Sent<'_>]) -> Option<Outcome> {
        let now = self.read(target.id).await.ok()??;
        if !self.is_same_live(target, &now) || !self.is_staged_already(sent, &now) {
            return None;
        }
        for Sent { part, .. } in sent {
            let Some(found) = self.view(&now, part) else { continue };
            let Some(draft) = &found.draft else { continue };
            self.keep_record(&found.article, part, |record| {
                record.live = Some(self.live_pair(record, &found.article, part));
                record.staged = Some(self.pair(Some(record), part, draft));
            });
        }
        self.saw(target, &now);
        Some(done("staged already", None, Ok(()), Ok(None)))
    }

    /// Compares and keeps a draft in one locale.
    fn keep_draft(&self, sent: Sent<'_>, before: &LiveArticle, answer: &LiveArticle) -> Compared {
        let part = sent.part;
        let (then, now) = (self.view(before, part), self.view(answer, part));
        let Some(live) = then else { return Ok(None) };
        let Some(now) = now else {
            return Err(Lost::Locale { what: "draft", locale: part.locale.clone() });
        };
        let staged = live.draft.clone().map_or_else(|| live.clone().into_owned(), LiveArticle::of);
        let (pair, outcome) = self.compare(sent, Some(&staged.article), &now.article);
        let images = self.image_origins(sent, &now.article);
        self.keep_record(&live.article, part, |record| {
            record.live = Some(self.live_pair(record, &live.article, part));
            record.staged = Some(pair);
            record.images.extend(images);
        });
        self.in_its_locale(part, outcome)
    }

    /// Whether the live texts are those that the plan saw, whatever is staged behind them.
    fn is_same_live(&self, target: Target<'_>, now: &LiveArticle) -> bool {
        let found = self.seen_now(target, now);
        self.expected(target).is_some_and(|seen| {
            let live = |seen: &Seen| {
                seen.locales.iter().map(|(locale, seen)| (locale.clone(), seen.live.clone())).collect::<Vec<_>>()
            };
            seen.place == found.place && live(&seen) == live(&found)
        })
    }

    /// What is sent has to be there, and what is not sent as it is live: a teammate may have changed it there, and the
    /// draft is older.
    fn is_staged_already(&self, sent: &[Sent<'_>], now: &LiveArticle) -> bool {
        sent.iter().all(|Sent { part, content }| {
            let Some(found) = self.view(now, part) else { return false };
            let (live, Some(draft)) = (&found.article, &found.draft) else { return false };
            let wanted = |said: Option<&String>, live| said.map_or(live, |text| Digest::of(text.trim()));
            self.is_there(part, content, draft)
                && record::title(draft) == wanted(content.title.as_ref(), record::title(live))
                && record::description(draft) == wanted(content.description.as_ref(), record::description(live))
                && (content.body.is_some() || stored_body(draft) == stored_body(live))
        })
    }
}
