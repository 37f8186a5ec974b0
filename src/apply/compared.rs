//! The answer of a write beside what was sent: what was lost, and what is kept of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::{Outcome, Run};
use crate::book::{ContentKey, EditError};
use crate::html::image::{self, ImageOrigin};
use crate::html::{Loss, loss};
use crate::intercom::model::{Article, ArticleId, CollectionId, Locale};
use crate::live::{LiveArticle, parsed};
use crate::plan::{Change, Content, LocaleChange, Texts};
use crate::record::{self, ArticleRecord, Pair, stored_body};
use crate::text::{Digest, DocPath, harmless};

/// What Intercom did not store as it was sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum Lost {
    /// An answer says nothing of a locale that was sent.
    #[error("Intercom's answer holds no {what} in `{locale}`")]
    Locale {
        /// A text or a draft.
        what: &'static str,
        /// The locale.
        locale: Locale,
    },
    /// Somebody wrote between the last read and the write.
    #[error("{} changed in Intercom at that moment; it is left alone, and nothing is published", names(.0))]
    SlippedIn(Vec<ContentKey>),
    /// Somebody saved a text between the last read and the write, which replaced it.
    #[error("{} saved another text in Intercom at that moment, and this write replaced it; it is version {version} of the article there", harmless(.by))]
    Replaced {
        /// Who.
        by: String,
        /// The id of the version that keeps it.
        version: String,
    },
    /// Somebody published a text between the last read and the write, which hid it again.
    #[error("it was published in Intercom at that moment, and this write took it offline again; publish it there")]
    TakenOffline,
    /// A title or description came back as another one.
    #[error("the {} came back as `{}`", .key.name(), harmless(.answer))]
    Field {
        /// Which one.
        key: ContentKey,
        /// What came back.
        answer: String,
    },
    /// Words of the body are gone.
    #[error("Intercom lost a part of the body: {}", harmless(&.0.join(" / ")))]
    Body(Vec<String>),
    /// Several of these.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Several(Vec<Lost>),
    /// In another locale than the default one.
    #[error("in `{locale}`: {lost}")]
    In {
        /// The locale.
        locale: Locale,
        /// What was lost there.
        lost: Box<Lost>,
    },
}

/// What was done, and could not be written down.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotKept {
    /// The record.
    #[error("cannot write {}: {reason}", .file.display())]
    Record {
        /// The lock file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// The id of a new article.
    #[error("article {id} was created, and its id is not in `{path}`: {source}")]
    ArticleId {
        /// The id.
        id: ArticleId,
        /// The file.
        path: DocPath,
        /// Why.
        source: EditError,
    },
    /// The id of a new collection.
    #[error("collection {id} was created, and its id is in no file: {source}")]
    CollectionId {
        /// The id.
        id: CollectionId,
        /// Why.
        source: EditError,
    },
}

/// What a comparison of an answer gave: what was lost, or a note.
pub(super) type Compared = Result<Option<String>, Lost>;

/// A text of a request, and what the change knows of its locale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent<'c> {
    pub part: &'c LocaleChange,
    pub content: &'c Content,
}

/// The texts of a request: first that of the article's own file, so that a translation is kept with the text
/// that it goes with.
pub(super) fn sent<'c>(change: &'c Change, texts: &'c Texts) -> Vec<Sent<'c>> {
    let sent = |part: &'c LocaleChange| Some(Sent { part, content: texts.get(&part.locale)? });
    change.parts().filter_map(sent).collect()
}

