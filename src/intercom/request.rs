//! A request that somebody wrote: any method and path of the API, and the answer as it came.
//!
//! A [`Request`] is only made where its path stays on the host that is configured and no header of it is ours. One
//! that changes nothing is a [`Query`], which a `Reader` takes; every other one needs a `Writer`. Nothing here knows
//! the catalogue: which paths are searches is a fact about the API.

use helpbook_catalogue::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::API_VERSION;
use super::error::{Error, Refusal};
use super::http::{Answer, Awaits, Call, Http};
use crate::text::one_line;

/// What is sent with `POST` and changes nothing: the paths of Intercom's OpenAPI description of version 2.16.
const SEARCHES: [&str; 6] = [
    "/admins/activity_logs/search",
    "/calls/search",
    "/companies/list",
    "/contacts/search",
    "/conversations/search",
    "/tickets/search",
];

/// Headers that nobody else may set: what they would change has a way of its own, or none.
const OURS: [&str; 7] =
    ["authorization", "connection", "content-length", "cookie", "host", "intercom-version", "transfer-encoding"];

/// A request to the API.
#[derive(Debug, Clone)]
pub struct Request {
    method: Method,
    path: String,
    body: Option<Vec<u8>>,
    version: String,
    headers: HeaderMap,
}

/// A request that changes nothing.
#[derive(Debug, Clone)]
pub struct Query(Request);

/// A request that is never sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    /// The path names a host.
    #[error("`{0}` is an address; write its path alone")]
    Address(String),
    /// A part of the path is `.` or `..`, which would leave the place where the API is.
    #[error("the path `{0}` has a part `.` or `..`")]
    Above(String),
    /// The path holds a character that no path has.
    #[error("the path `{0}` holds {1}")]
    Character(String, &'static str),
    /// The version is none.
    #[error("`{0}` is not a version of the API; write one such as `2.11`, `2.16` or `Unstable`")]
    Version(String),
    /// A header is not `NAME: VALUE`.
    #[error("`{0}` is not a header; write `NAME: VALUE`")]
    Header(String),
    /// A header that only helpbook sets.
    #[error("the header `{0}` cannot be set")]
    Ours(String),
}

impl Request {
    /// A request with the version that helpbook speaks. The path may have a query, and a slash at its start.
    ///
    /// # Errors
    /// Fails with a path that could be of another host, or of no place below the configured one.
    pub fn new(method: Method, path: &str) -> Result<Self, BadRequest> {
        let path = checked(path)?;
        Ok(Self { method, path, body: None, version: API_VERSION.to_owned(), headers: HeaderMap::new() })
    }

    /// The same with a body, which is JSON unless a header says otherwise.
    #[must_use]
    pub fn with_body(mut self, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self
    }

    /// The same for another version of the API.
    ///
    /// # Errors
    /// Fails with what is no version.
    pub fn for_version(mut self, version: &str) -> Result<Self, BadRequest> {
        let numbers = version.split_once('.');
        let is_number = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_name = ["unstable", "preview"].contains(&version.to_ascii_lowercase().as_str());
        if !is_name && !numbers.is_some_and(|(major, minor)| is_number(major) && is_number(minor)) {
            return Err(BadRequest::Version(one_line(version)));
        }
        version.clone_into(&mut self.version);
        Ok(self)
    }

    /// The same with another header, `NAME: VALUE`.
    ///
    /// # Errors
    /// Fails with what is no header, and with those that helpbook sets itself, the token before all.
    pub fn with_header(mut self, line: &str) -> Result<Self, BadRequest> {
        let bad = || BadRequest::Header(one_line(line.split(':').next().unwrap_or(line)));
        let (name, value) = line.split_once(':').ok_or_else(bad)?;
        let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| bad())?;
        if OURS.contains(&name.as_str()) {
            return Err(BadRequest::Ours(name.to_string()));
        }
        self.headers.insert(name, HeaderValue::from_str(value.trim()).map_err(|_| bad())?);
        Ok(self)
    }

    /// The method.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The path, with its query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The body.
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// The version of the API.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The headers that are sent but for the token: names and values, each on one harmless line.
    pub fn headers(&self) -> Vec<(String, String)> {
        let own = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut all = vec![own("Intercom-Version", &self.version)];
        if !self.headers.contains_key("accept") {
            all.push(own("Accept", "application/json"));
        }
        if self.body.is_some() && !self.headers.contains_key("content-type") {
            all.push(own("Content-Type", "application/json"));
        }
        all.extend(lines(&self.headers, one_line));
        all
    }

    /// The request as one that changes nothing; `None` where it may change something.
    pub fn into_query(self) -> Option<Query> {
        let path = self.path.split('?').next().unwrap_or_default();
        let is_search = self.method == Method::Post && SEARCHES.contains(&path);
        (self.method == Method::Get || is_search).then_some(Query(self))
    }

    fn call(&self) -> Call {
        let mut headers = self.headers.clone();
        if let Ok(version) = HeaderValue::from_str(&self.version) {
            headers.insert("Intercom-Version", version);
        }
        let awaits = if headers.contains_key("accept") { Awaits::Anything } else { Awaits::JsonOrFile };
        Call { method: self.method, path: self.path.clone(), body: self.body.clone(), headers, awaits }
    }

    /// Sends it, and reads the answer whatever its status is.
    pub(super) async fn sent(&self, http: &Http) -> Result<Reply, Error> {
        let answer = http.exchange(&self.call()).await?;
        Ok(Reply::read(self, answer, http))
    }
}

impl Query {
    /// The request that it is.
    pub fn request(&self) -> &Request {
        &self.0
    }

