//! `helpbook init`
//!
//! It writes files that are not there yet and touches no other. What it writes depends on what the
//! workspace says; without a token it says how to get one.

mod config;
mod gitlab;
mod workflow;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, here};
use super::{Global, region};
use crate::book::{EditError, edit};
use crate::config::{FILE, Region, find};
use crate::git::Git;
use crate::intercom::model::{HelpCenter, Locale};
use crate::intercom::{Connection, ConnectionError};
use crate::report::{Message, Terminal};
use crate::text::DocPath;
use config::{GoesLive, Known};
use workflow::Workflow;

/// What Git has to know of the lock file.
const ATTRIBUTES: &str = "helpbook.lock merge=union linguist-generated\n";

/// What a run leaves in the folder that nobody commits: saved plans and reports.
const IGNORED: &str = "/.helpbook/\n/plan.json\n/plan.html\n/plan.md\n/audit.json\n/audit.html\n/audit.md\n";

/// Write helpbook.yml and the workflow, from what the workspace says
///
/// It reads the workspace, its region, Help Centers and locales, and writes `helpbook.yml`,
/// `.gitattributes`, `.gitignore`, a workflow for GitHub or GitLab and a page for your writers. A file that is there already
/// stays as it is. Nothing is written into Intercom.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook init                              a project in this folder, for the workspace of the token
  helpbook init --docs help                  with the articles in the folder `help`
  helpbook --local init --ci gitlab          with jobs for GitLab, whatever the remote is
  helpbook --local init --agents             with an AGENTS.md for coding agents
  helpbook --local init                      without an account: a project to try things in")]
pub(super) struct Args {
    /// The folder of the articles
    #[arg(long, value_name = "DIR", default_value = "docs")]
    docs: String,
    /// The Help Center, where the workspace has several: its identifier, name or id
    #[arg(long, value_name = "NAME")]
    help_center: Option<String>,
    /// Write the workflow for this host; without it, for the one that `origin` names
    #[arg(long, value_name = "HOST", conflicts_with = "no_workflow")]
    ci: Option<Host>,
    /// Write no workflow
    #[arg(long)]
    no_workflow: bool,
    /// Write AGENTS.md, too: what a coding agent does here, and what it never does
    #[arg(long)]
    agents: bool,
}

/// Where the repository is hosted, whose CI runs helpbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Host {
    /// A workflow for GitHub Actions
    Github,
    /// Jobs for GitLab CI
    Gitlab,
}

impl Host {
    /// The one that the address of a remote names, else the one whose file is there.
    fn of(origin: Option<&str>, top: &Path) -> Self {
        let host = origin.map(|origin| origin.split_once("://").map_or(origin, |(_, rest)| rest));
        let host = host.and_then(|host| host.split(['/', ':']).next()).unwrap_or_default().to_ascii_lowercase();
        match (host.contains("gitlab"), host.contains("github")) {
            (true, _) => Host::Gitlab,
            (_, true) => Host::Github,
            _ if top.join(gitlab::MAIN).exists() && !top.join(".github").exists() => Host::Gitlab,
            _ => Host::Github,
        }
    }

    /// What a person has to set up there.
    fn needs(self) -> &'static str {
        match self {
            Host::Github => "On GitHub the workflow needs the secret INTERCOM_ACCESS_TOKEN.",
            Host::Gitlab => {
                "On GitLab the jobs need the CI/CD variables INTERCOM_ACCESS_TOKEN and HELPBOOK_GITLAB_TOKEN; \
                 .gitlab/help-center.yml says which tokens."
            }
        }
    }
}

