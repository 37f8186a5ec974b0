//! Two bodies: when they are the same, what differs, and how one becomes a file again.
//!
//! [`canonical`] and [`exact`] are the forms in which they are compared, [`own`] is what is known of the
//! Help Center's own addresses. [`diff`], [`block_diff`] and [`loss`] say what differs; [`markdown`] and
//! [`splice`] write a body as Markdown.

mod align;
pub mod block_diff;
pub mod canonical;
pub mod diff;
pub mod exact;
pub mod image;
pub mod loss;
pub mod markdown;
pub mod own;
pub mod redirect;
mod spelling;
pub mod splice;
pub mod summary;
