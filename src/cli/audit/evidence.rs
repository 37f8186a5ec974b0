//! What is asked beside the Help Center: figures of Intercom, and addresses outside. In a project the answers are kept
//! for a day.

use std::collections::{BTreeMap, BTreeSet};

use super::super::answers::Store;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::figures::{self, Of};
use super::super::project::Project;
use crate::audit::{Answer, Center, Figures, Outside, Seen, addresses};
use crate::intercom::Connection;
use crate::intercom::model::ArticleId;
use crate::outside::Outsider;
use crate::report::Terminal;

/// Asks Intercom how each published article is used: one request for each.
///
/// # Errors
/// Fails where a request does.
pub(super) async fn figures(
    center: &Center,
    connection: &Connection,
    project: Option<&Project>,
    terminal: &Terminal,
) -> Result<BTreeMap<ArticleId, Figures>, Failure> {
    let published = center.articles.iter().filter(|article| article.is_published());
    let ids: BTreeSet<ArticleId> = published.filter_map(|article| article.id).collect();
    let of = Of { workspace: &center.workspace, at: center.looked_at };
    figures::ask(&ids, of, connection, project, terminal).await
}

/// Asks the addresses of links to other sites, and of images.
///
/// # Errors
/// Fails where the HTTP library cannot start.
pub(super) async fn outside(
    center: &Center,
    project: Option<&Project>,
    terminal: &Terminal,
) -> Result<Outside, Failure> {
    let store = Store::new(project, "outside.json", "")?;
    let now = center.looked_at.as_second();
    let known: BTreeMap<String, (i64, Seen)> = store.read(now);
    let all = addresses(center);
    let asked: BTreeSet<String> = all.iter().filter(|address| !known.contains_key(*address)).cloned().collect();
    let outsider = Outsider::new().map_err(|error| Failure::new(Exit::Failed, error.to_string()))?;
    let progress = terminal.progress("asking other sites").of(asked.len(), &std::sync::Arc::default());
    let found = outsider.ask(&asked, || progress.step()).await;
    drop(progress);
    let mut kept = known.clone();
    let is_known = |seen: &Seen| !matches!(seen.answer, Answer::Unknown { .. });
    kept.extend(
        found.answers.iter().filter(|(_, seen)| is_known(seen)).map(|(at, seen)| (at.clone(), (now, seen.clone()))),
    );
    store.write(kept, terminal);
    let mut answers = found.answers;
    answers.extend(known.into_iter().filter(|(address, _)| all.contains(address)).map(|(at, (_, seen))| (at, seen)));
    Ok(Outside { answers })
}
