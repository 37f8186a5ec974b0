//! The walk over lists whose pages are not faithful (docs/intercom.md 0.5).

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use helpbook::intercom::Connection;
use helpbook::intercom::model::{AdminId, CreateArticle};
use helpbook::local::{Clock, LocalHelpCenter, Options, Ties};

use crate::harness::{Project, Server, id_of, published};

#[tokio::test]
async fn a_thousand_articles_of_one_second_are_all_found() {
    let options =
        Options { clock: Clock::manual(1_790_000_000), ..Options::behaving(|does| does.ties = Ties::Unstable) };
    let local = LocalHelpCenter::start(Options { rate_limit: Some(100_000), ..options }).await.unwrap();
    let connection = Connection::new(&local.url(), &local.token().to_owned().into()).unwrap();
    let writer = connection.writer();
    for number in 0..1000 {
        let wanted = CreateArticle::draft(format!("Article {number}"), "<p>a</p>".into(), AdminId(1));
        writer.create_article(&wanted).await.unwrap();
    }
    let swept = connection.reader().articles(|_| ()).await.unwrap();
    assert_eq!((swept.records.len(), swept.is_complete()), (1000, true));
}

/// A way to a Help Center on which answers are made small for whoever takes them so. Says how many bytes
/// came and went.
async fn small(url: String) -> (String, Arc<[AtomicUsize; 2]>) {
    let sizes: Arc<[AtomicUsize; 2]> = Arc::default();
    let (client, counted) = (reqwest::Client::builder().no_gzip().build().unwrap(), Arc::clone(&sizes));
    let pass = move |request: Request<Body>| {
        let (client, url, sizes) = (client.clone(), format!("{url}{}", request.uri()), Arc::clone(&counted));
        async move {
            let takes = request.headers().get("accept-encoding").is_some_and(|kinds| kinds == "gzip");
            assert!(takes, "{:?}", request.headers());
            let authorization = request.headers()["authorization"].clone();
            let answer = client.get(url).header("authorization", authorization).header("Intercom-Version", "2.16");
            let bytes = answer.send().await.unwrap().bytes().await.unwrap();
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(&bytes).unwrap();
            let small = encoder.finish().unwrap();
            sizes[0].fetch_add(bytes.len(), Ordering::SeqCst);
            sizes[1].fetch_add(small.len(), Ordering::SeqCst);
            let answer = Response::builder().header("content-type", "application/json");
            answer.header("content-encoding", "gzip").body(Body::from(small)).unwrap()
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(pass)).await });
    (url, sizes)
}

#[tokio::test]
async fn pages_come_small_where_intercom_makes_them_so() {
    let options = Options { rate_limit: Some(100_000), ..Options::default() };
    let local = LocalHelpCenter::start(options).await.unwrap();
    let token = local.token().to_owned().into();
    let writer = Connection::new(&local.url(), &token).unwrap().writer();
    for number in 0..20 {
        let body = format!("<p>{}</p>", format!("Word {number}. ").repeat(200));
        let wanted = CreateArticle::draft(format!("Article {number}"), body, AdminId(1));
        writer.create_article(&wanted).await.unwrap();
    }
    let (url, sizes) = small(local.url()).await;
    let swept = Connection::new(&url, &token).unwrap().reader().articles(|_| ()).await.unwrap();
    assert_eq!((swept.records.len(), swept.is_complete()), (20, true));
    assert!(swept.records.iter().all(|article| article.body.as_ref().unwrap().len() > 1500));
    let [plain, small] = [0, 1].map(|at| sizes[at].load(Ordering::SeqCst));
    assert!(small * 10 < plain, "{plain} {small}");
}

/// From now on the lists lack an article.
fn hide(server: &Server, id: u64) {
    let is_hidden = |seed: &u64| {
        server.post("/_local/faults", &serde_json::json!({ "rates": "short-list=100", "seed": seed }));
        !server.ids().contains(&id)
    };
    (0..1000).find(is_hidden).unwrap();
}

