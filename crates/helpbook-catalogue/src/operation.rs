//! An operation: what is sent where, and what comes back.

use std::fmt;

use crate::kind::{Kind, Presence};

/// The methods of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// Its name in capital letters.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The method of this name, in capital letters or not.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One operation of the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Its name: the one that the description gives it, else that of [`Operation::aliases`]' kind.
    pub name: String,
    /// The names that other connectors give it.
    pub aliases: Vec<String>,
    /// Its method.
    pub method: Method,
    /// Its path, with the names of parameters in braces: `/articles/{article_id}`.
    pub path: String,
    /// What it does, in one line.
    pub summary: String,
    /// What somebody gets to see at once; `None` where there is nothing to say.
    pub note: Option<Note>,
    /// Whether it changes nothing although it is a `POST`, as a search is.
    pub reads: bool,
    /// The parameters of its path, from left to right.
    pub inner: Vec<Parameter>,
    /// The parameters of its query.
    pub query: Vec<Parameter>,
    /// Of these parameters of the query one has to be there; empty for none.
    pub one_of: Vec<String>,
    /// The lists of the query that are sent as one value with commas, and not once for each value.
    pub commas: Vec<String>,
    /// The most records that a page may have; `None` where that is not known.
    pub most: Option<u64>,
    /// The type of its body; `None` where it has none.
    pub body: Option<Kind>,
    /// Whether it needs a body.
    pub body_presence: Presence,
    /// What it answers.
    pub answer: Answer,
    /// What `Accept` has to be, where not JSON.
    pub accept: Option<String>,
    /// The permissions that a token needs, where the description names any.
    pub scopes: Vec<String>,
    /// Whether the description has it.
    pub scope: Scope,
}

/// A parameter of a path or a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// Whether it has to be there.
    pub presence: Presence,
}

/// What an operation answers where it succeeds.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: Body,
}

/// The body of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// None, or one that is not described.
    None,
    /// Text that is not JSON.
    Text,
    /// JSON of this type.
    Json(Kind),
}

/// What somebody gets to see of a write at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Only where the body has this field with this value.
    pub condition: Option<(String, String)>,
    /// The sentence, without a capital letter and a final period.
    pub text: String,
}

/// Whether the description has an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// It has.
    Described,
    /// Other connectors offer it, and no description of 2.16 has it: it is sent as it is.
    Outside,
}

impl Operation {
    /// Whether it changes nothing.
    pub fn is_read(&self) -> bool {
        self.method == Method::Get || self.reads
    }

    /// Whether a path is one of this operation, and how many of its parts are parameters here. The path has no query,
    /// and may have names in braces where this one has parameters.
    pub fn matches(&self, path: &str) -> Option<usize> {
        let (mut own, mut others) = (self.path.split('/'), path.split('/'));
        let mut parameters = 0;
        loop {
            match (own.next(), others.next()) {
                (None, None) => return Some(parameters),
                (Some(own), Some(other)) if own.starts_with('{') && !other.is_empty() => parameters += 1,
                (Some(own), Some(other)) if own == other => {}
                _ => return None,
            }
        }
    }
}
