//! Asks addresses outside whether something is there: links to other sites, and images.
//!
//! The client here never sees the token, sends nothing but the address, keeps no cookie and uses no proxy. An address
//! of a private network or of this machine is never asked: not where it is written as a number, not where a name
//! points there, and not where a redirect goes there (`guard`). A few requests are under way at once, fewer for each
//! host, each for a bounded time, and a host that does not answer is left alone. An answer is a value; nothing of what
//! is there is read or kept.

mod ask;
mod guard;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _};
use url::Url;

use self::ask::Client;
use crate::audit::{Answer, Outside, Seen};

/// How many hosts are asked at once.
const HOSTS: usize = 12;

/// How many requests to one host are under way at once.
const PER_HOST: usize = 2;

/// After how many addresses of a host that do not answer the others are not asked any more.
const SILENT: usize = 3;

/// The HTTP library cannot start.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP library cannot start: {0}")]
pub struct ClientError(#[from] reqwest::Error);

/// Asks addresses outside.
#[derive(Debug)]
pub struct Outsider {
    client: Client,
}

impl Outsider {
    /// A client for addresses that everybody can reach.
    ///
    /// # Errors
    /// Fails where the HTTP library cannot start.
    pub fn new() -> Result<Self, ClientError> {
        Ok(Self { client: Client::new(guard::Public)? })
    }

    /// Asks each address once; `step` is called after each. An address that is no http or https is left out.
    ///
    /// Where no address at all answers, the network is not there, and no host counts as gone.
    pub async fn ask(&self, addresses: &BTreeSet<String>, step: impl Fn()) -> Outside {
        let mut hosts: BTreeMap<String, Vec<(&str, Url)>> = BTreeMap::new();
        for address in addresses {
            if let Ok(url) = Url::parse(address)
                && let Some(host) = url.host_str().map(str::to_owned)
                && matches!(url.scheme(), "http" | "https")
            {
                hosts.entry(host).or_default().push((address, url));
            }
        }
        let step = &step;
        let answers = stream::iter(hosts.into_values()).map(|addresses| self.host(addresses, step));
        let answers: Vec<Vec<(String, Seen)>> = answers.buffer_unordered(HOSTS).collect().await;
        let mut answers: BTreeMap<String, Seen> = answers.into_iter().flatten().collect();
        let has_answered =
            |seen: &Seen| matches!(seen.answer, Answer::There | Answer::Moved { .. } | Answer::Gone { .. });
        if !answers.values().any(has_answered) {
            for seen in answers.values_mut().filter(|seen| seen.answer == Answer::NoHost) {
                seen.answer = Answer::Unknown { why: ask::SILENT_HOST.to_owned() };
            }
        }
        Outside { answers }
    }

    /// Asks the addresses of one host, until it shows that it does not answer: what its name says holds for all of
    /// them, and so do some silences.
    async fn host(&self, addresses: Vec<(&str, Url)>, step: &impl Fn()) -> Vec<(String, Seen)> {
        let mut seen: Vec<(String, Seen)> = Vec::new();
        let mut silent = 0;
        let mut of_all: Option<Seen> = None;
        for some in addresses.chunks(PER_HOST) {
            let answers: Vec<Seen> = match &of_all {
                Some(answer) => vec![answer.clone(); some.len()],
                None => {
                    stream::iter(some).map(|(_, url)| self.client.ask(url.clone())).buffered(PER_HOST).collect().await
                }
            };
            for ((address, _), answer) in some.iter().zip(answers) {
                silent = if answer == ask::silent() { silent + 1 } else { 0 };
                if silent >= SILENT || ask::is_of_host(&answer) {
                    of_all = Some(answer.clone());
                }
                step();
                seen.push(((*address).to_owned(), answer));
            }
        }
        seen
    }
}

#[cfg(test)]
mod tests;
