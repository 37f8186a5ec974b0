//! Staging one article: created as a draft, adopted, updated unseen, or a draft behind live text.

use super::step::done;
use super::{KeepIds, Outcome, Run};
use crate::base::{Pair, Texts};
use crate::intercom::model::{ArticleId, State, UpdateArticle};
use crate::plan::{Change, Content, Place, Seen, Stage};

impl Run<'_> {
    pub(super) async fn stage_article(&self, at: usize, change: &Change, step: &Stage) -> Outcome {
        let id = match (step, change.article_id()) {
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
        if self.keep.ids == KeepIds::FrontMatter {
            self.keep_article_id(change, &before.article).map_err(fail)?;
        }
        let sent = change.wanted.as_ref().map(|wanted| wanted.texts.clone());
        let pair = |stored: Texts| Pair { sent: sent.clone().unwrap_or_else(|| stored.clone()), stored };
        let live = pair(Texts::stored(&before.article));
        let staged = before.draft.as_ref().map(|draft| pair(Texts::stored(draft)));
        self.record(id, change, |record| {
            record.state = before.article.state;
            record.author = before.article.author_id;
            record.collection = None;
            match (before.article.state, staged) {
                (State::Published, None) => record.live = Some(live),
                (State::Published, staged) => {
                    Self::known_live(record, &before.article);
                    record.staged = staged;
                }
                (State::Draft, _) => record.staged = Some(live),
            }
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
        let before = match self.read_again(at, id, change).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        if before.article.state != State::Draft {
            return Outcome::refused(
                "it was published in Intercom after this plan was made",
                "run `helpbook plan` again",
            );
        }
        let parent_id = match self.resolve(place) {
            Ok(parent) => parent,
            Err(outcome) => return outcome,
        };
        let update =
            UpdateArticle { parent_id, parent_type: parent_id.map(|_| "collection".to_owned()), ..request(content) };
        let answer = match self.writer.update_article(id, &update).await {
            Ok(answer) => answer,
            Err(error) => return self.failed(&error).await,
        };
        let (pair, compared) = self.compare(change, content, &answer);
        let kept = self.record(id, change, |record| {
            record.state = State::Draft;
            record.author = answer.author_id;
            record.collection = parent_id.or(record.collection);
            record.live = None;
            record.staged = Some(pair);
        });
        self.seen.borrow_mut().insert(at, Seen::of(&answer, None));
        done("updated", None, kept, compared)
    }

    /// `PUT /articles/{id}/draft`, behind a live article.
    async fn stage_draft(&self, at: usize, id: ArticleId, change: &Change, content: &Content) -> Outcome {
        let before = match self.read_again(at, id, change).await {
            Ok(before) => before,
            Err(outcome) => match self.read(id).await {
                // A plan that is run again finds what it did the first time.
                Ok(Some(before)) if before.draft.as_ref().is_some_and(|draft| Self::is_there(change, draft)) => {
                    self.seen.borrow_mut().insert(at, Seen::of(&before.article, before.draft.as_ref()));
                    return Outcome::done("staged already");
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
        let answer = match self.writer.stage_draft(id, &request(content)).await {
            Ok(answer) => answer,
            Err(error) => return self.failed(&error).await,
        };
        let (pair, compared) = self.compare(change, content, &answer);
        let kept = self.record(id, change, |record| {
            Self::known_live(record, &before.article);
            record.author = answer.author_id;
            record.staged = Some(pair);
        });
        self.seen.borrow_mut().insert(at, Seen::of(&before.article, Some(&answer)));
        done("staged", None, kept, compared)
    }
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
