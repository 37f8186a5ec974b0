//! A snapshot of the Help Center, fetched once, with the time it was fetched.
//!
//! [`fetch`] asks who the token acts for before anything else and stops at another workspace than
//! the pinned one, before an article is read. It only ever gets a `Reader`.

mod addresses;
mod locale;
mod settings;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;

use crate::html::{self, Body};
use crate::intercom::model::{
    Admin, AdminId, Article, ArticleId, Audience, Collection, CollectionId, HelpCenter, HelpCenterId, Locale, Me,
    Redirect, State, Version,
};
use crate::intercom::{Error, Reader, SIDE_BY_SIDE, Unreadable};
use crate::text;

pub use addresses::Addresses;
pub use locale::InLocale;
pub use settings::{Flags, List, Listed, is_same_address};

/// More levels than collections have; the lists may name a circle all the same.
const DEEPEST: usize = 8;

/// What Intercom holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    /// When it was fetched.
    pub fetched_at: Timestamp,
    /// Who the token acts for.
    pub me: Me,
    /// The Help Center that is meant.
    pub help_center: HelpCenter,
    /// The current teammates.
    pub admins: BTreeMap<AdminId, Admin>,
    /// Every collection of this Help Center.
    pub collections: BTreeMap<CollectionId, Collection>,
    /// Every article.
    pub articles: BTreeMap<ArticleId, LiveArticle>,
    /// Articles of which something cannot be read, such as a state that is new.
    pub unreadable: BTreeMap<ArticleId, Unreadable>,
    /// Whether the lists gave as many records as they said; without, nothing new may be created.
    pub is_complete: bool,
    /// The audiences of the workspace.
    pub audiences: Listed<Audience>,
    /// The redirects of this Help Center.
    pub redirects: Listed<Redirect>,
    /// Where articles were last put, in a workspace whose answers do not say where one is.
    pub last_put: BTreeMap<ArticleId, CollectionId>,
}

/// An article with its pending draft.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveArticle {
    /// The article with its live text; for a never-published one its only text.
    pub article: Article,
    /// The article with the text of its pending draft.
    pub draft: Option<Article>,
    /// Its newest versions by locale, `None` for that of an article with one alone; fetched only
    /// where the record does not say who wrote a text.
    pub versions: BTreeMap<Option<Locale>, Versions>,
}

/// The newest versions of an article in a locale, each with its body.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Versions {
    /// The newest one; of an article with a pending draft that of the draft.
    pub newest: Option<Version>,
    /// The one that is live.
    pub live: Option<Version>,
    /// The newest one that came by the API.
    pub by_api: Option<Version>,
    /// The newest one that was written in Intercom itself; fetched where it is not the newest one.
    pub by_web: Option<Version>,
    /// The one that came by the API before that.
    pub before_web: Option<Version>,
}

/// What has to be fetched, and from which workspace and Help Center.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The workspaces that the docs are pinned to, each with the file that says so.
    pub pins: Vec<(String, &'static str)>,
    /// The Help Center: its identifier, name or id.
    pub help_center: Option<String>,
    /// The default locale, which the Help Center must have.
    pub locale: Option<Locale>,
    /// Every locale that has files; the Help Center must have them, too.
    pub locales: Vec<Locale>,
    /// Articles that a file or the record names, which must be found even where the list lacks them.
    pub articles: BTreeSet<ArticleId>,
    /// Collections that a file or the record names, likewise.
    pub collections: BTreeSet<CollectionId>,
    /// The lists that something needs.
    pub lists: BTreeSet<List>,
    /// Whether the texts in the list of articles can be used.
    pub texts: ListTexts,
}

/// Whether the texts in the list of articles can be used (docs/beliefs.md, `list-bodies`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ListTexts {
    /// They can, where there are any.
    #[default]
    Whole,
    /// They are cut, so that each article is read by itself.
    Cut,
}

