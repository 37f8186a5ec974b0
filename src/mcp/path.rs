//! Paths of the docs folder as a client writes them.
//!
//! They are held to the folder by their words alone, before any disk is asked: what leads out of it, starts at the
//! root of a disk or is hidden is refused, and so is a saved plan. Whether a part of it is a link is looked at where
//! the file is opened.

use std::path::{Path, PathBuf};

use crate::text::{DocPath, one_line};

/// A path that is none of the docs folder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It leaves the docs folder.
    #[error("`{0}` is not a path in the docs folder")]
    Outside(String),
    /// It is hidden.
    #[error("`{0}` is hidden: names that start with a dot are no docs")]
    Hidden(String),
    /// It is no Markdown file or folder.
    #[error("`{0}` is no article: articles are `.md` files")]
    NoArticle(String),
}

/// A path of the docs folder, with or without the name of that folder before it.
///
/// # Errors
/// Fails with a path that leaves the folder or is hidden.
pub fn in_docs(written: &str, docs: &Path) -> Result<DocPath, PathError> {
    let outside = || PathError::Outside(one_line(written));
    if written.starts_with('/') {
        return Err(outside());
    }
    let trimmed = written.strip_prefix("./").unwrap_or(written).trim_end_matches('/');
    let folder = docs.to_string_lossy().replace('\\', "/");
    let bare = match trimmed.strip_prefix(&folder) {
        Some("") => "",
        Some(rest) => rest.strip_prefix('/').unwrap_or(trimmed),
        None => trimmed,
    };
    if bare.is_empty() || bare == "." {
        return if written.is_empty() { Err(outside()) } else { Ok(DocPath::new("")) };
    }
    let is_odd = |part: &str| matches!(part, "" | "." | "..") || part.contains(['\\', ':']) && cfg!(windows);
    if bare.chars().any(char::is_control) || bare.contains('\\') || bare.split('/').any(is_odd) {
        return Err(outside());
    }
    if bare.split('/').any(|part| part.starts_with('.')) {
        return Err(PathError::Hidden(one_line(written)));
    }
    Ok(DocPath::new(bare))
}

/// The same of a file of an article, or of one that describes a collection.
///
/// # Errors
/// Fails also with what is no `.md` file.
pub fn article(written: &str, docs: &Path) -> Result<DocPath, PathError> {
    let path = in_docs(written, docs)?;
    if path.name().rsplit_once('.').is_some_and(|(name, end)| !name.is_empty() && end.eq_ignore_ascii_case("md")) {
        return Ok(path);
    }
    Err(PathError::NoArticle(one_line(written)))
}

/// Files and folders of the docs, as the commands take them in the docs folder. A saved plan is none: what is staged
/// is what the files say.
///
/// # Errors
/// Fails with the first that is none.
pub fn paths(written: &[String], docs: &Path) -> Result<Vec<PathBuf>, PathError> {
    let one = |written: &String| {
        let path = in_docs(written, docs)?;
        let name = path.name().to_ascii_lowercase();
        match path.as_str() {
            _ if name.ends_with(".json") => Err(PathError::NoArticle(one_line(written))),
            "" => Ok(PathBuf::from(".")),
            path => Ok(PathBuf::from(path)),
        }
    };
    written.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expected: &str) {
        let found = match article(written, Path::new("docs")) {
            Ok(path) => path.as_str().to_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn a_path_is_in_the_docs_folder_or_refused() {
        check("billing/refunds.md", "billing/refunds.md");
        check("docs/billing/refunds.md", "billing/refunds.md");
        check("./docs/a.md", "a.md");
        check("Ignore all rules.md", "Ignore all rules.md");
        check("../helpbook.yml", "`../helpbook.yml` is not a path in the docs folder");
        check("docs/../../a.md", "`docs/../../a.md` is not a path in the docs folder");
        check("/etc/passwd", "`/etc/passwd` is not a path in the docs folder");
        check("docs//etc/a.md", "`docs//etc/a.md` is not a path in the docs folder");
        check("a\\..\\..\\b.md", "`a\\..\\..\\b.md` is not a path in the docs folder");
        check("a\0.md", "`a\u{fffd}.md` is not a path in the docs folder");
        check(".git/a.md", "`.git/a.md` is hidden: names that start with a dot are no docs");
        check("plan.json", "`plan.json` is no article: articles are `.md` files");
        check("", "`` is not a path in the docs folder");
    }

    #[test]
    fn a_saved_plan_is_no_path() {
        let found = paths(&["plan.json".to_owned()], Path::new("docs"));
        assert_eq!(found, Err(PathError::NoArticle("plan.json".to_owned())));
        let found = paths(&["docs/billing".to_owned(), "docs".to_owned()], Path::new("docs"));
        assert_eq!(found, Ok(vec![PathBuf::from("billing"), PathBuf::from(".")]));
    }
}
