//! A docs folder, a local Help Center and a teammate, and a proxy between them that can fail.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request, Response, StatusCode};
use serde_json::{Value, json};

use helpbook::apply::{Event, IdStorage, Outcome, Persistence, Report, Run};
use helpbook::book::{Book, Ids, Ignored};
use helpbook::config::{Config, Orphans};
use helpbook::disk::Held;
use helpbook::intercom::Connection;
use helpbook::intercom::model::Locale;
use helpbook::live::{self, Live, Wanted};
use helpbook::local::{Clock, HeadingIds, LocalHelpCenter, Options};
use helpbook::plan::{self, Plan, Rules, Theirs};
use helpbook::record::{Reading, Record};
use helpbook::text::Digest;

/// What a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Do {
    /// `apply`.
    Stage,
    /// `publish`, which stages nothing.
    Publish,
    /// `apply --publish`.
    Both,
}

/// What goes wrong, once, at the first request whose method and path end so.
#[derive(Debug, Clone)]
pub enum Fault {
    /// It is carried out, and the answer is lost.
    LoseAnswer,
    /// It never arrives, and nobody can tell.
    LoseRequest,
    /// The token is refused from here on.
    RefuseToken,
    /// These words do not reach Intercom.
    LoseWords(&'static str),
    /// A teammate does this in the editor right before.
    Edit(u64, Value),
    /// Another run creates this article right before.
    Create(Value),
    /// Another program deletes this file right before.
    Delete(PathBuf),
    /// It is carried out, and the answer takes longer than anybody waits.
    NeverAnswer,
    /// It does not arrive, and no answer comes.
    Swallow,
    /// The token lacks a permission.
    Forbid,
}

/// A team's folder and its Help Center.
pub struct World {
    pub center: LocalHelpCenter,
    pub clock: Clock,
    pub config: Config,
    pub theirs: Theirs,
    /// How long a request may take.
    pub time: Option<Duration>,
    /// The only locales that are meant: `--locale`.
    pub only: Option<Vec<Locale>>,
    folder: tempfile::TempDir,
    client: reqwest::Client,
    fault: Arc<Mutex<Option<(&'static str, Fault)>>>,
    bodies: Bodies,
    proxy: String,
}

/// What was sent: method and path, and the body.
type Bodies = Arc<Mutex<Vec<(String, Value)>>>;

impl World {
    /// An empty folder and an empty Help Center.
    pub async fn new() -> Self {
        Self::with(HeadingIds::Kept).await
    }

    /// The same, with one of the two things that Intercom may do to heading ids.
    pub async fn with(heading_ids: HeadingIds) -> Self {
        Self::started(Options::behaving(|does| does.heading_ids = heading_ids)).await
    }

    /// The same with French beside English in the docs, and Spanish, too, in the Help Center.
    pub async fn multilingual() -> Self {
        let locales = ["en", "fr", "es"].map(|locale| Locale(locale.to_owned())).to_vec();
        let mut world = Self::started(Options { locales: locales.clone(), ..Options::default() }).await;
        world.config.locales = locales[..2].to_vec();
        world
    }

    async fn started(options: Options) -> Self {
        let clock = Clock::manual(1_900_000_000);
        let options = Options { clock: clock.clone(), ..options };
        let center = LocalHelpCenter::start(options).await.unwrap();
        // The connection brings the cryptography that the teammate's client needs, too.
        Connection::new(&center.url(), &center.token().into()).unwrap();
        let client = reqwest::Client::builder().tls_certs_only([]).build().unwrap();
        let fault = Arc::default();
        let bodies = Bodies::default();
        let door =
            Door { url: center.url(), client: client.clone(), fault: Arc::clone(&fault), bodies: Arc::clone(&bodies) };
        let proxy = serve(door).await;
        let folder = tempfile::tempdir().unwrap();
        let config = Config { docs: PathBuf::from("docs"), ..Config::default() };
        fs::create_dir(folder.path().join("docs")).unwrap();
        Self {
            center,
            clock,
            config,
            theirs: Theirs::Kept,
            time: None,
            only: None,
            folder,
            client,
            fault,
            bodies,
            proxy,
        }
    }

    /// A live article, `guide/install.md`, and nothing left to do.
    pub async fn published() -> Self {
        let mut world = Self::new().await;
        world.write("guide/install.md", "---\ntitle: Install\nstate: published\n---\nRun the installer.\n");
        world.run(Do::Both).await;
        world
    }

    /// Writes a file of the docs folder.
    pub fn write(&mut self, path: &str, text: &str) {
        let file = self.docs().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Replaces a part of a file.
    pub fn edit(&mut self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "no {old:?} in {text:?}");
        self.write(path, &text.replace(old, new));
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.docs().join(path)).unwrap()
    }

