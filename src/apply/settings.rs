//! What an article is beside its text: flags, tags, redirects.
//!
//! Each step may be repeated: a PUT says the same again, a tag is given or taken once, an address that
//! points to the article already is done. Nothing is deleted but a tag that we gave it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::saving::not_kept;
use super::step::{Target, done, keep_flags};
use super::wire::{self, Become};
use super::{Outcome, Run};
use crate::intercom::Error;
use crate::intercom::model::{
    ArticleId, CollectionId, CreateRedirect, HelpCenterId, Locale, RedirectTarget, Schedule, State, TargetId,
    UpdateArticle,
};
use crate::live::{Flags, LiveArticle, is_same_address};
use crate::plan::{Change, Content, Redirection, SettingsEdit, TagEdit, Texts, folded};
use crate::record::ArticleRecord;

/// The permission that tags need (docs/intercom.md 1.4).
const FOR_TAGS: &str = "manage_knowledge_base_content";

/// The permission that redirects need (docs/intercom.md 2).
const FOR_REDIRECTS: &str = "read_write_help_center_redirects_scope";

impl Run<'_> {
    /// `PUT /articles/{id}` with the collection, flags and schedules alone.
    pub(super) async fn change_settings(&self, target: Target<'_>, edit: &SettingsEdit) -> Outcome {
        let before = match self.read_again(target).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        let default = &self.persistence.locale;
        if !before.pending(default).is_empty() {
            return Outcome::draft_in_the_way();
        }
        let parent_id = match self.resolve(edit.place.as_ref()) {
            Ok(parent) => parent,
            Err(outcome) => return outcome,
        };
        let content = |locale: &Locale| {
            let flags = edit.flags.get(locale).cloned().unwrap_or_default();
            let author = target.change.wanted(locale).and_then(|wanted| wanted.author);
            (locale.clone(), Box::new(Content { flags, author, ..Content::default() }))
        };
        // A request names the author at its root, whatever it is about.
        let texts: Texts = edit.flags.keys().chain([default]).map(content).collect();
        let update = UpdateArticle {
            parent_id,
            parent_type: parent_id.map(|_| "collection".to_owned()),
            scheduled_publish_at: edit.publish_at,
            scheduled_unpublish_at: edit.unpublish_at,
            ..wire::update(&texts, default, &before, Become::AsTheyAre)
        };
        let answer = match self.writer.update_article(target.id, &update).await {
            Ok(answer) => LiveArticle::of(answer),
            Err(error) => return self.failed(&error).await,
        };
        self.keep_settings(target, edit, parent_id, &answer);
        self.saw(target, &answer);
        if let Some(outcome) = not_taken(edit, default, &answer) {
            return outcome;
        }
        let verb = if edit.place.is_some() { "moved" } else { "set" };
        done(verb, Some(target.id.0), Ok(()), Ok(None))
    }

    /// Keeps what a request set of an article beside its text.
    fn keep_settings(
        &self,
        target: Target<'_>,
        edit: &SettingsEdit,
        parent_id: Option<CollectionId>,
        answer: &LiveArticle,
    ) {
        let is_of_article = edit.without_flags() != SettingsEdit::default();
        for part in target.change.parts() {
            let is_meant = edit.flags.contains_key(&part.locale) || is_of_article && self.is_default(part);
            let Some(now) = self.view(answer, part).filter(|_| is_meant) else { continue };
            self.keep_record(&now.article, part, |record| {
                if now.article.state == State::Published {
                    record.live = Some(self.live_pair(record, &now.article, part));
                }
                if self.is_default(part) {
                    record.collection = parent_id.or(record.collection);
                    scheduled(&mut record.settings.publish_at, edit.publish_at);
                    scheduled(&mut record.settings.unpublish_at, edit.unpublish_at);
                }
                if let Some(flags) = edit.flags.get(&part.locale) {
                    keep_flags(record, flags, part);
                }
            });
        }
    }

    /// `PUT /articles/{id}` with `state: published` and the time from which it holds. Nobody sees it
    /// before.
    pub(super) async fn schedule(&self, target: Target<'_>, texts: &Texts, time: Timestamp) -> Outcome {
        let before = match self.read_again(target).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        let default = &self.persistence.locale;
        let update = UpdateArticle {
            scheduled_publish_at: Schedule::At(time),
            ..wire::update(texts, default, &before, Become::Live)
        };
        let now = match self.writer.update_article(target.id, &update).await {
            Ok(answer) => LiveArticle::of(answer),
            Err(error) => return self.failed(&error).await,
        };
        self.saw(target, &now);
        if !now.published(default).is_empty() && before.published(default).is_empty() {
            return Outcome::failed(
                format!("Intercom made it live at once, and not at {time}"),
                "take it offline in Intercom if it must not be read yet",
            );
        }
        if now.article.scheduled_publish_at != Some(time.as_second()) {
            return Outcome::failed(
                format!("Intercom did not take the time at which it goes live, {time}"),
                "set it in Intercom, or run it again",
            );
        }
        self.keep_of_article(target, &now, |record| record.settings.publish_at = Some(time));
        done("scheduled", Some(target.id.0), Ok(()), Ok(None))
    }

    /// Keeps what is known of an article as a whole: with its default locale.
    fn keep_of_article(&self, target: Target<'_>, now: &LiveArticle, set: impl FnOnce(&mut ArticleRecord)) {
        if let Some(part) = target.change.locales.get(&self.persistence.locale) {
            self.keep_record(&now.article, part, set);
        }
    }

    /// Gives an article its tags, after what else was staged of it.
    pub(super) async fn then_tags(&self, at: usize, change: &Change, outcome: Outcome) -> Outcome {
        let id = self.state.borrow().changes[at].id.or_else(|| change.article_id());
        let Some(id) = id.filter(|_| outcome.is_done() && !change.tags.is_empty()) else { return outcome };
        if let Err(error) = self.saved().await {
            return not_kept(&error);
        }
        match self.set_tags(Target { at, id, change }, &change.tags).await {
            Outcome::Done { .. } => outcome,
            other => other,
        }
    }

    /// `POST /articles/{id}/tags` and `DELETE /articles/{id}/tags/{id}`, tag by tag.
    pub(super) async fn set_tags(&self, target: Target<'_>, edit: &TagEdit) -> Outcome {
        let id = target.id;
        if let Err(outcome) = self.read_again(target).await {
            return outcome;
        }
        if let Err(error) = self.write_tags(id, edit).await {
            return self.not_permitted(&error, "tags", FOR_TAGS).await;
        }
        let now = match self.read(id).await {
            Ok(Some(now)) => now,
            Ok(None) => return Outcome::failed(format!("article {id} was deleted in Intercom"), "run `helpbook plan`"),
            Err(error) => return self.failed(&error).await,
        };
        self.saw(target, &now);
        let there: Option<BTreeSet<String>> =
            now.article.tags.as_ref().map(|list| list.tags.iter().map(|tag| folded(&tag.name)).collect());
        let has = |name: &String| there.as_ref().is_none_or(|there| there.contains(&folded(name)));
        if let Some(lost) = edit.attach.iter().find(|name| !has(name)) {
            return Outcome::failed(
                format!("Intercom did not give it the tag `{lost}`"),
                "run it again: what was done is not done twice",
            );
        }
        let wanted = target.change.wanted(&self.persistence.locale).and_then(|wanted| wanted.settings.tags.clone());
        self.keep_of_article(target, &now, |record| record.settings.tags = wanted);
        done("tagged", Some(id.0), Ok(()), Ok(None))
    }

    async fn write_tags(&self, id: ArticleId, edit: &TagEdit) -> Result<(), Error> {
        for name in &edit.attach {
            let tag = self.writer.create_tag(name).await?;
            self.writer.attach_tag(id, tag.id).await?;
        }
        for tag in &edit.detach {
            self.writer.detach_tag(id, tag.id).await?;
        }
        Ok(())
    }

    /// `POST /help_center/help_centers/{id}/redirects`, address by address, of an article that is live.
    pub(super) async fn redirect(&self, target: Target<'_>, center: HelpCenterId, from: &[Redirection]) -> Outcome {
        let id = target.id;
        let before = match self.read_again(target).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        if before.article.state != State::Published {
            return Outcome::refused("it is not live, so no address points to it", "run `helpbook plan` again");
        }
        for old in from {
            if let Err(outcome) = self.make_redirect(id, center, old).await {
                return outcome;
            }
            self.keep_of_article(target, &before, |record| {
                record.settings.redirects.insert(old.url.clone());
            });
            if let Err(error) = self.saved().await {
                return not_kept(&error);
            }
        }
        done("redirected", Some(id.0), Ok(()), Ok(None))
    }

    /// One that points to the article already is made.
    async fn make_redirect(&self, id: ArticleId, center: HelpCenterId, old: &Redirection) -> Result<(), Outcome> {
        let wanted = CreateRedirect {
            from_url: old.url.clone(),
            locale: old.locale.clone(),
            target_type: RedirectTarget::Article,
            target_id: TargetId(id.0),
        };
        let error = match self.writer.create_redirect(center, &wanted).await {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        if error.status() != Some(409) && !error.may_have_happened() {
            return Err(self.not_permitted(&error, "redirects", FOR_REDIRECTS).await);
        }
        let there = match self.writer.reader().redirects(center).await {
            Ok(redirects) => redirects.into_iter().find(|other| is_same_address(&other.from_url, &old.url)),
            Err(error) => return Err(self.not_permitted(&error, "redirects", FOR_REDIRECTS).await),
        };
        match there {
            Some(there) if (there.target_type, there.target_id) == (RedirectTarget::Article, TargetId(id.0)) => Ok(()),
            Some(there) => {
                let kind = match there.target_type {
                    RedirectTarget::Article => "article",
                    RedirectTarget::Collection => "collection",
                };
                Err(Outcome::refused(
                    format!("{} points to {kind} {} already", old.url, there.target_id),
                    "delete that redirect in Intercom, or remove the address from `redirect_from`",
                ))
            }
            None => Err(self.failed(&error).await),
        }
    }

    /// A failed request; a 403 is about one permission and fails this step alone.
    async fn not_permitted(&self, error: &Error, what: &str, permission: &str) -> Outcome {
        if error.status() == Some(403) {
            return Outcome::failed(
                format!("this token may not write {what}: {error}"),
                format!("give it the permission `{permission}` in Intercom's Developer Hub"),
            );
        }
        self.failed(error).await
    }
}

