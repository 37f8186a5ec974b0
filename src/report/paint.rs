//! How much is printed, and in which colours.

use anstyle::{AnsiColor, Style};

/// How much is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors and data.
    Quiet,
    /// What a person wants to know.
    #[default]
    Normal,
    /// Texts in full, and what is unchanged.
    Verbose,
}

/// Colours a text, or leaves it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// As it is.
    Plain,
    /// With colour.
    Colored,
}

impl Paint {
    fn with(self, style: Style, text: &str) -> String {
        match self {
            Paint::Plain => text.to_owned(),
            Paint::Colored => format!("{style}{text}{style:#}"),
        }
    }

    /// A heading.
    pub fn bold(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// What comes.
    pub fn fresh(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    /// What goes.
    pub fn old(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default(), text)
    }

    /// What is wrong.
    pub fn bad(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().bold(), text)
    }

    /// What needs a look.
    pub fn odd(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default().bold(), text)
    }

    /// What matters less.
    pub fn dim(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }
}

/// What a text is printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surface {
    /// With or without colour.
    pub paint: Paint,
    /// How many columns there are; none in a pipe, where nothing is broken.
    pub width: Option<usize>,
}

impl Surface {
    /// A pipe or a file.
    pub const PIPE: Self = Self { paint: Paint::Plain, width: None };
}
