//! `/articles` and `/articles/{id}` (docs/intercom.md 1.3 to 1.5).
//!
//! Where the facts are silent:
//! - An unknown `parent_id` is a 400: a 404 would read as if the article were gone.
//! - A `parent_id` of null changes nothing: no way to clear it is documented (docs/intercom.md 1.4).

use std::collections::{BTreeMap, BTreeSet};

use helpbook_model::{ArticleId, AudienceId, Locale, State};
use serde_json::{Value, json};

use super::article_json::{Side, item, single};
use super::article_request::ArticleRequest;
use super::list::PageRequest;
use super::workspace::ADA;
use super::{Handled, HelpCenter, Request, parse_id};
use crate::article::{Article, Change, Saver};
use crate::refusal::Refusal;
use crate::schedule::Past;
use crate::store::{Changes, Counters};
use crate::text::Text;
use crate::version::Via;

/// Records on a page, unless the request says (docs/intercom.md 1.5).
const PER_PAGE: u64 = 25;

/// Answers a request of `/articles` or `/articles/{id}`.
pub(super) fn handle(center: &mut HelpCenter, request: &Request, path: &[&str]) -> Handled {
    match (request.method.as_str(), path) {
        ("GET", []) => list(center, request),
        ("POST", []) => create(center, request),
        ("GET", [id]) => Ok(single(center, find(center, id)?)),
        ("PUT", [id]) => update(center, request, id),
        ("DELETE", [id]) => delete(center, id),
        _ => Err(Refusal::not_found()),
    }
}

fn list(center: &HelpCenter, request: &Request) -> Handled {
    let asked = PageRequest::parse(&request.query, PER_PAGE)?;
    let updated_at = |article: &Article| article.default_text(&center.locale).updated_at;
    let mut articles: Vec<(i64, &Article)> =
        center.store.articles.values().map(|article| (updated_at(article), article)).collect();
    asked.sort(&mut articles, center.behaviour.ties, |(updated_at, article)| (*updated_at, article.id.0));
    let data: Vec<Value> = asked.cut(&articles).iter().map(|(_, article)| item(center, article, Side::Live)).collect();
    Ok(json!({
        "type": "list",
        "data": data,
        "total_count": articles.len(),
        "pages": asked.pages(articles.len(), &center.list_address("articles"), center.behaviour.next),
    }))
}

fn create(center: &mut HelpCenter, request: &Request) -> Handled {
    let mut changes = Changes::default();
    let mut counters = center.store.counters;
    let asked = ArticleRequest::read(center, request, &mut counters, &mut changes)?;
    let missing = |name: &str| {
        let place = "must be in the main body or default locale translated_content object";
        Refusal::parameter_not_found(format!("{name} {place}"))
    };
    let Change { edit, state, .. } = &asked.default;
    if edit.title.is_none() {
        return Err(missing("title"));
    }
    let author = edit.author.ok_or_else(|| missing("author_id"))?;
    asked.schedule.check(*state, Past::NeverPublished, center.clock.now())?;

    let id = ArticleId(counters.article);
    counters.article += 1;
    let ArticleRequest { default, mut others, audiences, parent, schedule } = asked;
    others.insert(center.locale.clone(), default);
    broadcast(&mut others, BTreeSet::new(), audiences);
    let mut article = Article { id, parent, tags: BTreeSet::new(), schedule: None, texts: BTreeMap::new() };
    let mut saver = saver(center, id, &mut counters);
    let versions = article.put(others, author, schedule, &center.locale, &mut saver)?;
    let answer = single(center, &article);
    changes.articles.push(article);
    changes.versions.extend(versions);
    center.commit(changes, counters)?;
    Ok(answer)
}

