//! `helpbook log`

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use jiff::{SignedDuration, Timestamp};

use super::exit::Exit;
use super::failure::Failure;
use super::past::{self, Cut, Read, TextOf};
use super::project::{Project, Purpose, Target};
use super::workspace::Workspace;
use super::{Global, Only, execution};
use crate::book::Book;
use crate::git::{Git, Revision};
use crate::history::{self, Commits, Draft, Entry, Known};
use crate::html::HelpCenterUrls;
use crate::intercom::model::{Admin, AdminId, Article, ArticleContent, ArticleId, Locale};
use crate::intercom::{Reader, SIDE_BY_SIDE};
use crate::live;
use crate::plan::Rules;
use crate::record::Record;
use crate::report::log::{Detail, Locales, Place, json, text};
use crate::report::{Message, Terminal};
use crate::text::DocPath;

/// How far back the list of the whole Help Center goes, where nobody says: a week.
const USUAL: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Show the versions of an article, Intercom's and Git's in one list
///
/// Newest first: when, what became of it, what it changed in words, who made it and how. Without
/// PATH: what happened in the whole Help Center.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook log billing/refunds.md     every version of an article and every commit of its file
  helpbook log 9100004 -p             with what each changed, in words
  helpbook log --since 2026-11-20     what happened in the whole Help Center since a day
  helpbook log --since origin/main    the same, since a commit
  helpbook log billing                what happened in a folder in the last week
  helpbook log billing/refunds.md --json  one JSON document, for another program")]
pub(super) struct Args {
    /// This article, by its file or id; or a folder of articles
    #[arg(value_name = "PATH|ID")]
    wanted: Option<String>,
    #[command(flatten)]
    only: Only,
    /// Only what came after a date (`2026-11-20` or `2026-11-20T14:02`, UTC) or a commit
    #[arg(long, value_name = "DATE|REF")]
    since: Option<String>,
    /// Show what each changed, in words
    #[arg(short, long)]
    patch: bool,
    /// How many versions of a text are shown at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// What a list of versions is asked for.
pub(super) struct Asked {
    pub wanted: Option<String>,
    pub since: Option<String>,
    pub detail: Detail,
    pub limit: Option<usize>,
}

impl From<Asked> for Args {
    fn from(asked: Asked) -> Self {
        Self {
            wanted: asked.wanted,
            only: Only::default(),
            since: asked.since,
            patch: asked.detail == Detail::Words,
            limit: asked.limit.unwrap_or(50),
            json: false,
        }
    }
}

/// What is looked at.
struct Look<'a> {
    project: &'a Project,
    book: &'a Book,
    record: &'a Record,
    rules: &'a Rules,
    reader: Reader,
    host: String,
    cut: Cut,
    admins: BTreeMap<AdminId, Admin>,
}

/// What a command line names.
enum Subject {
    /// One article, by its id if it has one, and its file if it has one.
    Article(Option<ArticleId>, Option<DocPath>),
    /// All below a folder, or all there are.
    Folder(Option<DocPath>),
}

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    let project = Project::open(global, terminal)?;
    let mut rules = project.rules();
    args.only.limit(&mut rules)?;
    let since = args.since.as_ref().map(|text| past::time(&project, text, "nothing was read")).transpose()?;
    let (mut book, record) = project.files_and_base(Purpose::Pull, terminal)?;
    if project.target == Target::Local {
        record.fill_known_ids(&mut book, &rules.locale);
    }
    let subject = subject(args.wanted.as_deref(), &project, &book)?;
    let workspace = Workspace::connect(&project).await?;
    let wanted = workspace.wanted(&project, Purpose::Show, &book, &record);
    let (reader, host) = (workspace.connection.reader(), workspace.connection.host());
    let result = async {
        let fail = |error| Failure::of_live(&error, &host);
        live::in_workspace(&reader, &wanted.pins).await.map_err(fail)?;
        let admins = reader.admins().await.map_err(|error| Failure::of_request(&error, &host))?.admins;
        let look = Look {
            project: &project,
            book: &book,
            record: &record,
            rules: &rules,
            reader: reader.clone(),
            host: host.clone(),
            cut: Cut { since, most: args.limit },
            admins: admins.into_iter().map(|admin| (admin.id, admin)).collect(),
        };
        show(args, look, subject, terminal).await
    };
    let result = result.await;
    execution::closing(workspace, result).await
}

