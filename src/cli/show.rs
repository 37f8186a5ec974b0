//! `helpbook show`

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::exit::Exit;
use super::failure::Failure;
use super::past::{self, TextOf};
use super::project::{Project, Purpose, Target, here};
use super::workspace::Workspace;
use super::{Global, Only, execution};
use crate::book::Book;
use crate::git::Git;
use crate::history::Text;
use crate::intercom::model::{ArticleId, Locale, Version};
use crate::live;
use crate::plan::{Against, FORMAT_VERSION, Plan};
use crate::record::Record;
use crate::report::{self, Terminal};
use crate::text::DocPath;

/// Show a saved plan, or one version of an article as Markdown
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook show plan.json                the plan as `plan` showed it
  helpbook -v show plan.json             with whole texts
  helpbook show plan.json --json         one JSON document, for another program
  helpbook show billing/refunds.md@7100001  one version that Intercom keeps, as Markdown
  helpbook show billing/refunds.md@HEAD  the file as it was in a commit
  helpbook show plan.json --format html > plan.html  a page with both sides of every article")]
pub(super) struct Args {
    /// A plan that `plan --out` saved; or an article, by its file or id, with a version or a commit
    #[arg(value_name = "PLAN|PATH@VERSION")]
    what: PathBuf,
    #[command(flatten)]
    only: Only,
    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Print one JSON document; the same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For a person
    Text,
    /// The machine document
    Json,
    /// For a comment on a pull request
    Markdown,
    /// A page with both sides of every article
    Html,
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let format = if args.json { Format::Json } else { args.format };
    let file = here(global)?.join(&args.what);
    if let Some(what) = args.what.to_str().and_then(|what| what.rsplit_once('@'))
        && !is_plan(&args.what)
        && !file.exists()
    {
        return version(what, args, (global, format), terminal).await;
    }
    let plan = load(&file)?;
    match format {
        Format::Text => terminal.print(&report::plan::text(&plan, &terminal.look())),
        Format::Json => terminal.print_json(&report::plan::json(&plan)),
        Format::Markdown => terminal.print(&report::markdown(&plan)),
        Format::Html => terminal.print(&report::page(&plan)),
    }
    terminal.say(&format!("\n{}", crate::text::harmless(&report::made(&plan))));
    Ok(Exit::Done)
}

/// What was not done where a version cannot be shown.
const UNDONE: &str = "nothing was shown";

/// Shows one version of an article: what Intercom keeps, or a file as it was in a commit.
async fn version(
    (wanted, version): (&str, &str),
    args: &Args,
    (global, format): (&Global, Format),
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    if matches!(format, Format::Html) {
        return Err(Failure::new(Exit::Usage, "a version is shown as Markdown or JSON")
            .hint("leave `--format` out, or write `--format json`"));
    }
    let project = Project::open(global, terminal)?;
    let (mut book, record) = project.files_and_base(Purpose::Pull, terminal)?;
    if project.target == Target::Local {
        record.fill_known_ids(&mut book, &project.config.default_locale);
    }
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (id, path) = article(wanted, &project, &book)?;
    if !is_number(version) {
        let path = path.ok_or_else(|| {
            Failure::new(Exit::Usage, format!("no file has the id {wanted}, so Git does not know it"))
                .hint("name a version that Intercom keeps; `helpbook log` shows them")
        })?;
        let text = in_commit(&book, &path, version)?;
        match format {
            Format::Json => terminal.print_json(&report::log::version_json(version, &Text::of_file(&path, &text))),
            _ => terminal.print(&crate::text::harmless(&text)),
        }
        return Ok(Exit::Done);
    }
    let id = id.ok_or_else(|| {
        Failure::new(Exit::Usage, format!("`{wanted}` has no `id`: it is not in Intercom yet"))
            .hint("name a commit: `helpbook log` shows those of the file")
    })?;
    let mut rules = project.rules();
    args.only.limit(&mut rules)?;
    let workspace = Workspace::connect(&project).await?;
    let found = find(&project, &workspace, (&book, &record), (id, version), &rules.locales).await;
    let (text, found) = execution::closing(workspace, found).await?;
    let shown = Text::of_version(&found);
    match format {
        Format::Json => terminal.print_json(&report::log::version_json(version, &shown)),
        _ => terminal.print(&crate::text::harmless(&shown.as_file())),
    }
    terminal.say(&format!("\nversion {version} of article {id} in `{}`", text.locale));
    Ok(Exit::Done)
}

