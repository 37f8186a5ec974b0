//! The rooms of the house: imports point downwards only.

use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up, as ARCHITECTURE.md draws them.
const ROOMS: [&str; 19] = [
    "threads",
    "text",
    "diagnostic",
    "yaml",
    "config",
    "book",
    "html",
    "lint",
    "intercom",
    "live",
    "base",
    "plan",
    "hosting",
    "git",
    "apply",
    "pull",
    "report",
    "local",
    "cli",
];

/// The wire types stand at the ground, apart from the client.
const WIRE_TYPES: &str = "intercom::model";

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The rooms that a text names with `crate::`.
fn named(text: &str) -> Vec<String> {
    text.match_indices("crate::")
        .filter(|(at, _)| !text[..*at].ends_with('$'))
        .map(|(at, _)| {
            let rest = &text[at + "crate::".len()..];
            if rest.starts_with(WIRE_TYPES) {
                return WIRE_TYPES.to_owned();
            }
            rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
        })
        .filter(|name: &String| !name.is_empty())
        .collect()
}

fn room_of(file: &Path) -> String {
    let relative = file.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    relative.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

#[test]
fn imports_point_downwards_only() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let height = |room: &str| if room == WIRE_TYPES { Some(0) } else { ROOMS.iter().position(|other| *other == room) };
    let mut upwards = Vec::new();
    for file in &files {
        let room = room_of(file);
        if matches!(room.as_str(), "lib" | "main") {
            continue;
        }
        let text = fs::read_to_string(file).unwrap();
        let own = height(&room).unwrap_or_else(|| panic!("the room `{room}` is not in the house"));
        for other in named(&text) {
            let known = height(&other).unwrap_or_else(|| panic!("{}: `crate::{other}` is no room", file.display()));
            if known > own {
                upwards.push(format!("{} imports {other}", file.display()));
            }
        }
    }
    assert_eq!(upwards, [""; 0]);
}

#[test]
fn the_wire_types_stand_at_the_ground() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/intercom/model"), &mut files);
    assert!(!files.is_empty());
    for file in files {
        assert_eq!(named(&fs::read_to_string(&file).unwrap()), [""; 0], "{}", file.display());
    }
}

#[test]
fn the_local_help_center_uses_nothing_of_the_renderer() {
    only(&["local"], &["text", WIRE_TYPES]);
}

#[test]
fn plan_and_html_do_no_input_or_output_and_never_see_a_client() {
    for room in ["plan", "html"] {
        for file in room_files(room) {
            let text = fs::read_to_string(&file).unwrap();
            for forbidden in [
                "std::fs",
                "std::net",
                "std::env",
                "tokio",
                "reqwest",
                "async fn",
                "Writer>",
                "intercom::Reader",
                "intercom::Writer",
                "Timestamp::now",
            ] {
                assert!(!without_tests(&text).contains(forbidden), "{}: {forbidden}", file.display());
            }
        }
    }
}

#[test]
fn commands_that_only_read_never_ask_for_a_writer() {
    for command in [
        "check",
        "plan",
        "status",
        "show",
        "serve",
        "workspace",
        "project",
        "since",
        "region",
        "init/mod",
        "doctor/mod",
        "doctor/docs",
        "doctor/workspace",
    ] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli").join(format!("{command}.rs"));
        let text = fs::read_to_string(file).unwrap();
        assert!(!text.contains(".writer()"), "{command} asks for a writer");
    }
}

#[test]
fn no_command_of_a_project_is_run_but_by_apply() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let naming = |word: &str| -> Vec<String> {
        let names = |file: &&PathBuf| without_tests(&fs::read_to_string(file).unwrap()).contains(word);
        files.iter().filter(names).map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(naming("process::Command"), ["upload.rs"]);
    assert_eq!(naming("execution::uploading("), ["apply.rs"]);
}

#[test]
fn only_the_http_layer_opens_the_token() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let opening: Vec<String> = files
        .iter()
        .filter(|file| fs::read_to_string(file).unwrap().contains("expose_secret()"))
        .map(|file| file.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(opening, ["http.rs"]);
}

#[test]
fn every_finding_is_in_the_list_and_explained_in_the_guide() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = fs::read_to_string(root.join("example-docs/reference/messages.md")).unwrap();
    for id in helpbook::diagnostic::IDS {
        assert!(guide.contains(&format!("`{id}`")), "{id} is not explained in the guide");
    }
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    let mut made = std::collections::BTreeSet::new();
    for file in files
        .iter()
        .filter(|file| matches!(room_of(file).as_str(), "yaml" | "config" | "book" | "html" | "lint" | "base"))
    {
        let text = fs::read_to_string(file).unwrap();
        let text = without_tests(&text);
        for maker in ["error(", "warning(", "id: "] {
            for (at, _) in text.match_indices(maker) {
                let rest = text[at + maker.len()..].trim_start();
                if let Some(id) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next())
                    && id.chars().all(|c| c.is_ascii_lowercase() || c == '-')
                {
                    made.insert(id.to_owned());
                }
                if let Some(rest) = rest.strip_prefix("id::") {
                    let name: String = rest.chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect();
                    made.insert(name.to_lowercase().replace('_', "-"));
                }
            }
        }
    }
    let listed: std::collections::BTreeSet<String> =
        helpbook::diagnostic::IDS.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(made, listed);
}

#[test]
fn only_report_prints() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    for file in files.iter().filter(|file| !matches!(room_of(file).as_str(), "report")) {
        let text = fs::read_to_string(file).unwrap();
        for forbidden in ["println!", "eprintln!", "print!(", "io::stdout", "io::stderr"] {
            assert!(!without_tests(&text).contains(forbidden), "{}: {forbidden}", file.display());
        }
    }
}

fn room_files(room: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room), &mut files);
    files.retain(|file| {
        !file.iter().any(|part| part == "tests") && file.file_name().is_none_or(|name| name != "tests.rs")
    });
    files
}

fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

fn only(rooms: &[&str], allowed: &[&str]) {
    for room in rooms {
        for file in room_files(room) {
            let text = fs::read_to_string(&file).unwrap();
            for other in named(without_tests(&text)) {
                assert!(other == *room || allowed.contains(&other.as_str()), "{} uses {other}", file.display());
            }
        }
    }
}
