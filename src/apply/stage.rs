//! Staging one article: created as a draft, adopted, updated unseen, or a draft behind live text.

use std::collections::BTreeSet;

use super::links::{Filled, noted};
use super::locales::{Compared, both, in_its_locale, request, texts, whole};
use super::saving::not_kept;
use super::step::{done, keep_flags};
use super::{Outcome, Run, settings};
use crate::intercom::model::{ArticleId, CollectionId, State, UpdateArticle};
use crate::live::LiveArticle;
use crate::plan::{Change, Content, Part, Place, Stage, Translations, Unseen};
use crate::text::DocPath;

/// A text that is kept: the part of the change it belongs to, and what is sent of it.
type Texts<'c> = Vec<(Part<'c>, &'c Content)>;

impl Run<'_> {
    pub(super) async fn stage_article(&self, at: usize, change: &Change, step: &Stage) -> Outcome {
        let begun = self.begun.borrow_mut().remove(&at);
        if let (Stage::Create { content, translations, .. }, Some(waits)) = (step, begun) {
            return self.write_text(at, change, (content, translations), &waits).await;
        }
        let id = match (step, change.article_id()) {
            (Stage::Create { content, author, place, translations }, _) => {
                let created = self.create_article(at, change, content, *author, (place.as_ref(), translations)).await;
                return self.then_tags(at, change, created).await;
            }
            (_, Some(id)) => id,
            (_, None) => return Outcome::Skipped,
        };
        if change.action == crate::plan::Action::Adopt
            && let Err(outcome) = self.adopt(at, id, change).await
        {
            return outcome;
        }
        let outcome = match step {
            Stage::Update { content, place: None, translations }
                if *content == Content::default() && translations.is_empty() =>
            {
                Outcome::Done { verb: "tagged", id: None, note: None }
            }
            Stage::Update { content, place, translations } => {
                self.update(at, id, change, place.as_ref(), (content, translations)).await
            }
            Stage::Draft { content, translations, unseen } => {
                let Unseen { content: hidden, translations: others } = unseen;
                if !unseen.is_empty() {
                    let outcome = self.update(at, id, change, None, (hidden, others)).await;
                    if !outcome.is_done() {
                        return outcome;
                    }
                    if let Err(reason) = self.saved().await {
                        return not_kept(reason);
                    }
                }
                self.stage_draft(at, id, change, (content, translations)).await
            }
            Stage::Adopt => Outcome::Done { verb: "adopted", id: Some(id.0), note: None },
            Stage::Create { .. } | Stage::CreateCollection { .. } => Outcome::Skipped,
        };
        self.then_tags(at, change, outcome).await
    }

    /// Takes an article that is there already: its id into the file, what it holds into Base.
    async fn adopt(&self, at: usize, id: ArticleId, change: &Change) -> Result<(), Outcome> {
        let before = self.read_again(at, id, change).await?;
        self.keep_article_id(change, &before.article).map_err(not_kept)?;
        let part = change.root();
        let Some(before) = self.view(&before, &part) else { return Ok(()) };
        // A draft that is not as wanted is a teammate's.
        let staged = before.draft.as_ref().filter(|draft| self.is_there(&part, &Content::default(), draft));
        let found = self.found_pair(&part, &before.article);
        self.keep_record(&before.article, &part, |record| match before.article.state {
            State::Published => {
                record.staged = staged.map(|draft| self.pair(Some(record), &part, draft));
                record.live = Some(found);
            }
            State::Draft => record.staged = Some(found),
        });
        self.saved().await.map_err(not_kept)
    }

    /// `PUT /articles/{id}` in locales that nobody can see: the default one without state, others as
    /// drafts.
    async fn update(
        &self,
        at: usize,
        id: ArticleId,
        change: &Change,
        place: Option<&Place>,
        (content, translations): (&Content, &Translations),
    ) -> Outcome {
        let parent_id = match self.resolve(place) {
            Ok(parent) => parent,
            Err(outcome) => return outcome,
        };
        let Filled { content, translations, note } = match self.fill(change, content, translations) {
            Ok(filled) => filled,
            Err(outcome) => return outcome,
        };
        let mut texts = texts(change, &content, &translations);
        if place.is_some() && texts.iter().all(|(part, _)| part.locale.is_some()) {
            texts.insert(0, (change.root(), &content));
        }
        let before = match self.read_again(at, id, change).await {
            Ok(before) => before,
            // A plan that is run again finds what it did the first time.
            Err(stale) => match self.read(id).await {
                Ok(Some(now))
                    if self.is_updated_already(&texts, &now)
                        && parent_id.is_none_or(|parent| now.article.parent_ids.contains(&parent)) =>
                {
                    texts.iter().for_each(|(part, _)| self.keep_hidden(part, &now));
                    self.saw(at, change, &now);
                    return done("updated already", None, Ok(()), Ok(None));
                }
                _ => return stale,
            },
        };
        let is_seen =
            |part: &Part<'_>| self.view(&before, part).is_some_and(|found| found.article.state == State::Published);
        if texts.iter().any(|(part, _)| is_seen(part)) {
            return Outcome::refused(
                "it was published in Intercom after this plan was made",
                "run `helpbook plan` again",
            );
        }
        if !before.pending(&self.keep.locale).is_empty() {
            return Outcome::refused(
                "a draft is pending in Intercom by now, and what is written beside it would become a part of it",
                "run `helpbook plan` again",
            );
        }
        let mut update = UpdateArticle {
            parent_id,
            parent_type: parent_id.map(|_| "collection".to_owned()),
            ..request(&content, whole(&translations, Some(&before), State::Draft))
        };
        settings::audiences_to_their_locale(&mut update, &self.keep.locale, &before);
        let answer = match self.writer.update_article(id, &update).await {
            Ok(answer) => LiveArticle::of(answer),
            Err(error) => return self.failed(&error).await,
        };
        let compared = self.keep_unseen(&texts, &before, &answer, parent_id);
        self.saw(at, change, &answer);
        if let Some(outcome) = self.also_changed(&before, &answer, &BTreeSet::new()) {
            return outcome;
        }
        done("updated", None, Ok(()), noted(note, compared))
    }

    /// `PUT /articles/{id}` with the texts of an article that this run created, now that all that they
    /// link to is there.
    async fn write_text(
        &self,
        at: usize,
        change: &Change,
        (content, translations): (&Content, &Translations),
        waits: &BTreeSet<DocPath>,
    ) -> Outcome {
        let Some(id) = self.ids.borrow().get(&at).copied() else { return Outcome::Skipped };
        let waiting = texts(change, content, translations).into_iter();
        let waiting = waiting.filter(|(part, _)| waits.contains(&DocPath::new(part.path)));
        let (mut root, mut others) = (Content::default(), Translations::new());
        for (part, content) in waiting {
            match part.locale {
                Some(locale) => drop(others.insert(locale.clone(), content.clone())),
                None => root = Content { title: None, description: None, ..content.clone() },
            }
        }
        let Filled { content, translations, note } = match self.fill(change, &root, &others) {
            Ok(filled) => filled,
            Err(outcome) => return outcome,
        };
        let before = match self.read_again(at, id, change).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        let update = request(&content, whole(&translations, Some(&before), State::Draft));
        let answer = match self.writer.update_article(id, &update).await {
            Ok(answer) => LiveArticle::of(answer),
            Err(error) => return self.failed(&error).await,
        };
        let texts = texts(change, &content, &translations);
        let compared = self.keep_unseen(&texts, &before, &answer, None);
        self.saw(at, change, &answer);
        if let Some(outcome) = self.also_changed(&before, &answer, &BTreeSet::new()) {
            return outcome;
        }
        done("linked", Some(id.0), Ok(()), noted(note, compared))
    }

    /// Keeps what was written where nobody can see it.
    fn keep_unseen(
        &self,
        texts: &Texts<'_>,
        before: &LiveArticle,
        answer: &LiveArticle,
        parent_id: Option<CollectionId>,
    ) -> Compared {
        let mut compared: Compared = Ok(None);
        for (part, sent) in texts {
            let (then, now) = (self.view(before, part), self.view(answer, part));
            let outcome = self.keep_text(part, sent, then.as_deref(), now.as_deref(), |record, pair| {
                record.collection = parent_id.filter(|_| part.locale.is_none()).or(record.collection);
                record.live = None;
                record.staged = Some(pair);
                keep_flags(record, &sent.flags, part);
            });
            compared = both(compared, outcome);
        }
        compared
    }

    /// Whether every text stands there unseen, as it was to be sent.
    fn is_updated_already(&self, texts: &Texts<'_>, now: &LiveArticle) -> bool {
        texts.iter().all(|(part, sent)| {
            self.view(now, part)
                .is_some_and(|found| found.article.state == State::Draft && self.is_there(part, sent, &found.article))
        })
    }

    fn keep_hidden(&self, part: &Part<'_>, now: &LiveArticle) {
        let Some(found) = self.view(now, part) else { return };
        self.keep_record(&found.article, part, |record| {
            record.live = None;
            record.staged = Some(self.pair(Some(record), part, &found.article));
        });
    }

    /// `PUT /articles/{id}/draft`, behind a live article.
    async fn stage_draft(
        &self,
        at: usize,
        id: ArticleId,
        change: &Change,
        (content, translations): (&Content, &Translations),
    ) -> Outcome {
        let Filled { content, translations, note } = match self.fill(change, content, translations) {
            Ok(filled) => filled,
            Err(outcome) => return outcome,
        };
        let texts = texts(change, &content, &translations);
        let before = match self.read_again(at, id, change).await {
            Ok(before) => before,
            Err(outcome) => match self.read(id).await {
                // A plan that is run again finds what it did the first time.
                Ok(Some(now)) if self.is_same_live(at, change, &now) && self.is_staged_already(&texts, &now) => {
                    for (part, _) in &texts {
                        let Some(found) = self.view(&now, part) else { continue };
                        let Some(draft) = &found.draft else { continue };
                        self.keep_record(&found.article, part, |record| {
                            record.live = Some(self.live_pair(record, &found.article, part));
                            record.staged = Some(self.pair(Some(record), part, draft));
                        });
                    }
                    self.saw(at, change, &now);
                    return done("staged already", None, Ok(()), Ok(None));
                }
                _ => return outcome,
            },
        };
        let is_seen =
            |part: &Part<'_>| self.view(&before, part).is_some_and(|found| found.article.state == State::Published);
        if !texts.iter().all(|(part, _)| is_seen(part)) {
            return Outcome::refused(
                "it was taken offline in Intercom after this plan was made",
                "run `helpbook plan` again",
            );
        }
        let answer =
            match self.writer.stage_draft(id, &request(&content, whole(&translations, Some(&before), None))).await {
                Ok(answer) => LiveArticle::of(answer),
                Err(error) => return self.failed(&error).await,
            };
        let mut compared: Compared = Ok(None);
        for (part, sent) in texts {
            let (then, now) = (self.view(&before, &part), self.view(&answer, &part));
            let Some(live) = then else { continue };
            let staged = live.draft.clone().map_or_else(|| live.clone().into_owned(), LiveArticle::of);
            let outcome = match now {
                Some(now) => {
                    let (pair, outcome) = self.compare(&part, sent, Some(&staged.article), &now.article);
                    let images = self.image_origins(&part, sent, &now.article);
                    self.keep_record(&live.article, &part, |record| {
                        record.live = Some(self.live_pair(record, &live.article, &part));
                        record.staged = Some(pair);
                        record.images.extend(images);
                    });
                    in_its_locale(&part, outcome)
                }
                None => Err(format!("Intercom's answer holds no draft in `{}`", self.locale(&part))),
            };
            compared = both(compared, outcome);
        }
        self.saw(at, change, &LiveArticle { draft: Some(answer.article), ..before });
        done("staged", None, Ok(()), noted(note, compared))
    }

    /// Whether the live texts are those that the plan saw, whatever is staged behind them.
    fn is_same_live(&self, at: usize, change: &Change, now: &LiveArticle) -> bool {
        let found = self.seen_now(at, change, now);
        self.expected(at, change).is_some_and(|seen| {
            let others = |seen: &crate::plan::Seen| {
                seen.translations.iter().map(|(locale, seen)| (locale.clone(), seen.live.clone())).collect::<Vec<_>>()
            };
            seen.live == found.live && others(&seen) == others(&found)
        })
    }

    fn is_staged_already(&self, texts: &Texts<'_>, now: &LiveArticle) -> bool {
        texts.iter().all(|(part, sent)| {
            self.view(now, part)
                .is_some_and(|found| found.draft.as_ref().is_some_and(|draft| self.is_there(part, sent, draft)))
        })
    }
}
