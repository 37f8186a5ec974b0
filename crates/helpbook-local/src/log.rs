//! The request log: one line per request, in memory and, where the store is a folder, in its
//! `requests.log`.
//!
//! A line is `<time> <METHOD> <path?query> <status>`. Where a request wrote an article, its state
//! after that follows: `article=9100001 state=published draft=no`, or `article=9100001 deleted`. So
//! a reader sees of every article when it was live. The token is never in it.

use std::collections::{BTreeMap, VecDeque};
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use jiff::Timestamp;

/// How many lines are kept in memory.
const KEPT: usize = 100_000;

/// The name of the file in the store's folder.
const FILE: &str = "requests.log";

/// Where requests are noted.
#[derive(Debug, Default)]
pub(super) struct RequestLog {
    lines: VecDeque<String>,
    /// How many there were, by method and status.
    counts: BTreeMap<String, u64>,
    file: Option<File>,
}

impl RequestLog {
    /// A log that is also appended to the file in `folder`.
    ///
    /// # Errors
    /// Fails where the file cannot be opened.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(folder.join(FILE))?;
        Ok(Self { file: Some(file), ..Self::default() })
    }

    /// Notes one request. `effects` is what it did to articles, one entry each.
    pub(super) fn note(&mut self, at: i64, request: &str, status: u16, effects: &[String]) {
        let time = Timestamp::from_second(at).unwrap_or_default();
        let mut line = format!("{time} {request} {status}");
        for effect in effects {
            line.push(' ');
            line.push_str(effect);
        }
        if let Some(file) = &mut self.file {
            // The request has been carried out; a full disk must not make it look undone.
            let _ = writeln!(file, "{line}");
        }
        let method = request.split(' ').next().unwrap_or_default();
        *self.counts.entry(format!("{method} {status}")).or_default() += 1;
        if self.lines.len() == KEPT {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }

    /// How many requests there were since the start, by method and status.
    pub(super) fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }

    /// The lines since the start.
    pub(super) fn lines(&self) -> Vec<String> {
        self.lines.iter().cloned().collect()
    }
}
