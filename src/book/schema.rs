//! The JSON schema of an article's front matter, which editors check it with while it is written.
//!
//! It is made here of the keys that the reader itself knows, and committed as `front-matter.schema.json`. A test
//! compares the two, and others hold that schema and reader take and refuse the same front matter. An `_index.md` has
//! some of the same keys. After a change: `HELPBOOK_WRITE_SCHEMA=1 cargo test schema`.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{Article, article_keys};
use crate::config::schema::is_valid;
use crate::diagnostic::Severity;
use crate::text::DocPath;

fn schema() -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Front matter of an article",
        "description": "What an article of helpbook says before its text. Every key is optional; an absent one is left alone in Intercom. An `_index.md` takes title, description and id.",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": article_keys().iter().map(|key| ((*key).to_owned(), property(key))).collect::<Map<_, _>>(),
    })
}

/// What a key takes, with an example.
fn property(key: &str) -> Value {
    let text = json!(["string", "number", "boolean"]);
    // A moment with its time zone; a day alone is refused.
    let moment = r"^\s*\d{4}-\d{2}-\d{2}[Tt ]\d{2}.*([Zz]|[+-]\d{2}[:\d]*)\s*$";
    let about = |description: &str, example: Value, mut schema: Value| {
        schema["description"] = description.into();
        schema["examples"] = json!([example]);
        schema
    };
    match key {
        "title" => about(
            "The title. Without it: the first heading, which is then left out of the text.",
            json!("Refund a customer"),
            json!({ "type": text, "pattern": "\\S" }),
        ),
        "description" => about(
            "The line under the title; an empty text clears it.",
            json!("How and when to refund"),
            json!({ "type": text }),
        ),
        "collection" => about(
            "A folder of the docs, the id of a collection, or names such as Billing/Invoices. Without it: the file's folder.",
            json!("billing/invoices"),
            json!({ "anyOf": [
                { "type": "integer", "minimum": 1 },
                { "type": ["string", "boolean"], "pattern": "[^/\\s]" },
            ] }),
        ),
        "state" => about(
            "Whether customers see the article. Without it: the `state` of helpbook.yml.",
            json!("published"),
            json!({ "enum": ["published", "draft"] }),
        ),
        "author" => about(
            "A teammate's e-mail address or admin id.",
            json!("ada@example.com"),
            json!({ "anyOf": [{ "type": "string", "pattern": "^\\S*@\\S*$" }, { "type": "integer", "minimum": 0 }] }),
        ),
        "tags" => about(
            "Names of tags; an empty list removes all.",
            json!(["billing"]),
            json!({ "type": "array", "uniqueItems": true, "items": {
                "type": "string", "maxLength": 255, "pattern": "^[^,]*[^,\\s][^,]*$",
            } }),
        ),
        "redirect_from" => about(
            "Old addresses that point to the article: paths or whole addresses.",
            json!(["/en/articles/12-old-refunds"]),
            json!({ "type": "array", "uniqueItems": true, "items": {
                "type": "string",
                "pattern": r"^\s*(/[^/\s\\#][^\s\\#]*|https?://[^\s\\#@/]+/[^\s\\#?][^\s\\#]*)\s*$",
            } }),
        ),
        "publish_at" => about(
            "When the article, or its change, goes live, with a time zone.",
            json!("2026-12-01T09:00:00Z"),
            json!({ "type": "string", "pattern": moment }),
        ),
        "unpublish_at" => about(
            "When the article goes offline, with a time zone.",
            json!("2027-12-01T09:00:00Z"),
            json!({ "type": "string", "pattern": moment }),
        ),
        "ai" => about(
            "Which of Intercom's AI features may use the article. What is not named is left alone.",
            json!({ "chatbot": true, "copilot": true, "sales_agent": false }),
            json!({ "type": "object", "additionalProperties": false, "properties": {
                "chatbot": { "description": "Fin, in conversations.", "type": "boolean" },
                "copilot": { "description": "The assistant of teammates.", "type": "boolean" },
                "sales_agent": { "description": "The sales agent.", "type": "boolean" },
            } }),
        ),
        "audiences" => about(
            "Names of audiences; an empty list is everybody.",
            json!(["VIP customers"]),
            json!({ "type": "array", "uniqueItems": true, "items": { "type": "string", "pattern": "\\S" } }),
        ),
        "extra" => about("Anything. It is never sent.", json!({ "owner": "billing team" }), json!({})),
        "id" => about(
            "The number of the article in Intercom. helpbook writes it.",
            json!(9_100_004),
            json!({ "anyOf": [{ "type": "integer", "minimum": 1 }, { "type": "string", "pattern": "^\\+?0*[1-9][0-9]*$" }] }),
        ),
        key => panic!("the schema lacks the key `{key}`"),
    }
}

