//! How articles are used, as Intercom counts it: one request for each article, within the quota of the token. In a
//! project the answers are kept for a day, whichever command asked.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;

use super::answers::Store;
use super::failure::Failure;
use super::project::Project;
use crate::audit::Figures;
use crate::intercom::model::{ArticleId, Statistics};
use crate::intercom::{Connection, SIDE_BY_SIDE};
use crate::report::Terminal;

/// A workspace, and when it was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Of<'a> {
    pub workspace: &'a str,
    pub at: Timestamp,
}

/// Asks Intercom how some articles are used. What it does not know is left out.
///
/// # Errors
/// Fails where a request does.
pub(super) async fn ask(
    ids: &BTreeSet<ArticleId>,
    of: Of<'_>,
    connection: &Connection,
    project: Option<&Project>,
    terminal: &Terminal,
) -> Result<BTreeMap<ArticleId, Figures>, Failure> {
    let store = Store::new(project, "figures.json", of.workspace)?;
    let now = of.at.as_second();
    let mut known: BTreeMap<String, (i64, Figures)> = store.read(now);
    let asked: Vec<ArticleId> = ids.iter().filter(|id| !known.contains_key(&id.to_string())).copied().collect();
    let reader = connection.reader();
    let progress = terminal.progress("asking for figures").of(asked.len(), &connection.activity());
    let answers: Result<Vec<(ArticleId, Option<Statistics>)>, _> = stream::iter(asked)
        .map(|id| {
            let (reader, progress) = (&reader, &progress);
            async move {
                let answer = reader.statistics(id).await?;
                progress.step();
                Ok((id, answer))
            }
        })
        .buffer_unordered(SIDE_BY_SIDE)
        .try_collect()
        .await;
    drop(progress);
    let answers = answers.map_err(|error| Failure::of_request(&error, &connection.host()))?;
    known.extend(answers.into_iter().filter_map(|(id, answer)| Some((id.to_string(), (now, read(&answer?))))));
    let figures = |(id, (_, figures)): (&String, &(i64, Figures))| Some((ArticleId(id.parse().ok()?), *figures));
    let all = known.iter().filter_map(figures).filter(|(id, _)| ids.contains(id)).collect();
    store.write(known, terminal);
    Ok(all)
}

fn read(statistics: &Statistics) -> Figures {
    Figures {
        views: statistics.views.unwrap_or(0),
        conversations: statistics.conversions.unwrap_or(0),
        reactions: statistics.reactions.unwrap_or(0),
        sad_percentage: statistics.sad_reaction_percentage.unwrap_or(0.0),
        fin_involvements: statistics.fin_involvements.unwrap_or(0),
        fin_resolutions: statistics.fin_resolutions.unwrap_or(0),
    }
}
