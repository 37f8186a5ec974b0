//! What `pull` takes: the same comparison, seen from the other side.
//!
//! It says which article and collection each file is, and what of it was changed in Intercom, by
//! the rules by which the plan calls it drift or conflict. So what the plan shows as a teammate's is
//! what `pull` brings, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::collection;
use super::desired::Desired;
use super::document::{Double, Plan};
use super::field::Field;
use super::inputs::{Inputs, RenderedBook, Rules};
use super::link_graph::LinkGraph;
use super::matching::{self, With, is_foreign};
use super::places::Places;
use super::row::place_side;
use super::side::{Side, side};
use super::text::{self, Difference, Origin, Which};
use crate::book::{self, Book, CollectionRef, Folder};
use crate::html::{LinkTargets, RenderedDocs};
use crate::intercom::model::{Article, ArticleId, CollectionId, Locale};
use crate::live::{InLocale, Live, LiveArticle};
use crate::record::{ArticleRecord, Pair, Record};
use crate::text::{DocPath, GitBlob};
use crate::threads;

/// Which files are which articles and collections, and what changed in Intercom.
#[derive(Debug, Default)]
pub struct RemoteChanges {
    /// The folder of each collection that has one.
    pub folders: BTreeMap<CollectionId, Folder>,
    /// The file of each article that has one, in the default locale.
    pub files: BTreeMap<ArticleId, DocPath>,
    /// The translations that have a file.
    pub translations: BTreeSet<(ArticleId, Locale)>,
    /// Articles that were found by title and content, so that no file has their id yet.
    pub adopted: BTreeSet<ArticleId>,
    /// Files whose articles were deleted in Intercom.
    pub gone: BTreeMap<DocPath, ArticleId>,
    /// What was changed in Intercom.
    pub edits: Vec<Edit>,
    /// Where the links of the files point.
    pub links: LinkTargets,
    /// The same in Intercom.
    pub linked: Arc<LinkGraph>,
    /// Files of which a teammate's draft is pending that was not asked for.
    pub drafts: Vec<DocPath>,
    /// Articles that look like a second copy of one that has a file.
    pub doubles: BTreeMap<ArticleId, Double>,
    /// Articles that are not ours: in an ignored collection, or in another Help Center.
    pub foreign: BTreeSet<ArticleId>,
}

/// An article that was changed in Intercom in a locale in which it has a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// Its id.
    pub id: ArticleId,
    /// The locale.
    pub locale: Locale,
    /// Its file in that locale.
    pub path: DocPath,
    /// The text that is taken.
    pub from: TextVersion,
    /// The fields that were changed in Intercom only.
    pub theirs: BTreeSet<Field>,
    /// The fields that were changed in the docs, too.
    pub both: BTreeSet<Field>,
    /// Whether the body of the docs is not what was sent.
    pub has_own_body: bool,
    /// The file that said what it grew from; without one there is nothing to merge with.
    pub base: Option<GitBlob>,
}

/// The text that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextVersion {
    /// The live one, or that of an article that was never published.
    Live,
    /// The pending draft of a live one.
    Draft,
}

impl TextVersion {
    /// That text of an article.
    pub fn of(self, found: &LiveArticle) -> &Article {
        match self {
            TextVersion::Live => &found.article,
            TextVersion::Draft => found.draft.as_ref().unwrap_or(&found.article),
        }
    }
}

/// Whether a teammate's draft of an article is wanted.
pub type WantsDraft<'a> = &'a (dyn Fn(ArticleId, &DocPath) -> bool + Sync);

