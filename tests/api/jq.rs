//! `--jq` against jq itself, where it is there, on expressions of the kind that people write.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::recorder::{Given, Recorder};

const EXPRESSIONS: &[&str] = &[
    ".data[].id",
    ".data[].title",
    ".data | length",
    ".total_count",
    ".data[0]",
    ".data[-1].id",
    ".data[1:3] | map(.id)",
    ".data | map(select(.state == \"published\")) | length",
    ".data[] | select(.state == \"draft\") | .title",
    ".data[] | {id, title}",
    ".data[] | {id: .id, name: .title, tags: [.tags[]]}",
    ".data | map({(.id): .title}) | add",
    "[.data[].updated_at] | max",
    "[.data[].views] | add",
    "[.data[].views] | add / length",
    ".data | sort_by(.title) | map(.id)",
    ".data | sort_by(-.views) | .[0].title",
    ".data | group_by(.state) | map({state: .[0].state, count: length})",
    ".data | unique_by(.author_id) | map(.author_id)",
    ".data | map(.author_id) | unique",
    ".data | min_by(.views).id",
    ".data | max_by(.updated_at).id",
    ".data[] | [.id, .title, .state] | @csv",
    ".data[] | [.id, .title, .views] | @tsv",
    ".data[] | \"\\(.id): \\(.title)\"",
    ".data[] | .title | ascii_downcase",
    ".data[] | .title | ascii_upcase",
    ".data[] | .title | length",
    ".data[] | select(.title | test(\"refund\"; \"i\")) | .id",
    ".data[] | select(.title | startswith(\"Re\")) | .id",
    ".data[] | select(.title | contains(\"pass\")) | .id",
    ".data[] | .title | split(\" \") | .[0]",
    ".data | map(.title) | join(\", \")",
    ".data[] | .title | sub(\" \"; \"-\")",
    ".data[] | .title | gsub(\"[aeiou]\"; \"_\")",
    ".data[] | select(.tags | index(\"billing\")) | .id",
    ".data[] | select(any(.tags[]; . == \"new\")) | .id",
    ".data | all(.views >= 0)",
    ".data[] | .parent.name // \"none\"",
    ".data[] | .missing?",
    ".data[] | has(\"url\")",
    ".data[0] | keys",
    ".data[0] | to_entries | map(.key)",
    ".data[0] | with_entries(select(.value | type == \"string\"))",
    ".data[0] | del(.tags, .parent)",
    ".data[] | .updated_at | todate",
    ".data[] | if .views > 100 then \"many\" elif .views > 10 then \"some\" else \"few\" end",
    "reduce .data[] as $one (0; . + $one.views)",
    "[.data[] | .tags[]] | group_by(.) | map({tag: .[0], count: length}) | sort_by(-.count)",
    "[limit(2; .data[].id)]",
    "first(.data[] | select(.views > 10)) | .title",
    "[paths(type == \"number\")] | length",
    ".. | .url? // empty",
    ".data | map(.url | select(. != null)) | map(split(\"/\") | last)",
    "[.data[] | .views] | map(. * 2 + 1)",
    ".data | to_entries[] | select(.key % 2 == 0) | .value.id",
    ".data | map(has(\"parent\")) | @json",
    ".data[0].title | @base64",
    ".data[0].title | @uri",
    ".data[0] | tostring | length",
    ".data[] | .id | tonumber",
    "[.data[].title] | sort | reverse | .[0:2]",
    ".data | map(.tags | length) | add",
    "{ids: [.data[].id], count: (.data | length)}",
    ".data as [$first, $second] | $first.id + \"-\" + $second.id",
];

fn list() -> Value {
    let article = |id: u64, title: &str, state: &str, views: u64, tags: &[&str]| {
        json!({"id": id.to_string(), "title": title, "state": state, "views": views, "tags": tags,
               "author_id": id % 2, "updated_at": 1_767_225_600 + id * 1000,
               "url": (state == "published").then(|| format!("https://help.example.com/en/articles/{id}-x")),
               "parent": id.is_multiple_of(3).then(|| json!({"name": "Guide"}))})
    };
    json!({"type": "list", "total_count": 5, "data": [
        article(1, "Refund a customer", "published", 120, &["billing", "new"]),
        article(2, "Reset your password", "draft", 40, &[]),
        article(3, "Überblick \"für\" alle, 100 %", "published", 7, &["new"]),
        article(4, "Change your passkey\tnow", "published", 7, &["billing"]),
        article(5, "A line\nand another", "draft", 0, &["x"]),
    ]})
}

/// What jq prints; `None` where it is not there.
fn by_jq(expression: &str, document: &str) -> Option<String> {
    let mut jq = Command::new("jq");
    let mut jq = jq.args(["-r", "-c", expression]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    jq.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    let output = jq.wait_with_output().unwrap();
    assert!(output.status.success(), "{expression}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn expressions_give_what_jq_gives() {
    let server = Recorder::start(|_| Given::json(&list()));
    let folder = server.folder();
    assert!(EXPRESSIONS.len() >= 50);
    for expression in EXPRESSIONS {
        let ran = folder.run(&["api", "articles", "--jq", expression]).exits(0);
        let Some(expected) = by_jq(expression, &list().to_string()) else { return };
        assert_eq!(values(&ran.stdout), values(&expected), "{expression}\n{}\n{expected}", ran.stdout);
    }
}

/// The lines as values, as the order of the keys of an object says nothing: `del` leaves another one than jq's.
fn values(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| Value::from(line))).collect()
}

#[test]
fn an_expression_that_is_wrong_is_wrong_usage_before_anything_is_sent() {
    let server = Recorder::start(|_| Given::json(&list()));
    let folder = server.folder();
    folder.run(&["api", "articles", "--jq", ".data[.id"]).exits(64).says("the expression cannot be read");
    folder.run(&["api", "articles", "--jq", ".data | nosuch"]).exits(64).says("no filter here: `nosuch`");
    assert_eq!(server.seen(), []);
    folder.run(&["api", "articles", "--jq", ".total_count.x"]).exits(1).says("the expression fails");
}
