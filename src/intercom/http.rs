//! HTTP to Intercom: the token, the headers, tries and waits, bounds.
//!
//! The token is kept here and shown nowhere. No redirect is followed, so it reaches no other host;
//! the host is spoken to over https unless it is loopback. A POST is sent again only where it was
//! certainly not received.

use std::env;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use helpbook_catalogue::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, spawn_blocking};
use url::Url;

use super::activity::{Activity, Wait};
use super::error::{ConnectionError, Error, Refusal, Unreadable};
use super::model::Page;
use super::pace::{Quota, TRIES, Window, backoff};
use crate::config::is_loopback;

/// The largest answer that is read, in bytes.
const LARGEST: usize = 64 * 1024 * 1024;

/// From which size on an answer is decoded on a thread of its own, in bytes.
const LARGE: usize = 128 * 1024;

/// How many requests are under way at once: with answers that take 300 ms, what the quota of 1,667 in ten seconds
/// allows (docs/intercom.md 4). More would wait for the quota.
pub const SIDE_BY_SIDE: usize = 48;

/// How long a request may take.
pub(super) const TIME: Duration = Duration::from_secs(120);

/// How much longer each image lets it take: Intercom fetches all of them before it answers, 2 to 5 seconds each
/// (docs/intercom.md 4).
const TIME_FOR_AN_IMAGE: Duration = Duration::from_secs(10);

/// The environment variables that may hold the token. No process that is started gets them.
pub const TOKEN_VARIABLES: [&str; 2] = ["INTERCOM_ACCESS_TOKEN", "INTERCOM_TOKEN"];

/// The name of the environment variable that holds the token, and the token; `None` where none is set.
pub(super) fn token() -> Option<(&'static str, SecretString)> {
    let filled = |name| env::var(name).ok().map(|token| token.trim().to_owned()).filter(|token| !token.is_empty());
    TOKEN_VARIABLES.into_iter().find_map(|name| Some((name, filled(name)?.into())))
}

/// Installs the cryptography of every client in this process, once.
pub(crate) fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // It fails only where somebody installed one before, which then serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// One workspace over HTTP.
#[derive(Debug)]
pub(super) struct Http {
    client: reqwest::Client,
    /// Kept to be left out of whatever is shown.
    token: SecretString,
    base: Url,
    window: Mutex<Window>,
    /// How long a request may take.
    time: Duration,
    /// One for each request that may be under way.
    slots: Semaphore,
    activity: Arc<Activity>,
}

/// Whether sending a request twice does what sending it once does.
fn is_repeatable(method: Method) -> bool {
    matches!(method, Method::Get | Method::Put | Method::Delete)
}

fn as_http(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
        Method::Post => reqwest::Method::POST,
        Method::Patch => reqwest::Method::PATCH,
    }
}

/// A request, before it is sent.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub method: Method,
    /// With its query, and with a slash at its start.
    pub path: String,
    pub body: Option<Vec<u8>>,
    /// What else is sent; each replaces what would be sent without it.
    pub headers: HeaderMap,
    pub awaits: Awaits,
}

/// What an answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Awaits {
    /// JSON; anything else is a page of a proxy in between.
    Json,
    /// JSON or a file; a page of HTML is one of a proxy in between.
    JsonOrFile,
    /// Whatever there is.
    Anything,
}

impl Call {
    fn new(method: Method, path: &str, body: Option<Vec<u8>>) -> Self {
        Self { method, path: path.to_owned(), body, headers: HeaderMap::new(), awaits: Awaits::Json }
    }
}

/// An answer, read completely.
pub(super) struct Answer {
    pub status: u16,
    quota: Quota,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether it may be what was asked for, and not a page of something in between.
    fn is_awaited(&self, awaits: Awaits) -> bool {
        let kind = self.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        match awaits {
            Awaits::Json => self.is_json(),
            Awaits::JsonOrFile => !kind.is_some_and(|kind| kind.trim_start().starts_with("text/html")),
            Awaits::Anything => true,
        }
    }

    /// Whether it begins as JSON does, or is empty.
    fn is_json(&self) -> bool {
        self.body.iter().find(|byte| !byte.is_ascii_whitespace()).is_none_or(|first| matches!(first, b'{' | b'['))
    }

