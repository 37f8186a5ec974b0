//! `helpbook doctor --probe`: asks the workspace what no document says, after one question.
//!
//! The one part of `doctor` that is given a `Writer`. What it makes it deletes, and what helpbook does in another way
//! because of it goes into the first line of the lock.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::super::Global;
use super::super::execution;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::place::Place;
use super::super::project::{Project, Target};
use super::super::region;
use super::super::workspace::Workspace;
use super::{Args, Depth};
use crate::config::{self, Author, Region};
use crate::html::image::Source;
use crate::intercom::model::{AdminId, HelpCenter, Locale, Me};
use crate::intercom::{Error, Reader};
use crate::live::choose;
use crate::probe::{self, Left, MARK, Probed, Publishing, Setting, Stop};
use crate::record;
use crate::report::probe::{Where, json, text};
use crate::report::{Message, Terminal};

/// What is known before anything is written.
struct Known {
    me: Me,
    center: HelpCenter,
    setting: Setting,
}

pub(super) async fn run(args: &Args, depth: Depth, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    if !args.yes && !terminal.can_ask() {
        return Err(Failure::new(Exit::Usage, "nobody can be asked here, and a probe makes drafts and deletes them")
            .detail("nothing was written")
            .hint("add `--yes` to confirm it"));
    }
    let place = Place::find(global, terminal)?;
    // Two runs would write one lock, and each would delete what the other makes.
    let _exclusive = place.project.as_ref().map(Project::exclusive).transpose()?;
    let workspace = place.connect().await?;
    let result = carry_out(args, depth, &place, &workspace, terminal).await;
    execution::closing(workspace, result).await
}

impl Place {
    fn config(&self) -> Option<&config::Config> {
        self.project.as_ref().map(|project| &project.config)
    }

    /// Looks where the probe would write, and refuses another workspace than the pinned one and another region.
    async fn look(&self, workspace: &Workspace, publishing: Publishing) -> Result<Known, Failure> {
        let connection = &workspace.connection;
        let (reader, host) = (connection.reader(), connection.host());
        let fail = |error: Error| Failure::of_request(&error, &host);
        let me = self.me_to_write(connection).await?;
        let is_local = self.target == Target::Local;
        let named = self.config().and_then(|config| config.help_center.as_deref()).filter(|_| !is_local);
        let center = choose(reader.help_centers().await.map_err(fail)?, named);
        let center = center.map_err(|error| Failure::of_live(&error, &host))?;
        let author = self.author(&me, &reader).await.map_err(fail)?.ok_or_else(|| {
            Failure::new(Exit::Failed, "the token belongs to no teammate, and an article needs an author")
                .detail("nothing was written")
                .hint("name a teammate as `author` in helpbook.yml")
        })?;
        let locales = self.locales(&center, &reader).await.map_err(fail)?;
        let outside_image = self.outside_image();
        let setting = Setting { help_center: center.id, author, locales, publishing, outside_image };
        Ok(Known { me, center, setting })
    }

    /// The teammate that the token belongs to, else the one that the configuration names.
    async fn author(&self, me: &Me, reader: &Reader) -> Result<Option<AdminId>, Error> {
        let admins = reader.admins().await?.admins;
        let is_named = |id: AdminId, email: Option<&str>| match self.config().and_then(|config| config.author.as_ref())
        {
            Some(Author::Id(named)) => *named == id,
            Some(Author::Email(named)) => email.is_some_and(|email| email.eq_ignore_ascii_case(named)),
            None => false,
        };
        let own = admins.iter().find(|admin| admin.id == me.id);
        let named = || admins.iter().find(|admin| is_named(admin.id, admin.email.as_deref()));
        Ok(own.or_else(named).map(|admin| admin.id))
    }

    /// The locales of the Help Center; the one that articles have at their root first.
    async fn locales(&self, center: &HelpCenter, reader: &Reader) -> Result<Vec<Locale>, Error> {
        let root = reader.glance().await?.default_locale;
        let configured = self.config().map(|config| config.default_locale.clone());
        let first = root.or(configured).unwrap_or_else(Locale::english);
        let others = center.locales.iter().flatten().filter(|locale| **locale != first).cloned();
        Ok(std::iter::once(first.clone()).chain(others).collect())
    }

    /// An image of the docs that Intercom fetched from elsewhere once.
    fn outside_image(&self) -> Option<String> {
        let mut records = self.record.articles.values().flat_map(|record| record.images.values());
        records.find_map(|origin| match &origin.source {
            Source::Address(address) if address.starts_with("https://") => Some(address.clone()),
            Source::Address(_) | Source::File(_) => None,
        })
    }
}

