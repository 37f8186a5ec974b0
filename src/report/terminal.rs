//! The one owner of standard output and standard error.
//!
//! Standard output is data, standard error is progress and messages. A closed pipe is no failure:
//! what is written to it is dropped, and the run goes on to its end. In a GitHub workflow nothing
//! that is printed here is a command for the runner, but what is printed as it is.

use std::borrow::Cow;
use std::env;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::paint::{Paint, Surface, Verbosity};
use super::plan::Look;
use super::progress::{Progress, Screen};
use super::workflow::{defused, defused_json, harmless_json};
use super::wrap;
use crate::text::one_line;
use secrecy::SecretString;

/// Whether colour is used: `--color`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// On a terminal, and without `NO_COLOR`.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

fn columns(size: Option<(terminal_size::Width, terminal_size::Height)>) -> Option<usize> {
    size.map(|(width, _)| usize::from(width.0))
}

/// The options that every command of this session was given: the commands in hints name them, so that
/// they can be copied. Nobody else's text is ever changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionOptions(String);

impl SessionOptions {
    /// The options as they were typed.
    pub fn new(options: &[String]) -> Self {
        Self(options.iter().map(|option| format!("{option} ")).collect())
    }

    /// The line for a hint: with `--local` given, `helpbook apply` is shown as `helpbook --local apply`.
    pub fn shown(&self, hint: &Hint) -> String {
        one_line(&hint.0).replace("`helpbook ", &format!("`helpbook {}", self.0))
    }
}

/// What to do next, in words of ours; a command of ours starts with `` `helpbook ``.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint(String);

impl Hint {
    /// Its words.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for Hint {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

/// Something to say on standard error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    text: String,
    details: Vec<String>,
    hints: Vec<Hint>,
}

impl Message {
    /// One sentence, lower case, without a final period.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The sentence.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What to do.
    pub fn hints(&self) -> &[Hint] {
        &self.hints
    }

    /// Adds a line below the sentence.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        if !self.details.contains(&detail) {
            self.details.push(detail);
        }
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// Who reads what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// A person or a program.
    Any,
    /// The runner of a GitHub workflow, which takes some lines for commands.
    Workflow,
}

/// Standard output and standard error. A clone is the same terminal.
#[derive(Debug, Clone)]
pub struct Terminal {
    color: ColorChoice,
    /// What hints name.
    options: SessionOptions,
    /// Who reads what is printed.
    reader: Reader,
    /// Whether data could not be written.
    failed: Arc<AtomicBool>,
    /// Whether nobody reads data any more.
    closed: Arc<AtomicBool>,
    /// Where everything goes that nobody is to see on standard output or standard error.
    kept: Option<Arc<Mutex<Kept>>>,
    /// How much is printed.
    pub verbosity: Verbosity,
}

/// What a command printed for a program that asked for it, in place of printing it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Data, as on standard output.
    pub data: Vec<u8>,
    /// Messages, as on standard error.
    pub messages: String,
}

impl Terminal {
    /// A terminal as the command line asks for it.
    pub fn new(color: ColorChoice, verbosity: Verbosity) -> Self {
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let in_workflow = is_set("GITHUB_ACTIONS") || is_set("TF_BUILD");
        let reader = if in_workflow { Reader::Workflow } else { Reader::Any };
        Self {
            color,
            options: SessionOptions::default(),
            reader,
            failed: Arc::default(),
            closed: Arc::default(),
            kept: None,
            verbosity,
        }
    }

    /// A terminal that prints nothing, asks nobody and keeps what a command prints, without colour.
    #[must_use]
    pub fn keeping(&self, verbosity: Verbosity) -> Self {
        Self {
            color: ColorChoice::Never,
            reader: Reader::Any,
            failed: Arc::default(),
            closed: Arc::default(),
            kept: Some(Arc::default()),
            verbosity,
            ..self.clone()
        }
    }

