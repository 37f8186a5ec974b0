//! Requests to answers: the paths of Intercom's API that are served, and what each does.
//!
//! `HelpCenter` holds all there is; a request goes through `answer`, one at a time, and a write is
//! in the store before its answer leaves. Nothing here knows HTTP's wire: `server` does.

mod api_version;
mod article_json;
mod article_request;
mod articles;
mod audiences;
mod auth;
mod collections;
mod control;
mod drafts;
mod examples;
mod faults;
mod fields;
mod list;
mod rate_limit;
mod redirects;
mod search;
mod shape;
mod tags;
mod versions;
mod workspace;

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use helpbook_model::Locale;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

pub(super) use rate_limit::RateLimitHeaders;

use api_version::ApiVersion;

use super::Clock;
use super::behaviour::{Behaviour, Editor, EmptyParagraphs, Escapes, Images, Styles, TableStyles};
use super::body::{self, Saving};
use super::docs_folder::{DocsFolder, ImageFile};
use super::error::StoreError;
use super::faults::Chance;
use super::history::{History, Record};
use super::image::{self, StoredImage};
use super::log::RequestLog;
use super::options::Options;
use super::refusal::Refusal;
use super::site::{Shown, Site};
use super::store::{Changes, Counters, Store};
use super::workspace_objects::Redirect;

/// Requests per window where the options name no limit. Intercom's is 1,667 (docs/intercom.md 4); this one
/// is high, as nobody is to wait for a server of their own.
const DEFAULT_LIMIT: u32 = 10_000;

/// How many bodies are kept as Markdown.
const KEPT_MARKDOWN: usize = 20_000;

/// A request, apart from the wire. It has no `Debug`, as it holds the token.
#[derive(Clone)]
pub(super) struct Request {
    pub method: String,
    pub path: String,
    pub query: String,
    pub authorization: Option<String>,
    pub version: Option<String>,
    pub accept: Option<String>,
    pub body: Vec<u8>,
}

/// An answer, apart from the wire.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: u16,
    /// None: an empty body.
    pub body: Option<Value>,
    pub origin: Origin,
    /// None where the token was refused.
    pub rate_limit: Option<RateLimitHeaders>,
    pub request_id: String,
    pub delivery: Delivery,
    /// Seconds.
    pub retry_after: Option<u64>,
    /// How long it takes at least.
    pub latency: Duration,
}

/// How an answer reaches the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delivery {
    Whole,
    /// After a wait.
    Late(Duration),
    /// In pieces, with a wait before each.
    Slow(Duration),
    /// Not at all: the connection is closed.
    Dropped,
    /// As far as its middle, then the connection is closed.
    Truncated,
    /// As a page of HTML.
    WrongType,
}

/// The result of a handler: the body of a success, or the refusal.
type Handled = Result<Value, Refusal>;

/// A success with the status it has.
#[derive(Debug)]
struct Success {
    status: u16,
    /// None: an empty body.
    body: Option<Value>,
    origin: Origin,
}

/// Where an answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// What is kept here.
    HelpCenter,
    /// It is made up: nothing of it is kept here.
    Example,
}

impl From<Value> for Success {
    fn from(body: Value) -> Self {
        Self { status: 200, body: Some(body), origin: Origin::HelpCenter }
    }
}

/// A local Help Center, apart from the wire.
pub(super) struct HelpCenter {
    store: Store,
    clock: Clock,
    docs: Option<DocsFolder>,
    port: u16,
    region: String,
    behaviour: Behaviour,
    /// What it was told at its start.
    started_with: Behaviour,
    /// The default locale.
    locale: Locale,
    /// Every locale, the default one first.
    locales: Vec<Locale>,
    rate_limit: rate_limit::RateLimit,
    log: RequestLog,
    chance: Chance,
    latency: Duration,
    history: History,
    /// While a stale list is answered: the time that it shows.
    seen_until: Option<i64>,
    /// Bodies as Markdown, by the digest of what is stored.
    markdown: RefCell<HashMap<[u8; 32], String>>,
    /// How many answers were given; it makes signatures and request ids differ.
    answers: u64,
    /// What the current request did to articles, for the log.
    effects: Vec<String>,
}

