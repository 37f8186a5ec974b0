//! The project that a command works on: its configuration, its docs, and what is wrong with them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::env;
use std::fs::{self, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::stop::Stop;
use crate::book::{Article, Book, Ids, Ignored, apply_severities};
use crate::config::{self, AddressTemplate, Config};
use crate::diagnostic::{Diagnostic, MOST_SUGGESTIONS, Severity, id};
use crate::disk::{self, Held};
use crate::git::Git;
use crate::html::{LinkTargets, RenderedDocs, redirect, render_all};
use crate::intercom::model::Locale;
use crate::lint::{Text, is_binding, is_pressing, lint};
use crate::plan::{Pages, Rules};
use crate::pull::{Change, Pull, What};
use crate::record::{self, Loaded, LockError, Record};
use crate::report::{Message, Terminal, findings};
use crate::text::DocPath;
use crate::threads;

/// How many warnings a command shows that is not asked for them.
const MOST_WARNINGS: usize = 10;

/// Where a project works: in Intercom, or in the Help Center inside this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Intercom,
    Local,
}

/// A project, read from disk; nothing was asked of the network yet.
#[derive(Debug, Clone)]
pub(super) struct Project {
    /// The configuration file.
    pub file: PathBuf,
    /// The folder of `helpbook.yml`.
    pub root: PathBuf,
    pub config: Config,
    pub target: Target,
    /// Where the paths of the docs folder start, as the user would write them.
    pub shown: PathBuf,
    /// The working directory, `-C` included.
    pub here: PathBuf,
    /// What ends a command on it before its time.
    pub stop: Stop,
}

/// How large `helpbook.yml` may be, in bytes.
const LARGEST_CONFIGURATION: u64 = 1024 * 1024;

/// What the docs are read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A plan is shown.
    Show,
    /// Intercom is to become what they say, or somebody asks what that would take.
    Send,
    /// They are to become what Intercom says. There may be none yet.
    Pull,
}

/// The docs, and what is kept of every text.
#[derive(Debug, Default)]
pub(super) struct Docs {
    pub book: Book,
    pub rendered: RenderedDocs,
}

/// Whether all files are looked at together, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Linted {
    Yes,
    No,
}

/// What is wrong with the configuration.
#[derive(Debug)]
pub(super) struct ConfigFindings {
    pub diagnostics: Vec<Diagnostic>,
    pub sources: BTreeMap<DocPath, Arc<str>>,
    /// Where its path starts, as the user would write it.
    pub shown: PathBuf,
}

impl ConfigFindings {
    /// Why no command goes on, if none does.
    pub fn stop(&self) -> Result<(), Failure> {
        let stops = self.diagnostics.iter().any(|finding| finding.severity == Severity::Error);
        if stops { Err(stopped(&self.diagnostics)) } else { Ok(()) }
    }
}

impl Project {
    /// Finds and reads the configuration, and shows what is wrong with it.
    pub fn open(global: &Global, terminal: &Terminal) -> Result<Self, Failure> {
        let (project, found) = Self::read(global)?;
        if !found.diagnostics.is_empty() {
            let text = findings::text(&found.diagnostics, &found.sources, &found.shown, terminal.message_surface());
            terminal.print_error(&text);
        }
        found.stop()?;
        Ok(project)
    }