fn subject(wanted: Option<&str>, project: &Project, book: &Book) -> Result<Subject, Failure> {
    let Some(wanted) = wanted else { return Ok(Subject::Folder(None)) };
    if wanted.bytes().all(|byte| byte.is_ascii_digit()) {
        let id = wanted.parse().map(ArticleId).map_err(|_| {
            Failure::new(Exit::Usage, format!("{wanted} is no id of an article"))
                .hint("`helpbook status` lists the articles and their ids")
        })?;
        let file = book.articles.values().find(|article| article.id == Some(id));
        return Ok(Subject::Article(Some(id), file.map(|file| file.path.clone())));
    }
    let path = project.paths(&[PathBuf::from(wanted)], book)?.into_iter().next();
    Ok(match path.as_ref().and_then(|path| book.articles.get(path)) {
        Some(article) => Subject::Article(article.id, Some(article.path.clone())),
        None => Subject::Folder(path.filter(|path| !path.as_str().is_empty())),
    })
}

async fn show(args: &Args, mut look: Look<'_>, subject: Subject, terminal: &Terminal) -> Result<Exit, Failure> {
    let several = if look.rules.locales.len() > 1 { Locales::Several } else { Locales::One };
    let progress = terminal.progress("reading versions");
    let mut left_out = 0;
    let (entries, place) = match subject {
        Subject::Article(id, path) => {
            let (entries, older) = look.article(id, path.as_ref(), terminal).await?;
            left_out = older;
            (entries, if several == Locales::Several { Place::Locale } else { Place::Left })
        }
        Subject::Folder(folder) => {
            if look.cut.since.is_none() {
                look.cut.since = Timestamp::now().checked_sub(USUAL).ok();
                terminal.note("this is the last week; `--since` goes back further");
            }
            look.cut.most = usize::MAX;
            (look.folder(folder.as_ref()).await?, Place::File(several))
        }
    };
    drop(progress);
    if args.json {
        terminal.print_json(&json(&entries));
        return Ok(Exit::Done);
    }
    let detail = if args.patch { Detail::Words } else { Detail::Numbers };
    terminal.print(&text(&entries, place, detail, &terminal.look()));
    if left_out > 0 {
        let versions =
            if left_out == 1 { "1 older version is".to_owned() } else { format!("{left_out} older versions are") };
        terminal.note(&format!("{versions} left out; `--limit` shows more"));
    }
    if entries.is_empty() {
        terminal.say("Nothing happened.");
    } else if place != Place::File(several) {
        let path = args.wanted.as_deref().unwrap_or_default();
        terminal.hint(&format!(
            "`helpbook show {path}@VERSION` shows one of them, `helpbook rollback {path} --to VERSION` brings it back"
        ));
    }
    Ok(Exit::Done)
}

