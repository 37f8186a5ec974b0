//! A server that answers what it is told, and notes every request.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::harness::Project;

/// The token of every run against it.
pub const TOKEN: &str = "tok-0123456789-secret";

/// A request as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub method: String,
    /// With its query.
    pub path: String,
    /// `Intercom-Version`.
    pub version: String,
    pub accept: String,
    pub token: String,
    /// Null where there is none.
    pub body: Value,
}

/// An answer.
pub struct Given {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Given {
    pub fn json(body: &Value) -> Self {
        Self { status: 200, headers: vec![("content-type", "application/json".into())], body: body.to_string() }
    }

    pub fn status(status: u16, body: &Value) -> Self {
        Self { status, ..Self::json(body) }
    }
}

/// The server.
pub struct Recorder {
    _runtime: Runtime,
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Recorder {
    /// Starts one that answers `/me` as the workspace `w1`, and everything else as told.
    pub fn start(answer: impl Fn(&Seen) -> Given + Send + Sync + 'static) -> Self {
        let runtime = Runtime::new().unwrap();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (noted, answer) = (Arc::clone(&seen), Arc::new(answer));
        let router = Router::new().fallback(move |request: Request<Body>| {
            let (noted, answer) = (Arc::clone(&noted), Arc::clone(&answer));
            async move {
                let one = read(request).await;
                noted.lock().unwrap().push(one.clone());
                let me = json!({"type": "admin", "id": "1", "email": "ada@example.com", "name": "Ada",
                                "app": {"type": "app", "id_code": "w1", "name": "W", "region": "US"}});
                let given = if one.path == "/me" { Given::json(&me) } else { answer(&one) };
                let mut response = Response::builder().status(given.status);
                for (name, value) in given.headers {
                    response = response.header(name, value);
                }
                response.body(Body::from(given.body)).unwrap()
            }
        });
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { _runtime: runtime, url, seen }
    }

    /// What came since the last time, but for `/me`.
    pub fn seen(&self) -> Vec<Seen> {
        self.all_seen().into_iter().filter(|one| one.path != "/me").collect()
    }

    /// Everything that came since the last time.
    pub fn all_seen(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }

    /// A folder without a project, whose runs go there.
    pub fn folder(&self) -> Project {
        let project = self.project("");
        project.remove("helpbook.yml");
        project
    }

    /// A project with this configuration, whose runs go there.
    pub fn project(&self, config: &str) -> Project {
        Project::new(&[("helpbook.yml", config)])
            .env("INTERCOM_BASE_URL", &self.url)
            .env("INTERCOM_ACCESS_TOKEN", TOKEN)
    }
}

async fn read(request: Request<Body>) -> Seen {
    let (parts, body) = request.into_parts();
    let header = |name| parts.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Seen {
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        version: header("intercom-version"),
        accept: header("accept"),
        token: header("authorization"),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    }
}
