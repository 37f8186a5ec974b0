//! `helpbook audit`
//!
//! It reads and writes nothing in Intercom: only a `Reader` is ever asked for. It needs no project; with one, what it
//! asked for is kept in `.helpbook` for a day.

mod center;
mod evidence;
mod reports;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::ValueEnum;
use jiff::Timestamp;

use self::center::{Also, Asked, Looked, Place};
use self::reports::Written;
use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::reports::{self as files, Report};
use crate::audit::{self, Against, Audit, Earlier, KINDS, Kind, Rules};
use crate::diagnostic::did_you_mean;
use crate::disk;
use crate::report::audit::{Report as Reported, Shown, agent, explain, json, text};
use crate::report::{Terminal, Verbosity};

/// Show what is wrong in a whole Help Center, ranked by the customers it hits
///
/// It only reads: a token that may read is enough, and no project is needed. Articles, links, images,
/// structure, copies, languages, collections and ages are judged; each finding has a name that
/// `--explain` explains.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook audit                             what is wrong in the live Help Center, the worst first
  helpbook audit --offline                   in the docs, without network and without a token
  helpbook audit --only missing-alt -v       all findings of one kind
  helpbook audit --report audit.html         one page with everything, to sort and to send
  helpbook audit --fail-on dead-article-link --json
  helpbook audit --explain near-duplicate    what a finding means and what to do")]
pub(super) struct Args {
    /// Look at the docs of the project, without network and without a token
    #[arg(long, conflicts_with_all = ["figures", "external", "help_center"])]
    offline: bool,
    /// Rank by Intercom's figures: one request for each published article
    #[arg(long)]
    figures: bool,
    /// Also ask the addresses of links to other sites and of images
    #[arg(long)]
    external: bool,
    /// Only findings of these kinds, as they are named in brackets
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = kind)]
    only: Vec<&'static Kind>,
    /// The Help Center, where the workspace has several: its identifier, name or id
    #[arg(long, value_name = "NAME")]
    help_center: Option<String>,
    /// A host that the product had once: links to it are findings
    #[arg(long, value_name = "HOST", value_delimiter = ',')]
    old_domain: Vec<String>,
    /// Compare with an earlier audit, its JSON
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// End with 1 where there are findings of these kinds; `any` for all
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = failing)]
    fail_on: Vec<Failing>,
    /// Also write a report: `audit.html` a page, `audit.md` Markdown for an issue
    #[arg(long = "report", value_name = "KIND=FILE")]
    reports: Vec<Report>,
    /// How findings are printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Print one JSON document; the same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Print what a finding means and what to do, and nothing else
    #[arg(long, value_name = "ID", value_parser = kind, conflicts_with_all = ["offline", "only", "reports", "against", "format", "json"])]
    explain: Option<&'static Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person
    Text,
    /// One JSON document
    Json,
    /// Plain lines for an agent that fixes articles
    Agent,
}

/// What makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failing {
    Any,
    Kind(&'static Kind),
}

/// No finding has such a name.
#[derive(Debug, thiserror::Error)]
#[error("there is no finding of that name; {0}")]
struct UnknownKind(String);

fn kind(id: &str) -> Result<&'static Kind, UnknownKind> {
    audit::kind(id).ok_or_else(|| {
        let near = did_you_mean(id, KINDS.iter().map(|kind| kind.id));
        UnknownKind(
            near.unwrap_or_else(|| "a finding shows its name in brackets, `error[dead-article-link]`".to_owned()),
        )
    })
}

fn failing(id: &str) -> Result<Failing, UnknownKind> {
    if id == "any" { Ok(Failing::Any) } else { kind(id).map(Failing::Kind) }
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    if let Some(kind) = args.explain {
        terminal.print(&explain(kind, terminal.paint()));
        return Ok(Exit::Done);
    }
    let place = Place::find(global, terminal)?;
    files::may_be_written(&args.reports, &place.here)?;
    let earlier = args.against.as_ref().map(|file| earlier(&place.here.join(file))).transpose()?;
    let also = [(args.figures, Also::Figures), (args.external, Also::Outside)];
    let asked = Asked {
        help_center: args.help_center.as_deref(),
        also: also.into_iter().filter(|(is_asked, _)| *is_asked).map(|(_, what)| what).collect(),
    };
    let looked = if args.offline { place.offline(terminal)? } else { place.live(&asked, terminal).await? };
    let Looked { center, evidence } = looked;
    let mut audit = audit::audit(&center, &evidence, &rules(args, &place));
    drop((center, evidence));
    audit.keep(&args.only);
    let against = earlier.as_ref().map(|earlier| Against::of(&audit, earlier));
    let reported = Reported { audit: &audit, against: against.as_ref() };
    Written { reports: &args.reports, here: &place.here }.write(reported)?;
    show(args, reported, terminal);
    Ok(if fails(args, &audit) { Exit::Failed } else { Exit::Done })
}

/// What the configuration and the command line choose.
fn rules(args: &Args, place: &Place) -> Rules {
    let choices = place.choices();
    let mut rules = Rules { ignore: audit::Ignore(choices.ignore), old_domains: choices.old_domains };
    rules.old_domains.extend(args.old_domain.iter().map(|host| host.trim().trim_end_matches('.').to_lowercase()));
    rules
}

fn show(args: &Args, reported: Reported<'_>, terminal: &Terminal) {
    let format = if args.json { Format::Json } else { args.format };
    match format {
        Format::Json => terminal.print_json(&json(reported)),
        Format::Agent => terminal.print(&agent(reported)),
        Format::Text => {
            let shown = if terminal.verbosity == Verbosity::Verbose { Shown::All } else { Shown::Worst };
            terminal.print(&text(reported, shown, &terminal.look()));
            if let Some(first) = reported.audit.findings.first() {
                terminal.hint(&format!("run `helpbook audit --explain {}` for what to do about it", first.kind.id));
            }
        }
    }
}

fn fails(args: &Args, audit: &Audit) -> bool {
    let kinds: BTreeSet<&str> = audit.findings.iter().map(|finding| finding.kind.id).collect();
    args.fail_on.iter().any(|failing| match failing {
        Failing::Any => !kinds.is_empty(),
        Failing::Kind(kind) => kinds.contains(kind.id),
    })
}

/// How large an earlier audit may be, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

fn earlier(file: &std::path::Path) -> Result<Earlier, Failure> {
    let fail = |reason: String| {
        Failure::new(Exit::Usage, format!("cannot compare with {}: {reason}", file.display()))
            .hint("name the JSON of an audit: `helpbook audit --json > audit.json`")
    };
    let text = disk::read(file, LARGEST).map_err(|error| fail(error.to_string()))?;
    Earlier::parse(&text).map_err(|error| fail(error.to_string()))
}

/// The time that ages count to where nothing was fetched.
fn now() -> Timestamp {
    Timestamp::now()
}
