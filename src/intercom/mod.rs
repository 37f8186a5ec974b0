//! Intercom's API: the wire types and the client.
//!
//! A [`Connection`] is made once, from the environment or for the local Help Center. It hands out
//! a [`Reader`], which can only read, and a [`Writer`]. Only the HTTP layer sees the token.

mod activity;
mod connection;
mod error;
mod http;
pub use helpbook_model as model;
mod pace;
mod reader;
mod request;
mod writer;

pub use activity::{Activity, Pages, Wait};
pub use connection::Connection;
pub use error::{ConnectionError, Error, Refusal, Unreadable};
pub(crate) use http::install_crypto;
pub use http::{SIDE_BY_SIDE, TOKEN_VARIABLES};
pub use reader::{Glance, Reader, Swept};
pub use request::{BadRequest, Query, Reply, Request};
pub use writer::Writer;

/// The only version of the API that is spoken: the first with drafts and versions (docs/intercom.md 1.1).
pub const API_VERSION: &str = "2.16";
