//! The server: what the protocol asks for, answered one call after another.
//!
//! Calls wait for each other, as two commands cannot write in one project at a time. A call that is cancelled gives
//! up what it reads, finishes the step that it writes, and leaves the rest. Nothing but the protocol is on standard
//! output; with `-v` a line for each call is on standard error, without arguments and without texts.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ErrorData, GetPromptRequestParams, GetPromptResponse, GetPromptResult,
    Implementation, InitializeResult, JsonObject, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult,
    ListToolsResult, PaginatedRequestParams, PromptArgument, PromptMessage, ReadResourceRequestParams,
    ReadResourceResponse, ReadResourceResult, Resource, ResourceContents, ResourceTemplate, Role, ServerCapabilities,
    ServerConfig, Tool as Definition,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};
use tokio::runtime::Handle;
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use super::super::project::{Project, Purpose};
use super::super::stop::Stop;
use super::Session;
use super::answer::Answer;
use crate::mcp::{INSTRUCTIONS, PAGES, PROMPTS, Prompt, Tool, Uri};
use crate::report::Verbosity;

/// How many resources are on a page of their list.
const PER_PAGE: usize = 200;

/// Everything that is asked over the protocol. A clone is the same server.
#[derive(Debug, Clone)]
pub(super) struct Server {
    session: Arc<Session>,
    /// Whoever has it runs.
    turn: Arc<Turn<()>>,
    /// What ends the call that runs.
    running: Arc<Mutex<Stop>>,
    /// Whether no further call begins.
    is_closing: Arc<AtomicBool>,
}

impl Server {
    pub fn new(session: Session) -> Self {
        Self { session: Arc::new(session), turn: Arc::default(), running: Arc::default(), is_closing: Arc::default() }
    }

    /// Has the call that runs end, and waits for it.
    pub async fn finish(&self) {
        self.is_closing.store(true, Ordering::SeqCst);
        self.running.lock().unwrap_or_else(PoisonError::into_inner).raise();
        drop(self.turn.lock().await);
    }

    /// Runs a tool once it is its turn; `None` where it was cancelled before.
    async fn answer(&self, tool: Tool, arguments: JsonObject, context: &RequestContext<RoleServer>) -> Option<Answer> {
        let turn: OwnedMutexGuard<()> = tokio::select! {
            turn = Arc::clone(&self.turn).lock_owned() => turn,
            () = context.ct.cancelled() => return None,
        };
        if self.is_closing.load(Ordering::SeqCst) {
            return None;
        }
        let stop = Stop::of_client();
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = stop.clone();
        self.log(&format!("{}: begins", tool.name()));
        let (session, handle, stopping) = (Arc::clone(&self.session), Handle::current(), stop.clone());
        // The commands wait for other threads, which nothing that answers the protocol may do.
        let mut work = tokio::task::spawn_blocking(move || {
            let answer = handle.block_on(session.call(tool, arguments, stopping));
            drop(turn);
            answer
        });
        let (answer, end) = tokio::select! {
            answer = &mut work => (answer, "ended"),
            () = context.ct.cancelled() => {
                stop.raise();
                (work.await, "was cancelled")
            }
        };
        self.log(&format!("{}: {end}", tool.name()));
        Some(answer.unwrap_or_else(|_| Answer::refused("this is a bug of helpbook; please report it")))
    }

    fn log(&self, line: &str) {
        if self.session.terminal.verbosity == Verbosity::Verbose {
            self.session.terminal.say(&format!("mcp: {line}"));
        }
    }

    /// The addresses of the files of the docs, in the order of their paths.
    fn docs(&self) -> Vec<Resource> {
        let terminal = self.session.terminal.keeping(Verbosity::Quiet);
        let book = Project::open(&self.session.global, &terminal)
            .and_then(|project| project.files_and_base(Purpose::Pull, &terminal));
        let Ok((book, _)) = book else { return Vec::new() };
        let resource = |path: &crate::text::DocPath| {
            Resource::new(Uri::Doc(path.as_str().to_owned()).text(), path.as_str()).with_mime_type("text/markdown")
        };
        book.sources.keys().map(resource).collect()
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_resources().enable_prompts().build();
        InitializeResult::new(capabilities)
            .with_server_info(Implementation::new("helpbook", env!("CARGO_PKG_VERSION")))
            .with_instructions(INSTRUCTIONS)
    }

