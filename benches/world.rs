//! A generated book with what is live of it and what the record knows of that, as values.

use std::collections::BTreeMap;
use std::path::Path;

use helpbook::book::{Book, Ids, Ignored};
use helpbook::config::{Config, Spacing};
use helpbook::html::{self, Context, Images, LinkTargets, RenderedDocs};
use helpbook::intercom::model::{Admin, AdminId, App, ArticleId, HelpCenter, HelpCenterId, Locale, Me};
use helpbook::live::{Listed, Live, LiveArticle};
use helpbook::plan::{self, Rules};
use helpbook::record::Record;
use helpbook::text::DocPath;
use jiff::Timestamp;

use super::book::Book as Generated;

/// A book, what is live of it, and what the record knows of that.
pub struct World {
    /// Where the files are.
    pub folder: tempfile::TempDir,
    pub config: Config,
    pub book: Book,
    pub live: Live,
    pub record: Record,
    pub rules: Rules,
}

impl World {
    /// A book of so many articles, all of them live and in the record.
    pub fn new(articles: usize) -> Result<Self, Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        Generated { articles, seed: 7 }.write(folder.path(), 0)?;
        without_fragments(&folder.path().join("docs"))?;
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
        // What a plan would send is live.
        for _ in 0..2 {
            let sent = plan::plan(&book, &live, &Record::default(), &rules);
            for change in &sent.changes {
                if let (Some(id), Some(plan::Stage::Draft { texts, .. })) = (change.article_id(), &change.stage)
                    && let Some(found) = live.articles.get_mut(&id)
                {
                    found.article.content.body = texts.get(&rules.locale).and_then(|content| content.body.clone());
                }
            }
        }
        let mut record = Record { workspace: Some("w1".to_owned()), ..Record::default() };
        for settled in &plan::plan(&book, &live, &record, &rules).settled {
            settled.keep(&mut record);
        }
        let rest = plan::plan(&book, &live, &record, &rules).changes.len();
        if rest > 0 {
            return Err(format!("{rest} articles are not as they are live").into());
        }
        Ok(Self { folder, config, book, live, record, rules })
    }

    /// A plan of texts that are rendered already.
    pub fn plan(&self, record: &Record, docs: &RenderedDocs) -> plan::Plan {
        plan::plan_rendered(plan::RenderedBook { book: &self.book, docs }, &self.live, record, &self.rules)
    }
}

/// Links to headings are to articles alone: which ids headings have is known of a Help Center only.
fn without_fragments(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            without_fragments(&path)?;
        } else {
            let text = std::fs::read_to_string(&path)?;
            std::fs::write(&path, text.replace("#set-it-up)", ")").replace("#mettre-en-place)", ")"))?;
        }
    }
    Ok(())
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

/// The Markdown of an article.
pub fn markdown() -> String {
    Generated { articles: 1, seed: 7 }.markdown(0)
}

/// It rendered, without any other file.
pub fn rendered(markdown: &str) -> html::Rendered {
    let (files, links, path) = (BTreeMap::new(), LinkTargets::default(), DocPath::new("a.md"));
    let images = Images { files: &files, host: None };
    let context =
        Context { path: &path, offset: 0, images, links: &links, spacing: Spacing::Paragraphs, headings: &[] };
    html::render(markdown, context)
}
