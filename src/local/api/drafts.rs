//! `/articles/{id}/draft` and `/articles/{id}/draft/publish` (FACTS 1.6).

use serde_json::{Value, json};

use super::articles::{
    find, item, next_save, read_availability, read_edit, read_fields, read_parent, single, text, text_mut,
};
use super::fields::Fields;
use super::workspace::default_locale;
use super::{Handled, HelpCenter, Request};
use crate::local::article::{Article, Draft};
use crate::local::refusal::Refusal;
use crate::local::store::Changes;

pub(super) fn handle(center: &mut HelpCenter, request: &Request, id: &str, path: &[&str]) -> Handled {
    match (request.method.as_str(), path) {
        ("GET", []) => {
            let article = find(center, id)?;
            let draft = text(article, &default_locale()).draft.as_ref();
            Ok(with_draft(center, article, draft.ok_or_else(Refusal::no_draft_here)?))
        }
        ("PUT", []) => stage(center, request, id),
        ("POST", ["publish"]) => publish(center, request, id),
        _ => Err(Refusal::not_found()),
    }
}

fn stage(center: &mut HelpCenter, request: &Request, id: &str) -> Handled {
    let mut article = find(center, id)?.clone();
    let fields = read_fields(request)?;
    let mut changes = Changes::default();
    let mut counters = center.store.counters;
    let edit = read_edit(center, &fields, &mut counters, &mut changes)?;
    // Other fields are validated, then ignored.
    fields.state()?;
    read_parent(center, &fields)?;
    read_availability(&fields, article.availability)?;

    let locale = default_locale();
    let save = next_save(center, article.id, &locale, &mut counters);
    let text = text_mut(&mut article, &locale)?;
    changes.versions.push(text.stage(edit, &save)?);
    let draft = text.draft.clone().ok_or_else(Refusal::no_draft_here)?;
    let answer = with_draft(center, &article, &draft);
    changes.articles.push(article);
    center.commit(changes, counters)?;
    Ok(answer)
}

fn publish(center: &mut HelpCenter, request: &Request, id: &str) -> Handled {
    let mut article = find(center, id)?.clone();
    let locale = default_locale();
    let named = Fields::parse(&request.body)?.list("locales")?.unwrap_or_default();
    let mut counters = center.store.counters;
    let save = next_save(center, article.id, &locale, &mut counters);
    text_mut(&mut article, &locale)?.publish_draft(&save)?;
    let others: Vec<String> = named.into_iter().filter(|name| *name != locale.0).collect();
    if !others.is_empty() {
        return Err(Refusal::locale_unchanged(&others.join(", ")));
    }
    let answer = single(center, &article);
    center.commit(Changes { articles: vec![article], ..Changes::default() }, counters)?;
    Ok(answer)
}

/// The article with its draft's text. It is live all the while, and the answer says so.
fn with_draft(center: &HelpCenter, article: &Article, draft: &Draft) -> Value {
    let mut value = item(center, article);
    value["title"] = json!(draft.content.title);
    value["description"] = json!(draft.content.description);
    value["body"] = json!(center.sign(&draft.content.body));
    value["author_id"] = json!(draft.content.author);
    value["updated_at"] = json!(draft.updated_at);
    value["updated_by_id"] = json!(draft.updated_by);
    value
}
