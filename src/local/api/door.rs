//! `/_local/`: what a teammate does in Intercom's editor, and the clock. Described in the room's
//! module docs.

use serde_json::json;

use super::article_json::single;
use super::article_request::read_edit;
use super::articles::{carry_out_schedules, find, saver, text};
use super::faults;
use super::fields::Fields;
use super::workspace::{GRACE, is_admin};
use super::{Handled, HelpCenter, Request};
use crate::intercom::model::{AdminId, Locale, State};
use crate::local::article::Saver;
use crate::local::refusal::Refusal;
use crate::local::store::Changes;
use crate::local::version::Via;

pub(super) fn handle(center: &mut HelpCenter, request: &Request, path: &[&str]) -> Handled {
    match (request.method.as_str(), path) {
        ("POST", ["articles", id, "editor"]) => edit(center, request, id),
        ("POST", ["clock"]) => move_clock(center, request),
        (_, ["faults"]) => faults::handle(center, request),
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
    let locale = fields.text("locale")?.map_or_else(|| center.locale.clone(), Locale);
    if !center.locales.contains(&locale) {
        return Err(Refusal::parameter_invalid("Unknown locale"));
    }
    let publish = fields.flag("publish")?.unwrap_or(false);
    let state = match fields.state()? {
        Some(State::Draft) => Some(State::Draft),
        _ => publish.then_some(State::Published),
    };
    let author = text(&article, &center.locale).content.author;
    let mut saver = Saver { by, via: Via::Web, ..saver(center, article.id, &mut counters) };
    changes.versions.extend(article.edit(&locale, edit, state, author, &mut saver)?);
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
    carry_out_schedules(center)?;
    Ok(json!({"now": now}))
}