/// What Intercom did not take of an edit.
fn not_taken(edit: &SettingsEdit, default: &Locale, answer: &LiveArticle) -> Option<Outcome> {
    let refused = edit.flags.iter().find(|(locale, flags)| !holds(&answer.flags(locale, default), flags));
    if let Some((locale, _)) = refused {
        return Some(Outcome::failed(
            format!("Intercom did not take `ai` or `audiences` in `{locale}`"),
            "set them in Intercom, or remove them from the file",
        ));
    }
    let is_taken = |now: Option<i64>, sent: Schedule| match sent {
        Schedule::Unchanged => true,
        Schedule::Cancel => now.is_none(),
        Schedule::At(at) => now == Some(at.as_second()),
    };
    let article = &answer.article;
    let are_taken = is_taken(article.scheduled_publish_at, edit.publish_at)
        && is_taken(article.scheduled_unpublish_at, edit.unpublish_at);
    (!are_taken).then(|| {
        Outcome::failed(
            "Intercom did not take the time at which it goes live or offline",
            "set it in Intercom, or run it again",
        )
    })
}

/// Keeps a schedule that was set or taken back.
fn scheduled(known: &mut Option<Timestamp>, sent: Schedule) {
    match sent {
        Schedule::Unchanged => {}
        Schedule::Cancel => *known = None,
        Schedule::At(at) => *known = Some(at),
    }
}

/// Whether what Intercom holds is what was sent. What it does not say is taken as said.
fn holds(now: &Flags, sent: &Flags) -> bool {
    let switch = |now: Option<bool>, sent: Option<bool>| now.is_none() || sent.is_none() || now == sent;
    switch(now.chatbot, sent.chatbot)
        && switch(now.copilot, sent.copilot)
        && switch(now.sales_agent, sent.sales_agent)
        && (now.audiences.is_none() || sent.audiences.is_none() || now.audiences == sent.audiences)
}
