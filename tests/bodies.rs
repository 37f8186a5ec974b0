//! What the renderer sends and what the Help Center makes of it: two rooms that know nothing of
//! each other, written from the same facts.

use std::collections::BTreeMap;

use helpbook::config::Spacing;
use helpbook::diagnostic::Severity;
use helpbook::html::markdown::for_file;
use helpbook::html::{Context, Images, Rendered, canonical, parse, render};
use helpbook::text::DocPath;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::harness::Server;

fn rendered(markdown: &str) -> Rendered {
    let files = BTreeMap::new();
    let path = DocPath::new("a.md");
    let images = Images { files: &files, host: None };
    let spacing = Spacing::Paragraphs;
    let links = helpbook::html::LinkTargets::default();
    render(markdown, Context { path: &path, offset: 0, images, links: &links, spacing, headings: &[] })
}

/// What the Help Center answers to a body: the stored one, or why it refuses it.
struct Saved<'s> {
    server: &'s Server,
    author: Value,
    id: Option<String>,
}

impl<'s> Saved<'s> {
    fn new(server: &'s Server) -> Self {
        Self { server, author: server.get("/me")["id"].as_str().unwrap().parse::<u64>().unwrap().into(), id: None }
    }

    fn save(&mut self, body: &str) -> Result<String, String> {
        let answer = match &self.id {
            None => self.server.post("/articles", &json!({"title": "A", "author_id": self.author, "body": body})),
            Some(id) => self.server.put(&format!("/articles/{id}"), &json!({"body": body})),
        };
        if answer["type"] == "error.list" {
            return Err(answer.to_string());
        }
        self.id = answer["id"].as_str().map(str::to_owned);
        Ok(answer["body"].as_str().unwrap_or_default().to_owned())
    }
}

#[track_caller]
fn is_kept(saved: &mut Saved<'_>, markdown: &str) -> Result<(), String> {
    let rendered = rendered(markdown);
    if rendered.diagnostics.iter().any(|found| found.severity == Severity::Error) {
        return Ok(());
    }
    let stored = saved.save(&rendered.html()).map_err(|refusal| format!("{refusal}\n{}", rendered.html()))?;
    // What may be lost or is not known has a warning that says so.
    let is_doubtful = ["merged-cells", "unknown-block"];
    if rendered.diagnostics.iter().any(|found| is_doubtful.contains(&found.id)) {
        return Ok(());
    }
    let (ours, theirs) = (canonical(&rendered.body), canonical(&parse(&stored)));
    if ours != theirs {
        return Err(format!("sent\n{}\nstored\n{stored}\nours\n{ours}\ntheirs\n{theirs}", rendered.html()));
    }
    let again = canonical(&self::rendered(&for_file(&parse(&stored))).body);
    if again == theirs { Ok(()) } else { Err(format!("stored\n{stored}\nagain\n{again}")) }
}

#[test]
fn each_block_is_stored_as_it_was_sent() {
    let server = Server::start();
    let mut saved = Saved::new(&server);
    for markdown in [
        "A *b* **c** `d` [e](https://x.example).\n\nF<br>g\n\n<p></p>\n\nh",
        "### A\n\n#### B {#h_0123456789}\n\n[a](#a)",
        "- a\n  1. b\n\n     c\n- \n- ```\n  d\n\n  ```",
        "| a | b |\n|---|--:|\n| 1 | |\n",
        "| | |\n|---|---|\n| 1 | 2 |\n",
        "> [!TIP]\n> a\n>\n> - b",
        "[Go](https://x.example \"button\")\n\nhttps://youtu.be/x",
        "<details>\n<summary>A <b>b</b></summary>\n\nc\n\n<details><summary>d</summary>e</details>\n</details>",
        "<div align=\"center\">\n\na\n\n## b\n\n[Go](https://x.example \"button\")\n\n</div>",
        "<table style=\"border: 1px solid #c6c9c0; border-spacing: 0\"><tr><td style=\"background-color: #e8e8e880; width: 10px; padding: 8px\"><p>a</p><ul><li>b</li></ul></td></tr></table>",
        "<div class=\"intercom-interblocks-callout\" style=\"background-color: #123456; border-color: #000\">a</div>",
        "<pre><code>a\n  b</code></pre>\n\n---\n\n1. a\n\n   > b",
        "a <b>b</b><i>c</i> <kbd>d</kbd> <u>e</u>",
    ] {
        if let Err(difference) = is_kept(&mut saved, markdown) {
            panic!("{markdown}\n{difference}");
        }
        assert_eq!(rendered(markdown).diagnostics.iter().filter(|found| found.severity == Severity::Error).count(), 0);
    }
}

#[test]
fn any_markdown_without_an_error_is_stored_as_it_was_sent() {
    let server = Server::start();
    let saved = std::cell::RefCell::new(Saved::new(&server));
    let pieces = "([a-z ]{1,6}|[-*_`#>|\\[\\]()!~:\n\t\\\\&;]{1,3}|\n\n|\n- |\n1. |\n> |\n## |\n\\| a \\|\n\\|-\\|\n|\
        \\[a\\]\\(https://x\\.example/a\\.png\\)|<(details|summary|table|tr|td|ul|li|div align=right|u|p|h2|b|br|hr|th|code|pre|blockquote|center|span)>|</(details|summary|table|ul|div|u|p|b|h2|pre|td)>){0,14}";
    let mut runner = TestRunner::new(Config { cases: 96, failure_persistence: None, ..Config::default() });
    let result = runner.run(&pieces, |markdown| {
        is_kept(&mut saved.borrow_mut(), &markdown).map_err(TestCaseError::fail)?;
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}
