//! Publishing: the only steps that a customer sees.

use std::collections::BTreeSet;

use super::links::{Filled, noted};
use super::locales::{Compared, as_it_stands, both, names, of_translations, request, whole};
use super::step::done;
use super::{Outcome, Run};
use crate::book::Folder;
use crate::html::{self, image, write};
use crate::intercom::model::{
    AdminId, Article, ArticleId, CollectionId, Locale, State, UpdateArticle, WriteCollection, WriteContent,
};
use crate::live::LiveArticle;
use crate::plan::{Change, Content, Field, Part, Publish, Seen, Subject, Translations};
use crate::record::{self, ArticleRecord, HeadingIds, Pair, stored_body};

impl Run<'_> {
    pub(super) async fn publish_step(&self, at: usize, change: &Change, step: &Publish) -> Outcome {
        if let (
            Publish::Collection { name, description, parent, translations },
            Subject::Collection { folder },
            Some(id),
        ) = (step, &change.subject, change.id)
        {
            let parent_id = match self.resolve(parent.as_ref()) {
                Ok(parent) => parent,
                Err(outcome) => return outcome,
            };
            let update = WriteCollection {
                name: name.clone(),
                description: description.clone(),
                parent_id: parent_id.into(),
                translated_content: names(translations),
                ..WriteCollection::default()
            };
            return self.change_collection(CollectionId(id), change, folder, &update).await;
        }
        let made = self.ids.borrow().get(&at).copied();
        let Some(id) = made.or_else(|| change.article_id()) else { return Outcome::Skipped };
        match step {
            Publish::Live { translations, at: Some(time) } => {
                self.schedule(at, id, change, (translations, *time)).await
            }
            Publish::Live { translations, at: None } => self.go_live(at, id, change, (Root::Meant, translations)).await,
            Publish::Draft { locales } => self.publish_draft(at, id, change, locales).await,
            Publish::Locales { translations } => {
                let mut others = translations.clone();
                let root = if others.remove(&self.keep.locale).is_some() { Root::Meant } else { Root::Kept };
                self.go_live(at, id, change, (root, &others)).await
            }
            Publish::Settings(edit) => self.change_settings(at, id, change, edit).await,
            Publish::Tags(edit) => self.set_tags(at, id, change, edit).await,
            Publish::Redirects { help_center, from } => self.redirect(at, id, change, (*help_center, from)).await,
            Publish::Offline { content, translations } => {
                self.go_offline(at, id, change, (Some(content), translations)).await
            }
            Publish::LocalesOffline { translations } => self.go_offline(at, id, change, (None, translations)).await,
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
                done("changed", None, Ok(()), Ok(None))
            }
            Err(error) => self.failed(&error).await,
        }
    }

    /// `PUT /articles/{id}` with `state: published`: the default locale by its state, others whole.
    async fn go_live(
        &self,
        at: usize,
        id: ArticleId,
        change: &Change,
        (root, translations): (Root, &Translations),
    ) -> Outcome {
        let before = match self.read_again(at, id, change).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        if !before.pending(&self.keep.locale).is_empty() {
            return draft_in_the_way();
        }
        let translations = match self.as_staged(change, translations) {
            Ok(translations) => translations,
            Err(outcome) => return outcome,
        };
        let mut translated_content = whole(&translations, Some(&before), State::Published);
        if self.heading_ids.get() == Some(HeadingIds::Made) {
            for body in translated_content.values_mut().filter_map(|content| content.body.as_mut()) {
                *body = self.own.borrow().renewed(body);
            }
        }
        let update = match root {
            Root::Meant => UpdateArticle {
                content: WriteContent {
                    state: Some(State::Published),
                    author_id: author(&change.root()),
                    ..WriteContent::default()
                },
                translated_content,
                ..UpdateArticle::default()
            },
            Root::Kept => UpdateArticle { translated_content, ..UpdateArticle::default() },
        };
        let answer = match self.writer.update_article(id, &update).await {
            Ok(answer) => LiveArticle::of(answer),
            Err(error) => return self.failed(&error).await,
        };
        let parts: Vec<Part<'_>> = Some(change.root())
            .filter(|_| root == Root::Meant)
            .into_iter()
            .chain(of_translations(change, &translations).map(|(part, _)| part))
            .collect();
        let is_live =
            |part: &Part<'_>| self.view(&answer, part).is_some_and(|now| now.article.state == State::Published);
        if !parts.iter().all(is_live) {
            return Outcome::failed(
                "Intercom answered, and the article is still a draft",
                "publish it in Intercom, or run it again",
            );
        }
        let meant = parts.iter().map(|part| self.locale(part).clone()).collect();
        let outcome = self.are_live(at, change, (&parts, &translations), &before, &answer);
        self.also_changed(&before, &answer, &meant).unwrap_or(outcome)
    }

    /// The texts that go live, as they were staged. Where Intercom makes the ids of headings anew, what
    /// stands there is sent again: only that says which links lost their headings.
    fn as_staged(&self, change: &Change, translations: &Translations) -> Result<Translations, Outcome> {
        let filled = self.fill(change, &Content::default(), translations)?.translations;
        let is_made = self.heading_ids.get() == Some(HeadingIds::Made);
        let as_it_is = |content: Content| Content { body: content.body.filter(|_| !is_made), ..content };
        Ok(filled.into_iter().map(|(locale, content)| (locale, as_it_is(content))).collect())
    }

    /// `POST /articles/{id}/draft/publish`, in exactly these locales.
    async fn publish_draft(&self, at: usize, id: ArticleId, change: &Change, locales: &[Locale]) -> Outcome {
        let before = match self.read_again(at, id, change).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        let parts: Vec<Part<'_>> = change.parts().filter(|part| locales.contains(self.locale(part))).collect();
        // As it is to stand after: the draft in the place of the live text.
        let staged = before.draft.clone().map_or_else(|| before.clone(), LiveArticle::of);
        match self.writer.publish_draft(id, locales).await {
            Ok(answer) => self.are_live(at, change, (&parts, &Translations::new()), &staged, &LiveArticle::of(answer)),
            // The answer may be lost and the draft live all the same.
            Err(error) if error.may_have_happened() => match self.read(id).await {
                Ok(Some(now))
                    if parts.iter().all(|part| {
                        self.view(&staged, part).zip(self.view(&now, part)).is_some_and(|(staged, now)| {
                            now.draft.is_none() && self.is_same_text(&staged.article, &now.article)
                        })
                    }) =>
                {
                    self.are_live(at, change, (&parts, &Translations::new()), &staged, &now)
                }
                _ => self.failed(&error).await,
            },
            Err(error) => self.failed(&error).await,
        }
    }

    /// Keeps what went live. It has to be what was staged: somebody may have written in between. `sent`
    /// are the texts that were sent again, of which Intercom takes the images over again.
    fn are_live(
        &self,
        at: usize,
        change: &Change,
        (parts, sent): (&[Part<'_>], &Translations),
        staged: &LiveArticle,
        answer: &LiveArticle,
    ) -> Outcome {
        let id = answer.article.id;
        let mut all_same = true;
        for part in parts {
            let (Some(staged), Some(now)) = (self.view(staged, part), self.view(answer, part)) else {
                all_same = false;
                continue;
            };
            self.observe_heading_ids(part, id, "", now.article.body.as_deref().unwrap_or_default());
            let sent = part.locale.and_then(|locale| sent.get(locale)).filter(|content| content.body.is_some());
            let is_same = match sent {
                Some(sent) => self.reads_as(sent, &staged.article, &now.article),
                None => self.is_same_text(&staged.article, &now.article),
            };
            all_same &= is_same;
            let images = sent.map(|sent| self.image_origins(part, sent, &now.article)).unwrap_or_default();
            self.keep_record(&now.article, part, |record| {
                record.images.extend(images);
                // A text that slipped in is not known as ours: the next plan shows whose it is.
                if is_same {
                    record.live = Some(self.published_pair(record, part, &now.article));
                    let shown = image::addresses(&html::parse(now.article.body.as_deref().unwrap_or_default()));
                    record.images.retain(|address, _| shown.contains(address));
                }
                record.staged = None;
                if !part.leaves(Field::State) {
                    record.state = now.article.state;
                }
                record.taken_offline = false;
            });
        }
        // The default locale stands first, so a translation is kept with the text it goes with.
        for part in parts {
            self.record.borrow_mut().keep_source(id, self.locale(part), &self.keep.locale);
        }
        self.changed_record();
        self.saw(at, change, answer);
        if all_same {
            done("published", Some(id.0), Ok(()), Ok(None))
        } else {
            Outcome::failed(
                "another text went live than the one that was staged: somebody changed it in Intercom at that moment",
                "run `helpbook plan` to see what is live now",
            )
        }
    }

    /// The pair of a text that went live: what was staged, as it is stored now.
    fn published_pair(&self, known: &ArticleRecord, part: &Part<'_>, now: &Article) -> Pair {
        let mut pair = self.pair(Some(known), part, now);
        if let Some(staged) = &known.staged {
            // What was sent was sent when it was staged.
            pair.body.sent.clone_from(&staged.body.sent);
            pair.blob.clone_from(&staged.blob);
        }
        pair
    }

    /// Whether a text that was sent again is what was sent, but for where its images are.
    fn reads_as(&self, sent: &Content, staged: &Article, answer: &Article) -> bool {
        let canonical = |body: Option<&String>| {
            let body = html::parse(body.map(String::as_str).unwrap_or_default());
            self.own.borrow().digest(&body)
        };
        record::title(staged) == record::title(answer)
            && record::description(staged) == record::description(answer)
            && canonical(sent.body.as_ref()) == canonical(answer.body.as_ref())
    }

    /// Whether a text is the one that was staged: byte by byte, or in the form that is shown, with each
    /// image at the same address.
    fn is_same_text(&self, staged: &Article, answer: &Article) -> bool {
        let shown = |article: &Article| {
            let body = html::parse(article.body.as_deref().unwrap_or_default());
            write::html(&self.own.borrow().shown(&body))
        };
        record::title(staged) == record::title(answer)
            && record::description(staged) == record::description(answer)
            && (stored_body(staged) == stored_body(answer) || shown(staged) == shown(answer))
    }

    /// `PUT /articles/{id}` with `state: draft`. Every locale is named with its state, so that no other
    /// goes offline.
    async fn go_offline(
        &self,
        at: usize,
        id: ArticleId,
        change: &Change,
        (root, translations): (Option<&Content>, &Translations),
    ) -> Outcome {
        let before = match self.read_again(at, id, change).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        let default = &self.keep.locale;
        let meant: BTreeSet<Locale> = translations.keys().cloned().chain(root.map(|_| default.clone())).collect();
        if !before.pending(default).is_subset(&meant) {
            return draft_in_the_way();
        }
        let Filled { content, translations, note } =
            match self.fill(change, &root.cloned().unwrap_or_default(), translations) {
                Ok(filled) => filled,
                Err(outcome) => return outcome,
            };
        let admins = match (&before.article.translated_content, self.writer.reader()) {
            (None, _) => BTreeSet::new(),
            (Some(_), reader) => match reader.admins().await {
                Ok(list) => list.admins.iter().map(|admin| admin.id).collect(),
                Err(error) => return self.failed(&error).await,
            },
        };
        let mut translated_content = as_it_stands(&before, default, &admins);
        for (locale, mut content) in whole(&translations, Some(&before), State::Draft) {
            let as_it_is = translated_content.get(&locale).and_then(|content| content.author_id);
            content.author_id = content.author_id.or(as_it_is);
            translated_content.insert(locale, content);
        }
        let state = if root.is_some() { State::Draft } else { before.article.state };
        let mut update = request(&content, translated_content);
        update.content.state = Some(state);
        let answer = match self.writer.update_article(id, &update).await {
            Ok(answer) => LiveArticle::of(answer),
            Err(error) => return self.failed(&error).await,
        };
        let parts = root.map(|_| (change.root(), &content)).into_iter().chain(of_translations(change, &translations));
        let mut compared: Compared = Ok(None);
        for (part, sent) in parts {
            let now = self.view(&answer, &part);
            let outcome = self.keep_text(&part, sent, None, now.as_deref(), |record, pair| {
                record.state = State::Draft;
                record.taken_offline = true;
                record.live = None;
                record.staged = Some(pair);
            });
            compared = both(compared, outcome);
        }
        self.saw(at, change, &answer);
        if let Some(outcome) = self.also_changed(&before, &answer, &meant) {
            return outcome;
        }
        done("taken offline", Some(id.0), Ok(()), noted(note, compared))
    }

    async fn delete(&self, at: usize, id: ArticleId, change: &Change) -> Outcome {
        if let Err(outcome) = self.read_again(at, id, change).await {
            return outcome;
        }
        match self.writer.delete_article(id).await {
            Ok(()) => {
                self.record.borrow_mut().articles.remove_all(id);
                self.changed_record();
                done("deleted", Some(id.0), Ok(()), Ok(None))
            }
            Err(error) => self.failed(&error).await,
        }
    }
}

/// The author that goes with a write of an article: as it is live, unless the docs say another one
/// that was staged already.
pub(super) fn author(part: &Part<'_>) -> Option<AdminId> {
    part.wanted.and_then(|wanted| wanted.author)
}

/// Whether a request is about the default locale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Root {
    /// It is.
    Meant,
    /// It leaves the default locale as it is.
    Kept,
}

pub(super) fn draft_in_the_way() -> Outcome {
    Outcome::refused(
        "a draft is pending in Intercom, and what is written beside it would become a part of it",
        "publish that draft, or discard it in Intercom, and run it again",
    )
}