/// Compares for `pull`. `plan` is the plan of the same.
pub fn remote_changes(
    docs: RenderedBook<'_>,
    live: &Live,
    record: &Record,
    rules: &Rules,
    plan: &Plan,
    asks: WantsDraft<'_>,
) -> RemoteChanges {
    let RenderedBook { book, docs } = docs;
    let inputs = Inputs { book, docs, live, record, rules };
    let collections = collection::matched(inputs);
    let places = Places { inputs, collections: &collections };
    let mut taken = RemoteChanges {
        doubles: plan.doubles.iter().map(|double| (double.copy, double.clone())).collect(),
        ..RemoteChanges::default()
    };
    for (folder, matched) in &collections {
        if let collection::Matched::Live { id, .. } = matched {
            taken.folders.insert(*id, folder.clone());
        }
    }
    for (id, found) in &live.articles {
        if is_foreign(inputs, &found.article) {
            taken.foreign.insert(*id);
        }
    }
    taken.links = docs.links.clone();
    let (matched, linked) = matching::articles(inputs, &docs.links, &collection::folders(&collections));
    taken.linked = linked;
    let matched: Vec<_> = matched.into_iter().collect();
    let looked = threads::map(&matched, |(path, found)| {
        let (With::Id(id) | With::Adopted(id), Ok(desired)) = (&found.with, &found.desired) else { return Vec::new() };
        let (id, file, there) = (*id, &book.articles[path], &live.articles[id]);
        if there.article.body.is_none() {
            return Vec::new();
        }
        let mut looked = Vec::new();
        if let InLocale::There(view) = there.in_locale(&rules.locale, &rules.locale) {
            let text = TextOf { id, locale: &rules.locale, content: &file.content, desired, view: &view };
            let moved = moved(live, &there.article, desired.record, &file.collection, &places);
            looked.push(text.look(inputs, asks, moved));
        }
        for (locale, content) in file.translations.iter().filter(|(locale, _)| rules.means_locale(locale)) {
            let InLocale::There(view) = there.in_locale(locale, &rules.locale) else { continue };
            let Some(Ok(desired)) = found.translations.get(locale) else { continue };
            let text = TextOf { id, locale, content, desired, view: &view };
            looked.push(text.look(inputs, asks, Side::Same));
        }
        looked
    });
    for Looked { draft, edit } in looked.into_iter().flatten() {
        taken.drafts.extend(draft);
        taken.edits.extend(edit);
    }
    for (path, found) in matched {
        let id = match found.with {
            With::Id(id) => id,
            With::Adopted(id) => {
                taken.adopted.insert(id);
                id
            }
            With::Gone(id) => {
                taken.gone.insert(path, id);
                continue;
            }
            With::Unreadable(_) | With::New | With::TitleTaken(_) => continue,
        };
        if found.desired.is_ok() {
            let locales = book.articles[&path].translations.keys().filter(|locale| rules.means_locale(locale));
            taken.translations.extend(locales.map(|locale| (id, locale.clone())));
        }
        taken.files.insert(id, path);
    }
    add_settings(plan, &mut taken);
    taken
}

/// Adds what the plan calls drift of what an article is beside its text.
fn add_settings(plan: &Plan, taken: &mut RemoteChanges) {
    for change in &plan.changes {
        let Some(id) = change.article_id() else { continue };
        for part in change.locales.values() {
            let drifted = part.drift.iter().flat_map(|drift| &drift.fields).copied();
            let drifted = drifted.filter(|field| Field::SETTINGS.contains(field));
            // Of some both sides changed elements: the file gets neither value in the place of the other.
            let (both, theirs): (BTreeSet<Field>, BTreeSet<Field>) =
                drifted.partition(|field| part.fields.iter().any(|change| change.field == *field));
            if theirs.is_empty() && both.is_empty() {
                continue;
            }
            match taken.edits.iter_mut().find(|edit| edit.id == id && edit.locale == part.locale) {
                Some(edit) => {
                    edit.theirs.extend(theirs);
                    edit.both.extend(both);
                }
                None => taken.edits.push(Edit {
                    id,
                    locale: part.locale.clone(),
                    path: part.path.clone(),
                    from: TextVersion::Live,
                    theirs,
                    both,
                    has_own_body: false,
                    base: None,
                }),
            }
        }
    }
}

/// An article in one locale, with the file that says it.
struct TextOf<'a> {
    id: ArticleId,
    locale: &'a Locale,
    content: &'a book::Content,
    desired: &'a Desired<'a>,
    view: &'a LiveArticle,
}

/// What there is to take of an article in one locale.
struct Looked {
    /// The file, where a teammate's draft is pending that was not asked for.
    draft: Option<DocPath>,
    edit: Option<Edit>,
}

impl TextOf<'_> {
    /// What was changed in Intercom.
    fn look(&self, inputs: Inputs<'_>, asks: WantsDraft<'_>, moved: Side) -> Looked {
        let (view, path) = (self.view, &self.content.path);
        let compare = |which| text::difference(inputs, self.desired, view, which);
        let of_draft = compare(Which::Draft);
        let is_pending = of_draft.as_ref().is_some_and(|of_draft| of_draft.origin == Origin::Theirs);
        let (from, draft) = match is_pending {
            true if asks(self.id, path) => (TextVersion::Draft, None),
            true => (TextVersion::Live, Some(path.clone())),
            false => (TextVersion::Live, None),
        };
        let Difference { mut theirs, mut both, mut has_own_body, mut base, .. } =
            compare(Which::Live).unwrap_or_default();
        if let (TextVersion::Draft, Some(of_draft)) = (from, of_draft) {
            // What the draft has of a live text that a teammate wrote is taken with it.
            has_own_body |= of_draft.has_own_body;
            base = of_draft.base;
            both = both.union(&of_draft.both).copied().collect();
            theirs = theirs.union(&of_draft.theirs).filter(|field| !both.contains(field)).copied().collect();
        }
        let state = self.content.state.or(inputs.rules.state);
        let is_switched = |record: &ArticleRecord| {
            let found = view.article.state;
            state.is_some_and(|state| side(&state, Some(&found), &[record.state_beside(found)]) == Side::Theirs)
        };
        theirs.extend(self.desired.record.is_some_and(is_switched).then_some(Field::State));
        match moved {
            Side::Theirs => drop(theirs.insert(Field::Collection)),
            Side::Both => drop(both.insert(Field::Collection)),
            Side::Same | Side::Ours => {}
        }
        let edit = (!theirs.is_empty() || !both.is_empty()).then(|| {
            let (path, locale) = (path.clone(), self.locale.clone());
            Edit { id: self.id, locale, path, from, theirs, both, has_own_body, base }
        });
        Looked { draft, edit }
    }
}