    pub fn remove(&mut self, path: &str) {
        fs::remove_file(self.docs().join(path)).unwrap();
    }

    /// Removes the ids from a file, as if their commit were lost.
    pub fn forget_id(&mut self, path: &str) {
        let text: String = self.read(path).split_inclusive('\n').filter(|line| !line.starts_with("id: ")).collect();
        self.write(path, &text);
    }

    pub fn forget_lock(&self) {
        fs::remove_file(self.lock()).unwrap();
    }

    pub fn docs(&self) -> PathBuf {
        self.folder.path().join("docs")
    }

    pub fn lock(&self) -> PathBuf {
        self.folder.path().join("helpbook.lock")
    }

    pub fn record(&self) -> Record {
        let loaded = Record::load(&self.lock()).unwrap();
        assert_eq!(loaded.warnings, [""; 0]);
        loaded.record
    }

    /// Makes a request fail.
    /// The translations that are stale. Texts are compared as they are written, and Git knows none.
    pub fn stale(&self) -> Vec<String> {
        let book = Book::load(self.folder.path(), &self.config, Ids::FrontMatter, &Ignored::Usual).unwrap();
        let reading = Reading { canonical: &|content| Digest::of(content.markdown()), blob: &|_| None };
        self.record().stale(&book, &Locale::english(), reading).iter().map(ToString::to_string).collect()
    }

    pub fn fail(&self, request: &'static str, fault: Fault) {
        *self.fault.lock().unwrap() = Some((request, fault));
    }

    pub async fn plan(&self) -> Plan {
        self.look().await.0
    }

    async fn look(&self) -> (Plan, Live) {
        let book = Book::load(self.folder.path(), &self.config, Ids::FrontMatter, &Ignored::Usual).unwrap();
        assert!(!book.has_errors(), "{:?}", book.diagnostics);
        let record = self.record();
        let mut rules = Rules { theirs: self.theirs, ..Rules::new(&self.config) };
        if let Some(locales) = &self.only {
            rules.locales.clone_from(locales);
        }
        let reader = self.connection().reader();
        let files = book.articles.values().filter_map(|article| article.id);
        let wanted = Wanted {
            articles: files.chain(record.articles.keys().map(|(id, _)| *id)).collect(),
            locale: Some(Locale::english()),
            lists: plan::lists(&book),
            ..Wanted::default()
        };
        let mut live = live::fetch(&reader, &wanted).await.unwrap();
        live.fetched_at = jiff::Timestamp::from_second(self.clock.now()).unwrap();
        let undecided = plan::undecided(&book, &live, &record, &rules);
        live::fetch_versions(&reader, &mut live, undecided).await.unwrap();
        (plan::plan(&book, &live, &record, &rules), live)
    }

    /// Plans and carries the plan out. What became of it, a line each.
    pub async fn run(&mut self, what: Do) -> Vec<String> {
        let (plan, _) = self.look().await;
        self.settle(&plan);
        self.carry_out(plan, what).await
    }

    fn connection(&self) -> Connection {
        let token = self.center.token().into();
        match self.time {
            Some(time) => Connection::with_time(&self.proxy, &token, time).unwrap(),
            None => Connection::new(&self.proxy, &token).unwrap(),
        }
    }

    fn settle(&self, plan: &Plan) {
        let mut record = self.record();
        for settled in &plan.settled {
            settled.keep(&mut record);
        }
        record.write(&self.lock()).unwrap();
    }

    /// Carries out a plan that was made earlier.
    pub async fn carry_out(&mut self, plan: Plan, what: Do) -> Vec<String> {
        self.carry_out_unless(plan, what, false).await
    }

    /// What keeps other runs out.
    pub fn run_lock(&self) -> PathBuf {
        self.folder.path().join("run.lock")
    }

    fn keep(&self) -> Persistence {
        let held = Held::take(self.run_lock()).unwrap();
        let (docs, lock, locale) = (self.docs(), self.lock(), Locale::english());
        Persistence { docs, lock, ids: IdStorage::FrontMatter, locale, held: Some(held) }
    }

    pub async fn carry_out_unless(&mut self, mut plan: Plan, what: Do, interrupted: bool) -> Vec<String> {
        if what == Do::Publish {
            plan.keep_staged(None);
        }
        let writer = self.connection().writer();
        let keep = self.keep();
        let interrupted = AtomicBool::new(interrupted);
        let mut record = self.record();
        let mut report = Report::default();
        let mut lines = Vec::new();
        let mut say = |event: &Event| {
            let change = &plan.changes[event.change];
            lines.push(format!("{} {}", change.subject.path(), told(&event.outcome)));
        };
        let run = Run::new(&plan, &writer, &keep, &mut record, &interrupted);
        if what != Do::Publish {
            run.stage(&mut report, &mut say).await;
        }
        if what != Do::Stage {
            run.publish(&mut report, &mut say).await;
        }
        drop(run);
        if report.auth {
            lines.push("the token was refused".to_owned());
        }
        assert_eq!(record.to_text(), self.record().to_text(), "the lock file holds what the run knows");
        assert_eq!(report.events.len(), report.done + report.refused + report.failed + report.skipped);
        lines
    }

