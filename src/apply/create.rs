//! Creating once: articles and collections that are not in Intercom yet.
//!
//! A POST has no idempotency key. After a lost answer the newest records are read again, and what is
//! found there is taken. What is not found may come to be all the same: the list may be older than
//! the POST, or Intercom still at it. So no run sends a POST twice; the next one adopts what is there
//! by then, or creates it. The id goes into the file before anything else happens to the article.

use std::collections::BTreeSet;

use tokio::task::spawn_blocking;

use super::compared::{NotKept, Sent, both, sent};
use super::links::not_there;
use super::step::{Target, done, keep_flags};
use super::{IdStorage, Outcome, Run, wire};
use crate::book::{EditError, Folder, edit, index_text};
use crate::disk;
use crate::html;
use crate::intercom::Error;
use crate::intercom::model::{
    AdminId, Article, ArticleId, Collection, CreateArticle, NewParent, State, WriteCollection,
};
use crate::live::LiveArticle;
use crate::plan::{Change, Content, Place, Stage, Subject, Texts};
use crate::text::{DocPath, GitBlob};

/// An article that is created.
#[derive(Clone, Copy)]
pub(super) struct NewArticle<'c> {
    pub texts: &'c Texts,
    pub author: AdminId,
    pub place: Option<&'c Place>,
}

/// What is sent of a new article at first.
struct First {
    texts: Texts,
    note: Option<String>,
    /// The files whose text follows.
    waits: BTreeSet<DocPath>,
}

/// What is known of others who create the same articles at the same time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Creation {
    /// Nothing yet.
    #[default]
    Open,
    /// Nobody does.
    Alone,
    /// Somebody does: this article came to be since the plan was made.
    Disturbed(ArticleId),
}

/// Why an article was not created.
enum NotCreated {
    Refused(Outcome),
    Error(Error),
}

