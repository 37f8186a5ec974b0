//! Why a request is not sent: each with the name of what is wrong.

use helpbook_catalogue::{self as catalogue, Method, Wrong};

use super::field::FieldError;
use crate::intercom::BadRequest;

/// Something that is wrong with a request.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// A name in braces has no value.
    #[error("`{0}` is missing, which is a part of the path")]
    NoPart(String),
    /// A part of the path cannot be what it is.
    #[error("`{name}` is `{value}`, and expected is {expected}")]
    Part {
        /// The name of the parameter.
        name: String,
        /// What it is.
        value: String,
        /// What it should be.
        expected: String,
    },
    /// The path has no such method.
    #[error("`{path}` has no {method}; it has {known}")]
    NoMethod {
        /// The path.
        path: String,
        /// What was asked for.
        method: Method,
        /// Its methods.
        known: String,
    },
    /// A parameter of the query is not known, and the name that is nearest.
    #[error("`{0}` is no parameter here{1}")]
    UnknownParameter(String, String),
    /// A parameter of the query is missing.
    #[error("`{0}` is missing")]
    NoParameter(String),
    /// One of these parameters has to be there.
    #[error("one of {0} is missing")]
    NoneOf(String),
    /// A parameter of the query cannot be what it is.
    #[error("`{name}` is `{value}`, and expected is {expected}")]
    Parameter {
        /// Its name.
        name: String,
        /// What it is.
        value: String,
        /// What it should be.
        expected: String,
    },
    /// Something in the body.
    #[error("{0}")]
    Body(catalogue::Problem),
    /// There is no body, and one is needed with these fields.
    #[error("the body is missing{0}")]
    NoBody(String),
    /// There is a body, and none belongs here.
    #[error("{0} has no body")]
    SomeBody(String),
    /// The body is not JSON.
    #[error("the body is not JSON: {0}")]
    NotJson(String),
    /// A body from a file leaves no place for fields.
    #[error("`{0}` is no parameter of the path or the query, and the body comes from `--input`")]
    FieldAndInput(String),
    /// Fields that do not go together.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// What can never be sent.
    #[error(transparent)]
    Request(#[from] BadRequest),
}

impl Problem {
    /// Whether the value would be right with another type, as `-F` gives it.
    pub fn is_about_type(&self) -> bool {
        matches!(self, Self::Body(catalogue::Problem { what: Wrong::Type(_, "a text"), .. }))
    }

    /// Whether only the catalogue objects: without its checks the request could be sent.
    pub fn is_of_catalogue(&self) -> bool {
        !matches!(self, Self::NoPart(_) | Self::Field(_) | Self::Request(_) | Self::FieldAndInput(_) | Self::NotJson(_))
    }
}