    /// What a teammate does in the editor.
    pub async fn editor(&self, id: u64, what: &Value) {
        self.clock.advance(60);
        let answer = editor(&self.client, &self.center.url(), self.center.token(), id, what).await;
        assert!(answer.status().is_success(), "{answer:?}");
    }

    /// What another program does through the API.
    pub async fn put(&self, path: &str, body: &Value) {
        let request = self.client.put(format!("{}{path}", self.center.url())).json(body);
        let answer = request.bearer_auth(self.center.token()).header("Intercom-Version", "2.16").send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }

    /// The same with another method than PUT; its answer.
    pub async fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, format!("{}{path}", self.center.url())).json(body);
        let answer = request.bearer_auth(self.center.token()).header("Intercom-Version", "2.16").send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
        answer.json().await.unwrap_or_default()
    }

    pub async fn delete(&self, id: u64) {
        let request = self.client.delete(format!("{}/articles/{id}", self.center.url()));
        let answer = request.bearer_auth(self.center.token()).header("Intercom-Version", "2.16").send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }

    /// Publishes a plan as it is, with what still has to be staged. How many steps were tried.
    pub async fn publish_whole(&mut self, plan: &Plan) -> usize {
        let writer = self.connection().writer();
        let keep = self.keep();
        let interrupted = AtomicBool::new(false);
        let mut record = self.record();
        let mut report = Report::default();
        Run::new(plan, &writer, &keep, &mut record, &interrupted).publish(&mut report, &mut |_| {}).await;
        report.events.len()
    }

    /// An answer of the API.
    pub async fn get(&self, path: &str) -> Value {
        let request = self.client.get(format!("{}{path}", self.center.url()));
        let answer = request.bearer_auth(self.center.token()).header("Intercom-Version", "2.16").send().await.unwrap();
        answer.json().await.unwrap_or_default()
    }

    /// The id of a collection.
    pub async fn collection(&self, name: &str) -> Value {
        let list = self.get("/help_center/collections").await;
        let named = list["data"].as_array().unwrap().iter().find(|collection| collection["name"] == name);
        named.unwrap()["id"].clone()
    }

    /// What customers see of an article and what waits behind it: state, title, body; the draft's.
    pub async fn seen(&self, id: u64) -> String {
        let text = |value: &Value| {
            let body = value["body"].as_str().unwrap_or_default().replace(" class=\"no-margin\"", "");
            format!("{} {}", value["title"].as_str().unwrap_or_default(), body)
        };
        let article = self.get(&format!("/articles/{id}")).await;
        let live = format!("{} {}", article["state"].as_str().unwrap_or("none"), text(&article));
        if article["has_unpublished_changes"] == true {
            let draft = self.get(&format!("/articles/{id}/draft")).await;
            return format!("{live}, draft {}", text(&draft));
        }
        live
    }

    /// The same in one locale.
    pub async fn seen_in(&self, id: u64, locale: &str) -> String {
        let article = self.get(&format!("/articles/{id}")).await;
        let content = &article["translated_content"][locale];
        let text = |value: &Value| {
            let body = value["body"].as_str().unwrap_or_default().replace(" class=\"no-margin\"", "");
            format!("{} {}", value["title"].as_str().unwrap_or_default(), body)
        };
        let live = format!("{} {}", content["state"].as_str().unwrap_or("none"), text(content));
        if content["has_unpublished_changes"] == true {
            let draft = self.get(&format!("/articles/{id}/draft")).await;
            return format!("{live}, draft {}", text(&draft["translated_content"][locale]));
        }
        live
    }

    /// Everything that Intercom holds of an article in one locale.
    pub async fn whole(&self, id: u64, locale: &str) -> Value {
        self.get(&format!("/articles/{id}")).await["translated_content"][locale].clone()
    }

    /// The body of the last request of helpbook that had one.
    pub fn last_body(&self) -> (String, Value) {
        self.bodies.lock().unwrap().last().cloned().unwrap()
    }

    /// The writes of helpbook, method and path; a mark is a number of requests.
    pub fn writes_since(&self, mark: usize) -> Vec<String> {
        let requests = self.center.requests();
        let words = requests[mark..].iter().map(|line| line.split(' ').skip(1).take(2).collect::<Vec<_>>().join(" "));
        words.filter(|line| !line.starts_with("GET") && !line.contains("/_local/")).collect()
    }

    pub fn mark(&self) -> usize {
        self.center.requests().len()
    }

    /// How many articles there are.
    pub async fn count(&self) -> u64 {
        self.get("/articles").await["total_count"].as_u64().unwrap()
    }

    /// Fails where an article that was live at one write is offline after a later one of helpbook.
    #[track_caller]
    pub fn check_never_offline(&self) {
        let mut live: Vec<String> = Vec::new();
        for line in self.center.requests() {
            let Some(article) = line.split(' ').find(|word| word.starts_with("article=")).map(str::to_owned) else {
                continue;
            };
            assert!(!live.contains(&article) || line.contains("state=published"), "{line}");
            if line.contains("state=published") {
                live.push(article);
            }
        }
    }

    /// Nothing is left to do, with the lock and without.
    pub async fn check_settled(&self) {
        assert_eq!(self.plan().await.changes, []);
        let lock = fs::read(self.lock()).unwrap();
        self.forget_lock();
        assert_eq!(self.plan().await.changes, []);
        fs::write(self.lock(), lock).unwrap();
    }

    pub fn orphans(&mut self, policy: Orphans) {
        self.config.orphans = policy;
    }
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done { verb, note, .. } => match note {
            Some(note) => format!("{verb} ({note})"),
            None => (*verb).to_owned(),
        },
        Outcome::Refused { reason, .. } => format!("refused: {reason}"),
        Outcome::Failed { reason, .. } => format!("failed: {reason}"),
        Outcome::Skipped => "skipped".to_owned(),
    }
}

