//! How a text for a person looks where it is printed.

use super::wrap::{self, Piece, Tone};
use super::{Paint, Verbosity};
use crate::text::one_line;

/// How a text for a person looks where it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// With or without colour.
    pub paint: Paint,
    /// How much is shown.
    pub verbosity: Verbosity,
    /// How many columns there are; none in a pipe, where nothing is broken.
    pub width: Option<usize>,
    /// The options that commands in hints name, each with a space behind it.
    pub options: String,
}

impl Look {
    /// A line that starts after some spaces.
    pub(super) fn line(&self, indent: usize, pieces: &[Piece]) -> String {
        wrap::line(indent, pieces, self.paint, self.width)
    }

    /// A sentence, with its commands as they are to be typed here.
    pub(super) fn sentence(&self, text: &str) -> Piece {
        Tone::Plain.piece(one_line(text).replace("`helpbook ", &format!("`helpbook {}", self.options)))
    }

    pub(super) fn is_full(&self) -> bool {
        self.verbosity == Verbosity::Verbose
    }
}
