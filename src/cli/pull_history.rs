//! `helpbook pull --history`
//!
//! First every version is read, and kept on disk until all of them are. Then the files come as `pull` brings them, and
//! last the commits, oldest first, from what is on disk. A run that was stopped goes on where it was.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;

use super::exit::Exit;
use super::failure::Failure;
use super::past::{self, TextOf};
use super::project::Project;
use super::spool::{At, Spool, Stamp};
use super::tried::{compared, taken};
use super::workspace::{Inputs, Workspace};
use crate::git::{Git, Import, Index, NewCommit, Person, SinceError};
use crate::history::{Text, difference};
use crate::intercom::model::{ArticleContent, ArticleId, Locale, Version};
use crate::intercom::{Reader, SIDE_BY_SIDE};
use crate::plan::Field;
use crate::pull::{self, Asked, Past, PastFile};
use crate::record;
use crate::report::{Message, Terminal};
use crate::text::{Digest, one_line};
use crate::threads;

/// The branch in a repository that has commits already.
const BRANCH: &str = "helpbook-history";

/// How many versions are rendered at once.
const AT_ONCE: usize = 256;

/// How many requests a minute Intercom answers (docs/intercom.md 4).
const A_MINUTE: usize = 10_000;

/// Whether the addresses of teammates are in the commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emails {
    /// They are.
    Shown,
    /// A made-up one is, with the teammate's id.
    Hidden,
}

/// What the repository is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Repository {
    /// It has no commit yet; this branch is checked out.
    New(String),
    /// It has some.
    Used,
}

/// A run.
pub(super) struct History<'a> {
    pub project: &'a Project,
    pub workspace: &'a Workspace,
    pub terminal: &'a Terminal,
    pub emails: Emails,
}

/// Which repository the project is in.
pub(super) fn repository(project: &Project) -> Result<Repository, Failure> {
    let git = Git::new(&project.root);
    match git.unborn_branch() {
        Ok(Some(branch)) => Ok(Repository::New(branch)),
        Ok(None) => Ok(Repository::Used),
        Err(error @ SinceError::NoRepository(_)) => Err(Failure::new(Exit::Failed, error.to_string())
            .detail("nothing was read or written")
            .hint("make one: `git init`")),
        Err(error) => Err(Failure::new(Exit::Failed, error.to_string()).detail("nothing was read or written")),
    }
}

