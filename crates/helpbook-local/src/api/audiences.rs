//! `/audiences` (docs/intercom.md 2). Whom an audience holds means nothing here.
//!
//! Where the facts are silent: deleting one removes it from every article.

use helpbook_model::AudienceId;
use serde_json::{Value, json};

use super::fields::Fields;
use super::list::PageRequest;
use super::{HelpCenter, Origin, Request, Success, parse_id};
use crate::refusal::Refusal;
use crate::store::Changes;
use crate::workspace_objects::Audience;

/// Records on a page, unless the request says; also the most (docs/intercom.md 2).
const PER_PAGE: u64 = 50;

/// Answers a request of `/audiences`.
pub(super) fn handle(center: &mut HelpCenter, request: &Request, path: &[&str]) -> Result<Success, Refusal> {
    match (request.method.as_str(), path) {
        ("GET", []) => list(center, request),
        ("POST", []) => create(center, request),
        ("GET", [id]) => find(center, id).map(|audience| show(audience).into()),
        ("PUT", [id]) => update(center, request, id),
        ("DELETE", [id]) => {
            let id = find(center, id)?.id;
            center.commit(Changes { deleted_audiences: vec![id], ..Changes::default() }, center.store.counters)?;
            Ok(Success { status: 204, body: None, origin: Origin::HelpCenter })
        }
        _ => Err(Refusal::not_found()),
    }
}

fn list(center: &HelpCenter, request: &Request) -> Result<Success, Refusal> {
    let asked = PageRequest::at_most(&request.query, PER_PAGE)?;
    let audiences: Vec<&Audience> = center.store.audiences.values().collect();
    let data: Vec<Value> = asked.cut(&audiences).iter().map(|audience| show(audience)).collect();
    // Here the numbers are beside the records (schema `audience_list`).
    Ok(json!({
        "type": "list",
        "data": data,
        "total_count": audiences.len(),
        "page": asked.page,
        "per_page": asked.per_page,
        "total_pages": (audiences.len() as u64).div_ceil(asked.per_page).max(1),
    })
    .into())
}

fn create(center: &mut HelpCenter, request: &Request) -> Result<Success, Refusal> {
    let fields = Fields::parse(&request.body)?;
    let name = read_name(&fields)?.ok_or_else(|| Refusal::validation_error("Name is required"))?;
    let mut counters = center.store.counters;
    let now = center.clock.now();
    let audience = Audience {
        id: AudienceId(counters.audience),
        name,
        predicates: fields.value("predicates"),
        role_predicates: fields.value("role_predicates"),
        created_at: now,
        updated_at: now,
    };
    counters.audience += 1;
    let body = show(&audience);
    center.commit(Changes { audiences: vec![audience], ..Changes::default() }, counters)?;
    Ok(Success { status: 201, ..Success::from(body) })
}

fn update(center: &mut HelpCenter, request: &Request, id: &str) -> Result<Success, Refusal> {
    let mut audience = find(center, id)?.clone();
    let fields = Fields::parse(&request.body)?;
    audience.name = read_name(&fields)?.unwrap_or(audience.name);
    if fields.has("predicates") {
        audience.predicates = fields.value("predicates");
    }
    if fields.has("role_predicates") {
        audience.role_predicates = fields.value("role_predicates");
    }
    audience.updated_at = center.clock.now();
    let body = show(&audience);
    center.commit(Changes { audiences: vec![audience], ..Changes::default() }, center.store.counters)?;
    Ok(body.into())
}

fn read_name(fields: &Fields) -> Result<Option<String>, Refusal> {
    let name = fields.text("name")?;
    if name.as_deref().is_some_and(|name| name.trim().is_empty()) {
        return Err(Refusal::validation_error("Name must not be blank"));
    }
    Ok(name)
}

fn find<'a>(center: &'a HelpCenter, id: &str) -> Result<&'a Audience, Refusal> {
    center.store.audiences.get(&AudienceId(parse_id(id)?)).ok_or_else(Refusal::not_found)
}

fn show(audience: &Audience) -> Value {
    json!({
        "type": "audience",
        "id": audience.id.to_string(),
        "name": audience.name,
        "predicates": audience.predicates,
        "role_predicates": audience.role_predicates,
        "created_at": audience.created_at,
        "updated_at": audience.updated_at,
    })
}