impl Run<'_> {
    /// Compares and keeps what came of a text in one locale. `set` writes the pair where it belongs.
    pub(super) fn keep_text(
        &self,
        sent: Sent<'_>,
        before: Option<&LiveArticle>,
        answer: Option<&LiveArticle>,
        set: impl FnOnce(&mut ArticleRecord, Pair),
    ) -> Compared {
        let part = sent.part;
        let Some(answer) = answer else {
            return Err(Lost::Locale { what: "text", locale: part.locale.clone() });
        };
        let (pair, compared) = self.compare(sent, before.map(|before| &before.article), &answer.article);
        let images = self.image_origins(sent, &answer.article);
        self.keep_record(&answer.article, part, |record| {
            record.images.extend(images);
            set(record, pair);
        });
        self.in_its_locale(part, compared)
    }

    /// What the images are that Intercom made of those in a text that was sent.
    pub(super) fn image_origins(&self, sent: Sent<'_>, answer: &Article) -> BTreeMap<String, ImageOrigin> {
        let Some(wanted) = &sent.part.wanted else { return BTreeMap::new() };
        if wanted.images.is_empty() || sent.content.body.is_none() {
            return BTreeMap::new();
        }
        image::origins(&wanted.images, &parsed(answer))
    }

    /// The locales that went live or offline by a write though they were not meant.
    pub(super) fn also_changed(
        &self,
        before: &LiveArticle,
        answer: &LiveArticle,
        meant: &BTreeSet<Locale>,
    ) -> Option<Outcome> {
        let default = &self.persistence.locale;
        let (then, now) = (before.published(default), answer.published(default));
        let changed: Vec<String> = then
            .symmetric_difference(&now)
            .filter(|locale| !meant.contains(*locale))
            .map(|locale| format!("`{locale}`"))
            .collect();
        (!changed.is_empty()).then(|| {
            Outcome::failed(
                format!("its state also changed in {}, which nobody asked for", changed.join(", ")),
                "look at it in Intercom and set it right there",
            )
        })
    }

    /// Compares the answer of a write with what was sent. A text that somebody wrote at that moment and a text that
    /// lost words are failures, changed markup is a note; the pair that the record keeps comes either way.
    pub(super) fn compare(&self, sent: Sent<'_>, before: Option<&Article>, answer: &Article) -> (Pair, Compared) {
        let Sent { part, content } = sent;
        let known = self.record_of(part, answer.id);
        let slipped = before.map(|before| slipped_in(content, before, answer)).unwrap_or_default();
        if !slipped.is_empty() {
            let left = part.left().into_iter().chain(slipped.iter().copied()).collect();
            return (self.pair_leaving(known.as_ref(), part, answer, &left), Err(Lost::SlippedIn(slipped)));
        }
        let mut pair = self.pair(known.as_ref(), part, answer);
        let (mut lost, mut note) = (Vec::new(), None);
        let description = answer.description.as_deref().unwrap_or_default();
        for (key, sent, answer) in [
            (ContentKey::Title, &content.title, answer.title.as_str()),
            (ContentKey::Description, &content.description, description),
        ] {
            if sent.as_ref().is_some_and(|text| text.trim() != answer.trim()) {
                lost.push(Lost::Field { key, answer: answer.to_owned() });
            }
        }
        if let Some(body) = &content.body {
            let stored = answer.body.as_deref().unwrap_or_default();
            self.observe_heading_ids(part, answer.id, body, stored);
            match loss(body, stored) {
                Loss::None => {}
                Loss::Markup => {
                    note = Some("Intercom keeps its markup in another form; every word and block is there".to_owned());
                }
                Loss::Text(lines) => lost.push(Lost::Body(lines)),
            }
        }
        if lost.is_empty() {
            return (pair, Ok(note));
        }
        // What was lost must not count as being there the next time.
        pair.body.sent = None;
        pair.blob = None;
        (pair, Err(Lost::Several(lost)))
    }

    /// With the locale in front, where it is not the default one.
    pub(super) fn in_its_locale(&self, part: &LocaleChange, compared: Compared) -> Compared {
        if self.is_default(part) {
            return compared;
        }
        let locale = &part.locale;
        let noted = compared.map(|note| note.map(|text| format!("in `{locale}`: {text}")));
        noted.map_err(|lost| Lost::In { locale: locale.clone(), lost: Box::new(lost) })
    }
}

/// The first thing that was lost, else all notes.
pub(super) fn both(one: Compared, other: Compared) -> Compared {
    match (one?, other?) {
        (Some(one), Some(other)) if one != other => Ok(Some(format!("{one}; {other}"))),
        (one, other) => Ok(one.or(other)),
    }
}

/// What a step says as well: what was lost on the way, and what Intercom made of it.
pub(super) fn noted(note: Option<String>, compared: Compared) -> Compared {
    compared.map(|other| match (note, other) {
        (Some(note), Some(other)) => Some(format!("{note}; {other}")),
        (note, other) => note.or(other),
    })
}

fn names(keys: &[ContentKey]) -> String {
    keys.iter().map(|key| key.name()).collect::<Vec<_>>().join(", ")
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
