//! What a request must show before it is looked at: the token, the pace, the version
//! (FACTS 1.1 and 4).

use sha2::{Digest as _, Sha256};

use super::Request;
use crate::refusal::Refusal;

/// The one version that is served.
const VERSION: &str = "2.16";

/// Those that exist besides. They are known, and lack what is served here.
const OTHER_VERSIONS: [&str; 21] = [
    "1.0", "1.1", "1.2", "1.3", "1.4", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9", "2.10",
    "2.11", "2.12", "2.13", "2.14", "2.15",
];

/// The length of a window of the rate limit, in seconds.
const WINDOW: i64 = 10;

/// The requests of the current window.
#[derive(Debug)]
pub(super) struct Pace {
    limit: u32,
    window: i64,
    used: u32,
    /// How many passed in the windows before this one, the oldest first.
    before: Vec<u32>,
}

/// The numbers of the `X-RateLimit-*` headers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PaceHeaders {
    pub limit: u32,
    pub remaining: u32,
    /// Unix seconds.
    pub reset: i64,
}

impl Pace {
    pub(super) fn new(limit: u32) -> Self {
        Self { limit, window: 0, used: 0, before: Vec::new() }
    }

    /// Requests per window.
    pub(super) fn limit(&self) -> u32 {
        self.limit
    }

    /// Allows another number of requests per window.
    pub(super) fn set_limit(&mut self, limit: u32) {
        self.limit = limit;
    }

    /// How many requests passed in each window that had any, the oldest first.
    pub(super) fn windows(&self) -> Vec<u32> {
        self.before.iter().copied().chain(Some(self.used).filter(|used| *used > 0)).collect()
    }

    /// Counts a request. The second value is whether it may pass.
    pub(super) fn count(&mut self, now: i64) -> (PaceHeaders, Result<(), Refusal>) {
        let window = now.div_euclid(WINDOW);
        if window != self.window {
            self.window = window;
            self.before.extend(Some(self.used).filter(|used| *used > 0));
            self.used = 0;
        }
        let passes = if self.used < self.limit {
            self.used += 1;
            Ok(())
        } else {
            Err(Refusal::rate_limited(self.limit))
        };
        let headers = PaceHeaders {
            limit: self.limit,
            remaining: self.limit.saturating_sub(self.used),
            reset: (window + 1) * WINDOW,
        };
        (headers, passes)
    }
}

/// Whether the request shows the token. It is compared by its digest, so that the time it takes
/// says nothing.
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

/// Whether the request asks for the version that is served. One without a version gets the
/// workspace's default at Intercom, an old one; here that is refused like any old one.
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
