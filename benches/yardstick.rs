//! What commands are measured with: a book of any size, and the least that its work can cost.
//!
//! `generate` writes a book. `fetch`, `parse` and `write` are the floors: they do what a command
//! cannot do without, and nothing else, with the same concurrency. Each prints one line of JSON.
//! `benches/commands.py` runs them; see `benches/README.md`.

mod book;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use pulldown_cmark::{Options, Parser};
use serde::Deserialize;

use book::Book;

/// How many pages are fetched side by side, as helpbook does.
const SIDE_BY_SIDE: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo bench` adds an argument of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let number = |at: usize| arguments.get(at).map_or(Ok(0), |text| text.parse::<usize>());
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["generate", folder, _, ..] => {
            let book = Book { articles: number(2)?, seed: 7 };
            book.write(Path::new(folder), number(3)?)?;
        }
        ["parse", folder, ..] => parse(Path::new(folder), number(2)?.max(1))?,
        ["fetch", url, token] => runtime()?.block_on(fetch(url, token, None))?,
        ["write", url, token, folder] => runtime()?.block_on(fetch(url, token, Some(Path::new(folder))))?,
        // A run of all benches passes by.
        [] => eprintln!("see benches/README.md"),
        _ => {
            return Err(
                "generate DIR ARTICLES [CHANGED] | parse DIR THREADS | fetch URL TOKEN | write URL TOKEN DIR".into()
            );
        }
    }
    Ok(())
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

/// Reads every Markdown file and parses it with pulldown-cmark alone.
fn parse(folder: &Path, threads: usize) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let files: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let count = |files: &[PathBuf]| -> std::io::Result<usize> {
        let mut events = 0;
        for file in files {
            events += Parser::new_ext(&fs::read_to_string(file)?, options).into_offset_iter().count();
        }
        Ok(events)
    };
    let shares = files.chunks(files.len().div_ceil(threads).max(1));
    let counted: Vec<std::io::Result<usize>> = std::thread::scope(|scope| {
        let running: Vec<_> = shares.map(|share| scope.spawn(move || count(share))).collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    let events: usize = counted.into_iter().sum::<std::io::Result<usize>>()?;
    println!("{{\"files\": {}, \"events\": {events}, \"seconds\": {:.4}}}", files.len(), start.elapsed().as_secs_f64());
    Ok(())
}

/// A page as any client of the API declares it: every text it holds.
#[derive(Deserialize)]
struct Page {
    data: Vec<Article>,
    pages: Option<Pages>,
}

#[derive(Deserialize)]
struct Pages {
    total_pages: u64,
}

#[derive(Deserialize)]
struct Article {
    id: String,
    title: String,
    #[expect(dead_code, reason = "decoding it is what is measured")]
    description: Option<String>,
    body: Option<String>,
    #[expect(dead_code, reason = "decoding it is what is measured")]
    url: Option<String>,
    #[serde(default)]
    translated_content: Option<BTreeMap<String, serde_json::Value>>,
}

/// Fetches and decodes every page of articles; with a folder, writes each body into a file of its
/// own as well.
async fn fetch(url: &str, token: &str, folder: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse()?);
    headers.insert("intercom-version", "2.16".parse()?);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().default_headers(headers).no_proxy().build()?;
    let page = |number: u64| {
        let request = client.get(format!("{url}/articles?per_page=250&page={number}"));
        async move {
            let bytes = request.send().await?.error_for_status()?.bytes().await?;
            let size = bytes.len();
            Ok::<_, Box<dyn Error + Send + Sync>>((serde_json::from_slice::<Page>(&bytes)?, size))
        }
    };
    let fail = |error: Box<dyn Error + Send + Sync>| -> Box<dyn Error> { error };
    let (first, mut bytes) = page(1).await.map_err(fail)?;
    let last = first.pages.as_ref().map_or(1, |pages| pages.total_pages);
    let mut articles = first.data;
    let mut rest = stream::iter(2..=last).map(page).buffered(SIDE_BY_SIDE);
    while let Some((page, size)) = rest.try_next().await.map_err(fail)? {
        articles.extend(page.data);
        bytes += size;
    }
    if let Some(folder) = folder {
        fs::create_dir_all(folder)?;
        for article in &articles {
            let body = article.body.as_deref().unwrap_or_default();
            fs::write(folder.join(format!("{}.md", article.id)), format!("# {}\n\n{body}", article.title))?;
        }
    }
    let translated = articles.iter().filter(|article| article.translated_content.is_some()).count();
    println!(
        "{{\"articles\": {}, \"translated\": {translated}, \"bytes\": {bytes}, \"seconds\": {:.4}}}",
        articles.len(),
        start.elapsed().as_secs_f64()
    );
    Ok(())
}
