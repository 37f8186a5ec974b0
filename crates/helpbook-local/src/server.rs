//! The wire: a loopback socket, HTTP to requests and answers to HTTP.
//!
//! A browser must not be a way in: only loopback names are answered (so that no foreign name can
//! be made to point here), and no page of another origin is. Requests are bounded in size.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use futures_util::stream::{self, StreamExt as _};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::Instant;
use url::form_urlencoded;

use super::Error;
use super::api::{Answer, Delivery, HelpCenter, Origin, Request};
use super::connection::{Cut, Listening};
use super::docs_folder::{DocsFolder, ImageFile};
use super::log::RequestLog;
use super::options::{Options, Storage};
use super::refusal::Refusal;
use super::site::Shown;
use super::store::Store;

/// The largest request that is read.
const MAX_REQUEST: usize = 16 * 1024 * 1024;

/// How many pieces a slow answer comes in.
const PIECES: usize = 4;

type Shared = Arc<Mutex<HelpCenter>>;

/// How long `stop` waits for requests under way.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running local Help Center. It stops when it is dropped; `stop` also waits for that.
pub struct LocalHelpCenter {
    center: Shared,
    address: SocketAddr,
    token: String,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl LocalHelpCenter {
    /// Opens the store, binds to 127.0.0.1 and serves on the current runtime.
    ///
    /// # Errors
    /// Where another process has the store, the docs folder is not there, the port is taken, or
    /// the store does not read.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let store = Store::open(&options.store, options.token.as_deref())?;
        let wanted = options.default_locale();
        if let Some(found) = store.foreign_locale(&wanted) {
            return Err(Error::Locale { wanted, found: found.clone() });
        }
        let log = match &options.store {
            Storage::Memory => RequestLog::default(),
            Storage::Folder(folder) => {
                RequestLog::open(folder).map_err(|source| Error::Folder { path: folder.clone(), source })?
            }
        };
        let docs = match &options.docs {
            Some(path) => Some(DocsFolder::open(path).map_err(|source| Error::Docs { path: path.clone(), source })?),
            None => None,
        };
        let bind_error = |source| Error::Bind { port: options.port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(bind_error)?;
        let address = listener.local_addr().map_err(bind_error)?;

        let center = HelpCenter::new(&options, store, docs, log, address.port());
        let token = center.token().to_owned();
        let center = Arc::new(Mutex::new(center));
        let router = Router::new().fallback(serve).with_state(Arc::clone(&center));
        let (stop, stopped) = oneshot::channel();
        let service = router.into_make_service_with_connect_info::<Cut>();
        let served = tokio::spawn(async move {
            // It ends by the signal, or because the sender was dropped.
            let ended = async { stopped.await.unwrap_or(()) };
            // axum's accept loop has no errors to hand on.
            let _ = axum::serve(Listening(listener), service).with_graceful_shutdown(ended).await;
        });
        Ok(Self { center, address, token, stop, served })
    }

    /// The address to send requests to, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The access token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The lines of the request log since the start (at most the last 100,000).
    pub fn requests(&self) -> Vec<String> {
        lock(&self.center).requests()
    }

    /// Answers the requests under way, then closes the port and the store. A client that does not
    /// finish its request is left behind after five seconds.
    pub async fn stop(self) {
        // An error says that serving has ended already.
        let _ = self.stop.send(());
        let _ = tokio::time::timeout(PATIENCE, self.served).await;
    }
}

/// Without the token.
impl fmt::Debug for LocalHelpCenter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalHelpCenter").field("address", &self.address).finish_non_exhaustive()
    }
}

