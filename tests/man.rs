//! Man pages: one for each command, with its examples, and nothing that `man` or `mandoc` warns of.

use std::fs;
use std::process::Command;

use crate::harness::Project;

#[test]
fn every_command_has_a_page_that_man_reads_without_a_warning() {
    let project = Project::new(&[]);
    project.run(&["man", "man pages"]).exits(0).says("pages into man pages");
    let folder = project.path().join("man pages");
    let help = project.run(&["--help"]).exits(0).stdout;
    let commands = help.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = commands.lines().filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    let mut pages: Vec<String> = names.map(|name| format!("helpbook-{name}.1")).collect();
    assert!(pages.len() > 15, "{help}");
    pages.push("helpbook.1".to_owned());
    // That of Debian and others can say what is wrong; those of other systems take other options.
    let man = Command::new("man").arg("--version").output();
    let has_man_db = man.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).starts_with("man 2"));
    for page in &pages {
        let text = fs::read_to_string(folder.join(page)).unwrap_or_else(|error| panic!("{page}: {error}"));
        for part in [".SH NAME", ".SH SYNOPSIS", ".SH EXAMPLES", "helpbook"] {
            assert!(text.contains(part), "{page} lacks {part}");
        }
        // What the machine has reads it, too.
        let man = Command::new("man")
            .args(["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z"])
            .arg(folder.join(page))
            .output();
        if has_man_db && let Ok(man) = man {
            let said = String::from_utf8_lossy(&man.stderr);
            assert!(man.status.success() && said.trim().is_empty(), "{page}: {said}");
        }
        if let Ok(lint) = Command::new("mandoc").args(["-T", "lint", "-W", "error"]).arg(folder.join(page)).output() {
            assert!(lint.status.success(), "{page}: {}", String::from_utf8_lossy(&lint.stdout));
        }
    }
    let plan = fs::read_to_string(folder.join("helpbook-plan.1")).unwrap();
    let lines: Vec<&str> = plan.lines().collect();
    let example = lines.iter().position(|line| *line == ".SH EXAMPLES").unwrap();
    assert_eq!(lines[example + 1], ".nf", "examples are shown line by line");
    let top = fs::read_to_string(folder.join("helpbook.1")).unwrap();
    assert!(top.contains(".SH \"EXIT STATUS\"") && top.contains("helpbook\\-plan(1)"), "{top}");
    assert!(!folder.join("helpbook-ids.1").exists(), "what scripts call has no page");

    // A second run writes the same, and what is in the way is said.
    project.run(&["man", "man pages"]).exits(0);
    assert_eq!(fs::read_to_string(folder.join("helpbook-plan.1")).unwrap(), plan);
    project.write("file", "");
    project.run(&["man", "file"]).exits(1).says("cannot write into file");
    project.run(&["man"]).exits(64);
}
