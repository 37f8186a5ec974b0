//! `helpbook api`: any request to Intercom's API, by the name of an operation or by a path.
//!
//! What reads goes through a `Reader` and asks nothing. Everything else is shown, confirmed and only then sent through
//! a `Writer`; `--dry-run` is never given one, and sends nothing at all.

mod arguments;
mod output;
mod write;

use std::fs;
use std::io::{self, Read as _};

use helpbook_catalogue::{Catalogue, Operation};

pub(super) use self::arguments::{Args, Typed, TypedFields};
use super::Global;
use super::exit::Exit;
use super::failure::Failure;
use super::place::Place;
use super::project::here;
use crate::api::{Checks, Draft, Field, FieldError, Jq, Page, Problem, Target, TargetError, Walk, WalkError};
use crate::intercom::{Error, Query, Reader};
use crate::report::{Message, Terminal, operations};

pub(super) async fn run(args: &Args, global: &Global, terminal: &Terminal) -> Result<Exit, Failure> {
    if let Some(word) = &args.list {
        return list(word.as_deref().unwrap_or_default(), args, terminal);
    }
    let (method, word) = match args.words.as_slice() {
        [first, name] if first == "describe" => return describe(name, args, terminal),
        [word] if word == "describe" => {
            return Err(Failure::new(Exit::Usage, "`describe` needs the name of an operation")
                .hint("`helpbook api --list` shows all of them"));
        }
        [word] => (args.method.as_deref(), word),
        [method, word] if args.method.is_none() => (Some(method.as_str()), word),
        [_, _] => return Err(Failure::new(Exit::Usage, "the method is named twice").hint("leave out `-X`")),
        _ => {
            return Err(Failure::new(Exit::Usage, "no operation and no path is named")
                .hint("`helpbook api --list` shows the operations; `helpbook api me` shows whose token this is"));
        }
    };
    if args.json {
        return Err(Failure::new(Exit::Usage, "`--json` goes with `--list` and `describe`; an answer is JSON already"));
    }
    let jq = args.jq.as_deref().map(Jq::parse).transpose().map_err(|error| output::of_jq(&error))?;
    let draft = draft(args, global, method, word)?;
    let place = Place::find(global, terminal)?;
    if args.dry_run {
        output::show_request(&draft.request, &place.host(), terminal);
        return Ok(Exit::Done);
    }
    let query = match draft.request.clone().into_query() {
        Some(query) => query,
        None if args.pages() => {
            return Err(Failure::new(Exit::Usage, "`--paginate` and `--stream` are for requests that read")
                .hint("leave it out"));
        }
        None => return write::run(args, &draft, &place, jq.as_ref(), terminal).await,
    };
    let workspace = place.connect().await?;
    let reader = workspace.connection.reader();
    let output = output::Output { args, jq: jq.as_ref(), terminal };
    let result = read(&reader, query, &place, &output).await;
    workspace.close().await;
    result.map_err(|failure| place.explained(failure))
}

/// What a program asks for that may only read.
pub(super) struct Question {
    /// An operation or a path, as they are typed.
    pub request: String,
    /// The parameters.
    pub fields: TypedFields,
    /// Whether every page is read.
    pub pages: Pages,
}

/// How much of a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pages {
    /// What one request gives.
    One,
    /// Every page, as one document.
    All,
}

/// Answers a question whose path is allowed. Whatever does not only read is refused before anything is sent, and no
/// `Writer` is made.
pub(super) async fn ask(
    question: Question,
    is_allowed: impl Fn(&str) -> bool,
    global: &Global,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let args = Args { paginate: question.pages == Pages::All, fields: question.fields, ..Args::default() };
    let (method, word) = match question.request.split_once(' ') {
        Some((method, word)) => (Some(method), word.trim()),
        None => (None, question.request.as_str()),
    };
    let draft = draft(&args, global, method, word)?;
    let path = crate::text::one_line(draft.request.path());
    if !is_allowed(draft.request.path()) {
        return Err(Failure::new(Exit::Usage, format!("`{path}` is not open to this server"))
            .detail("nothing was sent")
            .hint("it reads articles and the Help Center; whoever starts it can add `--allow PATTERN`"));
    }
    let method = draft.request.method();
    let query = draft.request.into_query().ok_or_else(|| {
        Failure::new(Exit::Usage, format!("{method} `{path}` does not only read")).detail("nothing was sent")
    })?;
    let place = Place::find(global, terminal)?;
    let workspace = place.connect().await?;
    let reader = workspace.connection.reader();
    let output = output::Output { args: &args, jq: None, terminal };
    let result = read(&reader, query, &place, &output).await;
    workspace.close().await;
    result.map_err(|failure| place.explained(failure))
}

