//! The walk over lists whose pages are not faithful (FACTS 0.5).

use helpbook::intercom::Connection;
use helpbook::intercom::model::{AdminId, CreateArticle};
use helpbook::local::{Clock, LocalHelpCenter, Options, Ties};

use crate::harness::{Project, Server, id_of, published};

#[tokio::test]
async fn a_thousand_articles_of_one_second_are_all_found() {
    let options = Options { ties: Ties::Unstable, clock: Clock::manual(1_790_000_000), ..Options::default() };
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
