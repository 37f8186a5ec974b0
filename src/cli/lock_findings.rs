//! What `helpbook.lock` says of the docs, without network.
//!
//! Translations that an older text of the default locale is behind, and links to files that moved. A
//! project without a lock has none of these findings.

use std::collections::BTreeSet;

use super::project::{Project, Target};
use crate::book::{self, Book, Content};
use crate::diagnostic::id;
use crate::git::Git;
use crate::html::{self, LinkTargets};
use crate::intercom::model::Locale;
use crate::plan::Rules;
use crate::record::{Reading, Record};
use crate::text::DocPath;

/// Adds to the findings of a book what the lock says.
pub(super) fn add_findings(project: &Project, record: &Record, book: &mut Book) {
    if record.articles.is_empty() && record.collections.is_empty() {
        return;
    }
    let (rules, default) = (project.rules(), &project.config.default_locale);
    if project.target == Target::Local {
        record.fill_known_ids(book, default);
    }
    if book.diagnostics.iter().any(|finding| finding.id == id::MISSING_ARTICLE) {
        let links = LinkTargets::of(book, rules.state);
        record.name_moved(book, &links, default);
    }
    let mut found = reading(book, &rules, |reading| record.stale_findings(book, default, reading));
    book::apply_severities(&mut found, &project.config.checks);
    book.diagnostics.extend(found);
    book.diagnostics.sort_by(|one, other| (&one.path, one.span, one.id).cmp(&(&other.path, other.span, other.id)));
}

/// The translations that an older text of the default locale is behind.
pub(super) fn stale(book: &Book, record: &Record, rules: &Rules, default: &Locale) -> BTreeSet<DocPath> {
    reading(book, rules, |reading| record.stale(book, default, reading))
}

/// Reads texts as a run would, but for what only Intercom knows: where links lead is no matter where
/// two texts of one file are compared.
fn reading<T>(book: &Book, rules: &Rules, ask: impl FnOnce(Reading<'_>) -> T) -> T {
    let (git, links) = (Git::new(&book.root), LinkTargets::default());
    let canonical = |content: &Content| {
        let context = rules.rendering().context(book, content, &links);
        html::HelpCenterUrls::default().digest(&html::render::body(content.markdown(), context))
    };
    ask(Reading { canonical: &canonical, blob: &|id| git.blob(id) })
}