impl HelpCenter {
    /// Brings the parts together. `port` is the one the server listens on.
    pub(super) fn new(options: &Options, store: Store, docs: Option<DocsFolder>, log: RequestLog, port: u16) -> Self {
        let locales = options.all_locales();
        Self {
            store,
            clock: options.clock.clone(),
            docs,
            port,
            region: options.region.clone().unwrap_or_else(|| "US".to_owned()),
            behaviour: options.behaviour.clone(),
            started_with: options.behaviour.clone(),
            locale: options.default_locale(),
            locales,
            rate_limit: rate_limit::RateLimit::new(options.rate_limit.unwrap_or(DEFAULT_LIMIT)),
            log,
            chance: Chance::new(options.faults.clone()),
            latency: options.latency,
            history: History::default(),
            seen_until: None,
            markdown: RefCell::default(),
            answers: 0,
            effects: Vec::new(),
        }
    }

    /// The access token.
    pub(super) fn token(&self) -> &str {
        &self.store.token
    }

    /// The lines of the request log since the start.
    pub(super) fn requests(&self) -> Vec<String> {
        self.log.lines()
    }

    /// An image of the docs folder, by the rest of its address after `/docs/`.
    pub(super) fn docs_image(&self, path: &str) -> Option<ImageFile> {
        self.docs.as_ref()?.image(path)
    }

    /// An image that was taken over from the docs folder, by the rest of its address after
    /// `/i/o/local/`. Intercom serves these from a host of its own, which is not there on this machine.
    pub(super) fn taken_over_image(&self, path: &str) -> Option<ImageFile> {
        let bytes = self.store.image(&format!("{}/{path}", image::TAKEN_OVER)).ok()??;
        ImageFile::of(bytes)
    }

    /// What a customer sees at a path; `None` where that is none of the site.
    pub(super) fn shown(&mut self, path: &str, query: &str) -> Option<Shown> {
        let host = workspace::SITE.rfind('/').unwrap_or_default();
        let edited = workspace::edited(path).filter(|_| self.behaviour.editor == Editor::Assumed);
        if edited.is_none() && !path.starts_with(&workspace::SITE[host..]) {
            return None;
        }
        // What is due has happened, whoever looks.
        articles::carry_out_schedules(self).ok()?;
        let redirects: Vec<Redirect> = self.store.redirects.values().cloned().collect();
        let site = Site {
            articles: &self.store.articles,
            collections: &self.store.collections,
            redirects: &redirects,
            locales: &self.locales,
            url: workspace::SITE,
            part: |id, title| workspace::address_part(id, title),
        };
        match edited {
            Some(id) => site.editor(id),
            None => site.page(path, query),
        }
    }

    /// Answers a request and notes it.
    pub(super) fn answer(&mut self, request: &Request) -> Answer {
        self.answers += 1;
        let request_id = self.request_id();
        if let Some(drawn) = faults::draw(self, request) {
            return faults::answer(self, request, drawn, request_id);
        }
        let mut rate_limit = None;
        let handled = self.handle(request, &mut rate_limit);
        let (status, body, origin) = match handled {
            Ok(success) => (success.status, success.body, success.origin),
            Err(refusal) => (refusal.status, refusal.body(&request_id), Origin::HelpCenter),
        };
        self.note(request, status);
        let latency = if is_control(request) { Duration::ZERO } else { self.latency };
        Answer { status, body, origin, rate_limit, request_id, delivery: Delivery::Whole, retry_after: None, latency }
    }

    /// Answers a request that was refused before it was read, and notes it.
    pub(super) fn refuse(&mut self, request: &Request, refusal: &Refusal) -> Answer {
        self.answers += 1;
        let request_id = self.request_id();
        self.note(request, refusal.status);
        let (status, body) = (refusal.status, refusal.body(&request_id));
        let (delivery, latency) = (Delivery::Whole, self.latency);
        Answer {
            status,
            body,
            origin: Origin::HelpCenter,
            rate_limit: None,
            request_id,
            delivery,
            retry_after: None,
            latency,
        }
    }

