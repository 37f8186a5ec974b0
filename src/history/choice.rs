//! Which version is meant: one that is named, one that was live at some time, or the docs of a commit.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::Evidence;
use crate::intercom::model::{State, Version};

/// What somebody goes back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// A version that Intercom keeps: all digits.
    Version(String),
    /// What was live at a time.
    Time(Timestamp),
    /// What the docs said in a commit.
    Commit(String),
}

/// What looks like a date is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date")]
pub struct BadDate(String);

impl To {
    /// Reads what was typed: digits are a version, a date is a time in UTC, anything else is a name of Git.
    ///
    /// # Errors
    /// Fails for what looks like a date and is none, such as `2026-02-30`.
    pub fn parse(text: &str) -> Result<Self, BadDate> {
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::Version(text.to_owned()));
        }
        Ok(match moment(text)? {
            Some(time) => Self::Time(time),
            None => Self::Commit(text.to_owned()),
        })
    }
}

/// The time that `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM` means, in UTC; a day is its first minute. `None` for what does not
/// look like a date.
///
/// # Errors
/// Fails for what looks like a date and is none.
pub fn moment(text: &str) -> Result<Option<Timestamp>, BadDate> {
    let bad = || BadDate(text.to_owned());
    let is_date = |day: &str| {
        let mut parts = day.split('-').map(|part| (part.len(), part.bytes().all(|byte| byte.is_ascii_digit())));
        let lengths: Vec<(usize, bool)> = parts.by_ref().collect();
        lengths == [(4, true), (2, true), (2, true)]
    };
    let day = text.split(['T', 't', ' ']).next().unwrap_or_default();
    if !is_date(day) {
        return Ok(None);
    }
    let clock = text[day.len()..].trim_start_matches(['T', 't', ' ']).trim_end_matches(['Z', 'z']);
    let time = if day.len() == text.len() {
        day.parse::<Date>().map_err(|_| bad())?.at(0, 0, 0, 0)
    } else {
        format!("{day}T{clock}").parse::<DateTime>().map_err(|_| bad())?
    };
    TimeZone::UTC.to_timestamp(time).map(Some).map_err(|_| bad())
}

/// Whether customers read a version at a time, or before, as far as that is known: the record or its history says so,
/// or it is live now and nothing says that this came later. `evidence` is what is known of its text.
pub fn was_live_by(version: &Version, evidence: Option<&Evidence>, time: Timestamp) -> bool {
    let time = time.as_second();
    match evidence.and_then(|evidence| evidence.live_since) {
        Some(since) => since <= time,
        None => version.state == Some(State::Published) && version.created_at <= time,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let read = match To::parse(text) {
            Ok(To::Version(id)) => format!("version {id}"),
            Ok(To::Time(time)) => time.to_string(),
            Ok(To::Commit(name)) => format!("commit {name}"),
            Err(error) => error.to_string(),
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn digits_are_a_version_a_date_is_a_time_in_utc_and_all_else_a_name_of_git() {
        check("7100003", "version 7100003");
        check("2026-11-20", "2026-11-20T00:00:00Z");
        check("2026-11-20T14:02", "2026-11-20T14:02:00Z");
        check("2026-11-20 14:02", "2026-11-20T14:02:00Z");
        check("2026-11-20T14:02:30Z", "2026-11-20T14:02:30Z");
        check("2026-02-30", "`2026-02-30` is not a date");
        check("2026-11-20T25:00", "`2026-11-20T25:00` is not a date");
        check("2026-11-20x", "commit 2026-11-20x");
        check("v1.0", "commit v1.0");
        check("1a2b3c4", "commit 1a2b3c4");
        check("", "commit ");
    }

    #[test]
    fn what_the_record_says_of_the_time_counts_before_what_is_live_now() {
        let time = Timestamp::from_second(100).unwrap();
        let version = |created_at, state| Version { created_at, state: Some(state), ..Version::default() };
        let known = |live_since| Some(Evidence { live_since, ..Evidence::default() });
        let was = |version: &Version, evidence: Option<Evidence>| was_live_by(version, evidence.as_ref(), time);
        assert!(was(&version(90, State::Published), None));
        assert!(was(&version(90, State::Draft), known(Some(95))));
        // It was staged by then, and went live later.
        assert!(!was(&version(90, State::Published), known(Some(110))));
        assert!(!was(&version(90, State::Draft), known(None)));
        assert!(!was(&version(90, State::Draft), None));
        assert!(!was(&version(110, State::Published), None));
    }
}
