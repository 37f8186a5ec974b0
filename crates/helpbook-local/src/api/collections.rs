//! `/help_center/collections` and `/help_center/collections/{id}` (docs/intercom.md 2).
//!
//! Where the facts are silent: a collection that holds a collection or an article is not deleted
//! but refused with a 422, and nothing is moved.

use std::collections::BTreeMap;

use helpbook_model::{CollectionId, Locale};
use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::list::PageRequest;
use super::workspace::{HELP_CENTER, SITE, address_part};
use super::{Handled, HelpCenter, Request, parse_id};
use crate::WORKSPACE;
use crate::collection::{Collection, CollectionText, check_place};
use crate::refusal::Refusal;
use crate::store::Changes;

/// Records on a page, unless the request says.
const PER_PAGE: u64 = 20;

/// Answers a request of `/help_center/collections`.
pub(super) fn handle(center: &mut HelpCenter, request: &Request, path: &[&str]) -> Handled {
    match (request.method.as_str(), path) {
        ("GET", []) => list(center, request),
        ("POST", []) => create(center, request),
        ("GET", [id]) => Ok(show(center, find(center, id)?)),
        ("PUT", [id]) => update(center, request, id),
        ("DELETE", [id]) => delete(center, id),
        _ => Err(Refusal::not_found()),
    }
}

fn list(center: &HelpCenter, request: &Request) -> Handled {
    let asked = PageRequest::parse(&request.query, PER_PAGE)?;
    let mut collections: Vec<&Collection> = center.store.collections.values().collect();
    asked.sort(&mut collections, center.behaviour.ties, |one| (one.updated_at, one.id.0));
    let data: Vec<Value> = asked.cut(&collections).iter().map(|one| show(center, one)).collect();
    let address = center.list_address("help_center/collections");
    Ok(json!({
        "type": "list",
        "data": data,
        "total_count": collections.len(),
        "pages": asked.pages(collections.len(), &address, center.behaviour.next),
    }))
}

fn create(center: &mut HelpCenter, request: &Request) -> Handled {
    let mut fields = Fields::parse(&request.body)?;
    let others = fields.take_locales(&center.locale, &center.locales)?;
    let name = read_name(&fields)?.ok_or_else(|| Refusal::parameter_not_found("Name is a required parameter."))?;
    let parent = fields.id("parent_id")?.map(CollectionId);
    if let Some(parent) = parent {
        check_place(&center.store.collections, None, parent)?;
    }
    if fields.id("help_center_id")?.is_some_and(|id| id != HELP_CENTER.0) {
        return Err(Refusal::parameter_invalid("help_center_id: no such Help Center"));
    }
    let mut counters = center.store.counters;
    let now = center.clock.now();
    let text = CollectionText { name, description: fields.text("description")?.unwrap_or_default() };
    let mut collection = Collection {
        id: CollectionId(counters.collection),
        parent,
        texts: BTreeMap::from([(center.locale.clone(), text)]),
        created_at: now,
        updated_at: now,
    };
    translate(&mut collection, others)?;
    counters.collection += 1;
    let answer = show(center, &collection);
    center.commit(Changes { collections: vec![collection], ..Changes::default() }, counters)?;
    Ok(answer)
}

fn update(center: &mut HelpCenter, request: &Request, id: &str) -> Handled {
    let mut collection = find(center, id)?.clone();
    let mut fields = Fields::parse(&request.body)?;
    let others = fields.take_locales(&center.locale, &center.locales)?;
    if let Some(parent) = fields.id("parent_id")?.map(CollectionId) {
        check_place(&center.store.collections, Some(collection.id), parent)?;
        collection.parent = Some(parent);
    } else if fields.is_null("parent_id") {
        collection.parent = None;
    }
    if let Some(text) = collection.texts.get_mut(&center.locale) {
        text.name = read_name(&fields)?.unwrap_or_else(|| text.name.clone());
        text.description = fields.text("description")?.unwrap_or_else(|| text.description.clone());
    }
    translate(&mut collection, others)?;
    collection.updated_at = center.clock.now();
    let answer = show(center, &collection);
    let changes = Changes { collections: vec![collection], ..Changes::default() };
    center.commit(changes, center.store.counters)?;
    Ok(answer)
}

/// Adds or changes the other locales. A new one needs a name.
fn translate(collection: &mut Collection, locales: Vec<(Locale, Fields)>) -> Result<(), Refusal> {
    for (locale, fields) in locales {
        let (name, description) = (read_name(&fields)?, fields.text("description")?);
        match (collection.texts.get_mut(&locale), name) {
            (Some(text), name) => {
                text.name = name.unwrap_or_else(|| text.name.clone());
                text.description = description.unwrap_or_else(|| text.description.clone());
            }
            (None, Some(name)) => {
                let text = CollectionText { name, description: description.unwrap_or_default() };
                collection.texts.insert(locale, text);
            }
            (None, None) if description.is_some() => {
                let message = format!("name is required for the locale {locale}");
                return Err(Refusal::parameter_not_found(message));
            }
            (None, None) => {}
        }
    }
    Ok(())
}

fn delete(center: &mut HelpCenter, id: &str) -> Handled {
    let id = find(center, id)?.id;
    let holds_some = center.store.collections.values().any(|one| one.parent == Some(id))
        || center.store.articles.values().any(|article| article.parent == Some(id));
    if holds_some {
        return Err(Refusal::data_invalid("Collection is not empty"));
    }
    let changes = Changes { deleted_collections: vec![id], ..Changes::default() };
    center.commit(changes, center.store.counters)?;
    Ok(json!({"id": id.to_string(), "object": "collection", "deleted": true}))
}

fn find<'a>(center: &'a HelpCenter, id: &str) -> Result<&'a Collection, Refusal> {
    let id = CollectionId(parse_id(id)?);
    center.store.collections.get(&id).ok_or_else(Refusal::not_found)
}

fn read_name(fields: &Fields) -> Result<Option<String>, Refusal> {
    let name = fields.text("name")?;
    if name.as_deref().is_some_and(|name| name.trim().is_empty()) {
        return Err(Refusal::parameter_invalid("name must not be blank"));
    }
    Ok(name)
}

fn show(center: &HelpCenter, collection: &Collection) -> Value {
    let locale = &center.locale;
    let text = &collection.texts[locale];
    let is_top = collection.parent.is_none();
    let mut value = json!({
        "id": collection.id.to_string(),
        "workspace_id": WORKSPACE,
        "name": text.name,
        "description": text.description,
        "created_at": collection.created_at,
        "updated_at": collection.updated_at,
        "url": format!("{SITE}/{locale}/collections/{}", address_part(collection.id, &text.name)),
        "icon": is_top.then_some("book-bookmark"),
        "order": 1,
        "parent_id": collection.parent.map(|parent| parent.to_string()),
        "help_center_id": is_top.then_some(HELP_CENTER),
    });
    if center.locales.len() > 1 {
        value["default_locale"] = json!(locale);
        let mut locales = Map::from_iter([("type".to_owned(), json!("group_translated_content"))]);
        for locale in &center.locales {
            let content = collection
                .texts
                .get(locale)
                .map(|text| json!({"type": "group_content", "name": text.name, "description": text.description}));
            locales.insert(locale.0.clone(), content.unwrap_or_default());
        }
        value["translated_content"] = locales.into();
    }
    value
}
