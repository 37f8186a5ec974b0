//! What a request must show before it is read: the token and the version (docs/intercom.md 1.1).

use sha2::{Digest as _, Sha256};

use super::Request;
use crate::refusal::Refusal;

/// The one version that is served.
const VERSION: &str = "2.16";

/// The other versions that exist. They are known, and lack what is served here.
const OTHER_VERSIONS: [&str; 21] = [
    "1.0", "1.1", "1.2", "1.3", "1.4", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9", "2.10",
    "2.11", "2.12", "2.13", "2.14", "2.15",
];

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

/// Checks that the request asks for the version that is served. One without a version gets the
/// workspace's default at Intercom, an old one; here that is refused like any old one.
///
/// # Errors
/// A 400.
pub(super) fn check_version(request: &Request) -> Result<(), Refusal> {
    match request.version.as_deref() {
        Some(VERSION) => Ok(()),
        None => Err(lacking()),
        Some(version) if OTHER_VERSIONS.contains(&version) => Err(lacking()),
        Some(_) => Err(Refusal::version_invalid("The requested version could not be found")),
    }
}

fn lacking() -> Refusal {
    Refusal::version_invalid("Requested resource is not available in current API version.")
}
