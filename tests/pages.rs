//! The pages of the project and the guide: what the README shows first, links, guarantees, reading order, commands.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use regex::Regex;
use serde_json::Value;

use crate::harness::Project;

const INDEX: &str = "example-docs/README.md";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every article of the guide in English, by its path below the guide.
fn articles() -> Vec<String> {
    let guide = root().join("example-docs");
    let files = walkdir::WalkDir::new(&guide).into_iter().flatten().map(walkdir::DirEntry::into_path);
    let path = |file: PathBuf| file.strip_prefix(&guide).ok()?.to_str().map(|path| path.replace('\\', "/"));
    let is_article = |path: &String| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.ends_with(".md") && !name.starts_with('_') && name != "README.md" && !name.ends_with(".fr.md")
    };
    let mut articles: Vec<String> =
        files.filter_map(path).filter(is_article).filter(|path| !path.starts_with(".helpbook")).collect();
    articles.sort();
    articles
}

/// Where the links of a page lead to, outside code.
fn links(text: &str) -> Vec<String> {
    let code = Regex::new(r"(?s)```.*?\n```|`[^`\n]*`").unwrap();
    let link = Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let text = code.replace_all(text, "");
    link.captures_iter(&text).map(|found| found[1].to_owned()).filter(|target| !target.contains("://")).collect()
}

/// The anchors of the headings of a page, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let kept = |heading: &str| {
        let heading = heading.to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        kept.collect::<String>().replace(' ', "-")
    };
    text.lines().filter_map(|line| Some(kept(line.strip_prefix('#')?.trim_start_matches('#').trim()))).collect()
}

#[test]
fn the_readme_is_short_and_shows_first_what_it_is_about() {
    let readme = read("README.md");
    assert!(readme.len() < 8 * 1024, "{} bytes", readme.len());
    let first: String = readme.chars().take(3500).collect();
    for part in ["images/review-page.png)", "images/preview-article.png)", "/install.sh | sh", "cargo install"] {
        assert!(first.contains(part), "{part} is not in the first 3,500 characters");
    }
    for command in ["cargo run -- -C example-docs apply --local --publish --yes", "cargo test"] {
        assert!(readme.lines().any(|line| line == command), "{command}");
    }
}

#[test]
fn every_link_of_the_projects_own_pages_leads_to_something() {
    let docs = walkdir::WalkDir::new(root().join("docs")).into_iter().flatten().map(walkdir::DirEntry::into_path);
    let docs = docs.filter(|path| path.extension().is_some_and(|end| end == "md"));
    let own = ["README.md", "GUARANTEES.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", INDEX];
    let mut dead = Vec::new();
    for page in own.map(|page| root().join(page)).into_iter().chain(docs) {
        let text = fs::read_to_string(&page).unwrap();
        for link in links(&text) {
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            let is_there = || anchor.is_empty() || anchors(&fs::read_to_string(&target).unwrap()).contains(anchor);
            if !target.exists() || !is_there() {
                dead.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert_eq!(dead, [""; 0]);
}

#[test]
fn every_file_that_holds_a_guarantee_is_there() {
    let text = read("README.md") + &read("GUARANTEES.md");
    let quoted = text.split('`').skip(1).step_by(2);
    let is_source = |text: &&str| text.ends_with(".rs") && text.contains('/') || text.starts_with("tests/");
    let missing: Vec<&str> = quoted.filter(is_source).filter(|path| !root().join(path).exists()).collect();
    assert_eq!(missing, [""; 0]);
    let rows = read("GUARANTEES.md");
    let rows = rows.lines().filter(|line| line.starts_with("| ")).skip(1);
    let without: Vec<&str> = rows.filter(|row| !row.rsplit("| ").next().unwrap().contains(".rs`")).collect();
    assert_eq!(without, [""; 0], "rows without a test");
}

/// A link from one page of the guide to another.
fn link(from: &str, to: &str) -> String {
    let text = read(&format!("example-docs/{to}"));
    let title = text.lines().find_map(|line| line.strip_prefix("title: ")).unwrap_or_else(|| panic!("{to}: no title"));
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let shared = from[..from.len() - 1].iter().zip(&to).take_while(|(from, to)| from == to).count();
    let path = "../".repeat(from.len() - 1 - shared) + &to[shared..].join("/");
    format!("[{title}]({path})")
}

/// The last line of a page that has a page before it, or after it.
fn foot(page: &str, [before, after]: [Option<&String>; 2]) -> String {
    let is_french = page.ends_with(".fr.md");
    let names = if is_french { ["Précédent :", "Suivant :"] } else { ["Previous:", "Next:"] };
    let named = |(name, to): (&str, Option<&String>)| {
        let french = to?.replace(".md", ".fr.md");
        let has_french = root().join("example-docs").join(&french).exists();
        Some(match (is_french, has_french) {
            (true, true) => format!("{name} {}", link(page, &french)),
            (true, false) => format!("{name} {} (en anglais)", link(page, to?)),
            (false, _) => format!("{name} {}", link(page, to?)),
        })
    };
    names.into_iter().zip([before, after]).filter_map(named).collect::<Vec<_>>().join(" · ")
}

#[test]
fn the_course_leads_from_page_to_page() {
    let number = Regex::new(r"(?m)^\d+\. \[[^\]]+\]\(([^)]+)\)$").unwrap();
    let index = read(INDEX);
    let course: Vec<String> = number.captures_iter(&index).map(|found| found[1].to_owned()).collect();
    assert!(course.len() >= 15, "{course:?}");
    for (at, page) in course.iter().enumerate() {
        let beside = [at.checked_sub(1).map(|at| &course[at]), course.get(at + 1)];
        let french = page.replace(".md", ".fr.md");
        let pages = [page.clone(), french].into_iter().filter(|page| root().join("example-docs").join(page).exists());
        for page in pages {
            let text = read(&format!("example-docs/{page}"));
            assert_eq!(text.trim_end().lines().next_back(), Some(foot(&page, beside).as_str()), "{page}");
        }
    }
}

#[test]
fn the_index_of_the_guide_names_every_article_by_its_title() {
    let index = read(INDEX);
    for article in articles() {
        let link = link("README.md", &article);
        assert_eq!(index.matches(&link).count(), 1, "{INDEX} has to have {link} once");
    }
}

#[test]
fn pictures_are_small() {
    for entry in walkdir::WalkDir::new(root().join("example-docs")).into_iter().flatten() {
        let is_picture = entry.path().extension().is_some_and(|end| end == "png");
        let bytes = entry.metadata().unwrap().len();
        assert!(!is_picture || bytes < 150 * 1024, "{}: {bytes} bytes", entry.path().display());
    }
}

#[test]
fn the_page_of_commands_has_every_command_and_option() {
    let page = read("example-docs/reference/commands.md");
    let commands = Project::new(&[]).run(&["schema", "commands"]).exits(0).stdout;
    let commands: Value = serde_json::from_str(&commands).unwrap();
    for command in commands["commands"].as_array().unwrap() {
        let name = command["name"].as_str().unwrap();
        let row = page.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("{name} has no row"));
        for argument in command["arguments"].as_array().unwrap() {
            let option = argument["name"].as_str().unwrap();
            let short = argument["short"].as_str().unwrap_or("none");
            let is_named = |option: &str| {
                let option = Regex::new(&format!(r"[^\w-]{option}\b")).unwrap();
                option.is_match(row)
            };
            assert!(!option.starts_with("--") || is_named(option) || is_named(short), "{name} {option}: {row}");
        }
    }
}