/// The article that a path or an id means, and its file.
fn article(wanted: &str, project: &Project, book: &Book) -> Result<(Option<ArticleId>, Option<DocPath>), Failure> {
    if let Ok(id) = wanted.parse().map(ArticleId) {
        let file = book.articles.values().find(|article| article.id == Some(id));
        return Ok((Some(id), file.map(|file| file.path.clone())));
    }
    let path = project.below_docs(Path::new(wanted), &book.root)?;
    let owner = book.articles.values().find(|article| article.contents().any(|content| content.path == path));
    match owner {
        Some(article) => Ok((article.id, Some(path))),
        None => Err(Failure::new(Exit::Usage, format!("`{wanted}` is not an article"))
            .hint("`helpbook status` lists the articles")),
    }
}

/// A file as it was in a commit, also under a name that it had before.
fn in_commit(book: &Book, path: &DocPath, reference: &str) -> Result<String, Failure> {
    let git = Git::new(&book.root);
    let fail = |error| past::unknown(&error, UNDONE);
    let commit = git.commit(reference).map_err(fail)?;
    if let Some(text) = git.text_at(&commit, path.as_str()).map_err(fail)? {
        return Ok(text);
    }
    let revisions = git.revisions_of(path.as_str()).map_err(fail)?;
    for before in revisions.iter().flat_map(|revision| &revision.files).filter_map(|file| file.from.as_deref()) {
        if let Some(text) = git.text_at(&commit, before).map_err(fail)? {
            return Ok(text);
        }
    }
    Err(Failure::new(Exit::Usage, format!("`{path}` was not there in `{reference}`"))
        .hint("`helpbook log` shows the commits of a file"))
}

/// The version that has an id, and the text that it is of.
async fn find(
    project: &Project,
    workspace: &Workspace,
    (book, record): (&Book, &Record),
    (id, version): (ArticleId, &str),
    locales: &[Locale],
) -> Result<(TextOf, Version), Failure> {
    let (reader, host) = (workspace.connection.reader(), workspace.connection.host());
    let fail = |error| Failure::of_request(&error, &host);
    let pins = workspace.wanted(project, Purpose::Show, book, record).pins;
    live::in_workspace(&reader, &pins).await.map_err(|error| Failure::of_live(&error, &host))?;
    let article = reader.article(id).await.map_err(fail)?.ok_or_else(|| {
        Failure::new(Exit::Failed, format!("article {id} was deleted in Intercom, and its versions with it"))
            .hint("what Git knows is left: name a commit in the place of the version")
    })?;
    for text in past::texts_of(&article, locales, &project.config.default_locale) {
        let list = reader.all_versions(id, text.asked.as_ref()).await.map_err(fail)?.unwrap_or_default();
        if list.iter().any(|one| one.id == version)
            && let Some(found) = reader.version(id, version, text.asked.as_ref()).await.map_err(fail)?
        {
            return Ok((text, found));
        }
    }
    Err(Failure::new(Exit::Usage, format!("article {id} has no version {version}"))
        .hint(format!("`helpbook log {id}` shows the versions there are")))
}

/// Whether a path names a saved plan.
pub(super) fn is_plan(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// Reads a saved plan that is to be carried out in a workspace, and refuses one for another.
pub(super) fn load_for(file: &Path, workspace: &str) -> Result<Plan, Failure> {
    let plan = load(file)?;
    if plan.since.as_ref().is_some_and(|since| since.against == Against::Docs) {
        let reason = "the plan was made with `--offline`: Intercom was not asked what is there";
        return Err(Failure::new(Exit::Usage, reason)
            .detail("nothing was written")
            .hint("make one with a token: `helpbook plan --out plan.json`"));
    }
    if plan.workspace == workspace {
        return Ok(plan);
    }
    let reason = format!("the plan is for the workspace `{}`, and the token for `{workspace}`", plan.workspace);
    Err(Failure::new(Exit::Auth, reason)
        .detail("nothing was written")
        .hint("use a token of the plan's workspace, or make a new plan"))
}

/// Reads a saved plan.
pub(super) fn load(file: &Path) -> Result<Plan, Failure> {
    #[derive(serde::Deserialize)]
    struct Format {
        format_version: u32,
    }
    let fail = |reason: String| Failure::new(Exit::Failed, format!("cannot use the plan {}: {reason}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| {
        let failure = fail(error.to_string()).hint("save one with `helpbook plan --out plan.json`");
        // A name that was typed wrong.
        let exit = if error.kind() == io::ErrorKind::NotFound { Exit::Usage } else { failure.exit };
        Failure { exit, ..failure }
    })?;
    let format: Format = serde_json::from_str(&text).map_err(|_| {
        fail("it is not a plan of helpbook".to_owned()).hint("save one with `helpbook plan --out plan.json`")
    })?;
    if format.format_version != FORMAT_VERSION {
        return Err(fail(format!("its format is {}, and this version reads {FORMAT_VERSION}", format.format_version))
            .hint("make a new plan with this version"));
    }
    serde_json::from_str(&text)
        .map_err(|error| fail(error.to_string()).hint("make a new plan: `helpbook plan --out plan.json`"))
}
