//! What Intercom does to an article's body when it is saved.
//!
//! The HTML that was sent is read into the blocks that Intercom's editor knows, and the blocks are
//! written out again. What has no block is unwrapped into paragraphs; a few things are refused
//! with a 400 (docs/intercom.md 3.1). Everything here is written from docs/intercom.md 3.1 to 3.5 and from nothing
//! else: it knows no renderer, so that a renderer can be tested against it. It does no I/O; how an
//! image gets its new address is handed in.

mod address;
mod block;
mod check;
mod heading;
mod markdown;
mod read;
mod style;
mod write;

#[cfg(test)]
mod tests;

use std::ops::Deref;

use scraper::{ElementRef, Html};

use super::behaviour::{HeadingIds, WhiteSpace};
use super::refusal::Refusal;

pub(crate) use markdown::{html as html_of_markdown, markdown as markdown_of};

/// A node of scraper's tree.
type NodeRef<'a> = <ElementRef<'a> as Deref>::Target;

/// What saving needs from outside.
pub(super) struct Saving<'a> {
    /// Whether heading ids that were sent are kept.
    pub heading_ids: HeadingIds,
    /// What becomes of white space between blocks.
    pub white_space: WhiteSpace,
    /// Makes a heading id that was never used.
    pub new_heading_id: &'a mut dyn FnMut() -> String,
    /// Takes an image over: its address as sent in, the address it is stored under out.
    pub rehost: &'a mut dyn FnMut(&str) -> Result<String, Refusal>,
}

/// Turns a body as it was sent into the body as it is stored.
///
/// Saving a stored body once more changes nothing where heading ids are kept.
///
/// # Errors
/// A 400 for a definition list, a bad list or table, a video of an unknown host and an image that
/// cannot be fetched (docs/intercom.md 3.1), and for HTML nested deeper than this server reads.
pub(super) fn save(html: &str, saving: &mut Saving<'_>) -> Result<String, Refusal> {
    check::check_depth(html)?;
    let tree = Html::parse_fragment(html);
    let root = *tree.root_element();
    check::check(root)?;
    let mut blocks = read::read(root, saving.white_space, saving.rehost)?;
    heading::promote(&mut blocks);
    heading::give_ids(&mut blocks, saving.heading_ids, saving.new_heading_id);
    Ok(write::write(&blocks))
}
