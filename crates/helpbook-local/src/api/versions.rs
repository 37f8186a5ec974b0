//! `/articles/{id}/versions` (FACTS 1.6).
//!
//! Where the facts are silent: without `locale` they are those of the default locale.

use helpbook_model::Locale;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::articles::find;
use super::list::PageRequest;
use super::{Handled, HelpCenter, Request, failed, parse_id};
use crate::refusal::Refusal;

/// Records on a page, unless the request says.
const PER_PAGE: u64 = 25;

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
    match path {
        [] => {
            let asked = PageRequest::parse(&request.query, PER_PAGE)?;
            let data: Vec<Value> = asked
                .cut(&versions)
                .iter()
                .map(|version| version.summary(article.texts.get(&version.locale)))
                .collect();
            let address = center.list_address(&format!("articles/{id}/versions"));
            Ok(json!({
                "type": "list",
                "data": data,
                "total_count": versions.len(),
                "pages": asked.pages(versions.len(), &address, center.next),
            }))
        }
        [version] => {
            let wanted = parse_id(version)?;
            let version = versions.iter().find(|version| version.id == wanted).ok_or_else(Refusal::not_found)?;
            let mut value = version.summary(article.texts.get(&version.locale));
            value["body"] = json!(center.sign(&version.content.body));
            value["updated_at"] = json!(version.created_at);
            Ok(value)
        }
        _ => Err(Refusal::not_found()),
    }
}