    fn handle(&mut self, request: &Request, rate_limit: &mut Option<RateLimitHeaders>) -> Result<Success, Refusal> {
        auth::check_token(request, &self.store.token)?;
        let example = examples::operation(request);
        if example.is_none_or(|operation| operation.accept.is_none()) {
            auth::check_accept(request)?;
        }
        articles::carry_out_schedules(self)?;
        let path: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        if let ["_local", path @ ..] = path.as_slice() {
            return control::handle(self, request, path).map(Success::from);
        }
        let (headers, passes) = self.rate_limit.count(self.clock.now());
        *rate_limit = Some(headers);
        passes?;
        let version = ApiVersion::asked(request)?;
        version.has(&path)?;
        if let Some(operation) = example {
            return examples::answer(operation, request);
        }
        let known = version.read(request);
        let request = known.as_ref().unwrap_or(request);
        shape::carry_out(self, request, &path, version, |center| match path.as_slice() {
            ["audiences", rest @ ..] => audiences::handle(center, request, rest),
            path => center.route(request, path).map(Success::from),
        })
    }

    fn route(&mut self, request: &Request, path: &[&str]) -> Handled {
        match (request.method.as_str(), path) {
            ("GET", ["me"]) => Ok(workspace::me(&self.region)),
            ("GET", ["admins"]) => Ok(workspace::admins()),
            ("GET", ["admins", id]) => workspace::admin(id),
            ("GET", ["help_center", "help_centers"]) => workspace::help_centers(&request.query, &self.locales),
            ("GET", ["help_center", "help_centers", id]) => workspace::help_center(id, &self.locales),
            (_, ["help_center", "help_centers", id, "redirects", rest @ ..]) => {
                redirects::handle(self, request, id, rest)
            }
            (_, ["help_center", "collections", rest @ ..]) => collections::handle(self, request, rest),
            (_, ["tags", rest @ ..]) => tags::handle(self, request, rest),
            ("GET", ["articles", "search"]) => search::search(self, request),
            (_, ["articles", id, "draft", rest @ ..]) => drafts::handle(self, request, id, rest),
            (_, ["articles", id, "tags", rest @ ..]) => tags::of_article(self, request, id, rest),
            ("GET", ["articles", id, "versions", rest @ ..]) => versions::handle(self, request, id, rest),
            (_, ["articles", rest @ ..]) => articles::handle(self, request, rest),
            _ => Err(Refusal::not_found()),
        }
    }

    /// Turns a body as sent into one to store, and adds the images that were taken over to `changes`.
    fn save_body(&self, html: &str, counters: &mut Counters, changes: &mut Changes) -> Result<String, Refusal> {
        let serial = std::cell::Cell::new(counters.serial);
        let next = || serial.replace(serial.get() + 1);
        let saved = body::save(
            html,
            &mut Saving {
                heading_ids: self.behaviour.heading_ids,
                white_space: self.behaviour.white_space,
                new_heading_id: &mut || format!("h_{}", image::hex(&[b"heading", &next().to_be_bytes()], 10)),
                rehost: &mut |src| {
                    let docs = self.docs.as_ref();
                    let (address, mut stored) = image::take_over(src, next(), self.port, docs)?;
                    let bare = src.split('?').next().unwrap_or(src);
                    let address = match self.behaviour.images {
                        Images::Renewed if bare == address => {
                            let bytes = self.store.image(bare).ok().flatten();
                            let again = image::again(bare, next());
                            stored = bytes.map(|bytes| StoredImage { address: again.clone(), bytes });
                            again
                        }
                        _ => address,
                    };
                    changes.images.extend(stored);
                    Ok(address)
                },
            },
        )?;
        counters.serial = serial.get();
        let behaviour = &self.behaviour;
        let saved = match behaviour.styles {
            Styles::Kept => saved,
            Styles::Dropped => with_styles(&saved, |_, _| None),
            Styles::Rewritten => with_styles(&saved, |_, style| Some(style.replace(": ", ":").replace("; ", ";"))),
            Styles::Rgba => with_styles(&saved, |tag, style| {
                let is_kept = tag != "div" || style.contains("background-color: rgb");
                is_kept.then(|| style.to_owned())
            }),
        };
        let saved = match behaviour.table_styles {
            TableStyles::Kept => saved,
            TableStyles::Dropped => {
                with_styles(&saved, |tag, style| (!matches!(tag, "table" | "td")).then(|| style.to_owned()))
            }
        };
        let saved = match behaviour.empty_paragraphs {
            EmptyParagraphs::Kept => saved,
            EmptyParagraphs::Dropped => {
                const BETWEEN: &str = "</p><p class=\"no-margin\"></p><p";
                let mut saved = saved;
                while saved.contains(BETWEEN) {
                    saved = saved.replace(BETWEEN, "</p><p");
                }
                saved
            }
        };
        Ok(match behaviour.escapes {
            Escapes::Few => saved,
            Escapes::Many => with_entities(&saved),
        })
    }

