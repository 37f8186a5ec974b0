//! Staging one article: created as a draft, adopted, updated unseen, or a draft behind live text.

use super::links::{Filled, noted};
use super::step::{Before, done};
use super::{Outcome, Run};
use crate::base::Pair;
use crate::intercom::model::{Article, ArticleId, CollectionId, State, UpdateArticle};
use crate::plan::{Change, Content, Place, Seen, Stage};

impl Run<'_> {
    pub(super) async fn stage_article(&self, at: usize, change: &Change, step: &Stage) -> Outcome {
        let begun = self.ids.borrow().get(&at).copied().filter(|_| self.begun.borrow_mut().remove(&at));
        let id = match (step, change.article_id()) {
            (Stage::Create { content, .. }, _) if begun.is_some() => return self.write_text(at, change, content).await,
            (Stage::Create { content, author, place }, _) => {
                return self.create_article(at, change, content, *author, place.as_ref()).await;
            }
            (_, Some(id)) => id,
            (_, None) => return Outcome::Skipped,
        };
        if change.action == crate::plan::Action::Adopt
            && let Err(outcome) = self.adopt(at, id, change).await
        {
            return outcome;
        }
        match step {
            Stage::Update { content, place } => self.update(at, id, change, content, place.as_ref()).await,
            Stage::Draft { content } => self.stage_draft(at, id, change, content).await,
            Stage::Adopt => Outcome::Done { verb: "adopted", id: Some(id.0), note: None },
            Stage::Create { .. } | Stage::CreateCollection { .. } => Outcome::Skipped,
        }
    }

    /// Takes an article that is there already: its id into the file, what it holds into Base.
    async fn adopt(&self, at: usize, id: ArticleId, change: &Change) -> Result<(), Outcome> {
        let before = self.read_again(at, id, change).await?;
        let fail = |reason: String| {
            Outcome::failed(reason, "make the file writable and run it again: nothing is created twice")
        };
        self.keep_article_id(change, &before.article).map_err(fail)?;
        // A draft that is not as wanted is a teammate's.
        let staged = before.draft.as_ref().filter(|draft| self.is_there(change, draft));
        self.record(&before.article, change, |record| match before.article.state {
            State::Published => {
                record.live = Some(self.live_pair(record, &before.article, change));
                record.staged = staged.map(|draft| self.pair(change, draft));
            }
            State::Draft => record.staged = Some(self.found_pair(change, &before.article)),
        })
        .map_err(fail)
    }

    /// `PUT /articles/{id}` without state, of an article that nobody can see.
    async fn update(
        &self,
        at: usize,
        id: ArticleId,
        change: &Change,
        content: &Content,
        place: Option<&Place>,
    ) -> Outcome {
        let parent_id = match self.resolve(place) {
            Ok(parent) => parent,
            Err(outcome) => return outcome,
        };
        let Filled { content, note } = match self.fill(change, content) {
            Ok(filled) => filled,
            Err(outcome) => return outcome,
        };
        let mut before = None;
        let stale = match self.read_again(at, id, change).await {
            Ok(found) if found.article.state == State::Draft => {
                before = Some(found.article);
                None
            }
            Ok(_) => {
                return Outcome::refused(
                    "it was published in Intercom after this plan was made",
                    "run `helpbook plan` again",
                );
            }
            Err(outcome) => Some(outcome),
        };
        if let Some(stale) = stale {
            // A plan that is run again finds what it did the first time.
            return match self.read(id).await {
                Ok(Some(Before { article, .. }))
                    if article.state == State::Draft
                        && self.is_there(change, &article)
                        && parent_id.is_none_or(|parent| article.parent_ids.contains(&parent)) =>
                {
                    let pair = self.pair(change, &article);
                    let now = Updated {
                        article: &article,
                        place: parent_id,
                        pair,
                        verb: "updated already",
                        compared: Ok(None),
                    };
                    self.is_updated(at, change, now)
                }
                _ => stale,
            };
        }
        let update =
            UpdateArticle { parent_id, parent_type: parent_id.map(|_| "collection".to_owned()), ..request(&content) };
        let answer = match self.writer.update_article(id, &update).await {
            Ok(answer) => answer,
            Err(error) => return self.failed(&error).await,
        };
        let (pair, compared) = self.compare(change, &content, before.as_ref(), &answer);
        let compared = noted(note, compared);
        self.is_updated(at, change, Updated { article: &answer, place: parent_id, pair, verb: "updated", compared })
    }

    /// `PUT /articles/{id}` with the text of an article that this run created, now that all that it
    /// links to is there.
    async fn write_text(&self, at: usize, change: &Change, content: &Content) -> Outcome {
        let Some(id) = self.ids.borrow().get(&at).copied() else { return Outcome::Skipped };
        let Filled { content, note } = match self.fill(change, content) {
            Ok(filled) => filled,
            Err(outcome) => return outcome,
        };
        let content = Content { title: None, description: None, ..content };
        let before = match self.read_again(at, id, change).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        let answer = match self.writer.update_article(id, &request(&content)).await {
            Ok(answer) => answer,
            Err(error) => return self.failed(&error).await,
        };
        let (pair, compared) = self.compare(change, &content, Some(&before.article), &answer);
        let compared = noted(note, compared);
        self.is_updated(at, change, Updated { article: &answer, place: None, pair, verb: "linked", compared })
    }

    /// Keeps what an article that nobody can see holds now.
    fn is_updated(&self, at: usize, change: &Change, now: Updated<'_>) -> Outcome {
        let Updated { article, place, pair, verb, compared } = now;
        let kept = self.record(article, change, |record| {
            record.collection = place.or(record.collection);
            record.live = None;
            record.staged = Some(pair);
        });
        self.seen.borrow_mut().insert(at, Seen::of(article, None));
        done(verb, Some(article.id.0), kept, compared)
    }

    /// `PUT /articles/{id}/draft`, behind a live article.
    async fn stage_draft(&self, at: usize, id: ArticleId, change: &Change, content: &Content) -> Outcome {
        let Filled { content, note } = match self.fill(change, content) {
            Ok(filled) => filled,
            Err(outcome) => return outcome,
        };
        let before = match self.read_again(at, id, change).await {
            Ok(before) => before,
            Err(outcome) => match self.read(id).await {
                // A plan that is run again finds what it did the first time.
                Ok(Some(Before { article, draft: Some(draft) }))
                    if self.expected(at, change).is_some_and(|seen| seen.live == Seen::of(&article, None).live)
                        && self.is_there(change, &draft) =>
                {
                    let kept = self.keep_staged(at, change, &article, &draft, self.pair(change, &draft));
                    return done("staged already", None, kept, Ok(None));
                }
                _ => return outcome,
            },
        };
        if before.article.state != State::Published {
            return Outcome::refused(
                "it was taken offline in Intercom after this plan was made",
                "run `helpbook plan` again",
            );
        }
        let answer = match self.writer.stage_draft(id, &request(&content)).await {
            Ok(answer) => answer,
            Err(error) => return self.failed(&error).await,
        };
        let staged = before.draft.as_ref().unwrap_or(&before.article);
        let (pair, compared) = self.compare(change, &content, Some(staged), &answer);
        let compared = noted(note, compared);
        let kept = self.keep_staged(at, change, &before.article, &answer, pair);
        done("staged", None, kept, compared)
    }

    /// Keeps a draft, and what stands live before it.
    fn keep_staged(
        &self,
        at: usize,
        change: &Change,
        live: &Article,
        draft: &Article,
        staged: Pair,
    ) -> Result<(), String> {
        self.seen.borrow_mut().insert(at, Seen::of(live, Some(draft)));
        self.record(live, change, |record| {
            record.live = Some(self.live_pair(record, live, change));
            record.staged = Some(staged);
        })
    }
}

/// What became of an article that nobody can see.
struct Updated<'a> {
    article: &'a Article,
    place: Option<CollectionId>,
    pair: Pair,
    verb: &'static str,
    compared: Result<Option<String>, String>,
}

/// The request that sends some text and nothing else.
pub(super) fn request(content: &Content) -> UpdateArticle {
    UpdateArticle {
        title: content.title.clone(),
        description: content.description.clone(),
        body: content.body.clone(),
        author_id: content.author,
        ..UpdateArticle::default()
    }
}
