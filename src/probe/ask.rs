//! One question after another: requests, their answers as they came, and what was seen so far.
//!
//! Between two requests it looks whether somebody interrupts. It remembers everything that it made.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use helpbook_catalogue::Method;
use serde_json::Value;

use super::Setting;
use super::belief::{BELIEFS, Seen};
use crate::intercom::model::{ArticleId, CollectionId, TagId};
use crate::intercom::{Error, Request, Writer};
use crate::record::Traits;

/// Why no more questions are asked.
#[derive(Debug)]
pub enum Stop {
    /// Somebody interrupted.
    Interrupted,
    /// A request got no answer, or nothing can be written here.
    Failed(Error),
}

/// What a probe made and has to delete.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub articles: Vec<ArticleId>,
    /// Those above before those below.
    pub collections: Vec<CollectionId>,
    pub tags: Vec<TagId>,
}

/// An answer whatever its status is.
#[derive(Debug)]
pub(super) struct Reply {
    pub status: u16,
    /// Null where it is empty or no JSON.
    pub json: Value,
    /// Why it was refused, if it was.
    pub refused: Option<Error>,
}

impl Reply {
    /// Whether it was taken, and the answer says what became of it.
    pub fn is_ok(&self) -> bool {
        self.is_taken() && self.json.is_object()
    }

    /// Whether it was taken, whatever the answer says.
    pub fn is_taken(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A text of the answer; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.json[name].as_str().unwrap_or_default()
    }

    /// The body of an article.
    pub fn body(&self) -> &str {
        self.text("body")
    }

    /// The id of what the answer is about.
    pub fn id(&self) -> Option<u64> {
        id_of(&self.json)
    }

    /// What a refusal says of a belief that it should have been taken.
    pub fn refusal(&self) -> Seen {
        if self.is_refused() { Seen::refused(self.status) } else { Seen::hidden(self.status) }
    }

    /// Whether Intercom refuses what was asked, and not who asks or when.
    pub fn is_refused(&self) -> bool {
        matches!(self.status, 400 | 404 | 405 | 409 | 413 | 422)
    }
}

/// The id of an object, which may be a string or a number.
pub(super) fn id_of(object: &Value) -> Option<u64> {
    object["id"].as_u64().or_else(|| object["id"].as_str()?.parse().ok())
}

/// A probe under way.
pub(super) struct Probe<'a> {
    pub writer: &'a Writer,
    pub setting: &'a Setting,
    pub is_interrupted: &'a AtomicBool,
    pub step: &'a mut (dyn FnMut() + Send),
    pub seen: BTreeMap<&'static str, Seen>,
    pub traits: Traits,
    pub made: Made,
    /// The address of an image of another article, which Intercom hosts.
    pub hosted: Option<String>,
}

impl Probe<'_> {
    /// Sends a request, if nobody interrupts.
    pub async fn ask(&mut self, method: Method, path: &str, body: Option<Value>) -> Result<Reply, Stop> {
        if self.is_interrupted.load(Ordering::SeqCst) {
            return Err(Stop::Interrupted);
        }
        let bad =
            |reason: String| Stop::Failed(Error::Garbled { method: method.name(), path: path.to_owned(), reason });
        let mut request = Request::new(method, path).map_err(|error| bad(error.to_string()))?;
        if let Some(body) = body {
            request = request.with_body(body.to_string().into_bytes());
        }
        let reply = self.writer.send(&request).await.map_err(Stop::Failed)?;
        (self.step)();
        let json = serde_json::from_slice(&reply.body).unwrap_or_default();
        Ok(Reply { status: reply.status, json, refused: reply.accepted().err() })
    }

    pub async fn get(&mut self, path: &str) -> Result<Reply, Stop> {
        self.ask(Method::Get, path, None).await
    }

    pub async fn post(&mut self, path: &str, body: Value) -> Result<Reply, Stop> {
        self.ask(Method::Post, path, Some(body)).await
    }

    pub async fn put(&mut self, path: &str, body: Value) -> Result<Reply, Stop> {
        self.ask(Method::Put, path, Some(body)).await
    }

    /// Keeps what was seen of a belief. The first that is known stays.
    pub fn saw(&mut self, name: &'static str, seen: Seen) {
        debug_assert!(BELIEFS.iter().any(|belief| belief.name == name), "{name}");
        if !self.seen.get(name).is_some_and(|seen| !matches!(seen, Seen::Unknown(_))) {
            self.seen.insert(name, seen);
        }
    }

    /// Nobody knows of some beliefs.
    pub fn cannot_see(&mut self, names: &[&'static str], why: &'static str) {
        for name in names {
            self.saw(name, Seen::Unknown(why.into()));
        }
    }
}
