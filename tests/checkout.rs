//! A checkout is a stranger's: its files lead helpbook nowhere else, and a file that is left out is not gone.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::harness::{Project, Server, id_of};

/// A folder outside of every project, with a file whose bytes nobody may touch or show.
fn outside() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.md"), "# Private notes\n\nMine.\n").unwrap();
    folder
}

#[cfg(unix)]
fn link(project: &Project, name: &str, to: &Path) {
    let at = project.path().join(name);
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(to, at).unwrap();
}

/// Nothing outside was read into an output, changed or added.
#[track_caller]
fn is_untouched(outside: &tempfile::TempDir, output: &str) {
    assert_eq!(fs::read_to_string(outside.path().join("notes.md")).unwrap(), "# Private notes\n\nMine.\n");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    assert!(!output.contains("Private") && !output.contains("Mine."), "{output}");
}

#[cfg(unix)]
#[test]
fn no_link_below_the_private_folder_is_followed() {
    let server = Server::start();
    for name in [".helpbook/run.lock", ".helpbook/.gitignore", ".helpbook/local/requests.log", ".helpbook/local"] {
        let outside = outside();
        let project = Project::new(&[("docs/a/one.md", "# One\n\nText.\n")]).on(&server);
        let to = if name.ends_with("local") { outside.path().to_owned() } else { outside.path().join("notes.md") };
        link(&project, name, &to);
        for arguments in [&["apply"][..], &["pull"], &["publish", "--yes"], &["--local", "apply"]] {
            let ran = project.run(arguments).exits(1).says("is a link on disk, and is not followed");
            is_untouched(&outside, &format!("{}{}", ran.stdout, ran.stderr));
        }
    }
    let outside = outside();
    let project = Project::new(&[("docs/a/one.md", "# One\n\nText.\n")]).on(&server);
    link(&project, ".helpbook", outside.path());
    project.run(&["apply"]).exits(1).says("is a link on disk");
    is_untouched(&outside, "");
}

#[cfg(unix)]
#[test]
fn no_link_to_the_docs_the_configuration_or_the_lock_is_followed() {
    let server = Server::start();
    let outside = outside();
    for docs in ["docs", "a/docs"] {
        let project = Project::new(&[]).on(&server);
        project.write("helpbook.yml", &format!("docs: {docs}\nstate: published\n"));
        if docs == "docs" {
            let _ = fs::remove_dir_all(project.path().join("docs"));
            link(&project, "docs", outside.path());
        } else {
            link(&project, "a", outside.path());
        }
        for command in ["check", "plan", "apply", "pull"] {
            let ran = project.run(&[command]).exits(1).says("cannot use the docs folder");
            is_untouched(&outside, &ran.stdout);
        }
    }
    for name in ["helpbook.yml", "helpbook.lock"] {
        let project = Project::new(&[("docs/a/one.md", "# One\n\nText.\n")]).on(&server);
        let _ = fs::remove_file(project.path().join(name));
        link(&project, name, &outside.path().join("notes.md"));
        let ran = project.run(&["plan"]).exits(1).says("is a link on disk");
        is_untouched(&outside, &format!("{}{}", ran.stdout, ran.stderr));
    }
}

#[cfg(unix)]
#[test]
fn a_pull_writes_through_no_link() {
    let server = Server::start();
    let project = Project::new(&[("docs/billing/one.md", "# One\n\nText.\n")]).on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let (outside, other) = (outside(), Project::new(&[]).on(&server));
    other.write("helpbook.yml", "docs: docs\n");
    link(&other, "docs/billing", outside.path());
    let ran = other.run(&["pull"]).exits(1);
    is_untouched(&outside, &ran.stdout);
}

#[test]
fn a_file_that_is_left_out_and_holds_an_id_is_not_gone() {
    let server = Server::start();
    let project = Project::new(&[("docs/a/one.md", "# One\n\nText.\n"), ("docs/a/two.md", "# Two\n\nText.\n")]);
    let project = project.on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let id = id_of(&project, "docs/a/one.md");
    let text = project.read("docs/a/one.md");
    for (name, orphans) in
        [("_one.md", "delete"), (".one.md", "unpublish"), ("README.md", "delete"), ("one.txt", "delete")]
    {
        project.write("helpbook.yml", &format!("docs: docs\nstate: published\norphans: {orphans}\n"));
        project.remove("docs/a/one.md");
        project.write(&format!("docs/a/{name}"), &text);
        project.run(&["apply", "--publish", "--yes"]).exits(3).says(&format!("its `id` is in `a/{name}`"));
        assert_eq!(server.get(&format!("/articles/{id}"))["state"], "published");
        project.remove(&format!("docs/a/{name}"));
        project.write("docs/a/one.md", &text);
    }
    project.write("helpbook.yml", "docs: docs\nstate: published\norphans: delete\nexclude: [\"a/one.md\"]\n");
    project.run(&["apply", "--publish", "--yes"]).exits(3).says("its `id` is in `a/one.md`");
    assert_eq!(server.get(&format!("/articles/{id}"))["state"], "published");
}

#[test]
fn a_pull_brings_nothing_to_where_it_would_be_left_out() {
    let server = Server::start();
    let templates = server.post("/help_center/collections", &json!({ "name": "Templates" }));
    let article = json!({ "title": "Form", "author_id": 1, "state": "published", "parent_type": "collection",
        "parent_id": templates["id"].as_str().unwrap().parse::<u64>().unwrap() });
    let id = server.post("/articles", &article)["id"].as_str().unwrap().to_owned();
    let project = Project::new(&[("docs/a/one.md", "# One\n\nText.\n")]).on(&server);
    project.write("helpbook.yml", "docs: docs\nstate: published\norphans: delete\nexclude: [\"templates/**\"]\n");
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.run(&["pull"]).exits(0).says(&format!("article {id} is left out, as `exclude`"));
    assert!(!project.path().join("docs/templates").exists());
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    assert_eq!(server.get(&format!("/articles/{id}"))["state"], "published");
}

#[test]
fn what_is_left_to_others_is_neither_written_nor_moved_nor_added_to() {
    let server = Server::start();
    let legal = server.post("/help_center/collections", &json!({ "name": "Legal" }));
    let legal = legal["id"].as_str().unwrap().parse::<u64>().unwrap();
    let article = json!({ "title": "Terms", "body": "<p>Theirs.</p>", "author_id": 1, "state": "published",
        "parent_type": "collection", "parent_id": legal });
    let id = server.post("/articles", &article)["id"].as_str().unwrap().parse::<u64>().unwrap();
    let ours = format!("---\nid: {id}\ntitle: Buy now\n---\nOurs.\n");
    let project = Project::new(&[("docs/a/one.md", &ours)]).on(&server);
    project.write("helpbook.yml", "docs: docs\nstate: published\nignore: { collections: [Legal] }\n");
    let before = server.get(&format!("/articles/{id}"));
    for name in ["Legal".to_owned(), legal.to_string()] {
        project.write("docs/a/new.md", &format!("---\ntitle: New\ncollection: {name}\n---\nText.\n"));
        let ran = project.run(&["apply", "--publish", "--yes"]).exits(3);
        ran.says("leaves to others").says("to others");
        assert_eq!(server.ids(), [id]);
        assert_eq!(server.get(&format!("/articles/{id}")), before);
    }
}