/// Prints the operations with a word.
pub(super) fn find(word: &str, terminal: &Terminal) -> Result<Exit, Failure> {
    list(word, &Args::default(), terminal)
}

/// Reads one answer, or every page of a list. Where the workspace is pinned it is looked at meanwhile, and nothing is
/// printed of another one.
async fn read(reader: &Reader, query: Query, place: &Place, output: &output::Output<'_>) -> Result<Exit, Failure> {
    let host = place.host();
    let of_request = |error: &Error| of_read(error, &host);
    output.sends(query.request());
    let (pinned, reply) = tokio::join!(place.check_pins(reader), reader.ask(&query));
    pinned?;
    let reply = reply.map_err(|error| of_request(&error))?;
    output.head(&reply);
    if let Err(error) = reply.accepted() {
        output.refused(&reply);
        return Err(of_request(&error));
    }
    let first = Page::read(&reply.body).filter(|page| output.args.pages() && page.is_list());
    let Some(first) = first else { return output.body(&reply).map(|()| Exit::Done) };
    output.is_example(&reply);
    drop(reply);
    let mut pages = output.pages();
    let walked = Walk::new(reader, query).pages(first, |page| pages.take(page)).await;
    let walked = match walked {
        Ok(walked) => walked,
        Err(WalkError::Taker(output::Stop::Closed)) => return Ok(Exit::Done),
        Err(WalkError::Taker(output::Stop::Failed(failure))) => return Err(*failure),
        Err(WalkError::Request(error)) => return Err(pages.cut(of_request(&error))),
        Err(error) => return Err(pages.cut(Failure::new(Exit::Failed, error.to_string()))),
    };
    pages.end()?;
    if walked.missing() > 0 {
        let message = format!(
            "the list says that it has {} records, and its pages gave {}",
            walked.total.unwrap_or_default(),
            walked.records
        );
        let hint = "Intercom moves records between pages while they are read; run it again with another `-f per_page=`";
        output.terminal.warning(&Message::new(message).hint(hint));
    }
    Ok(Exit::Done)
}

/// A request that reads and failed. That nothing was written goes without saying.
fn of_read(error: &Error, host: &str) -> Failure {
    match error {
        Error::Refused(refusal) if !matches!(refusal.status, 401 | 403) => {
            Failure::new(Exit::Failed, error.to_string())
        }
        Error::Garbled { .. } | Error::TooLarge { .. } => Failure::new(Exit::Failed, error.to_string()),
        Error::Lost { .. } => Failure::new(Exit::Failed, format!("cannot reach {host}: {error}"))
            .hint("check the network and run it again"),
        Error::Refused(_) => Failure::of_request(error, host),
    }
}

/// The request that the command line asks for.
fn draft(args: &Args, global: &Global, method: Option<&str>, word: &str) -> Result<Draft, Failure> {
    let target = Target::parse(method, word).map_err(|error| of_target(&error))?;
    let folder = here(global)?;
    let read = |file: &str| {
        let mut bytes = Vec::new();
        match file {
            "-" => io::stdin().lock().read_to_end(&mut bytes).map(|_| ())?,
            file => bytes = fs::read(folder.join(file))?,
        }
        Ok::<_, io::Error>(bytes)
    };
    let read_text = |file: &str| {
        String::from_utf8(read(file)?).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))
    };
    let field = |typed: &Typed| match typed {
        Typed::Text(field) => Field::text(field),
        Typed::Value(field) => Field::typed(field, read_text),
    };
    let fields = args.fields.0.iter().map(field).collect::<Result<Vec<_>, FieldError>>();
    let fields = fields.map_err(|error| wrong(&[error.into()], None))?;
    let input = match &args.input {
        Some(file) => Some(read(file).map_err(|error| {
            Failure::new(Exit::Usage, format!("cannot read the body from {file}: {error}"))
                .hint("check the path after `--input`; `-` is standard input")
        })?),
        None => None,
    };
    let is_known = args.api_version.as_ref().is_none_or(|version| version == Catalogue::get().version());
    let checks = if args.no_check || !is_known { Checks::None } else { Checks::Catalogue };
    let mut draft = Draft::new(&target, fields.into(), input, checks).map_err(|problems| {
        let catalogue = Catalogue::get();
        let named = target_operation(&target, catalogue);
        wrong(&problems, named)
    })?;
    if args.pages() {
        draft = draft.with_largest_pages().map_err(|problem| wrong(&[problem], None))?;
    }
    let of_request = |error| wrong(&[Problem::Request(error)], None);
    let version = args.api_version.as_deref().or_else(|| draft.operation.and_then(outside_version));
    if let Some(version) = version {
        draft.request = draft.request.for_version(version).map_err(of_request)?;
    }
    let accept = draft.operation.and_then(|one| one.accept.as_ref()).map(|kind| format!("Accept: {kind}"));
    for header in accept.iter().chain(&args.headers) {
        draft.request = draft.request.with_header(header).map_err(of_request)?;
    }
    Ok(draft)
}

