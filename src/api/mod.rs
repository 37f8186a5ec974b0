//! Any request to Intercom's API: from what somebody typed to a request, and from pages to one document.
//!
//! A command line names an operation or a path ([`Target`]) and fields ([`Field`]); both become a request whose parts
//! are checked against the catalogue before anything is sent ([`Draft`]). A list is read page by page and joined
//! ([`Walk`], [`Document`]), a filter takes from it what is wanted ([`Jq`]), and [`consequences()`] says what a write
//! does. Nothing here prints, asks, or decides that a write is sent, and nothing is ever given a `Writer`.

mod consequences;
mod document;
mod draft;
mod field;
mod jq;
mod next;
mod problem;
mod target;
mod walk;

pub use consequences::{Managed, ProjectIds, consequences};
pub use document::{Document, Page, pretty};
pub use draft::{Checks, Draft};
pub use field::{Field, FieldError, Fields};
pub use jq::{Jq, JqError, Output};
pub use problem::Problem;
pub use target::{Target, TargetError};
pub use walk::{Walk, WalkError, Walked};
