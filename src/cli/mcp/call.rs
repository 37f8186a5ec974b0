//! A call of a tool: its arguments, read strictly, and the command that it runs.

use futures_util::future::{Aborted, abortable};
use rmcp::model::JsonObject;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::super::api::{self, Pages, Question, Typed, TypedFields};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::project::Project;
use super::super::stop::Stop;
use super::super::{Global, apply, check, log, plan, pull, status};
use super::answer::{Answer, Weight};
use super::{Session, articles, edit};
use crate::mcp::{PathError, Tool, paths};
use crate::pull::Drafts;
use crate::report::log::Detail;
use crate::report::{Terminal, Verbosity};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Paths {
    paths: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Wanted {
    wanted: Vec<String>,
    drafts: bool,
    dry_run: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Past {
    article: Option<String>,
    since: Option<String>,
    words: bool,
    limit: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Request {
    request: Option<String>,
    fields: Map<String, Value>,
    all_pages: bool,
    find: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Finding {
    id: String,
}

/// One call under way.
pub(super) struct Call<'a> {
    pub session: &'a Session,
    pub global: Global,
    /// It keeps what the commands print.
    pub terminal: Terminal,
}

impl Session {
    /// Runs a tool. Whatever goes wrong is an answer.
    pub(super) async fn call(&self, tool: Tool, arguments: JsonObject, stop: Stop) -> Answer {
        let terminal = self.terminal.keeping(Verbosity::Normal);
        let global = Global { stop, ..self.global.clone() };
        let stop = global.stop.clone();
        let call = Call { session: self, global, terminal };
        let (work, ending) = abortable(call.run(tool, Value::Object(arguments)));
        if tool.only_reads() {
            stop.ends(&ending);
        }
        work.await.unwrap_or_else(|Aborted| Answer::refused("cancelled"))
    }
}

impl Call<'_> {
    async fn run(&self, tool: Tool, arguments: Value) -> Answer {
        let result = match tool {
            Tool::List => articles::list(self, arguments).await,
            Tool::Read => articles::read(self, arguments).await,
            Tool::Write => edit::write(self, arguments).await,
            Tool::Check => self.check(arguments),
            Tool::Plan => self.plan(arguments).await,
            Tool::Stage => self.stage(arguments).await,
            Tool::Pull => self.pull(arguments).await,
            Tool::Status => self.status(arguments).await,
            Tool::Log => self.log(arguments).await,
            Tool::Api => self.api(arguments).await,
            Tool::Explain => self.explain(arguments),
        };
        let (lead, weight) = match tool {
            Tool::Stage => {
                ("staged as drafts; customers see nothing of it. A person runs `helpbook publish`", Weight::Failure)
            }
            Tool::Write => ("written; nothing was sent", Weight::News),
            Tool::Pull => ("nothing was sent", Weight::Failure),
            Tool::Plan => ("nothing was done", Weight::News),
            _ => ("", Weight::News),
        };
        Answer::of(result, lead, weight, &self.terminal)
    }

    /// The arguments of a tool, each of which it knows.
    pub fn arguments<T: DeserializeOwned>(&self, arguments: Value) -> Result<T, Failure> {
        serde_json::from_value(arguments).map_err(|error| {
            Failure::new(Exit::Usage, crate::text::one_line(&error.to_string())).detail("nothing was done")
        })
    }

    pub fn project(&self) -> Result<Project, Failure> {
        Project::open(&self.global, &self.terminal)
    }

    fn paths(&self, arguments: Value) -> Result<Vec<std::path::PathBuf>, Failure> {
        let Paths { paths: written } = self.arguments(arguments)?;
        paths(&written, &self.session.docs).map_err(|error| outside(&error))
    }

    fn check(&self, arguments: Value) -> Result<Exit, Failure> {
        check::run(&check::Args::for_agent(self.paths(arguments)?), &self.global, &self.terminal)
    }

    async fn plan(&self, arguments: Value) -> Result<Exit, Failure> {
        self.show_plan(self.paths(arguments)?).await
    }

    /// The plan of some files, or of all.
    pub async fn show_plan(&self, paths: Vec<std::path::PathBuf>) -> Result<Exit, Failure> {
        plan::run(&plan::Args::of(paths), &self.global, &self.terminal).await
    }

    /// The plan that a write leads to, below what was done. That there is none, for want of a token or for an error
    /// in a file, is said and undoes nothing.
    pub async fn then_plan(&self, paths: Vec<std::path::PathBuf>) {
        self.terminal.print("\nThe plan now:\n");
        let before = self.terminal.take_kept();
        let planned = self.show_plan(paths).await;
        let after = self.terminal.take_kept();
        let mut text = String::from_utf8_lossy(&before.data).into_owned();
        // What was done is told before what comes, messages and all.
        text.insert_str(text.rfind("\nThe plan now:\n").unwrap_or_default(), &before.messages);
        self.terminal.print(&text);
        self.terminal.print(&String::from_utf8_lossy(&after.data));
        self.terminal.print(&after.messages);
        if let Err(failure) = planned {
            self.terminal.print("there is no plan yet\n");
            self.terminal.error(&failure.message);
        }
    }

    async fn stage(&self, arguments: Value) -> Result<Exit, Failure> {
        let paths = self.paths(arguments)?;
        let exit = apply::run(&apply::Args::staging(paths.clone()), &self.global, &self.terminal).await?;
        if exit != Exit::Interrupted {
            self.then_plan(paths).await;
        }
        Ok(exit)
    }

    async fn pull(&self, arguments: Value) -> Result<Exit, Failure> {
        let Wanted { wanted, drafts, dry_run } = self.arguments(arguments)?;
        let is_id = |one: &String| !one.is_empty() && one.bytes().all(|byte| byte.is_ascii_digit());
        let (ids, files): (Vec<String>, Vec<String>) = wanted.into_iter().partition(is_id);
        let files = paths(&files, &self.session.docs).map_err(|error| outside(&error))?;
        let wanted = files.iter().map(|path| path.display().to_string()).chain(ids).collect();
        let drafts = if drafts { Drafts::All } else { Drafts::Named };
        let then = if dry_run { pull::Then::Show } else { pull::Then::Write };
        let exit = pull::run(&pull::Args::of(wanted, drafts, then), &self.global, &self.terminal).await?;
        if then == pull::Then::Write && exit != Exit::Interrupted {
            self.then_plan(files).await;
        }
        Ok(exit)
    }

    async fn status(&self, arguments: Value) -> Result<Exit, Failure> {
        status::run(&status::Args::of(self.paths(arguments)?), &self.global, &self.terminal).await
    }

    async fn log(&self, arguments: Value) -> Result<Exit, Failure> {
        let Past { article, since, words, limit } = self.arguments(arguments)?;
        let is_id = |one: &String| !one.is_empty() && one.bytes().all(|byte| byte.is_ascii_digit());
        let wanted = match article {
            Some(id) if is_id(&id) => Some(id),
            Some(path) => {
                let path = paths(&[path], &self.session.docs).map_err(|error| outside(&error))?;
                path.first().map(|path| path.display().to_string())
            }
            None => None,
        };
        if since.as_ref().is_some_and(|since| since.starts_with('-')) {
            return Err(Failure::new(Exit::Usage, "`since` is a date or a commit").detail("nothing was done"));
        }
        let detail = if words { Detail::Words } else { Detail::Numbers };
        let asked = log::Asked { wanted, since, detail, limit };
        log::run(&asked.into(), &self.global, &self.terminal).await
    }

    async fn api(&self, arguments: Value) -> Result<Exit, Failure> {
        let Request { request, fields, all_pages, find } = self.arguments(arguments)?;
        let request = match (request, find) {
            (Some(request), None) => request,
            (None, Some(word)) => return api::find(&word, &self.terminal),
            _ => return Err(Failure::new(Exit::Usage, "`api` takes either `request` or `find`")),
        };
        let fields = fields.into_iter().map(|(name, value)| field(&name, &value)).collect::<Result<_, _>>()?;
        let pages = if all_pages { Pages::All } else { Pages::One };
        let question = Question { request, fields: TypedFields(fields), pages };
        api::ask(question, |path| self.session.reach.allows(path), &self.global, &self.terminal).await
    }

    fn explain(&self, arguments: Value) -> Result<Exit, Failure> {
        let Finding { id } = self.arguments(arguments)?;
        check::run(&check::Args::explaining(id), &self.global, &self.terminal)
    }
}

/// A parameter as somebody would type it. No value can name a file: `@FILE` is a text here.
fn field(name: &str, value: &Value) -> Result<Typed, Failure> {
    if name.is_empty() || name.contains('=') {
        let name = crate::text::one_line(name);
        return Err(Failure::new(Exit::Usage, format!("`{name}` is no name of a field")).detail("nothing was sent"));
    }
    Ok(match value {
        Value::String(text) => Typed::Text(format!("{name}={text}")),
        value => Typed::Value(format!("{name}={value}")),
    })
}

/// The refusal of a path.
pub(super) fn outside(error: &PathError) -> Failure {
    Failure::new(Exit::Usage, error.to_string())
        .detail("nothing was done")
        .hint("paths start in the docs folder: `billing/refunds.md`")
}
