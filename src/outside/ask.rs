//! One address: HEAD, then GET where that says nothing, with every redirect looked at before it is followed.

use std::error::Error as _;
use std::time::Duration;

use reqwest::dns::Resolve;
use reqwest::header::{CONTENT_LENGTH, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Method, Response};
use url::Url;

use super::ClientError;
use super::guard::{NoAddress, may_be_asked};
use crate::audit::{Answer, Seen};
use crate::intercom::install_crypto;

/// How many redirects are followed.
const REDIRECTS: usize = 8;

/// How long one request may take.
const TIME: Duration = Duration::from_secs(12);

/// Why nobody knows what a host answers that does not.
pub(super) const SILENT_HOST: &str = "it does not answer";

/// Why nobody knows what a host answers whose name cannot be looked up.
const NO_NAME: &str = "the name of its host cannot be looked up";

/// A client without a token.
#[derive(Debug)]
pub(super) struct Client {
    http: reqwest::Client,
}

/// How a request ended without an answer that says something.
enum End {
    NoHost,
    Unknown(&'static str),
}

/// What redirects said of how long they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Redirects {
    /// All of them, that they are for good.
    ForGood,
    /// One at least, that it is for now.
    ForNow,
}

impl Client {
    /// A client that connects to what `resolver` gives it.
    ///
    /// # Errors
    /// Fails where the HTTP library cannot start.
    pub fn new(resolver: impl Resolve + 'static) -> Result<Self, ClientError> {
        install_crypto();
        let http = reqwest::Client::builder()
            .dns_resolver(std::sync::Arc::new(resolver))
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            .user_agent(concat!("Mozilla/5.0 (compatible; helpbook/", env!("CARGO_PKG_VERSION"), "; link check)"))
            .connect_timeout(TIME)
            .timeout(TIME)
            .build()?;
        Ok(Self { http })
    }

    /// What an address answers.
    pub async fn ask(&self, url: Url) -> Seen {
        match self.followed(Method::HEAD, url.clone()).await {
            Ok(seen) if seen.answer.says_something() => seen,
            Err(End::NoHost) => Seen { answer: Answer::NoHost, bytes: None },
            Err(End::Unknown(why)) if why != SILENT_HOST => unknown(why),
            // Many answer a HEAD with an error, and some never.
            Ok(_) | Err(End::Unknown(_)) => match self.followed(Method::GET, url).await {
                Ok(seen) => seen,
                Err(End::NoHost) => Seen { answer: Answer::NoHost, bytes: None },
                Err(End::Unknown(why)) => unknown(why),
            },
        }
    }

    async fn followed(&self, method: Method, first: Url) -> Result<Seen, End> {
        let mut url = first.clone();
        let mut how = Redirects::ForGood;
        for hop in 0..=REDIRECTS {
            if !may_be_asked(&url) {
                return Err(End::Unknown(if hop == 0 {
                    "addresses of private networks are not asked"
                } else {
                    "it redirects to an address that is not asked"
                }));
            }
            let answer = self.http.request(method.clone(), url.clone()).send().await.map_err(|error| end(&error))?;
            let status = answer.status();
            if !status.is_redirection() || status.as_u16() == 304 {
                return Ok(Seen { answer: said(&answer, &first, &url, how), bytes: bytes(&answer) });
            }
            if !matches!(status.as_u16(), 301 | 308) {
                how = Redirects::ForNow;
            }
            let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            let Some(mut to) = to.and_then(|to| url.join(to).ok()) else {
                return Err(End::Unknown("it redirects to nothing"));
            };
            if to.fragment().is_none() {
                to.set_fragment(url.fragment());
            }
            url = to;
        }
        Err(End::Unknown("it redirects again and again"))
    }
}

impl Answer {
    /// Whether it says that something is there; where it says that nothing is, another method is tried.
    fn says_something(&self) -> bool {
        matches!(self, Answer::There | Answer::Moved { .. })
    }
}

fn said(answer: &Response, first: &Url, last: &Url, how: Redirects) -> Answer {
    let why = match answer.status().as_u16() {
        200..=299 if how == Redirects::ForGood && first != last => return Answer::Moved { to: last.to_string() },
        200..=299 => return Answer::There,
        status @ (404 | 410) => return Answer::Gone { status },
        401 | 407 => "it asks who you are",
        429 => "it has had too many requests",
        500..=599 => "it has a fault of its own",
        _ => "it does not answer programs",
    };
    Answer::Unknown { why: why.to_owned() }
}

/// How many bytes there are, as a whole answer says.
fn bytes(answer: &Response) -> Option<u64> {
    let is_whole = answer.status().as_u16() == 200;
    answer.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok().filter(|_| is_whole)
}

fn end(error: &reqwest::Error) -> End {
    let mut cause = error.source();
    while let Some(inner) = cause {
        match inner.downcast_ref::<NoAddress>() {
            Some(NoAddress::NoHost) => return End::NoHost,
            Some(NoAddress::Private) => return End::Unknown("addresses of private networks are not asked"),
            Some(NoAddress::Unknown) => return End::Unknown(NO_NAME),
            None => cause = inner.source(),
        }
    }
    End::Unknown(SILENT_HOST)
}

fn unknown(why: &str) -> Seen {
    Seen { answer: Answer::Unknown { why: why.to_owned() }, bytes: None }
}

/// Whether an answer is one about the name of the host, so that every address there has it.
pub(super) fn is_of_host(seen: &Seen) -> bool {
    seen.answer == Answer::NoHost || *seen == unknown(NO_NAME)
}

/// The answer of a host that does not answer.
pub(super) fn silent() -> Seen {
    unknown(SILENT_HOST)
}