/// A file to write.
struct File {
    /// The folder that its path starts in.
    root: PathBuf,
    path: DocPath,
    text: String,
    /// What to do where it is there already.
    where_kept: Option<String>,
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let here = here(global)?;
    let docs = docs(args, global, &here)?;
    let known = if global.local { None } else { Some(ask(args, terminal).await?) };
    let place = Place::of(&here);
    let goes_live = goes_live(&here, known.as_ref(), terminal);
    let mut files = files(&docs, known.as_ref(), goes_live, &here);
    if args.agents {
        let text = include_str!("agents.md").replace("{docs}", &docs);
        files.push(File { root: here.clone(), path: DocPath::new("AGENTS.md"), text, where_kept: None });
    }
    let host = args.ci.unwrap_or_else(|| Host::of(Git::new(&here).origin().as_deref(), &place.top));
    let mut unusable = None;
    if !args.no_workflow {
        match workflows(host, &place) {
            Ok(workflows) => files.extend(workflows),
            Err(error) => unusable = Some(error.to_string()),
        }
    }
    let mut exit = Exit::Done;
    let mut workflow = Written::Kept;
    for file in &files {
        let shown = file.shown(&here);
        match file.write() {
            Ok(Written::New) => {
                if [WORKFLOW, AUDIT, gitlab::JOBS].contains(&file.path.as_str()) {
                    workflow = Written::New;
                }
                terminal.say(&format!("wrote {shown}"));
            }
            Ok(Written::Kept) => {
                terminal.say(&format!("kept {shown} (already there)"));
                if let Some(hint) = &file.where_kept {
                    terminal.say(&format!("  {hint}"));
                }
            }
            Err(error) => {
                terminal.error(&Message::new(crate::text::harmless(&error.to_string())));
                exit = Exit::Failed;
            }
        }
    }
    if let Some(reason) = unusable {
        terminal.warning(
            &Message::new(format!("no workflow was written: {reason}"))
                .hint("name branch and folder with letters, digits, `.`, `_`, `-` and `/`"),
        );
    }
    if workflow == Written::New && workflow::names_no_repository() {
        terminal.warning(
            &Message::new(format!("the workflow still says `{}`", workflow::UNKNOWN_REPOSITORY))
                .hint("replace it with the repository that you got helpbook from"),
        );
    }
    if !place.is_repository {
        terminal.say("\nThis folder is in no Git repository. `git init` makes it one.");
    }
    if exit == Exit::Done {
        if workflow == Written::New {
            terminal.say(&format!("\n{}", host.needs()));
        }
        next(&docs, known.as_ref(), terminal);
    }
    Ok(exit)
}

/// The files of the host's CI, at the top of the repository.
fn workflows(host: Host, place: &Place) -> Result<Vec<File>, workflow::Unusable> {
    let workflow = Workflow { branch: &place.branch, folder: &place.folder };
    let file = |path, text| File { root: place.top.clone(), path: DocPath::new(path), text, where_kept: None };
    if host == Host::Github {
        return Ok(vec![file(WORKFLOW, workflow.text()?), file(AUDIT, workflow.audit()?)]);
    }
    let mut files = vec![file(gitlab::JOBS, gitlab::jobs(workflow)?)];
    let main = fs::read_to_string(place.top.join(gitlab::MAIN)).unwrap_or_default();
    if !main.contains(gitlab::JOBS) {
        let lines = gitlab::INCLUDE.trim_end().replace('\n', "\n  ");
        let where_kept = Some(format!("add these lines to it, so that GitLab reads the jobs:\n  {lines}"));
        files.push(File { where_kept, ..file(gitlab::MAIN, gitlab::INCLUDE.to_owned()) });
    }
    Ok(files)
}

/// What to do now.
fn next(docs: &str, known: Option<&Known>, terminal: &Terminal) {
    match known.map(|known| known.articles) {
        Some(0) | None => terminal.hint("next: `helpbook plan`"),
        Some(count) => {
            let articles = if count == 1 { "1 live article".to_owned() } else { format!("{count} live articles") };
            terminal.hint(&format!("next: `helpbook pull`, which brings {articles} into `{docs}`"));
        }
    }
}

