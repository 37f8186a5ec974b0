//! Operations outside the Help Center: an example in place of an answer.
//!
//! Every operation of the catalogue can be sent here and answered, so that a request can be tried without a workspace.
//! What is kept here answers as Intercom does and is none of these. An example is made of the types of the answer, is
//! the same each time, and has the header `X-Helpbook-Example`. Nothing is stored, and nothing is checked but that a
//! body is JSON.

use helpbook_catalogue::{Catalogue, Method, Operation, Scope};
use serde::de::IgnoredAny;

use super::{Origin, Request, Success};
use crate::refusal::Refusal;

/// Where the paths of what is kept here start; of teammates only these two operations are.
const KEPT: [&str; 5] = ["/articles", "/audiences", "/help_center", "/me", "/tags"];

/// The operation that an example answers; `None` for what is kept here and for what nobody knows.
pub(super) fn operation(request: &Request) -> Option<&'static Operation> {
    let method = Method::of_name(&request.method)?;
    let path = format!("/{}", request.path.trim_matches('/'));
    let operation = Catalogue::get().find(method, &path).filter(|one| one.scope == Scope::Described)?;
    let starts =
        |start: &&str| operation.path.strip_prefix(*start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let is_teammate = method == Method::Get && ["/admins", "/admins/{admin_id}"].contains(&operation.path.as_str());
    (!is_teammate && !KEPT.iter().any(starts)).then_some(operation)
}

/// The example.
///
/// # Errors
/// A 400 for a body that is not JSON.
pub(super) fn answer(operation: &Operation, request: &Request) -> Result<Success, Refusal> {
    if !request.body.is_empty() && serde_json::from_slice::<IgnoredAny>(&request.body).is_err() {
        return Err(Refusal::parameter_invalid("the body is not JSON"));
    }
    let body = Catalogue::get().example(operation);
    Ok(Success { status: operation.answer.status, body, origin: Origin::Example })
}
