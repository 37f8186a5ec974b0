//! `helpbook serve`

use std::time::Duration;

use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::project::Project;
use crate::intercom::model::Locale;
use crate::local::{BadBehaviour, Behaviour, Faults, LocalHelpCenter, Options, Storage};
use crate::report::Terminal;

/// Run the local Help Center, an emulation of Intercom's API on this machine
///
/// At `/local` is the site, as customers see it. It keeps what it is sent below `.helpbook/local` of the project, the same that `--local` uses,
/// and a log of every request beside it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook serve                             the Help Center of `--local`, until Ctrl-C
  helpbook serve --memory --port 0           an empty one on a free port, which keeps nothing
  helpbook serve --locale en,fr              one in two languages
  helpbook serve --faults 20 --fault-seed 7  one request in five goes wrong")]
pub(super) struct Args {
    /// The port on 127.0.0.1; 0 takes any free one
    #[arg(long, value_name = "N", default_value_t = 4100)]
    port: u16,
    /// Keep everything in memory only
    #[arg(long)]
    memory: bool,
    /// Do something as Intercom may do it: `heading-ids=regenerated`; a wrong name lists all there are
    #[arg(long, value_name = "NAME=VALUE", value_parser = behaviour)]
    behave: Vec<(String, String)>,
    /// Allow N requests per 10 seconds
    #[arg(long, value_name = "N")]
    rate_limit: Option<u32>,
    /// Let every answer take MS milliseconds at least; no request waits for another
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,
    /// The locales, the default one first; without any, those of helpbook.yml
    #[arg(long = "locale", value_name = "LOCALE", value_delimiter = ',', value_parser = locale)]
    locales: Vec<Locale>,
    /// What goes wrong: `20`, the percentage of requests, or `error-after=5,drop-before=10`
    #[arg(long, value_name = "RATES")]
    faults: Option<Faults>,
    /// Choose other requests for the faults
    #[arg(long, value_name = "N", requires = "faults")]
    fault_seed: Option<u64>,
    /// How long a late answer takes, and each piece of a slow one, in milliseconds
    #[arg(long, value_name = "MS", requires = "faults")]
    fault_delay: Option<u64>,
}

/// A behaviour and its value.
fn behaviour(text: &str) -> Result<(String, String), BadBehaviour> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    Behaviour::default().set(name, value)?;
    Ok((name.to_owned(), value.to_owned()))
}

/// A name is no locale that a Help Center can have.
#[derive(Debug, thiserror::Error)]
#[error("not a locale of a Help Center; write one of Intercom's, for example `en` or `pt-BR`")]
struct UnknownLocale;

fn locale(name: &str) -> Result<Locale, UnknownLocale> {
    if Locale::KNOWN.contains(&name) { Ok(Locale(name.to_owned())) } else { Err(UnknownLocale) }
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = if args.memory && global.config.is_none() {
        Project::open(global, terminal).ok()
    } else {
        let opened = Project::open(global, terminal);
        Some(opened.map_err(|failure| failure.hint("or run `helpbook serve --memory`, which needs no project"))?)
    };
    let store = match &project {
        Some(project) if !args.memory => {
            project.private_folder()?;
            Storage::Folder(project.local_folder())
        }
        _ => Storage::Memory,
    };
    let locales = match &project {
        _ if !args.locales.is_empty() => args.locales.clone(),
        Some(project) => project.locales(),
        None => Vec::new(),
    };
    let mut faults = args.faults.clone().unwrap_or_default();
    faults.seed = args.fault_seed.unwrap_or(faults.seed);
    faults.delay = args.fault_delay.map_or(faults.delay, Duration::from_millis);
    let mut behaviour = Behaviour::default();
    for (name, value) in &args.behave {
        behaviour.set(name, value).map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
    }
    let options = Options {
        store,
        region: project.as_ref().map(|project| project.config.region.name().to_uppercase()),
        faults,
        locales,
        docs: project.map(|project| project.root.join(&project.config.docs)).filter(|docs| docs.is_dir()),
        port: args.port,
        behaviour,
        rate_limit: args.rate_limit,
        latency: Duration::from_millis(args.latency),
        ..Options::default()
    };
    let local = LocalHelpCenter::start(options).await.map_err(|error| Failure::of_local(&error))?;
    terminal.print(&format!(
        "export INTERCOM_BASE_URL={}\nexport INTERCOM_ACCESS_TOKEN={}\n",
        local.url(),
        local.token()
    ));
    terminal.hint("paste these two lines into another terminal and run helpbook there; Ctrl-C ends the server");
    terminal.hint(&format!("customers see {}/local", local.url()));
    let _ = tokio::signal::ctrl_c().await;
    local.stop().await;
    Ok(Exit::Done)
}
