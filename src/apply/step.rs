//! What every step does around its write: read once more, compare the answer, keep the record.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::saving::not_kept;
use super::{Outcome, Run};
use crate::book::{ContentKey, Folder};
use crate::html::image::{self, Unknown};
use crate::html::{self, Loss, loss};
use crate::intercom::Error;
use crate::intercom::model::{Article, ArticleId, Collection, CollectionId, Locale};
use crate::live::{Flags, InLocale, LiveArticle};
use crate::plan::{self, Change, Content, Field, Part, Place, Seen, Wanted};
use crate::record::{self, ArticleRecord, CollectionRecord, Pair, stored_body};
use crate::text::{Digest, DocPath, harmless};

impl Run<'_> {
    /// Turns a failed request into an outcome. A 401 stops the run only if the token is refused
    /// altogether; else it is about this article's author.
    pub(super) async fn failed(&self, error: &Error) -> Outcome {
        if error.is_auth()
            && let Err(again) = self.writer.reader().me().await
            && again.is_auth()
        {
            self.auth.set(true);
            return Outcome::failed(
                format!("Intercom refused the token: {again}"),
                "set INTERCOM_ACCESS_TOKEN to a token that may read and write articles",
            );
        }
        Outcome::of_error(error)
    }

    /// Reads an article once more. If it is not what the plan saw, the step is refused.
    pub(super) async fn read_again(&self, at: usize, id: ArticleId, change: &Change) -> Result<LiveArticle, Outcome> {
        let before = match self.read(id).await {
            Ok(Some(before)) => before,
            Ok(None) => {
                return Err(Outcome::refused(
                    format!("article {id} was deleted in Intercom after this plan was made"),
                    "run `helpbook plan` again",
                ));
            }
            Err(error) => return Err(self.failed(&error).await),
        };
        let now = self.seen_now(at, change, &before);
        if self.expected(at, change).is_some_and(|expected| expected.is_same(&now)) {
            Ok(before)
        } else {
            Err(self.stale(id, &before, change))
        }
    }

    /// What has to stand in Intercom before the next write.
    pub(super) fn expected(&self, at: usize, change: &Change) -> Option<Seen> {
        self.seen.borrow().get(&at).cloned().or_else(|| change.seen.clone())
    }

    /// What stands in Intercom now, in the locales that the plan saw.
    pub(super) fn seen_now(&self, at: usize, change: &Change, now: &LiveArticle) -> Seen {
        let expected = self.expected(at, change);
        let others = expected.iter().flat_map(|seen| seen.translations.keys());
        let seen = Seen::of(now, &self.keep.locale, others);
        let sees_settings = expected.as_ref().is_some_and(|expected| expected.settings.is_some());
        if sees_settings { seen } else { Seen { settings: None, ..seen } }
    }

    /// Keeps what stands in Intercom after a write of this run.
    pub(super) fn saw(&self, at: usize, change: &Change, now: &LiveArticle) {
        let seen = self.seen_now(at, change, now);
        self.seen.borrow_mut().insert(at, seen);
    }

    /// The locale of a part.
    pub(super) fn locale<'p>(&'p self, part: &Part<'p>) -> &'p Locale {
        part.locale.unwrap_or(&self.keep.locale)
    }

    /// An article as it stands in the locale of a part, if it does.
    pub(super) fn view<'v>(&self, found: &'v LiveArticle, part: &Part<'_>) -> Option<Cow<'v, LiveArticle>> {
        match found.in_locale(self.locale(part), &self.keep.locale) {
            InLocale::There(found) => Some(found),
            InLocale::Missing | InLocale::Unknown => None,
        }
    }

    pub(super) async fn read(&self, id: ArticleId) -> Result<Option<LiveArticle>, Error> {
        let reader = self.writer.reader();
        let Some(article) = reader.article(id).await? else { return Ok(None) };
        let draft = if article.has_draft_anywhere() { reader.draft(id).await? } else { None };
        Ok(Some(LiveArticle { draft, ..LiveArticle::of(article) }))
    }

    fn stale(&self, id: ArticleId, before: &LiveArticle, change: &Change) -> Outcome {
        let time = |at: i64| {
            jiff::Timestamp::from_second(at)
                .map_or_else(|_| "?".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
        };
        let since = change.seen.as_ref().map(|seen| seen.updated_at);
        Outcome::refused(
            format!(
                "article {id} changed in Intercom after this plan was made: now of {}, then of {}; nothing was written to it",
                time(before.article.updated_at),
                since.map_or_else(|| "?".to_owned(), time),
            ),
            "run `helpbook plan` again to see the change",
        )
    }

    /// Whether a text in Intercom is already what the step would make of it: a text that the record knows
    /// for these docs, or one that reads as what would be sent, with every image known.
    pub(super) fn is_there(&self, part: &Part<'_>, sent: &Content, article: &Article) -> bool {
        let Some(wanted) = part.wanted else { return false };
        let has_title = wanted.title == record::title(article);
        let has_description = wanted.description.as_ref().is_none_or(|wanted| *wanted == record::description(article));
        let own = self.own.borrow();
        let known = self.record_of(part, article.id);
        let digest = wanted.exact.digest(&own);
        let stored = stored_body(article);
        let is_known = known
            .iter()
            .flat_map(ArticleRecord::pairs)
            .any(|pair| pair.body.sent.as_ref() == Some(&digest) && pair.body.stored == stored);
        let reads_so = || {
            let Some(body) = &sent.body else { return false };
            let (ours, mut theirs) = (html::parse(body), parsed(article));
            let origins = known.as_ref().map(ArticleRecord::image_origins).unwrap_or_default();
            image::recognise(&mut theirs, &wanted.images, &origins, Unknown::Left);
            image::are_those(&wanted.images, &theirs) && own.digest(&ours) == own.digest(&theirs)
        };
        has_title && has_description && (is_known || reads_so())
    }

    /// What the record knows of an article in the locale of a part.
    fn record_of(&self, part: &Part<'_>, id: ArticleId) -> Option<ArticleRecord> {
        self.record.borrow().articles.get(&(id, self.locale(part).clone())).cloned()
    }

    /// Compares the answer of a write with what was sent: what slipped in beside it and lost text is a failure that shows it,
    /// changed markup a note, and the pair that the record keeps either way.
    pub(super) fn compare(
        &self,
        part: &Part<'_>,
        sent: &Content,
        before: Option<&Article>,
        answer: &Article,
    ) -> (Pair, Result<Option<String>, String>) {
        let known = self.record_of(part, answer.id);
        let slipped = before.map(|before| slipped_in(sent, before, answer)).unwrap_or_default();
        if !slipped.is_empty() {
            let names = slipped.iter().map(|key| format!("{key:?}").to_lowercase()).collect::<Vec<_>>().join(", ");
            return (
                self.pair_leaving(known.as_ref(), part, answer, &part.left().into_iter().chain(slipped).collect()),
                Err(format!("{names} changed in Intercom at that moment; it is left alone, and nothing is published")),
            );
        }
        let mut pair = self.pair(known.as_ref(), part, answer);
        let mut lost = Vec::new();
        if sent.title.as_ref().is_some_and(|title| title.trim() != answer.title.trim()) {
            lost.push(format!("the title came back as `{}`", harmless(&answer.title)));
        }
        let description = answer.description.as_deref().unwrap_or_default();
        if sent.description.as_ref().is_some_and(|text| text.trim() != description.trim()) {
            lost.push(format!("the description came back as `{}`", harmless(description)));
        }
        let mut note = None;
        if let Some(body) = &sent.body {
            let stored = answer.body.as_deref().unwrap_or_default();
            self.observe_heading_ids(part, answer.id, body, stored);
            match loss(body, stored) {
                Loss::None => {}
                Loss::Markup => {
                    note = Some("Intercom keeps its markup in another form; every word and block is there".to_owned());
                }
                Loss::Text(lines) => {
                    lost.push(format!("Intercom lost a part of the body: {}", harmless(&lines.join(" / "))));
                }
            }
        }
        if lost.is_empty() {
            return (pair, Ok(note));
        }
        // What was lost must not count as being there the next time.
        pair.body.sent = None;
        pair.blob = None;
        (pair, Err(lost.join("; ")))
    }

    /// Keeps what is known of an article now in the locale of a part, which is `article` in Intercom.
    pub(super) fn keep_record(&self, article: &Article, part: &Part<'_>, set: impl FnOnce(&mut ArticleRecord)) {
        let path = DocPath::new(part.path);
        let mut record = self.record.borrow_mut();
        let key = (article.id, self.locale(part).clone());
        // A state that is left alone is still the docs', so that it stays a teammate's.
        let state = part.wanted.and_then(|wanted| wanted.state.filter(|_| part.leaves(Field::State)));
        let known =
            record.articles.or_insert_with(key, || ArticleRecord::new(path.clone(), state.unwrap_or(article.state)));
        known.settle_merge();
        known.path = path;
        if let Some(wanted) = part.wanted {
            if !part.leaves(Field::State) && wanted.state == Some(article.state) {
                known.reach(article.state, article.url.is_some());
            }
            known.collection = wanted.collection.or(known.collection);
            plan::keep_settings(&mut known.settings, &wanted.settings, &|field| part.stands(field));
        }
        set(known);
        self.changed_record();
    }

    /// The pair of a text that is as wanted, but for what was left alone: of that stays what `known` says.
    pub(super) fn pair(&self, known: Option<&ArticleRecord>, part: &Part<'_>, stored: &Article) -> Pair {
        self.pair_leaving(known, part, stored, &part.left())
    }

    fn pair_leaving(
        &self,
        known: Option<&ArticleRecord>,
        part: &Part<'_>,
        stored: &Article,
        left: &BTreeSet<ContentKey>,
    ) -> Pair {
        let own = self.own.borrow();
        let path = DocPath::new(part.path);
        let Some(wanted) = part.wanted else { return Pair::seen(stored, &own) };
        let mut pair = wanted.pair(stored, &own);
        if let Some(blob) = self.blobs.borrow().get(&path) {
            pair.blob = Some(blob.clone());
        }
        leave(&mut pair, known.and_then(|known| known.draft_pairs().next()), left, wanted);
        pair
    }

    /// The pair of a text that was found in Intercom. One that is not as wanted was not sent as such.
    pub(super) fn found_pair(&self, part: &Part<'_>, stored: &Article) -> Pair {
        if self.is_settled(part) || self.is_there(part, &Content::default(), stored) {
            return self.pair(self.record_of(part, stored.id).as_ref(), part, stored);
        }
        Pair::seen(stored, &self.own.borrow())
    }

    /// Whether the plan found the text as wanted.
    fn is_settled(&self, part: &Part<'_>) -> bool {
        part.body.is_empty() && part.fields.iter().all(|change| !Field::TEXT.contains(&change.field))
    }

    /// What is live, so that it is still known once something is staged behind it. A text that is
    /// replaced on purpose was seen and not sent; what is left alone keeps its pair.
    pub(super) fn live_pair(&self, known: &ArticleRecord, live: &Article, part: &Part<'_>) -> Pair {
        let own = self.own.borrow();
        let mut pair = Pair::seen(live, &own);
        let is_it = |known: &&Pair| {
            known.body.stored == pair.body.stored || known.has_todays_rules() && known.body.shown == pair.body.shown
        };
        if let Some(known) = known.pairs().find(is_it) {
            let stored = std::mem::replace(&mut pair.body, known.body.clone()).stored;
            pair.body.stored = stored;
            pair.blob.clone_from(&known.blob);
            pair.rules = known.rules;
        }
        if let Some(wanted) = part.wanted {
            leave(&mut pair, known.live_pairs().next(), &part.left(), wanted);
        }
        pair
    }

    /// Keeps what is known of a collection now. What a teammate changed and we left alone stays
    /// what it was to us.
    pub(super) fn record_collection(&self, folder: &Folder, collection: &Collection, change: &Change) {
        let part = change.root();
        let mut known = self.record.borrow_mut();
        let mut record = CollectionRecord::stored(folder.clone(), collection);
        if let Some(before) = known.collections.get(&collection.id) {
            if part.leaves(Field::Title) {
                record.name.clone_from(&before.name);
            }
            if part.leaves(Field::Description) {
                record.description.clone_from(&before.description);
            }
            if part.leaves(Field::Collection) {
                record.parent = before.parent;
            }
            for (locale, translation) in &change.translations {
                let part = translation.part(locale);
                if let (Some(record), Some(before)) =
                    (record.translations.get_mut(locale), before.translations.get(locale))
                {
                    if part.leaves(Field::Title) {
                        record.name.clone_from(&before.name);
                    }
                    if part.leaves(Field::Description) {
                        record.description.clone_from(&before.description);
                    }
                }
            }
        }
        known.collections.insert(collection.id, record);
        self.changed_record();
    }

    /// The collection that a step names, if it was made.
    pub(super) fn resolve(&self, place: Option<&Place>) -> Result<Option<CollectionId>, Outcome> {
        match place {
            None => Ok(None),
            Some(place) => self.place(place).map(Some).ok_or_else(|| match place {
                Place::Folder(folder) => Outcome::failed(
                    format!("its collection `{folder}` was not created"),
                    "see the collection's own message",
                ),
                Place::Id(id) => {
                    Outcome::failed(format!("its collection {id} is not there"), "run `helpbook plan` again")
                }
            }),
        }
    }
}

