//! Listing, searching and reading articles, of the docs and of Intercom. Nothing here writes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::check;
use super::super::execution::closing;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::{Project, Purpose, Target};
use super::super::workspace::Workspace;
use super::call::{Call, outside};
use crate::book::{Book, Content, is_docs_text};
use crate::disk;
use crate::history::Text;
use crate::intercom::Reader;
use crate::intercom::model::{Article, ArticleContent, ArticleId, Locale, State, Version};
use crate::live;
use crate::mcp;
use crate::record::Record;
use crate::text::{Digest, DocPath, one_line};

/// The largest file that is read, in bytes.
pub(super) const LARGEST: u64 = 4 * 1024 * 1024;

/// How many articles are listed where nobody says.
const USUAL: usize = 50;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Source {
    #[default]
    Docs,
    Intercom,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Listed {
    source: Source,
    query: Option<String>,
    folder: Option<String>,
    offset: usize,
    limit: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Wanted {
    path: Option<String>,
    id: Option<ArticleId>,
    draft: bool,
    locale: Option<String>,
}

/// Lists the articles that were asked for, one JSON object a line.
pub(super) async fn list(call: &Call<'_>, arguments: Value) -> Result<Exit, Failure> {
    let wanted: Listed = call.arguments(arguments)?;
    let folder = match &wanted.folder {
        Some(folder) => {
            let paths =
                mcp::paths(std::slice::from_ref(folder), &call.session.docs).map_err(|error| outside(&error))?;
            paths.into_iter().next().filter(|path| path != Path::new("."))
        }
        None => None,
    };
    let query = wanted.query.as_deref().map(str::to_lowercase).filter(|query| !query.trim().is_empty());
    let project = call.project()?;
    let (mut book, record) = project.files_and_base(Purpose::Pull, &call.terminal)?;
    if project.target == Target::Local {
        record.fill_known_ids(&mut book, &project.config.default_locale);
    }
    let found = match wanted.source {
        Source::Docs => of_docs(&book, query.as_deref()),
        Source::Intercom => of_intercom(&project, (&book, &record), query.as_deref()).await?,
    };
    let is_in = |found: &&Found| match (&folder, &found.path) {
        (None, _) => true,
        (Some(folder), Some(path)) => Path::new(path.as_str()).starts_with(folder),
        (Some(_), None) => false,
    };
    let all: Vec<&Found> = found.iter().filter(is_in).collect();
    let limit = wanted.limit.unwrap_or(USUAL).clamp(1, 500);
    let shown = all.iter().skip(wanted.offset).take(limit);
    let lines: String = shown.map(|found| format!("{}\n", found.line)).collect();
    call.terminal.print_json(&lines);
    let end = wanted.offset.saturating_add(limit);
    match all.len() {
        0 => call.terminal.say("no article is found"),
        count if count > end => call.terminal.say(&format!("{count} articles; `offset` {end} shows the next")),
        1 => call.terminal.say("1 article"),
        count => call.terminal.say(&format!("{count} articles")),
    }
    Ok(Exit::Done)
}

/// An article that was found.
struct Found {
    path: Option<DocPath>,
    line: Value,
}

fn of_docs(book: &Book, query: Option<&str>) -> Vec<Found> {
    let mut found = Vec::new();
    for article in book.articles.values() {
        for content in article.contents() {
            let hit = query.map(|query| {
                hit(query, [content.path.as_str(), &content.title, described(content), content.markdown()])
            });
            if let Some(None) = hit {
                continue;
            }
            let line = json!({
                "path": content.path,
                "title": content.title,
                "description": content.description,
                "state": content.state.map(|state| state.to_string()),
                "id": article.id.map(|id| id.0),
                "hit": hit.flatten(),
            });
            found.push(Found { path: Some(content.path.clone()), line: without_nulls(line) });
        }
    }
    found.extend(broken(book, query));
    found
}

/// The files of which no article can be made; `check` says why.
fn broken(book: &Book, query: Option<&str>) -> Vec<Found> {
    let read: BTreeSet<&DocPath> = book.contents().map(|content| &content.path).collect();
    let is_broken = |(path, _): &(&DocPath, &Arc<str>)| !read.contains(path) && !path.name().starts_with('_');
    let mut found = Vec::new();
    for (path, source) in book.sources.iter().filter(is_broken) {
        let hit = query.map(|query| hit(query, [path.as_str(), "", "", source]));
        if let Some(None) = hit {
            continue;
        }
        let line = json!({"path": path, "broken": true, "hit": hit.flatten()});
        found.push(Found { path: Some(path.clone()), line: without_nulls(line) });
    }
    found
}

fn described(content: &Content) -> &str {
    content.description.as_deref().unwrap_or_default()
}

async fn of_intercom(
    project: &Project,
    (book, record): (&Book, &Record),
    query: Option<&str>,
) -> Result<Vec<Found>, Failure> {
    let files: BTreeMap<ArticleId, &DocPath> =
        book.articles.values().filter_map(|article| Some((article.id?, &article.path))).collect();
    let workspace = Workspace::connect(project).await?;
    let articles = everything(project, &workspace, (book, record)).await;
    let mut found = Vec::new();
    for article in closing(workspace, articles).await? {
        let path = files.get(&article.id).copied();
        let body = article.content.body.as_deref().filter(|_| query.is_some()).map(words).unwrap_or_default();
        let (title, description) = (&article.content.title, article.content.description.as_deref().unwrap_or_default());
        let hit = query.map(|query| hit(query, [title.as_str(), description, body.as_str(), ""]));
        if let Some(None) = hit {
            continue;
        }
        let line = json!({
            "id": article.id.0,
            "title": title,
            "description": Some(description).filter(|text| !text.is_empty()),
            "state": article.content.state.to_string(),
            "url": article.content.url,
            "path": path,
            "hit": hit.flatten(),
        });
        found.push(Found { path: path.cloned(), line: without_nulls(line) });
    }
    Ok(found)
}

/// Every article of the workspace that the project is pinned to.
async fn everything(
    project: &Project,
    workspace: &Workspace,
    (book, record): (&Book, &Record),
) -> Result<Vec<Article>, Failure> {
    let (reader, host) = (workspace.connection.reader(), workspace.connection.host());
    let pins = workspace.wanted(project, Purpose::Show, book, record).pins;
    live::in_workspace(&reader, &pins).await.map_err(|error| Failure::of_live(&error, &host))?;
    let (walk, walking) = futures_util::future::abortable(reader.articles(|_| {}));
    project.stop.ends(&walking);
    let swept = walk.await.map_err(|_| Failure::new(Exit::Interrupted, "reading the Help Center was stopped"))?;
    let mut all = swept.map_err(|error| Failure::of_request(&error, &host))?.records;
    all.sort_by_key(|article| article.id);
    all.dedup_by_key(|article| article.id);
    Ok(all)
}

/// Where a query is found, with some words around; an empty text where it is in the first of them.
fn hit(query: &str, texts: [&str; 4]) -> Option<String> {
    const AROUND: usize = 60;
    texts.into_iter().enumerate().find_map(|(number, text)| {
        let lower = text.to_lowercase();
        let at = lower.find(query)?;
        // In lower case a text may have other lengths; then only that it is there is said.
        if number < 2 || lower.len() != text.len() {
            return Some(String::new());
        }
        let start = (0..=at.saturating_sub(AROUND)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        let end = (at + query.len() + AROUND).min(text.len());
        let end = (end..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        Some(one_line(text.get(start..end).unwrap_or_default()))
    })
}

/// The words of a body, without its tags.
fn words(body: &str) -> String {
    let fragment = scraper::Html::parse_fragment(body);
    fragment.root_element().text().collect::<Vec<_>>().join(" ")
}

fn without_nulls(mut line: Value) -> Value {
    if let Value::Object(members) = &mut line {
        members.retain(|_, value| !value.is_null() && value != "");
    }
    line
}

/// Reads one article: a file of the docs, or one of Intercom as Markdown.
pub(super) async fn read(call: &Call<'_>, arguments: Value) -> Result<Exit, Failure> {
    let wanted: Wanted = call.arguments(arguments)?;
    match (&wanted.path, wanted.id) {
        (Some(path), None) => {
            let (project, path) = (call.project()?, article_path(call, path)?);
            let text = text_of(&project, &path)?;
            call.terminal.print_json(&format!("{}\n", json!({"path": path, "version": Digest::of(&text).short()})));
            let file = PathBuf::from(path.as_str());
            check::run(&check::Args::for_agent(vec![file]), &call.global, &call.terminal)?;
            // What the check says to run next is no part of the article.
            let kept = call.terminal.take_kept();
            call.terminal.print(&String::from_utf8_lossy(&kept.data));
            call.terminal.print("\n");
            call.terminal.print(&crate::text::harmless(&text));
            Ok(Exit::Done)
        }
        (None, Some(id)) => in_intercom(call, id, &wanted).await,
        _ => Err(Failure::new(Exit::Usage, "`read` takes either `path` or `id`").detail("nothing was read")),
    }
}

/// A path of an article as a client writes it, of a file that the docs hold or may hold.
pub(super) fn article_path(call: &Call<'_>, written: &str) -> Result<DocPath, Failure> {
    let path = mcp::article(written, &call.session.docs).map_err(|error| outside(&error))?;
    let project = call.project()?;
    if is_docs_text(&path, &project.config) {
        return Ok(path);
    }
    Err(Failure::new(
        Exit::Usage,
        format!("`{}` is no article: its name or helpbook.yml leaves it out", one_line(written)),
    )
    .detail("nothing was done"))
}

/// The text of a file of the docs. No link leads out of them.
pub(super) fn text_of(project: &Project, path: &DocPath) -> Result<String, Failure> {
    let root = project.root.join(&project.config.docs);
    let shown = one_line(path.as_str());
    disk::refuse_links(&root, Path::new(path.as_str()))
        .and_then(|()| disk::read(&root.join(path.as_str()), LARGEST))
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                Failure::new(Exit::Usage, format!("there is no file `{shown}` in the docs"))
            }
            std::io::ErrorKind::Other => {
                Failure::new(Exit::Usage, format!("`{shown}` is a link on disk, and not followed"))
            }
            _ => Failure::new(Exit::Failed, format!("cannot read `{shown}`: {error}")),
        })
}

async fn in_intercom(call: &Call<'_>, id: ArticleId, wanted: &Wanted) -> Result<Exit, Failure> {
    let project = call.project()?;
    let (book, record) = project.files_and_base(Purpose::Pull, &call.terminal)?;
    let workspace = Workspace::connect(&project).await?;
    let host = workspace.connection.host();
    let pins = workspace.wanted(&project, Purpose::Show, &book, &record).pins;
    let reader = workspace.connection.reader();
    let found = async {
        live::in_workspace(&reader, &pins).await.map_err(|error| Failure::of_live(&error, &host))?;
        fetched(&reader, id, wanted).await.map_err(|error| Failure::of_request(&error, &host))
    };
    let found = found.await;
    let Some(article) = closing(workspace, found).await? else {
        let what = if wanted.draft { "no draft of article" } else { "no article" };
        return Err(Failure::new(Exit::Usage, format!("there is {what} {id} in Intercom")));
    };
    let default = article.default_locale.clone().unwrap_or_else(|| project.config.default_locale.clone());
    let locale = wanted.locale.clone().map_or(default.clone(), Locale);
    let content = match &article.translated_content {
        _ if locale == default => &article.content,
        Some(contents) => contents.get(&locale).ok_or_else(|| no_locale(id, &locale))?,
        None => return Err(no_locale(id, &locale)),
    };
    let about = json!({
        "id": id.0,
        "locale": locale,
        "state": content.state.to_string(),
        "url": content.url,
        "path": book.articles.values().find(|file| file.id == Some(id)).map(|file| &file.path),
        "collections": article.parent_ids,
    });
    call.terminal.print_json(&format!("{}\n\n", without_nulls(about)));
    call.terminal.print(&crate::text::harmless(&Text::of_version(&as_version(content)).as_file()));
    Ok(Exit::Done)
}

async fn fetched(reader: &Reader, id: ArticleId, wanted: &Wanted) -> Result<Option<Article>, crate::intercom::Error> {
    if wanted.draft { reader.draft(id).await } else { reader.article(id).await }
}

fn no_locale(id: ArticleId, locale: &Locale) -> Failure {
    Failure::new(Exit::Usage, format!("article {id} has no text in `{locale}`"))
}

/// A text of Intercom in the form in which versions are made Markdown.
fn as_version(content: &ArticleContent) -> Version {
    Version {
        title: Some(content.title.clone()),
        description: content.description.clone(),
        body: content.body.clone(),
        state: Some(State::Draft),
        ..Version::default()
    }
}
