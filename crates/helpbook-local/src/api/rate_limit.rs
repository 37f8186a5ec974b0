//! The rate limit: how many requests a window of ten seconds allows (docs/intercom.md 4).

use crate::refusal::Refusal;

/// The length of a window of the rate limit, in seconds.
const WINDOW: i64 = 10;

/// The requests of the current window.
#[derive(Debug)]
pub(super) struct RateLimit {
    limit: u32,
    window: i64,
    used: u32,
    /// How many passed in the windows before this one, the oldest first.
    before: Vec<u32>,
}

/// The numbers of the `X-RateLimit-*` headers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RateLimitHeaders {
    pub limit: u32,
    pub remaining: u32,
    /// Unix seconds.
    pub reset: i64,
}

impl RateLimit {
    /// A limit of requests per window of ten seconds.
    pub(super) fn new(limit: u32) -> Self {
        Self { limit, window: 0, used: 0, before: Vec::new() }
    }

    /// How many requests a window allows.
    pub(super) fn limit(&self) -> u32 {
        self.limit
    }

    /// Changes how many requests a window allows.
    pub(super) fn set_limit(&mut self, limit: u32) {
        self.limit = limit;
    }

    /// How many requests passed in each window that had any, the oldest first.
    pub(super) fn windows(&self) -> Vec<u32> {
        self.before.iter().copied().chain(Some(self.used).filter(|used| *used > 0)).collect()
    }

    /// Counts a request: the headers of its answer, and a 429 where it may not pass.
    pub(super) fn count(&mut self, now: i64) -> (RateLimitHeaders, Result<(), Refusal>) {
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
        let headers = RateLimitHeaders {
            limit: self.limit,
            remaining: self.limit.saturating_sub(self.used),
            reset: (window + 1) * WINDOW,
        };
        (headers, passes)
    }
}
