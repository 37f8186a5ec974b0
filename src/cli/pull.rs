//! `helpbook pull`

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;
use futures_util::stream::{self, StreamExt as _};

use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, Purpose, Target};
use super::pull_history::{self, Emails, History, Repository};
use super::tried::{self, Tried};
use super::workspace::{Inputs, Workspace};
use super::{Global, Only, execution};
use crate::book::Book;
use crate::git::Git;
use crate::hosting::Downloads;
use crate::intercom::model::ArticleId;
use crate::live::{self, Listed, Live};
use crate::plan::{Proof, RemoteChanges, Rules};
use crate::pull::{self, Asked, Drafts, Hosted, Pull};
use crate::report::{Message, Terminal, Verbosity, pull as report};

/// How many images are fetched at once.
const SIDE_BY_SIDE: usize = 8;

/// Bring live articles into the docs folder
///
/// Articles without a file get one. Into files that are there goes what was changed in Intercom:
/// only those fields and words, the rest keeps its bytes. Where the docs changed the same lines,
/// both are in the file between conflict markers.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook pull                     everything that is new or was changed in Intercom
  helpbook pull billing/refunds.md  one article, with a teammate's pending draft
  helpbook pull 9100004 -n          show what an article would bring
  helpbook pull --images fetch      with the images that Intercom hosts
  helpbook pull --history           with a commit for every version, in a new repository")]
pub(super) struct Args {
    /// Only these files, folders or article ids; of these a teammate's draft is taken, too
    #[arg(value_name = "PATH|ID")]
    wanted: Vec<String>,
    #[command(flatten)]
    only: Only,
    /// Take every teammate's draft that is pending
    #[arg(long)]
    drafts: bool,
    /// What becomes of images that Intercom hosts: fetched into the docs folder, or left there.
    /// Without it they are fetched where `images.base_url` says how they are sent again
    #[arg(long, value_name = "WHAT")]
    images: Option<Images>,
    /// Print what it brings as one JSON document: files, fields, who changed them in Intercom
    #[arg(long)]
    json: bool,
    /// Show what would be written, and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Make a commit of every version that Intercom keeps, by its author and of its time: in a repository without
    /// any commit on its branch, else on a branch of its own, `helpbook-history`
    #[arg(long, conflicts_with_all = ["wanted", "drafts", "images", "json", "dry_run"])]
    history: bool,
    /// With the addresses of teammates in these commits, and not `ADMINID@intercom.invalid`
    #[arg(long, requires = "history")]
    emails: bool,
}

/// What a pull does with what it brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// It writes it into the files.
    Write,
    /// It shows it.
    Show,
}

impl Args {
    /// These files, folders and ids, or all, as text.
    pub(super) fn of(wanted: Vec<String>, drafts: Drafts, then: Then) -> Self {
        Self {
            wanted,
            only: Only::default(),
            drafts: drafts == Drafts::All,
            images: None,
            json: false,
            dry_run: then == Then::Show,
            history: false,
            emails: false,
        }
    }
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::open(global, terminal)?;
    let mut rules = project.rules();
    args.only.limit(&mut rules)?;
    let (ids, paths): (Vec<&String>, Vec<&String>) = args.wanted.iter().partition(|wanted| is_id(wanted));
    if let Some(id) = ids.iter().find(|id| id.parse::<u64>().is_err()) {
        return Err(Failure::new(Exit::Usage, format!("{id} is no id of an article"))
            .hint("`helpbook status` lists the articles and their ids"));
    }
    let asked = Asked {
        ids: ids.iter().filter_map(|id| id.parse().ok()).collect(),
        drafts: if args.drafts { Drafts::All } else { Drafts::Named },
    };
    let repository = if args.history { Some(pull_history::repository(&project)?) } else { None };
    let _held = if args.dry_run { None } else { Some(project.exclusive()?) };
    let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
    let rules = |book: &Book| Ok(Rules { paths: project.paths(&paths, book)?, ..rules });
    let workspace = Workspace::connect(&project).await?;
    let result = match workspace.inputs(&project, Purpose::Pull, rules, terminal).await {
        Ok(mut inputs) => match repository {
            None => work(args, &project, &workspace, &mut inputs, &asked, terminal).await,
            Some(repository) => {
                let emails = if args.emails { Emails::Shown } else { Emails::Hidden };
                let history = History { project: &project, workspace: &workspace, terminal, emails };
                with_history(args, &history, &repository, &mut inputs).await
            }
        },
        Err(failure) => Err(failure),
    };
    execution::closing(workspace, result).await
}

