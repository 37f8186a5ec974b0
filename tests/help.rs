//! The examples of every help text, run as they are there.

use crate::harness::Project;

/// A project in which everything is there that the examples name.
fn project() -> Project {
    let project = Project::new(&[
        ("helpbook.yml", "docs: docs\nstate: published\nlocales: [en, fr]\nchecks: { missing-translation: off }\n"),
        ("docs/billing/refunds.md", "# Refund a customer\n\nOpen the invoice.\n"),
    ]);
    project.run(&["--local", "apply", "--publish", "--yes"]).exits(0);
    project.edit("docs/billing/refunds.md", "Open", "Choose");
    project.run(&["--local", "plan", "--out", "plan.json"]).exits(0);
    project
}

/// What is below `Examples:`, without what the shell does with it.
fn examples(help: &str) -> Vec<Vec<String>> {
    let lines = help.lines().filter_map(|line| line.strip_prefix("  helpbook "));
    let command = |line: &str| line.split("  ").next().and_then(|line| line.split(" >").next().map(str::to_owned));
    lines.filter_map(command).map(|line| line.split(' ').map(str::to_owned).collect()).collect()
}

/// Commands whose examples name what no test has: another system's docs, a browser, a page of somebody to look at, a
/// collection of theirs. They are parsed in `cli`, as all are.
const NOT_RUN: [&str; 5] = ["import", "open", "preview", "new", "help"];

#[test]
fn every_example_works() {
    let long = project().run(&["--help"]).exits(0).stdout;
    let commands = long.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
    let commands = commands.lines().filter_map(|line| line.split_whitespace().next()).chain(["completions"]);
    let commands: Vec<&str> = commands.filter(|command| !NOT_RUN.contains(command)).collect();
    assert!(commands.len() > 15, "{commands:?}");
    let helps = commands.into_iter().map(|command| vec![command, "--help"]).chain([vec!["--help"]]);
    let git = |project: &Project, arguments: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]).args(arguments);
        assert!(git.current_dir(project.path()).output().unwrap().status.success());
    };
    for help in helps {
        let project = project();
        for arguments in [&["init", "-q"][..], &["add", "-A"], &["commit", "-qm", "One"]] {
            git(&project, arguments);
        }
        git(&project, &["update-ref", "refs/remotes/origin/main", "HEAD"]);
        let text = project.run(&help).exits(0).stdout;
        let examples = examples(&text);
        assert!(examples.len() > 1, "{text}");
        if help[0] == "publish" {
            project.run(&["--local", "apply"]).exits(0);
        }
        for mut example in examples {
            // A server runs until somebody stops it; its examples are parsed in `cli`.
            let has = |word: &str| example.iter().any(|other| other == word);
            if has("serve") || has("mcp") && !has("install") {
                continue;
            }
            let asks = ["publish", "--publish", "--probe", "--probe=publish"]
                .iter()
                .any(|word| example.iter().any(|other| other == word));
            for option in ["--local".to_owned()].into_iter().chain(asks.then(|| "--yes".to_owned())) {
                if !example.contains(&option) {
                    example.push(option);
                }
            }
            // The local Help Center counts from another number.
            example.iter_mut().filter(|word| *word == "9100004").for_each(|word| *word = "9100001".to_owned());
            let ran = project.run(&example.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(ran.exit, 0, "{example:?}\n{}\n{}", ran.stdout, ran.stderr);
        }
    }
}

#[test]
fn completions_are_scripts_of_their_shells() {
    let project = project();
    for (shell, word) in [
        ("bash", "complete -F _helpbook"),
        ("zsh", "#compdef helpbook"),
        ("fish", "complete -c helpbook"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "set edit:completion:arg-completer[helpbook]"),
    ] {
        let script = project.run(&["completions", shell]).exits(0).stdout;
        assert!(script.contains(word) && script.contains("publish") && script.contains("since"), "{shell}: {script}");
        // A shell that is installed reads it.
        if let Ok(mut run) =
            std::process::Command::new(shell).arg("-n").arg("-").stdin(std::process::Stdio::piped()).spawn()
            && matches!(shell, "bash" | "zsh" | "fish")
        {
            use std::io::Write as _;
            run.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
            assert!(run.wait().unwrap().success(), "{shell}");
        }
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = project.run(&["completions", shell]).exits(0).stdout;
        assert!(script.contains("listArticles") && script.contains("updateDataConnector"), "{shell}");
    }
    project.run(&["completions", "tcsh"]).exits(64).says("bash");
}

#[test]
fn a_command_line_that_is_wrong_says_what_is_near() {
    let project = project();
    project.run(&["plna"]).exits(64).says("a similar subcommand exists: 'plan'");
    project.run(&["plan", "--jsno"]).exits(64).says("a similar argument exists: '--json'");
    let nothing = project.run(&[]).exits(64);
    assert!(nothing.stderr.contains("Examples:\n  helpbook check"), "{}", nothing.stderr);
    assert_eq!(nothing.stdout, "");
    let short = project.run(&["-h"]).exits(0).stdout;
    let long = project.run(&["--help"]).exits(0).stdout;
    assert_eq!(project.run(&["help"]).exits(0).stdout, long);
    assert!(!short.contains("Exit codes") && long.contains("Exit codes: 0 done"), "{short}{long}");
}
