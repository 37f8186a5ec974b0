//! The control endpoints below `/_local/`: a teammate's edits, the clock, and how long answers take. The
//! crate's documentation describes them.

use std::time::Duration;

use helpbook_model::{AdminId, Locale, State};
use serde_json::{Value, json};

use super::article_json::single;
use super::article_request::read_edit;
use super::articles::{carry_out_schedules, find, saver};
use super::faults;
use super::fields::Fields;
use super::workspace::{GRACE, is_admin};
use super::{Handled, HelpCenter, Request};
use crate::article::Saver;
use crate::refusal::Refusal;
use crate::store::Changes;
use crate::version::Via;

/// Answers a request below `/_local/`.
pub(super) fn handle(center: &mut HelpCenter, request: &Request, path: &[&str]) -> Handled {
    match (request.method.as_str(), path) {
        ("POST", ["articles", id, "editor"]) => edit(center, request, id),
        ("POST", ["clock"]) => move_clock(center, request),
        ("POST", ["pace"]) => set_pace(center, request),
        ("GET", ["requests"]) => Ok(counted(center)),
        (_, ["behaviour"]) => behave(center, request),
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
    let author = article.default_text(&center.locale).content.author;
    if fields.flag("discard")?.unwrap_or(false)
        && let Some(text) = article.texts.get_mut(&locale)
    {
        text.draft = None;
    }
    let mut saver = Saver { by, via: Via::Web, ..saver(center, article.id, &mut counters) };
    changes.versions.extend(article.edit(&locale, edit, state, author, &mut saver)?);
    let answer = single(center, &article);
    changes.articles.push(article);
    center.commit(changes, counters)?;
    Ok(answer)
}

fn set_pace(center: &mut HelpCenter, request: &Request) -> Handled {
    let fields = Fields::parse(&request.body)?;
    let refused = |error: std::num::TryFromIntError| Refusal::parameter_invalid(error.to_string());
    if let Some(latency) = fields.number("latency")? {
        center.latency = Duration::from_millis(u64::try_from(latency).map_err(refused)?);
    }
    if let Some(limit) = fields.number("limit")? {
        center.rate_limit.set_limit(u32::try_from(limit).map_err(refused)?);
    }
    let latency = u64::try_from(center.latency.as_millis()).unwrap_or(u64::MAX);
    Ok(json!({"latency": latency, "limit": center.rate_limit.limit()}))
}

/// `/_local/behaviour`.
fn behave(center: &mut HelpCenter, request: &Request) -> Handled {
    match request.method.as_str() {
        "GET" => {}
        "POST" => {
            let mut behaviour = center.behaviour.clone();
            for (name, value) in Fields::parse(&request.body)?.texts()? {
                behaviour.set(&name, &value).map_err(|error| Refusal::parameter_invalid(error.to_string()))?;
            }
            center.behaviour = behaviour;
        }
        "DELETE" => center.behaviour = center.started_with.clone(),
        _ => return Err(Refusal::not_found()),
    }
    Ok(center.behaviour.shown())
}

/// How many requests there were, by method and status, and how many passed in each window of the
/// rate limit that had any.
fn counted(center: &HelpCenter) -> Value {
    json!({"counts": center.log.counts(), "windows": center.rate_limit.windows()})
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
