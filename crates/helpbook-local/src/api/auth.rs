//! What a request must show before it is read: the token.

use sha2::{Digest as _, Sha256};

use super::Request;
use crate::refusal::Refusal;

/// Checks that the request shows the token. Digests are compared, so that the time it takes says nothing.
///
/// # Errors
/// A 401.
pub(super) fn check_token(request: &Request, token: &str) -> Result<(), Refusal> {
    let shown = request.authorization.as_deref().and_then(|value| {
        let (scheme, shown) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(shown.trim())
    });
    if shown.is_some_and(|shown| Sha256::digest(shown) == Sha256::digest(token)) {
        Ok(())
    } else {
        Err(Refusal::unauthorized("Access Token Invalid"))
    }
}
