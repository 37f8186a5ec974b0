//! What a fault does to an answer, and `/_local/faults`, which sets faults while the server runs.
//!
//! The control endpoints and the images of the docs meet none. The request log shows a fault as
//! `fault=NAME`.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::rate_limit::RateLimitHeaders;
use super::{Answer, Delivery, Handled, HelpCenter, Origin, Request, Success, examples, is_control};
use crate::faults::{Asks, Drawn, Fault, Faults};
use crate::history::LONGEST;
use crate::refusal::Refusal;

/// What a request meets, if anything.
pub(super) fn draw(center: &mut HelpCenter, request: &Request) -> Option<Drawn> {
    if is_control(request) {
        return None;
    }
    let path = request.path.trim_matches('/');
    let is_list = request.method == "GET" && is_list(path);
    let asks = if is_list { Asks::ForAList } else { Asks::ForOther };
    let drawn = center.chance.draw(&format!("{} {path}?{}", request.method, request.query), asks)?;
    (is_list || !drawn.fault.is_of_lists()).then_some(drawn)
}

/// Whether a path is that of a list which can be stale or short: articles, collections, versions of an article.
fn is_list(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts.as_slice(), ["articles"] | ["help_center", "collections"] | ["articles", _, "versions"])
}

/// Answers a request that meets a fault, and notes it.
pub(super) fn answer(center: &mut HelpCenter, request: &Request, drawn: Drawn, request_id: String) -> Answer {
    let Drawn { fault, number } = drawn;
    let refused = |refusal: Refusal| (refusal.status, refusal.body(&request_id), None);
    let (status, body, rate_limit) = match fault {
        // A status that is none: the client gets no answer.
        Fault::DropBefore => (0, None, None),
        Fault::TooMany | Fault::TooManyBare => {
            let (status, body, _) = refused(Refusal::rate_limited(center.rate_limit.limit()));
            // A client waits by the real time, whatever this server's clock says.
            let wait = i64::try_from(center.chance.faults.retry_after).unwrap_or(i64::MAX);
            let reset = jiff::Timestamp::now().as_second().saturating_add(wait);
            (status, body, Some(RateLimitHeaders { limit: center.rate_limit.limit(), remaining: 0, reset }))
        }
        Fault::ErrorBefore => refused(Refusal::out_of_service(number)),
        Fault::StaleList => {
            let then = center.clock.now() - 1 - i64::try_from(number).unwrap_or_default().rem_euclid(LONGEST);
            as_of(center, |center| carry_out(center, request, &request_id), then)
        }
        Fault::ShortList => {
            let (status, mut body, rate_limit) = carry_out(center, request, &request_id);
            shorten(center, body.as_mut());
            (status, body, rate_limit)
        }
        Fault::ErrorAfter => {
            let (_, _, rate_limit) = carry_out(center, request, &request_id);
            let (status, body, _) = refused(Refusal::out_of_service(number));
            (status, body, rate_limit)
        }
        Fault::Latency | Fault::DropAfter | Fault::Slow | Fault::Truncated | Fault::WrongType => {
            carry_out(center, request, &request_id)
        }
    };
    let delay = center.chance.faults.delay;
    let delivery = match fault {
        Fault::DropBefore | Fault::DropAfter => Delivery::Dropped,
        Fault::Latency => Delivery::Late(delay),
        Fault::Slow => Delivery::Slow(delay),
        Fault::Truncated => Delivery::Truncated,
        Fault::WrongType => Delivery::WrongType,
        _ => Delivery::Whole,
    };
    let retry_after = (fault == Fault::TooMany).then_some(center.chance.faults.retry_after);
    center.effects.push(format!("fault={fault}"));
    center.note(request, status);
    let is_example = (200..400).contains(&status) && examples::operation(request).is_some();
    let origin = if is_example { Origin::Example } else { Origin::HelpCenter };
    Answer { status, body, origin, rate_limit, request_id, delivery, retry_after, latency: center.latency }
}

