//! Reads the docs again where they changed, and compares them once nothing is saved for a while.
//!
//! A save is shown at once, by the thread that saw it. What takes longer, the errors of all texts and the
//! comparison, is done by another thread and is shown when it is there: whoever writes never waits for it.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use helpbook_site::Finding;

use super::comparing::Comparer;
use super::{Global, errors, name, problem};
use crate::book::Book;
use crate::cli::project::{Docs, Project};
use crate::preview::comparison::Comparison;
use crate::preview::server::Screen;
use crate::preview::site::{Site, as_shown};
use crate::report::Terminal;

/// How long nothing is saved before all texts are looked at, at least. Of many texts it is half as long as the last
/// look took, up to [`PATIENCE`]: that look would only take the time of the next save.
const QUIET: Duration = Duration::from_millis(300);

/// How long it is at most.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long what Intercom has is taken for what it has, while somebody looks.
const FRESH: Duration = Duration::from_secs(300);

/// What reads the docs again.
#[derive(Debug)]
pub(super) struct Reading {
    global: Global,
    /// The project as it was at the start, for where its configuration cannot be used any more.
    project: Project,
    screen: Screen,
    /// Whoever looks at what was read.
    saved: Sender<Project>,
}

impl Reading {
    /// Begins to look at what is read.
    pub fn start(global: &Global, project: Project, screen: Screen, comparer: Comparer, terminal: &Terminal) -> Self {
        let (saved, reads) = mpsc::channel();
        let looking = Looking { screen: screen.clone(), comparer, terminal: terminal.clone(), said: None };
        thread::spawn(move || looking.at(&reads));
        Self { global: global.clone(), project, screen, saved }
    }

    /// Shows the docs as they are now. Where the configuration cannot be used any more, those before, and why.
    pub fn read(&self) {
        let (project, problems) = match Project::read(&self.global) {
            Ok((project, found)) if found.stop().is_ok() => (project, Vec::new()),
            Ok((_, found)) => {
                let shown = found
                    .diagnostics
                    .iter()
                    .map(|finding| as_shown(finding, found.sources.get(&finding.path).map_or("", |text| text)));
                (self.project.clone(), shown.collect())
            }
            Err(failure) => (self.project.clone(), vec![problem(&failure)]),
        };
        let read = project.files().map(|book| Site::new(name(&project), project.config.clone(), book));
        self.screen.change(|site| {
            let mut now = read.unwrap_or_else(|failure| {
                let book = Book { root: site.files.book.root.clone(), ..Book::default() };
                let mut empty = Site::new(name(&project), project.config.clone(), book);
                empty.problems.push(problem(&failure));
                empty
            });
            now.problems.extend(problems);
            now.events = site.events.take();
            now.errors = std::mem::take(&mut site.errors);
            now.comparison = site.comparison.take();
            now.not_compared = site.not_compared.take();
            *site = now;
        });
        // Nobody looks any more once the preview ends.
        let _ = self.saved.send(project);
    }
}

/// What looks at all texts.
struct Looking {
    screen: Screen,
    comparer: Comparer,
    terminal: Terminal,
    /// What was said last of the comparison.
    said: Option<String>,
}

impl Looking {
    fn at(mut self, reads: &Receiver<Project>) {
        let Ok(mut project) = reads.recv() else { return };
        let mut quiet = QUIET;
        loop {
            // Saves that come one after another are looked at once.
            while let Ok(next) = reads.recv_timeout(quiet) {
                project = next;
            }
            let begun = Instant::now();
            let docs = project.docs(Book::clone(&self.screen.site().files.book));
            let errors = errors(&docs.book);
            if self.screen.site().errors != errors {
                self.screen.change(|site| site.errors = errors);
            }
            // Without the docs all would count as deleted.
            if self.screen.site().problems.is_empty() {
                self.compare(&project, docs);
            }
            quiet = (begun.elapsed() / 2).clamp(QUIET, PATIENCE);
            project = loop {
                match reads.recv_timeout(FRESH) {
                    Ok(next) => break next,
                    Err(RecvTimeoutError::Timeout) if self.screen.is_looked_at() => {
                        self.comparer.forget();
                        break project;
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            };
        }
    }

    /// Shows what the docs are compared with, or why they are not.
    fn compare(&mut self, project: &Project, docs: Docs) {
        match self.comparer.compare(project, docs) {
            Ok(None) => {}
            Ok(Some(comparison)) => {
                self.say(&comparison);
                let before = self.screen.site();
                let is_news = before.comparison.as_ref().is_none_or(|before| !before.is_as(&comparison));
                if is_news || before.not_compared.is_some() {
                    self.screen.change(|site| {
                        site.comparison = Some(Arc::new(comparison));
                        site.not_compared = None;
                    });
                }
            }
            Err(failure) => {
                let finding = Finding { is_error: false, id: "not-compared".to_owned(), ..problem(&failure) };
                if self.screen.site().not_compared.as_ref() != Some(&finding) {
                    self.terminal.warning(&failure.message);
                    self.screen.change(|site| site.not_compared = Some(finding));
                }
            }
        }
    }

    /// Says in the terminal what differs, where that is not what was said before.
    fn say(&mut self, comparison: &Comparison) {
        let counts = comparison.counts();
        let counts: Vec<String> = counts.iter().map(|(status, count)| format!("{count} {}", status.word())).collect();
        let counts = if counts.is_empty() { "no changes".to_owned() } else { counts.join(", ") };
        let said = format!("compared with {}: {counts}", comparison.with);
        if self.said.as_ref() != Some(&said) {
            self.terminal.say(&said);
            self.said = Some(said);
        }
    }
}
