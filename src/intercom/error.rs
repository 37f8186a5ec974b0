//! What can go wrong between helpbook and Intercom, with everything that a person needs to act.

use std::fmt;

use super::model::ErrorList;

/// A request that did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Intercom answered with an error status.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// No whole answer came back. Whether the request arrived is not known.
    #[error("no answer to {method} {path}: {reason}")]
    Lost {
        /// The method.
        method: &'static str,
        /// The path, without the host.
        path: String,
        /// Why, in the words of the HTTP library.
        reason: String,
        /// Whether the request cannot have arrived, as the connection was never made.
        unsent: bool,
        /// Whether it took longer than its time.
        outlived: bool,
    },
    /// The answer is larger than any that is read.
    #[error("the answer to {method} {path} is larger than {most} MB")]
    TooLarge {
        /// The method.
        method: &'static str,
        /// The path, without the host.
        path: String,
        /// How large it may be, in megabytes.
        most: usize,
    },
    /// The answer is not what the API promises.
    #[error("the answer to {method} {path} cannot be read: {reason}")]
    Garbled {
        /// The method.
        method: &'static str,
        /// The path, without the host.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// An answer with an error status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The method.
    pub method: &'static str,
    /// The path, without the host.
    pub path: String,
    /// The status.
    pub status: u16,
    /// Intercom's name for the request, to quote to its support.
    pub request_id: Option<String>,
    /// Its stable name for what is wrong; missing in the short form.
    pub code: Option<String>,
    /// Its sentence; missing where the body is empty.
    pub message: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} from {} {}", self.status, self.method, self.path)?;
        if let Some(message) = &self.message {
            write!(f, ": {message}")?;
        }
        match (&self.code, &self.request_id) {
            (Some(code), Some(id)) => write!(f, " ({code}, request {id})"),
            (Some(code), None) => write!(f, " ({code})"),
            (None, Some(id)) => write!(f, " (request {id})"),
            (None, None) => Ok(()),
        }
    }
}

impl Refusal {
    /// Reads the body of an answer with an error status: the error list, its short form, nothing
    /// at all, or something else entirely.
    pub(super) fn read(method: &'static str, path: &str, status: u16, body: &[u8]) -> Self {
        let list: ErrorList = serde_json::from_slice(body).unwrap_or_default();
        let first = list.errors.into_iter().next().unwrap_or_default();
        let text =
            |text: Option<String>| text.map(|text| crate::text::harmless(text.trim())).filter(|text| !text.is_empty());
        Self {
            method,
            path: path.to_owned(),
            status,
            request_id: text(list.request_id),
            code: text(first.code),
            message: text(first.message),
        }
    }
}

impl Error {
    /// The status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Error::Refused(refusal) => Some(refusal.status),
            Error::Lost { .. } | Error::Garbled { .. } | Error::TooLarge { .. } => None,
        }
    }

    /// Whether the token was refused.
    pub fn is_auth(&self) -> bool {
        self.status() == Some(401)
    }

    /// Whether the request was to change something.
    pub fn is_write(&self) -> bool {
        let method = match self {
            Error::Refused(refusal) => refusal.method,
            Error::Lost { method, .. } | Error::TooLarge { method, .. } | Error::Garbled { method, .. } => method,
        };
        method != "GET"
    }

    /// Whether Intercom may still be at it, or be done by now: it took longer than its time.
    pub fn is_outlived(&self) -> bool {
        matches!(self, Error::Lost { outlived: true, .. })
    }

    /// Whether the request may have been carried out although no good answer came back.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Error::Refused(refusal) => refusal.status >= 500,
            Error::Lost { unsent, .. } => !unsent,
            Error::Garbled { .. } | Error::TooLarge { .. } => true,
        }
    }
}

/// A record of a list that is not what the API promises, such as one with a state that is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its id, where that can be read.
    pub id: Option<u64>,
    /// Its title, where that can be read.
    pub title: Option<String>,
    /// What is wrong with it.
    pub reason: String,
}

/// A connection cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// The environment holds no token.
    #[error("no token: neither INTERCOM_ACCESS_TOKEN nor INTERCOM_TOKEN is set")]
    NoToken,
    /// The token holds characters that no token has.
    #[error("INTERCOM_ACCESS_TOKEN holds characters that no token has, such as a line feed")]
    BadToken,
    /// `INTERCOM_BASE_URL` cannot be used.
    #[error("INTERCOM_BASE_URL cannot be used: {0}")]
    BadAddress(&'static str),
    /// The HTTP library cannot start.
    #[error("the HTTP client cannot start: {0}")]
    Client(#[from] reqwest::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &str) {
        assert_eq!(Refusal::read("PUT", "/articles/7", 422, body.as_bytes()).to_string(), expected);
    }

    #[test]
    fn every_form_of_an_error_names_what_it_can() {
        check(
            r#"{"type":"error.list","request_id":"r1","errors":[{"code":"parameter_invalid","message":"No."}]}"#,
            "422 from PUT /articles/7: No. (parameter_invalid, request r1)",
        );
        check(r#"{"errors":[{"message":"Short.","status":422}]}"#, "422 from PUT /articles/7: Short.");
        check("", "422 from PUT /articles/7");
        check("<html>\u{1b}[2J</html>", "422 from PUT /articles/7");
    }
}
