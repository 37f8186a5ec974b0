//! What is live, as a Help Center to look at.

use std::collections::{BTreeMap, BTreeSet};

use super::center::{Article, Center, Collection, Shown, Text};
use super::facts::Facts;
use crate::html::{self, HelpCenterUrls};
use crate::intercom::model::{ArticleContent, ArticleId, CollectionId, HelpCenter, Locale, State, Tag};
use crate::live::{Listed, Live, LiveArticle};
use crate::threads;

/// How many articles are looked at before they are freed.
const AT_ONCE: usize = 512;

/// The live Help Center. `default` is the locale at the root of articles that say none; `tags` are all tags of the
/// workspace. Articles that are in other Help Centers alone are left out. Of an article all locales have to be there,
/// also that of the root. Each article is freed once it was looked at: a Help Center may have ten thousand.
pub fn from_live(mut live: Live, default: &Locale, tags: &Listed<Tag>) -> Center {
    let places: BTreeMap<CollectionId, usize> = live.collections.keys().copied().zip(0..).collect();
    let collection = |(id, found): (&CollectionId, &crate::intercom::model::Collection)| Collection {
        id: Some(*id),
        folder: None,
        name: found.name.clone(),
        parent: found.parent_id.and_then(|above| places.get(&above).copied()),
    };
    let is_here = |found: &&LiveArticle| {
        let above = &found.article.parent_ids;
        above.is_empty() || above.iter().any(|id| places.contains_key(id))
    };
    let mut here = std::mem::take(&mut live.articles);
    let elsewhere: Vec<ArticleId> =
        here.values().filter(|found| !is_here(found)).map(|found| found.article.id).collect();
    here.retain(|_, found| is_here(&&*found));
    let mut here = here.into_values();
    let mut articles = Vec::with_capacity(here.len());
    while here.len() > 0 {
        let some: Vec<LiveArticle> = here.by_ref().take(AT_ONCE).collect();
        articles.extend(threads::map(&some, |found| article(found, default, &places)));
    }
    let mut unchecked: Vec<String> = live.unreadable_notes().map(|(_, note)| note).collect();
    if !live.is_complete {
        unchecked.push(
            "the lists of Intercom lack some of what they count: what only seems gone is no finding in this run"
                .to_owned(),
        );
    }
    let center = &live.help_center;
    Center {
        name: center
            .display_name
            .clone()
            .or_else(|| center.identifier.clone())
            .unwrap_or_else(|| center.id.to_string()),
        workspace: live.me.app.id_code.clone(),
        looked_at: live.fetched_at,
        default_locale: default.clone(),
        locales: locales(center, default),
        own: urls(center, default),
        is_complete: live.is_complete,
        articles,
        unknown_articles: live.unreadable.keys().copied().chain(elsewhere).collect(),
        collections: live.collections.iter().map(collection).collect(),
        redirected: redirected(&live, &mut unchecked),
        tags: listed(tags, "tags", &mut unchecked).map(|tags| tags.iter().map(|tag| tag.name.clone()).collect()),
        audiences: listed(&live.audiences, "audiences", &mut unchecked)
            .map(|found| found.iter().map(|audience| (audience.id, audience.name.clone())).collect()),
        image_bytes: BTreeMap::new(),
        unchecked,
    }
}

fn listed<'l, T>(list: &'l Listed<T>, what: &str, unchecked: &mut Vec<String>) -> Option<&'l [T]> {
    match list {
        Listed::Known(records) => Some(records),
        Listed::NotFetched => None,
        Listed::Refused(answer) => {
            unchecked.push(format!("the {what} cannot be read: {answer}"));
            None
        }
    }
}

/// The default locale and the others that the Help Center has.
fn locales(center: &HelpCenter, default: &Locale) -> Vec<Locale> {
    let others = center.locales.iter().flatten().filter(|locale| *locale != default);
    [default].into_iter().chain(others).cloned().collect()
}

/// Its addresses; the one that customers see first.
pub(super) fn urls(center: &HelpCenter, default: &Locale) -> HelpCenterUrls {
    let domain = center.custom_domain.as_ref().map(|domain| format!("https://{domain}"));
    let hosted = center.identifier.as_ref().map(|name| format!("https://intercom.help/{name}"));
    let all: Vec<String> = [center.url.clone(), domain, hosted].into_iter().flatten().collect();
    HelpCenterUrls::new(all.iter().map(String::as_str), default)
}

/// The numbers of articles and collections whose old addresses are redirected.
fn redirected(live: &Live, unchecked: &mut Vec<String>) -> BTreeSet<u64> {
    let number = |address: &str| {
        let rest = address.split_once("/articles/").or_else(|| address.split_once("/collections/"))?.1;
        rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
    };
    let redirects = listed(&live.redirects, "redirects", unchecked).unwrap_or_default();
    redirects.iter().filter_map(|redirect| number(&redirect.from_url)).collect()
}

fn article(found: &LiveArticle, default: &Locale, places: &BTreeMap<CollectionId, usize>) -> Article {
    let live = &found.article;
    let mut collections: Vec<usize> = live.parent_ids.iter().filter_map(|id| places.get(id).copied()).collect();
    collections.sort_unstable();
    let default = live.default_locale.as_ref().unwrap_or(default);
    let others = live.translated_content.iter().flat_map(|locales| &locales.0);
    let others = others.filter(|(locale, _)| *locale != default);
    let others = others.filter_map(|(locale, content)| Some((locale, content.as_deref()?)));
    let contents: Vec<(&Locale, &ArticleContent)> = [(default, &live.content)].into_iter().chain(others).collect();
    let translated = live.translated_content.iter().flat_map(|locales| locales.0.values().flatten());
    let fins = translated.map(|content| &content.fin).chain([&live.content.fin]);
    let audiences = fins.flat_map(|fin| fin.audience_ids.iter().flatten());
    Article {
        id: Some(live.id),
        path: None,
        is_outside: live.parent_ids.is_empty(),
        is_read_by_fin: live.content.fin.ai_chatbot_availability == Some(true),
        tags: live.tags.iter().flat_map(|list| &list.tags).map(|tag| tag.name.clone()).collect(),
        audiences: audiences.copied().collect(),
        texts: contents.iter().map(|(locale, content)| text(locale, content, found, default)).collect(),
        collections,
    }
}

fn text(locale: &Locale, content: &ArticleContent, found: &LiveArticle, default: &Locale) -> Text {
    let is_pending = found.draft.is_some() && found.pending(default).contains(locale);
    let draft_at = || content.draft_updated_at.or_else(|| found.draft.as_ref().map(|draft| draft.content.updated_at));
    let known = |at: i64| (at > 0).then_some(at);
    Text {
        locale: locale.clone(),
        title: content.title.clone(),
        shown: if content.state == State::Published { Shown::Live } else { Shown::Draft },
        url: content.url.clone(),
        updated_at: known(content.updated_at).or_else(|| known(found.article.content.updated_at)),
        draft_at: if is_pending { draft_at().and_then(known) } else { None },
        facts: Facts::of(&html::parse(content.body.as_deref().unwrap_or_default())),
    }
}