/// Keeps who may use a text, as the docs say it: an audience that a teammate added was sent along, and is
/// not ours.
pub(super) fn keep_flags(known: &mut ArticleRecord, sent: &Flags, part: &Part<'_>) {
    let wanted = part.wanted.and_then(|wanted| wanted.settings.flags.audiences.as_ref());
    let audiences = sent.audiences.as_ref().map(|sent| wanted.unwrap_or(sent).clone());
    known.settings.flags.take(&Flags { audiences, ..sent.clone() });
}

/// Gives a pair what a former one has of the fields that are left alone, or that the docs do not say.
/// Without a former one a field that is left alone is as the docs say it, and what Intercom has of it is
/// not known.
fn leave(pair: &mut Pair, former: Option<&Pair>, left: &BTreeSet<ContentKey>, wanted: &Wanted) {
    if left.contains(&ContentKey::Title) {
        pair.title = former.map_or(&wanted.title, |former| &former.title).clone();
    }
    if left.contains(&ContentKey::Description) || wanted.description.is_none() {
        let known = former.map(|former| &former.description).or(wanted.description.as_ref());
        pair.description = known.unwrap_or(&pair.description).clone();
    }
    if left.contains(&ContentKey::Author) {
        pair.author = former.map_or(wanted.author, |former| former.author);
    }
    if left.contains(&ContentKey::Body) {
        match former {
            Some(former) => (pair.body, pair.rules) = (former.body.clone(), former.rules),
            None => pair.body.forget_stored(),
        }
    }
    pair.left.clone_from(left);
}

