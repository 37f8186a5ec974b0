//! The workflows of GitHub that `init` writes: the jobs plan, stage, publish and pull, and a weekly audit.
//!
//! The files beside this one are the workflows with gaps. What fills them goes into YAML and into
//! expressions of GitHub, so what could mean something there is refused. Nothing here writes.

use std::fmt;

/// The workflow with gaps.
const TEMPLATE: &str = include_str!("workflow.yml");

/// The weekly audit with gaps.
const AUDIT: &str = include_str!("audit.yml");

/// The repository that the program was built from, as `owner/name`; the release says it.
pub(super) const REPOSITORY: Option<&str> = option_env!("HELPBOOK_REPOSITORY");

/// The commit that the program was built from; the release says it.
pub(super) const COMMIT: Option<&str> = option_env!("HELPBOOK_COMMIT");

/// Takes the place of the repository where nobody named it.
pub(in crate::cli) const UNKNOWN_REPOSITORY: &str = "OWNER/helpbook";

/// What fills the gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Workflow<'a> {
    /// The branch that the docs live on.
    pub branch: &'a str,
    /// The project's folder, from the root of the repository; `.` for the root itself.
    pub folder: &'a str,
}

/// A value that the host could read as more than a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Unusable(pub String);

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` cannot be in a workflow", self.0)
    }
}

/// The action, pinned by its commit where that is known, else by the tag of this version.
fn action(repository: Option<&str>, commit: Option<&str>) -> String {
    let repository = repository.filter(|name| !name.is_empty()).unwrap_or(UNKNOWN_REPOSITORY);
    let version = concat!("v", env!("CARGO_PKG_VERSION"));
    match commit.filter(|commit| !commit.is_empty()) {
        Some(commit) => format!("{repository}@{commit} # {version}"),
        None => format!("{repository}@{version}"),
    }
}

/// Whether the person has to put the repository of helpbook into the file.
pub(in crate::cli) fn names_no_repository() -> bool {
    REPOSITORY.is_none_or(str::is_empty)
}

/// The address of the schema for editors, where the repository is known.
pub(in crate::cli) fn schema() -> Option<String> {
    let repository = REPOSITORY.filter(|name| !name.is_empty())?;
    let version = concat!("v", env!("CARGO_PKG_VERSION"));
    Some(format!("https://raw.githubusercontent.com/{repository}/{version}/helpbook.schema.json"))
}

impl Workflow<'_> {
    /// The text of the file.
    pub(in crate::cli) fn text(&self) -> Result<String, Unusable> {
        self.filled(TEMPLATE, &action(REPOSITORY, COMMIT))
    }

    /// The text of the file of the weekly audit.
    pub(in crate::cli) fn audit(&self) -> Result<String, Unusable> {
        self.filled(AUDIT, &action(REPOSITORY, COMMIT))
    }

    /// Whether branch and folder are no more than names, where a host reads them.
    pub(super) fn check(&self) -> Result<(), Unusable> {
        let is_plain =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._/-".contains(c));
        if !is_plain(self.branch) || self.branch.starts_with(['-', '.']) {
            return Err(Unusable(self.branch.to_owned()));
        }
        if self.folder.is_empty() || self.folder.contains("${{") || self.folder.chars().any(char::is_control) {
            return Err(Unusable(self.folder.to_owned()));
        }
        Ok(())
    }

    fn filled(&self, template: &str, action: &str) -> Result<String, Unusable> {
        self.check()?;
        Ok(template
            .replace("[__BRANCH__]", &format!("[{}]", quoted(self.branch)))
            .replace(": __BRANCH__", &format!(": {}", quoted(self.branch)))
            .replace("__BRANCH__", self.branch)
            .replace("__FOLDER__", &quoted(self.folder))
            .replace("__SLUG__", &slug(self.folder))
            .replace("__ACTION__", action))
    }
}

/// A text as YAML's double quotes have it, which are those of JSON.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// The folder in the name of a group of jobs, so that two projects in one repository do not wait
/// for each other.
pub(super) fn slug(folder: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let slug: String = folder.chars().map(plain).collect();
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "docs".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `.ci/run` has actionlint look at this file.
    const FILLED: &str = include_str!("../../../tests/action/help-center.yml");

    const FILLED_AUDIT: &str = include_str!("../../../tests/action/help-center-audit.yml");

    #[track_caller]
    fn check(branch: &str, folder: &str, expected: Result<&[&str], &str>) {
        let text = Workflow { branch, folder }.filled(TEMPLATE, "octo/helpbook@v1");
        match (text, expected) {
            (Ok(text), Ok(parts)) => {
                assert!(!text.contains("__"), "a gap is left:\n{text}");
                for part in parts {
                    assert!(text.contains(part), "`{part}` is not in\n{text}");
                }
                serde_yaml::from_str::<serde_yaml::Value>(&text).unwrap();
            }
            (Err(unusable), Err(expected)) => assert_eq!(unusable.to_string(), expected),
            (text, expected) => panic!("{text:?} is not {expected:?}"),
        }
    }

    #[test]
    fn the_file_that_the_checks_look_at_is_what_init_writes() {
        for (template, filled) in [(TEMPLATE, FILLED), (AUDIT, FILLED_AUDIT)] {
            let text = Workflow { branch: "main", folder: "." }
                .filled(template, "octo/helpbook@0123456789abcdef0123456789abcdef01234567 # v0.1.0")
                .unwrap();
            assert_eq!(text, filled.replace("\r\n", "\n"));
        }
    }

    #[test]
    fn branch_and_folder_are_filled_in_and_quoted() {
        check(
            "release/1.x",
            "my docs: \"a\"",
            Ok(&[
                r#"branches: ["release/1.x"]"#,
                r#"working-directory: "my docs: \"a\"""#,
                "github.ref == 'refs/heads/release/1.x'",
                "group: help-center-stage-my-docs---a",
                "uses: octo/helpbook@v1",
            ]),
        );
        check("true", ".", Ok(&[r#"branches: ["true"]"#, "group: help-center-stage-docs"]));
    }

    #[test]
    fn what_github_could_read_as_more_than_a_name_is_refused() {
        check("it's", ".", Err("`it's` cannot be in a workflow"));
        check("a*", ".", Err("`a*` cannot be in a workflow"));
        check("", ".", Err("`` cannot be in a workflow"));
        check("main", "${{ secrets.X }}", Err("`${{ secrets.X }}` cannot be in a workflow"));
        check("main", "a\nb", Err("`a\nb` cannot be in a workflow"));
    }

    #[test]
    fn the_action_is_pinned_by_its_commit_where_the_release_tells_it() {
        let version = concat!("v", env!("CARGO_PKG_VERSION"));
        assert_eq!(action(None, None), format!("OWNER/helpbook@{version}"));
        assert_eq!(action(Some(""), Some("")), format!("OWNER/helpbook@{version}"));
        assert_eq!(action(Some("octo/helpbook"), Some("abc")), format!("octo/helpbook@abc # {version}"));
    }
}
