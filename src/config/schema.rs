//! The JSON schema of `helpbook.yml`, which editors check the file with while it is written.
//!
//! It is made here of the words that the reader itself knows, and committed as `helpbook.schema.json`.
//! A test compares the two, and others hold that schema and reader take and refuse the same files.
//! After a change: `HELPBOOK_WRITE_SCHEMA=1 cargo test config::schema`.

use std::fs;
use std::path::Path;

use regex::Regex;
use serde_json::{Map, Value, json};

use super::{Config, FILE, KEYS};
use crate::diagnostic::{AUDIT_IDS, IDS};
use crate::intercom::model::Locale;
use crate::text::DocPath;

fn schema() -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "helpbook.yml",
        "description": "The configuration of helpbook, which keeps an Intercom Help Center in Git. Every key is optional.",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": properties(),
    })
}

fn properties() -> Map<String, Value> {
    let text = |description: &str| json!({ "description": description, "type": ["string", "number", "boolean"], "pattern": "\\S" });
    let word = |description: &str, words: &[&str]| json!({ "description": description, "enum": words });
    let texts =
        |description: &str| json!({ "description": description, "type": "array", "items": { "type": "string" } });
    let locale = json!({ "enum": Locale::KNOWN.as_slice() });
    KEYS.iter()
        .map(|key| {
            let schema = match *key {
                "docs" => text("The docs folder, below the folder of this file. Without it: that folder itself."),
                "workspace" => text("The id of the one workspace that these docs belong to. Another workspace's token stops every command."),
                "help_center" => text("Identifier, name or id of the Help Center; needed where a workspace has several."),
                "region" => word("Where the workspace is hosted. Without it: us.", &["us", "eu", "au"]),
                "editor_url" => json!({
                    "description": "Where an article is in Intercom's editor, with {workspace} and {id}. Without it: as Intercom is believed to have it.",
                    "type": "string",
                    "pattern": "^https?://.*\\{id\\}",
                }),
                "default_locale" => json!({ "description": "The locale of files without a suffix. Without it: en.", "enum": Locale::KNOWN.as_slice() }),
                "locales" => json!({
                    "description": "Every locale, the default one among them. `refunds.fr.md` is French where `fr` is one of them.",
                    "type": "array",
                    "items": locale,
                }),
                "author" => json!({
                    "description": "The author of new articles that name none: a teammate's e-mail address or admin id.",
                    "anyOf": [{ "type": "string", "pattern": "^\\S*@\\S*$" }, { "type": "integer", "minimum": 0 }],
                }),
                "state" => word("The state of articles that say none. Without it: as it is in Intercom, and a new one is a draft.", &["published", "draft"]),
                "orphans" => word("What becomes of live articles whose files are gone. Without it: report.", &["report", "unpublish", "delete"]),
                "exclude" => texts("Patterns of files that are not articles, such as `templates/**`."),
                "include" => texts("Patterns of project files that are articles all the same, such as `CHANGELOG.md`."),
                "ignore" => json!({
                    "description": "What is live and not ours: never pulled, planned or orphaned.",
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {
                        "collections": {
                            "description": "Names or ids of collections.",
                            "type": "array",
                            "items": { "type": ["string", "number"] },
                        },
                    },
                }),
                "images" => json!({
                    "description": "Where Intercom fetches the images of the docs folder.",
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["base_url"],
                    "properties": {
                        "base_url": {
                            "description": "The addresses of the images, with {sha256}, {name} and {path}.",
                            "type": "string",
                            "pattern": "^https?://",
                        },
                        "upload": {
                            "description": "A command and its arguments that bring one image there. No shell takes it apart.",
                            "type": "array",
                            "minItems": 1,
                            "items": { "type": ["string", "number"] },
                        },
                    },
                }),
                "spacing" => word("Whether there is an empty paragraph between two paragraphs. Without it: paragraphs.", &["paragraphs", "none"]),
                "required_version" => text("Which versions of helpbook may be used, such as `>=0.1`."),
                "checks" => json!({
                    "description": "Levels of warnings. An error stays one.",
                    "type": "object",
                    "propertyNames": { "enum": IDS },
                    "additionalProperties": { "enum": ["off", "warning", "error", false] },
                }),
                "audit" => json!({
                    "description": "What `helpbook audit` leaves out, and what counts as old.",
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {
                        "ignore": {
                            "description": "Findings that are left out: everywhere, or about these articles (id or file), collections, tags and audiences (name or id).",
                            "type": "object",
                            "propertyNames": { "enum": AUDIT_IDS },
                            "additionalProperties": {
                                "anyOf": [{ "enum": ["all"] }, { "type": "array", "items": { "type": ["string", "number"] } }],
                            },
                        },
                        "old_domains": {
                            "description": "Hosts that the product had once: links to them are findings.",
                            "type": "array",
                            "items": { "type": "string", "pattern": "^[^/:@?#*\\s]+\\.[^/:@?#*\\s]+$" },
                        },
                    },
                }),
                key => panic!("the schema lacks the key `{key}`"),
            };
            ((*key).to_owned(), with_samples(key, schema))
        })
        .collect()
}

