//! `/articles` and `/articles/{id}` (FACTS 1.2 to 1.5).
//!
//! Where the facts are silent:
//! - An author who is no teammate gets the 401 of one without permission (FACTS 1.3).
//! - An unknown `parent_id` is a 400: a 404 would read as if the article were gone.
//! - A `parent_id` of null changes nothing: no way to clear it is documented (FACTS 1.4).
//! - `parent_ids` of an answer is the collection, then those above it.
//! - An address follows the title, as the old one redirects by itself (FACTS 9); it stays when the
//!   article is unpublished.
//! - `body_markdown` and schedules are not served: a request that brings them is refused, and
//!   answers leave out the one and show null for the other.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::fields::Fields;
use super::list::PageRequest;
use super::workspace::{ADA, SITE, address_part, default_locale, is_admin};
use super::{Handled, HelpCenter, Request, parse_id};
use crate::intercom::model::{AdminId, ArticleId, CollectionId, Locale, State};
use crate::local::WORKSPACE;
use crate::local::article::{Article, Availability, Content, Edit, Save, Text};
use crate::local::collection;
use crate::local::refusal::Refusal;
use crate::local::store::{Changes, Counters};
use crate::local::version::Via;

/// Records on a page, unless the request says (FACTS 1.5).
const PER_PAGE: u64 = 25;

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
    let locale = default_locale();
    let mut articles: Vec<(&Article, &Text)> =
        center.store.articles.values().map(|article| (article, text(article, &locale))).collect();
    asked.sort(&mut articles, center.ties, |(article, text)| (text.updated_at, article.id.0));
    let data: Vec<Value> = asked.cut(&articles).iter().map(|(article, _)| item(center, article)).collect();
    Ok(json!({
        "type": "list",
        "data": data,
        "total_count": articles.len(),
        "pages": asked.pages(articles.len(), &center.list_address("articles"), center.next),
    }))
}

fn create(center: &mut HelpCenter, request: &Request) -> Handled {
    let fields = read_fields(request)?;
    let missing = |name: &str| {
        let place = "must be in the main body or default locale translated_content object";
        Refusal::parameter_not_found(format!("{name} {place}"))
    };
    let mut changes = Changes::default();
    let mut counters = center.store.counters;
    let edit = read_edit(center, &fields, &mut counters, &mut changes)?;
    let content = Content {
        title: edit.title.ok_or_else(|| missing("title"))?,
        description: edit.description.unwrap_or_default(),
        body: edit.body.unwrap_or_default(),
        author: edit.author.ok_or_else(|| missing("author_id"))?,
    };
    let state = fields.state()?.unwrap_or(State::Draft);
    let parent = read_parent(center, &fields)?;

    let locale = default_locale();
    let id = ArticleId(counters.article);
    counters.article += 1;
    let save = next_save(center, id, &locale, &mut counters);
    let (text, version) = Text::create(content, state, &save);
    let article = Article {
        id,
        parent,
        availability: read_availability(&fields, Availability::default())?,
        texts: BTreeMap::from([(locale, text)]),
    };
    let answer = single(center, &article);
    changes.articles.push(article);
    changes.versions.push(version);
    center.commit(changes, counters)?;
    Ok(answer)
}

fn update(center: &mut HelpCenter, request: &Request, id: &str) -> Handled {
    let mut article = find(center, id)?.clone();
    let fields = read_fields(request)?;
    let mut changes = Changes::default();
    let mut counters = center.store.counters;
    let edit = read_edit(center, &fields, &mut counters, &mut changes)?;
    let state = fields.state()?;
    let availability = read_availability(&fields, article.availability)?;
    let parent = read_parent(center, &fields)?.or(article.parent);
    let is_moved = parent != article.parent || availability != article.availability;
    article.parent = parent;
    article.availability = availability;

    let locale = default_locale();
    let save = next_save(center, article.id, &locale, &mut counters);
    let text = text_mut(&mut article, &locale)?;
    changes.versions.extend(text.put(edit, state, &save));
    if is_moved {
        text.touch(&save);
    }
    let answer = single(center, &article);
    changes.articles.push(article);
    center.commit(changes, counters)?;
    Ok(answer)
}

fn delete(center: &mut HelpCenter, id: &str) -> Handled {
    let id = find(center, id)?.id;
    let changes = Changes { deleted_articles: vec![id], ..Changes::default() };
    center.commit(changes, center.store.counters)?;
    Ok(json!({"id": id.to_string(), "object": "article", "deleted": true}))
}

/// The article of a path.
pub(super) fn find<'a>(center: &'a HelpCenter, id: &str) -> Result<&'a Article, Refusal> {
    let id = ArticleId(parse_id(id)?);
    center.store.articles.get(&id).ok_or_else(Refusal::not_found)
}

/// The fields of an article's request, with those of the default locale taken in.
pub(super) fn read_fields(request: &Request) -> Result<Fields, Refusal> {
    let mut fields = Fields::parse(&request.body)?;
    fields.take_default_locale(&default_locale())?;
    Ok(fields)
}

