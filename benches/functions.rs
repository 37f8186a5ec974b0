//! What single functions cost: `cargo bench --bench functions`.
//!
//! Each takes articles of the generated book, so that a figure here and one of a whole command are
//! about the same texts. See `benches/README.md`.

mod book;
mod world;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::ItemsCount;
use helpbook::book::{Book, Ids, Ignored};
use helpbook::html::{self, RenderedDocs, TextSummary};
use helpbook::intercom::model::{Article, ArticleId, Page};
use helpbook::plan;
use helpbook::record::Record;
use world::{World, markdown, rendered};

/// How many articles the benches of whole books take.
const MANY: usize = 1_000;

fn main() {
    divan::main();
}

static WORLD: LazyLock<World> = LazyLock::new(|| World::new(MANY).unwrap_or_else(|error| panic!("no world: {error}")));

/// Markdown to a tree, with its findings.
#[divan::bench]
fn render(bencher: Bencher) {
    let markdown = markdown();
    bencher.bench(|| rendered(divan::black_box(&markdown)));
}

/// A stored body to a tree.
#[divan::bench]
fn parse(bencher: Bencher) {
    let html = rendered(&markdown()).html();
    bencher.bench(|| html::parse(divan::black_box(&html)));
}

/// A tree to its canonical form.
#[divan::bench]
fn canonical(bencher: Bencher) {
    let body = rendered(&markdown()).body;
    bencher.bench(|| html::canonical(divan::black_box(&body)));
}

/// What is kept of a tree.
#[divan::bench]
fn summary(bencher: Bencher) {
    let rendered = rendered(&markdown());
    bencher.with_inputs(|| rendered.clone()).bench_values(TextSummary::of);
}

/// A tree as Markdown.
#[divan::bench]
fn to_markdown(bencher: Bencher) {
    let body = rendered(&markdown()).body;
    bencher.bench(|| html::markdown::markdown(divan::black_box(&body)));
}

/// A page of 250 articles.
#[divan::bench]
fn decode_page(bencher: Bencher) {
    let articles = WORLD.live.articles.values().take(250).map(|found| {
        let Article { id, content, .. } = &found.article;
        serde_json::json!({
            "id": id.to_string(), "title": content.title, "description": content.description, "body": content.body,
            "state": content.state, "author_id": content.author_id, "url": content.url, "parent_ids": [1, 2],
            "ai_chatbot_availability": true, "audience_ids": [], "tags": {"type": "tag.list", "tags": []},
        })
    });
    let articles: Vec<serde_json::Value> = articles.collect();
    let json = serde_json::json!({"type": "list", "data": articles, "total_count": 250}).to_string();
    bencher.counter(ItemsCount::new(250_u32)).bench(|| {
        let page: Page<Article> =
            serde_json::from_str(divan::black_box(&json)).unwrap_or_else(|error| panic!("{error}"));
        page
    });
}

/// The docs folder to values.
#[divan::bench]
fn load_book(bencher: Bencher) {
    let world = &*WORLD;
    bencher
        .counter(ItemsCount::new(MANY))
        .bench(|| Book::load(world.folder.path(), &world.config, Ids::FrontMatter, &Ignored::Usual));
}

/// Every text of a book rendered, on every core.
#[divan::bench]
fn render_book(bencher: Bencher) {
    let world = &*WORLD;
    bencher.counter(ItemsCount::new(MANY)).bench(|| RenderedDocs::of(&world.book, world.rules.rendering()));
}

/// A plan with nothing to do, as the record says.
#[divan::bench]
fn plan_with_lock(bencher: Bencher) {
    let world = &*WORLD;
    let docs = RenderedDocs::of(&world.book, world.rules.rendering());
    bencher.counter(ItemsCount::new(MANY)).bench(|| world.plan(&world.record, &docs));
}

/// A plan with nothing to do, found out by comparing.
#[divan::bench]
fn plan_without_lock(bencher: Bencher) {
    let world = &*WORLD;
    let docs = RenderedDocs::of(&world.book, world.rules.rendering());
    bencher.counter(ItemsCount::new(MANY)).bench(|| world.plan(&Record::default(), &docs));
}

/// A plan of which one text in ten changed.
#[divan::bench]
fn plan_with_changes(bencher: Bencher) {
    let world = &*WORLD;
    let docs = RenderedDocs::of(&world.book, world.rules.rendering());
    let mut live = world.live.clone();
    let ids: BTreeSet<ArticleId> = live.articles.keys().step_by(10).copied().collect();
    for found in live.articles.iter_mut().filter(|(id, _)| ids.contains(id)).map(|(_, found)| found) {
        found.article.body = Some("<p class=\"no-margin\">Something else.</p>".to_owned());
    }
    let record = Record::default();
    bencher.counter(ItemsCount::new(MANY)).bench(|| {
        plan::plan_rendered(plan::RenderedBook { book: &world.book, docs: &docs }, &live, &record, &world.rules)
    });
}

/// The lock file to values and back.
#[divan::bench]
fn lock_file(bencher: Bencher) {
    let text = WORLD.record.to_text();
    bencher
        .counter(ItemsCount::new(MANY))
        .bench(|| Record::parse(divan::black_box(&text)).map(|loaded| loaded.record.to_text()));
}
