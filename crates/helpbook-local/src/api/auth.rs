//! What a request must show before it is read: the token, and that it takes JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::Request;
use crate::refusal::Refusal;

/// Checks that the request shows the token: as a bearer, or as the password of an app. Digests are compared, so that
/// the time it takes says nothing.
///
/// # Errors
/// A 401.
pub(super) fn check_token(request: &Request, token: &str) -> Result<(), Refusal> {
    let shown = request.authorization.as_deref().and_then(|value| {
        let (scheme, shown) = value.split_once(' ')?;
        let shown = shown.trim();
        match scheme.to_ascii_lowercase().as_str() {
            "bearer" => Some(shown.to_owned()),
            "basic" => {
                let pair = String::from_utf8(STANDARD.decode(shown).ok()?).ok()?;
                Some(pair.split_once(':')?.1.to_owned())
            }
            _ => None,
        }
    });
    if shown.is_some_and(|shown| Sha256::digest(shown) == Sha256::digest(token)) {
        Ok(())
    } else {
        Err(Refusal::unauthorized("Access Token Invalid"))
    }
}

/// Checks that the request takes JSON. One that says nothing takes anything.
///
/// # Errors
/// A 406.
pub(super) fn check_accept(request: &Request) -> Result<(), Refusal> {
    let Some(accept) = &request.accept else { return Ok(()) };
    let takes_json = |range: &str| {
        let kind = range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        ["*/*", "application/*", "application/json"].contains(&kind.as_str())
    };
    if accept.split(',').any(takes_json) { Ok(()) } else { Err(Refusal::not_acceptable()) }
}
