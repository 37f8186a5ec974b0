//! Which file is which live article.
//!
//! By id first. A file without one adopts before it creates: an unclaimed live article with the
//! same title and the same content, several one to one and the lowest id first. So an id that got
//! lost on its way into Git never makes a double. The same title with other content is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::change::Blocked;
use super::desired::Desired;
use super::field::Field;
use super::inputs::{Inputs, TakenTitles, Theirs};
use super::link_graph::LinkGraph;
use super::links::link_graph;
use super::text;
use crate::book;
use crate::html::{self, DocLink, LinkTargets};
use crate::intercom::model::{Article, ArticleId, CollectionId, Locale, State};
use crate::live::parsed;
use crate::live::{InLocale, LiveArticle};
use crate::text::DocPath;
use crate::threads;

/// What a file was matched with.
#[derive(Debug, Clone)]
pub(super) struct Match<'a> {
    /// The text of the file.
    pub desired: Result<Desired<'a>, Blocked>,
    /// The texts of its translations.
    pub translations: BTreeMap<Locale, Result<Desired<'a>, Blocked>>,
    /// The live article.
    pub with: With,
}

impl<'a> Match<'a> {
    /// The texts that are known, in every locale.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut Desired<'a>> {
        std::iter::once(&mut self.desired).chain(self.translations.values_mut()).flatten()
    }
}

/// How it was matched.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum With {
    /// By its id.
    Id(ArticleId),
    /// By its id, and that article is gone.
    Gone(ArticleId),
    /// By its id, and what Intercom says of that article cannot be read.
    Unreadable(ArticleId),
    /// By title and content.
    Adopted(ArticleId),
    /// Nothing: it is new.
    New,
    /// Nothing, and articles that no file claims have its title.
    TitleTaken(Vec<ArticleId>),
}

/// Every file with what it was matched with, and where the links of all point.
pub(super) fn articles<'a>(
    inputs: Inputs<'a>,
    links: &'a LinkTargets,
    folders: &BTreeMap<&str, CollectionId>,
) -> (BTreeMap<DocPath, Match<'a>>, Arc<LinkGraph>) {
    let Inputs { book, live, rules, .. } = inputs;
    let claimed: BTreeSet<ArticleId> = book.articles.values().filter_map(|article| article.id).collect();
    let mut free: BTreeMap<&str, BTreeSet<ArticleId>> = BTreeMap::new();
    for (id, found) in &live.articles {
        if claimed.contains(id) || is_ignored(inputs, &found.article) {
            continue;
        }
        for article in [Some(&found.article), found.draft.as_ref()].into_iter().flatten() {
            free.entry(article.title.trim()).or_default().insert(*id);
        }
    }
    let mut texts: Texts<'_> = BTreeMap::new();
    let mut ids: BTreeMap<DocPath, ArticleId> = BTreeMap::new();
    for (path, file) in &book.articles {
        let found = file.id.and_then(|id| live.articles.get(&id));
        ids.extend(found.map(|found| (path.clone(), found.article.id)));
        texts.extend(rendered(inputs, links, file, found));
    }
    refuse_other_locales(inputs, &mut texts);
    let mut linked = resolve(inputs, &mut texts, &ids, folders);
    let mut adopted: BTreeSet<ArticleId> = BTreeSet::new();
    let mut withs: BTreeMap<DocPath, With> = BTreeMap::new();
    for (path, file) in &book.articles {
        let found = file.id.and_then(|id| live.articles.get(&id));
        let desired = &texts[path];
        let with = match (file.id, found) {
            (Some(id), Some(_)) => With::Id(id),
            (Some(id), None) if live.unreadable.contains_key(&id) => With::Unreadable(id),
            (Some(id), None) => With::Gone(id),
            (None, _) => {
                let candidates = free.get(file.content.title.as_str()).into_iter().flatten().copied();
                let equal = |id: &ArticleId| {
                    let found = &live.articles[id];
                    !adopted.contains(id)
                        && live.is_complete
                        && desired
                            .as_ref()
                            .is_ok_and(|desired| same_text(desired, found) || is_begun(desired, &found.article))
                };
                let first = candidates.into_iter().find(equal);
                first.map_or(With::New, |id| {
                    adopted.insert(id);
                    With::Adopted(id)
                })
            }
        };
        withs.insert(path.clone(), with);
    }
    if !adopted.is_empty() {
        // The ids of an adopted article's headings are kept as well, and links point to it.
        for (path, with) in &withs {
            if let With::Adopted(id) = with {
                ids.insert(path.clone(), *id);
                texts.extend(rendered(inputs, links, &book.articles[path], live.articles.get(id)));
            }
        }
        linked = resolve(inputs, &mut texts, &ids, folders);
    }
    let mut matched: BTreeMap<DocPath, Match<'_>> = BTreeMap::new();
    for (path, mut with) in withs {
        let Some(desired) = texts.remove(&path) else { continue };
        let file = &book.articles[&path];
        let translations = file.translations.iter();
        let translations =
            translations.filter_map(|(locale, content)| Some((locale.clone(), texts.remove(&content.path)?))).collect();
        if with == With::New && rules.taken_titles == TakenTitles::Refused {
            let same_title = free.get(file.content.title.as_str()).into_iter().flatten();
            let title = Some(file.content.title.trim());
            // What it is otherwise cannot be read, so it may be the article of this file.
            let odd = live
                .unreadable
                .iter()
                .filter(|(id, record)| !claimed.contains(id) && record.title.as_deref().map(str::trim) == title);
            let taken: Vec<ArticleId> =
                same_title.filter(|id| !adopted.contains(id)).copied().chain(odd.map(|(id, _)| *id)).collect();
            with = if taken.is_empty() { With::New } else { With::TitleTaken(taken) };
        }
        matched.insert(path, Match { desired, translations, with });
    }
    (matched, linked)
}