impl History<'_> {
    /// Reads every version that is not on disk yet, after saying how much that is.
    pub async fn read(&self, inputs: &Inputs, interrupted: &AtomicBool) -> Result<Exit, Failure> {
        let texts = texts(inputs);
        let spool = self.spool()?;
        let lacking: Vec<(&TextOf, Stamp)> = texts
            .iter()
            .filter_map(|text| Some((text, Stamp::of(content(inputs, text)?))))
            .filter(|(text, stamp)| !spool.has(text, stamp))
            .collect();
        let terminal = self.terminal;
        terminal.say(&format!(
            "reading the versions of {} of {} texts: one request for the list of each and one for each version, and Intercom answers {A_MINUTE} requests a minute; a run that is stopped goes on when it is run again",
            lacking.len(),
            texts.len()
        ));
        let progress = terminal.progress("reading versions").of(lacking.len(), &self.workspace.connection.activity());
        let reader = self.workspace.connection.reader();
        let (reader, spool, progress) = (&reader, &spool, &progress);
        let mut read = stream::iter(lacking)
            .map(|(text, stamp)| async move {
                if interrupted.load(Ordering::SeqCst) {
                    return Ok(None);
                }
                let versions = self.versions(reader, text).await?;
                spool.keep(text, &stamp, &versions).map_err(|error| disk_failure(spool.folder(), &error))?;
                progress.step();
                Ok::<_, Failure>(Some(versions.len()))
            })
            .buffer_unordered(SIDE_BY_SIDE);
        let mut stopped = false;
        while let Some(text) = read.next().await {
            stopped |= text?.is_none();
        }
        if stopped {
            terminal.hint("what was read is kept; run `helpbook pull --history` again to go on");
            return Ok(Exit::Interrupted);
        }
        Ok(Exit::Done)
    }

    /// Every version of a text, with its body.
    async fn versions(&self, reader: &Reader, text: &TextOf) -> Result<Vec<Version>, Failure> {
        let fail = |error| Failure::of_request(&error, &self.workspace.connection.host());
        let list = reader.all_versions(text.id, text.asked.as_ref()).await.map_err(fail)?.unwrap_or_default();
        past::with_bodies(reader, text, list).await.map_err(fail)
    }

    fn spool(&self) -> Result<Spool, Failure> {
        let folder = self.project.private_folder()?.join("history");
        Spool::open(folder.clone()).map_err(|error| disk_failure(&folder, &error))
    }

    /// Makes the commits, of a project whose files are as `pull` leaves them. Nothing is asked of Intercom.
    pub fn write(&self, inputs: &mut Inputs, repository: &Repository) -> Result<Exit, Failure> {
        let Self { project, terminal, .. } = self;
        let progress = terminal.progress("making commits");
        let spool = self.spool()?;
        let git = Git::new(&project.root);
        let fail = |error: SinceError| self.git_failure(&error);
        let prefix = prefix(&git, inputs).map_err(fail)?;
        let plan = inputs.plan();
        let taken = taken(inputs, &plan, &Asked::default());
        let compared = compared(project, inputs, &taken, &git);
        let past = pull::past(compared);
        let all = texts(inputs);
        let mut places: Vec<At> = Vec::new();
        for (number, text) in all.iter().enumerate() {
            places.extend(spool.places(text, number).map_err(|error| disk_failure(spool.folder(), &error))?);
        }
        places.sort_unstable();
        let mut import = git.import().map_err(fail)?;
        let mut commits = Commits {
            history: self,
            inputs,
            past: &past,
            files: past.files.iter().map(|file| ((file.id, file.locale.clone()), file)).collect(),
            prefix: &prefix,
            written: HashMap::new(),
        };
        let mut before: HashMap<usize, At> = HashMap::new();
        for chunk in places.chunks(AT_ONCE) {
            let pairs: Vec<(At, Option<At>)> = chunk.iter().map(|at| (*at, before.insert(at.text, *at))).collect();
            let made = threads::map(&pairs, |(at, before)| {
                let text = &all[at.text];
                let read = |at: At| spool.read(text, at);
                let (version, before) = (read(*at)?, before.map(read).transpose()?);
                Ok::<_, std::io::Error>(commits.rendered(compared, text, &version, before.as_ref()))
            });
            for one in made {
                let one = one.map_err(|error| disk_failure(spool.folder(), &error))?;
                if let Some(one) = one {
                    commits.add(&mut import, one).map_err(|error| disk_failure(&project.root, &error))?;
                }
            }
        }
        let (branch, index) = match repository {
            Repository::New(branch) => {
                let rest = self.rest(inputs, &prefix, &commits.written)?;
                let person = self.person(inputs, Some(inputs.live.me.id));
                if !rest.is_empty() {
                    let message = "Bring in what versions do not hold: collections, settings, the record\n".to_owned();
                    let last = NewCommit { author: &person, at: inputs.live.fetched_at, message, files: rest };
                    import.add(&last).map_err(|error| disk_failure(&project.root, &error))?;
                }
                (branch.as_str(), Index::Read)
            }
            Repository::Used => (BRANCH, Index::Left),
        };
        let made = import.commits();
        import.finish(branch, index).map_err(|error| self.git_failure(&error))?;
        drop(progress);
        if let Err(error) = spool.remove() {
            terminal.warning(
                &Message::new(format!("what was read cannot be removed: {error}")).hint("delete `.helpbook/history`"),
            );
        }
        let commits = if made == 1 { "1 commit".to_owned() } else { format!("{made} commits") };
        terminal.say(&format!("{commits} on the branch `{branch}`"));
        terminal.hint(&match repository {
            Repository::New(_) => "`git log` and `git blame` show what happened; commit helpbook.yml, too".to_owned(),
            Repository::Used => {
                format!("`git log {branch} -- FILE` shows what happened; your files and branches stay as they are")
            }
        });
        Ok(Exit::Done)
    }

    /// The files as they are on disk, as far as no commit has them so.
    fn rest(
        &self,
        inputs: &Inputs,
        prefix: &str,
        written: &HashMap<String, Digest>,
    ) -> Result<Vec<(String, String)>, Failure> {
        let lock = self.project.lock_file();
        let text = std::fs::read_to_string(&lock).map_err(|error| disk_failure(&lock, &error))?;
        let docs = inputs.book.sources.iter().map(|(path, text)| (format!("{prefix}{path}"), text.to_string()));
        let at_root = prefix.strip_suffix(&self.docs_prefix()).unwrap_or_default();
        let all = docs.chain([(format!("{at_root}{}", record::FILE), text)]);
        Ok(all.filter(|(path, text)| written.get(path) != Some(&Digest::of(text))).collect())
    }

    /// The docs folder as seen from the project.
    fn docs_prefix(&self) -> String {
        let docs = self.project.config.docs.to_string_lossy().replace('\\', "/");
        if docs == "." { String::new() } else { format!("{}/", docs.trim_end_matches('/')) }
    }

    /// A teammate as the author of a commit.
    fn person(&self, inputs: &Inputs, id: Option<crate::intercom::model::AdminId>) -> Person {
        let known = id.and_then(|id| inputs.live.admins.get(&id)).and_then(|admin| admin.email.clone());
        let number = id.map_or_else(|| "unknown".to_owned(), |id| id.to_string());
        let email = known.filter(|_| self.emails == Emails::Shown);
        Person::new(&inputs.live.name_of(id), &email.unwrap_or_else(|| format!("{number}@intercom.invalid")))
    }

    fn git_failure(&self, error: &SinceError) -> Failure {
        Failure::new(Exit::Failed, error.to_string())
            .detail("no commit was made; what was read is kept")
            .hint(format!("check out another branch, rename or delete `{BRANCH}` if it is there, and run it again"))
    }
}

