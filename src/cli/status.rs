//! `helpbook status`

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;

use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, Purpose};
use super::workspace::{Inputs, Workspace};
use super::{Global, Only, execution, lock_findings};
use crate::book::Book;
use crate::intercom::model::{ArticleId, Locale};
use crate::live::InLocale;
use crate::plan::{Action, Explained, Kind, LocaleChange, Plan, Reasons, Rules};
use crate::report::status::{Row, Status, json, text};
use crate::report::why::Detail;
use crate::report::{Message, Terminal};
use crate::text::{DocPath, minute};

/// Show the state of every article: in sync, changed, staged, changed in Intercom
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook status                         every article, and what has no file yet
  helpbook status billing                 one folder, or one article
  helpbook status -v billing/refunds.md   why it is so: what the record knows, field by field
  helpbook status --drafts                where a draft is pending, and whose
  helpbook status --locale fr             one language
  helpbook status --json                  one JSON document, for another program")]
pub(super) struct Args {
    /// Only these files and folders
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    only: Only,
    /// Only articles with a pending draft
    #[arg(long)]
    drafts: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

impl Args {
    /// These files, or all, as text.
    pub(super) fn of(paths: Vec<PathBuf>) -> Self {
        Self { paths, only: Only::default(), drafts: false, json: false }
    }
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::open(global, terminal)?;
    let mut rules = project.rules();
    args.only.limit(&mut rules)?;
    if global.verbose {
        rules.reasons = Reasons::Given;
    }
    let rules = |book: &Book| Ok(Rules { paths: project.paths(&args.paths, book)?, ..rules });
    let workspace = Workspace::connect(&project).await?;
    let inputs = workspace.inputs(&project, Purpose::Send, rules, terminal).await;
    let mut inputs = execution::closing(workspace, inputs).await?;
    let plan = inputs.plan();
    let mut rows = rows(&inputs, &plan);
    if args.drafts {
        rows.retain(|row| row.draft.is_some());
    }
    if args.json {
        terminal.print_json(&json(&rows));
        return Ok(Exit::Done);
    }
    terminal.print(&text(&rows, &terminal.look()));
    let is_in_plan = |row: &Row| {
        use Status::{InSync, Missing, NoFile, Orphan, Stale};
        !matches!(row.status, InSync | NoFile | Orphan | Missing | Stale)
    };
    for double in &plan.doubles {
        terminal.warning(&Message::new(double.sentence()));
    }
    execution::note_drafts(&plan, terminal);
    let is_staged = |row: &Row| row.status == Status::Staged;
    if rows.iter().any(|row| is_in_plan(row) && !is_staged(row)) {
        terminal.hint("run `helpbook plan` to see what differs");
    } else if rows.iter().any(is_staged) {
        terminal.hint("run `helpbook publish` to make live what is staged");
    }
    Ok(Exit::Done)
}

/// Where a row is: an article's locales together, the default one first.
type Place = (Group, String, usize);

/// The rows that are together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// What has a file, or should.
    Docs,
    /// What has none.
    NoFile,
}

/// What is explained, by article and locale.
type Reasoned<'a> = HashMap<(ArticleId, Locale), &'a Explained>;

fn rows(inputs: &Inputs, plan: &Plan) -> Vec<Row> {
    let mut rows: BTreeMap<Place, Row> = BTreeMap::new();
    let explained: Reasoned<'_> = plan.explained.iter().map(|of| ((of.id, of.locale.clone()), of)).collect();
    let row = |status, about: &About<'_>| row(inputs, &explained, status, about);
    let mut seen: BTreeSet<ArticleId> = BTreeSet::new();
    let default = &inputs.rules.locale;
    let stale = lock_findings::stale(&inputs.book, &inputs.record, &inputs.rules, default);
    let titles: HashMap<&DocPath, &String> =
        inputs.book.contents().map(|content| (&content.path, &content.title)).collect();
    for settled in &plan.settled {
        seen.insert(settled.id);
        let title = titles.get(&settled.path).copied().cloned().unwrap_or_default();
        let (path, id) = (settled.path.as_str(), Some(settled.id));
        let about = About { locale: &settled.locale, path, id, title, part: None };
        let status = if stale.contains(&settled.path) { Status::Stale } else { Status::InSync };
        rows.insert(place(inputs, Group::Docs, about.path, about.locale), row(status, &about));
    }
    for change in plan.changes.iter().filter(|change| change.subject.kind() == Kind::Article) {
        seen.extend(change.article_id());
        let id = change.article_id();
        for part in change.parts() {
            let locale = &part.locale;
            let group = if part.action == Action::Orphan { Group::NoFile } else { Group::Docs };
            let place = place(inputs, group, part.path.as_str(), locale);
            // A locale that nothing happens to is settled.
            if change.is_idle(part) && (rows.contains_key(&place) || !inputs.rules.locales.contains(locale)) {
                continue;
            }
            let about = About { locale, path: part.path.as_str(), id, title: part.title.to_owned(), part: Some(part) };
            rows.insert(place, row(Status::of(change, part), &about));
        }
    }
    let shown: HashSet<String> = rows.values().filter_map(|row| row.path.clone()).collect();
    for (path, file) in inputs.book.articles.iter().filter(|(path, _)| inputs.rules.means(path.as_str())) {
        let lacks = |locale: &&Locale| *locale != default && !file.translations.contains_key(locale);
        for locale in inputs.rules.locales.iter().filter(lacks) {
            let path = translated(path, locale);
            let place = place(inputs, Group::Docs, path.as_str(), locale);
            let title = file.content.title.clone();
            let about = About { locale, path: path.as_str(), id: file.id, title, part: None };
            if !shown.contains(about.path) {
                rows.insert(place, row(Status::Missing, &about));
            }
        }
    }
    seen.extend(inputs.book.articles.values().filter_map(|article| article.id));
    let is_asked = inputs.rules.locales.contains(default) && inputs.rules.paths.is_empty();
    let no_file = inputs.live.articles.iter().filter(|(id, _)| is_asked && !seen.contains(id));
    for (id, found) in no_file {
        let title = found.article.title.clone();
        let about = About { locale: default, path: "", id: Some(*id), title, part: None };
        let row = Row { path: None, ..row(Status::NoFile, &about) };
        rows.insert((Group::NoFile, format!("\u{10ffff}{id}"), 0), row);
    }
    rows.into_values().collect()
}

