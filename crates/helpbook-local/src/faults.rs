//! What goes wrong between a client and Intercom: which faults there are, how often each, and for
//! which request.
//!
//! A draw depends on the seed, the request's method, path and query, and how often just that was
//! asked before; so the same requests meet the same faults, also side by side. A request meets one
//! fault at most. What a fault does to the answer is `api::faults` and `server`.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

/// Rates are parts of this.
const WHOLE: u32 = 10_000;

/// A thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The answer comes late.
    Latency,
    /// 429 with `Retry-After`; nothing is done.
    TooMany,
    /// 429 without `Retry-After`; nothing is done.
    TooManyBare,
    /// 5xx, and nothing is done.
    ErrorBefore,
    /// 5xx, though the request is carried out.
    ErrorAfter,
    /// The connection is closed, and nothing is done.
    DropBefore,
    /// The connection is closed, though the request is carried out.
    DropAfter,
    /// A list as it was a second or two ago.
    StaleList,
    /// A list whose page lacks a record that it counts.
    ShortList,
    /// The answer comes in pieces, with waits between.
    Slow,
    /// The answer ends in the middle; the request is carried out.
    Truncated,
    /// A page of HTML with the status of the answer; the request is carried out.
    WrongType,
}

impl Fault {
    /// Every one, in the order of the draw.
    pub const ALL: [Self; 12] = [
        Self::Latency,
        Self::TooMany,
        Self::TooManyBare,
        Self::ErrorBefore,
        Self::ErrorAfter,
        Self::DropBefore,
        Self::DropAfter,
        Self::StaleList,
        Self::ShortList,
        Self::Slow,
        Self::Truncated,
        Self::WrongType,
    ];

    /// The name that flags, the control endpoint and the request log use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::TooMany => "too-many",
            Self::TooManyBare => "too-many-bare",
            Self::ErrorBefore => "error-before",
            Self::ErrorAfter => "error-after",
            Self::DropBefore => "drop-before",
            Self::DropAfter => "drop-after",
            Self::StaleList => "stale-list",
            Self::ShortList => "short-list",
            Self::Slow => "slow",
            Self::Truncated => "truncated",
            Self::WrongType => "wrong-type",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }

    /// Whether it can happen to lists alone.
    pub(super) fn is_of_lists(self) -> bool {
        matches!(self, Self::StaleList | Self::ShortList)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Fault {
    type Err = BadFaults;

    fn from_str(name: &str) -> Result<Self, BadFaults> {
        Self::named(name).ok_or_else(|| BadFaults(format!("`{name}` is no fault; there are {}", names())))
    }
}

/// Which faults a local Help Center has. The default is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    /// Other seeds, other requests.
    pub seed: u64,
    /// How long a late answer takes, and each piece of a slow one.
    pub delay: Duration,
    /// What `Retry-After` says, in seconds, and when `X-RateLimit-Reset` is.
    pub retry_after: u64,
    /// How often each happens, in parts of 10,000 of the requests that it can happen to.
    rates: BTreeMap<Fault, u32>,
}

/// Rates that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadFaults(String);

impl Default for Faults {
    fn default() -> Self {
        Self { seed: 0, delay: Duration::from_millis(200), retry_after: 1, rates: BTreeMap::new() }
    }
}

impl Faults {
    /// Every fault as often as every other, in `percent` of the requests together.
    ///
    /// # Errors
    /// Where that is more than 100.
    pub fn all(percent: u32) -> Result<Self, BadFaults> {
        Fault::ALL.into_iter().try_fold(Self::default(), |faults, fault| {
            faults.with_parts(fault, percent.saturating_mul(WHOLE / 100) / Fault::ALL.len() as u32)
        })
    }

    /// Adds a fault in `percent` of the requests.
    ///
    /// # Errors
    /// Where all faults together are in more than 100 percent.
    pub fn with(self, fault: Fault, percent: u32) -> Result<Self, BadFaults> {
        self.with_parts(fault, percent.saturating_mul(WHOLE / 100))
    }

    fn with_parts(mut self, fault: Fault, parts: u32) -> Result<Self, BadFaults> {
        self.rates.insert(fault, parts);
        if self.rates.values().fold(0_u32, |sum, parts| sum.saturating_add(*parts)) > WHOLE {
            return Err(BadFaults("all faults together cannot be in more than 100 percent of the requests".to_owned()));
        }
        Ok(self)
    }

    /// How often each happens, in percent.
    pub(super) fn rates(&self) -> impl Iterator<Item = (Fault, f64)> {
        self.rates.iter().map(|(fault, parts)| (*fault, f64::from(*parts) * 100.0 / f64::from(WHOLE)))
    }
}

/// `20`, the percentage of all together, or `error-after=5,drop-before=10`, that of each.
impl FromStr for Faults {
    type Err = BadFaults;

    fn from_str(text: &str) -> Result<Self, BadFaults> {
        let percent = |text: &str| {
            let text = text.trim().trim_end_matches('%');
            text.parse().map_err(|_| BadFaults(format!("`{text}` is no whole number of percent")))
        };
        if !text.contains('=') {
            return Self::all(percent(text)?);
        }
        text.split(',').try_fold(Self::default(), |faults, part| {
            let (name, rate) = part.split_once('=').unwrap_or((part, ""));
            faults.with(name.trim().parse()?, percent(rate)?)
        })
    }
}

