//! `helpbook pull`

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::project::{Project, Target};
use super::workspace::{Inputs, Workspace};
use crate::book::Book;
use crate::git::Git;
use crate::intercom::model::ArticleId;
use crate::plan::{self, Proof};
use crate::pull::{self, Asked, Drafts, FileIds, Pull};
use crate::report::{Message, Terminal, Verbosity, pull as report};

/// Bring live articles into the docs folder
///
/// Articles without a file get one. Into files that are there goes what was changed in Intercom:
/// only those fields and words, the rest keeps its bytes. Where the docs changed the same lines,
/// both stand there between conflict markers.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  helpbook pull                     everything that is new or was changed in Intercom\n  \
helpbook pull billing/refunds.md  one article, with a teammate's pending draft\n  \
helpbook pull 9100004 -n          show what an article would bring"
)]
pub(super) struct Args {
    /// Only these files, folders or article ids; of these a teammate's draft is taken, too
    #[arg(value_name = "PATH|ID")]
    wanted: Vec<String>,
    /// Take every teammate's draft that is pending
    #[arg(long)]
    drafts: bool,
    /// Show what would be written, and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::open(global, terminal)?;
    let docs = project.root.join(&project.config.docs);
    let is_new = !docs.exists();
    if is_new && !args.dry_run {
        fs::create_dir_all(&docs).map_err(|error| {
            Failure::new(Exit::Failed, format!("cannot make {}: {error}", docs.display()))
                .hint("check `docs` in helpbook.yml")
        })?;
    }
    let book = if is_new && args.dry_run {
        Book { root: docs, ..Book::default() }
    } else {
        project.sound_book_for_pull(terminal)?
    };
    let _held = if args.dry_run { None } else { Some(project.exclusive()?) };
    let mut rules = project.rules();
    let (ids, paths): (Vec<&String>, Vec<&String>) = args.wanted.iter().partition(|wanted| is_id(wanted));
    rules.paths = project.paths(&paths.into_iter().map(PathBuf::from).collect::<Vec<_>>(), &book)?;
    let asked = Asked {
        ids: ids.iter().filter_map(|id| id.parse().ok()).collect(),
        drafts: if args.drafts { Drafts::All } else { Drafts::Named },
    };
    let workspace = Workspace::connect(&project).await?;
    let inputs = workspace.inputs(&project, book, rules, terminal).await;
    workspace.close().await;
    let mut inputs = inputs?;
    if let Some(missing) = asked.ids.iter().find(|id| !inputs.live.articles.contains_key(id)) {
        return Err(Failure::new(Exit::Usage, format!("there is no article {missing} in Intercom"))
            .hint("`helpbook status` lists the articles and their ids"));
    }
    let pull = decide(&project, &inputs, &asked);
    let verbosity = if args.dry_run { terminal.verbosity.max(Verbosity::Normal) } else { terminal.verbosity };
    let shown = if args.dry_run { Verbosity::Verbose } else { verbosity };
    terminal.print_text(&report::text(&pull, terminal.paint(), shown));
    for note in &pull.notes {
        terminal.tell(&format!("note: {}", crate::text::harmless(note)));
    }
    if pull.changes.is_empty() && pull.folders.is_empty() {
        terminal.tell("Nothing to pull. The docs have all that was changed in Intercom.");
        return Ok(Exit::Done);
    }
    if args.dry_run {
        terminal.tell(&report::summary(&pull, false));
        terminal.hint("run the same without `-n` to write this");
        return Ok(Exit::Done);
    }
    let written = pull::write(&pull, &inputs.book.root);
    for failure in &written.failures {
        terminal.error(
            &Message::new(crate::text::harmless(&failure.to_string()))
                .hint("the other files are written; mend this one and run it again"),
        );
    }
    pull::keep(&mut inputs.base, &pull, &written, &inputs.live, &inputs.rules.locale);
    let lock = project.lock_file();
    inputs.base.write(&lock).map_err(|error| {
        Failure::new(Exit::Failed, format!("cannot write {}: {error}", lock.display()))
            .hint("make it writable and run it again; the files are written")
    })?;
    terminal.tell(&report::summary(&pull, written.failures.is_empty()));
    let proof = prove(&project, &inputs, &pull, &written)?;
    terminal.tell(&report::proof(&proof, &project.shown));
    Ok(end(&pull, &proof, !written.failures.is_empty(), terminal))
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

fn decide(project: &Project, inputs: &Inputs, asked: &Asked) -> Pull {
    let Inputs { book, live, base, rules, .. } = inputs;
    let asks = |id: ArticleId, path: &crate::text::DocPath| {
        asked.drafts == Drafts::All
            || asked.ids.contains(&id)
            || (!rules.paths.is_empty() && rules.means(path.as_str()))
    };
    let taken = plan::taken(book, live, base, rules, &asks);
    let git = Git::new(&project.root);
    let ids = match project.target {
        Target::Intercom => FileIds::Written,
        Target::Local => FileIds::LeftOut,
    };
    pull::pull(pull::Inputs { book, live, base, rules, config: &project.config, git: &git, ids }, &taken, asked)
}

/// Reads the files back and renders them: those that say all that is live have to give just that.
fn prove(project: &Project, inputs: &Inputs, pull: &Pull, written: &pull::Written) -> Result<Proof, Failure> {
    let mut book = project.book()?;
    if project.target == Target::Local {
        inputs.base.lend_ids(&mut book);
    }
    let files = written.done.iter().map(|at| &pull.changes[*at]).filter(|change| change.is_whole());
    let files: BTreeMap<_, _> = files.map(|change| (change.path.clone(), (change.id, change.from))).collect();
    Ok(plan::proof(&book, &inputs.live, &inputs.rules, &files))
}

fn end(pull: &Pull, proof: &Proof, has_failed: bool, terminal: &Terminal) -> Exit {
    let mut exit = Exit::Done;
    if pull.changes.iter().any(|change| change.conflicts() > 0) {
        terminal.hint("choose between the two texts where the markers stand, then run `helpbook plan`");
        exit = exit.max(Exit::NotDone);
    } else if proof.differ.is_empty() && !has_failed {
        terminal.hint("look at it with `git diff`, and commit it with helpbook.lock");
    }
    if !proof.differ.is_empty() {
        terminal.hint("nothing is lost in Intercom; `helpbook plan` shows how these files differ");
        exit = exit.max(Exit::Failed);
    }
    if has_failed { exit.max(Exit::Failed) } else { exit }
}
