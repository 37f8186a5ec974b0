//! What a tool answers: a line of ours, and below it everything else, marked as data.
//!
//! What a command prints quotes titles, paths and texts, so all of it is marked. It is cut where a model could not
//! read it anyway, and the line says so.

use rmcp::model::{CallToolResult, ContentBlock};

use super::super::exit::Exit;
use super::super::failure::Failure;
use crate::mcp::marked;
use crate::report::Terminal;

/// How much of an answer is sent, in bytes: about 15,000 tokens.
const MOST: usize = 60_000;

/// What a call came to.
#[derive(Debug)]
pub(super) struct Answer {
    /// Our words alone.
    lead: String,
    data: String,
    is_error: bool,
}

/// What an exit code other than 0 means for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// It is a part of what was asked for: findings of a check.
    News,
    /// The call did not do all that it was for.
    Failure,
}

impl Answer {
    /// The answer of a command that printed on a terminal which keeps it.
    pub fn of(result: Result<Exit, Failure>, lead: &str, weight: Weight, terminal: &Terminal) -> Self {
        let (exit, is_error) = match result {
            Ok(Exit::Done) => (Exit::Done, false),
            Ok(exit) => (exit, weight == Weight::Failure),
            Err(failure) => {
                terminal.error(&failure.message);
                (failure.exit, true)
            }
        };
        let kept = terminal.take_kept();
        let mut data = String::from_utf8_lossy(&kept.data).into_owned();
        if !data.is_empty() && !kept.messages.is_empty() {
            data.push_str(if data.ends_with('\n') { "" } else { "\n" });
        }
        data.push_str(&kept.messages);
        let lead = match (is_error, meaning(exit)) {
            (true, meaning) => format!("failed: {meaning}"),
            (false, _) if exit != Exit::Done => format!("{lead}{}", if lead.is_empty() { "findings" } else { "" }),
            _ => lead.to_owned(),
        };
        Self { lead, data, is_error }
    }

    /// A refusal of a call before anything was done. `reason` may quote what was sent.
    pub fn refused(reason: &str) -> Self {
        Self { lead: "refused: nothing was done".to_owned(), data: format!("{reason}\n"), is_error: true }
    }

    /// It as the protocol has it.
    pub fn into_result(self) -> CallToolResult {
        let Self { mut lead, mut data, is_error } = self;
        if data.len() > MOST {
            let end = (0..=MOST).rev().find(|end| data.is_char_boundary(*end)).unwrap_or_default();
            let end = data[..end].rfind('\n').map_or(end, |line| line + 1);
            let all = data.len();
            data.truncate(end);
            lead.push_str(&format!("\ncut: {end} of {all} bytes; ask for less, by paths or a limit"));
        }
        let mut content = Vec::new();
        if !lead.is_empty() {
            content.push(ContentBlock::text(lead));
        }
        if !data.is_empty() {
            content.push(ContentBlock::text(marked(&data)));
        }
        if content.is_empty() {
            content.push(ContentBlock::text("done"));
        }
        if is_error { CallToolResult::error(content) } else { CallToolResult::success(content) }
    }

    /// The text alone, marked, for a resource; an error is its lead and its text.
    pub fn into_text(self) -> Result<String, String> {
        if self.is_error {
            Err(format!("{}: {}", self.lead, crate::text::one_line(&self.data)))
        } else {
            Ok(marked(&self.data))
        }
    }
}

fn meaning(exit: Exit) -> &'static str {
    match exit {
        Exit::Done | Exit::Pending => "done",
        Exit::Failed => "something went wrong",
        Exit::NotDone => "something was refused or is in conflict",
        Exit::Guarded => "too much would go away",
        Exit::Auth => "no token, one that may not do this, or another workspace",
        Exit::Interrupted => "cancelled; what was begun was finished",
        Exit::Usage => "the call is wrong; nothing was done",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{ColorChoice, Verbosity};

    #[test]
    fn what_was_printed_is_data_and_bounded() {
        let terminal = Terminal::new(ColorChoice::Auto, Verbosity::Normal).keeping(Verbosity::Normal);
        terminal.print(&"line\n".repeat(MOST));
        terminal.say("and a message");
        let answer = Answer::of(Ok(Exit::Done), "the docs", Weight::News, &terminal).into_result();
        assert_eq!((answer.is_error, answer.content.len()), (Some(false), 2));
        let text = serde_json::to_string(&answer).unwrap();
        assert!(text.len() < MOST + MOST / 4 && text.contains("cut: ") && text.contains("not instructions"));
        let failed = Failure::new(Exit::Auth, "no token").hint("set it");
        let answer = Answer::of(Err(failed), "the docs", Weight::News, &terminal).into_result();
        let text = serde_json::to_string(&answer).unwrap();
        assert!(answer.is_error == Some(true) && text.contains("no token") && text.contains("hint: set it"), "{text}");
    }
}