async fn serve(
    State(center): State<Shared>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: axum::extract::Request,
) -> Response<Body> {
    let came = Instant::now();
    let (parts, body) = request.into_parts();
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut request = Request {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        authorization: text("authorization"),
        version: text("intercom-version"),
        accept: text("accept"),
        body: Vec::new(),
    };
    let refused = match check_origin(&parts.headers) {
        Err(refusal) => Some(refusal),
        Ok(()) => match to_bytes(body, MAX_REQUEST).await {
            Ok(bytes) => {
                request.body = bytes.into();
                None
            }
            Err(_) => Some(Refusal::too_large()),
        },
    };
    let is_read = [Method::GET, Method::HEAD].contains(&parts.method);
    // The store waits for the disk, so it does not wait on a thread that serves others.
    let answered = spawn_blocking(move || {
        let mut center = lock(&center);
        if let Some(refusal) = refused {
            return Given::Answer(center.refuse(&request, &refusal));
        }
        let shown = if is_read { shown(&mut center, &request) } else { None };
        shown.unwrap_or_else(|| Given::Answer(center.answer(&request)))
    });
    match answered.await {
        Ok(Given::Answer(answer)) => {
            let due = came + answer.latency;
            let response = deliver(answer, &cut).await;
            tokio::time::sleep_until(due).await;
            response
        }
        Ok(Given::Shown(response)) => *response,
        Err(_) => status_only(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// What comes back.
enum Given {
    /// The API's.
    Answer(Answer),
    /// What browsers are shown: a page, a file that pages name, or an image.
    Shown(Box<Response<Body>>),
}

/// What a browser is shown at an address; `None` where that is one of the API.
fn shown(center: &mut HelpCenter, request: &Request) -> Option<Given> {
    let image = |center: &mut HelpCenter, image: Option<ImageFile>| match image {
        Some(image) => Given::Shown(Box::new(image_response(image))),
        None => Given::Answer(center.refuse(request, &Refusal::not_found())),
    };
    if let Some(path) = request.path.strip_prefix("/i/o/local/") {
        let found = center.taken_over_image(path);
        return Some(image(center, found));
    }
    if let Some(path) = request.path.strip_prefix("/docs/") {
        let found = center.docs_image(path);
        return Some(image(center, found));
    }
    let asset = request.path.strip_prefix("/local/assets/");
    let response = if let Some((_, kind, text)) = helpbook_site::ASSETS.iter().find(|(name, ..)| asset == Some(name)) {
        page_response(StatusCode::OK, kind, (*text).to_owned())
    } else {
        let query = form_urlencoded::parse(request.query.as_bytes()).find(|(name, _)| name == "q");
        let query = query.map(|(_, value)| value.into_owned()).unwrap_or_default();
        match center.shown(&decoded(&request.path), &query)? {
            Shown::Page(html) => page_response(StatusCode::OK, HTML, html),
            Shown::Missing(html) => page_response(StatusCode::NOT_FOUND, HTML, html),
            Shown::Script(text) => page_response(StatusCode::OK, "text/javascript; charset=utf-8", text),
            Shown::Elsewhere(path) => elsewhere(&path),
        }
    };
    Some(Given::Shown(Box::new(response)))
}

/// Sends an answer, as whole and as soon as it is to be.
async fn deliver(answer: Answer, cut: &Cut) -> Response<Body> {
    let delivery = answer.delivery;
    // Only what is cut to pieces is needed as text twice.
    let text = match (&answer.body, delivery) {
        (Some(body), Delivery::Slow(_) | Delivery::Truncated) => body.to_string(),
        _ => String::new(),
    };
    let mut response = write(answer);
    match delivery {
        Delivery::Whole => {}
        Delivery::Late(wait) => tokio::time::sleep(wait).await,
        Delivery::Dropped => cut.cut(),
        Delivery::Slow(wait) => {
            let size = text.len().div_ceil(PIECES).max(1);
            let pieces: Vec<Vec<u8>> = text.into_bytes().chunks(size).map(<[u8]>::to_vec).collect();
            let slowly = stream::iter(pieces).then(move |piece| async move {
                tokio::time::sleep(wait).await;
                Ok::<_, std::io::Error>(piece)
            });
            *response.body_mut() = Body::from_stream(slowly);
        }
        Delivery::Truncated => {
            let half = text.as_bytes()[..text.len() / 2].to_vec();
            response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
            let broken = Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted));
            *response.body_mut() = Body::from_stream(stream::iter([Ok(half), broken]));
        }
        Delivery::WrongType => {
            let page = "<!doctype html><title>Maintenance</title><p>We will be right back.</p>";
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            *response.body_mut() = Body::from(page);
        }
    }
    response
}

/// Answers only who asked for a loopback name, and no page of another origin.
fn check_origin(headers: &HeaderMap) -> Result<(), Refusal> {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    if !host.is_some_and(is_loopback) {
        return Err(Refusal::forbidden("The Host header does not name this machine"));
    }
    for origin in headers.get_all(header::ORIGIN) {
        let rest = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        if !rest.is_some_and(|(_, host)| is_loopback(host)) {
            return Err(Refusal::forbidden("Requests of other origins are not answered"));
        }
    }
    // A page that only shows an image sends no origin.
    if headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return Err(Refusal::forbidden("Requests of other origins are not answered"));
    }
    Ok(())
}

