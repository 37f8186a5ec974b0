//! The Help Center as it would be if some docs were published: what `--since` compares with.
//!
//! Everything that the docs name is there under its id, and what has no id yet gets one that no
//! workspace gives out. Teammates, tags, audiences and collections are there as far as one of the two
//! states of the docs names them. An article that says no state counts as live where it has an id.
//! Nothing is fetched, so nothing here says what Intercom really holds.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::inputs::{Docs, Inputs, Rules};
use super::{matching, schedule, settings};
use crate::book::{self, Book, CollectionRef, Folder, title_of_folder};
use crate::config::Author;
use crate::html::fill;
use crate::html::{DocLink, RenderedDocs};
use crate::intercom::model::{
    Admin, AdminId, Article, ArticleContent, ArticleId, Audience, AudienceId, Collection, CollectionId, GroupContent,
    GroupTranslatedContent, HelpCenter, HelpCenterId, Locale, Me, Redirect, RedirectId, RedirectTarget, State, Tag,
    TagId, TagList, TargetId, TranslatedContent,
};
use crate::live::{InLocale, Listed, Live, LiveArticle};
use crate::record::{ArticleRecord, CollectionRecord, HeadingIds, Pair, Record, Settings, Traits};
use crate::text::DocPath;
use crate::threads;

/// Ids from here on are made up; Intercom's are far smaller.
const FIRST_MADE_UP: u64 = 1 << 52;

/// The address of a Help Center that nobody has.
pub(super) const SITE: &str = "https://help-center.invalid";

/// Whether an id is only made up for something that has none.
pub(super) fn is_made_up(id: u64) -> bool {
    id >= FIRST_MADE_UP
}

/// A Help Center that holds some docs, and what the record would know of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Published {
    pub live: Live,
    pub record: Record,
    /// The articles' ids, by their files.
    pub articles: BTreeMap<DocPath, ArticleId>,
    /// The collections' ids, by their folders.
    pub collections: BTreeMap<Folder, CollectionId>,
}

/// Publishes `before`, in a Help Center that also knows whom and what `now` names.
pub(super) fn published(before: Docs<'_>, now: Docs<'_>, at: Timestamp) -> Published {
    let mut next = FIRST_MADE_UP;
    let mut made_up = || {
        next += 1;
        next
    };
    let mut book = before.book.clone();
    for article in book.articles.values_mut() {
        article.id.get_or_insert_with(|| ArticleId(made_up()));
    }
    for collection in book.collections.values_mut() {
        collection.id.get_or_insert_with(|| CollectionId(made_up()));
    }
    let mut live = empty(at, before.rules, made_up());
    live.admins = admins([before, now], &mut made_up);
    live.audiences = audiences([before, now], &mut made_up);
    live.collections = collections(&book, before.rules, live.help_center.id);
    for docs in [before, now] {
        add_named_collections(docs, &mut live, &mut made_up);
    }
    let (unread, nothing) = (RenderedDocs::default(), Record::default());
    for (path, article) in &book.articles {
        let unsaid = if before.book.articles[path].id.is_some() { State::Published } else { State::Draft };
        let inputs = Inputs { book: &book, docs: &unread, live: &live, record: &nothing, rules: before.rules };
        let found = LiveArticle::of(self::article(inputs, article, unsaid, &mut made_up));
        live.articles.extend(article.id.map(|id| (id, found)));
    }
    live.redirects = redirects(&book, &live, before.rules, &mut made_up);
    let record = write_texts(&book, &mut live, before.rules);
    let articles = book.articles.values().filter_map(|article| Some((article.path.clone(), article.id?))).collect();
    let collections = book.collections.iter().filter_map(|(folder, found)| Some((folder.clone(), found.id?))).collect();
    Published { live, record, articles, collections }
}

