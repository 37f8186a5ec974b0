//! A project in several languages, with the real binary.

use serde_json::json;

use crate::harness::{Project, Server, id_of, without_addresses};
use helpbook::intercom::model::Locale;
use helpbook::local::Options;

/// A Help Center in English, French and Spanish.
fn server() -> Server {
    let locales = ["en", "fr", "es"].map(|locale| Locale(locale.to_owned())).to_vec();
    Server::with(Options { locales, ..Options::default() })
}

/// An article in English and French.
fn project() -> Project {
    Project::new(&[
        ("helpbook.yml", "docs: docs\nstate: published\nlocales: [en, fr, es]\n"),
        ("docs/guide/install.md", "# Install\n\nRun the installer.\n"),
        ("docs/guide/install.fr.md", "# Installer\n\nLancez-le.\n"),
    ])
}

#[test]
fn status_tells_which_translations_are_missing_changed_and_stale() {
    let server = server();
    let project = project().on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let status = project.run(&["status"]).exits(0).stdout;
    let line = |status: &str, path: &str| {
        let line = status.lines().find(|line| line.contains(&format!(" {path} "))).unwrap_or_default();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line(&status, "guide/install.md"), "in sync guide/install.md en 9100001 published Install");
    assert_eq!(line(&status, "guide/install.fr.md"), "in sync guide/install.fr.md fr 9100001 published Installer");
    assert_eq!(line(&status, "guide/install.es.md"), "missing guide/install.es.md es 9100001 - Install");
    assert!(status.ends_with("2 in sync, 1 missing\n"), "{status}");
    project.edit("docs/guide/install.md", "Run the installer.", "Click it.");
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let status = project.run(&["status"]).exits(0).stdout;
    assert!(line(&status, "guide/install.fr.md").starts_with("stale"), "{status}");
    project.edit("docs/guide/install.fr.md", "Lancez-le.", "Cliquez.");
    let status = project.run(&["status", "--locale", "fr"]).exits(0).stdout;
    assert!(line(&status, "guide/install.fr.md").starts_with("changed"), "{status}");
    assert_eq!(status.lines().count(), 3, "{status}");
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let rows: serde_json::Value = serde_json::from_str(&project.run(&["status", "--json"]).exits(0).stdout).unwrap();
    let statuses: Vec<_> = rows["articles"].as_array().unwrap().iter().map(|row| row["status"].clone()).collect();
    assert_eq!(statuses, ["in-sync", "in-sync", "missing"]);
    let count = |standing: &str| rows["counts"][standing].as_u64().unwrap();
    assert_eq!([count("in-sync"), count("missing"), count("stale"), count("no-file")], [2, 1, 0, 0]);
    assert_eq!(rows["counts"].as_object().unwrap().len(), 13);
    assert_eq!(rows["articles"][1]["locale"], "fr");
}

#[test]
fn a_run_is_limited_to_the_locales_that_are_named() {
    let server = server();
    let project = project().on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    project.edit("docs/guide/install.md", "Run the installer.", "Click it.");
    project.edit("docs/guide/install.fr.md", "Lancez-le.", "Cliquez.");
    let plan = project.run(&["plan", "--locale", "fr"]).exits(0).stdout;
    assert!(plan.contains("Cliquez") && !plan.contains("Click"), "{plan}");
    let mark = server.requests().len();
    project.run(&["apply", "--locale", "fr", "--publish", "--yes"]).exits(0);
    assert_eq!(server.writes_since(mark).len(), 2);
    let id = id_of(&project, "docs/guide/install.md");
    let article = server.get(&format!("/articles/{id}"));
    assert!(article["body"].as_str().unwrap().contains("Run the installer."));
    assert!(article["translated_content"]["fr"]["body"].as_str().unwrap().contains("Cliquez."));
    project.run(&["plan", "--locale", "fr,en"]).exits(0).says("Click");
    project.run(&["plan", "--locale", "de"]).exits(64).says("`de` is none of the locales of this project");
    project.run(&["plan", "--out", "plan.json"]).exits(0);
    project.run(&["apply", "plan.json", "--locale", "fr"]).exits(64);
    project.run(&["publish", "plan.json", "--locale", "fr", "--yes"]).exits(64);
}

