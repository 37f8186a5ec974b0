//! Reports of a plan or an audit in files: `--report KIND=FILE`.
//!
//! A report is written to a new file, or over another report of helpbook; nothing else is ever
//! replaced. Whether it may be written is known before anything is fetched.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::exit::Exit;
use super::failure::Failure;
use crate::book::edit;
use crate::plan::Plan;
use crate::report::{self, MARKER, audit};

/// How many bytes of a file are looked at: the marker is at the start.
const START: u64 = 200;

/// A report that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Report {
    kind: Kind,
    file: PathBuf,
}

/// The kinds of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A comment on a pull request.
    Markdown,
    /// A page.
    Html,
}

impl Kind {
    /// The kind that the end of a plain file name says.
    fn of_name(text: &str) -> Option<Self> {
        let end = Path::new(text).extension().filter(|_| !text.contains('='))?;
        match end.to_str()? {
            "html" | "htm" => Some(Kind::Html),
            "md" | "markdown" => Some(Kind::Markdown),
            _ => None,
        }
    }
}

impl Report {
    /// What kind it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it is a page.
    pub fn is_page(&self) -> bool {
        self.kind == Kind::Html
    }
}

/// What is wrong with the value of `--report`.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ReportError {
    #[error(
        "`{0}` is not a report; write `plan.html` for a page, `plan.md` for a comment, or `markdown=FILE` or `html=FILE`"
    )]
    Kind(String),
    #[error("it names no file; write `{0}=FILE`")]
    NoFile(String),
}

impl FromStr for Report {
    type Err = ReportError;

    fn from_str(text: &str) -> Result<Self, ReportError> {
        if let Some(kind) = Kind::of_name(text) {
            return Ok(Self { kind, file: PathBuf::from(text) });
        }
        let (kind, file) = text.split_once('=').unwrap_or((text, ""));
        let named = match kind {
            "markdown" => Kind::Markdown,
            "html" => Kind::Html,
            _ => return Err(ReportError::Kind(kind.to_owned())),
        };
        if file.is_empty() {
            return Err(ReportError::NoFile(kind.to_owned()));
        }
        Ok(Self { kind: named, file: PathBuf::from(file) })
    }
}

/// Refuses what could not be written in the end.
///
/// # Errors
/// Fails where a file is there already and is no report, or where two reports go to one file.
pub(super) fn may_be_written(reports: &[Report], here: &Path) -> Result<(), Failure> {
    for (at, report) in reports.iter().enumerate() {
        let refuse = |reason: &str| Failure::new(Exit::Usage, format!("`{}` {reason}", report.file.display()));
        if reports[..at].iter().any(|other| other.file == report.file) {
            return Err(refuse("is named for two reports").hint("name a file for each"));
        }
        let file = here.join(&report.file);
        if file.exists() && !is_report(&file) {
            return Err(refuse("is there already, and is no report of helpbook").hint("name another file"));
        }
    }
    Ok(())
}

/// Writes the reports of a plan, each in one step.
///
/// # Errors
/// Fails where a file cannot be written.
pub(super) fn write(reports: &[Report], plan: &Plan, here: &Path) -> Result<(), Failure> {
    for report in reports {
        let text = match report.kind {
            Kind::Markdown => report::markdown(plan),
            Kind::Html => report::page(plan),
        };
        replace(report, here, &text)?;
    }
    Ok(())
}

/// Writes a report in one step.
///
/// # Errors
/// Fails where the file cannot be written.
pub(super) fn replace(report: &Report, here: &Path, text: &str) -> Result<(), Failure> {
    edit::replace(&here.join(&report.file), text).map_err(|error| {
        Failure::new(Exit::Failed, format!("cannot write {}: {error}", report.file.display()))
            .hint("name a file that can be written")
    })
}

/// Whether a file is a report of helpbook; an empty one is taken, too.
fn is_report(file: &Path) -> bool {
    let mut start = Vec::new();
    let read = fs::File::open(file).and_then(|file| file.take(START).read_to_end(&mut start));
    read.is_ok() && (start.is_empty() || String::from_utf8_lossy(&start).lines().any(is_marker))
}

fn is_marker(line: &str) -> bool {
    [MARKER, audit::MARKER].contains(&line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_names_its_kind_and_its_file() {
        let report: Report = "html=a=b.html".parse().unwrap();
        assert_eq!(report, Report { kind: Kind::Html, file: PathBuf::from("a=b.html") });
        assert_eq!("plan.html".parse(), Ok(Report { kind: Kind::Html, file: PathBuf::from("plan.html") }));
        assert_eq!("a/plan.md".parse(), Ok(Report { kind: Kind::Markdown, file: PathBuf::from("a/plan.md") }));
        assert!("pdf=a".parse::<Report>().unwrap_err().to_string().contains("`plan.html` for a page"));
        assert!("html".parse::<Report>().unwrap_err().to_string().contains("`html=FILE`"));
        assert!("html=".parse::<Report>().unwrap_err().to_string().contains("`html=FILE`"));
    }

    #[test]
    fn only_a_report_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let reports = ["html=a.html".parse().unwrap(), "markdown=b.md".parse().unwrap()];
        assert!(may_be_written(&reports, folder.path()).is_ok());
        fs::write(folder.path().join("b.md"), format!("{MARKER}\n")).unwrap();
        fs::write(folder.path().join("a.html"), format!("<!doctype html>\n{MARKER}\n")).unwrap();
        assert!(may_be_written(&reports, folder.path()).is_ok());
        fs::write(folder.path().join("b.md"), "# Mine\n").unwrap();
        assert!(may_be_written(&reports, folder.path()).is_err());
        assert!(may_be_written(&[reports[0].clone(), reports[0].clone()], folder.path()).is_err());
    }
}
