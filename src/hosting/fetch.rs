//! Fetches images from their addresses.

use std::time::Duration;

use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::Url;

use super::{ClientError, Error};
use crate::book::LARGEST_IMAGE;
use crate::config::is_loopback;
use crate::html::image::is_intercoms_host;
use crate::intercom::install_crypto;
use crate::plan::SentImage;
use crate::text::{DocPath, Sha256};

/// How often an address is tried that does not answer, or answers with a 429 or 5xx.
const TRIES: u32 = 3;

/// The first wait between two tries; it doubles.
const WAIT: Duration = Duration::from_millis(250);

/// How many redirects are followed.
const REDIRECTS: usize = 5;

/// How long one answer may take.
const TIME: Duration = Duration::from_secs(60);

/// A client without the token.
#[derive(Debug)]
pub(super) struct Fetch {
    far: Client,
    /// For this machine, without a proxy.
    near: Client,
}

impl Fetch {
    /// A client for the hosts of the docs' images, which redirect to where they like.
    ///
    /// # Errors
    /// Fails where the HTTP library cannot start.
    pub fn of_docs() -> Result<Self, ClientError> {
        Self::new(|_| true)
    }

    /// A client for the hosts of Intercom's images, which redirect to one another alone: an address in a live text
    /// leads nobody to a server inside a company.
    ///
    /// # Errors
    /// Fails where the HTTP library cannot start.
    pub fn of_intercom() -> Result<Self, ClientError> {
        Self::new(is_intercoms_host)
    }

    fn new(is_meant: fn(&Url) -> bool) -> Result<Self, ClientError> {
        install_crypto();
        let builder = || {
            Client::builder()
                .redirect(Policy::custom(move |attempt| {
                    let is_local = |url: &Url| url.scheme() == "http" && is_loopback(url);
                    let follows = attempt.url().scheme() == "https" && is_meant(attempt.url())
                        || attempt.previous().iter().chain([attempt.url()]).all(is_local);
                    if attempt.previous().len() > REDIRECTS {
                        attempt.error("again and again")
                    } else if follows {
                        attempt.follow()
                    } else {
                        attempt.error("to an address that is not https, or at a host that is not meant")
                    }
                }))
                .referer(false)
                // The bytes that are stored are compared.
                .no_gzip()
                .user_agent(concat!("helpbook/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(Duration::from_secs(10))
                .timeout(TIME)
        };
        Ok(Self { far: builder().build()?, near: builder().no_proxy().build()? })
    }

    /// Fetches the address of an image and compares what is there with its digest.
    ///
    /// # Errors
    /// Fails where the address does not answer or answers with other bytes.
    pub async fn compare(&self, image: &SentImage) -> Result<(), Error> {
        again(async || self.once(image).await).await
    }

    /// Fetches an image; `path` is for messages.
    ///
    /// # Errors
    /// Fails where the address does not answer, and where the image is too large.
    pub async fn get(&self, path: &DocPath, url: &str) -> Result<Vec<u8>, Error> {
        let (_, bytes) = again(async || self.answer(path, url).await).await?;
        let reason = || format!("it is larger than {} MB", LARGEST_IMAGE / 1024 / 1024);
        bytes.ok_or_else(|| Error::Unreachable { path: path.clone(), url: url.to_owned(), reason: reason() })
    }

    /// The size of what is at an address, in bytes; `None` where it does not say it.
    pub async fn size(&self, url: &str) -> Option<u64> {
        let answer = self.client(url).head(url).send().await.ok()?;
        let length = answer.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()?;
        answer.status().is_success().then_some(length)
    }

    fn client(&self, url: &str) -> &Client {
        if Url::parse(url).is_ok_and(|url| is_loopback(&url)) { &self.near } else { &self.far }
    }

    async fn once(&self, image: &SentImage) -> Result<(), Error> {
        let SentImage { path, sha256, url } = image;
        let (kind, bytes) = self.answer(path, url).await?;
        let kind = kind.filter(|kind| !kind.starts_with("image/") && kind != "application/octet-stream");
        if bytes.is_some_and(|bytes| Sha256::of(bytes) == *sha256) {
            return Ok(());
        }
        Err(Error::Differs { path: path.clone(), kind, url: url.clone() })
    }

    /// One request: the media type of the answer, and its bytes; `None` where they are too many.
    async fn answer(&self, path: &DocPath, url: &str) -> Result<(Option<String>, Option<Vec<u8>>), Error> {
        let unreachable = |error: &reqwest::Error| {
            let (path, url, reason) = (path.clone(), url.to_owned(), reason(error));
            if error.is_redirect() {
                Error::Redirected { path, url, reason }
            } else {
                Error::Unreachable { path, url, reason }
            }
        };
        let answer = self.client(url).get(url).send().await.map_err(|error| unreachable(&error))?;
        let status = answer.status();
        if status.as_u16() != 200 {
            return Err(Error::Status { path: path.clone(), status: status.as_u16(), url: url.to_owned() });
        }
        let kind = kind(&answer);
        let bytes = bounded(answer).await.map_err(|error| unreachable(&error))?;
        Ok((kind, bytes))
    }
}

/// Tries a request again where the next try may succeed.
async fn again<T>(request: impl AsyncFn() -> Result<T, Error>) -> Result<T, Error> {
    let mut wait = WAIT;
    for _ in 1..TRIES {
        match request().await {
            Err(error) if may_pass(&error) => {}
            result => return result,
        }
        tokio::time::sleep(wait).await;
        wait *= 2;
    }
    request().await
}

/// Whether the next try may succeed.
fn may_pass(error: &Error) -> bool {
    match error {
        Error::Status { status, .. } => *status == 429 || *status >= 500,
        Error::Unreachable { .. } => true,
        Error::Changed(_) | Error::Upload { .. } | Error::Differs { .. } | Error::Redirected { .. } => false,
    }
}

/// Reads an answer, but not more of it than an image may have.
async fn bounded(mut answer: Response) -> Result<Option<Vec<u8>>, reqwest::Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > LARGEST_IMAGE {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}

fn kind(answer: &Response) -> Option<String> {
    let kind = answer.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    Some(kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// The innermost cause: the outer ones repeat the address.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
