//! A project in a folder of its own, a Help Center of its own, and the real binary between them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::Command;
use helpbook::local::{Clock, LocalHelpCenter, Options};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::door::Door;

/// More requests in a window than any test sends.
const NO_QUOTA: u32 = 1_000_000;

/// A Help Center on loopback, in memory.
pub struct Server {
    runtime: Runtime,
    local: LocalHelpCenter,
    client: reqwest::Client,
}

impl Server {
    pub fn start() -> Self {
        Self::with(Options::default())
    }

    /// One where nobody waits for a quota, unless the options name one: a test that sends thousands of requests would
    /// wait for minutes.
    pub fn with(options: Options) -> Self {
        let rate_limit = options.rate_limit.or(Some(NO_QUOTA));
        Self::on_clock(Options { clock: Clock::System, rate_limit, ..options })
    }

    /// One whose clock the options say.
    pub fn on_clock(options: Options) -> Self {
        let runtime = Runtime::new().unwrap();
        let local = runtime.block_on(LocalHelpCenter::start(options)).unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
        Self { runtime, local, client }
    }

    pub fn url(&self) -> String {
        self.local.url()
    }

    pub fn token(&self) -> &str {
        self.local.token()
    }

    /// A way to it on which a teammate can come first: its address and what controls it.
    pub fn door(&self) -> (String, Door) {
        self.runtime.block_on(Door::open(self.url(), self.token().to_owned(), self.client.clone()))
    }

    /// The log of every request so far, without times.
    pub fn requests(&self) -> Vec<String> {
        self.local.requests().iter().map(|line| line.split_once(' ').unwrap().1.to_owned()).collect()
    }

    /// The requests since a mark that `requests().len()` gave.
    pub fn requests_since(&self, mark: usize) -> Vec<String> {
        self.requests().split_off(mark)
    }

    /// The writes since a mark.
    pub fn writes_since(&self, mark: usize) -> Vec<String> {
        self.requests_since(mark).into_iter().filter(|line| !line.starts_with("GET ")).collect()
    }

    pub fn get(&self, path: &str) -> Value {
        self.send("GET", path, &Value::Null)
    }

    pub fn put(&self, path: &str, body: &Value) -> Value {
        self.send("PUT", path, body)
    }

    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.send("POST", path, body)
    }

    pub fn delete(&self, path: &str) -> Value {
        self.send("DELETE", path, &Value::Null)
    }

    /// Kills a run at the first request since `mark` that the fault `latency` holds up. Whether there was one.
    #[track_caller]
    pub fn kills_at_latency(&self, mut child: Child, mark: usize) -> bool {
        let start = Instant::now();
        let was_killed = loop {
            if self.requests_since(mark).iter().any(|line| line.contains("fault=latency")) {
                child.kill().unwrap();
                break true;
            }
            if child.try_wait().unwrap().is_some() {
                break false;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "the run hangs");
            std::thread::yield_now();
        };
        child.wait().unwrap();
        if was_killed {
            self.post("/_local/faults", &json!({ "rates": "0" }));
        } else {
            // A fault that this run did not meet would hold up a later one for as long as the client waits.
            self.delete("/_local/faults");
        }
        was_killed
    }

    /// A teammate works in Intercom's editor.
    pub fn edit(&self, id: u64, change: &Value) -> Value {
        self.post(&format!("/_local/articles/{id}/editor"), change)
    }

    /// Everything that a paged list has, by id.
    pub fn all(&self, path: &str) -> BTreeMap<u64, Value> {
        let mut all = BTreeMap::new();
        for page in 1.. {
            let list = self.get(&format!("{path}?per_page=250&page={page}"));
            let data = list["data"].as_array().unwrap();
            all.extend(data.iter().map(|one| (one["id"].as_str().unwrap().parse().unwrap(), one.clone())));
            if list["pages"]["total_pages"].as_u64().unwrap() <= page {
                break;
            }
        }
        all
    }

    /// Every article, by id.
    pub fn articles(&self) -> BTreeMap<u64, Value> {
        self.all("/articles")
    }

    /// The ids of all articles, lowest first.
    pub fn ids(&self) -> Vec<u64> {
        let list = self.get("/articles?per_page=250");
        let mut ids: Vec<u64> =
            list["data"].as_array().unwrap().iter().map(|a| a["id"].as_str().unwrap().parse().unwrap()).collect();
        ids.sort_unstable();
        ids
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.url());
        let (token, body) = (self.token().to_owned(), body.clone());
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        self.runtime.block_on(async move {
            let mut request = self.client.request(method, url).bearer_auth(token).header("Intercom-Version", "2.16");
            if !body.is_null() {
                request = request.json(&body);
            }
            request.send().await.unwrap().json().await.unwrap_or(Value::Null)
        })
    }
}