/// Whether a request comes from this machine and from no page of another origin.
pub fn is_from_here(headers: &HeaderMap) -> bool {
    check_origin(headers).is_ok()
}

/// Whether a host, with or without a port, is a loopback name.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    // The site's own name is one of this machine in every browser (RFC 6761).
    ["127.0.0.1", "localhost", "help.localhost", "[::1]"].contains(&name.to_ascii_lowercase().as_str())
}

fn write(answer: Answer) -> Response<Body> {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = status_only(status);
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set("x-request-id", &answer.request_id);
    if answer.origin == Origin::Example {
        set("x-helpbook-example", "true");
    }
    if let Some(limit) = answer.rate_limit {
        set("x-ratelimit-limit", &limit.limit.to_string());
        set("x-ratelimit-remaining", &limit.remaining.to_string());
        set("x-ratelimit-reset", &limit.reset.to_string());
    }
    if let Some(seconds) = answer.retry_after {
        set("retry-after", &seconds.to_string());
    }
    if let Some(body) = answer.body {
        set("content-type", "application/json; charset=utf-8");
        *response.body_mut() = Body::from(body.to_string());
    }
    response
}

/// The answer that gives an image of the docs.
pub fn image_response(image: ImageFile) -> Response<Body> {
    let mut response = Response::new(Body::from(image.bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(image.kind));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // No page of another site shows the docs' images.
    let policy = HeaderValue::from_static("same-origin");
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), policy);
    // An SVG may hold scripts.
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

const HTML: &str = "text/html; charset=utf-8";

/// The answer that gives a page, or a file that pages name: never kept, and with the rules of what may run in it.
pub fn page_response(status: StatusCode, kind: &'static str, text: String) -> Response<Body> {
    let mut response = status_only(status);
    *response.body_mut() = Body::from(text);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(helpbook_site::POLICY));
    response
}

/// Leads to another path of this server.
fn elsewhere(path: &str) -> Response<Body> {
    let mut response = status_only(StatusCode::FOUND);
    let escaped = path.split('/').map(|part| form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>());
    if let Ok(to) = HeaderValue::from_str(&escaped.collect::<Vec<_>>().join("/").replace('+', "%20")) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

/// A path with its escapes decoded; as it is where they are none.
fn decoded(path: &str) -> String {
    let parts = path.split('/').map(super::docs_folder::decode).collect::<Option<Vec<_>>>();
    parts.map_or_else(|| path.to_owned(), |parts| parts.join("/"))
}

fn status_only(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A request that panicked has committed nothing or all, so what is there can be served on.
fn lock(center: &Mutex<HelpCenter>) -> MutexGuard<'_, HelpCenter> {
    center.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_pass() {
        for host in ["127.0.0.1", "127.0.0.1:80", "localhost:4000", "LOCALHOST", "[::1]:1", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["", "example.com", "localhost.example.com", "127.0.0.1.example.com:80", "localhost:", "localhost:x"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
