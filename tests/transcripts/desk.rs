//! A project, a Help Center in Intercom's place, and a terminal between them.
//!
//! The Help Center has a clock of its own, which a minute passes on with each command. What is by chance in what is
//! printed is replaced: the port, the folder of the project, and the time of the machine.

use std::path::Path;
use std::process::Command;
use std::rc::Rc;

use helpbook::intercom::model::Locale;
use helpbook::local::{Clock, Options};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use regex::Regex;
use serde_json::Value;

use super::terminal;
use crate::harness::{Project, Server};

/// Monday morning.
const START: i64 = 1_781_514_000;

/// What `serve` made once.
pub const TOKEN: &str = "dG9rOjdjNWE5MWQ2ZTRiMDgzMmZhNjE3ZDk0MmJlMDg1M2Mx";

/// What the addresses of the Help Center begin with in what is shown.
const HELP_CENTER: &str = "https://help.example.com/";

/// The same for a host of images that has none: a path below `/docs/none/`.
const REPOSITORY: &str = "https://raw.githubusercontent.com/OWNER/REPO/main/docs/";

/// Somebody at work: whoever reads the guide.
pub struct Desk {
    pub project: Project,
    pub server: Rc<Server>,
    clock: Clock,
    /// When the work began, by the clock of the machine.
    begun: Timestamp,
}

/// What a command printed.
pub struct Screen {
    command: String,
    text: String,
    exit: i32,
}

impl Desk {
    /// Files by path, beside a `helpbook.yml` by which articles go live.
    pub fn with(files: &[(&str, &str)]) -> Self {
        Self::in_locales(&["en"], files)
    }

    pub fn in_locales(locales: &[&str], files: &[(&str, &str)]) -> Self {
        let clock = Clock::manual(START);
        let locales = locales.iter().map(|&locale| Locale(locale.to_owned())).collect();
        let server = Server::on_clock(Options {
            clock: clock.clone(),
            token: Some(TOKEN.to_owned()),
            locales,
            ..Options::default()
        });
        let project = Project::new(files).on(&server);
        Self { project, server: Rc::new(server), clock, begun: Timestamp::now() }
    }

    /// The article of most pages, live, in a repository.
    pub fn with_refunds() -> Self {
        let desk = Self::with(&[("docs/billing/refunds.md", REFUNDS)]);
        desk.does("git init -q --initial-branch=main");
        desk.does("helpbook apply --publish --yes");
        desk.commits("Refunds");
        desk
    }

    /// Another project beside the same Help Center: a colleague, or a new start.
    pub fn beside(&self, files: &[(&str, &str)]) -> Self {
        let (project, server) = (Project::new(files).on(&self.server), Rc::clone(&self.server));
        Self { project, server, clock: self.clock.clone(), begun: self.begun }
    }

    /// Runs a command as it is typed.
    pub fn runs(&self, command: &str) -> Screen {
        self.answers(command, &[])
    }

    /// Runs a command that asks.
    pub fn answers(&self, command: &str, answers: &[&str]) -> Screen {
        self.passes(60);
        let (text, exit) = terminal::run(self.shell(command), answers);
        Screen { command: command.to_owned(), text: self.plain(&text), exit }
    }

    /// Runs a command where nobody can answer.
    pub fn runs_alone(&self, command: &str) -> Screen {
        self.passes(60);
        let output = self.shell(&format!("{command} 2>&1")).stdin(std::process::Stdio::null()).output().unwrap();
        let (text, exit) = (String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap_or(-1));
        Screen { command: command.to_owned(), text: self.plain(&text), exit }
    }

    /// Runs a command that nobody is shown.
    #[track_caller]
    pub fn does(&self, command: &str) {
        self.runs(command).exits(0);
    }

    pub fn commits(&self, message: &str) {
        self.does("git add -A");
        self.does(&format!("git commit -q -m '{message}'"));
    }

    /// Time goes by.
    pub fn passes(&self, seconds: i64) {
        self.clock.advance(seconds);
    }

    pub fn edit(&self, path: &str, old: &str, new: &str) {
        self.project.edit(path, old, new);
    }

    /// Grace saves an article in Intercom's editor.
    pub fn grace(&self, id: u64, change: &Value) {
        self.passes(60);
        self.server.edit(id, change);
    }

    /// A document that a command prints.
    pub fn json(&self, command: &str) -> Value {
        let screen = self.runs(&format!("{command} 2>/dev/null"));
        serde_json::from_str(&screen.text).unwrap_or_else(|error| panic!("{command}: {error}\n{}", screen.text))
    }

    /// What is in a file, as a reader may see it.
    pub fn file(&self, path: &str) -> String {
        self.plain(&self.project.read(path)).trim_end().to_owned()
    }