/// The Help Center cannot be fetched.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// A request failed.
    #[error(transparent)]
    Intercom(#[from] Error),
    /// The token is for another workspace.
    #[error("the token is for the workspace `{found}`, and {file} names `{pinned}`")]
    WrongWorkspace {
        /// The token's workspace.
        found: String,
        /// The workspace of the docs.
        pinned: String,
        /// The file that pins it.
        file: &'static str,
    },
    /// The Help Center has not one of the locales of the configuration.
    #[error("the Help Center has no locale `{locale}`; it has {}", .found.join(", "))]
    Locale {
        /// The locale that is missing.
        locale: Locale,
        /// The locales there are.
        found: Vec<String>,
    },
    /// The workspace has no such Help Center, or several and none is named.
    #[error("{}", help_center_message(.wanted.as_deref(), .found))]
    HelpCenter {
        /// The one that was named.
        wanted: Option<String>,
        /// The identifiers of those there are.
        found: Vec<String>,
    },
}

fn help_center_message(wanted: Option<&str>, found: &[String]) -> String {
    match wanted {
        Some(wanted) => format!("there is no Help Center `{wanted}`; the workspace has {}", found.join(", ")),
        None if found.is_empty() => "the workspace has no Help Center".to_owned(),
        None => format!("the workspace has several Help Centers: {}", found.join(", ")),
    }
}

