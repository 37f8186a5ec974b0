//! A stand-in for GitLab: as much of its API as the scripts ask, and the repository by `git http-backend`, both behind
//! tokens with the rights that they have at GitLab. What the scripts are not known to ask is answered with 404.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Response, StatusCode};
use base64::Engine as _;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// The token of the project: Developer, `api` and `write_repository`.
pub const WRITER: &str = "glpat-writer-1";
/// A token that may comment: Reporter, `api`.
pub const NOTES: &str = "glpat-notes-1";
/// The token of a job: it reads the repository.
pub const JOB: &str = "job-token-1";

/// What GitLab knows of the project.
#[derive(Default)]
pub struct State {
    pub notes: Vec<Value>,
    pub merge_requests: Vec<Value>,
    pub issues: Vec<Value>,
    /// Protected environments by their names.
    pub environments: BTreeMap<String, Value>,
    /// Lines of texts that GitLab would have taken for commands.
    pub quick_actions: Vec<String>,
    /// Nothing may be written by the API.
    pub refuses: bool,
    /// The commit that `main` is moved to before the next push is looked at.
    pub moves_to: Option<String>,
    /// How many answers to a push get lost, after it was done.
    pub loses: usize,
    /// What pushes asked for, one an entry.
    pub push_options: Vec<String>,
}

pub struct GitLab {
    state: Arc<Mutex<State>>,
    address: String,
    _runtime: Runtime,
}

impl GitLab {
    /// Serves the bare repository `octo/docs.git` below the folder.
    pub fn of(folder: &Path) -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let runtime = Runtime::new().unwrap();
        let (shared, folder) = (Arc::clone(&state), folder.to_owned());
        let app = Router::new().fallback(move |request: Request| {
            let (state, folder) = (Arc::clone(&shared), folder.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
                let asked = Asked { method: parts.method, uri: parts.uri.to_string(), headers: parts.headers, body };
                tokio::task::spawn_blocking(move || asked.answer(&state, &folder)).await.unwrap()
            }
        });
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self { state, address, _runtime: runtime }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

struct Asked {
    method: Method,
    uri: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

fn answer(status: u16, value: &Value) -> Response<Body> {
    Response::builder().status(status).body(Body::from(value.to_string())).unwrap()
}

fn message(status: u16, text: &str) -> Response<Body> {
    answer(status, &json!({ "message": text }))
}

impl Asked {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn path(&self) -> &str {
        self.uri.split_once('?').map_or(self.uri.as_str(), |(path, _)| path)
    }

