//! What the guide has people put into an editor: the task with its problem matcher, on real output, and the schemas.

use std::fs;
use std::path::Path;

use regex::Regex;
use serde_json::Value;

use crate::harness::Project;

/// The blocks of JSON of a page of the guide.
fn blocks(page: &str) -> Vec<Value> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("example-docs").join(page)).unwrap();
    let blocks = text.split("```json\n").skip(1).map(|rest| rest.split("\n```").next().unwrap());
    blocks.map(|block| serde_json::from_str(block).unwrap()).collect()
}

fn project() -> Project {
    Project::new(&[
        ("helpbook.yml", "docs: my docs\n"),
        ("my docs/a b/one.md", "---\ntitel: \"One: two\"\n---\nText.\n"),
        ("my docs/a b/three.md", "# Three\n\n![](x.png)\n\nText and [gone](gone.md) ~~struck~~.\n"),
        (
            "my docs/a b/two.md",
            "---\ntitle: Two\nstate: live\ntags: [\"a: 1:2: error: b [c]\", \"a: 1:2: error: b [c]\"]\n---\nText.\n",
        ),
    ])
}

#[test]
fn the_problem_matcher_of_the_guide_takes_every_finding_apart() {
    let task = blocks("writing/editors.md")[0]["tasks"][0].clone();
    let arguments: Vec<&str> = task["args"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    assert_eq!(task["command"], "helpbook");
    let pattern = &task["problemMatcher"]["pattern"];
    let regexp = Regex::new(pattern["regexp"].as_str().unwrap()).unwrap();
    let group = |name: &str| usize::try_from(pattern[name].as_u64().unwrap()).unwrap();

    let project = project();
    let ran = project.run(&arguments).exits(1);
    let json: Value = serde_json::from_str(&project.run(&["check", "--json"]).exits(1).stdout).unwrap();
    let findings = json["findings"].as_array().unwrap();
    assert!(findings.len() >= 5, "{json:#}");
    assert_eq!(ran.stdout.lines().count(), findings.len(), "{}", ran.stdout);
    for (line, finding) in ran.stdout.lines().zip(findings) {
        let found = regexp.captures(line).unwrap_or_else(|| panic!("no match: {line}"));
        let part = |name: &str| found[group(name)].to_owned();
        assert_eq!(part("file"), format!("my docs/{}", finding["path"].as_str().unwrap()));
        assert_eq!(part("line"), finding["line"].to_string());
        assert_eq!(part("column"), finding["column"].to_string());
        assert_eq!(part("severity"), finding["severity"].as_str().unwrap());
        assert_eq!(part("code"), finding["id"].as_str().unwrap());
        assert!(part("message").starts_with(finding["message"].as_str().unwrap()), "{line}");
        assert!(project.path().join(part("file")).is_file(), "{line}");
    }
    // What else is printed is none, and what was fixed is.
    let loud = project.run(&["check", "--format", "lines"]).exits(1);
    assert!(!loud.stderr.lines().any(|line| regexp.is_match(line)), "{}", loud.stderr);
    let fixed = project.run(&["check", "--fix", "--format", "lines"]);
    assert!(
        fixed.stdout.lines().all(|line| regexp.is_match(line)) && fixed.stdout.contains(": info: "),
        "{}",
        fixed.stdout
    );
}

#[test]
fn a_mistake_in_the_configuration_is_a_line_as_well() {
    let project = Project::new(&[("helpbook.yml", "docs: docs\nregion: mars\n"), ("docs/a.md", "# A\n\nText.\n")]);
    let ran = project.run(&["check", "--format", "lines"]).exits(1);
    assert!(ran.stdout.starts_with("helpbook.yml:2:9: error: "), "{}", ran.stdout);
}

#[test]
fn the_schemas_that_the_program_prints_are_those_that_are_committed() {
    let project = project();
    for (name, file) in [("config", "helpbook.schema.json"), ("front-matter", "front-matter.schema.json")] {
        let printed = project.run(&["schema", "--json-schema", name]).exits(0).stdout;
        let committed = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
        assert_eq!(printed, committed.replace("\r\n", "\n"));
        let settings = blocks("writing/editors.md");
        assert!(settings.iter().any(|block| block.to_string().contains(&format!("./{file}"))), "{file}");
    }
    project.run(&["schema", "findings", "--json-schema", "config"]).exits(64);
}
