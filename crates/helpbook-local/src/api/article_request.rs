//! What a request about an article asks: read, checked and with its bodies saved.
//!
//! Where the facts are silent:
//! - An author who is no teammate gets the 401 of one without permission (docs/intercom.md 1.3).
//! - A locale of `translated_content` with a title is replaced (docs/intercom.md 1.4): a description or body
//!   that is not there is empty from then on. Without a title a body is refused, and what else is
//!   there changes just that.

use std::collections::BTreeMap;

use helpbook_model::{AdminId, AudienceId, CollectionId, Locale, State};

use super::fields::Fields;
use super::workspace::is_admin;
use super::{HelpCenter, Request};
use crate::article::Change;
use crate::body::html_of_markdown;
use crate::content::Edit;
use crate::refusal::Refusal;
use crate::schedule::ScheduleEdit;
use crate::settings::SettingsEdit;
use crate::store::{Changes, Counters};

/// What is asked of an article.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ArticleRequest {
    /// The main body, filled up from the default locale of `translated_content` (docs/intercom.md 1.3).
    pub default: Change,
    /// The other locales that are named.
    pub others: BTreeMap<Locale, Change>,
    /// The audiences of every locale.
    pub audiences: Option<Vec<AudienceId>>,
    pub parent: Option<CollectionId>,
    pub schedule: ScheduleEdit,
}

impl ArticleRequest {
    /// Reads a request of `/articles`, `/articles/{id}` or `/articles/{id}/draft`.
    ///
    /// # Errors
    /// A 4xx for a field that cannot be, and what saving a body refuses.
    pub(super) fn read(
        center: &HelpCenter,
        request: &Request,
        counters: &mut Counters,
        changes: &mut Changes,
    ) -> Result<Self, Refusal> {
        let mut fields = Fields::parse(&request.body)?;
        // Before the default locale is taken in: those are of that locale alone.
        let audiences = read_audiences(center, &fields)?;
        let locales = fields.take_locales(&center.locale, &center.locales)?;
        let default = read_change(center, &fields, counters, changes)?;
        let mut others = BTreeMap::new();
        for (locale, fields) in locales {
            let mut change = read_change(center, &fields, counters, changes)?;
            if change.edit.title.is_some() {
                change.edit.description.get_or_insert_default();
                change.edit.body.get_or_insert_default();
            } else if change.edit.body.is_some() {
                let message = format!("title is required with a body for the locale {locale}");
                return Err(Refusal::parameter_not_found(message));
            }
            if !change.is_empty() {
                others.insert(locale, change);
            }
        }
        let parent = read_parent(center, &fields)?;
        let schedule = ScheduleEdit {
            publish: fields.time("scheduled_publish_at")?,
            unpublish: fields.time("scheduled_unpublish_at")?,
        };
        Ok(Self { default, others, audiences, parent, schedule })
    }
}

/// What the fields of one locale change.
fn read_change(
    center: &HelpCenter,
    fields: &Fields,
    counters: &mut Counters,
    changes: &mut Changes,
) -> Result<Change, Refusal> {
    let state: Option<State> = fields.state()?;
    let settings = SettingsEdit {
        chatbot: fields.flag("ai_chatbot_availability")?,
        copilot: fields.flag("ai_copilot_availability")?,
        sales_agent: fields.flag("ai_sales_agent_availability")?,
        audiences: read_audiences(center, fields)?,
    };
    Ok(Change { edit: read_edit(center, fields, counters, changes)?, state, settings })
}

/// What the fields change of a text, with its body as it is stored.
///
/// # Errors
/// A 4xx for a field that cannot be, and what saving the body refuses.
pub(super) fn read_edit(
    center: &HelpCenter,
    fields: &Fields,
    counters: &mut Counters,
    changes: &mut Changes,
) -> Result<Edit, Refusal> {
    let title = fields.text("title")?;
    if title.as_deref().is_some_and(|title| title.trim().is_empty()) {
        return Err(Refusal::parameter_invalid("title must not be blank"));
    }
    let author = fields.id("author_id")?.map(AdminId);
    if author.is_some_and(|author| !is_admin(author)) {
        let message = "The author does not have permission to manage the Help Center";
        return Err(Refusal::unauthorized(message));
    }
    let html = match (fields.text("body")?, fields.text("body_markdown")?) {
        (Some(_), Some(_)) => {
            return Err(Refusal::data_invalid("body and body_markdown cannot be in one request"));
        }
        (None, Some(markdown)) => Some(html_of_markdown(&markdown)?),
        (html, None) => html,
    };
    let body = html.map(|html| center.save_body(&html, counters, changes)).transpose()?;
    Ok(Edit { title, description: fields.text("description")?, body, author })
}

/// The audiences that are named; an unknown one is a 404 (docs/intercom.md 1.4).
fn read_audiences(center: &HelpCenter, fields: &Fields) -> Result<Option<Vec<AudienceId>>, Refusal> {
    let Some(ids) = fields.list("audience_ids")? else { return Ok(None) };
    let known = |id: &String| {
        let id = id.parse().map_err(|_| Refusal::parameter_invalid("audience_ids must be ids"))?;
        if center.store.audiences.contains_key(&id) { Ok(id) } else { Err(Refusal::not_found()) }
    };
    ids.iter().map(known).collect::<Result<_, _>>().map(Some)
}

/// The collection a request names.
fn read_parent(center: &HelpCenter, fields: &Fields) -> Result<Option<CollectionId>, Refusal> {
    let kind = fields.text("parent_type")?;
    if !matches!(kind.as_deref(), None | Some("collection" | "section")) {
        return Err(Refusal::parameter_invalid("parent_type must be collection"));
    }
    let parent = fields.id("parent_id")?.map(CollectionId);
    if parent.is_some_and(|parent| !center.store.collections.contains_key(&parent)) {
        return Err(Refusal::parameter_invalid("parent_id: no such collection"));
    }
    Ok(parent)
}
