//! Creating once: ids and locks that get lost make no doubles.

use crate::harness::{Project, Server, id_of, published, two_articles};

fn forget_ids(project: &Project) {
    for path in ["docs/guide/install.md", "docs/guide/update.md", "docs/guide/_index.md"] {
        let text: Vec<String> =
            project.read(path).lines().filter(|line| !line.starts_with("id: ")).map(str::to_owned).collect();
        project.write(path, &(text.join("\n") + "\n"));
    }
}

#[test]
fn without_lock_and_without_ids_everything_is_adopted_and_nothing_created() {
    let server = Server::start();
    let project = published(&server);
    let ids = server.ids();
    let before = project.docs();
    project.remove("helpbook.lock");
    project.run(&["plan", "--detailed-exitcode"]).exits(0).says("No changes.");
    forget_ids(&project);
    project.run(&["plan", "--json"]).exits(0).says("\"adopt\": 3");
    let mark = server.requests().len();
    project.run(&["apply"]).exits(0).says("adopted guide/install.md");
    assert_eq!(server.writes_since(mark), [""; 0]);
    assert_eq!(server.ids(), ids);
    assert_eq!(project.docs().len(), before.len());
    project.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_staged_edit_is_adopted_with_its_draft_and_published_from_another_clone() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/install.md");
    project.edit("docs/guide/install.md", "Run the installer.", "Changed.");
    project.run(&["apply"]).exits(0);
    project.remove("helpbook.lock");
    forget_ids(&project);
    project.run(&["publish", "--yes"]).exits(0);
    assert!(server.get(&format!("/articles/{id}"))["body"].as_str().unwrap().contains("Changed."));
    assert_eq!(server.ids().len(), 2);
}

#[test]
fn a_title_that_is_taken_by_other_content_is_refused_until_somebody_says_so() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/install.md");
    project.remove("helpbook.lock");
    forget_ids(&project);
    project.edit("docs/guide/install.md", "Run the installer.", "Something else.");
    let mark = server.requests().len();
    project
        .run(&["apply"])
        .exits(3)
        .says(&format!("article {id} has this title and other content"))
        .says(&format!("write `id: {id}`"));
    assert!(server.writes_since(mark).is_empty());
    project.run(&["apply", "--create"]).exits(0).says("created guide/install.md");
    assert_eq!(server.ids().len(), 3);
}

#[test]
fn ids_and_an_index_are_written_and_every_other_byte_stays() {
    let server = Server::start();
    let project = two_articles().on(&server);
    project
        .write("docs/guide/crlf.md", "---\r\ntitle: 'Windows'  # quoted\r\n---\r\nText\r\n\r\nno newline at the end");
    project.run(&["apply"]).exits(0);
    let id = id_of(&project, "docs/guide/install.md");
    assert_eq!(
        project.read("docs/guide/install.md"),
        format!("---\nid: {id}\n---\n# Install\n\nRun the installer.\n\n## Steps\n\nClick it.\n")
    );
    let text = project.read("docs/guide/crlf.md");
    let line = text.split_inclusive("\r\n").find(|line| line.starts_with("id: ")).unwrap();
    assert_eq!(text.replace(line, ""), "---\r\ntitle: 'Windows'  # quoted\r\n---\r\nText\r\n\r\nno newline at the end");
    assert_eq!(project.read("docs/guide/_index.md"), "---\ntitle: Guide\nid: 8100001\n---\n");
}

#[test]
fn the_lock_is_whole_after_the_first_run_and_names_the_files_as_git_would() {
    let server = Server::start();
    let project = published(&server);
    let lock = project.read("helpbook.lock");
    project.run(&["apply"]).exits(0).says("No changes.");
    assert_eq!(project.read("helpbook.lock"), lock);
    let text = project.read("docs/guide/install.md");
    assert!(lock.contains(helpbook::text::GitBlob::of(&text).ids().next().unwrap()), "{lock}");
}

#[test]
fn an_article_that_was_deleted_in_intercom_is_not_created_again_by_itself() {
    let server = Server::start();
    let project = published(&server);
    let id = id_of(&project, "docs/guide/install.md");
    let _ = server.put(&format!("/articles/{id}"), &serde_json::json!({ "state": "draft" }));
    server.delete(&format!("/articles/{id}"));
    let mark = server.requests().len();
    project.run(&["apply"]).exits(3).says(&format!("article {id} was deleted in Intercom")).says("remove `id`");
    assert!(server.writes_since(mark).is_empty());
}
