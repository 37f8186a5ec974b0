//! Writing what was decided: files first, then what Base knows of them.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{IndexChange, Pull, What};
use crate::base::{ArticleRecord, Base, CollectionRecord, Pair, Texts, reached};
use crate::book::{EditError, edit};
use crate::html::{self, HelpCenterUrls};
use crate::intercom::model::{Article, Locale, State};
use crate::live::{InLocale, Live};
use crate::plan::{Proof, Source};
use crate::text::git_blob;
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

/// Tells Base what stands in Intercom, as far as the files took it: from now on it is known there,
/// and what the files say otherwise is a change of ours.
pub fn keep(base: &mut Base, pull: &Pull, written: &Written, proof: &Proof, live: &Live, default: &Locale) {
    base.workspace = Some(live.me.app.id_code.clone());
    for index in &pull.indexes {
        if let Some(collection) = live.collections.get(&index.id) {
            base.collections.insert(index.id, CollectionRecord::stored(index.folder.clone(), collection));
        }
    }
    for change in written.done.iter().map(|at| &pull.changes[*at]) {
        let found = live.articles.get(&change.id).map(|found| found.in_locale(&change.locale, default));
        let Some(InLocale::There(found)) = found else { continue };
        let article = &found.article;
        let key = (change.id, change.locale.clone());
        let record = base.articles.or_insert_with(key, || ArticleRecord::new(change.path.clone(), article));
        record.path = change.path.clone();
        record.state = reached(article, None);
        record.taken_offline = article.state == State::Draft && article.url.is_some();
        if change.locale == *default {
            record.collection = live.places(article).first().copied();
        }
        record.author = article.author_id;
        // What the file renders to now is what it says, down to the bytes of its images.
        let proved = |from: Source| proof.equal.get(&change.path).filter(|_| change.from == from);
        let made = |article: &Article, from: Source| match proved(from) {
            Some(sent) => Pair::new(sent.clone(), Texts::stored(article)),
            None => pair(&pull.own, article),
        };
        match article.state {
            State::Published => record.live = Some(made(article, Source::Live)),
            State::Draft => (record.live, record.staged) = (None, Some(made(article, Source::Live))),
        }
        if let (Source::Draft, Some(draft)) = (change.from, &found.draft) {
            record.staged = Some(made(draft, Source::Draft));
        }
        // The next merge starts from a text that Intercom had.
        if change.is_whole() {
            record.came_from(&git_blob(&change.text()));
        }
    }
}

/// A text as if it had been sent just so.
fn pair(own: &HelpCenterUrls, article: &Article) -> Pair {
    let body = own.digest(&html::parse(article.body.as_deref().unwrap_or_default()));
    let stored = Texts::stored(article);
    Pair::new(Texts { body, ..stored.clone() }, stored)
}