    fn query(&self, name: &str) -> Option<String> {
        let url = url::Url::parse("http://gitlab").unwrap().join(&self.uri).unwrap();
        url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    fn answer(&self, state: &Mutex<State>, folder: &Path) -> Response<Body> {
        if self.path().starts_with("/octo/docs.git/") {
            return self.git(state, folder);
        }
        let Some(path) = self.path().strip_prefix("/api/v4/") else { return message(404, "404 Not Found") };
        let me = match self.header("private-token") {
            WRITER => {
                json!({ "id": 7, "username": "project_42_bot", "commit_email": "project_42_bot@noreply.gitlab.test" })
            }
            NOTES => json!({ "id": 8, "username": "project_42_bot1", "email": "project_42_bot1@noreply.gitlab.test" }),
            _ => return message(401, "401 Unauthorized"),
        };
        let mut state = state.lock().unwrap();
        if self.method != Method::GET
            && (state.refuses || me["id"] == 8 && path.contains("merge_requests") && !path.contains("/notes"))
        {
            // What it says may be anybody's, and would fold or colour the log.
            return message(403, "403 Forbidden\r\u{1b}[0K");
        }
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        for text in [&body["body"], &body["description"]].into_iter().filter_map(Value::as_str) {
            state.quick_actions.extend(text.lines().filter(|line| line.starts_with('/')).map(str::to_owned));
        }
        let parts: Vec<&str> = path.trim_start_matches("projects/42/").split('/').collect();
        match (self.method.as_str(), parts.as_slice()) {
            ("GET", ["user"]) => answer(200, &me),
            ("GET", ["protected_environments", name]) => {
                state.environments.get(*name).map_or_else(|| message(404, "404 Not Found"), |known| answer(200, known))
            }
            ("GET", ["merge_requests", "7", "notes"]) => self.page(&state.notes),
            ("POST", ["merge_requests", "7", "notes"]) => {
                let id = 501 + state.notes.len();
                let note = json!({ "id": id, "author": { "id": me["id"] }, "body": body["body"], "system": false });
                state.notes.push(note.clone());
                answer(201, &note)
            }
            ("PUT", ["merge_requests", "7", "notes", id]) => {
                let Some(note) = state.notes.iter_mut().find(|note| note["id"].as_u64() == id.parse().ok()) else {
                    return message(404, "404 Not Found");
                };
                // GitLab lets nobody change what another wrote.
                if note["author"]["id"] != me["id"] {
                    return message(403, "403 Forbidden");
                }
                note["body"] = body["body"].clone();
                answer(200, note)
            }
            ("GET", ["merge_requests"]) => {
                let is = |one: &&Value, key: &str| self.query(key).is_none_or(|wanted| one[key] == *wanted);
                let matches = |one: &&Value| is(one, "state") && is(one, "source_branch") && is(one, "target_branch");
                answer(200, &state.merge_requests.iter().filter(matches).cloned().collect::<Value>())
            }
            ("POST", ["merge_requests"]) => {
                let mut new = body;
                new["iid"] = json!(11 + state.merge_requests.len());
                new["state"] = "opened".into();
                state.merge_requests.push(new.clone());
                answer(201, &new)
            }
            ("PUT", ["merge_requests", iid]) => change(&mut state.merge_requests, iid, &body),
            ("GET", ["issues"]) => {
                let open: Vec<Value> = state.issues.iter().filter(|one| one["state"] == "opened").cloned().collect();
                self.page(&open)
            }
            ("POST", ["issues"]) => {
                let mut new = body;
                new["iid"] = json!(21 + state.issues.len());
                new["state"] = "opened".into();
                new["author"] = json!({ "id": me["id"] });
                state.issues.push(new.clone());
                answer(201, &new)
            }
            ("PUT", ["issues", iid]) => change(&mut state.issues, iid, &body),
            _ => message(404, &format!("the stand-in for GitLab does not know {} {path}", self.method)),
        }
    }

    /// A page of a list: two on each, with the header that names the next one.
    fn page(&self, list: &[Value]) -> Response<Body> {
        let page: usize = self.query("page").map_or(1, |page| page.parse().unwrap());
        let shown: Value = list.iter().skip((page - 1) * 2).take(2).cloned().collect();
        let next = if list.len() > page * 2 { (page + 1).to_string() } else { String::new() };
        Response::builder().header("X-Next-Page", next).body(Body::from(shown.to_string())).unwrap()
    }

    /// The repository, by Git's own server. Only the token of the project may push.
    fn git(&self, state: &Mutex<State>, folder: &Path) -> Response<Body> {
        let given = self.header("authorization").strip_prefix("Basic ").unwrap_or_default();
        let given = base64::engine::general_purpose::STANDARD.decode(given).unwrap_or_default();
        let given = String::from_utf8(given).unwrap();
        let writes = self.uri.contains("git-receive-pack");
        match given.as_str() {
            "oauth2:glpat-writer-1" => {}
            "gitlab-ci-token:job-token-1" if !writes => {}
            "" => {
                let ask = Response::builder().status(401).header("WWW-Authenticate", "Basic realm=\"GitLab\"");
                return ask.body(Body::empty()).unwrap();
            }
            _ => return message(403, "You are not allowed to push code to this project."),
        }
        let pushes = writes && self.method == Method::POST;
        if pushes {
            let mut state = state.lock().unwrap();
            if self.body.windows(7).any(|bytes| bytes == b"ci.skip") {
                state.push_options.push("ci.skip".to_owned());
            }
            if let Some(commit) = state.moves_to.take() {
                let remote = folder.join("octo/docs.git");
                super::super::world::git(&remote, &["update-ref", "refs/heads/main", &commit]);
            }
        }
        let output = self.by_git(folder);
        if pushes && std::mem::take(&mut state.lock().unwrap().loses) > 0 {
            return message(502, "Bad Gateway");
        }
        output
    }

    fn by_git(&self, folder: &Path) -> Response<Body> {
        let query = self.uri.split_once('?').map_or("", |(_, query)| query);
        let mut child = Command::new("git")
            .arg("http-backend")
            .env("GIT_PROJECT_ROOT", folder)
            .env("GIT_HTTP_EXPORT_ALL", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("REMOTE_USER", "octo")
            .env("PATH_INFO", self.path())
            .env("QUERY_STRING", query)
            .env("REQUEST_METHOD", self.method.as_str())
            .env("CONTENT_TYPE", self.header("content-type"))
            .env("CONTENT_LENGTH", self.body.len().to_string())
            .env("HTTP_CONTENT_ENCODING", self.header("content-encoding"))
            .env("GIT_PROTOCOL", self.header("git-protocol"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (mut stdin, body) = (child.stdin.take().unwrap(), self.body.clone());
        let writing = std::thread::spawn(move || stdin.write_all(&body));
        let output = child.wait_with_output().unwrap().stdout;
        let _ = writing.join();
        let end = output.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        let mut response = Response::builder();
        for line in String::from_utf8_lossy(&output[..end]).lines() {
            let (name, value) = line.split_once(": ").unwrap();
            response = match name {
                "Status" => response.status(value[..3].parse::<u16>().unwrap_or(StatusCode::OK.as_u16())),
                _ => response.header(name, value),
            };
        }
        response.body(Body::from(output[end + 4..].to_vec())).unwrap()
    }
}

/// Changes a merge request or an issue.
fn change(list: &mut [Value], iid: &str, change: &Value) -> Response<Body> {
    let Some(one) = list.iter_mut().find(|one| one["iid"].as_u64() == iid.parse().ok()) else {
        return message(404, "404 Not Found");
    };
    one.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    if change["state_event"] == "close" {
        one["state"] = "closed".into();
    }
    answer(200, one)
}
