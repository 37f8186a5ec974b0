//! Writing what was decided: files first, then what the record knows of them.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{IndexChange, Pull, What};
use crate::book::{EditError, edit};
use crate::intercom::model::{Article, Locale, State};
use crate::live::{InLocale, Live};
use crate::plan::{Proof, TextVersion};
use crate::record::{Address, ArticleRecord, BeforePull, CollectionRecord, Pair, Record, stored_body};
use crate::text::GitBlob;
use crate::threads;

/// What became of a pull.
#[derive(Debug, Default)]
pub struct Written {
    /// How many files were written.
    pub files: usize,
    /// Files that could not be.
    pub failures: Vec<EditError>,
    /// The changes that are on disk, by their place in the pull.
    pub done: Vec<usize>,
}

impl Written {
    /// Whether all that was decided is on disk.
    pub fn is_all_of(&self, pull: &Pull) -> bool {
        self.files == pull.changes.len() + pull.indexes.len() + pull.images.len()
    }
}

/// Writes the files. One that cannot be written does not stop the others; one that changed on disk
/// since it was read is left alone. `interrupted` is looked at before each.
pub fn write(pull: &Pull, docs: &Path, interrupted: &AtomicBool) -> Written {
    let mut written = Written::default();
    let count = |result: Result<(), EditError>, written: &mut Written| match result {
        Ok(()) => {
            written.files += 1;
            true
        }
        Err(error) => {
            written.failures.push(error);
            false
        }
    };
    let stops = || interrupted.load(Ordering::SeqCst);
    // Images first: no file names one that is not there.
    for image in pull.images.iter().take_while(|_| !stops()) {
        count(edit::create_image(docs, &image.path, &image.bytes), &mut written);
    }
    for index in pull.indexes.iter().take_while(|_| !stops()) {
        let result = match &index.what {
            IndexChange::New { text } => edit::create(docs, &index.path, text),
            IndexChange::Edited { before, after, .. } => edit::change(docs, &index.path, before, after),
        };
        count(result, &mut written);
    }
    // No two changes are of one file.
    let results = threads::map(&pull.changes, |change| {
        (!stops()).then(|| match &change.what {
            What::New { text, .. } => edit::create_copy(docs, &change.path, text),
            What::Edited { before, after, .. } => edit::change(docs, &change.path, before, after),
        })
    });
    for (at, result) in results.into_iter().enumerate() {
        if let Some(result) = result
            && count(result, &mut written)
        {
            written.done.push(at);
        }
    }
    written
}

/// Keeps in the record what Intercom has, as far as the files took it: from now on it is known there,
/// and what the files say otherwise is a change of ours. A text that no byte of a file had to change
/// for counts as taken, too.
pub fn keep(record: &mut Record, pull: &Pull, written: &Written, proof: &Proof, live: &Live, default: &Locale) {
    record.workspace = Some(live.me.app.id_code.clone());
    for index in &pull.indexes {
        if let Some(collection) = live.collections.get(&index.id) {
            record.collections.insert(index.id, CollectionRecord::stored(index.folder.clone(), collection));
        }
    }
    let done = written.done.iter().map(|at| &pull.changes[*at]);
    for change in done.chain(&pull.taken_already) {
        let found = live.articles.get(&change.id).map(|found| found.in_locale(&change.locale, default));
        let Some(InLocale::There(found)) = found else { continue };
        let article = &found.article;
        let key = (change.id, change.locale.clone());
        let known = record.articles.or_insert_with(key, || ArticleRecord::new(change.path.clone(), article.state));
        known.settle_merge();
        if let What::Edited { before, after, conflicts, .. } = &change.what
            && before != after
        {
            let blob = GitBlob::of(before);
            let record = ArticleRecord { before_pull: None, ..known.beside(&blob).clone() };
            known.before_pull = Some(Box::new(BeforePull { blob, was_conflict: *conflicts > 0, record }));
        }
        known.path = change.path.clone();
        known.reach(article.state, Address::of(article));
        if change.locale == *default {
            known.collection = live.places(article).first().copied();
        }
        // What the file renders to now is what it says, down to the bytes of its images.
        let former = known.live_pairs().next().cloned();
        let pair = |article: &Article, from: TextVersion| {
            let mut pair = match proof.equal.get(&change.path) {
                Some(proved) if change.from == from => proved.clone(),
                _ => Pair::seen(article, &pull.own),
            };
            if let Some(former) = former.as_ref().filter(|_| change.leaves_description()) {
                pair.description.clone_from(&former.description);
            }
            pair
        };
        match (change.from, &found.draft) {
            (TextVersion::Draft, Some(draft)) => {
                known.staged = Some(pair(draft, TextVersion::Draft));
                // The live text was seen, too: what the draft replaces is known.
                if known.live.as_ref().is_none_or(|known| known.body.stored != stored_body(article)) {
                    known.live = Some(Pair::seen(article, &pull.own));
                }
            }
            _ => match article.state {
                State::Published => known.live = Some(pair(article, TextVersion::Live)),
                State::Draft => (known.live, known.staged) = (None, Some(pair(article, TextVersion::Live))),
            },
        }
    }
}
