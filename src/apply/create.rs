//! Creating once: articles and collections that are not in Intercom yet.
//!
//! A POST has no idempotency key. After a lost answer the newest records are read again, and what is
//! found there is taken. What is not found may come to be all the same: the list may be older than
//! the POST, or Intercom still at it. So no run sends a POST twice; the next one adopts what is there
//! by then, or creates it. The id goes into the file before anything else happens to the article.

use std::collections::BTreeSet;

use super::links::not_there;
use super::locales::{both, in_its_locale, names, texts, whole};
use super::step::{done, keep_flags};
use super::{KeepIds, Outcome, Run, settings};
use crate::book::{Folder, edit, index_text};
use crate::html;
use crate::intercom::Error;
use crate::intercom::model::{AdminId, Article, Collection, CreateArticle, NewParent, State, WriteCollection};
use crate::live::LiveArticle;
use crate::plan::{Change, Content, Place, Stage, Subject, Translations};
use crate::text::{DocPath, GitBlob};

impl Run<'_> {
    pub(super) async fn stage_collection(&self, change: &Change, step: &Stage) -> Outcome {
        let Subject::Collection { folder } = &change.subject else { return Outcome::Skipped };
        let (collection, verb) = match step {
            Stage::Adopt => match change.id {
                Some(id) => match self.writer.reader().collection(crate::intercom::model::CollectionId(id)).await {
                    Ok(Some(collection)) => (collection, "adopted"),
                    Ok(None) => {
                        return Outcome::refused(
                            "it was deleted in Intercom after this plan was made",
                            "run `helpbook plan` again",
                        );
                    }
                    Err(error) => return self.failed(&error).await,
                },
                None => return Outcome::Skipped,
            },
            Stage::CreateCollection { name, description, parent, help_center, translations } => {
                let parent_id = match self.resolve(parent.as_ref()) {
                    Ok(parent) => parent,
                    Err(outcome) => return outcome,
                };
                let wanted = WriteCollection {
                    name: Some(name.clone()),
                    description: description.clone(),
                    parent_id: parent_id.into(),
                    help_center_id: *help_center,
                    translated_content: names(translations),
                };
                match self.create_collection(&wanted).await {
                    Ok(collection) => (collection, "created"),
                    Err(error) => return self.failed(&error).await,
                }
            }
            Stage::Create { .. } | Stage::Update { .. } | Stage::Draft { .. } => return Outcome::Skipped,
        };
        self.made.borrow_mut().insert(folder.clone(), collection.id);
        self.own.borrow_mut().add_collection(&folder.0, collection.id, collection.url.as_deref());
        let written = self.keep_collection_id(folder, &collection);
        self.record_collection(folder, &collection, change);
        done(verb, Some(collection.id.0), written, Ok(None))
    }

    async fn create_collection(&self, wanted: &WriteCollection) -> Result<Collection, Error> {
        let error = match self.writer.create_collection(wanted).await {
            Ok(collection) => return Ok(collection),
            Err(error) if error.may_have_happened() => error,
            Err(error) => return Err(error),
        };
        let known = |id| self.record.borrow().collections.contains_key(&id);
        let newest = self.writer.reader().newest_collections().await?;
        let made = newest.into_iter().find(|found| {
            Some(&found.name) == wanted.name.as_ref()
                && NewParent::from(found.parent_id) == wanted.parent_id
                && self.is_new(found.created_at)
                && !known(found.id)
        });
        made.ok_or(error)
    }

    fn keep_collection_id(&self, folder: &Folder, collection: &Collection) -> Result<(), String> {
        if self.keep.ids == KeepIds::RecordOnly {
            return Ok(());
        }
        let index = folder.index();
        let written = if self.keep.docs.join(index.as_str()).exists() {
            edit::set_id(&self.keep.docs, &index, collection.id.0).map(drop)
        } else {
            edit::create(&self.keep.docs, &index, &index_text(&collection.name, collection.id.0))
        };
        written.map_err(|error| format!("collection {} was created, and its id is in no file: {error}", collection.id))
    }

    pub(super) async fn create_article(
        &self,
        at: usize,
        change: &Change,
        content: &Content,
        author: AdminId,
        (place, translations): (Option<&Place>, &Translations),
    ) -> Outcome {
        let parent_id = match self.resolve(place) {
            Ok(parent) => parent,
            Err(outcome) => return outcome,
        };
        let (content, translations, note, waits) = match self.first(change, content, translations) {
            Ok(first) => first,
            Err(outcome) => return outcome,
        };
        let title = content.title.clone().unwrap_or_default();
        let body = content.body.clone().unwrap_or_default();
        let mut wanted = CreateArticle {
            parent_id,
            parent_type: parent_id.map(|_| "collection".to_owned()),
            translated_content: whole(&translations, None, State::Draft),
            ..CreateArticle::draft(title, body, author)
        };
        wanted.content.description.clone_from(&content.description);
        settings::set_flags(&mut wanted, &self.keep.locale, &content.flags);
        let article = match self.post_article(&wanted).await {
            Ok(article) => article,
            Err(error) => return self.failed(&error).await,
        };
        // The id first: whatever happens from here on, it is not lost.
        let written = self.keep_article_id(change, &article);
        let made = LiveArticle::of(article.clone());
        self.ids.borrow_mut().insert(at, article.id);
        self.own.borrow_mut().add_article(&DocPath::new(change.subject.path()), article.id);
        let mut compared = Ok(note);
        for (part, sent) in texts(change, &content, &translations) {
            let view = self.view(&made, &part);
            let outcome = self.keep_text(&part, sent, None, view.as_deref(), |record, mut pair| {
                if waits.contains(&DocPath::new(part.path)) {
                    pair.body.sent = None;
                }
                record.collection = parent_id.filter(|_| part.locale.is_none());
                record.live = None;
                record.staged = Some(pair);
                keep_flags(record, &sent.flags, &part);
            });
            compared = both(compared, outcome);
        }
        if !waits.is_empty() {
            self.begun.borrow_mut().insert(at, waits);
        }
        self.saw(at, change, &made);
        done("created", Some(article.id.0), written, compared)
    }

    /// What is sent of a new article at first, and the files that still have to follow. Where a link
    /// has to wait, the headings are sent: their ids are known then, and so is what Intercom makes of
    /// them.
    fn first(
        &self,
        change: &Change,
        content: &Content,
        translations: &Translations,
    ) -> Result<(Content, Translations, Option<String>, BTreeSet<DocPath>), Outcome> {
        let (mut first, mut others) = (content.clone(), Translations::new());
        let (mut notes, mut waits) = (None, BTreeSet::new());
        for (part, content) in texts(change, content, translations) {
            if let Some(hole) = self.lacks(content) {
                return Err(not_there(&hole));
            }
            let sent = if self.is_whole(content) {
                let (sent, note) = self.fill_one(&part, content)?;
                notes = both(Ok(notes), in_its_locale(&part, Ok(note))).unwrap_or_default();
                sent
            } else {
                waits.insert(DocPath::new(part.path));
                let headings = html::skeleton(&html::parse(content.body.as_deref().unwrap_or_default()));
                let body = Some(html::write::html(&headings)).filter(|body| !body.is_empty());
                Content { body, ..content.clone() }
            };
            match part.locale {
                Some(locale) => drop(others.insert(locale.clone(), sent)),
                None => first = sent,
            }
        }
        Ok((first, others, notes, waits))
    }

    async fn post_article(&self, wanted: &CreateArticle) -> Result<Article, Error> {
        let error = match self.writer.create_article(wanted).await {
            Ok(article) => return Ok(article),
            Err(error) if error.may_have_happened() => error,
            Err(error) => return Err(error),
        };
        // Which of several equal articles is whose cannot be told here; the next run adopts them
        // one to one.
        if self.has_twin(wanted) {
            return Err(error);
        }
        let newest = self.writer.reader().newest_articles().await?;
        newest.into_iter().find(|found| self.is_made(found, wanted)).ok_or(error)
    }

    /// Whether an article is the one whose answer was lost: new, unclaimed, with what was sent.
    fn is_made(&self, found: &Article, wanted: &CreateArticle) -> bool {
        let claimed = self.record.borrow().articles.keys().any(|(id, _)| *id == found.id)
            || self.plan.changes.iter().any(|change| change.article_id() == Some(found.id))
            || self.plan.settled.iter().any(|settled| settled.id == found.id)
            || self.ids.borrow().values().any(|id| *id == found.id);
        let canonical = |body: &str| html::canonical(&html::parse(body));
        !claimed
            && self.is_new(found.created_at)
            && found.state == State::Draft
            && found.title.trim() == wanted.content.title.as_deref().unwrap_or_default().trim()
            && canonical(found.body.as_deref().unwrap_or_default())
                == canonical(wanted.content.body.as_deref().unwrap_or_default())
    }

    /// Whether the plan creates another article with the same title.
    fn has_twin(&self, wanted: &CreateArticle) -> bool {
        let same_title = |change: &&Change| matches!(&change.stage, Some(Stage::Create { content, .. }) if content.title == wanted.content.title);
        self.plan.changes.iter().filter(same_title).count() > 1
    }

    /// Whether something was created after the plan was made, by clocks that may differ a little.
    fn is_new(&self, created_at: i64) -> bool {
        created_at >= self.plan.made_at.as_second() - 60
    }

    /// Writes the id into the file. Its Git blob is the file's with the id from now on, where nobody
    /// changed it since it was read.
    pub(super) fn keep_article_id(&self, change: &Change, article: &Article) -> Result<(), String> {
        let Subject::Article { path } = &change.subject else { return Ok(()) };
        if self.keep.ids == KeepIds::RecordOnly {
            return Ok(());
        }
        let edited = edit::set_id(&self.keep.docs, path, article.id.0)
            .map_err(|error| format!("article {} was created, and its id is not in `{path}`: {error}", article.id))?;
        if change.wanted.as_ref().is_some_and(|wanted| wanted.blob == GitBlob::of(&edited.before)) {
            self.blobs.borrow_mut().insert(path.clone(), GitBlob::of(&edited.after));
        }
        Ok(())
    }
}
