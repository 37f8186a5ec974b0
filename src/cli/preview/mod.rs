//! `helpbook preview`

mod comparing;
mod reading;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use helpbook_site::Finding;
use tokio::task::block_in_place;

use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, Target};
use crate::book::Book;
use crate::diagnostic::{Diagnostic, Severity, id};
use crate::preview::folder;
use crate::preview::server::{EVENTS, Preview};
use crate::preview::site::Site;
use crate::preview::watch::{Sight, watch};
use crate::report::{Hint, Message, Terminal};
use crate::text::DocPath;
use comparing::{Comparer, since};
use reading::Reading;

/// Show the docs in the browser, as customers will see them
///
/// Nothing is sent, and no token is needed. A page that is open shows what you save, with what `check` finds in
/// it above. With a token, or with `--local`, each article can also be looked at as it is live, as it is staged,
/// and as the difference; without one, as it was last sent. Only browsers on this machine are answered.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook preview --open                    the docs, in your browser, until Ctrl-C
  helpbook preview docs/billing/refunds.md   the address of one article
  helpbook preview --offline                 ask nothing of Intercom, also with a token
  helpbook preview --out site                the same as files, without a server
  helpbook preview --out site --since main   the articles that this branch changed, as files")]
pub(super) struct Args {
    /// The article or folder whose page is named first
    #[arg(value_name = "PATH")]
    path: Option<PathBuf>,
    /// The port on 127.0.0.1; 0 takes any free one
    #[arg(long, value_name = "N", default_value_t = 4200)]
    port: u16,
    /// Open the page in your browser
    #[arg(long)]
    open: bool,
    /// Look for changes again and again, where the system does not tell of them
    #[arg(long)]
    poll: bool,
    /// Ask nothing of Intercom; compare with what was last sent, as Git and the lock know it
    #[arg(long)]
    offline: bool,
    /// Write the pages to a folder, and end
    #[arg(long, value_name = "DIR", conflicts_with_all = ["port", "open", "poll", "path"])]
    out: Option<PathBuf>,
    /// Only the articles that changed since this branch left the commit REF, compared with the docs there; asks
    /// nothing of Intercom
    #[arg(long, value_name = "REF", requires = "out", conflicts_with = "offline")]
    since: Option<String>,
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::open(global, terminal)?;
    let progress = terminal.progress("reading the docs");
    let site = site(&project)?;
    drop(progress);
    match &args.out {
        Some(out) => write(args, &project, site, out, terminal),
        None => serve(args, global, project, site, terminal).await,
    }
}

/// Writes the pages to a folder.
fn write(args: &Args, project: &Project, mut site: Site, out: &Path, terminal: &Terminal) -> Result<Exit, Failure> {
    let docs = project.docs(Book::clone(&site.files.book));
    site.errors = errors(&docs.book);
    if let Some(reference) = &args.since {
        let comparison = since(project, &site, reference)?;
        let paths: BTreeSet<DocPath> = comparison.paths().cloned().collect();
        site = site.with_only(|path| paths.contains(path));
        site.comparison = Some(Arc::new(comparison));
    } else {
        let progress = terminal.progress("reading the Help Center");
        let compared = block_in_place(|| Comparer::new(args.offline, project).compare(project, docs));
        drop(progress);
        site.comparison =
            compared.map_err(|failure| failure.hint("to write it without, add `--offline`"))?.map(Arc::new);
    }
    let pages = folder::write(&site, &project.here.join(out)).map_err(|error| {
        Failure::new(Exit::Failed, error.to_string()).hint("name a new folder, or one that a preview was written to")
    })?;
    terminal.say(&format!("wrote {pages} pages to {}", out.display()));
    terminal.hint(&format!("open {}", out.join("index.html").display()));
    Ok(Exit::Done)
}

/// Shows the pages until Ctrl-C.
async fn serve(
    args: &Args,
    global: &Global,
    project: Project,
    mut site: Site,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let named = match &args.path {
        Some(path) => {
            let below = project.below_docs(path, &site.files.book.root)?;
            Some(site.address_of(&below).ok_or_else(|| {
                Failure::new(Exit::Usage, format!("`{}` is neither an article nor a collection", path.display()))
                    .hint("`helpbook preview` without a path shows all of the docs")
            })?)
        }
        None => None,
    };
    site.events = Some(EVENTS.to_owned());
    let mut watched = vec![project.file.clone()];
    let comparer = Comparer::new(args.offline, &project);
    if project.target == Target::Local {
        // Its record can be watched once there is its folder.
        project.private_folder()?;
        let _ = fs::create_dir_all(project.local_folder());
    }
    watched.push(project.lock_file());
    let root = site.files.book.root.clone();
    let preview = Preview::start(site, args.port).await.map_err(|error| not_started(args.port, &error))?;
    let sight = if args.poll { Sight::Polling } else { Sight::Events };
    let reading = Reading::start(global, project, preview.screen(), comparer, terminal);
    let _watching = watch(&root, &watched, sight, move || reading.read());
    let address = format!("{}/{}", preview.url(), named.unwrap_or_default());
    terminal.print(&format!("{address}\n"));
    terminal.hint("it shows what you save; Ctrl-C ends it");
    if args.open && open::that_detached(&address).is_err() {
        terminal.warning(&Message::new("cannot open a browser").hint(format!("open {address}")));
    }
    let _ = tokio::signal::ctrl_c().await;
    Ok(Exit::Done)
}

fn not_started(port: u16, error: &std::io::Error) -> Failure {
    match error.kind() {
        ErrorKind::AddrInUse => Failure::new(Exit::Failed, format!("the port {port} is in use"))
            .hint("another preview may be running there; or choose a port: `helpbook preview --port 0`"),
        _ => Failure::new(Exit::Failed, format!("cannot listen on port {port}: {error}"))
            .hint("choose a port: `helpbook preview --port 0`"),
    }
}

/// The docs as a site.
fn site(project: &Project) -> Result<Site, Failure> {
    Ok(Site::new(name(project), project.config.clone(), project.files()?))
}

/// What the Help Center is called: as the configuration names it, else as the project's folder.
fn name(project: &Project) -> String {
    let folder = project.root.canonicalize().ok();
    let folder = folder.and_then(|folder| Some(folder.file_name()?.to_string_lossy().into_owned()));
    project.config.help_center.clone().or(folder).unwrap_or_else(|| "Help Center".to_owned())
}

/// The number of errors of each file of a book whose texts were looked at.
fn errors(book: &Book) -> BTreeMap<DocPath, usize> {
    let mut errors: BTreeMap<DocPath, usize> = BTreeMap::new();
    let is_counted = |finding: &&Diagnostic| finding.severity == Severity::Error && finding.id != id::LOCAL_IMAGE;
    for finding in book.diagnostics.iter().filter(is_counted) {
        *errors.entry(finding.path.clone()).or_default() += 1;
    }
    errors
}

/// A failure as a page shows it.
fn problem(failure: &Failure) -> Finding {
    let hints: Vec<&str> = failure.message.hints().iter().map(Hint::text).collect();
    Finding {
        is_error: true,
        id: "helpbook.yml".to_owned(),
        message: failure.message.text().to_owned(),
        help: hints.join(" · "),
        ..Finding::default()
    }
}
