//! The versions of the API: which a request asks for, and what each has (docs/intercom.md 1.1, 1.2).
//!
//! Everything is made as 2.16 has it. An older version lacks fields and paths, and has `parent_id`.

use serde_json::{Map, Value, json};

use super::Request;
use crate::refusal::Refusal;

/// A version that is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ApiVersion {
    /// 2.10 to 2.13.
    V2_10,
    /// 2.14 and 2.15, with tags.
    V2_14,
    /// 2.16, with drafts, versions, audiences and redirects.
    V2_16,
    /// `Preview`, also called `Unstable`.
    Preview,
}

/// Versions of another Help Center, with sections.
const WITH_SECTIONS: [&str; 15] =
    ["1.0", "1.1", "1.2", "1.3", "1.4", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9"];

/// What articles have from 2.16 on.
const FIELDS_OF_2_16: [&str; 13] = [
    "created_by_id",
    "updated_by_id",
    "has_unpublished_changes",
    "draft_updated_at",
    "audience_ids",
    "ai_chatbot_availability",
    "ai_copilot_availability",
    "ai_sales_agent_availability",
    "exclude_from_article_suggestions",
    "help_center_audience",
    "scheduled_publish_at",
    "scheduled_unpublish_at",
    "body_markdown",
];

impl ApiVersion {
    /// The version that a request asks for. One that names none gets that of its app; this app is new.
    ///
    /// # Errors
    /// A 400 for a version that is not served.
    pub(super) fn asked(request: &Request) -> Result<Self, Refusal> {
        match request.version.as_deref().map(str::trim) {
            None | Some("2.16") => Ok(Self::V2_16),
            Some("2.14" | "2.15") => Ok(Self::V2_14),
            Some("2.10" | "2.11" | "2.12" | "2.13") => Ok(Self::V2_10),
            Some(name) if ["preview", "unstable"].contains(&name.to_ascii_lowercase().as_str()) => Ok(Self::Preview),
            Some(name) if WITH_SECTIONS.contains(&name) => Err(lacking()),
            Some(_) => Err(Refusal::version_invalid("The requested version could not be found")),
        }
    }

    /// Whether the version has a path.
    ///
    /// # Errors
    /// A 400 where it has not.
    pub(super) fn has(self, path: &[&str]) -> Result<(), Refusal> {
        let is_new = matches!(
            path,
            ["articles", _, "draft" | "versions" | "tags", ..]
                | ["help_center", "help_centers", _, "redirects", ..]
                | ["audiences", ..]
        );
        if is_new && self < Self::V2_16 { Err(lacking()) } else { Ok(()) }
    }

    /// Takes from a request what the version does not know, as unknown fields are.
    pub(super) fn read(self, request: &Request) -> Option<Request> {
        if self >= Self::V2_16 || !["POST", "PUT"].contains(&request.method.as_str()) {
            return None;
        }
        let mut body: Value = serde_json::from_slice(&request.body).ok()?;
        each_text(body.as_object_mut()?, &mut |text| FIELDS_OF_2_16.iter().for_each(|name| drop(text.remove(*name))));
        Some(Request { body: serde_json::to_vec(&body).ok()?, ..request.clone() })
    }

    /// Gives a record the form that it has in this version.
    pub(super) fn shape(self, record: &mut Map<String, Value>) {
        match record.get("type").and_then(Value::as_str) {
            Some("article") => {}
            None if record.contains_key("website_turned_on") && self < Self::V2_16 => {
                record.remove("default");
                record.remove("locales");
                return;
            }
            _ => return,
        }
        if self == Self::Preview {
            record.insert("folder_id".to_owned(), Value::Null);
        }
        if self >= Self::V2_16 {
            return;
        }
        each_text(record, &mut |text| FIELDS_OF_2_16.iter().for_each(|name| drop(text.remove(*name))));
        if let Some(Value::Object(statistics)) = record.get_mut("statistics") {
            statistics.retain(|name, _| !name.starts_with("fin_"));
        }
        let parent = record.get("parent_ids").and_then(|parents| parents.get(0)).cloned();
        let parent = parent.as_ref().and_then(|id| id.as_u64().or_else(|| id.as_str()?.parse().ok()));
        record.insert("parent_id".to_owned(), json!(parent));
        record.insert("parent_type".to_owned(), json!(parent.map(|_| "collection")));
        if self < Self::V2_14 {
            record.remove("tags");
        }
    }
}

fn lacking() -> Refusal {
    Refusal::version_invalid("Requested resource is not available in current API version.")
}

/// The texts of an article: that at its root, and those of its locales.
pub(super) fn each_text(article: &mut Map<String, Value>, act: &mut dyn FnMut(&mut Map<String, Value>)) {
    if let Some(Value::Object(locales)) = article.get_mut("translated_content") {
        locales.values_mut().filter_map(Value::as_object_mut).for_each(&mut *act);
    }
    act(article);
}
