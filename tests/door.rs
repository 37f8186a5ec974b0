//! A way to the Help Center on which a teammate does something right before one request of a run.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request, Response, header};
use serde_json::Value;

/// A request of a teammate: method, path and body.
pub type Act = (&'static str, String, Value);

/// A proxy before a Help Center.
#[derive(Clone)]
pub struct Door {
    url: String,
    token: String,
    client: reqwest::Client,
    state: Arc<Mutex<Count>>,
}

/// How many requests passed, and what happens before which of them.
#[derive(Default)]
struct Count {
    passed: usize,
    /// Requests are counted from 1.
    at: usize,
    acts: Vec<Act>,
}

impl Door {
    /// Opens it on a port of its own; its address and what controls it.
    pub async fn open(url: String, token: String, client: reqwest::Client) -> (String, Self) {
        let door = Self { url, token, client, state: Arc::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass).with_state(door.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (address, door)
    }

    /// Counts from the beginning; the acts happen right before request `at`.
    pub fn before(&self, at: usize, acts: Vec<Act>) {
        *self.state.lock().unwrap() = Count { passed: 0, at, acts };
    }

    /// How many requests passed since then.
    pub fn passed(&self) -> usize {
        self.state.lock().unwrap().passed
    }

    /// Whether what was to happen has happened.
    pub fn is_done(&self) -> bool {
        self.state.lock().unwrap().acts.is_empty()
    }

    async fn act(&self, (method, path, body): Act) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token);
        let answer = request.header("Intercom-Version", "2.16").json(&body).send().await.unwrap();
        let status = answer.status();
        assert!(status.is_success(), "{path} {body}: {status} {}", answer.text().await.unwrap());
    }
}

async fn pass(State(door): State<Door>, request: Request<Body>) -> Response<Body> {
    let acts = {
        let mut count = door.state.lock().unwrap();
        count.passed += 1;
        if count.passed == count.at { std::mem::take(&mut count.acts) } else { Vec::new() }
    };
    for act in acts {
        door.act(act).await;
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let mut headers = parts.headers;
    headers.remove(header::HOST);
    let sent = door.client.request(parts.method, format!("{}{}", door.url, parts.uri)).headers(headers).body(body);
    let answer = sent.send().await.unwrap();
    let mut response = Response::builder().status(answer.status());
    for name in [header::CONTENT_TYPE, header::RETRY_AFTER] {
        if let Some(value) = answer.headers().get(&name) {
            response = response.header(name, value);
        }
    }
    response.body(Body::from(answer.bytes().await.unwrap())).unwrap()
}