/// The version of an operation that 2.16 lacks, where another one has it (Intercom's OpenAPI description of 2.11).
fn outside_version(operation: &Operation) -> Option<&'static str> {
    operation.path.ends_with("/run_assignment_rules").then_some("2.11")
}

/// The operation that words mean, for a hint.
fn target_operation<'a>(target: &Target, catalogue: &'a Catalogue) -> Option<&'a Operation> {
    match catalogue.at(target.path()).as_slice() {
        [only] => Some(only),
        several => several.iter().find(|one| Some(one.method) == target.method()).copied(),
    }
}

/// The request is wrong, and nothing of it was sent.
fn wrong(problems: &[Problem], operation: Option<&Operation>) -> Failure {
    let failure = match problems {
        [only] => Failure::new(Exit::Usage, only.to_string()),
        several => several.iter().fold(
            Failure::new(Exit::Usage, format!("{} things are wrong with this request", several.len())),
            |failure, problem| failure.detail(problem.to_string()),
        ),
    };
    let mut failure = failure.detail("nothing was sent");
    if problems.iter().any(Problem::is_about_type) {
        failure = failure.hint("`-F KEY=VALUE` sends a number, true, false or null; `-f` sends a text");
    }
    if let Some(operation) = operation {
        failure = failure.hint(format!("`helpbook api describe {}` shows what it takes", operation.name));
    }
    if problems.iter().all(Problem::is_of_catalogue) {
        failure = failure.hint("`--no-check` sends it all the same");
    }
    failure
}

fn of_target(error: &TargetError) -> Failure {
    let failure = Failure::new(Exit::Usage, error.to_string());
    match error {
        TargetError::Unknown { near, .. } if !near.is_empty() => {
            let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
            failure.hint(format!("did you mean {}?", near.join(" or ")))
        }
        TargetError::Unknown { .. } => failure
            .hint("`helpbook api --list WORD` finds operations")
            .hint("a path that is not in the list is sent with a slash before it, or with a method"),
        TargetError::OtherMethod { .. } => failure.hint("leave out the method"),
        TargetError::Method(_) => failure,
    }
}

fn list(word: &str, args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let found = Catalogue::get().with_word(word);
    if args.json {
        terminal.print_json(&operations::list_json(&found));
        return Ok(Exit::Done);
    }
    terminal.print(&operations::list(&found, terminal.paint()));
    if found.is_empty() {
        return Err(Failure::new(Exit::Failed, format!("no operation has `{word}` in its name, path or summary"))
            .hint("`helpbook api --list` shows all of them"));
    }
    if terminal.is_terminal() {
        terminal.hint(&format!("`helpbook api describe {}` shows what it takes", found[0].name));
    }
    Ok(Exit::Done)
}

fn describe(name: &str, args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let catalogue = Catalogue::get();
    let Some(operation) = catalogue.named(name) else {
        let target = Target::parse(None, name).map_err(|error| of_target(&error))?;
        let names: Vec<String> = catalogue.at(target.path()).iter().map(|one| format!("`{}`", one.name)).collect();
        let failure = Failure::new(Exit::Usage, format!("`{name}` is a path and not the name of an operation"));
        return Err(if names.is_empty() {
            failure.hint("`helpbook api --list` shows the operations")
        } else {
            failure.hint(format!("its operations are {}", names.join(", ")))
        });
    };
    if args.json {
        terminal.print_json(&operations::describe_json(operation));
    } else {
        terminal.print(&operations::describe(operation, terminal.paint()));
    }
    Ok(Exit::Done)
}
