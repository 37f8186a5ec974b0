//! One text against another: what is equal, whose a difference is, field by field.
//!
//! Equal means equal in canonical form, or that a pair of Base says so. A difference is ours where
//! Base knows what stands in Intercom as something we once stored there; it is theirs where it does
//! not; it is both where the docs changed, too. Without a record the newest version decides.

use std::collections::BTreeSet;

use super::model::Field;
use super::ours::Ours;
use crate::base::{ArticleRecord, Pair, Texts};
use crate::book::ContentKey;
use crate::intercom::model::{Article, Version};
use crate::text::Digest;

/// The fields in which two texts differ, by whose change it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// Ours: the docs changed.
    pub ours: BTreeSet<Field>,
    /// Theirs: it was changed in Intercom only.
    pub theirs: BTreeSet<Field>,
    /// Both.
    pub both: BTreeSet<Field>,
}

impl Difference {
    /// Takes every difference as ours.
    pub fn overwrite(&mut self) {
        let mut all = std::mem::take(&mut self.theirs);
        all.append(&mut self.both);
        self.ours.append(&mut all);
    }
}

/// Who wrote last, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writer {
    /// The API: one of our runs.
    Us,
    /// The editor: a teammate.
    Teammate,
    /// Nobody can tell.
    Unknown,
}

impl Writer {
    pub fn of(newest: Option<&Version>) -> Self {
        match newest.and_then(|version| version.created_via.as_deref()) {
            Some("web") => Writer::Teammate,
            Some("api") => Writer::Us,
            _ => Writer::Unknown,
        }
    }
}

/// The fields in which what stands in Intercom is not what the docs want.
pub(super) fn unequal(ours: &Ours<'_>, theirs: &Article, record: Option<&ArticleRecord>) -> BTreeSet<Field> {
    let mut fields = BTreeSet::new();
    if ours.title != theirs.title.trim() {
        fields.insert(Field::Title);
    }
    let description = theirs.description.as_deref().unwrap_or_default().trim();
    if ours.description.as_deref().is_some_and(|wanted| wanted != description) {
        fields.insert(Field::Description);
    }
    if ours.linked.renews(&ours.path) || !ours.is_body_of(theirs, record) {
        fields.insert(Field::Body);
    }
    if ours.author.is_some_and(|author| theirs.author_id != Some(author)) {
        fields.insert(Field::Author);
    }
    fields
}

/// Sorts the unequal fields by whose change they are. `against` is the pair that stood in Intercom
/// when we last wrote there.
pub(super) fn difference(
    ours: &Ours<'_>,
    theirs: &Article,
    record: Option<&ArticleRecord>,
    against: Option<&Pair>,
    writer: Writer,
) -> Difference {
    let mut difference = Difference::default();
    let fields = unequal(ours, theirs, record);
    if fields.is_empty() {
        return difference;
    }
    let stored = Texts::stored(theirs);
    let sent = ours.texts(Some(theirs));
    for field in fields {
        let Some(record) = record else {
            // Without a record the newest version decides for the whole text; unknown is ours.
            let side = if writer == Writer::Teammate { &mut difference.theirs } else { &mut difference.ours };
            side.insert(field);
            continue;
        };
        let (they_changed, we_changed) = match field {
            Field::Author => {
                let left = record.pairs().any(|pair| pair.left.contains(&ContentKey::Author));
                let we_sent = record.author.is_some();
                (left || we_sent && record.author != theirs.author_id, we_sent && record.author != ours.author)
            }
            field => (
                !record.pairs().any(|pair| is_known(pair, field) && of(&pair.stored, field) == of(&stored, field)),
                against.is_none_or(|pair| of(&pair.sent, field) != of(&sent, field)),
            ),
        };
        let side = match (they_changed, we_changed) {
            (false, _) => &mut difference.ours,
            (true, false) => &mut difference.theirs,
            (true, true) => &mut difference.both,
        };
        side.insert(field);
    }
    difference
}

/// Whether a text that stands in Intercom is one that we stored there.
pub(super) fn is_ours(theirs: &Article, record: Option<&ArticleRecord>, writer: Writer) -> bool {
    let stored = Texts::stored(theirs);
    match record {
        Some(record) => record.pairs().any(|pair| pair.stored == stored),
        None => writer != Writer::Teammate,
    }
}

/// Whether what a pair holds of a field is ours.
fn is_known(pair: &Pair, field: Field) -> bool {
    field.key().is_none_or(|key| !pair.left.contains(&key))
}

fn of(texts: &Texts, field: Field) -> &Digest {
    match field {
        Field::Title => &texts.title,
        Field::Description => &texts.description,
        _ => &texts.body,
    }
}