    fn get_tool(&self, name: &str) -> Option<Definition> {
        Tool::of_name(name).map(Tool::definition)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(Tool::ALL.into_iter().map(Tool::definition).collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let name = crate::text::one_line(&request.name);
        let Some(tool) = Tool::of_name(&request.name) else {
            return Err(ErrorData::invalid_params(format!("there is no tool `{name}`"), None));
        };
        let answer = self.answer(tool, request.arguments.unwrap_or_default(), &context).await;
        let answer = answer.unwrap_or_else(|| Answer::refused("cancelled before it began"));
        Ok(answer.into_result().into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let plan = Resource::new(Uri::Plan.text(), "plan").with_description("what apply and publish would change");
        let page = |page: &'static crate::mcp::Page| {
            Resource::new(Uri::Guide(page).text(), page.name)
                .with_description(page.about)
                .with_mime_type("text/markdown")
        };
        let all: Vec<Resource> = std::iter::once(plan).chain(PAGES.iter().map(page)).chain(self.docs()).collect();
        let start = match request.and_then(|request| request.cursor) {
            Some(cursor) => {
                cursor.parse().map_err(|_| ErrorData::invalid_params("this cursor is none of ours", None))?
            }
            None => 0,
        };
        let shown: Vec<Resource> = all.iter().skip(start).take(PER_PAGE).cloned().collect();
        let end = start.saturating_add(shown.len());
        let mut result = ListResourcesResult::with_all_items(shown);
        result.next_cursor = (end < all.len()).then(|| end.to_string());
        Ok(result)
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let docs = ResourceTemplate::new("helpbook://docs/{+path}", "docs")
            .with_description("a file of the docs")
            .with_mime_type("text/markdown");
        Ok(ListResourceTemplatesResult::with_all_items(vec![docs]))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let unknown = || ErrorData::resource_not_found("there is no such resource", None);
        let (tool, arguments) = match Uri::parse(&request.uri).ok_or_else(unknown)? {
            Uri::Guide(page) => {
                let contents = ResourceContents::text(page.text, request.uri).with_mime_type("text/markdown");
                return Ok(ReadResourceResult::new(vec![contents]).into());
            }
            Uri::Plan => (Tool::Plan, JsonObject::new()),
            Uri::Doc(path) => (Tool::Read, JsonObject::from_iter([("path".to_owned(), path.into())])),
        };
        let answer = self.answer(tool, arguments, &context).await.ok_or_else(unknown)?;
        match answer.into_text() {
            Ok(text) => Ok(ReadResourceResult::new(vec![ResourceContents::text(text, request.uri)]).into()),
            Err(reason) => Err(ErrorData::resource_not_found(reason, None)),
        }
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let argument = |prompt: &Prompt| {
            let argument = prompt.argument?;
            let made = PromptArgument::new(argument.name).with_description(argument.about);
            Some(vec![made.with_required(argument.is_required)])
        };
        let prompt = |prompt: &Prompt| rmcp::model::Prompt::new(prompt.name, Some(prompt.about), argument(prompt));
        Ok(ListPromptsResult::with_all_items(PROMPTS.iter().map(prompt).collect()))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let prompt =
            Prompt::of_name(&request.name).ok_or_else(|| ErrorData::invalid_params("there is no such prompt", None))?;
        let arguments = request.arguments.unwrap_or_default();
        let typed = prompt.argument.and_then(|argument| arguments.get(argument.name)?.as_str()).unwrap_or_default();
        if let Some(argument) = prompt.argument.filter(|argument| argument.is_required)
            && typed.trim().is_empty()
        {
            return Err(ErrorData::invalid_params(format!("`{}` is missing", argument.name), None));
        }
        let message = PromptMessage::new_text(Role::User, prompt.filled(typed));
        Ok(GetPromptResult::new(vec![message]).with_description(prompt.about).into())
    }
}