/// A key with what it is without being written, where that is one value, and with examples.
fn with_samples(key: &str, mut schema: Value) -> Value {
    let (default, examples) = match key {
        "docs" => (json!("."), json!(["docs"])),
        "workspace" => (Value::Null, json!(["a1b2c3d4"])),
        "help_center" => (Value::Null, json!(["acme"])),
        "region" => (json!("us"), json!(["eu"])),
        "editor_url" => {
            (Value::Null, json!(["https://app.intercom.com/a/apps/{workspace}/articles/articles/{id}/show"]))
        }
        "default_locale" => (json!("en"), json!(["fr"])),
        "locales" => (json!(["en"]), json!([["en", "fr"]])),
        "author" => (Value::Null, json!(["support@example.com", 814_860])),
        "state" => (Value::Null, json!(["published"])),
        "orphans" => (json!("report"), json!(["unpublish"])),
        "exclude" => (json!([]), json!([["templates/**"]])),
        "include" => (json!([]), json!([["CHANGELOG.md"]])),
        "ignore" => (Value::Null, json!([{ "collections": ["Legal"] }])),
        "images" => {
            (Value::Null, json!([{ "base_url": "https://cdn.example.com/{sha256}/{name}", "upload": ["./upload.sh"] }]))
        }
        "spacing" => (json!("paragraphs"), json!(["none"])),
        "required_version" => (Value::Null, json!([">=0.1"])),
        "checks" => (json!({}), json!([{ "missing-alt": "off" }])),
        "audit" => (Value::Null, json!([{ "ignore": { "missing-alt": "all", "wide-table": [9_100_004] } }])),
        key => panic!("the key `{key}` has no example"),
    };
    if !default.is_null() {
        schema["default"] = default;
    }
    schema["examples"] = examples;
    schema
}

#[test]
fn the_committed_schema_is_the_one_of_the_reader() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("helpbook.schema.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("HELPBOOK_WRITE_SCHEMA").is_some() {
        fs::write(&file, &text).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == text, "the schema is out of date: run `HELPBOOK_WRITE_SCHEMA=1 cargo test config::schema`");
}

/// Whether the reader takes a file, and whether the schema does.
#[track_caller]
fn check(text: &str, takes: Takes) {
    let mut found = Vec::new();
    Config::parse(text, &DocPath::new(FILE), &mut found);
    let value: Value = serde_yaml::from_str(text).unwrap();
    let by_schema = is_valid(&schema(), &value);
    let expected = match takes {
        Takes::Both => (true, true),
        Takes::Neither => (false, false),
        Takes::SchemaAlone => (false, true),
    };
    assert_eq!((found.is_empty(), by_schema), expected, "{text}: {found:?}");
}

#[derive(Clone, Copy)]
enum Takes {
    Both,
    Neither,
    /// What only the reader can know: a version, a default locale that is not listed, a path.
    SchemaAlone,
}

#[test]
fn schema_and_reader_take_the_same_files() {
    for text in [
        "{}",
        "",
        "docs: docs",
        "docs: 2024",
        "workspace: a1b2c3d4\nhelp_center: acme",
        "region: eu",
        "default_locale: pt-BR",
        "locales: [en, fr]",
        "author: ada@example.com",
        "author: 7",
        "state: draft",
        "orphans: delete",
        "exclude: []",
        "exclude: [\"templates/**\"]",
        "ignore: {}",
        "ignore: { collections: [Legal, 7] }",
        "images: { base_url: \"https://cdn.example.com/{sha256}/{name}\", upload: [./upload.sh, 3] }",
        "spacing: none",
        "required_version: \">=0.1\"",
        "checks: {}",
        "checks: { missing-alt: off, list-start: error, equal-title: warning }",
        "checks: { missing-alt: false }",
        "audit: {}",
        "audit: { ignore: { missing-alt: all, wide-table: [9100004, a.md], unused-tag: [] }, old_domains: [docs.old.example] }",
    ] {
        check(text, Takes::Both);
    }
}