/// Whose the difference is of where an article is, as far as a file can take it: it is in one collection,
/// and the record knows where we put it.
fn moved(
    live: &Live,
    article: &Article,
    record: Option<&ArticleRecord>,
    wanted: &CollectionRef,
    places: &Places<'_>,
) -> Side {
    let found = live.places(article);
    match places.of(wanted) {
        Ok(Some(wanted)) if found.len() == 1 && record.is_some_and(|record| record.collection.is_some()) => {
            place_side(&wanted, &found, record)
        }
        _ => Side::Same,
    }
}

/// A text of Intercom that a file should say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRef {
    /// The article.
    pub id: ArticleId,
    /// The locale.
    pub locale: Locale,
    /// Which of its texts.
    pub from: TextVersion,
    /// In which form their bodies have to be equal.
    pub precision: Precision,
}

/// The form in which two bodies are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// Without what Intercom changes on save.
    Canonical,
    /// All of it, where the docs changed the body, too: what the canonical form leaves out may be their
    /// change.
    Exact,
}

/// The files that say just what Intercom has, by the texts alone, and those that do not. Of the record
/// counts what the images are.
pub fn proof(
    docs: RenderedBook<'_>,
    live: &Live,
    record: &Record,
    rules: &Rules,
    files: &BTreeMap<DocPath, TextRef>,
) -> Proof {
    let RenderedBook { book, docs } = docs;
    let nothing = Record::default();
    let inputs = Inputs { book, docs, live, record: &nothing, rules };
    let links = &docs.links;
    let collections = collection::matched(inputs);
    let (_, linked) = matching::articles(inputs, links, &collection::folders(&collections));
    prove(inputs, record, links, &linked, files)
}

impl RemoteChanges {
    /// The proof for files whose links point to what was compared.
    pub fn proof(
        &self,
        book: &Book,
        live: &Live,
        record: &Record,
        rules: &Rules,
        files: &BTreeMap<DocPath, TextRef>,
    ) -> Proof {
        let (nothing, docs) = (Record::default(), RenderedDocs::default());
        let inputs = Inputs { book, docs: &docs, live, record: &nothing, rules };
        prove(inputs, record, &self.links, &self.linked, files)
    }
}

fn prove(
    inputs: Inputs<'_>,
    record: &Record,
    links: &LinkTargets,
    linked: &Arc<LinkGraph>,
    files: &BTreeMap<DocPath, TextRef>,
) -> Proof {
    let Inputs { book, live, rules, .. } = inputs;
    let contents: BTreeMap<&DocPath, &book::Content> =
        book.contents().map(|content| (&content.path, content)).collect();
    let compared = |path: &DocPath, said: &TextRef| {
        let there = live.articles.get(&said.id).map(|found| found.in_locale(&said.locale, &rules.locale));
        let (Some(content), Some(InLocale::There(view))) = (contents.get(path), there) else { return None };
        let mut desired = Desired::of(inputs, links, &said.locale, content, Some(view.clone())).ok()?;
        desired.resolve_links(linked);
        desired.record = record.articles.get(&(said.id, said.locale.clone()));
        let theirs = said.from.of(&view);
        let wanted = desired.wanted(content.state.or(rules.state));
        let mut fields = text::unequal(&desired, theirs);
        fields.extend((said.precision == Precision::Exact && !desired.is_exactly(theirs)).then_some(Field::Body));
        let seen = desired.seen(theirs).unwrap_or_else(|| Pair::seen(theirs, &linked.own));
        Some((fields, wanted.said(seen, &linked.own)))
    };
    let files: Vec<(&DocPath, &TextRef)> = files.iter().collect();
    let mut proof = Proof::default();
    for ((path, _), found) in files.iter().zip(threads::map(&files, |(path, said)| compared(path, said))) {
        match found {
            Some((fields, pair)) if fields.is_empty() => drop(proof.equal.insert((*path).clone(), pair)),
            found => {
                let fields = found.map_or_else(|| BTreeSet::from([Field::Body]), |(fields, _)| fields);
                proof.differ.insert((*path).clone(), fields);
            }
        }
    }
    proof
}

/// What rendering some files gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    /// Those that say what is live, with the pair that this makes.
    pub equal: BTreeMap<DocPath, Pair>,
    /// Those that do not, and in which fields.
    pub differ: BTreeMap<DocPath, BTreeSet<Field>>,
}
