//! Faults on demand: each kind once, by the control endpoint, and by rates.

use std::time::Duration;

use serde_json::{Value, json};

use super::World;
use crate::{Fault, Faults, Options};

impl World {
    /// What the next requests meet.
    async fn next(&self, faults: &[&str]) {
        self.post("/_local/faults", json!({"next": faults, "delay": 1, "retry_after": 0})).await.ok();
    }

    /// Sends a request whose answer gets lost or breaks off.
    async fn lost(&self, method: &str, path: &str, body: Value) {
        let sent = self.request(method, path).json(&body).send().await;
        let read = match sent {
            Ok(response) => response.bytes().await.map(|_| ()),
            Err(error) => Err(error),
        };
        assert!(read.is_err());
    }

    async fn count(&self) -> Value {
        self.get("/articles").await.ok()["total_count"].clone()
    }
}

fn new(title: &str) -> Value {
    json!({"title": title, "author_id": 1})
}

#[tokio::test]
async fn what_fails_before_is_not_done_and_what_fails_after_is() {
    let world = World::new().await;
    for (fault, count) in [("error-before", 0), ("error-after", 1)] {
        world.next(&[fault]).await;
        let (status, code, _) = world.post("/articles", new("a")).await.error();
        assert!(
            [(500, "server_error"), (502, "server_error"), (503, "service_unavailable")].contains(&(status, &code))
        );
        assert_eq!(world.count().await, count, "{fault}");
    }
    for (fault, count) in [("drop-before", 1), ("drop-after", 2), ("truncated", 3)] {
        world.next(&[fault]).await;
        world.lost("POST", "/articles", new("a")).await;
        assert_eq!(world.count().await, count, "{fault}");
    }
    let log = world.center.requests();
    let post = |line: &&String| line.contains("POST /articles");
    let ends: Vec<&str> = log.iter().filter(post).map(|line| line.split_once("/articles ").unwrap().1).collect();
    assert_eq!(ends[2..4], ["0 fault=drop-before", "200 article=9100002 state=draft draft=no fault=drop-after"]);
    assert!(ends[0].ends_with("fault=error-before") && !ends[0].contains("article="), "{}", ends[0]);
}

#[tokio::test]
async fn too_many_requests_say_when_to_come_back_or_do_not() {
    let world = World::new().await;
    world.next(&["too-many", "too-many-bare"]).await;
    let with = world.post("/articles", new("a")).await;
    assert_eq!((with.status, with.header("retry-after")), (429, Some("0")));
    let bare = world.post("/articles", new("a")).await;
    assert_eq!((bare.error().1.as_str(), bare.header("retry-after")), ("rate_limit_exceeded", None));
    assert_eq!(bare.header("x-ratelimit-remaining"), Some("0"));
    assert!(bare.header("x-ratelimit-reset").is_some());
    assert_eq!(world.count().await, 0);
}

#[tokio::test]
async fn a_page_of_html_is_no_answer() {
    let world = World::new().await;
    world.next(&["wrong-type"]).await;
    let reply = world.post("/articles", new("a")).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(reply.text.starts_with("<!doctype html>"), "{}", reply.text);
    assert_eq!(world.count().await, 1);
}

#[tokio::test]
async fn late_and_slow_answers_are_whole() {
    let world = World::new().await;
    world.article("draft").await;
    let want = world.get("/articles").await.ok();
    world.next(&["latency", "slow"]).await;
    for _ in 0..2 {
        assert_eq!(world.get("/articles").await.ok(), want);
    }
}

#[tokio::test]
async fn a_stale_list_shows_what_was() {
    let world = World::new().await;
    let first = world.article("draft").await;
    world.collection("One", None).await;
    world.clock.advance(10);
    world.put(&first, json!({"title": "New"})).await.ok();
    world.article("draft").await;
    world.collection("Two", None).await;
    let titles = async |path: &str, field: &str| {
        let data = world.get(path).await.ok()["data"].clone();
        data.as_array().unwrap().iter().map(|one| one[field].clone()).collect::<Vec<_>>()
    };
    world.next(&["stale-list", "stale-list"]).await;
    assert_eq!(titles("/articles", "title").await, ["Old"]);
    assert_eq!(titles("/help_center/collections", "name").await, ["One"]);
    // What is read by its id is never stale.
    world.next(&["stale-list"]).await;
    assert_eq!(world.get(&first).await.ok()["title"], "New");
    world.clock.advance(2);
    world.next(&["stale-list"]).await;
    assert_eq!(titles("/articles", "title").await, ["Old", "New"]);
    assert_eq!(world.count().await, 2);
    world.delete(&first).await.ok();
    world.next(&["stale-list"]).await;
    assert_eq!(world.count().await, 2);
    assert_eq!(world.count().await, 1);
}

