//! The rooms of the house: what each may import and do. What a crate of its own may use, the compiler holds.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up, as ARCHITECTURE.md draws them. The wire types, `intercom::model`, are at the ground.
const ROOMS: &str = "threads disk text sequence diagnostic yaml config book html lint intercom live audit record plan hosting outside \
                     git history apply probe pull import api report local preview mcp cli";

/// A file below a `src` folder.
struct Source {
    /// Relative to that folder.
    path: PathBuf,
    text: String,
}

impl Source {
    /// Every file of a crate.
    fn all(root: &str) -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
        let (mut folders, mut all) = (vec![root.clone()], Vec::new());
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let text = fs::read_to_string(&path).unwrap();
                    all.push(Self { path: path.strip_prefix(&root).unwrap().to_owned(), text });
                }
            }
        }
        assert!(!all.is_empty(), "{}", root.display());
        all
    }

    /// The names of the modules down to this file: none for `lib.rs`, `plan` and `model` for `plan/model.rs`.
    fn module(&self) -> Vec<String> {
        let path = self.path.with_extension("");
        let names = path.iter().map(|name| name.to_str().unwrap().to_owned());
        names.filter(|name| !matches!(name.as_str(), "mod" | "lib" | "main")).collect()
    }

    fn room(&self) -> String {
        self.module().into_iter().next().unwrap_or_default()
    }

    /// The text without the items that only tests have.
    fn code(&self) -> String {
        let (mut code, mut lines) = (String::new(), self.text.lines());
        while let Some(line) = lines.next() {
            let indent = line.len() - line.trim_start().len();
            if line.trim_start() != "#[cfg(test)]" {
                code.extend([line, "\n"]);
                continue;
            }
            // An item ends with a semicolon or a brace that is as far in as its beginning.
            let is_end = |line: &str| {
                let rest = line.get(indent..).unwrap_or_default();
                !rest.starts_with(' ') && (rest.ends_with(';') || rest.starts_with('}'))
            };
            while lines.next().is_some_and(|line| !is_end(line)) {}
        }
        code
    }
}

/// What some text of a module imports, as paths from the crate's root, with the names they are imported under.
fn imports(text: &str, module: &[String]) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    for (at, _) in text.match_indices("use ") {
        let before = text[..at].rsplit('\n').next().unwrap_or_default().trim_start();
        if before.is_empty() || before.starts_with("pub") && before.ends_with(' ') {
            let tree = text[at + "use ".len()..].split(';').next().unwrap_or_default();
            expand(&tree.split_whitespace().collect::<Vec<_>>().join(" "), module, &mut all);
        }
    }
    for start in ["crate::", "super::"] {
        for (at, _) in text.match_indices(start).filter(|(at, _)| !text[..*at].ends_with([':', '$'])) {
            let rest = &text[at..];
            let path = &rest[..rest.find(|c: char| !c.is_alphanumeric() && !"_:".contains(c)).unwrap_or(rest.len())];
            if !rest[path.len()..].starts_with('{') {
                expand(path, module, &mut all);
            }
        }
    }
    all
}

/// The paths of `a::{b, c::d}`, seen from a module.
fn expand(tree: &str, module: &[String], all: &mut Vec<(String, Vec<String>)>) {
    if let Some((prefix, rest)) = tree.split_once('{') {
        let (mut depth, mut begin) = (0, 0);
        let inner = &rest[..rest.rfind('}').unwrap_or(rest.len())];
        for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    expand(&format!("{prefix}{}", inner[begin..at].trim()), module, all);
                    begin = at + 1;
                }
                _ => {}
            }
        }
        return;
    }
    let (path, name) = tree.split_once(" as ").unwrap_or((tree, tree.rsplit("::").next().unwrap_or_default()));
    let mut from = module.to_vec();
    for part in path.split("::").filter(|part| !part.is_empty()) {
        match part {
            "crate" => from.clear(),
            "super" => drop(from.pop()),
            "self" => {}
            part => from.push(part.to_owned()),
        }
    }
    all.push((name.to_owned(), from));
}

/// For each file the files that it imports from, also by a name that a module above hands on. What a module takes
/// from its own parts does not count.
fn graph(sources: &[Source]) -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let of = |source: &Source| (source.module(), imports(&source.code(), &source.module()));
    let imports: BTreeMap<_, _> = sources.iter().map(of).collect();
    let file_of = |path: &[String]| {
        let mut path = path.to_vec();
        for _ in 0..9 {
            let file = (0..=path.len()).rev().map(|n| &path[..n]).find(|path| imports.contains_key(*path))?;
            let name = path.get(file.len())?;
            match imports[file].iter().find(|(known, _)| known == name) {
                Some((_, next)) if *next != path => path = next.clone(),
                _ => return Some(file.to_vec()),
            }
        }
        None
    };
    let whole = |path: &Vec<String>| imports.contains_key(path).then(|| path.clone());
    let targets = |module: &Vec<String>| -> BTreeSet<Vec<String>> {
        let found = imports[module].iter().filter_map(|(_, path)| whole(path).or_else(|| file_of(path)));
        found.filter(|target| !target.starts_with(module)).collect()
    };
    imports.keys().map(|module| (module.clone(), targets(module))).collect()
}

fn in_circles(sources: &[Source]) -> BTreeSet<String> {
    let graph = graph(sources);
    let is_in_one = |start: &&Vec<String>| {
        let (mut seen, mut left) = (BTreeSet::new(), vec![*start]);
        while let Some(module) = left.pop() {
            left.extend(graph[module].iter().filter(|next| seen.insert(*next)));
        }
        seen.contains(start)
    };
    graph.keys().filter(is_in_one).map(|module| module.join("::")).collect()
}

