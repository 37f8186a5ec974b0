//! The client that can write. Only `apply`, a probe that was confirmed, and a request that somebody wrote and confirmed
//! are handed one.

use std::sync::Arc;

use super::error::Error;
use super::http::Http;
use super::model::{
    Article, ArticleId, Collection, CollectionId, CreateArticle, CreateRedirect, HelpCenterId, Locale, PublishDraft,
    Redirect, RedirectId, Tag, TagId, UpdateArticle, WriteCollection,
};
use super::reader::Reader;
use super::request::{Reply, Request};

/// Writes one workspace, and reads it.
#[derive(Debug, Clone)]
pub struct Writer {
    http: Arc<Http>,
    reader: Reader,
}

impl Writer {
    pub(super) fn new(http: Arc<Http>) -> Self {
        let reader = Reader::new(Arc::clone(&http));
        Self { http, reader }
    }

    /// The reader of the same workspace.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Any request, and its answer whatever its status is. A `POST` or `PATCH` is sent again only where it was
    /// certainly not received.
    ///
    /// # Errors
    /// Fails where no whole answer comes back; a refusal is an answer. See [`Error::may_have_happened`].
    pub async fn send(&self, request: &Request) -> Result<Reply, Error> {
        request.sent(&self.http).await
    }

    /// `POST /articles`. It is sent again only where it was certainly not received.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached; see [`Error::may_have_happened`].
    pub async fn create_article(&self, article: &CreateArticle) -> Result<Article, Error> {
        self.http.post("/articles", article).await
    }

    /// `PUT /articles/{id}`. On a live article without a draft this is live at once (docs/intercom.md 1.4).
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn update_article(&self, id: ArticleId, update: &UpdateArticle) -> Result<Article, Error> {
        self.http.put(&format!("/articles/{id}"), update).await
    }

    /// `PUT /articles/{id}/draft`: stages text behind a live article.
    ///
    /// # Errors
    /// Fails with 422 where the article was never published, and like any request.
    pub async fn stage_draft(&self, id: ArticleId, update: &UpdateArticle) -> Result<Article, Error> {
        self.http.put(&format!("/articles/{id}/draft"), update).await
    }

    /// `POST /articles/{id}/draft/publish`: makes the staged text live in some locales.
    ///
    /// # Errors
    /// Fails with 422 where there is no draft, and like any request.
    pub async fn publish_draft(&self, id: ArticleId, locales: &[Locale]) -> Result<Article, Error> {
        let body = PublishDraft { locales: locales.to_vec() };
        self.http.post(&format!("/articles/{id}/draft/publish"), &body).await
    }

    /// `DELETE /articles/{id}`. One that is gone already counts as deleted.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn delete_article(&self, id: ArticleId) -> Result<(), Error> {
        self.http.delete(&format!("/articles/{id}")).await
    }

    /// `POST /help_center/collections`. It is sent again only where it was certainly not received.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached; see [`Error::may_have_happened`].
    pub async fn create_collection(&self, collection: &WriteCollection) -> Result<Collection, Error> {
        self.http.post("/help_center/collections", collection).await
    }

    /// `PUT /help_center/collections/{id}`: visible at once.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn update_collection(&self, id: CollectionId, update: &WriteCollection) -> Result<Collection, Error> {
        self.http.put(&format!("/help_center/collections/{id}"), update).await
    }

    /// `DELETE /help_center/collections/{id}`. One that is gone already counts as deleted.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn delete_collection(&self, id: CollectionId) -> Result<(), Error> {
        self.http.delete(&format!("/help_center/collections/{id}")).await
    }

    /// `POST /tags`: the tag of a name, made where there is none. Names are compared without case
    /// (schema `create_or_update_tag_request`), so asking twice makes one tag.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn create_tag(&self, name: &str) -> Result<Tag, Error> {
        self.http.post("/tags", &serde_json::json!({"name": name})).await
    }

    /// `POST /articles/{id}/tags`: gives an article a tag; visible to teammates only.
    ///
    /// # Errors
    /// Fails with 404 where the article or the tag is gone, and with 403 without the permission to
    /// manage content (docs/intercom.md 1.4).
    pub async fn attach_tag(&self, article: ArticleId, tag: TagId) -> Result<Tag, Error> {
        let body = serde_json::json!({"id": tag.to_string()});
        self.http.post(&format!("/articles/{article}/tags"), &body).await
    }

    /// `DELETE /articles/{id}/tags/{id}`: removes a tag from an article. One that is not there counts as removed.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn detach_tag(&self, article: ArticleId, tag: TagId) -> Result<(), Error> {
        self.http.delete(&format!("/articles/{article}/tags/{tag}")).await
    }

    /// `DELETE /tags/{id}`: deletes a tag everywhere. One that is gone already counts as deleted.
    ///
    /// # Errors
    /// Fails with 400 where something depends on it, and where Intercom refuses or cannot be reached.
    pub async fn delete_tag(&self, id: TagId) -> Result<(), Error> {
        self.http.delete(&format!("/tags/{id}")).await
    }

    /// `POST /help_center/help_centers/{id}/redirects`: visible at once.
    ///
    /// # Errors
    /// Fails with 409 where the address has a redirect already, with 422 where it is not one of the
    /// Help Center (docs/intercom.md 2), and like any request.
    pub async fn create_redirect(&self, center: HelpCenterId, redirect: &CreateRedirect) -> Result<Redirect, Error> {
        self.http.post(&format!("/help_center/help_centers/{center}/redirects"), redirect).await
    }

    /// `DELETE /help_center/help_centers/{id}/redirects/{id}`. One that is gone already counts as deleted.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached.
    pub async fn delete_redirect(&self, center: HelpCenterId, redirect: RedirectId) -> Result<(), Error> {
        self.http.delete(&format!("/help_center/help_centers/{center}/redirects/{redirect}")).await
    }
}