    /// The same for a command that shows findings in a way of its own. Nothing but showing them may
    /// be done with the project where one of them stops.
    pub fn read(global: &Global) -> Result<(Self, ConfigFindings), Failure> {
        let here = here(global)?;
        let file = match &global.config {
            Some(file) => here.join(file),
            None => config::find(&here).ok_or_else(|| {
                Failure::new(Exit::Failed, format!("no {} in {} or in a folder above it", config::FILE, here.display()))
                    .hint("run `helpbook init` in the root of your project, or create an empty helpbook.yml")
            })?,
        };
        let text = disk::read(&file, LARGEST_CONFIGURATION).map_err(|error| {
            let hint = match (error.kind(), &global.config) {
                (ErrorKind::InvalidData, _) => "save it as UTF-8",
                (_, Some(_)) => "check the path after `--config`",
                (_, None) => "check its permissions",
            };
            Failure::new(Exit::Failed, format!("cannot read {}: {error}", file.display())).hint(hint)
        })?;
        let root = file.parent().unwrap_or(Path::new(".")).to_owned();
        let mut diagnostics = Vec::new();
        let path = DocPath::new(file.file_name().map_or_else(|| config::FILE.into(), |name| name.to_string_lossy()));
        let config = Config::parse(&text, &path, &mut diagnostics);
        let shown_root = relative(&root);
        let sources = BTreeMap::from([(path, Arc::from(text))]);
        let found = ConfigFindings { diagnostics, sources, shown: shown_root.clone() };
        let shown = if config.docs == Path::new(".") { shown_root } else { shown_root.join(&config.docs) };
        let target = if global.local { Target::Local } else { Target::Intercom };
        if config.docs != Path::new(".") {
            disk::refuse_links(&root, &config.docs).map_err(|error| {
                Failure::new(Exit::Failed, format!("cannot use the docs folder: {error}"))
                    .detail("nothing was read or written there")
                    .hint("name a folder of this project as `docs`")
            })?;
        }
        Ok((Self { file, root, config, target, shown, here, stop: global.stop.clone() }, found))
    }

    /// Reads the files of the docs; nothing is rendered yet.
    pub fn files(&self) -> Result<Book, Failure> {
        let ignored = Git::new(&self.root.join(&self.config.docs)).ignored().map_or(Ignored::Usual, Ignored::ByGit);
        Ok(Book::load(&self.root, &self.config, self.ids(), &ignored)?)
    }

    /// The files as they will be once a pull is written.
    pub fn files_with(&self, book: &Book, pull: &Pull) -> Book {
        let mut book = book.with(pull.texts(), pull.image_files(), &self.config, self.ids());
        let is_new = |change: &&Change| matches!(change.what, What::New { .. });
        for path in self.ignored_by_git(pull.changes.iter().filter(is_new).map(|change| &change.path)) {
            let message = "Git ignores this file: nobody else would get it";
            let finding = Diagnostic::error("file-name", &path, None, message);
            book.diagnostics.push(finding.help("change the `.gitignore` that names it"));
        }
        book
    }

