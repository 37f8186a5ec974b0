//! A connection to one workspace, with the host and the token that the environment names.
//!
//! It hands out what reads and what writes, and sends nothing itself.

use std::env;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::activity::Activity;
use super::error::ConnectionError;
use super::http::{Http, TIME, token};
use super::reader::Reader;
use super::writer::Writer;
use crate::config::Region;
use crate::text::one_line;

/// A connection to one workspace.
#[derive(Debug, Clone)]
pub struct Connection {
    http: Arc<Http>,
}

impl Connection {
    /// A connection as the environment says: the token from `INTERCOM_ACCESS_TOKEN` or
    /// `INTERCOM_TOKEN`, the host from `INTERCOM_BASE_URL`, else by region.
    ///
    /// # Errors
    /// Fails without a token and with an address that is neither https nor loopback.
    pub fn from_env(region: Region) -> Result<Self, ConnectionError> {
        let (_, token) = token().ok_or(ConnectionError::NoToken)?;
        Self::with_token(region, &token)
    }

    /// A connection with a token that somebody typed; the host as the environment says, else by region.
    ///
    /// # Errors
    /// Fails as [`Connection::new`] does.
    pub fn with_token(region: Region, token: &SecretString) -> Result<Self, ConnectionError> {
        let host = env::var("INTERCOM_BASE_URL").ok().filter(|url| !url.is_empty());
        Self::new(host.as_deref().unwrap_or(host_of(region)), token)
    }

    /// The environment variable that the token comes from, if there is a token.
    pub fn token_variable() -> Option<&'static str> {
        token().map(|(name, _)| name)
    }

    /// The origin that [`Connection::from_env`] would ask, for messages; no token is needed for it.
    pub fn host_from_env(region: Region) -> String {
        let host = env::var("INTERCOM_BASE_URL").ok().filter(|url| !url.is_empty());
        let host = host.as_deref().unwrap_or(host_of(region));
        Url::parse(host).map_or_else(|_| one_line(host), |url| url.origin().ascii_serialization())
    }

    /// Whether the environment names the host, so that no region does.
    pub fn has_host_of_its_own() -> bool {
        env::var("INTERCOM_BASE_URL").is_ok_and(|url| !url.is_empty())
    }

    /// A connection to a host with a token.
    ///
    /// # Errors
    /// Fails with an address that is neither https nor loopback, and with a token that no header can hold.
    pub fn new(base: &str, token: &SecretString) -> Result<Self, ConnectionError> {
        Self::with_time(base, token, TIME)
    }

    /// The same with another time for a request than two minutes; each image that it sends adds to that.
    ///
    /// # Errors
    /// Fails as [`Connection::new`] does.
    pub fn with_time(base: &str, token: &SecretString, time: Duration) -> Result<Self, ConnectionError> {
        Ok(Self { http: Arc::new(Http::new(base, token, time)?) })
    }

    /// A client that can only read.
    pub fn reader(&self) -> Reader {
        Reader::new(Arc::clone(&self.http))
    }

    /// A client that can write. A command that only reads never asks for it.
    pub fn writer(&self) -> Writer {
        Writer::new(Arc::clone(&self.http))
    }

    /// What the connection is doing, for whoever shows progress.
    pub fn activity(&self) -> Arc<Activity> {
        Arc::clone(self.http.activity())
    }

    /// The region whose host is asked; `None` for this machine and for a proxy.
    pub fn region(&self) -> Option<Region> {
        [Region::Us, Region::Eu, Region::Au].into_iter().find(|region| host_of(*region) == self.host())
    }

    /// The origin of the API, such as `https://api.intercom.io`, for messages.
    pub fn host(&self) -> String {
        self.http.host()
    }
}

/// The address of a region's API (docs/intercom.md 4).
fn host_of(region: Region) -> &'static str {
    match region {
        Region::Us => "https://api.intercom.io",
        Region::Eu => "https://api.eu.intercom.io",
        Region::Au => "https://api.au.intercom.io",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base: &str, ok: bool) {
        assert_eq!(Connection::new(base, &"t".into()).is_ok(), ok);
    }

    #[test]
    fn only_https_is_spoken_but_to_loopback() {
        check("https://api.intercom.io", true);
        check("http://127.0.0.1:9", true);
        check("http://localhost:9", true);
        check("http://[::1]:9", true);
        check("http://api.intercom.io", false);
        check("http://127.0.0.1.evil.example", false);
        check("ftp://127.0.0.1", false);
        check("https://user:pass@api.intercom.io", false);
        check("nonsense", false);
        check("https://proxy.example/intercom", true);
        check("https://api.intercom.io/?a=b", false);
        check("https://api.intercom.io/#a", false);
    }

    #[test]
    fn the_token_is_not_shown() {
        let connection = Connection::new("https://api.intercom.io", &"s3cret-token".into()).unwrap();
        assert!(!format!("{connection:?}").contains("s3cret"));
        assert!(matches!(Connection::new("https://x.example", &"a\nb".into()), Err(ConnectionError::BadToken)));
    }
}