    fn commit(&mut self, changes: Changes, counters: Counters) -> Result<(), Refusal> {
        let mut effects: Vec<String> =
            changes.articles.iter().map(|one| articles::effect(one, &self.locales)).collect();
        effects.extend(changes.deleted_articles.iter().map(|id| format!("article={id} deleted")));
        self.remember(&changes);
        self.store.commit(changes, counters).map_err(|error| failed(&error))?;
        self.effects = effects;
        Ok(())
    }

    /// Keeps what a change is about to replace, for stale lists.
    fn remember(&mut self, changes: &Changes) {
        let (now, store) = (self.clock.now(), &self.store);
        let articles = changes.articles.iter().map(|one| one.id).chain(changes.deleted_articles.iter().copied());
        for id in articles {
            self.history.note(now, Record::Article(id, store.articles.get(&id).cloned()));
        }
        let collections =
            changes.collections.iter().map(|one| one.id).chain(changes.deleted_collections.iter().copied());
        for id in collections {
            self.history.note(now, Record::Collection(id, store.collections.get(&id).cloned()));
        }
    }

    /// A body as it is read: its images signed.
    fn sign(&self, body: &str) -> String {
        image::sign(body, self.clock.now(), self.answers)
    }

    /// A body as it is read, as Markdown. `signed` is what `sign` made of it.
    ///
    /// Every list shows every body, so what was made is kept, but where signatures differ from read to read.
    fn markdown(&self, body: &str, signed: &str) -> String {
        if body != signed {
            return body::markdown_of(signed);
        }
        let mut known = self.markdown.borrow_mut();
        let digest: [u8; 32] = Sha256::digest(body).into();
        if known.len() >= KEPT_MARKDOWN {
            known.clear();
        }
        known.entry(digest).or_insert_with(|| body::markdown_of(body)).clone()
    }

    /// The address of a list, for `pages.next`.
    fn list_address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    fn request_id(&self) -> String {
        let digest = image::hex(&[self.store.token.as_bytes(), &self.answers.to_be_bytes()], 32);
        let parts = [&digest[..8], &digest[8..12], &digest[12..16], &digest[16..20], &digest[20..]];
        parts.join("-")
    }

    fn note(&mut self, request: &Request, status: u16) {
        let Request { method, path, query, .. } = request;
        let mark = if query.is_empty() { "" } else { "?" };
        let line = format!("{method} {path}{mark}{query}").replace(&self.store.token, "***");
        let effects = std::mem::take(&mut self.effects);
        self.log.note(self.clock.now(), &line, status, &effects);
    }
}

/// A stored body with other values in its `style` attributes, or without these. `rewrite` is given the tag's name.
fn with_styles(body: &str, rewrite: impl Fn(&str, &str) -> Option<String>) -> String {
    const START: &str = " style=\"";
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    // A quote is escaped in attributes, and `<` in text, so that this may be in a text as well; it does no harm there.
    while let Some((before, after)) = rest.split_once(START) {
        out.push_str(before);
        let tag = out.rsplit('<').next().and_then(|tag| tag.split(' ').next()).unwrap_or_default();
        let (style, tail) = after.split_once('"').unwrap_or((after, ""));
        if let Some(style) = rewrite(tag, style) {
            out.push_str(&format!("{START}{style}\""));
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// A stored body with its quotes as entities where they are text. `<` and `>` are in tags alone.
fn with_entities(body: &str) -> String {
    let mut is_tag = false;
    let mut out = String::with_capacity(body.len());
    for c in body.chars() {
        is_tag = c == '<' || is_tag && c != '>';
        match c {
            '"' if !is_tag => out.push_str("&quot;"),
            '\'' if !is_tag => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Whether a request is for the control endpoints, and not for Intercom's API.
fn is_control(request: &Request) -> bool {
    let path = request.path.trim_matches('/');
    path == "_local" || path.starts_with("_local/")
}

/// The store failed: nothing was written. The answer says why.
fn failed(error: &StoreError) -> Refusal {
    Refusal::server_error(error.to_string())
}

/// The id in a path.
///
/// # Errors
/// A 404 where it is no number.
fn parse_id(id: &str) -> Result<u64, Refusal> {
    id.parse().map_err(|_| Refusal::not_found())
}
