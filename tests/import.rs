//! `helpbook import`: docs of another system become docs that `check`, `apply` and `plan` take.

use std::path::Path;

use crate::harness::Project;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

/// A project beside a GitBook in `old`.
fn project() -> Project {
    let project = Project::new(&[("helpbook.yml", "docs: docs\nstate: published\n")]);
    project.write(
        "old/SUMMARY.md",
        "# Contents\n\n* [Home](README.md)\n\n## Money\n\n* [Refunds](money/refunds.md)\n* [Rules](money/rules.md)\n",
    );
    project.write("old/README.md", "# Home\n\nSee [refunds](money/refunds.md).\n");
    project.write(
        "old/money/refunds.md",
        "---\ndescription: How\n---\n\n# Refunds\n\n{% hint style=\"info\" %}\nMind **this**.\n{% endhint %}\n\n![A menu](../.gitbook/assets/menu.png)\n\n{% tabs %}\n{% tab title=\"Web\" %}\nOpen it.\n{% endtab %}\n{% endtabs %}\n",
    );
    project.write("old/money/rules.md", "# Rules\n\n[Gone](gone.md) {% unknown %}\n");
    project.write_bytes("old/.gitbook/assets/menu.png", PNG);
    project
}

fn files(project: &Project) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![project.path().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                let path = entry.path();
                let below: &Path = path.strip_prefix(project.path()).unwrap();
                found.push(below.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn what_comes_in_can_be_checked_sent_and_is_as_it_was_sent() {
    let project = project();
    project.run(&["import", "old", "-n"]).exits(0).says("would be written");
    assert!(!project.exists("docs"), "a dry run writes nothing");
    let ran = project.run(&["import", "old"]).exits(0);
    for part in ["old is GitBook", "taken: ", "links: 1 of 1", "images: 1 of 1", "money/rules.md:3"] {
        assert!(ran.stderr.contains(part) || ran.stdout.contains(part), "{part}\n{}{}", ran.stdout, ran.stderr);
    }
    assert_eq!(
        files(&project),
        ["docs/images/menu.png", "docs/index.md", "docs/money/refunds.md", "docs/money/rules.md"]
    );
    assert_eq!(
        project.read("docs/money/refunds.md"),
        "---\ntitle: Refunds\ndescription: How\n---\n# Refunds\n\n> [!NOTE]\n> Mind **this**.\n\n![A menu](../images/menu.png)\n\n## Web\n\nOpen it.\n"
    );
    assert_eq!(project.read("docs/money/rules.md"), "---\ntitle: Rules\n---\n# Rules\n\nGone <!-- {% unknown %} -->\n");
    project.run(&["--local", "check"]).exits(0);
    project.run(&["--local", "apply", "--publish", "--yes"]).exits(0);
    project.run(&["--local", "plan"]).exits(0).says("No changes.");
}

#[test]
fn a_second_import_changes_nothing_and_a_file_that_differs_stays() {
    let project = project();
    project.run(&["import", "old"]).exits(0);
    let before = project.docs();
    project.run(&["import", "old"]).exits(0).says("no file changes");
    assert_eq!(project.docs(), before);
    project.edit("docs/money/rules.md", "# Rules", "# Our rules");
    project.edit("docs/index.md", "title: Home\n", "title: Home\nid: 7\n");
    let changed = project.docs();
    project.run(&["import", "old"]).exits(0).says("money/rules.md differs, and stays as it is");
    assert_eq!(project.docs(), changed);
    project.run(&["import", "old", "--overwrite"]).exits(0).says("1 replaced");
    assert!(project.read("docs/money/rules.md").contains("# Rules"));
    assert!(project.read("docs/index.md").contains("id: 7\n"), "an id stays");
}

#[test]
fn the_report_is_data_and_names_each_construct_with_its_line() {
    let project = project();
    let ran = project.run(&["import", "old", "-n", "--json"]).exits(0);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["kind"], "gitbook");
    assert_eq!(report["files"]["new"].as_array().unwrap().len(), 4);
    let items = report["report"]["files"]["money/refunds.md"]["items"].as_array().unwrap();
    let hint = items.iter().find(|item| item["construct"] == "box").unwrap();
    assert_eq!((hint["line"].as_u64(), hint["fate"].as_str()), (Some(7), Some("taken")));
}

#[test]
fn locales_are_added_to_the_configuration() {
    let project = Project::new(&[("helpbook.yml", "docs: docs # here\nstate: published\n")]);
    project.write("old/a.md", "# A\n\nText\n");
    project.write("old/a.fr.md", "# B\n\nTexte\n");
    project.run(&["import", "old", "--into", "docs/deep"]).exits(0).says("locales added to helpbook.yml: fr");
    assert_eq!(project.read("helpbook.yml"), "docs: docs # here\nstate: published\nlocales: [en, fr]\n");
    assert_eq!(files(&project), ["docs/deep/a.fr.md", "docs/deep/a.md"]);
    project.run(&["--local", "check"]).exits(0);
}

#[test]
fn the_front_page_of_a_repository_is_no_article() {
    let project = Project::new(&[("helpbook.yml", "docs: docs\n")]);
    project.write("old/README.md", "# How to write here\n");
    project.write("old/money/refunds.md", "# Refunds\n\nSee [how to write](../README.md).\n");
    project.run(&["import", "old", "-n"]).exits(0).says("2 new");
    project.write("old/.gitignore", "x\n");
    project.run(&["import", "old"]).exits(0).says("about the repository, and no article: README.md").says("1 new");
    assert_eq!(files(&project), ["docs/money/refunds.md"]);
    project.run(&["--local", "check"]).exits(0);
    // What has a page alone is no repository of articles with a page about it.
    project.write("one/README.md", "# All\n");
    project.write("one/.gitignore", "x\n");
    project.run(&["import", "one", "--into", "docs/one"]).exits(0).says("1 new");
}

#[test]
fn what_cannot_be_imported_is_said_and_nothing_is_written() {
    let project = Project::new(&[("helpbook.yml", "docs: docs\n")]);
    project.write("two/a/mkdocs.yml", "site_name: A\n");
    project.write("two/a/docs/x.md", "# X\n");
    project.write("two/b/SUMMARY.md", "* [Y](y.md)\n");
    project.write("two/b/y.md", "# Y\n");
    project.write("none/x.png", "");
    project.run(&["import", "two"]).exits(64).says("two has 2 sites").says("helpbook import two/a --from mkdocs");
    project.run(&["import", "absent"]).exits(64).says("there is no folder");
    project.run(&["import", "none"]).exits(1).says("there is no page");
    project.run(&["import", "two/b", "--into", "elsewhere"]).exits(64).says("is no folder of the docs");
    assert!(!project.exists("docs"));
    project.run(&["import", "two/a/mkdocs.yml"]).exits(0).says("MkDocs");
    assert_eq!(files(&project), ["docs/x.md"]);
}

#[cfg(unix)]
#[test]
fn no_link_on_disk_is_followed_in_or_out() {
    let project = project();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.md"), "# Secret\n").unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.md"), project.path().join("old/money/secret.md")).unwrap();
    std::os::unix::fs::symlink(outside.path(), project.path().join("old/more")).unwrap();
    std::fs::create_dir(project.path().join("docs")).unwrap();
    std::os::unix::fs::symlink(outside.path(), project.path().join("docs/money")).unwrap();
    project.run(&["import", "old"]).exits(1);
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1, "nothing is written outside");
    assert!(!project.exists("docs/more") && !project.exists("docs/secret.md"), "no link of the source is followed");
}

/// Whoever imported `.` got each page a second time, below the folder that it had come into.
#[test]
fn what_was_imported_is_no_source() {
    let project = project();
    project.run(&["import", "old"]).exits(0);
    let before = files(&project);
    for source in ["docs", "docs/money"] {
        project.run(&["import", source]).exits(64).says("is the docs folder of this project, or in it");
    }
    let ran = project.run(&["import", ".", "--from", "plain", "--into", "docs/again"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    let after = files(&project);
    assert!(after.iter().all(|path| !path.contains("again/docs")), "{after:?}");
    assert!(after.len() > before.len());
}
