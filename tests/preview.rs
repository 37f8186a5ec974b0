//! `helpbook preview` over HTTP, while files change.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use helpbook::intercom::model::Locale;
use helpbook::local::Options;
use serde_json::Value;

use crate::harness::{Project, Server, copy};

/// A preview that runs, and where.
pub struct Preview {
    child: Child,
    /// Host and port.
    host: String,
    /// What it printed first.
    first: String,
}

impl Preview {
    pub fn start(project: &Project, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_helpbook"))
            .args(["preview", "--port", "0"])
            .args(arguments)
            .current_dir(project.path())
            .env_remove("INTERCOM_ACCESS_TOKEN")
            .env_remove("INTERCOM_TOKEN")
            .envs(project.environment().iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let host = first.trim().trim_start_matches("http://").split('/').next().unwrap().to_owned();
        Self { child, host, first: first.trim().to_owned() }
    }

    /// Sends a request and gives what comes back, its head first.
    fn request(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    pub fn get(&self, path: &str) -> String {
        self.request(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.host))
    }

    /// A stream of events, which begins with the version now.
    fn events(&self) -> Events {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
        stream.write_all(format!("GET /events HTTP/1.1\r\nHost: {}\r\n\r\n", self.host).as_bytes()).unwrap();
        Events(BufReader::new(stream))
    }
}

struct Events(BufReader<TcpStream>);

impl Events {
    /// Waits for the next version, a second at most.
    fn wait(&mut self) {
        let mut line = String::new();
        while self.0.read_line(&mut line).is_ok_and(|read| read > 0) {
            if line.starts_with("data: ") {
                return;
            }
            line.clear();
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn project() -> Project {
    let project = Project::new(&[
        ("helpbook.yml", "docs: docs\nstate: published\nlocales: [en, fr]\nhelp_center: Acme\n"),
        ("docs/billing/_index.md", "---\ntitle: Billing\ndescription: About money\n---\n"),
        ("docs/billing/_index.fr.md", "---\ntitle: Facturation\n---\n"),
        (
            "docs/billing/refunds.md",
            "# Refunds\n\n## Steps\n\nSee [invoices](invoices.md#when) and ![it](images/a%20b.png).\n",
        ),
        ("docs/billing/refunds.fr.md", "# Remboursements\n\nVoir [ici](../start.md).\n"),
        ("docs/billing/invoices.md", "---\nstate: draft\n---\n# Invoices\n\n## When\n\nEvery month\n"),
        ("docs/billing/deep/more.md", "# More\n\nhttps://www.youtube.com/watch?v=abcdefghijk\n"),
        ("docs/start.md", "# Start here\n\n<script>alert(1)</script>\n"),
    ]);
    project.write_bytes("docs/billing/images/a b.png", PNG);
    project.write_bytes("docs/.git/secret.png", PNG);
    project
}

#[test]
fn the_docs_are_pages_with_their_links_images_and_languages() {
    let project = project();
    let preview = Preview::start(&project, &["docs/billing/refunds.fr.md"]);
    assert!(preview.first.ends_with("/fr/articles/billing/refunds.html"), "{}", preview.first);
    assert!(preview.get("/").contains("location: /en/index.html"));
    let home = preview.get("/en/index.html");
    for text in ["<title>Acme</title>", ">Billing</span>", "About money", "3 articles", "1 error", "unlisted"] {
        // The number of errors is there once all texts were looked at.
        let home = if text == "1 error" { page_with(&preview, "/en/index.html", text) } else { home.clone() };
        assert!(home.contains(text), "{text}: {home}");
    }
    let article = preview.get("/en/articles/billing/refunds.html");
    assert!(article.starts_with("HTTP/1.1 200"), "{article}");
    let link = article.split("../../../en/articles/billing/invoices.html#h_").nth(1).expect(&article);
    assert!(preview.get("/en/articles/billing/invoices.html").contains(&format!("id=\"h_{}\"", &link[..10])));
    let image = article.split("src=\"../../../files/").nth(1).and_then(|rest| rest.split('"').next()).expect(&article);
    assert!(preview.get(&format!("/files/{image}")).contains("content-type: image/png"), "{image}");
    assert!(article.contains("hreflang=\"fr\"") && article.contains("../../../fr/articles/billing/refunds.html"));
    let french = preview.get("/fr/articles/billing/refunds.html");
    assert!(french.contains("<html lang=\"fr\" dir=\"ltr\">") && french.contains(">Facturation</a>"), "{french}");
    // The article that has no French text is linked in English, and is on no page in French.
    assert!(french.contains("../../../en/articles/start.html"), "{french}");
    assert!(preview.get("/fr/articles/start.html").starts_with("HTTP/1.1 404"));
    assert!(preview.get("/en/collections/billing.html").contains(">draft</span>"));
    let video = preview.get("/en/articles/billing/deep/more.html");
    assert!(video.contains("<a class=\"video\"") && !video.contains("<iframe"), "{video}");
}

/// A page once it holds a text. It is looked at after each change that the events tell of.
#[track_caller]
pub fn page_with(preview: &Preview, path: &str, text: &str) -> String {
    let (mut events, begun) = (preview.events(), Instant::now());
    loop {
        let page = preview.get(path);
        if page.contains(text) {
            return page;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "`{text}` does not come: {page}");
        events.wait();
    }
}

#[test]
fn what_is_saved_is_shown_and_what_breaks_is_said_above() {
    let project = project();
    let preview = Preview::start(&project, &[]);
    let path = "/en/articles/billing/invoices.html";
    project.write("docs/billing/invoices.md", "# Invoices\n\nEvery **week**\n");
    page_with(&preview, path, "Every <b>week</b>");
    // An editor that writes beside the file and renames.
    project.write("docs/billing/.invoices.md.swp", "# Invoices\n\nEvery day\n");
    let file = |name: &str| project.path().join("docs/billing").join(name);
    std::fs::rename(file(".invoices.md.swp"), file("invoices.md")).unwrap();
    page_with(&preview, path, "Every day");
    project.write("docs/billing/invoices.md", "# Invoices\n\n~~no~~ text\n");
    let broken = page_with(&preview, path, "strikethrough");
    assert!(broken.contains("docs/billing/invoices.md:3:1") || broken.contains("billing/invoices.md:3:1"), "{broken}");
    assert!(broken.starts_with("HTTP/1.1 200") && broken.contains("no text"), "{broken}");
    project.write("docs/billing/invoices.md", "---\ntitle: [\n---\nText\n");
    let unread = page_with(&preview, path, "yaml-syntax");
    assert!(unread.starts_with("HTTP/1.1 404"), "{unread}");
    project.write("docs/billing/invoices.md", "# Invoices\n\nFixed\n");
    page_with(&preview, path, "Fixed");
    project.write("helpbook.yml", "docs: docs\nstat: published\n");
    page_with(&preview, "/en/index.html", "unknown-key");
    assert!(preview.get(path).contains("Fixed"));
    project.write("helpbook.yml", "docs: docs\nhelp_center: Renamed\n");
    let home = page_with(&preview, "/en/index.html", "<title>Renamed</title>");
    assert!(!home.contains("unknown-key"), "{home}");
    std::fs::rename(project.path().join("docs/billing"), project.path().join("docs/money")).unwrap();
    page_with(&preview, "/en/articles/money/invoices.html", "Fixed");
    assert!(preview.get(path).starts_with("HTTP/1.1 404"));
    // The docs folder itself may go, and come again.
    std::fs::rename(project.path().join("docs"), project.path().join("away")).unwrap();
    page_with(&preview, "/en/index.html", "there is no docs folder");
    std::fs::rename(project.path().join("away"), project.path().join("docs")).unwrap();
    page_with(&preview, "/en/articles/money/invoices.html", "Fixed");
    project.write("docs/money/invoices.md", "# Invoices\n\nAt last\n");
    page_with(&preview, "/en/articles/money/invoices.html", "At last");
}

#[test]
fn polling_sees_what_was_saved_too() {
    let project = project();
    let preview = Preview::start(&project, &["--poll"]);
    project.write("docs/start.md", "# Start here\n\nPolled\n");
    page_with(&preview, "/en/articles/start.html", "Polled");
}

#[test]
fn nothing_runs_nothing_leads_out_and_nobody_else_is_answered() {
    let project = project();
    project.write("outside.png", "");
    project.write("docs/<b>x/<script>alert(2)</script>.md", "# <script>alert(3)</script> {{ 7 * 7 }}\n\nText\n");
    let preview = Preview::start(&project, &[]);
    let pages = [
        preview.get("/en/index.html"),
        preview.get("/en/articles/start.html"),
        preview.get("/en/search.html?q=%3Cscript%3Ealert(4)%3C/script%3E"),
        preview.get("/en/collections/%3Cb%3Ex.html"),
        preview.get("/%3Cscript%3Ealert(5)%3C/script%3E"),
    ];
    for page in pages {
        assert_eq!(page.matches("<script").count(), 1, "{page}");
        assert!(page.contains("content-security-policy: default-src 'none'; script-src 'self'"), "{page}");
    }
    for path in [
        "/files/../helpbook.yml",
        "/files/..%2f..%2foutside.png",
        "/files/billing/refunds.md",
        "/files/.git/secret.png",
        "/files//etc/passwd",
        "/assets/../../Cargo.toml",
        "/en/articles/../../../outside.html",
    ] {
        let answer = preview.get(path);
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
    let asked = |host: &str, more: &str| {
        preview.request(&format!("GET /en/index.html HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n"))
    };
    assert!(asked("docs.example", "").starts_with("HTTP/1.1 403"));
    assert!(asked(&preview.host, "Origin: https://evil.example\r\n").starts_with("HTTP/1.1 403"));
    assert!(asked(&preview.host, "Sec-Fetch-Site: cross-site\r\n").starts_with("HTTP/1.1 403"));
    let sent = format!("POST /en/index.html HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", preview.host);
    assert!(preview.request(&sent).starts_with("HTTP/1.1 405"));
}

#[test]
fn a_port_that_is_taken_and_a_path_that_is_none_are_errors() {
    let project = project();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    project.run(&["preview", "--port", &port]).exits(1).says("is in use").says("helpbook preview --port 0");
    project.run(&["preview", "docs/nobody.md"]).exits(64).says("there is no file or folder");
    project.run(&["preview", "docs/billing/images"]).exits(64).says("neither an article nor a collection");
    project.write("helpbook.yml", "docs: nowhere\n");
    project.run(&["preview"]).exits(1).says("there is no docs folder");
}

#[test]
fn the_same_pages_are_files_that_lead_to_each_other() {
    let project = project();
    project.run(&["preview", "--out", "site"]).exits(0).says("pages to site");
    let read = |path: &str| project.read(&format!("site/{path}"));
    let article = read("en/articles/billing/refunds.html");
    assert!(!article.contains("data-events"), "{article}");
    for link in
        article.split([' ', '\n']).filter_map(|word| word.strip_prefix("href=\"").or(word.strip_prefix("src=\"")))
    {
        let target = link.split(['"', '#', '?']).next().unwrap();
        if target.starts_with("../") {
            let path = format!("site/en/articles/billing/{}", target.replace("%20", " "));
            let is_search = target.ends_with("search.html");
            assert!(is_search || project.exists(&path), "{path}");
        }
    }
    assert!(read("en/texts.js").contains("\"articles/billing/refunds.html\""));
    assert!(read("index.html").contains("en/index.html"));
    // Again, with an article less; and never over what is no preview.
    project.remove("docs/billing/invoices.md");
    project.run(&["preview", "--out", "site"]).exits(0);
    assert!(!project.exists("site/en/articles/billing/invoices.html"));
    project.run(&["preview", "--out", "docs"]).exits(1).says("holds files that are no preview");
    assert!(project.exists("docs/billing/refunds.md"));
}

/// What a customer gets at a path of the server.
fn site_page(server: &Server, path: &str) -> String {
    let host = server.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&host).unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn the_site_answers_at_every_address_that_the_api_gave() {
    let locales = ["en", "fr"].map(|locale| Locale(locale.to_owned())).to_vec();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("example-docs");
    let server = Server::with(Options { locales, docs: Some(docs.clone()), ..Options::default() });
    let project = Project::new(&[("docs/draft.md", "---\nstate: draft\n---\n# Draft\n\nLater\n")]);
    copy(&docs, &project.path().join("docs"));
    let images = format!("images: {{ base_url: \"{}/docs\" }}", server.url());
    project.write("helpbook.yml", &format!("docs: docs\nstate: published\nlocales: [en, fr]\n{images}\n"));
    let project = project.on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let (mut live, mut drafts) = (0, 0);
    let mut look = |one: &Value, is_live: bool| {
        let path = one["url"].as_str().map(|url| url.strip_prefix("http://help.localhost").unwrap());
        match path {
            Some(path) if is_live => {
                let page = site_page(&server, path);
                assert!(page.starts_with("HTTP/1.1 200"), "{path}: {page}");
                assert!(!page.contains("=\"http://help.localhost"), "{path}");
                live += 1;
            }
            _ => drafts += 1,
        }
    };
    for (id, article) in server.all("/articles") {
        for locale in ["en", "fr"] {
            let content = &article["translated_content"][locale];
            if !content.is_null() {
                look(content, content["state"] == "published");
            }
        }
        if article["state"] == "draft" {
            assert!(site_page(&server, &format!("/local/en/articles/{id}")).starts_with("HTTP/1.1 404"));
        }
    }
    for collection in server.all("/help_center/collections").values() {
        look(collection, true);
    }
    assert!(live > 30 && drafts >= 1, "{live} {drafts}");
}
