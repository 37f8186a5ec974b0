//! `/articles/{id}/versions` (docs/intercom.md 1.6).
//!
//! Where the facts are silent: without `locale` they are those of the default locale, and the version that is live
//! is the one whose text customers see, also where it was published later than it was made.

use helpbook_model::{Locale, State};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::articles::find;
use super::list::PageRequest;
use super::{Handled, HelpCenter, Request, failed, parse_id};
use crate::article::Article;
use crate::refusal::Refusal;
use crate::version::Version;

/// Records on a page, unless the request says.
const PER_PAGE: u64 = 25;

/// Answers a request of `/articles/{id}/versions`.
pub(super) fn handle(center: &HelpCenter, request: &Request, id: &str, path: &[&str]) -> Handled {
    let article = find(center, id)?;
    let asked_locale = form_urlencoded::parse(request.query.as_bytes())
        .find(|(name, _)| name == "locale")
        .map(|(_, value)| Locale(value.into_owned()));
    let locale = asked_locale.unwrap_or_else(|| center.locale.clone());
    if !center.locales.contains(&locale) {
        return Err(Refusal::parameter_invalid("Unknown locale"));
    }
    let mut versions = center.store.versions(article.id).map_err(|error| failed(&error))?;
    versions.retain(|version| version.locale == locale);
    // A list that is stale does not have the newest ones yet.
    versions.retain(|version| center.seen_until.is_none_or(|then| version.created_at <= then));
    match path {
        [] => {
            let asked = PageRequest::parse(&request.query, PER_PAGE)?;
            let data: Vec<Value> = asked.cut(&versions).iter().map(|version| summary(version, article)).collect();
            let address = center.list_address(&format!("articles/{id}/versions"));
            Ok(json!({
                "type": "list",
                "data": data,
                "total_count": versions.len(),
                "pages": asked.pages(versions.len(), &address, center.behaviour.next),
            }))
        }
        [version] => {
            let wanted = parse_id(version)?;
            let version = versions.iter().find(|version| version.id == wanted).ok_or_else(Refusal::not_found)?;
            let mut value = summary(version, article);
            let body = &version.content.body;
            let signed = center.sign(body);
            value["body_markdown"] = json!(center.markdown(body, &signed));
            value["body"] = json!(signed);
            value["updated_at"] = json!(version.created_at);
            Ok(value)
        }
        _ => Err(Refusal::not_found()),
    }
}

/// The entry of the list: without the body.
fn summary(version: &Version, article: &Article) -> Value {
    let text = article.texts.get(&version.locale);
    let is_live = text.is_some_and(|text| text.state == State::Published && text.version == version.id);
    json!({
        "type": "article_version",
        "id": version.id.to_string(),
        "article_id": version.article.to_string(),
        "title": version.content.title,
        "description": version.content.description,
        "author_id": version.content.author.to_string(),
        "created_by_id": version.created_by.to_string(),
        "created_via": version.via,
        "from_version_id": version.from.map(|id| id.to_string()),
        "state": if is_live { State::Published } else { State::Draft },
        "created_at": version.created_at,
    })
}
