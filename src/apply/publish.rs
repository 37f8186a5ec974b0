//! Publishing: the only steps that a customer sees.

use super::links::{Filled, noted};
use super::stage::request;
use super::step::done;
use super::{Outcome, Run};
use crate::base::Texts;
use crate::book::Folder;
use crate::intercom::model::{
    AdminId, Article, ArticleId, CollectionId, Locale, State, UpdateArticle, WriteCollection,
};
use crate::plan::{Change, Content, Place, Publish, Seen, Subject};

impl Run<'_> {
    pub(super) async fn publish_step(&self, at: usize, change: &Change, step: &Publish) -> Outcome {
        if let (Publish::Collection { name, description, parent }, Subject::Collection { folder }, Some(id)) =
            (step, &change.subject, change.id)
        {
            let parent_id = match self.resolve(parent.as_ref()) {
                Ok(parent) => parent,
                Err(outcome) => return outcome,
            };
            let update = WriteCollection {
                name: name.clone(),
                description: description.clone(),
                parent_id,
                help_center_id: None,
            };
            return self.change_collection(CollectionId(id), change, folder, &update).await;
        }
        let made = self.ids.borrow().get(&at).copied();
        let Some(id) = made.or_else(|| change.article_id()) else { return Outcome::Skipped };
        match step {
            Publish::Live => self.go_live(at, id, change).await,
            Publish::Draft { locales } => self.publish_draft(at, id, change, locales).await,
            Publish::Settings { place } => self.set_place(at, id, change, place).await,
            Publish::Offline { content } => self.go_offline(at, id, change, content).await,
            Publish::Delete => self.delete(at, id, change).await,
            Publish::Collection { .. } => Outcome::Skipped,
        }
    }

    /// `PUT /help_center/collections/{id}`.
    async fn change_collection(
        &self,
        id: CollectionId,
        change: &Change,
        folder: &Folder,
        update: &WriteCollection,
    ) -> Outcome {
        match self.writer.reader().collection(id).await {
            Ok(Some(now)) if change.seen.as_ref().is_some_and(|seen| seen.is_same(&Seen::of_collection(&now))) => {}
            Ok(_) => {
                return Outcome::refused(
                    format!("collection {id} changed in Intercom after this plan was made; nothing was written to it"),
                    "run `helpbook plan` again to see the change",
                );
            }
            Err(error) => return self.failed(&error).await,
        }
        match self.writer.update_collection(id, update).await {
            Ok(answer) => {
                self.record_collection(folder, &answer, change);
                done("changed", None, self.write_base(), Ok(None))
            }
            Err(error) => self.failed(&error).await,
        }
    }

    /// `PUT /articles/{id}` with `state: published`.
    async fn go_live(&self, at: usize, id: ArticleId, change: &Change) -> Outcome {
        let before = match self.read_again(at, id, change).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        let update =
            UpdateArticle { state: Some(State::Published), author_id: author(change), ..UpdateArticle::default() };
        match self.writer.update_article(id, &update).await {
            Ok(answer) if answer.state == State::Published => self.is_live(at, change, &before.article, &answer),
            Ok(_) => Outcome::failed(
                "Intercom answered, and the article is still a draft",
                "publish it in Intercom, or run it again",
            ),
            Err(error) => self.failed(&error).await,
        }
    }

    /// `POST /articles/{id}/draft/publish`.
    async fn publish_draft(&self, at: usize, id: ArticleId, change: &Change, locales: &[Locale]) -> Outcome {
        let before = match self.read_again(at, id, change).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        let staged = before.draft.as_ref().unwrap_or(&before.article);
        match self.writer.publish_draft(id, locales).await {
            Ok(answer) => self.is_live(at, change, staged, &answer),
            // The answer may be lost and the draft live all the same.
            Err(error) if error.may_have_happened() => match self.read(id).await {
                Ok(Some(now)) if now.draft.is_none() && self.is_same_text(staged, &now.article) => {
                    self.is_live(at, change, staged, &now.article)
                }
                _ => self.failed(&error).await,
            },
            Err(error) => self.failed(&error).await,
        }
    }

    /// Keeps what went live. It has to be what was staged: somebody may have written in between.
    fn is_live(&self, at: usize, change: &Change, staged: &Article, answer: &Article) -> Outcome {
        let is_same = self.is_same_text(staged, answer);
        let kept = self.record(answer, change, |record| {
            // A text that slipped in is not known as ours: the next plan shows whose it is.
            if is_same {
                record.live = Some(self.pair(change, answer));
            }
            record.staged = None;
            record.taken_offline = false;
        });
        self.seen.borrow_mut().insert(at, Seen::of(answer, None));
        if is_same {
            done("published", Some(answer.id.0), kept, Ok(None))
        } else {
            Outcome::failed(
                "another text went live than the one that was staged: somebody changed it in Intercom at that moment",
                "run `helpbook plan` to see what is live now",
            )
        }
    }

    /// Whether the same text stands there: byte by byte, or in the form that is compared.
    fn is_same_text(&self, staged: &Article, answer: &Article) -> bool {
        Texts::stored(staged) == Texts::stored(answer) || self.comparable(staged) == self.comparable(answer)
    }

    /// `PUT /articles/{id}` with the collection alone.
    async fn set_place(&self, at: usize, id: ArticleId, change: &Change, place: &Place) -> Outcome {
        let before = match self.read_again(at, id, change).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        let parent_id = match self.resolve(Some(place)) {
            Ok(parent) => parent,
            Err(outcome) => return outcome,
        };
        let update = UpdateArticle {
            parent_id,
            parent_type: Some("collection".to_owned()),
            author_id: author(change),
            ..UpdateArticle::default()
        };
        match self.writer.update_article(id, &update).await {
            Ok(answer) => {
                self.seen.borrow_mut().insert(at, Seen::of(&answer, before.draft.as_ref()));
                let kept = self.record(&answer, change, |record| {
                    record.live = Some(self.live_pair(record, &answer, change));
                    record.collection = parent_id;
                });
                done("moved", Some(id.0), kept, Ok(None))
            }
            Err(error) => self.failed(&error).await,
        }
    }

    /// `PUT /articles/{id}` with `state: draft`.
    async fn go_offline(&self, at: usize, id: ArticleId, change: &Change, content: &Content) -> Outcome {
        if let Err(outcome) = self.read_again(at, id, change).await {
            return outcome;
        }
        let Filled { content, note } = match self.fill(change, content) {
            Ok(filled) => filled,
            Err(outcome) => return outcome,
        };
        let update = UpdateArticle { state: Some(State::Draft), ..request(&content) };
        match self.writer.update_article(id, &update).await {
            Ok(answer) => {
                let (pair, compared) = self.compare(change, &content, None, &answer);
                let compared = noted(note, compared);
                let kept = self.record(&answer, change, |record| {
                    record.state = State::Draft;
                    record.taken_offline = true;
                    record.live = None;
                    record.staged = Some(pair);
                });
                done("taken offline", Some(id.0), kept, compared)
            }
            Err(error) => self.failed(&error).await,
        }
    }

    async fn delete(&self, at: usize, id: ArticleId, change: &Change) -> Outcome {
        if let Err(outcome) = self.read_again(at, id, change).await {
            return outcome;
        }
        match self.writer.delete_article(id).await {
            Ok(()) => {
                self.base.borrow_mut().articles.retain(|(known, _), _| *known != id);
                done("deleted", Some(id.0), self.write_base(), Ok(None))
            }
            Err(error) => self.failed(&error).await,
        }
    }
}

/// The author that goes with a write of an article: as it is live, unless the docs say another one
/// that was staged already.
fn author(change: &Change) -> Option<AdminId> {
    change.wanted.as_ref().and_then(|wanted| wanted.author)
}