/// What a request changes of the text. Its body is saved here.
pub(super) fn read_edit(
    center: &HelpCenter,
    fields: &Fields,
    counters: &mut Counters,
    changes: &mut Changes,
) -> Result<Edit, Refusal> {
    for name in ["body_markdown", "scheduled_publish_at", "scheduled_unpublish_at"] {
        if fields.has(name) {
            return Err(Refusal::parameter_invalid(format!("{name} is not served by the local Help Center")));
        }
    }
    let title = fields.text("title")?;
    if title.as_deref().is_some_and(|title| title.trim().is_empty()) {
        return Err(Refusal::parameter_invalid("title must not be blank"));
    }
    let author = fields.id("author_id")?.map(AdminId);
    if author.is_some_and(|author| !is_admin(author)) {
        let message = "The author does not have permission to manage the Help Center";
        return Err(Refusal::unauthorized(message));
    }
    let body = match fields.text("body")? {
        Some(html) => Some(center.save_body(&html, counters, changes)?),
        None => None,
    };
    Ok(Edit { title, description: fields.text("description")?, body, author })
}

/// The collection a request names.
pub(super) fn read_parent(center: &HelpCenter, fields: &Fields) -> Result<Option<CollectionId>, Refusal> {
    let kind = fields.text("parent_type")?;
    if !matches!(kind.as_deref(), None | Some("collection" | "section")) {
        return Err(Refusal::parameter_invalid("parent_type must be collection"));
    }
    if fields.list("audience_ids")?.is_some_and(|ids| !ids.is_empty()) {
        // There are none, and an unknown one is a 404 (FACTS 1.4).
        return Err(Refusal::not_found());
    }
    let parent = fields.id("parent_id")?.map(CollectionId);
    if parent.is_some_and(|parent| !center.store.collections.contains_key(&parent)) {
        return Err(Refusal::parameter_invalid("parent_id: no such collection"));
    }
    Ok(parent)
}

pub(super) fn read_availability(fields: &Fields, current: Availability) -> Result<Availability, Refusal> {
    Ok(Availability {
        chatbot: fields.flag("ai_chatbot_availability")?.unwrap_or(current.chatbot),
        copilot: fields.flag("ai_copilot_availability")?.unwrap_or(current.copilot),
        sales_agent: fields.flag("ai_sales_agent_availability")?.unwrap_or(current.sales_agent),
    })
}

/// A save through the API, now, by the token's teammate.
pub(super) fn next_save<'a>(
    center: &HelpCenter,
    article: ArticleId,
    locale: &'a Locale,
    counters: &mut Counters,
) -> Save<'a> {
    let version = counters.version;
    counters.version += 1;
    Save { article, locale, at: center.clock.now(), by: ADA, via: Via::Api, version }
}

/// The text of the default locale, to change.
pub(super) fn text_mut<'a>(article: &'a mut Article, locale: &Locale) -> Result<&'a mut Text, Refusal> {
    article.texts.get_mut(locale).ok_or_else(|| Refusal::server_error("an article without text"))
}

/// The text of the default locale, which every article has.
pub(super) fn text<'a>(article: &'a Article, locale: &Locale) -> &'a Text {
    &article.texts[locale]
}

/// What a request did to an article, for the log.
pub(super) fn effect(article: &Article) -> String {
    let state = if article.is_live() { State::Published } else { State::Draft };
    let draft = if article.has_draft() { "yes" } else { "no" };
    format!("article={} state={state} draft={draft}", article.id)
}

/// An article as `GET /articles/{id}` shows it: with its statistics.
pub(super) fn single(center: &HelpCenter, article: &Article) -> Value {
    let mut value = item(center, article);
    value["statistics"] = json!({
        "type": "article_statistics",
        "views": 0,
        "conversations": 0,
        "reactions": 0,
        "happy_reaction_percentage": 0,
        "neutral_reaction_percentage": 0,
        "sad_reaction_percentage": 0,
        "fin_involvements": 0,
        "fin_resolutions": 0,
        "fin_resolution_rate": 0,
    });
    value
}

/// An article as lists show it.
pub(super) fn item(center: &HelpCenter, article: &Article) -> Value {
    let locale = default_locale();
    let text = text(article, &locale);
    let Content { title, description, body, author } = &text.content;
    let parents = article.parent.map(|parent| collection::path(&center.store.collections, parent)).unwrap_or_default();
    let address = text.was_published.then(|| format!("{SITE}/{locale}/articles/{}", address_part(article.id, title)));
    json!({
        "type": "article",
        "id": article.id.to_string(),
        "workspace_id": WORKSPACE,
        "title": title,
        "description": description,
        "body": center.sign(body),
        "author_id": author,
        "state": text.state,
        "created_at": text.created_at,
        "updated_at": text.updated_at,
        "created_by_id": text.created_by,
        "updated_by_id": text.updated_by,
        "has_unpublished_changes": text.draft.is_some(),
        "draft_updated_at": text.draft.as_ref().map(|draft| draft.updated_at),
        "url": address,
        "parent_ids": parents,
        "ai_chatbot_availability": article.availability.chatbot,
        "ai_copilot_availability": article.availability.copilot,
        "ai_sales_agent_availability": article.availability.sales_agent,
        "exclude_from_article_suggestions": false,
        "help_center_audience": "everyone",
        "scheduled_publish_at": null,
        "scheduled_unpublish_at": null,
        "tags": {"type": "tag.list", "tags": []},
    })
}
