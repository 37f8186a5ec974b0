//! The jobs of GitLab that `init` writes: plan, stage, publish, pull and audit, and the file that includes them.
//!
//! The file beside this one has gaps, as those for GitHub have. What fills them goes into YAML and into rules of GitLab,
//! so what could mean something there is refused. Nothing here writes.

use super::workflow::{COMMIT, REPOSITORY, UNKNOWN_REPOSITORY, Unusable, Workflow, quoted, slug};

/// The jobs with gaps.
const TEMPLATE: &str = include_str!("gitlab.yml");

/// The file of the jobs.
pub(super) const JOBS: &str = ".gitlab/help-center.yml";

/// The file that GitLab reads.
pub(super) const MAIN: &str = ".gitlab-ci.yml";

/// What that file says where it says nothing else.
pub(super) const INCLUDE: &str = "include:\n  - local: .gitlab/help-center.yml\n";

/// Which scripts run, and of which helpbook: those of a commit where that is known, else of the tag of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Source<'a> {
    repository: Option<&'a str>,
    commit: Option<&'a str>,
}

/// The text of the file of the jobs.
pub(super) fn jobs(workflow: Workflow<'_>) -> Result<String, Unusable> {
    filled(workflow, Source { repository: REPOSITORY, commit: COMMIT })
}

fn filled(workflow: Workflow<'_>, source: Source<'_>) -> Result<String, Unusable> {
    workflow.check()?;
    let version = concat!("v", env!("CARGO_PKG_VERSION"));
    let reference = match source.commit.filter(|commit| !commit.is_empty()) {
        Some(commit) => format!("{} # {version}", quoted(commit)),
        None => quoted(&format!("refs/tags/{version}")),
    };
    let repository = source.repository.filter(|name| !name.is_empty()).unwrap_or(UNKNOWN_REPOSITORY);
    Ok(TEMPLATE
        .replace("__REPOSITORY__", &quoted(repository))
        .replace("__REF__", &reference)
        .replace("__BRANCH__", &quoted(workflow.branch))
        // GitLab takes what follows a dollar for a variable.
        .replace("__FOLDER__", &quoted(&workflow.folder.replace('$', "$$")))
        .replace("__SLUG__", &slug(workflow.folder)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `tests/gitlab/run` has GitLab's own schema and rules look at this file.
    const FILLED: &str = include_str!("../../../tests/action/gitlab/help-center.yml");

    const COMMITTED: Source<'static> =
        Source { repository: Some("octo/helpbook"), commit: Some("0123456789abcdef0123456789abcdef01234567") };

    #[test]
    fn the_file_that_the_checks_look_at_is_what_init_writes() {
        let text = filled(Workflow { branch: "main", folder: "." }, COMMITTED).unwrap();
        assert_eq!(text, FILLED.replace("\r\n", "\n"));
    }

    #[test]
    fn branch_and_folder_are_filled_in_and_what_could_mean_more_is_refused() {
        let text = filled(
            Workflow { branch: "release/1.x", folder: "my $docs: \"a\"" },
            Source { repository: None, commit: None },
        );
        let text = text.unwrap();
        assert!(!text.contains("__"), "a gap is left:\n{text}");
        let file: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
        let variables = &file[".help-center"]["variables"];
        assert_eq!(variables["HELPBOOK_WORKDIR"], "my $$docs: \"a\"");
        assert_eq!(variables["HELPBOOK_BRANCH"], "release/1.x");
        assert_eq!(variables["HELPBOOK_REF"], concat!("refs/tags/v", env!("CARGO_PKG_VERSION")));
        assert_eq!(variables["HELPBOOK_REPOSITORY"], "OWNER/helpbook");
        let rule = file["help-center-stage"]["rules"][0]["if"].as_str().unwrap();
        assert_eq!(rule, "$CI_COMMIT_BRANCH == \"release/1.x\" && $CI_PIPELINE_SOURCE == \"push\"");
        for (branch, folder) in [("a\"b", "."), ("", "."), ("main", "a\nb"), ("main", "")] {
            assert!(filled(Workflow { branch, folder }, COMMITTED).is_err(), "{branch} {folder}");
        }
    }
}