impl Look<'_> {
    fn fail(&self, error: &crate::intercom::Error) -> Failure {
        Failure::of_request(error, &self.host)
    }

    fn git(&self) -> Git {
        Git::new(&self.book.root)
    }

    /// One article: its versions, and the commits of its files. Also how many older versions there are.
    async fn article(
        &self,
        id: Option<ArticleId>,
        path: Option<&DocPath>,
        terminal: &Terminal,
    ) -> Result<(Vec<Entry>, usize), Failure> {
        let found = match id {
            Some(id) => self.reader.article(id).await.map_err(|error| self.fail(&error))?,
            None => None,
        };
        match (id, path, &found) {
            (Some(id), None, None) => {
                return Err(Failure::new(
                    Exit::Usage,
                    format!("there is no article {id} in Intercom, and no file has that id"),
                )
                .hint("`helpbook status` lists the articles and their ids"));
            }
            (Some(id), Some(path), None) => terminal.warning(&Message::new(format!(
                "article {id} of `{path}` was deleted in Intercom, and its versions with it; this is what Git knows"
            ))),
            (None, Some(path), _) => terminal.note(&format!("`{path}` has no `id`: it is not in Intercom yet")),
            _ => {}
        }
        let known = past::known(self.project, self.record, &id.into_iter().collect());
        let mut entries = Vec::new();
        let mut left_out = 0;
        let files = path.map(|path| self.files(path)).unwrap_or_default();
        let mut revisions: BTreeMap<Locale, Vec<Revision>> = BTreeMap::new();
        for (locale, file) in &files {
            revisions.insert(locale.clone(), self.revisions(file));
        }
        if let Some(article) = &found {
            for text in past::texts_of(article, &self.rules.locales, &self.rules.locale) {
                let read = past::versions(&self.reader, &text, self.cut).await.map_err(|error| self.fail(&error))?;
                let read = read.unwrap_or_default();
                left_out += read.left_out;
                let revisions = revisions.get(&text.locale).map(Vec::as_slice).unwrap_or_default();
                let known = known.get(&(text.id, text.locale.clone()));
                entries.extend(self.of_intercom(article, &text, &read, (known, revisions)));
            }
        }
        for (locale, file) in &files {
            let mut revisions = revisions.remove(locale).unwrap_or_default();
            revisions.retain(|revision| self.cut.since.is_none_or(|since| revision.at >= since));
            left_out += revisions.len().saturating_sub(self.cut.most);
            revisions.truncate(self.cut.most);
            entries.extend(self.of_git(id, locale, file, &revisions));
        }
        Ok((history::joined(entries), left_out))
    }

    /// The files of an article that are asked for, by locale.
    fn files(&self, path: &DocPath) -> Vec<(Locale, DocPath)> {
        let Some(article) = self.book.articles.get(path) else { return Vec::new() };
        let translations = article.translations.iter().map(|(locale, content)| (locale.clone(), content.path.clone()));
        let all = [(self.rules.locale.clone(), article.path.clone())].into_iter().chain(translations);
        all.filter(|(locale, _)| self.rules.locales.contains(locale)).collect()
    }

    fn revisions(&self, file: &DocPath) -> Vec<Revision> {
        self.git().revisions_of(file.as_str()).unwrap_or_default()
    }

    fn of_intercom(
        &self,
        article: &Article,
        text: &TextOf,
        read: &Read,
        (known, revisions): (Option<&Known>, &[Revision]),
    ) -> Vec<Entry> {
        let nothing = Known::default();
        let content = match &article.translated_content {
            Some(content) if text.locale != self.rules.locale => content.get(&text.locale),
            _ => Some(&article.content),
        };
        let draft = if content.is_some_and(ArticleContent::has_draft) { Draft::Pending } else { Draft::None };
        let path = self.path_of(text.id, &text.locale);
        history::of_intercom(history::Versions {
            id: text.id,
            locale: &text.locale,
            path: path.as_ref(),
            versions: &read.versions,
            shown: read.shown,
            draft,
            known: known.unwrap_or(&nothing),
            own: &HelpCenterUrls::default(),
            revisions,
            name_of: &|id| live::name_of(&self.admins, id),
        })
    }

    /// The file of an article in a locale.
    fn path_of(&self, id: ArticleId, locale: &Locale) -> Option<DocPath> {
        let article = self.book.articles.values().find(|article| article.id == Some(id))?;
        if *locale == self.rules.locale {
            return Some(article.path.clone());
        }
        article.translations.get(locale).map(|content| content.path.clone())
    }

    fn of_git(&self, id: Option<ArticleId>, locale: &Locale, path: &DocPath, revisions: &[Revision]) -> Vec<Entry> {
        let files = || revisions.iter().flat_map(|revision| &revision.files);
        let ids: BTreeSet<&str> =
            files().flat_map(|file| [&file.blob, &file.before]).flatten().map(String::as_str).collect();
        let texts = self.git().blobs(&ids).unwrap_or_default();
        history::of_git(Commits { id, locale, path, revisions, texts: &texts })
    }

    /// Everything below a folder, or everything there is, since the time that was asked for.
    async fn folder(&self, folder: Option<&DocPath>) -> Result<Vec<Entry>, Failure> {
        let since = self.cut.since.map_or(i64::MIN, Timestamp::as_second);
        let slim = |article: &mut Article| {
            article.content.body = None;
            let locales = article.translated_content.iter_mut().flat_map(|locales| locales.0.values_mut()).flatten();
            locales.for_each(|content| content.body = None);
        };
        let swept = self.reader.articles(slim).await.map_err(|error| self.fail(&error))?;
        let is_below = |path: &str| {
            folder.is_none_or(|folder| path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/')))
        };
        let is_new =
            |content: &ArticleContent| content.updated_at.max(content.draft_updated_at.unwrap_or_default()) >= since;
        let is_meant = |article: &&Article| {
            let locales = article.translated_content.iter().flat_map(|locales| locales.0.values()).flatten();
            let path = self.path_of(article.id, &self.rules.locale);
            let is_below = path.map_or(folder.is_none(), |path| is_below(path.as_str()));
            is_below && (is_new(&article.content) || locales.into_iter().any(|content| is_new(content)))
        };
        let articles: Vec<&Article> = swept.records.iter().filter(is_meant).collect();
        let known = past::known(self.project, self.record, &articles.iter().map(|article| article.id).collect());
        let texts = articles.iter().flat_map(|article| {
            past::texts_of(article, &self.rules.locales, &self.rules.locale)
                .into_iter()
                .map(move |text| (*article, text))
        });
        let read = stream::iter(texts)
            .map(|(article, text)| async move {
                let read = past::versions(&self.reader, &text, self.cut).await?;
                Ok::<_, crate::intercom::Error>((article, text, read.unwrap_or_default()))
            })
            .buffered(SIDE_BY_SIDE);
        let read: Vec<_> = read.try_collect().await.map_err(|error| self.fail(&error))?;
        let mut entries = Vec::new();
        for (article, text, read) in &read {
            let key = (text.id, text.locale.clone());
            entries.extend(self.of_intercom(article, text, read, (known.get(&key), &[])));
        }
        entries.extend(self.commits(is_below));
        Ok(history::joined(entries))
    }

    /// The commits of articles' files, each file a list of its own.
    fn commits(&self, is_below: impl Fn(&str) -> bool) -> Vec<Entry> {
        let Some(since) = self.cut.since else { return Vec::new() };
        let mut of_files: BTreeMap<String, Vec<Revision>> = BTreeMap::new();
        for revision in self.git().revisions_since(since).unwrap_or_default() {
            for file in revision.files.iter().filter(|file| file.path.ends_with(".md") && is_below(&file.path)) {
                let of_file = Revision { files: vec![file.clone()], ..revision.clone() };
                of_files.entry(file.path.clone()).or_default().push(of_file);
            }
        }
        let contents: BTreeMap<&str, (Option<ArticleId>, &Locale)> = self
            .book
            .articles
            .values()
            .flat_map(|article| {
                let own = [(article.path.as_str(), (article.id, &self.rules.locale))];
                let others = article.translations.iter();
                own.into_iter().chain(others.map(|(locale, content)| (content.path.as_str(), (article.id, locale))))
            })
            .collect();
        let mut entries = Vec::new();
        for (path, revisions) in &of_files {
            // Of a file that is gone only its name is known.
            let is_gone =
                revisions.first().is_some_and(|revision| revision.files.iter().all(|file| file.blob.is_none()));
            let Some((id, locale)) =
                contents.get(path.as_str()).copied().or(is_gone.then_some((None, &self.rules.locale)))
            else {
                continue;
            };
            if self.rules.locales.contains(locale) {
                entries.extend(self.of_git(id, locale, &DocPath::new(path.as_str()), revisions));
            }
        }
        entries
    }
}
