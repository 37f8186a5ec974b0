//! Answers on standard output: as they came, as one document, record by record, or what a filter takes from them.

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::arguments::Args;
use crate::api::{self, Document, Jq, JqError, Page, pretty};
use crate::intercom::{Reply, Request};
use crate::report::Terminal;
use crate::text::{harmless, one_line};

/// The header of an answer that the local Help Center made up.
const EXAMPLE: &str = "x-helpbook-example";

/// How much of a document is printed at once, in bytes.
const LARGE: usize = 256 * 1024;

/// How answers are printed.
pub(super) struct Output<'a> {
    pub args: &'a Args,
    pub jq: Option<&'a Jq>,
    pub terminal: &'a Terminal,
}

/// Why no more pages are taken.
#[derive(Debug)]
pub(super) enum Stop {
    /// Nobody reads what is printed any more.
    Closed,
    Failed(Box<Failure>),
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Stop::Closed => "nobody reads it any more",
            Stop::Failed(failure) => failure.message.text(),
        })
    }
}

/// The request as it would be sent, without the token.
pub(super) fn show_request(request: &Request, host: &str, terminal: &Terminal) {
    let mut text = format!("{} {}\n", request.method(), request.path());
    text.push_str(&format!("Host: {host}\n"));
    text.extend(request.headers().iter().map(|(name, value)| format!("{name}: {value}\n")));
    if let Some(body) = request.body() {
        let body = String::from_utf8_lossy(body);
        let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&body).is_ok();
        text.push_str(&format!("\n{}\n", if is_json { pretty(&body) } else { harmless(&body) }));
    }
    terminal.print(&harmless(&text));
    terminal.say("nothing was sent");
}

/// An expression that is wrong.
pub(super) fn of_jq(error: &JqError) -> Failure {
    let exit = match error {
        JqError::Parse(_) | JqError::Undefined(..) => Exit::Usage,
        JqError::Run(_) | JqError::Document(_) => Exit::Failed,
    };
    Failure::new(exit, error.to_string()).hint("`--jq` takes the language of jq, for example `.data[].id`")
}

impl Output<'_> {
    /// Says what is sent, where that is asked for.
    pub fn sends(&self, request: &Request) {
        if self.terminal.verbosity == crate::report::Verbosity::Verbose {
            self.terminal.say(&one_line(&format!("> {} {}", request.method(), request.path())));
            for (name, value) in request.headers() {
                self.terminal.say(&format!("> {name}: {value}"));
            }
        }
    }

    /// Prints status and headers, where they are asked for.
    pub fn head(&self, reply: &Reply) {
        if self.args.include {
            let mut text = format!("HTTP {}\n", reply.status);
            text.extend(reply.headers.iter().map(|(name, value)| format!("{name}: {value}\n")));
            self.terminal.print(&format!("{text}\n"));
        }
    }

    /// Prints the body of a refusal, where the headers are printed.
    pub fn refused(&self, reply: &Reply) {
        if self.args.include && !reply.body.is_empty() && is_json(&reply.body) {
            self.print_document(&String::from_utf8_lossy(&reply.body));
        }
    }

    /// Says that an answer is made up.
    pub fn is_example(&self, reply: &Reply) {
        if reply.header(EXAMPLE).is_some() {
            self.terminal.note("the local Help Center made this answer up, from the types that the API has");
        }
    }

    /// Prints the body of an answer.
    ///
    /// # Errors
    /// Fails where the filter does, and where a terminal cannot show it.
    pub fn body(&self, reply: &Reply) -> Result<(), Failure> {
        self.is_example(reply);
        if reply.body.is_empty() {
            match reply.header("location").filter(|_| reply.status >= 300) {
                Some(address) => self.terminal.print(&format!("{address}\n")),
                None => self.terminal.say(&format!("done: {} without a body", reply.status)),
            }
            return Ok(());
        }
        if let Some(jq) = self.jq {
            return jq.run(&reply.body, |output| self.print_output(output)).map_err(|error| of_jq(&error));
        }
        if is_json(&reply.body) {
            self.print_document(&String::from_utf8_lossy(&reply.body));
            return Ok(());
        }
        match (std::str::from_utf8(&reply.body), self.terminal.is_terminal()) {
            (Ok(text), true) => self.terminal.print(&harmless(text)),
            (Ok(text), false) => self.terminal.print(text),
            (Err(_), false) => self.terminal.print_bytes(&reply.body),
            (Err(_), true) => {
                let size = reply.body.len();
                return Err(Failure::new(Exit::Failed, format!("the answer is a file of {size} bytes and no text"))
                    .hint("write it into a file: add `> FILE`"));
            }
        }
        Ok(())
    }

    /// What takes the pages of a list.
    pub fn pages(&self) -> Pages<'_> {
        Pages { output: self, document: Document::default(), printed: 0 }
    }

    fn print_document(&self, document: &str) {
        let document = if self.terminal.is_terminal() { pretty(document) } else { document.to_owned() };
        self.terminal.print_json(&format!("{}\n", document.trim_end()));
    }

    fn print_output(&self, output: api::Output) {
        match output {
            api::Output::Json(line) => self.terminal.print_json(&format!("{line}\n")),
            // A terminal is not steered; a file gets every character.
            api::Output::Text(text) if self.terminal.is_terminal() => {
                self.terminal.print(&format!("{}\n", harmless(&text)));
            }
            api::Output::Text(text) => self.terminal.print(&format!("{text}\n")),
        }
    }
}

/// The pages of a list, on their way to standard output.
pub(super) struct Pages<'a> {
    output: &'a Output<'a>,
    document: Document,
    /// How many records were printed.
    printed: usize,
}

impl Pages<'_> {
    /// Takes a page: prints its records, or keeps them for the document.
    ///
    /// # Errors
    /// Fails where the filter does, and where nobody reads any more.
    pub fn take(&mut self, page: Page) -> Result<(), Stop> {
        if !self.output.args.stream {
            self.document.add(page);
            return Ok(());
        }
        for record in page.records() {
            match self.output.jq {
                Some(jq) => jq
                    .run(record.as_bytes(), |output| self.output.print_output(output))
                    .map_err(|error| Stop::Failed(Box::new(of_jq(&error))))?,
                // No line feed is inside a text of JSON.
                None => self.output.terminal.print_json(&format!("{}\n", record.replace(['\n', '\r'], " "))),
            }
            self.printed += 1;
            if self.output.terminal.is_closed() {
                return Err(Stop::Closed);
            }
        }
        Ok(())
    }

    /// Prints the document, where it was kept.
    ///
    /// # Errors
    /// Fails where the filter does.
    pub fn end(self) -> Result<(), Failure> {
        if self.output.args.stream {
            return Ok(());
        }
        if let Some(jq) = self.output.jq {
            let text = self.document.to_text();
            return jq.run(text.as_bytes(), |output| self.output.print_output(output)).map_err(|error| of_jq(&error));
        }
        if self.output.terminal.is_terminal() {
            self.output.print_document(&self.document.to_text());
            return Ok(());
        }
        // It may be large, and is not copied as a whole.
        let mut part = String::new();
        self.document.write(|piece| {
            part.push_str(piece);
            if part.len() > LARGE {
                self.output.terminal.print_json(&part);
                part.clear();
            }
        });
        self.output.terminal.print_json(&format!("{part}\n"));
        Ok(())
    }

    /// A failure in the middle of the list: what of it was printed.
    pub fn cut(&self, failure: Failure) -> Failure {
        match self.printed {
            0 => failure,
            printed => failure.detail(format!("{printed} records were printed; the others are missing")),
        }
    }
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}