    /// Which of these files, there or to come, Git ignores: none where it ignores the docs folder as a whole.
    pub fn ignored_by_git<'p>(&self, paths: impl Iterator<Item = &'p DocPath>) -> Vec<DocPath> {
        let docs = self.config.docs.to_string_lossy().replace('\\', "/");
        let prefix = if docs == "." { String::new() } else { format!("{docs}/") };
        let paths: Vec<String> = paths.map(|path| format!("{prefix}{path}")).collect();
        let (git, folder) = (Git::new(&self.root), docs.as_str());
        if paths.is_empty() || !git.ignores([folder]).is_empty() {
            return Vec::new();
        }
        let ignored = git.ignores(paths.iter().map(String::as_str));
        ignored.iter().filter_map(|path| path.strip_prefix(&prefix)).map(DocPath::new).collect()
    }

    /// Whether the keys named `id` count.
    pub fn ids(&self) -> Ids {
        match self.target {
            Target::Intercom => Ids::FrontMatter,
            Target::Local => Ids::Ignored,
        }
    }

    /// Renders the files for a command that is not about findings, and finds what keeps it from going
    /// on.
    pub fn docs(&self, mut book: Book) -> Docs {
        let linted = if is_binding(&self.config.checks) { Linted::Yes } else { Linted::No };
        let (rendered, looked) = RenderedDocs::looking(&book, self.rules().rendering(), |content, rendered| {
            let text = (linted == Linted::Yes).then(|| Text::of(rendered));
            (content.path.clone(), text, std::mem::take(&mut rendered.diagnostics))
        });
        self.add_findings(&mut book, looked, linted);
        name_meant(&mut book, &rendered.links);
        Docs { book, rendered }
    }

    /// Reads the docs and all that is wrong with them.
    pub fn book(&self) -> Result<Book, Failure> {
        let mut book = self.files()?;
        let rendering = self.rules();
        let rendering = rendering.rendering();
        let links = LinkTargets::of(&book, rendering.state);
        let looked = render_all(&book, rendering, &links, |content, rendered| {
            let text = Some(Text::of(&rendered));
            (content.path.clone(), text, rendered.diagnostics)
        });
        self.add_findings(&mut book, looked, Linted::Yes);
        name_meant(&mut book, &links);
        Ok(book)
    }

    /// Adds to a book what rendering its texts found, and what shows only between files.
    fn add_findings(&self, book: &mut Book, looked: Vec<(DocPath, Option<Text>, Vec<Diagnostic>)>, linted: Linted) {
        let in_conflict: BTreeSet<DocPath> = book
            .diagnostics
            .iter()
            .filter(|found| found.id == "conflict-marker")
            .map(|found| found.path.clone())
            .collect();
        let (mut found, mut texts) = (Vec::new(), HashMap::new());
        for (path, text, diagnostics) in looked {
            // With a conflict in it a file is no text yet.
            if !in_conflict.contains(&path) {
                found.extend(diagnostics);
            }
            texts.extend(text.map(|text| (path, text)));
        }
        once_for_all(&mut found);
        if linted == Linted::Yes {
            found.extend(lint(book, &texts, &self.config.locales, &self.config.default_locale));
        }
        apply_severities(&mut found, &self.config.checks);
        // They are kept as long as the book.
        book.diagnostics.reserve_exact(found.len());
        book.diagnostics.extend(found);
        book.diagnostics.sort_by(|one, other| (&one.path, one.span, one.id).cmp(&(&other.path, other.span, other.id)));
    }

    /// Reads the files of the docs and the record, and says what is odd about the lock file.
    pub fn files_and_base(&self, purpose: Purpose, terminal: &Terminal) -> Result<(Book, Record), Failure> {
        let root = self.root.join(&self.config.docs);
        let files = || match purpose {
            Purpose::Pull if !root.exists() => Ok(Book { root, ..Book::default() }),
            _ => self.files(),
        };
        let progress = terminal.progress("reading the docs");
        let (lock, files) = threads::both(|| self.lock(), files);
        let (lock, files) = (lock?, files?);
        drop(progress);
        Ok((files, warned(lock, terminal)))
    }

    /// Reads the docs for a command that asks nothing of Intercom.
    pub fn sound_docs(
        &self,
        rules: impl FnOnce(&Book) -> Result<Rules, Failure>,
        terminal: &Terminal,
    ) -> Result<(Docs, Rules), Failure> {
        let (files, _record) = self.files_and_base(Purpose::Show, terminal)?;
        let progress = terminal.progress("reading the docs");
        let mut docs = self.docs(files);
        let rules = progress.above(|| self.accept(&mut docs, rules, Purpose::Show, terminal))?;
        Ok((docs, rules))
    }

    /// Adds to each link to a file that moved where that file is now, as the record knows it.
    pub fn name_moved(&self, docs: &mut Docs, record: &Record) {
        let is_missing = |finding: &Diagnostic| finding.id == id::MISSING_ARTICLE;
        if docs.book.diagnostics.iter().any(is_missing) {
            if self.target == Target::Local {
                record.fill_known_ids(&mut docs.book, &self.config.default_locale);
            }
            record.name_moved(&mut docs.book, &docs.rendered.links, &self.config.default_locale);
        }
    }

    /// With paths on the command line, what is wrong in the texts of other articles stops nothing: nothing of them
    /// is sent. What is wrong with their keys does, as these say which article is whose.
    fn tolerate(docs: &mut Docs, rules: &Rules) {
        let mut diagnostics = std::mem::take(&mut docs.book.diagnostics);
        let (meant, others): (Vec<&Article>, Vec<&Article>) =
            docs.book.articles.values().partition(|article| rules.means(article.path.as_str()));
        let texts = |articles: Vec<&'_ Article>| -> BTreeMap<DocPath, usize> {
            let contents = articles.into_iter().flat_map(Article::contents);
            contents.map(|content| (content.path.clone(), content.body.start)).collect()
        };
        let (meant, texts) = (texts(meant), texts(others));
        // What is found before a text is rendered has stopped the reading of the Help Center already.
        let is_of_text = |finding: &Diagnostic| {
            let body = texts.get(&finding.path);
            !matches!(finding.id, id::CONFLICT_MARKER | id::CONTROL_CHARACTER)
                && body.is_some_and(|start| finding.span.is_some_and(|span| span.start >= *start))
                && !finding.others.iter().any(|path| meant.contains_key(path))
        };
        for finding in diagnostics.iter_mut().filter(|finding| is_of_text(finding)) {
            finding.severity = Severity::Warning;
        }
        docs.book.diagnostics = diagnostics;
    }

    /// Says what is wrong with the docs, and gives back the rules of the command. With an error in any file that it
    /// is about no command goes on.
    pub fn accept(
        &self,
        docs: &mut Docs,
        rules: impl FnOnce(&Book) -> Result<Rules, Failure>,
        purpose: Purpose,
        terminal: &Terminal,
    ) -> Result<Rules, Failure> {
        let rules = rules(&docs.book);
        if let Ok(rules) = &rules
            && !rules.paths.is_empty()
        {
            Self::tolerate(docs, rules);
        }
        self.print_findings(docs, purpose, terminal);
        if docs.book.has_errors() {
            return Err(stopped(&docs.book.diagnostics));
        }
        if purpose != Purpose::Pull && docs.book.articles.is_empty() {
            terminal.warning(
                &Message::new(format!("there is no article in {}", self.docs_name()))
                    .hint("write one: a file that ends in `.md` and starts with a heading")
                    .hint("or bring in what is live: `helpbook pull`"),
            );
        }
        rules
    }

    fn print_findings(&self, docs: &Docs, purpose: Purpose, terminal: &Terminal) {
        let book = &docs.book;
        let pressing = || book.diagnostics.iter().filter(|finding| is_pressing(finding));
        let warnings = pressing().filter(|finding| finding.severity == Severity::Warning).count();
        // The other commands come after a plan, which showed them.
        let is_news = purpose == Purpose::Show || book.has_errors();
        let most = if is_news { MOST_WARNINGS } else { 0 };
        let is_shown = |finding: &&Diagnostic| finding.severity == Severity::Error || warnings <= most;
        let shown: Vec<Diagnostic> = pressing().filter(is_shown).cloned().collect();
        let text = findings::text(&shown, &book.sources, &self.shown, terminal.message_surface());
        if book.has_errors() {
            return terminal.print_error(&text);
        }
        if !text.is_empty() {
            terminal.say(text.trim_end());
            terminal.say("");
        }
        if warnings > most {
            let (count, them) =
                if warnings == 1 { ("1 warning".to_owned(), "it") } else { (format!("{warnings} warnings"), "them") };
            let message = Message::new(format!("the docs have {count}"));
            terminal.warning(&message.hint(format!("`helpbook check` shows {them}")));
        }
    }

    /// The rules of the configuration, for a command that makes no page.
    pub fn rules(&self) -> Rules {
        let mut rules = Rules { pages: Pages::LeftOut, ..Rules::new(&self.config) };
        if self.target == Target::Local {
            // The address is not known before the server runs; nothing compares it.
            rules.images = Some(AddressTemplate::below("http://127.0.0.1/docs"));
        }
        rules
    }

    /// The paths of the command line as paths of the docs folder.
    pub fn paths(&self, given: &[PathBuf], book: &Book) -> Result<Vec<DocPath>, Failure> {
        // A translation stands for its article.
        let known: BTreeMap<&str, &DocPath> = book
            .articles
            .values()
            .flat_map(|article| {
                let translations = article.translations.values().map(|content| &content.path);
                translations.chain([&article.path]).map(|path| (path.as_str(), &article.path))
            })
            .collect();
        let article = |path: &PathBuf| {
            let named = self.below_docs(path, &book.root)?;
            if let Some(article) = known.get(named.as_str()) {
                return Ok((*article).clone());
            }
            if book.root.join(named.as_str()).is_file() {
                return Err(Failure::new(Exit::Usage, format!("`{}` is not an article", path.display()))
                    .hint("`helpbook status` lists the articles"));
            }
            Ok(named)
        };
        given.iter().map(article).collect()
    }

    /// A path of the command line as a path of the docs folder, which is `docs`.
    pub fn below_docs(&self, path: &Path, docs: &Path) -> Result<DocPath, Failure> {
        // It may be written as a plan shows it, too: below the docs folder.
        let seen_from_here = self.here.join(path);
        let full = if seen_from_here.exists() { seen_from_here } else { docs.join(path) };
        let real = fs::canonicalize(&full).map_err(|_| {
            Failure::new(Exit::Usage, format!("there is no file or folder `{}`", path.display()))
                .hint("name files or folders of the docs, as seen from here")
        })?;
        let relative = real.strip_prefix(docs).map_err(|_| {
            Failure::new(Exit::Usage, format!("`{}` is not in the docs folder", path.display()))
                .hint(format!("name files or folders below {}", self.docs_name()))
        })?;
        Ok(DocPath::new(relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")))
    }

    /// The docs folder as the user would write it.
    fn docs_name(&self) -> String {
        if self.shown.as_os_str().is_empty() { "this folder".to_owned() } else { format!("`{}`", self.shown.display()) }
    }

    /// Makes `.helpbook/` and its `.gitignore`, so that nothing in it is ever committed.
    pub fn private_folder(&self) -> Result<PathBuf, Failure> {
        let folder = self.root.join(".helpbook");
        let fail = |error: std::io::Error| {
            Failure::new(Exit::Failed, format!("cannot use {}: {error}", folder.display()))
                .hint("remove it; helpbook makes it again")
        };
        disk::refuse_links(&self.root, Path::new(".helpbook")).map_err(fail)?;
        fs::create_dir_all(&folder).map_err(fail)?;
        // Whatever is written below it later: none of it is a link that a checkout brought.
        for entry in walkdir::WalkDir::new(&folder).max_depth(3) {
            let entry = entry.map_err(|error| fail(error.into()))?;
            let path = entry.path().strip_prefix(&self.root).unwrap_or(entry.path());
            disk::refuse_links(&self.root, path).map_err(fail)?;
        }
        let ignore = folder.join(".gitignore");
        if !ignore.exists() {
            fs::write(ignore, "*\n").map_err(fail)?;
        }
        Ok(folder)
    }

    /// Every locale of the configuration, the default one first; some may be named twice.
    pub fn locales(&self) -> Vec<Locale> {
        let Config { default_locale, locales, .. } = &self.config;
        [default_locale].into_iter().chain(locales).cloned().collect()
    }

    /// The folder of the local Help Center's store.
    pub fn local_folder(&self) -> PathBuf {
        self.root.join(".helpbook").join("local")
    }

    /// Keeps every other writing run out of this project for as long as the file is held.
    pub fn exclusive(&self) -> Result<Held, Failure> {
        let path = self.private_folder()?.join("run.lock");
        let fail = |reason: String| Failure::new(Exit::Failed, format!("cannot lock {}: {reason}", path.display()));
        match Held::take(path.clone()) {
            Ok(held) => Ok(held),
            Err(TryLockError::WouldBlock) => {
                Err(Failure::new(Exit::Failed, "another run of helpbook is writing in this project")
                    .detail("nothing was done")
                    .hint("wait until it ended, and run it again"))
            }
            Err(TryLockError::Error(error)) => Err(fail(error.to_string())),
        }
    }

    /// The lock file.
    pub fn lock_file(&self) -> PathBuf {
        match self.target {
            Target::Intercom => self.root.join(record::FILE),
            Target::Local => self.local_folder().join(record::FILE),
        }
    }

    /// Reads the record, and shows what is odd about the lock file.
    pub fn record(&self, terminal: &Terminal) -> Result<Record, Failure> {
        Ok(warned(self.lock()?, terminal))
    }

    /// Reads the lock file; what is odd about it is not shown yet.
    pub fn lock(&self) -> Result<Loaded, Failure> {
        let file = self.lock_file();
        Record::load(&file).map_err(|error| {
            let exit = match &error {
                LockError::Io(_) | LockError::Newer(_) => Exit::Failed,
                LockError::TwoWorkspaces(..) => Exit::Auth,
            };
            Failure::new(exit, format!("cannot use {}: {error}", file.display()))
                .detail("nothing was done")
                .hint(lock_hint(&error))
        })
    }
}

/// Adds to each link that leads nowhere what it means, where that is one file for sure.
fn name_meant(book: &mut Book, links: &LinkTargets) {
    let mut findings = std::mem::take(&mut book.diagnostics);
    let mut texts = HashMap::new();
    for finding in &mut findings {
        let (id::MISSING_ARTICLE | id::RELATIVE_LINK, Some(span)) = (finding.id, finding.span) else { continue };
        if texts.is_empty() {
            texts.extend(book.contents().map(|content| (&content.path, (content, 0))));
        }
        let Some((content, count)) = texts.get_mut(&finding.path) else { continue };
        *count += 1;
        // To find an address in a text all of it is read.
        if *count > MOST_SUGGESTIONS {
            continue;
        }
        let fix = redirect::redirected(content, span, |written| links.meant(&content.path, written));
        if let Some((written, fix)) = fix {
            finding.help = Some(format!("write `{written}`"));
            finding.fix = Some(fix);
        }
    }
    book.diagnostics = findings;
}

/// Leaves one of the findings that something is missing for all files: who hosts the images of the docs.
fn once_for_all(found: &mut Vec<Diagnostic>) {
    let is_missing = |finding: &Diagnostic| finding.id == id::LOCAL_IMAGE;
    let mut paths: Vec<DocPath> = found.iter().filter(|one| is_missing(one)).map(|one| one.path.clone()).collect();
    let number = paths.len();
    paths.sort();
    paths.dedup();
    let Some(first) = paths.first().cloned().filter(|_| number > 1) else { return };
    let mut is_named = false;
    found.retain_mut(|finding| {
        if !is_missing(finding) {
            return true;
        }
        if is_named || finding.path != first {
            return false;
        }
        is_named = true;
        let files = match paths.len() {
            1 => "this file".to_owned(),
            count => format!("{count} files"),
        };
        finding.label = Some(format!("and so it is with all {number} images in {files}"));
        finding.others.extend(paths.iter().skip(1).cloned());
        true
    });
}

/// What to do about a lock file that cannot be used.
pub(super) fn lock_hint(error: &LockError) -> &'static str {
    match error {
        LockError::Io(_) => "make it readable, or delete it: that is safe",
        LockError::Newer(_) => "install the version of helpbook that wrote it, or a newer one",
        LockError::TwoWorkspaces(..) => "keep the lines of one workspace; nothing of the other may be sent there",
    }
}