/// The docs folder: what a configuration that is there says, else what was asked for.
fn docs(args: &Args, global: &Global, here: &Path) -> Result<String, Failure> {
    if let Some(file) = find(here) {
        if file.parent() != Some(here) {
            return Err(Failure::new(Exit::Usage, format!("this folder is in a project already: {}", file.display()))
                .detail("nothing was written")
                .hint("run `helpbook doctor` to see how it is"));
        }
        let (project, found) = Project::read(&Global { directory: Some(here.to_owned()), ..global.clone() })?;
        found.stop()?;
        return Ok(project.config.docs.to_string_lossy().replace('\\', "/"));
    }
    let refuse = |reason: String| Failure::new(Exit::Usage, reason).detail("nothing was written");
    let is_hidden = |part: &str| part.len() > 1 && part.starts_with('.');
    if args.docs.split('/').any(is_hidden) || args.docs.chars().any(char::is_control) {
        return Err(refuse(format!("`{}` is no folder for articles", crate::text::one_line(&args.docs)))
            .hint("name a folder that does not start with a dot"));
    }
    if here.join(&args.docs).exists() && !here.join(&args.docs).is_dir() || args.docs == FILE {
        return Err(refuse(format!("`{}` is a file, and not a folder", args.docs)).hint("name another folder"));
    }
    let text = format!("docs: {}\n", crate::book::quoted(&args.docs));
    let mut found = Vec::new();
    crate::config::Config::parse(&text, &DocPath::new(FILE), &mut found);
    match found.first() {
        None => Ok(args.docs.trim_end_matches('/').to_owned()),
        Some(finding) => {
            let hint = finding.help.clone().unwrap_or_else(|| "name a folder below this one".to_owned());
            Err(Failure::new(Exit::Usage, &finding.message).detail("nothing was written").hint(hint))
        }
    }
}

async fn ask(args: &Args, terminal: &Terminal) -> Result<Known, Failure> {
    let connection = match Connection::from_env(Region::Us) {
        Err(ConnectionError::NoToken) if terminal.can_ask() => typed(terminal).ok_or_else(no_token)?,
        Err(ConnectionError::NoToken) => return Err(no_token()),
        connection => connection,
    };
    let connection = connection.map_err(|error| Failure::from(error).detail("nothing was written"))?;
    let progress = terminal.progress("asking Intercom");
    let home = region::of_token(Region::Us, connection.clone())
        .await
        .map_err(|error| Failure::of_request(&error, &connection.host()).detail("nothing was written"))?;
    let reader = home.connection.reader();
    let failed = |error| Failure::of_request(&error, &connection.host()).detail("nothing was written");
    let centers = reader.help_centers().await.map_err(failed)?;
    let glance = reader.glance().await.map_err(failed)?;
    drop(progress);
    let name = |center: &HelpCenter| center.identifier.clone().unwrap_or_else(|| center.id.to_string());
    let names: Vec<String> = centers.iter().map(name).collect();
    let default = centers.iter().find(|center| center.default == Some(true)).or(centers.first()).map(name);
    let wanted = args.help_center.clone().or(default);
    let center = crate::live::choose(centers, wanted.as_deref())
        .map_err(|error| Failure::of_live(&error, &connection.host()).detail("nothing was written"))?;
    let chosen = name(&center);
    Ok(Known {
        workspace: home.me.app.id_code.clone(),
        region: home.region,
        help_center: (names.len() > 1).then(|| chosen.clone()),
        other_centers: names.into_iter().filter(|name| *name != chosen).collect(),
        locales: ordered(center.locales.unwrap_or_default(), glance.default_locale),
        owner: home.me.email.clone(),
        articles: glance.articles,
    })
}

/// The locales with the default one first: that of the articles, else English, else the first.
fn ordered(locales: Vec<Locale>, default: Option<Locale>) -> Vec<Locale> {
    let english = Some(Locale::english()).filter(|english| locales.contains(english));
    let default = default.filter(|default| locales.is_empty() || locales.contains(default)).or(english);
    let Some(default) = default else { return locales };
    let others = locales.into_iter().filter(|locale| *locale != default);
    std::iter::once(default.clone()).chain(others).collect()
}

/// A connection with a token that is typed here. It is used for this run and written nowhere.
fn typed(terminal: &Terminal) -> Option<Result<Connection, ConnectionError>> {
    terminal.say("There is no token in INTERCOM_ACCESS_TOKEN. Copy one from Intercom's Developer Hub (Settings, Integrations, your app, Authentication).");
    let token = terminal.ask_secret("Access token (it is not shown, and written nowhere)")?;
    Some(Connection::with_token(Region::Us, &token))
}

