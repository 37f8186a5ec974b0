//! The command that each tool runs, with the arguments that it takes.
//!
//! `stage` is `apply` without `--publish`; nothing here can ask for more than its arguments say.

use futures_util::future::{Aborted, abortable};
use rmcp::model::JsonObject;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::api::{self, Pages, Question, Typed, TypedFields};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::stop::Stop;
use super::super::{Global, apply, check, log, pull, status};
use super::answer::{Answer, Weight};
use super::call::{Call, outside};
use super::{Session, articles, edit};
use crate::mcp::{Tool, paths};
use crate::pull::Drafts;
use crate::report::Verbosity;
use crate::report::log::Detail;

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

    fn check(&self, arguments: Value) -> Result<Exit, Failure> {
        check::run(&check::Args::for_agent(self.paths(arguments)?), &self.global, &self.terminal)
    }

    async fn plan(&self, arguments: Value) -> Result<Exit, Failure> {
        self.show_plan(self.paths(arguments)?).await
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
