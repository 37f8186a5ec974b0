//! Publishing: the only steps that a customer sees.

use std::collections::{BTreeMap, BTreeSet};

use super::compared::{Compared, Sent, both, noted, sent};
use super::links::Filled;
use super::step::{Target, done};
use super::wire::{self, Become};
use super::{Outcome, Run};
use crate::book::Folder;
use crate::html::{self, image, write};
use crate::intercom::model::{Article, CollectionId, Locale, NewParent, State, WriteCollection};
use crate::live::{LiveArticle, parsed};
use crate::plan::{Change, Content, Field, LocaleChange, Naming, NewPlace, Publish, Seen, Subject, Texts};
use crate::record::{self, ArticleRecord, HeadingIds, Pair, stored_body};

impl Run<'_> {
    pub(super) async fn publish_step(&self, at: usize, change: &Change, step: &Publish) -> Outcome {
        if let (Publish::Collection { names, parent }, Subject::Collection { folder }, Some(id)) =
            (step, &change.subject, change.id)
        {
            let parent_id = match parent {
                None => NewParent::Unchanged,
                Some(NewPlace::Top) => NewParent::Top,
                Some(NewPlace::Below(place)) => match self.resolve(Some(place)) {
                    Ok(parent) => parent.into(),
                    Err(outcome) => return outcome,
                },
            };
            return self.change_collection(CollectionId(id), change, folder, (names, parent_id)).await;
        }
        let made = self.state.borrow().changes[at].id;
        let Some(id) = made.or_else(|| change.article_id()) else { return Outcome::Skipped };
        let target = Target { at, id, change };
        match step {
            Publish::Live { texts, at: Some(time) } => self.schedule(target, texts, *time).await,
            Publish::Live { texts, at: None } | Publish::Locales { texts } => self.go_live(target, texts).await,
            Publish::Draft { locales } => self.publish_draft(target, locales).await,
            Publish::Settings(edit) => self.change_settings(target, edit).await,
            Publish::Tags(edit) => self.set_tags(target, edit).await,
            Publish::Redirects { help_center, from } => self.redirect(target, *help_center, from).await,
            Publish::Offline { texts } => self.go_offline(target, texts).await,
            Publish::Delete => self.delete(target).await,
            Publish::Collection { .. } => Outcome::Skipped,
        }
    }

    /// `PUT /help_center/collections/{id}`.
    async fn change_collection(
        &self,
        id: CollectionId,
        change: &Change,
        folder: &Folder,
        (names, parent_id): (&BTreeMap<Locale, Naming>, NewParent),
    ) -> Outcome {
        let now = match self.writer.reader().collection(id).await {
            Ok(Some(now)) if change.seen.as_ref().is_some_and(|seen| seen.is_same(&Seen::of_collection(&now))) => now,
            Ok(_) => {
                return Outcome::refused(
                    format!("collection {id} changed in Intercom after this plan was made; nothing was written to it"),
                    "run `helpbook plan` again to see the change",
                );
            }
            Err(error) => return self.failed(&error).await,
        };
        let says_its_locales = self.plan.there.says_its_locales;
        let named = wire::names(names, &self.persistence.locale, Some(&now.name), says_its_locales);
        match self.writer.update_collection(id, &WriteCollection { parent_id, ..named }).await {
            Ok(answer) => {
                self.record_collection(folder, &answer, change);
                done("changed", None, Ok(()), Ok(None))
            }
            Err(error) => self.failed(&error).await,
        }
    }

    /// `PUT /articles/{id}` with `state: published`: the default locale by its state, others whole.
    async fn go_live(&self, target: Target<'_>, texts: &Texts) -> Outcome {
        let before = match self.read_again(target).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        if !before.pending(&self.persistence.locale).is_empty() {
            return Outcome::draft_in_the_way();
        }
        let texts = match self.as_staged(target.change, texts) {
            Ok(texts) => texts,
            Err(outcome) => return outcome,
        };
        let mut update = wire::update(&texts, &self.persistence.locale, &before, Become::Live);
        if self.state.borrow().heading_ids == Some(HeadingIds::Made) {
            wire::renew(&mut update, &self.state.borrow().own);
        }
        let answer = match self.writer.update_article(target.id, &update).await {
            Ok(answer) => LiveArticle::of(answer),
            Err(error) => return self.failed(&error).await,
        };
        let sent = sent(target.change, &texts);
        let is_live =
            |sent: &Sent<'_>| self.view(&answer, sent.part).is_some_and(|now| now.article.state == State::Published);
        if !sent.iter().all(is_live) {
            return Outcome::failed(
                "Intercom answered, and the article is still a draft",
                "publish it in Intercom, or run it again",
            );
        }
        let meant = sent.iter().map(|sent| sent.part.locale.clone()).collect();
        let outcome = self.are_live(target, &sent, &before, &answer);
        self.also_changed(&before, &answer, &meant).unwrap_or(outcome)
    }

    /// The texts that go live, as they were staged. Where Intercom makes the ids of headings again, what
    /// is there is sent once more: only that says which links lost their headings.
    fn as_staged(&self, change: &Change, texts: &Texts) -> Result<Texts, Outcome> {
        let filled = self.fill(change, texts)?.texts;
        let is_made = self.state.borrow().heading_ids == Some(HeadingIds::Made);
        let as_it_is = |mut content: Box<Content>| {
            content.body = content.body.filter(|_| !is_made);
            content
        };
        Ok(filled.into_iter().map(|(locale, content)| (locale, as_it_is(content))).collect())
    }

    /// `POST /articles/{id}/draft/publish`, in exactly these locales.
    async fn publish_draft(&self, target: Target<'_>, locales: &[Locale]) -> Outcome {
        let before = match self.read_again(target).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        let texts: Texts = locales.iter().map(|locale| (locale.clone(), Box::default())).collect();
        let sent = sent(target.change, &texts);
        // As it is to be after: the draft in the place of the live text.
        let staged = before.draft.clone().map_or_else(|| before.clone(), LiveArticle::of);
        let is_published = |now: &LiveArticle| {
            sent.iter().all(|sent| {
                self.view(&staged, sent.part).zip(self.view(now, sent.part)).is_some_and(|(staged, now)| {
                    now.draft.is_none() && self.is_same_text(&staged.article, &now.article)
                })
            })
        };
        match self.writer.publish_draft(target.id, locales).await {
            Ok(answer) => self.are_live(target, &sent, &staged, &LiveArticle::of(answer)),
            // The answer may be lost and the draft live all the same.
            Err(error) if error.may_have_happened() => match self.read(target.id).await {
                Ok(Some(now)) if is_published(&now) => self.are_live(target, &sent, &staged, &now),
                _ => self.failed(&error).await,
            },
            Err(error) => self.failed(&error).await,
        }
    }

    /// Keeps what went live. It has to be what was staged: somebody may have written in between. Of a text
    /// that was sent again Intercom fetches the images again.
    fn are_live(&self, target: Target<'_>, sent: &[Sent<'_>], staged: &LiveArticle, answer: &LiveArticle) -> Outcome {
        let id = target.id;
        let mut all_same = true;
        for sent in sent {
            let part = sent.part;
            let (Some(staged), Some(now)) = (self.view(staged, part), self.view(answer, part)) else {
                all_same = false;
                continue;
            };
            self.observe_heading_ids(part, id, "", now.article.body.as_deref().unwrap_or_default());
            let is_sent = sent.content.body.is_some();
            let is_same = if is_sent {
                self.reads_as(sent.content, &staged.article, &now.article)
            } else {
                self.is_same_text(&staged.article, &now.article)
            };
            all_same &= is_same;
            let images = self.image_origins(*sent, &now.article);
            self.keep_record(&now.article, part, |record| {
                record.images.extend(images);
                // A text that slipped in is not known as ours: the next plan shows whose it is.
                if is_same {
                    record.live = Some(self.published_pair(record, part, &now.article));
                    let shown = image::addresses(&parsed(&now.article));
                    record.images.retain(|address, _| shown.contains(address));
                }
                record.staged = None;
                if !part.leaves(Field::State) {
                    record.state = now.article.state;
                }
                record.taken_offline = false;
            });
        }
        // The default locale is first, so a translation is kept with the text that it goes with.
        for Sent { part, .. } in sent {
            self.record.borrow_mut().keep_source(id, &part.locale, &self.persistence.locale);
        }
        self.changed_record();
        self.saw(target, answer);
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
    fn published_pair(&self, known: &ArticleRecord, part: &LocaleChange, now: &Article) -> Pair {
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
            self.state.borrow().own.digest(&body)
        };
        record::title(staged) == record::title(answer)
            && record::description(staged) == record::description(answer)
            && canonical(sent.body.as_ref()) == canonical(answer.body.as_ref())
    }

    /// Whether a text is the one that was staged: byte by byte, or in the form that is shown, with each
    /// image at the same address.
    pub(super) fn is_same_text(&self, staged: &Article, answer: &Article) -> bool {
        let shown = |article: &Article| {
            let body = html::parse(article.body.as_deref().unwrap_or_default());
            write::html(&self.state.borrow().own.shown(&body))
        };
        record::title(staged) == record::title(answer)
            && record::description(staged) == record::description(answer)
            && (stored_body(staged) == stored_body(answer) || shown(staged) == shown(answer))
    }

    /// `PUT /articles/{id}` with `state: draft`. Every locale is named with its state, so that no other
    /// goes offline.
    async fn go_offline(&self, target: Target<'_>, texts: &Texts) -> Outcome {
        let before = match self.read_again(target).await {
            Ok(before) => before,
            Err(outcome) => return outcome,
        };
        let default = &self.persistence.locale;
        let meant: BTreeSet<Locale> = texts.keys().cloned().collect();
        if !before.pending(default).is_subset(&meant) {
            return Outcome::draft_in_the_way();
        }
        let Filled { texts, note } = match self.fill(target.change, texts) {
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
        let update = wire::offline(&texts, default, &before, &admins);
        let answer = match self.writer.update_article(target.id, &update).await {
            Ok(answer) => LiveArticle::of(answer),
            Err(error) => return self.failed(&error).await,
        };
        let mut compared: Compared = Ok(None);
        for sent in sent(target.change, &texts) {
            let now = self.view(&answer, sent.part);
            let outcome = self.keep_text(sent, None, now.as_deref(), |record, pair| {
                record.state = State::Draft;
                record.taken_offline = true;
                record.live = None;
                record.staged = Some(pair);
            });
            compared = both(compared, outcome);
        }
        self.saw(target, &answer);
        if let Some(outcome) = self.also_changed(&before, &answer, &meant) {
            return outcome;
        }
        done("taken offline", Some(target.id.0), Ok(()), noted(note, compared))
    }

    async fn delete(&self, target: Target<'_>) -> Outcome {
        if let Err(outcome) = self.read_again(target).await {
            return outcome;
        }
        match self.writer.delete_article(target.id).await {
            Ok(()) => {
                self.record.borrow_mut().articles.remove_all(target.id);
                self.changed_record();
                done("deleted", Some(target.id.0), Ok(()), Ok(None))
            }
            Err(error) => self.failed(&error).await,
        }
    }
}
