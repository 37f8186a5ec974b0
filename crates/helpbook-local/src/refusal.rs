//! An answer that is not a success: its status, and which of Intercom's three shapes it has
//! (docs/intercom.md 1.6 and 4).

use serde_json::{Value, json};

/// A request that was refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    /// The HTTP status.
    pub status: u16,
    shape: Shape,
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    /// `{"type":"error.list", …}`.
    List { code: &'static str, message: String },
    /// `{"errors":[{"message":…,"status":…}]}`: never published, and no draft.
    Short { message: &'static str },
    /// No body: the 404 of a draft that is not there.
    Empty,
}

impl Refusal {
    fn list(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, shape: Shape::List { code, message: message.into() } }
    }

    /// A 400 for a value that cannot be.
    pub(super) fn parameter_invalid(message: impl Into<String>) -> Self {
        Self::list(400, "parameter_invalid", message)
    }

    /// A body that Intercom does not take.
    pub(super) fn invalid_body(message: &str) -> Self {
        Self::parameter_invalid(format!("body: {message}"))
    }

    /// Markdown that cannot be.
    pub(super) fn invalid_markdown(message: &str) -> Self {
        Self::parameter_invalid(format!("body_markdown: {message}"))
    }

    /// A 406.
    pub(super) fn not_acceptable() -> Self {
        Self::list(406, "not_acceptable", "The Accept header must allow application/json")
    }

    /// A 400 for a field that is missing.
    pub(super) fn parameter_not_found(message: impl Into<String>) -> Self {
        Self::list(400, "parameter_not_found", message)
    }

    /// A version of the API that is not this one.
    pub(super) fn version_invalid(message: &str) -> Self {
        Self::list(400, "intercom_version_invalid", message)
    }

    /// A 401.
    pub(super) fn unauthorized(message: &str) -> Self {
        Self::list(401, "unauthorized", message)
    }

    /// A 403.
    pub(super) fn forbidden(message: &str) -> Self {
        Self::list(403, "forbidden", message)
    }

    /// No such record, path or method: they are all the same to Intercom.
    pub(super) fn not_found() -> Self {
        Self::list(404, "not_found", "Resource Not Found")
    }

    /// A 413.
    pub(super) fn too_large() -> Self {
        Self::list(413, "client_error", "Request body is too large")
    }

    /// The 404 of a draft that is not there.
    pub(super) fn no_draft_here() -> Self {
        Self { status: 404, shape: Shape::Empty }
    }

    /// The short 422 of a draft for a text that is not live.
    pub(super) fn never_published() -> Self {
        let message = "Article must be published before a draft can be staged";
        Self { status: 422, shape: Shape::Short { message } }
    }

    /// The short 422 of publishing a draft that is not there.
    pub(super) fn no_draft_to_publish() -> Self {
        Self { status: 422, shape: Shape::Short { message: "Article has no draft to publish" } }
    }

    /// A multilingual Help Center publishes only locales that are named.
    pub(super) fn locales_missing() -> Self {
        let message = "locales must be specified to publish a draft on a multilingual workspace";
        Self::list(422, "parameter_not_found", message)
    }

    /// The 404 of tagging an article that is not there.
    pub(super) fn article_not_found() -> Self {
        Self::list(404, "article_not_found", "Article not found")
    }

    /// The 404 of a teammate who is not there.
    pub(super) fn admin_not_found() -> Self {
        Self::list(404, "admin_not_found", "Admin not found")
    }

    /// The 404 of a tag that is not there.
    pub(super) fn tag_not_found() -> Self {
        Self::list(404, "tag_not_found", "Tag not found")
    }

    /// The 400 of deleting a tag that something has.
    pub(super) fn tag_in_use() -> Self {
        Self::list(400, "tag_has_dependent_objects", "Unable to delete Tag with dependent objects.")
    }

    /// A 409.
    pub(super) fn conflict(message: &str) -> Self {
        Self::list(409, "resource_conflict", message)
    }

    /// What `/audiences` answers to a name that cannot be.
    pub(super) fn validation_error(message: &str) -> Self {
        Self::list(422, "validation_error", message)
    }

    /// A draft of other locales than those that were named.
    pub(super) fn locale_unchanged(locales: &str) -> Self {
        let message = format!("Cannot publish a draft for locale(s) without pending changes: {locales}");
        Self::list(422, "parameter_invalid", message)
    }

    /// The 422 of wrong data.
    pub(super) fn data_invalid(message: &str) -> Self {
        Self::list(422, "data_invalid", message)
    }

    /// The 429 where a window of the rate limit is used up.
    pub(super) fn rate_limited(limit: u32) -> Self {
        let message = format!("Exceeded rate limit of {limit} in 10_seconds");
        Self::list(429, "rate_limit_exceeded", message)
    }

    /// The store failed.
    pub(super) fn server_error(message: impl Into<String>) -> Self {
        Self::list(500, "server_error", message)
    }

    /// Intercom has a bad moment; `number` chooses which.
    pub(super) fn out_of_service(number: u64) -> Self {
        match number % 3 {
            0 => Self::list(500, "server_error", "Server Error"),
            1 => Self::list(502, "server_error", "Bad Gateway"),
            _ => Self::list(503, "service_unavailable", "Sorry, the API service is temporarily unavailable"),
        }
    }

    /// The body of the answer, if it has one.
    pub(super) fn body(&self, request_id: &str) -> Option<Value> {
        match &self.shape {
            Shape::List { code, message } => Some(json!({
                "type": "error.list",
                "request_id": request_id,
                "errors": [{"code": code, "message": message}],
            })),
            Shape::Short { message } => Some(json!({
                "errors": [{"message": message, "status": self.status}],
            })),
            Shape::Empty => None,
        }
    }
}