fn names() -> String {
    Fault::ALL.map(|fault| format!("`{fault}`")).join(", ")
}

/// The faults of a running Help Center.
#[derive(Debug, Default)]
pub(super) struct Chance {
    pub faults: Faults,
    /// What the next requests meet, whatever the rates; `None` is nothing.
    pub next: VecDeque<Option<Fault>>,
    /// How often each request was asked.
    asked: BTreeMap<String, u64>,
}

/// What a request met, with a number of its own for what has to be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Drawn {
    pub fault: Fault,
    pub number: u64,
}

/// Whether a request asks for a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    ForAList,
    ForOther,
}

impl Chance {
    /// The faults of a server that starts.
    pub(super) fn new(faults: Faults) -> Self {
        Self { faults, ..Self::default() }
    }

    /// What a request meets. `request` is its method, path and query.
    pub(super) fn draw(&mut self, request: &str, asks: Asks) -> Option<Drawn> {
        let chosen = self.next.pop_front();
        if chosen.is_none() && self.faults.rates.is_empty() {
            return None;
        }
        let times = self.asked.entry(request.to_owned()).or_default();
        *times += 1;
        let number = digest(self.faults.seed, request, *times);
        if let Some(chosen) = chosen {
            return chosen.map(|fault| Drawn { fault, number });
        }
        let mut left = u32::try_from(number % u64::from(WHOLE)).unwrap_or(WHOLE);
        for (fault, parts) in &self.faults.rates {
            if fault.is_of_lists() && asks != Asks::ForAList {
                continue;
            }
            if left < *parts {
                return Some(Drawn { fault: *fault, number: number / u64::from(WHOLE) });
            }
            left -= parts;
        }
        None
    }

    /// A number that a record keeps for as long as the seed stays: so a short list stays short of
    /// the same record.
    pub(super) fn number_of(&self, record: &str) -> u64 {
        digest(self.faults.seed, record, 0)
    }
}

fn digest(seed: u64, text: &str, times: u64) -> u64 {
    let mut digest = Sha256::new();
    digest.update(seed.to_be_bytes());
    digest.update(times.to_be_bytes());
    digest.update(text);
    digest.finalize().iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(faults: &Faults, requests: u32) -> Vec<Option<Fault>> {
        let mut chance = Chance::new(faults.clone());
        let asks = |n| if n % 2 == 0 { Asks::ForAList } else { Asks::ForOther };
        (0..requests).map(|n| chance.draw(&format!("GET /{n}"), asks(n)).map(|drawn| drawn.fault)).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_faults_and_another_one_others() {
        let faults = Faults::all(50).unwrap();
        assert_eq!(met(&faults, 100), met(&faults, 100));
        assert_ne!(met(&faults, 100), met(&Faults { seed: 1, ..faults.clone() }, 100));
    }

    #[test]
    fn the_order_of_different_requests_does_not_matter() {
        let faults = Faults::all(50).unwrap();
        let (mut one, mut two) = (Chance::new(faults.clone()), Chance::new(faults));
        let paths: Vec<String> = (0..50).map(|n| format!("GET /{n}")).collect();
        let forwards: Vec<_> = paths.iter().map(|path| one.draw(path, Asks::ForOther)).collect();
        let mut backwards: Vec<_> = paths.iter().rev().map(|path| two.draw(path, Asks::ForOther)).collect();
        backwards.reverse();
        assert_eq!(forwards, backwards);
        // Asked again, the same request has another chance.
        let again: Vec<_> = paths.iter().map(|path| one.draw(path, Asks::ForOther)).collect();
        assert_ne!(forwards, again);
    }

    #[test]
    fn each_kind_happens_as_often_as_it_should() {
        let met = met(&Faults::all(48).unwrap(), 10_000);
        for fault in Fault::ALL {
            let times = met.iter().filter(|other| **other == Some(fault)).count();
            let want = if fault.is_of_lists() { 200 } else { 400 };
            assert!(times.abs_diff(want) < want / 3, "{fault}: {times}");
        }
        assert!(self::met(&Faults::default(), 100).iter().all(Option::is_none));
    }

    #[test]
    fn faults_read_from_a_flag() {
        assert_eq!("20".parse::<Faults>(), Faults::all(20));
        let named: Faults = "error-after=5, drop-before=10%".parse().unwrap();
        let want = Faults::default().with(Fault::ErrorAfter, 5).and_then(|faults| faults.with(Fault::DropBefore, 10));
        assert_eq!(Ok(named), want);
        for bad in ["", "101", "x", "oops=1", "latency=", "latency=60,slow=50", "latency=1,,"] {
            assert!(bad.parse::<Faults>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_next_requests_meet_what_was_chosen() {
        let mut chance = Chance { next: [Some(Fault::Slow), None].into(), ..Chance::default() };
        let met: Vec<_> = (0..3).map(|_| chance.draw("GET /me", Asks::ForOther).map(|drawn| drawn.fault)).collect();
        assert_eq!(met, [Some(Fault::Slow), None, None]);
    }
}