    fn shell(&self, command: &str) -> Command {
        let bin = Path::new(env!("CARGO_BIN_EXE_helpbook")).parent().unwrap().display();
        let path = std::env::var("PATH").unwrap();
        let time = format!("{} +0000", self.clock.now());
        let mut shell = Command::new("sh");
        shell.args(["-c", command]).current_dir(self.project.path()).env_clear();
        shell.envs(self.project.environment().iter().map(|(name, value)| (name, value)));
        shell.envs([("PATH", format!("{bin}:{path}")), ("HOME", self.project.path().display().to_string())]);
        // No line that moves, no colour, and the same names, times and words everywhere.
        shell.envs([("TERM", "dumb"), ("NO_COLOR", "1"), ("TZ", "UTC"), ("LC_ALL", "C"), ("PAGER", "cat")]);
        shell.envs([("GIT_CONFIG_GLOBAL", ""), ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_PAGER", "cat")]);
        for role in ["AUTHOR", "COMMITTER"] {
            shell.env(format!("GIT_{role}_NAME"), "Ada").env(format!("GIT_{role}_EMAIL"), "ada@example.com");
            shell.env(format!("GIT_{role}_DATE"), &time);
        }
        shell
    }

    /// A text without what is by chance in it.
    fn plain(&self, text: &str) -> String {
        let url = self.server.url();
        let port = url.rsplit(':').next().unwrap();
        let text = text
            .replace(&format!("{url}/local/"), HELP_CENTER)
            .replace("http://help.localhost/local/", HELP_CENTER)
            .replace(&format!("{url}/docs/none/"), REPOSITORY)
            .replace(&format!("{url}/a/apps/"), "https://app.intercom.com/a/apps/")
            .replace(&format!(":{port}"), ":4100")
            .replace(&self.project.path().display().to_string(), "/home/ada/help-center");
        self.on_the_clock(&text)
    }

    /// The time of the machine becomes that of the Help Center.
    fn on_the_clock(&self, text: &str) -> String {
        let now = Timestamp::from_second(self.clock.now()).unwrap();
        let work = self.begun - 1.minute()..=Timestamp::now() + 1.minute();
        let minute = Regex::new(r"\d{4}-\d\d-\d\d([ T])\d\d:\d\d(:\d\d(\.\d+)?)?").unwrap();
        let replaced = minute.replace_all(text, |found: &regex::Captures| {
            let form = match (&found[1], found.get(2)) {
                (between, None) => format!("%Y-%m-%d{between}%H:%M"),
                (between, Some(_)) => format!("%Y-%m-%d{between}%H:%M:%S"),
            };
            let read = found[0].replace(' ', "T").parse::<jiff::civil::DateTime>().unwrap();
            let time = read.to_zoned(TimeZone::UTC).unwrap().timestamp();
            if work.contains(&time) { now.strftime(&form).to_string() } else { found[0].to_owned() }
        });
        replaced.into_owned()
    }
}

impl Screen {
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.exit, code, "$ {}\n{}", self.command, self.text);
        self
    }

    /// What it printed.
    pub fn text(&self) -> String {
        self.text.trim_end().to_owned()
    }

    /// The command, and what it printed.
    pub fn whole(&self) -> String {
        self.cut(&self.text)
    }

    /// What it printed, below a shorter way to write the command.
    pub fn of(&self, command: &str) -> String {
        format!("$ {command}\n{}", self.text.trim_end())
    }

    /// The command, and what it printed from a line on.
    #[track_caller]
    pub fn from(&self, start: &str) -> String {
        self.cut(&format!("…\n{}", self.lines_from(start)))
    }

    /// What it printed from a line on.
    #[track_caller]
    pub fn lines_from(&self, start: &str) -> String {
        let mut lines = self.text.split_inclusive('\n').skip_while(|line| !line.starts_with(start)).peekable();
        assert!(lines.peek().is_some(), "no line starts with `{start}`\n{}", self.text);
        lines.collect::<String>().trim_end().to_owned()
    }

    /// What it printed, up to a line and without it.
    #[track_caller]
    pub fn lines_to(&self, end: &str) -> String {
        let lines = self.text.split_inclusive('\n').take_while(|line| !line.starts_with(end)).collect::<String>();
        assert!(lines.len() < self.text.len(), "no line starts with `{end}`\n{}", self.text);
        lines.trim_end().to_owned()
    }

    fn cut(&self, text: &str) -> String {
        format!("$ {}\n{}", self.command, text.trim_end())
    }
}

pub const REFUNDS: &str = "# Refund a customer

Open the invoice and choose **Refund**.

The money arrives within 10 days.
";

pub const INSTALL: &str = "# Install the app

Open the store on your phone and look for **Acme**.

Then sign in with the address that your team invited.
";