/// What a run of the binary gave back.
#[derive(Debug)]
pub struct Ran {
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.exit, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(
            self.stdout.contains(text) || self.stderr.contains(text),
            "`{text}` is not in\nstdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        self
    }
}

/// A project in a folder of its own.
pub struct Project {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Project {
    /// Files by path, `helpbook.yml` among them or an empty one.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap(), environment: Vec::new() };
        project.write("helpbook.yml", "docs: docs\nstate: published\n");
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// The same files in another folder: a fresh clone, without what Git does not keep.
    pub fn cloned(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(self.path(), folder.path());
        Self { folder, environment: self.environment.clone() }
    }

    /// The same project, talking to a server.
    pub fn on(mut self, server: &Server) -> Self {
        self.environment = vec![
            ("INTERCOM_BASE_URL".to_owned(), server.url()),
            ("INTERCOM_ACCESS_TOKEN".to_owned(), server.token().to_owned()),
        ];
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(other, _)| other != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What its runs find in the environment, beside `PATH`.
    pub fn environment(&self) -> &[(String, String)] {
        &self.environment
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, path: &str, text: &str) {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path().join(path)).unwrap();
    }

    pub fn exists(&self, path: &str) -> bool {
        self.path().join(path).exists()
    }

    /// Replaces a text in a file.
    #[track_caller]
    pub fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "`{old}` is not in {path}:\n{text}");
        self.write(path, &text.replace(old, new));
    }

    /// Every file of the docs with its text.
    pub fn docs(&self) -> Vec<(String, String)> {
        let mut files = Vec::new();
        list(&self.path().join("docs"), &mut files);
        files.sort();
        files
            .into_iter()
            .filter_map(|file| fs::read_to_string(&file).ok().map(|text| (file.display().to_string(), text)))
            .collect()
    }

    pub fn write_bytes(&self, path: &str, bytes: &[u8]) {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }

    /// Runs Git in the project, with no settings but the repository's own.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> String {
        let output = std::process::Command::new("git")
            .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "core.safecrlf=false"])
            .args(arguments)
            .current_dir(self.path())
            .env("GIT_CONFIG_GLOBAL", "")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The lines that differ from what Git has, without line ends, those that went before those that came.
    pub fn changed_lines(&self, path: &str) -> Vec<String> {
        let diff = self.git(&["diff", "-U0", "--", path]);
        let changed =
            |line: &&str| line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---");
        diff.lines().filter(changed).map(str::to_owned).collect()
    }

    /// The id in the front matter of a file.
    pub fn id(&self, path: &str) -> u64 {
        id_of(self, path)
    }

    /// The id of every article of the default locale, by its path in the docs.
    pub fn article_ids(&self) -> BTreeMap<String, u64> {
        let root = format!("{}/", self.path().join("docs").display());
        let id = |text: &str| text.lines().find_map(|line| line.strip_prefix("id: ")?.parse().ok());
        let files = self.docs().into_iter().filter(|(path, _)| !path.ends_with("/_index.md"));
        files.filter_map(|(path, text)| Some((path.strip_prefix(&root)?.to_owned(), id(&text)?))).collect()
    }

    /// The document of `plan --json`.
    pub fn plan_json(&self) -> Value {
        serde_json::from_str(&self.run(&["plan", "--json"]).exits(0).stdout).unwrap()
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_helpbook"))
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .envs(std::env::vars().filter(|(name, _)| matches!(name.as_str(), "PATH" | "SystemRoot" | "TEMP" | "TMP")))
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .output()
            .unwrap();
        Ran {
            exit: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n"),
            stderr: String::from_utf8(output.stderr).unwrap().replace("\r\n", "\n"),
        }
    }
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}