async fn carry_out(
    args: &Args,
    depth: Depth,
    place: &Place,
    workspace: &Workspace,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let publishing = match depth {
        Depth::Drafts => Publishing::No,
        Depth::Publish => Publishing::Yes,
    };
    let known = place.look(workspace, publishing).await?;
    if !args.yes && !terminal.confirm(&question(&known)) {
        terminal.say("nothing was written");
        return Ok(Exit::NotDone);
    }
    let writer = workspace.connection.writer();
    let interrupted = execution::watch_interrupts(terminal);
    let requests = probe::requests(publishing);
    let progress = terminal.progress("probing").of(requests, &workspace.connection.activity());
    let is_interrupted: &AtomicBool = &interrupted;
    let probed = probe::run(&writer, &known.setting, is_interrupted, &mut || progress.step()).await;
    drop(progress);
    let at =
        Where { region: region::said(&known.me).map(Region::name), locales: known.setting.locales.len(), publishing };
    if args.json {
        terminal.print_json(&json(&probed, at));
    } else {
        terminal.print(&text(&probed, terminal.options(), terminal.surface()));
    }
    if probed.found_left > 0 {
        terminal.note(&format!("deleted {} that an earlier probe had left behind", things(probed.found_left)));
    }
    place.keep(&known, &probed, terminal)?;
    end(&probed, args, publishing, terminal)
}

impl Place {
    /// Keeps what was found in the lock, where that says something else.
    fn keep(&self, known: &Known, probed: &Probed, terminal: &Terminal) -> Result<(), Failure> {
        let Some(project) = &self.project else { return Ok(()) };
        let traits = probed.traits.or(self.record.traits);
        if traits == self.record.traits {
            return Ok(());
        }
        let kept = execution::LockBefore::read(project);
        let mut record = self.record.clone();
        record.traits = traits;
        record.workspace = Some(known.me.app.id_code.clone());
        let file: &Path = &project.lock_file();
        record.write(file).map_err(|error| {
            Failure::new(Exit::Failed, format!("cannot write {}: {error}", file.display()))
                .detail("what was found is not kept")
                .hint("make it writable, and run `helpbook doctor --probe` again")
        })?;
        terminal.note(&format!("{} keeps what was found; every command goes by it", record::FILE));
        kept.hint(project, terminal);
        Ok(())
    }
}

/// What a person has to know before it begins.
fn question(known: &Known) -> String {
    let Known { me, center, setting } = known;
    let center = center.identifier.clone().unwrap_or_else(|| center.id.to_string());
    let mut question = format!(
        "\nThis makes collections, drafts and a tag called \"{MARK}: …\" in the Help Center `{center}` of the workspace `{}`, looks at what Intercom makes of them, and deletes them within a minute. No customer can see them.\n",
        me.app.id_code
    );
    if setting.publishing == Publishing::Yes {
        question.push_str(
            "One article is published for some seconds: in no collection, and off for Fin. Search engines may find its address for a minute.\n",
        );
    }
    question.push_str("Go on?");
    crate::text::harmless(&question)
}

/// The exit code, and what there is to do.
fn end(probed: &Probed, args: &Args, publishing: Publishing, terminal: &Terminal) -> Result<Exit, Failure> {
    for left in &probed.left {
        terminal.error(&of_left(left));
    }
    match &probed.stop {
        Some(Stop::Failed(error)) => Err(of_error(error, probed)),
        Some(Stop::Interrupted) => {
            terminal.say(&format!("interrupted{}", rest(probed)));
            Ok(Exit::Interrupted)
        }
        None if !probed.left.is_empty() => Ok(Exit::Failed),
        None => {
            let hint = match publishing {
                Publishing::No => "run `helpbook doctor --probe=publish` to find out what only a live article shows",
                Publishing::Yes => {
                    "run `helpbook doctor --probe=publish --json` for a report without anything of your workspace in it"
                }
            };
            if !args.json {
                terminal.hint(hint);
            }
            Ok(Exit::Done)
        }
    }
}

fn of_left(left: &Left) -> Message {
    let what = match left.id {
        Some(id) => format!("{} {id} of the probe was not deleted", left.kind),
        None => format!("whether a probe left {}s behind is not known", left.kind),
    };
    Message::new(what)
        .detail(left.why.clone())
        .hint("run `helpbook doctor --probe` again: it first deletes what is left")
}

/// The failure that ended a probe.
fn of_error(error: &Error, probed: &Probed) -> Failure {
    let (exit, hint) = match error.status() {
        Some(401 | 403) => (Exit::Auth, "give the token the permission to write articles, in Intercom's Developer Hub"),
        Some(404) => (
            Exit::Auth,
            "the token may be of another region than the workspace's: set `region` in helpbook.yml, and see `helpbook doctor`",
        ),
        _ => (Exit::Failed, "run it again"),
    };
    Failure::new(exit, format!("the probe ended before its time: {error}{}", rest(probed))).hint(hint)
}

/// What became of what was made, as the end of a sentence.
fn rest(probed: &Probed) -> &'static str {
    if probed.left.is_empty() { "; what was made was deleted" } else { "" }
}

fn things(count: usize) -> String {
    if count == 1 { "one thing".to_owned() } else { format!("{count} things") }
}
