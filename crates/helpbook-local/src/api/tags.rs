//! `/tags` and `/articles/{id}/tags` (docs/intercom.md 1.4).
//!
//! Where the facts are silent: giving an article a tag twice, or removing one it does not have, changes
//! nothing and is no error; neither touches the article's time of update.

use helpbook_model::{AdminId, ArticleId, TagId};
use serde_json::{Value, json};

use super::api_version::ApiVersion;
use super::fields::Fields;
use super::workspace::{ADA, is_admin};
use super::{Handled, HelpCenter, Request, parse_id};
use crate::article::Article;
use crate::refusal::Refusal;
use crate::store::Changes;
use crate::workspace_objects::Tag;

/// Answers a request of `/tags`.
pub(super) fn handle(center: &mut HelpCenter, request: &Request, path: &[&str]) -> Handled {
    match (request.method.as_str(), path) {
        ("GET", []) => {
            let tags: Vec<Value> = center.store.tags.values().map(show).collect();
            Ok(json!({"type": "list", "data": tags}))
        }
        ("POST", []) => write(center, request),
        ("GET", [id]) => find(center, id).map(show),
        ("DELETE", [id]) => delete(center, id),
        _ => Err(Refusal::not_found()),
    }
}

/// Answers a request of `/articles/{id}/tags` and `/articles/{id}/tags/{id}`.
pub(super) fn of_article(center: &mut HelpCenter, request: &Request, id: &str, path: &[&str]) -> Handled {
    let id = id.parse().map(ArticleId).map_err(|_| Refusal::article_not_found())?;
    let mut article = center.store.articles.get(&id).cloned().ok_or_else(Refusal::article_not_found)?;
    let fields = Fields::parse(&request.body)?;
    let asked = match (request.method.as_str(), path) {
        ("POST", []) => fields.id("id")?.ok_or_else(|| Refusal::parameter_not_found("id is required"))?,
        ("DELETE", [tag]) => tag.parse().map_err(|_| Refusal::tag_not_found())?,
        _ => return Err(Refusal::not_found()),
    };
    let tag = center.store.tags.get(&TagId(asked)).cloned().ok_or_else(Refusal::tag_not_found)?;
    let mut answer = show(&tag);
    if request.method == "POST" {
        let by = fields.id("admin_id")?.map_or(ADA, AdminId);
        if !is_admin(by) {
            return Err(Refusal::parameter_invalid("admin_id: no such teammate"));
        }
        article.tags.insert(tag.id);
        answer["applied_at"] = json!(center.clock.now());
        answer["applied_by"] = json!({"type": "admin", "id": by.to_string()});
    } else {
        article.tags.remove(&tag.id);
        answer["applied_at"] = Value::Null;
        answer["applied_by"] = Value::Null;
    }
    keep(center, article)?;
    Ok(answer)
}

fn keep(center: &mut HelpCenter, article: Article) -> Result<(), Refusal> {
    center.commit(Changes { articles: vec![article], ..Changes::default() }, center.store.counters)
}

/// Finds a tag by its name without case, makes it, or renames the one whose id is sent. Contacts and companies that
/// are not there are passed over from 2.16 on, and a 404 before.
fn write(center: &mut HelpCenter, request: &Request) -> Handled {
    let version = ApiVersion::asked(request)?;
    let invalid = || Refusal::parameter_invalid("invalid tag parameters");
    let fields = Fields::parse(&request.body)?;
    // There are none of them here, so each that is named is one that is not there.
    let names_others = ["companies", "users"].iter().any(|name| fields.value(name) != json!([]));
    if names_others && version < ApiVersion::V2_16 {
        return Err(Refusal::not_found());
    }
    let show = |tag: &Tag| {
        let mut answer = show(tag);
        if version >= ApiVersion::V2_16 {
            answer["users"] = json!([]);
            answer["companies"] = json!([]);
        }
        answer
    };
    let name = fields.text("name")?.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let name = name.ok_or_else(invalid)?;
    let named = center.store.tags.values().find(|tag| tag.name.to_lowercase() == name.to_lowercase()).cloned();
    let mut counters = center.store.counters;
    let tag = match fields.id("id")?.map(TagId) {
        Some(id) if !center.store.tags.contains_key(&id) => {
            return Err(if version < ApiVersion::V2_16 { Refusal::not_found() } else { invalid() });
        }
        Some(id) if named.as_ref().is_some_and(|other| other.id != id) => return Err(invalid()),
        Some(id) => Tag { id, name },
        None => match named {
            Some(tag) => return Ok(show(&tag)),
            None => {
                counters.tag += 1;
                Tag { id: TagId(counters.tag - 1), name }
            }
        },
    };
    let answer = show(&tag);
    center.commit(Changes { tags: vec![tag], ..Changes::default() }, counters)?;
    Ok(answer)
}

fn delete(center: &mut HelpCenter, id: &str) -> Handled {
    let id = find(center, id)?.id;
    if center.store.articles.values().any(|article| article.tags.contains(&id)) {
        return Err(Refusal::tag_in_use());
    }
    center.commit(Changes { deleted_tags: vec![id], ..Changes::default() }, center.store.counters)?;
    Ok(json!({"id": id.to_string(), "object": "tag", "deleted": true}))
}

fn find<'a>(center: &'a HelpCenter, id: &str) -> Result<&'a Tag, Refusal> {
    center.store.tags.get(&TagId(parse_id(id)?)).ok_or_else(Refusal::not_found)
}

fn show(tag: &Tag) -> Value {
    json!({"type": "tag", "id": tag.id.to_string(), "name": tag.name})
}
