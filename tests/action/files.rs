//! `action.yml` and every workflow as files: what actionlint cannot know, or not of an action that
//! is elsewhere.

use std::collections::BTreeSet;
use std::fs;

use serde_yaml::Value;

use super::world::source;

fn load(path: &str) -> Value {
    let text = fs::read_to_string(source(path)).unwrap();
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The workflows that `init` writes.
const OF_INIT: [&str; 2] = ["tests/action/help-center.yml", "tests/action/help-center-audit.yml"];

/// Every workflow: this repository's own ones and those that `init` writes.
fn workflows() -> Vec<String> {
    let mut paths: Vec<String> = fs::read_dir(source(".github/workflows"))
        .unwrap()
        .map(|entry| format!(".github/workflows/{}", entry.unwrap().file_name().display()))
        .collect();
    paths.extend(OF_INIT.map(str::to_owned));
    paths
}

/// The scripts of the action with their texts.
fn scripts() -> Vec<(String, String)> {
    let folder = source("action");
    let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().display().to_string());
    names.map(|name| (name.clone(), fs::read_to_string(folder.join(name)).unwrap())).collect()
}

fn strings<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a str>) {
    match value {
        Value::Mapping(map) => {
            for (name, value) in map {
                if let (Some(name), Some(text)) = (name.as_str(), value.as_str())
                    && name == key
                {
                    found.push(text);
                }
                strings(value, key, found);
            }
        }
        Value::Sequence(list) => list.iter().for_each(|value| strings(value, key, found)),
        _ => {}
    }
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_mapping().into_iter().flatten().map(|(key, _)| key.as_str().unwrap().to_owned()).collect()
}

/// The words of a text that start so, such as `HELPBOOK_…`.
fn words(text: &str, start: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(|c| !is_part(c)).filter(|word| word.starts_with(start)).map(str::to_owned).collect()
}

