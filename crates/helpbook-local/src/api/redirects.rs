//! `/help_center/help_centers/{id}/redirects` (docs/intercom.md 2).
//!
//! Where the facts are silent:
//! - Two addresses are equal but for a slash at their end, whatever the locales: the 409 speaks of
//!   the address alone.
//! - A target that is not there is the 422 of wrong data, an unknown locale a 400.
//! - A redirect outlives its target.

use std::cmp::Reverse;

use helpbook_model::{ArticleId, CollectionId, Locale, RedirectId, RedirectTarget, TargetId};
use serde_json::{Value, json};
use url::Url;

use super::fields::Fields;
use super::list::PageRequest;
use super::workspace::{HELP_CENTER, SITE};
use super::{Handled, HelpCenter, Request, parse_id};
use crate::refusal::Refusal;
use crate::store::Changes;
use crate::workspace_objects::Redirect;

/// Records on a page, unless the request says.
const PER_PAGE: u64 = 50;

/// Answers a request of `/help_center/help_centers/{id}/redirects`.
pub(super) fn handle(center: &mut HelpCenter, request: &Request, help_center: &str, path: &[&str]) -> Handled {
    if help_center != HELP_CENTER.to_string() {
        return Err(Refusal::not_found());
    }
    match (request.method.as_str(), path) {
        ("GET", []) => list(center, request),
        ("POST", []) => create(center, request),
        ("GET", [id]) => find(center, id).map(show),
        ("DELETE", [id]) => {
            let id = find(center, id)?.id;
            center.commit(Changes { deleted_redirects: vec![id], ..Changes::default() }, center.store.counters)?;
            Ok(json!({"id": id.to_string(), "object": "help_center_redirect", "deleted": true}))
        }
        _ => Err(Refusal::not_found()),
    }
}

fn list(center: &HelpCenter, request: &Request) -> Handled {
    let asked = PageRequest::parse(&request.query, PER_PAGE)?;
    let mut redirects: Vec<&Redirect> = center.store.redirects.values().collect();
    redirects.sort_by_key(|redirect| Reverse((redirect.created_at, redirect.id)));
    let data: Vec<Value> = asked.cut(&redirects).iter().map(|redirect| show(redirect)).collect();
    let address = center.list_address(&format!("help_center/help_centers/{HELP_CENTER}/redirects"));
    Ok(json!({
        "type": "list",
        "data": data,
        "total_count": redirects.len(),
        "pages": asked.pages(redirects.len(), &address, center.behaviour.next),
    }))
}

fn create(center: &mut HelpCenter, request: &Request) -> Handled {
    let fields = Fields::parse(&request.body)?;
    let required = |name: &str| fields.text(name)?.ok_or_else(|| missing(name));
    let from_url = required("from_url")?;
    let asked_locale = Locale(required("locale")?);
    let target_type = match required("target_type")?.as_str() {
        "article" => RedirectTarget::Article,
        "collection" => RedirectTarget::Collection,
        _ => return Err(Refusal::parameter_invalid("target_type must be 'article' or 'collection'")),
    };
    let target_id = fields.id("target_id")?.ok_or_else(|| missing("target_id"))?;
    if !center.locales.contains(&asked_locale) {
        return Err(Refusal::parameter_invalid("locale is not one of this help center"));
    }
    if !is_of_this_site(&from_url) {
        let message = "from_url must be an absolute URL within this help center's URL space";
        return Err(Refusal::data_invalid(message));
    }
    let translations: Option<Vec<&Locale>> = match target_type {
        RedirectTarget::Article => {
            center.store.articles.get(&ArticleId(target_id)).map(|article| article.texts.keys().collect())
        }
        RedirectTarget::Collection => {
            center.store.collections.get(&CollectionId(target_id)).map(|_| vec![&asked_locale])
        }
    };
    let translations =
        translations.ok_or_else(|| Refusal::data_invalid("target_id must name a member of this help center"))?;
    // It is bound to a translation that there is.
    let locale = if translations.contains(&&asked_locale) { asked_locale.clone() } else { center.locale.clone() };
    let address = |url: &str| url.trim_end_matches('/').to_owned();
    if center.store.redirects.values().any(|other| address(&other.from_url) == address(&from_url)) {
        return Err(Refusal::conflict("A redirect with that URL already exists"));
    }
    let mut counters = center.store.counters;
    let redirect = Redirect {
        id: RedirectId(counters.redirect),
        from_url,
        locale,
        target_type,
        target_id: TargetId(target_id),
        created_at: center.clock.now(),
    };
    counters.redirect += 1;
    let answer = show(&redirect);
    center.commit(Changes { redirects: vec![redirect], ..Changes::default() }, counters)?;
    Ok(answer)
}

fn missing(name: &str) -> Refusal {
    Refusal::parameter_not_found(format!("{name} is required"))
}

/// Whether an address is absolute and below the public site's.
fn is_of_this_site(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    url.as_str().strip_prefix(SITE).is_some_and(|rest| rest.starts_with('/') && rest.len() > 1)
}

fn find<'a>(center: &'a HelpCenter, id: &str) -> Result<&'a Redirect, Refusal> {
    center.store.redirects.get(&RedirectId(parse_id(id)?)).ok_or_else(Refusal::not_found)
}

fn show(redirect: &Redirect) -> Value {
    json!({
        "type": "help_center_redirect",
        "id": redirect.id.to_string(),
        "from_url": redirect.from_url,
        "locale": redirect.locale,
        "help_center_id": HELP_CENTER.to_string(),
        "target_type": redirect.target_type,
        "target_id": redirect.target_id.to_string(),
        "created_at": redirect.created_at,
        "updated_at": redirect.created_at,
    })
}
