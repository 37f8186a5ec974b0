//! What can be looked at without network: configuration, docs, lock, Git.

use std::path::Path;

use super::super::failure::finding;
use super::super::project::{Project, lock_hint};
use super::{Docs, Global};
use crate::book::Book;
use crate::git::{Git, Kept, SinceError};
use crate::lint::is_pressing;
use crate::record::{self, Record};
use crate::report::findings::count;
use crate::report::health::{Finding, Verdict};

/// Looks at the project, if there is one that can be read.
pub(super) fn look(global: &Global, findings: &mut Vec<Finding>) -> Option<Docs> {
    let (project, config) = match Project::read(global) {
        Ok(read) => read,
        Err(failure) => {
            findings.push(finding("configuration", &failure));
            return None;
        }
    };
    let file = project.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match (config.stop(), count(&config.diagnostics)) {
        (Err(_), number) => {
            let number = number.unwrap_or_default();
            findings.push(
                Finding::new("configuration", Verdict::Bad, format!("{number} in {file}"))
                    .hint("run `helpbook check` to see them"),
            );
            return None;
        }
        (Ok(()), Some(number)) => findings.push(
            Finding::new("configuration", Verdict::Odd, format!("{number} in {file}"))
                .hint("run `helpbook check` to see them"),
        ),
        (Ok(()), None) => findings.push(Finding::new("configuration", Verdict::Good, file)),
    }
    let book = book(&project, findings);
    let record = lock(&project, findings);
    git(&project.root, &project.lock_file(), findings);
    upload(&project, findings);
    Some(Docs { project, book, record })
}

fn book(project: &Project, findings: &mut Vec<Finding>) -> Option<Book> {
    let book = match project.book() {
        Ok(book) => book,
        Err(failure) => {
            findings.push(finding("docs", &failure));
            return None;
        }
    };
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let size = format!("{}, {}", plural(book.articles.len(), "article"), plural(book.collections.len(), "collection"));
    let pressing: Vec<_> = book.diagnostics.iter().filter(|finding| is_pressing(finding)).cloned().collect();
    findings.push(match (book.has_errors(), count(&pressing)) {
        (true, number) => Finding::new("docs", Verdict::Bad, format!("{size}, with {}", number.unwrap_or_default()))
            .hint("run `helpbook check`; an error stops every other command"),
        (false, Some(number)) => {
            Finding::new("docs", Verdict::Odd, format!("{size}, with {number}")).hint("run `helpbook check`")
        }
        (false, None) if book.articles.is_empty() => Finding::new("docs", Verdict::Odd, "there is no article yet")
            .hint("write one, or bring in what is live: `helpbook pull`"),
        (false, None) => Finding::new("docs", Verdict::Good, size),
    });
    Some(book)
}

fn lock(project: &Project, findings: &mut Vec<Finding>) -> Record {
    let file = project.lock_file();
    let loaded = match Record::load(&file) {
        Ok(loaded) => loaded,
        Err(error) => {
            let found = format!("{} cannot be read: {error}", record::FILE);
            findings.push(Finding::new("lock", Verdict::Bad, found).hint(lock_hint(&error)));
            return Record::default();
        }
    };
    let known = loaded.record.articles.len();
    if let Some(first) = loaded.warnings.first() {
        let more = loaded.warnings.len() - 1;
        let more = if more == 0 { String::new() } else { format!(", and {more} more") };
        findings.push(
            Finding::new("lock", Verdict::Odd, format!("{first}{more}"))
                .hint("run `helpbook apply`, which writes it again; what it lacks is found in Intercom"),
        );
    } else if file.exists() {
        findings.push(Finding::new("lock", Verdict::Good, format!("{} knows {known} texts", record::FILE)));
    } else {
        findings.push(Finding::new("lock", Verdict::Open, "none yet; the first `apply` or `pull` writes it"));
    }
    loaded.record
}

fn git(root: &Path, lock: &Path, findings: &mut Vec<Finding>) {
    let git = Git::new(root);
    let kept = match git.keeps(record::FILE) {
        Ok(kept) => kept,
        Err(SinceError::NoRepository(_)) => {
            findings.push(
                Finding::new("git", Verdict::Odd, "the project is in no Git repository")
                    .hint("run `git init`, and commit the docs; `pull` merges better with them"),
            );
            return;
        }
        Err(error) => {
            findings.push(Finding::new("git", Verdict::Odd, error.to_string()).hint("install Git"));
            return;
        }
    };
    let is_there = lock.exists() && lock.parent() == Some(root);
    let rule = git.merge_rule(record::FILE).ok().flatten();
    findings.push(match kept {
        Kept::Ignored => {
            Finding::new("git", Verdict::Bad, format!("{} is ignored, so no other machine knows it", record::FILE))
                .hint(format!("take {} out of .gitignore and commit it", record::FILE))
        }
        Kept::Untracked if is_there => Finding::new("git", Verdict::Odd, format!("{} is not committed", record::FILE))
            .hint(format!("run `git add {}` and commit it", record::FILE)),
        Kept::Tracked | Kept::Untracked if rule.as_deref() != Some("union") => {
            Finding::new("git", Verdict::Odd, format!("{} is merged line by line, which conflicts", record::FILE))
                .hint(format!("add the line `{} merge=union` to .gitattributes", record::FILE))
        }
        Kept::Tracked => {
            Finding::new("git", Verdict::Good, format!("{} is committed and merges by itself", record::FILE))
        }
        Kept::Untracked => Finding::new("git", Verdict::Good, format!("{} will merge by itself", record::FILE)),
    });
}

/// The command that uploads images, as far as it is a file of the project.
fn upload(project: &Project, findings: &mut Vec<Finding>) {
    let command = project.config.images.as_ref().and_then(|images| images.upload.as_ref()?.first());
    let Some(command) = command.filter(|command| command.contains('/')) else { return };
    findings.push(if project.root.join(command).is_file() {
        Finding::new("images", Verdict::Good, format!("`{command}` uploads them"))
    } else {
        Finding::new("images", Verdict::Bad, format!("`images.upload` names `{command}`, which is not there"))
            .hint("correct the path in helpbook.yml; it starts at the folder of that file")
    });
}
