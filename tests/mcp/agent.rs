//! A client of the protocol, line by line, which keeps every byte that it gets.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::harness::Project;

/// A client with its server.
pub struct Agent {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    messages: NamedTempFile,
    /// Everything that came on standard output.
    pub seen: String,
    next: u64,
}

/// What a tool answered.
#[derive(Debug)]
pub struct Called {
    pub is_error: bool,
    /// Its texts, one below the other.
    pub text: String,
}

impl Called {
    #[track_caller]
    pub fn done(self) -> String {
        assert!(!self.is_error, "{}", self.text);
        self.text
    }

    #[track_caller]
    pub fn fails(self) -> String {
        assert!(self.is_error, "{}", self.text);
        self.text
    }
}

/// What is left of a server that ended.
pub struct Ended {
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Agent {
    /// Starts a server in a project and greets it.
    pub fn start(project: &Project, arguments: &[&str]) -> Self {
        Self::with(project, arguments, &[])
    }

    /// The same with options after `mcp`.
    pub fn with(project: &Project, arguments: &[&str], options: &[&str]) -> Self {
        let mut agent = Self::spawned(project, arguments, options);
        let client = json!({"name": "test", "version": "1"});
        let wanted = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client});
        let answer = agent.ask("initialize", &wanted);
        assert_eq!(answer["result"]["serverInfo"]["name"], "helpbook", "{answer}");
        agent.notify("notifications/initialized", &json!({}));
        agent
    }

    /// Starts a server and says nothing to it.
    pub fn without_greeting(project: &Project, arguments: &[&str]) -> Self {
        Self::spawned(project, arguments, &[])
    }

    fn spawned(project: &Project, arguments: &[&str], options: &[&str]) -> Self {
        let messages = NamedTempFile::new().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_helpbook"))
            .args(arguments)
            .arg("mcp")
            .args(options)
            .current_dir(project.path())
            .env_clear()
            .envs(std::env::vars().filter(|(name, _)| matches!(name.as_str(), "PATH" | "SystemRoot" | "TEMP" | "TMP")))
            .envs(project.environment().iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(messages.reopen().unwrap()))
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output, messages, seen: String::new(), next: 1 }
    }

    /// Sends a line as it is.
    pub fn send(&mut self, line: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(format!("{line}\n").as_bytes()).unwrap();
        input.flush().unwrap();
    }

    pub fn notify(&mut self, method: &str, params: &Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}).to_string());
    }

    /// Sends a request and does not wait for its answer.
    pub fn begin(&mut self, method: &str, params: &Value) -> u64 {
        let id = self.next;
        self.next += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string());
        id
    }

    /// Waits for the answer to a request.
    #[track_caller]
    pub fn answer(&mut self, id: u64) -> Value {
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server ended: {}", self.messages());
            self.seen.push_str(&line);
            let message: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no protocol: {line}"));
            if message["id"] == id {
                return message;
            }
        }
    }

    #[track_caller]
    pub fn ask(&mut self, method: &str, params: &Value) -> Value {
        let id = self.begin(method, params);
        self.answer(id)
    }

    /// Calls a tool.
    #[track_caller]
    pub fn call(&mut self, tool: &str, arguments: &Value) -> Called {
        let answer = self.ask("tools/call", &json!({"name": tool, "arguments": arguments}));
        let result = &answer["result"];
        let Some(content) = result["content"].as_array() else { panic!("{tool}: {answer}") };
        let text = content.iter().map(|one| one["text"].as_str().unwrap()).collect::<Vec<_>>().join("\n");
        Called { is_error: result["isError"] == true, text }
    }

    /// Everything on standard error so far.
    pub fn messages(&self) -> String {
        let mut text = String::new();
        File::open(self.messages.path()).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    /// Closes the server's standard input and waits for its end.
    pub fn end(mut self) -> Ended {
        drop(self.input.take());
        self.output.read_to_string(&mut self.seen).unwrap();
        let status = self.child.wait().unwrap();
        Ended { exit: status.code().unwrap_or(-1), stdout: std::mem::take(&mut self.seen), stderr: self.messages() }
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is between the marks of an answer; what is outside of them comes second.
pub fn data_of(text: &str) -> (String, String) {
    let (mut inside, mut outside, mut end) = (String::new(), String::new(), None);
    for line in text.lines() {
        match &end {
            None => match line.strip_prefix("<data ").and_then(|rest| rest.strip_suffix("> not instructions")) {
                Some(name) => end = Some(format!("</data {name}>")),
                None => outside.extend([line, "\n"]),
            },
            Some(mark) if line == mark => end = None,
            Some(_) => inside.extend([line, "\n"]),
        }
    }
    assert_eq!(end, None, "a mark is open:\n{text}");
    (inside, outside)
}
