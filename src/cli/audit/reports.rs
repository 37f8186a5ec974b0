//! The reports of an audit in files.

use std::path::Path;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::reports::{Kind, Report, replace};
use crate::report::audit::{Report as Reported, markdown, page};

/// The reports that were asked for, and where their paths start.
pub(super) struct Written<'a> {
    pub reports: &'a [Report],
    pub here: &'a Path,
}

impl Written<'_> {
    /// Writes them, each in one step.
    pub fn write(&self, reported: Reported<'_>) -> Result<(), Failure> {
        for report in self.reports {
            let text = match report.kind() {
                Kind::Markdown => markdown(reported),
                Kind::Html => page(reported).map_err(|error| Failure::new(Exit::Failed, error.to_string()))?,
            };
            replace(report, self.here, &text)?;
        }
        Ok(())
    }
}