#[test]
fn the_committed_schema_is_the_one_of_the_reader() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("front-matter.schema.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("HELPBOOK_WRITE_SCHEMA").is_some() {
        fs::write(&file, &text).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == text, "the schema is out of date: run `HELPBOOK_WRITE_SCHEMA=1 cargo test schema`");
}

/// Whether the reader takes front matter, and whether the schema does.
#[track_caller]
fn check(keys: &str, (by_reader, by_schema): (bool, bool)) {
    let mut found = Vec::new();
    let path = DocPath::new("billing/refunds.md");
    let _ = Article::parse(&path, Arc::from(format!("---\n{keys}\n---\n# Title\n\nText.\n")), &mut found);
    found.retain(|finding| finding.severity == Severity::Error);
    let value: Value = serde_yaml::from_str(keys).unwrap();
    assert_eq!((found.is_empty(), is_valid(&schema(), &value)), (by_reader, by_schema), "{keys}: {found:?}");
}

#[test]
fn schema_and_reader_take_the_same_front_matter() {
    for keys in [
        "",
        "{}",
        "title: 2024",
        "title: true\ndescription: \"\"",
        "collection: billing/invoices",
        "collection: 7",
        "collection: Billing / Invoices",
        "state: draft",
        "author: 7",
        "author: ada@example.com",
        "tags: []",
        "tags: [billing, Refunds]",
        "audiences: [VIP customers]",
        "redirect_from: [/en/articles/12-old, \"https://help.example.com/old?x=1\"]",
        "publish_at: 2026-12-01T09:00:00Z\nunpublish_at: 2027-12-01 09:00:00+02:00",
        "publish_at: 2026-12-01T09:00-05",
        "ai: { chatbot: true }",
        "ai: {}",
        "extra: { owner: [1, { a: b }] }",
        "extra:",
        "id: 9100004",
        "id: \"9100004\"",
    ] {
        check(keys, (true, true));
    }
}

#[test]
fn schema_and_reader_refuse_the_same_front_matter() {
    for keys in [
        "titel: Refunds",
        "locale: fr",
        "title: \" \"",
        "title: [a]",
        "title:",
        "description: [a]",
        "description:",
        "collection: /",
        "collection: [a]",
        "collection: 0",
        "state: live",
        "state: true",
        "author: ada",
        "author: [7]",
        "tags: billing",
        "tags: [1]",
        "tags: [\"a, b\"]",
        "tags: [\" \"]",
        "tags: [a, a]",
        "audiences: VIP",
        "audiences: [\"\"]",
        "redirect_from: /en/articles/1",
        "redirect_from: [en/articles/1]",
        "redirect_from: [\"//evil.example/x\"]",
        "redirect_from: [\"/a#b\"]",
        "redirect_from: [\"ftp://help.example.com/x\"]",
        "redirect_from: [\"https://help.example.com\"]",
        "publish_at: tomorrow",
        "publish_at: 2026-12-24",
        "publish_at: 2026-12-24 09:30",
        "publish_at: [1]",
        "unpublish_at:",
        "ai: true",
        "ai: { chatbot: yes please }",
        "ai: { fin: true }",
        "id: 0",
        "id: -3",
        "id: 1.5",
        "id: abc",
    ] {
        check(keys, (false, false));
    }
    // What only the reader knows.
    for keys in [
        "tags: [Billing, billing]",
        "redirect_from: [/a/../b]",
        "collection: a/../b",
        "publish_at: 2026-99-99T09:00:00Z",
    ] {
        check(keys, (false, true));
    }
}

#[test]
fn every_example_and_every_word_is_taken() {
    for (key, about) in schema()["properties"].as_object().unwrap() {
        assert!(about["description"].as_str().is_some_and(|text| text.ends_with('.')), "{key}");
        for sample in about["examples"].as_array().unwrap().iter().chain(about["enum"].as_array().into_iter().flatten())
        {
            check(&format!("{key}: {sample}"), (true, true));
        }
    }
}