/// Texts by their files, in every locale.
type Texts<'a> = BTreeMap<DocPath, Result<Desired<'a>, Blocked>>;

/// A text and its file.
type Text<'a> = (DocPath, Result<Desired<'a>, Blocked>);

/// The texts of an article in every locale that has a file. They are no map: one of its own for each
/// of ten thousand articles would be mostly room for texts that there are not.
fn rendered<'a>(
    inputs: Inputs<'a>,
    links: &'a LinkTargets,
    file: &'a book::Article,
    found: Option<&'a LiveArticle>,
) -> Vec<Text<'a>> {
    let default = &inputs.rules.locale;
    let contents = file.translations.iter().chain([(default, &file.content)]);
    contents
        .map(|(locale, content)| {
            let found = found.and_then(|found| match found.in_locale(locale, default) {
                InLocale::There(found) => Some(found),
                InLocale::Missing | InLocale::Unknown => None,
            });
            (content.path.clone(), Desired::of(inputs, links, locale, content, found))
        })
        .collect()
}

/// Refuses files that the record knows as the same article's text in another locale: a suffix or the
/// configuration changed, and the text would be sent as another language.
fn refuse_other_locales(inputs: Inputs<'_>, texts: &mut Texts<'_>) {
    let Inputs { book, record, rules, .. } = inputs;
    if rules.theirs == Theirs::Overwritten {
        return;
    }
    let mut now: BTreeMap<&DocPath, (Option<ArticleId>, &Locale)> = BTreeMap::new();
    for (path, article) in &book.articles {
        now.insert(path, (article.id, &rules.locale));
        now.extend(article.translations.iter().map(|(locale, content)| (&content.path, (article.id, locale))));
    }
    for ((id, known), line) in &record.articles {
        let Some((article, locale)) = now.get(&line.path).filter(|(_, locale)| *locale != known) else { continue };
        // The file may be another article's by now, which has another id.
        let is_other = article.is_some_and(|article| article != *id);
        let has_own_record = record.articles.get(&(*id, (*locale).clone())).is_some_and(|own| own.path == line.path);
        if is_other || has_own_record {
            continue;
        }
        let reason = format!("it was sent as the text of article {id} in `{known}`, and is the one in `{locale}` now");
        let hint = "give the file back its suffix, add the locale to `locales`, or run `helpbook apply --overwrite` to send it in this locale";
        texts.insert(line.path.clone(), Err(Blocked::new(reason, hint)));
    }
}

/// Resolves the links of each text, by the articles that are known so far.
fn resolve(
    inputs: Inputs<'_>,
    texts: &mut Texts<'_>,
    ids: &BTreeMap<DocPath, ArticleId>,
    folders: &BTreeMap<&str, CollectionId>,
) -> Arc<LinkGraph> {
    let known = texts.iter().filter_map(|(path, desired)| Some((path, desired.as_ref().ok()?)));
    let linked = Arc::new(link_graph(inputs, known, ids, folders));
    let mut known: Vec<&mut Desired<'_>> = texts.values_mut().flatten().collect();
    threads::for_each(&mut known, |desired| desired.resolve_links(&linked));
    linked
}

/// Title, description and body are the same; who wrote it does not matter, and neither does which
/// article a link points to where neither side says it for sure.
fn same_text(desired: &Desired<'_>, found: &LiveArticle) -> bool {
    [Some(&found.article), found.draft.as_ref()].into_iter().flatten().any(|theirs| {
        let mut fields = text::unequal(desired, theirs);
        fields.remove(&Field::Author);
        if fields == [Field::Body].into() {
            let own = &desired.linked.own;
            return own.unclaimed(&desired.written().body) == own.unclaimed(&desired.recognised(theirs));
        }
        fields.is_empty()
    })
}

/// Whether an article is one that a run of ours created and died before it could write the text: it
/// has the headings, which are sent first where links have to wait, and nothing else.
fn is_begun(desired: &Desired<'_>, theirs: &Article) -> bool {
    let waits = desired.summary().holes().any(|hole| matches!(hole, DocLink::Article { .. }));
    let mut fields = text::unequal(desired, theirs);
    fields.remove(&Field::Author);
    waits
        && theirs.state == State::Draft
        && theirs.url.is_none()
        && fields == [Field::Body].into()
        && html::canonical(&parsed(theirs)) == html::canonical(&html::skeleton(&desired.written().body))
}

/// Whether an article is none of ours: in an ignored collection, or only in another Help Center.
pub(super) fn is_foreign(inputs: Inputs<'_>, article: &Article) -> bool {
    let is_here = |id: &CollectionId| inputs.live.collections.contains_key(id);
    is_ignored(inputs, article) || !article.parent_ids.is_empty() && !article.parent_ids.iter().any(is_here)
}

/// Whether an article is in a collection that is not managed here.
pub(super) fn is_ignored(inputs: Inputs<'_>, article: &Article) -> bool {
    article.parent_ids.iter().any(|id| inputs.rules.ignores(inputs.live, *id))
}