#[test]
fn schema_and_reader_refuse_the_same_files() {
    for text in [
        "- docs",
        "audit: all",
        "audit: { ignored: {} }",
        "audit: { ignore: [wide-table] }",
        "audit: { ignore: { wide-tabel: all } }",
        "audit: { ignore: { wide-table: some } }",
        "audit: { ignore: { wide-table: [{ a: 1 }] } }",
        "audit: { old_domains: [\"https://docs.old.example\"] }",
        "audit: { old_domains: docs.old.example }",
        "docz: docs",
        "docs: \" \"",
        "docs: [docs]",
        "workspace:",
        "region: mars",
        "region: 3",
        "default_locale: xx",
        "locales: en",
        "locales: [xx, en]",
        "author: ada",
        "author: [ada@example.com]",
        "state: live",
        "orphans: keep",
        "exclude: templates",
        "exclude: [3]",
        "ignore: [Legal]",
        "ignore: { collection: [Legal] }",
        "ignore: { collections: Legal }",
        "images: https://cdn.example.com",
        "images: {}",
        "images: { base_url: 3 }",
        "images: { base_url: \"cdn/{name}\" }",
        "images: { base_url: \"https://x.example/\", upload: ./upload.sh }",
        "images: { base_url: \"https://x.example/\", upload: [] }",
        "images: { base_ulr: \"https://x.example/\" }",
        "spacing: wide",
        "required_version: [1]",
        "checks: missing-alt",
        "checks: { mising-alt: off }",
        "checks: { missing-alt: loud }",
        "checks: { missing-alt: true }",
    ] {
        check(text, Takes::Neither);
    }
    for text in ["docs: ../..", "locales: [fr]", "required_version: \">=9\"", "exclude: [\"a[\"]"] {
        check(text, Takes::SchemaAlone);
    }
}

#[test]
fn every_key_and_every_finding_stands_in_the_schema_and_every_word_is_taken() {
    let schema = schema();
    for (key, about) in schema["properties"].as_object().unwrap() {
        assert!(about["description"].as_str().is_some_and(|text| text.ends_with('.')), "{key}");
        for sample in about["examples"].as_array().unwrap().iter().chain(about.get("default")) {
            // A file's other keys have to agree: the default locale is one of the locales.
            let locales = if key == "default_locale" { "locales: [en, fr]\n" } else { "" };
            check(&format!("{locales}{key}: {sample}"), Takes::Both);
        }
        for word in about["enum"].as_array().into_iter().flatten() {
            check(&format!("{key}: {}", word.as_str().unwrap()), Takes::Both);
        }
    }
    for id in IDS {
        check(&format!("checks: {{ {id}: warning }}"), Takes::Both);
    }
}

/// Whether a schema takes a value, as far as the words go that schemas here use.
pub(crate) fn is_valid(schema: &Value, value: &Value) -> bool {
    schema.as_object().unwrap().iter().all(|(word, wanted)| match (word.as_str(), value) {
        ("$schema" | "title" | "description" | "properties" | "default" | "examples", _) => true,
        ("type", _) => {
            let kinds = wanted.as_array().cloned().unwrap_or_else(|| vec![wanted.clone()]);
            kinds.iter().any(|kind| is_kind(value, kind.as_str().unwrap()))
        }
        ("enum", _) => wanted.as_array().unwrap().contains(value),
        ("anyOf", _) => wanted.as_array().unwrap().iter().any(|schema| is_valid(schema, value)),
        ("pattern", Value::String(text)) => Regex::new(wanted.as_str().unwrap()).unwrap().is_match(text),
        ("maxLength", Value::String(text)) => text.chars().count() as u64 <= wanted.as_u64().unwrap(),
        ("uniqueItems", Value::Array(items)) => items.iter().enumerate().all(|(at, item)| !items[..at].contains(item)),
        ("minimum", Value::Number(number)) => number.as_f64() >= wanted.as_f64(),
        ("minItems", Value::Array(items)) => items.len() as u64 >= wanted.as_u64().unwrap(),
        ("items", Value::Array(items)) => items.iter().all(|item| is_valid(wanted, item)),
        ("required", Value::Object(keys)) => {
            wanted.as_array().unwrap().iter().all(|key| keys.contains_key(key.as_str().unwrap()))
        }
        ("propertyNames", Value::Object(keys)) => keys.keys().all(|key| is_valid(wanted, &json!(key))),
        ("additionalProperties", Value::Object(keys)) => {
            keys.iter().all(|(key, value)| match (schema.get("properties").and_then(|known| known.get(key)), wanted) {
                (Some(known), _) => is_valid(known, value),
                (None, Value::Bool(allowed)) => *allowed,
                (None, schema) => is_valid(schema, value),
            })
        }
        (
            "pattern"
            | "maxLength"
            | "uniqueItems"
            | "minimum"
            | "minItems"
            | "items"
            | "required"
            | "propertyNames"
            | "additionalProperties",
            _,
        ) => true,
        (word, _) => panic!("a new word of schemas: {word}"),
    })
}

fn is_kind(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        kind => panic!("a new kind: {kind}"),
    }
}
