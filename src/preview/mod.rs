//! The docs as a Help Center in the browser, before anything is sent.
//!
//! [`site::Site`] is the docs as pages: values in, HTML out, rendered when a page is asked for. [`comparison`] is
//! what they were compared with, and `views` the pages of that. [`server`] gives
//! them to a browser on this machine and says when they changed, [`watch`] sees that they did, [`folder`] writes
//! them as files. What a page looks like is the crate `helpbook-site`.

pub mod comparison;
pub mod files;
pub mod folder;
mod place;
pub mod server;
pub mod site;
mod tree;
mod views;
pub mod watch;
