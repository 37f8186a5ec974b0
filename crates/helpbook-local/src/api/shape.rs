//! What a behaviour does to a request before it is carried out, and to an answer before it leaves.

use helpbook_model::State;
use serde_json::{Map, Value};

use super::api_version::{ApiVersion, each_text};
use super::faults::as_of;
use super::{HelpCenter, Request, Success, articles};
use crate::article::Saver;
use crate::behaviour::{
    Audiences, Autosave, CreatedVia, DraftFlag, Drafts, ListAge, ListBodies, Names, ParentIds, SameContent,
    Translations, UpdatedAt, UpdatedBy, Writes,
};
use crate::content::Edit;
use crate::refusal::Refusal;
use crate::store::Changes;
use crate::version::Via;

/// How late what is late is, in seconds.
const LATE: i64 = 3;

/// How many characters of a body are in a list that cuts them.
const SHORT: usize = 40;

/// Carries out a request as the behaviour has it.
pub(super) fn carry_out(
    center: &mut HelpCenter,
    request: &Request,
    path: &[&str],
    version: ApiVersion,
    carry_out: impl Fn(&mut HelpCenter) -> Result<Success, Refusal>,
) -> Result<Success, Refusal> {
    let is_write = request.method != "GET";
    if is_write && center.behaviour.writes == Writes::Elsewhere {
        return Err(Refusal::not_found());
    }
    if path.first() == Some(&"audiences") && center.behaviour.audiences == Audiences::Unauthorized {
        return Err(Refusal::unauthorized("Access Token Invalid"));
    }
    if center.behaviour.drafts == Drafts::Missing && matches!(path, ["articles", _, "draft", ..]) {
        return Err(Refusal::not_found());
    }
    if request.method == "PUT" && center.behaviour.autosave == Autosave::Between {
        autosave(center, path)?;
    }
    let is_list = !is_write && matches!(path, ["articles"] | ["help_center", "collections"]);
    let mut answer = if is_list && center.behaviour.list_age == ListAge::Late {
        let then = center.clock.now() - LATE;
        as_of(center, carry_out, then)?
    } else {
        let before = staged(center, path).filter(|_| request.method == "PUT");
        let answer = carry_out(center)?;
        if center.behaviour.same_content == SameContent::Refused && before.is_some() && before == staged(center, path) {
            return Err(Refusal::data_invalid("Nothing changed"));
        }
        answer
    };
    let number = i64::try_from(center.answers).unwrap_or_default();
    let nothing = &mut Value::Null;
    each(answer.body.as_mut().unwrap_or(nothing), is_list, &mut |record, is_in_list| {
        shape(center, record, is_in_list, number);
        version.shape(record);
    });
    Ok(answer)
}

/// What waits behind a live article, without the times.
fn staged(center: &HelpCenter, path: &[&str]) -> Option<Vec<crate::content::Content>> {
    let ["articles", id, "draft"] = path else { return None };
    let article = articles::find(center, id).ok()?;
    Some(article.texts.values().filter_map(|text| Some(text.draft.as_ref()?.content.clone())).collect())
}

/// A teammate has the article open, and the editor keeps a draft by itself.
fn autosave(center: &mut HelpCenter, path: &[&str]) -> Result<(), Refusal> {
    let ["articles", id, ..] = path else { return Ok(()) };
    let Ok(article) = articles::find(center, id) else { return Ok(()) };
    let mut article = article.clone();
    let locale = center.locale.clone();
    let text = article.default_text(&locale);
    if text.state != State::Published || article.has_draft() {
        return Ok(());
    }
    let author = text.content.author;
    let edit = Edit { body: Some(text.content.body.clone()), ..Edit::default() };
    let mut counters = center.store.counters;
    let mut saver = articles::saver(center, article.id, &mut counters);
    saver = Saver { by: super::workspace::GRACE, via: Via::Web, ..saver };
    let versions = article.edit(&locale, edit, None, author, &mut saver)?;
    center.commit(
        Changes { articles: vec![article], versions: versions.into_iter().collect(), ..Changes::default() },
        counters,
    )
}

/// Every record of an answer.
fn each(answer: &mut Value, is_in_list: bool, act: &mut dyn FnMut(&mut Map<String, Value>, bool)) {
    match answer {
        Value::Array(values) => values.iter_mut().for_each(|value| each(value, is_in_list, act)),
        Value::Object(record) => {
            for name in ["data", "articles", "tags"] {
                if let Some(inner) = record.get_mut(name) {
                    each(inner, is_in_list, act);
                }
            }
            act(record, is_in_list);
        }
        _ => {}
    }
}

fn shape(center: &HelpCenter, record: &mut Map<String, Value>, is_in_list: bool, number: i64) {
    let behaviour = &center.behaviour;
    match record.get("type").and_then(Value::as_str) {
        Some("article") => {}
        Some("article_version") => {
            if behaviour.created_via == CreatedVia::Missing {
                record.remove("created_via");
            }
            return;
        }
        Some("tag" | "audience") if behaviour.names == Names::Escaped => {
            if let Some(Value::String(name)) = record.get_mut("name") {
                *name = name
                    .replace('&', "&amp;")
                    .replace('<', "&lt;")
                    .replace('>', "&gt;")
                    .replace('\'', "&#39;")
                    .replace('"', "&quot;");
            }
            return;
        }
        _ => return,
    }
    if let Some(Value::Array(parents)) = record.get_mut("parent_ids") {
        match behaviour.parent_ids {
            ParentIds::Upwards => {}
            ParentIds::Downwards => parents.reverse(),
            ParentIds::Empty => parents.clear(),
        }
    }
    each_text(record, &mut |text| {
        if behaviour.updated_by == UpdatedBy::Missing {
            text.remove("updated_by_id");
        }
        let now = center.clock.now();
        match behaviour.draft_flag {
            DraftFlag::Given => {}
            DraftFlag::Late => {
                if text.get("draft_updated_at").and_then(Value::as_i64).is_some_and(|at| at > now - LATE) {
                    text.insert("has_unpublished_changes".to_owned(), false.into());
                }
            }
            DraftFlag::Missing => {
                text.remove("has_unpublished_changes");
                text.remove("draft_updated_at");
            }
        }
        match behaviour.updated_at {
            UpdatedAt::Moves => {}
            UpdatedAt::Still => {
                let at = text.get("created_at").cloned().unwrap_or_default();
                text.insert("updated_at".to_owned(), at);
            }
            UpdatedAt::Wanders => {
                let at = text.get("updated_at").and_then(Value::as_i64).unwrap_or_default();
                text.insert("updated_at".to_owned(), (at + number).into());
            }
        }
        match behaviour.list_bodies {
            ListBodies::Given => {}
            ListBodies::Missing if is_in_list => text.retain(|name, _| !name.starts_with("body")),
            ListBodies::Short if is_in_list => {
                for name in ["body", "body_markdown"] {
                    if let Some(Value::String(body)) = text.get_mut(name) {
                        *body = body.chars().take(SHORT).collect();
                    }
                }
            }
            ListBodies::Missing | ListBodies::Short => {}
        }
    });
    match behaviour.translations {
        Translations::Given => {}
        Translations::Null => {
            if record.contains_key("translated_content") {
                record.insert("translated_content".to_owned(), Value::Null);
            }
        }
        Translations::Missing => drop(record.remove("translated_content")),
        Translations::Partial => {
            if let Some(Value::Object(locales)) = record.get_mut("translated_content") {
                locales
                    .values_mut()
                    .filter_map(Value::as_object_mut)
                    .for_each(|text| text.retain(|name, _| !name.starts_with("body")));
            }
        }
    }
}
