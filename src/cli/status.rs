//! `helpbook status`

use std::collections::BTreeMap;

use super::exit::Exit;
use super::failure::Failure;
use super::project::Project;
use super::workspace::{Inputs, Workspace};
use super::{Global, execution};
use crate::intercom::model::ArticleId;
use crate::plan::{Action, Change, Kind, Plan, Stage};
use crate::report::Terminal;
use crate::report::status::{Row, Standing, json, text};

/// One line per article: how it stands
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only articles with a pending draft
    #[arg(long)]
    drafts: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::open(global, terminal)?;
    let book = project.sound_book(terminal)?;
    let workspace = Workspace::connect(&project).await?;
    let inputs = workspace.inputs(&project, book, project.rules(), terminal).await;
    let inputs = execution::closing(workspace, inputs).await?;
    let mut rows = rows(&inputs, &inputs.plan());
    if args.drafts {
        rows.retain(|row| row.draft.is_some());
    }
    if args.json {
        terminal.print(&json(&rows));
        return Ok(Exit::Done);
    }
    terminal.print(&text(&rows, terminal.paint()));
    if rows.iter().any(|row| !matches!(row.status, Standing::InSync | Standing::NoFile | Standing::Orphan)) {
        terminal.hint("run `helpbook plan` to see what differs");
    }
    Ok(Exit::Done)
}

fn rows(inputs: &Inputs, plan: &Plan) -> Vec<Row> {
    let mut rows: BTreeMap<(bool, String), Row> = BTreeMap::new();
    let mut seen: Vec<ArticleId> = Vec::new();
    for settled in &plan.settled {
        seen.push(settled.id);
        let title =
            inputs.book.articles.get(&settled.path).map(|article| article.content.title.clone()).unwrap_or_default();
        let row = row(inputs, Standing::InSync, Some(settled.path.to_string()), Some(settled.id), title);
        rows.insert((false, settled.path.to_string()), row);
    }
    for change in plan.changes.iter().filter(|change| change.subject.kind() == Kind::Article) {
        seen.extend(change.article_id());
        let path = change.subject.path().to_owned();
        let row = row(inputs, standing(change), Some(path.clone()), change.article_id(), change.title.clone());
        rows.insert((change.action == Action::Orphan, path), row);
    }
    for (id, found) in inputs.live.articles.iter().filter(|(id, _)| !seen.contains(id)) {
        let row = row(inputs, Standing::NoFile, None, Some(*id), found.article.title.clone());
        rows.insert((true, format!("\u{10ffff}{id}")), row);
    }
    rows.into_values().collect()
}

fn row(inputs: &Inputs, status: Standing, path: Option<String>, id: Option<ArticleId>, title: String) -> Row {
    let found = id.and_then(|id| inputs.live.articles.get(&id));
    let pending = found.and_then(|found| found.draft.as_ref());
    let draft = pending.map(|draft| {
        let since = draft.draft_updated_at.unwrap_or(draft.updated_at);
        let since = jiff::Timestamp::from_second(since)
            .map_or_else(|_| String::new(), |at| at.strftime(", %Y-%m-%d %H:%M UTC").to_string());
        format!("{}{since}", inputs.live.name_of(draft.updated_by_id))
    });
    Row { status, path, id: id.map(|id| id.0), title, state: found.map(|found| found.article.state.to_string()), draft }
}

fn standing(change: &Change) -> Standing {
    match change.action {
        Action::Create => Standing::New,
        Action::Adopt => Standing::Adoptable,
        Action::Publish => Standing::Staged,
        Action::Update | Action::Move if matches!(change.stage, Some(Stage::Draft { .. } | Stage::Update { .. })) => {
            Standing::Changed
        }
        Action::Update | Action::Move => Standing::Changed,
        Action::Unpublish | Action::Delete => Standing::Leaving,
        Action::Blocked if change.blocked.as_ref().is_some_and(|blocked| blocked.reason.starts_with("conflict")) => {
            Standing::Conflict
        }
        Action::Blocked => Standing::Blocked,
        Action::Drift => Standing::Drifted,
        Action::Orphan => Standing::Orphan,
    }
}
