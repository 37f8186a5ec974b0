//! A body as a tree, and the HTML that it is read from and written to.
//!
//! `body` holds the blocks that Intercom knows. Any HTML becomes `nodes`, elements and text without
//! a meaning, and `read` makes a body of them; `write` makes HTML of a body.

pub(in crate::html) mod address;
mod body;
pub(in crate::html) mod nodes;
mod parse;
pub(in crate::html) mod read;
pub mod style;
pub(in crate::html) mod text;
pub mod write;

pub use body::{
    Align, Block, Body, Cell, Color, DocsImage, Image, ListKind, Marks, Piece, Run, Style, for_each_block_mut,
    for_each_heading, for_each_image, for_each_link, for_each_link_mut, for_each_named_link, plain, push_run,
    push_text,
};
pub use parse::parse;
