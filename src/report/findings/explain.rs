//! What the guide says of a kind of finding.
//!
//! The guide's page about messages is a part of the program, so what `--explain` prints and what the
//! page says are one text.

use crate::diagnostic::Id;
use crate::report::Paint;

/// The page of the guide that explains every finding in a row of a table.
const GUIDE: &str = include_str!("../../../example-docs/reference/messages.md");

/// What the guide says of a kind of finding, for a terminal.
pub fn explain(id: Id, paint: Paint) -> String {
    let Some(row) = row(GUIDE, id) else { return format!("{id}\n") };
    let weight = if row.is_warning { "a warning" } else { "an error" };
    format!(
        "{}: {weight}, under \"{}\"\n\n{} {}\n{} {}\n",
        paint.bold(id),
        row.section,
        paint.bold("cause:"),
        plain(row.cause),
        paint.bold("what to do:"),
        plain(row.to_do),
    )
}

/// What a page of the guide says of a kind of finding.
pub(in crate::report) struct Row {
    /// The heading of its table.
    pub section: &'static str,
    pub is_warning: bool,
    pub cause: &'static str,
    pub to_do: &'static str,
}

/// The row of a finding in a page: `| name | cause | what to do |`, below the heading of its table.
pub(in crate::report) fn row(guide: &'static str, id: &str) -> Option<Row> {
    let mut section = "";
    for line in guide.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading.trim();
        }
        let mut cells = line.trim().trim_start_matches('|').trim_end_matches('|').split(" | ").map(str::trim);
        let name = cells.next().unwrap_or_default();
        if name.starts_with(&format!("`{id}`"))
            && let (Some(cause), Some(to_do), None) = (cells.next(), cells.next(), cells.next())
        {
            return Some(Row { section, is_warning: name.ends_with("*(warning)*"), cause, to_do });
        }
    }
    None
}

/// A cell without the marks that only a page needs.
fn plain(cell: &str) -> String {
    cell.replace("*(warning)*", "warning").replace("&lt;", "<").replace("&gt;", ">")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::IDS;

    #[test]
    fn every_finding_has_a_cause_and_something_to_do() {
        for id in IDS {
            let row = row(GUIDE, id).unwrap_or_else(|| panic!("{id} has no row in the guide"));
            assert!(!row.section.is_empty() && !row.cause.is_empty() && !row.to_do.is_empty(), "{id}");
        }
    }

    #[test]
    fn an_explanation_is_the_row_of_the_guide() {
        insta::assert_snapshot!(explain("missing-alt", Paint::Plain), @r#"
        missing-alt: a warning, under "Images"

        cause: nothing in the brackets
        what to do: write what the image shows
        "#);
    }
}