/// A version on its way into a commit.
struct Rendered {
    file: String,
    text: String,
    message: String,
    author: Person,
    at: Timestamp,
}

/// The commits so far.
struct Commits<'a> {
    history: &'a History<'a>,
    inputs: &'a Inputs,
    past: &'a Past,
    files: BTreeMap<(ArticleId, Locale), &'a PastFile>,
    /// Where the docs folder is, as seen from the top of the repository.
    prefix: &'a str,
    /// What each file says.
    written: HashMap<String, Digest>,
}

impl Commits<'_> {
    /// What a version makes of its file.
    fn rendered(
        &self,
        compared: pull::Inputs<'_>,
        text: &TextOf,
        version: &Version,
        before: Option<&Version>,
    ) -> Option<Rendered> {
        let file = self.files.get(&(text.id, text.locale.clone()))?;
        let written = self.past.text(compared, file, version)?;
        Some(Rendered {
            file: format!("{}{}", self.prefix, file.path),
            text: written,
            message: message(text, version, before),
            author: self.history.person(self.inputs, version.created_by_id),
            at: Timestamp::from_second(version.created_at).unwrap_or_default(),
        })
    }

    /// Adds one, unless its file says the same already.
    fn add(&mut self, import: &mut Import<'_>, one: Rendered) -> std::io::Result<()> {
        let digest = Digest::of(&one.text);
        if self.written.get(&one.file) == Some(&digest) {
            return Ok(());
        }
        self.written.insert(one.file.clone(), digest);
        let Rendered { file, text, message, author, at } = one;
        import.add(&NewCommit { author: &author, at, message, files: vec![(file, text)] })
    }
}

/// What a commit says: what changed, and which version it is.
fn message(text: &TextOf, version: &Version, before: Option<&Version>) -> String {
    let new = Text::of_version(version);
    let title = one_line(&new.title).to_string();
    let head = match before.map(Text::of_version) {
        None => format!("Create \"{title}\""),
        Some(old) => {
            let summary = difference(Some(&old), &new).summary();
            let words = match (summary.added, summary.removed) {
                (0, 0) => None,
                (added, 0) => Some(format!("+{added}")),
                (0, removed) => Some(format!("-{removed}")),
                (added, removed) => Some(format!("+{added} -{removed}")),
            };
            let others = summary.fields.iter().filter(|field| !matches!(field, Field::Body | Field::Title));
            let parts: Vec<String> = words.into_iter().chain(others.map(|field| field.name().to_owned())).collect();
            let parts = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
            if old.title == new.title {
                format!("Change \"{title}\"{parts}")
            } else {
                format!("Rename \"{}\" to \"{title}\"{parts}", one_line(&old.title))
            }
        }
    };
    let via = match version.created_via.as_deref() {
        Some("web") => "editor",
        Some("api") => "API",
        _ => "Intercom",
    };
    format!(
        "{head}\n\nIntercom-Via: {via}\nIntercom-Article: {}\nIntercom-Locale: {}\nIntercom-Version: {}\n",
        text.id,
        text.locale,
        one_line(&version.id)
    )
}

/// The texts of all articles, in the locales that are meant.
fn texts(inputs: &Inputs) -> Vec<TextOf> {
    let Inputs { live, rules, .. } = inputs;
    let of = |article| past::texts_of(article, &rules.locales, &rules.locale);
    live.articles.values().flat_map(|found| of(&found.article)).collect()
}

/// What Intercom has of a text now.
fn content<'i>(inputs: &'i Inputs, text: &TextOf) -> Option<&'i ArticleContent> {
    let article = &inputs.live.articles.get(&text.id)?.article;
    if text.locale == inputs.rules.locale {
        return Some(&article.content);
    }
    article.translated_content.as_ref()?.get(&text.locale)
}

/// Where the docs folder is, as seen from the top of the repository.
fn prefix(git: &Git, inputs: &Inputs) -> Result<String, SinceError> {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (top, docs) = (real(&git.tree()?.top), real(&inputs.book.root));
    let below = docs.strip_prefix(&top).map_err(|_| SinceError::NoRepository(docs.clone()))?;
    let parts: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    Ok(parts.iter().map(|part| format!("{part}/")).collect())
}

fn disk_failure(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Failed, format!("cannot use {}: {error}", path.display()))
        .detail("no commit was made; what was read is kept")
        .hint("make room, and run `helpbook pull --history` again")
}
