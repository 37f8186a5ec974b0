//! How long to wait before a request, computed from the headers of earlier answers.

use std::time::Duration;

/// The longest wait for a quota, in seconds: a window is ten, a minute is generous (docs/intercom.md 4).
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
    /// How long to wait after a 429: `Retry-After`, else until the window ends, else ten seconds.
    pub fn after_429(self, now: u64) -> Duration {
        let seconds = match (self.retry_after, self.reset) {
            (Some(seconds), _) => seconds,
            (None, Some(reset)) => reset.saturating_sub(now).max(1),
            (None, None) => 10,
        };
        Duration::from_secs(seconds.min(LONGEST_QUOTA))
    }
}

/// What is left of the quota in the current window, as far as answers said. Times are Unix milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Window {
    /// How many requests may still be sent, and when the window ends.
    left: Option<(u64, u64)>,
}

impl Window {
    /// Takes one request out of what is left. Where nothing is left, returns how long to wait before trying again.
    pub fn take(&mut self, now: u64) -> Option<Duration> {
        match &mut self.left {
            Some((_, end)) if *end <= now => self.left = None,
            Some((0, end)) => return Some(Duration::from_millis(*end - now)),
            Some((left, _)) => *left -= 1,
            None => {}
        }
        None
    }

    /// Updates the window with the headers of an answer. `under_way` is the number of requests that were sent and
    /// not answered, which the answer may not count.
    pub fn update(&mut self, quota: Quota, under_way: u64, now: u64) {
        let (Some(remaining), Some(reset)) = (quota.remaining, quota.reset) else { return };
        let end = reset.saturating_mul(1000).min(now + LONGEST_QUOTA * 1000);
        if end <= now {
            return;
        }
        let remaining = remaining.saturating_sub(under_way);
        let known = self.left.filter(|(_, known)| *known >= end);
        match known {
            // The answer may be older than what is known.
            Some((left, known)) if known == end => self.left = Some((left.min(remaining), end)),
            Some(_) => {}
            None => self.left = Some((remaining, end)),
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
        let after = |quota| {
            let mut window = Window::default();
            window.update(quota, 0, 100_000);
            window
        };
        assert_eq!(after(quota).take(100_000), Some(Duration::from_secs(4)));
        assert_eq!(after(quota).take(103_990), Some(Duration::from_millis(10)));
        assert_eq!(after(quota).take(104_000), None);
        assert_eq!(after(Quota { remaining: Some(1), ..quota }).take(100_000), None);
        assert_eq!(after(Quota { reset: Some(9_999), ..quota }).take(100_000), Some(Duration::from_secs(60)));
    }

    #[test]
    fn no_more_is_sent_than_is_left_with_what_is_under_way() {
        let mut window = Window::default();
        let quota = |remaining| Quota { remaining: Some(remaining), reset: Some(110), retry_after: None };
        window.update(quota(5), 3, 100_000);
        assert_eq!([window.take(100_000), window.take(100_000)], [None, None]);
        assert!(window.take(100_000).is_some());
        // An answer that was sent before those is no news; one of the next window is.
        window.update(quota(4), 0, 100_001);
        assert!(window.take(100_001).is_some());
        window.update(Quota { reset: Some(120), ..quota(9) }, 0, 100_002);
        assert_eq!(window.take(100_002), None);
        window.update(quota(0), 0, 100_003);
        assert_eq!(window.take(100_003), None);
    }

    #[test]
    fn waits_grow_and_are_spread() {
        assert!(backoff(1, 0) < backoff(2, 0));
        assert!(backoff(1, 0) < backoff(1, 255));
        assert!(backoff(99, 255) < Duration::from_secs(60));
    }
}
