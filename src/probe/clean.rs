//! Deletes what probes made: what this one remembers, and whatever has a probe's name.
//!
//! A collection in which somebody put something else stays.

use std::collections::BTreeSet;

use super::ask::Made;
use super::name::is_ours;
use crate::intercom::model::{Article, ArticleId, Collection, CollectionId, Tag, TagId};
use crate::intercom::{Error, Writer};

/// Something of a probe that is still there.
#[derive(Debug)]
pub struct Left {
    /// What it is: `article`, `collection` or `tag`.
    pub kind: &'static str,
    /// Its id; nothing where a list could not be read.
    pub id: Option<u64>,
    /// Why.
    pub why: String,
}

impl Left {
    /// Whether both are the same thing.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (self.kind, self.id) == (other.kind, other.id)
    }
}

/// What was deleted, and what was not.
#[derive(Debug, Default)]
pub(super) struct Cleaned {
    /// Kinds and ids.
    pub deleted: Vec<(&'static str, u64)>,
    /// What is still there.
    pub left: Vec<Left>,
}

impl Cleaned {
    /// Whether this was deleted after all.
    pub fn has_deleted(&self, left: &Left) -> bool {
        left.id.is_some_and(|id| self.deleted.contains(&(left.kind, id)))
    }

    fn take(&mut self, kind: &'static str, id: u64, result: Result<Gone, Error>) {
        let why = match result {
            Ok(Gone::Yes) => return self.deleted.push((kind, id)),
            Ok(Gone::No) => "Intercom still has it".to_owned(),
            Err(error) => error.to_string(),
        };
        self.left.push(Left { kind, id: Some(id), why });
    }

    fn unread(&mut self, kind: &'static str, error: &Error) {
        self.left.push(Left { kind, id: None, why: error.to_string() });
    }
}

/// Whether something is gone. A deletion is a 404 where it is gone already, and as well where nothing can be
/// written, so it is looked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gone {
    Yes,
    No,
}

impl Gone {
    fn of<T>(found: Option<&T>) -> Self {
        if found.is_some() { Self::No } else { Self::Yes }
    }
}

async fn article(writer: &Writer, id: ArticleId) -> Result<Gone, Error> {
    writer.delete_article(id).await?;
    Ok(Gone::of(writer.reader().article(id).await?.as_ref()))
}

async fn collection(writer: &Writer, id: CollectionId) -> Result<Gone, Error> {
    writer.delete_collection(id).await?;
    Ok(Gone::of(writer.reader().collection(id).await?.as_ref()))
}

async fn tag(writer: &Writer, id: TagId) -> Result<Gone, Error> {
    writer.delete_tag(id).await.map(|()| Gone::Yes)
}

/// Deletes what a probe remembers: articles before the collections that they are in.
pub(super) async fn delete(writer: &Writer, made: &Made) -> Cleaned {
    let mut cleaned = Cleaned::default();
    for id in &made.articles {
        cleaned.take("article", id.0, article(writer, *id).await);
    }
    for id in made.collections.iter().rev() {
        cleaned.take("collection", id.0, collection(writer, *id).await);
    }
    for id in &made.tags {
        cleaned.take("tag", id.0, tag(writer, *id).await);
    }
    cleaned
}

/// Deletes everything that has a probe's name, whoever left it behind.
pub(super) async fn sweep(writer: &Writer) -> Cleaned {
    let reader = writer.reader();
    let mut cleaned = Cleaned::default();
    let mut places: BTreeSet<CollectionId> = BTreeSet::new();
    match reader.articles(slim).await {
        Ok(swept) => {
            let (ours, others): (Vec<Article>, Vec<Article>) =
                swept.records.into_iter().partition(|article| is_ours(&article.title));
            places.extend(others.iter().flat_map(|article| &article.parent_ids));
            for one in ours {
                cleaned.take("article", one.id.0, article(writer, one.id).await);
            }
        }
        Err(error) => cleaned.unread("article", &error),
    }
    match reader.collections().await {
        Ok(swept) => {
            for one in from_below(&swept.records) {
                let is_below = |other: &Collection| other.parent_id == Some(one.id) && !is_ours(&other.name);
                if places.contains(&one.id) || swept.records.iter().any(is_below) {
                    let why = "somebody put something else into it".to_owned();
                    cleaned.left.push(Left { kind: "collection", id: Some(one.id.0), why });
                } else {
                    cleaned.take("collection", one.id.0, collection(writer, one.id).await);
                }
            }
        }
        Err(error) => cleaned.unread("collection", &error),
    }
    // A token that may not read tags made none.
    let tags: Vec<Tag> = reader.tags().await.unwrap_or_default();
    for one in tags.iter().filter(|tag| is_ours(&tag.name)) {
        cleaned.take("tag", one.id.0, tag(writer, one.id).await);
    }
    cleaned
}

/// The collections of probes, those below before those above.
fn from_below(all: &[Collection]) -> Vec<&Collection> {
    let level = |collection: &Collection| {
        let above = |one: &Collection| all.iter().find(|other| Some(other.id) == one.parent_id);
        // There are three levels; lists may name a circle all the same.
        std::iter::successors(Some(collection), |one| above(one)).take(8).count()
    };
    let mut ours: Vec<&Collection> = all.iter().filter(|collection| is_ours(&collection.name)).collect();
    ours.sort_by_key(|collection| (std::cmp::Reverse(level(collection)), collection.id));
    ours
}

fn slim(article: &mut Article) {
    article.content.body = None;
    article.translated_content = None;
}

#[cfg(test)]
mod tests {
    use super::super::name::name;
    use super::*;

    #[test]
    fn collections_are_deleted_from_below() {
        let collection = |id: u64, above: Option<u64>, called: &str| Collection {
            id: CollectionId(id),
            parent_id: above.map(CollectionId),
            name: called.to_owned(),
            ..Collection::default()
        };
        let ours = name("x");
        let all = [
            collection(1, None, &ours),
            collection(2, Some(1), &ours),
            collection(3, Some(2), &ours),
            collection(4, None, "Guide"),
            collection(5, Some(6), &ours),
            collection(6, Some(5), &ours),
        ];
        let order: Vec<u64> = from_below(&all).iter().map(|one| one.id.0).filter(|id| *id < 4).collect();
        assert_eq!(order, [3, 2, 1]);
    }
}
