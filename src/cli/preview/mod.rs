//! `helpbook preview`

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use helpbook_site::Finding;

use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::project::Project;
use crate::book::Book;
use crate::diagnostic::Severity;
use crate::preview::folder;
use crate::preview::server::{EVENTS, Preview, Screen};
use crate::preview::site::{Site, as_shown};
use crate::preview::watch::{Sight, watch};
use crate::report::{Hint, Message, Terminal};
use crate::text::DocPath;

/// Show the docs in the browser, as customers will see them
///
/// Nothing is sent, and no token is needed. A page that is open shows what you save, with what `check` finds in
/// it above. Only browsers on this machine are answered.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook preview --open                    the docs, in your browser, until Ctrl-C
  helpbook preview docs/billing/refunds.md   the address of one article
  helpbook preview --out site                the same as files, without a server")]
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
    /// Write the pages to a folder, and end
    #[arg(long, value_name = "DIR", conflicts_with_all = ["port", "open", "poll", "path"])]
    out: Option<PathBuf>,
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::open(global, terminal)?;
    let progress = terminal.progress("reading the docs");
    let mut site = site(&project)?;
    drop(progress);
    if let Some(out) = &args.out {
        let pages = folder::write(&site, &project.here.join(out)).map_err(|error| {
            Failure::new(Exit::Failed, error.to_string())
                .hint("name a new folder, or one that a preview was written to")
        })?;
        terminal.say(&format!("wrote {pages} pages to {}", out.display()));
        terminal.hint(&format!("open {}", out.join("index.html").display()));
        return Ok(Exit::Done);
    }
    let named = match &args.path {
        Some(path) => {
            let below = project.below_docs(path, &site.book.root)?;
            Some(site.address_of(&below).ok_or_else(|| {
                Failure::new(Exit::Usage, format!("`{}` is neither an article nor a collection", path.display()))
                    .hint("`helpbook preview` without a path shows all of the docs")
            })?)
        }
        None => None,
    };
    site.events = Some(EVENTS.to_owned());
    let (root, file) = (site.book.root.clone(), project.file.clone());
    let preview = Preview::start(site, args.port).await.map_err(|error| not_started(args.port, &error))?;
    let screen = preview.screen();
    let sight = if args.poll { Sight::Polling } else { Sight::Events };
    let again = Again { global: global.clone(), project, screen: screen.clone(), reads: Arc::default() };
    let _watching = watch(&root, &file, sight, move || again.read());
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

/// What reads the docs again.
#[derive(Debug, Clone)]
struct Again {
    global: Global,
    project: Project,
    screen: Screen,
    /// How often the docs were read.
    reads: Arc<AtomicU64>,
}

/// How long nothing is saved before all texts are looked at for errors: whoever writes does not wait for that.
const QUIET: Duration = Duration::from_millis(300);

impl Again {
    /// Shows the docs as they are now. Where the configuration cannot be used any more, those before, and why.
    fn read(&self) {
        let before = self.screen.site();
        let (project, problems) = match Project::read(&self.global) {
            Ok((project, found)) if found.stop().is_ok() => (project, Vec::new()),
            Ok((_, found)) => {
                let shown = found
                    .diagnostics
                    .iter()
                    .map(|finding| as_shown(finding, found.sources.get(&finding.path).map_or("", |text| text)));
                (self.project.clone(), shown.collect())
            }
            Err(failure) => (self.project.clone(), vec![problem(&failure)]),
        };
        let mut site = match project.files() {
            Ok(book) => Site::new(name(&project), project.config.clone(), book),
            Err(failure) => {
                let book = Book { root: before.book.root.clone(), ..Book::default() };
                let mut empty = Site::new(name(&project), project.config.clone(), book);
                empty.problems.push(problem(&failure));
                empty
            }
        };
        site.problems.extend(problems);
        site.events.clone_from(&before.events);
        site.errors.clone_from(&before.errors);
        let read = self.reads.fetch_add(1, Ordering::AcqRel) + 1;
        self.screen.show(site);
        let again = Self { project, ..self.clone() };
        thread::spawn(move || {
            thread::sleep(QUIET);
            if again.is_latest(read) {
                again.count_errors(read);
            }
        });
    }

    /// Whether the docs were not read again since.
    fn is_latest(&self, read: u64) -> bool {
        self.reads.load(Ordering::Acquire) == read
    }

    /// Counts the errors of each file, and shows them where they are others than before and nothing was saved
    /// meanwhile.
    fn count_errors(&self, read: u64) {
        let Ok(book) = self.project.book() else { return };
        let mut errors: BTreeMap<DocPath, usize> = BTreeMap::new();
        let counted = book
            .diagnostics
            .iter()
            .filter(|finding| finding.severity == Severity::Error && finding.id != crate::diagnostic::id::LOCAL_IMAGE);
        for finding in counted {
            *errors.entry(finding.path.clone()).or_default() += 1;
        }
        let now = self.screen.site();
        if now.errors != errors && self.is_latest(read) {
            let Site { name, config, book, problems, events, .. } = &*now;
            let mut site = Site::new(name.clone(), config.clone(), book.clone());
            (site.problems, site.events, site.errors) = (problems.clone(), events.clone(), errors);
            self.screen.show(site);
        }
    }
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
