//! The example docs into a Help Center: the first command of the README.

use std::fs;
use std::path::Path;

use crate::harness::{Project, Server, copy};
use helpbook::intercom::model::Locale;

fn example() -> Project {
    let project = Project::new(&[]);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("example-docs"), project.path());
    project
}

#[test]
fn the_example_docs_are_published_and_a_second_run_writes_nothing() {
    let project = example();
    let before = snapshot(project.path());
    project.run(&["apply", "--local", "--publish", "--yes"]).exits(0);
    assert_eq!(snapshot(project.path()), before, "the docs folder is as it was");
    assert_eq!(project.read(".helpbook/.gitignore"), "*\n");
    let log = project.read(".helpbook/local/requests.log");
    let published = log.lines().filter(|line| line.contains("state=published")).count();
    let is_none = |path: &str| path == "README.md" || path.ends_with("_index.md") || path.ends_with(".fr.md");
    let is_article = |path: &str| path.ends_with(".md") && !is_none(path);
    let articles = before.iter().filter(|(path, _)| is_article(path)).count();
    assert!(articles >= 12, "{articles} articles");
    assert_eq!(published, articles);

    project
        .run(&["apply", "--local", "--publish", "--yes"])
        .exits(0)
        .says("No changes. Your Help Center matches the docs.");
    let log_after = project.read(".helpbook/local/requests.log");
    let second = &log_after[log.len()..];
    assert!(second.lines().all(|line| line.contains(" GET ")), "{second}");
    project.run(&["check", "--local", "--strict"]).exits(0);
}

#[test]
fn every_article_of_the_example_is_stored_whole_in_both_modes_of_heading_ids() {
    for mode in ["kept", "regenerated"] {
        let server = Server::with(helpbook::local::Options {
            locales: ["en", "fr"].map(|locale| Locale(locale.to_owned())).to_vec(),
            ..helpbook::local::Options::behaving(|does| does.set("heading-ids", mode).unwrap())
        });
        let project = without_images(example()).on(&server);
        project.run(&["apply", "--publish", "--yes"]).exits(0);
        project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
        project.remove("helpbook.lock");
        project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
    }
}

/// Local images cannot go to Intercom yet; with a server of its own the example goes without.
fn without_images(project: Project) -> Project {
    for (path, text) in snapshot(project.path()) {
        if path.ends_with(".md") {
            let lines: Vec<&str> =
                text.lines().filter(|line| !(line.contains("](images/") || line.contains("](../images/"))).collect();
            project.write(&path, &(lines.join("\n") + "\n"));
        }
    }
    project
}

fn snapshot(root: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path.file_name().unwrap() != ".helpbook" {
                    folders.push(path);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                files.push((path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/"), text));
            }
        }
    }
    files.sort();
    files
}
