//! How long to wait, as pure functions of what an answer said.

use std::time::Duration;

/// The longest wait for a quota, in seconds: a window is ten, a minute is generous (FACTS 4).
const LONGEST_QUOTA: u64 = 60;

/// How often a request is tried before it counts as failed.
pub(super) const TRIES: u32 = 4;

/// What the headers of an answer say about the quota.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Quota {
    /// `X-RateLimit-Remaining`
    pub remaining: Option<u64>,
    /// `X-RateLimit-Reset`: absolute, in Unix seconds.
    pub reset: Option<u64>,
    /// `Retry-After`, in seconds. Not documented, but seen.
    pub retry_after: Option<u64>,
}

impl Quota {
    /// How long to wait after a 429: as long as it says, else until the window ends, else ten
    /// seconds.
    pub fn after_429(self, now: u64) -> Duration {
        let seconds = match (self.retry_after, self.reset) {
            (Some(seconds), _) => seconds,
            (None, Some(reset)) => reset.saturating_sub(now).max(1),
            (None, None) => 10,
        };
        Duration::from_secs(seconds.min(LONGEST_QUOTA))
    }

    /// How long nothing more should be sent: until the window ends where the quota is used up.
    pub fn pause(self, now: u64) -> Option<Duration> {
        match (self.remaining, self.reset) {
            (Some(0), Some(reset)) if reset > now => Some(Duration::from_secs((reset - now).min(LONGEST_QUOTA))),
            _ => None,
        }
    }
}

/// How long to wait before a failed request is tried again: growing, and spread by up to a half so
/// that many clients do not come back at once. `tries` counts from 1; `random` is 0 to 255.
pub(super) fn backoff(tries: u32, random: u8) -> Duration {
    let base = 250 * 2_u64.pow(tries.min(6));
    Duration::from_millis(base / 2 + base * u64::from(random) / 512)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_429_waits_as_long_as_it_says() {
        let quota = Quota { remaining: Some(0), reset: Some(107), retry_after: Some(3) };
        assert_eq!(quota.after_429(100), Duration::from_secs(3));
        assert_eq!(Quota { retry_after: None, ..quota }.after_429(100), Duration::from_secs(7));
        assert_eq!(Quota { reset: Some(9_999), retry_after: None, ..quota }.after_429(100), Duration::from_secs(60));
        assert_eq!(Quota::default().after_429(100), Duration::from_secs(10));
        assert_eq!(Quota { retry_after: Some(0), ..quota }.after_429(100), Duration::ZERO);
    }

    #[test]
    fn a_used_up_quota_pauses_until_the_window_ends() {
        let quota = Quota { remaining: Some(0), reset: Some(104), retry_after: None };
        assert_eq!(quota.pause(100), Some(Duration::from_secs(4)));
        assert_eq!(quota.pause(104), None);
        assert_eq!(Quota { remaining: Some(1), ..quota }.pause(100), None);
    }

    #[test]
    fn waits_grow_and_are_spread() {
        assert!(backoff(1, 0) < backoff(2, 0));
        assert!(backoff(1, 0) < backoff(1, 255));
        assert!(backoff(99, 255) < Duration::from_secs(60));
    }
}