    /// What was printed so far on a terminal that keeps it; nothing on any other.
    pub fn take_kept(&self) -> Kept {
        let kept = self.kept.as_ref();
        kept.map(|kept| std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner))).unwrap_or_default()
    }

    /// Standard output, for a protocol that has it for itself.
    pub fn protocol(&self) -> (impl tokio::io::AsyncRead + use<>, impl tokio::io::AsyncWrite + use<>) {
        rmcp::transport::stdio_pipes()
    }

    /// A terminal whose hints name the options of this session.
    #[must_use]
    pub fn naming(self, options: &[String]) -> Self {
        Self { options: SessionOptions::new(options), ..self }
    }

    /// What the commands in hints name.
    pub fn options(&self) -> &SessionOptions {
        &self.options
    }

    /// How a text for a person looks on standard output. It is printed as it is: what it says to run
    /// names the options already.
    pub fn look(&self) -> Look {
        let Surface { paint, width } = self.surface();
        Look { paint, verbosity: self.verbosity, width, options: self.options.0.clone() }
    }

    /// What data is printed on.
    pub fn surface(&self) -> Surface {
        let width = || columns(terminal_size::terminal_size_of(io::stdout()));
        Surface { paint: self.paint(), width: if self.kept.is_some() { None } else { width() } }
    }

    /// What messages are printed on.
    pub fn message_surface(&self) -> Surface {
        Surface { paint: self.paint_messages(), width: self.message_width() }
    }

    /// Whether data is coloured.
    pub fn paint(&self) -> Paint {
        self.choose(&anstream::AutoStream::choice(&io::stdout()))
    }

    /// Whether messages are coloured.
    pub fn paint_messages(&self) -> Paint {
        self.choose(&anstream::AutoStream::choice(&io::stderr()))
    }

    fn choose(&self, auto: &anstream::ColorChoice) -> Paint {
        match self.color {
            ColorChoice::Always => Paint::Colored,
            ColorChoice::Never => Paint::Plain,
            ColorChoice::Auto if *auto == anstream::ColorChoice::Never => Paint::Plain,
            ColorChoice::Auto => Paint::Colored,
        }
    }

    /// Prints data, to standard output.
    pub fn print(&self, text: &str) {
        match self.reader {
            Reader::Any => self.print_as_it_is(text),
            Reader::Workflow => self.print_as_it_is(&defused(text)),
        }
    }

    /// Prints a JSON document, to standard output.
    pub fn print_json(&self, document: &str) {
        let document = harmless_json(document);
        match self.reader {
            Reader::Any => self.print_as_it_is(&document),
            Reader::Workflow => self.print_as_it_is(&defused_json(&document)),
        }
    }

    /// Prints to standard output what may give commands to a workflow. No text of an article or of
    /// Intercom is in it, but what was escaped for that.
    pub fn print_as_it_is(&self, text: &str) {
        self.print_bytes(text.as_bytes());
    }

    /// Prints a file to standard output, byte by byte. It is for another program, and never for a terminal.
    pub fn print_bytes(&self, bytes: &[u8]) {
        if let Some(kept) = &self.kept {
            kept.lock().unwrap_or_else(PoisonError::into_inner).data.extend_from_slice(bytes);
            return;
        }
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed.store(true, Ordering::SeqCst),
            Err(_) => self.failed.store(true, Ordering::SeqCst),
        }
    }

    /// Whether standard output is a terminal.
    pub fn is_terminal(&self) -> bool {
        self.kept.is_none() && io::stdout().is_terminal()
    }

    /// Whether nobody reads standard output any more, so that what could still be printed is in vain.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Whether data could not be written to standard output, for another reason than that nobody
    /// reads it any more.
    pub fn has_failed(&self) -> bool {
        self.failed.load(Ordering::SeqCst)
    }

    /// Prints a text for a person, to standard error.
    pub fn print_error(&self, text: &str) {
        let text = match self.reader {
            Reader::Any => Cow::Borrowed(text),
            Reader::Workflow => Cow::Owned(defused(text)),
        };
        if let Some(kept) = &self.kept {
            kept.lock().unwrap_or_else(PoisonError::into_inner).messages.push_str(&text);
            return;
        }
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Says what failed.
    pub fn error(&self, message: &Message) {
        let label = self.paint_messages().bad("error");
        self.message(&label, message);
    }

    /// Says what needs a look.
    pub fn warning(&self, message: &Message) {
        if self.verbosity > Verbosity::Quiet {
            let label = self.paint_messages().odd("warning");
            self.message(&label, message);
        }
    }

    /// Says what was done.
    pub fn say(&self, text: &str) {
        if self.verbosity > Verbosity::Quiet {
            self.print_error(&wrap::text(&format!("{text}\n"), self.message_width()));
        }
    }

    fn message_width(&self) -> Option<usize> {
        if self.kept.is_some() {
            return None;
        }
        columns(terminal_size::terminal_size_of(io::stderr()))
    }

    /// Says what else a person may want to know, and what to do about it.
    pub fn note(&self, note: &str) {
        self.say(&format!("note: {}", self.options.shown(&note.into())));
    }

    /// Says what to do next.
    pub fn hint(&self, hint: &str) {
        if self.verbosity > Verbosity::Quiet {
            let label = self.paint_messages().bold("hint");
            let text = format!("\n{label}: {}\n", self.options.shown(&hint.into()));
            self.print_error(&wrap::text(&text, self.message_width()));
        }
    }

    fn message(&self, label: &str, message: &Message) {
        let mut text = format!("{label}: {}\n", one_line(&message.text));
        for detail in &message.details {
            text.push_str(&format!("  {}\n", one_line(detail)));
        }
        let hint = self.paint_messages().bold("hint");
        for line in &message.hints {
            text.push_str(&format!("{hint}: {}\n", self.options.shown(line)));
        }
        self.print_error(&wrap::text(&text, self.message_width()));
    }

    /// Whether a person can answer.
    pub fn can_ask(&self) -> bool {
        self.kept.is_none() && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks a question that only `yes` answers.
    pub fn confirm(&self, question: &str) -> bool {
        let question = wrap::text(question, self.message_width());
        self.print_error(&format!("{question}Only `yes` is accepted: "));
        let _ = io::stderr().flush();
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).is_ok() && answer.trim() == "yes"
    }

    /// Asks for a secret, which is not shown while it is typed. `None` where nothing was typed.
    pub fn ask_secret(&self, question: &str) -> Option<SecretString> {
        let typed = rpassword::prompt_password(format!("{question}: ")).ok();
        typed.filter(|typed| !typed.trim().is_empty()).map(SecretString::from)
    }

    /// Asks a question that has a usual answer: `true` for yes and for no answer at all.
    pub fn ask(&self, question: &str) -> bool {
        let question = wrap::text(question, self.message_width());
        self.print_error(&format!("{} [Y/n] ", question.trim_end()));
        let _ = io::stderr().flush();
        let mut answer = String::new();
        let is_read = io::stdin().lock().read_line(&mut answer).is_ok_and(|read| read > 0);
        is_read && !answer.trim().to_ascii_lowercase().starts_with('n')
    }

    /// Shows that something takes its time; on a terminal only.
    pub fn progress(&self, text: &str) -> Progress {
        let is_seen = self.kept.is_none() && self.verbosity > Verbosity::Quiet && io::stderr().is_terminal();
        Progress::new(text, if is_seen { Screen::Terminal } else { Screen::None })
    }
}