async fn editor(client: &reqwest::Client, url: &str, token: &str, id: u64, what: &Value) -> reqwest::Response {
    let request = client.post(format!("{url}/_local/articles/{id}/editor")).bearer_auth(token);
    request.json(what).send().await.unwrap()
}

/// A way to the Help Center on which one thing goes wrong.
#[derive(Clone)]
struct Door {
    url: String,
    client: reqwest::Client,
    fault: Arc<Mutex<Option<(&'static str, Fault)>>>,
    bodies: Bodies,
}

async fn serve(door: Door) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(pass).with_state(door);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn pass(State(door): State<Door>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let mut body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    let line = format!("{} {}", parts.method, parts.uri);
    if let Ok(sent) = serde_json::from_slice(&body) {
        door.bodies.lock().unwrap().push((line.clone(), sent));
    }
    let fault = {
        let mut fault = door.fault.lock().unwrap();
        let is_meant = fault.as_ref().is_some_and(|(request, _)| line.ends_with(request));
        if is_meant { fault.take().map(|(_, fault)| fault) } else { None }
    };
    let token = parts.headers["authorization"].to_str().unwrap().trim_start_matches("Bearer ").to_owned();
    match &fault {
        Some(Fault::LoseWords(words)) => body = String::from_utf8(body).unwrap().replace(words, "").into_bytes(),
        Some(Fault::Edit(id, what)) => {
            editor(&door.client, &door.url, &token, *id, what).await;
        }
        Some(Fault::Create(article)) => {
            let request = door.client.post(format!("{}/articles", door.url)).bearer_auth(&token).json(article);
            request.header("Intercom-Version", "2.16").send().await.unwrap();
        }
        Some(Fault::Delete(file)) => fs::remove_file(file).unwrap(),
        Some(Fault::Swallow) => std::future::pending().await,
        Some(Fault::LoseRequest) => return bad_gateway(),
        Some(Fault::Forbid) => return refused(StatusCode::FORBIDDEN),
        Some(Fault::RefuseToken) => {
            *door.fault.lock().unwrap() = Some(("", Fault::RefuseToken));
            return refused(StatusCode::UNAUTHORIZED);
        }
        Some(Fault::LoseAnswer | Fault::NeverAnswer) | None => {}
    }
    let url = format!("{}{}", door.url, parts.uri);
    let request = door.client.request(parts.method, url).bearer_auth(token).header("Intercom-Version", "2.16");
    let answer = request.header("content-type", "application/json").body(body).send().await.unwrap();
    let (status, bytes) = (answer.status(), answer.bytes().await.unwrap());
    if matches!(fault, Some(Fault::NeverAnswer)) {
        std::future::pending::<()>().await;
    }
    if matches!(fault, Some(Fault::LoseAnswer)) {
        return bad_gateway();
    }
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response
}

fn bad_gateway() -> Response<Body> {
    refused(StatusCode::BAD_GATEWAY)
}

fn refused(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// What the editor sends to make a text live.
pub fn made_live(body: &str) -> Value {
    json!({ "body": format!("<p>{body}</p>"), "publish": true })
}