/// Record, once it was told what is odd about the lock file.
pub(super) fn warned(lock: Loaded, terminal: &Terminal) -> Record {
    for warning in &lock.warnings {
        terminal.warning(&Message::new(warning));
    }
    lock.record
}

/// The working directory, `-C` included.
pub(super) fn here(global: &Global) -> Result<PathBuf, Failure> {
    let current = env::current_dir()
        .map_err(|error| Failure::new(Exit::Failed, format!("cannot tell the working directory: {error}")))?;
    let Some(directory) = &global.directory else { return Ok(current) };
    let here = current.join(directory);
    fs::canonicalize(&here).ok().filter(|here| here.is_dir()).ok_or_else(|| {
        Failure::new(Exit::Usage, format!("there is no folder `{}`", directory.display()))
            .hint("check the path after `-C`")
    })
}

fn stopped(diagnostics: &[Diagnostic]) -> Failure {
    let count = findings::count(diagnostics).unwrap_or_default();
    let failure = Failure::new(Exit::Failed, format!("cannot go on with {count}")).detail("nothing was changed");
    let failure = match diagnostics.iter().filter(|finding| finding.fix.is_some()).count() {
        0 => failure,
        fixed => failure.hint(format!("run `helpbook check --fix`, which fixes {fixed} of what `check` shows")),
    };
    failure.hint("fix what is named above and run the command again; `helpbook check` shows it without network")
}

/// A folder as somebody in the working directory would write it, `-C` or not.
fn relative(folder: &Path) -> PathBuf {
    let full = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let current = env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
    full.strip_prefix(&current).map_or_else(|_| folder.to_owned(), Path::to_owned)
}