#[test]
fn every_foreign_action_is_pinned_by_its_commit_and_no_expression_stands_in_a_script() {
    for path in workflows().into_iter().chain(["action.yml".to_owned()]) {
        let text = fs::read_to_string(source(&path)).unwrap();
        let file = load(&path);
        let (mut uses, mut runs) = (Vec::new(), Vec::new());
        strings(&file, "uses", &mut uses);
        strings(&file, "run", &mut runs);
        for action in uses.into_iter().filter(|action| !action.starts_with("./")) {
            let (_, commit) = action.split_once('@').unwrap();
            assert!(commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{path}: {action}");
            assert!(text.contains(&format!("{action} # v")), "{path}: {action} has no version beside it");
        }
        // `run` is an input of our own action, too; that one is no script.
        let scripts = runs.into_iter().filter(|run| !run.starts_with("${{ needs.stage.result"));
        scripts.for_each(|run| assert!(!run.contains("${{"), "{path}: {run}"));
    }
}

#[test]
fn every_workflow_starts_without_permissions_and_every_job_has_its_own_and_an_end() {
    for path in workflows() {
        let file = load(&path);
        assert_eq!(file["permissions"], Value::Mapping(serde_yaml::Mapping::new()), "{path}");
        for (name, job) in file["jobs"].as_mapping().unwrap() {
            let name = name.as_str().unwrap();
            assert!(job.get("permissions").is_some(), "{path}: {name} has no permissions");
            assert!(job.get("timeout-minutes").is_some(), "{path}: {name} may run for ever");
            let waits = job.get("concurrency").or_else(|| file.get("concurrency")).unwrap();
            assert!(waits["cancel-in-progress"].as_bool() != Some(true), "{path}: {name} ends what runs");
        }
    }
}

#[test]
fn what_the_scripts_read_is_what_the_action_gives_and_what_they_say_is_what_it_hands_on() {
    let action = load("action.yml");
    let steps = action["runs"]["steps"].as_sequence().unwrap();
    let given: BTreeSet<String> = steps.iter().flat_map(|step| keys(&step["env"])).collect();
    let all: String = scripts().into_iter().map(|(_, text)| text).collect();
    // Some are for whoever tests, the address of a release and how long a retry waits, and the tokens are GitLab's.
    let own = [
        "HELPBOOK_BASE_URL",
        "HELPBOOK_RETRY_SECONDS",
        "HELPBOOK_INSTALL_DIR",
        "HELPBOOK_GITLAB_TOKEN",
        "HELPBOOK_NOTE_TOKEN",
    ];
    for word in words(&all, "HELPBOOK_").iter().filter(|word| !own.contains(&word.as_str())) {
        assert!(given.contains(word), "action.yml does not set {word}");
    }
    for word in given.iter().filter(|word| word.starts_with("HELPBOOK_")) {
        assert!(all.contains(word.as_str()), "no script reads {word}");
    }
    let text = fs::read_to_string(source("action.yml")).unwrap();
    for input in keys(&action["inputs"]) {
        assert!(text.contains(&format!("inputs.{input}")), "nothing takes the input {input}");
    }
    // The numbers of a plan are handed on as they are in it.
    let counts = keys(&serde_yaml::to_value(helpbook::plan::Summary::default()).unwrap());
    let said = |name: &str| {
        all.contains(&format!("output {name} ")) || all.contains(&format!("keep {name} ")) || counts.contains(name)
    };
    for output in keys(&action["outputs"]) {
        assert!(said(&output), "no script says the output {output}");
        assert_eq!(
            action["outputs"][output.as_str()]["value"].as_str().unwrap(),
            format!("${{{{ steps.run.outputs.{output} }}}}")
        );
    }
}

#[test]
fn the_workflow_of_init_gives_inputs_that_the_action_has() {
    let action = load("action.yml");
    let inputs = keys(&action["inputs"]);
    let workflows = OF_INIT.map(load);
    let mut commands = BTreeSet::new();
    for (name, job) in workflows.iter().flat_map(|workflow| workflow["jobs"].as_mapping().unwrap()) {
        for step in job["steps"].as_sequence().unwrap() {
            if step["uses"].as_str().unwrap().starts_with("octo/helpbook@") {
                let with = keys(&step["with"]);
                assert!(with.is_subset(&inputs), "{name:?}: {with:?}");
                commands.insert(step["with"]["command"].as_str().unwrap().to_owned());
                assert!(step["env"].get("INTERCOM_ACCESS_TOKEN").is_some());
            }
        }
    }
    assert_eq!(commands.into_iter().collect::<Vec<_>>(), ["apply", "audit", "plan", "publish", "pull"]);
}

#[test]
fn every_job_of_gitlab_runs_the_scripts_with_a_command_that_they_have_and_variables_that_they_read() {
    let path = "tests/action/gitlab/help-center.yml";
    let (text, file) = (fs::read_to_string(source(path)).unwrap(), load(path));
    let all: String = scripts().into_iter().map(|(_, text)| text).collect();
    for word in
        words(&text, "HELPBOOK_").iter().filter(|word| !["HELPBOOK_SOURCE", "HELPBOOK_REF"].contains(&word.as_str()))
    {
        assert!(all.contains(word.as_str()), "no script reads {word}");
    }
    let run = fs::read_to_string(source("action/run.sh")).unwrap();
    let base = &file[".help-center"];
    assert_eq!(base["script"].as_sequence().unwrap().len(), 1);
    assert_eq!(base["script"][0], "bash \"$HELPBOOK_SOURCE/action/gitlab-job.sh\"");
    let mut commands = BTreeSet::new();
    for (name, job) in file.as_mapping().unwrap().iter().filter(|(name, _)| *name != ".help-center") {
        assert_eq!(job["extends"], ".help-center", "{name:?}");
        assert!(job["rules"].as_sequence().is_some_and(|rules| !rules.is_empty()), "{name:?} starts always");
        assert!(job.get("script").is_none() && job.get("before_script").is_none(), "{name:?}");
        let command = job["variables"]["HELPBOOK_COMMAND"].as_str().unwrap();
        assert!(run.contains(&format!("  {command})")), "run.sh does not know {command}");
        commands.insert(command);
    }
    assert_eq!(commands.into_iter().collect::<Vec<_>>(), ["apply", "audit", "plan", "publish", "pull"]);
    let publish = &file["help-center-publish"];
    assert!(publish["rules"].as_sequence().unwrap().iter().all(|rule| rule["when"] == "manual"), "{publish:?}");
    assert_eq!(publish["environment"], "help-center");
    // No token is in the file, and no text of a branch or of a title is in a script.
    assert!(!text.contains("glpat") && !text.contains("CI_MERGE_REQUEST_TITLE"), "{text}");
}

#[test]
fn no_script_of_the_action_runs_on_after_an_error() {
    for (name, text) in scripts() {
        let stops = text.contains("set -euo pipefail") || text.contains(". \"$here/runner.sh\"");
        let is_part = text.starts_with("# shellcheck shell=bash");
        let is_switch = name == "run.sh";
        assert!(stops || is_part || is_switch, "{name}");
        assert!(!text.contains("set +e") && !text.contains("eval "), "{name}");
    }
}