fn parsed(article: &Article) -> html::Body {
    html::parse(article.body.as_deref().unwrap_or_default())
}

/// The fields that were not sent and are not what they were right before: somebody wrote between
/// the read and the write.
fn slipped_in(sent: &Content, before: &Article, answer: &Article) -> Vec<ContentKey> {
    let differs = |of: fn(&Article) -> Digest| of(before) != of(answer);
    [
        (ContentKey::Title, sent.title.is_none() && differs(record::title)),
        (ContentKey::Description, sent.description.is_none() && differs(record::description)),
        (ContentKey::Body, sent.body.is_none() && differs(stored_body)),
    ]
    .into_iter()
    .filter_map(|(key, differs)| differs.then_some(key))
    .collect()
}

/// A done step, or what could not be kept of it.
pub(super) fn done(
    verb: &'static str,
    id: Option<u64>,
    kept: Result<(), String>,
    compared: Result<Option<String>, String>,
) -> Outcome {
    match (compared, kept) {
        (Ok(note), Ok(())) => Outcome::Done { verb, id, note },
        (Err(lost), _) => {
            Outcome::failed(lost, "write it in a form that Intercom keeps; `helpbook plan` shows the difference")
        }
        (Ok(_), Err(reason)) => not_kept(reason),
    }
}
