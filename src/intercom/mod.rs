//! Intercom's API: the wire types and the client.

pub mod model;