impl From<Error> for NotCreated {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Something that a plan creates came to be by somebody else.
fn appeared(what: &str) -> Outcome {
    Outcome::refused(
        format!(
            "{what} came to be in Intercom after this plan was made, and looks like one that this run creates: another run may be under way"
        ),
        "wait until no other run is under way, and run it again: it takes over what is there",
    )
}

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
            Stage::CreateCollection { names, parent, help_center } => {
                let parent_id = match self.resolve(parent.as_ref()) {
                    Ok(parent) => parent,
                    Err(outcome) => return outcome,
                };
                let wanted = WriteCollection {
                    parent_id: parent_id.into(),
                    help_center_id: *help_center,
                    ..wire::names(names, &self.persistence.locale, None, self.plan.there.says_its_locales)
                };
                match self.new_collection(&wanted).await {
                    Ok(None) => {}
                    Ok(Some(found)) => return appeared(&format!("collection {} of this name", found.id)),
                    Err(error) => return self.failed(&error).await,
                }
                match self.create_collection(&wanted).await {
                    Ok(collection) => (collection, "created"),
                    Err(error) => return self.failed(&error).await,
                }
            }
            Stage::Create { .. } | Stage::Update { .. } | Stage::Draft { .. } => return Outcome::Skipped,
        };
        self.state.borrow_mut().made.insert(folder.clone(), collection.id);
        self.state.borrow_mut().own.add_collection(&folder.0, collection.id, collection.url.as_deref());
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
        self.new_collection(wanted).await?.ok_or(error)
    }

    /// A collection that came to be since the plan was made, and is the one that is wanted.
    async fn new_collection(&self, wanted: &WriteCollection) -> Result<Option<Collection>, Error> {
        let is_known = |id| {
            self.plan.there.collections.contains(&id)
                || self.record.borrow().collections.contains_key(&id)
                || self.state.borrow().made.values().any(|made| *made == id)
        };
        let newest = self.writer.reader().newest_collections().await?;
        Ok(newest.into_iter().find(|found| {
            Some(&found.name) == wanted.name.as_ref()
                && NewParent::from(found.parent_id) == wanted.parent_id
                && !is_known(found.id)
        }))
    }

    fn keep_collection_id(&self, folder: &Folder, collection: &Collection) -> Result<(), NotKept> {
        if self.persistence.ids == IdStorage::RecordOnly {
            return Ok(());
        }
        let index = folder.index();
        let written = if self.persistence.docs.join(index.as_str()).exists() {
            edit::set_id(&self.persistence.docs, &index, collection.id.0).map(drop)
        } else {
            edit::create(&self.persistence.docs, &index, &index_text(&collection.name, collection.id.0))
        };
        written.map_err(|source| NotKept::CollectionId { id: collection.id, source })
    }

    pub(super) async fn create_article(&self, at: usize, change: &Change, new: NewArticle<'_>) -> Outcome {
        let parent_id = match self.resolve(new.place) {
            Ok(parent) => parent,
            Err(outcome) => return outcome,
        };
        let First { texts, note, waits } = match self.first(change, new.texts) {
            Ok(first) => first,
            Err(outcome) => return outcome,
        };
        let wanted = wire::create(&texts, &self.persistence.locale, new.author, parent_id);
        let article = match self.create_once(&wanted).await {
            Ok(article) => article,
            Err(NotCreated::Refused(outcome)) => return outcome,
            Err(NotCreated::Error(error)) => return self.failed(&error).await,
        };
        // The id first: whatever happens from here on, it is not lost. Other steps may look for it in the meantime.
        self.state.borrow_mut().changes[at].id = Some(article.id);
        let written = self.keep_article_id(change, &article).await;
        let made = LiveArticle::of(article.clone());
        self.state.borrow_mut().own.add_article(&DocPath::new(change.subject.path()), article.id);
        let mut compared = Ok(note);
        for sent in sent(change, &texts) {
            let part = sent.part;
            let view = self.view(&made, part);
            let outcome = self.keep_text(sent, None, view.as_deref(), |record, mut pair| {
                if waits.contains(&part.path) {
                    pair.body.sent = None;
                }
                record.collection = parent_id.filter(|_| self.is_default(part));
                record.live = None;
                record.staged = Some(pair);
                keep_flags(record, &sent.content.flags, part);
            });
            compared = both(compared, outcome);
        }
        if !waits.is_empty() {
            self.state.borrow_mut().changes[at].begun = Some(waits);
        }
        self.saw(Target { at, id: article.id, change }, &made);
        done("created", Some(article.id.0), written, compared)
    }

    /// What is sent of a new article at first, and the files that still have to follow. Where a link
    /// has to wait, the headings are sent: their ids are known then, and so is what Intercom makes of
    /// them.
    fn first(&self, change: &Change, texts: &Texts) -> Result<First, Outcome> {
        let (mut first, mut note, mut waits) = (Texts::new(), None, BTreeSet::new());
        for Sent { part, content } in sent(change, texts) {
            if let Some(hole) = self.lacks(content) {
                return Err(not_there(&hole));
            }
            let content = if self.is_whole(content) {
                let (content, lost) = self.fill_one(part, content)?;
                note = both(Ok(note), self.in_its_locale(part, Ok(lost))).unwrap_or_default();
                content
            } else {
                waits.insert(part.path.clone());
                let headings = html::skeleton(&html::parse(content.body.as_deref().unwrap_or_default()));
                let body = Some(html::write::html(&headings)).filter(|body| !body.is_empty());
                Content { body, ..content.clone() }
            };
            first.insert(part.locale.clone(), Box::new(content));
        }
        Ok(First { texts: first, note, waits })
    }

    /// Creates an article, unless somebody else does so at the same time. Until the first one is made, they are
    /// made one after another, with a look at the newest articles before it and after it: another run on the
    /// same files shows at its first article then, so that one article of each is the most that both make.
    async fn create_once(&self, wanted: &CreateArticle) -> Result<Article, NotCreated> {
        let mut creation = self.creation.lock().await;
        if !self.persistence.held.as_ref().is_none_or(disk::Held::is_held) {
            return Err(NotCreated::Refused(Outcome::refused(
                "`.helpbook/run.lock` was taken away, so another run may be writing in this project",
                "wait until no other run is under way, and run it again",
            )));
        }
        if *creation == Creation::Open {
            *creation = self.look_for_others(None).await?.unwrap_or(Creation::Open);
        }
        match *creation {
            Creation::Disturbed(id) => Err(NotCreated::Refused(appeared(&format!("article {id}")))),
            Creation::Alone => {
                drop(creation);
                Ok(self.post_article(wanted).await?)
            }
            Creation::Open => {
                let article = self.post_article(wanted).await?;
                // Where that look fails, the next article is made in the same way.
                *creation = match self.look_for_others(Some(article.id)).await {
                    Ok(disturbed) => disturbed.unwrap_or(Creation::Alone),
                    Err(_) => Creation::Open,
                };
                Ok(article)
            }
        }
    }

    /// Looks for an article that came to be since the plan was made, has the title of one that the plan creates,
    /// and is not `own`.
    async fn look_for_others(&self, own: Option<ArticleId>) -> Result<Option<Creation>, Error> {
        let default = &self.persistence.locale;
        let titles = |change: &'_ Change| match &change.stage {
            Some(Stage::Create { texts, .. }) => texts.get(default).and_then(|content| content.title.clone()),
            _ => None,
        };
        let titles: BTreeSet<String> =
            self.plan.changes.iter().filter_map(titles).map(|title| title.trim().to_owned()).collect();
        let newest = self.writer.reader().newest_articles().await?;
        let is_other = |found: &Article| Some(found.id) != own && self.is_others(found);
        let other = newest.into_iter().find(|found| is_other(found) && titles.contains(found.title.trim()));
        Ok(other.map(|found| Creation::Disturbed(found.id)))
    }

    /// Whether an article came to be since the plan was made, and not by this run.
    fn is_others(&self, found: &Article) -> bool {
        !self.plan.there.articles.contains(&found.id)
            && !self.state.borrow().changes.iter().any(|change| change.id == Some(found.id))
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
        let canonical = |body: &str| html::canonical(&html::parse(body));
        self.is_others(found)
            && found.state == State::Draft
            && found.title.trim() == wanted.content.title.as_deref().unwrap_or_default().trim()
            && canonical(found.body.as_deref().unwrap_or_default())
                == canonical(wanted.content.body.as_deref().unwrap_or_default())
    }

    /// Whether the plan creates another article with the same title.
    fn has_twin(&self, wanted: &CreateArticle) -> bool {
        let same_title = |change: &&Change| {
            let default = &self.persistence.locale;
            let title = match &change.stage {
                Some(Stage::Create { texts, .. }) => texts.get(default).map(|content| &content.title),
                _ => None,
            };
            title == Some(&wanted.content.title)
        };
        self.plan.changes.iter().filter(same_title).count() > 1
    }

    /// Writes the id into the file, beside other steps. Its Git blob is the file's with the id from now on,
    /// where nobody changed it since it was read.
    ///
    /// # Errors
    /// Returns why the file was not written.
    pub(super) async fn keep_article_id(&self, change: &Change, article: &Article) -> Result<(), NotKept> {
        let Subject::Article { path } = &change.subject else { return Ok(()) };
        if self.persistence.ids == IdStorage::RecordOnly {
            return Ok(());
        }
        let (docs, file, id) = (self.persistence.docs.clone(), path.clone(), article.id);
        let written = spawn_blocking(move || {
            let edited = edit::set_id(&docs, &file, id.0)?;
            Ok((GitBlob::of(&edited.before), GitBlob::of(&edited.after)))
        });
        let written = written.await.unwrap_or_else(|error| Err(EditError { path: path.clone(), source: error.into() }));
        let (before, after) = written.map_err(|source| NotKept::ArticleId { id, path: path.clone(), source })?;
        let wanted = change.wanted(&self.persistence.locale);
        if wanted.is_some_and(|wanted| wanted.blob == before) {
            self.state.borrow_mut().blobs.insert(path.clone(), after);
        }
        Ok(())
    }
}
