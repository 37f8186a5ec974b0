//! `helpbook preview` beside what is in Intercom, what was last sent, and the docs of a commit.

use serde_json::json;

use crate::harness::{Server, live_edit, published, two_articles};
use crate::preview::{Preview, page_with};

const HOME: &str = "/en/index.html";

/// The names of the sides that a page offers.
fn tabs(page: &str) -> Vec<&str> {
    let nav = page.split("<nav class=\"views\"").nth(1).and_then(|rest| rest.split("</nav>").next()).unwrap_or("");
    nav.split("</a>").filter_map(|link| link.rsplit('>').next().filter(|name| !name.trim().is_empty())).collect()
}

#[test]
fn each_side_of_an_article_is_looked_at() {
    let server = Server::start();
    let project = published(&server);
    project.edit("docs/guide/install.md", "Run the installer.", "Run the new installer.");
    project.run(&["apply"]).exits(0);
    project.edit("docs/guide/install.md", "Click it.", "Click **here**.");
    project.write("docs/guide/fresh.md", "# Fresh\n\nAll of it\n");
    server.edit(project.id("docs/guide/update.md"), &live_edit("<p>Theirs &amp; live</p>"));
    let mark = server.requests().len();
    let preview = Preview::start(&project, &[]);
    let home = page_with(&preview, HOME, "1 changed, 1 new, 1 changed in Intercom");
    for text in ["href=\"../en/changes.html\"", ">1 changed</span>", ">1 new</span>", "Compared with the Help Center"] {
        assert!(home.contains(text), "{text}: {home}");
    }
    let docs = preview.get("/en/articles/guide/install.html");
    assert_eq!(tabs(&docs), ["As it will be", "Live", "Staged", "Difference"]);
    assert!(
        docs.contains("new installer") && docs.contains("<b>here</b>") && docs.contains(">changed</span>"),
        "{docs}"
    );
    let live = preview.get("/en/before/guide/install.html");
    assert!(live.contains("Run the installer.") && live.contains("Click it."), "{live}");
    let staged = preview.get("/en/staged/guide/install.html");
    assert!(staged.contains("Run the new installer.") && staged.contains("Click it."), "{staged}");
    let difference = preview.get("/en/changes/guide/install.html");
    for text in ["<ins>new </ins>", "As it will be", "assets/difference.css", "aria-current=\"page\">Difference"] {
        assert!(difference.contains(text), "{text}: {difference}");
    }
    let theirs = preview.get("/en/changes/guide/update.html");
    assert!(theirs.contains("Theirs &amp; live") && theirs.contains("not touched"), "{theirs}");
    assert_eq!(tabs(&theirs), ["As it will be", "Live", "Difference"]);
    let new = preview.get("/en/articles/guide/fresh.html");
    assert_eq!(tabs(&new), ["As it will be", "Difference"]);
    assert!(preview.get("/en/before/guide/fresh.html").starts_with("HTTP/1.1 404"));
    assert!(preview.get("/assets/difference.css").contains(".difference {"));
    let list = preview.get("/en/changes.html");
    for text in ["Changed (1)", "New (1)", "Changed in Intercom (1)", "../en/changes/guide/fresh.html"] {
        assert!(list.contains(text), "{text}: {list}");
    }
    assert!(server.writes_since(mark).is_empty(), "{:?}", server.writes_since(mark));
    // What another run writes is seen by the lock.
    project.run(&["apply", "docs/guide/fresh.md"]).exits(0);
    page_with(&preview, HOME, "1 staged");
    // And what is saved, without another request.
    let mark = server.requests().len();
    project.edit("docs/guide/install.md", "Click **here**.", "Click it, all of you.");
    page_with(&preview, "/en/changes/guide/install.html", "all of you");
    assert_eq!(server.requests_since(mark), Vec::<String>::new());
}

#[test]
fn a_text_of_a_teammate_is_no_markup_of_a_page() {
    let server = Server::start();
    let project = published(&server);
    let hostile = "<h2>A</h2><p>\"><script>alert(1)</script><img src=\"https://x.example/a.png\" onerror=\"alert(2)\">\
                   <a href=\"javascript:alert(3)\">go</a></p><iframe src=\"https://www.youtube.com/embed/abcdefghijk\"></iframe>";
    let title = "</title><script>alert(4)</script>{{ 7 * 7 }}";
    for path in ["docs/guide/install.md", "docs/guide/update.md"] {
        server
            .edit(project.id(path), &json!({ "title": title, "description": title, "body": hostile, "publish": true }));
    }
    project.edit("docs/guide/update.md", "Run it again.", "Run it twice.");
    let preview = Preview::start(&project, &[]);
    page_with(&preview, HOME, "changed in Intercom");
    for folder in ["articles", "before", "changes"] {
        for article in ["install", "update"] {
            let page = preview.get(&format!("/en/{folder}/guide/{article}.html"));
            assert!(page.starts_with("HTTP/1.1 200"), "{page}");
            assert_eq!(page.matches("<script").count(), 1, "{page}");
            let is_harmless = ["onerror=", "<iframe", "href=\"javascript"].iter().all(|text| {
                !page.contains(text) || page.contains(&format!("&quot;{text}")) || page.contains("&lt;img")
            });
            assert!(is_harmless, "{page}");
        }
    }
    assert_eq!(preview.get("/en/changes.html").matches("<script").count(), 1);
}