type Outcome = (u16, Option<Value>, Option<RateLimitHeaders>);

fn carry_out(center: &mut HelpCenter, request: &Request, request_id: &str) -> Outcome {
    let mut rate_limit = None;
    match center.handle(request, &mut rate_limit) {
        Ok(Success { status, body, .. }) => (status, body, rate_limit),
        Err(refusal) => (refusal.status, refusal.body(request_id), rate_limit),
    }
}

/// Carries out a request that reads, with articles, their versions and collections as they were.
pub(super) fn as_of<T>(center: &mut HelpCenter, read: impl FnOnce(&mut HelpCenter) -> T, then: i64) -> T {
    let (mut articles, mut collections) = (center.store.articles.clone(), center.store.collections.clone());
    center.history.undo(then, &mut articles, &mut collections);
    let articles = std::mem::replace(&mut center.store.articles, articles);
    let collections = std::mem::replace(&mut center.store.collections, collections);
    center.seen_until = Some(then);
    let outcome = read(center);
    center.seen_until = None;
    center.store.articles = articles;
    center.store.collections = collections;
    outcome
}

/// Takes one record out of a page: always the one that its id says, so that a list stays short.
fn shorten(center: &HelpCenter, body: Option<&mut Value>) {
    let Some(Value::Array(records)) = body.and_then(|body| body.get_mut("data")) else { return };
    let least = (0..records.len()).min_by_key(|at| center.chance.number_of(&records[*at]["id"].to_string()));
    if let Some(at) = least {
        records.remove(at);
    }
}

/// `/_local/faults`.
pub(super) fn handle(center: &mut HelpCenter, request: &Request) -> Handled {
    match request.method.as_str() {
        "GET" => {}
        "POST" => set(center, request)?,
        "DELETE" => {
            center.chance.faults = Faults::default();
            center.chance.next.clear();
        }
        _ => return Err(Refusal::not_found()),
    }
    Ok(show(center))
}

fn set(center: &mut HelpCenter, request: &Request) -> Result<(), Refusal> {
    let fields = Fields::parse(&request.body)?;
    let refused = |error: &dyn std::fmt::Display| Refusal::parameter_invalid(error.to_string());
    let whole = |name: &str| match fields.number(name)? {
        Some(number) => u64::try_from(number).map(Some).map_err(|error| refused(&format!("{name}: {error}"))),
        None => Ok(None),
    };
    let mut faults = match fields.text("rates")? {
        Some(rates) => {
            let Faults { seed, delay, retry_after, .. } = center.chance.faults;
            let mut faults: Faults = rates.parse().map_err(|error| refused(&error))?;
            (faults.seed, faults.delay, faults.retry_after) = (seed, delay, retry_after);
            faults
        }
        None => center.chance.faults.clone(),
    };
    faults.seed = whole("seed")?.unwrap_or(faults.seed);
    faults.delay = whole("delay")?.map_or(faults.delay, Duration::from_millis);
    faults.retry_after = whole("retry_after")?.unwrap_or(faults.retry_after);
    let next = fields.list("next")?.unwrap_or_default();
    let next = next.iter().map(|name| match name.as_str() {
        "none" => Ok(None),
        name => name.parse().map(Some).map_err(|error| refused(&error)),
    });
    let next: Vec<Option<Fault>> = next.collect::<Result<_, _>>()?;
    center.chance.faults = faults;
    center.chance.next.extend(next);
    Ok(())
}

fn show(center: &HelpCenter) -> Value {
    let faults = &center.chance.faults;
    let rates: Map<String, Value> = faults.rates().map(|(fault, rate)| (fault.to_string(), json!(rate))).collect();
    let next: Vec<&str> = center.chance.next.iter().map(|fault| fault.map_or("none", Fault::name)).collect();
    json!({
        "seed": faults.seed,
        "delay": u64::try_from(faults.delay.as_millis()).unwrap_or(u64::MAX),
        "retry_after": faults.retry_after,
        "rates": rates,
        "next": next,
    })
}