fn no_token() -> Failure {
    Failure::new(Exit::Auth, ConnectionError::NoToken.to_string())
        .detail("nothing was written")
        .hint("open Intercom's Developer Hub (Settings, Integrations), make an app in your workspace, and copy its access token")
        .hint("its permissions: read and write articles, read content, read admins; for old addresses also `read_write_help_center_redirects_scope`")
        .hint("then `export INTERCOM_ACCESS_TOKEN=…` and run `helpbook init` again")
        .hint("without an account: `helpbook --local init`")
}

/// Whether an article whose file says no state goes live at `publish`: the answer of a person, else so
/// where there is no article yet.
fn goes_live(here: &Path, known: Option<&Known>, terminal: &Terminal) -> GoesLive {
    let is_new = known.is_none_or(|known| known.articles == 0);
    if here.join(FILE).exists() || known.is_none() || !terminal.can_ask() {
        return if is_new { GoesLive::AtPublish } else { GoesLive::WhereSaid };
    }
    let question = "Should every article go live when you publish, also where its file does not say `state: published`? Otherwise such an article stays a draft.";
    if terminal.ask(question) { GoesLive::AtPublish } else { GoesLive::WhereSaid }
}

/// The files beside the docs and in them.
fn files(docs: &str, known: Option<&Known>, goes_live: GoesLive, here: &Path) -> Vec<File> {
    let schema = workflow::schema();
    let inside = |path: &str| if docs == "." { DocPath::new(path) } else { DocPath::new(format!("{docs}/{path}")) };
    let file = |path: DocPath, text: String| File { root: here.to_owned(), path, text, where_kept: None };
    let mut files = vec![
        file(DocPath::new(FILE), config::text(docs, known, goes_live, schema.as_deref())),
        file(inside("README.md"), include_str!("writers.md").to_owned()),
    ];
    if known.is_none_or(|known| known.articles == 0) && has_no_article(&here.join(docs)) {
        files.push(file(inside("getting-started/_index.md"), "---\ntitle: Getting started\n---\n".to_owned()));
        files.push(file(inside("getting-started/welcome.md"), include_str!("welcome.md").to_owned()));
    }
    let has_line = fs::read_to_string(here.join(".gitattributes"))
        .is_ok_and(|text| text.lines().any(|line| line.starts_with("helpbook.lock merge=union")));
    let has_rule = Git::new(here).merge_rule("helpbook.lock").ok().flatten().is_some_and(|rule| rule == "union");
    if !has_line && !has_rule {
        let mut attributes = file(DocPath::new(".gitattributes"), ATTRIBUTES.to_owned());
        attributes.where_kept =
            Some(format!("add this line to it, so that Git merges the lock: {}", ATTRIBUTES.trim()));
        files.push(attributes);
    }
    let ignored = fs::read_to_string(here.join(".gitignore")).unwrap_or_default();
    if !IGNORED.lines().all(|line| ignored.lines().any(|there| there.trim() == line)) {
        let mut ignore = file(DocPath::new(".gitignore"), IGNORED.to_owned());
        let lines = IGNORED.lines().collect::<Vec<_>>().join(" ");
        ignore.where_kept = Some(format!("add these lines to it, which are no part of the docs: {lines}"));
        files.push(ignore);
    }
    files
}

/// Whether there is no Markdown file in a folder or one below it, as far as a glance shows.
fn has_no_article(folder: &Path) -> bool {
    let entries = walkdir::WalkDir::new(folder).max_depth(4).into_iter().flatten();
    !entries.into_iter().any(|entry| entry.path().extension().is_some_and(|end| end == "md"))
}

/// The file of the workflow.
const WORKFLOW: &str = ".github/workflows/help-center.yml";

/// The file of the weekly audit.
const AUDIT: &str = ".github/workflows/help-center-audit.yml";

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    New,
    /// It was there already.
    Kept,
}

