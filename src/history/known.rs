//! What the record, and its history in Git, knows of the texts that Intercom has.
//!
//! A pair of the record says that a text was sent or seen, and when; a live pair, that customers read it. The lock
//! file is committed, so every commit of it knows the pairs of its time. A version of Intercom is a text that is
//! known if it has the digests of a pair. Nothing is guessed: a text that no pair has is not known.

use std::collections::{BTreeMap, HashMap};

use crate::git::Revision;
use crate::html::{self, HelpCenterUrls, exact};
use crate::intercom::model::Version;
use crate::record::{ArticleRecord, Pair, without_signatures};
use crate::text::{Digest, GitBlob};

/// The texts of one article in one locale that are known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    texts: BTreeMap<Fields, Evidence>,
    /// The exact forms of bodies, for one that Intercom spells otherwise than it did.
    shown: HashMap<Digest, Digest>,
}

/// The digests of a text: title, description, and the body as it is stored.
type Fields = (Digest, Digest, Digest);

/// What is known of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// When customers read it at the earliest, as far as that is known; Unix seconds.
    pub live_since: Option<i64>,
    /// Whether helpbook sent it.
    pub is_sent: bool,
    /// The file that said it.
    pub blob: Option<GitBlob>,
    /// The commit that recorded it first.
    pub recorded_in: Option<String>,
}

impl Evidence {
    /// The commit that it came from: the first one in which its file said this, else the one that recorded it.
    pub fn commit_in(&self, revisions: &[Revision]) -> Option<String> {
        let said = |revision: &&Revision| {
            let ids: Vec<&str> = self.blob.iter().flat_map(GitBlob::ids).collect();
            revision.files.iter().any(|file| file.blob.as_deref().is_some_and(|blob| ids.contains(&blob)))
        };
        let from = revisions.iter().rev().find(said).map(|revision| revision.commit.clone());
        from.or_else(|| self.recorded_in.clone())
    }
}

impl Known {
    /// Adds the pairs of a record. `commit` is the one that has it, none for the record as it is now. They are added
    /// from the newest on.
    pub fn add(&mut self, record: &ArticleRecord, commit: Option<&str>) {
        for line in record.lines() {
            line.live.iter().for_each(|pair| self.add_pair(pair, Some(pair.updated_at), commit));
            line.staged.iter().for_each(|pair| self.add_pair(pair, None, commit));
            if let Some(before) = &line.before_pull {
                self.add(&before.record, commit);
            }
        }
    }

    fn add_pair(&mut self, pair: &Pair, live_since: Option<i64>, commit: Option<&str>) {
        let body = &pair.body;
        if pair.has_todays_rules() {
            self.shown.insert(body.shown.clone(), body.stored.clone());
        }
        let fields = (pair.title.clone(), pair.description.clone(), body.stored.clone());
        let known = self.texts.entry(fields).or_default();
        known.live_since = [known.live_since, live_since].into_iter().flatten().min();
        known.is_sent |= body.sent.is_some();
        known.blob = pair.blob.clone().or_else(|| known.blob.take());
        known.recorded_in = commit.map(str::to_owned).or_else(|| known.recorded_in.take());
    }

    /// What is known of a version that has its body. `own` are the Help Center's addresses.
    pub fn of(&self, version: &Version, own: &HelpCenterUrls) -> Option<&Evidence> {
        if self.is_empty() {
            return None;
        }
        let body = version.body.as_deref()?;
        let trimmed = |text: &Option<String>| Digest::of(text.as_deref().unwrap_or_default().trim());
        let fields = |stored| (trimmed(&version.title), trimmed(&version.description), stored);
        let stored = fields(Digest::of(without_signatures(body)));
        self.texts.get(&stored).or_else(|| {
            let shown = exact::stored(html::parse(body), own);
            self.texts.get(&fields(self.shown.get(&shown)?.clone()))
        })
    }

    /// Whether nothing is known: then no version has to be looked at.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}