/// Reads all versions, brings the files of a new repository, and makes the commits.
async fn with_history(
    args: &Args,
    history: &History<'_>,
    repository: &Repository,
    inputs: &mut Inputs,
) -> Result<Exit, Failure> {
    refuse_other_default(inputs)?;
    let interrupted = execution::watch_interrupts(history.terminal);
    let read = history.read(inputs, &interrupted).await?;
    if read != Exit::Done {
        return Ok(read);
    }
    if let Repository::New(_) = repository {
        // What it says to do next is done here.
        let mut terminal = history.terminal.clone();
        terminal.verbosity = Verbosity::Quiet;
        let pulled = work(args, history.project, history.workspace, inputs, &Asked::default(), &terminal).await?;
        if pulled != Exit::Done {
            history.terminal.hint("no commit was made; run `helpbook pull --history` again once this is settled");
            return Ok(pulled);
        }
    }
    history.write(inputs, repository)
}

async fn work(
    args: &Args,
    project: &Project,
    workspace: &Workspace,
    inputs: &mut Inputs,
    asked: &Asked,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    if let Some(missing) = asked.ids.iter().find(|id| !inputs.live.articles.contains_key(id)) {
        return Err(Failure::new(Exit::Usage, format!("there is no article {missing} in Intercom"))
            .hint("`helpbook status` lists the articles and their ids"));
    }
    refuse_other_default(inputs)?;
    let interrupted = project.stop.flag().unwrap_or_else(|| execution::watch_interrupts(terminal));
    let mut plan = inputs.plan();
    let progress = terminal.progress("comparing");
    let mut taken = tried::taken(inputs, &plan, asked);
    if confirm(workspace, inputs, &taken).await? {
        plan = inputs.plan();
        taken = tried::taken(inputs, &plan, asked);
    }
    let git = Git::new(&project.root);
    let compared = tried::compared(project, inputs, &taken, &git);
    let mut pull = pull::pull(compared, asked);
    drop(progress);
    images(args, workspace, inputs, &mut pull, terminal).await?;
    let is_empty = pull.changes.is_empty() && pull.indexes.is_empty();
    let has_nothing = is_empty && pull.taken_already.is_empty();
    let tried = if has_nothing { Tried::default() } else { tried::try_out(project, compared, &mut pull, terminal) };
    pull.notes.extend(refused(&inputs.live));
    show(args, &pull, terminal);
    if is_empty {
        if !args.dry_run {
            // What is equal is known from now on, whoever made it so.
            let mut plan = plan;
            if !has_nothing {
                let done = pull::Written::default();
                pull::keep(&mut inputs.record, &pull, &done, &tried.proof, &inputs.live, &inputs.rules.locale);
                plan = inputs.plan();
            }
            execution::settle(project, &plan, &mut inputs.record)?;
        }
        let all = if pull.notes.is_empty() { " The docs have all that was changed in Intercom." } else { "" };
        terminal.say(&format!("Nothing to pull.{all}"));
        return Ok(Exit::Done);
    }
    if args.dry_run {
        terminal.say(&report::summary(&pull, report::PullState::Planned));
        terminal.hint("run the same without `-n` to write this");
        return Ok(if tried.refused > 0 { Exit::Failed } else { Exit::Done });
    }
    write(project, inputs, &pull, tried, &interrupted, terminal)
}

/// Fetches the images, or says what becomes of them.
async fn images(
    args: &Args,
    workspace: &Workspace,
    inputs: &Inputs,
    pull: &mut Pull,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let mode = args.images.unwrap_or(if inputs.rules.images.is_some() { Images::Fetch } else { Images::Keep });
    let hosted = pull::hosted(pull);
    match mode {
        Images::Fetch if !args.dry_run => fetch_images(workspace, pull, hosted, &inputs.book, terminal).await?,
        Images::Fetch => pull.notes.extend(count(hosted.len()).map(|count| format!("{count} would be fetched"))),
        Images::Keep if args.images.is_none() => pull.notes.extend(count(hosted.len()).map(|count| {
            let (keep, them) =
                if hosted.len() == 1 { ("keeps its address", "it") } else { ("keep their addresses", "them") };
            format!("{count} {keep} in Intercom; set `images.base_url` in helpbook.yml to have {them} in the docs")
        })),
        Images::Keep => {}
    }
    Ok(())
}

