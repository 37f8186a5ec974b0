//! `/_local/`: what a teammate does in Intercom's editor, and the clock. Described in the room's
//! module docs.

use serde_json::json;

use super::articles::{find, next_save, read_edit, single, text_mut};
use super::fields::Fields;
use super::workspace::{GRACE, default_locale, is_admin};
use super::{Handled, HelpCenter, Request};
use crate::intercom::model::{AdminId, State};
use crate::local::article::{Edit, Save};
use crate::local::refusal::Refusal;
use crate::local::store::Changes;
use crate::local::version::Via;

pub(super) fn handle(center: &mut HelpCenter, request: &Request, path: &[&str]) -> Handled {
    match (request.method.as_str(), path) {
        ("POST", ["articles", id, "editor"]) => edit(center, request, id),
        ("POST", ["clock"]) => move_clock(center, request),
        _ => Err(Refusal::not_found()),
    }
}

fn edit(center: &mut HelpCenter, request: &Request, id: &str) -> Handled {
    let mut article = find(center, id)?.clone();
    let fields = Fields::parse(&request.body)?;
    let mut changes = Changes::default();
    let mut counters = center.store.counters;
    let edit = read_edit(center, &fields, &mut counters, &mut changes)?;
    let by = fields.id("admin_id")?.map_or(GRACE, AdminId);
    if !is_admin(by) {
        return Err(Refusal::parameter_invalid("admin_id: no such teammate"));
    }
    let publish = fields.flag("publish")?.unwrap_or(false);
    let unpublish = fields.state()? == Some(State::Draft);

    let locale = default_locale();
    let save = next_save(center, article.id, &locale, &mut counters);
    let save = Save { by, via: Via::Web, ..save };
    let text = text_mut(&mut article, &locale)?;
    changes.versions.extend(text.edit(edit, &save));
    if publish || unpublish {
        let state = if unpublish { State::Draft } else { State::Published };
        text.put(Edit::default(), Some(state), &save);
    }
    let answer = single(center, &article);
    changes.articles.push(article);
    center.commit(changes, counters)?;
    Ok(answer)
}

fn move_clock(center: &mut HelpCenter, request: &Request) -> Handled {
    let seconds = Fields::parse(&request.body)?
        .number("advance")?
        .ok_or_else(|| Refusal::parameter_not_found("advance is required"))?;
    let now = center
        .clock
        .advance(seconds)
        .ok_or_else(|| Refusal::parameter_invalid("the system's clock cannot be moved"))?;
    Ok(json!({"now": now}))
}
