//! Markdown to the HTML that Intercom keeps, and both sides in one form to compare.
//!
//! Three floors, each of which uses only those below it:
//!
//! - [`tree`]: a body as a tree of Intercom's blocks, the HTML that it is read from and written to.
//! - [`render`]: Markdown to that tree, with its links, images and findings.
//! - [`compare`]: the form in which two bodies are compared, what differs, and the way back to Markdown.
//!
//! Nothing here does I/O, and nothing here knows articles, plans or the API.

pub mod compare;
pub mod form;
mod gist;
pub mod render;
pub mod tree;

pub use compare::canonical::{RULES, canonical};
pub use compare::loss::{Loss, loss};
pub use compare::markdown::Verify;
pub use compare::own::HelpCenterUrls;
pub use compare::splice::{self, Address, Extent, Spliced, fresh, splice};
pub use compare::{block_diff, canonical, diff, image, markdown, redirect};
pub use form::Form;
pub use gist::{Gist, Gists, Keep, Known, Proof, Rendering, Stored};
pub use render::doc_link::{DocLink, fill};
pub use render::heading::{self, Heading, Targets};
pub use render::links::LinkTargets;
pub use render::{Context, Images, RENDERING, Rendered, render, skeleton};
pub use tree::address::percent_decoded;
pub use tree::{Body, parse, write};