/// Prints what comes.
fn show(args: &Args, pull: &Pull, terminal: &Terminal) {
    if args.json {
        terminal.print_json(&report::json(pull));
    } else {
        let verbosity = if args.dry_run { Verbosity::Verbose } else { terminal.verbosity };
        terminal.print(&report::text(pull, terminal.surface(), verbosity));
    }
    for note in &pull.notes {
        terminal.note(note);
    }
}

/// Writes what comes, and keeps in the record what the files took.
fn write(
    project: &Project,
    inputs: &mut Inputs,
    pull: &Pull,
    mut tried: Tried,
    interrupted: &AtomicBool,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    fs::create_dir_all(&inputs.book.root).map_err(|error| {
        Failure::new(Exit::Failed, format!("cannot make {}: {error}", inputs.book.root.display()))
            .hint("check `docs` in helpbook.yml")
    })?;
    let progress = terminal.progress("writing files");
    let written = pull::write(pull, &inputs.book.root, interrupted);
    drop(progress);
    if !written.is_all_of(pull) {
        let docs = project.docs(project.files()?);
        let done = written.done.iter().map(|at| &pull.changes[*at]).chain(&pull.taken_already);
        (tried.docs, tried.proof) = tried::prove(project, (&inputs.record, &inputs.live, &inputs.rules), docs, done);
    }
    let Tried { docs, proof, refused } = tried;
    for failure in &written.failures {
        terminal.error(
            &Message::new(crate::text::harmless(&failure.to_string()))
                .hint("the other files are written; fix this one and run it again"),
        );
    }
    pull::keep(&mut inputs.record, pull, &written, &proof, &inputs.live, &inputs.rules.locale);
    inputs.renew(docs);
    if project.target == Target::Local {
        inputs.record.fill_known_ids(&mut inputs.book, &inputs.rules.locale);
    }
    let plan = inputs.plan();
    execution::settle(project, &plan, &mut inputs.record)?;
    let mut exit = if refused > 0 || !written.failures.is_empty() { Exit::Failed } else { Exit::Done };
    if interrupted.load(Ordering::SeqCst) {
        exit = exit.max(Exit::Interrupted);
    }
    if exit == Exit::Done {
        terminal.say(&report::summary(pull, report::PullState::Written));
    } else {
        let all = pull.changes.len() + pull.indexes.len() + pull.images.len() + refused;
        terminal.say(&format!("{} of {all} files are written", written.files));
    }
    if !(proof.equal.is_empty() && proof.differ.is_empty()) {
        terminal.say(&report::proof(&proof, &project.shown));
    }
    Ok(exit.max(end(pull, &proof, exit, terminal)))
}

/// A Help Center with another default locale would put every text into the wrong file.
fn refuse_other_default(inputs: &Inputs) -> Result<(), Failure> {
    let ours = &inputs.rules.locale;
    let defaults = inputs.live.articles.values().filter_map(|found| found.article.default_locale.as_ref());
    match defaults.into_iter().find(|default| *default != ours) {
        None => Ok(()),
        Some(default) => {
            Err(Failure::new(Exit::Failed, format!("the default locale in Intercom is `{default}`, and not `{ours}`"))
                .detail("nothing was written")
                .hint(format!("write `default_locale: {default}` into helpbook.yml")))
        }
    }
}

/// What becomes of images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Images {
    /// They are fetched
    Fetch,
    /// Their addresses stay
    Keep,
}

/// How many images, in words.
pub(super) fn count(images: usize) -> Option<String> {
    match images {
        0 => None,
        1 => Some("1 image".to_owned()),
        many => Some(format!("{many} images")),
    }
}