    /// The same for another path, such as that of the next page.
    ///
    /// # Errors
    /// Fails where the path could be of another host, or where it would no longer be a search.
    pub fn at(&self, path: &str) -> Result<Self, BadRequest> {
        let request = Request { path: checked(path)?, ..self.0.clone() };
        let path = request.path.clone();
        request.into_query().ok_or(BadRequest::Address(path))
    }

    /// The same with another body.
    #[must_use]
    pub fn with_body(&self, body: Vec<u8>) -> Self {
        Self(self.0.clone().with_body(body))
    }
}

/// An answer as it came, read completely.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Names and values, each on one harmless line and without the token.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// What Intercom says is wrong, where it refuses.
    refusal: Option<Box<Refusal>>,
}

impl Reply {
    fn read(request: &Request, answer: Answer, http: &Http) -> Self {
        let mut body = answer.body;
        let refusal = (!(200..400).contains(&answer.status)).then(|| {
            let mut refusal = Refusal::read(request.method.name(), &request.path, answer.status, &body);
            refusal.message = refusal.message.map(|message| http.without_token(&message));
            // Nor is the token in what a refusal says of it.
            body = http.without_token(&String::from_utf8_lossy(&body)).into_bytes();
            Box::new(refusal)
        });
        let headers = lines(&answer.headers, |value| http.without_token(&one_line(value)));
        Self { status: answer.status, headers, body, refusal }
    }

    /// A header by its name in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether it is one.
    ///
    /// # Errors
    /// Fails where Intercom refused. The address of something elsewhere is no refusal; it is never followed.
    pub fn accepted(&self) -> Result<(), Error> {
        self.refusal.clone().map_or(Ok(()), |refusal| Err(Error::Refused(refusal)))
    }
}

fn lines(headers: &HeaderMap, shown: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.to_string(), shown(&String::from_utf8_lossy(value.as_bytes())))
    };
    headers.iter().map(line).collect()
}

/// A path with one slash at its start, which stays below the address that is configured whatever it says.
fn checked(path: &str) -> Result<String, BadRequest> {
    let shown = || one_line(path);
    let bare = path.split('?').next().unwrap_or_default();
    if bare.contains("://") || path.starts_with("//") {
        return Err(BadRequest::Address(shown()));
    }
    let found = |character| Err(BadRequest::Character(shown(), character));
    if path.chars().any(char::is_control) {
        return found("a control character");
    }
    if path.contains('#') {
        return found("a `#`; write `%23`");
    }
    if bare.contains('\\') {
        return found("a `\\`");
    }
    // The URL standard takes these for dots, too.
    let is_above = |part: &str| matches!(part.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    if bare.split('/').any(is_above) {
        return Err(BadRequest::Above(shown()));
    }
    Ok(if path.starts_with('/') { path.to_owned() } else { format!("/{path}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(path: &str) -> Result<String, BadRequest> {
        Request::new(Method::Get, path).map(|request| request.path)
    }

    #[test]
    fn a_path_stays_on_its_host() {
        for (given, expected) in [
            ("articles", "/articles"),
            ("/articles?page=2&a=http://x", "/articles?page=2&a=http://x"),
            ("/@evil.example/a", "/@evil.example/a"),
            ("/a/..b/.c", "/a/..b/.c"),
        ] {
            assert_eq!(path(given).as_deref(), Ok(expected));
        }
        for given in [
            "http://evil.example/articles",
            "//evil.example/articles",
            "/..",
            "/a/../b",
            "/a/%2e%2E/b",
            "/a/.%2e",
            "/a\\..\\b",
            "/a\tb",
            "/a\nHost: x",
            "/a#b",
        ] {
            assert!(path(given).is_err(), "{given}");
        }
    }

    #[test]
    fn only_what_reads_is_a_query() {
        let is_query = |method, path: &str| Request::new(method, path).unwrap().into_query().is_some();
        assert!(is_query(Method::Get, "/articles/7") && is_query(Method::Post, "/contacts/search?a=b"));
        for (method, path) in [
            (Method::Post, "/articles"),
            (Method::Post, "/articles/7/contacts/search"),
            (Method::Put, "/contacts/search"),
            (Method::Delete, "/articles/7"),
            (Method::Patch, "/data_connectors/1"),
        ] {
            assert!(!is_query(method, path), "{method} {path}");
        }
        let search = Request::new(Method::Post, "/contacts/search").unwrap().into_query().unwrap();
        assert!(search.at("/contacts/search?page=2").is_ok() && search.at("/messages").is_err());
    }

    #[test]
    fn the_searches_are_those_of_the_catalogue() {
        let known = helpbook_catalogue::Catalogue::get().operations().iter().filter(|one| one.reads);
        let mut known: Vec<&str> = known.map(|one| one.path.as_str()).collect();
        known.sort_unstable();
        assert_eq!(known, SEARCHES);
    }

    #[test]
    fn headers_of_ours_are_nobody_elses() {
        let request = || Request::new(Method::Get, "/me").unwrap();
        for line in ["Authorization: Bearer x", "HOST: x", "intercom-version: 1.0", "no header", "a b: c", "x: a\nb: c"]
        {
            let error = request().with_header(line).unwrap_err();
            assert!(!error.to_string().contains("Bearer"), "{error}");
        }
        let sent = request().with_header("X-Trace: 1").unwrap().headers();
        let sent: Vec<String> = sent.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(sent, ["Intercom-Version=2.16", "Accept=application/json", "x-trace=1"]);
    }

    #[test]
    fn versions_are_numbers_or_the_newest() {
        let version = |version| Request::new(Method::Get, "/me").unwrap().for_version(version).is_ok();
        assert!(version("2.11") && version("Unstable") && version("preview"));
        assert!(!version("2") && !version("latest") && !version("2.16\nX: y") && !version(""));
    }
}
