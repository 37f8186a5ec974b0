//! The local Help Center over real HTTP.

mod articles;
mod audiences;
mod auth;
mod collections;
mod control;
mod drafts;
mod examples;
mod faults;
mod images;
mod redirects;
mod schedules;
mod site;
mod store;
mod tags;
mod translations;

use helpbook_model::Locale;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::{Clock, LocalHelpCenter, Options};

/// Where the tests' clocks start, in Unix seconds.
const START: i64 = 1_800_000_000;

/// A running Help Center, a client that knows its token, and its clock.
struct World {
    center: LocalHelpCenter,
    client: reqwest::Client,
    clock: Clock,
}

/// What came back.
struct Reply {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Reply {
    async fn read(response: Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        Self { status, headers, text: response.text().await.unwrap() }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {:?}", self.text))
    }

    /// The body of a success.
    #[track_caller]
    fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }

    /// Status, code and message of an error.
    #[track_caller]
    fn error(&self) -> (u16, String, String) {
        let body = self.json();
        assert_eq!(body["type"], "error.list", "{body}");
        assert!(body["request_id"].is_string(), "{body}");
        let error = &body["errors"][0];
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        (self.status, text("code"), text("message"))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

impl World {
    async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// One in English and French.
    async fn multilingual() -> Self {
        let locales = ["en", "fr"].map(|locale| Locale(locale.to_owned())).to_vec();
        Self::with(Options { locales, ..Options::default() }).await
    }

    /// Starts with a manual clock, whatever the options say.
    async fn with(options: Options) -> Self {
        let clock = Clock::manual(START);
        let center = LocalHelpCenter::start(Options { clock: clock.clone(), ..options }).await;
        // A second provider is refused, and the first one does.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self { center: center.unwrap(), client: reqwest::Client::builder().tls_certs_only([]).build().unwrap(), clock }
    }

    /// A request without headers.
    fn bare(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.client.request(method, format!("{}{path}", self.center.url()))
    }

    /// A request with token and version.
    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.bare(method, path).bearer_auth(self.center.token()).header("Intercom-Version", "2.16")
    }

    async fn get(&self, path: &str) -> Reply {
        Reply::read(self.request("GET", path).send().await.unwrap()).await
    }

    async fn delete(&self, path: &str) -> Reply {
        Reply::read(self.request("DELETE", path).send().await.unwrap()).await
    }

    async fn put(&self, path: &str, body: Value) -> Reply {
        Reply::read(self.request("PUT", path).json(&body).send().await.unwrap()).await
    }

    async fn post(&self, path: &str, body: Value) -> Reply {
        Reply::read(self.request("POST", path).json(&body).send().await.unwrap()).await
    }

    /// Creates an article and returns its path.
    async fn article(&self, state: &str) -> String {
        let body = json!({"title": "Old", "body": "<p>old</p>", "author_id": 1, "state": state});
        let article = self.post("/articles", body).await.ok();
        format!("/articles/{}", article["id"].as_str().unwrap())
    }

    /// Creates an article in English and French, each with its state, and returns its path.
    async fn translated(&self, english: &str, french: &str) -> String {
        let french = json!({"title": "Vieux", "body": "<p>vieux</p>", "state": french});
        let body = json!({"title": "Old", "body": "<p>old</p>", "author_id": 1, "state": english,
                          "translated_content": {"fr": french}});
        let article = self.post("/articles", body).await.ok();
        format!("/articles/{}", article["id"].as_str().unwrap())
    }

    /// Creates a collection and returns its id.
    async fn collection(&self, name: &str, parent: Option<&str>) -> String {
        let body = json!({"name": name, "parent_id": parent});
        let collection = self.post("/help_center/collections", body).await.ok();
        collection["id"].as_str().unwrap().to_owned()
    }
}

/// The named fields of an answer, as one value to compare.
fn pick(value: &Value, names: &[&str]) -> Value {
    names.iter().map(|name| ((*name).to_owned(), value[*name].clone())).collect::<serde_json::Map<_, _>>().into()
}
