//! What package managers get of a release: the Homebrew formula, and where `cargo binstall` looks. The npm packages have
//! `tests/npm/run`, which npm itself is needed for.

use std::fs;
use std::process::Command;

use serde_yaml::Value;
use toml_edit::DocumentMut;

use super::world::source;

/// The targets that the release builds.
fn targets() -> Vec<String> {
    let text = fs::read_to_string(source(".github/workflows/release.yml")).unwrap();
    let workflow: Value = serde_yaml::from_str(&text).unwrap();
    let matrix = workflow["jobs"]["build"]["strategy"]["matrix"]["include"].as_sequence().unwrap();
    matrix.iter().map(|one| one["target"].as_str().unwrap().to_owned()).collect()
}

/// The formula, made of a list of checksums.
fn formula(sums: &str) -> (bool, String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("SHA256SUMS"), sums).unwrap();
    let output = Command::new("bash")
        .arg(source(".github/release/formula.sh"))
        .args(["1.2.3", "octo/helpbook"])
        .arg(folder.path())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

/// A list with a checksum for each archive, of one digit each.
fn sums() -> String {
    let line = |(at, target): (usize, String)| {
        let end = if target.contains("windows") { "zip" } else { "tar.gz" };
        format!("{}  helpbook-{target}.{end}\n", at.to_string().repeat(64))
    };
    targets().into_iter().enumerate().map(line).collect()
}

#[test]
fn the_formula_names_every_archive_with_its_checksum() {
    let (made, text, said) = formula(&sums());
    assert!(made, "{said}");
    for (at, target) in targets().iter().enumerate().filter(|(_, target)| !target.contains("windows")) {
        let url = format!("https://github.com/octo/helpbook/releases/download/v1.2.3/helpbook-{target}.tar.gz");
        let pair = format!("url \"{url}\"\n      sha256 \"{}\"\n", at.to_string().repeat(64));
        assert!(text.contains(&pair), "{target}\n{text}");
        let system = if target.contains("darwin") { "on_macos" } else { "on_linux" };
        let cpu = if target.starts_with("aarch64") { "on_arm" } else { "on_intel" };
        let block = text.split(system).nth(1).unwrap().split(cpu).nth(1).unwrap();
        assert!(
            block.trim_start_matches(" do\n").trim_start().starts_with(&format!("url \"{url}\"")),
            "{target}\n{text}"
        );
    }
    assert!(text.contains("write \"state: published\\n\"") && !text.contains("OWNER"), "{text}");
    // Ruby reads it, where it is there.
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), &text).unwrap();
    if let Ok(ruby) = Command::new("ruby").args(["-wc"]).arg(file.path()).output() {
        assert!(ruby.status.success() && ruby.stderr.is_empty(), "{}", String::from_utf8_lossy(&ruby.stderr));
    }
}

#[test]
fn a_formula_without_a_checksum_is_not_made() {
    let (made, text, said) = formula(&sums().replace("aarch64-apple-darwin", "other"));
    assert!(!made && said.contains("there is no checksum of helpbook-aarch64-apple-darwin.tar.gz"), "{said}");
    assert_eq!(text, "");
}

#[test]
fn cargo_binstall_looks_where_the_release_puts_the_archives() {
    let text = fs::read_to_string(source("Cargo.toml")).unwrap();
    let manifest: DocumentMut = text.parse().unwrap();
    let package = &manifest["package"];
    let metadata = &package["metadata"]["binstall"];
    let pack = fs::read_to_string(source(".github/release/package.sh")).unwrap();
    assert!(pack.contains("name=\"helpbook-$target\"") && pack.contains("\"$to/$name.tar.gz\""), "{pack}");
    for target in targets() {
        let fields = metadata.get("overrides").and_then(|all| all.get(&target));
        let format = fields.and_then(|one| one.get("pkg-fmt")).unwrap_or(&metadata["pkg-fmt"]).as_str().unwrap();
        let is_windows = target.contains("windows");
        assert_eq!(format, if is_windows { "zip" } else { "tgz" });
        // As cargo-binstall fills its templates: `tgz` is tried as .tgz and as .tar.gz.
        let end = if is_windows { ".zip" } else { ".tar.gz" };
        let filled = |template: &str| {
            let fields = [
                ("repo", package["repository"].as_str().unwrap()),
                ("version", env!("CARGO_PKG_VERSION")),
                ("target", &target),
                ("bin", "helpbook"),
                ("archive-suffix", end),
                ("binary-ext", if is_windows { ".exe" } else { "" }),
            ];
            fields.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{ {name} }}"), value))
        };
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(
            filled(metadata["pkg-url"].as_str().unwrap()),
            format!("https://github.com/OWNER/helpbook/releases/download/v{version}/helpbook-{target}{end}")
        );
        let program = if is_windows { "helpbook.exe" } else { "helpbook" };
        assert_eq!(filled(metadata["bin-dir"].as_str().unwrap()), format!("helpbook-{target}/{program}"));
    }
}
