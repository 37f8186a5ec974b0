//! The pages over HTTP, for browsers on this machine alone.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use tokio::net::TcpListener;
use tokio::sync::watch::{self, Receiver, Sender};
use tokio::task::{JoinHandle, spawn_blocking};

use super::site::{Exists, Page, Site};
use super::views::STYLE;
use crate::html::percent_decoded;
use crate::local::{DocsFolder, image_response, is_from_here, page_response};

/// The address of the events, below the top.
pub const EVENTS: &str = "events";

/// What is shown, and who hears that it changed.
#[derive(Debug)]
struct Shared {
    site: RwLock<Arc<Site>>,
    version: Sender<u64>,
}

/// A site that is being shown.
#[derive(Debug)]
pub struct Preview {
    shared: Arc<Shared>,
    address: SocketAddr,
    served: JoinHandle<()>,
}

/// Replaces the site that is shown.
#[derive(Debug, Clone)]
pub struct Screen(Arc<Shared>);

impl Screen {
    /// The site that is shown.
    pub fn site(&self) -> Arc<Site> {
        self.0.site()
    }

    /// Shows another one, in every page that is open.
    pub fn show(&self, site: Site) {
        self.change(|before| *before = site);
    }

    /// Changes it, in every page that is open. Nobody else changes it meanwhile.
    pub fn change(&self, change: impl FnOnce(&mut Site)) {
        let mut site = self.0.site.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut site));
        self.0.version.send_modify(|version| *version += 1);
    }

    /// Whether a page is open.
    pub fn is_looked_at(&self) -> bool {
        self.0.version.receiver_count() > 0
    }
}

impl Shared {
    fn site(&self) -> Arc<Site> {
        Arc::clone(&self.site.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Preview {
    /// Binds to 127.0.0.1 and shows a site from then on. 0 takes any free port.
    ///
    /// # Errors
    /// Where the port is taken.
    pub async fn start(site: Site, port: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { site: RwLock::new(Arc::new(site)), version: watch::Sender::new(0) });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let served = tokio::spawn(async move {
            // axum's accept loop has no errors to hand on.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { shared, address, served })
    }

    /// Its address, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What replaces the site.
    pub fn screen(&self) -> Screen {
        Screen(Arc::clone(&self.shared))
    }
}

/// Pages that wait for events do not keep it from ending.
impl Drop for Preview {
    fn drop(&mut self) {
        self.served.abort();
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    if !is_from_here(request.headers()) {
        return plain(StatusCode::FORBIDDEN, "Requests of other origins are not answered\n");
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "Pages are only read\n");
    }
    let path = request.uri().path().trim_start_matches('/').to_owned();
    if path == EVENTS {
        let events = Sse::new(events(shared.version.subscribe())).keep_alive(KeepAlive::default());
        return events.into_response();
    }
    if let Some((_, kind, text)) = helpbook_site::ASSETS.iter().find(|(name, ..)| path == format!("assets/{name}")) {
        return page_response(StatusCode::OK, kind, (*text).to_owned());
    }
    if path == STYLE {
        return page_response(StatusCode::OK, "text/css; charset=utf-8", crate::report::DIFFERENCE_STYLE.to_owned());
    }
    let query = request.uri().query().and_then(|query| {
        url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "q").map(|(_, value)| value.into_owned())
    });
    let site = shared.site();
    let made = spawn_blocking(move || {
        let page = site.page(&percent_decoded(&path), query.as_deref().unwrap_or_default());
        match page {
            Page::Html(html, Exists::Yes) => page_response(StatusCode::OK, "text/html; charset=utf-8", html),
            Page::Html(html, Exists::No) => page_response(StatusCode::NOT_FOUND, "text/html; charset=utf-8", html),
            Page::Script(text) => page_response(StatusCode::OK, "text/javascript; charset=utf-8", text),
            Page::Elsewhere(to) => {
                let mut response = plain(StatusCode::TEMPORARY_REDIRECT, "");
                if let Ok(to) = HeaderValue::from_str(&format!("/{to}")) {
                    response.headers_mut().insert(header::LOCATION, to);
                }
                response
            }
            Page::Image(file) => {
                let escaped = file.as_str().split('/').map(crate::config::escaped).collect::<Vec<_>>().join("/");
                let image = DocsFolder::open(&site.files.book.root).ok().and_then(|folder| folder.image(&escaped));
                image.map_or_else(|| plain(StatusCode::NOT_FOUND, "There is no such image\n"), image_response)
            }
        }
    });
    made.await.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, "This page cannot be made\n"))
}

/// The version now, and each one that comes.
fn events(version: Receiver<u64>) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold((version, false), |(mut version, is_told)| async move {
        if is_told {
            version.changed().await.ok()?;
        }
        let now = *version.borrow_and_update();
        Some((Ok(Event::default().event("version").data(now.to_string())), (version, true)))
    })
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    page_response(status, "text/plain; charset=utf-8", text.to_owned())
}
