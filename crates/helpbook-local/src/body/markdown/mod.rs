//! `body_markdown`: an article's body as Markdown, both ways (docs/intercom.md 3.6).
//!
//! There is one body, of blocks. `write` shows stored blocks as Markdown; `read` makes HTML of Markdown, which is
//! then saved like any other. What has no Markdown (colours, buttons, videos) is a directive, from a line
//! `:::name key="value"` to a line `:::`.
//!
//! Where the facts are silent:
//! - Lists are indented by the width of their marker, and two lists one after the other have different markers.
//! - The first row of a table is its head, as Markdown has no table without one.
//! - `intercom-block` holds the HTML of what no Markdown shows: a table whose cells hold lists, a video of a host
//!   that has no name here.
//! - The class and the size of an image, and what is aligned, are not shown, and gone when the Markdown is sent.

mod directive;
mod inline;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use read::html;
pub(crate) use write::markdown;
