//! Plans, events and findings as text and JSON.
//!
//! One file per thing that is shown, and per format where there are several. Each turns values into a text and prints nothing; only
//! [`Terminal`] prints, and nothing outside this room knows colour. Text from Intercom passes
//! through [`crate::text::harmless`] on its way here, so it cannot steer a terminal.

pub mod events;
pub mod findings;
pub mod plan;
mod progress;
pub mod pull;
pub mod status;
mod terminal;

pub use progress::Progress;
pub use terminal::{ColorChoice, Message, Paint, Terminal, Verbosity};
