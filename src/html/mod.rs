//! Markdown to the HTML that Intercom keeps, and both sides in one form to compare.
//!
//! Three floors, each of which uses only those below it:
//!
//! - [`tree`]: a body as a tree of Intercom's blocks, the HTML that it is read from and written to.
//! - [`mod@render`]: Markdown to that tree, with its links, images and findings.
//! - [`compare`]: the form in which two bodies are compared, what differs, and the way back to Markdown.
//!
//! Nothing here does I/O, and nothing here knows articles, plans or the API.

pub mod compare;
pub mod render;
pub mod tree;

pub use compare::canonical::{RULES, canonical};
pub use compare::exact::Exact;
pub use compare::loss::{Loss, loss};
pub use compare::markdown::Verify;
pub use compare::own::{HelpCenterUrls, OwnAddress, OwnPage, OwnTarget};
pub use compare::splice::{self, Address, Extent, Spliced, fresh, splice};
pub use compare::summary::{RenderedDocs, Rendering, TextSummary, render_all};
pub use compare::{block_diff, diff, exact, image, markdown, redirect};
pub use render::doc_link::{DocLink, fill};
pub use render::heading::{self, Heading, Targets};
pub use render::links::LinkTargets;
pub use render::{Context, Images, Rendered, render, skeleton};
pub use tree::address::percent_decoded;
pub use tree::{Body, parse, write};