fn update(center: &mut HelpCenter, request: &Request, id: &str) -> Handled {
    let mut article = find(center, id)?.clone();
    let mut changes = Changes::default();
    let mut counters = center.store.counters;
    let asked = ArticleRequest::read(center, request, &mut counters, &mut changes)?;
    asked.schedule.check(asked.default.state, article.past(), center.clock.now())?;
    let is_about_the_article = asked.parent.is_some() || asked.schedule != Default::default();
    let ArticleRequest { default, mut others, audiences, parent, schedule } = asked;
    if !default.is_empty() || is_about_the_article || (others.is_empty() && audiences.is_none()) {
        others.insert(center.locale.clone(), default);
    }
    broadcast(&mut others, article.texts.keys().cloned().collect(), audiences);
    let parent = parent.or(article.parent);
    let is_moved = parent != article.parent;
    article.parent = parent;

    let author = article.default_text(&center.locale).content.author;
    let mut saver = saver(center, article.id, &mut counters);
    changes.versions.extend(article.put(others, author, schedule, &center.locale, &mut saver)?);
    if is_moved {
        let save = saver.save(&center.locale);
        text_mut(&mut article, &center.locale)?.touch(&save);
    }
    let answer = single(center, &article);
    changes.articles.push(article);
    center.commit(changes, counters)?;
    Ok(answer)
}

/// Audiences at the top of a request are those of every locale (docs/intercom.md 1.4).
fn broadcast(changes: &mut BTreeMap<Locale, Change>, there: BTreeSet<Locale>, audiences: Option<Vec<AudienceId>>) {
    let Some(audiences) = audiences else { return };
    for locale in there {
        changes.entry(locale).or_default();
    }
    for change in changes.values_mut() {
        change.settings.audiences = Some(audiences.clone());
    }
}

fn delete(center: &mut HelpCenter, id: &str) -> Handled {
    let id = find(center, id)?.id;
    let changes = Changes { deleted_articles: vec![id], ..Changes::default() };
    center.commit(changes, center.store.counters)?;
    Ok(json!({"id": id.to_string(), "object": "article", "deleted": true}))
}

/// The article that a path names.
///
/// # Errors
/// A 404 where there is none.
pub(super) fn find<'a>(center: &'a HelpCenter, id: &str) -> Result<&'a Article, Refusal> {
    let id = ArticleId(parse_id(id)?);
    center.store.articles.get(&id).ok_or_else(Refusal::not_found)
}

/// Saves through the API, now, by the token's teammate.
pub(super) fn saver<'a>(center: &HelpCenter, article: ArticleId, counters: &'a mut Counters) -> Saver<'a> {
    Saver { article, at: center.clock.now(), by: ADA, via: Via::Api, version: &mut counters.version }
}

/// Carries out the schedules whose time has come, with a line of the log for each.
///
/// # Errors
/// A 500 where the store fails.
pub(super) fn carry_out_schedules(center: &mut HelpCenter) -> Result<(), Refusal> {
    let now = center.clock.now();
    let is_due = |id: &ArticleId| {
        let schedule = center.store.articles.get(id).and_then(|article| article.schedule.as_ref());
        schedule.is_some_and(|schedule| schedule.at <= now)
    };
    let due: Vec<ArticleId> = center.store.scheduled.iter().copied().filter(is_due).collect();
    for id in due {
        let Some(mut article) = center.store.articles.get(&id).cloned() else { continue };
        let mut counters = center.store.counters;
        let Some(schedule) = article.carry_out(&mut saver(center, id, &mut counters)) else { continue };
        center.commit(Changes { articles: vec![article], ..Changes::default() }, counters)?;
        let effects = std::mem::take(&mut center.effects);
        center.log.note(schedule.at, &format!("SCHEDULE /articles/{id}"), 200, &effects);
    }
    Ok(())
}

/// The text of the default locale, to change.
fn text_mut<'a>(article: &'a mut Article, locale: &Locale) -> Result<&'a mut Text, Refusal> {
    article.texts.get_mut(locale).ok_or_else(|| Refusal::server_error("an article without text"))
}

/// What a request did to an article, for the log. Where there are several locales, those that are
/// live are named.
pub(super) fn effect(article: &Article, locales: &[Locale]) -> String {
    let state = if article.is_live() { State::Published } else { State::Draft };
    let draft = if article.has_draft() { "yes" } else { "no" };
    let mut effect = format!("article={} state={state} draft={draft}", article.id);
    if locales.len() > 1 {
        let live = |(locale, text): (&Locale, &Text)| (text.state == State::Published).then(|| locale.0.clone());
        let live: Vec<String> = article.texts.iter().filter_map(live).collect();
        effect.push_str(&format!(" live={}", live.join(",")));
    }
    effect
}
