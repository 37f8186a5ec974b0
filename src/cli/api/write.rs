//! A request that changes something: shown, confirmed, and sent once.

use helpbook_catalogue::Method;

use super::super::execution;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::place::Place;
use super::arguments::Args;
use super::output::Output;
use crate::api::{Draft, Jq, consequences};
use crate::intercom::{Connection, Error};
use crate::report::{Message, Terminal};

pub(super) async fn run(
    args: &Args,
    draft: &Draft,
    place: &Place,
    jq: Option<&Jq>,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    if !args.yes && !terminal.can_ask() {
        return Err(must_say_yes(draft));
    }
    let workspace = place.connect().await?;
    let output = Output { args, jq, terminal };
    let result = guarded(draft, place, &workspace.connection, &output).await;
    workspace.close().await;
    result.map_err(|failure| place.explained(failure))
}

/// Looks where the request would go, asks, and sends it.
async fn guarded(draft: &Draft, place: &Place, connection: &Connection, output: &Output<'_>) -> Result<Exit, Failure> {
    let (args, terminal) = (output.args, output.terminal);
    let name = place.workspace_to_write(connection).await?;
    let managed = place.managed(draft);
    if args.yes {
        if let Some(managed) = &managed {
            terminal
                .warning(&Message::new(&managed.what).hint(format!("the way that is planned: {}", managed.instead)));
        }
    } else {
        let request = format!("{} {}", draft.request.method(), draft.request.path());
        let mut question = format!("\nThis sends {request} to the workspace `{name}` ({}).\n", place.host());
        question.extend(consequences(draft).iter().map(|line| format!("- {line}\n")));
        question.extend(managed.iter().map(|one| format!("- {}; {} instead\n", one.what, one.instead)));
        question.push_str("Send it?");
        if !terminal.confirm(&crate::text::harmless(&question)) {
            terminal.say("nothing was sent");
            return Ok(Exit::NotDone);
        }
    }
    // The first Ctrl-C waits for the answer.
    let _is_raised = execution::watch_interrupts(terminal);
    output.sends(&draft.request);
    let reply = connection.writer().send(&draft.request).await.map_err(|error| of_write(&error, place))?;
    output.head(&reply);
    if let Err(error) = reply.accepted() {
        output.refused(&reply);
        return Err(of_write(&error, place));
    }
    output.body(&reply)?;
    Ok(Exit::Done)
}

/// A write that failed: what is known of it.
fn of_write(error: &Error, place: &Place) -> Failure {
    if !error.may_have_happened() {
        return Failure::of_request(error, &place.host());
    }
    let is_repeated = !matches!(error, Error::Refused(refusal) if refusal.method == Method::Post.name());
    let sent = if is_repeated {
        "whether it was carried out is not known"
    } else {
        "it was sent once and not again; whether it was carried out is not known"
    };
    Failure::new(Exit::Failed, error.to_string()).detail(sent).hint("look whether it is there before you send it again")
}

fn must_say_yes(draft: &Draft) -> Failure {
    let request = format!("{} {}", draft.request.method(), draft.request.path());
    let failure = Failure::new(Exit::Usage, format!("nobody can be asked here, and {request} may change something"));
    let failure = consequences(draft).iter().fold(failure, Failure::detail);
    failure.detail("nothing was sent").hint("add `--yes` to confirm it, or `-n` to see the request")
}