#[test]
fn without_an_answer_the_pages_are_complete_and_say_why() {
    let server = Server::start();
    let project = published(&server).env("INTERCOM_ACCESS_TOKEN", "n0-such-token");
    project.edit("docs/guide/install.md", "Click it.", "Click here.");
    let preview = Preview::start(&project, &[]);
    let home = page_with(&preview, HOME, "not-compared");
    assert!(home.contains("Intercom refused the token") && !home.contains("n0-such-token"), "{home}");
    let article = preview.get("/en/articles/guide/install.html");
    assert!(article.contains("Click here.") && tabs(&article).is_empty(), "{article}");
    assert!(preview.get("/en/changes.html").starts_with("HTTP/1.1 404"));
    project.run(&["preview", "--out", "site"]).exits(4).says("add `--offline`");
    assert!(!project.exists("site"));
}

#[test]
fn without_a_token_it_is_compared_with_what_was_last_sent() {
    let server = Server::start();
    let project = published(&server);
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "docs"]);
    let mark = server.requests().len();
    project.edit("docs/guide/install.md", "Click it.", "Click **here**.");
    project.write("docs/guide/fresh.md", "# Fresh\n\nAll of it\n");
    let preview = Preview::start(&project, &["--offline"]);
    let home = page_with(&preview, HOME, "1 changed, 1 new");
    assert!(home.contains("Compared with what was last sent"), "{home}");
    assert_eq!(tabs(&preview.get("/en/articles/guide/install.html")), ["As it will be", "Last sent", "Difference"]);
    assert_eq!(tabs(&preview.get("/en/articles/guide/update.html")), ["As it will be", "Last sent"]);
    let before = preview.get("/en/before/guide/install.html");
    assert!(before.contains("Click it.") && !before.contains("<b>here</b>"), "{before}");
    assert!(preview.get("/en/changes/guide/install.html").contains("<del>it"), "it shows what went");
    assert_eq!(server.requests_since(mark), Vec::<String>::new());
}

#[test]
fn an_error_in_one_file_hides_no_change_of_another() {
    let server = Server::start();
    let project = published(&server);
    project.edit("docs/guide/install.md", "Click it.", "Click **here**.");
    project.write("docs/guide/update.md", "---\ntitle: [\n---\nText\n");
    let preview = Preview::start(&project, &[]);
    let home = page_with(&preview, HOME, "1 changed");
    assert!(!home.contains("file deleted") && !home.contains("goes offline"), "{home}");
    // Nor does a folder that is gone, for as long as it is.
    std::fs::rename(project.path().join("docs"), project.path().join("away")).unwrap();
    page_with(&preview, HOME, "there is no docs folder");
    std::fs::rename(project.path().join("away"), project.path().join("docs")).unwrap();
    project.edit("docs/guide/install.md", "Click **here**.", "Click **there**.");
    page_with(&preview, "/en/changes/guide/install.html", "there");
    assert!(!preview.get(HOME).contains("file deleted"));
}

#[test]
fn files_of_what_a_branch_changed_hold_these_articles_and_no_dead_link() {
    let project = two_articles();
    project.git(&["init", "-q", "-b", "main"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "docs"]);
    project.edit("docs/guide/install.md", "Click it.", "Click **here**, or [update](update.md).");
    project.git(&["commit", "-qam", "change"]);
    project.run(&["preview", "--since", "main"]).exits(64);
    project.run(&["preview", "--out", "site", "--since", "main~1"]).exits(0);
    let read = |path: &str| project.read(&format!("site/{path}"));
    let article = read("en/articles/guide/install.html");
    assert_eq!(tabs(&article), ["As it will be", "Before", "Difference"]);
    assert!(article.contains("href=\"../../../en/left-out.html\""), "{article}");
    assert!(read("en/left-out.html").contains("Not part of this preview"));
    assert!(read("en/changes/guide/install.html").contains("assets/difference.css"));
    assert!(read("en/before/guide/install.html").contains("Click it."));
    assert!(read("assets/difference.css").contains(".difference"));
    assert!(!project.exists("site/en/articles/guide/update.html"));
    let home = read("en/index.html");
    assert!(home.contains("1 changed") && home.contains("1 article<"), "{home}");
    project.run(&["preview", "--out", "site", "--since", "nowhere"]).exits(64).says("nowhere");
}

#[test]
fn the_local_help_center_is_compared_and_stays_free() {
    let project = two_articles();
    project.run(&["--local", "apply", "--publish", "--yes"]).exits(0);
    project.edit("docs/guide/install.md", "Click it.", "Click **here**.");
    let preview = Preview::start(&project, &["--local"]);
    page_with(&preview, HOME, "1 changed");
    assert_eq!(tabs(&preview.get("/en/articles/guide/install.html")), ["As it will be", "Live", "Difference"]);
    project.run(&["--local", "apply"]).exits(0);
    page_with(&preview, HOME, "1 staged");
    project.run(&["--local", "publish", "--yes"]).exits(0);
    page_with(&preview, HOME, "No changes");
}
