//! Plans, events and findings as text and JSON.
//!
//! One file per thing that is shown, and per format where there are several. Each turns values into
//! a text and prints nothing; only [`Terminal`] prints, and nothing outside this room knows colour.
//! Text from Intercom passes through [`crate::text::harmless`] on its way here, so it cannot steer a
//! terminal; and [`Terminal`] lets none of it give a workflow a command.

#[cfg(test)]
mod any_plan;
pub mod audit;
pub mod events;
pub mod findings;
mod groups;
pub mod health;
pub mod import;
pub mod log;
mod markdown;
pub mod operations;
mod page;
mod paint;
pub mod plan;
pub mod probe;
mod progress;
pub mod pull;
pub mod schema;
pub mod status;
mod terminal;
pub mod why;
mod workflow;
mod wrap;

pub use groups::made;
pub use markdown::markdown;
pub use page::{DIFFERENCE_STYLE, difference, page};
pub use paint::{Paint, Surface, Verbosity};
pub use progress::Progress;
pub use terminal::{ColorChoice, Hint, Message, SessionOptions, Terminal};

/// Part of the reports of a plan that are kept in files: a script finds its comment by it, and
/// nothing else is ever replaced.
pub const MARKER: &str = "<!-- helpbook:plan -->";
