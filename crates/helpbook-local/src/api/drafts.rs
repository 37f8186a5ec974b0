//! `/articles/{id}/draft` and `/articles/{id}/draft/publish` (docs/intercom.md 1.6).
//!
//! Where the facts are silent: a request that stages nothing in any locale stages the default
//! locale as it is.

use std::collections::BTreeMap;

use helpbook_model::Locale;

use super::article_json::{Side, item, single};
use super::article_request::ArticleRequest;
use super::articles::{find, saver};
use super::fields::Fields;
use super::{Handled, HelpCenter, Request};
use crate::content::Edit;
use crate::refusal::Refusal;
use crate::store::Changes;

/// Answers a request of `/articles/{id}/draft`.
pub(super) fn handle(center: &mut HelpCenter, request: &Request, id: &str, path: &[&str]) -> Handled {
    match (request.method.as_str(), path) {
        ("GET", []) => {
            let article = find(center, id)?;
            if article.has_draft() { Ok(item(center, article, Side::Draft)) } else { Err(Refusal::no_draft_here()) }
        }
        ("PUT", []) => stage(center, request, id),
        ("POST", ["publish"]) => publish(center, request, id),
        _ => Err(Refusal::not_found()),
    }
}

fn stage(center: &mut HelpCenter, request: &Request, id: &str) -> Handled {
    let mut article = find(center, id)?.clone();
    let mut changes = Changes::default();
    let mut counters = center.store.counters;
    // Other fields than the text are validated, then ignored.
    let asked = ArticleRequest::read(center, request, &mut counters, &mut changes)?;
    asked.schedule.check(None, article.past(), center.clock.now())?;
    let others = asked.others.into_iter().map(|(locale, change)| (locale, change.edit));
    let mut edits: BTreeMap<Locale, Edit> = others.filter(|(_, edit)| !edit.is_empty()).collect();
    if !asked.default.edit.is_empty() || edits.is_empty() {
        edits.insert(center.locale.clone(), asked.default.edit);
    }
    let mut saver = saver(center, article.id, &mut counters);
    changes.versions.extend(article.stage(edits, &mut saver)?);
    let answer = item(center, &article, Side::Draft);
    changes.articles.push(article);
    center.commit(changes, counters)?;
    Ok(answer)
}

fn publish(center: &mut HelpCenter, request: &Request, id: &str) -> Handled {
    let mut article = find(center, id)?.clone();
    let named = Fields::parse(&request.body)?.list("locales")?.unwrap_or_default();
    let mut locales: Vec<Locale> = named.into_iter().map(Locale).collect();
    if locales.is_empty() {
        if center.locales.len() > 1 && article.has_draft() {
            return Err(Refusal::locales_missing());
        }
        locales.push(center.locale.clone());
    }
    let mut counters = center.store.counters;
    let mut saver = saver(center, article.id, &mut counters);
    article.publish_drafts(&locales, &mut saver)?;
    let answer = single(center, &article);
    center.commit(Changes { articles: vec![article], ..Changes::default() }, counters)?;
    Ok(answer)
}