/// Who the token acts for, in the workspace that is pinned.
///
/// # Errors
/// Fails where the request fails, and with another workspace than the pinned one.
pub async fn in_workspace(reader: &Reader, pins: &[(String, &'static str)]) -> Result<Me, LiveError> {
    let me = reader.me().await?;
    match pins.iter().find(|(pinned, _)| *pinned != me.app.id_code) {
        None => Ok(me),
        Some((pinned, file)) => Err(LiveError::WrongWorkspace { found: me.app.id_code, pinned: pinned.clone(), file }),
    }
}

/// Fetches everything: the pages of both lists, what they lack, and every pending draft.
///
/// # Errors
/// Fails where a request fails for good, and with another workspace than the pinned one.
pub async fn fetch(reader: &Reader, wanted: &Wanted) -> Result<Live, LiveError> {
    let me = in_workspace(reader, &wanted.pins).await?;
    let fetched_at = Timestamp::now();
    // Articles behind which a draft waits in any locale, or may.
    let pending: Mutex<BTreeSet<ArticleId>> = Mutex::default();
    let take = |article: &mut Article| {
        if article.may_have_draft() {
            pending.lock().unwrap_or_else(PoisonError::into_inner).insert(article.id);
        }
        slim(article, wanted.locale.as_ref());
    };
    // They are fetched side by side and looked at one after another, so that the first error is always the same.
    let (centers, admins, collections, articles) =
        tokio::join!(reader.help_centers(), reader.admins(), reader.collections(), reader.articles(take),);
    let help_center = choose(centers?, wanted.help_center.as_deref())?;
    if let Some(locales) = help_center.locales.as_ref().filter(|locales| !locales.is_empty())
        && let Some(locale) = wanted.locale.iter().chain(&wanted.locales).find(|locale| !locales.contains(locale))
    {
        let found = locales.iter().map(ToString::to_string).collect();
        return Err(LiveError::Locale { locale: locale.clone(), found });
    }
    let admins = admins?.admins.into_iter().map(|admin| (admin.id, admin)).collect();
    let collections = collections?;
    let all_collections = collections.total;
    let mut collections: BTreeMap<CollectionId, Collection> =
        collections.records.into_iter().map(|collection| (collection.id, collection)).collect();
    let lacking: Vec<CollectionId> =
        wanted.collections.iter().filter(|id| !collections.contains_key(id)).copied().collect();
    let looked_up: Vec<Option<Collection>> =
        stream::iter(lacking).map(|id| reader.collection(id)).buffered(SIDE_BY_SIDE).try_collect().await?;
    collections.extend(looked_up.into_iter().flatten().map(|collection| (collection.id, collection)));
    let articles = articles?;
    let mut unreadable: BTreeMap<ArticleId, Unreadable> = BTreeMap::new();
    let mut nameless = 0;
    for record in articles.unreadable {
        match record.id {
            Some(id) => drop(unreadable.insert(ArticleId(id), record)),
            None => nameless += 1,
        }
    }
    let mut found: BTreeMap<ArticleId, Article> =
        articles.records.into_iter().map(|article| (article.id, article)).collect();
    let lacking = wanted.articles.iter().filter(|id| !found.contains_key(id) && !unreadable.contains_key(id));
    let lacking: Vec<ArticleId> = lacking.copied().collect();
    let mut looked_up = each(lacking, |id| reader.article(id), &mut unreadable).await?;
    looked_up.iter_mut().for_each(take);
    found.extend(looked_up.into_iter().map(|article| (article.id, article)));
    // A list need not have the texts: an article without one says it itself.
    let lacks_text = |article: &&Article| {
        if wanted.texts == ListTexts::Cut {
            return true;
        }
        let mut locales = article.translated_content.iter().flat_map(|locales| locales.0.values()).flatten();
        article.body.is_none() || locales.any(|content| content.body.is_none())
    };
    let silent: Vec<ArticleId> = found.values().filter(lacks_text).map(|article| article.id).collect();
    let mut asked = each(silent, |id| reader.article(id), &mut unreadable).await?;
    asked.iter_mut().for_each(take);
    found.extend(asked.into_iter().map(|article| (article.id, article)));
    let all_articles = found.keys().chain(unreadable.keys()).collect::<BTreeSet<_>>().len() + nameless;
    let is_complete = all_articles as u64 >= articles.total && collections.len() as u64 >= all_collections;
    let pending = pending.into_inner().unwrap_or_else(PoisonError::into_inner);
    let drafts = each(pending, |id| reader.draft(id), &mut unreadable).await?;
    let mut drafts: BTreeMap<ArticleId, Article> = drafts.into_iter().map(|draft| (draft.id, draft)).collect();
    drafts.values_mut().for_each(|draft| slim(draft, wanted.locale.as_ref()));
    // Of an article all is known or nothing.
    found.retain(|id, _| !unreadable.contains_key(id));
    let articles = found
        .into_iter()
        .map(|(id, article)| (id, LiveArticle { draft: drafts.remove(&id), ..LiveArticle::of(article) }))
        .collect();
    let elsewhere: BTreeSet<CollectionId> = collections
        .keys()
        .filter(|id| center_of(**id, &collections).is_some_and(|id| id != help_center.id))
        .copied()
        .collect();
    collections.retain(|id, _| !elsewhere.contains(id));
    let (audiences, redirects) = (Listed::NotFetched, Listed::NotFetched);
    let mut live = Live {
        fetched_at,
        me,
        help_center,
        admins,
        collections,
        articles,
        unreadable,
        is_complete,
        audiences,
        redirects,
        last_put: BTreeMap::new(),
    };
    settings::fetch_lists(reader, &mut live, &wanted.lists).await?;
    Ok(live)
}

/// Asks for some articles side by side. One whose answer is not what the API promises is kept as such, and stops
/// no other.
async fn each<A: Future<Output = Result<Option<Article>, Error>>>(
    ids: impl IntoIterator<Item = ArticleId>,
    ask: impl Fn(ArticleId) -> A,
    unreadable: &mut BTreeMap<ArticleId, Unreadable>,
) -> Result<Vec<Article>, Error> {
    let mut answers = stream::iter(ids).map(|id| {
        let answer = ask(id);
        async move { (id, answer.await) }
    });
    let mut answers = answers.by_ref().buffered(SIDE_BY_SIDE);
    let mut found = Vec::new();
    while let Some((id, answer)) = answers.next().await {
        match answer {
            Ok(article) => found.extend(article),
            Err(Error::Garbled { reason, .. }) => {
                unreadable.insert(id, Unreadable { id: Some(id.0), title: None, reason: text::harmless(&reason) });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// The Help Center of a collection; a nested one has that of the one at the top (docs/intercom.md 2).
fn center_of(id: CollectionId, collections: &BTreeMap<CollectionId, Collection>) -> Option<HelpCenterId> {
    let mut next = collections.get(&id);
    for _ in 0..DEEPEST {
        let collection = next?;
        if collection.help_center_id.is_some() {
            return collection.help_center_id;
        }
        next = collection.parent_id.and_then(|above| collections.get(&above));
    }
    None
}

/// A text of which only the versions say who wrote it: its article, and its locale where the article
/// has several.
pub type Undecided = (ArticleId, Option<Locale>);

/// Fetches the newest versions of some articles: who wrote what, where the record does not say.
///
/// # Errors
/// Fails where a request fails for good.
pub async fn fetch_versions(reader: &Reader, live: &mut Live, undecided: BTreeSet<Undecided>) -> Result<(), Error> {
    let found: Vec<(Undecided, Versions)> = stream::iter(undecided)
        .map(|(id, locale)| async move {
            let versions = versions(reader, id, locale.as_ref()).await?;
            Ok(((id, locale), versions))
        })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await?;
    for ((id, locale), versions) in found {
        if let Some(article) = live.articles.get_mut(&id) {
            article.versions.insert(locale, versions);
        }
    }
    Ok(())
}

/// The list of versions has no bodies (docs/intercom.md 1.6), so the few that matter are fetched one by one.
async fn versions(reader: &Reader, id: ArticleId, locale: Option<&Locale>) -> Result<Versions, Error> {
    let list = reader.versions(id, locale).await?;
    let whole = async |version: Option<&Version>| match version {
        Some(version) => reader.version(id, &version.id, locale).await,
        None => Ok(None),
    };
    let newest = list.first();
    let live = list.iter().find(|version| version.state == Some(State::Published));
    let by_api = list.iter().find(|version| version.is_by_api());
    // What was written in Intercom may be in what came by the API after it.
    let by_web = list.iter().position(Version::is_by_web).filter(|at| *at > 0);
    let before_web = by_web.and_then(|at| list[at..].iter().find(|version| version.is_by_api()));
    let first = whole(newest).await?;
    let is_first = |version: Option<&Version>| version.map(|version| &version.id) == newest.map(|newest| &newest.id);
    Ok(Versions {
        live: if is_first(live) { first.clone() } else { whole(live).await? },
        by_api: if is_first(by_api) { first.clone() } else { whole(by_api).await? },
        by_web: whole(by_web.map(|at| &list[at])).await?,
        before_web: whole(before_web).await?,
        newest: first,
    })
}

/// The Help Center that is meant: the one that is named, else the only one.
///
/// # Errors
/// Fails where there is none, or several and none is named.
pub fn choose(centers: Vec<HelpCenter>, wanted: Option<&str>) -> Result<HelpCenter, LiveError> {
    let names = |center: &HelpCenter| center.identifier.clone().unwrap_or_else(|| center.id.to_string());
    let found: Vec<String> = centers.iter().map(names).collect();
    let mut fitting: Vec<HelpCenter> = match wanted {
        None => centers,
        Some(wanted) => centers
            .into_iter()
            .filter(|center| {
                center.identifier.as_deref() == Some(wanted)
                    || center.display_name.as_deref() == Some(wanted)
                    || center.id.to_string() == wanted
            })
            .collect(),
    };
    match (fitting.pop(), fitting.is_empty()) {
        (Some(center), true) => Ok(center),
        _ => Err(LiveError::HelpCenter { wanted: wanted.map(str::to_owned), found }),
    }
}

impl Live {
    /// What a person should know of the articles of which something cannot be read.
    pub fn unreadable_notes(&self) -> impl Iterator<Item = (ArticleId, String)> {
        self.unreadable.iter().map(|(id, record)| {
            let reason = &record.reason;
            (*id, format!("article {id} is left alone, as what Intercom says of it cannot be read: {reason}"))
        })
    }
}

/// Reads some articles by themselves: what a list says of a text may be cut. Returns whether one says something
/// else, which is taken then.
///
/// # Errors
/// Fails where a request fails for good.
pub async fn confirm(
    reader: &Reader,
    live: &mut Live,
    ids: impl IntoIterator<Item = ArticleId>,
    default: &Locale,
) -> Result<bool, Error> {
    let mut unreadable = BTreeMap::new();
    let read = each(ids, |id| reader.article(id), &mut unreadable).await?;
    let mut is_other = false;
    for mut article in read {
        slim(&mut article, Some(default));
        let Some(known) = live.articles.get_mut(&article.id) else { continue };
        if locale::says_something_else(&known.article, &article) {
            is_other = true;
            known.article = article;
        }
    }
    Ok(is_other)
}

/// Takes the second copy of its default locale out of an article, so that no body is held twice.
fn slim(article: &mut Article, default: Option<&Locale>) {
    if let Some(default) = default {
        settings::keep_audiences(article, default);
    }
    if let (Some(locales), Some(default)) = (&mut article.translated_content, default) {
        locales.0.remove(default);
    }
}

impl LiveArticle {
    /// An article of which nothing else is known.
    pub fn of(article: Article) -> Self {
        Self { article, draft: None, versions: BTreeMap::new() }
    }
}

impl Live {
    /// The teammate with an address.
    pub fn admin_by_email(&self, email: &str) -> Option<&Admin> {
        self.admins.values().find(|admin| admin.email.as_deref().is_some_and(|other| other.eq_ignore_ascii_case(email)))
    }

    /// The name of a teammate for messages; `somebody` where there is no id.
    pub fn name_of(&self, id: Option<AdminId>) -> String {
        name_of(&self.admins, id)
    }

    /// The collection that an article is in: of its `parent_ids` the one that is nobody's ancestor.
    /// Several where it is in several Help Centers. Where Intercom does not say it, the one that it was last put into.
    pub fn places(&self, article: &Article) -> Vec<CollectionId> {
        let parents = &article.parent_ids;
        if parents.is_empty() {
            return self.last_put.get(&article.id).copied().into_iter().collect();
        }
        let is_ancestor = |id: &CollectionId| {
            parents
                .iter()
                .any(|other| other != id && self.collections.get(other).and_then(|other| other.parent_id) == Some(*id))
        };
        parents.iter().filter(|id| !is_ancestor(id)).copied().collect()
    }

    /// The names of a collection and those above it, the topmost first.
    pub fn path_of(&self, id: CollectionId) -> Vec<&str> {
        let mut names = Vec::new();
        let mut next = Some(id);
        while let Some(collection) = next.and_then(|id| self.collections.get(&id)) {
            names.insert(0, collection.name.as_str());
            next = collection.parent_id.filter(|_| names.len() < 8);
        }
        names
    }
}

/// The name of a teammate for messages; `somebody` where there is no id.
pub fn name_of(admins: &BTreeMap<AdminId, Admin>, id: Option<AdminId>) -> String {
    let admin = id.and_then(|id| admins.get(&id));
    match (admin.and_then(|admin| admin.name.as_deref().or(admin.email.as_deref())), id) {
        (Some(name), _) => name.to_owned(),
        (None, Some(id)) => format!("admin {id}"),
        (None, None) => "somebody".to_owned(),
    }
}

/// The body of an article, read.
pub fn parsed(article: &Article) -> Body {
    html::parse(article.body.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intercom::model::HelpCenterId;

    fn center(id: u64, identifier: &str) -> HelpCenter {
        HelpCenter { id: HelpCenterId(id), identifier: Some(identifier.into()), ..HelpCenter::default() }
    }

    #[test]
    fn one_help_center_needs_no_name_and_several_do() {
        let both = || vec![center(1, "acme"), center(2, "beta")];
        assert_eq!(choose(vec![center(1, "acme")], None).unwrap().id.0, 1);
        assert_eq!(choose(both(), Some("beta")).unwrap().id.0, 2);
        assert_eq!(choose(both(), Some("1")).unwrap().id.0, 1);
        assert_eq!(choose(both(), None).unwrap_err().to_string(), "the workspace has several Help Centers: acme, beta");
        assert_eq!(
            choose(both(), Some("x")).unwrap_err().to_string(),
            "there is no Help Center `x`; the workspace has acme, beta"
        );
    }
}