/// Fetches the images that the texts bring, after saying how many there are.
async fn fetch_images(
    workspace: &Workspace,
    pull: &mut Pull,
    hosted: Vec<Hosted>,
    book: &Book,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let Some(images) = count(hosted.len()) else { return Ok(()) };
    let downloads =
        Downloads::new(&workspace.connection.host()).map_err(|error| Failure::new(Exit::Failed, error.to_string()))?;
    let downloads = &downloads;
    let sizes: Vec<Option<u64>> = stream::iter(&hosted)
        .map(|image| async move { downloads.size(&image.signed).await })
        .buffered(SIDE_BY_SIDE)
        .collect()
        .await;
    let bytes: u64 = sizes.iter().flatten().sum();
    let size = if sizes.iter().all(Option::is_some) { format!(", {} MB", megabytes(bytes)) } else { String::new() };
    terminal.say(&format!("fetching {images}{size}; `--images keep` leaves them in Intercom"));
    let progress = terminal.progress("fetching images").of(hosted.len(), &workspace.connection.activity());
    let done = &progress;
    let fetched: Vec<(Hosted, Result<Vec<u8>, _>)> = stream::iter(hosted)
        .map(|image| async move {
            let result = downloads.get(&image.shown_in, &image.signed).await;
            done.step();
            (image, result)
        })
        .buffered(SIDE_BY_SIDE)
        .collect()
        .await;
    drop(progress);
    let mut images = BTreeMap::new();
    for (image, result) in fetched {
        match result {
            Ok(bytes) => drop(images.insert(image.address, (image.shown_in, bytes))),
            Err(_) => pull.notes.push(format!(
                "`{}`: the image {} cannot be fetched; its address stays",
                image.shown_in, image.address
            )),
        }
    }
    pull::place(pull, &images, book);
    Ok(())
}

/// Bytes in megabytes, with one digit.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The lists that the token may not read, and what is not brought for that.
fn refused(live: &Live) -> Vec<String> {
    let note = |what: &str, reason: &str| format!("{what} cannot be read, and are left out: {reason}");
    let mut notes = Vec::new();
    if let Listed::Refused(reason) = &live.audiences {
        notes.push(note("audiences", reason));
    }
    if let Listed::Refused(reason) = &live.redirects {
        notes.push(note("redirects", reason));
    }
    notes
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

/// How many articles without a file are read by themselves to see whether lists cut their texts.
const SAMPLE: usize = 3;

/// Reads by themselves the articles whose files are about to change, and of those without a file the longest ones:
/// where a list says something else of these, all of them. Returns whether a list did.
async fn confirm(workspace: &Workspace, inputs: &mut Inputs, taken: &RemoteChanges) -> Result<bool, Failure> {
    let reader = workspace.connection.reader();
    let default = inputs.rules.locale.clone();
    let edited: BTreeSet<ArticleId> = taken.edits.iter().map(|edit| edit.id).collect();
    let length = |id: &ArticleId| inputs.live.articles[id].article.body.as_ref().map_or(0, String::len);
    let mut new: Vec<ArticleId> = inputs.live.articles.keys().copied().collect();
    new.retain(|id| !taken.files.contains_key(id) && !taken.foreign.contains(id));
    new.sort_by_key(|id| std::cmp::Reverse(length(id)));
    let rest = new.split_off(new.len().min(SAMPLE));
    let fail = |error| Failure::of_request(&error, &workspace.connection.host());
    let mut is_other = live::confirm(&reader, &mut inputs.live, edited, &default).await.map_err(fail)?;
    if live::confirm(&reader, &mut inputs.live, new, &default).await.map_err(fail)? {
        is_other = true;
        live::confirm(&reader, &mut inputs.live, rest, &default).await.map_err(fail)?;
    }
    Ok(is_other)
}

/// What is to be done after a pull that ended with `written`.
fn end(pull: &Pull, proof: &Proof, written: Exit, terminal: &Terminal) -> Exit {
    let mut exit = Exit::Done;
    if pull.changes.iter().any(|change| change.conflicts() > 0) {
        terminal.hint("choose between the two texts at the markers, then run `helpbook plan`");
        exit = Exit::NotDone;
    } else if proof.differ.is_empty() && written == Exit::Done {
        terminal.hint("look at it with `git status` and `git diff`, and commit it with helpbook.lock");
    }
    if !proof.differ.is_empty() {
        terminal.hint("nothing is lost in Intercom; `helpbook plan` shows how these files differ");
        exit = exit.max(Exit::Failed);
    }
    exit
}
