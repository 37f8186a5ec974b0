//! The workspace: two teammates and one Help Center, the same in every local Help Center.

use std::fmt::Display;

use helpbook_model::{AdminId, ArticleId, HelpCenterId, Locale};
use serde_json::{Value, json};

use super::Handled;
use super::list::PageRequest;
use crate::WORKSPACE;
use crate::refusal::Refusal;

/// The address of the public site. It is made up and does not change with the port.
pub(super) const SITE: &str = "http://help.localhost/local";

/// The article whose editor is at a path; that path is believed to be Intercom's (docs/beliefs.md).
pub(super) fn edited(path: &str) -> Option<ArticleId> {
    let rest = path.strip_prefix("/a/apps/")?.strip_prefix(WORKSPACE)?.strip_prefix("/articles/articles/")?;
    rest.strip_suffix("/show")?.parse().ok().map(ArticleId)
}

/// The teammate the token belongs to.
pub(super) const ADA: AdminId = AdminId(1);

/// The teammate who works in the editor.
pub(super) const GRACE: AdminId = AdminId(2);

/// The one Help Center.
pub(super) const HELP_CENTER: HelpCenterId = HelpCenterId(1);

/// When the workspace was made, in Unix seconds.
const MADE_AT: i64 = 1_700_000_000;

/// Whether a teammate may be an author.
pub(super) fn is_admin(id: AdminId) -> bool {
    [ADA, GRACE].contains(&id)
}

/// The answer of `GET /me`.
pub(super) fn me(region: &str) -> Value {
    json!({
        "type": "admin",
        "id": ADA.to_string(),
        "email": "ada@example.com",
        "name": "Ada",
        "email_verified": true,
        "app": {
            "type": "app",
            "id_code": WORKSPACE,
            "name": "Local Help Center",
            "created_at": MADE_AT,
            "secure": false,
            "identity_verification": false,
            "timezone": "UTC",
            "region": region,
        },
        "avatar": {"type": "avatar", "image_url": null},
        "has_inbox_seat": true,
    })
}

/// The teammates.
const ADMINS: [(AdminId, &str, &str); 2] = [(ADA, "Ada", "ada@example.com"), (GRACE, "Grace", "grace@example.com")];

fn show((id, name, email): (AdminId, &str, &str)) -> Value {
    json!({
        "type": "admin",
        "id": id.to_string(),
        "email": email,
        "name": name,
        "away_mode_enabled": false,
        "away_mode_reassign": false,
        "has_inbox_seat": true,
        "team_ids": [],
    })
}

/// The answer of `GET /admins`.
pub(super) fn admins() -> Value {
    json!({"type": "admin.list", "admins": ADMINS.map(show)})
}

/// The answer of `GET /admins/{id}`.
///
/// # Errors
/// A 404 of its own for one that is not there.
pub(super) fn admin(id: &str) -> Handled {
    let found = ADMINS.into_iter().find(|(admin, _, _)| admin.to_string() == id);
    let mut found = found.map(show).ok_or_else(Refusal::admin_not_found)?;
    found["away_status_reason_id"] = Value::Null;
    Ok(found)
}

/// How many Help Centers are on a page, unless the request says (docs/intercom.md 2).
const PER_PAGE: u64 = 15;

/// The answer of `GET /help_center/help_centers`. Intercom's own clients ask for its pages until one is empty.
///
/// # Errors
/// A 400 for a page that cannot be.
pub(super) fn help_centers(query: &str, locales: &[Locale]) -> Handled {
    let asked = PageRequest::parse(query, PER_PAGE)?;
    Ok(json!({"type": "list", "data": asked.cut(&[the_help_center(locales)])}))
}

/// The answer of `GET /help_center/help_centers/{id}`.
pub(super) fn help_center(id: &str, locales: &[Locale]) -> Handled {
    if id == HELP_CENTER.to_string() { Ok(the_help_center(locales)) } else { Err(Refusal::not_found()) }
}

fn the_help_center(locales: &[Locale]) -> Value {
    json!({
        "id": HELP_CENTER.to_string(),
        "workspace_id": WORKSPACE,
        "created_at": MADE_AT,
        "updated_at": MADE_AT,
        "identifier": "local",
        "website_turned_on": true,
        "display_name": "Local Help Center",
        "url": SITE,
        "custom_domain": null,
        "default": true,
        "locales": locales,
    })
}

/// The last part of a record's address: its id and the words of its title or name.
pub(super) fn address_part(id: impl Display, title: &str) -> String {
    let slug = slug(title);
    if slug.is_empty() { id.to_string() } else { format!("{id}-{slug}") }
}

/// Small letters and digits, hyphens between.
fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}
