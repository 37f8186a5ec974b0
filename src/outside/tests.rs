//! Real servers on this machine, asked by names that only this test resolves. The guard of numbers and names stays
//! as it is: only the resolver is another one, and it is in no program.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Outsider;
use super::ask::Client;
use super::guard::{self, NoAddress};
use crate::audit::{Answer, Outside};

/// Names that end in `.example` are this machine; `private.example` is, as the program sees it.
#[derive(Default)]
struct Names {
    /// How often `gone.example` was looked up.
    gone: Arc<AtomicUsize>,
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let (name, gone) = (name.as_str().to_owned(), Arc::clone(&self.gone));
        Box::pin(async move {
            let here = vec![SocketAddr::from(([127, 0, 0, 1], 0))];
            let found = match name.as_str() {
                "gone.example" => {
                    gone.fetch_add(1, Ordering::SeqCst);
                    Err(NoAddress::NoHost)
                }
                "private.example" => guard::public(here),
                _ => Ok(here),
            };
            Ok(Box::new(found?.into_iter()) as Addrs)
        })
    }
}

/// A server that does what the path says, and a log of what it was asked.
async fn server() -> (u16, Arc<Mutex<Vec<String>>>) {
    let log: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&log);
    let answer = move |method: Method, uri: Uri| {
        kept.lock().unwrap().push(format!("{method} {uri}"));
        async move { answered(&method, uri.path()) }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    (port, log)
}

fn answered(method: &Method, path: &str) -> Response {
    let to = |status: u16, address: &str| {
        (StatusCode::from_u16(status).unwrap(), [(header::LOCATION, address.to_owned())]).into_response()
    };
    match path {
        "/get-only" if method == Method::HEAD => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        "/lies-to-head" if method == Method::HEAD => StatusCode::NOT_FOUND.into_response(),
        "/gone" => StatusCode::GONE.into_response(),
        "/missing" => StatusCode::NOT_FOUND.into_response(),
        "/people-only" => StatusCode::FORBIDDEN.into_response(),
        "/broken" => StatusCode::BAD_GATEWAY.into_response(),
        "/moved" => to(301, "/here"),
        "/moved-twice" => to(308, "/moved"),
        "/for-now" => to(302, "/here"),
        "/moved-for-now" => to(301, "/for-now"),
        "/loop" => to(301, "/loop"),
        "/inside" => to(302, "http://127.0.0.1:9/"),
        "/inside-by-name" => to(302, "http://private.example:9/"),
        "/metadata" => to(302, "http://169.254.169.254/latest"),
        "/to-a-file" => to(302, "file:///etc/passwd"),
        "/large" => "x".repeat(3_000_000).into_response(),
        _ => "there".into_response(),
    }
}

async fn asked(addresses: &[String]) -> Outside {
    let outsider = Outsider { client: Client::new(Names::default()).unwrap() };
    outsider.ask(&addresses.iter().cloned().collect::<BTreeSet<_>>(), || ()).await
}

#[tokio::test]
async fn what_an_address_answers_is_told_apart() {
    let (port, log) = server().await;
    let at = |path: &str| format!("http://a.example:{port}{path}");
    let paths = [
        "/here",
        "/get-only",
        "/lies-to-head",
        "/gone",
        "/missing",
        "/people-only",
        "/broken",
        "/moved",
        "/moved-twice",
        "/for-now",
        "/moved-for-now",
        "/loop",
        "/inside",
        "/inside-by-name",
        "/metadata",
        "/to-a-file",
    ];
    let mut addresses: Vec<String> = paths.iter().map(|path| at(path)).collect();
    addresses.extend([
        "http://gone.example/x".to_owned(),
        format!("http://private.example:{port}/here"),
        format!("http://127.0.0.1:{port}/here"),
        "mailto:ada@example.com".to_owned(),
    ]);
    let outside = asked(&addresses).await;
    let shown: Vec<String> = outside
        .answers
        .iter()
        .map(|(address, seen)| {
            let answer = serde_json::to_string(&seen.answer).unwrap();
            format!("{address} {answer}").replace(&port.to_string(), "PORT")
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    http://127.0.0.1:PORT/here {"is":"unknown","why":"addresses of private networks are not asked"}
    http://a.example:PORT/broken {"is":"unknown","why":"it has a fault of its own"}
    http://a.example:PORT/for-now {"is":"there"}
    http://a.example:PORT/get-only {"is":"there"}
    http://a.example:PORT/gone {"is":"gone","status":410}
    http://a.example:PORT/here {"is":"there"}
    http://a.example:PORT/inside {"is":"unknown","why":"it redirects to an address that is not asked"}
    http://a.example:PORT/inside-by-name {"is":"unknown","why":"addresses of private networks are not asked"}
    http://a.example:PORT/lies-to-head {"is":"there"}
    http://a.example:PORT/loop {"is":"unknown","why":"it redirects again and again"}
    http://a.example:PORT/metadata {"is":"unknown","why":"it redirects to an address that is not asked"}
    http://a.example:PORT/missing {"is":"gone","status":404}
    http://a.example:PORT/moved {"is":"moved","to":"http://a.example:PORT/here"}
    http://a.example:PORT/moved-for-now {"is":"there"}
    http://a.example:PORT/moved-twice {"is":"moved","to":"http://a.example:PORT/here"}
    http://a.example:PORT/people-only {"is":"unknown","why":"it does not answer programs"}
    http://a.example:PORT/to-a-file {"is":"unknown","why":"it redirects to an address that is not asked"}
    http://gone.example/x {"is":"no_host"}
    http://private.example:PORT/here {"is":"unknown","why":"addresses of private networks are not asked"}
    "#);
    let log = log.lock().unwrap().clone();
    assert!(log.iter().all(|line| line.starts_with("HEAD ") || line.starts_with("GET ")), "{log:?}");
    assert_eq!(log.iter().filter(|line| line.ends_with("/here")).count(), 5, "a private name is not asked: {log:?}");
    assert!(log.contains(&"GET /missing".to_owned()), "404 to a HEAD is asked again");
}

/// A host of which only the first address is asked may say so by its name or by its silence.
#[tokio::test]
async fn a_host_that_is_not_there_or_does_not_answer_is_left_alone() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let silent = (0..40).map(|at| format!("http://a.example:{port}/{at}"));
    let gone = (0..40).map(|at| format!("http://gone.example/{at}"));
    let (here, _) = server().await;
    let addresses: Vec<String> = silent.chain(gone).chain([format!("http://b.example:{here}/here")]).collect();
    let names = Names::default();
    let gone = Arc::clone(&names.gone);
    let outsider = Outsider { client: Client::new(names).unwrap() };
    let outside = outsider.ask(&addresses.into_iter().collect(), || ()).await;
    let count = |meant: &Answer| outside.answers.values().filter(|seen| seen.answer == *meant).count();
    assert_eq!((count(&Answer::NoHost), count(&super::ask::silent().answer), count(&Answer::There)), (40, 40, 1));
    assert!(gone.load(Ordering::SeqCst) <= super::PER_HOST, "its name is looked up for the first addresses alone");
}

#[tokio::test]
async fn the_size_of_what_is_there_is_known() {
    let (port, _) = server().await;
    let address = format!("http://a.example:{port}/large");
    assert_eq!(asked(std::slice::from_ref(&address)).await.answers[&address].bytes, Some(3_000_000));
}

#[tokio::test]
async fn without_a_network_no_host_counts_as_gone() {
    let address = "http://gone.example/x".to_owned();
    let outside = asked(std::slice::from_ref(&address)).await;
    assert_eq!(outside.answers[&address], super::ask::silent());
}