#[tokio::test]
async fn a_list_of_versions_can_be_stale_and_short_too() {
    let world = World::new().await;
    let path = format!("{}/versions", world.article("published").await);
    world.clock.advance(10);
    world.put(path.trim_end_matches("/versions"), json!({"title": "New"})).await.ok();
    let titles = async |path: &str| {
        let data = world.get(path).await.ok()["data"].clone();
        data.as_array().unwrap().iter().map(|one| one["title"].clone()).collect::<Vec<_>>()
    };
    world.next(&["stale-list"]).await;
    assert_eq!(titles(&path).await, ["Old"]);
    world.next(&["short-list"]).await;
    let short = world.get(&path).await.ok();
    assert_eq!((short["data"].as_array().unwrap().len(), &short["total_count"]), (1, &json!(2)));
    // One version is read by its id.
    world.next(&["stale-list"]).await;
    assert_eq!(world.get(&format!("{path}/7100002")).await.ok()["title"], "New");
    assert_eq!(titles(&path).await, ["New", "Old"]);
}

#[tokio::test]
async fn a_short_list_lacks_the_same_record_in_every_walk() {
    let faults = Faults::default().with(Fault::ShortList, 100).unwrap();
    let world = World::with(Options { faults, ..Options::default() }).await;
    for _ in 0..12 {
        world.article("draft").await;
    }
    let mut never = (9_100_001..9_100_013).map(|id| json!(id.to_string())).collect::<Vec<_>>();
    for per_page in [12, 6, 4] {
        for page in 1..=12 / per_page {
            let list = world.get(&format!("/articles?per_page={per_page}&page={page}")).await.ok();
            assert_eq!(list["total_count"], 12);
            assert_eq!(list["data"].as_array().unwrap().len(), per_page - 1);
            never.retain(|id| !list["data"].as_array().unwrap().iter().any(|one| one["id"] == *id));
        }
    }
    assert_eq!(never.len(), 1);
}

#[tokio::test]
async fn rates_are_set_shown_and_ended_while_it_runs() {
    let world = World::new().await;
    let none = json!({"seed": 0, "delay": 200, "retry_after": 1, "rates": {}, "next": []});
    assert_eq!(world.get("/_local/faults").await.ok(), none);
    let set = json!({"rates": "error-before=100", "seed": 7, "delay": 5, "next": ["none", "drop-after"]});
    assert_eq!(
        world.post("/_local/faults", set).await.ok(),
        json!({"seed": 7, "delay": 5, "retry_after": 1, "rates": {"error-before": 100.0}, "next": ["none", "drop-after"]})
    );
    for bad in [json!({"rates": "oops=1"}), json!({"rates": "101"}), json!({"next": ["oops"]}), json!({"delay": -1})] {
        assert_eq!(world.post("/_local/faults", bad).await.error().0, 400);
    }
    assert_eq!(world.get("/me").await.status, 200);
    world.lost("GET", "/me", json!(null)).await;
    assert!(world.get("/me").await.status >= 500);
    assert_eq!(world.delete("/_local/faults").await.ok()["rates"], json!({}));
    assert_eq!(world.get("/me").await.status, 200);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_run() {
    let run = async |seed: u64| {
        let mut faults = Faults::all(60).unwrap();
        (faults.seed, faults.delay) = (seed, Duration::ZERO);
        let world = World::with(Options { faults, ..Options::default() }).await;
        for n in 0..40 {
            // Whatever comes back.
            let _ = world.request("POST", "/articles").json(&new(&format!("{n}"))).send().await;
            let _ = world.request("GET", "/articles").send().await;
        }
        world.center.requests()
    };
    let first = run(1).await;
    assert_eq!(first.len(), 80);
    assert!(first.iter().filter(|line| line.contains("fault=")).count() > 20);
    assert_eq!(first, run(1).await);
    assert_ne!(first, run(2).await);
}
