//! Markdown to the HTML that Intercom keeps, and both sides in one form to compare.
//!
//! Both ways lead through one [`tree`]: [`render()`] makes it from Markdown, [`parse()`] from a body
//! that Intercom stored; [`mod@write`] turns it into the HTML that is sent, [`canonical()`] into the form
//! in which two bodies are compared, [`mod@markdown`] into what a person is shown. Nothing here does
//! I/O, and nothing here knows articles, plans or the API.

mod address;
pub mod canonical;
pub mod diff;
mod doc_link;
pub mod form;
mod gist;
pub mod heading;
pub mod image;
pub mod links;
pub mod loss;
pub mod markdown;
mod nodes;
pub mod own;
pub mod parse;
mod read;
pub mod redirect;
pub mod render;
pub mod sides;
pub mod splice;
pub mod style;
mod text;
pub mod tree;
pub mod write;

pub use address::percent_decoded;
pub use canonical::{RULES, canonical};
pub use doc_link::{DocLink, fill};
pub use form::Form;
pub use gist::{Gist, Gists, Keep, Known, Proof, Rendering, Stored};
pub use heading::{Heading, Targets};
pub use links::Links;
pub use loss::{Loss, loss};
pub use markdown::Look;
pub use own::Own;
pub use parse::parse;
pub use render::{Context, Images, RENDERING, Rendered, render, skeleton};
pub use splice::{Address, How, Spliced, fresh, splice};
pub use tree::Body;