fn empty(at: Timestamp, rules: &Rules, id: u64) -> Live {
    Live {
        fetched_at: at,
        me: Me { id: AdminId(id), ..Me::default() },
        help_center: HelpCenter {
            id: HelpCenterId(id),
            identifier: Some("docs".to_owned()),
            url: Some(SITE.to_owned()),
            default: Some(true),
            locales: Some(rules.locales.clone()),
            ..HelpCenter::default()
        },
        admins: BTreeMap::new(),
        collections: BTreeMap::new(),
        articles: BTreeMap::new(),
        unreadable: BTreeMap::new(),
        is_complete: true,
        audiences: Listed::Known(Vec::new()),
        redirects: Listed::Known(Vec::new()),
        last_put: BTreeMap::new(),
    }
}

fn admins(docs: [Docs<'_>; 2], made_up: &mut dyn FnMut() -> u64) -> BTreeMap<AdminId, Admin> {
    let mut admins = BTreeMap::new();
    let mut addresses: BTreeSet<String> = BTreeSet::new();
    for Docs { book, rules } in docs {
        let named = book.contents().filter_map(|content| content.author.as_ref());
        for author in named.chain(&rules.author) {
            let admin = match author {
                Author::Id(id) => Admin { id: *id, email: None, name: None },
                Author::Email(email) if !addresses.insert(email.to_lowercase()) => continue,
                Author::Email(email) => Admin { id: AdminId(made_up()), email: Some(email.clone()), name: None },
            };
            admins.insert(admin.id, admin);
        }
    }
    admins
}

fn audiences(docs: [Docs<'_>; 2], made_up: &mut dyn FnMut() -> u64) -> Listed<Audience> {
    let contents = docs.iter().flat_map(|docs| docs.book.contents());
    let names: BTreeSet<&String> =
        contents.filter_map(|content| content.readers.audiences.as_ref()).flatten().collect();
    let mut known: Vec<Audience> = Vec::new();
    for name in names {
        if !known.iter().any(|audience| audience.name.to_lowercase() == name.to_lowercase()) {
            known.push(Audience { id: AudienceId(made_up()), name: name.clone() });
        }
    }
    Listed::Known(known)
}

fn collections(book: &Book, rules: &Rules, center: HelpCenterId) -> BTreeMap<CollectionId, Collection> {
    let mut collections = BTreeMap::new();
    for (folder, file) in &book.collections {
        let Some(id) = file.id else { continue };
        let parent = folder.parent().and_then(|parent| book.collections.get(&parent)?.id);
        let translations = file.translations.iter().map(|(locale, content)| {
            let name = content.title.clone().unwrap_or_default();
            (locale.clone(), Some(GroupContent { name, description: content.description.clone() }))
        });
        let translated_content =
            (rules.locales.len() > 1).then(|| GroupTranslatedContent(translations.collect::<BTreeMap<_, _>>()));
        let name = file.title.clone().unwrap_or_else(|| title_of_folder(folder));
        let description = file.description.clone();
        collections.insert(id, Collection { description, translated_content, ..collection(id, name, parent, center) });
    }
    collections
}

fn collection(id: CollectionId, name: String, parent: Option<CollectionId>, center: HelpCenterId) -> Collection {
    Collection { id, name, parent_id: parent, help_center_id: Some(center), ..Collection::default() }
}

/// The collections that have no folder and that a file names, by an id or by names.
fn add_named_collections(docs: Docs<'_>, live: &mut Live, made_up: &mut dyn FnMut() -> u64) {
    let center = live.help_center.id;
    for article in docs.book.articles.values() {
        match &article.collection {
            CollectionRef::Id(id) => {
                live.collections
                    .entry(*id)
                    .or_insert_with(|| collection(*id, format!("collection {id}"), None, center));
            }
            CollectionRef::Path(path) => {
                let mut above = None;
                for name in path.split('/') {
                    let is_it = |found: &&Collection| found.parent_id == above && found.name.eq_ignore_ascii_case(name);
                    let there = live.collections.values().find(is_it).map(|found| found.id);
                    let id = there.unwrap_or_else(|| {
                        let id = CollectionId(made_up());
                        live.collections.insert(id, collection(id, name.to_owned(), above, center));
                        id
                    });
                    above = Some(id);
                }
            }
            CollectionRef::Unsaid | CollectionRef::Folder(_) => {}
        }
    }
}

/// An article without its texts' bodies. `unsaid` is the state of a text that says none.
fn article(inputs: Inputs<'_>, file: &book::Article, unsaid: State, made_up: &mut dyn FnMut() -> u64) -> Article {
    let Inputs { live, rules, .. } = inputs;
    let id = file.id.unwrap_or(ArticleId(0));
    let opens = schedule::publish_at(inputs, file);
    let state = |content: &book::Content| match schedule::state(inputs, file, content).unwrap_or(unsaid) {
        State::Published if opens.is_none() => State::Published,
        _ => State::Draft,
    };
    let url =
        |state: State, locale: &Locale| (state == State::Published).then(|| format!("{SITE}/{locale}/articles/{id}"));
    let author = |content: &book::Content| {
        content.author.as_ref().and_then(|author| super::desired::admin(inputs, author, None).ok())
    };
    let (root, seconds) = (&file.content, |at: Timestamp| at.as_second());
    let flags = |content: &book::Content| settings::wanted(inputs, None, content).unwrap_or_default().flags;
    let in_locale = |(locale, content): (&Locale, &book::Content)| {
        let (state, flags) = (state(content), flags(content));
        let text = ArticleContent {
            title: content.title.clone(),
            description: content.description.clone(),
            author_id: author(content),
            state,
            url: url(state, locale),
            has_unpublished_changes: Some(false),
            fin: (&flags).into(),
            ..ArticleContent::default()
        };
        (locale.clone(), Some(Box::new(text)))
    };
    let translations = file.translations.iter().map(in_locale).collect();
    let tags = file.settings.tags.iter().flatten();
    let tags = tags.map(|name| Tag { id: TagId(made_up()), name: name.clone() }).collect();
    let place = match &file.collection {
        CollectionRef::Unsaid => None,
        CollectionRef::Id(id) => Some(*id),
        CollectionRef::Folder(folder) => inputs.book.collections.get(folder).and_then(|found| found.id),
        CollectionRef::Path(path) => {
            let fits = |id: &&CollectionId| live.path_of(**id).join("/").eq_ignore_ascii_case(path);
            live.collections.keys().find(fits).copied()
        }
    };
    let root_state = state(root);
    let would_open = schedule::state(inputs, file, root).unwrap_or(unsaid) == State::Published;
    let closes = schedule::unpublish_at(inputs, file).filter(|_| root_state == State::Published);
    Article {
        id,
        content: ArticleContent {
            title: root.title.clone(),
            description: root.description.clone(),
            author_id: author(root),
            state: root_state,
            url: url(root_state, &rules.locale),
            has_unpublished_changes: Some(false),
            fin: (&flags(root)).into(),
            ..ArticleContent::default()
        },
        parent_ids: place.into_iter().collect(),
        default_locale: Some(rules.locale.clone()),
        tags: Some(TagList { tags }),
        scheduled_publish_at: opens.filter(|_| would_open).map(seconds),
        scheduled_unpublish_at: closes.map(seconds),
        translated_content: (rules.locales.len() > 1).then_some(TranslatedContent(translations)),
    }
}

fn redirects(book: &Book, live: &Live, rules: &Rules, made_up: &mut dyn FnMut() -> u64) -> Listed<Redirect> {
    let (unread, nothing) = (RenderedDocs::default(), Record::default());
    let inputs = Inputs { book, docs: &unread, live, record: &nothing, rules };
    let mut all = Vec::new();
    for article in book.articles.values() {
        let Some(id) = article.id else { continue };
        for old in settings::redirections(inputs, article).unwrap_or_default() {
            all.push(Redirect {
                id: RedirectId(made_up()),
                from_url: old.url,
                locale: Some(old.locale),
                help_center_id: Some(live.help_center.id),
                target_type: RedirectTarget::Article,
                target_id: TargetId(id.0),
            });
        }
    }
    Listed::Known(all)
}

/// Writes every body, with its links filled, and records all of it.
fn write_texts(book: &Book, live: &mut Live, rules: &Rules) -> Record {
    let mut record =
        Record { traits: Traits { heading_ids: Some(HeadingIds::Kept), ..Traits::default() }, ..Record::default() };
    for (folder, file) in &book.collections {
        let found = file.id.and_then(|id| Some((id, live.collections.get(&id)?)));
        record.collections.extend(found.map(|(id, found)| (id, CollectionRecord::stored(folder.clone(), found))));
    }
    let docs = RenderedDocs::of(book, rules.rendering());
    for text in texts(Inputs { book, docs: &docs, live, record: &record, rules }) {
        let Text { id, locale, path, pair, body, settings } = text;
        let Some(found) = live.articles.get_mut(&id) else { continue };
        let (opens, closes) = (found.article.scheduled_publish_at, found.article.scheduled_unpublish_at);
        let (state, text) = if locale == rules.locale {
            (found.article.state, &mut found.article.body)
        } else {
            let locales = found.article.translated_content.as_mut();
            let Some(text) = locales.and_then(|locales| locales.0.get_mut(&locale)?.as_mut()) else { continue };
            (text.state, &mut text.body)
        };
        *text = Some(body);
        let place = found.article.parent_ids.first().copied();
        let mut known = ArticleRecord { settings, ..ArticleRecord::new(path, state) };
        match state {
            State::Published => known.live = Some(pair),
            State::Draft => known.staged = Some(pair),
        }
        if locale == rules.locale {
            let time = |at: Option<i64>| at.and_then(|at| Timestamp::from_second(at).ok());
            (known.settings.publish_at, known.settings.unpublish_at) = (time(opens), time(closes));
            known.collection = place;
        }
        record.articles.insert((id, locale), known);
    }
    record
}

/// A text as it would be written, and what the record would know of it.
struct Text {
    id: ArticleId,
    locale: Locale,
    path: DocPath,
    pair: Pair,
    body: String,
    settings: Settings,
}

/// Every text of the docs, with its links filled.
fn texts(inputs: Inputs<'_>) -> Vec<Text> {
    let Inputs { book, docs, live, rules, .. } = inputs;
    let folders: BTreeMap<&str, CollectionId> =
        book.collections.iter().filter_map(|(folder, file)| Some((folder.0.as_str(), file.id?))).collect();
    let (matched, linked) = matching::articles(inputs, &docs.links, &folders);
    let address = |hole: &_| linked.own.address(hole).unwrap_or_else(|| DocLink::to_string(hole));
    let texts = threads::map_all(matched.into_iter().collect(), |(path, found)| {
        let file = &book.articles[&path];
        let Some(id) = file.id else { return Vec::new() };
        let others = found.translations.into_iter().map(|(locale, desired)| {
            let content = &file.translations[&locale];
            (locale, desired, content)
        });
        let all = others.chain([(rules.locale.clone(), found.desired, &file.content)]);
        let known = all.filter_map(|(locale, desired, content)| Some((locale, desired.ok()?, content)));
        known
            .filter_map(|(locale, desired, content)| {
                let body = fill(&desired.written().html, &mut |hole| Some(address(hole))).unwrap_or_default();
                let article = (locale == rules.locale).then_some(file);
                let settings = settings::wanted(inputs, article, content).unwrap_or_default();
                let InLocale::There(view) = live.articles.get(&id)?.in_locale(&locale, &rules.locale) else {
                    return None;
                };
                let mut stored = view.article.clone();
                stored.content.body = Some(body.clone());
                let wanted = desired.wanted(None);
                let pair = wanted.pair(&stored, &linked.own);
                Some(Text { id, locale, path: content.path.clone(), pair, body, settings })
            })
            .collect()
    });
    texts.into_iter().flatten().collect()
}
