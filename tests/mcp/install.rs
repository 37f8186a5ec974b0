//! `helpbook mcp install`, `helpbook schema`, and the instructions for agents.

use serde_json::Value;

use crate::harness::Project;

const FILES: [(&str, &str); 5] = [
    ("claude-code", ".mcp.json"),
    ("cursor", ".cursor/mcp.json"),
    ("codex", ".codex/config.toml"),
    ("vscode", ".vscode/mcp.json"),
    ("zed", ".zed/settings.json"),
];

#[test]
fn each_client_gets_its_entry_once() {
    let project = Project::new(&[]).env("INTERCOM_ACCESS_TOKEN", "dG9rOm5vdC1hLXJlYWwtdG9rZW4");
    for (client, file) in FILES {
        project.run(&["mcp", "install", "--client", client, "-n"]).exits(0).says("nothing was written");
        assert!(!project.exists(file));
        project.run(&["mcp", "install", "--client", client]).exits(0).says(file);
        let text = project.read(file);
        assert!(text.contains("helpbook") && text.contains("mcp") && !text.contains("dG9r"), "{text}");
        project.run(&["mcp", "install", "--client", client]).exits(0).says("already");
        assert_eq!(project.read(file), text);
    }
    project.run(&["mcp", "install", "--client", "emacs"]).exits(64);
}

#[test]
fn a_file_that_is_broken_or_leads_outside_is_left_alone() {
    let project = Project::new(&[(".mcp.json", "{ \"mcpServers\": [")]);
    project.run(&["mcp", "install", "--client", "claude-code"]).exits(1).says("the file is as it was");
    assert_eq!(project.read(".mcp.json"), "{ \"mcpServers\": [");
    #[cfg(unix)]
    {
        let outside = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), project.path().join(".zed")).unwrap();
        project.run(&["mcp", "install", "--client", "zed"]).exits(1).says("link");
        assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
    }
}

#[test]
fn the_schema_knows_every_command_and_key() {
    let project = Project::new(&[]);
    let document: Value = serde_json::from_str(&project.run(&["schema"]).exits(0).stdout).unwrap();
    let names: Vec<&str> =
        document["commands"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"plan") && names.contains(&"mcp") && !names.contains(&"ids"), "{names:?}");
    let plan = document["commands"].as_array().unwrap().iter().find(|one| one["name"] == "plan").unwrap();
    assert!(plan["arguments"].to_string().contains("--since") && !plan["examples"].as_array().unwrap().is_empty());
    assert!(document["front_matter"].to_string().contains("redirect_from"));
    let part: Value = serde_json::from_str(&project.run(&["schema", "findings"]).exits(0).stdout).unwrap();
    assert!(part["commands"].is_null() && part["findings"].to_string().contains("unknown-key"));
}

#[test]
fn init_writes_instructions_for_agents_where_they_are_asked_for() {
    let project = Project::new(&[]);
    project.remove("helpbook.yml");
    project.run(&["--local", "init", "--docs", "help"]).exits(0);
    assert!(!project.exists("AGENTS.md"));
    project.run(&["--local", "init", "--agents"]).exits(0).says("wrote AGENTS.md");
    let text = project.read("AGENTS.md");
    assert!(text.contains("`help`") && text.contains("Never run `helpbook publish`"), "{text}");
    project.run(&["--local", "init", "--agents"]).exits(0).says("kept AGENTS.md");
}

#[test]
fn a_check_for_an_agent_is_one_fix_a_line() {
    let project = Project::new(&[("docs/a.md", "---\ntitel: A\n---\n\n![](b.png)\n")]);
    let ran = project.run(&["check", "--format", "agent"]).exits(1);
    assert!(
        ran.stdout.contains("\"a.md\":2:1 error unknown-key:") && ran.stdout.contains("check --fix"),
        "{}",
        ran.stdout
    );
}
