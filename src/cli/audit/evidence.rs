//! What is asked beside the Help Center: figures of Intercom, and addresses outside. In a project the answers are kept
//! for a day.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::Project;
use crate::audit::{Answer, Center, Figures, Outside, Seen, addresses};
use crate::book::edit;
use crate::disk;
use crate::intercom::Connection;
use crate::intercom::model::{ArticleId, Statistics};
use crate::outside::Outsider;
use crate::report::{Message, Terminal};

/// How long an answer is kept, in seconds.
const KEPT: i64 = 24 * 60 * 60;

/// How many requests for figures are under way at once.
const SIDE_BY_SIDE: usize = 8;

/// How large a file of answers may be, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Answers that are kept in a file of the project.
#[derive(Debug, Serialize, Deserialize)]
struct Answers<T> {
    /// Whose they are: the workspace; nothing for the world outside.
    of: String,
    /// By what was asked, with the time in Unix seconds.
    answers: BTreeMap<String, (i64, T)>,
}

/// A file of the project that keeps answers; without a project nothing is kept.
struct Store {
    file: Option<PathBuf>,
    of: String,
}

impl Store {
    fn new(project: Option<&Project>, name: &str, of: &str) -> Result<Self, Failure> {
        let folder = project.map(Project::private_folder).transpose()?;
        Ok(Self { file: folder.map(|folder| folder.join(name)), of: of.to_owned() })
    }

    /// What is kept and not too old. A file that cannot be read holds nothing.
    fn read<T: DeserializeOwned>(&self, now: i64) -> BTreeMap<String, (i64, T)> {
        let text = self.file.as_ref().and_then(|file| disk::read(file, LARGEST).ok());
        let answers: Option<Answers<T>> = text.and_then(|text| serde_json::from_str(&text).ok());
        let mut answers = answers.filter(|answers| answers.of == self.of).map(|kept| kept.answers).unwrap_or_default();
        answers.retain(|_, (at, _)| (now - KEPT..=now).contains(at));
        answers
    }

    /// Keeps answers. It only saves time, so that it cannot be written is a warning.
    fn write<T: Serialize>(&self, answers: BTreeMap<String, (i64, T)>, terminal: &Terminal) {
        let Some(file) = &self.file else { return };
        let text = serde_json::to_string(&Answers { of: self.of.clone(), answers }).unwrap_or_default();
        if let Err(error) = edit::replace(file, &text) {
            terminal
                .warning(&Message::new(format!("the answers are not kept: cannot write {}: {error}", file.display())));
        }
    }
}

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
    let store = Store::new(project, "figures.json", &center.workspace)?;
    let now = center.looked_at.as_second();
    let mut known: BTreeMap<String, (i64, Figures)> = store.read(now);
    let published = center.articles.iter().filter(|article| article.is_published());
    let ids: BTreeSet<ArticleId> = published.filter_map(|article| article.id).collect();
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
