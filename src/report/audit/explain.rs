//! What the guide says of a kind of finding of an audit.
//!
//! The guide's page is a part of the program, so what `audit --explain` prints and what the page says are one text.

use super::super::Paint;
use super::super::findings::row;
use crate::audit::Kind;

/// The page of the guide that explains every finding in a row of a table.
const GUIDE: &str = include_str!("../../../example-docs/reference/audit.md");

/// What the guide says of a kind of finding, for a terminal.
pub fn explain(kind: &Kind, paint: Paint) -> String {
    let Some(row) = row(GUIDE, kind.id) else { return format!("{}\n", kind.id) };
    let article = if kind.severity.name().starts_with('e') { "an" } else { "a" };
    format!(
        "{}: {article} {}, under \"{}\"\n\n{} {}\n{} {}\n",
        paint.bold(kind.id),
        kind.severity.name(),
        row.section,
        paint.bold("found where:"),
        row.cause,
        paint.bold("what to do:"),
        row.to_do,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{KINDS, kind};
    use crate::diagnostic::AUDIT_IDS;

    #[test]
    fn every_kind_has_a_row_in_the_guide_and_a_name_for_the_configuration() {
        let mut known: Vec<&str> = Vec::new();
        for kind in KINDS {
            let row = row(GUIDE, kind.id).unwrap_or_else(|| panic!("{} has no row in the guide", kind.id));
            assert!(!row.cause.is_empty() && !row.to_do.is_empty(), "{}", kind.id);
            let weight = format!("`{}` *({})*", kind.id, kind.severity.name());
            assert!(GUIDE.contains(&format!("| {weight} |")), "{weight}");
            assert_eq!(row.section.to_lowercase(), kind.area.name(), "{}", kind.id);
            known.push(kind.id);
        }
        known.sort_unstable();
        assert_eq!(known, AUDIT_IDS);
        let rows = GUIDE.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(rows, KINDS.len());
    }

    #[test]
    fn an_explanation_is_the_row_of_the_guide() {
        let text = explain(kind("heading-jump").unwrap(), Paint::Plain);
        assert!(text.starts_with("heading-jump: a warning, under \"Structure\"\n\nfound where: "), "{text}");
    }
}