#[test]
fn a_list_that_stays_short_lets_nothing_be_created_or_orphaned_and_updates_go_on() {
    let server = Server::start();
    let project = published(&server);
    let other = Project::new(&[("docs/a/unknown.md", "# Unknown\n\nText.\n")]).on(&server);
    other.run(&["apply", "--publish", "--yes"]).exits(0);
    hide(&server, id_of(&other, "docs/a/unknown.md"));
    project.write("docs/guide/new.md", "# New\n\nText.\n");
    project.edit("docs/guide/install.md", "Click it.", "Press it.");
    let id = id_of(&project, "docs/guide/update.md");
    project.remove("docs/guide/update.md");
    let mark = server.requests().len();
    let ran = project.run(&["apply", "--publish", "--yes"]).exits(3);
    let ran = ran.says("Intercom's lists stayed incomplete in three walks").says("published guide/install.md");
    assert!(!ran.stdout.contains("stays live"), "{}", ran.stdout);
    assert!(
        server.writes_since(mark).iter().all(|line| !line.starts_with("POST /articles ")),
        "{:?}",
        server.writes_since(mark)
    );
    server.post("/_local/faults", &serde_json::json!({ "rates": "0" }));
    project.run(&["apply", "--publish", "--yes"]).exits(0).says("created guide/new.md").says("it stays live");
    assert_eq!(server.get(&format!("/articles/{id}"))["state"], "published");
}

/// A server that answers every request for a list by its query.
async fn lists(answer: impl Fn(u32) -> String + Clone + Send + Sync + 'static) -> (Connection, Arc<AtomicUsize>) {
    let requests: Arc<AtomicUsize> = Arc::default();
    let counted = Arc::clone(&requests);
    let pass = move |request: Request<Body>| {
        counted.fetch_add(1, Ordering::SeqCst);
        let query = request.uri().query().unwrap_or_default().to_owned();
        let per_page = query.split('&').find_map(|part| part.strip_prefix("per_page=")).unwrap().parse().unwrap();
        let body = answer(per_page);
        async move { Response::builder().header("content-type", "application/json").body(Body::from(body)).unwrap() }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(pass)).await });
    (Connection::new(&url, &"token".to_owned().into()).unwrap(), requests)
}

const ONE: &str = r#"{"type":"article","id":"7","title":"One","body":"<p>a</p>","state":"draft","updated_at":1}"#;

#[tokio::test]
async fn a_list_that_says_it_never_ends_is_left() {
    for more in [r#""pages":{"total_pages":1000000000}"#, r#""pages":{"next":{"page":2,"starting_after":"x"}}"#] {
        let (connection, requests) =
            lists(move |_| format!(r#"{{"type":"list","data":[{ONE}],"total_count":1000000000,{more}}}"#)).await;
        let swept = connection.reader().articles(|_| ()).await.unwrap();
        assert_eq!((swept.records.len(), swept.is_complete()), (1, false));
        assert!(requests.load(Ordering::SeqCst) < 100, "{requests:?}");
    }
}

#[tokio::test]
async fn a_page_that_is_too_large_is_asked_for_in_halves() {
    let (connection, _) = lists(|per_page| {
        let padding = if per_page > 100 { " ".repeat(65 * 1024 * 1024) } else { String::new() };
        format!(r#"{{"type":"list","data":[{ONE}],"total_count":1,{padding}"pages":{{"total_pages":1}}}}"#)
    })
    .await;
    let swept = connection.reader().articles(|_| ()).await.unwrap();
    assert_eq!((swept.records.len(), swept.is_complete()), (1, true));
}

#[tokio::test]
async fn a_server_that_never_answers_is_read_from_twice() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let silent = Router::new().fallback(move || {
        count.fetch_add(1, Ordering::SeqCst);
        std::future::pending::<Response<Body>>()
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, silent).await });
    let time = std::time::Duration::from_millis(20);
    let reader = Connection::with_time(&url, &"token".to_owned().into(), time).unwrap().reader();
    assert!(reader.me().await.is_err());
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}