/// Starts a run against a Help Center, to which nobody listens, such as one that is to be killed.
pub fn spawn(project: &Project, server: &Server, arguments: &[&str]) -> Child {
    std::process::Command::new(env!("CARGO_BIN_EXE_helpbook"))
        .args(arguments)
        .current_dir(project.path())
        .env("INTERCOM_BASE_URL", server.url())
        .env("INTERCOM_ACCESS_TOKEN", server.token())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Copies what Git would keep.
pub fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if name == ".helpbook" || name == ".git" || name == "target" {
            continue;
        }
        let target = to.join(name);
        if path.is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Two articles in one collection, both to be published.
pub fn two_articles() -> Project {
    Project::new(&[
        ("docs/guide/install.md", "# Install\n\nRun the installer.\n\n## Steps\n\nClick it.\n"),
        ("docs/guide/update.md", "---\ntitle: Update\ndescription: How to stay current\n---\nRun it again.\n"),
    ])
}

/// The two articles, live.
pub fn published(server: &Server) -> Project {
    let project = two_articles().on(server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project
}

/// A plan without the addresses of its articles, which name the port of the server.
pub fn without_addresses(plan: &str) -> String {
    let is_address =
        |line: &&str| ["      live: http://", "      editor: http://"].iter().any(|start| line.starts_with(start));
    plan.lines().filter(|line| !is_address(line)).collect::<Vec<_>>().join("\n")
}

/// The id in the front matter of a file.
pub fn id_of(project: &Project, path: &str) -> u64 {
    let text = project.read(path);
    let id = text.split_once("id: ").unwrap_or_else(|| panic!("no id in {path}:\n{text}")).1;
    id[..id.find(|c: char| !c.is_ascii_digit()).unwrap_or(id.len())].parse().unwrap()
}

/// Fails if an article that was live at one request is offline at a later one.
#[track_caller]
pub fn never_offline(requests: &[String]) {
    let mut live: Vec<String> = Vec::new();
    for line in requests {
        let Some(article) = line.split(' ').find(|word| word.starts_with("article=")).map(str::to_owned) else {
            continue;
        };
        if line.contains("state=published") {
            live.push(article);
        } else {
            assert!(!live.contains(&article), "offline at {line}");
        }
    }
    assert!(!live.is_empty(), "nothing ever was live");
}

/// A change that a teammate makes in the editor and publishes.
pub fn live_edit(body: &str) -> Value {
    json!({ "body": body, "publish": true })
}

/// What became of `helpbook.lock` before a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// It is as the run before left it.
    Kept,
    /// It was deleted.
    Lost,
    /// Git merged it with that of another branch, where it is as it was earlier: two lines of one article.
    Merged,
}

impl Lock {
    pub const ALL: [Self; 3] = [Self::Kept, Self::Lost, Self::Merged];

    /// Makes it so; `other` is the lock of the other branch.
    pub fn applied(self, project: &Project, other: &str) {
        match self {
            Self::Kept => {}
            Self::Lost => project.remove("helpbook.lock"),
            Self::Merged => project.write("helpbook.lock", &merged(&project.read("helpbook.lock"), other)),
        }
    }
}

/// The lines of both, as `merge=union` leaves them: where the sides differ, ours and then theirs.
fn merged(ours: &str, theirs: &str) -> String {
    let mut lines: Vec<&str> = ours.lines().collect();
    let key = |line: &str| line.split(",\"").take(2).map(str::to_owned).collect::<Vec<_>>();
    for line in theirs.lines().filter(|line| !ours.lines().any(|ours| ours == *line)) {
        let place = lines.iter().rposition(|ours| key(ours) == key(line));
        lines.insert(place.map_or(lines.len(), |place| place + 1), line);
    }
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

/// What is wrong, gathered to be shown together.
#[derive(Default)]
pub struct Fail(Vec<String>);

impl Fail {
    pub fn unless(&mut self, is_right: bool, what: impl FnOnce() -> String) {
        if !is_right {
            self.0.push(what());
        }
    }

    #[track_caller]
    /// Takes what another one found.
    pub fn take(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn end(self) {
        assert!(self.0.is_empty(), "{} wrong:\n{}", self.0.len(), self.0.join("\n"));
    }
}

/// The change of a plan's document that is about a path.
pub fn change_of<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    document["changes"].as_array().unwrap().iter().find(|change| change["path"] == path)
}

/// Whether a change is refused in any locale.
pub fn is_blocked(change: &Value) -> bool {
    let locales = change["locales"].as_object().into_iter().flat_map(serde_json::Map::values);
    std::iter::once(change).chain(locales).any(|part| part["action"] == "blocked" || part["blocked"].is_object())
}

/// The fields that a change names as changed, drifted or in conflict; not what it carries for `apply`.
pub fn named_in(change: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    gather(change, &mut names);
    names
}

fn gather(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| gather(value, names)),
        Value::Object(values) => {
            names.extend(values.get("field").and_then(Value::as_str).map(str::to_owned));
            for (key, value) in values {
                match key.as_str() {
                    "body" if value.as_array().is_some_and(|lines| !lines.is_empty()) => {
                        names.insert("body".to_owned());
                    }
                    "fields" | "conflicts" => {
                        let strings = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                        names.extend(strings.map(str::to_owned));
                        gather(value, names);
                    }
                    "stage" | "publish" | "seen" | "wanted" | "unchanged" | "sides" => {}
                    _ => gather(value, names),
                }
            }
        }
        _ => {}
    }
}

/// What a plan says of a path: its lines and those below them, in every group.
pub fn block(plan: &str, path: &str) -> String {
    let is_head = |line: &str| line.starts_with("  ") && line[2..].chars().next().is_some_and(|sign| sign != ' ');
    let mut is_meant = false;
    let mut block = String::new();
    for line in plan.split_inclusive('\n') {
        if is_head(line) {
            is_meant = line.split(' ').any(|word| word == path);
        } else if line.starts_with(|c: char| !c.is_whitespace()) {
            is_meant = false;
        }
        if is_meant {
            block.push_str(line);
        }
    }
    block
}
