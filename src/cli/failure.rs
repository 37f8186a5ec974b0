//! Why a command cannot go on: a message with hints, and its exit code.

use super::exit::Exit;
use crate::book::LoadError;
use crate::intercom::{ConnectionError, Error};
use crate::live::LiveError;
use crate::local;
use crate::report::health::{Finding, Verdict};
use crate::report::{Hint, Message};
use crate::text::harmless;

/// A command cannot go on.
#[derive(Debug)]
pub(super) struct Failure {
    pub exit: Exit,
    pub message: Message,
}

impl Failure {
    pub fn new(exit: Exit, text: impl AsRef<str>) -> Self {
        Self { exit, message: Message::new(harmless(text.as_ref())) }
    }

    #[must_use]
    pub fn detail(mut self, detail: impl AsRef<str>) -> Self {
        self.message = self.message.detail(harmless(detail.as_ref()));
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.message = self.message.hint(hint);
        self
    }

    /// A failed request before anything was written.
    pub fn of_request(error: &Error, host: &str) -> Self {
        match error {
            Error::Refused(refusal) if refusal.status == 401 => {
                Self::new(Exit::Auth, format!("Intercom refused the token: {error}"))
                    .hint("set INTERCOM_ACCESS_TOKEN to a token that may read and write articles")
                    .hint("a workspace in Europe or Australia needs `region: eu` or `region: au` in helpbook.yml")
            }
            Error::Refused(refusal) if refusal.status == 403 => {
                Self::new(Exit::Auth, format!("the token may not do this: {error}"))
                    .hint("give it the permission that is named, in Intercom's Developer Hub")
            }
            Error::Lost { .. } => Self::new(Exit::Failed, format!("cannot reach {host}: {error}"))
                .detail("nothing was written")
                .hint("check the network and run it again"),
            Error::Refused(_) | Error::Garbled { .. } | Error::TooLarge { .. } => {
                Self::new(Exit::Failed, error.to_string()).detail("nothing was written")
            }
        }
    }

    /// The local Help Center cannot start.
    pub fn of_local(error: &local::Error) -> Self {
        let hint = match error {
            local::Error::InUse { .. } => "stop the other one first: `helpbook serve`, or another run with `--local`",
            local::Error::Bind { .. } => "take another port: `--port 0` takes any free one",
            local::Error::Folder { .. } | local::Error::Docs { .. } => {
                "check that the folder is there and can be written"
            }
            local::Error::Locale { .. } => {
                "set `default_locale` back, or delete `.helpbook/local` to start with an empty one"
            }
            local::Error::Store(_) => {
                "check that `.helpbook/local` can be read and written; if it is broken, delete it to start with an empty one"
            }
        };
        Self::new(Exit::Failed, error.to_string()).hint(hint)
    }

    pub fn of_live(error: &LiveError, host: &str) -> Self {
        match error {
            LiveError::Intercom(error) => Self::of_request(error, host),
            LiveError::WrongWorkspace { pinned, .. } => Self::new(Exit::Auth, error.to_string())
                .detail("no article was read, and nothing was written")
                .hint(format!("use a token of the workspace `{pinned}`")),
            LiveError::Locale { .. } => Self::new(Exit::Failed, error.to_string()).detail("nothing was written").hint(
                "name only these as `default_locale` and in `locales` of helpbook.yml, or add the locale in Intercom",
            ),
            LiveError::HelpCenter { .. } => {
                Self::new(Exit::Failed, error.to_string()).hint("name it in helpbook.yml: `help_center: NAME`")
            }
        }
    }
}

/// A failure as what `doctor` finds.
pub(super) fn finding(subject: &'static str, failure: &Failure) -> Finding {
    let finding = Finding::new(subject, Verdict::Bad, failure.message.text());
    failure.message.hints().iter().cloned().fold(finding, Finding::hint)
}

impl From<ConnectionError> for Failure {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::NoToken => Self::new(Exit::Auth, error.to_string())
                .hint("set INTERCOM_ACCESS_TOKEN to an access token of your workspace")
                .hint("to try helpbook without an account, add `--local`"),
            ConnectionError::BadToken => Self::new(Exit::Auth, error.to_string()).hint("copy the token again"),
            ConnectionError::BadAddress(_) => Self::new(Exit::Usage, error.to_string())
                .hint("unset it, or set it to an address such as https://api.intercom.io"),
            ConnectionError::Client(_) => Self::new(Exit::Failed, error.to_string()),
        }
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::new(Exit::Failed, error.to_string())
            .hint("make the folder, or set `docs` in helpbook.yml to the folder of your articles")
    }
}