/// A file was not written.
#[derive(Debug, thiserror::Error)]
enum WriteError {
    #[error("`{0}` is a link that points nowhere")]
    BrokenLink(DocPath),
    #[error("`{0}` would be outside of this project: a folder above it is a link")]
    Outside(DocPath),
    #[error("`{0}`: {1}")]
    Unreadable(DocPath, io::Error),
    #[error(transparent)]
    Unwritten(#[from] EditError),
}

impl File {
    /// Writes it, where it is not there yet. No link on disk leads it out of the project.
    fn write(&self) -> Result<Written, WriteError> {
        let file = self.root.join(self.path.as_str());
        if fs::symlink_metadata(&file).is_ok() {
            return if file.exists() { Ok(Written::Kept) } else { Err(WriteError::BrokenLink(self.path.clone())) };
        }
        let unreadable = |error| WriteError::Unreadable(self.path.clone(), error);
        let root = fs::canonicalize(&self.root).map_err(unreadable)?;
        let there = file.ancestors().skip(1).find(|above| fs::symlink_metadata(above).is_ok());
        let real = there.map(fs::canonicalize).transpose().map_err(unreadable)?;
        if !real.is_some_and(|real| real.starts_with(&root)) {
            return Err(WriteError::Outside(self.path.clone()));
        }
        edit::create(&self.root, &self.path, &self.text)?;
        Ok(Written::New)
    }

    /// Its path, as seen from where the project is.
    fn shown(&self, here: &Path) -> String {
        let file = self.root.join(self.path.as_str());
        file.strip_prefix(here).unwrap_or(&file).to_string_lossy().replace('\\', "/")
    }
}

/// Where the project is in its repository.
struct Place {
    top: PathBuf,
    branch: String,
    /// The project's folder, from the top; `.` for the top itself.
    folder: String,
    is_repository: bool,
}

impl Place {
    fn of(here: &Path) -> Self {
        let alone =
            Self { top: here.to_owned(), branch: "main".to_owned(), folder: ".".to_owned(), is_repository: false };
        let Ok(tree) = Git::new(here).tree() else { return alone };
        let (Ok(top), Ok(full)) = (fs::canonicalize(&tree.top), fs::canonicalize(here)) else { return alone };
        let Ok(folder) = full.strip_prefix(&top) else { return alone };
        let folder = folder.to_string_lossy().replace('\\', "/");
        Self {
            branch: tree.branch.unwrap_or(alone.branch),
            folder: if folder.is_empty() { ".".to_owned() } else { folder },
            top,
            is_repository: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(locales: &[&str], default: Option<&str>, expected: &[&str]) {
        let locale = |name: &&str| Locale((*name).to_owned());
        let found = ordered(locales.iter().map(locale).collect(), default.as_ref().map(locale));
        assert_eq!(found.iter().map(|locale| locale.0.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_host_is_the_one_of_the_remote() {
        let empty = tempfile::tempdir().unwrap();
        for (origin, host) in [
            ("git@gitlab.com:octo/docs.git", Host::Gitlab),
            ("https://gitlab.example.com/github/docs.git", Host::Gitlab),
            ("ssh://git@GitLab.example.com:22/octo/docs.git", Host::Gitlab),
            ("https://github.com/octo/gitlab.git", Host::Github),
            ("https://git.example.com/octo/docs.git", Host::Github),
        ] {
            assert_eq!(Host::of(Some(origin), empty.path()), host, "{origin}");
        }
        assert_eq!(Host::of(None, empty.path()), Host::Github);
        fs::write(empty.path().join(gitlab::MAIN), "").unwrap();
        assert_eq!(Host::of(Some("https://git.example.com/octo/docs.git"), empty.path()), Host::Gitlab);
        assert_eq!(Host::of(Some("https://github.com/octo/docs.git"), empty.path()), Host::Github);
    }

    #[test]
    fn the_default_locale_stands_first() {
        check(&["de", "en", "fr"], Some("fr"), &["fr", "de", "en"]);
        check(&["de", "en"], None, &["en", "de"]);
        check(&["de", "fr"], None, &["de", "fr"]);
        check(&[], Some("de"), &["de"]);
        check(&["de"], Some("xx"), &["de"]);
        check(&[], None, &[]);
    }
}