    /// The decoded body; an error status is an error.
    async fn decoded<T: DeserializeOwned + Send + 'static>(self, method: Method, path: &str) -> Result<T, Error> {
        self.read_by(method, path, |body| serde_json::from_slice(body)).await
    }

    /// The decoded page of a list. Where one of its records is not what the API promises, the others are read all
    /// the same.
    async fn page<T: DeserializeOwned + Send + 'static>(self, path: &str) -> Result<Records<T>, Error> {
        let read = |body: &[u8]| {
            let whole = serde_json::from_slice(body).map(|page| Records { page, unreadable: Vec::new() });
            whole.or_else(|error| serde_json::from_slice(body).map(Records::of).map_err(|_| error))
        };
        self.read_by(Method::Get, path, read).await
    }

    async fn read_by<T: Send + 'static>(
        self,
        method: Method,
        path: &str,
        read: fn(&[u8]) -> serde_json::Result<T>,
    ) -> Result<T, Error> {
        if !(200..300).contains(&self.status) {
            return Err(Error::Refused(Box::new(Refusal::read(method.name(), path, self.status, &self.body))));
        }
        let garbled = |reason: String| Error::Garbled { method: method.name(), path: path.to_owned(), reason };
        if self.body.len() < LARGE {
            return read(&self.body).map_err(|error| garbled(error.to_string()));
        }
        // Pages are decoded in parallel, and do not delay those who wait for other answers.
        let decoded = spawn_blocking(move || read(&self.body)).await;
        decoded.map_err(|error| garbled(error.to_string()))?.map_err(|error| garbled(error.to_string()))
    }
}

/// A page of a list, and what of it cannot be read.
pub(super) struct Records<T> {
    pub page: Page<T>,
    pub unreadable: Vec<Unreadable>,
}

impl<T: DeserializeOwned> Records<T> {
    fn of(page: Page<Value>) -> Self {
        let Page { data, total_count, pages, total_pages } = page;
        let (mut records, mut unreadable) = (Vec::new(), Vec::new());
        for record in data {
            let id = match &record["id"] {
                Value::String(id) => id.parse().ok(),
                id => id.as_u64(),
            };
            let title = record["title"].as_str().map(str::to_owned);
            match serde_json::from_value(record) {
                Ok(record) => records.push(record),
                Err(error) => {
                    let reason = crate::text::harmless(&error.to_string());
                    unreadable.push(Unreadable { id, title, reason });
                }
            }
        }
        Self { page: Page { data: records, total_count, pages, total_pages }, unreadable }
    }
}