#[test]
fn what_is_blocked_in_one_locale_is_shown_apart_and_told_by_the_exit_code() {
    let server = server();
    let project = project().on(&server);
    project.run(&["apply", "--publish", "--yes"]).exits(0);
    let id = id_of(&project, "docs/guide/install.md");
    server.edit(id, &json!({ "locale": "fr", "body": "<p>De Grace</p>" }));
    project.edit("docs/guide/install.md", "Run the installer.", "Click it.");
    project.edit("docs/guide/install.fr.md", "Lancez-le.", "Cliquez.");
    let plan = without_addresses(&project.run(&["plan"]).exits(0).stdout);
    insta::assert_snapshot!(plan.trim_end().replace(&since(&plan), "TIME"), @r#"
    Blocked (cannot be done yet)

      ! guide/install.md "Install" (blocked: article 9100001)
        fr "Installer" (guide/install.fr.md)
          a teammate's draft is pending in Intercom
          in Intercom: Grace, TIME
          text:
            [-De Grace-]
            {+Cliquez.+}
          hint: publish or discard that draft in Intercom, run `helpbook pull guide/install.fr.md` to take it into the file, or `helpbook apply --overwrite guide/install.fr.md` to replace it

    Goes live (customers see this at publish)

      ~ guide/install.md "Install" (changed: article 9100001)
          text:
            [-Run the installer.-]
            {+Click it.+}

    Plan: 1 to update, 1 blocked, 1 unchanged.
    "#);
    project.run(&["apply", "--publish", "--yes"]).exits(3);
    let article = server.get(&format!("/articles/{id}"));
    assert!(article["body"].as_str().unwrap().contains("Click it."));
    assert!(article["translated_content"]["fr"]["body"].as_str().unwrap().contains("Lancez-le."));
    project.run(&["apply", "--overwrite", "docs/guide/install.fr.md", "--publish", "--yes"]).exits(0);
    let french = server.get(&format!("/articles/{id}"))["translated_content"]["fr"]["body"].to_string();
    assert!(french.contains("Cliquez."), "{french}");
}

/// The time in the plan.
fn since(plan: &str) -> String {
    let line = plan.lines().find(|line| line.contains("in Intercom: ")).unwrap();
    line.rsplit_once(", ").unwrap().1.to_owned()
}

#[test]
fn a_locale_that_the_help_center_lacks_is_told_before_anything_is_written() {
    let server = Server::start();
    let project = project().on(&server);
    let mark = server.requests().len();
    project.run(&["apply"]).exits(1).says("the Help Center has no locale `fr`");
    assert_eq!(server.writes_since(mark), [""; 0]);
}

#[test]
fn keys_of_the_article_and_lost_translations_are_told_by_check() {
    let project = Project::new(&[
        ("helpbook.yml", "docs: docs\nlocales: [en, fr]\n"),
        ("docs/a.md", "---\nid: 7\n---\n# A\n"),
        ("docs/a.fr.md", "---\nid: 8\n---\n# A\n\n~~no~~\n"),
        ("docs/b.fr.md", "# B\n"),
        ("docs/c.de.md", "# C\n"),
        ("docs/README.fr.md", "nothing"),
    ]);
    let ran = project.run(&["check"]).exits(1);
    for text in
        ["a.fr.md:2:5", "error[translation-key]", "a.fr.md:6:", "error[orphan-translation]", "warning[unlisted-locale]"]
    {
        assert!(ran.stdout.contains(text), "{text}: {}", ran.stdout);
    }
    assert!(!ran.stdout.contains("README"), "{}", ran.stdout);
}

#[test]
fn the_local_help_center_speaks_the_languages_of_the_project() {
    let project = project();
    project.run(&["--local", "apply", "--publish", "--yes"]).exits(0);
    project.run(&["--local", "plan", "--detailed-exitcode"]).exits(0).says("No changes.");
    assert!(!project.read("docs/guide/install.fr.md").contains("id:"));
}

/// Found while building: the local Help Center lent the id of an article to its translation's file.
#[test]
fn a_file_that_is_no_translation_any_more_gets_no_id_of_the_article_it_belonged_to() {
    let project = project();
    project.run(&["--local", "apply", "--publish", "--yes"]).exits(0);
    project.edit("helpbook.yml", "locales: [en, fr, es]", "locales: [en]");
    // Beside its original it would be sent as an article in English.
    project.run(&["--local", "plan"]).exits(1).says("error[unlisted-locale]");
    std::fs::remove_file(project.path().join("docs/guide/install.md")).unwrap();
    let plan = project.run(&["--local", "plan"]).exits(0).says("in `fr`, and is the one in `en` now").stdout;
    assert!(plan.contains("guide/install.fr.md \"Installer\" (blocked: article)"), "{plan}");
    let plan = project.run(&["--local", "apply", "-n", "--overwrite"]).exits(0).stdout;
    assert!(plan.contains("guide/install.fr.md \"Installer\" (new: article)"), "{plan}");
}
