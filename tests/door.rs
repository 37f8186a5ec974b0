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

/// A request that passed, and its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub method: String,
    /// With its query.
    pub path: String,
    /// What was sent; `None` without a body, and for one that is no JSON.
    pub sent: Option<Value>,
    pub status: u16,
    /// Null where it is empty.
    pub answer: Value,
}

/// How many requests passed, and what happens before which of them.
#[derive(Default)]
struct Count {
    exchanges: Vec<Exchange>,
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
        *self.state.lock().unwrap() = Count { at, acts, ..Count::default() };
    }

    /// How many requests passed since then.
    pub fn passed(&self) -> usize {
        self.state.lock().unwrap().passed
    }

    /// Whether what was to happen has happened.
    pub fn is_done(&self) -> bool {
        self.state.lock().unwrap().acts.is_empty()
    }

    /// Everything that passed since then, to be asked once.
    pub fn exchanges(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.state.lock().unwrap().exchanges)
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
    let (method, path) = (parts.method.to_string(), parts.uri.to_string());
    let request = door.client.request(parts.method, format!("{}{path}", door.url)).headers(headers).body(body.clone());
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let mut response = Response::builder().status(status);
    for name in [header::CONTENT_TYPE, header::RETRY_AFTER] {
        if let Some(value) = answer.headers().get(&name) {
            response = response.header(name, value);
        }
    }
    let bytes = answer.bytes().await.unwrap();
    let (sent, answer) = (serde_json::from_slice(&body).ok(), serde_json::from_slice(&bytes).unwrap_or_default());
    door.state.lock().unwrap().exchanges.push(Exchange { method, path, sent, status: status.as_u16(), answer });
    response.body(Body::from(bytes)).unwrap()
}