impl Http {
    /// A client of a host with a token, and how long a request may take; each image that it sends adds to that.
    ///
    /// # Errors
    /// Fails with an address that is neither https nor loopback, and with a token that no header can hold.
    pub fn new(base: &str, token: &SecretString, time: Duration) -> Result<Self, ConnectionError> {
        let base = Url::parse(base).map_err(|_| ConnectionError::BadAddress("it is not an address"))?;
        let loopback = is_loopback(&base);
        if base.scheme() != "https" && !(base.scheme() == "http" && loopback) {
            return Err(ConnectionError::BadAddress("only https:// is spoken, and http:// to this machine"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(ConnectionError::BadAddress("it must not hold a user or password"));
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(ConnectionError::BadAddress("it must not hold a `?` or `#`"));
        }
        let mut headers = HeaderMap::new();
        let bearer = format!("Bearer {}", token.expose_secret());
        let mut bearer = HeaderValue::from_str(&bearer).map_err(|_| ConnectionError::BadToken)?;
        bearer.set_sensitive(true);
        headers.insert(AUTHORIZATION, bearer);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert("Intercom-Version", HeaderValue::from_static(super::API_VERSION));
        install_crypto();
        let builder = reqwest::Client::builder()
            .default_headers(headers)
            .redirect(Policy::none())
            .user_agent(concat!("helpbook/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(10));
        let builder = if loopback { builder.no_proxy() } else { builder };
        // Without TLS no certificate is looked at, and reading those of the machine is half of a short command.
        let builder = if base.scheme() == "http" { builder.tls_certs_only([]) } else { builder };
        let client = builder.build()?;
        let (window, slots) = (Mutex::default(), Semaphore::new(SIDE_BY_SIDE));
        Ok(Self { client, token: token.clone(), base, window, time, slots, activity: Arc::default() })
    }

    /// The origin that requests go to.
    pub fn host(&self) -> String {
        self.base.origin().ascii_serialization()
    }

    /// A text of the server without the token, should the server give it back.
    pub fn without_token(&self, text: &str) -> String {
        let token = self.token.expose_secret();
        if token.is_empty() { text.to_owned() } else { text.replace(token, "***") }
    }

    /// `GET`: reads what is there.
    ///
    /// # Errors
    /// Fails where Intercom refuses or cannot be reached, and where the answer is not a `T`; so do all below.
    pub async fn get<T: DeserializeOwned + Send + 'static>(self: &Arc<Self>, path: &str) -> Result<T, Error> {
        self.in_a_task(Call::new(Method::Get, path, None)).await?.decoded(Method::Get, path).await
    }

    /// `GET`: reads what may not be there. A 404, with a body or without, is `None`.
    ///
    /// # Errors
    /// Like [`Http::get`], but for a 404.
    pub async fn find<T: DeserializeOwned + Send + 'static>(self: &Arc<Self>, path: &str) -> Result<Option<T>, Error> {
        match self.get(path).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.status() == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `GET`: reads a page of a list. Whoever reads one does nothing else meanwhile, so it needs no task; and a
    /// page is so large that its bytes should be freed where they were taken.
    ///
    /// # Errors
    /// Like [`Http::get`].
    pub async fn page<T: DeserializeOwned + Send + 'static>(&self, path: &str) -> Result<Records<T>, Error> {
        self.exchange(&Call::new(Method::Get, path, None)).await?.page(path).await
    }

    /// `PUT`: sends a body and reads what it became.
    ///
    /// # Errors
    /// Like [`Http::get`].
    pub async fn put<T: DeserializeOwned + Send + 'static>(
        self: &Arc<Self>,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<T, Error> {
        self.send(Method::Put, path, body).await
    }

    /// `POST`: sends a body and reads what it became. It is sent again only where it was certainly not received.
    ///
    /// # Errors
    /// Like [`Http::get`]; see [`Error::may_have_happened`].
    pub async fn post<T: DeserializeOwned + Send + 'static>(
        self: &Arc<Self>,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<T, Error> {
        self.send(Method::Post, path, body).await
    }

    /// `DELETE`. What is gone already counts as deleted.
    ///
    /// # Errors
    /// Like [`Http::get`], but for a 404.
    pub async fn delete(self: &Arc<Self>, path: &str) -> Result<(), Error> {
        let answer = self.in_a_task(Call::new(Method::Delete, path, None)).await?;
        match answer.decoded::<IgnoredAny>(Method::Delete, path).await {
            Ok(_) => Ok(()),
            Err(error) if error.status() == Some(404) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn send<T: DeserializeOwned + Send + 'static>(
        self: &Arc<Self>,
        method: Method,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<T, Error> {
        let body = serde_json::to_vec(body).map_err(|error| Error::Garbled {
            method: method.name(),
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        self.in_a_task(Call::new(method, path, Some(body))).await?.decoded(method, path).await
    }

    /// What requests are doing, for whoever shows progress.
    pub fn activity(&self) -> &Arc<Activity> {
        &self.activity
    }

    /// Runs an exchange in a task of its own, so that its answer is read and the next request is sent while the
    /// caller works on another answer.
    async fn in_a_task(self: &Arc<Self>, call: Call) -> Result<Answer, Error> {
        let (http, method, path) = (Arc::clone(self), call.method, call.path.clone());
        // Dropping this future cancels the request.
        let mut task = JoinSet::new();
        task.spawn(async move { http.exchange(&call).await });
        match task.join_next().await {
            Some(Ok(answer)) => answer,
            Some(Err(error)) if error.is_panic() => resume_unwind(error.into_panic()),
            Some(Err(_)) | None => Err(Error::Lost {
                method: method.name(),
                path,
                reason: "it was cancelled".to_owned(),
                unsent: false,
                outlived: false,
            }),
        }
    }

    /// Sends a request, again where that does no harm, and reads its answer, whatever its status is.
    ///
    /// # Errors
    /// Fails where no whole answer comes back.
    pub(super) async fn exchange(&self, call: &Call) -> Result<Answer, Error> {
        let method = call.method;
        let mut tries = 1;
        loop {
            // The semaphore is never closed.
            let slot = self.slots.acquire().await.ok();
            self.wait_for_quota().await;
            let result = self.once(call).await;
            drop(slot);
            let wait = match &result {
                Ok(answer) if answer.status == 429 => Some(answer.quota.after_429(unix_now())),
                Ok(answer) if answer.status >= 500 && is_repeatable(method) => Some(backoff(tries, random())),
                // A page of a proxy in between; reading again does no harm.
                Ok(answer) if method == Method::Get && !answer.is_awaited(call.awaits) => {
                    Some(backoff(tries, random()))
                }
                // What takes longer than its time is not sent once more unseen: it may be saved by now. Nor is it
                // read more than twice: nobody waits for a silent server that long.
                Err(Error::Lost { outlived: true, .. }) if method != Method::Get || tries > 1 => None,
                Err(Error::Lost { unsent, .. }) if *unsent || is_repeatable(method) => Some(backoff(tries, random())),
                _ => None,
            };
            match wait {
                Some(wait) if tries < TRIES => {
                    let is_quota = matches!(&result, Ok(answer) if answer.status == 429);
                    self.activity.waits(if is_quota { Wait::Quota } else { Wait::Retry }, wait);
                    tokio::time::sleep(wait).await;
                }
                _ => return result,
            }
            tries += 1;
        }
    }

    async fn once(&self, call: &Call) -> Result<Answer, Error> {
        let (method, path) = (call.method, call.path.as_str());
        let lost = |error: &reqwest::Error| Error::Lost {
            method: method.name(),
            path: path.to_owned(),
            reason: reason(error),
            unsent: error.is_connect(),
            outlived: error.is_timeout() && !error.is_connect(),
        };
        let garbled = |reason: String| Error::Garbled { method: method.name(), path: path.to_owned(), reason };
        // A proxy may be below a path.
        let url = format!("{}{path}", self.base.as_str().trim_end_matches('/'));
        let url = Url::parse(&url).map_err(|error| garbled(error.to_string()))?;
        let mut request = self.client.request(as_http(method), url);
        request = request.timeout(self.time + time_for_images(call.body.as_deref().unwrap_or_default()));
        if let Some(body) = call.body.clone() {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let mut response = request.headers(call.headers.clone()).send().await.map_err(|error| lost(&error))?;
        let status = response.status().as_u16();
        let quota = quota(response.headers());
        let headers = match call.awaits {
            Awaits::Anything | Awaits::JsonOrFile => response.headers().clone(),
            Awaits::Json => HeaderMap::new(),
        };
        let size = response.content_length().and_then(|size| usize::try_from(size).ok());
        let mut body = Vec::with_capacity(size.unwrap_or_default().min(LARGEST));
        while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
            if body.len() + chunk.len() > LARGEST {
                let (method, path) = (method.name(), path.to_owned());
                return Err(Error::TooLarge { method, path, most: LARGEST / 1024 / 1024 });
            }
            body.extend_from_slice(&chunk);
        }
        let others = SIDE_BY_SIDE - 1 - self.slots.available_permits().min(SIDE_BY_SIDE - 1);
        self.window().update(quota, others as u64, unix_now_in_milliseconds());
        Ok(Answer { status, quota, headers, body })
    }

    async fn wait_for_quota(&self) {
        loop {
            let wait = self.window().take(unix_now_in_milliseconds());
            let Some(wait) = wait else { return };
            self.activity.waits(Wait::Quota, wait);
            tokio::time::sleep(wait).await;
        }
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The innermost cause, which names what happened; the message gives the address already.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    cause.to_string()
}

fn quota(headers: &HeaderMap) -> Quota {
    let number =
        |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).and_then(|text| text.trim().parse().ok());
    Quota {
        remaining: number("x-ratelimit-remaining"),
        reset: number("x-ratelimit-reset"),
        retry_after: number("retry-after"),
    }
}

fn unix_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

fn unix_now_in_milliseconds() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}

/// How much longer a request may take for the images that it sends.
fn time_for_images(body: &[u8]) -> Duration {
    let images = memchr::memmem::find_iter(body, b"<img").count();
    TIME_FOR_AN_IMAGE * u32::try_from(images).unwrap_or(u32::MAX).min(500)
}

/// A byte that differs from run to run; it only spreads waits.
fn random() -> u8 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| (time.subsec_nanos() >> 7) as u8)
}

#[cfg(test)]
mod tests {
    use super::super::model::Article;
    use super::*;

    #[test]
    fn a_record_that_cannot_be_read_leaves_the_others() {
        let page = br#"{"type":"list","data":[
            {"id":"7","title":"A","state":"published"},
            {"id":"8","title":"B","state":"archived"},
            {"id":"9","title":"C","state":"draft","parent_ids":null}
        ],"total_count":3}"#;
        assert!(serde_json::from_slice::<Page<Article>>(page).is_err());
        let records: Records<Article> = Records::of(serde_json::from_slice(page).unwrap());
        assert_eq!(records.page.data.iter().map(|article| article.id.0).collect::<Vec<_>>(), [7]);
        let odd: Vec<_> = records.unreadable.iter().map(|record| (record.id, record.title.as_deref())).collect();
        assert_eq!(odd, [(Some(8), Some("B")), (Some(9), Some("C"))]);
        assert!(records.unreadable[0].reason.contains("archived"));
    }

    #[test]
    fn a_request_has_more_time_the_more_images_it_sends() {
        assert_eq!(time_for_images(b"<p>a</p>"), Duration::ZERO);
        assert_eq!(time_for_images(br#"{"body":"<img src=1><p>a</p><img src=2>"}"#), 2 * TIME_FOR_AN_IMAGE);
    }
}
