//! What single functions cost: `cargo bench --bench functions`.
//!
//! Each takes articles of the generated book, so that a figure here and one of a whole command are
//! about the same texts. See `benches/README.md`.

mod book;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::ItemsCount;
use helpbook::book::{Book, Ids, Ignored};
use helpbook::config::{Config, Spacing};
use helpbook::html::{self, Context, Images, LinkTargets, RenderedDocs, TextSummary};
use helpbook::intercom::model::{Admin, AdminId, App, Article, ArticleId, HelpCenter, HelpCenterId, Locale, Me, Page};
use helpbook::live::{Listed, Live, LiveArticle};
use helpbook::plan::{self, Rules};
use helpbook::record::Record;
use helpbook::text::DocPath;
use jiff::Timestamp;

/// How many articles the benches of whole books take.
const MANY: usize = 1_000;

fn main() {
    divan::main();
}

/// A book, what is live of it, and what the record knows of that.
struct World {
    folder: tempfile::TempDir,
    config: Config,
    book: Book,
    live: Live,
    record: Record,
    rules: Rules,
}

static WORLD: LazyLock<World> = LazyLock::new(|| World::new().unwrap_or_else(|error| panic!("no world: {error}")));

impl World {
    fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        book::Book { articles: MANY, seed: 7 }.write(folder.path(), 0)?;
        let text = std::fs::read_to_string(folder.path().join("helpbook.yml"))?;
        let mut config = Config::parse(&text, &DocPath::new("helpbook.yml"), &mut Vec::new());
        config.locales = vec![Locale::english()];
        let mut book = Book::load(folder.path(), &config, Ids::FrontMatter, &Ignored::Usual)?;
        for (number, article) in book.articles.values_mut().enumerate() {
            article.id = Some(ArticleId(number as u64 + 1));
            article.collection = helpbook::book::CollectionRef::Unsaid;
            article.translations.clear();
        }
        book.collections.clear();
        let rules = Rules::new(&config);
        let mut live = live(&book)?;
        // What a plan would send is what is live.
        let sent = plan::plan(&book, &live, &Record::default(), &rules);
        for change in &sent.changes {
            if let (Some(id), Some(plan::Stage::Draft { texts, .. })) = (change.article_id(), &change.stage)
                && let Some(found) = live.articles.get_mut(&id)
            {
                found.article.content.body = texts.get(&rules.locale).and_then(|content| content.body.clone());
            }
        }
        let mut record = Record { workspace: Some("w1".to_owned()), ..Record::default() };
        for settled in &plan::plan(&book, &live, &record, &rules).settled {
            settled.keep(&mut record);
        }
        Ok(Self { folder, config, book, live, record, rules })
    }

    fn plan(&self, record: &Record, docs: &RenderedDocs) -> plan::Plan {
        plan::plan_rendered(plan::RenderedBook { book: &self.book, docs }, &self.live, record, &self.rules)
    }
}

fn live(book: &Book) -> Result<Live, Box<dyn std::error::Error>> {
    let me = AdminId(1);
    let article = |(id, article): (ArticleId, &helpbook::book::Article)| -> Result<_, Box<dyn std::error::Error>> {
        let content = &article.content;
        let body = html::write::html(&html::parse(&rendered(content.markdown()).html()));
        let json = serde_json::json!({
            "id": id.to_string(), "title": content.title, "description": content.description, "body": body,
            "state": "published", "author_id": 1, "url": format!("https://help.example.com/en/articles/{id}"),
        });
        Ok((id, LiveArticle::of(serde_json::from_value(json)?)))
    };
    let articles = book.articles.values().filter_map(|one| Some((one.id?, one))).map(article);
    Ok(Live {
        fetched_at: Timestamp::from_second(1_800_000_000)?,
        me: Me { id: me, app: App { id_code: "w1".to_owned(), ..App::default() }, ..Me::default() },
        help_center: HelpCenter {
            id: HelpCenterId(1),
            identifier: Some("help".to_owned()),
            url: Some("https://help.example.com".to_owned()),
            ..HelpCenter::default()
        },
        unreadable: BTreeMap::new(),
        admins: [(me, Admin { id: me, ..Admin::default() })].into(),
        collections: BTreeMap::new(),
        articles: articles.collect::<Result<_, _>>()?,
        is_complete: true,
        audiences: Listed::NotFetched,
        redirects: Listed::NotFetched,
        last_put: BTreeMap::new(),
    })
}

fn markdown() -> String {
    book::Book { articles: 1, seed: 7 }.markdown(0)
}

fn rendered(markdown: &str) -> html::Rendered {
    let (files, links, path) = (BTreeMap::new(), LinkTargets::default(), DocPath::new("a.md"));
    let images = Images { files: &files, host: None };
    let context =
        Context { path: &path, offset: 0, images, links: &links, spacing: Spacing::Paragraphs, headings: &[] };
    html::render(markdown, context)
}

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