/// The name of an article's file in a locale.
fn translated(path: &DocPath, locale: &Locale) -> DocPath {
    let stem = path.as_str().strip_suffix(".md").unwrap_or(path.as_str());
    DocPath::new(format!("{stem}.{locale}.md"))
}

fn place(inputs: &Inputs, group: Group, path: &str, locale: &Locale) -> Place {
    let suffix = format!(".{locale}.md");
    let article = match path.strip_suffix(&suffix) {
        Some(stem) if *locale != inputs.rules.locale => format!("{stem}.md"),
        _ => path.to_owned(),
    };
    let rank = if *locale == inputs.rules.locale { 0 } else { 1 };
    let rank = rank + inputs.rules.locales.iter().position(|other| other == locale).unwrap_or(usize::MAX / 2);
    (group, article, rank)
}

/// What a row is about.
struct About<'a> {
    locale: &'a Locale,
    path: &'a str,
    id: Option<ArticleId>,
    title: String,
    /// What the plan does about it, if anything.
    part: Option<&'a LocaleChange>,
}

fn row(inputs: &Inputs, explained: &Reasoned<'_>, status: Status, about: &About<'_>) -> Row {
    let found = about.id.and_then(|id| inputs.live.articles.get(&id));
    let addresses = inputs.rules.addresses.as_ref();
    let url = addresses.zip(found).and_then(|(to, found)| to.live(found, about.locale, &inputs.rules.locale));
    let editor_url = addresses.zip(about.id).map(|(to, id)| to.editor(id));
    let found = found.and_then(|found| match found.in_locale(about.locale, &inputs.rules.locale) {
        InLocale::There(found) => Some(found),
        InLocale::Missing | InLocale::Unknown => None,
    });
    let pending = found.as_ref().and_then(|found| found.draft.as_ref());
    let draft = pending.map(|draft| {
        let since = draft.draft_updated_at.unwrap_or(draft.updated_at);
        let since =
            jiff::Timestamp::from_second(since).map_or_else(|_| String::new(), |at| format!(", {}", minute(at)));
        format!("{}{since}", inputs.live.name_of(draft.updated_by_id))
    });
    let of_part = about.part.and_then(|part| {
        let of_drift = part.drift.as_ref().map(|drift| (drift.by.clone(), drift.since));
        let of_conflict = || part.blocked.as_ref().and_then(|blocked| Some((blocked.by.clone()?, blocked.since)));
        of_drift.or_else(of_conflict)
    });
    let changed_by = of_part.map(|(by, since)| {
        let since = since.map(|at| format!(", {}", minute(at))).unwrap_or_default();
        format!("{by}{since}")
    });
    Row {
        status,
        changed_by,
        path: Some(about.path.to_owned()),
        locale: inputs.is_multilingual.then(|| about.locale.clone()),
        id: about.id.map(|id| id.0),
        title: about.title.clone(),
        url,
        editor_url,
        state: found.map(|found| found.article.state.to_string()),
        draft,
        record: detail(inputs, explained, about),
    }
}

/// What is known of a text, and why it is in sync or not, where that was asked for.
fn detail(inputs: &Inputs, explained: &Reasoned<'_>, about: &About<'_>) -> Option<Detail> {
    let key = (about.id.filter(|_| inputs.rules.reasons == Reasons::Given)?, about.locale.clone());
    let known = match explained.get(&key) {
        Some(known) => (*known).clone(),
        None => Explained::recorded(key.0, &key.1, inputs.record.articles.get(&key)),
    };
    Some(Detail::new(known, about.part))
}