#[test]
fn imports_point_downwards_only() {
    let rooms: Vec<&str> = ROOMS.split_whitespace().collect();
    let height = |path: &[String]| match path {
        [room, part, ..] if room == "intercom" && part == "model" => Some(0),
        [room, ..] => rooms.iter().position(|other| other == room),
        [] => None,
    };
    for source in Source::all("src").iter().filter(|source| !source.room().is_empty()) {
        let (file, module) = (source.path.display(), source.module());
        let own = height(&module[..1]).unwrap_or_else(|| panic!("{file} is in no room of the house"));
        for (_, path) in imports(&source.text, &module) {
            assert!(height(&path).unwrap_or_default() <= own, "{file} imports {}", path.join("::"));
        }
    }
}

#[test]
fn files_import_each_other_in_no_circle() {
    for root in ["src", "crates/helpbook-local/src", "crates/helpbook-model/src", "crates/helpbook-catalogue/src"] {
        assert_eq!(in_circles(&Source::all(root)), BTreeSet::new(), "{root}");
    }
}

/// The code of every file of every crate, with its room and name, but for the files that are tests.
fn everywhere() -> impl Iterator<Item = (String, String, String)> {
    let sources = ["src", "crates/helpbook-local/src", "crates/helpbook-model/src"].into_iter().flat_map(Source::all);
    let sources = sources.filter(|source| !source.module().iter().any(|name| name == "tests"));
    sources.map(|source| (source.room(), source.path.file_name().unwrap().to_string_lossy().into(), source.code()))
}

#[test]
fn plan_html_and_audit_do_no_input_or_output_and_never_see_a_client() {
    let forbidden = "std::fs, std::net, std::env, tokio, reqwest, async fn, Writer>, intercom::Reader, intercom::Writer, \
                     Timestamp::now";
    for (_, name, code) in everywhere().filter(|(room, ..)| ["plan", "html", "audit"].contains(&room.as_str())) {
        let held = forbidden.split(", ").find(|word| code.contains(word));
        assert_eq!(held, None, "{name}");
    }
}

/// Only `apply`, `publish`, a probe and a request of `api` that were confirmed can write, only `apply` runs a command of the
/// project, only HTTP opens the token, only `pull --history` makes commits.
#[test]
fn only_few_files_may_do_what_is_dangerous() {
    for (room, dangerous, allowed) in [
        ("cli", ".writer()", "apply.rs probe.rs publish.rs write.rs"),
        ("api", ".writer()", ""),
        ("", "process::Command", "upload.rs"),
        ("", "process::{Command", "git.rs"),
        ("", "execution::uploading(", "apply.rs"),
        ("", ".import()", "pull_history.rs"),
        ("", "expose_secret()", "http.rs"),
        ("", "jaq_", "jq.rs"),
    ] {
        let found = everywhere().filter(|(other, _, code)| other.starts_with(room) && code.contains(dangerous));
        let found: BTreeSet<String> = found.map(|(_, name, _)| name).collect();
        assert_eq!(found.into_iter().collect::<Vec<_>>().join(" "), allowed, "{dangerous}");
    }
}

#[test]
fn only_report_prints() {
    for (_, name, code) in everywhere().filter(|(room, ..)| room != "report") {
        let printing = ["println!", "print!(", "io::stdout", "io::stderr"];
        assert_eq!(printing.into_iter().find(|word| code.contains(word)), None, "{name}");
    }
}

#[test]
fn every_finding_is_in_the_list_and_explained_in_the_guide() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("example-docs/reference/messages.md");
    let guide = fs::read_to_string(guide).unwrap();
    let listed: BTreeSet<String> = helpbook::diagnostic::IDS.iter().map(|id| (*id).to_owned()).collect();
    let unexplained = listed.iter().find(|id| !guide.contains(&format!("`{id}`")));
    assert_eq!(unexplained, None);
    let rooms = ["yaml", "config", "book", "html", "lint", "record"];
    let mut made = BTreeSet::new();
    for (_, _, code) in everywhere().filter(|(room, ..)| rooms.contains(&room.as_str())) {
        for maker in ["error(", "warning(", "id: "] {
            let quoted =
                code.split(maker).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
            let ids = quoted.filter(|id| id.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
            made.extend(ids.map(str::to_owned));
            // Of tables of findings the id is before what it weighs.
            for weighs in ["\" Error ", "\" Warning ", "\", Severity::"] {
                let before = code.split(weighs).map(|before| before.rsplit('"').next().unwrap_or_default());
                let is_id = |id: &&str| !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                made.extend(before.filter(is_id).map(str::to_owned));
            }
            let named = code.split(maker).skip(1).filter_map(|rest| rest.trim_start().strip_prefix("id::"));
            let names = named.map(|rest| rest.split(|c: char| !(c.is_ascii_uppercase() || c == '_')).next());
            made.extend(names.flatten().map(|name| name.to_lowercase().replace('_', "-")));
        }
    }
    assert_eq!(made, listed);
}

/// The guide called `empty-link` an error, and every place that makes it warns.
#[test]
fn the_guide_names_as_warnings_what_is_only_ever_a_warning() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("example-docs/reference/messages.md");
    let guide = fs::read_to_string(guide).unwrap();
    let made = |maker: &str| -> BTreeSet<String> {
        let of = |code: String| -> Vec<String> {
            let quoted =
                code.split(maker).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
            quoted.map(str::to_owned).collect()
        };
        everywhere().flat_map(|(_, _, code)| of(code)).collect()
    };
    let errors = made("error(");
    for id in made("warning(").difference(&errors).filter(|id| helpbook::diagnostic::IDS.contains(&id.as_str())) {
        assert!(guide.contains(&format!("| `{id}` *(warning)* |")), "{id}");
    }
}
